//! What the tests of sources stand on: a small workspace, and reading without an archive.

use crate::calendar::Instant;
use crate::config::Config;
use crate::finding::Severity;

use super::{Chosen, Draft, Ground, Input, Told};

/// 2026-12-01 in Shanghai.
pub(super) const NOW: Instant = Instant(1_796_054_400);

/// The settings of a small workspace.
pub(super) const CONFIG: &str = r#"
[site]
title = "t"
timezone = "Asia/Shanghai"

[[system]]
id = "oa"
name = "办公系统"
in_service = 2020-01-01
hosts = ["web-01", "web-01/HTTP", "10.0.0.5"]

[[system]]
id = "mail"
name = "邮件系统"
in_service = 2020-01-01
hosts = ["mx-01"]
"#;

/// The small workspace.
pub(super) fn workspace() -> Config {
    Config::read(CONFIG.to_owned()).unwrap()
}

/// What exports are read with there.
pub(super) fn ground(config: &Config) -> Ground<'_> {
    Ground { config, zone: &config.site.zone, system: None, set: &[], as_of: NOW }
}

fn told<T>(source: &str, files: &[(&str, &str)], set: &[(&str, &str)], answer: impl Fn(Told<'_>) -> T) -> T {
    let config = workspace();
    let set: Vec<(String, String)> = set.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    let given = files.iter().map(|(name, text)| Input::new(*name, text.as_bytes())).collect();
    answer(Chosen::named(source).unwrap().read(given, Ground { set: &set, ..ground(&config) }))
}

/// What a source makes of files.
pub(super) fn drafts(source: &str, files: &[(&str, &str)]) -> Vec<Draft> {
    told(source, files, &[], |told| told.drafts)
}

/// What a source makes of files with `--set`.
pub(super) fn read_set(source: &str, files: &[(&str, &str)], set: &[(&str, &str)]) -> Vec<Draft> {
    told(source, files, set, |told| told.drafts)
}

/// What a source refuses, in English.
pub(super) fn refusals(source: &str, files: &[(&str, &str)]) -> Vec<String> {
    said(source, files, Severity::Error)
}

/// What a source says beside, in English.
pub(super) fn notes(source: &str, files: &[(&str, &str)]) -> Vec<String> {
    said(source, files, Severity::Info)
}

fn said(source: &str, files: &[(&str, &str)], severity: Severity) -> Vec<String> {
    told(source, files, &[], |told| {
        told.findings.iter().filter(|f| f.severity == severity).map(|f| f.message.en.clone()).collect()
    })
}

/// What a draft says of a field; empty where nothing.
pub(super) fn cell<'d>(draft: &'d Draft, field: &str) -> &'d str {
    let assumed = || draft.assumed.iter().find(|(name, _)| name == field).map(|(_, value)| value.as_str());
    draft.value(field).or_else(assumed).unwrap_or_default()
}
