//! Where a byte of a text stands. `Place::of_bytes` counts from the start of the text each time; a page with
//! thousands of links needs the line starts once, and a lone carriage return ends a line here too.

use std::cell::Cell;
use std::ops::Range;
use std::sync::Arc;

use crate::source::Place;

/// The lines of one file: turns byte ranges into places.
pub struct Lines<'a> {
    file: Arc<str>,
    text: &'a str,
    starts: Vec<usize>,
    /// The last offset asked for and its column, so that a long line is counted once and not for each question.
    last: Cell<(usize, u32)>,
}

impl<'a> Lines<'a> {
    /// Finds the line starts of a text; `\n`, `\r\n` and a lone `\r` end a line (records.md section 4).
    pub fn new(file: &str, text: &'a str) -> Self {
        let bytes = text.as_bytes();
        let first = if text.starts_with('\u{feff}') { 3 } else { 0 };
        let mut starts = vec![first];
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            if bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n') {
                starts.push(at + 1);
            }
        }
        Self { file: file.into(), text, starts, last: Cell::new((first, 1)) }
    }

    /// The place of a byte range; the width stops at the end of its first line. Offsets that are past the end, or
    /// inside a character, are moved back to where a character starts.
    pub fn place(&self, range: Range<usize>) -> Place {
        let start = self.floor(range.start).max(self.starts[0].min(self.text.len()));
        let end = self.floor(range.end).max(start);
        let line = self.starts.partition_point(|&at| at <= start).max(1);
        let line_start = self.starts[line - 1];
        let (seen, at) = self.last.get();
        let (from, before) = if seen >= line_start && seen <= start { (seen, at) } else { (line_start, 1) };
        let column = before + count(&self.text[from..start]);
        self.last.set((start, column));
        let first_line = self.text[start..end].split(['\n', '\r']).next().unwrap_or_default();
        Place { file: self.file.clone(), line: line as u32, column, width: count(first_line) }
    }

    fn floor(&self, at: usize) -> usize {
        let mut at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }
}

fn count(text: &str) -> u32 {
    text.chars().count() as u32
}

/// The lines of a text from an offset on: the range of each without its line end, and where the next starts.
pub(crate) fn lines_from(text: &str, from: usize) -> impl Iterator<Item = (Range<usize>, usize)> + '_ {
    let mut at = from;
    std::iter::from_fn(move || {
        if at >= text.len() {
            return None;
        }
        let start = at;
        let rest = &text.as_bytes()[start..];
        let end = memchr::memchr2(b'\n', b'\r', rest).map_or(text.len(), |n| start + n);
        let ends = if text[end..].starts_with("\r\n") { 2 } else { 1 };
        at = (end + ends).min(text.len());
        Some((start..end, at))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_characters_and_know_three_line_ends() {
        let text = "\u{feff}甲乙\r\n丙丁戊\r己\n庚";
        let lines = Lines::new("a.md", text);
        let place = |what: &str| {
            let at = text.find(what).unwrap();
            let p = lines.place(at..at + what.len());
            (p.line, p.column, p.width)
        };
        assert_eq!(place("丁戊"), (2, 2, 2));
        assert_eq!(place("乙"), (1, 2, 1));
        assert_eq!(place("甲乙"), (1, 1, 2));
        assert_eq!(place("己"), (3, 1, 1));
        assert_eq!(place("庚"), (4, 1, 1));
        assert_eq!(lines.place(900..901).line, 4);
        assert_eq!(lines.place(0..0).column, 1);
    }

    #[test]
    fn an_empty_text_has_a_place() {
        let lines = Lines::new("a.md", "");
        assert_eq!((lines.place(0..5).line, lines.place(3..5).column), (1, 1));
    }
}
