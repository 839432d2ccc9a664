//! A bag (RFC 8493): the files of the workspace as they are, with the standard in force, for hand-over to an archive or
//! an auditor. Its payload is itself a workspace.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::TOOL;
use crate::output;
use crate::output::one_line;
use crate::page::Book;
use crate::say;
use crate::source::Failure;
use crate::standard::Standard;
use crate::tree::{SiteTree, hex};

/// The bag of a workspace.
pub fn bag(book: &Book<'_>) -> Result<SiteTree, Failure> {
    let payload = payload(book)?;
    let octets: usize = payload.values().map(Vec::len).sum();
    let mut tags = BTreeMap::from([
        ("bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n".to_owned()),
        ("bag-info.txt", info(book, octets, payload.len())),
        ("manifest-sha256.txt", manifest(payload.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())))),
    ]);
    let list = manifest(tags.iter().map(|(path, text)| (*path, text.as_bytes())));
    tags.insert("tagmanifest-sha256.txt", list);
    let tags = tags.into_iter().map(|(path, text)| (path.to_owned(), text.into_bytes()));
    super::folder(tags.chain(payload))
}

/// Every file that was read, below `data/`; and the standard in force, where it came with the program.
fn payload(book: &Book<'_>) -> Result<BTreeMap<String, Vec<u8>>, Failure> {
    let read = |entry: &crate::source::Entry| Ok((name(&entry.path)?, book.sources.read(&entry.path)?));
    let mut files = book.sources.files.par_iter().map(read).collect::<Result<BTreeMap<_, _>, Failure>>()?;
    // It was read before, so that nothing can be wrong with it now.
    for (path, text) in Standard::files(book.sources, book.config).unwrap_or_default() {
        files.entry(name(&path)?).or_insert_with(|| text.into_bytes());
    }
    Ok(files)
}

/// The path in the bag. The RFC writes `%` as `%25` in a manifest, and the most common validator does not read it so: a
/// bag that both accept has none.
fn name(path: &str) -> Result<String, Failure> {
    if path.contains('%') {
        return Err(Failure(say!(
            "{path}：BagIt 的各种校验工具对文件名中的 % 理解不一；请给这个文件改名",
            "{path}: tools that validate bags do not agree on a % in a file's name; rename the file"
        )));
    }
    Ok(format!("data/{path}"))
}

/// Digest, two blanks, path: also a list for `sha256sum -c`.
fn manifest<'t>(files: impl Iterator<Item = (&'t str, &'t [u8])>) -> String {
    let files: Vec<(&str, &[u8])> = files.collect();
    let lines = files.par_iter().map(|(path, bytes)| format!("{}  {path}\n", hex(&Sha256::digest(bytes))));
    lines.collect::<Vec<_>>().concat()
}

/// What the bag holds, in the words that the RFC reserves where it has any.
fn info(book: &Book<'_>, octets: usize, files: usize) -> String {
    let (site, lang) = (&book.config.site, book.config.site.lang);
    let counts = output::total(book.ledger, book.standard);
    let mut out = String::new();
    let mut line = |label: &str, value: &str| {
        let value = one_line(value);
        if !value.trim().is_empty() {
            let _ = writeln!(out, "{label}: {}", value.trim());
        }
    };
    line("Source-Organization", &site.organisation);
    line("External-Description", &site.title);
    line("External-Identifier", &book.build);
    // The last day judged, and not that of the clock: the same files make the same bag.
    line("Bagging-Date", &site.zone.date(book.as_of.plus(-1)).to_string());
    line("Payload-Oxum", &format!("{octets}.{files}"));
    line("Bag-Software-Agent", TOOL);
    line("Wellkept-As-Of", &site.zone.rfc3339(book.as_of));
    line("Wellkept-Standard", &super::standard(book.standard));
    line("Wellkept-Standard-Title", book.standard.title.to(lang));
    line("Wellkept-Standard-SHA256", &book.standard.digest);
    line(
        "Wellkept-Records",
        &format!("{} read, {} accepted, {} rejected", counts.read, counts.accepted, counts.rejected),
    );
    out
}
