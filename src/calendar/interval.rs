//! Half-open intervals of instants and their unions (figures.md section 1): downtime is counted once, however many
//! records tell of it.

use super::Instant;

/// A half-open interval: `start` is in it, `end` is not. One whose end is not after its start holds nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first instant in it.
    pub start: Instant,
    /// The first instant no longer in it.
    pub end: Instant,
}

impl Span {
    /// Its length in seconds, never negative.
    pub fn seconds(self) -> i64 {
        self.end.0.saturating_sub(self.start.0).max(0)
    }

    /// Whether an instant lies in it.
    pub fn contains(self, at: Instant) -> bool {
        self.start <= at && at < self.end
    }

    /// Whether the two share an instant.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.start.max(other.start) < self.end.min(other.end)
    }

    fn within(self, window: Self) -> Self {
        Self { start: self.start.max(window.start), end: self.end.min(window.end) }
    }
}

/// A union of spans: sorted, disjoint; empty ones have vanished and touching ones are joined.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Intervals(Vec<Span>);

impl Intervals {
    /// The union of spans given in any order.
    pub fn union(spans: impl IntoIterator<Item = Span>) -> Self {
        let mut spans: Vec<Span> = spans.into_iter().filter(|span| span.start < span.end).collect();
        spans.sort_unstable();
        spans.dedup_by(|later, kept| {
            let joined = later.start <= kept.end;
            if joined {
                kept.end = kept.end.max(later.end);
            }
            joined
        });
        Self(spans)
    }

    /// What is in this union and not in the other.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        let mut left = Vec::new();
        let mut holes = other.0.as_slice();
        for span in &self.0 {
            // A hole that ends before this span begins cannot reach a later one either.
            holes = &holes[holes.partition_point(|hole| hole.end <= span.start)..];
            let mut start = span.start;
            for hole in holes.iter().take_while(|hole| hole.start < span.end) {
                if start < hole.start {
                    left.push(Span { start, end: hole.start });
                }
                start = hole.end;
            }
            if start < span.end {
                left.push(Span { start, end: span.end });
            }
        }
        Self(left)
    }

    /// What of it lies in a window.
    #[must_use]
    pub fn cut(&self, window: Span) -> Self {
        Self(self.0.iter().map(|span| span.within(window)).filter(|span| span.start < span.end).collect())
    }

    /// Its length in seconds.
    pub fn seconds(&self) -> i64 {
        self.0.iter().map(|span| span.seconds()).sum()
    }

    /// Its spans, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Span> {
        self.0.iter()
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<Span> for Intervals {
    fn from_iter<T: IntoIterator<Item = Span>>(spans: T) -> Self {
        Self::union(spans)
    }
}

impl<'a> IntoIterator for &'a Intervals {
    type Item = &'a Span;
    type IntoIter = std::slice::Iter<'a, Span>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Instant;
    use super::{Intervals, Span};

    fn span((start, end): (i64, i64)) -> Span {
        Span { start: Instant(start), end: Instant(end) }
    }

    fn union(pairs: &[(i64, i64)]) -> Intervals {
        pairs.iter().copied().map(span).collect()
    }

    fn pairs(intervals: &Intervals) -> Vec<(i64, i64)> {
        intervals.iter().map(|s| (s.start.0, s.end.0)).collect()
    }

    #[test]
    fn a_union_joins_what_touches_and_drops_what_is_empty() {
        assert_eq!(pairs(&union(&[(5, 9), (1, 3), (3, 4), (7, 7), (9, 8), (8, 12), (2, 3)])), [(1, 4), (5, 12)]);
        assert!(union(&[(3, 3), (4, 2)]).is_empty());
        assert_eq!(union(&[(0, 10), (2, 3)]).seconds(), 10);
    }

    #[test]
    fn what_is_taken_away_leaves_the_rest() {
        let all = union(&[(0, 10), (20, 30), (40, 50)]);
        assert_eq!(
            pairs(&all.minus(&union(&[(2, 4), (8, 22), (25, 26), (30, 40), (49, 60)]))),
            [(0, 2), (4, 8), (22, 25), (26, 30), (40, 49)]
        );
        assert_eq!(all.minus(&Intervals::default()), all);
        assert!(all.minus(&union(&[(-5, 99)])).is_empty());
        assert_eq!(pairs(&all.cut(span((5, 41)))), [(5, 10), (20, 30), (40, 41)]);
        assert!(all.cut(span((10, 20))).is_empty());
    }

    #[test]
    fn the_end_of_a_span_is_not_in_it() {
        let s = span((1, 5));
        assert!(s.contains(Instant(1)) && s.contains(Instant(4)) && !s.contains(Instant(5)));
        assert!(!s.overlaps(&span((5, 6))) && s.overlaps(&span((4, 6))) && !s.overlaps(&span((3, 3))));
        assert_eq!((s.seconds(), span((5, 1)).seconds()), (4, 0));
    }

    fn some_spans() -> impl Strategy<Value = Vec<(i64, i64)>> {
        prop::collection::vec((0_i64..60, -3_i64..15).prop_map(|(a, n)| (a, a + n)), 0..12)
    }

    proptest! {
        #[test]
        fn second_by_second_it_is_a_set(a in some_spans(), b in some_spans(), window in (0_i64..60, 0_i64..60)) {
            let holds = |spans: &[(i64, i64)], at| spans.iter().any(|s| s.0 <= at && at < s.1);
            let (left, right) = (union(&a), union(&b));
            let (minus, cut) = (left.minus(&right), left.cut(span(window)));
            for at in -5..80 {
                prop_assert_eq!(holds(&pairs(&left), at), holds(&a, at));
                prop_assert_eq!(holds(&pairs(&minus), at), holds(&a, at) && !holds(&b, at));
                prop_assert_eq!(holds(&pairs(&cut), at), holds(&a, at) && window.0 <= at && at < window.1);
            }
            for result in [left, minus, cut] {
                prop_assert!(result.iter().all(|s| s.start < s.end));
                prop_assert_eq!(Intervals::union(result.iter().copied()), result);
            }
        }
    }
}
