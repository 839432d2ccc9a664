//! What a month was allowed: waivers in force, and planned windows. A waiver that was approved after the breach, and a
//! window that was announced after it began, are marked: neither is what it should be.

use serde::Serialize;

use crate::calendar::Period;
use crate::check::Covered;
use crate::ledger::Value;
use crate::measure::RowRef;
use crate::slots::{WAIVER, Waiver};

use super::super::desk::Desk;
use super::super::figure;
use super::super::matrix::system_link;
use super::super::sheet::Link;
use super::super::waivers::{self, WaiverRow};

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
    let Some(writer) = desk.writer(WAIVER) else { return Vec::new() };
    let of_month = |(waiver, _): &(&Waiver, &Covered<'_>)| waiver.from < month.after && month.first <= waiver.to;
    let all = desk.book.waivers.all.iter().zip(&desk.covered);
    all.filter(of_month).map(|of| waivers::row(desk.book, desk.way, writer, of)).collect()
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
