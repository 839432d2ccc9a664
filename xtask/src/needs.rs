//! What the tests need beside Rust: installed where it is missing and where that is allowed, and else told.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A program or a font, and the Debian package that brings it.
struct Need {
    what: &'static str,
    package: &'static str,
    there: fn() -> bool,
}

/// What the tests of the archive take: everything that an auditor would use.
const STOCK: &[Need] = &[
    Need { what: "ssh-keygen", package: "openssh-client", there: || found("ssh-keygen").is_some() },
    Need { what: "openssl", package: "openssl", there: || found("openssl").is_some() },
    Need { what: "jq", package: "jq", there: || found("jq").is_some() },
    Need { what: "python3", package: "python3", there: || found("python3").is_some() },
];

const BROWSER: &[Need] = &[
    Need { what: "chromium", package: "chromium", there: || chromium().is_some() },
    Need { what: "Noto Sans CJK", package: "fonts-noto-cjk", there: han },
    Need { what: "java", package: "default-jre-headless", there: || found("java").is_some() },
    Need { what: "node", package: "nodejs", there: || found("node").is_some() },
    Need { what: "npm", package: "npm", there: || found("npm").is_some() },
    Need { what: "pdftotext", package: "poppler-utils", there: || found("pdftotext").is_some() },
];

const EXPORT: &[Need] = &[
    Need { what: "sqlite3", package: "sqlite3", there: || found("sqlite3").is_some() },
    Need { what: "python3", package: "python3", there: || found("python3").is_some() },
    Need { what: "python3's venv", package: "python3-venv", there: venv },
];

/// Whether an environment of Python's own can be made: Debian keeps the half of it in a package apart.
fn venv() -> bool {
    let asked = Command::new("python3").args(["-c", "import ensurepip, venv"]).output();
    asked.is_ok_and(|out| out.status.success())
}

/// Where a program is on the path.
fn found(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// The browser: the one that `CHROMIUM` names, else the system's.
pub fn chromium() -> Option<PathBuf> {
    match env::var_os("CHROMIUM") {
        Some(named) => Some(PathBuf::from(named)).filter(|file| file.is_file()),
        None => found("chromium"),
    }
}

/// Whether a font is there that has Han characters: without one every line on a picture is boxes of another width.
fn han() -> bool {
    let listed = Command::new("fc-list").args([":lang=zh-cn", "family"]).output();
    listed.is_ok_and(|out| !out.stdout.is_empty()) || Path::new("/usr/share/fonts/opentype/noto").is_dir()
}

/// Makes sure of the browser and of what judges its pages.
pub fn browser() -> Result<(), String> {
    programs(BROWSER)
}

/// Makes sure of what judges the exports, and gives the Python that has the validators: an environment below `target/`,
/// made anew where the list of packages is another.
pub fn export(root: &Path) -> Result<PathBuf, String> {
    programs(EXPORT)?;
    let (folder, list) = (root.join("target/export-venv"), root.join("tests/export/requirements.txt"));
    let (python, installed) = (folder.join("bin/python"), folder.join("installed.txt"));
    let wanted = fs::read(&list).map_err(|why| format!("{}: {why}", list.display()))?;
    if fs::read(&installed).is_ok_and(|there| there == wanted) {
        return Ok(python);
    }
    let done = |command: &mut Command, what: &str| match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(format!("{what} failed")),
        Err(why) => Err(format!("{what}: {why}")),
    };
    done(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder), "python3 -m venv")?;
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]);
    done(pip.arg(&list), "pip install: it needs a package registry, once, and")?;
    fs::write(&installed, wanted).map_err(|why| format!("{}: {why}", installed.display()))?;
    Ok(python)
}

/// Makes sure of the stock programs by which seals are made and checked.
pub fn stock() -> Result<(), String> {
    programs(STOCK)
}

fn programs(needs: &[Need]) -> Result<(), String> {
    let missing: Vec<&Need> = needs.iter().filter(|need| !(need.there)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = missing.iter().map(|need| need.what).collect();
    let packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
    let by_hand = format!("apt-get install --no-install-recommends {}", packages.join(" "));
    println!("missing: {}; installing {}", names.join(", "), packages.join(" "));
    if found("apt-get").is_none() {
        return Err(format!(
            "{} missing, and there is no apt-get: install what brings them ({by_hand})",
            names.join(", ")
        ));
    }
    let apt = |args: &[&str]| {
        let mut command = if is_root() {
            Command::new("apt-get")
        } else {
            let mut sudo = Command::new("sudo");
            sudo.args(["-n", "apt-get"]);
            sudo
        };
        command.args(args).env("DEBIAN_FRONTEND", "noninteractive").status().is_ok_and(|status| status.success())
    };
    let installed = apt(&["-qq", "update"])
        && apt(&[&["-qq", "-y", "install", "--no-install-recommends"][..], &packages[..]].concat());
    let still: Vec<&str> = missing.iter().filter(|need| !(need.there)()).map(|need| need.what).collect();
    match (installed, still.as_slice()) {
        (_, []) => Ok(()),
        (_, still) => Err(format!("{} missing and not installed; as root: {by_hand}", still.join(", "))),
    }
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|out| out.stdout.trim_ascii() == b"0")
}

/// Makes sure of the formatter and the linter, which a minimal toolchain lacks.
pub fn components() -> Result<(), String> {
    let there = |name: &str| {
        let asked = Command::new("cargo").args([name, "--version"]).output();
        asked.is_ok_and(|out| out.status.success())
    };
    for (command, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if !there(command) {
            let added = Command::new("rustup").args(["component", "add", component]).status();
            if !added.is_ok_and(|status| status.success()) || !there(command) {
                return Err(format!("cargo {command} is missing: rustup component add {component}"));
            }
        }
    }
    Ok(())
}

/// Installs the packages of the browser tests as their lock file has them.
pub fn packages(folder: &Path) -> Result<(), String> {
    let (lock, installed) = (folder.join("package-lock.json"), folder.join("node_modules/.package-lock.json"));
    let age = |path: &Path| path.metadata().and_then(|meta| meta.modified()).ok();
    // What was installed after the lock file was last written is what it asks for.
    if age(&installed).is_some_and(|then| age(&lock).is_some_and(|written| then > written)) {
        return Ok(());
    }
    let done = Command::new("npm").arg("ci").current_dir(folder).status();
    match done {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err("npm ci failed: it needs a package registry, once".to_owned()),
        Err(why) => Err(format!("npm: {why}")),
    }
}
