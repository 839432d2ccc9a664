//! What stands above the rows of a table: its header, and lines above that, such as a title.

use crate::ledger::Heading;
use crate::load::{Block, Rows, Scanner, Stop};
use crate::standard::Kind;

/// What stands above the rows.
pub struct Head {
    /// Lines above the header, as they are written.
    pub above: Vec<Vec<u8>>,
    /// The headers as they are written.
    pub written: Vec<String>,
}

/// Reads what stands above the rows of a table whose columns are known. None where it is not found, or where something
/// above it cannot be read.
pub fn read(text: &Block, delimiter: u8, columns: &[Heading], kind: &Kind) -> Option<Head> {
    let start = if text.bytes().starts_with("\u{FEFF}".as_bytes()) { 3 } else { 0 };
    let mut scanner = Scanner::over(text, start, delimiter);
    let mut above = Vec::new();
    loop {
        // Reading from memory cannot fail.
        let Ok(Stop::More) = scanner.cut(1) else { return None };
        let rows = scanner.rows();
        if rows.len() == 0 {
            return None;
        }
        let cell = |at: usize| String::from_utf8_lossy(rows.cell(0, at)).trim().to_owned();
        let written: Vec<String> = (0..rows.width(0)).map(cell).collect();
        if is_header(&written, columns, kind) {
            return Some(Head { above, written });
        }
        above.push(raw(rows));
    }
}

fn is_header(written: &[String], columns: &[Heading], kind: &Kind) -> bool {
    let means = |(at, (written, heading)): (usize, (&String, &Heading))| match heading {
        Heading::Field(field) => kind.header(written) == Some(*field),
        Heading::Extra(name) => written == name || (written.is_empty() && *name == format!("#{}", at + 1)),
    };
    written.len() == columns.len() && written.iter().zip(columns).enumerate().all(means)
}

fn raw(rows: &Rows<'_>) -> Vec<u8> {
    rows.raw(0).to_vec()
}
