//! Why a version of a month is another than the one before: everything that changed between the two, as far as it can be
//! told.

use std::collections::{BTreeMap, BTreeSet};

use crate::TOOL;
use crate::calendar::Instant;
use crate::ledger::Standing;
use crate::say;
use crate::say::Said;

use super::super::Book;
use super::super::verdict::Outcome;
use super::lines::text;
use super::{Change, Version};

/// So many ids are named; then their number is.
const NAMED: usize = 6;

/// The ids that are a cause, and how it is said.
type Cause = (Vec<String>, fn(&str) -> Said);

/// The causes, at least one.
pub(super) fn of(book: &Book<'_>, then: &Version<'_>, now: &Version<'_>, change: &Change<'_>) -> Vec<Said> {
    let between = Between { book, then, now };
    let waived = change.came.iter().map(|line| text(line, "waived_by")).filter(|id| !id.is_empty());
    let waived: BTreeSet<&str> = waived.collect();
    let (late, corrected, changed) = (between.late(), between.corrected(), between.changed());
    let as_sealed = late.is_empty() && corrected.is_empty() && changed.is_empty();
    let causes: [Cause; 7] = [
        (between.returned(), |ids| say!("审阅退回：{ids}", "returned by its reader: {ids}")),
        (late, |ids| say!("封存之后补记：{ids}", "recorded after it was sealed: {ids}")),
        (corrected, |ids| say!("更正：{ids}", "corrected: {ids}")),
        (if as_sealed { longer(change) } else { Vec::new() }, |ids| {
            say!(
                "备份间隔延续到本月之后，由其后的情况决定：{ids}",
                "a gap between backups reaches beyond the month, and what came after decided it: {ids}"
            )
        }),
        (changed, |ids| say!("封存的记录被改动、删除或重复：{ids}", "sealed records changed, gone or doubled: {ids}")),
        (waived.into_iter().map(str::to_owned).collect(), |ids| {
            say!("后来批准的豁免：{ids}", "waivers approved since: {ids}")
        }),
        (between.expired(change), |ids| {
            say!("其间时限到期的条款：{ids}", "clauses whose deadlines have passed since: {ids}")
        }),
    ];
    let said = causes.into_iter().filter(|(ids, _)| !ids.is_empty()).map(|(ids, say)| say(&named(&ids)));
    let mut out: Vec<Said> = said.chain(between.others()).collect();
    if out.is_empty() {
        out.push(say!(
            "其间有时限到期，其他月份的记录有补记或更正，或改了 wellkept.toml 中的设置",
            "deadlines have passed since, records of other months were added or corrected, or settings in wellkept.toml were \
             changed"
        ));
    }
    out
}

/// The systems whose longest gap between backups is another. Gaps are not cut at the end of a month (figures.md, section 5).
fn longer(change: &Change<'_>) -> Vec<String> {
    let gaps = change.figures.iter().filter(|(was, _)| text(was, "figure") == "backup_longest_gap");
    gaps.map(|(was, _)| text(was, "system").to_owned()).collect()
}

fn named(ids: &[String]) -> String {
    let more = if ids.len() > NAMED { format!(" … ({})", ids.len()) } else { String::new() };
    format!("{}{more}", ids.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", "))
}

/// Two versions of a month, the one before always in a seal.
struct Between<'a> {
    book: &'a Book<'a>,
    then: &'a Version<'a>,
    now: &'a Version<'a>,
}

impl Between<'_> {
    /// Whether a record came between the two, by the seal that holds it (none: no seal does yet).
    fn came(&self, seal: Option<usize>) -> bool {
        let month = seal.map(|at| self.book.archive.seals[at].month().first);
        let after = self.then.seal.is_none_or(|then| month.is_none_or(|month| month > then.month().first));
        let until = self.now.seal.is_none_or(|now| month.is_some_and(|month| month <= now.month().first));
        after && until
    }

    /// The records of the month that came between.
    fn late(&self) -> Vec<String> {
        let mut out = Vec::new();
        for (at, compared) in self.book.archive.records.iter().enumerate() {
            let table = &self.book.ledger.tables[at];
            let of_month = |row: usize| table.date(row).is_some_and(|day| self.then.month.contains(day));
            let held = compared.held.iter().map(|&(row, seal)| (row, Some(seal)));
            let all = held.chain(compared.new.iter().map(|&row| (row, None)));
            let late = all.filter(|&(row, seal)| of_month(row) && self.came(seal));
            out.extend(late.map(|(row, _)| table.ids.get(row).to_owned()));
        }
        out
    }

    /// The records of the month that were corrected between.
    fn corrected(&self) -> Vec<String> {
        let mut out = Vec::new();
        for (at, compared) in self.book.archive.records.iter().enumerate() {
            let table = &self.book.ledger.tables[at];
            let held: BTreeMap<usize, usize> = compared.held.iter().copied().collect();
            for &(row, by) in &table.corrected_by {
                let (row, by) = (row as usize, by as usize);
                let of_month = table.date(row).is_some_and(|day| self.then.month.contains(day));
                if of_month && table.standing[row] == Standing::Corrected && self.came(held.get(&by).copied()) {
                    out.push(format!("{} → {}", table.ids.get(row), table.ids.get(by)));
                }
            }
        }
        out
    }

    /// The records of the month that are not as they were sealed. Since when, nobody can say: it is told of what stands now.
    fn changed(&self) -> Vec<String> {
        let now =
            self.now.seal.is_none_or(|now| self.book.archive.seals.last().is_some_and(|last| std::ptr::eq(last, now)));
        let of_month = self.book.archive.differences().filter(|difference| difference.month == Some(self.then.month));
        let changed = of_month.filter(|difference| now && difference.code != "seal.late");
        changed.filter_map(|difference| difference.record.clone()).collect()
    }

    /// The clauses that were not decided then, and against which something is found now.
    fn expired(&self, change: &Change<'_>) -> Vec<String> {
        let found: BTreeSet<&str> = change.came.iter().map(|line| text(line, "clause")).collect();
        let pending = self.then.outcomes().filter(|(id, was)| *was == Outcome::Pending && found.contains(id));
        pending.map(|(id, _)| id.to_owned()).collect()
    }

    /// The reviews by which the report was returned between.
    fn returned(&self) -> Vec<String> {
        let book = self.book;
        let Some(at) = book.standard.kind("review") else { return Vec::new() };
        let (kind, table) = (&book.standard.kinds[at], &book.ledger.tables[at]);
        let (Some(month), Some(decision)) = (kind.field("month"), kind.field("decision")) else { return Vec::new() };
        let name = self.then.month.name(crate::calendar::Unit::Month);
        let since = self.then.seal.map_or(Instant(i64::MIN), |seal| seal.seal.sealed);
        let until = self.now.seal.map_or(book.as_of, |seal| seal.seal.sealed);
        let returned = kind.choices(decision).iter().position(|choice| choice.name == "returned");
        let is = |row: &usize| {
            table.text(*row, month) == name
                && table.code(*row, decision).map(usize::from) == returned
                && (since..=until).contains(&Instant(table.at[*row]))
        };
        table.live().filter(is).map(|row| table.ids.get(row).to_owned()).collect()
    }

    /// Another standard, another release.
    fn others(&self) -> Vec<Said> {
        let standard = &self.book.standard;
        let here = (format!("{} {}", standard.id, standard.version), standard.digest.clone(), TOOL.to_owned());
        let by = |version: &Version<'_>| {
            version.seal.map_or_else(
                || here.clone(),
                |sealed| {
                    let seal = &sealed.seal;
                    (seal.standard.clone(), seal.standard_digest.clone(), seal.tool.clone())
                },
            )
        };
        let ((old, old_digest, old_tool), (new, new_digest, new_tool)) = (by(self.then), by(self.now));
        let mut out = Vec::new();
        if old_digest != new_digest {
            out.push(say!(
                "标准有改动（当时 {old}，之后 {new}）",
                "the standard has changed (then {old}, later {new})"
            ));
        }
        if old_tool != new_tool {
            out.push(say!(
                "程序版本不同（当时 {old_tool}，之后 {new_tool}）",
                "another version of the program (then {old_tool}, later {new_tool})"
            ));
        }
        out
    }
}
