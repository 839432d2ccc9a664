//! `wellkept new`: a record, a runbook or a page. Asks field by field on a terminal, takes `--set` in scripts, and
//! refuses what `check` would not take.

use std::io::{BufRead, Write};

use clap::Args;

use crate::doc::offer;
use crate::entry::{self, Cells, Entry, Ground, Page};
use crate::load;
use crate::output::human;
use crate::pipeline::{self, Stop};
use crate::say;
use crate::say::{Lang, Said};
use crate::source::Failure;
use crate::standard::{Kind, Standard, Type};
use crate::world::{append, read, terminal};

use super::{Common, say_data, say_human};

#[derive(Args, Debug)]
#[command(after_help = AFTER)]
pub(super) struct Options {
    /// The kind of the record (backup, fault, …), or runbook, or page
    #[arg(value_name = "KIND")]
    kind: String,
    /// Write a Markdown file of this name instead of a row: records/KIND/SLUG.md
    #[arg(value_name = "SLUG")]
    slug: Option<String>,
    /// The value of a field; may be given several times
    #[arg(long, value_name = "FIELD=VALUE")]
    set: Vec<String>,
}

const AFTER: &str = "\
Without SLUG a row is added to records/KIND/YEAR-MONTH.csv. On a terminal and without --set each field is asked for;
otherwise the id, the time and the only system are filled in where they are not set. Nothing is overwritten, and a
record that check would not take is refused. Prints the path of the file.

    wellkept new backup --set system=oa --set type=full --set result=success
    wellkept new fault F-2026-018 --set system=oa --set summary=\"Login fails\"
    wellkept new runbook restore-database";

pub(super) fn run(common: &Common, options: &Options) -> Result<u8, Stop> {
    let workspace = common.workspace()?;
    // Held before anything is read, so that what is asked for is still free when it is written.
    let hold = append::hold(&workspace).map_err(Stop::Failure)?;
    let sources = read::read(&workspace).map_err(Stop::Failure)?;
    let config = pipeline::configuration(&sources)?;
    let as_of = pipeline::instant(&common.when()?, &config)?;
    let standard = Standard::load(&sources, &config).map_err(Stop::Findings)?;
    let (ledger, loaded) = load::load(&sources, &standard, &config, as_of).map_err(Stop::Failure)?;
    let ground =
        Ground { sources: &sources, config: &config, standard: &standard, ledger: &ledger, loaded: &loaded, as_of };
    let lang = common.language(Some(config.site.lang));
    let slug = options.slug.as_deref().map(slug).transpose()?;
    let made = if options.kind == PAGE {
        page(&ground, named(slug)?, &options.set)?
    } else {
        let kind = kind(&standard, &options.kind)?;
        let slug = if standard.kinds[kind].pages { Some(named(slug)?) } else { slug };
        let cells = cells(&ground, kind, slug, &options.set, lang)?;
        match slug {
            Some(slug) => entry::document(&ground, kind, slug, &cells).map_err(Stop::Failure)?,
            None => entry::row(&ground, kind, &cells).map_err(Stop::Failure)?,
        }
    };
    let style = common.style(Some(config.site.lang));
    let said = [&made.notes[..], &made.refused[..]].concat();
    say_human(&human::findings(&said, Some(&standard), Some(&made.sources), style));
    if !made.refused.is_empty() {
        let left = Said::new("没有写入", "nothing was written");
        say_human(&format!("{}\n", left.to(lang)));
        return Ok(1);
    }
    let Entry { path, old, new, .. } = &made;
    hold.write(&append::Change { path, old, new }).map_err(Stop::Failure)?;
    say_data(&format!("{path}\n"));
    Ok(0)
}

/// What is no kind of record: a page of the manual.
const PAGE: &str = "page";

fn refuse(said: Said) -> Stop {
    Stop::Failure(Failure(said))
}

fn kind(standard: &Standard, name: &str) -> Result<usize, Stop> {
    standard.kind(name).ok_or_else(|| {
        let names: Vec<&str> = standard.kinds.iter().map(|k| k.name.as_str()).chain([PAGE]).collect();
        let help = offer(name, &names);
        let (zh, en) = (&help.zh, &help.en);
        refuse(say!("没有名为 {name} 的记录种类；{zh}", "no kind of record is named {name}; {en}"))
    })
}

/// A name below the folder of its kind: no part of it leads elsewhere or is one that is passed over.
fn slug(text: &str) -> Result<&str, Stop> {
    let text = text.strip_suffix(".md").unwrap_or(text);
    let wrong = |part: &str| {
        part.is_empty()
            || part.starts_with(['.', '_'])
            || part.len() > 190
            || part.contains(['\\', ':'])
            || part.contains(char::is_control)
    };
    if text.split('/').any(wrong) {
        let shown = crate::value::shown(text.as_bytes());
        return Err(refuse(say!(
            "“{shown}”不能作文件名：不要以 . 或 _ 开头，不要含反斜杠、冒号",
            "\"{shown}\" is no name for a file: it does not begin with . or _, and has no backslash or colon"
        )));
    }
    Ok(text)
}

fn named(slug: Option<&str>) -> Result<&str, Stop> {
    slug.ok_or_else(|| {
        refuse(Said::new(
            "请给出文件名，例如 wellkept new runbook restore-database",
            "name the file, such as wellkept new runbook restore-database",
        ))
    })
}

fn page(ground: &Ground<'_>, slug: &str, set: &[String]) -> Result<Entry, Stop> {
    let mut page = Page { title: last(slug), owner: "" };
    for written in set {
        match written.split_once('=') {
            Some(("title", title)) => page.title = title,
            Some(("owner", owner)) => page.owner = owner,
            _ => return Err(unset(written, &["title", "owner"])),
        }
    }
    entry::page(ground, slug, &page).map_err(Stop::Failure)
}

fn last(slug: &str) -> &str {
    slug.rsplit('/').next().unwrap_or(slug)
}

fn unset(written: &str, fields: &[&str]) -> Stop {
    let Some((field, _)) = written.split_once('=') else {
        return refuse(say!("--set 应写成 字段=值，而不是 {written}", "--set takes FIELD=VALUE and not {written}"));
    };
    let help = offer(field, fields);
    let (zh, en) = (&help.zh, &help.en);
    refuse(say!("--set：没有字段 {field}；{zh}", "--set: there is no field {field}; {en}"))
}

/// The cells of the record: what was set, what is asked for, what is proposed.
fn cells(ground: &Ground<'_>, kind: usize, slug: Option<&str>, set: &[String], lang: Lang) -> Result<Cells, Stop> {
    let of = &ground.standard.kinds[kind];
    let mut cells: Cells = vec![None; of.fields.len()];
    for written in set {
        let field = written.split_once('=').and_then(|(field, value)| Some((of.header(field)?, value)));
        let Some((field, value)) = field else {
            let names: Vec<&str> = of.fields.iter().map(|f| f.name.as_str()).collect();
            return Err(unset(written, &names));
        };
        cells[field] = Some(value.trim().to_owned()).filter(|value| !value.is_empty());
    }
    if let (Some(slug), Some(id)) = (slug, of.id()) {
        cells[id].get_or_insert_with(|| last(slug).to_owned());
    }
    if let (Some(slug), Some(label), true) = (slug, of.label, of.pages) {
        cells[label].get_or_insert_with(|| last(slug).to_owned());
    }
    if set.is_empty() && !of.pages && terminal::answers() {
        ask(ground, kind, &mut cells, lang, &mut std::io::stdin().lock(), &mut std::io::stderr().lock())?;
    } else {
        for field in in_order(of) {
            if cells[field].is_none() {
                cells[field] = entry::propose(ground, kind, field, &cells);
            }
        }
    }
    let missing: Vec<String> = (0..of.fields.len())
        .filter(|field| of.fields[*field].required && cells[*field].is_none())
        .map(|field| of.fields[field].name.clone())
        .collect();
    if missing.is_empty() {
        return Ok(cells);
    }
    let (zh, en, first) = (missing.join("、"), missing.join(", "), &missing[0]);
    Err(refuse(say!(
        "还缺必填的 {zh}；请用 --set {first}=… 给出，或在终端中不带 --set 运行，逐项填写",
        "{en} must be given: add --set {first}=…, or run it on a terminal without --set to be asked"
    )))
}

/// The fields in the order in which they are asked for: the id after what it is made of.
fn in_order(kind: &Kind) -> Vec<usize> {
    let mut out: Vec<usize> = (0..kind.fields.len()).collect();
    out.sort_by_key(|at| (!matches!(kind.fields[*at].ty, Type::System) && *at != kind.at, *at));
    out
}

/// Asks for each field that has no value yet. An empty answer takes what is proposed, or leaves out what may be left out;
/// an answer that cannot be read is asked for again.
fn ask(
    ground: &Ground<'_>,
    kind: usize,
    cells: &mut Cells,
    lang: Lang,
    from: &mut impl BufRead,
    to: &mut impl Write,
) -> Result<(), Stop> {
    let of = &ground.standard.kinds[kind];
    let (title, about) = (of.title.to(lang), of.about.to(lang));
    let how = Said::new(
        "回车：采用方括号中的值，或跳过选填项",
        "Enter takes what stands in brackets, or passes over what may be left out",
    );
    let _ = writeln!(to, "{title}\n{about}\n{}\n", how.to(lang));
    for field in in_order(of) {
        if cells[field].is_some() || of.fields[field].name == "corrects" {
            continue;
        }
        let proposed = entry::propose(ground, kind, field, cells);
        loop {
            let _ = write!(to, "{}", question(ground, of, field, proposed.as_deref(), lang));
            let _ = to.flush();
            let mut answer = String::new();
            if !matches!(from.read_line(&mut answer), Ok(n) if n > 0) {
                return Err(refuse(Said::new(
                    "没有填完，没有写入",
                    "it was not filled in to the end; nothing was written",
                )));
            }
            let text = Some(answer.trim().to_owned()).filter(|text| !text.is_empty()).or_else(|| proposed.clone());
            let Some(text) = text else {
                if !of.fields[field].required {
                    break;
                }
                let _ = writeln!(to, "  ✗ {}", Said::new("必填", "it is required").to(lang));
                continue;
            };
            match entry::wrong(ground, kind, field, &text).map_err(Stop::Failure)? {
                None => {
                    cells[field] = Some(text);
                    break;
                }
                Some(finding) => {
                    let help = finding.help.map_or_else(String::new, |help| format!("\n    {}", help.to(lang)));
                    let _ = writeln!(to, "  ✗ {}{help}", finding.message.to(lang));
                }
            }
        }
    }
    Ok(())
}

/// `System (system) *` with what it takes and what is proposed.
fn question(ground: &Ground<'_>, of: &Kind, at: usize, proposed: Option<&str>, lang: Lang) -> String {
    let field = &of.fields[at];
    let star = if field.required { " *" } else { "" };
    let takes = match &field.ty {
        Type::Choice(_) => return asked(&entry::hint(field, lang), &field.name, star, proposed),
        Type::System => ground.config.systems.iter().map(|s| s.id.as_str()).collect::<Vec<_>>().join(", "),
        Type::Shift => ground.config.shifts.iter().map(|s| s.id.as_str()).collect::<Vec<_>>().join(", "),
        ty => example(ty).to_owned(),
    };
    let title = field.title.to(lang);
    let title = if takes.is_empty() { title.to_owned() } else { format!("{title}: {takes}") };
    asked(&title, &field.name, star, proposed)
}

fn asked(title: &str, name: &str, star: &str, proposed: Option<&str>) -> String {
    let proposed = proposed.map_or_else(String::new, |text| format!("[{text}] "));
    format!("{title}\n  {name}{star} {proposed}> ")
}

/// How a value of a type is written.
fn example(ty: &Type) -> &'static str {
    match ty {
        Type::Time => "2026-10-31 09:30",
        Type::Date => "2026-10-31",
        Type::Duration => "1h30m",
        Type::Integer { .. } => "12",
        Type::Decimal => "1.5",
        Type::Bytes => "1.5 GiB",
        Type::Percent => "99.5",
        Type::Bool => "yes/no, 是/否",
        Type::List => "a; b",
        Type::Interval => "6 months",
        Type::Id | Type::Text | Type::System | Type::Shift | Type::Choice(_) | Type::Ref(_) => "",
    }
}
