//! A calendar of days: a row a month, a column a day, each with its state. A missed day has a hatch and a glyph as well.

use std::fmt::Write as _;

use super::{Frame, Mark, group, text, text_width};

/// One month.
#[derive(Clone, Debug)]
pub struct Month {
    /// Its name before the row, such as `2026-10`.
    pub label: String,
    /// Its days, from the first: the state, and what a pointer shows.
    pub days: Vec<(Mark, String)>,
}

/// The months in order.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// The months.
    pub months: Vec<Month>,
    /// What each mark means, in words; drawn below.
    pub legend: Vec<(Mark, String)>,
}

const CELL: i32 = 20;
const GAP: i32 = 2;
const LEFT: i32 = 64;
const TOP: i32 = 20;

/// Draws the calendar.
pub fn calendar(frame: &Frame<'_>, data: &Calendar) -> String {
    let width = LEFT + 31 * CELL + 4;
    let foot = TOP + data.months.len() as i32 * CELL + 14;
    let height = foot + CELL + 4;
    let mut out = super::open(frame, "calendar", width, height);
    let id = frame.id;
    let _ = write!(
        out,
        "<defs><pattern id=\"{id}-h\" class=\"hatch\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" \
         patternTransform=\"rotate(45)\"><path d=\"M0 0L0 5\"/></pattern></defs>"
    );
    for day in (1..=31).filter(|d| d % 5 == 0 || *d == 1) {
        text(&mut out, "label", "middle", LEFT + (day - 1) * CELL + CELL / 2 - GAP / 2, TOP - 6, &day.to_string());
    }
    for (at, month) in data.months.iter().enumerate() {
        let y = TOP + at as i32 * CELL;
        text(&mut out, "label", "end", LEFT - 10, y + 14, &month.label);
        for (day, (mark, title)) in month.days.iter().enumerate() {
            cell(&mut out, id, LEFT + day as i32 * CELL, y, *mark, title);
        }
    }
    let mut x = LEFT;
    for (mark, word) in &data.legend {
        cell(&mut out, id, x, foot, *mark, word);
        text(&mut out, "label", "start", x + CELL + 4, foot + 14, word);
        x += CELL + 4 + text_width(word, 12.0).ceil() as i32 + 18;
    }
    out.push_str("</svg>");
    out
}

fn cell(out: &mut String, id: &str, x: i32, y: i32, mark: Mark, title: &str) {
    let side = CELL - GAP;
    group(out, &format!("cell {}", mark.class()), title, |out| {
        let _ = write!(out, "<rect x=\"{x}\" y=\"{y}\" width=\"{side}\" height=\"{side}\" rx=\"2\"/>");
        if mark == Mark::Missed {
            let _ = write!(
                out,
                "<rect class=\"over\" fill=\"url(#{id}-h)\" x=\"{x}\" y=\"{y}\" width=\"{side}\" height=\"{side}\" rx=\"2\"/>"
            );
        }
        if !matches!(mark, Mark::Met | Mark::NotApplicable | Mark::Pending) {
            text(out, "glyph", "middle", x + side / 2, y + 14, mark.glyph());
        }
    });
}
