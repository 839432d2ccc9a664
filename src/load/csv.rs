//! Tables: the header once, then row by row into the columns.

use std::io::Read;
use std::sync::Arc;

use crate::doc::offer;
use crate::finding::{Finding, Severity};
use crate::ledger::{Heading, Shape};
use crate::near::nearest;
use crate::say;
use crate::say::Said;
use crate::source::{Failure, Place};
use crate::standard::Kind;

use super::scan::{Next, Scanner};
use super::typist::{Cell, Typist};

/// The most columns a table may have (safety.md, section 2).
const MAX_COLUMNS: usize = 256;
/// The longest cell (safety.md, section 2).
const MAX_CELL: usize = 256 << 10;

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
    match scanner.advance().map_err(|e| fail(&e))? {
        Next::Row => {}
        Next::End => {
            let said = Said::new("文件中没有表头，也没有记录", "the file has neither a header nor records");
            typist.findings.push(info(said, &path, kind));
            return Ok(None);
        }
        Next::Fault(fault) => {
            let (line, column) = scanner.place_of(fault.at);
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
    }
    let header = Header::read(&scanner, kind, &path, &mut typist.findings);
    let shape = Shape::Csv { delimiter, columns: header.columns.clone() };
    rows(&mut scanner, &header, kind, typist).map_err(|e| fail(&e))?;
    Ok(Some(shape))
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
    fn read<R: Read>(scanner: &Scanner<R>, kind: &Kind, path: &Arc<str>, findings: &mut Vec<Finding>) -> Self {
        let mut header = Self {
            columns: Vec::new(),
            cells: vec![None; kind.fields.len()],
            raw: scanner.raw().to_vec(),
            broken: false,
        };
        let error = |said: Said, at: usize| {
            let (line, column, width) = scanner.place(at);
            Finding::new("ingest.header", Severity::Error, said).kind(kind.name.as_str()).at(Place::span(
                path.clone(),
                line,
                column,
                width,
            ))
        };
        if scanner.width() > MAX_COLUMNS {
            let n = scanner.width();
            findings
                .push(error(say!("有 {n} 列，上限为 {MAX_COLUMNS} 列", "{n} columns; the limit is {MAX_COLUMNS}"), 0));
            header.broken = true;
            return header;
        }
        let mut unknown: Vec<String> = Vec::new();
        for at in 0..scanner.width() {
            let written = String::from_utf8_lossy(scanner.cell(at)).trim().to_owned();
            match kind.header(&written) {
                Some(field) => {
                    if let Some(first) = header.cells[field] {
                        let first = String::from_utf8_lossy(scanner.cell(first)).trim().to_owned();
                        let (name, zh) = (&kind.fields[field].name, &kind.fields[field].title.zh);
                        let said = say!(
                            "“{first}”和“{written}”两列都是{zh}（{name}）",
                            "the columns \"{first}\" and \"{written}\" both mean {name}"
                        );
                        findings.push(error(said, at).help(Said::new(
                            "保留一列，另一列改名或删除",
                            "keep one column; rename or delete the other",
                        )));
                        header.broken = true;
                        header.columns.push(Heading::Extra(written));
                    } else {
                        header.cells[field] = Some(at);
                        header.columns.push(Heading::Field(field));
                    }
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
        let line = scanner.position().1;
        for (field, cell) in kind.fields.iter().zip(&header.cells) {
            if field.required && cell.is_none() {
                header.broken = true;
                findings.push(missing_column(kind, field, &unknown, path, line));
            }
        }
        if !unknown.is_empty() {
            let first = header.columns.iter().position(|h| matches!(h, Heading::Extra(_))).unwrap_or(0);
            let (line, column, width) = scanner.place(first);
            findings.push(unknown_columns(kind, &unknown, Place::span(path.clone(), line, column, width)));
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

/// Columns that the kind does not know are kept and noted once a file, where the first stands (records.md, section 3).
pub fn unknown_columns(kind: &Kind, unknown: &[String], first: Place) -> Finding {
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
    let finding = finding.kind(kind.name.as_str()).at(first);
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

fn rows<R: Read>(
    scanner: &mut Scanner<R>,
    header: &Header,
    kind: &Kind,
    typist: &mut Typist<'_>,
) -> std::io::Result<()> {
    let path = typist.path().clone();
    let mut empty: Option<(u32, usize)> = None;
    loop {
        match scanner.advance()? {
            Next::End => break,
            Next::Fault(fault) => {
                let (offset, first) = scanner.position();
                let (line, column) = scanner.place_of(fault.at);
                let finding = Finding::new("ingest.syntax", Severity::Error, fault.why)
                    .at(Place::span(path.clone(), line, column, 1))
                    .help(fault.help);
                typist.reject(offset, first, Some(finding));
            }
            Next::Row if header.broken => {
                let (offset, line) = scanner.position();
                typist.reject(offset, line, None);
            }
            Next::Row => {
                let (offset, line) = scanner.position();
                if scanner.width() == header.columns.len() {
                    let long = (0..scanner.width()).find(|&at| scanner.cell(at).len() > MAX_CELL);
                    if let Some(at) = long {
                        let (line_at, column, _) = scanner.place(at);
                        let place = Place::span(path.clone(), line_at, column, 1);
                        typist.reject(offset, line, Some(too_long(place)));
                        continue;
                    }
                    if scanner.raw() == header.raw {
                        typist.reject(offset, line, Some(repeated_header(&path, line)));
                        continue;
                    }
                    let row: &Scanner<R> = scanner;
                    typist.row(
                        |field| header.cells[field].map(|at| Cell::Text(row.cell(at))),
                        |field| match header.cells[field] {
                            Some(at) => {
                                let (line, column, width) = row.place(at);
                                Place::span(path.clone(), line, column, width)
                            }
                            None => Place::line(path.clone(), line),
                        },
                        (offset, line),
                    );
                } else if (0..scanner.width()).all(|at| scanner.cell(at).trim_ascii().is_empty()) {
                    let (_, count) = empty.get_or_insert((line, 0));
                    *count += 1;
                } else {
                    let (expected, found) = (header.columns.len(), scanner.width());
                    let finding = Finding::new(
                        "ingest.syntax",
                        Severity::Error,
                        say!(
                            "这一行有 {found} 个单元格，表头有 {expected} 个",
                            "the row has {found} cells, the header {expected}"
                        ),
                    )
                    .at(Place::line(path.clone(), line))
                    .help(Said::new(
                        "补上缺少的分隔符；含有分隔符的单元格要加引号",
                        "add the delimiters that are missing; quote a cell that holds the delimiter",
                    ));
                    typist.reject(offset, line, Some(finding));
                }
            }
        }
    }
    if let Some((line, count)) = empty {
        let said =
            say!("{count} 个空行（只有分隔符），已略过", "{count} empty rows (delimiters only) were passed over");
        typist.findings.push(info(said, &path, kind).at(Place::line(path.clone(), line)));
    }
    Ok(())
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
