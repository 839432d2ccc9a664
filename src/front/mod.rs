//! Front matter: the `---` or `+++` block at the start of a record or a page.
//!
//! The `---` block is read by hand and not by a YAML parser. A record keeps its values as they were typed
//! (`1.10`, `no`, `007`, `#42`), an item `- operations: 李` is one text, and `summary: a: b` is a summary; to a YAML
//! parser the fourth is a comment, the fifth a map and the last an error, and none of them can be had back from
//! its events. What is left of YAML (flat keys, texts, quotes, block texts, lists) is small enough to read line by
//! line. Everything beyond it is refused with its place, never guessed at (safety.md section 3).

use std::ops::Range;

use crate::finding::{Finding, Severity};
use crate::say;
use crate::say::Said;
use crate::source::Place;

mod lines;
mod scalar;
mod toml;
mod yaml;

pub use lines::Lines;
pub use toml::read_toml;

/// The longest front matter that is read where nothing else is said, in bytes (safety.md section 2).
pub const LIMIT: usize = 64 << 10;

/// One field as typed; what it means is said by the kind that it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The key, without its quotes.
    pub key: String,
    /// Where the key stands.
    pub key_place: Place,
    /// What it says.
    pub value: FieldValue,
}

/// The value of a field: a text, or a list of texts. Each knows its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldValue {
    /// One text; empty where nothing stands after the key.
    Text(String, Place),
    /// The items of a list, in the order written.
    List(Vec<(String, Place)>),
}

impl Field {
    /// The text of the field, where it is one.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            FieldValue::Text(text, _) => Some(text),
            FieldValue::List(_) => None,
        }
    }

    /// The texts of the field: the items of a list, or the one text if it is not empty.
    pub fn texts(&self) -> Vec<&str> {
        match &self.value {
            FieldValue::Text(text, _) if text.is_empty() => Vec::new(),
            FieldValue::Text(text, _) => vec![text],
            FieldValue::List(items) => items.iter().map(|(text, _)| text.as_str()).collect(),
        }
    }

    /// Where the value stands; for a list its first item, for an empty list the key.
    pub fn value_place(&self) -> &Place {
        match &self.value {
            FieldValue::Text(_, place) => place,
            FieldValue::List(items) => items.first().map_or(&self.key_place, |(_, place)| place),
        }
    }
}

/// How the block at the start of a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// There is none.
    None,
    /// Between two lines `---`.
    Yaml,
    /// Between two lines `+++`.
    Toml,
    /// Opened by `---` or `+++`, and never closed.
    Unclosed,
}

/// Where the block and the body of a file stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Front {
    /// How the block is written.
    pub form: Form,
    /// The bytes between the two marks; empty where there is no block.
    pub block: Range<usize>,
    /// The byte at which the body starts.
    pub body: usize,
}

/// Finds the front matter of a text: a first line `---` or `+++` (after an optional byte order mark), up to the next
/// line that says the same. Where it is never closed, the whole text is the body.
pub fn split(text: &str) -> Front {
    let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut lines = lines::lines_from(text, start);
    let none = |form| Front { form, block: start..start, body: start };
    let Some((first, after)) = lines.next() else { return none(Form::None) };
    let mark = text[first].trim();
    let form = match mark {
        "---" => Form::Yaml,
        "+++" => Form::Toml,
        _ => return none(Form::None),
    };
    match lines.find(|(line, _)| text[line.clone()].trim() == mark) {
        Some((line, body)) => Front { form, block: after..line.start, body },
        None => none(Form::Unclosed),
    }
}

/// Reads the front matter of a text: its fields in the order written, the byte at which the body starts, and what
/// is wrong. A key that is written twice keeps its first value. Front matter of more than `limit` bytes is refused.
pub fn read(file: &str, text: &str, limit: usize) -> (Vec<Field>, usize, Vec<Finding>) {
    let front = split(text);
    let lines = Lines::new(file, text);
    if front.form != Form::Unclosed && front.block.len() > limit {
        let size = front.block.len();
        let wrong = syntax(
            lines.place(front.block.start..front.block.start),
            say!(
                "文件头有 {size} 字节，上限（limits.front_matter）是 {limit}",
                "the front matter has {size} bytes; the limit (limits.front_matter) is {limit}"
            ),
            say!("把长的内容移到正文里", "move what is long into the body"),
        );
        return (Vec::new(), front.body, vec![wrong]);
    }
    let (fields, findings) = match front.form {
        Form::None => (Vec::new(), Vec::new()),
        Form::Yaml => yaml::read(text, front.block, &lines),
        Form::Toml => toml::read(text, front.block, &lines),
        Form::Unclosed => {
            let mark = text[front.body..].split(['\n', '\r']).next().unwrap_or_default().trim();
            let wrong = syntax(
                lines.place(front.body..front.body),
                say!("文件头由 {mark} 打开，但没有关闭", "the front matter is opened by {mark} and never closed"),
                say!("在最后一个字段之后另起一行写 {mark}", "write {mark} on a line of its own after the last field"),
            );
            (Vec::new(), vec![wrong])
        }
    };
    (fields, front.body, findings)
}

/// A finding about how something is written.
fn syntax(place: Place, message: Said, help: Said) -> Finding {
    Finding::new("ingest.syntax", Severity::Error, message).at(place).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_found_after_a_mark_and_with_any_line_end() {
        for end in ["\n", "\r\n", "\r"] {
            for bom in ["", "\u{feff}"] {
                let text = format!("{bom}---{end}a: 1{end}---{end}正文{end}");
                let front = split(&text);
                assert_eq!(front.form, Form::Yaml);
                assert_eq!(&text[front.block.clone()], format!("a: 1{end}"));
                assert_eq!(&text[front.body..], format!("正文{end}"));
            }
        }
        assert_eq!(split("# 标题\n---\n").form, Form::None);
        assert_eq!(split("").form, Form::None);
        assert_eq!(split("---\n---").form, Form::Yaml);
        assert_eq!(split("+++\na = 1\n+++\nx").form, Form::Toml);
    }

    #[test]
    fn an_unclosed_block_is_told_and_the_text_stays_the_body() {
        for (text, mark) in [("---\na: 1\n", "---"), ("\u{feff}+++\na = 1", "+++"), (" ---", "---")] {
            let (fields, body, findings) = read("a.md", text, LIMIT);
            assert!(fields.is_empty());
            assert_eq!(body, text.len() - text.trim_start_matches('\u{feff}').len());
            assert_eq!(findings.len(), 1);
            assert_eq!(findings[0].rule, "ingest.syntax");
            assert!(findings[0].message.en.contains(mark), "{:?}", findings[0]);
            assert_eq!(findings[0].place.as_ref().unwrap().line, 1);
        }
    }

    #[test]
    fn a_block_over_the_limit_is_refused() {
        let text = format!("---\na: {}\n---\n正文", "长".repeat(LIMIT / 3));
        let (fields, body, findings) = read("a.md", &text, LIMIT);
        assert!(fields.is_empty());
        assert_eq!(&text[body..], "正文");
        assert_eq!(findings.len(), 1);
    }
}
