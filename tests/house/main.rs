//! The tests of the house: the built program run on small workspaces, and the repository held against what its
//! documents say of it. One binary, one suite a file, and in each suite one function that touches the program.

// A test that cannot go on says so by a panic; what it writes is small, and names of files are ours.
#![allow(
    clippy::unwrap_used,
    clippy::format_push_string,
    clippy::format_collect,
    clippy::case_sensitive_file_extension_comparisons
)]

mod cli;
mod context;
mod determinism;
mod docs;
mod editions;
mod errors;
mod exports;
mod floors;
mod golden;
mod handover;
mod inert;
mod program;
mod properties;
mod publish;
mod repository;
mod routes;
mod seal;
mod serve;
mod snapshot;
mod standard;
mod tidy;
mod trials;
mod vectors;
mod versions;
mod workspace;
mod write;
mod years;
