//! `wellkept fmt`: tables of records in canonical form. No digest changes but where times are asked for.

use std::path::PathBuf;
use std::time::Instant as Clock;

use clap::Args;

use crate::fmt::{self, Order, Plan, Scope};
use crate::load;
use crate::pipeline::{self, Stop};
use crate::say;
use crate::say::{Lang, Said};
use crate::standard::Standard;
use crate::world::{append, read};

use super::{Common, reading, say_data, say_human};

#[derive(Args, Debug)]
#[command(after_help = AFTER)]
pub(super) struct Options {
    /// Only these files and folders
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Write nothing; list the tables that are not in canonical form
    #[arg(long)]
    check: bool,
    /// Times too get their offset, in records that no seal holds; this changes the digests of those records
    #[arg(long)]
    times: bool,
}

const AFTER: &str = "\
Canonical form: the kind's own names as headers, rows by time and then id, commas, LF, UTF-8, no needless quotes.
Values, columns and lines above the header stay as they are. A table with rows that are rejected is left alone.
Prints the paths of the tables that were (or with --check: would be) rewritten.
Exit: 0 done, 1 something differs (--check) or was left alone, 2 could not run.";

pub(super) fn run(common: &Common, options: &Options) -> Result<u8, Stop> {
    let begun = Clock::now();
    let workspace = common.workspace()?;
    // Held before anything is read, so that what is planned is still true when it is written.
    let hold = if options.check { None } else { Some(append::hold(&workspace).map_err(Stop::Failure)?) };
    let paths = options.paths.iter().map(|path| read::within(&workspace, path).map_err(Stop::Failure));
    let paths: Vec<String> = paths.collect::<Result<_, Stop>>()?;
    let mut progress = common.progress([reading(), Said::new("整理", "putting in form")]);
    let sources = read::read(&workspace).map_err(Stop::Failure)?;
    let config = pipeline::configuration(&sources)?;
    let as_of = pipeline::instant(&common.when()?, &config)?;
    let standard = Standard::load(&sources, &config).map_err(Stop::Findings)?;
    let (ledger, loaded) = load::load(&sources, &standard, &config, as_of).map_err(Stop::Failure)?;
    progress.next();
    let order = Order {
        sources: &sources,
        config: &config,
        standard: &standard,
        ledger: &ledger,
        loaded: &loaded,
        as_of,
        sealed: &pipeline::sealed(&sources),
        paths: &paths,
        scope: if options.times { Scope::Times } else { Scope::Form },
    };
    let plan = fmt::plan(&order).map_err(Stop::Failure)?;
    drop(progress);
    if let Some(hold) = &hold {
        for change in &plan.changed {
            let write = append::Change { path: &change.path, old: &change.old, new: &change.new };
            hold.write(&write).map_err(Stop::Failure)?;
        }
    }
    let lang = common.language(Some(config.site.lang));
    for change in &plan.changed {
        say_data(&format!("{}\n", change.path))?;
    }
    if !common.quiet {
        say_human(&told(&plan, lang));
    }
    say_human(&summary(&plan, options.check, begun.elapsed().as_secs_f64(), lang));
    let differs = options.check && !plan.changed.is_empty();
    Ok(u8::from(differs || !plan.left.is_empty()))
}

/// What is different in each table, and why others stay as they are.
fn told(plan: &Plan, lang: Lang) -> String {
    let mut out = String::new();
    for change in &plan.changed {
        let path = &change.path;
        let parts: Vec<&str> = change.what.iter().map(|said| said.to(lang)).collect();
        let (zh, en) = (parts.join("；"), parts.join("; "));
        out.push_str(say!("  {path}：{zh}\n", "  {path}: {en}\n").to(lang));
    }
    for left in &plan.left {
        let (path, zh, en) = (&left.path, &left.why.zh, &left.why.en);
        out.push_str(say!("  {path}：保持原样；{zh}\n", "  {path}: left as it is; {en}\n").to(lang));
    }
    out
}

fn summary(plan: &Plan, check: bool, seconds: f64, lang: Lang) -> String {
    let (changed, left, same) = (plan.changed.len(), plan.left.len(), plan.same);
    let said = if check {
        say!(
            "表格：规范 {same}，不规范 {changed}，未检查 {left} · 用时 {seconds:.2} 秒\n",
            "tables: {same} in canonical form, {changed} not, {left} left alone · {seconds:.2} s\n"
        )
    } else {
        say!(
            "表格：改写 {changed}，原已规范 {same}，保持原样 {left} · 用时 {seconds:.2} 秒\n",
            "tables: {changed} rewritten, {same} as they should be, {left} left alone · {seconds:.2} s\n"
        )
    };
    said.to(lang).to_owned()
}
