//! Rebuilds when a file of the embedded theme, standard or starter is added or removed, which `include_dir` alone does not see, and
//! tells the program which sources it was made from: a site that another program made is made anew.

use std::path::{Path, PathBuf};
use std::{fs, io};

use sha2::{Digest, Sha256};

const MADE_FROM: [&str; 5] = ["Cargo.lock", "src", "standards", "starter", "themes"];

fn main() -> io::Result<()> {
    let mut files = Vec::new();
    for path in MADE_FROM {
        println!("cargo::rerun-if-changed={path}");
        list(Path::new(path), &mut files)?;
    }
    files.sort();
    let mut hash = Sha256::new();
    for path in files {
        hash.update(path.as_os_str().as_encoded_bytes());
        hash.update([0]);
        hash.update(Sha256::digest(fs::read(&path)?));
    }
    let digest = hash.finalize().iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    println!("cargo::rustc-env=WELLKEPT_PROGRAM={digest}");
    Ok(())
}

fn list(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    fs::read_dir(path)?.try_for_each(|entry| list(&entry?.path(), files))
}
