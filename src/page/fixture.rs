//! A small workspace for tests of pages, judged whole: three systems, of which one has a shift and comes later.

use std::fmt::Write as _;

use crate::calendar::Day;
use crate::pipeline::{When, judge};
use crate::source::Sources;

use super::Book;
use super::verdict::Verdicts;

const CONFIG: &str = r#"
[site]
title = "t"
timezone = "Asia/Shanghai"
[standard]
use = "oa-maintenance"
[[shift]]
id = "day"
start = "08:00"
end = "20:00"
[[system]]
id = "a"
in_service = 2026-01-01
shifts = []
[[system]]
id = "b"
in_service = 2026-02-10
shifts = ["day"]
[[system]]
id = "c"
in_service = 2026-01-01
shifts = []
"#;

/// A successful full backup of a system off site on each day but some.
pub fn backups(system: &str, from: &str, to: &str, but: &[&str]) -> (String, String) {
    let mut text = "id,system,started_at,type,result,offsite,size\n".to_owned();
    let (from, to) = (Day::parse_iso(from).unwrap(), Day::parse_iso(to).unwrap());
    for day in (from.0..=to.0).map(Day).filter(|d| !but.contains(&d.to_string().as_str())) {
        let _ = writeln!(text, "BK-{system}-{day},{system},{day} 02:00,full,success,true,1 GiB");
    }
    (format!("records/backup/{system}-{from}.csv"), text)
}

/// A waiver of a rule for all systems.
pub fn waiver(id: &str, rule: &str, from: &str, to: &str) -> (String, String) {
    let text = format!(
        "id = \"{id}\"\nrule = \"{rule}\"\nfrom = \"{from}\"\nto = \"{to}\"\nreason = \"r\"\napprover = \"x\"\napproved_at = \"2026-01-01 08:00\"\n"
    );
    (format!("records/waiver/{id}.toml"), text)
}

/// A file of the workspace.
pub fn file(path: &str, text: &str) -> (String, String) {
    (path.to_owned(), text.to_owned())
}

/// The workspace with some files, judged as of a day or a time.
pub fn with<T>(files: Vec<(String, String)>, as_of: &str, then: impl FnOnce(&Book<'_>, &Verdicts<'_>) -> T) -> T {
    let all = files.into_iter().chain([file("wellkept.toml", CONFIG)]);
    let sources = Sources::of_memory(all.map(|(path, text)| (path, text.into_bytes())));
    let judged = judge(&sources, &When::Said(as_of.to_owned())).unwrap();
    let book = crate::pipeline::book(&sources, &judged, String::new());
    then(&book, &Verdicts::of(&book))
}
