//! Puts a seal in its place: its folder is written beside, flushed, signed where that is asked for, and renamed, so that
//! a month is sealed whole or not at all. What is there already is never written over.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;

use super::refusal::{Doing, refusal};
use super::stock;
use crate::say;
use crate::seal::signers::{self, By, SIGNATURE, Signer};
use crate::seal::{FOLDER, file};
use crate::source::Failure;

/// Who signs.
pub struct Signing<'a> {
    /// The private key, or the public half of one that an agent holds.
    pub key: &'a Path,
    /// Those who may sign.
    pub allowed: &'a [Signer],
    /// The file in which they are listed, for messages.
    pub list: &'a str,
    /// The instant of the seal, at which the key must be valid.
    pub at: crate::calendar::Instant,
}

/// Writes the files of a seal to its folder (`seals/2026-10`), with what belongs beside the seals where it is not there.
pub fn place(
    root: &Path,
    folder: &str,
    files: &BTreeMap<String, Vec<u8>>,
    beside: &[(String, &str)],
    signing: Option<&Signing<'_>>,
) -> Result<(), Failure> {
    let seals = root.join(FOLDER);
    fs::create_dir_all(&seals).map_err(|why| refusal(Doing::Making, &seals, &why))?;
    let real = seals.symlink_metadata().map_err(|why| refusal(Doing::Looking, &seals, &why))?;
    if !real.is_dir() {
        let shown = seals.display();
        return Err(Failure(say!("{shown} 不是文件夹", "{shown} is no folder")));
    }
    let target = root.join(folder.trim_end_matches('/'));
    let aside = Aside::beside(&target)?;
    for (name, bytes) in files {
        write(&aside.0.join(name), bytes)?;
    }
    if let Some(signing) = signing {
        sign(&aside.0, signing)?;
    }
    for (path, text) in beside {
        let path = root.join(path);
        match path.symlink_metadata() {
            Err(why) if why.kind() == ErrorKind::NotFound => write(&path, text.as_bytes())?,
            _ => {}
        }
    }
    flush(&aside.0)?;
    put(&aside.0, &target)?;
    flush(&seals)
}

/// Signs a seal that is there once more, under the name of a further signer.
pub fn add_signature(root: &Path, folder: &str, name: &str, signing: &Signing<'_>) -> Result<(), Failure> {
    let target = root.join(folder.trim_end_matches('/'));
    let aside = Aside::beside(&target)?;
    let seal = target.join(file::NAME);
    let bytes = fs::read(&seal).map_err(|why| refusal(Doing::Looking, &seal, &why))?;
    write(&aside.0.join(file::NAME), &bytes)?;
    sign(&aside.0, signing)?;
    put(&aside.0.join(SIGNATURE), &target.join(format!("SEAL.{name}.sig")))?;
    flush(&target)
}

/// A folder beside the place, gone when it is done with.
struct Aside(PathBuf);

impl Aside {
    fn beside(target: &Path) -> Result<Self, Failure> {
        let name = target.file_name().unwrap_or_default().to_string_lossy();
        let path = target.with_file_name(format!(".{name}.wellkept-{}", std::process::id()));
        fs::create_dir(&path).map_err(|why| refusal(Doing::Making, &path, &why))?;
        Ok(Self(path))
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn sign(aside: &Path, signing: &Signing<'_>) -> Result<(), Failure> {
    stock::sign(signing.key, &aside.join(file::NAME))?;
    let made = aside.join(SIGNATURE);
    let bytes = fs::read(&made).map_err(|why| refusal(Doing::Looking, &made, &why))?;
    let list = signing.list;
    match signers::by(&bytes, signing.allowed, signing.at) {
        By::Known(_) => Ok(()),
        By::Expired(name) => Err(Failure(say!(
            "{list} 中 {name} 的密钥在封存时刻不在有效期内；没有封存",
            "the key of {name} in {list} is not valid at the time of the seal; nothing was sealed"
        ))),
        By::Unknown | By::Malformed => {
            let key = stock::public(signing.key).unwrap_or_else(|| "ssh-ed25519 AAAA…".to_owned());
            Err(Failure(say!(
                "签名所用的密钥不在 {list} 中，没有封存；核实之后在其中加一行：\n姓名 namespaces=\"wellkept-seal\" {key}",
                "the key is not in {list}, and nothing was sealed; when you are sure of it, add a line there:\nNAME namespaces=\"wellkept-seal\" {key}"
            )))
        }
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let done = OpenOptions::new().write(true).create_new(true).open(path).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    done.map_err(|why| refusal(Doing::Writing, path, &why))
}

fn flush(folder: &Path) -> Result<(), Failure> {
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        // Some file systems cannot flush a folder, and say so.
        Err(why) if !matches!(why.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => {
            Err(refusal(Doing::Syncing, folder, &why))
        }
        _ => Ok(()),
    }
}

/// Renames, and refuses where anything is there.
fn put(from: &Path, to: &Path) -> Result<(), Failure> {
    let shown = to.display();
    let taken = || Failure(say!("{shown} 已经存在，不会覆盖", "{shown} is there already and is not overwritten"));
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        Ok(()) => Ok(()),
        // A file system that cannot promise it is looked at first.
        Err(Errno::INVAL | Errno::NOSYS) if to.symlink_metadata().is_err() => {
            fs::rename(from, to).map_err(|why| refusal(Doing::Writing, to, &why))
        }
        Err(Errno::EXIST | Errno::INVAL | Errno::NOSYS) => Err(taken()),
        Err(why) => Err(refusal(Doing::Writing, to, &io::Error::from(why))),
    }
}
