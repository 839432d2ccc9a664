//! The slots of a rule on the page of its clause: a calendar for what is due each day, a row of periods for the rest,
//! and the records that prove what was kept.

use serde::Serialize;

use crate::calendar::{Day, Period, Unit};
use crate::chart::{self, Calendar, Mark};
use crate::say;
use crate::say::Lang;
use crate::slots::{Group, Slot, State, count};
use crate::standard::{Form, Grain};

use super::super::Book;
use super::super::inert;
use super::super::records::month_title;
use super::super::sheet::Link;
use super::super::status;
use super::super::verdict::MarkView;
use super::super::way::{self, Way};
use super::super::worst;

/// The slots of a rule; empty for rules that have none.
#[derive(Debug, Default, Serialize)]
pub struct Proof {
    /// For what is due each day or shift: a calendar for each system.
    pub calendars: Vec<CalendarView>,
    /// The names of the systems, or of the organisation; the columns of `months`.
    pub systems: Vec<String>,
    /// That not all systems have a calendar, where there are many.
    pub others: Option<String>,
    /// Month by month, the latest first.
    pub months: Vec<MonthView>,
    /// For longer periods: a row for each system.
    pub rows: Vec<RowView>,
    /// Where the slots of all months stand, where some are not shown.
    pub older: Option<Link>,
}

/// A calendar.
#[derive(Debug, Serialize)]
pub struct CalendarView {
    /// What it shows: the name of the system.
    pub title: String,
    /// What it says.
    pub said: String,
    /// The drawing.
    pub svg: String,
}

/// Met of due in a month, system by system.
#[derive(Debug, Serialize)]
pub struct MonthView {
    /// The month with its records.
    pub month: Link,
    /// In the order of the systems.
    pub cells: Vec<Kept>,
}

/// Met of due.
#[derive(Debug, Serialize)]
pub struct Kept {
    /// `31/31`; empty where nothing was due.
    pub shown: String,
    /// The mark, where something was missed or waived.
    pub mark: Option<MarkView>,
    /// How many were missed or waived.
    pub n: usize,
}

/// The periods of a system.
#[derive(Debug, Serialize)]
pub struct RowView {
    /// The name of the system, or of the organisation.
    pub system: String,
    /// In order of time.
    pub periods: Vec<PeriodView>,
}

/// A period in a row.
#[derive(Debug, Serialize)]
pub struct PeriodView {
    /// Its name, with the record that meets it.
    pub period: Link,
    /// From when to when.
    pub range: String,
    /// The mark.
    pub mark: MarkView,
    /// Whether the word is shown: it is where a slot was not simply met.
    pub worded: bool,
}

/// The most rows of calendars on a page: a page of many systems shows fewer months.
const ROWS: usize = 80;

/// The slots of a rule in the last of the given months.
pub fn of(book: &Book<'_>, way: &Way<'_>, rule: usize, months: &[Period]) -> Proof {
    let groups: Vec<&Group> = book.slots.iter().filter(|g| g.rule == rule).collect();
    let fit = (ROWS / groups.len().max(1)).clamp(1, months.len().max(1));
    let months = &months[months.len().saturating_sub(fit)..];
    let (Some(first), false) = (months.first(), groups.is_empty()) else { return Proof::default() };
    let lang = book.config.site.lang;
    let name = |group: &&Group| match group.system {
        Some(system) => book.config.systems[system].name.clone(),
        None => say!("全单位", "Organisation").to(lang).to_owned(),
    };
    let mut proof = Proof { systems: groups.iter().map(name).collect(), ..Proof::default() };
    if groups.iter().any(|g| g.slots.first().is_some_and(|slot| slot.last < first.first)) {
        proof.older = Some(Link::new(way.from_here("data/slots.csv"), "slots.csv"));
    }
    match unit(book, rule) {
        None => {
            let rule_id = &book.standard.rules[rule].id;
            let tabled = most_missed(&groups, months, worst::TABLED);
            let drawn =
                if tabled.len() < groups.len() { most_missed(&groups, months, worst::SHOWN) } else { tabled.clone() };
            for (n, group) in drawn.iter().enumerate() {
                proof.calendars.push(calendar(book, group, months, &format!("{}-{n}", chart_id(rule_id))));
            }
            proof.others = (tabled.len() < groups.len()).then(|| {
                let (all, some, few) = (groups.len(), tabled.len(), drawn.len());
                let said = say!(
                    "共 {all} 个系统，这里列出缺得最多的 {some} 个，其中 {few} 个有日历；每个系统的日历在其指标页。",
                    "Of {all} systems the {some} that miss most stand here, {few} with a calendar; each system's own is among \
                     its figures."
                );
                said.to(lang).to_owned()
            });
            proof.systems = tabled.iter().map(name).collect();
            let groups = tabled;
            proof.months = months.iter().rev().map(|&m| month(book, way, rule, &groups, m)).collect();
        }
        Some(unit) => {
            let row = |(group, system): (&&Group, &String)| RowView {
                system: system.clone(),
                periods: slots(group, *first).map(|slot| period(book, way, rule, unit, slot)).collect(),
            };
            proof.rows = groups.iter().zip(&proof.systems).map(row).collect();
        }
    }
    proof
}

/// The groups that miss most in some months, in their order; all where there are at most so many.
fn most_missed<'g>(groups: &[&'g Group], months: &[Period], most: usize) -> Vec<&'g Group> {
    if groups.len() <= most {
        return groups.to_vec();
    }
    let missed = |group: &Group| {
        let of_months = group.slots.iter().filter(|slot| months.iter().any(|month| month.contains(slot.first)));
        of_months.filter(|slot| slot.state == State::Missed).count()
    };
    let mut order: Vec<usize> = (0..groups.len()).collect();
    order.sort_by_cached_key(|&at| (std::cmp::Reverse(missed(groups[at])), at));
    order.truncate(most);
    order.sort_unstable();
    order.into_iter().map(|at| groups[at]).collect()
}

/// The period of a rule's slots; none for days and shifts.
fn unit(book: &Book<'_>, rule: usize) -> Option<Unit> {
    match &book.standard.rules[rule].form {
        Form::Cadence { every: Grain::Shift | Grain::Every(Unit::Day), .. } => None,
        Form::Cadence { every: Grain::Every(unit), .. } => Some(*unit),
        Form::Closes(closes) => Some(closes.every),
        _ => Some(Unit::Month),
    }
}

/// The slots that are not over before a month begins.
fn slots(group: &Group, first: Period) -> impl Iterator<Item = &Slot> {
    let from = group.slots.partition_point(|slot| slot.last < first.first);
    group.slots[from..].iter()
}

fn calendar(book: &Book<'_>, group: &Group, months: &[Period], id: &str) -> CalendarView {
    let lang = book.config.site.lang;
    let legend = State::ALL.map(|state| (mark(state), status::slot(state, lang).word));
    let mut data = Calendar { months: Vec::new(), legend: legend.into() };
    let mut counts = [0; 5];
    for month in months {
        let from = group.slots.partition_point(|slot| slot.first < month.first);
        let of_month = || group.slots[from..].iter().take_while(|slot| month.contains(slot.first));
        let mut days: Vec<(Mark, String)> = Vec::new();
        let mut day = month.first;
        for of_day in of_month().collect::<Vec<_>>().chunk_by(|a, b| a.first == b.first) {
            // Days before the first slot were not asked for.
            while day < of_day[0].first {
                days.push((Mark::NotApplicable, status::slot(State::NotApplicable, lang).word));
                day = day.plus(1);
            }
            days.push(of_a_day(book, of_day));
            day = day.plus(1);
        }
        for (sum, n) in counts.iter_mut().zip(count(of_month())) {
            *sum += n;
        }
        titled(&mut days, month.first, lang);
        data.months.push(chart::Month { label: month.name(Unit::Month), days });
    }
    let title = match group.system {
        Some(system) => book.config.systems[system].name.clone(),
        None => say!("全单位", "Organisation").to(lang).to_owned(),
    };
    let [met, missed, waived, ..] = counts;
    let due = met + missed + waived;
    let said = match (missed, waived) {
        (0, 0) => say!("应有 {due}，全部齐全。", "{due} due, all there."),
        (0, _) => say!("应有 {due}，已有 {met}，豁免 {waived}。", "{due} due, {met} there, {waived} waived."),
        (_, 0) => say!("应有 {due}，已有 {met}，缺 {missed}。", "{due} due, {met} there, {missed} missed."),
        _ => say!(
            "应有 {due}，已有 {met}，缺 {missed}，豁免 {waived}。",
            "{due} due, {met} there, {missed} missed, {waived} waived."
        ),
    };
    let said = said.to(lang).to_owned();
    let svg = chart::calendar(&chart::Frame { id, title: &title, desc: &said, lang }, &data);
    CalendarView { title, said, svg }
}

/// The mark of a day and what a pointer shows: the worst of its slots, and which shifts are meant.
fn of_a_day(book: &Book<'_>, slots: &[&Slot]) -> (Mark, String) {
    let lang = book.config.site.lang;
    let worst = [State::Missed, State::Waived, State::Pending, State::Met, State::NotApplicable];
    let found = worst.into_iter().find(|state| slots.iter().any(|s| s.state == *state));
    let found = found.unwrap_or(State::NotApplicable);
    let word = status::slot(found, lang).word;
    let shifts: Vec<&str> = slots
        .iter()
        .filter(|s| s.state == found && found != State::Met)
        .filter_map(|s| s.shift)
        .map(|shift| book.config.shifts[usize::from(shift)].name.as_str())
        .collect();
    let comma = if lang == Lang::Zh { "、" } else { ", " };
    let title = if shifts.is_empty() { word } else { format!("{word} {}", shifts.join(comma)) };
    (mark(found), title)
}

/// Puts the dates before what a pointer shows; days that are alike share one title, by which they are drawn as one.
fn titled(days: &mut [(Mark, String)], first: Day, lang: Lang) {
    let mut at = 0;
    for run in days.chunk_by_mut(|a, b| a == b) {
        let (from, to) = (first.plus(at), first.plus(at + run.len() as i32 - 1));
        let title = &run[0].1;
        let said = if from == to {
            say!("{from}：{title}", "{from}: {title}")
        } else {
            say!("{from} 至 {to}：{title}", "{from} to {to}: {title}")
        };
        at += run.len() as i32;
        for day in run {
            said.to(lang).clone_into(&mut day.1);
        }
    }
}

fn month(book: &Book<'_>, way: &Way<'_>, rule: usize, groups: &[&Group], month: Period) -> MonthView {
    let lang = book.config.site.lang;
    let kept = |group: &&Group| {
        let from = group.slots.partition_point(|slot| slot.first < month.first);
        let [met, missed, waived, ..] = count(group.slots[from..].iter().take_while(|s| month.contains(s.first)));
        let due = met + missed + waived;
        let (state, n) = if missed > 0 { (State::Missed, missed) } else { (State::Waived, waived) };
        Kept {
            shown: if due > 0 { format!("{met}/{due}") } else { String::new() },
            mark: (n > 0).then(|| status::slot(state, lang)),
            n,
        }
    };
    let name = month.name(Unit::Month);
    let records = book.standard.rules[rule]
        .kind
        .filter(|&kind| way.shelf.kinds[kind].binary_search_by_key(&month.first, |m| m.first).is_ok());
    let href = records.map_or_else(String::new, |kind| {
        way.from_here(&inert::part(&way::records(&book.standard.kinds[kind].name, &name, 0)))
    });
    MonthView { month: Link::new(href, month_title(month.first, lang)), cells: groups.iter().map(kept).collect() }
}

fn period(book: &Book<'_>, way: &Way<'_>, rule: usize, unit: Unit, slot: &Slot) -> PeriodView {
    let lang = book.config.site.lang;
    let proof = slot.met_by.zip(book.standard.rules[rule].kind);
    let url = proof.and_then(|(row, kind)| way.record(kind, row as usize));
    let waiver = || {
        let waiver = slot.waiver.map(|at| &book.waivers.all[at as usize])?;
        Some(super::super::findings::waiver(book, way, &waiver.id).href)
    };
    let href = url.map(|url| way.from_here(&url)).or_else(waiver).unwrap_or_default();
    let name = Period::of(unit, slot.first).name(unit);
    let (from, to) = (slot.first, slot.last);
    let mut mark = status::slot(slot.state, lang);
    if slot.waiver.is_some_and(|at| book.waivers.late(at, slot.span.end)) {
        mark.word.push_str(say!("，事后批准", ", approved afterwards").to(lang));
    }
    PeriodView {
        period: Link::new(href, name),
        range: say!("{from} 至 {to}", "{from} to {to}").to(lang).to_owned(),
        mark,
        worded: slot.state != State::Met,
    }
}

/// The mark of a slot in a drawing.
fn mark(state: State) -> Mark {
    match state {
        State::Met => Mark::Met,
        State::Missed => Mark::Missed,
        State::Waived => Mark::Waived,
        State::Pending => Mark::Pending,
        State::NotApplicable => Mark::NotApplicable,
    }
}

/// A rule's id as the beginning of ids in a drawing.
fn chart_id(rule: &str) -> String {
    rule.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}
