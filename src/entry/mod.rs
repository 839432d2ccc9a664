//! New records into the files of a workspace: rows at the end of tables, and files of one record. What is to be written
//! is read as `check` would read it before anybody writes it, so that a record that `check` would not take is refused.

use std::collections::{BTreeMap, BTreeSet};

use crate::calendar::{Day, Instant, Period, Unit};
use crate::config::Config;
use crate::finding::{Finding, Severity};
use crate::ledger::Ledger;
use crate::load;
use crate::say;
use crate::source::{Failure, Place, Sources};
use crate::standard::{Standard, Type};
use crate::value;

mod document;
mod propose;
mod table;
#[cfg(test)]
mod tests;

pub use document::{Page, hint};
use document::{page_path, record_path};
pub use propose::propose;
pub use table::{FilePlan, lay};

/// A cell for each field of a kind.
pub type Cells = Vec<Option<String>>;

/// The workspace that records are put into.
pub struct Ground<'a> {
    /// Its files.
    pub sources: &'a Sources,
    /// Its settings.
    pub config: &'a Config,
    /// The standard in force.
    pub standard: &'a Standard,
    /// The records that are there.
    pub ledger: &'a Ledger,
    /// What loading said of them.
    pub loaded: &'a [Finding],
    /// The instant as of which they were loaded.
    pub as_of: Instant,
}

/// What was written, and what becomes of it.
pub struct Entry {
    /// Path relative to the workspace.
    pub path: String,
    /// The day on which its record is dated; none for a page, which no seal holds.
    pub day: Option<Day>,
    /// The bytes of the file as it is; empty where there is none.
    pub old: Vec<u8>,
    /// The bytes of the file as it will be.
    pub new: Vec<u8>,
    /// What should be said of it.
    pub notes: Vec<Finding>,
    /// Why it would not be taken; empty where it would.
    pub refused: Vec<Finding>,
    /// The workspace as it would be, which the findings are about.
    pub sources: Sources,
}

impl Ground<'_> {
    /// Whether there is anything at a path.
    fn is_taken(&self, path: &str) -> bool {
        self.sources.get(path).is_some() || self.sources.odd.iter().any(|odd| *odd.path == *path)
    }

    /// The local day of the instant.
    pub fn today(&self) -> Day {
        self.config.site.zone.date(self.as_of)
    }
}

/// A row for the table of its month: `records/backup/2026-10.csv`.
pub fn row(ground: &Ground<'_>, kind: usize, cells: &Cells) -> Result<Entry, Failure> {
    let of = &ground.standard.kinds[kind];
    let day = day(ground, kind, cells);
    let path = format!("records/{}/{}.csv", of.name, month(day));
    let mut notes = Vec::new();
    let plan = lay(ground, &path, kind, &[cells], &mut notes)?;
    let old = plan.bytes[..plan.bytes.len() - plan.added.len()].to_vec();
    let line = plan.rows.first().map_or(0, |(line, _)| *line);
    judge(ground, Entry { path: plan.path, day: Some(day), old, new: plan.bytes, notes, ..nothing(ground) }, line)
}

/// A file of one record: front matter of all fields, and the sections of its kind as a body.
pub fn document(ground: &Ground<'_>, kind: usize, slug: &str, cells: &Cells) -> Result<Entry, Failure> {
    let path = record_path(&ground.standard.kinds[kind], slug);
    let text = document::record(ground, kind, cells);
    let day = (!ground.standard.kinds[kind].pages).then(|| day(ground, kind, cells));
    judge(ground, Entry { path, day, new: text.into_bytes(), ..nothing(ground) }, 1)
}

/// A page of the manual.
pub fn page(ground: &Ground<'_>, slug: &str, page: &Page<'_>) -> Result<Entry, Failure> {
    let path = page_path(slug);
    untaken(ground, &path)?;
    Ok(Entry { path, new: document::page(ground, page).into_bytes(), ..nothing(ground) })
}

fn nothing(ground: &Ground<'_>) -> Entry {
    let sources = ground.sources.with(BTreeMap::new());
    let (path, day, old, new) = (String::new(), None, Vec::new(), Vec::new());
    Entry { path, day, old, new, notes: Vec::new(), refused: Vec::new(), sources }
}

/// A new file stands where nothing stood.
fn untaken(ground: &Ground<'_>, path: &str) -> Result<(), Failure> {
    if !ground.is_taken(path) {
        return Ok(());
    }
    Err(Failure(say!(
        "{path} 已经存在，不会覆盖；请换一个名字，或直接修改该文件",
        "{path} is there already and is not overwritten; choose another name, or change that file"
    )))
}

/// Reads what was laid out: what `check` says of the record that begins on the line.
fn judge(ground: &Ground<'_>, mut entry: Entry, line: u32) -> Result<Entry, Failure> {
    if entry.old.is_empty() {
        untaken(ground, &entry.path)?;
    }
    entry.sources = ground.sources.with(BTreeMap::from([(entry.path.clone(), entry.new.clone())]));
    let (ledger, mut found) = load::load(&entry.sources, ground.standard, ground.config, ground.as_of)?;
    load::exact(&entry.sources, &ledger, ground.standard, &mut found);
    let about = |f: &Finding| f.place.as_ref().is_some_and(|place| *place.file == *entry.path && place.line >= line);
    let (refused, notes): (Vec<Finding>, Vec<Finding>) = found
        .into_iter()
        .filter(|f| about(f) && f.severity != Severity::Info)
        .partition(|f| f.severity == Severity::Error);
    entry.refused.extend(refused);
    entry.notes.extend(notes);
    Ok(entry)
}

/// What would be said of a value of a field, read as `check` would read it; none where it is right.
pub fn wrong(ground: &Ground<'_>, kind: usize, field: usize, text: &str) -> Result<Option<Finding>, Failure> {
    let of = &ground.standard.kinds[kind];
    let mut cells: Cells = vec![None; of.fields.len()];
    cells[field] = Some(text.to_owned());
    let empty = Ground { sources: &Sources::of_memory([]), ..*ground };
    let plan = lay(&empty, &format!("records/{}/{TRIED}", of.name), kind, &[&cells], &mut Vec::new())?;
    let sources = ground.sources.with(BTreeMap::from([(plan.path.clone(), plan.bytes)]));
    let (_, found) = load::load(&sources, ground.standard, ground.config, ground.as_of)?;
    let name = format!("{}: ", of.fields[field].name);
    let about = |f: &Finding| {
        f.place.as_ref().is_some_and(|place| *place.file == *plan.path)
            && (f.message.en.starts_with(&name) || f.field == Some(field) || f.rule == "ingest.duplicate")
    };
    Ok(found.into_iter().find(|f| f.severity == Severity::Error && about(f)))
}

/// The name of a file that is only tried and never written: after all others, so that it is the second of two ids.
const TRIED: &str = "\u{10FFFD}.csv";

/// The day that decides in which month a record stands; today where its time cannot be read.
fn day(ground: &Ground<'_>, kind: usize, cells: &Cells) -> Day {
    let of = &ground.standard.kinds[kind];
    let (at, zone) = (of.at, &ground.config.site.zone);
    let text = cells[at].as_deref().unwrap_or_default().trim().as_bytes();
    let read = match of.fields[at].ty {
        Type::Time => value::time(text, zone, of.date_order).ok().map(|time| zone.date(time.at)),
        _ => value::date(text, zone, of.date_order).ok(),
    };
    read.unwrap_or_else(|| ground.today())
}

/// That records to be written come late: they are dated in months that are sealed already, or before these. `sealed`
/// has the first days of the months that are; each record is given by its day, with the place to show for it.
pub fn late(sealed: &BTreeSet<Day>, records: impl IntoIterator<Item = (Day, Place)>) -> Vec<Finding> {
    let Some(last) = sealed.last() else { return Vec::new() };
    let mut months: BTreeMap<Day, (usize, Place)> = BTreeMap::new();
    for (day, place) in records {
        let first = Period::of(Unit::Month, day).first;
        if first <= *last {
            months.entry(first).or_insert((0, place)).0 += 1;
        }
    }
    let told = months.into_iter().map(|(first, (n, place))| {
        let month = month(first);
        let said = match n {
            1 => say!(
                "{month} 已经封存：这条记录会列入下一次封存，并注明补记",
                "{month} is sealed already: the next seal will hold this record and mark it late"
            ),
            n => say!(
                "{month} 已经封存：这 {n} 条记录会列入下一次封存，并注明补记",
                "{month} is sealed already: the next seal will hold these {n} records and mark them late"
            ),
        };
        Finding::new("seal.late", Severity::Warning, said).at(place)
    });
    told.collect()
}

/// `2026-10`.
pub fn month(day: Day) -> String {
    Period::of(Unit::Month, day).name(Unit::Month)
}
