//! The times of a fault, and the limit of its answer: what the charts, the register and the pages of faults look at.

use crate::calendar::{Instant, Period};
use crate::ledger::{Standing, Table, Value};
use crate::standard::{Choice, Form, Kind, Limit, Within};

use super::super::Book;
use super::super::way::FAULT;
use super::timeline::Times;

/// The faults of a book; their fields are absent where the standard has none of that name.
pub struct Faults<'a> {
    book: &'a Book<'a>,
    /// The kind, as a position in the standard.
    pub at: usize,
    /// The kind.
    pub kind: &'a Kind,
    /// The records.
    pub table: &'a Table,
    grade: Option<usize>,
    responded: Option<usize>,
    resolved: Option<usize>,
    verified: Option<usize>,
    /// What the standard says of the time from report to answer.
    within: Option<&'a Within>,
}

impl<'a> Faults<'a> {
    /// The faults; none where the standard has no such kind.
    pub fn of(book: &'a Book<'a>) -> Option<Self> {
        let at = book.standard.kind(FAULT)?;
        let kind = &book.standard.kinds[at];
        let responded = kind.field("responded_at");
        let within = book.standard.rules.iter().find_map(|rule| match &rule.form {
            Form::Within(within) if rule.kind == Some(at) && within.from == kind.at && within.to == responded => {
                Some(within)
            }
            _ => None,
        });
        Some(Self {
            book,
            at,
            kind,
            table: &book.ledger.tables[at],
            grade: kind.field("grade"),
            responded,
            resolved: kind.field("resolved_at"),
            verified: kind.field("verified_at"),
            within,
        })
    }

    /// The faults that take part, of a system (none: of all), reported in the months, in order of time.
    pub fn reported_in(&self, system: Option<usize>, months: &[Period]) -> Vec<usize> {
        let mut rows: Vec<usize> = self
            .table
            .live()
            .filter(|&row| system.is_none() || self.system(row) == system)
            .filter(|&row| self.table.date(row).is_some_and(|day| months.iter().any(|m| m.contains(day))))
            .collect();
        rows.sort_by_key(|&row| (self.table.at[row], row));
        rows
    }

    /// The accepted faults, corrected and future ones among them, in order of time.
    pub fn accepted(&self) -> Vec<usize> {
        let mut rows: Vec<usize> =
            (0..self.table.len()).filter(|&row| self.table.standing[row] != Standing::Rejected).collect();
        rows.sort_by_key(|&row| (self.table.at[row], row));
        rows
    }

    /// Its id.
    pub fn id(&self, row: usize) -> &'a str {
        self.table.ids.get(row)
    }

    /// Its system.
    pub fn system(&self, row: usize) -> Option<usize> {
        self.kind.system().and_then(|field| self.table.code(row, field)).map(usize::from)
    }

    /// Its grade.
    pub fn grade(&self, row: usize) -> Option<&'a Choice> {
        let field = self.grade?;
        self.kind.choices(field).get(usize::from(self.table.code(row, field)?))
    }

    /// The grades, the highest first.
    pub fn grades(&self) -> &'a [Choice] {
        self.grade.map_or(&[], |field| self.kind.choices(field))
    }

    /// When it was reported.
    pub fn reported(&self, row: usize) -> Instant {
        Instant(self.table.at[row])
    }

    /// When it was answered.
    pub fn responded(&self, row: usize) -> Option<Instant> {
        self.time(row, self.responded)
    }

    /// When it was resolved.
    pub fn resolved(&self, row: usize) -> Option<Instant> {
        self.time(row, self.resolved)
    }

    /// When that was verified.
    pub fn verified(&self, row: usize) -> Option<Instant> {
        self.time(row, self.verified)
    }

    /// All of its times, with the limit of its answer.
    pub fn times(&self, row: usize) -> Times {
        Times {
            reported: self.reported(row),
            responded: self.responded(row),
            resolved: self.resolved(row),
            verified: self.verified(row),
            limit: self.limit(row),
        }
    }

    fn time(&self, row: usize, field: Option<usize>) -> Option<Instant> {
        match field.map(|f| self.table.get(row, f)) {
            Some(Value::Time(at)) => Some(at),
            _ => None,
        }
    }

    /// How long an answer may take, in seconds; none where its grade has no limit.
    pub fn limit(&self, row: usize) -> Option<i64> {
        let amount = match &self.within?.limit {
            Limit::One(amount) => amount,
            Limit::By { field, cases } => {
                let code = self.table.code(row, *field)?;
                &cases.iter().find(|(case, _)| u16::from(*case) == code)?.1
            }
            Limit::Field(_) => return None,
        };
        Some(self.book.standard.seconds(amount, self.table.date(row)?))
    }

    /// How long an answer to a grade may take, in seconds, in the last of the months.
    pub fn limit_of(&self, grade: usize, month: Period) -> Option<i64> {
        let amount = match &self.within?.limit {
            Limit::One(amount) => amount,
            Limit::By { cases, .. } => &cases.iter().find(|(case, _)| usize::from(*case) == grade)?.1,
            Limit::Field(_) => return None,
        };
        Some(self.book.standard.seconds(amount, month.first))
    }
}
