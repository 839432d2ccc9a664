//! What we were given: the files of a workspace, by path, and how to read them again.
//!
//! Nothing here touches a disk. `world::read` lists a workspace and hands over a [`Store`]; tests hand over
//! [`Memory`]. A file is read in blocks while it is loaded and may be read again, in part, when a finding or a
//! page shows what it says; large tables are never held whole.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Read};
use std::sync::Arc;

use crate::say::Said;

mod encoding;

pub use encoding::{Encoding, Utf8Stream, decode};

/// A position in a file: lines and columns count from 1, columns in characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Path relative to the workspace, with `/`.
    pub file: Arc<str>,
    /// Line, from 1; 0 where the finding is about the file as a whole.
    pub line: u32,
    /// Column in characters, from 1; 0 where the finding is about the line as a whole.
    pub column: u32,
    /// How many characters are meant, from the column on; 0 where unknown.
    pub width: u32,
}

impl Place {
    /// A whole file.
    pub fn file(file: impl Into<Arc<str>>) -> Self {
        Self { file: file.into(), line: 0, column: 0, width: 0 }
    }

    /// A whole line of a file.
    pub fn line(file: impl Into<Arc<str>>, line: u32) -> Self {
        Self { file: file.into(), line, column: 0, width: 0 }
    }

    /// So many characters of a line.
    pub fn span(file: impl Into<Arc<str>>, line: u32, column: u32, width: u32) -> Self {
        Self { file: file.into(), line, column, width }
    }

    /// The place of the bytes `start..end` of a text. Offsets past its end mean its end.
    pub fn of_bytes(file: impl Into<Arc<str>>, text: &str, start: usize, end: usize) -> Self {
        let start = floor_char(text, start);
        let end = floor_char(text, end.max(start));
        let before = &text[..start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.bytes().filter(|&b| b == b'\n').count() + 1;
        let first_line = text[start..end].split('\n').next().unwrap_or_default();
        Self {
            file: file.into(),
            line: line as u32,
            column: text[line_start..start].chars().count() as u32 + 1,
            width: first_line.chars().count() as u32,
        }
    }
}

impl fmt::Display for Place {
    /// `file`, `file:line` or `file:line:column`, as far as it is known.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        for number in [self.line, self.column].into_iter().take_while(|&n| n > 0) {
            write!(f, ":{number}")?;
        }
        Ok(())
    }
}

fn floor_char(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// One file of the workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Path relative to the workspace, with `/`.
    pub path: Arc<str>,
    /// Length in bytes when it was listed.
    pub len: u64,
}

/// Something below the workspace that is not read, and why: a symbolic link, a device, a name that is not UTF-8.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Odd {
    /// Path relative to the workspace, with `/`; bytes that are not UTF-8 shown as U+FFFD.
    pub path: Arc<str>,
    /// Why it is not read, and what to do.
    pub why: Said,
}

/// Reads a listed file from its start.
pub trait Store: Sync + Send {
    /// Opens the file at a path that was listed, to be read from an offset on.
    fn open(&self, path: &str, from: u64) -> io::Result<Box<dyn Read + Send + '_>>;
}

/// The files of a workspace, in byte order of their paths.
pub struct Sources {
    /// What there is to read.
    pub files: Vec<Entry>,
    /// What is there and is not read; each becomes a finding.
    pub odd: Vec<Odd>,
    store: Arc<dyn Store>,
}

impl Sources {
    /// Puts a listing and its store together. The listing is sorted here.
    pub fn new(mut files: Vec<Entry>, mut odd: Vec<Odd>, store: Box<dyn Store>) -> Self {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        odd.sort_by(|a, b| a.path.cmp(&b.path));
        Self { files, odd, store: store.into() }
    }

    /// These files as they would be with some added or replaced, which are held in memory.
    #[must_use]
    pub fn with(&self, added: BTreeMap<String, Vec<u8>>) -> Self {
        let listed = |(path, bytes): (&String, &Vec<u8>)| Entry { path: path.as_str().into(), len: bytes.len() as u64 };
        let kept = self.files.iter().filter(|entry| !added.contains_key(&*entry.path)).cloned();
        let files = kept.chain(added.iter().map(listed)).collect();
        Self::new(files, self.odd.clone(), Box::new(Over { added: Memory(added), below: Arc::clone(&self.store) }))
    }

    /// Files held in memory, for tests and for rule examples.
    pub fn of_memory(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        let files: BTreeMap<String, Vec<u8>> = files.into_iter().collect();
        let listing =
            files.iter().map(|(path, bytes)| Entry { path: path.as_str().into(), len: bytes.len() as u64 }).collect();
        Self::new(listing, Vec::new(), Box::new(Memory(files)))
    }

    /// The files below a folder (`records/`), in byte order.
    pub fn below<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a Entry> {
        let from = self.files.partition_point(|e| &*e.path < folder);
        self.files[from..].iter().take_while(move |e| e.path.starts_with(folder))
    }

    /// Whether there is a file at this path.
    pub fn get(&self, path: &str) -> Option<&Entry> {
        self.files.binary_search_by(|e| (*e.path).cmp(path)).ok().map(|at| &self.files[at])
    }

    /// Opens a listed file.
    pub fn open(&self, path: &str) -> Result<Box<dyn Read + Send + '_>, Failure> {
        self.store.open(path, 0).map_err(|e| Failure::reading(path, &e))
    }

    /// Opens a listed file in the middle.
    pub fn open_at(&self, path: &str, from: u64) -> io::Result<Box<dyn Read + Send + '_>> {
        self.store.open(path, from)
    }

    /// Reads a listed file whole.
    pub fn read(&self, path: &str) -> Result<Vec<u8>, Failure> {
        let len = self.get(path).map_or(0, |e| e.len);
        let mut bytes = Vec::with_capacity(usize::try_from(len).unwrap_or(0));
        self.open(path)?.read_to_end(&mut bytes).map_err(|e| Failure::reading(path, &e))?;
        Ok(bytes)
    }
}

/// A store of which some files are held in memory.
struct Over {
    added: Memory,
    below: Arc<dyn Store>,
}

impl Store for Over {
    fn open(&self, path: &str, from: u64) -> io::Result<Box<dyn Read + Send + '_>> {
        if self.added.0.contains_key(path) { self.added.open(path, from) } else { self.below.open(path, from) }
    }
}

/// A store of files in memory.
pub struct Memory(pub BTreeMap<String, Vec<u8>>);

impl Store for Memory {
    fn open(&self, path: &str, from: u64) -> io::Result<Box<dyn Read + Send + '_>> {
        match self.0.get(path) {
            Some(bytes) => Ok(Box::new(&bytes[bytes.len().min(from as usize)..])),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }
}

/// The machine refused: a disk, a permission, a setting that cannot be used. The message names the path and what to try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure(pub Said);

impl Failure {
    /// A file that could not be read.
    pub fn reading(path: &str, why: &io::Error) -> Self {
        Self(Said::new(
            format!("无法读取 {path}：{why}；请检查该文件是否存在、是否有读取权限"),
            format!("cannot read {path}: {why}; check that it is there and may be read"),
        ))
    }
}
