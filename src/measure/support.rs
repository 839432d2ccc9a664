//! Support and satisfaction (figures.md, section 7).

use crate::calendar::Instant;

use super::{Asked, At, Figure, Ground, RowRef, Scale, Timeline, Trail, due};

/// Below so many scores a share says nothing.
const FEW: usize = 5;

/// The questions of one system, and what people thought of the answers.
#[derive(Default)]
pub(super) struct Support {
    due: Timeline<Asked>,
    scores: Timeline<(i64, RowRef)>,
}

pub(super) fn read(ground: &Ground<'_>) -> Vec<Support> {
    let systems = ground.config.systems.len();
    let mut out: Vec<Support> = (0..systems).map(|_| Support::default()).collect();
    if let Some(source) = ground.source("support") {
        let answered = source.field("answered_at");
        for (support, rows) in out.iter_mut().zip(source.by_system(systems)) {
            support.due = due(rows.into_iter().filter_map(|row| {
                let deadline = ground.deadline(source.at(row), source.date(row), "support_minutes", 60)?;
                Some(Asked { row: source.reference(row), deadline, served: source.time(row, answered) })
            }));
        }
    }
    let mut scores: Vec<Vec<(Instant, (i64, RowRef))>> = vec![Vec::new(); systems];
    for source in ["support", "feedback"].iter().filter_map(|kind| ground.source(kind)) {
        let field = source.field("satisfaction");
        for (scores, rows) in scores.iter_mut().zip(source.by_system(systems)) {
            let score = |row| source.number(row, field).map(|n| (source.at(row), (n, source.reference(row))));
            scores.extend(rows.into_iter().filter_map(score));
        }
    }
    for (support, scores) in out.iter_mut().zip(scores) {
        support.scores = Timeline::new(scores.into_iter());
    }
    out
}

pub(super) fn figures(ground: &Ground<'_>, support: &Support, at: &At, out: &mut Vec<Figure>) {
    if ground.limits("support", "support_minutes") {
        out.push(at.in_time("support_answered", ground.as_of, &support.due));
    }
    if ["support", "feedback"].iter().all(|kind| ground.standard.kind(kind).is_none()) {
        return;
    }
    let scores: Vec<(i64, RowRef)> = support.scores.within(&at.span).collect();
    let hits: Vec<RowRef> = scores.iter().filter(|(score, _)| *score >= 4).map(|(_, row)| *row).collect();
    let mut figure = if scores.len() < FEW {
        at.figure("satisfaction", Scale::Percent)
    } else {
        at.share("satisfaction", hits.len() as i64, scores.len() as i64)
    };
    figure.trail = Trail::parted(scores.into_iter().map(|(_, row)| row).collect(), hits);
    out.push(figure);
}
