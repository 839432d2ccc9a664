//! The records held against the seals: their canonical lines are read again, digested, and compared with what was sealed.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::ledger::{Ledger, Standing};
use crate::seal::compare::{self, Compared, Pair, Present};
use crate::seal::tree::sha256;
use crate::seal::{Archive, Sealed};
use crate::source::{Failure, Sources};
use crate::standard::{Kind, Standard};

use super::Reread;

/// Makes something of the canonical line of each of these rows of a kind, in their order. Each file is read once.
pub fn lines<T: Send>(
    sources: &Sources,
    ledger: &Ledger,
    standard: &Standard,
    kind: usize,
    rows: &[usize],
    of: impl Fn(&str) -> T + Sync,
) -> Result<Vec<T>, Failure> {
    let table = &ledger.tables[kind];
    let mut by_file: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, &row) in rows.iter().enumerate() {
        by_file.entry(table.file(row)).or_default().push(at);
    }
    let files: Vec<(usize, Vec<usize>)> = by_file.into_iter().collect();
    let read = |(file, places): &(usize, Vec<usize>)| -> Result<Vec<(usize, T)>, Failure> {
        let facts = &ledger.files[*file];
        let reread = Reread::open(sources, facts, &standard.kinds[kind])?;
        let line = |at: &usize| {
            let cells = reread.cells(table.position(rows[*at]).0);
            (*at, of(&cells.canonical(&standard.kinds[kind], &facts.shape)))
        };
        Ok(places.iter().map(line).collect())
    };
    let parts: Vec<Vec<(usize, T)>> = files.par_iter().map(read).collect::<Result<_, Failure>>()?;
    let mut all: Vec<(usize, T)> = parts.into_iter().flatten().collect();
    all.sort_by_key(|(at, _)| *at);
    Ok(all.into_iter().map(|(_, made)| made).collect())
}

/// The records of every kind held against the seals, by the position of the kind. Runbooks are living texts, and no
/// records of a month: they are not sealed.
pub fn sealed(
    sources: &Sources,
    ledger: &Ledger,
    standard: &Standard,
    archive: &Archive,
) -> Result<Vec<Compared>, Failure> {
    let kinds = standard.kinds.iter().enumerate();
    kinds
        .map(|(at, kind)| {
            if kind.pages {
                return Ok(Compared::default());
            }
            let rows: Vec<usize> = (0..ledger.tables[at].len()).collect();
            let digests = lines(sources, ledger, standard, at, &rows, |line| sha256(line.as_bytes()))?;
            let table = &ledger.tables[at];
            let accepted = |row: usize| matches!(table.standing[row], Standing::Counts | Standing::Corrected);
            let present: Vec<Present> = rows
                .iter()
                .zip(digests)
                .map(|(&row, digest)| Present { row, digest, day: table.date(row), accepted: accepted(row) })
                .collect();
            let key = |fields: &BTreeMap<String, String>| key(kind, fields);
            let pair = Pair { kind: &kind.name, seals: &archive.seals, present: &present, key: &key };
            let mut compared =
                compare::compare(&pair, |rows| lines(sources, ledger, standard, at, rows, str::to_owned))?;
            // Where the sealed lines themselves are not what they were, nothing can be said of the records.
            if archive.seals.iter().any(|seal: &Sealed| seal.damaged.contains(&kind.name)) {
                compared.differences.clear();
            }
            compared.held.retain(|(_, seal)| !archive.seals[*seal].damaged.contains(&kind.name));
            // Where a whole seal is missing its records are not late.
            if archive.broken.iter().any(|broken| matches!(broken.code, "seal.chain" | "seal.syntax")) {
                compared.differences.retain(|difference| difference.code != "seal.late");
            }
            for difference in &mut compared.differences {
                let Some(row) = difference.row else { continue };
                difference.place = Some(ledger.place(at, row));
                let id = table.ids.get(row);
                if !id.is_empty() {
                    difference.record = Some(id.to_owned());
                }
            }
            Ok(compared)
        })
        .collect()
}

/// What tells a record apart, as typed: its id, else its natural key; a correction of a natural key bears the key of what
/// it corrects, and is another record.
fn key(kind: &Kind, fields: &BTreeMap<String, String>) -> String {
    let text = |field: usize| fields.get(&kind.fields[field].name).map_or("", String::as_str);
    if let Some(id) = kind.id().map(text).filter(|id| !id.is_empty()) {
        return id.to_owned();
    }
    let parts: Vec<&str> = kind.key.iter().map(|field| text(*field)).collect();
    let corrects = if fields.contains_key("corrects") { "~" } else { "" };
    format!("{}{corrects}", parts.join(" "))
}
