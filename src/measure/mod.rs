//! Figures: each number with its numerator, its denominator, its verdict and the records behind it (figures.md).
//!
//! Exact throughout: seconds, counts and millionths; rounding only to show, and always against ourselves.

use rayon::prelude::*;

use crate::calendar::{Day, Instant, Period, Span, Unit, periods};
use crate::config::Config;
use crate::ledger::{Ledger, Table};
use crate::seal::Archive;
use crate::slots::{Group, State};
use crate::standard::{Kind, Standard};
use crate::value::Decimal;

mod about;
mod access;
mod archive;
mod availability;
mod backup;
mod complete;
mod fault;
mod figure;
mod plan;
mod scan;
mod shift;
mod support;
mod timeline;
mod training;
mod update;

pub use about::{About, Better, about, names};
use timeline::Timeline;

pub use figure::{Behind, Figure, RowRef, Scale, Trail, Verdict};

/// What figures are counted from.
pub struct Ground<'a> {
    /// The workspace.
    pub config: &'a Config,
    /// The standard.
    pub standard: &'a Standard,
    /// The records.
    pub ledger: &'a Ledger,
    /// The slots.
    pub slots: &'a [Group],
    /// The seals, and the records held against them.
    pub archive: &'a Archive,
    /// The instant of judgement.
    pub as_of: Instant,
}

/// A month of a system, or of the organisation.
#[derive(Clone, Copy, Debug)]
struct At {
    system: Option<usize>,
    month: Period,
    span: Span,
}

/// Counts every figure of every system and month in service before `as_of`, and the organisation's own; in the order
/// system by system, month by month, the organisation last.
pub fn measure(ground: &Ground<'_>) -> Vec<Figure> {
    let months = ground.months();
    let complete = complete::count(ground);
    let (outages, faults, backups) = (availability::read(ground), fault::read(ground), backup::read(ground));
    let (updates, shifts) = (update::read(ground), shift::read(ground));
    let (asked, risks, requests) = (support::read(ground), scan::read(ground), access::read(ground));
    let of_system = |(system, backups): (usize, backup::Backups)| {
        let mut out = Vec::new();
        let (since, until) = ground.config.service(Some(system));
        let until = until.map_or(ground.as_of, |u| u.min(ground.as_of));
        let lived = Span { start: since, end: until };
        for at in months.iter().filter(|at| since < until && at.span.overlaps(&lived)) {
            let at = At { system: Some(system), ..*at };
            availability::figures(ground, &outages[system], lived, &at, &mut out);
            fault::figures(ground, &faults[system], &at, &mut out);
            backup::figures(ground, &backups, lived, &at, &mut out);
            update::figures(ground, &updates[system], &at, &mut out);
            support::figures(ground, &asked[system], &at, &mut out);
            scan::figures(ground, &risks[system], &at, &mut out);
            access::figures(ground, &requests[system], &at, &mut out);
            shift::figures(ground, &shifts, &at, &mut out);
            complete::figures(&complete, &at, &mut out);
        }
        out
    };
    // The backups of a system go when its figures are there.
    let by_system: Vec<Vec<Figure>> = backups.into_par_iter().enumerate().map(of_system).collect();
    let mut out = Vec::with_capacity(by_system.iter().map(Vec::len).sum());
    for mut of_system in by_system {
        out.append(&mut of_system);
    }
    let (plan, sessions, archive) = (plan::read(ground), training::read(ground), archive::read(ground));
    for at in &months {
        if let Some(plan) = &plan {
            plan::figures(ground, plan, at, &mut out);
        }
        if let Some(sessions) = &sessions {
            training::figures(ground, sessions, at, &mut out);
        }
        complete::figures(&complete, at, &mut out);
        archive::figures(&archive, at, &mut out);
    }
    out
}

/// A kind of record with what a figure needs of it: absent where the standard has no such kind or field.
struct Source<'a> {
    at: usize,
    kind: &'a Kind,
    table: &'a Table,
}

impl Source<'_> {
    fn field(&self, name: &str) -> Option<usize> {
        self.kind.field(name)
    }

    /// The code of a choice by its canonical name.
    fn choice(&self, field: usize, name: &str) -> Option<u16> {
        self.kind.choices(field).iter().position(|c| c.name == name).map(|at| at as u16)
    }

    fn time(&self, row: u32, field: Option<usize>) -> Option<Instant> {
        field.and_then(|f| self.table.columns[f].time(row as usize))
    }

    fn number(&self, row: u32, field: Option<usize>) -> Option<i64> {
        field.and_then(|f| self.table.columns[f].number(row as usize))
    }

    fn code(&self, row: u32, field: Option<usize>) -> Option<u16> {
        field.and_then(|f| self.table.code(row as usize, f))
    }

    fn at(&self, row: u32) -> Instant {
        Instant(self.table.at[row as usize])
    }

    fn date(&self, row: u32) -> Option<Day> {
        self.table.date(row as usize)
    }

    fn reference(&self, row: u32) -> RowRef {
        RowRef { kind: self.at as u16, row }
    }

    /// The live rows of each system, in order.
    fn by_system(&self, systems: usize) -> Vec<Vec<u32>> {
        let mut out = vec![Vec::new(); systems];
        if let Some(field) = self.kind.system() {
            for row in self.table.live() {
                if let Some(system) = self.table.code(row, field) {
                    out[usize::from(system)].push(row as u32);
                }
            }
        }
        out
    }
}

impl<'a> Ground<'a> {
    /// The months from the earliest service to `as_of`, of the organisation.
    fn months(&self) -> Vec<At> {
        let zone = &self.config.site.zone;
        let span = Span { start: self.config.since(), end: self.as_of };
        periods(Unit::Month, zone, span).map(|month| At { system: None, month, span: zone.span(month) }).collect()
    }

    fn source(&self, kind: &str) -> Option<Source<'a>> {
        let at = self.standard.kind(kind)?;
        Some(Source { at, kind: &self.standard.kinds[at], table: &self.ledger.tables[at] })
    }

    /// Whether the standard has a kind, and a parameter that gives its records their time.
    fn limits(&self, kind: &str, param: &str) -> bool {
        self.standard.kind(kind).is_some() && self.standard.param(param).is_some()
    }

    /// A number of the standard in force on a day; none where the standard has no such parameter.
    fn number(&self, param: &str, day: Day) -> Option<Decimal> {
        self.standard.param(param).map(|p| p.number(day))
    }

    /// The deadline so many units of seconds after a time, by a parameter in force on the local day of that time.
    fn deadline(&self, at: Instant, day: Option<Day>, param: &str, unit: i64) -> Option<Instant> {
        let number = self.number(param, day?)?;
        Some(at.plus(i64::try_from(i128::from(number.0) * i128::from(unit) / 1_000_000).ok()?))
    }

    fn group(&self, rule: &str, system: Option<usize>) -> Option<&'a Group> {
        self.slots.iter().find(|g| g.system == system && self.standard.rules[g.rule].id == rule)
    }
}

impl At {
    /// A figure of this month without a value.
    fn figure(&self, name: &'static str, scale: Scale) -> Figure {
        Figure {
            name,
            system: self.system,
            month: self.month,
            key: None,
            scale,
            value: None,
            numerator: None,
            denominator: None,
            target: None,
            verdict: Some(Verdict::NotApplicable),
            trail: Behind::default(),
        }
    }

    /// A share in percent; n/a where nothing was asked.
    fn share(&self, name: &'static str, numerator: i64, denominator: i64) -> Figure {
        let mut figure = self.figure(name, Scale::Percent);
        figure.numerator = Some(numerator);
        figure.denominator = Some(denominator);
        if denominator > 0 {
            figure.value = Some(percent(numerator, denominator));
            figure.verdict = None;
        }
        figure
    }

    /// A duration over 1; n/a where there is none.
    fn duration(&self, name: &'static str, seconds: Option<i64>) -> Figure {
        let mut figure = self.figure(name, Scale::Seconds);
        figure.numerator = seconds;
        figure.denominator = Some(i64::from(seconds.is_some()));
        if let Some(seconds) = seconds {
            figure.value = Some(whole(seconds));
            figure.verdict = None;
        }
        figure
    }

    /// A number that is always there.
    fn count(&self, name: &'static str, scale: Scale, value: Decimal) -> Figure {
        let mut figure = self.figure(name, scale);
        figure.value = Some(value);
        figure.verdict = None;
        figure
    }

    /// Of those whose deadline falls in the month and is at or before `as_of`: the share served by then.
    fn in_time(&self, name: &'static str, as_of: Instant, asked: &Timeline<Asked>) -> Figure {
        let mut trail = Trail::default();
        for one in asked.within(&self.span).filter(|one| one.deadline <= as_of) {
            trail.rows.push(one.row);
            if one.served.is_some_and(|served| served <= one.deadline) {
                trail.hits.push(one.row);
            }
        }
        let share = self.share(name, trail.hits.len() as i64, trail.rows.len() as i64);
        Figure { trail: trail.into(), ..share }
    }
}

/// A record with a deadline.
#[derive(Clone, Copy)]
struct Asked {
    row: RowRef,
    deadline: Instant,
    served: Option<Instant>,
}

/// Records in order of their deadlines.
fn due(asked: impl Iterator<Item = Asked>) -> Timeline<Asked> {
    Timeline::new(asked.map(|one| (one.deadline, one)))
}

/// A whole number as a decimal.
fn whole(n: i64) -> Decimal {
    Decimal(n.saturating_mul(1_000_000))
}

/// A share in percent, floored to three decimals.
fn percent(numerator: i64, denominator: i64) -> Decimal {
    let thousandths = i128::from(numerator) * 100_000 / i128::from(denominator);
    Decimal(i64::try_from(thousandths * 1000).unwrap_or(i64::MAX))
}

/// The smallest value with at least so many percent of the values at or below it; the values are sorted here.
fn nearest_rank<T: Ord + Copy>(values: &mut [T], percent: usize) -> Option<T> {
    ranks(values, [percent])[0]
}

/// Several of these.
fn ranks<T: Ord + Copy, const N: usize>(values: &mut [T], percents: [usize; N]) -> [Option<T>; N] {
    values.sort_unstable();
    percents.map(|percent| values.get((percent * values.len()).div_ceil(100).max(1) - 1).copied())
}

/// Met, missed and waived slots of a group that lie wholly in a span.
fn states(group: &Group, span: &Span) -> (i64, i64, i64) {
    let mut out = (0, 0, 0);
    let from = group.slots.partition_point(|s| s.span.start < span.start);
    for slot in group.slots[from..].iter().take_while(|s| s.span.start < span.end).filter(|s| s.span.end <= span.end) {
        match slot.state {
            State::Met => out.0 += 1,
            State::Missed => out.1 += 1,
            State::Waived => out.2 += 1,
            State::Pending | State::NotApplicable => {}
        }
    }
    out
}
