//! What a figure is: a number with all that it was counted from.

use std::ops::Deref;
use std::sync::Arc;

use crate::calendar::Period;
use crate::value::Decimal;

/// How a figure is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scale {
    /// Numerator over denominator, in percent, floored to three decimals.
    Percent,
    /// Seconds.
    Seconds,
    /// A count.
    Count,
    /// Milliseconds.
    Milliseconds,
    /// Hours of training.
    Hours,
    /// Megabytes, of a million bytes each: the millionths of the value are bytes.
    Megabytes,
}

impl Scale {
    /// Every scale.
    pub const ALL: [Self; 6] =
        [Self::Percent, Self::Seconds, Self::Count, Self::Milliseconds, Self::Hours, Self::Megabytes];

    /// The name in the JSON output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Percent => "percent",
            Self::Seconds => "s",
            Self::Count => "count",
            Self::Milliseconds => "ms",
            Self::Hours => "hours",
            Self::Megabytes => "MB",
        }
    }
}

/// The verdict of a figure, or of a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The target is met.
    Pass,
    /// It is not.
    Fail,
    /// The evidence does not decide it.
    Unproven,
    /// Nothing was to be measured.
    NotApplicable,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Self; 4] = [Self::Pass, Self::Fail, Self::Unproven, Self::NotApplicable];

    /// The canonical name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Unproven => "unproven",
            Self::NotApplicable => "n/a",
        }
    }
}

/// A record: its kind and row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowRef {
    /// The kind, as a position in the standard's kinds.
    pub kind: u16,
    /// The row in its table.
    pub row: u32,
}

/// What a figure was counted from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trail {
    /// The records in the denominator (or in the sum), in order.
    pub rows: Vec<RowRef>,
    /// Those of them in the numerator.
    pub hits: Vec<RowRef>,
    /// Records left out, and why: a key of the interface's texts.
    pub left_out: Vec<(RowRef, &'static str)>,
}

impl Trail {
    /// Of records that are summed or ranked, and not told apart by whether they count.
    pub fn of(rows: impl IntoIterator<Item = RowRef>) -> Behind {
        Self { rows: rows.into_iter().collect(), ..Self::NONE }.into()
    }

    /// Of records in a denominator, and those of them in the numerator.
    pub fn parted(rows: Vec<RowRef>, hits: Vec<RowRef>) -> Behind {
        Self { rows, hits, ..Self::NONE }.into()
    }

    const NONE: Self = Self { rows: Vec::new(), hits: Vec::new(), left_out: Vec::new() };
}

/// The trail behind a figure. Most figures of most months have none, and that takes no memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Behind(Option<Arc<Trail>>);

impl From<Trail> for Behind {
    fn from(mut trail: Trail) -> Self {
        trail.rows.shrink_to_fit();
        trail.hits.shrink_to_fit();
        Self((trail != Trail::NONE).then(|| Arc::new(trail)))
    }
}

impl Deref for Behind {
    type Target = Trail;

    fn deref(&self) -> &Trail {
        static NONE: Trail = Trail::NONE;
        self.0.as_deref().unwrap_or(&NONE)
    }
}

/// A figure of a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Its name, as in cli.md.
    pub name: &'static str,
    /// The system; none for the organisation.
    pub system: Option<usize>,
    /// The month.
    pub month: Period,
    /// What else tells it apart: `grade`, `kind` or `resource`, and which.
    pub key: Option<(&'static str, String)>,
    /// How it is shown.
    pub scale: Scale,
    /// The value; none where there is nothing to measure. Millionths of the unit.
    pub value: Option<Decimal>,
    /// The numerator; seconds or a count.
    pub numerator: Option<i64>,
    /// The denominator.
    pub denominator: Option<i64>,
    /// The target.
    pub target: Option<Decimal>,
    /// The verdict; none where it has no target.
    pub verdict: Option<Verdict>,
    /// The records behind it; figures that are counted from the same ones share them.
    pub trail: Behind,
}
