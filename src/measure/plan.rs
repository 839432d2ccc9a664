//! Improvements done of those due, of the whole organisation (figures.md, section 8).

use crate::ledger::Value;

use super::{At, Figure, Ground, RowRef, Timeline, Trail};

/// The improvements that were not dropped, by the day on which they were due, and whether they were done; none where the
/// standard has no such records.
pub(super) fn read(ground: &Ground<'_>) -> Option<Timeline<(RowRef, bool)>> {
    let source = ground.source("improvement")?;
    let (due, status) = (source.field("due")?, source.field("status")?);
    let (done, dropped) = (source.choice(status, "done"), source.choice(status, "dropped"));
    let kept = source.table.live().filter(|&row| source.table.code(row, status) != dropped);
    Some(Timeline::new(kept.filter_map(|row| {
        let Value::Day(day) = source.table.get(row, due) else { return None };
        let is_done = source.table.code(row, status) == done;
        Some((ground.config.site.zone.start(day), (source.reference(row as u32), is_done)))
    })))
}

pub(super) fn figures(plan: &Timeline<(RowRef, bool)>, at: &At, out: &mut Vec<Figure>) {
    let due: Vec<(RowRef, bool)> = plan.within(&at.span).collect();
    let hits: Vec<RowRef> = due.iter().filter(|(_, done)| *done).map(|(row, _)| *row).collect();
    let mut figure = at.share("improvements_done", hits.len() as i64, due.len() as i64);
    figure.trail = Trail { rows: due.into_iter().map(|(row, _)| row).collect(), hits, left_out: Vec::new() };
    out.push(figure);
}
