//! The tests of the house: the built program run on small workspaces, and the repository held against what its
//! documents say of it. One binary, one suite a file, and in each suite one function that touches the program.

mod cli;
mod determinism;
mod docs;
mod errors;
mod exports;
mod floors;
mod golden;
mod program;
mod properties;
mod publish;
mod repository;
mod snapshot;
mod standard;
mod tidy;
mod vectors;
mod workspace;
