//! Improvements done of those due, and those that are overdue; of the whole organisation (figures.md, section 8).

use crate::calendar::Day;
use crate::ledger::Value;

use super::{At, Figure, Ground, RowRef, Scale, Timeline, Trail, whole};

/// An improvement that was not dropped.
#[derive(Clone, Copy)]
struct Item {
    row: RowRef,
    raised: Option<Day>,
    due: Day,
    done: bool,
    /// On which day; none of one that is not done, or of which nobody says.
    done_at: Option<Day>,
}

/// The improvements, by the day on which they are due.
pub(super) struct Plan {
    by_due: Timeline<Item>,
    all: Vec<Item>,
}

/// Reads the improvements; none where the standard has no such records.
pub(super) fn read(ground: &Ground<'_>) -> Option<Plan> {
    let source = ground.source("improvement")?;
    let (due, status, done_at) = (source.field("due")?, source.field("status")?, source.field("done_at"));
    let (done, dropped) = (source.choice(status, "done"), source.choice(status, "dropped"));
    let day = |row: usize, field: usize| match source.table.get(row, field) {
        Value::Day(day) => Some(day),
        _ => None,
    };
    let kept = source.table.live().filter(|&row| source.table.code(row, status) != dropped);
    let item = |row: usize| {
        let done = source.table.code(row, status) == done;
        Some(Item {
            row: source.reference(row as u32),
            raised: source.table.date(row),
            due: day(row, due)?,
            done,
            done_at: done_at.filter(|_| done).and_then(|field| day(row, field)),
        })
    };
    let all: Vec<Item> = kept.filter_map(item).collect();
    let by_due = Timeline::new(all.iter().map(|item| (ground.config.site.zone.start(item.due), *item)));
    Some(Plan { by_due, all })
}

pub(super) fn figures(ground: &Ground<'_>, plan: &Plan, at: &At, out: &mut Vec<Figure>) {
    let due: Vec<Item> = plan.by_due.within(&at.span).collect();
    let hits: Vec<RowRef> = due.iter().filter(|item| item.done).map(|item| item.row).collect();
    let mut done = at.share("improvements_done", hits.len() as i64, due.len() as i64);
    done.trail = Trail::parted(due.into_iter().map(|item| item.row).collect(), hits);
    out.push(done);

    // Raised and due by the last day of the month (or of judgement), and not done by then: one that was done later was
    // overdue then, one without a day of its completion counts as its status says.
    let then = at.span.end.min(ground.as_of);
    let today = ground.config.site.zone.date(then.plus(-1));
    let open = |item: &&Item| !(item.done && item.done_at.is_none_or(|day| day <= today));
    let late = plan.all.iter().filter(|item| item.due < today && item.raised.is_some_and(|day| day <= today));
    let rows: Vec<RowRef> = late.filter(open).map(|item| item.row).collect();
    let mut overdue = at.count("improvements_overdue", Scale::Count, whole(rows.len() as i64));
    overdue.trail = Trail::of(rows);
    out.push(overdue);
}
