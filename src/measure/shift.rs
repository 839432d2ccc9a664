//! What the shifts saw: response time, errors, capacity (figures.md, section 8).

use hashbrown::HashMap;

use crate::calendar::{Day, Period, Unit};
use crate::value::Decimal;

use super::{At, Figure, Ground, Scale, Trail, ranks, whole};

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
    let refs = |rows: Vec<u32>| Trail::of(rows.into_iter().map(|row| source.reference(row)));

    let (mut times, of) = seen("response_ms");
    let trail = refs(of);
    let [median, p95] = ranks(&mut times, [50, 95]);
    for (name, rank) in [("shift_response_median", median), ("shift_response_p95", p95)] {
        let mut response = at.figure(name, Scale::Milliseconds);
        if let Some(rank) = rank {
            response.value = Some(Decimal(rank));
            response.verdict = None;
        }
        response.trail = trail.clone();
        out.push(response);
    }

    let (errors, of) = seen("errors");
    if !errors.is_empty() {
        let sum = errors.iter().fold(0_i64, |sum, n| sum.saturating_add(*n));
        let mut figure = at.count("shift_errors", Scale::Count, whole(sum));
        figure.trail = refs(of);
        out.push(figure);
    }
    for resource in RESOURCES {
        let (values, of) = seen(resource);
        let trail = refs(of);
        let mut max = at.figure("capacity_max", Scale::Percent);
        if let Some(most) = values.iter().max() {
            max.value = Some(Decimal(*most));
            max.verdict = None;
        }
        for figure in [max, mean(at, &values)] {
            let key = Some(("resource", resource.to_owned()));
            out.push(Figure { key, trail: trail.clone(), ..figure });
        }
    }
}

/// The sum of the readings over their number, exactly: numerator over denominator is the share that is used. The value
/// is cut against ourselves, so upwards.
fn mean(at: &At, readings: &[i64]) -> Figure {
    let mut figure = at.figure("capacity_mean", Scale::Percent);
    let sum = readings.iter().fold(0_i64, |sum, n| sum.saturating_add(*n));
    // Of a reading of 100 % the millionths of a percent, in the fewest digits that say the same.
    let (mut above, mut below) = (sum, 100_000_000 * readings.len() as i64);
    while below > 0 && above % 10 == 0 && below % 10 == 0 {
        (above, below) = (above / 10, below / 10);
    }
    if below > 0 {
        let thousandths = (i128::from(above) * 100_000).div_euclid(i128::from(below))
            + i128::from((i128::from(above) * 100_000).rem_euclid(i128::from(below)) > 0);
        figure.value = Some(Decimal(i64::try_from(thousandths * 1000).unwrap_or(i64::MAX)));
        figure.verdict = None;
    }
    (figure.numerator, figure.denominator) = (Some(above), Some(below));
    figure
}
