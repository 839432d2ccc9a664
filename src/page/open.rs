//! Faults that nobody has resolved yet, the oldest first.

use serde::Serialize;

use crate::calendar::{DAY, Instant};
use crate::ledger::Value;
use crate::say;
use crate::say::Said;
use crate::source::Failure;
use crate::standard::Type;

use super::Book;
use super::rows::Writer;
use super::sheet::Link;
use super::way::{FAULT, Way};

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
    let Some(at) = book.standard.kind(FAULT) else { return Ok(Vec::new()) };
    let (kind, table) = (&book.standard.kinds[at], &book.ledger.tables[at]);
    let Some(resolved) = kind.field("resolved_at") else { return Ok(Vec::new()) };
    let mut rows: Vec<usize> = table.live().filter(|&row| !table.has(row, resolved)).collect();
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    rows.sort_by_key(|&row| (table.at[row], row));
    let writer = Writer::open(book, way, at)?;
    let view = |row: usize| {
        let id = table.ids.get(row);
        let url = way.record(at, row).map_or_else(String::new, |url| way.from_here(&url));
        let system = kind.system().and_then(|f| table.code(row, f)).map(usize::from);
        let cells = writer.row(row).cells;
        OpenFault {
            fault: Link::new(url, id),
            label: kind.label.map_or("", |field| cells.field(field)).to_owned(),
            at: system,
            system: system.map_or_else(String::new, |s| book.config.systems[s].name.clone()),
            grade: kind.field("grade").map_or_else(String::new, |field| {
                match (&kind.fields[field].ty, table.get(row, field)) {
                    (Type::Choice(choices), Value::Code(code)) => choices[usize::from(code)].title.to(lang).to_owned(),
                    _ => String::new(),
                }
            }),
            reported: book.config.site.zone.local(Instant(table.at[row])),
            age: age(book.as_of.0 - table.at[row]).to(lang).to_owned(),
        }
    };
    Ok(rows.into_iter().map(view).collect())
}

/// How long something lasts, in whole days, or hours below one.
fn age(seconds: i64) -> Said {
    let (days, hours) = (seconds / DAY, seconds / 3600);
    if days > 0 { say!("{days} 天", "{days} d") } else { say!("{hours} 小时", "{hours} h") }
}
