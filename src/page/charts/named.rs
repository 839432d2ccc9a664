//! The charts by their names, which are those of their files in `data/charts/`: as a page that somebody wrote asks for
//! them.

use crate::calendar::Period;

use super::super::Book;
use super::super::way::Way;
use super::{ChartView, availability, backups, capacity, complete, faults, last_whole, patches, window};

/// Every chart.
pub const NAMES: [&str; 8] = [
    availability::FILE,
    backups::FILE,
    capacity::FILE,
    complete::FILE,
    patches::FILE,
    faults::COUNTS,
    faults::RESPONSES,
    faults::RESOLVES,
];

/// Whether a chart is of one system and never of all.
pub fn of_system(name: &str) -> bool {
    ![complete::FILE, faults::COUNTS, faults::RESPONSES].contains(&name)
}

/// A chart that ends with a month, or with the last one that is over; none where there is nothing to draw.
pub fn chart(
    book: &Book<'_>,
    way: &Way<'_>,
    name: &str,
    system: Option<usize>,
    month: Option<Period>,
) -> Option<ChartView> {
    let last = month.or_else(|| last_whole(book))?;
    let months = window(book, last);
    match (name, system) {
        (availability::FILE, Some(system)) => availability::chart(book, way, system, &months),
        (backups::FILE, Some(system)) => backups::chart(book, way, system, &months),
        (capacity::FILE, Some(system)) => capacity::chart(book, way, system, &months),
        (patches::FILE, Some(system)) => patches::chart(book, way, system, &months),
        (faults::RESOLVES, Some(system)) => faults::resolves(book, way, system, &months),
        (complete::FILE, system) => complete::chart(book, way, system, last),
        (faults::COUNTS, system) => faults::counts(book, way, system, &months),
        (faults::RESPONSES, system) => faults::responses(book, way, system, &months),
        _ => None,
    }
}
