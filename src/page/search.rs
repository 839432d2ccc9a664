//! `search.html`, and what its index is made of (site.md, section 2): every accepted record, the clauses and their
//! rules, systems, reports, and what people wrote, section by section.

use std::borrow::Cow;

use rayon::prelude::*;
use serde::Serialize;

use crate::load::ITEM;
use crate::say;
use crate::say::{Lang, Said};
use crate::search::{self, About, Batch, Entry, Group};
use crate::standard::Type;

use super::Book;
use super::content::{Document, Role};
use super::export::File;
use super::inert::{self, seen};
use super::rows::{Row, Writer};
use super::sheet::{Sheet, View as Shown};
use super::way;

/// So many pages that people wrote are put into the index at once.
const BATCH: usize = 64;

#[derive(Debug, Serialize)]
struct View {}

/// The page that searches.
pub fn sheet(book: &Book<'_>) -> Sheet<'static> {
    Sheet::new(way::SEARCH, "search.html", say!("检索", "Search").to(book.config.site.lang), &View {})
}

/// The files of the index. `reports` are the pages of the reports, `records` what was made of the records.
pub fn index(book: &Book<'_>, reports: &[Sheet<'_>], records: Vec<Group>) -> Vec<File> {
    let (lang, systems) = (book.config.site.lang, systems(book));
    let group = |name: &str, title: &Said, entries: Vec<Entry<'_>>| Group {
        name: name.to_owned(),
        title: title.to(lang).to_owned(),
        batches: vec![Batch::of(entries, &systems)],
    };
    let written = |name: &str, title: &Said, role: &[Role]| {
        let documents: Vec<&Document> = book.content.documents.iter().filter(|d| role.contains(&d.role)).collect();
        let of = |some: &[&Document]| Batch::of(some.iter().flat_map(|d| sections(d, &d.route)), &systems);
        let batches = documents.par_chunks(BATCH).map(of).collect();
        Group { name: name.to_owned(), title: title.to(lang).to_owned(), batches }
    };
    let mut groups = vec![
        group("clauses", &say!("条款", "Clauses"), clauses(book)),
        group("systems", &say!("系统", "Systems"), of_systems(book)),
        written("runbooks", &say!("运维手册", "Runbooks"), &[Role::Runbook]),
        written("pages", &say!("其他页面", "Other pages"), &[Role::Page, Role::Index]),
        group("reports", &say!("月报", "Reports"), self::reports(book, reports)),
    ];
    groups.extend(records);
    let about = About { at: book.config.site.zone.local(book.as_of), systems };
    search::write(&groups, &about).into_iter().map(|(path, bytes)| File::new(path, bytes)).collect()
}

/// The group of a kind's records, still empty.
pub fn group(book: &Book<'_>, kind: usize) -> Group {
    let kind = &book.standard.kinds[kind];
    Group { name: kind.name.clone(), title: kind.title.to(book.config.site.lang).to_owned(), batches: Vec::new() }
}

/// Id and name of each system.
fn systems(book: &Book<'_>) -> Vec<[String; 2]> {
    book.config.systems.iter().map(|s| [&s.id, &s.name].map(|text| seen(text).into_owned())).collect()
}

/// The records of a page, the newest first; their texts, but not their times and numbers, are searched.
pub fn records(book: &Book<'_>, writer: &Writer<'_>, rows: &[Row<'_>], page: &str) -> Batch {
    let page = inert::part(page);
    Batch::of(rows.iter().rev().map(|row| record(book, writer, row, &page)), &systems(book))
}

fn record<'r>(book: &'r Book<'_>, writer: &'r Writer<'_>, row: &'r Row<'_>, page: &str) -> Entry<'r> {
    let (kind, table, lang) = (writer.kind, writer.table, book.config.site.lang);
    let anchor = writer.anchor(row);
    let id = anchor_id(&anchor, table.ids.get(row.row));
    let part = inert::part(&anchor);
    let address = writer.own_page(row).unwrap_or_else(|| {
        let plain = part.strip_prefix("r-").is_some_and(|rest| rest == id);
        format!("{page}#{}", if plain { "" } else { &part })
    });
    let label = kind.label.filter(|&field| !row.cells.field(field).is_empty());
    let body = kind.body.filter(|_| row.cells.has_body);
    let mut texts = Vec::new();
    for (at, field) in kind.fields.iter().enumerate() {
        let text = row.cells.field(at);
        if text.is_empty() || Some(at) == label {
            continue;
        }
        match &field.ty {
            Type::Text if Some(at) == body => {
                let rendered = book.content.body(writer.at, row.row);
                texts.push(seen(rendered.map_or(text, |page| &page.plain)));
            }
            Type::Text | Type::Ref(_) => texts.push(seen(text)),
            Type::List => texts.push(listed(text, lang)),
            Type::Choice(choices) => {
                let choice = table.code(row.row, at).and_then(|code| choices.get(usize::from(code)));
                let title = choice.map_or("", |choice| choice.title.to(lang));
                let same = title.is_empty() || text.eq_ignore_ascii_case(title);
                texts.push(if same { seen(text) } else { format!("{} {title}", seen(text)).into() });
            }
            _ => {}
        }
    }
    texts.extend(row.cells.extras().filter(|(_, text)| !text.is_empty()).map(|(_, text)| listed(text, lang)));
    Entry {
        address: address.into(),
        date: table.date(row.row),
        id: seen(&id).into_owned().into(),
        title: label.map_or_else(Cow::default, |field| seen(row.cells.field(field))),
        system: kind.system().and_then(|field| table.code(row.row, field)).map(usize::from),
        texts,
    }
}

/// The id by which a record is shown: its own, or what stands for it in the anchor of its row.
fn anchor_id(anchor: &str, id: &str) -> String {
    if id.is_empty() { anchor.trim_start_matches("r-").to_owned() } else { id.to_owned() }
}

/// The items of a list in one text.
fn listed(text: &str, lang: Lang) -> Cow<'_, str> {
    if text.contains(ITEM) {
        let joint = if lang == Lang::Zh { "；" } else { "; " };
        return seen(&text.replace(ITEM, joint)).into_owned().into();
    }
    seen(text)
}

/// The clauses and their rules, in the language of the site and found in the other one too.
fn clauses(book: &Book<'_>) -> Vec<Entry<'static>> {
    let (lang, other) = match book.config.site.lang {
        Lang::Zh => (Lang::Zh, Lang::En),
        Lang::En => (Lang::En, Lang::Zh),
    };
    let entry = |address: String, id: &str, title: &Said, said: &[&Said]| Entry {
        address: address.into(),
        id: id.to_owned().into(),
        title: title.to(lang).to_owned().into(),
        texts: [lang, other]
            .iter()
            .flat_map(|of| said.iter().map(|said| said.to(*of).to_owned().into()))
            .chain([title.to(other).to_owned().into()])
            .collect(),
        ..Entry::default()
    };
    let mut out = Vec::new();
    for clause in &book.standard.clauses {
        out.push(entry(inert::part(&way::clause(&clause.id)), &clause.id, &clause.title, &[&clause.text]));
        for rule in book.standard.rules.iter().filter(|rule| rule.clause == clause.id) {
            out.push(entry(way::rule(&clause.id, &rule.id), &rule.id, &rule.title, &[&rule.why, &rule.fix]));
        }
    }
    out
}

fn of_systems<'a>(book: &'a Book<'_>) -> Vec<Entry<'a>> {
    let entry = |(at, system): (usize, &'a crate::config::System)| Entry {
        address: inert::part(&way::system(&system.id)).into(),
        id: seen(&system.id),
        title: seen(&system.name),
        system: Some(at),
        texts: vec![seen(&system.owner)],
        ..Entry::default()
    };
    book.config.systems.iter().enumerate().map(entry).collect()
}

/// What somebody wrote, a document for each section of it, on the page of a route.
fn sections<'a>(document: &'a Document, route: &str) -> Vec<Entry<'a>> {
    let route = inert::part(route);
    let sections = document.page.sections().into_iter().enumerate();
    let entry = |(at, (heading, text)): (usize, (Option<&'a crate::markdown::Heading>, &'a str))| {
        let mut texts = vec![seen(text)];
        let (title, anchor) = match heading {
            Some(heading) if at > 0 => {
                // Which page it is, is said and searched, but is not what the section is called.
                texts.insert(0, seen(&document.title));
                (&heading.text, format!("#{}", inert::part(&heading.id)))
            }
            _ => {
                texts.extend(document.facts.tags.iter().map(|tag| seen(tag)));
                (&document.title, String::new())
            }
        };
        let address = format!("{route}{anchor}").into();
        Entry { address, title: seen(title), texts, ..Entry::default() }
    };
    sections.map(entry).collect()
}

/// The reports, the newest first: what each comes to, and what people wrote about the month.
fn reports<'a>(book: &'a Book<'_>, sheets: &'a [Sheet<'_>]) -> Vec<Entry<'a>> {
    let mut out = Vec::new();
    for sheet in sheets.iter().rev() {
        // The list of all reports has no summary.
        let Shown::Made(view) = &sheet.view else { continue };
        let summary = view.get_from_path("summary").and_then(tera::Value::as_array);
        let Some(summary) = summary else { continue };
        let texts = summary.iter().filter_map(tera::Value::as_str).map(seen).collect();
        let entry =
            Entry { address: inert::part(&sheet.path).into(), title: seen(&sheet.title), texts, ..Entry::default() };
        out.push(entry);
        let commentary = book.content.documents.iter().filter(|d| d.role == Role::Commentary);
        let of_month = commentary.filter(|d| sheet.path.strip_suffix(".html") == Some(&d.name));
        out.extend(of_month.flat_map(|document| sections(document, &sheet.path)));
    }
    out
}
