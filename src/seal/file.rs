//! `SEAL`: the facts of a sealed month as `#` lines, and a list that `sha256sum -c` checks (archive.md, section 3).
//!
//! The reader takes what the writer writes and nothing else, so that no byte of a seal can be another without being
//! noticed. A seal of an earlier release is read by what its first line says.

use crate::calendar::{DAY, Day, Instant, Period, Unit};
use crate::finding::{Finding, Severity};
use crate::say;
use crate::source::Place;

/// The name of the file.
pub const NAME: &str = "SEAL";
/// The first line: the format of the seal and that of the lines it covers.
const HEAD: &str = "# wellkept-seal/1 canon wellkept-canon/1\n";
/// The list of what was judged that day.
pub const VERDICTS: &str = "verdicts.jsonl";
/// The list of the source files as bytes.
pub const SOURCES: &str = "SOURCES.sha256";
/// The code of a seal that cannot be read.
pub const CODE: &str = "seal.syntax";

/// A seal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// The month.
    pub month: Period,
    /// Which seal it is, from 1.
    pub seq: u32,
    /// The instant of judgement when it was made, to the second.
    pub sealed: Instant,
    /// A line for each kind of which anything was ever sealed, in byte order of their names.
    pub kinds: Vec<Kind>,
    /// Id and version of the standard, `oa-maintenance 1`.
    pub standard: String,
    /// SHA-256 over its files, in hex.
    pub standard_digest: String,
    /// Name and version of the program.
    pub tool: String,
    /// The commit of the workspace, for information; `-` where it is not known.
    pub git: String,
    /// The list: SHA-256 in hex and the name, as seen from the folder of the seal.
    pub files: Vec<(String, String)>,
}

/// What a seal says of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    /// Its name.
    pub name: String,
    /// Records that no seal before held.
    pub new: u64,
    /// Records that this seal and all before hold.
    pub total: u64,
    /// Those of the new ones that are dated in a month that was sealed before.
    pub late: u64,
    /// Sealed records that were not to be found when it was made.
    pub missing: u64,
    /// The root of the tree over all lines, in hex.
    pub root: String,
}

impl Seal {
    /// The bytes of the file.
    pub fn print(&self) -> String {
        use std::fmt::Write as _;
        let mut out = HEAD.to_owned();
        let (month, time) = (self.month.name(Unit::Month), stamp(self.sealed));
        let _ = writeln!(out, "# period {month}  seq {}  sealed {time}", self.seq);
        for Kind { name, new, total, late, missing, root } in &self.kinds {
            let _ = writeln!(out, "# kind {name} new {new} total {total} late {late} missing {missing} root {root}");
        }
        let Self { standard, standard_digest, tool, git, .. } = self;
        let _ = writeln!(out, "# standard {standard} {standard_digest}  tool {tool}  git {git}");
        for (digest, name) in &self.files {
            let _ = writeln!(out, "{digest}  {name}");
        }
        out
    }

    /// Reads the file at a path; what is wrong is said with its place.
    pub fn read(path: &str, bytes: &[u8]) -> Result<Self, Finding> {
        let Ok(text) = std::str::from_utf8(bytes) else {
            let said = say!("封存文件不是文本", "the seal is no text");
            return Err(Finding::new(CODE, Severity::Error, said).at(Place::file(path)));
        };
        let mut reader = Reader { text, at: 0 };
        let wrong = |(at, wanted): (usize, &str)| {
            let said = say!("封存文件的格式不对：此处应为 {wanted}", "the seal is not in its form: expected {wanted}");
            Finding::new(CODE, Severity::Error, said).at(Place::of_bytes(path, text, at, at + 1))
        };
        let seal = reader.seal().map_err(wrong)?;
        // What reads and is not what would have been written, such as a number with a zero before it.
        let written = seal.print();
        if written != text {
            let at = written.bytes().zip(text.bytes()).take_while(|(a, b)| a == b).count();
            return Err(wrong((at, "what wellkept writes")));
        }
        Ok(seal)
    }

    /// What it says of a kind.
    pub fn kind(&self, name: &str) -> Option<&Kind> {
        self.kinds.iter().find(|kind| kind.name == name)
    }
}

/// `2026-11-03T02:00:00Z`.
pub fn stamp(at: Instant) -> String {
    let (day, seconds) = (Day(at.0.div_euclid(DAY) as i32), at.0.rem_euclid(DAY));
    format!("{day}T{:02}:{:02}:{:02}Z", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

fn unstamp(text: &str) -> Option<Instant> {
    let day = Day::parse_iso(text.get(..10)?)?;
    let number = |at: usize| text.get(at..at + 2)?.parse::<i64>().ok();
    Some(Instant(i64::from(day.0) * DAY + number(11)? * 3600 + number(14)? * 60 + number(17)?))
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

/// Where something else was expected, and what.
type Wrong = (usize, &'static str);

impl<'a> Reader<'a> {
    fn seal(&mut self) -> Result<Seal, Wrong> {
        self.word(HEAD)?;
        self.word("# period ")?;
        let from = self.at;
        let month = self.to("  ")?;
        let Some((Unit::Month, month)) = Period::parse(month) else {
            return Err((from, "a month such as 2026-10"));
        };
        self.word("seq ")?;
        let seq = self.number("  ")?;
        self.word("sealed ")?;
        let from = self.at;
        let sealed = unstamp(self.to("\n")?).ok_or((from, "a time such as 2026-11-03T02:00:00Z"))?;
        let mut kinds = Vec::new();
        while self.rest().starts_with("# kind ") {
            kinds.push(self.kind()?);
        }
        self.word("# standard ")?;
        let from = self.at;
        let (standard, standard_digest) = self.to("  tool ")?.rsplit_once(' ').ok_or((from, "standard and digest"))?;
        let (standard, standard_digest) = (standard.to_owned(), standard_digest.to_owned());
        let tool = self.to("  git ")?.to_owned();
        let git = self.to("\n")?.to_owned();
        let mut files = Vec::new();
        while !self.rest().is_empty() {
            let digest = self.digest("  ")?;
            files.push((digest, self.to("\n")?.to_owned()));
        }
        let seq = u32::try_from(seq).map_err(|_| (0, "a number of a seal"))?;
        Ok(Seal { month, seq, sealed, kinds, standard, standard_digest, tool, git, files })
    }

    fn kind(&mut self) -> Result<Kind, Wrong> {
        self.word("# kind ")?;
        let name = self.to(" ")?.to_owned();
        self.word("new ")?;
        let new = self.number(" ")?;
        self.word("total ")?;
        let total = self.number(" ")?;
        self.word("late ")?;
        let late = self.number(" ")?;
        self.word("missing ")?;
        let missing = self.number(" ")?;
        self.word("root ")?;
        let root = self.digest("\n")?;
        Ok(Kind { name, new, total, late, missing, root })
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn word(&mut self, word: &'static str) -> Result<(), Wrong> {
        if !self.rest().starts_with(word) {
            return Err((self.at, word.trim_end()));
        }
        self.at += word.len();
        Ok(())
    }

    /// What stands before an end on this line; the end is passed.
    fn to(&mut self, end: &'static str) -> Result<&'a str, Wrong> {
        let line = self.rest().split_inclusive('\n').next().unwrap_or_default();
        let length = line.find(end).filter(|n| *n > 0).ok_or((self.at, "more on this line"))?;
        self.at += length + end.len();
        Ok(&line[..length])
    }

    fn number(&mut self, end: &'static str) -> Result<u64, Wrong> {
        let from = self.at;
        self.to(end)?.parse().map_err(|_| (from, "a number"))
    }

    fn digest(&mut self, end: &'static str) -> Result<String, Wrong> {
        let from = self.at;
        let text = self.to(end)?;
        let plain = text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if plain { Ok(text.to_owned()) } else { Err((from, "64 hexadecimal digits")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal() -> Seal {
        let digest = |c: &str| c.repeat(64);
        Seal {
            month: Period::parse("2026-10").unwrap().1,
            seq: 10,
            sealed: Instant(1_793_671_200),
            kinds: vec![Kind { name: "backup".into(), new: 31, total: 310, late: 0, missing: 0, root: digest("5") }],
            standard: "oa-maintenance 1".into(),
            standard_digest: digest("a"),
            tool: "wellkept 1.0.0".into(),
            git: "-".into(),
            files: vec![(digest("3"), "backup.jsonl".into()), (digest("9"), VERDICTS.into())],
        }
    }

    #[test]
    fn what_is_written_is_read_and_every_other_byte_is_seen() {
        let seal = seal();
        let text = seal.print();
        assert!(text.starts_with("# wellkept-seal/1 canon wellkept-canon/1\n# period 2026-10  seq 10  sealed 2026-11-03T02:00:00Z\n# kind backup new 31 total 310 late 0 missing 0 root 5555"));
        assert_eq!(Seal::read("SEAL", text.as_bytes()), Ok(seal.clone()));
        for at in 0..text.len() {
            for bit in [1, 0x20, 0x80] {
                let mut bytes = text.clone().into_bytes();
                bytes[at] ^= bit;
                // Another value in a right form is another seal; that it is not the one is for digests to say.
                assert_ne!(Seal::read("SEAL", &bytes).ok().as_ref(), Some(&seal), "{at}");
            }
        }
        for cut in 0..text.len() {
            assert_ne!(Seal::read("SEAL", &text.as_bytes()[..cut]).ok().as_ref(), Some(&seal), "{cut}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let text = seal().print();
        let place =
            |text: &str| Seal::read("seals/2026-10/SEAL", text.as_bytes()).unwrap_err().place.unwrap().to_string();
        assert_eq!(place("2026-10\n"), "seals/2026-10/SEAL:1:1");
        assert_eq!(place(&text.replace("seq 10", "seq x")), "seals/2026-10/SEAL:2:23");
        assert_eq!(place(&text.replace("new 31", "new 031")), "seals/2026-10/SEAL:3:19");
        assert_eq!(place(&text.replace("2026-11-03T", "2026-11-33T")), "seals/2026-10/SEAL:2:34");
        assert_eq!(place(&text.replace('\n', "\r\n")), "seals/2026-10/SEAL:1:1");
        assert_eq!(place(&format!("{text}x")), "seals/2026-10/SEAL:7:1");
    }
}
