//! A small archive, sealed and signed, and every way of touching it: each flipped byte and each moved line is found, and
//! nothing is found where the records say the same in another form.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::*;
use crate::config::Config;
use crate::pipeline::{When, judge};
use crate::seal::signers::{self, By};
use crate::seal::{Archive, Difference, chain};
use crate::source::Sources;
use crate::standard::Standard;
use crate::world::stock::{self, Answer};

type Files = BTreeMap<String, Vec<u8>>;

const CONFIG: &str = "[site]\ntitle = \"t\"\ntimezone = \"Asia/Shanghai\"\n[archive]\nseal_from = \"2026-04\"\n\
                      [[system]]\nid = \"oa\"\nname = \"办公系统\"\nin_service = 2026-04-01\n";
const BACKUP: &str = "records/backup/2026.csv";
const FAULT: &str = "records/fault/F-1.md";

fn workspace() -> Files {
    let rows = "\
id,system,started_at,type,result,offsite,size,notes
BK-1,oa,2026-04-02 02:00,full,success,true,1 GiB,首次
BK-2,oa,2026-04-03 02:00,full,success,true,1.5 GiB,é
BK-3,oa,2026-05-03 02:00,full,failed,true,7 GiB,\"a, \"\"b\"\"\"
BK-4,oa,2026-05-03 12:00,full,success,true,9 GiB,c
";
    let fault = "---\nid: F-1\nsystem: oa\nreported_at: 2026-05-04 09:00\ngrade: general\nsummary: 附件打不开\n---\n第一段\n\n第二段\n";
    let all = [("wellkept.toml", CONFIG), (BACKUP, rows), (FAULT, fault)];
    all.into_iter().map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).collect()
}

fn sources(files: &Files) -> Sources {
    Sources::of_memory(files.clone())
}

fn month(text: &str) -> Period {
    Period::parse(text).unwrap().1
}

/// Adds the seal of a month.
fn close(files: &mut Files, name: &str, as_of: &str) {
    let sources = sources(files);
    let judged = judge(&sources, &When::Said(as_of.to_owned())).unwrap();
    assert_eq!(refused(&judged, month(name)), None);
    let made = seal(&sources, &judged, month(name), None).unwrap().files;
    for (path, text) in beside().into_iter().filter(|(path, _)| !path.contains("/.")) {
        files.entry(path).or_insert_with(|| text.as_bytes().to_vec());
    }
    files.extend(made.into_iter().map(|(file, bytes)| (format!("{FOLDER}{name}/{file}"), bytes)));
}

/// What the seals and the records say of each other.
struct Judge {
    config: Config,
    standard: Standard,
}

impl Judge {
    fn new() -> Self {
        let config = Config::read(CONFIG.to_owned()).unwrap();
        let standard = Standard::load(&sources(&workspace()), &config).unwrap();
        Self { config, standard }
    }

    fn archive(&self, files: &Files) -> Archive {
        let sources = sources(files);
        let as_of = self.config.site.zone.end(crate::calendar::Day::parse_iso("2026-06-30").unwrap());
        let (ledger, _) = load::load(&sources, &self.standard, &self.config, as_of).unwrap();
        let mut archive = chain::read(&sources, &self.config.signers).unwrap();
        archive.records = load::sealed(&sources, &ledger, &self.standard, &archive).unwrap();
        archive
    }

    /// Whether reading finds fault with the records as they are written.
    fn rejects(&self, files: &Files) -> bool {
        let as_of = self.config.site.zone.end(crate::calendar::Day::parse_iso("2026-06-30").unwrap());
        let (_, found) = load::load(&sources(files), &self.standard, &self.config, as_of).unwrap();
        found.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// Whether the seals alone tell.
    fn broken(&self, files: &Files) -> bool {
        !chain::read(&sources(files), &self.config.signers).unwrap().broken.is_empty()
    }

    fn codes(&self, files: &Files) -> Vec<&'static str> {
        self.archive(files).differences().map(|difference: &Difference| difference.code).collect()
    }
}

/// A folder of the test's own with a key in it, gone at the end.
struct Desk(PathBuf);

impl Desk {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("wellkept-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        let made = Command::new("ssh-keygen")
            .args(["-q", "-t", "ed25519", "-N", "", "-C", "test", "-f"])
            .arg(path.join("key"))
            .status();
        assert!(
            made.is_ok_and(|status| status.success()),
            "these tests take ssh-keygen: install openssh-client (cargo xtask test does)"
        );
        Self(path)
    }

    fn allowed(&self) -> String {
        format!("管理员甲 namespaces=\"wellkept-seal\" {}\n", stock::public(&self.0.join("key")).unwrap())
    }

    fn sign(&self, seal: &[u8]) -> Vec<u8> {
        std::fs::write(self.0.join("SEAL"), seal).unwrap();
        let _ = std::fs::remove_file(self.0.join("SEAL.sig"));
        stock::sign(&self.0.join("key"), &self.0.join("SEAL")).unwrap();
        std::fs::read(self.0.join("SEAL.sig")).unwrap()
    }

    /// Whether a signature stands, by the key and then by `ssh-keygen`.
    fn stands(&self, files: &Files, folder: &str) -> bool {
        let (seal, signature) = (&files[&format!("{folder}SEAL")], &files[&format!("{folder}SEAL.sig")]);
        let list = &files["seals/allowed_signers"];
        let Ok(read) = crate::seal::Seal::read("SEAL", seal) else { return false };
        let By::Known(name) = signers::by(signature, &signers::list(&String::from_utf8_lossy(list)), read.sealed)
        else {
            return false;
        };
        for (file, bytes) in [("SEAL", seal), ("SEAL.sig", signature), ("list", list)] {
            std::fs::write(self.0.join(file), bytes).unwrap();
        }
        stock::signature(&self.0, Path::new(&self.0.join("list")), &name, "SEAL.sig", read.sealed) == Answer::Good
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn signed(desk: &Desk) -> Files {
    let mut files = workspace();
    // A short recipe, for there are fewer bytes to be flipped.
    files.insert("seals/VERIFY.txt".to_owned(), b"how to\ncheck this\n".to_vec());
    files.insert("seals/allowed_signers".to_owned(), desk.allowed().into_bytes());
    for (name, as_of) in [("2026-04", "2026-05-05"), ("2026-05", "2026-06-05")] {
        close(&mut files, name, as_of);
        let signature = desk.sign(&files[&format!("seals/{name}/SEAL")]);
        files.insert(format!("seals/{name}/SEAL.sig"), signature);
    }
    files
}

#[test]
fn every_flipped_byte_is_found() {
    let (desk, judge) = (Desk::new("flip"), Judge::new());
    let files = signed(&desk);
    assert!(judge.codes(&files).is_empty(), "{:?}", judge.codes(&files));
    assert!(desk.stands(&files, "seals/2026-04/") && desk.stands(&files, "seals/2026-05/"));
    let (mut flipped, mut by_signature) = (0, 0);
    for (path, bytes) in files.iter().filter(|(path, _)| *path != "wellkept.toml") {
        // A blank at the end of a text is no part of it.
        let length = bytes.len() - usize::from(path == FAULT);
        for at in 0..length {
            let mut other = files.clone();
            other.get_mut(path).unwrap()[at] ^= 1;
            flipped += 1;
            let seals_only = path.starts_with(FOLDER) && judge.broken(&other);
            if seals_only || (!path.starts_with(FOLDER) && !judge.codes(&other).is_empty()) {
                continue;
            }
            by_signature += 1;
            let folder = &path[..=path.rfind('/').unwrap()];
            assert!(
                folder.starts_with("seals/20") && !desk.stands(&other, folder),
                "byte {at} of {path} was flipped and nobody noticed"
            );
        }
    }
    println!("{flipped} bytes flipped, all found; {by_signature} of them by the signature alone");
    assert!(flipped > 5_000 && by_signature > 100);
}

/// Every file with a line dropped, doubled, or swapped with the next.
fn moved(bytes: &[u8]) -> Vec<(&'static str, usize, Vec<u8>)> {
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    let mut out = Vec::new();
    for at in 0..lines.len() {
        let mut dropped = lines.clone();
        dropped.remove(at);
        out.push(("dropped", at, dropped.concat()));
        let mut doubled = lines.clone();
        doubled.insert(at, lines[at]);
        out.push(("doubled", at, doubled.concat()));
        if at + 1 < lines.len() && lines[at] != lines[at + 1] {
            let mut swapped = lines.clone();
            swapped.swap(at, at + 1);
            out.push(("swapped", at, swapped.concat()));
        }
    }
    out
}

#[test]
fn every_line_that_is_dropped_doubled_or_swapped_is_found() {
    let (desk, judge) = (Desk::new("lines"), Judge::new());
    let files = signed(&desk);
    let mut counts: BTreeMap<(&str, bool), usize> = BTreeMap::new();
    for (path, bytes) in
        files.iter().filter(|(path, _)| *path != "wellkept.toml" && path.rsplit('.').next() != Some("sig"))
    {
        for (how, at, changed) in moved(bytes) {
            let mut other = files.clone();
            other.insert(path.clone(), changed);
            // A header in the middle, and a key that stands twice, are told while records are read.
            let found = if path.starts_with(FOLDER) {
                judge.broken(&other)
            } else {
                !judge.codes(&other).is_empty() || judge.rejects(&other)
            };
            *counts.entry((how, found)).or_default() += 1;
            // The order of rows of a table, and of keys above a text, is no part of a record.
            let order = how == "swapped" && ((path == BACKUP && at > 0) || (path == FAULT && (1..5).contains(&at)));
            // The list of signers, and the recipe, may be added to.
            let last = bytes.split_inclusive(|byte| *byte == b'\n').count() == at + 1;
            let added = how == "doubled" && last && path.starts_with(FOLDER) && !path.starts_with("seals/20");
            assert!(found != (order || added), "{path}: line {} {how}", at + 1);
        }
    }
    println!("lines: {counts:?}");
}

#[test]
fn another_form_of_the_same_records_is_no_change() {
    let (desk, judge) = (Desk::new("form"), Judge::new());
    let files = signed(&desk);
    let text = String::from_utf8(files[BACKUP].clone()).unwrap();
    let parsed: Vec<Vec<String>> = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text.as_bytes())
        .records()
        .map(|record| record.unwrap().iter().map(str::to_owned).collect())
        .collect();
    let written = |rows: &[Vec<String>], delimiter: u8, quote: csv::QuoteStyle, end: csv::Terminator| {
        let mut writer =
            csv::WriterBuilder::new().delimiter(delimiter).quote_style(quote).terminator(end).from_writer(Vec::new());
        for row in rows {
            writer.write_record(row).unwrap();
        }
        writer.into_inner().unwrap()
    };
    let (lf, crlf) = (csv::Terminator::Any(b'\n'), csv::Terminator::CRLF);
    let plain = |rows: &[Vec<String>]| written(rows, b',', csv::QuoteStyle::Necessary, lf);
    let columns: Vec<Vec<String>> = parsed.iter().map(|row| row.iter().rev().cloned().collect()).collect();
    let rows: Vec<Vec<String>> = parsed[..1].iter().chain(parsed[1..].iter().rev()).cloned().collect();
    let spaced: Vec<Vec<String>> =
        parsed.iter().map(|row| row.iter().map(|cell| format!(" {cell} ")).collect()).collect();
    let empty: Vec<Vec<String>> = parsed
        .iter()
        .enumerate()
        .map(|(n, row)| row.iter().cloned().chain([if n == 0 { "operator" } else { "" }.to_owned()]).collect())
        .collect();
    let titles: Vec<Vec<String>> = parsed
        .iter()
        .enumerate()
        .map(|(n, row)| row.iter().map(|cell| if n == 0 { cell.to_uppercase() } else { cell.clone() }).collect())
        .collect();
    let gbk = encoding_rs::GBK.encode(&text).0.into_owned();
    let forms: Vec<(&str, Vec<u8>)> = vec![
        ("columns in another order", plain(&columns)),
        ("rows in another order", plain(&rows)),
        ("every cell quoted", written(&parsed, b',', csv::QuoteStyle::Always, lf)),
        ("CRLF", written(&parsed, b',', csv::QuoteStyle::Necessary, crlf)),
        ("semicolons", written(&parsed, b';', csv::QuoteStyle::Necessary, lf)),
        ("tabs", written(&parsed, b'\t', csv::QuoteStyle::Necessary, lf)),
        ("a byte order mark", [b"\xEF\xBB\xBF", text.as_bytes()].concat()),
        ("blanks around the cells", plain(&spaced)),
        ("an empty column more", plain(&empty)),
        ("headers in capitals", plain(&titles)),
        ("no line end at the end", text.trim_end().as_bytes().to_vec()),
        ("GBK", gbk),
    ];
    let n = forms.len();
    for (what, bytes) in forms {
        let mut other = files.clone();
        other.insert(BACKUP.to_owned(), bytes);
        assert_eq!(judge.codes(&other), Vec::<&str>::new(), "{what}");
    }
    let mut other = files.clone();
    let whole = other.remove(BACKUP).unwrap();
    other.insert("records/backup/elsewhere/2026-all.csv".to_owned(), whole);
    let fault = String::from_utf8(other.remove(FAULT).unwrap()).unwrap();
    other.insert("records/fault/other name.md".to_owned(), fault.replace('\n', "\r\n").into_bytes());
    assert_eq!(judge.codes(&other), Vec::<&str>::new(), "files in another place");
    println!("{} forms of the same records, nothing found", n + 2);
}

#[test]
fn each_difference_of_a_record_is_named() {
    let judge = Judge::new();
    let mut files = workspace();
    close(&mut files, "2026-04", "2026-05-05");
    close(&mut files, "2026-05", "2026-06-05");
    let with = |from: &str, to: &str| {
        let mut other = files.clone();
        let text = String::from_utf8(files[BACKUP].clone()).unwrap();
        assert!(text.contains(from));
        other.insert(BACKUP.to_owned(), text.replace(from, to).into_bytes());
        let archive = judge.archive(&other);
        let told: Vec<String> = archive
            .differences()
            .map(|d| format!("{} {} {}", d.code, d.record.as_deref().unwrap_or_default(), d.said.en))
            .collect();
        told.join(" | ")
    };
    assert_eq!(with("1.5 GiB", "2 GiB"), "seal.altered BK-2 size: “1.5 GiB” → “2 GiB”");
    assert_eq!(with("full,failed", "full,success"), "seal.altered BK-3 result: “failed” → “success”");
    assert_eq!(with(",首次", ","), "seal.altered BK-1 notes: “首次” → ∅");
    assert!(with("é", "e\u{301}").starts_with("seal.normalised BK-2 only its Unicode normalisation differs"));
    assert_eq!(with("BK-1,oa,2026-04-02 02:00,full,success,true,1 GiB,首次\n", ""), "seal.missing BK-1 it is gone");
    let row = "BK-4,oa,2026-05-03 12:00,full,success,true,9 GiB,c\n";
    assert_eq!(with(row, &format!("{row}{row}")), "seal.duplicate BK-4 the same record is there more than once");
    let late = with(row, &format!("{row}BK-5,oa,2026-04-09 12:00,full,success,true,9 GiB,c\n"));
    assert_eq!(
        late,
        "seal.late BK-5 added after the month was sealed; the next seal, 2026-06, will hold it and mark it late"
    );
    // An open month is open.
    assert_eq!(with(row, &format!("{row}BK-5,oa,2026-06-09 12:00,full,success,true,9 GiB,c\n")), "");
    // A changed id is one record less and one more.
    assert!(with("BK-2", "BK-9").contains("seal.missing BK-2"));
}

#[test]
fn the_lines_are_what_jq_prints() {
    let mut files = workspace();
    close(&mut files, "2026-04", "2026-05-05");
    close(&mut files, "2026-05", "2026-06-05");
    let lines: Vec<u8> = files
        .iter()
        .filter(|(path, _)| path.rsplit('.').next() == Some("jsonl"))
        .flat_map(|(_, b)| b.clone())
        .collect();
    let path = std::env::temp_dir().join(format!("wellkept-jq-{}", std::process::id()));
    std::fs::write(&path, &lines).unwrap();
    let out = Command::new("jq").args(["-cS", "."]).arg(&path).output();
    let _ = std::fs::remove_file(&path);
    let out = out.expect("this test takes jq: install it (cargo xtask test does)");
    assert_eq!(String::from_utf8(out.stdout).unwrap(), String::from_utf8(lines).unwrap());
}

#[test]
fn the_same_month_is_sealed_in_the_same_bytes() {
    let sealed = || {
        let mut files = workspace();
        close(&mut files, "2026-04", "2026-05-05");
        close(&mut files, "2026-05", "2026-06-05");
        files
    };
    assert_eq!(sealed(), sealed());
}
