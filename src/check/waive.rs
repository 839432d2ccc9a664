//! Waivers laid over findings: a waived one stays in every list, marked, and marked as such where the waiver came after
//! the breach. A waiver that covers nothing is named, and whether its days are over.

use crate::finding::Finding;
use crate::say;
use crate::say::Said;
use crate::slots::WAIVER;

use super::covered::{Covered, covered};
use super::{Ground, UNUSED};

pub(super) fn waive(ground: &Ground<'_>, found: &mut Vec<Finding>) {
    let zone = &ground.config.site.zone;
    let today = zone.date(ground.as_of.plus(-1));
    for finding in found.iter_mut().filter(|f| f.waived_by.is_none() && f.clause.is_some()) {
        let Some((first, last)) = finding.dates else { continue };
        let system = finding.system.as_deref().and_then(|id| ground.config.system(id));
        let Some(at) = ground.waivers.find(&finding.rule, system, first, last) else { continue };
        finding.waived_by = Some(ground.waivers.all[at as usize].id.clone());
        finding.waived_late = ground.waivers.late(at, zone.end(last));
    }
    let Some(kind) = ground.standard.kind(WAIVER) else { return };
    let covered: Vec<usize> =
        covered((ground.standard, zone), ground.waivers, ground.slots, found).iter().map(Covered::n).collect();
    for (waiver, _) in ground.waivers.all.iter().zip(covered).filter(|(_, n)| *n == 0) {
        let (id, rule) = (&waiver.id, &waiver.rule);
        let mut said = say!("豁免 {id}（{rule}）没有覆盖任何问题", "the waiver {id} ({rule}) covers nothing");
        if waiver.to < waiver.from {
            said.push(&say!("：起始日期在截止日期之后", ": it ends before it begins"));
        } else if waiver.to < today {
            said.push(&say!("，已过期", ", and its days are over"));
        } else if today < waiver.from {
            said.push(&say!("，尚未开始", ", and its days are to come"));
        }
        let help = Said::new(
            "检查规则、系统和起止日期；不再需要时可不管它",
            "check its rule, system and dates; if it is no longer needed, let it be",
        );
        let mut finding = Finding::new("waiver.unused", UNUSED, said).kind(WAIVER).help(help);
        finding.system = waiver.system.map(|s| ground.config.systems[s].id.clone());
        finding.record = Some(id.clone());
        finding.dates = Some((waiver.from, waiver.to));
        found.push(finding.at(ground.ledger.place(kind, waiver.row)));
    }
}
