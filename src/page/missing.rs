//! `404.html`: what a web server shows for an address that leads nowhere.
//!
//! A server shows it under the address that was asked for, at any depth, where relative links would miss. So where
//! the workspace says at which address the site will stand, its links start from there; else from the root of the
//! site, which is right for a mistake in the first part of an address, and the page reads without its style sheet.

use serde::Serialize;

use crate::say;

use super::Book;
use super::sheet::Sheet;

/// Its path.
pub const PATH: &str = "404.html";

#[derive(Debug, Serialize)]
struct View {}

/// The page.
pub fn sheet(book: &Book<'_>) -> Sheet<'static> {
    let title = say!("没有这个页面", "No such page");
    let mut sheet = Sheet::new(PATH, "404.html", title.to(book.config.site.lang), &View {});
    sheet.root = book.config.site.base_url.as_deref().and_then(root);
    sheet
}

/// The path of an address, with `/` at both ends: on the same server it leads to the root of the site.
fn root(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    let path = rest.split_once('/').map_or("", |(_, path)| path).trim_matches('/');
    Some(if path.is_empty() { "/".to_owned() } else { format!("/{path}/") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_start_where_the_site_will_stand() {
        assert_eq!(root("https://ops.example.org").as_deref(), Some("/"));
        assert_eq!(root("https://ops.example.org/").as_deref(), Some("/"));
        assert_eq!(root("https://ops.example.org/oa/archive").as_deref(), Some("/oa/archive/"));
        assert_eq!(root("ops.example.org/oa"), None);
    }
}
