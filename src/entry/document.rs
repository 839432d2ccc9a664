//! Files of one record or page: front matter that names every field, and the sections of the kind.

use std::fmt::Write as _;

use include_dir::{Dir, include_dir};

use crate::load::{CONTENT, RECORDS, RUNBOOKS};
use crate::say::{Lang, Said};
use crate::standard::{Field, Kind, Type};
use crate::value;

use super::{Cells, Ground};

/// Bodies by kind, in each language: `zh-CN/fault.md`.
static SECTIONS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/starter/sections");

/// A page of the manual, as far as it is known.
pub struct Page<'a> {
    /// Its title.
    pub title: &'a str,
    /// Who answers for it; empty where nobody was named.
    pub owner: &'a str,
}

/// Where a page lies.
pub fn page_path(slug: &str) -> String {
    format!("{CONTENT}{slug}.md")
}

/// Where the file of a record lies.
pub fn record_path(kind: &Kind, slug: &str) -> String {
    if kind.pages { format!("{RUNBOOKS}{slug}.md") } else { format!("{RECORDS}{}/{slug}.md", kind.name) }
}

/// The text of a page.
pub fn page(ground: &Ground<'_>, page: &Page<'_>) -> String {
    let lang = ground.config.site.lang;
    let mut out = String::from("---\n");
    let (review, today) = (Said::new("6 months", "6 months"), ground.today().to_string());
    for (key, text) in
        [("title", page.title), ("owner", page.owner), ("last_reviewed", &today), ("review_in", review.to(lang))]
    {
        line(&mut out, key, text);
    }
    let _ = write!(out, "---\n\n# {}\n", page.title);
    if let Some(sections) = sections("page", lang) {
        let _ = write!(out, "\n{sections}");
    }
    out
}

/// The text of a record of its own. Its sections stand under a description that was given; a body of headings alone would
/// look like one.
pub fn record(ground: &Ground<'_>, kind: usize, cells: &Cells) -> String {
    let (of, lang) = (&ground.standard.kinds[kind], ground.config.site.lang);
    let body = of.body.and_then(|at| cells[at].as_deref()).unwrap_or_default();
    let mut out = String::from("---\n");
    for (at, field) in of.fields.iter().enumerate() {
        // A page is named by its file; a correction is asked for by name.
        if Some(at) == of.body
            || (of.pages && field.ty == Type::Id)
            || (field.name == "corrects" && cells[at].is_none())
        {
            continue;
        }
        if cells[at].is_none() {
            let _ = writeln!(out, "# {}", hint(field, lang));
        }
        match (cells[at].as_deref(), &field.ty) {
            (Some(text), Type::List) => {
                let _ = writeln!(out, "{}:", field.name);
                value::list(text).for_each(|item| _ = writeln!(out, "  - {}", scalar(item)));
            }
            (text, _) => line(&mut out, &field.name, text.unwrap_or_default()),
        }
    }
    out.push_str("---\n");
    let title = of.label.filter(|_| of.pages).and_then(|at| cells[at].as_deref());
    if let Some(title) = title {
        let _ = write!(out, "\n# {title}\n");
    }
    if !body.is_empty() {
        let _ = write!(out, "\n{body}\n");
    }
    let described = of.body.is_none_or(|at| of.fields[at].name != "description") || !body.is_empty();
    if let Some(sections) = sections(&of.name, lang).filter(|_| described) {
        let _ = write!(out, "\n{sections}");
    }
    out
}

fn sections(kind: &str, lang: Lang) -> Option<&'static str> {
    SECTIONS.get_file(format!("{}/{kind}.md", lang.tag())).and_then(|file| file.contents_utf8())
}

fn line(out: &mut String, key: &str, text: &str) {
    let _ = match text.trim() {
        "" => writeln!(out, "{key}:"),
        text if text.contains('\n') => {
            let _ = writeln!(out, "{key}: |-");
            text.lines().for_each(|line| _ = writeln!(out, "  {line}"));
            Ok(())
        }
        text => writeln!(out, "{key}: {}", scalar(text)),
    };
}

/// A text as it stands in front matter: plain where nothing in it could mean something else, else in single quotes.
fn scalar(text: &str) -> String {
    let plain =
        |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | '/' | '+' | '，' | '。' | '、' | ':');
    let begins = text.chars().next().is_some_and(char::is_alphanumeric);
    if begins && text.chars().all(plain) && !text.ends_with(':') {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "''"))
}

/// What a field is and takes, in a line.
pub fn hint(field: &Field, lang: Lang) -> String {
    let title = field.title.to(lang);
    match &field.ty {
        Type::Choice(choices) => {
            let list: Vec<String> = choices
                .iter()
                .map(|choice| {
                    Said::new(format!("{}（{}）", choice.name, choice.title.zh), choice.name.clone())
                        .to(lang)
                        .to_owned()
                })
                .collect();
            Said::new(format!("{title}：{}", list.join("、")), format!("{title}: {}", list.join(", ")))
                .to(lang)
                .to_owned()
        }
        _ => title.to_owned(),
    }
}
