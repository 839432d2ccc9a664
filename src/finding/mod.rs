//! Findings: what is wrong with the input, or with what it proves. Data, never an error; gathered, never printed
//! where they are found. The output formats are one file each.

use std::sync::Arc;

use crate::calendar::Day;
use crate::say;
use crate::say::Said;
use crate::source::Place;

pub mod alike;
pub mod codes;
mod order;

/// How much a finding weighs (standard.md, section 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The standard is breached, or a record cannot be used.
    Error,
    /// Something the standard recommends is missing.
    Warning,
    /// Worth knowing.
    Info,
}

impl Severity {
    /// The canonical name: `error`, `warning`, `info`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }

    /// The severity of a canonical name.
    pub fn of_name(name: &str) -> Option<Self> {
        [Self::Error, Self::Warning, Self::Info].into_iter().find(|s| s.name() == name)
    }
}

/// One finding (standard.md, section 4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule, such as `backup.daily`, or a code such as `ingest.value`.
    pub rule: String,
    /// The clause that the rule belongs to; none for codes.
    pub clause: Option<String>,
    /// How much it weighs.
    pub severity: Severity,
    /// The system it is about.
    pub system: Option<String>,
    /// The kind of record it is about.
    pub kind: Option<String>,
    /// The record it is about.
    pub record: Option<String>,
    /// The field of the record that shows it, as a position in its kind: where to look in a long row.
    pub field: Option<usize>,
    /// First local date of the first period, for a finding about periods; for one about a record the date of its
    /// primary time, which decides whether a waiver covers it.
    pub dates: Option<(Day, Day)>,
    /// How many periods are meant; none for a finding about a record.
    pub count: Option<u32>,
    /// How many mistakes it tells of: more than one where they are alike, see [`alike::together`].
    pub times: usize,
    /// Where the input says so.
    pub place: Option<Place>,
    /// What is wrong.
    pub message: Said,
    /// What to do about it: of a rule the one text that all its findings share.
    pub help: Option<Arc<Said>>,
    /// The waiver that covers it.
    pub waived_by: Option<String>,
    /// That waiver was approved after what it covers had happened, or a part of it.
    pub waived_late: bool,
}

impl Finding {
    /// A finding with a rule, a severity and a message; the rest is empty.
    pub fn new(rule: impl Into<String>, severity: Severity, message: Said) -> Self {
        Self {
            rule: rule.into(),
            clause: None,
            severity,
            system: None,
            kind: None,
            record: None,
            field: None,
            dates: None,
            count: None,
            times: 1,
            place: None,
            message,
            help: None,
            waived_by: None,
            waived_late: false,
        }
    }

    /// Says where.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<Arc<Said>>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The waiver that covers it as it is shown everywhere: one that was approved afterwards is marked.
    pub fn waiver(&self) -> Option<Said> {
        let id = self.waived_by.as_deref()?;
        Some(if self.waived_late { say!("{id}，事后批准", "{id}, approved afterwards") } else { Said::same(id) })
    }

    /// Says which kind of record.
    #[must_use]
    pub fn kind(mut self, kind: impl Into<String>) -> Self {
        self.kind = Some(kind.into());
        self
    }
}
