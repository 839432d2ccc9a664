//! Updates: checked each month, high risk applied in time, latency, oldest open (figures.md, section 6).

use crate::calendar::Instant;

use super::{Asked, At, Figure, Ground, Source, Timeline, due, nearest_rank, states};

const DAY: i64 = 86_400;

/// The critical and high updates of one system that are not `not-needed`.
#[derive(Default)]
pub(super) struct Updates {
    due: Timeline<Asked>,
    /// By the time of the check, and when each was applied.
    checked: Timeline<(u32, Option<Instant>)>,
    /// All of them: when they were checked, which row, when they were applied.
    high: Vec<(Instant, u32, Option<Instant>)>,
}

pub(super) fn read(ground: &Ground<'_>) -> Vec<Updates> {
    let systems = ground.config.systems.len();
    let Some(source) = ground.source("update") else { return (0..systems).map(|_| Updates::default()).collect() };
    let (severity, result) = (source.field("severity"), source.field("result"));
    let high: Vec<u16> =
        ["critical", "high"].iter().filter_map(|name| severity.and_then(|f| source.choice(f, name))).collect();
    let not_needed = result.and_then(|f| source.choice(f, "not-needed"));
    let of_system = |rows: Vec<u32>| {
        let high: Vec<(Instant, u32, Option<Instant>)> = rows
            .into_iter()
            .filter(|&row| source.code(row, severity).is_some_and(|code| high.contains(&code)))
            .filter(|&row| not_needed.is_none() || source.code(row, result) != not_needed)
            .map(|row| (source.at(row), row, applied(&source, row)))
            .collect();
        let asked = high.iter().filter_map(|&(at, row, served)| {
            let deadline = ground.deadline(at, source.date(row), "patch_days", DAY)?;
            Some(Asked { row: source.reference(row), deadline, served })
        });
        Updates {
            due: due(asked),
            checked: Timeline::new(high.iter().map(|&(at, row, served)| (at, (row, served)))),
            high,
        }
    };
    source.by_system(systems).into_iter().map(of_system).collect()
}

/// When it was applied; `deferred`, `pending`, `failed` and `rolled-back` count as not applied.
fn applied(source: &Source<'_>, row: u32) -> Option<Instant> {
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
    checked.trail.rows = slot.and_then(|s| s.met_by).map(|row| source.reference(row)).into_iter().collect();
    checked.trail.hits.clone_from(&checked.trail.rows);
    out.push(checked);
    out.push(at.in_time("patch_on_time", ground.as_of, &updates.due));
    let (mut taken, mut rows) = (Vec::new(), Vec::new());
    for (row, served) in updates.checked.within(&at.span) {
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
        .filter(|(at, _, served)| *at < then && served.is_none_or(|served| served > then))
        .min_by_key(|(at, row, _)| (*at, *row));
    let mut open = at.duration("patch_oldest_open", oldest.map(|(at, ..)| then.0 - at.0));
    open.trail.rows = oldest.map(|(_, row, _)| source.reference(*row)).into_iter().collect();
    out.push(open);
}
