//! Faults that nobody has resolved yet, the oldest first.

use serde::Serialize;

use crate::measure::Better;
use crate::source::Failure;

use super::Book;
use super::faults::clock::Faults;
use super::faults::register;
use super::figure;
use super::rows::Writer;
use super::sheet::Link;
use super::way::Way;

/// An open fault.
#[derive(Debug, Clone, Serialize)]
pub struct OpenFault {
    /// Its page.
    pub fault: Link,
    /// What it is about.
    pub label: String,
    /// The system, as a position in the configuration.
    #[serde(skip)]
    pub at: Option<usize>,
    /// The name of the system.
    pub system: String,
    /// The title of its grade.
    pub grade: String,
    /// When it was reported, local.
    pub reported: String,
    /// How long it has been open.
    pub age: String,
}

/// All open faults: reported by the instant of judgement, and not resolved by then.
pub fn faults(book: &Book<'_>, way: &Way<'_>) -> Result<Vec<OpenFault>, Failure> {
    let lang = book.config.site.lang;
    let Some(faults) = Faults::of(book) else { return Ok(Vec::new()) };
    let mut rows: Vec<usize> = faults.table.live().filter(|&row| faults.resolved(row).is_none()).collect();
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    rows.sort_by_key(|&row| (faults.reported(row), row));
    let writer = Writer::open(book, way, faults.at)?;
    let view = |row: usize| {
        let url = way.record(faults.at, row).map_or_else(String::new, |url| way.from_here(&url));
        let system = faults.system(row);
        let reported = faults.reported(row);
        OpenFault {
            fault: Link::new(url, faults.id(row)),
            label: register::label(&faults, &writer.row(row)),
            at: system,
            system: system.map_or_else(String::new, |s| book.config.systems[s].name.clone()),
            grade: faults.grade(row).map_or_else(String::new, |grade| grade.title.to(lang).to_owned()),
            reported: book.config.site.zone.local(reported),
            age: figure::duration(book.as_of.0 - reported.0, Better::Less, lang),
        }
    };
    Ok(rows.into_iter().map(view).collect())
}
