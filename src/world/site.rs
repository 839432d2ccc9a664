//! Lists a published site: every file, hidden ones too, because what does not belong there is what is looked for.

use std::fs;
use std::path::Path;

use super::refusal::{Doing, refusal};
use super::store::Disk;
use crate::say;
use crate::source::{Entry, Failure, Odd, Sources};
use crate::tree::SUMS;

/// Whether a folder holds a published site.
pub fn is(folder: &Path) -> bool {
    folder.join(SUMS).is_file()
}

/// Lists the site in a folder.
pub fn read(root: &Path) -> Result<Sources, Failure> {
    let disk = Disk::open(root).map_err(|why| refusal(Doing::Looking, root, &why))?;
    let (mut files, mut odd) = (Vec::new(), Vec::new());
    let mut folders = vec![String::new()];
    while let Some(folder) = folders.pop() {
        let path = root.join(&folder);
        let failed = |why| refusal(Doing::Looking, &path, &why);
        for entry in fs::read_dir(&path).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let kind = entry.file_type().map_err(failed)?;
            let name = entry.file_name();
            let shown = name.to_string_lossy();
            let below = if folder.is_empty() { shown.to_string() } else { format!("{folder}/{shown}") };
            if kind.is_dir() && name.to_str().is_some() {
                folders.push(below);
            } else if kind.is_file() && name.to_str().is_some() {
                let len = entry.metadata().map_err(failed)?.len();
                files.push(Entry { path: below.into(), len });
            } else {
                let why = say!("不是站点会有的东西", "nothing that a site would have");
                odd.push(Odd { path: below.into(), why });
            }
        }
    }
    Ok(Sources::new(files, odd, Box::new(disk)))
}
