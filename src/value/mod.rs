//! Field types (records.md section 2): text to value. What can be read is read without an allocation; what cannot is
//! refused with a sentence that says what is wrong with this very text, and an example of how to write it.
//!
//! The readers take text that the caller has trimmed and knows to be UTF-8.

// What is refused is boxed where it is made, so that the readers can pass it on as they return it.
#![allow(clippy::unnecessary_box_returns)]

mod number;
mod span;
mod time;
mod wrong;

use unicode_normalization::UnicodeNormalization;

pub use number::{Decimal, bytes, decimal, integer, percent};
pub use span::{Interval, duration, interval};
pub use time::{DateOrder, Time, Times, date, has_two_readings, stands_for_none, time};
pub use wrong::{Wrong, shown};

use crate::say;

/// Whether a text means that there is no value: empty, `-`, `—`, `/`, `N/A`, `无`, `NULL`, `?`, without case.
/// A field whose own values claim such a word reads it first; see [`is_false_word`].
pub fn absent(text: &[u8]) -> bool {
    match text {
        b"" | b"-" | b"/" | b"?" => true,
        _ if text.len() > 4 => false,
        _ => {
            text == "—".as_bytes()
                || text == "无".as_bytes()
                || text.eq_ignore_ascii_case(b"n/a")
                || text.eq_ignore_ascii_case(b"null")
        }
    }
}

/// Reads yes or no: `true`/`false`, `yes`/`no`, `y`/`n`, `1`/`0`, `是`/`否`, `有`/`无`, without case.
pub fn bool(text: &[u8]) -> Result<bool, Box<Wrong>> {
    const TRUE: [&str; 6] = ["true", "yes", "y", "1", "是", "有"];
    if TRUE.iter().any(|word| text.eq_ignore_ascii_case(word.as_bytes())) {
        return Ok(true);
    }
    if is_false_word(text) {
        return Ok(false);
    }
    let text = shown(text);
    Err(Wrong::new(say!("“{text}”既不是“是”也不是“否”", "\"{text}\" is neither yes nor no")).help(say!(
        "请写 是 或 否（也可写 true/false、yes/no、1/0、有/无）",
        "write yes or no (or true/false, 1/0, 是/否)"
    )))
}

/// Whether a text is a word for "no", among them `无`, which would otherwise mean that there is no value.
pub fn is_false_word(text: &[u8]) -> bool {
    const FALSE: [&str; 6] = ["false", "no", "n", "0", "否", "无"];
    FALSE.iter().any(|word| text.eq_ignore_ascii_case(word.as_bytes()))
}

/// Reads an id: 1 to 128 characters, none of them a control character or one that turns the direction of writing
/// (which would let two ids look the same).
pub fn id(text: &[u8]) -> Result<&str, Box<Wrong>> {
    let Ok(id) = std::str::from_utf8(text) else {
        let text = shown(text);
        return Err(Wrong::new(say!("编号“{text}”不是有效的 UTF-8", "the id \"{text}\" is not valid UTF-8")));
    };
    if id.is_empty() {
        return Err(Wrong::new(say!("编号是空的", "the id is empty"))
            .help(say!("请给这条记录一个编号，例如 BK-20261003-1", "give the record an id such as BK-20261003-1")));
    }
    let simple = text.len() <= 128 && text.iter().all(|c| (0x20..0x7f).contains(c));
    if simple {
        return Ok(id);
    }
    let count = id.chars().count();
    if count > 128 {
        let text = shown(text);
        return Err(Wrong::new(say!(
            "编号“{text}”有 {count} 个字符，最多 128 个",
            "the id \"{text}\" has {count} characters; 128 are the most"
        ))
        .help(say!("请写短一些，例如 BK-20261003-1", "write a shorter one such as BK-20261003-1")));
    }
    if let Some(c) = id.chars().find(|c| c.is_control() || is_bidi_control(*c)) {
        let (text, c) = (shown(text), u32::from(c));
        return Err(Wrong::new(say!(
            "编号“{text}”中有不可见的控制字符 U+{c:04X}",
            "the id \"{text}\" holds the invisible control character U+{c:04X}"
        ))
        .help(say!("请删去这个字符", "delete that character")));
    }
    Ok(id)
}

/// The items of a list written in one cell: split at `;` `；` `、`, trimmed, none empty.
pub fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split([';', '；', '、']).map(str::trim).filter(|item| !item.is_empty())
}

/// A header as it is compared (records.md section 3): NFKC, in lower case, without byte order mark, spaces,
/// underscores and hyphens.
pub fn fold_header(text: &str) -> String {
    // ASCII and the common Chinese characters are as they are.
    if text.chars().all(|c| c.is_ascii() || ('\u{4e00}'..='\u{9fff}').contains(&c)) {
        let kept = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-'));
        return kept.map(|c| c.to_ascii_lowercase()).collect();
    }
    let folded = text.nfkc().flat_map(char::to_lowercase);
    // What is left out may have parted a letter and its mark: they are composed once more.
    folded.filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-' | '\u{feff}')).nfkc().collect()
}

/// Characters that turn the direction of writing, UAX 9 section 2.
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::{absent, bool, fold_header, id, is_false_word, list};

    #[test]
    fn words_for_nothing() {
        for text in ["", "-", "—", "/", "N/A", "n/a", "无", "NULL", "null", "Null", "?"] {
            assert!(absent(text.as_bytes()), "{text}");
        }
        for text in ["0", "--", "－", "na", "none", "无无", "nil", "？", " "] {
            assert!(!absent(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn yes_and_no() {
        for text in ["true", "TRUE", "Yes", "y", "1", "是", "有"] {
            assert!(bool(text.as_bytes()).unwrap(), "{text}");
        }
        for text in ["false", "No", "N", "0", "否", "无"] {
            assert!(!bool(text.as_bytes()).unwrap(), "{text}");
            assert!(is_false_word(text.as_bytes()));
        }
        let wrong = bool("也许".as_bytes()).unwrap_err();
        assert_eq!(wrong.why.en, "\"也许\" is neither yes nor no");
        assert!(bool(b"t").is_err() && bool(b"").is_err() && bool("１".as_bytes()).is_err());
    }

    #[test]
    fn ids_are_one_to_128_visible_characters() {
        let long = "备".repeat(128);
        for text in ["BK-1", "2026/10/03 1", "备份 1", long.as_str()] {
            assert_eq!(id(text.as_bytes()).unwrap(), text);
        }
        let longer = "x".repeat(129);
        assert!(id(longer.as_bytes()).unwrap_err().why.en.contains("129 characters"));
        assert!(id(b"").is_err());
        assert!(id(b"a\tb").unwrap_err().why.en.contains("U+0009"));
        assert!(id("a\u{202e}b".as_bytes()).unwrap_err().why.zh.contains("U+202E"));
        assert!(id("a\u{85}b".as_bytes()).is_err());
    }

    #[test]
    fn lists_split_at_any_of_their_marks() {
        let items: Vec<&str> = list(" 运维: 甲；业务: 乙、 ;丙 ; ").collect();
        assert_eq!(items, ["运维: 甲", "业务: 乙", "丙"]);
        assert_eq!(list("").count(), 0);
    }

    #[test]
    fn headers_fold() {
        for text in ["started_at", "\u{feff}Started At", "STARTED-AT", "Ｓｔａｒｔｅｄ＿ａｔ", " started\u{3000}at "]
        {
            assert_eq!(fold_header(text), "startedat", "{text:?}");
        }
        assert_eq!(fold_header("是否 异地"), "是否异地");
        assert_eq!(fold_header("是否 异地_ID\t"), "是否异地id");
        // A compatibility character is folded, and whatever stands beside it.
        assert_eq!(fold_header("\u{f900} ID"), "豈id");
        // A letter and its mark, parted by what is left out, are one as they would be elsewhere.
        assert_eq!(fold_header("W-\u{301}"), fold_header("\u{1e82}"));
    }
}
