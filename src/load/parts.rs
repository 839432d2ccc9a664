//! A large table in parts, each on a thread of its own.
//!
//! A file is parted at line ends that are guessed to end a row. Most do; one inside a quoted cell does not. So each part
//! is read to the end of its last row, and where that is not where the next part began, the next is read again from
//! there: what comes out is what one thread would have read.

use std::io::{self, BufRead, BufReader, Read};
use std::ops::Range;

use rayon::prelude::*;

use crate::ledger::Table;
use crate::source::{Encoding, Entry, Sources, Utf8Stream};

use super::scan::{BLOCK, Scanner};
use super::table::{self, Head, Passed};
use super::typist::Typist;

/// How long a part is, in bytes: much longer than the longest row.
const PART: u64 = 8 << 20;

/// What one part gave.
struct Done<'a> {
    typist: Typist<'a>,
    passed: Passed,
    /// Where it ended: offset in the file, and line counted from the part's first.
    end: (u64, u32),
}

/// Reads the rows after the header, which the scanner has passed. Answers the rows that hold delimiters only; nothing
/// where the file is to be read in one: because it is short, because there is one thread, or because its encoding shows
/// only to who reads it from the start.
pub fn read<R: Read>(
    sources: &Sources,
    entry: &Entry,
    head: &Head,
    scanner: &Scanner<'_, Utf8Stream<R>>,
    typist: &mut Typist<'_>,
    tables: &mut Vec<Table>,
) -> io::Result<Option<Option<(u32, usize)>>> {
    let from = scanner.position();
    let whole = scanner.reader().encoding() == Encoding::Utf8 && rayon::current_num_threads() > 1;
    let ranges = if whole { ranges(sources, entry, from.0)? } else { Vec::new() };
    if ranges.len() < 2 {
        return Ok(None);
    }
    let (delimiter, first): (u8, &Typist<'_>) = (scanner.delimiter(), typist);
    let part = |range: Range<u64>| part(sources, entry, head, delimiter, first.another(), range);
    let parts: Vec<Done<'_>> = ranges.par_iter().map(|range| part(range.clone())).collect::<io::Result<_>>()?;
    let (mut at, mut empty, mut findings) = (from, None::<(u32, usize)>, Vec::new());
    let mut read = Vec::with_capacity(parts.len());
    for (range, done) in ranges.into_iter().zip(parts) {
        let mut done = if range.start == at.0 { done } else { part(at.0..range.end)? };
        if done.passed.undecoded {
            return Ok(None);
        }
        let above = at.1 - 1;
        done.typist.move_down(above);
        if let Some((line, count)) = done.passed.empty {
            empty.get_or_insert((line + above, 0)).1 += count;
        }
        at = (done.end.0, above + done.end.1);
        findings.append(&mut done.typist.findings);
        read.push(done.typist.table);
    }
    tables.append(&mut read);
    typist.findings.append(&mut findings);
    Ok(Some(empty))
}

fn part<'a>(
    sources: &Sources,
    entry: &Entry,
    head: &Head,
    delimiter: u8,
    mut typist: Typist<'a>,
    range: Range<u64>,
) -> io::Result<Done<'a>> {
    let reader = Utf8Stream::utf8(sources.open_at(&entry.path, range.start)?);
    let mut scanner = Scanner::within(reader, BLOCK, delimiter, range);
    let passed = table::rows(&mut scanner, head, &mut typist)?;
    Ok(Done { typist, passed, end: scanner.position() })
}

/// Where the parts begin and end. The last goes on to wherever the file then ends.
fn ranges(sources: &Sources, entry: &Entry, from: u64) -> io::Result<Vec<Range<u64>>> {
    let count = entry.len.saturating_sub(from) / PART;
    let mut starts = vec![from];
    for n in 1..count {
        if let Some(start) = line_after(sources, entry, from + n * PART)?
            && starts.last().is_some_and(|last| *last < start)
        {
            starts.push(start);
        }
    }
    let ends = starts.iter().skip(1).copied().chain([u64::MAX]);
    Ok(starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect())
}

/// The start of the first line after an offset; none where it is far.
fn line_after(sources: &Sources, entry: &Entry, from: u64) -> io::Result<Option<u64>> {
    let mut line = Vec::new();
    BufReader::with_capacity(1 << 12, sources.open_at(&entry.path, from)?.take(PART)).read_until(b'\n', &mut line)?;
    Ok(line.ends_with(b"\n").then(|| from + line.len() as u64))
}
