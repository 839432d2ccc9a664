//! As judged then, as judged now: the results, figures and findings of a month as its seal holds them, beside what the
//! same month comes to today, and why the two differ (archive.md, section 4).

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::TOOL;
use crate::calendar::Period;
use crate::finding::Finding;
use crate::ledger::Standing;
use crate::measure::Figure;
use crate::say;
use crate::say::Said;
use crate::seal::{Sealed, canon};
use crate::value::Decimal;

use super::Book;
use super::figure;
use super::sheet::Link;
use super::verdict::{MarkView, Outcome, Scope, Verdicts};
use super::way::{self, Way};
use super::{inert, status};

/// So many ids are named; then their number is.
const NAMED: usize = 6;

/// The fields of a line of `verdicts.jsonl`.
type Fields = BTreeMap<String, String>;

/// The lines of `verdicts.jsonl` for a month: what each clause came to, every figure, every finding.
pub fn lines(book: &Book<'_>, verdicts: &Verdicts<'_>, month: Period) -> Vec<String> {
    let mut out = Vec::new();
    for clause in &book.standard.clauses {
        if let Some(verdict) = verdicts.clause(&clause.id, Scope::All, month) {
            out.push(canon::canonical(&mut vec![("clause", &clause.id), ("result", verdict.outcome.class())]));
        }
        out.extend(verdicts.findings(&clause.id, month).map(|found| line_of_finding(found, month)));
    }
    let systems = (0..book.config.systems.len()).map(Some).chain([None]);
    out.extend(systems.flat_map(|system| judged(book, system, month)).map(|f| line_of_figure(book, f)));
    out.sort();
    out
}

/// The figures of a system (none: of the organisation) and month, but for the one that tells what the seal itself does: it
/// is another as soon as there is one, and nothing was judged anew.
fn judged<'a>(book: &Book<'a>, system: Option<usize>, month: Period) -> impl Iterator<Item = &'a Figure> {
    figure::of(book, system, month).iter().filter(|figure| figure.name != "records_sealed")
}

fn line_of_finding(finding: &Finding, month: Period) -> String {
    let days = finding.dates.filter(|_| finding.count.is_some());
    // Of a run of periods what lies in the month: the rest of it may still grow.
    let days = days.map(|(from, to)| (from.max(month.first), to.min(month.last())));
    let (from, to) = days.map_or_else(Default::default, |(from, to)| (from.to_string(), to.to_string()));
    canon::canonical(&mut vec![
        ("finding", &finding.rule),
        ("clause", finding.clause.as_deref().unwrap_or_default()),
        ("severity", finding.severity.name()),
        ("system", finding.system.as_deref().unwrap_or_default()),
        ("kind", finding.kind.as_deref().unwrap_or_default()),
        ("record", finding.record.as_deref().unwrap_or_default()),
        ("from", &from),
        ("to", &to),
        ("waived_by", finding.waived_by.as_deref().unwrap_or_default()),
    ])
}

fn line_of_figure(book: &Book<'_>, figure: &Figure) -> String {
    let text = |number: Option<i64>| number.map(|n| n.to_string()).unwrap_or_default();
    let decimal = |number: Option<Decimal>| number.map(|n| n.to_string()).unwrap_or_default();
    let (numerator, denominator) = (text(figure.numerator), text(figure.denominator));
    let (value, target) = (decimal(figure.value), decimal(figure.target));
    let (key, of) = figure.key.as_ref().map_or(("key", ""), |(key, of)| (*key, of.as_str()));
    canon::canonical(&mut vec![
        ("figure", figure.name),
        ("system", figure.system.map_or("", |at| &book.config.systems[at].id)),
        (key, of),
        ("value", &value),
        ("unit", figure.scale.name()),
        ("numerator", &numerator),
        ("denominator", &denominator),
        ("target", &target),
        ("verdict", figure.verdict.map_or("", crate::measure::Verdict::name)),
    ])
}

/// What a sealed month came to then and comes to now, where the two differ.
#[derive(Debug, Serialize)]
pub struct Restated {
    /// When it was sealed, local.
    pub sealed: String,
    /// Clauses and figures, old and new.
    pub rows: Vec<RestatedRow>,
    /// Findings that were not there then.
    pub came: usize,
    /// Findings that are there no more.
    pub went: usize,
    /// Why.
    pub causes: Vec<String>,
}

/// A clause or a figure of which then and now differ.
#[derive(Debug, Serialize)]
pub struct RestatedRow {
    /// What.
    pub what: Link,
    /// Then.
    pub then: Judged,
    /// Now.
    pub now: Judged,
}

/// What was said of it.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Judged {
    /// Of a figure its value.
    pub value: String,
    /// The verdict, where it has one.
    pub mark: Option<MarkView>,
}

/// Holds a sealed month against what is judged now; none where nothing differs.
pub fn of(book: &Book<'_>, way: &Way<'_>, verdicts: &Verdicts<'_>, seal: &Sealed) -> Option<Restated> {
    let then: Vec<Fields> = seal.verdicts.iter().filter_map(|line| canon::read(line)).collect();
    if then.is_empty() {
        return None;
    }
    let (month, lang) = (seal.month(), book.config.site.lang);
    let mut rows = clauses(book, way, verdicts, month, &then);
    rows.extend(figures(book, way, month, &then));
    let now = lines(book, verdicts, month);
    let findings = |all: &mut dyn Iterator<Item = &String>| -> BTreeSet<String> {
        all.filter(|line| line.contains("\"finding\":")).cloned().collect()
    };
    let (was, is) = (findings(&mut seal.verdicts.iter()), findings(&mut now.iter()));
    let (came, went) = (is.difference(&was).count(), was.difference(&is).count());
    if rows.is_empty() && came + went == 0 {
        return None;
    }
    let waived = is.difference(&was).filter_map(|line| canon::read(line)?.get("waived_by").cloned()).collect();
    let causes = causes(book, seal, &waived).iter().map(|said| said.to(lang).to_owned()).collect();
    Some(Restated { sealed: book.config.site.zone.local(seal.seal.sealed), rows, came, went, causes })
}

/// Results that differ. What was not decided then was bound to be decided: that is no restatement.
fn clauses(
    book: &Book<'_>,
    way: &Way<'_>,
    verdicts: &Verdicts<'_>,
    month: Period,
    then: &[Fields],
) -> Vec<RestatedRow> {
    let lang = book.config.site.lang;
    let was = |id: &str| {
        let fields = then
            .iter()
            .find(|fields| fields.get("clause").is_some_and(|c| c == id) && fields.contains_key("result"))?;
        Outcome::ALL.into_iter().find(|outcome| outcome.class() == fields["result"])
    };
    let row = |clause: &crate::standard::Clause| {
        let was = was(&clause.id).filter(|was| *was != Outcome::Pending)?;
        let is = verdicts.clause(&clause.id, Scope::All, month)?.outcome;
        let judged = |outcome: Outcome| Judged { value: String::new(), mark: Some(outcome.mark(lang)) };
        let url = way.from_here(&inert::part(&way::clause(&clause.id)));
        let what = Link::new(url, format!("{} {}", clause.id, clause.title.to(lang)));
        (was != is).then(|| RestatedRow { what, then: judged(was), now: judged(is) })
    };
    book.standard.clauses.iter().filter_map(row).collect()
}

fn figures(book: &Book<'_>, way: &Way<'_>, month: Period, then: &[Fields]) -> Vec<RestatedRow> {
    let lang = book.config.site.lang;
    let mut out = Vec::new();
    for system in (0..book.config.systems.len()).map(Some).chain([None]) {
        for now in judged(book, system, month) {
            let id = system.map_or("", |at| book.config.systems[at].id.as_str());
            let same = |fields: &&Fields| {
                let text = |name: &str| fields.get(name).map_or("", String::as_str);
                let keyed = now.key.as_ref().is_none_or(|(key, of)| text(key) == of);
                text("figure") == now.name && text("system") == id && keyed
            };
            let Some(was) = then.iter().find(same) else { continue };
            let number = |name: &str| was.get(name).and_then(|text| text.parse().ok());
            let verdict = [
                crate::measure::Verdict::Pass,
                crate::measure::Verdict::Fail,
                crate::measure::Verdict::Unproven,
                crate::measure::Verdict::NotApplicable,
            ];
            let was = Figure {
                value: was.get("value").and_then(|text| decimal(text)),
                numerator: number("numerator"),
                denominator: number("denominator"),
                verdict: verdict.into_iter().find(|v| was.get("verdict").is_some_and(|text| text == v.name())),
                ..now.clone()
            };
            let judged = |figure: &Figure| Judged {
                value: figure::value(figure, lang),
                mark: figure.verdict.filter(|_| figure.target.is_some()).map(|v| status::verdict(v, lang)),
            };
            let (was, is) = (judged(&was), judged(now));
            if was == is {
                continue;
            }
            let name = system.map_or(String::new(), |at| format!("{} · ", book.config.systems[at].name));
            let what = Link::new(way.from_here(&way::trail(book, now)), format!("{name}{}", figure::title(book, now)));
            out.push(RestatedRow { what, then: was, now: is });
        }
    }
    out
}

/// Reads what [`Decimal`] prints.
fn decimal(text: &str) -> Option<Decimal> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{part:0<6}");
    format!("{whole}{digits}").parse().ok().map(Decimal)
}

/// Why a month is judged otherwise than it was: everything that changed since, as far as it can be told.
fn causes(book: &Book<'_>, seal: &Sealed, waived: &BTreeSet<String>) -> Vec<Said> {
    let month = seal.month();
    let mut out = Vec::new();
    let late = late(book, month);
    if !late.is_empty() {
        let ids = named(&late);
        out.push(say!("封存之后补记：{ids}", "recorded after it was sealed: {ids}"));
    }
    let corrected = corrected(book, month);
    if !corrected.is_empty() {
        let ids = named(&corrected);
        out.push(say!("更正：{ids}", "corrected: {ids}"));
    }
    let changed: Vec<String> = book
        .archive
        .differences()
        .filter(|difference| difference.month == Some(month) && difference.code != "seal.late")
        .filter_map(|difference| difference.record.clone())
        .collect();
    if !changed.is_empty() {
        let ids = named(&changed);
        out.push(say!("封存的记录被改动、删除或重复：{ids}", "sealed records changed, gone or doubled: {ids}"));
    }
    if !waived.is_empty() {
        let ids = named(&waived.iter().cloned().collect::<Vec<_>>());
        out.push(say!("后来批准的豁免：{ids}", "waivers approved since: {ids}"));
    }
    if seal.seal.standard_digest != book.standard.digest {
        let (old, new) = (&seal.seal.standard, format!("{} {}", book.standard.id, book.standard.version));
        out.push(say!("标准有改动（当时 {old}，现在 {new}）", "the standard has changed (then {old}, now {new})"));
    }
    if seal.seal.tool != TOOL {
        let old = &seal.seal.tool;
        out.push(say!(
            "程序版本不同（当时 {old}，现在 {TOOL}）",
            "another version of the program (then {old}, now {TOOL})"
        ));
    }
    if out.is_empty() {
        out.push(say!(
            "其间有时限到期，或改了 wellkept.toml 中的设置",
            "deadlines have passed since, or settings in wellkept.toml were changed"
        ));
    }
    out
}

fn named(ids: &[String]) -> String {
    let more = if ids.len() > NAMED { format!(" … ({})", ids.len()) } else { String::new() };
    format!("{}{more}", ids.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", "))
}

/// The records of a month that its own seal does not hold: another does, or none yet.
pub fn late(book: &Book<'_>, month: Period) -> Vec<String> {
    let mut out = Vec::new();
    for (at, compared) in book.archive.records.iter().enumerate() {
        let table = &book.ledger.tables[at];
        let of_month = |row: &usize| table.date(*row).is_some_and(|day| month.contains(day));
        let later = compared.held.iter().filter(|(_, seal)| book.archive.seals[*seal].month().first > month.first);
        let rows = later.map(|(row, _)| row).chain(&compared.new).filter(|row| of_month(row));
        out.extend(rows.map(|row| table.ids.get(*row).to_owned()));
    }
    out
}

/// The records of a month that were corrected by one that its seal does not hold.
fn corrected(book: &Book<'_>, month: Period) -> Vec<String> {
    let mut out = Vec::new();
    for (at, compared) in book.archive.records.iter().enumerate() {
        let table = &book.ledger.tables[at];
        let held: BTreeMap<usize, usize> = compared.held.iter().copied().collect();
        let since = |by: usize| held.get(&by).is_none_or(|seal| book.archive.seals[*seal].month().first > month.first);
        for &(row, by) in &table.corrected_by {
            let (row, by) = (row as usize, by as usize);
            let of_month = table.date(row).is_some_and(|day| month.contains(day));
            if of_month && table.standing[row] == Standing::Corrected && since(by) {
                out.push(format!("{} → {}", table.ids.get(row), table.ids.get(by)));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_is_read_as_it_is_printed() {
        for n in [0, 1, 99_583_000, 12_000_000, -1_250_000, 1_234_567] {
            assert_eq!(decimal(&Decimal(n).to_string()), Some(Decimal(n)));
        }
        assert_eq!(decimal("-1.5"), Some(Decimal(-1_500_000)));
        assert_eq!(decimal("x"), None);
    }
}
