//! Rows of a table that are no records: the total below it, a remark that somebody wrote under it.

use std::sync::Arc;

use crate::finding::{Finding, Severity};
use crate::say::Said;
use crate::source::Place;

/// With what such rows begin.
const WORDS: [&str; 14] = [
    "合计",
    "总计",
    "小计",
    "共计",
    "累计",
    "注：",
    "注:",
    "备注：",
    "备注:",
    "说明：",
    "说明:",
    "Total",
    "Subtotal",
    "Note:",
];

/// Whether a row is none of the records: its first text begins with such a word, at least half of its cells are empty,
/// and it lacks what every record must have, by the columns of that, so that it could not be one.
pub(super) fn is_remark<'c>(cells: &(impl ExactSizeIterator<Item = &'c [u8]> + Clone), needed: &[usize]) -> bool {
    let mut texts = cells.clone().map(<[u8]>::trim_ascii).filter(|text| !text.is_empty());
    // Of a million rows nearly all are told by their first byte.
    let likely = |text: &&[u8]| matches!(text[0], 0xE5..=0xE8 | b'N' | b'S' | b'T');
    let begins =
        texts.next().filter(likely).is_some_and(|text| WORDS.iter().any(|word| text.starts_with(word.as_bytes())));
    let lacks = |at: &usize| cells.clone().nth(*at).is_none_or(|cell| cell.trim_ascii().is_empty());
    begins && (1 + texts.count()) * 2 <= cells.len() && needed.iter().any(lacks)
}

/// What is said of it, once, and not of each value that it lacks.
pub(super) fn remark(path: &Arc<str>, line: u32) -> Finding {
    Finding::new(
        "ingest.syntax",
        Severity::Error,
        Said::new("这一行像是合计或注释，不是记录", "the row looks like a total or a remark, and not like a record"),
    )
    .at(Place::line(path.clone(), line))
    .help(Said::new(
        "从表中删去这一行；确是记录的，补全它的值",
        "take the row out of the table; if it is a record, fill in its values",
    ))
}

#[cfg(test)]
mod tests {
    use super::is_remark;

    /// Rows of a table in which the second column must be filled in.
    fn of(row: &str) -> bool {
        is_remark(&row.split(',').map(str::as_bytes).collect::<Vec<_>>().into_iter(), &[1])
    }

    #[test]
    fn totals_and_remarks_are_told_from_records() {
        for row in ["合计,,,31,", ",,总计,,120", " 注：数据来自备份系统,,,,", "Total,,,31", "备注:无,,,"]
        {
            assert!(of(row), "{row}");
        }
        for row in [
            "B-1,oa,2026-04-01,full,success",
            "合计-1,oa,2026-04-01,全量,成功",
            "B-1,,,",
            ",,,",
            "",
            "注意事项,,,x,y",
            "说明：例行,oa,,,",
        ] {
            assert!(!of(row), "{row}");
        }
    }
}
