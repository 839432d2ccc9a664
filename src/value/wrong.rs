//! Why a text is no value of its type.

use crate::say::Said;

/// A text that is no value of its type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// What is wrong with it; the text is shown.
    pub why: Said,
    /// One corrected example.
    pub help: Option<Said>,
}

impl Wrong {
    /// Says what is wrong. Boxed, because it is rare and the readers that return it are not.
    pub fn new(why: Said) -> Box<Self> {
        Box::new(Self { why, help: None })
    }

    /// Says how to write it.
    #[must_use]
    pub fn help(mut self: Box<Self>, help: Said) -> Box<Self> {
        self.help = Some(help);
        self
    }
}

/// A text as it is shown in a sentence: what cannot be seen escaped, and cut to 40 characters.
pub fn shown(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let mut out = String::new();
    for (n, c) in text.chars().enumerate() {
        if n == 40 {
            out.push('…');
            break;
        }
        match c {
            '"' | '\'' | '\\' => out.push(c),
            c if super::is_bidi_control(c) => out.extend(c.escape_unicode()),
            c => out.extend(c.escape_debug()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn what_cannot_be_seen_is_escaped_and_what_is_long_is_cut() {
        assert_eq!(shown("a\tb\u{202e}c\u{0}".as_bytes()), "a\\tb\\u{202e}c\\0");
        assert_eq!(shown("备".repeat(41).as_bytes()), format!("{}…", "备".repeat(40)));
        assert_eq!(shown("备".repeat(40).as_bytes()), "备".repeat(40));
        assert_eq!(shown(b"it's \xff"), "it's \u{fffd}");
    }
}
