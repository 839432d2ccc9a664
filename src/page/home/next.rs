//! What comes next: what is due within a week, and how much downtime the running month still allows.

use serde::Serialize;

use crate::calendar::{DAY, Day, Instant, Period, Span, Unit, periods};
use crate::measure::Better;
use crate::say;
use crate::say::Said;
use crate::slots::{Group, State};
use crate::standard::{Amount, Form, Grain, Rule, Seal};
use crate::value::Decimal;

use super::super::Book;
use super::super::figure;
use super::super::matrix::system_link;
use super::super::sheet::Link;
use super::super::status;
use super::super::verdict::MarkView;
use super::super::way::{self, Way};

/// How far ahead is looked, in days.
const AHEAD: i64 = 7;

/// Something that is due within a week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Due {
    /// The last local day on which it can be met.
    pub day: String,
    /// The rule, on the page of its clause.
    pub rule: Link,
    /// The period that it is asked of.
    pub period: String,
    /// The systems that it is asked of; empty for the organisation.
    pub systems: Vec<String>,
}

/// How much downtime a month still allows.
#[derive(Debug, Serialize)]
pub struct Margin {
    /// The system.
    pub system: Link,
    /// How it stands so far.
    pub mark: MarkView,
    /// Downtime so far.
    pub used: String,
    /// What the whole month allows at its target.
    pub allowed: String,
    /// What is left of that; where nothing is, by how much it is passed.
    pub left: String,
    /// Whether more was used than is allowed.
    pub passed: bool,
    #[serde(skip)]
    seconds: i64,
}

/// What is due within a week, by the day; and what is due every day or shift, in a sentence.
pub fn due(book: &Book<'_>, way: &Way<'_>) -> (Vec<Due>, Option<Said>) {
    let lang = book.config.site.lang;
    let zone = &book.config.site.zone;
    let until = book.as_of.plus(AHEAD * DAY);
    let mut found: Vec<(Instant, usize, Period, Option<usize>)> = Vec::new();
    let mut today = 0;
    for group in book.slots {
        let rule = &book.standard.rules[group.rule];
        let Some((unit, limit)) = asked(rule) else {
            today += group.slots.iter().rev().take_while(|s| s.state == State::Pending).count();
            continue;
        };
        for period in open(book, group, unit) {
            let end = limit.map_or(zone.span(period).end, |limit| {
                let days = book.standard.amount(limit, period.first).0 / Decimal::ONE;
                zone.end(period.last().plus(i32::try_from(days).unwrap_or(i32::MAX)))
            });
            if book.as_of < end && end <= until {
                found.push((end, group.rule, period, group.system));
            }
        }
    }
    found.sort();
    let entry = |of: &[(Instant, usize, Period, Option<usize>)]| {
        let (end, rule, period, _) = of[0];
        let (rule, unit) = (&book.standard.rules[rule], asked(&book.standard.rules[rule]).map(|(unit, _)| unit));
        let systems = of.iter().filter_map(|(.., system)| *system);
        Due {
            // The end of a day is the start of the next: the last whole day is meant.
            day: zone.date(end.plus(-1)).to_string(),
            rule: Link::new(way.from_here(&way::rule(&rule.clause, &rule.id)), rule.title.to(lang)),
            period: unit.map_or_else(String::new, |unit| period.name(unit)),
            systems: systems.map(|s| book.config.systems[s].name.clone()).collect(),
        }
    };
    let all = found.chunk_by(|a, b| a.0 == b.0 && a.1 == b.1 && a.2 == b.2).map(entry).collect();
    let daily = (today > 0).then(|| {
        say!(
            "另有每天、每班的应有记录：到现在还缺 {today} 项，尚未到期。",
            "What is due every day and shift: {today} are still to come, not yet due."
        )
    });
    (all, daily)
}

/// The period that a rule asks of, where it is longer than a day, and how long after its end it may be met.
fn asked(rule: &Rule) -> Option<(Unit, Option<&Amount>)> {
    match &rule.form {
        Form::Cadence { every: Grain::Every(unit), .. } if *unit != Unit::Day => Some((*unit, None)),
        Form::Closes(closes) => Some((closes.every, Some(&closes.limit))),
        Form::Sealed(Seal::Sealed(limit)) => Some((Unit::Month, Some(limit))),
        _ => None,
    }
}

/// The periods of a group that can still be met: pending ones, and those that begin within a week.
fn open(book: &Book<'_>, group: &Group, unit: Unit) -> Vec<Period> {
    let zone = &book.config.site.zone;
    let (since, until) = book.config.service(group.system);
    let pending = group.slots.iter().filter(|s| s.state == State::Pending);
    let mut out: Vec<Period> = pending.map(|s| Period::of(unit, s.first)).collect();
    let next = Span { start: book.as_of, end: book.as_of.plus(AHEAD * DAY) };
    let last = group.slots.last().map_or(Day(i32::MIN), |s| s.first);
    let whole = |p: &Period| since <= zone.span(*p).start && until.is_none_or(|until| zone.span(*p).end <= until);
    out.extend(periods(unit, zone, next).filter(|p| p.first > last).filter(whole));
    out
}

/// How much downtime each system may still have in a month, the least first.
pub fn margins(book: &Book<'_>, way: &Way<'_>, month: Period) -> Vec<Margin> {
    let lang = book.config.site.lang;
    let mut out = Vec::new();
    for (at, system) in book.config.systems.iter().enumerate() {
        let Some(figure) = figure::named(book, "availability", Some(at), month) else { continue };
        let (Some(up), Some(agreed), Some(target)) = (figure.numerator, figure.denominator, figure.target) else {
            continue;
        };
        let (since, until) = book.config.service(Some(at));
        let end = book.config.site.zone.span(month).end;
        let end = until.map_or(end, |until| until.min(end));
        let rest = (end.0 - book.as_of.0.max(since.0)).max(0);
        let down = agreed - up;
        let allowed = allowed(agreed + rest, target);
        let left = allowed - down;
        out.push(Margin {
            system: system_link(way, system),
            mark: status::verdict(figure.verdict.unwrap_or(crate::measure::Verdict::NotApplicable), lang),
            used: figure::duration(down, Better::Less, lang),
            allowed: figure::duration(allowed, Better::More, lang),
            left: figure::duration(left.abs(), if left < 0 { Better::Less } else { Better::More }, lang),
            passed: left < 0,
            seconds: left,
        });
    }
    out.sort_by_key(|margin| margin.seconds);
    out
}

/// The most whole seconds of downtime with which so many seconds of agreed service reach a target.
fn allowed(agreed: i64, target: Decimal) -> i64 {
    let all = i128::from(100 * Decimal::ONE);
    let down = i128::from(agreed) * (all - i128::from(target.0)) / all;
    i64::try_from(down).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_allowed_reaches_the_target_and_a_second_more_does_not() {
        // figures.md, section 3: a month of 30 days allows 216 minutes at 99.5 %.
        let target = Decimal(99_500_000);
        assert_eq!(allowed(43_200 * 60, target), 216 * 60);
        for agreed in [1, 199, 200, 42_600 * 60, 2_678_399] {
            let reached =
                |down: i64| i128::from(agreed - down) * 100_000_000 >= i128::from(target.0) * i128::from(agreed);
            let most = allowed(agreed, target);
            assert!(reached(most) && !reached(most + 1), "{agreed}: {most}");
        }
        assert_eq!(allowed(1000, Decimal(100_000_000)), 0);
    }
}
