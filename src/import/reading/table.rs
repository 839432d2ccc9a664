//! Tables as tickets and scanners export them: strictly, row by row, whatever their columns are called.

use crate::finding::{Finding, Severity};
use crate::load::{Rows, Scanner, Stop};
use crate::say;
use crate::say::Said;
use crate::source::Place;
use crate::value::{self, fold_header, shown};

use super::{Input, Told, line, syntax};

/// So many lines may stand before the header.
const PREAMBLE: usize = 20;

/// A header and the rows under it that can be read.
pub struct Sheet {
    /// The headers as written.
    pub headers: Vec<String>,
    /// The same, folded as headers are compared.
    folded: Vec<String>,
    /// The rows.
    pub rows: Vec<Row>,
    /// The line of the header.
    pub line: u32,
}

/// A row.
pub struct Row {
    /// Its line.
    pub line: u32,
    cells: Vec<String>,
}

impl Sheet {
    /// Reads a table whose header has all of these columns (each by any of its names). Rows that cannot be read are
    /// refused one by one.
    pub fn read(input: &Input, needed: &[&[String]], told: &mut Told<'_>) -> Result<Self, Finding> {
        let failed = |why: std::io::Error| syntax(input.place(), say!("无法读取：{why}", "cannot be read: {why}"));
        let bytes = input.checked()?.bytes.as_slice();
        let mut scanner = Scanner::new(bytes).map_err(failed)?.lines_up_to(told.ground.config.limits.line);
        let mut before = Vec::new();
        let mut sheet = loop {
            scanner.detect_delimiter();
            match scanner.cut(1).map_err(failed)? {
                Stop::More => {
                    let sheet = Self::header(scanner.rows());
                    if needed.iter().all(|names| sheet.column(names).is_some()) {
                        break sheet;
                    }
                    before.push(sheet.headers);
                }
                Stop::Fault(_) => before.push(Vec::new()),
                Stop::End => return Err(no_header(input, needed, &before)),
            }
            if before.len() > PREAMBLE {
                return Err(no_header(input, needed, &before));
            }
        };
        let header = scanner.rows().raw(0).to_vec();
        loop {
            let stop = scanner.cut(1).map_err(failed)?;
            let rows = scanner.rows();
            match stop {
                Stop::End => return Ok(sheet),
                Stop::Fault(fault) => {
                    let (number, column) = rows.place_of(0, fault.at);
                    let place = Place::span(std::sync::Arc::clone(&input.name), number, column, 1);
                    told.findings.push(syntax(place, fault.why).help(fault.help));
                }
                Stop::More => told.findings.extend(sheet.row(input, rows, &header)),
            }
        }
    }

    fn header(rows: &Rows) -> Self {
        let headers: Vec<String> = (0..rows.width(0)).map(|at| cell(rows, at)).collect();
        let folded = headers.iter().map(|header| fold_header(header)).collect();
        Self { headers, folded, rows: Vec::new(), line: rows.position(0).1 }
    }

    /// Takes a row, or says why it does not.
    fn row(&mut self, input: &Input, rows: &Rows, header: &[u8]) -> Option<Finding> {
        let (found, expected, number) = (rows.width(0), self.headers.len(), rows.position(0).1);
        if rows.raw(0) == header {
            let why = say!("表头在文件中间又出现一次", "the header is repeated in the middle of the file");
            return Some(Finding::new("import.note", Severity::Info, why).at(line(input, number)));
        }
        if found == expected {
            let cells = (0..found).map(|at| cell(rows, at)).collect();
            self.rows.push(Row { line: number, cells });
            return None;
        }
        let empty = (0..found).all(|at| rows.cell(0, at).trim_ascii().is_empty());
        (!empty).then(|| {
            let why = say!(
                "这一行有 {found} 个单元格，表头有 {expected} 个：无法知道哪一格缺了",
                "the row has {found} cells, the header {expected}: which one is missing cannot be known"
            );
            syntax(line(input, number), why)
        })
    }

    /// The column of the first of these names that is there.
    pub fn column(&self, names: &[String]) -> Option<usize> {
        self.columns(names).next()
    }

    /// The columns of these names, in the order of the names; a name may stand over several.
    fn columns<'s>(&'s self, names: &'s [String]) -> impl Iterator<Item = usize> + 's {
        names.iter().flat_map(move |name| {
            let wanted = fold_header(name);
            (0..self.folded.len()).filter(move |at| self.folded[*at] == wanted && !wanted.is_empty())
        })
    }

    /// The text of a row under the first of these names that has one. Two columns of one name that say different
    /// things are no answer.
    pub fn text<'r>(&self, row: &'r Row, names: &[String]) -> Result<Option<&'r str>, Said> {
        let mut found: Option<(usize, &'r str)> = None;
        for at in self.columns(names) {
            let text = row.cells[at].as_str();
            if value::absent(text.as_bytes()) {
                continue;
            }
            match found {
                None => found = Some((at, text)),
                Some((first, other)) if self.folded[first] == self.folded[at] && other != text => {
                    let (name, a, b) = (&self.headers[at], shown(other.as_bytes()), shown(text.as_bytes()));
                    return Err(say!(
                        "有两列都叫“{name}”，内容不同：“{a}”和“{b}”",
                        "two columns are called \"{name}\" and differ: \"{a}\" and \"{b}\""
                    ));
                }
                Some(_) => {}
            }
        }
        Ok(found.map(|(_, text)| text))
    }
}

/// A cell of the one row that was cut, as text with LF line ends. Rows that are not UTF-8 are faults and never come here.
fn cell(rows: &Rows, at: usize) -> String {
    let text = String::from_utf8_lossy(rows.cell(0, at));
    text.replace("\r\n", "\n").replace('\r', "\n").trim().to_owned()
}

fn no_header(input: &Input, needed: &[&[String]], before: &[Vec<String>]) -> Finding {
    let has = |names: &[String]| {
        before.iter().flatten().any(|header| names.iter().any(|name| fold_header(name) == fold_header(header)))
    };
    let missing: Vec<String> = needed.iter().filter(|names| !has(names)).map(|names| names.join(" / ")).collect();
    let missing = if missing.is_empty() { needed.iter().map(|n| n.join(" / ")).collect() } else { missing };
    let (zh, en) = (missing.join("、"), missing.join(", "));
    let there = before.first().map(|headers| shown(headers.join(", ").as_bytes())).unwrap_or_default();
    syntax(line(input, 1), say!("表头中缺少需要的列：{zh}", "the header lacks columns that are needed: {en}"))
        .help(say!("第一行是：{there}", "the first line is: {there}"))
}
