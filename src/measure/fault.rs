//! Faults: response in time, how long answers, fixes and tests took, what is still open (figures.md, section 4).

use crate::calendar::Instant;

use super::{Asked, At, Figure, Ground, Scale, Source, Timeline, Trail, due, ranks, whole};

/// The lengths that are shown: up to which field, and the names of their median, their 90th percentile and their most.
const TAKEN: [(&str, [&str; 3]); 3] = [
    ("responded_at", ["response_median", "response_p90", "response_max"]),
    ("resolved_at", ["resolve_median", "resolve_p90", "resolve_max"]),
    ("verified_at", ["verify_median", "verify_p90", "verify_max"]),
];

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
            .filter(|(_, param)| ground.standard.param(param).is_some())
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
    let taken = TAKEN.map(|(to, names)| (source.field(to), names));
    for (code, choice) in source.kind.choices(grade_field).iter().enumerate() {
        let mine = reported.iter().copied().filter(|&row| source.code(row, grade) == Some(code as u16));
        for (to, names) in taken {
            let of_grade = lengths(&source, at, names, mine.clone(), to);
            out.extend(of_grade.map(|figure| Figure { key: Some(("grade", choice.name.clone())), ..figure }));
        }
    }
    out.extend(open(ground, &source, faults, at));
}

/// How long it took from the report to a later time: the median, the 90th percentile and the most.
fn lengths(
    source: &Source<'_>,
    at: &At,
    names: [&'static str; 3],
    rows: impl Iterator<Item = u32>,
    to: Option<usize>,
) -> [Figure; 3] {
    let done = rows.filter_map(|row| Some((source.time(row, to)?.0 - source.at(row).0, source.reference(row))));
    let (mut taken, rows): (Vec<i64>, Vec<_>) = done.unzip();
    let trail = Trail::of(rows);
    let [median, p90, most] = ranks(&mut taken, [50, 90, 100]);
    let figure = |name, seconds| Figure { trail: trail.clone(), ..at.duration(name, seconds) };
    [figure(names[0], median), figure(names[1], p90), figure(names[2], most)]
}

/// Reported before the month's end (or `as_of`) and not resolved by then: how many, and how old the oldest is.
fn open(ground: &Ground<'_>, source: &Source<'_>, faults: &Faults, at: &At) -> [Figure; 2] {
    let then = at.span.end.min(ground.as_of);
    let open = faults.rows.iter().filter(|(reported, resolved, _)| *reported < then && *resolved > then);
    let oldest = open.clone().min_by_key(|(reported, _, row)| (*reported, *row));
    let rows: Vec<_> = open.map(|(.., row)| source.reference(*row)).collect();
    let mut count = at.count("faults_open", Scale::Count, whole(rows.len() as i64));
    count.trail = Trail::of(rows);
    let mut age = at.duration("faults_oldest_open", oldest.map(|(reported, ..)| then.0 - reported.0));
    age.trail = Trail::of(oldest.map(|(.., row)| source.reference(*row)));
    [count, age]
}
