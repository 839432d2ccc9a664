//! wellkept: maintenance records in files, held against a written standard, rendered as an archive.
//!
//! The rooms and the floors they stand on are told in ARCHITECTURE.md, and a test holds the code against it.

pub mod calendar;
pub mod chart;
pub mod finding;
pub mod front;
pub mod markdown;
pub mod say;
pub mod source;
pub mod tree;
pub mod value;
pub mod world;
