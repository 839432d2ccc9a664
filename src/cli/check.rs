//! `wellkept check`: findings only, writes nothing.

use std::path::PathBuf;
use std::time::Instant as Clock;

use clap::Args;

use crate::finding::{Finding, alike};
use crate::output::{Report, Summary, github, gitlab, human, json, junit, markdown, sarif, short, total};
use crate::pipeline::{self, Judgement, Stop};
use crate::source::Sources;
use crate::world::read;

use super::{Common, FailOn, Format, judging, reading, say_data, say_human, stopped};

#[derive(Args, Debug)]
pub(super) struct Options {
    /// Report only what lies in these files and folders, and count the rest
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
}

pub(super) fn run(common: &Common, options: &Options) -> Result<u8, Stop> {
    let begun = Clock::now();
    let workspace = common.workspace()?;
    let mut progress = common.progress([reading(), judging()]);
    let sources = read::read(&workspace).map_err(Stop::Failure)?;
    progress.next();
    let judged = pipeline::judge(&sources, &common.when()?);
    drop(progress);
    let mut judged = match judged {
        Ok(judged) => judged,
        Err(stop) => return Ok(stopped(&stop, common, Some(&sources), None)),
    };
    let elsewhere = if options.paths.is_empty() {
        None
    } else {
        let within = |path: &PathBuf| read::within(&workspace, path).map_err(Stop::Failure);
        let within: Vec<String> = options.paths.iter().map(within).collect::<Result<_, Stop>>()?;
        let (here, rest): (Vec<Finding>, Vec<Finding>) =
            std::mem::take(&mut judged.findings).into_iter().partition(|finding| lies_in(finding, &within));
        judged.findings = here;
        Some(Summary::of(&rest))
    };
    let fail_on = common.fail_on.unwrap_or(FailOn::Error);
    let summary = report(common, &judged, &sources, fail_on)?;
    let style = common.style(Some(judged.config.site.lang));
    let counts = total(&judged.ledger, &judged.standard);
    let told = human::Told { counts, summary, elsewhere, files: None, seconds: begun.elapsed().as_secs_f64() };
    say_human(&human::summary(&told, style.lang));
    // The program ends: to give back millions of texts one by one would be work for nothing.
    std::mem::forget(judged);
    Ok(fail_on.code(&summary))
}

/// Whether a finding is about a file, or a file below a folder, of the workspace. An empty path is the workspace itself.
fn lies_in(finding: &Finding, paths: &[String]) -> bool {
    let Some(place) = &finding.place else { return false };
    let below = |path: &String| {
        place
            .file
            .strip_prefix(path.as_str())
            .is_some_and(|rest| path.is_empty() || rest.is_empty() || rest.starts_with('/'))
    };
    paths.iter().any(below)
}

/// Prints the findings in the format that was asked for.
pub(super) fn report(common: &Common, judged: &Judgement, sources: &Sources, fail_on: FailOn) -> Result<Summary, Stop> {
    let style = common.style(Some(judged.config.site.lang));
    let told = alike::together(&judged.findings);
    let report = Report {
        findings: &told,
        config: &judged.config,
        standard: &judged.standard,
        as_of: judged.as_of,
        fail_on: fail_on.severity(),
        lang: style.lang,
    };
    print(common, &report, sources, style, || json::check(&shape(judged, &told), style.lang).to_string())?;
    Ok(Summary::of(&judged.findings))
}

/// Prints findings in the format that was asked for; `json` makes all that this format holds.
pub(super) fn print(
    common: &Common,
    report: &Report<'_>,
    sources: &Sources,
    style: human::Style,
    json: impl FnOnce() -> String,
) -> Result<(), Stop> {
    match common.format {
        Format::Human if common.quiet => {}
        Format::Human => {
            say_human(&human::findings(report.findings, Some(report.standard), Some(sources), style));
        }
        Format::Short => say_data(&short::check(report))?,
        Format::Json => say_data(&format!("{}\n", json()))?,
        Format::Sarif => say_data(&format!("{}\n", sarif::check(report)))?,
        Format::Github => say_data(&github::check(report))?,
        Format::Gitlab => say_data(&format!("{}\n", gitlab::check(report)))?,
        Format::Junit => say_data(&junit::check(report))?,
        Format::Markdown => say_data(&markdown::check(report))?,
    }
    Ok(())
}

fn shape<'a>(judged: &'a Judgement, told: &'a [Finding]) -> json::Judged<'a> {
    json::Judged {
        config: &judged.config,
        standard: &judged.standard,
        ledger: &judged.ledger,
        slots: &judged.slots,
        findings: told,
        figures: &judged.figures,
        as_of: judged.as_of,
    }
}
