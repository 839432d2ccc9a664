//! `distinct`: two fields name different persons, trimmed and without case. An absent one passes; another rule asks for it.

use crate::finding::Finding;

use super::Scene;

pub(super) fn check(scene: &Scene<'_>, field: usize, from: &[usize], found: &mut Vec<Finding>) {
    let person = |row: usize, field: usize| {
        let text = scene.table.text(row, field).trim().to_lowercase();
        (!text.is_empty()).then_some(text)
    };
    for row in scene.rows() {
        let Some(one) = person(row, field) else { continue };
        let mut same = vec![field];
        same.extend(from.iter().copied().filter(|&f| person(row, f).as_ref() == Some(&one)));
        if same.len() > 1 {
            let more = [("fields", scene.names(&same)), ("value", scene.shown(row, field))];
            found.push(scene.finding(row, Some(field), &more));
        }
    }
}
