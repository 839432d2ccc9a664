//! Cells to values: rows of texts into the columns of their kind (records.md, section 2).

use std::sync::Arc;

use crate::calendar::{Day, Instant, Zone};
use crate::config::{Config, Limits};
use crate::finding::{Finding, Severity};
use crate::ledger::{ABSENT, Column, NO_DAY, Standing, Table, Value};
use crate::say;
use crate::source::Place;
use crate::standard::{Kind, Type};

use super::column::{self, Reading, Words};
use super::slip::{self, Slip};

/// Parts the items of a list in a column; no text holds it.
pub const ITEM: char = '\u{1F}';

/// A cell as it was found.
#[derive(Debug, Clone, Copy)]
pub enum Cell<'a> {
    /// A text.
    Text(&'a [u8]),
    /// The items of a list in front matter or TOML.
    Items(&'a [String]),
}

/// What is to be typed: rows of a table, or the one record of a file.
pub trait Given {
    /// How many rows there are.
    fn len(&self) -> usize;
    /// Whether there is a cell for a field.
    fn has(&self, field: usize) -> bool;
    /// The cell of a field that is there.
    fn cell(&self, row: usize, field: usize) -> Cell<'_>;
    /// Whether characters that change the direction of writing are anywhere in it.
    fn is_turned(&self) -> bool;
    /// Where the cell of a field stands; asked only when something is wrong.
    fn place(&self, row: usize, field: usize) -> Place;
    /// Where a row begins: offset in the file, and line.
    fn position(&self, row: usize) -> (u64, u32);
}

/// Types the rows of one file.
pub struct Typist<'a> {
    kind_at: usize,
    kind: &'a Kind,
    config: &'a Config,
    words: &'a Words,
    zone: &'a Zone,
    /// Where the rows go.
    pub table: Table,
    /// What was wrong.
    pub findings: Vec<Finding>,
    day: Cached,
    path: Arc<str>,
    corrects: Option<usize>,
    notes: Option<usize>,
}

/// The local day that was last asked for: rows mostly follow each other in time.
struct Cached {
    start: Instant,
    end: Instant,
    day: Day,
}

impl<'a> Typist<'a> {
    /// Starts on a file.
    pub fn new(kind_at: usize, kind: &'a Kind, config: &'a Config, words: &'a Words, path: Arc<str>) -> Self {
        let mut table = Table::default();
        table.columns = kind.fields.iter().map(column::empty).collect();
        table.begin(0);
        let day = Cached { start: Instant(0), end: Instant(0), day: Day(0) };
        Self {
            kind_at,
            kind,
            config,
            words,
            zone: &config.site.zone,
            table,
            findings: Vec::new(),
            day,
            path,
            corrects: kind.field("corrects"),
            notes: kind.field("notes"),
        }
    }

    /// One for another part of the same file.
    #[must_use]
    pub fn another(&self) -> Self {
        Self::new(self.kind_at, self.kind, self.config, self.words, self.path.clone())
    }

    /// A row that is kept out whole, for the reason given (none: the file's own finding says it).
    pub fn reject(&mut self, position: (u64, u32), why: Option<Finding>) {
        self.reject_as("", position, why);
    }

    /// A file of one record that is kept out whole. A page has its id all the same: what refers to it does not dangle.
    pub fn reject_file(&mut self, page_id: Option<&str>, why: Option<Finding>) {
        self.reject_as(page_id.unwrap_or_default(), (0, 1), why);
    }

    fn reject_as(&mut self, id: &str, (offset, line): (u64, u32), why: Option<Finding>) {
        self.table.ids.push(id);
        self.table.at.push(ABSENT);
        self.table.day.push(NO_DAY);
        self.table.push(Standing::Rejected, offset, line);
        self.findings.extend(why.map(|f| f.kind(self.kind.name.as_str())));
    }

    /// Keeps the last row out: no rule is asked of a draft, and what refers to it does not dangle.
    pub fn leave_out(&mut self) {
        if let Some(standing) = self.table.standing.last_mut() {
            *standing = Standing::Rejected;
        }
    }

    /// Types rows.
    pub fn rows(&mut self, given: &impl Given) {
        let first = self.table.len();
        let mut slips = self.columns(first, given);
        self.keys(first, given.len());
        self.days(first, given.len());
        if let Some(corrects) = self.corrects.filter(|&corrects| given.has(corrects)) {
            let table = &self.table;
            let noted = |row: usize| self.notes.is_some_and(|notes| table.has(row, notes));
            let bare = |row: &usize| table.has(first + row, corrects) && !noted(first + row);
            let slip = |row| Slip { row, field: corrects, severity: Severity::Error, wrong: slip::no_reason() };
            slips.extend((0..given.len()).filter(bare).map(slip));
        }
        for row in 0..given.len() {
            let (offset, line) = given.position(row);
            self.table.push(Standing::Counts, offset, line);
        }
        // Column by column they were found; row by row they are told.
        slips.sort_by_key(|slip| slip.row);
        for slip in slips {
            self.report(first, slip, given);
        }
    }

    fn columns(&mut self, first: usize, given: &impl Given) -> Vec<Slip> {
        let mut slips = Vec::new();
        let Table { columns, ids, .. } = &mut self.table;
        let id = self.kind.id().filter(|_| self.kind.key.is_empty());
        if id.is_some_and(|id| !given.has(id)) {
            (0..given.len()).for_each(|_| ids.push(""));
        }
        for (at, (field, column)) in self.kind.fields.iter().zip(columns).enumerate() {
            // A page that was never reviewed is a page all the same: a rule says what is missing.
            let required = field.required || (at == self.kind.at && !self.kind.pages);
            if given.has(at) {
                column.lengthen(first);
                // Where in the text of a page, its renderer tells.
                let turned = given.is_turned() && !(self.kind.pages && Some(at) == self.kind.body);
                let (config, words, kind, kind_at) = (self.config, self.words, self.kind, self.kind_at);
                let slips = &mut slips;
                Reading { given, config, words, kind, kind_at, at, field, required, turned, slips }.into(column, ids);
                continue;
            }
            if required {
                let slip = |row| Slip { row, field: at, severity: Severity::Error, wrong: slip::not_given(field) };
                slips.extend((0..given.len()).map(slip));
            }
        }
        slips
    }

    /// The ids of rows that have none of their own.
    fn keys(&mut self, first: usize, count: usize) {
        if !self.kind.key.is_empty() {
            for row in first..first + count {
                let key = self.natural_key(row);
                self.table.ids.push(&key);
            }
        }
    }

    /// The primary times, and the local days in which they lie.
    fn days(&mut self, first: usize, count: usize) {
        let Table { columns, at, day, .. } = &mut self.table;
        columns[self.kind.at].lengthen(first + count);
        match &columns[self.kind.at] {
            Column::Time(times) => {
                at.extend_from_slice(&times[first..]);
                day.extend(times[first..].iter().map(|&time| {
                    if time == ABSENT {
                        return NO_DAY;
                    }
                    if time < self.day.start.0 || time >= self.day.end.0 {
                        self.day = Cached::new(self.zone, self.zone.date(Instant(time)));
                    }
                    self.day.day.0
                }));
            }
            Column::Day(days) => {
                day.extend_from_slice(&days[first..]);
                at.extend(days[first..].iter().map(|&day| {
                    if day == NO_DAY {
                        return ABSENT;
                    }
                    if day != self.day.day.0 || self.day.start == self.day.end {
                        self.day = Cached::new(self.zone, Day(day));
                    }
                    self.day.start.0
                }));
            }
            _ => debug_assert!(false, "the primary time of {} is a time or a date", self.kind.name),
        }
    }

    fn report(&mut self, first: usize, slip: Slip, given: &impl Given) {
        let row = first + slip.row;
        if slip.severity == Severity::Error {
            self.table.standing[row] = Standing::Rejected;
        }
        let field = &self.kind.fields[slip.field];
        let (zh, en) = (&field.title.zh, &field.name);
        let (why_zh, why_en) = (&slip.wrong.why.zh, &slip.wrong.why.en);
        let said = say!("“{zh}”（{en}）：{why_zh}", "{en}: {why_en}");
        let mut finding = Finding::new("ingest.value", slip.severity, said)
            .kind(self.kind.name.as_str())
            .at(given.place(slip.row, slip.field));
        finding.help = slip.wrong.help.map(Into::into);
        let system = self.kind.system().and_then(|at| self.table.code(row, at));
        finding.system = system.map(|code| self.config.systems[code as usize].id.clone());
        finding.record = Some(self.table.ids.get(row)).filter(|id| !id.is_empty()).map(str::to_owned);
        finding.dates = self.table.date(row).map(|d| (d, d));
        self.findings.push(finding);
    }

    /// `system/date/shift`, where all parts are there.
    fn natural_key(&self, row: usize) -> String {
        let mut out = String::new();
        for &at in &self.kind.key {
            if !out.is_empty() {
                out.push('/');
            }
            match (self.table.get(row, at), &self.kind.fields[at].ty) {
                (Value::Code(code), Type::System) => out.push_str(&self.config.systems[code as usize].id),
                (Value::Code(code), Type::Shift) => out.push_str(&self.config.shifts[code as usize].id),
                (Value::Code(code), Type::Choice(choices)) => out.push_str(&choices[code as usize].name),
                (Value::Day(day), _) => out.push_str(&day.to_string()),
                (Value::Time(time), _) => out.push_str(&self.zone.rfc3339(time)),
                (Value::Text(text), _) => out.push_str(text),
                _ => return String::new(),
            }
        }
        out
    }

    /// Moves all that was typed and found down by so many lines, which lie before this part of the file.
    pub fn move_down(&mut self, lines: u32) {
        self.table.move_down(lines);
        for place in self.findings.iter_mut().filter_map(|f| f.place.as_mut()).filter(|place| place.line > 0) {
            place.line += lines;
        }
    }

    /// How large what is read may be.
    pub fn limits(&self) -> &'a Limits {
        &self.config.limits
    }

    /// The path of the file.
    pub fn path(&self) -> &Arc<str> {
        &self.path
    }
}

impl Cached {
    fn new(zone: &Zone, day: Day) -> Self {
        Self { start: zone.start(day), end: zone.end(day), day }
    }
}

/// Without blanks at either end, ideographic ones included.
#[inline]
pub fn trim(raw: &[u8]) -> &[u8] {
    match raw {
        // What nearly every cell begins and ends with is no blank in any script.
        [b'!'..=b'~', .., b'!'..=b'~'] | [b'!'..=b'~'] => raw,
        _ => trim_any(raw),
    }
}

fn trim_any(raw: &[u8]) -> &[u8] {
    let raw = raw.trim_ascii();
    let begins = matches!(raw, [0xC2, ..] | [0xE1, 0x9A, ..] | [0xE2, 0x80 | 0x81, ..] | [0xE3, 0x80, 0x80, ..]);
    let ends = matches!(raw, [.., 0xC2, _] | [.., 0xE1, 0x9A, _] | [.., 0xE2, 0x80 | 0x81, _] | [.., 0xE3, 0x80, 0x80]);
    // Only characters of these bytes can be blanks.
    if begins || ends { std::str::from_utf8(raw).unwrap_or_default().trim().as_bytes() } else { raw }
}
