//! What a link in a page leads to: another page, a record, a clause, a file. Knows the whole site before a page of it
//! is written.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use crate::config::Config;
use crate::ledger::{Ledger, Shape};
use crate::load::former::join;
use crate::load::{CONTENT, RECORDS, near_ids};
use crate::markdown::{Block, Links, Resolved};
use crate::near::nearest;
use crate::page::shelf::Shelf;
use crate::page::way::{self, Way};
use crate::page::{export, inert};
use crate::say;
use crate::say::{Lang, Said};
use crate::source::Sources;
use crate::standard::Standard;

use super::{asset, fence};

/// A page as a link sees it.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    /// Where it lies in the site; for a draft, where it would.
    pub route: String,
    /// The language of its words.
    pub lang: Lang,
    /// Its title.
    pub title: String,
    /// Whether it is not shown yet.
    pub draft: bool,
}

/// The whole site.
pub(super) struct Web<'a> {
    pub sources: &'a Sources,
    pub config: &'a Config,
    pub standard: &'a Standard,
    pub ledger: &'a Ledger,
    /// The pages by the paths of their sources.
    pub spots: BTreeMap<Arc<str>, Spot>,
    /// The sources of runbooks (`true`) and of other pages by their names, which twins share: the path below `content/`
    /// without ending and language, of a runbook below `content/runbooks/`.
    pub names: BTreeMap<(bool, String), Vec<Arc<str>>>,
    /// The folders that have a page, by their paths below `content/`.
    pub folders: BTreeSet<String>,
    /// Where records stand. Sorting them takes time, and few pages name one that has no page of its own.
    pub shelf: OnceLock<Shelf>,
}

/// The whole site as it is seen from one page.
pub(super) struct Seen<'a> {
    pub web: &'a Web<'a>,
    /// How many folders deep the page lies.
    pub depth: usize,
    /// In which language it is read: of twins, the one in this language is meant.
    pub lang: Lang,
    /// What becomes of its fences.
    pub fences: Fences,
}

/// What becomes of fences that ask for records or a chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fences {
    /// What they ask for is drawn.
    Drawn,
    /// They are code: a record is evidence, and shows nothing but what was written.
    Code,
}

/// The kinds of references that are no kinds of records.
const NAMED: [&str; 5] = ["clause", "rule", "system", "runbook", "page"];

impl Links for Seen<'_> {
    fn page(&self, from: &str, target: &str) -> Resolved {
        let Some(path) = self.web.path(from, target) else { return outside() };
        if let Some(spot) = self.web.spots.get(path.as_str()) {
            return self.spot(spot);
        }
        if let Some(below) = format!("{path}/").strip_prefix(CONTENT) {
            let folder = below.trim_end_matches('/');
            if self.web.folders.contains(folder) {
                return Resolved::Url(self.url(&way::index(folder)));
            }
        }
        if self.web.sources.get(&path).is_some() {
            if let Some(below) = path.strip_prefix(CONTENT) {
                return asset::download(&path, target, self.url(below));
            }
            if path.starts_with(RECORDS) {
                return self.record_file(&path);
            }
            return unpublished(&path);
        }
        self.missing(from, target, &path)
    }

    fn reference(&self, kind: &str, id: &str) -> Resolved {
        let web = self.web;
        let titled = |route: &str, title: &str| Resolved::Titled { url: self.url(route), title: title.to_owned() };
        match kind {
            "clause" => match web.standard.clauses.iter().find(|c| c.id == id) {
                Some(clause) => Resolved::Url(self.url(&way::clause(&clause.id))),
                None => unknown(kind, id, web.standard.clauses.iter().map(|c| c.id.as_str())),
            },
            "rule" => match web.standard.rule(id) {
                Some(rule) => {
                    let clause = self.url(&way::clause(&rule.clause));
                    Resolved::Url(format!("{clause}#{}", inert::part(&rule.id)))
                }
                None => unknown(kind, id, web.standard.rules.iter().map(|r| r.id.as_str())),
            },
            "system" => match web.config.systems.iter().find(|s| s.id == id || s.name == id) {
                Some(system) => titled(&way::system(&system.id), &system.name),
                None => unknown(kind, id, web.config.systems.iter().map(|s| s.id.as_str())),
            },
            "runbook" | "page" => self.named(kind, id),
            _ => self.record(kind, id),
        }
    }

    fn image(&self, from: &str, target: &str) -> Resolved {
        let Some(path) = self.web.path(from, target) else { return outside() };
        if self.web.sources.get(&path).is_none() || self.web.spots.contains_key(path.as_str()) {
            return self.missing(from, target, &path);
        }
        match path.strip_prefix(CONTENT) {
            Some(below) => asset::picture(self.web.sources, &path, self.url(below)),
            None if path.starts_with(RECORDS) => {
                asset::picture(self.web.sources, &path, self.url(&export::evidence(&path)))
            }
            None => unpublished(&path),
        }
    }

    fn block(&self, words: &str) -> Block {
        match self.fences {
            Fences::Drawn => fence::block(words, self.web.config, self.web.standard),
            Fences::Code => Block::Code,
        }
    }
}

impl Web<'_> {
    /// The workspace's path that a relative target means; from `/` on it starts at the workspace or at `content/`, as
    /// forges and site builders have it. None where it leads out of the workspace.
    pub fn path(&self, from: &str, target: &str) -> Option<String> {
        let Some(rooted) = target.strip_prefix('/') else {
            let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
            return join(folder, target);
        };
        let path = join("", rooted)?;
        let known = self.sources.get(&path).is_some() || path.starts_with(CONTENT);
        if known { Some(path) } else { join(CONTENT.trim_end_matches('/'), rooted) }
    }

    /// The name that a runbook has now, by that or by one that it had before.
    fn named_now<'n>(&'n self, name: &'n str) -> &'n str {
        let table = self.standard.kinds.iter().position(|kind| kind.pages).map(|at| &self.ledger.tables[at]);
        table.and_then(|table| Some(table.ids.get(table.find(name)?))).unwrap_or(name)
    }
}

impl Seen<'_> {
    fn url(&self, route: &str) -> String {
        format!("{}{}", "../".repeat(self.depth), inert::part(route))
    }

    fn spot(&self, spot: &Spot) -> Resolved {
        if spot.draft {
            let title = &spot.title;
            return Resolved::Withheld {
                why: say!("“{title}”是草稿，站点中没有", "\"{title}\" is a draft and not in the site"),
                help: say!("去掉它的 draft，或去掉这个链接", "take away its draft, or this link"),
            };
        }
        Resolved::Titled { url: self.url(&spot.route), title: spot.title.clone() }
    }

    /// A runbook or a page by its name, in the reader's language where it is written in it.
    fn named(&self, kind: &str, id: &str) -> Resolved {
        let id = if kind == "runbook" { self.web.named_now(id) } else { id };
        let runbook = kind == "runbook";
        let named = self.web.names.get(&(runbook, id.to_owned()));
        let all = || named.into_iter().flatten().filter_map(|source| self.web.spots.get(source));
        match all().find(|spot| spot.lang == self.lang && !spot.draft).or(all().next()) {
            Some(spot) => self.spot(spot),
            None => {
                let of_kind = self.web.names.keys().filter(|(of, _)| *of == runbook);
                unknown(kind, id, of_kind.map(|(_, name)| name.as_str()))
            }
        }
    }

    fn record(&self, kind: &str, id: &str) -> Resolved {
        let web = self.web;
        let Some(at) = web.standard.kind(kind) else {
            let kinds: Vec<&str> =
                NAMED.into_iter().chain(web.standard.kinds.iter().map(|k| k.name.as_str())).collect();
            let help = match nearest(kind, kinds.iter().copied()) {
                Some(near) => closest(&format!("[[{near}:{id}]]")),
                None => {
                    let (list, list_en) = (kinds.join("、"), kinds.join(", "));
                    say!("冒号前可用：{list}", "before the colon stands one of: {list_en}")
                }
            };
            return Resolved::Unknown { help };
        };
        let table = &web.ledger.tables[at];
        match table.find(id) {
            None => unknown(kind, id, near_ids(table, id)),
            Some(row) => match self.way().record(at, row) {
                Some(url) => Resolved::Url(url),
                None => rejected(id),
            },
        }
    }

    /// A file of records: the page of its record where it has one, else the original.
    fn record_file(&self, path: &str) -> Resolved {
        let ledger = self.web.ledger;
        let facts = ledger.files.iter().enumerate().find(|(_, f)| &*f.path == path && f.shape == Shape::Markdown);
        let row = facts.and_then(|(at, facts)| Some((facts.kind, ledger.tables[facts.kind].first_of(at)?)));
        match row.and_then(|(kind, row)| self.way().record(kind, row)) {
            Some(url) => Resolved::Url(url),
            None => Resolved::Url(self.url(&export::evidence(path))),
        }
    }

    fn way(&self) -> WayHere<'_> {
        let web = self.web;
        let shelf = web.shelf.get_or_init(|| Shelf::of(web.ledger, web.standard));
        WayHere(Way::over(web.standard, web.ledger, shelf, self.depth))
    }

    fn missing(&self, from: &str, target: &str, path: &str) -> Resolved {
        let help = match self.nearest(from, target, path) {
            Some(near) => closest(&near),
            None => say!(
                "没有文件 {path}；补上该文件，或去掉链接",
                "there is no file {path}; add it, or take the link away"
            ),
        };
        Resolved::Unknown { help }
    }

    /// The page or file that was meant, as its author would write it: one of the same name elsewhere, else one of a
    /// like name.
    fn nearest(&self, from: &str, target: &str, path: &str) -> Option<String> {
        let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
        let wanted = name(path);
        let all = || self.web.sources.below(CONTENT).map(|entry| &*entry.path);
        let same = || all().find(|there| name(there).eq_ignore_ascii_case(&wanted));
        let bare = wanted.strip_suffix(".html").unwrap_or(&wanted);
        let page = || all().find(|there| name(there).strip_suffix(".md") == Some(bare));
        let alike = || {
            let names: Vec<String> = all().map(name).collect();
            let near = nearest(&wanted, names.iter().map(String::as_str))?;
            all().find(|there| name(there) == near)
        };
        let there = same().or_else(page).or_else(alike)?;
        Some(if target.starts_with('/') { format!("/{there}") } else { relative(from, there) })
    }
}

/// The way from the page, its addresses as they are from there.
struct WayHere<'a>(Way<'a>);

impl WayHere<'_> {
    fn record(&self, kind: usize, row: usize) -> Option<String> {
        self.0.record(kind, row).map(|url| self.0.from_here(&url))
    }
}

fn unknown<'n>(kind: &str, id: &str, names: impl IntoIterator<Item = &'n str>) -> Resolved {
    let help = match nearest(id, names) {
        Some(near) => closest(&format!("[[{kind}:{near}]]")),
        None => say!("{kind} 中没有编号 {id}；核对编号", "no {kind} is called {id}; check the id"),
    };
    Resolved::Unknown { help }
}

fn closest(near: &str) -> Said {
    say!("最接近的是 {near}", "the nearest is {near}")
}

fn outside() -> Resolved {
    let help = say!(
        "它指向工作区之外；只能链接 content/ 和 records/ 中的文件",
        "it leads out of the workspace; only files below content/ and records/ can be linked"
    );
    Resolved::Unknown { help }
}

fn unpublished(path: &str) -> Resolved {
    Resolved::Withheld {
        why: say!("这个文件不在站点中：{path}", "this file is no part of the site: {path}"),
        help: say!("只能链接 content/ 和 records/ 中的文件", "only files below content/ and records/ can be linked"),
    }
}

fn rejected(id: &str) -> Resolved {
    Resolved::Withheld {
        why: say!("记录 {id} 未收录，站点中没有它的页面", "the record {id} was kept out and has no page"),
        help: say!("先改正该记录，原因见未收录页", "put the record right first; the page of rejected records says why"),
    }
}

/// A path as it is written in a file: relative to the file's folder.
fn relative(from: &str, to: &str) -> String {
    let here: Vec<&str> = from.split('/').collect();
    let there: Vec<&str> = to.split('/').collect();
    let folders = here.len() - 1;
    let shared = here.iter().zip(&there).take(folders.min(there.len() - 1)).take_while(|(a, b)| a == b).count();
    let mut out = "../".repeat(folders - shared);
    out.push_str(&there[shared..].join("/"));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_joined_and_written_back() {
        assert_eq!(join("content/a", "../b/./c.md").as_deref(), Some("content/b/c.md"));
        assert_eq!(join("content", "../../etc/passwd"), None);
        assert_eq!(relative("content/a/x.md", "content/a/y.md"), "y.md");
        assert_eq!(relative("content/a/x.md", "content/b/y.md"), "../b/y.md");
        assert_eq!(relative("content/x.md", "content/b/y.md"), "b/y.md");
        assert_eq!(relative("records/fault/F.md", "content/y.md"), "../../content/y.md");
    }
}
