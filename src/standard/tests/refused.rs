//! Each thing that a standard can have wrong is refused: once, where it stands, and with the nearest name where a name
//! is wrong. The cases are told in `refused.txt`.

use super::*;

/// A case: in a file of the built-in standard, lines `-` are replaced by lines `+`, in which `▸` marks the place that is
/// refused; `!` begins the message and `?` the help.
#[derive(Default)]
struct Case {
    file: String,
    from: Vec<String>,
    to: Vec<String>,
    message: String,
    help: String,
}

fn cases() -> Vec<Case> {
    let blocks = include_str!("refused.txt").split("\n\n").map(|block| block.lines().filter(|l| !l.starts_with('#')));
    let mut out = Vec::new();
    for block in blocks {
        let mut case = Case::default();
        for line in block {
            match line.split_at_checked(2) {
                Some(("- ", text)) => case.from.push(text.to_owned()),
                Some(("+ ", text)) => case.to.push(text.to_owned()),
                Some(("! ", text)) => text.clone_into(&mut case.message),
                Some(("? ", text)) => text.clone_into(&mut case.help),
                _ => line.clone_into(&mut case.file),
            }
        }
        if !case.file.is_empty() {
            out.push(case);
        }
    }
    out
}

#[test]
fn each_refusal_is_told_once_and_in_its_place() {
    let cases = cases();
    assert!(cases.len() > 60, "{}", cases.len());
    for Case { file, from, to, message, help } in cases {
        let path = format!("{FOLDER}{file}");
        let (from, to) = (from.join("\n"), to.join("\n"));
        let mut files = built_in();
        let text = files.get_mut(&path).unwrap();
        assert!(text.contains(&from), "{from:?} is in {file}");
        let marked = text.replacen(&from, &to, 1);
        let (before, _) = marked.split_once('▸').unwrap();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
        *text = marked.replace('▸', "");
        let found = read(files).expect_err(&to);
        told(&found, &format!("{path}:{line}:{column}"), &message, &help);
    }
}

fn told(found: &[Finding], place: &str, message: &str, help: &str) {
    let messages: Vec<&str> = found.iter().map(|f| f.message.en.as_str()).collect();
    assert_eq!(messages.len(), 1, "{place}: {messages:?}");
    let at = found[0].place.clone().unwrap();
    assert_eq!(format!("{}:{}:{}", at.file, at.line, at.column), place, "{}", messages[0]);
    assert!(messages[0].starts_with(message), "{place}: {}", messages[0]);
    assert!(found[0].message.zh.chars().any(|c| c >= '\u{4e00}'), "{}", found[0].message.zh);
    let said = found[0].help.as_ref().map_or("", |help| &help.en);
    assert!(if help.is_empty() { said.is_empty() } else { said.starts_with(help) }, "{place}: {said:?}");
}

/// What a workspace sets otherwise is refused in its own file.
#[test]
fn what_the_workspace_sets_is_refused_there() {
    let refused = |lines: &str, place: &str, message: &str, help: &str| {
        let found = Standard::read(built_in(), &config(lines)).expect_err(lines);
        told(&found, place, message, help);
    };
    refused(
        "[standard.params]\npatch_day = 7",
        "wellkept.toml:10:1",
        "the standard has no parameter patch_day",
        "did you mean patch_days?",
    );
    refused(
        "[standard.params]\npatch_days = [\"x\"]",
        "wellkept.toml:10:1",
        "the parameter patch_days takes another type of value",
        "",
    );
    refused(
        "[records.bakup.aliases]\nid = [\"序号\"]",
        "wellkept.toml:9:10",
        "there is no kind bakup",
        "did you mean backup?",
    );
    refused(
        "[records.backup.aliases]\nsise = [\"体积\"]",
        "wellkept.toml:10:1",
        "backup has no field sise",
        "did you mean size?",
    );
    refused(
        "[records.backup.aliases]\nsize = [\"结束时间\"]",
        "wellkept.toml:10:9",
        "the header \"结束时间\" of backup means both finished_at and size",
        "",
    );
    refused(
        "[records.bakup]\ndate_order = \"dmy\"",
        "wellkept.toml:9:10",
        "there is no kind bakup",
        "did you mean backup?",
    );
    refused(
        "[records.backup.values.resalt]\nsuccess = [\"搞定\"]",
        "wellkept.toml:9:24",
        "backup has no field resalt",
        "did you mean result?",
    );
    refused(
        "[records.backup.values.size]\nlarge = [\"大\"]",
        "wellkept.toml:9:24",
        "the field size is of type bytes; only the values of an enum have words",
        "there are: result, type",
    );
    refused(
        "[records.backup.values.result]\nsucess = [\"搞定\"]",
        "wellkept.toml:10:1",
        "the field result of backup has no value sucess",
        "did you mean success?",
    );
    refused(
        "[records.backup.values.result]\nsuccess = [\"搞定\"]\nfailed = [\"搞定\"]",
        "wellkept.toml:11:11",
        "\"搞定\" means success already and cannot mean failed too",
        "",
    );
    refused(
        "[records.backup.values.result]\nfailed = [\"ok\"]",
        "wellkept.toml:10:11",
        "\"ok\" means success already and cannot mean failed too",
        "",
    );
    refused("[records.backup.values.result]\nfailed = [\" \"]", "wellkept.toml:10:11", "a word cannot be empty", "");
}

#[test]
fn a_standard_without_a_head_is_none() {
    let mut files = built_in();
    files.retain(|path, _| path.contains("/kinds/"));
    let found = read(files).unwrap_err();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].message.en, "standard is missing");
}

#[test]
fn a_rule_without_an_example_is_refused() {
    let path = format!("{FOLDER}clauses/3.2.2.toml");
    for name in ["good", "bad"] {
        let mut files = built_in();
        let text = files.get_mut(&path).unwrap();
        let start = text.find(&format!("[clause.rule.{name}]")).unwrap();
        let end = text[start..].find("\n\n").map_or(text.len(), |n| start + n);
        text.replace_range(start..end, "");
        told(&read(files).unwrap_err(), &format!("{path}:7:1"), &format!("clause.rule.{name} is missing"), "");
    }
}

#[test]
fn what_two_files_say_is_refused_in_the_second() {
    let second = format!("{FOLDER}z.toml");
    let refused = |text: &str, column: &str, message: &str| {
        let mut files = built_in();
        files.insert(second.clone(), text.to_owned());
        told(&read(files).unwrap_err(), &format!("{second}:{column}"), message, "");
    };
    refused(
        "[params]\npatch_days = 7\n",
        "2:1",
        "the parameter patch_days is there twice; it also stands at standards/oa-maintenance/standard.toml:",
    );
    refused(
        &built_in()[&format!("{FOLDER}standard.toml")]
            .split("\n# What")
            .next()
            .unwrap()
            .replace("[standard]", "\n[standard]"),
        "5:2",
        "the table [standard] is there twice; it also stands at standards/oa-maintenance/standard.toml:4",
    );
    refused(
        &built_in()[&format!("{FOLDER}kinds/scan.toml")],
        "1:7",
        "the kind scan is there twice; it also stands at standards/oa-maintenance/kinds/scan.toml:1",
    );
    refused(
        "[[chapter]]\nid = \"3\"\ntitle = { zh = \"三\", en = \"Three\" }\n",
        "2:6",
        "the chapter 3 is there twice; it also stands at standards/oa-maintenance/standard.toml:",
    );
}
