//! A figure month by month against its target. A month without data is a gap with the word for it, never zero.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::rc::Rc;

use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;

use super::sem::{AXIS, GRID, LABEL, Sem, Sheet};
use super::{Frame, Mark, group, no_data, text, text_width};
use crate::xml::escape;

/// One month.
#[derive(Clone, Debug)]
pub struct Point {
    /// The month as it is written below the axis, such as `10月` or `2026-01`.
    pub label: String,
    /// The value; none where there is nothing.
    pub value: Option<f64>,
    /// The target in force that month.
    pub target: Option<f64>,
    /// The verdict.
    pub mark: Mark,
    /// What a pointer shows, such as `2026-10：99.583%，符合`.
    pub title: String,
}

/// The months in order, and how values are written.
#[derive(Clone, Debug)]
pub struct MonthlyLine {
    /// The months.
    pub points: Vec<Point>,
    /// The unit behind a value, such as `%`.
    pub unit: &'static str,
    /// The least and the most that the axis must show.
    pub least: f64,
    /// The end of the axis: 100 for a share.
    pub most: f64,
}

const WIDTH: i32 = 720;
const HEIGHT: i32 = 240;
const LEFT: i32 = 52;
const RIGHT: i32 = 64;
const TOP: i32 = 14;
const BOTTOM: i32 = 30;
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
    (low - (data.most - low) * 0.06, data.most)
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
    let y = &scale.y;
    target(out, data, scale);
    let mut path = String::new();
    let mut open = false;
    for (at, point) in data.points.iter().enumerate() {
        match point.value {
            Some(value) => {
                let _ = write!(path, "{}{} {}", if open { 'L' } else { 'M' }, scale.x[at], y(value));
                open = true;
            }
            None => open = false,
        }
    }
    let _ = write!(out, "<path class=\"series\" d=\"{path}\"/>");
    let last = data.points.iter().rposition(|p| p.value.is_some());
    let low = data
        .points
        .iter()
        .enumerate()
        .filter_map(|(at, p)| p.value.map(|v| (at, v)))
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(at, _)| at);
    for (at, point) in data.points.iter().enumerate() {
        let x = scale.x[at];
        match point.value {
            Some(value) => group(out, &format!("point {}", point.mark.class()), &point.title, |out| {
                let y = y(value);
                match point.mark {
                    Mark::Missed => {
                        let (a, b, c, d) = (x - 5, y - 5, x + 5, y + 5);
                        let _ = write!(out, "<path d=\"M{a} {b}L{c} {d}M{a} {d}L{c} {b}\"/>");
                    }
                    _ => {
                        let _ = write!(out, "<circle cx=\"{x}\" cy=\"{y}\" r=\"4\"/>");
                    }
                }
                if point.mark == Mark::Unproven {
                    text(out, "glyph", "middle", x, y - 8, "!");
                }
                if Some(at) == low || Some(at) == last {
                    let below = point.mark == Mark::Missed && y + 20 < scale.floor;
                    text(
                        out,
                        "value",
                        "middle",
                        x,
                        if below { y + 18 } else { y - 9 },
                        &format!("{value:.3}{}", data.unit),
                    );
                }
            }),
            None => group(out, "gap", &point.title, |out| {
                let (a, b, y) = (x - 14, x + 14, scale.floor - 1);
                let _ = write!(out, "<path d=\"M{a} {y}L{b} {y}\"/>");
                text(out, "soft", "middle", x, y - GAP, no_data(frame.lang));
            }),
        }
    }
    labels(out, data, scale);
}

/// The target as a stepped line with its last value behind it.
fn target(out: &mut String, data: &MonthlyLine, scale: &Scale) {
    let half = if scale.x.len() > 1 { (scale.x[1] - scale.x[0]) / 2 } else { 40 };
    let mut path = String::new();
    let mut last: Option<f64> = None;
    for (at, point) in data.points.iter().enumerate() {
        let Some(target) = point.target else {
            last = None;
            continue;
        };
        let (from, to, y) = (scale.x[at] - half, scale.x[at] + half, (scale.y)(target));
        let _ = write!(path, "{}{from} {y}L{to} {y}", if last.is_some() { 'L' } else { 'M' });
        last = Some(target);
    }
    if path.is_empty() {
        return;
    }
    let _ = write!(out, "<path class=\"target\" d=\"{path}\"/>");
    if let (Some(target), Some(x)) = (last, scale.x.last()) {
        let label = escape(&format!("{target}{}", data.unit));
        let (x, y) = (x + half + 4, (scale.y)(target) + 4);
        let _ = write!(out, "<text class=\"target start\" x=\"{x}\" y=\"{y}\">{label}</text>");
    }
}

/// Month labels, thinned out where they would touch.
fn labels(out: &mut String, data: &MonthlyLine, scale: &Scale) {
    let step = if scale.x.len() > 1 { f64::from(scale.x[1] - scale.x[0]) } else { f64::from(WIDTH) };
    let widest = data.points.iter().map(|p| text_width(&p.label, 12.0)).fold(0.0, f64::max) + 8.0;
    let every = (widest / step).ceil().max(1.0) as usize;
    let last = data.points.len().saturating_sub(1);
    for (at, point) in data.points.iter().enumerate() {
        if (last - at).is_multiple_of(every) {
            text(out, "label", "middle", scale.x[at], HEIGHT - BOTTOM + 18, &point.label);
        }
    }
}
