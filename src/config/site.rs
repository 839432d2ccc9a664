//! `[site]`: how the site is called, where it goes, in which languages it is made, and where its pages were before.

use crate::calendar::Zone;
use crate::doc::Reader;
use crate::finding::{Finding, Severity};
use crate::say;
use crate::say::{Lang, Said};
use crate::source::Place;

/// The code of a time zone that nobody chose.
const ZONE: &str = "site.timezone";

/// `[site]`.
#[derive(Debug, Clone)]
pub struct Site {
    /// The name of the archive.
    pub title: String,
    /// Who runs it.
    pub organisation: String,
    /// The language of the interface: of the edition that is being made.
    pub lang: Lang,
    /// The languages in which the site is made: the one at its root, then those in folders of their own.
    pub languages: Vec<Lang>,
    /// The zone in which days, months and shifts are meant.
    pub zone: Zone,
    /// Where the site will stand; only feeds, the site map and the page for wrong addresses need it.
    pub base_url: Option<String>,
    /// The theme's name.
    pub theme: String,
    /// The folder to publish to, relative to the workspace.
    pub output: String,
}

/// A former address of a page, or of many with a `*` on both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteAlias {
    /// Where it was: a route from the root of the site.
    pub from: String,
    /// Where it is.
    pub to: String,
    /// Where it is said.
    pub place: Place,
}

impl Site {
    /// The languages in which the site is made, each with its folder: none for the one at the root.
    pub fn editions(&self) -> Vec<(Lang, String)> {
        let folder = |at: usize, lang: Lang| if at == 0 { String::new() } else { format!("{}/", lang.tag()) };
        self.languages.iter().enumerate().map(|(at, lang)| (*lang, folder(at, *lang))).collect()
    }
}

pub(super) fn read(root: &Reader<'_>) -> (Site, Vec<RouteAlias>) {
    let Some(site) = root.table("site") else {
        root.missing("site.title");
        return (default_site(String::new()), Vec::new());
    };
    let mut out = default_site(site.required("title"));
    if let Some(text) = site.text("organisation") {
        out.organisation = text;
    }
    if let Some(tag) = site.text("language") {
        match Lang::of_tag(&tag) {
            Some(lang) => out.lang = lang,
            None => site.unknown("language", &tag, &Said::new("语言", "language"), ["zh-CN", "en"]),
        }
    }
    read_languages(&site, &mut out);
    if let Some(name) = site.text("timezone") {
        match Zone::named(&name) {
            Ok(zone) => out.zone = zone,
            Err(unknown) => {
                site.unknown("timezone", &name, &Said::new("时区", "time zone"), unknown.nearest.iter().copied());
            }
        }
    }
    out.base_url = site.text("base_url");
    if out.base_url.as_deref().is_some_and(|url| !web_address(url)) {
        site.problem(
            "base_url",
            say!("应为网址，例如 \"https://ops.example/\"", "takes a web address such as \"https://ops.example/\""),
        );
    }
    if let Some(theme) = site.text("theme") {
        out.theme = theme;
    }
    if let Some(output) = site.text("output") {
        out.output = output;
    }
    let aliases = read_routes(&site);
    site.done();
    (out, aliases)
}

/// `site.languages`; `site.language` is the one at the root, or else the first of them.
fn read_languages(site: &Reader<'_>, out: &mut Site) {
    let mut all: Vec<Lang> = Vec::new();
    for tag in site.texts("languages") {
        match Lang::of_tag(&tag) {
            Some(lang) if all.contains(&lang) => {
                site.problem("languages", say!("{tag} 出现了两次", "{tag} is there twice"));
            }
            Some(lang) => all.push(lang),
            None => site.unknown("languages", &tag, &Said::new("语言", "language"), ["zh-CN", "en"]),
        }
    }
    match all.first() {
        Some(first) if !site.has("language") => out.lang = *first,
        Some(_) if !all.contains(&out.lang) => {
            site.problem("languages", say!("应包含 site.language", "must hold site.language"));
        }
        _ => {}
    }
    out.languages = std::iter::once(out.lang).chain(all.into_iter().filter(|lang| *lang != out.lang)).collect();
}

/// `[site.aliases]`: routes of pages, from the root of the site.
fn read_routes(site: &Reader<'_>) -> Vec<RouteAlias> {
    let Some(table) = site.table("aliases") else { return Vec::new() };
    let mut out = Vec::new();
    for from in table.keys() {
        let Some(to) = table.text(&from) else { continue };
        let stars = |route: &str| route.matches('*').count();
        if !is_route(&from) || !is_route(&to) || stars(&from) != stars(&to) || stars(&to) > 1 {
            table.problem(
                &from,
                say!(
                    "两边都应为站点内页面的地址，例如 \"systems/oa.html\" = \"systems/office.html\"；可以各有一个 *",
                    "takes addresses of pages of the site on both sides, such as \"systems/oa.html\" = \
                     \"systems/office.html\"; each may hold one *"
                ),
            );
            continue;
        }
        out.push(RouteAlias { place: table.key_place(&from), from, to });
    }
    table.done();
    out
}

/// Days that nobody chose the zone of are easily taken for local ones.
pub(super) fn zone_note(root: &Reader<'_>) -> Vec<Finding> {
    let Some(site) = root.table("site").filter(|site| !site.has("timezone")) else { return Vec::new() };
    let why = say!(
        "没有设置 site.timezone：日、月和班次按 UTC 计算",
        "site.timezone is not set: days, months and shifts are those of UTC"
    );
    let help = Said::new(
        "在 [site] 中写明，例如 timezone = \"Asia/Shanghai\"；确实要用 UTC 时写 timezone = \"UTC\"",
        "say it below [site], such as timezone = \"Europe/Berlin\"; where UTC is meant write timezone = \"UTC\"",
    );
    vec![Finding::new(ZONE, Severity::Info, why).at(site.place()).help(help)]
}

/// Whether a text is the route of a page.
fn is_route(text: &str) -> bool {
    let odd = |c: char| c.is_control() || matches!(c, '\\' | '#' | '?');
    text.strip_suffix(".html").is_some_and(|stem| !stem.is_empty() && !stem.contains(odd))
        && text.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// Whether a text is an address of the web that others can be made from: whole, in ASCII, without query and fragment.
fn web_address(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let odd = |c: char| !c.is_ascii_graphic() || matches!(c, '?' | '#' | '<' | '>' | '"' | '\'' | '\\' | '&');
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/') && !rest.contains(odd))
}

fn default_site(title: String) -> Site {
    Site {
        title,
        organisation: String::new(),
        lang: Lang::Zh,
        languages: vec![Lang::Zh],
        zone: Zone::default(),
        base_url: None,
        theme: "default".to_owned(),
        output: "site".to_owned(),
    }
}
