//! Waivers: what may be missed, by whom allowed (standard.md, section 4).
//!
//! The kind `waiver` is the one kind that the program itself reads by name.

use hashbrown::HashMap;

use crate::calendar::{Day, Instant};
use crate::ledger::{Ledger, Value};
use crate::standard::Standard;

/// The name of the kind.
pub const KIND: &str = "waiver";

/// One waiver in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// Its id.
    pub id: String,
    /// Its row.
    pub row: usize,
    /// The rule it waives.
    pub rule: String,
    /// The system; none for all, and for the organisation.
    pub system: Option<usize>,
    /// First local day.
    pub from: Day,
    /// Last local day.
    pub to: Day,
    /// When it was approved.
    pub approved: Instant,
}

/// All waivers, by id; the smaller id counts where two cover the same.
#[derive(Clone, Debug, Default)]
pub struct Waivers {
    /// In order of their ids.
    pub all: Vec<Waiver>,
    by_rule: HashMap<String, HashMap<Option<usize>, Vec<Range>>>,
}

/// The days of a waiver, among those of its rule and system in order of their first day.
#[derive(Clone, Copy, Debug)]
struct Range {
    from: Day,
    to: Day,
    /// The last day of this one and of all before it: no earlier one holds a later day.
    latest: Day,
    waiver: u32,
}

impl Waivers {
    /// The waivers of a ledger that take part.
    pub fn read(ledger: &Ledger, standard: &Standard) -> Self {
        let mut all = Vec::new();
        if let Some(at) = standard.kind(KIND) {
            let (kind, table) = (&standard.kinds[at], &ledger.tables[at]);
            let (rule, from, to) = (kind.field("rule"), kind.field("from"), kind.field("to"));
            let day = |row: usize, field: Option<usize>| match field.map(|f| table.get(row, f)) {
                Some(Value::Day(day)) => Some(day),
                _ => None,
            };
            for row in table.live() {
                if let (Some(rule), Some(from), Some(to)) = (rule, day(row, from), day(row, to)) {
                    all.push(Waiver {
                        id: table.ids.get(row).to_owned(),
                        row,
                        rule: table.text(row, rule).to_owned(),
                        system: kind.system().and_then(|f| table.code(row, f)).map(usize::from),
                        from,
                        to,
                        approved: Instant(table.at[row]),
                    });
                }
            }
        }
        all.sort_by(|a, b| a.id.cmp(&b.id));
        let mut by_rule: HashMap<String, HashMap<Option<usize>, Vec<Range>>> = HashMap::new();
        for (at, Waiver { rule, system, from, to, .. }) in all.iter().enumerate() {
            let range = Range { from: *from, to: *to, latest: *to, waiver: at as u32 };
            by_rule.entry_ref(rule.as_str()).or_default().entry(*system).or_default().push(range);
        }
        for ranges in by_rule.values_mut().flat_map(HashMap::values_mut) {
            ranges.sort_unstable_by_key(|range| (range.from, range.waiver));
            let mut latest = Day(i32::MIN);
            for range in ranges {
                latest = latest.max(range.to);
                range.latest = latest;
            }
        }
        Self { all, by_rule }
    }

    /// Whether a waiver was approved only when what it covers was over.
    pub fn late(&self, at: u32, over: Instant) -> bool {
        over <= self.all[at as usize].approved
    }

    /// The first waiver of a rule and system whose range holds both days. One with a system does not cover the
    /// organisation.
    pub fn find(&self, rule: &str, system: Option<usize>, first: Day, last: Day) -> Option<u32> {
        let of_rule = self.by_rule.get(rule)?;
        let covering = |system: Option<usize>| {
            let ranges = of_rule.get(&system).map_or(&[][..], Vec::as_slice);
            let begun = ranges[..ranges.partition_point(|range| range.from <= first)].iter().rev();
            begun.take_while(|range| last <= range.latest).filter(|range| last <= range.to).map(|range| range.waiver)
        };
        covering(None).chain(system.iter().flat_map(|&system| covering(Some(system)))).min()
    }
}
