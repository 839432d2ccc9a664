//! Cuts delimited text (RFC 4180) into rows, strictly, out of a stream, with the place of everything.
//!
//! The `csv` crate reads leniently and in silence: a stray quote becomes text, a quote that is never closed swallows
//! the rest of the file. Here each is a fault on its own line, and the rows beside it are still read. What is cut does
//! not hang on how the stream was parted into blocks, so that a file may be read from several places at once.

use std::borrow::Cow;
use std::io::{self, Read};

use crate::config::size;
use crate::say;
use crate::say::Said;

use super::rows::{Block, Cell, GROUP, Row, Rows, delimiter};
use super::text;

/// The longest row where nothing else is said (safety.md, section 2).
pub const MAX_ROW: usize = 1 << 20;
/// How much is read at once; blocks that fit the processor's cache beat one read of the whole file.
pub const BLOCK: usize = 1 << 18;
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

/// Why no more rows were cut.
#[derive(Debug, PartialEq, Eq)]
pub enum Stop {
    /// There may be more.
    More,
    /// The last of the rows cannot be read, and has no cells.
    Fault(Fault),
    /// The end.
    End,
}

/// Cuts rows, as many at a time as the block in memory holds.
pub struct Scanner<'b, R> {
    reader: R,
    /// How much is read at once.
    block: usize,
    /// Up to where the block is filled; behind it are zeros.
    filled: usize,
    ended: bool,
    /// The longest row.
    longest: usize,
    /// No row is begun at or after this offset of the file.
    limit: u64,
    /// Where the next row begins in the block, and its line.
    next: usize,
    line: u32,
    /// The rest of a line that is too long is still to be passed over.
    passing: bool,
    /// Delimiters, quotes and line ends that were not come to yet, a bit for each byte of the group that begins here.
    marks: u64,
    group: usize,
    /// Up to where the block is known to be UTF-8, and whether each row up to there is still to be looked at.
    valid_to: usize,
    suspicious: bool,
    rows: Rows<'b>,
}

enum Step {
    /// The row ends here, the next begins there, and so many line ends were passed.
    Row { end: usize, resume: usize, lines: u32 },
    /// The row goes on in what was not read yet.
    More,
    /// The row cannot be read; the next begins there.
    Fault(Fault, usize),
}

impl<'b> Scanner<'b, io::Empty> {
    /// Cuts the rows of a text that is held whole, from an offset on.
    pub fn over(text: &'b Block, offset: u64, delimiter: u8) -> Self {
        let mut scanner = Self::within(io::empty(), 0, delimiter, 0..u64::MAX);
        scanner.rows.buffer = Cow::Borrowed(text.padded());
        scanner.filled = text.bytes().len();
        scanner.next = usize::try_from(offset).unwrap_or(usize::MAX).min(scanner.filled);
        scanner.ended = true;
        scanner
    }
}

impl<'b, R: Read> Scanner<'b, R> {
    /// Starts at the beginning of a file, past a byte order mark.
    pub fn new(reader: R) -> io::Result<Self> {
        let mut scanner = Self::within(reader, BLOCK, b',', 0..u64::MAX);
        scanner.fill()?;
        if scanner.rest().starts_with(b"\xEF\xBB\xBF") {
            scanner.next = 3;
        }
        Ok(scanner)
    }

    /// Cuts the rows that begin in a range of a file; the first begins where the range does, and lines count from
    /// there. `reader` stands there, and `block` bytes are read at once: few for a single row.
    pub fn within(reader: R, block: usize, delimiter: u8, range: std::ops::Range<u64>) -> Self {
        Self {
            reader,
            block,
            filled: 0,
            ended: false,
            longest: MAX_ROW,
            limit: range.end,
            next: 0,
            line: 1,
            passing: false,
            marks: 0,
            group: 0,
            valid_to: 0,
            suspicious: false,
            rows: Rows { base: range.start, delimiter, ..Rows::default() },
        }
    }

    /// Reads rows of so many bytes, and none that are longer.
    #[must_use]
    pub fn lines_up_to(mut self, longest: usize) -> Self {
        self.longest = longest;
        self
    }

    /// The bytes that were read and not yet given out.
    pub fn rest(&self) -> &[u8] {
        &self.rows.buffer[self.next..self.filled]
    }

    /// What is read from.
    pub fn reader(&self) -> &R {
        &self.reader
    }

    /// The delimiter.
    pub fn delimiter(&self) -> u8 {
        self.rows.delimiter
    }

    /// Sets the delimiter.
    pub fn set_delimiter(&mut self, delimiter: u8) {
        self.rows.delimiter = delimiter;
    }

    /// Sets the delimiter to the one that the next line shows.
    pub fn detect_delimiter(&mut self) {
        self.rows.delimiter = delimiter(self.rest());
    }

    /// The rows that were cut last.
    pub fn rows(&self) -> &Rows<'b> {
        &self.rows
    }

    /// Where the next row begins: offset in the file, and line.
    pub fn position(&self) -> (u64, u32) {
        (self.rows.base + self.next as u64, self.line)
    }

    /// Goes on with a row ahead, by where it begins: offset in the file, and line.
    pub fn go_to(&mut self, (offset, line): (u64, u32)) -> io::Result<()> {
        while offset > self.rows.base + self.filled as u64 && !self.ended {
            self.next = self.filled;
            self.fill()?;
        }
        let next = usize::try_from(offset.saturating_sub(self.rows.base)).unwrap_or(usize::MAX);
        (self.next, self.line) = (next.min(self.filled), line);
        Ok(())
    }

    /// Cuts up to `most` rows; those that were cut before are gone. Empty lines are passed over.
    pub fn cut(&mut self, most: usize) -> io::Result<Stop> {
        self.rows.cut.clear();
        self.rows.cells.clear();
        self.rows.scratch.clear();
        self.pass()?;
        self.seek(self.next);
        while self.rows.len() < most {
            if (self.next >= self.filled && self.ended) || self.position().0 >= self.limit {
                return Ok(Stop::End);
            }
            let row = Row { start: self.next, end: self.next, cells: self.rows.cells.len(), line: self.line };
            let fault = match self.step() {
                Step::More if self.rows.len() > 0 => {
                    self.rows.cells.truncate(row.cells);
                    return Ok(Stop::More);
                }
                Step::More => {
                    self.rows.cells.clear();
                    self.rows.scratch.clear();
                    self.fill()?;
                    self.seek(self.next);
                    continue;
                }
                Step::Row { end, resume, lines } => {
                    self.next = resume;
                    self.line += lines;
                    if end == row.start && self.rows.cells.len() == row.cells + 1 {
                        self.rows.cells.truncate(row.cells);
                        continue;
                    }
                    self.rows.cut.push(Row { end, ..row });
                    self.wrong(row.start, end)
                }
                Step::Fault(fault, resume) => {
                    let taken = &self.rows.buffer[row.start..resume];
                    let end = row.start + trim_end(taken).len();
                    self.line += count_ends(taken);
                    self.next = resume;
                    self.rows.cut.push(Row { end, ..row });
                    Some(fault)
                }
            };
            if let Some(fault) = fault {
                self.rows.cells.truncate(row.cells);
                return Ok(Stop::Fault(fault));
            }
        }
        Ok(Stop::More)
    }

    /// Cuts the row that begins at `next`.
    fn step(&mut self) -> Step {
        let start = self.next;
        let (mut open, mut quoted, mut lines) = (start, None, 1);
        loop {
            let Some(at) = self.mark() else { return self.unfinished(start, open, quoted) };
            if at - start > self.longest {
                return self.too_long(start);
            }
            let mark = self.rows.buffer[at];
            if mark == self.rows.delimiter && quoted.is_none() {
                self.rows.cells.push(Cell::new(open, at));
                open = at + 1;
                continue;
            }
            match mark {
                b'"' if at > open => return self.fault(&STRAY, at, at),
                b'"' => match self.quoted(start, open) {
                    Ok((cell, after)) => {
                        quoted = Some(cell);
                        lines += count_ends(&self.rows.buffer[at..after]);
                        self.seek(after);
                    }
                    Err(step) => return step,
                },
                byte => {
                    self.rows.cells.push(quoted.take().unwrap_or_else(|| Cell::new(open, at)));
                    let resume = match byte {
                        b'\r' if at + 1 == self.filled && !self.ended => return Step::More,
                        b'\r' if self.rows.buffer[at + 1] == b'\n' => {
                            self.mark();
                            at + 2
                        }
                        b'\n' | b'\r' => at + 1,
                        _ => {
                            open = at + 1;
                            continue;
                        }
                    };
                    return Step::Row { end: at, resume, lines };
                }
            }
        }
    }

    /// A row whose end is not in the block.
    fn unfinished(&mut self, start: usize, open: usize, quoted: Option<Cell>) -> Step {
        if self.filled - start > self.longest {
            return self.too_long(start);
        }
        if !self.ended {
            return Step::More;
        }
        self.rows.cells.push(quoted.unwrap_or_else(|| Cell::new(open, self.filled)));
        Step::Row { end: self.filled, resume: self.filled, lines: 1 }
    }

    fn too_long(&mut self, start: usize) -> Step {
        let most = size(self.longest as u64);
        let why =
            say!("这一行超过上限 {most}（limits.line）", "the line is longer than the limit of {most} (limits.line)");
        let help = ("请检查是否缺少换行，或文件不是文本", "see whether a line end is missing, or the file is no text");
        let fault = Fault { why, help: Said::new(help.0, help.1), at: 0, undecoded: false };
        self.skip(fault, start + self.longest)
    }

    /// Reads a quoted cell from its opening quote; answers the cell and where it ends.
    fn quoted(&mut self, start: usize, open: usize) -> Result<(Cell, usize), Step> {
        let (from, mut at) = (self.rows.scratch.len(), open + 1);
        let most = self.filled.min(start + self.longest);
        loop {
            let text = self.rows.buffer.get(at..most).unwrap_or_default();
            let Some(close) = memchr::memchr(b'"', text).map(|n| at + n) else {
                let unclosed = self.ended || most < self.filled;
                return Err(if unclosed { self.fault(&UNCLOSED, open, open) } else { Step::More });
            };
            let after = close + 1;
            if after == self.filled && !self.ended {
                return Err(Step::More);
            }
            // Behind the end of the file is a zero, which is no mark.
            match self.rows.buffer[after] {
                b'"' => {
                    self.rows.scratch.extend_from_slice(&self.rows.buffer[at..after]);
                    at = after + 1;
                    continue;
                }
                b'\n' | b'\r' => {}
                byte if byte == self.rows.delimiter || after == self.filled => {}
                _ => return Err(self.fault(&AFTER, after, after)),
            }
            let cell = if self.rows.scratch.len() == from {
                Cell::new(at, close)
            } else {
                self.rows.scratch.extend_from_slice(&self.rows.buffer[at..close]);
                Cell { scratch: true, ..Cell::new(from, self.rows.scratch.len()) }
            };
            return Ok((cell, after));
        }
    }

    /// A fault at one place of the row; the next row begins after the line on which `from` lies.
    fn fault(&mut self, said: &[[&str; 2]; 2], at: usize, from: usize) -> Step {
        let [why, help] = said.map(|[zh, en]| Said::new(zh, en));
        self.skip(Fault { why, help, at: at - self.next, undecoded: false }, from)
    }

    /// Goes on after the first line end from `from` on.
    fn skip(&mut self, fault: Fault, from: usize) -> Step {
        match self.line_end(from) {
            Ok(resume) => Step::Fault(fault, resume),
            Err(seen) if self.filled - self.next > self.longest => {
                self.passing = true;
                Step::Fault(fault, seen)
            }
            Err(_) => Step::More,
        }
    }

    /// Where the line after this offset begins; or up to where there is no line end in what was read.
    fn line_end(&self, from: usize) -> Result<usize, usize> {
        let rest = &self.rows.buffer[from..self.filled];
        match memchr::memchr2(b'\n', b'\r', rest) {
            Some(n) if rest[n] == b'\n' => Ok(from + n + 1),
            Some(n) if n + 1 == rest.len() && !self.ended => Err(from + n),
            Some(n) => Ok(from + n + 1 + usize::from(rest.get(n + 1) == Some(&b'\n'))),
            None if self.ended => Ok(self.filled),
            None => Err(self.filled),
        }
    }

    /// Passes over the rest of a line that is too long.
    fn pass(&mut self) -> io::Result<()> {
        while self.passing {
            match self.line_end(self.next) {
                Ok(resume) => {
                    self.line += count_ends(&self.rows.buffer[self.next..resume]);
                    self.next = resume;
                    self.passing = false;
                }
                Err(seen) => {
                    self.next = seen;
                    self.fill()?;
                }
            }
        }
        Ok(())
    }

    /// The next mark in what was read.
    fn mark(&mut self) -> Option<usize> {
        while self.marks == 0 {
            self.group += GROUP;
            if self.group >= self.filled {
                self.group -= GROUP;
                return None;
            }
            self.marks = marks(&self.rows.buffer, self.group, self.rows.delimiter);
        }
        let at = self.group + self.marks.trailing_zeros() as usize;
        self.marks &= self.marks - 1;
        Some(at)
    }

    /// Makes the first mark from an offset on the next one.
    fn seek(&mut self, at: usize) {
        self.group = at - at % GROUP;
        self.marks = marks(&self.rows.buffer, self.group, self.rows.delimiter) & (u64::MAX << (at % GROUP));
    }

    /// Moves what is left to the front and reads on.
    fn fill(&mut self) -> io::Result<()> {
        let buffer = self.rows.buffer.to_mut();
        buffer.copy_within(self.next..self.filled, 0);
        self.rows.base += self.next as u64;
        self.filled -= self.next;
        self.valid_to = self.valid_to.saturating_sub(self.next);
        self.next = 0;
        let want = self.filled + self.block;
        if buffer.is_empty() {
            // What a short file leaves untouched costs nothing so.
            *buffer = vec![0; want + GROUP];
        } else if buffer.len() < want + GROUP {
            buffer.resize(want + GROUP, 0);
        }
        while self.filled < want {
            match self.reader.read(&mut buffer[self.filled..want]) {
                Ok(0) => {
                    self.ended = true;
                    break;
                }
                Ok(n) => self.filled += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        buffer[self.filled..self.filled + GROUP].fill(0);
        Ok(())
    }

    /// What is wrong with the text of a row.
    fn wrong(&mut self, start: usize, end: usize) -> Option<Fault> {
        if end > self.valid_to {
            // As far as it goes, so that most rows need not be looked at on their own.
            let rest = &self.rows.buffer[start..self.filled.min(end.max(start + self.block))];
            let valid = simdutf8::compat::from_utf8(rest).map_or_else(|e| e.valid_up_to(), str::len);
            self.valid_to = start + valid;
            self.suspicious = text::is_suspicious(&rest[..valid]);
        }
        if end > self.valid_to {
            let (offset, byte) = (self.rows.base + self.valid_to as u64, self.rows.buffer[self.valid_to]);
            return Some(Fault {
                why: say!("第 {offset} 字节（0x{byte:02X}）不是 UTF-8", "byte {offset} (0x{byte:02X}) is not UTF-8"),
                help: Said::new(
                    "请另存为 UTF-8 编码（例如“CSV UTF-8”）",
                    "save the file as UTF-8 (such as \"CSV UTF-8\")",
                ),
                at: self.valid_to - start,
                undecoded: true,
            });
        }
        let raw = &self.rows.buffer[start..end];
        if self.suspicious { text::fault(raw) } else { text::merge_mark(raw) }
    }
}

const STRAY: [[&str; 2]; 2] = [
    ["未加引号的单元格中出现引号", "a quote inside a cell that is not quoted"],
    [
        "把整个单元格加上引号，其中的引号写成两个：\"他说\"\"好\"\"\"",
        "quote the whole cell and write each quote in it twice: \"he said \"\"yes\"\"\"",
    ],
];
const UNCLOSED: [[&str; 2]; 2] =
    [["引号没有关闭", "the quote is never closed"], ["在单元格末尾补上引号", "close the quote at the end of the cell"]];
const AFTER: [[&str; 2]; 2] = [
    ["引号关闭之后还有文字", "there is text after the closing quote"],
    [
        "单元格中的引号要写成两个：\"他说\"\"好\"\"\"",
        "write each quote inside a quoted cell twice: \"he said \"\"yes\"\"\"",
    ],
];

/// Which of the 64 bytes from an offset on are delimiters, quotes or line ends. Without a branch, so that the compiler
/// compares many at a time; eight bytes of all or none are then drawn together to eight bits by a multiplication.
#[allow(clippy::needless_bitwise_bool, reason = "a lazy operator is a branch")]
fn marks(buffer: &[u8], from: usize, delimiter: u8) -> u64 {
    let Some(group) = buffer[from..].first_chunk::<GROUP>() else { return 0 };
    let hits = group.map(|b| if (b == delimiter) | (b == b'"') | (b == b'\n') | (b == b'\r') { 0xFF } else { 0 });
    hits.as_chunks::<8>().0.iter().rev().fold(0, |marks, eight| {
        let eight = u64::from_le_bytes(*eight) & 0x8040_2010_0804_0201;
        marks << 8 | eight.wrapping_mul(0x0101_0101_0101_0101) >> 56
    })
}

fn trim_end(raw: &[u8]) -> &[u8] {
    let raw = raw.strip_suffix(b"\n").unwrap_or(raw);
    raw.strip_suffix(b"\r").unwrap_or(raw)
}

fn count_ends(taken: &[u8]) -> u32 {
    let returns = memchr::memchr_iter(b'\r', taken).filter(|&at| taken.get(at + 1) != Some(&b'\n')).count();
    (memchr::memchr_iter(b'\n', taken).count() + returns) as u32
}
