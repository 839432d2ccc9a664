//! Charts: plain data to inline SVG (site.md, section 3). No colour, no font and no script is written into them: marks
//! carry classes, the style sheet gives them their look in light, dark, print and forced colours.
//!
//! Line and response charts take their scales and ticks from plotters, drawn through a backend of our own (`sem`);
//! calendars, bullets, sparklines and strips need no scale and are written directly.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthChar;

use crate::say::Lang;
use crate::xml::escape;

mod bars;
mod calendar;
mod columns;
mod line;
mod response;
mod sem;
mod small;

pub use bars::{Bar, Bars, bars};
pub use calendar::{Calendar, Month, calendar};
pub use columns::{Column, Columns, Series, columns};
pub use line::{MonthlyLine, Point, monthly_line};
pub use response::{Answer, Grade, Responses, response};
pub use small::{bullet, sparkline, strip};

/// What every chart carries.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// A prefix for ids, unique on its page: ASCII letters, digits and `-`.
    pub id: &'a str,
    /// The visible title, repeated for those who do not see the chart.
    pub title: &'a str,
    /// One sentence with what the chart shows.
    pub desc: &'a str,
    /// The language of labels.
    pub lang: Lang,
}

/// The state of a mark: a class, a glyph and, in the caller's text, a word; never colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// As it should be.
    Met,
    /// Not as it should be.
    Missed,
    /// Missed, because nobody said anything: drawn as an empty place.
    Absent,
    /// Missed, and allowed.
    Waived,
    /// Not over yet.
    Pending,
    /// Not asked.
    NotApplicable,
    /// The evidence does not decide it.
    Unproven,
}

impl Mark {
    /// The class of the mark.
    pub fn class(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Missed => "missed",
            Self::Absent => "absent",
            Self::Waived => "waived",
            Self::Pending => "pending",
            Self::NotApplicable => "na",
            Self::Unproven => "unproven",
        }
    }

    /// The glyph of the mark.
    pub fn glyph(self) -> &'static str {
        match self {
            Self::Met => "✓",
            Self::Missed | Self::Absent => "✗",
            Self::Waived => "○",
            Self::Pending => "·",
            Self::NotApplicable => "–",
            Self::Unproven => "!",
        }
    }
}

/// A month as it is written below an axis.
#[derive(Clone, Debug, Default)]
pub struct Tick {
    /// The month, such as `10月`.
    pub label: String,
    /// What stands below that, such as the year where one begins; mostly empty.
    pub under: String,
}

/// Writes the months below an axis, thinned out where they would touch.
fn ticks<'t>(out: &mut String, x: &[i32], y: i32, ticks: impl Iterator<Item = &'t Tick>) {
    let all: Vec<&Tick> = ticks.collect();
    let step = x.windows(2).map(|pair| pair[1] - pair[0]).min().map_or(f64::MAX, f64::from);
    let widest = all.iter().map(|t| text_width(&t.label, 12.0)).fold(0.0, f64::max) + 8.0;
    let every = (widest / step).ceil().max(1.0) as usize;
    let last = all.len().saturating_sub(1);
    for (at, tick) in all.iter().enumerate() {
        if (last - at).is_multiple_of(every) {
            text(out, "label", "middle", x[at], y, &tick.label);
        }
        if !tick.under.is_empty() {
            text(out, "label", "middle", x[at], y + 16, &tick.under);
        }
    }
}

/// A text cut to a width, with a mark where something is left out.
fn fitted(said: &str, size: f64, width: f64) -> String {
    if text_width(said, size) <= width {
        return said.to_owned();
    }
    let mut out = String::new();
    for c in said.chars() {
        if text_width(&out, size) + text_width(&c.to_string(), size) + size > width {
            break;
        }
        out.push(c);
    }
    out.push('…');
    out
}

/// Opens an SVG with its title and description.
fn open(frame: &Frame<'_>, class: &str, width: i32, height: i32) -> String {
    let (id, title, desc) = (frame.id, escape(frame.title), escape(frame.desc));
    let lang = frame.lang.tag();
    format!(
        "<svg class=\"chart {class}\" role=\"img\" lang=\"{lang}\" aria-labelledby=\"{id}-t\" aria-describedby=\"{id}-d\" \
         focusable=\"false\" viewBox=\"0 0 {width} {height}\" xmlns=\"http://www.w3.org/2000/svg\">\
         <title id=\"{id}-t\">{title}</title><desc id=\"{id}-d\">{desc}</desc>"
    )
}

/// How wide a text is at a font size, in the same unit: a Han character is one em, a Latin one a little over half.
pub fn text_width(text: &str, size: f64) -> f64 {
    text.chars().map(|c| if c.width().unwrap_or(0) > 1 { 1.0 } else { 0.56 }).sum::<f64>() * size
}

/// A text at a place; `anchor` is `start`, `middle` or `end`.
fn text(out: &mut String, class: &str, anchor: &str, x: i32, y: i32, said: &str) {
    let said = escape(said);
    let _ = write!(out, "<text class=\"{class} {anchor}\" x=\"{x}\" y=\"{y}\">{said}</text>");
}

/// A group with a class and a title that a pointer shows.
fn group(out: &mut String, class: &str, title: &str, draw: impl FnOnce(&mut String)) {
    let title = escape(title);
    let _ = write!(out, "<g class=\"{class}\"><title>{title}</title>");
    draw(out);
    out.push_str("</g>");
}

#[cfg(test)]
mod tests;
