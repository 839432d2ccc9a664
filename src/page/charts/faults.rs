//! Faults: answers against their limits, faults by grade and month, and how long it took to resolve them.

use crate::calendar::{Instant, Period};
use crate::chart::{self, Answer, Column, Columns, Grade, Mark, Responses, Series};
use crate::measure::Better;
use crate::say;
use crate::say::{Lang, Said};
use crate::standard::Choice;
use crate::value::Decimal;

use super::super::Book;
use super::super::faults::clock::Faults;
use super::super::figure;
use super::super::way::Way;
use super::{ChartView, Datum, Grid, Heading, chart_id, month_column, month_said, sentence, ticks, titled};

/// The name of the file of the answers.
pub const RESPONSES: &str = "fault-response";
/// The name of the file of the counts.
pub const COUNTS: &str = "faults";
/// The name of the file of the times to resolve.
pub const RESOLVES: &str = "fault-resolve";

/// How long answers took, grade by grade, against the limit in force; none where no grade has a limit.
pub fn responses(book: &Book<'_>, way: &Way<'_>, system: Option<usize>, months: &[Period]) -> Option<ChartView> {
    let lang = book.config.site.lang;
    let (faults, last) = (Faults::of(book)?, *months.last()?);
    let rows = faults.reported_in(system, months);
    let mut grades = Vec::new();
    let mut parts = Vec::new();
    for (code, choice) in faults.grades().iter().enumerate() {
        let Some(limit) = faults.limit_of(code, last) else { continue };
        let own: Vec<Judged> = rows
            .iter()
            .filter(|&&row| faults.grade(row) == Some(choice))
            .filter_map(|&row| judged(&faults, row, book.as_of))
            .collect();
        parts.push(answers_said(&faults, choice, &own, lang));
        grades.push(Grade {
            label: choice.title.to(lang).to_owned(),
            limit: limit as f64 / 60.0,
            answers: own.iter().filter(|j| j.mark != Mark::Pending).map(|j| answer(&faults, j, lang)).collect(),
        });
    }
    if grades.is_empty() {
        return None;
    }
    let heading = Heading {
        id: chart_id(RESPONSES, system),
        title: titled(book, system, &say!("故障响应用时与限时", "time to respond against its limit")),
        sentence: sentence(&parts),
        file: RESPONSES,
        way,
    };
    let grid = response_grid(book, system, months);
    let data = Responses { grades };
    Some(heading.chart(lang, grid, |frame| chart::response(frame, &data)))
}

/// A fault whose grade has a limit, held against it.
struct Judged {
    row: usize,
    limit: i64,
    /// In seconds; none where there was no answer yet.
    taken: Option<i64>,
    mark: Mark,
}

fn judged(faults: &Faults<'_>, row: usize, as_of: Instant) -> Option<Judged> {
    let limit = faults.limit(row)?;
    let (from, deadline) = (faults.reported(row), faults.reported(row).plus(limit));
    let taken = faults.responded(row).map(|at| at.0 - from.0);
    let mark = match taken {
        Some(taken) if taken <= limit => Mark::Met,
        None if as_of <= deadline => Mark::Pending,
        _ => Mark::Missed,
    };
    Some(Judged { row, limit, taken, mark })
}

fn answer(faults: &Faults<'_>, judged: &Judged, lang: Lang) -> Answer {
    let id = faults.id(judged.row);
    let limit = figure::spelled(judged.limit, lang);
    let title = match (judged.taken, judged.mark) {
        (None, _) => say!("{id}：未响应，限时 {limit}", "{id}: no answer, limit {limit}"),
        (Some(taken), mark) => {
            let taken = figure::spelled(taken, lang);
            match mark {
                Mark::Met => say!("{id}：{taken}，按时", "{id}: {taken}, in time"),
                _ => say!("{id}：{taken}，超过限时 {limit}", "{id}: {taken}, over the limit of {limit}"),
            }
        }
    };
    Answer { minutes: judged.taken.map(|s| s as f64 / 60.0), mark: judged.mark, title: title.to(lang).to_owned() }
}

/// `紧急 8 起，7 起按时，最长 23 分钟（F-2026-021）`.
fn answers_said(faults: &Faults<'_>, grade: &Choice, all: &[Judged], lang: Lang) -> Said {
    let due: Vec<&Judged> = all.iter().filter(|j| j.mark != Mark::Pending).collect();
    let (n, met) = (due.len(), due.iter().filter(|j| j.mark == Mark::Met).count());
    let (zh, en) = (&grade.title.zh, &grade.title.en);
    let longest = due.iter().filter_map(|j| j.taken.map(|t| (t, j.row))).max_by_key(|(t, row)| (*t, usize::MAX - row));
    let mut said = match n {
        0 => return say!("{zh}没有", "{en}: none"),
        n if n == met => say!("{zh} {n} 起全部按时", "{en}: all {n} in time"),
        n => say!("{zh} {n} 起，{met} 起按时", "{en}: {met} of {n} in time"),
    };
    if let Some((taken, row)) = longest {
        let (taken, id) = (figure::duration(taken, Better::Less, lang), faults.id(row));
        said.push(&say!("，最长 {taken}（{id}）", ", longest {taken} ({id})"));
    }
    let none = due.iter().filter(|j| j.taken.is_none()).count();
    if none > 0 {
        said.push(&say!("，{none} 起未响应", ", {none} without an answer"));
    }
    said
}

/// The answers, fault by fault.
pub fn response_grid(book: &Book<'_>, system: Option<usize>, months: &[Period]) -> Grid<'static> {
    let (lang, zone) = (book.config.site.lang, &book.config.site.zone);
    let columns = vec![
        ("fault", say!("故障", "Fault")),
        ("grade", say!("等级", "Grade")),
        ("reported_at", say!("报告时间", "Reported")),
        ("responded_at", say!("响应时间", "Responded")),
        ("response_s", say!("用时", "Taken")),
        ("limit_s", say!("限时", "Limit")),
        ("in_time", say!("是否按时", "In time")),
    ];
    let Some(faults) = Faults::of(book) else { return Grid { columns, rows: Vec::new() } };
    let time =
        |at: Option<Instant>| at.map_or_else(|| Datum::new("–", ""), |at| Datum::new(zone.local(at), zone.rfc3339(at)));
    let length = |seconds: Option<i64>| {
        seconds.map_or_else(|| Datum::new("–", ""), |s| Datum::new(figure::spelled(s, lang), s.to_string()))
    };
    let row = |judged: Judged| {
        let row = judged.row;
        let grade = faults.grade(row).map_or_else(Datum::default, |g| Datum::new(g.title.to(lang), g.name.as_str()));
        let (word, raw) = match judged.mark {
            Mark::Met => (say!("✓ 按时", "✓ in time"), "true"),
            Mark::Pending => (say!("· 未到期", "· pending"), ""),
            _ => (say!("✗ 超时", "✗ late"), "false"),
        };
        vec![
            Datum::same(faults.id(row)),
            grade,
            time(Some(faults.reported(row))),
            time(faults.responded(row)),
            length(judged.taken),
            length(Some(judged.limit)),
            Datum::new(word.to(lang), raw),
        ]
    };
    let rows = faults.reported_in(system, months);
    Grid { columns, rows: rows.into_iter().filter_map(|r| judged(&faults, r, book.as_of)).map(row).collect() }
}

/// How many faults were reported each month, grade by grade.
pub fn counts(book: &Book<'_>, way: &Way<'_>, system: Option<usize>, months: &[Period]) -> Option<ChartView> {
    let lang = book.config.site.lang;
    let faults = Faults::of(book)?;
    let rows = faults.reported_in(system, months);
    let tally = |choice: Option<&Choice>, month: Option<&Period>| {
        rows.iter()
            .filter(|&&row| choice.is_none_or(|c| faults.grade(row) == Some(c)))
            .filter(|&&row| month.is_none_or(|m| faults.table.date(row).is_some_and(|d| m.contains(d))))
            .count()
    };
    let most = faults.grades().iter().flat_map(|g| months.iter().map(move |m| (g, m)));
    let most = most.map(|(g, m)| tally(Some(g), Some(m))).max().unwrap_or(0).max(1);
    let series = |choice: &Choice| Series {
        label: choice.title.to(lang).to_owned(),
        under: say!("起", "faults").to(lang).to_owned(),
        limit: None,
        most: most as f64,
        columns: months
            .iter()
            .map(|month| {
                let n = tally(Some(choice), Some(month));
                let (m, title) = (month_said(*month), &choice.title);
                let said =
                    Said { zh: format!("{}：{} {n} 起", m.zh, title.zh), en: format!("{}: {n} {}", m.en, title.en) };
                Column { value: Some(n as f64), shown: n.to_string(), mark: None, title: said.to(lang).to_owned() }
            })
            .collect(),
    };
    let mut parts = vec![{
        let (n, of) = (rows.len(), months.len());
        say!("{of} 个月共 {n} 起", "{n} faults in {of} months")
    }];
    for choice in faults.grades() {
        let (n, zh, en) = (tally(Some(choice), None), &choice.title.zh, &choice.title.en);
        parts.push(say!("{zh} {n} 起", "{en}: {n}"));
    }
    if let Some((n, month)) =
        months.iter().map(|m| (tally(None, Some(m)), m)).max_by_key(|(n, m)| (*n, m.first)).filter(|(n, _)| *n > 0)
    {
        let m = month_said(*month);
        parts.push(Said { zh: format!("最多的是 {}，{n} 起", m.zh), en: format!("most in {}: {n}", m.en) });
    }
    let heading = Heading {
        id: chart_id(COUNTS, system),
        title: titled(book, system, &say!("每月故障数（按等级）", "faults by grade and month")),
        sentence: sentence(&parts),
        file: COUNTS,
        way,
    };
    let data =
        Columns { ticks: ticks(months, lang), rows: faults.grades().iter().map(series).collect(), gap: String::new() };
    let grid = count_grid(book, system, months);
    Some(heading.chart(lang, grid, |frame| chart::columns(frame, &data)))
}

/// The counts, month by month: a column for each grade.
pub fn count_grid<'a>(book: &'a Book<'a>, system: Option<usize>, months: &[Period]) -> Grid<'a> {
    let lang = book.config.site.lang;
    let mut columns: Vec<(&str, Said)> = vec![month_column()];
    let Some(faults) = Faults::of(book) else { return Grid { columns, rows: Vec::new() } };
    columns.extend(faults.grades().iter().map(|grade| (grade.name.as_str(), grade.title.clone())));
    columns.push(("total", say!("合计", "Total")));
    columns.push(("resolved", say!("其中已解决", "Of these resolved")));
    let all = faults.reported_in(system, months);
    let row = |month: &Period| {
        let reported = of_month(&faults, &all, *month);
        let of = |grade: &Choice| reported.iter().filter(|&&row| faults.grade(row) == Some(grade)).count();
        let mut row = vec![Datum::month(*month, lang)];
        row.extend(faults.grades().iter().map(|grade| Datum::count(of(grade))));
        row.push(Datum::count(reported.len()));
        row.push(Datum::count(reported.iter().filter(|&&row| faults.resolved(row).is_some()).count()));
        row
    };
    Grid { columns, rows: months.iter().map(row).collect() }
}

/// How long it took to resolve the faults of each month: the median of each grade.
pub fn resolves(book: &Book<'_>, way: &Way<'_>, system: usize, months: &[Period]) -> Option<ChartView> {
    let lang = book.config.site.lang;
    let faults = Faults::of(book)?;
    let rows = faults.reported_in(Some(system), months);
    let mut parts = Vec::new();
    let mut series = Vec::new();
    for choice in faults.grades() {
        let taken: Vec<Taken> = months.iter().map(|m| Taken::of(book, &faults, system, &rows, *m, choice)).collect();
        let slowest = months.iter().zip(&taken).filter_map(|(m, t)| t.median.map(|s| (s, *m)));
        if let Some((seconds, month)) = slowest.max_by_key(|(s, m)| (*s, m.first)) {
            let (m, length) = (month_said(month), figure::duration(seconds, Better::Less, lang));
            let title = &choice.title;
            parts.push(Said {
                zh: format!("{}最慢的是 {}，中位数 {length}", title.zh, m.zh),
                en: format!("{}: slowest in {}, median {length}", title.en, m.en),
            });
        }
        series.push(Series {
            label: choice.title.to(lang).to_owned(),
            under: say!("小时", "hours").to(lang).to_owned(),
            limit: None,
            most: 1.0,
            columns: months.iter().zip(&taken).map(|(month, taken)| taken.column(*month, lang)).collect(),
        });
    }
    if parts.is_empty() {
        return None;
    }
    let heading = Heading {
        id: chart_id(RESOLVES, Some(system)),
        title: titled(book, Some(system), &say!("每月解决用时中位数", "median time to resolve by month")),
        sentence: sentence(&parts),
        file: RESOLVES,
        way,
    };
    let data = Columns { ticks: ticks(months, lang), rows: series, gap: say!("无", "none").to(lang).to_owned() };
    let grid = resolve_grid(book, system, months);
    Some(heading.chart(lang, grid, |frame| chart::columns(frame, &data)))
}

/// Those of some faults that were reported in a month.
fn of_month(faults: &Faults<'_>, rows: &[usize], month: Period) -> Vec<usize> {
    let there = |row: &usize| faults.table.date(*row).is_some_and(|day| month.contains(day));
    rows.iter().copied().filter(there).collect()
}

/// How long it took to resolve the faults of a month and grade, in seconds.
struct Taken {
    resolved: usize,
    open: usize,
    median: Option<i64>,
    p90: Option<i64>,
    most: Option<i64>,
}

impl Taken {
    fn of(book: &Book<'_>, faults: &Faults<'_>, system: usize, rows: &[usize], month: Period, grade: &Choice) -> Self {
        let figure = |name: &str| figure::keyed(book, (name, &grade.name), Some(system), month);
        let length = |name: &str| figure(name).and_then(|f| f.value).map(|value| value.0 / Decimal::ONE);
        let open = |row: &&usize| faults.grade(**row) == Some(grade) && faults.resolved(**row).is_none();
        Self {
            resolved: figure("resolve_median").map_or(0, |f| f.trail.rows.len()),
            open: of_month(faults, rows, month).iter().filter(open).count(),
            median: length("resolve_median"),
            p90: length("resolve_p90"),
            most: length("resolve_max"),
        }
    }

    fn column(&self, month: Period, lang: Lang) -> Column {
        let m = month_said(month);
        let said = match self.median {
            Some(median) => {
                let (n, length) = (self.resolved, figure::duration(median, Better::Less, lang));
                Said {
                    zh: format!("{}：{n} 起，中位数 {length}", m.zh), en: format!("{}: {n}, median {length}", m.en)
                }
            }
            None => Said { zh: format!("{}：没有已解决的故障", m.zh), en: format!("{}: none resolved", m.en) },
        };
        // Hours with one digit, cut against ourselves.
        let shown = self.median.map_or_else(String::new, |s| {
            let tenths = s.div_euclid(360) + i64::from(s.rem_euclid(360) > 0);
            format!("{}.{}", tenths / 10, tenths % 10)
        });
        Column { value: self.median.map(|s| s as f64 / 3600.0), shown, mark: None, title: said.to(lang).to_owned() }
    }
}

/// The times to resolve, month by month and grade by grade.
pub fn resolve_grid(book: &Book<'_>, system: usize, months: &[Period]) -> Grid<'static> {
    let lang = book.config.site.lang;
    let columns = vec![
        month_column(),
        ("grade", say!("等级", "Grade")),
        ("resolved", say!("已解决", "Resolved")),
        ("open", say!("未解决", "Open")),
        ("median_s", say!("中位数", "Median")),
        ("p90_s", say!("P90", "p90")),
        ("max_s", say!("最长", "Longest")),
    ];
    let Some(faults) = Faults::of(book) else { return Grid { columns, rows: Vec::new() } };
    let length = |seconds: Option<i64>| {
        seconds
            .map_or_else(|| Datum::new("–", ""), |s| Datum::new(figure::duration(s, Better::Less, lang), s.to_string()))
    };
    let reported = faults.reported_in(Some(system), months);
    let mut rows = Vec::new();
    for month in months {
        for choice in faults.grades() {
            let taken = Taken::of(book, &faults, system, &reported, *month, choice);
            if taken.resolved + taken.open > 0 {
                rows.push(vec![
                    Datum::month(*month, lang),
                    Datum::new(choice.title.to(lang), choice.name.as_str()),
                    Datum::count(taken.resolved),
                    Datum::count(taken.open),
                    length(taken.median),
                    length(taken.p90),
                    length(taken.most),
                ]);
            }
        }
    }
    Grid { columns, rows }
}
