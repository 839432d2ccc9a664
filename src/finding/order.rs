//! The order in which findings are listed. There may be as many as records, so they are put in order by a few numbers
//! each, and by what they say only where these are the same.

use std::cmp::Ordering;
use std::hash::Hash;

use hashbrown::HashMap;

use super::Finding;

impl Finding {
    /// The order in which findings are listed: severity, clause, rule, system, from, file, line, record; then
    /// column and message, so that the order is total.
    pub fn order(&self, other: &Self) -> Ordering {
        (self.about().cmp(&other.about()))
            .then_with(|| self.from().cmp(&other.from()))
            .then_with(|| self.line().cmp(&other.line()))
            .then_with(|| self.record.cmp(&other.record))
            .then_with(|| self.place.cmp(&other.place))
            .then_with(|| self.message.cmp(&other.message))
    }

    /// Puts findings in their order; those that are the same stay as they were.
    pub fn sort(findings: &mut [Self]) {
        let (about, files) = (ranks(findings.iter().map(Self::about)), ranks(findings.iter().map(|f| f.line().0)));
        let key = |at: usize| (about[at], findings[at].from(), files[at], findings[at].line().1, at as u32);
        let mut order: Vec<_> = (0..findings.len()).map(key).collect();
        order.sort_unstable_by(|a, b| {
            let same = || findings[a.4 as usize].order(&findings[b.4 as usize]).then(a.4.cmp(&b.4));
            (a.0, a.1, a.2, a.3).cmp(&(b.0, b.1, b.2, b.3)).then_with(same)
        });
        let mut from: Vec<u32> = order.into_iter().map(|(.., at)| at).collect();
        for to in 0..from.len() {
            // What stood here before may have been put elsewhere by now.
            while (from[to] as usize) < to {
                from[to] = from[from[to] as usize];
            }
            findings.swap(to, from[to] as usize);
        }
    }

    fn about(&self) -> (super::Severity, Option<&str>, &str, Option<&str>) {
        (self.severity, self.clause.as_deref(), &self.rule, self.system.as_deref())
    }

    fn from(&self) -> Option<crate::calendar::Day> {
        self.dates.map(|dates| dates.0)
    }

    fn line(&self) -> (&str, u32) {
        self.place.as_ref().map_or(("", 0), |place| (&place.file, place.line))
    }
}

/// The rank of each among those that differ.
fn ranks<T: Ord + Hash + Copy>(all: impl Iterator<Item = T>) -> Vec<u32> {
    let mut numbers = HashMap::new();
    let mut number = |one: T| {
        let next = numbers.len() as u32;
        *numbers.entry(one).or_insert(next)
    };
    let mut out: Vec<u32> = all.map(&mut number).collect();
    let mut sorted: Vec<(T, u32)> = numbers.into_iter().collect();
    sorted.sort_unstable();
    let mut ranks = vec![0; sorted.len()];
    for (rank, (_, number)) in sorted.into_iter().enumerate() {
        ranks[number as usize] = rank as u32;
    }
    for number in &mut out {
        *number = ranks[*number as usize];
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::calendar::Day;
    use crate::finding::Severity;
    use crate::say::Said;
    use crate::source::Place;

    fn finding() -> impl Strategy<Value = Finding> {
        let place = proptest::option::of(("[ab]", 0_u32..3, 0_u32..2));
        let system = proptest::option::of("[xy]");
        let about = (any::<bool>(), proptest::option::of("[12]"), "[rs]", system, proptest::option::of(0..3));
        (about, place, proptest::option::of("[no]"), "[mn]").prop_map(|(about, place, record, message)| {
            let (error, clause, rule, system, day) = about;
            let severity = if error { Severity::Error } else { Severity::Info };
            let mut finding = Finding::new(rule, severity, Said::same(message));
            (finding.clause, finding.system, finding.record) = (clause, system, record);
            finding.dates = day.map(|day| (Day(day), Day(day)));
            finding.place = place.map(|(file, line, column)| Place::span(file, line, column, 0));
            finding
        })
    }

    proptest! {
        #[test]
        fn sorted_by_numbers_is_sorted_by_all_that_is_compared(mut found in proptest::collection::vec(finding(), 0..60)) {
            for (at, finding) in found.iter_mut().enumerate() {
                finding.times = at;
            }
            let mut plainly = found.clone();
            plainly.sort_by(Finding::order);
            Finding::sort(&mut found);
            prop_assert_eq!(found, plainly);
        }
    }
}
