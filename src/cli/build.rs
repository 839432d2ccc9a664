//! `wellkept build`: the site; always renders, findings become pages.

use std::path::PathBuf;
use std::time::Instant as Clock;

use clap::Args;

use crate::finding::{Finding, Severity};
use crate::output::{human, total};
use crate::pipeline::{self, Stop};
use crate::say::Said;
use crate::world::{publish, read};

use super::{Common, FailOn, check, judging, reading, say_human, stopped};

#[derive(Args, Debug)]
pub(super) struct Options {
    /// Where to publish, relative to the present folder; else site.output of wellkept.toml
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
}

/// What the lock on the output is held for.
const LABEL: &str = "build";

pub(super) fn run(common: &Common, options: &Options) -> Result<u8, Stop> {
    let begun = Clock::now();
    let workspace = common.workspace()?;
    let stages = [reading(), judging(), Said::new("排版", "laying out"), Said::new("发布", "publishing")];
    let mut progress = common.progress(stages);
    let sources = read::read(&workspace).map_err(Stop::Failure)?;
    progress.next();
    let judged = match pipeline::judge(&sources, &common.when()?) {
        Ok(judged) => judged,
        Err(stop) => {
            drop(progress);
            return Ok(stopped(&stop, common, Some(&sources), None));
        }
    };
    let build = pipeline::build_id(&sources, judged.as_of).map_err(Stop::Failure)?;
    let out = match &options.output {
        Some(folder) => folder.clone(),
        None => workspace.join(&judged.config.site.output),
    };
    let mut gone = Vec::new();
    let published = match publish::stands(&out, &build, LABEL).map_err(Stop::Failure)? {
        Some(published) => published,
        None => {
            progress.next();
            let last = publish::manifest(&out).map_err(Stop::Failure)?;
            let made = pipeline::site(&sources, &judged, build).and_then(|tree| {
                let manifest = last.as_deref().unwrap_or_default();
                Ok((pipeline::vanished(&tree, &judged, manifest)?, tree))
            });
            progress.next();
            match made {
                Ok((warnings, tree)) => {
                    gone = warnings;
                    publish::publish(&tree, &out, LABEL).map_err(Stop::Failure)?
                }
                Err(stop) => {
                    drop(progress);
                    return Ok(stopped(&stop, common, Some(&sources), Some(judged.config.site.lang)));
                }
            }
        }
    };
    drop(progress);
    let fail_on = common.fail_on.unwrap_or(FailOn::Never);
    let summary = check::report(common, &judged, &sources, fail_on)?;
    let style = common.style(Some(judged.config.site.lang));
    if !gone.is_empty() {
        say_human(&human::findings(&gone, None, None, style));
    }
    if let Some(left) = published.left_over {
        let note = Finding::new("site.publish", Severity::Warning, left);
        say_human(&human::findings(&[note], None, None, style));
    }
    let counts = total(&judged.ledger, &judged.standard);
    let files = human::Files { written: published.written, unchanged: published.unchanged, removed: published.removed };
    let seconds = begun.elapsed().as_secs_f64();
    say_human(&human::summary(
        &human::Told { counts, summary, elsewhere: None, files: Some(files), seconds },
        style.lang,
    ));
    Ok(fail_on.code(&summary))
}
