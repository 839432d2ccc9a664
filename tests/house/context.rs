//! What templates are given, as a page for the authors of themes: gathered from the view models themselves, over the
//! sample organisation, the workspaces of the expected sites, and a sealed archive with a late record. The page cannot be
//! out of date.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::Value;
use wellkept::page::frame::frame;
use wellkept::page::shelf::Shelf;
use wellkept::page::write;
use wellkept::pipeline::{When, book, judge};
use wellkept::world::read::read;

use crate::repository::root;
use crate::snapshot::compare;
use crate::workspace::tree;

const HEAD: &str = "\
# What templates are given

Written by `cargo xtask golden` from the view models; a test holds it against them. A template of a theme gets four
names besides its `view`:

| name | what it is |
|---|---|
| `site` | what every page carries, see below |
| `page` | `path` (from the root of the edition), `title`, `part` (the part of the navigation it belongs to), `others` (the same page in other languages: a list of `lang`, `name`, `href`) |
| `root` | what stands before an address from the root: `{{ root }}static/style.css` |
| `text` | the words of the interface by their keys, from `i18n/<language>.toml` |

Everything in `view` is decided before: a template loops, branches on booleans and on what is there, and prints. Text is
escaped when it is printed; HTML was made inert before and is printed with `| safe_html`.

Shapes that stand in many places have a name:

| shape | fields |
|---|---|
";

/// Shapes with a name: that, and their fields. Those with more fields come first.
const NAMED: [(&str, &[&str]); 9] = [
    ("figure", &["fraction", "left_out", "name", "status", "system", "target", "title", "trail", "value"]),
    (
        "finding",
        &[
            "anchor",
            "from",
            "help",
            "message",
            "periods",
            "place",
            "range",
            "record",
            "severity",
            "system",
            "waived_by",
        ],
    ),
    ("chart", &["csv", "header", "id", "rows", "sentence", "svg", "title"]),
    ("cell", &["href", "mark", "numbers", "preliminary"]),
    ("facet", &["counts", "name", "title"]),
    ("mark", &["class", "glyph", "word"]),
    ("tally", &["count", "mark"]),
    ("neighbours", &["next", "previous"]),
    ("link", &["href", "text"]),
];

/// What a value may be.
#[derive(Default)]
struct Shape {
    /// Words for what is no list and no map, in the order in which they were met.
    plain: Vec<&'static str>,
    none: bool,
    items: Option<Box<Shape>>,
    fields: BTreeMap<String, Shape>,
}

impl Shape {
    fn see(&mut self, value: &Value) {
        match value {
            Value::Null => self.none = true,
            Value::Bool(_) => self.met("boolean"),
            Value::Number(_) => self.met("number"),
            Value::String(_) => self.met("text"),
            Value::Array(items) => {
                let shape = self.items.get_or_insert_default();
                for item in items {
                    shape.see(item);
                }
            }
            Value::Object(fields) => {
                for (name, value) in fields {
                    self.fields.entry(name.clone()).or_default().see(value);
                }
            }
        }
    }

    fn met(&mut self, word: &'static str) {
        if !self.plain.contains(&word) {
            self.plain.push(word);
        }
    }

    fn named(&self) -> Option<&'static str> {
        let is = |fields: &[&str]| self.fields.keys().map(String::as_str).eq(fields.iter().copied());
        NAMED.iter().find(|(_, fields)| is(fields)).map(|(name, _)| *name)
    }

    /// What it is, in a few words; the fields of a map are told below it.
    fn words(&self) -> String {
        let mut words: Vec<String> = self.plain.iter().map(|word| (*word).to_owned()).collect();
        if let Some(items) = &self.items {
            let of = items.words();
            words.push(if of.is_empty() { "list".to_owned() } else { format!("list of {of}") });
        }
        match self.named() {
            Some(name) => words.push(format!("*{name}*")),
            None if !self.fields.is_empty() => words.push("map".to_owned()),
            None => {}
        }
        if self.none {
            words.push("none".to_owned());
        }
        words.join(" or ")
    }

    fn tell(&self, out: &mut String, depth: usize, html: &BTreeSet<String>) {
        if let Some(items) = &self.items {
            items.tell(out, depth, html);
        }
        if self.named().is_some() && depth > 0 {
            return;
        }
        for (name, shape) in &self.fields {
            let words = shape.words();
            let words = if words.is_empty() { "-" } else { &words };
            let words = if html.contains(name) { words.replacen("text", "HTML", 1) } else { words.to_owned() };
            let _ = writeln!(out, "{}- `{name}`: {words}", "  ".repeat(depth));
            shape.tell(out, depth + 1, html);
        }
    }
}

/// The names of the fields that the built-in templates print as HTML.
fn html() -> BTreeSet<String> {
    let templates = tree(&root().join("themes/default/templates"));
    let texts = templates.values().map(|bytes| String::from_utf8(bytes.clone()).unwrap());
    let printed = texts.flat_map(|text| {
        let before: Vec<String> = text.split(" | safe_html").map(str::to_owned).collect();
        before[..before.len() - 1].to_vec()
    });
    printed.map(|text| text.rsplit(['.', ' ']).next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn the_page_for_authors_of_themes_says_what_templates_are_given() {
    let (mut templates, mut site) = (BTreeMap::<&str, Shape>::new(), Shape::default());
    let folders = ["", "tests/sites/every-kind/workspace", "tests/sites/rejected/workspace", "tests/sealed/one"];
    for (folder, as_of) in folders.into_iter().zip(["2026-11-10", "2026-04-10", "2026-04-10", "2026-08-05"]) {
        let sources = read(&root().join(folder)).unwrap();
        let judged = judge(&sources, &When::Said(as_of.to_owned())).unwrap_or_else(|stop| panic!("{stop:?}"));
        let book = book(&sources, &judged, String::new());
        site.see(&serde_json::to_value(frame(&book)).unwrap());
        let shelf = Shelf::of(book.ledger, book.standard);
        for sheet in write(&book, &shelf).unwrap().sheets {
            let view = sheet.view.make().unwrap();
            templates.entry(sheet.template).or_default().see(&serde_json::to_value(&view).unwrap());
        }
    }
    let html = html();
    let mut text = HEAD.to_owned();
    for (name, fields) in NAMED {
        let _ =
            writeln!(text, "| *{name}* | {} |", fields.iter().map(|f| format!("`{f}`")).collect::<Vec<_>>().join(", "));
    }
    text.push_str("\n## `site`\n\n");
    site.tell(&mut text, 0, &html);
    for (name, shape) in &templates {
        let _ = write!(text, "\n## {name}\n\n");
        let before = text.len();
        shape.tell(&mut text, 0, &html);
        if text.len() == before {
            text.push_str("No `view`.\n");
        }
    }
    compare(&root().join("docs/templates.md"), &text).unwrap();
}
