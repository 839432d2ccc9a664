//! Horizontal bars: a share of each of several things with long names, from nothing to all.

use std::fmt::Write as _;

use super::{Frame, Mark, fitted, group, text};

/// One bar.
#[derive(Clone, Debug)]
pub struct Bar {
    /// Its name.
    pub label: String,
    /// The share, from 0 to 1; none where nothing was asked.
    pub share: Option<f64>,
    /// What is written behind it, such as `92 / 93`.
    pub shown: String,
    /// Its state.
    pub mark: Mark,
    /// What a pointer shows.
    pub title: String,
}

/// The bars from top to bottom.
#[derive(Clone, Debug)]
pub struct Bars {
    /// The bars.
    pub bars: Vec<Bar>,
}

const WIDTH: i32 = 720;
const LEFT: i32 = 250;
const RIGHT: i32 = 130;
const ROW: i32 = 24;

/// Draws the chart.
pub fn bars(frame: &Frame<'_>, data: &Bars) -> String {
    let mut out = super::open(frame, "bars", WIDTH, data.bars.len() as i32 * ROW + 4);
    let full = WIDTH - LEFT - RIGHT;
    for (at, bar) in data.bars.iter().enumerate() {
        let top = at as i32 * ROW;
        text(&mut out, "label", "end", LEFT - 10, top + 16, &fitted(&bar.label, 12.0, f64::from(LEFT - 14)));
        group(&mut out, &format!("column {}", bar.mark.class()), &bar.title, |out| {
            let _ =
                write!(out, "<rect class=\"track\" x=\"{LEFT}\" y=\"{}\" width=\"{full}\" height=\"10\"/>", top + 7);
            if let Some(share) = bar.share {
                // What is not all never looks like all.
                let most = if share < 1.0 { full - 2 } else { full };
                let width = ((share * f64::from(full)).floor() as i32).clamp(0, most);
                let _ = write!(out, "<rect x=\"{LEFT}\" y=\"{}\" width=\"{width}\" height=\"10\"/>", top + 7);
            }
            let glyph = if matches!(bar.mark, Mark::Met | Mark::NotApplicable) {
                String::new()
            } else {
                format!("{} ", bar.mark.glyph())
            };
            text(out, "value", "start", WIDTH - RIGHT + 8, top + 16, &format!("{glyph}{}", bar.shown));
        });
    }
    out.push_str("</svg>");
    out
}
