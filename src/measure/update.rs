//! Updates: checked each month, high risk applied in time, latency, oldest open (figures.md, section 6).

use crate::calendar::Instant;

use super::{Asked, At, Figure, Ground, Source, nearest_rank, states};

const DAY: i64 = 86_400;

/// The critical and high updates of one system that are not `not-needed`.
#[derive(Default)]
pub(super) struct Updates {
    high: Vec<(usize, Option<Instant>)>,
}

pub(super) fn read(ground: &Ground<'_>) -> Vec<Updates> {
    let systems = ground.config.systems.len();
    let Some(source) = ground.source("update") else { return (0..systems).map(|_| Updates::default()).collect() };
    let (severity, result) = (source.field("severity"), source.field("result"));
    let high: Vec<u16> =
        ["critical", "high"].iter().filter_map(|name| severity.and_then(|f| source.choice(f, name))).collect();
    let not_needed = result.and_then(|f| source.choice(f, "not-needed"));
    let of_system = |rows: Vec<usize>| Updates {
        high: rows
            .into_iter()
            .filter(|&row| source.code(row, severity).is_some_and(|code| high.contains(&code)))
            .filter(|&row| not_needed.is_none() || source.code(row, result) != not_needed)
            .map(|row| (row, applied(&source, row)))
            .collect(),
    };
    source.by_system(systems).into_iter().map(of_system).collect()
}

/// When it was applied; `deferred`, `pending`, `failed` and `rolled-back` count as not applied.
fn applied(source: &Source<'_>, row: usize) -> Option<Instant> {
    let result = source.field("result");
    let done = result.and_then(|f| source.choice(f, "applied"));
    let counts = source.code(row, result).is_none_or(|code| Some(code) == done);
    source.time(row, source.field("applied_at")).filter(|_| counts)
}

pub(super) fn figures(ground: &Ground<'_>, updates: &Updates, at: &At, out: &mut Vec<Figure>) {
    let Some(source) = ground.source("update") else { return };
    let group = ground.group("update.monthly", at.system);
    let (met, missed, _) = states(group, &at.span);
    let mut checked = at.share("update_checked", met, met + missed);
    let slot = group.and_then(|g| g.slots.iter().find(|s| s.first == at.month.first));
    checked.trail.rows = slot.and_then(|s| s.met_by).map(|row| source.reference(row as usize)).into_iter().collect();
    checked.trail.hits.clone_from(&checked.trail.rows);
    out.push(checked);
    let asked = updates.high.iter().filter_map(|&(row, served)| {
        let deadline = ground.deadline(source.at(row), source.table.date(row), "patch_days", DAY)?;
        Some(Asked { row: source.reference(row), deadline, served })
    });
    out.push(at.in_time("patch_on_time", ground.as_of, asked));
    let (mut taken, mut rows) = (Vec::new(), Vec::new());
    for &(row, served) in updates.high.iter().filter(|(row, _)| at.span.contains(source.at(*row))) {
        if let Some(served) = served {
            taken.push(served.0 - source.at(row).0);
            rows.push(source.reference(row));
        }
    }
    let mut median = at.duration("patch_median", nearest_rank(&mut taken, 50));
    median.trail.rows = rows;
    out.push(median);
    let then = at.span.end.min(ground.as_of);
    let oldest = updates
        .high
        .iter()
        .filter(|(row, served)| source.at(*row) < then && served.is_none_or(|served| served > then))
        .min_by_key(|(row, _)| (source.at(*row), *row));
    let mut open = at.duration("patch_oldest_open", oldest.map(|(row, _)| then.0 - source.at(*row).0));
    open.trail.rows = oldest.map(|(row, _)| source.reference(*row)).into_iter().collect();
    out.push(open);
}
