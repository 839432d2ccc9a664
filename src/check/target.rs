//! `target`: a figure reaches its value in each month that has ended and lies wholly in service.

use crate::finding::Finding;
use crate::measure::Verdict;
use crate::say::Said;
use crate::standard::Rule;

use super::{Ground, fill};

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
        let number = |n: Option<crate::value::Decimal>| Said::same(n.map_or_else(String::new, |n| n.to_string()));
        let message = fill(&rule.message, |key| {
            Some(match key {
                "system" => Said::same(system.map_or("", |s| s.name.as_str())),
                "from" => Said::same(first.to_string()),
                "to" => Said::same(last.to_string()),
                "count" => Said::same("1"),
                "value" => number(figure.value),
                "target" => number(figure.target),
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
