//! The place of the output: what stands there, the names beside it that are ours, and the exchange of old for new.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;

use super::refusal::{Doing, refusal};
use crate::say;
use crate::source::Failure;

/// The output folder and the folder that it stands in.
#[derive(Debug)]
pub(super) struct Place {
    /// The output folder, absolute.
    pub(super) out: PathBuf,
    /// The folder above.
    pub(super) parent: PathBuf,
    name: OsString,
    /// The file by which a folder is known as ours to replace.
    marker: &'static str,
}

/// What stands at the place before the new site does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Nothing.
    Nothing,
    /// A folder without anything in it.
    Empty,
    /// A site of ours, with the marker.
    Site,
}

impl Place {
    /// Takes the path apart. Nothing is looked at yet.
    pub(super) fn of(out: &Path, marker: &'static str) -> Result<Self, Failure> {
        let absolute = std::path::absolute(out).map_err(|why| refusal(Doing::Looking, out, &why))?;
        if let (Some(parent), Some(name)) = (absolute.parent(), absolute.file_name()) {
            return Ok(Self { out: parent.join(name), parent: parent.to_owned(), name: name.to_owned(), marker });
        }
        let shown = out.display();
        Err(Failure(say!(
            "输出位置 {shown} 没有自己的名字；请用 --output 指定一个有名字的文件夹，例如 site",
            "the output {shown} has no name of its own; name a folder with --output, such as `site`"
        )))
    }

    /// Where the lock is.
    pub(super) fn lock(&self) -> PathBuf {
        self.parent.join(self.beside(".lock"))
    }

    /// Where this run builds the new site.
    pub(super) fn fresh(&self) -> PathBuf {
        self.own(".new-")
    }

    /// Where the old site is put aside by the pair of renames.
    fn aside(&self) -> PathBuf {
        self.own(".old-")
    }

    fn own(&self, kind: &str) -> PathBuf {
        let mut name = self.beside(kind);
        name.push(std::process::id().to_string());
        self.parent.join(name)
    }

    /// `.site` and an ending, beside `site`.
    fn beside(&self, ending: &str) -> OsString {
        let mut name = OsString::from(".");
        name.push(&self.name);
        name.push(ending);
        name
    }

    /// What stands there. A file, a link, or a folder with anything in it that is not a site of ours is a failure.
    pub(super) fn standing(&self) -> Result<Standing, Failure> {
        let looking = |why: io::Error| refusal(Doing::Looking, &self.out, &why);
        let out = self.out.display();
        let kind = match self.out.symlink_metadata() {
            Ok(meta) => meta.file_type(),
            Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(Standing::Nothing),
            Err(why) => return Err(looking(why)),
        };
        if kind.is_symlink() {
            return Err(Failure(say!(
                "输出位置 {out} 是符号链接，不会被跟随；请删除该链接，或用 --output 指定它所指的文件夹",
                "the output {out} is a symbolic link and is not followed; remove the link, or name the folder it leads to \
                 with --output"
            )));
        }
        if !kind.is_dir() {
            return Err(Failure(say!(
                "输出位置 {out} 是文件而不是文件夹；请移走它，或用 --output 选择别处",
                "the output {out} is a file and not a folder; move it away, or choose another place with --output"
            )));
        }
        if is_ours(&self.out, self.marker) {
            return Ok(Standing::Site);
        }
        if fs::read_dir(&self.out).map_err(looking)?.next().is_none() {
            return Ok(Standing::Empty);
        }
        let marker = self.marker;
        Err(Failure(say!(
            "文件夹 {out} 不是空的，也不是 wellkept 为此生成的（其中没有 {marker}），因此不会改动；请用 --output 选择空的或新的\
             文件夹，或自行清空它",
            "the folder {out} is not empty and was not made by wellkept for this (there is no {marker} in it), so it is left alone; \
             choose an empty or new folder with --output, or empty it yourself"
        )))
    }

    /// Clears away what dead runs left beside the output. Whoever calls this holds the lock, so nobody else is at work.
    ///
    /// A run that was killed between the two renames of [`swap_by_pair`] left the place empty and the last good site
    /// aside: that one is put back first.
    pub(super) fn clear_leftovers(&self) -> Result<(), Failure> {
        let looking = |why: io::Error| refusal(Doing::Looking, &self.parent, &why);
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.parent).map_err(looking)? {
            let entry = entry.map_err(looking)?;
            if self.is_beside(&entry.file_name()) && entry.file_type().map_err(looking)?.is_dir() {
                found.push(entry.path());
            }
        }
        found.sort();
        let gone = self.out.symlink_metadata().is_err_and(|why| why.kind() == io::ErrorKind::NotFound);
        let kept = found.iter().position(|path| gone && is_ours(path, self.marker) && !self.named(path, ".new-"));
        if let Some(kept) = kept {
            let path = found.remove(kept);
            fs::rename(&path, &self.out).map_err(|why| refusal(Doing::Swapping, &self.out, &why))?;
        }
        for path in &found {
            self.remove(path).map_err(|why| refusal(Doing::Removing, path, &why))?;
        }
        Ok(())
    }

    /// `.site.new-123` or `.site.old-123`.
    fn is_beside(&self, name: &OsStr) -> bool {
        [".new-", ".old-"].iter().any(|kind| {
            let start = self.beside(kind);
            let number = name.as_encoded_bytes().strip_prefix(start.as_encoded_bytes());
            number.is_some_and(|number| !number.is_empty() && number.iter().all(u8::is_ascii_digit))
        })
    }

    fn named(&self, path: &Path, kind: &str) -> bool {
        let start = self.beside(kind);
        path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(start.as_encoded_bytes()))
    }

    /// Puts the new site in the place of what stands there, and says where that now is.
    pub(super) fn swap(&self, fresh: &Path, standing: Standing) -> io::Result<Option<PathBuf>> {
        if standing == Standing::Nothing {
            fs::rename(fresh, &self.out)?;
            return Ok(None);
        }
        match renameat_with(CWD, fresh, CWD, &self.out, RenameFlags::EXCHANGE) {
            Ok(()) => Ok(Some(fresh.to_owned())),
            // What file systems without the exchange answer, and kernels without the call.
            Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => {
                swap_by_pair(fresh, &self.out, self.aside()).map(Some)
            }
            Err(why) => Err(why.into()),
        }
    }

    /// Removes a folder of ours, the marker last: a removal that is cut short leaves a folder that is still known as ours.
    /// A folder without the marker is removed only if it is empty.
    pub(super) fn remove(&self, folder: &Path) -> io::Result<()> {
        if is_ours(folder, self.marker) {
            for entry in fs::read_dir(folder)? {
                let entry = entry?;
                if entry.file_type()?.is_dir() {
                    fs::remove_dir_all(entry.path())?;
                } else if entry.file_name() != self.marker {
                    fs::remove_file(entry.path())?;
                }
            }
            fs::remove_file(folder.join(self.marker))?;
        }
        match fs::remove_dir(folder) {
            // Not ours to empty, whatever its name is.
            Err(why) if why.kind() == io::ErrorKind::DirectoryNotEmpty => Ok(()),
            done => done,
        }
    }
}

/// Two renames, for file systems that cannot exchange: for a moment nothing is at the place, but nothing is ever lost.
fn swap_by_pair(fresh: &Path, out: &Path, aside: PathBuf) -> io::Result<PathBuf> {
    fs::rename(out, &aside)?;
    match fs::rename(fresh, out) {
        Ok(()) => Ok(aside),
        Err(why) => {
            fs::rename(&aside, out)?;
            Err(why)
        }
    }
}

/// Whether the marker, as a regular file, is in the folder.
fn is_ours(folder: &Path, marker: &str) -> bool {
    folder.join(marker).symlink_metadata().is_ok_and(|meta| meta.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::MARKER;
    use crate::world::scratch::Scratch;

    fn place(path: &Path) -> Result<Place, Failure> {
        Place::of(path, MARKER)
    }

    fn site(scratch: &Scratch, name: &str, text: &str) {
        scratch.write(&format!("{name}/{MARKER}"), "");
        scratch.write(&format!("{name}/a/b.html"), text);
    }

    #[test]
    fn an_output_needs_a_name_of_its_own() {
        for bad in ["/", "..", "a/.."] {
            assert!(place(Path::new(bad)).unwrap_err().0.en.contains("--output"), "{bad}");
        }
        for good in ["site", "./site", "site/", "a/../site", "."] {
            assert!(place(Path::new(good)).is_ok(), "{good}");
        }
    }

    #[test]
    fn the_pair_of_renames_swaps_and_puts_back_what_it_cannot_swap() {
        let scratch = Scratch::new("pair");
        site(&scratch, "site", "old");
        site(&scratch, "fresh", "new");
        let (out, fresh, aside) = (scratch.path("site"), scratch.path("fresh"), scratch.path("aside"));
        assert_eq!(swap_by_pair(&fresh, &out, aside.clone()).unwrap(), aside);
        assert_eq!(fs::read(out.join("a/b.html")).unwrap(), b"new");
        assert_eq!(fs::read(aside.join("a/b.html")).unwrap(), b"old");
        place(&out).unwrap().remove(&aside).unwrap();

        assert!(swap_by_pair(&scratch.path("nothing"), &out, aside).is_err());
        assert_eq!(fs::read(out.join("a/b.html")).unwrap(), b"new");
        assert_eq!(scratch.names(), ["site"]);
    }

    #[test]
    fn a_site_put_aside_by_a_run_that_was_killed_comes_back() {
        let scratch = Scratch::new("back");
        site(&scratch, ".site.old-4000001", "the last good one");
        site(&scratch, ".site.new-4000001", "half of a");
        let place = place(&scratch.path("site")).unwrap();
        place.clear_leftovers().unwrap();
        assert_eq!(fs::read(scratch.path("site/a/b.html")).unwrap(), b"the last good one");
        assert_eq!(scratch.names(), ["site"]);
    }

    #[test]
    fn only_what_is_ours_is_cleared_away() {
        let scratch = Scratch::new("clear");
        site(&scratch, "site", "now");
        site(&scratch, ".site.new-4000001", "x");
        site(&scratch, ".site.old-4000002", "x");
        fs::create_dir(scratch.path(".site.new-4000003")).unwrap();
        scratch.write(".site.new-4000004/no-marker", "keep");
        site(&scratch, ".site.new-notes", "keep");
        site(&scratch, ".other.new-4000001", "keep");
        scratch.write(".site.old-5", "a file");
        let elsewhere = Scratch::new("clear-elsewhere");
        site(&elsewhere, "kept", "keep");
        std::os::unix::fs::symlink(elsewhere.path("kept"), scratch.path(".site.new-4000006")).unwrap();
        place(&scratch.path("site")).unwrap().clear_leftovers().unwrap();
        assert_eq!(
            scratch.names(),
            [".other.new-4000001", ".site.new-4000004", ".site.new-4000006", ".site.new-notes", ".site.old-5", "site"]
        );
        assert!(elsewhere.path("kept/a/b.html").exists());
    }
}
