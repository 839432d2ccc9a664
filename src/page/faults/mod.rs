//! `faults/`: a page for each fault, and their register (site.md, section 2).

use std::collections::BTreeMap;

use crate::source::Failure;
use crate::standard::Type;

use super::Book;
use super::rows::Writer;
use super::sheet::Sheet;
use super::shelf::Shelf;
use super::way::{FAULT, Way};

pub mod clock;
mod one;
pub mod register;
#[cfg(test)]
mod tests;
pub mod timeline;

use clock::Faults;

/// The pages of all faults and their register; nothing where the standard has no such kind.
pub fn sheets(book: &Book<'_>, shelf: &Shelf) -> Result<Vec<Sheet<'static>>, Failure> {
    let Some(faults) = Faults::of(book) else { return Ok(Vec::new()) };
    let way = Way::from_depth(book, shelf, 1);
    let writer = Writer::open(book, &way, faults.at)?;
    let mut out = register::sheets(book, &way, &faults, &writer)?;
    out.extend(one::sheets(book, &way, &faults, &writer));
    Ok(out)
}

/// Records of other kinds that name a fault, by its id, in order of the standard's kinds and of time: kind and row.
fn named<'a>(book: &Book<'a>) -> BTreeMap<&'a str, Vec<(usize, usize)>> {
    let mut out: BTreeMap<&str, Vec<(usize, usize)>> = BTreeMap::new();
    for (at, kind) in book.standard.kinds.iter().enumerate().filter(|(_, kind)| kind.name != FAULT) {
        let table = &book.ledger.tables[at];
        for (field, _) in kind.fields.iter().enumerate().filter(|(_, f)| f.ty == Type::Ref(FAULT.to_owned())) {
            for row in table.live().filter(|&row| !table.text(row, field).is_empty()) {
                out.entry(table.text(row, field)).or_default().push((at, row));
            }
        }
    }
    for records in out.values_mut() {
        records.sort_by_key(|&(kind, row)| (kind, book.ledger.tables[kind].at[row], row));
        records.dedup();
    }
    out
}
