//! Writes files that must not be there yet, such as a copy of the standard. Nothing is ever overwritten.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::say;
use crate::source::Failure;

/// So many of the files that are there already are named.
const NAMED: usize = 3;

/// Writes each text to its path below a folder, and answers the paths. Where anything stands at one of them, nothing is
/// written at all.
pub fn create<T: AsRef<[u8]>>(folder: &Path, files: &BTreeMap<String, T>) -> Result<Vec<PathBuf>, Failure> {
    let paths: Vec<PathBuf> = files.keys().map(|below| folder.join(below)).collect();
    let there: Vec<&PathBuf> = paths.iter().filter(|path| path.symlink_metadata().is_ok()).collect();
    if !there.is_empty() {
        return Err(taken(&there));
    }
    for (path, text) in paths.iter().zip(files.values()) {
        write(path, text.as_ref()).map_err(|why| {
            let path = path.display();
            Failure(say!(
                "无法写入 {path}：{why}；请检查该路径能否写入，或另选一个文件夹",
                "cannot write {path}: {why}; check that it may be written, or choose another folder"
            ))
        })?;
    }
    Ok(paths)
}

fn taken(there: &[&PathBuf]) -> Failure {
    let names: Vec<String> = there.iter().take(NAMED).map(|path| path.display().to_string()).collect();
    let (zh, en) = (names.join("、"), names.join(", "));
    let more = there.len() - names.len();
    let (more_zh, more_en) = if more == 0 {
        (String::new(), String::new())
    } else {
        (format!(" 等 {} 个文件", there.len()), format!(" and {more} more"))
    };
    Failure(say!(
        "{zh}{more_zh}已经存在，不会覆盖，什么也没有写；请另选一个文件夹，或先移走原有的文件",
        "{en}{more_en} are there already and are not overwritten; nothing was written. Choose another folder, or move them away"
    ))
}

/// `create_new` also refuses what came to stand there since it was looked at.
fn write(path: &Path, text: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    OpenOptions::new().write(true).create_new(true).open(path)?.write_all(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::scratch::Scratch;

    fn files(all: &[(&str, &str)]) -> BTreeMap<String, String> {
        all.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn files_are_written_with_the_folders_above_them() {
        let scratch = Scratch::new("create");
        let made = create(&scratch.path("a/b"), &files(&[("x.toml", "1"), ("kinds/y.toml", "2")])).unwrap();
        assert_eq!(made, [scratch.path("a/b/kinds/y.toml"), scratch.path("a/b/x.toml")]);
        assert_eq!(fs::read(scratch.path("a/b/kinds/y.toml")).unwrap(), b"2");
    }

    #[test]
    fn nothing_is_written_where_one_of_them_is_there() {
        let scratch = Scratch::new("taken");
        scratch.write("x.toml", "mine");
        let refused = create(&scratch.path(""), &files(&[("a.toml", "1"), ("x.toml", "2")])).unwrap_err();
        assert!(refused.0.en.contains("x.toml are there already") && refused.0.zh.contains("不会覆盖"));
        assert_eq!(scratch.names(), ["x.toml"]);
        assert_eq!(fs::read(scratch.path("x.toml")).unwrap(), b"mine");
        std::os::unix::fs::symlink("nowhere", scratch.path("link.toml")).unwrap();
        assert!(create(&scratch.path(""), &files(&[("link.toml", "1")])).is_err());
    }

    #[test]
    fn many_files_are_named_by_their_number() {
        let scratch = Scratch::new("many");
        let all = files(&[("1", ""), ("2", ""), ("3", ""), ("4", ""), ("5", "")]);
        create(&scratch.path(""), &all).unwrap();
        let refused = create(&scratch.path(""), &all).unwrap_err().0;
        assert!(refused.en.contains("and 2 more") && refused.zh.contains("等 5 个文件"), "{refused:?}");
    }

    #[test]
    fn a_refusal_names_the_path() {
        let scratch = Scratch::new("file-above");
        scratch.write("a", "a file");
        let refused = create(&scratch.path(""), &files(&[("a/b.toml", "1")])).unwrap_err().0;
        assert!(refused.en.contains("a/b.toml") && refused.en.contains("another folder"), "{}", refused.en);
    }
}
