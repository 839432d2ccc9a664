//! One table in canonical form.

use std::collections::BTreeSet;

use csv::{Terminator, WriterBuilder};

use crate::ledger::{Heading, Table};
use crate::load::{Block, Reread};
use crate::say;
use crate::say::Said;
use crate::source::{Encoding, Failure, decode};
use crate::standard::Kind;

use super::{Order, Scope, columns, head, rows_of, times};

/// A table as it will be.
pub struct Rewritten {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its rows, by where each stood in the table of its kind.
    pub order: Vec<usize>,
    /// Those of them whose times were rewritten.
    pub retimed: BTreeSet<usize>,
    /// What is different.
    pub what: Vec<Said>,
}

/// Rewrites a table of the ledger, or says why it stays as it is.
pub fn rewrite(
    order: &Order<'_>,
    facts: usize,
    old: &[u8],
    sealed: &BTreeSet<String>,
) -> Result<Result<Rewritten, Said>, Failure> {
    let file = &order.ledger.files[facts];
    let kind = &order.standard.kinds[file.kind];
    let unfound = || Said::new("表头之前的行无法读取", "lines above its header cannot be read");
    let Some((delimiter, columns)) = columns(&file.shape) else { return Ok(Err(unfound())) };
    let text = if file.encoding == Encoding::Utf8 { old.to_vec() } else { decode(old).0 };
    let returns = text.contains(&b'\r');
    let Some(head) = head::read(&Block::new(text), delimiter, columns, kind) else { return Ok(Err(unfound())) };
    let names: Vec<&str> = columns.iter().zip(&head.written).map(|(heading, w)| name(heading, w, kind)).collect();
    let table = &order.ledger.tables[file.kind];
    let rows = sorted(table, kind, rows_of(order.ledger, facts));
    let mut out = Vec::with_capacity(old.len());
    for line in &head.above {
        out.extend_from_slice(line);
        out.push(b'\n');
    }
    let mut writer = WriterBuilder::new().terminator(Terminator::Any(b'\n')).from_writer(&mut out);
    // Writing into memory cannot fail.
    let _ = writer.write_record(&names);
    let texts = Reread::open(order.sources, file, kind)?;
    let mut retimed = BTreeSet::new();
    for &row in &rows {
        let cells = texts.cells(table.position(row).0);
        let open = || {
            let day = table.date(row);
            day.is_some_and(|day| !times::is_sealed(day, order.sealed))
                && !sealed.contains(&cells.canonical(kind, &file.shape))
        };
        let times = order.scope == Scope::Times && open();
        let written: Vec<String> =
            cells.iter().map(|(h, text)| if times { timed(order, kind, h, text) } else { text.to_owned() }).collect();
        if cells.iter().zip(&written).any(|((_, text), written)| text != written) {
            retimed.insert(row);
        }
        let _ = writer.write_record(&written);
    }
    drop(writer);
    let what = [
        headers(&names, &head.written),
        moved(&rows),
        (!retimed.is_empty()).then(|| {
            let n = retimed.len();
            say!(
                "{n} 条记录的时间写成标准写法（摘要值随之改变）",
                "times of {n} records in ISO form (their digests change)"
            )
        }),
        (file.encoding != Encoding::Utf8).then(|| {
            let name = file.encoding.name();
            say!("{name} 改为 UTF-8", "{name} to UTF-8")
        }),
        (delimiter != b',').then(|| Said::new("分隔符改为逗号", "commas as delimiters")),
        returns.then(|| Said::new("换行改为 LF", "LF line ends")),
    ];
    let mut what: Vec<Said> = what.into_iter().flatten().collect();
    if what.is_empty() {
        what.push(Said::new("引号、空格、空行", "quotes, blanks, empty lines"));
    }
    Ok(Ok(Rewritten { bytes: out, order: rows, retimed, what }))
}

/// The header of a column: the field's own name, or what the user calls a column of theirs.
fn name<'n>(heading: &Heading, written: &'n str, kind: &'n Kind) -> &'n str {
    match heading {
        Heading::Field(field) => &kind.fields[*field].name,
        Heading::Extra(_) => written,
    }
}

fn timed(order: &Order<'_>, kind: &Kind, heading: &Heading, text: &str) -> String {
    let iso = match heading {
        Heading::Field(field) => times::iso(text, &kind.fields[*field].ty, &order.config.site.zone, kind.date_order),
        Heading::Extra(_) => None,
    };
    iso.unwrap_or_else(|| text.to_owned())
}

/// Rows by time, then id. Rows of one natural key stay in their order: the last of them counts.
fn sorted(table: &Table, kind: &Kind, rows: std::ops::Range<usize>) -> Vec<usize> {
    let corrects = kind.field("corrects").filter(|_| !kind.key.is_empty());
    let id = |row: usize| match corrects.map(|field| table.text(row, field)) {
        Some(key) if !key.is_empty() => key,
        _ => table.ids.get(row),
    };
    let mut out: Vec<usize> = rows.collect();
    out.sort_by(|&a, &b| (table.at[a], id(a)).cmp(&(table.at[b], id(b))));
    out
}

/// The first headers that are replaced, and how many.
fn headers(names: &[&str], written: &[String]) -> Option<Said> {
    let replaced: Vec<(&&str, &String)> =
        names.iter().zip(written).filter(|(name, written)| *name != written).collect();
    let pairs: Vec<String> = replaced.iter().take(2).map(|(name, written)| format!("{written} → {name}")).collect();
    let (zh, en, more) = (pairs.join("、"), pairs.join(", "), replaced.len() - pairs.len());
    match (replaced.len(), more) {
        (0, _) => None,
        (_, 0) => Some(say!("表头 {zh}", "headers {en}")),
        (all, more) => Some(say!("表头 {zh} 等 {all} 个", "headers {en} and {more} more")),
    }
}

fn moved(rows: &[usize]) -> Option<Said> {
    let n = rows.windows(2).filter(|pair| pair[0] > pair[1]).count();
    (n > 0).then(|| Said::new("按时间排序", "rows by time"))
}
