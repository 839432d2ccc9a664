//! A state as it is shown: a class, a glyph and a word, never colour alone (site.md, section 1).

use serde::Serialize;

use crate::chart::Mark;
use crate::measure::Verdict;
use crate::say;
use crate::say::{Lang, Said};
use crate::slots::State;

/// A state as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Status {
    /// The class: `met`, `missed`, `waived`, `pending`, `na`, `unproven`.
    pub class: &'static str,
    /// The glyph.
    pub glyph: &'static str,
    /// The word.
    pub word: String,
}

impl Status {
    /// A mark with a word of its own.
    pub fn new(mark: Mark, word: &Said, lang: Lang) -> Self {
        Self { class: mark.class(), glyph: mark.glyph(), word: word.to(lang).to_owned() }
    }

    /// The verdict of a figure, or of a clause.
    pub fn of_verdict(verdict: Verdict, lang: Lang) -> Self {
        let word = match verdict {
            Verdict::Pass => say!("符合", "conforms"),
            Verdict::Fail => say!("不符合", "does not conform"),
            Verdict::Unproven => say!("缺证据", "unproven"),
            Verdict::NotApplicable => say!("不适用", "not applicable"),
        };
        Self::new(mark(verdict), &word, lang)
    }

    /// The state of a slot.
    pub fn of_state(state: State, lang: Lang) -> Self {
        let (mark, word) = match state {
            State::Met => (Mark::Met, say!("已有", "met")),
            State::Missed => (Mark::Missed, say!("缺报", "missed")),
            State::Waived => (Mark::Waived, say!("豁免", "waived")),
            State::Pending => (Mark::Pending, say!("未到期", "pending")),
            State::NotApplicable => (Mark::NotApplicable, say!("不适用", "not applicable")),
        };
        Self::new(mark, &word, lang)
    }
}

/// The mark of a verdict.
pub fn mark(verdict: Verdict) -> Mark {
    match verdict {
        Verdict::Pass => Mark::Met,
        Verdict::Fail => Mark::Missed,
        Verdict::Unproven => Mark::Unproven,
        Verdict::NotApplicable => Mark::NotApplicable,
    }
}
