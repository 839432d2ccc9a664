//! One IANA time zone: local time to instants and back. Every row of every file asks it once or more, so the
//! transitions of the years that records come from are found once and searched by halving; the years outside that
//! window are asked of the zone database itself.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::{TZ_VARIANTS, Tz};

use super::{DAY, Day, Instant, Period, Span};
use crate::near::nearest;
use crate::say;
use crate::say::Said;

/// The window of the table: 2000-01-01 to 2062-01-01, UTC.
const FROM: i64 = 946_684_800;
const UNTIL: i64 = 2_903_299_200;
/// How far apart the zone is probed. The closest two changes of any zone in the window are a week apart (Ramadan in Gaza).
const PROBE: i64 = 2 * DAY;
/// The instants of the years 1 to 9999, which the zone database can answer.
const ALL_TIME: (i64, i64) = (-62_135_596_800, 253_402_300_799);

/// A time zone. A clone shares the table.
#[derive(Clone)]
pub struct Zone(Arc<Table>);

struct Table {
    tz: Tz,
    /// From this instant on, this many seconds are added to get local time. The first stands at the window's start.
    steps: Vec<(i64, i32)>,
}

/// A name that is no zone of the IANA database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownZone {
    /// The name as written.
    pub name: String,
    /// The zone that was likely meant.
    pub nearest: Option<&'static str>,
}

impl UnknownZone {
    /// What is wrong, and what was likely meant.
    pub fn said(&self) -> Said {
        let name = self.name.escape_debug();
        match self.nearest {
            Some(near) => say!(
                "没有名为“{name}”的时区；是不是“{near}”？",
                "there is no time zone named \"{name}\"; did you mean \"{near}\"?"
            ),
            None => say!(
                "没有名为“{name}”的时区；请写 IANA 时区名，例如 Asia/Shanghai",
                "there is no time zone named \"{name}\"; write an IANA name such as Asia/Shanghai"
            ),
        }
    }
}

/// What a local time of day stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// It occurs once.
    Once(Instant),
    /// It occurs twice, because the clocks are set back; this is the earlier instant.
    Twice(Instant),
    /// It does not occur, because the clocks are set forward; this is what the offset before the gap gives.
    Gap(Instant),
}

impl Resolved {
    /// The instant, however it came about.
    pub fn instant(self) -> Instant {
        match self {
            Self::Once(at) | Self::Twice(at) | Self::Gap(at) => at,
        }
    }
}

impl Default for Zone {
    /// UTC.
    fn default() -> Self {
        Self(Arc::new(Table { tz: Tz::UTC, steps: vec![(i64::MIN, 0)] }))
    }
}

impl Zone {
    /// The zone of an IANA name such as `Asia/Shanghai`.
    pub fn named(name: &str) -> Result<Self, UnknownZone> {
        match name.parse::<Tz>() {
            Ok(tz) => Ok(Self(Arc::new(Table { tz, steps: steps(tz) }))),
            Err(_) => Err(UnknownZone { name: name.into(), nearest: likely(name) }),
        }
    }

    /// Its IANA name.
    pub fn name(&self) -> &'static str {
        self.0.tz.name()
    }

    /// Seconds to add to an instant to get local time, positive in the east.
    pub fn offset(&self, at: Instant) -> i32 {
        let steps = &self.0.steps;
        match self.step(at.0) {
            Some(found) => steps[found].1,
            None => asked(self.0.tz, at.0),
        }
    }

    /// The instant of a local day and second of the day. 86400 is the midnight that ends it.
    pub fn resolve(&self, day: Day, seconds_of_day: u32) -> Resolved {
        let wall = i64::from(day.0) * DAY + i64::from(seconds_of_day);
        // No offset reaches a day, so what the clock shows lies within a day of the same reading in UTC.
        let steps = &self.0.steps;
        if let Some(found) = self.step(wall - DAY)
            && wall + DAY < steps.get(found + 1).map_or(UNTIL, |next| next.0)
        {
            return Resolved::Once(Instant(wall - i64::from(steps[found].1)));
        }
        let [before, after] =
            [wall - DAY, wall + DAY].map(|near| Instant(wall - i64::from(self.offset(Instant(near)))));
        let shows = |at: Instant| at.0 + i64::from(self.offset(at)) == wall;
        match (shows(before), shows(after)) {
            (true, true) if before != after => Resolved::Twice(before.min(after)),
            (true, _) => Resolved::Once(before),
            (_, true) => Resolved::Once(after),
            _ => Resolved::Gap(before),
        }
    }

    /// Local day and second of the day.
    pub fn wall(&self, at: Instant) -> (Day, u32) {
        split(at.0 + i64::from(self.offset(at)))
    }

    /// The local day of an instant.
    pub fn date(&self, at: Instant) -> Day {
        self.wall(at).0
    }

    /// The instant at which a local day begins. Where the clocks skip midnight, the instant that midnight would
    /// have been by the offset before.
    pub fn start(&self, day: Day) -> Instant {
        self.resolve(day, 0).instant()
    }

    /// The instant at which a local day has ended: the start of the next.
    pub fn end(&self, day: Day) -> Instant {
        self.start(day.plus(1))
    }

    /// The instants of a period.
    pub fn span(&self, period: Period) -> Span {
        Span { start: self.start(period.first), end: self.start(period.after) }
    }

    /// RFC 3339 with the local offset: `2026-11-01T00:00:00+08:00`. Offsets of the time before zones, which count
    /// seconds, are shown to the minute, with the clock set to match.
    pub fn rfc3339(&self, at: Instant) -> String {
        let minutes = self.offset(at) / 60;
        let (day, second) = split(at.0 + i64::from(minutes) * 60);
        let (h, m, s) = clock(second);
        let sign = if minutes < 0 { '-' } else { '+' };
        let (hours, minutes) = (minutes.abs() / 60, minutes.abs() % 60);
        format!("{day}T{h:02}:{m:02}:{s:02}{sign}{hours:02}:{minutes:02}")
    }

    /// Local time as people write it: `2026-11-01 00:00`, with seconds only where they are not 0.
    pub fn local(&self, at: Instant) -> String {
        let (day, second) = self.wall(at);
        match clock(second) {
            (h, m, 0) => format!("{day} {h:02}:{m:02}"),
            (h, m, s) => format!("{day} {h:02}:{m:02}:{s:02}"),
        }
    }

    /// The last step at or before an instant, where the instant lies in the window.
    fn step(&self, at: i64) -> Option<usize> {
        (FROM..UNTIL).contains(&at).then(|| self.0.steps.partition_point(|step| step.0 <= at) - 1)
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Zone").field(&self.name()).finish()
    }
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.0.tz == other.0.tz
    }
}

impl Eq for Zone {}

fn split(local: i64) -> (Day, u32) {
    let day = local.div_euclid(DAY).clamp(i32::MIN.into(), i32::MAX.into());
    (Day(day as i32), local.rem_euclid(DAY) as u32)
}

fn clock(second: u32) -> (u32, u32, u32) {
    (second / 3600, second / 60 % 60, second % 60)
}

/// The offset by the zone database. Outside the years 1 to 9999 it is that of the nearest of them.
fn asked(tz: Tz, at: i64) -> i32 {
    DateTime::from_timestamp(at.clamp(ALL_TIME.0, ALL_TIME.1), 0)
        .map_or(0, |utc| tz.offset_from_utc_datetime(&utc.naive_utc()).fix().local_minus_utc())
}

/// The offset at the window's start and each change of it inside the window, to the second.
fn steps(tz: Tz) -> Vec<(i64, i32)> {
    let mut steps = vec![(FROM, asked(tz, FROM))];
    let (mut before, mut offset) = steps[0];
    while before < UNTIL - 1 {
        let probe = (before + PROBE).min(UNTIL - 1);
        let new = asked(tz, probe);
        if new == offset {
            before = probe;
            continue;
        }
        let (mut old, mut changed) = (before, probe);
        while changed - old > 1 {
            let middle = i64::midpoint(old, changed);
            if asked(tz, middle) == offset { old = middle } else { changed = middle }
        }
        offset = asked(tz, changed);
        steps.push((changed, offset));
        before = changed;
    }
    steps
}

/// The zone that was likely meant. All of China keeps the time of Shanghai, and is often written otherwise.
fn likely(name: &str) -> Option<&'static str> {
    let lower = name.trim().to_lowercase();
    if ["beijing", "peking", "北京", "中国", "上海", "shanghai", "+8", "+08"].iter().any(|word| lower.contains(word))
    {
        return Some(Tz::Asia__Shanghai.name());
    }
    TZ_VARIANTS
        .iter()
        .map(|tz| tz.name())
        .find(|zone| zone.eq_ignore_ascii_case(&lower))
        .or_else(|| nearest(&lower, TZ_VARIANTS.iter().map(|tz| tz.name())))
}

#[cfg(test)]
mod tests {
    use chrono_tz::{TZ_VARIANTS, Tz};
    use proptest::prelude::*;

    use super::super::{DAY, Day, Instant, Period, Unit};
    use super::{FROM, Resolved, UNTIL, Zone, asked};

    fn zone(name: &str) -> Zone {
        Zone::named(name).unwrap()
    }

    fn day(text: &str) -> Day {
        Day::parse_iso(text).unwrap()
    }

    fn at(zone: &Zone, date: &str, h: u32, m: u32) -> String {
        match zone.resolve(day(date), h * 3600 + m * 60) {
            Resolved::Once(at) => format!("once {}", zone.rfc3339(at)),
            Resolved::Twice(at) => format!("twice {}", zone.rfc3339(at)),
            Resolved::Gap(at) => format!("gap {}", zone.rfc3339(at)),
        }
    }

    #[test]
    fn the_clocks_of_berlin_and_new_york() {
        let berlin = zone("Europe/Berlin");
        assert_eq!(at(&berlin, "2026-03-29", 1, 59), "once 2026-03-29T01:59:00+01:00");
        assert_eq!(at(&berlin, "2026-03-29", 2, 0), "gap 2026-03-29T03:00:00+02:00");
        assert_eq!(at(&berlin, "2026-03-29", 2, 59), "gap 2026-03-29T03:59:00+02:00");
        assert_eq!(at(&berlin, "2026-03-29", 3, 0), "once 2026-03-29T03:00:00+02:00");
        assert_eq!(at(&berlin, "2026-10-25", 1, 59), "once 2026-10-25T01:59:00+02:00");
        assert_eq!(at(&berlin, "2026-10-25", 2, 0), "twice 2026-10-25T02:00:00+02:00");
        assert_eq!(at(&berlin, "2026-10-25", 3, 0), "once 2026-10-25T03:00:00+01:00");
        let york = zone("America/New_York");
        assert_eq!(at(&york, "2026-03-08", 2, 30), "gap 2026-03-08T03:30:00-04:00");
        assert_eq!(at(&york, "2026-11-01", 1, 30), "twice 2026-11-01T01:30:00-04:00");
        assert_eq!(at(&york, "2026-11-01", 2, 0), "once 2026-11-01T02:00:00-05:00");
        let hours = |zone: &Zone, date: &str| zone.span(Period::of(Unit::Day, day(date))).seconds() / 3600;
        assert_eq!((hours(&york, "2026-03-08"), hours(&york, "2026-11-01"), hours(&york, "2026-11-02")), (23, 25, 24));
    }

    #[test]
    fn a_midnight_or_a_day_that_is_skipped() {
        let sao_paulo = zone("America/Sao_Paulo");
        assert_eq!(sao_paulo.rfc3339(sao_paulo.start(day("2018-11-04"))), "2018-11-04T01:00:00-02:00");
        let apia = zone("Pacific/Apia");
        assert_eq!(apia.start(day("2011-12-30")), apia.start(day("2011-12-31")));
        assert_eq!(apia.date(apia.start(day("2011-12-30"))), day("2011-12-31"));
        assert_eq!(apia.end(day("2011-12-29")), apia.start(day("2011-12-31")));
    }

    #[test]
    fn how_instants_are_written() {
        let shanghai = zone("Asia/Shanghai");
        let start = shanghai.start(day("2026-11-01"));
        assert_eq!(shanghai.rfc3339(start), "2026-11-01T00:00:00+08:00");
        assert_eq!(shanghai.local(start), "2026-11-01 00:00");
        assert_eq!(shanghai.local(start.plus(-1)), "2026-10-31 23:59:59");
        assert_eq!(zone("Asia/Kathmandu").rfc3339(Instant(0)), "1970-01-01T05:30:00+05:30");
        assert_eq!(zone("America/St_Johns").rfc3339(start), "2026-10-31T13:30:00-02:30");
        assert_eq!(shanghai.rfc3339(Instant(-4_000_000_000)), "1843-04-01T00:58:20+08:05", "8:05:43 in truth");
    }

    #[test]
    fn a_name_that_is_no_zone_finds_the_one_meant() {
        for (written, meant) in [
            ("Asia/Beijing", "Asia/Shanghai"),
            ("北京时间", "Asia/Shanghai"),
            ("UTC+8", "Asia/Shanghai"),
            ("europe/berlin", "Europe/Berlin"),
            ("America/NewYork", "America/New_York"),
        ] {
            let unknown = Zone::named(written).unwrap_err();
            assert_eq!(unknown.nearest, Some(meant), "{written}");
            assert!(unknown.said().en.contains(meant) && unknown.said().zh.contains(meant));
        }
        assert_eq!(Zone::named("").unwrap_err().nearest, None);
    }

    /// Slower and surer than the table: each third hour of the window is asked of the database. A sample of the
    /// zones, with those that have changed their clocks most often and most oddly.
    #[test]
    fn the_table_holds_every_change() {
        let odd =
            ["Africa/Casablanca", "Africa/Cairo", "Asia/Gaza", "Antarctica/Troll", "America/Caracas", "Asia/Shanghai"];
        let sample = TZ_VARIANTS.iter().step_by(60).map(|tz| tz.name()).chain(odd);
        for name in sample {
            let zone = zone(name);
            let tz: Tz = name.parse().unwrap();
            for at in (FROM - DAY..UNTIL + DAY).step_by(3 * 3600) {
                assert_eq!(zone.offset(Instant(at)), asked(tz, at), "{name} at {at}");
            }
        }
    }

    #[test]
    fn the_window_has_no_seam() {
        for name in ["Europe/Berlin", "America/New_York", "Asia/Shanghai", "Pacific/Kiritimati", "Pacific/Pago_Pago"] {
            let zone = zone(name);
            for edge in [FROM, UNTIL] {
                for at in (edge - 3 * DAY..edge + 3 * DAY).step_by(601) {
                    let (date, second) = zone.wall(Instant(at));
                    assert_eq!(zone.resolve(date, second), Resolved::Once(Instant(at)), "{name} {at}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn local_time_comes_back(at in -2_000_000_000_i64..8_000_000_000, which in 0_usize..TZ_VARIANTS.len()) {
            let zone = zone(TZ_VARIANTS[which].name());
            let (date, second) = zone.wall(Instant(at));
            match zone.resolve(date, second) {
                Resolved::Once(back) => prop_assert_eq!(back, Instant(at)),
                Resolved::Twice(back) => {
                    prop_assert!(back <= Instant(at));
                    prop_assert_eq!(zone.wall(back), (date, second));
                }
                Resolved::Gap(_) => prop_assert!(false, "a time that was read off the clock occurs"),
            }
        }
    }
}
