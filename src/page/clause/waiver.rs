//! The waivers in force, on the page of the clause whose rules they waive.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::slots::WAIVER;
use crate::source::Failure;

use super::super::Book;
use super::super::findings;
use super::super::rows::Writer;
use super::super::sheet::Link;
use super::super::waivers;
use super::super::way::Way;

/// A waiver in force.
#[derive(Debug, Clone, Serialize)]
pub struct WaiverView {
    /// Its record.
    pub waiver: Link,
    /// The rule.
    pub rule: String,
    /// The name of the system; empty for all and for the organisation.
    pub system: String,
    /// From when to when.
    pub range: String,
    /// Why.
    pub reason: String,
    /// Who approved it.
    pub approver: String,
    /// When, local.
    pub approved: String,
    /// It was approved after what it waives had happened.
    pub late: bool,
}

/// The waivers of each rule, by their ids.
pub fn read(book: &Book<'_>, way: &Way<'_>) -> Result<BTreeMap<String, Vec<WaiverView>>, Failure> {
    let lang = book.config.site.lang;
    let mut out: BTreeMap<String, Vec<WaiverView>> = BTreeMap::new();
    let Some(kind) = book.standard.kind(WAIVER).filter(|_| !book.waivers.all.is_empty()) else { return Ok(out) };
    let writer = Writer::open(book, way, kind)?;
    let zone = &book.config.site.zone;
    for (waiver, covered) in book.waivers.all.iter().zip(waivers::covered(book)) {
        let cells = writer.row(waiver.row).cells;
        let text = |name: &str| writer.kind.field(name).map_or("", |field| cells.field(field)).to_owned();
        out.entry(waiver.rule.clone()).or_default().push(WaiverView {
            waiver: findings::waiver(book, way, &waiver.id),
            rule: waiver.rule.clone(),
            system: waiver.system.map_or_else(String::new, |s| book.config.systems[s].name.clone()),
            range: findings::range((waiver.from, waiver.to), None).to(lang).to_owned(),
            reason: text("reason"),
            approver: text("approver"),
            approved: zone.local(waiver.approved),
            late: covered.late,
        });
    }
    Ok(out)
}
