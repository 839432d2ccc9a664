//! `order`: times do not run backwards, and what happened is not in the future.

use crate::finding::Finding;
use crate::say;
use crate::say::Said;

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
            let more = [("fields", scene.names(&absent)), ("problems", scene.lacks(&absent))];
            found.push(scene.finding(row, Some(absent[0]), &more));
            continue;
        }
        let mut last = None;
        for &field in times {
            let Some(at) = scene.instant(row, field) else { continue };
            if let Some((earlier, was)) = last
                && was > at
            {
                let pair = [earlier, field];
                let more = [("fields", scene.names(&pair)), ("problems", backwards(scene, row, pair))];
                found.push(scene.finding(row, Some(field), &more));
                break;
            }
            last = Some((field, at));
        }
    }
}

/// `“完成时间”2026-01-02 08:59 早于“开始时间”2026-01-02 09:00`.
fn backwards(scene: &Scene<'_>, row: usize, [first, second]: [usize; 2]) -> Said {
    let title = |field: usize| &scene.kind.fields[field].title;
    let (a, b) = (scene.shown(row, first).zh, scene.shown(row, second).zh);
    let (a_zh, b_zh, a_en, b_en) = (&title(first).zh, &title(second).zh, &title(first).en, &title(second).en);
    say!("“{b_zh}”{b} 早于“{a_zh}”{a}", "\"{b_en}\" {b} is before \"{a_en}\" {a}")
}

/// Records whose primary time is after `as_of`.
pub(super) fn future(scene: &Scene<'_>, found: &mut Vec<Finding>) {
    for row in scene.future() {
        let field = scene.kind.at;
        let (Said { zh, en }, at) = (scene.names(&[field]), scene.shown(row, field).zh);
        let problems = say!("“{zh}”是 {at}", "{en} is {at}");
        found.push(scene.finding(row, Some(field), &[("fields", scene.names(&[field])), ("problems", problems)]));
    }
}
