//! What we hand over: the files of the site, path by path.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// The files of a site. Paths are relative, with `/`, without `.` or `..`.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct SiteTree {
    files: BTreeMap<String, Vec<u8>>,
}

/// Two writers chose one path; always a mistake in the routes or a clash between pages of the user's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The path that was written twice.
    pub path: String,
}

impl SiteTree {
    /// Adds a file. A second one at the same path is an error, and the first stays.
    pub fn add(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Result<(), Taken> {
        match self.files.entry(path.into()) {
            Entry::Vacant(slot) => {
                slot.insert(bytes.into());
                Ok(())
            }
            Entry::Occupied(taken) => Err(Taken { path: taken.key().clone() }),
        }
    }

    /// The bytes at a path.
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(Vec::as_slice)
    }

    /// All files in byte order of their paths.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}
