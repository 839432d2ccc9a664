//! What the target of a link is, judged on what a browser would make of it and not on how it is spelt: entities are
//! decoded by the parser, and blanks, tabs and line ends are taken out here as the URL standard does.

/// A target that was understood.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Href {
    /// `http` or `https`, whole.
    External(String),
    /// `mailto`, whole.
    Mail(String),
    /// Within the site.
    Site {
        /// Percent-decoded; empty for the page itself.
        path: String,
        /// What stands from `?` on, as written, or nothing.
        query: String,
        /// What stands after `#`, percent-decoded.
        anchor: Option<String>,
    },
    /// Not allowed: another scheme, or another host without one. The scheme, or `//`.
    Refused(String),
    /// Nothing was written.
    Empty,
}

/// Reads a target.
pub(super) fn read(written: &str) -> Href {
    let url: String =
        written.trim_matches(|c: char| c <= ' ').chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
    if url.is_empty() {
        return Href::Empty;
    }
    if let Some(scheme) = scheme(&url) {
        let rest = &url[scheme.len() + 1..];
        return match scheme.to_ascii_lowercase().as_str() {
            "http" | "https" if rest.starts_with("//") && rest.len() > 2 => Href::External(url),
            "mailto" if !rest.is_empty() => Href::Mail(url),
            other => Href::Refused(other.to_owned()),
        };
    }
    let two: Vec<char> = url.chars().take(2).collect();
    if two.len() == 2 && two.iter().all(|c| matches!(c, '/' | '\\')) {
        return Href::Refused("//".to_owned());
    }
    let (before, anchor) = url.split_once('#').map_or((url.as_str(), None), |(b, a)| (b, Some(a)));
    let (path, query) = before.split_at(before.find('?').unwrap_or(before.len()));
    Href::Site { path: decode(path), query: query.to_owned(), anchor: anchor.filter(|a| !a.is_empty()).map(decode) }
}

/// The scheme of a URL, if it has one: letters, digits, `+-.` before the first colon.
pub(super) fn scheme(url: &str) -> Option<&str> {
    let (scheme, _) = url.split_once(':')?;
    let word = scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    (word && scheme.starts_with(|c: char| c.is_ascii_alphabetic())).then_some(scheme)
}

/// Whether a URL that the site's own routes made stays within the site.
pub(super) fn is_relative(url: &str) -> bool {
    matches!(read(url), Href::Site { .. })
}

/// Percent-decodes; what does not decode to text stays as it is.
fn decode(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let pair = bytes.get(at + 1..at + 3).filter(|pair| bytes[at] == b'%' && pair.iter().all(u8::is_ascii_hexdigit));
        let pair = pair.and_then(|pair| std::str::from_utf8(pair).ok());
        if let Some(byte) = pair.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            out.push(byte);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(path: &str, query: &str, anchor: Option<&str>) -> Href {
        Href::Site { path: path.into(), query: query.into(), anchor: anchor.map(str::to_owned) }
    }

    #[test]
    fn schemes_are_judged_as_a_browser_reads_them() {
        for url in [
            "javascript:x",
            " \u{1}JaVaScRiPt:x",
            "java\tscr\nipt:x",
            "data:text/html,x",
            "file:///x",
            "tel:1",
            "vbscript:x",
            "//host/x",
            "/\\host",
            "\\\\host",
            "http:host",
            "https:/x",
            "mailto:",
            "x-y.z+1:a",
        ] {
            assert!(matches!(read(url), Href::Refused(_)), "{url:?} {:?}", read(url));
        }
        assert_eq!(read("HTTPS://a/b"), Href::External("HTTPS://a/b".into()));
        assert_eq!(read("mailto:a@b.example"), Href::Mail("mailto:a@b.example".into()));
        assert_eq!(read(" \t"), Href::Empty);
    }

    #[test]
    fn relative_targets_are_decoded_and_parted() {
        assert_eq!(read("a%20b/%E6%81%A2.md?x=1#%E6%AD%A5"), site("a b/恢.md", "?x=1", Some("步")));
        assert_eq!(read("#"), site("", "", None));
        assert_eq!(read("a%zz%ff.md"), site("a%zz%ff.md", "", None));
        assert_eq!(read("%+1.md"), site("%+1.md", "", None));
        assert_eq!(read("文件:甲.md"), site("文件:甲.md", "", None));
        assert_eq!(read("./a:b"), site("./a:b", "", None));
        assert_eq!(read("javascript%3Aalert(1)"), site("javascript:alert(1)", "", None));
        assert!(!is_relative("javascript:alert(1)"));
    }
}
