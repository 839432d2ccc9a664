//! `wellkept explain`: what a rule, a code or a figure means, how it is decided, and from which records.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use clap::Args;

use crate::calendar::{Period, Unit};
use crate::doc::offer;
use crate::finding::Finding;
use crate::finding::codes::{self, Code};
use crate::measure::{self, Figure, RowRef, Trail, about};
use crate::output::short;
use crate::page::clause::ask::Ask;
use crate::page::{Book, figure as shown};
use crate::pipeline::{self, Judgement, Stop};
use crate::say;
use crate::say::{Lang, Said};
use crate::source::Failure;
use crate::standard::Rule;
use crate::world::read;

use super::{Common, say_data};

#[derive(Args, Debug)]
pub(super) struct Options {
    /// A rule such as backup.daily, a code such as ingest.value, or a figure such as availability
    #[arg(value_name = "RULE|CODE|FIGURE")]
    name: String,
    /// Only this period: 2026-10, 2026Q3, 2026H1, 2026 [of a figure: the last whole month]
    #[arg(long, value_name = "PERIOD")]
    period: Option<String>,
    /// Only this system, by its id
    #[arg(long, value_name = "ID")]
    system: Option<String>,
}

/// What is asked for, of all that there is.
struct Asked {
    period: Option<Period>,
    system: Option<usize>,
}

pub(super) fn run(common: &Common, options: &Options) -> Result<u8, Stop> {
    let sources = read::read(&common.workspace()?).map_err(Stop::Failure)?;
    let judged = pipeline::judge(&sources, &common.when()?)?;
    let lang = common.language(Some(judged.config.site.lang));
    let asked = asked(options, &judged).map_err(|said| Stop::Failure(Failure(said)))?;
    let text = if let Some(rule) = judged.standard.rule(&options.name) {
        of_rule(&judged, rule, &asked, lang)
    } else if measure::names().any(|name| name == options.name) {
        of_figure(&judged, &pipeline::book(&sources, &judged, String::new()), &options.name, &asked, lang)
    } else if let Some(code) = codes::code(&options.name) {
        of_code(&judged, &code, &asked, lang)
    } else {
        return Err(Stop::Failure(Failure(unknown(&judged, &options.name))));
    };
    say_data(&text)?;
    Ok(0)
}

fn asked(options: &Options, judged: &Judgement) -> Result<Asked, Said> {
    let period = match &options.period {
        None => None,
        Some(text) => Some(Period::parse(text).map(|(_, period)| period).ok_or_else(|| {
            say!(
                "--period：“{text}”不是期间；例如 2026-10、2026Q3、2026H1、2026",
                "--period: \"{text}\" is no period; write 2026-10, 2026Q3, 2026H1 or 2026"
            )
        })?),
    };
    let system = match &options.system {
        None => None,
        Some(id) => Some(judged.config.system(id).ok_or_else(|| {
            let names: Vec<&str> = judged.config.systems.iter().map(|s| s.id.as_str()).collect();
            let help = offer(id, &names);
            let (zh, en) = (&help.zh, &help.en);
            say!("没有系统 {id}；{zh}", "there is no system {id}; {en}")
        })?),
    };
    Ok(Asked { period, system })
}

fn unknown(judged: &Judgement, name: &str) -> Said {
    let rules = judged.standard.rules.iter().map(|r| r.id.as_str());
    let fixed = measure::names().chain(codes::IDS).map(|name| -> &str { name });
    let names: Vec<&str> = rules.chain(fixed).collect();
    let help = offer(name, &names);
    let (zh, en) = (&help.zh, &help.en);
    say!("没有名为 {name} 的规则、代码或指标；{zh}", "no rule, code or figure is named {name}; {en}")
}

fn of_rule(judged: &Judgement, rule: &Rule, asked: &Asked, lang: Lang) -> String {
    let standard = &judged.standard;
    let today = judged.config.site.zone.date(judged.as_of);
    let ask = Ask::of(standard, rule, today);
    let mut out = format!("{} · {}\n\n", rule.id, rule.title.to(lang));
    if let Some(clause) = standard.clauses.iter().find(|c| c.id == rule.clause) {
        let text = clause.text.to(lang);
        line(&mut out, &say!("条款", "clause"), &format!("{} {} — {text}", clause.id, clause.title.to(lang)), lang);
    }
    line(&mut out, &say!("要求", "asks"), ask.said().to(lang), lang);
    if let Some(about) = ask.about() {
        line(&mut out, &say!("限于", "only where"), about.to(lang), lang);
    }
    line(&mut out, &say!("形式", "form"), &format!("{} · {}", rule.form.name(), rule.severity.name()), lang);
    for param in ask.params(lang) {
        let history = param.history.join("; ");
        line(
            &mut out,
            &say!("参数", "parameter"),
            &format!("{} = {} — {} ({history})", param.name, param.value, param.text),
            lang,
        );
    }
    line(&mut out, &say!("缘由", "why"), rule.why.to(lang), lang);
    line(&mut out, &say!("整改", "to mend"), rule.fix.to(lang), lang);
    found(&mut out, judged, &rule.id, asked, lang);
    out
}

fn of_code(judged: &Judgement, code: &Code, asked: &Asked, lang: Lang) -> String {
    let mut out = format!("{}\n\n", code.id);
    line(&mut out, &say!("含义", "means"), code.about.to(lang), lang);
    line(&mut out, &say!("整改", "to mend"), code.fix.to(lang), lang);
    found(&mut out, judged, code.id, asked, lang);
    out
}

/// The findings of a rule or a code, a line each.
fn found(out: &mut String, judged: &Judgement, rule: &str, asked: &Asked, lang: Lang) {
    let system = asked.system.map(|at| judged.config.systems[at].id.as_str());
    let within = |f: &&Finding| {
        let touches = |period: Period| f.dates.is_some_and(|(from, to)| from <= period.last() && period.first <= to);
        f.rule == rule && system.is_none_or(|id| f.system.as_deref() == Some(id)) && asked.period.is_none_or(touches)
    };
    let all: Vec<&Finding> = judged.findings.iter().filter(within).collect();
    let waived = all.iter().filter(|f| f.waived_by.is_some()).count();
    let n = all.len();
    let count = say!("{n} 个，其中豁免 {waived} 个", "{n}, {waived} of them waived");
    let _ = writeln!(out);
    line(out, &say!("问题", "findings"), count.to(lang), lang);
    for finding in all {
        out.push_str("  ");
        out.push_str(&short::line(finding, lang));
    }
}

fn of_figure(judged: &Judgement, book: &Book<'_>, name: &str, asked: &Asked, lang: Lang) -> String {
    let mut out = String::new();
    if let Some(about) = about(name) {
        let _ = writeln!(out, "{name} · {}\n", about.title(lang));
        line(&mut out, &say!("算法", "how"), about.how(lang), lang);
        if !about.numerator(lang).is_empty() {
            let (above, below) = (about.numerator(lang), about.denominator(lang));
            line(&mut out, &say!("分子÷分母", "fraction"), &format!("{above} ÷ {below}"), lang);
        }
    }
    // Without a period the last whole month is meant.
    let today = judged.config.site.zone.date(judged.as_of);
    let period = asked.period.unwrap_or_else(|| Period::of(Unit::Month, today).previous(Unit::Month));
    let within = |f: &&Figure| {
        f.name == name && asked.system.is_none_or(|system| f.system == Some(system)) && period.contains(f.month.first)
    };
    let found: Vec<&Figure> = judged.figures.iter().filter(within).collect();
    if found.is_empty() {
        let _ = writeln!(out, "\n{}", not_counted(judged, name).to(lang));
    }
    for figure in found {
        let _ = writeln!(out);
        of_month(&mut out, judged, book, figure, lang);
    }
    out
}

/// What is said where a figure has nothing for the period and system that are asked for: where it has.
fn not_counted(judged: &Judgement, name: &str) -> Said {
    let of = judged.figures.iter().filter(|figure| figure.name == name);
    let months = of.clone().map(|figure| figure.month.first);
    let (Some(first), Some(last)) = (months.clone().min(), months.max()) else {
        return say!("没有计算过这项指标", "it was counted for no month");
    };
    let month = |day| Period::of(Unit::Month, day).name(Unit::Month);
    let (first, last) = (month(first), month(last));
    let systems: BTreeSet<&str> =
        of.map(|figure| figure.system.map_or("", |at| judged.config.systems[at].id.as_str())).collect();
    let systems: Vec<&str> = systems.into_iter().filter(|id| !id.is_empty()).collect();
    let (zh, en) = if systems.is_empty() {
        ("全单位".to_owned(), "the whole organisation".to_owned())
    } else {
        (systems.join("、"), systems.join(", "))
    };
    say!(
        "这个期间和系统没有这项指标；有的是 {first} 至 {last}：{zh}",
        "not counted for that period and system; there is {first} to {last}: {en}"
    )
}

fn of_month(out: &mut String, judged: &Judgement, book: &Book<'_>, figure: &Figure, lang: Lang) {
    let system = figure.system.map_or_else(
        || say!("全单位", "the organisation").to(lang).to_owned(),
        |at| judged.config.systems[at].id.clone(),
    );
    let key = shown::key_title(book, figure, lang);
    let key = if key.is_empty() { key } else { format!(" · {key}") };
    let verdict = figure.verdict.map_or_else(String::new, |v| format!(" · {}", v.name()));
    let month = figure.month.name(Unit::Month);
    let _ = writeln!(out, "{month} · {system}{key}: {}{verdict}", shown::value(figure, lang));
    let fraction = shown::fraction(figure, lang);
    if !fraction.is_empty() {
        let _ = writeln!(out, "  = {fraction}");
    }
    if let Some(target) = figure.target {
        let _ = writeln!(out, "  {} {}", say!("目标", "target").to(lang), shown::plain_percent(target));
    }
    let Trail { rows, hits, .. } = &*figure.trail;
    // Where records are counted they are the numerator; where time is, they are what it was counted from.
    if figure.numerator == Some(hits.len() as i64) {
        let within: BTreeSet<&RowRef> = hits.iter().collect();
        let rest: Vec<RowRef> = rows.iter().filter(|row| !within.contains(row)).copied().collect();
        records(out, judged, &say!("分子", "numerator"), hits, lang);
        records(out, judged, &say!("只在分母", "denominator only"), &rest, lang);
    } else {
        records(out, judged, &say!("记录", "records"), rows, lang);
    }
    let left = shown::left_out(book, figure, lang);
    if !left.is_empty() {
        let _ = writeln!(out, "  {left}");
    }
}

/// Records with the places where they stand.
fn records(out: &mut String, judged: &Judgement, what: &Said, rows: &[RowRef], lang: Lang) {
    if rows.is_empty() {
        return;
    }
    let _ = writeln!(out, "  {} ({}):", what.to(lang), rows.len());
    for row in rows {
        let (kind, at) = (usize::from(row.kind), row.row as usize);
        let id = judged.ledger.tables[kind].ids.get(at);
        let _ = writeln!(out, "    {id}  {}", judged.ledger.place(kind, at));
    }
}

/// `name: text`, the name in a column of its own.
fn line(out: &mut String, name: &Said, text: &str, lang: Lang) {
    let name = name.to(lang);
    let width: usize = name.chars().map(|c| unicode_width::UnicodeWidthChar::width(c).unwrap_or(0)).sum();
    let _ = writeln!(out, "{name}{} {text}", " ".repeat(10_usize.saturating_sub(width)));
}
