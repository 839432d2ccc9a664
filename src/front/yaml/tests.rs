//! What the flat block accepts, what it refuses, and where it says so.

use super::super::{Field, FieldValue, LIMIT, read};

fn fields(block: &str) -> Vec<(String, String)> {
    let (fields, _, findings) = read("a.md", &format!("---\n{block}\n---\n"), LIMIT);
    assert_eq!(findings, [], "{block}");
    fields.iter().map(shown).collect()
}

fn shown(field: &Field) -> (String, String) {
    let value = match &field.value {
        FieldValue::Text(text, _) => text.clone(),
        FieldValue::List(items) => items.iter().flat_map(|(text, _)| ["[", text, "]"]).collect(),
    };
    (field.key.clone(), value)
}

fn value(line: &str) -> String {
    fields(&format!("k: {line}")).remove(0).1
}

#[test]
fn values_stay_as_typed() {
    for typed in [
        "1.10",
        "no",
        "007",
        "#42",
        "a: b",
        "见 #42 号",
        "2026-10-01 08:00",
        "10:30",
        "-",
        "—",
        "无",
        "? 待定",
        "C:\\a",
        "a#b",
        "[oa] 无法登录",
        "[恢复](x.md) 之后",
        "- x",
        "> 5 分钟",
        "|x|",
        "50%",
        "@值班",
        "& 甲",
        "* 乙",
        "“引号”开头",
        "it's",
        "~",
        "null",
        "http://x/#a",
    ] {
        assert_eq!(value(typed), typed);
    }
}

#[test]
fn comments_are_cut_and_blanks_trimmed() {
    assert_eq!(value("  甲  # 负责人 "), "甲");
    assert_eq!(value("# 还没有"), "");
    assert_eq!(value("#"), "");
    assert_eq!(value("'甲' # 注"), "甲");
    assert_eq!(value("[甲, 乙] # 注"), "[甲][乙]");
    assert_eq!(fields("# 说明: 整行\n  # 缩进\n\nk: v\n\t\n"), [("k".into(), "v".into())]);
}

#[test]
fn quotes_are_removed_and_escapes_resolved() {
    assert_eq!(value("\"a\\\"b\\\\c\\n\\u7532\\x41\\U0001F600\""), "a\"b\\c\n甲A😀");
    assert_eq!(value("'it''s \\n'"), "it's \\n");
    assert_eq!(value("\"\""), "");
    assert_eq!(value("\"# no comment\""), "# no comment");
    assert_eq!(fields("\"a: b\": c"), [("a: b".into(), "c".into())]);
}

#[test]
fn lists_in_both_forms() {
    assert_eq!(value("[\"x: 1\", \"y, z: 2\", operations: 李, 'q']"), "[x: 1][y, z: 2][operations: 李][q]");
    assert_eq!(value("[]"), "");
    assert_eq!(value("[ 甲 , 乙, ]"), "[甲][乙]");
    let block =
        "roles:\n  - operations: 李\n  - \"business: 吴\"\n  # 注\n\n  - r: s: t\n  - #42\n  -\nnext:\n- 一\n- 二";
    assert_eq!(
        fields(block),
        [("roles".into(), "[operations: 李][business: 吴][r: s: t][#42][]".into()), ("next".into(), "[一][二]".into())]
    );
}

#[test]
fn empty_keys_and_indented_blocks() {
    assert_eq!(fields("a:\nb: "), [("a".into(), String::new()), ("b".into(), String::new())]);
    assert_eq!(fields("  a: 1\n  b: 2\n"), [("a".into(), "1".into()), ("b".into(), "2".into())]);
    assert_eq!(fields(""), []);
    assert_eq!(fields("开始 时间 : 甲"), [("开始 时间".into(), "甲".into())]);
}

#[test]
fn block_texts() {
    assert_eq!(value("|\n  甲\n    乙\n\n  # 丙\n\nnext: 1"), "甲\n  乙\n\n# 丙\n");
    assert_eq!(value(">\n  a\n  b\n\n  c\n    d\n  e\n"), "a b\nc\n  d\ne\n");
    assert_eq!(value("|-\n  a\n\n"), "a");
    assert_eq!(value("|+\n  a\n\nn: 1"), "a\n\n");
    assert_eq!(value("|2-\n   a\n  b"), " a\nb");
    assert_eq!(value("|\nnext: 1"), "");
    assert_eq!(fields("k: |  # 注\n  - a: 1\nn: 1")[0].1, "- a: 1\n");
}

#[test]
fn places_count_characters_with_windows_line_ends() {
    let text = "\u{feff}---\r\n系统名: 甲乙\r\nroles:\r\n  - \"丙\" \r\nl: [甲, 乙丙]\r\n---\r\n正文";
    let (fields, body, findings) = read("a.md", text, LIMIT);
    assert_eq!(findings, []);
    assert_eq!(&text[body..], "正文");
    let at = |p: &crate::source::Place| (p.line, p.column, p.width);
    assert_eq!(at(&fields[0].key_place), (2, 1, 3));
    assert_eq!(at(fields[0].value_place()), (2, 6, 2));
    assert_eq!(at(fields[1].value_place()), (4, 5, 3));
    let FieldValue::List(items) = &fields[2].value else { panic!() };
    assert_eq!((at(&items[0].1), at(&items[1].1)), ((5, 5, 1), (5, 8, 2)));
}

#[test]
fn what_is_refused_and_where() {
    for (block, line, column) in [
        ("a: &x 1", 2, 4),
        ("a: *x", 2, 4),
        ("a: !!str 1", 2, 4),
        ("a: {b: 1}", 2, 4),
        ("a: [b, [c]]", 2, 8),
        ("a: [b", 2, 4),
        ("a: [\"b\" c]", 2, 9),
        ("a: [b,,c]", 2, 7),
        ("a:\n  b: 1", 3, 3),
        ("a:\n  - - b", 3, 3),
        ("a:\n  - b\n    - c", 4, 5),
        ("a:\n  - [b]", 3, 5),
        ("a:\n  - |\n    x", 3, 3),
        ("a: 1\n  二", 3, 3),
        ("a: 1\n- 二", 3, 1),
        ("- 二", 2, 1),
        ("甲：乙", 2, 1),
        ("a:1", 2, 1),
        ("随便写", 2, 1),
        (": x", 2, 1),
        ("? x: y", 2, 1),
        ("a: \"b", 2, 4),
        ("a: 'b' c", 2, 7),
        ("a: \"\\q\"", 2, 5),
        ("a: \"\\u12\"", 2, 5),
        ("a: \"\\ud800\"", 2, 5),
        ("甲: 1\nb: 2\n甲: 3", 4, 1),
    ] {
        let (_, _, findings) = read("a.md", &format!("---\n{block}\n---\n"), LIMIT);
        let first = findings.first().unwrap_or_else(|| panic!("accepted: {block}"));
        let place = first.place.as_ref().unwrap();
        assert_eq!((place.line, place.column), (line, column), "{block}: {}", first.message.en);
        assert_eq!(first.rule, "ingest.syntax");
        assert!(first.help.is_some());
    }
}

#[test]
fn the_first_of_two_keys_is_kept_and_a_list_below_the_second_goes_with_it() {
    let (fields, _, findings) = read("a.md", "---\na: 1\na:\n- 2\n---\n", LIMIT);
    assert_eq!(fields.iter().map(shown).collect::<Vec<_>>(), [("a".into(), "1".into())]);
    assert!(findings.len() >= 2);
}

#[test]
fn any_text_is_read_without_a_panic() {
    let parts = [
        "---", "\n", "\r", " ", "-", "a: ", "甲", "\"", "'", "[", "]", "{", "|", ">", "#", ":", "：", "\\u", "+",
        "\u{feff}",
    ];
    let mut state = 7_u32;
    for _ in 0..20_000 {
        let mut text = String::from("---\n");
        for _ in 0..12 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            text.push_str(parts[(state >> 16) as usize % parts.len()]);
        }
        text.push_str("\n---\n");
        let (_, body, _) = read("a.md", &text, LIMIT);
        assert!(text.is_char_boundary(body));
    }
}
