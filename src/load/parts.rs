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
) -> io::Result<Option<Passed>> {
    if rayon::current_num_threads() == 1 || scanner.reader().encoding() != Encoding::Utf8 {
        return Ok(None);
    }
    of_length(PART, sources, entry, head, scanner, typist, tables)
}

fn of_length<R: Read>(
    length: u64,
    sources: &Sources,
    entry: &Entry,
    head: &Head,
    scanner: &Scanner<'_, Utf8Stream<R>>,
    typist: &mut Typist<'_>,
    tables: &mut Vec<Table>,
) -> io::Result<Option<Passed>> {
    let from = scanner.position();
    let ranges = ranges(length, sources, entry, from.0)?;
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
    Ok(Some(Passed { empty, undecoded: false }))
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
    let mut scanner = Scanner::within(reader, BLOCK, delimiter, range).lines_up_to(typist.limits().line);
    let passed = table::rows(&mut scanner, head, &mut typist)?;
    Ok(Done { typist, passed, end: scanner.position() })
}

/// Where the parts begin and end. The last goes on to wherever the file then ends.
fn ranges(length: u64, sources: &Sources, entry: &Entry, from: u64) -> io::Result<Vec<Range<u64>>> {
    let count = entry.len.saturating_sub(from) / length;
    let mut starts = vec![from];
    for n in 1..count {
        if let Some(start) = line_after(sources, entry, from + n * length)?
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

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;
    use crate::config::Config;
    use crate::finding::Finding;
    use crate::load::column::Words;
    use crate::load::csv;
    use crate::standard::Standard;

    const CONFIG: &str = "[site]\ntitle = \"t\"\ntimezone = \"Asia/Shanghai\"\n\
        [[system]]\nid = \"oa\"\nname = \"oa\"\nin_service = 2026-01-01\n";
    const HEADER: &str = "id,system,started_at,type,result,notes\n";

    static JUDGES: LazyLock<(Config, Standard)> = LazyLock::new(|| {
        let config = Config::read(CONFIG.to_owned()).unwrap();
        let standard = Standard::load(&Sources::of_memory([]), &config).unwrap();
        (config, standard)
    });

    /// Rows, findings, and the rows that hold delimiters only.
    type Given = (Vec<String>, Vec<Finding>, Option<(u32, usize)>);

    /// All that reading in parts of a length gives; none where it declines to.
    fn read_in(length: u64, text: &[u8]) -> Option<Given> {
        let (config, standard) = &*JUDGES;
        let sources = Sources::of_memory([("records/backup/a.csv".to_owned(), text.to_vec())]);
        let (at, entry) = (standard.kind("backup").unwrap(), &sources.files[0]);
        let words = Words::new(&standard.kinds, config);
        let mut typist = Typist::new(at, &standard.kinds[at], config, &words, entry.path.clone());
        let mut scanner = Scanner::new(Utf8Stream::new(sources.open(&entry.path).unwrap())).unwrap();
        let head = csv::head(&mut scanner, &standard.kinds[at], &mut typist).unwrap().unwrap();
        let mut tables = Vec::new();
        let empty = if length == 0 {
            table::rows(&mut scanner, &head, &mut typist).unwrap().empty
        } else {
            of_length(length, &sources, entry, &head, &scanner, &mut typist, &mut tables).unwrap()?.empty
        };
        tables.push(typist.table);
        let mut whole = Table::default();
        whole.append(tables);
        let row = |row: usize| {
            let cells: Vec<String> = (0..whole.columns.len()).map(|f| format!("{:?}", whole.get(row, f))).collect();
            format!("{} {:?} {:?} {cells:?}", whole.ids.get(row), whole.standing[row], whole.position(row))
        };
        Some(((0..whole.len()).map(row).collect(), typist.findings, empty))
    }

    fn cell() -> impl Strategy<Value = String> {
        prop_oneof![
            8 => "BK-[0-9]{1,3}|oa|2026-10-0[1-9] 01:00|full|success|完成|",
            2 => "\"(a|,|\n|\r\n|\"\"|第二行){0,4}\"",
            1 => "x\"|\"open|\"a\"b|\r|,|\u{85}|,,,,,",
        ]
    }

    fn line() -> impl Strategy<Value = String> {
        let cells = proptest::collection::vec(cell(), 6).prop_map(|cells| cells.join(","));
        let right = (1..999).prop_map(|n| format!("BK-{n},oa,2026-10-05 01:00,full,success,\"第一行\n{n}\""));
        (prop_oneof![cells, right], "\n|\n|\r\n|\r|\n\n").prop_map(|(line, end)| line + &end)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn parts_of_any_length_give_what_one_thread_reads(
            lines in proptest::collection::vec(line(), 1..30),
            length in 1_u64..120,
        ) {
            let text = HEADER.to_owned() + &lines.concat();
            if let Some(parts) = read_in(length, text.as_bytes()) {
                prop_assert_eq!(read_in(0, text.as_bytes()).unwrap(), parts);
            }
        }
    }

    #[test]
    fn a_line_that_is_too_long_is_one_fault_whatever_the_parts() {
        let row = "BK-1,oa,2026-10-05 01:00,full,success,ok\n";
        let text = format!("{HEADER}{row}{}\n{row}\"{}\n{row}", "x,".repeat(1 << 20), "y".repeat(1 << 20));
        let whole = read_in(0, text.as_bytes()).unwrap();
        assert_eq!(whole.0.len(), 5);
        for length in [1 << 17, 1 << 18, 3 << 18] {
            assert_eq!(read_in(length, text.as_bytes()).unwrap(), whole, "{length}");
        }
    }
}
