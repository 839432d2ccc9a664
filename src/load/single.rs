//! Files that hold one record each: Markdown with front matter, and TOML.

use std::sync::Arc;

use crate::finding::{Finding, Severity};
use crate::front::{self, Field, FieldValue};
use crate::say;
use crate::say::Said;
use crate::source::Place;
use crate::standard::Kind;
use crate::value::{self, fold_header};

use super::PAGE_KEYS;
use super::header::unknown_columns;
use super::text::forbidden;
use super::typist::{Cell, Given, Typist};

/// The parts of a file with one record.
pub struct Single {
    /// Its keys and values.
    pub fields: Vec<Field>,
    /// Its body, with LF line ends, without blanks around it; empty where there is none.
    pub body: String,
    /// The line on which the body starts.
    pub body_line: u32,
    /// What is wrong with its shape.
    pub findings: Vec<Finding>,
}

/// Takes a Markdown file apart, whose front matter has not more than so many bytes.
pub fn markdown(path: &Arc<str>, text: &str, front_matter: usize) -> Single {
    let (fields, body, findings) = front::read(path, text, front_matter);
    let body_line = 1 + text[..body].bytes().filter(|&b| b == b'\n').count() as u32;
    let body = text[body..].replace("\r\n", "\n").replace('\r', "\n").trim().to_owned();
    Single { fields, body, body_line, findings }
}

/// Takes a TOML file apart.
pub fn toml(path: &Arc<str>, text: &str) -> Single {
    let (fields, findings) = front::read_toml(path, text);
    Single { fields, body: String::new(), body_line: 0, findings }
}

/// The text of a file, or why it has none.
pub fn text(path: &Arc<str>, bytes: Vec<u8>) -> Result<String, Finding> {
    match String::from_utf8(bytes) {
        Ok(text) => {
            let text = text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text);
            match forbidden(text.as_bytes()) {
                None => Ok(text),
                Some((at, c)) => {
                    let code = c as u32;
                    let why = say!(
                        "文本中有不允许的控制字符 U+{code:04X}",
                        "the control character U+{code:04X} is not allowed in text"
                    );
                    Err(Finding::new("ingest.syntax", Severity::Error, why)
                        .at(Place::of_bytes(path.clone(), &text, at, at + c.len_utf8()))
                        .help(Said::new("删除该字符", "delete the character")))
                }
            }
        }
        Err(e) => {
            let at = e.utf8_error().valid_up_to();
            let line = 1 + memchr::memchr_iter(b'\n', &e.as_bytes()[..at]).count() as u32;
            let why = say!("第 {at} 字节不是 UTF-8", "byte {at} is not UTF-8");
            Err(Finding::new("ingest.encoding", Severity::Error, why)
                .at(Place::line(path.clone(), line))
                .help(Said::new("请另存为 UTF-8 编码", "save the file as UTF-8")))
        }
    }
}

/// Types the one record of a file. `id` is what the file's name gives a page.
pub fn type_record(single: Single, kind: &Kind, page_id: Option<&str>, typist: &mut Typist<'_>) {
    let path = typist.path().clone();
    let broken = single.findings.iter().any(|f| f.severity == Severity::Error);
    for finding in single.findings {
        typist.findings.push(finding.kind(kind.name.as_str()));
    }
    if broken {
        typist.reject_file(page_id, None);
        return;
    }
    let mut given: Vec<Option<usize>> = vec![None; kind.fields.len()];
    let mut unknown = Vec::new();
    for (at, field) in single.fields.iter().enumerate() {
        match kind.header(&field.key) {
            Some(known) if given[known].is_some() => {
                let name = &kind.fields[known].name;
                let said = say!("两个键都是 {name}", "two keys mean {name}");
                let finding = Finding::new("ingest.header", Severity::Error, said).at(field.key_place.clone()).help(
                    Said::new("保留一个键，另一个改名或删除", "keep one of the keys; rename or delete the other"),
                );
                typist.reject_file(page_id, Some(finding));
                return;
            }
            Some(known) => given[known] = Some(at),
            None if kind.pages && PAGE_KEYS.contains(&fold_header(&field.key).as_str()) => {}
            None => unknown.push(field),
        }
    }
    if let Some(first) = unknown.first() {
        let keys: Vec<String> = unknown.iter().map(|field| field.key.clone()).collect();
        typist.findings.push(unknown_columns(kind, &keys, first.key_place.clone()));
    }
    let lists: Vec<Vec<String>> = single
        .fields
        .iter()
        .map(|f| match &f.value {
            FieldValue::List(items) => items.iter().map(|(text, _)| text.clone()).collect(),
            FieldValue::Text(..) => Vec::new(),
        })
        .collect();
    let body = kind.body.filter(|_| !single.body.is_empty()).map(|at| (at, single.body.as_str(), single.body_line));
    let id = kind.id().zip(page_id);
    typist.rows(&Record { fields: &single.fields, given, lists, body, id, path });
    if kind.pages && is_draft(&single.fields) {
        typist.leave_out();
    }
}

/// Whether a page is not meant to be read yet.
fn is_draft(fields: &[Field]) -> bool {
    let draft = fields.iter().find(|field| fold_header(&field.key) == "draft").and_then(Field::text);
    draft.is_some_and(|text| value::bool(text.as_bytes()).unwrap_or(false))
}

/// The one record of a file.
struct Record<'a> {
    fields: &'a [Field],
    /// For each field of the kind where it is given.
    given: Vec<Option<usize>>,
    lists: Vec<Vec<String>>,
    /// The field that the body fills, the body, and the line on which it starts.
    body: Option<(usize, &'a str, u32)>,
    /// The field of the id, and the id that the file's name gives a page.
    id: Option<(usize, &'a str)>,
    path: Arc<str>,
}

impl Given for Record<'_> {
    fn len(&self) -> usize {
        1
    }

    fn has(&self, field: usize) -> bool {
        let made = |at: usize| at == field;
        self.given[field].is_some() || self.body.is_some_and(|b| made(b.0)) || self.id.is_some_and(|i| made(i.0))
    }

    fn cell(&self, _: usize, field: usize) -> Cell<'_> {
        if let Some((_, body, _)) = self.body.filter(|body| body.0 == field) {
            return Cell::Text(body.as_bytes());
        }
        if let Some((_, id)) = self.id.filter(|id| id.0 == field) {
            return Cell::Text(id.as_bytes());
        }
        match self.given[field].map(|at| (&self.fields[at].value, at)) {
            Some((FieldValue::Text(text, _), _)) => Cell::Text(text.as_bytes()),
            Some((FieldValue::List(_), at)) => Cell::Items(&self.lists[at]),
            None => Cell::Text(b""),
        }
    }

    fn is_turned(&self) -> bool {
        true
    }

    fn place(&self, _: usize, field: usize) -> Place {
        if let Some((.., line)) = self.body.filter(|body| body.0 == field) {
            return Place::line(self.path.clone(), line);
        }
        match self.given[field].map(|at| &self.fields[at]) {
            Some(Field { value: FieldValue::Text(_, place), .. }) => place.clone(),
            Some(Field { key_place, .. }) => key_place.clone(),
            None => Place::line(self.path.clone(), 1),
        }
    }

    fn position(&self, _: usize) -> (u64, u32) {
        (0, 1)
    }
}
