//! Writes files of the workspace. Each file is written beside itself and put in place by one renaming, so that
//! whoever reads it, and whatever fails, sees it as it was or as it will be. What stood in it when it was read must
//! still stand in it: otherwise somebody else wrote meanwhile, and nothing is done.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::fs::{AtFlags, FlockOperation, Mode, OFlags, fchmod, flock, fstat, mkdirat, openat, renameat, unlinkat};
use rustix::io::Errno;

use super::store::Disk;
use crate::say;
use crate::source::Failure;

/// A workspace that nobody else adds to while this lives: one command at a time. The kernel lets go of it when the process
/// dies.
pub struct Hold {
    disk: Disk,
}

/// A file as it was read and as it will be.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// Path relative to the workspace.
    pub path: &'a str,
    /// The bytes that were read; empty where there was no file.
    pub old: &'a [u8],
    /// The bytes that will be.
    pub new: &'a [u8],
}

/// Takes hold of a workspace, or says that somebody else has it.
pub fn hold(root: &Path) -> Result<Hold, Failure> {
    let shown = root.display();
    let disk = Disk::open(root)
        .map_err(|why| Failure(say!("无法打开工作区 {shown}：{why}", "cannot open the workspace {shown}: {why}")))?;
    match flock(disk.root(), FlockOperation::NonBlockingLockExclusive) {
        Err(Errno::WOULDBLOCK) => Err(Failure(say!(
            "工作区 {shown} 正有另一个命令在写入；请等它结束后重试",
            "another command is writing to the workspace {shown}; try again when it has ended"
        ))),
        // Some network file systems know no locks; what is renamed is whole all the same.
        _ => Ok(Hold { disk }),
    }
}

impl Hold {
    /// Writes one file.
    pub fn write(&self, change: &Change<'_>) -> Result<(), Failure> {
        self.put(change).map_err(|why| {
            let path = change.path;
            if why.kind() == io::ErrorKind::ResourceBusy {
                return Failure(say!(
                    "{path} 在此期间被别人改动了，没有写入；请再运行一次",
                    "{path} was changed by somebody else meanwhile and was not written; run the command again"
                ));
            }
            Failure(say!(
                "无法写入 {path}：{why}；该文件保持原样，请检查权限和磁盘空间后再运行一次",
                "cannot write {path}: {why}; the file is as it was: check permissions and space, then run the command again"
            ))
        })
    }

    fn put(&self, change: &Change<'_>) -> io::Result<()> {
        let (folder, name) = change.path.rsplit_once('/').ok_or(io::ErrorKind::InvalidInput)?;
        let parent = self.folder(folder)?;
        let mode = self.as_it_was(change)?;
        let aside = format!(".{name}.wellkept-{}", std::process::id());
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mut file = File::from(openat(&parent, &aside, flags, Mode::from_raw_mode(0o600))?);
        let done = file
            .write_all(change.new)
            .and_then(|()| Ok(fchmod(&file, mode)?))
            .and_then(|()| file.sync_all())
            .and_then(|()| Ok(renameat(&parent, &aside, &parent, name)?));
        if done.is_err() {
            let _ = unlinkat(&parent, &aside, AtFlags::empty());
            return done;
        }
        match File::from(parent).sync_all() {
            // Some file systems cannot flush a folder, and say so.
            Err(why) if !matches!(why.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Err(why),
            _ => Ok(()),
        }
    }

    /// Makes sure that the file is still what was read; answers its mode.
    fn as_it_was(&self, change: &Change<'_>) -> io::Result<Mode> {
        let busy = || io::Error::from(io::ErrorKind::ResourceBusy);
        match self.disk.file(change.path) {
            Ok(_) if change.old.is_empty() => Err(busy()),
            Ok(mut file) => {
                let mut bytes = Vec::new();
                file.read_to_end(&mut bytes)?;
                if bytes != change.old {
                    return Err(busy());
                }
                Ok(Mode::from_raw_mode(fstat(&file)?.st_mode & 0o777))
            }
            Err(why) if why.kind() == io::ErrorKind::NotFound && change.old.is_empty() => {
                Ok(Mode::from_raw_mode(0o644))
            }
            Err(why) if why.kind() == io::ErrorKind::NotFound => Err(busy()),
            Err(why) => Err(why),
        }
    }

    /// Opens a folder below, and makes what is missing of it.
    fn folder(&self, path: &str) -> io::Result<OwnedFd> {
        match self.disk.folder(path) {
            Err(why) if why.kind() == io::ErrorKind::NotFound => {}
            done => return done,
        }
        let made = match path.rsplit_once('/') {
            Some((above, name)) => mkdirat(self.folder(above)?, name, Mode::from_raw_mode(0o755)),
            None => mkdirat(self.disk.root(), path, Mode::from_raw_mode(0o755)),
        };
        match made {
            Ok(()) | Err(Errno::EXIST) => self.disk.folder(path),
            Err(why) => Err(why.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;
    use crate::world::scratch::Scratch;

    fn change<'a>(path: &'a str, old: &'a str, new: &'a str) -> Change<'a> {
        Change { path, old: old.as_bytes(), new: new.as_bytes() }
    }

    #[test]
    fn new_files_with_their_folders_and_old_ones_with_their_mode() {
        let scratch = Scratch::new("append");
        let hold = hold(&scratch.path("")).unwrap();
        hold.write(&change("records/backup/2026/a.csv", "", "id\n1\n")).unwrap();
        let path = scratch.path("records/backup/2026/a.csv");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        hold.write(&change("records/backup/2026/a.csv", "id\n1\n", "id\n1\n2\n")).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"id\n1\n2\n");
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o640);
        assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn what_somebody_else_wrote_meanwhile_is_not_written_over() {
        let scratch = Scratch::new("append-busy");
        scratch.write("records/backup/a.csv", "id\n9\n");
        let hold = hold(&scratch.path("")).unwrap();
        for old in ["", "id\n1\n"] {
            let said = hold.write(&change("records/backup/a.csv", old, "id\n1\n2\n")).unwrap_err().0;
            assert!(said.en.contains("somebody else"), "{}", said.en);
        }
        assert!(hold.write(&change("records/backup/gone.csv", "id\n", "id\n1\n")).is_err());
        assert_eq!(std::fs::read(scratch.path("records/backup/a.csv")).unwrap(), b"id\n9\n");
    }

    #[test]
    fn no_link_is_followed() {
        let scratch = Scratch::new("append-link");
        scratch.write("ws/records/backup/a.csv", "x");
        scratch.write("elsewhere/b.csv", "x");
        symlink(scratch.path("elsewhere"), scratch.path("ws/records/fault")).unwrap();
        symlink(scratch.path("elsewhere/b.csv"), scratch.path("ws/records/backup/b.csv")).unwrap();
        let hold = hold(&scratch.path("ws")).unwrap();
        for path in ["records/fault/c.csv", "records/backup/b.csv", "../c.csv", "records/../../c.csv"] {
            assert!(hold.write(&change(path, "", "y")).is_err(), "{path}");
        }
        assert_eq!(std::fs::read(scratch.path("elsewhere/b.csv")).unwrap(), b"x");
        assert_eq!(std::fs::read_dir(scratch.path("elsewhere")).unwrap().count(), 1);
    }

    #[test]
    fn one_at_a_time() {
        let scratch = Scratch::new("append-hold");
        let first = hold(&scratch.path("")).unwrap();
        assert!(hold(&scratch.path("")).err().unwrap().0.en.contains("another command"));
        drop(first);
        assert!(hold(&scratch.path("")).is_ok());
    }
}
