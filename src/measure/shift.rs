//! What the shifts saw: response time, errors, capacity (figures.md, section 8).

use hashbrown::HashMap;

use crate::calendar::{Day, Period, Unit};
use crate::value::Decimal;

use super::{At, Figure, Ground, Scale, nearest_rank, whole};

const RESOURCES: [&str; 3] = ["cpu", "memory", "disk"];

/// The shift records of each system and month.
#[derive(Default)]
pub(super) struct Shifts {
    rows: HashMap<(u16, Day), Vec<u32>>,
}

pub(super) fn read(ground: &Ground<'_>) -> Shifts {
    let mut rows: HashMap<(u16, Day), Vec<u32>> = HashMap::new();
    if let Some(source) = ground.source("shift")
        && let Some(field) = source.kind.system()
    {
        for row in source.table.live() {
            if let (Some(system), Some(day)) = (source.table.code(row, field), source.table.date(row)) {
                rows.entry((system, Period::of(Unit::Month, day).first)).or_default().push(row as u32);
            }
        }
    }
    Shifts { rows }
}

pub(super) fn figures(ground: &Ground<'_>, shifts: &Shifts, at: &At, out: &mut Vec<Figure>) {
    let (Some(source), Some(system)) = (ground.source("shift"), at.system) else { return };
    let empty = Vec::new();
    let rows = shifts.rows.get(&(system as u16, at.month.first)).unwrap_or(&empty);
    let seen = |name: &str| -> (Vec<i64>, Vec<u32>) {
        let field = source.field(name);
        rows.iter().filter_map(|&row| source.number(row, field).map(|n| (n, row))).unzip()
    };
    let refs = |rows: Vec<u32>| rows.into_iter().map(|row| source.reference(row)).collect();

    let (mut times, of) = seen("response_ms");
    let mut response = at.figure("shift_response_p95", Scale::Milliseconds);
    if let Some(p95) = nearest_rank(&mut times, 95) {
        response.value = Some(Decimal(p95));
        response.verdict = None;
    }
    response.trail.rows = refs(of);
    out.push(response);

    let (errors, of) = seen("errors");
    if !errors.is_empty() {
        let sum = errors.iter().fold(0_i64, |sum, n| sum.saturating_add(*n));
        let mut figure = at.count("shift_errors", Scale::Count, whole(sum));
        figure.trail.rows = refs(of);
        out.push(figure);
    }
    for resource in RESOURCES {
        let (values, of) = seen(resource);
        let mut figure = at.figure("capacity_max", Scale::Percent);
        figure.key = Some(("resource", resource.to_owned()));
        if let Some(max) = values.iter().max() {
            figure.value = Some(Decimal(*max));
            figure.verdict = None;
        }
        figure.trail.rows = refs(of);
        out.push(figure);
    }
}
