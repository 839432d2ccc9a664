//! Former addresses of pages: how `aliases` in front matter is read. The id of a runbook is its address, so a record that
//! names a runbook by a former one still means it.

use crate::front::{Field, FieldValue};
use crate::value::fold_header;

/// The folder of the runbooks' pages in the site.
const PAGES: &str = "runbooks/";

/// The ids that a page of runbooks had before, by its id and front matter.
pub(super) fn ids(id: &str, fields: &[Field]) -> Vec<String> {
    let own = format!("{PAGES}{id}.html");
    let Some(field) = fields.iter().find(|field| fold_header(&field.key) == "aliases") else { return Vec::new() };
    let written: Vec<&str> = match &field.value {
        FieldValue::Text(text, _) => vec![text],
        FieldValue::List(items) => items.iter().map(|(text, _)| text.as_str()).collect(),
    };
    let former = |written: &str| Some(route(&own, written)?.strip_prefix(PAGES)?.strip_suffix(".html")?.to_owned());
    written.into_iter().filter_map(former).collect()
}

/// The route of a former address, which is written as seen from the page at `of`, or from the site with `/` before it;
/// none where it leads out of the site or is none.
pub fn route(of: &str, written: &str) -> Option<String> {
    let written = written.trim();
    let path = match written.strip_prefix('/') {
        Some(rooted) => join("", rooted),
        None => join(of.rsplit_once('/').map_or("", |(folder, _)| folder), written),
    }?;
    let bare = path.strip_suffix(".html").or_else(|| path.strip_suffix(".md")).unwrap_or(&path);
    let odd = |c: char| c.is_control() || matches!(c, '\\' | '#' | '?');
    (!bare.is_empty() && !bare.contains(odd)).then(|| format!("{bare}.html"))
}

/// Joins a folder and a relative path; none where it leads out.
pub fn join(folder: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => _ = parts.pop()?,
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::front;

    #[test]
    fn former_ids_are_read_as_seen_from_the_page() {
        let of = |text: &str| {
            let (fields, ..) = front::read(&std::sync::Arc::from("content/runbooks/db/restore.md"), text, usize::MAX);
            ids("db/restore", &fields)
        };
        assert_eq!(
            of("---\naliases: [old, ../restore.md, /runbooks/x/y.html, /elsewhere, ../../../out]\n---\n# 甲\n"),
            ["db/old", "restore", "x/y"]
        );
        assert_eq!(of("---\naliases: 旧名\n---\n# 甲\n"), ["db/旧名"]);
        assert!(of("# 甲\n").is_empty());
    }
}
