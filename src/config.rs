//! `wellkept.toml`: what the workspace says of itself (cli.md, section "wellkept.toml").
//!
//! Every key has a default that works but `site.title` and one `[[system]]`. Unknown keys are errors with a place and
//! the nearest key, because a misspelt setting that does nothing is worse than none.

use std::sync::Arc;

use crate::calendar::{Day, Instant, Period, Resolved, Span, Unit, Zone};
use crate::doc::{Doc, Node, Problems, Reader, Value, number};
use crate::finding::{Finding, Severity};
use crate::say;
use crate::say::Said;
use crate::source::Place;
use crate::value::Decimal;

mod site;

pub use site::{RouteAlias, Site};

/// The name of the file.
pub const FILE: &str = "wellkept.toml";
const CODE: &str = "config";

mod limits;
mod records;

pub use limits::{Limits, size};
pub use records::{Alias, Records, Word};

/// A validated `wellkept.toml`.
#[derive(Debug, Clone)]
pub struct Config {
    /// `[site]`.
    pub site: Site,
    /// `standard.use`: the name of a built-in standard, or a folder of the workspace.
    pub standard: String,
    /// Where it says so.
    pub standard_place: Place,
    /// `[standard.params]`, still to be held against the standard.
    pub overrides: Vec<Override>,
    /// `[[system]]`, in file order.
    pub systems: Vec<System>,
    /// `[[shift]]`, in file order.
    pub shifts: Vec<Shift>,
    /// `[site.aliases]`: former addresses of pages.
    pub route_aliases: Vec<RouteAlias>,
    /// `[records.<kind>]`: how the files of a kind are written, in file order.
    pub records: Vec<Records>,
    /// `[limits]`.
    pub limits: Limits,
    /// `archive.seal_from`: the first month that must be sealed.
    pub seal_from: Option<Day>,
    /// `archive.signers`: the file of allowed signers, relative to `seals/`.
    pub signers: String,
    /// What is worth knowing of it, and stops nothing.
    pub notes: Vec<Finding>,
    /// `edit.url`: where a page's source can be edited; `{path}` stands for the file.
    pub edit_url: Option<String>,
}

/// `[[system]]`: something that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct System {
    /// Its id, as records may write it.
    pub id: String,
    /// Its name, as records may write it too.
    pub name: String,
    /// Who answers for it.
    pub owner: String,
    /// Its first whole day in service.
    pub in_service: Day,
    /// The first day on which it no longer is.
    pub retired: Option<Day>,
    /// The shifts that watch it, as positions in [`Config::shifts`].
    pub shifts: Vec<usize>,
    /// What other tools call it or its parts: hosts, addresses, checks, images. Only `import` looks at them.
    pub hosts: Vec<String>,
}

/// `[[shift]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    /// Its id, as records write it.
    pub id: String,
    /// Its name, as records may write it too.
    pub name: String,
    /// Start, in seconds of the local day.
    pub start: u32,
    /// End, in seconds of the local day; before the start means the next day.
    pub end: u32,
}

/// A parameter of the standard, changed by the workspace.
#[derive(Debug, Clone)]
pub struct Override {
    /// Its name.
    pub name: String,
    /// Its values, each in force from a day on (none: always).
    pub values: Vec<(Option<Day>, Setting)>,
    /// Where it is said.
    pub place: Place,
}

/// The value of a parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting {
    /// A number, exact to a millionth.
    Number(Decimal),
    /// A list of texts.
    Texts(Vec<String>),
}

impl Config {
    /// Reads the file. A configuration with any problem is not used.
    pub fn read(text: String) -> Result<Self, Vec<Finding>> {
        let problems = Problems::default();
        let doc = Doc::parse(FILE, text, CODE, &problems);
        if !problems.is_empty() {
            return Err(problems.take());
        }
        let config = read(&doc, &problems);
        let problems = problems.take();
        if problems.is_empty() { Ok(config) } else { Err(problems) }
    }

    /// The position of a system by its id.
    pub fn system(&self, id: &str) -> Option<usize> {
        self.systems.iter().position(|s| s.id == id)
    }

    /// The start of the earliest service: nothing is expected before it.
    pub fn since(&self) -> Instant {
        let first = self.systems.iter().map(|s| s.in_service).min().unwrap_or(Day(0));
        self.site.zone.start(first)
    }

    /// When a system (none: the organisation) is in service; the end is open where it is not retired.
    pub fn service(&self, system: Option<usize>) -> (Instant, Option<Instant>) {
        match system.map(|s| &self.systems[s]) {
            None => (self.since(), None),
            Some(s) => (self.site.zone.start(s.in_service), s.retired.map(|d| self.site.zone.start(d))),
        }
    }
}

impl Shift {
    /// When this shift of a local date is on (standard.md, section 3, `cadence`).
    pub fn span(&self, zone: &Zone, day: Day) -> Span {
        let next = i32::from(self.end < self.start);
        Span { start: instant(zone, day, self.start), end: instant(zone, day.plus(next), self.end) }
    }
}

fn instant(zone: &Zone, day: Day, seconds: u32) -> Instant {
    match zone.resolve(day, seconds) {
        Resolved::Once(at) | Resolved::Twice(at) | Resolved::Gap(at) => at,
    }
}

fn read(doc: &Doc, problems: &Problems) -> Config {
    let root = doc.reader(CODE, problems);
    let (site, route_aliases) = site::read(&root);
    let (standard, standard_place, overrides) = read_standard(&root);
    let shifts: Vec<Shift> = root.tables("shift").into_iter().map(read_shift).collect();
    let systems: Vec<System> = root.tables("system").into_iter().map(|t| read_system(t, &shifts)).collect();
    if systems.is_empty() {
        root.problem(
            "system",
            say!(
                "至少需要一个 [[system]]，例如 id = \"oa\"、name = \"办公系统\"、in_service = 2026-01-01",
                "at least one [[system]] is needed, such as id = \"oa\", name = \"Office\", in_service = 2026-01-01"
            ),
        );
    }
    twice(&root, "system", systems.iter().map(|s| s.id.as_str()));
    twice(&root, "shift", shifts.iter().map(|s| s.id.as_str()));
    shared_hosts(&root, &systems);
    let records = records::read(&root);
    let limits = root.table("limits").map(limits::read).unwrap_or_default();
    let (mut seal_from, mut signers) = (None, "allowed_signers".to_owned());
    if let Some(archive) = root.table("archive") {
        if let Some(month) = archive.text("seal_from") {
            match Period::parse(&month) {
                Some((Unit::Month, period)) => seal_from = Some(period.first),
                _ => archive
                    .problem("seal_from", say!("应为月份，例如 \"2026-01\"", "takes a month such as \"2026-01\"")),
            }
        }
        signers = archive.text("signers").unwrap_or(signers);
        archive.done();
    }
    let edit_url = root.table("edit").and_then(|edit| {
        let url = edit.text("url");
        edit.done();
        url
    });
    let notes = site::zone_note(&root);
    root.done();
    Config {
        site,
        standard,
        standard_place,
        overrides,
        systems,
        shifts,
        route_aliases,
        records,
        limits,
        seal_from,
        signers,
        notes,
        edit_url,
    }
}

fn read_standard(root: &Reader<'_>) -> (String, Place, Vec<Override>) {
    let (mut name, mut place) = ("oa-maintenance".to_owned(), Place::file(path()));
    let mut overrides = Vec::new();
    if let Some(table) = root.table("standard") {
        if let Some(text) = table.text("use") {
            name = text;
            place = table.place_of("use");
        }
        if let Some(params) = table.table("params") {
            for key in params.keys() {
                if let Some(node) = params.node(&key) {
                    let values = settings(&params, &key, node);
                    overrides.push(Override { values, place: params.key_place(&key), name: key });
                }
            }
            params.done();
        }
        table.done();
    }
    (name, place, overrides)
}

/// A plain value, or a list of `{ from = DATE, value = … }`.
fn settings(params: &Reader<'_>, key: &str, node: &Node) -> Vec<(Option<Day>, Setting)> {
    if let Some(setting) = setting(node) {
        return vec![(None, setting)];
    }
    let mut out = Vec::new();
    if matches!(node.value, Value::List(_)) {
        for dated in params.tables(key) {
            let (from, value) = (dated.day("from"), dated.node("value").and_then(setting));
            match (from, value) {
                (Some(from), Some(value)) => out.push((Some(from), value)),
                _ => dated.problem(
                    "value",
                    say!("应为 {{ from = 日期, value = 值 }}", "takes {{ from = DATE, value = VALUE }}"),
                ),
            }
            dated.done();
        }
        out.sort_by_key(|(from, _)| *from);
    } else {
        params.problem(
            key,
            say!(
                "应为数字、文本列表，或带日期的取值列表",
                "takes a number, a list of texts, or a list of dated values"
            ),
        );
    }
    out
}

/// A number or a list of texts, as parameters take them.
pub fn setting(node: &Node) -> Option<Setting> {
    match &node.value {
        Value::Number(_) => number(node).map(Setting::Number),
        Value::List(items) => items
            .iter()
            .map(|i| match &i.value {
                Value::Text(text) => Some(text.clone()),
                _ => None,
            })
            .collect::<Option<Vec<_>>>()
            .map(Setting::Texts),
        _ => None,
    }
}

fn read_shift(table: Reader<'_>) -> Shift {
    let id = table.required("id");
    let name = table.text("name").unwrap_or_else(|| id.clone());
    let clock = |key: &str| {
        let text = table.required(key);
        let seconds = clock(&text);
        if seconds.is_none() && !text.is_empty() {
            table.problem(key, say!("应为时刻，例如 \"08:00\"", "takes a time of day such as \"08:00\""));
        }
        seconds.unwrap_or(0)
    };
    let shift = Shift { start: clock("start"), end: clock("end"), id, name };
    table.done();
    shift
}

fn clock(text: &str) -> Option<u32> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour < 24 && minute < 60).then_some(hour * 3600 + minute * 60)
}

fn read_system(table: Reader<'_>, shifts: &[Shift]) -> System {
    let id = table.required("id");
    let name = table.text("name").unwrap_or_else(|| id.clone());
    let owner = table.text("owner").unwrap_or_default();
    if !table.has("in_service") {
        table.missing("in_service");
    }
    let in_service = table.day("in_service").unwrap_or(Day(0));
    let retired = table.day("retired");
    if retired.is_some_and(|d| d <= in_service) {
        table.problem("retired", say!("停用日期应晚于启用日期", "must be later than in_service"));
    }
    let watched = if table.has("shifts") {
        let mut out = Vec::new();
        for written in table.texts("shifts") {
            match shifts.iter().position(|s| s.id == written) {
                Some(at) => out.push(at),
                None => {
                    table.unknown(
                        "shifts",
                        &written,
                        &Said::new("班次", "shift"),
                        shifts.iter().map(|s| s.id.as_str()),
                    );
                }
            }
        }
        out
    } else {
        (0..shifts.len()).collect()
    };
    let hosts = table.texts("hosts");
    table.done();
    System { id, name, owner, in_service, retired, shifts: watched, hosts }
}

fn twice<'a>(root: &Reader<'_>, key: &str, ids: impl Iterator<Item = &'a str>) {
    let mut seen: Vec<&str> = Vec::new();
    for id in ids {
        if seen.contains(&id) {
            root.problem(key, say!("编号 {id} 出现了两次", "the id {id} is there twice"));
        }
        seen.push(id);
    }
}

/// A host that two systems claim would be the one or the other by chance.
fn shared_hosts(root: &Reader<'_>, systems: &[System]) {
    let mut seen: Vec<(String, &str)> = Vec::new();
    for (system, host) in systems.iter().flat_map(|s| s.hosts.iter().map(move |h| (s, h))) {
        let folded = host.to_lowercase();
        match seen.iter().find(|(known, owner)| *known == folded && *owner != system.id) {
            Some((_, other)) => {
                let id = &system.id;
                root.problem(
                    "system",
                    say!("主机名 {host} 同时属于 {other} 和 {id}", "the host {host} belongs to both {other} and {id}"),
                );
            }
            None => seen.push((folded, &system.id)),
        }
    }
}

/// A finding about a configuration that names something unknown elsewhere.
pub fn problem(place: &Place, message: Said, help: Said) -> Finding {
    Finding::new(CODE, Severity::Error, message).at(place.clone()).help(help)
}

/// The path of the file, for places.
pub fn path() -> Arc<str> {
    FILE.into()
}
