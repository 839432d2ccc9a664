//! How long answers took against their limit: a strip of dots for each grade, on a scale that is even up to twice the
//! limit; what is later, or never came, stands at the edge with its word.

use std::fmt::Write as _;

use super::{Frame, Mark, fitted, group, text};
use crate::say::Lang;
use crate::xml::escape;

/// One record.
#[derive(Clone, Debug)]
pub struct Answer {
    /// How long it took, in minutes; none where there was no answer.
    pub minutes: Option<f64>,
    /// In time, late, or not answered.
    pub mark: Mark,
    /// What a pointer shows, such as `F-2026-021：23 分钟，超时`.
    pub title: String,
}

/// One grade and its limit.
#[derive(Clone, Debug)]
pub struct Grade {
    /// Its name.
    pub label: String,
    /// Its limit in minutes.
    pub limit: f64,
    /// The records, in order of time.
    pub answers: Vec<Answer>,
}

/// The grades, the highest first.
#[derive(Clone, Debug)]
pub struct Responses {
    /// The grades.
    pub grades: Vec<Grade>,
}

const WIDTH: i32 = 720;
const LEFT: i32 = 100;
const RIGHT: i32 = 96;
const ROW: i32 = 84;
const TOP: i32 = 18;
const RADIUS: i32 = 4;

/// Draws the chart.
pub fn response(frame: &Frame<'_>, data: &Responses) -> String {
    let height = TOP + ROW * data.grades.len() as i32 + 4;
    let mut out = super::open(frame, "response", WIDTH, height);
    for (at, grade) in data.grades.iter().enumerate() {
        row(&mut out, frame, grade, TOP + ROW * at as i32);
    }
    out.push_str("</svg>");
    out
}

fn row(out: &mut String, frame: &Frame<'_>, grade: &Grade, top: i32) {
    let (axis, right) = (top + ROW - 30, WIDTH - RIGHT);
    let most = grade.limit * 2.0;
    let x = |minutes: f64| LEFT + ((minutes.clamp(0.0, most) / most) * f64::from(right - LEFT)).round() as i32;
    text(out, "name", "end", LEFT - 12, axis - 12, &fitted(&grade.label, 12.0, f64::from(LEFT - 16)));
    let _ = write!(out, "<path class=\"axis\" d=\"M{LEFT} {axis}L{right} {axis}\"/>");
    let unit = match frame.lang {
        Lang::Zh => " 分钟",
        Lang::En => " min",
    };
    for half in 0..=4 {
        let minutes = grade.limit * f64::from(half) / 2.0;
        let at = x(minutes);
        let _ = write!(out, "<path class=\"axis\" d=\"M{at} {axis}L{at} {}\"/>", axis + 4);
        let label = if half == 4 { format!("{minutes}{unit}") } else { format!("{minutes}") };
        text(out, "label", "middle", at, axis + 18, &label);
    }
    let limit = x(grade.limit);
    let _ = write!(out, "<path class=\"target\" d=\"M{limit} {top}L{limit} {axis}\"/>");
    let said = match frame.lang {
        Lang::Zh => format!("限时 {}{unit}", grade.limit),
        Lang::En => format!("limit {}{unit}", grade.limit),
    };
    let _ = write!(out, "<text class=\"target start\" x=\"{}\" y=\"{}\">{}</text>", limit + 4, top + 8, escape(&said));
    dots(out, frame, grade, (axis, right), x);
}

/// Dots are stacked where they would hide each other.
fn dots(out: &mut String, frame: &Frame<'_>, grade: &Grade, (axis, right): (i32, i32), x: impl Fn(f64) -> i32) {
    let mut taken: Vec<(i32, i32)> = Vec::new();
    let mut edge = 0;
    for answer in &grade.answers {
        let at = answer.minutes.map_or(right + 26, &x);
        let level =
            (0..6).find(|level| !taken.iter().any(|(tx, tl)| tl == level && (tx - at).abs() < 2 * RADIUS)).unwrap_or(5);
        taken.push((at, level));
        let y = axis - RADIUS - 3 - level * (2 * RADIUS + 1);
        group(out, &format!("point {}", answer.mark.class()), &answer.title, |out| {
            if answer.mark == Mark::Met {
                let _ = write!(out, "<circle cx=\"{at}\" cy=\"{y}\" r=\"{RADIUS}\"/>");
            } else {
                let (a, b, c, d) = (at - RADIUS, y - RADIUS, at + RADIUS, y + RADIUS);
                let _ = write!(out, "<path d=\"M{a} {b}L{c} {d}M{a} {d}L{c} {b}\"/>");
            }
        });
        edge += i32::from(answer.minutes.is_none());
    }
    if edge > 0 {
        let word = match frame.lang {
            Lang::Zh => "未响应",
            Lang::En => "no answer",
        };
        text(out, "soft", "middle", right + 26, axis + 18, word);
    }
    if grade.answers.is_empty() {
        let word = match frame.lang {
            Lang::Zh => "本期没有",
            Lang::En => "none",
        };
        text(out, "soft", "start", LEFT + 8, axis - 10, word);
    }
}
