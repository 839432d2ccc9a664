//! Whether a test of the standard holds of a row.

use crate::standard::{Test, Want, Where};

use super::{Column, Table};

impl Where {
    /// Whether all its tests hold of a row.
    #[inline]
    pub fn holds(&self, table: &Table, row: usize) -> bool {
        self.0.iter().all(|test| test.holds(table, row))
    }

    /// The same, made ready to be asked of many rows.
    pub fn on<'t>(&'t self, table: &'t Table) -> Filter<'t> {
        let ask = |test: &'t Test| match (&table.columns[test.field], test.codes()) {
            (Column::Code(codes), Some(wanted)) => Ask::Code(codes, wanted),
            _ => Ask::Any(test),
        };
        Filter { asks: self.0.iter().map(ask).collect(), table }
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

    /// The codes that it asks for, a bit each; none where it asks for anything else.
    fn codes(&self) -> Option<u64> {
        self.any.iter().try_fold(0, |wanted, want| {
            let code = match want {
                Want::Choice(code) => u32::from(*code),
                Want::Bool(yes) => u32::from(*yes),
                Want::Absent | Want::Present | Want::Text(_) => return None,
            };
            1_u64.checked_shl(code).map(|bit| wanted | bit)
        })
    }
}

/// Tests that are asked of many rows. What nearly all of them ask is one of some codes: that is asked of the column.
pub struct Filter<'t> {
    asks: Vec<Ask<'t>>,
    table: &'t Table,
}

enum Ask<'t> {
    Code(&'t [u16], u64),
    Any(&'t Test),
}

impl Filter<'_> {
    /// Whether all tests hold of a row.
    #[inline]
    pub fn holds(&self, row: usize) -> bool {
        self.asks.iter().all(|ask| match ask {
            Ask::Code(codes, wanted) => codes.get(row).is_some_and(|&code| code < 64 && wanted >> code & 1 == 1),
            Ask::Any(test) => test.holds(self.table, row),
        })
    }
}
