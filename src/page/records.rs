//! `records/`: every accepted record in a row of its own, by kind and month (site.md, section 2).

use std::collections::BTreeSet;

use rayon::prelude::*;
use serde::Serialize;

use crate::calendar::{Day, MONTHS, Period, Unit};
use crate::ledger::Standing;
use crate::say;
use crate::say::Lang;
use crate::search::{Batch, Group};
use crate::source::{Encoding, Failure};

use super::Book;
use super::export::{self, File, csv, package::Resource};
use super::inert;
use super::rows::{Writer, grouped};
use super::search;
use super::sheet::{Count, Facet, Link, Neighbours, Pager, Sheet};
use super::shelf::{CHUNK, Month, Shelf};
use super::way::{self, Way};

/// What is made of the records of all kinds.
#[derive(Debug, Default)]
pub struct Made {
    /// The pages.
    pub sheets: Vec<Sheet<'static>>,
    /// The tables in `data/`.
    pub files: Vec<File>,
    /// What those tables hold.
    pub tables: Vec<Resource>,
    /// The records as they are searched, kind by kind.
    pub found: Vec<Group>,
}

/// One page of a month.
#[derive(Debug, Serialize)]
struct MonthView {
    kind: String,
    kind_title: String,
    about: String,
    month: String,
    month_title: String,
    total: String,
    /// How many rows stand on this page.
    here: usize,
    pages: Pager,
    corrected: usize,
    future: usize,
    rejected: Option<Link>,
    facets: Vec<Facet>,
    csv: Link,
    sources: Vec<Link>,
    months: Neighbours,
    index: String,
    tables: String,
    chunks: usize,
}

/// The months of a kind.
#[derive(Debug, Serialize)]
struct KindView {
    kind: String,
    title: String,
    about: String,
    total: String,
    years: Vec<YearView>,
    fields: Vec<FieldView>,
    rejected: Option<Link>,
}

#[derive(Debug, Serialize)]
struct YearView {
    year: i32,
    months: Vec<CellView>,
    total: String,
}

#[derive(Debug, Serialize)]
struct CellView {
    /// The name of the month in a table's head.
    month: String,
    href: String,
    count: String,
}

#[derive(Debug, Serialize)]
struct FieldView {
    name: String,
    title: String,
    ty: &'static str,
    required: bool,
    values: Vec<String>,
}

/// All kinds.
#[derive(Debug, Serialize)]
struct IndexView {
    kinds: Vec<IndexRow>,
    read: String,
    accepted: String,
    rejected: String,
    files: String,
}

#[derive(Debug, Serialize)]
struct IndexRow {
    name: String,
    title: String,
    about: String,
    href: String,
    read: String,
    accepted: String,
    rejected: Link,
    first: String,
    last: String,
}

/// Writes the pages and the tables of all kinds, kind by kind: the files of one kind are held while it is written.
pub fn write(book: &Book<'_>, shelf: &Shelf) -> Result<Made, Failure> {
    let mut made = Made::default();
    made.sheets.push(index(book, shelf));
    for (at, kind) in book.standard.kinds.iter().enumerate() {
        if kind.pages {
            continue;
        }
        made.sheets.push(kind_index(book, shelf, at));
        let way = Way::from_depth(book, shelf, 2);
        let writer = Writer::open(book, &way, at)?;
        let months = &shelf.kinds[at];
        let parts: Vec<Written> =
            (0..months.len()).into_par_iter().map(|m| write_month(book, &writer, months, m)).collect();
        let mut found = search::group(book, at);
        for month in parts {
            made.sheets.extend(month.sheets);
            made.files.push(month.file);
            made.tables.push(month.table);
            found.batches.extend(month.found);
        }
        found.batches.reverse();
        made.found.push(found);
    }
    Ok(made)
}

/// The tables of all kinds without their pages.
pub fn tables(book: &Book<'_>, shelf: &Shelf) -> Result<(Vec<File>, Vec<Resource>), Failure> {
    let mut out = (Vec::new(), Vec::new());
    let way = Way::from_depth(book, shelf, 2);
    for (at, months) in shelf.kinds.iter().enumerate().filter(|(_, months)| !months.is_empty()) {
        let writer = Writer::open(book, &way, at)?;
        let month = |month: &Month| {
            let extras = csv::extras(&writer, month);
            let mut lines = csv::Lines::default();
            for &row in &month.rows {
                csv::record(&mut lines, &writer, &writer.row(row as usize), &extras);
            }
            csv::month(&writer, month, &extras, vec![lines.into_bytes()])
        };
        out.extend(months.par_iter().map(month).collect::<Vec<_>>());
    }
    Ok(out)
}

/// What is made of a month.
struct Written {
    sheets: Vec<Sheet<'static>>,
    file: File,
    table: Resource,
    /// Page by page; in a batch the newest come first.
    found: Vec<Batch>,
}

/// The pages of a month, its table, and its part of the index: each record is read once for all of them.
fn write_month(book: &Book<'_>, writer: &Writer<'_>, months: &[Month], at: usize) -> Written {
    let month = &months[at];
    let extras = csv::extras(writer, month);
    let name = month.name();
    let parts: Vec<((Sheet, Batch), Vec<u8>)> = (0..month.pages())
        .into_par_iter()
        .map(|page| {
            let rows = writer.rows(month, page);
            let mut lines = csv::Lines::default();
            for row in &rows {
                csv::record(&mut lines, writer, row, &extras);
            }
            let found = search::records(book, writer, &rows, &way::records(&writer.kind.name, &name, page));
            let leaf = writer.leaf(&rows, month.start(page), month.rows.len());
            ((month_sheet(book, writer, months, at, page, leaf), found), lines.into_bytes())
        })
        .collect();
    let (pages, lines): (Vec<_>, Vec<Vec<u8>>) = parts.into_iter().unzip();
    let (sheets, found) = pages.into_iter().unzip();
    let (file, table) = csv::month(writer, month, &extras, lines);
    Written { sheets, file, table, found }
}

fn month_sheet(
    book: &Book<'_>,
    writer: &Writer<'_>,
    months: &[Month],
    at: usize,
    page: usize,
    leaf: super::rows::Leaf,
) -> Sheet<'static> {
    let (month, kind, lang) = (&months[at], writer.kind, book.config.site.lang);
    let name = month.name();
    let rows = month.page(page);
    let standing = |s: Standing| rows.iter().filter(|&&r| writer.table.standing[r as usize] == s).count();
    let local =
        |month: &str, page: usize| inert::part(&way::records(&kind.name, month, page)[8 + kind.name.len() + 1..]);
    let other = |month: &Month| Link::new(local(&month.name(), 0), month_title(month.first, lang));
    let facets = leaf.facets.into_iter().map(|facet| Facet {
        name: kind.fields[facet.field].name.clone(),
        title: kind.fields[facet.field].title.to(lang).to_owned(),
        counts: facet.counts.into_iter().map(|(name, title, count)| Count { name, title, count }).collect(),
    });
    let view = MonthView {
        kind: kind.name.clone(),
        kind_title: kind.title.to(lang).to_owned(),
        about: kind.about.to(lang).to_owned(),
        month_title: month_title(month.first, lang),
        total: grouped(month.rows.len()),
        here: rows.len(),
        pages: Pager::of(page, month.pages(), |n| local(&name, n)),
        corrected: standing(Standing::Corrected),
        future: standing(Standing::Future),
        rejected: rejected_link(book, writer.at, 2),
        facets: facets.collect(),
        csv: Link::new(
            format!("../../{}", inert::part(&export::path(&kind.name, &name))),
            format!("{}-{name}.csv", kind.name),
        ),
        sources: leaf
            .files
            .iter()
            .map(|&f| Link::new(format!("../../{}", inert::part(&export::evidence(writer.path(f)))), original(book, f)))
            .collect(),
        months: Neighbours {
            previous: at.checked_sub(1).map(|before| other(&months[before])),
            next: months.get(at + 1).map(other),
        },
        index: "index.html".to_owned(),
        tables: leaf.html,
        chunks: rows.len().div_ceil(CHUNK),
        month: name.clone(),
    };
    let title = format!("{} · {}", view.kind_title, view.month_title);
    Sheet::new(way::records(&kind.name, &name, page), "records.html", title, &view)
}

/// The path of an original file, with its encoding where that is not the usual one.
fn original(book: &Book<'_>, file: usize) -> String {
    let facts = &book.ledger.files[file];
    match facts.encoding {
        Encoding::Utf8 => facts.path.to_string(),
        other => format!("{} ({})", facts.path, other.name()),
    }
}

/// Where the rejected records of a kind are told, if it has any.
fn rejected_link(book: &Book<'_>, kind: usize, depth: usize) -> Option<Link> {
    let n = book.ledger.tables[kind].counts().rejected;
    (n > 0).then(|| Link::new(format!("{}rejected.html", "../".repeat(depth)), grouped(n)))
}

/// `2026 年 10 月`.
pub fn month_title(day: Day, lang: Lang) -> String {
    let (year, month, _) = day.ymd();
    match lang {
        Lang::Zh => format!("{year} 年 {month} 月"),
        Lang::En => Period::of(Unit::Month, day).name(Unit::Month),
    }
}

fn month_name(month: u32, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{month} 月"),
        Lang::En => MONTHS[(month as usize + 11) % 12][..3].to_owned(),
    }
}

fn kind_index(book: &Book<'_>, shelf: &Shelf, at: usize) -> Sheet<'static> {
    let (kind, lang) = (&book.standard.kinds[at], book.config.site.lang);
    let months = &shelf.kinds[at];
    let years: BTreeSet<i32> = months.iter().map(|m| m.first.ymd().0).collect();
    let year = |year: i32| {
        let of: Vec<&Month> = months.iter().filter(|m| m.first.ymd().0 == year).collect();
        let cell = |month: u32| {
            let found = of.iter().find(|m| m.first.ymd().1 == month);
            CellView {
                month: month_name(month, lang),
                href: found.map_or_else(String::new, |m| format!("{}.html", m.name())),
                count: found.map_or_else(String::new, |m| grouped(m.rows.len())),
            }
        };
        YearView { year, months: (1..=12).map(cell).collect(), total: grouped(of.iter().map(|m| m.rows.len()).sum()) }
    };
    let field = |f: &crate::standard::Field| FieldView {
        name: f.name.clone(),
        title: f.title.to(lang).to_owned(),
        ty: f.ty.name(),
        required: f.required,
        values: match &f.ty {
            crate::standard::Type::Choice(choices) => choices.iter().map(|c| c.title.to(lang).to_owned()).collect(),
            _ => Vec::new(),
        },
    };
    let view = KindView {
        kind: kind.name.clone(),
        title: kind.title.to(lang).to_owned(),
        about: kind.about.to(lang).to_owned(),
        total: grouped(months.iter().map(|m| m.rows.len()).sum()),
        years: years.into_iter().rev().map(year).collect(),
        fields: kind.fields.iter().map(field).collect(),
        rejected: rejected_link(book, at, 2),
    };
    Sheet::new(format!("records/{}/index.html", kind.name), "kind.html", kind.title.to(lang), &view)
}

fn index(book: &Book<'_>, shelf: &Shelf) -> Sheet<'static> {
    let lang = book.config.site.lang;
    let mut sums = [0; 3];
    let mut kinds = Vec::new();
    for (at, kind) in book.standard.kinds.iter().enumerate().filter(|(_, k)| !k.pages) {
        let counts = book.ledger.tables[at].counts();
        for (sum, n) in sums.iter_mut().zip([counts.read, counts.accepted, counts.rejected]) {
            *sum += n;
        }
        let months = &shelf.kinds[at];
        kinds.push(IndexRow {
            name: kind.name.clone(),
            title: kind.title.to(lang).to_owned(),
            about: kind.about.to(lang).to_owned(),
            href: format!("{}/index.html", inert::part(&kind.name)),
            read: grouped(counts.read),
            accepted: grouped(counts.accepted),
            rejected: rejected_link(book, at, 1).unwrap_or_else(|| Link::new("", "0")),
            first: months.first().map_or_else(String::new, Month::name),
            last: months.last().map_or_else(String::new, Month::name),
        });
    }
    let view = IndexView {
        kinds,
        read: grouped(sums[0]),
        accepted: grouped(sums[1]),
        rejected: grouped(sums[2]),
        files: grouped(book.ledger.found),
    };
    let title = say!("记录", "Records");
    Sheet::new("records/index.html", "records-index.html", title.to(lang), &view)
}
