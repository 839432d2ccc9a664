//! The commands that write: a new archive, new records, tables in form, what a shell knows of them; and the tutorial of
//! the manual, followed command by command.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::program::{Ran, must, ran, run};
use crate::repository::text;
use crate::workspace::{Workspace, tree};

/// 2026-11-10, 09:00 in Shanghai.
const NOW: &str = "1794272400";

#[test]
fn a_new_archive_is_green_and_builds_in_both_languages() {
    for lang in ["zh-CN", "en"] {
        let ws = Workspace::empty();
        for (name, more) in [("plain", &[][..]), ("demo", &["--demo"][..])] {
            must(ws.root(), &[&["init", name, "--lang", lang, "--as-of", "2026-11-10T09:00"], more].concat(), 0);
            let folder = ws.path(name);
            let checked = must(&folder, &["check", "--as-of", "2026-11-10T09:00", "--fail-on", "info"], 0);
            assert!(checked.stderr.lines().count() == 1, "{}", checked.stderr);
            must(&folder, &["build", "--as-of", "2026-11-10T09:00"], 0);
            must(&folder, &["fmt", "--check", "--as-of", "2026-11-10T09:00"], 0);
            let again = must(ws.root(), &["init", name, "--lang", "en"], 2);
            assert!(again.stderr.contains("nothing was written"), "{}", again.stderr);
        }
        let attributes = std::fs::read_to_string(ws.path("demo/.gitattributes")).unwrap();
        assert!(attributes.contains("seals/** -text"));
    }
}

#[test]
fn a_new_archive_writes_over_nothing() {
    let ws = Workspace::of_text("-- a/.gitignore --\nmine\n");
    must(ws.root(), &["init", "a"], 2);
    assert_eq!(tree(ws.root()).len(), 1);
    assert_eq!(ws.read("a/.gitignore"), "mine\n");
}

#[test]
fn a_theme_that_was_copied_out_builds_the_same_pages() {
    let ws = Workspace::empty();
    must(ws.root(), &["init", ".", "--lang", "en", "--as-of", "2026-11-10"], 0);
    let build = |output: &str| must(ws.root(), &["build", "--as-of", "2026-11-10", "--output", output], 0);
    build("one");
    let ran = must(ws.root(), &["init", "--theme", "ours", "--lang", "en"], 0);
    assert!(ran.stderr.contains("theme = \"ours\"") && ran.stdout.contains("themes/ours/templates/base.html"));
    ws.write("wellkept.toml", ws.read("wellkept.toml").replace("[site]", "[site]\ntheme = \"ours\""));
    build("two");
    let statics = |output: &str| -> Vec<(String, Vec<u8>)> {
        tree(&ws.path(output)).into_iter().filter(|(path, _)| path.starts_with("static/")).collect()
    };
    assert!(statics("one") == statics("two") && !statics("one").is_empty());
    must(ws.root(), &["init", "--theme", "ours"], 2);
    must(ws.root(), &["init", "--theme", "../x"], 2);
}

#[test]
fn a_new_record_is_written_or_refused() {
    let ws = Workspace::small("");
    let new =
        |args: &[&str]| run(ws.root(), &[&["new"], args, &["--as-of", "2026-04-10T09:00", "--lang", "en"]].concat());
    let made = new(&["backup", "--set", "type=full", "--set", "备份结果=成功"]);
    assert_eq!((made.code, made.stdout.as_str()), (Some(0), "records/backup/2026-04.csv\n"), "{}", made.stderr);
    let before = ws.read("records/backup/2026-04.csv");
    assert!(before.contains("BACKUP-20260410-1,oa,2026-04-10T09:00:00+08:00,,full,成功,"), "{before}");
    let refused = new(&["backup", "--set", "type=full", "--set", "result=gut"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("\"gut\" is not known") && refused.stderr.contains("nothing was written"));
    assert_eq!(ws.read("records/backup/2026-04.csv"), before);
    for (args, said) in [
        (&["backup"][..], "type, result must be given"),
        (&["backup", "--set", "typ=full"], "did you mean type?"),
        (&["bakup"], "did you mean backup?"),
        (&["fault", "../../x"], "is no name for a file"),
        (&["runbook"], "name the file"),
    ] {
        let ran = new(args);
        assert!(ran.code == Some(2) && ran.stderr.contains(said), "{}", ran.stderr);
    }
    assert_eq!(new(&["runbook", "db/restore"]).stdout, "content/runbooks/db/restore.md\n");
    assert_eq!(new(&["page", "guide"]).stdout, "content/guide.md\n");
    assert!(new(&["page", "guide"]).stderr.contains("is there already"));
}

#[test]
fn tables_are_put_in_form_once() {
    let ws = Workspace::small(
        "-- records/backup/a.csv --\n编号;系统;开始时间;备份类型;备份结果\nB2;oa;2026-04-02 01:00;全量;成功\n\
         B1;oa;2026/4/1 1:00;全量;成功\n-- records/backup/b.csv --\nid,system,started_at,type,result\nB3,oa,gestern,full,success\n",
    );
    let as_of = |args: &[&'static str]| [args, &["--as-of", "2026-04-03", "--lang", "en"]].concat();
    let judged = || crate::program::judged(ws.root(), "2026-04-03");
    let before = judged();
    let looked = must(ws.root(), &as_of(&["fmt", "--check"]), 1);
    assert_eq!(looked.stdout, "records/backup/a.csv\n");
    assert!(looked.stderr.contains("编号 → id") && looked.stderr.contains("b.csv: left as it is"), "{}", looked.stderr);
    must(ws.root(), &as_of(&["fmt"]), 1);
    let text = "id,system,started_at,type,result\nB1,oa,2026/4/1 1:00,全量,成功\nB2,oa,2026-04-02 01:00,全量,成功\n";
    assert_eq!(ws.read("records/backup/a.csv"), text);
    let after = judged();
    for part in ["records", "slots", "summary", "figures"] {
        assert_eq!(before[part], after[part], "{part}");
    }
    assert_eq!(must(ws.root(), &as_of(&["fmt", "--check", "records/backup/a.csv"]), 0).stdout, "");
    must(ws.root(), &as_of(&["fmt", "--times", "records/backup/a.csv"]), 0);
    assert!(ws.read("records/backup/a.csv").contains("B1,oa,2026-04-01T01:00:00+08:00,全量,成功"));
    assert_eq!(judged()["figures"], before["figures"]);
}

#[test]
fn bash_completes_what_completions_prints() {
    let ws = Workspace::empty();
    let script = must(ws.root(), &["completions", "bash"], 0).stdout;
    ws.write("wellkept.bash", script);
    let line = "source ./wellkept.bash; COMP_WORDS=(wellkept fm); COMP_CWORD=1; _wellkept wellkept fm wellkept; \
        echo \"${COMPREPLY[@]}\"; COMP_WORDS=(wellkept fmt --ch); COMP_CWORD=2; _wellkept wellkept --ch fmt; \
        echo \"${COMPREPLY[@]}\"";
    let out = Command::new("bash").args(["--norc", "-c", line]).current_dir(ws.root()).output().unwrap();
    assert_eq!(String::from_utf8(out.stdout).unwrap(), "fmt\n--check\n", "{}", String::from_utf8_lossy(&out.stderr));
    for shell in ["zsh", "fish", "powershell", "elvish"] {
        assert!(must(ws.root(), &["completions", shell], 0).stdout.contains("wellkept"), "{shell}");
    }
}

#[test]
fn the_manual_pages_name_what_they_are_about() {
    let ws = Workspace::empty();
    let page = |args: &[&str]| must(ws.root(), args, 0).stdout;
    assert!(page(&["man", "--lang", "en"]).contains(".TH wellkept 1"));
    assert!(page(&["man", "fmt", "--lang", "en"]).contains("canonical form"));
    assert!(page(&["man", "fmt", "--lang", "zh-CN"]).contains("规范形式"));
    must(ws.root(), &["man", "nothing"], 2);
}

/// The commands of the shell blocks of a page.
fn commands(page: &str) -> Vec<String> {
    let mut shell = false;
    let mut out = Vec::new();
    for line in text(page).replace("\\\n", " ").lines() {
        match line {
            "```sh" => shell = true,
            "```" => shell = false,
            line if shell => out.push(line.to_owned()),
            _ => {}
        }
    }
    out
}

#[test]
fn the_tutorial_does_what_it_says() {
    for (page, marks) in [
        ("content/manual/tutorial.md", ["# 会被拒绝", "# 有错误", "# 有不同"]),
        ("content/manual/tutorial.en.md", ["# it is refused", "# errors are found", "# it differs"]),
    ] {
        let ws = Workspace::empty();
        let program = Path::new(env!("CARGO_BIN_EXE_wellkept")).parent().unwrap();
        let path = format!("{}:/usr/bin:/bin", program.display());
        let mut folder = ws.root().to_path_buf();
        let all = commands(page);
        assert!(all.len() > 12, "{page}");
        for line in all {
            if let Some(into) = line.strip_prefix("cd ") {
                folder = folder.join(into);
                continue;
            }
            let mut shell = Command::new("bash");
            shell.args(["-c", &line]).current_dir(&folder).stdin(Stdio::null());
            shell.env_clear().env("PATH", &path).env("SOURCE_DATE_EPOCH", NOW);
            let Ran { code, stdout, stderr } = ran(&mut shell);
            let expected = i32::from(marks.iter().any(|mark| line.ends_with(mark)));
            assert_eq!(code, Some(expected), "{page}: {line}\n{stdout}{stderr}");
        }
        let made = ["records/fault/F-DEMO-1.md", "content/runbooks/restore-database.md", "seals/VERIFY.txt"];
        for made in made.into_iter().chain(["site/index.html", "site/archive/index.html"]) {
            assert!(folder.join(made).is_file(), "{made}");
        }
    }
}
