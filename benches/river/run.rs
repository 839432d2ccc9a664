//! Runs programs in turn and says what each run cost.

use std::error::Error;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How often a running program is looked at: how late its end is seen at most.
const LOOK: Duration = Duration::from_micros(500);

/// What a run cost.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
    /// Seconds on the clock.
    pub wall: f64,
    /// Seconds of all processors.
    pub processor: f64,
    /// The most memory that was in use at once, in bytes; 0 where the system does not tell.
    pub peak: u64,
}

/// A program with its arguments.
pub struct Program {
    path: PathBuf,
    arguments: Vec<String>,
}

impl Program {
    /// A program and what it is asked.
    pub fn new(path: &Path, arguments: &[&str]) -> Self {
        Self { path: path.to_owned(), arguments: arguments.iter().map(|&a| a.to_owned()).collect() }
    }

    /// Runs it once. An end that is no success is an error.
    pub fn run(&self) -> Result<Cost, Box<dyn Error>> {
        let began = Instant::now();
        let mut child =
            Command::new(&self.path).args(&self.arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        let process = PathBuf::from(format!("/proc/{}", child.id()));
        let mut peak = 0;
        // A program that has ended still tells its processor time, until it is waited for.
        while !has_ended(&process) {
            peak = peak.max(most_memory(&process).unwrap_or(0));
            std::thread::sleep(LOOK);
        }
        let wall = began.elapsed().as_secs_f64();
        let processor = processor_time(&process).unwrap_or(0.0);
        let status = child.wait()?;
        if !status.success() {
            return Err(format!("{} {:?}: {status}", self.path.display(), self.arguments).into());
        }
        Ok(Cost { wall, processor, peak })
    }
}

/// Runs programs one after another, so many times over, so that a change of the machine's speed meets all of them; once
/// more before, which does not count. `prepare` is called before each round. The median of each comes out.
pub fn in_turn(
    programs: &[Program],
    rounds: usize,
    prepare: impl Fn() -> io::Result<()>,
) -> Result<Vec<Cost>, Box<dyn Error>> {
    let mut costs: Vec<Vec<Cost>> = vec![Vec::new(); programs.len()];
    for round in 0..=rounds {
        prepare()?;
        for (program, costs) in programs.iter().zip(&mut costs) {
            let cost = program.run()?;
            if round > 0 {
                costs.push(cost);
            }
        }
    }
    Ok(costs.iter().map(|costs| median(costs)).collect())
}

fn median(costs: &[Cost]) -> Cost {
    let middle = |of: fn(&Cost) -> f64| {
        let mut all: Vec<f64> = costs.iter().map(of).collect();
        all.sort_by(f64::total_cmp);
        all.get(all.len() / 2).copied().unwrap_or_default()
    };
    Cost {
        wall: middle(|c| c.wall),
        processor: middle(|c| c.processor),
        peak: costs.iter().map(|c| c.peak).max().unwrap_or_default(),
    }
}

/// Whether the process is a zombie, or not there at all.
fn has_ended(process: &Path) -> bool {
    let Some(fields) = fields(process) else { return true };
    fields.first().is_none_or(|state| state == "Z")
}

/// The fields of `stat` after the name, which may hold blanks: the state is the first.
fn fields(process: &Path) -> Option<Vec<String>> {
    let stat = fs::read_to_string(process.join("stat")).ok()?;
    Some(stat.rsplit_once(')')?.1.split_whitespace().map(str::to_owned).collect())
}

/// Time in the program and in the kernel for it, in ticks of a hundredth of a second.
fn processor_time(process: &Path) -> Option<f64> {
    let fields = fields(process)?;
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok());
    Some((ticks(11)? + ticks(12)?) / 100.0)
}

fn most_memory(process: &Path) -> Option<u64> {
    let status = fs::read_to_string(process.join("status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.split_whitespace().next()?.parse::<u64>().ok()? * 1024)
}
