//! Parquet files, by kind and month as Hive lays them out, for engines that take over where one machine ends; and beside
//! them the same views as in SQLite, for DuckDB.

use std::fmt::Write as _;
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{Type, TypePtr};
use rayon::prelude::*;

use crate::TOOL;
use crate::export;
use crate::page::Book;
use crate::page::export::typed::Typed;
use crate::page::rows::{Row, Writer};
use crate::page::shelf::{Month, Shelf};
use crate::page::way::Way;
use crate::source::Failure;
use crate::tree::SiteTree;

use super::table::{Cells, Column, What, quoted};
use super::{facts, figures, records, refused};

/// The views, for DuckDB.
const VIEWS: &str = "figures.sql";

/// The folder of all files.
pub fn folder(book: &Book<'_>) -> Result<SiteTree, Failure> {
    let shelf = Shelf::of(book.ledger, book.standard);
    let mut files = vec![(VIEWS.to_owned(), sql(book, &shelf).into_bytes())];
    for table in facts::tables(book)? {
        files.push((format!("{}.parquet", table.name), file(&table.columns, &table.rows)?));
    }
    let way = Way::from_depth(book, &shelf, 0);
    for at in records::kinds(book) {
        let writer = Writer::open(book, &way, at)?;
        let columns = records::columns(writer.kind);
        let month = |month: &Month| {
            let name = month.name();
            let rows: Vec<Row<'_>> = month.rows.iter().map(|&row| writer.row(row as usize)).collect();
            let cells: Vec<Cells<'_>> = rows.iter().map(|row| records::cells(&writer, row, &name)).collect();
            Ok((path(&writer.kind.name, &name), file(&columns, &cells)?))
        };
        files.extend(shelf.kinds[at].par_iter().map(month).collect::<Result<Vec<_>, Failure>>()?);
    }
    Ok(export::folder(files)?.finish(&export::manifest(book)))
}

fn path(kind: &str, month: &str) -> String {
    format!("records/kind={kind}/month={month}/records.parquet")
}

/// `figures.sql`: a view for each table under the name that it has in SQLite, then the figures.
fn sql(book: &Book<'_>, shelf: &Shelf) -> String {
    let mut out = String::from(
        "-- Run it in this folder:  duckdb -init figures.sql   (or .read figures.sql)\n\
         -- Then: SELECT * FROM figures_counted;   SELECT * FROM differences;   (no row: SQL counts the same)\n\n\
         CREATE MACRO unixepoch(t) AS CAST(epoch(t) AS BIGINT);\n\n",
    );
    for table in facts::NAMES {
        let _ = writeln!(out, "CREATE VIEW {table} AS SELECT * FROM read_parquet('{table}.parquet');");
    }
    for at in records::kinds(book) {
        let kind = &book.standard.kinds[at];
        let view = quoted(&records::table(book, at));
        if shelf.kinds[at].is_empty() {
            // There is no file to read the columns from.
            let columns: Vec<String> = records::columns(kind)
                .iter()
                .map(|column| format!("CAST(NULL AS {}) AS {}", ty(column.what), quoted(&column.name)))
                .collect();
            let _ = writeln!(out, "CREATE VIEW {view} AS SELECT {} WHERE false;", columns.join(", "));
        } else {
            // The names of the folders are no columns here: a kind may have fields that are called so.
            let _ = writeln!(
                out,
                "CREATE VIEW {view} AS SELECT * FROM read_parquet('{}', hive_partitioning = false);",
                path(&kind.name, "*").replace('\'', "''")
            );
        }
    }
    out.push('\n');
    out.push_str(&figures::views(book));
    out
}

/// The type of a column in DuckDB.
fn ty(what: What) -> &'static str {
    match what {
        What::Text => "VARCHAR",
        What::Integer => "BIGINT",
        What::Decimal => "DECIMAL(18,6)",
        What::Bool => "BOOLEAN",
        What::Day => "DATE",
        What::Time => "TIMESTAMPTZ",
    }
}

/// The bytes of a file: one group of rows.
fn file(columns: &[Column], rows: &[Cells<'_>]) -> Result<Vec<u8>, Failure> {
    write(columns, rows).map_err(|why| refused("Parquet", &why))
}

fn write(columns: &[Column], rows: &[Cells<'_>]) -> Result<Vec<u8>, ParquetError> {
    let properties =
        WriterProperties::builder().set_compression(Compression::SNAPPY).set_created_by(TOOL.to_owned()).build();
    let mut out = SerializedFileWriter::new(Vec::new(), schema(columns)?, Arc::new(properties))?;
    let mut group = out.next_row_group()?;
    for (at, column) in columns.iter().enumerate() {
        let cells = || rows.iter().map(|row| &row[at]);
        match column.what {
            What::Text => put::<ByteArrayType>(&mut group, cells().map(text))?,
            What::Integer | What::Decimal | What::Time => put::<Int64Type>(&mut group, cells().map(long))?,
            What::Bool => put::<BoolType>(&mut group, cells().map(yes))?,
            What::Day => put::<Int32Type>(&mut group, cells().map(day))?,
        }
    }
    group.close()?;
    out.into_inner()
}

fn schema(columns: &[Column]) -> Result<TypePtr, ParquetError> {
    let field = |column: &Column| {
        let (physical, logical) = match column.what {
            What::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            What::Integer => (Physical::INT64, None),
            What::Decimal => (Physical::INT64, Some(LogicalType::decimal(6, 18))),
            What::Bool => (Physical::BOOLEAN, None),
            What::Day => (Physical::INT32, Some(LogicalType::Date)),
            What::Time => (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MILLIS))),
        };
        let mut field = Type::primitive_type_builder(&column.name, physical)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(logical);
        if column.what == What::Decimal {
            field = field.with_precision(18).with_scale(6);
        }
        field.build().map(Arc::new)
    };
    let fields = columns.iter().map(field).collect::<Result<Vec<_>, ParquetError>>()?;
    Ok(Arc::new(Type::group_type_builder("record").with_fields(fields).build()?))
}

/// Writes the next column.
fn put<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, Vec<u8>>,
    cells: impl Iterator<Item = Option<T::T>>,
) -> Result<(), ParquetError> {
    let (mut values, mut levels) = (Vec::new(), Vec::new());
    for cell in cells {
        levels.push(i16::from(cell.is_some()));
        values.extend(cell);
    }
    let Some(mut column) = group.next_column()? else { return Ok(()) };
    column.typed::<T>().write_batch(&values, Some(&levels), None)?;
    column.close()
}

fn text(cell: &Typed<'_>) -> Option<ByteArray> {
    match cell {
        Typed::Text(text) => Some(ByteArray::from(&**text)),
        _ => None,
    }
}

/// Milliseconds, millionths, or a whole number.
fn long(cell: &Typed<'_>) -> Option<i64> {
    match cell {
        Typed::Time(at) => at.0.checked_mul(1000),
        Typed::Decimal(n) => Some(n.0),
        Typed::Integer(n) => Some(*n),
        _ => None,
    }
}

fn yes(cell: &Typed<'_>) -> Option<bool> {
    match cell {
        Typed::Bool(yes) => Some(*yes),
        _ => None,
    }
}

/// Days since 1970.
fn day(cell: &Typed<'_>) -> Option<i32> {
    match cell {
        Typed::Day(day) => Some(day.0),
        _ => None,
    }
}
