//! `[limits]`: how large what is read may be (safety.md, section 2). Each limit keeps one odd file from costing the
//! memory or the time of all others; where an honest file is larger, its limit is raised here.

use crate::doc::{Node, Reader, Value};
use crate::say;
use crate::value;

/// The limits of what is read, in bytes where nothing else is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// A file that is read whole: Markdown, TOML, a workbook.
    pub file: usize,
    /// A table, which is read piece by piece.
    pub table: u64,
    /// A row of a table.
    pub line: usize,
    /// A cell, or a value of front matter.
    pub field: usize,
    /// Columns of a table.
    pub columns: usize,
    /// The text of a Markdown page or record.
    pub markdown: usize,
    /// The front matter of a page or record.
    pub front_matter: usize,
    /// How deep lists and quotes of Markdown may lie in each other.
    pub nesting: usize,
    /// The path of a file, below the workspace.
    pub path: usize,
    /// The name of a file or folder.
    pub name: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file: 64 << 20,
            table: 8 << 30,
            line: 1 << 20,
            field: 256 << 10,
            columns: 256,
            markdown: 1 << 20,
            front_matter: 64 << 10,
            nesting: 64,
            path: 1024,
            name: 200,
        }
    }
}

pub(super) fn read(table: Reader<'_>) -> Limits {
    let Limits { file, table: rows, line, field, columns, markdown, front_matter, nesting, path, name } =
        Limits::default();
    let bytes = |key: &str, default: u64, most: u64| at_most(&table, key, default, most, &size(most));
    let count = |key: &str, default: usize, most: u64| at_most(&table, key, default as u64, most, &most.to_string());
    let limits = Limits {
        file: bytes("file", file as u64, 1 << 30) as usize,
        table: bytes("table", rows, 1 << 40),
        line: bytes("line", line as u64, 64 << 20) as usize,
        field: bytes("field", field as u64, 64 << 20) as usize,
        columns: count("columns", columns, 16_384) as usize,
        markdown: bytes("markdown", markdown as u64, 64 << 20) as usize,
        front_matter: bytes("front_matter", front_matter as u64, 16 << 20) as usize,
        nesting: count("nesting", nesting, 128) as usize,
        path: count("path", path, 4096) as usize,
        name: count("name", name, 255) as usize,
    };
    table.done();
    limits
}

/// A number, or a text with a unit such as `"4 MiB"`; from 1 to what the readers are made for.
fn at_most(table: &Reader<'_>, key: &str, default: u64, most: u64, shown: &str) -> u64 {
    let Some(node) = table.node(key) else { return default };
    match number(node).filter(|n| (1..=most).contains(n)) {
        Some(n) => n,
        None => {
            table.problem(
                key,
                say!(
                    "limits.{key} 应为 1 到 {shown} 之间的数，大小可带单位，例如 \"4 MiB\"",
                    "limits.{key} takes a number from 1 to {shown}; a size may have a unit, such as \"4 MiB\""
                ),
            );
            default
        }
    }
}

fn number(node: &Node) -> Option<u64> {
    match &node.value {
        Value::Number(text) => text.replace('_', "").parse().ok(),
        Value::Text(text) => value::bytes(text.trim().as_bytes()).ok().and_then(|n| u64::try_from(n).ok()),
        _ => None,
    }
}

/// A limit as it is told: in the largest binary unit that leaves a whole number.
pub fn size(bytes: u64) -> String {
    let units = [(40, "TiB"), (30, "GiB"), (20, "MiB"), (10, "KiB")];
    match units.into_iter().find(|(power, _)| bytes >= 1 << power && bytes.trailing_zeros() >= *power) {
        Some((power, unit)) => format!("{} {unit}", bytes >> power),
        None => bytes.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Limits, size};
    use crate::config::Config;

    const HEAD: &str = "[site]\ntitle = \"t\"\n[[system]]\nid = \"oa\"\nin_service = 2026-01-01\n";

    fn read(keys: &str) -> Result<Limits, Vec<String>> {
        let told = |found: Vec<crate::finding::Finding>| found.into_iter().map(|f| f.message.en).collect();
        Config::read(format!("{HEAD}[limits]\n{keys}")).map(|config| config.limits).map_err(told)
    }

    #[test]
    fn limits_are_numbers_or_sizes_within_what_the_readers_are_made_for() {
        assert_eq!(read(""), Ok(Limits::default()));
        assert_eq!(read("line = 1_000").unwrap().line, 1000);
        assert_eq!(read("line = \"4 MiB\"").unwrap().line, 4 << 20);
        assert_eq!(read("table = \"20 GiB\"").unwrap().table, 20 << 30);
        assert_eq!(read("columns = 1024").unwrap().columns, 1024);
        for (keys, said) in [
            ("line = 0", "limits.line takes a number from 1 to 64 MiB; a size may have a unit, such as \"4 MiB\""),
            (
                "line = \"2 GiB\"",
                "limits.line takes a number from 1 to 64 MiB; a size may have a unit, such as \"4 MiB\"",
            ),
            ("nesting = 129", "limits.nesting takes a number from 1 to 128; a size may have a unit, such as \"4 MiB\""),
            ("field = true", "limits.field takes a number from 1 to 64 MiB; a size may have a unit, such as \"4 MiB\""),
            ("lines = 3", "unknown key limits.lines"),
        ] {
            assert_eq!(read(keys), Err(vec![said.to_owned()]), "{keys}");
        }
    }

    #[test]
    fn a_size_is_told_in_the_unit_that_fits() {
        for (bytes, said) in [(100, "100"), (1024, "1 KiB"), (1 << 20, "1 MiB"), (1536, "1536"), (8 << 30, "8 GiB")] {
            assert_eq!(size(bytes), said);
        }
    }
}
