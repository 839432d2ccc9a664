//! The backup calendar: a row a month, a cell a day, each met, failed, without a record, waived, pending or not asked.

use std::collections::BTreeMap;

use crate::calendar::{Day, Period};
use crate::chart::{self, Calendar, Mark, Month};
use crate::ledger::Standing;
use crate::say;
use crate::say::{Lang, Said};
use crate::slots::{Group, Slot, State};

use super::super::Book;
use super::super::findings::range;
use super::super::shelf::Shelf;
use super::super::slots::ranges;
use super::super::way::Way;
use super::{ChartView, Datum, Grid, Heading, chart_id, month_column, sentence, titled};

/// The name of its file.
pub const FILE: &str = "backup-calendar";

/// The rule whose slots are the days, as for the figure `backup_success`.
const DAILY: &str = "backup.daily";
/// How many ranges without a success the sentence names.
const NAMED: usize = 3;

/// The chart of a system; none where no daily backup is asked of it.
pub fn chart(book: &Book<'_>, way: &Way<'_>, system: usize, months: &[Period]) -> Option<ChartView> {
    let lang = book.config.site.lang;
    let days = Days::of(book, way.shelf, system, months)?;
    let legend = [
        (Mark::Met, say!("成功", "success")),
        (Mark::Missed, say!("失败", "failed")),
        (Mark::Absent, say!("缺报", "no record")),
        (Mark::Waived, say!("豁免", "waived")),
        (Mark::Pending, say!("未到期", "pending")),
        (Mark::NotApplicable, say!("不适用", "not asked")),
    ];
    let data = Calendar {
        months: months.iter().map(|month| days.month(*month, lang)).collect(),
        legend: legend.into_iter().map(|(mark, word)| (mark, word.to(lang).to_owned())).collect(),
    };
    let heading = Heading {
        id: chart_id(FILE, Some(system)),
        title: titled(book, Some(system), &say!("备份日历", "backup calendar")),
        sentence: days.said(),
        file: FILE,
        way,
    };
    let grid = grid(book, way.shelf, system, months);
    Some(heading.chart(lang, grid, |frame| chart::calendar(frame, &data)))
}

/// The daily slots of a system, and the records of the days on which there was no success.
struct Days<'a> {
    slots: &'a [Slot],
    tried: BTreeMap<Day, &'a str>,
}

impl<'a> Days<'a> {
    fn of(book: &Book<'a>, shelf: &Shelf, system: usize, months: &[Period]) -> Option<Self> {
        let rule = |g: &&Group| book.standard.rules[g.rule].id == DAILY;
        let group = book.slots.iter().find(|g| g.system == Some(system) && rule(g))?;
        let (first, last) = (months.first()?, months.last()?);
        let from = group.slots.partition_point(|s| s.first < first.first);
        let until = group.slots.partition_point(|s| s.first < last.after);
        let slots = &group.slots[from..until];
        let mut tried = BTreeMap::new();
        if let Some(at) = book.standard.rules[group.rule].kind {
            let (kind, table) = (&book.standard.kinds[at], &book.ledger.tables[at]);
            let own = |row: &usize| {
                let code = kind.system().and_then(|f| table.code(*row, f)).map(usize::from);
                table.standing[*row] == Standing::Counts && code == Some(system)
            };
            for slot in slots.iter().filter(|s| s.state == State::Missed) {
                let rows = shelf.on(table, at, slot.first).iter().map(|&row| row as usize);
                if let Some(row) = rows.rev().find(own) {
                    tried.insert(slot.first, table.ids.get(row));
                }
            }
        }
        Some(Self { slots, tried })
    }

    fn mark(&self, slot: &Slot) -> Mark {
        match slot.state {
            State::Met => Mark::Met,
            State::Missed if self.tried.contains_key(&slot.first) => Mark::Missed,
            State::Missed => Mark::Absent,
            State::Waived => Mark::Waived,
            State::Pending => Mark::Pending,
            State::NotApplicable => Mark::NotApplicable,
        }
    }

    fn in_month(&self, month: Period) -> impl Iterator<Item = &'a Slot> + use<'a> {
        let from = self.slots.partition_point(|s| s.first < month.first);
        let slots = self.slots;
        slots[from..].iter().take_while(move |s| s.first < month.after)
    }

    /// A row of the calendar, from the first of the month: days before the first slot are not asked.
    fn month(&self, month: Period, lang: Lang) -> Month {
        let mut days = Vec::new();
        for slot in self.in_month(month) {
            let at = (slot.first.0 - month.first.0) as usize;
            while days.len() < at {
                days.push((Mark::NotApplicable, String::new()));
            }
            days.push((self.mark(slot), self.title(slot).to(lang).to_owned()));
        }
        Month { label: month.name(crate::calendar::Unit::Month), days }
    }

    fn title(&self, slot: &Slot) -> Said {
        let day = slot.first;
        let tried = self.tried.get(&day).copied().unwrap_or_default();
        match self.mark(slot) {
            Mark::Met => say!("{day}：成功", "{day}: success"),
            Mark::Missed => say!("{day}：失败（{tried}）", "{day}: failed ({tried})"),
            Mark::Absent => say!("{day}：缺报", "{day}: no record"),
            Mark::Waived => say!("{day}：豁免", "{day}: waived"),
            Mark::Pending => say!("{day}：未到期", "{day}: pending"),
            _ => say!("{day}：不适用", "{day}: not asked"),
        }
    }

    fn count(&self, slots: impl Iterator<Item = &'a Slot>) -> [usize; 5] {
        let mut counts = [0; 5];
        for slot in slots {
            match self.mark(slot) {
                Mark::Met => counts[0] += 1,
                Mark::Missed => counts[1] += 1,
                Mark::Absent => counts[2] += 1,
                Mark::Waived => counts[3] += 1,
                Mark::Pending => counts[4] += 1,
                Mark::NotApplicable | Mark::Unproven => {}
            }
        }
        counts
    }

    fn said(&self) -> Said {
        let [met, failed, absent, waived, _] = self.count(self.slots.iter());
        let due = met + failed + absent + waived;
        let mut parts = vec![match due {
            0 => say!("没有应备份的日子", "no day was due"),
            due if due == met => say!("应备份 {due} 天，每天都成功", "{due} days due, a success on each"),
            due => say!("应备份 {due} 天，成功 {met} 天", "{due} days due, a success on {met}"),
        }];
        for (n, said) in [
            (failed, say!("失败 {failed} 天", "failed on {failed}")),
            (absent, say!("缺报 {absent} 天", "no record on {absent}")),
            (waived, say!("豁免 {waived} 天", "waived {waived}")),
        ] {
            if n > 0 {
                parts.push(said);
            }
        }
        let missed = ranges(self.slots);
        if !missed.is_empty() {
            let named: Vec<Said> =
                missed.iter().rev().take(NAMED).rev().map(|(a, b, _)| range((*a, *b), None)).collect();
            let zh: Vec<&str> = named.iter().map(|s| s.zh.as_str()).collect();
            let en: Vec<&str> = named.iter().map(|s| s.en.as_str()).collect();
            let (zh, en) = (zh.join("、"), en.join(", "));
            parts.push(if missed.len() > NAMED {
                say!("最近没有成功的是 {zh}", "most recently without a success: {en}")
            } else {
                say!("没有成功的是 {zh}", "without a success: {en}")
            });
        }
        sentence(&parts)
    }
}

/// Its numbers, month by month.
pub fn grid(book: &Book<'_>, shelf: &Shelf, system: usize, months: &[Period]) -> Grid<'static> {
    let lang = book.config.site.lang;
    let columns = vec![
        month_column(),
        ("due_days", say!("应备份天数", "Days due")),
        ("success_days", say!("成功", "Success")),
        ("failed_days", say!("失败", "Failed")),
        ("no_record_days", say!("缺报", "No record")),
        ("waived_days", say!("豁免", "Waived")),
        ("pending_days", say!("未到期", "Pending")),
        ("without_success", say!("没有成功的日期", "Days without a success")),
    ];
    let Some(days) = Days::of(book, shelf, system, months) else { return Grid::default() };
    let row = |month: &Period| {
        let [met, failed, absent, waived, pending] = days.count(days.in_month(*month));
        let mut row = vec![Datum::month(*month, lang)];
        row.extend([met + failed + absent + waived, met, failed, absent, waived, pending].map(Datum::count));
        let bad: Vec<&Slot> = days.in_month(*month).filter(|s| s.state == State::Missed).collect();
        let shown: Vec<String> = bad.iter().map(|s| days.title(s).to(lang).to_owned()).collect();
        let raw: Vec<String> = bad.iter().map(|s| s.first.to_string()).collect();
        row.push(Datum::new(shown.join(if lang == Lang::Zh { "；" } else { "; " }), raw.join(" ")));
        row
    };
    Grid { columns, rows: months.iter().filter(|m| days.in_month(**m).next().is_some()).map(row).collect() }
}
