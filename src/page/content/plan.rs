//! Which pages there are: what each file below `content/` is, where it goes, in which language, under which names.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::calendar::{Period, Unit};
use crate::finding::{Finding, Severity};
use crate::front;
use crate::load::{self, CONTENT, RUNBOOKS, former};
use crate::markdown;
use crate::page::way;
use crate::say;
use crate::say::Lang;
use crate::source::{Entry, Failure, Place, decode};

use super::facts::{Facts, Known, VALUE};
use super::web::Spot;
use super::{DRAFT, Document, Drafts, Ground, ROUTE};

/// The folder of what the editor says in the monthly reports.
const REPORTS: &str = "reports/";
/// The folder of the runbooks, below `content/`.
const BOOKS: &str = "runbooks";

/// What a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A runbook.
    Runbook,
    /// Any other page.
    Page,
    /// The page of a folder: `index.md`, or `README.md` where there is none.
    Index,
    /// `reports/2026-10.md`: shown in that month's report and not on a page of its own.
    Commentary,
}

/// A page that is read and not rendered yet.
#[derive(Debug)]
pub(super) struct Planned {
    pub source: Arc<str>,
    pub role: Role,
    pub route: String,
    pub name: String,
    pub title: String,
    pub lang: String,
    pub words: Lang,
    pub facts: Facts,
    pub text: String,
    /// The byte at which the body starts.
    pub body: usize,
    /// Whether loading has told what is wrong with the file, because it is a record too.
    told: bool,
    /// The source of the page that it says in another language.
    base: Option<String>,
    twin_of: Option<usize>,
    findings: Vec<Finding>,
}

/// All pages.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Those that are shown, in byte order of their sources.
    pub shown: Vec<Planned>,
    /// Those that are not shown yet.
    pub drafts: Vec<Planned>,
    /// Former addresses: the route of each, and the position of the page that lies elsewhere now.
    pub aliases: BTreeMap<String, usize>,
}

impl Planned {
    /// As a link sees it.
    pub fn spot(&self) -> Spot {
        Spot {
            route: self.route.clone(),
            lang: self.words,
            title: self.title.clone(),
            draft: self.facts.draft.is_some(),
        }
    }

    /// Whether a finding of the renderer is news.
    pub fn tells(&self, finding: &Finding) -> bool {
        !(self.told && finding.rule == markdown::HIDDEN && finding.severity == Severity::Error)
    }

    /// The page with its text.
    pub fn document(self, page: markdown::Page) -> Document {
        let Self { source, role, route, name, title, lang, words, facts, twin_of, .. } = self;
        Document { source, role, name, route, title, lang, words, twin_of, facts, page }
    }
}

/// Reads a page. Text that is not UTF-8 is shown as far as it can be.
pub(super) fn open(ground: &Ground<'_>, entry: &Entry) -> Result<Planned, Failure> {
    let path = &entry.path;
    let below = &path[CONTENT.len()..];
    let twin = load::twin(ground.sources, path);
    let stem = twin.as_ref().map_or(&**path, |(base, _)| base.as_str());
    let role = role(ground, stem);
    let kind = ground.standard.kinds.iter().find(|kind| kind.pages);
    let told = role == Role::Runbook && twin.is_none() && kind.is_some();
    let mut findings = Vec::new();
    let limits = &ground.config.limits;
    let bytes = match load::too_large(entry, limits.file) {
        Some(wrong) => {
            findings.extend(Some(wrong).filter(|_| !told));
            Vec::new()
        }
        None => decode(&ground.sources.read(path)?).0,
    };
    let lossy = String::from_utf8_lossy(&bytes).into_owned();
    let text = load::text(path, bytes).unwrap_or_else(|wrong| {
        // What is hidden in the text the renderer tells of.
        findings.extend(Some(wrong).filter(|f| !told && f.rule == "ingest.encoding"));
        lossy
    });
    let (fields, body, wrong) = front::read(path, &text, limits.front_matter);
    findings.extend(wrong.into_iter().filter(|_| !told));
    let known = Known { config: ground.config, standard: ground.standard, kind };
    let (facts, wrong) = Facts::read(&fields, known, told);
    findings.extend(wrong);
    let name = stem[CONTENT.len()..].strip_suffix(".md").unwrap_or(stem);
    let name = if role == Role::Runbook { &name[BOOKS.len() + 1..] } else { name };
    let title = facts.title.clone().or_else(|| markdown::title(&text[body..]));
    let lang = match (&facts.lang, &twin) {
        (Some(tag), _) => tag.clone(),
        (None, Some((_, lang))) => lang.tag().to_owned(),
        (None, None) => guess(&text[body..], ground.config.site.lang).tag().to_owned(),
    };
    Ok(Planned {
        source: path.clone(),
        role,
        route: route(role, below, stem),
        name: name.to_owned(),
        title: title.unwrap_or_else(|| name.rsplit('/').next().unwrap_or(name).to_owned()),
        words: Lang::of_tag(&lang).unwrap_or(ground.config.site.lang),
        lang,
        facts,
        text,
        body,
        told,
        base: twin.map(|(base, _)| base),
        twin_of: None,
        findings,
    })
}

/// What a page is, told by where the original of it and its twins lies.
fn role(ground: &Ground<'_>, path: &str) -> Role {
    let below = &path[CONTENT.len()..];
    let month = below.strip_prefix(REPORTS).and_then(|name| name.strip_suffix(".md"));
    if month.is_some_and(|month| matches!(Period::parse(month), Some((Unit::Month, _)))) {
        return Role::Commentary;
    }
    if load::is_index(path) {
        // Where a folder has both, `index.md` is its page.
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let index = format!("{folder}/index.md");
        let second = path != index && ground.sources.get(&index).is_some();
        return if second { Role::Page } else { Role::Index };
    }
    if path.starts_with(RUNBOOKS) { Role::Runbook } else { Role::Page }
}

fn route(role: Role, below: &str, stem: &str) -> String {
    if role != Role::Index {
        return way::page(below);
    }
    let folder = below.rsplit_once('/').map_or("", |(folder, _)| folder);
    let bare = stem[CONTENT.len()..].strip_suffix(".md").unwrap_or(stem);
    let tag = below.strip_prefix(bare).and_then(|rest| rest.strip_suffix(".md")).unwrap_or_default();
    let index = way::index(folder);
    format!("{}{tag}.html", index.strip_suffix(".html").unwrap_or(&index))
}

/// The language of a text that does not say it: that of the site, unless it is plainly the other.
fn guess(text: &str, site: Lang) -> Lang {
    let han = text.chars().filter(|c| matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')).count();
    let latin = text.bytes().filter(u8::is_ascii_alphabetic).count();
    match site {
        Lang::Zh if han == 0 && latin > 0 => Lang::En,
        Lang::En if han * 8 > latin => Lang::Zh,
        _ => site,
    }
}

/// Puts the pages in order: twins to their originals, drafts apart, former addresses to their pages.
pub(super) fn lay_out(opened: Vec<Planned>, drafted: Drafts, findings: &mut Vec<Finding>) -> Plan {
    let mut plan = Plan::default();
    let drafts: BTreeSet<Arc<str>> =
        opened.iter().filter(|p| p.facts.draft.is_some()).map(|p| p.source.clone()).collect();
    for mut planned in opened {
        findings.append(&mut planned.findings);
        let of_draft = planned.base.as_deref().is_some_and(|base| drafts.contains(base));
        if of_draft && planned.facts.draft.is_none() {
            planned.facts.draft = Some(Place::file(planned.source.clone()));
        }
        if let Some(place) = &planned.facts.draft {
            let title = &planned.title;
            let why = say!("“{title}”是草稿，没有发布", "\"{title}\" is a draft and not published");
            let help = say!("写完后去掉 draft", "take away `draft` when it is done");
            findings.push(Finding::new(DRAFT, Severity::Info, why).at(place.clone()).help(help));
        }
        match (drafted, &planned.facts.draft) {
            (Drafts::Withheld, Some(_)) => plan.drafts.push(planned),
            (Drafts::Shown, Some(_)) => {
                // The mark is part of the title, so that it stands wherever the page is named.
                let title = &planned.title;
                let marked = say!("〔草稿〕{title}", "[Draft] {title}");
                marked.to(planned.words).clone_into(&mut planned.title);
                plan.shown.push(planned);
            }
            (_, None) => plan.shown.push(planned),
        }
    }
    for at in 0..plan.shown.len() {
        let Some(base) = plan.shown[at].base.as_deref() else { continue };
        let Ok(original) = plan.shown.binary_search_by(|p| (*p.source).cmp(base)) else { continue };
        let facts = plan.shown[original].facts.clone();
        plan.shown[at].facts.fill_from(&facts);
        plan.shown[at].twin_of = Some(original);
    }
    aliases(&mut plan, findings);
    plan
}

fn aliases(plan: &mut Plan, findings: &mut Vec<Finding>) {
    let routes: BTreeMap<&str, &Arc<str>> = plan.shown.iter().map(|p| (p.route.as_str(), &p.source)).collect();
    let mut aliases: BTreeMap<String, usize> = BTreeMap::new();
    for (at, planned) in plan.shown.iter().enumerate() {
        for (written, place) in &planned.facts.aliases {
            let Some(route) = former::route(&planned.route, written) else {
                let why = say!("旧地址“{written}”不在站点之内", "the former address \"{written}\" is not in the site");
                let help =
                    say!("写成相对于本页的路径，如 old-name", "write a path as seen from this page, such as old-name");
                findings.push(Finding::new(VALUE, Severity::Error, why).at(place.clone()).help(help));
                continue;
            };
            let taken =
                routes.get(route.as_str()).copied().or_else(|| aliases.get(&route).map(|&at| &plan.shown[at].source));
            if let Some(taken) = taken {
                let why = say!("旧地址 {route} 已被 {taken} 占用", "the former address {route} is taken by {taken}");
                let help = say!("去掉这个 aliases 项", "take this alias away");
                findings.push(Finding::new(ROUTE, Severity::Error, why).at(place.clone()).help(help));
                continue;
            }
            aliases.insert(route, at);
        }
    }
    plan.aliases = aliases;
}

/// The folders that have a page, written or made, by their paths below `content/`: those with pages below them, and
/// that of the runbooks, whose page is the register.
pub(super) fn folders(shown: &[Planned]) -> BTreeSet<String> {
    let mut out = BTreeSet::from([BOOKS.to_owned()]);
    for planned in shown.iter().filter(|p| p.role != Role::Commentary) {
        let below = &planned.source[CONTENT.len()..];
        out.extend(below.match_indices('/').map(|(at, _)| below[..at].to_owned()));
    }
    out
}
