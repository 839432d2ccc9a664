//! Backups: days with a success, first attempts, off-site share, longest gap, volume (figures.md, section 5).

use crate::calendar::{Instant, Span};
use crate::slots::State;
use crate::value::Decimal;

use super::{At, Figure, Ground, RowRef, Scale, Source, Trail, states};

/// The backups of one system.
#[derive(Default)]
pub(super) struct Backups {
    /// All of them, in order of their time.
    rows: Vec<u32>,
    /// The successes, in order of when they were done.
    done: Vec<(Instant, u32)>,
}

/// The backups of each system, as they stand in the ledger.
pub(super) fn read(ground: &Ground<'_>) -> Vec<Vec<u32>> {
    let systems = ground.config.systems.len();
    ground.source("backup").map_or_else(|| vec![Vec::new(); systems], |source| source.by_system(systems))
}

/// Puts the backups of a system in order. Only while its figures are counted: there may be millions of them.
pub(super) fn sort(ground: &Ground<'_>, rows: &[u32]) -> Backups {
    let Some(source) = ground.source("backup") else { return Backups::default() };
    let (finished, result) = (source.field("finished_at"), source.field("result"));
    let success = result.and_then(|f| source.choice(f, "success"));
    let mut done: Vec<(Instant, u32)> = rows
        .iter()
        .filter(|&&row| source.code(row, result) == success)
        .map(|&row| (source.time(row, finished).unwrap_or_else(|| source.at(row)), row))
        .collect();
    done.sort_unstable();
    let mut rows = rows.to_vec();
    rows.sort_by_key(|&row| source.at(row));
    Backups { rows, done }
}

pub(super) fn figures(ground: &Ground<'_>, backups: &Backups, lived: Span, at: &At, out: &mut Vec<Figure>) {
    let Some(source) = ground.source("backup") else { return };
    if let Some(group) = ground.group("backup.daily", at.system) {
        let (met, missed, _) = states(group, &at.span);
        let from = group.slots.partition_point(|s| s.first < at.month.first);
        let of_month = group.slots[from..].iter().take_while(|s| at.month.contains(s.first));
        let proven = of_month.filter(|s| s.state == State::Met);
        let rows: Vec<RowRef> = proven.filter_map(|s| s.met_by).map(|row| source.reference(row)).collect();
        let trail = Trail::parted(rows.clone(), rows);
        out.push(Figure { trail, ..at.share("backup_success", met, met + missed) });
    }

    let (result, offsite) = (source.field("result"), source.field("offsite"));
    let code = result.and_then(|f| source.choice(f, "success"));
    let from = backups.rows.partition_point(|&row| source.at(row) < at.span.start);
    let until = backups.rows.partition_point(|&row| source.at(row) < at.span.end);
    let month = &backups.rows[from..until];
    let good: Vec<u32> = month.iter().copied().filter(|&row| source.code(row, result) == code).collect();
    let away: Vec<u32> = good.iter().copied().filter(|&row| source.code(row, offsite) == Some(1)).collect();
    let refs = |rows: &[u32]| rows.iter().map(|&row| source.reference(row)).collect::<Vec<_>>();
    let mut first = at.share("backup_first_attempt", good.len() as i64, month.len() as i64);
    first.trail = Trail::parted(refs(month), refs(&good));
    out.push(first);
    let mut offsite = at.share("backup_offsite", away.len() as i64, good.len() as i64);
    offsite.trail = Trail::parted(refs(&good), refs(&away));
    out.push(offsite);
    out.push(longest_gap(&source, backups, lived, at));
    volume(&source, &good, at, out);
}

/// The sizes of the month's successes, added up by type. One without a size is left out, and said to be.
fn volume(source: &Source<'_>, good: &[u32], at: &At, out: &mut Vec<Figure>) {
    let (Some(size), Some(ty)) = (source.field("size"), source.field("type")) else { return };
    for (code, choice) in source.kind.choices(ty).iter().enumerate() {
        let mine = good.iter().copied().filter(|&row| source.code(row, Some(ty)) == Some(code as u16));
        let (mut bytes, mut trail) = (0_i64, Trail::default());
        for row in mine {
            match source.number(row, Some(size)) {
                Some(n) => {
                    bytes = bytes.saturating_add(n);
                    trail.rows.push(source.reference(row));
                }
                None => trail.left_out.push((source.reference(row), "unsized")),
            }
        }
        let mut figure = at.figure("backup_volume", Scale::Megabytes);
        figure.key = Some(("type", choice.name.clone()));
        if !trail.rows.is_empty() {
            // A megabyte is a million bytes, and a decimal has millionths: so the bytes are the value.
            figure.value = Some(Decimal(bytes));
            figure.verdict = None;
        }
        figure.numerator = Some(bytes);
        figure.denominator = Some(i64::from(!trail.rows.is_empty()));
        figure.trail = trail.into();
        out.push(figure);
    }
}

/// The largest whole gap between successes, from the start of service to `as_of` or retirement, that overlaps the month.
fn longest_gap(source: &Source<'_>, backups: &Backups, lived: Span, at: &At) -> Figure {
    let before = backups.done.partition_point(|(done, _)| *done <= at.span.start).saturating_sub(1);
    let after = backups.done.partition_point(|(done, _)| *done < at.span.end);
    let mut marks: Vec<(Instant, Option<u32>)> = Vec::new();
    if before == 0 {
        marks.push((lived.start, None));
    }
    marks.extend(backups.done[before..].iter().take(after + 1 - before).map(|(done, row)| (*done, Some(*row))));
    if after >= backups.done.len() {
        marks.push((lived.end, None));
    }
    marks.sort_by_key(|(mark, _)| *mark);
    let gap = marks
        .windows(2)
        .filter(|pair| {
            let (a, b) = (pair[0].0, pair[1].0);
            a < b && a < at.span.end && at.span.start < b
        })
        .max_by_key(|pair| pair[1].0.0 - pair[0].0.0);
    let mut figure = at.duration("backup_longest_gap", gap.map(|pair| pair[1].0.0 - pair[0].0.0));
    figure.trail = Trail::of(gap.into_iter().flatten().filter_map(|(_, row)| *row).map(|row| source.reference(row)));
    figure
}
