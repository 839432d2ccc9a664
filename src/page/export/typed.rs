//! The value of a field as what it is, whatever the record wrote: a table for spreadsheets prints it, a database
//! stores it.

use std::borrow::Cow;

use crate::calendar::{Day, Instant};
use crate::ledger::{Standing, Value};
use crate::load::{ITEM, is_absent};
use crate::standard::Type;
use crate::value::Decimal;

use super::super::rows::{Row, Writer};

/// One value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed<'a> {
    /// None.
    Absent,
    /// An instant.
    Time(Instant),
    /// A local day.
    Day(Day),
    /// A number, exact to a millionth.
    Decimal(Decimal),
    /// A whole number: a count, seconds, bytes.
    Integer(i64),
    /// Yes or no.
    Bool(bool),
    /// Any text: also the id of a system or a shift, the name of a choice, the items of a list.
    Text(Cow<'a, str>),
}

impl<'a> Typed<'a> {
    /// A text; none where it is empty.
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Absent } else { Self::Text(text) }
    }
}

/// The value of a field of a record.
pub fn value<'r>(writer: &'r Writer<'_>, row: &'r Row<'_>, field: usize) -> Typed<'r> {
    let (kind, config) = (writer.kind, writer.config());
    let ty = &kind.fields[field].ty;
    match (ty, writer.table.get(row.row, field)) {
        (Type::Id, _) => Typed::text(writer.table.ids.get(row.row)),
        (_, Value::Time(at)) => Typed::Time(at),
        (_, Value::Day(day)) => Typed::Day(day),
        (Type::Decimal | Type::Percent, Value::Number(n)) => Typed::Decimal(Decimal(n)),
        (_, Value::Number(n)) => Typed::Integer(n),
        (Type::Choice(choices), Value::Code(code)) => {
            Typed::text(choices.get(usize::from(code)).map_or("", |c| &c.name))
        }
        (Type::System, Value::Code(code)) => Typed::text(&config.systems[usize::from(code)].id),
        (Type::Shift, Value::Code(code)) => Typed::text(&config.shifts[usize::from(code)].id),
        (Type::Bool, Value::Code(code)) => Typed::Bool(code != 0),
        (_, have) => {
            let text = row.cells.field(field);
            // A time that had not come by the instant of judgement counts as absent; here it is told all the same.
            let late = (have == Value::Absent && *ty == Type::Time && !text.is_empty())
                .then(|| crate::value::time(text.as_bytes(), &config.site.zone, kind.date_order).ok())
                .flatten();
            match late {
                Some(time) => Typed::Time(time.at),
                None if is_absent(kind, field, text) => Typed::Absent,
                None if text.contains(ITEM) => Typed::text(text.replace(ITEM, "; ")),
                None => Typed::text(text),
            }
        }
    }
}

/// What became of a record, and the id of the one that corrects it.
pub fn state<'r>(writer: &'r Writer<'_>, row: usize) -> (&'static str, &'r str) {
    match writer.table.standing[row] {
        Standing::Counts => ("counts", ""),
        Standing::Corrected => ("corrected", writer.corrected_by(row).map_or("", |new| writer.table.ids.get(new))),
        Standing::Future => ("future", ""),
        Standing::Rejected => ("rejected", ""),
    }
}
