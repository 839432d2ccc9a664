//! The sentences and the numbers of charts, on small workspaces judged whole.

use std::fmt::Write as _;

use super::*;
use crate::page::shelf::Shelf;
use crate::page::tests::with;

fn month(name: &str) -> Period {
    Period::parse(name).unwrap().1
}

/// Draws with the months until one, at the middle of March 2026.
fn drawn_from<T>(files: &[(&str, &str)], last: &str, draw: impl Fn(&Book<'_>, &Way<'_>, &[Period]) -> T) -> T {
    with(files, "2026-03-15", |book| {
        let shelf = Shelf::of(book.ledger, book.standard);
        let way = Way::from_depth(book, &shelf, 1);
        draw(book, &way, &window(book, month(last)))
    })
}

/// A row a day, but for some days.
fn shifts(but: &[&str]) -> String {
    let mut text = "system,date,shift,operator,cpu\n".to_owned();
    let (from, to) = (month("2026-01").first.0, month("2026-03").first.0);
    for day in (from..to).map(|n| crate::calendar::Day(n).to_string()).filter(|d| !but.iter().any(|b| d.starts_with(b)))
    {
        let _ = writeln!(text, "oa,{day},day,值班员甲,40");
    }
    text
}

#[test]
fn the_sentence_of_availability_says_how_many_months_met_the_target_and_which_was_the_lowest() {
    let outage = "id,system,started_at,ended_at\nO-1,oa,2026-01-05 00:00,2026-01-06 00:00\n";
    let said = |shifts: &str| {
        let files = [("records/outage/a.csv", outage), ("records/shift/a.csv", shifts)];
        drawn_from(&files, "2026-02", |book, way, months| availability::chart(book, way, 0, months).unwrap().sentence)
    };
    assert_eq!(said(&shifts(&[])), "2 个月中 1 个月符合目标；最低 2026 年 1 月，96.774 %。");
    assert_eq!(said(&shifts(&["2026-02"])), "2 个月中 0 个月符合目标；1 个月缺证据；最低 2026 年 1 月，96.774 %。");
    let none = drawn_from(&[], "2026-03", |book, way, months| availability::chart(book, way, 0, months).unwrap());
    assert!(none.sentence.ends_with("2026 年 3 月尚未结束。"), "{}", none.sentence);
    assert_eq!(none.rows.len(), 3);
}

#[test]
fn a_day_without_a_record_is_told_from_a_day_that_failed() {
    let mut rows = "id,system,started_at,type,result\n".to_owned();
    for day in 1..=28 {
        match day {
            3 => {}
            4 => rows.push_str("B-4,oa,2026-02-04 01:00,full,failed\n"),
            day => _ = writeln!(rows, "B-{day},oa,2026-02-{day:02} 01:00,full,success"),
        }
    }
    let waiver = "id,rule,system,from,to,reason,approver,approved_at\nW-1,backup.daily,oa,2026-01-01,2026-01-31,r,x,2026-01-01 00:00\n";
    let files = [("records/backup/a.csv", rows.as_str()), ("records/waiver/a.csv", waiver)];
    let chart = drawn_from(&files, "2026-02", |book, way, months| backups::chart(book, way, 0, months).unwrap());
    assert_eq!(
        chart.sentence,
        "应备份 59 天，成功 26 天；失败 1 天；缺报 1 天；豁免 31 天；没有成功的是 2026-02-03 至 2026-02-04。"
    );
    assert!(chart.svg.contains("2026-02-03：缺报") && chart.svg.contains("2026-02-04：失败（B-4）"));
    let february = &chart.rows[1];
    assert_eq!(february[1..7], ["28", "26", "1", "1", "0", "0"]);
}

#[test]
fn answers_are_told_by_grade_with_the_longest() {
    let rows = "id,system,reported_at,reporter,grade,summary,description,responded_at\n\
                F-1,oa,2026-02-01 09:00,甲,紧急,s,d,2026-02-01 09:15\n\
                F-2,oa,2026-02-02 09:00,甲,紧急,s,d,2026-02-02 09:16\n\
                F-3,oa,2026-02-03 09:00,甲,紧急,s,d,\n\
                F-4,oa,2026-02-04 09:00,甲,重要,s,d,2026-02-04 09:30\n\
                F-5,oa,2026-02-05 09:00,甲,一般,s,d,\n";
    let files = [("records/fault/a.csv", rows)];
    let chart = drawn_from(&files, "2026-02", |book, way, months| faults::responses(book, way, None, months).unwrap());
    assert_eq!(
        chart.sentence,
        "紧急 3 起，1 起按时，最长 16 分钟（F-2），1 起未响应；重要 1 起全部按时，最长 30 分钟（F-4）。"
    );
    let words: Vec<&str> = chart.rows.iter().map(|row| row[6].as_str()).collect();
    assert_eq!(words, ["✓ 按时", "✗ 超时", "✗ 超时", "✓ 按时"], "a grade without a limit is not held against one");
    let counts = drawn_from(&files, "2026-02", |book, way, months| faults::counts(book, way, None, months).unwrap());
    assert_eq!(counts.sentence, "2 个月共 5 起；紧急 3 起；重要 1 起；一般 1 起；最多的是 2026 年 2 月，5 起。");
    assert_eq!(counts.rows[1], ["2026 年 2 月", "3", "1", "1", "5", "0"]);
}

#[test]
fn a_month_without_a_value_is_a_gap_and_no_zero() {
    let files = [("records/shift/a.csv", &*shifts(&["2026-01"]))];
    let chart = drawn_from(&files, "2026-02", |book, way, months| capacity::chart(book, way, 0, months).unwrap());
    let cpu: Vec<&Vec<String>> = chart.rows.iter().filter(|row| row[1].starts_with("CPU")).collect();
    assert_eq!((cpu[0][2].as_str(), cpu[1][2].as_str()), ("缺报", "40 %"), "{:?}", chart.rows);
    assert!(chart.svg.contains(">缺报<"));
}

#[test]
fn files_hold_every_month_of_every_system_under_canonical_names() {
    with(&[], "2026-03-15", |book| {
        let files: Vec<_> = numbers(book, &Shelf::of(book.ledger, book.standard)).into_iter().map(|n| n.file).collect();
        let text = |name: &str| {
            let file = files.iter().find(|f| f.path == format!("data/charts/{name}.csv")).unwrap();
            String::from_utf8(file.bytes.clone()).unwrap()
        };
        let availability = text("availability");
        let lines: Vec<&str> = availability.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(lines[0], "system,month,availability_percent,target_percent,downtime_s,agreed_s,verdict");
        assert_eq!(lines[1], "oa,2026-01,100,99.5,0,2678400,unproven");
        assert_eq!(lines.len(), 4);
        assert!(text("faults").starts_with("\u{feff}system,month,urgent,important,general,total,resolved\r\n"));
    });
}

#[test]
fn a_window_is_thirteen_months_and_never_before_the_first() {
    with(&[], "2027-06-15", |book| {
        let names = |last: &str| window(book, month(last)).iter().map(|m| m.name(Unit::Month)).collect::<Vec<_>>();
        assert_eq!(names("2026-02"), ["2026-01", "2026-02"]);
        let long = names("2027-05");
        assert_eq!((long.len(), long[0].as_str(), long[12].as_str()), (13, "2026-05", "2027-05"));
        assert_eq!(last_whole(book).unwrap().name(Unit::Month), "2027-05");
        assert!(running(book, month("2027-06")) && !running(book, month("2027-05")));
    });
}

#[test]
fn every_figure_that_is_measured_is_described() {
    with(&[], "2026-03-15", |book| {
        assert!(book.figures.len() > 50);
        for figure in book.figures {
            let about = crate::measure::about(figure.name);
            assert!(about.is_some_and(|a| !a.how(Lang::En).is_empty()), "{}", figure.name);
        }
    });
}
