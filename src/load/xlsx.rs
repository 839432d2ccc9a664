//! Workbooks: the first sheet that is shown, row by row (records.md, section 1).
//!
//! A cell becomes the text that a table would hold: a date cell an ISO date or time, a number its digits, a formula the
//! value that was last computed. Cells are read one by one and never as a full rectangle, so that a single cell in the
//! far corner of a sheet costs nothing.

use std::collections::BTreeSet;
use std::io::Cursor;
use std::sync::Arc;

use calamine::{Data, ExcelDateTime, ExcelDateTimeType, Reader, SheetVisible, Xlsx};
use chrono::Timelike as _;

use crate::finding::{Finding, Severity};
use crate::ledger::{Heading, Shape};
use crate::say;
use crate::say::Said;
use crate::source::Place;
use crate::standard::{Kind, Type};

use super::header::{self, Header, MAX_COLUMNS, PREAMBLE};
use super::typist::{Cell, Given, Typist};

/// The largest workbook, packed (safety.md, section 2).
const MAX_FILE: usize = 64 << 20;
/// Serial numbers that can only be days: 1927 to 2119.
const DAYS: std::ops::Range<f64> = 10_000.0..80_000.0;
/// The largest sheet: so many cells.
const MAX_CELLS: usize = 8_000_000;

/// A row of a sheet that is not empty: its number, from 1, and its cells from the left.
pub struct Row {
    number: u32,
    cells: Vec<Data>,
}

/// A sheet as it was read.
pub struct Sheet {
    /// The rows that are not empty.
    pub rows: Vec<Row>,
    name: String,
    /// Other sheets that are shown.
    others: Vec<String>,
}

/// Reads the first sheet of a workbook that is shown.
pub fn open(bytes: &[u8]) -> Result<Sheet, Said> {
    if bytes.len() > MAX_FILE {
        let mib = MAX_FILE >> 20;
        return Err(say!("文件超过 {mib} MiB 的上限", "the file is larger than the limit of {mib} MiB"));
    }
    let unreadable = |why: &calamine::XlsxError| {
        say!("无法作为 Excel 工作簿读取：{why}", "it cannot be read as an Excel workbook: {why}")
    };
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|e| unreadable(&e))?;
    let shown = |s: &&calamine::Sheet| s.visible == SheetVisible::Visible;
    let mut names: Vec<String> = book.sheets_metadata().iter().filter(shown).map(|s| s.name.clone()).collect();
    if names.is_empty() {
        return Err(Said::new("工作簿中没有可见的工作表", "the workbook has no sheet that is shown"));
    }
    let name = names.remove(0);
    let mut sheet = Sheet { rows: Vec::new(), name, others: names };
    let mut reader = book.worksheet_cells_reader(&sheet.name).map_err(|e| unreadable(&e))?;
    let mut count = 0;
    while let Some(cell) = reader.next_cell().map_err(|e| unreadable(&e))? {
        let (row, column) = cell.get_position();
        let value = Data::from(cell.get_value().clone());
        if value == Data::Empty {
            continue;
        }
        count += 1;
        if count > MAX_CELLS {
            return Err(say!("工作表超过 {MAX_CELLS} 个单元格的上限", "the sheet has more than {MAX_CELLS} cells"));
        }
        if sheet.rows.last().is_none_or(|last| last.number != row + 1) {
            sheet.rows.push(Row { number: row + 1, cells: Vec::new() });
        }
        // One column more than is allowed is kept, so that the header is refused for what it is.
        if let Some(last) = sheet.rows.last_mut()
            && let Ok(at) = usize::try_from(column)
            && at <= MAX_COLUMNS
        {
            if last.cells.len() <= at {
                last.cells.resize(at + 1, Data::Empty);
            }
            last.cells[at] = value;
        }
    }
    sheet.rows.sort_by_key(|row| row.number);
    Ok(sheet)
}

/// Reads the records of a workbook. Answers how they are read again; none where there is no header.
pub fn read(bytes: &[u8], kind: &Kind, typist: &mut Typist<'_>) -> Option<Shape> {
    let path = typist.path().clone();
    let sheet = match open(bytes) {
        Ok(sheet) => sheet,
        Err(why) => {
            let help = Said::new(
                "在电子表格中打开并另存为 .xlsx，或导出为 .csv",
                "open it in a spreadsheet and save it as .xlsx, or export it as .csv",
            );
            typist.findings.push(
                Finding::new("ingest.encoding", Severity::Error, why)
                    .kind(&*kind.name)
                    .at(Place::file(path))
                    .help(help),
            );
            return None;
        }
    };
    if !sheet.others.is_empty() {
        typist.findings.push(not_read(&sheet, &path, kind));
    }
    let texts = |row: &Row| -> Vec<String> { row.cells.iter().map(|cell| text(cell, None)).collect() };
    let is_header = |row: &Row| header::known(kind, texts(row).iter().map(String::as_str)) >= 2;
    let above = sheet.rows.iter().take(PREAMBLE + 1).position(is_header).unwrap_or(0);
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
    let header = header::read(kind, &path, first.number, &texts(first), place, &mut typist.findings);
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
            (0..header.columns.len()).map(|at| cell(row, at, &header.columns[at], kind)).collect();
        let doubted = shares(row, &header.columns, kind);
        typist.findings.extend(doubted.map(|at| share(&path, row.number, at, &values[at]).kind(&*kind.name)));
        typist.rows(&Taken { values: &values, header: &header, path: &path, line: row.number });
    }
    Some(Shape::Xlsx { columns: header.columns })
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

/// The cells of a row by its number, as texts.
pub fn cells(sheet: &Sheet, number: u64, columns: &[Heading], kind: &Kind) -> Vec<String> {
    let found = sheet.rows.binary_search_by_key(&number, |row| u64::from(row.number)).ok().map(|at| &sheet.rows[at]);
    let text = |(at, heading): (usize, &Heading)| found.map_or_else(String::new, |row| cell(row, at, heading, kind));
    columns.iter().enumerate().map(text).collect()
}

fn cell(row: &Row, at: usize, heading: &Heading, kind: &Kind) -> String {
    let ty = match heading {
        Heading::Field(field) => Some(&kind.fields[*field].ty),
        Heading::Extra(_) => None,
    };
    row.cells.get(at).map_or_else(String::new, |cell| text(cell, ty))
}

/// The text of a cell. A time field takes midnight as a time, everything else as a date.
fn text(cell: &Data, ty: Option<&Type>) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.trim().to_owned(),
        // A date whose cell lost its format: the serial number of a day, with the time as its fraction.
        Data::Float(n) if matches!(ty, Some(Type::Time | Type::Date)) && DAYS.contains(n) => {
            moment(&ExcelDateTime::new(*n, ExcelDateTimeType::DateTime, false), ty == Some(&Type::Time))
        }
        Data::Int(n) => n.to_string(),
        Data::Float(n) => n.to_string(),
        Data::Bool(yes) => yes.to_string(),
        Data::Error(error) => error.to_string(),
        Data::DateTime(at) if at.is_duration() => span(at),
        Data::DateTime(at) => moment(at, ty == Some(&Type::Time)),
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
    Finding::new(
        "ingest.syntax",
        Severity::Info,
        say!("只读取第一个工作表“{name}”，其余未读：{zh}", "only the first sheet \"{name}\" is read; not read: {en}"),
    )
    .kind(&*kind.name)
    .at(Place::file(path.clone()))
}
