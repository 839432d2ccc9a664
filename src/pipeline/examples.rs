//! The examples of a standard: each rule shows itself in two small workspaces, and here they are run
//! (standards/README.md, section 6).

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::config::Config;
use crate::finding::{Finding, Severity};
use crate::measure::{Figure, Verdict};
use crate::page::content::Drafts;
use crate::say;
use crate::slots::State;
use crate::source::{Failure, Sources};
use crate::standard::{Example, Form, Rule, Standard};

use super::{Judgement, Stop, When, judge_by};

/// What became of an example of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The rule.
    pub rule: String,
    /// Whether it is the passing example.
    pub good: bool,
    /// What it should find, sorted.
    pub expected: Vec<String>,
    /// What it found: record ids, or `FROM..TO xCOUNT`, sorted; or why it shows nothing.
    pub found: Result<Vec<String>, Vec<Finding>>,
}

/// Runs the examples of every rule of a standard, each in a small workspace of its own. What the present workspace sets
/// otherwise does not count in them.
pub fn examples(files: &BTreeMap<String, String>) -> Result<Vec<Shown>, Vec<Finding>> {
    let under_test = UnderTest::read(files)?;
    Ok(cases(&under_test.standard).par_iter().map(|case| show(case, &under_test)).collect())
}

/// The standard whose examples are run.
struct UnderTest<'a> {
    files: &'a BTreeMap<String, String>,
    standard: Standard,
}

impl<'a> UnderTest<'a> {
    fn read(files: &'a BTreeMap<String, String>) -> Result<Self, Vec<Finding>> {
        let standard = Standard::read(files.clone(), &Config::read(EXAMPLE.to_owned())?)?;
        Ok(Self { files, standard })
    }
}

/// An example, of which rule, and whether it is the passing one.
struct Case<'a> {
    rule: &'a str,
    good: bool,
    example: &'a Example,
}

fn cases(standard: &Standard) -> Vec<Case<'_>> {
    let mut out = Vec::new();
    for Rule { id, good, bad, .. } in &standard.rules {
        let case = |good, example| Case { rule: id, good, example };
        out.extend(good.as_ref().map(|example| case(true, example)));
        out.extend(bad.as_ref().map(|example| case(false, example)));
    }
    out
}

fn show(case: &Case<'_>, under_test: &UnderTest<'_>) -> Shown {
    Shown {
        rule: case.rule.to_owned(),
        good: case.good,
        expected: case.example.finds.clone(),
        found: run(case, under_test),
    }
}

fn run(case: &Case<'_>, under_test: &UnderTest<'_>) -> Result<Vec<String>, Vec<Finding>> {
    let judged = judged(case.example, under_test)?;
    // An example that cannot be read shows nothing; nor does one that holds nothing for the rule to find fault with.
    let unread: Vec<Finding> = judged.findings.iter().filter(|f| f.rule.starts_with("ingest.")).cloned().collect();
    if !unread.is_empty() {
        return Err(unread);
    }
    let mut out: Vec<String> = judged
        .findings
        .iter()
        .filter(|f| f.rule == case.rule)
        .map(|f| match (f.count, f.dates) {
            (Some(count), Some((from, to))) => format!("{from}..{to} x{count}"),
            _ => f.record.clone().unwrap_or_default(),
        })
        .collect();
    out.sort();
    if case.good && out.is_empty() && !asked(&judged, case.rule) {
        let said = say!(
            "示例中没有这条规则要查的内容，通过也说明不了什么",
            "the example holds nothing that the rule is about, and passes for nothing"
        );
        return Err(vec![Finding::new("standard", Severity::Error, said)]);
    }
    Ok(out)
}

/// Judges the workspace of an example.
fn judged(example: &Example, under_test: &UnderTest<'_>) -> Result<Judgement, Vec<Finding>> {
    let files = example.files.iter().map(|(path, text)| (path.clone(), text.clone().into_bytes()));
    let config = Config::read(format!("{EXAMPLE}\n{}\n", example.config))?;
    // Only what an example sets otherwise makes it another standard.
    let standard = if config.overrides.is_empty() && config.records.is_empty() {
        under_test.standard.clone()
    } else {
        Standard::read(under_test.files.clone(), &config)?
    };
    let when = When::Said(example.as_of.clone());
    judge_by(&Sources::of_memory(files), config, standard, &when, Drafts::Withheld).map_err(|stop| match stop {
        Stop::Findings(found) | Stop::Broken(found) => found,
        Stop::Failure(Failure(said)) => vec![Finding::new("standard", Severity::Error, said)],
    })
}

/// Whether anything meets a rule: a slot, a month with a figure, a record that it looks at.
fn asked(judged: &Judgement, rule: &str) -> bool {
    let Some(at) = judged.standard.rules.iter().position(|r| r.id == rule) else { return false };
    let rule = &judged.standard.rules[at];
    if let Form::Target { figure, .. } = &rule.form {
        let met = |f: &Figure| matches!(f.verdict, Some(Verdict::Pass | Verdict::Unproven));
        return judged.figures.iter().any(|f| f.name == figure && met(f));
    }
    if rule.form.of_periods() {
        let mut slots = judged.slots.iter().filter(|g| g.rule == at).flat_map(|g| &g.slots);
        return slots.any(|slot| slot.state == State::Met);
    }
    let tables = judged.ledger.tables.iter().enumerate().filter(|(kind, _)| rule.kind.is_none_or(|k| k == *kind));
    tables.into_iter().any(|(_, table)| table.live().any(|row| rule.filter.holds(table, row)))
}

/// The workspace of the examples.
const EXAMPLE: &str = r#"
[site]
title = "example"
timezone = "Asia/Shanghai"

[[shift]]
id = "day"
name = "白班"
start = "08:00"
end = "20:00"

[[system]]
id = "oa"
name = "办公系统"
in_service = 2026-01-01
shifts = ["day"]
"#;

#[cfg(test)]
mod guide;
#[cfg(test)]
mod tests;
