//! How fast the river runs: `cargo bench`.
//!
//! No time is a goal here, because a time says as much of the machine as of the program. Each goal is a ratio to work
//! that the same machine did in the same minute: to the `csv` crate reading the same table, to a plain copy of the
//! site's own files. The two run in turn, and the medians are compared. Processor time stands beside the clock, because
//! it says the same on a machine that others use meanwhile.
//!
//! `WELLKEPT_BENCH=large cargo bench` takes a million rows and ten thousand pages, and checks ten million rows. The
//! workspaces lie in the folder for temporary files (`TMPDIR`), best one in memory, and are removed at the end.

use std::error::Error;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

mod data;
mod plain;
mod report;
mod run;

use report::{Goal, Report, Tree, grouped};
use run::{Cost, Program, in_turn};

/// How much is made.
struct Sizes {
    rows: usize,
    /// Rows that are only checked.
    many: usize,
    pages: usize,
    rounds: usize,
}

const USUAL: Sizes = Sizes { rows: 100_000, many: 400_000, pages: 1000, rounds: 5 };
const LARGE: Sizes = Sizes { rows: 1_000_000, many: 10_000_000, pages: 10_000, rounds: 5 };

/// The instant of judgement: all that is made lies before it.
const AS_OF: &str = "2026-01-01";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["read", file] => return plain::read(Path::new(file)),
        ["copy", from, to] => return Ok(plain::copy(Path::new(from), Path::new(to))?),
        _ => {}
    }
    let sizes = match std::env::var("WELLKEPT_BENCH").as_deref() {
        Ok("large") => LARGE,
        _ => USUAL,
    };
    let folder = Folder::new()?;
    let mut report = Report::default();
    check(&folder.0, &sizes, &mut report)?;
    build(&folder.0, &sizes, &mut report)?;
    start(&sizes, &mut report)?;
    print!("{report}");
    Ok(())
}

/// A folder of our own, gone when this goes.
struct Folder(PathBuf);

impl Folder {
    fn new() -> std::io::Result<Self> {
        let path = std::env::temp_dir().join(format!("wellkept-bench-{}", std::process::id()));
        fs::create_dir_all(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left in the folder for temporary files is an annoyance, and no fault of what was measured.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn wellkept(arguments: &[&str]) -> Program {
    Program::new(Path::new(env!("CARGO_BIN_EXE_wellkept")), arguments)
}

fn ourselves(arguments: &[&str]) -> std::io::Result<Program> {
    Ok(Program::new(&std::env::current_exe()?, arguments))
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap_or_default()
}

/// Reading and judging a table of backups, against reading it and doing nothing.
fn check(folder: &Path, sizes: &Sizes, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let mut by_size: Vec<(usize, Cost)> = Vec::new();
    for rows in [sizes.many / 10, sizes.many] {
        let place = folder.join("table");
        let table = data::backups(&place, rows)?;
        let of = text(&place);
        let check =
            |jobs: &str| wellkept(&["check", "-q", "-C", of, "--as-of", AS_OF, "--fail-on", "never", "--jobs", jobs]);
        let programs = [ourselves(&["read", text(&table)])?, check("1"), check("2")];
        let costs = in_turn(&programs, sizes.rounds, || Ok(()))?;
        let [read, one, two] = [costs[0], costs[1], costs[2]];
        report.head(&format!("check of {} records", grouped(rows)));
        report.speed("one thread", "records", rows, one);
        report.ratio("one thread : csv's read", one, read, Goal { hard: 2.0, edge: 1.4 });
        report.ratio("two threads : csv's read", two, read, Goal { hard: 1.3, edge: 0.8 });
        let beyond = one.peak.saturating_sub(30_000_000) as f64 / rows as f64;
        report.number("peak memory beyond 30 MB, bytes a record", beyond, Some(Goal { hard: 128.0, edge: 32.0 }));
        by_size.push((rows, one));
        fs::remove_dir_all(&place)?;
    }
    if let [(few, small), (many, large)] = by_size[..] {
        let exponent = (large.processor / small.processor).log(many as f64 / few as f64);
        report.number("growth of check with records, exponent", exponent, Some(Goal { hard: 1.05, edge: 1.02 }));
    }
    Ok(())
}

/// Building the sites of many records and of many pages, against copying them.
fn build(folder: &Path, sizes: &Sizes, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let (records, pages) = (folder.join("records"), folder.join("pages"));
    let table = data::backups(&records, sizes.rows)?;
    let page = data::runbooks(&pages, sizes.pages)?;
    for (name, place, changed, more) in [
        (format!("{} records", grouped(sizes.rows)), &records, &table, data::backup(sizes.rows)),
        (format!("{} runbooks", grouped(sizes.pages)), &pages, &page, "One more sentence.\n".to_owned()),
    ] {
        let (site, copy, kept) = (place.join("new"), place.join("copy"), place.join("kept"));
        let into =
            |output: &Path| wellkept(&["build", "-q", "-C", text(place), "--as-of", AS_OF, "--output", text(output)]);
        into(&kept).run()?;
        let programs = [into(&site), ourselves(&["copy", text(&kept), text(&copy)])?, into(&kept)];
        let costs = in_turn(&programs, sizes.rounds, || clear(&[&site, &copy]))?;
        let [full, copied, again] = [costs[0], costs[1], costs[2]];
        let one_more = || OpenOptions::new().append(true).open(changed)?.write_all(more.as_bytes());
        let after = in_turn(&programs[2..], sizes.rounds, one_more)?[0];
        let tree = Tree::of(&kept)?;
        report.head(&format!("build of {name}"));
        report.speed("all of it", "pages", tree.pages, full);
        report.ratio("all of it : a copy of its files", full, copied, Goal { hard: 4.0, edge: 2.5 });
        report.ratio("nothing changed : all of it", again, full, Goal { hard: 0.25, edge: 0.10 });
        report.ratio("one more : all of it", after, full, Goal { hard: 0.30, edge: 0.10 });
        report.number("peak memory, MB", full.peak as f64 / 1e6, None);
        report.number("files", tree.files as f64, None);
        report.number("all files, MB", tree.bytes as f64 / 1e6, None);
        report.number("the largest page, KB", tree.largest as f64 / 1e3, None);
        report.number("style, KB", tree.style as f64 / 1e3, Some(Goal { hard: 20.0, edge: 20.0 }));
        report.number("scripts, KB", tree.scripts as f64 / 1e3, Some(Goal { hard: 15.0, edge: 15.0 }));
        clear(&[&site, &copy, &kept])?;
    }
    Ok(())
}

fn clear(folders: &[&PathBuf]) -> std::io::Result<()> {
    folders.iter().filter(|folder| folder.exists()).try_for_each(fs::remove_dir_all)
}

/// How long until there is something to see.
fn start(sizes: &Sizes, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let sample = env!("CARGO_MANIFEST_DIR");
    let check = wellkept(&["check", "-q", "-C", sample, "--as-of", AS_OF, "--fail-on", "never"]);
    let costs = in_turn(&[wellkept(&["--version"]), check], sizes.rounds * 5, || Ok(()))?;
    report.head("start");
    report.number("--version, ms", costs[0].wall * 1e3, Some(Goal { hard: 5.0, edge: 3.0 }));
    report.number("check of the sample, ms", costs[1].wall * 1e3, Some(Goal { hard: 60.0, edge: 25.0 }));
    Ok(())
}
