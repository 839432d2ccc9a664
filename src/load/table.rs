//! Rows of a table into the columns: those that can be typed, and why others cannot.

use std::io::{self, Read};
use std::ops::Range;
use std::sync::Arc;

use crate::config::size;
use crate::finding::{Finding, Severity};
use crate::say;
use crate::say::Said;
use crate::source::{Encoding, Place, Utf8Stream};

use super::column::is_turned;
use super::header::Header;
use super::remark::{is_remark, remark};
use super::rows::Rows;
use super::scan::{Scanner, Stop};
use super::typist::{Cell, Given, Typist};

/// How many rows are typed together: few enough that their text stays in the processor's cache.
const TOGETHER: usize = 256;

/// A header, and its line as written.
pub struct Head {
    /// What it means.
    pub header: Header,
    /// Its line.
    pub raw: Vec<u8>,
}

/// What was found on the way.
#[derive(Default)]
pub struct Passed {
    /// Rows that hold delimiters only: the line of the first, and how many.
    pub empty: Option<(u32, usize)>,
    /// Whether there were bytes that are no text.
    pub undecoded: bool,
}

/// Types all rows that the scanner still has.
pub fn rows<R: Read>(
    scanner: &mut Scanner<'_, Utf8Stream<R>>,
    head: &Head,
    typist: &mut Typist<'_>,
) -> io::Result<Passed> {
    let path = typist.path().clone();
    let mut passed = Passed::default();
    let mut undecoded = 0;
    let most = typist.limits().field;
    loop {
        let stop = scanner.cut(TOGETHER)?;
        let rows = scanner.rows();
        let whole = rows.len() - usize::from(matches!(stop, Stop::Fault(_)));
        let mut first = 0;
        for row in 0..whole {
            let odd = odd(rows, row, head, most, &path);
            if matches!(odd, Odd::No) {
                continue;
            }
            typist.rows(&Taken::new(rows, first..row, head, &path));
            first = row + 1;
            match odd {
                Odd::Rejected(why) => typist.reject(rows.position(row), why.map(|why| *why)),
                _ => passed.empty.get_or_insert((rows.position(row).1, 0)).1 += 1,
            }
        }
        typist.rows(&Taken::new(rows, first..whole, head, &path));
        match stop {
            Stop::More => {}
            Stop::End => return Ok(passed),
            Stop::Fault(fault) => {
                let (line, column) = rows.place_of(whole, fault.at);
                passed.undecoded |= fault.undecoded;
                let why = match scanner.reader().encoding() {
                    encoding if fault.undecoded && encoding != Encoding::Utf8 => {
                        // One sequence of a row is told; the row may hold more.
                        let offset = scanner.reader().undecoded().get(undecoded).copied().unwrap_or_default();
                        undecoded += memchr::memchr_iter(0xFF, rows.raw(whole)).count();
                        let name = encoding.name();
                        say!("第 {offset} 字节不是 {name}", "byte {offset} is not {name}")
                    }
                    _ => fault.why,
                };
                let finding = Finding::new("ingest.syntax", Severity::Error, why)
                    .at(Place::span(path.clone(), line, column, 1))
                    .help(fault.help);
                typist.reject(rows.position(whole), Some(finding));
            }
        }
    }
}

/// Whether a row is one that cannot be typed.
enum Odd {
    No,
    /// It holds delimiters only.
    Empty,
    /// It is kept out: for a reason of its own, or with all rows of its file.
    Rejected(Option<Box<Finding>>),
}

fn odd(rows: &Rows<'_>, row: usize, head: &Head, most: usize, path: &Arc<str>) -> Odd {
    if head.header.broken {
        return Odd::Rejected(None);
    }
    let (width, line) = (rows.width(row), rows.position(row).1);
    let expected = head.header.columns.len();
    if (0..width).all(|at| rows.cell(row, at).trim_ascii().is_empty()) {
        return Odd::Empty;
    }
    if width == expected {
        let raw = rows.raw(row);
        let long = || (0..width).find(|&at| rows.cell(row, at).len() > most);
        if let Some(at) = (raw.len() > most).then(long).flatten() {
            let (line, column, _) = rows.place(row, at);
            return Odd::Rejected(Some(Box::new(too_long(most, Place::span(path.clone(), line, column, 1)))));
        }
        if is_remark(&(0..width).map(|at| rows.cell(row, at)), &head.header.needed) {
            return Odd::Rejected(Some(Box::new(remark(path, line))));
        }
        return if raw == head.raw { Odd::Rejected(Some(Box::new(repeated_header(path, line)))) } else { Odd::No };
    }
    let said =
        say!("这一行有 {width} 个单元格，表头有 {expected} 个", "the row has {width} cells, the header {expected}");
    let finding = Finding::new("ingest.syntax", Severity::Error, said).at(Place::line(path.clone(), line));
    Odd::Rejected(Some(Box::new(finding.help(Said::new(
        "补上缺少的分隔符；含有分隔符的单元格要加引号",
        "add the delimiters that are missing; quote a cell that holds the delimiter",
    )))))
}

fn too_long(most: usize, place: Place) -> Finding {
    let most = size(most as u64);
    Finding::new(
        "ingest.syntax",
        Severity::Error,
        say!("单元格超过上限 {most}（limits.field）", "the cell is longer than the limit of {most} (limits.field)"),
    )
    .at(place)
    .help(Said::new(
        "把长的内容放到单独的文件里，这里写明它在哪里",
        "put what is long into a file of its own and say here where it is",
    ))
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

/// Some of the rows that were cut, to be typed.
struct Taken<'r> {
    rows: &'r Rows<'r>,
    range: Range<usize>,
    header: &'r Header,
    path: &'r Arc<str>,
    turned: bool,
    /// The number of their first cell: each has as many as the header.
    first: usize,
}

impl<'r> Taken<'r> {
    fn new(rows: &'r Rows<'r>, range: Range<usize>, head: &'r Head, path: &'r Arc<str>) -> Self {
        let (turned, first) = (is_turned(rows.span(range.clone())), rows.first(range.start));
        Self { rows, range, header: &head.header, path, turned, first }
    }
}

impl Given for Taken<'_> {
    fn len(&self) -> usize {
        self.range.len()
    }

    fn has(&self, field: usize) -> bool {
        self.header.cells[field].is_some()
    }

    #[inline]
    fn cell(&self, row: usize, field: usize) -> Cell<'_> {
        let number = |at: usize| self.first + row * self.header.columns.len() + at;
        Cell::Text(self.header.cells[field].map_or(b"", |at| self.rows.nth(number(at))))
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
