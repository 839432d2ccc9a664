//! `--format json`: the contract of cli.md.

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::calendar::{Instant, Unit};
use crate::config::Config;
use crate::finding::Finding;
use crate::ledger::Ledger;
use crate::measure::Figure;
use crate::say::Lang;
use crate::slots::{self, Group, State};
use crate::standard::Standard;
use crate::value::Decimal;

use super::{Summary, counts, system_id, total};

/// What was judged.
#[derive(Clone, Copy)]
pub struct Judged<'a> {
    /// The workspace.
    pub config: &'a Config,
    /// The standard.
    pub standard: &'a Standard,
    /// The records.
    pub ledger: &'a Ledger,
    /// The slots.
    pub slots: &'a [Group],
    /// The findings as they are told, see [`crate::finding::alike`].
    pub findings: &'a [Finding],
    /// The figures.
    pub figures: &'a [Figure],
    /// The instant of judgement.
    pub as_of: Instant,
}

/// The whole output of `check --format json`.
pub fn check(of: &Judged<'_>, lang: Lang) -> Value {
    let Judged { config, standard, ledger, slots: groups, findings, figures, as_of } = *of;
    let all = total(ledger, standard);
    let by_kind: Map<String, Value> = counts(ledger, standard)
        .map(|(kind, c)| (kind.to_owned(), json!({"read": c.read, "accepted": c.accepted, "rejected": c.rejected})))
        .collect();
    let states = slots::count(groups.iter().flat_map(|g| &g.slots));
    let slots: Map<String, Value> =
        State::ALL.iter().zip(states).map(|(state, n)| (state.name().to_owned(), json!(n))).collect();
    let summary = Summary::of(findings);
    json!({
        "tool": {"name": "wellkept", "version": env!("CARGO_PKG_VERSION")},
        "standard": {"id": standard.id, "version": standard.version},
        "as_of": config.site.zone.rfc3339(as_of),
        "workspace": ".",
        "records": {"read": all.read, "accepted": all.accepted, "rejected": all.rejected, "by_kind": by_kind},
        "slots": slots,
        "summary": {
            "error": summary.error, "warning": summary.warning, "info": summary.info, "waived": summary.waived,
        },
        "findings": findings.iter().map(|f| finding(f, lang)).collect::<Vec<_>>(),
        "figures": figures.iter().map(|f| figure(f, config)).collect::<Vec<_>>(),
    })
}

#[derive(Serialize)]
struct Shape<'a> {
    rule: &'a str,
    clause: Option<&'a str>,
    severity: &'a str,
    system: Option<&'a str>,
    kind: Option<&'a str>,
    record: Option<&'a str>,
    from: Option<String>,
    to: Option<String>,
    count: Option<u32>,
    file: Option<&'a str>,
    line: Option<u32>,
    column: Option<u32>,
    message: &'a str,
    waived_by: Option<&'a str>,
}

/// One finding (standard.md, section 4). Dates and a count are given where it is about periods, a place where it is
/// about something that was read.
pub fn finding(finding: &Finding, lang: Lang) -> Value {
    let dates = finding.dates.filter(|_| finding.count.is_some());
    let place = finding.place.as_ref();
    json!(Shape {
        rule: &finding.rule,
        clause: finding.clause.as_deref(),
        severity: finding.severity.name(),
        system: finding.system.as_deref(),
        kind: finding.kind.as_deref(),
        record: finding.record.as_deref(),
        from: dates.map(|d| d.0.to_string()),
        to: dates.map(|d| d.1.to_string()),
        count: finding.count.or_else(|| u32::try_from(finding.times).ok().filter(|&times| times > 1)),
        file: place.map(|p| &*p.file),
        line: place.map(|p| p.line).filter(|&n| n > 0),
        column: place.map(|p| p.column).filter(|&n| n > 0),
        message: finding.message.to(lang),
        waived_by: finding.waived_by.as_deref(),
    })
}

/// One figure.
pub fn figure(figure: &Figure, config: &Config) -> Value {
    let mut out = json!({
        "figure": figure.name,
        "system": system_id(config, figure.system),
        "period": figure.month.name(Unit::Month),
        "value": figure.value.map(number),
        "unit": figure.scale.name(),
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "target": figure.target.map(number),
        "verdict": figure.verdict.map(crate::measure::Verdict::name),
    });
    if let (Some((key, value)), Some(map)) = (&figure.key, out.as_object_mut()) {
        map.insert((*key).to_owned(), json!(value));
    }
    out
}

/// A decimal as a JSON number: whole where it is whole.
fn number(n: Decimal) -> Value {
    if n.0 % 1_000_000 == 0 {
        return json!(n.0 / 1_000_000);
    }
    // Millionths of less than 2^53 come back out of a double as they went in; the exact parts stand beside the value.
    json!(n.0 as f64 / 1_000_000.0)
}
