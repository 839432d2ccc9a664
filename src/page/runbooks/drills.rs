//! When what a runbook says was tried: the records that a clause which it serves asks for as a test, such as a backup
//! that was restored (`restored_at`).

use serde::Serialize;

use crate::standard::{Form, Kind, Rule};

use crate::page::Book;
use crate::page::content::Document;
use crate::page::sheet::Link;
use crate::page::way::Way;

/// So many are listed.
const LISTED: usize = 10;

/// A test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Drill {
    date: String,
    record: Link,
    system: String,
    /// The rule that asks for it, in words.
    rule: String,
}

/// The tests of what a runbook is about, the newest first: of its clauses and, where it names some, its systems.
///
/// A rule asks for a test where it places records in periods by another time than that of the record itself: a backup
/// is made every day, and restored once in a half-year.
pub(super) fn drills(book: &Book<'_>, way: &Way<'_>, runbook: &Document) -> Vec<Drill> {
    let facts = &runbook.facts;
    let cited = book.standard.rules.iter().filter(|rule| facts.clauses.contains(&rule.clause));
    let mut out: Vec<Drill> = Vec::new();
    for (rule, at, field) in cited.filter_map(|rule| tested(book, rule)) {
        let (kind, table): (&Kind, _) = (&book.standard.kinds[at], &book.ledger.tables[at]);
        for row in table.live() {
            let Some(when) = table.instant(row, field, &book.config.site.zone) else { continue };
            let system = kind.system().and_then(|field| table.code(row, field));
            let system = system.map(|at| &book.config.systems[usize::from(at)]);
            if !facts.systems.is_empty() && system.is_some_and(|system| !facts.systems.contains(&system.id)) {
                continue;
            }
            out.push(Drill {
                date: book.config.site.zone.date(when).to_string(),
                record: Link::new(
                    way.record(at, row).map_or_else(String::new, |url| way.from_here(&url)),
                    table.ids.get(row),
                ),
                system: system.map_or_else(String::new, |system| system.name.clone()),
                rule: rule.title.to(book.config.site.lang).to_owned(),
            });
        }
    }
    out.sort_by(|a, b| b.date.cmp(&a.date).then_with(|| a.record.text.cmp(&b.record.text)));
    out.truncate(LISTED);
    out
}

/// The kind and the time of the tests that a rule asks for.
fn tested<'a>(book: &Book<'a>, rule: &'a Rule) -> Option<(&'a Rule, usize, usize)> {
    let Form::Cadence { at: Some(field), .. } = rule.form else { return None };
    let kind = rule.kind?;
    (book.standard.kinds[kind].at != field).then_some((rule, kind, field))
}
