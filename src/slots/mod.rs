//! The slot ledger: what should have happened, and whether it did (figures.md, section 2; standard.md, section 3).
//!
//! Every cadence expands to slots (rule, system or organisation, period); each is in exactly one state.

use std::collections::BTreeSet;

use hashbrown::HashMap;

use crate::calendar::{Day, Instant, Period, Span, Unit, Zone, periods};
use crate::config::Config;
use crate::ledger::{Ledger, Value};
use crate::standard::{Closes, Form, Grain, Kind, Rule, Seal, Standard};

mod waiver;

pub use waiver::{KIND as WAIVER, Waiver, Waivers};

/// The state of a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// A matching record lies in the period.
    Met,
    /// The period is over and there is none.
    Missed,
    /// Missed, and a waiver covers it.
    Waived,
    /// The period is not over and there is none yet.
    Pending,
    /// Not in service for the whole period.
    NotApplicable,
}

impl State {
    /// Every state, in the order in which they are counted.
    pub const ALL: [Self; 5] = [Self::Met, Self::Missed, Self::Waived, Self::Pending, Self::NotApplicable];

    /// The canonical name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Missed => "missed",
            Self::Waived => "waived",
            Self::Pending => "pending",
            Self::NotApplicable => "n/a",
        }
    }
}

/// One thing that should have happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// First local day.
    pub first: Day,
    /// Last local day; a night shift's is its date.
    pub last: Day,
    /// From when to when.
    pub span: Span,
    /// Whether it did.
    pub state: State,
    /// The shift, as a position in the configuration.
    pub shift: Option<u16>,
    /// The row that meets it: the first of its period.
    pub met_by: Option<u32>,
    /// The waiver that covers it, as a position in [`Waivers`].
    pub waiver: Option<u32>,
}

/// The slots of one rule and system, in order of time.
#[derive(Clone, Debug)]
pub struct Group {
    /// The rule, as a position in the standard's rules.
    pub rule: usize,
    /// The system; none for the organisation.
    pub system: Option<usize>,
    /// The slots.
    pub slots: Vec<Slot>,
}

/// What the expansion looks at.
pub struct Ground<'a> {
    /// The workspace.
    pub config: &'a Config,
    /// The standard.
    pub standard: &'a Standard,
    /// The records.
    pub ledger: &'a Ledger,
    /// The instant of judgement.
    pub as_of: Instant,
    /// First days of the months that have a seal.
    pub sealed: &'a BTreeSet<Day>,
}

/// Expands every cadence, and the rules that close a period, to slots.
pub fn expand(ground: &Ground<'_>, waivers: &Waivers) -> Vec<Group> {
    let mut groups = Vec::new();
    for (at, rule) in ground.standard.rules.iter().enumerate() {
        let Some(kind) = rule.kind.map(|k| &ground.standard.kinds[k]) else { continue };
        match &rule.form {
            Form::Cadence { every: Grain::Every(unit), at: by } => {
                groups.extend(cadence(ground, at, rule, kind, *unit, *by));
            }
            Form::Cadence { every: Grain::Shift, .. } => groups.extend(shifts(ground, at, rule, kind)),
            Form::Closes(closes) => groups.push(closing(ground, at, rule, closes)),
            _ => {}
        }
    }
    for (at, rule) in ground.standard.rules.iter().enumerate() {
        if let (Form::Sealed(Seal::Sealed(limit)), Some(from)) = (&rule.form, ground.config.seal_from) {
            groups.push(seals(ground, at, limit, from));
        }
    }
    for group in &mut groups {
        let rule = &ground.standard.rules[group.rule].id;
        for slot in &mut group.slots {
            if slot.state == State::Missed {
                slot.waiver = waivers.find(rule, group.system, slot.first, slot.last);
                if slot.waiver.is_some() {
                    slot.state = State::Waived;
                }
            }
        }
    }
    groups
}

/// The periods of a unit from the earliest service to `as_of`.
fn due(ground: &Ground<'_>, unit: Unit) -> Vec<Period> {
    let span = Span { start: ground.config.since(), end: ground.as_of };
    periods(unit, &ground.config.site.zone, span).collect()
}

/// A slot in its state but for waivers.
fn slot(period: Period, span: Span, whole: bool, met_by: Option<u32>, over: bool) -> Slot {
    let state = match (whole, met_by, over) {
        (false, ..) => State::NotApplicable,
        (_, Some(_), _) => State::Met,
        (_, _, true) => State::Missed,
        _ => State::Pending,
    };
    Slot { first: period.first, last: period.last(), span, state, shift: None, met_by, waiver: None }
}

fn whole(service: (Instant, Option<Instant>), span: Span) -> bool {
    service.0 <= span.start && service.1.is_none_or(|until| span.end <= until)
}

fn cadence(ground: &Ground<'_>, at: usize, rule: &Rule, kind: &Kind, unit: Unit, by: Option<usize>) -> Vec<Group> {
    let zone = &ground.config.site.zone;
    let table = &ground.ledger.tables[rule.kind.unwrap_or_default()];
    let per_system = kind.per_system();
    let system_field = kind.system().filter(|_| per_system);
    let mut met: HashMap<(Option<u16>, Day), u32> = HashMap::new();
    let mut cache = Memo { day: Day(i32::MIN), period: Day(0), unit };
    // The period in which a record of each system was last seen; the first is that of records without one.
    let mut last = vec![Day(i32::MIN); ground.config.systems.len() + 1];
    let filter = rule.filter.on(table);
    for row in table.live().filter(|&row| filter.holds(row)) {
        let day = match by {
            None => table.date(row),
            Some(field) => day_of(table.get(row, field), zone),
        };
        let Some(day) = day else { continue };
        let system = system_field.and_then(|field| table.code(row, field));
        let (period, last) = (cache.first(day), &mut last[system.map_or(0, |s| usize::from(s) + 1)]);
        if *last != period {
            *last = period;
            met.entry((system, period)).or_insert(row as u32);
        }
    }
    let all = due(ground, unit);
    let spans: Vec<Span> = all.iter().map(|p| zone.span(*p)).collect();
    let make = |system: Option<usize>| {
        let service = ground.config.service(system);
        let slots = all
            .iter()
            .zip(&spans)
            .map(|(period, span)| {
                let proof = met.get(&(system.map(|s| s as u16), period.first)).copied();
                slot(*period, *span, whole(service, *span), proof, span.end <= ground.as_of)
            })
            .collect();
        Group { rule: at, system, slots }
    };
    if per_system { (0..ground.config.systems.len()).map(|s| make(Some(s))).collect() } else { vec![make(None)] }
}

/// Rows mostly follow each other in time: the period of the last day is remembered.
struct Memo {
    day: Day,
    period: Day,
    unit: Unit,
}

impl Memo {
    fn first(&mut self, day: Day) -> Day {
        if day != self.day {
            self.day = day;
            self.period = Period::of(self.unit, day).first;
        }
        self.period
    }
}

fn day_of(value: Value<'_>, zone: &Zone) -> Option<Day> {
    match value {
        Value::Day(day) => Some(day),
        Value::Time(at) => Some(zone.date(at)),
        _ => None,
    }
}

/// Each configured shift of each local day that begins before `as_of`, in service by its date, in order of their start.
fn shifts(ground: &Ground<'_>, at: usize, rule: &Rule, kind: &Kind) -> Vec<Group> {
    let (config, zone) = (ground.config, &ground.config.site.zone);
    let table = &ground.ledger.tables[rule.kind.unwrap_or_default()];
    let (Some(system_field), Some(shift_field)) = (kind.system(), kind.shift()) else { return Vec::new() };
    let mut met: HashMap<(u16, Day, u16), u32> = HashMap::new();
    let filter = rule.filter.on(table);
    for row in table.live().filter(|&row| filter.holds(row)) {
        if let (Some(system), Some(day), Some(shift)) =
            (table.code(row, system_field), table.date(row), table.code(row, shift_field))
        {
            met.entry((system, day, shift)).or_insert(row as u32);
        }
    }
    let first = zone.date(config.since());
    let days: Vec<(Day, Vec<Span>)> = (first.0..=i32::MAX)
        .map(Day)
        .take_while(|day| zone.start(*day) < ground.as_of)
        .map(|day| (day, config.shifts.iter().map(|s| s.span(zone, day)).collect()))
        .collect();
    let make = |(number, system): (usize, &crate::config::System)| {
        let mut slots = Vec::with_capacity(days.len() * system.shifts.len());
        for (day, spans) in &days {
            let served = system.in_service <= *day && system.retired.is_none_or(|until| *day < until);
            for &shift in &system.shifts {
                let span = spans[shift];
                if span.start < ground.as_of {
                    let proof = met.get(&(number as u16, *day, shift as u16)).copied();
                    let made = slot(Period::of(Unit::Day, *day), span, served, proof, span.end <= ground.as_of);
                    slots.push(Slot { shift: Some(shift as u16), ..made });
                }
            }
        }
        slots.sort_by_key(|s| s.span.start);
        Group { rule: at, system: Some(number), slots }
    };
    config.systems.iter().enumerate().map(make).collect()
}

/// A record that names the period, from its end (of a date: from its first day) to the deadline.
fn closing(ground: &Ground<'_>, at: usize, rule: &Rule, closes: &Closes) -> Group {
    let zone = &ground.config.site.zone;
    let table = &ground.ledger.tables[rule.kind.unwrap_or_default()];
    let mut named: HashMap<&str, Vec<usize>> = HashMap::new();
    for row in table.live().filter(|&row| rule.filter.holds(table, row)) {
        named.entry(table.text(row, closes.names)).or_default().push(row);
    }
    let service = ground.config.service(None);
    let make = |period: Period| {
        let span = zone.span(period);
        let deadline = deadline(ground, period, &closes.limit);
        let in_time = |row: &&usize| {
            let Some(day) = table.date(**row) else { return false };
            let moment = Instant(table.at[**row]);
            if closes.from_end {
                span.end <= moment && moment <= deadline
            } else {
                span.start <= moment && zone.end(day) <= deadline
            }
        };
        let name = period.name(closes.every);
        let proof = named.get(name.as_str()).and_then(|rows| rows.iter().find(in_time)).map(|&row| row as u32);
        slot(period, span, whole(service, span), proof, ground.as_of > deadline)
    };
    Group { rule: at, system: None, slots: due(ground, closes.every).into_iter().map(make).collect() }
}

/// The end of the local day `last day + n`.
fn deadline(ground: &Ground<'_>, period: Period, limit: &crate::standard::Amount) -> Instant {
    let days = ground.standard.amount(limit, period.first).0 / 1_000_000;
    ground.config.site.zone.end(period.last().plus(days as i32))
}

/// Months that ended, from `archive.seal_from` on.
fn seals(ground: &Ground<'_>, at: usize, limit: &crate::standard::Amount, from: Day) -> Group {
    let zone = &ground.config.site.zone;
    let service = ground.config.service(None);
    let make = |month: Period| {
        let span = zone.span(month);
        // A seal is no record: what meets the slot is the seal's folder.
        let sealed = ground.sealed.contains(&month.first);
        let made =
            slot(month, span, whole(service, span), sealed.then_some(0), ground.as_of > deadline(ground, month, limit));
        Slot { met_by: None, ..made }
    };
    let months = due(ground, Unit::Month).into_iter().filter(|m| m.first >= from);
    Group { rule: at, system: None, slots: months.map(make).collect() }
}

/// How many slots are in each state, in the order of [`State::ALL`].
pub fn count<'a>(slots: impl IntoIterator<Item = &'a Slot>) -> [usize; 5] {
    slots.into_iter().fold([0; 5], |mut counts, slot| {
        counts[slot.state as usize] += 1;
        counts
    })
}
