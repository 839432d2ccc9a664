//! Faults: response in time, medians, what is still open (figures.md, section 4).

use crate::calendar::Instant;

use super::{Asked, At, Figure, Ground, Scale, Source, Timeline, due, nearest_rank, whole};

/// The faults of one system.
#[derive(Default)]
pub(super) struct Faults {
    /// Those with a limit: the grade's name, and when they were due.
    due: Vec<(&'static str, Timeline<Asked>)>,
    reported: Timeline<u32>,
    /// When each was reported, when it was resolved; in order.
    rows: Vec<(Instant, Instant, u32)>,
}

pub(super) fn read(ground: &Ground<'_>) -> Vec<Faults> {
    let systems = ground.config.systems.len();
    let Some(source) = ground.source("fault") else { return (0..systems).map(|_| Faults::default()).collect() };
    let (grade, responded, resolved) =
        (source.field("grade"), source.field("responded_at"), source.field("resolved_at"));
    let of_grade = |rows: &[u32], (name, param): (&'static str, &str)| {
        let code = source.choice(grade?, name)?;
        let mine = rows.iter().filter(|&&row| source.code(row, grade) == Some(code));
        let asked = mine.filter_map(|&row| {
            let deadline = ground.deadline(source.at(row), source.date(row), param, 60)?;
            Some(Asked { row: source.reference(row), deadline, served: source.time(row, responded) })
        });
        Some((name, due(asked)))
    };
    let of_system = |rows: Vec<u32>| Faults {
        due: [("urgent", "urgent_minutes"), ("important", "important_minutes")]
            .into_iter()
            .filter_map(|limit| of_grade(&rows, limit))
            .collect(),
        reported: Timeline::new(rows.iter().map(|&row| (source.at(row), row))),
        rows: rows
            .into_iter()
            .map(|row| (source.at(row), source.time(row, resolved).unwrap_or(Instant(i64::MAX)), row))
            .collect(),
    };
    source.by_system(systems).into_iter().map(of_system).collect()
}

pub(super) fn figures(ground: &Ground<'_>, faults: &Faults, at: &At, out: &mut Vec<Figure>) {
    let Some(source) = ground.source("fault") else { return };
    let grade = source.field("grade");
    let Some(grade_field) = grade else { return };
    for (name, asked) in &faults.due {
        let mut figure = at.in_time("response_compliance", ground.as_of, asked);
        figure.key = Some(("grade", (*name).to_owned()));
        out.push(figure);
    }
    let reported: Vec<u32> = faults.reported.within(&at.span).collect();
    for (code, choice) in source.kind.choices(grade_field).iter().enumerate() {
        let mine = reported.iter().copied().filter(|&row| source.code(row, grade) == Some(code as u16));
        for (name, to) in
            [("response_median", source.field("responded_at")), ("resolve_median", source.field("resolved_at"))]
        {
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
    rows: impl Iterator<Item = u32>,
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
    let then = at.span.end.min(ground.as_of);
    let open = faults.rows.iter().filter(|(reported, resolved, _)| *reported < then && *resolved > then);
    let rows: Vec<_> = open.map(|(.., row)| source.reference(*row)).collect();
    let mut figure = at.count("faults_open", Scale::Count, whole(rows.len() as i64));
    figure.trail.rows = rows;
    figure
}
