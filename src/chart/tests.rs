//! What each chart becomes: its marks, its words, and what it says where data is missing.

use super::*;

fn frame(title: &str, lang: Lang) -> Frame<'_> {
    Frame { id: "c1", title, desc: "<b>&", lang }
}

fn line(values: &[Option<f64>]) -> MonthlyLine {
    let points = values
        .iter()
        .enumerate()
        .map(|(at, value)| Point {
            tick: Tick { label: format!("{}月", at + 1), under: String::new() },
            value: *value,
            shown: value.map_or_else(String::new, |v| format!("{v} %")),
            target: Some(99.5),
            mark: if value.is_some_and(|v| v < 99.5) { Mark::Missed } else { Mark::Met },
            title: format!("{}月 <x>", at + 1),
        })
        .collect();
    MonthlyLine { points, unit: " %", gap: "缺报".into(), least: 99.0, most: 100.0 }
}

fn multiples(values: &[Option<f64>]) -> Columns {
    let column = |value: &Option<f64>| Column {
        value: *value,
        shown: value.map_or_else(String::new, |v| v.to_string()),
        mark: Some(Mark::Missed),
        title: "<t>".into(),
    };
    let columns = values.iter().map(column).collect();
    let ticks = values.iter().map(|_| Tick { label: "1月".into(), under: "2026".into() }).collect();
    let rows = vec![Series { label: "紧急".into(), under: "起".into(), limit: Some(2.0), most: 1.0, columns }];
    Columns { ticks, rows, gap: "缺报".into() }
}

fn bar(share: Option<f64>) -> Bar {
    Bar { label: "3.1.1 <备份>".into(), share, shown: "1 / 2".into(), mark: Mark::Unproven, title: "t".into() }
}

/// Tags open and close in pairs, and attribute values are quoted.
fn well_formed(svg: &str) {
    let mut open: Vec<String> = Vec::new();
    let mut rest = svg;
    while let Some(at) = rest.find('<') {
        let end = rest[at..].find('>').unwrap() + at;
        let tag = &rest[at + 1..end];
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap().to_owned();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name));
        } else if !tag.ends_with('/') {
            open.push(name);
        }
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty(), "{open:?}");
}

fn every() -> Vec<String> {
    let day = |mark| (mark, "2026-10-03：\"x\"".to_owned());
    let months =
        vec![Month { label: "2026-10".into(), days: vec![day(Mark::Met), day(Mark::Missed), day(Mark::Waived)] }];
    let answers = vec![
        Answer { minutes: Some(3.0), mark: Mark::Met, title: "a".into() },
        Answer { minutes: Some(23.0), mark: Mark::Missed, title: "b".into() },
        Answer { minutes: None, mark: Mark::Missed, title: "c".into() },
    ];
    let grades = vec![Grade { label: "紧急".into(), limit: 15.0, answers }];
    let f = frame("<script>alert(1)</script>", Lang::Zh);
    vec![
        monthly_line(&f, &line(&[Some(100.0), None, Some(99.236)])),
        monthly_line(&f, &line(&[])),
        calendar(&f, &Calendar { months, legend: vec![(Mark::Missed, "缺报 <".into())] }),
        columns(&f, &multiples(&[Some(3.0), None, None, Some(0.0)])),
        bars(&f, &Bars { bars: vec![bar(Some(0.9999)), bar(Some(1.0)), bar(None)] }),
        response(&f, &Responses { grades }),
        bullet(&f, Some(99.2), Some(99.5), (97.0, 100.0), Mark::Missed),
        sparkline(&f, &[Some(1.0), None, Some(3.0)], Some(2.0)),
        strip(&f, &[day(Mark::Met), day(Mark::Unproven)]),
    ]
}

#[test]
fn every_chart_is_well_formed_and_inert() {
    for svg in every() {
        well_formed(&svg);
        assert!(!svg.contains("<script") && !svg.contains("style="), "{svg}");
        assert!(!svg.contains("fill=\"#") && !svg.contains("rgb("), "{svg}");
        assert!(svg.contains("role=\"img\"") && svg.contains("&lt;script&gt;") && svg.contains("&lt;b&gt;&amp;"));
    }
}

#[test]
fn a_month_without_data_says_so_and_is_never_zero() {
    let svg = monthly_line(&frame("t", Lang::Zh), &line(&[Some(100.0), None, Some(99.9)]));
    assert!(svg.contains("缺报"));
    let series = svg.split("class=\"series\" d=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(series.matches('M').count(), 2, "two pieces, parted by the gap: {series}");
    let run = monthly_line(&frame("t", Lang::Zh), &line(&[None, None, Some(99.9), None]));
    assert_eq!(run.matches(">缺报<").count(), 2, "months that follow each other have the word once");
    let columns = columns(&frame("t", Lang::Zh), &multiples(&[Some(3.0), None, None, Some(0.0)]));
    assert_eq!(columns.matches(">缺报<").count(), 1);
    assert_eq!(columns.matches("<rect").count(), 2, "a gap has no column, a zero has one without height");
}

#[test]
fn what_is_not_all_never_looks_like_all() {
    let svg = bars(&frame("t", Lang::Zh), &Bars { bars: vec![bar(Some(0.999_999)), bar(Some(1.0))] });
    let widths: Vec<&str> = svg.split("width=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(widths, ["340", "338", "340", "340"]);
}

#[test]
fn long_names_are_cut_to_their_place() {
    assert_eq!(fitted("备份", 12.0, 24.0), "备份");
    let cut = fitted("业务部门组织培训并提出反馈意见", 12.0, 100.0);
    assert!(cut.ends_with('…') && text_width(&cut, 12.0) <= 100.0, "{cut}");
}

#[test]
fn an_answer_that_never_came_stands_at_the_edge_with_its_word() {
    let svg = &every()[5];
    assert!(svg.contains("未响应") && svg.contains("限时 15 分钟"));
}

#[test]
fn the_same_data_draws_the_same() {
    assert_eq!(every(), every());
}

#[test]
fn month_labels_do_not_touch() {
    let mut data = line(&[Some(99.9); 13]);
    data.points.iter_mut().for_each(|p| p.tick.label = "二〇二六年十月".into());
    let svg = monthly_line(&frame("t", Lang::Zh), &data);
    let mut at: Vec<i32> = svg
        .match_indices("<text class=\"label middle\" x=\"")
        .map(|(i, m)| svg[i + m.len()..].split('"').next().unwrap().parse().unwrap())
        .collect();
    at.sort_unstable();
    assert!(at.len() > 2);
    assert!(at.windows(2).all(|w| f64::from(w[1] - w[0]) >= text_width("二〇二六年十月", 12.0)), "{at:?}");
}
