//! `present`: named fields are there, long enough, not zero, of the right value.

use crate::finding::Finding;
use crate::ledger::Value;
use crate::say;
use crate::say::Said;
use crate::standard::{Test, Type, Want, Where};

use super::Scene;
use super::words::joined;

pub(super) fn check(
    scene: &Scene<'_>,
    fields: &[usize],
    min_chars: &[(usize, usize)],
    not_zero: &[usize],
    must: &Where,
    found: &mut Vec<Finding>,
) {
    let right = must.on(scene.table);
    for row in scene.rows() {
        let absent: Vec<usize> = fields.iter().copied().filter(|&f| !scene.table.has(row, f)).collect();
        let mut bad = absent.clone();
        let mut problems = Vec::new();
        if !absent.is_empty() {
            problems.push(scene.lacks(&absent));
        }
        for &(field, param) in min_chars.iter().filter(|(field, _)| !absent.contains(field)) {
            let least = scene.ground.standard.params[param].number(scene.day(row)).0 / 1_000_000;
            let chars = scene.table.text(row, field).trim().chars().count() as i64;
            if chars < least {
                bad.push(field);
                problems.push(short(scene, field, chars, least));
            }
        }
        for &field in not_zero.iter().filter(|&&f| scene.table.get(row, f) == Value::Number(0)) {
            bad.push(field);
            let Said { zh, en } = scene.names(&[field]);
            problems.push(say!("“{zh}”为 0", "{en} is 0"));
        }
        if !right.holds(row) {
            for test in must.0.iter().filter(|test| !test.holds(scene.table, row)) {
                bad.push(test.field);
                problems.push(other(scene, row, test));
            }
        }
        if let Some(&first) = bad.first() {
            let more = [("fields", scene.names(&bad)), ("problems", joined(&problems))];
            found.push(scene.finding(row, Some(first), &more));
        }
    }
}

/// `“详细描述”只有 4 个字，至少要 10 个`.
fn short(scene: &Scene<'_>, field: usize, chars: i64, least: i64) -> Said {
    if chars == 0 {
        return scene.lacks(&[field]);
    }
    let Said { zh, en } = scene.names(&[field]);
    say!("“{zh}”只有 {chars} 个字，至少要 {least} 个", "{en} has {chars} characters and needs {least}")
}

/// `“是否异地”为“否”，应为“是”`.
fn other(scene: &Scene<'_>, row: usize, test: &Test) -> Said {
    let Said { zh, en } = scene.names(&[test.field]);
    let wanted: Vec<Said> = test.any.iter().map(|want| wanted(scene, test.field, want)).collect();
    let (want_zh, want_en): (Vec<&str>, Vec<&str>) = wanted.iter().map(|w| (w.zh.as_str(), w.en.as_str())).unzip();
    let (want_zh, want_en) = (want_zh.join("或"), want_en.join(" or "));
    if !scene.table.has(row, test.field) {
        return say!("“{zh}”没有填，应为{want_zh}", "{en} is empty and has to be {want_en}");
    }
    let Said { zh: have_zh, en: have_en } = scene.shown(row, test.field);
    say!("“{zh}”为“{have_zh}”，应为{want_zh}", "{en} is \"{have_en}\" and has to be {want_en}")
}

fn wanted(scene: &Scene<'_>, field: usize, want: &Want) -> Said {
    let quoted = |said: &Said| Said::new(format!("“{}”", said.zh), format!("\"{}\"", said.en));
    match (want, &scene.kind.fields[field].ty) {
        (Want::Absent, _) => Said::new("空", "empty"),
        (Want::Present, _) => Said::new("非空", "filled in"),
        (Want::Bool(true), _) => quoted(&Said::new("是", "yes")),
        (Want::Bool(false), _) => quoted(&Said::new("否", "no")),
        (Want::Choice(code), Type::Choice(choices)) => quoted(&choices[usize::from(*code)].title),
        (Want::Choice(_), _) => Said::default(),
        (Want::Text(text), _) => quoted(&Said::same(text.as_str())),
    }
}
