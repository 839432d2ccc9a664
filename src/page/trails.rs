//! `figures/<month>/`: every figure of a month with what it was counted from, down to the records (figures.md).
//!
//! The page of the month shows all systems at a glance, and the figures of the organisation; each system has a page of
//! its own beside it.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use rayon::prelude::*;
use serde::Serialize;

use crate::calendar::{Period, Unit};
use crate::measure::{Figure, RowRef, about};
use crate::say;
use crate::say::{Lang, Said};
use crate::slots::{Slot, State};
use crate::standard::{Form, Grain, Kind, Rule};

use super::Book;
use super::charts::{self, ChartView, complete::in_month};
use super::figure::{self, FigureView};
use super::records::month_title;
use super::sheet::{Link, Neighbours, Sheet};
use super::shelf::{Month, Shelf};
use super::way::{self, Way};

/// Lists longer than this are folded.
const FOLD: usize = 12;

#[derive(Debug, Serialize)]
struct View {
    /// The month is not over: its figures go up to the instant of judgement.
    preliminary: bool,
    /// All systems at a glance; only on the page of the month.
    heads: Vec<String>,
    systems: Vec<SystemRow>,
    /// The other pages of the month.
    others: Vec<Link>,
    charts: Vec<ChartView>,
    rows: Vec<TrailView>,
    months: Neighbours,
    report: Link,
    json: Link,
}

#[derive(Debug, Serialize)]
struct SystemRow {
    system: Link,
    cells: Vec<Option<FigureView>>,
}

/// A figure with its records.
#[derive(Debug, Serialize)]
struct TrailView {
    #[serde(flatten)]
    figure: FigureView,
    /// The `id` of its row.
    anchor: String,
    how: &'static str,
    /// What stands above and below the line, in words.
    counted: String,
    lists: Vec<List>,
}

/// Records, or places where there should be one.
#[derive(Debug, Serialize)]
struct List {
    label: String,
    count: String,
    fold: bool,
    links: Vec<Link>,
}

/// The pages of all months.
pub fn sheets(book: &Book<'_>, shelf: &Shelf) -> Vec<Sheet> {
    let months = charts::months(book, book.as_of);
    let way = Way::from_depth(book, shelf, 2);
    let of_month = |at: usize| {
        let systems = (0..book.config.systems.len()).filter(|&s| figure::served(book, s, months[at]));
        let mut out = vec![month_sheet(book, &way, &months, at)];
        out.extend(systems.map(|system| system_sheet(book, &way, &months, at, system)));
        out
    };
    (0..months.len()).into_par_iter().map(of_month).collect::<Vec<_>>().into_iter().flatten().collect()
}

fn month_sheet(book: &Book<'_>, way: &Way<'_>, months: &[Period], at: usize) -> Sheet {
    let (lang, month) = (book.config.site.lang, months[at]);
    let name = month.name(Unit::Month);
    let served = (0..book.config.systems.len()).filter(|&s| figure::served(book, s, month));
    let systems: Vec<SystemRow> = served
        .map(|s| SystemRow {
            system: Link::new(
                way.from_here(&super::inert::part(&way::figures_of(&name, &book.config.systems[s].id))),
                &book.config.systems[s].name,
            ),
            cells: glance(book, way, s, month),
        })
        .collect();
    let view = View {
        preliminary: charts::running(book, month),
        heads: heads(book, month),
        systems,
        others: Vec::new(),
        charts: Vec::new(),
        rows: rows(book, way, None, month),
        months: neighbours(book, way, months, at, None),
        report: report(book, way, month),
        json: Link::new(way.from_here("data/figures.json"), "figures.json"),
    };
    let title = month_title(month.first, lang);
    Sheet::new(way::figures(&name), "figures.html", say!("指标 · {title}", "Figures · {title}").to(lang), &view)
}

fn system_sheet(book: &Book<'_>, way: &Way<'_>, months: &[Period], at: usize, system: usize) -> Sheet {
    let (lang, month) = (book.config.site.lang, months[at]);
    let name = month.name(Unit::Month);
    let config = &book.config.systems;
    let window = charts::window(book, month);
    let mut drawn = Vec::new();
    drawn.extend(charts::availability::chart(book, way, system, &window));
    drawn.extend(charts::backups::chart(book, way, system, &window));
    drawn.extend(charts::faults::resolves(book, way, system, &window));
    drawn.extend(charts::patches::chart(book, way, system, &window));
    drawn.extend(charts::capacity::chart(book, way, system, &window));
    drawn.extend(charts::satisfaction::chart(book, way, system, &window));
    drawn.extend(charts::complete::chart(book, way, Some(system), month));
    let other = |s: usize| {
        let url = way.from_here(&super::inert::part(&way::figures_of(&name, &config[s].id)));
        Link::new(url, &config[s].name)
    };
    let others = (0..config.len()).filter(|&s| s != system && figure::served(book, s, month));
    let all = say!("全部系统", "All systems");
    let view = View {
        preliminary: charts::running(book, month),
        heads: Vec::new(),
        systems: Vec::new(),
        others: [Link::new(way.from_here(&way::figures(&name)), all.to(lang))]
            .into_iter()
            .chain(others.map(other))
            .collect(),
        charts: drawn,
        rows: rows(book, way, Some(system), month),
        months: neighbours(book, way, months, at, Some(system)),
        report: report(book, way, month),
        json: Link::new(way.from_here("data/figures.json"), "figures.json"),
    };
    let title = format!("{} · {}", config[system].name, month_title(month.first, lang));
    Sheet::new(way::figures_of(&name, &config[system].id), "figures.html", title, &view)
}

/// The key figures of a system, in the order of [`figure::KEY`].
pub fn glance(book: &Book<'_>, way: &Way<'_>, system: usize, month: Period) -> Vec<Option<FigureView>> {
    figure::KEY
        .iter()
        .map(|key| figure::find(book, *key, Some(system), month).map(|f| figure::view(book, way, f)))
        .collect()
}

/// The heads over [`glance`].
pub fn heads(book: &Book<'_>, month: Period) -> Vec<String> {
    let lang = book.config.site.lang;
    let title = |(name, key): &(&'static str, Option<&str>)| {
        let any = (0..book.config.systems.len()).find_map(|s| figure::find(book, (name, *key), Some(s), month));
        any.map_or_else(|| about(name).map_or(*name, |a| a.title(lang)).to_owned(), |f| figure::title(book, f))
    };
    figure::KEY.iter().map(title).collect()
}

fn report(book: &Book<'_>, way: &Way<'_>, month: Period) -> Link {
    let title = say!("本月月报", "The report of this month");
    Link::new(way.from_here(&way::report(&month.name(Unit::Month))), title.to(book.config.site.lang))
}

/// The months before and after, where the page of that month exists.
fn neighbours(book: &Book<'_>, way: &Way<'_>, months: &[Period], at: usize, system: Option<usize>) -> Neighbours {
    let link = |month: &Period| {
        let name = month.name(Unit::Month);
        let path = system.map_or_else(|| way::figures(&name), |s| way::figures_of(&name, &book.config.systems[s].id));
        let there = system.is_none_or(|s| figure::served(book, s, *month));
        there.then(|| {
            Link::new(way.from_here(&super::inert::part(&path)), month_title(month.first, book.config.site.lang))
        })
    };
    Neighbours {
        previous: at.checked_sub(1).and_then(|before| link(&months[before])),
        next: months.get(at + 1).and_then(link),
    }
}

/// The figures of a system (none: of the organisation) and month, in the order of their list.
fn rows(book: &Book<'_>, way: &Way<'_>, system: Option<usize>, month: Period) -> Vec<TrailView> {
    let mut figures: Vec<&Figure> = figure::of(book, system, month).iter().collect();
    let order: Vec<&str> = crate::measure::names().collect();
    figures.sort_by_key(|f| order.iter().position(|name| *name == f.name));
    let mut told = Told::new();
    figures.into_iter().map(|f| trail(book, way, f, &mut told)).collect()
}

/// Long lists that a page has shown already, and where: several figures are counted from the same records.
type Told = BTreeMap<Vec<RowRef>, Link>;

fn trail(book: &Book<'_>, way: &Way<'_>, of: &Figure, told: &mut Told) -> TrailView {
    let lang = book.config.site.lang;
    let words = about(of.name);
    let counted = words.filter(|w| !w.numerator(lang).is_empty()).map_or_else(String::new, |w| {
        let (n, d) = (w.numerator(lang), w.denominator(lang));
        say!("{n} ÷ {d}", "{n} ÷ {d}").to(lang).to_owned()
    });
    TrailView {
        figure: figure::view(book, way, of),
        anchor: figure::anchor(of),
        how: words.map_or("", |w| w.how(lang)),
        counted,
        lists: lists(book, way, of, told),
    }
}

/// The records behind a figure, and where there should have been one.
fn lists(book: &Book<'_>, way: &Way<'_>, of: &Figure, told: &mut Told) -> Vec<List> {
    let trail = &of.trail;
    let counted: HashSet<RowRef> = trail.hits.iter().copied().collect();
    let rest: Vec<RowRef> = trail.rows.iter().filter(|row| !counted.contains(*row)).copied().collect();
    let words = about(of.name).is_some_and(|a| !a.numerator(book.config.site.lang).is_empty());
    let mut out = Vec::new();
    if words {
        let (hit, other) = parts(of);
        // Slots are counted, not records: what met them is looked up.
        let met = if of.name == "completeness" { met(book, of) } else { trail.hits.clone() };
        out.push(records(book, way, of, (&hit, &met), told));
        out.push(records(book, way, of, (&other, &rest), told));
    } else {
        out.push(records(book, way, of, (&say!("记录", "records"), &trail.rows), told));
    }
    out.push(list(book, &say!("缺失", "missed"), missed(book, way, of)));
    if of.name == "records_accepted" {
        out.push(list(book, &say!("登记", "registers"), registers(book, way, of.month)));
    }
    out.retain(|list| !list.links.is_empty());
    out
}

fn list(book: &Book<'_>, label: &Said, links: Vec<Link>) -> List {
    List {
        label: label.to(book.config.site.lang).to_owned(),
        count: super::rows::grouped(links.len()),
        fold: links.len() > FOLD,
        links,
    }
}

/// Records as links; a long list that the page has shown already is named, and not shown again.
fn records(book: &Book<'_>, way: &Way<'_>, of: &Figure, (label, rows): (&Said, &[RowRef]), told: &mut Told) -> List {
    let lang = book.config.site.lang;
    let mut key = rows.to_vec();
    key.sort_unstable();
    if let Some(there) = told.get(&key) {
        let title = &there.text;
        let same = say!("与“{title}”所列相同", "the same as for {title}").to(lang).to_owned();
        let count = super::rows::grouped(rows.len());
        return List { count, fold: false, ..list(book, label, vec![Link::new(&there.href, same)]) };
    }
    if rows.len() > FOLD {
        let here = format!("#{}", super::inert::part(&figure::anchor(of)));
        told.insert(key, Link::new(here, figure::title(book, of)));
    }
    // What is shown nowhere else is among the rejected; its id may be what could not be read.
    let record = |row: &RowRef| {
        let (kind, at) = (usize::from(row.kind), row.row as usize);
        let url = way.record(kind, at).unwrap_or_else(|| "rejected.html".to_owned());
        let text = match figure::id(book, *row) {
            "" => book.ledger.place(kind, at).to_string(),
            id => id.to_owned(),
        };
        Link::new(way.from_here(&url), text)
    };
    list(book, label, rows.iter().map(record).collect())
}

/// The accepted records of a month, kind by kind: the pages on which they stand, and how many there are.
fn registers(book: &Book<'_>, way: &Way<'_>, month: Period) -> Vec<Link> {
    let of_kind = |(months, kind): (&Vec<Month>, &Kind)| {
        let n = months.iter().find(|m| m.first == month.first)?.rows.len();
        let url = super::inert::part(&way::records(&kind.name, &month.name(Unit::Month), 0));
        let text = format!("{} {}", kind.title.to(book.config.site.lang), super::rows::grouped(n));
        Some(Link::new(way.from_here(&url), text))
    };
    way.shelf.kinds.iter().zip(&book.standard.kinds).filter_map(of_kind).collect()
}

/// What the records in the numerator are called, and the others.
fn parts(of: &Figure) -> (Said, Said) {
    match of.name {
        "availability" | "downtime" => (say!("计为停机", "counted as downtime"), say!("不计", "not counted")),
        "records_sealed" => (Said::default(), say!("没有封存", "not sealed")),
        "mtbf" => (Said::default(), say!("停机", "outages")),
        "coverage" | "backup_success" | "update_checked" => (say!("已有", "met"), say!("其余", "others")),
        name => {
            let words = about(name);
            let (zh, en) = words.map_or(("", ""), |w| (w.numerator(Lang::Zh), w.numerator(Lang::En)));
            (say!("{zh}", "{en}"), say!("其余", "others"))
        }
    }
}

/// The slots that a figure counts, rule by rule.
fn slots<'a>(book: &Book<'a>, of: &Figure) -> Vec<(&'a Rule, Vec<&'a Slot>)> {
    let counts = |rule: &Rule| match of.name {
        "coverage" => matches!(rule.form, Form::Cadence { every: Grain::Shift, .. }),
        "backup_success" => rule.id == "backup.daily",
        "update_checked" => rule.id == "update.monthly",
        "completeness" => of.key.as_ref().is_some_and(|(_, kind)| rule.kind == book.standard.kind(kind)),
        _ => false,
    };
    let groups = book.slots.iter().filter(|g| g.system == of.system && counts(&book.standard.rules[g.rule]));
    groups.map(|g| (&book.standard.rules[g.rule], in_month(&g.slots, of.month).collect())).collect()
}

/// The records that met the slots behind a figure.
fn met(book: &Book<'_>, of: &Figure) -> Vec<RowRef> {
    let mut out = BTreeSet::new();
    for (rule, slots) in slots(book, of) {
        let met = slots.into_iter().filter_map(|s| s.met_by).zip(rule.kind.into_iter().cycle());
        out.extend(met.map(|(row, kind)| RowRef { kind: kind as u16, row }));
    }
    out.into_iter().collect()
}

/// The slots behind a figure that were missed, each with a link to its rule.
fn missed(book: &Book<'_>, way: &Way<'_>, of: &Figure) -> Vec<Link> {
    // A waived shift was not watched either, so it lacks in the coverage.
    let lacks = |s: &&Slot| s.state == State::Missed || (of.name == "coverage" && s.state == State::Waived);
    let mut out = Vec::new();
    for (rule, slots) in slots(book, of) {
        let url = way.from_here(&way::rule(&rule.clause, &rule.id));
        out.extend(slots.into_iter().filter(lacks).map(|slot| Link::new(&url, said(book, slot))));
    }
    out
}

/// `2026-10-03 夜班`, `2026-10-05 至 2026-10-11`.
fn said(book: &Book<'_>, slot: &Slot) -> String {
    let lang = book.config.site.lang;
    match slot.shift {
        Some(shift) => format!("{} {}", slot.first, book.config.shifts[usize::from(shift)].name),
        None => super::findings::range((slot.first, slot.last), None).to(lang).to_owned(),
    }
}
