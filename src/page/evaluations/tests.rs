//! Packs, on small workspaces judged whole.

use serde_json::Value;

use super::*;
use crate::page::restated::Versions;
use crate::page::shelf::Shelf;
use crate::page::tests::with;
use crate::page::verdict::Verdicts;

/// The view of a page of the packs.
fn pack(files: &[(&str, &str)], as_of: &str, name: &str) -> Value {
    with(files, as_of, |book| {
        let shelf = Shelf::of(book.ledger, book.standard);
        let (verdicts, way) = (Verdicts::of(book), Way::from_depth(book, &shelf, 1));
        let versions = Versions::of(book, &verdicts);
        let desk = Desk::open(book, &verdicts, &versions, &way).unwrap();
        let all = sheets(&desk);
        all.into_iter().find(|sheet| sheet.path == format!("evaluations/{name}.html")).unwrap().json()
    })
}

const MINUTES: &str = "---\nid: EV-1\ndate: 2026-07-16\nhalf: 2026H1\nchair: 分管领导\nattendees:\n  - 运维: 值班员甲、值班员乙\n  - 业务: 综合科\n  - 管理员: 管理员甲\n---\n\n## 数据回顾\n\n好。\n\n## 问题\n\n无。\n";

#[test]
fn a_half_without_records_has_a_pack_that_says_so() {
    let view = pack(&[], "2026-08-20", "2026H1");
    assert_eq!(view["number"], "WK-2026H1");
    assert_eq!(view["meetings"].as_array().unwrap().len(), 0);
    assert_eq!((&view["preliminary"], &view["held"]["class"]), (&false.into(), &"missed".into()));
    assert_eq!(view["heads"].as_array().unwrap().len(), 6);
    let said: Vec<&str> = view["summary"].as_array().unwrap().iter().map(|s| s.as_str().unwrap()).collect();
    assert!(said.contains(&"没有改进计划。") && said.contains(&"收到用户反馈 0 条。"), "{said:?}");
    // Each rule that asks for something missed it; what a meeting speaks of is the sort, not each day.
    let problems = view["problems"].as_array().unwrap();
    let daily: Vec<&Value> = problems.iter().filter(|p| p["rule"]["text"] == "每天有成功的备份").collect();
    assert_eq!(daily.len(), 1, "{problems:?}");
    assert_eq!(pack(&[], "2026-08-20", "2026H2")["preliminary"], true);
}

#[test]
fn minutes_and_who_was_there_stand_in_the_pack_of_the_half_that_they_name() {
    let files = [("records/evaluation/EV-1.md", MINUTES)];
    let view = pack(&files, "2026-08-20", "2026H1");
    let meeting = &view["meetings"][0];
    assert_eq!((&meeting["date"], &meeting["chair"]), (&"2026-07-16".into(), &"分管领导".into()));
    assert_eq!(meeting["attendees"][1], serde_json::json!({"role": "业务", "names": "综合科"}));
    let html = meeting["minutes"]["html"].as_str().unwrap();
    assert!(html.contains("<h3") && !html.contains("<h2"), "{html}");
    assert_eq!(view["held"]["class"], "met");
    assert_eq!(pack(&files, "2026-08-20", "2026H2")["meetings"].as_array().unwrap().len(), 0);
}

#[test]
fn the_plan_holds_what_the_evaluation_asked_for_and_what_was_left_to_the_half() {
    let rows = "id,raised,evaluation,goal,measure,owner,due,expected,status,done_at\n\
                IM-1,2026-07-16,EV-1,一,措施,甲,2026-08-01,效果,open,\n\
                IM-2,2026-02-01,,二,措施,甲,2026-09-01,效果,open,\n\
                IM-3,2026-07-20,,三,措施,甲,2026-12-01,效果,open,\n";
    let files = [("records/evaluation/EV-1.md", MINUTES), ("records/improvement/a.csv", rows)];
    let ids = |half: &str| -> Vec<String> {
        let view = pack(&files, "2026-08-20", half);
        view["plan"].as_array().unwrap().iter().map(|r| r["record"]["text"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids("2026H1"), ["IM-1", "IM-2"]);
    assert_eq!(ids("2026H2"), ["IM-1", "IM-2", "IM-3"]);
    let index = pack(&files, "2026-08-20", "index");
    assert_eq!((&index["rows"][1]["asked"], &index["rows"][1]["open"]), (&1.into(), &1.into()));
}

#[test]
fn scores_of_the_half_are_added_up_and_few_say_nothing() {
    let row = |n: u32, month: u32, score: u32| format!("FB-{n},oa,2026-{month:02}-05,综合科,意见,{score}\n");
    let header = "id,system,date,department,text,satisfaction\n";
    let few: String = (1..=4).map(|n| row(n, n, 5)).collect();
    let view = pack(&[("records/feedback/a.csv", &format!("{header}{few}"))], "2026-07-20", "2026H1");
    let of = &view["feedback"]["systems"][0];
    assert_eq!((&of["scores"], &of["satisfied"]), (&4.into(), &"–".into()));
    let enough: String = (1..=6).map(|n| row(n, n, if n < 3 { 2 } else { 4 })).collect();
    let view = pack(&[("records/feedback/a.csv", &format!("{header}{enough}"))], "2026-07-20", "2026H1");
    assert_eq!(view["feedback"]["systems"][0]["satisfied"], "66.666 %");
    assert_eq!(view["feedback"]["total"], 6);
}
