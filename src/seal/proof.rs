//! The proof that one record is among those of a seal: its line and the path from it to the root that `SEAL` states.
//! Plain text, line by line, so that a few lines of any language check it (the manual has them).

use std::fmt::Write as _;

use crate::calendar::Unit;
use crate::tree::hex;

use super::Sealed;
use super::tree::{self, Hash};

/// Writes the proof for a line of a kind, under the last of the seals; none where no seal holds it.
pub fn prove(seals: &[Sealed], kind: &str, line: &str) -> Option<String> {
    let last = seals.last()?;
    let lines: Vec<&String> = seals.iter().filter_map(|seal| seal.lines.get(kind)).flatten().collect();
    let at = lines.iter().position(|sealed| *sealed == line)?;
    let leaves: Vec<Hash> = lines.iter().map(|line| tree::leaf(line.as_bytes())).collect();
    let (month, size, root) = (last.month().name(Unit::Month), leaves.len(), hex(&tree::root(&leaves)));
    let mut out = format!("wellkept-proof/1\nseal {month} {}\nkind {kind}\nroot {root}\n", last.digest);
    let _ = writeln!(out, "leaf {at} of {size}");
    for beside in tree::path(&leaves, at) {
        let _ = writeln!(out, "path {}", hex(&beside));
    }
    let _ = writeln!(out, "line {line}");
    Some(out)
}
