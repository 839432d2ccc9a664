//! `datapackage.json`: what the tables in `data/` hold, by Frictionless Data Package and Table Schema, so that other
//! tools read them typed.

use crate::standard::{Field, Kind, Type};

use super::super::Book;
use super::super::charts::Numbers;
use super::csv::{SLOTS, TAIL};
use super::json::{object, string};

/// A month's table, as the package lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// The kind, as a position in the standard.
    pub kind: usize,
    /// The month: `2026-10`.
    pub month: String,
    /// Columns of the user's own, as the table's header names them.
    pub extras: Vec<String>,
}

/// The whole description. `tables` and the numbers of `charts` are those that were written.
pub fn describe(book: &Book<'_>, tables: &[Resource], charts: &[Numbers]) -> String {
    let lang = book.config.site.lang;
    let mut resources: Vec<String> = tables.iter().map(|t| resource(book, t)).collect();
    resources.push(plain("slots", &SLOTS));
    resources.push(plain("rejected", &super::super::rejected::COLUMNS));
    resources.extend(charts.iter().map(|chart| {
        let columns: Vec<&str> = chart.columns.iter().map(String::as_str).collect();
        plain(&format!("charts/{}", chart.name), &columns)
    }));
    let head = object(&[
        ("profile", string("tabular-data-package")),
        ("name", string("records")),
        ("title", string(&book.config.site.title)),
        ("description", string(book.standard.title.to(lang))),
        ("created", string(&book.config.site.zone.rfc3339(book.as_of))),
    ]);
    format!("{},\"resources\":[\n{}\n]}}\n", head.trim_end_matches('}'), resources.join(",\n"))
}

fn resource(book: &Book<'_>, table: &Resource) -> String {
    let kind = &book.standard.kinds[table.kind];
    let lang = book.config.site.lang;
    let mut fields = Vec::new();
    if kind.id().is_none() {
        fields.push(text("id"));
    }
    fields.extend(kind.fields.iter().map(|f| field(book, kind, f)));
    fields.extend(table.extras.iter().map(|name| text(name)));
    fields.extend(TAIL.iter().map(|name| match *name {
        "source_line" => object(&[("name", string(name)), ("type", string("integer"))]),
        _ => text(name),
    }));
    let key = kind.id().map_or("id", |at| &kind.fields[at].name);
    listed(
        &format!("{}-{}", kind.name, table.month),
        kind.title.to(lang),
        &format!("{}/{}.csv", kind.name, table.month),
        &fields,
        Some(key),
    )
}

fn plain(name: &str, columns: &[&str]) -> String {
    let fields: Vec<String> = columns.iter().map(|c| text(c)).collect();
    listed(name, name, &format!("{name}.csv"), &fields, None)
}

fn listed(name: &str, title: &str, path: &str, fields: &[String], key: Option<&str>) -> String {
    let mut schema = vec![("fields", format!("[{}]", fields.join(","))), ("missingValues", "[\"\"]".to_owned())];
    if let Some(key) = key {
        schema.push(("primaryKey", string(key)));
    }
    object(&[
        ("profile", string("tabular-data-resource")),
        ("name", string(&name.to_lowercase())),
        ("title", string(title)),
        ("path", string(path)),
        ("format", string("csv")),
        ("mediatype", string("text/csv")),
        ("encoding", string("utf-8")),
        ("dialect", object(&[("delimiter", string(",")), ("lineTerminator", string("\r\n"))])),
        ("schema", object(&schema)),
    ])
}

fn text(name: &str) -> String {
    object(&[("name", string(name)), ("type", string("string"))])
}

fn field(book: &Book<'_>, kind: &Kind, field: &Field) -> String {
    let ty = match field.ty {
        Type::Time => "datetime",
        Type::Date => "date",
        Type::Duration | Type::Integer { .. } | Type::Bytes => "integer",
        Type::Decimal | Type::Percent => "number",
        Type::Bool => "boolean",
        _ => "string",
    };
    let mut limits = Vec::new();
    // What a record lacks is a finding, not a broken table: only an id is never absent.
    if field.ty == Type::Id {
        limits.push(("required", "true".to_owned()));
    }
    match &field.ty {
        Type::Choice(choices) => {
            let names: Vec<String> = choices.iter().map(|c| string(&c.name)).collect();
            limits.push(("enum", format!("[{}]", names.join(","))));
        }
        Type::System => {
            let ids: Vec<String> = book.config.systems.iter().map(|s| string(&s.id)).collect();
            limits.push(("enum", format!("[{}]", ids.join(","))));
        }
        Type::Percent => limits.extend([("minimum", "0".to_owned()), ("maximum", "100".to_owned())]),
        _ => {}
    }
    let mut pairs = vec![
        ("name", string(&field.name)),
        ("type", string(ty)),
        ("title", string(field.title.to(book.config.site.lang))),
    ];
    match field.ty {
        Type::Duration => pairs.push(("unit", string("s"))),
        Type::Bytes => pairs.push(("unit", string("B"))),
        Type::Ref(ref of) => pairs.push(("description", string(&format!("{of}: id")))),
        _ => {}
    }
    if kind.fields[kind.at].name == field.name {
        pairs.push(("primaryTime", "true".to_owned()));
    }
    if !limits.is_empty() {
        pairs.push(("constraints", object(&limits)));
    }
    object(&pairs)
}
