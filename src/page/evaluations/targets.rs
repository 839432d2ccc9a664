//! Targets against results: the key figures of each system, month by month.

use serde::Serialize;

use crate::calendar::Period;
use crate::measure::{Figure, Verdict};
use crate::say;

use super::super::desk::Desk;
use super::super::figure::{self, FigureView, KEY};
use super::super::matrix::system_link;
use super::super::sheet::Link;
use super::super::status;
use super::super::verdict::MarkView;
use super::super::worst;

/// A system.
#[derive(Debug, Serialize)]
pub struct SystemTargets {
    /// The system.
    pub system: Link,
    /// Its figures.
    pub rows: Vec<TargetRow>,
}

/// A figure over the half.
#[derive(Debug, Serialize)]
pub struct TargetRow {
    /// Its title.
    pub title: String,
    /// Its target; may be empty.
    pub target: String,
    /// Month by month; none where the system was not in service.
    pub cells: Vec<Option<FigureView>>,
    /// In how many of the months that were judged it was met: `5 / 6`; empty where it has no target.
    pub kept: String,
    /// The worst verdict of its months.
    pub state: Option<MarkView>,
}

/// The systems of the half whose key figures are shown, of many those that stand out; and how many there are.
pub fn foremost(desk: &Desk<'_>, months: &[Period], most: usize) -> (Vec<usize>, usize) {
    let systems: Vec<usize> = desk.served_in(months).collect();
    let figures = |&system: &usize| {
        let of = |key: &(&str, Option<&str>), month| figure::find(desk.book, *key, Some(system), month);
        KEY.iter().flat_map(|key| months.iter().map(move |month| of(key, *month))).collect()
    };
    let rows: Vec<Vec<Option<&Figure>>> = systems.iter().map(figures).collect();
    (worst::of(&rows, most).into_iter().map(|at| systems[at]).collect(), systems.len())
}

/// The key figures of some systems.
pub fn targets(desk: &Desk<'_>, months: &[Period], systems: &[usize]) -> Vec<SystemTargets> {
    let system = |&system: &usize| SystemTargets {
        system: system_link(desk.way, &desk.book.config.systems[system]),
        rows: KEY.iter().filter_map(|key| row(desk, *key, system, months)).collect(),
    };
    systems.iter().map(system).collect()
}

fn row(desk: &Desk<'_>, key: (&str, Option<&str>), system: usize, months: &[Period]) -> Option<TargetRow> {
    let (book, lang) = (desk.book, desk.lang());
    let figures: Vec<_> = months.iter().map(|month| figure::find(book, key, Some(system), *month)).collect();
    let last = figures.iter().flatten().next_back()?;
    let judged = || figures.iter().flatten().filter(|f| f.target.is_some()).filter_map(|f| f.verdict);
    let due = judged().filter(|v| *v != Verdict::NotApplicable).count();
    let met = judged().filter(|v| *v == Verdict::Pass).count();
    let worst = [Verdict::Fail, Verdict::Unproven, Verdict::Pass].into_iter().find(|v| judged().any(|one| one == *v));
    Some(TargetRow {
        title: figure::title(book, last),
        target: last.target.map_or_else(String::new, figure::plain_percent),
        cells: figures.iter().map(|f| f.map(|f| figure::view(book, desk.way, f))).collect(),
        kept: if due > 0 { say!("{met} / {due} 个月", "{met} of {due}").to(lang).to_owned() } else { String::new() },
        state: worst.map(|verdict| status::verdict(verdict, lang)),
    })
}
