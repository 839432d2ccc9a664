//! Tables: the header once, then row by row into the columns.

use std::io::Read;
use std::sync::Arc;

use crate::doc::offer;
use crate::finding::{Finding, Severity};
use crate::ledger::Shape;
use crate::say;
use crate::say::Said;
use crate::source::{Encoding, Failure, Place, Utf8Stream};
use crate::standard::Kind;

use super::header::{self, Header, PREAMBLE};
use super::scan::{Next, Scanner};
use super::typist::{Cell, Typist};

/// The longest cell (safety.md, section 2).
const MAX_CELL: usize = 256 << 10;

/// Reads a table. Answers how its rows are read again (none where there is no header), and how it is encoded.
pub fn read(reader: impl Read, kind: &Kind, typist: &mut Typist<'_>) -> Result<(Option<Shape>, Encoding), Failure> {
    let path = typist.path().clone();
    let fail = |e: &std::io::Error| Failure::reading(&path, e);
    let mut scanner = Scanner::new(Utf8Stream::new(reader)).map_err(|e| fail(&e))?;
    let shape = table(&mut scanner, kind, typist).map_err(|e| fail(&e))?;
    let encoding = scanner.reader().encoding();
    if encoding != Encoding::Utf8 && shape.is_some() {
        typist.findings.push(read_as(encoding, &path).kind(kind.name.as_str()));
    }
    Ok((shape, encoding))
}

fn table<R: Read>(
    scanner: &mut Scanner<Utf8Stream<R>>,
    kind: &Kind,
    typist: &mut Typist<'_>,
) -> std::io::Result<Option<Shape>> {
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
        scanner.advance()?;
    }
    if above > 0 {
        typist.findings.push(header::preamble(kind, &path, above));
    }
    match scanner.advance()? {
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
    let written = texts(scanner);
    let place = |at: usize| {
        let (line, column, width) = scanner.place(at);
        Place::span(path.clone(), line, column, width)
    };
    let header = header::read(kind, &path, scanner.position().1, &written, place, &mut typist.findings);
    let shape = Shape::Csv { delimiter: scanner.delimiter(), columns: header.columns.clone() };
    let raw = scanner.raw().to_vec();
    rows(scanner, &header, &raw, kind, typist)?;
    Ok(Some(shape))
}

fn texts<R: Read>(scanner: &Scanner<R>) -> Vec<String> {
    (0..scanner.width()).map(|at| String::from_utf8_lossy(scanner.cell(at)).trim().to_owned()).collect()
}

/// The header among the first lines: the first that holds two headers which the kind knows, by the delimiter that makes
/// most of it; and how many lines stand above. None where no line does.
fn find_header(start: &[u8], kind: &Kind) -> Option<(u8, usize)> {
    let mut best: Option<(usize, usize, u8)> = None;
    for delimiter in [b',', b';', b'\t'] {
        let Ok(mut scanner) = Scanner::with_block(start, 64 << 10) else { continue };
        scanner.set_delimiter(delimiter);
        let mut above = 0;
        // A cut row at the end of what was read so far is no matter: headers stand at the top.
        while above <= PREAMBLE {
            match scanner.advance() {
                Ok(Next::Row) => {
                    let known = header::known(kind, texts(&scanner).iter().map(String::as_str));
                    if known >= 2 {
                        // The fewest lines above, then the most headers.
                        if best.is_none_or(|(a, k, _)| (above, std::cmp::Reverse(known)) < (a, std::cmp::Reverse(k))) {
                            best = Some((above, known, delimiter));
                        }
                        break;
                    }
                }
                Ok(Next::Fault(_)) => {}
                Ok(Next::End) | Err(_) => break,
            }
            above += 1;
        }
    }
    best.map(|(above, _, delimiter)| (delimiter, above))
}

fn rows<R: Read>(
    scanner: &mut Scanner<Utf8Stream<R>>,
    header: &Header,
    header_line: &[u8],
    kind: &Kind,
    typist: &mut Typist<'_>,
) -> std::io::Result<()> {
    let path = typist.path().clone();
    let mut empty: Option<(u32, usize)> = None;
    let mut undecoded = 0;
    loop {
        match scanner.advance()? {
            Next::End => break,
            Next::Fault(fault) => {
                let (offset, first) = scanner.position();
                let (line, column) = scanner.place_of(fault.at);
                let why = match scanner.reader().encoding() {
                    encoding if fault.undecoded && encoding != Encoding::Utf8 => {
                        // One sequence of a row is told; the row may hold more.
                        let offset = scanner.reader().undecoded().get(undecoded).copied().unwrap_or_default();
                        undecoded += memchr::memchr_iter(0xFF, scanner.raw()).count();
                        let name = encoding.name();
                        say!("第 {offset} 字节不是 {name}", "byte {offset} is not {name}")
                    }
                    _ => fault.why,
                };
                let finding = Finding::new("ingest.syntax", Severity::Error, why)
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
                    if scanner.raw() == header_line {
                        typist.reject(offset, line, Some(repeated_header(&path, line)));
                        continue;
                    }
                    let row: &Scanner<Utf8Stream<R>> = scanner;
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
