//! Verdicts: whether a rule, and with it a clause, was kept in a month or a year, decided from slots, findings and
//! figures, with the numbers behind it (site.md, section 2).
//!
//! **What belongs to a period.** A finding about a record belongs to every month and year that holds the local date of
//! its primary time; a finding about periods, and a slot, to each one that it touches, so that a missed half-year
//! marks all six months. A shift belongs to its date alone. What has no date (a runbook) is judged as it stands at
//! the instant of judgement, and belongs to the month and year that hold its last second.
//!
//! **How a rule is decided** for one system, or for what belongs to no system (the organisation), by the first line
//! that holds. Findings that a waiver covers, and those of severity `info`, decide nothing by themselves.
//!
//! | result | when |
//! |---|---|
//! | not assessed | the rule is not run for this period: see [`Verdicts::silent`] |
//! | does not conform | a finding of severity `error` |
//! | not applicable | the system is not in service on any day of the period |
//! | with remarks | the period is not over, and there is a finding of severity `warning` |
//! | pending | the period is not over |
//! | unproven | the evidence of a figure does not decide it |
//! | with remarks | a finding of severity `warning` |
//! | pending | a slot can still be met, or the time of a record has not passed, and missing it would be an error or a warning |
//! | waived | something that would be an error or a warning is covered by a waiver |
//! | conforms | a slot was met, a record was judged, or a figure reached its target |
//! | unproven | the rule judges records, the system is in service throughout, and it has no record of any kind: that nothing happened cannot be told from that nothing was written down |
//! | not applicable | nothing was due and there was nothing to judge |
//!
//! A verdict on a period that is not over is preliminary: what does not conform stays so, all else may change.
//!
//! **A clause** has the worst result of its rules, and over all systems and the organisation the worst of those, in
//! the order of [`Outcome`]; a clause without rules is not assessed. A month of a figure that lies only partly in
//! service is shown with its figure and decides nothing, as its slots do.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::calendar::{Day, Period};
use crate::finding::{Finding, Severity};
use crate::say;
use crate::say::{Lang, Said};
use crate::slots::State;
use crate::standard::{Form, Includes, Rule};

use super::Book;

mod tally;
#[cfg(test)]
mod tests;

use tally::{Tallies, Tally};

/// A result, from what weighs least to what weighs most: of several the greatest counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// No rule judges it.
    NotAssessed,
    /// Nothing was due, and there was nothing to judge.
    NotApplicable,
    /// Kept.
    Conforms,
    /// Kept but for what a waiver covers.
    Waived,
    /// Not over yet, or still to be met.
    Pending,
    /// Kept, with warnings.
    Remarks,
    /// The evidence does not decide it.
    Unproven,
    /// Not kept.
    Fails,
}

impl Outcome {
    /// Every result, the worst first: the order in which they are counted and explained.
    pub const ALL: [Self; 8] = [
        Self::Fails,
        Self::Unproven,
        Self::Remarks,
        Self::Pending,
        Self::Waived,
        Self::Conforms,
        Self::NotApplicable,
        Self::NotAssessed,
    ];

    /// The class of its mark, which is its canonical name too.
    pub fn class(self) -> &'static str {
        match self {
            Self::NotAssessed => "unassessed",
            Self::NotApplicable => "na",
            Self::Conforms => "met",
            Self::Waived => "waived",
            Self::Pending => "pending",
            Self::Remarks => "remarks",
            Self::Unproven => "unproven",
            Self::Fails => "missed",
        }
    }

    /// Its glyph.
    pub fn glyph(self) -> &'static str {
        match self {
            Self::NotAssessed => "□",
            Self::NotApplicable => "–",
            Self::Conforms => "✓",
            Self::Waived => "○",
            Self::Pending => "·",
            Self::Remarks => "△",
            Self::Unproven => "!",
            Self::Fails => "✗",
        }
    }

    /// Its word.
    pub fn said(self) -> Said {
        match self {
            Self::NotAssessed => Said::new("未评定", "not assessed"),
            Self::NotApplicable => Said::new("不适用", "not applicable"),
            Self::Conforms => Said::new("符合", "conforms"),
            Self::Waived => Said::new("豁免", "waived"),
            Self::Pending => Said::new("未到期", "pending"),
            Self::Remarks => Said::new("基本符合", "conforms, with remarks"),
            Self::Unproven => Said::new("缺证据", "unproven"),
            Self::Fails => Said::new("不符合", "does not conform"),
        }
    }

    /// Its word where there is little room.
    pub fn short(self) -> Said {
        match self {
            Self::NotAssessed => Said::new("未评", "none"),
            Self::NotApplicable => Said::new("不适用", "n/a"),
            Self::Remarks => Said::new("基本符合", "remarks"),
            Self::Fails => Said::new("不符合", "fails"),
            _ => self.said(),
        }
    }

    /// Its word of so many, after the number.
    pub fn plural(self, n: usize) -> &'static str {
        match (self, n) {
            (Self::NotAssessed, _) => "not assessed",
            (Self::NotApplicable, _) => "not applicable",
            (Self::Conforms, 1) => "conforms",
            (Self::Conforms, _) => "conform",
            (Self::Waived, _) => "waived",
            (Self::Pending, _) => "pending",
            (Self::Remarks, 1) => "conforms with remarks",
            (Self::Remarks, _) => "conform with remarks",
            (Self::Unproven, _) => "unproven",
            (Self::Fails, 1) => "does not conform",
            (Self::Fails, _) => "do not conform",
        }
    }

    /// Its mark in a view.
    pub fn mark(self, lang: Lang) -> MarkView {
        MarkView { class: self.class(), glyph: self.glyph(), word: self.said().to(lang).to_owned() }
    }
}

/// A result as a template prints it: class, glyph and word; never colour alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MarkView {
    /// The class of the mark.
    pub class: &'static str,
    /// The glyph.
    pub glyph: &'static str,
    /// The word.
    pub word: String,
}

/// Whose verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// The worst of all systems and the organisation.
    All,
    /// One system, as a position in the configuration.
    System(usize),
    /// What belongs to no system.
    Organisation,
}

/// A result with the numbers behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The result.
    pub outcome: Outcome,
    /// The period is not over at the instant of judgement.
    pub preliminary: bool,
    /// How many slots that touch the period are in each state, in the order of [`State::ALL`].
    pub slots: [usize; 5],
    /// Findings of severity error, warning, info that no waiver covers.
    pub findings: [usize; 3],
    /// Findings that a waiver covers.
    pub waived: usize,
    /// Records that were judged one by one, and figures that reached their target.
    pub judged: usize,
}

impl Verdict {
    /// The result of what nothing judges.
    const NONE: Self = Self {
        outcome: Outcome::NotAssessed,
        preliminary: false,
        slots: [0; 5],
        findings: [0; 3],
        waived: 0,
        judged: 0,
    };

    /// Slots that were met.
    pub fn met(&self) -> usize {
        self.slots[State::Met as usize]
    }

    /// Slots that were missed.
    pub fn missed(&self) -> usize {
        self.slots[State::Missed as usize]
    }

    /// Slots that were due: met, missed and waived.
    pub fn due(&self) -> usize {
        self.met() + self.missed() + self.slots[State::Waived as usize]
    }

    /// Findings that no waiver covers, of any severity.
    pub fn found(&self) -> usize {
        self.findings.iter().sum()
    }

    /// The worse of two, with the numbers of both.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        let sum = |a: usize, b: usize| a + b;
        Self {
            outcome: self.outcome.max(other.outcome),
            preliminary: self.preliminary || other.preliminary,
            slots: std::array::from_fn(|n| sum(self.slots[n], other.slots[n])),
            findings: std::array::from_fn(|n| sum(self.findings[n], other.findings[n])),
            waived: sum(self.waived, other.waived),
            judged: sum(self.judged, other.judged),
        }
    }

    /// The numbers in words: `应有 31，缺 2；错误 1，警告 1；豁免 1`; empty where there are none.
    pub fn numbers(&self) -> Said {
        let (due, missed, waived) = (self.due(), self.missed(), self.waived);
        let [error, warning, info] = self.findings;
        let s = |n: usize| if n == 1 { "" } else { "s" };
        let (s_error, s_warning, s_info) = (s(error), s(warning), s(info));
        let parts = [
            (due > 0 && missed == 0, say!("应有 {due}，齐全", "{due} due, all there")),
            (missed > 0, say!("应有 {due}，缺 {missed}", "{due} due, {missed} missed")),
            (error > 0, say!("错误 {error}", "{error} error{s_error}")),
            (warning > 0, say!("警告 {warning}", "{warning} warning{s_warning}")),
            (info > 0, say!("提示 {info}", "{info} note{s_info}")),
            (waived > 0, say!("豁免 {waived}", "{waived} waived")),
        ];
        let said: Vec<&Said> = parts.iter().filter(|(there, _)| *there).map(|(_, said)| said).collect();
        let join = |lang: Lang, comma: &str| said.iter().map(|s| s.to(lang)).collect::<Vec<_>>().join(comma);
        Said::new(join(Lang::Zh, "；"), join(Lang::En, "; "))
    }
}

/// The verdicts of every rule, system, month and year in service.
pub struct Verdicts<'a> {
    book: &'a Book<'a>,
    tallies: Tallies,
    clauses: BTreeMap<&'a str, Vec<usize>>,
}

impl<'a> Verdicts<'a> {
    /// Gathers what verdicts are decided from.
    pub fn of(book: &'a Book<'a>) -> Self {
        let mut clauses: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, rule) in book.standard.rules.iter().enumerate() {
            clauses.entry(&rule.clause).or_default().push(at);
        }
        Self { book, tallies: tally::gather(book), clauses }
    }

    /// The months from that of the earliest service to that of the instant of judgement.
    pub fn months(&self) -> &[Period] {
        &self.tallies.months
    }

    /// The years of those months.
    pub fn years(&self) -> &[Period] {
        &self.tallies.years
    }

    /// The local day of the last second that is judged.
    pub fn today(&self) -> Day {
        self.tallies.today
    }

    /// Whether a period is over at the instant of judgement.
    pub fn over(&self, period: Period) -> bool {
        self.book.config.site.zone.span(period).end <= self.book.as_of
    }

    /// The rules of a clause, as positions in the standard.
    pub fn rules(&self, clause: &str) -> &[usize] {
        self.clauses.get(clause).map_or(&[], Vec::as_slice)
    }

    /// The findings that belong to a clause and a period, in their order, waived ones among them.
    pub fn findings(&self, clause: &str, period: Period) -> impl Iterator<Item = &'a Finding> + use<'a, '_> {
        let clause = self.book.standard.clauses.iter().position(|c| c.id == clause);
        let found =
            clause.zip(self.tallies.at(period)).map_or(&[][..], |(clause, at)| self.tallies.findings(clause, at));
        found.iter().map(|&n| &self.book.findings[n as usize])
    }

    /// Whether a system (none: the whole archive) has a record of any kind in a period.
    pub fn recorded(&self, system: Option<usize>, period: Period) -> bool {
        self.tallies.at(period).is_some_and(|at| self.tallies.recorded(system, at) > 0)
    }

    /// The verdict on a clause; none where no rule of it asks anything of the scope, or the period is none of
    /// [`Verdicts::months`] and [`Verdicts::years`].
    pub fn clause(&self, clause: &str, scope: Scope, period: Period) -> Option<Verdict> {
        let all = self.rules(clause).iter().filter_map(|&rule| self.rule(rule, scope, period));
        let none = (scope == Scope::All && self.tallies.at(period).is_some()).then_some(Verdict::NONE);
        all.reduce(Verdict::with).or(none)
    }

    /// The verdict on a rule, as a position in the standard; none as for a clause.
    pub fn rule(&self, rule: usize, scope: Scope, period: Period) -> Option<Verdict> {
        let at = self.tallies.at(period)?;
        match scope {
            Scope::System(system) => self.decide(rule, Some(system), period, at),
            Scope::Organisation => self.decide(rule, None, period, at),
            Scope::All => (0..self.book.config.systems.len())
                .map(Some)
                .chain([None])
                .filter_map(|system| self.decide(rule, system, period, at))
                .reduce(Verdict::with),
        }
    }

    /// Why a rule is not run for a period; none where it is.
    pub fn silent(&self, rule: &Rule, period: Period) -> Option<Said> {
        let today = self.tallies.today;
        match &rule.form {
            Form::Sealed(_) if self.book.config.seal_from.is_none() && self.book.archive.is_empty() => Some(say!(
                "没有设置 archive.seal_from，任何月份都没有封存",
                "archive.seal_from is not set: no month is sealed"
            )),
            Form::Includes(Includes::SectionsOf { param, .. })
                if self.book.standard.params[*param].texts(today).is_empty() =>
            {
                let name = &self.book.standard.params[*param].name;
                Some(say!(
                    "参数 {name} 为空，没有要求任何章节",
                    "the parameter {name} is empty: no section is asked for"
                ))
            }
            _ if rule.kind.is_some_and(|k| self.book.standard.kinds[k].pages) && !period.contains(today) => Some(say!(
                "运维手册只按基准时刻的现状评定，不回溯以前的月份",
                "runbooks are judged as they stand at the as-of time, not for months before"
            )),
            _ => None,
        }
    }

    fn decide(&self, rule: usize, system: Option<usize>, period: Period, at: usize) -> Option<Verdict> {
        let tally = self.tallies.get(rule, system, at);
        let of = &self.book.standard.rules[rule];
        if !self.asks(of, system) && *tally == Tally::default() {
            return None;
        }
        let preliminary = !self.over(period);
        let outcome = if self.silent(of, period).is_some() {
            Outcome::NotAssessed
        } else {
            self.outcome(of, tally, system, period, at)
        };
        Some(Verdict {
            outcome,
            preliminary,
            slots: tally.slots,
            findings: tally.findings,
            waived: tally.waived.iter().sum(),
            judged: tally.judged,
        })
    }

    /// Whether a rule asks something of a system (none: of the organisation) even where nothing happened.
    fn asks(&self, rule: &Rule, system: Option<usize>) -> bool {
        match (&rule.form, rule.kind.map(|k| &self.book.standard.kinds[k])) {
            (Form::Target { .. }, _) => system.is_some(),
            (_, Some(kind)) => kind.per_system() == system.is_some(),
            (_, None) => !matches!(rule.form, Form::Sealed(_)) || system.is_none(),
        }
    }

    /// The table at the head of this file, line by line.
    fn outcome(&self, rule: &Rule, tally: &Tally, system: Option<usize>, period: Period, at: usize) -> Outcome {
        let [error, warning, _] = tally.findings;
        let span = self.book.config.site.zone.span(period);
        let (since, until) = self.book.config.service(system);
        let served = since < span.end && until.is_none_or(|until| span.start < until);
        let throughout = since <= span.start && until.is_none_or(|until| span.end <= until);
        let waived = tally.waived[Severity::Error as usize] + tally.waived[Severity::Warning as usize];
        let records = by_record(rule);
        if error > 0 {
            Outcome::Fails
        } else if !served && *tally == Tally::default() {
            Outcome::NotApplicable
        } else if !self.over(period) {
            if warning > 0 { Outcome::Remarks } else { Outcome::Pending }
        } else if tally.unproven > 0 {
            Outcome::Unproven
        } else if warning > 0 {
            Outcome::Remarks
        } else if tally.slots[State::Pending as usize] + tally.open > 0 && rule.severity != Severity::Info {
            Outcome::Pending
        } else if waived > 0 {
            Outcome::Waived
        } else if tally.slots[State::Met as usize] + tally.judged > 0 {
            Outcome::Conforms
        } else if records && throughout && self.tallies.recorded(system, at) == 0 {
            Outcome::Unproven
        } else {
            Outcome::NotApplicable
        }
    }
}

/// Whether a rule looks at records one by one: not at periods, figures or seals.
pub fn by_record(rule: &Rule) -> bool {
    !matches!(rule.form, Form::Cadence { .. } | Form::Closes(_) | Form::Target { .. } | Form::Sealed(_))
}
