//! `within`: a time is at most a limit after another. Equal to the limit is in time.

use crate::calendar::Instant;
use crate::finding::Finding;
use crate::ledger::Value;
use crate::say;
use crate::say::Said;
use crate::standard::{Amount, Limit, Type, Within};
use crate::value;

use super::Scene;

pub(super) fn check(scene: &Scene<'_>, within: &Within, found: &mut Vec<Finding>) {
    for row in scene.rows() {
        if !within.sum_positive.is_empty() && sum(scene, row, &within.sum_positive) <= 0 {
            continue;
        }
        match deadline(scene, within, row) {
            Deadline::None => {}
            Deadline::Unknown => {
                let missing: Vec<usize> = match within.limit {
                    Limit::Field(limit) => vec![within.from, limit],
                    _ => vec![within.from],
                };
                let missing: Vec<usize> = missing.into_iter().filter(|&f| !scene.table.has(row, f)).collect();
                let none = Said::new("（未定）", "(not set)");
                let more = [("fields", scene.names(&missing)), ("deadline", none.clone()), ("limit", none)];
                found.push(scene.finding(row, &more));
            }
            Deadline::At(at, limit) => {
                let to = within
                    .to
                    .filter(|_| within.to_where.holds(scene.table, row))
                    .and_then(|field| scene.instant(row, field));
                let as_of = scene.ground.as_of;
                let early = within.required && scene.instant(row, within.from).is_some_and(|from| from > as_of);
                if early || to.map_or(as_of > at, |to| to > at) {
                    let shown = Said::same(scene.ground.config.site.zone.local(at));
                    let fields = scene.names(&[within.to.unwrap_or(within.from)]);
                    found.push(scene.finding(row, &[("deadline", shown), ("limit", limit), ("fields", fields)]));
                }
            }
        }
    }
}

/// Until when a record has time; none where nothing is asked of it, or what would tell is missing.
pub(super) fn until(scene: &Scene<'_>, within: &Within, row: usize) -> Option<Instant> {
    let asked = within.sum_positive.is_empty() || sum(scene, row, &within.sum_positive) > 0;
    match deadline(scene, within, row) {
        Deadline::At(at, _) if asked => Some(at),
        _ => None,
    }
}

enum Deadline {
    /// Nothing is asked of this record.
    None,
    /// It is asked, and what would tell when is missing.
    Unknown,
    At(Instant, Said),
}

fn deadline(scene: &Scene<'_>, within: &Within, row: usize) -> Deadline {
    let unknown = if within.required { Deadline::Unknown } else { Deadline::None };
    let Some(from) = scene.instant(row, within.from) else { return unknown };
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
            let zone = &scene.ground.config.site.zone;
            let day = interval.after(zone.date(from));
            return Deadline::At(zone.end(day), scene.shown(row, *field));
        }
    };
    let at = after(scene, within.from, row, from, amount);
    let number = scene.ground.standard.amount(amount, scene.day(row));
    let unit = amount.unit.said();
    let (zh, en) = (&unit.zh, &unit.en);
    Deadline::At(at, say!("{number} {zh}", "{number} {en}"))
}

/// So many units after a time; from a date, the end of the local day so many days later (standard.md, section 3).
fn after(scene: &Scene<'_>, field: usize, row: usize, from: Instant, amount: &Amount) -> Instant {
    let day = scene.day(row);
    let seconds = scene.ground.standard.seconds(amount, day);
    if scene.kind.fields[field].ty == Type::Date
        && let Value::Day(date) = scene.table.get(row, field)
    {
        return scene.ground.config.site.zone.end(date.plus((seconds / crate::calendar::DAY) as i32));
    }
    from.plus(seconds)
}

fn sum(scene: &Scene<'_>, row: usize, fields: &[usize]) -> i64 {
    let number = |&field: &usize| match scene.table.get(row, field) {
        Value::Number(n) => n,
        _ => 0,
    };
    fields.iter().map(number).fold(0, i64::saturating_add)
}
