//! Reports, on small workspaces judged whole.

use serde_json::Value;

use super::*;
use crate::page::restated::Versions;
use crate::page::shelf::Shelf;
use crate::page::tests::{self, with_config};
use crate::page::verdict::Verdicts;
use crate::page::way::Way;

const HEADER: &str = "id,rule,system,from,to,reason,approver,approved_at\n";

/// The view of the report of a month.
fn report(files: &[(&str, &str)], as_of: &str, month: &str) -> Value {
    report_of(tests::CONFIG, files, as_of, month)
}

fn report_of(config: &str, files: &[(&str, &str)], as_of: &str, month: &str) -> Value {
    with_config(config, files, as_of, |book| {
        let shelf = Shelf::of(book.ledger, book.standard);
        let (verdicts, way) = (Verdicts::of(book), Way::from_depth(book, &shelf, 1));
        let sheets = sheets(&Desk::open(book, &verdicts, &Versions::of(book, &verdicts), &way).unwrap()).unwrap();
        sheets.into_iter().find(|s| s.path == format!("reports/{month}.html")).unwrap().json()
    })
}

fn sentences(view: &Value) -> Vec<&str> {
    view["summary"].as_array().unwrap().iter().map(|s| s.as_str().unwrap()).collect()
}

#[test]
fn a_month_without_records_has_a_report_that_says_so() {
    let view = report(&[], "2026-03-15", "2026-02");
    let said = sentences(&view);
    assert!(said.contains(&"没有新报故障；月末未解决 0 起。"), "{said:?}");
    assert!(said.contains(&"每日备份应有 28 次，成功 0 次。"), "{said:?}");
    assert!(said.contains(&"应值 28 个班次，有记录 0 个。"), "{said:?}");
    // Nobody watched: that nothing is known of an outage proves nothing.
    assert!(said[1].contains("1 个系统中 0 个的可用率符合目标，缺证据：办公系统"), "{said:?}");
    assert_eq!(view["head"]["number"], "WK-2026-02");
    assert_eq!(view["head"]["reviews"].as_array().unwrap().len(), 0);
    assert_eq!((&view["head"]["review"]["class"], &view["head"]["approved"]), (&"missed".into(), &Value::Null));
    assert!(view["head"]["seal"]["word"].as_str().unwrap().contains("未封存"));
    assert_eq!(view["faults"].as_array().unwrap().len() + view["updates"].as_array().unwrap().len(), 0);
    assert_eq!(view["preliminary"], false);
    assert_eq!(report(&[], "2026-03-15", "2026-03")["preliminary"], true);
}

#[test]
fn a_waiver_that_was_approved_after_the_breach_is_marked() {
    let rows = "W-1,backup.daily,oa,2026-02-03,2026-02-03,搬迁,领导,2026-02-01 09:00\n\
                W-2,backup.daily,oa,2026-02-10,2026-02-11,忘记,领导,2026-02-12 00:00\n\
                W-3,backup.daily,oa,2026-02-20,2026-02-20,当天批准,领导,2026-02-20 23:00\n\
                W-4,backup.daily,oa,2026-03-20,2026-03-20,下月,领导,2026-02-20 23:00\n";
    let view = report(&[("records/waiver/a.csv", &format!("{HEADER}{rows}"))], "2026-03-15", "2026-02");
    let waivers: Vec<(&str, bool, u64)> = view["waivers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|w| (w["record"]["text"].as_str().unwrap(), w["late"].as_bool().unwrap(), w["covers"].as_u64().unwrap()))
        .collect();
    assert_eq!(waivers, [("W-1", false, 1), ("W-2", true, 2), ("W-3", false, 1)]);
    assert!(sentences(&view).contains(&"本月有效的豁免 3 项，其中 1 项在违反之后才批准。"));
}

#[test]
fn a_waiver_for_a_record_is_late_once_its_day_is_over() {
    let fault = "id,system,reported_at,reporter,grade,summary,description,responded_at,resolved_at,verified_at,verified_by\n\
                 F-1,oa,2026-02-05 09:00,甲,紧急,停机,全部用户无法登录系统首页,2026-02-05 09:30,2026-02-05 10:00,2026-02-05 11:00,乙\n";
    let waiver = |approved: &str| format!("{HEADER}W-1,fault.response,oa,2026-02-05,2026-02-05,演练,领导,{approved}\n");
    let late = |approved: &str| {
        let files = [("records/fault/a.csv", fault), ("records/waiver/a.csv", &waiver(approved))];
        let view = report(&files, "2026-03-15", "2026-02");
        assert_eq!(view["waivers"][0]["covers"], 1);
        view["waivers"][0]["late"].as_bool().unwrap()
    };
    assert!(!late("2026-02-05 23:59"));
    assert!(late("2026-02-06 00:00"));
}

#[test]
fn a_waiver_for_a_figure_is_late_once_the_month_is_over() {
    let outage = "id,system,started_at,ended_at\nO-1,oa,2026-02-05 00:00,2026-02-06 00:00\n";
    let waiver =
        |approved: &str| format!("{HEADER}W-1,availability.monthly,oa,2026-02-01,2026-02-28,搬迁,领导,{approved}\n");
    let late = |approved: &str| {
        let files = [("records/outage/a.csv", outage), ("records/waiver/a.csv", &waiver(approved))];
        let view = report(&files, "2026-03-15", "2026-02");
        assert_eq!(view["waivers"][0]["covers"], 1);
        view["waivers"][0]["late"].as_bool().unwrap()
    };
    assert!(!late("2026-02-28 23:59"));
    assert!(late("2026-03-01 00:00"));
}

#[test]
fn reviews_are_shown_in_order_and_a_returned_one_stays() {
    let rows = "id,month,reviewer,reviewed_at,decision,comment\n\
                RV-2,2026-02,领导,2026-03-08 10:00,approved,同意\n\
                RV-1,2026-02,领导,2026-03-05 10:00,returned,缺值班说明\n\
                RV-3,2026-01,领导,2026-03-05 10:00,approved,\n";
    let files = [("records/review/a.csv", rows)];
    let view = report(&files, "2026-03-15", "2026-02");
    let classes: Vec<&str> =
        view["head"]["reviews"].as_array().unwrap().iter().map(|r| r["decision"]["class"].as_str().unwrap()).collect();
    assert_eq!(classes, ["missed", "met"]);
    assert_eq!(view["head"]["approved"]["record"]["text"], "RV-2");
    assert_eq!(view["head"]["review"]["word"], "已批准");
    assert_eq!(report(&files, "2026-03-15", "2026-01")["head"]["review"]["word"], "逾期批准");
    assert_eq!(report(&files, "2026-03-06", "2026-02")["head"]["review"]["word"], "已退回，待批准");
}

#[test]
fn a_report_approved_before_its_month_was_over_is_not_approved() {
    let rows = "id,month,reviewer,reviewed_at,decision,comment\n\
                RV-1,2026-02,领导,2026-02-28 23:59,approved,同意\n";
    let files = [("records/review/a.csv", rows)];
    let head = |as_of: &str| report(&files, as_of, "2026-02")["head"].clone();
    assert_eq!(head("2026-03-15")["review"]["word"], "月末之前批准，之后未再批准");
    assert_eq!(head("2026-03-05")["review"]["word"], "月末之前批准，待重新审阅");
    let head = head("2026-03-15");
    assert_eq!(head["reviews"][0]["decision"]["word"], "月末之前批准，不算数");
    assert!(head["approved"].is_null());
}

#[test]
fn a_window_that_was_announced_late_is_listed() {
    let rows = "id,system,started_at,ended_at,planned,announced_at\n\
                O-1,oa,2026-02-03 22:00,2026-02-03 23:00,是,2026-02-01 09:00\n\
                O-2,oa,2026-02-07 22:00,2026-02-07 23:00,是,2026-02-07 22:30\n\
                O-3,oa,2026-02-09 22:00,2026-02-09 23:00,是,\n";
    let view = report(&[("records/outage/a.csv", rows)], "2026-03-15", "2026-02");
    let windows: Vec<(&str, &str)> = view["windows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|w| (w["record"]["text"].as_str().unwrap(), w["announced"].as_str().unwrap()))
        .collect();
    assert_eq!(windows, [("O-2", "2026-02-07 22:30"), ("O-3", "")]);
    let downtime = view["systems"][0]["rows"].as_array().unwrap().iter().find(|r| r["figure"]["name"] == "downtime");
    assert_eq!(downtime.unwrap()["figure"]["value"], "2 小时");
}

#[test]
fn what_is_open_is_told_as_it_stood_at_the_end_of_the_month() {
    let rows = "id,raised,goal,measure,owner,due,expected,status,done_at\n\
                IM-1,2026-01-10,备份到异地,措施,管理员甲,2026-02-20,效果,done,2026-03-02\n\
                IM-2,2026-01-10,目标,措施,管理员乙,2026-04-01,效果,dropped,\n\
                IM-3,2026-03-01,目标,措施,管理员乙,2026-04-01,效果,open,\n";
    let files = [("records/improvement/a.csv", rows)];
    let open = |month: &str| -> Vec<(String, bool)> {
        let view = report(&files, "2026-03-15", month);
        let rows = view["open"].as_array().unwrap().clone();
        rows.iter()
            .map(|r| (r["record"]["text"].as_str().unwrap().to_owned(), r["overdue"].as_bool().unwrap()))
            .collect()
    };
    assert_eq!(open("2026-01"), [("IM-1".to_owned(), false)]);
    assert_eq!(open("2026-02"), [("IM-1".to_owned(), true)]);
    assert_eq!(open("2026-03"), [("IM-3".to_owned(), false)]);
}

#[test]
fn the_counts_tie_out() {
    let rows = "id,system,started_at,type,result\n\
                B-1,oa,2026-02-03 01:00,full,success\nB-2,oa,2026-02-30 01:00,full,success\nB-3,oa,2026-03-01 01:00,full,success\n";
    let view = report(&[("records/backup/a.csv", rows)], "2026-03-15", "2026-02");
    let method = &view["method"];
    let of = |key: &str| method[key].as_str().unwrap();
    assert_eq!((of("read"), of("accepted"), of("rejected"), of("month")), ("3", "2", "1", "1"));
    let slots: Vec<usize> =
        method["slots"].as_array().unwrap().iter().map(|n| n.as_str().unwrap().parse().unwrap()).collect();
    assert_eq!(slots[..5].iter().sum::<usize>(), slots[5]);
    assert!(slots[5] > 56, "28 backups and 28 shifts at least: {slots:?}");
}

#[test]
fn of_many_systems_those_that_stand_out_are_shown() {
    let mut config = tests::CONFIG.to_owned();
    for n in 1..=19 {
        let system = format!("[[system]]\nid = \"s{n}\"\nname = \"系统{n}\"\nin_service = 2026-01-01\nshifts = []\n");
        config.push_str(&system);
    }
    let outage = "id,system,started_at,ended_at\nO-1,s17,2026-02-05 00:00,2026-02-06 00:00\n\
                  O-2,s19,2026-02-05 00:00,2026-02-05 00:10\n";
    let view = report_of(&config, &[("records/outage/a.csv", outage)], "2026-03-15", "2026-02");
    let names = |rows: &Value| -> Vec<String> {
        rows.as_array().unwrap().iter().map(|r| r["system"]["text"].as_str().unwrap().to_owned()).collect()
    };
    // 办公系统 has shifts and nobody watched: unproven. 系统17 misses its target; 系统19 was down, the others were not.
    let shown = names(&view["systems"]);
    assert_eq!(shown.len(), worst::SHOWN);
    for name in ["办公系统", "系统17", "系统19"] {
        assert!(shown.contains(&name.to_owned()), "{name}: {shown:?}");
        assert!(names(&view["glance"]["rows"]).contains(&name.to_owned()), "{name}");
    }
    assert_eq!(names(&view["glance"]["rows"]).len(), worst::TABLED);
    assert_eq!(view["glance"]["others"]["all"]["href"], "../figures/2026-02/index.html");
    assert!(view["glance"]["others"]["said"].as_str().unwrap().contains("共 20 个系统"));
    // Of much that was found some of every rule is listed, and none is passed over in silence.
    let found = view["findings"].as_array().unwrap();
    let of = |text: &str| found.iter().filter(|f| f["message"].as_str().unwrap().contains(text)).count();
    assert_eq!((of("没有成功的备份"), of("可用率")), (OF_RULE, 1));
    assert!(view["findings_more"]["text"].as_str().unwrap().contains("本月共"));
    // With few of them all are.
    let few = report(&[("records/outage/a.csv", outage)], "2026-03-15", "2026-02");
    assert!(few["glance"].is_null() && few["findings_more"].is_null() && few["outages"]["others"].is_null());
}

#[test]
fn commentary_stands_below_the_headings_of_the_report() {
    let text = "---\nowner: 管理员甲\n---\n# 本月要点\n\n## 其一\n\n见 [[clause:3.1.1]]。\n\n## 故障\n\n都已解决。\n";
    let view = report(&[("content/reports/2026-02.md", text)], "2026-03-15", "2026-02");
    let commentary = &view["commentary"];
    assert_eq!((&commentary["title"], &commentary["owner"]), (&"本月要点".into(), &"管理员甲".into()));
    let html = commentary["parts"][0]["html"].as_str().unwrap();
    assert!(html.contains("<h4") && html.contains("../clauses/3.1.1.html"), "{html}");
    assert_eq!(commentary["chapters"]["faults"][0]["html"], "<p>都已解决。</p>\n");
    assert_eq!(commentary["chapters"]["open"], Value::Array(Vec::new()));
    assert_eq!(report(&[], "2026-03-15", "2026-02")["commentary"], Value::Null);
}
