//! From an export to the archive and back: what is imported is accepted by loading without a word, what is imported
//! twice is there once, and what may not come in does not.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use proptest::prelude::*;

use crate::calendar::{Day, Zone};
use crate::config::Config;
use crate::finding::{Finding, Severity};
use crate::load;
use crate::source::Sources;
use crate::standard::Standard;

use super::plan::{self, Order, Plan};
use super::testing::{CONFIG, NOW, ground, workspace};
use super::{Chosen, Ground, Input};

/// The standard that comes along, read once for all tests.
static STANDARD: LazyLock<Arc<Standard>> =
    LazyLock::new(|| standard(&Archive::sources_of(&BTreeMap::new()), &workspace()));

fn standard(sources: &Sources, config: &Config) -> Arc<Standard> {
    Arc::new(Standard::load(sources, config).unwrap())
}

/// A workspace in memory.
struct Archive {
    config: Config,
    standard: Arc<Standard>,
    files: BTreeMap<String, Vec<u8>>,
}

/// What is asked for beside the export.
#[derive(Default)]
struct Wish<'a> {
    system: Option<usize>,
    set: &'a [(&'a str, &'a str)],
    into: Option<&'a str>,
    only: &'a [&'a str],
    zone: Option<&'a str>,
    sealed: Option<&'a str>,
}

impl Archive {
    fn new(files: &[(&str, &str)]) -> Self {
        let mut all = vec![("wellkept.toml", CONFIG)];
        all.extend(files);
        let files = all.into_iter().map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).collect();
        Self { config: workspace(), standard: Arc::clone(&STANDARD), files }
    }

    /// Other settings, by which the standard is read anew.
    fn set_up(&mut self, config: &str) {
        self.config = Config::read(config.to_owned()).unwrap();
        self.standard = standard(&self.sources(), &self.config);
    }

    fn sources(&self) -> Sources {
        Self::sources_of(&self.files)
    }

    fn sources_of(files: &BTreeMap<String, Vec<u8>>) -> Sources {
        Sources::of_memory(files.clone())
    }

    /// Imports, and keeps what was planned.
    fn import(&mut self, source: &str, exports: &[(&str, &str)], wish: &Wish<'_>) -> Plan {
        let sources = self.sources();
        let standard = Arc::clone(&self.standard);
        let (ledger, loaded) = load::load(&sources, &standard, &self.config, NOW).unwrap();
        let set: Vec<(String, String)> = wish.set.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        let zone = wish.zone.map_or_else(|| self.config.site.zone.clone(), |name| Zone::named(name).unwrap());
        let ground = Ground { system: wish.system, set: &set, zone: &zone, ..ground(&self.config) };
        let chosen = Chosen::named(source).unwrap();
        chosen.fits(&standard).unwrap();
        let kind = |path: &str| standard.kind(path.split('/').nth(1).unwrap()).unwrap();
        let into: Vec<(usize, String)> = wish.into.iter().map(|path| (kind(path), (*path).to_owned())).collect();
        let only: Vec<String> = wish.only.iter().map(|name| (*name).to_owned()).collect();
        let sealed: BTreeSet<Day> = wish.sealed.iter().map(|day| Day::parse_iso(day).unwrap()).collect();
        let given = exports.iter().map(|(name, text)| Input::new(*name, text.as_bytes())).collect();
        let order = Order {
            source: chosen.name(),
            ground,
            into: &into,
            only: &only,
            sources: &sources,
            standard: &standard,
            ledger: &ledger,
            loaded: &loaded,
            sealed: &sealed,
        };
        let plan = plan::make(&order, chosen.read(given, ground)).unwrap();
        for file in &plan.files {
            let old = self.files.get(&file.path).cloned().unwrap_or_default();
            assert!(file.bytes.starts_with(&old), "{}: what was there is no longer there", file.path);
            assert_eq!(file.fresh, old.is_empty());
            self.files.insert(file.path.clone(), file.bytes.clone());
        }
        plan
    }

    /// What loading says of the archive.
    fn findings(&self) -> Vec<Finding> {
        load::load(&self.sources(), &self.standard, &self.config, NOW).unwrap().1
    }

    fn text(&self, path: &str) -> &str {
        std::str::from_utf8(&self.files[path]).unwrap()
    }
}

fn errors(plan: &Plan) -> Vec<&str> {
    plan.findings.iter().filter(|f| f.severity == Severity::Error).map(|f| f.message.en.as_str()).collect()
}

const SNAPSHOTS: &str = r#"[
{"time":"2026-10-05T03:00:00Z","paths":["/srv"],"hostname":"web-01","id":"0123456789abcdef"},
{"time":"2026-11-05T03:00:00Z","parent":"x","hostname":"WEB-01","tags":["a,b","c\"d"],"id":"1123456789abcdef"},
{"time":"2026-11-06T03:00:00Z","hostname":"stranger","id":"2123456789abcdef"}]"#;

/// One export of each source, and how many records come of it.
const EACH: [(&str, &str, &str, usize); 16] = [
    ("restic", "s.json", SNAPSHOTS, 2),
    (
        "borg",
        "l.txt",
        "web-01-2026-10-05   Mon, 2026-10-05 03:00:00 [0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef]\n",
        1,
    ),
    (
        "pgbackrest",
        "i.json",
        r#"[{"name":"oa","backup":[{"label":"20261005-030000F","type":"full","timestamp":{"start":1790985600,"stop":1790985660},"info":{"size":5}}]}]"#,
        1,
    ),
    (
        "apt",
        "history.log",
        "Start-Date: 2026-10-05  03:00:00\nUpgrade: a:amd64 (1, 2), b:all (1:1~x, 1:2+y)\nEnd-Date: 2026-10-05  03:01:00\n",
        2,
    ),
    (
        "dpkg",
        "dpkg.log",
        "2026-10-05 03:00:00 upgrade a:amd64 1 2\n2026-10-05 03:00:01 status installed a:amd64 2\n",
        1,
    ),
    (
        "cstate",
        "2026-10-05-x.md",
        "---\ntitle: \"a: b\"\ndate: 2026-10-05 09:00\nresolved: false\nseverity: down\naffected: [web-01, mx-01]\n---\n\n甲\n\n- 乙, \"丙\"\n",
        2,
    ),
    (
        "upptime",
        "h.log",
        "diff --git a/history/oa.yml b/history/oa.yml\n+++ b/history/oa.yml\n@@\n+url: https://web-01/\n+status: up\n+code: 200\n+lastUpdated: 2026-10-05T03:00:00Z\ndiff --git a/history/oa.yml b/history/oa.yml\n+++ b/history/oa.yml\n@@\n+url: https://web-01/\n+status: down\n+code: 0\n+lastUpdated: 2026-10-05T04:00:00Z\n",
        1,
    ),
    (
        "prometheus",
        "up.json",
        r#"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"up","instance":"10.0.0.5:9100"},"values":[[1790985600,"1"],[1790985660,"0"],[1790985720,"1"]]}]}}"#,
        1,
    ),
    (
        "nagios",
        "nagios.log",
        "[1790985600] HOST ALERT: web-01;DOWN;HARD;2;a, \"b\"\n[1790985660] HOST ALERT: web-01;UP;HARD;1;ok\n",
        1,
    ),
    (
        "trivy",
        "t.json",
        r#"{"SchemaVersion":2,"CreatedAt":"2026-10-05T03:00:00Z","ArtifactName":"web-01:1","Results":[{"Vulnerabilities":[{"VulnerabilityID":"CVE-1","PkgName":"p","InstalledVersion":"1","FixedVersion":"2","Severity":"HIGH"}]}]}"#,
        2,
    ),
    (
        "grype",
        "g.json",
        r#"{"matches":[],"source":{"target":"web-01"},"descriptor":{"timestamp":"2026-10-05T03:00:00Z"}}"#,
        1,
    ),
    (
        "sarif",
        "s.sarif",
        r#"{"runs":[{"tool":{"driver":{"name":"T"}},"invocations":[{"endTimeUtc":"2026-10-05T03:00:00Z"}],"results":[{}]}]}"#,
        1,
    ),
    (
        "openvas",
        "o.csv",
        "IP,Hostname,CVSS,Severity,Task ID,Timestamp\n10.0.0.5,,7.5,High,4949d3d6-70,2026-10-05T03:00:00Z\n",
        1,
    ),
    (
        "servicenow",
        "i.csv",
        "number,opened_at,short_description,priority,state,cmdb_ci\nINC1,2026-10-05 09:00:00,x,2 - High,New,oa\n",
        1,
    ),
    ("jira", "j.csv", "Summary,Issue key,Created,Project name\nx,OA-1,05/Oct/26 9:00 AM,办公系统\n", 1),
    ("glpi", "g.csv", "\"ID\";\"Title\";\"Opening date\";\"Entity\";\n\"7\";\"x\";\"05-10-2026 09:00\";\"oa\";\n", 1),
];

#[test]
fn what_each_source_brings_in_is_accepted_and_stays_one_when_imported_again() {
    for (source, name, text, count) in EACH {
        let mut archive = Archive::new(&[]);
        let system = ["apt", "dpkg", "sarif"].contains(&source).then_some(0);
        let wish = Wish { system, ..Wish::default() };
        let first = archive.import(source, &[(name, text)], &wish);
        assert_eq!(first.taken, count, "{source}: {:?}", first.findings);
        assert_eq!(archive.findings(), [], "{source}");
        let after_first = archive.files.clone();
        let second = archive.import(source, &[(name, text)], &wish);
        assert_eq!((second.taken, second.known, second.files.len()), (0, count, 0), "{source}: {:?}", second.findings);
        assert_eq!(archive.files, after_first, "{source}");
    }
    let listed: Vec<&str> = super::SOURCES.iter().map(|s| s.name).collect();
    assert_eq!(EACH.map(|(source, ..)| source).to_vec(), listed);
}

#[test]
fn records_are_grouped_by_month_and_a_stranger_is_refused_with_the_list() {
    let mut archive = Archive::new(&[]);
    let plan = archive.import("restic", &[("s.json", SNAPSHOTS)], &Wish::default());
    let paths: Vec<&str> = plan.files.iter().map(|f| f.path.as_str()).collect();
    assert_eq!(paths, ["records/backup/restic-2026-10.csv", "records/backup/restic-2026-11.csv"]);
    let finding = plan.findings.iter().find(|f| f.severity == Severity::Error).unwrap();
    assert_eq!(finding.message.en, "no system is known as \"stranger\" (records: 1)");
    assert_eq!(finding.place.as_ref().unwrap().to_string(), "s.json:4");
    let help = &finding.help.as_ref().unwrap().en;
    assert!(help.contains("hosts = [\"stranger\"]") && help.contains("oa, mail"), "{help}");
    let written = archive.text("records/backup/restic-2026-11.csv");
    assert!(written.contains("restic-11234567,oa,2026-11-05T11:00:00+08:00,,incremental,success"), "{written}");
}

#[test]
fn a_run_takes_its_time_from_the_snapshot_and_its_result_from_the_run() {
    let run = "{\"message_type\":\"summary\",\"total_bytes_processed\":0,\"total_files_processed\":0,\"files_new\":0,\"snapshot_id\":\"01234567\"}\n";
    let mut archive = Archive::new(&[]);
    let exports = [("r.ndjson", run), ("r.rc", "exit=3"), ("s.json", SNAPSHOTS)];
    let plan = archive.import("restic", &exports, &Wish { only: &["web-01"], ..Wish::default() });
    assert_eq!((plan.taken, plan.refused), (2, 0), "{:?}", plan.findings);
    let written = archive.text("records/backup/restic-2026-10.csv");
    assert!(written.contains("restic-01234567,oa,2026-10-05T11:00:00+08:00,,full,partial,0,"), "{written}");
    assert!(plan.findings.iter().any(|f| f.message.en.contains("not a single file")));
    let alone = Archive::new(&[]).import("restic", &exports[..2], &Wish { system: Some(0), ..Wish::default() });
    assert!(errors(&alone)[0].contains("started_at"), "{:?}", alone.findings);
}

#[test]
fn what_is_in_a_file_stays_and_its_header_decides_the_order() {
    let old = "\u{feff}备份结果;编号;系统;开始时间;备份类型;机房;备注;校验值\r\n成功;B-1;oa;2026-10-01 03:00;全量;A;\"x;y\";z";
    let config = format!("{CONFIG}\n[records.backup.aliases]\nchecksum = [\"校验值\"]\n");
    let path = "records/backup/restic-2026-10.csv";
    let mut archive = Archive::new(&[("wellkept.toml", &config), (path, old)]);
    archive.set_up(&config);
    let plan = archive.import("restic", &[("s.json", SNAPSHOTS)], &Wish { only: &["web-01"], ..Wish::default() });
    assert_eq!(plan.taken, 2, "{:?}", plan.findings);
    let added = archive.text(path).strip_prefix(old).unwrap();
    assert_eq!(added, "\r\nsuccess;restic-01234567;oa;2026-10-05T11:00:00+08:00;full;;路径：/srv;\r\n");
    assert!(archive.findings().iter().all(|f| f.severity == Severity::Info), "{:?}", archive.findings());
}

#[test]
fn a_file_whose_header_lacks_a_column_gets_one_beside_it() {
    let old = "id,system,started_at,type,result\nB-1,oa,2026-10-01 03:00,full,success\n";
    let path = "records/backup/restic-2026-10.csv";
    let mut archive = Archive::new(&[(path, old)]);
    let plan = archive.import("restic", &[("s.json", SNAPSHOTS)], &Wish { system: Some(1), ..Wish::default() });
    assert_eq!(archive.text(path), old);
    assert!(archive.text("records/backup/restic-2026-10-2.csv").contains("restic-01234567,mail"));
    let note = plan.findings.iter().find(|f| f.message.en.contains("beside it")).unwrap();
    assert!(note.message.en.contains("notes") && note.severity == Severity::Warning);
    let broken = "id,system,started_at,type,result,notes\nB-1,oa,2026-10-01 03:00,full,success,\"never closed\n";
    let mut archive = Archive::new(&[(path, broken)]);
    archive.import("restic", &[("s.json", SNAPSHOTS)], &Wish { system: Some(1), ..Wish::default() });
    assert_eq!(archive.text(path), broken, "rows after an open quote would be lost in it");
    assert!(archive.files.contains_key("records/backup/restic-2026-10-2.csv"));
}

#[test]
fn a_file_of_ones_own_choice() {
    let mut archive = Archive::new(&[]);
    let wish = Wish { into: Some("records/backup/mine/all.csv"), system: Some(0), ..Wish::default() };
    let plan = archive.import("restic", &[("s.json", SNAPSHOTS)], &wish);
    assert_eq!((plan.taken, plan.files.len()), (3, 1));
    assert_eq!(archive.text("records/backup/mine/all.csv").lines().count(), 4);
    assert_eq!(archive.import("restic", &[("s.json", SNAPSHOTS)], &wish).known, 3);
}

#[test]
fn the_same_archive_at_another_time_is_no_news_but_a_contradiction() {
    let text = EACH[1].2;
    let mut archive = Archive::new(&[]);
    archive.import("borg", &[("l.txt", text)], &Wish::default());
    let plan = archive.import("borg", &[("l.txt", text)], &Wish { zone: Some("UTC"), ..Wish::default() });
    assert_eq!((plan.taken, plan.known, plan.refused), (0, 0, 1));
    let finding = plan.findings.iter().find(|f| f.severity == Severity::Error).unwrap();
    assert!(finding.message.en.contains("records/backup/borg-2026-10.csv:2"), "{}", finding.message.en);
    assert!(finding.help.as_ref().unwrap().en.contains("--timezone"));
    let moved = text.replace("03:00:00", "11:00:00");
    let plan = Archive::new(&[]).import("borg", &[("a.txt", text), ("b.txt", &moved)], &Wish::default());
    assert_eq!((plan.taken, plan.refused), (1, 1));
    assert!(errors(&plan)[0].contains("at a.txt:1"), "{:?}", errors(&plan));
}

#[test]
fn an_outage_that_went_on_is_known_again_and_its_end_is_told() {
    let (open, closed) = EACH[8].2.split_once('\n').unwrap();
    let mut archive = Archive::new(&[]);
    assert_eq!(archive.import("nagios", &[("a.log", open)], &Wish::default()).taken, 1);
    // The next log begins with how things stood, which is no new outage.
    let next = format!("[1790985630] CURRENT HOST STATE: web-01;DOWN;HARD;2;x\n{closed}");
    let plan = archive.import("nagios", &[("b.log", &next)], &Wish::default());
    assert_eq!((plan.taken, plan.known, plan.refused), (0, 1, 0), "{:?}", plan.findings);
    let told = plan.findings.iter().find(|f| f.severity == Severity::Warning).unwrap();
    assert!(told.message.en.contains("its ended_at is empty"), "{}", told.message.en);
    let alone = Archive::new(&[]).import("nagios", &[("b.log", &next)], &Wish::default());
    assert_eq!((alone.taken, alone.refused), (0, 1));
    assert!(errors(&alone)[0].contains("when it went down"));
}

#[test]
fn samples_on_another_grid_are_of_the_same_outage() {
    let text = EACH[7].2;
    let shifted = text
        .replace("1790985600", "1790985590")
        .replace("1790985660", "1790985650")
        .replace("1790985720", "1790985710");
    let mut archive = Archive::new(&[]);
    archive.import("prometheus", &[("a.json", text)], &Wish::default());
    let plan = archive.import("prometheus", &[("b.json", &shifted)], &Wish::default());
    assert_eq!((plan.taken, plan.known), (0, 1), "{:?}", plan.findings);
    let later = text.replace("17909856", "17909956").replace("17909857", "17909957");
    assert_eq!(archive.import("prometheus", &[("c.json", &later)], &Wish::default()).taken, 1);
}

#[test]
fn what_is_found_again_by_the_next_scan_waits_once() {
    let text = EACH[9].2;
    let mut archive = Archive::new(&[]);
    archive.import("trivy", &[("a.json", text)], &Wish::default());
    let next = text.replace("2026-10-05", "2026-10-12").replace("web-01:1", "web-01:2");
    let plan = archive.import("trivy", &[("b.json", &next)], &Wish::default());
    assert_eq!(
        (plan.taken, plan.known, plan.refused),
        (1, 1, 0),
        "a scan is new, the update is not: {:?}",
        plan.findings
    );
}

#[test]
fn an_incident_of_several_systems_is_a_record_for_each_whatever_comes_later() {
    let mut archive = Archive::new(&[]);
    let exports = [(EACH[5].1, EACH[5].2)];
    archive.import("cstate", &exports, &Wish::default());
    let written = archive.text("records/fault/cstate-2026-10.csv");
    assert!(written.contains("\ncstate-2026-10-05-x-mail,mail") && written.contains("\ncstate-2026-10-05-x-oa,oa"));
    let again = archive.import("cstate", &exports, &Wish { system: Some(0), ..Wish::default() });
    assert_eq!((again.taken, again.known), (0, 1));
    let mut one = Archive::new(&[]);
    one.import("cstate", &exports, &Wish { system: Some(0), ..Wish::default() });
    assert!(one.text("records/fault/cstate-2026-10.csv").contains("\ncstate-2026-10-05-x,oa"));
    assert_eq!(one.import("cstate", &exports, &Wish::default()).taken, 1, "mail is new, oa is there");
}

#[test]
fn times_that_cannot_be_are_refused() {
    let csv = |opened: &str, resolved: &str| {
        format!("number,opened_at,resolved_at,short_description,state,cmdb_ci\nINC1,{opened},{resolved},x,Closed,oa\n")
    };
    for (opened, resolved, why) in [
        ("2026-10-05 09:00", "2026-10-05 08:00", "before the start"),
        ("2026-10-05 09:00", "2027-10-05 09:00", "a plan and not a fact"),
        ("2027-10-05 09:00", "", "after now"),
        ("0001-01-01T00:00:00Z", "", "does not say reported_at"),
        ("05/10/2026 09:00", "", "two ways"),
    ] {
        let plan = Archive::new(&[]).import("servicenow", &[("i.csv", &csv(opened, resolved))], &Wish::default());
        assert_eq!((plan.taken, plan.refused), (0, 1), "{opened} {resolved}");
        assert!(errors(&plan)[0].contains(why), "{why}: {:?}", errors(&plan));
    }
    let equal = csv("2026-10-05 09:00", "2026-10-05 09:00");
    assert_eq!(Archive::new(&[]).import("servicenow", &[("i.csv", &equal)], &Wish::default()).taken, 1);
}

#[test]
fn hostile_text_is_refused_with_a_sentence_and_what_stands_beside_it_is_taken() {
    let long = "x".repeat((256 << 10) + 1);
    let huge = "x".repeat((1 << 20) + 1);
    let rows = [
        ("=HYPERLINK(\"http://x\")", "formula"),
        ("+cmd|' /C calc'!A0", "formula"),
        ("\u{1b}[2Jgone", "U+001B"),
        ("a\u{202e}b", "reversed"),
        (long.as_str(), "256 KiB"),
        ("#REF!", "#REF!"),
    ];
    for (text, why) in rows {
        let quoted = text.replace('"', "\"\"");
        let csv = format!(
            "number,opened_at,short_description,state,cmdb_ci\nINC1,2026-10-05 09:00,\"{quoted}\",New,oa\nINC2,2026-10-05 09:00,fine,New,oa\n"
        );
        let mut archive = Archive::new(&[]);
        let plan = archive.import("servicenow", &[("i.csv", &csv)], &Wish::default());
        assert_eq!((plan.taken, plan.refused), (1, 1), "{why}: {:?}", errors(&plan));
        let finding = plan.findings.iter().find(|f| f.severity == Severity::Error).unwrap();
        assert_eq!(finding.place.as_ref().unwrap().line, 2, "{why}");
        let said = &finding.message.en;
        assert!(why == "reversed" || why == "#REF!" || said.contains(why), "{why}: {said}");
        assert_eq!(archive.findings(), [], "{why}");
    }
    let csv = format!(
        "number,opened_at,short_description,state,cmdb_ci\nINC1,2026-10-05 09:00,{huge},New,oa\nINC2,2026-10-05 09:00,x,New,oa\n"
    );
    let plan = Archive::new(&[]).import("servicenow", &[("i.csv", &csv)], &Wish::default());
    assert_eq!((plan.taken, plan.refused), (1, 1));
    assert!(errors(&plan)[0].contains("1 MiB (limits.line)"), "{:?}", errors(&plan));
    let log = format!(
        "Start-Date: 2026-10-05  03:00:00\nCommandline: {huge}\nUpgrade: a:all (1, 2)\nEnd-Date: 2026-10-05  03:01:00\n"
    );
    let plan = Archive::new(&[]).import("apt", &[("h", &log)], &Wish { system: Some(0), ..Wish::default() });
    assert_eq!((plan.taken, errors(&plan).len()), (1, 1));
    assert!(errors(&plan)[0].contains("1024 KiB"), "{:?}", errors(&plan));
}

#[test]
fn what_is_set_fills_what_the_export_does_not_say() {
    let mut archive = Archive::new(&[]);
    let set = [("offsite", "true"), ("type", "full"), ("notes", "定时"), ("operator", "值班员甲")];
    let wish = Wish { set: &set, only: &["web-01"], ..Wish::default() };
    archive.import("restic", &[("s.json", SNAPSHOTS)], &wish);
    let written = archive.text("records/backup/restic-2026-11.csv");
    assert!(written.contains(",full,success,,,true,") && written.contains("值班员甲"), "{written}");
    assert!(written.contains("定时；标签"), "{written}");
    let wrong = Wish { set: &[("offsite", "somewhere")], only: &["web-01"], ..Wish::default() };
    let plan = Archive::new(&[]).import("restic", &[("s.json", SNAPSHOTS)], &wrong);
    assert_eq!((plan.taken, plan.refused), (0, 2));
    assert!(errors(&plan)[0].contains("somewhere"));
}

#[test]
fn a_sealed_month_takes_late_records_and_says_so() {
    let wish = Wish { sealed: Some("2026-10-01"), only: &["web-01"], ..Wish::default() };
    let plan = Archive::new(&[]).import("restic", &[("s.json", SNAPSHOTS)], &wish);
    assert_eq!(plan.taken, 2);
    assert!(
        plan.findings
            .iter()
            .any(|f| f.message.en.contains("2026-10 is sealed already") && f.message.en.contains("this record"))
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Whatever a damaged export says, nothing panics, and what is taken of it is accepted.
    #[test]
    fn a_damaged_export_is_refused_or_taken_and_never_half(
        which in 0_usize..16, at in 0_usize..4096, with in "\\PC{0,6}|[\"\n,;:{}\\[\\]\\-0-9TZ=\0\t ]{0,6}", cut in 0_usize..40,
    ) {
        let (source, name, text, _) = EACH[which];
        let floor = |at: usize| (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let start = floor(at % (text.len() + 1));
        let end = floor((start + cut).min(text.len()));
        let damaged = format!("{}{with}{}", &text[..start], &text[end..]);
        let mut archive = Archive::new(&[]);
        archive.import(source, &[(name, &damaged)], &Wish { system: Some(0), ..Wish::default() });
        prop_assert_eq!(archive.findings(), Vec::new(), "{}: {}", source, damaged);
    }
}
