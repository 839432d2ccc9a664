//! The `---` block, line by line: `key: value`, lists, block texts and comments. One level, nothing that refers.

use std::collections::BTreeMap;
use std::ops::Range;

use super::lines::lines_from;
use super::scalar::{self, BLANK, Value, Wrong};
use super::{Field, FieldValue, Lines, syntax};
use crate::finding::Finding;
use crate::say;
use crate::say::Said;

/// Reads a block of flat fields.
pub(super) fn read(text: &str, block: Range<usize>, lines: &Lines<'_>) -> (Vec<Field>, Vec<Finding>) {
    let all = lines_from(&text[..block.end], block.start).map(|(line, _)| line).collect();
    let mut reader = Reader {
        text,
        lines,
        all,
        at: 0,
        base: None,
        item_indent: None,
        open: false,
        keys: BTreeMap::new(),
        fields: Vec::new(),
        findings: Vec::new(),
    };
    while reader.at < reader.all.len() {
        reader.line();
    }
    (reader.fields, reader.findings)
}

struct Reader<'a> {
    text: &'a str,
    lines: &'a Lines<'a>,
    all: Vec<Range<usize>>,
    /// The line that is read next.
    at: usize,
    /// The indentation of the first key, which is that of every key.
    base: Option<usize>,
    /// The indentation of the items of the open list.
    item_indent: Option<usize>,
    /// Whether the last key had nothing after it, so that items may follow.
    open: bool,
    keys: BTreeMap<String, u32>,
    fields: Vec<Field>,
    findings: Vec<Finding>,
}

impl Reader<'_> {
    fn line(&mut self) {
        let range = self.all[self.at].clone();
        self.at += 1;
        let line = &self.text[range.clone()];
        let content = line.trim_start_matches(BLANK);
        let indent = line.len() - content.len();
        let start = range.start + indent;
        if scalar::without_comment(content).trim_matches(BLANK).is_empty() {
            return;
        }
        if content == "-" || content.starts_with("- ") || content.starts_with("-\t") {
            self.item(start, &content[1..], indent);
        } else if self.base.is_some_and(|base| indent > base) {
            self.continuation(start..range.end, content);
        } else {
            self.field(start, content, indent);
        }
    }

    fn field(&mut self, start: usize, content: &str, indent: usize) {
        self.base.get_or_insert(indent);
        self.item_indent = None;
        self.open = false;
        let (key, colon) = match key_of(content) {
            Ok(found) => found,
            Err(wrong) => return self.wrong(start, wrong),
        };
        let key_place = self.lines.place(start..start + content[..colon].trim_end_matches(BLANK).len());
        let after = start + colon + 1;
        let rest = &content[colon + 1..];
        let value = if let Some(style) = Block::of(rest) {
            let header = rest.len() - rest.trim_start_matches(BLANK).len();
            FieldValue::Text(self.block_text(&style, indent), self.lines.place(after + header..after + header + 1))
        } else {
            match scalar::value(rest) {
                Ok(Value::Text((text, range))) => {
                    self.open = range.is_empty();
                    FieldValue::Text(text, self.lines.place(after + range.start..after + range.end))
                }
                Ok(Value::List(items)) => FieldValue::List(
                    items
                        .into_iter()
                        .map(|(text, range)| (text, self.lines.place(after + range.start..after + range.end)))
                        .collect(),
                ),
                Err(wrong) => return self.wrong(after, wrong),
            }
        };
        if let Some(first) = self.keys.get(&key) {
            let message =
                say!("{key} 写了两次，第一次在第 {first} 行", "{key} is written twice, first on line {first}");
            let help = say!("只留一个；多个值写成列表", "keep one; write several values as a list");
            self.findings.push(syntax(key_place, message, help));
            self.open = false;
            return;
        }
        self.keys.insert(key.clone(), key_place.line);
        self.fields.push(Field { key, key_place, value });
    }

    fn item(&mut self, dash: usize, rest: &str, indent: usize) {
        let range = 0..1;
        if !self.open {
            let message = say!("这一项不属于任何列表", "this item belongs to no list");
            let help =
                say!("列表前先写一行“key:”，冒号后不写值", "write a line `key:` with nothing after it before the list");
            return self.wrong(dash, Wrong { at: range, message, help });
        }
        let inner = rest.trim_start_matches(BLANK);
        let nested = inner == "-" || inner.starts_with("- ");
        if nested || *self.item_indent.get_or_insert(indent) != indent {
            return self.wrong(dash, Wrong { at: range, message: nesting(), help: one_level() });
        }
        if Block::of(rest).is_some() {
            let message = say!("列表的项只能写一行", "an item of a list is one line");
            let help = say!("把文字写在“- ”之后", "write the text after `- `");
            return self.wrong(dash, Wrong { at: range, message, help });
        }
        let (text, range) = match scalar::one(rest) {
            Ok(read) => read,
            Err(wrong) => return self.wrong(dash + 1, wrong),
        };
        let place = self.lines.place(dash + 1 + range.start..dash + 1 + range.end);
        if let Some(field) = self.fields.last_mut() {
            match &mut field.value {
                FieldValue::List(items) => items.push((text, place)),
                FieldValue::Text(..) => field.value = FieldValue::List(vec![(text, place)]),
            }
        }
    }

    fn continuation(&mut self, range: Range<usize>, content: &str) {
        let wrong = if self.open && self.item_indent.is_none() && key_of(content).is_ok() {
            Wrong { at: 0..content.len(), message: nesting(), help: one_level() }
        } else {
            Wrong {
                at: 0..content.len(),
                message: say!("缩进的行不属于任何值", "an indented line belongs to no value"),
                help: say!(
                    "一个值写在一行里；多行文字在冒号后写 | 再换行",
                    "write a value on one line; for several lines write | after the colon"
                ),
            }
        };
        self.wrong(range.start, wrong);
    }

    /// The lines of a block text: those that are blank or deeper than their key.
    fn block_text(&mut self, style: &Block, parent: usize) -> String {
        let mut taken: Vec<&str> = Vec::new();
        while let Some(range) = self.all.get(self.at) {
            let line = &self.text[range.clone()];
            if !line.trim_matches(BLANK).is_empty() && spaces(line) <= parent {
                break;
            }
            taken.push(line);
            self.at += 1;
        }
        let own = taken.iter().find(|line| !line.trim_matches(BLANK).is_empty()).map_or(0, |line| spaces(line));
        let cut = style.indent.map_or(own, |more| parent + more);
        let lines: Vec<&str> = taken.iter().map(|line| &line[spaces(line).min(cut)..]).collect();
        style.text(&lines)
    }

    fn wrong(&mut self, from: usize, wrong: Wrong) {
        let place = self.lines.place(from + wrong.at.start..from + wrong.at.end);
        self.findings.push(syntax(place, wrong.message, wrong.help));
    }
}

fn spaces(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

fn nesting() -> Said {
    say!("不支持多层结构", "nesting is refused")
}

fn one_level() -> Said {
    say!("只写一层：key: 值，或每项一行的“- 值”", "write one level: key: value, or `- value` on lines of their own")
}

/// The key of a line and the byte of its colon.
fn key_of(content: &str) -> Result<(String, usize), Wrong> {
    if content.starts_with(['"', '\'']) {
        let quote = &content[..1];
        let close = content[1..].find(quote).map(|at| at + 1);
        let colon = close.and_then(|at| content[at..].find(':').map(|n| at + n));
        if let (Some(close), Some(colon)) = (close, colon)
            && content[close + 1..colon].trim_matches(BLANK).is_empty()
            && !content[1..close].is_empty()
        {
            return Ok((content[1..close].to_owned(), colon));
        }
    }
    let bytes = content.as_bytes();
    let colon =
        memchr::memchr_iter(b':', bytes).find(|&at| bytes.get(at + 1).is_none_or(|b| matches!(b, b' ' | b'\t')));
    let wrong = |message, help| Wrong { at: 0..content.len(), message, help };
    let Some(colon) = colon else {
        let full = content.split_once('：').map(|(key, value)| (key.trim(), value.trim()));
        let (key, value) = full.or_else(|| content.split_once(':')).unwrap_or(("key", content));
        return Err(wrong(
            say!("这一行不是“key: 值”", "this line is not `key: value`"),
            say!(
                "写成“{key}: {value}”，冒号用半角，后面空一格",
                "write `{key}: {value}`, with a blank after the colon"
            ),
        ));
    };
    let key = content[..colon].trim_end_matches(BLANK);
    let odd = key.is_empty() || key.starts_with(['[', '{', '&', '*', '!', '?', '|', '>', '"', '\'']);
    if odd {
        return Err(wrong(
            say!("字段名不能这样写", "a key cannot be written like this"),
            say!("字段名写成文字：key: 值", "write the key as a plain text: key: value"),
        ));
    }
    Ok((key.to_owned(), colon))
}

/// How a block text is put together: `|` keeps its lines, `>` folds them.
struct Block {
    folded: bool,
    chomp: char,
    indent: Option<usize>,
}

impl Block {
    /// The style that stands after a key, where it is one: `|`, `>`, with `+`, `-` and a digit.
    fn of(rest: &str) -> Option<Self> {
        let mark = scalar::without_comment(rest).trim_matches(BLANK);
        let folded = match mark.chars().next()? {
            '|' => false,
            '>' => true,
            _ => return None,
        };
        let mut block = Self { folded, chomp: ' ', indent: None };
        for c in mark[1..].chars() {
            match c {
                '+' | '-' if block.chomp == ' ' => block.chomp = c,
                '1'..='9' if block.indent.is_none() => block.indent = Some(c as usize - '0' as usize),
                _ => return None,
            }
        }
        Some(block)
    }

    fn text(&self, lines: &[&str]) -> String {
        let blank = |line: &&str| line.trim_matches(BLANK).is_empty();
        let end = lines.iter().rposition(|line| !blank(line)).map_or(0, |at| at + 1);
        let (body, tail) = lines.split_at(end);
        let mut out = String::new();
        let deeper = |line: &str| line.starts_with(BLANK);
        let mut before: Option<&str> = None;
        let mut gap = 0;
        for &line in body {
            if blank(&line) {
                gap += 1;
                continue;
            }
            if let Some(before) = before {
                let kept = !self.folded || deeper(before) || deeper(line);
                match (kept, gap) {
                    (true, _) => out.extend(std::iter::repeat_n('\n', gap + 1)),
                    (false, 0) => out.push(' '),
                    (false, _) => out.extend(std::iter::repeat_n('\n', gap)),
                }
            } else {
                out.extend(std::iter::repeat_n('\n', gap));
            }
            out.push_str(line);
            (before, gap) = (Some(line), 0);
        }
        match self.chomp {
            '-' => {}
            '+' => out.extend(std::iter::repeat_n('\n', tail.len() + usize::from(before.is_some()))),
            _ => out.extend(before.map(|_| '\n')),
        }
        out
    }
}

#[cfg(test)]
mod tests;
