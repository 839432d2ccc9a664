//! Blocks that are more than a pair of tags: alerts, code, tables, headings, task lists.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Range;

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, HeadingLevel, Tag};

use super::writer::{Open, Writer};
use super::{Block, FENCE, Heading, TWICE, code, escape, ids};
use crate::finding::{Finding, Severity};
use crate::say;
use crate::source::Place;

/// The table that is being written, and how many there were.
#[derive(Default)]
pub(super) struct Table {
    count: usize,
    aligns: Vec<Alignment>,
    cell: usize,
    pub head: bool,
    pub body: bool,
}

impl Writer<'_> {
    pub(super) fn alert(&mut self, kind: BlockQuoteKind) -> Open {
        let (class, title) = match kind {
            BlockQuoteKind::Note => ("note", say!("说明", "Note")),
            BlockQuoteKind::Tip => ("tip", say!("提示", "Tip")),
            BlockQuoteKind::Important => ("important", say!("重要", "Important")),
            BlockQuoteKind::Warning => ("warning", say!("警告", "Warning")),
            BlockQuoteKind::Caution => ("caution", say!("注意", "Caution")),
        };
        let title = title.to(self.input.lang);
        _ = write!(
            self.out,
            "<div class=\"alert alert-{class}\" role=\"note\">\n<p class=\"alert-title\">{title}</p>\n"
        );
        Open::Block("</div>\n")
    }

    pub(super) fn code_block(&mut self, kind: &CodeBlockKind<'_>, range: &Range<usize>) -> Open {
        let info = match kind {
            CodeBlockKind::Fenced(info) => self.prepared.clean(info),
            CodeBlockKind::Indented => Cow::Borrowed(""),
        };
        self.code = Some(String::new());
        let drawn = match self.input.links.block(&info) {
            Block::Code => false,
            Block::Drawn => true,
            Block::Wrong { at, why, help } => {
                let place = self.words_of_fence(&info, at, range);
                self.page.findings.push(Finding::new(FENCE, Severity::Error, why).at(place).help(help));
                // What was asked for stands where it should be.
                self.code = Some(format!("{}\n", info.trim()));
                false
            }
        };
        if drawn {
            self.page.blocks.push(info.trim().to_owned());
            return Open::Drawn;
        }
        let word = info.split_whitespace().next().unwrap_or_default();
        let sound = word.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'+' | b'-'));
        let word = if sound && word.len() <= 32 { word } else { "" };
        // A block that scrolls sideways must be reachable by keyboard, hence the tabindex.
        self.out.push_str("<pre tabindex=\"0\"><code");
        if !word.is_empty() {
            _ = write!(self.out, " class=\"language-{word}\"");
        }
        self.out.push('>');
        Open::Code(word.to_owned())
    }

    /// The place of some of the words after a fence.
    fn words_of_fence(&self, info: &str, at: Range<usize>, range: &Range<usize>) -> Place {
        let block = self.prepared.text.get(range.clone()).unwrap_or_default();
        let line = block.lines().next().unwrap_or_default();
        let begin = range.start + line.find(info.trim()).unwrap_or(0);
        self.place(&(begin + at.start..begin + at.end))
    }

    /// Writes the code that was gathered, or the mark of what is drawn in its place.
    pub(super) fn code_end(&mut self, language: &str) {
        let code = self.code.take().unwrap_or_default();
        self.page.plain.push_str(&code);
        code::write(&mut self.out, language, &code);
        self.out.push_str("</code></pre>\n");
    }

    /// What stands in the block introduces what is drawn.
    pub(super) fn drawn_end(&mut self) {
        let text = self.code.take().unwrap_or_default();
        if !text.trim().is_empty() {
            self.out.push_str("<p>");
            self.words(text.trim());
            self.out.push_str("</p>\n");
        }
        self.out.push_str(&super::mark(self.page.blocks.len() - 1));
        self.out.push('\n');
    }

    pub(super) fn table_tag(&mut self, tag: &Tag<'_>) -> Open {
        match tag {
            Tag::Table(aligns) => {
                self.table.count += 1;
                self.table.aligns.clone_from(aligns);
                let number = self.table.count;
                let mut label = say!("表格 {number}", "Table {number}").to(self.input.lang).to_owned();
                if let Some(heading) = self.page.headings.last() {
                    label.push_str(say!("：", ": ").to(self.input.lang));
                    label.push_str(&heading.text);
                }
                self.out.push_str("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"");
                escape::attribute(&mut self.out, &label);
                self.out.push_str("\"><table>\n");
                self.table.body = true;
                Open::Nothing
            }
            Tag::TableHead => {
                (self.table.head, self.table.cell) = (true, 0);
                self.out.push_str("<thead><tr>");
                Open::Block("</tr></thead>\n<tbody>\n")
            }
            Tag::TableRow => {
                self.table.cell = 0;
                self.out.push_str("<tr>");
                Open::Block("</tr>\n")
            }
            _ => {
                let (start, end) = if self.table.head { ("<th scope=\"col\"", "</th>") } else { ("<td", "</td>") };
                self.out.push_str(start);
                self.out.push_str(match self.table.aligns.get(self.table.cell) {
                    Some(Alignment::Left) => " class=\"left\">",
                    Some(Alignment::Center) => " class=\"center\">",
                    Some(Alignment::Right) => " class=\"right\">",
                    _ => ">",
                });
                self.table.cell += 1;
                Open::Block(end)
            }
        }
    }

    pub(super) fn heading(&mut self, level: HeadingLevel, html: usize, plain: usize, range: &Range<usize>) {
        let mut inner = self.out.split_off(html);
        let mut text = self.page.plain.split_off(plain).trim().to_owned();
        let mut id = None;
        if let Some((braces, name)) = ids::explicit(&text)
            && let Some(rest) = inner.trim_end().strip_suffix(braces)
        {
            (inner, id) = (rest.trim_end().to_owned(), Some(name.to_owned()));
            text.truncate(text.len() - braces.len());
            text.truncate(text.trim_end().len());
        }
        if inner.trim().is_empty() {
            return;
        }
        let wanted = id.clone().unwrap_or_else(|| ids::slug(&text));
        let id_taken = self.ids.take(&wanted);
        if id.is_some() && id_taken != wanted {
            let message = say!(
                "锚点 #{wanted} 在本页已有，这里用 #{id_taken}",
                "the anchor #{wanted} is taken on this page; this one is #{id_taken}"
            );
            let help = say!("换一个名称", "choose another name");
            self.found(TWICE, Severity::Warning, range, message, help);
        }
        let first = self.page.headings.is_empty();
        let is_title = match self.input.title {
            Some(title) => same_words(title, &text),
            None => level == HeadingLevel::H1,
        };
        if first {
            self.page.title = Some(text.clone());
        }
        if first && is_title && self.open.is_empty() && self.out.is_empty() {
            self.page.title_id = Some(id_taken.clone());
            let below = self.page.plain.len();
            self.page.headings.push(Heading { level: 1, id: id_taken, text, below });
            return;
        }
        // A heading stands one level below the nearest heading above it that was written higher, so that no level
        // is jumped over and the page's own title stays the only h1.
        let written = level as u8;
        while self.above.last().is_some_and(|above| *above >= written) {
            self.above.pop();
        }
        self.above.push(written);
        let level = (self.above.len() as u8 + 1).min(6);
        _ = write!(self.out, "<h{level} id=\"");
        escape::attribute(&mut self.out, &id_taken);
        _ = writeln!(self.out, "\">{}</h{level}>", inner.trim());
        self.page.plain.push_str(&text);
        let below = self.page.plain.len();
        self.page.headings.push(Heading { level, id: id_taken, text, below });
    }

    pub(super) fn task(&mut self, done: bool) {
        let (checked, word) =
            if done { (" checked", say!("已完成", "done")) } else { ("", say!("未完成", "not done")) };
        let label = word.to(self.input.lang);
        let item = self.out.trim_end_matches("<p>").trim_end().len();
        let in_heading = matches!(self.open.last(), Some(Open::Heading { .. }));
        if !in_heading && self.out[..item].ends_with("<li>") {
            self.out.insert_str(item - 1, " class=\"task\"");
        }
        _ = write!(self.out, "<input type=\"checkbox\" disabled{checked} aria-label=\"{label}\"> ");
    }
}

/// Whether two titles differ in nothing but blanks, punctuation and case.
fn same_words(a: &str, b: &str) -> bool {
    let letters =
        |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect() };
    let (a, b) = (letters(a), letters(b));
    a == b && !a.is_empty()
}
