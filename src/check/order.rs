//! `order`: times do not run backwards, and what happened is not in the future.

use crate::finding::Finding;

use super::Scene;

/// One finding a record: fields that must be there, else its first pair of times out of order. Equal is in order.
pub(super) fn check(scene: &Scene<'_>, times: &[usize], present: &[usize], found: &mut Vec<Finding>) {
    let times = if times.is_empty() { &scene.kind.order } else { times };
    if times.is_empty() && present.is_empty() {
        return;
    }
    for row in scene.rows() {
        let absent: Vec<usize> = present.iter().copied().filter(|&f| !scene.table.has(row, f)).collect();
        if !absent.is_empty() {
            found.push(scene.finding(row, &[("fields", scene.names(&absent))]));
            continue;
        }
        let mut last = None;
        for &field in times {
            let Some(at) = scene.instant(row, field) else { continue };
            if let Some((earlier, was)) = last
                && was > at
            {
                found.push(scene.finding(row, &[("fields", scene.names(&[earlier, field]))]));
                break;
            }
            last = Some((field, at));
        }
    }
}

/// Records whose primary time is after `as_of`.
pub(super) fn future(scene: &Scene<'_>, found: &mut Vec<Finding>) {
    for row in scene.future() {
        let at = scene.shown(row, scene.kind.at);
        found.push(scene.finding(row, &[("value", at), ("fields", scene.names(&[scene.kind.at]))]));
    }
}
