//! Rows of a delimited text (RFC 4180), strictly, out of a stream, with the place of everything.
//!
//! The `csv` crate reads leniently and in silence: a stray quote becomes text, a quote that is never closed swallows
//! the rest of the file. Here each is a fault on its own line, and the rows beside it are still read. Most lines hold
//! no quote; they are cut at the delimiter and nothing else is done to them.

use std::io::{self, Read};

use crate::say;
use crate::say::Said;

/// How much is read at once; blocks that fit the processor's cache beat one read of the whole file.
const BLOCK: usize = 1 << 20;
/// The longest row (safety.md, section 2).
pub const MAX_ROW: usize = 1 << 20;

/// A fault in the shape of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub why: Said,
    /// What to do.
    pub help: Said,
    /// Where, as an offset from the start of the row.
    pub at: usize,
    /// The bytes there are no text.
    pub undecoded: bool,
}

/// What the scanner stands on.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    /// A row; its cells can be asked for.
    Row,
    /// A row that cannot be read.
    Fault(Fault),
    /// The end.
    End,
}

/// A cell: a range of the buffer, or of the scratch where quotes had to be taken out.
#[derive(Debug, Clone, Copy)]
struct Cell {
    start: u32,
    end: u32,
    scratch: bool,
    /// Where the cell begins in the buffer, for its place.
    at: u32,
}

/// Reads rows one after another.
pub struct Scanner<R> {
    reader: R,
    block: usize,
    buffer: Vec<u8>,
    filled: usize,
    ended: bool,
    /// Where the next row begins in the buffer.
    next: usize,
    /// Where the present row begins in the buffer, and how long it is without its line end.
    row: (usize, usize),
    cells: Vec<Cell>,
    scratch: Vec<u8>,
    /// Offset of the buffer's first byte in the stream.
    base: u64,
    line: u32,
    row_line: u32,
    delimiter: u8,
    /// Up to where in the buffer the bytes are known to be UTF-8.
    valid_to: usize,
    /// Whether the buffer holds a carriage return that is a line end of its own.
    lone_cr: bool,
}

enum Step {
    /// The row ends before this offset; so many line ends were passed.
    Row(usize, u32),
    More,
    Fault {
        why: Said,
        help: Said,
        at: usize,
        resume: usize,
    },
}

impl<R: Read> Scanner<R> {
    /// Starts at the beginning of a stream, past a byte order mark.
    pub fn new(reader: R) -> io::Result<Self> {
        Self::with_block(reader, BLOCK)
    }

    /// The same, reading so many bytes at once: few for a single row in the middle of a file.
    pub fn with_block(reader: R, block: usize) -> io::Result<Self> {
        let mut scanner = Self {
            reader,
            block,
            buffer: Vec::new(),
            filled: 0,
            ended: false,
            next: 0,
            row: (0, 0),
            cells: Vec::new(),
            scratch: Vec::new(),
            base: 0,
            line: 1,
            row_line: 1,
            delimiter: b',',
            valid_to: 0,
            lone_cr: false,
        };
        scanner.fill()?;
        if scanner.rest().starts_with(b"\xEF\xBB\xBF") {
            scanner.next = 3;
        }
        Ok(scanner)
    }

    /// The bytes that were read and not yet given out.
    pub fn rest(&self) -> &[u8] {
        &self.buffer[self.next..self.filled]
    }

    /// What is read from.
    pub fn reader(&self) -> &R {
        &self.reader
    }

    /// The delimiter.
    pub fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// Sets the delimiter: the one of `,` `;` tab that the next line holds most of, outside quotes.
    pub fn detect_delimiter(&mut self) {
        let (mut counts, mut quoted) = ([0usize; 3], false);
        for &byte in self.rest() {
            match byte {
                b'"' => quoted = !quoted,
                b'\n' | b'\r' if !quoted => break,
                b',' if !quoted => counts[0] += 1,
                b';' if !quoted => counts[1] += 1,
                b'\t' if !quoted => counts[2] += 1,
                _ => {}
            }
        }
        let most = counts.iter().copied().max().unwrap_or(0);
        self.delimiter = match counts.iter().position(|&n| n == most) {
            Some(1) => b';',
            Some(2) => b'\t',
            _ => b',',
        };
    }

    /// Sets the delimiter.
    pub fn set_delimiter(&mut self, delimiter: u8) {
        self.delimiter = delimiter;
    }

    /// Goes on to the next row. Empty lines are passed over.
    pub fn advance(&mut self) -> io::Result<Next> {
        loop {
            if self.next >= self.filled && self.ended {
                return Ok(Next::End);
            }
            self.row_line = self.line;
            match self.step() {
                Step::More => self.fill()?,
                Step::Row(resume, lines) => {
                    self.line += lines;
                    self.next = resume;
                    if self.row.1 == 0 && self.cells.len() <= 1 {
                        continue;
                    }
                    return Ok(match self.check() {
                        None => Next::Row,
                        Some(fault) => Next::Fault(fault),
                    });
                }
                Step::Fault { why, help, at, resume } => {
                    self.row = (self.next, resume - self.next);
                    let raw = &self.buffer[self.row.0..resume];
                    self.row.1 = trim_end(raw).len();
                    self.line += count_ends(&self.buffer[self.next..resume]);
                    self.next = resume;
                    return Ok(Next::Fault(Fault { why, help, at, undecoded: false }));
                }
            }
        }
    }

    /// How many cells the row has.
    pub fn width(&self) -> usize {
        self.cells.len()
    }

    /// A cell without its quotes.
    pub fn cell(&self, at: usize) -> &[u8] {
        let cell = self.cells[at];
        let from = if cell.scratch { &self.scratch } else { &self.buffer };
        &from[cell.start as usize..cell.end as usize]
    }

    /// The row as it stands in the file, without its line end.
    pub fn raw(&self) -> &[u8] {
        &self.buffer[self.row.0..self.row.0 + self.row.1]
    }

    /// Where the row begins: offset in the file, and line from 1.
    pub fn position(&self) -> (u64, u32) {
        (self.base + self.row.0 as u64, self.row_line)
    }

    /// Line and column (in characters, from 1) of a cell, and its width in characters.
    pub fn place(&self, at: usize) -> (u32, u32, u32) {
        let Some(cell) = self.cells.get(at) else { return (self.row_line, 0, 0) };
        let (line, column) = self.place_of(cell.at as usize - self.row.0);
        let width = String::from_utf8_lossy(self.cell(at)).split('\n').next().map_or(0, |t| t.chars().count());
        (line, column, width as u32)
    }

    /// Line and column of an offset in the row.
    pub fn place_of(&self, offset: usize) -> (u32, u32) {
        let before = &self.buffer[self.row.0..(self.row.0 + offset).min(self.filled)];
        let line_start = before.iter().rposition(|&b| b == b'\n').map_or(0, |n| n + 1);
        let lines = memchr::memchr_iter(b'\n', before).count() as u32;
        let column = String::from_utf8_lossy(&before[line_start..]).chars().count() as u32 + 1;
        (self.row_line + lines, column)
    }

    fn step(&mut self) -> Step {
        self.cells.clear();
        self.scratch.clear();
        if self.lone_cr {
            return self.careful();
        }
        let start = self.next;
        let mut cell = start;
        let hits = memchr::memchr3_iter(self.delimiter, b'"', b'\n', &self.buffer[start..self.filled]);
        for hit in hits {
            let at = start + hit;
            match self.buffer[at] {
                b'\n' => {
                    let end = if at > start && self.buffer[at - 1] == b'\r' { at - 1 } else { at };
                    self.cells.push(plain(cell, end.max(cell)));
                    self.row = (start, end - start);
                    return Step::Row(at + 1, 1);
                }
                b'"' => {
                    self.cells.clear();
                    return self.careful();
                }
                _ => {
                    self.cells.push(plain(cell, at));
                    cell = at + 1;
                }
            }
        }
        self.finish_or_more(start, cell)
    }

    fn finish_or_more(&mut self, start: usize, cell: usize) -> Step {
        if self.filled - start > MAX_ROW {
            return self.too_long(start);
        }
        if !self.ended {
            return Step::More;
        }
        let end = start + trim_end(&self.buffer[start..self.filled]).len();
        self.cells.push(plain(cell, end.max(cell)));
        self.row = (start, end - start);
        Step::Row(self.filled, 1)
    }

    fn too_long(&self, start: usize) -> Step {
        let resume =
            memchr::memchr2(b'\n', b'\r', &self.buffer[start..self.filled]).map_or(self.filled, |n| start + n + 1);
        let kib = MAX_ROW >> 10;
        Step::Fault {
            why: say!("这一行超过 {kib} KiB 的上限", "the line is longer than the limit of {kib} KiB"),
            help: say!(
                "请检查是否缺少换行，或文件不是文本",
                "see whether a line end is missing, or the file is no text"
            ),
            at: 0,
            resume,
        }
    }

    /// Reads a row byte by byte: one with quotes, or in a buffer with carriage returns as line ends.
    fn careful(&mut self) -> Step {
        let start = self.next;
        let mut at = start;
        loop {
            let cell_at = at;
            if at < self.filled && self.buffer[at] == b'"' {
                match self.quoted(at) {
                    Ok(after) => at = after,
                    Err(step) => return step,
                }
            } else {
                while at < self.filled && !self.is_end(at) && self.buffer[at] != b'"' {
                    at += 1;
                }
                if at < self.filled && self.buffer[at] == b'"' {
                    let resume = self.line_after(at);
                    return fault(
                        Said::new("未加引号的单元格中出现引号", "a quote inside a cell that is not quoted"),
                        Said::new(
                            "把整个单元格加上引号，其中的引号写成两个：\"他说\"\"好\"\"\"",
                            "quote the whole cell and write each quote in it twice: \"he said \"\"yes\"\"\"",
                        ),
                        at - start,
                        resume,
                    );
                }
                self.cells.push(plain(cell_at, at));
            }
            if at >= self.filled {
                if !self.ended {
                    return if self.filled - start > MAX_ROW { self.too_long(start) } else { Step::More };
                }
                self.row = (start, at - start);
                return self.row_to(at);
            }
            match self.buffer[at] {
                b if b == self.delimiter => at += 1,
                b'\r' if at + 1 == self.filled && !self.ended => return Step::More,
                b'\r' if self.buffer.get(at + 1) == Some(&b'\n') && at + 1 < self.filled => {
                    self.row = (start, at - start);
                    return self.row_to(at + 2);
                }
                _ => {
                    self.row = (start, at - start);
                    return self.row_to(at + 1);
                }
            }
        }
    }

    fn row_to(&self, resume: usize) -> Step {
        Step::Row(resume, count_ends(&self.buffer[self.next..resume]))
    }

    /// Reads a quoted cell from its opening quote; answers where it ends.
    fn quoted(&mut self, open: usize) -> Result<usize, Step> {
        let start = self.next;
        let (from, mut at) = (self.scratch.len(), open + 1);
        loop {
            let Some(hit) = memchr::memchr(b'"', &self.buffer[at..self.filled]) else {
                let unclosed = self.ended || self.filled - start > MAX_ROW;
                return Err(if unclosed {
                    let resume = self.line_after(open);
                    fault(
                        Said::new("引号没有关闭", "the quote is never closed"),
                        Said::new("在单元格末尾补上引号", "close the quote at the end of the cell"),
                        open - start,
                        resume,
                    )
                } else {
                    Step::More
                });
            };
            let close = at + hit;
            self.scratch.extend_from_slice(&self.buffer[at..close]);
            if close + 1 >= self.filled && !self.ended {
                return Err(Step::More);
            }
            if close + 1 < self.filled && self.buffer[close + 1] == b'"' {
                self.scratch.push(b'"');
                at = close + 2;
                continue;
            }
            let after = close + 1;
            if after < self.filled && !self.is_end(after) {
                let resume = self.line_after(after);
                return Err(fault(
                    Said::new("引号关闭之后还有文字", "there is text after the closing quote"),
                    Said::new(
                        "单元格中的引号要写成两个：\"他说\"\"好\"\"\"",
                        "write each quote inside a quoted cell twice: \"he said \"\"yes\"\"\"",
                    ),
                    after - start,
                    resume,
                ));
            }
            let (start, end) = (from as u32, self.scratch.len() as u32);
            self.cells.push(Cell { start, end, scratch: true, at: open as u32 });
            return Ok(after);
        }
    }

    /// Where the line after this offset begins; none where that is not read yet.
    fn line_after(&self, at: usize) -> Option<usize> {
        match memchr::memchr2(b'\n', b'\r', &self.buffer[at..self.filled]) {
            Some(n) if self.buffer[at + n] == b'\r' && at + n + 1 == self.filled && !self.ended => None,
            Some(n) if self.buffer[at + n] == b'\r' && self.buffer.get(at + n + 1) == Some(&b'\n') => Some(at + n + 2),
            Some(n) => Some(at + n + 1),
            None if self.ended || self.filled - self.next > MAX_ROW => Some(self.filled),
            None => None,
        }
    }

    fn is_end(&self, at: usize) -> bool {
        matches!(self.buffer[at], b'\n' | b'\r') || self.buffer[at] == self.delimiter
    }

    /// Moves what is left to the front and reads on.
    fn fill(&mut self) -> io::Result<()> {
        self.buffer.copy_within(self.next..self.filled, 0);
        self.base += self.next as u64;
        self.filled -= self.next;
        self.valid_to = self.valid_to.saturating_sub(self.next);
        self.next = 0;
        let want = self.filled + self.block;
        if self.buffer.len() < want {
            self.buffer.resize(want, 0);
        }
        while self.filled < want {
            match self.reader.read(&mut self.buffer[self.filled..want]) {
                Ok(0) => {
                    self.ended = true;
                    break;
                }
                Ok(n) => self.filled += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        let read = &self.buffer[..self.filled];
        self.lone_cr = memchr::memchr_iter(b'\r', read)
            .any(|at| if at + 1 < read.len() { read[at + 1] != b'\n' } else { self.ended });
        Ok(())
    }

    /// Faults of the text itself: bytes that are not UTF-8, control characters, signs of a bad merge.
    fn check(&mut self) -> Option<Fault> {
        let (start, end) = (self.row.0, self.row.0 + self.row.1);
        if end > self.valid_to {
            let to = memchr::memrchr(b'\n', &self.buffer[start..self.filled]).map_or(self.filled, |n| start + n + 1);
            if simdutf8::basic::from_utf8(&self.buffer[start..to.max(end)]).is_ok() {
                self.valid_to = to.max(end);
            } else if let Err(e) = simdutf8::compat::from_utf8(&self.buffer[start..end]) {
                let at = e.valid_up_to();
                let offset = self.base + (start + at) as u64;
                let byte = self.buffer[start + at];
                return Some(Fault {
                    why: say!(
                        "第 {offset} 字节（0x{byte:02X}）不是 UTF-8",
                        "byte {offset} (0x{byte:02X}) is not UTF-8"
                    ),
                    help: Said::new(
                        "请另存为 UTF-8 编码（例如“CSV UTF-8”）",
                        "save the file as UTF-8 (such as \"CSV UTF-8\")",
                    ),
                    at,
                    undecoded: true,
                });
            }
        }
        let raw = &self.buffer[start..end];
        if suspicious(raw)
            && let Some((at, c)) = forbidden(raw)
        {
            let code = c as u32;
            return Some(Fault {
                why: say!(
                    "文本中有不允许的控制字符 U+{code:04X}",
                    "the control character U+{code:04X} is not allowed in text"
                ),
                help: Said::new("删除该字符", "delete the character"),
                at,
                undecoded: false,
            });
        }
        merge_mark(raw).map(|at| Fault {
            why: Said::new("这一行是版本合并冲突的标记", "this line is a mark of a merge conflict"),
            help: Said::new(
                "解决冲突：保留正确的行，删除 <<<<<<<、=======、>>>>>>> 三行",
                "resolve the conflict: keep the right lines and delete the lines <<<<<<<, ======= and >>>>>>>",
            ),
            at,
            undecoded: false,
        })
    }
}

fn plain(start: usize, end: usize) -> Cell {
    Cell { start: start as u32, end: end as u32, scratch: false, at: start as u32 }
}

fn fault(why: Said, help: Said, at: usize, resume: Option<usize>) -> Step {
    match resume {
        Some(resume) => Step::Fault { why, help, at, resume },
        None => Step::More,
    }
}

fn trim_end(raw: &[u8]) -> &[u8] {
    let raw = raw.strip_suffix(b"\n").unwrap_or(raw);
    raw.strip_suffix(b"\r").unwrap_or(raw)
}

fn count_ends(taken: &[u8]) -> u32 {
    let returns = memchr::memchr_iter(b'\r', taken).filter(|&at| taken.get(at + 1) != Some(&b'\n')).count();
    (memchr::memchr_iter(b'\n', taken).count() + returns) as u32
}

/// Whether a row may hold a forbidden character: a first pass that the compiler does many bytes at a time, and a look
/// at the bytes after a candidate. Only then is the row decoded.
#[allow(
    clippy::needless_bitwise_bool,
    reason = "a lazy operator is a branch, and a branch keeps the pass from being vectorised"
)]
fn suspicious(raw: &[u8]) -> bool {
    let odd = raw.iter().fold(false, |odd, &b| {
        odd | ((b < 0x20) & (b != b'\t')) | (b == 0x7F) | (b == 0xC2) | (b == 0xEF) | (b >= 0xF0)
    });
    odd && raw.iter().enumerate().any(|(at, &b)| match b {
        0xC2 => raw.get(at + 1).is_some_and(|next| *next < 0xA0),
        0xEF => matches!(raw.get(at + 1), Some(0xB7 | 0xBB | 0xBF)),
        0x7F | 0xF0.. => true,
        _ => b < 0x20 && b != b'\t',
    })
}

/// The first control character (but tab and line ends), noncharacter or byte order mark inside text.
pub fn forbidden(raw: &[u8]) -> Option<(usize, char)> {
    let text = std::str::from_utf8(raw).ok()?;
    text.char_indices().find(|(_, c)| {
        let code = *c as u32;
        (c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
            || code & 0xFFFE == 0xFFFE
            || (0xFDD0..=0xFDEF).contains(&code)
            || code == 0xFEFF
    })
}

/// A line that a failed merge left behind (safety.md, section 3).
fn merge_mark(raw: &[u8]) -> Option<usize> {
    let first = *raw.first()?;
    if !matches!(first, b'<' | b'=' | b'>' | b'|') {
        return None;
    }
    let marks: [&[u8]; 4] = [b"<<<<<<< ", b">>>>>>> ", b"||||||| ", b"======="];
    let found = marks.iter().any(|mark| raw.starts_with(mark)) && (first != b'=' || raw == b"=======");
    found.then_some(0)
}
