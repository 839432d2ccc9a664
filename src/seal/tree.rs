//! The Merkle tree of RFC 6962, section 2.1: one root says what all lines of a kind are, in their order, and a short path
//! shows of one line that it is among them.

use sha2::{Digest, Sha256};

/// A SHA-256 digest.
pub type Hash = [u8; 32];

/// SHA-256 over bytes as they are.
pub fn sha256(bytes: &[u8]) -> Hash {
    Sha256::digest(bytes).into()
}

/// The leaf of a line (without LF).
pub fn leaf(line: &[u8]) -> Hash {
    let mut hash = Sha256::new();
    hash.update([0]);
    hash.update(line);
    hash.finalize().into()
}

fn node(left: &Hash, right: &Hash) -> Hash {
    let mut hash = Sha256::new();
    hash.update([1]);
    hash.update(left);
    hash.update(right);
    hash.finalize().into()
}

/// A tree that grows leaf by leaf and holds only the roots of its perfect parts: one for each bit of its size.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    peaks: Vec<Hash>,
    size: u64,
}

impl Tree {
    /// Adds a leaf.
    pub fn push(&mut self, leaf: Hash) {
        let mut top = leaf;
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                top = node(&left, &top);
            }
        }
        self.peaks.push(top);
        self.size += 1;
    }

    /// How many leaves there are.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root over all of them; of none the digest of nothing.
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        let Some(last) = peaks.next() else { return sha256(b"") };
        peaks.fold(*last, |right, left| node(left, &right))
    }
}

/// The root over leaves.
pub fn root(leaves: &[Hash]) -> Hash {
    let mut tree = Tree::default();
    for leaf in leaves {
        tree.push(*leaf);
    }
    tree.root()
}

/// The path of a leaf (RFC 6962, section 2.1.1): the roots beside it, from the bottom to the top. The position must be
/// one of the leaves'.
pub fn path(leaves: &[Hash], at: usize) -> Vec<Hash> {
    if leaves.len() < 2 {
        return Vec::new();
    }
    // The greatest power of two that is less than the number of leaves.
    let split = leaves.len().next_power_of_two() / 2;
    let (left, right) = leaves.split_at(split);
    let (mut below, beside) =
        if at < split { (path(left, at), root(right)) } else { (path(right, at - split), root(left)) };
    below.push(beside);
    below
}

/// The root to which a path leads from a leaf at a position of so many (RFC 9162, section 2.1.3.2); none where the path
/// has not the length of one from there.
pub fn climb(leaf: Hash, at: u64, size: u64, path: &[Hash]) -> Option<Hash> {
    if at >= size {
        return None;
    }
    let (mut at, mut last, mut root) = (at, size - 1, leaf);
    for beside in path {
        if last == 0 {
            return None;
        }
        if at & 1 == 1 || at == last {
            root = node(beside, &root);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            root = node(&root, beside);
        }
        at >>= 1;
        last >>= 1;
    }
    (last == 0).then_some(root)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::hex;

    /// The leaves of the test vectors that implementations of RFC 6962 share.
    fn leaves() -> Vec<Hash> {
        let lines: [&[u8]; 8] = [
            b"",
            b"\x00",
            b"\x10",
            b"\x20\x21",
            b"\x30\x31",
            b"\x40\x41\x42\x43",
            b"\x50\x51\x52\x53\x54\x55\x56\x57",
            b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
        ];
        lines.map(leaf).to_vec()
    }

    #[test]
    fn roots_are_those_of_the_known_vectors() {
        let roots = [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        let leaves = leaves();
        assert_eq!(hex(&root(&[])), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        for (size, expected) in roots.iter().enumerate() {
            assert_eq!(hex(&root(&leaves[..=size])), *expected, "{}", size + 1);
        }
    }

    #[test]
    fn a_path_leads_to_the_root_and_no_other_does() {
        let many: Vec<Hash> = (0..70_u8).map(|n| leaf(&[n])).collect();
        for size in 1..many.len() {
            let some = &many[..size];
            let top = root(some);
            for at in 0..size {
                let way = path(some, at);
                assert_eq!(climb(some[at], at as u64, size as u64, &way), Some(top), "{at} of {size}");
                assert_ne!(climb(leaf(b"other"), at as u64, size as u64, &way), Some(top));
                assert_eq!(climb(some[at], size as u64, size as u64, &way), None);
                if size > 1 {
                    let beside = (at + 1) % size;
                    assert_ne!(climb(some[at], beside as u64, size as u64, &way), Some(top));
                    assert_eq!(climb(some[at], at as u64, size as u64, &way[1..]), None);
                }
            }
        }
        let first = path(&leaves(), 0);
        assert_eq!(hex(&first[0]), "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7");
        assert_eq!(first.len(), 3);
    }
}
