//! What `check` says, one file a format. Text for people goes to stderr, data to stdout; the caller does the writing.

use crate::calendar::Instant;
use crate::config::Config;
use crate::finding::{Finding, Severity};
use crate::ledger::{Counts, Ledger};
use crate::say::Lang;
use crate::source::Place;
use crate::standard::Standard;

pub mod fingerprint;
pub mod github;
pub mod gitlab;
pub mod human;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod sarif;
pub mod short;

/// What a format writes: findings, and what they are told with.
#[derive(Clone, Copy)]
pub struct Report<'a> {
    /// The findings, in their order.
    pub findings: &'a [Finding],
    /// The workspace.
    pub config: &'a Config,
    /// The standard.
    pub standard: &'a Standard,
    /// The instant of judgement.
    pub as_of: Instant,
    /// The least severity that fails the run; none where nothing does.
    pub fail_on: Option<Severity>,
    /// The language of messages.
    pub lang: Lang,
}

/// The message of a finding, with the days it is about where it is about periods; on one line.
pub fn with_range(finding: &Finding, lang: Lang) -> String {
    let message = one_line(finding.message.to(lang));
    match (finding.dates, finding.count) {
        (Some((from, to)), Some(_)) if from == to => format!("{message} [{from}]"),
        (Some((from, to)), Some(_)) => format!("{message} [{from} .. {to}]"),
        _ => message,
    }
}

/// Text on one line and without control characters, which a terminal or a log would obey.
pub fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c == '\n' {
                ' '
            } else if c.is_control() {
                '\u{FFFD}'
            } else {
                c
            }
        })
        .collect()
}

/// Where a finding stands that is about something missing, for formats that ask for a file: what is missing is expected
/// because of what the configuration says.
pub fn fallback() -> Place {
    Place::line(crate::config::path(), 1)
}

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
    pub fn of<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Self {
        findings.into_iter().fold(Self::default(), |mut sum, finding| {
            match (&finding.waived_by, finding.severity) {
                (Some(_), _) => sum.waived += finding.times,
                (None, Severity::Error) => sum.error += finding.times,
                (None, Severity::Warning) => sum.warning += finding.times,
                (None, Severity::Info) => sum.info += finding.times,
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
