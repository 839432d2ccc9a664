//! Puts a finished site on the disk, whole or not at all (archive.md section 6).
//!
//! The new site is built beside the old one and put in its place by one exchange of names, so that whoever looks sees
//! the old site or the new one, and a failure, a kill or a full disk leaves the old one as it was. Files whose bytes
//! did not change are linked and not written: they keep their inode and time, so that `rsync` sends only what changed.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use rustix::fs::OFlags;
use sha2::{Digest, Sha256};

use super::lock::Lock;
use super::place::{Place, Standing};
use super::refusal::{Doing, refusal};
use crate::PROGRAM;
use crate::say::Said;
use crate::source::Failure;
use crate::tree::{self, MANIFEST, MARKER, SUMS, SiteTree, hex};

/// What a marker says to someone who finds it.
const OURS: &str = "\
本文件夹由 wellkept 生成，每次生成时整体替换；请勿在此保存其他文件。
This folder is made by wellkept and replaced whole by each build; keep nothing else in it.
";

/// What the marker of a site says to the next build besides: which program wrote which list of files.
fn marker(sums: &[u8]) -> String {
    let sums = hex(&Sha256::digest(sums));
    format!("{OURS}\nprogram {PROGRAM}\n{SUMS} {sums}\n")
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Published {
    /// Files that are new or have other bytes than before.
    pub written: usize,
    /// Files that have the bytes they had.
    pub unchanged: usize,
    /// Files that were there and no longer are.
    pub removed: usize,
    /// The new site is in place, but the old one beside it could not be cleared away; the next run tries again.
    pub left_over: Option<Said>,
}

/// The `manifest.json` of the site that stands at `out`; none where nothing of ours stands there.
pub fn manifest(out: &Path) -> Result<Option<Vec<u8>>, Failure> {
    let place = Place::of(out, MARKER)?;
    if !matches!(place.out.symlink_metadata(), Ok(meta) if meta.is_dir()) || place.standing()? != Standing::Site {
        return Ok(None);
    }
    let path = place.out.join(MANIFEST);
    match read(&path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(why) => Err(refusal(Doing::Looking, &path, &why)),
    }
}

/// Makes the folder `out` hold exactly the files of the tree, and the marker.
///
/// Where nothing differs, nothing is touched. The label says what the lock is held for, such as `build`, to another run
/// that finds it held.
pub fn publish(tree: &SiteTree, out: &Path, label: &str) -> Result<Published, Failure> {
    put(tree, out, label, (MARKER, &marker(tree.get(SUMS).unwrap_or_default())))
}

/// The same for a folder that is no site: it is known as ours to replace by a marker of its own, so that neither is ever
/// replaced by the other.
pub fn publish_as(tree: &SiteTree, out: &Path, label: &str, marker: &'static str) -> Result<Published, Failure> {
    put(tree, out, label, (marker, OURS))
}

/// Puts the tree in its place, with a marker of a name and a text.
fn put(tree: &SiteTree, out: &Path, label: &str, marker: (&'static str, &str)) -> Result<Published, Failure> {
    let (place, _lock) = enter(out, label, marker.0)?;
    let standing = place.standing()?;
    let old = match standing {
        Standing::Site => Old::list(&place.out)?,
        Standing::Nothing | Standing::Empty => Old::default(),
    };
    let plan = Plan::compare(tree, marker, &place.out, &old);
    let mut published = plan.counted(&old);
    if standing == Standing::Site && !plan.differs(&old) {
        return Ok(published);
    }
    let fresh = Fresh { path: place.fresh(), place: &place };
    plan.build(&fresh.path, &place.out)?;
    // Opened before the swap, so that after it nothing is left to fail but the disk itself.
    let parent = File::open(&place.parent).map_err(|why| refusal(Doing::Looking, &place.parent, &why))?;
    let replaced = place.swap(&fresh.path, standing).map_err(|why| refusal(Doing::Swapping, &place.out, &why))?;
    sync_folder(&parent, &place.parent)?;
    if let Some(path) = replaced {
        published.left_over = place.remove(&path).err().map(|why| refusal(Doing::Removing, &path, &why).0);
    }
    Ok(published)
}

/// What there is to do where the site that stands was made by this very program from what the build id stands for, and
/// still has every byte of it: nothing. `None` where it is another one, or was touched.
pub fn stands(out: &Path, build: &str, label: &str) -> Result<Option<Published>, Failure> {
    if !out.exists() {
        return Ok(None);
    }
    let (place, _lock) = enter(out, label, MARKER)?;
    if place.standing()? != Standing::Site {
        return Ok(None);
    }
    let old = Old::list(&place.out)?;
    let intact = old.is_intact(&place.out, build).unwrap_or(false);
    Ok(intact.then(|| Published { unchanged: old.files.len() - 1, ..Published::default() }))
}

/// The place, held for this run and clear of what dead ones left.
fn enter(out: &Path, label: &str, marker: &'static str) -> Result<(Place, Lock), Failure> {
    let place = Place::of(out, marker)?;
    fs::create_dir_all(&place.parent).map_err(|why| refusal(Doing::Making, &place.parent, &why))?;
    let lock = Lock::take(&place.lock(), &place.out, label)?;
    place.clear_leftovers()?;
    Ok((place, lock))
}

/// The folder that the new site is built in; whatever is still there when this goes is removed.
struct Fresh<'a> {
    path: PathBuf,
    place: &'a Place,
}

impl Drop for Fresh<'_> {
    fn drop(&mut self) {
        let _ = self.place.remove(&self.path);
    }
}

/// What is in the site that stands there.
#[derive(Default)]
struct Old {
    /// Paths of regular files.
    files: BTreeSet<String>,
    /// Paths of folders.
    folders: BTreeSet<String>,
    /// How many other things there are: links, pipes, names that are not UTF-8. None of them is ours.
    others: usize,
}

impl Old {
    fn list(out: &Path) -> Result<Self, Failure> {
        let mut old = Self::default();
        let mut folders = vec![String::new()];
        while let Some(folder) = folders.pop() {
            let path = out.join(&folder);
            old.folder(&path, &folder, &mut folders).map_err(|why| refusal(Doing::Looking, &path, &why))?;
        }
        Ok(old)
    }

    fn folder(&mut self, path: &Path, folder: &str, folders: &mut Vec<String>) -> io::Result<()> {
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            let (name, kind) = (entry.file_name(), entry.file_type()?);
            let Some(name) = name.to_str() else {
                self.others += 1;
                continue;
            };
            let below = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
            if kind.is_dir() {
                folders.push(below.clone());
                self.folders.insert(below);
            } else if kind.is_file() {
                self.files.insert(below);
            } else {
                self.others += 1;
            }
        }
        Ok(())
    }

    /// Whether all of it is as this program wrote it for a build: nothing missing, nothing more, every digest right.
    fn is_intact(&self, out: &Path, build: &str) -> io::Result<bool> {
        let (sums, manifest) = (read(&out.join(SUMS))?, read(&out.join(MANIFEST))?);
        let made_here =
            read(&out.join(MARKER))? == marker(&sums).as_bytes() && tree::build_of(&manifest) == Some(build);
        let lines = str::from_utf8(&sums).unwrap_or_default().lines();
        let listed: Vec<(&str, &str)> = lines.filter_map(|line| line.split_once("  ")).collect();
        let folders: BTreeSet<&str> = listed.iter().flat_map(|(_, path)| folders(path)).collect();
        if !made_here || self.others > 0 || listed.len() + 2 != self.files.len() || folders.len() != self.folders.len()
        {
            return Ok(false);
        }
        Ok(listed.into_par_iter().all(|(sum, path)| {
            self.files.contains(path) && read(&out.join(path)).is_ok_and(|bytes| hex(&Sha256::digest(bytes)) == sum)
        }))
    }
}

/// The folders that a path lies in.
fn folders(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

/// One file of the new site.
struct Planned<'a> {
    path: &'a str,
    bytes: &'a [u8],
    /// Whether the old site has a file of these bytes at this path.
    same: bool,
}

/// All files of the new site, and the folders they need.
struct Plan<'a> {
    files: Vec<Planned<'a>>,
    marker: Planned<'a>,
    folders: BTreeSet<&'a str>,
}

impl<'a> Plan<'a> {
    /// Holds each file against the old site, by its length and then by its bytes: a digest in an old list says what was
    /// written once, not what is there now.
    fn compare(tree: &'a SiteTree, marker: (&'a str, &'a str), out: &Path, old: &Old) -> Self {
        let planned = |(path, bytes): (&'a str, &'a [u8]), block: &mut Vec<u8>| {
            let same = old.files.contains(path) && has_bytes(&out.join(path), bytes, block).unwrap_or(false);
            Planned { path, bytes, same }
        };
        let files: Vec<(&str, &[u8])> = tree.iter().collect();
        let folders = files.iter().flat_map(|(path, _)| folders(path)).collect();
        Self {
            marker: planned((marker.0, marker.1.as_bytes()), &mut Vec::new()),
            files: files.into_par_iter().map_init(Vec::new, |block, file| planned(file, block)).collect(),
            folders,
        }
    }

    fn counted(&self, old: &Old) -> Published {
        let unchanged = self.files.iter().filter(|file| file.same).count();
        let paths: BTreeSet<&str> = self.files.iter().map(|file| file.path).collect();
        let gone = old.files.iter().filter(|path| *path != self.marker.path && !paths.contains(path.as_str())).count();
        Published { written: self.files.len() - unchanged, unchanged, removed: gone + old.others, left_over: None }
    }

    fn differs(&self, old: &Old) -> bool {
        let counted = self.counted(old);
        counted.written + counted.removed > 0
            || !self.marker.same
            || !old.folders.iter().map(String::as_str).eq(self.folders.iter().copied())
    }

    /// Builds the new site. The marker is the first file, so that whatever is left of a run that is killed is known as ours.
    fn build(&self, fresh: &Path, out: &Path) -> Result<(), Failure> {
        make_folder(fresh)?;
        self.marker.put(fresh, out)?;
        for folder in &self.folders {
            make_folder(&fresh.join(folder))?;
        }
        self.files.par_iter().try_for_each(|file| file.put(fresh, out))?;
        self.sync(fresh)
    }

    /// Makes sure that the new site is on the disk before it takes the place of the old one: after a loss of power the
    /// place must not hold a site of empty files. One `syncfs` waits once, where `fsync` of each of thousands of files
    /// would wait for the disk thousands of times; it also flushes what others wrote to that file system, which is the
    /// lesser cost.
    fn sync(&self, fresh: &Path) -> Result<(), Failure> {
        let failed = |path: &Path, why: io::Error| refusal(Doing::Syncing, path, &why);
        #[cfg(target_os = "linux")]
        {
            let folder = File::open(fresh).map_err(|why| failed(fresh, why))?;
            match rustix::fs::syncfs(&folder) {
                Ok(()) => return Ok(()),
                Err(rustix::io::Errno::NOSYS) => {}
                Err(why) => return Err(failed(fresh, why.into())),
            }
        }
        for file in self.files.iter().filter(|file| !file.same) {
            let path = fresh.join(file.path);
            File::open(&path).and_then(|file| file.sync_all()).map_err(|why| failed(&path, why))?;
        }
        for folder in self.folders.iter().copied().chain([""]) {
            let path = fresh.join(folder);
            let folder = File::open(&path).map_err(|why| failed(&path, why))?;
            sync_folder(&folder, &path)?;
        }
        Ok(())
    }
}

impl Planned<'_> {
    /// Links the file from the old site, or writes it.
    fn put(&self, fresh: &Path, out: &Path) -> Result<(), Failure> {
        let (new, old) = (fresh.join(self.path), out.join(self.path));
        if self.same && fs::hard_link(&old, &new).is_ok() {
            return Ok(());
        }
        let written = write(&new, self.bytes).and_then(|file| {
            // File systems without hard links, and files with too many: the time at least is kept.
            if self.same { file.set_modified(old.metadata()?.modified()?) } else { Ok(()) }
        });
        written.map_err(|why| refusal(Doing::Writing, &new, &why))
    }
}

/// Opens a file of the old site. What was a file when it was listed may be a link or a pipe by now.
fn open(path: &Path) -> io::Result<File> {
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits() as i32;
    OpenOptions::new().read(true).custom_flags(flags).open(path)
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Whether the regular file at a path has these bytes.
fn has_bytes(path: &Path, bytes: &[u8], block: &mut Vec<u8>) -> io::Result<bool> {
    let mut file = open(path)?;
    let meta = file.metadata()?;
    if !meta.is_file() || meta.len() != bytes.len() as u64 {
        return Ok(false);
    }
    block.resize(64 * 1024, 0);
    let mut rest = bytes;
    loop {
        let count = file.read(block)?;
        match rest.split_at_checked(count) {
            _ if count == 0 => return Ok(rest.is_empty()),
            Some((head, tail)) if head == &block[..count] => rest = tail,
            _ => return Ok(false),
        }
    }
}

/// Modes are set and not left to the umask: a site must be readable by the web server, whoever built it.
fn write(path: &Path, bytes: &[u8]) -> io::Result<File> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o644).open(path)?;
    file.write_all(bytes)?;
    file.set_permissions(Permissions::from_mode(0o644))?;
    Ok(file)
}

fn make_folder(path: &Path) -> Result<(), Failure> {
    fs::create_dir(path)
        .and_then(|()| fs::set_permissions(path, Permissions::from_mode(0o755)))
        .map_err(|why| refusal(Doing::Making, path, &why))
}

/// Some file systems cannot flush a folder and say so; there is nothing to be done about it then.
fn sync_folder(folder: &File, path: &Path) -> Result<(), Failure> {
    match folder.sync_all() {
        Err(why) if !matches!(why.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
            Err(refusal(Doing::Syncing, path, &why))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
#[path = "publish_tests.rs"]
mod tests;
