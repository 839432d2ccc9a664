//! What every page carries: who, by which standard, as of when, and the counts that tie out (site.md, section 1).

use std::collections::BTreeSet;

use serde::Serialize;

use crate::TOOL;
use crate::calendar::Unit;
use crate::output;
use crate::say;
use crate::say::{Lang, Said};

use super::Book;
use super::charts;
use super::feed;
use super::rows::grouped;
use super::way;

/// What every page of a site carries.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Frame {
    /// BCP 47 tag of the interface.
    pub lang: &'static str,
    /// The name of the archive.
    pub title: String,
    /// Who runs it.
    pub organisation: String,
    /// Title and version of the standard.
    pub standard: String,
    /// The instant of judgement, local.
    pub as_of: String,
    /// The build's id.
    pub build: String,
    /// Name and version of the program.
    pub tool: &'static str,
    /// Files found below `records/`.
    pub files: String,
    /// Records read.
    pub read: String,
    /// Records accepted.
    pub accepted: String,
    /// Records rejected.
    pub rejected: String,
    /// The address of the feed from the root of the site; empty where there is none.
    pub feed: &'static str,
    /// The parts of the site.
    pub nav: Vec<Nav>,
    /// The folder of this edition; empty for the one at the root.
    #[serde(skip)]
    pub folder: String,
    /// The other editions, each with its folder.
    #[serde(skip)]
    pub editions: Vec<(Lang, String)>,
}

/// An entry of the navigation.
#[derive(Debug, Clone, Serialize)]
pub struct Nav {
    /// The folder or file that it stands for: pages below it are its own.
    pub part: String,
    /// The address from the root of the site.
    pub href: String,
    /// Its text.
    pub title: String,
}

/// The frame of a book's pages.
pub fn frame(book: &Book<'_>) -> Frame {
    let config = book.config;
    let lang = config.site.lang;
    let counts = output::total(book.ledger, book.standard);
    let entry = |part: &str, href: &str, said: &Said| Nav {
        part: part.to_owned(),
        href: href.to_owned(),
        title: said.to(lang).to_owned(),
    };
    let mut seen = BTreeSet::new();
    let editions: Vec<(Lang, String)> = config.site.editions();
    // The matrix that most readers want: that of the last month that is over.
    let matrix = charts::last_whole(book)
        .map_or_else(|| "matrix/index.html".to_owned(), |month| way::matrix(&month.name(Unit::Month)));
    Frame {
        lang: lang.tag(),
        title: config.site.title.clone(),
        organisation: config.site.organisation.clone(),
        standard: format!("{} {}", book.standard.title.to(lang), book.standard.version),
        as_of: config.site.zone.local(book.as_of),
        build: book.build.clone(),
        tool: TOOL,
        files: grouped(book.ledger.found),
        read: grouped(counts.read),
        accepted: grouped(counts.accepted),
        rejected: grouped(counts.rejected),
        feed: if config.site.base_url.is_some() { feed::FEED } else { "" },
        nav: vec![
            entry("index.html", "index.html", &say!("总览", "Overview")),
            entry("reports", "reports/index.html", &say!("月报", "Reports")),
            entry("evaluations", "evaluations/index.html", &say!("评估", "Evaluations")),
            entry("matrix", &matrix, &say!("对照表", "Matrix")),
            entry("clauses", "clauses/index.html", &say!("条款", "Clauses")),
            entry("systems", "systems/index.html", &say!("系统", "Systems")),
            entry("faults", "faults/index.html", &say!("故障", "Faults")),
            entry("records", "records/index.html", &say!("记录", "Records")),
            entry("findings.html", "findings.html", &say!("问题", "Findings")),
            entry("slots.html", "slots.html", &say!("应有记录", "Slots")),
            entry("rejected.html", "rejected.html", &say!("未收录", "Rejected")),
            entry("runbooks", super::runbooks::REGISTER, &say!("运维手册", "Runbooks")),
            entry("archive", way::ARCHIVE, &say!("封存", "Seals")),
        ]
        .into_iter()
        .chain(super::pages::parts(book))
        .chain([entry(way::SEARCH, way::SEARCH, &say!("检索", "Search"))])
        // A folder that people write in beside the program's own pages is one part with them.
        .filter(|nav| seen.insert(nav.part.clone()))
        .collect(),
        folder: editions.iter().find(|(of, _)| *of == lang).map_or_else(String::new, |(_, folder)| folder.clone()),
        editions: editions.into_iter().filter(|(of, _)| *of != lang).collect(),
    }
}
