//! The pages of faults and their register, on small workspaces judged whole.

use serde_json::Value;

use super::*;
use crate::page::tests::with;

const HEADER: &str = "id,system,reported_at,reporter,grade,summary,description,responded_at,resolved_at,verified_at,verified_by,follow_up,corrects,notes,天气\n";

fn pages(files: &[(&str, &str)], as_of: &str) -> Vec<(String, String, Value)> {
    with(files, as_of, |book| {
        let shelf = Shelf::of(book.ledger, book.standard);
        sheets(book, &shelf).unwrap().into_iter().map(|s| (s.path.clone(), s.title.clone(), s.json())).collect()
    })
}

fn page<'a>(pages: &'a [(String, String, Value)], path: &str) -> &'a (String, String, Value) {
    pages.iter().find(|(p, ..)| p == path).unwrap()
}

fn texts<'a>(of: &'a Value, key: &str) -> Vec<&'a str> {
    of.as_array().unwrap().iter().map(|one| one[key].as_str().unwrap()).collect()
}

#[test]
fn a_corrected_fault_keeps_its_page_and_says_which_one_counts() {
    let rows = "F-1,oa,2026-02-03 09:00,甲,紧急,停机,全部用户无法登录系统首页,,,,,,,,晴\n\
                F-2,oa,2026-02-03 09:00,甲,紧急,停机,全部用户无法登录系统首页,2026-02-03 09:10,2026-02-03 10:00,2026-02-03 10:30,乙,,F-1,补记响应时间,\n";
    let pages = pages(&[("records/fault/a.csv", &format!("{HEADER}{rows}"))], "2026-03-15");
    let (_, title, old) = page(&pages, "faults/F-1.html");
    assert_eq!(title, "停机");
    assert_eq!(
        (&old["corrected_by"]["text"], &old["corrected_by"]["href"]),
        (&"F-2".into(), &"../faults/F-2.html".into())
    );
    assert_eq!((&old["state"]["word"], &old["state"]["class"]), (&"已更正".into(), &"na".into()));
    assert_eq!(texts(&old["facts"], "title"), ["报告人", "天气"]);
    let (_, _, new) = page(&pages, "faults/F-2.html");
    assert_eq!((&new["corrects"]["text"], &new["corrected_by"]), (&"F-1".into(), &Value::Null));
    assert_eq!((&new["notes"]["text"], &new["state"]["word"]), (&"补记响应时间".into(), &"已验证".into()));
    assert_eq!(new["neighbours"]["previous"]["text"], "F-1");
    let (_, _, register) = page(&pages, "faults/index.html");
    assert_eq!((&register["total"], &register["corrected"]), (&"2".into(), &1.into()));
    assert_eq!(register["open"].as_array().unwrap().len(), 0, "a corrected fault is not open");
}

#[test]
fn an_unanswered_fault_is_late_and_stands_first_with_its_age() {
    let rows = "F-1,oa,2026-02-03 09:00,甲,紧急,停机,全部用户无法登录系统首页,,,,,,,,\n";
    let pages = pages(&[("records/fault/a.csv", &format!("{HEADER}{rows}"))], "2026-02-03T10:30");
    let (_, _, fault) = page(&pages, "faults/F-1.html");
    let marks: Vec<&Value> = fault["steps"].as_array().unwrap().iter().map(|s| &s["state"]["class"]).collect();
    assert_eq!(marks, [&Value::Null, &"missed".into(), &"pending".into(), &Value::Null]);
    assert_eq!(fault["findings"][0]["severity"], "error", "the rule says the same");
    let (_, _, register) = page(&pages, "faults/index.html");
    assert_eq!(register["open"][0]["age"], "1 小时 30 分钟");
    let row = &register["months"][0]["rows"][0];
    assert_eq!((&row["answer"]["class"], &row["answered"]), (&"missed".into(), &"".into()));
}

#[test]
fn a_fault_leads_to_its_outages_its_runbook_and_what_came_of_it() {
    let rows = "F-1,oa,2026-02-03 09:00,甲,一般,停机,全部用户无法登录系统首页,,2026-02-03 10:00,2026-02-03 11:00,乙,F-2,,,\n\
                F-2,oa,2026-02-04 09:00,甲,一般,又停机,全部用户无法登录系统首页,,,,,,,,\n";
    let outage = "id,system,started_at,ended_at,planned,fault\nO-1,oa,2026-02-03 08:50,2026-02-03 10:00,否,F-1\n";
    let files = [("records/fault/a.csv", &*format!("{HEADER}{rows}")), ("records/outage/a.csv", outage)];
    let pages = pages(&files, "2026-03-15");
    let (_, _, first) = page(&pages, "faults/F-1.html");
    assert_eq!(first["follow_up"]["href"], "../faults/F-2.html");
    let named = &first["outages"][0];
    assert_eq!((&named["record"]["text"], &named["taken"]), (&"O-1".into(), &"1 小时 10 分钟".into()));
    assert!(named["record"]["href"].as_str().unwrap().starts_with("../records/outage/2026-02.html#"));
    let (_, _, second) = page(&pages, "faults/F-2.html");
    assert_eq!(texts(&second["followed"], "text"), ["F-1"]);
}

#[test]
fn a_markdown_fault_has_its_body_below_a_heading_of_the_page() {
    let text = "---\nid: F-9\nsystem: oa\nreported_at: 2026-02-03 09:00\nreporter: 甲\ngrade: 一般\nsummary: The login page is down\n---\n\n## 现象\n\n<b>打不开</b>，见 [[clause:3.3.1]]。\n";
    let pages = pages(&[("records/fault/f.md", text)], "2026-03-15");
    let (_, title, view) = page(&pages, "faults/F-9.html");
    assert_eq!((title.as_str(), &view["lang"]), ("The login page is down", &"en".into()));
    let body = &view["body"];
    let html = format!("{}{}", body["title"].as_str().unwrap(), body["html"].as_str().unwrap());
    assert!(html.contains("现象") && !html.contains("<h2") && html.contains("&lt;b&gt;"), "{html}");
    assert!(html.contains("../clauses/3.3.1.html"), "{html}");
    assert_eq!((&view["description"]["text"], &view["source"]["text"]), (&"".into(), &"records/fault/f.md:1".into()));
    assert_eq!(view["digest"].as_str().unwrap().len(), 64);
}

#[test]
fn the_register_lists_the_newest_month_first() {
    let row = |n: u32, day: &str| format!("F-{n},oa,2026-{day} 09:00,甲,一般,停机,全部用户无法登录系统首页,,,,,,,,\n");
    let rows: String = [row(1, "01-10"), row(2, "02-03"), row(3, "02-09")].concat();
    let pages = pages(&[("records/fault/a.csv", &format!("{HEADER}{rows}"))], "2026-03-15");
    let (_, _, register) = page(&pages, "faults/index.html");
    assert_eq!(texts(&register["months"], "anchor"), ["m-2026-02", "m-2026-01"]);
    let newest: Vec<&Value> =
        register["months"][0]["rows"].as_array().unwrap().iter().map(|r| &r["fault"]["text"]).collect();
    assert_eq!(newest, ["F-3", "F-2"]);
}
