//! The seals of a workspace or of a published site, read and held against each other: every digest, the chain from the
//! first month to the last, and the roots, which grow over all of them.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest as _, Sha256};

use crate::calendar::{Instant, Period, Unit};
use crate::say;
use crate::say::Said;
use crate::source::{Failure, Place, Sources};
use crate::tree::hex;

use super::compare::Compared;
use super::file::{self, SOURCES, Seal, VERDICTS};
use super::judged::{self, Judged};
use super::tree::{self, Tree, sha256};
use super::{Difference, FOLDER, canon, recipe};

/// What the seals hold, and what is wrong with them.
#[derive(Debug, Default)]
pub struct Archive {
    /// The seals that could be read, in order of their months.
    pub seals: Vec<Sealed>,
    /// What is wrong with them as files.
    pub broken: Vec<Difference>,
    /// The records of each kind held against them, by the position of the kind; none where there is no seal.
    pub records: Vec<Compared>,
}

impl Archive {
    /// Everything that is not as it was sealed: the seals' own first.
    pub fn differences(&self) -> impl Iterator<Item = &Difference> {
        self.broken.iter().chain(self.records.iter().flat_map(|kind| &kind.differences))
    }

    /// Whether there are any seals, or what is left of them.
    pub fn is_empty(&self) -> bool {
        self.seals.is_empty() && self.broken.is_empty()
    }

    /// The seal that holds a record as it is, by the position of its kind and its row.
    pub fn holder(&self, kind: usize, row: usize) -> Option<&Sealed> {
        self.records.get(kind)?.holder(row).map(|at| &self.seals[at])
    }

    /// The seal of a month.
    pub fn of(&self, month: Period) -> Option<&Sealed> {
        self.seals.iter().find(|seal| seal.month() == month)
    }
}

/// A sealed month.
#[derive(Debug)]
pub struct Sealed {
    /// What the seal says.
    pub seal: Seal,
    /// SHA-256 over `SEAL`, in hex: the number for the minutes.
    pub digest: String,
    /// The lines of each kind that it adds.
    pub lines: BTreeMap<String, Vec<String>>,
    /// The kinds whose lines are not those that were sealed.
    pub damaged: BTreeSet<String>,
    /// What its month was judged to come to that day, and earlier months that had come to be judged otherwise.
    pub judged: BTreeMap<Period, Judged>,
    /// The names of its signatures, `SEAL.sig` first.
    pub signatures: Vec<String>,
    /// Whether there is a token of a time-stamping authority.
    pub stamped: bool,
}

impl Sealed {
    /// The month.
    pub fn month(&self) -> Period {
        self.seal.month
    }

    /// Its folder, `seals/2026-10/`.
    pub fn folder(&self) -> String {
        folder(self.month())
    }

    /// The path of its `SEAL`.
    pub fn path(&self) -> String {
        format!("{}{}", self.folder(), file::NAME)
    }
}

/// The folder of a month's seal.
pub fn folder(month: Period) -> String {
    format!("{FOLDER}{}/", month.name(Unit::Month))
}

/// Files that lie beside the months.
fn beside(name: &str, signers: &str) -> bool {
    name == signers || name == recipe::NAME || name == super::signers::AUTHORITY
}

/// Reads all seals. `signers` is the name of the file of allowed signers below `seals/`.
pub fn read(sources: &Sources, signers: &str) -> Result<Archive, Failure> {
    let mut folders: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut archive = Archive::default();
    for entry in sources.below(FOLDER) {
        match entry.path[FOLDER.len()..].split_once('/') {
            Some((month, name)) => _ = folders.entry(month).or_default().insert(name),
            None if beside(&entry.path[FOLDER.len()..], signers) => {}
            None => archive.broken.push(foreign(&entry.path, None)),
        }
    }
    let mut growing = Growing::default();
    for (name, files) in folders {
        let Some((Unit::Month, month)) = Period::parse(name) else {
            let first = files.first().copied().unwrap_or_default();
            archive.broken.push(foreign(&format!("{FOLDER}{name}/{first}"), None));
            continue;
        };
        let one = One { sources, month, files: &files };
        match one.read(archive.seals.last(), &mut growing, &mut archive.broken)? {
            Some(sealed) => {
                one.signers(signers, sealed.seal.sealed, &mut archive.broken)?;
                archive.seals.push(sealed);
            }
            // What follows cannot be held against it; the roots go on without it, and are wrong from there.
            None => growing.holes = true,
        }
    }
    Ok(archive)
}

fn foreign(path: &str, month: Option<Period>) -> Difference {
    let said = say!("{path} 不属于任何封存", "{path} belongs to no seal");
    Difference::of_seal("seal.extra", month, Place::file(path), said)
}

/// The trees of all kinds as they grow from seal to seal.
#[derive(Default)]
struct Growing {
    trees: BTreeMap<String, Tree>,
    /// A seal could not be read: the roots after it say nothing.
    holes: bool,
}

/// One folder below `seals/`.
struct One<'a> {
    sources: &'a Sources,
    month: Period,
    files: &'a BTreeSet<&'a str>,
}

impl One<'_> {
    fn read(
        &self,
        before: Option<&Sealed>,
        growing: &mut Growing,
        broken: &mut Vec<Difference>,
    ) -> Result<Option<Sealed>, Failure> {
        let path = self.path(file::NAME);
        if !self.files.contains(file::NAME) {
            let name = self.month.name(Unit::Month);
            let said = say!("{name} 的封存没有 SEAL 文件", "the seal of {name} has no SEAL");
            broken.push(self.wrong("seal.syntax", file::NAME, said));
            return Ok(None);
        }
        let bytes = self.sources.read(&path)?;
        let seal = match Seal::read(&path, &bytes) {
            Ok(seal) => seal,
            Err(finding) => {
                let place = finding.place.unwrap_or_else(|| Place::file(path));
                broken.push(Difference::of_seal(file::CODE, Some(self.month), place, finding.message));
                return Ok(None);
            }
        };
        let whole = broken.len();
        self.chained(&seal, before, broken);
        // Where a month is missing, or is not the one it says, the roots from there on are of other records.
        growing.holes |= broken.len() > whole;
        let mut sealed = Sealed {
            digest: hex(&sha256(&bytes)),
            lines: BTreeMap::new(),
            damaged: BTreeSet::new(),
            judged: BTreeMap::new(),
            signatures: self.files.iter().filter(|name| is_signature(name)).map(|name| (*name).to_owned()).collect(),
            stamped: self.files.contains(super::signers::STAMP),
            seal,
        };
        self.listed(&mut sealed, before, broken)?;
        self.roots(&mut sealed, growing, broken);
        Ok(Some(sealed))
    }

    fn path(&self, name: &str) -> String {
        format!("{}{name}", folder(self.month))
    }

    fn wrong(&self, code: &'static str, name: &str, said: Said) -> Difference {
        Difference::of_seal(code, Some(self.month), Place::file(self.path(name)), said)
    }

    /// The month is that of the folder, and follows on the one before in month, number and time.
    fn chained(&self, seal: &Seal, before: Option<&Sealed>, broken: &mut Vec<Difference>) {
        let name = self.month.name(Unit::Month);
        let mut broke = |said: Said| broken.push(self.wrong("seal.chain", file::NAME, said));
        if seal.month != self.month {
            let other = seal.month.name(Unit::Month);
            broke(say!("文件夹是 {name}，封存的却是 {other}", "the folder is {name} and the seal is of {other}"));
        }
        let (seq, before_seq) = (seal.seq, before.map_or(0, |b| b.seal.seq));
        if seq != before_seq + 1 {
            broke(say!(
                "序号是 {seq}，前一个是 {before_seq}",
                "its number is {seq}, and the one before has {before_seq}"
            ));
        }
        let Some(before) = before else { return };
        let last = before.month().name(Unit::Month);
        if before.month().next(Unit::Month) != self.month {
            broke(say!("{last} 与 {name} 之间缺少封存", "there are months without a seal between {last} and {name}"));
        }
        if seal.sealed < before.seal.sealed {
            broke(say!("封存时刻早于 {last} 的封存", "it was sealed before the seal of {last}"));
        }
    }

    /// Holds each listed file against its digest, and the list against what it must hold.
    fn listed(
        &self,
        sealed: &mut Sealed,
        before: Option<&Sealed>,
        broken: &mut Vec<Difference>,
    ) -> Result<(), Failure> {
        let expected = list(&sealed.seal, (sealed.seal.seq > 1).then(|| sealed.month().previous(Unit::Month)));
        if !sealed.seal.files.iter().map(|(_, name)| name).eq(&expected) {
            let said =
                say!("SEAL 所列的文件与它自己的说明不符", "the files that SEAL lists are not those it speaks of");
            broken.push(self.wrong("seal.syntax", file::NAME, said));
        }
        for (digest, name) in sealed.seal.files.clone() {
            if let Some(kind) = name.strip_suffix(".jsonl").filter(|_| name != VERDICTS) {
                sealed.lines.insert(kind.to_owned(), Vec::new());
            }
            if name.starts_with("../") {
                // A gap is told already.
                let before = before.filter(|before| before.month().next(Unit::Month) == self.month);
                if before.is_some_and(|before| before.digest != digest) {
                    let last = before.map_or_else(String::new, |b| b.month().name(Unit::Month));
                    let said = say!(
                        "{last} 的封存不是本封存所接的那一份",
                        "the seal of {last} is not the one that this seal was made upon"
                    );
                    broken.push(self.wrong("seal.chain", file::NAME, said));
                }
                continue;
            }
            if !self.files.contains(name.as_str()) {
                broken.push(self.wrong("seal.file", &name, say!("{name} 不见了", "{name} is gone")));
                sealed.damaged.extend(name.strip_suffix(".jsonl").map(str::to_owned));
                continue;
            }
            let bytes = self.sources.read(&self.path(&name))?;
            let whole = hex(&sha256(&bytes)) == digest;
            if !whole {
                let said = say!("{name} 与封存时不同", "{name} is not what was sealed");
                broken.push(self.wrong("seal.file", &name, said));
                sealed.damaged.extend(name.strip_suffix(".jsonl").map(str::to_owned));
            }
            let Some(kind) = name.strip_suffix(".jsonl") else { continue };
            let lines = match lines(&bytes) {
                Ok(lines) => lines,
                Err(at) => {
                    if whole {
                        let said = say!("这一行不是规范形式", "this line is not in the canonical form");
                        let place = Place::line(self.path(&name), at as u32 + 1);
                        broken.push(Difference::of_seal("seal.syntax", Some(self.month), place, said));
                        sealed.damaged.insert(kind.to_owned());
                    }
                    continue;
                }
            };
            if name != VERDICTS {
                sealed.lines.insert(kind.to_owned(), lines);
                continue;
            }
            match judged::by_month(sealed.month(), &lines) {
                // What was not sealed so is no version of anything.
                _ if !whole => {}
                Ok(judged) => sealed.judged = judged,
                Err(at) => {
                    let said =
                        say!("这一行所指的月份不早于本封存", "this line is of a month that is not before the seal's");
                    let place = Place::line(self.path(&name), at as u32 + 1);
                    broken.push(Difference::of_seal("seal.syntax", Some(self.month), place, said));
                }
            }
        }
        for name in self.files.iter().filter(|name| !Self::known(name, &expected)) {
            broken.push(foreign(&self.path(name), Some(self.month)));
        }
        Ok(())
    }

    fn known(name: &str, listed: &[String]) -> bool {
        name == file::NAME || name == super::signers::STAMP || is_signature(name) || listed.iter().any(|l| l == name)
    }

    /// Lets the trees grow, and holds their sizes and roots against what the seal says.
    fn roots(&self, sealed: &mut Sealed, growing: &mut Growing, broken: &mut Vec<Difference>) {
        for (kind, lines) in &sealed.lines {
            let tree = growing.trees.entry(kind.clone()).or_default();
            for line in lines {
                tree.push(tree::leaf(line.as_bytes()));
            }
        }
        if growing.holes {
            return;
        }
        let mut wrong = Vec::new();
        let said: BTreeSet<&str> = sealed.seal.kinds.iter().map(|kind| kind.name.as_str()).collect();
        wrong.extend(growing.trees.keys().filter(|kind| !said.contains(kind.as_str())).cloned());
        for kind in &sealed.seal.kinds {
            let new = sealed.lines.get(&kind.name).map_or(0, Vec::len) as u64;
            let tree = growing.trees.get(&kind.name).cloned().unwrap_or_default();
            if (kind.new, kind.total, kind.root.as_str()) != (new, tree.size(), hex(&tree.root()).as_str()) {
                wrong.push(kind.name.clone());
            }
        }
        // Where a file is not what was sealed the root is wrong because of it, and one word is enough.
        for kind in wrong.into_iter().filter(|kind| !sealed.damaged.contains(kind)) {
            let text = say!(
                "{kind}：记录条数或根与封存的记录不符",
                "{kind}: the counts or the root are not those of the sealed records"
            );
            broken.push(self.wrong("seal.root", file::NAME, text));
        }
        growing.holes = !sealed.damaged.is_empty();
    }

    /// What stood beside the months when this one was sealed must still begin what stands there: the list of signers is
    /// only ever added to.
    fn signers(&self, signers: &str, sealed: Instant, broken: &mut Vec<Difference>) -> Result<(), Failure> {
        let list = self.path(SOURCES);
        if self.sources.get(&list).is_none() {
            return Ok(());
        }
        let bytes = self.sources.read(&list)?;
        let text = String::from_utf8_lossy(&bytes);
        for line in text.lines() {
            let Some((digest, path)) = line.split_once("  ") else { continue };
            let Some(name) = path.strip_prefix(FOLDER).filter(|name| *name == signers || *name == recipe::NAME) else {
                continue;
            };
            let now = if self.sources.get(path).is_some() { self.sources.read(path)? } else { Vec::new() };
            let texts = match std::str::from_utf8(&now) {
                Ok(text) if name == signers => super::signers::earlier(text, sealed),
                Ok(text) => vec![text.to_owned()],
                Err(_) => Vec::new(),
            };
            if !texts.iter().any(|text| begins(text, digest)) {
                let month = self.month.name(Unit::Month);
                let said = say!(
                    "{name} 中封存 {month} 时已有的内容被改动",
                    "what {name} held when {month} was sealed has been changed"
                );
                broken.push(Difference::of_seal("seal.signers", Some(self.month), Place::file(path), said));
            }
        }
        Ok(())
    }
}

/// Whether a digest is that of the first lines of a text, however many.
fn begins(text: &str, digest: &str) -> bool {
    let mut hash = Sha256::new();
    let here = |hash: &Sha256| hex(&hash.clone().finalize()) == digest;
    here(&hash)
        || text.split_inclusive('\n').any(|line| {
            hash.update(line.as_bytes());
            here(&hash)
        })
}

/// The names that a seal lists, in their order.
pub(super) fn list(seal: &Seal, before: Option<Period>) -> Vec<String> {
    let kinds = seal.kinds.iter().filter(|kind| kind.new > 0).map(|kind| format!("{}.jsonl", kind.name));
    let before = before.map(|month| format!("../{}/{}", month.name(Unit::Month), file::NAME));
    kinds.chain([VERDICTS.to_owned(), SOURCES.to_owned()]).chain(before).collect()
}

/// `SEAL.sig`, or `SEAL.<name>.sig` of a further signer.
fn is_signature(name: &str) -> bool {
    name.strip_prefix("SEAL.")
        .and_then(|rest| rest.strip_suffix("sig"))
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// The canonical lines of a file; the position of the first that is none.
fn lines(bytes: &[u8]) -> Result<Vec<String>, usize> {
    let text = std::str::from_utf8(bytes).map_err(|_| 0_usize)?;
    if !text.is_empty() && !text.ends_with('\n') {
        return Err(text.matches('\n').count());
    }
    text.lines().enumerate().map(|(at, line)| canon::read(line).map(|_| line.to_owned()).ok_or(at)).collect()
}
