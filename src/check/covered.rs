//! What a waiver covers: slots, and findings about records and figures. The one place that decides it, for the finding
//! that a waiver covers nothing and for the register alike.

use std::collections::BTreeSet;

use crate::calendar::Zone;
use crate::finding::Finding;
use crate::slots::{Group, State, Waivers};
use crate::standard::Standard;

/// What a waiver covers.
#[derive(Debug, Clone, Default)]
pub struct Covered<'a> {
    /// How many slots.
    pub slots: usize,
    /// The findings about records and figures.
    pub findings: Vec<&'a Finding>,
    /// Whether any of them had happened before it was approved: a slot is missed and a figure falls short when the
    /// period has ended, a finding about a record is made on its day.
    pub late: bool,
}

impl Covered<'_> {
    /// How many slots and findings.
    pub fn n(&self) -> usize {
        self.slots + self.findings.len()
    }
}

/// What each waiver covers, in the order of the waivers, once they are laid over the findings.
pub fn covered<'a>(
    (standard, zone): (&Standard, &Zone),
    waivers: &Waivers,
    slots: &[Group],
    findings: &'a [Finding],
) -> Vec<Covered<'a>> {
    let all = &waivers.all;
    let mut out = vec![Covered::default(); all.len()];
    for slot in slots.iter().flat_map(|group| &group.slots).filter(|slot| slot.state == State::Waived) {
        if let Some(at) = slot.waiver {
            let of = &mut out[at as usize];
            of.slots += 1;
            of.late |= waivers.late(at, slot.span.end);
        }
    }
    // A finding about missed slots says again what the slots say.
    let slotted: BTreeSet<&str> = slots.iter().map(|group| standard.rules[group.rule].id.as_str()).collect();
    for finding in findings.iter().filter(|finding| !slotted.contains(finding.rule.as_str())) {
        let waiver = finding.waived_by.as_deref().and_then(|id| all.binary_search_by(|w| w.id.as_str().cmp(id)).ok());
        if let (Some(at), Some((_, day))) = (waiver, finding.dates) {
            out[at].findings.push(finding);
            out[at].late |= waivers.late(at as u32, zone.end(day));
        }
    }
    out
}
