//! Civil dates and minutes, as far as the sample needs them: one time zone without summer time, so local minutes do.

/// A local day, counted from 1970-01-01.
pub type Day = i64;
/// A local minute, counted from 1970-01-01 00:00.
pub type Minute = i64;

/// The first day of the sample.
pub const FIRST: &str = "2025-10-01";
/// The last day of the months that the sample tells whole.
pub const LAST: &str = "2026-10-31";
/// The last day of what is owed daily: the day on which the demonstration is judged.
pub const LAST_DAILY: &str = "2026-11-03";

/// Public holidays of the span, as first and last day.
const HOLIDAYS: [(&str, &str); 8] = [
    ("2025-10-01", "2025-10-08"),
    ("2026-01-01", "2026-01-03"),
    ("2026-02-15", "2026-02-23"),
    ("2026-04-04", "2026-04-06"),
    ("2026-05-01", "2026-05-05"),
    ("2026-06-19", "2026-06-21"),
    ("2026-09-25", "2026-09-27"),
    ("2026-10-01", "2026-10-07"),
];

/// A day from its text, `2026-03-05`.
pub fn day(text: &str) -> Day {
    let n = numbers(text);
    assert_eq!(n.len(), 3, "a date: {text}");
    from_civil(n[0], n[1], n[2])
}

/// A minute from its text, `2026-03-05 08:00`.
pub fn minute(text: &str) -> Minute {
    let n = numbers(text);
    assert_eq!(n.len(), 5, "a time: {text}");
    from_civil(n[0], n[1], n[2]) * 1440 + n[3] * 60 + n[4]
}

fn numbers(text: &str) -> Vec<i64> {
    text.split(['-', ' ', ':']).filter_map(|part| part.parse().ok()).collect()
}

/// Days since 1970-01-01 of a proleptic Gregorian date, counted in years that begin in March.
fn from_civil(year: i64, month: i64, day: i64) -> Day {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day of a day: the inverse of [`day`].
pub fn civil(day: Day) -> (i64, i64, i64) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let date = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year + i64::from(month <= 2), month, date)
}

/// Monday is 0, Sunday is 6.
pub fn weekday(day: Day) -> i64 {
    (day + 3).rem_euclid(7)
}

/// Whether offices are open: Monday to Friday, and no public holiday.
pub fn works(day: Day) -> bool {
    weekday(day) < 5 && !HOLIDAYS.iter().any(|(from, to)| (self::day(from)..=self::day(to)).contains(&day))
}

/// `2026-03-05`.
pub fn iso(day: Day) -> String {
    let (year, month, date) = civil(day);
    format!("{year:04}-{month:02}-{date:02}")
}

/// `20260305`, as ids hold it.
pub fn compact(day: Day) -> String {
    iso(day).replace('-', "")
}

/// `2026-03`.
pub fn month(day: Day) -> String {
    iso(day)[..7].to_owned()
}

/// `2026-03-05 08:00`.
pub fn clock(at: Minute) -> String {
    format!("{} {:02}:{:02}", iso(at.div_euclid(1440)), at.rem_euclid(1440) / 60, at.rem_euclid(60))
}

/// The days of the sample's whole months, month by month.
pub fn months() -> Vec<Vec<Day>> {
    by_month(day(FIRST)..=day(LAST))
}

/// Days parted where the month changes.
pub fn by_month(days: impl Iterator<Item = Day>) -> Vec<Vec<Day>> {
    let mut out: Vec<Vec<Day>> = Vec::new();
    for day in days {
        match out.last_mut() {
            Some(last) if month(last[0]) == month(day) => last.push(day),
            _ => out.push(vec![day]),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_there_and_back() {
        assert_eq!(day("1970-01-01"), 0);
        assert_eq!(day("2024-02-29"), 19_782);
        for n in day("2023-12-30")..day("2027-03-02") {
            assert_eq!(day(&iso(n)), n);
        }
        assert_eq!(weekday(day("2026-11-01")), 6);
        assert_eq!(clock(minute("2026-03-05 08:07")), "2026-03-05 08:07");
    }

    #[test]
    fn thirteen_months() {
        assert_eq!(months().len(), 13);
        assert!(!works(day("2026-02-17")));
        assert!(works(day("2026-02-24")));
    }
}
