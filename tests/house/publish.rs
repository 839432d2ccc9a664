//! Publishing under bad luck: whatever happens, what stands in the output folder is a whole site, the old one or the
//! new one, and its list of digests agrees.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions, Permissions};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::program::{Ran, command, must, ran};
use crate::workspace::{Workspace, tree};

const BUILD: [&str; 4] = ["build", "-q", "--as-of", "2026-06-30"];

/// A workspace whose site takes a moment to write: so many backups in each of three months.
fn workspace(a_month: usize) -> Workspace {
    let ws = Workspace::small("");
    for month in [4, 5, 6] {
        let mut rows = String::from("id,system,started_at,type,result,offsite,notes\n");
        for n in 0..a_month {
            let (day, minute) = (n % 30 + 1, n / 30 % 60);
            rows += &format!("B{month}-{n},oa,2026-{month:02}-{day:02} 02:{minute:02},full,success,是,第 {n} 次\n");
        }
        ws.write(&format!("records/backup/2026-{month:02}.csv"), rows);
    }
    ws
}

/// Holds a site against its own list, with the tool that an auditor has.
fn whole(site: &Path) -> String {
    let sums = Command::new("sha256sum")
        .args(["-c", "--strict", "--quiet", "SHA256SUMS"])
        .current_dir(site)
        .output()
        .expect("sha256sum is part of coreutils");
    assert!(sums.status.success(), "{}", String::from_utf8_lossy(&sums.stdout));
    // `sha256sum` does not see what is too much.
    let files = tree(site);
    let list = String::from_utf8(files["SHA256SUMS"].clone()).unwrap();
    let listed: Vec<&str> = list.lines().map(|line| &line[66..]).collect();
    let there: Vec<&str> =
        files.keys().map(String::as_str).filter(|p| !matches!(*p, "SHA256SUMS" | ".wellkept-site")).collect();
    assert_eq!(listed, there);
    list
}

/// What is in a folder itself.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn inodes(site: &Path) -> BTreeMap<String, (u64, i64, i64)> {
    let of = |path: &String| {
        let meta = fs::metadata(site.join(path)).unwrap();
        (meta.ino(), meta.mtime(), meta.mtime_nsec())
    };
    tree(site).keys().map(|path| (path.clone(), of(path))).collect()
}

/// Something that this machine does not let anyone show; `cargo xtask test` prints what was written here.
fn not_shown(what: &str, why: &str) {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("not-shown.txt");
    let mut file = OpenOptions::new().create(true).append(true).open(path).unwrap();
    writeln!(file, "{what}: {why}").unwrap();
}

#[test]
fn a_site_verifies_and_what_did_not_change_is_not_touched() {
    let ws = workspace(5);
    must(ws.root(), &BUILD, 0);
    let site = ws.path("site");
    whole(&site);
    let before = inodes(&site);
    must(ws.root(), &BUILD, 0);
    assert_eq!(inodes(&site), before, "nothing changed");

    let june = ws.read("records/backup/2026-06.csv");
    ws.write("records/backup/2026-06.csv", june.replace("第 0 次", "第零次"));
    must(ws.root(), &BUILD, 0);
    whole(&site);
    let after = inodes(&site);
    let kept: Vec<&String> =
        before.iter().filter(|(path, was)| after.get(*path) == Some(was)).map(|(p, _)| p).collect();
    for path in ["static/style.css", "data/backup/2026-05.csv", "evidence/records/backup/2026-04.csv"] {
        assert!(kept.iter().any(|kept| *kept == path), "{path} was written again");
    }
    for path in ["data/backup/2026-06.csv", "evidence/records/backup/2026-06.csv", "SHA256SUMS"] {
        assert!(!kept.iter().any(|kept| *kept == path), "{path} was not written");
    }
    // The marker says by which list the next build tells whether anything changed; modes do not depend on who built.
    assert!(fs::read_to_string(site.join(".wellkept-site")).unwrap().contains("SHA256SUMS"));
    assert_eq!(fs::metadata(site.join("SHA256SUMS")).unwrap().mode() & 0o777, 0o644);
    assert_eq!(fs::metadata(site.join("data")).unwrap().mode() & 0o777, 0o755);
}

#[test]
fn a_folder_that_is_not_ours_is_left_alone() {
    let ws = workspace(1);
    ws.write("site/letter.txt", "keep me");
    let ran = must(ws.root(), &BUILD, 2);
    assert!(ran.stderr.contains(".wellkept-site"), "{}", ran.stderr);
    assert_eq!(names(&ws.path("site")), ["letter.txt"]);
    // A file in the place of the folder, and the workspace itself as output.
    ws.write("out", "a file");
    let ran = must(ws.root(), &[&BUILD[..], &["--output", "out"]].concat(), 2);
    assert!(ran.stderr.contains("out"), "{}", ran.stderr);
    assert_eq!(ws.read("out"), "a file");
    must(ws.root(), &[&BUILD[..], &["--output", "."]].concat(), 2);
    assert!(ws.path("wellkept.toml").is_file());
    // An empty folder is taken, and one that is not there is made.
    fs::create_dir(ws.path("empty")).unwrap();
    for place in ["empty", "deep/er/site"] {
        must(ws.root(), &[&BUILD[..], &["--output", place]].concat(), 0);
        whole(&ws.path(place));
    }
}

#[test]
fn a_broken_site_is_not_published_and_the_last_one_stays() {
    let ws = workspace(1);
    must(ws.root(), &BUILD, 0);
    let before = whole(&ws.path("site"));
    let config = ws.read("wellkept.toml").replace("[site]", "[site]\ntheme = \"ours\"");
    ws.write("wellkept.toml", config);
    ws.write("themes/ours/templates/findings.html", "{{ nothing_of_the_kind }}");
    let ran = must(ws.root(), &BUILD, 1);
    assert!(ran.stderr.contains("findings.html:1:"), "{}", ran.stderr);
    assert_eq!(whole(&ws.path("site")), before);
    assert_eq!(names(ws.root()), ["records", "site", "themes", "wellkept.toml"]);
}

#[test]
fn a_page_that_leads_nowhere_is_not_published_and_the_last_site_stays() {
    let ws = workspace(1);
    ws.write("content/runbooks/a.md", "# A\n\n[b](b.md)\n");
    ws.write("content/runbooks/b.md", "# B\n");
    must(ws.root(), &BUILD, 0);
    let before = whole(&ws.path("site"));
    ws.write("content/runbooks/a.md", "# A\n\n[b](bb.md)\n");
    let ran = must(ws.root(), &BUILD, 1);
    assert!(ran.stderr.contains("content/runbooks/a.md:3:1") && ran.stderr.contains("^^^^^^^^^^"), "{}", ran.stderr);
    assert_eq!(whole(&ws.path("site")), before);
}

/// A folder that cannot be written to, even by root: mounted read-only where that is allowed, else by its mode.
#[test]
fn a_folder_that_cannot_be_written_leaves_the_old_site() {
    let ws = workspace(1);
    fs::create_dir(ws.path("ro")).unwrap();
    let build = [&BUILD[..], &["--output", "ro/site"]].concat();
    must(ws.root(), &build, 0);
    let before = whole(&ws.path("ro/site"));
    ws.write("records/backup/2026-07.csv", "id,system,started_at,type,result\n");
    let ran = if rustix_is_root() {
        let mut ran = in_own_mounts(&ws, "mount --bind ro ro && mount -o remount,bind,ro ro", &build);
        if ran.is_err() {
            ran = as_nobody(&ws, &build);
        }
        ran
    } else {
        fs::set_permissions(ws.path("ro"), Permissions::from_mode(0o555)).unwrap();
        let ran = ran(&mut command(ws.root(), &build));
        fs::set_permissions(ws.path("ro"), Permissions::from_mode(0o755)).unwrap();
        Ok(ran)
    };
    match ran {
        Ok(ran) => {
            assert_eq!(ran.code, Some(2), "{}", ran.stderr);
            assert!(ran.stderr.contains("/ro"), "{}", ran.stderr);
        }
        Err(why) => not_shown("a folder that root cannot write to", &why),
    }
    assert_eq!(whole(&ws.path("ro/site")), before);
    assert_eq!(names(&ws.path("ro")), ["site"]);
}

/// A disk that is full in the middle of writing.
#[test]
fn a_full_disk_leaves_the_old_site() {
    let ws = workspace(200);
    fs::create_dir(ws.path("small")).unwrap();
    // Room for one site and not for two of these sizes.
    let script = "mount -t tmpfs -o size=4m none small && sh -ec '
        \"$0\" build -q --as-of 2026-06-30 --output small/site
        (cd small/site && sha256sum -c --strict --quiet SHA256SUMS && sha256sum SHA256SUMS) > before
        for month in 04 05 06; do sed -i s/第/再第/ records/backup/2026-$month.csv; done
        head -c 16M /dev/zero > small/ballast || true
        set +e
        \"$0\" build -q --as-of 2026-06-30 --output small/site 2> said
        echo $? > code
        (cd small/site && sha256sum -c --strict --quiet SHA256SUMS && sha256sum SHA256SUMS) > after
        ls -A small > left
        rm small/ballast
    '";
    let mut shell = unshared(&ws, &format!("{script} \"$0\""));
    let done = ran(&mut shell);
    if !ws.path("before").is_file() {
        return not_shown("a full disk", &done.stderr);
    }
    assert_eq!(ws.read("code"), "2\n", "{}", done.stderr);
    assert!(ws.read("said").contains("No space left"), "{}", ws.read("said"));
    assert_eq!(ws.read("before"), ws.read("after"));
    assert_eq!(ws.read("left"), "ballast\nsite\n");
}

/// Files that may not grow: a write fails in the middle on any machine, whoever runs this.
#[test]
fn a_write_that_fails_leaves_the_old_site() {
    let ws = workspace(200);
    must(ws.root(), &BUILD, 0);
    let before = whole(&ws.path("site"));
    for month in ["04", "05", "06"] {
        let name = format!("records/backup/2026-{month}.csv");
        ws.write(&name, ws.read(&name).replace('第', "再第"));
    }
    // 16 blocks of 512 bytes; the signal is ignored, so that the write is refused and the program goes on.
    let mut shell = Command::new("sh");
    shell
        .args(["-c", "trap '' XFSZ; ulimit -f 16; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_wellkept")])
        .args(BUILD)
        .current_dir(ws.root());
    let ran = ran(&mut shell);
    assert_eq!(ran.code, Some(2), "{}", ran.stderr);
    assert!(ran.stderr.contains("File too large"), "{}", ran.stderr);
    assert_eq!(whole(&ws.path("site")), before);
    assert_eq!(names(ws.root()), ["records", "site", "wellkept.toml"]);
    must(ws.root(), &BUILD, 0);
    assert_ne!(whole(&ws.path("site")), before);
}

#[test]
fn of_two_builds_at_once_each_succeeds_or_says_who_is_first() {
    let ws = workspace(400);
    let start = || {
        let mut build = command(ws.root(), &BUILD);
        build.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let running: Vec<_> = (0..4).map(|_| start()).collect();
    let mut good = 0;
    for child in running {
        let out = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&out.stderr);
        match out.status.code() {
            Some(0) => good += 1,
            Some(2) => assert!(said.contains("wellkept build") && said.contains("--output"), "{said}"),
            other => panic!("{other:?}: {said}"),
        }
    }
    assert!(good > 0);
    whole(&ws.path("site"));
    assert_eq!(names(ws.root()), ["records", "site", "wellkept.toml"]);
}

#[test]
fn a_build_that_is_killed_leaves_a_whole_site_and_the_next_one_clears_up() {
    let ws = workspace(300);
    must(ws.root(), &BUILD, 0);
    let mut before = whole(&ws.path("site"));
    let (mut killed, mut seed) = (0, 12_345_u64);
    for round in 0..12 {
        let name = "records/backup/2026-05.csv";
        ws.write(
            name,
            ws.read(name).replace("02:00,full", "02:01,full")
                + &format!("R{round},oa,2026-05-01 03:00,full,success,是,\n"),
        );
        let mut child = command(ws.root(), &BUILD).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        sleep(Duration::from_millis((seed >> 33) % 700));
        killed += usize::from(child.try_wait().unwrap().is_none());
        let _ = child.kill();
        child.wait().unwrap();
        let now = whole(&ws.path("site"));
        if round % 3 == 2 {
            must(ws.root(), &BUILD, 0);
            assert_eq!(names(ws.root()), ["records", "site", "wellkept.toml"]);
            let after = whole(&ws.path("site"));
            assert!(after != before);
            before = after;
        } else {
            before = now;
        }
    }
    assert!(killed > 2, "only {killed} of 12 builds were still running when they were killed");
}

fn rustix_is_root() -> bool {
    fs::metadata("/proc/self").unwrap().uid() == 0
}

/// A shell with mounts of its own, which end with it; `$0` is the program.
fn unshared(ws: &Workspace, script: &str) -> Command {
    let mut shell = Command::new("unshare");
    shell.args(if rustix_is_root() { &["-m"][..] } else { &["-r", "-m"] });
    shell.args(["sh", "-c", script, env!("CARGO_BIN_EXE_wellkept")]).current_dir(ws.root());
    shell
}

/// Runs the program after a mount that nobody else sees.
fn in_own_mounts(ws: &Workspace, mount: &str, args: &[&str]) -> Result<Ran, String> {
    // 99 says that it was the mount that failed.
    let mut shell = unshared(ws, &format!("{{ {mount}; }} || exit 99; exec \"$0\" \"$@\""));
    shell.args(args);
    let out = shell.output().map_err(|why| format!("unshare: {why}"))?;
    let text = |bytes| String::from_utf8(bytes).unwrap();
    match out.status.code() {
        Some(99) | None => Err(text(out.stderr)),
        code => Ok(Ran { code, stdout: text(out.stdout), stderr: text(out.stderr) }),
    }
}

/// Runs the program as a user who owns nothing, where root may become one.
fn as_nobody(ws: &Workspace, args: &[&str]) -> Result<Ran, String> {
    let mut other = Command::new("setpriv");
    other.args(["--reuid=65534", "--regid=65534", "--clear-groups", env!("CARGO_BIN_EXE_wellkept")]).args(args);
    let out = other.current_dir(ws.root()).output().map_err(|why| format!("setpriv: {why}"))?;
    let text = |bytes| String::from_utf8(bytes).unwrap();
    match out.status.code() {
        Some(2) => Ok(Ran { code: Some(2), stdout: text(out.stdout), stderr: text(out.stderr) }),
        _ => Err(text(out.stderr)),
    }
}
