//! Backups: days with a success, first attempts, off-site share, longest gap, volume (figures.md, section 5).

use rayon::prelude::*;

use crate::calendar::{Instant, Span};
use crate::slots::State;
use crate::value::Decimal;

use super::{At, Figure, Ground, RowRef, Scale, Source, Trail, states};

/// The backups of one system.
#[derive(Clone, Default)]
pub(super) struct Backups {
    /// All of them, in order of their time.
    rows: Vec<Backup>,
    /// The successes, in order of when they were done.
    done: Vec<(Instant, u32)>,
}

#[derive(Clone, Copy)]
struct Backup {
    row: u32,
    good: bool,
    away: bool,
}

/// The backups of each system, in one pass: there may be millions of them.
pub(super) fn read(ground: &Ground<'_>) -> Vec<Backups> {
    let mut out = vec![Backups::default(); ground.config.systems.len()];
    let Some(source) = ground.source("backup") else { return out };
    let Some(system) = source.kind.system() else { return out };
    let (finished, result, offsite) = (source.field("finished_at"), source.field("result"), source.field("offsite"));
    let success = result.and_then(|f| source.choice(f, "success"));
    for row in source.table.live() {
        let Some(system) = source.table.code(row, system) else { continue };
        let (row, of) = (row as u32, &mut out[usize::from(system)]);
        let good = source.code(row, result) == success;
        of.rows.push(Backup { row, good, away: good && source.code(row, offsite) == Some(1) });
        if good {
            of.done.push((source.time(row, finished).unwrap_or_else(|| source.at(row)), row));
        }
    }
    out.par_iter_mut().for_each(|of| {
        of.rows.sort_by_key(|backup| source.at(backup.row));
        of.done.sort_unstable();
    });
    out
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

    let from = backups.rows.partition_point(|backup| source.at(backup.row) < at.span.start);
    let until = backups.rows.partition_point(|backup| source.at(backup.row) < at.span.end);
    let refs = |which: fn(&&Backup) -> bool| -> Vec<RowRef> {
        backups.rows[from..until].iter().filter(which).map(|backup| source.reference(backup.row)).collect()
    };
    let (all, good, away) = (refs(|_| true), refs(|backup| backup.good), refs(|backup| backup.away));
    let (begun, done, sent) = (all.len() as i64, good.len() as i64, away.len() as i64);
    out.push(Figure { trail: Trail::parted(all, good.clone()), ..at.share("backup_first_attempt", done, begun) });
    out.push(Figure { trail: Trail::parted(good.clone(), away), ..at.share("backup_offsite", sent, done) });
    out.push(longest_gap(&source, backups, lived, at));
    volume(&source, &good, at, out);
}

/// The sizes of the month's successes, added up by type. One without a size is left out, and said to be.
fn volume(source: &Source<'_>, good: &[RowRef], at: &At, out: &mut Vec<Figure>) {
    let (Some(size), Some(ty)) = (source.field("size"), source.field("type")) else { return };
    for (code, choice) in source.kind.choices(ty).iter().enumerate() {
        let mine = good.iter().copied().filter(|of| source.code(of.row, Some(ty)) == Some(code as u16));
        let (mut bytes, mut trail) = (0_i64, Trail::default());
        for of in mine {
            match source.number(of.row, Some(size)) {
                Some(n) => {
                    bytes = bytes.saturating_add(n);
                    trail.rows.push(of);
                }
                None => trail.left_out.push((of, "unsized")),
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
