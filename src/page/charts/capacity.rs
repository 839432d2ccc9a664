//! Capacity: the highest use of each resource, month by month, as the shifts saw it; the mean stands among the numbers.

use crate::calendar::Period;
use crate::chart::{self, Column, Columns, Series};
use crate::measure::Figure;
use crate::say;
use crate::say::Said;

use super::super::Book;
use super::super::figure;
use super::super::way::Way;
use super::{ChartView, Datum, Grid, Heading, chart_id, drawn, month_column, month_said, sentence, ticks, titled};

/// The name of its file.
pub const FILE: &str = "capacity";

/// The chart of a system; none where no shift record of the months has a value.
pub fn chart(book: &Book<'_>, way: &Way<'_>, system: usize, months: &[Period]) -> Option<ChartView> {
    let lang = book.config.site.lang;
    let resources = resources(book, system, months);
    let gap = say!("缺报", "no data");
    let column = |month: &Period, resource: &str| {
        let figure = figure::keyed(book, ("capacity_max", resource), Some(system), *month);
        let m = month_said(*month);
        let (value, shown) = figure.map_or((None, String::new()), |f| (f.value, figure::value(f, lang)));
        let title = match value {
            Some(_) => Said { zh: format!("{}：{shown}", m.zh), en: format!("{}: {shown}", m.en) },
            None => Said { zh: format!("{}：{}", m.zh, gap.zh), en: format!("{}: {}", m.en, gap.en) },
        };
        Column {
            value: value.map(drawn),
            shown: value.map_or_else(String::new, |v| v.to_string()),
            mark: None,
            title: title.to(lang).to_owned(),
        }
    };
    let rows: Vec<Series> = resources
        .iter()
        .map(|(resource, title)| Series {
            label: title.clone(),
            under: "%".to_owned(),
            limit: None,
            most: 100.0,
            columns: months.iter().map(|month| column(month, resource)).collect(),
        })
        .collect();
    if rows.iter().all(|row| row.columns.iter().all(|c| c.value.is_none())) {
        return None;
    }
    let data = Columns { ticks: ticks(months, lang), rows, gap: gap.to(lang).to_owned() };
    let heading = Heading {
        id: chart_id(FILE, Some(system)),
        title: titled(book, Some(system), &say!("每月资源使用率最高值", "highest use of capacity by month")),
        sentence: said(book, system, months, &resources),
        file: FILE,
        way,
    };
    let grid = grid(book, system, months);
    Some(heading.chart(lang, grid, |frame| chart::columns(frame, &data)))
}

/// The resources that have a figure in any of the months, with their titles.
fn resources(book: &Book<'_>, system: usize, months: &[Period]) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    for figure in months.iter().flat_map(|m| figure::of(book, Some(system), *m)).filter(|f| f.name == "capacity_max") {
        if let Some((_, key)) = &figure.key
            && out.iter().all(|(known, _)| known != key)
        {
            out.push((key.clone(), figure::key_title(book, figure, book.config.site.lang)));
        }
    }
    out
}

/// `2026 年 10 月最高：处理器 70.1 %，内存 79.4 %；12 个月里磁盘上升 9.4 个百分点`.
fn said(book: &Book<'_>, system: usize, months: &[Period], resources: &[(String, String)]) -> Said {
    let at = |month: &Period, resource: &str| -> Option<&Figure> {
        figure::keyed(book, ("capacity_max", resource), Some(system), *month).filter(|f| f.value.is_some())
    };
    let seen = |month: &&Period| resources.iter().any(|(r, _)| at(month, r).is_some());
    let (Some(first), Some(last)) = (months.iter().find(seen), months.iter().rev().find(seen)) else {
        return Said::default();
    };
    let m = month_said(*last);
    let values: Vec<String> = resources
        .iter()
        .filter_map(|(resource, title)| Some((title, at(last, resource)?)))
        .map(|(title, figure)| format!("{title} {}", figure::value(figure, book.config.site.lang)))
        .collect();
    let (zh, en) = (values.join("，"), values.join(", "));
    let mut parts = vec![Said { zh: format!("{}最高：{zh}", m.zh), en: format!("highest in {}: {en}", m.en) }];
    let rise = |(resource, title): &(String, String)| {
        let grown = at(last, resource)?.value?.0 - at(first, resource)?.value?.0;
        (grown > 0).then(|| (grown, title.clone()))
    };
    let most = resources.iter().filter_map(rise).max_by_key(|(grown, _)| *grown).filter(|_| first != last);
    if let Some((grown, title)) = most {
        let (points, from) = (crate::value::Decimal(grown), month_said(*first));
        parts.push(Said {
            zh: format!("比 {}上升最多的是{title}，{points} 个百分点", from.zh),
            en: format!("grown most since {}: {title}, by {points} points", from.en),
        });
    }
    sentence(&parts)
}

/// Its numbers.
pub fn grid(book: &Book<'_>, system: usize, months: &[Period]) -> Grid<'static> {
    let lang = book.config.site.lang;
    let columns = vec![
        month_column(),
        ("resource", say!("资源", "Resource")),
        ("max_percent", say!("最高值", "Highest")),
        ("mean_percent", say!("平均值", "Mean")),
        ("shifts", say!("有该值的值班记录", "Shift records with a value")),
    ];
    let of = |month: &Period| {
        let figures = figure::of(book, Some(system), *month).iter().filter(|f| f.name == "capacity_max");
        let value = |figure: &Figure| {
            let missing = say!("缺报", "no data");
            figure.value.map_or_else(
                || Datum::new(missing.to(lang), ""),
                |v| Datum::new(figure::value(figure, lang), v.to_string()),
            )
        };
        let row = |max: &Figure| {
            let resource = max.key.as_ref().map_or("", |(_, key)| key.as_str());
            let mean = figure::keyed(book, ("capacity_mean", resource), Some(system), *month);
            vec![
                Datum::month(*month, lang),
                Datum::new(figure::key_title(book, max, lang), resource),
                value(max),
                mean.map_or_else(Datum::default, value),
                Datum::count(max.trail.rows.len()),
            ]
        };
        figures.map(row).collect::<Vec<_>>()
    };
    Grid { columns, rows: months.iter().flat_map(of).collect() }
}
