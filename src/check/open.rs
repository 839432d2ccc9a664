//! What cannot be told yet: records that a rule may still be broken by, because what it asks is not done and there is
//! time at the instant of judgement. No findings; verdicts on a month wait for them.

use crate::calendar::Instant;
use crate::standard::{Amount, Form, Rule, Where, Within};

use super::{Ground, Scene, follows, within};

/// A record whose time has not passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Open {
    /// Until when.
    pub until: Instant,
    /// The system.
    pub system: Option<usize>,
    /// Its kind, as a position in the standard.
    pub kind: usize,
    /// Its row.
    pub row: usize,
}

/// The open records of a rule.
pub fn open(ground: &Ground<'_>, rule: &Rule) -> Vec<Open> {
    let Some(at) = rule.kind else { return Vec::new() };
    let scene = Scene::new(ground, rule, at);
    let found = match &rule.form {
        Form::Within(within) => not_done(&scene, within),
        Form::Follows { by, limit } => not_followed(&scene, by, limit),
        _ => Vec::new(),
    };
    let open = found.into_iter().filter(|(_, until)| ground.as_of <= *until);
    open.map(|(row, until)| Open { until, system: scene.system(row), kind: at, row }).collect()
}

fn not_done(scene: &Scene<'_>, within: &Within) -> Vec<(usize, Instant)> {
    // Where nothing stops the clock, to be in time is all that is asked.
    let Some(to) = within.to else { return Vec::new() };
    let done = |row: usize| within.to_where.holds(scene.table, row) && scene.table.has(row, to);
    let rows = scene.rows().filter(|&row| !done(row));
    rows.filter_map(|row| Some((row, within::until(scene, within, row)?))).collect()
}

fn not_followed(scene: &Scene<'_>, by: &Where, limit: &Amount) -> Vec<(usize, Instant)> {
    let times = follows::times(scene, by);
    let until = |row: usize| {
        let until = scene.table.at[row].saturating_add(scene.ground.standard.seconds(limit, scene.day(row)));
        let next = follows::next(&times, scene, row);
        next.is_none_or(|next| next > until).then_some((row, Instant(until)))
    };
    scene.rows().filter_map(until).collect()
}
