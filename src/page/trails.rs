//! `figures/<month>/`: every figure of a month with what it was counted from, down to the records (figures.md).
//!
//! The page of the month shows all systems at a glance, and the figures of the organisation; each system has a page of
//! its own beside it.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde::Serialize;

use crate::calendar::{Period, Unit};
use crate::measure::{Figure, RowRef, about};
use crate::say;
use crate::say::{Lang, Said};
use crate::slots::{Slot, State};
use crate::standard::{Form, Grain, Rule};

use super::Book;
use super::charts::{self, ChartView, complete::in_month};
use super::figure::{self, FigureView};
use super::inert;
use super::records::month_title;
use super::sheet::{Link, Neighbours, Sheet};
use super::shelf::Shelf;
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
    /// The links, written out: of all lists together there are more than of anything else on these pages.
    links: String,
}

/// The pages of all months.
pub fn sheets<'a>(book: &'a Book<'a>, shelf: &'a Shelf) -> Vec<Sheet<'a>> {
    let (lang, months) = (book.config.site.lang, charts::months(book, book.as_of));
    let mut out = Vec::new();
    for &month in &months {
        let (name, title) = (month.name(Unit::Month), month_title(month.first, lang));
        let view = move || Ok(of_month(book, &Way::from_depth(book, shelf, 2), month));
        let heading = say!("指标 · {title}", "Figures · {title}");
        out.push(Sheet::late(way::figures(&name), "figures.html", heading.to(lang), view));
        for (at, system) in book.config.systems.iter().enumerate().filter(|(at, _)| figure::served(book, *at, month)) {
            let view = move || Ok(of_system(book, &Way::from_depth(book, shelf, 2), month, at));
            let heading = format!("{} · {title}", system.name);
            out.push(Sheet::late(way::figures_of(&name, &system.id), "figures.html", heading, view));
        }
    }
    out
}

fn of_month(book: &Book<'_>, way: &Way<'_>, month: Period) -> View {
    let name = month.name(Unit::Month);
    let served = (0..book.config.systems.len()).filter(|&s| figure::served(book, s, month));
    let systems: Vec<SystemRow> = served
        .map(|s| SystemRow {
            system: Link::new(
                way.from_here(&inert::part(&way::figures_of(&name, &book.config.systems[s].id))),
                &book.config.systems[s].name,
            ),
            cells: glance(book, way, s, month),
        })
        .collect();
    View {
        preliminary: charts::running(book, month),
        heads: heads(book, month),
        systems,
        others: Vec::new(),
        charts: Vec::new(),
        rows: rows(book, way, None, month),
        months: neighbours(book, way, month, None),
        report: report(book, way, month),
        json: Link::new(way.from_here("data/figures.json"), "figures.json"),
    }
}

fn of_system(book: &Book<'_>, way: &Way<'_>, month: Period, system: usize) -> View {
    let lang = book.config.site.lang;
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
        let url = way.from_here(&inert::part(&way::figures_of(&name, &config[s].id)));
        Link::new(url, &config[s].name)
    };
    let others = (0..config.len()).filter(|&s| s != system && figure::served(book, s, month));
    let all = say!("全部系统", "All systems");
    View {
        preliminary: charts::running(book, month),
        heads: Vec::new(),
        systems: Vec::new(),
        others: [Link::new(way.from_here(&way::figures(&name)), all.to(lang))]
            .into_iter()
            .chain(others.map(other))
            .collect(),
        charts: drawn,
        rows: rows(book, way, Some(system), month),
        months: neighbours(book, way, month, Some(system)),
        report: report(book, way, month),
        json: Link::new(way.from_here("data/figures.json"), "figures.json"),
    }
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
fn neighbours(book: &Book<'_>, way: &Way<'_>, month: Period, system: Option<usize>) -> Neighbours {
    let months = charts::months(book, book.as_of);
    let at = months.iter().position(|one| *one == month).unwrap_or_default();
    let link = |month: &Period| {
        let name = month.name(Unit::Month);
        let path = system.map_or_else(|| way::figures(&name), |s| way::figures_of(&name, &book.config.systems[s].id));
        let there = system.is_none_or(|s| figure::served(book, s, *month));
        there.then(|| Link::new(way.from_here(&inert::part(&path)), month_title(month.first, book.config.site.lang)))
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
    out.push(missed(book, way, of));
    if of.name == "records_accepted" {
        out.push(registers(book, way, of.month));
    }
    out.retain(|list| !list.links.is_empty());
    out
}

fn list(book: &Book<'_>, label: &Said, count: usize, links: String) -> List {
    let label = label.to(book.config.site.lang).to_owned();
    List { label, count: super::rows::grouped(count), fold: count > FOLD, links }
}

/// Writes a link; `url` is encoded, and starts with `#` where it stays on the page.
fn link(way: &Way<'_>, out: &mut String, url: &str, text: &str) {
    out.push_str("<a href=\"");
    if url.starts_with('#') {
        out.push_str(url);
    } else {
        way.up(out, url);
    }
    out.push_str("\">");
    inert::text(out, text);
    out.push_str("</a> ");
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
        let mut links = String::new();
        link(way, &mut links, &there.href, &same);
        return List { count, ..list(book, label, 1, links) };
    }
    if rows.len() > FOLD {
        let here = format!("#{}", inert::part(&figure::anchor(of)));
        told.insert(key, Link::new(here, figure::title(book, of)));
    }
    // What is shown nowhere else is among the rejected; its id may be what could not be read.
    let mut links = String::new();
    for row in rows {
        let (kind, at) = (usize::from(row.kind), row.row as usize);
        let url = way.record(kind, at).unwrap_or_else(|| "rejected.html".to_owned());
        match figure::id(book, *row) {
            "" => link(way, &mut links, &url, &book.ledger.place(kind, at).to_string()),
            id => link(way, &mut links, &url, id),
        }
    }
    list(book, label, rows.len(), links)
}

/// The accepted records of a month, kind by kind: the pages on which they stand, and how many there are.
fn registers(book: &Book<'_>, way: &Way<'_>, month: Period) -> List {
    let (mut count, mut links) = (0, String::new());
    for (months, kind) in way.shelf.kinds.iter().zip(&book.standard.kinds) {
        let Some(of) = months.iter().find(|m| m.first == month.first) else { continue };
        let url = inert::part(&way::records(&kind.name, &month.name(Unit::Month), 0));
        let text = format!("{} {}", kind.title.to(book.config.site.lang), super::rows::grouped(of.rows.len()));
        link(way, &mut links, &url, &text);
        count += 1;
    }
    list(book, &say!("登记", "registers"), count, links)
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
fn missed(book: &Book<'_>, way: &Way<'_>, of: &Figure) -> List {
    // A waived shift was not watched either, so it lacks in the coverage.
    let lacks = |s: &&Slot| s.state == State::Missed || (of.name == "coverage" && s.state == State::Waived);
    let (mut count, mut links) = (0, String::new());
    for (rule, slots) in slots(book, of) {
        let url = way::rule(&rule.clause, &rule.id);
        for slot in slots.into_iter().filter(lacks) {
            link(way, &mut links, &url, &said(book, slot));
            count += 1;
        }
    }
    list(book, &say!("缺失", "missed"), count, links)
}

/// `2026-10-03 夜班`, `2026-10-05 至 2026-10-11`.
fn said(book: &Book<'_>, slot: &Slot) -> String {
    let lang = book.config.site.lang;
    match slot.shift {
        Some(shift) => format!("{} {}", slot.first, book.config.shifts[usize::from(shift)].name),
        None => super::findings::range((slot.first, slot.last), None).to(lang).to_owned(),
    }
}
