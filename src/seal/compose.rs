//! A month put under seal: the files that say what its records, its verdicts and its sources are.

use std::collections::BTreeMap;

use crate::calendar::{Instant, Period, Unit};
use crate::tree::hex;

use super::file::{self, Kind, SOURCES, Seal, VERDICTS};
use super::tree::{self, Tree, sha256};
use super::{Sealed, chain};

/// What is to be sealed.
pub struct Draft<'a> {
    /// The month.
    pub month: Period,
    /// The instant of judgement.
    pub sealed: Instant,
    /// The seals before, in order.
    pub before: &'a [Sealed],
    /// The new records of each kind.
    pub kinds: BTreeMap<String, Batch>,
    /// What the month, and earlier ones anew, came to: the lines of [`super::judged::lines`].
    pub verdicts: Vec<String>,
    /// Every source file with its digest, in byte order of the paths.
    pub sources: Vec<(String, String)>,
    /// Id and version of the standard.
    pub standard: String,
    /// SHA-256 over its files, in hex.
    pub standard_digest: String,
    /// Name and version of the program.
    pub tool: String,
    /// The commit of the workspace.
    pub git: Option<String>,
}

/// The new records of a kind.
#[derive(Debug, Default)]
pub struct Batch {
    /// Their canonical lines, sorted by id.
    pub lines: Vec<String>,
    /// How many of them are dated in a month that is sealed already.
    pub late: u64,
    /// Records of seals before that are not to be found.
    pub missing: u64,
}

/// The files of the seal by their names in its folder.
pub fn compose(draft: &Draft<'_>) -> BTreeMap<String, Vec<u8>> {
    let text = |lines: &[String]| lines.iter().flat_map(|line| [line.as_bytes(), b"\n"].concat()).collect::<Vec<u8>>();
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut kinds = Vec::new();
    let names = draft.before.iter().flat_map(|seal| seal.lines.keys()).chain(draft.kinds.keys());
    let names: std::collections::BTreeSet<String> = names.cloned().collect();
    for name in names {
        let none = Batch::default();
        let batch = draft.kinds.get(&name).unwrap_or(&none);
        let mut tree = Tree::default();
        let before = draft.before.iter().filter_map(|seal| seal.lines.get(&name)).flatten();
        for line in before.chain(&batch.lines) {
            tree.push(tree::leaf(line.as_bytes()));
        }
        if tree.size() == 0 {
            continue;
        }
        if !batch.lines.is_empty() {
            files.insert(format!("{name}.jsonl"), text(&batch.lines));
        }
        kinds.push(Kind {
            new: batch.lines.len() as u64,
            total: tree.size(),
            late: batch.late,
            missing: batch.missing,
            root: hex(&tree.root()),
            name,
        });
    }
    files.insert(VERDICTS.to_owned(), text(&draft.verdicts));
    let listed: Vec<String> = draft.sources.iter().map(|(digest, path)| format!("{digest}  {path}")).collect();
    files.insert(SOURCES.to_owned(), text(&listed));
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut seal = Seal {
        month: draft.month,
        seq: draft.before.last().map_or(1, |last| last.seal.seq + 1),
        sealed: draft.sealed,
        kinds,
        standard: one_line(&draft.standard),
        standard_digest: draft.standard_digest.clone(),
        tool: one_line(&draft.tool),
        git: draft.git.clone().unwrap_or_else(|| "-".to_owned()),
        files: Vec::new(),
    };
    let before = draft.before.last();
    let digest = |name: &str| match files.get(name) {
        Some(bytes) => hex(&sha256(bytes)),
        None => before.map_or_else(String::new, |last| last.digest.clone()),
    };
    seal.files = chain::list(&seal, before.map(Sealed::month)).into_iter().map(|name| (digest(&name), name)).collect();
    files.insert(file::NAME.to_owned(), seal.print().into_bytes());
    files
}

/// The month that comes next; none where there is no seal yet.
pub fn next(seals: &[Sealed]) -> Option<Period> {
    seals.last().map(|last| last.month().next(Unit::Month))
}
