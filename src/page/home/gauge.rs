//! The four figures of the first page, over all systems: a bar with its target, and the trend of thirteen months.

use serde::Serialize;

use crate::calendar::{Period, Unit};
use crate::chart::{self, Frame};
use crate::measure::{Figure, Verdict};
use crate::say;
use crate::say::Said;
use crate::value::Decimal;

use super::super::Book;
use super::super::charts;
use super::super::figure;
use super::super::inert;
use super::super::records::month_title;
use super::super::sheet::Link;
use super::super::status;
use super::super::verdict::MarkView;
use super::super::way::{self, Way};

/// A figure of the last month, over all systems.
#[derive(Debug, Serialize)]
pub struct Gauge {
    /// Its title, with its records.
    pub title: Link,
    /// The value; a dash where there was nothing to measure.
    pub value: String,
    /// What it was counted from.
    pub fraction: String,
    /// The target; empty where the standard sets none.
    pub target: String,
    /// Whether it is reached; none without a target.
    pub mark: Option<MarkView>,
    /// Whose value it is, where it is that of one system.
    pub note: String,
    /// The bar.
    pub bullet: String,
    /// The trend.
    pub trend: String,
}

/// The value of a month over all systems.
struct Reading {
    value: Option<Decimal>,
    fraction: String,
    target: Option<Decimal>,
    /// None where there is no target.
    verdict: Option<Verdict>,
    note: String,
}

/// All: every one asked is to be kept, so the target is 100 %.
const ALL: Decimal = Decimal(100 * Decimal::ONE);

/// Availability, backups, patches, answers: those of them that the standard counts.
pub fn gauges(book: &Book<'_>, way: &Way<'_>, month: Period) -> Vec<Gauge> {
    let titles = [
        ("availability", say!("可用率", "Availability")),
        ("backup_success", say!("备份", "Backup")),
        ("patch_on_time", say!("高危补丁按期", "High-risk patches in time")),
        ("response_compliance", say!("故障响应及时", "Faults answered in time")),
    ];
    let months = charts::window(book, month);
    let counted = titles.iter().filter(|(name, _)| book.figures.iter().any(|figure| figure.name == *name));
    counted.map(|(name, title)| gauge(book, way, name, title, &months)).collect()
}

fn gauge(book: &Book<'_>, way: &Way<'_>, name: &str, title: &Said, months: &[Period]) -> Gauge {
    let lang = book.config.site.lang;
    let readings: Vec<Reading> = months.iter().map(|&month| read(book, name, month)).collect();
    let nothing = Reading {
        value: None,
        fraction: String::new(),
        target: None,
        verdict: Some(Verdict::NotApplicable),
        note: String::new(),
    };
    let now = readings.last().unwrap_or(&nothing);
    let value = now.value.map_or_else(|| say!("无", "none").to(lang).to_owned(), figure::percent);
    let target = now.target.map_or_else(String::new, figure::plain_percent);
    let drawn = |n: Decimal| n.0 as f64 / Decimal::ONE as f64;
    // The bar spans what matters: as much below the target as lies above it, at least ten in a hundred where nothing does.
    let above = now.target.filter(|target| *target < ALL).map_or(90 * Decimal::ONE, |target| 2 * target.0 - ALL.0);
    let low = above.min(now.value.map_or(i64::MAX, |v| v.0 - Decimal::ONE / 10)).max(0);
    let mut said = Said::same(value.as_str());
    if now.target.is_some() {
        said.push(&say!("，目标 {target}", ", target {target}"));
    }
    let frame = |id: &'static str| (format!("{name}-{id}"), title.to(lang));
    let (id, heading) = frame("bar");
    let bullet = chart::bullet(
        &Frame { id: &id, title: heading, desc: said.to(lang), lang },
        now.value.map(drawn),
        now.target.map(drawn),
        (drawn(Decimal(low)), 100.0),
        status::mark(now.verdict.unwrap_or(Verdict::NotApplicable)),
    );
    let (id, heading) = frame("trend");
    let said = trend_said(months, &readings);
    let points: Vec<Option<f64>> = readings.iter().map(|r| r.value.map(drawn)).collect();
    let trend =
        chart::sparkline(&Frame { id: &id, title: heading, desc: said.to(lang), lang }, &points, now.target.map(drawn));
    let page = months.last().map_or_else(String::new, |m| inert::part(&way::figures(&m.name(Unit::Month))));
    Gauge {
        title: Link::new(way.from_here(&page), title.to(lang)),
        value,
        fraction: now.fraction.clone(),
        target,
        mark: now.verdict.map(|verdict| status::verdict(verdict, lang)),
        note: now.note.clone(),
        bullet,
        trend,
    }
}

/// `13 个月中 11 个月达到目标`.
fn trend_said(months: &[Period], readings: &[Reading]) -> Said {
    let measured = readings.iter().filter(|r| r.value.is_some()).count();
    let met = readings.iter().filter(|r| r.verdict == Some(Verdict::Pass)).count();
    let judged = readings.iter().any(|r| r.target.is_some());
    let worst = readings.iter().zip(months).filter_map(|(r, m)| Some((r.value?, *m))).min();
    match worst {
        None => say!("没有数据", "no data"),
        Some((low, month)) => {
            let low = figure::percent(low);
            let (zh, en) = (month_title(month.first, crate::say::Lang::Zh), month.name(Unit::Month));
            if !judged {
                return say!(
                    "有数据的 {measured} 个月中最低 {zh} {low}",
                    "lowest of {measured} months with data: {low} in {en}"
                );
            }
            say!(
                "有数据的 {measured} 个月中 {met} 个月达到目标，最低 {zh} {low}",
                "{met} of {measured} months with data reach the target; lowest {low} in {en}"
            )
        }
    }
}

/// Availability is that of the system that fares worst, the others are counted over all systems.
fn read(book: &Book<'_>, name: &str, month: Period) -> Reading {
    let lang = book.config.site.lang;
    let systems = (0..book.config.systems.len()).flat_map(|system| figure::of(book, Some(system), month));
    let of: Vec<&Figure> = systems.filter(|f| f.name == name).collect();
    if name == "availability" {
        let rank = |f: &&&Figure| (f.verdict != Some(Verdict::Fail), f.verdict != Some(Verdict::Unproven), f.value);
        let worst = of.iter().filter(|f| f.value.is_some()).min_by_key(rank);
        return Reading {
            value: worst.and_then(|f| f.value),
            fraction: worst.map_or_else(String::new, |f| figure::fraction(f, lang)),
            target: worst.and_then(|f| f.target),
            verdict: worst.map_or(Some(Verdict::NotApplicable), |f| f.verdict),
            note: worst.filter(|_| of.len() > 1).and_then(|f| f.system).map_or_else(String::new, |system| {
                let system = &book.config.systems[system].name;
                say!("最低者：{system}", "the lowest: {system}").to(lang).to_owned()
            }),
        };
    }
    let sum = |part: fn(&Figure) -> Option<i64>| of.iter().filter_map(|f| part(f)).sum::<i64>();
    let (met, asked) = (sum(|f| f.numerator), sum(|f| f.denominator));
    let whole = of.first().map(|&f| Figure { numerator: Some(met), denominator: Some(asked), ..f.clone() });
    Reading {
        value: (asked > 0).then(|| Decimal(met * 100_000 / asked * 1000)),
        fraction: whole.filter(|_| asked > 0).map_or_else(String::new, |f| figure::fraction(&f, lang)),
        target: Some(ALL),
        verdict: Some(match (asked, met == asked) {
            (0, _) => Verdict::NotApplicable,
            (_, true) => Verdict::Pass,
            (_, false) => Verdict::Fail,
        }),
        note: String::new(),
    }
}
