//! `slots.html`: what should have happened, rule by rule and system by system, and how much of it did (figures.md,
//! section 2). Each slot stands in `data/slots.csv`.

use serde::Serialize;

use crate::calendar::Day;
use crate::say;
use crate::say::Lang;
use crate::slots::{Group, Slot, State, count};

use super::Book;
use super::findings;
use super::inert;
use super::rows::grouped;
use super::sheet::{Facet, Link, Sheet};
use super::way::{self, Way};

/// The most missed ranges that are listed for a rule and system; the rest is counted, and stands in the table.
const RANGES: usize = 20;

#[derive(Debug, Serialize)]
struct View {
    total: String,
    /// In the order of [`State::ALL`].
    counts: Vec<String>,
    completeness: String,
    facets: Vec<Facet>,
    clauses: Vec<ClauseView>,
    csv: Link,
}

#[derive(Debug, Serialize)]
struct ClauseView {
    id: String,
    title: String,
    href: String,
    rows: Vec<RowView>,
}

#[derive(Debug, Serialize)]
struct RowView {
    rule: String,
    title: String,
    /// The name of the system; empty for the organisation.
    system: String,
    /// In the order of [`State::ALL`].
    counts: Vec<String>,
    /// In percent, floored to three decimals; empty where nothing was due.
    completeness: String,
    /// Whether something was missed, all was met, or nothing was due: `missed`, `met`, `none`.
    state: &'static str,
    ranges: Vec<Link>,
    /// How many ranges are not listed.
    more: usize,
}

/// The page.
pub fn sheet(book: &Book<'_>, way: &Way<'_>) -> Sheet<'static> {
    let lang = book.config.site.lang;
    let all = count(book.slots.iter().flat_map(|g| &g.slots));
    let clause = |clause: &crate::standard::Clause| {
        let href = way.from_here(&inert::part(&way::clause(&clause.id)));
        let of = book.slots.iter().filter(|g| book.standard.rules[g.rule].clause == clause.id);
        ClauseView {
            id: clause.id.clone(),
            title: clause.title.to(lang).to_owned(),
            rows: of.map(|group| row(book, group, &href)).collect(),
            href,
        }
    };
    let clauses: Vec<ClauseView> = book.standard.clauses.iter().map(clause).filter(|c| !c.rows.is_empty()).collect();
    let view = View {
        total: grouped(all.iter().sum()),
        counts: all.iter().map(|&n| grouped(n)).collect(),
        completeness: completeness(all),
        facets: facets(&clauses, lang),
        clauses,
        csv: Link::new("data/slots.csv", "slots.csv"),
    };
    Sheet::new("slots.html", "slots.html", say!("应有记录台账", "Slots").to(lang), &view)
}

/// The value and title of a system among facets; what is asked of the organisation is counted too, so that they add up.
pub fn of_system(name: &str, lang: Lang) -> (&str, &str) {
    match (name, lang) {
        ("", Lang::Zh) => ("-", "全单位"),
        ("", Lang::En) => ("-", "Organisation"),
        _ => (name, name),
    }
}

fn facets(clauses: &[ClauseView], lang: Lang) -> Vec<Facet> {
    let rows = || clauses.iter().flat_map(|c| &c.rows);
    let (state, system) = (say!("情况", "State"), say!("系统", "System"));
    let states = [
        ("missed", say!("有缺失", "something missed")),
        ("met", say!("无缺失", "nothing missed")),
        ("none", say!("尚无应有", "nothing due")),
    ];
    let of_state =
        states.iter().flat_map(|(name, title)| rows().filter(|r| r.state == *name).map(|_| (*name, title.to(lang))));
    vec![
        Facet::of("state", state.to(lang), of_state),
        Facet::of("system", system.to(lang), rows().map(|r| of_system(&r.system, lang))),
    ]
}

fn row(book: &Book<'_>, group: &Group, href: &str) -> RowView {
    let lang = book.config.site.lang;
    let rule = &book.standard.rules[group.rule];
    let counts = count(&group.slots);
    let missed = ranges(&group.slots);
    let link = |(from, to, n): &(Day, Day, u32)| {
        Link::new(format!("{href}#{}", inert::part(&rule.id)), findings::range((*from, *to), Some(*n)).to(lang))
    };
    RowView {
        rule: rule.id.clone(),
        title: rule.title.to(lang).to_owned(),
        system: group.system.map_or_else(String::new, |s| book.config.systems[s].name.clone()),
        completeness: completeness(counts),
        state: match (counts[State::Missed as usize], counts[State::Met as usize]) {
            (0, 0) => "none",
            (0, _) => "met",
            _ => "missed",
        },
        // The latest first: what is lacking now is not what may be left out.
        ranges: missed.iter().rev().take(RANGES).map(link).collect(),
        more: missed.len().saturating_sub(RANGES),
        counts: counts.iter().map(|&n| grouped(n)).collect(),
    }
}

/// Missed slots that follow each other, as first day, last day, how many.
pub fn ranges(slots: &[Slot]) -> Vec<(Day, Day, u32)> {
    let missed = |s: &Slot| s.state == State::Missed;
    slots
        .chunk_by(|a, b| missed(a) == missed(b))
        .filter(|run| missed(&run[0]))
        .map(|run| (run[0].first, run[run.len() - 1].last, run.len() as u32))
        .collect()
}

/// Met over met and missed, in percent, floored to three decimals so that 100 means all; empty where nothing was due.
pub fn completeness(counts: [usize; 5]) -> String {
    let (met, missed) = (counts[State::Met as usize], counts[State::Missed as usize]);
    if met + missed == 0 {
        return String::new();
    }
    let thousandths = met as u64 * 100_000 / (met + missed) as u64;
    crate::value::Decimal(thousandths as i64 * 1000).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{Instant, Span};

    fn slots(states: &[State]) -> Vec<Slot> {
        let slot = |(at, &state): (usize, &State)| Slot {
            first: Day(at as i32),
            last: Day(at as i32),
            span: Span { start: Instant(0), end: Instant(0) },
            state,
            shift: None,
            met_by: None,
            waiver: None,
        };
        states.iter().enumerate().map(slot).collect()
    }

    #[test]
    fn missed_slots_that_follow_each_other_are_one_range() {
        use State::{Met, Missed, NotApplicable, Waived};
        let of = slots(&[Missed, Missed, Met, Missed, Waived, Missed, NotApplicable, Missed, Missed]);
        let found: Vec<(i32, i32, u32)> = ranges(&of).into_iter().map(|(a, b, n)| (a.0, b.0, n)).collect();
        assert_eq!(found, [(0, 1, 2), (3, 3, 1), (5, 5, 1), (7, 8, 2)]);
    }

    #[test]
    fn completeness_is_never_rounded_up() {
        assert_eq!(completeness([0, 0, 3, 1, 2]), "");
        assert_eq!(completeness([3, 0, 5, 0, 0]), "100");
        assert_eq!(completeness([99_999_999, 1, 0, 0, 0]), "99.999");
        assert_eq!(completeness([2, 1, 0, 0, 0]), "66.666");
    }
}
