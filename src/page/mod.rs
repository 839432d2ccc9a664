//! View models: what each page says, decided here, so that templates only lay it out.

use std::collections::BTreeMap;

use crate::calendar::Instant;
use crate::check;
use crate::config::Config;
use crate::finding::{Finding, Severity};
use crate::ledger::Ledger;
use crate::measure::Figure;
use crate::seal::Archive;
use crate::slots::{Group, Waivers};
use crate::source::{Failure, Sources};
use crate::standard::Standard;

use content::Content;
use desk::Desk;
use export::File;
use restated::Versions;
use sheet::Sheet;
use shelf::Shelf;
use verdict::Verdicts;
use way::Way;

pub mod aloud;
pub mod archive;
pub mod blocks;
pub mod breadth;
pub mod cell;
pub mod charts;
pub mod clause;
pub mod content;
pub mod desk;
pub mod document;
pub mod evaluations;
pub mod export;
pub mod faults;
pub mod feed;
pub mod figure;
pub mod findings;
#[cfg(test)]
mod fixture;
pub mod frame;
pub mod grid;
pub mod home;
pub mod improvements;
pub mod inert;
pub mod matrix;
pub mod missing;
pub mod moved;
pub mod open;
pub mod outline;
pub mod pages;
pub mod records;
pub mod rejected;
pub mod reports;
pub mod restated;
pub mod rows;
pub mod runbooks;
pub mod search;
pub mod sheet;
pub mod shelf;
pub mod sitemap;
pub mod slots;
pub mod status;
pub mod system;
#[cfg(test)]
mod tests;
pub mod trails;
pub mod verdict;
pub mod waivers;
pub mod way;
pub mod worst;

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
    /// The seals, and the records held against them.
    pub archive: &'a Archive,
    /// All findings, in their order, waived ones marked.
    pub findings: &'a [Finding],
    /// Those that are about a file, by its path.
    pub by_file: BTreeMap<&'a str, Vec<&'a Finding>>,
    /// What people wrote in Markdown.
    pub content: &'a Content,
    /// The instant of judgement.
    pub as_of: Instant,
    /// The build's id: 16 hexadecimal digits of a digest over the input, the instant and the program.
    pub build: String,
}

impl<'a> Book<'a> {
    /// What the rules looked at.
    pub fn ground(&self) -> check::Ground<'a> {
        check::Ground {
            config: self.config,
            standard: self.standard,
            ledger: self.ledger,
            slots: self.slots,
            waivers: self.waivers,
            figures: self.figures,
            archive: self.archive,
            as_of: self.as_of,
        }
    }
}

/// The findings about each file, in their order.
pub fn by_file(findings: &[Finding]) -> BTreeMap<&str, Vec<&Finding>> {
    let mut out: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        if let Some(place) = &finding.place {
            out.entry(&place.file).or_default().push(finding);
        }
    }
    out
}

/// All that the site consists of, before it is laid out.
#[derive(Debug, Default)]
pub struct Pages<'a> {
    /// The pages.
    pub sheets: Vec<Sheet<'a>>,
    /// The files that no template makes.
    pub files: Vec<File>,
    /// Pages that are published as one file too: their paths, and those of the files.
    pub alone: Vec<(String, String)>,
    /// What is wrong with their addresses.
    pub findings: Vec<Finding>,
}

/// Whether the site would be broken by what a finding says: a page that people wrote leads nowhere. The last good site
/// stays then (cli.md).
pub fn breaks(finding: &Finding) -> bool {
    finding.severity == Severity::Error && (finding.rule.starts_with("link.") || finding.rule == content::ROUTE)
}

/// Writes every page and file of the site: the one list of what it consists of.
pub fn write<'a>(book: &'a Book<'a>, shelf: &'a Shelf) -> Result<Pages<'a>, Failure> {
    let (root, below) = (Way::from_depth(book, shelf, 0), Way::from_depth(book, shelf, 1));
    let verdicts = Verdicts::of(book);
    let versions = Versions::of(book, &verdicts);
    let mut pages = Pages::default();
    pages.sheets.push(home::sheet(book, &verdicts, &root)?);
    let records = records::write(book, shelf)?;
    pages.sheets.extend(records.sheets);
    pages.files.extend(records.files);
    let kept = rejected::gather(book)?;
    let registers = || export::registers(book, &records.tables, charts::numbers(book, shelf), &kept);
    let (registers, found) = rayon::join(registers, || findings::sheets(book, &root));
    pages.files.extend(registers);
    pages.files.extend(export::originals(book)?);
    pages.sheets.extend(rejected::sheets(book, &kept));
    pages.sheets.extend(found);
    pages.sheets.push(slots::sheet(book, &root));
    pages.sheets.extend(trails::sheets(book, shelf));
    pages.sheets.extend(faults::sheets(book, shelf)?);
    let desk = Desk::open(book, &verdicts, &versions, &below)?;
    let reports = reports::sheets(&desk)?;
    pages.files.extend(search::index(book, &reports, records.found));
    pages.sheets.extend(reports);
    pages.sheets.push(search::sheet(book));
    pages.alone = reports::alone(&desk);
    pages.sheets.extend(evaluations::sheets(&desk));
    pages.files.extend(feed::file(&desk));
    pages.sheets.extend(waivers::sheets(book, &root)?);
    pages.sheets.extend(improvements::sheets(book, &root)?);
    pages.sheets.extend(matrix::sheets(book, &verdicts, &versions, &below));
    pages.sheets.extend(clause::sheets(book, &verdicts, &versions, &below)?);
    pages.sheets.extend(system::sheets(book, &verdicts, &below)?);
    pages.sheets.extend(runbooks::sheets(book, shelf)?);
    pages.files.extend(content::files(book)?);
    pages.sheets.push(archive::sheet(book, &below));
    pages.files.extend(archive::files(book)?);
    pages.sheets.push(missing::sheet(book));
    pages.files.push(export::readme::file(book));
    // Last, because the program's own page of a folder comes before one that is made for it.
    let written = self::pages::sheets(book, shelf, &pages.sheets);
    pages.sheets.extend(written);
    let (moved, findings) = moved::sheets(book, &pages.sheets);
    pages.sheets.extend(moved);
    pages.findings = findings;
    Ok(pages)
}
