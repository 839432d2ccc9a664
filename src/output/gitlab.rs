//! `--format gitlab`: a Code Quality report, which a merge request compares with that of its target branch by
//! fingerprint.

use serde_json::{Value, json};

use crate::finding::{Finding, Severity};
use crate::say::Said;

use super::{Report, fallback, fingerprint, with_range};

/// The report. A waived finding stays in it, marked, at the lowest severity.
pub fn check(report: &Report<'_>) -> Value {
    let prints = fingerprint::all(report.findings);
    report.findings.iter().zip(prints).map(|(finding, print)| issue(report, finding, &print)).collect()
}

fn issue(report: &Report<'_>, finding: &Finding, print: &str) -> Value {
    let severity = match (&finding.waived_by, finding.severity) {
        (Some(_), _) | (None, Severity::Info) => "info",
        (None, Severity::Error) => "major",
        (None, Severity::Warning) => "minor",
    };
    let waived = finding.waiver().map_or_else(Said::default, |waiver| {
        Said::new(format!("（豁免 {}）", waiver.zh), format!(" (waived by {})", waiver.en))
    });
    let place = finding.place.clone().unwrap_or_else(fallback);
    json!({
        "description": format!("{}{}", with_range(finding, report.lang), waived.to(report.lang)),
        "check_name": finding.rule,
        "fingerprint": print,
        "severity": severity,
        "location": {"path": &*place.file, "lines": {"begin": place.line.max(1)}},
    })
}
