//! Columns: the cells of one field, row after row, read by its type (records.md, section 2). A column at a time and not
//! a row at a time: what the type asks is asked once, and its reader stays at hand.

use hashbrown::HashMap;

use crate::config::Config;
use crate::finding::Severity;
use crate::ledger::{ABSENT, Column, NO_CODE, NO_DAY, Texts};
use crate::standard::{Field, Kind, Type};
use crate::value::{self, Wrong};

use super::slip::{self, Slip};
use super::typist::{Cell, Given, ITEM, trim};

/// Words to codes, built once for all files.
pub struct Words {
    systems: HashMap<Vec<u8>, u16>,
    shifts: HashMap<Vec<u8>, u16>,
    choices: Vec<Vec<HashMap<Vec<u8>, u16>>>,
}

impl Words {
    /// The words of a standard and a workspace.
    pub fn new(kinds: &[Kind], config: &Config) -> Self {
        let mut systems = HashMap::new();
        let mut shifts = HashMap::new();
        // An id wins over the same word as a name.
        for (at, system) in config.systems.iter().enumerate() {
            systems.insert(system.name.clone().into_bytes(), at as u16);
        }
        for (at, system) in config.systems.iter().enumerate() {
            systems.insert(system.id.clone().into_bytes(), at as u16);
        }
        for (at, shift) in config.shifts.iter().enumerate() {
            shifts.insert(shift.name.clone().into_bytes(), at as u16);
        }
        for (at, shift) in config.shifts.iter().enumerate() {
            shifts.insert(shift.id.clone().into_bytes(), at as u16);
        }
        let choices = kinds.iter().map(|k| (0..k.fields.len()).map(|f| choice_words(k, f)).collect()).collect();
        Self { systems, shifts, choices }
    }
}

fn choice_words(kind: &Kind, field: usize) -> HashMap<Vec<u8>, u16> {
    let mut out = HashMap::new();
    for (code, choice) in kind.choices(field).iter().enumerate() {
        for word in choice.words.iter().chain([&choice.name, &choice.title.zh, &choice.title.en]) {
            for form in [word.clone(), word.to_lowercase()] {
                out.insert(form.into_bytes(), code as u16);
            }
        }
    }
    out
}

/// An empty column for the values of a field.
pub(super) fn empty(field: &Field) -> Column {
    match field.ty {
        Type::Time => Column::Time(Vec::new()),
        Type::Date => Column::Day(Vec::new()),
        Type::Duration | Type::Integer { .. } | Type::Decimal | Type::Bytes | Type::Percent => {
            Column::Number(Vec::new())
        }
        Type::System | Type::Shift | Type::Bool | Type::Choice(_) => Column::Code(Vec::new()),
        // The id stands in the table's own list.
        Type::Text | Type::List | Type::Ref(_) | Type::Interval if field.kept => Column::Text(Texts::default()),
        Type::Id | Type::Text | Type::List | Type::Ref(_) | Type::Interval => Column::Seen(Vec::new()),
    }
}

/// The cells of one field, as they are read.
pub(super) struct Reading<'r, G> {
    pub(super) given: &'r G,
    pub(super) config: &'r Config,
    pub(super) words: &'r Words,
    pub(super) kind: &'r Kind,
    /// The kind and the field, in their lists.
    pub(super) kind_at: usize,
    pub(super) at: usize,
    pub(super) field: &'r Field,
    /// Whether a record cannot be without it.
    pub(super) required: bool,
    /// Whether its texts may hold characters that change the direction of writing.
    pub(super) turned: bool,
    pub(super) slips: &'r mut Vec<Slip>,
}

/// A warning that comes with a value.
type Note = Option<fn() -> Box<Wrong>>;

/// A value, with a warning or without.
type Read<T> = Result<(T, Note), Box<Wrong>>;

impl<'r, G: Given> Reading<'r, G> {
    /// Reads all cells into a column; an id goes to `ids` as well.
    pub(super) fn into(mut self, column: &mut Column, ids: &mut Texts) {
        let (words, zone, order) = (self.words, &self.config.site.zone, self.kind.date_order);
        match (&self.field.ty, column) {
            (Type::Time, Column::Time(out)) => {
                let mut times = value::Times::new(zone, order);
                let mut read = |raw| {
                    let time = times.read(raw)?;
                    // Only what lies before all records can stand for none.
                    if time.at.0 <= 0 && value::stands_for_none(raw) { Err(slip::no_time(raw)) } else { Ok(time) }
                };
                let read = |raw| read(raw).map(|t| (t.at.0, t.twice.then_some(slip::twice as _)));
                self.each(none, read, |time| out.push(time.unwrap_or(ABSENT)));
            }
            (Type::Date, Column::Day(out)) => {
                self.each(none, |raw| sure(value::date(raw, zone, order)?.0), |day| out.push(day.unwrap_or(NO_DAY)));
            }
            (ty, Column::Number(out)) => {
                let put = |number: Option<i64>| out.push(number.unwrap_or(ABSENT));
                match ty {
                    Type::Duration => self.each(none, |raw| sure(value::duration(raw)?), put),
                    Type::Integer { min, max } => self.each(none, |raw| sure(bounded(raw, *min, *max)?), put),
                    Type::Decimal => self.each(none, |raw| sure(value::decimal(raw)?.0), put),
                    Type::Percent => self.each(none, |raw| sure(value::percent(raw)?.0), put),
                    _ => self.each(none, |raw| sure(value::bytes(raw)?), put),
                }
            }
            (ty, Column::Code(out)) => {
                let put = |code: Option<u16>| out.push(code.unwrap_or(NO_CODE));
                match ty {
                    Type::System => self.each(none, |raw| sure(known(&words.systems, raw)?), put),
                    Type::Shift => self.each(none, |raw| sure(known(&words.shifts, raw)?), put),
                    // A choice and a bool may claim a word that else means that there is no value.
                    Type::Choice(_) => {
                        let choices = &words.choices[self.kind_at][self.at];
                        self.each(again(|raw| choice(choices, raw)), |raw| Err(slip::unknown(raw)), put);
                    }
                    _ => {
                        let read = |raw| sure(u16::from(value::bool(raw)?));
                        self.each(again(no_or_yes), read, put);
                    }
                }
            }
            (Type::Id, Column::Seen(out)) => self.each(none, id, |id| {
                ids.push(id.unwrap_or_default());
                out.push(id.is_some());
            }),
            (Type::List, Column::Text(out)) => self.lists(out),
            (Type::Interval, Column::Text(out)) => {
                let read = |raw| {
                    let text = utf8(raw);
                    value::interval(text)?;
                    sure(text)
                };
                self.each(none, read, |text| out.push(text.unwrap_or_default()));
            }
            (_, Column::Text(out)) if self.turned => {
                self.each(none, |raw| Ok((utf8(raw), turned(raw))), |text| out.push(text.unwrap_or_default()));
            }
            (_, Column::Text(out)) => {
                self.each(none, |raw| sure(utf8(raw)), |text| out.push(text.unwrap_or_default()));
            }
            (_, Column::Seen(out)) if self.turned => {
                self.each(none, |raw| Ok(((), turned(raw))), |text| out.push(text.is_some()));
            }
            (_, Column::Seen(out)) => self.each(none, |_| sure(()), |text| out.push(text.is_some())),
            (_, column) => debug_assert!(false, "a field of type {} has no column {column:?}", self.field.ty.name()),
        }
    }

    /// Reads cell after cell. `own` knows words of the field's own, which come before those for "absent".
    fn each<T>(
        &mut self,
        mut own: impl FnMut(&'r [u8]) -> Option<T>,
        mut read: impl FnMut(&'r [u8]) -> Read<T>,
        mut put: impl FnMut(Option<T>),
    ) {
        for row in 0..self.given.len() {
            let raw = match self.given.cell(row, self.at) {
                Cell::Text(raw) => trim(raw),
                Cell::Items(_) => {
                    self.slip(row, Severity::Error, slip::no_list());
                    put(None);
                    continue;
                }
            };
            if let Some(value) = own(raw) {
                put(Some(value));
                continue;
            }
            if value::absent(raw) {
                if self.required {
                    self.slip(row, Severity::Error, slip::missing());
                }
                put(None);
                continue;
            }
            match if is_damage(raw) { Err(slip::damaged(raw)) } else { read(raw) } {
                Ok((value, note)) => {
                    if let Some(note) = note {
                        self.slip(row, Severity::Warning, note());
                    }
                    put(Some(value));
                }
                Err(note) if self.field.ty == Type::Time && value::stands_for_none(raw) => {
                    let (severity, said) =
                        if self.required { (Severity::Error, slip::missing()) } else { (Severity::Info, note) };
                    self.slip(row, severity, said);
                    put(None);
                }
                Err(wrong) => {
                    self.slip(row, Severity::Error, slip::near(self.config, self.kind, self.field, raw, wrong));
                    put(None);
                }
            }
        }
    }

    fn lists(&mut self, out: &mut Texts) {
        for row in 0..self.given.len() {
            let items: Vec<&str> = match self.given.cell(row, self.at) {
                Cell::Items(items) => items.iter().map(|item| item.trim()).filter(|item| !item.is_empty()).collect(),
                Cell::Text(raw) if value::absent(trim(raw)) => Vec::new(),
                Cell::Text(raw) if is_damage(trim(raw)) => {
                    self.slip(row, Severity::Error, slip::damaged(trim(raw)));
                    out.push("");
                    continue;
                }
                Cell::Text(raw) => value::list(utf8(trim(raw))).collect(),
            };
            if items.is_empty() && self.required {
                self.slip(row, Severity::Error, slip::missing());
            }
            out.push(&items.join(&ITEM.to_string()));
        }
    }

    fn slip(&mut self, row: usize, severity: Severity, wrong: Box<Wrong>) {
        self.slips.push(Slip { row, field: self.at, severity, wrong });
    }
}

fn none<T>(_: &[u8]) -> Option<T> {
    None
}

/// What stands in one row mostly stands in the next: the last word is remembered.
fn again<'r>(find: impl Fn(&'r [u8]) -> Option<u16>) -> impl FnMut(&'r [u8]) -> Option<u16> {
    let mut last = (&b""[..], find(b""));
    move |raw| {
        if raw != last.0 {
            last = (raw, find(raw));
        }
        last.1
    }
}

fn no_or_yes(raw: &[u8]) -> Option<u16> {
    match value::is_false_word(raw) {
        true => Some(0),
        false if value::absent(raw) => None,
        false => value::bool(raw).ok().map(u16::from),
    }
}

#[allow(clippy::unnecessary_wraps, reason = "the readers of other types may fail, and all have one shape")]
fn sure<T>(value: T) -> Read<T> {
    Ok((value, None))
}

fn turned(raw: &[u8]) -> Note {
    is_turned(raw).then_some(slip::bidi)
}

fn id(raw: &[u8]) -> Read<&str> {
    let id = value::id(raw)?;
    if excel_number(raw) { Err(slip::damaged(raw)) } else { sure(id) }
}

fn bounded(raw: &[u8], min: i64, max: i64) -> Result<i64, Box<Wrong>> {
    let number = value::integer(raw)?;
    if (min..=max).contains(&number) { Ok(number) } else { Err(slip::out_of_range(number, min, max)) }
}

fn known(words: &HashMap<Vec<u8>, u16>, raw: &[u8]) -> Result<u16, Box<Wrong>> {
    words.get(raw).copied().ok_or_else(|| slip::unknown(raw))
}

fn choice(words: &HashMap<Vec<u8>, u16>, raw: &[u8]) -> Option<u16> {
    words.get(raw).or_else(|| words.get(utf8(raw).to_lowercase().as_bytes())).copied()
}

fn is_damage(raw: &[u8]) -> bool {
    const DAMAGE: [&[u8]; 7] = [b"#REF!", b"#N/A", b"#VALUE!", b"#NAME?", b"#DIV/0!", b"#NUM!", b"#NULL!"];
    raw[0] == b'#' && DAMAGE.contains(&raw)
}

/// `2.02609E+11`: an id that a spreadsheet took for a number.
fn excel_number(raw: &[u8]) -> bool {
    if !raw[0].is_ascii_digit() {
        return false;
    }
    let Some(at) = memchr::memchr(b'E', raw).filter(|&at| raw.get(at + 1) == Some(&b'+')) else { return false };
    let power = &raw[at + 2..];
    raw[..at].iter().all(|b| b.is_ascii_digit() || *b == b'.')
        && !power.is_empty()
        && power.iter().all(u8::is_ascii_digit)
}

/// Cells come from lines that were found to be UTF-8.
fn utf8(raw: &[u8]) -> &str {
    std::str::from_utf8(raw).unwrap_or_default()
}

/// Embedding, override and isolate controls (U+202A to U+202E, U+2066 to U+2069).
pub(super) fn is_turned(raw: &[u8]) -> bool {
    memchr::memchr_iter(0xE2, raw).any(|at| match raw.get(at + 1..at + 3) {
        Some([0x80, last]) => (0xAA..=0xAE).contains(last),
        Some([0x81, last]) => (0xA6..=0xA9).contains(last),
        _ => false,
    })
}
