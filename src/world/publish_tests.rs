//! Publishing, held against a real disk: what is kept, what is refused, what a reader sees meanwhile.

use std::os::unix::fs::{MetadataExt, symlink};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use rustix::fs::{CWD, FileType, Mode, mknodat, open, openat};

use super::*;
use crate::tree::ManifestFacts;
use crate::world::scratch::Scratch;

fn tree(files: &[(&str, &str)]) -> SiteTree {
    let mut tree = SiteTree::default();
    for (path, text) in files {
        tree.add(*path, *text).unwrap();
    }
    tree
}

fn counts(published: &Published) -> (usize, usize, usize) {
    assert_eq!(published.left_over, None);
    (published.written, published.unchanged, published.removed)
}

fn facts(path: &Path) -> (u64, SystemTime) {
    let meta = path.symlink_metadata().unwrap();
    (meta.ino(), meta.modified().unwrap())
}

/// Every path below, files with their text.
fn listing(root: &Path) -> Vec<(String, String)> {
    let old = Old::list(root).unwrap();
    let mut all: Vec<(String, String)> =
        old.files.iter().map(|path| (path.clone(), fs::read_to_string(root.join(path)).unwrap())).collect();
    all.extend(old.folders.iter().map(|path| (format!("{path}/"), String::new())));
    all.sort();
    all
}

const BUILD: &str = "0123456789abcdef";

fn finished(tree: SiteTree) -> SiteTree {
    tree.finish(&ManifestFacts {
        tool: "wellkept 0.1.0".into(),
        standard: "oa-maintenance 1".into(),
        as_of: "2026-11-01T00:00:00+08:00".into(),
        build: BUILD.into(),
    })
}

/// Something that is done to a site that stands.
type Touch = fn(&Path) -> io::Result<()>;

#[test]
fn a_site_stands_only_while_it_has_every_byte_of_its_build() {
    let scratch = Scratch::new("stands");
    let out = scratch.path("site");
    assert_eq!(stands(&out, BUILD, "build").unwrap(), None);
    let site = finished(tree(&[("index.html", "1"), ("a/b.html", "2"), ("a/c/d.html", "3")]));
    let touches: [(&str, Touch); 9] = [
        ("other bytes of the same length", |out| fs::write(out.join("a/b.html"), "0")),
        ("a file is gone", |out| fs::remove_file(out.join("index.html"))),
        ("one more file", |out| fs::write(out.join("a/more.html"), "")),
        ("one more folder", |out| fs::create_dir(out.join("empty"))),
        ("a link", |out| symlink("b.html", out.join("a/link.html"))),
        ("a link in place of a file", |out| {
            fs::rename(out.join("a/b.html"), out.join("../b.html"))?;
            symlink("../../b.html", out.join("a/b.html"))
        }),
        ("a line of the list", |out| fs::write(out.join(SUMS), &fs::read(out.join(SUMS))?[1..])),
        ("an empty list", |out| fs::write(out.join(SUMS), "")),
        ("a marker of another program", |out| {
            let text = fs::read_to_string(out.join(MARKER))?;
            fs::write(out.join(MARKER), text.replace(PROGRAM, "another"))
        }),
    ];
    for (what, touch) in touches {
        publish(&site, &out, "build").unwrap();
        let standing = stands(&out, BUILD, "build").unwrap();
        assert_eq!(standing.as_ref().map(counts), Some((0, site.len(), 0)), "before: {what}");
        assert_eq!(stands(&out, "fedcba9876543210", "build").unwrap(), None, "another build");
        touch(&out).unwrap();
        assert_eq!(stands(&out, BUILD, "build").unwrap(), None, "{what}");
    }
}

#[test]
fn the_first_site_has_the_files_the_marker_and_fixed_modes() {
    let scratch = Scratch::new("first");
    let out = scratch.path("deep/below/site");
    let published = publish(&tree(&[("index.html", "1"), ("a/b/c.html", "2")]), &out, "build").unwrap();
    assert_eq!(counts(&published), (2, 0, 0));
    let paths: Vec<String> = listing(&out).into_iter().map(|(path, _)| path).collect();
    assert_eq!(paths, [MARKER, "a/", "a/b/", "a/b/c.html", "index.html"]);
    for (path, mode) in [("", 0o755), ("a/b", 0o755), ("index.html", 0o644), (MARKER, 0o644)] {
        assert_eq!(out.join(path).metadata().unwrap().mode() & 0o7777, mode, "{path}");
    }
    let beside: Vec<_> = fs::read_dir(out.parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(beside, ["site"]);
}

#[test]
fn nothing_new_touches_nothing() {
    let scratch = Scratch::new("same");
    let (out, site) = (scratch.path("site"), tree(&[("index.html", "1"), ("a/b.html", "2"), ("empty", "")]));
    publish(&site, &out, "build").unwrap();
    let before: Vec<_> =
        ["", "index.html", "a", "a/b.html", "empty", MARKER].map(|path| facts(&out.join(path))).to_vec();
    assert_eq!(counts(&publish(&site, &out, "build").unwrap()), (0, 3, 0));
    let after: Vec<_> =
        ["", "index.html", "a", "a/b.html", "empty", MARKER].map(|path| facts(&out.join(path))).to_vec();
    assert_eq!(before, after);
}

#[test]
fn one_change_writes_one_file_and_keeps_the_inode_and_time_of_the_rest() {
    let scratch = Scratch::new("one");
    let out = scratch.path("site");
    let long = "x".repeat(200_000);
    publish(&tree(&[("a/1.html", "one"), ("a/2.html", "two"), ("long", &long)]), &out, "build").unwrap();
    let before = ["a/1.html", "a/2.html", "long", MARKER].map(|path| facts(&out.join(path)));
    // The same length, so that only the bytes tell.
    let other = format!("{}y", &long[1..]);
    let published =
        publish(&tree(&[("a/1.html", "one"), ("a/2.html", "TWO"), ("long", &other)]), &out, "build").unwrap();
    assert_eq!(counts(&published), (2, 1, 0));
    let after = ["a/1.html", "a/2.html", "long", MARKER].map(|path| facts(&out.join(path)));
    assert_eq!(before[0], after[0]);
    assert_ne!(before[1].0, after[1].0);
    assert_ne!(before[2].0, after[2].0);
    assert_eq!(before[3], after[3]);
    assert_eq!(fs::read(out.join("a/2.html")).unwrap(), b"TWO");
    assert_eq!(fs::read_to_string(out.join("long")).unwrap(), other);
    assert_eq!(scratch.names(), ["site"]);
}

#[test]
fn what_is_no_longer_in_the_tree_goes() {
    let scratch = Scratch::new("gone");
    let out = scratch.path("site");
    publish(&tree(&[("index.html", "1"), ("old/page.html", "2"), ("swap", "file")]), &out, "build").unwrap();
    scratch.write("site/stray.txt", "of someone's");
    fs::create_dir(out.join("stray")).unwrap();
    scratch.write("elsewhere/kept", "kept");
    symlink("../elsewhere", out.join("link")).unwrap();
    mknodat(CWD, out.join("pipe"), FileType::Fifo, Mode::RUSR, 0).unwrap();
    let site = tree(&[("index.html", "1"), ("swap/now-a-folder", "3")]);
    assert_eq!(counts(&publish(&site, &out, "build").unwrap()), (1, 1, 5));
    let paths: Vec<String> = listing(&out).into_iter().map(|(path, _)| path).collect();
    assert_eq!(paths, [MARKER, "index.html", "swap/", "swap/now-a-folder"]);
    assert_eq!(fs::read(scratch.path("elsewhere/kept")).unwrap(), b"kept");
    fs::create_dir(out.join("empty")).unwrap();
    assert_eq!(counts(&publish(&site, &out, "build").unwrap()), (0, 2, 0));
    assert!(!out.join("empty").exists());
}

#[test]
fn a_link_or_pipe_in_the_place_of_a_file_is_replaced_and_not_followed() {
    let scratch = Scratch::new("inner");
    let out = scratch.path("site");
    let site = tree(&[("a.html", "text"), ("b.html", "text")]);
    publish(&site, &out, "build").unwrap();
    scratch.write("outside.html", "text");
    fs::remove_file(out.join("a.html")).unwrap();
    symlink("../outside.html", out.join("a.html")).unwrap();
    fs::remove_file(out.join("b.html")).unwrap();
    mknodat(CWD, out.join("b.html"), FileType::Fifo, Mode::RUSR, 0).unwrap();
    assert_eq!(publish(&site, &out, "build").unwrap().written, 2);
    assert!(out.join("a.html").symlink_metadata().unwrap().is_file());
    assert!(out.join("b.html").symlink_metadata().unwrap().is_file());
}

#[test]
fn folders_that_are_not_ours_are_left_alone() {
    let scratch = Scratch::new("foreign");
    scratch.write("site/thesis.txt", "years of work");
    let said = publish(&tree(&[("index.html", "1")]), &scratch.path("site"), "build").unwrap_err().0;
    assert!(said.en.contains("not made by wellkept") && said.en.contains("--output") && said.zh.contains("--output"));
    assert_eq!(listing(&scratch.path("site")), [("thesis.txt".to_owned(), "years of work".to_owned())]);

    scratch.write("marked/thesis.txt", "years of work");
    symlink("thesis.txt", scratch.path("marked").join(MARKER)).unwrap();
    assert!(publish(&tree(&[]), &scratch.path("marked"), "build").is_err());

    fs::create_dir(scratch.path("empty")).unwrap();
    assert_eq!(counts(&publish(&tree(&[("index.html", "1")]), &scratch.path("empty"), "build").unwrap()), (1, 0, 0));
    assert_eq!(scratch.names(), ["empty", "marked", "site"]);
}

#[test]
fn an_output_that_is_a_link_or_a_file_or_below_a_file_is_a_failure() {
    let scratch = Scratch::new("refused");
    scratch.write("file", "text");
    fs::create_dir(scratch.path("real")).unwrap();
    symlink("real", scratch.path("link")).unwrap();
    symlink("nowhere", scratch.path("dangling")).unwrap();
    let site = tree(&[("index.html", "1")]);
    for (name, part) in [
        ("link", "symbolic link"),
        ("dangling", "symbolic link"),
        ("file", "is a file"),
        ("file/site", "is a file"),
        ("file/a/site", "is a file"),
    ] {
        let said = publish(&site, &scratch.path(name), "build").unwrap_err().0;
        assert!(said.en.contains(part) && said.en.contains("--output"), "{name}: {}", said.en);
    }
    assert_eq!(scratch.names(), ["dangling", "file", "link", "real"]);
    assert_eq!(fs::read_dir(scratch.path("real")).unwrap().count(), 0);
}

#[test]
fn a_held_lock_is_a_failure_that_names_the_holder() {
    let scratch = Scratch::new("held");
    let (out, site) = (scratch.path("site"), tree(&[("index.html", "1")]));
    let lock = Lock::take(&Place::of(&out, MARKER).unwrap().lock(), &out, "serve").unwrap();
    let said = publish(&site, &out, "build").unwrap_err().0;
    assert!(said.en.contains("wellkept serve") && said.en.contains(&std::process::id().to_string()), "{}", said.en);
    assert!(!out.exists());
    drop(lock);
    assert_eq!(counts(&publish(&site, &out, "build").unwrap()), (1, 0, 0));
}

#[test]
fn a_read_only_parent_is_a_failure() {
    let scratch = Scratch::new("readonly");
    fs::create_dir(scratch.path("parent")).unwrap();
    fs::set_permissions(scratch.path("parent"), Permissions::from_mode(0o555)).unwrap();
    let answer = publish(&tree(&[("index.html", "1")]), &scratch.path("parent/site"), "build");
    if File::create(scratch.path("parent/probe")).is_ok() {
        eprintln!("not shown here: permissions do not bind this user; the advice itself is tested in refusal.rs");
        assert!(answer.is_ok());
    } else {
        let said = answer.unwrap_err().0;
        assert!(said.en.contains("parent") && said.en.contains("may be written"), "{}", said.en);
    }
    fs::set_permissions(scratch.path("parent"), Permissions::from_mode(0o755)).unwrap();
}

/// A small tmpfs, where the user may mount one.
struct SmallDisk<'a>(&'a Path);

impl<'a> SmallDisk<'a> {
    fn mount(at: &'a Path) -> Option<Self> {
        fs::create_dir(at).unwrap();
        let done = Command::new("mount").args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"]).arg(at).output().ok()?;
        if done.status.success() {
            return Some(Self(at));
        }
        eprintln!("not shown here: a full disk ({})", String::from_utf8_lossy(&done.stderr).trim());
        None
    }
}

impl Drop for SmallDisk<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0).status();
    }
}

#[test]
fn a_full_disk_leaves_the_old_site_whole_and_nothing_beside_it() {
    let scratch = Scratch::new("full");
    let at = scratch.path("disk");
    let Some(disk) = SmallDisk::mount(&at) else { return };
    let out = at.join("site");
    let small = tree(&[("index.html", "1"), ("a/b.html", "2")]);
    publish(&small, &out, "build").unwrap();
    let before = listing(&out);
    let large = "x".repeat(100_000);
    let names: Vec<String> = (0..20).map(|number| format!("p/{number}.html")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), large.as_str())).collect();
    let said = publish(&tree(&files), &out, "build").unwrap_err().0;
    assert!(said.en.contains("No space left") && said.en.contains("p/") && said.en.contains("--output"), "{}", said.en);
    assert_eq!(listing(&out), before);
    assert_eq!(fs::read_dir(&at).unwrap().count(), 1);
    assert_eq!(counts(&publish(&small, &out, "build").unwrap()), (0, 2, 0));
    drop(disk);
}

#[test]
fn an_output_that_is_a_mount_point_is_a_failure_that_says_so() {
    let scratch = Scratch::new("mount");
    let at = scratch.path("site");
    let Some(disk) = SmallDisk::mount(&at) else { return };
    let said = publish(&tree(&[("index.html", "1")]), &at, "build").unwrap_err().0;
    assert!(said.en.contains("mount point"), "{}", said.en);
    drop(disk);
    assert_eq!(scratch.names(), ["site"]);
}

#[test]
fn what_killed_runs_left_is_cleared_at_the_next() {
    let scratch = Scratch::new("left");
    let (out, site) = (scratch.path("site"), tree(&[("index.html", "1")]));
    publish(&site, &out, "build").unwrap();
    scratch.write(&format!(".site.new-4000001/{MARKER}"), "");
    scratch.write(".site.new-4000001/a/half.html", "half");
    scratch.write(".site.lock", "build\n4000001\nhere\n2026-01-01T00:00:00Z\n");
    assert_eq!(counts(&publish(&site, &out, "build").unwrap()), (0, 1, 0));
    assert_eq!(scratch.names(), ["site"]);
}

#[test]
fn a_reader_sees_the_old_site_or_the_new_one_and_never_a_mixture() {
    let scratch = Scratch::new("atomic");
    let out = scratch.path("site");
    let of = |round: usize| {
        let text = format!("{round} ").repeat(5000);
        tree(&[("a.html", &text), ("deep/b.html", &text)])
    };
    publish(&of(0), &out, "build").unwrap();
    let (done, seen) = (AtomicBool::new(false), std::sync::atomic::AtomicUsize::new(0));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::SeqCst) {
                // By path: there is always a site, and its files are whole.
                let whole = fs::read_to_string(out.join("a.html")).unwrap();
                let first = whole.split(' ').next().unwrap();
                assert_eq!(whole, format!("{first} ").repeat(5000));
                // Through one open folder: both files are of one build. A file may be missing only once that folder
                // has been taken away and is being removed.
                let folder = open(&out, OFlags::RDONLY | OFlags::DIRECTORY, Mode::empty()).unwrap();
                let inode = rustix::fs::fstat(&folder).unwrap().st_ino;
                let texts = ["a.html", "deep/b.html"].map(|path| {
                    let mut text = String::new();
                    let mut file = File::from(openat(&folder, path, OFlags::RDONLY, Mode::empty()).ok()?);
                    file.read_to_string(&mut text).ok()?;
                    Some(text)
                });
                match texts {
                    [Some(a), Some(b)] => {
                        assert_eq!(a, b);
                        seen.fetch_add(1, Ordering::SeqCst);
                    }
                    _ => assert_ne!(out.metadata().unwrap().ino(), inode, "a file is missing from the site in place"),
                }
            }
        });
        for round in 1..=50 {
            assert_eq!(publish(&of(round), &out, "build").unwrap().written, 2);
        }
        done.store(true, Ordering::SeqCst);
    });
    assert!(seen.load(Ordering::SeqCst) > 50, "the reader saw {} sites", seen.load(Ordering::SeqCst));
    assert_eq!(scratch.names(), ["site"]);
}

#[test]
fn sha256sum_accepts_a_published_site_and_finds_a_changed_byte() {
    let scratch = Scratch::new("sums");
    let out = scratch.path("site");
    let site =
        tree(&[("index.html", "1"), ("记录/2026 年 10 月.html", "2"), ("-dash", "3"), ("a\"b'.html", ""), ("*x", "4")]);
    publish(&finished(site), &out, "build").unwrap();
    let check = || {
        let args = ["-c", "--strict", "--quiet", SUMS];
        Command::new("sha256sum").args(args).current_dir(&out).output().unwrap()
    };
    let good = check();
    assert!(good.status.success(), "{}", String::from_utf8_lossy(&good.stderr));
    assert!(good.stdout.is_empty() && good.stderr.is_empty());
    fs::write(out.join("index.html"), "0").unwrap();
    assert!(!check().status.success());
}

/// The variable by which [`a_killed_run_leaves_a_whole_site`] tells its child where to publish.
const OUTPUT: &str = "WELLKEPT_TEST_OUTPUT";

fn round(number: usize) -> SiteTree {
    let text = format!("{number} ").repeat(2000);
    let mut tree = tree(&[("same.html", "same")]);
    for page in 0..30 {
        tree.add(format!("{}/{page}.html", page % 3), text.as_str()).unwrap();
    }
    tree
}

#[test]
#[ignore = "publishes until it is killed; run by a_killed_run_leaves_a_whole_site"]
fn publishes_until_killed() {
    let out = PathBuf::from(std::env::var_os(OUTPUT).unwrap());
    for number in 0.. {
        publish(&round(number), &out, "build").unwrap();
    }
}

#[test]
fn a_killed_run_leaves_a_whole_site() {
    let scratch = Scratch::new("killed");
    let out = scratch.path("site");
    let mut in_the_middle = 0;
    for delay in 0..25 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["world::publish::tests::publishes_until_killed", "--exact", "--ignored"])
            .env(OUTPUT, &out)
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_micros(20_000 + delay * 1_370));
        child.kill().unwrap();
        assert!(!child.wait().unwrap().success());
        in_the_middle += usize::from(scratch.names().iter().any(|name| name.contains(".new-")));
        if out.exists() {
            let site = listing(&out);
            assert_eq!(site.iter().filter(|(path, _)| !path.ends_with('/')).count(), 32);
            let first = site.iter().find(|(path, _)| path == "0/0.html").map(|(_, text)| text.clone()).unwrap();
            let number = first.split(' ').next().unwrap().parse().unwrap();
            let whole = round(number);
            assert!(whole.iter().all(|(path, text)| fs::read(out.join(path)).unwrap() == text));
        }
    }
    assert!(out.exists() && in_the_middle > 0, "killed in the middle {in_the_middle} times");
    publish(&round(0), &out, "build").unwrap();
    assert_eq!(scratch.names(), ["site"]);
}
