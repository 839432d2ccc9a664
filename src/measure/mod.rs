//! Figures: each number with its numerator, its denominator, its verdict and the records behind it (figures.md).
//!
//! Exact throughout: seconds, counts and millionths; rounding only to show, and always against ourselves.

use std::collections::BTreeMap;

use crate::calendar::{Day, Instant, Period, Span, Unit, periods};
use crate::config::Config;
use crate::ledger::Ledger;
use crate::slots::{Group, State};
use crate::standard::Standard;
use crate::value::Decimal;

mod availability;
mod backup;
mod complete;
mod fault;
mod other;
mod share;

/// How a figure is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit_ {
    /// Numerator over denominator, in percent, floored to three decimals.
    Percent,
    /// Seconds.
    Seconds,
    /// A count.
    Count,
    /// Milliseconds.
    Milliseconds,
    /// Hours of training.
    Hours,
}

impl Unit_ {
    /// The name in the JSON output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Percent => "percent",
            Self::Seconds => "s",
            Self::Count => "count",
            Self::Milliseconds => "ms",
            Self::Hours => "hours",
        }
    }
}

/// The verdict of a figure, or of a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The target is met.
    Pass,
    /// It is not.
    Fail,
    /// The evidence does not decide it.
    Unproven,
    /// Nothing was to be measured.
    NotApplicable,
}

impl Verdict {
    /// The canonical name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Unproven => "unproven",
            Self::NotApplicable => "n/a",
        }
    }
}

/// A record: its kind and row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowRef {
    /// The kind, as a position in the standard's kinds.
    pub kind: u16,
    /// The row in its table.
    pub row: u32,
}

/// What a figure was counted from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trail {
    /// The records in the denominator (or in the sum), in order.
    pub rows: Vec<RowRef>,
    /// Those of them in the numerator.
    pub hits: Vec<RowRef>,
    /// Records left out, and why: a key of the interface's texts.
    pub left_out: Vec<(RowRef, &'static str)>,
}

/// A figure of a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Its name, as in cli.md.
    pub name: &'static str,
    /// The system; none for the organisation.
    pub system: Option<usize>,
    /// The month.
    pub month: Period,
    /// What else tells it apart: `grade`, `kind` or `resource`, and which.
    pub key: Option<(&'static str, String)>,
    /// How it is shown.
    pub unit: Unit_,
    /// The value; none where there is nothing to measure. Millionths of the unit.
    pub value: Option<Decimal>,
    /// The numerator; seconds or a count.
    pub numerator: Option<i64>,
    /// The denominator.
    pub denominator: Option<i64>,
    /// The target.
    pub target: Option<Decimal>,
    /// The verdict; none where it has no target.
    pub verdict: Option<Verdict>,
    /// The records behind it.
    pub trail: Trail,
}

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
    /// The instant of judgement.
    pub as_of: Instant,
}

/// A month of a system, and what of it counts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct At {
    pub system: Option<usize>,
    pub month: Period,
    /// The whole month.
    pub span: Span,
}

/// Counts every figure of every system and month in service before `as_of`, and the organisation's own.
pub fn measure(ground: &Ground<'_>) -> Vec<Figure> {
    let mut out = Vec::new();
    let months = ground.months();
    let complete = complete::count(ground);
    let counters = other::Counters::new(ground);
    for system in 0..ground.config.systems.len() {
        let (since, until) = ground.config.service(Some(system));
        let until = until.map_or(ground.as_of, |u| u.min(ground.as_of));
        if since >= until {
            continue;
        }
        let lived = Span { start: since, end: until };
        let own: Vec<At> = months
            .iter()
            .filter(|at| at.span.overlaps(&lived))
            .map(|at| At { system: Some(system), ..*at })
            .collect();
        let availability = availability::Outages::new(ground, system);
        let faults = fault::Faults::new(ground, system);
        let backups = backup::Backups::new(ground, system);
        for at in &own {
            availability.figures(ground, at, &mut out);
            faults.figures(ground, at, &mut out);
            backups.figures(ground, at, &mut out);
            counters.figures(ground, at, &mut out);
            complete::figures(&complete, at, &mut out);
        }
    }
    for at in &months {
        other::organisation(ground, at, &mut out);
        complete::figures(&complete, at, &mut out);
    }
    out
}

impl Ground<'_> {
    /// The months from the earliest service to `as_of`, of the organisation.
    pub(crate) fn months(&self) -> Vec<At> {
        let zone = &self.config.site.zone;
        let span = Span { start: self.config.since(), end: self.as_of };
        periods(Unit::Month, zone, span).map(|month| At { system: None, month, span: zone.span(month) }).collect()
    }

    /// A kind's position, its table and a field's position, where the standard has them.
    pub(crate) fn kind(&self, name: &str) -> Option<usize> {
        self.standard.kind(name)
    }

    /// The live rows of a kind and system (none: all), in order.
    pub(crate) fn rows(&self, kind: usize, system: Option<usize>) -> Vec<usize> {
        let table = &self.ledger.tables[kind];
        match (system, self.standard.kinds[kind].system()) {
            (Some(system), Some(field)) => {
                table.live().filter(|&row| table.code(row, field) == Some(system as u16)).collect()
            }
            _ => table.live().collect(),
        }
    }

    /// A number of the standard in force on a day; 0 where the standard has no such parameter.
    pub(crate) fn number(&self, param: &str, day: Day) -> Decimal {
        self.standard.param(param).map_or(Decimal(0), |p| p.number(day))
    }

    /// The slots of a rule and system.
    pub(crate) fn group(&self, rule: &str, system: Option<usize>) -> Option<&Group> {
        self.slots.iter().find(|g| g.system == system && self.standard.rules[g.rule].id == rule)
    }
}

impl At {
    /// A figure of this month and system without a value.
    pub(crate) fn figure(&self, name: &'static str, unit: Unit_) -> Figure {
        Figure {
            name,
            system: self.system,
            month: self.month,
            key: None,
            unit,
            value: None,
            numerator: None,
            denominator: None,
            target: None,
            verdict: Some(Verdict::NotApplicable),
            trail: Trail::default(),
        }
    }
}

/// Met, missed and waived slots of a group whose period lies wholly in a span.
pub(crate) fn states(group: Option<&Group>, span: &Span) -> BTreeMap<State, i64> {
    let mut out = BTreeMap::new();
    for slot in group.iter().flat_map(|g| &g.slots) {
        if span.start <= slot.span.start && slot.span.end <= span.end {
            *out.entry(slot.state).or_insert(0) += 1;
        }
    }
    out
}
