//! `systems/<id>.html`: what is kept, by whom, who watches it, and how it fares clause by clause.

use serde::Serialize;

use crate::calendar::{Instant, Unit};
use crate::config::{Shift, System};
use crate::ledger::Value;
use crate::say;
use crate::source::Failure;

use super::Book;
use super::aloud::unwatched;
use super::charts::{self, ChartView};
use super::figure;
use super::grid::{self, Count, Group, Head, Row};
use super::inert;
use super::matrix::system_link;
use super::open::{self, OpenFault};
use super::records::month_title;
use super::sheet::{Link, Sheet};
use super::verdict::{Scope, Verdicts};
use super::way::{self, Way};

/// The most outages that are listed; all of them stand among the records.
const OUTAGES: usize = 20;

#[derive(Debug, Serialize)]
struct View {
    id: String,
    name: String,
    owner: String,
    in_service: String,
    /// Empty where it is not retired.
    retired: String,
    shifts: Vec<String>,
    /// Said where nobody watches it; empty otherwise.
    unwatched: String,
    /// The last month that is over; none where there is none yet.
    last: Option<Last>,
    heads: Vec<Head>,
    groups: Vec<Group<Row>>,
    /// Availability month by month; none where it was never in service.
    availability: Option<ChartView>,
    faults: Vec<OpenFault>,
    outages: Vec<Outage>,
    /// All outages, where some are not listed.
    more: Option<Link>,
}

#[derive(Debug, Serialize)]
struct Last {
    month: Link,
    said: String,
    /// Its figures in the month, with their records.
    figures: Option<Link>,
    counts: Vec<Count>,
}

#[derive(Debug, Serialize)]
struct Outage {
    /// Its record.
    record: Link,
    from: String,
    /// Empty where it is not over.
    to: String,
    planned: bool,
}

#[derive(Debug, Serialize)]
struct IndexView {
    systems: Vec<IndexRow>,
}

#[derive(Debug, Serialize)]
struct IndexRow {
    system: Link,
    id: String,
    owner: String,
    in_service: String,
    retired: String,
    shifts: Vec<String>,
}

/// A page for each system, and the list of them.
pub fn sheets(book: &Book<'_>, verdicts: &Verdicts<'_>, way: &Way<'_>) -> Result<Vec<Sheet<'static>>, Failure> {
    let lang = book.config.site.lang;
    let faults = open::faults(book, way)?;
    let mut out: Vec<Sheet<'static>> =
        (0..book.config.systems.len()).map(|at| sheet(book, verdicts, way, at, &faults)).collect();
    let row = |system: &System| IndexRow {
        system: system_link(way, system),
        id: system.id.clone(),
        owner: system.owner.clone(),
        in_service: system.in_service.to_string(),
        retired: system.retired.map_or_else(String::new, |day| day.to_string()),
        shifts: shifts(book, system),
    };
    let view = IndexView { systems: book.config.systems.iter().map(row).collect() };
    out.push(Sheet::new("systems/index.html", "systems.html", say!("系统", "Systems").to(lang), &view));
    Ok(out)
}

fn sheet(book: &Book<'_>, verdicts: &Verdicts<'_>, way: &Way<'_>, at: usize, faults: &[OpenFault]) -> Sheet<'static> {
    let lang = book.config.site.lang;
    let system = &book.config.systems[at];
    let scope = Scope::System(at);
    let months = verdicts.months().last().map_or_else(Vec::new, |&last| charts::window(book, last));
    let last = charts::last_whole(book).map(|month| {
        let counts = grid::counts(book, verdicts, scope, month);
        let href = way.from_here(&way::matrix(&month.name(Unit::Month)));
        Last {
            month: Link::new(href, month_title(month.first, lang)),
            said: grid::sentence(&counts).to(lang).to_owned(),
            figures: figure::served(book, at, month).then(|| {
                let page = inert::part(&way::figures_of(&month.name(Unit::Month), &system.id));
                Link::new(way.from_here(&page), say!("指标与所依据的记录", "Figures and their records").to(lang))
            }),
            counts: grid::tally(&counts, lang),
        }
    });
    let mut groups = grid::chapters(book, |clause| grid::row(book, verdicts, way, clause, scope, &months));
    // Clauses that ask nothing of a system stand with the organisation.
    for group in &mut groups {
        group.rows.retain(|row| row.cells.iter().any(Option::is_some));
    }
    groups.retain(|group| !group.rows.is_empty());
    let (outages, more) = outages(book, way, at);
    let view = View {
        id: system.id.clone(),
        name: system.name.clone(),
        owner: system.owner.clone(),
        in_service: system.in_service.to_string(),
        retired: system.retired.map_or_else(String::new, |day| day.to_string()),
        shifts: shifts(book, system),
        unwatched: unwatched(system).map_or_else(String::new, |said| {
            let (zh, en) = (&said.zh, &said.en);
            say!("{zh}。", "{en}.").to(lang).to_owned()
        }),
        last,
        heads: grid::heads(book, verdicts, way, &months),
        groups,
        availability: charts::availability::chart(book, way, at, &months),
        faults: faults.iter().filter(|f| f.at == Some(at)).cloned().collect(),
        outages,
        more,
    };
    Sheet::new(way::system(&system.id), "system.html", system.name.as_str(), &view)
}

/// `早班 06:00–14:00`.
fn shifts(book: &Book<'_>, system: &System) -> Vec<String> {
    let clock = |seconds: u32| format!("{:02}:{:02}", seconds / 3600, seconds / 60 % 60);
    let said = |shift: &Shift| format!("{} {}–{}", shift.name, clock(shift.start), clock(shift.end));
    system.shifts.iter().map(|&at| said(&book.config.shifts[at])).collect()
}

/// The latest outages of a system, and where there are more.
fn outages(book: &Book<'_>, way: &Way<'_>, system: usize) -> (Vec<Outage>, Option<Link>) {
    let Some(at) = book.standard.kind("outage") else { return (Vec::new(), None) };
    let (kind, table) = (&book.standard.kinds[at], &book.ledger.tables[at]);
    let (ended, planned) = (kind.field("ended_at"), kind.field("planned"));
    let of = |row: &usize| kind.system().and_then(|f| table.code(*row, f)) == Some(system as u16);
    let mut rows: Vec<usize> = table.live().filter(of).collect();
    rows.sort_by_key(|&row| std::cmp::Reverse((table.at[row], row)));
    let zone = &book.config.site.zone;
    let view = |&row: &usize| Outage {
        record: Link::new(way.record(at, row).map_or_else(String::new, |url| way.from_here(&url)), table.ids.get(row)),
        from: zone.local(Instant(table.at[row])),
        to: match ended.map(|f| table.get(row, f)) {
            Some(Value::Time(at)) => zone.local(at),
            _ => String::new(),
        },
        planned: planned.and_then(|f| table.code(row, f)) == Some(1),
    };
    let more = (rows.len() > OUTAGES).then(|| {
        let n = rows.len();
        let said = say!("全部 {n} 条停机记录", "all {n} outages");
        Link::new(way.from_here("records/outage/index.html"), said.to(book.config.site.lang))
    });
    (rows.iter().take(OUTAGES).map(view).collect(), more)
}
