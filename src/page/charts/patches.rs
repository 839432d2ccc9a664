//! Patches: how long high-risk ones took from check to application, month by month, against the limit.

use crate::calendar::{DAY, Period};
use crate::chart::{self, Column, Columns, Mark, Series};
use crate::measure::{Better, Figure};
use crate::say;
use crate::say::{Lang, Said};
use crate::value::Decimal;

use super::super::Book;
use super::super::figure;
use super::super::way::Way;
use super::{ChartView, Datum, Grid, Heading, chart_id, drawn, month_column, month_said, sentence, ticks, titled};

/// The name of its file.
pub const FILE: &str = "patches";

/// The chart of a system; none where no high-risk patch was applied in the months.
pub fn chart(book: &Book<'_>, way: &Way<'_>, system: usize, months: &[Period]) -> Option<ChartView> {
    let lang = book.config.site.lang;
    let last = *months.last()?;
    let limit = book.standard.param("patch_days").map(|p| p.number(last.first));
    let figures: Vec<(Period, Option<&Figure>)> =
        months.iter().map(|m| (*m, figure::named(book, "patch_median", Some(system), *m))).collect();
    let seconds = |f: Option<&Figure>| f.and_then(|f| f.value).map(|v| v.0 / Decimal::ONE);
    let slowest = figures.iter().filter_map(|(m, f)| Some((seconds(*f)?, *m))).max_by_key(|(s, m)| (*s, m.first))?;
    let columns = figures.iter().map(|(month, figure)| column(*month, seconds(*figure), limit, lang)).collect();
    let series = Series {
        label: say!("高危以上", "high risk").to(lang).to_owned(),
        under: say!("天", "days").to(lang).to_owned(),
        limit: limit.map(drawn),
        most: limit.map_or(1.0, drawn),
        columns,
    };
    let (m, length) = (month_said(slowest.1), figure::duration(slowest.0, Better::Less, lang));
    let mut parts = vec![Said {
        zh: format!("从发现到安装的中位数最长的是 {}，{length}", m.zh),
        en: format!("longest median from check to application in {}: {length}", m.en),
    }];
    if let Some(limit) = limit {
        parts.push(say!("限时 {limit} 天", "the limit is {limit} days"));
    }
    let (asked, met) = on_time(book, system, months);
    if asked > 0 {
        parts.push(say!("期限已到的 {asked} 项中 {met} 项按时", "{met} of {asked} that came due were in time"));
    }
    let heading = Heading {
        id: chart_id(FILE, Some(system)),
        title: titled(
            book,
            Some(system),
            &say!("高危补丁安装用时（中位数）", "median time to apply high-risk patches"),
        ),
        sentence: sentence(&parts),
        file: FILE,
        way,
    };
    let data = Columns { ticks: ticks(months, lang), rows: vec![series], gap: say!("无", "none").to(lang).to_owned() };
    let grid = grid(book, system, months);
    Some(heading.chart(lang, grid, |frame| chart::columns(frame, &data)))
}

fn column(month: Period, seconds: Option<i64>, limit: Option<Decimal>, lang: Lang) -> Column {
    let m = month_said(month);
    let Some(seconds) = seconds else {
        let said = Said { zh: format!("{}：没有", m.zh), en: format!("{}: none", m.en) };
        return Column { value: None, shown: String::new(), mark: None, title: said.to(lang).to_owned() };
    };
    let length = figure::duration(seconds, Better::Less, lang);
    let over =
        limit.is_some_and(|l| i128::from(seconds) * i128::from(Decimal::ONE) > i128::from(l.0) * i128::from(DAY));
    let said = Said { zh: format!("{}：{length}", m.zh), en: format!("{}: {length}", m.en) };
    // Days with one digit, cut against ourselves.
    let tenths = (seconds * 10).div_euclid(DAY) + i64::from((seconds * 10).rem_euclid(DAY) > 0);
    Column {
        value: Some(seconds as f64 / DAY as f64),
        shown: format!("{}.{}", tenths / 10, tenths % 10),
        mark: limit.map(|_| if over { Mark::Missed } else { Mark::Met }),
        title: said.to(lang).to_owned(),
    }
}

/// How many came due in the months, and how many of them were applied by then.
fn on_time(book: &Book<'_>, system: usize, months: &[Period]) -> (i64, i64) {
    let figures = months.iter().filter_map(|m| figure::named(book, "patch_on_time", Some(system), *m));
    figures.fold((0, 0), |(asked, met), f| (asked + f.denominator.unwrap_or(0), met + f.numerator.unwrap_or(0)))
}

/// Its numbers.
pub fn grid(book: &Book<'_>, system: usize, months: &[Period]) -> Grid<'static> {
    let lang = book.config.site.lang;
    let columns = vec![
        month_column(),
        ("median_s", say!("用时中位数", "Median")),
        ("applied", say!("已安装", "Applied")),
        ("others_median_s", say!("其他补丁用时中位数", "Median of the others")),
        ("due", say!("期限落在当月", "Due in the month")),
        ("in_time", say!("其中按时", "Of these in time")),
        ("oldest_open_s", say!("月末最久未装", "Oldest open at its end")),
    ];
    let row = |month: &Period| {
        let of = |name: &str| figure::named(book, name, Some(system), *month);
        let length = |figure: &Figure| {
            figure.value.map_or_else(
                || Datum::new("–", ""),
                |v| Datum::new(figure::value(figure, lang), (v.0 / Decimal::ONE).to_string()),
            )
        };
        let (median, on_time) = (of("patch_median")?, of("patch_on_time")?);
        Some(vec![
            Datum::month(*month, lang),
            length(median),
            Datum::count(median.trail.rows.len()),
            of("patch_median_others").map_or_else(Datum::default, length),
            Datum::count(on_time.denominator.unwrap_or(0) as usize),
            Datum::count(on_time.numerator.unwrap_or(0) as usize),
            of("patch_oldest_open").map_or_else(Datum::default, length),
        ])
    };
    Grid { columns, rows: months.iter().filter_map(row).collect() }
}
