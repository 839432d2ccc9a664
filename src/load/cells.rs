//! Rows as they were written, read again where a page, a finding or an export shows them.

use std::sync::Arc;

use crate::front::FieldValue;
use crate::ledger::{FileFacts, Heading, Shape};
use crate::source::{Encoding, Failure, Sources, decode};
use crate::standard::Kind;

use super::scan::{Scanner, Stop};
use super::single;
use super::typist::ITEM;
use super::xlsx;

/// The cells of one record, as typed (outer blanks trimmed), in the order of its source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cells {
    /// Field or extra header, and text. The items of a list are parted by [`ITEM`].
    pub cells: Vec<(Heading, String)>,
    /// The record as it stands in the file.
    pub raw: String,
    /// Whether the last cell is the body of a Markdown record.
    pub has_body: bool,
}

impl Cells {
    /// The text of a field; empty where absent.
    pub fn field(&self, field: usize) -> &str {
        self.cells.iter().find(|(h, _)| *h == Heading::Field(field)).map_or("", |(_, text)| text)
    }

    /// The columns that the kind does not know.
    pub fn extras(&self) -> impl Iterator<Item = (&str, &str)> {
        self.cells.iter().filter_map(|(h, text)| match h {
            Heading::Extra(name) => Some((name.as_str(), text.as_str())),
            Heading::Field(_) => None,
        })
    }
}

/// A file opened again: its records by where they begin.
pub struct Reread {
    held: Held,
    shape: Shape,
    path: Arc<str>,
}

enum Held {
    /// The text, as UTF-8.
    Text(Vec<u8>),
    Sheet(xlsx::Sheet),
}

impl Reread {
    /// Reads a file of the ledger whole.
    pub fn open(sources: &Sources, file: &FileFacts) -> Result<Self, Failure> {
        let bytes = sources.read(&file.path)?;
        let held = match &file.shape {
            // A workbook that was read once can be read again; if it changed meanwhile, it has no rows.
            Shape::Xlsx { .. } => xlsx::open(&bytes).map_or_else(|_| Held::Text(Vec::new()), Held::Sheet),
            _ if file.encoding == Encoding::Utf8 => Held::Text(bytes),
            _ => Held::Text(decode(&bytes).0),
        };
        Ok(Self { held, shape: file.shape.clone(), path: file.path.clone() })
    }

    /// The record that begins at an offset.
    pub fn cells(&self, offset: u64, kind: &Kind) -> Cells {
        match (&self.held, &self.shape) {
            (Held::Sheet(sheet), Shape::Xlsx { columns }) => {
                let cells = xlsx::cells(sheet, offset, columns, kind);
                let raw = cells.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join("\t");
                Cells { cells, raw, has_body: false }
            }
            (Held::Text(bytes), Shape::Csv { delimiter, columns }) => {
                let from = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
                row(&bytes[from..], *delimiter, columns)
            }
            (Held::Text(bytes), shape) => self.single(bytes, shape, kind),
            (Held::Sheet(_), _) => Cells::default(),
        }
    }

    fn single(&self, bytes: &[u8], shape: &Shape, kind: &Kind) -> Cells {
        let raw = String::from_utf8_lossy(bytes).into_owned();
        let text: &str = raw.strip_prefix('\u{FEFF}').unwrap_or(&raw);
        let parts =
            if *shape == Shape::Markdown { single::markdown(&self.path, text) } else { single::toml(&self.path, text) };
        let has_body = !parts.body.is_empty();
        let mut cells: Vec<(Heading, String)> = parts
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
                (heading, text)
            })
            .filter(|(heading, _)| !has_body || kind.body.is_none_or(|body| *heading != Heading::Field(body)))
            .collect();
        if has_body {
            let heading = kind.body.map_or_else(|| Heading::Extra("body".to_owned()), Heading::Field);
            cells.push((heading, parts.body));
        }
        Cells { cells, raw, has_body }
    }
}

fn row(bytes: &[u8], delimiter: u8, columns: &[Heading]) -> Cells {
    let mut scanner = Scanner::within(bytes, 2048, delimiter, 0..u64::MAX);
    let Ok(stop) = scanner.cut(1) else { return Cells::default() };
    let rows = scanner.rows();
    if rows.len() == 0 {
        return Cells::default();
    }
    let raw = String::from_utf8_lossy(rows.raw(0)).into_owned();
    if matches!(stop, Stop::Fault(_)) {
        return Cells { raw, ..Cells::default() };
    }
    let text = |at: usize| String::from_utf8_lossy(super::typist::trim(rows.cell(0, at))).into_owned();
    let cells = columns.iter().take(rows.width(0)).enumerate().map(|(at, h)| (h.clone(), text(at))).collect();
    Cells { cells, raw, has_body: false }
}
