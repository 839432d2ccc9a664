//! `wellkept sample`: an auditor's random sample, which anybody can draw again.

use std::fmt::Write as _;

use clap::Args;
use serde_json::json;
use unicode_width::UnicodeWidthStr as _;

use crate::calendar::{Period, Unit};
use crate::doc::offer;
use crate::export::sample::{self, Member, Sample};
use crate::output::one_line;
use crate::page::export::csv::Lines;
use crate::pipeline::{self, Judgement, Stop};
use crate::say;
use crate::say::{Lang, Said};
use crate::source::Failure;
use crate::world::read;

use super::{Common, Format, say_data, say_human};

#[derive(Args, Debug)]
pub(super) struct Options {
    /// The kind of the records, such as fault
    #[arg(long, value_name = "KIND")]
    kind: String,
    /// The period that they are of: 2026-10, 2026Q3, 2026H1, 2026
    #[arg(long, value_name = "P")]
    period: String,
    /// How many to draw
    #[arg(long, value_name = "N")]
    n: usize,
    /// Any text; agree on it before the records are known, such as by dice
    #[arg(long, value_name = "S")]
    seed: String,
    /// Print the drawn records as CSV
    #[arg(long)]
    csv: bool,
}

/// How the draw is made; said wherever a sample is printed.
const METHOD: &str = "order by SHA-256(seed ':' id), take the first n";
const COLUMNS: [&str; 8] = ["place", "id", "time", "source_file", "source_line", "record_digest", "state", "sha256"];

/// What was asked for.
struct Asked {
    kind: usize,
    unit: Unit,
    period: Period,
}

pub(super) fn run(common: &Common, options: &Options) -> Result<u8, Stop> {
    let refuse = |said| Stop::Failure(Failure(said));
    if !matches!(common.format, Format::Human | Format::Json) {
        return Err(refuse(say!(
            "sample 的 --format 只有 human 和 json；表格用 --csv",
            "sample takes --format human or json; for a table there is --csv"
        )));
    }
    let sources = read::read(&common.workspace()?).map_err(Stop::Failure)?;
    let judged = pipeline::judge(&sources, &common.when()?)?;
    let asked = asked(options, &judged).map_err(refuse)?;
    let book = pipeline::book(&sources, &judged, String::new());
    let drawn = sample::draw(&book, asked.kind, asked.period, &options.seed, options.n).map_err(Stop::Failure)?;
    let period = asked.period.name(asked.unit);
    enough(options, &drawn, &period).map_err(refuse)?;
    let lang = common.language(Some(judged.config.site.lang));
    if judged.config.site.zone.span(asked.period).end > judged.as_of {
        let said = say!(
            "注意：{period} 在截至时刻还没有结束，之后的记录不在其中",
            "note: {period} is not over at the instant of judgement; later records are not among these"
        );
        say_human(&format!("{}\n", said.to(lang)));
    }
    if options.csv {
        say_data(&csv(&drawn))?;
    } else if common.format == Format::Json {
        say_data(&format!("{}\n", json(options, &drawn, &period, &judged)))?;
    } else {
        say_data(&table(options, &drawn, &period, &judged, lang))?;
    }
    Ok(0)
}

fn asked(options: &Options, judged: &Judgement) -> Result<Asked, Said> {
    let standard = &judged.standard;
    let found = standard.kind(&options.kind).filter(|&at| !standard.kinds[at].pages);
    let kind = found.ok_or_else(|| {
        let name = &options.kind;
        let names: Vec<&str> = standard.kinds.iter().filter(|k| !k.pages).map(|k| k.name.as_str()).collect();
        let help = offer(name, &names);
        let (zh, en) = (&help.zh, &help.en);
        say!("--kind：没有记录种类 {name}；{zh}", "--kind: no kind of record is named {name}; {en}")
    })?;
    let text = &options.period;
    let (unit, period) = Period::parse(text).ok_or_else(|| {
        say!(
            "--period：“{text}”不是期间；例如 2026-10、2026Q3、2026H1、2026",
            "--period: \"{text}\" is no period; write 2026-10, 2026Q3, 2026H1 or 2026"
        )
    })?;
    if options.n == 0 {
        return Err(say!("--n：至少抽 1 条", "--n: draw at least 1"));
    }
    if options.seed.is_empty() || options.seed.chars().any(char::is_control) {
        return Err(say!(
            "--seed：应为不空的一行文字，例如掷骰子得到的数字",
            "--seed: it takes a text on one line that is not empty, such as numbers from dice"
        ));
    }
    Ok(Asked { kind, unit, period })
}

fn enough(options: &Options, drawn: &Sample, period: &str) -> Result<(), Said> {
    let (kind, n, there) = (&options.kind, options.n, drawn.population);
    if there == 0 {
        return Err(say!("{period} 没有 {kind} 记录", "there are no {kind} records in {period}"));
    }
    if n > there {
        return Err(say!(
            "--n：{period} 只有 {there} 条 {kind} 记录，抽不出 {n} 条；要全部列出请写 --n {there}",
            "--n: there are only {there} {kind} records in {period}, not {n}; for all of them write --n {there}"
        ));
    }
    Ok(())
}

/// Under a few facts, a row for each drawn record.
fn table(options: &Options, drawn: &Sample, period: &str, judged: &Judgement, lang: Lang) -> String {
    let kind =
        judged.standard.kind(&options.kind).map(|at| judged.standard.kinds[at].title.to(lang)).unwrap_or_default();
    let fact = |name: Said, value: &str| {
        let name = name.to(lang);
        format!("{name}{}{value}\n", " ".repeat(14_usize.saturating_sub(name.width())))
    };
    let mut out = fact(say!("总体", "population"), &{
        let n = drawn.population;
        let name = &options.kind;
        let said = say!("{period} 的 {kind}（{name}）共 {n} 条", "{n} {name} records of {period}");
        said.to(lang).to_owned()
    });
    out.push_str(&fact(say!("总体摘要", "its digest"), &drawn.digest));
    out.push_str(&fact(say!("截至时刻", "as of"), &judged.config.site.zone.rfc3339(judged.as_of)));
    out.push_str(&fact(say!("种子", "seed"), &options.seed));
    let n = drawn.drawn.len();
    let method = say!(
        "按 SHA-256(种子 \":\" 编号) 的十六进制从小到大排，取前 {n} 条",
        "order by the hexadecimal SHA-256(seed \":\" id), take the first {n}"
    );
    out.push_str(&fact(say!("抽取方法", "method"), method.to(lang)));
    out.push('\n');
    let head =
        [say!("#", "#"), say!("编号", "id"), say!("时间", "time"), say!("来源", "source"), say!("摘要", "digest")];
    let mut rows: Vec<[String; 5]> = vec![head.map(|said| said.to(lang).to_owned())];
    rows.extend(drawn.drawn.iter().zip(1..).map(|(member, place)| row(member, place, lang)));
    let widths: Vec<usize> = (0..5).map(|at| rows.iter().map(|row| row[at].width()).max().unwrap_or(0)).collect();
    for row in &rows {
        for (cell, width) in row.iter().zip(&widths).take(4) {
            let _ = write!(out, "{cell}{}  ", " ".repeat(width - cell.width()));
        }
        let _ = writeln!(out, "{}", row[4]);
    }
    out
}

fn row(member: &Member, place: usize, lang: Lang) -> [String; 5] {
    let mark = match member.state {
        "corrected" => say!("（已更正）", " (corrected)").to(lang).to_owned(),
        "future" => say!("（晚于截至时刻）", " (after the as-of time)").to(lang).to_owned(),
        _ => String::new(),
    };
    [
        place.to_string(),
        format!("{}{mark}", one_line(&member.id)),
        member.time.clone(),
        format!("{}:{}", member.file, member.line),
        member.digest.clone(),
    ]
}

fn csv(drawn: &Sample) -> String {
    let mut out = Lines::default();
    out.row(COLUMNS);
    for (member, place) in drawn.drawn.iter().zip(1..) {
        let Member { id, time, file, line, digest, state, key } = member;
        let (place, line) = (place.to_string(), line.to_string());
        out.row([&place, id, time, file, &line, digest, *state, key]);
    }
    String::from_utf8(out.into_bytes()).unwrap_or_default()
}

fn json(options: &Options, drawn: &Sample, period: &str, judged: &Judgement) -> serde_json::Value {
    let member = |(member, place): (&Member, usize)| {
        json!({
            "place": place, "id": member.id, "time": member.time, "file": member.file, "line": member.line,
            "digest": member.digest, "state": member.state, "sha256": member.key,
        })
    };
    json!({
        "tool": {"name": "wellkept", "version": env!("CARGO_PKG_VERSION")},
        "as_of": judged.config.site.zone.rfc3339(judged.as_of),
        "kind": options.kind,
        "period": period,
        "seed": options.seed,
        "method": METHOD,
        "population": {"count": drawn.population, "digest": drawn.digest},
        "sample": drawn.drawn.iter().zip(1..).map(member).collect::<Vec<_>>(),
    })
}
