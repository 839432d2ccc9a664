//! On which page each record stands: the records of a kind by the local month of their primary time, in order of
//! that time, and cut into pages.

use crate::calendar::{Day, Period, Unit};
use crate::ledger::{Ledger, Standing, Table};
use crate::standard::Standard;

/// The most records on one page (site.md, section 2).
pub const PAGE: usize = 1000;
/// The most records in one table of a page: what a browser lays out at once.
pub const CHUNK: usize = 100;

/// The accepted records of one kind and month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month {
    /// The first day of the month.
    pub first: Day,
    /// The rows in order of their primary time, then of the ledger. Corrected and future ones are among them.
    pub rows: Vec<u32>,
}

impl Month {
    /// Its name: `2026-10`.
    pub fn name(&self) -> String {
        Period::of(Unit::Month, self.first).name(Unit::Month)
    }

    /// How many pages it fills.
    pub fn pages(&self) -> usize {
        self.rows.len().div_ceil(PAGE)
    }
}

/// The months of every kind, by its position in the standard; empty for kinds whose records are pages of their own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shelf {
    /// By kind, then in order of time.
    pub kinds: Vec<Vec<Month>>,
}

impl Shelf {
    /// Sorts every accepted record into its month.
    pub fn of(ledger: &Ledger, standard: &Standard) -> Self {
        let sort =
            |(table, kind): (&Table, &crate::standard::Kind)| if kind.pages { Vec::new() } else { months(table) };
        Self { kinds: ledger.tables.iter().zip(&standard.kinds).map(sort).collect() }
    }

    /// The rows of a kind on a day, corrected and future ones among them.
    pub fn on(&self, table: &Table, kind: usize, day: Day) -> &[u32] {
        let first = Period::of(Unit::Month, day).first;
        let months = self.kinds.get(kind).map_or(&[][..], Vec::as_slice);
        let Ok(at) = months.binary_search_by_key(&first, |m| m.first) else { return &[] };
        let rows = &months[at].rows;
        let from = rows.partition_point(|&row| table.day[row as usize] < day.0);
        let until = rows.partition_point(|&row| table.day[row as usize] <= day.0);
        &rows[from..until]
    }

    /// The month and the page, from 0, on which a record stands; none for a rejected one.
    pub fn find(&self, table: &Table, kind: usize, row: usize) -> Option<(&Month, usize)> {
        let first = Period::of(Unit::Month, table.date(row)?).first;
        let months = self.kinds.get(kind)?;
        let month = &months[months.binary_search_by_key(&first, |m| m.first).ok()?];
        let at = month.rows.binary_search_by_key(&order(table, row as u32), |&r| order(table, r)).ok()?;
        Some((month, at / PAGE))
    }
}

fn months(table: &Table) -> Vec<Month> {
    let mut rows: Vec<u32> = (0..table.len() as u32).filter(|&r| accepted(table, r as usize)).collect();
    rows.sort_unstable_by_key(|&r| order(table, r));
    let mut out: Vec<Month> = Vec::new();
    for row in rows {
        // Accepted records have a primary time: a missing one is an ingest error.
        let Some(day) = table.date(row as usize) else { continue };
        let first = Period::of(Unit::Month, day).first;
        match out.last_mut().filter(|month| month.first == first) {
            Some(month) => month.rows.push(row),
            None => out.push(Month { first, rows: vec![row] }),
        }
    }
    out
}

/// The day comes first: where clocks are set back over midnight, a later instant has the earlier date.
fn order(table: &Table, row: u32) -> (i32, i64, u32) {
    (table.day[row as usize], table.at[row as usize], row)
}

fn accepted(table: &Table, row: usize) -> bool {
    table.standing[row] != Standing::Rejected && table.date(row).is_some()
}
