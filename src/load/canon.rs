//! A record's canonical text: its cells by canonical name, as typed (archive.md, section 2).

use crate::ledger::{Heading, Shape};
use crate::seal::canon;
use crate::standard::{Kind, Type};
use crate::value;

use super::Cells;

/// The name under which a Markdown body stands in the canonical form.
pub const BODY: &str = "body";

/// Whether a text means that its field has no value. A choice or a bool may claim a word such as `无` for itself.
pub fn is_absent(kind: &Kind, field: usize, text: &str) -> bool {
    if !value::absent(text.as_bytes()) {
        return kind.fields[field].ty == Type::Time && value::stands_for_none(text.as_bytes());
    }
    match &kind.fields[field].ty {
        Type::Choice(choices) => !choices.iter().any(|c| {
            let mut words = c.words.iter().chain([&c.name, &c.title.zh, &c.title.en]);
            words.any(|word| word.to_lowercase() == text.to_lowercase())
        }),
        Type::Bool => !value::is_false_word(text.as_bytes()),
        _ => true,
    }
}

impl Cells<'_> {
    /// The canonical line of the record, without LF. `shape` is that of its file: of a Markdown record the body
    /// stands under `body`, whatever field it fills.
    pub fn canonical(&self, kind: &Kind, shape: &Shape) -> String {
        let cells = self.iter();
        let last = cells.len().wrapping_sub(1);
        let mut fields: Vec<(&str, &str)> = Vec::with_capacity(cells.len());
        for (at, (heading, text)) in cells.enumerate() {
            let is_body = *shape == Shape::Markdown && self.has_body && at == last;
            match heading {
                _ if is_body => fields.push((BODY, text)),
                Heading::Field(field) if is_absent(kind, *field, text) => {}
                Heading::Field(field) => fields.push((&kind.fields[*field].name, text)),
                Heading::Extra(_) if value::absent(text.as_bytes()) => {}
                Heading::Extra(name) => fields.push((name, text)),
            }
        }
        canon::canonical(&mut fields)
    }
}
