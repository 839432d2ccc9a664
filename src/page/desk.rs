//! What the documents for management are written from: monthly reports, and the packs of the half-yearly evaluations.
//! The files that they quote are read once for all of them.

use std::collections::BTreeMap;

use crate::calendar::Period;
use crate::check::Covered;
use crate::finding::Finding;
use crate::ledger::{Counts, Table};
use crate::say::Lang;
use crate::slots::WAIVER;
use crate::source::Failure;

use super::Book;
use super::faults::clock::Faults;
use super::figure;
use super::restated::Versions;
use super::rows::Writer;
use super::sheet::Link;
use super::verdict::Verdicts;
use super::waivers;
use super::way::{self, Way};

/// The kinds whose texts the documents show.
const SHOWN: [&str; 7] = [way::FAULT, "evaluation", "feedback", "improvement", "review", "update", WAIVER];

/// What a document is written from.
pub struct Desk<'a> {
    /// Everything that was judged.
    pub book: &'a Book<'a>,
    /// The way from the documents.
    pub way: &'a Way<'a>,
    /// The results.
    pub verdicts: &'a Verdicts<'a>,
    /// The versions of sealed months.
    pub versions: &'a Versions<'a>,
    /// The faults, where the standard has such records.
    pub faults: Option<Faults<'a>>,
    writers: BTreeMap<&'static str, Writer<'a>>,
    /// How many records of each kind there are.
    pub counts: Vec<Counts>,
    /// What each waiver covers, in the order of the waivers.
    pub covered: Vec<Covered<'a>>,
    /// A finding about each update that has one.
    pub updates: BTreeMap<&'a str, &'a Finding>,
}

impl<'a> Desk<'a> {
    /// Reads what the documents quote.
    pub fn open(
        book: &'a Book<'a>,
        verdicts: &'a Verdicts<'a>,
        versions: &'a Versions<'a>,
        way: &'a Way<'a>,
    ) -> Result<Self, Failure> {
        let mut writers = BTreeMap::new();
        for name in SHOWN {
            if let Some(at) = book.standard.kind(name) {
                writers.insert(name, Writer::open(book, way, at)?);
            }
        }
        let about_updates = book.findings.iter().filter(|f| f.kind.as_deref() == Some("update"));
        Ok(Self {
            book,
            way,
            verdicts,
            versions,
            faults: Faults::of(book),
            writers,
            counts: book.ledger.tables.iter().map(Table::counts).collect(),
            covered: waivers::covered(book),
            updates: about_updates.filter_map(|f| Some((f.record.as_deref()?, f))).collect(),
        })
    }

    /// The language of the interface.
    pub fn lang(&self) -> Lang {
        self.book.config.site.lang
    }

    /// A kind with its texts, where it is one of those that such documents show.
    pub fn writer(&self, kind: &str) -> Option<&Writer<'a>> {
        self.writers.get(kind)
    }

    /// A record with its page or row.
    pub fn link(&self, kind: usize, row: usize) -> Link {
        let url = self.way.record(kind, row);
        let id = self.book.ledger.tables[kind].ids.get(row);
        Link::new(url.map_or_else(String::new, |url| self.way.from_here(&url)), id)
    }

    /// What was found in a month, clause by clause; as the matrix of the month has it.
    pub fn found(&self, month: Period) -> impl Iterator<Item = &'a Finding> + '_ {
        self.book.standard.clauses.iter().flat_map(move |clause| self.verdicts.findings(&clause.id, month))
    }

    /// The systems that were in service in a month.
    pub fn served(&self, month: Period) -> impl Iterator<Item = usize> + '_ {
        (0..self.book.config.systems.len()).filter(move |&s| figure::served(self.book, s, month))
    }

    /// The systems that were in service in any of some months.
    pub fn served_in<'m>(&'m self, months: &'m [Period]) -> impl Iterator<Item = usize> + 'm {
        let served = |s: usize| months.iter().any(|month| figure::served(self.book, s, *month));
        (0..self.book.config.systems.len()).filter(move |&s| served(s))
    }
}
