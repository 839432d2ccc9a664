//! Rows as they were written, read again where a page, a finding or an export shows them.

use std::borrow::Cow;

use crate::front::FieldValue;
use crate::ledger::{FileFacts, Heading, Shape};
use crate::source::{Encoding, Failure, Sources, decode};
use crate::standard::Kind;

use super::rows::Block;
use super::scan::{Scanner, Stop};
use super::single;
use super::typist::{ITEM, trim};
use super::xlsx;

/// The cells of one record, as typed (outer blanks trimmed), in the order of its source.
#[derive(Debug, Clone, Default)]
pub struct Cells<'r> {
    /// What each holds.
    headings: Cow<'r, [Heading]>,
    /// For each field of the kind which of them holds it.
    places: Cow<'r, [Option<usize>]>,
    /// Their texts. The items of a list are parted by [`ITEM`].
    texts: Vec<Cow<'r, str>>,
    /// The record as it stands in the file.
    pub raw: Cow<'r, str>,
    /// Whether the last cell is the body of a Markdown record.
    pub has_body: bool,
}

impl Cells<'_> {
    /// The text of a field; empty where absent.
    pub fn field(&self, field: usize) -> &str {
        let at = self.places.get(field).copied().flatten();
        at.and_then(|at| self.texts.get(at)).map_or("", |text| text)
    }

    /// Each cell with what it holds.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Heading, &str)> {
        self.headings.iter().zip(self.texts.iter().map(|text| &**text))
    }

    /// The columns that the kind does not know.
    pub fn extras(&self) -> impl Iterator<Item = (&str, &str)> {
        self.iter().filter_map(|(h, text)| match h {
            Heading::Extra(name) => Some((name.as_str(), text)),
            Heading::Field(_) => None,
        })
    }
}

/// A file opened again: its records by where they begin.
pub struct Reread<'a> {
    held: Held,
    facts: &'a FileFacts,
    kind: &'a Kind,
    /// Of a table: for each field its column.
    places: Vec<Option<usize>>,
}

enum Held {
    /// The text, as UTF-8.
    Text(Block),
    Sheet(xlsx::Sheet),
}

impl<'a> Reread<'a> {
    /// Reads a file of the ledger whole; its records are of that kind.
    pub fn open(sources: &Sources, facts: &'a FileFacts, kind: &'a Kind) -> Result<Self, Failure> {
        let bytes = sources.read(&facts.path)?;
        let held = match &facts.shape {
            // A workbook that was read once can be read again; if it changed meanwhile, it has no rows.
            Shape::Xlsx { columns } => xlsx::open(&bytes, kind.sheet.as_deref(), columns.len())
                .map_or_else(|_| Held::Text(Block::default()), Held::Sheet),
            _ if facts.encoding == Encoding::Utf8 => Held::Text(Block::new(bytes)),
            _ => Held::Text(Block::new(decode(&bytes).0)),
        };
        let places = match &facts.shape {
            Shape::Csv { columns, .. } | Shape::Xlsx { columns } => places(columns, kind),
            Shape::Markdown | Shape::Toml => Vec::new(),
        };
        Ok(Self { held, facts, kind, places })
    }

    /// The record that begins at an offset.
    pub fn cells(&self, offset: u64) -> Cells<'_> {
        match (&self.held, &self.facts.shape) {
            (Held::Sheet(sheet), Shape::Xlsx { columns }) => {
                let texts = sheet.cells(offset, columns, self.kind);
                let raw = Cow::Owned(texts.join("\t"));
                self.cut(columns, texts.into_iter().map(Cow::Owned).collect(), raw)
            }
            (Held::Text(block), Shape::Csv { delimiter, columns, line }) => {
                let mut scanner = Scanner::over(block, offset, *delimiter).lines_up_to(*line);
                let Ok(stop) = scanner.cut(1) else { return Cells::default() };
                let rows = scanner.rows();
                if rows.len() == 0 {
                    return Cells::default();
                }
                let raw = String::from_utf8_lossy(&block.bytes()[rows.range(0)]);
                if matches!(stop, Stop::Fault(_)) {
                    return Cells { raw, ..Cells::default() };
                }
                let text = |at: usize| match rows.cell_range(0, at) {
                    Some(range) => String::from_utf8_lossy(trim(&block.bytes()[range])),
                    None => Cow::Owned(String::from_utf8_lossy(trim(rows.cell(0, at))).into_owned()),
                };
                self.cut(columns, (0..rows.width(0).min(columns.len())).map(text).collect(), raw)
            }
            (Held::Text(block), shape) => self.single(block.bytes(), shape),
            (Held::Sheet(_), _) => Cells::default(),
        }
    }

    /// The cells of a row.
    fn cut<'r>(&'r self, columns: &'r [Heading], texts: Vec<Cow<'r, str>>, raw: Cow<'r, str>) -> Cells<'r> {
        let (headings, places) = (Cow::Borrowed(columns), Cow::Borrowed(&*self.places));
        Cells { headings, places, texts, raw, has_body: false }
    }

    fn single<'r>(&self, bytes: &'r [u8], shape: &Shape) -> Cells<'r> {
        let (path, kind) = (&self.facts.path, self.kind);
        let raw = String::from_utf8_lossy(bytes);
        let text: &str = raw.strip_prefix('\u{FEFF}').unwrap_or(&raw);
        let parts =
            if *shape == Shape::Markdown { single::markdown(path, text, usize::MAX) } else { single::toml(path, text) };
        let has_body = !parts.body.is_empty();
        let (mut headings, mut texts): (Vec<Heading>, Vec<Cow<'r, str>>) = parts
            .fields
            .into_iter()
            .map(|f| {
                let heading = kind.header(&f.key).map_or_else(|| Heading::Extra(f.key.clone()), Heading::Field);
                let text = match f.value {
                    FieldValue::Text(text, _) => text.trim().to_owned(),
                    FieldValue::List(items) => {
                        let items: Vec<&str> = items.iter().map(|(text, _)| text.trim()).collect();
                        items.join(&ITEM.to_string())
                    }
                };
                (heading, Cow::Owned(text))
            })
            .filter(|(heading, _)| !has_body || kind.body.is_none_or(|body| *heading != Heading::Field(body)))
            .unzip();
        if has_body {
            headings.push(kind.body.map_or_else(|| Heading::Extra("body".to_owned()), Heading::Field));
            texts.push(Cow::Owned(parts.body));
        }
        let places = Cow::Owned(places(&headings, kind));
        Cells { headings: Cow::Owned(headings), places, texts, raw, has_body }
    }
}

/// For each field of a kind the first that holds it.
fn places(headings: &[Heading], kind: &Kind) -> Vec<Option<usize>> {
    let mut places = vec![None; kind.fields.len()];
    for (at, heading) in headings.iter().enumerate().rev() {
        if let Heading::Field(field) = heading {
            places[*field] = Some(at);
        }
    }
    places
}
