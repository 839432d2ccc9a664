//! What a month leaves open: faults that are not resolved, high-risk patches that are not applied, improvements that
//! are not done.

use serde::Serialize;

use crate::calendar::{Day, Instant, Period};
use crate::measure::Better;
use crate::say;
use crate::say::Said;

use super::super::desk::Desk;
use super::super::faults::register;
use super::super::figure;
use super::super::improvements::{self, Plan};
use super::super::sheet::Link;
use super::super::way;

/// Something open.
#[derive(Debug, Serialize)]
pub struct OpenRow {
    /// What sort of thing.
    pub sort: String,
    /// The record.
    pub record: Link,
    /// What it is about.
    pub label: String,
    /// The system; may be empty.
    pub system: String,
    /// Who answers for it; may be empty.
    pub owner: String,
    /// Since when.
    pub since: String,
    /// How long, at the month's end or the instant of judgement.
    pub age: String,
    /// By when; may be empty.
    pub due: String,
    /// That has passed.
    pub overdue: bool,
}

/// What is open at the end of a month, or at the instant of judgement where the month is not over.
pub fn rows(desk: &Desk<'_>, month: Period) -> Vec<OpenRow> {
    let then = desk.book.config.site.zone.span(month).end.min(desk.book.as_of);
    let mut out = faults(desk, month, then);
    out.extend(patches(desk, month, then));
    out.extend(improvements(desk, then));
    out
}

fn age(desk: &Desk<'_>, since: Instant, then: Instant) -> String {
    figure::duration((then.0 - since.0).max(0), Better::Less, desk.lang())
}

fn faults(desk: &Desk<'_>, month: Period, then: Instant) -> Vec<OpenRow> {
    let (Some(faults), Some(writer)) = (&desk.faults, desk.writer(way::FAULT)) else { return Vec::new() };
    let figures = desk.served(month).filter_map(|s| figure::named(desk.book, "faults_open", Some(s), month));
    let mut rows: Vec<usize> = figures.flat_map(|f| &f.trail.rows).map(|row| row.row as usize).collect();
    rows.sort_by_key(|&row| (faults.reported(row), row));
    let row = |row: usize| {
        let record = writer.row(row);
        let handler = faults.kind.field("handler").map_or("", |f| record.cells.field(f));
        OpenRow {
            sort: say!("故障", "Fault").to(desk.lang()).to_owned(),
            record: desk.link(faults.at, row),
            label: register::label(faults, &record),
            system: system(desk, faults.system(row)),
            owner: handler.to_owned(),
            since: desk.book.config.site.zone.local(faults.reported(row)),
            age: age(desk, faults.reported(row), then),
            due: String::new(),
            overdue: false,
        }
    };
    rows.into_iter().map(row).collect()
}

fn system(desk: &Desk<'_>, at: Option<usize>) -> String {
    at.map_or_else(String::new, |s| desk.book.config.systems[s].name.clone())
}

/// The oldest of each system: what the figure counts.
fn patches(desk: &Desk<'_>, month: Period, then: Instant) -> Vec<OpenRow> {
    let Some(writer) = desk.writer("update") else { return Vec::new() };
    let limit = |day: Day| desk.book.standard.param("patch_days").map(|p| p.number(day).0 / 1_000_000);
    let zone = &desk.book.config.site.zone;
    let mut out = Vec::new();
    for at in desk.served(month) {
        let Some(figure) = figure::named(desk.book, "patch_oldest_open", Some(at), month) else { continue };
        for row in figure.trail.rows.iter().map(|row| row.row as usize) {
            let cells = writer.row(row).cells;
            let text = |name: &str| writer.kind.field(name).map_or("", |f| cells.field(f)).to_owned();
            let since = Instant(writer.table.at[row]);
            let days = writer.table.date(row).and_then(limit);
            let due = days.map(|days| since.plus(days * crate::calendar::DAY));
            out.push(OpenRow {
                sort: say!("高危补丁", "High-risk patch").to(desk.lang()).to_owned(),
                record: desk.link(writer.at, row),
                label: format!("{} {}", text("component"), text("to_version")).trim().to_owned(),
                system: system(desk, Some(at)),
                owner: desk.book.config.systems[at].owner.clone(),
                since: zone.local(since),
                age: age(desk, since, then),
                due: due.map_or_else(String::new, |due| zone.local(due)),
                overdue: due.is_some_and(|due| due < then),
            });
        }
    }
    out
}

/// Improvements that were raised by then and not done by then.
fn improvements(desk: &Desk<'_>, then: Instant) -> Vec<OpenRow> {
    let Some(writer) = desk.writer(improvements::KIND) else { return Vec::new() };
    let (plan, table) = (Plan { writer }, writer.table);
    let today = desk.book.config.site.zone.date(then.plus(-1));
    let open = |row: &usize| {
        let raised = table.date(*row).is_some_and(|raised| raised <= today);
        raised && !plan.done_by(*row, today) && !plan.is(*row, "dropped")
    };
    let mut rows: Vec<usize> = table.live().filter(open).collect();
    rows.sort_by_key(|&row| (plan.day(row, "due"), row));
    let label = Said::new("改进项", "Improvement");
    let row = |row: usize| {
        let cells = writer.row(row).cells;
        let text = |name: &str| writer.kind.field(name).map_or("", |f| cells.field(f)).to_owned();
        let due = plan.day(row, "due");
        OpenRow {
            sort: label.to(desk.lang()).to_owned(),
            record: desk.link(writer.at, row),
            label: text("goal"),
            system: String::new(),
            owner: text("owner"),
            since: table.date(row).map_or_else(String::new, |d| d.to_string()),
            age: age(desk, Instant(table.at[row]), then),
            due: due.map_or_else(String::new, |d| d.to_string()),
            overdue: due.is_some_and(|due| due < today),
        }
    };
    rows.into_iter().map(row).collect()
}
