//! Headings of a text that stands inside a page: they move down, so that the page keeps one outline.

/// The rendered text with its headings so many levels deeper; the sixth level is the deepest. In rendered text `<h`
/// begins nothing else but a heading or a rule: what people wrote is escaped.
pub fn deeper(html: &str, levels: u8) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let tag = &rest[at..];
        let open = tag.strip_prefix("</h").or_else(|| tag.strip_prefix("<h")).unwrap_or_default();
        let level = open.bytes().next().filter(|c| (b'1'..=b'6').contains(c));
        let ends = open.as_bytes().get(1).is_some_and(|c| matches!(c, b'>' | b' '));
        match level.filter(|_| ends) {
            Some(level) => {
                let digit = at + tag.len() - open.len();
                out.push_str(&rest[..digit]);
                out.push(char::from((level + levels).min(b'6')));
                rest = &rest[digit + 1..];
            }
            None => {
                out.push_str(&rest[..=at]);
                rest = &rest[at + 1..];
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_move_down_and_nothing_else_does() {
        let html = "<h2 id=\"a\">现象 &lt;h2&gt;</h2><hr><p>h2</p><h5>x</h5><h6>y</h6><header></header>";
        assert_eq!(
            deeper(html, 2),
            "<h4 id=\"a\">现象 &lt;h2&gt;</h4><hr><p>h2</p><h6>x</h6><h6>y</h6><header></header>"
        );
        assert_eq!(deeper("<h", 1), "<h");
        assert_eq!(deeper("a < b", 1), "a < b");
    }
}
