//! Tables for spreadsheets and for programs: UTF-8 with a byte order mark (else a Chinese spreadsheet guesses
//! wrongly), CRLF (RFC 4180), canonical headers, values in one form whatever the record wrote.
//!
//! A spreadsheet runs a cell that begins like a formula, so such a cell gets a `'` before it. The originals in
//! `evidence/` are untouched.

use std::collections::BTreeSet;

use ::csv::{Terminator, WriterBuilder};

use crate::calendar::Zone;
use crate::ledger::{Heading, Shape};
use crate::slots::{Slot, State};
use crate::standard::Rule;

use super::super::Book;
use super::super::rows::{Row, Writer};
use super::super::shelf::Month;
use super::package::Resource;
use super::typed::{self, Typed};
use super::{File, path};

/// The byte order mark.
pub const BOM: &str = "\u{feff}";
/// The columns after those of the record: what became of it, and where it stands.
pub const TAIL: [&str; 5] = ["record_state", "corrected_by", "source_file", "source_line", "record_digest"];

/// The columns of `data/slots.csv`.
pub const SLOTS: [&str; 9] = ["rule", "clause", "system", "shift", "from", "to", "state", "record", "waiver"];

/// Rows being written. What needs quotes is known to the `csv` crate.
pub struct Lines(::csv::Writer<Vec<u8>>);

impl Default for Lines {
    fn default() -> Self {
        Self::of_cells_up_to(0)
    }
}

impl Lines {
    /// For cells of so many bytes. A cell that is longer than the writer's buffer is looked through again for each piece
    /// of it that is written: of a line of fifty megabytes six thousand times.
    pub fn of_cells_up_to(longest: usize) -> Self {
        let held = longest.saturating_mul(2).max(8 << 10);
        let builder = &mut WriterBuilder::new();
        Self(builder.terminator(Terminator::CRLF).flexible(true).buffer_capacity(held).from_writer(Vec::new()))
    }

    /// Writes a value that is no formula whatever it begins with, such as a number.
    fn value(&mut self, text: &str) {
        // Writing into memory cannot fail, and rows may be of any length.
        let _ = self.0.write_field(text);
    }

    /// Writes a cell, guarded where a spreadsheet would run it.
    fn cell(&mut self, text: &str) {
        if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
            self.value(&format!("'{text}"));
        } else {
            self.value(text);
        }
    }

    /// Writes cells and the end of their row.
    pub fn row<'t>(&mut self, cells: impl IntoIterator<Item = &'t str>) {
        for text in cells {
            self.cell(text);
        }
        let _ = self.0.write_record(None::<&[u8]>);
    }

    /// What was written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0.into_inner().unwrap_or_default()
    }
}

/// A table of a header and of rows that were written apart.
pub fn table<'t>(header: impl IntoIterator<Item = &'t str>, parts: impl IntoIterator<Item = Vec<u8>>) -> Vec<u8> {
    let mut head = Lines::default();
    head.row(header);
    let mut out = BOM.as_bytes().to_vec();
    out.extend(head.into_bytes());
    for part in parts {
        out.extend(part);
    }
    out
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
fn header(writer: &Writer<'_>, extras: &[String]) -> Vec<String> {
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

/// The table of a month, of lines that were written apart, and what it holds.
pub fn month(writer: &Writer<'_>, month: &Month, extras: &[String], parts: Vec<Vec<u8>>) -> (File, Resource) {
    let header = header(writer, extras);
    let bytes = table(header.iter().map(String::as_str), parts);
    let (name, tail) = (month.name(), header.len() - TAIL.len());
    let file = File::new(path(&writer.kind.name, &name), bytes);
    (file, Resource { kind: writer.at, month: name, extras: header[tail - extras.len()..tail].to_vec() })
}

/// Writes a record as a line of its month's table.
pub fn record(out: &mut Lines, writer: &Writer<'_>, row: &Row, extras: &[String]) {
    if writer.kind.id().is_none() {
        out.cell(writer.table.ids.get(row.row));
    }
    for field in 0..writer.kind.fields.len() {
        value(out, &typed::value(writer, row, field), &writer.config().site.zone);
    }
    for name in extras {
        out.cell(row.cells.extras().find(|(n, _)| n == name).map_or("", |(_, text)| text));
    }
    let (state, by) = typed::state(writer, row.row);
    let line_number = writer.table.position(row.row).1.to_string();
    out.row([state, by, writer.path(writer.table.file(row.row)), &line_number, &row.digest]);
}

/// A value in its one form: RFC 3339, ISO dates, canonical names, seconds, bytes. A number is no formula.
fn value(out: &mut Lines, typed: &Typed<'_>, zone: &Zone) {
    match typed {
        Typed::Absent => out.value(""),
        Typed::Time(at) => out.value(&zone.rfc3339(*at)),
        Typed::Day(day) => out.value(&day.to_string()),
        Typed::Decimal(n) => out.value(&n.to_string()),
        Typed::Integer(n) => out.value(&n.to_string()),
        Typed::Bool(yes) => out.value(if *yes { "true" } else { "false" }),
        Typed::Text(text) => out.cell(text),
    }
}

/// Every slot of every rule: what should have happened, and whether it did.
pub fn slots(book: &Book<'_>) -> Vec<u8> {
    let mut out = Lines::default();
    for group in book.slots {
        let rule = &book.standard.rules[group.rule];
        let system = group.system.map_or("", |s| &book.config.systems[s].id);
        for slot in &group.slots {
            let shift = slot.shift.map_or("", |s| &book.config.shifts[usize::from(s)].id);
            let (record, waiver) = proof(book, rule, slot);
            let (from, to) = (slot.first.to_string(), slot.last.to_string());
            out.row([&rule.id, &rule.clause, system, shift, &from, &to, slot.state.name(), record, waiver]);
        }
    }
    table(SLOTS, [out.into_bytes()])
}

/// The ids of the record that meets a slot and of the waiver that covers it, as far as there are any.
pub fn proof<'a>(book: &'a Book<'_>, rule: &Rule, slot: &Slot) -> (&'a str, &'a str) {
    let record = match (slot.met_by, rule.kind) {
        (Some(row), Some(kind)) => book.ledger.tables[kind].ids.get(row as usize),
        _ => "",
    };
    let waiver = match (slot.state, slot.waiver) {
        (State::Waived, Some(at)) => book.waivers.all[at as usize].id.as_str(),
        _ => "",
    };
    (record, waiver)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_is_guarded_a_number_is_not_and_quotes_stand_where_they_must() {
        let mut out = Lines::default();
        out.value("-12");
        out.row(["=1+1", "a,b", "say \"hi\"", "two\nlines", "+1\"", "plain", ""]);
        let text = String::from_utf8(out.into_bytes()).unwrap();
        assert_eq!(text, "-12,'=1+1,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",\"'+1\"\"\",plain,\r\n");
        assert_eq!(table(["甲", "@b"], [b"1,2\r\n".to_vec()]), "\u{feff}甲,'@b\r\n1,2\r\n".as_bytes());
    }
}
