//! Updates: checked each month, high risk applied in time, latency of these and of the others, oldest open (figures.md,
//! section 6).

use crate::calendar::Instant;

use super::{Asked, At, Figure, Ground, RowRef, Source, Timeline, Trail, due, nearest_rank, states};

const DAY: i64 = 86_400;

/// The updates of one system that are not `not-needed`.
#[derive(Default)]
pub(super) struct Updates {
    /// The critical and high ones, by their deadline.
    due: Timeline<Asked>,
    /// Critical and high ones that were applied, by the time of the check.
    high_done: Timeline<Done>,
    /// The others that were applied.
    other_done: Timeline<Done>,
    /// All critical and high ones.
    high: Vec<Update>,
}

/// When it was checked, which row, when it was applied.
type Update = (Instant, u32, Option<Instant>);

/// Which row, and when it was applied.
type Done = (u32, Instant);

pub(super) fn read(ground: &Ground<'_>) -> Vec<Updates> {
    let systems = ground.config.systems.len();
    let Some(source) = ground.source("update") else { return (0..systems).map(|_| Updates::default()).collect() };
    let (severity, result) = (source.field("severity"), source.field("result"));
    let high: Vec<u16> =
        ["critical", "high"].iter().filter_map(|name| severity.and_then(|f| source.choice(f, name))).collect();
    let not_needed = result.and_then(|f| source.choice(f, "not-needed"));
    let of_system = |rows: Vec<u32>| {
        let needed = rows.into_iter().filter(|&row| not_needed.is_none() || source.code(row, result) != not_needed);
        let (high, others): (Vec<Update>, Vec<Update>) = needed
            .map(|row| (source.at(row), row, applied(&source, row)))
            .partition(|&(_, row, _)| source.code(row, severity).is_some_and(|code| high.contains(&code)));
        let asked = high.iter().filter_map(|&(at, row, served)| {
            let deadline = ground.deadline(at, source.date(row), "patch_days", DAY)?;
            Some(Asked { row: source.reference(row), deadline, served })
        });
        Updates { due: due(asked), high_done: done(&high), other_done: done(&others), high }
    };
    source.by_system(systems).into_iter().map(of_system).collect()
}

fn done(updates: &[Update]) -> Timeline<Done> {
    Timeline::new(updates.iter().filter_map(|&(at, row, applied)| Some((at, (row, applied?)))))
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
    if let Some(group) = ground.group("update.monthly", at.system) {
        let (met, missed, _) = states(group, &at.span);
        let slot = group.slots.iter().find(|s| s.first == at.month.first);
        let rows: Vec<RowRef> = slot.and_then(|s| s.met_by).map(|row| source.reference(row)).into_iter().collect();
        out.push(Figure { trail: Trail::parted(rows.clone(), rows), ..at.share("update_checked", met, met + missed) });
    }
    if ground.limits("update", "patch_days") {
        out.push(at.in_time("patch_on_time", ground.as_of, &updates.due));
    }
    for (name, done) in [("patch_median", &updates.high_done), ("patch_median_others", &updates.other_done)] {
        let of_month = done.within(&at.span).map(|(row, at)| (at.0 - source.at(row).0, source.reference(row)));
        let (mut taken, rows): (Vec<i64>, Vec<RowRef>) = of_month.unzip();
        let median = at.duration(name, nearest_rank(&mut taken, 50));
        out.push(Figure { trail: Trail::of(rows), ..median });
    }
    let then = at.span.end.min(ground.as_of);
    let oldest = updates
        .high
        .iter()
        .filter(|(at, _, served)| *at < then && served.is_none_or(|served| served > then))
        .min_by_key(|(at, row, _)| (*at, *row));
    let mut open = at.duration("patch_oldest_open", oldest.map(|(at, ..)| then.0 - at.0));
    open.trail = Trail::of(oldest.map(|(_, row, _)| source.reference(*row)));
    out.push(open);
}
