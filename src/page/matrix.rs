//! `matrix/`: which clause was kept when (site.md, section 2): a page for each month, clause against system, with all
//! that was found in it; a page for each year, clause against month; and the list of them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::calendar::{Period, Unit};
use crate::config::System;
use crate::finding::Finding;
use crate::say;
use crate::standard::Clause;

use super::Book;
use super::aloud::{self, Aloud};
use super::findings::{self, FindingView};
use super::grid::{self, Cell, Count, Group, Head, Row};
use super::inert;
use super::records::month_title;
use super::restated::{self, Restated, Versions};
use super::rows::grouped;
use super::sheet::{Link, Neighbours, Sheet};
use super::verdict::{MarkView, Outcome, Scope, Verdicts};
use super::way::{self, Way};
use super::worst;

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
    /// The systems; none where there are so many that they stand in `many`.
    systems: Vec<Link>,
    many: Option<Many>,
    /// Whether something is asked of the organisation.
    organisation: bool,
    groups: Vec<Group<MonthRow>>,
    troubles: Vec<Trouble>,
    aloud: Vec<Aloud>,
    year: Link,
    months: Neighbours,
}

/// The results of many systems: a row for each, a column for each clause that asks something of one.
#[derive(Debug, Serialize)]
struct Many {
    clauses: Vec<Link>,
    rows: Vec<ManyRow>,
}

#[derive(Debug, Serialize)]
struct ManyRow {
    system: Link,
    cells: Vec<Option<Cell>>,
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
    let crowded = book.config.systems.len() > worst::TABLED;
    let systems = (0..if crowded { 0 } else { book.config.systems.len() }).map(Scope::System);
    let scopes: Vec<Scope> = systems.chain(organisation.then_some(Scope::Organisation)).collect();
    let other = |month: &Period| Link::new(file(&month.name(Unit::Month)), month_title(month.first, lang));
    let year = Period::of(Unit::Year, month.first).name(Unit::Year);
    let view = MonthView {
        title: month_title(month.first, lang),
        said: grid::sentence(&counts).to(lang).to_owned(),
        counts: grid::tally(&counts, lang),
        preliminary: !verdicts.over(month),
        restated: restated::restated(book, way, versions, month),
        systems: if crowded { Vec::new() } else { book.config.systems.iter().map(|s| system_link(way, s)).collect() },
        many: crowded.then(|| many(book, verdicts, way, month)),
        organisation,
        groups: grid::chapters(book, |clause| month_row(book, verdicts, way, (clause, month), &scopes)),
        troubles: troubles(book, verdicts, way, month),
        aloud: aloud::of(book, verdicts, way, month),
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
    (clause, month): (&Clause, Period),
    scopes: &[Scope],
) -> MonthRow {
    let lang = book.config.site.lang;
    let link = grid::link(way, clause);
    let here = here(clause);
    let cell = |scope: Scope| cell(book, verdicts, clause, scope, month);
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
        cells: scopes.iter().map(|&scope| cell(scope)).collect(),
        slots: all.filter(|v| v.due() > 0).map_or_else(String::new, |v| format!("{}/{}", v.met(), v.due())),
        slots_href: way.from_here(&slots_of(book, verdicts, clause)),
        found: all.map(|v| v.found()).filter(|n| *n > 0).map(|n| Link::new(here.clone(), grouped(n))),
        waivers: waivers.into_values().filter_map(|finding| findings::waived(book, way, finding)).collect(),
        clause: link,
        title: clause.title.to(lang).to_owned(),
    }
}

/// Where on the page what was found against a clause stands.
fn here(clause: &Clause) -> String {
    format!("#{}", inert::part(&grid::anchor(&clause.id)))
}

fn cell(book: &Book<'_>, verdicts: &Verdicts<'_>, clause: &Clause, scope: Scope, month: Period) -> Option<Cell> {
    let verdict = verdicts.clause(&clause.id, scope, month)?;
    let href = if verdict.found() + verdict.waived > 0 { here(clause) } else { String::new() };
    Some(grid::marked(verdict, href, book.config.site.lang))
}

fn many(book: &Book<'_>, verdicts: &Verdicts<'_>, way: &Way<'_>, month: Period) -> Many {
    let systems = &book.config.systems;
    let asks =
        |clause: &&Clause| (0..systems.len()).any(|at| verdicts.clause(&clause.id, Scope::System(at), month).is_some());
    let clauses: Vec<&Clause> = book.standard.clauses.iter().filter(asks).collect();
    let row = |(at, system): (usize, &System)| ManyRow {
        system: system_link(way, system),
        cells: clauses.iter().map(|clause| cell(book, verdicts, clause, Scope::System(at), month)).collect(),
    };
    Many {
        clauses: clauses.iter().map(|clause| grid::link(way, clause)).collect(),
        rows: systems.iter().enumerate().map(row).collect(),
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
            Link::new(
                way.from_here("findings.html"),
                say!("另有 {n} 个，见问题清单", "{n} more, in the list of findings").to(lang),
            )
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
        aloud: aloud::of(book, verdicts, way, year),
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
            let named = |part: &str| -> Vec<String> {
                let all = view["aloud"].as_array().unwrap();
                let one = all.iter().find(|a| a["said"].as_str().unwrap().contains(part)).expect(part);
                one["links"].as_array().unwrap().iter().map(|to| to["text"].as_str().unwrap().to_owned()).collect()
            };
            assert!(!named("archive.seal_from").is_empty());
            assert_eq!(named("没有配置值守班次"), ["a", "c"]);
            assert_eq!(named("2026-02-10 起在用"), ["b"]);
            assert_eq!(named("本期没有任何记录"), ["b", "c"]);
        });
    }

    #[test]
    fn many_systems_are_rows_of_a_month_and_no_columns() {
        let mut config = crate::page::tests::CONFIG.to_owned();
        for n in 1..=worst::TABLED {
            let system =
                format!("[[system]]\nid = \"s{n}\"\nname = \"系统{n}\"\nin_service = 2026-01-01\nshifts = []\n");
            config.push_str(&system);
        }
        crate::page::tests::with_config(&config, &[], "2026-03-15", |book| {
            let (shelf, v) = (Shelf::of(book.ledger, book.standard), Verdicts::of(book));
            let view = month(book, &v, &Versions::of(book, &v), &Way::from_depth(book, &shelf, 1), 1).json();
            assert_eq!(view["systems"].as_array().unwrap().len(), 0);
            let rows = view["many"]["rows"].as_array().unwrap();
            assert_eq!((rows.len(), &rows[12]["system"]["text"]), (13, &"系统12".into()));
            let at = view["many"]["clauses"].as_array().unwrap().iter().position(|c| c["text"] == "3.1.1").unwrap();
            assert!(rows.iter().all(|row| row["cells"][at]["mark"]["class"] == "missed"), "{rows:?}");
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
