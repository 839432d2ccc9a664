//! Finds a workspace and lists what the river reads.
//!
//! Only known folders are looked into. What is there and cannot be read for what it is (a symbolic link, a pipe, a name
//! that would deceive a reader) is listed as odd and never opened. Left out without a word, because editors and tools
//! put them there: names that begin with `.`, files that begin with `_`, and a folder that holds a published site or an export.

use std::collections::BTreeMap;
use std::ffi::CString;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::fs::{AtFlags, Dir, FileType, Stat, statat};
use rustix::io::Errno;

use super::refusal::{Doing, refusal};
use super::store::Disk;
use crate::config::{Config, Limits};
use crate::say;
use crate::say::Said;
use crate::source::{Entry, Failure, Odd, Sources, Store as _};
use crate::tree::MARKERS;

/// The file that makes a folder a workspace.
const CONFIG: &str = "wellkept.toml";
/// The folders that are read, with all below them.
pub(super) const FOLDERS: [&str; 5] = ["records", "content", "standards", "themes", "seals"];
/// As much of the configuration is looked at for the limits of names; what is longer is refused where it is read.
const LONGEST_CONFIG: u64 = 1 << 20;

/// The nearest folder, from `start` upwards, that holds a `wellkept.toml`.
pub fn find_workspace(start: &Path) -> Result<PathBuf, Failure> {
    // Made absolute by the file system, because `..` after a symbolic link does not lead where the text says.
    let start = start.canonicalize().map_err(|why| {
        let shown = start.display();
        Failure(say!(
            "无法进入 {shown}：{why}；请用 -C DIR 指定一个存在的工作区文件夹",
            "cannot enter {shown}: {why}; name a workspace folder that exists with `-C DIR`"
        ))
    })?;
    if let Some(found) = start.ancestors().find(|folder| folder.join(CONFIG).symlink_metadata().is_ok()) {
        return Ok(found.to_owned());
    }
    let shown = start.display();
    Err(Failure(say!(
        "{shown} 及其上级文件夹中都没有 {CONFIG}；请用 -C DIR 指定工作区，或在工作区写一个 {CONFIG}（至少要有 site.title 和一个 [[system]]）",
        "there is no {CONFIG} in {shown} or in any folder above it; name a workspace with `-C DIR`, or write a {CONFIG} \
         with site.title and one [[system]]"
    )))
}

/// A file or folder, named from the present folder, as a path relative to the workspace; empty for the workspace itself.
pub fn within(root: &Path, path: &Path) -> Result<String, Failure> {
    let shown = path.display();
    let found = path.canonicalize().map_err(|why| {
        Failure(say!(
            "找不到 {shown}：{why}；已删除的文件请不要列出（例如 git diff --diff-filter=d）",
            "there is no {shown}: {why}; leave deleted files out (such as with git diff --diff-filter=d)"
        ))
    })?;
    let below = found.strip_prefix(root).ok().and_then(Path::to_str).map(str::to_owned);
    below.ok_or_else(|| {
        let root = root.display();
        Failure(say!("{shown} 不在工作区 {root} 之内", "{shown} is not within the workspace {root}"))
    })
}

/// A file that may not be there yet, named from the present folder, as a path relative to the workspace.
pub fn to_be(root: &Path, path: &Path) -> Result<String, Failure> {
    let shown = path.display();
    let absolute = std::path::absolute(path).map_err(|why| refusal(Doing::Looking, path, &why))?;
    // What is there of it is resolved by the file system; what is not there yet is a name like any other.
    let there = absolute.ancestors().find(|folder| folder.symlink_metadata().is_ok()).unwrap_or(root);
    let found = there.canonicalize().map_err(|why| refusal(Doing::Looking, path, &why))?;
    let rest = absolute.strip_prefix(there).unwrap_or(Path::new(""));
    let whole = if rest.as_os_str().is_empty() { found } else { found.join(rest) };
    let names = rest.components().all(|part| matches!(part, std::path::Component::Normal(_)));
    let below = whole.strip_prefix(root).ok().filter(|_| names).and_then(Path::to_str).map(str::to_owned);
    below.ok_or_else(|| {
        let root = root.display();
        Failure(say!("{shown} 不在工作区 {root} 之内", "{shown} is not within the workspace {root}"))
    })
}

/// Lists the workspace at a folder. Fails only where the folder itself cannot be opened.
pub fn read(root: &Path) -> Result<Sources, Failure> {
    let (listing, disk) = list(root)?;
    Ok(Sources::new(listing.files, listing.odd, Box::new(disk)))
}

/// Length, inode and time of writing in nanoseconds: by these a file is known to be as it was.
pub type Stamp = (u64, u64, i128);
/// What a workspace holds, by path. What is there and is not read has no stamp.
pub type Stamps = BTreeMap<Arc<str>, Option<Stamp>>;

/// The stamps of all that [`read`] lists.
pub fn stamps(root: &Path) -> Result<Stamps, Failure> {
    let (listing, _) = list(root)?;
    let files = listing.files.into_iter().zip(listing.stamps).map(|(entry, stamp)| (entry.path, Some(stamp)));
    Ok(files.chain(listing.odd.into_iter().map(|odd| (odd.path, None))).collect())
}

fn list(root: &Path) -> Result<(Listing, Disk), Failure> {
    let disk = Disk::open(root).map_err(|why| refusal(Doing::Looking, root, &why))?;
    let mut listing = Listing { limits: limits(&disk), ..Listing::default() };
    listing.top(&disk);
    while let Some(folder) = listing.folders.pop() {
        listing.folder(&disk, &folder);
    }
    Ok((listing, disk))
}

/// The limits that the workspace sets. A configuration that cannot be used sets none, and is told of where it is read.
fn limits(disk: &Disk) -> Limits {
    let mut text = String::new();
    let read = disk.open(CONFIG, 0).and_then(|file| file.take(LONGEST_CONFIG).read_to_string(&mut text));
    read.ok().and_then(|_| Config::read(text).ok()).map(|config| config.limits).unwrap_or_default()
}

#[derive(Default)]
struct Listing {
    limits: Limits,
    files: Vec<Entry>,
    stamps: Vec<Stamp>,
    odd: Vec<Odd>,
    /// Folders still to be looked into. A list and not a recursion, so that depth costs neither stack nor open folders.
    folders: Vec<String>,
}

impl Listing {
    fn top(&mut self, disk: &Disk) {
        for name in [CONFIG].into_iter().chain(FOLDERS) {
            let stat = match statat(disk.root(), name, AtFlags::SYMLINK_NOFOLLOW) {
                Ok(stat) => stat,
                Err(Errno::NOENT) => continue,
                Err(why) => {
                    self.odd(name, unreadable(&why.into()));
                    continue;
                }
            };
            match FileType::from_raw_mode(stat.st_mode) {
                FileType::RegularFile if name == CONFIG => self.file(name.to_owned(), &stat),
                FileType::Directory if name != CONFIG => self.folders.push(name.to_owned()),
                FileType::RegularFile => self.odd(
                    name,
                    say!(
                        "这里应当是文件夹，却是一个文件；请移走它",
                        "this should be a folder and is a file; move it away"
                    ),
                ),
                FileType::Directory => self.odd(
                    name,
                    say!(
                        "这里应当是文件，却是一个文件夹；请移走它",
                        "this should be a file and is a folder; move it away"
                    ),
                ),
                other => self.odd(name, not_a_file(other)),
            }
        }
    }

    fn folder(&mut self, disk: &Disk, path: &str) {
        if let Err(why) = self.entries(disk, path) {
            self.odd(path, unreadable(&why));
        }
    }

    fn entries(&mut self, disk: &Disk, path: &str) -> io::Result<()> {
        let mut dir = Dir::new(disk.folder(path)?)?;
        let mut names: Vec<CString> = Vec::new();
        while let Some(entry) = dir.read() {
            names.push(entry?.file_name().to_owned());
        }
        if names.iter().any(|name| name.to_bytes().starts_with(MARKERS.as_bytes())) {
            return Ok(());
        }
        // By byte order, so that two names that are shown alike are always told in the same order.
        names.sort_unstable();
        for name in names.iter().filter(|name| !name.to_bytes().starts_with(b".")) {
            match statat(dir.fd()?, name, AtFlags::SYMLINK_NOFOLLOW) {
                Ok(stat) => {
                    self.entry(path, name.to_bytes(), &stat);
                }
                // Gone since the folder was listed: then it is not part of the workspace.
                Err(Errno::NOENT) => {}
                Err(why) => self.odd(&below(path, &shown(name.to_bytes())), unreadable(&why.into())),
            }
        }
        Ok(())
    }

    fn entry(&mut self, folder: &str, name: &[u8], stat: &Stat) {
        let kind = FileType::from_raw_mode(stat.st_mode);
        if kind == FileType::RegularFile && name.starts_with(b"_") {
            return;
        }
        let name = match usable_name(name, self.limits.name) {
            Ok(name) => name,
            Err(why) => return self.odd(&below(folder, &shown(name)), why),
        };
        let path = below(folder, name);
        let (bytes, most) = (path.len(), self.limits.path);
        match kind {
            FileType::RegularFile | FileType::Directory if bytes > most => self.odd(
                &path,
                say!(
                    "路径有 {bytes} 字节，超过上限 {most}（limits.path）；请缩短文件夹或文件的名字",
                    "the path has {bytes} bytes and the limit (limits.path) is {most}; shorten the names of folders or files"
                ),
            ),
            FileType::RegularFile => self.file(path, stat),
            FileType::Directory if is_named_as_file(&path) => self.odd(
                &path,
                say!(
                    "这里应当是文件，却是一个文件夹，其中的内容没有读取；请移走它，或改名",
                    "this should be a file and is a folder; nothing in it is read; move it away or rename it"
                ),
            ),
            FileType::Directory => self.folders.push(path),
            other => self.odd(&path, not_a_file(other)),
        }
    }

    fn file(&mut self, path: String, stat: &Stat) {
        let len = stat.st_size as u64;
        let written = i128::from(stat.st_mtime) * 1_000_000_000 + i128::from(stat.st_mtime_nsec);
        self.files.push(Entry { path: path.into(), len });
        self.stamps.push((len, stat.st_ino, written));
    }

    fn odd(&mut self, path: &str, why: Said) {
        self.odd.push(Odd { path: path.into(), why });
    }
}

fn below(folder: &str, name: &str) -> String {
    format!("{folder}/{name}")
}

/// Whether a path among the records ends as that of a table or a record does. A folder comes to bear such a name where
/// something that writes into a file found none and made a folder, as containers do.
fn is_named_as_file(path: &str) -> bool {
    let ends = [".csv", ".xlsx", ".md", ".toml"];
    path.starts_with("records/") && ends.iter().any(|end| path.to_ascii_lowercase().ends_with(end))
}

/// The name as text, or why it is not used.
fn usable_name(name: &[u8], most: usize) -> Result<&str, Said> {
    let bytes = name.len();
    if bytes > most {
        return Err(say!(
            "名字有 {bytes} 字节，超过上限 {most}（limits.name）；请缩短",
            "the name has {bytes} bytes and the limit (limits.name) is {most}; shorten it"
        ));
    }
    let Ok(text) = std::str::from_utf8(name) else {
        return Err(say!(
            "名字不是 UTF-8 编码；请改名，例如用 convmv 转换旧的 GBK 名字",
            "the name is not UTF-8; rename it, for example with convmv where it is an old GBK name"
        ));
    };
    match text.chars().find(|&letter| deceives(letter)) {
        Some('\\') => Err(say!(
            "名字中有反斜杠，在别的系统上它表示文件夹；请改名",
            "the name has a backslash, which means a folder on other systems; rename it"
        )),
        Some(letter) => {
            let code = letter as u32;
            Err(say!(
                "名字中有看不见的控制字符 U+{code:04X}；请改名",
                "the name has the invisible control character U+{code:04X}; rename it"
            ))
        }
        None => Ok(text),
    }
}

/// Controls, marks that turn the direction of writing, and the backslash: none of them can stand in a path of the site.
fn deceives(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\\' | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A name fit to be shown: what is not text, or would deceive, is U+FFFD; the backslash stays, it can be seen.
fn shown(name: &[u8]) -> String {
    String::from_utf8_lossy(name)
        .chars()
        .map(|letter| if letter != '\\' && deceives(letter) { char::REPLACEMENT_CHARACTER } else { letter })
        .collect()
}

fn unreadable(why: &io::Error) -> Said {
    say!("无法读取：{why}；请检查读取权限", "it cannot be read: {why}; check that it may be read")
}

fn not_a_file(kind: FileType) -> Said {
    if kind == FileType::Symlink {
        return say!(
            "这是符号链接，不会被跟随；请把文件本身放在这里",
            "this is a symbolic link and is not followed; put the file itself here"
        );
    }
    let what = match kind {
        FileType::Fifo => Said::new("命名管道", "a named pipe"),
        FileType::Socket => Said::new("套接字", "a socket"),
        FileType::CharacterDevice | FileType::BlockDevice => Said::new("设备", "a device"),
        _ => Said::new("未知的种类", "of an unknown kind"),
    };
    let (zh, en) = (what.zh, what.en);
    say!(
        "这不是普通文件（{zh}），不会被打开；请移走它",
        "this is not a regular file ({en}) and is not opened; move it away"
    )
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::fs;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;
    use std::time::{Duration, Instant};

    use rustix::fs::{CWD, Mode, mknodat};

    use super::*;
    use crate::world::scratch::Scratch;

    fn files(sources: &Sources) -> Vec<&str> {
        sources.files.iter().map(|entry| &*entry.path).collect()
    }

    fn odd(sources: &Sources) -> Vec<(&str, &str)> {
        sources.odd.iter().map(|odd| (&*odd.path, odd.why.en.as_str())).collect()
    }

    #[test]
    fn a_workspace_is_found_from_below_and_told_of_where_there_is_none() {
        let scratch = Scratch::new("find");
        scratch.write("ws/wellkept.toml", "");
        scratch.write("ws/records/backup/2026.csv", "");
        let root = scratch.path("ws").canonicalize().unwrap();
        for start in ["ws", "ws/records/backup", "ws/records/../records", "ws/records/backup/2026.csv"] {
            assert_eq!(find_workspace(&scratch.path(start)).unwrap(), root, "{start}");
        }
        let none = find_workspace(&scratch.path("")).unwrap_err().0;
        assert!(none.en.contains("site.title") && none.en.contains("-C DIR") && none.zh.contains("[[system]]"));
        let gone = find_workspace(&scratch.path("nowhere")).unwrap_err().0;
        assert!(gone.en.contains("nowhere") && gone.en.contains("-C DIR"));
    }

    #[test]
    fn only_known_folders_are_listed_and_hidden_or_put_by_files_are_left_out() {
        let scratch = Scratch::new("list");
        for path in [
            "wellkept.toml",
            "records/备份/2026-10.csv",
            "records/_draft.csv",
            "records/_old/a.csv",
            "records/.swp",
            "content/docs/restore.md",
            "content/.git/config",
            "standards/x/standard.toml",
            "themes/t/a.html",
            "seals/allowed_signers",
            "seals/2026-10/SEAL.sig",
            "other/a.csv",
            "README.md",
            "allowed_signers",
            "content/public/.wellkept-site",
            "content/public/index.html",
            "site/index.html",
        ] {
            scratch.write(path, path);
        }
        let sources = read(&scratch.path("")).unwrap();
        assert_eq!(
            files(&sources),
            [
                "content/docs/restore.md",
                "records/_old/a.csv",
                "records/备份/2026-10.csv",
                "seals/2026-10/SEAL.sig",
                "seals/allowed_signers",
                "standards/x/standard.toml",
                "themes/t/a.html",
                "wellkept.toml",
            ]
        );
        assert_eq!(odd(&sources), []);
        assert_eq!(sources.get("wellkept.toml").unwrap().len, 13);
        assert_eq!(sources.read("records/备份/2026-10.csv").unwrap(), "records/备份/2026-10.csv".as_bytes());
    }

    #[test]
    fn links_pipes_sockets_and_devices_are_named_and_never_opened() {
        let scratch = Scratch::new("odd");
        scratch.write("records/a.csv", "x");
        scratch.write("outside/secret.csv", "x");
        symlink("../outside/secret.csv", scratch.path("records/link.csv")).unwrap();
        symlink("../outside", scratch.path("records/folder")).unwrap();
        symlink("loop", scratch.path("records/loop")).unwrap();
        symlink("outside", scratch.path("content")).unwrap();
        scratch.write("records/backup/2026.csv/a.csv", "x");
        scratch.write("themes", "a file");
        fs::create_dir(scratch.path("wellkept.toml")).unwrap();
        mknodat(CWD, scratch.path("records/pipe.csv"), FileType::Fifo, Mode::RUSR, 0).unwrap();
        let _socket = UnixListener::bind(scratch.path("records/socket.csv")).unwrap();
        let mut expected = vec![
            ("content", "symbolic link"),
            ("records/backup/2026.csv", "should be a file"),
            ("records/folder", "symbolic link"),
            ("records/link.csv", "symbolic link"),
            ("records/loop", "symbolic link"),
            ("records/pipe.csv", "named pipe"),
            ("records/socket.csv", "socket"),
            ("themes", "should be a folder"),
            ("wellkept.toml", "should be a file"),
        ];
        let null = rustix::fs::makedev(1, 3);
        match mknodat(CWD, scratch.path("records/device.csv"), FileType::CharacterDevice, Mode::RUSR, null) {
            Ok(()) => expected.insert(2, ("records/device.csv", "a device")),
            Err(why) => eprintln!("not shown here: a device (mknod: {why})"),
        }

        let start = Instant::now();
        let sources = read(&scratch.path("")).unwrap();
        assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
        assert_eq!(files(&sources), ["records/a.csv"]);
        let odd = odd(&sources);
        assert_eq!(odd.len(), expected.len(), "{odd:?}");
        for ((path, why), (expected_path, part)) in odd.iter().zip(expected) {
            assert_eq!(*path, expected_path);
            assert!(why.contains(part), "{path}: {why}");
        }
        assert!(sources.open("records/pipe.csv").is_err());
        assert!(sources.open("records/link.csv").is_err());
        assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    }

    #[test]
    fn names_that_deceive_or_do_not_fit_are_odd() {
        let scratch = Scratch::new("names");
        fs::create_dir(scratch.path("records")).unwrap();
        let long = "n".repeat(201);
        for name in
            [&b"\xb1\xb8\xb7\xdd.csv"[..], b"a\nb.csv", "\u{202e}vsc.exe".as_bytes(), b"a\\b.csv", long.as_bytes()]
        {
            fs::write(scratch.path("records").join(OsStr::from_bytes(name)), "").unwrap();
        }
        let deep = format!("records/{}", vec!["d".repeat(200); 5].join("/"));
        scratch.write(&format!("{deep}/fits.csv"), "");
        scratch.write(&format!("{deep}/{}.csv", "x".repeat(20)), "");
        let sources = read(&scratch.path("")).unwrap();
        assert_eq!(files(&sources), [format!("{deep}/fits.csv")]);
        let odd = odd(&sources);
        let why = |path: &str| odd.iter().find(|(known, _)| *known == path).map_or("not listed", |(_, why)| why);
        assert!(why("records/\u{fffd}\u{fffd}\u{fffd}\u{fffd}.csv").contains("UTF-8"), "{odd:?}");
        assert!(why("records/a\u{fffd}b.csv").contains("U+000A"), "{odd:?}");
        assert!(why("records/\u{fffd}vsc.exe").contains("U+202E"), "{odd:?}");
        assert!(why("records/a\\b.csv").contains("backslash"), "{odd:?}");
        assert!(why(&format!("records/{long}")).contains("201 bytes"), "{odd:?}");
        assert!(why(&format!("{deep}/{}.csv", "x".repeat(20))).contains("1024"), "{odd:?}");
        assert_eq!(odd.len(), 6);
    }

    #[test]
    fn files_that_change_or_go_after_the_listing_are_failures_and_not_panics() {
        let scratch = Scratch::new("change");
        for name in ["gone", "shrunk", "grown", "piped", "swapped"] {
            scratch.write(&format!("records/{name}.csv"), "0123456789");
        }
        scratch.write("elsewhere/swapped.csv", "secret");
        let sources = read(&scratch.path("")).unwrap();
        fs::remove_file(scratch.path("records/gone.csv")).unwrap();
        scratch.write("records/shrunk.csv", "0");
        scratch.write("records/grown.csv", "0123456789".repeat(1000));
        fs::remove_file(scratch.path("records/piped.csv")).unwrap();
        mknodat(CWD, scratch.path("records/piped.csv"), FileType::Fifo, Mode::RUSR, 0).unwrap();
        fs::remove_file(scratch.path("records/swapped.csv")).unwrap();
        symlink("../elsewhere/swapped.csv", scratch.path("records/swapped.csv")).unwrap();
        assert!(sources.read("records/gone.csv").unwrap_err().0.en.contains("records/gone.csv"));
        assert_eq!(sources.read("records/shrunk.csv").unwrap(), b"0");
        assert_eq!(sources.read("records/grown.csv").unwrap().len(), 10_000);
        assert!(sources.read("records/piped.csv").is_err());
        assert!(sources.read("records/swapped.csv").is_err());
    }

    #[test]
    fn a_root_that_cannot_be_opened_is_a_failure() {
        let scratch = Scratch::new("root");
        scratch.write("file", "");
        for name in ["file", "nowhere"] {
            let failure = read(&scratch.path(name)).err().unwrap();
            assert!(failure.0.en.contains(name), "{}", failure.0.en);
        }
    }
}
