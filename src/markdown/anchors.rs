//! Whether the anchors of links exist. That can be told only when every page is rendered, so it is a second pass.

use super::{DEAD, Heading, Link};
use crate::finding::{Finding, Severity};
use crate::near::nearest;
use crate::say;

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
                    None => say!(
                        "锚点由标题文字生成，或在标题末尾写 {{#名称}}",
                        "anchors are made from headings, or written {{#name}} at their end"
                    ),
                }),
        );
    }
    findings
}
