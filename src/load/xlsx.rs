//! Workbooks: the sheet that the workspace names, else the first that is shown, row by row (records.md, section 1).
//!
//! A cell becomes the text that a table would hold: a date cell an ISO date or time, a number its digits, a formula the
//! value that was last computed.

use std::collections::BTreeSet;
use std::sync::Arc;

use calamine::{Data, ExcelDateTime, ExcelDateTimeType};
use chrono::Timelike as _;

use crate::finding::{Finding, Severity};
use crate::ledger::{Heading, Shape};
use crate::say;
use crate::say::Said;
use crate::source::Place;
use crate::standard::{Kind, Type};

use super::header::{self, Header, PREAMBLE};
use super::remark::{is_remark, remark};
use super::typist::{Cell, Given, Typist};

mod book;
mod hidden;

pub use book::{Sheet, open};

use book::{Refused, Row, small_enough};

/// Serial numbers that can only be days: 1927 to 2119.
const DAYS: std::ops::Range<f64> = 10_000.0..80_000.0;
/// So many places of rows are named.
const NAMED: usize = 5;

/// Reads the records of a workbook. Answers how they are read again; none where there is no header.
pub fn read(bytes: &[u8], kind: &Kind, typist: &mut Typist<'_>) -> Option<Shape> {
    let path = typist.path().clone();
    let limits = typist.limits();
    let opened = small_enough(bytes, limits).and_then(|()| open(bytes, kind.sheet.as_deref(), limits.columns));
    let sheet = match opened {
        Ok(sheet) => sheet,
        Err(Refused { code, why, help }) => {
            let finding = Finding::new(code, Severity::Error, why).kind(&*kind.name).help(help);
            typist.findings.push(finding.at(Place::file(path)));
            return None;
        }
    };
    if !sheet.others.is_empty() {
        typist.findings.push(not_read(&sheet, &path, kind));
    }
    let texts = |row: &Row| -> Vec<String> { row.cells.iter().map(|cell| sheet.text(cell, None)).collect() };
    let is_header = |row: &Row| header::known(kind, texts(row).iter().map(String::as_str)) >= 2;
    let above = sheet.rows.iter().take(PREAMBLE + 1).position(is_header).unwrap_or(0);
    let above = lowest(&sheet, above);
    let Some(first) = sheet.rows.get(above) else {
        let said = Said::new("工作表中没有表头，也没有记录", "the sheet has neither a header nor records");
        typist
            .findings
            .push(Finding::new("ingest.syntax", Severity::Info, said).kind(&*kind.name).at(Place::file(path)));
        return None;
    };
    if above > 0 {
        typist.findings.push(header::preamble(kind, &path, above));
    }
    let place = |at: usize| Place::span(path.clone(), first.number, at as u32 + 1, 0);
    let header = header::read(kind, limits.columns, &path, first.number, &texts(first), place, &mut typist.findings);
    typist.findings.extend(odd_cells(&sheet, first.number, &path, kind));
    for row in &sheet.rows[above + 1..] {
        let offset = u64::from(row.number);
        if header.broken {
            typist.reject((offset, row.number), None);
            continue;
        }
        if let Some(cell) = (header.columns.len()..row.cells.len()).find(|&at| row.cells[at] != Data::Empty) {
            typist.reject((offset, row.number), Some(beyond(&path, row.number, cell)));
            continue;
        }
        let values: Vec<String> =
            (0..header.columns.len()).map(|at| sheet.cell(row, at, &header.columns[at], kind)).collect();
        if is_remark(&values.iter().map(String::as_bytes), &header.needed) {
            typist.reject((offset, row.number), Some(remark(&path, row.number)));
            continue;
        }
        let doubted = shares(row, &header.columns, kind);
        typist.findings.extend(doubted.map(|at| share(&path, row.number, at, &values[at]).kind(&*kind.name)));
        typist.rows(&Taken { values: &values, header: &header, path: &path, line: row.number });
    }
    Some(Shape::Xlsx { columns: header.columns })
}

/// The last row of a header whose cells are merged over several rows. The rows above name groups of columns.
fn lowest(sheet: &Sheet, at: usize) -> usize {
    let Some(first) = sheet.rows.get(at) else { return at };
    let spanning = sheet.merged.iter().filter(|(from, to)| *from == first.number && (*to as usize) < PREAMBLE * 2);
    let last = spanning.map(|(_, to)| *to).max().unwrap_or(first.number);
    sheet.rows.iter().rposition(|row| row.number <= last).map_or(at, |lowest| lowest.max(at))
}

/// A row, to be typed.
struct Taken<'r> {
    values: &'r [String],
    header: &'r Header,
    path: &'r Arc<str>,
    line: u32,
}

impl Given for Taken<'_> {
    fn len(&self) -> usize {
        1
    }

    fn has(&self, field: usize) -> bool {
        self.header.cells[field].is_some()
    }

    fn cell(&self, _: usize, field: usize) -> Cell<'_> {
        Cell::Text(self.header.cells[field].map_or(b"", |at| self.values[at].as_bytes()))
    }

    fn is_turned(&self) -> bool {
        true
    }

    fn place(&self, _: usize, field: usize) -> Place {
        match self.header.cells[field] {
            Some(at) => Place::span(self.path.clone(), self.line, at as u32 + 1, 0),
            None => Place::line(self.path.clone(), self.line),
        }
    }

    fn position(&self, _: usize) -> (u64, u32) {
        (u64::from(self.line), self.line)
    }
}

impl Sheet {
    /// The cells of a row by its number, as texts.
    pub fn cells(&self, number: u64, columns: &[Heading], kind: &Kind) -> Vec<String> {
        let found = self.rows.binary_search_by_key(&number, |row| u64::from(row.number)).ok().map(|at| &self.rows[at]);
        let text =
            |(at, heading): (usize, &Heading)| found.map_or_else(String::new, |row| self.cell(row, at, heading, kind));
        columns.iter().enumerate().map(text).collect()
    }

    fn cell(&self, row: &Row, at: usize, heading: &Heading, kind: &Kind) -> String {
        let ty = match heading {
            Heading::Field(field) => Some(&kind.fields[*field].ty),
            Heading::Extra(_) => None,
        };
        row.cells.get(at).map_or_else(String::new, |cell| self.text(cell, ty))
    }

    /// The text of a cell. A time field takes midnight as a time, everything else as a date.
    fn text(&self, cell: &Data, ty: Option<&Type>) -> String {
        match cell {
            Data::Empty => String::new(),
            Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.trim().to_owned(),
            // A date whose cell lost its format: the serial number of a day, with the time as its fraction.
            Data::Float(n) if matches!(ty, Some(Type::Time | Type::Date)) && DAYS.contains(n) => {
                let at = ExcelDateTime::new(*n, ExcelDateTimeType::DateTime, self.from_1904);
                moment(&at, ty == Some(&Type::Time))
            }
            Data::Int(n) => n.to_string(),
            Data::Float(n) => n.to_string(),
            Data::Bool(yes) => yes.to_string(),
            Data::Error(error) => error.to_string(),
            Data::DateTime(at) if at.is_duration() => span(at),
            Data::DateTime(at) => moment(at, ty == Some(&Type::Time)),
        }
    }
}

/// A spreadsheet keeps days as a fraction: the nearest second is meant.
fn moment(at: &ExcelDateTime, with_time: bool) -> String {
    let half = chrono::TimeDelta::milliseconds(500);
    let Some(at) = at.as_datetime().and_then(|at| at.checked_add_signed(half)) else { return at.as_f64().to_string() };
    let midnight = (at.hour(), at.minute(), at.second()) == (0, 0, 0);
    at.format(if midnight && !with_time { "%Y-%m-%d" } else { "%Y-%m-%d %H:%M:%S" }).to_string()
}

fn span(at: &ExcelDateTime) -> String {
    let seconds = (at.as_f64() * 86_400.0).round().max(0.0) as u64;
    format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// Percent cells that hold a number up to 1: a spreadsheet keeps 99.5 % as 0.995, and shows no sign of it.
fn shares<'a>(row: &'a Row, columns: &'a [Heading], kind: &'a Kind) -> impl Iterator<Item = usize> + use<'a> {
    columns.iter().enumerate().filter_map(move |(at, heading)| match (heading, row.cells.get(at)) {
        (Heading::Field(field), Some(Data::Float(n)))
            if kind.fields[*field].ty == Type::Percent && *n > 0.0 && *n <= 1.0 =>
        {
            Some(at)
        }
        _ => None,
    })
}

fn share(path: &Arc<str>, row: u32, at: usize, value: &str) -> Finding {
    let said = say!(
        "百分数单元格的值是 {value}，按 {value} % 处理",
        "the percent cell holds {value}; it is taken as {value} %"
    );
    Finding::new("ingest.value", Severity::Warning, said).at(Place::span(path.clone(), row, at as u32 + 1, 0)).help(
        Said::new(
            "若指的是百分之几十，请把该列改为普通数字（例如 99.5）",
            "if it means a share such as 99.5 %, format the column as plain numbers and write 99.5",
        ),
    )
}

fn beyond(path: &Arc<str>, row: u32, at: usize) -> Finding {
    Finding::new(
        "ingest.syntax",
        Severity::Error,
        Said::new("这一行在没有表头的列里还有内容", "the row has a cell in a column without a header"),
    )
    .at(Place::span(path.clone(), row, at as u32 + 1, 0))
    .help(Said::new("给该列加表头，或清空该单元格", "give the column a header, or empty the cell"))
}

fn not_read(sheet: &Sheet, path: &Arc<str>, kind: &Kind) -> Finding {
    let names: BTreeSet<&str> = sheet.others.iter().map(String::as_str).collect();
    let (name, others) = (&sheet.name, names.into_iter().collect::<Vec<_>>());
    let (zh, en) = (others.join("、"), others.join(", "));
    let kind_name = &kind.name;
    Finding::new(
        "ingest.syntax",
        Severity::Info,
        say!("读取工作表“{name}”，其余未读：{zh}", "the sheet \"{name}\" is read; not read: {en}"),
    )
    .kind(&*kind.name)
    .at(Place::file(path.clone()))
    .help(say!(
        "要读另一个，在 wellkept.toml 的 [records.{kind_name}] 中写 sheet = \"工作表名\"；要都读，请分别存为文件",
        "to read another, write sheet = \"its name\" in [records.{kind_name}] of wellkept.toml; to read all, save each as a file"
    ))
}

/// Notes on what a reader of the sheet does not see as it was read: hidden rows and columns, and merged cells.
fn odd_cells(sheet: &Sheet, header: u32, path: &Arc<str>, kind: &Kind) -> Vec<Finding> {
    let info = |said: Said, row: u32, column: u32| {
        let place = Place::span(path.clone(), row, column, 0);
        Finding::new("ingest.syntax", Severity::Info, said).kind(&*kind.name).at(place)
    };
    let mut out = Vec::new();
    let there = |number: &u32| sheet.rows.binary_search_by_key(number, |row| row.number).is_ok();
    let rows: Vec<u32> = sheet.hidden.rows.iter().copied().filter(|n| *n > header && there(n)).collect();
    if let Some(&first) = rows.first() {
        let (count, list) = (rows.len(), named(&rows));
        let said =
            say!("{count} 个隐藏的行也已读取：{list}", "hidden rows are read all the same: {count}, rows {list}");
        out.push(info(said, first, 0).help(Said::new(
            "若这些行不是记录，请从工作表中删除",
            "if they are no records, delete them from the sheet",
        )));
    }
    let width = sheet.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0) as u32;
    let columns: Vec<u32> = sheet.hidden.columns.iter().flat_map(|&(from, to)| from..=to.min(width)).collect();
    if let Some(&first) = columns.first() {
        let (count, list) = (columns.len(), named(&columns));
        let said = say!(
            "{count} 个隐藏的列也已读取：第 {list} 列",
            "hidden columns are read all the same: {count}, columns {list}"
        );
        out.push(info(said, header, first));
    }
    let filled: Vec<(u32, u32)> = sheet.filled.iter().copied().filter(|(row, _)| *row > header).collect();
    if let Some(&(row, column)) = filled.first() {
        let count = filled.len();
        let said = say!(
            "合并的单元格按其中每一行都有该值读取：{count} 格",
            "merged cells are read as holding their value in each of their rows: {count} cells"
        );
        out.push(info(said, row, column).help(Said::new(
            "若只属于第一行，请取消合并",
            "if it belongs to the first row only, part the cells again",
        )));
    }
    out
}

/// The first few numbers of a list.
fn named(numbers: &[u32]) -> String {
    let shown: Vec<String> = numbers.iter().take(NAMED).map(u32::to_string).collect();
    let more = if numbers.len() > NAMED { ", …" } else { "" };
    format!("{}{more}", shown.join(", "))
}
