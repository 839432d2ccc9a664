//! The updates of a month: those that were found in it, and those that were applied in it.

use serde::Serialize;

use crate::calendar::{Instant, Period, Unit};
use crate::chart::Mark;
use crate::ledger::Value;
use crate::say;
use crate::standard::Type;

use super::super::desk::Desk;
use super::super::rows::{Row, Writer, grouped};
use super::super::sheet::Link;
use super::super::status::marked;
use super::super::verdict::MarkView;
use super::super::{inert, way};

/// The most that are listed; the tables of the month hold all of them.
const MOST: usize = 60;

/// An update.
#[derive(Debug, Serialize)]
pub struct UpdateRow {
    /// The record.
    pub record: Link,
    /// The system.
    pub system: String,
    /// What is updated, as written.
    pub component: String,
    /// From which version to which, as written.
    pub versions: String,
    /// The title of its severity.
    pub severity: String,
    /// The title of its result; may be empty.
    pub result: String,
    /// When it was found, local.
    pub checked: String,
    /// When it was applied; may be empty.
    pub applied: String,
    /// What a rule found about it; none where nothing was.
    pub found: Option<MarkView>,
}

/// The updates, and where the others stand if not all are listed.
pub fn rows(desk: &Desk<'_>, month: Period) -> (Vec<UpdateRow>, Option<Link>) {
    let Some(writer) = desk.writer("update") else { return (Vec::new(), None) };
    let (table, zone) = (writer.table, &desk.book.config.site.zone);
    let applied = writer.kind.field("applied_at");
    let span = zone.span(month);
    let mut all: Vec<usize> = table
        .live()
        .filter(|&row| {
            let then = applied.and_then(|f| table.instant(row, f, zone));
            span.contains(Instant(table.at[row])) || then.is_some_and(|at| span.contains(at))
        })
        .collect();
    all.sort_by_key(|&row| (table.at[row], row));
    let more = (all.len() > MOST).then(|| {
        let n = grouped(all.len());
        let page = way::records("update", &month.name(Unit::Month), 0);
        Link::new(desk.way.from_here(&inert::part(&page)), say!("全部 {n} 项", "all {n}").to(desk.lang()))
    });
    (all.into_iter().take(MOST).map(|row| view(desk, writer, &writer.row(row))).collect(), more)
}

fn view(desk: &Desk<'_>, writer: &Writer<'_>, row: &Row) -> UpdateRow {
    let (kind, table, lang) = (writer.kind, writer.table, desk.lang());
    let text = |name: &str| kind.field(name).map_or("", |f| row.cells.field(f));
    let choice = |name: &str| {
        let Some(field) = kind.field(name) else { return String::new() };
        match (&kind.fields[field].ty, table.get(row.row, field)) {
            (Type::Choice(choices), Value::Code(code)) => choices[usize::from(code)].title.to(lang).to_owned(),
            _ => String::new(),
        }
    };
    let time = |name: &str| match kind.field(name).map(|f| table.get(row.row, f)) {
        Some(Value::Time(at)) => desk.book.config.site.zone.local(at),
        _ => String::new(),
    };
    let id = table.ids.get(row.row);
    let found = desk.updates.get(id).map(|finding| match finding.waived_by {
        Some(_) => marked(Mark::Waived, &say!("豁免", "waived"), lang),
        None => marked(Mark::Missed, &say!("有问题", "a finding"), lang),
    });
    let system = kind.system().and_then(|f| table.code(row.row, f)).map(usize::from);
    let (from, to) = (text("from_version"), text("to_version"));
    UpdateRow {
        record: desk.link(writer.at, row.row),
        system: system.map_or_else(String::new, |s| desk.book.config.systems[s].name.clone()),
        component: text("component").to_owned(),
        versions: if from.is_empty() { to.to_owned() } else { format!("{from} → {to}") },
        severity: choice("severity"),
        result: choice("result"),
        checked: time("checked_at"),
        applied: time("applied_at"),
        found,
    }
}
