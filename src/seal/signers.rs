//! Who signed a seal, as far as the files tell: the key of a signature, looked for among the allowed signers. Whether the
//! signature is good only `ssh-keygen` can say, which `world` asks.

use crate::calendar::{DAY, Day, Instant};

/// The first signature of a seal.
pub const SIGNATURE: &str = "SEAL.sig";
/// A token of a time-stamping authority (RFC 3161).
pub const STAMP: &str = "SEAL.tsr";
/// The authority's certificate, below `seals/`.
pub const AUTHORITY: &str = "tsa.pem";
/// The namespace of the signatures.
pub const NAMESPACE: &str = "wellkept-seal";

const BEGIN: &str = "-----BEGIN SSH SIGNATURE-----\n";
const END: &str = "-----END SSH SIGNATURE-----\n";

/// A line of the list of allowed signers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signer {
    /// The names, as they are given to `ssh-keygen -I`: the first of the list.
    pub name: String,
    /// From when the key is valid.
    pub after: Option<Instant>,
    /// Until when.
    pub before: Option<Instant>,
    /// The key.
    pub key: Vec<u8>,
}

/// Whose a signature is by its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// An allowed signer, whose key was valid.
    Known(String),
    /// An allowed signer whose key was not valid at that instant.
    Expired(String),
    /// Nobody who is listed.
    Unknown,
    /// It is no signature.
    Malformed,
}

/// Reads a list of allowed signers; lines that are none are left out, as `ssh-keygen` does.
pub fn list(text: &str) -> Vec<Signer> {
    text.lines().filter_map(signer).collect()
}

fn signer(line: &str) -> Option<Signer> {
    let line = line.trim();
    if line.starts_with('#') {
        return None;
    }
    let words = words(line);
    let mut words = words.iter().map(String::as_str);
    let name = words.next()?.split(',').next()?.trim_matches('"').to_owned();
    let mut signer = Signer { name, after: None, before: None, key: Vec::new() };
    let mut word = words.next()?;
    // Options stand between the names and the type of the key, which has no `=` and no comma.
    if !(word.starts_with("ssh-") || word.starts_with("ecdsa-") || word.starts_with("sk-")) {
        for option in options(word) {
            match option.split_once('=').map(|(key, value)| (key.to_ascii_lowercase(), value.trim_matches('"'))) {
                Some((key, value)) if key == "valid-after" => signer.after = Some(time(value)?),
                Some((key, value)) if key == "valid-before" => signer.before = Some(time(value)?),
                _ => {}
            }
        }
        word = words.next()?;
    }
    let _ = word;
    signer.key = decode(words.next()?)?;
    Some(signer)
}

/// Words parted by blanks that do not stand between quotation marks.
fn words(line: &str) -> Vec<String> {
    let (mut out, mut quoted) = (vec![String::new()], false);
    for c in line.chars() {
        quoted ^= c == '"';
        match out.last_mut() {
            Some(word) if quoted || !c.is_ascii_whitespace() => word.push(c),
            Some(word) if !word.is_empty() => out.push(String::new()),
            _ => {}
        }
    }
    out.retain(|word| !word.is_empty());
    out
}

/// Options parted by commas that do not stand between quotation marks.
fn options(word: &str) -> Vec<String> {
    let mut quoted = false;
    word.split(|c| {
        quoted ^= c == '"';
        c == ',' && !quoted
    })
    .map(str::to_owned)
    .collect()
}

/// `YYYYMMDD[HHMM[SS]][Z]`, meant as UTC.
fn time(text: &str) -> Option<Instant> {
    let digits = text.trim_end_matches('Z');
    let part = |from: usize, to: usize| digits.get(from..to).map_or(Some(0), |part| part.parse::<i64>().ok());
    let day = Day::from_ymd(part(0, 4)? as i32, part(4, 6)? as u32, part(6, 8)? as u32)?;
    let seconds = part(8, 10)? * 3600 + part(10, 12)? * 60 + part(12, 14)?;
    digits.bytes().all(|b| b.is_ascii_digit()).then_some(Instant(i64::from(day.0) * DAY + seconds))
}

/// The list as it may have been at an instant: as it is, and without each `valid-before` that lies after it, the latest
/// first. To retire a key its line gets that option, and nothing else of a line is ever changed.
pub fn earlier(text: &str, at: Instant) -> Vec<String> {
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    let until = |line: &String| signer(line).and_then(|signer| signer.before).filter(|before| *before > at);
    let mut retired: Vec<(Instant, usize)> =
        lines.iter().enumerate().filter_map(|(n, line)| Some((until(line)?, n))).collect();
    retired.sort_unstable_by(|a, b| b.cmp(a));
    let mut out = vec![text.to_owned()];
    for (_, n) in retired {
        lines[n] = unlimited(&lines[n]);
        out.push(lines.concat());
    }
    out
}

/// A line without its `valid-before`, and without the comma or the blank that came with it.
fn unlimited(line: &str) -> String {
    let Some(from) = line.find("valid-before=\"") else { return line.to_owned() };
    let value = from + "valid-before=\"".len();
    let Some(to) = line[value..].find('"').map(|at| value + at + 1) else { return line.to_owned() };
    let (before, after) = (&line[..from], &line[to..]);
    match before.strip_suffix(',') {
        Some(before) => format!("{before}{after}"),
        None => format!("{before}{}", after.strip_prefix([',', ' ']).unwrap_or(after)),
    }
}

/// Whose the key of a signature is, at an instant.
pub fn by(signature: &[u8], signers: &[Signer], at: Instant) -> By {
    let Some(key) = key(signature) else { return By::Malformed };
    let mut all = signers.iter().filter(|signer| signer.key == key);
    let valid = |s: &&Signer| s.after.is_none_or(|after| after <= at) && s.before.is_none_or(|before| at < before);
    match (all.clone().find(valid), all.next()) {
        (Some(signer), _) => By::Known(signer.name.clone()),
        (None, Some(signer)) => By::Expired(signer.name.clone()),
        (None, None) => By::Unknown,
    }
}

/// The public key of an armoured signature (OpenSSH's `PROTOCOL.sshsig`). Armour that `ssh-keygen` would have written in
/// another way is none, so that no byte of it can be another without being noticed.
fn key(signature: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(signature).ok()?;
    let body = text.strip_prefix(BEGIN)?.strip_suffix(END)?;
    let blob = decode(&body.replace('\n', ""))?;
    let lines: Vec<String> = encode(&blob).as_bytes().chunks(70).map(|l| String::from_utf8_lossy(l).into()).collect();
    if format!("{}\n", lines.join("\n")) != body {
        return None;
    }
    let rest = blob.strip_prefix(b"SSHSIG\x00\x00\x00\x01")?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    rest.get(..u32::from_be_bytes(*length) as usize).map(<[u8]>::to_vec)
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn encode(bytes: &[u8]) -> String {
    let mut out = String::new();
    for group in bytes.chunks(3) {
        let n = (0..3).fold(0_u32, |n, at| n << 8 | u32::from(group.get(at).copied().unwrap_or_default()));
        for at in 0..4 {
            let digit = char::from(DIGITS[(n >> (18 - 6 * at) & 63) as usize]);
            out.push(if at > group.len() { '=' } else { digit });
        }
    }
    out
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let (mut n, mut bits) = (0_u32, 0);
    for byte in text.trim_end_matches('=').bytes() {
        n = n << 6 | DIGITS.iter().position(|digit| *digit == byte)? as u32;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((n >> bits) as u8);
            n &= (1 << bits) - 1;
        }
    }
    (encode(&out) == text).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_goes_both_ways_and_only_in_its_one_form() {
        for (text, bytes) in [("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg==", "foob")] {
            assert_eq!(decode(text).as_deref(), Some(bytes.as_bytes()));
            assert_eq!(encode(bytes.as_bytes()), text);
        }
        for bad in ["Zh==", "Zg=", "Zg", "Z g==", "Zm9v="] {
            assert_eq!(decode(bad), None, "{bad}");
        }
    }

    #[test]
    fn lines_of_the_list_are_read_with_their_options() {
        let text = "# who\n甲,b namespaces=\"wellkept-seal,x y\",valid-before=\"20260601Z\" ssh-ed25519 Zm9v comment here\n\
                    \n乙 ssh-ed25519 Zm8= \nbroken\n";
        let signers = list(text);
        let noon = Instant(i64::from(Day::parse_iso("2026-06-01").unwrap().0) * DAY);
        assert_eq!(signers.len(), 2);
        assert_eq!((signers[0].name.as_str(), signers[0].before, signers[0].after), ("甲", Some(noon), None));
        assert_eq!((signers[1].name.as_str(), signers[1].key.as_slice()), ("乙", &b"fo"[..]));
        assert_eq!(time("20260601123000"), Some(Instant(noon.0 + 45_000)));
        assert_eq!(time("2026-06-01"), None);
    }

    #[test]
    fn a_key_that_was_retired_was_once_there_without_its_end() {
        let at = |text: &str| Instant(i64::from(Day::parse_iso(text).unwrap().0) * DAY);
        let first = "a namespaces=\"wellkept-seal\" ssh-ed25519 Zm9v\nb ssh-ed25519 Zm8=\n";
        let now = "a namespaces=\"wellkept-seal\",valid-before=\"20260301\" ssh-ed25519 Zm9v\n\
                   b valid-before=\"20260601\" ssh-ed25519 Zm8=\n";
        assert!(earlier(now, at("2026-02-01")).contains(&first.to_owned()));
        assert!(!earlier(now, at("2026-04-01")).contains(&first.to_owned()), "a had ended by then");
        assert_eq!(earlier(first, at("2026-02-01")), [first]);
    }

    /// A blob with a key of three bytes, as `ssh-keygen` arms it.
    fn signature(key: &[u8]) -> String {
        let blob = [b"SSHSIG\x00\x00\x00\x01\x00\x00\x00\x03", key, &[7; 80]].concat();
        let text = encode(&blob);
        let lines: Vec<&str> = text.as_bytes().chunks(70).map(|line| std::str::from_utf8(line).unwrap()).collect();
        format!("{BEGIN}{}\n{END}", lines.join("\n"))
    }

    #[test]
    fn a_signature_is_by_whose_key_it_has() {
        let signers = list("甲 valid-after=\"20260101\",valid-before=\"20260601\" ssh-ed25519 Zm9v\n");
        let day = |text: &str| Instant(i64::from(Day::parse_iso(text).unwrap().0) * DAY);
        let good = signature(b"foo");
        assert_eq!(by(good.as_bytes(), &signers, day("2026-05-31")), By::Known("甲".into()));
        assert_eq!(by(good.as_bytes(), &signers, day("2026-06-01")), By::Expired("甲".into()));
        assert_eq!(by(good.as_bytes(), &signers, day("2025-12-31")), By::Expired("甲".into()));
        assert_eq!(by(signature(b"bar").as_bytes(), &signers, day("2026-05-31")), By::Unknown);
        for odd in [good.replace('\n', "\r\n"), format!("{good}\n"), good.replacen("-----BEGIN", "----BEGIN", 1)] {
            assert_eq!(by(odd.as_bytes(), &signers, day("2026-05-31")), By::Malformed);
        }
    }
}
