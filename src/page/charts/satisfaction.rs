//! Satisfaction: the share of scores of 4 and 5, month by month. Below five scores a share says nothing, and the month
//! is a gap (figures.md, section 7).

use crate::calendar::Period;
use crate::chart::{self, Column, Columns, Series};
use crate::measure::Figure;
use crate::say;
use crate::say::{Lang, Said};

use super::super::Book;
use super::super::figure;
use super::super::way::Way;
use super::{ChartView, Datum, Grid, Heading, chart_id, drawn, month_column, month_said, sentence, ticks, titled};

/// The name of its file.
pub const FILE: &str = "satisfaction";

/// Below so many scores a share says nothing.
pub const FEW: usize = 5;

/// The chart of a system; none where no month has scores enough.
pub fn chart(book: &Book<'_>, way: &Way<'_>, system: usize, months: &[Period]) -> Option<ChartView> {
    let lang = book.config.site.lang;
    let figures: Vec<(Period, Option<&Figure>)> =
        months.iter().map(|m| (*m, figure::named(book, "satisfaction", Some(system), *m))).collect();
    let known = || figures.iter().filter_map(|(m, f)| Some((*m, (*f)?, (*f)?.value?)));
    let (worst, lowest, _) = known().min_by_key(|(m, _, value)| (value.0, m.first))?;
    let (m, share) = (month_said(worst), figure::value(lowest, lang));
    let all: usize = figures.iter().filter_map(|(_, f)| Some(f.as_ref()?.trail.rows.len())).sum();
    let hits: usize = figures.iter().filter_map(|(_, f)| Some(f.as_ref()?.trail.hits.len())).sum();
    let (n, few) = (known().count(), figures.len() - known().count());
    let mut parts = vec![
        say!("{all} 份评分中 {hits} 份为 4 分或 5 分", "{hits} of {all} scores are 4 or 5"),
        Said {
            zh: format!("有 {n} 个月可计算，最低 {}，{share}", m.zh),
            en: format!("of {n} months with a share the lowest is {}: {share}", m.en),
        },
    ];
    if few > 0 {
        parts.push(say!("{few} 个月评分不足 {FEW} 份，不计算", "{few} months with fewer than {FEW} scores have none"));
    }
    let series = Series {
        label: say!("满意", "satisfied").to(lang).to_owned(),
        under: "%".to_owned(),
        limit: None,
        most: 100.0,
        columns: figures.iter().map(|(month, figure)| column(*month, *figure, lang)).collect(),
    };
    let heading = Heading {
        id: chart_id(FILE, Some(system)),
        title: titled(book, Some(system), &say!("用户满意度（4–5 分的比例）", "satisfied users (scores of 4 and 5)")),
        sentence: sentence(&parts),
        file: FILE,
        way,
    };
    let gap = say!("少于 5 份", "too few").to(lang).to_owned();
    let data = Columns { ticks: ticks(months, lang), rows: vec![series], gap };
    Some(heading.chart(lang, grid(book, system, months), |frame| chart::columns(frame, &data)))
}

fn column(month: Period, figure: Option<&Figure>, lang: Lang) -> Column {
    let m = month_said(month);
    let n = figure.map_or(0, |f| f.trail.rows.len());
    let Some((figure, value)) = figure.and_then(|f| Some((f, f.value?))) else {
        let said = Said {
            zh: format!("{}：评分 {n} 份，不足 {FEW} 份", m.zh),
            en: format!("{}: {n} scores, fewer than {FEW}", m.en),
        };
        return Column { value: None, shown: String::new(), mark: None, title: said.to(lang).to_owned() };
    };
    let share = figure::value(figure, lang);
    let said = Said { zh: format!("{}：{share}，{n} 份", m.zh), en: format!("{}: {share} of {n} scores", m.en) };
    Column {
        value: Some(drawn(value)),
        // Whole percent, cut against ourselves: the table has all digits.
        shown: (value.0 / crate::value::Decimal::ONE).to_string(),
        mark: None,
        title: said.to(lang).to_owned(),
    }
}

/// Its numbers.
pub fn grid(book: &Book<'_>, system: usize, months: &[Period]) -> Grid<'static> {
    let lang = book.config.site.lang;
    let columns = vec![
        month_column(),
        ("satisfied_percent", say!("满意度", "Satisfied")),
        ("satisfied", say!("4–5 分", "Scores 4 and 5")),
        ("scores", say!("评分", "Scores")),
    ];
    let row = |month: &Period| {
        let figure = figure::named(book, "satisfaction", Some(system), *month)?;
        let share = figure
            .value
            .map_or_else(|| Datum::new("–", ""), |value| Datum::new(figure::value(figure, lang), value.to_string()));
        Some(vec![
            Datum::month(*month, lang),
            share,
            Datum::count(figure.trail.hits.len()),
            Datum::count(figure.trail.rows.len()),
        ])
    };
    Grid { columns, rows: months.iter().filter_map(row).collect() }
}
