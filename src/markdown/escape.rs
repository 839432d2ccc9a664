//! Text into HTML: nothing that was typed is ever markup, and nothing that was typed is invisible.

use std::fmt::Write as _;

/// Why a character is shown by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hidden {
    /// It turns the direction of the text around it.
    Bidi,
    /// It has no shape: controls, noncharacters, a byte order mark inside the text.
    Control,
}

/// Whether a character would not be seen as what it is.
pub(super) fn hidden(c: char) -> Option<Hidden> {
    match c {
        '\t' | '\n' | '\r' => None,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => Some(Hidden::Bidi),
        '\u{feff}' | '\u{fdd0}'..='\u{fdef}' => Some(Hidden::Control),
        c if c.is_control() || (c as u32) & 0xfffe == 0xfffe => Some(Hidden::Control),
        _ => None,
    }
}

/// Writes text between tags.
pub(super) fn text(out: &mut String, text: &str) {
    for c in text.chars() {
        match (hidden(c), c) {
            (Some(Hidden::Bidi), _) => mark(out, "bidi", c),
            (Some(Hidden::Control), _) => mark(out, "control", c),
            (None, '\r') => {}
            (None, _) => plain(out, c),
        }
    }
}

/// Writes the value of an attribute.
pub(super) fn attribute(out: &mut String, text: &str) {
    for c in text.chars() {
        match (hidden(c), c) {
            (Some(_), _) => _ = write!(out, "[{}]", number(c)),
            (None, '\t' | '\n' | '\r') => out.push(' '),
            (None, _) => plain(out, c),
        }
    }
}

/// Writes a URL into an attribute. What may not stand in a URL, and what is not seen, is percent-encoded.
pub(super) fn url(out: &mut String, url: &str) {
    for c in url.chars() {
        let odd = c.is_whitespace() || c.is_control() || hidden(c).is_some();
        if odd || matches!(c, '"' | '<' | '>' | '`' | '{' | '}' | '|' | '\\' | '^') {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                _ = write!(out, "%{byte:02X}");
            }
        } else {
            plain(out, c);
        }
    }
}

fn plain(out: &mut String, c: char) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        '\'' => out.push_str("&#39;"),
        _ => out.push(c),
    }
}

fn mark(out: &mut String, class: &str, c: char) {
    _ = write!(out, "<span class=\"{class}\">{}</span>", number(c));
}

/// The number of a character, such as `U+202E`.
pub(super) fn number(c: char) -> String {
    format!("U+{:04X}", c as u32)
}

#[cfg(test)]
mod tests {
    #[test]
    fn markup_and_hidden_characters_become_visible() {
        let mut out = String::new();
        super::text(&mut out, "<a b='c' d=\"e\">&\u{202e}\u{7}\u{feff}\r甲\t");
        assert_eq!(
            out,
            "&lt;a b=&#39;c&#39; d=&quot;e&quot;&gt;&amp;<span class=\"bidi\">U+202E</span>\
             <span class=\"control\">U+0007</span><span class=\"control\">U+FEFF</span>甲\t"
        );
        out.clear();
        super::attribute(&mut out, "甲\n\u{202e}\"");
        assert_eq!(out, "甲 [U+202E]&quot;");
        out.clear();
        super::url(&mut out, "a b\u{202e}\"甲?x=1&y\\");
        assert_eq!(out, "a%20b%E2%80%AE%22甲?x=1&amp;y%5C");
    }
}
