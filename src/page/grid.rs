//! Clauses in rows: what the matrices, the list of clauses and the pages of systems share.

use serde::Serialize;

use crate::calendar::{Period, Unit};
use crate::say;
use crate::say::{Lang, Said};
use crate::standard::{Chapter, Clause};

use super::Book;
use super::inert;
use super::records::month_title;
use super::sheet::Link;
use super::verdict::{MarkView, Outcome, Scope, Verdict, Verdicts};
use super::way::{self, Way};

/// A chapter with its clauses; without a title where the standard has no chapters.
#[derive(Debug, Serialize)]
pub struct Group<T> {
    /// The id of the chapter.
    pub id: String,
    /// Its title.
    pub title: String,
    /// A row for each clause.
    pub rows: Vec<T>,
}

/// A clause with its marks.
#[derive(Debug, Serialize)]
pub struct Row {
    /// The clause with its page.
    pub clause: Link,
    /// The title of the clause.
    pub title: String,
    /// In the order of the columns; none where nothing is asked.
    pub cells: Vec<Option<Cell>>,
}

/// A verdict in a table.
#[derive(Debug, Serialize)]
pub struct Cell {
    /// The mark, with the short word.
    pub mark: MarkView,
    /// The numbers behind it, in words.
    pub numbers: String,
    /// Where it is explained; empty where there is nothing to explain.
    pub href: String,
    /// The period is not over.
    pub preliminary: bool,
}

/// A column of periods.
#[derive(Debug, Serialize)]
pub struct Head {
    /// The period with its matrix.
    pub period: Link,
    /// The period in full, for those who hear the table.
    pub full: String,
    /// The period is not over.
    pub preliminary: bool,
}

/// How many clauses have a result.
#[derive(Debug, Serialize)]
pub struct Count {
    /// The result.
    pub mark: MarkView,
    /// How many.
    pub count: usize,
}

/// The clauses of the standard, chapter by chapter.
pub fn chapters<'a, T>(book: &Book<'a>, mut row: impl FnMut(&'a Clause) -> T) -> Vec<Group<T>> {
    let lang = book.config.site.lang;
    let mut out: Vec<Group<T>> = Vec::new();
    for clause in &book.standard.clauses {
        let chapter = chapter(&book.standard.chapters, &clause.id);
        let id = chapter.map_or("", |c| c.id.as_str());
        if out.last().is_none_or(|group| group.id != id) {
            let title = chapter.map_or("", |c| c.title.to(lang));
            out.push(Group { id: id.to_owned(), title: title.to_owned(), rows: Vec::new() });
        }
        if let Some(group) = out.last_mut() {
            group.rows.push(row(clause));
        }
    }
    out
}

/// The chapter that a clause belongs to: the one with the longest id that the clause's begins with.
pub fn chapter<'a>(chapters: &'a [Chapter], clause: &str) -> Option<&'a Chapter> {
    let of =
        |c: &&Chapter| clause.strip_prefix(c.id.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    chapters.iter().filter(of).max_by_key(|c| c.id.len())
}

/// The address of a clause's findings in a month, from the root of the site.
pub fn findings_of(clause: &str, month: Period) -> String {
    let page = inert::part(&way::matrix(&month.name(Unit::Month)));
    format!("{page}#{}", inert::part(&anchor(clause)))
}

/// The `id` of a clause's findings on the matrix of a month.
pub fn anchor(clause: &str) -> String {
    format!("c-{}", &inert::anchor(clause)[2..])
}

/// The verdict on a clause in a month or a year as a cell; it leads to what was found.
pub fn cell(book: &Book<'_>, verdicts: &Verdicts<'_>, way: &Way<'_>, of: (&str, Scope, Period)) -> Option<Cell> {
    let (clause, scope, period) = of;
    let verdict = verdicts.clause(clause, scope, period)?;
    let month = verdicts.months().contains(&period);
    let href = match (verdict.found() + verdict.waived > 0, month) {
        (false, _) => String::new(),
        (true, true) => way.from_here(&findings_of(clause, period)),
        (true, false) => way.from_here(&inert::part(&way::clause(clause))),
    };
    Some(marked(verdict, href, book.config.site.lang))
}

/// A verdict as a cell.
pub fn marked(verdict: Verdict, href: String, lang: Lang) -> Cell {
    let mark = MarkView { word: verdict.outcome.short().to(lang).to_owned(), ..verdict.outcome.mark(lang) };
    Cell { mark, numbers: verdict.numbers().to(lang).to_owned(), href, preliminary: verdict.preliminary }
}

/// A clause against periods.
pub fn row(
    book: &Book<'_>,
    verdicts: &Verdicts<'_>,
    way: &Way<'_>,
    clause: &Clause,
    scope: Scope,
    periods: &[Period],
) -> Row {
    Row {
        clause: link(way, clause),
        title: clause.title.to(book.config.site.lang).to_owned(),
        cells: periods.iter().map(|&period| cell(book, verdicts, way, (&clause.id, scope, period))).collect(),
    }
}

/// A clause with its page.
pub fn link(way: &Way<'_>, clause: &Clause) -> Link {
    Link::new(way.from_here(&inert::part(&way::clause(&clause.id))), clause.id.as_str())
}

/// The heads of columns of months.
pub fn heads(book: &Book<'_>, verdicts: &Verdicts<'_>, way: &Way<'_>, months: &[Period]) -> Vec<Head> {
    let lang = book.config.site.lang;
    let year = |month: Option<&Period>| month.map(|m| m.first.ymd().0);
    let crosses = year(months.first()) != year(months.last());
    let head = |&month: &Period| {
        let known = verdicts.months().contains(&month);
        let href = if known { way.from_here(&way::matrix(&month.name(Unit::Month))) } else { String::new() };
        let (year, number, _) = month.first.ymd();
        // The year stands with its first month, and with the first column, where there is more than one.
        let label = match (lang, crosses && (number == 1 || Some(&month) == months.first())) {
            (Lang::Zh, false) => format!("{number} 月"),
            (Lang::Zh, true) => format!("{year} 年 {number} 月"),
            (Lang::En, false) => short_month(number).to_owned(),
            (Lang::En, true) => format!("{} {year}", short_month(number)),
        };
        Head {
            period: Link::new(href, label),
            full: month_title(month.first, lang),
            preliminary: !verdicts.over(month),
        }
    };
    months.iter().map(head).collect()
}

/// How many clauses have which result in a period, the worst first; results that no clause has are left out.
pub fn counts(book: &Book<'_>, verdicts: &Verdicts<'_>, scope: Scope, period: Period) -> Vec<(Outcome, usize)> {
    let outcome = |clause: &Clause| verdicts.clause(&clause.id, scope, period).map(|v| v.outcome);
    counted(book.standard.clauses.iter().filter_map(outcome))
}

/// How many of some results are which, the worst first.
pub fn counted(all: impl Iterator<Item = Outcome>) -> Vec<(Outcome, usize)> {
    let all: Vec<Outcome> = all.collect();
    let count = |of: Outcome| (of, all.iter().filter(|o| **o == of).count());
    Outcome::ALL.into_iter().map(count).filter(|(_, n)| *n > 0).collect()
}

/// Counts as a view.
pub fn tally(counts: &[(Outcome, usize)], lang: Lang) -> Vec<Count> {
    counts.iter().map(|&(outcome, count)| Count { mark: outcome.mark(lang), count }).collect()
}

/// `22 条中 17 条符合，3 条不符合，2 条缺证据`, what conforms first.
pub fn sentence(counts: &[(Outcome, usize)]) -> Said {
    let total: usize = counts.iter().map(|(_, n)| n).sum();
    let met = counts.iter().filter(|(o, _)| *o == Outcome::Conforms);
    let ordered = met.chain(counts.iter().filter(|(o, _)| *o != Outcome::Conforms));
    let parts: Vec<Said> = ordered
        .map(|&(outcome, n)| {
            let (zh, en) = (outcome.said().zh, outcome.plural(n));
            say!("{n} 条{zh}", "{n} {en}")
        })
        .collect();
    let zh = parts.iter().map(|p| p.zh.as_str()).collect::<Vec<_>>().join("，");
    let en = parts.iter().map(|p| p.en.as_str()).collect::<Vec<_>>().join(", ");
    say!("{total} 条条款中，{zh}", "of {total} clauses, {en}")
}

fn short_month(month: u32) -> &'static str {
    const NAMES: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    NAMES[(month as usize + 11) % 12]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clause_stands_in_the_chapter_with_the_longest_id() {
        let chapters: Vec<Chapter> =
            ["3", "3.1", "31"].map(|id| Chapter { id: id.to_owned(), title: Said::same(id) }).into();
        let of = |clause: &str| chapter(&chapters, clause).map(|c| c.id.as_str());
        assert_eq!(of("3.1.1"), Some("3.1"));
        assert_eq!(of("3.10"), Some("3"));
        assert_eq!(of("31.1"), Some("31"));
        assert_eq!(of("4.1"), None);
    }

    #[test]
    fn a_sentence_begins_with_what_conforms() {
        let counts = [(Outcome::Fails, 3), (Outcome::Conforms, 17)];
        assert_eq!(sentence(&counts).zh, "20 条条款中，17 条符合，3 条不符合");
        assert_eq!(sentence(&counts).en, "of 20 clauses, 17 conform, 3 do not conform");
        assert_eq!(sentence(&[(Outcome::Fails, 1)]).en, "of 1 clauses, 1 does not conform");
    }
}
