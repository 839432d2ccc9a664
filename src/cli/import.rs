//! `wellkept import`: another tool's export into records. Adds what is new, never changes what is there.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant as Clock;

use clap::Args;
use serde_json::json;

use crate::calendar::Zone;
use crate::config::Config;
use crate::import::plan::{self, Order, Plan};
use crate::import::{self, Chosen, Ground, Input, LIMIT};
use crate::load;
use crate::output::{Report, Summary, human};
use crate::pipeline::{self, Stop};
use crate::say;
use crate::say::{Lang, Said};
use crate::source::{Failure, Sources};
use crate::standard::Standard;
use crate::world::{append, given, read};

use super::{Common, FailOn, Format, check, say_data, say_human};

#[derive(Args, Debug)]
#[command(after_help = AFTER)]
pub(super) struct Options {
    /// Whose export it is (restic, apt, …), or a mapping of your own (tickets.toml); leave it out for the list
    #[arg(value_name = "SOURCE")]
    source: Option<String>,
    /// The export; `-` is the standard input. With a source and no file: how its export is made
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The system that the records are about; else it is found by the names in the export
    #[arg(long, value_name = "ID")]
    system: Option<String>,
    /// Add to this file (records/KIND/….csv) instead of records/KIND/SOURCE-YEAR-MONTH.csv; once for each kind
    #[arg(long, value_name = "PATH")]
    into: Vec<PathBuf>,
    /// A value for what the export does not say, such as offsite=true; may be given several times
    #[arg(long, value_name = "FIELD=VALUE")]
    set: Vec<String>,
    /// Take only what the export calls so: a host, a check, an image; may be given several times
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// The zone of times that are written without one; else that of the workspace
    #[arg(long, value_name = "ZONE")]
    timezone: Option<String>,
    /// Write nothing; print the rows
    #[arg(long)]
    dry_run: bool,
}

const AFTER: &str = "\
A record whose id is there already is passed over, so that an export may be imported again. Exit: 0 done, 1 something
was refused, 2 could not run.

A name in an export is that of a system where it is the system's id, its name, or one of its hosts:
    [[system]]
    id = \"oa\"
    hosts = [\"web-01\", \"10.0.0.5\"]";

pub(super) fn run(common: &Common, options: &Options) -> Result<u8, Stop> {
    let begun = Clock::now();
    let lang = common.style(None).lang;
    let Some(name) = &options.source else {
        say_human(&listed(lang));
        return Ok(2);
    };
    let chosen = match choose(name) {
        Ok(chosen) => chosen,
        Err(Stop::Findings(found)) if !is_file(name) => {
            say_human(&human::findings(&found, None, None, common.style(None)));
            say_human(&listed(lang));
            return Ok(2);
        }
        Err(stop) => return Err(stop),
    };
    if options.files.is_empty() {
        say_human(&import::tell(&chosen, lang));
        say_data(import::mapping_text(name).unwrap_or_default())?;
        return Ok(2);
    }
    let workspace = common.workspace()?;
    // Held before anything is read, so that what is planned is still true when it is written.
    let hold = if options.dry_run { None } else { Some(append::hold(&workspace).map_err(Stop::Failure)?) };
    let sources = read::read(&workspace).map_err(Stop::Failure)?;
    let config = pipeline::configuration(&sources)?;
    let as_of = pipeline::instant(&common.when()?, &config)?;
    let standard = Standard::load(&sources, &config).map_err(Stop::Findings)?;
    chosen.fits(&standard).map_err(Stop::Findings)?;
    let kinds = chosen.kinds();
    let set = options.set.iter().map(|written| import::setting(written, &kinds, &standard).map_err(Stop::Failure));
    let set: Vec<(String, String)> = set.collect::<Result<_, Stop>>()?;
    let zone = zone(options, &config)?;
    let ground = Ground { config: &config, zone: &zone, system: system(options, &config)?, set: &set, as_of };
    let into = into(options, &workspace, &standard, &kinds)?;
    let files = files(&options.files, chosen.beside())?;
    let shown = Sources::of_memory(files.iter().map(|file| (file.name.to_string(), file.bytes.clone())));
    let (ledger, loaded) = load::load(&sources, &standard, &config, as_of).map_err(Stop::Failure)?;
    let order = Order {
        source: chosen.name(),
        ground,
        into: &into,
        only: &options.only,
        sources: &sources,
        standard: &standard,
        ledger: &ledger,
        loaded: &loaded,
        sealed: &pipeline::sealed(&sources),
    };
    let plan = plan::make(&order, chosen.read(files, ground)).map_err(Stop::Failure)?;
    let style = common.style(Some(config.site.lang));
    let fail_on = common.fail_on.unwrap_or(FailOn::Error);
    let report = Report {
        findings: &plan.findings,
        config: &config,
        standard: &standard,
        as_of,
        fail_on: fail_on.severity(),
        lang: style.lang,
    };
    let data = || json(chosen.name(), &plan, options.dry_run, style.lang);
    check::print(common, &report, &shown, style, data)?;
    // What is to be said of it is said before it is done.
    if let Some(hold) = hold {
        for file in &plan.files {
            let old = &file.bytes[..file.bytes.len() - file.added.len()];
            hold.write(&append::Change { path: &file.path, old, new: &file.bytes }).map_err(Stop::Failure)?;
        }
    }
    if options.dry_run && matches!(common.format, Format::Human) {
        say_data(&rows(&plan, style.lang))?;
    }
    if !common.quiet {
        say_human(&changed(&plan, options.dry_run, style.lang));
    }
    say_human(&summary(&plan, options.dry_run, begun.elapsed().as_secs_f64(), style.lang));
    Ok(fail_on.code(&Summary::of(&plan.findings)))
}

/// Whether the name is meant as a file: a mapping.
fn is_file(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml"))
}

fn choose(name: &str) -> Result<Chosen, Stop> {
    if !is_file(name) {
        return Chosen::named(name).map_err(Stop::Findings);
    }
    let bytes = given::read(Path::new(name), LIMIT).map_err(Stop::Failure)?;
    let text = String::from_utf8(bytes).map_err(|_| {
        Stop::Failure(Failure(say!("映射文件 {name} 不是 UTF-8 编码", "the mapping {name} is not UTF-8")))
    })?;
    Chosen::mapping(name, text).map_err(Stop::Findings)
}

fn system(options: &Options, config: &Config) -> Result<Option<usize>, Stop> {
    let Some(name) = &options.system else { return Ok(None) };
    let found = config.systems.iter().position(|s| s.id == *name || s.name == *name);
    found.map(Some).ok_or_else(|| {
        let ids: Vec<&str> = config.systems.iter().map(|s| s.id.as_str()).collect();
        let help = crate::doc::offer(name, &ids);
        let (zh, en) = (&help.zh, &help.en);
        Stop::Failure(Failure(say!("--system：没有系统 {name}；{zh}", "--system: there is no system {name}; {en}")))
    })
}

fn zone(options: &Options, config: &Config) -> Result<Zone, Stop> {
    match &options.timezone {
        None => Ok(config.site.zone.clone()),
        Some(name) => Zone::named(name).map_err(|unknown| Stop::Failure(Failure(unknown.said()))),
    }
}

/// The files of `--into`, each with the kind of the folder that it lies in.
fn into(
    options: &Options,
    workspace: &Path,
    standard: &Standard,
    kinds: &[&str],
) -> Result<Vec<(usize, String)>, Stop> {
    let mut out: Vec<(usize, String)> = Vec::new();
    for path in &options.into {
        let path = read::to_be(workspace, path).map_err(Stop::Failure)?;
        let wrong = |why: Said| {
            let (zh, en) = (why.zh, why.en);
            Stop::Failure(Failure(say!("--into {path}：{zh}", "--into {path}: {en}")))
        };
        let folder = path.strip_prefix(load::RECORDS).and_then(|rest| rest.split_once('/'));
        let Some((folder, name)) =
            folder.filter(|(_, name)| name.rsplit_once('.').is_some_and(|(_, ending)| ending == "csv"))
        else {
            return Err(wrong(Said::new("应为 records/种类/….csv", "it takes records/KIND/….csv")));
        };
        if name.split('/').any(|part| part.starts_with(['.', '_'])) {
            return Err(wrong(Said::new(
                "以 . 或 _ 开头的文件不会被读取",
                "a file that begins with . or _ is not read",
            )));
        }
        let Some(kind) = standard.kind(folder).filter(|_| kinds.contains(&folder)) else {
            let list = kinds.join(", ");
            return Err(wrong(say!(
                "这个来源产生的是 {list}，不是 {folder}",
                "this source makes {list} and not {folder}"
            )));
        };
        if out.iter().any(|(known, _)| *known == kind) {
            return Err(wrong(say!("{folder} 已经指定过文件", "a file for {folder} was named before")));
        }
        out.push((kind, path));
    }
    Ok(out)
}

/// The files that were named, and those that lie beside them and tell how the run ended.
fn files(named: &[PathBuf], endings: &[&str]) -> Result<Vec<Input>, Stop> {
    let mut paths: Vec<PathBuf> = Vec::new();
    for path in named.iter().cloned().chain(named.iter().flat_map(|path| given::beside(path, endings))) {
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    let read = |path: PathBuf| {
        let bytes = given::read(&path, LIMIT).map_err(Stop::Failure)?;
        Ok(Input::new(path.to_string_lossy().replace('\\', "/"), &bytes))
    };
    paths.into_iter().map(read).collect()
}

fn listed(lang: Lang) -> String {
    let list = import::list(lang);
    let said = say!(
        "来源（wellkept import SOURCE 说明如何导出；wellkept import SOURCE FILE… 导入）：\n\n{list}",
        "Sources (wellkept import SOURCE tells how to export; wellkept import SOURCE FILE… imports):\n\n{list}"
    );
    said.to(lang).to_owned()
}

/// What will stand in which file, as it will stand there.
fn rows(plan: &Plan, lang: Lang) -> String {
    let mut out = String::new();
    for file in &plan.files {
        let (path, kind) =
            (&file.path, if file.fresh { Said::new("新文件", "new file") } else { Said::new("追加", "added") });
        let text = file.added.trim_start_matches(['\r', '\n']).replace("\r\n", "\n").replace('\r', "\n");
        let kind = kind.to(lang);
        let _ = write!(out, "# {path} ({kind})\n{text}");
    }
    out
}

fn changed(plan: &Plan, dry_run: bool, lang: Lang) -> String {
    let mut out = String::new();
    for file in &plan.files {
        let (path, n) = (&file.path, file.count);
        let s = if n == 1 { "" } else { "s" };
        let said = match (file.fresh, dry_run) {
            (true, false) => say!("  {path}：新建，{n} 条\n", "  {path}: new, {n} record{s}\n"),
            (true, true) => say!("  {path}：将新建，{n} 条\n", "  {path}: would be new, {n} record{s}\n"),
            (false, false) => say!("  {path}：追加 {n} 条\n", "  {path}: {n} record{s} added\n"),
            (false, true) => say!("  {path}：将追加 {n} 条\n", "  {path}: {n} record{s} would be added\n"),
        };
        out.push_str(said.to(lang));
    }
    out
}

fn summary(plan: &Plan, dry_run: bool, seconds: f64, lang: Lang) -> String {
    let Plan { taken, known, refused, files, .. } = plan;
    let files = files.len();
    let s = if files == 1 { "" } else { "s" };
    let said = if dry_run {
        say!(
            "记录：可导入 {taken} 条，已有 {known} 条，拒绝 {refused} 条 · 试运行，没有写入 · 用时 {seconds:.2} 秒\n",
            "{taken} could be imported, {known} there already, {refused} refused · dry run, nothing written · {seconds:.2} s\n"
        )
    } else {
        say!(
            "记录：导入 {taken} 条，已有 {known} 条，拒绝 {refused} 条 · 写入文件 {files} · 用时 {seconds:.2} 秒\n",
            "{taken} imported, {known} there already, {refused} refused · {files} file{s} written · {seconds:.2} s\n"
        )
    };
    said.to(lang).to_owned()
}

fn json(source: &str, plan: &Plan, dry_run: bool, lang: Lang) -> String {
    let file = |f: &plan::FilePlan| json!({"path": f.path, "new": f.fresh, "records": f.count, "added": f.added});
    let out = json!({
        "tool": {"name": "wellkept", "version": env!("CARGO_PKG_VERSION")},
        "source": source,
        "dry_run": dry_run,
        "records": {"imported": plan.taken, "known": plan.known, "refused": plan.refused},
        "files": plan.files.iter().map(file).collect::<Vec<_>>(),
        "findings": plan.findings.iter().map(|f| crate::output::json::finding(f, lang)).collect::<Vec<_>>(),
    });
    out.to_string()
}
