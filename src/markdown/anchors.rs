//! Whether the anchors of links exist. That can be told only when every page is rendered, so it is a second pass.

use super::{DEAD, Heading, Link};
use crate::finding::{Finding, Severity};
use crate::near::nearest;
use crate::say;
use crate::say::Said;

/// So many anchors are offered where none is like the one that was written.
const OFFERED: usize = 8;

/// The findings about links whose anchor is no heading of the page they lead to. `headings` answers the headings of
/// what a link leads to, or none where that is not known (a table of records has other ids).
pub fn dead_anchors<'a>(links: &[Link], headings: impl Fn(&Link) -> Option<&'a [Heading]>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for link in links {
        let Some(anchor) = &link.anchor else { continue };
        let Some(there) = headings(link) else { continue };
        if there.iter().any(|heading| heading.id == *anchor) {
            continue;
        }
        let near = nearest(anchor, there.iter().map(|heading| heading.id.as_str()));
        findings.push(
            Finding::new(DEAD, Severity::Error, say!("没有锚点 #{anchor}", "there is no anchor #{anchor}"))
                .at(link.place.clone())
                .help(match near {
                    Some(near) => say!("最接近的是 #{near}", "the nearest is #{near}"),
                    None => offer(there),
                }),
        );
    }
    findings
}

/// The anchors that there are, as far as they fit a line.
fn offer(there: &[Heading]) -> Said {
    if there.is_empty() {
        return say!("那一页没有标题，也就没有锚点", "that page has no headings and so no anchors");
    }
    let names: Vec<String> = there.iter().take(OFFERED).map(|heading| format!("#{}", heading.id)).collect();
    let more = if there.len() > OFFERED { "…" } else { "" };
    let (list, list_en) = (names.join("、"), names.join(", "));
    say!("那一页的锚点有：{list}{more}", "the anchors of that page are: {list_en}{more}")
}
