//! Figures: each number with its numerator, its denominator, its verdict and the records behind it (figures.md).

mod figure;

pub use figure::{Figure, RowRef, Scale, Trail, Verdict};
