//! The head of a report as of a document: its number, its period, who read it and what they said, and whether the
//! month is sealed.

use serde::Serialize;

use crate::TOOL;
use crate::calendar::{Instant, Period, Unit};
use crate::chart::Mark;
use crate::say;
use crate::slots::State;
use crate::standard::{Form, Kind};

use super::super::archive;
use super::super::desk::Desk;
use super::super::sheet::Link;
use super::super::status::marked;
use super::super::verdict::MarkView;

/// The head.
#[derive(Debug, Serialize)]
pub struct Head {
    /// `WK-2026-10`.
    pub number: String,
    /// The month's name.
    pub month: String,
    /// First and last day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// What made it.
    pub prepared: String,
    /// Every review of the month, in order of time.
    pub reviews: Vec<Review>,
    /// The one that approved it: the first in time that did.
    pub approved: Option<Review>,
    /// What was approved is an earlier version: none was approved since the one that stands came to be.
    pub stale: bool,
    /// How it stands with its readers.
    pub review: MarkView,
    /// Whether the month is sealed.
    pub seal: MarkView,
}

/// What a reader said.
#[derive(Debug, Clone, Serialize)]
pub struct Review {
    /// The record.
    pub record: Link,
    /// Who.
    pub reviewer: String,
    /// When, local.
    pub at: String,
    /// Approved or returned.
    pub decision: MarkView,
    /// Why; may be empty.
    pub comment: String,
    /// The digest of what was read, where it is said.
    pub digest: String,
    /// When.
    #[serde(skip)]
    when: Instant,
    /// It approves the month once it is over.
    #[serde(skip)]
    approves: bool,
    /// It approves the month before that: nobody can have read all of it.
    #[serde(skip)]
    early: bool,
}

/// The head of the report of a month.
pub fn head(desk: &Desk<'_>, month: Period) -> Head {
    let name = month.name(Unit::Month);
    let reviews = reviews(desk, month);
    let approved = reviews.iter().find(|r| r.approves).cloned();
    Head {
        number: number(month),
        from: month.first.to_string(),
        to: month.last().to_string(),
        prepared: TOOL.to_owned(),
        review: state(desk, month, &reviews),
        seal: archive::state(desk.book, month),
        stale: approved.is_some() && stale(desk, month, &reviews),
        approved,
        reviews,
        month: name,
    }
}

/// A report as one file, from another page of the reports.
pub fn alone(desk: &Desk<'_>, path: &str) -> Link {
    let text = say!("单文件版（便于邮件发送）", "As one file, for mail");
    Link::new(path.strip_prefix("reports/").unwrap_or(path), text.to(desk.lang()))
}

/// Whether no review approved the report since the version before the one that stands was sealed.
fn stale(desk: &Desk<'_>, month: Period, reviews: &[Review]) -> bool {
    let before = desk.versions.all(month).iter().rev().nth(1).and_then(|version| version.seal);
    before.is_some_and(|before| !reviews.iter().any(|review| review.approves && review.when > before.seal.sealed))
}

/// The number of the report of a month, which all its versions have.
pub fn number(month: Period) -> String {
    format!("WK-{}", month.name(Unit::Month))
}

fn reviews(desk: &Desk<'_>, month: Period) -> Vec<Review> {
    let Some(writer) = desk.writer("review") else { return Vec::new() };
    let (kind, table, lang) = (writer.kind, writer.table, desk.lang());
    let Some(named) = kind.field("month") else { return Vec::new() };
    let (name, end) = (month.name(Unit::Month), desk.book.config.site.zone.span(month).end);
    let mut rows: Vec<usize> = table.live().filter(|&row| table.text(row, named) == name).collect();
    rows.sort_by_key(|&row| (table.at[row], row));
    let view = |row: usize| {
        let cells = writer.row(row).cells;
        let text = |name: &str| kind.field(name).map_or("", |f| cells.field(f)).to_owned();
        let approves = decided(kind, "approved", table.code(row, kind.field("decision").unwrap_or_default()));
        let early = approves && Instant(table.at[row]) < end;
        let decision = match (approves, early) {
            (true, false) => marked(Mark::Met, &say!("批准", "approved"), lang),
            (true, true) => {
                marked(Mark::Missed, &say!("月末之前批准，不算数", "approved before the month's end, void"), lang)
            }
            (false, _) => marked(Mark::Missed, &say!("退回", "returned"), lang),
        };
        Review {
            record: desk.link(writer.at, row),
            reviewer: text("reviewer"),
            at: desk.book.config.site.zone.local(Instant(table.at[row])),
            decision,
            comment: text("comment"),
            digest: text("digest"),
            when: Instant(table.at[row]),
            approves: approves && !early,
            early,
        }
    };
    rows.into_iter().map(view).collect()
}

fn decided(kind: &Kind, name: &str, code: Option<u16>) -> bool {
    let choices = kind.field("decision").map_or(&[][..], |f| kind.choices(f));
    code.and_then(|code| choices.get(usize::from(code))).is_some_and(|choice| choice.name == name)
}

/// Approved in time, approved late, approved before there was all to read, returned, still to be read, or not read in time.
fn state(desk: &Desk<'_>, month: Period, reviews: &[Review]) -> MarkView {
    let book = desk.book;
    let closes = |rule: usize| {
        let rule = &book.standard.rules[rule];
        matches!(rule.form, Form::Closes(_)) && rule.kind == book.standard.kind("review")
    };
    let early = reviews.last().is_some_and(|last| last.early);
    let group = book.slots.iter().find(|g| closes(g.rule));
    let slot = group.and_then(|g| g.slots.iter().find(|s| s.first == month.first)).map(|s| s.state);
    let (mark, word) = match (slot, reviews.iter().any(|r| r.approves), reviews.is_empty()) {
        (Some(State::Waived), ..) => (Mark::Waived, say!("豁免", "waived")),
        (Some(State::Missed), true, _) => (Mark::Missed, say!("逾期批准", "approved late")),
        (Some(State::Missed), false, false) if early => {
            (Mark::Missed, say!("月末之前批准，之后未再批准", "approved before the month's end, not since"))
        }
        (Some(State::Missed), false, true) => (Mark::Missed, say!("逾期未审阅", "not read in time")),
        (Some(State::Missed), false, false) => (Mark::Missed, say!("退回后未再批准", "returned, not approved since")),
        // In time, as far as the rule can tell.
        (Some(State::Met), ..) | (_, true, _) => (Mark::Met, say!("已批准", "approved")),
        (_, false, false) if early => {
            (Mark::Pending, say!("月末之前批准，待重新审阅", "approved before the month's end, to be read again"))
        }
        (_, false, false) => (Mark::Pending, say!("已退回，待批准", "returned, awaiting approval")),
        (_, false, true) => (Mark::Pending, say!("待审阅", "awaiting review")),
    };
    marked(mark, &word, desk.lang())
}
