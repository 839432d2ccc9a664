//! What one run of the river leaves to the next in the same program, so that `serve` lays out only what differs. A page is
//! a function of its view, the theme and the frame. The build's id, the instant and the counts of the frame stand on every
//! page and are others each time: a page is kept with gaps in their places. A run without a memory makes the same bytes.

use std::collections::BTreeMap;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use tera::Value;

use super::Engine;
use crate::finding::Finding;
use crate::page::frame::Frame;
use crate::page::inert;
use crate::theme::Theme;

/// A gap is this character, which text of others is never shown as, and a digit.
const GAP: u8 = 1;
/// What is left open of the frame.
const OPEN: [&str; 6] = ["accepted", "as_of", "build", "files", "read", "rejected"];

/// What was laid out last, and by which templates.
#[derive(Default)]
pub struct Memory {
    engine: Option<([u8; 32], Arc<Engine>)>,
    /// Each edition, by its folder.
    editions: BTreeMap<String, Edition>,
}

struct Edition {
    frame: Frame,
    texts: BTreeMap<String, String>,
    /// By their paths.
    pages: BTreeMap<String, Kept>,
}

/// A page with gaps, and what it is made of beside the frame and the templates.
#[derive(Clone)]
pub(super) struct Kept {
    pub template: &'static str,
    pub title: String,
    pub root: String,
    pub view: Value,
    pub text: Arc<[u8]>,
}

impl Memory {
    /// The templates of a theme, made ready; if they are those of the last run, they are.
    pub fn engine(&mut self, theme: &Theme) -> Result<Arc<Engine>, Vec<Finding>> {
        let digest = digest(theme);
        if let Some((last, engine)) = &self.engine
            && *last == digest
        {
            return Ok(Arc::clone(engine));
        }
        let engine = Arc::new(Engine::of(theme)?);
        self.editions.clear();
        self.engine = Some((digest, Arc::clone(&engine)));
        Ok(engine)
    }

    /// The pages of an edition as they were laid out last, if it was in the same frame.
    pub(super) fn take(&mut self, gaps: &Gaps, texts: &BTreeMap<String, String>) -> BTreeMap<String, Kept> {
        let last = self.editions.remove(&gaps.frame.folder);
        last.filter(|last| last.frame == gaps.frame && last.texts == *texts).map(|last| last.pages).unwrap_or_default()
    }

    /// Keeps the pages of an edition for the next run.
    pub(super) fn keep(&mut self, gaps: Gaps, texts: BTreeMap<String, String>, pages: BTreeMap<String, Kept>) {
        let folder = gaps.frame.folder.clone();
        self.editions.insert(folder, Edition { frame: gaps.frame, texts, pages });
    }
}

fn digest(theme: &Theme) -> [u8; 32] {
    let mut hash = Sha256::new();
    for (name, template) in &theme.templates {
        for part in [name, &template.text] {
            hash.update(part.len().to_be_bytes());
            hash.update(part);
        }
    }
    hash.finalize().into()
}

/// Ways in which templates reach what is printed, or what is there to be printed, without naming it.
const ELSEWHERE: [&str; 5] = ["\u{1}", "__tera_context", "endfilter", "endset", "body |"];

/// Whether templates do nothing with what is left open but print it, so that a gap can stand for it.
pub(super) fn only_printed(templates: &[(&str, &str)]) -> bool {
    templates.iter().all(|(_, text)| !ELSEWHERE.iter().any(|way| text.contains(way)) && printed(text))
}

fn printed(text: &str) -> bool {
    let word = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    text.match_indices("site").all(|(at, _)| {
        let (before, rest) = (&text[..at], &text[at + "site".len()..]);
        let open = before.rfind("{{").max(before.rfind("{%"));
        let outside = open <= before.rfind("}}").max(before.rfind("%}"));
        if outside || before.ends_with(word) || rest.starts_with(|c| word(c) && c != '.') {
            return true;
        }
        // The frame as a whole may be handed on to where it is not seen.
        let Some(rest) = rest.strip_prefix('.') else { return false };
        let end = rest.find(|c| !word(c)).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        !OPEN.contains(&name) || (before.ends_with("{{ ") && after.starts_with(" }}"))
    })
}

/// The frame with gaps, and what they are filled with.
pub(super) struct Gaps {
    frame: Frame,
    /// In the order of [`OPEN`], as they stand in a page.
    filling: [String; 6],
}

impl Gaps {
    pub fn of(site: &Frame) -> Self {
        let values = [&site.accepted, &site.as_of, &site.build, &site.files, &site.read, &site.rejected];
        let filling = values.map(|value| {
            let mut out = String::new();
            inert::attribute(&mut out, value);
            out
        });
        let [accepted, as_of, build, files, read, rejected] = [0, 1, 2, 3, 4, 5].map(gap);
        Self { frame: Frame { accepted, as_of, build, files, read, rejected, ..site.clone() }, filling }
    }

    /// The frame as templates see it. Its gaps are not escaped; every other text is, by which it has none.
    pub fn value(&self) -> Value {
        let mut map = Value::try_from_serializable(&self.frame).ok().and_then(Value::into_map).unwrap_or_default();
        for (name, at) in OPEN.into_iter().zip(0..) {
            map.insert(name.into(), Value::safe_string(&gap(at)));
        }
        map.into()
    }

    /// The page as it is published.
    pub fn filled(&self, text: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(text.len() + 256);
        let mut done = 0;
        for at in memchr::memchr_iter(GAP, text) {
            let of = text.get(at + 1).and_then(|digit| self.filling.get(usize::from(digit.wrapping_sub(b'0'))));
            if let Some(value) = of {
                out.extend_from_slice(&text[done..at]);
                out.extend_from_slice(value.as_bytes());
                done = at + 2;
            }
        }
        out.extend_from_slice(&text[done..]);
        out
    }
}

fn gap(at: u8) -> String {
    format!("{}{}", char::from(GAP), char::from(b'0' + at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    #[test]
    fn the_built_in_theme_has_gaps() {
        let theme = Theme::load(&Sources::of_memory([]), "default").unwrap();
        assert!(Engine::of(&theme).unwrap().gaps);
    }

    #[test]
    fn what_is_left_open_may_only_be_printed() {
        for good in ["site.build", "{{ site.build }}", "{% if site.feed %}{% endif %}", "{{ website.build | upper }}"] {
            assert!(only_printed(&[("a", good)]), "{good}");
        }
        for bad in [
            "{{ site.build | upper }}",
            "{{ site.build[:8] }}",
            "{% if site.rejected != \"0\" %}{% endif %}",
            "{% set frame = site %}",
            "{{ site[\"build\"] }}",
            "{{ <foot site={site} /> }}",
            "{{ __tera_context }}",
            "{% filter upper %}{{ site.build }}{% endfilter %}",
        ] {
            assert!(!only_printed(&[("a", bad)]), "{bad}");
        }
    }
}
