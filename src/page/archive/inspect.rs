//! The inspection by the four heads under which an archive is taken over: authenticity, completeness, usability,
//! security. Each line says what was looked at and what came of it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::calendar::Day;
use crate::chart::Mark;
use crate::load::extension;
use crate::output;
use crate::say;
use crate::say::Said;
use crate::seal::Difference;
use crate::slots::State;
use crate::source::Encoding;
use crate::standard::{Form, Seal};

use super::super::Book;
use super::super::rows::grouped;
use super::super::status::marked;
use super::super::verdict::MarkView;

/// So many numbers or names are told; then there are more.
const TOLD: usize = 8;
/// A longer run of numbers is no running number.
const LONGEST: u64 = 100_000;
/// Formats that any program can read, now and in ten years.
const OPEN: [&str; 14] =
    ["csv", "md", "toml", "txt", "json", "jsonl", "log", "png", "jpg", "jpeg", "gif", "svg", "pdf", "xml"];

/// One of the four.
#[derive(Debug, Serialize)]
pub struct Head {
    /// Its name.
    pub title: String,
    /// What was looked at.
    pub checks: Vec<Check>,
}

/// Something that was looked at.
#[derive(Debug, Serialize)]
pub struct Check {
    /// What.
    pub what: String,
    /// How it stands.
    pub state: MarkView,
    /// What came of it.
    pub said: String,
}

/// The inspection.
pub fn heads(book: &Book<'_>) -> Vec<Head> {
    let lang = book.config.site.lang;
    let check = |(what, mark, said): (Said, Mark, Said)| {
        let word = match mark {
            Mark::Met => Said::new("通过", "passed"),
            Mark::Missed => Said::new("不通过", "not passed"),
            Mark::NotApplicable => Said::new("没有封存", "not sealed"),
            _ => Said::new("留意", "to be seen"),
        };
        Check { what: what.to(lang).to_owned(), state: marked(mark, &word, lang), said: said.to(lang).to_owned() }
    };
    let heads = [
        (say!("真实性", "Authenticity"), vec![records(book), chain(book)]),
        (say!("完整性", "Completeness"), vec![counts(book), months(book), numbers(book)]),
        (say!("可用性", "Usability"), vec![formats(book), encodings(book)]),
        (say!("安全性", "Security"), vec![foreign(book), hidden(book)]),
    ];
    let head = |(title, checks): (Said, Vec<(Said, Mark, Said)>)| Head {
        title: title.to(lang).to_owned(),
        checks: checks.into_iter().map(check).collect(),
    };
    heads.into_iter().map(head).collect()
}

type Line = (Said, Mark, Said);

fn count(book: &Book<'_>, of: impl Fn(&Difference) -> bool) -> usize {
    book.archive.differences().filter(|difference| of(difference)).count()
}

fn records(book: &Book<'_>) -> Line {
    let what = say!("每一条封存的记录都与当时相同", "each sealed record is what it was");
    let Some(last) = book.archive.seals.last() else { return unsealed(what) };
    let sealed = grouped(last.seal.kinds.iter().map(|kind| kind.total).sum::<u64>() as usize);
    let wrong = count(book, |difference| difference.is_of_record() && difference.code != "seal.late");
    let mark = if wrong == 0 { Mark::Met } else { Mark::Missed };
    (what, mark, say!("封存 {sealed} 条，不同 {wrong} 条", "{sealed} sealed, {wrong} different"))
}

fn chain(book: &Book<'_>) -> Line {
    let what =
        say!("封存前后相接，条数和根与内容相符", "the seals follow each other, and what they state is what they hold");
    if book.archive.is_empty() {
        return unsealed(what);
    }
    let (n, wrong) = (book.archive.seals.len(), book.archive.broken.len());
    let unsigned = book.archive.seals.iter().filter(|seal| seal.signatures.is_empty()).count();
    let mark = match (wrong, unsigned) {
        (0, 0) => Mark::Met,
        (0, _) => Mark::Unproven,
        _ => Mark::Missed,
    };
    (
        what,
        mark,
        say!("封存 {n} 个，损坏 {wrong} 处，没有签名 {unsigned} 个", "{n} seals, {wrong} damages, {unsigned} unsigned"),
    )
}

fn unsealed(what: Said) -> Line {
    (what, Mark::NotApplicable, say!("还没有封存", "nothing is sealed yet"))
}

fn counts(book: &Book<'_>) -> Line {
    let all = output::total(book.ledger, book.standard);
    let (read, accepted, rejected) = (grouped(all.read), grouped(all.accepted), grouped(all.rejected));
    let mark = if all.rejected == 0 { Mark::Met } else { Mark::Unproven };
    let said = say!(
        "读取 {read} = 收录 {accepted} + 未收录 {rejected}",
        "{read} read = {accepted} accepted + {rejected} rejected"
    );
    (say!("读到的记录都收录了", "every record that was read is accepted"), mark, said)
}

fn months(book: &Book<'_>) -> Line {
    let what = say!("每个到期的月份都有封存", "each month that was due is sealed");
    let of_seals =
        |group: &&crate::slots::Group| matches!(book.standard.rules[group.rule].form, Form::Sealed(Seal::Sealed(_)));
    let Some(group) = book.slots.iter().find(of_seals) else { return unsealed(what) };
    let [met, missed, ..] = crate::slots::count(&group.slots);
    let mark = if missed == 0 { Mark::Met } else { Mark::Missed };
    debug_assert_eq!(State::ALL[1], State::Missed, "the second count is that of missed ones");
    (what, mark, say!("已封存 {met}，逾期未封存 {missed}", "{met} sealed, {missed} overdue"))
}

/// Gaps in running numbers: `F-2026-017` follows `F-2026-016`. A gap is no fault by itself; somebody should know why.
fn numbers(book: &Book<'_>) -> Line {
    let (mut runs, mut gaps) = (0, Vec::new());
    for (at, kind) in book.standard.kinds.iter().enumerate() {
        if kind.pages || kind.id().is_none() || !kind.key.is_empty() {
            continue;
        }
        let ids = &book.ledger.tables[at].ids;
        let mut by_prefix: BTreeMap<(&str, usize), BTreeSet<u64>> = BTreeMap::new();
        for id in (0..ids.len()).map(|row| ids.get(row)) {
            if let Some((prefix, digits)) = running(id) {
                by_prefix.entry((prefix, digits.len())).or_default().extend(digits.parse::<u64>());
            }
        }
        for ((prefix, width), seen) in by_prefix {
            let (Some(first), Some(last)) = (seen.first(), seen.last()) else { continue };
            if seen.len() < 2 || last - first > LONGEST {
                continue;
            }
            runs += 1;
            let missing = (*first..=*last).filter(|n| !seen.contains(n));
            gaps.extend(missing.map(|n| format!("{prefix}{n:0width$}")));
        }
    }
    let mark = if gaps.is_empty() { Mark::Met } else { Mark::Unproven };
    let (n, told) = (gaps.len(), told(&gaps));
    let said = if gaps.is_empty() {
        say!("{runs} 个编号序列，没有跳号", "{runs} series of numbers, no gap")
    } else {
        say!("{runs} 个编号序列，跳号 {n} 个：{told}", "{runs} series of numbers, {n} gaps: {told}")
    };
    (say!("编号连续，没有跳号", "running numbers have no gaps"), mark, said)
}

/// An id as what it begins with and its running number; none where the digits at its end are a date.
fn running(id: &str) -> Option<(&str, &str)> {
    let prefix = id.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = &id[prefix.len()..];
    let dated = |text: &str| match text.len() {
        8 => Day::parse_iso(&format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..])).is_some(),
        _ => false,
    };
    let month_before = prefix.strip_suffix('-').is_some_and(|rest| {
        let tail = rest.len().checked_sub(7).and_then(|at| rest.get(at..));
        tail.is_some_and(|tail| Day::parse_iso(&format!("{tail}-01")).is_some())
    });
    let plain = (1..=12).contains(&digits.len()) && !dated(digits) && !(month_before && digits.len() == 2);
    (plain && !prefix.is_empty()).then_some((prefix, digits))
}

fn told(names: &[String]) -> String {
    let more = if names.len() > TOLD { " …" } else { "" };
    format!("{}{more}", names.iter().take(TOLD).cloned().collect::<Vec<_>>().join(", "))
}

fn formats(book: &Book<'_>) -> Line {
    let mut by_ending: BTreeMap<String, usize> = BTreeMap::new();
    for entry in book.sources.below(crate::load::RECORDS) {
        *by_ending.entry(extension(&entry.path)).or_default() += 1;
    }
    let closed: Vec<String> = by_ending.keys().filter(|ending| !OPEN.contains(&ending.as_str())).cloned().collect();
    let list: Vec<String> = by_ending.iter().map(|(ending, n)| format!("{ending} {n}")).collect();
    let (list, others) = (list.join(", "), told(&closed));
    let said = if closed.is_empty() {
        say!("文件格式：{list}", "formats of files: {list}")
    } else {
        say!(
            "文件格式：{list}；其中 {others} 需要专门的程序",
            "formats of files: {list}; {others} take a program of their own"
        )
    };
    let mark = if closed.is_empty() { Mark::Met } else { Mark::Unproven };
    (say!("文件格式都是公开的", "every file is in an open format"), mark, said)
}

fn encodings(book: &Book<'_>) -> Line {
    let other: Vec<String> =
        book.ledger.files.iter().filter(|f| f.encoding != Encoding::Utf8).map(|f| f.path.to_string()).collect();
    let (n, names) = (other.len(), told(&other));
    let said = if other.is_empty() {
        say!("都是 UTF-8", "all are UTF-8")
    } else {
        say!("{n} 个文件是其他编码：{names}", "{n} files are in another encoding: {names}")
    };
    let mark = if other.is_empty() { Mark::Met } else { Mark::Unproven };
    (say!("文字编码统一", "text is in one encoding"), mark, said)
}

fn foreign(book: &Book<'_>) -> Line {
    let extra = count(book, |difference| difference.code == "seal.extra");
    let unread = book.findings.iter().filter(|f| matches!(f.rule.as_str(), "ingest.kind")).count();
    let odd = book.sources.odd.len();
    let mark = if extra + unread + odd == 0 { Mark::Met } else { Mark::Missed };
    let said = say!(
        "封存文件夹中的外来文件 {extra} 个，不认识的文件夹 {unread} 个，链接、管道等 {odd} 个",
        "{extra} foreign files among the seals, {unread} folders that are not known, {odd} links, pipes and such"
    );
    (say!("没有外来的东西", "nothing foreign"), mark, said)
}

fn hidden(book: &Book<'_>) -> Line {
    let n = book.findings.iter().filter(|f| f.rule == "markdown.hidden").count();
    let mark = if n == 0 { Mark::Met } else { Mark::Missed };
    let said = say!(
        "发现 {n} 处；页面上没有任何记录的内容会被执行",
        "{n} found; nothing that a record says is run on any page"
    );
    (say!("没有看不见的或改变方向的字符", "no character that hides or turns text"), mark, said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_at_the_end_of_an_id_run_unless_they_are_dates() {
        assert_eq!(running("F-2026-017"), Some(("F-2026-", "017")));
        assert_eq!(running("BK-20261003-01"), Some(("BK-20261003-", "01")));
        for id in ["BK-20261003", "SH-oa-2026-10-03", "oa", "17", ""] {
            assert_eq!(running(id), None, "{id}");
        }
    }
}
