//! Documents that lie side by side in the index, with their words. Batches are made in parallel, where the texts are at
//! hand, and hold what they need in few pieces of memory: no word of a batch is kept twice.

use std::hash::BuildHasher;

use hashbrown::HashTable;
use hashbrown::hash_table::Entry as Slot;
use unicode_normalization::UnicodeNormalization;

use crate::calendar::{Day, Period, Unit};
use crate::ledger::Texts;

use super::Entry;
use super::words::{fold, number, words};

/// Documents of one group in their order, the newest first.
#[derive(Debug, Default)]
pub struct Batch {
    /// The values of all documents: address, date, id, title, then their texts.
    values: Texts,
    /// Where the values of each document end.
    ends: Vec<u32>,
    /// How many documents follow each other in a month, by its first day; none for documents that have no date.
    pub(super) months: Vec<(Option<Day>, u32)>,
    /// The system of each document, from 1; 0 for none.
    pub(super) systems: Vec<u32>,
    /// The words, by their position in `order`.
    words: Texts,
    /// The number of each word, and its position in `words`; in order.
    order: Vec<(u32, u32)>,
    /// Where the places of each word begin in `places`.
    starts: Vec<u32>,
    /// Twice the document, and one more where the word is in its title; in order.
    places: Vec<u32>,
}

impl Batch {
    /// Makes a batch of documents. `systems` are the id and name of each system.
    pub fn of<'a>(entries: impl IntoIterator<Item = Entry<'a>>, systems: &[[String; 2]]) -> Self {
        let mut batch = Self::default();
        let mut table = HashTable::new();
        let mut seen: Vec<(u32, u32)> = Vec::new();
        for entry in entries {
            batch.add(&entry, systems, |words, word, place| seen.push((intern(&mut table, words, word), place)));
        }
        seen.sort_unstable();
        seen.dedup();
        batch.starts = vec![0; batch.words.len() + 1];
        for (word, _) in &seen {
            batch.starts[*word as usize + 1] += 1;
        }
        for at in 1..batch.starts.len() {
            batch.starts[at] += batch.starts[at - 1];
        }
        batch.places = seen.into_iter().map(|(_, place)| place).collect();
        batch.order = (0..batch.words.len()).map(|at| (number(batch.words.get(at)), at as u32)).collect();
        batch.order.sort_unstable();
        batch
    }

    /// Adds a document after the others, and tells each word with its place.
    fn add(&mut self, entry: &Entry<'_>, systems: &[[String; 2]], mut each: impl FnMut(&mut Texts, &str, u32)) {
        let document = self.ends.len() as u32;
        self.values.push(&entry.address);
        self.values.push(&entry.date.map_or_else(String::new, |day| day.to_string()));
        let named = [(&entry.id, 1), (&entry.title, 1)];
        for (value, title) in named.into_iter().chain(entry.texts.iter().map(|text| (text, 0))) {
            let line = line(value);
            // Id and title have their place even where there is none.
            if title == 1 || !line.is_empty() {
                self.values.push(&line);
                words(&fold(&line), |word| each(&mut self.words, word, document << 1 | title));
            }
        }
        // The names of systems are kept once for all documents.
        for name in entry.system.and_then(|at| systems.get(at)).into_iter().flatten() {
            words(&fold(&line(name)), |word| each(&mut self.words, word, document << 1));
        }
        self.ends.push(self.values.len() as u32);
        self.systems.push(entry.system.map_or(0, |at| at as u32 + 1));
        let month = entry.date.map(|day| Period::of(Unit::Month, day).first);
        match self.months.last_mut() {
            Some((last, n)) if *last == month => *n += 1,
            _ => self.months.push((month, 1)),
        }
    }

    /// How many documents it has.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The values of a document.
    pub(super) fn values(&self, document: usize) -> impl ExactSizeIterator<Item = &str> {
        let from = document.checked_sub(1).map_or(0, |before| self.ends[before]);
        (from as usize..self.ends[document] as usize).map(|at| self.values.get(at))
    }

    /// The words whose numbers lie in a range, each with its places.
    pub(super) fn words(&self, from: u64, to: u64) -> impl Iterator<Item = (&str, &[u32])> {
        let start = self.order.partition_point(|(n, _)| u64::from(*n) < from);
        self.order[start..].iter().take_while(move |(n, _)| u64::from(*n) < to).map(|&(_, at)| {
            let at = at as usize;
            (self.words.get(at), &self.places[self.starts[at] as usize..self.starts[at + 1] as usize])
        })
    }
}

fn intern(table: &mut HashTable<u32>, texts: &mut Texts, word: &str) -> u32 {
    match table.entry(hash(word), |at| texts.get(*at as usize) == word, |at| hash(texts.get(*at as usize))) {
        Slot::Occupied(known) => *known.get(),
        Slot::Vacant(slot) => {
            let at = texts.len() as u32;
            slot.insert(at);
            texts.push(word);
            at
        }
    }
}

/// A hash that is the same in every run.
pub fn hash(word: &str) -> u64 {
    foldhash::fast::FixedState::with_seed(0x77_65_6c_6c).hash_one(word)
}

/// A text in one line, composed (NFC).
fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for part in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|part| !part.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        if part.is_ascii() { out.push_str(part) } else { out.extend(part.nfc()) }
    }
    out
}
