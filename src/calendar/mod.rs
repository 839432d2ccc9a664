//! Local days, periods, intervals and time zones: whole numbers throughout, so that every figure counted from them
//! is exact. Nothing here knows the clock of the machine.

mod day;
mod interval;
mod period;
mod zone;

pub use day::Day;
pub use interval::{Intervals, Span};
pub use period::{MONTHS, Period, Unit, periods};
pub use zone::{Resolved, UnknownZone, Zone};

/// Seconds of a day of 24 hours.
pub const DAY: i64 = 86_400;

/// An instant: whole seconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Instant(pub i64);

impl Instant {
    /// The instant so many seconds later (earlier, where negative).
    #[must_use]
    pub fn plus(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }
}
