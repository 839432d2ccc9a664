//! States as they are shown beside a figure, a slot or a time: a class, a glyph and a word, never colour alone
//! (site.md, section 1). The results of clauses have theirs in `verdict`.

use crate::chart::Mark;
use crate::measure::Verdict;
use crate::say;
use crate::say::{Lang, Said};
use crate::slots::State;

use super::verdict::MarkView;

/// A mark with a word of its own.
pub fn marked(mark: Mark, word: &Said, lang: Lang) -> MarkView {
    MarkView { class: mark.class(), glyph: mark.glyph(), word: word.to(lang).to_owned() }
}

/// The verdict of a figure.
pub fn verdict(verdict: Verdict, lang: Lang) -> MarkView {
    let word = match verdict {
        Verdict::Pass => say!("符合", "conforms"),
        Verdict::Fail => say!("不符合", "does not conform"),
        Verdict::Unproven => say!("缺证据", "unproven"),
        Verdict::NotApplicable => say!("不适用", "not applicable"),
    };
    marked(mark(verdict), &word, lang)
}

/// The state of a slot.
pub fn slot(state: State, lang: Lang) -> MarkView {
    let (mark, word) = match state {
        State::Met => (Mark::Met, say!("已有", "met")),
        State::Missed => (Mark::Missed, say!("缺失", "missed")),
        State::Waived => (Mark::Waived, say!("豁免", "waived")),
        State::Pending => (Mark::Pending, say!("未到期", "pending")),
        State::NotApplicable => (Mark::NotApplicable, say!("不适用", "not applicable")),
    };
    marked(mark, &word, lang)
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
