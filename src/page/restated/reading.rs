//! A figure of a line as people read it. What this release or this workspace no longer knows is shown as it was written.

use serde::Serialize;

use crate::calendar::Period;
use crate::say;
use crate::say::Lang;
use crate::seal::compare::Fields;

use super::super::Book;
use super::super::figure;
use super::super::status;
use super::super::verdict::MarkView;
use super::super::way;
use super::Told;
use super::lines::{figure_of, text};

/// A figure as a row of a table.
#[derive(Clone, Debug, Serialize)]
pub struct Reading {
    /// The name of the system; empty for the organisation.
    pub system: String,
    /// Its title, with what tells it apart from others of its name.
    pub title: String,
    /// The value with its unit; a dash where there was nothing to measure.
    pub value: String,
    /// Numerator and denominator with their unit; may be empty.
    pub fraction: String,
    /// The target with its unit; may be empty.
    pub target: String,
    /// The verdict; none where it has no target.
    pub status: Option<MarkView>,
    /// Where its records of today are listed, from the root of the site; may be empty.
    #[serde(skip)]
    pub trail: String,
    /// Where it stands among the figures of today; the last where it is none of them.
    #[serde(skip)]
    pub order: usize,
}

/// The figure of a line.
pub fn reading(book: &Book<'_>, month: Period, line: &Fields) -> Reading {
    let lang = book.config.site.lang;
    let id = text(line, "system");
    let system = book.config.system(id);
    let name = system.map_or(id, |at| &book.config.systems[at].name).to_owned();
    let Some(figure) = figure_of(book, month, line) else {
        return Reading {
            system: name,
            title: text(line, "figure").to_owned(),
            value: [text(line, "value"), text(line, "unit")].join(" ").trim().to_owned(),
            fraction: String::new(),
            target: text(line, "target").to_owned(),
            status: None,
            trail: String::new(),
            order: usize::MAX,
        };
    };
    let today = figure::of(book, system, month);
    let there = today.iter().position(|now| now.name == figure.name && now.key == figure.key);
    Reading {
        system: name,
        title: figure::title(book, &figure),
        value: figure::value(&figure, lang),
        fraction: figure::fraction(&figure, lang),
        target: figure.target.map_or_else(String::new, figure::plain_percent),
        status: figure.verdict.filter(|_| figure.target.is_some()).map(|verdict| status::verdict(verdict, lang)),
        trail: if there.is_some() && (id.is_empty() || system.is_some()) {
            way::trail(book, &figure)
        } else {
            String::new()
        },
        order: there.unwrap_or(usize::MAX),
    }
}

impl Reading {
    /// Whether there was nothing to measure, and nothing asked.
    pub fn is_empty(&self) -> bool {
        self.value == "–" && self.fraction.is_empty() && self.status.is_none()
    }

    /// Its title, behind the name of its system.
    pub fn whole(&self) -> String {
        if self.system.is_empty() { self.title.clone() } else { format!("{} · {}", self.system, self.title) }
    }

    /// Beside another of the same figure; the target is told where the two have not the same.
    pub fn told(self, targets_differ: bool, lang: Lang) -> Told {
        let Self { value, fraction, target, status, .. } = self;
        let target = if target.is_empty() { "–".to_owned() } else { target };
        let target = targets_differ.then(|| say!("目标 {target}", "target {target}").to(lang).to_owned());
        let detail: Vec<String> = [fraction].into_iter().filter(|text| !text.is_empty()).chain(target).collect();
        Told { value, detail: detail.join(if lang == Lang::Zh { "，" } else { ", " }), mark: status }
    }
}
