//! What was found in the half, rule by rule: a meeting speaks of sorts of problems; each one stands in the matrix of
//! its month.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::calendar::{Period, Unit};
use crate::finding::{Finding, Severity};

use super::super::desk::Desk;
use super::super::grid;
use super::super::records::month_title;
use super::super::sheet::Link;
use super::super::way;

/// A rule that was not kept.
#[derive(Debug, Serialize)]
pub struct Problem {
    /// Its clause.
    pub clause: Link,
    /// The rule.
    pub rule: Link,
    /// The worst severity that no waiver covers; that of the waived where all are.
    pub severity: &'static str,
    /// All of them are waived.
    pub waived_all: bool,
    /// How many findings no waiver covers.
    pub found: usize,
    /// How many a waiver covers.
    pub waived: usize,
    /// The names of the systems; empty for the organisation.
    pub systems: Vec<String>,
    /// The months, each with what was found in it.
    pub months: Vec<Link>,
}

/// The rules that were not kept in some months, the worst first, those found most often before others.
pub fn rows(desk: &Desk<'_>, months: &[Period]) -> Vec<Problem> {
    let mut rules: BTreeMap<&str, Vec<(Period, &Finding)>> = BTreeMap::new();
    for month in months {
        for finding in desk.found(*month) {
            rules.entry(&finding.rule).or_default().push((*month, finding));
        }
    }
    let mut out: Vec<(Severity, Problem)> =
        rules.into_iter().map(|(rule, found)| problem(desk, rule, &found)).collect();
    out.sort_by(|(a, x), (b, y)| {
        (x.waived_all, a, std::cmp::Reverse(x.found)).cmp(&(y.waived_all, b, std::cmp::Reverse(y.found)))
    });
    out.into_iter().map(|(_, problem)| problem).collect()
}

fn problem(desk: &Desk<'_>, id: &str, found: &[(Period, &Finding)]) -> (Severity, Problem) {
    let (book, way, lang) = (desk.book, desk.way, desk.lang());
    // A finding that reaches over the end of a month belongs to both: it is one all the same.
    // All stand in one list: where two have one address they are one.
    let mut once: Vec<&Finding> = found.iter().map(|(_, finding)| *finding).collect();
    once.sort_by_key(|finding| std::ptr::from_ref::<Finding>(finding));
    once.dedup_by(|a, b| std::ptr::eq(*a, *b));
    let open = || once.iter().filter(|f| f.waived_by.is_none());
    let severity =
        open().map(|f| f.severity).min().unwrap_or_else(|| once.first().map_or(Severity::Info, |f| f.severity));
    let rule = book.standard.rule(id);
    let clause = rule.and_then(|rule| book.standard.clauses.iter().find(|c| c.id == rule.clause));
    let mut systems: Vec<usize> = once.iter().filter_map(|f| book.config.system(f.system.as_deref()?)).collect();
    systems.sort_unstable();
    systems.dedup();
    let mut months: Vec<Period> = found.iter().map(|(month, _)| *month).collect();
    months.dedup();
    let month = |month: &Period| {
        let url = match clause {
            Some(clause) => grid::findings_of(&clause.id, *month),
            None => way::matrix(&month.name(Unit::Month)),
        };
        Link::new(way.from_here(&url), month_title(month.first, lang))
    };
    let problem = Problem {
        clause: clause.map_or_else(Link::default, |clause| grid::link(way, clause)),
        rule: Link::new(
            rule.map_or_else(String::new, |r| way.from_here(&way::rule(&r.clause, &r.id))),
            rule.map_or(id, |r| r.title.to(lang)),
        ),
        severity: severity.name(),
        waived_all: open().next().is_none(),
        found: open().count(),
        waived: once.len() - open().count(),
        systems: systems.into_iter().map(|s| book.config.systems[s].name.clone()).collect(),
        months: months.iter().map(month).collect(),
    };
    (severity, problem)
}
