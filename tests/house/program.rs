//! The built program, run: the one way in which the suites touch it.

use std::path::Path;
use std::process::{Command, Output};

/// What a run gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    /// The exit code; none where a signal ended it.
    pub code: Option<i32>,
    /// Data.
    pub stdout: String,
    /// Text for people.
    pub stderr: String,
}

/// The program in a folder, with an empty environment: what a test does not set cannot make it pass.
pub fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wellkept"));
    command.current_dir(folder).args(args).env_clear();
    command
}

/// Runs it to its end.
pub fn run(folder: &Path, args: &[&str]) -> Ran {
    ran(&mut command(folder, args))
}

/// Runs it, and asks for an exit code.
pub fn must(folder: &Path, args: &[&str], code: i32) -> Ran {
    let ran = run(folder, args);
    assert_eq!(ran.code, Some(code), "wellkept {}\n{}{}", args.join(" "), ran.stdout, ran.stderr);
    ran
}

/// Runs a prepared command to its end.
pub fn ran(command: &mut Command) -> Ran {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code: status.code(), stdout: text(stdout), stderr: text(stderr) }
}

/// `check --format json` at an instant, as a value. Findings do not end it with 1.
pub fn judged(folder: &Path, as_of: &str) -> serde_json::Value {
    let ran = must(folder, &["check", "--as-of", as_of, "--format", "json", "--fail-on", "never"], 0);
    serde_json::from_str(&ran.stdout).unwrap()
}
