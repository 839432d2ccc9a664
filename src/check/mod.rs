//! The rules, run: what the records, the slots and the figures say against the standard (standard.md, sections 2 to 4).
//! One file a form; no rule has code of its own.

use std::borrow::Cow;

use rayon::prelude::*;

use crate::calendar::{Day, Instant};
use crate::config::Config;
use crate::finding::{Finding, Severity};
use crate::ledger::{Ledger, Standing, Table, Value};
use crate::measure::Figure;
use crate::say;
use crate::say::{Said, fill};
use crate::seal::Archive;
use crate::slots::{Group, Waivers};
use crate::standard::{Form, Kind, Rule, Standard, Type};

mod covered;
mod distinct;
mod follows;
mod includes;
mod missed;
mod open;
mod order;
mod present;
mod priority;
mod sealed;
mod target;
mod waive;
mod within;
mod words;

pub use covered::{Covered, covered};
pub use open::{Open, open};
pub use target::allowed;

/// What the rules look at.
pub struct Ground<'a> {
    /// The workspace.
    pub config: &'a Config,
    /// The standard.
    pub standard: &'a Standard,
    /// The records.
    pub ledger: &'a Ledger,
    /// The slots.
    pub slots: &'a [Group],
    /// The waivers.
    pub waivers: &'a Waivers,
    /// The figures.
    pub figures: &'a [Figure],
    /// The seals, and the records held against them.
    pub archive: &'a Archive,
    /// The instant of judgement.
    pub as_of: Instant,
}

/// One kind as a rule sees it.
struct Scene<'a> {
    ground: &'a Ground<'a>,
    rule: &'a Rule,
    at: usize,
    kind: &'a Kind,
    table: &'a Table,
    /// The field that holds the system.
    system: Option<usize>,
}

/// Runs every rule, lays the waivers over what was found (with what loading found), and sorts it all.
pub fn check(ground: &Ground<'_>, loaded: Vec<Finding>) -> Vec<Finding> {
    let mut found = loaded;
    missed::check(ground, &mut found);
    let by_rule: Vec<Vec<Finding>> = ground.standard.rules.par_iter().map(|rule| ask(ground, rule)).collect();
    found.reserve_exact(by_rule.iter().map(Vec::len).sum());
    for mut of_rule in by_rule {
        found.append(&mut of_rule);
    }
    waive::waive(ground, &mut found);
    Finding::sort(&mut found);
    found
}

/// What one rule finds.
fn ask(ground: &Ground<'_>, rule: &Rule) -> Vec<Finding> {
    let mut found = Vec::new();
    if let Form::Target { figure, .. } = &rule.form {
        target::check(ground, rule, figure, &mut found);
        return found;
    }
    if let Form::Sealed(what) = &rule.form {
        sealed::check(ground, rule, what, &mut found);
        return found;
    }
    let kinds = match rule.kind {
        Some(at) => at..at + 1,
        None => 0..ground.standard.kinds.len(),
    };
    for at in kinds {
        let scene = Scene::new(ground, rule, at);
        match &rule.form {
            Form::Present { fields, min_chars, not_zero, must } => {
                present::check(&scene, fields, min_chars, not_zero, must, &mut found);
            }
            Form::Within(within) => within::check(&scene, within, &mut found),
            Form::Order { until_as_of: true, .. } => order::future(&scene, &mut found),
            Form::Order { times, present, .. } => order::check(&scene, times, present, &mut found),
            Form::Distinct { field, from } => distinct::check(&scene, *field, from, &mut found),
            Form::Follows { by, limit } => follows::check(&scene, by, limit, &mut found),
            Form::Referred { kind, field } => follows::referred(&scene, *kind, *field, &mut found),
            Form::Priority(priority) => priority::check(&scene, priority, &mut found),
            Form::Includes(includes) => includes::check(&scene, includes, &mut found),
            // These are slots (`missed`), figures (`target`), or what the seals hold (`sealed`).
            Form::Cadence { .. } | Form::Closes(_) | Form::Target { .. } | Form::Sealed(_) => {}
        }
    }
    found
}

impl<'a> Scene<'a> {
    fn new(ground: &'a Ground<'a>, rule: &'a Rule, at: usize) -> Self {
        let (kind, table) = (&ground.standard.kinds[at], &ground.ledger.tables[at]);
        Self { ground, rule, at, kind, table, system: kind.system() }
    }

    /// The rows the rule is about, in order.
    fn rows(&self) -> impl Iterator<Item = usize> + '_ {
        let filter = self.rule.filter.on(self.table);
        self.table.live().filter(move |&row| filter.holds(row))
    }

    /// The rows that lie after `as_of`.
    fn future(&self) -> impl Iterator<Item = usize> + '_ {
        let standing = self.table.standing.iter().enumerate();
        standing.filter(|(_, s)| **s == Standing::Future).map(|(row, _)| row)
    }

    fn instant(&self, row: usize, field: usize) -> Option<Instant> {
        self.table.instant(row, field, &self.ground.config.site.zone)
    }

    /// The local date by which dated parameters are chosen: a record's own, for a page that of `as_of`.
    fn day(&self, row: usize) -> Day {
        let zone = &self.ground.config.site.zone;
        if self.kind.pages {
            return zone.date(self.ground.as_of);
        }
        self.table.date(row).unwrap_or_else(|| zone.date(self.ground.as_of))
    }

    fn system(&self, row: usize) -> Option<usize> {
        self.system.and_then(|field| self.table.code(row, field)).map(usize::from)
    }

    /// The titles of fields, for a message: `验证时间、验证人`, `"Verified" and "Verified by"`.
    fn names(&self, fields: &[usize]) -> Said {
        let title = |&f: &usize| &self.kind.fields[f].title;
        if let [one] = fields {
            return Said::new(title(one).zh.as_str(), format!("\"{}\"", title(one).en));
        }
        let zh: Vec<&str> = fields.iter().map(|f| title(f).zh.as_str()).collect();
        let en: Vec<String> = fields.iter().map(|f| format!("\"{}\"", title(f).en)).collect();
        let en = match en.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
            _ => en.concat(),
        };
        Said::new(zh.join("、"), en)
    }

    /// `缺少验证人`.
    fn lacks(&self, fields: &[usize]) -> Said {
        let Said { zh, en } = self.names(fields);
        let is = if fields.len() == 1 { "is" } else { "are" };
        say!("缺少{zh}", "{en} {is} missing")
    }

    /// A value as a message shows it.
    fn shown(&self, row: usize, field: usize) -> Said {
        let config = self.ground.config;
        match (self.table.get(row, field), &self.kind.fields[field].ty) {
            (Value::Time(at), _) => Said::same(config.site.zone.local(at)),
            (Value::Day(day), _) => Said::same(day.to_string()),
            (Value::Number(n), Type::Decimal | Type::Percent) => Said::same(crate::value::Decimal(n).to_string()),
            (Value::Number(n), _) => Said::same(n.to_string()),
            (Value::Code(code), Type::System) => Said::same(config.systems[usize::from(code)].name.clone()),
            (Value::Code(code), Type::Shift) => Said::same(config.shifts[usize::from(code)].name.clone()),
            (Value::Code(code), Type::Choice(choices)) => choices[usize::from(code)].title.clone(),
            (Value::Code(code), _) => {
                if code == 1 {
                    Said::new("是", "yes")
                } else {
                    Said::new("否", "no")
                }
            }
            (Value::Text(text), _) => Said::same(text.replace(crate::load::ITEM, "; ")),
            (Value::Absent, _) => Said::new("（空）", "(empty)"),
            (Value::Unkept, _) => Said::same("…"),
        }
    }

    /// A finding about a row, to be seen in a field (none: in the first that the rule's test looks at, else in the
    /// row as a whole). `more` fills the placeholders that only the form knows.
    fn finding(&self, row: usize, field: Option<usize>, more: &[(&str, Said)]) -> Finding {
        let id = self.table.ids.get(row);
        let system = self.system(row);
        let message = fill(&self.rule.message, |name| {
            if let Some((_, said)) = more.iter().find(|(key, _)| *key == name) {
                return Some(Cow::Borrowed(said));
            }
            match name {
                "record" => Some(Cow::Owned(Said::same(id))),
                "kind" => Some(Cow::Borrowed(&self.kind.title)),
                "system" => system.map(|s| Cow::Owned(Said::same(self.ground.config.systems[s].name.as_str()))),
                _ => self.kind.field(name).map(|field| Cow::Owned(self.shown(row, field))),
            }
        });
        let mut finding = Finding::new(self.rule.id.as_str(), self.rule.severity, message)
            .kind(self.kind.name.as_str())
            .at(self.ground.ledger.place(self.at, row))
            .help(self.rule.fix.clone());
        finding.clause = Some(self.rule.clause.clone());
        finding.system = system.map(|s| self.ground.config.systems[s].id.clone());
        finding.record = Some(id.to_owned());
        finding.field = field.or_else(|| self.rule.filter.0.first().map(|test| test.field));
        if !self.kind.pages {
            finding.dates = self.table.date(row).map(|d| (d, d));
        }
        finding
    }
}

/// The severity under which unused waivers are listed.
const UNUSED: Severity = Severity::Info;
