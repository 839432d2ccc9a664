//! A site in two languages: the same pages in each, files shared, every page leading to itself in the other language.

use std::collections::{BTreeMap, BTreeSet};

use crate::program::must;
use crate::workspace::{CONFIG, Workspace, tree};

const BOTH: &str = "languages = [\"zh-CN\", \"en\"]\nbase_url = \"https://ops.example/oa\"\n";

fn site(settings: &str) -> BTreeMap<String, Vec<u8>> {
    let ws = Workspace::small(
        "-- records/fault/a.csv --\n\
         id,system,reported_at,reporter,grade,summary,description,responded_at,resolved_at,runbook\n\
         F 1,oa,2026-04-05 09:00,甲,紧急,停机,全部用户无法登录系统首页,2026-04-05 09:10,2026-04-05 10:00,restore\n\
         -- content/runbooks/restore.md --\n---\nowner: 管理员甲\nlast_reviewed: 2026-04-01\nreview_in: 6个月\naliases: [old]\n---\n# 恢复\n\n[清单](list.csv)\n\
         -- content/runbooks/list.csv --\na,b\n",
    );
    ws.write("wellkept.toml", CONFIG.replacen("timezone", &format!("{settings}timezone"), 1));
    must(ws.root(), &["build", "-q", "--as-of", "2026-05-20"], 0);
    tree(&ws.path("site"))
}

fn text<'t>(site: &'t BTreeMap<String, Vec<u8>>, path: &str) -> &'t str {
    str::from_utf8(&site[path]).unwrap()
}

/// The links of a page that lead nowhere.
fn dead(site: &BTreeMap<String, Vec<u8>>, page: &str) -> Vec<String> {
    let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
    let values = [" href=\"", " src=\""].into_iter().flat_map(|name| text(site, page).split(name).skip(1));
    let hrefs = values.filter_map(|rest| rest.split('"').next()).filter(|href| !href.contains(':'));
    hrefs
        .map(|href| href.split(['#', '?']).next().unwrap_or_default().replace("%20", " "))
        .filter(|path| !path.is_empty())
        .filter(|path| {
            let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
            for part in path.split('/') {
                if part == ".." { _ = parts.pop() } else { parts.push(part) }
            }
            !site.contains_key(&parts.join("/"))
        })
        .collect()
}

#[test]
fn each_page_is_there_in_both_languages_and_every_link_leads_somewhere() {
    let site = site(BOTH);
    let pages: BTreeSet<&str> = site.keys().map(String::as_str).filter(|path| path.ends_with(".html")).collect();
    let (en, zh): (BTreeSet<&str>, BTreeSet<&str>) = pages.iter().partition(|path| path.starts_with("en/"));
    let others: BTreeSet<&str> = en.iter().map(|path| &path[3..]).chain(["404.html"]).collect();
    assert_eq!(others, zh);
    assert!(
        !site.keys().any(|path| path.starts_with("en/") && !path.ends_with(".html") && !path.starts_with("en/search/")),
        "files are shared"
    );
    assert!(site.keys().any(|path| path.starts_with("en/search/")), "the search has an index in each language");
    for page in pages.iter().filter(|page| **page != "404.html") {
        assert_eq!(dead(&site, page), Vec::<String>::new(), "{page}");
    }
}

#[test]
fn the_switch_of_the_language_keeps_the_page() {
    let site = site(BOTH);
    let path = site.keys().find(|path| path.starts_with("faults/F_1~")).unwrap();
    let (zh, en) = (text(&site, path), text(&site, &format!("en/{path}")));
    assert!(zh.contains("<html lang=\"zh-CN\"") && en.contains("<html lang=\"en\""));
    assert!(zh.contains(&format!("hreflang=\"en\" lang=\"en\" href=\"../en/{path}\">English</a></small>")), "{zh}");
    assert!(en.contains(&format!("hreflang=\"zh-CN\" lang=\"zh-CN\" href=\"../../{path}\">中文</a>")), "{en}");
    // What a record says stays as it was written, with its language.
    assert!(en.contains("lang=\"zh-CN\">全部用户无法登录系统首页"), "{en}");
    assert!(text(&site, "en/runbooks/old.html").contains("url=../runbooks/restore.html"));
    let map = text(&site, "sitemap.xml");
    assert!(map.contains("<loc>https://ops.example/oa/en/index.html</loc>") && !map.contains("old.html"));
}

#[test]
fn a_site_in_one_language_knows_of_no_other() {
    let (one, same) = (site(""), site("languages = [\"zh-CN\"]\n"));
    assert!(!one.keys().any(|path| path.starts_with("en/")));
    assert!(!text(&one, "index.html").contains("hreflang"));
    assert_eq!(one.keys().collect::<Vec<_>>(), same.keys().collect::<Vec<_>>());
}

#[test]
fn a_report_for_mail_holds_all_it_needs() {
    for (settings, linked) in [("", false), (BOTH, true)] {
        let site = site(settings);
        let html = text(&site, "reports/2026-04.single.html");
        assert!(html.contains("<style>") && !html.contains("<script") && !html.contains(" src=\""));
        assert_eq!(html.contains("<a href=\"https://ops.example/oa/clauses/3.1.1.html"), linked);
        for href in html.split(" href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(href.starts_with('#') || href.starts_with("https://"), "{href}");
        }
        assert!(html.len() < 250_000, "{}", html.len());
        assert!(text(&site, "reports/2026-04.html").contains("<a download href=\"2026-04.single.html\">"));
        assert!(!site.contains_key("reports/2026-05.single.html"), "the month is not over");
    }
}
