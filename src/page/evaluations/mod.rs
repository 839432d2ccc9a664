//! `evaluations/<half>.html`: what the half-yearly evaluation has before it, and what it decided: the data of the half,
//! its problems, what users said, targets against results, the improvement plan as it stands, and the minutes where
//! there are some (site.md, section 2). Paper first, as the monthly reports. And the list of all packs.

use rayon::prelude::*;
use serde::Serialize;

use crate::TOOL;
use crate::calendar::{Day, Period, Unit};
use crate::say;
use crate::say::Lang;
use crate::source::Failure;

use super::Book;
use super::charts::{self, ChartView};
use super::desk::Desk;
use super::grid::{self, Count, Group, Head, Row};
use super::improvements::{self, ImprovementRow, Plan};
use super::records::month_title;
use super::reports::{method, open};
use super::rows::Writer;
use super::sheet::{Link, Neighbours, Sheet};
use super::verdict::{MarkView, Outcome, Scope};
use super::way::{self, Way};
use super::worst;

mod feedback;
mod meeting;
mod problems;
mod summary;
mod targets;
#[cfg(test)]
mod tests;

use feedback::Feedback;
use meeting::Meeting;
use problems::Problem;
use targets::SystemTargets;

/// The name of the kind.
pub const KIND: &str = "evaluation";

#[derive(Debug, Serialize)]
struct View {
    number: String,
    from: String,
    to: String,
    prepared: &'static str,
    preliminary: bool,
    meetings: Vec<Meeting>,
    /// Whether the half was evaluated in time; none where no rule asks for it.
    held: Option<MarkView>,
    summary: Vec<String>,
    counts: Vec<Count>,
    heads: Vec<Head>,
    groups: Vec<Group<ClauseRow>>,
    charts: Vec<ChartView>,
    problems: Vec<Problem>,
    open: Vec<open::OpenRow>,
    feedback: Feedback,
    targets: Vec<SystemTargets>,
    /// That not all systems are shown, where there are many.
    others: Option<Others>,
    plan: Vec<ImprovementRow>,
    reports: Vec<Link>,
    method: method::Method,
    halves: Neighbours,
}

/// Systems that are left out, and where all are.
#[derive(Debug, Serialize)]
struct Others {
    said: String,
    /// The figures of each month.
    all: Vec<Link>,
}

#[derive(Debug, Serialize)]
struct ClauseRow {
    #[serde(flatten)]
    row: Row,
    /// The worst result of its months.
    half: Option<MarkView>,
}

/// An evaluation that was held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Its row.
    pub row: usize,
    /// Its id.
    pub id: String,
    /// The half that it names: `2026H1`.
    pub half: String,
    /// The address of its pack from the root of the site; none where the half has none.
    pub pack: Option<String>,
}

/// A half with its months.
struct Half<'m> {
    period: Period,
    name: String,
    /// Those that the archive has.
    months: &'m [Period],
}

/// The evaluations that were held, in order of their days.
pub fn held(book: &Book<'_>, way: &Way<'_>) -> Result<Vec<Held>, Failure> {
    let Some(at) = book.standard.kind(KIND) else { return Ok(Vec::new()) };
    Ok(held_of(book, &Writer::open(book, way, at)?))
}

fn held_of(book: &Book<'_>, writer: &Writer<'_>) -> Vec<Held> {
    let months = charts::months(book, book.as_of);
    let known: Vec<String> = halves(&months).into_iter().map(|half| half.name).collect();
    let Some(field) = writer.kind.field("half") else { return Vec::new() };
    let mut rows: Vec<usize> = writer.table.live().collect();
    rows.sort_by_key(|&row| (writer.table.at[row], row));
    let held = |row: usize| {
        let half = writer.row(row).cells.field(field).trim().to_ascii_uppercase();
        let pack = known.contains(&half).then(|| way::evaluation(&half));
        Held { row, id: writer.table.ids.get(row).to_owned(), half, pack }
    };
    rows.into_iter().map(held).collect()
}

fn halves(months: &[Period]) -> Vec<Half<'_>> {
    let half = |month: &Period| Period::of(Unit::Half, month.first);
    let of = |months: &'_ [Period]| half(&months[0]);
    months
        .chunk_by(|a, b| half(a) == half(b))
        .map(|months| Half { period: of(months), name: of(months).name(Unit::Half), months })
        .collect()
}

/// The packs of all halves, the one that is running among them, and their list.
pub fn sheets(desk: &Desk<'_>) -> Vec<Sheet<'static>> {
    let halves = halves(desk.verdicts.months());
    let held = desk.writer(KIND).map_or_else(Vec::new, |writer| held_of(desk.book, writer));
    let mut out: Vec<Sheet<'static>> =
        (0..halves.len()).into_par_iter().map(|at| sheet(desk, &halves, at, &held)).collect();
    out.push(index(desk, &halves, &held));
    out
}

fn sheet(desk: &Desk<'_>, halves: &[Half<'_>], at: usize, held: &[Held]) -> Sheet<'static> {
    let (book, way, lang, half) = (desk.book, desk.way, desk.lang(), &halves[at]);
    let of_half: Vec<&Held> = held.iter().filter(|held| held.half == half.name).collect();
    let counts = counts(desk, half);
    let (shown, all) = targets::foremost(desk, half.months, worst::TABLED);
    let (charted, _) = targets::foremost(desk, half.months, worst::SHOWN);
    let mut drawn: Vec<ChartView> =
        charted.iter().filter_map(|s| charts::availability::chart(book, way, *s, half.months)).collect();
    drawn.extend(charts::faults::counts(book, way, None, half.months));
    drawn.extend(charts::faults::responses(book, way, None, half.months));
    let problems = problems::rows(desk, half.months);
    let feedback = feedback::feedback(desk, half.months);
    let plan = plan(desk, half.period, held, &of_half);
    let other = |half: &Half<'_>| Link::new(format!("{}.html", half.name), title(half.period, lang));
    let view = View {
        number: format!("WK-{}", half.name),
        from: half.period.first.to_string(),
        to: half.period.last().to_string(),
        prepared: TOOL,
        preliminary: !desk.verdicts.over(half.period),
        meetings: of_half.iter().filter_map(|held| meeting::meeting(desk, held.row)).collect(),
        held: meeting::state(desk, half.period),
        summary: summary::sentences(desk, half, &counts, &feedback, &plan)
            .iter()
            .map(|said| said.to(lang).to_owned())
            .collect(),
        counts: grid::tally(&counts, lang),
        heads: grid::heads(book, desk.verdicts, way, half.months),
        groups: grid::chapters(book, |clause| ClauseRow {
            row: grid::row(book, desk.verdicts, way, clause, Scope::All, half.months),
            half: worst(desk, &clause.id, half.months)
                .map(|outcome| MarkView { word: outcome.short().to(lang).to_owned(), ..outcome.mark(lang) }),
        }),
        charts: drawn,
        problems,
        open: half.months.last().map_or_else(Vec::new, |month| open::rows(desk, *month)),
        feedback,
        targets: targets::targets(desk, half.months, &shown),
        others: worst::said(all, shown.len()).map(|said| Others {
            said: said.to(lang).to_owned(),
            all: half.months.iter().map(|m| figures(*m, way, lang)).collect(),
        }),
        plan,
        reports: half.months.iter().map(|m| report(*m, way, lang)).collect(),
        method: method::method(desk, half.period),
        halves: Neighbours {
            previous: at.checked_sub(1).map(|before| other(&halves[before])),
            next: halves.get(at + 1).map(other),
        },
    };
    let of = title(half.period, lang);
    let title = say!("{of}评估材料", "Evaluation pack, {of}");
    Sheet::new(way::evaluation(&half.name), "evaluation.html", title.to(lang), &view)
}

fn report(month: Period, way: &Way<'_>, lang: Lang) -> Link {
    Link::new(way.from_here(&way::report(&month.name(Unit::Month))), month_title(month.first, lang))
}

fn figures(month: Period, way: &Way<'_>, lang: Lang) -> Link {
    Link::new(way.from_here(&way::figures(&month.name(Unit::Month))), month_title(month.first, lang))
}

/// `2026 年上半年`.
fn title(half: Period, lang: Lang) -> String {
    let (year, month, _) = half.first.ymd();
    let said = match month {
        1 => say!("{year} 年上半年", "first half of {year}"),
        _ => say!("{year} 年下半年", "second half of {year}"),
    };
    said.to(lang).to_owned()
}

/// The worst result of a clause in some months.
fn worst(desk: &Desk<'_>, clause: &str, months: &[Period]) -> Option<Outcome> {
    months.iter().filter_map(|month| desk.verdicts.clause(clause, Scope::All, *month)).map(|v| v.outcome).max()
}

/// How many clauses have which result over the half, the worst first.
fn counts(desk: &Desk<'_>, half: &Half<'_>) -> Vec<(Outcome, usize)> {
    let all: Vec<Outcome> = desk.book.standard.clauses.iter().filter_map(|c| worst(desk, &c.id, half.months)).collect();
    let count = |of: Outcome| (of, all.iter().filter(|o| **o == of).count());
    Outcome::ALL.into_iter().map(count).filter(|(_, n)| *n > 0).collect()
}

/// What the evaluations of the half asked for, what was raised in it, and what earlier ones left to it.
fn plan(desk: &Desk<'_>, half: Period, held: &[Held], of_half: &[&Held]) -> Vec<ImprovementRow> {
    let Some(writer) = desk.writer(improvements::KIND) else { return Vec::new() };
    let plan = Plan { writer };
    let evaluation = writer.kind.field("evaluation");
    let asked = |row: usize| {
        let named = evaluation.map_or("", |f| writer.table.text(row, f)).to_owned();
        of_half.iter().any(|held| held.id == named)
    };
    let eve = Day(half.first.0 - 1);
    let left = |row: usize, raised: Day| raised < half.first && !plan.done_by(row, eve) && !plan.is(row, "dropped");
    let mut rows: Vec<usize> = writer
        .table
        .live()
        .filter(|&row| asked(row) || writer.table.date(row).is_some_and(|day| half.contains(day) || left(row, day)))
        .collect();
    rows.sort_by_key(|&row| (plan.day(row, "due"), row));
    rows.into_iter().map(|row| improvements::row(desk.book, desk.way, plan, row, held)).collect()
}

#[derive(Debug, Serialize)]
struct IndexView {
    rows: Vec<IndexRow>,
    register: Link,
}

#[derive(Debug, Serialize)]
struct IndexRow {
    pack: Link,
    number: String,
    preliminary: bool,
    counts: Vec<Count>,
    meetings: Vec<Meeting>,
    held: Option<MarkView>,
    /// How many improvements it asked for, and how many of them are not done.
    asked: usize,
    open: usize,
}

fn index(desk: &Desk<'_>, halves: &[Half<'_>], held: &[Held]) -> Sheet<'static> {
    let lang = desk.lang();
    let row = |half: &Half<'_>| {
        let of_half: Vec<&Held> = held.iter().filter(|held| held.half == half.name).collect();
        let asked = asked(desk, &of_half);
        IndexRow {
            pack: Link::new(format!("{}.html", half.name), title(half.period, lang)),
            number: format!("WK-{}", half.name),
            preliminary: !desk.verdicts.over(half.period),
            counts: grid::tally(&counts(desk, half), lang),
            meetings: of_half.iter().filter_map(|held| meeting::meeting(desk, held.row)).collect(),
            held: meeting::state(desk, half.period),
            open: asked.iter().filter(|phase| matches!(**phase, "open" | "overdue")).count(),
            asked: asked.len(),
        }
    };
    let register =
        Link::new(desk.way.from_here(&way::improvements(0)), say!("改进计划登记", "Improvement plans").to(lang));
    let view = IndexView { rows: halves.iter().rev().map(row).collect(), register };
    Sheet::new(
        "evaluations/index.html",
        "evaluations.html",
        say!("半年评估", "Half-yearly evaluations").to(lang),
        &view,
    )
}

/// How the improvements stand that some evaluations asked for.
fn asked(desk: &Desk<'_>, of: &[&Held]) -> Vec<&'static str> {
    let Some(writer) = desk.writer(improvements::KIND) else { return Vec::new() };
    let Some(field) = writer.kind.field("evaluation") else { return Vec::new() };
    let (plan, today) = (Plan { writer }, improvements::today(desk.book));
    let named = |row: &usize| of.iter().any(|held| held.id == writer.table.text(*row, field));
    writer.table.live().filter(named).map(|row| plan.phase(row, today)).collect()
}
