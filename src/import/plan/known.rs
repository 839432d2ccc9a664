//! What is there already. An import never overwrites: what is there stays as it is, and where the export now says more
//! or something else, that is told.

use crate::calendar::Instant;
use crate::finding::{Finding, Severity};
use crate::ledger::Value;
use crate::say;
use crate::say::Said;
use crate::standard::Type;
use crate::value;

use super::super::reading::{Scope, Series};
use super::bind::each;
use super::{Order, Record};

/// Times that are no further apart are told of one thing: tools cut seconds in different ways.
pub(super) const SLACK: i64 = 60;

/// What becomes of a record.
pub enum Fate {
    /// It is not there.
    New,
    /// It is there; what should be said of it.
    There(Option<Box<Finding>>),
    /// Its id is there and tells of something else.
    Contradicts(Box<Finding>),
}

/// The records that are there.
pub struct There {
    /// Outages whose ids begin with the source's name.
    outages: Vec<usize>,
    kind: Option<usize>,
}

impl There {
    /// Finds what the source brought in before.
    pub fn of(order: &Order<'_>) -> Self {
        let kind = order.standard.kind("outage");
        let head = format!("{}-", order.source);
        let rows = kind
            .map(|kind| &order.ledger.tables[kind])
            .map(|table| (0..table.len()).filter(|row| table.ids.get(*row).starts_with(&head)).collect());
        Self { outages: rows.unwrap_or_default(), kind }
    }

    /// What becomes of a record.
    pub fn fate(&self, order: &Order<'_>, record: &Record) -> Fate {
        let table = &order.ledger.tables[record.kind];
        let by_id = table.find(&record.id).or_else(|| Self::other_form(order, record));
        let by_series = || record.draft.series.as_ref().and_then(|series| self.same_outage(order, series));
        match by_id.or_else(by_series) {
            None => Fate::New,
            Some(row) => compare(order, record, row),
        }
    }

    /// Of a record that may be one of several, the id may have ended in its system or not, as more or fewer systems were
    /// known then.
    fn other_form(order: &Order<'_>, record: &Record) -> Option<usize> {
        let system = record.system.filter(|_| record.draft.scope == Scope::Each)?;
        let (table, field) = (&order.ledger.tables[record.kind], order.standard.kinds[record.kind].system()?);
        let (source, tail) = (order.source, &record.draft.tail);
        let long = each(source, tail, &order.ground.config.systems[system].id);
        let row = table.find(&format!("{source}-{tail}")).filter(|row| table.code(*row, field) == Some(system as u16));
        row.or_else(|| table.find(&long))
    }

    /// An outage of the same series that the same moment lies in, or that lies no more than a look away from it.
    fn same_outage(&self, order: &Order<'_>, series: &Series) -> Option<usize> {
        let kind = self.kind?;
        let (table, fields) = (&order.ledger.tables[kind], &order.standard.kinds[kind]);
        let end = fields.field("ended_at");
        let head = format!("{}-{}-", order.source, series.head);
        let of_series = |row: usize| {
            let rest = table.ids.get(row).strip_prefix(&head);
            rest.is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'T' | b'Z')))
        };
        self.outages.iter().copied().filter(|row| of_series(*row)).find(|&row| {
            let ended = end.and_then(|end| match table.get(row, end) {
                Value::Time(at) => Some(at),
                _ => None,
            });
            let starts_before = series.ended.is_none_or(|ended| table.at[row] <= ended.plus(series.step).0);
            starts_before && ended.is_none_or(|ended| ended.plus(series.step) >= series.seen)
        })
    }
}

fn compare(order: &Order<'_>, record: &Record, row: usize) -> Fate {
    let kind = &order.standard.kinds[record.kind];
    let table = &order.ledger.tables[record.kind];
    let zone = &order.ground.config.site.zone;
    let time = |at: usize| {
        let text = record.cells[at].as_deref()?;
        match kind.fields[at].ty {
            Type::Time => value::time(text.as_bytes(), zone, kind.date_order).ok().map(|time| time.at),
            Type::Date => value::date(text.as_bytes(), zone, kind.date_order).ok().map(|day| zone.start(day)),
            _ => None,
        }
    };
    let there = order.ledger.place(record.kind, row);
    let id = table.ids.get(row);
    let loose = record.draft.recurs || record.draft.series.is_some();
    if let (Some(old), Some(new)) = (table.instant(row, kind.at, zone), time(kind.at))
        && !loose
        && (old.0 - new.0).abs() > SLACK
    {
        let (old, new) = (order.ground.stamp(old), order.ground.stamp(new));
        let why = say!(
            "编号 {id} 已在 {there}，时间是 {old}，而这里说是 {new}",
            "the id {id} is there already ({there}) with the time {old}, and here it is {new}"
        );
        return Fate::Contradicts(Box::new(told(record, Severity::Error, why).help(other_zone())));
    }
    let open = (0..kind.fields.len()).find_map(|at| {
        let new: Option<Instant> = time(at).filter(|_| at != kind.at && !table.has(row, at));
        new.map(|new| (&kind.fields[at].name, new))
    });
    Fate::There(open.map(|(field, new)| {
        let new = order.ground.stamp(new);
        let said = say!(
            "{id} 已在 {there}，其中 {field} 是空的，而导出现在说是 {new}",
            "{id} is there already ({there}) and its {field} is empty; the export now says {new}"
        );
        Box::new(told(record, Severity::Warning, said).help(say!(
            "导入从不改动已有的记录：请手工填写",
            "an import never changes what is there: fill it in by hand"
        )))
    }))
}

/// What two times of one thing mostly come from.
pub(super) fn other_zone() -> Said {
    say!(
        "多半是导出时的时区不同：请用与上次相同的时区导出，或加 --timezone",
        "most likely the exports were made in different zones: export in the zone of the first, or add --timezone"
    )
}

fn told(record: &Record, severity: Severity, said: Said) -> Finding {
    Finding::new("import.known", severity, said).at(record.draft.place.clone())
}
