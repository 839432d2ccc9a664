//! What people see when something is wrong: `tests/errors/<case>/case.txt` has a command and a workspace, `expected.txt`
//! the exit code and the output, to the letter.

use std::fs;
use std::path::Path;

use crate::program::{Ran, run};
use crate::repository::root;
use crate::snapshot::compare;
use crate::workspace::{CONFIG, Workspace, sections};

/// A line of a case that asks for a folder that is no workspace.
const BARE: &str = "without wellkept.toml";

#[test]
fn every_error_looks_as_it_should() {
    let folder = root().join("tests/errors");
    let mut names: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    assert!(names.len() > 30, "{} cases", names.len());
    let wrong: Vec<String> = names.iter().filter_map(|case| check(case).err()).collect();
    assert!(wrong.is_empty(), "{} of {} cases differ\n{}", wrong.len(), names.len(), wrong.join("\n"));
}

fn check(case: &Path) -> Result<(), String> {
    let text = fs::read_to_string(case.join("case.txt")).map_err(|e| format!("{}: {e}", case.display()))?;
    let ws = Workspace::empty();
    let files = sections(&text);
    if !text.lines().any(|line| line == BARE) && !files.iter().any(|(path, _)| path == "wellkept.toml") {
        ws.write("wellkept.toml", CONFIG);
    }
    for (path, bytes) in files {
        ws.write(&path, bytes);
    }
    let mut out = String::new();
    let commands = text.lines().filter_map(|line| line.strip_prefix("$ wellkept "));
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
