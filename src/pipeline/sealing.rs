//! A month put under seal: what is judged today, written down as the files of its seal. Nothing is written to a disk here.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::{Judgement, Stop, When, book, digest, judge};
use crate::TOOL;
use crate::calendar::{Period, Unit};
use crate::finding::{Finding, Severity};
use crate::load;
use crate::page::restated::{self, Versions};
use crate::page::verdict::Verdicts;
use crate::say;
use crate::say::Said;
use crate::seal::FOLDER;
use crate::seal::chain::folder;
use crate::seal::compare::{Compared, covered};
use crate::seal::compose::{Batch, Draft, compose, next};
use crate::seal::judged::{Judged, lines};
use crate::seal::recipe;
use crate::source::{Failure, Sources};
use crate::standard::{Form, Seal};
use crate::tree::hex;

/// Why a month is not sealed, whatever its records are; none where nothing stands against it.
pub fn refused(judged: &Judgement, month: Period) -> Option<Said> {
    let (archive, zone) = (&judged.archive, &judged.config.site.zone);
    let name = month.name(Unit::Month);
    if zone.span(month).end > judged.as_of {
        let as_of = zone.local(judged.as_of);
        return Some(say!(
            "{name} 在 {as_of} 还没有结束；等它过完再封存",
            "{name} is not over at {as_of}; seal it when it is"
        ));
    }
    if archive.of(month).is_some() {
        return Some(say!(
            "{name} 已经封存，一个月只封存一次；之后补记的记录列入下一次封存。要再加一个签名，用 --sign KEY --signer NAME",
            "{name} is sealed already, and a month is sealed once; what comes later goes into the next seal. To add a signature: --sign KEY --signer NAME"
        ));
    }
    if !archive.broken.is_empty() {
        return Some(say!(
            "已有的封存有损坏，不能在其上再封存；先运行 wellkept verify 看是哪一处",
            "the seals that are there are damaged, and nothing is sealed upon them; run wellkept verify to see where"
        ));
    }
    match (next(&archive.seals), judged.config.seal_from) {
        (Some(due), _) if due != month => {
            let due = due.name(Unit::Month);
            Some(say!("下一个要封存的是 {due}，不是 {name}", "the next month to be sealed is {due}, not {name}"))
        }
        (None, Some(from)) if from != month.first => {
            let due = Period::of(Unit::Month, from).name(Unit::Month);
            Some(say!(
                "archive.seal_from 说从 {due} 开始封存，不是 {name}",
                "archive.seal_from says that {due} is sealed first, not {name}"
            ))
        }
        _ => None,
    }
}

/// The errors that stand against a month: those that touch it, and rows that were rejected, of which the month is not
/// known. That it has no seal yet is what is being mended.
pub fn errors(judged: &Judgement, month: Period) -> Vec<Finding> {
    let of_seals = |finding: &Finding| {
        let rule = judged.standard.rule(&finding.rule);
        rule.is_some_and(|rule| matches!(rule.form, Form::Sealed(Seal::Sealed(_))))
    };
    let touches = |finding: &Finding| match finding.dates {
        Some((first, last)) => first <= month.last() && month.first <= last,
        None => finding.rule.starts_with("ingest."),
    };
    // What was sealed and is not as it was stands against every later month.
    let altered = |finding: &Finding| {
        let rule = judged.standard.rule(&finding.rule);
        rule.is_some_and(|rule| matches!(rule.form, Form::Sealed(Seal::Unaltered)))
    };
    let stands = |f: &&Finding| {
        f.severity == Severity::Error && f.waived_by.is_none() && !of_seals(f) && (touches(f) || altered(f))
    };
    judged.findings.iter().filter(stands).cloned().collect()
}

/// What a seal consists of.
pub struct Made {
    /// Its files by their names in its folder.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Earlier months that are judged otherwise than they were sealed, and that it holds anew.
    pub anew: Vec<Period>,
}

/// The seal of a month.
pub fn seal(sources: &Sources, judged: &Judgement, month: Period, git: Option<String>) -> Result<Made, Stop> {
    let Judgement { archive, ledger, standard, .. } = judged;
    let fresh;
    let records: &[Compared] = if archive.records.is_empty() {
        fresh = load::sealed(sources, ledger, standard, archive).map_err(Stop::Failure)?;
        &fresh
    } else {
        &archive.records
    };
    let mut kinds = BTreeMap::new();
    for (at, compared) in records.iter().enumerate() {
        let table = &ledger.tables[at];
        let of_it = |row: &usize| table.date(*row).is_some_and(|day| day <= month.last());
        let mut rows: Vec<usize> = compared.new.iter().copied().filter(of_it).collect();
        let lines = load::lines(sources, ledger, standard, at, &rows, str::to_owned).map_err(Stop::Failure)?;
        let mut lines: Vec<(&str, String)> = rows.iter().map(|row| table.ids.get(*row)).zip(lines).collect();
        lines.sort();
        rows.retain(|row| table.date(*row).is_some_and(|day| covered(&archive.seals, Period::of(Unit::Month, day))));
        let missing = compared.differences.iter().filter(|difference| difference.code == "seal.missing").count();
        let batch = Batch {
            lines: lines.into_iter().map(|(_, line)| line).collect(),
            late: rows.len() as u64,
            missing: missing as u64,
        };
        kinds.insert(standard.kinds[at].name.clone(), batch);
    }
    let mut draft = Draft {
        month,
        sealed: judged.as_of,
        before: &archive.seals,
        kinds,
        verdicts: Vec::new(),
        sources: listed(sources, &judged.config.signers).map_err(Stop::Failure)?,
        standard: format!("{} {}", standard.id, standard.version),
        standard_digest: standard.digest.clone(),
        tool: TOOL.to_owned(),
        git,
    };
    // A record that came late, and a month without a seal, are findings until they are sealed. So what is written down is
    // what the months come to with this seal: the records are judged once more as if it was there.
    let closed = with(sources, month, compose(&draft));
    let judged = judge(&closed, &When::At(judged.as_of))?;
    let book = book(&closed, &judged, String::new());
    let verdicts = Verdicts::of(&book);
    let versions = Versions::of(&book, &verdicts);
    let anew: Vec<(Period, &Judged)> = versions.unsealed(month).collect();
    draft.verdicts = lines(restated::today(&book, &verdicts, month).judged(), &anew);
    Ok(Made { files: compose(&draft), anew: anew.into_iter().map(|(month, _)| month).collect() })
}

/// The workspace with a seal that is not written yet.
fn with(sources: &Sources, month: Period, files: BTreeMap<String, Vec<u8>>) -> Sources {
    let folder = folder(month);
    let mut added: BTreeMap<String, Vec<u8>> =
        files.into_iter().map(|(name, bytes)| (format!("{folder}{name}"), bytes)).collect();
    let recipe = format!("{FOLDER}{}", recipe::NAME);
    if sources.get(&recipe).is_none() {
        added.insert(recipe, recipe::TEXT.as_bytes().to_vec());
    }
    sources.with(added)
}

/// Every file that was read, with its digest; of the seals the list of signers and the recipe, which are only added to.
fn listed(sources: &Sources, signers: &str) -> Result<Vec<(String, String)>, Failure> {
    let recipe = format!("{FOLDER}{}", recipe::NAME);
    let signers = format!("{FOLDER}{signers}");
    let all = sources
        .files
        .par_iter()
        .filter(|entry| !entry.path.starts_with("themes/"))
        .filter(|entry| !entry.path.starts_with(FOLDER) || *entry.path == *recipe || *entry.path == *signers);
    let digested = all.map(|entry| Ok((hex(&digest(sources, &entry.path)?), entry.path.to_string())));
    let mut out: Vec<(String, String)> = digested.collect::<Result<_, Failure>>()?;
    if sources.get(&recipe).is_none() {
        out.push((hex(&crate::seal::tree::sha256(recipe::TEXT.as_bytes())), recipe));
    }
    out.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(out)
}

/// What lies beside the months and is made with the first of them.
pub fn beside() -> [(String, &'static str); 2] {
    // Git must not turn the line ends of what is digested.
    [(format!("{FOLDER}{}", recipe::NAME), recipe::TEXT), (format!("{FOLDER}.gitattributes"), "* -text\n")]
}

#[cfg(test)]
mod tests;
