//! Tables: the header once, then row by row into the columns.

use std::io::Read;
use std::ops::Range;
use std::sync::Arc;

use crate::doc::offer;
use crate::finding::{Finding, Severity};
use crate::ledger::{Heading, Shape};
use crate::near::nearest;
use crate::say;
use crate::say::Said;
use crate::source::{Failure, Place};
use crate::standard::Kind;

use super::column::is_turned;
use super::rows::Rows;
use super::scan::{Fault, Scanner, Stop};
use super::typist::{Cell, Given, Typist};

/// The most columns a table may have (safety.md, section 2).
const MAX_COLUMNS: usize = 256;
/// The longest cell (safety.md, section 2).
const MAX_CELL: usize = 256 << 10;

/// How many rows are typed together: few enough that their text stays in the processor's cache.
const TOGETHER: usize = 256;

/// Reads a table. Answers how its rows are read again; none where there is no header.
pub fn read(reader: impl Read, kind: &Kind, typist: &mut Typist<'_>) -> Result<Option<Shape>, Failure> {
    let path = typist.path().clone();
    let fail = |e: &std::io::Error| Failure::reading(&path, e);
    let mut scanner = Scanner::new(reader).map_err(|e| fail(&e))?;
    if let Some(refused) = refuse(scanner.rest(), &path) {
        typist.findings.push(refused.kind(kind.name.as_str()));
        return Ok(None);
    }
    let delimiter = scanner.detect_delimiter();
    let stop = scanner.cut(1).map_err(|e| fail(&e))?;
    if let Stop::Fault(fault) = stop {
        let (line, column) = scanner.rows().place_of(0, fault.at);
        let why = fault.why;
        let (zh, en) = (&why.zh, &why.en);
        let said = say!("表头无法读取：{zh}", "the header cannot be read: {en}");
        typist.findings.push(
            Finding::new("ingest.header", Severity::Error, said)
                .kind(kind.name.as_str())
                .at(Place::span(path.clone(), line, column, 1))
                .help(fault.help),
        );
        return Ok(None);
    }
    if scanner.rows().len() == 0 {
        let said = Said::new("文件中没有表头，也没有记录", "the file has neither a header nor records");
        typist.findings.push(info(said, &path, kind));
        return Ok(None);
    }
    let header = Header::read(scanner.rows(), kind, &path, &mut typist.findings);
    let empty = rows(&mut scanner, &header, typist).map_err(|e| fail(&e))?;
    if let Some((line, count)) = empty {
        let said =
            say!("{count} 个空行（只有分隔符），已略过", "{count} empty rows (delimiters only) were passed over");
        typist.findings.push(info(said, &path, kind).at(Place::line(path.clone(), line)));
    }
    Ok(Some(Shape::Csv { delimiter, columns: header.columns }))
}

struct Header {
    columns: Vec<Heading>,
    /// For each field the column that holds it.
    cells: Vec<Option<usize>>,
    raw: Vec<u8>,
    /// The header cannot be used: every row is kept out, and the header's own finding says why.
    broken: bool,
}

impl Header {
    fn read(rows: &Rows, kind: &Kind, path: &Arc<str>, findings: &mut Vec<Finding>) -> Self {
        let mut header = Self {
            columns: Vec::new(),
            cells: vec![None; kind.fields.len()],
            raw: rows.raw(0).to_vec(),
            broken: false,
        };
        let error = |said: Said, at: usize| {
            let (line, column, width) = rows.place(0, at);
            Finding::new("ingest.header", Severity::Error, said).kind(kind.name.as_str()).at(Place::span(
                path.clone(),
                line,
                column,
                width,
            ))
        };
        if rows.width(0) > MAX_COLUMNS {
            let n = rows.width(0);
            findings
                .push(error(say!("有 {n} 列，上限为 {MAX_COLUMNS} 列", "{n} columns; the limit is {MAX_COLUMNS}"), 0));
            header.broken = true;
            return header;
        }
        let mut unknown: Vec<String> = Vec::new();
        for at in 0..rows.width(0) {
            let written = String::from_utf8_lossy(rows.cell(0, at)).trim().to_owned();
            match kind.header(&written) {
                Some(field) if header.cells[field].is_some() => {
                    let name = &kind.fields[field].name;
                    findings.push(
                        error(say!("两列都是 {name}", "two columns mean {name}"), at).help(Said::new(
                            "保留一列，另一列改名或删除",
                            "keep one column; rename or delete the other",
                        )),
                    );
                    header.broken = true;
                    header.columns.push(Heading::Extra(written));
                }
                Some(field) => {
                    header.cells[field] = Some(at);
                    header.columns.push(Heading::Field(field));
                }
                None => {
                    let number = at + 1;
                    let name = if written.is_empty() { format!("#{number}") } else { written };
                    if header.columns.contains(&Heading::Extra(name.clone())) {
                        findings.push(error(say!("表头“{name}”出现两次", "the header \"{name}\" is there twice"), at));
                        header.broken = true;
                    }
                    unknown.push(name.clone());
                    header.columns.push(Heading::Extra(name));
                }
            }
        }
        let line = rows.position(0).1;
        for (field, cell) in kind.fields.iter().zip(&header.cells) {
            if field.required && cell.is_none() {
                header.broken = true;
                findings.push(missing_column(kind, field, &unknown, path, line));
            }
        }
        if !unknown.is_empty() {
            findings.push(unknown_columns(kind, &unknown, path, line));
        }
        header
    }
}

fn missing_column(
    kind: &Kind,
    field: &crate::standard::Field,
    unknown: &[String],
    path: &Arc<str>,
    line: u32,
) -> Finding {
    let (name, zh) = (&field.name, &field.title.zh);
    let names: Vec<&str> =
        [name.as_str(), zh, &field.title.en].into_iter().chain(field.aliases.iter().map(String::as_str)).collect();
    let near = unknown.iter().find(|written| nearest(written, names.iter().copied()).is_some());
    let kind_name = &kind.name;
    let help = match near {
        Some(near) => say!(
            "列“{near}”是否就是“{zh}”？请改表头，或在 wellkept.toml 的 [records.{kind_name}.aliases] 中写 {name} = [\"{near}\"]",
            "is the column \"{near}\" meant? Rename it, or write {name} = [\"{near}\"] in [records.{kind_name}.aliases] of wellkept.toml"
        ),
        None => say!(
            "请加上一列“{zh}”（{name}）；如果表头叫别的名字，在 wellkept.toml 的 [records.{kind_name}.aliases] 中写 {name} = [\"表头\"]",
            "add a column {name}; if it has another header, write {name} = [\"header\"] in [records.{kind_name}.aliases] of wellkept.toml"
        ),
    };
    Finding::new(
        "ingest.header",
        Severity::Error,
        say!(
            "缺少必需的列“{zh}”（{name}），整个文件的记录都未计入",
            "the required column {name} is missing; no record of the file is counted"
        ),
    )
    .kind(kind_name.as_str())
    .at(Place::line(path.clone(), line))
    .help(help)
}

/// Columns that the kind does not know are kept and noted once a file (records.md, section 3).
pub fn unknown_columns(kind: &Kind, unknown: &[String], path: &Arc<str>, line: u32) -> Finding {
    let list = unknown.join("、");
    let list_en = unknown.join(", ");
    let finding = Finding::new(
        "ingest.header",
        Severity::Info,
        say!("不认识的列，按原样保留：{list}", "columns that are not known, kept as they are: {list_en}"),
    );
    let near: Vec<String> = unknown
        .iter()
        .filter_map(|written| nearest(written, kind.headers()).map(|name| format!("{written} → {name}")))
        .collect();
    let finding = finding.kind(kind.name.as_str()).at(Place::line(path.clone(), line));
    if near.is_empty() {
        return finding;
    }
    let near = offer_list(&near);
    finding.help(near)
}

fn offer_list(near: &[String]) -> Said {
    let list = near.join("；");
    let list_en = near.join("; ");
    say!("是否想写：{list}", "did you mean: {list_en}")
}

/// Types the rows. Answers the line of the first that holds delimiters only, and how many there are.
fn rows<R: Read>(
    scanner: &mut Scanner<R>,
    header: &Header,
    typist: &mut Typist<'_>,
) -> std::io::Result<Option<(u32, usize)>> {
    let path = typist.path().clone();
    let mut empty: Option<(u32, usize)> = None;
    loop {
        let stop = scanner.cut(TOGETHER)?;
        let rows = scanner.rows();
        let whole = rows.len() - usize::from(matches!(stop, Stop::Fault(_)));
        let mut first = 0;
        for row in 0..whole {
            let odd = odd(rows, row, header, &path);
            if matches!(odd, Odd::No) {
                continue;
            }
            typist.rows(&Taken::new(rows, first..row, header, &path));
            first = row + 1;
            match odd {
                Odd::Rejected(why) => typist.reject(rows.position(row), why),
                _ => empty.get_or_insert((rows.position(row).1, 0)).1 += 1,
            }
        }
        typist.rows(&Taken::new(rows, first..whole, header, &path));
        match stop {
            Stop::More => {}
            Stop::Fault(fault) => {
                typist.reject(rows.position(whole), Some(broken(rows, whole, fault, &path)));
            }
            Stop::End => return Ok(empty),
        }
    }
}

/// Whether a row is not one to be typed.
enum Odd {
    No,
    /// It holds delimiters only.
    Empty,
    /// It is kept out: for a reason of its own, or with all rows of its file.
    Rejected(Option<Finding>),
}

fn odd(rows: &Rows, row: usize, header: &Header, path: &Arc<str>) -> Odd {
    if header.broken {
        return Odd::Rejected(None);
    }
    let (width, line) = (rows.width(row), rows.position(row).1);
    if width == header.columns.len() {
        let raw = rows.raw(row);
        let long = || (0..width).find(|&at| rows.cell(row, at).len() > MAX_CELL);
        if let Some(at) = (raw.len() > MAX_CELL).then(long).flatten() {
            let (line, column, _) = rows.place(row, at);
            return Odd::Rejected(Some(too_long(Place::span(path.clone(), line, column, 1))));
        }
        return if raw == header.raw { Odd::Rejected(Some(repeated_header(path, line))) } else { Odd::No };
    }
    if (0..width).all(|at| rows.cell(row, at).trim_ascii().is_empty()) {
        return Odd::Empty;
    }
    let expected = header.columns.len();
    let said =
        say!("这一行有 {width} 个单元格，表头有 {expected} 个", "the row has {width} cells, the header {expected}");
    let finding = Finding::new("ingest.syntax", Severity::Error, said).at(Place::line(path.clone(), line));
    Odd::Rejected(Some(finding.help(Said::new(
        "补上缺少的分隔符；含有分隔符的单元格要加引号",
        "add the delimiters that are missing; quote a cell that holds the delimiter",
    ))))
}

fn broken(rows: &Rows, row: usize, fault: Fault, path: &Arc<str>) -> Finding {
    let (line, column) = rows.place_of(row, fault.at);
    Finding::new("ingest.syntax", Severity::Error, fault.why)
        .at(Place::span(path.clone(), line, column, 1))
        .help(fault.help)
}

/// Some of the rows that were cut, to be typed.
struct Taken<'r> {
    rows: &'r Rows,
    range: Range<usize>,
    header: &'r Header,
    path: &'r Arc<str>,
    turned: bool,
}

impl<'r> Taken<'r> {
    fn new(rows: &'r Rows, range: Range<usize>, header: &'r Header, path: &'r Arc<str>) -> Self {
        let turned = is_turned(rows.span(range.clone()));
        Self { rows, range, header, path, turned }
    }
}

impl Given for Taken<'_> {
    fn len(&self) -> usize {
        self.range.len()
    }

    fn has(&self, field: usize) -> bool {
        self.header.cells[field].is_some()
    }

    fn cell(&self, row: usize, field: usize) -> Cell<'_> {
        Cell::Text(self.header.cells[field].map_or(b"", |at| self.rows.cell(self.range.start + row, at)))
    }

    fn is_turned(&self) -> bool {
        self.turned
    }

    fn place(&self, row: usize, field: usize) -> Place {
        let row = self.range.start + row;
        match self.header.cells[field] {
            Some(at) => {
                let (line, column, width) = self.rows.place(row, at);
                Place::span(self.path.clone(), line, column, width)
            }
            None => Place::line(self.path.clone(), self.rows.position(row).1),
        }
    }

    fn position(&self, row: usize) -> (u64, u32) {
        self.rows.position(self.range.start + row)
    }
}

fn too_long(place: Place) -> Finding {
    let kib = MAX_CELL >> 10;
    Finding::new(
        "ingest.syntax",
        Severity::Error,
        say!("单元格超过 {kib} KiB 的上限", "the cell is longer than the limit of {kib} KiB"),
    )
    .at(place)
}

fn repeated_header(path: &Arc<str>, line: u32) -> Finding {
    Finding::new(
        "ingest.syntax",
        Severity::Error,
        Said::new("表头在文件中间又出现一次", "the header is repeated in the middle of the file"),
    )
    .at(Place::line(path.clone(), line))
    .help(Said::new("两个文件可能被拼接在一起：删除这一行", "two files may have been joined: delete this line"))
}

fn info(said: Said, path: &Arc<str>, kind: &Kind) -> Finding {
    Finding::new("ingest.syntax", Severity::Info, said).kind(kind.name.as_str()).at(Place::file(path.clone()))
}

/// Files that are no table in UTF-8, named as what they are.
fn refuse(start: &[u8], path: &Arc<str>) -> Option<Finding> {
    let encoding = |why: Said| {
        Finding::new("ingest.encoding", Severity::Error, why)
            .at(Place::file(path.clone()))
            .help(Said::new("请另存为 UTF-8 编码（例如“CSV UTF-8”）", "save the file as UTF-8 (such as \"CSV UTF-8\")"))
    };
    if start.starts_with(b"\xFF\xFE") || start.starts_with(b"\xFE\xFF") {
        return Some(encoding(Said::new("文件是 UTF-16 编码", "the file is UTF-16")));
    }
    if start.starts_with(b"PK\x03\x04") {
        let why =
            Said::new("文件是压缩包或 Excel 工作簿，不是文本", "the file is an archive or an Excel workbook, not text");
        return Some(encoding(why));
    }
    if start.starts_with(b"version https://git-lfs") {
        let why = Said::new(
            "文件只是 Git LFS 的指针，内容没有取回",
            "the file is only a Git LFS pointer; its content was not fetched",
        );
        return Some(encoding(why).help(Said::new("运行 git lfs pull", "run git lfs pull")));
    }
    let head = &start[..start.len().min(64 << 10)];
    let line = &head[..memchr::memchr(b'\n', head).unwrap_or(head.len())];
    if std::str::from_utf8(line).is_err() && !line.contains(&0) {
        let why =
            Said::new("文件不是 UTF-8 编码（很可能是 GBK/GB18030）", "the file is not UTF-8 (very likely GBK/GB18030)");
        return Some(encoding(why));
    }
    None
}

/// For a kind that is not known: the nearest.
pub fn unknown_kind(folder: &str, path: &Arc<str>, kinds: &[&str]) -> Finding {
    Finding::new(
        "ingest.kind",
        Severity::Error,
        say!(
            "没有名为 {folder} 的记录种类，其中的文件都未读取",
            "no kind of record is named {folder}; none of its files is read"
        ),
    )
    .kind(folder)
    .at(Place::file(path.clone()))
    .help(offer(folder, kinds))
}
