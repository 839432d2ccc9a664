//! `follows`: a record is followed by one of another sort within a limit, or referred to by one of another kind.

use hashbrown::{HashMap, HashSet};

use crate::finding::Finding;
use crate::say;
use crate::standard::{Amount, Where};

use super::Scene;

/// Followed in (t, t + limit] on the same system; asked only once that time has passed.
pub(super) fn check(scene: &Scene<'_>, by: &Where, limit: &Amount, found: &mut Vec<Finding>) {
    let mut times: HashMap<Option<usize>, Vec<i64>> = HashMap::new();
    for row in scene.table.live().filter(|&row| by.holds(scene.table, row)) {
        times.entry(scene.system(row)).or_default().push(scene.table.at[row]);
    }
    times.values_mut().for_each(|v| v.sort_unstable());
    for row in scene.rows() {
        let day = scene.day(row);
        let at = scene.table.at[row];
        let until = at.saturating_add(scene.ground.standard.seconds(limit, day));
        if scene.ground.as_of.0 <= until {
            continue;
        }
        let followed = times.get(&scene.system(row)).is_some_and(|times| {
            let next = times.partition_point(|&t| t <= at);
            times.get(next).is_some_and(|&t| t <= until)
        });
        if !followed {
            let number = scene.ground.standard.amount(limit, day);
            let unit = limit.unit.said();
            let (zh, en) = (&unit.zh, &unit.en);
            let deadline = scene.ground.config.site.zone.local(crate::calendar::Instant(until));
            let more = [("limit", say!("{number} {zh}", "{number} {en}")), ("deadline", say::Said::same(deadline))];
            found.push(scene.finding(row, &more));
        }
    }
}

/// Referred to by at least one record of another kind.
pub(super) fn referred(scene: &Scene<'_>, kind: usize, field: usize, found: &mut Vec<Finding>) {
    let other = &scene.ground.ledger.tables[kind];
    let named: HashSet<&str> = other.live().map(|row| other.text(row, field)).collect();
    for row in scene.rows().filter(|&row| !named.contains(scene.table.ids.get(row))) {
        found.push(scene.finding(row, &[]));
    }
}
