//! Rows as they were cut out of a block of text: ranges of it, until someone asks what they say.

use std::borrow::Cow;
use std::ops::Range;

/// How many bytes are looked at together.
pub(super) const GROUP: usize = 64;

/// A text that is held whole. Behind it are zeros, so that its last bytes can be looked at with as many as the others.
#[derive(Debug)]
pub struct Block(Vec<u8>);

impl Default for Block {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

impl Block {
    /// Holds a text.
    pub fn new(mut bytes: Vec<u8>) -> Self {
        bytes.resize(bytes.len() + GROUP, 0);
        Self(bytes)
    }

    /// The text.
    pub fn bytes(&self) -> &[u8] {
        &self.0[..self.0.len() - GROUP]
    }

    /// The text and the zeros behind it.
    pub(super) fn padded(&self) -> &[u8] {
        &self.0
    }
}

/// Rows that were cut, and the block they lie in.
#[derive(Debug, Default)]
pub struct Rows<'b> {
    /// The block: what was read, and room for more.
    pub(super) buffer: Cow<'b, [u8]>,
    /// Offset of the block's first byte in the file.
    pub(super) base: u64,
    pub(super) delimiter: u8,
    pub(super) cut: Vec<Row>,
    pub(super) cells: Vec<Cell>,
    /// Cells that held quotes, without them.
    pub(super) scratch: Vec<u8>,
}

/// A row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    /// Where it begins in the block, and where it ends, without its line end.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Its first cell.
    pub(super) cells: usize,
    /// Its line, from 1.
    pub(super) line: u32,
}

/// A cell: a range of the block, or of the scratch.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) scratch: bool,
}

impl Cell {
    pub(super) fn new(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end as u32, scratch: false }
    }
}

impl Rows<'_> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.cut.len()
    }

    /// How many cells a row has.
    pub fn width(&self, row: usize) -> usize {
        self.first(row + 1) - self.first(row)
    }

    /// A cell without its quotes.
    pub fn cell(&self, row: usize, at: usize) -> &[u8] {
        self.nth(self.cut[row].cells + at)
    }

    /// The number of a row's first cell among all.
    pub fn first(&self, row: usize) -> usize {
        self.cut.get(row).map_or(self.cells.len(), |row| row.cells)
    }

    /// A cell by its number among all.
    #[inline]
    pub fn nth(&self, number: usize) -> &[u8] {
        let cell = self.cells[number];
        let from: &[u8] = if cell.scratch { &self.scratch } else { &self.buffer };
        &from[cell.start as usize..cell.end as usize]
    }

    /// Where a cell lies in the block, where it does.
    pub fn cell_range(&self, row: usize, at: usize) -> Option<Range<usize>> {
        let cell = self.cells[self.cut[row].cells + at];
        (!cell.scratch).then_some(cell.start as usize..cell.end as usize)
    }

    /// Where a row lies in the block, without its line end.
    pub fn range(&self, row: usize) -> Range<usize> {
        self.cut[row].start..self.cut[row].end
    }

    /// A row as it stands in the file, without its line end.
    pub fn raw(&self, row: usize) -> &[u8] {
        &self.buffer[self.range(row)]
    }

    /// All that stands in the file from one row to another, the second left out.
    pub fn span(&self, rows: Range<usize>) -> &[u8] {
        match self.cut.get(rows) {
            Some([first, .., last]) => &self.buffer[first.start..last.end],
            Some([one]) => &self.buffer[one.start..one.end],
            _ => &[],
        }
    }

    /// Where a row begins: offset in the file, and line from 1.
    pub fn position(&self, row: usize) -> (u64, u32) {
        (self.base + self.cut[row].start as u64, self.cut[row].line)
    }

    /// Line and column (in characters, from 1) of a cell, and its width in characters. Where one that held
    /// quotes begins is found again here, because only cells that are wrong are asked for.
    pub fn place(&self, row: usize, at: usize) -> (u32, u32, u32) {
        let (line, column) = self.place_of(row, self.begin(row, at));
        let width = String::from_utf8_lossy(self.cell(row, at)).split('\n').next().map_or(0, |t| t.chars().count());
        (line, column, width as u32)
    }

    /// Line and column of an offset in a row.
    pub fn place_of(&self, row: usize, offset: usize) -> (u32, u32) {
        let raw = self.raw(row);
        let before = &raw[..offset.min(raw.len())];
        let line_start = memchr::memrchr(b'\n', before).map_or(0, |n| n + 1);
        let lines = memchr::memchr_iter(b'\n', before).count() as u32;
        let column = String::from_utf8_lossy(&before[line_start..]).chars().count() as u32 + 1;
        (self.cut[row].line + lines, column)
    }

    /// The offset in its row at which a cell begins, its quote included.
    fn begin(&self, row: usize, at: usize) -> usize {
        if let Some(cell) = self.cell_range(row, at) {
            let begin = cell.start - self.range(row).start;
            return begin - usize::from(self.raw(row)[..begin].ends_with(b"\""));
        }
        let mut quoted = false;
        let delimiters = self.raw(row).iter().enumerate().filter(|(_, byte)| {
            quoted ^= **byte == b'"';
            !quoted && **byte == self.delimiter
        });
        at.checked_sub(1).and_then(|n| delimiters.map(|(n, _)| n + 1).nth(n)).unwrap_or(0)
    }
}

/// The delimiter of a text: the one of `,` `;` tab that its first line holds most of, outside quotes.
pub(super) fn delimiter(text: &[u8]) -> u8 {
    let (mut counts, mut quoted) = ([0usize; 3], false);
    for &byte in text {
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
    match counts.iter().position(|&n| n == most) {
        Some(1) => b';',
        Some(2) => b'\t',
        _ => b',',
    }
}
