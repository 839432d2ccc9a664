//! Tables: the header once, then the rows under it.

use std::io::Read;
use std::sync::Arc;

use crate::doc::offer;
use crate::finding::{Finding, Severity};
use crate::ledger::{Shape, Table};
use crate::say;
use crate::say::Said;
use crate::source::{Encoding, Entry, Failure, Place, Sources, Utf8Stream};
use crate::standard::Kind;

use super::header::{self, PREAMBLE};
use super::parts;
use super::rows::Rows;
use super::scan::{Scanner, Stop};
use super::table::{self, Head};
use super::typist::Typist;

/// Reads a table. Answers how its rows are read again (none where there is no header), and how it is encoded. Of a large
/// file the rows go to `tables`, part by part.
pub fn read(
    sources: &Sources,
    entry: &Entry,
    kind: &Kind,
    typist: &mut Typist<'_>,
    tables: &mut Vec<Table>,
) -> Result<(Option<Shape>, Encoding), Failure> {
    let path = &entry.path;
    let fail = |e: &std::io::Error| Failure::reading(path, e);
    let longest = typist.limits().line;
    let mut scanner = Scanner::new(Utf8Stream::new(sources.open(path)?)).map_err(|e| fail(&e))?.lines_up_to(longest);
    let Some(head) = head(&mut scanner, kind, typist).map_err(|e| fail(&e))? else {
        return Ok((None, scanner.reader().encoding()));
    };
    let passed = match parts::read(sources, entry, &head, &scanner, typist, tables).map_err(|e| fail(&e))? {
        Some(passed) => passed,
        None => table::rows(&mut scanner, &head, typist).map_err(|e| fail(&e))?,
    };
    if let Some((line, count)) = passed.empty {
        let said =
            say!("{count} 个空行（只有分隔符），已略过", "{count} empty rows (delimiters only) were passed over");
        typist.findings.push(info(said, path, kind).at(Place::line(path.clone(), line)));
    }
    let encoding = scanner.reader().encoding();
    if encoding != Encoding::Utf8 {
        typist.findings.push(read_as(encoding, path).kind(kind.name.as_str()));
    }
    let shape = Shape::Csv { delimiter: scanner.delimiter(), columns: head.header.columns, line: longest };
    Ok((Some(shape), encoding))
}

/// Reads the header. None where there is none, and a finding says why.
pub(super) fn head<R: Read>(
    scanner: &mut Scanner<'_, Utf8Stream<R>>,
    kind: &Kind,
    typist: &mut Typist<'_>,
) -> std::io::Result<Option<Head>> {
    let path = typist.path().clone();
    if let Some(refused) = refuse(scanner.rest(), &path) {
        typist.findings.push(refused.kind(kind.name.as_str()));
        return Ok(None);
    }
    let above = match find_header(scanner.rest(), kind) {
        Some((delimiter, above)) => {
            scanner.set_delimiter(delimiter);
            above
        }
        None => {
            scanner.detect_delimiter();
            0
        }
    };
    for _ in 0..above {
        scanner.cut(1)?;
    }
    if above > 0 {
        typist.findings.push(header::preamble(kind, &path, above));
    }
    let stop = scanner.cut(1)?;
    let rows = scanner.rows();
    match stop {
        Stop::More => {
            let place = |at: usize| {
                let (line, column, width) = rows.place(0, at);
                Place::span(path.clone(), line, column, width)
            };
            let line = rows.position(0).1;
            let header =
                header::read(kind, typist.limits().columns, &path, line, &texts(rows), place, &mut typist.findings);
            Ok(Some(Head { header, raw: rows.raw(0).to_vec() }))
        }
        Stop::End => {
            let said = Said::new("文件中没有表头，也没有记录", "the file has neither a header nor records");
            typist.findings.push(info(said, &path, kind));
            Ok(None)
        }
        Stop::Fault(fault) => {
            let (line, column) = rows.place_of(0, fault.at);
            let why = fault.why;
            let (zh, en) = (&why.zh, &why.en);
            let said = say!("表头无法读取：{zh}", "the header cannot be read: {en}");
            typist.findings.push(
                Finding::new("ingest.header", Severity::Error, said)
                    .kind(kind.name.as_str())
                    .at(Place::span(path.clone(), line, column, 1))
                    .help(fault.help),
            );
            Ok(None)
        }
    }
}

/// The cells of the first row.
fn texts(rows: &Rows<'_>) -> Vec<String> {
    (0..rows.width(0)).map(|at| String::from_utf8_lossy(rows.cell(0, at)).trim().to_owned()).collect()
}

/// The header among the first lines: the first that holds two headers which the kind knows, by the delimiter that makes
/// most of it; and how many lines stand above. None where no line does.
fn find_header(start: &[u8], kind: &Kind) -> Option<(u8, usize)> {
    let mut best: Option<(usize, usize, u8)> = None;
    for delimiter in [b',', b';', b'\t'] {
        let mut scanner = Scanner::within(start, 64 << 10, delimiter, 0..u64::MAX);
        let mut above = 0;
        // A cut row at the end of what was read so far is no matter: headers stand at the top.
        while above <= PREAMBLE {
            match scanner.cut(1) {
                Ok(Stop::More) => {
                    let known = header::known(kind, texts(scanner.rows()).iter().map(String::as_str));
                    if known >= 2 {
                        // The fewest lines above, then the most headers.
                        if best.is_none_or(|(a, k, _)| (above, std::cmp::Reverse(known)) < (a, std::cmp::Reverse(k))) {
                            best = Some((above, known, delimiter));
                        }
                        break;
                    }
                }
                Ok(Stop::Fault(_)) => {}
                Ok(Stop::End) | Err(_) => break,
            }
            above += 1;
        }
    }
    best.map(|(above, _, delimiter)| (delimiter, above))
}

fn info(said: Said, path: &Arc<str>, kind: &Kind) -> Finding {
    Finding::new("ingest.syntax", Severity::Info, said).kind(kind.name.as_str()).at(Place::file(path.clone()))
}

/// The note on a file that is not UTF-8.
pub fn read_as(encoding: Encoding, path: &Arc<str>) -> Finding {
    let name = encoding.name();
    let said = say!("按 {name} 编码读取", "read as {name}");
    Finding::new("ingest.encoding", Severity::Info, said).at(Place::file(path.clone()))
}

/// Files that are no table, named as what they are.
fn refuse(start: &[u8], path: &Arc<str>) -> Option<Finding> {
    let not_text = |why: Said, help: Said| {
        Finding::new("ingest.encoding", Severity::Error, why).at(Place::file(path.clone())).help(help)
    };
    let save = Said::new("请另存为 UTF-8 编码（例如“CSV UTF-8”）", "save the file as UTF-8 (such as \"CSV UTF-8\")");
    if start.starts_with(b"PK\x03\x04") {
        let why =
            Said::new("文件是压缩包或 Excel 工作簿，不是文本", "the file is an archive or an Excel workbook, not text");
        let help = Said::new("工作簿请以 .xlsx 为扩展名", "give a workbook the extension .xlsx");
        return Some(not_text(why, help));
    }
    if start.starts_with(b"version https://git-lfs") {
        let why = Said::new(
            "文件只是 Git LFS 的指针，内容没有取回",
            "the file is only a Git LFS pointer; its content was not fetched",
        );
        return Some(not_text(why, Said::new("运行 git lfs pull", "run git lfs pull")));
    }
    let head = &start[..start.len().min(64 << 10)];
    let zeros = memchr::memchr_iter(0, head).count();
    if zeros > 0 && zeros * 10 >= head.len() {
        let why = Said::new(
            "文件像是没有字节序标记的 UTF-16，或不是文本",
            "the file looks like UTF-16 without a byte order mark, or is no text",
        );
        return Some(not_text(why, save));
    }
    let line = &head[..memchr::memchr(b'\n', head).unwrap_or(head.len())];
    if std::str::from_utf8(line).is_err() && zeros == 0 {
        let why = Said::new("文件的编码无法识别", "the encoding of the file is not known");
        return Some(not_text(why, save));
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
