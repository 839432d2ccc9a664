//! An index of texts for a browser that may load nothing but scripts, as from a disk (browser.md, section 6): which
//! document has which word, cut into shards by word, and the documents themselves in blocks, to be looked at.
//!
//! Documents have numbers. They lie group by group, in each the newest first, so that group and month of a document
//! are told by its number alone. `search.js` reads all this.
//!
//! | file | what it hands over |
//! |---|---|
//! | `index.js` | an object: of what the index is made; and for each document a character, its system |
//! | `w<n>.js` | a line for each word: the word, the documents that have it, those that have it in their title |
//! | `d<n>.js` | a block of documents |

use std::borrow::Cow;
use std::cmp::Reverse;

use rayon::prelude::*;
use serde::Serialize;

use crate::calendar::Day;

pub use batch::Batch;

mod batch;
mod blocks;
mod code;
mod shards;
#[cfg(test)]
mod tests;
mod words;

/// The folder of the index, in the site.
const FOLDER: &str = "search/";

/// A document: what is found as one.
#[derive(Debug, Clone, Default)]
pub struct Entry<'a> {
    /// Its address from the root of the site. One that ends in `#` is that of a row: `r-` and the id follow.
    pub address: Cow<'a, str>,
    /// Its day.
    pub date: Option<Day>,
    /// Its id; may be empty.
    pub id: Cow<'a, str>,
    /// Its title; may be empty where there is an id.
    pub title: Cow<'a, str>,
    /// Its system, as a position.
    pub system: Option<usize>,
    /// What else it says.
    pub texts: Vec<Cow<'a, str>>,
}

/// Documents of one sort.
#[derive(Debug, Default)]
pub struct Group {
    /// Its name in addresses.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Its documents.
    pub batches: Vec<Batch>,
}

/// What the index says of itself.
#[derive(Debug, Default)]
pub struct About {
    /// The instant of judgement, as people read it.
    pub at: String,
    /// Id and name of each system, as the batches were made with them.
    pub systems: Vec<[String; 2]>,
}

/// What `index.js` hands over.
#[derive(Debug, Serialize)]
struct Index<'a> {
    at: &'a str,
    shards: usize,
    /// Name and title of each group.
    kinds: Vec<[&'a str; 2]>,
    /// The documents of a group and month: the group, the year or 0, the first, and the one after the last. Those without
    /// a date come first, then the newest: in this order results are shown.
    ranges: Vec<(usize, i32, u32, u32)>,
    systems: &'a [[String; 2]],
    /// The first document of each block.
    blocks: Vec<u32>,
}

/// Writes the files of the index: paths in the site, and bytes. The same documents give the same bytes.
pub fn write(groups: &[Group], about: &About) -> Vec<(String, Vec<u8>)> {
    let batches: Vec<&Batch> = groups.iter().flat_map(|group| &group.batches).filter(|b| !b.is_empty()).collect();
    let documents = batches.iter().map(|batch| batch.len()).sum();
    let (shards, blocks) = rayon::join(|| shards::of(&batches, documents), || blocks::of(&batches));
    let firsts = blocks.iter().scan(0, |next, (n, _)| Some(std::mem::replace(next, *next + n)));
    let index = Index {
        at: &about.at,
        shards: shards.len(),
        kinds: groups.iter().map(|group| [&*group.name, &*group.title]).collect(),
        ranges: ranges(groups),
        systems: &about.systems,
        blocks: firsts.collect(),
    };
    let mut files = vec![(format!("{FOLDER}index.js"), code::object("index", &index, &systems(&batches)))];
    let named = |sort: char, at: usize| (format!("{FOLDER}{sort}{at}.js"), format!("{sort}{at}"));
    let words = shards.par_iter().enumerate().map(|(at, lines)| {
        let (path, name) = named('w', at);
        (path, code::script(&name, &[lines]))
    });
    files.par_extend(words);
    let texts = blocks.par_iter().enumerate().map(|(at, (_, block))| {
        let (path, name) = named('d', at);
        (path, code::script(&name, &block.each_ref().map(String::as_str)))
    });
    files.par_extend(texts);
    files
}

fn ranges(groups: &[Group]) -> Vec<(usize, i32, u32, u32)> {
    let mut all: Vec<(Option<Day>, usize, u32, u32)> = Vec::new();
    let mut next = 0;
    for (at, group) in groups.iter().enumerate() {
        for &(month, n) in group.batches.iter().flat_map(|batch| &batch.months) {
            match all.last_mut() {
                Some((last, of, _, end)) if *last == month && *of == at => *end += n,
                _ => all.push((month, at, next, next + n)),
            }
            next += n;
        }
    }
    all.sort_by_key(|(month, ..)| (month.is_some(), Reverse(*month)));
    all.into_iter().map(|(month, at, first, end)| (at, month.map_or(0, |day| day.ymd().0), first, end)).collect()
}

/// The system of each document as a character: `]` for none, then from `^`. Most sites have few, and a byte for each
/// document is enough.
fn systems(batches: &[&Batch]) -> String {
    let letter = |system: &u32| char::from_u32(0x5d + system).unwrap_or(']');
    batches.iter().flat_map(|batch| &batch.systems).map(letter).collect()
}
