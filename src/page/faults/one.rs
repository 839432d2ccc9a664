//! `faults/<id>.html`: all that is known of one fault.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde::Serialize;

use crate::calendar::Instant;
use crate::finding::Finding;
use crate::ledger::{Standing, Value};
use crate::load::{ITEM, is_absent};
use crate::say;
use crate::say::Lang;
use crate::standard::Type;

use super::super::Book;
use super::super::cell::foreign;
use super::super::content::{self, Role};
use super::super::export;
use super::super::figure::spelled;
use super::super::findings::{self, FindingView};
use super::super::inert;
use super::super::outline::deeper;
use super::super::rows::{Row, Writer};
use super::super::sheet::{Link, Neighbours, Sheet};
use super::super::status::marked;
use super::super::verdict::MarkView;
use super::super::way::{self, Way};
use super::clock::Faults;
use super::register;
use super::timeline;

#[derive(Debug, Serialize)]
struct View {
    id: String,
    /// The language of its title, where it is plainly another than the page's.
    lang: &'static str,
    grade: String,
    system: Link,
    state: MarkView,
    /// Another record counts in its place.
    corrected_by: Option<Link>,
    /// The record that it corrects, and why.
    corrects: Option<Link>,
    /// It lies after the instant of judgement, and counts for nothing yet.
    future: bool,
    steps: Vec<StepView>,
    facts: Vec<Fact>,
    cause: Written,
    resolution: Written,
    notes: Written,
    /// The description: of a Markdown record as HTML, else as it was typed.
    body: Option<Body>,
    description: Written,
    outages: Vec<RefView>,
    runbook: Option<Link>,
    follow_up: Option<Link>,
    /// Faults that this one follows up.
    followed: Vec<Link>,
    /// The pages that name it.
    mentioned: Vec<Link>,
    findings: Vec<FindingView>,
    neighbours: Neighbours,
    source: Link,
    row: String,
    digest: String,
}

#[derive(Debug, Serialize)]
struct StepView {
    title: String,
    at: String,
    taken: String,
    limit: String,
    state: Option<MarkView>,
}

/// A field with its value as written.
#[derive(Debug, Serialize)]
struct Fact {
    title: String,
    value: Written,
}

/// A text as written, with its language where it is plainly another than the page's.
#[derive(Debug, Default, Serialize)]
struct Written {
    text: String,
    lang: &'static str,
}

#[derive(Debug, Serialize)]
struct Body {
    html: String,
    lang: &'static str,
    /// The heading that the renderer took for the title of the page, and its `id`.
    title: String,
    title_id: String,
}

/// A record that names the fault.
#[derive(Debug, Serialize)]
struct RefView {
    kind: String,
    record: Link,
    from: String,
    to: String,
    taken: String,
    planned: String,
}

/// The pages of all accepted faults.
pub(super) fn sheets(book: &Book<'_>, way: &Way<'_>, faults: &Faults<'_>, writer: &Writer<'_>) -> Vec<Sheet<'static>> {
    let all = faults.accepted();
    let named = super::named(book);
    let followed = followed(faults);
    let findings = by_record(book);
    (0..all.len())
        .into_par_iter()
        .map(|at| {
            let row = writer.row(all[at]);
            let id = faults.id(row.row);
            let parts = Parts {
                named: named.get(id).map_or(&[], Vec::as_slice),
                followed: followed.get(id).map_or(&[], Vec::as_slice),
                findings: findings.get(id).map_or(&[], Vec::as_slice),
            };
            let neighbours = Neighbours {
                previous: at.checked_sub(1).map(|before| link(way, faults, all[before])),
                next: all.get(at + 1).map(|next| link(way, faults, *next)),
            };
            sheet(book, way, faults, writer, &row, &parts, neighbours)
        })
        .collect()
}

/// What the rest of the archive says of a fault.
struct Parts<'a> {
    named: &'a [(usize, usize)],
    followed: &'a [usize],
    findings: &'a [&'a Finding],
}

fn link(way: &Way<'_>, faults: &Faults<'_>, row: usize) -> Link {
    let url = way.record(faults.at, row);
    Link::new(url.map_or_else(String::new, |url| way.from_here(&url)), faults.id(row))
}

fn sheet(
    book: &Book<'_>,
    way: &Way<'_>,
    faults: &Faults<'_>,
    writer: &Writer<'_>,
    row: &Row,
    parts: &Parts<'_>,
    neighbours: Neighbours,
) -> Sheet<'static> {
    let (lang, id) = (book.config.site.lang, faults.id(row.row));
    let field = |name: &str| faults.kind.field(name);
    let text = |name: &str| field(name).map_or("", |f| shown(faults, row, f));
    let reference = |name: &str| {
        let (f, said) = (field(name)?, text(name));
        let Type::Ref(of) = &faults.kind.fields[f].ty else { return None };
        (!said.is_empty()).then(|| {
            let url = way.reference(of, said);
            Link::new(url.map_or_else(String::new, |url| way.from_here(&url)), said)
        })
    };
    let standing = faults.table.standing[row.row];
    let mut taken = BTreeSet::new();
    let (_, line) = faults.table.position(row.row);
    let path = writer.path(faults.table.file(row.row));
    let rendered = book.content.body(faults.at, row.row).filter(|_| row.cells.has_body);
    let times = faults.times(row.row);
    let step = |step: &timeline::Step| StepView {
        title: step.title.to(lang).to_owned(),
        at: step.at.map_or_else(|| "–".to_owned(), |at| book.config.site.zone.local(at)),
        taken: step.taken.to(lang).to_owned(),
        limit: step.limit.to(lang).to_owned(),
        state: step.state.as_ref().map(|(mark, word)| marked(*mark, word, lang)),
    };
    let label = register::label(faults, row);
    let view = View {
        id: id.to_owned(),
        lang: foreign(&label, lang).map_or("", Lang::tag),
        grade: faults.grade(row.row).map_or_else(String::new, |g| g.title.to(lang).to_owned()),
        system: faults.system(row.row).map_or_else(Link::default, |s| {
            let system = &book.config.systems[s];
            Link::new(way.from_here(&inert::part(&way::system(&system.id))), &system.name)
        }),
        state: register::state(faults, row.row, lang),
        corrected_by: writer
            .corrected_by(row.row)
            .filter(|_| standing == Standing::Corrected)
            .map(|new| link(way, faults, new)),
        corrects: reference("corrects"),
        future: standing == Standing::Future,
        steps: timeline::steps(&times, book.as_of).iter().map(step).collect(),
        facts: facts(faults, row, lang),
        cause: written(text("cause"), lang),
        resolution: written(text("resolution"), lang),
        notes: written(text("notes"), lang),
        body: rendered.map(|page| Body {
            html: deeper(&page.html, 1),
            lang: foreign(&page.plain, lang).map_or("", Lang::tag),
            title: page.title.clone().filter(|_| page.title_id.is_some()).unwrap_or_default(),
            title_id: page.title_id.clone().unwrap_or_default(),
        }),
        description: written(if rendered.is_none() { text("description") } else { "" }, lang),
        outages: parts.named.iter().map(|&(kind, row)| named(book, way, kind, row)).collect(),
        runbook: reference("runbook").map(|link| Link { text: runbook(book, &link.text), ..link }),
        follow_up: reference("follow_up"),
        followed: parts.followed.iter().map(|&row| link(way, faults, row)).collect(),
        mentioned: content::leading(book, way, [inert::part(&way::fault(id)).as_str()]),
        findings: parts.findings.iter().map(|f| findings::view(book, way, f, &mut taken)).collect(),
        neighbours,
        source: Link::new(way.from_here(&inert::part(&export::evidence(path))), format!("{path}:{line}")),
        row: way.row(faults.at, row.row).map_or_else(String::new, |url| way.from_here(&url)),
        digest: row.digest.clone(),
    };
    Sheet::new(way::fault(id), "fault.html", label, &view)
}

/// The title of a runbook, for readers of the site; its name where there is none.
fn runbook(book: &Book<'_>, name: &str) -> String {
    let kind = book.standard.kinds.iter().position(|kind| kind.pages);
    let table = kind.map(|at| &book.ledger.tables[at]);
    // A record may know it by a name that it had before.
    let name = table.and_then(|table| Some(table.ids.get(table.find(name)?))).unwrap_or(name);
    let mut led = book.content.led(book.config.site.lang);
    let found = led.find(|(original, _)| original.role == Role::Runbook && original.name == name);
    found.map_or_else(|| name.to_owned(), |(_, shown)| shown.title.clone())
}

/// The text of a field as written; empty where it means "absent".
fn shown<'r>(faults: &Faults<'_>, row: &'r Row, field: usize) -> &'r str {
    let text = row.cells.field(field);
    if is_absent(faults.kind, field, text) { "" } else { text }
}

fn written(text: &str, lang: Lang) -> Written {
    let comma = if lang == Lang::Zh { "；" } else { "; " };
    Written { text: text.replace(ITEM, comma), lang: foreign(text, lang).map_or("", Lang::tag) }
}

/// What is told in a place of its own on the page.
const TOLD: [&str; 15] = [
    "id",
    "system",
    "reported_at",
    "grade",
    "summary",
    "description",
    "responded_at",
    "resolved_at",
    "cause",
    "resolution",
    "verified_at",
    "follow_up",
    "runbook",
    "notes",
    "corrects",
];

/// Every other field that has a value, and the columns that the kind does not know.
fn facts(faults: &Faults<'_>, row: &Row, lang: Lang) -> Vec<Fact> {
    let fields = faults.kind.fields.iter().enumerate().filter(|(_, f)| !TOLD.contains(&f.name.as_str()));
    let known =
        fields.map(|(at, f)| Fact { title: f.title.to(lang).to_owned(), value: written(shown(faults, row, at), lang) });
    let extras = row.cells.extras().map(|(name, text)| Fact { title: name.to_owned(), value: written(text, lang) });
    known.chain(extras).filter(|fact| !fact.value.text.is_empty()).collect()
}

/// A record that names the fault, such as an outage.
fn named(book: &Book<'_>, way: &Way<'_>, at: usize, row: usize) -> RefView {
    let (lang, zone) = (book.config.site.lang, &book.config.site.zone);
    let (kind, table) = (&book.standard.kinds[at], &book.ledger.tables[at]);
    let start = Instant(table.at[row]);
    let end = match kind.field("ended_at").map(|f| table.get(row, f)) {
        Some(Value::Time(end)) => Some(end),
        _ => None,
    };
    let planned = kind.field("planned").and_then(|f| table.code(row, f));
    let word = match planned {
        Some(1) => say!("计划内", "planned"),
        _ => say!("计划外", "unplanned"),
    };
    let url = way.record(at, row);
    RefView {
        kind: kind.title.to(lang).to_owned(),
        record: Link::new(url.map_or_else(String::new, |url| way.from_here(&url)), table.ids.get(row)),
        from: zone.local(start),
        to: end.map_or_else(String::new, |end| zone.local(end)),
        taken: end.filter(|end| *end >= start).map_or_else(String::new, |end| spelled(end.0 - start.0, lang)),
        planned: if kind.field("planned").is_some() { word.to(lang).to_owned() } else { String::new() },
    }
}

/// The faults that name another as their follow-up, by that other's id.
fn followed<'a>(faults: &Faults<'a>) -> BTreeMap<&'a str, Vec<usize>> {
    let mut out: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    if let Some(field) = faults.kind.field("follow_up") {
        for row in faults.table.live().filter(|&row| !faults.table.text(row, field).is_empty()) {
            out.entry(faults.table.text(row, field)).or_default().push(row);
        }
    }
    out
}

/// The findings about faults, by the id of the fault.
fn by_record<'a>(book: &Book<'a>) -> BTreeMap<&'a str, Vec<&'a Finding>> {
    let mut out: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in book.findings.iter().filter(|f| f.kind.as_deref() == Some(way::FAULT)) {
        if let Some(record) = finding.record.as_deref() {
            out.entry(record).or_default().push(finding);
        }
    }
    out
}
