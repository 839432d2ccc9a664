//! The rooms stand on floors, and a room uses only what is below it: ARCHITECTURE.md says which, and every path in
//! `src/` is held against it.

use std::collections::{BTreeMap, BTreeSet};

use crate::repository::{sources, text};

/// Rooms by floor, as ARCHITECTURE.md has them: rows `| 3 | `config`, … | … |`.
fn table(document: &str) -> BTreeMap<String, usize> {
    let mut rooms = BTreeMap::new();
    for line in document.lines() {
        let mut cells = line.trim().trim_start_matches('|').split('|').map(str::trim);
        let Some(Ok(floor)) = cells.next().map(str::parse::<usize>) else { continue };
        for room in cells.next().unwrap_or_default().split('`').skip(1).step_by(2) {
            assert!(rooms.insert(room.to_owned(), floor).is_none(), "`{room}` stands on two floors");
        }
    }
    rooms
}

/// What one file uses of other rooms: name and line.
fn uses(path: &str, source: &str) -> Vec<(String, usize)> {
    let parts: Vec<&str> = path.trim_start_matches("src/").trim_end_matches(".rs").split('/').collect();
    let file_depth = parts.len() - usize::from(parts.last() == Some(&"mod"));
    let tokens = tokens(source);
    let word = |at: usize| tokens.get(at).map_or("", |t| t.0.as_str());
    let mut out = Vec::new();
    // `mod name {` makes the way up one longer until its brace is closed.
    let (mut braces, mut inner): (usize, Vec<usize>) = (0, Vec::new());
    let mut at = 0;
    while at < tokens.len() {
        match word(at) {
            "mod" if word(at + 1) == "tests" && word(at + 2) == "{" => at = closing(&tokens, at + 2),
            "mod" if word(at + 2) == "{" => inner.push(braces),
            "{" => braces += 1,
            "}" => {
                braces = braces.saturating_sub(1);
                if inner.last() == Some(&braces) {
                    inner.pop();
                }
            }
            "crate" if word(at + 1) == "::" => first_of(&tokens, at + 2, &mut out),
            "super" if word(at + 1) == "::" && (at == 0 || word(at - 1) != "::") => {
                let mut ups = 0;
                while word(at) == "super" && word(at + 1) == "::" {
                    ups += 1;
                    at += 2;
                }
                if ups >= file_depth + inner.len() {
                    first_of(&tokens, at, &mut out);
                }
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    out
}

/// Where the brace that opens at a token is closed.
fn closing(tokens: &[(String, usize)], open: usize) -> usize {
    let mut depth = 0;
    for (at, (word, _)) in tokens.iter().enumerate().skip(open) {
        match word.as_str() {
            "{" => depth += 1,
            "}" if depth == 1 => return at,
            "}" => depth -= 1,
            _ => {}
        }
    }
    tokens.len()
}

/// The names that a path from the root begins with: one, or each of a group in braces.
fn first_of(tokens: &[(String, usize)], at: usize, out: &mut Vec<(String, usize)>) {
    let Some((word, line)) = tokens.get(at) else { return };
    if word != "{" {
        out.push((word.clone(), *line));
        return;
    }
    let mut depth = 0;
    for pair in tokens[at..].windows(2) {
        match pair[0].0.as_str() {
            "{" => depth += 1,
            "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
        if depth == 1 && matches!(pair[0].0.as_str(), "{" | ",") && pair[1].0 != "}" {
            out.push(pair[1].clone());
        }
    }
}

/// Words and marks with their lines, without comments, texts and characters.
fn tokens(source: &str) -> Vec<(String, usize)> {
    let mut out: Vec<(String, usize)> = Vec::new();
    let chars: Vec<char> = source.chars().collect();
    let (mut at, mut line) = (0, 1);
    let next = |at: usize| chars.get(at).copied().unwrap_or(' ');
    while at < chars.len() {
        let begun = at;
        match chars[at] {
            '/' if next(at + 1) == '/' => {
                while at < chars.len() && chars[at] != '\n' {
                    at += 1;
                }
            }
            'r' if !word_char(next(at.wrapping_sub(1))) && matches!(next(at + 1), '"' | '#') => {
                let hashes = chars[at + 1..].iter().take_while(|c| **c == '#').count();
                if next(at + 1 + hashes) == '"' {
                    at += 2 + hashes;
                    let ends = |at: usize| {
                        chars[at] == '"' && chars[at + 1..].iter().take(hashes).filter(|c| **c == '#').count() == hashes
                    };
                    while at < chars.len() && !ends(at) {
                        at += 1;
                    }
                    at += 1 + hashes;
                } else {
                    at += 1;
                }
            }
            '"' => {
                at += 1;
                while at < chars.len() && chars[at] != '"' {
                    at += 1 + usize::from(chars[at] == '\\');
                }
                at += 1;
            }
            // A character, and not a lifetime.
            '\'' if next(at + 1) == '\\' || next(at + 2) == '\'' => {
                at += if next(at + 1) == '\\' { 3 } else { 2 };
                while at < chars.len() && chars[at] != '\'' {
                    at += 1;
                }
                at += 1;
            }
            c if word_char(c) => {
                while at < chars.len() && word_char(chars[at]) {
                    at += 1;
                }
                out.push((chars[begun..at].iter().collect(), line));
            }
            ':' if next(at + 1) == ':' => {
                out.push(("::".to_owned(), line));
                at += 2;
            }
            c => {
                if !c.is_whitespace() {
                    out.push((c.to_string(), line));
                }
                at += 1;
            }
        }
        line += chars[begun..at.min(chars.len())].iter().filter(|c| **c == '\n').count();
    }
    out
}

fn word_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The files that are only there for tests: modules that are declared after `#[cfg(test)]`. Tests stand outside the house
/// and may use every room.
fn tests(files: &[(String, String)]) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for (path, source) in files {
        let folder = match path.strip_suffix("/mod.rs") {
            Some(folder) => folder.to_owned(),
            None if matches!(path.as_str(), "src/lib.rs" | "src/main.rs") => "src".to_owned(),
            None => path.trim_end_matches(".rs").to_owned(),
        };
        let tokens = tokens(source);
        let words: Vec<&str> = tokens.iter().map(|t| t.0.as_str()).collect();
        for at in 0..words.len() {
            let Some(rest) = words[at..].strip_prefix(&["#", "[", "cfg", "(", "test", ")", "]"]) else { continue };
            // Another attribute may stand between, such as the path of a file of another name.
            let mut rest = rest.iter().skip_while(|word| !matches!(**word, "mod" | "{" | ";" | "fn" | "use"));
            if let (Some(&"mod"), Some(name), Some(&";")) = (rest.next(), rest.next(), rest.next()) {
                out.insert(format!("{folder}/{name}.rs"));
                out.insert(format!("{folder}_{name}.rs"));
            }
        }
    }
    out
}

/// The room that a file belongs to; none for the two files that only put the rooms together.
fn room(path: &str) -> Option<&str> {
    let name = path.trim_start_matches("src/").split('/').next().unwrap_or_default().trim_end_matches(".rs");
    (!matches!(name, "lib" | "main")).then_some(name)
}

/// What is wrong with the house, in sentences.
fn faults(rooms: &BTreeMap<String, usize>, files: &[(String, String)]) -> Vec<String> {
    let mut out = Vec::new();
    let there: BTreeSet<&str> = files.iter().filter_map(|(path, _)| room(path)).collect();
    out.extend(there.iter().filter(|r| !rooms.contains_key(**r)).map(|r| format!("`{r}` has no floor")));
    out.extend(rooms.keys().filter(|r| !there.contains(r.as_str())).map(|r| format!("`{r}` is not in src/")));
    let tests = tests(files);
    for (path, source) in files.iter().filter(|(path, _)| !tests.contains(path)) {
        let Some((from, floor)) = room(path).and_then(|r| Some((r, rooms.get(r)?))) else { continue };
        for (to, line) in uses(path, source) {
            if let Some(below) = rooms.get(&to).filter(|_| to != from)
                && below >= floor
            {
                out.push(format!("{path}:{line}: `{from}` (floor {floor}) uses `{to}` (floor {below})"));
            }
        }
    }
    out
}

#[test]
fn the_rooms_use_only_what_is_below_them() {
    let rooms = table(&text("ARCHITECTURE.md"));
    let files: Vec<(String, String)> = sources().into_iter().map(|path| (path.clone(), text(&path))).collect();
    let faults = faults(&rooms, &files);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_house_with_faults_is_told_apart() {
    let rooms = table("| 0 | `low`, `gone` | |\n| 1 | `a`, `b` | |\n|---|---|---|\n| text | `x` | |\n");
    let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    let files = [
        file("src/lib.rs", "pub mod a; use crate::b;"),
        file("src/low.rs", "//! crate::a is only named here\nconst A: &str = \"crate::a\";\nuse super::b::X;"),
        file("src/a/mod.rs", "use crate::low::Y;\nuse crate::{b, low};\nuse super::b;\n#[cfg(test)]\nmod fixture;"),
        file("src/a/fixture.rs", "use crate::b;"),
        file("src/a/deep.rs", "use super::Own;\nuse super::super::b;\nmod x {\n use super::super::Own;\n}"),
        file("src/a/real.rs", "#[cfg(test)]\nuse crate::b;\nmod b;"),
        file(
            "src/b.rs",
            "fn f<'a>() { let c = '\"'; crate::a::g() }\nmod tests {\n use crate::a;\n fn g() {}\n}\nuse crate::a;",
        ),
        file("src/new/mod.rs", ""),
    ];
    assert_eq!(
        faults(&rooms, &files),
        [
            "`new` has no floor",
            "`gone` is not in src/",
            "src/low.rs:3: `low` (floor 0) uses `b` (floor 1)",
            "src/a/mod.rs:2: `a` (floor 1) uses `b` (floor 1)",
            "src/a/mod.rs:3: `a` (floor 1) uses `b` (floor 1)",
            "src/a/deep.rs:2: `a` (floor 1) uses `b` (floor 1)",
            "src/a/real.rs:2: `a` (floor 1) uses `b` (floor 1)",
            "src/b.rs:1: `b` (floor 1) uses `a` (floor 1)",
            "src/b.rs:6: `b` (floor 1) uses `a` (floor 1)",
        ]
    );
}
