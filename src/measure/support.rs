//! Support and satisfaction (figures.md, section 7).

use super::{Asked, At, Figure, Ground, RowRef, Scale, Trail};

/// Below so many scores a share says nothing.
const FEW: usize = 5;

pub(super) fn figures(ground: &Ground<'_>, at: &At, out: &mut Vec<Figure>) {
    if let Some(source) = ground.source("support") {
        let answered = source.field("answered_at");
        let asked = source.of(at.system).filter_map(|row| {
            let deadline = ground.deadline(source.at(row), source.table.date(row), "support_minutes", 60)?;
            Some(Asked { row: source.reference(row), deadline, served: source.time(row, answered) })
        });
        out.push(at.in_time("support_answered", ground.as_of, asked));
    }
    let mut scores: Vec<(i64, RowRef)> = Vec::new();
    for source in ["support", "feedback"].iter().filter_map(|kind| ground.source(kind)) {
        let field = source.field("satisfaction");
        let rows = source.of(at.system).filter(|&row| at.span.contains(source.at(row)));
        scores.extend(rows.filter_map(|row| source.number(row, field).map(|n| (n, source.reference(row)))));
    }
    let hits: Vec<RowRef> = scores.iter().filter(|(score, _)| *score >= 4).map(|(_, row)| *row).collect();
    let mut figure = if scores.len() < FEW {
        at.figure("satisfaction", Scale::Percent)
    } else {
        at.share("satisfaction", hits.len() as i64, scores.len() as i64)
    };
    figure.trail = Trail { rows: scores.into_iter().map(|(_, row)| row).collect(), hits, left_out: Vec::new() };
    out.push(figure);
}
