//! View models: what each page says, decided here, so that templates only lay it out.

use crate::calendar::Instant;
use crate::config::Config;
use crate::finding::Finding;
use crate::ledger::Ledger;
use crate::measure::Figure;
use crate::slots::{Group, Waivers};
use crate::source::Sources;
use crate::standard::Standard;

pub mod export;
pub mod findings;
pub mod inert;
pub mod records;
pub mod rejected;
pub mod rows;
pub mod sheet;
pub mod shelf;
pub mod slots;
pub mod way;

/// Everything that was read and judged: what the pages are made of.
pub struct Book<'a> {
    /// The files of the workspace.
    pub sources: &'a Sources,
    /// The workspace's own settings.
    pub config: &'a Config,
    /// The standard in force.
    pub standard: &'a Standard,
    /// The records.
    pub ledger: &'a Ledger,
    /// The slots, rule by rule and system by system.
    pub slots: &'a [Group],
    /// The waivers in force.
    pub waivers: &'a Waivers,
    /// The figures, system by system and month by month.
    pub figures: &'a [Figure],
    /// All findings, in their order, waived ones marked.
    pub findings: &'a [Finding],
    /// The instant of judgement.
    pub as_of: Instant,
    /// The build's id: 16 hexadecimal digits of a digest over the input, the instant and the program.
    pub build: String,
}
