//! Whole sites, byte for byte: `tests/sites/<case>/workspace` is built, and `tests/sites/<case>/site` is what must come out.
//!
//! Not in the expected trees is what is a copy of something else and is held against that: `static/`, `evidence/`, the
//! lists of digests. The build's id and the program's version are written as marks, so that a release changes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;
use wellkept::source::Sources;
use wellkept::theme::Theme;

use crate::program::must;
use crate::repository::root;
use crate::snapshot::{compare, overwrites};
use crate::workspace::{Workspace, tree};

/// Every case is judged at one instant.
const AS_OF: &str = "2026-04-10T12:00";

#[test]
fn every_site_is_as_expected() {
    let folder = root().join("tests/sites");
    let mut cases: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() > 4, "{} cases", cases.len());
    let wrong: Vec<String> = cases.iter().flat_map(|case| check(case)).collect();
    assert!(wrong.is_empty(), "{} files differ\n{}", wrong.len(), wrong.join("\n"));
}

fn check(case: &Path) -> Vec<String> {
    let ws = Workspace::of_folder(&case.join("workspace"));
    must(ws.root(), &["build", "-q", "--as-of", AS_OF], 0);
    let site = tree(&ws.path("site"));
    let name = case.file_name().unwrap().to_str().unwrap();
    let mut wrong = copies(name, &site, &ws);
    let pages = steady(&site);
    let expected = case.join("site");
    for (path, text) in &pages {
        wrong.extend(compare(&expected.join(path), text).err());
    }
    let there = if expected.is_dir() { tree(&expected) } else { BTreeMap::new() };
    for path in there.keys().filter(|path| !pages.contains_key(*path)) {
        if overwrites() {
            fs::remove_file(expected.join(path)).unwrap();
        } else {
            wrong.push(format!("{name}: {path} is expected and was not written"));
        }
    }
    wrong
}

/// What is wrong with the parts of a site that are copies: of the theme's files as it publishes them, and of the records.
fn copies(name: &str, site: &BTreeMap<String, Vec<u8>>, ws: &Workspace) -> Vec<String> {
    let mut wrong = Vec::new();
    let theme =
        Theme::load(&Sources::of_memory([]), "default").unwrap_or_else(|_| panic!("the built-in theme is whole"));
    let records = ws.path("records");
    let records = if records.is_dir() { tree(&records) } else { BTreeMap::new() };
    for (part, origin) in [("static", theme.files), ("evidence/records", records)] {
        let below = format!("{part}/");
        let copied: BTreeMap<String, Vec<u8>> = site
            .iter()
            .filter_map(|(path, bytes)| Some((path.strip_prefix(&below)?.to_owned(), bytes.clone())))
            .collect();
        if copied != origin {
            wrong.push(format!("{name}: {part}/ is no copy"));
        }
    }
    let sums = String::from_utf8(site["SHA256SUMS"].clone()).unwrap();
    let listed: BTreeSet<&str> = sums.lines().map(|line| &line[66..]).collect();
    let there: BTreeSet<&str> = site.keys().map(String::as_str).collect();
    let apart: Vec<&&str> = listed.symmetric_difference(&there).collect();
    if apart != [&".wellkept-site", &"SHA256SUMS"] {
        wrong.push(format!("{name}: SHA256SUMS and the files differ in {apart:?}"));
    }
    wrong
}

/// The files that stand in the expected tree, without what a release or another file changes.
fn steady(site: &BTreeMap<String, Vec<u8>>) -> BTreeMap<String, String> {
    let manifest: Value = serde_json::from_slice(&site["manifest.json"]).unwrap();
    let (build, tool) = (manifest["build"].as_str().unwrap(), manifest["tool"].as_str().unwrap());
    let copied = |path: &str| {
        path.starts_with("static/")
            || path.starts_with("evidence/")
            || matches!(path, "manifest.json" | "SHA256SUMS" | ".wellkept-site")
    };
    let kept = site.iter().filter(|(path, _)| !copied(path));
    kept.map(|(path, bytes)| {
        let text = String::from_utf8(bytes.clone()).unwrap_or_else(|_| panic!("{path} is no text"));
        (path.clone(), text.replace(build, "[BUILD]").replace(tool, "[TOOL]"))
    })
    .collect()
}
