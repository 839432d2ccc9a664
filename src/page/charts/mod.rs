//! The charts: figures and slots as drawings, each with a title, one sentence that says what it shows, its numbers as a
//! table, and the same numbers for machines (site.md, section 3).
//!
//! A chart shows a window of months. Its file in `data/charts/` holds the whole history and every system, so that the
//! many windows of the reports share one file.

use serde::Serialize;

use crate::calendar::{Instant, Period, Span, Unit, periods};
use crate::chart::{Frame, Tick};
use crate::say;
use crate::say::{Lang, Said};
use crate::value::Decimal;

use super::Book;
use super::export::{File, csv};
use super::records::month_title;
use super::rows::grouped;
use super::sheet::Link;
use super::shelf::Shelf;
use super::way::Way;

pub mod availability;
pub mod backups;
pub mod capacity;
pub mod complete;
pub mod faults;
pub mod named;
pub mod patches;
pub mod satisfaction;
pub mod small;
#[cfg(test)]
mod tests;

/// How many months a chart shows: a year, and the month that the last is compared with.
pub const MONTHS: usize = 13;

/// A chart as a page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChartView {
    /// A prefix for ids, unique on its page.
    pub id: String,
    /// The visible title.
    pub title: String,
    /// One sentence that says what the chart shows.
    pub sentence: String,
    /// The drawing.
    pub svg: String,
    /// The head of the table of its numbers.
    pub header: Vec<String>,
    /// The rows of that table; the first cell of each is its head.
    pub rows: Vec<Vec<String>>,
    /// The numbers of all months and systems, for machines.
    pub csv: Link,
}

/// The numbers of a chart: as people read them and as machines do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grid<'a> {
    /// The columns: their names in the file, and their titles.
    pub columns: Vec<(&'a str, Said)>,
    /// The rows.
    pub rows: Vec<Vec<Datum>>,
}

/// One number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Datum {
    /// As people read it.
    pub shown: String,
    /// In the one form of the tables in `data/`; empty where there is nothing.
    pub raw: String,
}

impl Datum {
    /// A number in both forms.
    pub fn new(shown: impl Into<String>, raw: impl Into<String>) -> Self {
        Self { shown: shown.into(), raw: raw.into() }
    }

    /// A text or a count that is the same in both.
    pub fn same(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { shown: text.clone(), raw: text }
    }

    /// A count.
    pub fn count(n: usize) -> Self {
        Self::new(grouped(n), n.to_string())
    }

    /// A month.
    fn month(month: Period, lang: Lang) -> Self {
        Self::new(month_title(month.first, lang), month.name(Unit::Month))
    }
}

/// What a chart is called, and where it stands.
struct Heading<'a> {
    /// Unique on the page.
    id: String,
    title: Said,
    sentence: Said,
    /// The name of its file in `data/charts/`.
    file: &'static str,
    way: &'a Way<'a>,
}

impl Heading<'_> {
    /// The chart with its drawing and its numbers.
    fn chart(self, lang: Lang, grid: Grid<'_>, draw: impl FnOnce(&Frame<'_>) -> String) -> ChartView {
        let (title, sentence) = (self.title.to(lang), self.sentence.to(lang));
        let svg = draw(&Frame { id: &self.id, title, desc: sentence, lang });
        ChartView {
            svg,
            title: title.to_owned(),
            sentence: sentence.to_owned(),
            header: grid.columns.iter().map(|(_, title)| title.to(lang).to_owned()).collect(),
            rows: grid.rows.into_iter().map(|row| row.into_iter().map(|datum| datum.shown).collect()).collect(),
            csv: Link::new(self.way.from_here(&path(self.file)), format!("{}.csv", self.file)),
            id: self.id,
        }
    }
}

/// The path of a chart's numbers in the site.
fn path(file: &str) -> String {
    format!("data/charts/{file}.csv")
}

/// A chart's numbers over the whole history, as a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbers {
    /// Its name: `availability`.
    pub name: &'static str,
    /// The header.
    pub columns: Vec<String>,
    /// The table.
    pub file: File,
}

/// The numbers of every chart over the whole history.
pub fn numbers<'a>(book: &'a Book<'a>, shelf: &Shelf) -> Vec<Numbers> {
    let all = months(book, book.as_of);
    let of_each = |name: &'static str, grid: &dyn Fn(usize) -> Grid<'a>| {
        let grids: Vec<(&str, Grid<'a>)> =
            book.config.systems.iter().enumerate().map(|(at, s)| (s.id.as_str(), grid(at))).collect();
        let known = grids.iter().find(|(_, grid)| !grid.columns.is_empty());
        let columns = known.iter().flat_map(|(_, grid)| &grid.columns).map(|(name, _)| (*name).to_owned());
        let columns: Vec<String> = std::iter::once("system".to_owned()).chain(columns).collect();
        let file = File::new(path(name), table(&columns, &grids));
        Numbers { name, columns, file }
    };
    vec![
        of_each(availability::FILE, &|system| availability::grid(book, system, &all)),
        of_each(backups::FILE, &|system| backups::grid(book, shelf, system, &all)),
        of_each(capacity::FILE, &|system| capacity::grid(book, system, &all)),
        of_each(patches::FILE, &|system| patches::grid(book, system, &all)),
        of_each(faults::COUNTS, &|system| faults::count_grid(book, Some(system), &all)),
        of_each(faults::RESPONSES, &|system| faults::response_grid(book, Some(system), &all)),
        of_each(faults::RESOLVES, &|system| faults::resolve_grid(book, system, &all)),
        of_each(satisfaction::FILE, &|system| satisfaction::grid(book, system, &all)),
        of_each(complete::FILE, &|system| complete::history(book, Some(system), &all)),
    ]
}

/// The grids of all systems as one table.
fn table(columns: &[String], grids: &[(&str, Grid<'_>)]) -> Vec<u8> {
    let mut lines = csv::Lines::default();
    for (system, grid) in grids {
        for row in &grid.rows {
            lines.row([*system].into_iter().chain(row.iter().map(|datum| datum.raw.as_str())));
        }
    }
    csv::table(columns.iter().map(String::as_str), [lines.into_bytes()])
}

/// All months from the earliest service until an instant, the one that it cuts among them.
pub fn months(book: &Book<'_>, until: Instant) -> Vec<Period> {
    let span = Span { start: book.config.since(), end: until };
    periods(Unit::Month, &book.config.site.zone, span).collect()
}

/// The last whole month at the instant of judgement, if one has ended.
pub fn last_whole(book: &Book<'_>) -> Option<Period> {
    let zone = &book.config.site.zone;
    months(book, book.as_of).into_iter().rev().find(|month| zone.span(*month).end <= book.as_of)
}

/// The months of a chart that ends with a month.
pub fn window(book: &Book<'_>, last: Period) -> Vec<Period> {
    let mut all = months(book, book.config.site.zone.span(last).end);
    all.retain(|month| month.first <= last.first);
    all.split_off(all.len().saturating_sub(MONTHS))
}

/// Months below an axis: the year stands below the first, and below each January.
fn ticks(months: &[Period], lang: Lang) -> Vec<Tick> {
    let tick = |(at, month): (usize, &Period)| {
        let (year, number, _) = month.first.ymd();
        let label = match lang {
            Lang::Zh => format!("{number}月"),
            Lang::En => SHORT[(number as usize + 11) % 12].to_owned(),
        };
        Tick { label, under: if at == 0 || number == 1 { year.to_string() } else { String::new() } }
    };
    months.iter().enumerate().map(tick).collect()
}

const SHORT: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The head of the first column of most tables.
fn month_column() -> (&'static str, Said) {
    ("month", say!("月份", "Month"))
}

/// A decimal as a length of a drawing.
fn drawn(value: Decimal) -> f64 {
    value.0 as f64 / Decimal::ONE as f64
}

/// The parts of a sentence: joined, with a full stop.
fn sentence(parts: &[Said]) -> Said {
    let join = |lang: Lang, comma: &str, stop: &str| {
        let parts: Vec<&str> = parts.iter().map(|p| p.to(lang)).filter(|p| !p.is_empty()).collect();
        format!("{}{stop}", parts.join(comma))
    };
    Said { zh: join(Lang::Zh, "；", "。"), en: capital(&join(Lang::En, "; ", ".")) }
}

/// A name of a system before a title; nothing for all systems.
fn titled(book: &Book<'_>, system: Option<usize>, title: &Said) -> Said {
    match system.map(|s| &book.config.systems[s].name) {
        Some(name) => Said { zh: format!("{name}：{}", title.zh), en: format!("{name}: {}", title.en) },
        None => Said { zh: title.zh.clone(), en: capital(&title.en) },
    }
}

/// An English sentence, or a title, begins with a capital.
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// A month in a sentence.
pub fn month_said(month: Period) -> Said {
    Said { zh: month_title(month.first, Lang::Zh), en: month_title(month.first, Lang::En) }
}

/// An id of a chart: of a system by its number, so that it needs no care whatever the system is called.
fn chart_id(name: &str, system: Option<usize>) -> String {
    system.map_or_else(|| format!("chart-{name}"), |s| format!("chart-{name}-{}", s + 1))
}

/// Whether a month is not over yet at the instant of judgement.
pub fn running(book: &Book<'_>, month: Period) -> bool {
    book.config.site.zone.span(month).end > book.as_of
}
