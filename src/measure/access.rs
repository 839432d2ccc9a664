//! Access requests handled in time (figures.md, section 8).

use super::{Asked, At, Figure, Ground};

pub(super) fn figures(ground: &Ground<'_>, at: &At, out: &mut Vec<Figure>) {
    let Some(source) = ground.source("access") else { return };
    let done = source.field("done_at");
    let asked = source.of(at.system).filter_map(|row| {
        let deadline = ground.deadline(source.at(row), source.table.date(row), "access_days", 86_400)?;
        Some(Asked { row: source.reference(row), deadline, served: source.time(row, done) })
    });
    out.push(at.in_time("access_timely", ground.as_of, asked));
}
