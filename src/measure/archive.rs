//! The archive itself: records read, accepted, rejected and sealed, of the whole organisation (figures.md, section 8).

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::calendar::{Day, Period, Unit};
use crate::ledger::{NO_DAY, Standing, Table};
use crate::seal;
use crate::seal::compare::covered;

use super::{At, Figure, Ground, RowRef, Scale, Trail, whole};

/// What a month holds.
#[derive(Clone, Default)]
struct Count {
    accepted: i64,
    rejected: Vec<RowRef>,
    /// How many of the accepted ones a seal holds as they are.
    sealed: i64,
    /// The others, in a month that is sealed: it is for them to be looked into.
    unsealed: Vec<RowRef>,
}

/// The records of each month, by its first day. One whose day could not be read is in no month.
pub(super) struct Archive {
    months: BTreeMap<Day, Count>,
}

/// Counts the records of all kinds, kind by kind.
pub(super) fn read(ground: &Ground<'_>) -> Archive {
    let kinds: Vec<usize> = (0..ground.standard.kinds.len()).filter(|&at| !ground.standard.kinds[at].pages).collect();
    let counted: Vec<BTreeMap<Day, Count>> =
        kinds.into_par_iter().map(|at| of_kind(at, &ground.ledger.tables[at], ground.archive)).collect();
    let mut months: BTreeMap<Day, Count> = BTreeMap::new();
    for (month, count) in counted.into_iter().flatten() {
        let sum = months.entry(month).or_default();
        sum.accepted += count.accepted;
        sum.rejected.extend(count.rejected);
        sum.sealed += count.sealed;
        sum.unsealed.extend(count.unsealed);
    }
    Archive { months }
}

fn of_kind(at: usize, table: &Table, archive: &seal::Archive) -> BTreeMap<Day, Count> {
    let mut months: BTreeMap<Day, Count> = BTreeMap::new();
    let row_ref = |row: usize| RowRef { kind: at as u16, row: row as u32 };
    // Rows mostly follow each other in time: those of one month are added at once.
    let mut month = Period::of(Unit::Month, Day(0));
    let (mut accepted, mut covers) = (0, false);
    let held = archive.records.get(at).map_or(&[][..], |kind| kind.held.as_slice());
    let mut held = held.iter().map(|(row, _)| *row).peekable();
    for (row, (&day, standing)) in table.day.iter().zip(&table.standing).enumerate() {
        let sealed = held.next_if_eq(&row).is_some();
        if day == NO_DAY {
            continue;
        }
        if !month.contains(Day(day)) {
            months.entry(month.first).or_default().accepted += accepted;
            (month, accepted) = (Period::of(Unit::Month, Day(day)), 0);
            covers = covered(&archive.seals, month);
        }
        match standing {
            Standing::Rejected => months.entry(month.first).or_default().rejected.push(row_ref(row)),
            Standing::Counts | Standing::Corrected | Standing::Future => {
                accepted += 1;
                if sealed {
                    months.entry(month.first).or_default().sealed += 1;
                } else if covers {
                    months.entry(month.first).or_default().unsealed.push(row_ref(row));
                }
            }
        }
    }
    months.entry(month.first).or_default().accepted += accepted;
    months
}

pub(super) fn figures(archive: &Archive, at: &At, out: &mut Vec<Figure>) {
    let count = archive.months.get(&at.month.first).cloned().unwrap_or_default();
    let rejected = count.rejected.len() as i64;
    let read = count.accepted + rejected;
    let part = |name: &'static str, of: i64, n: i64| {
        let figure = at.count(name, Scale::Count, whole(n));
        Figure { numerator: Some(n), denominator: Some(of), ..figure }
    };
    // The accepted ones are the rows of the registers of the month, and not named here one by one.
    out.push(at.count("records_read", Scale::Count, whole(read)));
    out.push(part("records_accepted", read, count.accepted));
    let trail = Trail::parted(count.rejected.clone(), count.rejected);
    out.push(Figure { trail, ..part("records_rejected", read, rejected) });
    let trail = Trail::parted(count.unsealed, Vec::new());
    out.push(Figure { trail, ..part("records_sealed", count.accepted, count.sealed) });
}
