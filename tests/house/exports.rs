//! `data/` and `evidence/`: what other programs read, read here by other means than it was written.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::program::must;
use crate::repository::root;
use crate::workspace::{Workspace, tree};

const AS_OF: &str = "2026-11-03T12:00";

/// The site of the repository's own workspace.
fn sample() -> (Workspace, BTreeMap<String, Vec<u8>>) {
    let out = Workspace::empty();
    let site = out.path("site");
    must(root(), &["build", "-q", "--as-of", AS_OF, "--output", site.to_str().unwrap()], 0);
    let files = tree(&site);
    (out, files)
}

fn table(bytes: &[u8]) -> Vec<Vec<String>> {
    let text = std::str::from_utf8(bytes).unwrap();
    let text = text.strip_prefix('\u{feff}').expect("a byte order mark");
    assert!(text.ends_with("\r\n") && text.matches('\n').count() >= text.matches("\r\n").count());
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap()
}

#[test]
fn the_package_describes_every_table_and_the_tables_hold_every_accepted_record() {
    let (_out, site) = sample();
    let package = json(&site["data/datapackage.json"]);
    let resources = package["resources"].as_array().unwrap();
    let mut described: Vec<String> = Vec::new();
    let mut records = 0;
    for resource in resources {
        let path = format!("data/{}", resource["path"].as_str().unwrap());
        let rows = table(&site[&path]);
        let fields: Vec<&str> =
            resource["schema"]["fields"].as_array().unwrap().iter().map(|f| f["name"].as_str().unwrap()).collect();
        assert_eq!(rows[0], fields, "{path}");
        let names: BTreeSet<&&str> = fields.iter().collect();
        assert_eq!(names.len(), fields.len(), "{path}: a column twice");
        if let Some(key) = resource["schema"]["primaryKey"].as_str() {
            let at = fields.iter().position(|f| *f == key).unwrap();
            let mut ids: Vec<&String> = rows[1..].iter().map(|row| &row[at]).collect();
            records += ids.len();
            ids.sort();
            assert!(ids.windows(2).all(|two| two[0] != two[1]), "{path}: an id twice");
            let digest = fields.iter().position(|f| *f == "record_digest").unwrap();
            assert!(rows[1..].iter().all(|row| row[digest].len() == 64), "{path}: a digest");
        }
        described.push(path);
    }
    let undescribed: Vec<&String> = site
        .keys()
        .filter(|path| path.starts_with("data/") && path.ends_with(".csv") && !described.contains(path))
        .filter(|path| !path.starts_with("data/charts/"))
        .collect();
    assert!(undescribed.is_empty(), "{undescribed:?}");
    let judged = crate::program::judged(root(), AS_OF);
    assert_eq!(judged["records"]["accepted"], records);
    let findings = json(&site["data/findings.json"]);
    assert_eq!(findings, judged["findings"]);
    assert_eq!(json(&site["data/figures.json"]), judged["figures"]);
    let slots = table(&site["data/slots.csv"]).len() - 1;
    let states: u64 = judged["slots"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum();
    assert_eq!(slots as u64, states);
}

#[test]
fn evidence_is_every_file_of_records_byte_for_byte() {
    let (_out, site) = sample();
    let originals = tree(&root().join("records"));
    let evidence: Vec<String> =
        site.keys().filter_map(|path| path.strip_prefix("evidence/records/").map(str::to_owned)).collect();
    assert_eq!(evidence, originals.keys().cloned().collect::<Vec<_>>());
    for (path, bytes) in originals {
        assert!(site[&format!("evidence/records/{path}")] == bytes, "{path}");
    }
}

#[test]
fn no_cell_of_a_table_begins_a_formula() {
    let records = "-- records/backup/a.csv --\n\
        id,system,started_at,type,result,offsite,size,notes,=cmd\n\
        B1,oa,2026-04-01 02:00,full,success,是,-1,=HYPERLINK(\"x\"),+1\n\
        B2,oa,2026-04-01 03:00,full,success,是,12,@SUM(A1),-2+3\n\
        @B3,oa,2026-04-01 04:00,full,success,是,12,\"=1,2\",plain\n";
    let ws = Workspace::small(records);
    must(ws.root(), &["build", "-q", "--as-of", "2026-04-01T12:00"], 0);
    let mut cells = 0;
    for (path, bytes) in tree(&ws.path("site")) {
        if path.starts_with("data/") && path.ends_with(".csv") {
            for cell in table(&bytes).into_iter().flatten() {
                cells += 1;
                let number = cell.parse::<f64>().is_ok();
                assert!(number || !cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{path}: {cell}");
            }
        }
    }
    assert!(cells > 30);
    let month = String::from_utf8(tree(&ws.path("site"))["data/backup/2026-04.csv"].clone()).unwrap();
    assert!(month.contains("'@SUM(A1)") && month.contains("\"'=1,2\"") && month.contains("'@B3"), "{month}");
}

#[test]
fn what_is_rejected_is_listed_with_its_raw_text() {
    let records = "-- records/backup/a.csv --\n\
        id,system,started_at,type,result,offsite\n\
        B1,oa,2026-04-01 02:00,full,nope,是\n\
        B2,oa,2026-04-01 03:00,\"full,success,是\n\
        -- records/backup/b.csv --\n\
        id,started_at,type,result\n\
        B3,2026-04-01 02:00,full,success\n";
    let ws = Workspace::small(records);
    must(ws.root(), &["build", "-q", "--as-of", "2026-04-01T12:00"], 0);
    let rows = table(&tree(&ws.path("site"))["data/rejected.csv"]);
    let text = format!("{rows:?}");
    for raw in ["B1,oa,2026-04-01 02:00,full,nope,是", "B3,2026-04-01 02:00,full,success"] {
        assert!(text.contains(raw), "{raw} is not in {text}");
    }
    let judged = crate::program::judged(ws.root(), "2026-04-01T12:00");
    assert_eq!(judged["records"]["rejected"], 3);
    assert_eq!(judged["records"]["read"], 3);
}
