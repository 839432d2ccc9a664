//! JSON in which each part knows its line, so that one bad item is refused with its place and the rest is taken.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;

use crate::finding::Finding;
use crate::front::Lines;
use crate::say;
use crate::source::Place;

use super::{Input, syntax};

/// A document.
pub struct Json<'t> {
    input: &'t Input,
    text: &'t str,
    lines: Lines<'t>,
}

/// A part of a document, not looked into yet.
#[derive(Clone, Copy)]
pub struct Part<'d, 't> {
    json: &'d Json<'t>,
    raw: &'t RawValue,
}

impl<'t> Json<'t> {
    /// Takes a file as JSON. It is looked into by [`Json::root`].
    pub fn open(input: &'t Input) -> Result<Self, Finding> {
        let text = input.text()?;
        Ok(Self { input, text, lines: Lines::new(&input.name, text) })
    }

    /// The whole document.
    pub fn root(&self) -> Result<Part<'_, 't>, Finding> {
        match serde_json::from_str(self.text) {
            Ok(raw) => Ok(Part { json: self, raw }),
            Err(wrong) => Err(not_json(self.input, &wrong)),
        }
    }
}

impl<'t> Part<'_, 't> {
    /// Its place: the line on which it begins.
    pub fn place(self) -> Place {
        let start = self.raw.get().as_ptr() as usize - self.json.text.as_ptr() as usize;
        let place = self.json.lines.place(start..start);
        Place::line(place.file, place.line)
    }

    /// The items of an array; none where it is no array.
    pub fn items(self) -> Option<Vec<Self>> {
        let items: Vec<&RawValue> = serde_json::from_str(self.raw.get()).ok()?;
        Some(items.into_iter().map(|raw| Self { raw, ..self }).collect())
    }

    /// The values of an object by their keys; none where it is no object.
    pub fn object(self) -> Option<BTreeMap<Cow<'t, str>, Self>> {
        let object: BTreeMap<Cow<'t, str>, &'t RawValue> = serde_json::from_str(self.raw.get()).ok()?;
        Some(object.into_iter().map(|(key, raw)| (key, Self { raw, ..self })).collect())
    }

    /// The value under a key; none where it is not there, or is `null`.
    pub fn get(self, key: &str) -> Option<Self> {
        self.object()?.remove(key).filter(|part| part.raw.get() != "null")
    }

    /// The items of the array under a key; empty where there is none.
    pub fn list(self, key: &str) -> Vec<Self> {
        self.get(key).and_then(Self::items).unwrap_or_default()
    }

    /// What stands there. Nesting deeper than the parser goes is refused.
    pub fn value(self) -> Result<Value, Finding> {
        serde_json::from_str(self.raw.get()).map_err(|wrong| {
            let why = say!("JSON 无法读取：{wrong}", "the JSON cannot be read: {wrong}");
            syntax(self.place(), why)
        })
    }
}

/// What a line of a log says; none where it is no JSON object.
pub fn object(line: &str) -> Option<Value> {
    serde_json::from_str::<Value>(line).ok().filter(Value::is_object)
}

/// The text at a path of keys; none where it is not there or empty.
pub fn text<'v>(value: &'v Value, path: &[&str]) -> Option<&'v str> {
    at(value, path).as_str().filter(|text| !text.trim().is_empty())
}

/// A whole number at a path of keys, whether it stands as a number or as a text.
pub fn integer(value: &Value, path: &[&str]) -> Option<i64> {
    match at(value, path) {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// The value at a path of keys; `null` where it is not there.
pub fn at<'v>(value: &'v Value, path: &[&str]) -> &'v Value {
    path.iter().fold(value, |value, key| &value[*key])
}

/// The texts of an array at a path of keys.
pub fn texts(value: &Value, path: &[&str]) -> Vec<String> {
    let items = at(value, path).as_array().into_iter().flatten();
    items.filter_map(|item| item.as_str().map(str::to_owned)).collect()
}

fn not_json(input: &Input, wrong: &serde_json::Error) -> Finding {
    let place = Place::span(std::sync::Arc::clone(&input.name), wrong.line() as u32, wrong.column() as u32, 1);
    let why = wrong.to_string();
    let why = why.split(" at line ").next().unwrap_or_default();
    let said = if wrong.is_eof() {
        say!("JSON 不完整：文件在中途结束", "the JSON is not whole: the file ends in the middle")
    } else {
        say!("不是 JSON：{why}", "this is no JSON: {why}")
    };
    syntax(place, said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_knows_its_line() {
        let input =
            Input::new("a.json", b"\xEF\xBB\xBF{\n \"list\": [\n  {\"a\": 1},\n  {\"a\": \"2\"}\n ], \"no\": null\n}");
        let json = Json::open(&input).unwrap();
        let root = json.root().unwrap();
        let items = root.list("list");
        assert_eq!(items.iter().map(|i| i.place().line).collect::<Vec<_>>(), [3, 4]);
        assert_eq!(items.iter().map(|i| integer(&i.value().unwrap(), &["a"])).collect::<Vec<_>>(), [Some(1), Some(2)]);
        assert!(root.get("no").is_none() && root.list("no").is_empty() && root.items().is_none());
    }

    #[test]
    fn what_is_no_json_is_refused_with_its_place() {
        let place = |text: &str| {
            let input = Input::new("a.json", text.as_bytes());
            let json = Json::open(&input).unwrap();
            let refused = json.root().err().unwrap();
            (refused.message.en, refused.place.unwrap().line)
        };
        assert!(matches!(place("[1,\n2"), (why, 2) if why.contains("ends in the middle")));
        assert!(matches!(place("[1,\n2] x"), (why, 2) if why.contains("no JSON")));
        let deep = Input::new("a.json", format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)).as_bytes());
        let json = Json::open(&deep).unwrap();
        // However deep it is, it is an answer and not an overflow of the stack.
        if let Ok(root) = json.root() {
            assert!(root.value().is_err());
        }
    }
}
