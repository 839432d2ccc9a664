//! Lengths of time: durations, which are counted in seconds, and intervals of the calendar, which are not (a month
//! has no one length).

use super::{Wrong, shown};
use crate::calendar::Day;
use crate::say;

/// The days of ten thousand years, which is more than the calendar has.
const MOST: i64 = 3_652_425;

/// Reads a duration in seconds: `90s`, `15m`, `1h30m`, `2d` (days of 24 hours), ISO 8601 `PT15M`, or `H:MM:SS`.
/// Letters may be small or large.
pub fn duration(text: &[u8]) -> Result<i64, Box<Wrong>> {
    let read = match text {
        [b'P' | b'p', rest @ ..] => iso(rest),
        _ if text.contains(&b':') => by_colons(text),
        _ => units(text, b"dhms"),
    };
    read.filter(|seconds| *seconds <= MOST * 86_400).ok_or_else(|| {
        let bare = !text.is_empty() && text.iter().all(u8::is_ascii_digit);
        let colons = text.split(|c| *c == b':').count() == 2;
        let text = shown(text);
        let why = if bare {
            say!("时长“{text}”没有单位", "the duration \"{text}\" has no unit")
        } else if colons {
            say!(
                "时长“{text}”可以读作“时:分”，也可以读作“分:秒”",
                "the duration \"{text}\" may be hours and minutes, or minutes and seconds"
            )
        } else if read.is_some() {
            say!("时长“{text}”超过一万年", "the duration \"{text}\" is more than ten thousand years")
        } else {
            say!("“{text}”不是时长", "\"{text}\" is no duration")
        };
        Wrong::new(why).help(say!("请写 90s、15m、1h30m 或 0:15:00", "write 90s, 15m, 1h30m or 0:15:00"))
    })
}

/// An interval of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Interval {
    /// So many days.
    Days(i32),
    /// So many months; the day is cut to the length of the month reached.
    Months(i32),
}

impl Interval {
    /// The day that lies this interval after another.
    pub fn after(self, day: Day) -> Day {
        match self {
            Self::Days(n) => day.plus(n),
            Self::Months(n) => day.add_months(n),
        }
    }
}

/// As it is read back: `90 days`, `6 months`.
impl std::fmt::Display for Interval {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Days(n) => write!(f, "{n} days"),
            Self::Months(n) => write!(f, "{n} months"),
        }
    }
}

/// Reads an interval of the calendar: `6 months`, `90 days`, `90d`, `2w`, `1 year`, `P6M`, `P90D`, `6个月`, `90天`,
/// `1年`. Here `m` is months.
pub fn interval(text: &str) -> Result<Interval, Box<Wrong>> {
    let word = text.trim().to_lowercase();
    let iso = word.strip_prefix('p');
    let body = iso.unwrap_or(&word);
    let digits = body.find(|c: char| !c.is_ascii_digit()).unwrap_or(body.len());
    let (number, unit) = body.split_at(digits);
    let (days, months) = match (iso, unit.trim_start()) {
        (Some(_), "d") if unit == "d" => (1, 0),
        (Some(_), "w") if unit == "w" => (7, 0),
        (Some(_), "m") if unit == "m" => (0, 1),
        (Some(_), "y") if unit == "y" => (0, 12),
        (None, "d" | "day" | "days" | "天" | "日") => (1, 0),
        (None, "w" | "week" | "weeks" | "周" | "个星期" | "星期") => (7, 0),
        (None, "m" | "month" | "months" | "个月") => (0, 1),
        (None, "y" | "year" | "years" | "年") => (0, 12),
        _ => (0, 0),
    };
    let counted = number.parse::<i64>().ok().filter(|_| days + months > 0).and_then(|n| n.checked_mul(days + months));
    match counted.filter(|n| *n <= MOST) {
        Some(n) if days > 0 => Ok(Interval::Days(n as i32)),
        Some(n) => Ok(Interval::Months(n as i32)),
        None => {
            let text = shown(text.as_bytes());
            Err(Wrong::new(say!("“{text}”不是间隔", "\"{text}\" is no interval"))
                .help(say!("请写 6个月、90天、1年，或 P6M", "write 6 months, 90 days, 1 year, or P6M")))
        }
    }
}

/// `15M`, `T15M`, `1DT2H`, `2W`, after the `P`. Years and months have no length in seconds.
fn iso(rest: &[u8]) -> Option<i64> {
    let clock = rest.iter().position(|c| c.eq_ignore_ascii_case(&b'T'));
    let (days, clock) = match clock {
        Some(at) => (&rest[..at], Some(&rest[at + 1..])),
        None => (rest, None),
    };
    let days = match (days, clock) {
        ([], Some(_)) => 0,
        (days, None) if days.last().is_some_and(|c| c.eq_ignore_ascii_case(&b'w')) => units(days, b"w")?,
        (days, _) => units(days, b"d")?,
    };
    clock.map_or(Some(0), |clock| units(clock, b"hms"))?.checked_add(days)
}

/// Numbers with units, each unit at most once and in the order given.
fn units(text: &[u8], order: &[u8]) -> Option<i64> {
    let (mut rest, mut order, mut total) = (text, order, 0_i64);
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.iter().take_while(|c| c.is_ascii_digit()).count();
        let n = number(&rest[..digits])?;
        let unit = rest.get(digits)?.to_ascii_lowercase();
        let at = order.iter().position(|known| *known == unit)?;
        let scale = match unit {
            b'w' => 604_800,
            b'd' => 86_400,
            b'h' => 3600,
            b'm' => 60,
            _ => 1,
        };
        total = total.checked_add(n.checked_mul(scale)?)?;
        rest = &rest[digits + 1..];
        order = &order[at + 1..];
    }
    Some(total)
}

/// `H:MM:SS`, the hours as many as there are.
fn by_colons(text: &[u8]) -> Option<i64> {
    let mut parts = text.split(|c| *c == b':');
    let (h, m, s) = (parts.next()?, parts.next()?, parts.next()?);
    let below_sixty = |part: &[u8]| if part.len() == 2 { number(part).filter(|n| *n < 60) } else { None };
    let (m, s) = (below_sixty(m)?, below_sixty(s)?);
    let h = number(h)?.checked_mul(3600)?;
    if parts.next().is_some() { None } else { h.checked_add(m * 60 + s) }
}

/// Digits, at least one and few enough that no scale overflows unseen.
fn number(digits: &[u8]) -> Option<i64> {
    let fits = (1..=18).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
    fits.then(|| digits.iter().fold(0, |n, c| n * 10 + i64::from(c - b'0')))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Interval, duration, interval};
    use crate::calendar::Day;

    #[test]
    fn durations_in_seconds() {
        for (text, n) in [
            ("90s", 90),
            ("15m", 900),
            ("1h30m", 5400),
            ("1H30M15S", 5415),
            ("2d", 172_800),
            ("PT15M", 900),
            ("pt1h30m", 5400),
            ("P1DT2H", 93_600),
            ("P2W", 1_209_600),
            ("P1D", 86_400),
            ("0:15:00", 900),
            ("100:00:01", 360_001),
            ("0s", 0),
        ] {
            assert_eq!(duration(text.as_bytes()).unwrap(), n, "{text}");
        }
        let refused =
            ["", "90", "15:00", "30m1h", "1h1h", "1.5h", "-5m", "P", "PT", "P1DT", "P1M", "P1Y", "0:60:00", "0:1:00"];
        for text in refused.into_iter().chain(["1h 30m", "15 min", "1:00:00:00", "999999999999999999h", "h"]) {
            assert!(duration(text.as_bytes()).is_err(), "{text}");
        }
        assert!(duration(b"90").unwrap_err().why.en.contains("no unit"));
        assert!(duration(b"15:00").unwrap_err().why.en.contains("minutes and seconds"));
        assert!(duration(b"22260955668372271m").unwrap_err().why.en.contains("ten thousand years"));
    }

    #[test]
    fn intervals_of_the_calendar() {
        for (text, n) in [
            ("6 months", Interval::Months(6)),
            ("90 days", Interval::Days(90)),
            ("90d", Interval::Days(90)),
            ("1 Day", Interval::Days(1)),
            ("2w", Interval::Days(14)),
            ("6m", Interval::Months(6)),
            ("P6M", Interval::Months(6)),
            ("p90d", Interval::Days(90)),
            ("1 year", Interval::Months(12)),
            ("6个月", Interval::Months(6)),
            ("90天", Interval::Days(90)),
            ("1年", Interval::Months(12)),
        ] {
            assert_eq!(interval(text).unwrap(), n, "{text}");
        }
        for text in
            ["", "6", "months", "-6 months", "P 6M", "P6 M", "PT6M", "6 moons", "1.5y", "99999999999y", "P6个月"]
        {
            assert!(interval(text).is_err(), "{text}");
        }
        let day = Day::parse_iso("2026-08-31").unwrap();
        assert_eq!(Interval::Months(6).after(day).to_string(), "2027-02-28");
        assert_eq!(Interval::Days(1).after(day).to_string(), "2026-09-01");
    }

    proptest! {
        #[test]
        fn a_printed_interval_reads_back(n in 0..3_652_425, months: bool) {
            let written = if months { Interval::Months(n) } else { Interval::Days(n) };
            prop_assert_eq!(interval(&written.to_string()).ok(), Some(written));
        }

        #[test]
        fn a_duration_by_units_and_by_colons(h in 0_i64..500, m in 0_i64..60, s in 0_i64..60) {
            for text in [format!("{h}h{m}m{s}s"), format!("PT{h}H{m}M{s}S"), format!("{h}:{m:02}:{s:02}")] {
                prop_assert_eq!(duration(text.as_bytes()).ok(), Some(h * 3600 + m * 60 + s));
            }
        }
    }
}
