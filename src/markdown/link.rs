//! Links: which are let through, what they lead to, and what is said about those that are not.

use std::ops::Range;

use pulldown_cmark::LinkType;

use super::escape;
use super::href::{self, Href};
use super::inline::{self, Found, Run};
use super::writer::Writer;
use super::{DEAD, Link, REFUSED, Resolved, Target};
use crate::finding::{Finding, Severity};
use crate::say;
use crate::say::Said;
use crate::source::Place;

impl Writer<'_> {
    /// Opens a link. False where it is refused or leads nowhere: then its text stands alone, and a finding says why.
    pub(super) fn link(&mut self, kind: LinkType, dest: &str, title: &str, place: Place) -> bool {
        let mail;
        let dest = if kind == LinkType::Email {
            mail = format!("mailto:{dest}");
            &mail
        } else {
            dest
        };
        match href::read(dest) {
            Href::External(url) => self.anchor(&url, title, " rel=\"noopener noreferrer\""),
            Href::Mail(url) => self.anchor(&url, title, ""),
            Href::Site { path, query, anchor } => {
                let (target, resolved) = if path.is_empty() {
                    (Target::Here, Resolved::Url(String::new()))
                } else {
                    let resolved = self.input.links.page(self.input.file, &path);
                    (Target::Path(path), resolved)
                };
                return self.site_link(target, resolved, (&query, anchor), title, place);
            }
            Href::Refused(scheme) => {
                self.refused(&scheme, place);
                return false;
            }
            Href::Empty => {
                let message = say!("链接没有写目标", "the link has no target");
                let help =
                    say!("在括号里写目标，或去掉链接", "write the target in the parentheses, or take the link away");
                self.page.findings.push(Finding::new(DEAD, Severity::Error, message).at(place).help(help));
                return false;
            }
        }
        true
    }

    /// Opens a link within the site.
    fn site_link(
        &mut self,
        target: Target,
        resolved: Resolved,
        (query, anchor): (&str, Option<String>),
        title: &str,
        place: Place,
    ) -> bool {
        match resolved {
            Resolved::Url(url) | Resolved::Titled { url, .. } if target == Target::Here || href::is_relative(&url) => {
                let mut whole = if target == Target::Here && anchor.is_none() && query.is_empty() {
                    "#".to_owned()
                } else {
                    format!("{url}{query}")
                };
                if let Some(anchor) = &anchor {
                    whole.push('#');
                    whole.push_str(&anchor.replace('%', "%25"));
                }
                self.anchor(&whole, title, "");
                self.page.links.push(Link { target, url, anchor, place });
                true
            }
            Resolved::Url(url) | Resolved::Titled { url, .. } | Resolved::Embedded(url) => {
                self.refused(&url, place);
                false
            }
            Resolved::Withheld { why, help } => {
                self.withheld(why, help, place);
                false
            }
            Resolved::Unknown { help } => {
                self.dead(&target, help, place);
                false
            }
        }
    }

    fn anchor(&mut self, url: &str, title: &str, more: &str) {
        self.out.push_str("<a href=\"");
        escape::url(&mut self.out, url);
        self.out.push('"');
        if !title.is_empty() {
            self.out.push_str(" title=\"");
            escape::attribute(&mut self.out, title);
            self.out.push('"');
        }
        self.out.push_str(more);
        self.out.push('>');
        self.in_link += 1;
    }

    /// Writes text, with the bare addresses and references in it as links.
    pub(super) fn linked(&mut self, run: &Run) {
        let mut from = 0;
        for (range, found) in inline::find(&run.text) {
            let source = run.source(&range);
            let mut title = String::new();
            let opened = match &found {
                Found::Url(url) => {
                    self.words(&run.text[from..range.start]);
                    self.anchor(url, "", " rel=\"noopener noreferrer\"");
                    true
                }
                Found::Reference { kind, id, anchor, .. } => {
                    // Written with escapes or entities it is meant as text. In a table the bar must be escaped.
                    let file = self.input.text;
                    let typed = file.get(source.clone()).map(|typed| typed.replace("\\|", "|"));
                    let before = file.get(..source.start).unwrap_or_default();
                    let escaped = (before.len() - before.trim_end_matches('\\').len()) % 2 == 1;
                    if escaped || typed.as_deref() != Some(&run.text[range.clone()]) {
                        continue;
                    }
                    self.words(&run.text[from..range.start]);
                    let resolved = self.input.links.reference(kind, id);
                    if let Resolved::Titled { title: words, .. } = &resolved
                        && !shown_apart(&found)
                    {
                        title.clone_from(words);
                    }
                    let target = Target::Reference { kind: (*kind).to_owned(), id: (*id).to_owned() };
                    let place = self.place_in_file(source.clone());
                    self.site_link(target, resolved, ("", anchor.map(str::to_owned)), "", place)
                }
            };
            self.words(match &found {
                Found::Url(url) => url,
                Found::Reference { .. } if !title.is_empty() => &title,
                Found::Reference { shown, .. } => shown,
            });
            if opened {
                self.out.push_str("</a>");
                self.in_link -= 1;
            }
            from = range.end;
        }
        let rest: Range<usize> = from..run.text.len();
        self.words(&run.text[rest]);
    }

    /// A target that is there and is not shown.
    pub(super) fn withheld(&mut self, why: Said, help: Said, place: Place) {
        self.page.findings.push(Finding::new(REFUSED, Severity::Error, why).at(place).help(help));
    }

    /// A target that is not allowed.
    pub(super) fn refused(&mut self, what: &str, place: Place) {
        let message = say!("不允许这样的链接：{what}", "links of this kind are not allowed: {what}");
        let help =
            say!("只能用 http://、https://、mailto: 或相对路径", "use http://, https://, mailto: or a relative path");
        self.page.findings.push(Finding::new(REFUSED, Severity::Error, message).at(place).help(help));
    }

    /// A target that does not exist.
    pub(super) fn dead(&mut self, target: &Target, help: Said, place: Place) {
        let what = match target {
            Target::Here => String::new(),
            Target::Path(path) => path.clone(),
            Target::Reference { kind, id } => format!("{kind}:{id}"),
        };
        let message = say!("链接的目标不存在：{what}", "the link leads nowhere: {what}");
        self.page.findings.push(Finding::new(DEAD, Severity::Error, message).at(place).help(help));
    }
}

/// Whether a reference has words of its own.
fn shown_apart(found: &Found<'_>) -> bool {
    matches!(found, Found::Reference { id, shown, .. } if id != shown)
}
