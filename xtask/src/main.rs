//! Chores of the repository. `cargo xtask` lists them.

use std::env;
use std::path::Path;
use std::process::ExitCode;

mod golden;
mod needs;
mod sample;
mod step;
mod test;

const USAGE: &str = "\
usage: cargo xtask CHORE

  sample                write the sample organisation's records/ anew
  test [--only PART]…   run all tests; parts: rust, standard, site, export, browser
  golden                write the expected sites and messages below tests/ anew";

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let args: Vec<String> = env::args().skip(1).collect();
    let done = match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["sample"] => sample::run(&root),
        ["test", rest @ ..] => test::run(&root, rest),
        ["golden"] => golden::run(&root),
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("{why}");
            ExitCode::from(2)
        }
    }
}
