//! Emphasis in Chinese text. `CommonMark` decides by blanks and punctuation whether `**` opens or closes, so
//! `**注意：**这是` stays asterisks: a closing run after punctuation must be followed by a blank. Chinese has none.
//!
//! Before parsing, a private character is put between such a run and the punctuation beside it. It counts as a
//! letter, so the run may open and close. It is taken out of everything the parser answers, and offsets are mapped
//! back. The character is one that the text does not use; where all are used, the text is left as it is.

use std::borrow::Cow;

/// A text made ready for the parser.
pub(super) struct Prepared<'a> {
    /// What the parser reads.
    pub text: Cow<'a, str>,
    mark: Option<char>,
    /// The bytes of `text` at which a mark stands, ascending.
    inserted: Vec<usize>,
}

/// Puts marks beside the runs that need one.
pub(super) fn prepare(text: &str) -> Prepared<'_> {
    let points = if text.is_ascii() { Vec::new() } else { points(text) };
    let mark = if points.is_empty() { None } else { unused(text) };
    let Some(mark) = mark else {
        return Prepared { text: Cow::Borrowed(text), mark: None, inserted: Vec::new() };
    };
    let mut out = String::with_capacity(text.len() + points.len() * 3);
    let mut inserted = Vec::with_capacity(points.len());
    let mut from = 0;
    for at in points {
        out.push_str(&text[from..at]);
        inserted.push(out.len());
        out.push(mark);
        from = at;
    }
    out.push_str(&text[from..]);
    Prepared { text: Cow::Owned(out), mark: Some(mark), inserted }
}

impl Prepared<'_> {
    /// The byte of the original text that a byte of the prepared text stands for.
    pub fn source(&self, at: usize) -> usize {
        let before = self.inserted.partition_point(|&mark| mark < at);
        at - before * self.mark.map_or(0, char::len_utf8)
    }

    /// A text from the parser without marks.
    pub fn clean<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.mark {
            Some(mark) if text.contains(mark) => Cow::Owned(text.replace(mark, "")),
            _ => Cow::Borrowed(text),
        }
    }

    /// The parts of a text between the marks, each with the byte of the text at which it starts.
    pub fn parts<'t>(&self, text: &'t str) -> Vec<(usize, &'t str)> {
        let Some(mark) = self.mark else { return vec![(0, text)] };
        let mut at = 0;
        let mut parts = Vec::new();
        for part in text.split(mark) {
            parts.push((at, part));
            at += part.len() + mark.len_utf8();
        }
        parts
    }
}

/// Where marks go: beside a run of `*` or `~~` that stands between punctuation and a letter, one of them Chinese.
fn points(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut points = Vec::new();
    let mut at = 0;
    while let Some(start) = memchr::memchr2(b'*', b'~', &bytes[at..]).map(|n| at + n) {
        let mut end = start;
        while bytes.get(end) == bytes.get(start) {
            end += 1;
        }
        at = end;
        let (Some(before), Some(after)) = (text[..start].chars().next_back(), text[end..].chars().next()) else {
            continue;
        };
        let solid = !before.is_whitespace() && !after.is_whitespace() && before != '\\';
        if !solid || !(is_cjk(before) || is_cjk(after)) {
            continue;
        }
        match (before.is_alphanumeric(), after.is_alphanumeric()) {
            (false, true) => points.push(start),
            (true, false) => points.push(end),
            _ => {}
        }
    }
    points
}

/// A private character that is not in the text.
fn unused(text: &str) -> Option<char> {
    ('\u{e000}'..='\u{f8ff}').find(|mark| !text.contains(*mark))
}

/// Whether a character is written without blanks around it: Han, kana, Hangul and their punctuation.
pub(super) fn is_cjk(c: char) -> bool {
    matches!(c,
        '\u{2e80}'..='\u{31ff}' | '\u{3200}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{a960}'..='\u{a97f}'
        | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ffef}'
        | '\u{1f200}'..='\u{1f2ff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_put_in_and_every_offset_comes_back() {
        let text = "前**注意：**这是**“引号”**文字";
        let prepared = prepare(text);
        assert_eq!(prepared.inserted.len(), 3);
        assert_eq!(prepared.clean(&prepared.text), text);
        for (at, _) in prepared.text.char_indices().filter(|(_, c)| *c != '\u{e000}') {
            let back = prepared.source(at);
            assert_eq!(text[back..].chars().next(), prepared.text[at..].chars().next());
        }
    }

    #[test]
    fn a_private_character_of_the_text_is_kept() {
        let prepared = prepare("\u{e000}**注意：**这是\u{e000}");
        assert_eq!(prepared.mark, Some('\u{e001}'));
        assert_eq!(prepared.clean(&prepared.text), "\u{e000}**注意：**这是\u{e000}");
        let all: String = ('\u{e000}'..='\u{f8ff}').collect();
        assert_eq!(prepare(&format!("{all}**注意：**这是")).mark, None);
    }

    #[test]
    fn nothing_is_done_where_nothing_is_needed() {
        for text in ["**a:**b", "\\**（a", "* 甲", "**甲** 乙", "plain", "甲 ** 乙", "**"] {
            assert!(matches!(prepare(text).text, Cow::Borrowed(_)), "{text}");
        }
    }
}
