//! What the month comes to, in sentences made from its figures.

use crate::calendar::Period;
use crate::measure::{Better, Figure, Verdict};
use crate::output::Summary;
use crate::say;
use crate::say::Said;
use crate::value::Decimal;

use super::super::charts::capital;
use super::super::desk::Desk;
use super::super::figure;
use super::super::grid;
use super::super::verdict::{Outcome, Scope};
use super::{allowed, listed};

/// The sentences.
pub fn sentences(desk: &Desk<'_>, month: Period, before: Option<Period>) -> Vec<Said> {
    let mut out = vec![clauses(desk, month)];
    out.extend(turned(desk, month, before));
    out.push(availability(desk, month));
    out.extend(faults(desk, month));
    out.extend(kept(desk, month));
    out.extend(patches(desk, month));
    out.extend(services(desk, month));
    out.push(found(desk, month));
    out.extend(waived(desk, month));
    out
}

pub(super) fn stop(mut said: Said) -> Said {
    said.en = capital(&said.en);
    said.push(&say!("。", "."));
    said
}

/// `1 fault`, `2 faults`.
pub fn many(n: impl Into<i64>, word: &str) -> String {
    match n.into() {
        1 => format!("1 {word}"),
        n => format!("{n} {word}s"),
    }
}

fn clauses(desk: &Desk<'_>, month: Period) -> Said {
    stop(grid::sentence(&grid::counts(desk.book, desk.verdicts, Scope::All, month)))
}

/// Which clauses turned worse since the month before, and which are kept again.
fn turned(desk: &Desk<'_>, month: Period, before: Option<Period>) -> Vec<Said> {
    let Some(before) = before else { return Vec::new() };
    let fails = |clause: &str, month: Period| {
        desk.verdicts.clause(clause, Scope::All, month).map(|v| v.outcome == Outcome::Fails)
    };
    let of = |was: bool, is: bool| -> Vec<&str> {
        let clauses = desk.book.standard.clauses.iter().map(|c| c.id.as_str());
        clauses.filter(|c| fails(c, before) == Some(was) && fails(c, month) == Some(is)).collect()
    };
    let (worse, better) = (of(false, true), of(true, false));
    let mut out = Vec::new();
    if !worse.is_empty() {
        let Said { zh, en } = listed(&worse);
        out.push(stop(say!("比上月新增不符合：{zh}", "failing since this month: {en}")));
    }
    if !better.is_empty() {
        let Said { zh, en } = listed(&better);
        out.push(stop(say!("上月不符合、本月未再发现：{zh}", "failing the month before, and not now: {en}")));
    }
    out
}

/// The figures of a name of all systems in service.
fn all<'a>(desk: &Desk<'a>, key: (&str, Option<&str>), month: Period) -> Vec<&'a Figure> {
    desk.served(month).filter_map(|s| figure::find(desk.book, key, Some(s), month)).collect()
}

/// Numerators and denominators of all systems, added up.
fn sum(desk: &Desk<'_>, key: (&str, Option<&str>), month: Period) -> (i64, i64) {
    let figures = all(desk, key, month);
    figures.iter().fold((0, 0), |(n, d), f| (n + f.numerator.unwrap_or(0), d + f.denominator.unwrap_or(0)))
}

fn availability(desk: &Desk<'_>, month: Period) -> Said {
    let lang = desk.lang();
    let figures = all(desk, ("availability", None), month);
    let judged = figures.iter().filter(|f| f.target.is_some() && f.value.is_some()).count();
    let of = |verdict: Verdict| -> Vec<&str> {
        let failing = figures.iter().filter(|f| f.verdict == Some(verdict) && f.value.is_some());
        failing.filter_map(|f| Some(desk.book.config.systems[f.system?].name.as_str())).collect()
    };
    let (fail, unproven) = (of(Verdict::Fail), of(Verdict::Unproven));
    let mut said = match (judged, fail.len(), unproven.len()) {
        (0, ..) => say!("可用率没有可判定的系统", "availability can be judged for no system"),
        (n, 0, 0) => say!("{n} 个系统的可用率全部符合目标", "availability meets its target in all {n} systems"),
        (n, bad, open) => {
            let met = n - bad - open;
            say!("{n} 个系统中 {met} 个的可用率符合目标", "availability meets its target in {met} of {n} systems")
        }
    };
    for (names, word) in [(fail, say!("不符合", "not met")), (unproven, say!("缺证据", "unproven"))] {
        if !names.is_empty() {
            let (Said { zh, en }, Said { zh: word, en: word_en }) = (listed(&names), word);
            said.push(&say!("，{word}：{zh}", "; {word_en}: {en}"));
        }
    }
    if let Some(low) = figures.iter().filter(|f| f.value.is_some()).min_by_key(|f| f.value) {
        let (value, name) = (figure::value(low, lang), low.system.map_or("", |s| &desk.book.config.systems[s].name));
        said.push(&say!("，最低为{name} {value}", "; lowest: {name}, {value}"));
    }
    let outages: i64 = all(desk, ("outages", None), month).iter().filter_map(|f| f.value).map(whole).sum();
    let (down, _) = sum(desk, ("downtime", None), month);
    let length = figure::duration(down, Better::Less, lang);
    if down > 0 || outages > 0 {
        let en = many(outages, "unplanned outage");
        said.push(&say!("；非计划停机 {outages} 次，计 {length}", "; {en}, {length} in all"));
    } else {
        said.push(&say!("；没有非计划停机", "; no unplanned outage"));
    }
    stop(said)
}

fn whole(value: Decimal) -> i64 {
    value.0 / Decimal::ONE
}

fn faults(desk: &Desk<'_>, month: Period) -> Option<Said> {
    let faults = desk.faults.as_ref()?;
    let rows = faults.reported_in(None, &[month]);
    let n = rows.len();
    let mut said = match n {
        0 => say!("没有新报故障", "no fault was reported"),
        n => {
            let en = many(n as i64, "fault");
            say!("新报故障 {n} 起", "reported: {en}")
        }
    };
    let grades: Vec<Said> = faults
        .grades()
        .iter()
        .map(|grade| (grade, rows.iter().filter(|&&row| faults.grade(row) == Some(grade)).count()))
        .filter(|(_, count)| *count > 0)
        .map(|(grade, count)| {
            let (zh, en) = (&grade.title.zh, &grade.title.en);
            say!("{zh} {count}", "{en} {count}")
        })
        .collect();
    if !grades.is_empty() {
        let zh: Vec<&str> = grades.iter().map(|s| s.zh.as_str()).collect();
        let en: Vec<&str> = grades.iter().map(|s| s.en.as_str()).collect();
        let (zh, en) = (zh.join("、"), en.join(", "));
        said.push(&say!("（{zh}）", " ({en})"));
    }
    let of_all = |name: &str| -> (i64, i64) {
        let figures = desk.served(month).flat_map(|s| figure::of(desk.book, Some(s), month));
        let own = figures.filter(|f| f.name == name);
        own.fold((0, 0), |(n, d), f| (n + f.numerator.unwrap_or(0), d + f.denominator.unwrap_or(0)))
    };
    let (met, due) = of_all("response_compliance");
    if due > 0 {
        said.push(&say!("；限时响应 {due} 起，{met} 起按时", "; {met} of {due} with a limit were answered in time"));
    }
    let open: i64 = all(desk, ("faults_open", None), month).iter().filter_map(|f| f.value).map(whole).sum();
    said.push(&say!("；月末未解决 {open} 起", "; {open} open at the end"));
    Some(stop(said))
}

/// Backups and shifts: what should have been there, and was.
fn kept(desk: &Desk<'_>, month: Period) -> Vec<Said> {
    let mut out = Vec::new();
    let (met, due) = sum(desk, ("backup_success", None), month);
    if due > 0 {
        let (met, due) = (figure::thousands(met), figure::thousands(due));
        out.push(stop(say!("每日备份应有 {due} 次，成功 {met} 次", "{met} of {due} daily backups succeeded")));
    }
    let (seen, asked) = sum(desk, ("coverage", None), month);
    if asked > 0 {
        let (seen, asked) = (figure::thousands(seen), figure::thousands(asked));
        out.push(stop(say!("应值 {asked} 个班次，有记录 {seen} 个", "{seen} of {asked} shifts have a record")));
    }
    out
}

fn patches(desk: &Desk<'_>, month: Period) -> Option<Said> {
    let (checked, checks) = sum(desk, ("update_checked", None), month);
    let (applied, due) = sum(desk, ("patch_on_time", None), month);
    let mut said = match checks {
        0 => say!("没有到期的补丁检查", "no check for updates was due"),
        checks => {
            say!("补丁检查应做 {checks} 次，已做 {checked} 次", "{checked} of {checks} checks for updates were done")
        }
    };
    if due > 0 {
        said.push(&say!(
            "；到期的高危补丁 {due} 项，按时安装 {applied} 项",
            "; {applied} of {due} high-risk patches that came due were applied in time"
        ));
    }
    (checks + due > 0).then(|| stop(said))
}

fn services(desk: &Desk<'_>, month: Period) -> Option<Said> {
    let (answered, asked) = sum(desk, ("support_answered", None), month);
    let (answered, asked, any) = (figure::thousands(answered), figure::thousands(asked), asked > 0);
    any.then(|| {
        stop(say!(
            "用户支持请求到期 {asked} 件，按时答复 {answered} 件",
            "{answered} of {asked} support requests were answered in time"
        ))
    })
}

fn found(desk: &Desk<'_>, month: Period) -> Said {
    let sum = Summary::of(desk.found(month));
    let Summary { error, warning, info, waived } = sum;
    if error + warning + info + waived == 0 {
        return stop(say!("本月没有发现问题", "nothing was found"));
    }
    let (errors, warnings) = (many(error as i64, "error"), many(warning as i64, "warning"));
    let mut said = say!("发现错误 {error} 项、警告 {warning} 项", "found: {errors}, {warnings}");
    if info > 0 {
        let notes = many(info as i64, "note");
        said.push(&say!("、提示 {info} 项", ", {notes}"));
    }
    if waived > 0 {
        said.push(&say!("；另有 {waived} 项已豁免", "; {waived} more waived"));
    }
    stop(said)
}

fn waived(desk: &Desk<'_>, month: Period) -> Option<Said> {
    let rows = allowed::waivers(desk, month);
    let (n, late) = (rows.len(), rows.iter().filter(|row| row.late).count());
    let said = match (n, late) {
        (0, _) => return None,
        (n, 0) => say!("本月有效的豁免 {n} 项", "waivers in force: {n}"),
        (n, late) => say!(
            "本月有效的豁免 {n} 项，其中 {late} 项在违反之后才批准",
            "waivers in force: {n}, of which approved after the breach: {late}"
        ),
    };
    Some(stop(said))
}
