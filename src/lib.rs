//! wellkept: maintenance records in files, held against a written standard, rendered as an archive.
//!
//! The rooms and the floors they stand on are told in ARCHITECTURE.md, and a test holds the code against it.

pub mod calendar;
pub mod chart;
pub mod check;
pub mod cli;
pub mod config;
pub mod doc;
pub mod entry;
pub mod export;
pub mod finding;
pub mod fmt;
pub mod front;
pub mod import;
pub mod ledger;
pub mod load;
pub mod markdown;
pub mod measure;
pub mod near;
pub mod output;
pub mod page;
pub mod pipeline;
pub mod render;
pub mod say;
pub mod seal;
pub mod search;
pub mod slots;
pub mod source;
pub mod standard;
pub mod starter;
pub mod theme;
pub mod tree;
pub mod value;
pub mod world;
pub mod xml;

/// Name and version of the program.
pub const TOOL: &str = concat!("wellkept ", env!("CARGO_PKG_VERSION"));

/// A digest over the sources that the program was made from: two programs of one version may still differ.
pub const PROGRAM: &str = env!("WELLKEPT_PROGRAM");
