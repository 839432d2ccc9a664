//! A calendar of days: a row a month, a column a day, each with its state. A missed day has a hatch and a glyph as well.

use std::fmt::Write as _;

use super::{Frame, Mark, group, text, text_width};

/// One month.
#[derive(Clone, Debug)]
pub struct Month {
    /// Its name before the row, such as `2026-10`.
    pub label: String,
    /// Its days, from the first: the state, and what a pointer shows. Days in a row that have both in common are one mark.
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
    for day in (1..=31).filter(|d| d % 5 == 0 || *d == 1) {
        text(&mut out, "label", "middle", LEFT + (day - 1) * CELL + CELL / 2 - GAP / 2, TOP - 6, &day.to_string());
    }
    for (at, month) in data.months.iter().enumerate() {
        let y = TOP + at as i32 * CELL;
        text(&mut out, "label", "end", LEFT - 10, y + 14, &month.label);
        let mut x = LEFT;
        // Days in a row that are alike are one mark: thirteen quiet months take little room.
        for alike in month.days.chunk_by(|a, b| a == b) {
            cells(&mut out, x, y, alike.len(), &alike[0]);
            x += alike.len() as i32 * CELL;
        }
    }
    let mut x = LEFT;
    for entry in &data.legend {
        cells(&mut out, x, foot, 1, entry);
        let word = &entry.1;
        text(&mut out, "label", "start", x + CELL + 4, foot + 14, word);
        x += CELL + 4 + text_width(word, 12.0).ceil() as i32 + 18;
    }
    out.push_str("</svg>");
    out
}

/// Days in a row: the squares in one path, the slanted lines of missed ones in another, a glyph for each.
fn cells(out: &mut String, x: i32, y: i32, days: usize, (mark, title): &(Mark, String)) {
    let side = CELL - GAP;
    let third = side / 3;
    group(out, &format!("cell {}", mark.class()), title, |out| {
        let squares = format!("h{side}v{side}h-{side}zm{CELL} 0").repeat(days);
        let _ = write!(out, "<path d=\"M{x} {y}{squares}\"/>");
        if *mark == Mark::Missed {
            // Lines and no pattern: a fill that is written into the mark would lose to the style sheet.
            let long = 2 * third;
            let lines = format!("l{long}-{long}m-{third} {side}l{long}-{long}m{GAP} {third}").repeat(days);
            let _ = write!(out, "<path class=\"over\" d=\"M{x} {}{lines}\"/>", y + long);
        }
        if !matches!(mark, Mark::Met | Mark::NotApplicable | Mark::Pending) {
            let places: Vec<String> = (0..days as i32).map(|day| (x + day * CELL + side / 2).to_string()).collect();
            let (places, glyphs) = (places.join(" "), mark.glyph().repeat(days));
            let _ = write!(out, "<text class=\"glyph middle\" x=\"{places}\" y=\"{}\">{glyphs}</text>", y + 14);
        }
    });
}
