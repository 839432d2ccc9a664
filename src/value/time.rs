//! Times and dates. The forms that nearly every row has are read by the position of their characters; the Chinese and
//! the slashed ones by a reader that goes from left to right. What neither knows is looked at once more, to say what
//! is wrong with it: see `wrong_time`.

mod diagnose;

use super::Wrong;
use crate::calendar::{DAY, Day, Instant, Resolved, Zone};

/// A time as read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time {
    /// The instant; fractions of a second are cut off.
    pub at: Instant,
    /// The local time occurs twice, and this is the earlier one: worth a warning.
    pub twice: bool,
}

/// Reads a time: RFC 3339 with its offset; or local to the zone, `YYYY-MM-DD[ T]HH:MM[:SS]`, `YYYY/M/D H:MM[:SS]`,
/// `YYYY年M月D日 H时M分[S秒]`, `YYYY年M月D日 H:MM[:SS]`. `24:00` is the midnight that ends the day. A local time that
/// the clocks skip is wrong.
pub fn time(text: &[u8], zone: &Zone) -> Result<Time, Box<Wrong>> {
    written(text).and_then(|written| settle(written, zone)).ok_or_else(|| diagnose::time(text, zone))
}

/// Reads a date: `YYYY-MM-DD`, `YYYY/M/D`, `YYYY年M月D日`, or any time, for its local date.
pub fn date(text: &[u8], zone: &Zone) -> Result<Day, Box<Wrong>> {
    let read = written(text).and_then(|written| match written.clock {
        None => written.day(),
        Some(_) => settle(written, zone).map(|time| zone.date(time.at)),
    });
    read.ok_or_else(|| diagnose::date(text, zone))
}

/// The numbers of a date and time in a form that is known, right or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Written {
    y: u32,
    m: u32,
    d: u32,
    clock: Option<Clock>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Clock {
    h: u32,
    m: u32,
    s: u32,
    offset: Option<Shift>,
}

/// An offset from UTC as written, east of it or west.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shift {
    west: bool,
    h: u32,
    m: u32,
}

impl Written {
    fn day(self) -> Option<Day> {
        Day::from_ymd(self.y as i32, self.m, self.d)
    }
}

impl Clock {
    fn second_of_day(self) -> Option<u32> {
        let fits = (self.h < 24 && self.m < 60 && self.s < 60) || (self.h, self.m, self.s) == (24, 0, 0);
        fits.then_some(self.h * 3600 + self.m * 60 + self.s)
    }
}

impl Shift {
    fn seconds(self) -> Option<i64> {
        let east = i64::from(self.h * 3600 + self.m * 60);
        (self.h < 24 && self.m < 60).then_some(if self.west { -east } else { east })
    }
}

fn settle(written: Written, zone: &Zone) -> Option<Time> {
    let (day, clock) = (written.day()?, written.clock?);
    let second = clock.second_of_day()?;
    if let Some(shift) = clock.offset {
        let at = i64::from(day.0) * DAY + i64::from(second) - shift.seconds()?;
        return Some(Time { at: Instant(at), twice: false });
    }
    match zone.resolve(day, second) {
        Resolved::Once(at) => Some(Time { at, twice: false }),
        Resolved::Twice(at) => Some(Time { at, twice: true }),
        Resolved::Gap(_) => None,
    }
}

fn written(text: &[u8]) -> Option<Written> {
    fixed(text).or_else(|| free(text))
}

/// The forms that begin with `YYYY-MM-DD`, in ASCII, by position.
fn fixed(text: &[u8]) -> Option<Written> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, rest @ ..] = text else { return None };
    let (y, m, d) = (pair(*y1, *y2)? * 100 + pair(*y3, *y4)?, pair(*m1, *m2)?, pair(*d1, *d2)?);
    let [between @ (b' ' | b'T' | b't'), h1, h2, b':', n1, n2, rest @ ..] = rest else {
        return rest.is_empty().then_some(Written { y, m, d, clock: None });
    };
    let (hour, minute) = (pair(*h1, *h2)?, pair(*n1, *n2)?);
    let made = |s, offset| Some(Written { y, m, d, clock: Some(Clock { h: hour, m: minute, s, offset }) });
    // A small `t` belongs to RFC 3339, which has seconds and an offset.
    let local = *between != b't';
    let [b':', s1, s2, rest @ ..] = rest else {
        return if rest.is_empty() && local { made(0, None) } else { None };
    };
    let s = pair(*s1, *s2)?;
    let rest = match rest {
        [b'.', fraction @ ..] => {
            let digits = fraction.iter().take_while(|c| c.is_ascii_digit()).count();
            if digits == 0 {
                return None;
            }
            &fraction[digits..]
        }
        rest => rest,
    };
    match *rest {
        [] if local => made(s, None),
        [b'Z' | b'z'] => made(s, Some(Shift { west: false, h: 0, m: 0 })),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            made(s, Some(Shift { west: sign == b'-', h: pair(h1, h2)?, m: pair(m1, m2)? }))
        }
        _ => None,
    }
}

#[inline]
fn pair(tens: u8, ones: u8) -> Option<u32> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens < 10 && ones < 10).then(|| u32::from(tens) * 10 + u32::from(ones))
}

/// Every form, from left to right; digits may be full-width.
fn free(text: &[u8]) -> Option<Written> {
    let mut rest = Rest(std::str::from_utf8(text).ok()?);
    let y = rest.number(4, 4)?;
    let (m, d, style) = match rest.one_of("-/年")? {
        '-' => {
            let m = rest.number(2, 2)?;
            rest.one_of("-")?;
            (m, rest.number(2, 2)?, '-')
        }
        '/' => {
            let m = rest.number(1, 2)?;
            rest.one_of("/")?;
            (m, rest.number(1, 2)?, '/')
        }
        _ => {
            let m = rest.number(1, 2)?;
            rest.one_of("月")?;
            let d = rest.number(1, 2)?;
            rest.one_of("日")?;
            (m, d, '年')
        }
    };
    if rest.0.is_empty() {
        return Some(Written { y, m, d, clock: None });
    }
    let between = match style {
        '-' => rest.one_of(" Tt")?,
        '/' => rest.one_of(" T")?,
        _ => rest.one_of(" ").unwrap_or('年'),
    };
    let hour_digits = if style == '-' { 2 } else { 1 };
    let h = rest.number(hour_digits, 2)?;
    let clock = match rest.one_of(if style == '年' { ":时" } else { ":" })? {
        '时' => rest.han_minutes(h)?,
        _ => rest.minutes(h, style == '-')?,
    };
    let whole = rest.0.is_empty() && (between != 't' || clock.offset.is_some());
    whole.then_some(Written { y, m, d, clock: Some(clock) })
}

/// What has not been read yet.
struct Rest<'a>(&'a str);

impl Rest<'_> {
    /// Takes a run of digits, no longer than `most`; none where it is shorter than `least`.
    fn number(&mut self, least: usize, most: usize) -> Option<u32> {
        let (mut n, mut count) = (0, 0);
        while count < most
            && let Some(digit) = self.0.chars().next().and_then(digit)
        {
            n = n * 10 + digit.0;
            self.0 = &self.0[digit.1..];
            count += 1;
        }
        (count >= least).then_some(n)
    }

    fn one_of(&mut self, marks: &str) -> Option<char> {
        let mark = self.0.chars().next().filter(|c| marks.contains(*c))?;
        self.0 = &self.0[mark.len_utf8()..];
        Some(mark)
    }

    /// `MM[:SS[.f]]`, and after seconds an offset where the form has one.
    fn minutes(&mut self, h: u32, offset_may_follow: bool) -> Option<Clock> {
        let m = self.number(2, 2)?;
        if self.one_of(":").is_none() {
            return Some(Clock { h, m, s: 0, offset: None });
        }
        let s = self.number(2, 2)?;
        if self.one_of(".").is_some() {
            self.number(1, 1)?;
            while self.number(1, 1).is_some() {}
        }
        let offset = match if offset_may_follow { self.one_of("Zz+-") } else { None } {
            None => None,
            Some('Z' | 'z') => Some(Shift { west: false, h: 0, m: 0 }),
            Some(sign) => {
                let h = self.number(2, 2)?;
                self.one_of(":")?;
                Some(Shift { west: sign == '-', h, m: self.number(2, 2)? })
            }
        };
        Some(Clock { h, m, s, offset })
    }

    /// `M分[S秒]`.
    fn han_minutes(&mut self, h: u32) -> Option<Clock> {
        let m = self.number(1, 2)?;
        self.one_of("分")?;
        let s = if self.0.is_empty() {
            0
        } else {
            let s = self.number(1, 2)?;
            self.one_of("秒")?;
            s
        };
        Some(Clock { h, m, s, offset: None })
    }
}

/// The value of an ASCII or full-width digit, and its length in bytes.
fn digit(c: char) -> Option<(u32, usize)> {
    match c {
        '0'..='9' => Some((u32::from(c) - u32::from('0'), 1)),
        '０'..='９' => Some((u32::from(c) - u32::from('０'), 3)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::{date, fixed, free, time};
    use crate::calendar::{Instant, Zone};

    static SHANGHAI: LazyLock<Zone> = LazyLock::new(|| Zone::named("Asia/Shanghai").unwrap());
    static NEW_YORK: LazyLock<Zone> = LazyLock::new(|| Zone::named("America/New_York").unwrap());

    /// The instant of 2026-10-03 08:00 in Shanghai.
    const EIGHT: i64 = 1_790_985_600;

    #[test]
    fn every_form_of_a_time() {
        for (text, at) in [
            ("2026-10-03 08:00", EIGHT),
            ("2026-10-03T08:00", EIGHT),
            ("2026-10-03 08:00:07", EIGHT + 7),
            ("2026-10-03T08:00:07.999999", EIGHT + 7),
            ("2026-10-03T00:00:00Z", EIGHT),
            ("2026-10-03t00:00:00.123456789z", EIGHT),
            ("2026-10-03 08:00:00+08:00", EIGHT),
            ("2026-10-02T18:30:00-05:30", EIGHT),
            ("2026-10-03T00:00:00-00:00", EIGHT),
            ("2026/10/3 8:00", EIGHT),
            ("2026/10/03T08:00:01.5", EIGHT + 1),
            ("2026年10月3日 8时0分", EIGHT),
            ("2026年10月03日8时00分7秒", EIGHT + 7),
            ("2026年10月3日 8:00", EIGHT),
            ("2026年10月3日08:00:07", EIGHT + 7),
            ("２０２６-１０-０３ ０８:００", EIGHT),
            ("2026-10-02 24:00", EIGHT - 8 * 3600),
            ("2026/10/2 24:00:00.5", EIGHT - 8 * 3600),
            ("2026-10-02T24:00:00Z", EIGHT),
        ] {
            let read = time(text.as_bytes(), &SHANGHAI).unwrap_or_else(|wrong| panic!("{text}: {}", wrong.why.en));
            assert_eq!((read.at, read.twice), (Instant(at), false), "{text}");
        }
    }

    #[test]
    fn what_is_no_time() {
        for text in [
            "",
            "2026-10-03",
            "2026-10-03 8:00",
            "2026-10-3 08:00",
            "2026-10-03  08:00",
            "2026-10-03t08:00",
            "2026-10-03t08:00:00",
            "2026-10-03 08:00Z",
            "2026-10-03 08:00:00 +08:00",
            "2026-10-03T08:00:00+0800",
            "2026-10-03T08:00:00.",
            "2026-10-03T08:00:00,5",
            "2026-10-03T08:00:00+24:00",
            "2026-10-03T08:00:00+08:60",
            "2026/10/3 8:00+08:00",
            "2026年10月3日 8时",
            "2026年10月3日  8:00",
            "2026年10月3日T8:00",
            "2026-10-03 23:59:60",
            "2026-10-03 24:00:01",
            "2026-10-03 08:60",
            "2026-02-30 08:00",
            "2026-10-03 ０８：００",
            "0000-01-01 00:00",
            "2026-10-03 08:00 x",
            "2026-1é-03 08:00",
        ] {
            assert!(time(text.as_bytes(), &SHANGHAI).is_err(), "{text}");
        }
    }

    #[test]
    fn dates_and_the_dates_of_times() {
        for text in [
            "2026-10-03",
            "2026/10/3",
            "2026年10月3日",
            "2026-10-02T16:00:00Z",
            "2026-10-02 24:00",
            "２０２６年１０月３日",
        ] {
            assert_eq!(date(text.as_bytes(), &SHANGHAI).unwrap().to_string(), "2026-10-03", "{text}");
        }
        for text in ["2026-10-3", "2026-02-29", "2026/13/1", "20261003", "2026年10月", "2026-10", "10-03"] {
            assert!(date(text.as_bytes(), &SHANGHAI).is_err(), "{text}");
        }
        assert_eq!(date(b"2024-02-29", &SHANGHAI).unwrap().ymd(), (2024, 2, 29));
    }

    #[test]
    fn clocks_that_are_changed() {
        let berlin = Zone::named("Europe/Berlin").unwrap();
        let twice = time(b"2026-10-25 02:30", &berlin).unwrap();
        assert!(twice.twice);
        assert_eq!(berlin.rfc3339(twice.at), "2026-10-25T02:30:00+02:00");
        let later = time(b"2026-10-25T02:30:00+01:00", &berlin).unwrap();
        assert_eq!((later.at.0 - twice.at.0, later.twice), (3600, false));
        assert!(time(b"2026-03-29 02:30", &berlin).unwrap_err().why.en.contains("does not occur"));
        assert!(date(b"2026-03-29 02:30", &berlin).is_err());
        assert!(date(b"2026-03-29", &berlin).is_ok());
    }

    fn near_forms() -> impl Strategy<Value = String> {
        let year = prop_oneof!["20[0-9]{2}", "[0-9]{4}", "[0-9]{3}"];
        let two = || prop_oneof![4 => "[0-2][0-9]", 1 => "[0-9]", 1 => "[0-9]{2}", 1 => "[０-９]{2}"];
        let tail =
            prop_oneof!["", "Z", "z", "[+-][0-9]{2}:[0-9]{2}", "\\.[0-9]{0,9}", "\\.[0-9]{1,3}Z", "[ -~年月日：]{0,3}"];
        (year, "[-/年]", two(), "[-/月]", two(), "|日", ("[ Tt]|", two(), "[:时：]", two(), ":|分|", two(), tail))
            .prop_map(|(y, a, m, b, d, c, (t, h, e, n, f, s, tail))| {
                format!("{y}{a}{m}{b}{d}{c}{t}{h}{e}{n}{f}{s}{tail}")
            })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn the_two_readers_agree(text in near_forms()) {
            if let Some(read) = fixed(text.as_bytes()) {
                prop_assert_eq!(free(text.as_bytes()), Some(read));
            } else if text.is_ascii() && text.as_bytes().get(4) == Some(&b'-') {
                prop_assert_eq!(free(text.as_bytes()), None);
            }
        }

        #[test]
        fn a_printed_time_reads_back(at in 0_i64..4_000_000_000) {
            for zone in [&*SHANGHAI, &*NEW_YORK] {
                let (instant, day) = (Instant(at), zone.date(Instant(at)));
                prop_assert_eq!(time(zone.rfc3339(instant).as_bytes(), zone).unwrap().at, instant);
                let local = time(zone.local(instant).as_bytes(), zone).unwrap();
                prop_assert!(local.at == instant || local.twice);
                prop_assert_eq!(date(day.to_string().as_bytes(), zone).unwrap(), day);
            }
        }

        #[test]
        fn whatever_is_refused_is_refused_with_a_sentence(text in prop_oneof![near_forms(), "\\PC{0,24}", "[0-9/:. -]{0,20}"]) {
            if let Err(wrong) = time(text.as_bytes(), &SHANGHAI) {
                prop_assert!(!wrong.why.zh.is_empty() && !wrong.why.en.is_empty());
            }
            if let Err(wrong) = date(text.as_bytes(), &SHANGHAI) {
                prop_assert!(!wrong.why.zh.is_empty() && !wrong.why.en.is_empty());
            }
        }
    }
}
