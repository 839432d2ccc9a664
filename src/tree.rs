//! What we hand over: the files of the site, path by path, and the two lists by which they are checked later.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt::Write as _;
use std::ops::Bound;

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::say;
use crate::say::Said;

/// The list for machines, at the root of the site.
pub const MANIFEST: &str = "manifest.json";
/// The list for `sha256sum -c --strict --quiet`, at the root of the site.
pub const SUMS: &str = "SHA256SUMS";
/// The file by which a folder is known as ours to replace. It is in neither list: a copy made with `cp site/* …`
/// leaves hidden files behind, and must verify all the same.
pub const MARKER: &str = ".wellkept-site";
/// How the markers of all folders that we publish begin: of sites and of exports.
pub const MARKERS: &str = ".wellkept-";

/// The files of a site. Paths are relative, with `/`, without `.` or `..`.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct SiteTree {
    files: BTreeMap<String, Vec<u8>>,
}

/// A path that cannot be written; always a mistake in the routes or a clash between pages of the user's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The path as it was asked for.
    pub path: String,
    /// What is wrong with it.
    pub why: Why,
}

/// What is wrong with a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Two writers chose one path, or it is one of the names that are kept for the lists and the marker.
    Taken,
    /// It would be both a file and a folder.
    Folder,
    /// Absolute, empty, with an empty part, `.`, `..`, a backslash or a control character.
    Malformed,
}

impl Refused {
    /// The sentence for people.
    pub fn said(&self) -> Said {
        let path = self.path.escape_debug().to_string();
        match self.why {
            Why::Taken => {
                say!("站点路径 {path} 被写入两次，或是保留的名字", "site path {path} is written twice, or reserved")
            }
            Why::Folder => {
                say!("站点路径 {path} 既是文件又是文件夹", "site path {path} would be both a file and a folder")
            }
            Why::Malformed => say!(
                "站点路径 {path} 不可用：必须是相对路径，不含空的部分、“.”、“..”、反斜杠和控制字符",
                "site path {path} cannot be used: it must be relative, without empty parts, `.`, `..`, backslashes or \
                 control characters"
            ),
        }
    }
}

/// The facts at the head of `manifest.json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManifestFacts {
    /// The program and its version, such as `wellkept 0.1.0`.
    pub tool: String,
    /// The standard and its version, such as `oa-maintenance 1`.
    pub standard: String,
    /// The moment the site speaks of, RFC 3339.
    pub as_of: String,
    /// The build id that the pages show; a function of what was read, so that it is known before the pages are.
    pub build: String,
}

impl SiteTree {
    /// Adds a file. A path that cannot be written, or is there already, is an error, and the first file stays.
    pub fn add(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Result<(), Refused> {
        let path = path.into();
        if !well_formed(&path) {
            return Err(Refused { path, why: Why::Malformed });
        }
        if [MANIFEST, SUMS, MARKER].contains(&path.as_str()) {
            return Err(Refused { path, why: Why::Taken });
        }
        if self.file_above(&path) || self.file_below(&path) {
            return Err(Refused { path, why: Why::Folder });
        }
        match self.files.entry(path) {
            Entry::Vacant(slot) => {
                slot.insert(bytes.into());
                Ok(())
            }
            Entry::Occupied(taken) => Err(Refused { path: taken.key().clone(), why: Why::Taken }),
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

    /// Adds `manifest.json` and `SHA256SUMS` over all other files. A tree that was finished before is listed anew.
    #[must_use]
    pub fn finish(mut self, facts: &ManifestFacts) -> Self {
        self.files.remove(MANIFEST);
        self.files.remove(SUMS);
        let files: Vec<(&str, &[u8])> = self.iter().collect();
        let mut sums: Vec<(String, String)> =
            files.par_iter().map(|(path, bytes)| ((*path).to_owned(), hex(&Sha256::digest(bytes)))).collect();
        let manifest = manifest(facts, &self, &sums);
        sums.push((MANIFEST.to_owned(), hex(&Sha256::digest(manifest.as_bytes()))));
        sums.sort();
        let mut list = String::new();
        for (path, sum) in &sums {
            list.push_str(sum);
            list.push_str("  ");
            list.push_str(path);
            list.push('\n');
        }
        self.files.insert(MANIFEST.to_owned(), manifest.into_bytes());
        self.files.insert(SUMS.to_owned(), list.into_bytes());
        self
    }

    /// Whether a folder of this path is a file.
    fn file_above(&self, path: &str) -> bool {
        path.match_indices('/').any(|(at, _)| self.files.contains_key(&path[..at]))
    }

    /// Whether this path is the folder of a file.
    fn file_below(&self, path: &str) -> bool {
        let folder = format!("{path}/");
        let mut after = self.files.range::<str, _>((Bound::Excluded(folder.as_str()), Bound::Unbounded));
        after.next().is_some_and(|(next, _)| next.starts_with(&folder))
    }
}

/// A backslash is refused as well: it means a folder on another system, and `sha256sum` writes such a line in another form.
fn well_formed(path: &str) -> bool {
    path.split('/').all(|part| !matches!(part, "" | "." | ".."))
        && !path.chars().any(|letter| letter == '\\' || letter.is_control())
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |n: u8| char::from(b"0123456789abcdef"[usize::from(n)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// The build id that a manifest of ours gives.
pub fn build_of(manifest: &[u8]) -> Option<&str> {
    let second = manifest.split(|&byte| byte == b'\n').nth(1)?;
    str::from_utf8(second).ok()?.strip_prefix("\"build\":\"")?.strip_suffix("\",")
}

/// Keys in byte order, one line a file, so that two manifests compare well line by line.
fn manifest(facts: &ManifestFacts, tree: &SiteTree, sums: &[(String, String)]) -> String {
    let text = |text: &str| serde_json::Value::from(text).to_string();
    let mut out = String::new();
    let (as_of, build) = (text(&facts.as_of), text(&facts.build));
    let _ = write!(out, "{{\"as_of\":{as_of},\n\"build\":{build},\n\"files\":[");
    for (at, ((_, bytes), (path, sum))) in tree.iter().zip(sums).enumerate() {
        out.push_str(if at == 0 { "\n" } else { ",\n" });
        let _ = write!(out, "{{\"bytes\":{},\"path\":{},\"sha256\":\"{sum}\"}}", bytes.len(), text(path));
    }
    let (standard, tool) = (text(&facts.standard), text(&facts.tool));
    let _ = writeln!(out, "],\n\"format\":\"wellkept-manifest/1\",\n\"standard\":{standard},\n\"tool\":{tool}}}");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> ManifestFacts {
        ManifestFacts {
            tool: "wellkept 0.1.0".into(),
            standard: "oa-maintenance 1".into(),
            as_of: "2026-11-01T00:00:00+08:00".into(),
            build: "0123456789abcdef".into(),
        }
    }

    fn why(tree: &mut SiteTree, path: &str) -> Option<Why> {
        tree.add(path, "x").err().map(|refused| refused.why)
    }

    #[test]
    fn paths_that_could_leave_the_site_or_break_its_lists_are_refused() {
        let mut tree = SiteTree::default();
        let bad =
            ["", "/a", "a/", "a//b", ".", "..", "a/../b", "./a", "a/./b", "a\\b", "a\nb", "a\0", "a\u{7f}", "\u{85}"];
        for path in bad {
            assert_eq!(why(&mut tree, path), Some(Why::Malformed), "{path:?}");
        }
        assert!(tree.is_empty());
        for path in ["a..b", "...", ".nojekyll", "记录/2026 年.html", "a b", "-"] {
            assert_eq!(why(&mut tree, path), None, "{path:?}");
        }
    }

    #[test]
    fn a_path_is_written_once_and_is_a_file_or_a_folder() {
        let mut tree = SiteTree::default();
        tree.add("a/b.html", "first").unwrap();
        tree.add("a.html", "x").unwrap();
        assert_eq!(why(&mut tree, "a/b.html"), Some(Why::Taken));
        assert_eq!(tree.get("a/b.html"), Some(&b"first"[..]));
        assert_eq!(why(&mut tree, "a"), Some(Why::Folder));
        assert_eq!(why(&mut tree, "a.html/c"), Some(Why::Folder));
        assert_eq!(why(&mut tree, "a-b"), None);
        for path in [MANIFEST, SUMS, MARKER] {
            assert_eq!(why(&mut tree, path), Some(Why::Taken), "{path}");
        }
        assert_eq!(why(&mut tree, "a/manifest.json"), None);
    }

    #[test]
    fn the_lists_name_every_file_once_in_byte_order() {
        let mut tree = SiteTree::default();
        tree.add("z.html", "z").unwrap();
        tree.add("a/“引号\".html", "abc").unwrap();
        let tree = tree.finish(&facts());
        let sums = String::from_utf8(tree.get(SUMS).unwrap().to_vec()).unwrap();
        let paths: Vec<&str> = sums.lines().map(|line| &line[66..]).collect();
        assert_eq!(paths, ["a/“引号\".html", MANIFEST, "z.html"]);
        // The SHA-256 of "abc", as FIPS 180-4 gives it.
        assert!(sums.starts_with("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a/"));

        let manifest: serde_json::Value = serde_json::from_slice(tree.get(MANIFEST).unwrap()).unwrap();
        assert_eq!(manifest["format"], "wellkept-manifest/1");
        assert_eq!(manifest["build"], "0123456789abcdef");
        assert_eq!(manifest["files"].as_array().unwrap().len(), 2);
        assert_eq!(manifest["files"][0]["path"], "a/“引号\".html");
        assert_eq!(manifest["files"][0]["bytes"], 3);
        assert_eq!(manifest["files"][1]["sha256"].as_str().unwrap().len(), 64);
    }

    #[test]
    fn finishing_twice_gives_the_same_bytes() {
        let mut tree = SiteTree::default();
        assert!(tree.clone().finish(&facts()).get(MANIFEST).is_some());
        tree.add("a", "1").unwrap();
        let once = tree.finish(&facts());
        assert_eq!(once.clone().finish(&facts()), once);
    }
}
