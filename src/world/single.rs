//! Puts one finished file on the disk, whole or not at all. A file that is there already is replaced only where it is
//! known as ours.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

use super::refusal::{Doing, refusal};
use crate::say;
use crate::source::Failure;

/// So many bytes of what is there are looked at.
const HEAD: u64 = 4096;

/// Writes a file beside its place and puts it there by one renaming. `is_ours` says of the first bytes of what stands there
/// whether it may be replaced. Answers whether anything changed.
pub fn put(out: &Path, bytes: &[u8], is_ours: fn(&[u8]) -> bool) -> Result<bool, Failure> {
    let out = std::path::absolute(out).map_err(|why| refusal(Doing::Looking, out, &why))?;
    match head(&out) {
        Ok(None) => {}
        Ok(Some(head)) if is_ours(&head) => {
            if fs::read(&out).is_ok_and(|there| there == bytes) {
                return Ok(false);
            }
        }
        Ok(Some(_)) => {
            let shown = out.display();
            return Err(Failure(say!(
                "{shown} 已经存在，而且不是 wellkept 生成的，因此不会覆盖；请移走它，或用 --output 选择别处",
                "{shown} is there already and was not made by wellkept, so it is left alone; move it away, or choose another \
                 place with --output"
            )));
        }
        Err(why) => return Err(refusal(Doing::Looking, &out, &why)),
    }
    let folder = out.parent().unwrap_or(Path::new("/")).to_owned();
    fs::create_dir_all(&folder).map_err(|why| refusal(Doing::Making, &folder, &why))?;
    let fresh = Fresh(beside(&out));
    write(&fresh.0, bytes).map_err(|why| refusal(Doing::Writing, &fresh.0, &why))?;
    fs::rename(&fresh.0, &out).map_err(|why| refusal(Doing::Swapping, &out, &why))?;
    // Where a folder cannot be flushed there is nothing to be done about it.
    let _ = File::open(&folder).and_then(|folder| folder.sync_all());
    Ok(true)
}

/// The first bytes of what is there; none where nothing is. What is no regular file has no bytes of ours.
fn head(out: &Path) -> io::Result<Option<Vec<u8>>> {
    match out.symlink_metadata() {
        Ok(meta) if !meta.is_file() => return Ok(Some(Vec::new())),
        Ok(_) => {}
        Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(why) => return Err(why),
    }
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits() as i32;
    let mut bytes = Vec::new();
    OpenOptions::new().read(true).custom_flags(flags).open(out)?.take(HEAD).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

/// `.name.new-123` beside `name`.
fn beside(out: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(out.file_name().unwrap_or_default());
    name.push(format!(".new-{}", std::process::id()));
    out.with_file_name(name)
}

/// What was left by a run that was killed is written over: its name has the number of this process.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let flags = OFlags::NOFOLLOW.bits() as i32;
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o644).custom_flags(flags).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// The file that is being written; whatever is still there when this goes is removed.
struct Fresh(PathBuf);

impl Drop for Fresh {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::scratch::Scratch;

    fn is_ours(head: &[u8]) -> bool {
        head.starts_with(b"ours")
    }

    #[test]
    fn what_is_ours_is_replaced_and_nothing_else() {
        let scratch = Scratch::new("single");
        let out = scratch.path("a/b.db");
        assert_eq!(put(&out, b"ours 1", is_ours), Ok(true));
        assert_eq!(put(&out, b"ours 1", is_ours), Ok(false));
        assert_eq!(put(&out, b"ours 2", is_ours), Ok(true));
        assert_eq!(fs::read(&out).unwrap(), b"ours 2");
        scratch.write("theirs.db", "thesis");
        fs::create_dir(scratch.path("folder")).unwrap();
        std::os::unix::fs::symlink("a/b.db", scratch.path("link")).unwrap();
        for name in ["theirs.db", "folder", "link"] {
            let said = put(&scratch.path(name), b"ours", is_ours).unwrap_err().0;
            assert!(said.en.contains(name) && said.en.contains("--output"), "{}", said.en);
        }
        assert_eq!(fs::read(scratch.path("theirs.db")).unwrap(), b"thesis");
        assert_eq!(fs::read(&out).unwrap(), b"ours 2");
        assert_eq!(scratch.names(), ["a", "folder", "link", "theirs.db"], "nothing is left beside them");
    }
}
