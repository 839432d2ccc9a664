//! Availability month by month against the target in force.

use crate::calendar::{Period, Unit};
use crate::chart::{self, MonthlyLine, Point};
use crate::measure::{Figure, Verdict};
use crate::say;
use crate::say::Said;
use crate::value::Decimal;

use super::super::Book;
use super::super::figure;
use super::super::status::{self, mark};
use super::super::way::Way;
use super::{ChartView, Datum, Grid, Heading, chart_id, drawn, month_column, month_said, running, sentence, titled};

/// The name of its file.
pub const FILE: &str = "availability";

/// The chart of a system; none where it was in service in none of the months.
pub fn chart(book: &Book<'_>, way: &Way<'_>, system: usize, months: &[Period]) -> Option<ChartView> {
    let lang = book.config.site.lang;
    let figures = figures(book, system, months);
    if figures.is_empty() {
        return None;
    }
    let months: Vec<Period> = figures.iter().map(|f| f.month).collect();
    let points = figures
        .iter()
        .zip(super::ticks(&months, lang))
        .map(|(figure, tick)| Point {
            tick,
            value: figure.value.map(drawn),
            shown: figure::value(figure, lang),
            target: figure.target.map(drawn),
            mark: mark(figure.verdict.unwrap_or(Verdict::NotApplicable)),
            title: pointed(book, figure),
        })
        .collect();
    let target = figures.iter().filter_map(|f| f.target).min().unwrap_or(Decimal(99 * Decimal::ONE));
    let data = MonthlyLine {
        points,
        unit: " %",
        gap: say!("无应服务时间", "no service").to(lang).to_owned(),
        least: drawn(target) - 0.2,
        most: 100.0,
    };
    let heading = Heading {
        id: chart_id(FILE, Some(system)),
        title: titled(book, Some(system), &say!("每月可用率", "availability by month")),
        sentence: said(book, &figures),
        file: FILE,
        way,
    };
    let grid = grid(book, system, &months);
    Some(heading.chart(lang, grid, |frame| chart::monthly_line(frame, &data)))
}

fn figures<'a>(book: &Book<'a>, system: usize, months: &[Period]) -> Vec<&'a Figure> {
    months.iter().filter_map(|month| figure::named(book, "availability", Some(system), *month)).collect()
}

fn pointed(book: &Book<'_>, figure: &Figure) -> String {
    let lang = book.config.site.lang;
    let (month, value) = (figure.month.name(Unit::Month), figure::value(figure, lang));
    match figure.verdict {
        Some(verdict) => {
            let word = status::verdict(verdict, lang).word;
            say!("{month}：{value}，{word}", "{month}: {value}, {word}").to(lang).to_owned()
        }
        None => say!("{month}：{value}", "{month}: {value}").to(lang).to_owned(),
    }
}

/// `12 个月中 9 个月符合目标；最低 2026 年 4 月，84.000 %`.
fn said(book: &Book<'_>, figures: &[&Figure]) -> Said {
    let count = |verdict: Verdict| figures.iter().filter(|f| f.verdict == Some(verdict)).count();
    let (pass, fail, unproven) = (count(Verdict::Pass), count(Verdict::Fail), count(Verdict::Unproven));
    let all = pass + fail + unproven;
    let mut parts = Vec::new();
    match (all, pass) {
        (0, _) => parts.push(say!("没有可判定的月份", "no month can be judged")),
        (all, pass) if all == pass => parts.push(say!("{all} 个月全部符合目标", "all {all} months meet the target")),
        (all, pass) => parts.push(say!("{all} 个月中 {pass} 个月符合目标", "{pass} of {all} months meet the target")),
    }
    if unproven > 0 {
        parts.push(say!("{unproven} 个月缺证据", "{unproven} unproven"));
    }
    if let Some(low) = figures.iter().filter(|f| f.value.is_some()).min_by_key(|f| (f.value, f.month.first)) {
        let (month, lang) = (month_said(low.month), book.config.site.lang);
        let value = figure::value(low, lang);
        parts.push(Said { zh: format!("最低 {}，{value}", month.zh), en: format!("lowest {}, {value}", month.en) });
    }
    if let Some(last) = figures.last().filter(|f| running(book, f.month)) {
        let month = month_said(last.month);
        parts.push(Said { zh: format!("{}尚未结束", month.zh), en: format!("{} is not over yet", month.en) });
    }
    sentence(&parts)
}

/// Its numbers.
pub fn grid(book: &Book<'_>, system: usize, months: &[Period]) -> Grid<'static> {
    let lang = book.config.site.lang;
    let columns = vec![
        month_column(),
        ("availability_percent", say!("可用率", "Availability")),
        ("target_percent", say!("目标", "Target")),
        ("downtime_s", say!("停机时长", "Downtime")),
        ("agreed_s", say!("应服务时间", "Agreed service time")),
        ("verdict", say!("结论", "Verdict")),
    ];
    let row = |figure: &&Figure| {
        let (up, agreed) = (figure.numerator.unwrap_or(0), figure.denominator.unwrap_or(0));
        let raw = |value: Option<Decimal>| value.map_or_else(String::new, |v| v.to_string());
        let verdict = figure.verdict.map_or_else(
            || Datum::same(""),
            |verdict| {
                let status = status::verdict(verdict, lang);
                Datum::new(format!("{} {}", status.glyph, status.word), verdict.name())
            },
        );
        vec![
            Datum::month(figure.month, lang),
            Datum::new(figure::value(figure, lang), raw(figure.value)),
            Datum::new(figure.target.map_or_else(String::new, figure::plain_percent), raw(figure.target)),
            Datum::new(figure::spelled(agreed - up, lang), (agreed - up).to_string()),
            Datum::new(figure::spelled(agreed, lang), agreed.to_string()),
            verdict,
        ]
    };
    Grid { columns, rows: figures(book, system, months).iter().map(row).collect() }
}
