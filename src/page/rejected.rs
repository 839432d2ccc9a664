//! `rejected.html`: every record and every file that was kept out, with the reason and the raw text, so that nothing
//! is lost silently (records.md, section 5; safety.md, section 1).

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;

use crate::calendar::Day;
use crate::finding::{Finding, Severity};
use crate::ledger::{FileFacts, Standing};
use crate::load::Reread;
use crate::say;
use crate::seal::canon;
use crate::source::Failure;

use super::Book;
use super::export::csv;
use super::inert;
use super::rows::grouped;
use super::sheet::{Link, Pager, Sheet};

/// The header of `data/rejected.csv`.
pub const COLUMNS: [&str; 7] = ["kind", "record", "source_file", "source_line", "rule", "reason", "raw"];
/// The most entries on one page.
pub const PAGE: usize = 500;
/// The most characters of a raw text on the page; the table in `data/` and the original file hold all of it.
const SHOWN: usize = 4000;

/// A record that was kept out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rejected {
    /// The `id` of its entry.
    pub anchor: String,
    /// The canonical name of its kind.
    pub kind: String,
    /// The title of its kind.
    pub kind_title: String,
    /// Its id, where one could be read.
    pub record: String,
    /// The local day of its primary time, where that could be read; the page does not tell it.
    #[serde(skip)]
    pub day: Option<Day>,
    /// Path relative to the workspace.
    pub file: String,
    /// The original file, from the root of the site, percent-encoded.
    pub evidence: String,
    /// The line on which it begins.
    pub line: u32,
    /// Why.
    pub reasons: Vec<Reason>,
    /// As it stands in the file.
    pub raw: String,
}

/// Why a record or a file was kept out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// The code, such as `ingest.value`.
    pub rule: String,
    /// Path, line and column, as far as they are known.
    pub place: String,
    /// What is wrong.
    pub message: String,
    /// What to do; empty where nothing is offered.
    pub help: String,
}

/// All that was kept out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// Records, in byte order of their files, then lines.
    pub records: Vec<Rejected>,
    /// What is wrong with files as a whole, and with places that belong to no record.
    pub files: Vec<Reason>,
}

/// Gathers what was kept out, and reads its raw text again.
pub fn gather(book: &Book<'_>) -> Result<Kept, Failure> {
    let mut by_file: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in book.findings.iter().filter(|f| f.rule.starts_with("ingest.") && f.severity == Severity::Error) {
        by_file.entry(finding.place.as_ref().map_or("", |p| &*p.file)).or_default().push(finding);
    }
    let rows = rejected_rows(book);
    let parts: Vec<Vec<Rejected>> = rows
        .par_iter()
        .map(|(&file, rows)| {
            let facts = &book.ledger.files[file];
            entries(book, facts, rows, by_file.get(&*facts.path).map_or(&[][..], Vec::as_slice))
        })
        .collect::<Result<_, Failure>>()?;
    let lang = book.config.site.lang;
    let with_rows: BTreeMap<&str, usize> = rows.keys().map(|&file| (&*book.ledger.files[file].path, file)).collect();
    let mut files = Vec::new();
    for (path, findings) in &by_file {
        let lines = with_rows.get(path).map(|file| &rows[file]);
        let table = with_rows.get(path).map(|file| &book.ledger.tables[book.ledger.files[*file].kind]);
        for finding in findings {
            let own = lines.zip(table).is_some_and(|(rows, table)| owner(finding, table, rows).is_some());
            if !own {
                files.push(reason(finding, lang));
            }
        }
    }
    Ok(Kept { records: parts.into_iter().flatten().collect(), files })
}

/// The rejected rows of each file, in order.
fn rejected_rows(book: &Book<'_>) -> BTreeMap<usize, Vec<usize>> {
    let mut rows: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (table, kind) in book.ledger.tables.iter().zip(&book.standard.kinds) {
        if kind.pages {
            continue;
        }
        for row in (0..table.len()).filter(|&r| table.standing[r] == Standing::Rejected) {
            rows.entry(table.file(row)).or_default().push(row);
        }
    }
    rows
}

/// The rejected row that a finding is about: the last that begins at its line or before, if no other row begins
/// between the two.
fn owner(finding: &Finding, table: &crate::ledger::Table, rows: &[usize]) -> Option<usize> {
    let line = finding.place.as_ref()?.line;
    let at = rows.partition_point(|&r| table.position(r).1 <= line).checked_sub(1)?;
    let next = rows[at] + 1;
    let same_file = next < table.len() && table.file(next) == table.file(rows[at]);
    (!same_file || table.position(next).1 > line).then_some(rows[at])
}

fn entries(
    book: &Book<'_>,
    facts: &FileFacts,
    rows: &[usize],
    findings: &[&Finding],
) -> Result<Vec<Rejected>, Failure> {
    let (kind, table) = (&book.standard.kinds[facts.kind], &book.ledger.tables[facts.kind]);
    let reread = Reread::open(book.sources, facts, kind)?;
    let lang = book.config.site.lang;
    let mut own: BTreeMap<usize, Vec<Reason>> = BTreeMap::new();
    let mut whole = Vec::new();
    for finding in findings {
        match owner(finding, table, rows) {
            Some(row) => own.entry(row).or_default().push(reason(finding, lang)),
            None => whole.push(reason(finding, lang)),
        }
    }
    let entry = |&row: &usize| {
        let (offset, line) = table.position(row);
        Rejected {
            anchor: format!("x-{}", &canon::digest(&format!("{}:{line}", facts.path))[..10]),
            kind: kind.name.clone(),
            kind_title: kind.title.to(lang).to_owned(),
            record: table.ids.get(row).to_owned(),
            day: table.date(row),
            file: facts.path.to_string(),
            evidence: inert::part(&super::export::evidence(&facts.path)),
            line,
            // A row without a finding of its own is kept out by what is wrong with its file.
            reasons: own.get(&row).unwrap_or(&whole).clone(),
            raw: reread.cells(offset).raw.into_owned(),
        }
    };
    Ok(rows.iter().map(entry).collect())
}

/// What a finding says, as a reason.
pub fn reason(finding: &Finding, lang: crate::say::Lang) -> Reason {
    Reason {
        rule: finding.rule.clone(),
        place: finding.place.as_ref().map_or_else(String::new, ToString::to_string),
        message: finding.message.to(lang).to_owned(),
        help: finding.help.as_ref().map_or("", |h| h.to(lang)).to_owned(),
    }
}

/// What was kept out as rows under [`COLUMNS`]: records, then what is wrong with files as a whole.
pub fn rows(kept: &Kept) -> Vec<[String; 7]> {
    let record = |entry: &Rejected| {
        let rules: Vec<&str> = entry.reasons.iter().map(|r| r.rule.as_str()).collect();
        let reasons: Vec<&str> = entry.reasons.iter().map(|r| r.message.as_str()).collect();
        [
            entry.kind.clone(),
            entry.record.clone(),
            entry.file.clone(),
            entry.line.to_string(),
            rules.join("; "),
            reasons.join("; "),
            entry.raw.trim_end().to_owned(),
        ]
    };
    let none = String::new;
    let file = |r: &Reason| [none(), none(), r.place.clone(), none(), r.rule.clone(), r.message.clone(), none()];
    kept.records.iter().map(record).chain(kept.files.iter().map(file)).collect()
}

/// `data/rejected.csv`.
pub fn table(kept: &Kept) -> Vec<u8> {
    let longest = kept.records.iter().map(|entry| entry.raw.len()).max().unwrap_or(0);
    let mut out = csv::Lines::of_cells_up_to(longest);
    for row in rows(kept) {
        out.row(row.iter().map(String::as_str));
    }
    csv::table(COLUMNS, [out.into_bytes()])
}

/// An entry as the page shows it: the raw text cut where it is very long, its odd characters as marks.
pub fn shown(entry: &Rejected) -> (String, bool) {
    match entry.raw.char_indices().nth(SHOWN) {
        Some((end, _)) => (inert::escaped(&entry.raw[..end]), true),
        None => (inert::escaped(entry.raw.trim_end_matches(['\r', '\n'])), false),
    }
}

#[derive(Debug, Serialize)]
struct View {
    read: String,
    accepted: String,
    rejected: String,
    pages: Pager,
    entries: Vec<EntryView>,
    files: Vec<Reason>,
    csv: Link,
}

#[derive(Debug, Serialize)]
struct EntryView {
    #[serde(flatten)]
    of: Rejected,
    /// The raw text as HTML.
    raw_html: String,
    /// Whether it is cut.
    cut: bool,
}

/// The pages; they lie at the root of the site.
pub fn sheets(book: &Book<'_>, kept: &Kept) -> Vec<Sheet<'static>> {
    let counts = book.ledger.tables.iter().zip(&book.standard.kinds).filter(|(_, k)| !k.pages).map(|(t, _)| t.counts());
    let (read, rejected) = counts.fold((0, 0), |(read, rejected), c| (read + c.read, rejected + c.rejected));
    let pages = kept.records.chunks(PAGE).count().max(1);
    let path = |n: usize| if n == 0 { "rejected.html".to_owned() } else { format!("rejected-{}.html", n + 1) };
    let entry = |of: &Rejected| {
        let (raw_html, cut) = shown(of);
        EntryView { of: Rejected { raw: String::new(), ..of.clone() }, raw_html, cut }
    };
    let sheet = |n: usize| {
        let view = View {
            read: grouped(read),
            accepted: grouped(read - rejected),
            rejected: grouped(rejected),
            pages: Pager::of(n, pages, path),
            entries: kept.records.chunks(PAGE).nth(n).unwrap_or_default().iter().map(entry).collect(),
            // What concerns whole files is few, and is told first.
            files: if n == 0 { kept.files.clone() } else { Vec::new() },
            csv: Link::new("data/rejected.csv", "rejected.csv"),
        };
        Sheet::new(path(n), "rejected.html", say!("未收录的记录", "Rejected records").to(book.config.site.lang), &view)
    };
    (0..pages).map(sheet).collect()
}
