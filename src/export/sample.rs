//! An auditor's random sample of the records of a period. Whoever knows the records and the seed draws the same one with
//! stock tools: it is an order of SHA-256 digests, and no generator of random numbers.

use sha2::{Digest, Sha256};

use crate::calendar::Period;
use crate::page::Book;
use crate::page::export::typed;
use crate::page::rows::Writer;
use crate::page::shelf::Shelf;
use crate::page::way::Way;
use crate::source::Failure;
use crate::tree::hex;

/// A record that could be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its id; of a record without one its digest.
    pub id: String,
    /// Its primary time, local: RFC 3339, or a date.
    pub time: String,
    /// Path relative to the workspace.
    pub file: String,
    /// The line on which it begins.
    pub line: u32,
    /// SHA-256 over its canonical form.
    pub digest: String,
    /// What became of it: `counts`, `corrected`, `future`.
    pub state: &'static str,
    /// SHA-256 over seed, colon and id: by this the records are put in order.
    pub key: String,
}

/// A sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// The records that were drawn, in the order of the draw.
    pub drawn: Vec<Member>,
    /// How many records there are.
    pub population: usize,
    /// SHA-256 over a line for each of them, in byte order of their ids: digest, two blanks, id, LF.
    pub digest: String,
}

/// Draws `n` of the accepted records of a kind whose primary time lies in a period; all where there are not so many.
pub fn draw(book: &Book<'_>, kind: usize, period: Period, seed: &str, n: usize) -> Result<Sample, Failure> {
    let mut members = population(book, kind, period, seed)?;
    members.sort_by(|a, b| a.id.cmp(&b.id));
    let mut list = Sha256::new();
    for member in &members {
        list.update(format!("{}  {}\n", member.digest, member.id));
    }
    let population = members.len();
    members.sort_by(|a, b| (&a.key, &a.id).cmp(&(&b.key, &b.id)));
    members.truncate(n);
    Ok(Sample { drawn: members, population, digest: hex(&list.finalize()) })
}

fn population(book: &Book<'_>, kind: usize, period: Period, seed: &str) -> Result<Vec<Member>, Failure> {
    let shelf = Shelf::of(book.ledger, book.standard);
    let way = Way::from_depth(book, &shelf, 0);
    let writer = Writer::open(book, &way, kind)?;
    let (table, zone) = (writer.table, &book.config.site.zone);
    let rows = shelf.kinds[kind].iter().flat_map(|month| &month.rows).map(|&row| row as usize);
    let within = rows.filter(|&row| table.date(row).is_some_and(|day| period.contains(day)));
    let member = |row: usize| {
        let full = writer.row(row);
        let id = Some(table.ids.get(row)).filter(|id| !id.is_empty()).unwrap_or(&full.digest).to_owned();
        let time = match typed::value(&writer, &full, writer.kind.at) {
            typed::Typed::Time(at) => zone.rfc3339(at),
            typed::Typed::Day(day) => day.to_string(),
            _ => String::new(),
        };
        Member {
            key: hex(&Sha256::digest(format!("{seed}:{id}"))),
            time,
            file: writer.path(table.file(row)).to_owned(),
            line: table.position(row).1,
            state: typed::state(&writer, row).0,
            id,
            digest: full.digest,
        }
    };
    Ok(within.map(member).collect())
}
