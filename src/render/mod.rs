//! Sheets to HTML through the theme's templates, in parallel, into the tree of the site.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;
use tera::{Context, Tera};

use crate::finding::Finding;
use crate::page::frame::{Frame, Nav};
use crate::page::inert;
use crate::page::sheet::Sheet;
use crate::say::Lang;
use crate::source::Failure;
use crate::theme::{Template, Theme};

use problem::problems;

pub mod edition;
mod problem;
pub mod single;

/// A page that is laid out: its path and its bytes.
pub type Laid = (String, Vec<u8>);

/// Why the pages could not be laid out.
#[derive(Debug)]
pub enum Unlaid {
    /// A template is broken.
    Findings(Vec<Finding>),
    /// The machine refused what a page shows.
    Failure(Failure),
}

/// The templates of a theme, made ready.
pub struct Engine {
    tera: Tera,
    /// What it was made of.
    templates: BTreeMap<String, Template>,
}

impl Engine {
    /// Makes the templates of a theme ready. If the last engine was made of the same, it is taken.
    pub fn of(theme: &Theme, last: Option<Self>) -> Result<Self, Vec<Finding>> {
        if let Some(last) = last.filter(|last| last.templates == theme.templates) {
            return Ok(last);
        }
        let mut tera = Tera::new();
        // The engine's own escaping lets through what is not seen: characters that turn the direction of text.
        tera.set_escape_fn(|text, out| {
            let mut escaped = String::with_capacity(text.len() + 16);
            inert::attribute(&mut escaped, text);
            out.write_all(escaped.as_bytes())
        });
        tera.register_filter("safe_html", |html: tera::Value, _: tera::Kwargs, _: &tera::State<'_>| html.mark_safe());
        let templates: Vec<(&str, &str)> = theme.templates.iter().map(|(n, t)| (n.as_str(), t.text.as_str())).collect();
        tera.add_raw_templates(templates).map_err(|e| problems(&e, theme))?;
        Ok(Self { tera, templates: theme.templates.clone() })
    }
}

/// Renders all sheets; the pages come in the order of the sheets.
pub fn render(
    engine: &Engine,
    theme: &Theme,
    site: &Frame,
    texts: &BTreeMap<String, String>,
    sheets: Vec<Sheet<'_>>,
) -> Result<Vec<Laid>, Unlaid> {
    let mut common = Context::new();
    common.insert("site", site);
    common.insert("text", texts);
    let done: Vec<Result<Laid, Unlaid>> = sheets
        .into_par_iter()
        .map(|sheet| {
            let mut context = common.clone();
            let root = sheet.root();
            let others = alternates(site, &sheet, &root);
            context.insert(
                "page",
                &Page { path: &sheet.path, title: &sheet.title, part: part(&sheet.path, &site.nav), others },
            );
            context.insert("root", &root);
            context.insert_value("view", sheet.view.make().map_err(Unlaid::Failure)?);
            let mut out = Vec::with_capacity(16 << 10);
            match engine.tera.render_to(sheet.template, &context, &mut out) {
                Ok(()) => Ok((sheet.path, out)),
                Err(e) => Err(Unlaid::Findings(problems(&e, theme))),
            }
        })
        .collect();
    let mut pages = Vec::with_capacity(done.len());
    let mut found: Vec<Finding> = Vec::new();
    for one in done {
        match one {
            Ok(page) => pages.push(page),
            // A broken template fails on every page: once is enough.
            Err(Unlaid::Findings(findings)) => found.extend(findings),
            Err(failure) => return Err(failure),
        }
    }
    Finding::sort(&mut found);
    found.dedup();
    if found.is_empty() { Ok(pages) } else { Err(Unlaid::Findings(found)) }
}

#[derive(Serialize)]
struct Page<'a> {
    path: &'a str,
    title: &'a str,
    part: String,
    /// The same page in other languages.
    others: Vec<Alternate>,
}

/// A page in another language.
#[derive(Serialize)]
struct Alternate {
    lang: &'static str,
    name: &'static str,
    href: String,
}

/// Where a page stands in the other editions. The page for wrong addresses is there once.
fn alternates(site: &Frame, sheet: &Sheet<'_>, root: &str) -> Vec<Alternate> {
    if sheet.root.is_some() {
        return Vec::new();
    }
    let up = "../".repeat(site.folder.matches('/').count());
    let at = |(lang, folder): &(Lang, String)| Alternate {
        lang: lang.tag(),
        name: lang.name(),
        href: format!("{root}{up}{folder}{}", inert::part(&sheet.path)),
    };
    site.editions.iter().map(at).collect()
}

/// The part of the site that a page belongs to: its folder, or its own name at the root; further pages of a list
/// (`findings-2.html`) belong to the first. Pages without an entry of their own belong to what leads to them: waivers to
/// the findings that they cover, improvements to the evaluations that asked for them, figures to the reports.
fn part(path: &str, nav: &[Nav]) -> String {
    let name = folder(path);
    let shown = nav.iter().any(|entry| entry.part == name);
    match name.as_str() {
        "waivers.html" if !shown => "findings.html".to_owned(),
        "improvements.html" if !shown => "evaluations".to_owned(),
        "figures" if !shown => "reports".to_owned(),
        _ => name,
    }
}

fn folder(path: &str) -> String {
    let name = path.split_once('/').map_or(path, |(folder, _)| folder);
    let stem = name.strip_suffix(".html").and_then(|stem| stem.rsplit_once('-'));
    match stem.filter(|(_, number)| number.bytes().all(|b| b.is_ascii_digit())) {
        Some((first, _)) => format!("{first}.html"),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_page_belongs_to_a_part() {
        let entry = |part: &str| Nav { part: part.to_owned(), href: String::new(), title: String::new() };
        let nav = ["findings.html", "evaluations", "reports"].map(entry);
        for (path, of) in [
            ("findings-2.html", "findings.html"),
            ("waivers.html", "findings.html"),
            ("waivers-3.html", "findings.html"),
            ("improvements.html", "evaluations"),
            ("figures/2026-10/oa.html", "reports"),
            ("404.html", "404.html"),
            ("reports/2026-10.html", "reports"),
        ] {
            assert_eq!(part(path, &nav), of, "{path}");
        }
        assert_eq!(part("figures/mine.html", &["reports", "figures"].map(entry)), "figures");
    }
}
