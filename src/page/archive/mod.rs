//! `archive/index.html`: the seals, who signed them, what they hold, how they are verified with and without this program,
//! and the inspection by the four heads (archive.md; site.md, section 2). The files of the seals are published beside it,
//! byte for byte.

use serde::Serialize;

use crate::calendar::{Period, Unit};
use crate::chart::Mark;
use crate::say;
use crate::say::{Lang, Said};
use crate::seal::signers::{self, By};
use crate::seal::{Difference, FOLDER, Sealed, recipe};
use crate::source::Failure;

use super::Book;
use super::export::File;
use super::records::month_title;
use super::rows::grouped;
use super::sheet::{Link, Sheet};
use super::status::marked;
use super::verdict::MarkView;
use super::way::{self, Way};

mod inspect;

/// So many differences are named on the page; `verify` names all.
const NAMED: usize = 50;

#[derive(Debug, Serialize)]
struct View {
    /// How it stands, in a sentence.
    said: String,
    /// What is not as it was sealed.
    differences: Vec<Different>,
    /// How many there are beyond those.
    more: usize,
    seals: Vec<SealRow>,
    kinds: Vec<KindRow>,
    heads: Vec<inspect::Head>,
    /// Digest and path of the last seal.
    last: Option<Digest>,
    recipe: Link,
}

#[derive(Debug, Serialize)]
struct Different {
    month: String,
    code: &'static str,
    record: String,
    said: String,
    place: String,
}

#[derive(Debug, Serialize)]
struct Digest {
    digest: String,
    path: String,
}

#[derive(Debug, Serialize)]
struct SealRow {
    month: Link,
    seq: u32,
    sealed: String,
    new: String,
    late: String,
    missing: String,
    total: String,
    signature: MarkView,
    file: Link,
    digest: String,
}

#[derive(Debug, Serialize)]
struct KindRow {
    kind: String,
    total: String,
    root: String,
}

/// What a report says of the seal of its month.
#[derive(Debug, Serialize)]
pub struct Brief {
    /// How it stands.
    pub state: MarkView,
    /// When it was sealed, local.
    pub sealed: String,
    /// Who signed.
    pub signature: MarkView,
    /// SHA-256 over `SEAL`.
    pub digest: String,
    /// New records, and those of them that came late.
    pub counts: String,
    /// The page of the archive.
    pub archive: Link,
}

/// The page.
pub fn sheet(book: &Book<'_>, way: &Way<'_>) -> Sheet<'static> {
    let lang = book.config.site.lang;
    let all: Vec<&Difference> = book.archive.differences().collect();
    let different = |difference: &&Difference| Different {
        month: difference.month.map_or_else(String::new, |month| month.name(Unit::Month)),
        code: difference.code,
        record: difference.record.clone().unwrap_or_default(),
        said: difference.said.to(lang).to_owned(),
        place: difference.place.as_ref().map_or_else(String::new, ToString::to_string),
    };
    let last = book.archive.seals.last();
    let view = View {
        said: said(book, &all).to(lang).to_owned(),
        differences: all.iter().take(NAMED).map(different).collect(),
        more: all.len().saturating_sub(NAMED),
        seals: book.archive.seals.iter().rev().map(|seal| row(book, way, seal)).collect(),
        kinds: last.map_or_else(Vec::new, |seal| kinds(book, seal)),
        heads: inspect::heads(book),
        last: last.map(|seal| Digest { digest: seal.digest.clone(), path: seal.path() }),
        recipe: Link::new(way.from_here(&format!("{FOLDER}{}", recipe::NAME)), recipe::NAME),
    };
    Sheet::new(way::ARCHIVE, "archive.html", say!("封存", "Seals").to(lang), &view)
}

fn said(book: &Book<'_>, differences: &[&Difference]) -> Said {
    let (n, wrong) = (book.archive.seals.len(), differences.iter().filter(|d| d.code != "seal.late").count());
    let late = differences.len() - wrong;
    let s = if n == 1 { "" } else { "s" };
    if book.archive.is_empty() {
        return say!(
            "还没有封存任何一个月：记录可以改动而不留痕迹。",
            "No month is sealed yet: records can be changed without a trace."
        );
    }
    let records: u64 = book.archive.seals.last().map_or(0, |seal| seal.seal.kinds.iter().map(|kind| kind.total).sum());
    let records = grouped(records as usize);
    let mut out = if wrong == 0 {
        say!(
            "已封存 {n} 个月，共 {records} 条记录；现在的记录与封存的一致。",
            "{n} month{s} sealed, {records} records in all; the records are as they were sealed."
        )
    } else {
        say!(
            "已封存 {n} 个月，共 {records} 条记录；有 {wrong} 处与封存的不同。",
            "{n} month{s} sealed, {records} records in all; {wrong} differences from what was sealed."
        )
    };
    if late > 0 {
        out.push(&say!("另有 {late} 条是封存之后补记的。", " {late} came after their month was sealed."));
    }
    out
}

fn row(book: &Book<'_>, way: &Way<'_>, sealed: &Sealed) -> SealRow {
    let (seal, lang) = (&sealed.seal, book.config.site.lang);
    let sum = |of: fn(&crate::seal::file::Kind) -> u64| grouped(seal.kinds.iter().map(of).sum::<u64>() as usize);
    let month = seal.month;
    let has_report = book.figures.iter().any(|figure| figure.month == month);
    let report = if has_report { way.from_here(&way::report(&month.name(Unit::Month))) } else { String::new() };
    SealRow {
        month: Link::new(report, month_title(month.first, lang)),
        seq: seal.seq,
        sealed: book.config.site.zone.local(seal.sealed),
        new: sum(|kind| kind.new),
        late: sum(|kind| kind.late),
        missing: sum(|kind| kind.missing),
        total: sum(|kind| kind.total),
        signature: signature(book, sealed),
        file: Link::new(way.from_here(&sealed.path()), "SEAL"),
        digest: sealed.digest.clone(),
    }
}

fn kinds(book: &Book<'_>, sealed: &Sealed) -> Vec<KindRow> {
    let title = |name: &str| {
        let kind = book.standard.kind(name).map(|at| &book.standard.kinds[at].title);
        kind.map_or_else(|| name.to_owned(), |title| title.to(book.config.site.lang).to_owned())
    };
    let row = |kind: &crate::seal::file::Kind| KindRow {
        kind: title(&kind.name),
        total: grouped(kind.total as usize),
        root: kind.root.clone(),
    };
    sealed.seal.kinds.iter().map(row).collect()
}

/// Who signed, by the keys of the signatures. Whether a signature is good only `ssh-keygen` can say: the page says how.
fn signature(book: &Book<'_>, sealed: &Sealed) -> MarkView {
    let lang = book.config.site.lang;
    if sealed.signatures.is_empty() {
        return marked(Mark::Unproven, &say!("没有签名", "unsigned"), lang);
    }
    let read = |path: &str| book.sources.get(path).and_then(|_| book.sources.read(path).ok()).unwrap_or_default();
    let list = read(&format!("{FOLDER}{}", book.config.signers));
    let allowed = signers::list(&String::from_utf8_lossy(&list));
    let by = |name: &String| signers::by(&read(&format!("{}{name}", sealed.folder())), &allowed, sealed.seal.sealed);
    let (mut names, mut wrong) = (Vec::new(), None);
    for one in sealed.signatures.iter().map(by) {
        match one {
            By::Known(name) => names.push(name),
            By::Expired(name) => {
                wrong = Some(say!("{name} 的密钥当时不在有效期", "the key of {name} was not valid then"));
            }
            By::Unknown => wrong = Some(say!("签名的密钥不在册", "signed with a key that is not listed")),
            By::Malformed => wrong = Some(say!("签名读不出来", "the signature cannot be read")),
        }
    }
    let names = names.join(if lang == Lang::Zh { "、" } else { ", " });
    match wrong {
        Some(said) => marked(Mark::Missed, &said, lang),
        None => marked(Mark::Met, &say!("{names} 的密钥签名", "signed with the key of {names}"), lang),
    }
}

/// How the seal of a month stands.
pub fn state(book: &Book<'_>, month: Period) -> MarkView {
    let wrong = |difference: &Difference| difference.month == Some(month) && difference.code != "seal.late";
    let (mark, word) = match (book.archive.of(month), book.config.seal_from) {
        _ if book.archive.differences().any(wrong) => {
            (Mark::Missed, say!("已封存，但有改动", "sealed, and changed since"))
        }
        (Some(seal), _) if seal.signatures.is_empty() => (Mark::Met, say!("已封存，没有签名", "sealed, unsigned")),
        (Some(_), _) => (Mark::Met, say!("已封存", "sealed")),
        (None, None) => (Mark::NotApplicable, say!("未封存（未启用封存）", "not sealed (sealing is off)")),
        (None, Some(_)) => (Mark::Pending, say!("未封存", "not sealed")),
    };
    marked(mark, &word, book.config.site.lang)
}

/// What a report says of the seal of its month; none where it has none.
pub fn brief(book: &Book<'_>, way: &Way<'_>, month: Period) -> Option<Brief> {
    book.archive.of(month).map(|sealed| brief_of(book, way, sealed))
}

/// What is said of a seal in brief.
pub fn brief_of(book: &Book<'_>, way: &Way<'_>, sealed: &Sealed) -> Brief {
    let row = row(book, way, sealed);
    let (new, late) = (&row.new, &row.late);
    let lang = book.config.site.lang;
    Brief {
        state: state(book, sealed.month()),
        counts: say!("{new} 条，其中补记 {late} 条", "{new}, of them late {late}").to(lang).to_owned(),
        sealed: row.sealed,
        signature: row.signature,
        digest: row.digest,
        archive: Link::new(way.from_here(way::ARCHIVE), say!("封存", "Seals").to(lang)),
    }
}

/// The files of the seals, byte for byte; what belongs to no seal stays behind.
pub fn files(book: &Book<'_>) -> Result<Vec<File>, Failure> {
    let foreign = |path: &str| {
        let seen = |difference: &Difference| difference.place.as_ref().is_some_and(|place| &*place.file == path);
        book.archive.broken.iter().any(|difference| difference.code == "seal.extra" && seen(difference))
    };
    let ours = book.sources.below(FOLDER).filter(|entry| !foreign(&entry.path));
    ours.map(|entry| Ok(File::new(&*entry.path, book.sources.read(&entry.path)?))).collect()
}
