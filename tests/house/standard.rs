//! The standard as data: every rule's passing and failing example holds.

use crate::program::must;
use crate::repository::root;
use crate::workspace::{CONFIG, Workspace};

#[test]
fn every_rule_has_a_good_and_a_bad_example_and_all_of_them_hold() {
    let list = must(root(), &["standard", "--lang", "en"], 0).stdout;
    // A rule stands two columns in: its id, severity and form. What is asked of the seals themselves cannot be shown by
    // an example of a few files, and has tests of its own.
    let rules = list.lines().filter(|l| l.starts_with("  ") && !l.starts_with("   "));
    let (sealed, shown): (Vec<&str>, Vec<&str>) = rules.partition(|l| l.contains(" sealed "));
    assert!(shown.len() > 30 && sealed.len() < 4, "{list}");
    let ran = must(root(), &["standard", "--test"], 0);
    let passed = ran.stdout.strip_suffix(" passed, 0 failed\n").and_then(|n| n.parse::<usize>().ok());
    assert!(passed.is_some_and(|n| n >= 2 * shown.len()), "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn an_example_that_does_not_hold_ends_with_1_and_names_the_rule() {
    let ws = Workspace::empty();
    ws.write("wellkept.toml", format!("{CONFIG}\n[standard]\nuse = \"standards/oa-maintenance\"\n"));
    let mut changed = false;
    for (path, bytes) in crate::workspace::tree(&root().join("standards/oa-maintenance")) {
        let text = String::from_utf8(bytes).unwrap();
        // What the failing example of the daily backup has to find.
        let text = match text.find("id = \"backup.daily\"") {
            Some(rule) => {
                let (before, after) = text.split_at(rule);
                let at = after.find("finds = [").expect("an example that finds something");
                changed = true;
                format!("{before}{}finds = [\"nothing of the kind\", {}", &after[..at], &after[at + 9..])
            }
            None => text,
        };
        ws.write(&format!("standards/oa-maintenance/{path}"), text);
    }
    assert!(changed, "no rule backup.daily");
    let ran = must(ws.root(), &["standard", "--test"], 1);
    assert!(ran.stdout.ends_with(" 1 failed\n") && ran.stderr.contains("backup.daily"), "{}{}", ran.stdout, ran.stderr);
}

const CONTROLS: &str = "\
-- wellkept.toml --
[site]
title = \"档案\"
timezone = \"Asia/Shanghai\"
[standard]
use = \"iso-27001-operations\"
[[system]]
id = \"oa\"
name = \"办公系统\"
in_service = 2026-04-01
-- records/backup/2026.csv --
id,system,started_at,type,result,size,offsite
B1,oa,2026-04-01 01:00,full,success,1 GB,是
-- records/log-review/2026.csv --
编号,系统,审查时间,审查人,异常数,查清时间,结论
LR-01,办公系统,2026-04-09 16:00,管理员乙,2,,
LR-02,办公系统,2026-04-16 16:00,管理员乙,0,,没有异常
-- records/continuity-exercise/CE-01.md --
---
id: CE-01
system: oa
started_at: 2026-04-18 09:00
restored_at: 2026-04-18 11:00
scenario: 机房断电
result: 通过
---
切换用了两个小时。
-- records/waiver/2026.csv --
id,rule,system,from,to,reason,approver,approved_at
W1,backup.daily,oa,2026-04-02,2026-04-30,停用,管理员甲,2026-04-01 09:00
";

/// The second standard uses other clauses and other limits, kinds of its own beside shared ones, and sets no target of
/// availability: none of it is known to the program.
#[test]
fn a_workspace_under_the_second_standard_is_judged_and_shown() {
    let ws = Workspace::of_text(CONTROLS);
    let judged = crate::program::judged(ws.root(), "2026-05-01");
    assert_eq!(judged["standard"]["id"], "iso-27001-operations");
    assert_eq!(judged["records"]["rejected"], 0);
    let rules: Vec<(&str, bool)> = judged["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| (f["rule"].as_str().unwrap(), f["waived_by"].is_null()))
        .collect();
    // The first whole week is that of 6 April; the one of 20 April has no review.
    let expected = [
        ("backup.daily", false),
        ("backup.daily", true),
        ("log-review.cleared", true),
        ("log-review.weekly", true),
        ("update.monthly", true),
    ];
    assert_eq!(rules.iter().copied().collect::<std::collections::BTreeSet<_>>(), expected.into_iter().collect());
    let figures = judged["figures"].as_array().unwrap();
    let availability = figures.iter().find(|f| f["figure"] == "availability").unwrap();
    assert!(availability["target"].is_null() && availability["verdict"].is_null(), "{availability}");
    // What it has no limit, no rule or no kind for is no figure.
    for name in ["support_answered", "satisfaction"] {
        assert!(figures.iter().all(|f| f["figure"] != name), "{name}");
    }

    must(ws.root(), &["build", "--as-of", "2026-05-01"], 0);
    let home = ws.read("site/index.html");
    assert!(home.contains("ISO/IEC 27001 运维控制（简编）"), "{home}");
    assert!(!home.contains("目标 99.5") && !home.contains("可用率余量"), "{home}");
    assert!(home.contains("可用率") && home.contains("目标 100 %"), "{home}");
    assert!(ws.read("site/clauses/A.8.15.html").contains("没有审查日志"));
    assert!(ws.read("site/records/log-review/2026-04.html").contains("LR-02"));
    assert!(ws.read("site/records/continuity-exercise/2026-04.html").contains("机房断电"));
    assert!(ws.read("site/reports/2026-04.html").contains("A.5.30"));
}

/// A copy holds the shared kinds too, and judges alike.
#[test]
fn a_copy_of_the_second_standard_stands_by_itself() {
    let ws = Workspace::of_text(CONTROLS);
    let before = crate::program::judged(ws.root(), "2026-05-01");
    let listed = must(ws.root(), &["standard", "--write", "standards/"], 0).stdout;
    assert!(listed.contains("iso-27001-operations/kinds/backup.toml"), "{listed}");
    let config = ws.read("wellkept.toml").replace("\"iso-", "\"standards/iso-");
    ws.write("wellkept.toml", config);
    assert_eq!(crate::program::judged(ws.root(), "2026-05-01"), before);
    let ran = must(ws.root(), &["standard", "--test"], 0);
    assert_eq!(ran.stdout, "68 passed, 0 failed\n");
}
