//! Whether a test of the standard holds of a row.

use crate::standard::{Test, Want, Where};

use super::Table;

impl Where {
    /// Whether all its tests hold of a row.
    #[inline]
    pub fn holds(&self, table: &Table, row: usize) -> bool {
        self.0.iter().all(|test| test.holds(table, row))
    }
}

impl Test {
    /// Whether it holds of a row.
    #[inline]
    pub fn holds(&self, table: &Table, row: usize) -> bool {
        let column = &table.columns[self.field];
        self.any.iter().any(|want| match (want, column) {
            (Want::Absent, column) => !column.has(row),
            (Want::Present, column) => column.has(row),
            (Want::Choice(code), column) => column.code(row) == Some(u16::from(*code)),
            (Want::Bool(yes), column) => column.code(row) == Some(u16::from(*yes)),
            (Want::Text(text), column) => column.text(row) == text,
        })
    }
}
