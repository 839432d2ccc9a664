//! One step of the tests: a command whose output is shown as it comes, and how many tests passed and failed in it.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Instant;

/// Tests that passed and that failed.
#[derive(Clone, Copy, Default)]
pub struct Count {
    /// So many passed.
    pub passed: usize,
    /// So many failed.
    pub failed: usize,
}

impl Count {
    /// One that passed, or one that failed.
    pub fn one(passed: bool) -> Self {
        Self { passed: usize::from(passed), failed: usize::from(!passed) }
    }

    /// Adds another count.
    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// Runs a command. What its lines count is counted; a command whose lines count nothing is itself one test, and one that
/// fails without saying which test failed is one that failed.
pub fn run(name: &str, command: &mut Command) -> Count {
    println!("\n── {name}");
    let begun = Instant::now();
    let mut child = match command.stdout(Stdio::piped()).spawn() {
        Ok(child) => child,
        Err(why) => {
            println!("{}: {why}", command.get_program().display());
            return Count::one(false);
        }
    };
    let mut count = Count::default();
    let Some(stdout) = child.stdout.take() else { return Count::one(false) };
    for line in BufReader::new(stdout).lines() {
        let Ok(line) = line else { continue };
        println!("{line}");
        count.add(counted(&line));
    }
    let good = child.wait().is_ok_and(|status| status.success());
    if count.passed + count.failed == 0 || (!good && count.failed == 0) {
        count.add(Count::one(good));
    }
    println!("── {name}: {} in {:.0} s", if good { "good" } else { "FAILED" }, begun.elapsed().as_secs_f64());
    count
}

/// What a line counts: `test result: ok. 3 passed; 1 failed; …` of cargo, `ℹ pass 3` and `ℹ fail 1` of Node, and
/// `3 passed, 1 failed` of `wellkept standard --test`.
fn counted(line: &str) -> Count {
    let words: Vec<&str> = line.split_whitespace().collect();
    let number = |at: usize| words.get(at).and_then(|word| word.parse().ok()).unwrap_or(0);
    match words.as_slice() {
        ["test", "result:", _, _, "passed;", _, "failed;", ..] => Count { passed: number(3), failed: number(5) },
        ["ℹ", "pass", _] => Count { passed: number(2), failed: 0 },
        ["ℹ", "fail" | "cancelled", _] => Count { passed: 0, failed: number(2) },
        [_, "passed,", _, "failed"] => Count { passed: number(0), failed: number(2) },
        _ => Count::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_three_programs_are_counted() {
        let of = |line: &str| {
            let Count { passed, failed } = counted(line);
            (passed, failed)
        };
        assert_eq!(of("test result: FAILED. 155 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out"), (155, 1));
        assert_eq!(of("ℹ pass 12"), (12, 0));
        assert_eq!(of("ℹ fail 2"), (0, 2));
        assert_eq!(of("92 passed, 0 failed"), (92, 0));
        assert_eq!(of("test floors::a ... ok"), (0, 0));
        assert_eq!(of("all passed, none failed, it said"), (0, 0));
    }
}
