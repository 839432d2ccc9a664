//! `present`: named fields are there, long enough, not zero, of the right value.

use crate::finding::Finding;
use crate::ledger::Value;
use crate::standard::Where;

use super::Scene;

pub(super) fn check(
    scene: &Scene<'_>,
    fields: &[usize],
    min_chars: &[(usize, usize)],
    not_zero: &[usize],
    must: &Where,
    found: &mut Vec<Finding>,
) {
    for row in scene.rows() {
        let mut bad: Vec<usize> = fields.iter().copied().filter(|&f| !scene.table.has(row, f)).collect();
        for &(field, param) in min_chars {
            let least = scene.ground.standard.params[param].number(scene.day(row)).0 / 1_000_000;
            let short = (scene.table.text(row, field).trim().chars().count() as i64) < least;
            if short && !bad.contains(&field) {
                bad.push(field);
            }
        }
        bad.extend(not_zero.iter().filter(|&&f| scene.table.get(row, f) == Value::Number(0)));
        bad.extend(must.0.iter().filter(|test| !test.holds(scene.table, row)).map(|test| test.field));
        if !bad.is_empty() {
            found.push(scene.finding(row, &[("fields", scene.names(&bad))]));
        }
    }
}
