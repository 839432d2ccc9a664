//! How a report was made: from what, by which rules, with which program; and the counts, which tie out.

use serde::Serialize;

use crate::TOOL;
use crate::calendar::{Period, Unit};
use crate::config::Setting;
use crate::slots::{State, count};

use super::super::charts::complete::in_month;
use super::super::desk::Desk;
use super::super::rows::grouped;
use super::super::sheet::Link;
use super::super::{inert, way};

/// How it was made.
#[derive(Debug, Serialize)]
pub struct Method {
    /// Files found below `records/`.
    pub files: String,
    /// A row for each kind that has a record.
    pub kinds: Vec<KindRow>,
    /// The last row: sums.
    pub read: String,
    /// Accepted.
    pub accepted: String,
    /// Rejected.
    pub rejected: String,
    /// Of the month.
    pub month: String,
    /// Slots that belong to the month, in the order of [`State::ALL`], and their sum.
    pub slots: Vec<String>,
    /// How many rules are run.
    pub rules: usize,
    /// Title and version of the standard.
    pub standard: String,
    /// SHA-256 over its files.
    pub digest: String,
    /// Parameters that differ from what the standard says, as in force on the first day of the month.
    pub params: Vec<ParamRow>,
    /// Name and version of the program.
    pub tool: &'static str,
    /// The instant of judgement, with its offset.
    pub as_of: String,
    /// The time zone in which days are meant.
    pub zone: &'static str,
    /// The build's id.
    pub build: String,
}

/// A kind of record.
#[derive(Debug, Serialize)]
pub struct KindRow {
    /// The kind, with its records of the month where there are some.
    pub kind: Link,
    /// Records read.
    pub read: String,
    /// Accepted.
    pub accepted: String,
    /// Rejected.
    pub rejected: String,
    /// Accepted ones dated in the month.
    pub month: String,
}

/// A parameter that the workspace has changed.
#[derive(Debug, Serialize)]
pub struct ParamRow {
    /// What it means.
    pub text: String,
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// What the standard says.
    pub standard: String,
}

/// How the document of a month or of a longer period was made.
pub fn method(desk: &Desk<'_>, period: Period) -> Method {
    let (book, lang) = (desk.book, desk.lang());
    let mut kinds = Vec::new();
    let (mut in_the_month, mut sums) = (0, (0, 0, 0));
    for (at, kind) in book.standard.kinds.iter().enumerate().filter(|(_, kind)| !kind.pages) {
        let counts = desk.counts[at];
        sums.0 += counts.read;
        sums.1 += counts.accepted;
        sums.2 += counts.rejected;
        let months = &desk.way.shelf.kinds[at];
        let of = months.iter().filter(|m| period.contains(m.first)).map(|m| m.rows.len()).sum();
        in_the_month += of;
        if counts.read > 0 {
            let page = if period == Period::of(Unit::Month, period.first) {
                way::records(&kind.name, &period.name(Unit::Month), 0)
            } else {
                way::index(&format!("records/{}", kind.name))
            };
            let url = if of > 0 { desk.way.from_here(&inert::part(&page)) } else { String::new() };
            kinds.push(KindRow {
                kind: Link::new(url, kind.title.to(lang)),
                read: grouped(counts.read),
                accepted: grouped(counts.accepted),
                rejected: grouped(counts.rejected),
                month: grouped(of),
            });
        }
    }
    let slots = count(book.slots.iter().flat_map(|g| in_month(&g.slots, period)));
    debug_assert_eq!(slots.len(), State::ALL.len(), "each state is counted");
    Method {
        files: grouped(book.ledger.found),
        kinds,
        read: grouped(sums.0),
        accepted: grouped(sums.1),
        rejected: grouped(sums.2),
        month: grouped(in_the_month),
        slots: slots.iter().copied().chain([slots.iter().sum()]).map(grouped).collect(),
        rules: book.standard.rules.len(),
        standard: format!("{} {}", book.standard.title.to(lang), book.standard.version),
        digest: book.standard.digest.clone(),
        params: params(desk, period),
        tool: TOOL,
        as_of: book.config.site.zone.rfc3339(book.as_of),
        zone: book.config.site.zone.name(),
        build: book.build.clone(),
    }
}

fn params(desk: &Desk<'_>, period: Period) -> Vec<ParamRow> {
    let shown = |setting: &Setting| match setting {
        Setting::Number(n) => n.to_string(),
        Setting::Texts(texts) => texts.join("; "),
    };
    let changed = desk.book.standard.params.iter().filter(|p| p.on(period.first) != p.history().0);
    changed
        .map(|param| ParamRow {
            text: param.text.to(desk.lang()).to_owned(),
            name: param.name.clone(),
            value: shown(param.on(period.first)),
            standard: shown(param.history().0),
        })
        .collect()
}
