//! The cells of a record: what the export says, else what `--set` says, else what is assumed; and what may not stand in
//! a record, whoever says it.

use crate::calendar::Instant;
use crate::finding::Finding;
use crate::load::{forbidden, is_absent};
use crate::say;
use crate::say::Said;
use crate::standard::{Field, Kind, Type};
use crate::value;

use super::{Order, Record, refuse};

/// The longest cell (safety.md, section 2).
const LONGEST: usize = 256 << 10;

/// A cell for each field of the record's kind.
pub fn fill(order: &Order<'_>, record: &Record) -> Vec<Option<String>> {
    let kind = &order.standard.kinds[record.kind];
    let cell = |(at, field): (usize, &Field)| {
        let text = match field.ty {
            Type::Id => record.id.clone(),
            Type::System => record.system.map(|s| order.ground.config.systems[s].id.clone()).unwrap_or_default(),
            _ if field.name == "notes" => notes(order, record),
            _ => said(order, record, &field.name).unwrap_or_default().to_owned(),
        };
        let text = text.replace("\r\n", "\n").replace('\r', "\n").trim().to_owned();
        Some(text).filter(|text| !is_absent(kind, at, text))
    };
    kind.fields.iter().enumerate().map(cell).collect()
}

fn said<'r>(order: &'r Order<'_>, record: &'r Record, field: &str) -> Option<&'r str> {
    let assumed = || record.draft.assumed.iter().find(|(name, _)| name == field).map(|(_, value)| value.as_str());
    record.draft.value(field).or_else(|| order.ground.said(field)).or_else(assumed)
}

fn notes(order: &Order<'_>, record: &Record) -> String {
    let lang = order.ground.config.site.lang;
    let said = said(order, record, "notes").into_iter().map(str::to_owned);
    let notes = record.draft.notes.iter().map(|note| note.to(lang).to_owned());
    said.chain(notes).collect::<Vec<_>>().join(Said::new("；", "; ").to(lang))
}

/// Refuses what may not stand in a record, what lacks something, and times that cannot be; sets the primary time.
pub fn settle(order: &Order<'_>, record: &mut Record) -> Result<(), Box<Finding>> {
    let kind = &order.standard.kinds[record.kind];
    for (field, cell) in kind.fields.iter().zip(&record.cells) {
        if let Some((why, help)) = cell.as_deref().and_then(hostile) {
            return Err(Box::new(refuse(record, of(field, &why)).help(help)));
        }
        if field.required && cell.is_none() {
            return Err(Box::new(missing(record, field)));
        }
    }
    times(order, record).map_err(Box::new)
}

/// What a text holds that may not come in from elsewhere, and what to do about it.
fn hostile(text: &str) -> Option<(Said, Said)> {
    if text.len() > LONGEST {
        let kib = LONGEST >> 10;
        return Some((
            say!("超过 {kib} KiB 的上限", "it is longer than the limit of {kib} KiB"),
            say!(
                "请在来源处缩短，或手工写成一份 .md 记录",
                "shorten it at the source, or write the record by hand as a .md"
            ),
        ));
    }
    if let Some((_, c)) = forbidden(text.as_bytes()) {
        let code = c as u32;
        return Some((
            say!("有不允许的控制字符 U+{code:04X}", "it holds the control character U+{code:04X}"),
            say!("请在来源处删除该字符，再导出一次", "delete it at the source and export again"),
        ));
    }
    formula(text).then(|| {
        let seen = value::shown(text.as_bytes());
        (
            say!("以公式的样子开头：“{seen}”", "it begins like a formula of a spreadsheet: \"{seen}\""),
            say!("请在来源处改成普通文字，再导出一次", "make it plain text at the source and export again"),
        )
    })
}

/// Whether a spreadsheet would run the text: `=` at the start, or another sign of a formula with a call or a pipe
/// behind it. `- item (1)` and `+86 10 …` are text.
fn formula(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(['=', '+', '-', '@']) else { return false };
    let tight = rest.chars().next().is_some_and(|c| !c.is_whitespace());
    text.starts_with('=') || (tight && rest.lines().next().unwrap_or_default().contains(['(', '|', '!']))
}

fn missing(record: &Record, field: &Field) -> Finding {
    let (zh, en) = (&field.title.zh, &field.name);
    let why = match record.draft.series {
        Some(_) if en == "started_at" => {
            Said::new("它何时开始中断，不在导出之中", "when it went down is not in the export")
        }
        _ => say!("导出中没有“{zh}”（{en}）", "the export does not say {en}, which a record must have"),
    };
    let help = record
        .draft
        .lacking
        .clone()
        .unwrap_or_else(|| say!("可以用 --set {en}=… 给出", "it may be given with --set {en}=…"));
    refuse(record, why).help(help)
}

fn of(field: &Field, why: &Said) -> Said {
    let (zh, en, why_zh, why_en) = (&field.title.zh, &field.name, &why.zh, &why.en);
    say!("“{zh}”（{en}）：{why_zh}", "{en}: {why_en}")
}

/// Holds the times against each other and against now: an end before the start, and an end that has not come, are no
/// ends. What is announced may lie ahead.
fn times(order: &Order<'_>, record: &mut Record) -> Result<(), Finding> {
    let kind = &order.standard.kinds[record.kind];
    let zone = &order.ground.config.site.zone;
    let instant = |at: usize| {
        record.cells[at].as_deref().and_then(|text| value::time(text.as_bytes(), zone, kind.date_order).ok())
    };
    let primary = match kind.fields[kind.at].ty {
        Type::Date => {
            let read = record.cells[kind.at].as_deref().map(|text| value::date(text.as_bytes(), zone, kind.date_order));
            match read {
                Some(Ok(day)) => zone.start(day),
                _ => return Err(unreadable(record, kind)),
            }
        }
        _ => instant(kind.at).ok_or_else(|| unreadable(record, kind))?.at,
    };
    let as_of = order.ground.as_of;
    if primary > as_of && !announced(kind, record) {
        let (time, now) = (order.ground.stamp(primary), order.ground.stamp(as_of));
        let why = say!("时间 {time} 在现在（{now}）之后", "its time, {time}, is after now ({now})");
        return Err(refuse(record, why).help(say!(
            "请核对那台机器的时钟和时区（--timezone）",
            "check the clock and the zone of that machine (--timezone)"
        )));
    }
    for at in (0..kind.fields.len()).filter(|at| *at != kind.at && kind.fields[*at].ty == Type::Time) {
        let Some(time) = instant(at) else { continue };
        if let Some(finding) = impossible(order, record, &kind.fields[at], at, time.at, primary) {
            return Err(finding);
        }
    }
    record.at = primary;
    record.day = zone.date(primary);
    Ok(())
}

fn impossible(
    order: &Order<'_>,
    record: &Record,
    field: &Field,
    at: usize,
    time: Instant,
    primary: Instant,
) -> Option<Finding> {
    let kind = &order.standard.kinds[record.kind];
    let (zh, en, stamp) = (&field.title.zh, &field.name, order.ground.stamp(time));
    if kind.order.contains(&at) && time < primary {
        let start = order.ground.stamp(primary);
        let why = say!("“{zh}”（{en}）{stamp} 早于开始时间 {start}", "{en}, {stamp}, is before the start, {start}");
        return Some(
            refuse(record, why).help(say!("请核对来源中的时间和时区", "check the times and the zone at the source")),
        );
    }
    if time > order.ground.as_of && !announced(kind, record) {
        let why = say!(
            "“{zh}”（{en}）{stamp} 还没有到：这是计划，不是事实",
            "{en}, {stamp}, has not come yet: it is a plan and not a fact"
        );
        return Some(refuse(record, why).help(say!("等它发生之后再导入", "import it once it has happened")));
    }
    None
}

/// Whether the record is of something that was announced, so that its times may lie ahead.
fn announced(kind: &Kind, record: &Record) -> bool {
    let planned = kind.field("planned").and_then(|at| record.cells[at].as_deref());
    !kind.announced.is_empty() && planned.is_some_and(|text| value::bool(text.as_bytes()) == Ok(true))
}

fn unreadable(record: &Record, kind: &Kind) -> Finding {
    let (zh, en) = (&kind.fields[kind.at].title.zh, &kind.fields[kind.at].name);
    let text = value::shown(record.cells[kind.at].as_deref().unwrap_or_default().as_bytes());
    refuse(record, say!("“{zh}”（{en}）“{text}”无法读取", "{en}: \"{text}\" cannot be read"))
}

#[cfg(test)]
mod tests {
    use super::{formula, hostile};

    #[test]
    fn formulas_are_known_and_text_that_only_looks_alike_is_not() {
        for text in ["=1+1", "=HYPERLINK(\"x\")", "+cmd|' /C calc'!A0", "-2+3+cmd|'x'!A0", "@SUM(1,2)", "= 1"] {
            assert!(formula(text), "{text}");
        }
        for text in ["- item (1)", "+86 10 1234", "-", "@someone please look", "a=b", "-1", "+ (see below)", "（=）"]
        {
            assert!(!formula(text), "{text}");
        }
    }

    #[test]
    fn what_may_not_come_in_is_named() {
        assert!(hostile("a\u{1b}[2Jb").unwrap().0.en.contains("U+001B"));
        assert!(hostile("a\0b").is_some() && hostile("a\u{feff}b").is_some());
        assert!(hostile(&"x".repeat((256 << 10) + 1)).unwrap().0.en.contains("256 KiB"));
        assert!(hostile("two\nlines\tand a tab").is_none());
    }
}
