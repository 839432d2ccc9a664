//! `wellkept seal`: a month's records, figures and findings put under seal (archive.md, section 4).

use std::path::{Path, PathBuf};

use clap::Args;

use crate::calendar::{Period, Unit};
use crate::output::human;
use crate::pipeline::sealing::{self, Made};
use crate::pipeline::{self, Judgement, Stop};
use crate::say;
use crate::say::{Lang, Said};
use crate::seal::signers::{self, SIGNATURE};
use crate::seal::tree::sha256;
use crate::seal::{FOLDER, Seal, chain, file};
use crate::source::{Failure, Sources};
use crate::tree::hex;
use crate::world::sealing::{Signing, add_signature, place};
use crate::world::{append, read, stock};

use super::{Common, say_data, say_human, stopped};

#[derive(Args, Debug)]
pub(super) struct Options {
    /// The month, such as 2026-10: it must be over
    #[arg(value_name = "MONTH")]
    month: String,
    /// Sign with this private key, by ssh-keygen; keep it outside the workspace and off CI
    #[arg(long, value_name = "KEY")]
    sign: Option<PathBuf>,
    /// With --sign on a month that is sealed: add a further signature, `SEAL.NAME.sig`
    #[arg(long, value_name = "NAME", requires = "sign")]
    signer: Option<String>,
    /// Seal although there are errors; they are sealed with it
    #[arg(long)]
    accept: bool,
}

/// Seals, or adds a signature. Exit 1 where errors stand against it.
pub(super) fn run(common: &Common, options: &Options) -> Result<u8, Stop> {
    let month = month(&options.month)?;
    let workspace = common.workspace()?;
    let key = options.sign.as_deref().map(|key| outside(key, &workspace)).transpose()?;
    let _hold = append::hold(&workspace).map_err(Stop::Failure)?;
    let sources = read::read(&workspace).map_err(Stop::Failure)?;
    let judged = match pipeline::judge(&sources, &common.when()?) {
        Ok(judged) => judged,
        Err(stop) => return Ok(stopped(&stop, common, Some(&sources), None)),
    };
    let lang = common.language(Some(judged.config.site.lang));
    if let (Some(name), Some(key), Some(sealed)) = (&options.signer, &key, judged.archive.of(month)) {
        let list = list(&sources, &judged)?;
        let signing = Signing { key, allowed: &list.1, list: &list.0, at: sealed.seal.sealed };
        add_signature(&workspace, &sealed.folder(), file_name(name)?, &signing).map_err(Stop::Failure)?;
        say_data(&format!("{}SEAL.{name}.sig\n", sealed.folder()))?;
        return Ok(0);
    }
    if let Some(why) = sealing::refused(&judged, month) {
        return Err(Stop::Failure(Failure(why)));
    }
    let against = sealing::errors(&judged, month);
    if !against.is_empty() && !options.accept {
        let style = common.style(Some(judged.config.site.lang));
        say_human(&human::findings(&against, Some(&judged.standard), Some(&sources), style));
        let (n, name) = (against.len(), month.name(Unit::Month));
        let said = say!(
            "没有封存：{name} 还有 {n} 项错误。先改正；改不了的，核对之后加 --accept，连同这些错误一起封存",
            "nothing was sealed: {n} errors stand against {name}. Put them right; where that cannot be, look at them and add --accept, and they are sealed with it"
        );
        say_human(&format!("{}\n", said.to(lang)));
        return Ok(1);
    }
    let Made { files, anew } = sealing::seal(&sources, &judged, month, stock::commit(&workspace))?;
    let list = list(&sources, &judged)?;
    let signing = key.as_deref().map(|key| Signing { key, allowed: &list.1, list: &list.0, at: judged.as_of });
    let folder = chain::folder(month);
    place(&workspace, &folder, &files, &sealing::beside(), signing.as_ref()).map_err(Stop::Failure)?;
    told(&files, &folder, signing.is_some(), lang)?;
    if !anew.is_empty() {
        say_human(&format!("{}\n", again(&anew).to(lang)));
    }
    Ok(0)
}

fn month(text: &str) -> Result<Period, Stop> {
    match Period::parse(text) {
        Some((Unit::Month, month)) => Ok(month),
        _ => Err(Stop::Failure(Failure(say!(
            "“{text}”不是月份；请写成 2026-10",
            "\"{text}\" is no month; write it like 2026-10"
        )))),
    }
}

/// A key that lies in the workspace would be committed, and published with it.
fn outside(key: &Path, workspace: &Path) -> Result<PathBuf, Stop> {
    let shown = key.display();
    let found = key
        .canonicalize()
        .map_err(|why| Stop::Failure(Failure(say!("找不到密钥 {shown}：{why}", "there is no key {shown}: {why}"))))?;
    if found.starts_with(workspace) {
        return Err(Stop::Failure(Failure(say!(
            "密钥 {shown} 在工作区里，会随之提交和备份；请移到工作区之外（也不要放在 CI 上）",
            "the key {shown} lies in the workspace, and would be committed with it; move it out (and keep it off CI)"
        ))));
    }
    Ok(found)
}

/// A name that can stand in the name of a file.
fn file_name(name: &str) -> Result<&str, Stop> {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '@');
    if !name.is_empty() && name.len() <= 64 && name.chars().all(fits) {
        return Ok(name);
    }
    Err(Stop::Failure(Failure(say!(
        "签名人的名字只用字母、数字、汉字、- 和 _",
        "the name of a signer has letters, digits, - and _ only"
    ))))
}

/// The path of the list of signers, and who stands in it.
fn list(sources: &Sources, judged: &Judgement) -> Result<(String, Vec<signers::Signer>), Stop> {
    let path = format!("{FOLDER}{}", judged.config.signers);
    if sources.get(&path).is_none() {
        return Ok((path, Vec::new()));
    }
    let bytes = sources.read(&path).map_err(Stop::Failure)?;
    let signers = signers::list(&String::from_utf8_lossy(&bytes));
    Ok((path, signers))
}

fn told(
    files: &std::collections::BTreeMap<String, Vec<u8>>,
    folder: &str,
    signed: bool,
    lang: Lang,
) -> Result<(), Stop> {
    let Some(bytes) = files.get(file::NAME) else { return Ok(()) };
    let digest = hex(&sha256(bytes));
    say_data(&format!("{digest}  {folder}{}\n", file::NAME))?;
    let Ok(seal) = Seal::read(file::NAME, bytes) else { return Ok(()) };
    let sum = |of: fn(&file::Kind) -> u64| seal.kinds.iter().map(of).sum::<u64>();
    let (new, late, total) = (sum(|k| k.new), sum(|k| k.late), sum(|k| k.total));
    let name = seal.month.name(Unit::Month);
    let signature = if signed {
        say!("签名 {SIGNATURE}", "signature {SIGNATURE}")
    } else {
        Said::new("没有签名（各页面都会注明）", "unsigned, which every page says")
    };
    let (zh, en) = (&signature.zh, &signature.en);
    let said = say!(
        "已封存 {name}：新记录 {new} 条（其中补记 {late} 条），累计 {total} 条；{zh}",
        "sealed {name}: {new} new records ({late} of them late), {total} in all; {en}"
    );
    say_human(&format!("{}\n{}\n", said.to(lang), warning().to(lang)));
    Ok(())
}

/// Which earlier months it holds anew.
fn again(anew: &[Period]) -> Said {
    let months = anew.iter().map(|month| month.name(Unit::Month)).collect::<Vec<_>>().join(", ");
    say!(
        "以下月份的结果与上次封存时不同，本次封存一并写入新的一版，原来的版本照样保留：{months}",
        "months that come to something else than when they were last sealed; this seal holds the new version too, and the \
         earlier ones are kept: {months}"
    )
}

/// What a seal does not show, said wherever one is printed.
pub(super) fn warning() -> Said {
    Said::new(
        "持有签名密钥的人可以把全部封存重新做一遍而不留痕迹；没有签名的，谁都可以。请把上面 SEAL 的摘要存到别处\
         （会议纪要、审计人员的邮箱、另一人的签名、时间戳）：只有它能证明没有人这样做。封存不证明记录是真的。",
        "Whoever holds the signing key can make all seals anew without a trace; where they are unsigned, anybody can. Keep the \
         digest of SEAL above somewhere else (signed minutes, the auditor's mailbox, a second signer, a time stamp): only \
         that shows that nobody did. A seal does not say that a record is true.",
    )
}
