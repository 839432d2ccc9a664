//! `wellkept build`.

use std::path::PathBuf;

use clap::Args;

use crate::pipeline::Stop;

use super::Common;

#[derive(Args, Debug)]
pub(super) struct Options {
    /// Where to publish, relative to the present folder; else site.output of wellkept.toml
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
}

pub(super) fn run(_common: &Common, _options: &Options) -> Result<u8, Stop> {
    Ok(0)
}
