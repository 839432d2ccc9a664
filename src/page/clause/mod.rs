//! `clauses/<id>.html`: what a clause asks, how it is checked, and what proves that it was kept (site.md, section 2).

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::calendar::{Period, Unit};
use crate::finding::Finding;
use crate::say;
use crate::source::Failure;
use crate::standard::{Clause, Rule};

use super::Book;
use super::charts;
use super::content;
use super::findings::{self, FindingView};
use super::grid::{self, Cell, Group, Head};
use super::inert;
use super::records::month_title;
use super::restated::{self, Versions};
use super::rows::grouped;
use super::sheet::{Link, Neighbours, Sheet};
use super::verdict::{MarkView, Outcome, Scope, Verdicts};
use super::way::{self, Way};

pub mod ask;
mod proof;
mod reading;
mod waiver;

use ask::{Ask, ParamView};
use proof::Proof;
use reading::Readings;
use waiver::WaiverView;

/// The most findings of a rule that are listed, the latest first; all stand in the list of findings.
const LISTED: usize = 20;

#[derive(Debug, Serialize)]
struct View {
    id: String,
    title: String,
    text: String,
    /// The verdict on the last month that is over; none where there is none yet.
    last: Option<Last>,
    heads: Vec<Head>,
    history: Vec<History>,
    /// What months that are judged otherwise now came to when they were sealed, below the months; empty where none is.
    then: Vec<Option<Cell>>,
    /// The matrices of all years.
    years: Vec<Link>,
    rules: Vec<RuleView>,
    waivers: Vec<WaiverView>,
    runbooks: Vec<Link>,
    clauses: Neighbours,
}

#[derive(Debug, Serialize)]
struct Last {
    month: Link,
    mark: MarkView,
    numbers: String,
}

/// The results of a clause month by month.
#[derive(Debug, Serialize)]
struct History {
    /// A system with its page, the organisation, or all of them.
    of: Link,
    cells: Vec<Option<Cell>>,
}

#[derive(Debug, Serialize)]
struct RuleView {
    id: String,
    title: String,
    why: String,
    fix: String,
    severity: &'static str,
    form: &'static str,
    /// What is asked, in words.
    asks: String,
    /// Which records it is about; empty where all of the kind.
    about: String,
    /// The records that it looks at, with their list.
    kind: Link,
    params: Vec<ParamView>,
    /// The verdict on the last month that is over.
    mark: Option<MarkView>,
    /// Why it is not run; empty where it is.
    silent: String,
    /// How many records were looked at one by one; empty for rules that do not.
    judged: String,
    proof: Proof,
    readings: Readings,
    total: usize,
    findings: Vec<FindingView>,
    /// The list of all findings, where some are not listed here.
    more: Option<Link>,
}

#[derive(Debug, Serialize)]
struct IndexView {
    last: Option<Link>,
    groups: Vec<Group<IndexRow>>,
}

#[derive(Debug, Serialize)]
struct IndexRow {
    clause: Link,
    title: String,
    text: String,
    rules: usize,
    result: Option<Cell>,
}

/// What is read once for all clauses.
struct Shared<'a> {
    book: &'a Book<'a>,
    verdicts: &'a Verdicts<'a>,
    versions: &'a Versions<'a>,
    way: &'a Way<'a>,
    /// The months that pages look back on.
    months: Vec<Period>,
    /// The findings of each rule, the latest first.
    findings: BTreeMap<&'a str, Vec<&'a Finding>>,
    /// The waivers of each rule.
    waivers: BTreeMap<String, Vec<WaiverView>>,
}

/// A page for each clause, and the list of them.
pub fn sheets(
    book: &Book<'_>,
    verdicts: &Verdicts<'_>,
    versions: &Versions<'_>,
    way: &Way<'_>,
) -> Result<Vec<Sheet<'static>>, Failure> {
    let mut findings: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in book.findings {
        findings.entry(&finding.rule).or_default().push(finding);
    }
    for of in findings.values_mut() {
        of.sort_by_key(|f| std::cmp::Reverse(f.dates));
    }
    let shared = Shared {
        book,
        verdicts,
        versions,
        way,
        months: verdicts.months().last().map_or_else(Vec::new, |&last| charts::window(book, last)),
        findings,
        waivers: waiver::read(book, way)?,
    };
    let mut out: Vec<Sheet<'static>> = (0..book.standard.clauses.len()).map(|at| shared.sheet(at)).collect();
    out.push(index(book, verdicts, way));
    Ok(out)
}

impl Shared<'_> {
    fn sheet(&self, at: usize) -> Sheet<'static> {
        let (book, verdicts, way) = (self.book, self.verdicts, self.way);
        let lang = book.config.site.lang;
        let clauses = &book.standard.clauses;
        let clause = &clauses[at];
        let mut taken = BTreeSet::new();
        let rules: Vec<RuleView> = verdicts.rules(&clause.id).iter().map(|&r| self.rule(r, &mut taken)).collect();
        let of_rules = verdicts.rules(&clause.id).iter().filter_map(|&r| self.waivers.get(&book.standard.rules[r].id));
        let other = |clause: &Clause| {
            let link = grid::link(way, clause);
            Link::new(link.href, format!("{} {}", clause.id, clause.title.to(lang)))
        };
        let view = View {
            id: clause.id.clone(),
            title: clause.title.to(lang).to_owned(),
            text: clause.text.to(lang).to_owned(),
            last: self.last(clause),
            heads: grid::heads(book, verdicts, way, &self.months),
            history: self.history(clause),
            then: self.then(clause),
            years: verdicts
                .years()
                .iter()
                .rev()
                .map(|y| y.name(Unit::Year))
                .map(|name| Link::new(way.from_here(&way::matrix(&name)), name))
                .collect(),
            rules,
            waivers: of_rules.flatten().cloned().collect(),
            runbooks: content::citing(book, way, &clause.id),
            clauses: Neighbours {
                previous: at.checked_sub(1).and_then(|before| clauses.get(before)).map(other),
                next: clauses.get(at + 1).map(other),
            },
        };
        let title = format!("{} {}", view.id, view.title);
        Sheet::new(way::clause(&clause.id), "clause.html", title, &view)
    }

    fn last(&self, clause: &Clause) -> Option<Last> {
        let lang = self.book.config.site.lang;
        let month = charts::last_whole(self.book)?;
        let verdict = self.verdicts.clause(&clause.id, Scope::All, month)?;
        let href = inert::part(&way::matrix(&month.name(Unit::Month)));
        Some(Last {
            month: Link::new(self.way.from_here(&href), month_title(month.first, lang)),
            mark: verdict.outcome.mark(lang),
            numbers: verdict.numbers().to(lang).to_owned(),
        })
    }

    fn history(&self, clause: &Clause) -> Vec<History> {
        let (book, way) = (self.book, self.way);
        let lang = book.config.site.lang;
        let all = Link::new("", say!("全部", "All").to(lang));
        let organisation = Link::new("", say!("全单位", "Organisation").to(lang));
        let systems = book.config.systems.iter().enumerate();
        let systems = systems.map(|(at, system)| (Scope::System(at), super::matrix::system_link(way, system)));
        let scopes = [(Scope::All, all)].into_iter().chain(systems).chain([(Scope::Organisation, organisation)]);
        let row = |(scope, of)| {
            let cell = |&month: &Period| grid::cell(book, self.verdicts, way, (&clause.id, scope, month));
            History { of, cells: self.months.iter().map(cell).collect() }
        };
        let mut rows: Vec<History> = scopes.map(row).filter(|r| r.cells.iter().any(Option::is_some)).collect();
        // One scope alone is all there is.
        if rows.len() == 2 {
            rows.remove(0);
        }
        rows
    }

    /// What the months came to when they were sealed, where it is not what they come to now.
    fn then(&self, clause: &Clause) -> Vec<Option<Cell>> {
        let lang = self.book.config.site.lang;
        let cell = |&month: &Period| {
            let was = self.versions.all(month).first()?.outcome(&clause.id).filter(|was| *was != Outcome::Pending)?;
            let is = self.verdicts.clause(&clause.id, Scope::All, month)?.outcome;
            let mark = MarkView { word: was.short().to(lang).to_owned(), ..was.mark(lang) };
            let href = restated::listed(self.way, month);
            (was != is).then(|| Cell { mark, numbers: String::new(), href, preliminary: false })
        };
        let cells: Vec<Option<Cell>> = self.months.iter().map(cell).collect();
        if cells.iter().any(Option::is_some) { cells } else { Vec::new() }
    }

    fn rule(&self, at: usize, taken: &mut BTreeSet<String>) -> RuleView {
        let (book, verdicts, way) = (self.book, self.verdicts, self.way);
        let lang = book.config.site.lang;
        let rule = &book.standard.rules[at];
        let today = verdicts.today();
        let ask = Ask::of(book.standard, rule, today);
        let found = self.findings.get(rule.id.as_str()).map_or(&[][..], Vec::as_slice);
        let last = charts::last_whole(book);
        let now = verdicts.months().last().copied();
        let left = found.len().saturating_sub(LISTED);
        RuleView {
            id: rule.id.clone(),
            title: rule.title.to(lang).to_owned(),
            why: rule.why.to(lang).to_owned(),
            fix: rule.fix.to(lang).to_owned(),
            severity: rule.severity.name(),
            form: rule.form.name(),
            asks: ask.said().to(lang).to_owned(),
            about: ask.about().map_or_else(String::new, |said| said.to(lang).to_owned()),
            kind: self.kind(rule),
            params: ask.params(lang),
            mark: last.and_then(|m| verdicts.rule(at, Scope::All, m)).map(|v| v.outcome.mark(lang)),
            silent: now
                .and_then(|month| verdicts.silent(rule, month))
                .map_or_else(String::new, |said| said.to(lang).to_owned()),
            judged: self.judged(at),
            proof: proof::of(book, way, at, &self.months),
            readings: reading::of(book, way, rule, &self.months),
            total: found.len(),
            findings: found.iter().take(LISTED).map(|f| findings::below_rule(book, way, f, taken)).collect(),
            more: (left > 0).then(|| {
                let n = grouped(left);
                Link::new(way.from_here("findings.html"), say!("另有 {n} 个，见问题清单", "{n} more").to(lang))
            }),
        }
    }

    /// The records that a rule looks at, with their list.
    fn kind(&self, rule: &Rule) -> Link {
        let lang = self.book.config.site.lang;
        match rule.kind.map(|k| &self.book.standard.kinds[k]) {
            None => Link::new(self.way.from_here("records/index.html"), say!("全部种类", "every kind").to(lang)),
            Some(kind) if kind.pages => Link::new("", kind.title.to(lang)),
            Some(kind) => {
                let page = inert::part(&format!("records/{}/index.html", kind.name));
                Link::new(self.way.from_here(&page), kind.title.to(lang))
            }
        }
    }

    fn judged(&self, rule: usize) -> String {
        let years = self.verdicts.years().iter().filter_map(|&y| self.verdicts.rule(rule, Scope::All, y));
        let n: usize = years.map(|v| v.judged).sum();
        if n == 0 || !super::verdict::by_record(&self.book.standard.rules[rule]) {
            return String::new();
        }
        let n = grouped(n);
        say!("已逐条检查 {n} 条记录", "{n} records were looked at one by one").to(self.book.config.site.lang).to_owned()
    }
}

fn index(book: &Book<'_>, verdicts: &Verdicts<'_>, way: &Way<'_>) -> Sheet<'static> {
    let lang = book.config.site.lang;
    let last = charts::last_whole(book);
    let row = |clause: &Clause| IndexRow {
        clause: grid::link(way, clause),
        title: clause.title.to(lang).to_owned(),
        text: clause.text.to(lang).to_owned(),
        rules: verdicts.rules(&clause.id).len(),
        result: last.and_then(|month| grid::cell(book, verdicts, way, (&clause.id, Scope::All, month))),
    };
    let view = IndexView {
        last: last.map(|month| {
            let page = inert::part(&way::matrix(&month.name(Unit::Month)));
            Link::new(way.from_here(&page), month_title(month.first, lang))
        }),
        groups: grid::chapters(book, row),
    };
    Sheet::new("clauses/index.html", "clauses.html", say!("条款", "Clauses").to(lang), &view)
}
