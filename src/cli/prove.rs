//! `wellkept prove`: that one record is among those that a seal covers, to be checked by somebody who has nothing but the
//! proof and the seal.

use clap::Args;

use crate::load;
use crate::pipeline::{self, Stop};
use crate::say;
use crate::seal::proof;
use crate::source::Failure;
use crate::world::read;

use super::{Common, say_data, say_human, seal, stopped};

#[derive(Args, Debug)]
pub(super) struct Options {
    /// The id of a record
    #[arg(value_name = "ID")]
    id: String,
    /// Its kind, where records of several kinds have the id
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
}

/// Prints the proof. Exit 1 where no seal holds the record as it is.
pub(super) fn run(common: &Common, options: &Options) -> Result<u8, Stop> {
    let workspace = common.workspace()?;
    let sources = read::read(&workspace).map_err(Stop::Failure)?;
    let judged = match pipeline::judge(&sources, &common.when()?) {
        Ok(judged) => judged,
        Err(stop) => return Ok(stopped(&stop, common, Some(&sources), None)),
    };
    let lang = common.language(Some(judged.config.site.lang));
    let id = &options.id;
    let wanted = |name: &str| options.kind.as_ref().is_none_or(|kind| kind == name);
    let kinds = judged.standard.kinds.iter().enumerate().filter(|(_, kind)| !kind.pages && wanted(&kind.name));
    let found: Vec<(usize, usize)> =
        kinds.filter_map(|(at, _)| Some((at, judged.ledger.tables[at].find(id)?))).collect();
    let (kind, row) = match found.as_slice() {
        [one] => *one,
        [] => {
            return Err(Stop::Failure(Failure(say!("没有编号为 {id} 的记录", "no record has the id {id}"))));
        }
        several => {
            let names: Vec<&str> = several.iter().map(|(at, _)| judged.standard.kinds[*at].name.as_str()).collect();
            let names = names.join(", ");
            return Err(Stop::Failure(Failure(say!(
                "{names} 都有编号 {id}；请用 --kind 指明",
                "{names} each have the id {id}; name one with --kind"
            ))));
        }
    };
    let lines = load::lines(&sources, &judged.ledger, &judged.standard, kind, &[row], str::to_owned);
    let line = lines.map_err(Stop::Failure)?.concat();
    match proof::prove(&judged.archive.seals, &judged.standard.kinds[kind].name, &line) {
        Some(proof) if judged.archive.broken.is_empty() => {
            say_data(&proof)?;
            say_human(&format!("{}\n", seal::warning().to(lang)));
            Ok(0)
        }
        Some(_) => {
            let said = say!(
                "封存有损坏，证明不了什么；先运行 wellkept verify",
                "the seals are damaged and prove nothing; run wellkept verify first"
            );
            say_human(&format!("{}\n", said.to(lang)));
            Ok(1)
        }
        None => {
            let said = say!("没有封存包含现在这样的 {id}", "no seal holds {id} as it is now");
            say_human(&format!("{}\n", said.to(lang)));
            Ok(1)
        }
    }
}
