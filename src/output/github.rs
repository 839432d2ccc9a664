//! `--format github`: workflow commands that become annotations on the lines of a change.
//!
//! The host shows ten errors, ten warnings and ten notices a step and drops the rest, so the weightiest are written,
//! and a last notice counts what is not (cli.md).

use std::fmt::Write as _;

use crate::finding::{Finding, Severity};
use crate::say::Lang;

use super::{Report, with_range};

/// So many of each severity does the host show.
const SHOWN: usize = 10;

/// The commands.
pub fn check(report: &Report<'_>) -> String {
    let mut out = String::new();
    let mut left = 0;
    for (severity, command) in [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Info, "notice")]
    {
        let open: Vec<&Finding> =
            report.findings.iter().filter(|f| f.severity == severity && f.waived_by.is_none()).collect();
        // The count of the rest is a notice too.
        let most = if severity == Severity::Info { SHOWN - 1 } else { SHOWN };
        left += open.iter().skip(most).map(|finding| finding.times).sum::<usize>();
        for finding in open.into_iter().take(most) {
            line(&mut out, command, finding, report.lang);
        }
    }
    if left > 0 {
        let _ = match report.lang {
            Lang::Zh => writeln!(out, "::notice title=wellkept::另有 {left} 个问题未在此列出，见站点的问题清单"),
            Lang::En => writeln!(out, "::notice title=wellkept::{left} more findings; the site lists them all"),
        };
    }
    out
}

fn line(out: &mut String, command: &str, finding: &Finding, lang: Lang) {
    let mut properties = Vec::new();
    if let Some(place) = &finding.place {
        properties.push(format!("file={}", property(&place.file)));
        if place.line > 0 {
            properties.push(format!("line={}", place.line));
        }
        if place.column > 0 {
            properties.push(format!("col={},endColumn={}", place.column, place.column + place.width.max(1)));
        }
    }
    let title = match &finding.clause {
        Some(clause) => format!("{} ({clause})", finding.rule),
        None => finding.rule.clone(),
    };
    properties.push(format!("title={}", property(&title)));
    let _ = writeln!(out, "::{command} {}::{}", properties.join(","), data(&with_range(finding, lang)));
}

/// The text of a command: what would end its line is escaped.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a command: what would end it is escaped.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_record_ends_a_command() {
        assert_eq!(data("a\n::error::b 100%"), "a%0A::error::b 100%25");
        assert_eq!(property("a,line=1:b\r\n"), "a%2Cline=1%3Ab%0D%0A");
    }
}
