//! Records to tables. What stands in a file stays byte for byte, and its header says in which order new cells come; a
//! file whose header lacks a column that is needed is left alone, and a new one is begun beside it.

use ::csv::{Terminator, WriterBuilder};

use crate::finding::{Finding, Severity};
use crate::ledger::{Heading, Shape};
use crate::say;
use crate::say::Said;
use crate::source::{Encoding, Failure, Place};

use super::{Cells, Ground};

/// A file that will be written.
#[derive(Clone, Debug)]
pub struct FilePlan {
    /// Path relative to the workspace.
    pub path: String,
    /// Whether it is not there yet.
    pub fresh: bool,
    /// How many records are added.
    pub count: usize,
    /// What is added: rows, and in a new file the header before them.
    pub added: String,
    /// The file as it will be.
    pub bytes: Vec<u8>,
    /// The lines on which the new rows begin, and which of the records each is.
    pub rows: Vec<(u32, usize)>,
}

impl FilePlan {
    /// The new record that stands on a line.
    pub fn record_at(&self, line: u32) -> Option<usize> {
        let after = self.rows.partition_point(|(first, _)| *first <= line);
        after.checked_sub(1).map(|at| self.rows[at].1)
    }
}

/// Puts records of a kind at the end of a table, or of one beside it where that one cannot take them.
pub fn lay(
    ground: &Ground<'_>,
    wanted: &str,
    kind: usize,
    records: &[&Cells],
    notes: &mut Vec<Finding>,
) -> Result<FilePlan, Failure> {
    let kind = &ground.standard.kinds[kind];
    let needed: Vec<usize> =
        (0..kind.fields.len()).filter(|field| records.iter().any(|cells| cells[*field].is_some())).collect();
    let stem = wanted.strip_suffix(".csv").unwrap_or(wanted).to_owned();
    let mut path = wanted.to_owned();
    let mut number = 1;
    let (old, form) = loop {
        if !ground.is_taken(&path) {
            break (Vec::new(), Form { delimiter: b',', end: "\n", columns: all(kind.fields.len()) });
        }
        match usable(ground, &path, &needed)? {
            Ok(found) => break found,
            Err(why) if path == wanted => notes.push(beside(wanted, &why)),
            Err(_) => {}
        }
        number += 1;
        path = format!("{stem}-{number}.csv");
    };
    let is_new = old.is_empty();
    let mut added = String::new();
    if is_new {
        let names = kind.fields.iter().map(|field| field.name.as_str());
        added.push_str(&form.row(names));
    } else if !old.ends_with(b"\n") && !old.ends_with(b"\r") {
        added.push_str(form.end);
    }
    let mut line = count_ends(&old) + count_ends(added.as_bytes()) + 1;
    let mut rows = Vec::new();
    for (at, cells) in records.iter().enumerate() {
        let cell = |column: &Option<usize>| column.and_then(|field| cells[field].as_deref()).unwrap_or_default();
        let text = form.row(form.columns.iter().map(cell));
        rows.push((line, at));
        line += count_ends(text.as_bytes());
        added.push_str(&text);
    }
    let mut bytes = old;
    bytes.extend(added.as_bytes());
    Ok(FilePlan { path, fresh: is_new, count: records.len(), added, bytes, rows })
}

fn all(fields: usize) -> Vec<Option<usize>> {
    (0..fields).map(Some).collect()
}

/// How the rows of a file are written.
struct Form {
    delimiter: u8,
    end: &'static str,
    /// The field of each column; none for a column of the user's own.
    columns: Vec<Option<usize>>,
}

impl Form {
    fn row<'t>(&self, cells: impl IntoIterator<Item = &'t str>) -> String {
        let end = match self.end {
            "\r\n" => Terminator::CRLF,
            "\r" => Terminator::Any(b'\r'),
            _ => Terminator::Any(b'\n'),
        };
        let mut writer = WriterBuilder::new().delimiter(self.delimiter).terminator(end).from_writer(Vec::new());
        // Writing into memory cannot fail, and what was text stays text.
        let _ = writer.write_record(cells);
        String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
    }
}

/// The bytes of a file and how its rows are written, or why nothing can be added to it.
fn usable(ground: &Ground<'_>, path: &str, needed: &[usize]) -> Result<Result<(Vec<u8>, Form), Said>, Failure> {
    let facts = ground.ledger.files.iter().find(|file| *file.path == *path);
    let Some(Shape::Csv { delimiter, columns, .. }) = facts.map(|f| &f.shape) else {
        return Ok(Err(Said::new("其中的表头无法读取", "its header cannot be read")));
    };
    let faulty = |f: &&Finding| {
        f.severity == Severity::Error
            && matches!(f.rule.as_str(), "ingest.syntax" | "ingest.header" | "ingest.encoding")
            && f.place.as_ref().is_some_and(|place| *place.file == *path)
    };
    if ground.loaded.iter().any(|f| faulty(&f)) {
        return Ok(Err(Said::new(
            "其中有无法读取的行，先运行 wellkept check",
            "it has lines that cannot be read; run wellkept check",
        )));
    }
    let columns: Vec<Option<usize>> = columns
        .iter()
        .map(|heading| match heading {
            Heading::Field(field) => Some(*field),
            Heading::Extra(_) => None,
        })
        .collect();
    let kind = facts.map_or(0, |f| f.kind);
    let fields = &ground.standard.kinds[kind].fields;
    let lacking: Vec<&str> =
        needed.iter().filter(|f| !columns.contains(&Some(**f))).map(|f| fields[*f].name.as_str()).collect();
    if !lacking.is_empty() {
        let (zh, en) = (lacking.join("、"), lacking.join(", "));
        return Ok(Err(say!("它的表头没有需要的列：{zh}", "its header lacks columns that are needed: {en}")));
    }
    let bytes = ground.sources.read(path)?;
    if facts.is_some_and(|f| f.encoding != Encoding::Utf8) || std::str::from_utf8(&bytes).is_err() {
        return Ok(Err(Said::new("它不是 UTF-8 编码", "it is not UTF-8")));
    }
    let end = match memchr::memchr2(b'\n', b'\r', &bytes) {
        Some(at) if bytes[at] == b'\n' => "\n",
        Some(at) if bytes.get(at + 1) == Some(&b'\n') => "\r\n",
        Some(_) => "\r",
        None => "\n",
    };
    Ok(Ok((bytes, Form { delimiter: *delimiter, end, columns })))
}

fn beside(path: &str, why: &Said) -> Finding {
    let (zh, en) = (&why.zh, &why.en);
    let said = say!(
        "{path} 不能续写：{zh}；新记录写入旁边的新文件",
        "nothing is added to {path}: {en}; the new records go into a file beside it"
    );
    Finding::new("import.note", Severity::Warning, said).at(Place::file(path))
}

/// How many line ends a text has; `\r\n` is one.
fn count_ends(bytes: &[u8]) -> u32 {
    let lone = memchr::memchr_iter(b'\r', bytes).filter(|at| bytes.get(at + 1) != Some(&b'\n')).count();
    (memchr::memchr_iter(b'\n', bytes).count() + lone) as u32
}
