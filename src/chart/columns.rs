//! Columns month by month, a row a series: small multiples that share their months, not their scale. Columns stand on
//! zero. A month without data is a gap with the word for it.

use std::fmt::Write as _;

use super::{Frame, Mark, Tick, fitted, group, text, ticks};

/// One month of a series.
#[derive(Clone, Debug)]
pub struct Column {
    /// How high it is; none where there is nothing.
    pub value: Option<f64>,
    /// The value as it is written above it.
    pub shown: String,
    /// Its state; none where nothing is judged.
    pub mark: Option<Mark>,
    /// What a pointer shows.
    pub title: String,
}

/// One row.
#[derive(Clone, Debug)]
pub struct Series {
    /// Its name.
    pub label: String,
    /// What stands below the name, such as its unit; may be empty.
    pub under: String,
    /// A line across the columns, such as a limit.
    pub limit: Option<f64>,
    /// Where the scale ends; the highest column where that is more.
    pub most: f64,
    /// The months.
    pub columns: Vec<Column>,
}

/// The rows and their months.
#[derive(Clone, Debug)]
pub struct Columns {
    /// The months.
    pub ticks: Vec<Tick>,
    /// The rows.
    pub rows: Vec<Series>,
    /// The word where a month has no value, such as `缺报`.
    pub gap: String,
}

const WIDTH: i32 = 720;
const LEFT: i32 = 100;
const RIGHT: i32 = 12;
const ROW: i32 = 76;
/// How high the highest column is: above it stands its value.
const TALL: i32 = 46;
const FOOT: i32 = 42;

/// Draws the chart.
pub fn columns(frame: &Frame<'_>, data: &Columns) -> String {
    let rows = data.rows.len() as i32;
    let mut out = super::open(frame, "columns", WIDTH, rows * ROW + FOOT);
    let step = f64::from(WIDTH - LEFT - RIGHT) / data.ticks.len().max(1) as f64;
    let x: Vec<i32> = (0..data.ticks.len()).map(|at| LEFT + ((at as f64 + 0.5) * step).round() as i32).collect();
    for (at, series) in data.rows.iter().enumerate() {
        row(&mut out, data, series, &x, (at as i32 + 1) * ROW - 8);
    }
    ticks(&mut out, &x, rows * ROW + 10, data.ticks.iter());
    out.push_str("</svg>");
    out
}

fn row(out: &mut String, data: &Columns, series: &Series, x: &[i32], floor: i32) {
    let most = series.columns.iter().filter_map(|c| c.value).fold(series.most, f64::max).max(f64::MIN_POSITIVE);
    let tall = |value: f64| (value / most * f64::from(TALL)).round() as i32;
    let name = |said: &str| fitted(said, 12.0, f64::from(LEFT - 16));
    text(out, "name", "end", LEFT - 12, floor - 20, &name(&series.label));
    text(out, "label", "end", LEFT - 12, floor - 4, &name(&series.under));
    let _ = write!(out, "<path class=\"axis\" d=\"M{LEFT} {floor}L{} {floor}\"/>", WIDTH - RIGHT);
    let step = x.windows(2).map(|pair| pair[1] - pair[0]).min().unwrap_or(60);
    let half = (step * 3 / 10).clamp(3, 16);
    for (at, column) in series.columns.iter().enumerate().take(x.len()) {
        let Some(value) = column.value else { continue };
        let (left, top) = (x[at] - half, floor - tall(value));
        let class = column.mark.map_or_else(|| "column".to_owned(), |mark| format!("column {}", mark.class()));
        group(out, &class, &column.title, |out| {
            let (width, height) = (half * 2, floor - top);
            let _ = write!(out, "<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\"/>");
            let glyph = if column.mark == Some(Mark::Missed) { "✗ " } else { "" };
            text(out, "value", "middle", x[at], top - 5, &format!("{glyph}{}", column.shown));
        });
    }
    gaps(out, data, series, x, (floor, step));
    if let Some(limit) = series.limit {
        let y = floor - tall(limit);
        let _ = write!(out, "<path class=\"target\" d=\"M{LEFT} {y}L{} {y}\"/>", WIDTH - RIGHT);
    }
}

/// Months without a value: a dotted line with the word for it, once for those that follow each other.
fn gaps(out: &mut String, data: &Columns, series: &Series, x: &[i32], (floor, step): (i32, i32)) {
    let columns = &series.columns[..series.columns.len().min(x.len())];
    let mut at = 0;
    for run in columns.chunk_by(|a, b| a.value.is_some() == b.value.is_some()) {
        let (from, to) = (x[at] - step / 2 + 3, x[at + run.len() - 1] + step / 2 - 3);
        at += run.len();
        if run[0].value.is_some() {
            continue;
        }
        let titles: Vec<&str> = run.iter().map(|c| c.title.as_str()).collect();
        group(out, "gap", &titles.join("\n"), |out| {
            let y = floor - 2;
            let _ = write!(out, "<path d=\"M{from} {y}L{to} {y}\"/>");
            text(out, "soft", "middle", i32::midpoint(from, to), y - 6, &data.gap);
        });
    }
}
