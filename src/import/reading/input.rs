//! A file that was given, with the files that lie beside it and tell how the run ended.

use std::sync::Arc;

use crate::finding::Finding;
use crate::say;
use crate::say::Said;
use crate::source::{Encoding, Place, decode};

use super::syntax;

/// The largest file (safety.md, section 2).
pub const LIMIT: usize = 64 << 20;

/// A file that was given.
#[derive(Clone, Debug)]
pub struct Input {
    /// Its name as typed.
    pub name: Arc<str>,
    /// Its text in UTF-8, whatever it was in; a sequence that could not be decoded is a byte that no UTF-8 holds.
    pub bytes: Vec<u8>,
    /// What it was in.
    pub encoding: Encoding,
    /// What lies beside it: the ending (`.rc`, `.stderr`) and the file.
    pub beside: Vec<(String, Input)>,
}

impl Input {
    /// A file by its name and bytes.
    pub fn new(name: impl Into<Arc<str>>, bytes: &[u8]) -> Self {
        let (bytes, encoding) = if is_packed(bytes) { (bytes.to_vec(), Encoding::Utf8) } else { decode(bytes) };
        Self { name: name.into(), bytes, encoding, beside: Vec::new() }
    }

    /// Puts each file that only tells how a run ended (its name is that of another, with one of these endings) beside
    /// the file it belongs to. What belongs to none stands for itself.
    pub fn gather(given: Vec<Input>, endings: &[&str]) -> Vec<Input> {
        let is_main = |name: &str| !endings.iter().any(|ending| name.ends_with(ending));
        let stems: Vec<String> = given.iter().filter(|i| is_main(&i.name)).map(|i| stem(&i.name).to_owned()).collect();
        let (mut mains, mut rest) = (Vec::new(), Vec::new());
        for input in given {
            let found = endings.iter().filter_map(|ending| Some((*ending, input.name.strip_suffix(ending)?)));
            match found.filter(|(_, start)| stems.iter().any(|stem| stem == start)).max_by_key(|(e, _)| e.len()) {
                Some((ending, start)) => rest.push((start.to_owned(), ending.to_owned(), input)),
                None => mains.push(input),
            }
        }
        for (start, ending, input) in rest {
            if let Some(main) = mains.iter_mut().find(|main| stem(&main.name) == start) {
                main.beside.push((ending, input));
            }
        }
        mains
    }

    /// The whole file.
    pub fn place(&self) -> Place {
        Place::file(Arc::clone(&self.name))
    }

    /// The name without folders and ending.
    pub fn stem(&self) -> &str {
        let name = self.name.rsplit('/').next().unwrap_or_default();
        stem(name)
    }

    /// Refuses what is no text at all, and what holds nothing.
    pub fn checked(&self) -> Result<&Self, Finding> {
        if self.bytes.len() > LIMIT {
            let mib = LIMIT >> 20;
            let why = say!("文件超过 {mib} MiB 的上限", "the file is larger than the limit of {mib} MiB");
            return Err(syntax(self.place(), why).help(Said::new(
                "请分成几个文件，例如每月一个，再分别导入",
                "split it, for example by month, and import the parts",
            )));
        }
        if is_packed(&self.bytes) {
            let why = Said::new("文件是压缩的", "the file is compressed");
            return Err(syntax(self.place(), why).help(Said::new(
                "请先解压，例如 zcat history.log.1.gz > history.log.1",
                "unpack it first, for example zcat history.log.1.gz > history.log.1",
            )));
        }
        if self.bytes.iter().all(u8::is_ascii_whitespace) {
            let why = Said::new(
                "文件是空的：无法分辨是“没有可报告的”还是“没有运行成功”",
                "the file is empty: nothing to report cannot be told from a run that failed",
            );
            return Err(syntax(self.place(), why));
        }
        Ok(self)
    }

    /// The text of the file, without its byte order mark.
    pub fn text(&self) -> Result<&str, Finding> {
        match std::str::from_utf8(&self.checked()?.bytes) {
            Ok(text) => Ok(text.strip_prefix('\u{FEFF}').unwrap_or(text)),
            Err(wrong) => {
                let at = wrong.valid_up_to();
                let number = 1 + memchr::memchr_iter(b'\n', &self.bytes[..at]).count() as u32;
                let why = say!("第 {at} 字节不是 UTF-8", "byte {at} is not UTF-8");
                Err(syntax(super::line(self, number), why)
                    .help(Said::new("请另存为 UTF-8 编码", "save the file as UTF-8")))
            }
        }
    }
}

fn stem(name: &str) -> &str {
    let from = name.rfind('/').map_or(0, |at| at + 1);
    name[from..].rfind('.').filter(|at| *at > 0).map_or(name, |at| &name[..from + at])
}

/// gzip, or a zip such as a workbook is.
fn is_packed(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x1f\x8b") || bytes.starts_with(b"PK\x03\x04")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(name: &str) -> Input {
        Input::new(name, b"x")
    }

    #[test]
    fn how_a_run_ended_is_put_beside_what_it_printed() {
        let given = ["b/run.json", "b/run.rc", "b/run.log.ndjson", "alone.rc", "c/run.err"].map(input).to_vec();
        let mains = Input::gather(given, &[".rc", ".err", ".ndjson", ".log.ndjson"]);
        let names: Vec<&str> = mains.iter().map(|m| &*m.name).collect();
        assert_eq!(names, ["b/run.json", "alone.rc", "c/run.err"]);
        let beside: Vec<(&str, &str)> = mains[0].beside.iter().map(|(e, i)| (e.as_str(), &*i.name)).collect();
        assert_eq!(beside, [(".rc", "b/run.rc"), (".log.ndjson", "b/run.log.ndjson")]);
    }

    #[test]
    fn names_lose_their_folders_and_ending() {
        for (name, stem) in [("a/b.c.md", "b.c"), ("plain", "plain"), (".hidden", ".hidden"), ("a.b/c", "c")] {
            assert_eq!(input(name).stem(), stem);
        }
    }

    #[test]
    fn what_a_shell_of_windows_and_a_chinese_spreadsheet_write_is_read() {
        let wide: Vec<u8> = "\u{feff}[\"备份\"]".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let input = Input::new("a", &wide);
        assert_eq!((input.text().unwrap(), input.encoding), ("[\"备份\"]", Encoding::Utf16Le));
        let gbk = b"\xb9\xa4\xb5\xa5\xb1\xe0\xba\xc5,\xb1\xea\xcc\xe2";
        let input = Input::new("a", gbk);
        assert_eq!((input.text().unwrap(), input.encoding), ("工单编号,标题", Encoding::Gb18030));
    }

    #[test]
    fn no_text_is_refused_for_what_it_is() {
        let why = |bytes: &[u8]| Input::new("a", bytes).text().unwrap_err();
        assert!(why(b"\x1f\x8b\x08").message.en.contains("compressed"));
        assert!(why(b" \r\n").message.en.contains("empty"));
        let bad = why(b"one\ntw\xe9");
        assert!(bad.message.en.contains("byte 6") && bad.place.unwrap().line == 2);
        assert!(why(&vec![b'x'; LIMIT + 1]).message.en.contains("64 MiB"));
    }
}
