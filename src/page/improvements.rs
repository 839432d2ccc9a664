//! `improvements.html`: what the evaluations asked for, who answers for it, until when, and how it stands.

use serde::Serialize;

use crate::calendar::{Day, Instant};
use crate::chart::Mark;
use crate::ledger::Value;
use crate::say;
use crate::source::Failure;

use super::Book;
use super::evaluations::{self, Held};
use super::rows::{Writer, grouped};
use super::sheet::{Facet, Link, Pager, Sheet};
use super::status::marked;
use super::verdict::{MarkView, Outcome};
use super::way::{self, Way};

/// The name of the kind.
pub const KIND: &str = "improvement";

/// The most improvements on one page.
const PAGE: usize = 500;

/// An improvement as a row.
#[derive(Debug, Clone, Serialize)]
pub struct ImprovementRow {
    /// The record.
    pub record: Link,
    /// What is to be reached.
    pub goal: String,
    /// What is to be done.
    pub measure: String,
    /// What it is to bring.
    pub expected: String,
    /// Who answers for it.
    pub owner: String,
    /// The evaluation that asked for it, with its pack; none where the record names none.
    pub evaluation: Option<Link>,
    /// The day on which it was raised.
    pub raised: String,
    /// By when.
    pub due: String,
    /// When it was done; may be empty.
    pub done: String,
    /// How it stands: `open`, `overdue`, `done`, `done-late`, `dropped`.
    pub phase: &'static str,
    /// The same as a mark.
    pub state: MarkView,
}

#[derive(Debug, Serialize)]
struct View {
    total: String,
    open: usize,
    overdue: usize,
    done: usize,
    done_late: usize,
    dropped: usize,
    facets: Vec<Facet>,
    rows: Vec<ImprovementRow>,
    pages: Pager,
}

/// The records of improvements, read by the names of their fields.
#[derive(Clone, Copy)]
pub struct Plan<'w, 'a> {
    /// The records with their texts.
    pub writer: &'w Writer<'a>,
}

impl Plan<'_, '_> {
    /// The day in a field.
    pub fn day(&self, row: usize, field: &str) -> Option<Day> {
        match self.writer.kind.field(field).map(|f| self.writer.table.get(row, f)) {
            Some(Value::Day(day)) => Some(day),
            _ => None,
        }
    }

    /// Whether the status of a record is this one.
    pub fn is(&self, row: usize, status: &str) -> bool {
        let (kind, table) = (self.writer.kind, self.writer.table);
        let code = |f| table.code(row, f).and_then(|code| kind.choices(f).get(usize::from(code)));
        kind.field("status").and_then(code).is_some_and(|choice| choice.name == status)
    }

    /// Whether it was done by a day; one that was done later was open then, one without a day of its completion counts
    /// as its status says.
    pub fn done_by(&self, row: usize, day: Day) -> bool {
        self.is(row, "done") && self.day(row, "done_at").is_none_or(|done| done <= day)
    }

    /// How it stood at the end of a day.
    pub fn phase(&self, row: usize, today: Day) -> &'static str {
        let (due, done) = (self.day(row, "due"), self.day(row, "done_at"));
        match (self.is(row, "dropped"), self.done_by(row, today)) {
            (true, _) => "dropped",
            (_, true) if done.zip(due).is_some_and(|(done, due)| due < done) => "done-late",
            (_, true) => "done",
            (_, false) if due.is_some_and(|due| due < today) => "overdue",
            (_, false) => "open",
        }
    }
}

/// The pages of the register, what is to be done first by its due day, then the rest, the latest first. There is one page
/// at least, which says that there are none.
pub fn sheets(book: &Book<'_>, way: &Way<'_>) -> Result<Vec<Sheet<'static>>, Failure> {
    let lang = book.config.site.lang;
    let writer = book.standard.kind(KIND).map(|at| Writer::open(book, way, at)).transpose()?;
    let held = evaluations::held(book, way)?;
    let all = writer.as_ref().map_or_else(Vec::new, |writer| rows(book, way, Plan { writer }, &held));
    let pages = all.chunks(PAGE).count().max(1);
    let count = |phase: &str| all.iter().filter(|row| row.phase == phase).count();
    let sheet = |n: usize| {
        let rows = all.chunks(PAGE).nth(n).unwrap_or_default();
        let facet = |name: &str, title: &crate::say::Said, of: &dyn Fn(&ImprovementRow) -> (String, String)| {
            let values: Vec<(String, String)> = rows.iter().map(of).collect();
            Facet::of(name, title.to(lang), values.iter().map(|(a, b)| (a.as_str(), b.as_str())))
        };
        let evaluation = |row: &ImprovementRow| row.evaluation.as_ref().map_or_else(String::new, |e| e.text.clone());
        let view = View {
            total: grouped(all.len()),
            open: count("open"),
            overdue: count("overdue"),
            done: count("done"),
            done_late: count("done-late"),
            dropped: count("dropped"),
            facets: vec![
                facet("phase", &say!("状态", "State"), &|row| (row.phase.to_owned(), row.state.word.clone())),
                facet("owner", &say!("负责人", "Owner"), &|row| (row.owner.clone(), row.owner.clone())),
                facet("evaluation", &say!("来源评估", "Evaluation"), &|row| (evaluation(row), evaluation(row))),
            ],
            rows: rows.to_vec(),
            pages: Pager::of(n, pages, way::improvements),
        };
        let title = say!("改进计划登记", "Improvement plans");
        Sheet::new(way::improvements(n), "improvements.html", title.to(lang), &view)
    };
    Ok((0..pages).map(sheet).collect())
}

fn rows(book: &Book<'_>, way: &Way<'_>, plan: Plan<'_, '_>, held: &[Held]) -> Vec<ImprovementRow> {
    let today = today(book);
    let mut order: Vec<usize> = plan.writer.table.live().collect();
    order.sort_by_key(|&row| {
        let open = matches!(plan.phase(row, today), "open" | "overdue");
        let due = plan.day(row, "due").map_or(i32::MAX, |day| day.0);
        (!open, if open { due } else { -due }, row)
    });
    order.iter().map(|&at| row(book, way, plan, at, held)).collect()
}

/// The last local day that is judged.
pub fn today(book: &Book<'_>) -> Day {
    book.config.site.zone.date(Instant(book.as_of.0 - 1))
}

/// An improvement as a row, as it stands at the instant of judgement; its addresses from the page of `way`.
pub fn row(book: &Book<'_>, way: &Way<'_>, plan: Plan<'_, '_>, at: usize, held: &[Held]) -> ImprovementRow {
    let lang = book.config.site.lang;
    let Plan { writer } = plan;
    let cells = writer.row(at).cells;
    let text = |name: &str| writer.kind.field(name).map_or("", |f| cells.field(f)).to_owned();
    let day = |name: &str| plan.day(at, name).map_or_else(String::new, |day| day.to_string());
    let phase = plan.phase(at, today(book));
    let state = match phase {
        "done" => marked(Mark::Met, &say!("已完成", "done"), lang),
        "done-late" => {
            MarkView { word: say!("逾期完成", "done late").to(lang).to_owned(), ..Outcome::Remarks.mark(lang) }
        }
        "overdue" => marked(Mark::Missed, &say!("逾期未完成", "overdue"), lang),
        "dropped" => marked(Mark::NotApplicable, &say!("已取消", "dropped"), lang),
        _ => marked(Mark::Pending, &say!("进行中", "open"), lang),
    };
    let id = writer.table.ids.get(at);
    let named = text("evaluation");
    let evaluation = (!named.is_empty()).then(|| match held.iter().find(|held| held.id == named) {
        Some(held) => Link::new(held.pack.as_ref().map_or_else(String::new, |pack| way.from_here(pack)), &*held.half),
        None => Link::new("", &*named),
    });
    ImprovementRow {
        record: Link::new(way.record(writer.at, at).map_or_else(String::new, |url| way.from_here(&url)), id),
        goal: text("goal"),
        measure: text("measure"),
        expected: text("expected"),
        owner: text("owner"),
        evaluation,
        raised: day("raised"),
        due: day("due"),
        done: if plan.is(at, "done") { day("done_at") } else { String::new() },
        phase,
        state,
    }
}

#[cfg(test)]
mod tests {
    use crate::page::shelf::Shelf;
    use crate::page::tests::with;

    use super::*;

    #[test]
    fn what_is_to_be_done_comes_first_and_each_says_how_it_stands() {
        let rows = "id,raised,evaluation,goal,measure,owner,due,expected,status,done_at\n\
                    IM-1,2026-01-10,,一,措施,甲,2026-02-20,效果,done,2026-02-20\n\
                    IM-2,2026-01-10,EV-1,二,措施,乙,2026-02-20,效果,done,2026-03-01\n\
                    IM-3,2026-01-10,EV-1,三,措施,乙,2026-03-01,效果,open,\n\
                    IM-4,2026-01-10,EV-2,四,措施,乙,2026-04-01,效果,open,\n\
                    IM-5,2026-01-10,,五,措施,乙,2026-03-01,效果,dropped,\n";
        let evaluation = "id,date,half,attendees\nEV-1,2026-02-10,2025H2,业务: 甲\nEV-2,2026-03-10,2026H1,业务: 甲\n";
        let files = [("records/improvement/a.csv", rows), ("records/evaluation/a.csv", evaluation)];
        with(&files, "2026-03-15", |book| {
            let shelf = Shelf::of(book.ledger, book.standard);
            let view = sheets(book, &Way::from_depth(book, &shelf, 0)).unwrap().remove(0).json();
            let rows = view["rows"].as_array().unwrap();
            let shown: Vec<(&str, &str)> =
                rows.iter().map(|r| (r["record"]["text"].as_str().unwrap(), r["phase"].as_str().unwrap())).collect();
            assert_eq!(
                shown,
                [("IM-3", "overdue"), ("IM-4", "open"), ("IM-5", "dropped"), ("IM-1", "done"), ("IM-2", "done-late")]
            );
            // Nothing was in service in the second half of 2025: there is no pack of it.
            assert_eq!(rows[0]["evaluation"]["href"], "");
            assert_eq!(rows[1]["evaluation"]["href"], "evaluations/2026H1.html");
        });
    }
}
