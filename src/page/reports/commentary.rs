//! What an editor says about a month, `content/reports/2026-10.md`. A part whose heading is that of a chapter of the
//! report stands in that chapter; the rest stands after the summary.

use serde::Serialize;

use crate::say;
use crate::say::Said;
use crate::source::Failure;

use super::Desk;
use crate::page::blocks::{self, Part};
use crate::page::content::Role;
use crate::page::outline::deeper;

/// What people wrote about the month.
#[derive(Debug, Serialize)]
pub(super) struct Commentary {
    /// What stands after the summary.
    parts: Vec<Part>,
    lang: String,
    title: String,
    title_id: String,
    owner: String,
    /// What stands in the chapters.
    chapters: Chapters,
}

/// What stands in each chapter; mostly nothing.
#[derive(Debug, Default, Serialize)]
struct Chapters {
    clauses: Vec<Part>,
    figures: Vec<Part>,
    faults: Vec<Part>,
    findings: Vec<Part>,
    updates: Vec<Part>,
    backups: Vec<Part>,
    shifts: Vec<Part>,
    services: Vec<Part>,
    waivers: Vec<Part>,
    open: Vec<Part>,
}

impl Chapters {
    /// The chapter that a heading names, by its title in the report.
    fn named(&mut self, heading: &str) -> Option<&mut Vec<Part>> {
        let places: [(Said, &mut Vec<Part>); 10] = [
            (say!("条款结果", "Results by clause"), &mut self.clauses),
            (say!("关键指标", "Key figures"), &mut self.figures),
            (say!("故障", "Faults"), &mut self.faults),
            (say!("本月问题", "Findings of the month"), &mut self.findings),
            (say!("系统更新", "Updates"), &mut self.updates),
            (say!("数据备份", "Backups"), &mut self.backups),
            (say!("值班监控与容量", "Shifts and capacity"), &mut self.shifts),
            (say!("用户支持与其他", "Support and others"), &mut self.services),
            (say!("豁免与计划停机", "Waivers and planned windows"), &mut self.waivers),
            (say!("未结事项", "Open items"), &mut self.open),
        ];
        let means = |said: &Said| [&said.zh, &said.en].into_iter().any(|title| title.eq_ignore_ascii_case(heading));
        places.into_iter().find(|(said, _)| means(said)).map(|(_, place)| place)
    }
}

/// The commentary of a month, in the language of the site where it is there.
pub(super) fn of(desk: &Desk<'_>, month: &str) -> Result<Option<Commentary>, Failure> {
    let wanted = format!("reports/{month}");
    let mut led = desk.book.content.led(desk.lang());
    let Some((original, shown)) = led.find(|(d, _)| d.role == Role::Commentary && d.name == wanted) else {
        return Ok(None);
    };
    let mut out = Commentary {
        parts: Vec::new(),
        lang: shown.lang.clone(),
        title: shown.page.title.clone().filter(|_| shown.page.title_id.is_some()).unwrap_or_default(),
        title_id: shown.page.title_id.clone().unwrap_or_default(),
        owner: original.facts.owner.clone(),
        chapters: Chapters::default(),
    };
    for (heading, html) in sections(&shown.page.html) {
        let text = heading.as_deref().unwrap_or_default();
        let (levels, place) = match out.chapters.named(text) {
            Some(place) => (1, place),
            None => (2, &mut out.parts),
        };
        // A chapter has its own heading.
        let html = if levels == 1 { html.split_once("</h2>\n").map_or(html, |(_, rest)| rest) } else { html };
        let mut drawn = blocks::parts(desk.book, desk.way, &shown.page, html)?;
        for part in &mut drawn {
            part.html = deeper(&part.html, levels);
        }
        place.extend(drawn);
    }
    Ok(Some(out))
}

/// The text parted before each heading of the first level that stands in no list or quote, with the heading's text.
fn sections(html: &str) -> Vec<(Option<String>, &str)> {
    let mut cuts = vec![0];
    for (at, _) in html.match_indices("<h2 ") {
        let before = &html[..at];
        let open =
            |tag: &str| before.matches(&format!("<{tag}")).count() > before.matches(&format!("</{tag}>")).count();
        if at > 0 && !["ul", "ol", "dl", "blockquote", "div", "section", "table"].into_iter().any(open) {
            cuts.push(at);
        }
    }
    cuts.push(html.len());
    let section = |pair: &[usize]| {
        let section = &html[pair[0]..pair[1]];
        let heading = section.strip_prefix("<h2 ").and_then(|rest| rest.split_once('>')?.1.split_once("</h2>"));
        (heading.map(|(text, _)| text.to_owned()), section)
    };
    cuts.windows(2).map(section).filter(|(_, section)| !section.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chapters_are_called_as_in_the_report() {
        let texts = [
            include_str!("../../../themes/default/i18n/zh-CN.toml"),
            include_str!("../../../themes/default/i18n/en.toml"),
        ];
        let keys = ["clauses", "figures", "findings", "updates", "backups", "shifts", "services", "waivers", "open"];
        for key in keys.map(|key| format!("report_{key}")).iter().map(String::as_str).chain(["faults"]) {
            for text in texts {
                let line = text.lines().find_map(|line| line.strip_prefix(key)?.trim().strip_prefix("= \""));
                let title = line.unwrap().trim_end_matches('"');
                assert!(Chapters::default().named(title).is_some(), "{title}");
            }
        }
    }

    #[test]
    fn a_text_is_parted_before_its_headings_and_not_within_a_quote() {
        let html = "<p>甲</p>\n<h2 id=\"a\">故障</h2>\n<p>乙</p>\n<blockquote>\n<h2 id=\"b\">丙</h2>\n</blockquote>\n<h2 id=\"c\">丁</h2>\n";
        let parted: Vec<(Option<String>, usize)> =
            sections(html).into_iter().map(|(heading, html)| (heading, html.len())).collect();
        assert_eq!(parted.len(), 3);
        assert_eq!(parted.iter().map(|(_, len)| len).sum::<usize>(), html.len());
        assert_eq!(parted[1].0.as_deref(), Some("故障"));
        assert_eq!(parted[2].0.as_deref(), Some("丁"));
    }
}
