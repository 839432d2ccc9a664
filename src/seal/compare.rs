//! The records as they are, held against the records as they were sealed.
//!
//! Lines are matched by their digests first, as often as they occur, so that neither the order of rows nor the file in
//! which a record stands matters. What is left on both sides is matched by what tells a record apart: its id, else its
//! natural key as typed. What is then left of the sealed ones is missing; what is left of the present ones is new, late
//! where a seal already covers its month.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use unicode_normalization::UnicodeNormalization;

use crate::calendar::{Day, Period, Unit};
use crate::say;
use crate::say::Said;

use super::canon;
use super::tree::{Hash, sha256};
use super::{Difference, Sealed};

/// The most characters of a value that a difference shows.
const SHOWN: usize = 60;

/// The fields of a line.
pub type Fields = BTreeMap<String, String>;

/// A record as it is now.
#[derive(Clone, Copy, Debug)]
pub struct Present {
    /// Its row in the ledger.
    pub row: usize,
    /// SHA-256 over its canonical line.
    pub digest: Hash,
    /// The local date of its primary time.
    pub day: Option<Day>,
    /// Whether it was accepted, and is not of the future: only such a record can be late.
    pub accepted: bool,
}

/// One kind, as it was sealed and as it is.
pub struct Pair<'a> {
    /// Its name.
    pub kind: &'a str,
    /// All seals, in order.
    pub seals: &'a [Sealed],
    /// Its records as they are.
    pub present: &'a [Present],
    /// What tells a record apart, from its fields.
    pub key: &'a dyn Fn(&Fields) -> String,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Compared {
    /// The differences.
    pub differences: Vec<Difference>,
    /// Rows with the seal that holds them as they are, as a position in the seals; in the order of the rows.
    pub held: Vec<(usize, usize)>,
    /// Rows that no seal holds, and that were accepted: those for the next seal.
    pub new: Vec<usize>,
}

impl Compared {
    /// The seal that holds a row as it is, as a position in the seals.
    pub fn holder(&self, row: usize) -> Option<usize> {
        self.held.binary_search_by_key(&row, |(row, _)| *row).ok().map(|at| self.held[at].1)
    }
}

/// Compares. `lines` gives the canonical lines of rows, for those that are not sealed as they are.
pub fn compare<E>(pair: &Pair<'_>, lines: impl FnOnce(&[usize]) -> Result<Vec<String>, E>) -> Result<Compared, E> {
    let mut out = Compared::default();
    // Of each line the seals that hold it, the last one first.
    let mut sealed: HashMap<Hash, Vec<usize>> = HashMap::new();
    for (at, seal) in pair.seals.iter().enumerate().rev() {
        for line in seal.lines.get(pair.kind).into_iter().flatten() {
            sealed.entry(sha256(line.as_bytes())).or_default().push(at);
        }
    }
    let mut rest: Vec<&Present> = Vec::new();
    for one in pair.present {
        match sealed.get_mut(&one.digest) {
            Some(seals) if !seals.is_empty() => out.held.extend(seals.pop().map(|seal| (one.row, seal))),
            Some(_) => out.differences.push(twice(pair, one)),
            None => rest.push(one),
        }
    }
    // The sealed lines that no record is equal to, by what tells them apart.
    let mut gone: BTreeMap<String, Vec<(usize, Fields)>> = BTreeMap::new();
    for (at, seal) in pair.seals.iter().enumerate() {
        for line in seal.lines.get(pair.kind).into_iter().flatten() {
            if let Some(left) = sealed.get_mut(&sha256(line.as_bytes())).filter(|left| left.contains(&at)) {
                left.retain(|seal| *seal != at);
                let fields = canon::read(line).unwrap_or_default();
                gone.entry((pair.key)(&fields)).or_default().push((at, fields));
            }
        }
    }
    let rows: Vec<usize> = rest.iter().map(|one| one.row).collect();
    let texts = if rows.is_empty() || gone.is_empty() { Vec::new() } else { lines(&rows)? };
    for (n, one) in rest.into_iter().enumerate() {
        let now = texts.get(n).and_then(|line| canon::read(line)).unwrap_or_default();
        let key = (pair.key)(&now);
        if let Some((at, then)) = gone.get_mut(&key).filter(|_| !now.is_empty()).and_then(Vec::pop) {
            let month = pair.seals[at].month();
            let (code, said) = altered(&then, &now);
            out.differences
                .push(Difference { row: Some(one.row), ..Difference::of_record(code, month, pair.kind, key, said) });
        } else if one.accepted {
            out.new.push(one.row);
            out.differences.extend(late(pair, one, key));
        }
    }
    for (key, all) in gone {
        for (at, _) in all {
            let (month, said) = (pair.seals[at].month(), say!("记录不见了", "it is gone"));
            out.differences.push(Difference::of_record("seal.missing", month, pair.kind, key.clone(), said));
        }
    }
    Ok(out)
}

fn twice(pair: &Pair<'_>, one: &Present) -> Difference {
    let month = one.day.map_or_else(|| pair.seals[0].month(), |day| Period::of(Unit::Month, day));
    let said = say!("同一条记录出现了不止一次", "the same record is there more than once");
    let code = "seal.duplicate";
    Difference { row: Some(one.row), ..Difference::of_record(code, month, pair.kind, String::new(), said) }
}

/// A record of a month that is sealed, which no seal holds.
fn late(pair: &Pair<'_>, one: &Present, key: String) -> Option<Difference> {
    let month = Period::of(Unit::Month, one.day?);
    let last = pair.seals.last()?;
    if !covered(pair.seals, month) {
        return None;
    }
    let next = last.month().next(Unit::Month).name(Unit::Month);
    let said = say!(
        "封存之后才补记，将列入下一次封存（{next}）并注明补记",
        "added after the month was sealed; the next seal, {next}, will hold it and mark it late"
    );
    let code = "seal.late";
    Some(Difference { row: Some(one.row), ..Difference::of_record(code, month, pair.kind, key, said) })
}

/// Whether a month lies among those that are sealed: what is dated before the first seal came late all the same.
pub fn covered(seals: &[Sealed], month: Period) -> bool {
    seals.last().is_some_and(|last| month.first <= last.month().first)
}

/// Which fields differ, old and new. Fields that differ in nothing but their Unicode normalisation look alike and are
/// another text all the same.
fn altered(then: &Fields, now: &Fields) -> (&'static str, Said) {
    let mut names: Vec<&String> =
        then.keys().chain(now.keys()).filter(|name| then.get(*name) != now.get(*name)).collect();
    names.sort();
    names.dedup();
    let text = |of: &Fields, name: &str| of.get(name).cloned().unwrap_or_default();
    let alike = names.iter().all(|name| text(then, name).nfkc().eq(text(now, name).nfkc()));
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    for name in names {
        let (old, new) = (shown(&text(then, name)), shown(&text(now, name)));
        zh.push(format!("{name}：{old} → {new}"));
        en.push(format!("{name}: {old} → {new}"));
    }
    let (zh, en) = (zh.join("；"), en.join("; "));
    if alike {
        let said = say!("只有 Unicode 写法不同（{zh}）", "only its Unicode normalisation differs ({en})");
        ("seal.normalised", said)
    } else {
        ("seal.altered", Said::new(zh, en))
    }
}

/// A value between quotation marks, cut where it is long; nothing is shown as such.
fn shown(value: &str) -> String {
    if value.is_empty() {
        return "∅".to_owned();
    }
    let cut: String = value.chars().take(SHOWN).collect();
    let more = if cut.len() < value.len() { "…" } else { "" };
    format!("“{}{more}”", cut.replace('\u{1f}', "; "))
}
