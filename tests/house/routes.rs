//! A route, once published, stays: what was published is held against what would be, and a page that would vanish needs
//! an alias.

use std::fs;

use crate::program::{Ran, must};
use crate::workspace::{CONFIG, Workspace};

const RUNBOOK: &str = "---\nowner: 管理员甲\nlast_reviewed: 2026-04-01\nreview_in: 6个月\n---\n# 恢复\n\n步骤。\n";

fn build(ws: &Workspace, code: i32) -> Ran {
    must(ws.root(), &["build", "--as-of", "2026-05-20", "--lang", "en"], code)
}

/// A workspace with a runbook that a fault names, and its published site.
fn published() -> Workspace {
    let ws = Workspace::small("");
    ws.write("content/runbooks/restore.md", RUNBOOK);
    ws.write(
        "records/fault/a.csv",
        "id,system,reported_at,reporter,grade,summary,description,responded_at,resolved_at,runbook\n\
         F-1,oa,2026-04-05 09:00,甲,紧急,停机,全部用户无法登录系统首页,2026-04-05 09:10,2026-04-05 10:00,restore\n",
    );
    ws.write("records/training/a.csv", "id,date,topic,audience\nT-1,2026-04-07,备份,operations\n");
    build(&ws, 0);
    ws
}

#[test]
fn a_runbook_that_was_renamed_needs_an_alias_and_its_faults_still_mean_it() {
    let ws = published();
    fs::rename(ws.path("content/runbooks/restore.md"), ws.path("content/runbooks/recover.md")).unwrap();
    let ran = build(&ws, 1);
    assert!(ran.stderr.contains("site.vanished") && ran.stderr.contains("runbooks/restore.html"), "{}", ran.stderr);
    assert!(ran.stderr.contains("aliases"), "{}", ran.stderr);
    assert!(ws.path("site/runbooks/restore.html").is_file() && !ws.path("site/runbooks/recover.html").exists());

    ws.write("content/runbooks/recover.md", RUNBOOK.replacen("---\n", "---\naliases: [restore]\n", 1));
    let ran = build(&ws, 0);
    assert!(!ran.stderr.contains("ingest.reference"), "{}", ran.stderr);
    let moved = ws.read("site/runbooks/restore.html");
    assert!(moved.contains("<meta http-equiv=\"refresh\" content=\"0; url=../runbooks/recover.html\">"), "{moved}");
    assert!(moved.contains("<link rel=\"canonical\" href=\"../runbooks/recover.html\">"));
    assert!(ws.read("site/faults/F-1.html").contains("../runbooks/recover.html"));
    assert!(ws.read("site/runbooks/recover.html").contains("../faults/F-1.html"), "the page tells who used it");
}

#[test]
fn a_page_of_the_programs_own_is_led_on_by_the_settings() {
    let ws = published();
    ws.write("wellkept.toml", CONFIG.replace("id = \"oa\"", "id = \"office\""));
    ws.write("records/fault/a.csv", ws.read("records/fault/a.csv").replace(",oa,", ",office,"));
    let ran = build(&ws, 1);
    assert!(ran.stderr.contains("systems/oa.html") && ran.stderr.contains("figures/2026-04/oa.html"), "{}", ran.stderr);
    let aliases = "\n[site.aliases]\n\"systems/oa.html\" = \"systems/office.html\"\n\"figures/*/oa.html\" = \"figures/*/office.html\"\n";
    ws.write("wellkept.toml", CONFIG.replace("id = \"oa\"", "id = \"office\"") + aliases);
    build(&ws, 0);
    assert!(ws.read("site/figures/2026-04/oa.html").contains("../../figures/2026-04/office.html"));
    // A route that is no page, and sides that do not answer each other, are refused at their place.
    ws.write("wellkept.toml", format!("{CONFIG}\n[site.aliases]\n\"a/*.html\" = \"b.html\"\n"));
    let ran = build(&ws, 2);
    assert!(ran.stderr.contains("wellkept.toml:11:14"), "{}", ran.stderr);
}

#[test]
fn records_that_are_gone_are_told_and_bad_ones_never_keep_a_site_back() {
    let ws = published();
    let training = ws.read("records/training/a.csv");
    fs::remove_file(ws.path("records/training/a.csv")).unwrap();
    let ran = build(&ws, 1);
    assert!(ran.stderr.contains("records/training/2026-04.html"), "{}", ran.stderr);

    // A slip in its date keeps the record out: it is listed, and the site is published.
    ws.write("records/training/a.csv", training.replace("2026-04-07", "2026-04-37"));
    let ran = build(&ws, 0);
    assert!(ran.stderr.contains("site.vanished") && ran.stderr.contains("gone for now"), "{}", ran.stderr);
    assert!(!ws.path("site/records/training/2026-04.html").exists());
}

#[test]
fn an_earlier_look_does_not_take_the_place_of_a_later_site() {
    let ws = published();
    let back = ["build", "--as-of", "2026-04-20", "--lang", "en"];
    let ran = must(ws.root(), &back, 1);
    assert!(ran.stderr.contains("--output") && ws.path("site/reports/2026-05.html").is_file(), "{}", ran.stderr);
    must(ws.root(), &[&back[..], &["--output", "april"]].concat(), 0);
    assert!(ws.path("april/reports/2026-04.html").is_file());
}
