//! Cells to values: one row of texts into the columns of its kind (records.md, section 2).

use std::sync::Arc;

use hashbrown::HashMap;

use crate::calendar::{Day, Instant, Zone};
use crate::config::Config;
use crate::finding::{Finding, Severity};
use crate::ledger::{Column, Standing, Table, Texts};
use crate::near::nearest;
use crate::say;
use crate::say::Said;
use crate::source::Place;
use crate::standard::{Field, Kind, Type};
use crate::value::{self, Wrong};

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

enum Put {
    Absent,
    Present,
    /// The local time occurs twice; the earlier was taken.
    Twice,
    /// The text holds characters that reverse its direction.
    Bidi,
}

impl<'a> Typist<'a> {
    /// Starts on a file.
    pub fn new(kind_at: usize, kind: &'a Kind, config: &'a Config, words: &'a Words, path: Arc<str>) -> Self {
        let mut table = Table::default();
        table.columns = kind.fields.iter().map(column).collect();
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

    /// A row that is kept out whole, for the reason given (none: the file's own finding says it).
    pub fn reject(&mut self, offset: u64, line: u32, why: Option<Finding>) {
        self.reject_as("", offset, line, why);
    }

    /// A file of one record that is kept out whole. A page has its id all the same: what refers to it does not dangle.
    pub fn reject_file(&mut self, page_id: Option<&str>, why: Option<Finding>) {
        self.reject_as(page_id.unwrap_or_default(), 0, 1, why);
    }

    fn reject_as(&mut self, id: &str, offset: u64, line: u32, why: Option<Finding>) {
        for column in &mut self.table.columns {
            column.push_absent();
        }
        self.table.push(id, None, None, Standing::Rejected, offset, line);
        self.findings.extend(why.map(|f| f.kind(self.kind.name.as_str())));
    }

    /// Keeps the last row out: no rule is asked of a draft, and what refers to it does not dangle.
    pub fn leave_out(&mut self) {
        if let Some(standing) = self.table.standing.last_mut() {
            *standing = Standing::Rejected;
        }
    }

    /// Types a row: for each field its cell, or none where the file has no such column. `place` tells where a field's
    /// cell stands; it is asked only when something is wrong.
    pub fn row<'c>(
        &mut self,
        cell: impl Fn(usize) -> Option<Cell<'c>>,
        place: impl Fn(usize) -> Place,
        (offset, line): (u64, u32),
    ) {
        let row = self.table.len();
        let mut wrong: Vec<(usize, Severity, Box<Wrong>)> = Vec::new();
        let mut id: &[u8] = b"";
        for (at, field) in self.kind.fields.iter().enumerate() {
            let column = &mut self.table.columns[at];
            let given = cell(at);
            let put = match given {
                None => {
                    column.push_absent();
                    Ok(Put::Absent)
                }
                Some(given) => self.words.put(self.kind_at, at, field, given, column, self.zone),
            };
            match put {
                Ok(Put::Present) => {
                    if field.ty == Type::Id
                        && let Some(Cell::Text(raw)) = given
                    {
                        id = trim(raw);
                    }
                }
                Ok(Put::Absent) => {
                    // A page that was never reviewed is a page all the same: a rule says what is missing.
                    if field.required || (at == self.kind.at && !self.kind.pages) {
                        wrong.push((at, Severity::Error, missing(field, given)));
                    }
                }
                Ok(Put::Twice) => wrong.push((at, Severity::Warning, twice())),
                // Where in the text of a page, its renderer tells.
                Ok(Put::Bidi) if self.kind.pages && Some(at) == self.kind.body => {}
                Ok(Put::Bidi) => wrong.push((at, Severity::Warning, bidi())),
                Err(why) => {
                    column.push_absent();
                    wrong.push((at, Severity::Error, self.near(field, given, why)));
                }
            }
        }
        let key;
        let id = if self.kind.key.is_empty() {
            std::str::from_utf8(id).unwrap_or_default()
        } else {
            key = self.natural_key(row);
            &key
        };
        if let Some(corrects) = self.corrects
            && self.table.has(row, corrects)
            && self.notes.is_none_or(|notes| !self.table.has(row, notes))
        {
            wrong.push((corrects, Severity::Error, Box::new(no_reason())));
        }
        let (at, day) = self.primary(row);
        let rejected = wrong.iter().any(|(_, severity, _)| *severity == Severity::Error);
        let standing = if rejected { Standing::Rejected } else { Standing::Counts };
        self.table.push(id, at, day, standing, offset, line);
        if !wrong.is_empty() {
            self.report(row, id, day, wrong, place);
        }
    }

    fn report(
        &mut self,
        row: usize,
        id: &str,
        day: Option<Day>,
        wrong: Vec<(usize, Severity, Box<Wrong>)>,
        place: impl Fn(usize) -> Place,
    ) {
        let system = self
            .kind
            .system()
            .and_then(|at| self.table.code(row, at))
            .map(|code| self.config.systems[code as usize].id.clone());
        for (at, severity, wrong) in wrong {
            let field = &self.kind.fields[at];
            let (zh, en) = (&field.title.zh, &field.name);
            let (why_zh, why_en) = (&wrong.why.zh, &wrong.why.en);
            let mut finding =
                Finding::new("ingest.value", severity, say!("“{zh}”（{en}）：{why_zh}", "{en}: {why_en}"))
                    .kind(self.kind.name.as_str())
                    .at(place(at));
            finding.help = wrong.help;
            finding.system.clone_from(&system);
            finding.record = Some(id).filter(|id| !id.is_empty()).map(str::to_owned);
            finding.dates = day.map(|d| (d, d));
            self.findings.push(finding);
        }
    }

    /// `system/date/shift`, where all parts are there.
    fn natural_key(&self, row: usize) -> String {
        let mut out = String::new();
        for &at in &self.kind.key {
            use crate::ledger::Value;
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

    fn primary(&mut self, row: usize) -> (Option<Instant>, Option<Day>) {
        use crate::ledger::Value;
        match self.table.get(row, self.kind.at) {
            Value::Time(at) => {
                if at < self.day.start || at >= self.day.end {
                    let day = self.zone.date(at);
                    self.day = Cached { start: self.zone.start(day), end: self.zone.end(day), day };
                }
                (Some(at), Some(self.day.day))
            }
            Value::Day(day) => {
                if day != self.day.day || self.day.start == self.day.end {
                    self.day = Cached { start: self.zone.start(day), end: self.zone.end(day), day };
                }
                (Some(self.day.start), Some(day))
            }
            _ => (None, None),
        }
    }

    /// Adds the nearest right word to what is wrong with a choice, a system or a shift.
    fn near(&self, field: &Field, given: Option<Cell<'_>>, mut wrong: Box<Wrong>) -> Box<Wrong> {
        let Some(Cell::Text(raw)) = given else { return wrong };
        let written = String::from_utf8_lossy(trim(raw));
        if wrong.help.is_some() {
            return wrong;
        }
        // Each thing by its canonical name and the words that mean it too.
        let known: Vec<(&str, &str, &[String])> = match &field.ty {
            Type::Choice(choices) => choices.iter().map(|c| (&*c.name, &*c.title.zh, &*c.words)).collect(),
            Type::System => self.config.systems.iter().map(|s| (&*s.id, &*s.name, &[][..])).collect(),
            Type::Shift => self.config.shifts.iter().map(|s| (&*s.id, &*s.name, &[][..])).collect(),
            _ => return wrong,
        };
        let words = known
            .iter()
            .flat_map(|(name, title, words)| [*name, *title].into_iter().chain(words.iter().map(String::as_str)));
        wrong.help = Some(match nearest(&written, words) {
            Some(near) => say!("是否想写 {near}？", "did you mean {near}?"),
            None => {
                let titled = |(name, title, _): &(&str, &str, &[String])| {
                    if name == title { (*name).to_owned() } else { format!("{name}（{title}）") }
                };
                let zh = known.iter().map(titled).collect::<Vec<_>>().join("、");
                let en = known.iter().map(|(name, ..)| *name).collect::<Vec<_>>().join(", ");
                say!("可用的有：{zh}", "there are: {en}")
            }
        });
        wrong
    }

    /// The path of the file.
    pub fn path(&self) -> &Arc<str> {
        &self.path
    }
}

fn column(field: &Field) -> Column {
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

impl Words {
    fn put(
        &self,
        kind: usize,
        at: usize,
        field: &Field,
        given: Cell<'_>,
        column: &mut Column,
        zone: &Zone,
    ) -> Result<Put, Box<Wrong>> {
        let raw = match given {
            Cell::Text(raw) => trim(raw),
            Cell::Items(items) => return put_items(field, items, column),
        };
        // These words of a field's own come before "absent".
        match (&field.ty, &mut *column) {
            (Type::Choice(_), Column::Code(codes)) => {
                let words = &self.choices[kind][at];
                let found = words.get(raw).copied().or_else(|| words.get(lower(raw).as_slice()).copied());
                if let Some(code) = found {
                    codes.push(code);
                    return Ok(Put::Present);
                }
            }
            (Type::Bool, Column::Code(codes)) if value::is_false_word(raw) => {
                codes.push(0);
                return Ok(Put::Present);
            }
            _ => {}
        }
        if value::absent(raw) {
            column.push_absent();
            return Ok(Put::Absent);
        }
        if raw[0] == b'#' && DAMAGE.contains(&raw) {
            return Err(damaged(raw));
        }
        match (&field.ty, column) {
            (Type::Time, Column::Time(times)) => {
                let time = value::time(raw, zone)?;
                times.push(time.at.0);
                return Ok(if time.twice { Put::Twice } else { Put::Present });
            }
            (Type::Date, Column::Day(days)) => days.push(value::date(raw, zone)?.0),
            (Type::Duration, Column::Number(v)) => v.push(value::duration(raw)?),
            (Type::Integer { min, max }, Column::Number(v)) => v.push(bounded(value::integer(raw)?, *min, *max)?),
            (Type::Decimal, Column::Number(v)) => v.push(value::decimal(raw)?.0),
            (Type::Percent, Column::Number(v)) => v.push(value::percent(raw)?.0),
            (Type::Bytes, Column::Number(v)) => v.push(value::bytes(raw)?),
            (Type::Bool, Column::Code(codes)) => codes.push(u16::from(value::bool(raw)?)),
            (Type::System, Column::Code(codes)) => codes.push(*self.systems.get(raw).ok_or_else(|| unknown(raw))?),
            (Type::Shift, Column::Code(codes)) => codes.push(*self.shifts.get(raw).ok_or_else(|| unknown(raw))?),
            (Type::Id, Column::Seen(seen)) => {
                value::id(raw)?;
                if excel_number(raw) {
                    return Err(damaged(raw));
                }
                seen.push(true);
            }
            (Type::Interval, Column::Text(texts)) => {
                let text = utf8(raw);
                value::interval(text)?;
                texts.push(text);
            }
            (Type::List, Column::Text(texts)) => {
                let items: Vec<&str> = value::list(utf8(raw)).collect();
                texts.push(&items.join("\u{1F}"));
                return Ok(if items.is_empty() { Put::Absent } else { Put::Present });
            }
            (Type::Text | Type::Ref(_), Column::Text(texts)) => {
                texts.push(utf8(raw));
                return Ok(if reversed(raw) { Put::Bidi } else { Put::Present });
            }
            (Type::Text | Type::Ref(_) | Type::List | Type::Interval, Column::Seen(seen)) => {
                seen.push(true);
                return Ok(if reversed(raw) { Put::Bidi } else { Put::Present });
            }
            _ => return Err(unknown(raw)),
        }
        Ok(Put::Present)
    }
}

fn put_items(field: &Field, items: &[String], column: &mut Column) -> Result<Put, Box<Wrong>> {
    if field.ty != Type::List {
        let help = Said::new("写成一个值，不要写成列表", "write one value, not a list");
        return Err(Box::new(Wrong {
            why: Said::new("此处不能是列表", "a list is not taken here"), help: Some(help)
        }));
    }
    let items: Vec<&str> = items.iter().map(|i| i.trim()).filter(|i| !i.is_empty()).collect();
    match column {
        Column::Text(texts) => texts.push(&items.join("\u{1F}")),
        Column::Seen(seen) => seen.push(!items.is_empty()),
        _ => column.push_absent(),
    }
    Ok(if items.is_empty() { Put::Absent } else { Put::Present })
}

fn bounded(number: i64, min: i64, max: i64) -> Result<i64, Box<Wrong>> {
    if (min..=max).contains(&number) {
        return Ok(number);
    }
    Err(Box::new(Wrong {
        why: say!("{number} 超出范围", "{number} is out of range"),
        help: Some(say!("应在 {min} 到 {max} 之间", "it is between {min} and {max}")),
    }))
}

const DAMAGE: [&[u8]; 7] = [b"#REF!", b"#N/A", b"#VALUE!", b"#NAME?", b"#DIV/0!", b"#NUM!", b"#NULL!"];

/// `2.02609E+11`: an id that a spreadsheet took for a number.
fn excel_number(raw: &[u8]) -> bool {
    let Some(at) = memchr::memchr(b'E', raw).filter(|&at| raw[0].is_ascii_digit() && raw.get(at + 1) == Some(&b'+'))
    else {
        return false;
    };
    let power = &raw[at + 2..];
    raw[..at].iter().all(|b| b.is_ascii_digit() || *b == b'.')
        && !power.is_empty()
        && power.iter().all(u8::is_ascii_digit)
}

fn damaged(raw: &[u8]) -> Box<Wrong> {
    let text = utf8(raw);
    Box::new(Wrong {
        why: say!("“{text}”是电子表格损坏的值", "\"{text}\" is a value damaged by a spreadsheet"),
        help: Some(Said::new(
            "从原始数据恢复该值；在电子表格中把这一列设为“文本”后再导出",
            "restore the value from its origin; set the column to \"text\" in the spreadsheet before exporting",
        )),
    })
}

fn unknown(raw: &[u8]) -> Box<Wrong> {
    let text: String = utf8(raw).chars().take(40).collect();
    Box::new(Wrong { why: say!("无法识别“{text}”", "\"{text}\" is not known"), help: None })
}

/// What is not given at all stands nowhere yet: only a file of one record can lack it.
fn missing(field: &Field, given: Option<Cell<'_>>) -> Box<Wrong> {
    let (name, zh) = (&field.name, &field.title.zh);
    Box::new(Wrong {
        why: Said::new("必填，但没有值", "required, and there is no value"),
        help: Some(match given {
            Some(_) => Said::new("补上该值", "add the value"),
            None => say!("在文件开头写上 {name}（{zh}）", "write {name} at the head of the file"),
        }),
    })
}

fn twice() -> Box<Wrong> {
    Box::new(Wrong {
        why: Said::new(
            "这个本地时间因时钟回拨出现两次，按较早的一次处理",
            "this local time occurs twice as the clocks go back; the earlier is taken",
        ),
        help: Some(Said::new(
            "写明时区偏移，例如 2026-10-25T02:30:00+02:00",
            "write the offset, such as 2026-10-25T02:30:00+02:00",
        )),
    })
}

fn bidi() -> Box<Wrong> {
    Box::new(Wrong {
        why: Said::new("文字中有改变书写方向的控制符", "the text holds characters that change its direction"),
        help: Some(Said::new("删除这些看不见的字符", "delete these invisible characters")),
    })
}

fn no_reason() -> Wrong {
    Wrong {
        why: Said::new("更正没有说明原因", "a correction without a reason"),
        help: Some(Said::new("在备注（notes）中写明为什么更正", "say in notes why the record is corrected")),
    }
}

fn lower(raw: &[u8]) -> Vec<u8> {
    String::from_utf8_lossy(raw).to_lowercase().into_bytes()
}

/// Cells come from lines that were found to be UTF-8.
fn utf8(raw: &[u8]) -> &str {
    std::str::from_utf8(raw).unwrap_or_default()
}

/// Embedding, override and isolate controls (U+202A to U+202E, U+2066 to U+2069).
fn reversed(raw: &[u8]) -> bool {
    memchr::memchr_iter(0xE2, raw).any(|at| match raw.get(at + 1..at + 3) {
        Some([0x80, last]) => (0xAA..=0xAE).contains(last),
        Some([0x81, last]) => (0xA6..=0xA9).contains(last),
        _ => false,
    })
}

/// Without blanks at either end, ideographic ones included.
pub fn trim(raw: &[u8]) -> &[u8] {
    let raw = raw.trim_ascii();
    match (raw.first(), raw.last()) {
        (Some(first), Some(last)) if *first >= 0x80 || *last >= 0x80 => utf8(raw).trim().as_bytes(),
        _ => raw,
    }
}
