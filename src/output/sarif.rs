//! `--format sarif`: SARIF 2.1.0 (OASIS), for code-scanning views.
//!
//! A waived finding is a result with a suppression. Lines and columns count from 1, columns in code points. Fingerprints
//! stay while a finding stays, so that a viewer knows an old one again.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::finding::{Finding, Severity};
use crate::source::Place;
use crate::standard::Rule;

use super::{Report, fallback, fingerprint, with_range};

/// The log with its one run.
pub fn check(report: &Report<'_>) -> Value {
    let lang = report.lang;
    // Codes of reading have no rule in the standard; those that were found are named all the same.
    let mut ids: Vec<&str> = report.standard.rules.iter().map(|r| r.id.as_str()).collect();
    let codes: BTreeSet<&str> = report.findings.iter().map(|f| f.rule.as_str()).collect();
    ids.extend(codes.into_iter().filter(|code| report.standard.rule(code).is_none()));
    let index: BTreeMap<&str, usize> = ids.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    let rules: Vec<Value> = ids
        .iter()
        .map(|id| report.standard.rule(id).map_or_else(|| json!({"id": id}), |rule| described(rule, report)))
        .collect();
    let prints = fingerprint::all(report.findings);
    let results: Vec<Value> = report
        .findings
        .iter()
        .zip(prints)
        .map(|(f, print)| result(report, f, index[f.rule.as_str()], &print))
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "wellkept",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "language": lang.tag(),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
            "properties": {
                "standard": format!("{} {}", report.standard.id, report.standard.version),
                "asOf": report.config.site.zone.rfc3339(report.as_of),
            },
        }],
    })
}

fn described(rule: &Rule, report: &Report<'_>) -> Value {
    let lang = report.lang;
    json!({
        "id": rule.id,
        "shortDescription": {"text": rule.title.to(lang)},
        "fullDescription": {"text": rule.why.to(lang)},
        "help": {"text": rule.fix.to(lang)},
        "defaultConfiguration": {"level": level(rule.severity)},
        "properties": {"clause": rule.clause, "form": rule.form.name()},
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn result(report: &Report<'_>, finding: &Finding, rule: usize, print: &str) -> Value {
    let place = finding.place.clone().unwrap_or_else(fallback);
    let mut location = json!({"physicalLocation": physical(&place)});
    let names: Vec<Value> = [("namespace", &finding.system), ("type", &finding.kind), ("member", &finding.record)]
        .into_iter()
        .filter_map(|(kind, name)| name.as_ref().map(|name| json!({"name": name, "kind": kind})))
        .collect();
    if !names.is_empty() {
        location["logicalLocations"] = json!(names);
    }
    let mut out = json!({
        "ruleId": finding.rule,
        "ruleIndex": rule,
        "level": level(finding.severity),
        "message": {"text": with_range(finding, report.lang)},
        "locations": [location],
        "partialFingerprints": {"wellkept/v1": print},
    });
    if let Some(waiver) = finding.waiver() {
        let why = waiver.to(report.lang);
        out["suppressions"] = json!([{"kind": "external", "status": "accepted", "justification": why}]);
    }
    out
}

fn physical(place: &Place) -> Value {
    let mut out = json!({"artifactLocation": {"uri": uri(&place.file)}});
    if place.line > 0 {
        let mut region = json!({"startLine": place.line});
        if place.column > 0 {
            region["startColumn"] = json!(place.column);
            region["endColumn"] = json!(place.column + place.width.max(1));
        }
        out["region"] = region;
    }
    out
}

/// A path as a URI reference (RFC 3986): everything but unreserved characters and `/` is percent-encoded.
fn uri(path: &str) -> String {
    path.bytes().fold(String::with_capacity(path.len()), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(byte as char);
        } else {
            // Writing into a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}
