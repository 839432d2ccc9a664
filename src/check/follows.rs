//! `follows`: a record is followed by one of another sort within a limit, or referred to by one of another kind.

use hashbrown::HashSet;

use crate::calendar::Instant;
use crate::finding::Finding;
use crate::say;
use crate::say::Said;
use crate::standard::{Amount, Where};

use super::Scene;

/// Followed in (t, t + limit] on the same system; asked only once that time has passed.
pub(super) fn check(scene: &Scene<'_>, by: &Where, limit: &Amount, found: &mut Vec<Finding>) {
    let times = times(scene, by);
    for row in scene.rows() {
        let day = scene.day(row);
        let at = scene.table.at[row];
        let until = at.saturating_add(scene.ground.standard.seconds(limit, day));
        if scene.ground.as_of.0 <= until {
            continue;
        }
        let next = next(&times, scene, row);
        if next.is_none_or(|next| next > until) {
            let local = |at: i64| scene.ground.config.site.zone.local(Instant(at));
            let outcome = match next.map(local) {
                Some(next) => say!("下一次在 {next}", "the next came at {next}"),
                None => say!("此后还没有", "none has come yet"),
            };
            let more = [
                ("limit", scene.ground.standard.limit(limit, day)),
                ("deadline", Said::same(local(until))),
                ("outcome", outcome),
            ];
            found.push(scene.finding(row, None, &more));
        }
    }
}

/// Times by system, in order; the first are those of records without one.
pub(super) struct Times(Vec<Vec<i64>>);

/// When there was one of the other sort.
pub(super) fn times(scene: &Scene<'_>, by: &Where) -> Times {
    let mut times = vec![Vec::new(); scene.ground.config.systems.len() + 1];
    let by = by.on(scene.table);
    for row in scene.table.live().filter(|&row| by.holds(row)) {
        times[place(scene, row)].push(scene.table.at[row]);
    }
    for times in &mut times {
        times.sort_unstable();
    }
    Times(times)
}

/// The first of them after a record.
pub(super) fn next(times: &Times, scene: &Scene<'_>, row: usize) -> Option<i64> {
    let times = &times.0[place(scene, row)];
    times.get(times.partition_point(|&t| t <= scene.table.at[row])).copied()
}

fn place(scene: &Scene<'_>, row: usize) -> usize {
    scene.system(row).map_or(0, |system| system + 1)
}

/// Referred to by at least one record of another kind.
pub(super) fn referred(scene: &Scene<'_>, kind: usize, field: usize, found: &mut Vec<Finding>) {
    let other = &scene.ground.ledger.tables[kind];
    let named: HashSet<&str> = other.live().map(|row| other.text(row, field)).collect();
    for row in scene.rows().filter(|&row| !named.contains(scene.table.ids.get(row))) {
        found.push(scene.finding(row, None, &[]));
    }
}
