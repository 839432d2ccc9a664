//! Tables for databases: typed columns and rows. What a type is called is known to the file of each format.

use crate::page::export::typed::Typed;

/// What the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// Any text.
    Text,
    /// A whole number.
    Integer,
    /// A number, exact to a millionth.
    Decimal,
    /// Yes or no.
    Bool,
    /// A local day.
    Day,
    /// An instant.
    Time,
}

/// A column: its name and what it holds. Any value may be absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) what: What,
}

impl Column {
    pub(super) fn new(name: impl Into<String>, what: What) -> Self {
        Self { name: name.into(), what }
    }
}

/// A row: a value for each column.
pub(super) type Cells<'a> = Vec<Typed<'a>>;

/// A table that is held whole.
pub(super) struct Table<'a> {
    pub(super) name: &'static str,
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Cells<'a>>,
}

impl<'a> Table<'a> {
    pub(super) fn new(name: &'static str, columns: &[(&str, What)]) -> Self {
        let columns = columns.iter().map(|(name, what)| Column::new(*name, *what)).collect();
        Self { name, columns, rows: Vec::new() }
    }

    pub(super) fn with(mut self, rows: impl IntoIterator<Item = Cells<'a>>) -> Self {
        self.rows.extend(rows);
        self
    }
}

/// A name in SQL.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
