//! How complete the records of a month are, clause by clause: slots met of those that were due (figures.md, section 2).

use crate::calendar::Period;
use crate::chart::{self, Bar, Bars, Mark};
use crate::say;
use crate::say::Said;
use crate::slots::{Slot, State, count};
use crate::standard::Clause;

use super::super::Book;
use super::super::figure;
use super::super::slots::completeness;
use super::super::way::Way;
use super::{ChartView, Datum, Grid, Heading, chart_id, month_column, month_said, sentence, titled};

/// The name of its file.
pub const FILE: &str = "completeness";

/// The chart of a month; of a system, or of all of them and the organisation. None where no slot belongs to the month.
pub fn chart(book: &Book<'_>, way: &Way<'_>, system: Option<usize>, month: Period) -> Option<ChartView> {
    let lang = book.config.site.lang;
    let all = by_clause(book, system, month);
    if all.is_empty() {
        return None;
    }
    let bar = |(clause, counts): &(&Clause, [usize; 5])| {
        let (met, missed) = (counts[State::Met as usize], counts[State::Missed as usize]);
        let due = met + missed;
        let mark = match (due, missed) {
            (0, _) => Mark::NotApplicable,
            (_, 0) => Mark::Met,
            _ => Mark::Missed,
        };
        let label = format!("{} {}", clause.id, clause.title.to(lang));
        let waived = counts[State::Waived as usize];
        let shown = match waived {
            0 => format!("{met} / {due}"),
            n => say!("{met} / {due}，豁免 {n}", "{met} / {due}, {n} waived").to(lang).to_owned(),
        };
        Bar {
            title: say!("{label}：{shown}", "{label}: {shown}").to(lang).to_owned(),
            share: (due > 0).then(|| met as f64 / due as f64),
            label,
            shown,
            mark,
        }
    };
    let bars = Bars { bars: all.iter().map(bar).collect() };
    let heading = Heading {
        id: chart_id(FILE, system),
        title: titled(book, system, &say!("应有记录的完整情况（按条款）", "completeness of records by clause")),
        sentence: said(&all, month),
        file: FILE,
        way,
    };
    let grid = grid(book, &all);
    Some(heading.chart(lang, grid, |frame| chart::bars(frame, &bars)))
}

/// The slots of a month by clause, in the order of the standard; clauses without any are left out.
fn by_clause<'a>(book: &Book<'a>, system: Option<usize>, month: Period) -> Vec<(&'a Clause, [usize; 5])> {
    let of = |clause: &'a Clause| {
        let groups = book
            .slots
            .iter()
            .filter(|g| book.standard.rules[g.rule].clause == clause.id && (system.is_none() || g.system == system));
        (clause, count(groups.flat_map(|g| in_month(&g.slots, month))))
    };
    book.standard.clauses.iter().map(of).filter(|(_, counts)| counts.iter().sum::<usize>() > 0).collect()
}

/// The slots that belong to a month, or to a run of whole months: their period ends in it; a shift belongs to its
/// date's (figures.md, section 2).
pub fn in_month(slots: &[Slot], month: Period) -> impl Iterator<Item = &Slot> {
    let day = |s: &Slot| if s.shift.is_some() { s.first } else { s.last };
    let from = slots.partition_point(|s| day(s) < month.first);
    slots[from..].iter().take_while(move |s| day(s) < month.after)
}

fn said(all: &[(&Clause, [usize; 5])], month: Period) -> Said {
    let sum = |state: State| all.iter().map(|(_, counts)| counts[state as usize]).sum::<usize>();
    let (met, missed, waived) = (sum(State::Met), sum(State::Missed), sum(State::Waived));
    let (due, m) = (met + missed, month_said(month));
    let mut parts = vec![match (due, missed) {
        (0, _) => {
            Said { zh: format!("{}没有到期的应有记录", m.zh), en: format!("no slot was due in {}", m.en) }
        }
        (_, 0) => Said {
            zh: format!("{}应有的 {due} 条记录全部已有", m.zh),
            en: format!("all {due} slots of {} are met", m.en),
        },
        _ => Said {
            zh: format!("{}应有 {due} 条记录，已有 {met} 条，缺 {missed} 条", m.zh),
            en: format!("{met} of {due} slots of {} are met, {missed} missed", m.en),
        },
    }];
    if waived > 0 {
        parts.push(say!("豁免 {waived} 条", "{waived} waived"));
    }
    let lacking: Vec<&str> =
        all.iter().filter(|(_, counts)| counts[State::Missed as usize] > 0).map(|(c, _)| c.id.as_str()).collect();
    if !lacking.is_empty() {
        let (zh, en) = (lacking.join("、"), lacking.join(", "));
        parts.push(say!("有缺失的条款：{zh}", "clauses with a miss: {en}"));
    }
    sentence(&parts)
}

fn grid(book: &Book<'_>, all: &[(&Clause, [usize; 5])]) -> Grid<'static> {
    let lang = book.config.site.lang;
    let row = |(clause, counts): &(&Clause, [usize; 5])| {
        let mut row = vec![Datum::new(format!("{} {}", clause.id, clause.title.to(lang)), clause.id.as_str())];
        row.extend(numbers(*counts));
        row
    };
    Grid { columns: columns(("clause", say!("条款", "Clause"))), rows: all.iter().map(row).collect() }
}

/// Its numbers month by month, for machines.
pub fn history(book: &Book<'_>, system: Option<usize>, months: &[Period]) -> Grid<'static> {
    let lang = book.config.site.lang;
    let mut columns = columns(("clause", say!("条款", "Clause")));
    columns.insert(0, month_column());
    let mut rows = Vec::new();
    for month in months {
        for (clause, counts) in by_clause(book, system, *month) {
            let mut row = vec![Datum::month(*month, lang), Datum::same(&clause.id)];
            row.extend(numbers(counts));
            rows.push(row);
        }
    }
    Grid { columns, rows }
}

fn columns(first: (&'static str, Said)) -> Vec<(&'static str, Said)> {
    vec![
        first,
        ("met", say!("已有", "Met")),
        ("missed", say!("缺失", "Missed")),
        ("waived", say!("豁免", "Waived")),
        ("pending", say!("未到期", "Pending")),
        ("not_applicable", say!("不适用", "Not applicable")),
        ("completeness_percent", say!("完整率", "Completeness")),
    ]
}

fn numbers(counts: [usize; 5]) -> Vec<Datum> {
    let mut out: Vec<Datum> = counts.iter().copied().map(Datum::count).collect();
    let share = completeness(counts);
    let shown = if share.is_empty() { "–".to_owned() } else { figure::shown_percent(&share) };
    out.push(Datum::new(shown, share));
    out
}
