//! Tables of records in canonical form, so that what changed in them shows as what changed: the kind's own names as
//! headers, rows by time and then id, commas, LF, UTF-8, quotes only where they are needed.
//!
//! The form is changed and never a value: a record keeps its digest (`docs/decisions/0014-form-and-never-a-value.md`).
//! Only where it is asked for do times get their offset, and then only in records that no seal holds. What is rewritten
//! is read again before anybody writes it; a table that would not read the same stays as it is, with the reason.

use std::collections::{BTreeMap, BTreeSet};

use crate::calendar::{Day, Instant};
use crate::config::Config;
use crate::finding::{Finding, Severity};
use crate::ledger::{FileFacts, Ledger, Shape, Standing};
use crate::load::{self, RECORDS, Reread};
use crate::say;
use crate::say::Said;
use crate::source::{Entry, Failure, Sources};
use crate::standard::{Kind, Standard};

mod head;
mod table;
#[cfg(test)]
mod tests;
mod times;

use table::Rewritten;

/// What may change in a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Its form: no digest changes.
    Form,
    /// And the times of records that no seal holds, which get their offset.
    Times,
}

/// The records, and what is asked of them.
pub struct Order<'a> {
    /// The files of the workspace.
    pub sources: &'a Sources,
    /// Its settings.
    pub config: &'a Config,
    /// The standard in force.
    pub standard: &'a Standard,
    /// The records.
    pub ledger: &'a Ledger,
    /// What loading said of them.
    pub loaded: &'a [Finding],
    /// The instant as of which they were loaded.
    pub as_of: Instant,
    /// The months that have a seal, by their first day.
    pub sealed: &'a BTreeSet<Day>,
    /// Files and folders of the workspace; empty: every table.
    pub paths: &'a [String],
    /// What may change.
    pub scope: Scope,
}

/// What will be done.
#[derive(Debug, Default)]
pub struct Plan {
    /// Tables that are not in canonical form.
    pub changed: Vec<Change>,
    /// Tables that stay as they are, whatever their form.
    pub left: Vec<Left>,
    /// How many tables are in canonical form.
    pub same: usize,
}

/// A table that is not in canonical form.
#[derive(Debug)]
pub struct Change {
    /// Path relative to the workspace.
    pub path: String,
    /// Its bytes.
    pub old: Vec<u8>,
    /// Its canonical form.
    pub new: Vec<u8>,
    /// What is different.
    pub what: Vec<Said>,
}

/// A file that stays as it is.
#[derive(Debug)]
pub struct Left {
    /// Path relative to the workspace.
    pub path: String,
    /// Why.
    pub why: Said,
}

/// Lays out the canonical form of the tables that are asked for. A [`Failure`] is a file that cannot be read.
pub fn plan(order: &Order<'_>) -> Result<Plan, Failure> {
    let sealed = match order.scope {
        Scope::Form => BTreeSet::new(),
        Scope::Times => times::sealed_lines(order.sources)?,
    };
    let mut plan = Plan::default();
    let mut rewritten: Vec<(Change, usize, Rewritten)> = Vec::new();
    for entry in order.sources.below(RECORDS).filter(|entry| is_asked(order.paths, &entry.path)) {
        let path = entry.path.to_string();
        let facts = match table_of(order, entry) {
            Err(Some(why)) => {
                plan.left.push(Left { path, why });
                continue;
            }
            Err(None) => continue,
            Ok(facts) => facts,
        };
        let old = order.sources.read(&path)?;
        match table::rewrite(order, facts, &old, &sealed)? {
            Ok(table) if table.bytes == old => plan.same += 1,
            Ok(mut table) => {
                let (new, what) = (std::mem::take(&mut table.bytes), std::mem::take(&mut table.what));
                rewritten.push((Change { path, old, new, what }, facts, table));
            }
            Err(why) => plan.left.push(Left { path, why }),
        }
    }
    let again = read_again(order, rewritten.iter().map(|(change, ..)| change))?;
    for (change, facts, table) in rewritten {
        if reads_the_same(order, &again, &change.path, facts, &table)? {
            plan.changed.push(change);
        } else {
            let why = Said::new("改写后读出来会不一样", "it would not read the same once rewritten");
            plan.left.push(Left { path: change.path, why });
        }
    }
    plan.left.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(plan)
}

/// Whether a path is one of those asked for, or lies below one.
fn is_asked(paths: &[String], path: &str) -> bool {
    let below = |asked: &String| {
        path.strip_prefix(asked.as_str())
            .is_some_and(|rest| asked.is_empty() || rest.is_empty() || rest.starts_with('/'))
    };
    paths.is_empty() || paths.iter().any(below)
}

/// The table that a file is, by its place in the ledger; else why it stays as it is. Files that are no CSV are said only
/// where they were named themselves.
fn table_of(order: &Order<'_>, entry: &Entry) -> Result<usize, Option<Said>> {
    if load::extension(&entry.path) != "csv" {
        let named = order.paths.iter().any(|path| *path == *entry.path);
        return Err(named.then(|| Said::new("只改写 .csv 表格", "only tables in .csv are rewritten")));
    }
    if entry.len == 0 {
        return Err(None);
    }
    let of_file =
        |f: &&Finding| f.severity == Severity::Error && f.place.as_ref().is_some_and(|place| place.file == entry.path);
    let error = order.loaded.iter().find(of_file);
    let facts = order.ledger.files.iter().position(|file| file.path == entry.path);
    match (facts, error) {
        (Some(facts), None) if rejected(order, facts) == 0 => Ok(facts),
        (_, Some(error)) => {
            let place = error.place.as_ref().map(ToString::to_string).unwrap_or_default();
            let (zh, en) = (&error.message.zh, &error.message.en);
            Err(Some(say!("先改正 {place}：{zh}", "first mend {place}: {en}")))
        }
        (Some(_), None) => Err(Some(Said::new("其中有被拒绝的行", "rows of it are rejected"))),
        (None, None) => Err(Some(Said::new("没有读到表头", "no header was found in it"))),
    }
}

fn rejected(order: &Order<'_>, facts: usize) -> usize {
    let table = &order.ledger.tables[order.ledger.files[facts].kind];
    rows_of(order.ledger, facts).filter(|row| table.standing[*row] == Standing::Rejected).count()
}

/// The rows of a file in the table of its kind.
fn rows_of(ledger: &Ledger, facts: usize) -> std::ops::Range<usize> {
    let file = &ledger.files[facts];
    let first = ledger.tables[file.kind].first_of(facts).unwrap_or(0);
    first..first + file.rows
}

/// Everything as it would be read with the changes made.
fn read_again<'c>(order: &Order<'_>, changes: impl Iterator<Item = &'c Change>) -> Result<(Sources, Ledger), Failure> {
    let added: BTreeMap<String, Vec<u8>> = changes.map(|c| (c.path.clone(), c.new.clone())).collect();
    let sources = order.sources.with(added);
    let (ledger, _) = load::load(&sources, order.standard, order.config, order.as_of)?;
    Ok((sources, ledger))
}

/// Whether a rewritten table holds the same records: each with its id, its standing, its values and, unless its times
/// were rewritten, its canonical text.
fn reads_the_same(
    order: &Order<'_>,
    (sources, ledger): &(Sources, Ledger),
    path: &str,
    facts: usize,
    table: &Rewritten,
) -> Result<bool, Failure> {
    let old = &order.ledger.files[facts];
    let Some(at) = ledger.files.iter().position(|file| *file.path == *path) else { return Ok(false) };
    let new = &ledger.files[at];
    if new.rows != old.rows || new.kind != old.kind {
        return Ok(false);
    }
    let kind = &order.standard.kinds[old.kind];
    let (before, after) =
        (Told::open(order.sources, order.ledger, old, kind)?, Told::open(sources, ledger, new, kind)?);
    let same = |(row, was): (usize, &usize)| {
        let texts = table.retimed.contains(was) || before.line(*was) == after.line(row);
        texts && before.judged_alike(*was, &after, row)
    };
    Ok(rows_of(ledger, at).zip(&table.order).all(same))
}

/// The records of one file.
struct Told<'a> {
    ledger: &'a Ledger,
    facts: &'a FileFacts,
    kind: &'a Kind,
    texts: Reread<'a>,
}

impl<'a> Told<'a> {
    fn open(sources: &Sources, ledger: &'a Ledger, facts: &'a FileFacts, kind: &'a Kind) -> Result<Self, Failure> {
        Ok(Self { ledger, facts, kind, texts: Reread::open(sources, facts, kind)? })
    }

    /// The canonical line of a record.
    fn line(&self, row: usize) -> String {
        let offset = self.ledger.tables[self.facts.kind].position(row).0;
        self.texts.cells(offset).canonical(self.kind, &self.facts.shape)
    }

    fn judged_alike(&self, row: usize, other: &Self, at: usize) -> bool {
        let (a, b) = (&self.ledger.tables[self.facts.kind], &other.ledger.tables[other.facts.kind]);
        a.ids.get(row) == b.ids.get(at)
            && (a.standing[row], a.at[row]) == (b.standing[at], b.at[at])
            && (0..self.kind.fields.len()).all(|field| a.get(row, field) == b.get(at, field))
    }
}

/// Whether a file of the ledger is a table, with its delimiter and headings.
fn columns(shape: &Shape) -> Option<(u8, &[crate::ledger::Heading])> {
    match shape {
        Shape::Csv { delimiter, columns, .. } => Some((*delimiter, columns)),
        _ => None,
    }
}
