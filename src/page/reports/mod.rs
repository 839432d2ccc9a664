//! `reports/<month>.html`: what a month comes to, for management to read, sign and file; paper first (site.md,
//! section 2). And the list of all reports.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;

use crate::calendar::{Period, Unit};
use crate::finding::Finding;
use crate::output::Summary;
use crate::say;
use crate::say::Said;
use crate::source::Failure;

use super::aloud::{self, Aloud};
use super::archive;
use super::charts::{self, ChartView, small};
use super::desk::Desk;
use super::faults::register::{self, FaultRow};
use super::figure::{self, FigureView};
use super::findings::{FindingView, view as finding_view};
use super::grid::{self, Count, Group};
use super::inert;
use super::matrix::system_link;
use super::records::month_title;
use super::restated::{self, Restated};
use super::rows::grouped;
use super::sheet::{Link, Neighbours, Sheet};
use super::verdict::{MarkView, Scope};
use super::waivers::WaiverRow;
use super::{way, worst};
use side::Side;

pub mod allowed;
mod commentary;
mod graded;
mod head;
pub mod method;
pub mod open;
mod side;
pub mod summary;
#[cfg(test)]
mod tests;
mod updates;
mod versions;

/// The most findings that a report lists in full; the list of findings holds all of them.
const FINDINGS: usize = 60;
/// Of more, so many of each rule.
const OF_RULE: usize = 3;
/// The most faults that a report lists; the register of the month holds all of them.
const FAULTS: usize = 50;

#[derive(Debug, Serialize)]
struct View {
    head: head::Head,
    preliminary: bool,
    /// The seal of the month.
    sealed: Option<archive::Brief>,
    /// The version that stands, where it is not the first.
    version: Option<Link>,
    /// All versions, where there are several.
    versions: Vec<versions::VersionRow>,
    /// Where it is judged otherwise than it was.
    restated: Option<Restated>,
    summary: Vec<String>,
    commentary: Option<commentary::Commentary>,
    counts: Vec<Count>,
    chapters: Vec<Group<ClauseRow>>,
    aloud: Vec<Aloud>,
    matrix: Link,
    /// The key figures side by side, where not every system is shown one by one.
    glance: Option<Side>,
    systems: Vec<SystemView>,
    charts: Vec<ChartView>,
    faults: Vec<FaultRow>,
    /// Where the others stand, if not all are listed.
    faults_more: Option<Link>,
    graded: Side,
    outages: Side,
    findings: Vec<FoundView>,
    /// Where the others stand, if not all are listed.
    findings_more: Option<Link>,
    updates: Vec<updates::UpdateRow>,
    updates_more: Option<Link>,
    update_figures: Side,
    backups: [Side; 2],
    shifts: [Side; 2],
    services: Side,
    organisation: Vec<FigureView>,
    waivers: Vec<WaiverRow>,
    windows: Vec<allowed::WindowRow>,
    open: Vec<open::OpenRow>,
    method: method::Method,
    months: Neighbours,
    figures: Link,
    /// The report as one file for mail; none while the month is not over.
    alone: Option<Link>,
}

#[derive(Debug, Serialize)]
struct ClauseRow {
    clause: Link,
    title: String,
    cell: Option<grid::Cell>,
    /// The result of the month before, where it was another.
    before: Option<MarkView>,
}

/// The key figures of a system.
#[derive(Debug, Serialize)]
struct SystemView {
    system: Link,
    owner: String,
    rows: Vec<KeyRow>,
    chart: Option<ChartView>,
}

#[derive(Debug, Serialize)]
struct KeyRow {
    figure: FigureView,
    /// Its last thirteen months, drawn; empty where there is nothing.
    trend: String,
}

/// A finding with who has to see to it.
#[derive(Debug, Serialize)]
struct FoundView {
    #[serde(flatten)]
    finding: FindingView,
    clause: Link,
    owner: String,
    due: String,
}

/// The reports of all months, the one that is running among them, and their list.
pub fn sheets(desk: &Desk<'_>) -> Result<Vec<Sheet<'static>>, Failure> {
    let months = desk.verdicts.months();
    // Each after its own earlier versions: in the search the newest comes first.
    let written = (0..months.len()).into_par_iter().map(|at| {
        let mut of_month = versions::sheets(desk, months[at]);
        of_month.push(sheet(desk, months, at)?);
        Ok(of_month)
    });
    let mut out: Vec<Sheet<'static>> = written.collect::<Result<Vec<_>, Failure>>()?.into_iter().flatten().collect();
    out.push(index(desk, months));
    Ok(out)
}

fn sheet(desk: &Desk<'_>, months: &[Period], at: usize) -> Result<Sheet<'static>, Failure> {
    let (book, way, lang, month) = (desk.book, desk.way, desk.lang(), months[at]);
    let name = month.name(Unit::Month);
    let counts = grid::counts(book, desk.verdicts, Scope::All, month);
    let before = at.checked_sub(1).map(|before| months[before]);
    let (findings, findings_more) = findings(desk, month);
    let (updates, updates_more) = updates::rows(desk, month);
    let (faults, faults_more) = faults(desk, month);
    let window = charts::window(book, month);
    let mut drawn = Vec::new();
    drawn.extend(charts::faults::counts(book, way, None, &window));
    drawn.extend(charts::faults::responses(book, way, None, &window));
    drawn.extend(charts::complete::chart(book, way, None, month));
    let view = View {
        head: head::head(desk, month),
        preliminary: charts::running(book, month),
        sealed: archive::brief(book, way, month),
        version: versions::latest(desk, month),
        versions: versions::list(desk, month),
        restated: restated::restated(book, way, desk.versions, month),
        summary: summary::sentences(desk, month, before).iter().map(|said| said.to(lang).to_owned()).collect(),
        commentary: commentary::of(desk, &name)?,
        counts: grid::tally(&counts, lang),
        chapters: grid::chapters(book, |clause| ClauseRow {
            clause: grid::link(way, clause),
            title: clause.title.to(lang).to_owned(),
            cell: grid::cell(book, desk.verdicts, way, (&clause.id, Scope::All, month)),
            before: changed(desk, &clause.id, month, before),
        }),
        aloud: aloud::of(book, desk.verdicts, way, month),
        matrix: Link::new(way.from_here(&inert::part(&way::matrix(&name))), month_title(month.first, lang)),
        glance: (desk.served(month).count() > worst::SHOWN).then(|| side::table(desk, month, &figure::KEY)),
        systems: side::foremost(desk, month).iter().map(|&at| key_figures(desk, at, month, &window)).collect(),
        charts: drawn,
        faults,
        faults_more,
        graded: graded::table(desk, month),
        outages: side::table(desk, month, &side::OUTAGES),
        findings,
        findings_more,
        updates,
        updates_more,
        update_figures: side::table(desk, month, &side::UPDATES),
        backups: [side::table(desk, month, &side::BACKUPS), side::table(desk, month, &side::VOLUMES)],
        shifts: [side::table(desk, month, &side::SHIFTS), side::table(desk, month, &side::CAPACITY)],
        services: side::table(desk, month, &side::SERVICES),
        organisation: figure::of(book, None, month).iter().map(|f| figure::view(book, way, f)).collect(),
        waivers: allowed::waivers(desk, month),
        windows: allowed::windows(desk, month),
        open: open::rows(desk, month),
        method: method::method(desk, month),
        months: Neighbours {
            previous: before.map(|month| link(desk, month)),
            next: months.get(at + 1).map(|month| link(desk, *month)),
        },
        figures: Link::new(way.from_here(&way::figures(&name)), month_title(month.first, lang)),
        alone: (!charts::running(book, month)).then(|| head::alone(desk, &way::report_alone(&name))),
    };
    let title = month_title(month.first, lang);
    let title = say!("{title}运维月报", "Operations report {title}");
    Ok(Sheet::new(way::report(&name), "report.html", title.to(lang), &view))
}

/// The reports of closed months, which are published as one file for mail too: their paths, and those of the files.
pub fn alone(desk: &Desk<'_>) -> Vec<(String, String)> {
    let closed = desk.verdicts.months().iter().filter(|month| !charts::running(desk.book, **month));
    let versions = |month: &Period| {
        let name = month.name(Unit::Month);
        let earlier = 1..desk.versions.all(*month).len().max(1);
        let earlier = earlier.map(|n| (way::report_version(&name, n), way::report_version_alone(&name, n)));
        [(way::report(&name), way::report_alone(&name))].into_iter().chain(earlier).collect::<Vec<_>>()
    };
    closed.flat_map(versions).collect()
}

fn link(desk: &Desk<'_>, month: Period) -> Link {
    Link::new(format!("{}.html", month.name(Unit::Month)), month_title(month.first, desk.lang()))
}

fn key_figures(desk: &Desk<'_>, system: usize, month: Period, window: &[Period]) -> SystemView {
    let (book, way) = (desk.book, desk.way);
    let row = |(at, key): (usize, &(&'static str, Option<&'static str>))| {
        let id = format!("trend-{}-{}", system + 1, at + 1);
        let figure = figure::find(book, *key, Some(system), month)?;
        let over = small::over(book, *key, Some(system), window);
        Some(KeyRow { figure: figure::view(book, way, figure), trend: small::trend(book, &id, &over) })
    };
    let config = &book.config.systems[system];
    SystemView {
        system: system_link(way, config),
        owner: config.owner.clone(),
        rows: figure::KEY.iter().enumerate().filter_map(row).collect(),
        chart: charts::availability::chart(book, way, system, window),
    }
}

/// The result of a clause in the month before, where it was another.
fn changed(desk: &Desk<'_>, clause: &str, month: Period, before: Option<Period>) -> Option<MarkView> {
    let was = desk.verdicts.clause(clause, Scope::All, before?)?.outcome;
    let is = desk.verdicts.clause(clause, Scope::All, month)?.outcome;
    let lang = desk.lang();
    (was != is).then(|| MarkView { word: was.short().to(lang).to_owned(), ..was.mark(lang) })
}

/// The faults of the month, and where the others stand, if not all are listed.
fn faults(desk: &Desk<'_>, month: Period) -> (Vec<FaultRow>, Option<Link>) {
    let (Some(faults), Some(writer)) = (&desk.faults, desk.writer(way::FAULT)) else { return (Vec::new(), None) };
    let rows = faults.reported_in(None, &[month]);
    let view = |&row: &usize| register::view(desk.book, desk.way, faults, &writer.row(row));
    let more = (rows.len() > FAULTS).then(|| {
        let n = grouped(rows.len());
        let url = inert::part(&way::records(way::FAULT, &month.name(Unit::Month), 0));
        Link::new(desk.way.from_here(&url), say!("全部 {n} 起", "all {n} faults").to(desk.lang()))
    });
    (rows.iter().take(FAULTS).map(view).collect(), more)
}

/// What was found in the month, with who answers for it; of much, some of every rule.
fn findings(desk: &Desk<'_>, month: Period) -> (Vec<FoundView>, Option<Link>) {
    let book = desk.book;
    let all: Vec<&Finding> = desk.found(month).collect();
    let mut taken = std::collections::BTreeSet::new();
    let mut view = |finding: &&Finding| {
        let (owner, due) = answers(desk, finding);
        let clause = finding
            .clause
            .as_deref()
            .map_or_else(Link::default, |id| Link::new(desk.way.from_here(&inert::part(&way::clause(id))), id));
        FoundView { finding: finding_view(book, desk.way, finding, &mut taken), clause, owner, due }
    };
    if all.len() <= FINDINGS {
        return (all.iter().map(view).collect(), None);
    }
    let mut told: BTreeMap<&str, usize> = BTreeMap::new();
    let mut rows = Vec::new();
    for finding in &all {
        let n = told.entry(&finding.rule).or_default();
        *n += 1;
        if *n <= OF_RULE {
            rows.push(view(finding));
        }
    }
    let n = grouped(all.len());
    let said = say!(
        "这里每条规则最多列 {OF_RULE} 项；本月共 {n} 项，见问题清单",
        "At most {OF_RULE} of each rule stand here; all {n} of the month are in the list of findings"
    );
    (rows, Some(Link::new(desk.way.from_here("findings.html"), said.to(desk.lang()))))
}

/// Who answers for a finding, and by when: what its record says of that, else the owner of its system.
fn answers(desk: &Desk<'_>, finding: &Finding) -> (String, String) {
    let book = desk.book;
    let system = finding.system.as_deref().and_then(|id| book.config.systems.iter().find(|s| s.id == id));
    let owner = system.map_or_else(String::new, |s| s.owner.clone());
    let own = || {
        let writer = desk.writer(finding.kind.as_deref()?)?;
        let row = writer.row(writer.table.find(finding.record.as_deref()?)?);
        let text = |name: &str| writer.kind.field(name).map_or("", |f| row.cells.field(f)).to_owned();
        Some((text("owner"), text("due")))
    };
    match own() {
        Some((theirs, due)) => (if theirs.is_empty() { owner } else { theirs }, due),
        None => (owner, String::new()),
    }
}

#[derive(Debug, Serialize)]
struct IndexView {
    years: Vec<IndexYear>,
}

#[derive(Debug, Serialize)]
struct IndexYear {
    year: i32,
    rows: Vec<IndexRow>,
}

#[derive(Debug, Serialize)]
struct IndexRow {
    report: Link,
    number: String,
    /// The version that stands, where it is not the first.
    version: Option<Link>,
    preliminary: bool,
    counts: Vec<Count>,
    errors: usize,
    warnings: usize,
    waived: usize,
    review: MarkView,
    seal: MarkView,
}

fn index(desk: &Desk<'_>, months: &[Period]) -> Sheet<'static> {
    let (book, lang) = (desk.book, desk.lang());
    let row = |month: &Period| {
        let sum = Summary::of(desk.found(*month));
        let head = head::head(desk, *month);
        IndexRow {
            report: link(desk, *month),
            number: head.number,
            version: versions::latest(desk, *month),
            preliminary: charts::running(book, *month),
            counts: grid::tally(&grid::counts(book, desk.verdicts, Scope::All, *month), lang),
            errors: sum.error,
            warnings: sum.warning,
            waived: sum.waived,
            review: head.review,
            seal: head.seal,
        }
    };
    let year = |of: &[Period]| IndexYear { year: of[0].first.ymd().0, rows: of.iter().map(row).collect() };
    let newest: Vec<Period> = months.iter().rev().copied().collect();
    let view = IndexView { years: newest.chunk_by(|a, b| a.first.ymd().0 == b.first.ymd().0).map(year).collect() };
    Sheet::new("reports/index.html", "reports.html", say!("运维月报", "Monthly reports").to(lang), &view)
}

/// A list of texts in a sentence.
fn listed(texts: &[&str]) -> Said {
    Said::new(texts.join("、"), texts.join(", "))
}
