//! The command line: exit codes, where text and data go, the summary, and what the environment may change.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use serde_json::Value;

use crate::program::{command, judged, must, ran, run};
use crate::workspace::Workspace;

const AS_OF: [&str; 3] = ["check", "--as-of", "2026-04-01T12:00"];

/// A record that nothing is wrong with by noon of the first day.
const GOOD: &str = "-- records/backup/a.csv --\n\
    id,system,started_at,type,result,offsite\n\
    B1,oa,2026-04-01 02:00,full,success,是\n";

/// One warning (a backup of nothing) and one note (a column that no kind knows).
const WARNED: &str = "-- records/backup/a.csv --\n\
    id,system,started_at,type,result,offsite,size,weather\n\
    B1,oa,2026-04-01 02:00,full,success,是,0,晴\n";

const WRONG: &str = "-- records/backup/a.csv --\n\
    id,system,started_at,type,result,offsite\n\
    B1,oa,2026-04-01 02:00,full,success,否\n";

fn code(records: &str, more: &[&str]) -> Option<i32> {
    run(Workspace::small(records).root(), &[&AS_OF[..], more].concat()).code
}

#[test]
fn check_ends_with_1_from_the_severity_that_was_asked_for() {
    assert_eq!(code(GOOD, &[]), Some(0));
    assert_eq!(code(GOOD, &["--fail-on", "info"]), Some(0));
    for (fail_on, expected) in [("error", 0), ("warning", 1), ("info", 1), ("never", 0)] {
        assert_eq!(code(WARNED, &["--fail-on", fail_on]), Some(expected), "{fail_on}");
    }
    assert_eq!(code(WARNED, &[]), Some(0));
    assert_eq!(code(WRONG, &[]), Some(1));
    assert_eq!(code(WRONG, &["--fail-on", "never"]), Some(0));
    assert_eq!(code(WRONG, &["--format", "json"]), Some(1));
}

#[test]
fn build_ends_with_0_whatever_the_records_say_unless_it_is_asked_for() {
    let ws = Workspace::small(WRONG);
    let build = ["build", "--as-of", "2026-04-01T12:00"];
    must(ws.root(), &build, 0);
    must(ws.root(), &[&build[..], &["--fail-on", "error"]].concat(), 1);
    assert!(ws.path("site/findings.html").is_file());
}

#[test]
fn what_cannot_run_ends_with_2() {
    let ws = Workspace::small(GOOD);
    for args in [
        &["chek"][..],
        &[],
        &["check", "--as-of", "soon"],
        &["check", "-C", "nowhere"],
        &["check", "--format", "xml"],
        &["build", "--as-of", "2026-04-01", "--output", "wellkept.toml"],
    ] {
        let ran = must(ws.root(), args, 2);
        assert!(ran.stdout.is_empty() && !ran.stderr.is_empty(), "{args:?}");
    }
    ws.write("wellkept.toml", "[site]\n");
    must(ws.root(), &["check"], 2);
}

#[test]
fn help_and_version_are_data_and_end_with_0() {
    let ws = Workspace::empty();
    let version = must(ws.root(), &["--version"], 0);
    assert_eq!(version.stdout, concat!("wellkept ", env!("CARGO_PKG_VERSION"), "\n"));
    let help = must(ws.root(), &["--help"], 0);
    assert!(help.stderr.is_empty());
    for command in ["check", "build", "standard"] {
        assert!(help.stdout.contains(&format!("  {command} ")), "{}", help.stdout);
        let of = must(ws.root(), &[command, "--help"], 0);
        for option in ["-C ", "--as-of", "--format", "--fail-on", "--lang", "--color", "--quiet", "--jobs"] {
            assert!(of.stdout.contains(option), "{command} does not tell of {option}");
        }
    }
}

#[test]
fn text_goes_to_stderr_and_data_to_stdout() {
    let ws = Workspace::small(WRONG);
    let human = run(ws.root(), &AS_OF);
    assert!(human.stdout.is_empty() && human.stderr.contains("backup.offsite"), "{}", human.stderr);
    let data = run(ws.root(), &[&AS_OF[..], &["--format", "json"]].concat());
    assert!(serde_json::from_str::<Value>(&data.stdout).is_ok());
    assert_eq!(data.stderr.lines().count(), 1, "{}", data.stderr);
}

#[test]
fn the_summary_is_one_line_that_ties_out() {
    let records = "-- records/backup/a.csv --\n\
        id,system,started_at,type,result,offsite,weather\n\
        B1,oa,2026-04-01 02:00,full,success,是,晴\n\
        B2,oa,2026-04-01 03:00,full,success,否,晴\n\
        B3,oa,2026-04-01 04:00,full,nope,是,晴\n";
    let ws = Workspace::small(records);
    let last = |more: &[&str]| {
        let ran = run(ws.root(), &[&AS_OF[..], more].concat());
        ran.stderr.lines().last().unwrap().rsplit_once(" · ").unwrap().0.to_owned()
    };
    assert_eq!(last(&[]), "记录 3 条：接受 2，拒绝 1 · 错误 2，警告 0，提示 1，豁免 0");
    assert_eq!(last(&["--lang", "en"]), "3 records: 2 accepted, 1 rejected · 2 errors, 0 warnings, 1 info, 0 waived");
    let quiet = run(ws.root(), &[&AS_OF[..], &["-q"]].concat());
    assert_eq!(quiet.stderr.lines().count(), 1, "{}", quiet.stderr);
    let built = run(ws.root(), &["build", "-q", "--as-of", "2026-04-01T12:00"]);
    let again = run(ws.root(), &["build", "-q", "--as-of", "2026-04-01T12:00"]);
    assert!(built.stderr.contains("未变 0，移除 0"), "{}", built.stderr);
    assert!(again.stderr.contains("文件写入 0，"), "{}", again.stderr);
}

#[test]
fn the_language_is_asked_for_then_the_locales_then_the_workspaces() {
    let ws = Workspace::small(WRONG);
    let with = |variables: &[(&str, &str)], more: &[&str]| {
        let args = [&AS_OF[..], more].concat();
        ran(command(ws.root(), &args).envs(variables.iter().copied())).stderr
    };
    assert!(with(&[], &[]).contains("记录 1 条"));
    assert!(with(&[("LANG", "en_US.UTF-8")], &[]).contains("1 record:"));
    assert!(with(&[("LANG", "en_US.UTF-8"), ("LC_ALL", "zh_CN.UTF-8")], &[]).contains("记录 1 条"));
    assert!(with(&[("LANG", "de_DE.UTF-8")], &[]).contains("记录 1 条"));
    assert!(with(&[("LANG", "zh_CN.UTF-8")], &["--lang", "en"]).contains("1 record:"));
}

#[test]
fn colours_are_for_terminals_and_for_those_who_ask() {
    let ws = Workspace::small(WRONG);
    let coloured = |variables: &[(&str, &str)], more: &[&str]| {
        let args = [&AS_OF[..], more].concat();
        ran(command(ws.root(), &args).envs(variables.iter().copied())).stderr.contains('\u{1b}')
    };
    assert!(!coloured(&[("TERM", "xterm-256color")], &[]), "a pipe gets no colour");
    assert!(!coloured(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], &[]));
    assert!(coloured(&[], &["--color", "always"]));
    assert!(!coloured(&[], &["--color", "never"]));
}

/// A terminal of util-linux's `script`: what a person sees.
#[test]
fn a_terminal_gets_colours_and_no_color_takes_them_away() {
    let ws = Workspace::small(WRONG);
    let line = format!("{} check --as-of 2026-04-01T12:00", env!("CARGO_BIN_EXE_wellkept"));
    let seen = |variable: Option<(&str, &str)>| {
        let mut script = std::process::Command::new("script");
        script.args(["-q", "-e", "-c", &line, "/dev/null"]).current_dir(ws.root()).stdin(Stdio::null());
        script.env_clear().env("TERM", "xterm-256color").env("PATH", "/usr/bin:/bin").envs(variable);
        let out = script.output().expect("script is part of util-linux");
        assert_eq!(out.status.code(), Some(1));
        String::from_utf8(out.stdout).unwrap()
    };
    let plain = seen(Some(("NO_COLOR", "1")));
    assert!(plain.contains("backup.offsite") && !plain.contains('\u{1b}'), "{plain:?}");
    let coloured = seen(None);
    assert!(coloured.contains("\u{1b}["), "{coloured:?}");
}

#[test]
fn a_pipe_that_is_closed_early_is_no_error() {
    // More output than a pipe holds.
    let rows: String = (0..4000).map(|n| format!("B{n},oa,2026-04-01 02:00,full,nope,是\n")).collect();
    let ws = Workspace::small(&format!("-- records/backup/a.csv --\nid,system,started_at,type,result,offsite\n{rows}"));
    for (format, stderr) in [("json", false), ("human", true)] {
        let mut run = command(ws.root(), &[&AS_OF[..], &["--format", format]].concat());
        let mut child = run.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut first = String::new();
        if stderr {
            BufReader::new(child.stderr.take().unwrap()).read_line(&mut first).unwrap();
        } else {
            drop(child.stderr.take());
            BufReader::with_capacity(1, child.stdout.take().unwrap()).read_until(b':', &mut Vec::new()).unwrap();
        }
        assert_eq!(child.wait().unwrap().code(), Some(1), "{format}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn data_that_cannot_be_written_in_full_end_with_2() {
    let ws = Workspace::small("");
    let mut run = command(ws.root(), &[&AS_OF[..], &["--format", "json", "--fail-on", "never"]].concat());
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let ran = run.stdout(full).output().unwrap();
    assert_eq!(ran.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&ran.stderr).contains("No space left"), "{ran:?}");
}

#[test]
fn the_json_has_the_shape_that_was_promised() {
    let ws = Workspace::small(WRONG);
    let judged = judged(ws.root(), "2026-05-02");
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    let set = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(
        keys(&judged),
        set(&["tool", "standard", "as_of", "workspace", "records", "slots", "summary", "findings", "figures"])
    );
    assert_eq!(keys(&judged["tool"]), set(&["name", "version"]));
    assert_eq!(keys(&judged["standard"]), set(&["id", "version"]));
    assert_eq!(keys(&judged["records"]), set(&["read", "accepted", "rejected", "by_kind"]));
    assert_eq!(keys(&judged["slots"]), set(&["met", "missed", "waived", "pending", "n/a"]));
    assert_eq!(keys(&judged["summary"]), set(&["error", "warning", "info", "waived"]));
    assert_eq!(judged["as_of"], "2026-05-03T00:00:00+08:00");
    assert_eq!(judged["workspace"], ".");
    let parts = [
        "rule",
        "clause",
        "severity",
        "system",
        "kind",
        "record",
        "from",
        "to",
        "count",
        "file",
        "line",
        "column",
        "message",
        "waived_by",
    ];
    let findings = judged["findings"].as_array().unwrap();
    assert!(findings.iter().all(|f| set(&parts).is_subset(&keys(f))));
    let offsite = findings.iter().find(|f| f["rule"] == "backup.offsite").unwrap();
    assert_eq!((&offsite["record"], &offsite["file"]), (&"B1".into(), &"records/backup/a.csv".into()));
    assert_eq!((&offsite["line"], &offsite["count"], &offsite["severity"]), (&2.into(), &Value::Null, &"error".into()));
    // 2 to 30 April, and two days of May: one finding.
    let daily = findings.iter().find(|f| f["rule"] == "backup.daily").unwrap();
    assert_eq!(
        (&daily["from"], &daily["to"], &daily["count"]),
        (&"2026-04-02".into(), &"2026-05-02".into(), &31.into())
    );
    let parts = ["figure", "system", "period", "value", "unit", "numerator", "denominator", "target", "verdict"];
    assert!(judged["figures"].as_array().unwrap().iter().all(|f| set(&parts).is_subset(&keys(f))));
    let total = |name: &str| findings.iter().filter(|f| f["severity"] == name && f["waived_by"].is_null()).count();
    for name in ["error", "warning", "info"] {
        assert_eq!(judged["summary"][name], total(name), "{name}");
    }
}

#[test]
fn every_format_that_the_help_names_can_be_asked_for() {
    let ws = Workspace::small(WRONG);
    let help = must(ws.root(), &["check", "--help"], 0).stdout;
    let after = help.split("--format").nth(1).unwrap().split("--fail-on").next().unwrap();
    let list = after.split("[possible values: ").nth(1).map(|rest| rest.split(']').next().unwrap());
    let formats: Vec<&str> = match list {
        Some(list) => list.split(", ").collect(),
        // With a line of help for each, they are a list.
        None => after.lines().filter_map(|l| l.trim().strip_prefix("- ")?.split(':').next()).collect(),
    };
    assert!(formats.contains(&"human") && formats.contains(&"json"), "{formats:?}");
    for format in formats {
        let ran = must(ws.root(), &[&AS_OF[..], &["--format", format]].concat(), 1);
        let out = if format == "human" { &ran.stderr } else { &ran.stdout };
        assert!(out.contains("backup.offsite"), "{format}: {out}");
    }
}
