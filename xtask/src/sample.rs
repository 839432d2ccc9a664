//! Writes `records/`: a fictional organisation, thirteen months of it, the same bytes on every run.
//!
//! The repository's own site is the demonstration, so the records must read like the work of people who mostly do
//! what the standard asks. What they did not do is planted, once each, and told where it is planted:
//!
//! | what went wrong | where |
//! |---|---|
//! | two days of mail backups missing, and with them a weekly full one | `backup.rs`, `MISSING` |
//! | an OA backup missing while the machine room moved, covered by a waiver | `backup.rs`, `sparse.rs` |
//! | a failed backup with no success in time (another one has) | `backup.rs`, `SPECIAL` |
//! | a backup that never left the house; a size written wrongly and corrected | `backup.rs`, `SPECIAL` |
//! | a month of mail at 99.2 %; a planned window announced after it began | `outage.rs` |
//! | an urgent fault answered after 23 minutes; a fix that nobody verified; a fix that broke something else | `faults_*.rs` |
//! | the spring festival, when nobody watched HR; two single shifts; a shift without indicators | `shift.rs` |
//! | a patch of high severity after nineteen days; no check of HR in February, covered by a waiver | `update.rs` |
//! | a request approved by the person who made it; one done late | `access.rs` |
//! | two questions answered after half an hour | `support.rs` |
//! | a monthly report read late; an improvement overdue; a runbook past its review | `review.rs`, `sparse.rs`, `content/runbooks/certificate.md` |
//! | a severity that no list knows, the 30th of February, a column about the weather | `update.rs`, `sparse.rs`, `shift.rs` |
//!
//! The month's work ends with October 2026. Only backups and shifts, which are owed every day, go on to the day of the
//! demonstration, 3 November; without them its first page would show three days of neglect that nobody planted.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

mod access;
mod backup;
mod date;
mod dice;
mod evaluation;
mod fault;
mod faults_autumn;
mod faults_small;
mod faults_spring;
mod faults_winter;
mod outage;
mod review;
mod shift;
mod sparse;
mod support;
mod support_texts;
mod table;
mod update;

/// The kinds whose folders under `records/` belong to this command, whole.
const KINDS: [&str; 17] = [
    "access",
    "backup",
    "evaluation",
    "fault",
    "feedback",
    "improvement",
    "optimization",
    "outage",
    "policy",
    "review",
    "scan",
    "shift",
    "support",
    "technology",
    "training",
    "update",
    "waiver",
];

/// A file to write: its path under `records/`, and its bytes.
type File = (String, Vec<u8>);

/// Clears the folders of [`KINDS`] and writes them anew. Answers what was done, in a sentence.
pub fn run(root: &Path) -> Result<String, String> {
    let records = root.join("records");
    for kind in KINDS {
        let folder = records.join(kind);
        match fs::remove_dir_all(&folder) {
            Err(e) if e.kind() != ErrorKind::NotFound => return Err(format!("{}: {e}", folder.display())),
            _ => {}
        }
    }
    let files = files();
    for (path, bytes) in &files {
        let path = records.join(path);
        let folder = path.parent().unwrap_or(&records);
        fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
        fs::write(&path, bytes).map_err(|e| format!("{}: {e}", path.display()))?;
    }
    let bytes: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
    Ok(format!("records/: {} files, {} kB", files.len(), bytes / 1000))
}

/// Every file of the sample.
fn files() -> Vec<File> {
    let faults = fault::all();
    let outages = outage::all(&faults);
    let mut files = backup::files();
    files.extend(shift::files(&outages));
    files.extend(fault::files(&faults));
    files.extend(outage::files(&outages));
    files.extend(update::files());
    files.extend(support::files());
    files.extend(access::files());
    files.extend(evaluation::files());
    files.extend(review::files());
    files.extend(sparse::files());
    files
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn twice_the_same_bytes() {
        assert_eq!(files(), files());
    }

    #[test]
    fn every_kind_has_a_file_no_path_comes_twice_and_all_is_small() {
        let files = files();
        let paths: BTreeSet<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths.len(), files.len());
        let kinds: BTreeSet<&str> = paths.iter().filter_map(|path| path.split('/').next()).collect();
        assert_eq!(kinds, KINDS.into_iter().collect());
        assert!(files.iter().map(|(_, bytes)| bytes.len()).sum::<usize>() < 2_000_000);
    }
}
