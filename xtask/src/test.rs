//! All tests, one after another, and a plain count at the end. A step that fails does not stop the next one.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::needs;
use crate::step::{Count, run as step};

/// The day on which the sample organisation is looked at.
const AS_OF: &str = "2026-11-03T12:00";
/// The parts, in the order in which they run.
const PARTS: [&str; 5] = ["rust", "standard", "site", "export", "browser"];

/// Runs the parts that were asked for, or all. The answer is the closing line.
pub fn run(root: &Path, args: &[&str]) -> Result<String, String> {
    let parts = parts(args)?;
    let mut count = Count::default();
    let not_shown = root.join("target/tmp/not-shown.txt");
    let _ = fs::remove_file(&not_shown);
    for part in parts {
        count.add(match part {
            "rust" => rust(root),
            "standard" => standard(root),
            "site" => site(root),
            "export" => export(root),
            _ => browser(root),
        });
    }
    println!();
    for line in fs::read_to_string(&not_shown).unwrap_or_default().lines() {
        println!("not shown on this machine: {line}");
    }
    let closing = format!("{} passed, {} failed", count.passed, count.failed);
    if count.failed == 0 { Ok(closing) } else { Err(closing) }
}

fn parts<'a>(args: &[&'a str]) -> Result<Vec<&'a str>, String> {
    let mut asked = Vec::new();
    let mut rest = args.iter();
    while let Some(word) = rest.next() {
        match (*word, rest.next()) {
            ("--only", Some(part)) if PARTS.contains(part) => asked.push(*part),
            _ => return Err(format!("usage: cargo xtask test [--only PART]…   parts: {}", PARTS.join(", "))),
        }
    }
    Ok(if asked.is_empty() { PARTS.to_vec() } else { asked })
}

fn cargo(root: &Path, args: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.args(args).current_dir(root);
    command
}

/// A need that could not be met is a test that failed, and says what to do.
fn met(need: Result<(), String>) -> Option<Count> {
    need.err().map(|why| {
        println!("{why}");
        Count::one(false)
    })
}

/// Format, lints, documentation, and every test that needs nothing but Rust and the stock programs of the archive.
fn rust(root: &Path) -> Count {
    if let Some(count) = met(needs::components().and_then(|()| needs::stock())) {
        return count;
    }
    let mut count = step("format", &mut cargo(root, &["fmt", "--all", "--check"]));
    let lints = ["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"];
    count.add(step("lints", &mut cargo(root, &lints)));
    let mut doc = cargo(root, &["doc", "--quiet", "--workspace", "--no-deps", "--document-private-items"]);
    count.add(step("documentation", doc.env("RUSTDOCFLAGS", "-D warnings")));
    count
        .add(step("tests of the rooms and of the house", &mut cargo(root, &["test", "--workspace", "--no-fail-fast"])));
    // Advisories need a network; licences and sources do not.
    if Command::new("cargo-deny").arg("--version").output().is_ok() {
        count.add(step("licences and sources", &mut cargo(root, &["deny", "check", "licenses", "bans", "sources"])));
    }
    count
}

fn release(root: &Path) -> Count {
    step("release build", &mut cargo(root, &["build", "--quiet", "--release", "--locked"]))
}

/// The good and the bad example of every rule, by the release build.
fn standard(root: &Path) -> Count {
    let mut count = release(root);
    let mut examples = Command::new(root.join("target/release/wellkept"));
    count.add(step("examples of the standard", examples.args(["standard", "--test"]).current_dir(root)));
    count
}

/// The repository's own site, built as a user would and held against its list of digests.
fn site(root: &Path) -> Count {
    let mut count = release(root);
    let out = root.join("target/site");
    let mut build = Command::new(root.join("target/release/wellkept"));
    build.args(["build", "--quiet", "--as-of", AS_OF, "--output"]).arg(&out).current_dir(root);
    count.add(step("the site of this repository", &mut build));
    let mut sums = Command::new("sha256sum");
    count.add(step("its digests", sums.args(["-c", "--strict", "--quiet", "SHA256SUMS"]).current_dir(&out)));
    count
}

/// The exports before those who will read them: validators of bags and data packages, SQLite's shell, DuckDB.
fn export(root: &Path) -> Count {
    let python = match needs::export(root) {
        Ok(python) => python,
        Err(why) => return met(Err(why)).unwrap_or_default(),
    };
    let mut count = release(root);
    let mut judges = Command::new(python);
    judges.arg("tests/export/check.py").current_dir(root).env("WELLKEPT", root.join("target/release/wellkept"));
    count.add(step("exports before outside judges", &mut judges));
    count
}

/// The site in a real browser and before outside judges.
fn browser(root: &Path) -> Count {
    let folder = root.join("tests/browser");
    if let Some(count) = met(needs::browser().and_then(|()| needs::packages(&folder))) {
        return count;
    }
    let mut count = Count::default();
    if !root.join("target/site/SHA256SUMS").is_file() {
        count.add(site(root));
    }
    let mut node = Command::new("node");
    node.args(["--test", "--test-reporter=spec"]).current_dir(&folder);
    node.env("WELLKEPT", root.join("target/release/wellkept")).env("WELLKEPT_SITE", root.join("target/site"));
    if let Some(chromium) = needs::chromium() {
        node.env("CHROMIUM", chromium);
    }
    count.add(step("browser", &mut node));
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_asked_for_by_name() {
        assert_eq!(parts(&[]).unwrap(), PARTS);
        assert_eq!(parts(&["--only", "export"]).unwrap(), ["export"]);
        assert_eq!(parts(&["--only", "rust", "--only", "site"]).unwrap(), ["rust", "site"]);
        assert!(parts(&["--only"]).is_err());
        assert!(parts(&["--only", "everything"]).is_err());
        assert!(parts(&["rust"]).is_err());
    }
}
