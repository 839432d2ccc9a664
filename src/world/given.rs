//! Files that the user names, wherever they lie: exports of other tools.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::say;
use crate::source::Failure;

/// Reads a file that the user named; `-` is the standard input. One byte more than the limit is read, so that a file
/// that is too large can be told.
pub fn read(path: &Path, limit: usize) -> Result<Vec<u8>, Failure> {
    let all = |reader: &mut dyn Read| {
        let mut bytes = Vec::new();
        reader.take(limit as u64 + 1).read_to_end(&mut bytes).map(|_| bytes)
    };
    let read = if path == Path::new("-") {
        all(&mut io::stdin().lock())
    } else {
        File::open(path).and_then(|mut f| all(&mut f))
    };
    read.map_err(|why| {
        let shown = path.display();
        if why.kind() == io::ErrorKind::IsADirectory {
            return Failure(say!("{shown} 是文件夹；请列出其中的文件", "{shown} is a folder; name the files in it"));
        }
        Failure(say!(
            "无法读取 {shown}：{why}；请检查文件名和读取权限",
            "cannot read {shown}: {why}; check its name and that it may be read"
        ))
    })
}

/// The files that lie beside a file and differ from it in their ending only, of those with one of these endings.
pub fn beside(path: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return Vec::new() };
    if endings.iter().any(|ending| name.ends_with(ending)) {
        return Vec::new();
    }
    let stem = name.rfind('.').filter(|at| *at > 0).map_or(name, |at| &name[..at]);
    let there = endings.iter().map(|ending| path.with_file_name(format!("{stem}{ending}")));
    there.filter(|path| path.is_file()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::scratch::Scratch;

    #[test]
    fn what_lies_beside_is_found_by_its_ending() {
        let scratch = Scratch::new("beside");
        for name in ["run.json", "run.rc", "run.log", "other.rc", "run.txt"] {
            scratch.write(name, name);
        }
        let endings = [".rc", ".log", ".err"];
        let found = beside(&scratch.path("run.json"), &endings);
        assert_eq!(found, [scratch.path("run.rc"), scratch.path("run.log")]);
        assert!(beside(&scratch.path("run.rc"), &endings).is_empty());
        assert_eq!(read(&scratch.path("run.rc"), 3).unwrap(), b"run.");
        assert!(read(&scratch.path(""), 3).unwrap_err().0.en.contains("name the files in it"));
        assert!(read(&scratch.path("gone"), 3).unwrap_err().0.en.contains("gone"));
    }
}
