//! Pages that nobody is led to: their folder has a page that somebody wrote, and neither that page nor any other names
//! them. The site lists them below the folder's page all the same; who wrote that page may have forgotten them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Content, Document, Role};
use crate::finding::{Finding, Severity};
use crate::markdown;
use crate::page::inert;
use crate::say;
use crate::source::Place;

/// The rule of such a page.
const ORPHAN: &str = "page.orphan";

/// The findings about them.
pub(super) fn orphans(content: &Content) -> Vec<Finding> {
    let routes: BTreeMap<String, usize> =
        content.documents.iter().enumerate().map(|(at, d)| (inert::part(&d.route), at)).collect();
    let mut named: BTreeSet<usize> = BTreeSet::new();
    let base = |at: usize| content.documents[at].twin_of.unwrap_or(at);
    let mut follow = |from: Option<usize>, depth: usize, page: &markdown::Page| {
        let targets = page.links.iter().filter_map(|link| routes.get(link.url.get(depth * 3..)?));
        named.extend(targets.map(|&at| base(at)).filter(|at| Some(*at) != from.map(base)));
    };
    for (at, document) in content.documents.iter().enumerate() {
        follow(Some(at), document.route.matches('/').count(), &document.page);
    }
    content.bodies.values().for_each(|page| follow(None, super::BODY_DEPTH, page));

    let folder = |document: &Document| document.route.rsplit_once('/').map(|(folder, _)| folder.to_owned());
    let written: BTreeSet<String> =
        content.documents.iter().filter(|d| d.role == Role::Index).filter_map(folder).collect();
    let is_orphan = |(at, document): &(usize, &Document)| {
        document.role == Role::Page
            && document.twin_of.is_none()
            && !named.contains(at)
            && folder(document).is_some_and(|folder| written.contains(&folder))
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
