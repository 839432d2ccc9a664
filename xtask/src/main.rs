//! Chores of the repository. `cargo xtask` lists them.

use std::env;
use std::path::Path;
use std::process::ExitCode;

mod sample;

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let done = match env::args().nth(1).as_deref() {
        Some("sample") => sample::run(&root),
        _ => Err("usage: cargo xtask sample    write the sample organisation's records/ anew".to_owned()),
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
