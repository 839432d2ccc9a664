//! TOML records and `+++` blocks: one flat table of texts, numbers, dates and lists of them.
//!
//! Numbers, booleans and dates are taken from the source, so that `1.10` stays `1.10`; texts are decoded.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::{Field, FieldValue, Lines, syntax};
use crate::finding::Finding;
use crate::say;
use crate::source::Place;

/// How many syntax errors of one file are shown; those after them are mostly echoes of the first.
const SHOWN: usize = 3;

/// Reads a whole TOML file as one record: its fields in the order written, and what is wrong.
pub fn read_toml(file: &str, text: &str) -> (Vec<Field>, Vec<Finding>) {
    let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    read(text, start..text.len(), &Lines::new(file, text))
}

/// Reads the part of a text that is TOML.
pub(super) fn read(text: &str, block: Range<usize>, lines: &Lines<'_>) -> (Vec<Field>, Vec<Finding>) {
    let source = &text[block.clone()];
    let place = |span: Range<usize>| lines.place(block.start + span.start..block.start + span.end);
    let (table, errors) = DeTable::parse_recoverable(source);
    let mut findings = Vec::new();
    for error in errors.iter().take(SHOWN) {
        let why = error.message();
        findings.push(syntax(
            place(error.span().unwrap_or(0..0)),
            say!("TOML 写法有误：{why}", "this is not TOML: {why}"),
            say!(
                "每行写 key = \"值\"，列表写 key = [\"甲\", \"乙\"]",
                "write key = \"value\" on each line, and lists as key = [\"a\", \"b\"]"
            ),
        ));
    }
    let mut entries: Vec<_> = table.get_ref().iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    let mut fields = Vec::new();
    for (key, value) in entries {
        let value_place = place(value.span());
        let found = match value.get_ref() {
            DeValue::Array(items) => items
                .iter()
                .map(|item| scalar(item.get_ref(), source, item.span()).map(|text| (text, place(item.span()))))
                .collect::<Option<Vec<_>>>()
                .map(FieldValue::List),
            one => scalar(one, source, value.span()).map(|text| FieldValue::Text(text, value_place)),
        };
        let key_place = place(key.span());
        let key = key.get_ref().to_string();
        match found {
            Some(value) => fields.push(Field { key, key_place, value }),
            None => findings.push(nested(key_place, &key)),
        }
    }
    (fields, findings)
}

fn scalar(value: &DeValue<'_>, source: &str, span: Range<usize>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Array(_) | DeValue::Table(_) => None,
        _ => source.get(span).map(str::to_owned),
    }
}

fn nested(place: Place, key: &str) -> Finding {
    syntax(
        place,
        say!("{key} 有多层结构", "{key} is nested"),
        say!("只写一层：文本、数字、日期，或它们的列表", "write one level: texts, numbers, dates, or a list of them"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stay_as_typed_with_their_places() {
        let text = "id = \"W-1\"\r\n版本 = 1.10\r\n";
        let (_, findings) = read_toml("a.toml", text);
        assert_eq!(findings[0].place.as_ref().unwrap().line, 2, "a bare Han key is not TOML");
        let text = "\u{feff}id = \"甲\\u4E59\"\r\nn = 1.10\r\nb = true\r\nd = 2026-10-01\r\nt = 2026-10-01 08:00:00\r\nl = [\"甲\", 007.5, 2]\r\n";
        let (_, findings) = read_toml("a.toml", text);
        assert!(!findings.is_empty(), "007.5 is no TOML number");
        let text = text.replace("007.5", "7.50");
        let (fields, findings) = read_toml("a.toml", &text);
        assert_eq!(findings, []);
        let typed: Vec<_> = fields.iter().map(|f| (f.key.as_str(), f.texts().join("|"))).collect();
        assert_eq!(
            typed,
            [
                ("id", "甲乙".to_owned()),
                ("n", "1.10".to_owned()),
                ("b", "true".to_owned()),
                ("d", "2026-10-01".to_owned()),
                ("t", "2026-10-01 08:00:00".to_owned()),
                ("l", "甲|7.50|2".to_owned()),
            ]
        );
        let FieldValue::List(items) = &fields[5].value else { panic!() };
        let at = |n: usize| (items[n].1.line, items[n].1.column, items[n].1.width);
        assert_eq!((at(0), at(1), at(2)), ((6, 6, 3), (6, 11, 4), (6, 17, 1)));
    }

    #[test]
    fn tables_and_nested_lists_are_refused() {
        let (fields, findings) = read_toml("a.toml", "a = 1\nb = {c = 1}\nd = [[1]]\n[e]\nf = 1\n");
        assert_eq!(fields.len(), 1);
        let lines: Vec<_> = findings.iter().map(|f| f.place.as_ref().unwrap().line).collect();
        assert_eq!(lines, [2, 3, 4]);
    }

    #[test]
    fn a_block_in_a_page_tells_lines_of_the_page() {
        let (fields, body, findings) =
            super::super::read("a.md", "+++\ntitle = \"甲\"\ntitle = \"乙\"\n+++\n正文", crate::front::LIMIT);
        assert_eq!((fields.len(), body), (1, 36));
        assert_eq!(findings[0].place.as_ref().unwrap().line, 3);
    }

    #[test]
    fn deep_input_does_not_overflow() {
        let (_, findings) = read_toml("a.toml", &format!("a = {}", "[".repeat(100_000)));
        assert!(!findings.is_empty());
        let (_, findings) = read_toml("a.toml", &format!("a{} = 1", ".a".repeat(30_000)));
        assert!(!findings.is_empty());
    }
}
