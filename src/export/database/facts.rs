//! The tables beside the records: what was judged and by what, and the calendar that SQL needs to count the figures
//! again without knowing time zones.

use std::collections::BTreeSet;
use std::iter;

use crate::TOOL;
use crate::calendar::{Day, Instant, Period, Span, Unit, periods};
use crate::config::Setting;
use crate::output::system_id;
use crate::page::Book;
use crate::page::export::typed::Typed;
use crate::page::rejected;
use crate::pipeline;
use crate::source::Failure;
use crate::standard::{Param, Type};
use crate::value::Decimal;

use super::table::{Cells, Table, What};

/// The names of the tables.
pub(super) const NAMES: [&str; 11] =
    ["about", "systems", "choices", "params", "days", "months", "service", "slots", "findings", "figures", "rejected"];

/// All of them, in the order of their names.
pub(super) fn tables<'a>(book: &'a Book<'_>) -> Result<Vec<Table<'a>>, Failure> {
    Ok(vec![
        about(book),
        systems(book),
        choices(book),
        params(book),
        days(book),
        months(book),
        service(book),
        slots(book),
        findings(book),
        figures(book),
        kept_out(book)?,
    ])
}

fn time(at: Instant) -> Typed<'static> {
    Typed::Time(at)
}

fn about<'a>(book: &'a Book<'_>) -> Table<'a> {
    let (site, standard) = (&book.config.site, book.standard);
    let columns = [
        ("title", What::Text),
        ("organisation", What::Text),
        ("timezone", What::Text),
        ("as_of", What::Time),
        ("standard", What::Text),
        ("standard_version", What::Text),
        ("standard_sha256", What::Text),
        ("build", What::Text),
        ("tool", What::Text),
    ];
    let row = vec![
        Typed::text(&site.title),
        Typed::text(&site.organisation),
        Typed::text(site.zone.name()),
        time(book.as_of),
        Typed::text(&standard.id),
        Typed::text(&standard.version),
        Typed::text(&standard.digest),
        Typed::text(&book.build),
        Typed::text(TOOL),
    ];
    Table::new("about", &columns).with([row])
}

/// A system's service as it was lived: from its start, until it was retired or judged.
fn lived(book: &Book<'_>, system: usize) -> Span {
    let (start, end) = book.config.service(Some(system));
    Span { start, end: end.map_or(book.as_of, |end| end.min(book.as_of)) }
}

fn systems<'a>(book: &'a Book<'_>) -> Table<'a> {
    let columns = [
        ("id", What::Text),
        ("name", What::Text),
        ("owner", What::Text),
        ("in_service", What::Day),
        ("retired", What::Day),
        ("served_from", What::Time),
        ("served_until", What::Time),
    ];
    let rows = book.config.systems.iter().enumerate().map(|(at, system)| {
        let lived = lived(book, at);
        vec![
            Typed::text(&system.id),
            Typed::text(&system.name),
            Typed::text(&system.owner),
            Typed::Day(system.in_service),
            system.retired.map_or(Typed::Absent, Typed::Day),
            time(lived.start),
            time(lived.end),
        ]
    });
    Table::new("systems", &columns).with(rows)
}

fn choices<'a>(book: &'a Book<'_>) -> Table<'a> {
    let columns = [
        ("kind", What::Text),
        ("field", What::Text),
        ("place", What::Integer),
        ("name", What::Text),
        ("title_zh", What::Text),
        ("title_en", What::Text),
    ];
    let mut table = Table::new("choices", &columns);
    for (kind, field) in super::records::kinds(book).flat_map(|at| {
        let kind = &book.standard.kinds[at];
        kind.fields.iter().map(move |field| (kind, field))
    }) {
        let Type::Choice(choices) = &field.ty else { continue };
        table.rows.extend(choices.iter().zip(1..).map(|(choice, place)| {
            vec![
                Typed::text(&kind.name),
                Typed::text(&field.name),
                Typed::Integer(place),
                Typed::text(&choice.name),
                Typed::text(&choice.title.zh),
                Typed::text(&choice.title.en),
            ]
        }));
    }
    table
}

/// Each number of the standard with the days on which it holds; as a limit in minutes or in days it is given in seconds
/// too, cut to whole ones as the figures do.
fn params<'a>(book: &'a Book<'_>) -> Table<'a> {
    let columns = [
        ("name", What::Text),
        ("from_day", What::Day),
        ("until_day", What::Day),
        ("number", What::Decimal),
        ("minutes_in_s", What::Integer),
        ("days_in_s", What::Integer),
    ];
    let mut table = Table::new("params", &columns);
    for param in book.standard.params.iter().filter(|p| matches!(p.history().0, Setting::Number(_))) {
        let starts: Vec<Day> = starts(param).into_iter().collect();
        for (at, &from) in starts.iter().enumerate() {
            let until = starts.get(at + 1).map_or_else(last_day, |next| next.plus(-1));
            let Decimal(number) = param.number(from);
            let seconds = |unit: i64| {
                let seconds = i64::try_from(i128::from(number) * i128::from(unit) / 1_000_000);
                seconds.map_or(Typed::Absent, Typed::Integer)
            };
            table.rows.push(vec![
                Typed::text(&param.name),
                Typed::Day(from),
                Typed::Day(until),
                Typed::Decimal(Decimal(number)),
                seconds(60),
                seconds(86_400),
            ]);
        }
    }
    table
}

/// The days from which a parameter has another value, the first of all days among them.
fn starts(param: &Param) -> BTreeSet<Day> {
    let first = Day::from_ymd(1, 1, 1).unwrap_or_default();
    [first].into_iter().chain(param.history().1.iter().filter_map(|(from, _)| *from)).collect()
}

fn last_day() -> Day {
    Day::from_ymd(9999, 12, 31).unwrap_or_default()
}

/// Each local day from the first record or service to the day of judgement, with the instants at which it begins and
/// ends.
fn days<'a>(book: &'a Book<'_>) -> Table<'a> {
    let columns = [
        ("day", What::Day),
        ("number", What::Integer),
        ("month", What::Text),
        ("starts_at", What::Time),
        ("ends_at", What::Time),
    ];
    let zone = &book.config.site.zone;
    let recorded = book.ledger.tables.iter().flat_map(|table| table.live().filter_map(|row| table.date(row))).min();
    let since = zone.date(book.config.since());
    let first = recorded.map_or(since, |day| day.min(since));
    let rows = (first.0..=zone.date(book.as_of).0).map(Day).map(|day| {
        vec![
            Typed::Day(day),
            Typed::Integer(i64::from(day.0)),
            Typed::text(month_of(day)),
            time(zone.start(day)),
            time(zone.end(day)),
        ]
    });
    Table::new("days", &columns).with(rows)
}

fn month_of(day: Day) -> String {
    Period::of(Unit::Month, day).name(Unit::Month)
}

/// The months from the earliest service to the instant of judgement.
fn all_months(book: &Book<'_>) -> Vec<Period> {
    let span = Span { start: book.config.since(), end: book.as_of };
    periods(Unit::Month, &book.config.site.zone, span).collect()
}

fn months<'a>(book: &'a Book<'_>) -> Table<'a> {
    let columns = [
        ("month", What::Text),
        ("first_day", What::Day),
        ("last_day", What::Day),
        ("starts_at", What::Time),
        ("ends_at", What::Time),
        ("sealed", What::Bool),
    ];
    let sealed = pipeline::sealed(book.sources);
    let rows = all_months(book).into_iter().map(|month| {
        let span = book.config.site.zone.span(month);
        vec![
            Typed::text(month.name(Unit::Month)),
            Typed::Day(month.first),
            Typed::Day(month.last()),
            time(span.start),
            time(span.end),
            Typed::Bool(sealed.contains(&month.first)),
        ]
    });
    Table::new("months", &columns).with(rows)
}

/// The months of each system in which it was in service, and the part of each that it was.
fn service<'a>(book: &'a Book<'_>) -> Table<'a> {
    let columns =
        [("system", What::Text), ("month", What::Text), ("served_from", What::Time), ("served_until", What::Time)];
    let mut table = Table::new("service", &columns);
    for (at, system) in book.config.systems.iter().enumerate() {
        let lived = lived(book, at);
        for month in all_months(book) {
            let span = book.config.site.zone.span(month);
            if lived.start < lived.end && span.overlaps(&lived) {
                table.rows.push(vec![
                    Typed::text(&system.id),
                    Typed::text(month.name(Unit::Month)),
                    time(span.start.max(lived.start)),
                    time(span.end.min(lived.end)),
                ]);
            }
        }
    }
    table
}

/// Every slot; it is counted in the month of its last day, a shift in that of its date.
fn slots<'a>(book: &'a Book<'_>) -> Table<'a> {
    let columns = [
        ("rule", What::Text),
        ("clause", What::Text),
        ("kind", What::Text),
        ("system", What::Text),
        ("shift", What::Text),
        ("month", What::Text),
        ("first_day", What::Day),
        ("last_day", What::Day),
        ("starts_at", What::Time),
        ("ends_at", What::Time),
        ("state", What::Text),
        ("record", What::Text),
        ("waiver", What::Text),
    ];
    let mut table = Table::new("slots", &columns);
    for group in book.slots {
        let rule = &book.standard.rules[group.rule];
        for slot in &group.slots {
            let counted = if slot.shift.is_some() { slot.first } else { slot.last };
            let (record, waiver) = crate::page::export::csv::proof(book, rule, slot);
            table.rows.push(vec![
                Typed::text(&rule.id),
                Typed::text(&rule.clause),
                Typed::text(rule.kind.map_or("", |kind| &book.standard.kinds[kind].name)),
                Typed::text(system_id(book.config, group.system).unwrap_or_default()),
                Typed::text(slot.shift.map_or("", |shift| &book.config.shifts[usize::from(shift)].id)),
                Typed::text(month_of(counted)),
                Typed::Day(slot.first),
                Typed::Day(slot.last),
                time(slot.span.start),
                time(slot.span.end),
                Typed::text(slot.state.name()),
                Typed::text(record),
                Typed::text(waiver),
            ]);
        }
    }
    table
}

fn findings<'a>(book: &'a Book<'_>) -> Table<'a> {
    let columns = [
        ("rule", What::Text),
        ("clause", What::Text),
        ("severity", What::Text),
        ("system", What::Text),
        ("kind", What::Text),
        ("record", What::Text),
        ("from_day", What::Day),
        ("until_day", What::Day),
        ("periods", What::Integer),
        ("source_file", What::Text),
        ("source_line", What::Integer),
        ("source_column", What::Integer),
        ("message", What::Text),
        ("waived_by", What::Text),
    ];
    let lang = book.config.site.lang;
    let number = |n: Option<u32>| n.filter(|&n| n > 0).map_or(Typed::Absent, |n| Typed::Integer(i64::from(n)));
    let rows = book.findings.iter().map(|finding| {
        let place = finding.place.as_ref();
        let days = finding.dates.filter(|_| finding.count.is_some());
        vec![
            Typed::text(&finding.rule),
            Typed::text(finding.clause.as_deref().unwrap_or_default()),
            Typed::text(finding.severity.name()),
            Typed::text(finding.system.as_deref().unwrap_or_default()),
            Typed::text(finding.kind.as_deref().unwrap_or_default()),
            Typed::text(finding.record.as_deref().unwrap_or_default()),
            days.map_or(Typed::Absent, |(from, _)| Typed::Day(from)),
            days.map_or(Typed::Absent, |(_, until)| Typed::Day(until)),
            number(finding.count),
            Typed::text(place.map_or("", |place| &place.file)),
            number(place.map(|place| place.line)),
            number(place.map(|place| place.column)),
            Typed::text(finding.message.to(lang)),
            Typed::text(finding.waived_by.as_deref().unwrap_or_default()),
        ]
    });
    Table::new("findings", &columns).with(rows)
}

/// The figures as they were counted by the program. `part` says of what: a grade, a kind, a type, an audience, a resource.
fn figures<'a>(book: &'a Book<'_>) -> Table<'a> {
    let columns = [
        ("figure", What::Text),
        ("system", What::Text),
        ("period", What::Text),
        ("part", What::Text),
        ("value", What::Decimal),
        ("unit", What::Text),
        ("numerator", What::Integer),
        ("denominator", What::Integer),
        ("target", What::Decimal),
        ("verdict", What::Text),
    ];
    let integer = |n: Option<i64>| n.map_or(Typed::Absent, Typed::Integer);
    let decimal = |n: Option<Decimal>| n.map_or(Typed::Absent, Typed::Decimal);
    let rows = book.figures.iter().map(|figure| {
        vec![
            Typed::text(figure.name),
            Typed::text(system_id(book.config, figure.system).unwrap_or_default()),
            Typed::text(figure.month.name(Unit::Month)),
            Typed::text(figure.key.as_ref().map_or("", |(_, part)| part)),
            decimal(figure.value),
            Typed::text(figure.scale.name()),
            integer(figure.numerator),
            integer(figure.denominator),
            decimal(figure.target),
            Typed::text(figure.verdict.map_or("", crate::measure::Verdict::name)),
        ]
    });
    Table::new("figures", &columns).with(rows)
}

/// Records and files that were kept out. A record whose day could be read has its month, and a file has none.
fn kept_out<'a>(book: &'a Book<'_>) -> Result<Table<'a>, Failure> {
    let columns = [
        ("kind", What::Text),
        ("record", What::Text),
        ("source_file", What::Text),
        ("source_line", What::Integer),
        ("rule", What::Text),
        ("reason", What::Text),
        ("raw", What::Text),
        ("record_month", What::Text),
    ];
    let kept = rejected::gather(book)?;
    let days = kept.records.iter().map(|record| record.day).chain(iter::repeat(None));
    let rows: Vec<Cells<'a>> = rejected::rows(&kept)
        .into_iter()
        .zip(days)
        .map(|([kind, record, file, line, rule, reason, raw], day)| {
            let line = line.parse().map_or(Typed::Absent, Typed::Integer);
            vec![
                Typed::text(kind),
                Typed::text(record),
                Typed::text(file),
                line,
                Typed::text(rule),
                Typed::text(reason),
                Typed::text(raw),
                Typed::text(day.map_or_else(String::new, month_of)),
            ]
        })
        .collect();
    Ok(Table::new("rejected", &columns).with(rows))
}
