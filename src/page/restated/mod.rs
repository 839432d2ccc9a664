//! As judged then, as judged now: every judgement of a month that was sealed, beside what the same month comes to today,
//! and why they differ (archive.md, section 4).
//!
//! The versions of a month are those that its seals hold, and what is judged now where that is none of them. A month that
//! comes to what it came to when it was sealed has one version, and no page says anything of it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde::Serialize;

use crate::calendar::{Period, Unit};
use crate::say;
use crate::say::{Lang, Said};
use crate::seal::Sealed;
use crate::seal::compare::Fields;
use crate::seal::judged::Judged;

use super::Book;
use super::inert;
use super::sheet::Link;
use super::verdict::{MarkView, Outcome, Verdicts};
use super::way::{self, Way};

mod causes;
mod lines;
mod reading;

pub use lines::text;
use lines::{identity, result};
pub use reading::{Reading, reading};

/// A judgement of a month.
#[derive(Debug)]
pub struct Version<'a> {
    /// The month.
    pub month: Period,
    /// The seal that holds it; none for what is judged now and no seal holds yet.
    pub seal: Option<&'a Sealed>,
    lines: Cow<'a, Judged>,
}

impl Version<'_> {
    /// The judgement itself.
    pub fn judged(&self) -> &Judged {
        &self.lines
    }

    /// What a clause came to.
    pub fn outcome(&self, clause: &str) -> Option<Outcome> {
        self.lines.iter().filter_map(result).find(|(id, _)| *id == clause).map(|(_, outcome)| outcome)
    }

    /// The lines that tell what each clause came to, by the ids of the clauses.
    pub fn outcomes(&self) -> impl Iterator<Item = (&str, Outcome)> {
        self.lines.iter().filter_map(result)
    }

    /// The lines that tell a figure.
    pub fn figures(&self) -> impl Iterator<Item = &Fields> {
        self.lines.iter().filter(|line| line.contains_key("figure"))
    }

    /// The lines that tell a finding.
    pub fn findings(&self) -> impl Iterator<Item = &Fields> {
        self.lines.iter().filter(|line| line.contains_key("finding"))
    }
}

/// The versions of every sealed month.
#[derive(Debug)]
pub struct Versions<'a> {
    of: BTreeMap<Period, Vec<Version<'a>>>,
}

impl<'a> Versions<'a> {
    /// Holds what the seals hold against what is judged now.
    pub fn of(book: &Book<'a>, verdicts: &Verdicts<'_>) -> Self {
        let sealed = |month: &Period| {
            let versions = book.archive.versions(*month);
            let of = |version: crate::seal::judged::Version<'a>| Version {
                month: *month,
                seal: Some(version.seal),
                lines: Cow::Borrowed(version.judged),
            };
            let mut all: Vec<Version<'a>> = versions.map(of).collect();
            let now = today(book, verdicts, *month);
            if !change(all.last()?, &now).is_none() {
                all.push(now);
            }
            Some((*month, all))
        };
        Self { of: verdicts.months().par_iter().filter_map(sealed).collect() }
    }

    /// The versions of a month, the first one first and the one that stands last; none where it is not sealed.
    pub fn all(&self, month: Period) -> &[Version<'a>] {
        self.of.get(&month).map_or(&[], Vec::as_slice)
    }

    /// The versions of months before one that their last seals do not hold, which the seal of that month is to hold.
    pub fn unsealed(&self, before: Period) -> impl Iterator<Item = (Period, &Judged)> {
        let last = self.of.range(..before).filter_map(|(_, all)| all.last());
        last.filter(|version| version.seal.is_none()).map(|version| (version.month, &*version.lines))
    }
}

/// What a month comes to now.
pub fn today<'a>(book: &Book<'_>, verdicts: &Verdicts<'_>, month: Period) -> Version<'a> {
    Version { month, seal: None, lines: Cow::Owned(lines::today(book, verdicts, month)) }
}

/// What differs between two versions of a month. Of clauses and figures those count that both judge.
#[derive(Debug)]
pub struct Change<'v> {
    /// Clauses, with what they came to then and now.
    pub clauses: Vec<(&'v str, Outcome, Outcome)>,
    /// Figures, then and now.
    pub figures: Vec<(&'v Fields, &'v Fields)>,
    /// Findings that were not there then.
    pub came: Vec<&'v Fields>,
    /// Findings that are there no more.
    pub went: Vec<&'v Fields>,
}

/// Holds two versions against each other. What was not decided then was bound to be decided: that is no restatement.
pub fn change<'v>(then: &'v Version<'_>, now: &'v Version<'_>) -> Change<'v> {
    let is: BTreeMap<&str, Outcome> = now.outcomes().collect();
    let decided = then.outcomes().filter(|(_, was)| *was != Outcome::Pending);
    let clauses = decided.filter_map(|(id, was)| Some((id, was, *is.get(id)?))).filter(|(_, was, is)| was != is);
    let figures_now: BTreeMap<_, &Fields> = now.figures().filter_map(|line| Some((identity(line)?, line))).collect();
    let both = then.figures().filter_map(|line| Some((line, *figures_now.get(&identity(line)?)?)));
    let (was, is): (BTreeSet<&Fields>, BTreeSet<&Fields>) = (then.findings().collect(), now.findings().collect());
    Change {
        clauses: clauses.collect(),
        figures: both.filter(|(was, is)| differs(was, is)).collect(),
        came: is.difference(&was).copied().collect(),
        went: was.difference(&is).copied().collect(),
    }
}

/// Whether a figure comes to something else. That the same was counted of more is no other result.
fn differs(was: &Fields, is: &Fields) -> bool {
    let result = |(name, _): &(&String, &String)| *name != "denominator";
    !was.iter().filter(result).eq(is.iter().filter(result))
}

impl Change<'_> {
    /// Whether nothing differs.
    pub fn is_none(&self) -> bool {
        self.clauses.is_empty() && self.figures.is_empty() && self.came.is_empty() && self.went.is_empty()
    }

    /// How much differs: `条款 1，指标 3，问题 +1 −2`.
    pub fn said(&self) -> Said {
        let (clauses, figures) = (self.clauses.len(), self.figures.len());
        let (came, went) = (self.came.len(), self.went.len());
        let parts = [
            (clauses > 0, say!("条款 {clauses}", "clauses {clauses}")),
            (figures > 0, say!("指标 {figures}", "figures {figures}")),
            (came + went > 0, say!("问题 +{came} −{went}", "findings +{came} −{went}")),
        ];
        let said: Vec<&Said> = parts.iter().filter(|(there, _)| *there).map(|(_, said)| said).collect();
        let join = |lang: Lang, comma: &str| said.iter().map(|s| s.to(lang)).collect::<Vec<_>>().join(comma);
        Said::new(join(Lang::Zh, "，"), join(Lang::En, ", "))
    }
}

/// The name of a version by its number, from 1.
pub fn name(number: usize) -> Said {
    say!("第 {number} 版", "Version {number}")
}

/// When a version was written down, local, and in which seal.
pub fn sealed(book: &Book<'_>, version: &Version<'_>) -> Option<(String, String)> {
    let seal = version.seal?;
    Some((book.config.site.zone.local(seal.seal.sealed), seal.month().name(Unit::Month)))
}

/// Where the report of a month lists its versions.
pub fn listed(way: &Way<'_>, month: Period) -> String {
    way.from_here(&format!("{}#{LIST}", inert::part(&way::report(&month.name(Unit::Month)))))
}

/// The `id` of the list of versions on a report.
pub const LIST: &str = "versions";

/// What a sealed month came to then and comes to now, where the two differ.
#[derive(Debug, Serialize)]
pub struct Restated {
    /// When it was sealed, local.
    pub sealed: String,
    /// What differs.
    pub changes: Changes,
    /// The versions of its report.
    pub versions: Link,
}

/// What differs between two versions, and why.
#[derive(Debug, Serialize)]
pub struct Changes {
    /// What the two are called.
    pub heads: [String; 2],
    /// Clauses and figures, old and new.
    pub rows: Vec<ChangeRow>,
    /// Findings that were not there then.
    pub came: usize,
    /// Findings that are there no more.
    pub went: usize,
    /// Why.
    pub causes: Vec<String>,
}

/// A clause or a figure of which then and now differ.
#[derive(Debug, Serialize)]
pub struct ChangeRow {
    /// What.
    pub what: Link,
    /// Then.
    pub then: Told,
    /// Now.
    pub now: Told,
}

/// What was said of it.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Told {
    /// Of a figure its value.
    pub value: String,
    /// Of a figure what it was counted from, and its target; may be empty.
    pub detail: String,
    /// The verdict, where it has one.
    pub mark: Option<MarkView>,
}

/// A sealed month held against what is judged now; none where nothing differs.
pub fn restated(book: &Book<'_>, way: &Way<'_>, versions: &Versions<'_>, month: Period) -> Option<Restated> {
    let all = versions.all(month);
    let (first, last) = (all.first()?, all.last()?);
    let lang = book.config.site.lang;
    if change(first, last).is_none() {
        return None;
    }
    let n = all.len();
    let heads = [say!("封存时", "As judged then"), say!("现在", "As judged now")];
    Some(Restated {
        sealed: sealed(book, first)?.0,
        changes: changes(book, way, first, last, heads.map(|said| said.to(lang).to_owned())),
        versions: Link::new(listed(way, month), say!("月报的全部 {n} 版", "All {n} versions of the report").to(lang)),
    })
}

/// What differs between two versions, as the page of `way` shows it.
pub fn changes(book: &Book<'_>, way: &Way<'_>, then: &Version<'_>, now: &Version<'_>, heads: [String; 2]) -> Changes {
    let lang = book.config.site.lang;
    let change = change(then, now);
    let mark = |outcome: Outcome| Told { value: String::new(), detail: String::new(), mark: Some(outcome.mark(lang)) };
    // In the order of the standard; a clause that it no longer has comes last.
    let order = |id: &str| book.standard.clauses.iter().position(|clause| clause.id == id).unwrap_or(usize::MAX);
    let mut clauses = change.clauses.clone();
    clauses.sort_by_key(|(id, ..)| order(id));
    let mut rows: Vec<ChangeRow> = clauses
        .into_iter()
        .map(|(id, was, is)| ChangeRow { what: clause(book, way, id), then: mark(was), now: mark(is) })
        .collect();
    let mut figures = change.figures.clone();
    figures.sort_by_key(|(line, _)| book.config.system(text(line, "system")).unwrap_or(usize::MAX));
    rows.extend(figures.into_iter().map(|(was, is)| {
        let targets = text(was, "target") != text(is, "target");
        let [was, is] = [was, is].map(|line| reading(book, then.month, line));
        let url = if was.trail.is_empty() { String::new() } else { way.from_here(&was.trail) };
        let what = Link::new(url, was.whole());
        ChangeRow { what, then: was.told(targets, lang), now: is.told(targets, lang) }
    }));
    Changes { heads, rows, came: change.came.len(), went: change.went.len(), causes: causes(book, then, now) }
}

/// Why a version is another than one before, at least one cause.
pub fn causes(book: &Book<'_>, then: &Version<'_>, now: &Version<'_>) -> Vec<String> {
    let all = causes::of(book, then, now, &change(then, now));
    all.iter().map(|said| said.to(book.config.site.lang).to_owned()).collect()
}

/// A clause by its id and title; by its id alone where the standard no longer has it.
pub fn clause(book: &Book<'_>, way: &Way<'_>, id: &str) -> Link {
    let known = book.standard.clauses.iter().find(|clause| clause.id == id);
    known.map_or_else(
        || Link::new("", id),
        |clause| {
            let title = clause.title.to(book.config.site.lang);
            Link::new(way.from_here(&inert::part(&way::clause(id))), format!("{id} {title}"))
        },
    )
}
