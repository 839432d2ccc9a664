//! The stock programs that an auditor has too: `ssh-keygen` signs and checks signatures, `openssl` checks tokens of a
//! time-stamping authority, `git` says which commit this is. They are asked as anybody would ask them on a terminal.

use std::fs::File;
use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::calendar::Instant;
use crate::say;
use crate::seal::file;
use crate::seal::signers::{AUTHORITY, NAMESPACE, STAMP};
use crate::source::Failure;

/// What a stock program said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is as it should be.
    Good,
    /// It is not; its own words.
    Bad(String),
    /// The program is not there.
    NoProgram,
}

/// The program that makes and checks signatures.
pub const SSH_KEYGEN: &str = "ssh-keygen";
/// The program that checks time stamps.
pub const OPENSSL: &str = "openssl";

/// Signs a file with `ssh-keygen -Y sign`; it asks for a passphrase by itself. The signature lies beside the file.
pub fn sign(key: &Path, file: &Path) -> Result<(), Failure> {
    let mut command = Command::new(SSH_KEYGEN);
    command.args(["-Y", "sign", "-n", NAMESPACE, "-f"]).arg(key).arg(file).stdout(Stdio::null());
    match command.output() {
        Ok(out) if out.status.success() => Ok(()),
        Ok(out) => {
            let (key, why) = (key.display(), said(&out.stderr));
            Err(Failure(say!(
                "ssh-keygen 没有签名，什么也没有封存（密钥 {key}）：{why}",
                "ssh-keygen did not sign, and nothing was sealed (key {key}): {why}"
            )))
        }
        Err(why) if why.kind() == ErrorKind::NotFound => Err(Failure(say!(
            "签名需要 ssh-keygen，这台机器上没有；请安装 OpenSSH 客户端（如 openssh-client），什么也没有封存",
            "signing takes ssh-keygen, which is not on this machine; install the OpenSSH client (such as the package openssh-client). Nothing was sealed"
        ))),
        Err(why) => Err(Failure(say!("无法运行 ssh-keygen：{why}", "cannot run ssh-keygen: {why}"))),
    }
}

/// The public half of a key, where it can be told without asking for a passphrase.
pub fn public(key: &Path) -> Option<String> {
    let beside = format!("{}.pub", key.display());
    let text = std::fs::read_to_string(beside).ok()?;
    let mut words = text.split_whitespace();
    Some(format!("{} {}", words.next()?, words.next()?))
}

/// Whether a signature of a seal is good, by a signer of the list, at an instant. `folder` is that of the seal.
pub fn signature(folder: &Path, list: &Path, name: &str, signature: &str, at: Instant) -> Answer {
    let Ok(seal) = File::open(folder.join(file::NAME)) else { return Answer::Bad(file::NAME.to_owned()) };
    let time: String = file::stamp(at).chars().filter(char::is_ascii_digit).collect();
    let mut command = Command::new(SSH_KEYGEN);
    // Times of the list are meant as UTC, whatever the zone of the machine.
    command.env("TZ", "UTC").args(["-Y", "verify", "-n", NAMESPACE, "-I", name]);
    command.arg(format!("-Overify-time={time}")).arg("-f").arg(list).arg("-s").arg(folder.join(signature)).stdin(seal);
    answer(command)
}

/// Whether the time stamp of a seal is good: `seals/tsa.pem` is the authority's certificate.
pub fn stamped(folder: &Path) -> Answer {
    let mut command = Command::new(OPENSSL);
    command.args(["ts", "-verify", "-no_check_time", "-data"]).arg(folder.join(file::NAME));
    command.arg("-in").arg(folder.join(STAMP)).arg("-CAfile").arg(folder.with_file_name(AUTHORITY));
    answer(command)
}

/// The commit that is checked out in a folder; none where there is no git, or no commit.
pub fn commit(root: &Path) -> Option<String> {
    let out = Command::new("git").arg("-C").arg(root).args(["rev-parse", "--verify", "-q", "HEAD"]).output().ok()?;
    let text = String::from_utf8(out.stdout).ok()?.trim().to_owned();
    let hex = text.len() >= 40 && text.bytes().all(|b| b.is_ascii_hexdigit());
    (out.status.success() && hex).then_some(text)
}

fn answer(mut command: Command) -> Answer {
    match command.stdout(Stdio::null()).output() {
        Ok(out) if out.status.success() => Answer::Good,
        Ok(out) => Answer::Bad(said(&out.stderr)),
        Err(why) if why.kind() == ErrorKind::NotFound => Answer::NoProgram,
        Err(why) => Answer::Bad(why.to_string()),
    }
}

/// The last line that a program wrote: its reason. Of an error of OpenSSL's, which has an address in memory and lines of
/// its source beside it (`…:error:17800067:time stamp routines:…:message imprint mismatch:…`), the reason alone.
fn said(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let line = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default().trim();
    let parts: Vec<&str> = line.split(':').collect();
    crate::output::one_line(match parts.as_slice() {
        [_, "error", _, _, _, reason, ..] => reason,
        _ => line,
    })
}
