//! Figures of the systems of a month side by side: those of many systems that stand out, and where the others are.

use serde::Serialize;

use crate::calendar::{Period, Unit};
use crate::measure::{Figure, about};
use crate::say;

use super::super::desk::Desk;
use super::super::figure::{self, FigureView};
use super::super::matrix::system_link;
use super::super::records::month_title;
use super::super::sheet::Link;
use super::super::{way, worst};

/// Figures of systems side by side.
#[derive(Debug, Default, Serialize)]
pub struct Side {
    /// The titles of the figures.
    pub heads: Vec<String>,
    /// A row for each system that is shown.
    pub rows: Vec<SideRow>,
    /// Where the others are; none where all are shown.
    pub others: Option<Others>,
}

/// The figures of a system.
#[derive(Debug, Serialize)]
pub struct SideRow {
    /// The system.
    pub system: Link,
    /// In the order of the heads.
    pub cells: Vec<Option<FigureView>>,
}

/// What is left out, and where it is.
#[derive(Debug, Serialize)]
pub struct Others {
    /// That not all are shown.
    pub said: String,
    /// Where all are.
    pub all: Link,
}

/// A figure by its name and key.
pub type Key = (&'static str, Option<&'static str>);

pub const OUTAGES: [Key; 5] =
    [("outages", None), ("downtime", None), ("mtbf", None), ("faults_open", None), ("faults_oldest_open", None)];
pub const UPDATES: [Key; 5] = [
    ("update_checked", None),
    ("patch_on_time", None),
    ("patch_median", None),
    ("patch_median_others", None),
    ("patch_oldest_open", None),
];
pub const BACKUPS: [Key; 4] =
    [("backup_success", None), ("backup_first_attempt", None), ("backup_offsite", None), ("backup_longest_gap", None)];
pub const VOLUMES: [Key; 3] =
    [("backup_volume", Some("full")), ("backup_volume", Some("incremental")), ("backup_volume", Some("differential"))];
pub const SHIFTS: [Key; 4] =
    [("coverage", None), ("shift_response_median", None), ("shift_response_p95", None), ("shift_errors", None)];
pub const CAPACITY: [Key; 6] = [
    ("capacity_mean", Some("cpu")),
    ("capacity_max", Some("cpu")),
    ("capacity_mean", Some("memory")),
    ("capacity_max", Some("memory")),
    ("capacity_mean", Some("disk")),
    ("capacity_max", Some("disk")),
];
pub const SERVICES: [Key; 4] =
    [("support_answered", None), ("satisfaction", None), ("access_timely", None), ("scan_cleared", None)];

/// Figures of the systems of a month; columns that no system has are left out.
pub fn table(desk: &Desk<'_>, month: Period, keys: &[Key]) -> Side {
    let (book, lang) = (desk.book, desk.lang());
    let systems: Vec<usize> = desk.served(month).collect();
    let seen = |key: &&Key| systems.iter().any(|&s| figure::find(book, **key, Some(s), month).is_some());
    let keys: Vec<Key> = keys.iter().filter(seen).copied().collect();
    let head = |key: &Key| {
        let any = systems.iter().find_map(|&s| figure::find(book, *key, Some(s), month));
        any.map_or_else(|| about(key.0).map_or("", |a| a.title(lang)).to_owned(), |f| figure::title(book, f))
    };
    let rows = rows(desk, month, &systems, &keys);
    let shown = worst::of(&rows, worst::TABLED);
    let row = |&at: &usize| SideRow {
        system: system_link(desk.way, &book.config.systems[systems[at]]),
        cells: rows[at].iter().map(|figure| figure.map(|f| figure::view(book, desk.way, f))).collect(),
    };
    Side {
        heads: keys.iter().map(head).collect(),
        rows: shown.iter().map(row).collect(),
        others: others(desk, month, systems.len(), shown.len()),
    }
}

/// The systems that are shown one by one, by their key figures.
pub fn foremost(desk: &Desk<'_>, month: Period) -> Vec<usize> {
    let systems: Vec<usize> = desk.served(month).collect();
    worst::of(&rows(desk, month, &systems, &figure::KEY), worst::SHOWN).into_iter().map(|at| systems[at]).collect()
}

fn rows<'a>(desk: &Desk<'a>, month: Period, systems: &[usize], keys: &[Key]) -> Vec<Vec<Option<&'a Figure>>> {
    let row = |&system: &usize| keys.iter().map(|key| figure::find(desk.book, *key, Some(system), month)).collect();
    systems.iter().map(row).collect()
}

/// Where the figures of all systems of a month are, if only some are shown.
pub fn others(desk: &Desk<'_>, month: Period, all: usize, shown: usize) -> Option<Others> {
    let said = worst::said(all, shown)?.to(desk.lang()).to_owned();
    let href = desk.way.from_here(&way::figures(&month.name(Unit::Month)));
    let title = month_title(month.first, desk.lang());
    Some(Others { said, all: Link::new(href, say!("指标 · {title}", "Figures · {title}").to(desk.lang())) })
}
