//! One SQLite file: a STRICT table for each kind and for what was judged, and the figures as views. Times are texts with
//! their offset, as people read them; `unixepoch` makes seconds of them.

use rusqlite::types::Value;
use rusqlite::{Connection, Transaction, params_from_iter};

use crate::calendar::Zone;
use crate::page::Book;
use crate::page::export::typed::Typed;
use crate::page::rows::Writer;
use crate::page::shelf::Shelf;
use crate::page::way::Way;
use crate::source::Failure;

use super::table::{Cells, Column, What, quoted};
use super::{facts, figures, records, refused};

/// By this a file is known as ours to replace: `application_id` of its header, where `file` and SQLite show it.
const APPLICATION: [u8; 4] = *b"wkpt";
/// Where the header says what a file is, and where the application is.
const MAGIC: &[u8] = b"SQLite format 3\0";
const AT: usize = 68;

/// The bytes of the database.
pub fn database(book: &Book<'_>) -> Result<Vec<u8>, Failure> {
    let tables = facts::tables(book)?;
    let shelf = Shelf::of(book.ledger, book.standard);
    let way = Way::from_depth(book, &shelf, 0);
    let mut writers = Vec::new();
    for at in records::kinds(book) {
        writers.push(Writer::open(book, &way, at)?);
    }
    let zone = &book.config.site.zone;
    let fill = || -> rusqlite::Result<Vec<u8>> {
        let mut memory = Connection::open_in_memory()?;
        memory.pragma_update(None, "application_id", i32::from_be_bytes(APPLICATION))?;
        let whole = memory.transaction()?;
        for writer in &writers {
            let columns = records::columns(writer.kind);
            let table = records::table(book, writer.at);
            let id = writer.kind.id().map_or("id", |at| &writer.kind.fields[at].name);
            create(&whole, &table, &columns, Some(id))?;
            for month in &shelf.kinds[writer.at] {
                let name = month.name();
                let rows: Vec<_> = month.rows.iter().map(|&row| writer.row(row as usize)).collect();
                insert(&whole, &table, &columns, rows.iter().map(|row| records::cells(writer, row, &name)), zone)?;
            }
        }
        for table in tables {
            create(&whole, table.name, &table.columns, None)?;
            insert(&whole, table.name, &table.columns, table.rows.into_iter(), zone)?;
        }
        whole.execute_batch(&figures::views(book))?;
        whole.commit()?;
        Ok(memory.serialize("main")?.to_vec())
    };
    fill().map_err(|why| refused("SQLite", &why))
}

/// Whether a file begins as one of ours does.
pub fn is_ours(head: &[u8]) -> bool {
    head.starts_with(MAGIC) && head.get(AT..AT + 4) == Some(&APPLICATION)
}

fn create(to: &Transaction<'_>, table: &str, columns: &[Column], unique: Option<&str>) -> rusqlite::Result<()> {
    let column = |column: &Column| {
        let (name, ty) = (quoted(&column.name), ty(column.what));
        let unique = if unique == Some(column.name.as_str()) { " UNIQUE" } else { "" };
        let check = if column.what == What::Bool { format!(" CHECK ({name} IN (0, 1))") } else { String::new() };
        format!("  {name} {ty}{unique}{check}")
    };
    let columns: Vec<String> = columns.iter().map(column).collect();
    to.execute_batch(&format!("CREATE TABLE {} (\n{}\n) STRICT", quoted(table), columns.join(",\n")))
}

fn ty(what: What) -> &'static str {
    match what {
        What::Text | What::Day | What::Time => "TEXT",
        What::Integer | What::Bool => "INTEGER",
        What::Decimal => "REAL",
    }
}

fn insert<'a>(
    to: &Transaction<'_>,
    table: &str,
    columns: &[Column],
    rows: impl Iterator<Item = Cells<'a>>,
    zone: &Zone,
) -> rusqlite::Result<()> {
    let marks = vec!["?"; columns.len()].join(",");
    let mut insert = to.prepare(&format!("INSERT INTO {} VALUES ({marks})", quoted(table)))?;
    for row in rows {
        insert.execute(params_from_iter(row.into_iter().map(|cell| value(cell, zone))))?;
    }
    Ok(())
}

fn value(cell: Typed<'_>, zone: &Zone) -> Value {
    match cell {
        Typed::Absent => Value::Null,
        Typed::Time(at) => Value::Text(zone.rfc3339(at)),
        Typed::Day(day) => Value::Text(day.to_string()),
        // Millionths of less than 2^53 are the nearest double of what they say.
        Typed::Decimal(n) => Value::Real(n.0 as f64 / 1_000_000.0),
        Typed::Integer(n) => Value::Integer(n),
        Typed::Bool(yes) => Value::Integer(i64::from(yes)),
        Typed::Text(text) => Value::Text(text.into_owned()),
    }
}
