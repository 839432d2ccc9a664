//! What only the whole ledger can tell: ids used twice, references, corrections, and what had not happened by `as_of`
//! (records.md, section 5; standard.md, section 3).

use crate::calendar::Instant;
use crate::config::Config;
use crate::doc::offer;
use crate::finding::{Finding, Severity};
use crate::ledger::{ABSENT, Column, Ledger, Standing, Table};
use crate::say;
use crate::say::Said;
use crate::standard::{Kind, Standard, Type};

/// Codes that a waiver may name though no rule of the standard bears them.
const CODES: [&str; 1] = ["waiver.unused"];

pub(super) fn link(
    ledger: &mut Ledger,
    standard: &Standard,
    config: &Config,
    as_of: Instant,
    findings: &mut Vec<Finding>,
) {
    let mut rewritten = Vec::new();
    for (at, kind) in standard.kinds.iter().enumerate() {
        let rows = rename(&mut ledger.tables[at], kind);
        rewritten.push(rows);
        for row in ledger.tables[at].index_ids() {
            let id = ledger.tables[at].ids.get(row).to_owned();
            let first = ledger.tables[at].find(&id).map(|row| ledger.place(at, row));
            let (file, line) = first.map(|p| (p.file, p.line)).unwrap_or_default();
            let said = say!("编号 {id} 已在 {file}:{line} 使用", "the id {id} is taken by {file}:{line}");
            let help = Said::new(
                "给这条记录另一个编号；若是更正，请填写 corrects 和 notes",
                "give the record another id; for a correction fill in corrects and notes",
            );
            findings.push(about(ledger, standard, config, at, row, "ingest.duplicate", said).help(help));
            ledger.tables[at].standing[row] = Standing::Rejected;
        }
    }
    let mut refused = Vec::new();
    for at in 0..standard.kinds.len() {
        refused.extend(references(ledger, standard, config, at, findings));
        refused.extend(circles(ledger, standard, config, at, findings));
    }
    for (kind, row) in refused {
        ledger.tables[kind].standing[row] = Standing::Rejected;
    }
    for (at, kind) in standard.kinds.iter().enumerate() {
        let table = &mut ledger.tables[at];
        correct(table, kind, &rewritten[at], config, as_of);
        as_it_stood(table, kind, config, as_of);
    }
}

/// A finding about a row.
fn about(
    ledger: &Ledger,
    standard: &Standard,
    config: &Config,
    kind: usize,
    row: usize,
    code: &str,
    said: Said,
) -> Finding {
    let table = &ledger.tables[kind];
    let mut finding = Finding::new(code, Severity::Error, said).kind(standard.kinds[kind].name.as_str());
    finding.record = Some(table.ids.get(row).to_owned()).filter(|id| !id.is_empty());
    finding.system = standard.kinds[kind]
        .system()
        .and_then(|field| table.code(row, field))
        .map(|code| config.systems[code as usize].id.clone());
    finding.dates = table.date(row).map(|d| (d, d));
    finding.at(ledger.place(kind, row))
}

/// A row of a natural key that names its own key corrects it and is called `key~2`, `key~3` …, in file order.
fn rename(table: &mut Table, kind: &Kind) -> Vec<usize> {
    let mut renamed: Vec<(usize, String)> = Vec::new();
    let Some(corrects) = kind.field("corrects").filter(|_| !kind.key.is_empty()) else { return Vec::new() };
    if is_empty(&table.columns[corrects]) {
        return Vec::new();
    }
    let mut seen: hashbrown::HashMap<String, usize> = hashbrown::HashMap::new();
    for row in 0..table.len() {
        let id = table.ids.get(row);
        if !id.is_empty() && table.text(row, corrects) == id {
            let n = seen.entry(id.to_owned()).or_insert(1);
            *n += 1;
            renamed.push((row, format!("{id}~{n}")));
        }
    }
    table.rename(&renamed);
    renamed.into_iter().map(|(row, _)| row).collect()
}

fn is_empty(column: &Column) -> bool {
    match column {
        Column::Text(texts) => texts.bytes() == 0,
        _ => true,
    }
}

fn references(
    ledger: &Ledger,
    standard: &Standard,
    config: &Config,
    at: usize,
    findings: &mut Vec<Finding>,
) -> Vec<(usize, usize)> {
    let (kind, table) = (&standard.kinds[at], &ledger.tables[at]);
    let mut refused = Vec::new();
    for (field_at, field) in kind.fields.iter().enumerate() {
        let Type::Ref(of) = &field.ty else { continue };
        if is_empty(&table.columns[field_at]) {
            continue;
        }
        let target = standard.kind(of).map(|t| &ledger.tables[t]);
        for row in 0..table.len() {
            let id = table.text(row, field_at);
            let known = id.is_empty()
                || match target {
                    Some(target) => target.find(id).is_some(),
                    None => standard.rule(id).is_some() || CODES.contains(&id),
                };
            if known {
                continue;
            }
            let name = &field.name;
            let zh = &field.title.zh;
            let names: Vec<&str> = match target {
                Some(target) => near_ids(target, id),
                None => standard.rules.iter().map(|r| r.id.as_str()).collect(),
            };
            let said =
                say!("“{zh}”（{name}）指向不存在的 {of}：{id}", "{name} refers to the {of} {id}, which is not there");
            let help = if names.is_empty() {
                Said::new("请改正编号，或补上被引用的记录", "put the id right, or add the record it refers to")
            } else {
                offer(id, &names)
            };
            let mut finding = about(ledger, standard, config, at, row, "ingest.reference", said).help(help);
            finding.field = Some(field_at);
            findings.push(finding);
            refused.push((at, row));
        }
    }
    refused
}

/// A few ids that begin alike, so that a slip in the last digits is found among millions.
pub fn near_ids<'t>(table: &'t Table, id: &str) -> Vec<&'t str> {
    let head: String = id.chars().take(3).collect();
    (0..table.len()).map(|row| table.ids.get(row)).filter(|other| other.starts_with(&head)).take(2000).collect()
}

/// The rows that, from correction to corrected, come back to themselves.
fn circles(
    ledger: &Ledger,
    standard: &Standard,
    config: &Config,
    at: usize,
    findings: &mut Vec<Finding>,
) -> Vec<(usize, usize)> {
    let (kind, table) = (&standard.kinds[at], &ledger.tables[at]);
    let Some(corrects) = kind.field("corrects").filter(|&c| !is_empty(&table.columns[c])) else { return Vec::new() };
    let next = |row: usize| match table.text(row, corrects) {
        "" => None,
        id => table.find(id),
    };
    let mut refused = Vec::new();
    for start in 0..table.len() {
        // Only the row that holds an id can be in a circle of ids.
        if table.find(table.ids.get(start)) != Some(start) {
            continue;
        }
        let mut seen = vec![start];
        let mut row = next(start);
        while let Some(there) = row {
            if seen.contains(&there) {
                break;
            }
            seen.push(there);
            row = next(there);
        }
        if row == Some(start) {
            let list = seen.iter().map(|&r| table.ids.get(r)).collect::<Vec<_>>().join(" → ");
            let said = say!("更正关系成环：{list} → 回到自身", "corrections in a circle: {list} → itself");
            let help = Said::new("更正只能指向被更正的旧记录", "a correction names the older record that it replaces");
            findings.push(about(ledger, standard, config, at, start, "ingest.reference", said).help(help));
            refused.push((at, start));
        }
    }
    refused
}

/// An accepted correction that is not after `as_of` replaces what it names; of one natural key the last row counts.
fn correct(table: &mut Table, kind: &Kind, rewritten: &[usize], config: &Config, as_of: Instant) {
    let Some(corrects) = kind.field("corrects").filter(|&c| !is_empty(&table.columns[c])) else { return };
    let mut replaced: Vec<(usize, usize)> = Vec::new();
    for row in 0..table.len() {
        let id = table.text(row, corrects);
        if id.is_empty() || table.standing[row] == Standing::Rejected || is_future(table, kind, row, config, as_of) {
            continue;
        }
        replaced.extend(table.find(id).map(|old| (old, row)));
        if rewritten.contains(&row) {
            let same = rewritten.iter().take_while(|&&r| r != row).filter(|&&r| table.text(r, corrects) == id);
            replaced.extend(same.map(|&r| (r, row)));
        }
    }
    for (old, new) in replaced {
        if table.standing[old] != Standing::Rejected {
            table.standing[old] = Standing::Corrected;
        }
        table.corrected_by.push((old as u32, new as u32));
    }
    table.corrected_by.sort_unstable();
}

/// A time after `as_of`; a date later than the last day that had begun before it.
fn is_future(table: &Table, kind: &Kind, row: usize, config: &Config, as_of: Instant) -> bool {
    if kind.fields[kind.at].ty == Type::Date {
        let today = config.site.zone.date(as_of.plus(-1));
        return table.date(row).is_some_and(|day| day > today);
    }
    table.at[row] != ABSENT && table.at[row] > as_of.0
}

/// Sets apart what lies after `as_of`, and takes out times that had not come: so an earlier day is judged as it could be.
fn as_it_stood(table: &mut Table, kind: &Kind, config: &Config, as_of: Instant) {
    if kind.pages {
        return;
    }
    for row in 0..table.len() {
        if table.standing[row] == Standing::Counts && is_future(table, kind, row, config, as_of) {
            table.standing[row] = Standing::Future;
        }
    }
    for (at, field) in kind.fields.iter().enumerate() {
        if field.ty != Type::Time || at == kind.at {
            continue;
        }
        let late: Vec<usize> = match &table.columns[at] {
            Column::Time(times) => (0..times.len()).filter(|&row| times[row] > as_of.0).collect(),
            _ => Vec::new(),
        };
        let announced = kind.announced.iter().find(|(f, _)| *f == at).map(|(_, test)| test);
        for row in late {
            let stands = announced.is_some_and(|test| test.holds(table, row));
            if table.standing[row] == Standing::Counts && !stands {
                table.columns[at].clear(row);
            }
        }
    }
}
