//! Numbers: whole ones, decimals in millionths, percentages and sizes. Never a float, so that what is counted is
//! what was written.

use std::borrow::Cow;
use std::fmt;

use unicode_normalization::UnicodeNormalization;

use super::{Wrong, shown};
use crate::say;

/// A decimal number in millionths. Digits after the sixth are cut off for counting; the text of the record stays as
/// it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Decimal(pub i64);

impl Decimal {
    /// How many of it make one.
    pub const ONE: i64 = 1_000_000;
}

/// Without zeros at the end: `99.5`, `-0.25`, `3`.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0.unsigned_abs() / 1_000_000, self.0.unsigned_abs() % 1_000_000);
        let sign = if self.0 < 0 { "-" } else { "" };
        if part == 0 {
            return write!(f, "{sign}{whole}");
        }
        let digits = format!("{part:06}");
        write!(f, "{sign}{whole}.{}", digits.trim_end_matches('0'))
    }
}

/// Reads a whole number: ASCII or full-width digits, a sign, thousands separators (`1,234`).
pub fn integer(text: &[u8]) -> Result<i64, Box<Wrong>> {
    if let Some(number) = digits(text) {
        return Ok(number);
    }
    let plain = fold(text).ok_or_else(|| no_number(text))?;
    let number = Number::read(&plain).ok_or_else(|| no_number(text))?;
    if number.point {
        let text = shown(text);
        return Err(Wrong::new(say!(
            "“{text}”不是整数：有小数点",
            "\"{text}\" is no whole number: it has a decimal point"
        ))
        .help(say!("请写整数，例如 12", "write a whole number such as 12")));
    }
    number.scaled(1).and_then(|n| i64::try_from(n).ok()).ok_or_else(|| too_large(text))
}

/// ASCII digits and nothing else. Up to 18 of them cannot overflow.
fn digits(text: &[u8]) -> Option<i64> {
    let digit = |c: &u8| c.is_ascii_digit().then(|| i64::from(c - b'0'));
    if !(1..=18).contains(&text.len()) {
        return None;
    }
    text.iter().try_fold(0, |n, c| Some(n * 10 + digit(c)?))
}

/// Reads a decimal number: as [`integer`], and with a decimal point.
pub fn decimal(text: &[u8]) -> Result<Decimal, Box<Wrong>> {
    exactly(text, text).map(|(number, _)| number)
}

/// Reads a percentage from 0 to 100, with or without `%`.
pub fn percent(text: &[u8]) -> Result<Decimal, Box<Wrong>> {
    let plain = fold(text).ok_or_else(|| no_number(text))?;
    let plain = plain.trim();
    let (number, rest) = exactly(plain.strip_suffix('%').unwrap_or(plain).trim().as_bytes(), text)?;
    let inside = match number.0 {
        0 => rest >= 0,
        n if n == 100 * Decimal::ONE => rest == 0,
        n => (0..100 * Decimal::ONE).contains(&n),
    };
    if inside {
        return Ok(number);
    }
    let text = shown(text);
    Err(Wrong::new(say!("“{text}”不在 0 到 100 之间", "\"{text}\" is not between 0 and 100"))
        .help(say!("请写百分数，例如 99.5", "write a percentage such as 99.5")))
}

/// Reads a size in bytes, with or without a unit: `1536`, `1.5 GiB` (powers of 1024), `1536 MB`, `12G` (powers of
/// 1000). A fraction of a byte is cut off.
pub fn bytes(text: &[u8]) -> Result<i64, Box<Wrong>> {
    if let Some(number) = digits(text) {
        return Ok(number);
    }
    let wrong = || {
        let text = shown(text);
        Wrong::new(say!("“{text}”不是数据大小", "\"{text}\" is no size")).help(say!(
            "请写字节数，或带单位，例如 1.5 GiB、1536 MB",
            "write bytes, or a number with a unit: 1.5 GiB, 1536 MB"
        ))
    };
    let plain = fold(text).ok_or_else(wrong)?;
    let plain = plain.trim();
    let digits = plain.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(plain.len());
    let number = Number::read(&plain[..digits]).ok_or_else(wrong)?;
    let name = plain[digits..].trim_start();
    let unit = unit(name).ok_or_else(|| {
        let (text, name) = (shown(text), shown(name.as_bytes()));
        Wrong::new(say!("“{text}”的单位“{name}”不认识", "\"{text}\": there is no unit \"{name}\"")).help(say!(
            "单位可写 B、KB、MB、GB、TB、PB（1000 进）或 KiB、MiB、GiB、TiB、PiB（1024 进）",
            "units are B, KB, MB, GB, TB, PB (of 1000) and KiB, MiB, GiB, TiB, PiB (of 1024)"
        ))
    })?;
    number.scaled(unit).and_then(|n| i64::try_from(n).ok()).ok_or_else(|| too_large(text))
}

fn unit(name: &str) -> Option<i128> {
    let mut letters = name.bytes().map(|c| c.to_ascii_lowercase());
    let power = match letters.next() {
        None => return Some(1),
        Some(b'b') => return letters.next().is_none().then_some(1),
        Some(letter) => b"kmgtp".iter().position(|known| *known == letter)? as u32 + 1,
    };
    let base: i128 = match (letters.next(), letters.next(), letters.next()) {
        (None, ..) | (Some(b'b'), None, _) => 1000,
        (Some(b'i'), None, _) | (Some(b'i'), Some(b'b'), None) => 1024,
        _ => return None,
    };
    Some(base.pow(power))
}

/// The number, and the sign of what was cut off after the sixth digit.
fn exactly(text: &[u8], written: &[u8]) -> Result<(Decimal, i32), Box<Wrong>> {
    let plain = fold(text).ok_or_else(|| no_number(written))?;
    let number = Number::read(&plain).ok_or_else(|| no_number(written))?;
    let value = number.scaled(Decimal::ONE.into()).and_then(|n| i64::try_from(n).ok());
    let cut = number.part.bytes().skip(6).any(|c| c != b'0');
    let rest = if number.negative { -i32::from(cut) } else { i32::from(cut) };
    value.map(|n| (Decimal(n), rest)).ok_or_else(|| too_large(written))
}

/// A number taken apart, its digits as they stand.
struct Number<'a> {
    negative: bool,
    /// With its thousands separators, which have been checked.
    whole: &'a str,
    point: bool,
    part: &'a str,
}

impl<'a> Number<'a> {
    fn read(plain: &'a str) -> Option<Self> {
        let plain = plain.trim();
        let digits = plain.strip_prefix(['+', '-']).unwrap_or(plain);
        let (whole, point, part) = match digits.split_once('.') {
            Some((whole, part)) => (whole, true, part),
            None => (digits, false, ""),
        };
        let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
        let grouped = |text: &str| {
            let mut groups = text.split(',');
            groups.next().is_some_and(|first| is_digits(first) && (first.len() <= 3 || !text.contains(',')))
                && groups.all(|group| is_digits(group) && group.len() == 3)
        };
        let fits = grouped(whole) && (!point || is_digits(part));
        fits.then(|| Self { negative: plain.starts_with('-'), whole, point, part })
    }

    /// The number times a scale, cut toward zero; none where it is beyond all measure. Of the digits after the point
    /// eighteen are counted, which is more than any scale here can show.
    fn scaled(&self, scale: i128) -> Option<i128> {
        let digits = |text: &str| {
            text.bytes()
                .filter(u8::is_ascii_digit)
                .try_fold(0_i128, |n, c| n.checked_mul(10)?.checked_add(i128::from(c - b'0')))
        };
        let part = &self.part[..self.part.len().min(18)];
        let below = digits(part)?.checked_mul(scale)? / 10_i128.pow(part.len() as u32);
        let sum = digits(self.whole)?.checked_mul(scale)?.checked_add(below)?;
        Some(if self.negative { -sum } else { sum })
    }
}

/// NFKC, where a text needs it: full-width digits, points, commas, signs and letters become ASCII. None where it
/// holds digits that are neither ASCII nor full-width, such as `²`, which NFKC would make a plain 2.
fn fold(text: &[u8]) -> Option<Cow<'_, str>> {
    let text = std::str::from_utf8(text).ok()?;
    if text.is_ascii() {
        return Some(Cow::Borrowed(text));
    }
    let strange = |c: char| c.is_numeric() && !c.is_ascii_digit() && !('０'..='９').contains(&c);
    (!text.contains(strange)).then(|| Cow::Owned(text.nfkc().collect()))
}

fn no_number(text: &[u8]) -> Box<Wrong> {
    let comma =
        text.contains(&b',') && text.iter().all(|c| c.is_ascii_digit() || matches!(c, b',' | b'.' | b'-' | b'+'));
    let text = shown(text);
    if comma {
        return Wrong::new(say!(
            "“{text}”不是数字：逗号只能每三位一个",
            "\"{text}\" is no number: commas may only part groups of three digits"
        ))
        .help(say!("小数请用点，例如 12.5；千位可写 1,234", "write decimals with a point, 12.5; thousands as 1,234"));
    }
    Wrong::new(say!("“{text}”不是数字", "\"{text}\" is no number"))
        .help(say!("请只写数字，例如 12.5，不带单位", "write digits only, such as 12.5, without a unit"))
}

fn too_large(text: &[u8]) -> Box<Wrong> {
    let text = shown(text);
    Wrong::new(say!("“{text}”太大，无法计数", "\"{text}\" is too large to be counted"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Decimal, bytes, decimal, integer, percent};

    #[test]
    fn whole_numbers() {
        for (text, n) in
            [("0", 0), ("007", 7), ("+5", 5), ("-5", -5), ("1,234", 1234), ("１２３４", 1234), ("－１，２３４", -1234)]
        {
            assert_eq!(integer(text.as_bytes()).unwrap(), n, "{text}");
        }
        assert_eq!(integer(b"9223372036854775807").unwrap(), i64::MAX);
        for text in [
            "", "1.0", "1,23", "1234,567", ",123", "1e3", "NaN", "inf", "−5", "--5", "1 234", "10²", "①", "٣", "½",
            "5%",
        ] {
            assert!(integer(text.as_bytes()).is_err(), "{text}");
        }
        assert!(integer(b"9223372036854775808").unwrap_err().why.en.contains("too large"));
        assert!(integer("9".repeat(60).as_bytes()).unwrap_err().why.en.contains("too large"));
        assert!(integer(b"1.5").unwrap_err().why.en.contains("decimal point"));
        assert!(integer(b"12,5").unwrap_err().why.en.contains("groups of three"));
    }

    #[test]
    fn decimals_in_millionths() {
        for (text, n) in [
            ("99.5", 99_500_000),
            ("-0.25", -250_000),
            ("1,234.5", 1_234_500_000),
            ("０．１２３４５６７", 123_456),
            ("3", 3_000_000),
            ("9223372036854.775807", i64::MAX),
        ] {
            assert_eq!(decimal(text.as_bytes()).unwrap(), Decimal(n), "{text}");
        }
        for text in [".5", "5.", "1.2.3", "1.2,345", "", ".", "9223372036854.775808", "1e9", "NaN"] {
            assert!(decimal(text.as_bytes()).is_err(), "{text}");
        }
        let printed = [99_500_000, -250_000, 3_000_000, 0, 1, i64::MIN].map(|n| Decimal(n).to_string());
        assert_eq!(printed, ["99.5", "-0.25", "3", "0", "0.000001", "-9223372036854.775808"]);
    }

    #[test]
    fn percentages_from_0_to_100() {
        for (text, n) in [
            ("99.5%", 99_500_000),
            ("0", 0),
            ("100", 100_000_000),
            ("９９％", 99_000_000),
            ("50 %", 50_000_000),
            ("-0", 0),
        ] {
            assert_eq!(percent(text.as_bytes()).unwrap(), Decimal(n), "{text}");
        }
        for text in ["100.0000001", "-0.0000001", "101", "-1", "50%%", "%", "", "100.1%"] {
            assert!(percent(text.as_bytes()).is_err(), "{text}");
        }
        assert!(percent(b"100.0000000").is_ok());
    }

    #[test]
    fn sizes_tell_1000_from_1024() {
        for (text, n) in [
            ("1536", 1536),
            ("1.5 GiB", 1_610_612_736),
            ("1536 MB", 1_536_000_000),
            ("12G", 12_000_000_000),
            ("12Gi", 12_884_901_888),
            ("1kb", 1000),
            ("1 B", 1),
            ("1,024 KiB", 1_048_576),
            ("１．５ＧＢ", 1_500_000_000),
            ("0.0015k", 1),
            ("0.123456789 GB", 123_456_789),
            ("7㎆", 7_000_000),
        ] {
            assert_eq!(bytes(text.as_bytes()).unwrap(), n, "{text}");
        }
        for text in [
            "", "GB", "-1 GB", "1 XB", "1 GBB", "1 bi", "1.5.5 GB", "1,5 GB", "1 kibi", "10000 PB", "1 G B", "+1",
            "1 字节",
        ] {
            assert!(bytes(text.as_bytes()).is_err(), "{text}");
        }
        assert!(bytes(b"3 XB").unwrap_err().why.en.contains("no unit \"XB\""));
    }

    proptest! {
        #[test]
        fn a_printed_number_reads_back(n: i64) {
            prop_assert_eq!(decimal(Decimal(n).to_string().as_bytes()).ok(), Some(Decimal(n)));
            prop_assert_eq!(integer(n.to_string().as_bytes()).ok(), Some(n));
            prop_assert_eq!(bytes(n.to_string().as_bytes()).ok(), (n >= 0).then_some(n));
        }

        #[test]
        fn no_text_is_too_strange(text in "\\PC{0,12}") {
            let text = text.as_bytes();
            let _ = (integer(text).is_ok(), decimal(text).is_ok(), percent(text).is_ok(), bytes(text).is_ok());
        }
    }
}
