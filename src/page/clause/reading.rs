//! The figures that a `target` rule goes by, month by month, on the page of its clause.

use serde::Serialize;

use crate::calendar::{Period, Unit};
use crate::measure::{Figure, Verdict};
use crate::standard::{Form, Rule};

use super::super::Book;
use super::super::charts;
use super::super::figure;
use super::super::records::month_title;
use super::super::sheet::Link;
use super::super::status;
use super::super::verdict::MarkView;
use super::super::way::{self, Way};
use super::super::worst;

/// Figures of months by system; empty for rules of another form.
#[derive(Debug, Default, Serialize)]
pub struct Readings {
    /// The names of the systems.
    pub systems: Vec<String>,
    /// That not all systems are shown, where there are many.
    pub others: Option<String>,
    /// The figures of all systems in the last month.
    pub all: Option<Link>,
    /// Month by month, the latest first.
    pub months: Vec<ReadingMonth>,
}

/// The figures of a month.
#[derive(Debug, Serialize)]
pub struct ReadingMonth {
    /// The month.
    pub month: String,
    /// It is not over.
    pub running: bool,
    /// The target in force.
    pub target: String,
    /// In the order of the systems; none where there is none.
    pub cells: Vec<Option<Reading>>,
}

/// A figure.
#[derive(Debug, Serialize)]
pub struct Reading {
    /// The value with the records behind it; a dash where there was nothing to measure.
    pub value: Link,
    /// Its verdict.
    pub mark: MarkView,
}

/// The figures of a rule in the given months.
pub fn of(book: &Book<'_>, way: &Way<'_>, rule: &Rule, months: &[Period]) -> Readings {
    let Form::Target { figure: name, .. } = &rule.form else { return Readings::default() };
    let lang = book.config.site.lang;
    let figures: Vec<&Figure> = book.figures.iter().filter(|f| f.name == name).collect();
    let of_system = |system: usize| -> Vec<Option<&Figure>> {
        months
            .iter()
            .map(|month| figures.iter().find(|f| f.system == Some(system) && f.month == *month).copied())
            .collect()
    };
    let all: Vec<Vec<Option<&Figure>>> = (0..book.config.systems.len()).map(of_system).collect();
    let shown = worst::of(&all, worst::TABLED);
    let month = |&month: &Period| {
        let of: Vec<&&Figure> = figures.iter().filter(|f| f.month == month).collect();
        let reading = |system: usize| {
            let figure = of.iter().find(|f| f.system == Some(system))?;
            Some(Reading {
                value: Link::new(way.from_here(&way::trail(book, figure)), figure::value(figure, lang)),
                mark: status::verdict(figure.verdict.unwrap_or(Verdict::NotApplicable), lang),
            })
        };
        ReadingMonth {
            month: month_title(month.first, lang),
            running: charts::running(book, month),
            target: of.iter().find_map(|f| f.target).map_or_else(String::new, figure::plain_percent),
            cells: shown.iter().map(|&system| reading(system)).collect(),
        }
    };
    Readings {
        systems: shown.iter().map(|&at| book.config.systems[at].name.clone()).collect(),
        others: worst::said(all.len(), shown.len()).map(|said| said.to(lang).to_owned()),
        all: months.last().map(|month| {
            let href = way.from_here(&way::figures(&month.name(Unit::Month)));
            Link::new(href, month_title(month.first, lang))
        }),
        months: months.iter().rev().map(month).collect(),
    }
}
