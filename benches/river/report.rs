//! What was measured, in a table, with the goal beside it.

use std::fmt::{self, Write as _};
use std::fs;
use std::io;
use std::path::Path;

use super::run::Cost;

/// What a number is to stay at or below: at least, and at best.
#[derive(Clone, Copy, Debug)]
pub struct Goal {
    /// It must.
    pub hard: f64,
    /// It is after this.
    pub edge: f64,
}

/// The table.
#[derive(Debug, Default)]
pub struct Report(String);

impl Report {
    /// Begins a part.
    pub fn head(&mut self, head: &str) {
        let _ = writeln!(self.0, "\n{head}");
    }

    /// So many things in the time of a run.
    pub fn speed(&mut self, what: &str, things: &str, count: usize, cost: Cost) {
        let each = grouped((count as f64 / cost.wall) as usize);
        let _ = writeln!(self.0, "  {what:44} {:9.3} s   {each} {things}/s", cost.wall);
    }

    /// Our cost over that of other work.
    pub fn ratio(&mut self, what: &str, ours: Cost, other: Cost, goal: Goal) {
        let clock = ours.wall / other.wall;
        let times = format!("{:.3} s : {:.3} s", ours.wall, other.wall);
        // What is shorter than the clock of the processor can tell has no ratio.
        let processor = if other.processor > 0.0 {
            format!(", by processor time {:.2} x", ours.processor / other.processor)
        } else {
            String::new()
        };
        let _ = writeln!(self.0, "  {what:44} {clock:9.2} x   {}   {times}{processor}", told(clock, Some(goal)));
    }

    /// A number.
    pub fn number(&mut self, what: &str, number: f64, goal: Option<Goal>) {
        let _ = writeln!(self.0, "  {what:44} {number:9.2}     {}", told(number, goal));
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The goal, and how the number stands to it.
fn told(number: f64, goal: Option<Goal>) -> String {
    let Some(Goal { hard, edge }) = goal else { return String::new() };
    let word = match number {
        n if n <= edge => "edge",
        n if n <= hard => "hard",
        _ => "MISSED",
    };
    format!("{word:6} (hard {hard}, edge {edge})")
}

/// A count with separators between thousands.
pub fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The files of a site.
#[derive(Debug, Default)]
pub struct Tree {
    /// All of them.
    pub files: usize,
    /// Those that are pages.
    pub pages: usize,
    /// The bytes of all.
    pub bytes: u64,
    /// The bytes of the largest page.
    pub largest: u64,
    /// The bytes of the style sheets.
    pub style: u64,
    /// The bytes of the scripts that every page may load; the shards of the search are none.
    pub scripts: u64,
}

impl Tree {
    /// Counts what lies in a folder.
    pub fn of(folder: &Path) -> io::Result<Self> {
        let mut tree = Self::default();
        tree.count(folder, "")?;
        Ok(tree)
    }

    fn count(&mut self, folder: &Path, within: &str) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if entry.file_type()?.is_dir() {
                self.count(&entry.path(), if within.is_empty() { &name } else { within })?;
                continue;
            }
            let bytes = entry.metadata()?.len();
            self.files += 1;
            self.bytes += bytes;
            match name.rsplit_once('.').map(|(_, ending)| ending) {
                Some("html") => {
                    self.pages += 1;
                    self.largest = self.largest.max(bytes);
                }
                Some("css") => self.style += bytes,
                Some("js") if within == "static" => self.scripts += bytes,
                _ => {}
            }
        }
        Ok(())
    }
}
