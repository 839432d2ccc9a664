//! Columns: the values of one field for all rows of a kind.

use std::cmp::Ordering;

use crate::calendar::{Day, Instant};

use super::ABSENT;

/// The values of one field, row by row. Rows beyond its end have none, so that a field which no file has costs nothing.
#[derive(Clone, Debug)]
pub enum Column {
    /// Instants in seconds.
    Time(Vec<i64>),
    /// Days since 1970.
    Day(Vec<i32>),
    /// Whole numbers, bytes, seconds; or millionths, by the field's type.
    Number(Vec<i64>),
    /// Choices, systems, shifts, bools (0 and 1), by position.
    Code(Vec<u16>),
    /// Texts; the items of a list are parted by U+001F, which no text holds.
    Text(Texts),
    /// Whether there is a text; the text itself stays in the source.
    Seen(Vec<bool>),
}

impl Default for Column {
    fn default() -> Self {
        Self::Seen(Vec::new())
    }
}

/// One value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// None.
    Absent,
    /// An instant.
    Time(Instant),
    /// A local day.
    Day(Day),
    /// A number, in the unit of its field's type.
    Number(i64),
    /// A position among choices, systems or shifts; 0 or 1 of a bool.
    Code(u16),
    /// A text that is kept.
    Text(&'a str),
    /// A text that is not.
    Unkept,
}

/// The mark of an absent code.
pub const NO_CODE: u16 = u16::MAX;
/// The mark of an absent day.
pub const NO_DAY: i32 = i32::MIN;

impl Column {
    /// The value of a row.
    #[inline]
    pub fn get(&self, row: usize) -> Value<'_> {
        match self {
            Self::Time(v) => present(v, row, ABSENT).map_or(Value::Absent, |at| Value::Time(Instant(at))),
            Self::Day(v) => present(v, row, NO_DAY).map_or(Value::Absent, |day| Value::Day(Day(day))),
            Self::Number(v) => present(v, row, ABSENT).map_or(Value::Absent, Value::Number),
            Self::Code(v) => present(v, row, NO_CODE).map_or(Value::Absent, Value::Code),
            Self::Text(v) => match v.get(row) {
                "" => Value::Absent,
                text => Value::Text(text),
            },
            Self::Seen(v) => present(v, row, false).map_or(Value::Absent, |_| Value::Unkept),
        }
    }

    /// Whether a row has a value.
    #[inline]
    pub fn has(&self, row: usize) -> bool {
        match self {
            Self::Time(v) | Self::Number(v) => present(v, row, ABSENT).is_some(),
            Self::Day(v) => present(v, row, NO_DAY).is_some(),
            Self::Code(v) => present(v, row, NO_CODE).is_some(),
            Self::Text(v) => !v.get(row).is_empty(),
            Self::Seen(v) => present(v, row, false).is_some(),
        }
    }

    /// The instant of a row, in a column of instants.
    #[inline]
    pub fn time(&self, row: usize) -> Option<Instant> {
        if let Self::Time(v) = self { present(v, row, ABSENT).map(Instant) } else { None }
    }

    /// The number of a row, in a column of numbers.
    #[inline]
    pub fn number(&self, row: usize) -> Option<i64> {
        if let Self::Number(v) = self { present(v, row, ABSENT) } else { None }
    }

    /// The code of a row, in a column of codes.
    #[inline]
    pub fn code(&self, row: usize) -> Option<u16> {
        if let Self::Code(v) = self { present(v, row, NO_CODE) } else { None }
    }

    /// The text of a row; empty where there is none, or where texts are not kept.
    #[inline]
    pub fn text(&self, row: usize) -> &str {
        if let Self::Text(v) = self { v.get(row) } else { "" }
    }

    /// Makes it as long as so many rows.
    pub fn lengthen(&mut self, rows: usize) {
        match self {
            Self::Time(v) | Self::Number(v) => v.resize(rows.max(v.len()), ABSENT),
            Self::Day(v) => v.resize(rows.max(v.len()), NO_DAY),
            Self::Code(v) => v.resize(rows.max(v.len()), NO_CODE),
            Self::Text(v) => v.ends.resize(rows.max(v.ends.len()), v.text.len() as u32),
            Self::Seen(v) => v.resize(rows.max(v.len()), false),
        }
    }

    /// Makes a value absent.
    pub fn clear(&mut self, row: usize) {
        match self {
            Self::Time(v) | Self::Number(v) => v.get_mut(row).map_or((), |v| *v = ABSENT),
            Self::Day(v) => v.get_mut(row).map_or((), |v| *v = NO_DAY),
            Self::Code(v) => v.get_mut(row).map_or((), |v| *v = NO_CODE),
            Self::Seen(v) => v.get_mut(row).map_or((), |v| *v = false),
            // Only times are ever cleared; a text stays as it was written.
            Self::Text(_) => {}
        }
    }

    /// An empty column of the same sort.
    #[must_use]
    pub fn like(&self) -> Self {
        match self {
            Self::Time(_) => Self::Time(Vec::new()),
            Self::Day(_) => Self::Day(Vec::new()),
            Self::Number(_) => Self::Number(Vec::new()),
            Self::Code(_) => Self::Code(Vec::new()),
            Self::Text(_) => Self::Text(Texts::default()),
            Self::Seen(_) => Self::Seen(Vec::new()),
        }
    }

    /// Makes room for the parts.
    pub fn reserve(&mut self, parts: &[&Self]) {
        let total = parts.iter().map(|p| p.len()).sum();
        match self {
            Self::Time(v) | Self::Number(v) => v.reserve_exact(total),
            Self::Day(v) => v.reserve_exact(total),
            Self::Code(v) => v.reserve_exact(total),
            Self::Seen(v) => v.reserve_exact(total),
            Self::Text(v) => {
                let texts: Vec<&Texts> =
                    parts.iter().filter_map(|p| if let Self::Text(t) = p { Some(t) } else { None }).collect();
                v.reserve(&texts);
            }
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Time(v) | Self::Number(v) => v.len(),
            Self::Day(v) => v.len(),
            Self::Code(v) => v.len(),
            Self::Text(v) => v.len(),
            Self::Seen(v) => v.len(),
        }
    }

    /// Appends a column of the same sort, whose first row is that of `rows`.
    pub fn append(&mut self, rows: usize, other: Self) {
        if other.len() == 0 {
            return;
        }
        self.lengthen(rows);
        match (self, other) {
            (Self::Time(a), Self::Time(b)) | (Self::Number(a), Self::Number(b)) => a.extend(b),
            (Self::Day(a), Self::Day(b)) => a.extend(b),
            (Self::Code(a), Self::Code(b)) => a.extend(b),
            (Self::Text(a), Self::Text(b)) => a.append(&b),
            (Self::Seen(a), Self::Seen(b)) => a.extend(b),
            (a, b) => debug_assert!(b.len() == 0, "columns of one field are of one sort, not {a:?}"),
        }
    }
}

/// The value of a row, where it has one.
#[inline]
fn present<T: Copy + PartialEq>(values: &[T], row: usize, none: T) -> Option<T> {
    values.get(row).copied().filter(|value| *value != none)
}

/// Many texts in one piece of memory. At most 4 GiB in all; `load` refuses a kind that would hold more.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    text: String,
    ends: Vec<u32>,
}

impl Texts {
    /// The text of a row; empty beyond the last.
    #[inline]
    pub fn get(&self, row: usize) -> &str {
        let Some(&end) = self.ends.get(row) else { return "" };
        let start = if row == 0 { 0 } else { self.ends[row - 1] as usize };
        &self.text[start..end as usize]
    }

    /// The row of a text, where each is greater than the one before.
    pub fn halve(&self, text: &str) -> Option<usize> {
        let (mut from, mut to) = (0, self.len());
        while from < to {
            let middle = usize::midpoint(from, to);
            match self.get(middle).cmp(text) {
                Ordering::Less => from = middle + 1,
                Ordering::Equal => return Some(middle),
                Ordering::Greater => to = middle,
            }
        }
        None
    }

    /// Adds a text.
    pub fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(self.text.len() as u32);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// How many bytes they hold.
    pub fn bytes(&self) -> usize {
        self.text.len()
    }

    /// Makes room for others.
    pub fn reserve(&mut self, others: &[&Self]) {
        self.text.reserve_exact(others.iter().map(|o| o.text.len()).sum());
        self.ends.reserve_exact(others.iter().map(|o| o.ends.len()).sum());
    }

    /// Appends others.
    pub fn append(&mut self, other: &Self) {
        let base = self.text.len() as u32;
        self.text.push_str(&other.text);
        self.ends.extend(other.ends.iter().map(|end| end + base));
    }
}
