//! Improvements done of those due, of the whole organisation (figures.md, section 8).

use crate::ledger::Value;

use super::{At, Figure, Ground, Trail};

pub(super) fn figures(ground: &Ground<'_>, at: &At, out: &mut Vec<Figure>) {
    let Some(source) = ground.source("improvement") else { return };
    let (Some(due), Some(status)) = (source.field("due"), source.field("status")) else { return };
    let (done, dropped) = (source.choice(status, "done"), source.choice(status, "dropped"));
    let mut trail = Trail::default();
    for row in source.table.live() {
        let in_month = matches!(source.table.get(row, due), Value::Day(day) if at.month.contains(day));
        let code = source.table.code(row, status);
        if in_month && code != dropped {
            trail.rows.push(source.reference(row));
            if code == done {
                trail.hits.push(source.reference(row));
            }
        }
    }
    let mut figure = at.share("improvements_done", trail.hits.len() as i64, trail.rows.len() as i64);
    figure.trail = trail;
    out.push(figure);
}
