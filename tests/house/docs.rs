//! The documents say what is so: every command line in them is understood by the program, every file they lead to is there.

use std::path::Path;

use crate::program::run;
use crate::repository::{files, root, text};
use crate::workspace::Workspace;

/// Documents for people; those below `content/` are pages of the manual as well.
fn documents() -> Vec<String> {
    let mut all: Vec<String> = ["README.md", "README.zh-CN.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "CHANGELOG.md"]
        .map(str::to_owned)
        .to_vec();
    for folder in ["docs", "content", "standards"] {
        all.extend(files(folder).into_iter().filter(|path| path.ends_with(".md")));
    }
    all
}

/// The command lines of a document: lines of code blocks and code between backticks that begin with `wellkept `.
fn commands(document: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut code = false;
    for line in document.replace("\\\n", " ").lines() {
        let bare = line.trim();
        if bare.starts_with("```") {
            code = !code;
        } else if code || line.starts_with("    ") {
            let prompt = bare.trim_start_matches("$ ");
            let prompt =
                prompt.strip_prefix("cargo run --release -- ").map_or(prompt.to_owned(), |r| format!("wellkept {r}"));
            out.extend(prompt.starts_with("wellkept ").then_some(prompt));
        } else {
            out.extend(line.split('`').skip(1).step_by(2).filter(|c| c.starts_with("wellkept ")).map(str::to_owned));
        }
    }
    out
}

/// The words of a command line as a shell would have them, up to a comment (which may be set off by blanks alone), a pipe
/// or a next command; none where it is the shape of one (`DIR`, `[…]`, `…`) and no command itself.
fn words(command: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    for word in quoted(command.split("  ").next().unwrap_or_default()).into_iter().skip(1) {
        if matches!(&*word, "#" | "|" | "||" | "&&" | ">" | "2>" | ";" | "&") {
            break;
        }
        if word.contains(['[', '…', '{', '<']) {
            return None;
        }
        words.push(word);
    }
    (!words.is_empty()).then_some(words)
}

/// Parts a line at blanks that stand outside quotes, and takes the quotes away.
fn quoted(line: &str) -> Vec<String> {
    let (mut out, mut open) = (vec![String::new()], None);
    for c in line.chars() {
        match (c, open) {
            ('"' | '\'', None) => open = Some(c),
            (c, Some(quote)) if c == quote => open = None,
            (c, None) if c.is_whitespace() => out.push(String::new()),
            (c, _) => out.last_mut().unwrap().push(c),
        }
    }
    out.retain(|word| !word.is_empty());
    out
}

#[test]
fn every_command_line_in_the_documents_is_understood() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for document in documents() {
        for command in commands(&text(&document)) {
            let Some(words) = words(&command) else { continue };
            seen += 1;
            // Help is asked for last: all that stands before it is read first, and nothing is done.
            let args: Vec<&str> = words.iter().map(String::as_str).chain(["--help"]).collect();
            let ran = run(root(), &args);
            if ran.code != Some(0) {
                wrong.push(format!("{document}: {command}\n{}", ran.stderr));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen > 10, "only {seen} command lines");
}

#[test]
fn the_chores_that_the_documents_name_exist() {
    let chores = text("xtask/src/main.rs");
    for document in documents() {
        for part in text(&document).split("cargo xtask ").skip(1) {
            let name: String = part.chars().take_while(|c| c.is_ascii_lowercase() || *c == '-').collect();
            assert!(chores.contains(&format!("\"{name}\"")), "{document}: cargo xtask {name}");
        }
    }
}

#[test]
fn links_between_the_documents_of_the_repository_lead_somewhere() {
    let mut wrong = Vec::new();
    for document in documents().into_iter().filter(|path| !path.starts_with("content/")) {
        let source = text(&document);
        for part in source.split("](").skip(1) {
            let target = part.split([')', ' ', '#']).next().unwrap_or_default();
            let elsewhere = target.is_empty() || target.contains("://") || target.starts_with("mailto:");
            let folder = Path::new(&document).parent().unwrap();
            if !elsewhere && !root().join(folder).join(target).exists() {
                wrong.push(format!("{document}: {target}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn files_that_the_documents_name_are_there() {
    let mut wrong = Vec::new();
    for document in ["ARCHITECTURE.md", "CONTRIBUTING.md", "README.md", "README.zh-CN.md"] {
        for name in text(document).split('`').skip(1).step_by(2) {
            let ours = ["src/", "tests/", "xtask/", "docs/", "standards/", "themes/", "content/"];
            let plain = !name.contains(['*', '<', '{', ' ', '…']);
            if plain && ours.iter().any(|folder| name.starts_with(folder)) && !root().join(name).exists() {
                wrong.push(format!("{document}: {name}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// How many headings of each depth a page has, and how many blocks of code.
fn built(page: &str) -> (Vec<usize>, usize) {
    let (mut headings, mut blocks, mut code) = (Vec::new(), 0, false);
    for line in page.lines() {
        if line.trim_start().starts_with("```") {
            blocks += usize::from(!code);
            code = !code;
        } else if !code && line.starts_with('#') {
            headings.push(line.bytes().take_while(|b| *b == b'#').count());
        }
    }
    (headings, blocks)
}

#[test]
fn the_manual_says_the_same_in_both_languages() {
    let pages = files("content/manual");
    let mut n = 0;
    for chinese in pages.iter().filter(|path| path.ends_with(".md") && !path.ends_with(".en.md")) {
        let english = chinese.replace(".md", ".en.md");
        assert!(pages.contains(&english), "{english} is not there");
        assert_eq!(built(&text(chinese)), built(&text(&english)), "headings and blocks of {chinese} and {english}");
        n += 1;
    }
    assert!(n > 8, "{n} pages");
}

/// The first block of a document that is fenced with a language.
fn fenced<'a>(document: &'a str, language: &str) -> &'a str {
    let open = format!("```{language}\n");
    let after = document.split(&open).nth(1).unwrap_or_else(|| panic!("no block of {language}"));
    after.split("```").next().unwrap()
}

#[test]
fn the_tour_in_the_readme_is_what_happens() {
    for (document, lang) in [("README.md", "en"), ("README.zh-CN.md", "zh-CN")] {
        let document = text(document);
        let ws = Workspace::empty();
        ws.write("wellkept.toml", fenced(&document, "toml"));
        ws.write("records/backup/2026-10.csv", fenced(&document, "csv"));
        let ran = run(ws.root(), &["check", "--as-of", "2026-10-04", "--lang", lang]);
        assert_eq!(ran.code, Some(1));
        assert!(ran.stderr.contains(fenced(&document, "text").trim_end()), "{}", ran.stderr);
    }
}
