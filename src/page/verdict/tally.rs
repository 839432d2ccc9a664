//! What verdicts are decided from, counted once for every rule, system, month and year.

use crate::calendar::{Day, Instant, Period, Span, Unit, periods};
use crate::check;
use crate::measure;
use crate::slots::State;
use crate::standard::{Form, Rule, Seal};

use super::Book;

/// What is known of a rule and system in a period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Slots that touch the period, in the order of [`State::ALL`].
    pub slots: [usize; 5],
    /// Findings that no waiver covers: error, warning, info.
    pub findings: [usize; 3],
    /// Findings that a waiver covers: error, warning, info.
    pub waived: [usize; 3],
    /// Records judged, and figures that reached their target.
    pub judged: usize,
    /// Records whose time has not passed.
    pub open: usize,
    /// Figures whose evidence does not decide them.
    pub unproven: usize,
}

/// All of them, in one row: rule by rule, system by system (the organisation last), months and then years.
pub struct Tallies {
    pub months: Vec<Period>,
    pub years: Vec<Period>,
    /// The local day of the last second that is judged.
    pub today: Day,
    systems: usize,
    cells: Vec<Tally>,
    /// Records that take part, by system (the organisation last: all of them) and period.
    recorded: Vec<usize>,
    /// The findings of each clause and period, as positions in [`Book::findings`].
    listed: Vec<Vec<u32>>,
}

impl Tallies {
    /// The number of a period.
    pub fn at(&self, period: Period) -> Option<usize> {
        let year = || self.years.binary_search(&period).map(|at| at + self.months.len());
        self.months.binary_search(&period).or_else(|_| year()).ok()
    }

    /// What is known of a rule, a system (none: the organisation) and a period.
    pub fn get(&self, rule: usize, system: Option<usize>, at: usize) -> &Tally {
        &self.cells[self.cell(rule, system, at)]
    }

    /// How many records of any kind there are of a system, or in all.
    pub fn recorded(&self, system: Option<usize>, at: usize) -> usize {
        self.recorded[self.scope(system) * self.periods() + at]
    }

    /// The findings that belong to a clause, as a position in the standard, and a period.
    pub fn findings(&self, clause: usize, at: usize) -> &[u32] {
        &self.listed[clause * self.periods() + at]
    }

    fn periods(&self) -> usize {
        self.months.len() + self.years.len()
    }

    fn scope(&self, system: Option<usize>) -> usize {
        system.unwrap_or(self.systems)
    }

    fn cell(&self, rule: usize, system: Option<usize>, at: usize) -> usize {
        (rule * (self.systems + 1) + self.scope(system)) * self.periods() + at
    }

    /// The numbers of the periods that a run of days touches.
    fn touched(&self, days: (Day, Day)) -> impl Iterator<Item = usize> + use<> {
        let base = self.months.len();
        within(&self.months, days).chain(within(&self.years, days).map(move |year| year + base))
    }

    /// Adds to each period that a run of days touches.
    fn add(&mut self, rule: usize, system: Option<usize>, days: (Day, Day), change: impl Fn(&mut Tally)) {
        for at in self.touched(days) {
            let cell = self.cell(rule, system, at);
            change(&mut self.cells[cell]);
        }
    }
}

fn within(periods: &[Period], (first, last): (Day, Day)) -> std::ops::Range<usize> {
    let from = periods.partition_point(|p| p.after <= first);
    from..periods.partition_point(|p| p.first <= last).max(from)
}

/// Counts everything.
pub fn gather(book: &Book<'_>) -> Tallies {
    let zone = &book.config.site.zone;
    let span = Span { start: book.config.since(), end: book.as_of };
    let (systems, rules) = (book.config.systems.len(), book.standard.rules.len());
    let mut tallies = Tallies {
        months: periods(Unit::Month, zone, span).collect(),
        years: periods(Unit::Year, zone, span).collect(),
        today: zone.date(Instant(book.as_of.0.saturating_sub(1))),
        systems,
        cells: Vec::new(),
        recorded: Vec::new(),
        listed: Vec::new(),
    };
    tallies.cells = vec![Tally::default(); rules * (systems + 1) * tallies.periods()];
    tallies.recorded = vec![0; (systems + 1) * tallies.periods()];
    tallies.listed = vec![Vec::new(); book.standard.clauses.len() * tallies.periods()];
    slots(book, &mut tallies);
    findings(book, &mut tallies);
    figures(book, &mut tallies);
    let ground = book.ground();
    for (at, rule) in book.standard.rules.iter().enumerate() {
        judged(book, at, rule, &mut tallies);
        for open in check::open(&ground, rule) {
            let Some(day) = book.ledger.tables[open.kind].date(open.row) else { continue };
            tallies.add(at, open.system, (day, day), |tally| tally.open += 1);
        }
    }
    recorded(book, &mut tallies);
    tallies
}

fn slots(book: &Book<'_>, tallies: &mut Tallies) {
    let late = |rule: &Rule| matches!(rule.form, Form::Sealed(Seal::Unaltered | Seal::Late));
    for group in book.slots {
        let sealed = matches!(book.standard.rules[group.rule].form, Form::Sealed(_));
        for slot in &group.slots {
            let days = (slot.first, if slot.shift.is_some() { slot.first } else { slot.last });
            tallies.add(group.rule, group.system, days, |tally| tally.slots[slot.state as usize] += 1);
            if sealed && slot.state == State::Met {
                // What a seal holds is judged in the months that have one.
                for (rule, _) in book.standard.rules.iter().enumerate().filter(|(_, rule)| late(rule)) {
                    tallies.add(rule, None, days, |tally| tally.judged += 1);
                }
            }
        }
    }
}

fn findings(book: &Book<'_>, tallies: &mut Tallies) {
    let rules = &book.standard.rules;
    let clause_of = |rule: usize| book.standard.clauses.iter().position(|c| c.id == rules[rule].clause);
    for (n, finding) in book.findings.iter().enumerate().filter(|(_, f)| f.clause.is_some()) {
        let Some(rule) = rules.iter().position(|r| r.id == finding.rule) else { continue };
        let system = finding.system.as_deref().and_then(|id| book.config.system(id));
        let days = finding.dates.unwrap_or((tallies.today, tallies.today));
        let at = finding.severity as usize;
        tallies.add(rule, system, days, |tally| match finding.waived_by {
            Some(_) => tally.waived[at] += 1,
            None => tally.findings[at] += 1,
        });
        let Some(clause) = clause_of(rule) else { continue };
        for at in tallies.touched(days) {
            let cell = clause * tallies.periods() + at;
            tallies.listed[cell].push(n as u32);
        }
    }
}

/// Figures of months that are over and lie wholly in service: those of which `target` makes findings.
fn figures(book: &Book<'_>, tallies: &mut Tallies) {
    for (at, rule) in book.standard.rules.iter().enumerate() {
        let Form::Target { figure: name, .. } = &rule.form else { continue };
        for figure in book.figures.iter().filter(|f| f.name == name) {
            let span = book.config.site.zone.span(figure.month);
            let (since, until) = book.config.service(figure.system);
            if since > span.start || until.is_some_and(|until| until < span.end) || book.as_of < span.end {
                continue;
            }
            let days = (figure.month.first, figure.month.last());
            tallies.add(at, figure.system, days, |tally| match figure.verdict {
                Some(measure::Verdict::Pass) => tally.judged += 1,
                Some(measure::Verdict::Unproven) => tally.unproven += 1,
                _ => {}
            });
        }
    }
}

/// The records that a rule looks at one by one.
fn judged(book: &Book<'_>, at: usize, rule: &Rule, tallies: &mut Tallies) {
    let filter = match &rule.form {
        _ if !super::by_record(rule) => return,
        Form::Priority(priority) => &priority.low,
        _ => &rule.filter,
    };
    for kind in rule.kind.map_or(0..book.standard.kinds.len(), |k| k..k + 1) {
        let table = &book.ledger.tables[kind];
        let filter = filter.on(table);
        let rows = table.live().filter(|&row| filter.holds(row));
        if book.standard.kinds[kind].pages {
            // What a rule asks of every kind it asks of records; a page is none.
            if rule.kind.is_none() {
                continue;
            }
            let (today, pages) = (tallies.today, rows.count());
            tallies.add(at, None, (today, today), |tally| tally.judged += pages);
            continue;
        }
        for (system, month, records) in by_month(book, kind, rows, &tallies.months) {
            let days = (month.first, month.last());
            tallies.add(at, system, days, |tally| tally.judged += records);
        }
    }
}

fn recorded(book: &Book<'_>, tallies: &mut Tallies) {
    for kind in (0..book.standard.kinds.len()).filter(|&kind| !book.standard.kinds[kind].pages) {
        for (system, month, records) in by_month(book, kind, book.ledger.tables[kind].live(), &tallies.months) {
            let days = (month.first, month.last());
            for at in tallies.touched(days) {
                for scope in system.into_iter().chain([tallies.systems]) {
                    let cell = scope * tallies.periods() + at;
                    tallies.recorded[cell] += records;
                }
            }
        }
    }
}

/// How many of the rows there are of each system (none: of none) and month.
fn by_month(
    book: &Book<'_>,
    kind: usize,
    rows: impl Iterator<Item = usize>,
    months: &[Period],
) -> Vec<(Option<usize>, Period, usize)> {
    let table = &book.ledger.tables[kind];
    let field = book.standard.kinds[kind].system();
    let systems = book.config.systems.len();
    let mut counts = vec![0; (systems + 1) * months.len()];
    // Rows mostly follow each other in time: the month of the last one is remembered.
    let mut at = 0;
    for row in rows {
        let Some(day) = table.date(row) else { continue };
        if !months.get(at).is_some_and(|month| month.contains(day)) {
            at = months.partition_point(|month| month.after <= day);
            if !months.get(at).is_some_and(|month| month.contains(day)) {
                continue;
            }
        }
        let system = field.and_then(|f| table.code(row, f)).map_or(systems, usize::from);
        counts[system * months.len() + at] += 1;
    }
    let place = |n: usize| (Some(n / months.len()).filter(|s| *s < systems), months[n % months.len()]);
    let found = counts.iter().enumerate().filter(|(_, records)| **records > 0);
    found
        .map(|(n, &records)| {
            let (system, month) = place(n);
            (system, month, records)
        })
        .collect()
}
