//! The documents in blocks, as they are looked at and shown. A value that comes twice in a block stands there once:
//! operators, places, results, and the addresses of pages repeat.

use hashbrown::HashMap;
use rayon::prelude::*;

use super::batch::Batch;
use super::code;

/// The most documents of a block.
const DOCUMENTS: usize = 200;
/// A block takes no further document once its texts are so long, in bytes.
const BYTES: usize = 48 << 10;

/// Of each block how many documents it has, and its three texts: for each document how many values it has and which
/// (0 the next of the single ones, else from 1 one of the others), the single values in order, and the others, each on
/// a line of its own.
pub fn of(batches: &[&Batch]) -> Vec<(u32, [String; 3])> {
    cut(batches).into_par_iter().map(|documents| (documents.len() as u32, block(&documents))).collect()
}

/// A document: its batch, and which it is there.
type Document<'a> = (&'a Batch, usize);

fn cut<'a>(batches: &[&'a Batch]) -> Vec<Vec<Document<'a>>> {
    let mut blocks: Vec<Vec<Document<'a>>> = Vec::new();
    let mut bytes = BYTES;
    for &batch in batches {
        for at in 0..batch.len() {
            if bytes >= BYTES || blocks.last().is_some_and(|block| block.len() >= DOCUMENTS) {
                blocks.push(Vec::with_capacity(DOCUMENTS));
                bytes = 0;
            }
            bytes += batch.values(at).map(str::len).sum::<usize>();
            if let Some(block) = blocks.last_mut() {
                block.push((batch, at));
            }
        }
    }
    blocks
}

fn block(documents: &[Document<'_>]) -> [String; 3] {
    let values = || documents.iter().flat_map(|(batch, at)| batch.values(*at));
    let mut times: HashMap<&str, u32> = HashMap::new();
    values().for_each(|value| *times.entry(value).or_default() += 1);
    let mut shared: Vec<(&str, u32)> = times.into_iter().filter(|(_, n)| *n > 1).collect();
    // What comes most often has the shortest number.
    shared.sort_unstable_by(|(a, m), (b, n)| n.cmp(m).then(a.cmp(b)));
    let places: HashMap<&str, u32> = (1..).zip(&shared).map(|(at, (value, _))| (*value, at)).collect();
    let (mut refs, mut single) = (String::new(), String::new());
    for (batch, at) in documents {
        code::number(&mut refs, batch.values(*at).len() as u32);
        for value in batch.values(*at) {
            match places.get(value) {
                Some(place) => code::number(&mut refs, *place),
                None => {
                    code::number(&mut refs, 0);
                    single.push_str(value);
                    single.push('\n');
                }
            }
        }
    }
    let shared: Vec<&str> = shared.into_iter().map(|(value, _)| value).collect();
    [refs, single, shared.join("\n")]
}
