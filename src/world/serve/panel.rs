//! The panel of problems at the foot of a served page: what keeps a newer state from being shown, then what is wrong
//! with what the page is made of, then the rest. All that files say in it is escaped.

use std::fmt::Write as _;

use super::desk::{Broken, Shown, Site};
use crate::calendar::Period;
use crate::finding::{Finding, Severity};
use crate::load::CONTENT;
use crate::output::Summary;
use crate::output::human::Lines;
use crate::output::with_range;
use crate::page::inert;
use crate::say;
use crate::say::{Lang, Said};

/// So many problems of the page itself are shown.
const OWN: usize = 20;
/// So many of the others.
const OTHERS: usize = 8;

/// The panel of a page.
pub(super) fn html(shown: &Shown, path: &str) -> String {
    let lang = shown.lang;
    let mut out = String::new();
    let label = say!("预览：问题", "Preview: problems");
    _ = write!(
        out,
        "<aside id=\"wellkept-panel\" lang=\"{}\" aria-label=\"{}\">",
        lang.tag(),
        inert::escaped(label.to(lang))
    );
    if let Some(broken) = &shown.broken {
        banner(&mut out, broken, shown.site.is_some(), lang);
    }
    if let Some(site) = &shown.site {
        problems(&mut out, site, path, lang);
    }
    out.push_str("</aside>");
    out
}

/// Why the newest state is not shown. The first place is named in the first line.
fn banner(out: &mut String, broken: &Broken, behind: bool, lang: Lang) {
    let at = broken.findings.iter().find_map(|finding| finding.place.as_ref());
    let at = at.map_or_else(String::new, |place| format!(" <code>{}</code>", inert::escaped(&place.to_string())));
    let title = if behind {
        say!(
            "有错误，页面仍是上一次能显示的内容。",
            "Something is broken; the page shows the last state that could be shown."
        )
    } else {
        say!("有错误，站点还不能显示。", "Something is broken; there is no site to show yet.")
    };
    _ = write!(
        out,
        "<div class=\"banner\" role=\"alert\"><p><strong>{}</strong>{at}</p>",
        inert::escaped(title.to(lang))
    );
    list(out, broken.findings.iter().take(OWN), &broken.lines, lang);
    more(out, broken.findings.len().saturating_sub(OWN), lang);
    out.push_str("</div>");
}

fn problems(out: &mut String, site: &Site, path: &str, lang: Lang) {
    let (own, others): (Vec<&Finding>, Vec<&Finding>) =
        site.findings.iter().partition(|finding| about(finding, path, site));
    let all = Summary::of(&site.findings);
    let (count, Summary { error, warning, info, .. }) = (own.len(), all);
    let here = match count {
        0 => say!("本页没有问题", "nothing is wrong with this page"),
        1 => say!("本页 1 个问题", "1 problem of this page"),
        _ => say!("本页 {count} 个问题", "{count} problems of this page"),
    };
    let whole = say!(
        "全站：错误 {error}，警告 {warning}，提示 {info}",
        "site: {error} errors, {warning} warnings, {info} notes"
    );
    // What a page is told of while it is written should be seen without a click.
    let told = |finding: &&Finding| finding.place.is_some() && finding.severity != Severity::Info;
    let open = if own.iter().any(told) { " open" } else { "" };
    _ = write!(
        out,
        "<details{open}><summary><strong>{}</strong> · {}</summary>",
        inert::escaped(here.to(lang)),
        inert::escaped(whole.to(lang))
    );
    if !own.is_empty() {
        list(out, own.iter().copied().take(OWN), &site.lines, lang);
        more(out, own.len().saturating_sub(OWN), lang);
    }
    // Of the rest those with a place first: they are what somebody wrote and can put right.
    let placed = others.iter().copied().filter(|finding| finding.place.is_some());
    let mut first: Vec<&Finding> = placed.take(OTHERS).collect();
    let rest = others.iter().copied().filter(|finding| finding.place.is_none());
    first.extend(rest.take(OTHERS - first.len()));
    if !first.is_empty() {
        _ = write!(out, "<p class=\"part\">{}</p>", inert::escaped(say!("其他地方", "Elsewhere").to(lang)));
        list(out, first.iter().copied(), &site.lines, lang);
        let up = "../".repeat(path.matches('/').count());
        let all = say!("全部问题", "All problems");
        _ = write!(out, "<p><a href=\"{up}findings.html\">{}</a></p>", inert::escaped(all.to(lang)));
    }
    out.push_str("</details>");
}

/// Whether a finding is about what a page shows: the file it is written in, or the records, the clause or the system
/// it is of.
fn about(finding: &Finding, path: &str, site: &Site) -> bool {
    let file = finding.place.as_ref().map(|place| &*place.file);
    if let Some(source) = site.written.get(path) {
        return file == Some(&**source);
    }
    let (part, name) = path.split_once('/').unwrap_or_default();
    let stem = name.strip_suffix(".html").unwrap_or(name);
    match part {
        "records" => {
            let (kind, page) = stem.split_once('/').unwrap_or((stem, ""));
            finding.kind.as_deref() == Some(kind) && in_period(finding, page)
        }
        "faults" => finding.record.as_deref() == Some(stem),
        "clauses" => finding.clause.as_deref() == Some(stem),
        "systems" => finding.system.as_deref() == Some(stem),
        "reports" => file.and_then(|file| file.strip_prefix(CONTENT)) == Some(&format!("reports/{stem}.md")),
        _ => false,
    }
}

/// Whether a finding belongs to the page of a month, `2026-10` or `2026-10-2`; other pages are of all.
fn in_period(finding: &Finding, page: &str) -> bool {
    let Some((_, period)) = page.get(..7).and_then(Period::parse) else { return true };
    match (finding.dates, &finding.place) {
        (Some((from, to)), _) => from < period.after && to >= period.first,
        (None, Some(place)) => place.file.contains(&page[..7]),
        (None, None) => false,
    }
}

fn list<'a>(out: &mut String, findings: impl Iterator<Item = &'a Finding>, lines: &Lines, lang: Lang) {
    out.push_str("<ol>");
    for finding in findings {
        let (class, word) = match finding.severity {
            Severity::Error => ("error", Said::new("✗ 错误", "✗ error")),
            Severity::Warning => ("warning", Said::new("! 警告", "! warning")),
            Severity::Info => ("info", Said::new("· 提示", "· note")),
        };
        _ = write!(out, "<li class=\"{class}\"><p><b>{}</b> ", inert::escaped(word.to(lang)));
        if let Some(place) = &finding.place {
            _ = write!(out, "<code>{}</code> ", inert::escaped(&place.to_string()));
        }
        inert::text(out, &with_range(finding, lang));
        _ = write!(out, " <small>{}</small></p>", inert::escaped(&finding.rule));
        excerpt(out, finding, lines);
        // What to do about a rule is the same every time and stands on its page; what to do about a slip is not.
        if let Some(help) = finding.help.as_ref().filter(|_| finding.clause.is_none()) {
            _ = write!(out, "<p class=\"help\">{}</p>", inert::escaped(help.to(lang)));
        }
        out.push_str("</li>");
    }
    out.push_str("</ol>");
}

/// The line that a finding is about, with what is meant in it marked.
fn excerpt(out: &mut String, finding: &Finding, lines: &Lines) {
    let Some(place) = finding.place.as_ref().filter(|place| place.line > 0) else { return };
    let Some(line) = lines.get(&place.file, place.line) else { return };
    let at = |n: u32| line.char_indices().nth(n as usize).map_or(line.len(), |(at, _)| at);
    let (from, to) = match place.column {
        0 => (0, 0),
        column => (at(column - 1), at(column - 1 + place.width.max(1))),
    };
    _ = write!(out, "<pre tabindex=\"0\">{} │ ", place.line);
    inert::text(out, &line[..from]);
    if to > from {
        _ = write!(out, "<mark>{}</mark>", inert::escaped(&line[from..to]));
    }
    inert::text(out, &line[to..]);
    out.push_str("</pre>");
}

fn more(out: &mut String, count: usize, lang: Lang) {
    if count > 0 {
        let said = say!("另有 {count} 个", "{count} more");
        _ = write!(out, "<p>{}</p>", inert::escaped(said.to(lang)));
    }
}
