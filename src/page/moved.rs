//! The pages at former addresses. Each leads on by itself, names the page that is meant for those whose browser does not
//! follow, and says by its canonical address which one is to be kept.
//!
//! Pages that people write name their former addresses in front matter; for those that the program makes, such as that
//! of a system which got another id, the workspace says so in `[site.aliases]`. An address there may hold one `*`, which
//! stands for any text: `"systems/oa.html" = "systems/office.html"`, `"figures/*/oa.html" = "figures/*/office.html"`.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::config::RouteAlias;
use crate::finding::{Finding, Severity};
use crate::near;
use crate::say;

use super::Book;
use super::content::ROUTE;
use super::inert;
use super::sheet::{Link, Sheet};

/// The template of all of them.
pub const TEMPLATE: &str = "moved.html";

#[derive(Debug, Serialize)]
struct View {
    to: Link,
    lang: String,
}

/// The pages at former addresses of pages, and what is wrong with the aliases of the workspace.
pub fn sheets(book: &Book<'_>, pages: &[Sheet<'_>]) -> (Vec<Sheet<'static>>, Vec<Finding>) {
    let mut out = Vec::new();
    for (route, &at) in &book.content.aliases {
        let document = &book.content.documents[at];
        out.push(moved(book, route, &document.route, &document.title, &document.lang));
    }
    let mut taken: BTreeSet<&str> = pages.iter().map(|sheet| sheet.path.as_str()).collect();
    taken.extend(book.content.aliases.keys().map(String::as_str));
    let mut made: BTreeSet<String> = BTreeSet::new();
    let mut findings = Vec::new();
    let lang = book.config.site.lang.tag();
    for alias in &book.config.route_aliases {
        let pattern = alias.to.split_once('*');
        let mut found = false;
        for sheet in pages {
            let Some(route) = former(alias, pattern, &sheet.path) else { continue };
            found = true;
            let free = !taken.contains(route.as_str()) && made.insert(route.clone());
            if free {
                out.push(moved(book, &route, &sheet.path, &sheet.title, lang));
            } else if pattern.is_none() {
                findings.push(occupied(alias));
            }
        }
        if !found {
            findings.push(nowhere(alias, pages));
        }
    }
    (out, findings)
}

/// The former address of a page by an alias; none where the alias is not about it.
fn former(alias: &RouteAlias, pattern: Option<(&str, &str)>, path: &str) -> Option<String> {
    match pattern {
        None => (alias.to == path).then(|| alias.from.clone()),
        Some((head, tail)) => {
            let middle = path.strip_prefix(head)?.strip_suffix(tail).filter(|middle| !middle.is_empty())?;
            Some(alias.from.replacen('*', middle, 1))
        }
    }
}

fn moved(book: &Book<'_>, route: &str, to: &str, title: &str, lang: &str) -> Sheet<'static> {
    let up = "../".repeat(route.matches('/').count());
    let view = View { to: Link::new(format!("{up}{}", inert::part(to)), title), lang: lang.to_owned() };
    let title = say!("页面已移动", "This page has moved").to(book.config.site.lang).to_owned();
    Sheet::new(route, TEMPLATE, title, &view)
}

fn occupied(alias: &RouteAlias) -> Finding {
    let from = &alias.from;
    let why = say!("旧地址 {from} 现在有一个页面", "the former address {from} has a page now");
    let help = say!("去掉这一行", "take this line away");
    Finding::new(ROUTE, Severity::Error, why).at(alias.place.clone()).help(help)
}

fn nowhere(alias: &RouteAlias, pages: &[Sheet<'_>]) -> Finding {
    let to = &alias.to;
    let why = say!("没有 {to} 这样的页面", "there is no page {to}");
    let finding = Finding::new(ROUTE, Severity::Error, why).at(alias.place.clone());
    match near::nearest(to, pages.iter().map(|sheet| sheet.path.as_str())) {
        Some(near) => finding.help(say!("最接近的是 {near}", "the nearest is {near}")),
        None => finding.help(say!("写成站点内现有页面的地址", "write the address of a page of the site")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::tests::with_config;

    const SITE: &str =
        "[site]\ntitle = \"档案\"\ntimezone = \"Asia/Shanghai\"\n[[system]]\nid = \"oa\"\nin_service = 2026-01-01\n";

    fn made(aliases: &str, pages: &[&str]) -> (Vec<(String, String)>, Vec<String>) {
        let pages: Vec<Sheet<'static>> = pages.iter().map(|path| Sheet::new(*path, "page.html", "页", &())).collect();
        with_config(&format!("{SITE}[site.aliases]\n{aliases}"), &[], "2026-03-15", |book| {
            let (sheets, findings) = sheets(book, &pages);
            let led = |sheet: Sheet<'_>| (sheet.path.clone(), sheet.json()["to"]["href"].as_str().unwrap().to_owned());
            (sheets.into_iter().map(led).collect(), findings.iter().map(|f| f.message.en.clone()).collect())
        })
    }

    #[test]
    fn a_star_stands_for_the_same_text_on_both_sides() {
        let pages = ["figures/2026-01/office.html", "figures/2026-02/office.html", "systems/office.html"];
        let (led, wrong) = made(
            "\"figures/*/oa.html\" = \"figures/*/office.html\"\n\"systems/oa.html\" = \"systems/office.html\"\n",
            &pages,
        );
        assert_eq!(wrong, Vec::<String>::new());
        let of = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        assert_eq!(
            led,
            [
                of("figures/2026-01/oa.html", "../../figures/2026-01/office.html"),
                of("figures/2026-02/oa.html", "../../figures/2026-02/office.html"),
                of("systems/oa.html", "../systems/office.html"),
            ]
        );
    }

    #[test]
    fn an_alias_leads_somewhere_and_takes_no_place_of_a_page() {
        let (led, wrong) = made(
            "\"faults/F-1.html\" = \"faults/F-02.html\"\n\"faults/F-3.html\" = \"faults/F-2.html\"\n",
            &["faults/F-2.html", "faults/F-3.html"],
        );
        assert!(led.is_empty());
        assert_eq!(wrong, ["there is no page faults/F-02.html", "the former address faults/F-3.html has a page now"]);
    }
}
