//! What users said in the half: how satisfied they were, whether they were answered in time, and each opinion.

use serde::Serialize;

use crate::calendar::Period;
use crate::ledger::Value;
use crate::say;
use crate::value::Decimal;

use super::super::cell::foreign;
use super::super::charts::{ChartView, satisfaction};
use super::super::desk::Desk;
use super::super::figure;
use super::super::rows::grouped;
use super::super::sheet::Link;
use super::super::way;

/// The most opinions that are listed; the tables of their months hold all of them.
const MOST: usize = 60;

/// What users said.
#[derive(Debug, Serialize)]
pub struct Feedback {
    /// A row for each system with a score or a question.
    pub systems: Vec<SystemRow>,
    /// Satisfaction month by month, a chart for each system with enough scores.
    pub charts: Vec<ChartView>,
    /// Each opinion.
    pub rows: Vec<Opinion>,
    /// How many there are.
    pub total: usize,
    /// Where the others stand, if not all are listed.
    pub more: Option<Link>,
    /// Scores of 4 and 5, and all scores, of all systems.
    #[serde(skip)]
    pub scores: (usize, usize),
}

/// A system.
#[derive(Debug, Serialize)]
pub struct SystemRow {
    /// Its name.
    pub system: String,
    /// The share of scores of 4 and 5; a dash below five scores.
    pub satisfied: String,
    /// How many scores there are.
    pub scores: usize,
    /// The share of questions answered in time; a dash where none was due.
    pub answered: String,
    /// Answered in time, and due.
    pub questions: String,
}

/// An opinion.
#[derive(Debug, Serialize)]
pub struct Opinion {
    /// The record.
    pub record: Link,
    /// Its day.
    pub date: String,
    /// The name of the system; may be empty.
    pub system: String,
    /// Which department; may be empty.
    pub department: String,
    /// What was said.
    pub text: String,
    /// The language of that, where it is plainly another than the page's.
    pub lang: &'static str,
    /// The score; may be empty.
    pub score: String,
    /// What was done; may be empty.
    pub action: String,
}

/// What users said in some months.
pub fn feedback(desk: &Desk<'_>, months: &[Period]) -> Feedback {
    let (book, way) = (desk.book, desk.way);
    let mut systems = Vec::new();
    let mut scores = (0, 0);
    for system in desk.served_in(months) {
        let of = |name: &'static str| months.iter().filter_map(move |m| figure::named(book, name, Some(system), *m));
        let hits: usize = of("satisfaction").map(|f| f.trail.hits.len()).sum();
        let all: usize = of("satisfaction").map(|f| f.trail.rows.len()).sum();
        let met: i64 = of("support_answered").filter_map(|f| f.numerator).sum();
        let due: i64 = of("support_answered").filter_map(|f| f.denominator).sum();
        scores = (scores.0 + hits, scores.1 + all);
        if all > 0 || due > 0 {
            systems.push(SystemRow {
                system: book.config.systems[system].name.clone(),
                satisfied: if all < satisfaction::FEW { "–".to_owned() } else { share(hits as i64, all as i64) },
                scores: all,
                answered: share(met, due),
                questions: format!("{} / {}", figure::thousands(met), figure::thousands(due)),
            });
        }
    }
    let charts = desk.served_in(months).filter_map(|s| satisfaction::chart(book, way, s, months)).collect();
    let (rows, total) = opinions(desk, months);
    let more = (total > MOST).then(|| {
        let n = grouped(total);
        Link::new(way.from_here(&way::index("records/feedback")), say!("全部 {n} 条", "all {n}").to(desk.lang()))
    });
    Feedback { systems, charts, rows, total, more, scores }
}

/// A share in percent, floored; a dash where there is nothing to measure.
fn share(part: i64, whole: i64) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    let value = i128::from(part) * 100 * i128::from(Decimal::ONE) / i128::from(whole);
    figure::percent(Decimal(i64::try_from(value).unwrap_or_default() / 1000 * 1000))
}

fn opinions(desk: &Desk<'_>, months: &[Period]) -> (Vec<Opinion>, usize) {
    let (book, lang) = (desk.book, desk.lang());
    let Some(writer) = desk.writer("feedback") else { return (Vec::new(), 0) };
    let (kind, table) = (writer.kind, writer.table);
    let within = |row: &usize| table.date(*row).is_some_and(|day| months.iter().any(|m| m.contains(day)));
    let mut rows: Vec<usize> = table.live().filter(within).collect();
    rows.sort_by_key(|&row| (table.at[row], row));
    let total = rows.len();
    let opinion = |row: usize| {
        let cells = writer.row(row).cells;
        let text = |name: &str| kind.field(name).map_or("", |f| cells.field(f)).to_owned();
        let said = text("text");
        let system = kind.system().and_then(|f| table.code(row, f)).map(usize::from);
        let score = match kind.field("satisfaction").map(|f| table.get(row, f)) {
            Some(Value::Number(n)) => n.to_string(),
            _ => String::new(),
        };
        Opinion {
            record: desk.link(writer.at, row),
            date: table.date(row).map_or_else(String::new, |day| day.to_string()),
            system: system.map_or_else(String::new, |s| book.config.systems[s].name.clone()),
            department: text("department"),
            lang: foreign(&said, lang).map_or("", crate::say::Lang::tag),
            text: said,
            score,
            action: text("action"),
        }
    };
    (rows.into_iter().take(MOST).map(opinion).collect(), total)
}
