//! The archive: what is put under seal, and how it is told apart later (archive.md).
//!
//! Everything here is a function of bytes: the files below `seals/`, and the canonical lines of the records as they are
//! today. Writing to the disk, and asking `ssh-keygen` or `openssl`, is for `world`.

use crate::calendar::{Period, Unit};
use crate::finding::{Finding, Severity};
use crate::say;
use crate::say::Said;
use crate::source::Place;

pub mod canon;
pub mod chain;
pub mod compare;
pub mod compose;
pub mod file;
pub mod judged;
pub mod proof;
pub mod recipe;
pub mod signers;
pub mod sums;
pub mod tree;

pub use chain::{Archive, Sealed};
pub use file::Seal;

/// The folder of the seals.
pub const FOLDER: &str = "seals/";

/// Something that is not as it was sealed. Its code is explained in `finding::codes`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The code, such as `seal.altered`.
    pub code: &'static str,
    /// The month of the seal it is about, or of which a record is dated.
    pub month: Option<Period>,
    /// The kind of the record.
    pub kind: Option<String>,
    /// The record: its id, or what tells it apart.
    pub record: Option<String>,
    /// Its row in the ledger, where it is there.
    pub row: Option<usize>,
    /// Where it is seen.
    pub place: Option<Place>,
    /// What is different.
    pub said: Said,
}

impl Difference {
    /// A difference of a seal as a whole, seen in a file.
    pub fn of_seal(code: &'static str, month: Option<Period>, place: Place, said: Said) -> Self {
        Self { code, month, kind: None, record: None, row: None, place: Some(place), said }
    }

    /// A difference of a record.
    pub fn of_record(code: &'static str, month: Period, kind: &str, record: String, said: Said) -> Self {
        let (kind, record) = (Some(kind.to_owned()), Some(record));
        Self { code, month: Some(month), kind, record, row: None, place: None, said }
    }

    /// Whether it is about a record, and not about a seal.
    pub fn is_of_record(&self) -> bool {
        self.record.is_some()
    }

    /// How grave it is: what came late, or could not be looked at, is no proof of a change.
    pub fn severity(&self) -> Severity {
        match self.code {
            "seal.late" | "seal.unchecked" => Severity::Warning,
            "seal.unsigned" => Severity::Info,
            _ => Severity::Error,
        }
    }

    /// The finding under its own code.
    pub fn finding(&self) -> Finding {
        let month = self.month.map_or_else(String::new, |month| month.name(Unit::Month));
        let said = match (&self.kind, &self.record, &self.said) {
            (Some(kind), Some(record), Said { zh, en }) => {
                say!("{kind} {record}（{month}）：{zh}", "{kind} {record} ({month}): {en}")
            }
            (_, _, said) => said.clone(),
        };
        let mut finding = Finding::new(self.code, self.severity(), said);
        finding.kind.clone_from(&self.kind);
        finding.record.clone_from(&self.record);
        finding.place.clone_from(&self.place);
        finding.dates = self.month.map(|month| (month.first, month.last()));
        finding.help = crate::finding::codes::code(self.code).map(|code| code.fix.into());
        finding
    }
}
