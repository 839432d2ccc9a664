//! `wellkept new`: a record, a runbook or a page. Asks field by field on a terminal, takes `--set` in scripts, and
//! refuses what `check` would not take.

use clap::Args;

use crate::doc::offer;
use crate::entry::{self, Cells, Entry, Ground, Page};
use crate::load;
use crate::output::human;
use crate::pipeline::{self, Stop};
use crate::say;
use crate::say::{Lang, Said};
use crate::source::Place;
use crate::standard::Standard;
use crate::world::{append, read, terminal};

use super::{Common, ask, refused, say_data, say_human};

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
    let mut made = if options.kind == PAGE {
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
    let dated = made.day.map(|day| (day, Place::file(made.path.clone())));
    made.notes.extend(entry::late(&pipeline::sealed(&sources), dated));
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
    say_data(&format!("{path}\n"))?;
    Ok(0)
}

/// What is no kind of record: a page of the manual.
const PAGE: &str = "page";

fn kind(standard: &Standard, name: &str) -> Result<usize, Stop> {
    standard.kind(name).ok_or_else(|| {
        let names: Vec<&str> = standard.kinds.iter().map(|k| k.name.as_str()).chain([PAGE]).collect();
        let help = offer(name, &names);
        let (zh, en) = (&help.zh, &help.en);
        refused(say!("没有名为 {name} 的记录种类；{zh}", "no kind of record is named {name}; {en}"))
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
        return Err(refused(say!(
            "“{shown}”不能作文件名：不要以 . 或 _ 开头，不要含反斜杠、冒号",
            "\"{shown}\" is no name for a file: it does not begin with . or _, and has no backslash or colon"
        )));
    }
    Ok(text)
}

fn named(slug: Option<&str>) -> Result<&str, Stop> {
    slug.ok_or_else(|| {
        refused(Said::new(
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
        return refused(say!("--set 应写成 字段=值，而不是 {written}", "--set takes FIELD=VALUE and not {written}"));
    };
    let help = offer(field, fields);
    let (zh, en) = (&help.zh, &help.en);
    refused(say!("--set：没有字段 {field}；{zh}", "--set: there is no field {field}; {en}"))
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
        ask::ask(ground, kind, &mut cells, lang, &mut std::io::stdin().lock(), &mut std::io::stderr().lock())?;
    } else {
        for field in ask::in_order(of) {
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
    Err(refused(say!(
        "还缺必填的 {zh}；请用 --set {first}=… 给出，或在终端中不带 --set 运行，逐项填写",
        "{en} must be given: add --set {first}=…, or run it on a terminal without --set to be asked"
    )))
}
