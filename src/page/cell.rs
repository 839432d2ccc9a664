//! The cell of a record's table: a value as it was written, and beside it what it is, by which the script sorts.

use std::fmt::Write as _;

use crate::load::ITEM;
use crate::say::Lang;

use super::inert;

/// Texts longer than this, in characters, are folded away behind their beginning.
const LONG: usize = 160;

/// Says a text's language where it is plainly not the page's: Han on an English page, none on a Chinese one.
pub fn language(out: &mut String, text: &str, page: Lang) {
    if let Some(lang) = foreign(text, page) {
        let _ = write!(out, " lang={}", lang.tag());
    }
}

/// The language of a text where it is plainly another than the page's.
pub fn foreign(text: &str, page: Lang) -> Option<Lang> {
    let han = text.chars().any(|c| matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}'));
    let words = || text.contains(' ') && text.bytes().filter(u8::is_ascii_alphabetic).count() * 2 > text.len();
    match page {
        Lang::En if han => Some(Lang::Zh),
        Lang::Zh if !han && words() => Some(Lang::En),
        _ => None,
    }
}

/// A number: as written, and what it is where that is another text.
pub fn number(out: &mut String, value: &impl std::fmt::Display, text: &str) {
    let start = out.len();
    out.push_str("<td class=n data-v=");
    let from = out.len();
    let _ = write!(out, "{value}");
    if &out[from..] == text {
        out.truncate(start);
        out.push_str("<td class=n>");
    } else {
        out.push('>');
    }
    inert::text(out, text);
}

/// A value of a closed list: as written, and by its title where that says more.
pub fn named(out: &mut String, name: &str, title: &str, text: &str) {
    out.push_str("<td");
    inert::pair(out, "data-v", name);
    out.push('>');
    inert::text(out, text);
    if !text.eq_ignore_ascii_case(title) {
        out.push_str(" <wbr><small>");
        inert::text(out, title);
        out.push_str("</small>");
    }
}

/// A text in full; a long one behind its beginning.
pub fn long(out: &mut String, text: &str, lang: Lang) {
    let items;
    let text = if text.contains(ITEM) {
        items = text.replace(ITEM, if lang == Lang::Zh { "；" } else { "; " });
        &items
    } else {
        text
    };
    match text.char_indices().nth(LONG) {
        None => inert::text(out, text),
        Some(_) => {
            let cut = text.char_indices().nth(LONG / 2).map_or(text.len(), |(at, _)| at);
            out.push_str("<details><summary>");
            inert::text(out, &text[..cut]);
            out.push_str("…</summary><div class=\"typed\">");
            inert::text(out, text);
            out.push_str("</div></details>");
        }
    }
}
