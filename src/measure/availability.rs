//! Availability, downtime, outages, time between failures, coverage (figures.md, section 3).

use crate::calendar::{Intervals, Span};
use crate::slots::State;
use crate::standard::{Form, Grain, Rule};

use super::{At, Behind, Figure, Ground, RowRef, Scale, Source, Trail, Verdict, percent, whole};

/// The outages of one system.
#[derive(Default)]
pub(super) struct Outages {
    planned: Intervals,
    down: Intervals,
    rows: Vec<(Span, RowRef, Sort)>,
}

/// What an outage counts as.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    /// A valid planned window: it leaves both sides.
    Planned,
    /// Planned, but announced too late, not at all, or without an end: downtime, and listed.
    Unannounced,
    /// Downtime.
    Unplanned,
}

/// Sorts the outages of each system into planned windows and downtime.
pub(super) fn read(ground: &Ground<'_>) -> Vec<Outages> {
    let systems = ground.config.systems.len();
    let Some(source) = ground.source("outage") else {
        return (0..systems).map(|_| Outages::default()).collect();
    };
    source.by_system(systems).into_iter().map(|rows| of_system(ground, &source, rows)).collect()
}

fn of_system(ground: &Ground<'_>, source: &Source<'_>, rows: Vec<u32>) -> Outages {
    let (ended, planned, announced) = (source.field("ended_at"), source.field("planned"), source.field("announced_at"));
    let rows: Vec<(Span, RowRef, Sort)> = rows
        .into_iter()
        .map(|row| {
            let (start, end) = (source.at(row), source.time(row, ended));
            let sort = if source.code(row, planned) != Some(1) {
                Sort::Unplanned
            } else if end.is_some() && source.time(row, announced).is_some_and(|at| at <= start) {
                Sort::Planned
            } else {
                Sort::Unannounced
            };
            let span = Span { start, end: end.map_or(ground.as_of, |end| end.min(ground.as_of)) };
            (span, source.reference(row), sort)
        })
        .collect();
    let spans = |want: bool| {
        Intervals::union(rows.iter().filter(|(_, _, s)| (*s == Sort::Planned) == want).map(|(span, ..)| *span))
    };
    Outages { planned: spans(true), down: spans(false), rows }
}

pub(super) fn figures(ground: &Ground<'_>, outages: &Outages, lived: Span, at: &At, out: &mut Vec<Figure>) {
    let watched = ground.standard.rules.iter().any(watches).then(|| coverage(ground, at));
    if ground.standard.kind("outage").is_none() {
        out.extend(watched);
        return;
    }
    let window = Span { start: at.span.start.max(lived.start), end: at.span.end.min(lived.end) };
    let agreed = Intervals::union([window]).minus(&outages.planned);
    let ast = agreed.seconds();
    let up = agreed.minus(&outages.down).seconds();
    let down = ast - up;
    let merged = outages.down.iter().filter(|span| at.span.contains(span.start)).count() as i64;
    let trail = Behind::from(trail(outages, &window));

    let least = ground.number("coverage_percent", at.month.first);
    let mut availability = at.share("availability", up, ast);
    availability.target = ground.number("availability_percent", at.month.first);
    if let (Some(target), true) = (availability.target, ast > 0) {
        let met = i128::from(up) * 100_000_000 >= i128::from(target.0) * i128::from(ast);
        let (seen, asked) = watched.as_ref().map_or((0, 0), |w| (w.numerator.unwrap_or(0), w.denominator.unwrap_or(0)));
        let proven = least.is_none_or(|l| i128::from(seen) * 100_000_000 >= i128::from(l.0) * i128::from(asked));
        availability.verdict = Some(match (met, proven) {
            (false, _) => Verdict::Fail,
            (true, false) => Verdict::Unproven,
            (true, true) => Verdict::Pass,
        });
    }
    availability.trail = trail.clone();
    out.push(availability);

    let mut downtime = at.figure("downtime", Scale::Seconds);
    downtime.numerator = Some(down);
    downtime.denominator = Some(ast);
    if ast > 0 {
        downtime.value = Some(whole(down));
        downtime.verdict = None;
    }
    downtime.trail = trail;
    out.push(downtime);

    let mut started = at.count("outages", Scale::Count, whole(merged));
    let began = outages
        .rows
        .iter()
        .filter(|(span, _, sort)| *sort != Sort::Planned && span.seconds() > 0 && at.span.contains(span.start));
    started.trail = Trail::of(began.map(|(_, row, _)| *row));

    let mut mtbf = at.figure("mtbf", Scale::Seconds);
    mtbf.numerator = Some(up);
    mtbf.denominator = Some(merged);
    if merged > 0 {
        mtbf.value = Some(whole(up / merged));
        mtbf.verdict = None;
    }
    mtbf.trail = started.trail.clone();
    out.extend([started, mtbf]);
    out.extend(watched);
}

/// The outages that touch a window: all of them, the ones that are downtime, and what was left out.
fn trail(outages: &Outages, window: &Span) -> Trail {
    let mut trail = Trail::default();
    for (_, row, sort) in outages.rows.iter().filter(|(span, ..)| span.overlaps(window)) {
        trail.rows.push(*row);
        match sort {
            Sort::Planned => trail.left_out.push((*row, "planned")),
            Sort::Unannounced => trail.left_out.push((*row, "unannounced")),
            Sort::Unplanned => {}
        }
        if *sort != Sort::Planned {
            trail.hits.push(*row);
        }
    }
    trail
}

/// Whether a rule asks for a record of every shift.
fn watches(rule: &Rule) -> bool {
    matches!(rule.form, Form::Cadence { every: Grain::Shift, .. })
}

/// Shift slots of the month that were met, of those that were due; a waived one was not watched either.
fn coverage(ground: &Ground<'_>, at: &At) -> Figure {
    let (mut met, mut asked, mut trail) = (0, 0, Trail::default());
    for group in ground.slots.iter().filter(|g| g.system == at.system) {
        let rule = &ground.standard.rules[group.rule];
        if !watches(rule) {
            continue;
        }
        // Shifts stand in the order of their start, which is on their date.
        let from = group.slots.partition_point(|s| s.first < at.month.first);
        for slot in group.slots[from..].iter().take_while(|s| at.month.contains(s.first)) {
            match slot.state {
                State::Met => {
                    met += 1;
                    asked += 1;
                    trail.rows.extend(slot.met_by.zip(rule.kind).map(|(row, kind)| RowRef { kind: kind as u16, row }));
                }
                State::Missed | State::Waived => asked += 1,
                State::Pending | State::NotApplicable => {}
            }
        }
    }
    trail.hits.clone_from(&trail.rows);
    let mut figure = at.share("coverage", met, asked);
    figure.target = ground.number("coverage_percent", at.month.first);
    if let (Some(target), true) = (figure.target, asked > 0) {
        figure.value = Some(percent(met, asked));
        let enough = i128::from(met) * 100_000_000 >= i128::from(target.0) * i128::from(asked);
        figure.verdict = Some(if enough { Verdict::Pass } else { Verdict::Fail });
    }
    figure.trail = trail.into();
    figure
}
