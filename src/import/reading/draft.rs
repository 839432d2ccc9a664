//! A record as a source found it, before it is known which system it is about and whether it is there already.

use crate::calendar::Instant;
use crate::say::Said;
use crate::seal::canon;
use crate::source::Place;

/// How the id of a record is made of the source's name and of what the tool calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Scope {
    /// `restic-4a84d796`: the tool's own id is enough.
    #[default]
    Tool,
    /// `apt-oa-20261123T190107-…`: the same may happen to several systems.
    System,
    /// `cstate-2026-06-08-outage`: a record for each system that is named, and where there are several, each id ends
    /// in its system.
    Each,
}

/// Outages of one thing, which may be seen again from another sample or another part of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// What begins the ids of the series, after the source's name.
    pub head: String,
    /// The first moment at which it was seen to be down.
    pub seen: Instant,
    /// When it was up again; none where the export ends before.
    pub ended: Option<Instant>,
    /// Seconds between two looks: two sightings that are no further apart are of one outage.
    pub step: i64,
}

/// A record as a source found it.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Its kind.
    pub kind: String,
    /// What the tool calls it; the id is made of it.
    pub tail: String,
    /// How the id is made.
    pub scope: Scope,
    /// Where the export says so.
    pub place: Place,
    /// What may name its system, the best first.
    pub names: Vec<String>,
    /// What the export says, by field.
    pub firm: Vec<(String, String)>,
    /// What is taken where neither the export nor `--set` says anything.
    pub assumed: Vec<(String, String)>,
    /// What goes into `notes`.
    pub notes: Vec<Said>,
    /// What to do where something required is missing.
    pub lacking: Option<Said>,
    /// Whether the same thing is found again by every run, so that a later time is no contradiction.
    pub recurs: bool,
    /// The series of an outage.
    pub series: Option<Series>,
}

impl Draft {
    /// A record of a kind, by what the tool calls it.
    pub fn new(kind: &str, tail: String, place: Place) -> Self {
        Self {
            kind: kind.to_owned(),
            tail,
            scope: Scope::Tool,
            place,
            names: Vec::new(),
            firm: Vec::new(),
            assumed: Vec::new(),
            notes: Vec::new(),
            lacking: None,
            recurs: false,
            series: None,
        }
    }

    /// What may name its system; empty ones are left out.
    #[must_use]
    pub fn named<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        let names = names.into_iter().map(Into::into);
        self.names.extend(names.filter(|name| !name.trim().is_empty()));
        self
    }

    /// A value that the export says.
    #[must_use]
    pub fn set(mut self, field: &str, value: impl Into<String>) -> Self {
        self.firm.push((field.to_owned(), value.into()));
        self
    }

    /// A value that the export may say.
    #[must_use]
    pub fn may(self, field: &str, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.set(field, value),
            None => self,
        }
    }

    /// A value that is taken where nothing says otherwise.
    #[must_use]
    pub fn assume(mut self, field: &str, value: impl Into<String>) -> Self {
        self.assumed.push((field.to_owned(), value.into()));
        self
    }

    /// Something for `notes`.
    #[must_use]
    pub fn note(mut self, said: Option<Said>) -> Self {
        self.notes.extend(said);
        self
    }

    /// How the id is made.
    #[must_use]
    pub fn scope(mut self, scope: Scope) -> Self {
        self.scope = scope;
        self
    }

    /// What the export says of a field.
    pub fn value(&self, field: &str) -> Option<&str> {
        self.firm.iter().find(|(name, value)| name == field && !value.is_empty()).map(|(_, value)| value.as_str())
    }
}

/// Parts of an id, joined by `-`. Blanks and characters that mean something in a path, a table or a shell become `-`;
/// what is longer than an id may be is cut, and a digest keeps two of them apart.
pub fn slug<S: AsRef<str>>(parts: impl IntoIterator<Item = S>) -> String {
    const MOST: usize = 96;
    let parts: Vec<S> = parts.into_iter().collect();
    let whole = parts.iter().map(AsRef::as_ref).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | ':' | '+' | '~' | '-');
    let mut out = String::new();
    for c in whole.chars().map(|c| if plain(c) { c } else { '-' }) {
        if !(c == '-' && out.ends_with('-')) {
            out.push(c);
        }
    }
    if out.chars().count() <= MOST {
        return out.trim_matches('-').to_owned();
    }
    let start: String = out.chars().take(MOST - 13).collect();
    let digest = canon::digest(&whole);
    format!("{}~{}", start.trim_matches('-'), &digest[..12])
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn an_id_holds_nothing_that_means_something_elsewhere() {
        assert_eq!(slug(["20261123T190107", "libc6:amd64"]), "20261123T190107-libc6:amd64");
        assert_eq!(slug(["a/b c", "", "=d|e\u{202e}"]), "a-b-c-d-e");
        assert_eq!(slug(["备份 每日"]), "备份-每日");
    }

    #[test]
    fn a_long_id_is_cut_and_stays_itself() {
        let (a, b) = (slug(["x".repeat(200), "a".to_owned()]), slug(["x".repeat(200), "b".to_owned()]));
        assert!(a.chars().count() <= 96 && a != b && a == slug(["x".repeat(200), "a".to_owned()]));
    }
}
