//! What text may hold: no control characters but tab and line ends, no noncharacters, no marks of a failed merge.

use crate::say;
use crate::say::Said;

use super::scan::Fault;

/// What is wrong with the text of a row, which is UTF-8.
pub(super) fn fault(raw: &[u8]) -> Option<Fault> {
    let Some((at, c)) = is_suspicious(raw).then(|| forbidden(raw)).flatten() else { return merge_mark(raw) };
    let code = c as u32;
    Some(Fault {
        why: say!("文本中有不允许的控制字符 U+{code:04X}", "the control character U+{code:04X} is not allowed in text"),
        help: Said::new("删除该字符", "delete the character"),
        at,
        undecoded: false,
    })
}

/// A line that a failed merge left behind (safety.md, section 3).
pub(super) fn merge_mark(raw: &[u8]) -> Option<Fault> {
    let first = *raw.first().filter(|b| matches!(b, b'<' | b'=' | b'>' | b'|'))?;
    let marks: [&[u8]; 4] = [b"<<<<<<< ", b">>>>>>> ", b"||||||| ", b"======="];
    let is_mark = marks.iter().any(|mark| raw.starts_with(mark)) && (first != b'=' || raw == b"=======");
    is_mark.then(|| Fault {
        why: Said::new("这一行是版本合并冲突的标记", "this line is a mark of a merge conflict"),
        help: Said::new(
            "解决冲突：保留正确的行，删除 <<<<<<<、=======、>>>>>>> 三行",
            "resolve the conflict: keep the right lines and delete the lines <<<<<<<, ======= and >>>>>>>",
        ),
        at: 0,
        undecoded: false,
    })
}

/// The first control character (but tab and line ends), noncharacter or byte order mark inside text.
pub fn forbidden(raw: &[u8]) -> Option<(usize, char)> {
    let text = std::str::from_utf8(raw).ok()?;
    text.char_indices().find(|(_, c)| {
        let code = *c as u32;
        (c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
            || code & 0xFFFE == 0xFFFE
            || (0xFDD0..=0xFDEF).contains(&code)
            || code == 0xFEFF
    })
}

/// Whether a text may hold a forbidden character: one pass over its pairs of bytes without a branch, which the compiler
/// does many at a time.
#[allow(
    clippy::needless_bitwise_bool,
    reason = "a lazy operator is a branch, and a branch keeps the pass from being vectorised"
)]
pub(super) fn is_suspicious(raw: &[u8]) -> bool {
    let pair = |b: u8, next: u8| {
        ((b < 0x20) & (b != b'\t') & (b != b'\n') & (b != b'\r'))
            | (b == 0x7F)
            | ((b == 0xC2) & (next < 0xA0))
            | ((b == 0xEF) & ((next == 0xB7) | (next == 0xBB) | (next == 0xBF)))
            | (b >= 0xF0)
    };
    let Some(&last) = raw.last() else { return false };
    raw.iter().zip(&raw[1..]).fold(pair(last, 0), |odd, (&b, &next)| odd | pair(b, next))
}
