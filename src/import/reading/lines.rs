//! Logs, line by line, with the number of each.

use crate::finding::Finding;
use crate::say;
use crate::say::Said;

use super::{Input, Told, line, syntax};

/// The longest line (safety.md, section 2).
const LONGEST: usize = 1 << 20;

/// The lines of a log that can be read, and their numbers; each that cannot is refused. What a progress bar wrote over
/// (everything before a bare carriage return) is left out.
pub fn lines<'i>(input: &'i Input, told: &mut Told<'_>) -> Vec<(u32, &'i str)> {
    let bytes = match input.checked() {
        Ok(input) => input.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&input.bytes),
        Err(finding) => {
            told.findings.push(finding);
            return Vec::new();
        }
    };
    let mut out = Vec::new();
    for (at, raw) in bytes.split(|b| *b == b'\n').enumerate() {
        match text(raw) {
            Ok(text) => out.push((at as u32 + 1, text)),
            Err((why, help)) => told.findings.push(syntax(line(input, at as u32 + 1), why).help(help)),
        }
    }
    out
}

fn text(raw: &[u8]) -> Result<&str, (Said, Said)> {
    if raw.len() > LONGEST {
        let kib = LONGEST >> 10;
        return Err((
            say!("这一行超过 {kib} KiB 的上限", "the line is longer than the limit of {kib} KiB"),
            say!("请检查文件是不是文本日志", "see whether the file is a text log"),
        ));
    }
    let text = std::str::from_utf8(raw).map_err(|wrong| {
        let column = wrong.valid_up_to() + 1;
        (
            say!("这一行的第 {column} 字节不是 UTF-8", "byte {column} of the line is not UTF-8"),
            say!("请另存为 UTF-8 编码", "save the file as UTF-8"),
        )
    })?;
    let text = text.trim_end_matches('\r');
    Ok(text.rsplit('\r').next().unwrap_or(text))
}

/// The first lines of a text that is to be quoted in a note, as one.
pub fn quoted(text: &str) -> String {
    let line = text.lines().map(str::trim).filter(|line| !line.is_empty()).take(3).collect::<Vec<_>>().join(" / ");
    let mut out: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect();
    if line.chars().count() > 300 {
        out.push('…');
    }
    out
}

/// Refuses a whole file that is another output of the tool than those that are read.
pub fn another(input: &Input, what: &Said, help: Said) -> Finding {
    let (zh, en) = (&what.zh, &what.en);
    super::value(input.place(), say!("这是{zh}，其中没有可导入的记录", "this is {en}; it holds no records to import"))
        .help(help)
}
