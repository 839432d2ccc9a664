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
