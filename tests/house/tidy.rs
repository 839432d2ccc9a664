//! The habits of the house, held by machine: sizes, words, lists that must be what is on the disk.

use std::collections::BTreeSet;

use crate::repository::{files, sources, text};

/// The longest a file may be.
const LONGEST: usize = 500;
/// The files that may be longer, and why.
const LONGER: &[(&str, &str)] = &[];

/// Every Rust file of ours.
fn rust() -> Vec<String> {
    let mut all = sources();
    all.extend(["tests", "xtask", "benches"].into_iter().filter(|f| there(f)).flat_map(files));
    all.retain(|path| path.ends_with(".rs"));
    all
}

fn there(folder: &str) -> bool {
    crate::repository::root().join(folder).is_dir()
}

/// Every text of ours that is read by people or by the program.
fn texts() -> Vec<String> {
    let folders = ["src", "tests", "xtask", "benches", "fuzz", "themes", "standards", "content", "docs"];
    let mut all: Vec<String> = folders.into_iter().filter(|f| there(f)).flat_map(files).collect();
    all.extend(files("").into_iter().filter(|path| !path.contains('/')));
    let plain = ["rs", "md", "toml", "html", "css", "js", "mjs", "json", "txt", "csv", "xml"];
    all.retain(|path| plain.iter().any(|end| path.ends_with(&format!(".{end}"))));
    all
}

#[test]
fn every_file_says_first_why_it_is_there() {
    let mute: Vec<String> = rust().into_iter().filter(|path| !text(path).starts_with("//! ")).collect();
    assert!(mute.is_empty(), "without //! at their head: {mute:?}");
}

#[test]
fn no_file_is_long_without_a_reason() {
    let lines = |path: &str| text(path).lines().count();
    let excused = |path: &str| LONGER.iter().any(|(known, _)| *known == path);
    let long: Vec<String> = rust().into_iter().filter(|path| lines(path) > LONGEST && !excused(path)).collect();
    assert!(long.is_empty(), "over {LONGEST} lines: {long:?}");
    let needless: Vec<&str> =
        LONGER.iter().map(|(path, _)| *path).filter(|path| !there_file(path) || lines(path) <= LONGEST).collect();
    assert!(needless.is_empty(), "excused without need: {needless:?}");
}

fn there_file(path: &str) -> bool {
    crate::repository::root().join(path).is_file()
}

#[test]
fn nothing_is_left_undone_in_the_code() {
    // Written apart, so that this list does not find itself.
    let words: Vec<String> =
        [("todo", "!"), ("unimplemented", "!"), ("dbg", "!"), ("TO", "DO"), ("FIX", "ME"), ("XX", "X")]
            .iter()
            .map(|(a, b)| format!("{a}{b}"))
            .collect();
    let mut found = Vec::new();
    for path in texts().into_iter().filter(|p| !p.starts_with("tests/browser/package")) {
        for (at, line) in text(&path).lines().enumerate() {
            if words.iter().any(|word| whole_word(line, word)) {
                found.push(format!("{path}:{}: {}", at + 1, line.trim()));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

fn whole_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

/// The names of the files of a folder of the theme.
fn theme(folder: &str) -> BTreeSet<String> {
    let folder = format!("themes/default/{folder}/");
    files(&folder).into_iter().map(|path| path[folder.len()..].to_owned()).collect()
}

#[test]
fn every_template_is_used_and_every_template_that_is_named_exists() {
    let templates = theme("templates");
    let mut named = BTreeSet::new();
    for path in sources() {
        named.extend(quoted(&text(&path)).filter(|name| name.ends_with(".html") && !name.contains(['/', '{', ' '])));
    }
    let mut used: BTreeSet<String> = named.intersection(&templates).cloned().collect();
    for name in &templates {
        let source = text(&format!("themes/default/templates/{name}"));
        for tag in source.split("{%").skip(1) {
            let tag = tag.split("%}").next().unwrap_or_default();
            let word = tag.trim_matches(['-', ' ']).split_whitespace().next().unwrap_or_default();
            if matches!(word, "extends" | "include") {
                let inner: Vec<String> = quoted(tag).collect();
                assert!(inner.iter().all(|of| templates.contains(of)), "{name}: {inner:?}");
                used.extend(inner);
            }
        }
        // Components are found by their name, so a file that defines one is used where its tag is.
        let components = source.split("{%").filter_map(|tag| tag.trim_matches(['-', ' ']).strip_prefix("component "));
        for component in components {
            let component: String = component.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let calls = |other: &String| {
                let other = text(&format!("themes/default/templates/{other}"));
                other.contains(&format!("<{component} ")) || other.contains(&format!("<{component}>"))
            };
            assert!(templates.iter().any(calls), "{name}: no template calls the component {component}");
            used.insert(name.clone());
        }
    }
    let unused: Vec<&String> = templates.difference(&used).collect();
    assert!(unused.is_empty(), "no page and no template names {unused:?}");
}

/// What stands between double quotes.
fn quoted(text: &str) -> impl Iterator<Item = String> + '_ {
    text.lines().flat_map(|line| line.split('"').skip(1).step_by(2)).map(str::to_owned)
}

#[test]
fn the_theme_loads_nothing_from_elsewhere_and_runs_nothing_inline() {
    let mut wrong = Vec::new();
    for name in files("themes/default") {
        let source = text(&name);
        // An XML name space is a name and loads nothing.
        let source = source.replace("http://www.w3.org/2000/svg", "").replace("http://www.w3.org/2005/Atom", "");
        let forbidden: &[&str] = if name.ends_with(".html") {
            &[
                "http:",
                "https:",
                "src=\"//",
                "href=\"//",
                "style=",
                " on",
                "<style",
                "javascript:",
                "integrity=",
                "type=\"module\"",
                "<iframe",
                "<base",
            ]
        } else if name.ends_with(".css") {
            &["http:", "https:", "@import", "url(//", "@font-face"]
        } else if name.ends_with(".js") {
            &[
                "http:",
                "https:",
                "fetch(",
                "XMLHttpRequest",
                "import(",
                "importScripts",
                "eval(",
                "new Function",
                "new Worker",
                "innerHTML",
                "document.write",
                "sendBeacon",
                "WebSocket",
            ]
        } else {
            &[]
        };
        for word in forbidden {
            // ` on` means an event attribute: a word that begins so and is given a value.
            let hit = if *word == " on" { event_attribute(&source) } else { source.contains(word) };
            if hit {
                wrong.push(format!("{name}: {word}"));
            }
        }
        let scripts = source.split("<script").skip(1).map(|rest| rest.split('>').next().unwrap_or_default());
        if name.ends_with(".html") && scripts.into_iter().any(|tag| !tag.contains(" src=\"{{ root }}static/")) {
            wrong.push(format!("{name}: a script that is not a file of the theme"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn event_attribute(source: &str) -> bool {
    source.match_indices(" on").any(|(at, _)| {
        let word: String = source[at + 1..].chars().take_while(char::is_ascii_alphabetic).collect();
        word.len() > 2 && source[at + 1 + word.len()..].starts_with('=')
    })
}

#[test]
fn decisions_are_numbered_without_a_gap_dated_and_listed() {
    let pages: Vec<String> = files("docs/decisions").into_iter().filter(|p| !p.ends_with("README.md")).collect();
    let list = text("docs/decisions/README.md");
    for (at, path) in pages.iter().enumerate() {
        let name = path.rsplit('/').next().unwrap_or_default();
        assert!(name.starts_with(&format!("{:04}-", at + 1)), "{path} should have the number {:04}", at + 1);
        let page = text(path);
        let title = page.lines().next().unwrap_or_default();
        assert!(title.starts_with("# "), "{path} has no title");
        assert!(page.lines().any(|line| line.starts_with("Date: 20")), "{path} has no date");
        assert!(list.contains(&format!("({name})")), "docs/decisions/README.md does not list {name}");
    }
    assert!(pages.len() > 5);
}

#[test]
fn figures_are_counted_without_floats() {
    let exact = ["src/calendar/", "src/slots/", "src/measure/", "src/check/", "src/ledger/"];
    let counted = sources().into_iter().filter(|path| exact.iter().any(|room| path.starts_with(room)));
    let floats: Vec<String> =
        counted.filter(|path| whole_word(&text(path), "f64") || whole_word(&text(path), "f32")).collect();
    assert!(floats.is_empty(), "{floats:?}");
}

#[test]
fn the_sample_knows_every_kind_that_has_records() {
    let written = text("xtask/src/sample.rs");
    for kind in files("records").iter().filter_map(|path| path.split('/').nth(1)) {
        assert!(written.contains(&format!("\"{kind}\"")), "records/{kind} is not written by cargo xtask sample");
    }
}

#[test]
fn every_code_of_a_finding_is_explained_and_every_explained_code_is_found() {
    let families = ["image", "import", "ingest", "link", "markdown", "page", "seal", "site", "waiver"];
    let is_code = |word: &String| {
        let mut parts = word.split('.');
        parts.next().is_some_and(|family| families.contains(&family))
            && parts.next().is_some_and(|name| !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase()))
            && parts.next().is_none()
            && (word == "markdown.html" || !word.ends_with(".html") && !word.ends_with(".toml"))
    };
    let mut found = BTreeSet::new();
    for path in sources().into_iter().filter(|p| !p.starts_with("src/finding/codes") && !p.contains("test")) {
        found.extend(quoted(&text(&path)).filter(is_code));
    }
    let explained: BTreeSet<String> =
        wellkept::finding::codes::IDS.into_iter().filter(|id| id.contains('.')).map(str::to_owned).collect();
    // `site.title` and such are keys of the configuration.
    let keys: BTreeSet<String> = ["site.title"].map(str::to_owned).into();
    assert_eq!(found.difference(&keys).cloned().collect::<BTreeSet<_>>(), explained);
}
