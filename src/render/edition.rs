//! A page of an edition in another language. It lies in a folder of its own beside the files that all editions share:
//! data, originals, styles and scripts, pictures. Its links to pages stay in the edition; those to files lead out of it.

use std::collections::BTreeSet;

use crate::page::inert;

use super::single::resolved;

/// The pages of an edition as they stand in links.
pub struct Routes(BTreeSet<String>);

impl Routes {
    /// The pages by their paths in the edition.
    pub fn of<'p>(paths: impl Iterator<Item = &'p str>) -> Self {
        let written = |path: &str| {
            let mut out = String::with_capacity(path.len());
            inert::attribute(&mut out, &inert::part(path));
            out
        };
        Self(paths.map(written).collect())
    }

    /// The page with its links to shared files led out of the edition. `path` is that in the edition.
    pub fn shared(&self, html: &str, path: &str) -> String {
        let mut out = String::with_capacity(html.len() + 1024);
        let mut rest = html;
        while let Some(at) = rest.find("=\"") {
            let (head, value) = rest.split_at(at + 2);
            out.push_str(head);
            let name = &head[head.rfind(char::is_whitespace).map_or(0, |blank| blank + 1)..at];
            if matches!(name, "href" | "src") && self.is_shared(value.split('"').next().unwrap_or_default(), path) {
                out.push_str("../");
            }
            rest = value;
        }
        out.push_str(rest);
        out
    }

    fn is_shared(&self, href: &str, path: &str) -> bool {
        let bare = href.split(['?', '#']).next().unwrap_or_default();
        if bare.is_empty() || bare.contains(':') || bare.starts_with('/') {
            return false;
        }
        resolved(path, bare).is_some_and(|route| !self.0.contains(&route))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_pages_stay_and_links_to_files_lead_out() {
        let routes = Routes::of(["index.html", "faults/F 1.html"].into_iter());
        let html = "<link href=\"../static/style.css\"><a href=\"../index.html#x\">=\"</a> <a href=\"F%201.html\">\
                    <a href=\"../data/a.csv\" title=\"x\"><img src=\"data:image/png;base64,xx\"><a href=\"#y\">\
                    <a href=\"../../faults/F%201.html\"> <a href=\"https://e.org/a\">";
        assert_eq!(
            routes.shared(html, "faults/index.html"),
            "<link href=\"../../static/style.css\"><a href=\"../index.html#x\">=\"</a> <a href=\"F%201.html\">\
             <a href=\"../../data/a.csv\" title=\"x\"><img src=\"data:image/png;base64,xx\"><a href=\"#y\">\
             <a href=\"../../faults/F%201.html\"> <a href=\"https://e.org/a\">"
        );
    }
}
