//! Whether a test of the standard holds of a row.

use crate::standard::{Test, Want, Where};

use super::{Table, Value};

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
        let value = table.get(row, self.field);
        self.any.iter().any(|want| match (want, value) {
            (Want::Absent, Value::Absent) => true,
            (Want::Present, value) => value != Value::Absent,
            (Want::Choice(code), Value::Code(have)) => u16::from(*code) == have,
            (Want::Bool(yes), Value::Code(have)) => u16::from(*yes) == have,
            (Want::Text(text), Value::Text(have)) => text == have,
            _ => false,
        })
    }
}
