//! Rows of the sample on their way into a table for each month.

use std::collections::BTreeMap;

use csv::{Terminator, WriterBuilder};

use crate::calendar::{Day, Instant, Period, Unit, Zone};
use crate::say::Lang;

/// A sample under way: its tables, and the instant up to which things have happened.
pub struct Sample<'a> {
    /// The language of its texts.
    pub lang: Lang,
    /// Its zone.
    pub zone: &'a Zone,
    /// Its first day.
    pub since: Day,
    /// The instant up to which things have happened.
    pub now: Instant,
    tables: BTreeMap<&'static str, Table>,
}

/// Rows of one kind: by time, then id.
#[derive(Default)]
struct Table {
    header: &'static [&'static str],
    rows: BTreeMap<(Instant, String), Vec<String>>,
}

impl<'a> Sample<'a> {
    /// An empty one.
    pub fn new(lang: Lang, zone: &'a Zone, since: Day, now: Instant) -> Self {
        Self { lang, zone, since, now, tables: BTreeMap::new() }
    }

    /// The instant of a local time.
    pub fn at(&self, day: Day, hour: u32, minute: u32) -> Instant {
        self.zone.resolve(day, hour * 3600 + minute * 60).instant()
    }

    /// A local time as it is written.
    pub fn stamp(&self, at: Instant) -> String {
        self.zone.local(at)
    }

    /// Whether a moment has come.
    pub fn past(&self, at: Instant) -> bool {
        at <= self.now
    }

    /// The day of the instant.
    pub fn today(&self) -> Day {
        self.zone.date(self.now)
    }

    /// The word in the sample's language.
    pub fn word(&self, (zh, en): (&str, &str)) -> String {
        match self.lang {
            Lang::Zh => zh.to_owned(),
            Lang::En => en.to_owned(),
        }
    }

    /// Every day of the sample.
    pub fn days(&self) -> impl Iterator<Item = Day> + use<> {
        (self.since.0..=self.today().0).map(Day)
    }

    /// The first day of every month of the sample.
    pub fn months(&self) -> impl Iterator<Item = Day> + use<> {
        let last = self.today();
        std::iter::successors(Some(self.since), |month| Some(month.add_months(1)))
            .take_while(move |month| *month <= last)
    }

    /// Adds a row to a kind's tables: in the order of the header, at its time, under its id or key.
    pub fn add(
        &mut self,
        kind: &'static str,
        header: &'static [&'static str],
        at: Instant,
        key: &str,
        row: Vec<String>,
    ) {
        let table = self.tables.entry(kind).or_default();
        table.header = header;
        table.rows.insert((at, key.to_owned()), row);
    }

    /// A file for each kind and month.
    pub fn files(&self) -> BTreeMap<String, String> {
        let mut out = BTreeMap::new();
        for (kind, table) in &self.tables {
            let mut months: BTreeMap<String, Vec<&Vec<String>>> = BTreeMap::new();
            for ((at, _), row) in &table.rows {
                let month = Period::of(Unit::Month, self.zone.date(*at)).name(Unit::Month);
                months.entry(month).or_default().push(row);
            }
            for (month, rows) in months {
                out.insert(format!("records/{kind}/{month}.csv"), csv(table.header, &rows));
            }
        }
        out
    }
}

fn csv(header: &[&str], rows: &[&Vec<String>]) -> String {
    let mut writer = WriterBuilder::new().terminator(Terminator::Any(b'\n')).from_writer(Vec::new());
    // Writing into memory cannot fail, and what was text stays text.
    let _ = writer.write_record(header);
    for row in rows {
        let _ = writer.write_record(*row);
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// A number below `below` that depends on nothing but what it is for: the same every time, and unlike its neighbours.
pub fn dice(what: &str, day: Day, below: u32) -> u32 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in what.bytes().chain(day.0.to_le_bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash ^= hash >> 29;
    (hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as u32 % below.max(1)
}
