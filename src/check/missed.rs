//! Missed slots: consecutive ones of a rule and system are one finding, split where a waiver covers a part.

use crate::calendar::{Day, Unit};
use crate::finding::Finding;
use crate::say::{Said, fill};
use crate::slots::{Group, Slot, State};
use crate::standard::{Form, Grain, Seal};

use super::Ground;
use super::words::when;

struct Run {
    first: Day,
    last: Day,
    count: u32,
    waiver: Option<u32>,
    /// The waiver came after some of them.
    late: bool,
    /// The shift of the first slot.
    shift: Option<u16>,
}

pub(super) fn check(ground: &Ground<'_>, found: &mut Vec<Finding>) {
    for group in ground.slots {
        found.extend(runs(ground, &group.slots).iter().map(|run| finding(ground, group, run)));
    }
}

fn runs(ground: &Ground<'_>, slots: &[Slot]) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    let mut open = false;
    for slot in slots {
        if !matches!(slot.state, State::Missed | State::Waived) {
            open = false;
            continue;
        }
        let late = slot.waiver.is_some_and(|waiver| ground.waivers.late(waiver, slot.span.end));
        match out.last_mut().filter(|run| open && run.waiver == slot.waiver) {
            Some(run) => {
                run.last = run.last.max(slot.last);
                run.count += 1;
                run.late |= late;
            }
            None => {
                let Slot { first, last, waiver, shift, .. } = *slot;
                out.push(Run { first, last, count: 1, waiver, late, shift });
            }
        }
        open = true;
    }
    out
}

fn finding(ground: &Ground<'_>, group: &Group, run: &Run) -> Finding {
    let rule = &ground.standard.rules[group.rule];
    let system = group.system.map(|s| &ground.config.systems[s]);
    let shift = run.shift.map(|s| ground.config.shifts[usize::from(s)].name.as_str());
    let (grain, limit) = match &rule.form {
        Form::Cadence { every, .. } => (*every, None),
        Form::Closes(closes) => (Grain::Every(closes.every), Some(&closes.limit)),
        Form::Sealed(Seal::Sealed(limit)) => (Grain::Every(Unit::Month), Some(limit)),
        _ => (Grain::Every(Unit::Day), None),
    };
    let message = fill(&rule.message, |name| {
        Some(match name {
            "system" => Said::same(system.map_or("", |s| s.name.as_str())),
            "when" => when(grain, (run.first, run.last), run.count, shift),
            "limit" => ground.standard.limit(limit?, run.first),
            "from" => Said::same(run.first.to_string()),
            "to" => Said::same(run.last.to_string()),
            "count" => Said::same(run.count.to_string()),
            _ => return None,
        })
    });
    let mut finding = Finding::new(rule.id.as_str(), rule.severity, message).help(rule.fix.clone());
    finding.clause = Some(rule.clause.clone());
    finding.kind = rule.kind.map(|k| ground.standard.kinds[k].name.clone());
    finding.system = system.map(|s| s.id.clone());
    finding.dates = Some((run.first, run.last));
    finding.count = Some(run.count);
    finding.waived_by = run.waiver.map(|w| ground.waivers.all[w as usize].id.clone());
    finding.waived_late = run.late;
    finding
}
