//! From what a monitor saw, look by look, to the spells during which a thing was down.

use crate::calendar::{Instant, Zone};
use crate::say;
use crate::source::Place;

use super::{Draft, Ground, Series, slug};

/// What a monitor saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It answered.
    Up,
    /// It did not.
    Down,
}

/// One look of a monitor at a thing.
#[derive(Clone, Debug)]
pub struct Look {
    /// When.
    pub at: Instant,
    /// What it saw.
    pub state: State,
    /// Whether this is the very moment of a change, as an alert tells it, and not only how things stood.
    pub turn: bool,
    /// Where the export says so.
    pub place: Place,
    /// What the monitor said of it.
    pub said: String,
}

/// A spell of being down.
#[derive(Clone, Debug)]
pub struct Spell {
    /// The first look that found it down.
    pub first: Look,
    /// Whether it was up before that, so that the spell began there.
    pub begun: bool,
    /// When it was up again; none where the export ends before.
    pub ended: Option<Instant>,
}

/// The spells of one thing, from its looks in the order of time.
pub fn spells(looks: &[Look]) -> Vec<Spell> {
    let mut out: Vec<Spell> = Vec::new();
    let mut before = None;
    for look in looks {
        match (look.state, before) {
            (State::Down, None | Some(State::Up)) => {
                out.push(Spell { first: look.clone(), begun: look.turn || before.is_some(), ended: None });
            }
            (State::Up, Some(State::Down)) => {
                if let Some(spell) = out.last_mut() {
                    spell.ended = Some(look.at);
                }
            }
            _ => {}
        }
        before = Some(look.state);
    }
    out
}

/// The outage of a spell. `thing` is what begins the ids of its outages; two looks at it are `step` seconds apart.
/// A spell whose beginning the export does not show has no start: it is a record only where one that is there already
/// goes on.
pub fn outage(ground: &Ground<'_>, thing: &[&str], spell: &Spell, step: i64) -> Draft {
    let head = slug(thing);
    let seen = spell.first.at;
    let mut draft = Draft::new("outage", slug([head.as_str(), &compact(seen)]), spell.first.place.clone())
        .may("started_at", spell.begun.then(|| ground.stamp(seen)))
        .may("ended_at", spell.ended.map(|at| ground.stamp(at)));
    draft.lacking = (!spell.begun).then(|| {
        say!(
            "导出开始时它已经中断：请把更早的导出一起给出，或放宽查询的时间范围",
            "it was down when the export began: give the export before this one as well, or ask for a longer range"
        )
    });
    draft.series = Some(Series { head, seen, ended: spell.ended, step });
    draft
}

/// An instant as it stands in an id: `20261123T191257Z`.
pub fn compact(at: Instant) -> String {
    let (day, second) = Zone::default().wall(at);
    let (y, m, d) = day.ymd();
    format!("{y:04}{m:02}{d:02}T{:02}{:02}{:02}Z", second / 3600, second / 60 % 60, second % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(at: i64, state: State, turn: bool) -> Look {
        Look { at: Instant(at), state, turn, place: Place::line("a", 1), said: String::new() }
    }

    #[test]
    fn spells_begin_where_it_was_up_before_or_where_an_alert_says_so() {
        use State::{Down, Up};
        let looks: Vec<Look> =
            [(1, Down), (2, Up), (3, Down), (4, Down), (5, Up), (6, Down)].map(|(at, s)| look(at, s, false)).to_vec();
        let told: Vec<(i64, bool, Option<i64>)> =
            spells(&looks).iter().map(|s| (s.first.at.0, s.begun, s.ended.map(|e| e.0))).collect();
        assert_eq!(told, [(1, false, Some(2)), (3, true, Some(5)), (6, true, None)]);
        assert!(spells(&[look(1, Down, true)])[0].begun);
        assert!(spells(&[look(1, Up, false)]).is_empty());
    }

    #[test]
    fn an_instant_in_an_id() {
        assert_eq!(compact(Instant(1_795_461_177)), "20261123T191257Z");
    }
}
