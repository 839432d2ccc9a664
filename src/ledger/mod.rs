//! The ledger: one typed, columnar table per kind, and where each row came from.
//!
//! The ledger keeps what is counted: ids, times, numbers, choices, and the texts that rules look at. Every other text
//! stays in its source and is read again where it is shown (`load::cells`), so that ten million rows fit in memory.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use hashbrown::HashTable;

use crate::calendar::{Day, Instant, Zone};
use crate::source::{Encoding, Place};

mod column;
mod test;

pub use column::{Column, NO_CODE, NO_DAY, Texts, Value};

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It takes part.
    Counts,
    /// A later record replaces it; both are shown, one counts.
    Corrected,
    /// Its primary time is after `as_of`.
    Future,
    /// Something in it cannot be used; a finding says what.
    Rejected,
}

/// A file that was read for records.
#[derive(Clone, Debug)]
pub struct FileFacts {
    /// Path relative to the workspace.
    pub path: Arc<str>,
    /// The kind of its records.
    pub kind: usize,
    /// How its rows are read again.
    pub shape: Shape,
    /// How it is encoded.
    pub encoding: Encoding,
    /// How many records it holds.
    pub rows: usize,
}

/// How the rows of a file are read again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A table: its delimiter, and for each column the field or the extra header.
    Csv {
        /// `,` `;` or tab.
        delimiter: u8,
        /// Columns from left to right.
        columns: Vec<Heading>,
        /// The longest row that is read, in bytes.
        line: usize,
    },
    /// A sheet of a workbook, with the field or the extra header of each column.
    Xlsx {
        /// Columns from left to right.
        columns: Vec<Heading>,
    },
    /// One record with front matter.
    Markdown,
    /// One record, a TOML document.
    Toml,
}

/// What a column of a table holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heading {
    /// A field of the kind.
    Field(usize),
    /// A column the kind does not know, kept under its own header.
    Extra(String),
}

/// The rows of one file in a table.
#[derive(Clone, Debug)]
struct Segment {
    file: u32,
    first: u32,
}

/// All records of one kind, in byte order of their files, then lines.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// The ids: as written, or made from the natural key.
    pub ids: Texts,
    /// The primary time of each row, in seconds; a date's is the start of its local day. [`ABSENT`] where there is none.
    pub at: Vec<i64>,
    /// The local date of the primary time, in days since 1970; [`NO_DAY`] where there is none.
    pub day: Vec<i32>,
    /// What became of each row.
    pub standing: Vec<Standing>,
    /// A column for each field of the kind.
    pub columns: Vec<Column>,
    /// For each row the row that corrects it.
    pub corrected_by: Vec<(u32, u32)>,
    segments: Vec<Segment>,
    offset: Vec<u64>,
    line: Vec<u32>,
    index: Index,
    /// Ids that records had before, each with its row.
    former: BTreeMap<String, u32>,
}

/// The mark of an absent number in a column.
pub const ABSENT: i64 = i64::MIN;

/// How a row is found by its id.
#[derive(Clone, Debug)]
enum Index {
    /// Each id is greater than the one before: they are halved. So it mostly is, and then there is nothing to build.
    Ordered,
    /// By hash.
    Hashed(HashTable<u32>),
}

impl Default for Index {
    fn default() -> Self {
        Self::Hashed(HashTable::new())
    }
}

/// Everything that was read.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// The files, in byte order of their paths.
    pub files: Vec<FileFacts>,
    /// A table for each kind of the standard, by position.
    pub tables: Vec<Table>,
    /// How many files were found below `records/`, read or not.
    pub found: usize,
}

/// How many records there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rows that were seen.
    pub read: usize,
    /// Rows that can be used, corrected and future ones among them.
    pub accepted: usize,
    /// Rows that cannot.
    pub rejected: usize,
}

impl Table {
    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.at.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.at.is_empty()
    }

    /// The rows that take part, in order.
    pub fn live(&self) -> impl Iterator<Item = usize> + Clone + '_ {
        self.standing.iter().enumerate().filter(|(_, s)| **s == Standing::Counts).map(|(row, _)| row)
    }

    /// The value of a field.
    #[inline]
    pub fn get(&self, row: usize, field: usize) -> Value<'_> {
        self.columns[field].get(row)
    }

    /// Whether the field has a value.
    #[inline]
    pub fn has(&self, row: usize, field: usize) -> bool {
        self.columns[field].has(row)
    }

    /// The instant of a time field, or the start of the day of a date field.
    #[inline]
    pub fn instant(&self, row: usize, field: usize, zone: &Zone) -> Option<Instant> {
        match &self.columns[field] {
            Column::Day(days) => days.get(row).filter(|&&day| day != NO_DAY).map(|&day| zone.start(Day(day))),
            column => column.time(row),
        }
    }

    /// The text of a kept field; empty where absent.
    #[inline]
    pub fn text(&self, row: usize, field: usize) -> &str {
        self.columns[field].text(row)
    }

    /// The code of a choice, a system, a shift or a bool.
    #[inline]
    pub fn code(&self, row: usize, field: usize) -> Option<u16> {
        self.columns[field].code(row)
    }

    /// The local date of the primary time.
    #[inline]
    pub fn date(&self, row: usize) -> Option<Day> {
        Some(self.day[row]).filter(|d| *d != NO_DAY).map(Day)
    }

    /// The row of an id: the first that bears it, else the one that bore it before.
    pub fn find(&self, id: &str) -> Option<usize> {
        let found = match &self.index {
            Index::Hashed(table) => table.find(hash(id), |&row| self.ids.get(row as usize) == id).map(|&r| r as usize),
            Index::Ordered => self.ids.halve(id),
        };
        found.or_else(|| self.former.get(id).map(|&row| row as usize))
    }

    /// Says that a row had another id before; of two that claim one, the first has it.
    pub fn known_as(&mut self, id: String, row: usize) {
        self.former.entry(id).or_insert(row as u32);
    }

    /// Indexes the ids; answers the rows whose id an earlier one bears. Rows without an id are left out.
    pub fn index_ids(&mut self) -> Vec<usize> {
        let ids = &self.ids;
        if (1..ids.len()).all(|row| ids.get(row - 1) < ids.get(row)) && (ids.is_empty() || !ids.get(0).is_empty()) {
            self.index = Index::Ordered;
            return Vec::new();
        }
        let mut table: HashTable<u32> = HashTable::with_capacity(self.len());
        let mut twice = Vec::new();
        for row in 0..ids.len() {
            let id = ids.get(row);
            if id.is_empty() {
                continue;
            }
            let entry = table.entry(hash(id), |&r| ids.get(r as usize) == id, |&r| hash(ids.get(r as usize)));
            match entry {
                hashbrown::hash_table::Entry::Occupied(_) => twice.push(row),
                hashbrown::hash_table::Entry::Vacant(slot) => {
                    slot.insert(row as u32);
                }
            }
        }
        self.index = Index::Hashed(table);
        twice
    }

    /// The file of a row, as a position in [`Ledger::files`].
    pub fn file(&self, row: usize) -> usize {
        let at = self.segments.partition_point(|s| s.first as usize <= row);
        self.segments[at - 1].file as usize
    }

    /// The first row of a file, where it has any.
    pub fn first_of(&self, file: usize) -> Option<usize> {
        let rows = self.rows_of(file);
        (!rows.is_empty()).then_some(rows.start)
    }

    /// The row that begins on a line of a file.
    pub fn row_on(&self, file: usize, line: u32) -> Option<usize> {
        let rows = self.rows_of(file);
        self.line[rows.clone()].binary_search(&line).ok().map(|at| rows.start + at)
    }

    fn rows_of(&self, file: usize) -> Range<usize> {
        let Ok(at) = self.segments.binary_search_by_key(&file, |s| s.file as usize) else { return 0..0 };
        self.segments[at].first as usize..self.segments.get(at + 1).map_or(self.len(), |next| next.first as usize)
    }

    /// Where a row begins: byte offset in its file, and line from 1.
    pub fn position(&self, row: usize) -> (u64, u32) {
        (self.offset[row], self.line[row])
    }

    /// Starts the rows of a file.
    pub fn begin(&mut self, file: usize) {
        self.segments.push(Segment { file: file as u32, first: self.len() as u32 });
    }

    /// Says which file the rows are of, once its number is known.
    pub fn renumber(&mut self, file: usize) {
        for segment in &mut self.segments {
            segment.file = file as u32;
        }
    }

    /// Adds a row; its id, its time and its columns are filled by the caller.
    pub fn push(&mut self, standing: Standing, offset: u64, line: u32) {
        self.standing.push(standing);
        self.offset.push(offset);
        self.line.push(line);
    }

    /// Adds so many lines to the place of each row: those of the file that lie before the part that was read.
    pub fn move_down(&mut self, lines: u32) {
        self.line.iter_mut().for_each(|line| *line += lines);
    }

    /// Appends the parts of one kind, column by column, so that little more than the result is held at once.
    pub fn append(&mut self, mut parts: Vec<Table>) {
        if self.is_empty() && parts.len() == 1 {
            *self = parts.remove(0);
            return;
        }
        let total: usize = parts.iter().map(Table::len).sum();
        let mut first = self.len();
        for part in &mut parts {
            for segment in part.segments.drain(..) {
                // The parts of one file are one segment.
                if self.segments.last().is_none_or(|last| last.file != segment.file) {
                    self.segments.push(Segment { first: segment.first + first as u32, ..segment });
                }
            }
            first += part.len();
        }
        self.at.reserve_exact(total);
        self.day.reserve_exact(total);
        self.standing.reserve_exact(total);
        self.offset.reserve_exact(total);
        self.line.reserve_exact(total);
        if self.columns.is_empty()
            && let Some(part) = parts.first()
        {
            self.columns = part.columns.iter().map(Column::like).collect();
        }
        for (field, column) in self.columns.iter_mut().enumerate() {
            column.reserve(&parts.iter().map(|p| &p.columns[field]).collect::<Vec<_>>());
            let mut rows = self.at.len();
            for part in &mut parts {
                column.append(rows, std::mem::take(&mut part.columns[field]));
                rows += part.at.len();
            }
        }
        self.ids.reserve(&parts.iter().map(|p| &p.ids).collect::<Vec<_>>());
        for part in parts {
            self.ids.append(&part.ids);
            self.at.extend(part.at);
            self.day.extend(part.day);
            self.standing.extend(part.standing);
            self.offset.extend(part.offset);
            self.line.extend(part.line);
        }
    }

    /// Replaces the id of a row, where a natural key is borne a second time.
    pub fn rename(&mut self, renamed: &[(usize, String)]) {
        if renamed.is_empty() {
            return;
        }
        let mut ids = Texts::default();
        let mut names = renamed.iter().peekable();
        for row in 0..self.ids.len() {
            match names.next_if(|(at, _)| *at == row) {
                Some((_, name)) => ids.push(name),
                None => ids.push(self.ids.get(row)),
            }
        }
        self.ids = ids;
    }

    /// How many rows were read, accepted, rejected.
    pub fn counts(&self) -> Counts {
        let rejected = self.standing.iter().filter(|s| **s == Standing::Rejected).count();
        Counts { read: self.len(), accepted: self.len() - rejected, rejected }
    }
}

impl Ledger {
    /// The place of a row.
    pub fn place(&self, kind: usize, row: usize) -> Place {
        let table = &self.tables[kind];
        Place::line(self.files[table.file(row)].path.clone(), table.line[row])
    }
}

fn hash(text: &str) -> u64 {
    use std::hash::BuildHasher;
    // A fixed seed: the order of the table is never seen, and the same input does the same work every time.
    foldhash::fast::FixedState::with_seed(0x77_65_6c_6c).hash_one(text)
}
