//! When a page must be read again. The same reckoning as that of the rule form `within`, so that a page and the
//! finding about it agree.

use crate::calendar::{Day, Instant, Zone};

use super::facts::Facts;

/// How a page stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Review {
    /// It was read in time; the last day on which that holds.
    Current(Day),
    /// It should have been read again by a day; how many days ago that was.
    Overdue(Day, i32),
    /// Nobody says when it was read, or when it must be read again, or says a day that has not come.
    Unknown,
}

/// How a page stands at an instant.
pub fn review(facts: &Facts, zone: &Zone, as_of: Instant) -> Review {
    let (Some(last), Some(interval)) = (facts.last_reviewed, facts.review_in) else { return Review::Unknown };
    if zone.start(last) > as_of {
        return Review::Unknown;
    }
    let due = interval.after(last);
    if as_of <= zone.end(due) {
        return Review::Current(due);
    }
    // The end of a day is the start of the next: the last whole day counts.
    Review::Overdue(due, zone.date(as_of.plus(-1)).0 - due.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Interval;

    fn facts(last: &str, interval: Interval) -> Facts {
        Facts { last_reviewed: Day::parse_iso(last), review_in: Some(interval), ..Facts::default() }
    }

    #[test]
    fn the_day_itself_is_in_time_and_the_instant_after_it_is_not() {
        let zone = Zone::default();
        let day = |text| Day::parse_iso(text).unwrap();
        let half = facts("2026-02-28", Interval::Months(6));
        let end = zone.end(day("2026-08-28"));
        assert_eq!(review(&half, &zone, end), Review::Current(day("2026-08-28")));
        assert_eq!(review(&half, &zone, end.plus(1)), Review::Overdue(day("2026-08-28"), 1));
        assert_eq!(review(&half, &zone, zone.end(day("2026-09-07"))), Review::Overdue(day("2026-08-28"), 10));
        let thirty = facts("2026-08-31", Interval::Days(30));
        assert_eq!(review(&thirty, &zone, zone.start(day("2026-09-01"))), Review::Current(day("2026-09-30")));
    }

    #[test]
    fn what_is_not_said_or_has_not_come_is_unknown() {
        let zone = Zone::default();
        let at = zone.start(Day::parse_iso("2026-08-30").unwrap());
        assert_eq!(review(&facts("2026-08-31", Interval::Days(30)), &zone, at), Review::Unknown);
        assert_eq!(review(&Facts::default(), &zone, at), Review::Unknown);
        assert_eq!(
            review(&Facts { review_in: None, ..facts("2026-08-01", Interval::Days(1)) }, &zone, at),
            Review::Unknown
        );
    }
}
