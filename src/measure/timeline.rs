//! What has a time, in order of it: so that a month finds its own without looking at every other.

use crate::calendar::{Instant, Span};

/// Things with a time.
pub(super) struct Timeline<T> {
    /// When, which one, what.
    all: Vec<(Instant, u32, T)>,
}

impl<T> Default for Timeline<T> {
    fn default() -> Self {
        Self { all: Vec::new() }
    }
}

impl<T: Copy> Timeline<T> {
    /// Puts things in order.
    pub(super) fn new(things: impl Iterator<Item = (Instant, T)>) -> Self {
        let mut all: Vec<(Instant, u32, T)> = things.zip(0..).map(|((at, thing), n)| (at, n, thing)).collect();
        all.sort_unstable_by_key(|(at, n, _)| (*at, *n));
        Self { all }
    }

    /// Those in a span, in the order in which they came in.
    pub(super) fn within(&self, span: &Span) -> impl Iterator<Item = T> + use<T> {
        let from = self.all.partition_point(|(at, ..)| *at < span.start);
        let until = self.all.partition_point(|(at, ..)| *at < span.end);
        let mut found: Vec<(u32, T)> = self.all[from..until].iter().map(|(_, n, thing)| (*n, *thing)).collect();
        found.sort_unstable_by_key(|(n, _)| *n);
        found.into_iter().map(|(_, thing)| thing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_finds_its_own_in_the_order_in_which_they_came() {
        let line = Timeline::new(
            [(30, 'a'), (10, 'b'), (29, 'c'), (20, 'd'), (20, 'e')].map(|(at, c)| (Instant(at), c)).into_iter(),
        );
        let within = |start, end| line.within(&Span { start: Instant(start), end: Instant(end) }).collect::<String>();
        assert_eq!(within(10, 30), "bcde");
        assert_eq!(within(20, 31), "acde");
        assert_eq!(within(31, 40), "");
    }
}
