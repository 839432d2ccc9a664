//! What a month was allowed: waivers in force, and planned windows. A waiver that was approved after the breach, and a
//! window that was announced after it began, are marked: neither is what it should be.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::calendar::Period;
use crate::ledger::Value;
use crate::measure::RowRef;
use crate::slots::{State, WAIVER, Waiver};

use super::super::Book;
use super::super::figure;
use super::super::matrix::system_link;
use super::super::sheet::Link;
use super::super::way;
use super::Desk;

/// A waiver in force.
#[derive(Debug, Serialize)]
pub struct WaiverRow {
    /// The record.
    pub record: Link,
    /// The rule that it waives.
    pub rule: Link,
    /// The system; none for all.
    pub system: Option<Link>,
    /// From which day.
    pub from: String,
    /// To which day.
    pub to: String,
    /// Why.
    pub reason: String,
    /// By whom.
    pub approver: String,
    /// When, local.
    pub approved: String,
    /// It was approved after what it waives had happened.
    pub late: bool,
    /// How many slots and findings it covers, in all.
    pub covers: usize,
}

/// A planned window that was not announced before it began, or has no end.
#[derive(Debug, Serialize)]
pub struct WindowRow {
    /// The record.
    pub record: Link,
    /// The system.
    pub system: Link,
    /// When it began, local.
    pub from: String,
    /// When it ended; empty where nobody says.
    pub to: String,
    /// When it was announced; empty where it was not.
    pub announced: String,
}

/// The waivers whose days touch a month, by id.
pub fn waivers(desk: &Desk<'_>, month: Period) -> Vec<WaiverRow> {
    let book = desk.book;
    let Some(writer) = desk.writer(WAIVER) else { return Vec::new() };
    let in_force = |w: &Waiver| w.from < month.after && month.first <= w.to;
    let row = |(waiver, covered): (&Waiver, &Covered)| {
        let cells = writer.row(waiver.row).cells;
        let text = |name: &str| writer.kind.field(name).map_or("", |f| cells.field(f)).to_owned();
        let rule = book.standard.rule(&waiver.rule);
        WaiverRow {
            record: desk.link(writer.at, waiver.row),
            rule: Link::new(
                rule.map_or_else(String::new, |r| desk.way.from_here(&way::rule(&r.clause, &r.id))),
                rule.map_or(waiver.rule.as_str(), |r| r.title.to(desk.lang())),
            ),
            system: waiver.system.map(|s| system_link(desk.way, &book.config.systems[s])),
            from: waiver.from.to_string(),
            to: waiver.to.to_string(),
            reason: text("reason"),
            approver: text("approver"),
            approved: book.config.site.zone.local(waiver.approved),
            late: covered.late,
            covers: covered.n,
        }
    };
    book.waivers.all.iter().zip(&desk.covered).filter(|(w, _)| in_force(w)).map(row).collect()
}

/// What a waiver covers.
#[derive(Debug, Clone, Copy, Default)]
pub struct Covered {
    /// How many slots, and findings about records and figures.
    pub n: usize,
    /// Whether any of them had happened before it was approved: a slot is missed and a figure falls short when the
    /// period has ended, a finding about a record is made on its day.
    pub late: bool,
}

/// What each waiver covers, in the order of the waivers.
pub fn covered(book: &Book<'_>) -> Vec<Covered> {
    let (zone, all) = (&book.config.site.zone, &book.waivers.all);
    let mut out = vec![Covered::default(); all.len()];
    for slot in book.slots.iter().flat_map(|g| &g.slots).filter(|s| s.state == State::Waived) {
        if let Some(at) = slot.waiver.map(|at| at as usize) {
            out[at].n += 1;
            out[at].late |= slot.span.end <= all[at].approved;
        }
    }
    // A finding about missed slots says again what the slots say.
    let slotted: BTreeSet<&str> = book.slots.iter().map(|g| book.standard.rules[g.rule].id.as_str()).collect();
    for finding in book.findings.iter().filter(|f| !slotted.contains(f.rule.as_str())) {
        let waiver = finding.waived_by.as_deref().and_then(|id| all.binary_search_by(|w| w.id.as_str().cmp(id)).ok());
        if let (Some(at), Some((_, day))) = (waiver, finding.dates) {
            out[at].n += 1;
            out[at].late |= zone.end(day) <= all[at].approved;
        }
    }
    out
}

/// The planned windows of a month that count as downtime, because they were announced too late or not at all, or have
/// no end.
pub fn windows(desk: &Desk<'_>, month: Period) -> Vec<WindowRow> {
    let book = desk.book;
    let mut out = Vec::new();
    for system in desk.served(month) {
        let Some(figure) = figure::named(book, "availability", Some(system), month) else { continue };
        for (row, _) in figure.trail.left_out.iter().filter(|(_, why)| *why == "unannounced") {
            out.push(window(desk, system, *row));
        }
    }
    out
}

fn window(desk: &Desk<'_>, system: usize, of: RowRef) -> WindowRow {
    let (book, zone) = (desk.book, &desk.book.config.site.zone);
    let (at, row) = (usize::from(of.kind), of.row as usize);
    let (kind, table) = (&book.standard.kinds[at], &book.ledger.tables[at]);
    let time = |name: &str| match kind.field(name).map(|f| table.get(row, f)) {
        Some(Value::Time(at)) => zone.local(at),
        _ => String::new(),
    };
    WindowRow {
        record: desk.link(at, row),
        system: system_link(desk.way, &book.config.systems[system]),
        from: zone.local(crate::calendar::Instant(table.at[row])),
        to: time("ended_at"),
        announced: time("announced_at"),
    }
}
