//! The course of a fault: reported, answered, resolved, verified, each held against what is asked of it.

use crate::calendar::Instant;
use crate::chart::Mark;
use crate::say;
use crate::say::{Lang, Said};

use super::super::figure::spelled;

/// The times of a fault, those that had come by the instant of judgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// When it was reported.
    pub reported: Instant,
    /// When it was answered.
    pub responded: Option<Instant>,
    /// When it was resolved.
    pub resolved: Option<Instant>,
    /// When that was verified.
    pub verified: Option<Instant>,
    /// How long an answer may take, in seconds.
    pub limit: Option<i64>,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What happened, or should have.
    pub title: Said,
    /// When; none where it did not.
    pub at: Option<Instant>,
    /// How long that took, and since when; empty for the first.
    pub taken: Said,
    /// What is asked of it; empty where nothing is.
    pub limit: Said,
    /// How it stands; none where nothing is asked.
    pub state: Option<(Mark, Said)>,
}

/// The four steps of a fault.
pub fn steps(times: &Times, as_of: Instant) -> [Step; 4] {
    [
        Step {
            title: say!("报告", "Reported"),
            at: Some(times.reported),
            taken: Said::default(),
            limit: Said::default(),
            state: None,
        },
        Step {
            title: say!("响应", "Responded"),
            at: times.responded,
            taken: since_report(times, times.responded),
            limit: times.limit.map_or_else(|| say!("不限时", "no limit"), |limit| both(|lang| spelled(limit, lang))),
            state: answer(times, as_of),
        },
        Step {
            title: say!("解决", "Resolved"),
            at: times.resolved,
            taken: since_report(times, times.resolved),
            limit: Said::default(),
            state: Some(resolution(times, as_of)),
        },
        Step {
            title: say!("验证", "Verified"),
            at: times.verified,
            taken: match (times.resolved, times.verified) {
                (Some(from), Some(to)) => after(from, to, &say!("解决后", "after the resolution")),
                _ => since_report(times, times.verified),
            },
            limit: say!("不早于解决", "not before it is resolved"),
            state: verification(times),
        },
    ]
}

/// The answer against its limit: equal to the limit is in time; none by then is a breach (figures.md, section 4).
pub fn answer(times: &Times, as_of: Instant) -> Option<(Mark, Said)> {
    let taken = times.responded.map(|at| at.0 - times.reported.0);
    if taken.is_some_and(|taken| taken < 0) {
        return Some((Mark::Missed, say!("早于报告时间", "before the report")));
    }
    let Some(limit) = times.limit else {
        return match taken {
            Some(_) => Some((Mark::Met, say!("已响应", "answered"))),
            None if times.resolved.is_some() => Some((Mark::NotApplicable, say!("未记录", "not recorded"))),
            None => Some((Mark::Pending, say!("待响应", "awaiting an answer"))),
        };
    };
    Some(match taken {
        Some(taken) if taken <= limit => (Mark::Met, say!("按时", "in time")),
        Some(taken) => {
            let over = both(|lang| spelled(taken - limit, lang));
            let (zh, en) = (over.zh, over.en);
            (Mark::Missed, say!("超时 {zh}", "late by {en}"))
        }
        None if as_of > times.reported.plus(limit) => (Mark::Missed, say!("未响应，已超时", "no answer, and late")),
        None => (Mark::Pending, say!("待响应", "awaiting an answer")),
    })
}

fn resolution(times: &Times, as_of: Instant) -> (Mark, Said) {
    match times.resolved {
        Some(at) if at < times.reported => (Mark::Missed, say!("早于报告时间", "before the report")),
        Some(_) => (Mark::Met, say!("已解决", "resolved")),
        None => {
            let open = both(|lang| spelled((as_of.0 - times.reported.0).max(0) / 60 * 60, lang));
            let (zh, en) = (open.zh, open.en);
            (Mark::Pending, say!("未解决，已历时 {zh}", "open for {en}"))
        }
    }
}

/// A fix is tested: once resolved, it must be verified, and not before.
fn verification(times: &Times) -> Option<(Mark, Said)> {
    match (times.resolved, times.verified) {
        (Some(resolved), Some(verified)) if verified < resolved => {
            Some((Mark::Missed, say!("早于解决时间", "before the resolution")))
        }
        (_, Some(_)) => Some((Mark::Met, say!("已验证", "verified"))),
        (Some(_), None) => Some((Mark::Missed, say!("未验证", "not verified"))),
        (None, None) => None,
    }
}

/// How a fault stands as a whole: what a register says in one word.
pub fn state(times: &Times) -> (Mark, Said) {
    match (times.resolved, times.verified) {
        (None, _) => (Mark::Pending, say!("未解决", "open")),
        (Some(resolved), Some(verified)) if verified >= resolved => (Mark::Met, say!("已验证", "verified")),
        _ => (Mark::Missed, say!("已解决，未验证", "resolved, not verified")),
    }
}

fn since_report(times: &Times, at: Option<Instant>) -> Said {
    at.map_or_else(Said::default, |at| after(times.reported, at, &say!("报告后", "after the report")))
}

fn after(from: Instant, to: Instant, what: &Said) -> Said {
    let seconds = to.0 - from.0;
    if seconds < 0 {
        return Said::default();
    }
    let length = both(|lang| spelled(seconds, lang));
    Said { zh: format!("{} {}", what.zh, length.zh), en: format!("{} {}", length.en, what.en) }
}

fn both(say: impl Fn(Lang) -> String) -> Said {
    Said { zh: say(Lang::Zh), en: say(Lang::En) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(minutes: [Option<i64>; 3], limit: Option<i64>) -> Times {
        let at = |minutes: Option<i64>| minutes.map(|m| Instant(1_000_000 + m * 60));
        let [responded, resolved, verified] = minutes.map(at);
        Times { reported: Instant(1_000_000), responded, resolved, verified, limit: limit.map(|m| m * 60) }
    }

    fn at(minutes: i64) -> Instant {
        Instant(1_000_000 + minutes * 60)
    }

    fn marks(times: &Times, as_of: Instant) -> Vec<Option<Mark>> {
        steps(times, as_of).iter().map(|step| step.state.as_ref().map(|(mark, _)| *mark)).collect()
    }

    #[test]
    fn equal_to_the_limit_is_in_time_and_a_second_later_is_not() {
        let on_time = times([Some(15), Some(60), Some(70)], Some(15));
        assert_eq!(answer(&on_time, at(100)), Some((Mark::Met, say!("按时", "in time"))));
        let late = Times { responded: Some(at(15).plus(1)), ..on_time };
        assert_eq!(answer(&late, at(100)), Some((Mark::Missed, say!("超时 1 秒", "late by 1 s"))));
        let f_2026_021 = times([Some(23), Some(66), Some(402)], Some(15));
        assert_eq!(answer(&f_2026_021, at(9999)).map(|(_, said)| said.zh), Some("超时 8 分钟".to_owned()));
    }

    #[test]
    fn no_answer_waits_until_the_limit_and_is_late_from_then_on() {
        let silent = times([None, None, None], Some(15));
        assert_eq!(marks(&silent, at(15)), [None, Some(Mark::Pending), Some(Mark::Pending), None]);
        assert_eq!(marks(&silent, at(15).plus(1))[1], Some(Mark::Missed));
        let unlimited = times([None, None, None], None);
        assert_eq!(marks(&unlimited, at(9999))[1], Some(Mark::Pending));
        let resolved = times([None, Some(30), None], None);
        assert_eq!(marks(&resolved, at(9999)), [None, Some(Mark::NotApplicable), Some(Mark::Met), Some(Mark::Missed)]);
    }

    #[test]
    fn a_fix_must_be_verified_and_not_before_it_is_made() {
        let before = times([Some(5), Some(60), Some(59)], Some(15));
        assert_eq!(marks(&before, at(100))[3], Some(Mark::Missed));
        assert_eq!(state(&before).0, Mark::Missed);
        let same = times([Some(5), Some(60), Some(60)], Some(15));
        assert_eq!((marks(&same, at(100))[3], state(&same).0), (Some(Mark::Met), Mark::Met));
        let open = times([Some(5), None, None], Some(15));
        assert_eq!((marks(&open, at(100))[3], state(&open).0), (None, Mark::Pending));
        assert_eq!(steps(&open, at(125))[2].state.as_ref().unwrap().1.zh, "未解决，已历时 2 小时 5 分钟");
    }

    #[test]
    fn times_that_run_backwards_have_no_length() {
        let backwards = times([Some(-1), Some(-2), None], Some(15));
        let steps = steps(&backwards, at(100));
        assert_eq!((steps[1].taken.zh.as_str(), steps[2].taken.zh.as_str()), ("", ""));
        assert_eq!(marks(&backwards, at(100))[1..3], [Some(Mark::Missed), Some(Mark::Missed)]);
        assert_eq!(steps[0].taken, Said::default());
    }
}
