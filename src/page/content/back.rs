//! Who leads to whom: the pages that link a page or a record, and the pages that nobody is led to.

use std::collections::{BTreeMap, BTreeSet};

use super::{BODY_DEPTH, Content, Document, Role};
use crate::finding::{Finding, Severity};
use crate::markdown;
use crate::page::Book;
use crate::page::inert;
use crate::page::sheet::Link;
use crate::page::way::Way;
use crate::say;
use crate::source::Place;

/// The rule of a page that nobody is led to.
const ORPHAN: &str = "page.orphan";

/// The documents that link each address of the site, percent-encoded; twins count as their original, and no page
/// leads to itself.
pub(super) fn links(content: &Content) -> BTreeMap<String, BTreeSet<usize>> {
    let mut out: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (at, document) in content.documents.iter().enumerate() {
        let base = document.twin_of.unwrap_or(at);
        let own: Vec<String> = content.family(at).map(|one| inert::part(&content.documents[one].route)).collect();
        for url in urls(document.route.matches('/').count(), &document.page).filter(|url| !own.iter().any(|o| o == url))
        {
            out.entry(url.to_owned()).or_default().insert(base);
        }
    }
    out
}

/// The addresses, from the root of the site, that a page so many folders deep links.
fn urls(depth: usize, page: &markdown::Page) -> impl Iterator<Item = &str> {
    page.links.iter().filter_map(move |link| link.url.get(depth * 3..)).filter(|url| !url.is_empty())
}

/// The pages that lead to an address, percent-encoded, or to one of its twins, by their titles.
pub fn leading<'r>(book: &Book<'_>, way: &Way<'_>, to: impl IntoIterator<Item = &'r str>) -> Vec<Link> {
    let content = book.content;
    let from: BTreeSet<usize> =
        to.into_iter().filter_map(|route| content.links.get(route)).flatten().copied().collect();
    let shown = from.into_iter().filter(|&at| content.documents[at].role != Role::Commentary);
    let shown = shown.map(|at| content.variant(at, book.config.site.lang));
    shown.map(|page| Link::new(way.from_here(&inert::part(&page.route)), &page.title)).collect()
}

/// The findings about pages that nobody is led to: their folder has a page that somebody wrote, and neither that page
/// nor any other names them. The site lists them below the folder's page all the same; who wrote that may have
/// forgotten them.
pub(super) fn orphans(content: &Content) -> Vec<Finding> {
    let of_bodies: BTreeSet<&str> = content.bodies.values().flat_map(|page| urls(BODY_DEPTH, page)).collect();
    let named = |route: &str| {
        let route = inert::part(route);
        content.links.contains_key(&route) || of_bodies.contains(route.as_str())
    };
    let folder = |document: &Document| document.route.rsplit_once('/').map(|(folder, _)| folder.to_owned());
    let written: BTreeSet<String> =
        content.documents.iter().filter(|d| d.role == Role::Index).filter_map(folder).collect();
    let is_orphan = |(at, document): &(usize, &Document)| {
        document.role == Role::Page
            && document.twin_of.is_none()
            && folder(document).is_some_and(|folder| written.contains(&folder))
            && !content.family(*at).any(|one| named(&content.documents[one].route))
    };
    let found = content.documents.iter().enumerate().filter(is_orphan).map(|(_, document)| {
        let why = say!("没有页面提到这一页", "no page leads to this page");
        let help = say!(
            "在所在文件夹的 index.md 或相关页面里链接它",
            "link it from the folder's index.md or from a page about the same"
        );
        Finding::new(ORPHAN, Severity::Info, why).at(Place::file(document.source.clone())).help(help)
    });
    found.collect()
}
