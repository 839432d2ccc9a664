//! What an export says: its files, and what a source makes of them. Nothing here knows the archive that the records
//! go into; that is `plan`.

use std::sync::Arc;

use crate::calendar::{Instant, Zone};
use crate::config::Config;
use crate::finding::{Finding, Severity};
use crate::say::Said;
use crate::source::Place;

mod draft;
mod input;
pub mod json;
pub mod lines;
pub mod outage;
pub mod scan;
pub mod table;
mod when;

pub use when::epoch;

pub use draft::{Draft, Scope, Series, slug};
pub use input::{Input, LIMIT};

/// What an export is read with.
#[derive(Clone, Copy)]
pub struct Ground<'a> {
    /// The workspace.
    pub config: &'a Config,
    /// The zone of times that are written without one.
    pub zone: &'a Zone,
    /// `--system`, as a position in [`Config::systems`].
    pub system: Option<usize>,
    /// `--set`: values by field, for what the export does not say.
    pub set: &'a [(String, String)],
    /// The instant after which nothing can have happened yet.
    pub as_of: Instant,
}

impl Ground<'_> {
    /// What `--set` says of a field.
    pub fn said(&self, field: &str) -> Option<&str> {
        self.set.iter().find(|(name, _)| name == field).map(|(_, value)| value.as_str())
    }

    /// The system that is meant: that of `--system`, else the first of these names that one is known by.
    pub fn system_of(&self, names: &[String]) -> Option<usize> {
        self.system.or_else(|| names.iter().find_map(|name| self.named(name)))
    }

    /// The system with this id, name or host, without case.
    pub fn named(&self, name: &str) -> Option<usize> {
        let folded = name.trim().to_lowercase();
        let is = |known: &String| known.to_lowercase() == folded;
        let systems = &self.config.systems;
        let found = systems.iter().position(|s| is(&s.id));
        found.or_else(|| systems.iter().position(|s| is(&s.name) || s.hosts.iter().any(is)))
    }

    /// An instant as it stands in a record: RFC 3339 with the offset of the workspace's zone.
    pub fn stamp(&self, at: Instant) -> String {
        self.config.site.zone.rfc3339(at)
    }

    /// The local date of an instant.
    pub fn date(&self, at: Instant) -> String {
        self.config.site.zone.date(at).to_string()
    }
}

/// What a source made of its files.
pub struct Told<'a> {
    /// What it read with.
    pub ground: Ground<'a>,
    /// The records it found.
    pub drafts: Vec<Draft>,
    /// What it refused, and what it did that should be said.
    pub findings: Vec<Finding>,
    clocks: when::Clocks,
}

impl<'a> Told<'a> {
    /// Nothing yet.
    pub fn new(ground: Ground<'a>) -> Self {
        Self { ground, drafts: Vec::new(), findings: Vec::new(), clocks: when::Clocks::default() }
    }

    /// Takes what was made of one record: the record, or why there is none.
    pub fn take(&mut self, made: Result<Draft, Finding>) {
        match made {
            Ok(draft) => self.drafts.push(draft),
            Err(finding) => self.findings.push(finding),
        }
    }

    /// Says something that nobody has to do anything about.
    pub fn note(&mut self, place: Place, said: Said) {
        self.findings.push(Finding::new("import.note", Severity::Info, said).at(place));
    }

    /// Says what was assumed about times; to be called when everything is read.
    pub fn close(&mut self) {
        let notes = std::mem::take(&mut self.clocks).notes(self.ground.zone, &self.ground.config.site.zone);
        self.findings.extend(notes);
    }
}

/// Something that cannot be taken for what it is.
pub fn syntax(place: Place, why: Said) -> Finding {
    Finding::new("import.syntax", Severity::Error, why).at(place)
}

/// Something that can be read and makes no record.
pub fn value(place: Place, why: Said) -> Finding {
    Finding::new("import.value", Severity::Error, why).at(place)
}

/// The place of a line of an input.
pub fn line(input: &Input, number: u32) -> Place {
    Place::line(Arc::clone(&input.name), number)
}
