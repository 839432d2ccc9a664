//! The records of a kind as rows of a table: its fields typed, then what became of each record and where it stands.
//! Columns that the kind does not know are one column of JSON, because two that differ in case only are one to SQL.

use std::borrow::Cow;

use crate::calendar::Unit;
use crate::page::Book;
use crate::page::export::json::string;
use crate::page::export::typed::{self, Typed};
use crate::page::rows::{Row, Writer};
use crate::standard::{Kind, Type};

use super::table::{Cells, Column, What};

/// The columns before those of a kind without an id of its own.
const ID: &str = "id";
/// The columns after those of the kind.
const TAIL: [(&str, What); 9] = [
    ("record_month", What::Text),
    ("record_day", What::Day),
    ("record_state", What::Text),
    ("corrected_by", What::Text),
    ("sealed_in", What::Text),
    ("other_columns", What::Text),
    ("source_file", What::Text),
    ("source_line", What::Integer),
    ("record_digest", What::Text),
];

/// The name of a kind's table, by its position in the standard: the kind's own, where none of ours is called so.
pub(super) fn table(book: &Book<'_>, kind: usize) -> String {
    let name = &book.standard.kinds[kind].name;
    let folded = name.to_lowercase();
    let taken = super::facts::NAMES.contains(&folded.as_str()) || super::figures::is_view(&folded);
    if taken { format!("{name}_records") } else { name.clone() }
}

/// The kinds whose records are records.
pub(super) fn kinds(book: &Book<'_>) -> impl Iterator<Item = usize> {
    let kinds = &book.standard.kinds;
    (0..kinds.len()).filter(move |&at| !kinds[at].pages)
}

/// The columns of a kind.
pub(super) fn columns(kind: &Kind) -> Vec<Column> {
    let mut out = Vec::new();
    if kind.id().is_none() {
        out.push(Column::new(ID, What::Text));
    }
    out.extend(kind.fields.iter().map(|field| Column::new(field.name.clone(), what(&field.ty))));
    out.extend(TAIL.iter().map(|(name, what)| Column::new(*name, *what)));
    out
}

fn what(ty: &Type) -> What {
    match ty {
        Type::Time => What::Time,
        Type::Date => What::Day,
        Type::Duration | Type::Integer { .. } | Type::Bytes => What::Integer,
        Type::Decimal | Type::Percent => What::Decimal,
        Type::Bool => What::Bool,
        Type::Id
        | Type::Text
        | Type::System
        | Type::Shift
        | Type::Choice(_)
        | Type::List
        | Type::Ref(_)
        | Type::Interval => What::Text,
    }
}

/// A record of a month.
pub(super) fn cells<'r>(writer: &'r Writer<'_>, row: &'r Row<'_>, month: &'r str) -> Cells<'r> {
    let mut out = Vec::with_capacity(writer.kind.fields.len() + TAIL.len() + 1);
    if writer.kind.id().is_none() {
        out.push(Typed::text(writer.table.ids.get(row.row)));
    }
    out.extend((0..writer.kind.fields.len()).map(|field| typed::value(writer, row, field)));
    let (state, by) = typed::state(writer, row.row);
    out.extend([
        Typed::text(month),
        writer.table.date(row.row).map_or(Typed::Absent, Typed::Day),
        Typed::text(state),
        Typed::text(by),
        Typed::text(writer.holder(row.row).map_or_else(String::new, |seal| seal.month().name(Unit::Month))),
        Typed::text(others(row)),
        Typed::text(writer.path(writer.table.file(row.row))),
        Typed::Integer(i64::from(writer.table.position(row.row).1)),
        Typed::text(Cow::Borrowed(row.digest.as_str())),
    ]);
    out
}

/// The columns that the kind does not know, as an object of JSON; empty where there is none.
fn others(row: &Row<'_>) -> String {
    let pairs: Vec<String> = row
        .cells
        .extras()
        .filter(|(_, text)| !text.is_empty())
        .map(|(name, text)| format!("{}:{}", string(name), string(text)))
        .collect();
    if pairs.is_empty() { String::new() } else { format!("{{{}}}", pairs.join(",")) }
}
