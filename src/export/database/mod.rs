//! The records, what was judged of them, and the figures, as tables and views for databases. What all formats share stands
//! in `facts`, `records` and `figures`; what a type is called in one is known to its own file.

use crate::say;
use crate::source::Failure;

mod facts;
mod figures;
#[cfg(feature = "parquet")]
pub mod parquet;
mod records;
#[cfg(feature = "sqlite")]
pub mod sqlite;
mod table;
#[cfg(test)]
mod tests;

/// A library refused what it was given; its own words say why.
fn refused(format: &str, why: &impl std::fmt::Display) -> Failure {
    Failure(say!("无法生成 {format}：{why}", "cannot make {format}: {why}"))
}
