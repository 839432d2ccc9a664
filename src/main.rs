//! Parses the command line, runs one command, exits with its code.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(wellkept::cli::run())
}
