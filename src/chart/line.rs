//! A figure month by month against its target. A month without data is a gap with the word for it, never zero.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::rc::Rc;

use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;

use super::sem::{AXIS, GRID, LABEL, Sem, Sheet};
use super::{Frame, Mark, Tick, group, text, ticks};
use crate::say::Lang;

/// One month.
#[derive(Clone, Debug)]
pub struct Point {
    /// The month as it is written below the axis.
    pub tick: Tick,
    /// The value; none where there is nothing.
    pub value: Option<f64>,
    /// The value as it is written, with its unit.
    pub shown: String,
    /// The target in force that month.
    pub target: Option<f64>,
    /// The verdict.
    pub mark: Mark,
    /// What a pointer shows, such as `2026-10：99.583 %，符合`.
    pub title: String,
}

/// The months in order, and how values are written.
#[derive(Clone, Debug)]
pub struct MonthlyLine {
    /// The months.
    pub points: Vec<Point>,
    /// The unit behind the numbers of the axis and of the target, such as ` %`.
    pub unit: &'static str,
    /// The word where a month has no value, such as `缺报`.
    pub gap: String,
    /// The least and the most that the axis must show.
    pub least: f64,
    /// The end of the axis: 100 for a share.
    pub most: f64,
}

const WIDTH: i32 = 720;
const HEIGHT: i32 = 260;
const LEFT: i32 = 60;
const RIGHT: i32 = 92;
const TOP: i32 = 26;
const BOTTOM: i32 = 42;
/// Where the word for missing data stands, above the axis.
const GAP: i32 = 8;

/// Draws the chart.
pub fn monthly_line(frame: &Frame<'_>, data: &MonthlyLine) -> String {
    let mut out = super::open(frame, "line", WIDTH, HEIGHT);
    let sheet: Sheet = Rc::new(RefCell::new(String::new()));
    let drawn = mesh(&sheet, data);
    debug_assert!(drawn.is_some(), "writing into a string cannot fail");
    out.push_str(&sheet.borrow());
    if let Some(scale) = drawn {
        marks(&mut out, frame, data, &scale);
    }
    out.push_str("</svg>");
    out
}

/// Where a month and a value stand.
struct Scale {
    x: Vec<i32>,
    y: Box<dyn Fn(f64) -> i32>,
    floor: i32,
}

fn range(data: &MonthlyLine) -> (f64, f64) {
    let values = data.points.iter().flat_map(|p| [p.value, p.target]).flatten();
    let low = values.fold(data.least, f64::min);
    // Below the lowest point there is room for its value.
    (low - (data.most - low) * 0.16, data.most)
}

/// Axis and grid through plotters; answers the scale for the marks.
fn mesh(sheet: &Sheet, data: &MonthlyLine) -> Option<Scale> {
    let root = Sem::new(sheet, WIDTH as u32, HEIGHT as u32).into_drawing_area();
    let (low, high) = range(data);
    let months = data.points.len().max(1) as f64;
    let mut chart = ChartBuilder::on(&root)
        .margin_top(TOP)
        .margin_right(RIGHT)
        .x_label_area_size(BOTTOM)
        .y_label_area_size(LEFT)
        .build_cartesian_2d(0.0..months, low..high)
        .ok()?;
    let unit = data.unit;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .disable_x_axis()
        .y_labels(5)
        .y_label_formatter(&|y| format!("{y:.1}{unit}"))
        .light_line_style(TRANSPARENT)
        .bold_line_style(GRID)
        .axis_style(AXIS)
        .label_style(("sans", 12).into_font().color(&LABEL))
        .draw()
        .ok()?;
    let area = chart.as_coord_spec();
    let x = (0..data.points.len()).map(|at| at_x(area, at, low)).collect();
    let (top, bottom) = (area.translate_y(high), area.translate_y(low));
    let y =
        Box::new(move |value: f64| bottom + ((value - low) / (high - low) * f64::from(top - bottom)).round() as i32);
    Some(Scale { x, y, floor: bottom })
}

type Spec = Cartesian2d<RangedCoordf64, RangedCoordf64>;

fn at_x(area: &Spec, at: usize, low: f64) -> i32 {
    use plotters::coord::CoordTranslate;
    area.translate(&(at as f64 + 0.5, low)).0
}

/// The vertical scale of an area.
trait TranslateY {
    fn translate_y(&self, value: f64) -> i32;
}

impl TranslateY for Spec {
    fn translate_y(&self, value: f64) -> i32 {
        use plotters::coord::CoordTranslate;
        self.translate(&(0.0, value)).1
    }
}

fn marks(out: &mut String, frame: &Frame<'_>, data: &MonthlyLine, scale: &Scale) {
    target(out, frame, data, scale);
    series(out, data, scale);
    let named = named(data);
    for (at, point) in data.points.iter().enumerate() {
        let Some(value) = point.value else { continue };
        let (x, y) = (scale.x[at], (scale.y)(value));
        group(out, &format!("point {}", point.mark.class()), &point.title, |out| {
            if point.mark == Mark::Missed {
                let (a, b, c, d) = (x - 5, y - 5, x + 5, y + 5);
                let _ = write!(out, "<path d=\"M{a} {b}L{c} {d}M{a} {d}L{c} {b}\"/>");
            } else {
                let _ = write!(out, "<circle cx=\"{x}\" cy=\"{y}\" r=\"4\"/>");
            }
            let above = match named.iter().find(|(of, _)| *of == at) {
                Some((_, Side::Above)) => {
                    text(out, "value", "middle", x, y - 10, &point.shown);
                    22
                }
                Some((_, Side::Below)) => {
                    text(out, "value", "middle", x, y + 20, &point.shown);
                    8
                }
                None => 8,
            };
            if point.mark == Mark::Unproven {
                text(out, "glyph", "middle", x, y - above, "!");
            }
        });
    }
    gaps(out, data, scale);
    ticks(out, &scale.x, HEIGHT - BOTTOM + 18, data.points.iter().map(|p| &p.tick));
}

/// The values as a line, parted where there is a gap.
fn series(out: &mut String, data: &MonthlyLine, scale: &Scale) {
    let mut path = String::new();
    let mut open = false;
    for (at, point) in data.points.iter().enumerate() {
        match point.value {
            Some(value) => {
                let _ = write!(path, "{}{} {}", if open { 'L' } else { 'M' }, scale.x[at], (scale.y)(value));
                open = true;
            }
            None => open = false,
        }
    }
    let _ = write!(out, "<path class=\"series\" d=\"{path}\"/>");
}

/// On which side of its point a value stands.
#[derive(Clone, Copy)]
enum Side {
    Above,
    Below,
}

/// The points whose value is written beside them: the lowest, below it, and the last, above it. So the two never meet.
fn named(data: &MonthlyLine) -> Vec<(usize, Side)> {
    let values = || data.points.iter().enumerate().filter_map(|(at, p)| p.value.map(|v| (at, v)));
    let Some((last, end)) = values().next_back() else { return Vec::new() };
    let lowest = values().min_by(|a, b| a.1.total_cmp(&b.1)).filter(|(_, low)| *low < end);
    match lowest {
        Some((low, _)) => vec![(low, Side::Below), (last, Side::Above)],
        None => vec![(last, Side::Above)],
    }
}

/// Where there is no value: a dotted line at the floor with the word for it, once for months that follow each other.
fn gaps(out: &mut String, data: &MonthlyLine, scale: &Scale) {
    let half = half(scale);
    let mut at = 0;
    for run in data.points.chunk_by(|a, b| a.value.is_some() == b.value.is_some()) {
        let (from, to) = (at, at + run.len() - 1);
        at += run.len();
        if run[0].value.is_some() {
            continue;
        }
        let titles: Vec<&str> = run.iter().map(|p| p.title.as_str()).collect();
        group(out, "gap", &titles.join("\n"), |out| {
            let (a, b, y) = (scale.x[from] - half + 4, scale.x[to] + half - 4, scale.floor - 1);
            let _ = write!(out, "<path d=\"M{a} {y}L{b} {y}\"/>");
            text(out, "soft", "middle", i32::midpoint(a, b), y - GAP, &data.gap);
        });
    }
}

/// Half the way between two months.
fn half(scale: &Scale) -> i32 {
    if scale.x.len() > 1 { (scale.x[1] - scale.x[0]) / 2 } else { 40 }
}

/// The target as a stepped line with its last value behind it.
fn target(out: &mut String, frame: &Frame<'_>, data: &MonthlyLine, scale: &Scale) {
    let half = half(scale);
    let mut path = String::new();
    let mut last: Option<(usize, f64)> = None;
    for (at, point) in data.points.iter().enumerate() {
        let Some(target) = point.target else {
            last = None;
            continue;
        };
        let (from, to, y) = (scale.x[at] - half, scale.x[at] + half, (scale.y)(target));
        let _ = write!(path, "{}{from} {y}L{to} {y}", if last.is_some() { 'L' } else { 'M' });
        last = Some((at, target));
    }
    if path.is_empty() {
        return;
    }
    let _ = write!(out, "<path class=\"target\" d=\"{path}\"/>");
    if let Some((at, target)) = last {
        let said = match frame.lang {
            Lang::Zh => format!("目标 {target}{}", data.unit),
            Lang::En => format!("target {target}{}", data.unit),
        };
        let (x, y) = (scale.x[at] + half + 6, (scale.y)(target) + 4);
        text(out, "target", "start", x, y, &said);
    }
}
