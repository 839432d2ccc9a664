//! `runbooks/`: each runbook with what is known about it, and the register of all (site.md, section 2).

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::ledger::Value;
use crate::say::Lang;
use crate::source::Failure;
use crate::standard::{Kind, Type};

use super::Book;
use super::blocks::{self, Part};
use super::content::{self, Document, Role};
use super::document::{self, DocumentView, ReviewView};
use super::inert;
use super::pages;
use super::rows::{Writer, grouped};
use super::sheet::{Link, Pager, Sheet};
use super::shelf::Shelf;
use super::way::{self, Way};

use coverage::Coverage;
use drills::{Drill, drills};

mod coverage;
mod drills;

/// The path of the register.
pub const REGISTER: &str = "runbooks/index.html";
/// The most runbooks on a page of the register.
const PAGE: usize = 300;
/// So many of the records that used a runbook are listed; the rest is counted.
const USED: usize = 50;

#[derive(Debug, Serialize)]
struct View {
    #[serde(flatten)]
    of: DocumentView,
    /// The records that used it, the newest first.
    used: Vec<UsedView>,
    /// How many there are.
    used_total: String,
    /// How many are not listed.
    used_more: usize,
    /// The date of the newest; empty where there is none.
    last_used: String,
    /// The pages that lead to it.
    mentioned: Vec<Link>,
    /// When what it says was tried, the newest first.
    drills: Vec<Drill>,
}

/// A record that used a runbook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct UsedView {
    date: String,
    record: Link,
    system: String,
    summary: String,
}

#[derive(Debug, Serialize)]
struct Register<'r> {
    /// What the page of the folder says; nothing where nobody wrote one, and on further pages.
    parts: Vec<Part>,
    /// BCP 47 tag of that.
    lang: String,
    /// The pages of folders below.
    sections: Vec<Link>,
    rows: &'r [Row],
    pages: Pager,
    total: String,
    overdue: String,
    unknown: String,
    /// What went wrong and has no runbook.
    coverage: Option<Coverage>,
}

#[derive(Debug, Serialize)]
struct Row {
    page: Link,
    lang: String,
    twins: Vec<document::TwinView>,
    owner: String,
    risk: String,
    systems: Vec<Link>,
    clauses: Vec<Link>,
    review: ReviewView,
    last_used: String,
    used: usize,
}

/// Every runbook with the one of its twins that the site's readers are led to, in the order of the register.
fn runbooks<'a>(book: &Book<'a>) -> Vec<(&'a Document, &'a Document)> {
    let mut all: Vec<_> =
        book.content.led(book.config.site.lang).filter(|(original, _)| original.role == Role::Runbook).collect();
    all.sort_by_key(|(original, _)| (original.facts.weight, &original.route));
    all
}

/// The pages of all runbooks and their register.
pub fn sheets<'a>(book: &'a Book<'a>, shelf: &'a Shelf) -> Result<Vec<Sheet<'a>>, Failure> {
    let shared = Arc::new((used(book, shelf)?, pages::folders(book)));
    let mut sheets = register(book, shelf, &shared.0, &shared.1)?;
    for (at, document) in book.content.documents.iter().enumerate().filter(|(_, d)| d.role == Role::Runbook) {
        let shared = Arc::clone(&shared);
        let view = move || {
            let (used, folders) = &*shared;
            let mine = used.get(document.name.as_str()).map_or(&[][..], Vec::as_slice);
            runbook(book, &Way::from_depth(book, shelf, document.route.matches('/').count()), at, mine, folders)
        };
        sheets.push(Sheet::late(&document.route, "runbook.html", &document.title, view));
    }
    Ok(sheets)
}

/// The page of a runbook, with the records that used it.
fn runbook(
    book: &Book<'_>,
    way: &Way<'_>,
    at: usize,
    used: &[UsedView],
    folders: &BTreeMap<String, pages::Folder>,
) -> Result<View, Failure> {
    let document = &book.content.documents[at];
    let mut of = document::whole(book, way, at)?;
    of.crumbs = pages::way_back(book, way, folders, document);
    let here = |one: &UsedView| {
        let record = Link::new(way.from_here(&one.record.href), &one.record.text);
        UsedView { record, ..one.clone() }
    };
    let own: Vec<String> = book.content.family(at).map(|one| inert::part(&book.content.documents[one].route)).collect();
    Ok(View {
        of,
        used: used.iter().take(USED).map(here).collect(),
        used_total: grouped(used.len()),
        used_more: used.len().saturating_sub(USED),
        last_used: used.first().map_or_else(String::new, |one| one.date.clone()),
        mentioned: content::leading(book, way, own.iter().map(String::as_str)),
        drills: drills(book, way, document),
    })
}

/// The records of any kind that name a runbook, by its name, the newest first; addresses from the root of the site.
fn used(book: &Book<'_>, shelf: &Shelf) -> Result<BTreeMap<String, Vec<UsedView>>, Failure> {
    let mut out: BTreeMap<String, Vec<UsedView>> = BTreeMap::new();
    let way = Way::from_depth(book, shelf, 0);
    for (at, field) in referring(book) {
        let kind = &book.standard.kinds[at];
        let table = &book.ledger.tables[at];
        let rows: Vec<usize> = table.live().filter(|&row| !table.text(row, field).is_empty()).collect();
        if rows.is_empty() {
            continue;
        }
        let writer = Writer::open(book, &way, at)?;
        for row in rows {
            let system = kind.system().and_then(|field| table.code(row, field));
            let summary = kind.label.map(|label| match table.get(row, label) {
                Value::Text(text) => text.to_owned(),
                _ => writer.row(row).cells.field(label).to_owned(),
            });
            out.entry(name(book, kind, field, table.text(row, field))).or_default().push(UsedView {
                date: table.date(row).map_or_else(String::new, |day| day.to_string()),
                record: Link::new(way.record(at, row).unwrap_or_default(), table.ids.get(row)),
                system: system.map_or_else(String::new, |s| book.config.systems[usize::from(s)].name.clone()),
                summary: summary.unwrap_or_default(),
            });
        }
    }
    for list in out.values_mut() {
        list.sort_by(|a, b| b.date.cmp(&a.date).then_with(|| b.record.text.cmp(&a.record.text)));
    }
    Ok(out)
}

/// The kinds whose records may name a runbook, each with the field in which they do.
fn referring<'a>(book: &Book<'a>) -> impl Iterator<Item = (usize, usize)> + 'a {
    let kinds = &book.standard.kinds;
    let to_pages = |ty: &Type| matches!(ty, Type::Ref(of) if kinds.iter().any(|kind| kind.pages && kind.name == *of));
    let field = move |kind: &Kind| kind.fields.iter().position(|f| !kind.pages && to_pages(&f.ty));
    kinds.iter().enumerate().filter_map(move |(at, kind)| Some((at, field(kind)?)))
}

/// The name that a runbook has now, by the one that a record gives it.
fn name(book: &Book<'_>, kind: &Kind, field: usize, written: &str) -> String {
    let Type::Ref(of) = &kind.fields[field].ty else { return written.to_owned() };
    let table = book.standard.kind(of).map(|of| &book.ledger.tables[of]);
    let found = table.and_then(|table| Some(table.ids.get(table.find(written)?)));
    found.unwrap_or(written).to_owned()
}

fn register(
    book: &Book<'_>,
    shelf: &Shelf,
    used: &BTreeMap<String, Vec<UsedView>>,
    folders: &BTreeMap<String, pages::Folder>,
) -> Result<Vec<Sheet<'static>>, Failure> {
    let way = Way::from_depth(book, shelf, 1);
    let lang = book.config.site.lang;
    let intro = intro(book);
    let written = intro.map_or(Ok(Vec::new()), |d| blocks::parts(book, &way, &d.page, &d.page.html))?;
    let row = |(original, shown): (&Document, &Document)| {
        let at = book.content.of_file(&shown.source).unwrap_or_default();
        let facts = &shown.facts;
        let mine = used.get(original.name.as_str()).map_or(&[][..], Vec::as_slice);
        Row {
            page: Link::new(way.from_here(&inert::part(&shown.route)), &shown.title),
            lang: shown.lang.clone(),
            twins: document::twins(book, &way, at),
            owner: facts.owner.clone(),
            risk: facts.risk.clone(),
            systems: facts.systems.iter().map(|id| document::system(book, &way, id)).collect(),
            clauses: original.facts.clauses.iter().map(|id| clause(book, &way, id)).collect(),
            review: document::reviewed(book, shown).unwrap_or_default(),
            last_used: mine.first().map_or_else(String::new, |one| one.date.clone()),
            used: mine.len(),
        }
    };
    let rows: Vec<Row> = runbooks(book).into_iter().map(row).collect();
    let count = |state: &str| grouped(rows.iter().filter(|row| row.review.state == state).count());
    let mut view = Register {
        parts: written,
        lang: intro.map_or_else(|| lang.tag().to_owned(), |d| d.lang.clone()),
        sections: pages::sections(book, &way, folders, "runbooks"),
        total: grouped(rows.len()),
        overdue: count("fail"),
        unknown: count("unproven"),
        coverage: coverage::of(book, &way)?,
        rows: &[],
        pages: Pager::default(),
    };
    let pages = rows.chunks(PAGE).count().max(1);
    let mut sheets = Vec::new();
    for n in 0..pages {
        view.rows = rows.chunks(PAGE).nth(n).unwrap_or_default();
        view.pages = Pager::of(n, pages, |n| way::register(n)["runbooks/".len()..].to_owned());
        sheets.push(Sheet::new(way::register(n), "runbooks.html", title(book), &view));
        (view.parts, view.sections, view.coverage) = (Vec::new(), Vec::new(), None);
    }
    Ok(sheets)
}

/// The title of the register: that of `content/runbooks/index.md` where somebody wrote it.
pub fn title<'a>(book: &Book<'a>) -> &'a str {
    match intro(book) {
        Some(document) => &document.title,
        None if book.config.site.lang == Lang::Zh => "运维手册",
        None => "Runbooks",
    }
}

/// What somebody wrote above the register.
fn intro<'a>(book: &Book<'a>) -> Option<&'a Document> {
    Some(book.content.variant(book.content.register?, book.config.site.lang))
}

/// A clause by its id alone, linked to its page where the standard has it.
fn clause(book: &Book<'_>, way: &Way<'_>, id: &str) -> Link {
    let known = book.standard.clauses.iter().any(|c| c.id == id);
    Link::new(if known { way.from_here(&inert::part(&way::clause(id))) } else { String::new() }, id)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{file, with};
    use super::super::shelf::Shelf;
    use super::{PAGE, sheets};

    #[test]
    fn a_register_of_many_has_pages_and_counts_all_on_each() {
        let mut files = vec![file("content/runbooks/index.md", "# 手册\n\n先看这里。\n")];
        files.extend((0..=PAGE).map(|n| file(&format!("content/runbooks/book-{n:04}.md"), "# 步骤\n\n1. 停\n")));
        with(files, "2026-04-10", |book, _| {
            let shelf = Shelf::of(book.ledger, book.standard);
            let sheets = sheets(book, &shelf).unwrap();
            let paths: Vec<&str> = sheets.iter().take(3).map(|sheet| sheet.path.as_str()).collect();
            assert_eq!(paths, ["runbooks/index.html", "runbooks/index-2.html", "runbooks/book-0000.html"]);
            let (first, second) = (sheets[0].json(), sheets[1].json());
            assert_eq!((first["total"].as_str(), second["total"].as_str()), (Some("301"), Some("301")));
            assert_eq!((first["unknown"].as_str(), second["unknown"].as_str()), (Some("301"), Some("301")));
            let rows = |view: &serde_json::Value| view["rows"].as_array().unwrap().len();
            assert_eq!((rows(&first), rows(&second)), (PAGE, 1));
            let parts = |view: &serde_json::Value| view["parts"].as_array().unwrap().len();
            assert_eq!((parts(&first), parts(&second)), (1, 0), "what stands above the register stands there once");
            assert_eq!(second["pages"]["leaves"][0]["href"], "index.html");
        });
    }
}
