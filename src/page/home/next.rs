//! What comes next: what is due within a week, and how much downtime the running month still allows.

use serde::Serialize;

use crate::calendar::{DAY, Day, Instant, Period, Span, Unit, periods};
use crate::check;
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

/// So many systems are named.
const NAMED: usize = 6;

/// Something that is due within a week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Due {
    /// The last local day on which it can be met; of a record until when.
    pub day: String,
    /// The rule, on the page of its clause.
    pub rule: Link,
    /// The period that it is asked of, or the record.
    pub what: Link,
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

/// What is due within a week, by the time; and what is due every day or shift, in a sentence.
pub fn due(book: &Book<'_>, way: &Way<'_>) -> (Vec<Due>, Option<Said>) {
    let mut all = periods_due(book, way);
    all.extend(records_due(book, way));
    all.sort_by_key(|(end, _)| *end);
    let daily = book.slots.iter().filter(|g| asked(&book.standard.rules[g.rule]).is_none());
    let today: usize = daily.map(|g| g.slots.iter().rev().take_while(|s| s.state == State::Pending).count()).sum();
    let daily = (today > 0).then(|| {
        say!(
            "另有每天、每班的应有记录：到现在还差 {today} 项，尚未到期。",
            "What is due every day and shift: {today} still to come, not yet due."
        )
    });
    (all.into_iter().map(|(_, due)| due).collect(), daily)
}

/// The periods, with those of all systems that are due for the same rule at the same time.
fn periods_due(book: &Book<'_>, way: &Way<'_>) -> Vec<(Instant, Due)> {
    let zone = &book.config.site.zone;
    let mut found: Vec<(Instant, usize, Period, Unit, Option<usize>)> = Vec::new();
    for group in book.slots {
        let Some((unit, limit)) = asked(&book.standard.rules[group.rule]) else { continue };
        for period in open(book, group, unit) {
            let end = limit.map_or(zone.span(period).end, |limit| {
                let days = book.standard.amount(limit, period.first).0 / Decimal::ONE;
                zone.end(period.last().plus(i32::try_from(days).unwrap_or(i32::MAX)))
            });
            if soon(book, end) {
                found.push((end, group.rule, period, unit, group.system));
            }
        }
    }
    found.sort();
    let entry = |of: &[(Instant, usize, Period, Unit, Option<usize>)]| {
        let (end, rule, period, unit, _) = of[0];
        let systems = of.iter().filter_map(|(.., system)| *system);
        let due = Due {
            // The end of a day is the start of the next: the last whole day is meant.
            day: zone.date(end.plus(-1)).to_string(),
            rule: rule_link(book, way, &book.standard.rules[rule]),
            what: Link::new("", period.name(unit)),
            systems: named(book, &systems.collect::<Vec<_>>()),
        };
        (end, due)
    };
    found.chunk_by(|a, b| (a.0, a.1, a.2) == (b.0, b.1, b.2)).map(entry).collect()
}

/// The names of some systems; of many how many they are.
fn named(book: &Book<'_>, systems: &[usize]) -> Vec<String> {
    let n = systems.len();
    if n > NAMED {
        return vec![say!("{n} 个系统", "{n} systems").to(book.config.site.lang).to_owned()];
    }
    systems.iter().map(|&s| book.config.systems[s].name.clone()).collect()
}

/// The records that something must be done about.
fn records_due(book: &Book<'_>, way: &Way<'_>) -> Vec<(Instant, Due)> {
    let ground = book.ground();
    let mut out = Vec::new();
    for rule in &book.standard.rules {
        for open in check::open(&ground, rule).into_iter().filter(|open| soon(book, open.until)) {
            let url = way.record(open.kind, open.row).map_or_else(String::new, |url| way.from_here(&url));
            let due = Due {
                day: book.config.site.zone.local(open.until),
                rule: rule_link(book, way, rule),
                what: Link::new(url, book.ledger.tables[open.kind].ids.get(open.row)),
                systems: open.system.map(|s| book.config.systems[s].name.clone()).into_iter().collect(),
            };
            out.push((open.until, due));
        }
    }
    out
}

fn soon(book: &Book<'_>, end: Instant) -> bool {
    book.as_of < end && end <= book.as_of.plus(AHEAD * DAY)
}

fn rule_link(book: &Book<'_>, way: &Way<'_>, rule: &Rule) -> Link {
    Link::new(way.from_here(&way::rule(&rule.clause, &rule.id)), rule.title.to(book.config.site.lang))
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
        let allowed = check::allowed(agreed + rest, target);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::fixture::{backups, file, with};
    use crate::page::shelf::Shelf;

    /// Day, rule and period or record, and the systems.
    fn due_at(files: Vec<(String, String)>, as_of: &str) -> Vec<String> {
        with(files, as_of, |book, _| {
            let shelf = Shelf::of(book.ledger, book.standard);
            let (due, _) = due(book, &Way::from_depth(book, &shelf, 0));
            let rule = |d: &Due| d.rule.href.split('#').next_back().unwrap_or_default().to_owned();
            due.iter().map(|d| format!("{} {} {} {}", d.day, rule(d), d.what.text, d.systems.join("+"))).collect()
        })
    }

    #[test]
    fn a_week_ahead_shows_periods_and_records_once_for_all_systems() {
        let update = "id,system,checked_at,component,severity,applied_at,result\n\
             UP-1,a,2026-01-16 10:00,lib,high,,pending\n\
             UP-2,a,2026-01-16 11:00,lib,high,2026-01-17 10:00,applied\n";
        let files = vec![backups("a", "2026-01-01", "2026-01-27", &[]), file("records/update/1.csv", update)];
        let found = due_at(files, "2026-01-27");
        assert_eq!(
            found,
            [
                "2026-01-30 10:00 update.high-risk-timely UP-1 a",
                "2026-01-31 update.monthly 2026-01 c",
                "2026-02-01 backup.weekly-full 2026-W05 c",
            ]
        );
    }

    #[test]
    fn a_week_that_has_not_begun_is_due_when_it_ends_within_seven_days() {
        let files =
            || vec![backups("a", "2026-01-01", "2026-01-25", &[]), backups("c", "2026-01-01", "2026-01-25", &[])];
        assert_eq!(
            due_at(files(), "2026-01-25"),
            ["2026-01-31 update.monthly 2026-01 a+c", "2026-02-01 backup.weekly-full 2026-W05 a+c",]
        );
    }

    #[test]
    fn a_deadline_after_the_period_is_the_day_on_which_it_is_due() {
        let found = due_at(vec![backups("a", "2026-01-01", "2026-02-05", &[])], "2026-02-05");
        assert!(found.contains(&"2026-02-10 report.reviewed 2026-01 ".to_owned()), "{found:?}");
    }

    #[test]
    fn the_margin_of_a_month_is_that_of_the_whole_month() {
        let outage = "id,system,started_at,ended_at\nO-1,a,2026-01-05 10:00,2026-01-05 11:00\n\
             O-2,c,2026-01-06 10:00,2026-01-06 20:00\n";
        let files = vec![backups("a", "2026-01-01", "2026-01-10", &[]), file("records/outage/1.csv", outage)];
        with(files, "2026-01-10", |book, v| {
            let shelf = Shelf::of(book.ledger, book.standard);
            let margins = margins(book, &Way::from_depth(book, &shelf, 0), v.months()[0]);
            // 31 days at 99.5 % allow 223.2 minutes.
            let of = |m: &Margin| (m.system.text.clone(), m.seconds, m.passed);
            let found: Vec<_> = margins.iter().map(of).collect();
            assert_eq!(found, [("c".to_owned(), 13_392 - 36_000, true), ("a".to_owned(), 13_392 - 3600, false)]);
        });
    }
}
