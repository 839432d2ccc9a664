//! Risks cleared in time (figures.md, section 8).

use super::{Asked, At, Figure, Ground, Timeline, due};

/// The scans of each system that found critical or high risks.
pub(super) fn read(ground: &Ground<'_>) -> Vec<Timeline<Asked>> {
    let systems = ground.config.systems.len();
    let Some(source) = ground.source("scan") else { return (0..systems).map(|_| Timeline::default()).collect() };
    let zone = &ground.config.site.zone;
    let cleared = source.field("cleared_at");
    let risks = [source.field("critical"), source.field("high")];
    // A limit in days from a date ends with a local day; it belongs to that day, not to the month that begins with its
    // end, so the last second of the day stands for it.
    let asked = |row: u32| {
        let day = source.date(row)?;
        let risky = risks.iter().filter_map(|field| source.number(row, *field)).sum::<i64>() > 0;
        let days = ground.number("scan_days", day)?.0 / 1_000_000;
        let end = zone.end(day.plus(days as i32));
        let served = source.time(row, cleared).map(|at| if at == end { at.plus(-1) } else { at });
        // Due only once the whole day has passed.
        let asked = Asked { row: source.reference(row), deadline: end.plus(-1), served };
        (risky && end <= ground.as_of).then_some(asked)
    };
    source.by_system(systems).into_iter().map(|rows| due(rows.into_iter().filter_map(asked))).collect()
}

pub(super) fn figures(ground: &Ground<'_>, risks: &Timeline<Asked>, at: &At, out: &mut Vec<Figure>) {
    if ground.limits("scan", "scan_days") {
        out.push(at.in_time("scan_cleared", ground.as_of, risks));
    }
}
