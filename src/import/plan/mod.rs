//! What becomes of drafts: which system each is about, whether it is there already, in which file it will stand. What
//! is planned is read as `check` would read it before anything is written, so that a record that `check` would not
//! take is refused here, with its place in the export.

use std::collections::{BTreeMap, BTreeSet};

use crate::calendar::{Day, Instant};
use crate::entry::{Cells, late};
use crate::finding::{Finding, Severity};
use crate::ledger::{Ledger, Standing};
use crate::load;
use crate::say;
use crate::source::{Failure, Sources};
use crate::standard::Standard;

use super::reading::{Draft, Ground, Told};

mod bind;
mod cells;
mod file;
mod known;

pub use crate::entry::FilePlan;

/// What is asked for, and the archive that it goes into.
pub struct Order<'a> {
    /// The source's name.
    pub source: &'a str,
    /// What the export was read with.
    pub ground: Ground<'a>,
    /// `--into`: a file for a kind, by the kind's position.
    pub into: &'a [(usize, String)],
    /// `--only`: names, one of which a record must bear; empty: all are taken.
    pub only: &'a [String],
    /// The files of the workspace.
    pub sources: &'a Sources,
    /// The standard in force.
    pub standard: &'a Standard,
    /// The records that are there.
    pub ledger: &'a Ledger,
    /// What loading said of them.
    pub loaded: &'a [Finding],
    /// The months that have a seal, by their first day.
    pub sealed: &'a BTreeSet<Day>,
}

/// A draft with its id, its system and its cells.
#[derive(Clone, Debug)]
pub(super) struct Record {
    kind: usize,
    id: String,
    system: Option<usize>,
    draft: Draft,
    /// A cell for each field of the kind.
    cells: Cells,
    /// Its primary time, and the local day of it.
    at: Instant,
    day: Day,
}

/// What will be done.
#[derive(Debug, Default)]
pub struct Plan {
    /// The files that will be written.
    pub files: Vec<FilePlan>,
    /// What was refused, and what should be said.
    pub findings: Vec<Finding>,
    /// How many records are new.
    pub taken: usize,
    /// How many are there already.
    pub known: usize,
    /// How many were refused.
    pub refused: usize,
}

/// Makes the plan. A [`Failure`] is a file of the workspace that cannot be read.
pub fn make(order: &Order<'_>, told: Told<'_>) -> Result<Plan, Failure> {
    let Told { drafts, mut findings, .. } = told;
    let records = bind::bind(order, drafts, &mut findings);
    let there = known::There::of(order);
    let (mut fresh, mut known) = (Vec::new(), 0);
    for mut record in records {
        record.cells = cells::fill(order, &record);
        match there.fate(order, &record) {
            known::Fate::There(said) => {
                known += 1;
                findings.extend(said.map(|said| *said));
            }
            known::Fate::Contradicts(finding) => findings.push(*finding),
            known::Fate::New => match cells::settle(order, &mut record) {
                Ok(()) => fresh.push(record),
                Err(finding) => findings.push(*finding),
            },
        }
    }
    let files = settle(order, &mut fresh, &mut findings)?;
    findings.extend(late(order.sealed, fresh.iter().map(|record| (record.day, record.draft.place.clone()))));
    Finding::sort(&mut findings);
    let refused = findings.iter().filter(|f| f.severity == Severity::Error).map(weight).sum();
    Ok(Plan { files, findings, taken: fresh.len(), known, refused })
}

/// For how many records a refusal stands.
fn weight(finding: &Finding) -> usize {
    finding.count.map_or(1, |n| n as usize)
}

/// Lays the files out and reads them as `check` will; what it would not take goes, and the rest is laid out again.
fn settle(order: &Order<'_>, fresh: &mut Vec<Record>, findings: &mut Vec<Finding>) -> Result<Vec<FilePlan>, Failure> {
    loop {
        let mut notes = Vec::new();
        let files = file::lay_out(order, fresh, &mut notes)?;
        let refused = refused(order, &files, fresh)?;
        if refused.is_empty() {
            findings.extend(notes);
            return Ok(files);
        }
        let mut at = 0;
        fresh.retain(|_| {
            at += 1;
            !refused.contains_key(&(at - 1))
        });
        findings.extend(refused.into_values());
    }
}

/// The records that `check` would not take without a word, by their position, each with what it would say.
fn refused(order: &Order<'_>, files: &[FilePlan], fresh: &[Record]) -> Result<BTreeMap<usize, Finding>, Failure> {
    let mut out = BTreeMap::new();
    if files.is_empty() {
        return Ok(out);
    }
    let added = files.iter().map(|f| (f.path.clone(), f.bytes.clone())).collect();
    let config = order.ground.config;
    let (ledger, found) = load::load(&order.sources.with(added), order.standard, config, order.ground.as_of)?;
    for finding in found {
        let Some(place) = &finding.place else { continue };
        let Some(file) = files.iter().find(|f| *f.path == *place.file) else { continue };
        if let Some(at) = file.record_at(place.line) {
            out.entry(at).or_insert_with(|| {
                let mut finding = finding.clone().at(fresh[at].draft.place.clone());
                finding.severity = Severity::Error;
                "import.value".clone_into(&mut finding.rule);
                finding
            });
        }
    }
    for (at, record) in fresh.iter().enumerate() {
        let table = &ledger.tables[record.kind];
        let row = table.find(&record.id);
        if row.is_none_or(|row| table.standing[row] == Standing::Rejected) {
            out.entry(at).or_insert_with(|| unread(record));
        }
    }
    Ok(out)
}

fn unread(record: &Record) -> Finding {
    let id = &record.id;
    let why = say!("写入后不会被接受：{id}", "it would not be accepted once written: {id}");
    refuse(record, why)
}

/// A refusal of a record, at its place in the export.
fn refuse(record: &Record, why: crate::say::Said) -> Finding {
    Finding::new("import.value", Severity::Error, why).at(record.draft.place.clone())
}
