//! Tables of records and charts in the text of a page: drawn when all is counted, in the places that the text keeps
//! for them.

use std::fmt::Write as _;

use serde::Serialize;

use crate::calendar::Period;
use crate::markdown;
use crate::say;
use crate::source::Failure;

use super::Book;
use super::cell::language;
use super::charts::{ChartView, named};
use super::content::fence::{self, Asked};
use super::inert;
use super::rows::{Row, Writer, grouped};
use super::way::{self, Way};

/// So many records a table shows.
const MOST: usize = 100;

/// A piece of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Part {
    /// The text.
    pub html: String,
    /// The chart that stands after it.
    pub chart: Option<ChartView>,
}

/// The text of a page, or a part of it, with what is drawn in it.
pub fn parts(book: &Book<'_>, way: &Way<'_>, page: &markdown::Page, html: &str) -> Result<Vec<Part>, Failure> {
    let mut out = Vec::new();
    let mut rest = html;
    let mut html = String::new();
    for (number, words) in page.blocks.iter().enumerate() {
        let mark = markdown::mark(number);
        let Some((before, after)) = rest.split_once(mark.as_str()) else { continue };
        html.push_str(before);
        rest = after;
        match fence::asked(words, book.config, book.standard) {
            Some(Ok(Asked::Records { kind, system, period, fields })) => {
                Table { book, way, kind, system, period }.write(&mut html, &fields)?;
            }
            Some(Ok(Asked::Chart { name, system, month })) => match named::chart(book, way, name, system, month) {
                Some(chart) => out.push(Part { html: std::mem::take(&mut html), chart: Some(apart(chart, number)) }),
                None => nothing(&mut html, book),
            },
            _ => {}
        }
    }
    html.push_str(rest);
    out.push(Part { html, chart: None });
    Ok(out)
}

/// A chart under an id of its own: the page may show the same one elsewhere.
fn apart(mut chart: ChartView, number: usize) -> ChartView {
    let id = format!("text-{}-{}", number + 1, chart.id);
    chart.svg = chart.svg.replace(&chart.id, &id);
    chart.id = id;
    chart
}

fn nothing(html: &mut String, book: &Book<'_>) {
    let said = say!("没有可以显示的数据。", "There is nothing to show.");
    _ = write!(html, "<p class=\"soft\">{}</p>", said.to(book.config.site.lang));
}

/// The records that a block asks for.
struct Table<'a> {
    book: &'a Book<'a>,
    way: &'a Way<'a>,
    kind: usize,
    system: Option<usize>,
    period: Option<Period>,
}

impl Table<'_> {
    fn write(&self, html: &mut String, fields: &[usize]) -> Result<(), Failure> {
        let Self { book, way, kind: at, .. } = *self;
        let (kind, lang) = (&book.standard.kinds[at], book.config.site.lang);
        let rows = self.rows();
        if rows.is_empty() {
            nothing(html, book);
            return Ok(());
        }
        let writer = Writer::open(book, way, at)?;
        let shown: Vec<Row<'_>> = rows.iter().take(MOST).map(|&row| writer.row(row)).collect();
        let with_value = |field: &usize| shown.iter().any(|row| !row.cells.field(*field).is_empty());
        let all = (0..kind.fields.len()).filter(|field| Some(*field) != kind.id()).filter(with_value);
        let columns: Vec<usize> = if fields.is_empty() { all.collect() } else { fields.to_vec() };
        let label = inert::escaped(kind.title.to(lang));
        _ = write!(
            html,
            "<div class=\"table-scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{label}\"><table class=\"records\"><thead><tr><th scope=\"col\">"
        );
        let id = kind.id().map_or_else(|| say!("编号", "ID"), |field| kind.fields[field].title.clone());
        inert::text(html, id.to(lang));
        for field in columns.iter().filter(|field| Some(**field) != kind.id()) {
            html.push_str("</th><th scope=\"col\">");
            inert::text(html, kind.fields[*field].title.to(lang));
        }
        html.push_str("</th></tr></thead>\n<tbody>\n");
        for row in &shown {
            self.row(html, &writer, row, &columns);
        }
        html.push_str("</tbody></table></div>\n");
        let total = grouped(rows.len());
        let said = if rows.len() > MOST {
            say!("共 {total} 条，这里是前 {MOST} 条。", "{total} records in all; these are the first {MOST}.")
        } else {
            say!("共 {total} 条。", "Records: {total}.")
        };
        let to = way.from_here(&inert::part(&format!("records/{}/index.html", way::file_name(&kind.name))));
        let more = say!("全部记录", "All records");
        _ = writeln!(html, "<p class=\"soft\">{} <a href=\"{to}\">{}：{label}</a></p>", said.to(lang), more.to(lang));
        Ok(())
    }

    /// In order of time.
    fn rows(&self) -> Vec<usize> {
        let kind = &self.book.standard.kinds[self.kind];
        let table = &self.book.ledger.tables[self.kind];
        let of_system = |row: &usize| match (self.system, kind.system()) {
            (None, _) => true,
            (Some(system), Some(field)) => table.code(*row, field).map(usize::from) == Some(system),
            (Some(_), None) => false,
        };
        let in_period = |row: &usize| {
            self.period.is_none_or(|p| table.date(*row).is_some_and(|day| day >= p.first && day < p.after))
        };
        let mut rows: Vec<usize> = table.live().filter(of_system).filter(in_period).collect();
        rows.sort_by_key(|&row| (table.day[row], table.at[row], row));
        rows
    }

    fn row(&self, html: &mut String, writer: &Writer<'_>, row: &Row<'_>, columns: &[usize]) {
        let (kind, lang) = (&self.book.standard.kinds[self.kind], self.book.config.site.lang);
        html.push_str("<tr><th scope=\"row\">");
        let id = inert::escaped(writer.table.ids.get(row.row));
        match self.way.record(self.kind, row.row).map(|url| self.way.from_here(&url)) {
            Some(href) => _ = write!(html, "<a href=\"{}\">{id}</a>", inert::escaped(&href)),
            None => html.push_str(&id),
        }
        html.push_str("</th>");
        for field in columns.iter().filter(|field| Some(**field) != kind.id()) {
            let text = row.cells.field(*field);
            html.push_str("<td");
            language(html, text, lang);
            html.push('>');
            inert::text(html, text);
            html.push_str("</td>");
        }
        html.push_str("</tr>\n");
    }
}
