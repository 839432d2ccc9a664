//! `SHA256SUMS` of a published site, held against the files that are there: what is missing, what is changed, and, which
//! `sha256sum -c` does not see, what is there and is not listed.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::say;
use crate::source::{Failure, Place, Sources};
use crate::tree::{MARKER, SUMS, hex};

use super::Difference;
use super::tree::sha256;

/// What is not as it was published.
pub fn check(sources: &Sources) -> Result<Vec<Difference>, Failure> {
    let bytes = sources.read(SUMS)?;
    let mut out = Vec::new();
    let mut listed: BTreeMap<&str, &str> = BTreeMap::new();
    let text = String::from_utf8_lossy(&bytes);
    let mut last = "";
    for (at, line) in text.split_inclusive('\n').enumerate() {
        // In byte order and each once, as they are written: another order would be another list.
        match entry(line).filter(|(_, path)| at == 0 || *path > last) {
            Some((digest, path)) => {
                last = path;
                listed.insert(path, digest);
            }
            None => {
                let said = say!("这一行不是清单的格式", "this line is not in the form of the list");
                out.push(Difference::of_seal("site.list", None, Place::line(SUMS, at as u32 + 1), said));
            }
        }
    }
    let files: Vec<(&str, &str)> = listed.iter().map(|(path, digest)| (*path, *digest)).collect();
    let check = |(path, digest): &(&str, &str)| -> Result<Option<Difference>, Failure> {
        if sources.get(path).is_none() {
            let said = say!("清单中的文件不见了", "a listed file is not there");
            return Ok(Some(Difference::of_seal("site.missing", None, Place::file(*path), said)));
        }
        let same = hex(&sha256(&sources.read(path)?)) == *digest;
        let said = say!("文件与发布时不同", "the file is not what was published");
        Ok((!same).then(|| Difference::of_seal("site.changed", None, Place::file(*path), said)))
    };
    let found: Vec<Option<Difference>> = files.par_iter().map(check).collect::<Result<_, Failure>>()?;
    out.extend(found.into_iter().flatten());
    let extra = sources
        .files
        .iter()
        .map(|entry| &entry.path)
        .filter(|path| !listed.contains_key(&***path) && ![SUMS, MARKER].contains(&&***path));
    for path in extra.chain(sources.odd.iter().map(|odd| &odd.path)) {
        let said = say!("清单中没有这个文件", "the list does not have this file");
        out.push(Difference::of_seal("site.extra", None, Place::file(path.clone()), said));
    }
    Ok(out)
}

/// Digest and path of a line; none where it is not as it would have been written.
fn entry(line: &str) -> Option<(&str, &str)> {
    let (digest, path) = line.strip_suffix('\n')?.split_once("  ")?;
    let plain = digest.len() == 64 && digest.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    (plain && !path.is_empty() && !path.contains(['\r', '\u{FFFD}'])).then_some((digest, path))
}
