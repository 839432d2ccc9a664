//! `priority`: none of a lower rank is served while a higher one waits.

use hashbrown::HashMap;

use crate::calendar::Instant;
use crate::finding::Finding;
use crate::say::Said;
use crate::standard::Priority;

use super::Scene;

/// The higher ones of a system in the order in which they came, each with the latest end so far.
#[derive(Default)]
struct Waiting {
    /// When it came, its row, when it waits no longer.
    all: Vec<(i64, usize, i64)>,
    /// The latest end among this one and those before it: monotone, so the first that still waits is found by halving.
    latest: Vec<i64>,
}

/// One finding a lower record, naming the higher one that came first.
pub(super) fn check(scene: &Scene<'_>, rank: &Priority, found: &mut Vec<Finding>) {
    let table = scene.table;
    let mut by_system: HashMap<Option<usize>, Waiting> = HashMap::new();
    for row in scene.rows() {
        if !rank.high.holds(table, row) || (!rank.exempt.0.is_empty() && rank.exempt.holds(table, row)) {
            continue;
        }
        let Some(came) = scene.instant(row, rank.from) else { continue };
        let ends = rank.ends.iter().filter(|&&f| f != rank.served || rank.served_where.holds(table, row));
        let end = ends.filter_map(|&f| scene.instant(row, f)).min().map_or(i64::MAX, |at| at.0);
        by_system.entry(scene.system(row)).or_default().all.push((came.0, row, end));
    }
    for waiting in by_system.values_mut() {
        waiting.all.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| table.ids.get(a.1).cmp(table.ids.get(b.1))));
        let mut latest = i64::MIN;
        waiting.latest = waiting
            .all
            .iter()
            .map(|(_, _, end)| {
                latest = latest.max(*end);
                latest
            })
            .collect();
    }
    for row in scene.rows() {
        if !rank.low.holds(table, row) || !rank.served_where.holds(table, row) {
            continue;
        }
        let (Some(served), Some(came)) = (scene.instant(row, rank.served), scene.instant(row, rank.from)) else {
            continue;
        };
        let Some(waiting) = by_system.get(&scene.system(row)) else { continue };
        let known = if rank.known_before {
            waiting.all.partition_point(|w| w.0 < came.0)
        } else {
            waiting.all.partition_point(|w| w.0 <= served.0)
        };
        let first = waiting.latest[..known].partition_point(|&end| end <= served.0);
        if first < known {
            let (came, other, _) = waiting.all[first];
            let since = scene.ground.config.site.zone.local(Instant(came));
            let more = [("other", Said::same(table.ids.get(other))), ("since", Said::same(since))];
            found.push(scene.finding(row, Some(rank.served), &more));
        }
    }
}
