//! What a rebuild changed, in one line: which files, which slots, how many pages.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::calendar::Day;
use crate::output::Summary;
use crate::page::status;
use crate::pipeline::Judgement;
use crate::say;
use crate::say::{Lang, Said};
use crate::slots::State;
use crate::tree::{MANIFEST, SiteTree, build_of};
use crate::world::read::Stamps;

/// So many files, and so many changes of slots, are named; the rest is counted.
const NAMED: usize = 3;

/// The slots of a rule and a system, by day and shift.
type Slots = BTreeMap<(Day, Option<u16>), State>;

/// What of a build the next one is held against.
pub struct Facts {
    /// The records of each file.
    rows: BTreeMap<Arc<str>, usize>,
    /// The slots, with the clause, by rule and system.
    slots: BTreeMap<(String, Option<String>), (String, Slots)>,
    /// How many findings there are.
    findings: Summary,
    /// What stands on every page and says nothing of what it shows: the build's id and the instant.
    stamps: [String; 2],
}

impl Facts {
    /// Of a judgement and the site that was made of it.
    pub fn of(judged: &Judgement, tree: &SiteTree) -> Self {
        let rows = judged.ledger.files.iter().map(|file| (file.path.clone(), file.rows)).collect();
        let mut slots = BTreeMap::new();
        for group in &judged.slots {
            let rule = &judged.standard.rules[group.rule];
            let system = group.system.map(|at| judged.config.systems[at].id.clone());
            let states = group.slots.iter().map(|slot| ((slot.first, slot.shift), slot.state)).collect();
            slots.insert((rule.id.clone(), system), (rule.clause.clone(), states));
        }
        let build = tree.get(MANIFEST).and_then(build_of).unwrap_or_default().to_owned();
        let stamps = [build, judged.config.site.zone.local(judged.as_of)];
        Self { rows, slots, findings: Summary::of(&judged.findings), stamps }
    }
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// It is new.
    Added,
    /// It is not as it was.
    Changed,
    /// It is gone.
    Removed,
}

/// The files that are not as they were.
pub fn changed(before: &Stamps, now: &Stamps) -> Vec<(Arc<str>, Seen)> {
    let paths: BTreeSet<&Arc<str>> = before.keys().chain(now.keys()).collect();
    let seen = |path: &Arc<str>| match (before.get(path), now.get(path)) {
        (None, Some(_)) => Some(Seen::Added),
        (Some(_), None) => Some(Seen::Removed),
        (old, new) => (old != new).then_some(Seen::Changed),
    };
    paths.into_iter().filter_map(|path| Some((path.clone(), seen(path)?))).collect()
}

/// How many pages say something else than before: those that came, those that went, and those whose main part differs
/// in more than the build's id and the instant. What stands around it, such as the counts of all records, is on every
/// page.
pub fn pages(before: &SiteTree, old: &Facts, now: &SiteTree, new: &Facts) -> usize {
    let is_page = |path: &str| is_html(path) && !path.starts_with("evidence/");
    let paths: BTreeSet<&str> = before.iter().chain(now.iter()).map(|(path, _)| path).filter(|p| is_page(p)).collect();
    let paths: Vec<&str> = paths.into_iter().collect();
    let differs = |path: &&&str| match (before.get(path), now.get(path)) {
        (Some(a), Some(b)) => without(main(a), &old.stamps) != without(main(b), &new.stamps),
        _ => true,
    };
    paths.par_iter().filter(differs).count()
}

/// Routes are our own, and end in small letters.
fn is_html(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| ending == "html")
}

/// The main part of a page; the whole page where a theme has none.
fn main(page: &[u8]) -> &[u8] {
    let at = |text: &[u8]| memchr::memmem::find(page, text);
    match (at(b"<main"), at(b"</main>")) {
        (Some(from), Some(to)) if from < to => &page[from..to],
        _ => page,
    }
}

/// Bytes without some texts.
fn without<'a>(bytes: &'a [u8], texts: &[String]) -> Cow<'a, [u8]> {
    let mut out = Cow::Borrowed(bytes);
    for text in texts.iter().filter(|text| !text.is_empty()) {
        let finder = memchr::memmem::Finder::new(text.as_bytes());
        let mut kept = Vec::with_capacity(out.len());
        let mut done = 0;
        for at in finder.find_iter(&out) {
            kept.extend_from_slice(&out[done..at]);
            done = at + text.len();
        }
        kept.extend_from_slice(&out[done..]);
        out = Cow::Owned(kept);
    }
    out
}

/// The line: files, slots, findings, pages, milliseconds.
pub fn line(
    changed: &[(Arc<str>, Seen)],
    old: Option<&Facts>,
    new: &Facts,
    pages: usize,
    millis: u128,
    lang: Lang,
) -> String {
    let mut parts: Vec<Said> = changed.iter().take(NAMED).map(|(path, seen)| file(path, *seen, old, new)).collect();
    let more = changed.len().saturating_sub(NAMED);
    if more > 0 {
        parts.push(say!("另有 {more} 个文件", "{more} more files"));
    }
    if let Some(old) = old {
        parts.extend(moved(old, new, lang));
        parts.extend(found(old.findings, new.findings));
    }
    let unit = if pages == 1 { "page" } else { "pages" };
    parts.push(say!("{pages} 页", "{pages} {unit}"));
    parts.push(say!("{millis} 毫秒", "{millis} ms"));
    let texts: Vec<&str> = parts.iter().map(|part| part.to(lang)).collect();
    texts.join(say!("；", "; ").to(lang))
}

fn file(path: &str, seen: Seen, old: Option<&Facts>, new: &Facts) -> Said {
    let was = old.and_then(|old| old.rows.get(path)).copied();
    let what = match (was, new.rows.get(path).copied()) {
        (None, None) => match seen {
            Seen::Added => say!("新增", "added"),
            Seen::Changed => say!("已改", "changed"),
            Seen::Removed => say!("已删除", "removed"),
        },
        (was, is) => {
            let (was, is) = (was.unwrap_or(0), is.unwrap_or(0));
            let (sign, by) = if is >= was { ("+", is - was) } else { ("-", was - is) };
            let unit = if by == 1 { "row" } else { "rows" };
            if by == 0 { say!("已改", "changed") } else { say!("{sign}{by} 行", "{sign}{by} {unit}") }
        }
    };
    let (zh, en) = (&what.zh, &what.en);
    let path = crate::output::one_line(path);
    say!("{path}：{zh}", "{path}: {en}")
}

/// `3.1.1 missed -> met`, with how many there are of it.
fn moved(old: &Facts, new: &Facts, lang: Lang) -> Vec<Said> {
    let mut moves: BTreeMap<(&str, State, State), usize> = BTreeMap::new();
    for (key, (clause, slots)) in &new.slots {
        let Some((_, before)) = old.slots.get(key) else { continue };
        for (at, state) in slots {
            if let Some(was) = before.get(at).filter(|was| *was != state) {
                *moves.entry((clause, *was, *state)).or_default() += 1;
            }
        }
    }
    let more = moves.len().saturating_sub(NAMED);
    let said = |((clause, was, is), count): (&(&str, State, State), &usize)| {
        let (was, is) = (status::slot(*was, lang).word, status::slot(*is, lang).word);
        let times = if *count > 1 { format!(" ×{count}") } else { String::new() };
        Said::same(format!("{clause} {was} -> {is}{times}"))
    };
    let mut out: Vec<Said> = moves.iter().take(NAMED).map(said).collect();
    if more > 0 {
        out.push(say!("另有 {more} 种变化", "{more} more kinds of change"));
    }
    out
}

fn found(old: Summary, new: Summary) -> Vec<Said> {
    let counts = [
        (say!("错误", "errors"), old.error, new.error),
        (say!("警告", "warnings"), old.warning, new.warning),
        (say!("提示", "notes"), old.info, new.info),
    ];
    let differing = counts.into_iter().filter(|(_, was, is)| was != is);
    differing
        .map(|(word, was, is)| {
            let (zh, en) = (word.zh, word.en);
            say!("{zh} {was} -> {is}", "{en} {was} -> {is}")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(rows: usize, state: State, error: usize) -> Facts {
        let day = Day::parse_iso("2026-10-03").unwrap();
        let slots = BTreeMap::from([((day, None), state)]);
        Facts {
            rows: BTreeMap::from([("records/backup/2026-10.csv".into(), rows)]),
            slots: BTreeMap::from([(("backup.daily".to_owned(), None), ("3.1.1".to_owned(), slots))]),
            findings: Summary { error, ..Summary::default() },
            stamps: [format!("{rows:016}"), "2026-10-04 00:00".to_owned()],
        }
    }

    #[test]
    fn a_line_says_what_changed() {
        let (old, new) = (facts(3, State::Missed, 2), facts(4, State::Met, 1));
        let files = [("records/backup/2026-10.csv".into(), Seen::Changed)];
        assert_eq!(
            line(&files, Some(&old), &new, 9, 84, Lang::En),
            "records/backup/2026-10.csv: +1 row; 3.1.1 missed -> met; errors 2 -> 1; 9 pages; 84 ms"
        );
        assert_eq!(
            line(&files, Some(&old), &new, 9, 84, Lang::Zh),
            "records/backup/2026-10.csv：+1 行；3.1.1 缺失 -> 已有；错误 2 -> 1；9 页；84 毫秒"
        );
        let files: Vec<_> = (0..5).map(|n| (format!("content/{n}.md").into(), Seen::Added)).collect();
        let said = line(&files, Some(&new), &new, 1, 5, Lang::En);
        assert_eq!(said, "content/0.md: added; content/1.md: added; content/2.md: added; 2 more files; 1 page; 5 ms");
    }

    #[test]
    fn pages_that_differ_in_the_stamps_alone_are_not_counted() {
        let (old, new) = (facts(3, State::Met, 0), facts(4, State::Met, 0));
        let tree = |build: &str, second: &str| {
            let mut tree = SiteTree::default();
            tree.add("a.html", format!("甲 {build} 乙 {build}")).unwrap();
            tree.add("b.html", second).unwrap();
            tree.add("data/x.csv", second).unwrap();
            tree
        };
        let (before, now) = (tree(&old.stamps[0], "1"), tree(&new.stamps[0], "2"));
        assert_eq!(pages(&before, &old, &now, &new), 1);
    }
}
