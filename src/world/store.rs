//! Opens files below one folder, and never anything else: no symbolic link is followed on the way, no path leads
//! out, and a thing that turned into a pipe or a device since it was listed is refused without waiting on it.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::fs::{FileType, Mode, OFlags, ResolveFlags, fstat, open, openat, openat2};
use rustix::io::Errno;

use crate::source::Store;

const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);
/// `NONBLOCK` matters only for what is not a regular file: opening a pipe without it waits for a writer.
const FILE: OFlags = OFlags::RDONLY.union(OFlags::NONBLOCK).union(OFlags::NOCTTY).union(OFlags::CLOEXEC);

/// A workspace on the disk.
pub(super) struct Disk {
    root: OwnedFd,
    /// Whether the kernel resolves a whole path by our rules in one call (`openat2`, Linux 5.6). Older kernels and some
    /// sandboxes do not, and then the path is walked part by part.
    whole_paths: bool,
}

impl Disk {
    /// Opens the folder. The way to the folder itself may lead over symbolic links: the user named it.
    pub(super) fn open(root: &Path) -> io::Result<Self> {
        let root = open(root, FOLDER, Mode::empty())?;
        let whole_paths = openat2(&root, ".", FOLDER, Mode::empty(), rules()).is_ok();
        Ok(Self { root, whole_paths })
    }

    /// The folder that was opened.
    pub(super) fn root(&self) -> &OwnedFd {
        &self.root
    }

    /// Opens a folder below.
    pub(super) fn folder(&self, path: &str) -> io::Result<OwnedFd> {
        self.below(path, FOLDER)
    }

    /// Opens a regular file below.
    pub(super) fn file(&self, path: &str) -> io::Result<File> {
        let fd = self.below(path, FILE)?;
        if FileType::from_raw_mode(fstat(&fd)?.st_mode) == FileType::RegularFile {
            Ok(File::from(fd))
        } else {
            Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"))
        }
    }

    fn below(&self, path: &str, flags: OFlags) -> io::Result<OwnedFd> {
        if path.split('/').any(|part| matches!(part, "" | "." | "..")) {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        if self.whole_paths {
            match openat2(&self.root, path, flags, Mode::empty(), rules()) {
                Err(Errno::AGAIN) => {}
                done => return Ok(done?),
            }
        }
        self.part_by_part(path, flags)
    }

    fn part_by_part(&self, path: &str, flags: OFlags) -> io::Result<OwnedFd> {
        let (folders, name) = path.rsplit_once('/').map_or((None, path), |(folders, name)| (Some(folders), name));
        let mut above: Option<OwnedFd> = None;
        for part in folders.into_iter().flat_map(|folders| folders.split('/')) {
            let next = openat(above.as_ref().unwrap_or(&self.root), part, FOLDER | OFlags::NOFOLLOW, Mode::empty())?;
            above = Some(next);
        }
        Ok(openat(above.as_ref().unwrap_or(&self.root), name, flags | OFlags::NOFOLLOW, Mode::empty())?)
    }
}

fn rules() -> ResolveFlags {
    ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS
}

impl Store for Disk {
    fn open(&self, path: &str, from: u64) -> io::Result<Box<dyn Read + Send + '_>> {
        let mut file = self.file(path)?;
        if from > 0 {
            file.seek(SeekFrom::Start(from))?;
        }
        Ok(Box::new(file))
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;
    use crate::world::scratch::Scratch;

    #[test]
    fn both_ways_of_opening_keep_to_the_folder() {
        let scratch = Scratch::new("store");
        scratch.write("ws/records/a.csv", "inside");
        scratch.write("secret", "outside");
        symlink("../../secret", scratch.path("ws/records/link.csv")).unwrap();
        symlink("records", scratch.path("ws/alias")).unwrap();
        for whole_paths in [true, false] {
            let mut disk = Disk::open(&scratch.path("ws")).unwrap();
            // The kernel of the machine that runs this may lack `openat2`; then only the second round says something.
            disk.whole_paths &= whole_paths;
            let mut text = String::new();
            Store::open(&disk, "records/a.csv", 2).unwrap().read_to_string(&mut text).unwrap();
            assert_eq!(text, "side");
            for path in
                ["records/link.csv", "alias/a.csv", "../secret", "records/../../secret", "/etc/hosts", "", "records"]
            {
                assert!(disk.file(path).is_err(), "{path} with whole_paths {whole_paths}");
            }
            assert!(disk.folder("alias").is_err());
            assert!(disk.folder("records").is_ok());
        }
    }
}
