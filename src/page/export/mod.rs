//! `data/` and `evidence/`: the same facts for machines, and the original files (site.md, section 2).

use std::collections::BTreeSet;

use crate::source::Failure;

use super::charts::{self, Numbers};
use super::rejected::{self, Kept};
use super::shelf::Shelf;
use super::{Book, records};

pub mod csv;
pub mod json;
pub mod package;
pub mod readme;
pub mod typed;

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
pub fn path(kind: &str, month: &str) -> String {
    format!("data/{kind}/{month}.csv")
}

/// The path of an original file. What a browser might run when it is opened is published under a name that makes it
/// text; its bytes are the same.
pub fn evidence(path: &str) -> String {
    let inert = INERT.contains(&crate::load::extension(path).as_str());
    format!("evidence/{path}{}", if inert { "" } else { ".txt" })
}

/// Endings of files that a browser shows or hands on, and does not run. An ending that is not known may be looked into.
const INERT: [&str; 27] = [
    "csv", "doc", "docx", "gif", "gz", "jpeg", "jpg", "json", "log", "md", "ndjson", "odp", "ods", "odt", "pdf", "png",
    "ppt", "pptx", "tgz", "toml", "txt", "webp", "xls", "xlsx", "yaml", "yml", "zip",
];

/// Every file below `records/`, byte for byte, read or not: what was kept out is evidence too.
pub fn originals(book: &Book<'_>) -> Result<Vec<File>, Failure> {
    let paths: BTreeSet<&str> = book.sources.below(crate::load::RECORDS).map(|e| &*e.path).collect();
    paths.into_iter().map(|path| Ok(File::new(evidence(path), book.sources.read(path)?))).collect()
}

/// What is in `data/` but for the months' tables, which are written along with their pages.
pub fn registers(book: &Book<'_>, tables: &[package::Resource], charts: Vec<Numbers>, kept: &Kept) -> Vec<File> {
    let lists = || rayon::join(|| csv::slots(book), || json::findings(book));
    let ((slots, findings), figures) = rayon::join(lists, || json::figures(book));
    let mut files = vec![
        File::new("data/slots.csv", slots),
        File::new("data/findings.json", findings),
        File::new("data/figures.json", figures),
        File::new("data/rejected.csv", rejected::table(kept)),
        File::new("data/datapackage.json", package::describe(book, tables, &charts)),
    ];
    files.extend(charts.into_iter().map(|chart| chart.file));
    files
}

/// All that is in `data/`, without the pages.
pub fn data(book: &Book<'_>) -> Result<Vec<File>, Failure> {
    let shelf = Shelf::of(book.ledger, book.standard);
    let (mut files, tables) = records::tables(book, &shelf)?;
    files.extend(registers(book, &tables, charts::numbers(book, &shelf), &rejected::gather(book)?));
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::evidence;

    #[test]
    fn what_a_browser_might_run_is_published_as_text() {
        assert_eq!(evidence("records/fault/F-1.md"), "evidence/records/fault/F-1.md");
        assert_eq!(evidence("records/backup/2026.XLSX"), "evidence/records/backup/2026.XLSX");
        for odd in ["a.html", "a.svg", "a.xml", "a", "a.csv.htm"] {
            assert_eq!(evidence(&format!("records/fault/{odd}")), format!("evidence/records/fault/{odd}.txt"));
        }
    }
}
