//! A calendar day as one whole number. The arithmetic counts years from March, so that the leap day is the last of
//! its year and the length of a month follows from its number alone.

use std::fmt;

/// A calendar day of the Gregorian calendar: days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Day(pub i32);

/// Days from 0000-03-01 to 1970-01-01.
const TO_EPOCH: i64 = 719_468;
/// Days of 400 years, after which the calendar repeats.
const ERA: i64 = 146_097;

impl Day {
    /// The day of a year (1..=9999), month and day of month; none where there is no such day.
    pub fn from_ymd(y: i32, m: u32, d: u32) -> Option<Self> {
        let fits = (1..=9999).contains(&y) && (1..=12).contains(&m) && d >= 1 && d <= length(y.into(), m);
        fits.then(|| Self::count(y.into(), m, d))
    }

    /// Year, month (1..=12), day of month (1..=31).
    pub fn ymd(self) -> (i32, u32, u32) {
        let days = i64::from(self.0) + TO_EPOCH;
        let era = days.div_euclid(ERA);
        let of_era = days.rem_euclid(ERA);
        let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let month = (5 * of_year + 2) / 153;
        let d = (of_year - (153 * month + 2) / 5 + 1) as u32;
        let m = if month < 10 { month + 3 } else { month - 9 } as u32;
        ((year + era * 400 + i64::from(m <= 2)) as i32, m, d)
    }

    /// The day so many days later (earlier, where negative).
    #[must_use]
    pub fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// The same day of the month so many months later, or the last day of that month where it is shorter.
    #[must_use]
    pub fn add_months(self, months: i32) -> Self {
        let (y, m, d) = self.ymd();
        let index = i64::from(y) * 12 + i64::from(m) - 1 + i64::from(months);
        let (y, m) = (index.div_euclid(12), index.rem_euclid(12) as u32 + 1);
        Self::count(y, m, d.min(length(y, m)))
    }

    /// The day of the week, 0 for Monday to 6 for Sunday.
    pub fn weekday(self) -> u32 {
        (i64::from(self.0) + 3).rem_euclid(7) as u32
    }

    /// Reads `YYYY-MM-DD`, and only that.
    pub fn parse_iso(text: &str) -> Option<Self> {
        let b = text.as_bytes();
        if b.len() != 10 || b[4] != b'-' || b[7] != b'-' {
            return None;
        }
        let number = |range: std::ops::Range<usize>| {
            b[range].iter().try_fold(0, |n, c| c.is_ascii_digit().then(|| n * 10 + u32::from(c - b'0')))
        };
        Self::from_ymd(number(0..4)? as i32, number(5..7)?, number(8..10)?)
    }

    fn count(y: i64, m: u32, d: u32) -> Self {
        let y = y - i64::from(m <= 2);
        let of_era = y.rem_euclid(400);
        let month = i64::from(if m > 2 { m - 3 } else { m + 9 });
        let of_year = (153 * month + 2) / 5 + i64::from(d) - 1;
        let days = y.div_euclid(400) * ERA + of_era * 365 + of_era / 4 - of_era / 100 + of_year - TO_EPOCH;
        Self(days.clamp(i32::MIN.into(), i32::MAX.into()) as i32)
    }
}

/// Days of a month.
fn length(y: i64, m: u32) -> u32 {
    match m {
        2 if y % 4 == 0 && (y % 100 != 0 || y % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// ISO 8601: `2026-10-03`.
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (y, m, d) = self.ymd();
        // Pages and messages name days by the thousand: the usual ones are put together from their digits.
        let Ok(y) = u32::try_from(y) else { return write!(f, "{y:04}-{m:02}-{d:02}") };
        if y > 9999 {
            return write!(f, "{y}-{m:02}-{d:02}");
        }
        let digits = [(1000, y), (100, y), (10, y), (1, y), (0, 0), (10, m), (1, m), (0, 0), (10, d), (1, d)];
        let text = digits.map(|(of, n): (u32, u32)| n.checked_div(of).map_or(b'-', |n| b'0' + (n % 10) as u8));
        f.write_str(str::from_utf8(&text).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Day;

    fn day(text: &str) -> Day {
        Day::parse_iso(text).unwrap()
    }

    #[test]
    fn known_days() {
        assert_eq!(day("1970-01-01"), Day(0));
        assert_eq!(day("2000-03-01"), Day(11_017));
        assert_eq!(day("0001-01-01"), Day(-719_162));
        assert_eq!(day("9999-12-31"), Day(2_932_896));
        assert_eq!(day("1970-01-01").weekday(), 3);
        assert_eq!(day("2026-10-05").weekday(), 0);
        assert_eq!(day("0001-01-01").weekday(), 0);
    }

    #[test]
    fn every_day_follows_the_one_before() {
        let mut last = (0, 12, 31);
        for n in -719_162..=2_932_896 {
            let now = Day(n).ymd();
            let next_day = (now.0, now.1, now.2) == (last.0, last.1, last.2 + 1);
            let next_month = now.2 == 1 && last.2 >= 28 && now.0 * 12 + now.1 as i32 == last.0 * 12 + last.1 as i32 + 1;
            assert!(next_day || next_month, "{last:?} then {now:?}");
            assert_eq!(Day::from_ymd(now.0, now.1, now.2), Some(Day(n)));
            last = now;
        }
        assert_eq!(last, (9999, 12, 31));
    }

    #[test]
    fn days_that_do_not_exist() {
        for text in ["2026-02-29", "2100-02-29", "2026-04-31", "2026-13-01", "2026-00-01", "2026-01-00", "0000-01-01"] {
            assert_eq!(Day::parse_iso(text), None, "{text}");
        }
        for text in ["2026-1-01", "2026/01/01", "+026-01-01", "2026-01-01 ", "", "2026-0１-1"] {
            assert_eq!(Day::parse_iso(text), None, "{text}");
        }
        assert_eq!(Day::parse_iso("2024-02-29").map(Day::ymd), Some((2024, 2, 29)));
    }

    #[test]
    fn months_are_cut_to_their_length() {
        assert_eq!(day("2026-01-31").add_months(1), day("2026-02-28"));
        assert_eq!(day("2024-01-31").add_months(1), day("2024-02-29"));
        assert_eq!(day("2026-08-31").add_months(6), day("2027-02-28"));
        assert_eq!(day("2026-03-31").add_months(-1), day("2026-02-28"));
        assert_eq!(day("2026-01-15").add_months(-1), day("2025-12-15"));
        assert_eq!(day("2024-02-29").add_months(12), day("2025-02-28"));
        assert_eq!(day("2026-01-01").add_months(i32::MAX), Day(i32::MAX), "far is far, not a crash");
    }

    proptest! {
        #[test]
        fn a_printed_day_reads_back(n in -719_162..=2_932_896) {
            prop_assert_eq!(Day::parse_iso(&Day(n).to_string()), Some(Day(n)));
        }

        #[test]
        fn months_there_and_back_lose_at_most_the_cut(n in -600_000..=2_800_000, months in -1200..1200) {
            let back = Day(n).add_months(months).add_months(-months);
            prop_assert!(back <= Day(n) && back >= Day(n - 3));
        }
    }
}
