//! What the seals say: sealed records that are not as they were, and records that came late. That each month has a seal
//! at all is a matter of slots (`missed`).

use crate::calendar::Unit;
use crate::finding::Finding;
use crate::say;
use crate::say::{Said, fill};
use crate::seal::Difference;
use crate::standard::{Rule, Seal};

use super::Ground;

pub(super) fn check(ground: &Ground<'_>, rule: &Rule, what: &Seal, found: &mut Vec<Finding>) {
    let asked = |difference: &&Difference| {
        let late = difference.code == "seal.late";
        match what {
            Seal::Sealed(_) => false,
            Seal::Unaltered => !late,
            Seal::Late => late,
        }
    };
    found.extend(ground.archive.differences().filter(asked).map(|difference| finding(ground, rule, difference)));
}

fn finding(ground: &Ground<'_>, rule: &Rule, difference: &Difference) -> Finding {
    let month = difference.month.map_or_else(String::new, |month| month.name(Unit::Month));
    let kind = difference.kind.as_deref().and_then(|name| ground.standard.kind(name));
    let message = if difference.is_of_record() {
        fill(&rule.message, |name| {
            Some(match name {
                "kind" => kind.map_or_else(Said::default, |at| ground.standard.kinds[at].title.clone()),
                "record" => Said::same(difference.record.clone().unwrap_or_default()),
                "month" => Said::same(month.as_str()),
                "outcome" => difference.said.clone(),
                _ => return None,
            })
        })
    } else {
        let Said { zh, en } = &difference.said;
        say!("{month} 的封存已损坏：{zh}", "the seal of {month} is damaged: {en}")
    };
    let mut finding = Finding::new(rule.id.as_str(), rule.severity, message).help(rule.fix.clone());
    finding.clause = Some(rule.clause.clone());
    finding.kind.clone_from(&difference.kind);
    finding.record.clone_from(&difference.record);
    finding.place.clone_from(&difference.place);
    finding.dates = difference.month.map(|month| (month.first, month.last()));
    if let Some((at, row)) = kind.zip(difference.row) {
        let table = &ground.ledger.tables[at];
        finding.dates = table.date(row).map(|day| (day, day)).or(finding.dates);
        let code = ground.standard.kinds[at].system().and_then(|field| table.code(row, field));
        finding.system = code.map(|code| ground.config.systems[usize::from(code)].id.clone());
    }
    finding
}
