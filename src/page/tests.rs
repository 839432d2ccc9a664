//! Small archives for the tests of pages.

use crate::pipeline::{When, judge};
use crate::source::Sources;

use super::Book;

/// One system that is watched by day and by night.
pub const CONFIG: &str = r#"
[site]
title = "档案"
organisation = "示范单位"
timezone = "Asia/Shanghai"
[standard]
use = "oa-maintenance"
[[shift]]
id = "day"
start = "08:00"
end = "20:00"
[[system]]
id = "oa"
name = "办公系统"
owner = "管理员甲"
in_service = 2026-01-01
shifts = ["day"]
"#;

/// Judges an archive of these files and looks at its book.
pub fn with<T>(files: &[(&str, &str)], as_of: &str, then: impl FnOnce(&Book<'_>) -> T) -> T {
    with_config(CONFIG, files, as_of, then)
}

/// The same with settings of its own.
pub fn with_config<T>(config: &str, files: &[(&str, &str)], as_of: &str, then: impl FnOnce(&Book<'_>) -> T) -> T {
    let settings = [("wellkept.toml", config)];
    let all = files.iter().chain(&settings);
    let sources = Sources::of_memory(all.map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())));
    let judged = judge(&sources, &When::Said(as_of.to_owned())).unwrap();
    then(&crate::pipeline::book(&sources, &judged, "0123456789abcdef".to_owned()))
}
