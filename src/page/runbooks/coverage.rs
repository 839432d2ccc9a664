//! What went wrong and has no runbook: the causes (else the summaries) of the records that could name one and do not, the
//! most frequent first. The next runbook to write is the first of them.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::source::Failure;

use super::referring;
use crate::page::Book;
use crate::page::rows::{Writer, grouped};
use crate::page::sheet::Link;
use crate::page::way::Way;

/// So many causes are listed; the rest is counted.
const CAUSES: usize = 20;
/// The field that says why, where a kind has one.
const CAUSE: &str = "cause";

/// How far the runbooks reach.
#[derive(Debug, Serialize)]
pub(super) struct Coverage {
    /// How many records name a runbook.
    with: String,
    /// How many could.
    of: String,
    /// The causes without one.
    causes: Vec<Cause>,
    /// How many causes are not listed.
    more: usize,
}

/// A cause, and how often it was the cause.
#[derive(Debug, Serialize)]
struct Cause {
    text: String,
    times: usize,
    /// The date of the newest record.
    date: String,
    /// The newest record.
    record: Link,
}

/// Of all records that may name a runbook; none where there is no such record.
pub(super) fn of(book: &Book<'_>, way: &Way<'_>) -> Result<Option<Coverage>, Failure> {
    let (mut with, mut all) = (0, 0);
    let mut causes: BTreeMap<String, Cause> = BTreeMap::new();
    for (at, field) in referring(book) {
        let (kind, table) = (&book.standard.kinds[at], &book.ledger.tables[at]);
        let live = table.live().count();
        let without: Vec<usize> = table.live().filter(|&row| table.text(row, field).is_empty()).collect();
        all += live;
        with += live - without.len();
        let told = kind.fields.iter().position(|field| field.name == CAUSE).into_iter().chain(kind.label);
        let told: Vec<usize> = told.collect();
        if without.is_empty() || told.is_empty() {
            continue;
        }
        let writer = Writer::open(book, way, at)?;
        for row in without {
            let written = writer.row(row);
            let said = told.iter().map(|field| written.cells.field(*field).trim());
            let Some(text) = said.into_iter().find(|text| !text.is_empty()) else { continue };
            let date = table.date(row).map_or_else(String::new, |day| day.to_string());
            let to = way.record(at, row).map_or_else(String::new, |url| way.from_here(&url));
            let cause = causes.entry(text.to_owned()).or_insert_with(|| Cause {
                text: text.to_owned(),
                times: 0,
                date: String::new(),
                record: Link::default(),
            });
            cause.times += 1;
            if cause.date <= date {
                (cause.date, cause.record) = (date, Link::new(to, table.ids.get(row)));
            }
        }
    }
    let mut causes: Vec<Cause> = causes.into_values().collect();
    causes.sort_by(|a, b| b.times.cmp(&a.times).then_with(|| b.date.cmp(&a.date)).then_with(|| a.text.cmp(&b.text)));
    let more = causes.len().saturating_sub(CAUSES);
    causes.truncate(CAUSES);
    Ok((all > 0).then(|| Coverage { with: grouped(with), of: grouped(all), causes, more }))
}
