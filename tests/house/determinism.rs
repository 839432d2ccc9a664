//! The same files and the same instant give the same bytes, whatever else is different.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

use crate::program::{command, ran};
use crate::repository::root;
use crate::workspace::{Workspace, tree};

const AS_OF: &str = "2026-11-03T12:00";

/// The repository's own workspace: thirteen months of three systems, runbooks, faults.
fn sample(parent: &Path) -> Workspace {
    let ws = Workspace::below(parent);
    for folder in ["records", "content", "standards", "themes", "seals"] {
        if root().join(folder).is_dir() {
            for (path, bytes) in tree(&root().join(folder)) {
                ws.write(&format!("{folder}/{path}"), bytes);
            }
        }
    }
    ws.write("wellkept.toml", fs::read(root().join("wellkept.toml")).unwrap());
    ws
}

/// Builds into a folder of the workspace's own and gives the site.
fn site(ws: &Workspace, command: &mut Command) -> BTreeMap<String, Vec<u8>> {
    let ran = ran(command);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    tree(&ws.path("site"))
}

fn same(one: &BTreeMap<String, Vec<u8>>, other: &BTreeMap<String, Vec<u8>>, what: &str) {
    let paths = |of: &BTreeMap<String, Vec<u8>>| of.keys().cloned().collect::<Vec<_>>();
    assert_eq!(paths(one), paths(other), "{what}");
    let differ: Vec<&String> =
        one.iter().filter(|(path, bytes)| other[*path] != **bytes).map(|(path, _)| path).collect();
    assert!(differ.is_empty(), "{what}: {differ:?}");
}

#[test]
fn a_site_is_a_function_of_its_files_and_the_instant() {
    let ws = sample(&std::env::temp_dir());
    let args = ["build", "-q", "--as-of", AS_OF];
    let first = site(&ws, &mut command(ws.root(), &args));
    assert!(first.len() > 300, "{} files", first.len());

    // Another folder with Han and a blank in its path, another order of creation, other times, zone, language, umask,
    // one thread.
    let away = Workspace::empty();
    let other = sample(&away.path("另 一处/深"));
    let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    for (at, path) in tree(other.root()).keys().enumerate() {
        let file = File::options().append(true).open(other.path(path)).unwrap();
        file.set_modified(old + Duration::from_secs(at as u64 * 86_400)).unwrap();
    }
    let mut strange = strange(other.root(), &args);
    same(&first, &site(&other, &mut strange), "another place, time, zone, language, umask and one thread");

    let mut four = command(other.root(), &args);
    four.args(["--jobs", "4", "-C", "."]).env("TZ", "Asia/Kathmandu");
    fs::remove_dir_all(other.path("site")).unwrap();
    same(&first, &site(&other, &mut four), "four threads");
}

/// The program where everything is otherwise that is not said: umask, threads, zone, language, home, width, colours.
fn strange(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new("sh");
    command
        .args(["-c", "umask 077; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_wellkept")])
        .args(args)
        .args(["--jobs", "1", "--lang", "en"])
        .current_dir(folder)
        .env_clear()
        .envs([
            ("PATH", "/usr/bin:/bin"),
            ("TZ", "America/New_York"),
            ("LANG", "tr_TR.UTF-8"),
            ("LC_ALL", "tr_TR.UTF-8"),
        ])
        .envs([("HOME", "/nowhere"), ("COLUMNS", "40"), ("NO_COLOR", "1"), ("CI", "true")]);
    command
}

#[test]
fn a_seal_is_a_function_of_its_files_and_the_instant() {
    // Two months, so that the second stands on a first that was made in the same way.
    let sealed = |ws: &Workspace, program: &dyn Fn(&Path, &[&str]) -> Command| {
        fs::remove_dir_all(ws.path("seals")).unwrap();
        for (month, as_of) in [("2026-08", "2026-09-03T10:00"), ("2026-09", AS_OF)] {
            let ran = ran(&mut program(ws.root(), &["seal", month, "--accept", "--as-of", as_of]));
            assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        }
        tree(&ws.path("seals"))
    };
    let here = sealed(&sample(&std::env::temp_dir()), &|folder, args| {
        let mut command = command(folder, args);
        command.args(["--jobs", "4"]);
        command
    });
    assert!(here.keys().filter(|path| path.ends_with("/backup.jsonl")).count() == 2, "{:?}", here.keys());
    assert_eq!(here.keys().filter(|path| path.ends_with("/SEAL")).count(), 2);
    let away = Workspace::empty();
    let there = sealed(&sample(&away.path("另 一处/深")), &strange);
    same(&here, &there, "another place, zone, language, umask and one thread");
}

#[test]
fn the_instant_comes_from_the_command_or_from_the_epoch_and_from_nothing_else() {
    let ws = Workspace::small(
        "-- records/backup/a.csv --\nid,system,started_at,type,result\nB1,oa,2026-04-01 02:00,full,success\n",
    );
    let said = site(&ws, &mut command(ws.root(), &["build", "-q", "--as-of", "2026-04-01T12:00"]));
    // 2026-04-01T12:00+08:00
    let mut epoch = command(ws.root(), &["build", "-q"]);
    epoch.env("SOURCE_DATE_EPOCH", "1775016000");
    same(&said, &site(&ws, &mut epoch), "SOURCE_DATE_EPOCH");
    let mut later = command(ws.root(), &["build", "-q", "--as-of", "2026-04-01T12:00"]);
    later.env("SOURCE_DATE_EPOCH", "1");
    same(&said, &site(&ws, &mut later), "--as-of goes before SOURCE_DATE_EPOCH");
    let mut wrong = command(ws.root(), &["build"]);
    wrong.env("SOURCE_DATE_EPOCH", "soon");
    let ran = ran(&mut wrong);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("SOURCE_DATE_EPOCH"), "{}", ran.stderr);
}

#[test]
fn findings_are_the_same_on_one_thread_and_on_four() {
    let ws = sample(&std::env::temp_dir());
    let run = |jobs| {
        ran(&mut command(
            ws.root(),
            &["check", "--as-of", AS_OF, "--format", "json", "--fail-on", "never", "--jobs", jobs],
        ))
    };
    let (one, four) = (run("1"), run("4"));
    assert_eq!(one.code, Some(0));
    assert_eq!(one.stdout, four.stdout);
}
