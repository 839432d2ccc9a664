//! Words of a text as the index has them. `search.js` cuts what is asked for in the same way.
//!
//! A run of Han, kana or hangul is cut into overlapping pairs, so that every part of it that has two characters or more
//! is found; a run of one character stands alone. Whatever else is a letter or a digit forms words, which end at any
//! other character: an id or a version is found by its parts, and the parts side by side by looking at the text.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// The longest word that is told apart, in characters.
const LONGEST: usize = 40;

/// A text as it is compared: NFKC, lower case.
pub fn fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return if text.bytes().any(|b| b.is_ascii_uppercase()) {
            Cow::Owned(text.to_ascii_lowercase())
        } else {
            Cow::Borrowed(text)
        };
    }
    // Most texts are made of characters that stay as they are, and of the wide forms of ASCII.
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{3001}'..='\u{3002}' | '\u{3008}'..='\u{3011}' | '\u{3400}'..='\u{9fff}' => out.push(c),
            '\u{ff01}'..='\u{ff5e}' => out.push(char::from((c as u32 - 0xfee0) as u8).to_ascii_lowercase()),
            _ if c.is_ascii() => out.push(c.to_ascii_lowercase()),
            _ => return Cow::Owned(text.nfkc().collect::<String>().to_lowercase()),
        }
    }
    Cow::Owned(out)
}

/// Whether a character belongs to a script that parts no words.
fn unparted(c: char) -> bool {
    matches!(c, '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{20000}'..='\u{3ffff}')
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Other,
    Word,
    Unparted,
}

fn sort(c: char) -> Sort {
    match c {
        _ if unparted(c) => Sort::Unparted,
        _ if c.is_alphanumeric() => Sort::Word,
        _ => Sort::Other,
    }
}

/// Hands over the words of a folded text in their order, each as often as it stands there.
pub fn words<'t>(folded: &'t str, mut each: impl FnMut(&'t str)) {
    let mut rest = folded;
    while let Some(first) = rest.chars().next() {
        let of = sort(first);
        let end = rest.char_indices().find(|(_, c)| sort(*c) != of).map_or(rest.len(), |(at, _)| at);
        let (run, after) = rest.split_at(end);
        rest = after;
        match of {
            Sort::Other => {}
            Sort::Word => each(run.char_indices().nth(LONGEST).map_or(run, |(at, _)| &run[..at])),
            Sort::Unparted => pairs(run, &mut each),
        }
    }
}

fn pairs<'t>(run: &'t str, each: &mut impl FnMut(&'t str)) {
    let first = run.chars().next().map_or(0, char::len_utf8);
    if first == run.len() {
        return each(run);
    }
    let mut start = 0;
    for (at, c) in run.char_indices().skip(1) {
        each(&run[start..at + c.len_utf8()]);
        start = at;
    }
}

/// The number by which a word is laid into a shard: FNV-1a over its characters, mixed once more, because it is read
/// from the top.
pub fn number(word: &str) -> u32 {
    let mut hash = 0x811c_9dc5_u32;
    for c in word.chars() {
        hash = (hash ^ c as u32).wrapping_mul(0x0100_0193);
    }
    hash = (hash ^ hash >> 15).wrapping_mul(0x2c1b_3c6d);
    hash ^ hash >> 12
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(text: &str) -> Vec<String> {
        let mut out = Vec::new();
        words(&fold(text), |word| out.push(word.to_owned()));
        out
    }

    #[test]
    fn han_is_cut_into_pairs_and_everything_else_into_words() {
        assert_eq!(of("异地备份失败"), ["异地", "地备", "备份", "份失", "失败"]);
        assert_eq!(of("BK-20261003-01"), ["bk", "20261003", "01"]);
        assert_eq!(of("升级openssl到1.1.1w，重启3次"), ["升级", "openssl", "到", "1", "1", "1w", "重启", "3", "次"]);
        assert_eq!(of("𠮷野家"), ["𠮷野", "野家"]);
        assert_eq!(of(" ，。/ "), [""; 0]);
        assert_eq!(of(&"a".repeat(50)), ["a".repeat(40)]);
    }

    #[test]
    fn wide_and_narrow_great_and_small_are_one() {
        assert_eq!(fold("ＫＢ５０２１（补丁）"), "kb5021(补丁)");
        assert_eq!(fold("Ångström ﬁ ①"), "ångström fi 1");
        assert_eq!(fold("cafe\u{301}"), "café");
    }

    proptest! {
        /// The quick way says what the slow way says.
        #[test]
        fn folding_is_nfkc_in_lower_case(text in "[a-zA-Z0-9 ，。、（）《》「」异地备份Ａ-ｚ\\u{2460}é\\u{301}ﬁ]{0,20}") {
            prop_assert_eq!(fold(&text).into_owned(), text.nfkc().collect::<String>().to_lowercase());
        }

        /// Every part of a run of Han is found by its pairs.
        #[test]
        fn pairs_hold_every_part(text in "[异地备份失败]{2,12}", from in 0usize..10, len in 2usize..6) {
            let chars: Vec<char> = text.chars().collect();
            let part: String = chars.iter().skip(from).take(len).collect();
            if part.chars().count() >= 2 {
                let all = of(&text);
                prop_assert!(of(&part).iter().all(|pair| all.contains(pair)));
            }
        }
    }

    #[test]
    fn numbers_are_spread() {
        let mut shards = [0; 16];
        for n in 0..16_000 {
            shards[((u64::from(number(&format!("{n:08}"))) * 16) >> 32) as usize] += 1;
        }
        assert!(shards.iter().all(|n| (800..1200).contains(n)), "{shards:?}");
        // `search.js` must come to the same.
        assert_eq!(["备份", "openssl", "𠮷"].map(number), [3_140_657_696, 1_452_195_128, 3_254_476_651]);
    }
}
