//! Risks cleared in time (figures.md, section 8).

use super::{Asked, At, Figure, Ground};

pub(super) fn figures(ground: &Ground<'_>, at: &At, out: &mut Vec<Figure>) {
    let Some(source) = ground.source("scan") else { return };
    let zone = &ground.config.site.zone;
    let cleared = source.field("cleared_at");
    let risks = [source.field("critical"), source.field("high")];
    // A limit in days from a date ends with a local day; it belongs to that day, not to the month that begins with its
    // end, so the last second of the day stands for it.
    let asked = source.of(at.system).filter_map(|row| {
        let day = source.table.date(row)?;
        let risky = risks.iter().filter_map(|field| source.number(row, *field)).sum::<i64>() > 0;
        let days = ground.number("scan_days", day)?.0 / 1_000_000;
        let end = zone.end(day.plus(days as i32));
        let served = source.time(row, cleared).map(|at| if at == end { at.plus(-1) } else { at });
        risky.then(|| Asked { row: source.reference(row), deadline: end.plus(-1), served })
    });
    // Due only once the whole day has passed.
    let due = asked.filter(|one| one.deadline.plus(1) <= ground.as_of);
    out.push(at.in_time("scan_cleared", ground.as_of, due));
}
