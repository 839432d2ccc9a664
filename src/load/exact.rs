//! Where exactly a finding about a record is to be seen: the cell of a row, the line of a front matter. While records
//! are loaded only the line is kept; the cell is looked up again here, for the few that something was found about.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::finding::Finding;
use crate::front::FieldValue;
use crate::ledger::{FileFacts, Heading, Ledger, Shape};
use crate::source::{Place, Sources, Utf8Stream, decode};
use crate::standard::{Kind, Standard};

use super::scan::{BLOCK, Scanner, Stop};
use super::single;

/// Gives findings that know the line of their record, and no column yet, the place of their field; where the record
/// lacks that, of its id or title. What cannot be read a second time stays as it is.
pub fn exact(sources: &Sources, ledger: &Ledger, standard: &Standard, findings: &mut [Finding]) {
    let mut by_file: BTreeMap<Arc<str>, Vec<usize>> = BTreeMap::new();
    for (at, finding) in findings.iter().enumerate() {
        if let (Some(place), Some(_)) = (&finding.place, &finding.record)
            && place.line > 0
            && place.column == 0
        {
            by_file.entry(place.file.clone()).or_default().push(at);
        }
    }
    let files: BTreeMap<&str, usize> = ledger.files.iter().enumerate().map(|(at, f)| (&*f.path, at)).collect();
    let jobs: Vec<(usize, Vec<usize>)> =
        by_file.into_iter().filter_map(|(path, all)| files.get(&*path).map(|&file| (file, all))).collect();
    let places: Vec<Vec<(usize, Place)>> = jobs
        .par_iter()
        .map(|(file, all)| {
            let facts = &ledger.files[*file];
            let kind = &standard.kinds[facts.kind];
            let asked = all.iter().map(|&at| Asked { at, field: findings[at].field, line: line(&findings[at]) });
            match &facts.shape {
                Shape::Csv { delimiter, columns, line } => {
                    cells(sources, ledger, *file, kind, (*delimiter, columns, *line), asked.collect())
                }
                Shape::Xlsx { columns } => asked
                    .map(|asked| {
                        let cell = column(columns, kind, asked.field) as u32 + 1;
                        (asked.at, Place::span(facts.path.clone(), asked.line, cell, 0))
                    })
                    .collect(),
                Shape::Markdown | Shape::Toml => keys(sources, facts, kind, asked.collect()),
            }
        })
        .collect();
    for (at, place) in places.into_iter().flatten() {
        findings[at].place = Some(place);
    }
}

fn line(finding: &Finding) -> u32 {
    finding.place.as_ref().map_or(0, |place| place.line)
}

/// A finding, as a position, with what it is about.
struct Asked {
    at: usize,
    field: Option<usize>,
    line: u32,
}

fn cells(
    sources: &Sources,
    ledger: &Ledger,
    file: usize,
    kind: &Kind,
    (delimiter, columns, longest): (u8, &[Heading], usize),
    mut asked: Vec<Asked>,
) -> Vec<(usize, Place)> {
    let (facts, table) = (&ledger.files[file], &ledger.tables[ledger.files[file].kind]);
    let Ok(reader) = sources.open(&facts.path) else { return Vec::new() };
    asked.sort_by_key(|a| a.line);
    let mut scanner = Scanner::within(Utf8Stream::new(reader), BLOCK, delimiter, 0..u64::MAX).lines_up_to(longest);
    let mut out = Vec::with_capacity(asked.len());
    for Asked { at, field, line } in asked {
        let Some(row) = table.row_on(file, line) else { continue };
        if scanner.go_to(table.position(row)).is_err() {
            return out;
        }
        let cell = column(columns, kind, field);
        if matches!(scanner.cut(1), Ok(Stop::More)) && cell < scanner.rows().width(0) {
            let (line, column, width) = scanner.rows().place(0, cell);
            out.push((at, Place::span(facts.path.clone(), line, column, width)));
        }
    }
    out
}

/// The column of a field, else of the id, else the first.
fn column(columns: &[Heading], kind: &Kind, field: Option<usize>) -> usize {
    let of = |field: Option<usize>| columns.iter().position(|h| field.is_some_and(|f| *h == Heading::Field(f)));
    of(field).or_else(|| of(kind.id())).unwrap_or(0)
}

fn keys(sources: &Sources, facts: &FileFacts, kind: &Kind, asked: Vec<Asked>) -> Vec<(usize, Place)> {
    let Some(text) = sources.read(&facts.path).ok().and_then(|bytes| single::text(&facts.path, decode(&bytes).0).ok())
    else {
        return Vec::new();
    };
    let parts = match facts.shape {
        Shape::Toml => single::toml(&facts.path, &text),
        _ => single::markdown(&facts.path, &text, usize::MAX),
    };
    let place = |field: Option<usize>| {
        if field.is_some() && field == kind.body && !parts.body.is_empty() {
            return Some(Place::line(facts.path.clone(), parts.body_line));
        }
        let known = parts.fields.iter().find(|f| field.is_some() && kind.header(&f.key) == field)?;
        Some(match &known.value {
            FieldValue::Text(text, place) if !text.is_empty() => place.clone(),
            _ => known.key_place.clone(),
        })
    };
    let place = |asked: Asked| {
        let shown = [asked.field, kind.id(), kind.label].into_iter().find_map(place);
        shown.map(|place| (asked.at, place))
    };
    asked.into_iter().filter_map(place).collect()
}
