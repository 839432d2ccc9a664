//! A route, once published, stays (site.md, section 1): the pages of the last site are held against those of the new one.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::finding::{Finding, Severity};
use crate::load::RECORDS;
use crate::page::way;
use crate::say;
use crate::say::Lang;
use crate::tree::SiteTree;
use crate::value;

use super::{Judgement, Stop};

/// The rule of a page that would be gone.
pub const VANISHED: &str = "site.vanished";

/// The most routes that are told one by one.
const TOLD: usize = 20;

/// What is read of a `manifest.json`.
#[derive(Deserialize)]
struct Manifest {
    as_of: String,
    files: Vec<Listed>,
}

#[derive(Deserialize)]
struct Listed {
    path: String,
}

/// The pages of the last site, by its manifest, that the new one has no more: those that need an alias break the site.
/// A page of records may be gone while records of its kind cannot be read, with a warning: a bad record is told among
/// the findings and never keeps the site from being published. A further page of a list may go when the list gets shorter.
pub fn vanished(tree: &SiteTree, judged: &Judgement, manifest: &[u8]) -> Result<Vec<Finding>, Stop> {
    // A manifest that cannot be read is none of ours: there is nothing to hold the site against.
    let Ok(Manifest { as_of, files }) = serde_json::from_slice(manifest) else { return Ok(Vec::new()) };
    let unread = unread(judged);
    let editions = judged.config.site.editions();
    let gone = files.into_iter().map(|file| file.path).filter(|path| {
        let stays = |path: &str| tree.get(path).is_some();
        let (folder, route) = parted(&editions, path);
        let first = || way::first(route).is_some_and(|first| stays(&format!("{folder}{first}")));
        path.strip_suffix(".html").is_some() && !stays(path) && !first()
    });
    let (excused, needed): (Vec<String>, Vec<String>) =
        gone.partition(|path| way::kind_of(parted(&editions, path).1).is_some_and(|kind| unread.contains(kind)));
    let zone = &judged.config.site.zone;
    if !needed.is_empty() && value::time(as_of.as_bytes(), zone, None).is_ok_and(|last| judged.as_of < last.at) {
        return Err(Stop::Broken(vec![earlier(needed.len(), &as_of)]));
    }
    let broken = told(&needed, Severity::Error, &|path| {
        Finding::new(
            VANISHED,
            Severity::Error,
            say!("已发布的页面 {path} 会消失", "the published page {path} would vanish"),
        )
        .help(help(path))
    });
    if !broken.is_empty() {
        return Err(Stop::Broken(broken));
    }
    Ok(told(&excused, Severity::Warning, &|path| {
        let why = say!("已发布的页面 {path} 暂时没有了", "the published page {path} is gone for now");
        let help = say!(
            "同一种类有未收录的记录：改正后页面会恢复；确实不再需要时，在 [site.aliases] 中写明去处",
            "records of its kind cannot be read: once they are mended the page is back; if it is no longer wanted, say in \
             [site.aliases] where it leads"
        );
        Finding::new(VANISHED, Severity::Warning, why).help(help)
    }))
}

/// The folder of the edition that a page belongs to, and its route there.
fn parted<'p>(editions: &[(Lang, String)], path: &'p str) -> (&'p str, &'p str) {
    let folder = editions.iter().map(|(_, folder)| folder).find(|f| !f.is_empty() && path.starts_with(f.as_str()));
    path.split_at(folder.map_or(0, String::len))
}

/// A look back at an earlier time, where a later one is published.
fn earlier(n: usize, as_of: &str) -> Finding {
    let why = say!(
        "上次发布的站点截至 {as_of}，比这次晚；照此发布会少 {n} 个页面",
        "the last site is as of {as_of}, later than this one: {n} of its pages would vanish"
    );
    let help = say!(
        "回看较早的时刻，请用 --output 另选文件夹",
        "to look back at an earlier time choose another folder with --output"
    );
    Finding::new(VANISHED, Severity::Error, why).help(help)
}

/// The first so many, and how many more there are.
fn told(paths: &[String], severity: Severity, tell: &dyn Fn(&str) -> Finding) -> Vec<Finding> {
    let mut out: Vec<Finding> = paths.iter().take(TOLD).map(|path| tell(path)).collect();
    if paths.len() > TOLD {
        let n = paths.len() - TOLD;
        let why = say!("另有 {n} 个页面也是如此", "and {n} more pages likewise");
        let help = say!(
            "整批改名可以写 \"旧/*.html\" = \"新/*.html\"",
            "many pages at once are written \"old/*.html\" = \"new/*.html\""
        );
        out.push(Finding::new(VANISHED, severity, why).help(help));
    }
    out
}

fn help(path: &str) -> crate::say::Said {
    if path.starts_with("runbooks/") {
        return say!(
            "改名的手册，在新文件的开头写 aliases，列出旧名；不再需要的，在 wellkept.toml 的 [site.aliases] 中写 \"{path}\" = \"去处.html\"",
            "where it was renamed, name the old one in `aliases` at the head of the new file; where it is no longer \
             wanted, write \"{path}\" = \"where-to.html\" below [site.aliases] of wellkept.toml"
        );
    }
    say!(
        "在 wellkept.toml 的 [site.aliases] 中写明它的去处：\"{path}\" = \"去处.html\"；人写的页面也可以在开头写 aliases",
        "say below [site.aliases] of wellkept.toml where it leads: \"{path}\" = \"where-to.html\"; a page that people \
         wrote can name it in `aliases` at its head"
    )
}

/// The kinds of which something could not be read.
fn unread(judged: &Judgement) -> BTreeSet<&str> {
    let broken = judged.findings.iter().filter(|f| f.severity == Severity::Error && f.rule.starts_with("ingest."));
    broken.filter_map(|finding| finding.place.as_ref()?.file.strip_prefix(RECORDS)?.split('/').next()).collect()
}
