//! The header of a table: where it stands, and which column holds which field (records.md, section 3).

use std::sync::Arc;

use crate::finding::{Finding, Severity};
use crate::ledger::Heading;
use crate::near::nearest;
use crate::say;
use crate::say::Said;
use crate::source::Place;
use crate::standard::{Field, Kind};

/// A header may stand below so many other lines, such as a title.
pub const PREAMBLE: usize = 10;

/// A header as it was understood.
#[derive(Default)]
pub struct Header {
    /// Columns from left to right.
    pub columns: Vec<Heading>,
    /// For each field the column that holds it.
    pub cells: Vec<Option<usize>>,
    /// The columns of the fields that every record must have.
    pub needed: Vec<usize>,
    /// The header cannot be used: every row is kept out, and the header's own finding says why.
    pub broken: bool,
}

/// How many cells of a line are headers that the kind knows. Two make a header of a line that has two.
pub fn known<'c>(kind: &Kind, cells: impl Iterator<Item = &'c str>) -> usize {
    cells.filter(|cell| kind.header(cell).is_some()).count()
}

/// Reads a header from its cells, of which there may be so many. `place` tells where a cell stands.
pub fn read(
    kind: &Kind,
    most: usize,
    path: &Arc<str>,
    line: u32,
    all: &[String],
    place: impl Fn(usize) -> Place,
    findings: &mut Vec<Finding>,
) -> Header {
    let mut header = Header { cells: vec![None; kind.fields.len()], ..Header::default() };
    let error =
        |said: Said, at: usize| Finding::new("ingest.header", Severity::Error, said).kind(&*kind.name).at(place(at));
    if all.len() > most {
        let n = all.len();
        findings.push(
            error(
                say!(
                    "有 {n} 列，上限（limits.columns）为 {most} 列",
                    "{n} columns; the limit (limits.columns) is {most}"
                ),
                0,
            )
            .help(Said::new(
                "请删去不用的列，或检查分隔符",
                "delete columns that are not used, or check the delimiter",
            )),
        );
        header.broken = true;
        return header;
    }
    let mut unknown: Vec<String> = Vec::new();
    for (at, written) in all.iter().enumerate() {
        match kind.header(written) {
            Some(field) => {
                if let Some(first) = header.cells[field] {
                    findings.push(
                        error(twice(&kind.fields[field], &all[first], written), at).help(Said::new(
                            "保留一列，另一列改名或删除",
                            "keep one column; rename or delete the other",
                        )),
                    );
                    header.broken = true;
                    header.columns.push(Heading::Extra(written.clone()));
                } else {
                    header.cells[field] = Some(at);
                    header.columns.push(Heading::Field(field));
                }
            }
            None => {
                let number = at + 1;
                let name = if written.is_empty() { format!("#{number}") } else { written.clone() };
                if header.columns.contains(&Heading::Extra(name.clone())) {
                    findings.push(
                        error(say!("表头“{name}”出现两次", "the header \"{name}\" is there twice"), at)
                            .help(Said::new("给其中一列改名", "rename one of the columns")),
                    );
                    header.broken = true;
                }
                if !written.is_empty() {
                    unknown.push(name.clone());
                }
                header.columns.push(Heading::Extra(name));
            }
        }
    }
    for (field, cell) in kind.fields.iter().zip(&header.cells).filter(|(field, _)| field.required) {
        match cell {
            Some(at) => header.needed.push(*at),
            None => {
                header.broken = true;
                findings.push(missing_column(kind, field, &unknown, path, line));
            }
        }
    }
    if let Some(first) = all.iter().position(|written| unknown.contains(written)) {
        findings.push(unknown_columns(kind, &unknown, place(first)));
    }
    header
}

fn twice(field: &Field, first: &str, second: &str) -> Said {
    let (name, zh) = (&field.name, &field.title.zh);
    say!("“{first}”和“{second}”两列都是{zh}（{name}）", "the columns \"{first}\" and \"{second}\" both mean {name}")
}

/// Lines above the header, which are no records.
pub fn preamble(kind: &Kind, path: &Arc<str>, lines: usize) -> Finding {
    let said = say!("表头之前有 {lines} 行，不作为记录读取", "{lines} lines stand above the header and are no records");
    Finding::new("ingest.header", Severity::Info, said).kind(&*kind.name).at(Place::line(path.clone(), 1))
}

fn missing_column(kind: &Kind, field: &Field, unknown: &[String], path: &Arc<str>, line: u32) -> Finding {
    let (name, zh) = (&field.name, &field.title.zh);
    let names: Vec<&str> =
        [name.as_str(), zh, &field.title.en].into_iter().chain(field.aliases.iter().map(String::as_str)).collect();
    let near = unknown.iter().find(|written| nearest(written, names.iter().copied()).is_some());
    let kind_name = &kind.name;
    let wide = unknown.iter().any(|written| written.contains(['，', '；']));
    let help = match near {
        _ if wide => say!(
            "表头里的逗号或分号是全角的（，；），不能分隔各列：请全部换成半角的 , 或从 Excel 另存为 CSV",
            "the commas or semicolons of the header are wide ones (，；), which part no columns: write , instead, or save as CSV from Excel"
        ),
        Some(near) => say!(
            "列“{near}”是否就是“{zh}”？请改表头，或在 wellkept.toml 的 [records.{kind_name}.aliases] 中写 {name} = [\"{near}\"]",
            "is the column \"{near}\" meant? Rename it, or write {name} = [\"{near}\"] in [records.{kind_name}.aliases] of wellkept.toml"
        ),
        None => say!(
            "请加上一列“{zh}”（{name}）；如果表头叫别的名字，在 wellkept.toml 的 [records.{kind_name}.aliases] 中写 {name} = [\"表头\"]",
            "add a column {name}; if it has another header, write {name} = [\"header\"] in [records.{kind_name}.aliases] of wellkept.toml"
        ),
    };
    let said = say!(
        "缺少必需的列“{zh}”（{name}），整个文件的记录都未计入",
        "the required column {name} is missing; no record of the file is counted"
    );
    Finding::new("ingest.header", Severity::Error, said)
        .kind(&*kind.name)
        .at(Place::line(path.clone(), line))
        .help(help)
}

/// Columns or keys that the kind does not know; the first of them stands at the place.
pub fn unknown_columns(kind: &Kind, unknown: &[String], first: Place) -> Finding {
    let list = unknown.join("、");
    let list_en = unknown.join(", ");
    let said = say!("不认识的列，按原样保留：{list}", "columns that are not known, kept as they are: {list_en}");
    let finding = Finding::new("ingest.header", Severity::Info, said).kind(&*kind.name).at(first);
    let near: Vec<String> = unknown
        .iter()
        .filter_map(|written| nearest(written, kind.headers()).map(|name| format!("{written} → {name}")))
        .collect();
    if near.is_empty() {
        return finding;
    }
    let list = near.join("；");
    let list_en = near.join("; ");
    finding.help(say!("是否想写：{list}", "did you mean: {list_en}"))
}
