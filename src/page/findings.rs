//! `findings.html`: every finding, by clause and rule, waived ones marked (standard.md, section 4).

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::calendar::{Day, Period, Unit};
use crate::finding::{Finding, Severity, alike};
use crate::output::{Summary, fingerprint};
use crate::say;
use crate::slots::Waivers;
use crate::standard::Form;

use super::Book;
use super::export;
use super::figure;
use super::inert;
use super::rejected::reason;
use super::rows::grouped;
use super::sheet::{Facet, Link, Pager, Sheet};
use super::slots;
use super::way::{self, Way};

/// The most findings on one page: some 230 KB.
pub const PAGE: usize = 350;

#[derive(Debug, Serialize)]
struct View {
    total: String,
    error: String,
    warning: String,
    info: String,
    waived: String,
    /// Counted over this page.
    facets: Vec<Facet>,
    pages: Pager,
    clauses: Vec<ClauseView>,
    json: Link,
}

#[derive(Debug, Serialize)]
struct ClauseView {
    id: String,
    title: String,
    href: String,
    rules: Vec<RuleView>,
}

#[derive(Debug, Serialize)]
struct RuleView {
    id: String,
    title: String,
    why: String,
    fix: String,
    findings: Vec<FindingView>,
}

/// A finding as a row.
#[derive(Debug, Clone, Serialize)]
pub struct FindingView {
    /// The `id` of the row.
    pub anchor: String,
    /// The canonical name of the severity.
    pub severity: &'static str,
    /// The name of the system; empty for the organisation.
    pub system: String,
    /// First and last day, and how many periods; for a record the date of its primary time.
    pub range: String,
    /// How many periods, where they are more than one: `7 期`.
    pub periods: String,
    /// The first day, for sorting.
    pub from: String,
    /// The record, with its page where it is not rejected; of a finding about periods what stands behind it.
    pub record: Option<Link>,
    /// Where the input says so, with the original file.
    pub place: Option<Link>,
    /// What is wrong.
    pub message: String,
    /// What to do; may be empty.
    pub help: String,
    /// The waiver that covers it.
    pub waived_by: Option<Link>,
}

/// The pages; the addresses in them start from the root of the site, where they lie.
pub fn sheets(book: &Book<'_>, way: &Way<'_>) -> Vec<Sheet<'static>> {
    let told = alike::together(book.findings);
    let sorted = sorted(book, &told);
    let pages = sorted.chunks(PAGE).count().max(1);
    let mut taken = BTreeSet::new();
    let path = |n: usize| if n == 0 { "findings.html".to_owned() } else { format!("findings-{}.html", n + 1) };
    let sum = Summary::of(book.findings);
    let sheet = |n: usize| {
        let of_page = sorted.chunks(PAGE).nth(n).unwrap_or_default();
        let view = View {
            total: grouped(sorted.iter().map(|finding| finding.times).sum()),
            error: grouped(sum.error),
            warning: grouped(sum.warning),
            info: grouped(sum.info),
            waived: grouped(sum.waived),
            facets: facets(book, of_page),
            pages: Pager::of(n, pages, path),
            clauses: clauses(book, way, of_page, &mut taken),
            json: Link::new("data/findings.json", "findings.json"),
        };
        Sheet::new(path(n), "findings.html", say!("问题清单", "Findings").to(book.config.site.lang), &view)
    };
    (0..pages).map(sheet).collect()
}

/// The severities, waived ones apart, and the systems.
fn facets(book: &Book<'_>, findings: &[&Finding]) -> Vec<Facet> {
    let lang = book.config.site.lang;
    let (severity, system) = (say!("程度", "Severity"), say!("系统", "System"));
    let severities = [
        (Some(Severity::Error), "error", say!("错误", "error")),
        (Some(Severity::Warning), "warning", say!("警告", "warning")),
        (Some(Severity::Info), "info", say!("提示", "note")),
        (None, "waived", say!("豁免", "waived")),
    ];
    let of_severity = severities.iter().flat_map(|(severity, name, title)| {
        let of = |f: &&&Finding| (if f.waived_by.is_some() { None } else { Some(f.severity) }) == *severity;
        findings.iter().filter(of).map(|_| (*name, title.to(lang)))
    });
    let of_system = book.config.systems.iter().flat_map(|system| {
        let of = |f: &&&Finding| f.system.as_deref() == Some(&*system.id);
        findings.iter().filter(of).map(|_| (&*system.name, &*system.name))
    });
    let of_none = findings.iter().filter(|f| f.system.is_none()).map(|_| slots::of_system("", lang));
    vec![
        Facet::of("severity", severity.to(lang), of_severity),
        Facet::of("system", system.to(lang), of_system.chain(of_none)),
    ]
}

/// Clause by clause in the standard's order, then rule by rule; what belongs to no clause comes last.
fn sorted<'a>(book: &Book<'_>, told: &'a [Finding]) -> Vec<&'a Finding> {
    let clauses: BTreeMap<&str, usize> =
        book.standard.clauses.iter().enumerate().map(|(at, c)| (c.id.as_str(), at)).collect();
    let clause = |f: &Finding| f.clause.as_deref().and_then(|id| clauses.get(id)).copied().unwrap_or(usize::MAX);
    let mut all: Vec<&Finding> = told.iter().collect();
    // The sort is stable: within a rule the findings keep their order.
    all.sort_by(|a, b| clause(a).cmp(&clause(b)).then_with(|| a.rule.cmp(&b.rule)));
    all
}

fn clauses(book: &Book<'_>, way: &Way<'_>, findings: &[&Finding], taken: &mut BTreeSet<String>) -> Vec<ClauseView> {
    let lang = book.config.site.lang;
    let mut out: Vec<ClauseView> = Vec::new();
    for of_clause in findings.chunk_by(|a, b| a.clause == b.clause) {
        let known = of_clause[0].clause.as_deref().and_then(|id| book.standard.clauses.iter().find(|c| c.id == id));
        let rules = of_clause.chunk_by(|a, b| a.rule == b.rule).map(|of_rule| {
            let rule = book.standard.rule(&of_rule[0].rule);
            RuleView {
                id: of_rule[0].rule.clone(),
                title: rule.map_or_else(String::new, |r| r.title.to(lang).to_owned()),
                why: rule.map_or_else(String::new, |r| r.why.to(lang).to_owned()),
                fix: rule.map_or_else(String::new, |r| r.fix.to(lang).to_owned()),
                findings: of_rule.iter().map(|f| below_rule(book, way, f, taken)).collect(),
            }
        });
        out.push(ClauseView {
            id: known.map_or_else(String::new, |c| c.id.clone()),
            title: known.map_or_else(
                || say!("读入与链接", "Reading and links").to(lang).to_owned(),
                |c| c.title.to(lang).to_owned(),
            ),
            href: known.map_or_else(String::new, |c| way.from_here(&inert::part(&way::clause(&c.id)))),
            rules: rules.collect(),
        });
    }
    out
}

/// A finding below its rule, which says once what to do.
pub fn below_rule(book: &Book<'_>, way: &Way<'_>, finding: &Finding, taken: &mut BTreeSet<String>) -> FindingView {
    let mut row = view(book, way, finding, taken);
    if book.standard.rule(&finding.rule).is_some_and(|rule| finding.help.as_ref() == Some(&rule.fix)) {
        row.help.clear();
    }
    row
}

/// A finding as a row, its addresses from the page of `way`. `taken` holds the ids of the page so far.
pub fn view(book: &Book<'_>, way: &Way<'_>, finding: &Finding, taken: &mut BTreeSet<String>) -> FindingView {
    let lang = book.config.site.lang;
    let said = reason(finding, lang);
    let kind = finding.kind.as_deref().and_then(|name| book.standard.kind(name));
    let record = finding.record.as_deref().map(|id| {
        let row = kind.and_then(|k| book.ledger.tables[k].find(id).map(|row| (k, row)));
        let url = row.and_then(|(k, row)| way.record(k, row));
        Link::new(url.map_or_else(String::new, |url| way.from_here(&url)), id)
    });
    let system = finding.system.as_deref();
    let name = system.and_then(|id| book.config.systems.iter().find(|s| s.id == id)).map(|s| s.name.clone());
    FindingView {
        anchor: anchor(finding, taken),
        severity: finding.severity.name(),
        system: name.or_else(|| system.map(str::to_owned)).unwrap_or_default(),
        range: finding.dates.map_or_else(String::new, |dates| range(dates, None).to(lang).to_owned()),
        periods: finding
            .count
            .filter(|n| *n > 1)
            .map_or_else(String::new, |n| say!("{n} 期", "{n} periods").to(lang).to_owned()),
        from: finding.dates.map_or_else(String::new, |(from, _)| from.to_string()),
        record: record.or_else(|| behind(book, way, finding)),
        place: finding.place.as_ref().map(|place| {
            let kept = place.file.starts_with(crate::load::RECORDS) && book.sources.get(&place.file).is_some();
            let url = inert::part(&export::evidence(&place.file));
            Link::new(if kept { way.from_here(&url) } else { String::new() }, said.place)
        }),
        message: said.message,
        help: said.help,
        waived_by: waived(book, way, finding),
    }
}

/// What stands behind a finding that is about no one record: of one about periods the records that its figure was
/// counted from, or the slots of its rule; of many that are alike the records that were kept out.
pub fn behind(book: &Book<'_>, way: &Way<'_>, finding: &Finding) -> Option<Link> {
    let lang = book.config.site.lang;
    if finding.times > 1 && finding.severity == Severity::Error {
        let rejected = say!("未收录", "Rejected");
        return Some(Link::new(way.from_here("rejected.html"), rejected.to(lang)));
    }
    let (rule, (from, _)) = (book.standard.rule(&finding.rule)?, finding.dates.filter(|_| finding.count.is_some())?);
    let Form::Target { figure: name, .. } = &rule.form else {
        let slots = say!("应有记录", "Slots");
        return Some(Link::new(way.from_here(&way::rule(&rule.clause, &rule.id)), slots.to(lang)));
    };
    let system = finding.system.as_deref().and_then(|id| book.config.system(id));
    let figure = figure::named(book, name, system, Period::of(Unit::Month, from))?;
    Some(Link::new(way.from_here(&way::trail(book, figure)), figure::title(book, figure)))
}

/// The waiver that covers a finding, marked where it came after the breach.
pub fn waived(book: &Book<'_>, way: &Way<'_>, finding: &Finding) -> Option<Link> {
    let (id, said) = (finding.waived_by.as_deref()?, finding.waiver()?);
    Some(Link::new(waiver(book, way, id).href, said.to(book.config.site.lang)))
}

/// The record of a waiver.
pub fn waiver(book: &Book<'_>, way: &Way<'_>, id: &str) -> Link {
    let Waivers { all, .. } = book.waivers;
    let kind = book.standard.kind(crate::slots::WAIVER);
    let url = all.iter().find(|w| w.id == id).zip(kind).and_then(|(w, kind)| way.record(kind, w.row));
    Link::new(url.map_or_else(String::new, |url| way.from_here(&url)), id)
}

/// `2026-10-03 至 2026-10-04，2 期`.
pub fn range((from, to): (Day, Day), count: Option<u32>) -> crate::say::Said {
    match count {
        None | Some(1) if from == to => say!("{from}", "{from}"),
        None => say!("{from} 至 {to}", "{from} to {to}"),
        Some(1) => say!("{from} 至 {to}，1 期", "{from} to {to}, 1 period"),
        Some(n) => say!("{from} 至 {to}，{n} 期", "{from} to {to}, {n} periods"),
    }
}

/// An id that stays while the finding stays, wherever in the list it comes to stand.
fn anchor(finding: &Finding, taken: &mut BTreeSet<String>) -> String {
    let stem = format!("f-{}", &fingerprint::of(finding)[..10]);
    let mut name = stem.clone();
    let mut n = 1;
    while !taken.insert(name.clone()) {
        n += 1;
        name = format!("{stem}-{n}");
    }
    name
}
