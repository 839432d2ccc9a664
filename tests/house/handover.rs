//! Exports and samples by the built program: what is there is left alone, the same files give the same bytes, and what
//! cannot be done is said.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use crate::program::{command, must, ran, run};
use crate::workspace::{Workspace, tree};

const AS_OF: &str = "2026-05-01T12:00";

fn workspace() -> Workspace {
    let rows: String = (1..=20).map(|day| format!("B{day},oa,2026-04-{day:02} 02:00,full,success,是\n")).collect();
    Workspace::small(&format!("-- records/backup/a.csv --\nid,system,started_at,type,result,offsite\n{rows}"))
}

fn export(ws: &Workspace, what: &str, to: &str, code: i32) -> String {
    must(ws.root(), &["export", what, "--output", to, "--as-of", AS_OF, "--lang", "en"], code).stderr
}

const FOLDERS: [&str; 3] = ["bagit", "datapackage", "parquet"];

#[test]
fn an_export_is_replaced_by_its_like_and_nothing_else_is() {
    let ws = workspace();
    for what in FOLDERS {
        export(&ws, what, &format!("out/{what}"), 0);
    }
    export(&ws, "sqlite", "out/a.sqlite", 0);
    let before = tree(&ws.path("out"));
    ws.write("out/thesis/chapter.txt", "mine");
    ws.write("out/thesis.sqlite", "mine");
    must(ws.root(), &["build", "-q", "--as-of", AS_OF, "--output", "out/site"], 0);
    for what in FOLDERS {
        for other in
            FOLDERS.iter().filter(|other| **other != what).chain(&["site", "thesis", "thesis.sqlite", "a.sqlite"])
        {
            let said = export(&ws, what, &format!("out/{other}"), 2);
            assert!(said.contains(other) && said.contains("--output"), "{what} over {other}: {said}");
        }
        assert!(export(&ws, what, &format!("out/{what}"), 0).contains("0 files written"));
    }
    for other in ["bagit", "site", "thesis", "thesis.sqlite"] {
        assert!(export(&ws, "sqlite", &format!("out/{other}"), 2).contains("left alone"), "{other}");
    }
    assert!(must(ws.root(), &["build", "-q", "--as-of", AS_OF, "--output", "out/bagit"], 2).stderr.contains("bagit"));
    let after = tree(&ws.path("out"));
    assert!(before.iter().all(|(path, bytes)| after[path] == *bytes), "something was written over");

    ws.write("records/backup/b.csv", "id,system,started_at,type,result\nC1,oa,2026-04-25 02:00,full,success\n");
    export(&ws, "bagit", "out/bagit", 0);
    export(&ws, "sqlite", "out/a.sqlite", 0);
    assert!(ws.path("out/bagit/data/records/backup/b.csv").is_file());
    assert_ne!(fs::read(ws.path("out/a.sqlite")).unwrap(), before["a.sqlite"]);
    fs::remove_file(ws.path("records/backup/b.csv")).unwrap();
    export(&ws, "bagit", "out/bagit", 0);
    assert!(!ws.path("out/bagit/data/records/backup/b.csv").exists());
}

#[test]
fn the_same_files_give_the_same_exports_elsewhere() {
    let (one, other) = (workspace(), workspace());
    let all = |ws: &Workspace, more: &[&str], zone: &str| -> BTreeMap<String, Vec<u8>> {
        for (what, to) in FOLDERS.map(|what| (what, what)).into_iter().chain([("sqlite", "a.sqlite")]) {
            let to = format!("到 处/{to}");
            let mut export = command(ws.root(), &["export", what, "--output", &to, "--as-of", AS_OF]);
            assert_eq!(ran(export.args(more).env("TZ", zone).env("LC_ALL", "tr_TR.UTF-8")).code, Some(0));
        }
        tree(&ws.path("到 处"))
    };
    let (a, b) = (all(&one, &["--jobs", "1"], "Asia/Kathmandu"), all(&other, &["--jobs", "4", "--lang", "en"], "UTC"));
    assert!(a.len() > 40, "{} files", a.len());
    assert!(
        a == b,
        "{:?}",
        a.iter().filter(|(path, bytes)| b.get(*path) != Some(*bytes)).map(|(p, _)| p).collect::<Vec<_>>()
    );
}

#[test]
fn the_data_package_is_the_data_of_the_site() {
    let ws = workspace();
    export(&ws, "datapackage", "package", 0);
    must(ws.root(), &["build", "-q", "--as-of", AS_OF], 0);
    let (mut package, data) = (tree(&ws.path("package")), tree(&ws.path("site/data")));
    for own in ["SHA256SUMS", "manifest.json", ".wellkept-datapackage"] {
        assert!(package.remove(own).is_some(), "{own}");
    }
    assert!(data.contains_key("backup/2026-04.csv") && data.contains_key("datapackage.json"));
    assert_eq!(package, data);
}

#[test]
fn a_sample_is_drawn_by_digests() {
    let ws = workspace();
    let sample = |n: &str, seed: &str| -> Value {
        let args = ["sample", "--kind", "backup", "--period", "2026-04", "--n", n, "--seed", seed];
        let ran = must(ws.root(), &[&args[..], &["--as-of", AS_OF, "--format", "json"]].concat(), 0);
        serde_json::from_str(&ran.stdout).unwrap()
    };
    let five = sample("5", "4163");
    let all = sample("20", "4163");
    assert_eq!(five["population"], all["population"]);
    assert_eq!(five["population"]["count"], 20);
    let drawn = |of: &Value| of["sample"].as_array().unwrap().clone();
    assert_eq!(drawn(&five), drawn(&all)[..5], "a larger sample begins as a smaller one");
    assert_ne!(drawn(&five), drawn(&sample("5", "4164")));
    let keys: Vec<String> = drawn(&all).iter().map(|m| m["sha256"].as_str().unwrap().to_owned()).collect();
    assert!(keys.is_sorted());
    // printf '%s' '4163:B1' | sha256sum
    let first = drawn(&all).into_iter().find(|m| m["id"] == "B1").unwrap();
    assert_eq!(first["sha256"], "5a39fd79e46dbb4bf9e1787dfc3bab44f19e7e4b820dd6d176252ba459905283");
    assert_eq!((&first["file"], &first["line"]), (&Value::from("records/backup/a.csv"), &Value::from(2)));
    assert_eq!(first["time"], "2026-04-01T02:00:00+08:00");
}

#[test]
fn what_cannot_be_drawn_is_said() {
    let ws = workspace();
    let said = |kind: &str, period: &str, n: &str, seed: &str, more: &[&str]| {
        let args =
            ["sample", "--kind", kind, "--period", period, "--n", n, "--seed", seed, "--as-of", AS_OF, "--lang", "en"];
        let ran = run(ws.root(), &[&args[..], more].concat());
        assert_eq!(ran.code, Some(2), "{}{}", ran.stdout, ran.stderr);
        assert!(ran.stdout.is_empty());
        ran.stderr
    };
    assert!(said("backups", "2026-04", "1", "x", &[]).contains("did you mean backup"), "the nearest kind");
    assert!(said("runbook", "2026-04", "1", "x", &[]).contains("runbook"), "pages are no records");
    assert!(said("backup", "April", "1", "x", &[]).contains("2026Q3"));
    assert!(said("backup", "2026-04", "21", "x", &[]).contains("--n 20"), "how many there are");
    assert!(said("backup", "2026-04", "0", "x", &[]).contains("at least 1"));
    assert!(said("backup", "2026-04", "1", "", &[]).contains("--seed"));
    assert!(said("backup", "2025-04", "1", "x", &[]).contains("no backup records in 2025-04"));
    assert!(said("backup", "2026-04", "1", "x", &["--format", "sarif"]).contains("--csv"));
}
