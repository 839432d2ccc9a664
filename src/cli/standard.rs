//! `wellkept standard`: the standard in force, and whether its own examples hold.

use std::fmt::Write as _;

use clap::Args;

use crate::output::human;
use crate::pipeline::{self, Shown, Stop};
use crate::say::Lang;
use crate::standard::Standard;
use crate::world::read;

use super::{Common, say_data, say_human};

#[derive(Args, Debug)]
pub(super) struct Options {
    /// Run the good and the bad example of every rule
    #[arg(long)]
    test: bool,
}

/// Lists the clauses and rules of the workspace's standard, or runs its examples: exit 1 where one does not hold.
pub(super) fn run(common: &Common, options: &Options) -> Result<u8, Stop> {
    let sources = read::read(&common.workspace()?).map_err(Stop::Failure)?;
    let config = pipeline::configuration(&sources)?;
    let files = Standard::files(&sources, &config).map_err(Stop::Findings)?;
    let standard = Standard::read(files.clone(), &config).map_err(Stop::Findings)?;
    let style = common.style(Some(config.site.lang));
    if !options.test {
        say_data(&list(&standard, style.lang));
        return Ok(0);
    }
    let shown = pipeline::examples(&files, &standard);
    let failed: Vec<&Shown> = shown.iter().filter(|s| s.found.as_ref() != Ok(&s.expected)).collect();
    for one in &failed {
        say_human(&failure(one, style));
    }
    let (passed, failed) = (shown.len() - failed.len(), failed.len());
    say_data(&format!("{passed} passed, {failed} failed\n"));
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
    match &one.found {
        Ok(found) => format!("{} ({which}): {:?} != {:?}\n", one.rule, one.expected, found),
        Err(findings) => format!("{} ({which}):\n{}", one.rule, human::findings(findings, None, None, style)),
    }
}
