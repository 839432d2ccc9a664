//! `wellkept standard`: the standard in force, a copy of it, and whether its own examples hold.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::config::Config;
use crate::output::human;
use crate::pipeline::{self, Shown, Stop};
use crate::say;
use crate::say::Lang;
use crate::standard::Standard;
use crate::world::{create, read};

use super::{Common, say_data, say_human};

#[derive(Args, Debug)]
pub(super) struct Options {
    /// Run the good and the bad example of every rule
    #[arg(long, conflicts_with = "write")]
    test: bool,
    /// Copy the standard into a folder of its own below DIR, to be changed there; overwrites nothing
    #[arg(long, value_name = "DIR")]
    write: Option<PathBuf>,
}

/// Lists the clauses and rules of the workspace's standard; or copies it; or runs its examples: exit 1 where one does not
/// hold.
pub(super) fn run(common: &Common, options: &Options) -> Result<u8, Stop> {
    let workspace = common.workspace()?;
    let sources = read::read(&workspace).map_err(Stop::Failure)?;
    let config = pipeline::configuration(&sources)?;
    let files = Standard::files(&sources, &config).map_err(Stop::Findings)?;
    let style = common.style(Some(config.site.lang));
    if let Some(folder) = &options.write {
        copy(files, &config, &workspace, folder, style.lang)?;
        return Ok(0);
    }
    let standard = Standard::read(files.clone(), &config).map_err(Stop::Findings)?;
    if options.test {
        return test(&files, style);
    }
    say_data(&list(&standard, style.lang))?;
    Ok(0)
}

/// Writes the files of the standard, prints their paths, and says how to put the copy in force.
fn copy(
    files: BTreeMap<String, String>,
    config: &Config,
    workspace: &Path,
    folder: &Path,
    lang: Lang,
) -> Result<(), Stop> {
    let whole = config.standard.trim_end_matches('/');
    let name = whole.rsplit('/').next().unwrap_or(whole);
    let below = |path: &str| {
        let inside = path.strip_prefix(whole).or_else(|| path.strip_prefix("standards/")?.strip_prefix(whole));
        inside.unwrap_or(path).trim_start_matches('/').to_owned()
    };
    let files = files.into_iter().map(|(path, text)| (below(&path), text)).collect();
    let target = folder.join(name);
    for path in create::create(&target, &files).map_err(Stop::Failure)? {
        say_data(&format!("{}\n", path.display()))?;
    }
    let made = target.canonicalize().ok();
    let found = made.as_deref().and_then(|path| path.strip_prefix(workspace).ok()).and_then(Path::to_str);
    let hint = match found.filter(|path| path.starts_with("standards/")) {
        Some(path) => say!(
            "要启用这份副本，请在 wellkept.toml 的 [standard] 中写 use = \"{path}\"",
            "to put the copy in force, write use = \"{path}\" in [standard] of wellkept.toml"
        ),
        None => say!(
            "工作区只读取自己的 standards/ 文件夹：要启用这份副本，请先把它移到那里",
            "a workspace reads standards from its own folder standards/: to put the copy in force, move it there first"
        ),
    };
    say_human(&format!("{}\n", hint.to(lang)));
    Ok(())
}

fn test(files: &BTreeMap<String, String>, style: human::Style) -> Result<u8, Stop> {
    let shown = pipeline::examples(files).map_err(Stop::Findings)?;
    let failed: Vec<&Shown> = shown.iter().filter(|s| s.found.as_ref() != Ok(&s.expected)).collect();
    for one in &failed {
        say_human(&failure(one, style));
    }
    let (passed, failed) = (shown.len() - failed.len(), failed.len());
    say_data(&format!("{passed} passed, {failed} failed\n"))?;
    Ok(u8::from(failed > 0))
}

fn list(standard: &Standard, lang: Lang) -> String {
    let mut out = format!("{} {} · {}\n", standard.id, standard.version, standard.title.to(lang));
    for clause in &standard.clauses {
        let _ = writeln!(out, "\n{} {}\n    {}", clause.id, clause.title.to(lang), clause.text.to(lang));
        for rule in standard.rules_of(&clause.id) {
            let (severity, form) = (rule.severity.name(), rule.form.name());
            let _ = writeln!(out, "  {:28} {severity:8} {form:9} {}", rule.id, rule.title.to(lang));
        }
    }
    out
}

fn failure(one: &Shown, style: human::Style) -> String {
    let which = if one.good { "good" } else { "bad" };
    let name = format!("{} ({which})", one.rule);
    let listed = |all: &[String]| {
        if all.is_empty() { say!("没有", "nothing").to(style.lang).to_owned() } else { all.join(", ") }
    };
    match &one.found {
        Ok(found) => {
            let (expected, found) = (listed(&one.expected), listed(found));
            let said =
                say!("{name}：应找出 {expected}；实际找出 {found}", "{name}: should find {expected}; found {found}");
            format!("{}\n", said.to(style.lang))
        }
        Err(findings) => format!("{name}:\n{}", human::findings(findings, None, None, style)),
    }
}
