//! The canonical form of a record and its digest (archive.md, section 2).
//!
//! One line of JSON, equal to what `jq -cS .` prints, so that an auditor can make it again without this program.
//! Nothing of how the record lay in its file is left in it: neither the order of columns nor quoting, line ends,
//! encoding or place. Every value is in it as it was typed.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::tree::hex;

/// The canonical line of a record, without LF: its fields by canonical name (unknown columns by their own header),
/// sorted by key. Fields without a value are left out; of two with one name the later counts, as for `jq`.
pub fn canonical(fields: &mut Vec<(&str, &str)>) -> String {
    fields.retain(|(_, value)| !value.is_empty());
    // Byte order of UTF-8 is the order of code points, which is the order of `jq -S`. The sort is stable.
    fields.sort_by(|a, b| a.0.cmp(b.0));
    let mut out = String::with_capacity(fields.iter().map(|(name, value)| name.len() + value.len() + 8).sum());
    out.push('{');
    for (at, (name, value)) in fields.iter().enumerate() {
        if fields.get(at + 1).is_some_and(|next| next.0 == *name) {
            continue;
        }
        if out.len() > 1 {
            out.push(',');
        }
        string(&mut out, name);
        out.push(':');
        string(&mut out, value);
    }
    out.push('}');
    out
}

/// The fields of a canonical line, by name; none where it is not one, byte for byte.
pub fn read(line: &str) -> Option<BTreeMap<String, String>> {
    let fields: BTreeMap<String, String> = serde_json::from_str(line).ok()?;
    let mut sorted: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    (canonical(&mut sorted) == line).then_some(fields)
}

/// SHA-256 over a canonical line (without LF), in lower-case hex.
pub fn digest(line: &str) -> String {
    hex(&Sha256::digest(line.as_bytes()))
}

/// A JSON string as `jq` prints it: short escapes where JSON has them, `\u` for other controls and for DEL, every
/// other character as itself.
fn string(out: &mut String, text: &str) {
    out.push('"');
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte >= 0x20 && !matches!(byte, b'"' | b'\\' | 0x7f) {
            continue;
        }
        out.push_str(&text[plain..at]);
        plain = at + 1;
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\t' => out.push_str("\\t"),
            b'\r' => out.push_str("\\r"),
            0x08 => out.push_str("\\b"),
            0x0c => out.push_str("\\f"),
            other => _ = write!(out, "\\u{other:04x}"),
        }
    }
    out.push_str(&text[plain..]);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::process::{Command, Stdio};

    use super::*;

    fn line(fields: &[(&str, &str)]) -> String {
        canonical(&mut fields.to_vec())
    }

    #[test]
    fn keys_are_sorted_and_absent_ones_left_out() {
        let record = [("system", "oa"), ("id", "BK-1"), ("size", ""), ("备注", "已完成"), ("Z", "1")];
        assert_eq!(line(&record), r#"{"Z":"1","id":"BK-1","system":"oa","备注":"已完成"}"#);
        assert_eq!(line(&[]), "{}");
        assert_eq!(line(&[("a", "1"), ("a", "2")]), r#"{"a":"2"}"#);
    }

    #[test]
    fn what_was_typed_stays() {
        let typed = "1.10\t\"x\"\\\n第二行\u{1f}é e\u{301} 😀";
        assert_eq!(line(&[("a", typed)]), "{\"a\":\"1.10\\t\\\"x\\\"\\\\\\n第二行\\u001fé e\u{301} 😀\"}");
        assert_eq!(line(&[("a", "\u{7f}\u{8}\u{c}\r\n")]), r#"{"a":"\u007f\b\f\r\n"}"#);
    }

    #[test]
    fn a_line_is_read_only_in_its_canonical_form() {
        let line = line(&[("id", "BK-1"), ("notes", "一\n二"), ("a", "\u{7f}")]);
        let fields = read(&line).unwrap();
        assert_eq!((fields["id"].as_str(), fields["notes"].as_str()), ("BK-1", "一\n二"));
        for other in
            [r#"{"b":"1","a":"2"}"#, r#"{"a": "1"}"#, r#"{"a":1}"#, r#"{"a":""}"#, r#"{"a":"\u0041"}"#, "[]", ""]
        {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn the_digest_is_of_the_line_without_lf() {
        // printf '%s' '{"id":"BK-1"}' | sha256sum
        let line = line(&[("id", "BK-1")]);
        assert_eq!(line, r#"{"id":"BK-1"}"#);
        assert_eq!(digest("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(digest(&line).len(), 64);
    }

    #[test]
    fn jq_prints_the_same() {
        let every: String = (1..=0x2fff).chain(0xe000..=0xffff).filter_map(char::from_u32).collect();
        let lines = [
            line(&[
                ("b", &every),
                ("a", "</script>"),
                ("", "x"),
                ("é", "1"),
                ("e\u{301}", "2"),
                ("😀", "3"),
                ("\u{ffff}", "4"),
            ]),
            line(&[("id", "F-1"), ("body", "第一行\n\n第二行"), ("a\"b\\c\u{7f}", "\u{1f}")]),
        ];
        let jq = Command::new("jq").args(["-cS", "."]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        // Where there is no jq, the vectors above stand for it.
        let Ok(mut jq) = jq else { return };
        let mut stdin = jq.stdin.take().unwrap();
        let text = format!("{}\n", lines.join("\n"));
        let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
        let out = jq.wait_with_output().unwrap();
        writer.join().unwrap().unwrap();
        let printed = String::from_utf8(out.stdout).unwrap();
        assert_eq!(printed.lines().collect::<Vec<_>>(), lines);
    }
}
