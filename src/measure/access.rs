//! Access requests handled in time (figures.md, section 8).

use super::{Asked, At, Figure, Ground, Timeline, due};

/// The requests of each system.
pub(super) fn read(ground: &Ground<'_>) -> Vec<Timeline<Asked>> {
    let systems = ground.config.systems.len();
    let Some(source) = ground.source("access") else { return (0..systems).map(|_| Timeline::default()).collect() };
    let done = source.field("done_at");
    let asked = |row: u32| {
        let deadline = ground.deadline(source.at(row), source.date(row), "access_days", 86_400)?;
        Some(Asked { row: source.reference(row), deadline, served: source.time(row, done) })
    };
    source.by_system(systems).into_iter().map(|rows| due(rows.into_iter().filter_map(asked))).collect()
}

pub(super) fn figures(ground: &Ground<'_>, requests: &Timeline<Asked>, at: &At, out: &mut Vec<Figure>) {
    if ground.limits("access", "access_days") {
        out.push(at.in_time("access_timely", ground.as_of, requests));
    }
}
