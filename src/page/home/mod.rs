//! `index.html`: how things stand, in one sentence, four figures and five short lists (site.md, section 2).

use serde::Serialize;

use crate::calendar::{Period, Unit};
use crate::finding::Severity;
use crate::output;
use crate::say;
use crate::slots::State;
use crate::source::Failure;
use crate::standard::Clause;

use super::Book;
use super::charts::{self, small};
use super::content::{self, review::Review};
use super::grid::{self, Count};
use super::inert;
use super::open::{self, OpenFault};
use super::records::month_title;
use super::rows::grouped;
use super::sheet::{Link, Sheet};
use super::slots::completeness;
use super::verdict::{MarkView, Outcome, Scope, Verdicts};
use super::way::{self, Way};

mod gauge;
mod next;

use gauge::Gauge;
use next::{Due, Margin};

/// How many entries a short list has.
const SHORT: usize = 5;

#[derive(Debug, Serialize)]
struct View {
    /// The last month that is over; none where there is none yet.
    last: Option<Standing>,
    /// The month that is not over.
    running: Option<Standing>,
    gauges: Vec<Gauge>,
    /// The first and the last month of the strips.
    window: Vec<String>,
    strips: Vec<Strip>,
    faults: List<OpenFault>,
    worse: List<Worse>,
    /// The month that the last one is compared with; empty where there is none.
    before: String,
    due: List<Due>,
    /// What is due every day and shift, in a sentence; may be empty.
    daily: String,
    runbooks: List<Overdue>,
    /// Whether the standard says how much availability there has to be.
    targeted: bool,
    margins: List<Margin>,
    /// The month of the margins, with its figures.
    month: Option<Link>,
    /// The report of the last month that is over.
    report: Option<Link>,
    records: String,
    rejected: String,
    error: usize,
    warning: usize,
    info: usize,
    waived: usize,
}

/// How a month stands.
#[derive(Debug, Serialize)]
struct Standing {
    month: Link,
    /// The worst result.
    mark: MarkView,
    said: String,
    counts: Vec<Count>,
    /// The clauses that do not conform or are unproven.
    fails: Vec<Fail>,
}

#[derive(Debug, Serialize)]
struct Fail {
    clause: Link,
    mark: MarkView,
    numbers: String,
    /// What was found.
    findings: Link,
}

/// A rule's slots month by month.
#[derive(Debug, Serialize)]
struct Strip {
    rule: Link,
    svg: String,
    completeness: String,
    missed: usize,
}

/// The beginning of a list, and how long it is.
#[derive(Debug, Serialize)]
struct List<T> {
    total: usize,
    first: Vec<T>,
    /// How many are not shown.
    more: usize,
}

/// A clause that fares worse than the month before.
#[derive(Debug, Serialize)]
struct Worse {
    clause: Link,
    before: MarkView,
    now: MarkView,
    findings: Link,
}

/// A page that should have been read again.
#[derive(Debug, Serialize)]
struct Overdue {
    page: Link,
    owner: String,
    due: String,
    days: i32,
}

impl<T> List<T> {
    fn of(all: Vec<T>) -> Self {
        let total = all.len();
        Self { total, more: total.saturating_sub(SHORT), first: all.into_iter().take(SHORT).collect() }
    }
}

/// The page; it lies at the root of the site.
pub fn sheet(book: &Book<'_>, verdicts: &Verdicts<'_>, way: &Way<'_>) -> Result<Sheet<'static>, Failure> {
    let lang = book.config.site.lang;
    let last = charts::last_whole(book);
    let running = verdicts.months().last().copied().filter(|month| !verdicts.over(*month));
    let months = last.or(running).map_or_else(Vec::new, |month| charts::window(book, month));
    let before = last.map(|month| month.previous(Unit::Month)).filter(|m| verdicts.months().contains(m));
    let (due, daily) = next::due(book, way);
    let count =
        |severity: Severity| book.findings.iter().filter(|f| f.severity == severity && f.waived_by.is_none()).count();
    let records = output::total(book.ledger, book.standard);
    let name = |month: Option<Period>| month.map_or_else(String::new, |m| month_title(m.first, lang));
    let view = View {
        last: last.map(|month| standing(book, verdicts, way, month)),
        running: running.map(|month| standing(book, verdicts, way, month)),
        gauges: last.map_or_else(Vec::new, |month| gauge::gauges(book, way, month)),
        window: [months.first(), months.last()].map(|m| name(m.copied())).into(),
        strips: strips(book, way, &months),
        faults: List::of(open::faults(book, way)?),
        worse: List::of(match (before, last) {
            (Some(before), Some(last)) => worse(book, verdicts, way, before, last),
            _ => Vec::new(),
        }),
        before: name(before),
        due: List::of(due),
        daily: daily.map_or_else(String::new, |said| said.to(lang).to_owned()),
        runbooks: List::of(overdue(book, way)),
        targeted: book.standard.param("availability_percent").is_some(),
        margins: List::of(running.map_or_else(Vec::new, |month| next::margins(book, way, month))),
        month: running.map(|month| Link::new(way.from_here(&way::figures(&month.name(Unit::Month))), name(running))),
        report: last.map(|month| {
            let page = inert::part(&way::report(&month.name(Unit::Month)));
            Link::new(page, month_title(month.first, lang))
        }),
        records: grouped(records.accepted),
        rejected: grouped(records.rejected),
        error: count(Severity::Error),
        warning: count(Severity::Warning),
        info: count(Severity::Info),
        waived: book.findings.iter().filter(|f| f.waived_by.is_some()).count(),
    };
    Ok(Sheet::new("index.html", "index.html", say!("总览", "Overview").to(lang), &view))
}

fn standing(book: &Book<'_>, verdicts: &Verdicts<'_>, way: &Way<'_>, month: Period) -> Standing {
    let lang = book.config.site.lang;
    let counts = grid::counts(book, verdicts, Scope::All, month);
    let fail = |clause: &Clause| {
        let verdict = verdicts.clause(&clause.id, Scope::All, month)?;
        (verdict.outcome >= Outcome::Unproven).then(|| Fail {
            clause: named(way, book, clause),
            mark: verdict.outcome.mark(lang),
            numbers: verdict.numbers().to(lang).to_owned(),
            findings: found(way, clause, month, verdict.found() + verdict.waived, lang),
        })
    };
    let page = inert::part(&way::matrix(&month.name(Unit::Month)));
    Standing {
        month: Link::new(way.from_here(&page), month_title(month.first, lang)),
        mark: counts.first().map_or(Outcome::NotAssessed, |(outcome, _)| *outcome).mark(lang),
        said: grid::sentence(&counts).to(lang).to_owned(),
        counts: grid::tally(&counts, lang),
        fails: book.standard.clauses.iter().filter_map(fail).collect(),
    }
}

/// A clause with its page, by id and title.
fn named(way: &Way<'_>, book: &Book<'_>, clause: &Clause) -> Link {
    let title = clause.title.to(book.config.site.lang);
    Link::new(grid::link(way, clause).href, format!("{} {title}", clause.id))
}

/// What was found against a clause in a month.
fn found(way: &Way<'_>, clause: &Clause, month: Period, n: usize, lang: crate::say::Lang) -> Link {
    let shown = grouped(n);
    let s = if n == 1 { "" } else { "s" };
    let said = say!("{shown} 个问题", "{shown} finding{s}");
    let href = if n > 0 { way.from_here(&grid::findings_of(&clause.id, month)) } else { String::new() };
    Link::new(href, if n > 0 { said.to(lang) } else { "" })
}

/// The clauses whose result is worse than the month before, the worst first.
fn worse(book: &Book<'_>, verdicts: &Verdicts<'_>, way: &Way<'_>, before: Period, last: Period) -> Vec<Worse> {
    let lang = book.config.site.lang;
    let mut all: Vec<(Outcome, Worse)> = Vec::new();
    for clause in &book.standard.clauses {
        let of = |month: Period| verdicts.clause(&clause.id, Scope::All, month);
        let (Some(then), Some(now)) = (of(before), of(last)) else { continue };
        // What was not judged before has not turned.
        if then.outcome != Outcome::NotAssessed && now.outcome >= Outcome::Remarks && now.outcome > then.outcome {
            let entry = Worse {
                clause: named(way, book, clause),
                before: then.outcome.mark(lang),
                now: now.outcome.mark(lang),
                findings: found(way, clause, last, now.found() + now.waived, lang),
            };
            all.push((now.outcome, entry));
        }
    }
    all.sort_by_key(|(outcome, _)| std::cmp::Reverse(*outcome));
    all.into_iter().map(|(_, entry)| entry).collect()
}

/// The slots of each rule that has some, month by month.
fn strips(book: &Book<'_>, way: &Way<'_>, months: &[Period]) -> Vec<Strip> {
    let lang = book.config.site.lang;
    let mut out = Vec::new();
    for (at, rule) in book.standard.rules.iter().enumerate() {
        let groups = || book.slots.iter().filter(|g| g.rule == at);
        if groups().next().is_none() {
            continue;
        }
        let mut counts = [0; 5];
        for month in months {
            let of_month = groups().flat_map(|g| charts::complete::in_month(&g.slots, *month));
            let of_month = crate::slots::count(of_month);
            counts.iter_mut().zip(of_month).for_each(|(sum, n)| *sum += n);
        }
        let title = format!("{} {}", rule.clause, rule.title.to(lang));
        out.push(Strip {
            rule: Link::new(way.from_here(&way::rule(&rule.clause, &rule.id)), title),
            svg: small::strip(book, &format!("strip-{at}"), at, months),
            completeness: completeness(counts),
            missed: counts[State::Missed as usize],
        });
    }
    out
}

/// The pages that should have been read again, the longest overdue first.
fn overdue(book: &Book<'_>, way: &Way<'_>) -> Vec<Overdue> {
    let lang = book.config.site.lang;
    let mut all: Vec<Overdue> = book
        .content
        .led(lang)
        .filter_map(|(_, shown)| match content::review::review(&shown.facts, &book.config.site.zone, book.as_of) {
            Review::Overdue(due, days) => Some(Overdue {
                page: Link::new(way.from_here(&inert::part(&shown.route)), shown.title.as_str()),
                owner: shown.facts.owner.clone(),
                due: due.to_string(),
                days,
            }),
            _ => None,
        })
        .collect();
    all.sort_by_key(|page| std::cmp::Reverse(page.days));
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::fixture::{backups, with};
    use crate::page::shelf::Shelf;

    #[test]
    fn a_clause_turned_worse_is_named_with_both_results() {
        let files = vec![
            backups("a", "2026-01-01", "2026-02-28", &["2026-02-11"]),
            backups("c", "2026-01-01", "2026-02-28", &[]),
        ];
        with(files, "2026-02-28", |book, v| {
            let shelf = Shelf::of(book.ledger, book.standard);
            let way = Way::from_depth(book, &shelf, 0);
            let found = worse(book, v, &way, v.months()[0], v.months()[1]);
            let backup: Vec<_> = found.iter().filter(|w| w.clause.text.starts_with("3.1.1 ")).collect();
            assert_eq!(backup.len(), 1);
            assert_eq!((backup[0].before.class, backup[0].now.class), ("met", "missed"));
            assert_eq!(backup[0].findings.href, "matrix/2026-02.html#c-3.1.1");
            assert!(found.iter().all(|w| !w.clause.text.starts_with("2.2 ")), "what is pending is not worse");
        });
    }

    #[test]
    fn an_archive_without_a_whole_month_says_so() {
        with(vec![backups("a", "2026-01-01", "2026-01-10", &[])], "2026-01-10", |book, v| {
            let shelf = Shelf::of(book.ledger, book.standard);
            let sheet = sheet(book, v, &Way::from_depth(book, &shelf, 0)).unwrap();
            let view = sheet.json();
            assert!(view["last"].is_null() && view["gauges"].as_array().unwrap().is_empty());
            assert_eq!(view["running"]["month"]["href"], "matrix/2026-01.html");
        });
    }
}
