//! `matrix/`: which clause was kept when (site.md, section 2): a page for each month, clause against system, with all
//! that was found in it; a page for each year, clause against month; and the list of them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::calendar::{Period, Unit};
use crate::config::System;
use crate::finding::Finding;
use crate::say;
use crate::say::Said;
use crate::standard::Clause;

use super::Book;
use super::findings::{self, FindingView};
use super::grid::{self, Cell, Count, Group, Head, Row};
use super::inert;
use super::records::month_title;
use super::restated::{self, Restated, Versions};
use super::rows::grouped;
use super::sheet::{Link, Neighbours, Sheet};
use super::verdict::{MarkView, Outcome, Scope, Verdicts};
use super::way::{self, Way};

/// The most findings of a clause that a month lists; the page of the clause has them all.
const LISTED: usize = 10;

#[derive(Debug, Serialize)]
struct MonthView {
    title: String,
    /// Of how many clauses how many have which result.
    said: String,
    counts: Vec<Count>,
    preliminary: bool,
    /// Where the month is judged otherwise than when it was sealed.
    restated: Option<Restated>,
    systems: Vec<Link>,
    /// Whether something is asked of the organisation.
    organisation: bool,
    groups: Vec<Group<MonthRow>>,
    troubles: Vec<Trouble>,
    aloud: Vec<Aloud>,
    year: Link,
    months: Neighbours,
}

#[derive(Debug, Serialize)]
struct MonthRow {
    clause: Link,
    title: String,
    /// Over all systems.
    all: Option<Cell>,
    /// System by system, then the organisation.
    cells: Vec<Option<Cell>>,
    slots: String,
    slots_href: String,
    /// Findings, with where they are listed.
    found: Option<Link>,
    waivers: Vec<Link>,
}

/// What was found against a clause in a month.
#[derive(Debug, Serialize)]
struct Trouble {
    anchor: String,
    clause: Link,
    title: String,
    mark: MarkView,
    findings: Vec<FindingView>,
    /// How many are not listed, with where they are.
    more: Option<Link>,
}

/// What is not judged, and why.
#[derive(Debug, Serialize)]
pub struct Aloud {
    /// The sentence.
    pub said: String,
    /// Where to read on; may lead nowhere.
    pub links: Vec<Link>,
}

#[derive(Debug, Serialize)]
struct YearView {
    said: String,
    counts: Vec<Count>,
    preliminary: bool,
    heads: Vec<Head>,
    groups: Vec<Group<YearRow>>,
    aloud: Vec<Aloud>,
    years: Neighbours,
}

#[derive(Debug, Serialize)]
struct YearRow {
    #[serde(flatten)]
    row: Row,
    year: Option<Cell>,
}

#[derive(Debug, Serialize)]
struct IndexView {
    years: Vec<IndexYear>,
}

#[derive(Debug, Serialize)]
struct IndexYear {
    year: Link,
    /// The twelve months; none where the archive has none.
    months: Vec<Option<IndexMonth>>,
}

#[derive(Debug, Serialize)]
struct IndexMonth {
    month: Link,
    counts: Vec<Count>,
    preliminary: bool,
}

/// The pages.
pub fn sheets(book: &Book<'_>, verdicts: &Verdicts<'_>, versions: &Versions<'_>, way: &Way<'_>) -> Vec<Sheet<'static>> {
    let months = (0..verdicts.months().len()).map(|at| month(book, verdicts, versions, way, at));
    let years = (0..verdicts.years().len()).map(|at| year(book, verdicts, way, at));
    months.chain(years).chain([index(book, verdicts)]).collect()
}

fn month(
    book: &Book<'_>,
    verdicts: &Verdicts<'_>,
    versions: &Versions<'_>,
    way: &Way<'_>,
    at: usize,
) -> Sheet<'static> {
    let lang = book.config.site.lang;
    let month = verdicts.months()[at];
    let name = month.name(Unit::Month);
    let counts = grid::counts(book, verdicts, Scope::All, month);
    let clauses = &book.standard.clauses;
    let organisation = clauses.iter().any(|c| verdicts.clause(&c.id, Scope::Organisation, month).is_some());
    let other = |month: &Period| Link::new(file(&month.name(Unit::Month)), month_title(month.first, lang));
    let year = Period::of(Unit::Year, month.first).name(Unit::Year);
    let view = MonthView {
        title: month_title(month.first, lang),
        said: grid::sentence(&counts).to(lang).to_owned(),
        counts: grid::tally(&counts, lang),
        preliminary: !verdicts.over(month),
        restated: restated::restated(book, way, versions, month),
        systems: book.config.systems.iter().map(|s| system_link(way, s)).collect(),
        organisation,
        groups: grid::chapters(book, |clause| month_row(book, verdicts, way, clause, month, organisation)),
        troubles: troubles(book, verdicts, way, month),
        aloud: aloud(book, verdicts, way, month),
        year: Link::new(file(&year), year),
        months: Neighbours {
            previous: at.checked_sub(1).and_then(|before| verdicts.months().get(before)).map(other),
            next: verdicts.months().get(at + 1).map(other),
        },
    };
    let title = view.title.clone();
    let title = say!("{title}对照表", "Matrix of {title}");
    Sheet::new(way::matrix(&name), "matrix.html", title.to(lang), &view)
}

fn month_row(
    book: &Book<'_>,
    verdicts: &Verdicts<'_>,
    way: &Way<'_>,
    clause: &Clause,
    month: Period,
    organisation: bool,
) -> MonthRow {
    let lang = book.config.site.lang;
    let link = grid::link(way, clause);
    let here = format!("#{}", inert::part(&grid::anchor(&clause.id)));
    let cell = |scope: Scope| {
        let verdict = verdicts.clause(&clause.id, scope, month)?;
        let href = if verdict.found() + verdict.waived > 0 { here.clone() } else { String::new() };
        Some(grid::marked(verdict, href, lang))
    };
    let systems = (0..book.config.systems.len()).map(Scope::System);
    let scopes = systems.chain(organisation.then_some(Scope::Organisation));
    let all = verdicts.clause(&clause.id, Scope::All, month);
    // Of several findings that a waiver covers one for which it came too late says so.
    let mut waivers: BTreeMap<&str, &Finding> = BTreeMap::new();
    for finding in verdicts.findings(&clause.id, month) {
        if let Some(id) = finding.waived_by.as_deref().filter(|id| finding.waived_late || !waivers.contains_key(id)) {
            waivers.insert(id, finding);
        }
    }
    MonthRow {
        all: cell(Scope::All),
        cells: scopes.map(cell).collect(),
        slots: all.filter(|v| v.due() > 0).map_or_else(String::new, |v| format!("{}/{}", v.met(), v.due())),
        slots_href: way.from_here(&slots_of(book, verdicts, clause)),
        found: all.map(|v| v.found()).filter(|n| *n > 0).map(|n| Link::new(here.clone(), grouped(n))),
        waivers: waivers.into_values().filter_map(|finding| findings::waived(book, way, finding)).collect(),
        clause: link,
        title: clause.title.to(lang).to_owned(),
    }
}

/// The address of a clause's slots: the first of its rules that has some.
fn slots_of(book: &Book<'_>, verdicts: &Verdicts<'_>, clause: &Clause) -> String {
    let with = verdicts.rules(&clause.id).iter().find(|&&rule| book.slots.iter().any(|g| g.rule == rule));
    let anchor = with.map(|&rule| book.standard.rules[rule].id.as_str());
    anchor.map_or_else(|| inert::part(&way::clause(&clause.id)), |id| way::rule(&clause.id, id))
}

/// What was found in a month, clause by clause, the worst first.
fn troubles(book: &Book<'_>, verdicts: &Verdicts<'_>, way: &Way<'_>, month: Period) -> Vec<Trouble> {
    let verdict = |clause: &Clause| verdicts.clause(&clause.id, Scope::All, month).map(|v| v.outcome);
    let mut clauses: Vec<(&Clause, Outcome)> =
        book.standard.clauses.iter().filter_map(|clause| Some((clause, verdict(clause)?))).collect();
    clauses.sort_by_key(|(_, outcome)| std::cmp::Reverse(*outcome));
    let mut taken = BTreeSet::new();
    clauses.into_iter().filter_map(|of| trouble(book, verdicts, way, of, month, &mut taken)).collect()
}

fn trouble(
    book: &Book<'_>,
    verdicts: &Verdicts<'_>,
    way: &Way<'_>,
    (clause, outcome): (&Clause, Outcome),
    month: Period,
    taken: &mut BTreeSet<String>,
) -> Option<Trouble> {
    let lang = book.config.site.lang;
    let found: Vec<&Finding> = verdicts.findings(&clause.id, month).collect();
    if found.is_empty() {
        return None;
    }
    let link = grid::link(way, clause);
    let left = found.len().saturating_sub(LISTED);
    Some(Trouble {
        anchor: grid::anchor(&clause.id),
        title: clause.title.to(lang).to_owned(),
        mark: outcome.mark(lang),
        findings: found.iter().take(LISTED).map(|f| findings::view(book, way, f, taken)).collect(),
        more: (left > 0).then(|| {
            let n = grouped(left);
            Link::new(link.href.clone(), say!("另有 {n} 个", "{n} more").to(lang))
        }),
        clause: link,
    })
}

fn year(book: &Book<'_>, verdicts: &Verdicts<'_>, way: &Way<'_>, at: usize) -> Sheet<'static> {
    let lang = book.config.site.lang;
    let year = verdicts.years()[at];
    let name = year.name(Unit::Year);
    let months: Vec<Period> = (0..12).map(|n| Period::of(Unit::Month, year.first.add_months(n))).collect();
    let counts = grid::counts(book, verdicts, Scope::All, year);
    let other = |year: &Period| {
        let name = year.name(Unit::Year);
        Link::new(file(&name), name)
    };
    let view = YearView {
        said: grid::sentence(&counts).to(lang).to_owned(),
        counts: grid::tally(&counts, lang),
        preliminary: !verdicts.over(year),
        heads: grid::heads(book, verdicts, way, &months),
        groups: grid::chapters(book, |clause| YearRow {
            row: grid::row(book, verdicts, way, clause, Scope::All, &months),
            year: grid::cell(book, verdicts, way, (&clause.id, Scope::All, year)),
        }),
        aloud: aloud(book, verdicts, way, year),
        years: Neighbours {
            previous: at.checked_sub(1).and_then(|before| verdicts.years().get(before)).map(other),
            next: verdicts.years().get(at + 1).map(other),
        },
    };
    let title = say!("{name} 年对照表", "Matrix of {name}");
    Sheet::new(way::matrix(&name), "matrix-year.html", title.to(lang), &view)
}

fn index(book: &Book<'_>, verdicts: &Verdicts<'_>) -> Sheet<'static> {
    let lang = book.config.site.lang;
    let month = |month: Period| {
        verdicts.months().contains(&month).then(|| IndexMonth {
            month: Link::new(file(&month.name(Unit::Month)), month_title(month.first, lang)),
            counts: grid::tally(&grid::counts(book, verdicts, Scope::All, month), lang),
            preliminary: !verdicts.over(month),
        })
    };
    let year = |year: &Period| IndexYear {
        year: Link::new(file(&year.name(Unit::Year)), year.name(Unit::Year)),
        months: (0..12).map(|n| month(Period::of(Unit::Month, year.first.add_months(n)))).collect(),
    };
    let view = IndexView { years: verdicts.years().iter().rev().map(year).collect() };
    Sheet::new("matrix/index.html", "matrix-index.html", say!("对照表", "Matrices").to(lang), &view)
}

/// What a period's verdicts do not say: what is not judged, what is not watched, what was kept out.
pub fn aloud(book: &Book<'_>, verdicts: &Verdicts<'_>, way: &Way<'_>, period: Period) -> Vec<Aloud> {
    let lang = book.config.site.lang;
    let plain = |said: &Said| Aloud { said: said.to(lang).to_owned(), links: Vec::new() };
    let mut out = Vec::new();
    if !verdicts.over(period) {
        out.push(plain(&say!(
            "期间尚未结束：“不符合”已成定局，其余结果都可能变化。",
            "The period is not over: what does not conform stays so, all other results may still change."
        )));
    }
    let bare = book.standard.clauses.iter().filter(|c| verdicts.rules(&c.id).is_empty());
    let bare: Vec<Link> = bare.map(|c| grid::link(way, c)).collect();
    if !bare.is_empty() {
        let said = say!("没有规则，未评定的条款：", "Clauses without a rule, not assessed:");
        out.push(Aloud { said: said.to(lang).to_owned(), links: bare });
    }
    out.extend(silent(book, verdicts, way, period));
    for (at, system) in book.config.systems.iter().enumerate() {
        out.extend(of_system(book, verdicts, at, system, period).iter().map(plain));
    }
    let rejected: usize = book.ledger.tables.iter().map(|t| t.counts().rejected).sum();
    if rejected > 0 {
        let n = grouped(rejected);
        let said = say!("因读入错误未收录、不参与评定的记录：", "Records that could not be read, and were not judged:");
        let link = Link::new(way.from_here("rejected.html"), say!("{n} 条", "{n}").to(lang));
        out.push(Aloud { said: said.to(lang).to_owned(), links: vec![link] });
    }
    out
}

/// Rules that are not run for a period, by the reason.
fn silent(book: &Book<'_>, verdicts: &Verdicts<'_>, way: &Way<'_>, period: Period) -> Vec<Aloud> {
    let lang = book.config.site.lang;
    let mut reasons: Vec<(Said, Vec<Link>)> = Vec::new();
    for rule in &book.standard.rules {
        let Some(reason) = verdicts.silent(rule, period) else { continue };
        let link = Link::new(way.from_here(&way::rule(&rule.clause, &rule.id)), rule.title.to(lang));
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, links)) => links.push(link),
            None => reasons.push((reason, vec![link])),
        }
    }
    let make = |(reason, links): (Said, Vec<Link>)| {
        let (zh, en) = (&reason.zh, &reason.en);
        Aloud { said: say!("{zh}。未评定的规则：", "Not assessed, because {en}:").to(lang).to_owned(), links }
    };
    reasons.into_iter().map(make).collect()
}

/// What a system's verdicts do not say in a period.
fn of_system(book: &Book<'_>, verdicts: &Verdicts<'_>, at: usize, system: &System, period: Period) -> Vec<Said> {
    let name = &system.name;
    let span = book.config.site.zone.span(period);
    let (since, until) = book.config.service(Some(at));
    if since >= span.end || until.is_some_and(|until| until <= span.start) {
        return vec![say!("{name}：本期不在用。", "{name}: not in service in this period.")];
    }
    let mut out = Vec::new();
    if since > span.start {
        let day = system.in_service;
        out.push(say!(
            "{name}：{day} 起在用；跨越这一天的周期不作要求。",
            "{name}: in service from {day}; what is due for a longer period is not asked."
        ));
    }
    if let (Some(day), Some(true)) = (system.retired, until.map(|until| until < span.end)) {
        out.push(say!(
            "{name}：{day} 起停用；跨越这一天的周期不作要求。",
            "{name}: retired on {day}; what is due for a longer period is not asked."
        ));
    }
    out.extend(unwatched(system));
    if !verdicts.recorded(Some(at), period) {
        out.push(say!("{name}：本期没有任何记录。", "{name}: there is no record of any kind in this period."));
    }
    out
}

/// That nobody watches a system, where that is so.
pub fn unwatched(system: &System) -> Option<Said> {
    let name = &system.name;
    system.shifts.is_empty().then(|| {
        say!(
            "{name}：没有配置值守班次，无人值守；可用性只凭停机记录计算。",
            "{name}: no shift is set, so nobody is known to watch it; its availability rests on outage records alone."
        )
    })
}

/// A system with its page.
pub fn system_link(way: &Way<'_>, system: &System) -> Link {
    Link::new(way.from_here(&inert::part(&way::system(&system.id))), system.name.as_str())
}

/// A page of the same folder.
fn file(period: &str) -> String {
    format!("{period}.html")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::fixture::{backups, waiver, with};
    use crate::page::shelf::Shelf;

    #[test]
    fn a_month_leads_from_a_cell_to_what_was_found_and_says_what_is_not_judged() {
        let files = vec![
            backups("a", "2026-01-01", "2026-03-31", &["2026-02-11", "2026-02-20"]),
            waiver("W-1", "backup.daily", "2026-02-20", "2026-02-20"),
        ];
        with(files, "2026-03-31", |book, v| {
            let shelf = Shelf::of(book.ledger, book.standard);
            let sheet = month(book, v, &Versions::of(book, v), &Way::from_depth(book, &shelf, 1), 1);
            assert_eq!(sheet.path, "matrix/2026-02.html");
            let view = sheet.json();
            let rows = view["groups"].as_array().unwrap().iter().flat_map(|g| g["rows"].as_array().unwrap());
            let row = rows.into_iter().find(|row| row["clause"]["text"] == "3.1.1").unwrap();
            let classes: Vec<_> = row["cells"].as_array().unwrap().iter().map(|c| c["mark"]["class"].clone()).collect();
            assert_eq!(classes[0], "missed");
            assert_eq!(row["all"]["href"], "#c-3.1.1");
            assert_eq!(row["waivers"][0]["text"], "W-1");
            let troubles = view["troubles"].as_array().unwrap();
            let of = troubles.iter().find(|t| t["anchor"] == "c-3.1.1").unwrap();
            assert!(of["findings"].as_array().unwrap().iter().any(|f| f["system"] == "a" && f["waived_by"].is_null()));
            let aloud = view["aloud"].as_array().unwrap().iter().map(|a| a["said"].as_str().unwrap());
            let aloud: Vec<&str> = aloud.collect();
            for part in ["archive.seal_from", "a：没有配置值守班次", "b：2026-02-10 起在用", "c：本期没有任何记录"]
            {
                assert!(aloud.iter().any(|said| said.contains(part)), "{part}: {aloud:?}");
            }
        });
    }

    #[test]
    fn a_year_has_a_column_for_each_month_and_leaves_out_what_is_not_known() {
        with(vec![backups("a", "2026-01-01", "2026-03-31", &[])], "2026-03-31", |book, v| {
            let shelf = Shelf::of(book.ledger, book.standard);
            let sheet = year(book, v, &Way::from_depth(book, &shelf, 1), 0);
            let view = sheet.json();
            assert_eq!(view["heads"].as_array().unwrap().len(), 12);
            assert_eq!(view["preliminary"], true);
            let cells = &view["groups"][0]["rows"][0]["cells"];
            assert!(!cells[2].is_null() && cells[3].is_null());
        });
    }
}
