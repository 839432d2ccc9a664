//! What the verdicts of a period do not say: rules that are not run, systems that nobody watches, records that were
//! kept out. Matrices and reports say it aloud.

use serde::Serialize;

use crate::calendar::Period;
use crate::config::System;
use crate::say;
use crate::say::Said;
use crate::standard::Rule;

use super::Book;
use super::grid;
use super::matrix::system_link;
use super::rows::grouped;
use super::sheet::Link;
use super::verdict::Verdicts;
use super::way::{self, Way};

/// What is not judged, and why.
#[derive(Debug, Serialize)]
pub struct Aloud {
    /// The sentence.
    pub said: String,
    /// Where to read on; may lead nowhere.
    pub links: Vec<Link>,
}

/// What a period's verdicts do not say: what is not judged, what is not watched, what was kept out.
pub fn of(book: &Book<'_>, verdicts: &Verdicts<'_>, way: &Way<'_>, period: Period) -> Vec<Aloud> {
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
    out.extend(of_systems(book, verdicts, way, period));
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
    let reason = |rule: &Rule| {
        let link = Link::new(way.from_here(&way::rule(&rule.clause, &rule.id)), rule.title.to(lang));
        Some((verdicts.silent(rule, period)?, link))
    };
    let make = |(reason, links): (Said, Vec<Link>)| {
        let (zh, en) = (&reason.zh, &reason.en);
        Aloud { said: say!("{zh}。未评定的规则：", "Not assessed, because {en}:").to(lang).to_owned(), links }
    };
    together(book.standard.rules.iter().filter_map(reason)).into_iter().map(make).collect()
}

/// What is said of several, once, with all of which it is said.
fn together(all: impl Iterator<Item = (Said, Link)>) -> Vec<(Said, Vec<Link>)> {
    let mut out: Vec<(Said, Vec<Link>)> = Vec::new();
    for (said, link) in all {
        match out.iter_mut().find(|(known, _)| *known == said) {
            Some((_, links)) => links.push(link),
            None => out.push((said, vec![link])),
        }
    }
    out
}

/// What the verdicts of systems do not say in a period, by what it is: forty systems may have it in common.
fn of_systems(book: &Book<'_>, verdicts: &Verdicts<'_>, way: &Way<'_>, period: Period) -> Vec<Aloud> {
    let lang = book.config.site.lang;
    let reasons = |(at, system): (usize, &System)| {
        let link = system_link(way, system);
        of_system(book, verdicts, at, system, period)
            .into_iter()
            .map(move |said| (said, link.clone()))
            .collect::<Vec<_>>()
    };
    let make = |(reason, links): (Said, Vec<Link>)| {
        let (zh, en) = (&reason.zh, &reason.en);
        Aloud { said: say!("{zh}：", "{en}:").to(lang).to_owned(), links }
    };
    together(book.config.systems.iter().enumerate().flat_map(reasons)).into_iter().map(make).collect()
}

fn of_system(book: &Book<'_>, verdicts: &Verdicts<'_>, at: usize, system: &System, period: Period) -> Vec<Said> {
    let span = book.config.site.zone.span(period);
    let (since, until) = book.config.service(Some(at));
    if since >= span.end || until.is_some_and(|until| until <= span.start) {
        return vec![say!("本期不在用", "Not in service in this period")];
    }
    let mut out = Vec::new();
    if since > span.start {
        let day = system.in_service;
        out.push(say!(
            "{day} 起在用，跨越这一天的周期不作要求",
            "In service from {day}; what is due for a longer period is not asked"
        ));
    }
    if let (Some(day), Some(true)) = (system.retired, until.map(|until| until < span.end)) {
        out.push(say!(
            "{day} 起停用，跨越这一天的周期不作要求",
            "Retired on {day}; what is due for a longer period is not asked"
        ));
    }
    out.extend(unwatched(system));
    if !verdicts.recorded(Some(at), period) {
        out.push(say!("本期没有任何记录", "No record of any kind in this period"));
    }
    out
}

/// That nobody watches a system, where that is so.
pub fn unwatched(system: &System) -> Option<Said> {
    system.shifts.is_empty().then(|| {
        say!(
            "没有配置值守班次，无人值守，可用率只凭停机记录计算",
            "No shift is set, so nobody is known to watch, and availability rests on outage records alone"
        )
    })
}
