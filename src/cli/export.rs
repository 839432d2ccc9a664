//! `wellkept export`: the records for other tools and for hand-over.

use std::path::PathBuf;
use std::time::Instant as Clock;

use clap::{Args, ValueEnum};

use crate::export;
use crate::finding::{Finding, Severity};
use crate::output::{Summary, human, total};
use crate::page::Book;
use crate::pipeline::{self, Stop};
use crate::source::Failure;
use crate::tree::SiteTree;
use crate::world::publish::Published;
use crate::world::{publish, read};

use super::{Common, FailOn, say_human, stopped};

#[derive(Args, Debug)]
pub(super) struct Options {
    /// What to make
    #[arg(value_enum, value_name = "FORMAT")]
    target: Target,
    /// Where to write it, relative to the present folder; what is there already is left alone unless it is such an export
    #[arg(long, value_name = "PATH")]
    output: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Target {
    /// A folder for hand-over: the original files with their digests (RFC 8493)
    Bagit,
    /// A folder of CSV tables with their description (Frictionless Data Package)
    Datapackage,
    /// One SQLite file: records, slots, findings, figures
    Sqlite,
    /// A folder of Parquet files by kind and month, with the figures in SQL
    Parquet,
}

pub(super) fn run(common: &Common, options: &Options) -> Result<u8, Stop> {
    let begun = Clock::now();
    let sources = read::read(&common.workspace()?).map_err(Stop::Failure)?;
    let judged = match pipeline::judge(&sources, &common.when()?) {
        Ok(judged) => judged,
        Err(stop) => return Ok(stopped(&stop, common, Some(&sources), None)),
    };
    let build = pipeline::build_id(&sources, judged.as_of).map_err(Stop::Failure)?;
    let published = write(&pipeline::book(&sources, &judged, build), options).map_err(Stop::Failure)?;
    let style = common.style(Some(judged.config.site.lang));
    if let Some(left) = published.left_over {
        let note = Finding::new("site.publish", Severity::Warning, left);
        say_human(&human::findings(&[note], None, None, style));
    }
    let (counts, summary) = (total(&judged.ledger, &judged.standard), Summary::of(&judged.findings));
    let files = human::Files { written: published.written, unchanged: published.unchanged, removed: published.removed };
    let seconds = begun.elapsed().as_secs_f64();
    say_human(&human::summary(
        &human::Told { counts, summary, elsewhere: None, files: Some(files), seconds },
        style.lang,
    ));
    Ok(common.fail_on.unwrap_or(FailOn::Never).code(&summary))
}

fn write(book: &Book<'_>, options: &Options) -> Result<Published, Failure> {
    let folder = |tree: SiteTree, marker| publish::publish_as(&tree, &options.output, "export", marker);
    match options.target {
        Target::Bagit => folder(export::bagit::bag(book)?, ".wellkept-bagit"),
        Target::Datapackage => folder(export::datapackage(book)?, ".wellkept-datapackage"),
        #[cfg(feature = "parquet")]
        Target::Parquet => folder(export::database::parquet::folder(book)?, ".wellkept-parquet"),
        #[cfg(feature = "sqlite")]
        Target::Sqlite => {
            let bytes = export::database::sqlite::database(book)?;
            let changed = crate::world::single::put(&options.output, &bytes, export::database::sqlite::is_ours)?;
            let (written, unchanged) = (usize::from(changed), usize::from(!changed));
            Ok(Published { written, unchanged, ..Published::default() })
        }
        #[cfg(not(all(feature = "parquet", feature = "sqlite")))]
        _ => Err(Failure(crate::say!(
            "这个程序构建时没有带上此格式；请用默认功能重新构建",
            "this program was built without that format: build it with its default features"
        ))),
    }
}
