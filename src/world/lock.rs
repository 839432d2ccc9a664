//! One publisher at a time: a lock beside the output that says who holds it.

use std::fs::{File, TryLockError};
use std::io::{self, Read, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags, open};

use super::clock;
use super::refusal::{Doing, refusal};
use crate::say;
use crate::source::Failure;

/// The lock is held as long as this lives. The kernel lets go of it when the process dies, however it dies; the file
/// that may be left then holds nobody up.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    /// Never read again; closing it lets go of the lock.
    _file: File,
}

impl Lock {
    /// Takes the lock, or says who holds it. The label says what the lock is taken for, such as `build`.
    pub(super) fn take(path: &Path, output: &Path, label: &str) -> Result<Self, Failure> {
        // A holder removes the file as it lets go. Whoever opened it before that has locked a file without a name, and
        // must begin again; each round means that another run ended, so that a few rounds are plenty.
        for _ in 0..100 {
            let mut file = open_lock(path).map_err(|why| refusal(Doing::Locking, path, &why))?;
            match file.try_lock() {
                Ok(()) if is_at(&file, path) => {
                    // Only for people to read: where the disk is full, the site may still turn out to be unchanged.
                    let _ = file.set_len(0).and_then(|()| file.write_all(card(label).as_bytes()));
                    return Ok(Self { path: path.to_owned(), _file: file });
                }
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(held(&mut file, output)),
                Err(TryLockError::Error(why)) => return Err(refusal(Doing::Locking, path, &why)),
            }
        }
        Err(refusal(Doing::Locking, path, &io::ErrorKind::WouldBlock.into()))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Before the file is closed, so that nobody else can hold a lock on the name that is removed.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// A link is not followed and a pipe not waited on: the name stands in a folder that others may write to.
fn open_lock(path: &Path) -> io::Result<File> {
    let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    Ok(File::from(open(path, flags, Mode::from_raw_mode(0o644))?))
}

fn is_at(file: &File, path: &Path) -> bool {
    match (file.metadata(), path.symlink_metadata()) {
        (Ok(open), Ok(named)) => open.dev() == named.dev() && open.ino() == named.ino(),
        _ => false,
    }
}

/// Four lines: what for, process, machine, since when.
fn card(label: &str) -> String {
    let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
    let since = chrono::DateTime::from_timestamp(clock::now(), 0)
        .map(|time| time.format("%Y-%m-%dT%H:%M:%SZ").to_string())
        .unwrap_or_default();
    format!("{label}\n{}\n{host}\n{since}\n", std::process::id())
}

fn held(file: &mut File, output: &Path) -> Failure {
    let mut card = Vec::new();
    // A holder that has not written its card yet is told as an unknown one.
    let _ = file.take(1024).read_to_end(&mut card);
    let card = String::from_utf8_lossy(&card);
    let lines: Vec<String> = card.lines().map(|line| line.escape_debug().to_string()).collect();
    let who = match lines.as_slice() {
        [label, pid, host, since] => say!(
            "wellkept {label}，进程 {pid}，主机 {host}，始于 {since}",
            "wellkept {label}, process {pid} on {host}, since {since}"
        ),
        _ => say!("另一次刚刚开始的运行", "another run that has just begun"),
    };
    let (output, zh, en) = (output.display(), who.zh, who.en);
    Failure(say!(
        "输出文件夹 {output} 正被占用：{zh}；请等它结束后重试，或用 --output 选择别处",
        "the output folder {output} is in use by {en}; try again when that has ended, or choose another place with --output"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::scratch::Scratch;

    #[test]
    fn a_second_one_is_told_who_holds_it_and_the_file_goes_with_the_lock() {
        let scratch = Scratch::new("lock");
        let (path, output) = (scratch.path(".site.lock"), scratch.path("site"));
        let first = Lock::take(&path, &output, "build").unwrap();
        let said = Lock::take(&path, &output, "build").unwrap_err().0;
        let pid = format!("process {}", std::process::id());
        assert!(
            said.en.contains("wellkept build") && said.en.contains(&pid) && said.en.contains("try again"),
            "{said:?}"
        );
        assert!(said.zh.contains("wellkept build") && said.zh.contains(&std::process::id().to_string()), "{said:?}");
        drop(first);
        assert_eq!(scratch.names(), Vec::<String>::new());
        drop(Lock::take(&path, &output, "build").unwrap());
    }

    #[test]
    fn a_file_left_by_a_dead_run_holds_nobody_up() {
        let scratch = Scratch::new("stale");
        scratch.write(".site.lock", "build\n1\nelsewhere\n2026-01-01T00:00:00Z\n");
        let lock = Lock::take(&scratch.path(".site.lock"), &scratch.path("site"), "build").unwrap();
        let card = std::fs::read_to_string(scratch.path(".site.lock")).unwrap();
        assert_eq!(card.lines().nth(1), Some(std::process::id().to_string().as_str()));
        drop(lock);
    }

    #[test]
    fn a_link_in_the_place_of_the_lock_is_not_followed() {
        let scratch = Scratch::new("locklink");
        scratch.write("precious", "text");
        std::os::unix::fs::symlink("precious", scratch.path(".site.lock")).unwrap();
        let said = Lock::take(&scratch.path(".site.lock"), &scratch.path("site"), "build").unwrap_err().0;
        assert!(said.en.contains(".site.lock"), "{}", said.en);
        assert_eq!(std::fs::read(scratch.path("precious")).unwrap(), b"text");
    }

    #[test]
    fn many_at_once_are_never_two() {
        use std::sync::atomic::{AtomicUsize, Ordering};
        let scratch = Scratch::new("crowd");
        let (path, output) = (scratch.path(".site.lock"), scratch.path("site"));
        let (inside, taken) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..500 {
                        if let Ok(lock) = Lock::take(&path, &output, "build") {
                            assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                            taken.fetch_add(1, Ordering::SeqCst);
                            inside.fetch_sub(1, Ordering::SeqCst);
                            drop(lock);
                        }
                    }
                });
            }
        });
        assert!(taken.load(Ordering::SeqCst) > 0);
    }
}
