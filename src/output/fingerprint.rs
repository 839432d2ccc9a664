//! What tells one finding from another for as long as both stay, wherever in the list and in its file it comes to
//! stand: a line added above a record, or a range that grew by a day, makes no new finding of an old one.

use std::collections::BTreeMap;

use crate::finding::{Finding, alike};
use crate::seal::canon::digest;

/// Rule and system, with the record it is about, else the first day of its range, else its file and words. SHA-256 in
/// hex.
pub fn of(finding: &Finding) -> String {
    let text = |field: &Option<String>| field.clone().unwrap_or_default();
    let coded = finding.clause.is_none();
    let which = match (&finding.record, finding.count, finding.dates) {
        (Some(record), ..) if !coded => format!("{}/{record}", text(&finding.kind)),
        (None, Some(_), Some((from, _))) => from.to_string(),
        // How many are alike changes with each row that is mended.
        _ if finding.times > 1 => {
            let file = finding.place.as_ref().map_or("", |p| &*p.file);
            format!("{file}//{}", alike::sense(finding))
        }
        // A code of reading may be found in several fields of one record, or of no record at all.
        (record, ..) => {
            let file = finding.place.as_ref().map_or("", |p| &*p.file);
            format!("{file}/{}/{}", text(record), finding.message.en)
        }
    };
    digest(&[finding.rule.as_str(), &text(&finding.system), &which].join("\n"))
}

/// The fingerprint of each finding; of equal ones the later are numbered.
pub fn all(findings: &[Finding]) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut unique = |finding| {
        let print = of(finding);
        let n = seen.entry(print.clone()).or_insert(0);
        *n += 1;
        if *n == 1 { print } else { digest(&format!("{print}\n{n}")) }
    };
    findings.iter().map(&mut unique).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Day;
    use crate::finding::Severity;
    use crate::say::Said;
    use crate::source::Place;

    fn range(from: i32, to: i32) -> Finding {
        let mut finding = Finding::new("backup.daily", Severity::Error, Said::same(format!("{from} to {to}")));
        finding.clause = Some("3.1.1".to_owned());
        finding.system = Some("oa".to_owned());
        finding.dates = Some((Day(from), Day(to)));
        finding.count = Some((to - from + 1) as u32);
        finding
    }

    #[test]
    fn a_range_that_grows_and_a_record_that_moves_keep_their_print() {
        assert_eq!(of(&range(10, 11)), of(&range(10, 14)));
        assert_ne!(of(&range(10, 11)), of(&range(12, 14)));
        let mut record = range(1, 1);
        (record.record, record.count) = (Some("F-1".to_owned()), None);
        let moved = Finding { message: Said::same("other words"), ..record.clone() }.at(Place::line("a.csv", 9));
        assert_eq!(of(&record), of(&moved));
    }

    #[test]
    fn equal_findings_are_told_apart() {
        let twice = Finding::new("ingest.value", Severity::Error, Said::same("a bad cell")).at(Place::line("a.csv", 2));
        let prints = all(&[twice.clone(), twice.clone(), twice]);
        let distinct: std::collections::BTreeSet<&String> = prints.iter().collect();
        assert_eq!(distinct.len(), 3);
        assert!(prints.iter().all(|p| p.len() == 64));
    }
}
