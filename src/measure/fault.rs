//! Faults: response in time, medians, what is still open (figures.md, section 4).

use crate::calendar::Instant;

use super::{Asked, At, Figure, Ground, Scale, Source, nearest_rank, whole};

/// The faults of one system.
#[derive(Default)]
pub(super) struct Faults {
    rows: Vec<usize>,
}

pub(super) fn read(ground: &Ground<'_>) -> Vec<Faults> {
    let systems = ground.config.systems.len();
    match ground.source("fault") {
        Some(source) => source.by_system(systems).into_iter().map(|rows| Faults { rows }).collect(),
        None => (0..systems).map(|_| Faults::default()).collect(),
    }
}

pub(super) fn figures(ground: &Ground<'_>, faults: &Faults, at: &At, out: &mut Vec<Figure>) {
    let Some(source) = ground.source("fault") else { return };
    let (grade, responded, resolved) =
        (source.field("grade"), source.field("responded_at"), source.field("resolved_at"));
    let Some(grade_field) = grade else { return };
    for (name, param) in [("urgent", "urgent_minutes"), ("important", "important_minutes")] {
        let Some(code) = source.choice(grade_field, name) else { continue };
        let asked = faults.rows.iter().filter(|&&row| source.code(row, grade) == Some(code)).filter_map(|&row| {
            let deadline = ground.deadline(source.at(row), source.table.date(row), param, 60)?;
            Some(Asked { row: source.reference(row), deadline, served: source.time(row, responded) })
        });
        let mut figure = at.in_time("response_compliance", ground.as_of, asked);
        figure.key = Some(("grade", name.to_owned()));
        out.push(figure);
    }
    let reported: Vec<usize> = faults.rows.iter().copied().filter(|&row| at.span.contains(source.at(row))).collect();
    for (code, choice) in source.kind.choices(grade_field).iter().enumerate() {
        let mine = reported.iter().copied().filter(|&row| source.code(row, grade) == Some(code as u16));
        for (name, to) in [("response_median", responded), ("resolve_median", resolved)] {
            let mut figure = median(&source, at, name, mine.clone(), to);
            figure.key = Some(("grade", choice.name.clone()));
            out.push(figure);
        }
    }
    out.push(open(ground, &source, faults, at));
}

fn median(
    source: &Source<'_>,
    at: &At,
    name: &'static str,
    rows: impl Iterator<Item = usize>,
    to: Option<usize>,
) -> Figure {
    let mut taken = Vec::new();
    let mut refs = Vec::new();
    for row in rows {
        if let Some(end) = source.time(row, to) {
            taken.push(end.0 - source.at(row).0);
            refs.push(source.reference(row));
        }
    }
    let mut figure = at.duration(name, nearest_rank(&mut taken, 50));
    figure.trail.rows = refs;
    figure
}

/// Reported before the month's end (or `as_of`) and not resolved by then.
fn open(ground: &Ground<'_>, source: &Source<'_>, faults: &Faults, at: &At) -> Figure {
    let then: Instant = at.span.end.min(ground.as_of);
    let resolved = source.field("resolved_at");
    let rows: Vec<_> = faults
        .rows
        .iter()
        .copied()
        .filter(|&row| source.at(row) < then && source.time(row, resolved).is_none_or(|done| done > then))
        .map(|row| source.reference(row))
        .collect();
    let mut figure = at.count("faults_open", Scale::Count, whole(rows.len() as i64));
    figure.trail.rows = rows;
    figure
}
