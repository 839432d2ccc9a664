//! Mistakes that are alike and told once. A column that a tool exported in a form that is not read is one mistake of one
//! setting, not ten thousand of ten thousand rows. The records stay rejected one by one, each with its reason, on the page
//! of rejected records; only the list of findings tells them together.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::say;
use crate::source::Place;

use super::Finding;

/// So many of one file are still told one by one: as many as are shown of a file (cli.md).
const SINGLE: usize = 50;
/// So many of their lines are named.
const NAMED: usize = 5;

/// The findings as they are told, in their order: more than fifty that are alike are one, which says how many times.
pub fn together(findings: &[Finding]) -> Cow<'_, [Finding]> {
    let mut alike: BTreeMap<Key<'_>, Vec<usize>> = BTreeMap::new();
    let mut by_file: BTreeMap<&str, usize> = BTreeMap::new();
    for file in findings.iter().filter_map(file) {
        *by_file.entry(file).or_default() += 1;
    }
    for (at, finding) in findings.iter().enumerate() {
        if let Some(file) = file(finding).filter(|file| by_file[file] > SINGLE) {
            alike.entry(Key::of(finding, file)).or_default().push(at);
        }
    }
    alike.retain(|_, all| all.len() > SINGLE);
    if alike.is_empty() {
        return Cow::Borrowed(findings);
    }
    let mut left = vec![true; findings.len()];
    let mut out: Vec<Finding> = alike.values().map(|all| one(all.iter().map(|&at| &findings[at]).collect())).collect();
    for &at in alike.values().flatten() {
        left[at] = false;
    }
    out.extend(findings.iter().zip(left).filter(|(_, left)| *left).map(|(finding, _)| finding.clone()));
    Finding::sort(&mut out);
    Cow::Owned(out)
}

/// What a finding says apart from what differs from row to row: quoted texts, and words that hold digits.
pub fn sense(finding: &Finding) -> String {
    let plain = finding.message.en.split('"').step_by(2).collect::<Vec<_>>().join("\"");
    let words = plain.split(' ').filter(|word| !word.contains(|c: char| c.is_ascii_digit()));
    words.collect::<Vec<_>>().join(" ")
}

/// The file that was read, of a finding about reading.
fn file(finding: &Finding) -> Option<&str> {
    finding.place.as_ref().filter(|place| place.line > 0 && finding.rule.starts_with("ingest.")).map(|p| &*p.file)
}

/// What findings have in common that are told together.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key<'f> {
    file: &'f str,
    rule: &'f str,
    severity: super::Severity,
    waived_by: Option<&'f str>,
    sense: String,
}

impl<'f> Key<'f> {
    fn of(finding: &'f Finding, file: &'f str) -> Self {
        Self {
            file,
            rule: &finding.rule,
            severity: finding.severity,
            waived_by: finding.waived_by.as_deref(),
            sense: sense(finding),
        }
    }
}

fn one(mut all: Vec<&Finding>) -> Finding {
    all.sort_by_key(|finding| finding.place.clone());
    let first = all[0];
    let times = all.len();
    let lines: Vec<String> = all.iter().filter_map(|f| f.place.as_ref()).map(line).take(NAMED).collect();
    let (zh, en) = (&first.message.zh, &first.message.en);
    let (lines_zh, lines_en) = (lines.join("、"), lines.join(", "));
    let mut out = first.clone();
    out.message = say!(
        "{zh}；本文件同样的问题共 {times} 处，在第 {lines_zh} 行等处",
        "{en}; {times} alike in this file, on lines {lines_en} and more"
    );
    let same = all.iter().all(|finding| finding.system == first.system);
    out.system = first.system.clone().filter(|_| same);
    (out.record, out.dates, out.times) = (None, None, times);
    out
}

fn line(place: &Place) -> String {
    place.line.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Severity;
    use crate::say::Said;

    fn value(line: u32, text: &str) -> Finding {
        let said = Said::same(format!("result: \"{text}\" is not known"));
        let mut finding =
            Finding::new("ingest.value", Severity::Error, said).at(Place::span("records/a.csv", line, 7, 4));
        finding.record = Some(format!("BK-{line}"));
        finding.system = Some("oa".to_owned());
        finding
    }

    #[test]
    fn fifty_are_told_one_by_one_and_more_as_one_with_their_number_and_first_lines() {
        let fifty: Vec<Finding> = (1..=50).map(|n| value(n, &format!("词{n}"))).collect();
        assert_eq!(&*together(&fifty), fifty.as_slice());
        let mut more: Vec<Finding> = (2..=10_001).rev().map(|n| value(n, &format!("词{n}"))).collect();
        let other = Finding::new("ingest.value", Severity::Error, Said::same("type: required, and there is no value"))
            .at(Place::span("records/a.csv", 7, 3, 0));
        more.push(other.clone());
        let told = together(&more);
        assert_eq!(told.len(), 2);
        // What is about no system comes first.
        let one = &told[1];
        assert_eq!((one.times, one.record.as_deref(), one.system.as_deref()), (10_000, None, Some("oa")));
        assert_eq!(one.place.as_ref().unwrap().line, 2);
        let said = "result: \"词2\" is not known; 10000 alike in this file, on lines 2, 3, 4, 5, 6 and more";
        assert_eq!(one.message.en, said);
        assert_eq!(told[0], other);
        assert_eq!(told.iter().map(|f| f.times).sum::<usize>(), more.len());
    }

    #[test]
    fn waived_ones_other_files_and_other_mistakes_are_apart() {
        let mut all: Vec<Finding> = (1..=60).map(|n| value(n, "x")).collect();
        for finding in &mut all[..30] {
            finding.waived_by = Some("WV-1".to_owned());
        }
        assert_eq!(together(&all).len(), 60);
        let of_id = |n: u32| Said::same(format!("the id BK-{n} is taken by records/a.csv:{n}"));
        let duplicate =
            |n: u32| Finding::new("ingest.duplicate", Severity::Error, of_id(n)).at(Place::line("records/a.csv", n));
        let taken: Vec<Finding> = (1..=51).map(duplicate).collect();
        assert_eq!(together(&taken).len(), 1);
    }
}
