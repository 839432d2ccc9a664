//! The versions of a report whose month is judged otherwise than it was sealed: their list on the report itself, and a
//! page for each earlier one, which shows what the seal holds (archive.md, section 4).

use serde::Serialize;

use crate::calendar::{Day, Period, Unit};
use crate::finding::Severity;
use crate::say;
use crate::say::{Lang, Said};
use crate::seal::Sealed;
use crate::seal::compare::Fields;
use crate::seal::file::VERDICTS;

use super::super::archive::{self, Brief};
use super::super::desk::Desk;
use super::super::findings;
use super::super::grid::{self, Count, Group};
use super::super::inert;
use super::super::matrix::system_link;
use super::super::records::month_title;
use super::super::restated::{self, Changes, Reading, Version, change, reading, text};
use super::super::rows::grouped;
use super::super::sheet::{Link, Neighbours, Sheet};
use super::super::verdict::{MarkView, Outcome};
use super::super::way;
use super::{head, summary};

/// The most findings that a version lists; the file of the seal holds all of them.
const FINDINGS: usize = 300;

/// A version in the list of a report.
#[derive(Debug, Serialize)]
pub struct VersionRow {
    /// Its name, with its page; the one that stands leads nowhere, because it is the report itself.
    version: Link,
    /// When it was sealed, local; empty where no seal holds it yet.
    sealed: String,
    /// The month whose seal holds it, with the page of the seals.
    seal: Link,
    /// How much differs from the version before; empty for the first.
    changes: String,
    /// Why.
    causes: Vec<String>,
}

/// The version of a report that stands, where it is not the first: its number, and where all are listed.
pub fn latest(desk: &Desk<'_>, month: Period) -> Option<Link> {
    let n = desk.versions.all(month).len();
    (n > 1).then(|| Link::new(restated::listed(desk.way, month), restated::name(n).to(desk.lang())))
}

/// The list of versions; empty for a month that comes to what it was sealed as.
pub fn list(desk: &Desk<'_>, month: Period) -> Vec<VersionRow> {
    let all = desk.versions.all(month);
    if all.len() < 2 {
        return Vec::new();
    }
    let (book, lang) = (desk.book, desk.lang());
    let row = |(at, version): (usize, &Version<'_>)| {
        let before = at.checked_sub(1).map(|before| &all[before]);
        let url = if at + 1 < all.len() { page(desk, month, at + 1) } else { String::new() };
        VersionRow {
            version: Link::new(url, restated::name(at + 1).to(lang)),
            sealed: version.seal.map_or_else(String::new, |seal| book.config.site.zone.local(seal.seal.sealed)),
            seal: version.seal.map_or_else(
                || {
                    Link::new(
                        "",
                        say!("尚未封存，列入下一次封存", "not sealed yet; the next seal will hold it").to(lang),
                    )
                },
                |seal| sealed_in(desk, seal),
            ),
            changes: before.map_or_else(String::new, |before| change(before, version).said().to(lang).to_owned()),
            causes: before.map_or_else(Vec::new, |before| restated::causes(book, before, version)),
        }
    };
    all.iter().enumerate().map(row).collect()
}

/// The page of an earlier version by its number, from a report.
fn page(desk: &Desk<'_>, month: Period, number: usize) -> String {
    desk.way.from_here(&inert::part(&way::report_version(&month.name(Unit::Month), number)))
}

fn sealed_in(desk: &Desk<'_>, seal: &Sealed) -> Link {
    let name = seal.month().name(Unit::Month);
    let said = say!("{name} 的封存", "the seal of {name}");
    Link::new(desk.way.from_here(way::ARCHIVE), said.to(desk.lang()))
}

#[derive(Debug, Serialize)]
struct View {
    /// Which version of how many it is, and by which it was superseded.
    said: String,
    number: String,
    version: String,
    from: String,
    to: String,
    /// The month, with the report as it stands.
    month: Link,
    /// The report as it stands, by its version.
    report: Link,
    sealed: Brief,
    seal: Link,
    standard: String,
    tool: String,
    /// What the next version says otherwise, and why.
    changes: Changes,
    /// The results in a sentence, as the search shows them.
    summary: Vec<String>,
    counts: Vec<Count>,
    chapters: Vec<Group<ClauseRow>>,
    systems: Vec<SystemView>,
    findings: Vec<FindingRow>,
    /// How many are not listed; empty where all are.
    more: String,
    /// The file of the seal.
    file: Link,
    versions: Neighbours,
    /// The version as one file for mail.
    alone: Link,
}

#[derive(Debug, Serialize)]
struct ClauseRow {
    clause: Link,
    mark: MarkView,
    /// What the next version says, where it says something else.
    next: Option<MarkView>,
}

#[derive(Debug, Serialize)]
struct SystemView {
    system: Link,
    rows: Vec<Reading>,
    /// The titles of those of which there was nothing to measure.
    without: String,
}

#[derive(Debug, Serialize)]
struct FindingRow {
    severity: &'static str,
    waived_by: Option<Link>,
    clause: Link,
    /// The rule, with its place on the page of its clause.
    rule: Link,
    system: String,
    range: String,
    record: Option<Link>,
}

/// The pages of the earlier versions of a month.
pub fn sheets(desk: &Desk<'_>, month: Period) -> Vec<Sheet<'static>> {
    let earlier = desk.versions.all(month).windows(2).enumerate();
    earlier.filter_map(|(at, pair)| Some(sheet(desk, at + 1, &pair[0], &pair[1], pair[0].seal?))).collect()
}

fn sheet(desk: &Desk<'_>, number: usize, version: &Version<'_>, next: &Version<'_>, seal: &Sealed) -> Sheet<'static> {
    let (book, way, lang, month) = (desk.book, desk.way, desk.lang(), version.month);
    let of = desk.versions.all(month).len();
    let name = month.name(Unit::Month);
    let title = month_title(month.first, lang);
    let names = [number, number + 1].map(|n| restated::name(n).to(lang).to_owned());
    let counts = grid::counted(version.outcomes().map(|(_, outcome)| outcome));
    let other = |n: usize| Link::new(page(desk, month, n), restated::name(n).to(lang));
    let report = way.from_here(&inert::part(&way::report(&name)));
    let (findings, more) = found(desk, version);
    let view = View {
        said: said(desk, (number, of), next, seal).to(lang).to_owned(),
        number: head::number(month),
        version: say!("第 {number} 版，共 {of} 版", "{number} of {of}").to(lang).to_owned(),
        from: month.first.to_string(),
        to: month.last().to_string(),
        month: Link::new(&report, &title),
        report: Link::new(&report, say!("现行版本（第 {of} 版）", "The version that stands ({of})").to(lang)),
        sealed: archive::brief_of(book, way, seal),
        seal: sealed_in(desk, seal),
        standard: seal.seal.standard.clone(),
        tool: seal.seal.tool.clone(),
        changes: restated::changes(book, way, version, next, names),
        summary: vec![summary::stop(grid::sentence(&counts)).to(lang).to_owned()],
        counts: grid::tally(&counts, lang),
        chapters: chapters(desk, version, next),
        systems: systems(desk, version),
        findings,
        more,
        file: Link::new(way.from_here(&format!("{}{VERDICTS}", seal.folder())), format!("{}{VERDICTS}", seal.folder())),
        versions: Neighbours {
            previous: (number > 1).then(|| other(number - 1)),
            next: Some(if number + 1 < of { other(number + 1) } else { Link::new(report, standing(of).to(lang)) }),
        },
        alone: head::alone(desk, &way::report_version_alone(&name, number)),
    };
    let title = say!("{title}运维月报（第 {number} 版）", "Operations report {title}, version {number}");
    Sheet::new(way::report_version(&name, number), "report-version.html", title.to(lang), &view)
}

fn standing(of: usize) -> Said {
    let name = restated::name(of);
    let (zh, en) = (&name.zh, &name.en);
    say!("{zh}（现行）", "{en}, which stands")
}

/// What a reader must know before anything else.
fn said(desk: &Desk<'_>, (number, of): (usize, usize), next: &Version<'_>, seal: &Sealed) -> Said {
    let zone = &desk.book.config.site.zone;
    let (at, name) = (zone.local(seal.seal.sealed), seal.month().name(Unit::Month));
    let mut out = say!(
        "第 {number} 版，共 {of} 版；{at} 写入 {name} 的封存，此后未改。",
        "Version {number} of {of}, written into the seal of {name} at {at} and kept as it was."
    );
    let after = number + 1;
    out.push(&match restated::sealed(desk.book, next) {
        Some((at, name)) => say!(
            "取代它的是第 {after} 版，{at} 写入 {name} 的封存。",
            " Version {after} superseded it, written into the seal of {name} at {at}."
        ),
        None => say!("取代它的是第 {after} 版，尚未封存。", " Version {after} supersedes it, which no seal holds yet."),
    });
    out
}

/// The results, in the order of the standard; clauses that it no longer has come last.
fn chapters(desk: &Desk<'_>, version: &Version<'_>, next: &Version<'_>) -> Vec<Group<ClauseRow>> {
    let (book, lang) = (desk.book, desk.lang());
    let row = |id: &str, outcome: Outcome| ClauseRow {
        clause: restated::clause(book, desk.way, id),
        mark: outcome.mark(lang),
        next: next.outcome(id).filter(|next| *next != outcome).map(|next| next.mark(lang)),
    };
    let mut out = grid::chapters(book, |clause| version.outcome(&clause.id).map(|outcome| row(&clause.id, outcome)));
    let gone = version.outcomes().filter(|(id, _)| book.standard.clauses.iter().all(|clause| clause.id != *id));
    let gone: Vec<_> = gone.map(|(id, outcome)| Some(row(id, outcome))).collect();
    if !gone.is_empty() {
        let title = say!("现行标准中已没有的条款", "Clauses that the standard no longer has");
        out.push(Group { id: String::new(), title: title.to(lang).to_owned(), rows: gone });
    }
    let there = |group: Group<Option<ClauseRow>>| Group {
        id: group.id,
        title: group.title,
        rows: group.rows.into_iter().flatten().collect(),
    };
    out.into_iter().map(there).filter(|group| !group.rows.is_empty()).collect()
}

/// The figures, system by system, the organisation last.
fn systems(desk: &Desk<'_>, version: &Version<'_>) -> Vec<SystemView> {
    let (book, lang) = (desk.book, desk.lang());
    let place = |line: &Fields| match text(line, "system") {
        "" => usize::MAX,
        id => book.config.system(id).unwrap_or(usize::MAX - 1),
    };
    let mut lines: Vec<(&Fields, Reading)> =
        version.figures().map(|line| (line, reading(book, version.month, line))).collect();
    lines.sort_by_key(|(line, reading)| (place(line), text(line, "system"), reading.order));
    let group = |of: &[(&Fields, Reading)]| {
        let id = text(of[0].0, "system");
        let (without, rows): (Vec<&Reading>, Vec<&Reading>) = of.iter().map(|(_, r)| r).partition(|r| r.is_empty());
        let without: Vec<&str> = without.into_iter().map(|reading| reading.title.as_str()).collect();
        SystemView {
            system: match (id, book.config.system(id)) {
                ("", _) => Link::new("", say!("全单位", "Organisation").to(lang)),
                (_, Some(at)) => system_link(desk.way, &book.config.systems[at]),
                (id, None) => Link::new("", id),
            },
            rows: rows.into_iter().cloned().collect(),
            without: without.join(if lang == Lang::Zh { "、" } else { ", " }),
        }
    };
    lines.chunk_by(|a, b| text(a.0, "system") == text(b.0, "system")).map(group).collect()
}

/// The findings in the order of the report: by clause, as the standard has them.
fn found(desk: &Desk<'_>, version: &Version<'_>) -> (Vec<FindingRow>, String) {
    let order = |line: &Fields| desk.book.standard.clauses.iter().position(|clause| clause.id == text(line, "clause"));
    let mut lines: Vec<&Fields> = version.findings().collect();
    lines.sort_by_key(|line| order(line).unwrap_or(usize::MAX));
    let left = lines.len().saturating_sub(FINDINGS);
    let rows = lines.into_iter().take(FINDINGS).map(|line| finding(desk, line)).collect();
    (rows, if left > 0 { grouped(left) } else { String::new() })
}

fn finding(desk: &Desk<'_>, line: &Fields) -> FindingRow {
    let (book, way, lang) = (desk.book, desk.way, desk.lang());
    let (clause, rule, system) = (text(line, "clause"), text(line, "finding"), text(line, "system"));
    let known = book.standard.rule(rule);
    let day = |name: &str| Day::parse_iso(text(line, name));
    let record = line.get("record").map(|id| {
        let kind = book.standard.kind(text(line, "kind"));
        let row = kind.and_then(|kind| Some((kind, book.ledger.tables[kind].find(id)?)));
        row.map_or_else(|| Link::new("", id.as_str()), |(kind, row)| desk.link(kind, row))
    });
    FindingRow {
        severity: Severity::of_name(text(line, "severity")).unwrap_or(Severity::Info).name(),
        waived_by: line.get("waived_by").map(|id| findings::waiver(book, way, id)),
        clause: Link::new(restated::clause(book, way, clause).href, clause),
        rule: known.map_or_else(
            || Link::new("", rule),
            |known| Link::new(way.from_here(&way::rule(&known.clause, rule)), known.title.to(lang)),
        ),
        system: book.config.system(system).map_or(system, |at| &book.config.systems[at].name).to_owned(),
        range: day("from")
            .zip(day("to"))
            .map_or_else(String::new, |days| findings::range(days, None).to(lang).to_owned()),
        record,
    }
}
