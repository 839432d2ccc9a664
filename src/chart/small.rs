//! Small charts that stand beside a number: a bullet bar, a sparkline, a strip of states.

use std::fmt::Write as _;

use super::{Frame, Mark, group};

/// A value on a bar with a tick at its target, where it has one; `range` is what the bar spans.
pub fn bullet(frame: &Frame<'_>, value: Option<f64>, target: Option<f64>, range: (f64, f64), mark: Mark) -> String {
    const WIDTH: i32 = 220;
    let mut out = super::open(frame, "bullet", WIDTH, 20);
    let x = |v: f64| (((v - range.0) / (range.1 - range.0)).clamp(0.0, 1.0) * f64::from(WIDTH)).round() as i32;
    let _ = write!(out, "<rect class=\"track\" x=\"0\" y=\"6\" width=\"{WIDTH}\" height=\"8\"/>");
    if let Some(value) = value {
        let class = mark.class();
        let _ = write!(out, "<rect class=\"bar {class}\" x=\"0\" y=\"6\" width=\"{}\" height=\"8\"/>", x(value).max(1));
    }
    if let Some(target) = target {
        let at = x(target).min(WIDTH - 1);
        let _ = write!(out, "<path class=\"tick\" d=\"M{at} 1L{at} 19\"/>");
    }
    out.push_str("</svg>");
    out
}

/// The trend of a value; gaps stay gaps.
pub fn sparkline(frame: &Frame<'_>, points: &[Option<f64>], target: Option<f64>) -> String {
    const WIDTH: i32 = 160;
    const HEIGHT: i32 = 32;
    let mut out = super::open(frame, "spark", WIDTH, HEIGHT);
    let all = || points.iter().flatten().copied().chain(target);
    let (low, high) = all().fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(v), high.max(v)));
    if low > high {
        out.push_str("</svg>");
        return out;
    }
    // What never changes runs through the middle.
    let share = |v: f64| if high > low { (v - low) / (high - low) } else { 0.5 };
    let y = |v: f64| HEIGHT - 4 - (share(v) * f64::from(HEIGHT - 8)).round() as i32;
    let step = f64::from(WIDTH - 8) / (points.len().max(2) - 1) as f64;
    let x = |at: usize| 4 + (at as f64 * step).round() as i32;
    if let Some(target) = target {
        let y = y(target);
        let _ = write!(out, "<path class=\"target\" d=\"M0 {y}L{WIDTH} {y}\"/>");
    }
    let mut path = String::new();
    let mut open = false;
    for (at, point) in points.iter().enumerate() {
        match point {
            Some(value) => {
                let _ = write!(path, "{}{} {}", if open { 'L' } else { 'M' }, x(at), y(*value));
                open = true;
            }
            None => open = false,
        }
    }
    let _ = write!(out, "<path class=\"series\" d=\"{path}\"/>");
    if let Some((at, value)) = points.iter().enumerate().rev().find_map(|(at, p)| p.map(|v| (at, v))) {
        let _ = write!(out, "<circle class=\"last\" cx=\"{}\" cy=\"{}\" r=\"3\"/>", x(at), y(value));
    }
    out.push_str("</svg>");
    out
}

/// One row of states, each with what a pointer shows.
pub fn strip(frame: &Frame<'_>, states: &[(Mark, String)]) -> String {
    const CELL: i32 = 16;
    let mut out = super::open(frame, "strip", states.len().max(1) as i32 * CELL, CELL);
    for (at, (mark, title)) in states.iter().enumerate() {
        let x = at as i32 * CELL;
        group(&mut out, &format!("cell {}", mark.class()), title, |out| {
            let side = CELL - 2;
            let _ = write!(out, "<rect x=\"{x}\" y=\"0\" width=\"{side}\" height=\"{side}\" rx=\"2\"/>");
            if !matches!(mark, Mark::Met | Mark::NotApplicable | Mark::Pending) {
                super::text(out, "glyph", "middle", x + side / 2, 11, mark.glyph());
            }
        });
    }
    out.push_str("</svg>");
    out
}
