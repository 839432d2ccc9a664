//! Pages that people wrote and that are no runbooks: the manual, and whatever else lies below `content/`. With the
//! page of each folder.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;

use crate::say::Lang;
use crate::source::Failure;

use super::Book;
use super::content::{Document, Role};
use super::document::{self, DocumentView, TwinView};
use super::frame::Nav;
use super::inert;
use super::runbooks::{self, REGISTER};
use super::sheet::{Link, Neighbours, Sheet};
use super::shelf::Shelf;
use super::way::{self, Way};

#[derive(Debug, Serialize)]
struct View {
    #[serde(flatten)]
    of: DocumentView,
    /// The pages and folders below, where this is the page of a folder.
    entries: Vec<EntryView>,
}

/// A page in the list of its folder.
#[derive(Debug, Clone, Serialize)]
struct EntryView {
    page: Link,
    lang: String,
    twins: Vec<TwinView>,
    owner: String,
    last_reviewed: String,
}

/// A folder below `content/` that has a page.
#[derive(Debug, Default)]
pub struct Folder {
    /// The documents that write its page: in the site's language, then its twins.
    written: Vec<usize>,
    /// The originals of the pages in it.
    pages: Vec<usize>,
    /// The folders in it.
    folders: BTreeSet<String>,
}

/// All pages, and those of folders. `taken` are the pages that the program writes itself:
/// where one of them is the page of a folder, no other is made.
pub fn sheets<'a>(book: &'a Book<'a>, shelf: &'a Shelf, taken: &[Sheet<'_>]) -> Vec<Sheet<'a>> {
    let folders = Arc::new(folders(book));
    let mut out = Vec::new();
    for (at, document) in book.content.documents.iter().enumerate() {
        let (folder, folders) = (folder_of(document), Arc::clone(&folders));
        let view = match document.role {
            Role::Page => page,
            Role::Index if document.route != REGISTER => written_index,
            _ => continue,
        };
        let view = move || view(book, shelf, at, &folder, &folders);
        out.push(Sheet::late(&document.route, "page.html", &document.title, view));
    }
    let taken: BTreeSet<&str> = taken.iter().map(|sheet| sheet.path.as_str()).collect();
    for (name, folder) in &*folders {
        if folder.written.is_empty() && !name.is_empty() && !taken.contains(&*way::index(name)) {
            out.push(made_index(book, shelf, name, &folders));
        }
    }
    out
}

/// The parts of the site that people wrote: each folder of `content/`, and each page that lies in none.
pub fn parts(book: &Book<'_>) -> Vec<Nav> {
    let lang = book.config.site.lang;
    let folders = folders(book);
    let Some(root) = folders.get("") else { return Vec::new() };
    let mut out: Vec<(i64, Nav)> = Vec::new();
    for name in &root.folders {
        let shown = folders.get(name).and_then(|f| f.written.first()).map(|&at| book.content.variant(at, lang));
        let route = shown.map_or_else(|| way::index(name), |d| d.route.clone());
        let title = shown.map_or_else(|| name.clone(), |d| d.title.clone());
        let weight = shown.map_or(0, |d| d.facts.weight);
        out.push((weight, Nav { part: name.clone(), href: inert::part(&route), title }));
    }
    for &at in &root.pages {
        let shown = book.content.variant(at, lang);
        let part = shown.route.clone();
        out.push((shown.facts.weight, Nav { href: inert::part(&part), part, title: shown.title.clone() }));
    }
    out.sort_by(|(a, x), (b, y)| a.cmp(b).then_with(|| x.part.cmp(&y.part)));
    out.into_iter().map(|(_, nav)| nav).collect()
}

/// The pages of the folders in a folder.
pub fn sections(book: &Book<'_>, way: &Way<'_>, folders: &BTreeMap<String, Folder>, folder: &str) -> Vec<Link> {
    let inner = folders.get(folder).into_iter().flat_map(|f| &f.folders);
    inner
        .map(|name| {
            let (route, title) = folder_page(book, name, folders, book.config.site.lang);
            Link::new(way.from_here(&inert::part(&route)), title)
        })
        .collect()
}

/// The way from a page back to the root.
pub fn way_back(book: &Book<'_>, way: &Way<'_>, folders: &BTreeMap<String, Folder>, document: &Document) -> Vec<Link> {
    crumbs(book, way, &folder_of(document), folders, document.words)
}

fn folder_of(document: &Document) -> String {
    document.route.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned()
}

/// Every folder with a page in or below it, by its path; the root is the empty one.
pub fn folders(book: &Book<'_>) -> BTreeMap<String, Folder> {
    let mut out: BTreeMap<String, Folder> = BTreeMap::new();
    for (at, document) in book.content.documents.iter().enumerate() {
        if document.twin_of.is_some() || document.route == REGISTER {
            continue;
        }
        let name = folder_of(document);
        match document.role {
            Role::Index => out.entry(name.clone()).or_default().written.push(at),
            Role::Runbook if way::index(&name) == REGISTER => continue,
            Role::Page | Role::Runbook => out.entry(name.clone()).or_default().pages.push(at),
            Role::Commentary => continue,
        }
        let mut inner = name;
        while !inner.is_empty() {
            let outer = inner.rsplit_once('/').map_or("", |(outer, _)| outer).to_owned();
            out.entry(outer.clone()).or_default().folders.insert(inner);
            inner = outer;
        }
    }
    for folder in out.values_mut() {
        folder.pages.sort_by_key(|&at| {
            let document = &book.content.documents[at];
            (document.facts.weight, &document.route)
        });
    }
    out
}

/// The way from a page back to the root: the folders that it lies in.
fn crumbs(book: &Book<'_>, way: &Way<'_>, folder: &str, folders: &BTreeMap<String, Folder>, lang: Lang) -> Vec<Link> {
    let ends = folder.match_indices('/').map(|(at, _)| at).chain([folder.len()]).filter(|&end| end > 0);
    ends.map(|end| &folder[..end])
        .map(|name| {
            let (route, title) = folder_page(book, name, folders, lang);
            Link::new(way.from_here(&inert::part(&route)), title)
        })
        .collect()
}

/// Where the page of a folder lies, and its title.
fn folder_page(book: &Book<'_>, name: &str, folders: &BTreeMap<String, Folder>, lang: Lang) -> (String, String) {
    match folders.get(name).and_then(|f| f.written.first()) {
        Some(&at) => {
            let shown = book.content.variant(at, lang);
            (shown.route.clone(), shown.title.clone())
        }
        None if way::index(name) == REGISTER => (way::index(name), runbooks::title(book).to_owned()),
        None => (way::index(name), name.rsplit('/').next().unwrap_or(name).to_owned()),
    }
}

fn page(
    book: &Book<'_>,
    shelf: &Shelf,
    at: usize,
    folder: &str,
    folders: &BTreeMap<String, Folder>,
) -> Result<View, Failure> {
    let document = &book.content.documents[at];
    let way = Way::from_depth(book, shelf, document.route.matches('/').count());
    let mut of = document::whole(book, &way, at)?;
    of.crumbs = crumbs(book, &way, folder, folders, document.words);
    let siblings = folders.get(folder).map_or(&[][..], |f| &f.pages);
    let original = document.twin_of.unwrap_or(at);
    if let Some(here) = siblings.iter().position(|&sibling| sibling == original) {
        let link = |sibling: Option<&usize>| {
            let shown = book.content.variant(*sibling?, document.words);
            Some(Link::new(way.from_here(&inert::part(&shown.route)), &shown.title))
        };
        let before = here.checked_sub(1).and_then(|before| siblings.get(before));
        of.neighbours = Neighbours { previous: link(before), next: link(siblings.get(here + 1)) };
    }
    Ok(View { of, entries: Vec::new() })
}

/// The page of a folder that somebody wrote; what it does not link itself is listed below its text.
fn written_index(
    book: &Book<'_>,
    shelf: &Shelf,
    at: usize,
    folder: &str,
    folders: &BTreeMap<String, Folder>,
) -> Result<View, Failure> {
    let document = &book.content.documents[at];
    let mut entries = entries(book, shelf, folder, folders, document.words);
    let way = Way::from_depth(book, shelf, document.route.matches('/').count());
    let mut of = document::whole(book, &way, at)?;
    let outer = folder.rsplit_once('/').map_or("", |(outer, _)| outer);
    of.crumbs = crumbs(book, &way, outer, folders, document.words);
    let linked = |href: &str| document.page.links.iter().any(|link| link.url == href);
    entries.retain(|entry| !linked(&entry.page.href) && !entry.twins.iter().any(|twin| linked(&twin.href)));
    Ok(View { of, entries })
}

/// The page of a folder that nobody wrote.
fn made_index(book: &Book<'_>, shelf: &Shelf, name: &str, folders: &BTreeMap<String, Folder>) -> Sheet<'static> {
    let lang = book.config.site.lang;
    let route = way::index(name);
    let way = Way::from_depth(book, shelf, route.matches('/').count());
    let outer = name.rsplit_once('/').map_or("", |(outer, _)| outer);
    let of = DocumentView {
        lang: lang.tag().to_owned(),
        crumbs: crumbs(book, &way, outer, folders, lang),
        ..DocumentView::default()
    };
    let entries = entries(book, shelf, name, folders, lang);
    let (_, title) = folder_page(book, name, folders, lang);
    Sheet::new(route, "page.html", title, &View { of, entries })
}

/// What lies in a folder: its pages, then its folders, each in a language where it is written in it.
fn entries(
    book: &Book<'_>,
    shelf: &Shelf,
    name: &str,
    folders: &BTreeMap<String, Folder>,
    lang: Lang,
) -> Vec<EntryView> {
    let Some(folder) = folders.get(name) else { return Vec::new() };
    let way = Way::from_depth(book, shelf, way::index(name).matches('/').count());
    let page = |&at: &usize| {
        let shown = book.content.variant(at, lang);
        let at = book.content.of_file(&shown.source).unwrap_or(at);
        EntryView {
            page: Link::new(way.from_here(&inert::part(&shown.route)), &shown.title),
            lang: shown.lang.clone(),
            twins: document::twins(book, &way, at),
            owner: shown.facts.owner.clone(),
            last_reviewed: shown.facts.last_reviewed.map_or_else(String::new, |day| day.to_string()),
        }
    };
    let inner = |name: &String| {
        let (route, title) = folder_page(book, name, folders, lang);
        EntryView {
            page: Link::new(way.from_here(&inert::part(&route)), title),
            lang: lang.tag().to_owned(),
            twins: Vec::new(),
            owner: String::new(),
            last_reviewed: String::new(),
        }
    };
    folder.pages.iter().map(page).chain(folder.folders.iter().map(inner)).collect()
}
