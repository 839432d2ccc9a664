//! The rows of the record pages, written by hand into one text: there may be a million of them, and each is the same.
//!
//! Values stand as they were written; what they mean (an instant, a number, a choice) goes beside them in `data-v`,
//! by which the script sorts and filters. End tags that HTML lets go are let go.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use rayon::prelude::*;

use crate::calendar::{Day, MONTHS};
use crate::config::Config;
use crate::ledger::{Column, Heading, Shape, Standing, Table, Value};
use crate::load::{Cells, Reread, is_absent};
use crate::say;
use crate::say::{Lang, Said};
use crate::seal::Sealed;
use crate::seal::canon;
use crate::source::Failure;
use crate::standard::{Kind, Type};
use crate::value::Decimal;

use super::Book;
use super::breadth::broad;
use super::cell::{language, long, named, number};
use super::inert;
use super::shelf::{CHUNK, Month};
use super::way::Way;

/// Writes the records of one kind. Its files are read once and held while its pages are written.
pub struct Writer<'a> {
    book: &'a Book<'a>,
    way: &'a Way<'a>,
    /// The kind, as a position in the standard.
    pub at: usize,
    /// The kind.
    pub kind: &'a Kind,
    /// Its records.
    pub table: &'a Table,
    files: BTreeMap<usize, Reread<'a>>,
    lang: Lang,
}

/// A record with all that is shown of it.
pub struct Row<'w> {
    /// The row in its table.
    pub row: usize,
    /// Its texts.
    pub cells: Cells<'w>,
    /// SHA-256 over its canonical form, in hex.
    pub digest: String,
}

/// A count above the tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facet {
    /// The field, as a position in the kind.
    pub field: usize,
    /// Canonical value, what is shown, how many on this page; in the order of the kind's choices.
    pub counts: Vec<(String, String, usize)>,
}

/// One page's worth of records.
pub struct Leaf {
    /// The tables.
    pub html: String,
    /// The counts above them.
    pub facets: Vec<Facet>,
    /// The files that the records stand in.
    pub files: BTreeSet<usize>,
}

impl<'a> Writer<'a> {
    /// Reads the files of a kind.
    pub fn open(book: &'a Book<'a>, way: &'a Way<'a>, at: usize) -> Result<Self, Failure> {
        let of_kind: Vec<usize> = (0..book.ledger.files.len())
            .filter(|&f| book.ledger.files[f].kind == at && book.ledger.files[f].rows > 0)
            .collect();
        let (kind, table) = (&book.standard.kinds[at], &book.ledger.tables[at]);
        let files = of_kind
            .par_iter()
            .map(|&f| Ok((f, Reread::open(book.sources, &book.ledger.files[f], kind)?)))
            .collect::<Result<BTreeMap<_, _>, Failure>>()?;
        Ok(Self { book, way, at, kind, table, files, lang: book.config.site.lang })
    }

    /// A record as written; empty for a row of a file that is not held.
    pub fn row(&self, row: usize) -> Row<'_> {
        let file = self.table.file(row);
        let Some(reread) = self.files.get(&file) else {
            return Row { row, cells: Cells::default(), digest: String::new() };
        };
        let cells = reread.cells(self.table.position(row).0);
        let digest = canon::digest(&cells.canonical(self.kind, self.shape(row)));
        Row { row, cells, digest }
    }

    /// The seal that holds a record just as it is.
    pub fn holder(&self, row: usize) -> Option<&'a Sealed> {
        self.book.archive.holder(self.at, row)
    }

    fn shape(&self, row: usize) -> &Shape {
        self.file_shape(self.table.file(row))
    }

    /// How the rows of a file are written.
    pub fn file_shape(&self, file: usize) -> &'a Shape {
        &self.book.ledger.files[file].shape
    }

    /// The path of a file, relative to the workspace.
    pub fn path(&self, file: usize) -> &'a str {
        &self.book.ledger.files[file].path
    }

    /// The workspace's settings.
    pub fn config(&self) -> &'a Config {
        self.book.config
    }

    /// The `id` attribute of a row.
    pub fn anchor(&self, row: &Row<'_>) -> String {
        match self.table.ids.get(row.row) {
            // A natural key lacks a part: the beginning of the digest stands for it.
            "" => inert::anchor(&row.digest[..row.digest.len().min(10)]),
            id => inert::anchor(id),
        }
    }

    /// The page that a record has of its own, from the root of the site.
    pub fn own_page(&self, row: &Row<'_>) -> Option<String> {
        self.way.own_page(self.at, row.row)
    }

    /// The records of one page of a month, as written. `page` counts from 0.
    pub fn rows(&self, month: &Month, page: usize) -> Vec<Row<'_>> {
        month.page(page).iter().map(|&row| self.row(row as usize)).collect()
    }

    /// The tables of a page. `first` is the number of its first record in the month, from 0, of `total`.
    pub fn leaf(&self, rows: &[Row<'_>], first: usize, total: usize) -> Leaf {
        let columns = self.columns(rows);
        let titles = columns.iter().map(|column| self.title(column));
        let ids = rows.iter().map(|row| self.table.ids.get(row.row));
        let frame = if broad(self.kind, &columns, titles, ids, rows) { " many" } else { "" };
        let mut html = String::with_capacity(rows.len() * 400 + 1000);
        for (n, chunk) in rows.chunks(CHUNK).enumerate() {
            self.chunk(&mut html, chunk, (&columns, frame), first + n * CHUNK, total);
        }
        let files = rows.iter().map(|r| self.table.file(r.row)).collect();
        Leaf { html, facets: self.facets(rows), files }
    }

    /// The fields that have a value on the page, in the kind's order without the id, then unknown columns by name.
    fn columns(&self, rows: &[Row<'_>]) -> Vec<Heading> {
        let mut seen = vec![false; self.kind.fields.len()];
        let mut extras: BTreeSet<&str> = BTreeSet::new();
        for (heading, text) in rows.iter().flat_map(|r| r.cells.iter()) {
            match heading {
                Heading::Field(field) => seen[*field] |= !text.is_empty(),
                Heading::Extra(name) if !text.is_empty() => _ = extras.insert(name),
                Heading::Extra(_) => {}
            }
        }
        let id = self.kind.id();
        let fields = (0..seen.len()).filter(|&f| Some(f) != id && seen[f]).map(Heading::Field);
        fields.chain(extras.into_iter().map(|name| Heading::Extra(name.to_owned()))).collect()
    }

    /// The title of a column.
    fn title<'t>(&'t self, column: &'t Heading) -> &'t str {
        match column {
            Heading::Field(field) => self.kind.fields[*field].title.to(self.lang),
            Heading::Extra(name) => name,
        }
    }

    fn chunk(
        &self,
        out: &mut String,
        rows: &[Row<'_>],
        (columns, frame): (&[Heading], &str),
        first: usize,
        total: usize,
    ) {
        let caption = caption(self.table, rows, first, total);
        let caption = inert::escaped(caption.to(self.lang));
        let label = self.kind.title.to(self.lang);
        let _ = write!(out, "<div class=\"table-scroll chunk{frame}\" role=\"region\" tabindex=\"0\" aria-label=\"");
        inert::attribute(out, label);
        let _ = write!(
            out,
            " {}–{}\"><table class=\"records\"><caption>{caption}</caption><thead><tr>",
            first + 1,
            first + rows.len()
        );
        self.head(out, columns);
        out.push_str("</thead><tbody>\n");
        let mut day = None;
        for row in rows {
            self.write(out, row, columns, &mut day);
        }
        out.push_str("</tbody></table></div>\n");
    }

    fn head(&self, out: &mut String, columns: &[Heading]) {
        let id = self.kind.id().map_or_else(|| say!("编号", "ID"), |f| self.kind.fields[f].title.clone());
        let _ = write!(out, "<th scope=\"col\" data-k=\"id\">{}", inert::escaped(id.to(self.lang)));
        for heading in columns {
            match heading {
                Heading::Field(at) => {
                    let field = &self.kind.fields[*at];
                    let primary = if *at == self.kind.at { " data-at" } else { "" };
                    let sort = sort(&field.ty);
                    let _ = write!(
                        out,
                        "<th scope=\"col\" data-k=\"{}\" data-t=\"{sort}\"{primary}>",
                        inert::escaped(&field.name)
                    );
                    inert::text(out, field.title.to(self.lang));
                }
                Heading::Extra(name) => {
                    out.push_str("<th scope=\"col\" class=\"extra\" data-k=\"+");
                    inert::attribute(out, name);
                    out.push_str("\">");
                    inert::text(out, name);
                }
            }
        }
        let (source, digest) = (say!("来源", "Source"), say!("摘要", "Digest"));
        let _ = write!(
            out,
            "<th scope=\"col\" data-k=\"source\">{}<th scope=\"col\" data-k=\"digest\">{}",
            source.to(self.lang),
            digest.to(self.lang)
        );
    }

    /// `day` is that of the row above.
    fn write(&self, out: &mut String, row: &Row<'_>, columns: &[Heading], day: &mut Option<Day>) {
        let anchor = self.anchor(row);
        out.push_str("<tr");
        inert::pair(out, "id", &anchor);
        match self.table.standing[row.row] {
            Standing::Corrected => out.push_str(" class=corrected"),
            Standing::Future => out.push_str(" class=future"),
            _ => {}
        }
        // The local date of the primary time: by it the script keeps a range of days. It holds for the rows below too.
        let of = self.table.date(row.row).unwrap_or(Day(0));
        if *day != Some(of) {
            let _ = write!(out, " data-d={of}");
            *day = Some(of);
        }
        out.push_str("><th scope=row>");
        self.identity(out, row, &anchor);
        for heading in columns {
            match heading {
                Heading::Field(field) => self.value(out, row, *field),
                Heading::Extra(name) => {
                    let text = row.cells.extras().find(|(n, _)| n == name).map_or("", |(_, text)| text);
                    out.push_str("<td>");
                    long(out, text, self.lang);
                }
            }
        }
        let (_, line) = self.table.position(row.row);
        out.push_str("<td class=src>");
        inert::text(out, self.file_label(self.table.file(row.row)));
        let _ = writeln!(out, ":{line}<td><code>{}</code>", &row.digest[..row.digest.len().min(10)]);
    }

    /// The path of a file below the folder of its kind.
    pub fn file_label(&self, file: usize) -> &'a str {
        let path = self.path(file);
        path.splitn(3, '/').nth(2).unwrap_or(path)
    }

    /// The id, linked to the record itself, and what became of it.
    fn identity(&self, out: &mut String, row: &Row<'_>, anchor: &str) {
        let id = self.table.ids.get(row.row);
        out.push_str("<a");
        let here = || format!("#{}", inert::part(anchor));
        inert::pair(
            out,
            "href",
            &self.way.own_page(self.at, row.row).map_or_else(here, |url| self.way.from_here(&url)),
        );
        out.push('>');
        inert::text(out, if id.is_empty() { &anchor[2..] } else { id });
        out.push_str("</a>");
        match self.table.standing[row.row] {
            Standing::Corrected => {
                let word = say!("已更正", "corrected by");
                let _ = write!(out, " <span class=\"mark\">↪ {}", word.to(self.lang));
                if let Some(new) = self.corrected_by(row.row) {
                    out.push(' ');
                    self.link(out, self.way.record(self.at, new).as_deref(), self.table.ids.get(new));
                }
                out.push_str("</span>");
            }
            Standing::Future => {
                let word = say!("晚于基准时刻", "after the as-of time");
                let _ = write!(out, " <span class=\"mark\">⧗ {}</span>", word.to(self.lang));
            }
            _ => {}
        }
    }

    /// The last record that corrects a row.
    pub fn corrected_by(&self, row: usize) -> Option<usize> {
        let end = self.table.corrected_by.partition_point(|&(old, _)| old as usize <= row);
        self.table.corrected_by[..end].last().filter(|(old, _)| *old as usize == row).map(|&(_, new)| new as usize)
    }

    fn link(&self, out: &mut String, url: Option<&str>, text: &str) {
        match url {
            Some(url) => {
                out.push_str("<a href=\"");
                self.way.up(out, url);
                out.push_str("\">");
                inert::text(out, text);
                out.push_str("</a>");
            }
            None => inert::text(out, text),
        }
    }

    fn value(&self, out: &mut String, row: &Row<'_>, field: usize) {
        let text = row.cells.field(field);
        if text.is_empty() {
            out.push_str("<td>");
            return;
        }
        let value = self.table.get(row.row, field);
        let ty = &self.kind.fields[field].ty;
        match (ty, value) {
            (Type::Time | Type::Date, Value::Time(_) | Value::Day(_)) => {
                let _ = match value {
                    Value::Time(at) => write!(out, "<td data-v={}>", at.0),
                    Value::Day(day) => write!(out, "<td data-v={day}>"),
                    _ => Ok(()),
                };
                // A time may be broken between date and clock only.
                match text.split_once(' ') {
                    Some((date, clock)) => {
                        inert::text(out, date);
                        out.push_str(" <wbr>");
                        inert::text(out, clock);
                    }
                    None => inert::text(out, text),
                }
            }
            (Type::Decimal | Type::Percent, Value::Number(n)) => number(out, &Decimal(n), text),
            (_, Value::Number(n)) => number(out, &n, text),
            (Type::Choice(choices), Value::Code(code)) => {
                let Some(choice) = choices.get(usize::from(code)) else { return };
                named(out, &choice.name, choice.title.to(self.lang), text);
            }
            (Type::Bool, Value::Code(code)) => {
                let (name, [zh, en]) = if code == 0 { ("false", ["否", "no"]) } else { ("true", ["是", "yes"]) };
                named(out, name, if self.lang == Lang::Zh { zh } else { en }, text);
            }
            (Type::System, Value::Code(code)) => {
                let system = &self.book.config.systems[usize::from(code)];
                named(out, &system.id, &system.name, text);
            }
            (Type::Shift, Value::Code(code)) => {
                let shift = &self.book.config.shifts[usize::from(code)];
                named(out, &shift.id, &shift.name, text);
            }
            (Type::Ref(of), _) => {
                out.push_str("<td>");
                let url = if is_absent(self.kind, field, text) { None } else { self.way.reference(of, text) };
                self.link(out, url.as_deref(), text);
            }
            _ => {
                out.push_str("<td");
                language(out, text, self.lang);
                out.push('>');
                long(out, text, self.lang);
            }
        }
    }

    /// What is counted above the tables of a page.
    fn facets(&self, rows: &[Row<'_>]) -> Vec<Facet> {
        let count = |field: usize| {
            let mut counts: BTreeMap<(usize, String), usize> = BTreeMap::new();
            for row in rows {
                let key = match (self.table.get(row.row, field), &self.table.columns[field]) {
                    (Value::Code(code), _) => (usize::from(code), String::new()),
                    (Value::Absent, _) => continue,
                    (_, Column::Text(_) | Column::Seen(_)) => (0, row.cells.field(field).to_owned()),
                    _ => continue,
                };
                *counts.entry(key).or_default() += 1;
            }
            let counts = counts.into_iter().map(|((code, text), n)| self.counted(field, code, text, n)).collect();
            Facet { field, counts }
        };
        self.kind.facets.iter().map(|&field| count(field)).filter(|f| !f.counts.is_empty()).collect()
    }

    fn counted(&self, field: usize, code: usize, text: String, n: usize) -> (String, String, usize) {
        let config = self.book.config;
        let (name, title) = match &self.kind.fields[field].ty {
            Type::Choice(choices) => (choices[code].name.clone(), choices[code].title.to(self.lang).to_owned()),
            Type::System => (config.systems[code].id.clone(), config.systems[code].name.clone()),
            Type::Shift => (config.shifts[code].id.clone(), config.shifts[code].name.clone()),
            Type::Bool if code == 0 => ("false".to_owned(), say!("否", "no").to(self.lang).to_owned()),
            Type::Bool => ("true".to_owned(), say!("是", "yes").to(self.lang).to_owned()),
            _ => (text.clone(), text),
        };
        (name, title, n)
    }
}

/// How the script sorts a column: by number, or by text.
fn sort(ty: &Type) -> &'static str {
    match ty {
        Type::Time => "t",
        Type::Date => "d",
        Type::Duration | Type::Integer { .. } | Type::Decimal | Type::Bytes | Type::Percent => "n",
        Type::System | Type::Shift | Type::Bool | Type::Choice(_) => "c",
        _ => "s",
    }
}

/// `10 月 1–4 日，第 1–100 条，共 3,214 条`.
fn caption(table: &Table, rows: &[Row<'_>], first: usize, total: usize) -> Said {
    let day = |row: Option<&Row<'_>>| row.and_then(|r| table.date(r.row)).unwrap_or(Day(0));
    let (from, to) = (day(rows.first()), day(rows.last()));
    let ((year, month, d1), (_, _, d2)) = (from.ymd(), to.ymd());
    let (a, b, all) = (grouped(first + 1), grouped(first + rows.len()), grouped(total));
    let days = if d1 == d2 { format!("{d1}") } else { format!("{d1}–{d2}") };
    let name = MONTHS[(month as usize + 11) % 12];
    say!("{month} 月 {days} 日，第 {a}–{b} 条，共 {all} 条", "{days} {name} {year}, rows {a}–{b} of {all}")
}

/// A count with separators between thousands.
pub fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
