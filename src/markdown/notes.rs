//! Footnotes: numbered in the order in which they are named, and put at the end with a way back.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::ids::Ids;
use crate::say;
use crate::say::Lang;

/// The footnotes of a page.
#[derive(Default)]
pub(super) struct Notes {
    named: BTreeMap<String, Note>,
    /// Labels in the order in which they were first named.
    order: Vec<String>,
}

#[derive(Default)]
struct Note {
    /// Its place in the order, from 1; 0 where no text names it.
    number: usize,
    id: String,
    /// The ids of the places that name it.
    from: Vec<String>,
    html: String,
}

impl Notes {
    /// Writes the raised number that leads to a note.
    pub fn refer(&mut self, label: &str, ids: &mut Ids, out: &mut String, lang: Lang) {
        let note = self.named.entry(label.to_owned()).or_default();
        if note.from.is_empty() {
            self.order.push(label.to_owned());
            note.number = self.order.len();
            note.id = ids.take(&format!("fn-{}", note.number));
        }
        let number = note.number;
        let from = ids.take(&format!("fnref-{number}"));
        let words = say!("脚注 {number}", "Footnote {number}");
        let (id, words) = (&note.id, words.to(lang));
        _ = write!(
            out,
            "<sup class=\"footnote-ref\"><a href=\"#{id}\" id=\"{from}\" aria-label=\"{words}\">{number}</a></sup>"
        );
        note.from.push(from);
    }

    /// Keeps what a note says.
    pub fn define(&mut self, label: &str, html: &str) {
        self.named.entry(label.to_owned()).or_default().html.push_str(html);
    }

    /// Writes all notes: those that were named, in order, then those that no text names.
    pub fn write(&self, out: &mut String, lang: Lang) {
        if self.named.is_empty() {
            return;
        }
        let words = say!("脚注", "Footnotes");
        _ = writeln!(out, "<section class=\"footnotes\" aria-label=\"{}\">\n<ol>", words.to(lang));
        for label in &self.order {
            let Some(note) = self.named.get(label) else { continue };
            let mut back = String::new();
            for (n, from) in note.from.iter().enumerate() {
                let n = n + 1;
                let words = say!("回到正文第 {n} 处", "Back to reference {n}");
                let words = words.to(lang);
                _ = write!(back, " <a href=\"#{from}\" aria-label=\"{words}\">↩</a>");
            }
            let (html, close) = match note.html.trim_end().strip_suffix("</p>") {
                Some(html) => (html, "</p>\n"),
                None => (note.html.as_str(), ""),
            };
            _ = writeln!(out, "<li id=\"{}\">{html}{back}{close}</li>", note.id);
        }
        for note in self.named.values().filter(|note| note.from.is_empty()) {
            _ = writeln!(out, "<li>{}</li>", note.html);
        }
        out.push_str("</ol>\n</section>\n");
    }
}
