//! Tables for spreadsheets and for programs: UTF-8 with a byte order mark (else a Chinese spreadsheet guesses
//! wrongly), CRLF (RFC 4180), canonical headers, values in one form whatever the record wrote.
//!
//! A spreadsheet runs a cell that begins like a formula, so such a cell gets a `'` before it. The originals in
//! `evidence/` are untouched.

use std::collections::BTreeSet;

use crate::ledger::{Heading, Shape, Standing, Value};
use crate::load::{ITEM, is_absent};
use crate::slots::State;
use crate::standard::Type;
use crate::value::Decimal;

use super::super::Book;
use super::super::rows::{Row, Writer};
use super::super::shelf::Month;

/// The byte order mark.
pub const BOM: &str = "\u{feff}";
/// The columns after those of the record: what became of it, and where it stands.
pub const TAIL: [&str; 5] = ["record_state", "corrected_by", "source_file", "source_line", "digest"];

/// Writes one cell, guarded and quoted where it must be.
pub fn cell(out: &mut String, text: &str) {
    let guarded = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if text.contains(['"', ',', '\n', '\r']) || text.starts_with(' ') || text.ends_with(' ') {
        out.push('"');
        if guarded {
            out.push('\'');
        }
        for c in text.chars() {
            if c == '"' {
                out.push('"');
            }
            out.push(c);
        }
        out.push('"');
    } else {
        if guarded {
            out.push('\'');
        }
        out.push_str(text);
    }
}

/// Writes a row of cells and its end.
pub fn line<'t>(out: &mut String, cells: impl IntoIterator<Item = &'t str>) {
    for (at, text) in cells.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        cell(out, text);
    }
    out.push_str("\r\n");
}

/// The headers that a kind does not know and that the records of a month bear, by name.
pub fn extras(writer: &Writer<'_>, month: &Month) -> Vec<String> {
    let mut files = BTreeSet::new();
    let mut out = BTreeSet::new();
    for &row in &month.rows {
        let file = writer.table.file(row as usize);
        match writer.file_shape(file) {
            Shape::Csv { columns, .. } => {
                if files.insert(file) {
                    out.extend(columns.iter().filter_map(|h| match h {
                        Heading::Extra(name) => Some(name.clone()),
                        Heading::Field(_) => None,
                    }));
                }
            }
            _ => out.extend(writer.row(row as usize).cells.extras().map(|(name, _)| name.to_owned())),
        }
    }
    out.into_iter().collect()
}

/// The header of a month's table. A column of the user's own that bears one of our names gets a `+` before it.
pub fn header(writer: &Writer<'_>, extras: &[String]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    if writer.kind.id().is_none() {
        names.push("id".to_owned());
    }
    names.extend(writer.kind.fields.iter().map(|f| f.name.clone()));
    for extra in extras {
        let taken = names.contains(extra) || TAIL.contains(&extra.as_str());
        names.push(if taken { format!("+{extra}") } else { extra.clone() });
    }
    names.extend(TAIL.map(str::to_owned));
    names
}

/// Writes a record as a line of its month's table.
pub fn record(out: &mut String, writer: &Writer<'_>, row: &Row, extras: &[String]) {
    if writer.kind.id().is_none() {
        cell(out, writer.table.ids.get(row.row));
        out.push(',');
    }
    for field in 0..writer.kind.fields.len() {
        value(out, writer, row, field);
        out.push(',');
    }
    for name in extras {
        cell(out, row.cells.extras().find(|(n, _)| n == name).map_or("", |(_, text)| text));
        out.push(',');
    }
    let (state, by) = match writer.table.standing[row.row] {
        Standing::Counts => ("counts", ""),
        Standing::Corrected => ("corrected", writer.corrected_by(row.row).map_or("", |new| writer.table.ids.get(new))),
        Standing::Future => ("future", ""),
        Standing::Rejected => ("rejected", ""),
    };
    let line_number = writer.table.position(row.row).1.to_string();
    line(out, [state, by, writer.path(writer.table.file(row.row)), &line_number, &row.digest]);
}

/// A value in its one form: RFC 3339, ISO dates, canonical names, seconds, bytes. A number is no formula.
fn value(out: &mut String, writer: &Writer<'_>, row: &Row, field: usize) {
    let (kind, config) = (writer.kind, writer.config());
    let ty = &kind.fields[field].ty;
    match (ty, writer.table.get(row.row, field)) {
        (Type::Id, _) => cell(out, writer.table.ids.get(row.row)),
        (_, Value::Time(at)) => out.push_str(&config.site.zone.rfc3339(at)),
        (_, Value::Day(day)) => out.push_str(&day.to_string()),
        (Type::Decimal | Type::Percent, Value::Number(n)) => out.push_str(&Decimal(n).to_string()),
        (_, Value::Number(n)) => out.push_str(&n.to_string()),
        (Type::Choice(choices), Value::Code(code)) => {
            cell(out, choices.get(usize::from(code)).map_or("", |c| &c.name));
        }
        (Type::System, Value::Code(code)) => cell(out, &config.systems[usize::from(code)].id),
        (Type::Shift, Value::Code(code)) => cell(out, &config.shifts[usize::from(code)].id),
        (Type::Bool, Value::Code(code)) => out.push_str(if code == 0 { "false" } else { "true" }),
        (_, have) => {
            let text = row.cells.field(field);
            // A time that had not come by the instant of judgement counts as absent; here it is told all the same.
            let late = (have == Value::Absent && *ty == Type::Time)
                .then(|| crate::value::time(text.as_bytes(), &config.site.zone).ok())
                .flatten();
            match late {
                Some(time) => out.push_str(&config.site.zone.rfc3339(time.at)),
                None if is_absent(kind, field, text) => {}
                None if text.contains(ITEM) => cell(out, &text.replace(ITEM, "; ")),
                None => cell(out, text),
            }
        }
    }
}

/// Every slot of every rule: what should have happened, and whether it did.
pub fn slots(book: &Book<'_>) -> String {
    let mut out = String::from(BOM);
    line(&mut out, ["rule", "clause", "system", "shift", "from", "to", "state", "record", "waiver"]);
    for group in book.slots {
        let rule = &book.standard.rules[group.rule];
        let system = group.system.map_or("", |s| &book.config.systems[s].id);
        for slot in &group.slots {
            let shift = slot.shift.map_or("", |s| &book.config.shifts[usize::from(s)].id);
            let record = match (slot.met_by, rule.kind) {
                (Some(row), Some(kind)) => book.ledger.tables[kind].ids.get(row as usize),
                _ => "",
            };
            let waiver = match (slot.state, slot.waiver) {
                (State::Waived, Some(at)) => book.waivers.all[usize::from(at)].id.as_str(),
                _ => "",
            };
            let (from, to) = (slot.first.to_string(), slot.last.to_string());
            line(&mut out, [&rule.id, &rule.clause, system, shift, &from, &to, slot.state.name(), record, waiver]);
        }
    }
    out
}
