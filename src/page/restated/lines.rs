//! A judgement as lines, and back: what a seal holds of a month is written from here, and read by the pages from here.

use crate::calendar::Period;
use crate::finding::Finding;
use crate::measure::{Figure, Scale, Trail, Verdict, about};
use crate::seal::compare::Fields;
use crate::seal::judged::Judged;
use crate::value::Decimal;

use super::super::Book;
use super::super::figure;
use super::super::verdict::{Outcome, Scope, Verdicts};

/// What tells apart figures of one name, and is the name of its field in a line.
const KEYS: [&str; 5] = ["audience", "grade", "kind", "resource", "type"];

/// What a month comes to now: what each clause comes to, every figure, every finding.
pub(super) fn today(book: &Book<'_>, verdicts: &Verdicts<'_>, month: Period) -> Judged {
    let mut out = Vec::new();
    for clause in &book.standard.clauses {
        if let Some(verdict) = verdicts.clause(&clause.id, Scope::All, month) {
            out.push(fields(&[("clause", &clause.id), ("result", verdict.outcome.class())]));
        }
        out.extend(verdicts.findings(&clause.id, month).map(|found| of_finding(found, month)));
    }
    let systems = (0..book.config.systems.len()).map(Some).chain([None]);
    // The figure that tells what the seals themselves do is another as soon as there is one, and nothing was judged anew.
    let of =
        systems.flat_map(|system| figure::of(book, system, month)).filter(|figure| figure.name != "records_sealed");
    out.extend(of.map(|figure| of_figure(book, figure)));
    out.sort();
    out
}

/// The fields that have a value.
fn fields(all: &[(&str, &str)]) -> Fields {
    let there = all.iter().filter(|(_, value)| !value.is_empty());
    there.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn of_finding(finding: &Finding, month: Period) -> Fields {
    let days = finding.dates.filter(|_| finding.count.is_some());
    // Of a run of periods what lies in the month: the rest of it may still grow.
    let days = days.map(|(from, to)| (from.max(month.first), to.min(month.last())));
    let (from, to) = days.map_or_else(Default::default, |(from, to)| (from.to_string(), to.to_string()));
    fields(&[
        ("finding", &finding.rule),
        ("clause", finding.clause.as_deref().unwrap_or_default()),
        ("severity", finding.severity.name()),
        ("system", finding.system.as_deref().unwrap_or_default()),
        ("kind", finding.kind.as_deref().unwrap_or_default()),
        ("record", finding.record.as_deref().unwrap_or_default()),
        ("from", &from),
        ("to", &to),
        ("waived_by", finding.waived_by.as_deref().unwrap_or_default()),
    ])
}

fn of_figure(book: &Book<'_>, figure: &Figure) -> Fields {
    let text = |number: Option<i64>| number.map(|n| n.to_string()).unwrap_or_default();
    let decimal = |number: Option<Decimal>| number.map(|n| n.to_string()).unwrap_or_default();
    let (key, of) = figure.key.as_ref().map_or(("", ""), |(key, of)| (*key, of.as_str()));
    fields(&[
        ("figure", figure.name),
        ("system", figure.system.map_or("", |at| &book.config.systems[at].id)),
        (key, of),
        ("value", &decimal(figure.value)),
        ("unit", figure.scale.name()),
        ("numerator", &text(figure.numerator)),
        ("denominator", &text(figure.denominator)),
        ("target", &decimal(figure.target)),
        ("verdict", figure.verdict.map_or("", Verdict::name)),
    ])
}

/// A field of a line; empty where it has none.
pub fn text<'a>(line: &'a Fields, name: &str) -> &'a str {
    line.get(name).map_or("", String::as_str)
}

/// The result that a line tells of a clause.
pub(super) fn result(line: &Fields) -> Option<(&str, Outcome)> {
    let (clause, result) = (line.get("clause")?, line.get("result")?);
    let outcome = Outcome::ALL.into_iter().find(|outcome| outcome.class() == result)?;
    Some((clause, outcome))
}

/// What tells a figure of a line apart from the others of its month: its name, its system, its key.
pub(super) fn identity(line: &Fields) -> Option<Vec<(&str, &str)>> {
    let told = line.contains_key("figure");
    let names = ["figure", "system"].into_iter().chain(KEYS);
    told.then(|| names.filter_map(|name| Some((name, line.get(name)?.as_str()))).collect())
}

/// The figure that a line tells; none where this release knows no such figure. A system that the workspace no longer has
/// is told by [`text`].
pub(super) fn figure_of(book: &Book<'_>, month: Period, line: &Fields) -> Option<Figure> {
    let number = |name: &str| text(line, name).parse().ok();
    Some(Figure {
        name: about(text(line, "figure"))?.name,
        system: book.config.system(text(line, "system")),
        month,
        key: KEYS.into_iter().find_map(|key| Some((key, line.get(key)?.clone()))),
        scale: Scale::ALL.into_iter().find(|scale| scale.name() == text(line, "unit"))?,
        value: line.get("value").and_then(|text| decimal(text)),
        numerator: number("numerator"),
        denominator: number("denominator"),
        target: line.get("target").and_then(|text| decimal(text)),
        verdict: Verdict::ALL.into_iter().find(|verdict| verdict.name() == text(line, "verdict")),
        trail: Trail::of([]),
    })
}

/// Reads what [`Decimal`] prints.
fn decimal(text: &str) -> Option<Decimal> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{part:0<6}");
    format!("{whole}{digits}").parse().ok().map(Decimal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_is_read_as_it_is_printed() {
        for n in [0, 1, 99_583_000, 12_000_000, -1_250_000, 1_234_567] {
            assert_eq!(decimal(&Decimal(n).to_string()), Some(Decimal(n)));
        }
        assert_eq!(decimal("-1.5"), Some(Decimal(-1_500_000)));
        assert_eq!(decimal("x"), None);
    }

    #[test]
    fn a_figure_is_read_as_it_was_written() {
        let files = [crate::page::fixture::backups("a", "2026-01-01", "2026-03-31", &["2026-02-11"])];
        crate::page::fixture::with(files.into(), "2026-03-31", |book, _| {
            let (mut known, mut keyed) = (0, 0);
            for figure in book.figures {
                let read = figure_of(book, figure.month, &of_figure(book, figure)).unwrap();
                assert_eq!(read, Figure { trail: Trail::of([]), ..figure.clone() });
                known += 1;
                keyed += usize::from(figure.key.is_some());
            }
            assert!(known > 100 && keyed > 10, "{known} figures, {keyed} with a key");
        });
    }
}
