//! Text of others into HTML, URLs and ids: nothing that was typed is ever markup, and nothing that was typed is
//! invisible (safety.md, section 4). For the parts that are written without a template, because there may be a
//! million of them.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a character turns the direction of the text around it (UAX 9, section 2).
fn turns(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether a character has no shape of its own, though it is no blank.
fn shapeless(c: char) -> bool {
    (c.is_control() && !matches!(c, '\t' | '\n' | '\r')) || c == '\u{feff}'
}

/// Writes text between tags. Characters that would not be seen as what they are become a mark with their number.
pub fn text(out: &mut String, text: &str) {
    written(out, text, |out, c| _ = write!(out, "<span class=\"bidi\">U+{:04X}</span>", c as u32));
}

/// Writes the value of an attribute that stands in double quotes.
pub fn attribute(out: &mut String, text: &str) {
    written(out, text, |out, c| _ = write!(out, "[U+{:04X}]", c as u32));
}

/// Writes an attribute, in quotes where its value needs them.
pub fn pair(out: &mut String, name: &str, value: &str) {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b':' | b'#');
    let bare = !value.is_empty() && value.bytes().all(plain);
    let _ = write!(out, " {name}=");
    if bare {
        out.push_str(value);
    } else {
        out.push('"');
        attribute(out, value);
        out.push('"');
    }
}

/// Text for a script to show as text: only what would not be seen is replaced.
pub fn seen(text: &str) -> Cow<'_, str> {
    let odd = |c: char| turns(c) || shapeless(c);
    if !text.contains(odd) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if odd(c) { _ = write!(out, "[U+{:04X}]", c as u32) } else { out.push(c) }
    }
    Cow::Owned(out)
}

/// Text between tags, as a string.
pub fn escaped(plain: &str) -> String {
    let mut out = String::with_capacity(plain.len() + 16);
    text(&mut out, plain);
    out
}

fn written(out: &mut String, text: &str, odd: impl Fn(&mut String, char)) {
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate() {
        // Most bytes are neither markup nor the first of a character that may be odd.
        let replaced = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\'' => "&#39;",
            0..=0x1f | 0x7f | 0xc2 | 0xd8 | 0xe2 | 0xef => "",
            _ => continue,
        };
        if replaced.is_empty() {
            let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else { continue };
            if turns(c) || shapeless(c) {
                out.push_str(&text[done..at]);
                odd(out, c);
                done = at + c.len_utf8();
            }
        } else {
            out.push_str(&text[done..at]);
            out.push_str(replaced);
            done = at + 1;
        }
    }
    out.push_str(&text[done..]);
}

/// The `id` of a row: `r-` and the record's id. An id of HTML holds no blank, so blanks are percent-encoded, and `%`
/// with them: two ids never meet, and a fragment typed by hand is found too.
pub fn anchor(id: &str) -> String {
    let mut out = String::with_capacity(id.len() + 2);
    out.push_str("r-");
    if id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        out.push_str(id);
        return out;
    }
    for c in id.chars() {
        if c.is_whitespace() || c == '%' {
            percent(&mut out, c);
        } else {
            out.push(c);
        }
    }
    out
}

/// Percent-encodes a part of a path or a fragment: what may not stand in a URL, and what would end the part. Letters
/// of every script stay, so that an address can be read.
pub fn part(text: &str) -> String {
    let plain = |b: u8| {
        b.is_ascii_alphanumeric()
            || matches!(
                b,
                b'-' | b'_' | b'.' | b'~' | b'!' | b'*' | b'(' | b')' | b',' | b':' | b'@' | b'+' | b'=' | b'/'
            )
    };
    if text.bytes().all(plain) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let letter = !c.is_ascii() && !c.is_control() && !c.is_whitespace() && !turns(c) && !shapeless(c);
        if u8::try_from(c).is_ok_and(plain) || letter {
            out.push(c);
        } else {
            percent(&mut out, c);
        }
    }
    out
}

/// Percent-encodes a character.
pub fn percent(out: &mut String, c: char) {
    for byte in c.encode_utf8(&mut [0; 4]).bytes() {
        let _ = write!(out, "%{byte:02X}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_becomes_text() {
        assert_eq!(escaped("<b a=\"x\" c='y'>&amp;"), "&lt;b a=&quot;x&quot; c=&#39;y&#39;&gt;&amp;amp;");
        assert_eq!(escaped("异地备份 é😀\n第二行"), "异地备份 é😀\n第二行");
        assert_eq!(
            escaped("a\u{202e}b\u{0}c\u{feff}"),
            "a<span class=\"bidi\">U+202E</span>b<span class=\"bidi\">U+0000</span>c<span class=\"bidi\">U+FEFF</span>"
        );
        let mut out = String::new();
        attribute(&mut out, "\" onx=\u{200f}");
        assert_eq!(out, "&quot; onx=[U+200F]");
        assert_eq!(seen("<b>\u{202e}备\u{0}"), "<b>[U+202E]备[U+0000]");
        out.clear();
        for value in ["r-F_1.2:3", "#r-1", "", "a b", "a/>", "备", "a\"=x", "`"] {
            pair(&mut out, "x", value);
        }
        assert_eq!(out, " x=r-F_1.2:3 x=#r-1 x=\"\" x=\"a b\" x=\"a/&gt;\" x=\"备\" x=\"a&quot;=x\" x=\"`\"");
        assert!(matches!(seen("<b> 备份\n"), Cow::Borrowed(_)));
    }

    #[test]
    fn anchors_never_meet_and_hold_no_blank() {
        let ids = ["a b", "a%20b", "a\u{3000}b", "a_b", "oa/2026-10-01/day~2", "编号 1"];
        let anchors: std::collections::BTreeSet<String> = ids.iter().map(|id| anchor(id)).collect();
        assert_eq!(anchors.len(), ids.len());
        assert!(anchors.iter().all(|a| !a.contains(char::is_whitespace)));
        assert_eq!(anchor("BK-20261003-01"), "r-BK-20261003-01");
    }

    #[test]
    fn addresses_stay_in_their_part() {
        assert_eq!(part(&anchor("a b")), "r-a%2520b");
        assert_eq!(part("F#1?x&\"'<>`\\"), "F%231%3Fx%26%22%27%3C%3E%60%5C");
        assert_eq!(part("记录/2026 年.csv"), "记录/2026%20年.csv");
        assert_eq!(part("javascript:x").find("script"), Some(4));
    }
}
