//! Drafts to records: those that tell of one thing become one, and each finds its system and its id.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::calendar::{Day, Instant};
use crate::finding::{Finding, Severity};
use crate::say;
use crate::say::Said;
use crate::source::Place;
use crate::value;

use super::super::reading::{Draft, Scope};
use super::known::{SLACK, other_zone};
use super::{Order, Record};

/// Binds the drafts, in their order.
pub fn bind(order: &Order<'_>, drafts: Vec<Draft>, findings: &mut Vec<Finding>) -> Vec<Record> {
    let merged = merge(order, drafts, findings);
    let mut strangers = Strangers::default();
    let (mut out, mut left_out) = (Vec::new(), None);
    for draft in merged {
        if !order.only.is_empty() && !bears(&draft, order.only) {
            left_out.get_or_insert((0_usize, draft.place.clone())).0 += 1;
            continue;
        }
        let Some(kind) = order.standard.kind(&draft.kind) else {
            findings.push(no_kind(&draft));
            continue;
        };
        let wants = order.standard.kinds[kind].system();
        let systems = systems(order, &draft);
        if wants.is_some() && systems.is_empty() && order.standard.kinds[kind].per_system() {
            strangers.add(&draft);
            continue;
        }
        let several = draft.scope == Scope::Each && systems.len() > 1;
        if several {
            findings.extend(unknown_among(order, &draft));
        }
        let found: Vec<Option<usize>> =
            if systems.is_empty() { vec![None] } else { systems.into_iter().map(Some).collect() };
        for system in found {
            let id = id(order, &draft, system, several);
            let draft = draft.clone();
            out.push(Record { kind, id, system, draft, cells: Vec::new(), at: Instant(0), day: Day(0) });
        }
    }
    if let Some((n, place)) = left_out {
        let said = say!("{n} 条记录不在 --only 之列，未导入", "{n} records are not among --only and were left out");
        findings.push(Finding::new("import.note", Severity::Info, said).at(place));
    }
    findings.extend(strangers.told(order));
    out
}

/// One draft for each thing: what a later one says fills what an earlier one leaves open.
/// One that gives another time contradicts it, and is refused.
fn merge(order: &Order<'_>, drafts: Vec<Draft>, findings: &mut Vec<Finding>) -> Vec<Draft> {
    let mut at: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut out: Vec<Draft> = Vec::new();
    for draft in drafts {
        match at.entry((draft.kind.clone(), draft.tail.clone())) {
            Entry::Vacant(slot) => {
                slot.insert(out.len());
                out.push(draft);
            }
            Entry::Occupied(slot) => {
                let first = &mut out[*slot.get()];
                if let Some(finding) = contradiction(order, first, &draft) {
                    findings.push(finding);
                    continue;
                }
                for (field, value) in draft.firm {
                    if first.value(&field).is_none() {
                        first.firm.push((field, value));
                    }
                }
                first.assumed.extend(draft.assumed);
                first.names.extend(draft.names);
                for note in draft.notes {
                    if !first.notes.contains(&note) {
                        first.notes.push(note);
                    }
                }
            }
        }
    }
    out
}

fn contradiction(order: &Order<'_>, first: &Draft, draft: &Draft) -> Option<Finding> {
    let kind = &order.standard.kinds[order.standard.kind(&draft.kind)?];
    let field = &kind.fields[kind.at].name;
    let zone = &order.ground.config.site.zone;
    let time =
        |draft: &Draft| value::time(draft.value(field)?.as_bytes(), zone, kind.date_order).ok().map(|time| time.at);
    let (old, new) = (time(first)?, time(draft)?);
    if draft.recurs || (old.0 - new.0).abs() <= SLACK {
        return None;
    }
    let (there, tail) = (&first.place, &draft.tail);
    let (old, new) = (order.ground.stamp(old), order.ground.stamp(new));
    let why = say!(
        "{tail} 在 {there} 的时间是 {old}，这里却是 {new}",
        "{tail} has the time {old} at {there}, and here it is {new}"
    );
    Some(Finding::new("import.known", Severity::Error, why).at(draft.place.clone()).help(other_zone()))
}

fn bears(draft: &Draft, only: &[String]) -> bool {
    draft.names.iter().any(|name| only.iter().any(|wanted| wanted.to_lowercase() == name.trim().to_lowercase()))
}

/// The systems that a draft is about: one, or each that is named.
fn systems(order: &Order<'_>, draft: &Draft) -> Vec<usize> {
    if draft.scope != Scope::Each || order.ground.system.is_some() {
        return order.ground.system_of(&draft.names).into_iter().collect();
    }
    let mut out = Vec::new();
    for system in draft.names.iter().filter_map(|name| order.ground.named(name)) {
        if !out.contains(&system) {
            out.push(system);
        }
    }
    out
}

/// Of a record that names several systems, some may be known and some not.
fn unknown_among(order: &Order<'_>, draft: &Draft) -> Option<Finding> {
    let unknown: Vec<&str> =
        draft.names.iter().filter(|n| order.ground.named(n).is_none()).map(String::as_str).collect();
    let (zh, en) = (unknown.join("、"), unknown.join(", "));
    let said = say!("其中不是系统的名称：{zh}", "names among them that are no system's: {en}");
    (!unknown.is_empty()).then(|| Finding::new("import.note", Severity::Info, said).at(draft.place.clone()))
}

fn id(order: &Order<'_>, draft: &Draft, system: Option<usize>, several: bool) -> String {
    let (source, tail) = (order.source, &draft.tail);
    match system.map(|at| order.ground.config.systems[at].id.as_str()) {
        Some(system) if draft.scope == Scope::System => format!("{source}-{system}-{tail}"),
        Some(system) if several => each(source, tail, system),
        _ => format!("{source}-{tail}"),
    }
}

/// The id of a record that is one of several, by its system.
pub(super) fn each(source: &str, tail: &str, system: &str) -> String {
    format!("{source}-{tail}-{system}")
}

fn no_kind(draft: &Draft) -> Finding {
    let kind = &draft.kind;
    let why = say!("本工作区的标准没有 {kind} 这一种类", "the standard of this workspace has no kind {kind}");
    Finding::new("import.value", Severity::Error, why).at(draft.place.clone())
}

/// Names that are no system's: told once each, with how many records they keep out.
#[derive(Default)]
struct Strangers(BTreeMap<(String, String), (u32, Place)>);

impl Strangers {
    fn add(&mut self, draft: &Draft) {
        // The first name is what the tool itself calls the thing; the others are guesses at how it may be known.
        let name = draft.names.first().cloned().unwrap_or_default();
        let entry = self.0.entry((draft.place.file.to_string(), name));
        entry.or_insert_with(|| (0, draft.place.clone())).0 += 1;
    }

    fn told(self, order: &Order<'_>) -> Vec<Finding> {
        let systems = &order.ground.config.systems;
        let list =
            systems.iter().map(|s| if s.id == s.name { s.id.clone() } else { format!("{}（{}）", s.id, s.name) });
        let list = list.collect::<Vec<_>>().join("、");
        let ids = systems.iter().map(|s| s.id.as_str()).collect::<Vec<_>>().join(", ");
        let finding = |((_, name), (n, place)): ((String, String), (u32, Place))| {
            let shown = crate::value::shown(name.as_bytes());
            let why = match (name.is_empty(), n) {
                (true, 1) => {
                    Said::new("导出中没有说明属于哪个系统", "the export does not say which system this is about")
                }
                (true, n) => say!(
                    "导出中没有说明属于哪个系统（{n} 条记录）",
                    "the export does not say which system this is about ({n} records)"
                ),
                (false, n) => {
                    say!("没有系统叫“{shown}”（{n} 条记录）", "no system is known as \"{shown}\" (records: {n})")
                }
            };
            let help = if name.is_empty() {
                say!("请加 --system；可用的有：{list}", "say so with --system; there are: {ids}")
            } else {
                say!(
                    "请加 --system，或在 wellkept.toml 相应的 [[system]] 中写 hosts = [\"{shown}\"]；可用的有：{list}",
                    "say so with --system, or write hosts = [\"{shown}\"] into its [[system]] in wellkept.toml; there are: {ids}"
                )
            };
            let mut finding = Finding::new("import.system", Severity::Error, why).at(place).help(help);
            finding.count = Some(n);
            finding
        };
        self.0.into_iter().map(finding).collect()
    }
}
