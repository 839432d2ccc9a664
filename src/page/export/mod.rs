//! `data/` and `evidence/`: the same facts for machines, and the original files (site.md, section 2).

use std::collections::BTreeSet;

use crate::source::Failure;

use super::Book;
use super::charts::Numbers;

pub mod csv;
pub mod json;
pub mod package;
pub mod readme;

/// A file of the site that no template makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its path in the site.
    pub path: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

impl File {
    /// A file.
    pub fn new(path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { path: path.into(), bytes: bytes.into() }
    }
}

/// The path of a month's table in `data/`.
pub fn table(kind: &str, month: &str) -> String {
    format!("data/{kind}/{month}.csv")
}

/// The path of an original file. What a browser might run when it is opened is published under a name that makes it
/// text; its bytes are the same.
pub fn evidence(path: &str) -> String {
    let inert = INERT.contains(&crate::load::extension(path).as_str());
    format!("evidence/{path}{}", if inert { "" } else { ".txt" })
}

/// Endings of files that a browser shows or downloads, and does not run.
const INERT: [&str; 15] =
    ["csv", "xlsx", "md", "toml", "txt", "json", "ndjson", "log", "yml", "yaml", "pdf", "png", "jpg", "jpeg", "gif"];

/// Every file below `records/`, byte for byte, read or not: what was kept out is evidence too.
pub fn originals(book: &Book<'_>) -> Result<Vec<File>, Failure> {
    let paths: BTreeSet<&str> = book.sources.below(crate::load::RECORDS).map(|e| &*e.path).collect();
    paths.into_iter().map(|path| Ok(File::new(evidence(path), book.sources.read(path)?))).collect()
}

/// What is in `data/` but for the months' tables, which are written along with their pages.
pub fn registers(book: &Book<'_>, tables: &[package::Resource], charts: &[Numbers]) -> Vec<File> {
    vec![
        File::new("data/slots.csv", csv::slots(book)),
        File::new("data/findings.json", json::findings(book)),
        File::new("data/figures.json", json::figures(book)),
        File::new("data/datapackage.json", package::describe(book, tables, charts)),
    ]
}
