//! What people write in Markdown below `content/`: read once and rendered once, each link held against the whole site.
//!
//! Runbooks are records of the standard's kind of pages as well; what rules ask of them is judged over the ledger.
//! Here they are pages like the others. The bodies of Markdown records are rendered here too, because their links
//! need the same knowledge; but a record is evidence, and a dead link in it is a warning that never breaks the site.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use crate::config::Config;
use crate::finding::{Finding, Severity};
use crate::front;
use crate::ledger::{Ledger, Shape, Standing};
use crate::load::{self, CONTENT, RUNBOOKS};
use crate::markdown::{self, Heading, Input, Target};
use crate::say;
use crate::say::Lang;
use crate::source::{Entry, Failure, Place, Sources, decode};
use crate::standard::Standard;

use super::Book;
use super::export::File;
use super::inert;
use super::runbooks::REGISTER;
use super::sheet::Link;
use super::way::Way;

use asset::Asset;
use facts::Facts;
use plan::{Plan, Planned};
use web::{Fences, Seen, Web};

mod asset;
mod back;
pub mod facts;
pub mod fence;
mod plan;
pub mod review;
mod web;

pub use asset::base64;
pub use back::leading;
pub use plan::Role;

/// The rule of a page that is a draft.
pub const DRAFT: &str = "page.draft";
/// The rule of two pages that would lie at one address.
pub const ROUTE: &str = "site.route";
/// The rule of a file that no page shows or offers.
const UNUSED: &str = "page.unused";

/// Everything that was written below `content/`.
#[derive(Debug, Default)]
pub struct Content {
    /// The pages, in byte order of their sources.
    pub documents: Vec<Document>,
    /// The files that are copied.
    pub assets: Vec<Asset>,
    /// Former addresses: the route of each, and the document that lies elsewhere now.
    pub aliases: BTreeMap<String, usize>,
    /// What somebody wrote above the register of runbooks.
    pub register: Option<usize>,
    /// The documents that link each address of the site.
    links: BTreeMap<String, BTreeSet<usize>>,
    /// The twins of each document that has some, in order.
    twins: BTreeMap<usize, Vec<usize>>,
    /// The rendered bodies of Markdown records, by kind and row.
    bodies: BTreeMap<(usize, usize), markdown::Page>,
}

/// One page.
#[derive(Debug)]
pub struct Document {
    /// The path of its file, relative to the workspace.
    pub source: Arc<str>,
    /// What it is.
    pub role: Role,
    /// Its name, which its twins share: the path below `content/` without ending and language; of a runbook below
    /// `content/runbooks/`, which is its id.
    pub name: String,
    /// Its path in the site, not encoded.
    pub route: String,
    /// Its title.
    pub title: String,
    /// The BCP 47 tag of its language.
    pub lang: String,
    /// The language of the words that the program adds to it.
    pub words: Lang,
    /// The page that this one says in another language.
    pub twin_of: Option<usize>,
    /// What it says of itself.
    pub facts: Facts,
    /// Its text.
    pub page: markdown::Page,
}

/// What the pages are held against.
#[derive(Clone, Copy)]
pub struct Ground<'a> {
    /// The files of the workspace.
    pub sources: &'a Sources,
    /// The workspace's own settings.
    pub config: &'a Config,
    /// The standard in force.
    pub standard: &'a Standard,
    /// The records.
    pub ledger: &'a Ledger,
    /// Whether drafts are pages.
    pub drafts: Drafts,
}

/// What becomes of pages that are marked as drafts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drafts {
    /// They are noted, and no page is made of them: a site that is published.
    Withheld,
    /// They are pages that say so: what those see who write them.
    Shown,
}

impl Content {
    /// The body of a record, rendered for a page one folder deep.
    pub fn body(&self, kind: usize, row: usize) -> Option<&markdown::Page> {
        self.bodies.get(&(kind, row))
    }

    /// The documents that are no twin of another, each with the one that a reader of a language is led to.
    pub fn led(&self, lang: Lang) -> impl Iterator<Item = (&Document, &Document)> {
        let originals = self.documents.iter().enumerate().filter(|(_, d)| d.twin_of.is_none());
        originals.map(move |(at, document)| (document, self.variant(at, lang)))
    }

    /// Of a document and its twins the one in a language; the document itself where there is none.
    pub fn variant(&self, at: usize, lang: Lang) -> &Document {
        let fits = self.family(at).find(|&one| self.documents[one].words == lang);
        &self.documents[fits.or(self.documents[at].twin_of).unwrap_or(at)]
    }

    /// A document that is no twin, then its twins: the one at a position and all that say the same.
    pub fn family(&self, at: usize) -> impl Iterator<Item = usize> {
        let base = self.documents[at].twin_of.unwrap_or(at);
        std::iter::once(base).chain(self.twins.get(&base).into_iter().flatten().copied())
    }

    /// The position of the document of a file.
    pub fn of_file(&self, source: &str) -> Option<usize> {
        self.documents.binary_search_by(|d| (*d.source).cmp(source)).ok()
    }

    /// The file that a page or a file of the site was made from.
    pub fn origin(&self, route: &str) -> Option<&Arc<str>> {
        let page = self.documents.iter().find(|d| d.route == route).map(|d| &d.source);
        let alias = || self.aliases.get(route).map(|&at| &self.documents[at].source);
        let asset = || self.assets.iter().find(|a| a.route == route).map(|a| &a.source);
        page.or_else(alias).or_else(asset)
    }
}

/// The runbooks and other pages that cite a clause, in front matter or in their text; addresses as they are from the
/// page of `way`. A page and its twin are one.
pub fn citing(book: &Book<'_>, way: &Way<'_>, clause: &str) -> Vec<Link> {
    let cites = |document: &Document| {
        let named = |link: &markdown::Link| matches!(&link.target, Target::Reference { kind, id } if kind == "clause" && id == clause);
        document.facts.clauses.iter().any(|id| id == clause) || document.page.links.iter().any(named)
    };
    let mut found: Vec<(&Document, &Document)> = book
        .content
        .led(book.config.site.lang)
        .filter(|(original, _)| original.role != Role::Commentary && cites(original))
        .collect();
    found.sort_by_key(|(original, _)| (original.role != Role::Runbook, original.facts.weight, &original.route));
    found.into_iter().map(|(_, shown)| Link::new(way.from_here(&inert::part(&shown.route)), &shown.title)).collect()
}

/// The files that pages show or offer, byte for byte.
pub fn files(book: &Book<'_>) -> Result<Vec<File>, Failure> {
    let copy = |asset: &Asset| Ok(File::new(&asset.route, book.sources.read(&asset.source)?));
    book.content.assets.iter().map(copy).collect()
}

/// Reads and renders all pages, and the bodies of records.
pub fn read(ground: &Ground<'_>) -> Result<(Content, Vec<Finding>), Failure> {
    let entries: Vec<&Entry> = ground.sources.below(CONTENT).filter(|e| e.path.ends_with(".md")).collect();
    let opened = entries.par_iter().map(|entry| plan::open(ground, entry)).collect::<Result<Vec<_>, Failure>>()?;
    let mut findings = Vec::new();
    let Plan { shown, drafts, aliases } = plan::lay_out(opened, ground.drafts, &mut findings);
    let mut names: BTreeMap<_, Vec<Arc<str>>> = BTreeMap::new();
    let mut spots = BTreeMap::new();
    for planned in shown.iter().chain(&drafts) {
        names.entry((planned.role == Role::Runbook, planned.name.clone())).or_default().push(planned.source.clone());
        spots.insert(planned.source.clone(), planned.spot());
    }
    for sources in names.values_mut() {
        sources.sort();
    }
    let web = Web {
        sources: ground.sources,
        config: ground.config,
        standard: ground.standard,
        ledger: ground.ledger,
        spots,
        names,
        folders: plan::folders(&shown),
        shelf: OnceLock::new(),
    };
    let pages: Vec<markdown::Page> = shown.par_iter().map(|planned| render(&web, planned)).collect();
    let mut content = Content { aliases, ..Content::default() };
    for (planned, mut page) in shown.into_iter().zip(pages) {
        let told = std::mem::take(&mut page.findings).into_iter().filter(|f| planned.tells(f));
        // What is not published yet may lead nowhere yet.
        let draft = planned.facts.draft.is_some();
        findings.extend(told.map(|finding| if draft { softened(finding) } else { finding }));
        content.documents.push(planned.document(page));
    }
    content.register = content.documents.iter().position(|d| d.role == Role::Index && d.route == REGISTER);
    for (at, document) in content.documents.iter().enumerate() {
        if let Some(base) = document.twin_of {
            content.twins.entry(base).or_default().push(at);
        }
    }
    content.bodies = bodies(&web, &mut findings)?;
    findings.extend(dead_anchors(&content));
    content.links = back::links(&content);
    findings.extend(back::orphans(&content));
    (content.assets, findings) = assets(&content, &web, findings);
    for finding in &mut findings {
        about(&content, ground.standard, finding);
    }
    Ok((content, findings))
}

/// The ids that the pages around a text have.
pub const TAKEN: [&str; 7] = ["contents", "coverage", "drills", "findings", "main", "theme", "used"];

fn render(web: &Web<'_>, planned: &Planned) -> markdown::Page {
    let seen = Seen { web, depth: planned.route.matches('/').count(), lang: planned.words, fences: Fences::Drawn };
    markdown::render(&Input {
        file: &planned.source,
        text: &planned.text,
        body: planned.body,
        title: planned.facts.title.as_deref(),
        taken: &TAKEN,
        links: &seen,
        lang: planned.words,
        limits: web.config.limits,
    })
}

/// Says which runbook a finding is about.
fn about(content: &Content, standard: &Standard, finding: &mut Finding) {
    let Some(kind) = standard.kinds.iter().find(|kind| kind.pages) else { return };
    let Some(place) = finding.place.as_ref().filter(|place| place.file.starts_with(RUNBOOKS)) else { return };
    let document = content.of_file(&place.file).map(|at| &content.documents[at]);
    if let Some(document) = document.filter(|d| d.role == Role::Runbook) {
        finding.kind = Some(kind.name.clone());
        finding.record = Some(document.name.clone());
    }
}

/// Anchors can be held against headings only when every page is rendered.
fn dead_anchors(content: &Content) -> Vec<Finding> {
    let routes: BTreeMap<String, usize> =
        content.documents.iter().enumerate().map(|(at, d)| (inert::part(&d.route), at)).collect();
    let dead = |own: Option<&Document>, depth: usize, links: &[markdown::Link]| {
        markdown::dead_anchors(links, |link| -> Option<&[Heading]> {
            let there = match link.target {
                Target::Here => own?,
                _ => &content.documents[*routes.get(link.url.get(depth * 3..)?)?],
            };
            Some(&there.page.headings)
        })
    };
    let of_page = |d: &Document| {
        let found = dead(Some(d), d.route.matches('/').count(), &d.page.links);
        let draft = d.facts.draft.is_some();
        found.into_iter().map(move |finding| if draft { softened(finding) } else { finding })
    };
    let of_body = |page: &markdown::Page| dead(None, BODY_DEPTH, &page.links).into_iter().map(softened);
    let pages = content.documents.iter().flat_map(of_page);
    pages.chain(content.bodies.values().flat_map(of_body)).collect()
}

/// The files that pages and bodies show or offer; the others are noted.
fn assets(content: &Content, web: &Web<'_>, mut findings: Vec<Finding>) -> (Vec<Asset>, Vec<Finding>) {
    let mut used: BTreeSet<String> = BTreeSet::new();
    for page in content.documents.iter().map(|d| &d.page).chain(content.bodies.values()) {
        let images = page.images.iter().map(|image| (&image.place.file, &image.target));
        let links = page.links.iter().filter_map(|link| match &link.target {
            Target::Path(path) => Some((&link.place.file, path)),
            _ => None,
        });
        used.extend(images.chain(links).filter_map(|(from, target)| web.path(from, target)));
    }
    let mut copied = Vec::new();
    for entry in web.sources.below(CONTENT).filter(|e| !e.path.ends_with(".md")) {
        if !used.contains(&*entry.path) {
            let why =
                say!("没有页面显示或提供这个文件，不会发布", "no page shows or offers this file; it is not published");
            let help = match load::extension(&entry.path).as_str() {
                "md" => say!(
                    "页面的文件名以小写的 .md 结尾，改名即可",
                    "a page's name ends in .md in lower case: rename it"
                ),
                _ => say!("在页面中引用它，或移出 content/", "use it in a page, or move it out of content/"),
            };
            findings.push(Finding::new(UNUSED, Severity::Info, why).at(Place::file(entry.path.clone())).help(help));
        } else if !asset::is_embedded(&entry.path) {
            let route = entry.path[CONTENT.len()..].to_owned();
            copied.push(Asset { source: entry.path.clone(), route });
        }
    }
    (copied, findings)
}

/// How many folders deep the page of a record with a body lies.
const BODY_DEPTH: usize = 1;

/// Renders the bodies of Markdown records.
fn bodies(web: &Web<'_>, findings: &mut Vec<Finding>) -> Result<BTreeMap<(usize, usize), markdown::Page>, Failure> {
    let (ledger, standard) = (web.ledger, web.standard);
    let jobs: Vec<(usize, usize, &Arc<str>)> = (ledger.files.iter().enumerate())
        .filter(|(_, facts)| facts.shape == Shape::Markdown)
        .filter(|(_, facts)| standard.kinds[facts.kind].body.is_some() && !standard.kinds[facts.kind].pages)
        .filter_map(|(at, facts)| Some((facts.kind, ledger.tables[facts.kind].first_of(at)?, &facts.path)))
        .filter(|&(kind, row, _)| ledger.tables[kind].standing[row] != Standing::Rejected)
        .collect();
    let lang = web.config.site.lang;
    let render = |&(kind, row, path): &(usize, usize, &Arc<str>)| {
        let text = String::from_utf8_lossy(&decode(&web.sources.read(path)?).0).into_owned();
        let seen = Seen { web, depth: BODY_DEPTH, lang, fences: Fences::Code };
        let body = front::split(&text).body;
        let limits = web.config.limits;
        let page = markdown::render(&Input {
            file: path,
            text: &text,
            body,
            title: None,
            taken: &TAKEN,
            links: &seen,
            lang,
            limits,
        });
        Ok((kind, row, page))
    };
    let rendered = jobs.par_iter().map(render).collect::<Result<Vec<_>, Failure>>()?;
    let mut out = BTreeMap::new();
    for (kind, row, mut page) in rendered {
        let table = &ledger.tables[kind];
        for mut finding in std::mem::take(&mut page.findings).into_iter().map(softened) {
            // Loading has told of hidden characters in each field.
            if finding.rule != markdown::HIDDEN {
                finding.kind = Some(standard.kinds[kind].name.clone());
                finding.record = Some(table.ids.get(row).to_owned());
                findings.push(finding);
            }
        }
        out.insert((kind, row), page);
    }
    Ok(out)
}

/// Where a link that leads nowhere stops nothing: in a record, which is evidence and stays as it was written, and in a
/// draft.
fn softened(mut finding: Finding) -> Finding {
    if finding.rule.starts_with("link.") && finding.severity == Severity::Error {
        finding.severity = Severity::Warning;
    }
    finding
}

#[cfg(test)]
mod tests;
