//! `wellkept check`: findings only, writes nothing.

use std::time::Instant as Clock;

use crate::output::{Summary, human, json, total};
use crate::pipeline::{self, Judgement, Stop};
use crate::source::Sources;
use crate::world::read;

use super::{Common, FailOn, Format, say_data, say_human};

pub(super) fn run(common: &Common) -> Result<u8, Stop> {
    let begun = Clock::now();
    let sources = read::read(&common.workspace()?).map_err(Stop::Failure)?;
    let judged = pipeline::judge(&sources, &common.when()?)?;
    let summary = report(common, &judged, &sources);
    let style = common.style(Some(judged.config.site.lang));
    let counts = total(&judged.ledger, &judged.standard);
    say_human(&human::summary(counts, summary, None, begun.elapsed().as_secs_f64(), style.lang));
    say_human("\n");
    Ok(common.fail_on.unwrap_or(FailOn::Error).code(&summary))
}

/// Prints the findings in the format that was asked for.
pub(super) fn report(common: &Common, judged: &Judgement, sources: &Sources) -> Summary {
    let style = common.style(Some(judged.config.site.lang));
    match common.format {
        Format::Human if common.quiet => {}
        Format::Human => {
            say_human(&human::findings(&judged.findings, Some(&judged.standard), Some(sources), style));
        }
        Format::Json => {
            let value = json::check(&shape(judged), style.lang);
            say_data(&format!("{value}\n"));
        }
    }
    Summary::of(&judged.findings)
}

fn shape(judged: &Judgement) -> json::Judged<'_> {
    json::Judged {
        config: &judged.config,
        standard: &judged.standard,
        ledger: &judged.ledger,
        slots: &judged.slots,
        findings: &judged.findings,
        figures: &judged.figures,
        as_of: judged.as_of,
    }
}
