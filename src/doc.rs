//! TOML documents of ours (configuration, standards), read key by key with the place of each.
//!
//! A [`Reader`] knows the keys that were asked of it, so that a key nobody asked for is reported with the nearest of
//! those that would have been understood. Nothing stops at the first problem.

use std::cell::RefCell;
use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::calendar::Day;
use crate::finding::{Finding, Severity};
use crate::near::nearest;
use crate::say;
use crate::say::Said;
use crate::source::Place;
use crate::value::Decimal;

/// A parsed document: its text is kept so that places can be told.
pub struct Doc {
    /// Path relative to the workspace.
    pub file: Arc<str>,
    /// The whole text.
    pub text: String,
    /// The top-level table.
    pub root: Table,
}

/// A value and where it stands in the text.
#[derive(Debug, Clone)]
pub struct Node {
    /// Byte range in the text.
    pub span: Range<usize>,
    /// What stands there.
    pub value: Value,
}

/// A TOML value; numbers and dates as they were written.
#[derive(Debug, Clone)]
pub enum Value {
    /// A string, escapes resolved.
    Text(String),
    /// An integer or a float, as written.
    Number(String),
    /// `true` or `false`.
    Bool(bool),
    /// A date, a time or both, as written.
    Date(String),
    /// An array.
    List(Vec<Node>),
    /// A table.
    Table(Table),
}

/// A table in the order of the text.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// Byte range in the text.
    pub span: Range<usize>,
    entries: Vec<Entry>,
}

#[derive(Debug, Clone)]
struct Entry {
    key: String,
    key_span: Range<usize>,
    node: Node,
}

impl Doc {
    /// Parses a document. Syntax errors are findings with the given code; what could be read is still returned.
    pub fn parse(file: impl Into<Arc<str>>, text: String, code: &str, problems: &Problems) -> Self {
        let file = file.into();
        let (table, errors) = DeTable::parse_recoverable(&text);
        // After the first errors a parser mostly reports echoes of them.
        for error in errors.iter().take(3) {
            let span = error.span().unwrap_or(0..0);
            let why = error.message().lines().collect::<Vec<_>>().join("; ");
            problems.add(
                Finding::new(code, Severity::Error, say!("TOML 语法错误：{why}", "TOML syntax: {why}"))
                    .at(Place::of_bytes(file.clone(), &text, span.start, span.end)),
            );
        }
        let root = table_of(table.get_ref(), table.span(), &text);
        Self { file, text, root }
    }

    /// The place of a byte range.
    pub fn place(&self, span: &Range<usize>) -> Place {
        Place::of_bytes(self.file.clone(), &self.text, span.start, span.end)
    }

    /// A reader of the top-level table.
    pub fn reader<'a>(&'a self, code: &'static str, problems: &'a Problems) -> Reader<'a> {
        Reader { doc: self, table: &self.root, path: String::new(), code, problems, asked: RefCell::default() }
    }
}

fn table_of(table: &DeTable<'_>, span: Range<usize>, text: &str) -> Table {
    let mut entries: Vec<Entry> = table
        .iter()
        .map(|(key, value)| Entry { key: key.get_ref().to_string(), key_span: key.span(), node: node_of(value, text) })
        .collect();
    entries.sort_by_key(|e| e.key_span.start);
    Table { span, entries }
}

fn node_of(value: &Spanned<DeValue<'_>>, text: &str) -> Node {
    let span = value.span();
    let written = || text.get(span.clone()).unwrap_or_default().to_owned();
    let value = match value.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(_) | DeValue::Float(_) => Value::Number(written()),
        DeValue::Boolean(yes) => Value::Bool(*yes),
        DeValue::Datetime(_) => Value::Date(written()),
        DeValue::Array(items) => Value::List(items.iter().map(|item| node_of(item, text)).collect()),
        DeValue::Table(table) => Value::Table(table_of(table, span.clone(), text)),
    };
    Node { span, value }
}

/// Where problems are gathered while a document is read.
#[derive(Default)]
pub struct Problems(RefCell<Vec<Finding>>);

impl Problems {
    /// Adds one.
    pub fn add(&self, finding: Finding) {
        self.0.borrow_mut().push(finding);
    }

    /// All of them.
    pub fn take(self) -> Vec<Finding> {
        self.0.into_inner()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }
}

/// Reads one table key by key.
pub struct Reader<'a> {
    doc: &'a Doc,
    table: &'a Table,
    path: String,
    code: &'static str,
    problems: &'a Problems,
    asked: RefCell<Vec<String>>,
}

impl<'a> Reader<'a> {
    /// The node under a key; asking makes the key known.
    pub fn node(&self, key: &str) -> Option<&'a Node> {
        let mut asked = self.asked.borrow_mut();
        if !asked.iter().any(|k| k == key) {
            asked.push(key.to_owned());
        }
        self.table.entries.iter().find(|e| e.key == key).map(|e| &e.node)
    }

    /// Whether the key is there.
    pub fn has(&self, key: &str) -> bool {
        self.node(key).is_some()
    }

    /// The place of the table itself.
    pub fn place(&self) -> Place {
        self.doc.place(&self.table.span)
    }

    /// The place of the value under a key, else of the table.
    pub fn place_of(&self, key: &str) -> Place {
        self.node(key).map_or_else(|| self.place(), |n| self.doc.place(&n.span))
    }

    /// Reports a problem at a key.
    pub fn problem(&self, key: &str, message: Said) {
        self.problems.add(Finding::new(self.code, Severity::Error, message).at(self.place_of(key)));
    }

    /// Reports an unknown name at a key, with the nearest of the names that would be right.
    pub fn unknown<'n>(&self, key: &str, written: &str, what: &Said, names: impl IntoIterator<Item = &'n str>) {
        let (zh, en) = (&what.zh, &what.en);
        let names: Vec<&str> = names.into_iter().collect();
        let finding =
            Finding::new(self.code, Severity::Error, say!("没有名为 {written} 的{zh}", "no {en} is named {written}"))
                .at(self.place_of(key))
                .help(offer(written, &names));
        self.problems.add(finding);
    }

    /// Reports a key that is no name of the right sort, with the nearest of those that would be.
    pub fn unknown_key<'n>(&self, key: &str, what: &Said, names: impl IntoIterator<Item = &'n str>) {
        let (zh, en) = (&what.zh, &what.en);
        let names: Vec<&str> = names.into_iter().collect();
        let said = say!("没有名为 {key} 的{zh}", "no {en} is named {key}");
        self.problems
            .add(Finding::new(self.code, Severity::Error, said).at(self.key_place(key)).help(offer(key, &names)));
    }

    fn wrong(&self, key: &str, node: &Node, zh: &str, en: &str) {
        let name = self.full(key);
        self.problems.add(
            Finding::new(self.code, Severity::Error, say!("{name} 应为{zh}", "{name} takes {en}"))
                .at(self.doc.place(&node.span)),
        );
    }

    fn full(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// A text.
    pub fn text(&self, key: &str) -> Option<String> {
        let node = self.node(key)?;
        match &node.value {
            Value::Text(text) => Some(text.clone()),
            _ => {
                self.wrong(key, node, "文本（加引号）", "a text in quotes");
                None
            }
        }
    }

    /// A text that must be there.
    pub fn required(&self, key: &str) -> String {
        if self.node(key).is_none() {
            self.missing(key);
        }
        self.text(key).unwrap_or_default()
    }

    /// One of a few words; absent is none, and another word is reported with the nearest.
    pub fn word<'n>(&self, key: &str, words: &[&'n str]) -> Option<&'n str> {
        let written = self.text(key)?;
        let found = words.iter().copied().find(|word| *word == written);
        if found.is_none() {
            let name = self.full(key);
            let said = say!("{name} 不能是 {written}", "{name} cannot be {written}");
            self.problems.add(
                Finding::new(self.code, Severity::Error, said).at(self.place_of(key)).help(offer(&written, words)),
            );
        }
        found
    }

    /// One of a few words that must be there.
    pub fn required_word<'n>(&self, key: &str, words: &[&'n str]) -> Option<&'n str> {
        if self.node(key).is_none() {
            self.missing(key);
        }
        self.word(key, words)
    }

    /// Reports that a key is missing.
    pub fn missing(&self, key: &str) {
        let name = self.full(key);
        self.problems.add(
            Finding::new(self.code, Severity::Error, say!("缺少必填项 {name}", "{name} is missing")).at(self.place()),
        );
    }

    /// A boolean, `false` where absent.
    pub fn flag(&self, key: &str) -> bool {
        match self.node(key) {
            None => false,
            Some(Node { value: Value::Bool(yes), .. }) => *yes,
            Some(node) => {
                self.wrong(key, node, " true 或 false", "true or false");
                false
            }
        }
    }

    /// A whole number.
    pub fn integer(&self, key: &str) -> Option<i64> {
        let node = self.node(key)?;
        let read = match &node.value {
            Value::Number(text) => text.replace('_', "").parse().ok(),
            _ => None,
        };
        if read.is_none() {
            self.wrong(key, node, "整数", "a whole number");
        }
        read
    }

    /// A number, exact to a millionth.
    pub fn decimal(&self, key: &str) -> Option<Decimal> {
        let node = self.node(key)?;
        let read = number(node);
        if read.is_none() {
            self.wrong(key, node, "数字", "a number");
        }
        read
    }

    /// A date, as a TOML date or as a text `2026-10-03`.
    pub fn day(&self, key: &str) -> Option<Day> {
        let node = self.node(key)?;
        let read = match &node.value {
            Value::Date(text) | Value::Text(text) => Day::parse_iso(text),
            _ => None,
        };
        if read.is_none() {
            self.wrong(key, node, "日期，例如 2026-10-03", "a date such as 2026-10-03");
        }
        read
    }

    /// A list of texts; absent is empty.
    pub fn texts(&self, key: &str) -> Vec<String> {
        self.items(key).map(|(text, _)| text.clone()).collect()
    }

    /// A list of texts with the place of each.
    pub fn texts_placed(&self, key: &str) -> Vec<(String, Place)> {
        self.items(key).map(|(text, span)| (text.clone(), self.doc.place(span))).collect()
    }

    fn items(&self, key: &str) -> impl Iterator<Item = (&'a String, &'a Range<usize>)> {
        let items: &'a [Node] = match self.node(key) {
            None => &[],
            Some(Node { value: Value::List(items), .. }) => items,
            Some(node) => {
                self.wrong(key, node, "文本列表，例如 [\"a\", \"b\"]", "a list of texts such as [\"a\", \"b\"]");
                &[]
            }
        };
        for item in items.iter().filter(|item| !matches!(item.value, Value::Text(_))) {
            self.wrong(key, item, "文本列表", "a list of texts");
        }
        items.iter().filter_map(|item| match &item.value {
            Value::Text(text) => Some((text, &item.span)),
            _ => None,
        })
    }

    /// A text in both languages: `{ zh = "…", en = "…" }`; both must be there.
    pub fn said(&self, key: &str) -> Option<Said> {
        let table = self.table(key)?;
        let said = Said { zh: table.required("zh"), en: table.required("en") };
        table.done();
        Some(said)
    }

    /// A text in both languages that must be there.
    pub fn required_said(&self, key: &str) -> Said {
        if self.node(key).is_none() {
            self.missing(key);
        }
        self.said(key).unwrap_or_default()
    }

    /// A reader of the table under a key.
    pub fn table(&self, key: &str) -> Option<Reader<'a>> {
        let node = self.node(key)?;
        match &node.value {
            Value::Table(table) => Some(self.inner(table, self.full(key))),
            _ => {
                self.wrong(key, node, "表", "a table");
                None
            }
        }
    }

    /// Readers of the tables of a list (`[[key]]`); absent is empty.
    pub fn tables(&self, key: &str) -> Vec<Reader<'a>> {
        let Some(node) = self.node(key) else { return Vec::new() };
        let Value::List(items) = &node.value else {
            self.wrong(key, node, "表的列表", "a list of tables");
            return Vec::new();
        };
        let mut out = Vec::new();
        for item in items {
            match &item.value {
                Value::Table(table) => out.push(self.inner(table, self.full(key))),
                _ => self.wrong(key, item, "表", "a table"),
            }
        }
        out
    }

    fn inner(&self, table: &'a Table, path: String) -> Reader<'a> {
        Reader { doc: self.doc, table, path, code: self.code, problems: self.problems, asked: RefCell::default() }
    }

    /// Every key of this table, in the order of the text; all become known.
    pub fn keys(&self) -> Vec<String> {
        let keys: Vec<String> = self.table.entries.iter().map(|e| e.key.clone()).collect();
        self.asked.borrow_mut().extend(keys.iter().cloned());
        keys
    }

    /// The place of a key itself.
    pub fn key_place(&self, key: &str) -> Place {
        self.table.entries.iter().find(|e| e.key == key).map_or_else(|| self.place(), |e| self.doc.place(&e.key_span))
    }

    /// The problems this reader reports to.
    pub fn problems(&self) -> &'a Problems {
        self.problems
    }

    /// Reports every key that nobody asked for.
    pub fn done(self) {
        let asked = self.asked.borrow();
        for entry in &self.table.entries {
            if asked.contains(&entry.key) {
                continue;
            }
            let name = self.full(&entry.key);
            let names: Vec<&str> = asked.iter().map(String::as_str).collect();
            self.problems.add(
                Finding::new(self.code, Severity::Error, say!("未知的键 {name}", "unknown key {name}"))
                    .at(self.doc.place(&entry.key_span))
                    .help(offer(&entry.key, &names)),
            );
        }
    }
}

/// A number node as an exact decimal.
pub fn number(node: &Node) -> Option<Decimal> {
    match &node.value {
        Value::Number(text) => crate::value::decimal(text.replace('_', "").as_bytes()).ok(),
        _ => None,
    }
}

/// A node that is a list of lists of texts.
pub fn lists(node: &Node) -> Option<Vec<Vec<String>>> {
    let Value::List(outer) = &node.value else { return None };
    let texts = |node: &Node| match &node.value {
        Value::List(items) => items
            .iter()
            .map(|item| match &item.value {
                Value::Text(text) => Some(text.clone()),
                _ => None,
            })
            .collect::<Option<Vec<_>>>(),
        _ => None,
    };
    outer.iter().map(texts).collect()
}

/// "Did you mean", else the list of what there is.
pub fn offer(written: &str, names: &[&str]) -> Said {
    if let Some(near) = nearest(written, names.iter().copied()) {
        return say!("是否想写 {near}？", "did you mean {near}?");
    }
    if names.is_empty() {
        return Said::new("还没有声明任何一个", "none is declared yet");
    }
    let mut names = names.to_vec();
    names.sort_unstable();
    let list = names.join("、");
    let list_en = names.join(", ");
    say!("可用的有：{list}", "there are: {list_en}")
}
