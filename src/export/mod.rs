//! The records for other tools and for other hands: one file a format. Everything here is a function of what was read
//! and judged; `cli` writes what it gives.

use crate::page::Book;
use crate::source::Failure;
use crate::standard::Standard;
use crate::tree::{ManifestFacts, SiteTree};

pub mod bagit;
#[cfg(any(feature = "parquet", feature = "sqlite"))]
pub mod database;
pub mod sample;
#[cfg(test)]
mod tests;

/// A folder: the tables of `data/` of the site, with their description (Frictionless Data Package).
pub fn datapackage(book: &Book<'_>) -> Result<SiteTree, Failure> {
    let files = crate::page::export::data(book)?.into_iter();
    let tree =
        folder(files.map(|file| (file.path.strip_prefix("data/").unwrap_or(&file.path).to_owned(), file.bytes)))?;
    Ok(tree.finish(&manifest(book)))
}

/// Files as a folder.
fn folder(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Result<SiteTree, Failure> {
    let mut tree = SiteTree::default();
    for (path, bytes) in files {
        tree.add(path, bytes).map_err(|refused| Failure(refused.said()))?;
    }
    Ok(tree)
}

/// The facts at the head of `manifest.json`.
fn manifest(book: &Book<'_>) -> ManifestFacts {
    ManifestFacts {
        tool: crate::TOOL.to_owned(),
        standard: standard(book.standard),
        as_of: book.config.site.zone.rfc3339(book.as_of),
        build: book.build.clone(),
    }
}

/// The standard and its version: `oa-maintenance 1`.
fn standard(standard: &Standard) -> String {
    format!("{} {}", standard.id, standard.version)
}
