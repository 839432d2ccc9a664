//! A page as one file that stands alone, to be sent by mail: the style inside, no script, nothing that leads to a file
//! beside it. What is changed is told by its tags alone: what people wrote holds no `<` and no `"` by then.

use sha2::{Digest, Sha256};

use crate::page::content::base64;
use crate::page::way;

/// What a page that stands alone needs to know.
pub struct Alone<'a> {
    /// The path of the page that it is made from.
    pub path: &'a str,
    /// The style sheet.
    pub css: &'a str,
    /// Where the site will stand, if that is known: links to it stay links then, else they become text.
    pub base: Option<&'a str>,
}

/// Elements that are of no use in a file that stands alone, by their tag and what stands in it.
const LEFT_OUT: [(&str, &str); 6] = [
    ("script", ""),
    ("nav", ""),
    ("form", ""),
    ("button", ""),
    ("p", "class=\"downloads\""),
    ("p", "class=\"verify\""),
];

/// The page as one file.
pub fn alone(html: &str, of: &Alone<'_>) -> String {
    let hash = base64(&Sha256::digest(of.css.as_bytes()));
    let mut out = String::with_capacity(html.len() + of.css.len());
    let mut rest = html;
    let mut open = false;
    let mut styled = false;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let tag = &rest[at..at + tag_len(&rest[at..])];
        rest = &rest[at + tag.len()..];
        let name: &str = tag[1..].split(|c: char| c.is_whitespace() || c == '>').next().unwrap_or_default();
        if let Some((element, _)) = LEFT_OUT.iter().find(|(element, mark)| *element == name && tag.contains(mark)) {
            let end = format!("</{element}>");
            rest = rest.find(&end).map_or("", |to| &rest[to + end.len()..]);
            if tag.contains("class=\"parts\"") {
                // The rule below the head of a page is drawn by it.
                out.push_str("<div class=\"parts\"></div>");
            }
            continue;
        }
        match name {
            "link" if tag.contains("rel=\"stylesheet\"") && !styled => {
                styled = true;
                out.push_str("<style>");
                out.push_str(of.css);
                out.push_str("</style>");
            }
            "link" => {}
            "meta" if tag.contains("Content-Security-Policy") => {
                out.push_str(
                    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-",
                );
                out.push_str(&hash);
                out.push_str("'; img-src data:; form-action 'none'; base-uri 'none'\">");
            }
            "a" => open = link(&mut out, tag, of),
            "/a" if !open => {}
            // A picture that is no part of the page would be missing: its text stands for it.
            "img" if !tag.contains("src=\"data:") => out.push_str(attribute(tag, "alt").unwrap_or_default()),
            _ => out.push_str(tag),
        }
    }
    out.push_str(rest);
    out
}

/// The length of a tag; `>` may stand in the value of an attribute.
fn tag_len(text: &str) -> usize {
    let mut inside = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' => inside = !inside,
            b'>' if !inside => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Writes the start of a link where it leads somewhere; answers whether it did.
fn link(out: &mut String, tag: &str, of: &Alone<'_>) -> bool {
    let href = attribute(tag, "href").unwrap_or_default();
    let scheme = href.split(['/', '?', '#']).next().is_some_and(|head| head.contains(':'));
    if href.starts_with('#') || scheme {
        out.push_str(tag);
        return true;
    }
    let Some((base, path)) = of.base.zip(resolved(of.path, href)) else { return false };
    out.push_str("<a href=\"");
    // What stands in the attribute is escaped already.
    out.push_str(&way::absolute(base, &path.replace("&amp;", "&")));
    out.push_str("\">");
    true
}

fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let from = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    tag[from..].split('"').next()
}

/// The address from the root of the site that a relative one means on a page; none where it leads out.
pub fn resolved(page: &str, href: &str) -> Option<String> {
    let end = href.find(['?', '#']).unwrap_or(href.len());
    let (path, tail) = href.split_at(end);
    let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
    Some(format!("{}{tail}", crate::load::former::join(folder, path)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<!doctype html>\n<html><head>\n\
        <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'self'\">\n\
        <link rel=\"stylesheet\" href=\"../static/style.css\">\n<script src=\"../static/theme.js\"></script>\n</head>\n\
        <body><a class=\"skip\" href=\"#main\">跳</a><nav class=\"parts\"><ul><li>一</li></ul></nav>\n\
        <p><a href=\"../faults/F-1.html#x\">F-1</a> &lt;a href=&quot;x&quot;&gt; <a href=\"https://e.org/\">e</a></p>\n\
        <p class=\"downloads\"><a download href=\"x.csv\">x</a></p><img alt=\"机柜\" src=\"../a.png\"></body></html>\n";

    #[test]
    fn nothing_leads_to_a_file_beside_it() {
        let of = Alone { path: "reports/2026-10.html", css: "p { color: red }", base: None };
        let html = alone(PAGE, &of);
        assert!(html.contains("<style>p { color: red }</style>") && !html.contains("static/"), "{html}");
        assert!(html.contains("style-src 'sha256-") && !html.contains("<script") && !html.contains("<nav"));
        assert!(html.contains("<p>F-1 &lt;a href=&quot;x&quot;&gt; <a href=\"https://e.org/\">e</a></p>"), "{html}");
        assert!(html.contains("<a class=\"skip\" href=\"#main\">跳</a>") && html.contains("机柜</body>"));
        assert!(!html.contains("downloads"));
    }

    #[test]
    fn where_the_site_will_stand_is_known_links_lead_there() {
        let of = Alone { path: "reports/2026-10.html", css: "", base: Some("https://ops.example/oa") };
        assert!(alone(PAGE, &of).contains("<a href=\"https://ops.example/oa/faults/F-1.html#x\">F-1</a>"));
    }
}
