//! What a month was allowed: waivers in force, and planned windows. A waiver that was approved after the breach, and a
//! window that was announced after it began, are marked: neither is what it should be.

use serde::Serialize;

use crate::calendar::Period;
use crate::ledger::Value;
use crate::measure::RowRef;
use crate::slots::{State, WAIVER, Waiver};

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
    let in_force = |w: &&Waiver| w.from < month.after && month.first <= w.to;
    let row = |waiver: &Waiver| {
        let cells = writer.row(waiver.row).cells;
        let text = |name: &str| writer.kind.field(name).map_or("", |f| cells.field(f)).to_owned();
        let rule = book.standard.rule(&waiver.rule);
        let (late, covers) = covered(desk, waiver);
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
            late,
            covers,
        }
    };
    book.waivers.all.iter().filter(in_force).map(row).collect()
}

/// Whether any of what a waiver covers had happened before it was approved, and how much it covers. A slot is missed
/// when its period has ended, a finding about a record is made on its day.
fn covered(desk: &Desk<'_>, waiver: &Waiver) -> (bool, usize) {
    let (book, zone) = (desk.book, &desk.book.config.site.zone);
    let at = book.waivers.all.iter().position(|w| w.id == waiver.id).map(|at| at as u32);
    let (mut late, mut covers) = (false, 0);
    for slot in book.slots.iter().flat_map(|g| &g.slots).filter(|s| s.state == State::Waived && s.waiver == at) {
        covers += 1;
        late |= slot.span.end <= waiver.approved;
    }
    let own = |f: &&crate::finding::Finding| f.waived_by.as_deref() == Some(waiver.id.as_str()) && f.count.is_none();
    for finding in book.findings.iter().filter(own) {
        covers += 1;
        late |= finding.dates.is_some_and(|(day, _)| zone.end(day) <= waiver.approved);
    }
    (late, covers)
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
