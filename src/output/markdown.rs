//! `--format markdown`: a summary of a run for the page of a CI job.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::finding::{Finding, Severity};
use crate::say;
use crate::say::Said;

use super::{Report, Summary, with_range};

/// The most findings of a clause in the table; the rest is counted.
const SHOWN: usize = 20;

/// The summary: counts, then the open findings clause by clause.
pub fn check(report: &Report<'_>) -> String {
    let lang = report.lang;
    let Summary { error, warning, info, waived } = Summary::of(report.findings);
    let title = cell(&report.config.site.title);
    let heads = say!("错误 | 警告 | 提示 | 豁免", "errors | warnings | infos | waived");
    let mut out = format!(
        "## {title}\n\n| {} |\n|---:|---:|---:|---:|\n| {error} | {warning} | {info} | {waived} |\n",
        heads.to(lang)
    );
    let mut clauses: BTreeMap<Option<&str>, Vec<&Finding>> = BTreeMap::new();
    for finding in report.findings.iter().filter(|f| f.waived_by.is_none()) {
        clauses.entry(finding.clause.as_deref()).or_default().push(finding);
    }
    let order = [None].into_iter().chain(report.standard.clauses.iter().map(|c| Some(c.id.as_str())));
    for clause in order {
        let Some(found) = clauses.get(&clause) else { continue };
        let title = report.standard.clauses.iter().find(|c| Some(c.id.as_str()) == clause);
        let title = title.map_or_else(|| say!("读入", "Reading"), |c| c.title.map(|text| format!("{} {text}", c.id)));
        let heads = say!("程度 | 规则 | 位置 | 说明", "severity | rule | place | finding");
        let _ = write!(out, "\n### {}\n\n| {} |\n|---|---|---|---|\n", cell(title.to(lang)), heads.to(lang));
        for finding in found.iter().take(SHOWN) {
            let place = finding.place.as_ref().map_or_else(String::new, |p| code(&p.to_string()));
            let word = severity(finding.severity);
            let message = cell(&with_range(finding, lang));
            let _ = writeln!(out, "| {} | {} | {place} | {message} |", word.to(lang), code(&finding.rule));
        }
        let more = found.iter().skip(SHOWN).map(|finding| finding.times).sum::<usize>();
        if more > 0 {
            let more = say!("另有 {more} 个", "{more} more");
            let _ = writeln!(out, "\n{}", more.to(lang));
        }
    }
    out
}

fn severity(severity: Severity) -> Said {
    match severity {
        Severity::Error => say!("✗ 错误", "✗ error"),
        Severity::Warning => say!("! 警告", "! warning"),
        Severity::Info => say!("· 提示", "· info"),
    }
}

/// Text of others in a cell: nothing in it is markup.
fn cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' => out.push(' '),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            c if c.is_ascii_punctuation()
                && !matches!(c, '.' | ',' | ':' | '/' | '-' | '%' | '"' | '\'' | ';' | '?') =>
            {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// A name as code; a grave accent in it would end the code, and a bar the cell.
fn code(text: &str) -> String {
    format!("`{}`", text.replace('`', "'").replace('|', "\\|").replace(['\n', '\r'], " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_a_record_is_no_markup() {
        assert_eq!(
            cell("a|b <img src=x> [l](javascript:x)\n# h"),
            "a\\|b &lt;img src\\=x&gt; \\[l\\]\\(javascript:x\\) \\# h"
        );
        assert_eq!(code("a`b|c"), "`a'b\\|c`");
    }
}
