//! What can be wrong with a cell, each with a sentence and a way out.

use crate::config::Config;
use crate::finding::Severity;
use crate::near::nearest;
use crate::say;
use crate::say::Said;
use crate::standard::{Field, Kind, Type};
use crate::value::{self, Wrong};

/// Something about a cell: an error keeps its row out, a warning does not.
pub(super) struct Slip {
    /// The row, counted from the first of those that are typed at once.
    pub(super) row: usize,
    pub(super) field: usize,
    pub(super) severity: Severity,
    pub(super) wrong: Box<Wrong>,
}

/// Adds what only the workspace tells: the nearest right word to what is wrong with a choice, a system or a shift; and
/// which setting decides about a date that can be read in two ways.
pub(super) fn near(config: &Config, kind: &Kind, field: &Field, raw: &[u8], mut wrong: Box<Wrong>) -> Box<Wrong> {
    if let Some(help) = &wrong.help {
        let undecided = matches!(field.ty, Type::Time | Type::Date) && kind.date_order.is_none();
        if undecided && value::has_two_readings(raw) {
            let (zh, en, kind) = (&help.zh, &help.en, &kind.name);
            wrong.help = Some(say!(
                "{zh}；若整列都是同一种写法，在 wellkept.toml 的 [records.{kind}] 中写 date_order = \"dmy\"（日在前）或 \"mdy\"（月在前）",
                "{en}; or say once for all in [records.{kind}] of wellkept.toml: date_order = \"dmy\" (day first) or \"mdy\" (month first)"
            ));
        }
        return wrong;
    }
    let written = String::from_utf8_lossy(raw);
    // Each thing by its canonical name and the words that mean it too.
    let known: Vec<(&str, &str, &[String])> = match &field.ty {
        Type::Choice(choices) => choices.iter().map(|c| (&*c.name, &*c.title.zh, &*c.words)).collect(),
        Type::System => config.systems.iter().map(|s| (&*s.id, &*s.name, &[][..])).collect(),
        Type::Shift => config.shifts.iter().map(|s| (&*s.id, &*s.name, &[][..])).collect(),
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

pub(super) fn damaged(raw: &[u8]) -> Box<Wrong> {
    let text = String::from_utf8_lossy(raw);
    Box::new(Wrong {
        why: say!("“{text}”是电子表格损坏的值", "\"{text}\" is a value damaged by a spreadsheet"),
        help: Some(Said::new(
            "从原始数据恢复该值；在电子表格中把这一列设为“文本”后再导出",
            "restore the value from its origin; set the column to \"text\" in the spreadsheet before exporting",
        )),
    })
}

/// A note: what programs write where there was no time.
pub(super) fn no_time(raw: &[u8]) -> Box<Wrong> {
    let text = String::from_utf8_lossy(raw);
    Wrong::new(say!(
        "“{text}”是程序在没有时间时写的值，按没有值处理",
        "\"{text}\" is what programs write where there is no time; it is taken as absent"
    ))
    .help(Said::new("没有时间时让这一格空着", "leave the cell empty where there is no time"))
}

pub(super) fn unknown(raw: &[u8]) -> Box<Wrong> {
    let text: String = String::from_utf8_lossy(raw).chars().take(40).collect();
    Box::new(Wrong { why: say!("无法识别“{text}”", "\"{text}\" is not known"), help: None })
}

pub(super) fn missing() -> Box<Wrong> {
    Wrong::new(Said::new("必填，但没有值", "required, and there is no value"))
        .help(Said::new("补上该值", "add the value"))
}

/// What is not given at all stands nowhere yet: only a file of one record can lack it.
pub(super) fn not_given(field: &Field) -> Box<Wrong> {
    let (name, zh) = (&field.name, &field.title.zh);
    missing().help(say!("在文件开头写上 {name}（{zh}）", "write {name} at the head of the file"))
}

pub(super) fn no_list() -> Box<Wrong> {
    Wrong::new(Said::new("此处不能是列表", "a list is not taken here"))
        .help(Said::new("写成一个值，不要写成列表", "write one value, not a list"))
}

/// A number that is no value between bounds.
pub(super) fn out_of_range(number: i64, min: i64, max: i64) -> Box<Wrong> {
    Wrong::new(say!("{number} 超出范围", "{number} is out of range"))
        .help(say!("应在 {min} 到 {max} 之间", "it is between {min} and {max}"))
}

pub(super) fn twice() -> Box<Wrong> {
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

pub(super) fn bidi() -> Box<Wrong> {
    Box::new(Wrong {
        why: Said::new("文字中有改变书写方向的控制符", "the text holds characters that change its direction"),
        help: Some(Said::new("删除这些看不见的字符", "delete these invisible characters")),
    })
}

pub(super) fn no_reason() -> Box<Wrong> {
    Box::new(Wrong {
        why: Said::new("更正没有说明原因", "a correction without a reason"),
        help: Some(Said::new("在备注（notes）中写明为什么更正", "say in notes why the record is corrected")),
    })
}
