//! The standard: kinds of records, clauses and the rules that check them, parameters. All of it is data
//! (standard.md, section 5; the format is told in standards/README.md); nothing about a kind or a rule is written here.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use crate::calendar::Day;
use crate::config::{Config, Setting};
use crate::doc::{Doc, Problems, offer};
use crate::finding::{Finding, Severity, Severity::Error};
use crate::say;
use crate::say::Said;
use crate::source::{Failure, Place, Sources};
use crate::tree::hex;
use crate::value::Decimal;

mod builtin;
mod fields;
mod form;
mod kind;
mod read;
mod rule;
mod words;

pub use builtin::{BUILTIN, builtin};
pub use kind::{Choice, Field, Kind, Type};
pub use rule::{
    Amount, Closes, Example, Form, Grain, Includes, Limit, Priority, Rule, Seal, Test, TimeUnit, Want, Where, Within,
};

/// The code of problems in a standard.
pub const CODE: &str = "standard";

/// A validated standard with the workspace's own parameters laid over it.
#[derive(Debug, Clone)]
pub struct Standard {
    /// Its id, such as `oa-maintenance`.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Its title.
    pub title: Said,
    /// Row groups of the matrix.
    pub chapters: Vec<Chapter>,
    /// In the order of their ids, compared number by number.
    pub clauses: Vec<Clause>,
    /// All rules, clause by clause.
    pub rules: Vec<Rule>,
    /// All kinds, in byte order of their names.
    pub kinds: Vec<Kind>,
    /// All parameters, in byte order of their names.
    pub params: Vec<Param>,
    /// SHA-256 over its files, in hex: what the verdicts were judged by.
    pub digest: String,
}

/// A chapter groups clauses.
#[derive(Debug, Clone)]
pub struct Chapter {
    /// Its id: the beginning of its clauses' ids.
    pub id: String,
    /// Its title.
    pub title: Said,
}

/// A clause: what is asked.
#[derive(Debug, Clone)]
pub struct Clause {
    /// Its id, such as `3.1.1`.
    pub id: String,
    /// Its title.
    pub title: Said,
    /// What it asks.
    pub text: Said,
}

/// A parameter with what it was from which day on.
#[derive(Debug, Clone)]
pub struct Param {
    /// Its name.
    pub name: String,
    /// What it means.
    pub text: Said,
    default: Setting,
    dated: Vec<(Option<Day>, Setting)>,
}

impl Param {
    /// The value in force on a local date (figures.md, section 1).
    pub fn on(&self, day: Day) -> &Setting {
        self.dated
            .iter()
            .rev()
            .find(|(from, _)| from.is_none_or(|from| from <= day))
            .map_or(&self.default, |(_, setting)| setting)
    }

    /// The number in force on a local date; 0 for a parameter that is no number, which the reader of rules refuses.
    pub fn number(&self, day: Day) -> Decimal {
        match self.on(day) {
            Setting::Number(n) => *n,
            Setting::Texts(_) => Decimal(0),
        }
    }

    /// The texts in force on a local date.
    pub fn texts(&self, day: Day) -> &[String] {
        match self.on(day) {
            Setting::Number(_) => &[],
            Setting::Texts(texts) => texts,
        }
    }

    /// The value that was set last, in words.
    pub fn latest(&self) -> Said {
        match self.dated.last().map_or(&self.default, |(_, setting)| setting) {
            Setting::Number(n) => Said::same(n.to_string()),
            Setting::Texts(texts) => Said::new(texts.join("、"), texts.join(", ")),
        }
    }

    /// The built-in value, and each later one with the day from which it holds.
    pub fn history(&self) -> (&Setting, &[(Option<Day>, Setting)]) {
        (&self.default, &self.dated)
    }
}

impl Standard {
    /// Reads the standard that the configuration names: a built-in one, or a folder of the workspace.
    pub fn load(sources: &Sources, config: &Config) -> Result<Self, Vec<Finding>> {
        Self::read(Self::files(sources, config)?, config)
    }

    /// The texts of the standard that the configuration names, by path.
    pub fn files(sources: &Sources, config: &Config) -> Result<BTreeMap<String, String>, Vec<Finding>> {
        let name = config.standard.trim_end_matches('/');
        if let Some(files) = builtin(name) {
            return Ok(files);
        }
        let folder = format!("{name}/");
        let mut files = BTreeMap::new();
        for entry in sources.below(&folder).filter(|e| e.path.ends_with(".toml")) {
            let text = sources.read(&entry.path).map_err(|Failure(why)| vec![Finding::new(CODE, Error, why)])?;
            match String::from_utf8(text) {
                Ok(text) => files.insert(entry.path.to_string(), text),
                Err(_) => {
                    let finding = Finding::new(CODE, Error, say!("文件不是 UTF-8 编码", "the file is not UTF-8"));
                    return Err(vec![finding.at(Place::file(entry.path.clone()))]);
                }
            };
        }
        if files.is_empty() {
            let files = sources.below("standards/").filter(|entry| entry.path.ends_with(".toml"));
            let folders: BTreeSet<&str> = files.filter_map(|entry| own_folder(&entry.path)).collect();
            let known: Vec<&str> = BUILTIN.iter().copied().chain(folders).collect();
            let said = say!("找不到标准 {name}", "the standard {name} is not there");
            let finding = Finding::new(CODE, Error, said).at(config.standard_place.clone());
            return Err(vec![finding.help(unknown(name, &known))]);
        }
        Ok(files)
    }

    /// Reads a standard from the texts of its files.
    pub fn read(files: BTreeMap<String, String>, config: &Config) -> Result<Self, Vec<Finding>> {
        let problems = Problems::default();
        let mut hash = Sha256::new();
        let docs: Vec<Doc> = files
            .into_iter()
            .map(|(path, text)| {
                hash.update(text.as_bytes());
                hash.update([0]);
                Doc::parse(path, text, CODE, &problems)
            })
            .collect();
        if !problems.is_empty() {
            return Err(problems.take());
        }
        let digest = hex(&hash.finalize());
        let standard = read::standard(&docs, config, digest, &problems);
        let found = problems.take();
        if found.iter().any(|f| f.severity == Severity::Error) { Err(found) } else { Ok(standard) }
    }

    /// The position of a kind.
    pub fn kind(&self, name: &str) -> Option<usize> {
        self.kinds.binary_search_by(|k| k.name.as_str().cmp(name)).ok()
    }

    /// The rule of an id.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|r| r.id == id)
    }

    /// The parameter of a name.
    pub fn param(&self, name: &str) -> Option<&Param> {
        self.params.iter().find(|p| p.name == name)
    }

    /// An amount in force on a local date, in seconds (days as 24 h).
    pub fn seconds(&self, amount: &Amount, day: Day) -> i64 {
        let number = self.amount(amount, day);
        i64::try_from(i128::from(number.0) * i128::from(amount.unit.seconds()) / 1_000_000).unwrap_or(i64::MAX)
    }

    /// An amount in force on a local date, in its own unit.
    pub fn amount(&self, amount: &Amount, day: Day) -> Decimal {
        match amount.param {
            Some(at) => self.params[at].number(day),
            None => amount.fixed,
        }
    }

    /// An amount in force on a local date, in words: `14 天`.
    pub fn limit(&self, amount: &Amount, day: Day) -> Said {
        let number = self.amount(amount, day);
        let Said { zh, en } = amount.unit.said();
        say!("{number} {zh}", "{number} {en}")
    }

    /// The rules of a clause, in their order.
    pub fn rules_of<'a>(&'a self, clause: &'a str) -> impl Iterator<Item = &'a Rule> {
        self.rules.iter().filter(move |r| r.clause == clause)
    }
}

/// The folder of a standard, of a file in it: `standards/ours` of `standards/ours/kinds/ups.toml`.
fn own_folder(path: &str) -> Option<&str> {
    path.match_indices('/').nth(1).map(|(at, _)| &path[..at])
}

/// What `standard.use` may be, and the nearest of it.
fn unknown(name: &str, known: &[&str]) -> Said {
    let Said { zh, en } = offer(name, known);
    say!(
        "standard.use 应为内置标准，或工作区中 standards/ 之下的文件夹；{zh}",
        "standard.use names a built-in standard, or a folder below standards/ of the workspace; {en}"
    )
}

#[cfg(test)]
mod tests;
