//! `faults/index.html`: the register. Open faults come first with their age, then all of them by month, the newest
//! first.

use serde::Serialize;

use crate::calendar::{Day, Period, Unit};
use crate::chart::Mark;
use crate::ledger::Standing;
use crate::say;
use crate::say::Lang;
use crate::source::Failure;

use super::super::Book;
use super::super::cell::foreign;
use super::super::figure::spelled;
use super::super::open::{self, OpenFault};
use super::super::records::month_title;
use super::super::rows::{Row, Writer, grouped};
use super::super::sheet::{Facet, Link, Pager, Sheet};
use super::super::status::marked;
use super::super::verdict::MarkView;
use super::super::way::Way;
use super::clock::Faults;
use super::timeline;

/// The most faults on one page.
const PAGE: usize = 500;

#[derive(Debug, Serialize)]
struct View {
    total: String,
    corrected: usize,
    open: Vec<OpenFault>,
    months: Vec<MonthView>,
    pages: Pager,
    facets: Vec<Facet>,
}

#[derive(Debug, Serialize)]
struct MonthView {
    anchor: String,
    title: String,
    count: usize,
    rows: Vec<FaultRow>,
}

/// A fault as a row.
#[derive(Debug, Clone, Serialize)]
pub struct FaultRow {
    /// Its page.
    pub fault: Link,
    /// What it is about, as written.
    pub label: String,
    /// The language of that, where it is plainly another than the page's.
    pub lang: &'static str,
    /// The name of its system.
    pub system: String,
    /// The id of its system.
    pub system_id: String,
    /// The title of its grade.
    pub grade: String,
    /// The canonical name of its grade.
    pub grade_name: String,
    /// When it was reported, local.
    pub reported: String,
    /// The date of that, for the script.
    pub day: String,
    /// How long the answer took; empty where there is none.
    pub answered: String,
    /// The answer against its limit; none where it has none.
    pub answer: Option<MarkView>,
    /// How long the resolution took; empty where there is none.
    pub resolved: String,
    /// How it stands.
    pub state: MarkView,
}

/// The pages of the register.
pub(super) fn sheets(
    book: &Book<'_>,
    way: &Way<'_>,
    faults: &Faults<'_>,
    writer: &Writer<'_>,
) -> Result<Vec<Sheet<'static>>, Failure> {
    let lang = book.config.site.lang;
    let mut all = faults.accepted();
    all.reverse();
    let open = open::faults(book, way)?;
    let corrected = all.iter().filter(|&&row| faults.table.standing[row] == Standing::Corrected).count();
    let pages = all.chunks(PAGE).count().max(1);
    let path = |n: usize| if n == 0 { "index.html".to_owned() } else { format!("index-{}.html", n + 1) };
    let sheet = |n: usize| {
        let rows: Vec<(Day, FaultRow)> = all
            .chunks(PAGE)
            .nth(n)
            .unwrap_or_default()
            .iter()
            .map(|&row| (faults.table.date(row).unwrap_or(Day(0)), view(book, way, faults, &writer.row(row))))
            .collect();
        let facet = |name: &str, title: &crate::say::Said, of: &dyn Fn(&FaultRow) -> (String, String)| {
            let values: Vec<(String, String)> = rows.iter().map(|(_, row)| of(row)).collect();
            Facet::of(name, title.to(lang), values.iter().map(|(a, b)| (a.as_str(), b.as_str())))
        };
        let facets = vec![
            facet("system", &say!("系统", "System"), &|row| (row.system_id.clone(), row.system.clone())),
            facet("grade", &say!("等级", "Grade"), &|row| (row.grade_name.clone(), row.grade.clone())),
            facet("state", &say!("状态", "State"), &|row| (row.state.class.to_owned(), row.state.word.clone())),
        ];
        let month = |of: &[(Day, FaultRow)]| {
            let first = Period::of(Unit::Month, of[0].0).first;
            MonthView {
                anchor: format!("m-{}", Period::of(Unit::Month, first).name(Unit::Month)),
                title: month_title(first, lang),
                count: of.len(),
                rows: of.iter().map(|(_, row)| row.clone()).collect(),
            }
        };
        let same =
            |a: &(Day, FaultRow), b: &(Day, FaultRow)| Period::of(Unit::Month, a.0) == Period::of(Unit::Month, b.0);
        let view = View {
            total: grouped(all.len()),
            corrected,
            open: if n == 0 { open.clone() } else { Vec::new() },
            months: rows.chunk_by(same).map(month).collect(),
            pages: Pager::of(n, pages, path),
            facets,
        };
        Sheet::new(format!("faults/{}", path(n)), "faults.html", say!("故障登记", "Faults").to(lang), &view)
    };
    Ok((0..pages).map(sheet).collect())
}

/// A fault as a row, its addresses from the page of `way`.
pub fn view(book: &Book<'_>, way: &Way<'_>, faults: &Faults<'_>, row: &Row) -> FaultRow {
    let (lang, at) = (book.config.site.lang, row.row);
    let times = faults.times(at);
    let url = way.record(faults.at, at);
    let system = faults.system(at).map(|s| &book.config.systems[s]);
    let grade = faults.grade(at);
    let since = |to: Option<crate::calendar::Instant>| {
        let taken = to.map(|to| to.0 - times.reported.0).filter(|&seconds| seconds >= 0);
        taken.map_or_else(String::new, |seconds| spelled(seconds, lang))
    };
    let label = label(faults, row);
    FaultRow {
        fault: Link::new(url.map_or_else(String::new, |url| way.from_here(&url)), faults.id(at)),
        lang: foreign(&label, lang).map_or("", Lang::tag),
        label,
        system: system.map_or_else(String::new, |s| s.name.clone()),
        system_id: system.map_or_else(String::new, |s| s.id.clone()),
        grade: grade.map_or_else(String::new, |g| g.title.to(lang).to_owned()),
        grade_name: grade.map_or_else(String::new, |g| g.name.clone()),
        reported: book.config.site.zone.local(times.reported),
        day: faults.table.date(at).map_or_else(String::new, |day| day.to_string()),
        answered: since(times.responded),
        answer: times
            .limit
            .and_then(|_| timeline::answer(&times, book.as_of))
            .map(|(mark, word)| marked(mark, &word, lang)),
        resolved: since(times.resolved),
        state: state(faults, at, lang),
    }
}

/// How a fault stands, in one word.
pub(super) fn state(faults: &Faults<'_>, row: usize, lang: Lang) -> MarkView {
    match faults.table.standing[row] {
        Standing::Corrected => marked(Mark::NotApplicable, &say!("已更正", "corrected"), lang),
        Standing::Future => marked(Mark::Pending, &say!("晚于基准时刻", "after the as-of time"), lang),
        _ => {
            let (mark, word) = timeline::state(&faults.times(row));
            marked(mark, &word, lang)
        }
    }
}

/// What a fault is about, as written; its id where nothing is.
pub fn label(faults: &Faults<'_>, row: &Row) -> String {
    let field = faults.kind.label.or_else(|| faults.kind.field("summary"));
    let text = field.map_or("", |f| row.cells.field(f));
    if text.is_empty() { faults.id(row.row).to_owned() } else { text.to_owned() }
}
