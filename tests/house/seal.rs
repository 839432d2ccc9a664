//! Months are sealed, signed, verified and proved by the built program; and by what every system has, without it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::program::{Ran, command, judged, must, ran, run};
use crate::repository::{root, text};
use crate::workspace::Workspace;

/// A small workspace, sealed from April 2026 on.
pub fn workspace() -> Workspace {
    Workspace::of_text(
        "\
-- wellkept.toml --
[site]
title = \"档案\"
timezone = \"Asia/Shanghai\"
[archive]
seal_from = \"2026-04\"
[[system]]
id = \"oa\"
name = \"办公系统\"
in_service = 2026-04-01
-- records/backup/2026.csv --
id,system,started_at,type,result,offsite,size
BK-1,oa,2026-04-02 02:00,full,success,true,1 GiB
BK-2,oa,2026-04-03 02:00,full,success,true,1 GiB
BK-3,oa,2026-05-03 02:00,full,success,true,1 GiB
",
    )
}

/// Keys outside of every workspace.
pub struct Keys(Workspace);

impl Keys {
    /// A new key by its name.
    pub fn new(names: &[&str]) -> Self {
        let keys = Self(Workspace::empty());
        for name in names {
            let made = Command::new("ssh-keygen")
                .args(["-q", "-t", "ed25519", "-N", "", "-C", name, "-f"])
                .arg(keys.path(name))
                .status();
            assert!(
                made.is_ok_and(|status| status.success()),
                "these tests take ssh-keygen: install openssh-client (cargo xtask test does)"
            );
        }
        keys
    }

    /// The private half.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path(name)
    }

    /// A line of the list of signers.
    pub fn line(&self, name: &str, options: &str) -> String {
        let public = self.0.read(&format!("{name}.pub"));
        let key: Vec<&str> = public.split_whitespace().take(2).collect();
        format!("{name} namespaces=\"wellkept-seal\"{options} {}\n", key.join(" "))
    }
}

/// Seals a month; what stands against it is accepted.
pub fn seal(ws: &Workspace, month: &str, as_of: &str, key: Option<&Path>) -> Ran {
    let mut args = vec!["seal", month, "--as-of", as_of, "--accept", "--lang", "en"];
    if let Some(key) = key {
        args.extend(["--sign", key.to_str().unwrap()]);
    }
    must(ws.root(), &args, 0)
}

/// The codes that `verify` finds, each with its severity; those of unsigned seals are left out.
pub fn found(folder: &Path, as_of: &str) -> Vec<String> {
    let ran = run(folder, &["verify", ".", "--as-of", as_of, "--format", "json", "--lang", "en"]);
    let all: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}", ran.stderr));
    let findings = all["findings"].as_array().unwrap();
    let errors = findings.iter().any(|f| f["severity"] == "error");
    assert_eq!(ran.code, Some(i32::from(errors)), "{}", ran.stderr);
    let rules = findings.iter().filter(|f| f["severity"] != "info").map(|f| f["rule"].as_str().unwrap().to_owned());
    let mut rules: Vec<String> = rules.collect();
    rules.dedup();
    rules
}

fn refused(ws: &Workspace, args: &[&str], code: i32, word: &str) {
    let before = crate::workspace::tree(ws.root());
    let all: Vec<&str> = ["seal"].iter().chain(args).chain(&["--lang", "en"]).copied().collect();
    let ran = run(ws.root(), &all);
    assert_eq!(ran.code, Some(code), "{args:?}: {}", ran.stderr);
    assert!(ran.stderr.contains(word), "{args:?}: {}", ran.stderr);
    assert_eq!(crate::workspace::tree(ws.root()), before, "nothing is written");
}

#[test]
fn what_is_refused_is_said_and_nothing_is_written() {
    let ws = workspace();
    let keys = Keys::new(&["k"]);
    let key = keys.path("k");
    let key = key.to_str().unwrap();
    refused(&ws, &["2026-04", "--as-of", "2026-04-29"], 2, "is not over");
    refused(&ws, &["April", "--as-of", "2026-05-05"], 2, "no month");
    refused(&ws, &["2026-05", "--as-of", "2026-06-05"], 2, "2026-04 is sealed first");
    refused(&ws, &["2026-04", "--as-of", "2026-05-05"], 1, "add --accept");
    refused(&ws, &["2026-04", "--as-of", "2026-05-05", "--accept", "--sign", "/nowhere/key"], 2, "there is no key");
    refused(&ws, &["2026-04", "--as-of", "2026-05-05", "--signer", "x"], 2, "--sign");
    // A key that is not listed signs nothing; a folder of seals is made all the same, and is empty.
    let unlisted =
        run(ws.root(), &["seal", "2026-04", "--as-of", "2026-05-05", "--accept", "--sign", key, "--lang", "en"]);
    assert_eq!(unlisted.code, Some(2));
    assert!(unlisted.stderr.contains("NAME namespaces=\"wellkept-seal\" ssh-ed25519 AAAA"), "{}", unlisted.stderr);
    assert!(fs::read_dir(ws.path("seals")).unwrap().next().is_none());
    // Without ssh-keygen.
    let mut bare =
        command(ws.root(), &["seal", "2026-04", "--as-of", "2026-05-05", "--accept", "--sign", key, "--lang", "en"]);
    let bare = ran(bare.env("PATH", "/nowhere"));
    assert_eq!(bare.code, Some(2));
    assert!(bare.stderr.contains("install the OpenSSH client"), "{}", bare.stderr);
    assert!(fs::read_dir(ws.path("seals")).unwrap().next().is_none());
    // A key in the workspace would be committed.
    fs::copy(key, ws.path("records/key")).unwrap();
    refused(
        &ws,
        &["2026-04", "--as-of", "2026-05-05", "--accept", "--sign", "records/key"],
        2,
        "lies in the workspace",
    );
    fs::remove_file(ws.path("records/key")).unwrap();
    seal(&ws, "2026-04", "2026-05-05", None);
    refused(&ws, &["2026-04", "--as-of", "2026-05-05", "--accept"], 2, "is sealed already");
    refused(&ws, &["2026-06", "--as-of", "2026-07-05", "--accept"], 2, "the next month to be sealed is 2026-05");
    let sealed = ws.read("seals/2026-04/SEAL");
    ws.write("seals/2026-04/SEAL", sealed.replace("new 2", "new 3"));
    refused(&ws, &["2026-05", "--as-of", "2026-06-05", "--accept"], 2, "are damaged");
}

/// The commands of a part of the recipe: its lines that are set in.
fn commands(recipe: &str, part: &str) -> String {
    let part = recipe.split(part).nth(1).unwrap_or_else(|| panic!("no part {part}"));
    let lines = part.lines().skip(1).skip_while(|line| !line.starts_with("    "));
    let block = lines.take_while(|line| line.starts_with("    "));
    block.map(|line| format!("{}\n", &line[4..])).collect()
}

/// Runs commands in a folder where there is no wellkept.
fn stock(folder: &Path, commands: &str) -> Ran {
    let mut shell = Command::new("/bin/sh");
    shell
        .args(["-eu", "-c", commands])
        .current_dir(folder)
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .stdin(Stdio::null());
    let none =
        Command::new("/bin/sh").args(["-c", "command -v wellkept"]).env_clear().env("PATH", "/usr/bin:/bin").status();
    assert!(!none.unwrap().success(), "wellkept is not to be had here");
    ran(&mut shell)
}

#[test]
fn the_recipe_works_without_the_program_in_both_languages() {
    let ws = workspace();
    let keys = Keys::new(&["first", "second"]);
    ws.write("seals/allowed_signers", format!("{}{}", keys.line("first", ""), keys.line("second", "")));
    seal(&ws, "2026-04", "2026-05-05", Some(&keys.path("first")));
    let second = keys.path("second");
    let more = ["seal", "2026-04", "--sign", second.to_str().unwrap(), "--signer", "second", "--as-of", "2026-05-06"];
    must(ws.root(), &more, 0);
    assert_eq!(run(ws.root(), &more).code, Some(2), "a signature is added once");
    let printed = seal(&ws, "2026-05", "2026-06-05", None);
    let site = Workspace::empty();
    must(ws.root(), &["build", "--as-of", "2026-06-05", "--output", site.path("site").to_str().unwrap()], 0);
    // The seals of the site are those of the workspace, byte for byte.
    let published = crate::workspace::tree(&site.path("site/seals"));
    let kept: Vec<_> =
        crate::workspace::tree(&ws.path("seals")).into_iter().filter(|(p, _)| !p.starts_with('.')).collect();
    assert_eq!(published.into_iter().collect::<Vec<_>>(), kept);
    for folder in [ws.path("seals"), site.path("site/seals")] {
        let recipe = fs::read_to_string(folder.join("VERIFY.txt")).unwrap();
        assert!(recipe.contains("without wellkept") && recipe.contains("不需要 wellkept"));
        let (zh, en) = recipe.split_once("How to check").unwrap();
        for recipe in [zh, en] {
            assert_eq!(stock(&folder, &commands(recipe, "\n1. ")).stdout, "2026-04 whole\n2026-05 whole\n");
            let signed = stock(&folder, &commands(recipe, "\n2. "));
            assert_eq!(signed.stdout.matches("Good \"wellkept-seal\" signature for first").count(), 1, "{signed:?}");
            assert_eq!(signed.stdout.matches("Good \"wellkept-seal\" signature for second").count(), 1, "{signed:?}");
            assert_eq!(signed.stdout.matches("2026-05 unsigned").count(), 1, "{signed:?}");
            assert_eq!(stock(&folder, &commands(recipe, "\n3. ")).stdout, "2026-04\n2026-05\n");
            let digest = stock(&folder, &commands(recipe, "\n4. ")).stdout;
            assert_eq!(digest.split(' ').next(), printed.stdout.split(' ').next());
        }
    }
    // The same commands see a change.
    let line = ws.read("seals/2026-04/backup.jsonl");
    ws.write("seals/2026-04/backup.jsonl", line.replace("1 GiB", "2 GiB"));
    let (recipe, seals) = (ws.read("seals/VERIFY.txt"), ws.path("seals"));
    let seen = stock(&seals, &commands(&recipe, "\n1. ").replace("done", "done || true"));
    assert!(!seen.stdout.contains("2026-04 whole") && seen.stdout.contains("backup.jsonl: FAILED"), "{seen:?}");
    let sources = stock(ws.root(), "sha256sum -c --strict --quiet seals/2026-04/SOURCES.sha256");
    assert_eq!((sources.code, sources.stdout.as_str()), (Some(0), ""));
}

#[test]
fn a_time_stamp_is_checked_where_there_is_one() {
    let ws = workspace();
    seal(&ws, "2026-04", "2026-05-05", None);
    let tsa = Workspace::empty();
    tsa.write("tsa.cnf", "[ tsa ]\ndefault_tsa = one\n[ one ]\nserial = serial\ncrypto_device = builtin\ndefault_policy = 1.2.3.4\nsigner_digest = sha256\ndigests = sha256\n[ req ]\ndistinguished_name = dn\n[ dn ]\n[ ext ]\nextendedKeyUsage = critical,timeStamping\n");
    tsa.write("serial", "01\n");
    let make = "openssl req -x509 -config tsa.cnf -extensions ext -newkey rsa:2048 -nodes -keyout key.pem -out tsa.pem -days 2 -subj /CN=tsa
openssl ts -query -data SEAL -sha256 -cert -out SEAL.tsq
openssl ts -reply -config tsa.cnf -queryfile SEAL.tsq -signer tsa.pem -inkey key.pem -out SEAL.tsr";
    fs::copy(ws.path("seals/2026-04/SEAL"), tsa.path("SEAL")).unwrap();
    let made = stock(tsa.root(), make);
    assert_eq!(made.code, Some(0), "this test takes openssl (cargo xtask test installs it): {}", made.stderr);
    fs::copy(tsa.path("SEAL.tsr"), ws.path("seals/2026-04/SEAL.tsr")).unwrap();
    assert_eq!(found(ws.root(), "2026-05-06"), ["seal.unchecked"], "the certificate is missing");
    fs::copy(tsa.path("tsa.pem"), ws.path("seals/tsa.pem")).unwrap();
    assert_eq!(found(ws.root(), "2026-05-06"), Vec::<String>::new());
    let told = run(ws.root(), &["verify", "--as-of", "2026-05-06"]).stderr;
    assert!(told.contains("RFC 3161"), "{told}");
    let recipe = ws.read("seals/VERIFY.txt");
    let checked = stock(&ws.path("seals"), &commands(&recipe, "\n5. ").replace("2026-10", "2026-04"));
    assert_eq!(
        (checked.code, checked.stdout.contains("Verification: OK") || checked.stderr.contains("Verification: OK")),
        (Some(0), true)
    );
    let stamp = fs::read(ws.path("seals/2026-04/SEAL.tsr")).unwrap();
    let mut other = stamp.clone();
    let at = other.len() / 2;
    other[at] ^= 1;
    ws.write("seals/2026-04/SEAL.tsr", other);
    assert_eq!(found(ws.root(), "2026-05-06"), ["seal.timestamp"]);
    ws.write("seals/2026-04/SEAL.tsr", stamp);
    let mut bare = command(ws.root(), &["verify", "--as-of", "2026-05-06", "--lang", "en"]);
    assert!(ran(bare.env("PATH", "/nowhere")).stderr.contains("not checked: openssl is not on this machine"));
}

#[test]
fn a_record_is_proved_to_somebody_who_has_nothing_but_the_seal() {
    for page in ["content/manual/verify.md", "content/manual/verify.en.md"] {
        let script = text(page).split("```python\n").nth(1).unwrap().split("```").next().unwrap().to_owned();
        let ws = workspace();
        seal(&ws, "2026-04", "2026-05-05", None);
        seal(&ws, "2026-05", "2026-06-05", None);
        let proof = must(ws.root(), &["prove", "BK-2", "--as-of", "2026-06-06", "--lang", "en"], 0);
        assert!(proof.stdout.starts_with("wellkept-proof/1\nseal 2026-05 "), "{}", proof.stdout);
        assert!(proof.stderr.contains("Keep the digest of SEAL"), "{}", proof.stderr);
        let desk = Workspace::empty();
        desk.write("check.py", &script);
        desk.write("SEAL", ws.read("seals/2026-05/SEAL"));
        let check = |proof: &str, seal: &str| {
            desk.write("proof", proof);
            let mut python = Command::new("python3");
            ran(python.args(["check.py", "proof", seal]).current_dir(desk.root()))
        };
        let good = check(&proof.stdout, "SEAL");
        assert_eq!((good.code, good.stdout.trim()), (Some(0), "good"), "{}", good.stderr);
        for other in [
            proof.stdout.replace("1 GiB", "2 GiB"),
            proof.stdout.replace("leaf 1 of 3", "leaf 0 of 3"),
            proof.stdout.replace("leaf 1 of 3", "leaf 1 of 4"),
        ] {
            assert_ne!(other, proof.stdout);
            assert_eq!((check(&other, "SEAL").code, check(&other, "SEAL").stdout.trim()), (Some(1), "BAD"), "{other}");
        }
        desk.write("OTHER", ws.read("seals/2026-04/SEAL"));
        assert_eq!(check(&proof.stdout, "OTHER").code, Some(1));
        // What is not sealed as it is now is not proved.
        let rows = ws.read("records/backup/2026.csv");
        ws.write("records/backup/2026.csv", rows.replace("BK-2,oa,2026-04-03 02:00", "BK-2,oa,2026-04-03 03:00"));
        assert!(
            must(ws.root(), &["prove", "BK-2", "--as-of", "2026-06-06", "--lang", "en"], 1)
                .stderr
                .contains("no seal holds BK-2")
        );
        must(ws.root(), &["prove", "BK-9", "--as-of", "2026-06-06"], 2);
    }
}

#[test]
fn the_records_that_are_sealed_are_those_that_a_seal_holds_as_they_are() {
    let ws = workspace();
    let sealed = |as_of: &str| {
        let all = judged(ws.root(), as_of);
        let of = |f: &&serde_json::Value| f["figure"] == "records_sealed" && f["period"] == "2026-04";
        let figure = all["figures"].as_array().unwrap().iter().find(of).unwrap().clone();
        (figure["numerator"].as_i64().unwrap(), figure["denominator"].as_i64().unwrap())
    };
    assert_eq!(sealed("2026-05-06"), (0, 2));
    seal(&ws, "2026-04", "2026-05-05", None);
    assert_eq!(sealed("2026-05-06"), (2, 2));
    let rows = ws.read("records/backup/2026.csv");
    ws.write("records/backup/2026.csv", format!("{rows}BK-4,oa,2026-04-09 02:00,full,success,true,1 GiB\n"));
    assert_eq!(sealed("2026-05-06"), (2, 3), "one came late");
    let told = must(ws.root(), &["explain", "records_sealed", "--period", "2026-04", "--as-of", "2026-05-06"], 0);
    assert!(told.stdout.contains("BK-4"), "{}", told.stdout);
    seal(&ws, "2026-05", "2026-06-05", None);
    assert_eq!(sealed("2026-06-06"), (3, 3), "the next seal holds it");
    let rows = ws.read("records/backup/2026.csv");
    ws.write("records/backup/2026.csv", rows.replacen("1 GiB", "2 GiB", 1));
    assert_eq!(sealed("2026-06-06"), (2, 3), "one is altered");
    ws.write("records/backup/2026.csv", rows);
    // Lines that are not what was sealed hold nothing.
    let lines = ws.read("seals/2026-04/backup.jsonl");
    ws.write("seals/2026-04/backup.jsonl", lines.replace("BK-1", "BK-7"));
    assert_eq!(sealed("2026-06-06"), (1, 3));
}

#[test]
fn a_month_is_restated_by_a_correction_and_not_by_its_own_seal() {
    let ws = workspace();
    seal(&ws, "2026-04", "2026-05-05", None);
    let told = || {
        must(ws.root(), &["build", "--as-of", "2026-05-06"], 0);
        let report = ws.read("site/reports/2026-04.html");
        report.split_once("当时的结果与现在的不同").map(|(_, rest)| rest.split("<h2").next().unwrap().to_owned())
    };
    assert_eq!(told(), None, "sealed, and nothing since");
    ws.write(
        "records/backup/correction.csv",
        "id,system,started_at,type,result,offsite,size,corrects,notes\n\
         BK-4,oa,2026-04-03 02:00,full,failed,true,1 GiB,BK-2,日志误报\n",
    );
    let told = told().expect("the month is restated");
    for part in ["更正：BK-2 → BK-4", "2026-05-06 00:00", "成功率"] {
        assert!(told.contains(part), "{part}: {told}");
    }
}

#[test]
fn a_published_site_is_held_against_its_list() {
    let ws = workspace();
    seal(&ws, "2026-04", "2026-05-05", None);
    must(ws.root(), &["build", "--as-of", "2026-05-06"], 0);
    let site = ws.path("site");
    let verify = || found(&site, "2026-05-06");
    assert_eq!(verify(), Vec::<String>::new());
    let page = fs::read(site.join("index.html")).unwrap();
    fs::write(site.join("index.html"), [&page[..], b" "].concat()).unwrap();
    assert_eq!(verify(), ["site.changed"]);
    fs::remove_file(site.join("index.html")).unwrap();
    assert_eq!(verify(), ["site.missing"]);
    fs::write(site.join("index.html"), &page).unwrap();
    fs::write(site.join("records/extra.html"), "x").unwrap();
    assert_eq!(verify(), ["site.extra"]);
    fs::remove_file(site.join("records/extra.html")).unwrap();
    std::os::unix::fs::symlink("index.html", site.join("link.html")).unwrap();
    assert_eq!(verify(), ["site.extra"]);
    fs::remove_file(site.join("link.html")).unwrap();
    // Every byte of the list, and one of each file.
    let list = fs::read(site.join("SHA256SUMS")).unwrap();
    for at in (0..list.len()).step_by(197) {
        let mut other = list.clone();
        other[at] ^= 1;
        fs::write(site.join("SHA256SUMS"), other).unwrap();
        assert_ne!(verify(), Vec::<String>::new(), "byte {at} of SHA256SUMS");
    }
    fs::write(site.join("SHA256SUMS"), &list).unwrap();
    let seal = fs::read_to_string(site.join("seals/2026-04/SEAL")).unwrap();
    fs::write(site.join("seals/2026-04/SEAL"), seal.replace("total 2", "total 3")).unwrap();
    assert_eq!(verify(), ["seal.root", "site.changed"]);
}

#[test]
fn the_golden_archive_verifies_for_ever() {
    let folder = root().join("tests/sealed/one");
    assert_eq!(found(&folder, "2026-08-05"), Vec::<String>::new());
    let told = run(&folder, &["verify", ".", "--as-of", "2026-08-05", "--lang", "en"]).stderr;
    for digest in text("tests/sealed/one.txt").lines() {
        assert!(told.contains(digest), "{digest}\n{told}");
    }
}
