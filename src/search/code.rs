//! Numbers and texts as they stand in the scripts of the index.

use std::fmt::Write as _;

use serde::Serialize;

/// Digits of 64: none of them has a meaning in a script, in HTML or in JSON.
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Writes a number: five bits a digit, the lowest first; a digit of 32 and above says that another follows.
pub fn number(out: &mut String, mut n: u32) {
    while n > 31 {
        out.push(char::from(DIGITS[(n & 31 | 32) as usize]));
        n >>= 5;
    }
    out.push(char::from(DIGITS[n as usize]));
}

/// Reads numbers again.
pub fn numbers(code: &str) -> impl Iterator<Item = u32> + '_ {
    let mut digits = code.bytes().map(|b| DIGITS.iter().position(|&d| d == b).unwrap_or_default() as u32);
    std::iter::from_fn(move || {
        let (mut n, mut shift) = (0, 0);
        loop {
            let digit = digits.next()?;
            n |= (digit & 31) << shift;
            if digit < 32 {
                return Some(n);
            }
            shift += 5;
        }
    })
}

/// A text of a script, in quotes. Nothing in it ends a script or a line (safety.md, section 4).
pub fn text(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '<' | '\u{2028}' | '\u{2029}' => _ = write!(out, "\\u{:04x}", c as u32),
            _ if c < ' ' => _ = write!(out, "\\u{:04x}", c as u32),
            _ => out.push(c),
        }
    }
    out.push('"');
}

/// A script that hands over texts under a name.
pub fn script(name: &str, texts: &[&str]) -> Vec<u8> {
    let mut out = String::with_capacity(texts.iter().map(|t| t.len() + t.len() / 32 + 4).sum::<usize>() + 32);
    out.push_str("wellkept(");
    text(&mut out, name);
    for one in texts {
        out.push(',');
        text(&mut out, one);
    }
    out.push_str(")\n");
    out.into_bytes()
}

/// A script that hands over an object and a text under a name.
pub fn object(name: &str, object: &impl Serialize, said: &str) -> Vec<u8> {
    // Plain structures of texts and numbers: making a value of them cannot fail.
    let json = serde_json::to_string(object).unwrap_or_default();
    let mut out = format!("wellkept({name:?},");
    for c in json.chars() {
        match c {
            // These stand in texts only.
            '<' | '\u{2028}' | '\u{2029}' => _ = write!(out, "\\u{:04x}", c as u32),
            _ => out.push(c),
        }
    }
    out.push(',');
    text(&mut out, said);
    out.push_str(")\n");
    out.into_bytes()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_come_back(all in proptest::collection::vec(0u32..1 << 30, 0..20)) {
            let mut code = String::new();
            for n in &all {
                number(&mut code, *n);
            }
            prop_assert_eq!(numbers(&code).collect::<Vec<_>>(), all);
        }

        #[test]
        fn a_text_is_json_and_ends_nothing(said in any::<String>()) {
            let mut out = String::new();
            text(&mut out, &said);
            let ends = out.contains(['<', '\u{2028}', '\u{2029}', '\n']);
            prop_assert!(!ends);
            prop_assert_eq!(serde_json::from_str::<String>(&out).unwrap(), said);
        }
    }

    #[test]
    fn small_numbers_take_one_digit() {
        let mut out = String::new();
        for n in [0, 31, 32, 1023] {
            number(&mut out, n);
        }
        assert_eq!(out, "AfgB_f");
    }
}
