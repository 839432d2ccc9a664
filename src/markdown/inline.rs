//! What the parser leaves as text and people mean as links: bare addresses and `[[kind:id]]`.

use std::ops::Range;

/// A run of text that was gathered from several events, and where its parts were written.
#[derive(Default)]
pub(super) struct Run {
    /// The text.
    pub text: String,
    /// The byte of the text at which a part starts, and the byte of the source that it was written at.
    parts: Vec<(usize, usize)>,
}

impl Run {
    /// Adds a text that was written at a byte of the source.
    pub fn push(&mut self, text: &str, source: usize) {
        self.parts.push((self.text.len(), source));
        self.text.push_str(text);
    }

    /// The bytes of the source that a range of the text was written at.
    pub fn source(&self, range: &Range<usize>) -> Range<usize> {
        let of = |at: usize| {
            let part = self.parts.partition_point(|(start, _)| *start <= at).saturating_sub(1);
            self.parts.get(part).map_or(0, |(start, source)| source + at - start)
        };
        let last = range.end.saturating_sub(1).max(range.start);
        of(range.start)..of(last) + 1
    }
}

/// A link found in text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found<'a> {
    /// A bare `http` or `https` address.
    Url(&'a str),
    /// `[[kind:id#anchor|text]]`.
    Reference {
        /// Before the colon.
        kind: &'a str,
        /// After the colon.
        id: &'a str,
        /// After `#`.
        anchor: Option<&'a str>,
        /// After `|`, or what stands before it.
        shown: &'a str,
    },
}

/// Finds the links of a text, in order.
pub(super) fn find(text: &str) -> Vec<(Range<usize>, Found<'_>)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = memchr::memchr3(b'[', b'h', b'H', &bytes[at..]).map(|n| at + n) {
        let hit = if bytes[start] == b'[' { reference(text, start) } else { address(text, start) };
        match hit {
            Some((end, link)) => {
                found.push((start..end, link));
                at = end;
            }
            None => at = start + 1,
        }
    }
    found
}

/// `[[kind:id]]`: the kind is a word in lower case, so that `[[ -f x ]]` and `[[:alpha:]]` stay text.
fn reference(text: &str, start: usize) -> Option<(usize, Found<'_>)> {
    let inner = text[start..].strip_prefix("[[")?;
    let close = inner.find(['[', ']', '\n']).filter(|&at| inner[at..].starts_with("]]"))?;
    let inner = &inner[..close];
    let (target, label) = inner.split_once('|').map_or((inner, None), |(t, l)| (t, Some(l.trim())));
    let (kind, rest) = target.trim().split_once(':')?;
    let (id, anchor) = rest.split_once('#').map_or((rest, None), |(id, anchor)| (id, Some(anchor.trim())));
    let word = kind.starts_with(|c: char| c.is_ascii_lowercase())
        && kind.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    let (id, anchor) = (id.trim(), anchor.filter(|anchor| !anchor.is_empty()));
    let shown = label.filter(|label| !label.is_empty()).unwrap_or(id);
    (word && !id.is_empty()).then_some((start + close + 4, Found::Reference { kind, id, anchor, shown }))
}

/// A bare address. It ends at the first character that is not ASCII: in Chinese text no blank parts it from the
/// words after it. Punctuation that closes a sentence is not part of it.
fn address(text: &str, start: usize) -> Option<(usize, Found<'_>)> {
    let rest = &text[start..];
    let scheme = ["https://", "http://"]
        .into_iter()
        .find(|s| rest.get(..s.len()).is_some_and(|head| head.eq_ignore_ascii_case(s)))?;
    let before = text[..start].chars().next_back();
    if before.is_some_and(|c| c.is_ascii_alphanumeric()) {
        return None;
    }
    let end = rest
        .find(|c: char| !c.is_ascii_graphic() || matches!(c, '<' | '>' | '"' | '`' | '\\' | '^' | '{' | '}' | '|'))
        .unwrap_or(rest.len());
    // Brackets are counted once and then kept up: an address of a million of them must not take a million counts.
    let mut url = &rest[..end];
    let open = url.matches(['(', '[']).count();
    let mut close = url.matches([')', ']']).count();
    while let Some(last) = url.chars().next_back() {
        match last {
            '?' | '!' | '.' | ',' | ':' | ';' | '*' | '_' | '~' | '\'' => {}
            ')' | ']' if close > open => close -= 1,
            _ => break,
        }
        url = &url[..url.len() - last.len_utf8()];
    }
    let host = url.get(scheme.len()..)?;
    host.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[').then_some((start + url.len(), Found::Url(url)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn urls(text: &str) -> Vec<&str> {
        find(text).into_iter().map(|(range, _)| &text[range]).collect()
    }

    #[test]
    fn bare_addresses_end_where_the_sentence_goes_on() {
        assert_eq!(
            urls("详见https://a.example/x?y=1&z。后续 (http://b.example/(c)), HTTP://D.example."),
            ["https://a.example/x?y=1&z", "http://b.example/(c)", "HTTP://D.example"]
        );
        assert_eq!(urls("xhttp://a https:// http://。 ftp://a http:/a javascript:http"), [""; 0]);
    }

    #[test]
    fn references_are_words_with_a_colon() {
        let got = find("见 [[clause:4.1.2]]、[[runbook:恢复#步骤|怎么恢复]]");
        assert_eq!(got[0].1, Found::Reference { kind: "clause", id: "4.1.2", anchor: None, shown: "4.1.2" });
        assert_eq!(got[1].1, Found::Reference { kind: "runbook", id: "恢复", anchor: Some("步骤"), shown: "怎么恢复" });
        assert_eq!(urls("[[ -f x ]] [[:alpha:]] [[a]] [[a:]] [[clause:4.1.2] [[A:b]] [[a:b[c]]"), [""; 0]);
    }

    #[test]
    fn a_run_knows_where_its_parts_were_written() {
        let mut run = Run::default();
        run.push("甲&", 10);
        run.push("乙", 30);
        assert_eq!(run.source(&(0..3)), 10..13);
        assert_eq!(run.source(&(4..7)), 30..33);
        assert_eq!(run.source(&(0..7)), 10..33);
    }
}
