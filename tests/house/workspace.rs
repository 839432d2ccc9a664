//! A workspace for one test: written from a text with `-- path --` lines or copied from a folder, gone when the test
//! is over.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The settings of a small workspace: one system, from 1 April 2026, without shifts.
pub const CONFIG: &str = "\
[site]
title = \"档案\"
timezone = \"Asia/Shanghai\"

[[system]]
id = \"oa\"
name = \"办公系统\"
in_service = 2026-04-01
";

/// A folder of a test's own.
pub struct Workspace(PathBuf);

impl Workspace {
    /// An empty folder.
    pub fn empty() -> Self {
        Self::below(&std::env::temp_dir())
    }

    /// An empty folder in a place of the test's choice.
    pub fn below(parent: &Path) -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = parent.join(format!("wellkept-house-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path.canonicalize().unwrap())
    }

    /// The files of a text, see [`sections`].
    pub fn of_text(text: &str) -> Self {
        let new = Self::empty();
        for (path, bytes) in sections(text) {
            new.write(&path, bytes);
        }
        new
    }

    /// A small workspace with records of its own: see [`CONFIG`] and [`sections`].
    pub fn small(records: &str) -> Self {
        let new = Self::of_text(records);
        new.write("wellkept.toml", CONFIG);
        new
    }

    /// A copy of a folder.
    pub fn of_folder(folder: &Path) -> Self {
        let new = Self::empty();
        for (path, bytes) in tree(folder) {
            new.write(&path, bytes);
        }
        new
    }

    /// Where it is.
    pub fn root(&self) -> &Path {
        &self.0
    }

    /// A path in it.
    pub fn path(&self, below: impl AsRef<Path>) -> PathBuf {
        self.0.join(below)
    }

    /// Writes a file and the folders above it.
    pub fn write(&self, below: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(below);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// Reads a file as text.
    pub fn read(&self, below: &str) -> String {
        let path = self.path(below);
        fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
    }
}

impl Drop for Workspace {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The files of a text: each begins with a line `-- path --` and goes on to the next such line. What comes before the
/// first one is not a file. After `-- path (escaped) --`, `\0`, `\r`, `\t`, `\\`, `\xHH` and `\u{HHHH}` stand for the
/// bytes that a text cannot show, and a backslash at the end of a line for a line that has no end.
pub fn sections(text: &str) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, bool, String)> = Vec::new();
    for line in text.split_inclusive('\n') {
        let name = line.trim_end().strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --"));
        match (name, files.last_mut()) {
            (Some(name), _) => {
                let plain = name.strip_suffix(" (escaped)");
                files.push((plain.unwrap_or(name).to_owned(), plain.is_some(), String::new()));
            }
            (None, Some((_, _, content))) => content.push_str(line),
            (None, None) => {}
        }
    }
    let bytes = |escaped, text: String| if escaped { unescaped(&text) } else { text.into_bytes() };
    files.into_iter().map(|(path, escaped, text)| (path, bytes(escaped, text))).collect()
}

fn unescaped(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            out.extend(c.encode_utf8(&mut [0; 4]).bytes());
            continue;
        }
        match rest.next() {
            Some('0') => out.push(0),
            Some('r') => out.push(b'\r'),
            Some('t') => out.push(b'\t'),
            Some('\\') => out.push(b'\\'),
            Some('\n') => {}
            Some('x') => {
                let digits: String = rest.by_ref().take(2).collect();
                out.push(u8::from_str_radix(&digits, 16).unwrap());
            }
            Some('u') => {
                let digits: String = rest.by_ref().skip(1).take_while(|c| *c != '}').collect();
                let c = char::from_u32(u32::from_str_radix(&digits, 16).unwrap()).unwrap();
                out.extend(c.encode_utf8(&mut [0; 4]).bytes());
            }
            other => panic!("no such escape: {other:?}"),
        }
    }
    out
}

/// Every file below a folder by its path, with `/`; hidden ones too.
pub fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut out = BTreeMap::new();
    gather(folder, "", &mut out);
    out
}

fn gather(folder: &Path, below: &str, out: &mut BTreeMap<String, Vec<u8>>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|why| panic!("{}: {why}", folder.display()));
    for entry in entries {
        let entry = entry.unwrap();
        let name = format!("{below}{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            gather(&entry.path(), &format!("{name}/"), out);
        } else {
            out.insert(name, fs::read(entry.path()).unwrap());
        }
    }
}
