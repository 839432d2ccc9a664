//! The built-in standards show themselves: each example is run, and what shows nothing does not pass.

use std::collections::BTreeMap;

use super::*;
use crate::say::placeholders;
use crate::standard::{BUILTIN, builtin};

fn built_in() -> BTreeMap<String, String> {
    builtin("oa-maintenance").unwrap()
}

/// What the examples of a rule say once a text of the built-in standard is changed.
fn changed(rule: &str, (from, to): (&str, &str)) -> Vec<Shown> {
    let mut files = built_in();
    let texts: Vec<&mut String> =
        files.values_mut().filter(|text| text.contains(&format!("id = \"{rule}\""))).collect();
    for text in texts {
        assert_eq!(text.matches(from).count(), 1, "{from:?} is there once");
        *text = text.replace(from, to);
    }
    let under_test = UnderTest::read(&files).unwrap();
    let of_rule = cases(&under_test.standard).into_iter().filter(|case| case.rule == rule);
    of_rule.map(|case| show(&case, &under_test)).filter(|s| s.found.as_ref() != Ok(&s.expected)).collect()
}

#[test]
fn every_rule_of_the_built_in_standards_shows_itself_twice() {
    for (name, count) in BUILTIN.iter().zip([48, 34]) {
        let files = builtin(name).unwrap();
        let (shown, standard) = (examples(&files).unwrap(), UnderTest::read(&files).unwrap().standard);
        for one in &shown {
            assert_eq!(one.found.as_ref(), Ok(&one.expected), "{name}: {} (good: {})", one.rule, one.good);
        }
        let alone = ["records.unaltered", "records.late"];
        let rules: Vec<&str> = standard.rules.iter().map(|r| r.id.as_str()).filter(|id| !alone.contains(id)).collect();
        assert_eq!(rules.len(), count, "{name}");
        assert_eq!(shown.len(), 2 * rules.len());
        for rule in rules {
            let of: Vec<bool> = shown.iter().filter(|s| s.rule == rule).map(|s| s.good).collect();
            assert_eq!(of, [true, false], "{name}: {rule}");
        }
    }
}

#[test]
fn every_message_of_the_built_in_standards_is_filled_in() {
    for (name, count) in BUILTIN.iter().zip([48, 34]) {
        let seen = filled_in(&builtin(name).unwrap());
        assert!(seen >= count, "{name}: {seen}");
    }
}

/// Looks at every message that a failing example brings, and tells how many there were.
fn filled_in(files: &BTreeMap<String, String>) -> usize {
    let under_test = UnderTest::read(files).unwrap();
    let mut seen = 0;
    for case in cases(&under_test.standard).iter().filter(|case| !case.good) {
        for finding in judged(case.example, &under_test).unwrap().findings.iter().filter(|f| f.rule == case.rule) {
            let help = finding.help.as_ref().unwrap();
            for text in [&finding.message.zh, &finding.message.en, &help.zh, &help.en] {
                assert!(placeholders(text).next().is_none() && !text.contains("（空）"), "{}: {text}", case.rule);
                assert!(!text.contains("(empty)") && !text.is_empty(), "{}: {text}", case.rule);
            }
            seen += 1;
        }
    }
    seen
}

#[test]
fn a_finding_about_a_record_points_at_its_cell() {
    let files = built_in();
    let under_test = UnderTest::read(&files).unwrap();
    let place = |rule: &str| {
        let all = cases(&under_test.standard);
        let case = all.iter().find(|case| case.rule == rule && !case.good).unwrap();
        let judged = judged(case.example, &under_test).unwrap();
        let finding = judged.findings.iter().find(|f| f.rule == rule).unwrap();
        let place = finding.place.clone().unwrap();
        let text = &case.example.files.iter().find(|(path, _)| **path == *place.file).unwrap().1;
        let line: Vec<char> = text.lines().nth(place.line as usize - 1).unwrap().chars().collect();
        let from = place.column as usize - 1;
        line[from..from + place.width as usize].iter().collect::<String>()
    };
    assert_eq!(place("support.answered"), "2026-01-06 09:50");
    assert_eq!(place("backup.offsite"), "no");
    assert_eq!(place("backup.failed-followed"), "failed");
    assert_eq!(place("access.separation"), "综合科负责人");
    assert_eq!(place("records.ordered"), "2026-01-02 00:10");
    assert_eq!(place("fault.graded"), "");
    assert_eq!(place("runbook.reviewed"), "2026-02-20");
    assert_eq!(place("runbook.owned"), "从备份恢复");
    assert_eq!(place("improvement.planned"), "EV-2026H1");
}

#[test]
fn a_bad_example_that_finds_nothing_does_not_pass() {
    let failed = changed("optimization.quarterly", ("as_of = \"2026-06-30\"", "as_of = \"2026-06-29\""));
    assert_eq!(failed.len(), 1);
    assert!(!failed[0].good);
    assert_eq!(failed[0].found, Ok(Vec::new()));
}

#[test]
fn a_good_example_that_proves_nothing_does_not_pass() {
    // The question is not yet asked when it is judged.
    let failed = changed("support.answered", ("S-01,oa,2026-01-05", "S-01,oa,2026-03-05"));
    assert_eq!((failed.len(), failed[0].good), (1, true));
    let why = &failed[0].found.clone().unwrap_err()[0].message.en;
    assert_eq!(why, "the example holds nothing that the rule is about, and passes for nothing");
    // No quarter is over.
    let failed = changed("optimization.quarterly", ("as_of = \"2026-03-31\"", "as_of = \"2026-01-31\""));
    assert_eq!((failed.len(), failed[0].found.is_err()), (1, true));
}

#[test]
fn an_example_that_cannot_be_read_does_not_pass() {
    let failed = changed("support.answered", ("S-01,oa,2026-01-05", "S-01,ao,2026-01-05"));
    assert_eq!(failed[0].found.clone().unwrap_err()[0].rule, "ingest.value");
}
