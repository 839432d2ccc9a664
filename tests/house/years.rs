//! Three years of an archive: appended to, corrected, late, its keys changed, a month forgotten; then every attack on it
//! that can be told is told, by its name, and nothing is found where nothing was done.

use std::fs;
use std::path::Path;

use crate::program::run;
use crate::seal::{Keys, found, seal, workspace};
use crate::workspace::Workspace;

/// The months from April 2026 to March 2029.
fn months() -> Vec<String> {
    (3..39).map(|n| format!("{}-{:02}", 2026 + n / 12, n % 12 + 1)).collect()
}

/// A day of the month after one.
fn after(month: &str, day: u32) -> String {
    let (year, number): (u32, u32) = (month[..4].parse().unwrap(), month[5..].parse().unwrap());
    if number == 12 { format!("{}-01-{day:02}", year + 1) } else { format!("{year}-{:02}-{day:02}", number + 1) }
}

const HEAD: &str = "id,system,started_at,type,result,offsite,size,notes,corrects\n";

fn file(month: &str) -> String {
    format!("records/backup/{}.csv", &month[..4])
}

fn append(ws: &Workspace, month: &str, row: &str) {
    let path = file(month);
    let old = fs::read_to_string(ws.path(&path)).unwrap_or_else(|_| HEAD.to_owned());
    ws.write(&path, format!("{old}{row}\n"));
}

fn change(ws: &Workspace, path: &str, from: &str, to: &str) {
    let old = ws.read(path);
    assert!(old.contains(from), "{path}: {from}");
    ws.write(path, old.replacen(from, to, 1));
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for (name, bytes) in crate::workspace::tree(from) {
        fs::write(to.join(name), bytes).unwrap();
    }
}

/// The archive, with its keys: `k0` until 10 April 2027, `k1` until 10 April 2028, then `k2`.
fn archive(keys: &Keys) -> Workspace {
    let ws = workspace();
    fs::remove_file(ws.path("records/backup/2026.csv")).unwrap();
    ws.write("seals/allowed_signers", keys.line("k0", ""));
    let quiet = |as_of: &str| assert_eq!(found(ws.root(), as_of), Vec::<String>::new(), "{as_of}");
    let months = months();
    let mut forgotten = None;
    for (n, month) in months.iter().enumerate() {
        append(&ws, month, &format!("BK-{n:03}-1,oa,{month}-03 02:00,full,success,true,{n} GiB,é,"));
        append(&ws, month, &format!("BK-{n:03}-2,oa,{month}-17 02:00,full,success,true,1 GiB,,"));
        if n == 12 || n == 24 {
            let (old, new) = (n / 12 - 1, n / 12);
            change(
                &ws,
                "seals/allowed_signers",
                &format!("k{old} namespaces=\"wellkept-seal\""),
                &format!("k{old} namespaces=\"wellkept-seal\",valid-before=\"{}10\"", month.replace('-', "")),
            );
            let list = ws.read("seals/allowed_signers");
            let from = format!(",valid-after=\"{}10\"", month.replace('-', ""));
            ws.write("seals/allowed_signers", format!("{list}{}", keys.line(&format!("k{new}"), &from)));
            quiet(&format!("{month}-12"));
        }
        let as_of = after(month, 5);
        let key = |n: usize| keys.path(&format!("k{}", n / 12));
        match n {
            6 => {
                append(&ws, &months[3], &format!("BK-late,oa,{}-20 02:00,full,success,true,1 GiB,补记,", months[3]));
                assert_eq!(found(ws.root(), &as_of), ["seal.late"]);
            }
            9 => append(
                &ws,
                month,
                &format!("BK-right,oa,{}-03 02:00,full,success,true,8 GiB,大小填错,BK-004-1", months[4]),
            ),
            14 => {
                forgotten = Some(month);
                continue;
            }
            20 => {
                // The first year is saved by a spreadsheet: a mark, CRLF, every cell quoted, columns turned round.
                let path = file(&months[0]);
                let quoted =
                    |line: &str| line.split(',').rev().map(|c| format!("\"{c}\"")).collect::<Vec<_>>().join(",");
                let text: String = ws.read(&path).lines().map(|line| format!("{}\r\n", quoted(line))).collect();
                ws.write(&path, format!("\u{feff}{text}"));
                quiet(&as_of);
            }
            _ => {}
        }
        if let Some(month) = forgotten.take() {
            assert_eq!(found(ws.root(), &as_of), ["seal.unsealed"]);
            seal(&ws, month, &as_of, Some(&key(n)));
        }
        seal(&ws, month, &as_of, Some(&key(n)));
        if n % 6 == 0 {
            quiet(&after(month, 6));
        }
    }
    ws
}

/// What is done to the archive, in words and in deed, and the codes by which it is told.
type Attack<'a> = (&'a str, Box<dyn Fn(&Workspace) + 'a>, &'a [&'a str]);

#[test]
fn every_attack_that_can_be_told_is_told_and_nothing_else_is() {
    let keys = Keys::new(&["k0", "k1", "k2", "stranger"]);
    let ws = archive(&keys);
    let months = months();
    let last = months.last().unwrap();
    let today = after(last, 6);
    assert_eq!(found(ws.root(), &today), Vec::<String>::new());
    let folder = |month: &str| format!("seals/{month}");
    let sign = |ws: &Workspace, month: &str, key: &str| {
        let path = ws.path(format!("{}/SEAL", folder(month)));
        let _ = fs::remove_file(path.with_extension("sig"));
        let made = std::process::Command::new("ssh-keygen")
            .args(["-q", "-Y", "sign", "-n", "wellkept-seal", "-f"])
            .arg(keys.path(key))
            .arg(path)
            .output();
        assert!(made.unwrap().status.success());
    };
    let gone = |ws: &Workspace, month: &str| fs::remove_dir_all(ws.path(folder(month))).unwrap();
    let row = "BK-030-1,oa,2028-10-03 02:00,full,success,true,30 GiB,é,";
    let alter = |ws: &Workspace| change(ws, "records/backup/2028.csv", row, &row.replace("30 GiB", "31 GiB"));
    let lines = "seals/2028-10/backup.jsonl";
    let attacks: Vec<Attack<'_>> = vec![
        ("a record is altered", Box::new(|ws| alter(ws)), &["seal.altered"]),
        (
            "a record is removed",
            Box::new(|ws| change(ws, "records/backup/2028.csv", &format!("{row}\n"), "")),
            &["seal.missing"],
        ),
        ("a record is doubled", Box::new(|ws| append(ws, "2028-10", row)), &["seal.duplicate"]),
        (
            "a letter is written otherwise",
            Box::new(|ws| change(ws, "records/backup/2028.csv", row, &row.replace('é', "e\u{301}"))),
            &["seal.normalised"],
        ),
        (
            "a record is dated back",
            Box::new(|ws| append(ws, "2028-10", "BK-x,oa,2028-10-09 02:00,full,success,true,1 GiB,,")),
            &["seal.late"],
        ),
        (
            "a record and its sealed line are altered",
            Box::new(|ws| {
                alter(ws);
                change(ws, lines, "30 GiB", "31 GiB");
            }),
            &["seal.file"],
        ),
        (
            "a record is dated back, and put among the sealed lines",
            Box::new(|ws| {
                append(ws, "2028-10", "BK-x,oa,2028-10-09 02:00,full,success,true,1 GiB,,");
                let text = ws.read(lines);
                ws.write(lines, format!("{text}{{\"id\":\"BK-x\",\"offsite\":\"true\",\"result\":\"success\",\"size\":\"1 GiB\",\"started_at\":\"2028-10-09 02:00\",\"system\":\"oa\",\"type\":\"full\"}}\n"));
            }),
            &["seal.file"],
        ),
        (
            "a month is made anew, and put in its place with the old signature",
            Box::new(|ws| {
                let later: Vec<&String> = months.iter().filter(|month| month.as_str() >= "2028-10").collect();
                let signature = fs::read(ws.path("seals/2028-10/SEAL.sig")).unwrap();
                for month in &later {
                    copy(&ws.path(folder(month)), &ws.path(format!("aside/{month}")));
                    gone(ws, month);
                }
                alter(ws);
                seal(ws, "2028-10", "2028-11-05", None);
                ws.write("seals/2028-10/SEAL.sig", signature);
                for month in &later[1..] {
                    copy(&ws.path(format!("aside/{month}")), &ws.path(folder(month)));
                }
                // The later seals hold the record of the month as it was, and their roots say so.
            }),
            &["seal.chain", "seal.root", "seal.signature"],
        ),
        ("the last seal is removed", Box::new(|ws| gone(ws, last)), &[]),
        ("a seal in the middle is removed", Box::new(|ws| gone(ws, "2027-11")), &["seal.chain", "seal.unsealed"]),
        ("the first seal is removed", Box::new(|ws| gone(ws, "2026-04")), &["seal.chain", "seal.unsealed"]),
        (
            "two months change places",
            Box::new(|ws| {
                fs::rename(ws.path("seals/2027-02"), ws.path("x")).unwrap();
                fs::rename(ws.path("seals/2027-03"), ws.path("seals/2027-02")).unwrap();
                fs::rename(ws.path("x"), ws.path("seals/2027-03")).unwrap();
            }),
            &["seal.chain"],
        ),
        ("a stranger signs", Box::new(|ws| sign(ws, last, "stranger")), &["seal.signer"]),
        ("a retired key signs", Box::new(|ws| sign(ws, last, "k0")), &["seal.expired"]),
        (
            "a retired key is made valid again, and signs",
            Box::new(|ws| {
                change(ws, "seals/allowed_signers", "valid-before=\"20270410\"", "valid-before=\"20300401\"");
                sign(ws, last, "k0");
            }),
            &["seal.signers"],
        ),
        (
            "a signer is taken off the list",
            Box::new(|ws| {
                let list = ws.read("seals/allowed_signers");
                ws.write(
                    "seals/allowed_signers",
                    list.lines().skip(1).map(|line| format!("{line}\n")).collect::<String>(),
                );
            }),
            &["seal.signer", "seal.signers"],
        ),
        (
            "a stranger is put before the list",
            Box::new(|ws| {
                let list = ws.read("seals/allowed_signers");
                ws.write("seals/allowed_signers", format!("{}{list}", keys.line("stranger", "")));
            }),
            &["seal.signers"],
        ),
        (
            "a signature is taken away",
            Box::new(|ws| fs::remove_file(ws.path(format!("{}/SEAL.sig", folder(last)))).unwrap()),
            &["seal.unsigned"],
        ),
        (
            "a signature is that of another month",
            Box::new(|ws| {
                fs::copy(ws.path("seals/2029-02/SEAL.sig"), ws.path("seals/2029-03/SEAL.sig")).unwrap();
            }),
            &["seal.signature"],
        ),
        (
            "the last month is made anew, unsigned",
            Box::new(|ws| {
                gone(ws, last);
                change(ws, "records/backup/2029.csv", "35 GiB", "36 GiB");
                seal(ws, last, &after(last, 5), None);
            }),
            &["seal.unsigned"],
        ),
        (
            "what was judged is altered",
            Box::new(|ws| change(ws, "seals/2028-10/verdicts.jsonl", "missed", "met")),
            &["seal.file"],
        ),
        ("a file is put among the seals", Box::new(|ws| ws.write("seals/2028-10/note.html", "x")), &["seal.extra"]),
        ("the recipe is altered", Box::new(|ws| change(ws, "seals/VERIFY.txt", "--strict", "")), &["seal.signers"]),
    ];
    let n = attacks.len();
    for (what, attack, expected) in attacks {
        let touched = Workspace::of_folder(ws.root());
        attack(&touched);
        let mut codes = found(touched.root(), &today);
        codes.sort();
        codes.dedup();
        if expected.is_empty() {
            // Only the calendar tells it, when the time has passed.
            assert_eq!(found(touched.root(), &after(last, 12)), ["seal.unsealed"], "{what}");
        } else {
            assert_eq!(codes, expected, "{what}");
        }
    }
    println!("{n} attacks, all told; {} months without a false alarm", months.len());
}

/// The one that cannot be told from the archive alone, and of which `seal` and `verify` say so.
#[test]
fn the_holder_of_the_key_can_make_it_all_anew_and_only_a_digest_kept_elsewhere_tells() {
    let keys = Keys::new(&["k"]);
    let ws = workspace();
    ws.write("seals/allowed_signers", keys.line("k", ""));
    let kept = seal(&ws, "2026-04", "2026-05-05", Some(&keys.path("k")));
    let digest = kept.stdout.split(' ').next().unwrap();
    assert!(kept.stderr.contains("Whoever holds the signing key can make all seals anew without a trace"));
    fs::remove_dir_all(ws.path("seals/2026-04")).unwrap();
    change(&ws, "records/backup/2026.csv", "1 GiB", "9 GiB");
    seal(&ws, "2026-04", "2026-05-05", Some(&keys.path("k")));
    assert_eq!(found(ws.root(), "2026-05-06"), Vec::<String>::new());
    let told = run(ws.root(), &["verify", "--as-of", "2026-05-06", "--lang", "en"]).stderr;
    assert!(!told.contains(digest), "the number in the minutes is another one");
    assert!(told.contains("Keep the digest of SEAL above somewhere else"));
}
