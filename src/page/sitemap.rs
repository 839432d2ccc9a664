//! `sitemap.xml`: the addresses of all pages, for the search engine of an intranet (sitemaps.org). Its addresses are
//! whole ones: without `site.base_url` there is none.

use super::export::File;
use super::inert;
use super::way;

/// The path of the map.
const MAP: &str = "sitemap.xml";

/// The most addresses that a map may hold.
const MOST: usize = 50_000;

/// The map of pages by their routes; a map of maps where one cannot hold them all.
pub fn files<'r>(base: &str, routes: impl Iterator<Item = &'r str>) -> Vec<File> {
    let mut routes: Vec<&str> = routes.collect();
    routes.sort_unstable();
    routes.dedup();
    let parts: Vec<&[&str]> = routes.chunks(MOST).collect();
    if let [one] = parts[..] {
        return vec![File::new(MAP, map(base, one))];
    }
    let name = |n: usize| format!("sitemap-{}.xml", n + 1);
    let maps = (0..parts.len()).map(|n| format!("<sitemap><loc>{}</loc></sitemap>\n", way::absolute(base, &name(n))));
    let whole = wrapped("sitemapindex", &maps.collect::<String>());
    let parts = parts.iter().enumerate().map(|(n, part)| File::new(name(n), map(base, part)));
    parts.chain([File::new(MAP, whole)]).collect()
}

fn map(base: &str, routes: &[&str]) -> String {
    let line = |route: &&str| format!("<url><loc>{}</loc></url>\n", way::absolute(base, &inert::part(route)));
    wrapped("urlset", &routes.iter().map(line).collect::<String>())
}

fn wrapped(tag: &str, lines: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{tag} xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n\
         {lines}</{tag}>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_holds_whole_addresses_in_ascii() {
        let files = files("https://ops.example/oa/", ["index.html", "faults/故障&1.html"].into_iter());
        let text = String::from_utf8(files[0].bytes.clone()).unwrap();
        assert!(text.contains("<loc>https://ops.example/oa/faults/%E6%95%85%E9%9A%9C%261.html</loc>"), "{text}");
        assert!(text.find("faults/").unwrap() < text.find("index.html").unwrap() && text.is_ascii());
    }

    #[test]
    fn more_than_a_map_may_hold_becomes_a_map_of_maps() {
        let routes: Vec<String> = (0..=MOST).map(|n| format!("{n:06}.html")).collect();
        let files = files("https://ops.example", routes.iter().map(String::as_str));
        let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths, ["sitemap-1.xml", "sitemap-2.xml", "sitemap.xml"]);
        let whole = String::from_utf8(files[2].bytes.clone()).unwrap();
        assert!(whole.contains("<sitemap><loc>https://ops.example/sitemap-2.xml</loc></sitemap>"), "{whole}");
    }
}
