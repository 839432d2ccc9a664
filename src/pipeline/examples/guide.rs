//! The worked example of `standards/README.md`, taken out of it and put in force: a kind of record, a clause, rules and a
//! parameter of one's own, without a line of Rust.

use std::collections::BTreeMap;

use crate::finding::Finding;
use crate::pipeline::{self, When};
use crate::source::Sources;
use crate::standard::builtin;

const FOLDER: &str = "standards/oa-maintenance/";

const GUIDES: [&str; 2] =
    [include_str!("../../../standards/README.md"), include_str!("../../../standards/README.zh-CN.md")];

/// The files that a guide shows in full: blocks that begin with their path in a comment.
fn files(guide: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for block in guide.split("\n```").skip(1) {
        let Some((_, block)) = block.split_once('\n') else { continue };
        let Some((path, text)) = block.strip_prefix("# ").and_then(|rest| rest.split_once('\n')) else { continue };
        if path.contains('/') && !path.contains(' ') {
            out.push((path.to_owned(), format!("{text}\n")));
        }
    }
    out
}

fn built_in() -> BTreeMap<String, String> {
    builtin("oa-maintenance").unwrap()
}

/// A workspace that keeps its own copy of the built-in standard, with what the guide adds to it.
fn workspace() -> Sources {
    let mut all: BTreeMap<String, Vec<u8>> =
        built_in().into_iter().map(|(path, text)| (path, text.into_bytes())).collect();
    for (path, text) in files(GUIDES[0]) {
        assert!(all.insert(path.clone(), text.into_bytes()).is_none(), "{path} is a file of its own");
    }
    let config = "[site]\ntitle = \"示例\"\n\n[standard]\nuse = \"standards/oa-maintenance\"\n\n\
        [[system]]\nid = \"oa\"\nname = \"办公系统\"\nin_service = 2026-01-01\n";
    all.insert("wellkept.toml".to_owned(), config.into());
    Sources::of_memory(all)
}

#[test]
fn the_guides_show_the_same_files() {
    let [en, zh] = GUIDES.map(files);
    let paths: Vec<&str> = en.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "standards/oa-maintenance/kinds/ups-inspection.toml",
            "standards/oa-maintenance/clauses/3.1.4.toml",
            "standards/oa-maintenance/ups.toml",
            "records/ups-inspection/2026.csv",
        ]
    );
    assert_eq!(en, zh);
}

#[test]
fn the_worked_example_is_judged_as_the_guide_says() {
    let judged = pipeline::judge(&workspace(), &When::Said("2026-03-31".to_owned())).unwrap();
    assert_eq!((judged.standard.kinds.len(), judged.standard.rules.len()), (19, 52));
    let own: Vec<&Finding> = judged.findings.iter().filter(|f| f.rule.starts_with("ups.")).collect();
    let told: Vec<&str> = own.iter().map(|f| f.message.en.as_str()).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    for guide in GUIDES {
        let said = own.iter().all(|f| guide.contains(&f.message.en) || guide.contains(&f.message.zh));
        assert!(said, "{told:?}");
    }
    assert!(!judged.findings.iter().any(|f| f.rule.starts_with("ingest.")));
}

#[test]
fn the_worked_example_shows_itself() {
    let mut all = built_in();
    all.extend(files(GUIDES[0]).into_iter().filter(|(path, _)| path.starts_with(FOLDER)));
    let shown = pipeline::examples(&all).unwrap();
    let own: Vec<_> = shown.iter().filter(|s| s.rule.starts_with("ups.")).collect();
    assert_eq!(own.len(), 4);
    for one in own {
        assert_eq!(one.found.as_ref(), Ok(&one.expected), "{}", one.rule);
    }
}

/// The new kind has pages, counts and exports like any other.
#[test]
fn the_worked_example_has_pages() {
    let sources = workspace();
    let judged = pipeline::judge(&sources, &When::Said("2026-03-31".to_owned())).unwrap();
    let tree = pipeline::site(&sources, &judged, "0123456789abcdef".into()).unwrap();
    let page = tree.get("records/ups-inspection/2026-03.html").map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    assert!(page.is_some_and(|page| page.contains("UPS 巡检记录") && page.contains("后备分钟")));
}
