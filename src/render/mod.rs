//! Sheets to HTML through the theme's templates, in parallel, into the tree of the site.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;
use tera::{Context, ErrorKind, Tera};

use crate::finding::{Finding, Severity};
use crate::page::frame::Frame;
use crate::page::sheet::Sheet;
use crate::say;
use crate::source::Place;
use crate::theme::{CODE, Theme};

/// Renders all sheets; the pages come in the order of the sheets.
pub fn render(
    theme: &Theme,
    site: &Frame,
    texts: &BTreeMap<String, String>,
    sheets: Vec<Sheet>,
) -> Result<Vec<(String, Vec<u8>)>, Vec<Finding>> {
    let mut tera = Tera::new();
    tera.register_filter("safe_html", |text: &str, _: tera::Kwargs, _: &tera::State<'_>| {
        tera::Value::safe_string(text)
    });
    let templates: Vec<(&str, &str)> = theme.templates.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
    tera.add_raw_templates(templates).map_err(|e| vec![problem(&e)])?;
    let mut common = Context::new();
    common.insert("site", site);
    common.insert("text", texts);
    let done: Vec<Result<(String, Vec<u8>), Finding>> = sheets
        .into_par_iter()
        .map(|sheet| {
            let mut context = common.clone();
            let root = "../".repeat(sheet.depth());
            context.insert("page", &Page { path: &sheet.path, title: &sheet.title, part: part(&sheet.path) });
            context.insert("root", &root);
            context.insert("view", &sheet.view);
            let mut out = Vec::with_capacity(16 << 10);
            match tera.render_to(sheet.template, &context, &mut out) {
                Ok(()) => Ok((sheet.path, out)),
                Err(e) => Err(problem(&e)),
            }
        })
        .collect();
    let mut pages = Vec::with_capacity(done.len());
    let mut problems: Vec<Finding> = Vec::new();
    for one in done {
        match one {
            Ok(page) => pages.push(page),
            // A broken template fails on every page: once is enough.
            Err(finding) => {
                if !problems.contains(&finding) {
                    problems.push(finding);
                }
            }
        }
    }
    if problems.is_empty() { Ok(pages) } else { Err(problems) }
}

#[derive(Serialize)]
struct Page<'a> {
    path: &'a str,
    title: &'a str,
    part: &'a str,
}

/// The part of the site that a page belongs to: its folder, or its own name at the root.
fn part(path: &str) -> &str {
    path.split_once('/').map_or(path, |(folder, _)| folder)
}

/// A template error as a finding with template:line:column; what has no place is told as it is.
fn problem(error: &tera::Error) -> Finding {
    let (said, place) = match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            let why = report.message().to_owned();
            let span = report.span();
            let place = Place::span(
                format!("themes/templates/{}", report.filename()),
                span.start_line as u32,
                span.start_col as u32 + 1,
                1,
            );
            (say!("模板错误：{why}", "template: {why}"), Some(place))
        }
        _ => {
            let why = error.to_string();
            (say!("模板错误：{why}", "template: {why}"), None)
        }
    };
    let finding = Finding::new(CODE, Severity::Error, said);
    match place {
        Some(place) => finding.at(place),
        None => finding,
    }
}
