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
    by_rule: HashMap<String, Vec<u16>>,
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
        all.truncate(usize::from(u16::MAX));
        let mut by_rule: HashMap<String, Vec<u16>> = HashMap::new();
        for (at, waiver) in all.iter().enumerate() {
            by_rule.entry(waiver.rule.clone()).or_default().push(at as u16);
        }
        Self { all, by_rule }
    }

    /// The first waiver of a rule and system whose range holds both days. One with a system does not cover the
    /// organisation.
    pub fn find(&self, rule: &str, system: Option<usize>, first: Day, last: Day) -> Option<u16> {
        let fits = |at: &&u16| {
            let waiver = &self.all[usize::from(**at)];
            (waiver.system.is_none() || waiver.system == system) && waiver.from <= first && last <= waiver.to
        };
        self.by_rule.get(rule)?.iter().find(fits).copied()
    }
}
