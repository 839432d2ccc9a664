//! Periods: the days, weeks, months, quarters, halves and years that duties are asked for (standard.md section 3).
//! Weeks are ISO weeks; quarters and halves are of the calendar year.

use crate::say;
use crate::say::Said;

use super::{Day, Span, Zone};

/// The months by their English names.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A length of period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// A local day.
    Day,
    /// An ISO week, Monday to Sunday.
    Week,
    /// A calendar month.
    Month,
    /// A quarter of the calendar year.
    Quarter,
    /// A half of the calendar year.
    Half,
    /// A calendar year.
    Year,
}

impl Unit {
    /// Every unit, the shortest first.
    pub const ALL: [Self; 6] = [Self::Day, Self::Week, Self::Month, Self::Quarter, Self::Half, Self::Year];

    /// The canonical name: `day`, `week`, `month`, `quarter`, `half`, `year`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Half => "half",
            Self::Year => "year",
        }
    }

    /// The unit of a canonical name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.name() == name)
    }

    /// The months of a period of this unit; none for days and weeks.
    fn months(self) -> Option<u32> {
        match self {
            Self::Day | Self::Week => None,
            Self::Month => Some(1),
            Self::Quarter => Some(3),
            Self::Half => Some(6),
            Self::Year => Some(12),
        }
    }
}

/// A run of whole local days, half-open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    /// Its first day.
    pub first: Day,
    /// The first day that is no longer in it.
    pub after: Day,
}

impl Period {
    /// The period of a unit that holds a day.
    pub fn of(unit: Unit, day: Day) -> Self {
        match (unit, unit.months()) {
            (_, Some(months)) => {
                let (_, m, d) = day.ymd();
                let first = day.plus(1 - d as i32).add_months(-(((m - 1) % months) as i32));
                Self { first, after: first.add_months(months as i32) }
            }
            (Unit::Week, None) => {
                let first = day.plus(-(day.weekday() as i32));
                Self { first, after: first.plus(7) }
            }
            (_, None) => Self { first: day, after: day.plus(1) },
        }
    }

    /// The period of the unit that follows.
    #[must_use]
    pub fn next(self, unit: Unit) -> Self {
        Self::of(unit, self.after)
    }

    /// The period of the unit that goes before.
    #[must_use]
    pub fn previous(self, unit: Unit) -> Self {
        Self::of(unit, self.first.plus(-1))
    }

    /// Its last day.
    pub fn last(self) -> Day {
        self.after.plus(-1)
    }

    /// Whether a day lies in it.
    pub fn contains(self, day: Day) -> bool {
        self.first <= day && day < self.after
    }

    /// Its name: `2026-10-03`, `2026-W40`, `2026-10`, `2026Q3`, `2026H1`, `2026`. A week is named after the year
    /// that holds its Thursday (ISO 8601).
    pub fn name(self, unit: Unit) -> String {
        let (y, m, _) = self.first.ymd();
        match unit {
            Unit::Day => self.first.to_string(),
            Unit::Week => {
                let thursday = self.first.plus(3);
                let year = Self::of(Unit::Year, thursday);
                format!("{:04}-W{:02}", thursday.ymd().0, (thursday.0 - year.first.0) / 7 + 1)
            }
            Unit::Month => format!("{y:04}-{m:02}"),
            Unit::Quarter => format!("{y:04}Q{}", (m - 1) / 3 + 1),
            Unit::Half => format!("{y:04}H{}", (m - 1) / 6 + 1),
            Unit::Year => format!("{y:04}"),
        }
    }

    /// Its name in a sentence: `2026 年 3 月`, `March 2026`; a day stays `2026-10-03`.
    pub fn title(self, unit: Unit) -> Said {
        let (y, m, _) = self.first.ymd();
        let (first, last) = (self.first, self.last());
        match unit {
            Unit::Day => Said::same(first.to_string()),
            Unit::Week => say!("{first} 至 {last} 这一周", "the week from {first} to {last}"),
            Unit::Month => {
                let name = MONTHS[(m as usize + 11) % 12];
                say!("{y} 年 {m} 月", "{name} {y}")
            }
            Unit::Quarter => {
                let n = (m - 1) / 3 + 1;
                say!("{y} 年第 {n} 季度", "Q{n} {y}")
            }
            Unit::Half if m <= 6 => say!("{y} 年上半年", "the first half of {y}"),
            Unit::Half => say!("{y} 年下半年", "the second half of {y}"),
            Unit::Year => say!("{y} 年", "{y}"),
        }
    }

    /// Reads a name as [`Period::name`] writes it.
    pub fn parse(text: &str) -> Option<(Unit, Self)> {
        if let Some(day) = Day::parse_iso(text) {
            return Some((Unit::Day, Self::of(Unit::Day, day)));
        }
        let (year, rest) = text.split_at_checked(4)?;
        let first = Day::from_ymd(number(year)? as i32, 1, 1)?;
        let months_on = |unit: Unit, months: i32| Some((unit, Self::of(unit, first.add_months(months))));
        match rest.as_bytes() {
            [] => months_on(Unit::Year, 0),
            [b'H', n @ b'1'..=b'2'] => months_on(Unit::Half, i32::from(n - b'1') * 6),
            [b'Q', n @ b'1'..=b'4'] => months_on(Unit::Quarter, i32::from(n - b'1') * 3),
            [b'-', b'W', _, _] => {
                // 4 January lies in the first week of every year.
                let week = Self::of(Unit::Week, first.plus(3 + 7 * (number(&rest[2..])? as i32 - 1)));
                (week.name(Unit::Week) == text).then_some((Unit::Week, week))
            }
            [b'-', _, _] => {
                let m = number(&rest[1..])?;
                Day::from_ymd(first.ymd().0, m, 1).map(|day| (Unit::Month, Self::of(Unit::Month, day)))
            }
            _ => None,
        }
    }
}

fn number(digits: &str) -> Option<u32> {
    digits.bytes().all(|c| c.is_ascii_digit()).then(|| digits.parse().ok())?
}

/// Each period of the unit that overlaps the span, in order.
pub fn periods(unit: Unit, zone: &Zone, span: Span) -> impl Iterator<Item = Period> {
    let first = Period::of(unit, zone.date(span.start));
    std::iter::successors(Some(first), move |period| Some(period.next(unit)))
        .take_while(move |period| span.start < span.end && zone.start(period.first) < span.end)
        .filter(move |period| zone.start(period.after) > span.start)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Day, Instant, Span, Zone};
    use super::{Period, Unit, periods};

    fn day(text: &str) -> Day {
        Day::parse_iso(text).unwrap()
    }

    #[test]
    fn names_of_every_unit() {
        let names = |text: &str| Unit::ALL.map(|unit| Period::of(unit, day(text)).name(unit));
        assert_eq!(names("2026-10-03"), ["2026-10-03", "2026-W40", "2026-10", "2026Q4", "2026H2", "2026"]);
        assert_eq!(names("2026-01-01"), ["2026-01-01", "2026-W01", "2026-01", "2026Q1", "2026H1", "2026"]);
        assert_eq!(names("2027-01-01")[1], "2026-W53");
        assert_eq!(names("2024-12-30")[1], "2025-W01");
        assert_eq!(Period::of(Unit::Half, day("2026-06-30")).name(Unit::Half), "2026H1");
        assert_eq!(Period::of(Unit::Half, day("2026-07-01")).name(Unit::Half), "2026H2");
    }

    #[test]
    fn titles_of_every_unit() {
        let titles = |text: &str| Unit::ALL.map(|unit| Period::of(unit, day(text)).title(unit));
        let zh = titles("2026-10-03").map(|said| said.zh);
        assert_eq!(
            zh,
            [
                "2026-10-03",
                "2026-09-28 至 2026-10-04 这一周",
                "2026 年 10 月",
                "2026 年第 4 季度",
                "2026 年下半年",
                "2026 年"
            ]
        );
        let en = titles("2026-01-01").map(|said| said.en);
        assert_eq!(
            en,
            [
                "2026-01-01",
                "the week from 2025-12-29 to 2026-01-04",
                "January 2026",
                "Q1 2026",
                "the first half of 2026",
                "2026"
            ]
        );
    }

    #[test]
    fn the_week_of_new_year_and_the_ends_of_months() {
        let week = Period::of(Unit::Week, day("2026-01-01"));
        assert_eq!((week.first, week.last()), (day("2025-12-29"), day("2026-01-04")));
        let month = Period::of(Unit::Month, day("2024-02-29"));
        assert_eq!((month.first, month.after), (day("2024-02-01"), day("2024-03-01")));
        assert_eq!(month.previous(Unit::Month).last(), day("2024-01-31"));
        assert_eq!(month.next(Unit::Month).last(), day("2024-03-31"));
        let quarter = Period::of(Unit::Quarter, day("2026-08-31"));
        assert_eq!((quarter.first, quarter.last()), (day("2026-07-01"), day("2026-09-30")));
        assert!(quarter.contains(day("2026-09-30")) && !quarter.contains(day("2026-10-01")));
    }

    #[test]
    fn names_that_are_none() {
        for text in ["", "26", "2026-13", "2026-W00", "2026-W54", "2025-W53", "2026Q5", "2026H3", "2026h1", "2026-1"] {
            assert_eq!(Period::parse(text), None, "{text}");
        }
        for text in ["2026-02-30", "+026", "二〇", "2026年", "2026-W+1", "0000", "2026-+1"] {
            assert_eq!(Period::parse(text), None, "{text}");
        }
        for unit in Unit::ALL {
            assert_eq!(Unit::of_name(unit.name()), Some(unit));
        }
        assert_eq!(Unit::of_name("Day"), None);
    }

    #[test]
    fn periods_overlap_their_span_and_nothing_else() {
        let zone = Zone::named("Asia/Shanghai").unwrap();
        let names = |unit, from: Instant, to: Instant| -> Vec<String> {
            periods(unit, &zone, Span { start: from, end: to }).map(|p| p.name(unit)).collect()
        };
        let (from, to) = (zone.start(day("2026-01-31")), zone.start(day("2026-03-01")));
        assert_eq!(names(Unit::Month, from, to), ["2026-01", "2026-02"]);
        assert_eq!(names(Unit::Month, from, to.plus(1)), ["2026-01", "2026-02", "2026-03"]);
        assert_eq!(names(Unit::Half, from.plus(-1), from), ["2026H1"]);
        assert_eq!(names(Unit::Day, from, from), Vec::<String>::new());
        assert_eq!(names(Unit::Day, from.plus(-1), from.plus(1)), ["2026-01-30", "2026-01-31"]);
    }

    proptest! {
        #[test]
        fn a_printed_period_reads_back(n in -719_000..=2_932_000, which in 0_usize..6) {
            let unit = Unit::ALL[which];
            let period = Period::of(unit, Day(n));
            prop_assert!(period.contains(Day(n)));
            prop_assert_eq!(period.next(unit).previous(unit), period);
            prop_assert_eq!(Period::parse(&period.name(unit)), Some((unit, period)));
        }
    }
}
