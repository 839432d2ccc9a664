//! `[records.<kind>]`: how the files of a kind are written here, where that is not as the standard expects: their
//! headers, their words for a value, the order of their dates, the sheet of their workbooks.

use crate::doc::Reader;
use crate::source::Place;
use crate::value::DateOrder;

/// What a workspace says of the files of one kind.
#[derive(Debug, Clone)]
pub struct Records {
    /// The kind.
    pub kind: String,
    /// Where it is named.
    pub place: Place,
    /// `aliases`: headers of fields.
    pub aliases: Vec<Alias>,
    /// `values`: words for the values of fields that are enumerations.
    pub words: Vec<Word>,
    /// `date_order`: how dates are to be read whose year does not stand first.
    pub date_order: Option<DateOrder>,
    /// `sheet`: the sheet of a workbook that holds the records; none for the first that is shown.
    pub sheet: Option<String>,
}

/// A header that means a field.
#[derive(Debug, Clone)]
pub struct Alias {
    /// The canonical field.
    pub field: String,
    /// Where the field is named.
    pub field_place: Place,
    /// The header.
    pub header: String,
    /// Where it is said.
    pub place: Place,
}

/// A word that means a value of a field.
#[derive(Debug, Clone)]
pub struct Word {
    /// The canonical field.
    pub field: String,
    /// Where the field is named.
    pub field_place: Place,
    /// The canonical value.
    pub value: String,
    /// Where the value is named.
    pub value_place: Place,
    /// The word.
    pub word: String,
    /// Where it is said.
    pub place: Place,
}

pub(super) fn read(root: &Reader<'_>) -> Vec<Records> {
    let Some(records) = root.table("records") else { return Vec::new() };
    let mut out = Vec::new();
    for kind in records.keys() {
        let Some(table) = records.table(&kind) else { continue };
        let place = records.key_place(&kind);
        let aliases = table.table("aliases").map(aliases).unwrap_or_default();
        let words = table.table("values").map(words).unwrap_or_default();
        let date_order = table.word("date_order", &DateOrder::NAMES).and_then(DateOrder::of_name);
        let sheet = table.text("sheet");
        table.done();
        out.push(Records { kind, place, aliases, words, date_order, sheet });
    }
    records.done();
    out
}

fn aliases(table: Reader<'_>) -> Vec<Alias> {
    let mut out = Vec::new();
    for field in table.keys() {
        for (header, place) in table.texts_placed(&field) {
            out.push(Alias { field: field.clone(), field_place: table.key_place(&field), header, place });
        }
    }
    table.done();
    out
}

fn words(table: Reader<'_>) -> Vec<Word> {
    let mut out = Vec::new();
    for field in table.keys() {
        let Some(values) = table.table(&field) else { continue };
        for value in values.keys() {
            for (word, place) in values.texts_placed(&value) {
                out.push(Word {
                    field: field.clone(),
                    field_place: table.key_place(&field),
                    value: value.clone(),
                    value_place: values.key_place(&value),
                    word,
                    place,
                });
            }
        }
        values.done();
    }
    table.done();
    out
}
