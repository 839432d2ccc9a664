//! Completeness: slots met of those that were due, by kind (figures.md, section 2).

use std::collections::BTreeMap;

use crate::calendar::{Day, Period, Unit};
use crate::slots::State;

use super::{At, Figure, Ground};

/// Met and missed by system, month and kind.
pub(super) struct Complete {
    counts: BTreeMap<(Option<usize>, Day, String), (i64, i64)>,
}

/// Sums the slots. One belongs to the month in which its period ends, a shift to its date's.
pub(super) fn count(ground: &Ground<'_>) -> Complete {
    let mut counts: BTreeMap<(Option<usize>, Day, String), (i64, i64)> = BTreeMap::new();
    for group in ground.slots {
        let Some(kind) = ground.standard.rules[group.rule].kind else { continue };
        let name = &ground.standard.kinds[kind].name;
        let mut month = (Day(i32::MIN), (0, 0));
        let mut of = Period { first: Day(i32::MIN), after: Day(i32::MIN) };
        let mut flush = |month: &mut (Day, (i64, i64)), next: Day| {
            if month.0 != next {
                if month.1 != (0, 0) {
                    let entry = counts.entry((group.system, month.0, name.clone())).or_default();
                    *entry = (entry.0 + month.1.0, entry.1 + month.1.1);
                }
                *month = (next, (0, 0));
            }
        };
        for slot in &group.slots {
            let day = if slot.shift.is_some() { slot.first } else { slot.last };
            match slot.state {
                State::Met | State::Missed => {
                    if !of.contains(day) {
                        of = Period::of(Unit::Month, day);
                        flush(&mut month, of.first);
                    }
                    month.1.0 += i64::from(slot.state == State::Met);
                    month.1.1 += i64::from(slot.state == State::Missed);
                }
                State::Waived | State::Pending | State::NotApplicable => {}
            }
        }
        flush(&mut month, Day(i32::MAX));
    }
    Complete { counts }
}

pub(super) fn figures(complete: &Complete, at: &At, out: &mut Vec<Figure>) {
    let from = (at.system, at.month.first, String::new());
    let mine = complete.counts.range(from..).take_while(|(key, _)| key.0 == at.system && key.1 == at.month.first);
    for ((_, _, kind), (met, missed)) in mine {
        let mut figure = at.share("completeness", *met, met + missed);
        figure.key = Some(("kind", kind.clone()));
        out.push(figure);
    }
}
