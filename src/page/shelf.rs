//! On which page each record stands: the records of a kind by the local month of their primary time, in order of
//! that time, and cut into pages.

use crate::calendar::{Day, Period, Unit};
use crate::ledger::{Ledger, Standing, Table};
use crate::standard::{Kind, Standard, Type};

/// The most records on one page (site.md, section 2).
const PAGE: usize = 1000;
/// So long the tables of a page may become, in bytes, as far as that is known before they are written. With what
/// stands around them a page keeps to 250 KB.
const BYTES: usize = 225 << 10;
/// The most records in one table of a page: what a browser lays out at once.
pub const CHUNK: usize = 100;

/// The accepted records of one kind and month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month {
    /// The first day of the month.
    pub first: Day,
    /// The rows in order of their primary time, then of the ledger. Corrected and future ones are among them.
    pub rows: Vec<u32>,
    /// The first row of each page, as a position in `rows`.
    starts: Vec<usize>,
}

impl Month {
    /// Its name: `2026-10`.
    pub fn name(&self) -> String {
        Period::of(Unit::Month, self.first).name(Unit::Month)
    }

    /// How many pages it fills.
    pub fn pages(&self) -> usize {
        self.starts.len()
    }

    /// The position of the first row of a page; pages count from 0.
    pub fn start(&self, page: usize) -> usize {
        self.starts.get(page).copied().unwrap_or(self.rows.len())
    }

    /// The rows of a page.
    pub fn page(&self, page: usize) -> &[u32] {
        &self.rows[self.start(page)..self.start(page + 1)]
    }

    /// Cuts the rows into pages, between tables.
    fn cut(&mut self, row: impl Fn(u32) -> usize) {
        let mut bytes = 0;
        for (at, table) in self.rows.chunks(CHUNK).enumerate() {
            let start = at * CHUNK;
            let more: usize = table.iter().map(|of| row(*of)).sum();
            let begun = self.starts.last().copied();
            if begun.is_none_or(|begun| bytes + more > BYTES || start - begun >= PAGE) {
                self.starts.push(start);
                bytes = 0;
            }
            bytes += more;
        }
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
        let sort = |(table, kind): (&Table, &Kind)| if kind.pages { Vec::new() } else { months(table, kind) };
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
        Some((month, month.starts.partition_point(|start| *start <= at).checked_sub(1)?))
    }
}

fn months(table: &Table, kind: &Kind) -> Vec<Month> {
    let mut rows: Vec<u32> = (0..table.len() as u32).filter(|&r| accepted(table, r as usize)).collect();
    rows.sort_unstable_by_key(|&r| order(table, r));
    let mut out: Vec<Month> = Vec::new();
    for row in rows {
        // Accepted records have a primary time: a missing one is an ingest error.
        let Some(day) = table.date(row as usize) else { continue };
        let first = Period::of(Unit::Month, day).first;
        match out.last_mut().filter(|month| month.first == first) {
            Some(month) => month.rows.push(row),
            None => out.push(Month { first, rows: vec![row], starts: Vec::new() }),
        }
    }
    let cells = cells(table, kind);
    for month in &mut out {
        month.cut(|row| cells + written(table, row as usize));
    }
    out
}

/// About how many bytes of a row stand beside what was written: tags, titles, and what a value means.
fn cells(table: &Table, kind: &Kind) -> usize {
    let used = |field: &usize| (0..table.len().min(CHUNK)).any(|row| table.has(row, *field));
    let cell = |field: usize| match kind.fields[field].ty {
        Type::Choice(_) | Type::System | Type::Shift | Type::Bool => 45,
        Type::Time => 28,
        Type::Date => 25,
        _ => 7,
    };
    // The row itself, its source and digest.
    90 + (0..kind.fields.len()).filter(used).map(cell).sum::<usize>()
}

/// About how many bytes of a row were written by people: what lies between it and the next one of its file, and its id
/// twice more. Where the next one tells nothing, it is taken for a short row.
fn written(table: &Table, row: usize) -> usize {
    let next = row + 1;
    let same = next < table.len() && table.file(next) == table.file(row);
    let raw = if same { table.position(next).0.saturating_sub(table.position(row).0) as usize } else { 0 };
    raw.clamp(100, 1 << 16) + 2 * table.ids.get(row).len()
}

/// The day comes first: where clocks are set back over midnight, a later instant has the earlier date.
fn order(table: &Table, row: u32) -> (i32, i64, u32) {
    (table.day[row as usize], table.at[row as usize], row)
}

fn accepted(table: &Table, row: usize) -> bool {
    table.standing[row] != Standing::Rejected && table.date(row).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(rows: u32, bytes: usize) -> Month {
        let mut month = Month { first: Day(0), rows: (0..rows).collect(), starts: Vec::new() };
        month.cut(|_| bytes);
        month
    }

    #[test]
    fn pages_end_after_a_thousand_rows_or_many_bytes_and_between_tables() {
        assert_eq!(cut(2500, 10).starts, [0, 1000, 2000]);
        assert_eq!(cut(1000, 600).starts, [0, 300, 600, 900]);
        // A table is never cut, however long its rows are.
        assert_eq!(cut(250, 9000).starts, [0, 100, 200]);
        let month = cut(1000, 600);
        assert_eq!((month.pages(), month.start(1), month.page(3).len(), month.start(4)), (4, 300, 100, 1000));
        let all: Vec<u32> = (0..month.pages()).flat_map(|page| month.page(page).to_vec()).collect();
        assert_eq!(all, month.rows);
    }
}
