//! `--format junit`: a test case a rule and system, grouped by clause, for the test tab of a CI server.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::finding::Finding;
use crate::xml::escape;

use super::{Report, short, with_range};

/// The report. A case fails where it has an unwaived finding that fails the run; what does not is told in its output.
pub fn check(report: &Report<'_>) -> String {
    let mut suites: BTreeMap<&str, BTreeMap<(&str, &str), Vec<&Finding>>> = BTreeMap::new();
    for rule in &report.standard.rules {
        suites.entry(&rule.clause).or_default().entry((&rule.id, "")).or_default();
    }
    for finding in report.findings {
        let clause = finding.clause.as_deref().unwrap_or("ingest");
        let case = (finding.rule.as_str(), finding.system.as_deref().unwrap_or_default());
        suites.entry(clause).or_default().entry(case).or_default().push(finding);
    }
    let (mut tests, mut failures) = (0, 0);
    let mut body = String::new();
    for (clause, cases) in &suites {
        let failed = cases.values().filter(|found| found.iter().any(|f| fails(report, f))).count();
        tests += cases.len();
        failures += failed;
        let name = escape(clause);
        let _ = writeln!(body, "<testsuite name=\"{name}\" tests=\"{}\" failures=\"{failed}\">", cases.len());
        for ((rule, system), found) in cases {
            let name = if system.is_empty() { escape(rule) } else { escape(&format!("{rule} [{system}]")) };
            let _ = write!(body, "<testcase classname=\"{}\" name=\"{name}\"", escape(clause));
            if found.is_empty() {
                body.push_str("/>\n");
                continue;
            }
            body.push_str(">\n");
            case(&mut body, report, found);
            body.push_str("</testcase>\n");
        }
        body.push_str("</testsuite>\n");
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuites name=\"wellkept\" tests=\"{tests}\" failures=\"{failures}\">\n{body}</testsuites>\n"
    )
}

fn fails(report: &Report<'_>, finding: &Finding) -> bool {
    finding.waived_by.is_none() && report.fail_on.is_some_and(|least| finding.severity <= least)
}

fn case(body: &mut String, report: &Report<'_>, found: &[&Finding]) {
    let (failing, rest): (Vec<&Finding>, Vec<&Finding>) = found.iter().copied().partition(|f| fails(report, f));
    if let Some(first) = failing.first() {
        let message = escape(&with_range(first, report.lang));
        let _ = writeln!(body, "<failure message=\"{message}\">{}</failure>", lines(report, &failing));
    }
    if !rest.is_empty() {
        let _ = writeln!(body, "<system-out>{}</system-out>", lines(report, &rest));
    }
}

fn lines(report: &Report<'_>, found: &[&Finding]) -> String {
    escape(&found.iter().map(|finding| short::line(finding, report.lang)).collect::<String>())
}
