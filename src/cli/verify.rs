//! `wellkept verify`: the seals of a workspace and its records held against them, or a published site held against its
//! list of digests (archive.md, sections 4 and 5).

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use rayon::prelude::*;
use serde_json::json;

use crate::calendar::{Instant, Unit};
use crate::config::Config;
use crate::finding::{Finding, Severity};
use crate::load;
use crate::output::{self, Report, Summary, human};
use crate::pipeline::{self, Stop};
use crate::say;
use crate::say::{Lang, Said};
use crate::seal::signers::{self, By};
use crate::seal::{Archive, Difference, FOLDER, Sealed, chain, file, recipe, sums};
use crate::slots::State;
use crate::source::{Place, Sources};
use crate::standard::{Form, Seal, Standard};
use crate::world::stock::{self, Answer};
use crate::world::{read, site};

use super::{Common, FailOn, Format, check, say_human, seal, stopped};

#[derive(Args, Debug)]
pub(super) struct Options {
    /// A published site, or a workspace; else the workspace of the present folder
    #[arg(value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// What is to be told, whatever was looked at.
struct Looked {
    sources: Sources,
    root: PathBuf,
    config: Config,
    standard: Standard,
    archive: Archive,
    as_of: Instant,
    findings: Vec<Finding>,
}

/// Verifies. Exit 1 where anything is not as it was sealed or published.
pub(super) fn run(common: &Common, options: &Options) -> Result<u8, Stop> {
    let looked = match options.dir.as_deref().filter(|dir| site::is(dir)) {
        Some(dir) => published(common, dir)?,
        None => {
            let workspace = match &options.dir {
                Some(dir) => read::find_workspace(dir).map_err(Stop::Failure)?,
                None => common.workspace()?,
            };
            let sources = read::read(&workspace).map_err(Stop::Failure)?;
            match kept(common, &sources) {
                Ok((judged, findings)) => Looked {
                    sources,
                    root: workspace,
                    config: judged.config,
                    standard: judged.standard,
                    archive: judged.archive,
                    as_of: judged.as_of,
                    findings,
                },
                Err(stop) => return Ok(stopped(&stop, common, Some(&sources), None)),
            }
        }
    };
    let signed = signatures(&looked)?;
    let mut findings = looked.findings.clone();
    let first = signed.iter().position(|one| !one.seal.signatures.is_empty());
    for (at, one) in signed.iter().enumerate() {
        let found = one.wrong.iter().map(|difference| {
            let mut finding = difference.finding();
            // Where seals are signed, one without a signature may have lost it.
            if difference.code == "seal.unsigned" && first.is_some_and(|first| first < at) {
                finding.severity = Severity::Warning;
            }
            finding
        });
        findings.extend(found);
    }
    Finding::sort(&mut findings);
    findings.dedup();
    tell(common, &looked, &signed, &findings)
}

/// The seals of a workspace, and its records held against them.
fn kept(common: &Common, sources: &Sources) -> Result<(pipeline::Judgement, Vec<Finding>), Stop> {
    let judged = pipeline::judge(sources, &common.when()?)?;
    let mut differences: Vec<Difference> = judged.archive.differences().cloned().collect();
    for group in &judged.slots {
        if !matches!(judged.standard.rules[group.rule].form, Form::Sealed(Seal::Sealed(_))) {
            continue;
        }
        for slot in group.slots.iter().filter(|slot| slot.state == State::Missed) {
            let month = crate::calendar::Period::of(Unit::Month, slot.first);
            let name = month.name(Unit::Month);
            let said = say!("{name} 没有封存，已过时限", "{name} is not sealed, and its time has passed");
            let folder = chain::folder(month);
            differences.push(Difference::of_seal("seal.unsealed", Some(month), Place::file(folder), said));
        }
    }
    let mut findings: Vec<Finding> = differences.iter().map(Difference::finding).collect();
    load::exact(sources, &judged.ledger, &judged.standard, &mut findings);
    Ok((judged, findings))
}

/// A published site. It has no settings of its own: what is told of it needs none.
fn published(common: &Common, dir: &Path) -> Result<Looked, Stop> {
    let sources = site::read(dir).map_err(Stop::Failure)?;
    let bare = "[site]\ntitle = \"-\"\n[[system]]\nid = \"-\"\nin_service = 2000-01-01\n";
    let mut config = Config::read(bare.to_owned()).map_err(Stop::Findings)?;
    let standard = Standard::load(&sources, &config).map_err(Stop::Findings)?;
    let mut differences = sums::check(&sources).map_err(Stop::Failure)?;
    // The list of signers has the name that the workspace gave it: it is what else lies beside the months.
    let beside = sources.below(FOLDER).filter_map(|entry| entry.path.strip_prefix(FOLDER));
    let known = [recipe::NAME, signers::AUTHORITY, ".gitattributes"];
    let lists: Vec<String> =
        beside.filter(|name| !name.contains('/') && !known.contains(name)).map(str::to_owned).collect();
    if let [name] = lists.as_slice() {
        config.signers.clone_from(name);
    }
    let archive = chain::read(&sources, &config.signers).map_err(Stop::Failure)?;
    differences.extend(archive.differences().cloned());
    let as_of = pipeline::instant(&common.when()?, &config)?;
    let findings = differences.iter().map(Difference::finding).collect();
    Ok(Looked { sources, root: dir.to_owned(), config, standard, archive, as_of, findings })
}

/// A seal with its signatures, as the stock programs judge them.
struct Signed<'a> {
    seal: &'a Sealed,
    /// By whom each good signature is.
    by: Vec<String>,
    wrong: Vec<Difference>,
}

fn signatures(looked: &Looked) -> Result<Vec<Signed<'_>>, Stop> {
    let list = format!("{FOLDER}{}", looked.config.signers);
    let there = looked.sources.get(&list).is_some();
    let bytes = if there { looked.sources.read(&list).map_err(Stop::Failure)? } else { Vec::new() };
    let allowed = signers::list(&String::from_utf8_lossy(&bytes));
    // Each signature is a run of ssh-keygen.
    let look = |seal: &'_ Sealed| -> Result<(Vec<String>, Vec<Difference>), Stop> {
        let mut signed = Signed { seal, by: Vec::new(), wrong: Vec::new() };
        for name in &seal.signatures {
            let bytes = looked.sources.read(&format!("{}{name}", seal.folder())).map_err(Stop::Failure)?;
            judge(looked, &list, &mut signed, (name, &bytes), &allowed);
        }
        if seal.signatures.is_empty() {
            let month = seal.month().name(Unit::Month);
            signed.wrong.push(of(
                seal,
                "seal.unsigned",
                file::NAME,
                say!("{month} 的封存没有签名", "the seal of {month} is unsigned"),
            ));
        }
        if seal.stamped {
            stamp(looked, &mut signed);
        }
        Ok((signed.by, signed.wrong))
    };
    let all: Vec<(Vec<String>, Vec<Difference>)> =
        looked.archive.seals.par_iter().map(look).collect::<Result<_, Stop>>()?;
    let seals = looked.archive.seals.iter().zip(all);
    Ok(seals.map(|(seal, (by, wrong))| Signed { seal, by, wrong }).collect())
}

fn of(seal: &Sealed, code: &'static str, name: &str, said: Said) -> Difference {
    Difference::of_seal(code, Some(seal.month()), Place::file(format!("{}{name}", seal.folder())), said)
}

fn judge(
    looked: &Looked,
    list: &str,
    signed: &mut Signed<'_>,
    (name, bytes): (&str, &[u8]),
    allowed: &[signers::Signer],
) {
    let seal = signed.seal;
    let at = seal.seal.sealed;
    let wrong = match signers::by(bytes, allowed, at) {
        By::Known(by) => {
            let folder = looked.root.join(seal.folder());
            match stock::signature(&folder, &looked.root.join(list), &by, name, at) {
                Answer::Good => {
                    signed.by.push(by);
                    return;
                }
                Answer::Bad(why) => of(
                    seal,
                    "seal.signature",
                    name,
                    say!("签名与封存不符：{why}", "the signature is not of this seal: {why}"),
                ),
                Answer::NoProgram => {
                    let program = stock::SSH_KEYGEN;
                    unchecked(seal, name, program)
                }
            }
        }
        By::Expired(by) => {
            let when = file::stamp(at);
            let said = say!(
                "{by} 的密钥在封存时刻 {when} 不在有效期内",
                "the key of {by} was not valid at {when}, when the month was sealed"
            );
            of(seal, "seal.expired", name, said)
        }
        By::Unknown => {
            of(seal, "seal.signer", name, say!("签名的密钥不在 {list} 中", "the key of the signature is not in {list}"))
        }
        By::Malformed => {
            of(seal, "seal.signature", name, say!("这不是 ssh-keygen 的签名", "this is no signature of ssh-keygen's"))
        }
    };
    signed.wrong.push(wrong);
}

fn unchecked(seal: &Sealed, name: &str, program: &str) -> Difference {
    let said = say!("没有核对：这台机器上没有 {program}", "not checked: {program} is not on this machine");
    of(seal, "seal.unchecked", name, said)
}

fn stamp(looked: &Looked, signed: &mut Signed<'_>) {
    let seal = signed.seal;
    let authority = format!("{FOLDER}{}", signers::AUTHORITY);
    if looked.sources.get(&authority).is_none() {
        let said = say!(
            "没有核对：缺少签发机构的证书 {authority}",
            "not checked: the certificate {authority} of its authority is not there"
        );
        signed.wrong.push(of(seal, "seal.unchecked", signers::STAMP, said));
        return;
    }
    match stock::stamped(&looked.root.join(seal.folder())) {
        Answer::Good => signed.by.push("RFC 3161".to_owned()),
        Answer::Bad(why) => {
            let said = say!("时间戳与封存不符：{why}", "the time stamp is not of this seal: {why}");
            signed.wrong.push(of(seal, "seal.timestamp", signers::STAMP, said));
        }
        Answer::NoProgram => signed.wrong.push(unchecked(seal, signers::STAMP, stock::OPENSSL)),
    }
}

fn tell(common: &Common, looked: &Looked, signed: &[Signed<'_>], findings: &[Finding]) -> Result<u8, Stop> {
    let fail_on = common.fail_on.unwrap_or(FailOn::Error);
    let style = common.style(Some(looked.config.site.lang));
    let lang = style.lang;
    let report = Report {
        findings,
        config: &looked.config,
        standard: &looked.standard,
        as_of: looked.as_of,
        fail_on: fail_on.severity(),
        lang,
    };
    let summary = Summary::of(findings);
    if common.format != Format::Human {
        check::print(common, &report, &looked.sources, style, || json(looked, signed, &summary, findings, lang))?;
    } else if !common.quiet {
        say_human(&seals(signed, lang));
        say_human(&human::findings(findings, None, Some(&looked.sources), style));
    }
    let (n, wrong) = (signed.len(), summary.error + summary.warning);
    let (s, d) = (if n == 1 { "" } else { "s" }, if wrong == 1 { "" } else { "s" });
    let said = match (n, wrong) {
        (0, 0) => say!("没有封存；没有发现不同", "there are no seals; nothing differs"),
        (0, _) => say!("没有封存；有 {wrong} 处不同", "there are no seals; {wrong} difference{d}"),
        (_, 0) => say!("核对了 {n} 个月的封存，没有发现不同", "{n} seal{s} verified; nothing differs"),
        _ => say!("核对了 {n} 个月的封存，有 {wrong} 处不同", "{n} seal{s} looked at; {wrong} difference{d}"),
    };
    say_human(&format!("{}\n", said.to(lang)));
    if n > 0 {
        say_human(&format!("{}\n", seal::warning().to(lang)));
    }
    Ok(fail_on.code(&summary))
}

/// A line for each seal.
fn seals(signed: &[Signed<'_>], lang: Lang) -> String {
    let mut out = String::new();
    for one in signed {
        let by = if one.by.is_empty() {
            if one.seal.signatures.is_empty() {
                say!("没有签名", "unsigned")
            } else {
                say!("签名未通过", "no good signature")
            }
        } else {
            Said::same(one.by.join(", "))
        };
        let by = by.to(lang);
        let _ = writeln!(out, "{}  {}", one.seal.digest, output::one_line(&format!("{}  {by}", one.seal.path())));
    }
    out
}

fn json(looked: &Looked, signed: &[Signed<'_>], summary: &Summary, findings: &[Finding], lang: Lang) -> String {
    let seal = |one: &Signed<'_>| {
        let Sealed { seal, digest, .. } = one.seal;
        json!({
            "month": seal.month.name(Unit::Month), "seq": seal.seq, "sealed": file::stamp(seal.sealed),
            "sha256": digest, "signed_by": one.by,
        })
    };
    let all = json!({
        "tool": {"name": "wellkept", "version": env!("CARGO_PKG_VERSION")},
        "as_of": looked.config.site.zone.rfc3339(looked.as_of),
        "seals": signed.iter().map(seal).collect::<Vec<_>>(),
        "summary": {"error": summary.error, "warning": summary.warning, "info": summary.info},
        "findings": findings.iter().map(|finding| output::json::finding(finding, lang)).collect::<Vec<_>>(),
    });
    all.to_string()
}
