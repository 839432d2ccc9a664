//! `target`: a figure reaches its value in each month that has ended and lies wholly in service.

use crate::calendar::Unit;
use crate::finding::Finding;
use crate::measure::Verdict;
use crate::say::{Said, fill};
use crate::standard::Rule;
use crate::value::Decimal;

use super::Ground;
use super::words::length;

pub(super) fn check(ground: &Ground<'_>, rule: &Rule, name: &str, found: &mut Vec<Finding>) {
    let zone = &ground.config.site.zone;
    for figure in ground.figures.iter().filter(|f| f.name == name && f.verdict == Some(Verdict::Fail)) {
        let (since, until) = ground.config.service(figure.system);
        let span = zone.span(figure.month);
        let whole = since <= span.start && until.is_none_or(|until| span.end <= until);
        if !whole || ground.as_of < span.end {
            continue;
        }
        let (first, last) = (figure.month.first, figure.month.last());
        let system = figure.system.map(|s| &ground.config.systems[s]);
        let number = |n: Option<Decimal>| Said::same(n.map_or_else(String::new, |n| n.to_string()));
        // Numerator and denominator of the availability are seconds, those of the coverage shifts.
        let part = |n: i64| if name == "availability" { length(n) } else { Said::same(n.to_string()) };
        let (had, due) = (figure.numerator.unwrap_or(0), figure.denominator.unwrap_or(0));
        let message = fill(&rule.message, |key| {
            Some(match key {
                "system" => Said::same(system.map_or("", |s| s.name.as_str())),
                "from" => Said::same(first.to_string()),
                "to" => Said::same(last.to_string()),
                "when" => figure.month.title(Unit::Month),
                "value" => number(figure.value),
                "target" => number(figure.target),
                "numerator" => part(had),
                "denominator" => part(due),
                "short" => part(due - had),
                "allowed" => part(allowed(due, figure.target?)),
                _ => return None,
            })
        });
        let mut finding = Finding::new(rule.id.as_str(), rule.severity, message).help(rule.fix.clone());
        finding.clause = Some(rule.clause.clone());
        finding.kind = rule.kind.map(|k| ground.standard.kinds[k].name.clone());
        finding.system = system.map(|s| s.id.clone());
        finding.dates = Some((first, last));
        finding.count = Some(1);
        found.push(finding);
    }
}

/// The most that may be short of the whole with the target, in percent, still met.
pub fn allowed(due: i64, target: Decimal) -> i64 {
    let hundred = 100_000_000_i128;
    i64::try_from(i128::from(due) * (hundred - i128::from(target.0)) / hundred).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_short_is_rounded_down() {
        assert_eq!(allowed(2_678_400, Decimal(99_500_000)), 13_392);
        assert_eq!(allowed(31, Decimal(90_000_000)), 3);
        assert_eq!(allowed(30, Decimal(0)), 30);
    }

    #[test]
    fn what_is_allowed_reaches_the_target_and_one_more_does_not() {
        let target = Decimal(99_500_000);
        for due in [1, 199, 200, 42_600 * 60, 43_200 * 60] {
            let reached = |short: i64| i128::from(due - short) * 100_000_000 >= i128::from(target.0) * i128::from(due);
            let most = allowed(due, target);
            assert!(reached(most) && !reached(most + 1), "{due}: {most}");
        }
    }
}
