//! What people see when something is wrong: `tests/errors/<case>/case.txt` has a command and a workspace, `expected.txt`
//! the exit code and the output, to the letter. Before its files a case may say `from <folder>`, for a folder of this
//! repository that it begins with, and `without <path>`, for what is then taken out of it.

use std::fs;
use std::path::Path;

use wellkept::finding::codes::IDS;

use crate::program::{Ran, run};
use crate::repository::root;
use crate::snapshot::{compare, overwrites};
use crate::workspace::{Workspace, sections};

/// What a case says before the path of what is not in its workspace; without `wellkept.toml` it is none.
const WITHOUT: &str = "without ";

#[test]
fn every_error_looks_as_it_should() {
    let folder = root().join("tests/errors");
    let mut names: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    assert!(names.len() > 30, "{} cases", names.len());
    let wrong: Vec<String> = names.iter().filter_map(|case| check(case).err()).collect();
    assert!(wrong.is_empty(), "{} of {} cases differ\n{}", wrong.len(), names.len(), wrong.join("\n"));
}

/// A code that no case shows: what is left of an old site can be cleared away, but for a disk that refuses
/// (`world::publish` has the test).
const UNSEEN: [&str; 1] = ["site.publish"];

#[test]
fn every_code_of_a_finding_has_a_case_that_shows_it() {
    if overwrites() {
        return; // The cases are being written.
    }
    let folder = root().join("tests/errors");
    let cases = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let shown: Vec<(String, String)> = cases
        .map(|name| {
            let text = fs::read_to_string(folder.join(&name).join("expected.txt")).unwrap();
            (name, text)
        })
        .collect();
    let without: Vec<&str> = IDS
        .into_iter()
        .filter(|id| !UNSEEN.contains(id) && !shown.iter().any(|(_, text)| text.contains(&format!("[{id}]"))))
        .collect();
    assert!(without.is_empty(), "no case in tests/errors shows {without:?}");
    // A case that is named after a code is the case of that code.
    for (name, text) in shown.iter().filter(|(name, _)| name.contains('.')) {
        assert!(IDS.contains(&name.as_str()) && text.contains(&format!("[{name}]")), "{name}");
    }
    // Whatever is said of an archive has a case of its own.
    let own: Vec<&str> =
        IDS.into_iter().filter(|id| id.starts_with("seal.") && !shown.iter().any(|(name, _)| name == id)).collect();
    assert!(own.is_empty(), "{own:?}");
}

fn check(case: &Path) -> Result<(), String> {
    let text = fs::read_to_string(case.join("case.txt")).map_err(|e| format!("{}: {e}", case.display()))?;
    let head = || text.lines().take_while(|line| !line.starts_with("-- "));
    let ws = match head().find_map(|line| line.strip_prefix("from ")) {
        Some(folder) => Workspace::of_folder(&root().join(folder)),
        None => Workspace::small(""),
    };
    for path in head().filter_map(|line| line.strip_prefix(WITHOUT)).map(|path| ws.path(path)) {
        let gone = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        gone.map_err(|e| format!("{}: {e}", path.display()))?;
    }
    for (path, bytes) in sections(&text) {
        ws.write(&path, bytes);
    }
    let mut out = String::new();
    let commands = head().filter_map(|line| line.strip_prefix("$ wellkept "));
    for command in commands {
        let args: Vec<&str> = command.split_whitespace().collect();
        let Ran { code, stdout, stderr } = run(ws.root(), &args);
        let code = code.map_or_else(|| "none".to_owned(), |code| code.to_string());
        out.push_str(&format!("$ wellkept {command}\nexit {code}\n"));
        for (name, text) in [("stdout", stdout), ("stderr", stderr)] {
            if !text.is_empty() {
                out.push_str(&format!("--- {name}\n{}", steady(&text, ws.root())));
            }
        }
    }
    compare(&case.join("expected.txt"), &out)
}

/// Without what differs from run to run: the folder, and how long it took.
fn steady(text: &str, folder: &Path) -> String {
    let mut out = String::new();
    for line in text.replace(folder.to_str().unwrap(), "[WORKSPACE]").split_inclusive('\n') {
        // The summary ends with `· 用时 0.02 秒` or `· 0.02 s`.
        match line.rsplit_once(" · ") {
            Some((facts, time)) if time.ends_with(" 秒\n") || time.ends_with(" s\n") => {
                let time: Vec<&str> =
                    time.split(' ').map(|word| if word.parse::<f64>().is_ok() { "[TIME]" } else { word }).collect();
                out.push_str(&format!("{facts} · {}", time.join(" ")));
            }
            _ => out.push_str(line),
        }
    }
    out
}
