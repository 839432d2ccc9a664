//! Which document has which word: a line for each word, cut into shards by the words' numbers.

use hashbrown::HashTable;
use hashbrown::hash_table::Entry as Slot;
use rayon::prelude::*;

use super::batch::{Batch, hash};
use super::code;

/// A shard is at least so large on average, in bytes, where there is more than one: it is loaded for one word.
const LEAST: usize = 14 << 10;
/// So many documents make a part, from which shards are put together.
const PART: usize = 128;

/// The lines of each shard. How many there are is a power of two: the number of a word, seen as a fraction of 2³²,
/// tells its shard.
pub fn of(batches: &[&Batch], documents: usize) -> Vec<String> {
    let bases: Vec<u32> = batches
        .iter()
        .scan(0, |next, batch| {
            let base = *next;
            *next += batch.len() as u32;
            Some(base)
        })
        .collect();
    let parts = (documents / PART).next_power_of_two().min(1 << 16);
    let lines: Vec<String> = (0..parts)
        .into_par_iter()
        .map(|part| {
            let border = |part: usize| ((part as u64) << 32) / parts as u64;
            let (from, to) = (border(part), border(part + 1));
            let mut gathered = Gathered::default();
            for (batch, base) in batches.iter().zip(&bases) {
                batch.words(from, to).for_each(|(word, places)| gathered.add(word, *base, places));
            }
            gathered.lines(documents as u32)
        })
        .collect();
    let total: usize = lines.iter().map(String::len).sum();
    let mut shards = parts;
    while shards > 1 && total / shards < LEAST {
        shards /= 2;
    }
    // A line begins with a line break, so that a word is found with what stands around it.
    lines.chunks(parts / shards).map(|of| of.concat() + "\n").collect()
}

/// The words of one part.
#[derive(Default)]
struct Gathered<'a> {
    table: HashTable<u32>,
    words: Vec<Word<'a>>,
}

struct Word<'a> {
    text: &'a str,
    all: List,
    titles: List,
}

/// Ascending numbers, written as how many are left out between two.
#[derive(Default)]
struct List {
    code: String,
    len: u32,
    next: u32,
}

impl List {
    fn push(&mut self, document: u32) {
        if self.len > 0 && document < self.next {
            return; // The same again: the word is in the title and in the text.
        }
        code::number(&mut self.code, document - self.next);
        self.len += 1;
        self.next = document + 1;
    }

    /// The list as a word's line has it: where most documents are in it, those that are not, after `~`.
    fn shortest(&self, documents: u32) -> String {
        if u64::from(self.len) * 2 <= u64::from(documents) {
            return self.code.clone();
        }
        let mut others = Self::default();
        let mut next = 0;
        for gap in code::numbers(&self.code) {
            (next..next + gap).for_each(|document| others.push(document));
            next += gap + 1;
        }
        (next..documents).for_each(|document| others.push(document));
        format!("~{}", others.code)
    }
}

impl<'a> Gathered<'a> {
    fn add(&mut self, text: &'a str, base: u32, places: &[u32]) {
        let words = &mut self.words;
        let hasher = |at: &u32| hash(words[*at as usize].text);
        let at = match self.table.entry(hash(text), |at| words[*at as usize].text == text, hasher) {
            Slot::Occupied(known) => *known.get(),
            Slot::Vacant(slot) => {
                let at = words.len() as u32;
                slot.insert(at);
                words.push(Word { text, all: List::default(), titles: List::default() });
                at
            }
        };
        let word = &mut words[at as usize];
        for place in places {
            word.all.push(base + (place >> 1));
            if place & 1 == 1 {
                word.titles.push(base + (place >> 1));
            }
        }
    }

    /// `word documents`, and ` titles` where there are some; `=` where these are the same. By words.
    fn lines(mut self, documents: u32) -> String {
        self.words.sort_unstable_by_key(|word| word.text);
        let mut out = String::new();
        for Word { text, all, titles } in self.words {
            out.push('\n');
            out.push_str(text);
            out.push(' ');
            out.push_str(&all.shortest(documents));
            if titles.len == all.len {
                out.push_str(" =");
            } else if titles.len > 0 {
                out.push(' ');
                out.push_str(&titles.shortest(documents));
            }
        }
        out
    }
}
