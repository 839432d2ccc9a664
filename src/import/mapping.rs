//! Tickets as CSV, by a mapping in TOML: which column is which field, which value is which word, which format the times
//! have. ServiceNow, Jira and GLPI are mappings that come along; a user writes one of their own without any Rust.

use std::collections::BTreeMap;

use crate::doc::{Doc, Problems, Reader};
use crate::finding::Finding;
use crate::say;
use crate::say::Said;
use crate::source::Place;
use crate::standard::{Standard, Type};

use super::reading::table::{Row, Sheet};
use super::reading::{Draft, Input, Told, line, slug, value};
use super::{How, Source};

const CODE: &str = "import.mapping";

/// ServiceNow.
pub static SERVICENOW: Source = Source {
    name: "servicenow",
    kinds: &["fault"],
    about: (
        "incident 表的 CSV 导出（列名为字段名或英文标签）",
        "a CSV export of the incident table (columns by field name or English label)",
    ),
    export: "Incident list › Export › CSV",
    beside: &[],
    how: How::Mapping(include_str!("mappings/servicenow.toml")),
};

/// Jira.
pub static JIRA: Source = Source {
    name: "jira",
    kinds: &["fault"],
    about: ("问题列表的 CSV 导出（全部字段）", "a CSV export of issues (all fields)"),
    export: "Filters › Export › CSV (all fields)",
    beside: &[],
    how: How::Mapping(include_str!("mappings/jira.toml")),
};

/// GLPI.
pub static GLPI: Source = Source {
    name: "glpi",
    kinds: &["fault"],
    about: (
        "工单列表的 CSV 导出（英、法、葡、西文列名）",
        "a CSV export of tickets (columns in English, French, Portuguese or Spanish)",
    ),
    export: "Assistance › Tickets › Export › All pages in CSV",
    beside: &[],
    how: How::Mapping(include_str!("mappings/glpi.toml")),
};

/// A mapping of columns to fields.
#[derive(Debug, Clone)]
pub struct Mapping {
    /// What begins ids and file names.
    pub name: String,
    /// The kind of record that a row is.
    pub kind: String,
    /// The columns of the tool's own id.
    id: Vec<String>,
    /// The columns that may name a system.
    system: Vec<String>,
    /// The columns that tell which of several rows of one id is the last.
    last_by: Vec<String>,
    /// Formats of times beside those that records may have.
    formats: Vec<String>,
    fields: Vec<Field>,
    /// Which rows are taken; none: all.
    take: Option<Test>,
    kind_place: Place,
}

/// A field and where it comes from.
#[derive(Debug, Clone)]
struct Field {
    name: String,
    place: Place,
    columns: Vec<String>,
    is_time: bool,
    /// What the column's values mean, in lower case; empty where they are taken as they stand.
    values: BTreeMap<String, String>,
    /// When the column is to be believed.
    only_if: Option<Test>,
}

/// A column that says one of these words, without case.
#[derive(Debug, Clone)]
struct Test {
    columns: Vec<String>,
    is: Vec<String>,
}

impl Mapping {
    /// Reads a mapping. One with any problem is not used.
    pub fn read(file: &str, text: String) -> Result<Self, Vec<Finding>> {
        let problems = Problems::default();
        let doc = Doc::parse(file, text, CODE, &problems);
        let root = doc.reader(CODE, &problems);
        let mapping = read(&root, file);
        root.done();
        let problems = problems.take();
        if problems.is_empty() { Ok(mapping) } else { Err(problems) }
    }

    /// Holds the kind and the fields against a standard.
    pub fn fits(&self, standard: &Standard) -> Result<(), Vec<Finding>> {
        let wrong = |place: &Place, why: Said, help: Said| {
            Finding::new(CODE, crate::finding::Severity::Error, why).at(place.clone()).help(help)
        };
        let Some(kind) = standard.kind(&self.kind).map(|at| &standard.kinds[at]).filter(|kind| !kind.pages) else {
            let names: Vec<&str> = standard.kinds.iter().filter(|k| !k.pages).map(|k| k.name.as_str()).collect();
            let name = &self.kind;
            let why = say!("没有记录种类 {name}", "there is no kind of record {name}");
            return Err(vec![wrong(&self.kind_place, why, crate::doc::offer(name, &names))]);
        };
        let names: Vec<&str> = kind.fields.iter().map(|f| f.name.as_str()).collect();
        let unknown = self.fields.iter().filter(|field| {
            let found = kind.field(&field.name).map(|at| &kind.fields[at].ty);
            !found.is_some_and(|ty| !matches!(ty, Type::Id | Type::System))
        });
        let problems: Vec<Finding> = unknown
            .map(|field| {
                let (kind, name) = (&kind.name, &field.name);
                let why = say!("{kind} 没有可映射的字段 {name}", "{kind} has no field {name} that can be mapped");
                wrong(&field.place, why, crate::doc::offer(name, &names))
            })
            .collect();
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    /// Reads exports.
    pub(super) fn take(&self, inputs: &[Input], told: &mut Told<'_>) {
        for input in inputs {
            match Sheet::read(input, &[&self.id], told) {
                Ok(sheet) => self.sheet(input, &sheet, told),
                Err(finding) => told.findings.push(finding),
            }
        }
    }

    fn sheet(&self, input: &Input, sheet: &Sheet, told: &mut Told<'_>) {
        let place = line(input, sheet.line);
        let lost: Vec<&str> =
            self.fields.iter().filter(|f| sheet.column(&f.columns).is_none()).map(|f| f.name.as_str()).collect();
        if !lost.is_empty() {
            let (zh, en) = (lost.join("、"), lost.join(", "));
            told.note(
                place.clone(),
                say!(
                    "没有这些字段的列，留空：{zh}",
                    "there are no columns for these fields, which are left open: {en}"
                ),
            );
        }
        let rows = match self.last(sheet, input, told) {
            Ok(rows) => rows,
            Err(finding) => return told.findings.push(finding),
        };
        let mut unknown = Unknown::default();
        for row in rows {
            let made = self.row(sheet, row, &line(input, row.line), &mut unknown, told);
            told.take(made);
        }
        for ((field, word), (n, place)) in unknown.0 {
            let shown = crate::value::shown(word.as_bytes());
            let said = say!(
                "{field} 的取值“{shown}”不在映射中，留空（{n} 条）",
                "the value \"{shown}\" of {field} is not in the mapping and is left open (records: {n})"
            );
            told.note(place, said);
        }
    }

    /// The rows that count: those that are to be taken, and of several with one id the last.
    fn last<'s>(&self, sheet: &'s Sheet, input: &Input, told: &mut Told<'_>) -> Result<Vec<&'s Row>, Finding> {
        let mut by_id: BTreeMap<String, (Vec<String>, &Row)> = BTreeMap::new();
        let (mut left_out, mut seen) = (0, 0);
        for row in &sheet.rows {
            let place = line(input, row.line);
            let text = |columns: &[String]| sheet.text(row, columns).map_err(|why| value(place.clone(), why));
            let id = match text(&self.id) {
                Ok(Some(id)) => plain_id(id),
                Ok(None) => {
                    let why = Said::new("这一行没有编号", "the row has no id");
                    told.findings.push(value(place, why));
                    continue;
                }
                Err(finding) => {
                    told.findings.push(finding);
                    continue;
                }
            };
            if let Some(test) = &self.take
                && !test.holds(sheet, row)
            {
                left_out += 1;
                continue;
            }
            seen += 1;
            let rank = self.rank(sheet, row, &place, told)?;
            match by_id.get(&id) {
                Some((other, _)) if *other > rank => {}
                _ => {
                    by_id.insert(id, (rank, row));
                }
            }
        }
        let place = line(input, sheet.line);
        if left_out > 0 {
            let said =
                say!("{left_out} 行不在映射要取的范围内", "{left_out} rows are not among those that the mapping takes");
            told.note(place.clone(), said);
        }
        let rows: Vec<&Row> = by_id.into_values().map(|(_, row)| row).collect();
        let count = rows.len();
        if count < seen {
            let said = say!(
                "{seen} 行说的是 {count} 张工单：每张取最后一行",
                "{seen} rows tell of {count} tickets: of each the last was taken"
            );
            told.note(place, said);
        }
        Ok(rows)
    }

    /// What a row is ranked by among those of its id: numbers and times in an order that texts keep.
    fn rank(&self, sheet: &Sheet, row: &Row, place: &Place, told: &mut Told<'_>) -> Result<Vec<String>, Finding> {
        let mut out = Vec::new();
        for column in &self.last_by {
            let text = sheet.text(row, std::slice::from_ref(column)).map_err(|why| value(place.clone(), why))?;
            let Some(text) = text else {
                out.push(String::new());
                continue;
            };
            out.push(match text.parse::<u64>() {
                Ok(number) => format!("{number:020}"),
                Err(_) => told
                    .time_by(text, &self.formats, place)?
                    .map_or_else(|| text.to_owned(), |at| format!("{:020}", at.0)),
            });
        }
        Ok(out)
    }

    fn row(
        &self,
        sheet: &Sheet,
        row: &Row,
        place: &Place,
        unknown: &mut Unknown,
        told: &mut Told<'_>,
    ) -> Result<Draft, Finding> {
        let text = |columns: &[String]| sheet.text(row, columns).map_err(|why| value(place.clone(), why));
        let id = plain_id(text(&self.id)?.unwrap_or_default());
        let mut names = Vec::new();
        for column in &self.system {
            names.extend(text(std::slice::from_ref(column))?);
        }
        let mut draft = Draft::new(&self.kind, slug([id]), place.clone()).named(names);
        for field in &self.fields {
            let Some(written) = text(&field.columns)? else { continue };
            if field.only_if.as_ref().is_some_and(|test| !test.holds(sheet, row)) {
                continue;
            }
            if field.is_time {
                let at = told.time_by(written, &self.formats, place)?;
                draft = draft.may(&field.name, at.map(|at| told.ground.stamp(at)));
            } else if field.values.is_empty() {
                draft = draft.set(&field.name, written);
            } else if let Some(word) = field.values.get(&written.to_lowercase()) {
                draft = draft.set(&field.name, word);
            } else {
                let key = (field.name.clone(), written.to_owned());
                unknown.0.entry(key).or_insert_with(|| (0, place.clone())).0 += 1;
            }
        }
        Ok(draft)
    }
}

/// Values that a mapping does not know: how often, and where first.
#[derive(Default)]
struct Unknown(BTreeMap<(String, String), (u32, Place)>);

impl Test {
    /// Whether the row says one of the words. Two columns that contradict each other say none.
    fn holds(&self, sheet: &Sheet, row: &Row) -> bool {
        let Ok(Some(text)) = sheet.text(row, &self.columns) else { return false };
        self.is.iter().any(|word| word.to_lowercase() == text.to_lowercase())
    }
}

/// An id without the blanks by which some tools group its digits: `2 553`.
fn plain_id(id: &str) -> String {
    let tight: String = id.chars().filter(|c| !c.is_whitespace()).collect();
    if tight.bytes().all(|b| b.is_ascii_digit()) { tight } else { id.to_owned() }
}

fn read(root: &Reader<'_>, file: &str) -> Mapping {
    let stem = file.rsplit('/').next().unwrap_or_default().trim_end_matches(".toml");
    let name = root.text("name").unwrap_or_else(|| stem.to_owned());
    if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_')) {
        let why = say!("只能用字母、数字、- 和 _", "takes letters, digits, - and _ only");
        root.problem("name", why);
    }
    let kind = root.required("kind");
    let kind_place = root.place_of("kind");
    let id = root.texts("id");
    if id.is_empty() {
        root.missing("id");
    }
    let (system, last_by, formats) = (root.texts("system"), root.texts("last_by"), root.texts("formats"));
    for (text, place) in root.texts_placed("formats") {
        if !is_format(&text) {
            root.problems().add(crate::config::problem(
                &place,
                say!("“{text}”不是时间格式", "\"{text}\" is no format of times"),
                say!(
                    "例如 \"%d/%m/%Y %H:%M\"、\"epoch\" 或 \"epoch_ms\"",
                    "such as \"%d/%m/%Y %H:%M\", \"epoch\" or \"epoch_ms\""
                ),
            ));
        }
    }
    let take = root.table("take").map(read_test);
    let mut fields = Vec::new();
    for (key, is_time) in [("times", true), ("fields", false)] {
        let Some(table) = root.table(key) else { continue };
        for name in table.keys() {
            let (columns, place) = (table.texts(&name), table.key_place(&name));
            fields.push(Field { name, place, columns, is_time, values: BTreeMap::new(), only_if: None });
        }
        table.done();
    }
    if fields.is_empty() {
        root.missing("fields");
    }
    read_values(root, &mut fields);
    if let Some(tests) = root.table("only_if") {
        for name in tests.keys() {
            let test = tests.table(&name).map(read_test);
            match fields.iter_mut().find(|f| f.name == name) {
                Some(field) => field.only_if = test,
                None => stray(&tests, &name),
            }
        }
        tests.done();
    }
    Mapping { name, kind, id, system, last_by, formats, fields, take, kind_place }
}

fn read_values(root: &Reader<'_>, fields: &mut [Field]) {
    let Some(values) = root.table("values") else { return };
    for name in values.keys() {
        let Some(table) = values.table(&name) else { continue };
        let words = table.keys().into_iter().filter_map(|word| Some((word.to_lowercase(), table.text(&word)?)));
        let words: BTreeMap<String, String> = words.collect();
        table.done();
        match fields.iter_mut().find(|f| f.name == name) {
            Some(field) => field.values = words,
            None => stray(&values, &name),
        }
    }
    values.done();
}

fn read_test(table: Reader<'_>) -> Test {
    let test = Test { columns: table.texts("column"), is: table.texts("is") };
    for (key, list) in [("column", &test.columns), ("is", &test.is)] {
        if list.is_empty() {
            table.missing(key);
        }
    }
    table.done();
    test
}

fn stray(table: &Reader<'_>, name: &str) {
    let why = say!("{name} 既不在 [fields] 也不在 [times] 中", "{name} is neither in [fields] nor in [times]");
    table.problem(name, why);
}

/// Whether a format has a year and nothing that is not known.
fn is_format(format: &str) -> bool {
    use chrono::format::{Item, StrftimeItems};
    let known = !StrftimeItems::new(format).any(|item| matches!(item, Item::Error));
    matches!(format, "epoch" | "epoch_ms")
        || (known && ["%Y", "%y", "%D", "%F", "%c", "%+", "%s"].iter().any(|y| format.contains(y)))
}

#[cfg(test)]
mod tests;
