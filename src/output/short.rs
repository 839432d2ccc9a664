//! `--format short`: a line a finding, `file:line:column: severity[rule] message`, as editors and `grep` take it.

use crate::finding::Finding;
use crate::say::Lang;

use super::{Report, one_line, with_range};

/// All findings.
pub fn check(report: &Report<'_>) -> String {
    report.findings.iter().map(|finding| line(finding, report.lang)).collect()
}

/// One finding and its line end; a waived one is marked.
pub fn line(finding: &Finding, lang: Lang) -> String {
    let place = finding.place.as_ref().map_or_else(|| "-".to_owned(), |place| one_line(&place.to_string()));
    let waived =
        finding.waiver().map_or_else(String::new, |waiver| format!(" (waived by {})", one_line(waiver.to(lang))));
    let (severity, message) = (finding.severity.name(), with_range(finding, lang));
    format!("{place}: {severity}[{}] {message}{waived}\n", finding.rule)
}
