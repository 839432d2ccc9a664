//! What the half comes to, in sentences made from its figures.

use crate::calendar::Period;
use crate::measure::Figure;
use crate::output::Summary;
use crate::say;
use crate::say::Said;
use crate::slots::{State, count};
use crate::value::Decimal;

use super::super::charts::complete::in_month;
use super::super::charts::{capital, month_said};
use super::super::desk::Desk;
use super::super::figure;
use super::super::grid;
use super::super::improvements::ImprovementRow;
use super::super::reports::summary::many;
use super::super::rows::grouped;
use super::super::verdict::Outcome;
use super::Half;
use super::feedback::Feedback;

/// The sentences.
pub fn sentences(
    desk: &Desk<'_>,
    half: &Half<'_>,
    counts: &[(Outcome, usize)],
    feedback: &Feedback,
    plan: &[ImprovementRow],
) -> Vec<Said> {
    let mut out = vec![grid::sentence(counts)];
    out.extend(slots(desk, half));
    out.extend(availability(desk, half.months));
    out.extend(faults(desk, half.months));
    out.push(found(desk, half.months));
    out.push(said(feedback));
    out.push(improvements(plan));
    for said in &mut out {
        said.en = capital(&said.en);
        said.push(&say!("。", "."));
    }
    out
}

fn slots(desk: &Desk<'_>, half: &Half<'_>) -> Option<Said> {
    let counts = count(desk.book.slots.iter().flat_map(|g| in_month(&g.slots, half.period)));
    let of = |state: State| counts[state as usize];
    let due = of(State::Met) + of(State::Missed) + of(State::Waived);
    let (n, met, missed, waived) =
        (grouped(due), grouped(of(State::Met)), grouped(of(State::Missed)), grouped(of(State::Waived)));
    (due > 0).then(|| {
        say!(
            "应有记录 {n} 项，已有 {met}，缺 {missed}，豁免 {waived}",
            "of {n} slots {met} are met, {missed} missed, {waived} waived"
        )
    })
}

/// The lowest month of all systems, and how many months met the target.
fn availability(desk: &Desk<'_>, months: &[Period]) -> Option<Said> {
    use crate::measure::Verdict;
    let all: Vec<&Figure> = desk
        .served_in(months)
        .flat_map(|s| months.iter().filter_map(move |m| figure::named(desk.book, "availability", Some(s), *m)))
        .collect();
    let lowest = all.iter().filter(|f| f.value.is_some()).min_by_key(|f| (f.value, f.month.first))?;
    let with = |verdict: Verdict| all.iter().filter(|f| f.verdict == Some(verdict)).count();
    let (kept, fell, bare) = (with(Verdict::Pass), with(Verdict::Fail), with(Verdict::Unproven));
    let n = kept + fell + bare;
    let value = lowest.value.map_or_else(String::new, figure::percent);
    let system = lowest.system.map_or("", |s| desk.book.config.systems[s].name.as_str());
    let month = month_said(lowest.month);
    Some(Said {
        zh: format!(
            "各系统可用率共 {n} 个系统月，{kept} 个符合目标，{fell} 个不符合，{bare} 个缺证据；最低 {value}（{system}，{}）",
            month.zh
        ),
        en: format!(
            "availability over {n} months of systems: {kept} met the target, {fell} did not, {bare} are unproven; the \
             lowest was {value} ({system}, {})",
            month.en
        ),
    })
}

fn faults(desk: &Desk<'_>, months: &[Period]) -> Option<Said> {
    let faults = desk.faults.as_ref()?;
    let rows = faults.reported_in(None, months);
    let n = rows.len();
    let open = rows.iter().filter(|&&row| faults.times(row).resolved.is_none()).count();
    let (s, e) = (many(n as i64, "fault"), open);
    let mut said = say!("新报故障 {n} 起，其中尚未解决 {open} 起", "{s} reported, of which {e} are not resolved yet");
    for grade in faults.grades() {
        let of = rows.iter().filter(|&&row| faults.grade(row).is_some_and(|g| g.name == grade.name)).count();
        let (zh, en) = (&grade.title.zh, &grade.title.en);
        said.push(&say!("，{zh} {of} 起", ", {en}: {of}"));
    }
    Some(said)
}

fn found(desk: &Desk<'_>, months: &[Period]) -> Said {
    let (mut error, mut warning, mut waived) = (0, 0, 0);
    for month in months {
        let sum = Summary::of(desk.found(*month));
        error += sum.error;
        warning += sum.warning;
        waived += sum.waived;
    }
    let (errors, warnings) = (many(error as i64, "error"), many(warning as i64, "warning"));
    say!(
        "按月统计发现错误 {error} 项、警告 {warning} 项，另有 {waived} 项已豁免",
        "found month by month: {errors} and {warnings}, and {waived} more waived"
    )
}

fn said(feedback: &Feedback) -> Said {
    let (hits, all) = feedback.scores;
    let n = feedback.total;
    let opinions = many(n as i64, "opinion");
    let mut said = say!("收到用户反馈 {n} 条", "users gave {opinions}");
    if all > 0 {
        let share = hits as i64 * 100 / all as i64;
        let share = Decimal(share * Decimal::ONE);
        said.push(&say!("；评分 {all} 份，4–5 分占 {share} %", " and {all} scores, of which {share} % are 4 or 5"));
    }
    said
}

fn improvements(plan: &[ImprovementRow]) -> Said {
    let of = |phases: &[&str]| plan.iter().filter(|row| phases.contains(&row.phase)).count();
    let (all, done, late) = (plan.len(), of(&["done", "done-late"]), of(&["overdue"]));
    let (open, dropped) = (of(&["open"]), of(&["dropped"]));
    if all == 0 {
        return say!("没有改进计划", "there is no improvement plan");
    }
    let plans = many(all as i64, "improvement");
    say!(
        "改进计划 {all} 项：已完成 {done}，进行中 {open}，逾期未完成 {late}，已取消 {dropped}",
        "{plans} planned: {done} done, {open} open, {late} overdue, {dropped} dropped"
    )
}
