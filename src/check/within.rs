//! `within`: a time is at most a limit after another. Equal to the limit is in time.

use crate::calendar::{DAY, Instant};
use crate::finding::Finding;
use crate::ledger::Value;
use crate::say;
use crate::say::Said;
use crate::standard::{Limit, Type, Within};
use crate::value;

use super::Scene;
use super::words::length;

pub(super) fn check(scene: &Scene<'_>, within: &Within, found: &mut Vec<Finding>) {
    let as_of = scene.ground.as_of;
    for row in scene.rows() {
        if !within.sum_positive.is_empty() && sum(scene, row, &within.sum_positive) <= 0 {
            continue;
        }
        match deadline(scene, within, row) {
            Deadline::None => {}
            Deadline::Unknown => found.push(unknown(scene, within, row)),
            Deadline::At(due) => {
                let done = within
                    .to
                    .filter(|_| within.to_where.holds(scene.table, row))
                    .and_then(|field| scene.instant(row, field).map(|at| (field, at)));
                let future = within.required && scene.instant(row, within.from).is_some_and(|from| from > as_of);
                if future {
                    found.push(early(scene, within, row, due));
                } else if done.map_or(as_of, |(_, at)| at) > due.at {
                    found.push(late(scene, within, row, due, done));
                }
            }
        }
    }
}

/// Until when a record has time; none where nothing is asked of it, or what would tell is missing.
pub(super) fn until(scene: &Scene<'_>, within: &Within, row: usize) -> Option<Instant> {
    let asked = within.sum_positive.is_empty() || sum(scene, row, &within.sum_positive) > 0;
    match deadline(scene, within, row) {
        Deadline::At(due) if asked => Some(due.at),
        _ => None,
    }
}

enum Deadline {
    /// Nothing is asked of this record.
    None,
    /// It is asked, and what would tell when is missing.
    Unknown,
    At(Due),
}

/// Until when, and how that came about.
struct Due {
    at: Instant,
    /// The deadline in words: a time, or the last day.
    shown: Said,
    limit: Said,
}

/// What would tell the deadline is missing.
fn unknown(scene: &Scene<'_>, within: &Within, row: usize) -> Finding {
    let mut fields = vec![within.from];
    fields.extend(match within.limit {
        Limit::Field(limit) => Some(limit),
        Limit::One(_) | Limit::By { .. } => None,
    });
    fields.retain(|&f| !scene.table.has(row, f));
    let none = Said::new("（未定）", "(not set)");
    let more = [
        ("fields", scene.names(&fields)),
        ("deadline", none.clone()),
        ("limit", none),
        ("outcome", scene.lacks(&fields)),
    ];
    scene.finding(row, fields.first().copied(), &more)
}

/// What started the clock lies after `as_of`.
fn early(scene: &Scene<'_>, within: &Within, row: usize, due: Due) -> Finding {
    let (Said { zh, en }, at) = (scene.names(&[within.from]), scene.shown(row, within.from).zh);
    let outcome = say!("{zh} {at} 还没有到", "{en} {at} has not come yet");
    let more =
        [("fields", scene.names(&[within.from])), ("deadline", due.shown), ("limit", due.limit), ("outcome", outcome)];
    scene.finding(row, Some(within.from), &more)
}

/// It was done after the deadline, or is not done though that has passed.
fn late(scene: &Scene<'_>, within: &Within, row: usize, due: Due, done: Option<(usize, Instant)>) -> Finding {
    let until = done.map_or(scene.ground.as_of, |(_, at)| at);
    let (deadline, Said { zh, en }) = (&due.shown.zh, length(until.0 - due.at.0));
    let outcome = match (within.to, done) {
        (_, Some((field, _))) => {
            let shown = scene.shown(row, field).zh;
            say!("应不晚于 {deadline}，实际为 {shown}，晚了 {zh}", "due {deadline}, done {shown}, {en} late")
        }
        (Some(_), None) => {
            say!("应不晚于 {deadline}，尚无记录，已超过 {zh}", "due {deadline}, nothing recorded yet, {en} overdue")
        }
        (None, None) => say!("应不晚于 {deadline}，已超过 {zh}", "due {deadline}, {en} overdue"),
    };
    let field = within.to.unwrap_or(within.from);
    let more = [("fields", scene.names(&[field])), ("deadline", due.shown), ("limit", due.limit), ("outcome", outcome)];
    scene.finding(row, Some(field), &more)
}

fn deadline(scene: &Scene<'_>, within: &Within, row: usize) -> Deadline {
    let unknown = if within.required { Deadline::Unknown } else { Deadline::None };
    let Some(from) = scene.instant(row, within.from) else { return unknown };
    let zone = &scene.ground.config.site.zone;
    let amount = match &within.limit {
        Limit::One(amount) => amount,
        Limit::By { field, cases } => {
            let code = scene.table.code(row, *field);
            match cases.iter().find(|(case, _)| Some(u16::from(*case)) == code) {
                Some((_, amount)) => amount,
                None => return Deadline::None,
            }
        }
        Limit::Field(field) => {
            let Ok(interval) = value::interval(scene.table.text(row, *field)) else { return unknown };
            let day = interval.after(zone.date(from));
            return Deadline::At(Due {
                at: zone.end(day),
                shown: Said::same(day.to_string()),
                limit: scene.shown(row, *field),
            });
        }
    };
    let limit = scene.ground.standard.limit(amount, scene.day(row));
    let seconds = scene.ground.standard.seconds(amount, scene.day(row));
    // From a date, the end of the local day so many days later (standard.md, section 3).
    if let (Type::Date, Value::Day(date)) = (&scene.kind.fields[within.from].ty, scene.table.get(row, within.from)) {
        let day = date.plus((seconds / DAY) as i32);
        return Deadline::At(Due { at: zone.end(day), shown: Said::same(day.to_string()), limit });
    }
    let at = from.plus(seconds);
    Deadline::At(Due { at, shown: Said::same(zone.local(at)), limit })
}

fn sum(scene: &Scene<'_>, row: usize, fields: &[usize]) -> i64 {
    let number = |&field: &usize| match scene.table.get(row, field) {
        Value::Number(n) => n,
        _ => 0,
    };
    fields.iter().map(number).fold(0, i64::saturating_add)
}
