//! Small charts that stand beside a number: a bar against its target, a trend, a strip of months.

use crate::calendar::{Period, Unit};
use crate::chart::{self, Frame, Mark};
use crate::measure::{Figure, Verdict};
use crate::say;
use crate::say::Said;
use crate::slots::{State, count};
use crate::value::Decimal;

use super::super::Book;
use super::super::figure;
use super::super::status::{self, mark};
use super::complete::in_month;
use super::{drawn, month_said};

/// A figure in percent on a bar with a tick at its target; empty where it has no target. `id` is unique on the page.
pub fn bullet(book: &Book<'_>, id: &str, figure: &Figure) -> String {
    let lang = book.config.site.lang;
    let Some(target) = figure.target else { return String::new() };
    let (title, value) = (figure::title(book, figure), figure::value(figure, lang));
    let goal = figure::plain_percent(target);
    let desc = say!("{value}，目标 {goal}", "{value}, target {goal}");
    let frame = Frame { id, title: &title, desc: desc.to(lang), lang };
    // The bar spans what matters: twice the distance from the target to all, or down to the value where that is lower.
    let low =
        (2 * target.0 - 100 * Decimal::ONE).min(figure.value.map_or(i64::MAX, |v| v.0 - Decimal::ONE / 10)).max(0);
    let state = mark(figure.verdict.unwrap_or(Verdict::NotApplicable));
    chart::bullet(&frame, figure.value.map(drawn), Some(drawn(target)), (drawn(Decimal(low)), 100.0), state)
}

/// A figure over the months: a line with its gaps, and the target where there is one.
pub fn trend(book: &Book<'_>, id: &str, figures: &[Option<&Figure>]) -> String {
    let lang = book.config.site.lang;
    let known: Vec<&Figure> = figures.iter().flatten().copied().filter(|f| f.value.is_some()).collect();
    let (Some(first), Some(last)) = (known.first(), known.last()) else { return String::new() };
    let said = |f: &Figure| (month_said(f.month), figure::value(f, lang));
    let ((from, start), (to, end)) = (said(first), said(last));
    let desc = Said {
        zh: format!("{} {start}，{} {end}", from.zh, to.zh),
        en: format!("{} {start}, {} {end}", from.en, to.en),
    };
    let title = figure::title(book, last);
    let frame = Frame { id, title: &title, desc: desc.to(lang), lang };
    let points: Vec<Option<f64>> = figures.iter().map(|f| f.and_then(|f| f.value).map(drawn)).collect();
    chart::sparkline(&frame, &points, last.target.map(drawn))
}

/// A figure of a system (none: of the organisation) by its name and key in each of the months, for [`trend`].
pub fn over<'a>(
    book: &Book<'a>,
    key: (&str, Option<&str>),
    system: Option<usize>,
    months: &[Period],
) -> Vec<Option<&'a Figure>> {
    months.iter().map(|month| figure::find(book, key, system, *month)).collect()
}

/// The slots of a rule month by month, of all systems: missed where one was missed.
pub fn strip(book: &Book<'_>, id: &str, rule: usize, months: &[Period]) -> String {
    let lang = book.config.site.lang;
    let title = book.standard.rules[rule].title.to(lang);
    let groups = || book.slots.iter().filter(|g| g.rule == rule);
    let cells: Vec<(Mark, String)> = months
        .iter()
        .map(|month| {
            let counts = count(groups().flat_map(|g| in_month(&g.slots, *month)));
            let has = |state: State| counts[state as usize] > 0;
            let order = [State::Missed, State::Waived, State::Pending, State::Met];
            let state = order.into_iter().find(|state| has(*state)).unwrap_or(State::NotApplicable);
            let status = status::slot(state, lang);
            let (name, word) = (month.name(Unit::Month), status.word);
            let (met, due) = (counts[State::Met as usize], counts[..4].iter().sum::<usize>());
            let said = say!("{name}：{word}，{met} / {due}", "{name}: {word}, {met} / {due}");
            (state_mark(state), said.to(lang).to_owned())
        })
        .collect();
    let missed = cells.iter().filter(|(mark, _)| *mark == Mark::Missed).count();
    let n = cells.len();
    let desc = match missed {
        0 => say!("{n} 个月都没有缺失", "nothing missed in {n} months"),
        missed => say!("{n} 个月中 {missed} 个月有缺失", "something missed in {missed} of {n} months"),
    };
    chart::strip(&Frame { id, title, desc: desc.to(lang), lang }, &cells)
}

fn state_mark(state: State) -> Mark {
    match state {
        State::Met => Mark::Met,
        State::Missed => Mark::Missed,
        State::Waived => Mark::Waived,
        State::Pending => Mark::Pending,
        State::NotApplicable => Mark::NotApplicable,
    }
}
