//! What `check` says, one file a format. Text for people goes to stderr, data to stdout; the caller does the writing.

use crate::config::Config;
use crate::finding::{Finding, Severity};
use crate::ledger::{Counts, Ledger};
use crate::standard::Standard;

pub mod human;
pub mod json;

/// How many findings there are; a waived one is counted as waived only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Unwaived errors.
    pub error: usize,
    /// Unwaived warnings.
    pub warning: usize,
    /// Unwaived notes.
    pub info: usize,
    /// Waived ones of any severity.
    pub waived: usize,
}

impl Summary {
    /// Counts findings.
    pub fn of(findings: &[Finding]) -> Self {
        findings.iter().fold(Self::default(), |mut sum, finding| {
            match (&finding.waived_by, finding.severity) {
                (Some(_), _) => sum.waived += 1,
                (None, Severity::Error) => sum.error += 1,
                (None, Severity::Warning) => sum.warning += 1,
                (None, Severity::Info) => sum.info += 1,
            }
            sum
        })
    }

    /// Whether there is an unwaived finding at or above a severity.
    pub fn reaches(&self, severity: Severity) -> bool {
        match severity {
            Severity::Error => self.error > 0,
            Severity::Warning => self.error + self.warning > 0,
            Severity::Info => self.error + self.warning + self.info > 0,
        }
    }
}

/// The counts of all kinds that hold records.
pub fn counts<'a>(ledger: &'a Ledger, standard: &'a Standard) -> impl Iterator<Item = (&'a str, Counts)> {
    let kinds = standard.kinds.iter().zip(&ledger.tables).filter(|(kind, _)| !kind.pages);
    kinds.map(|(kind, table)| (kind.name.as_str(), table.counts()))
}

/// The counts of all records.
pub fn total(ledger: &Ledger, standard: &Standard) -> Counts {
    counts(ledger, standard).fold(Counts::default(), |sum, (_, c)| Counts {
        read: sum.read + c.read,
        accepted: sum.accepted + c.accepted,
        rejected: sum.rejected + c.rejected,
    })
}

/// The id of a system by its position.
pub fn system_id(config: &Config, system: Option<usize>) -> Option<&str> {
    system.map(|at| config.systems[at].id.as_str())
}
