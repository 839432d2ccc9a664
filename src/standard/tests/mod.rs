//! Tests of the standard: what is refused, and what the built-in one holds.

use std::collections::BTreeMap;

use crate::config::Config;
use crate::finding::Finding;

use super::{BUILTIN, Standard, builtin};

mod content;
mod refused;

const FOLDER: &str = "standards/oa-maintenance/";

/// A workspace that sets nothing, with lines of its own after it.
fn config(lines: &str) -> Config {
    let text = "[site]\ntitle = \"t\"\n\n[[system]]\nid = \"oa\"\nname = \"办公系统\"\nin_service = 2026-01-01\n";
    Config::read(format!("{text}\n{lines}\n")).unwrap()
}

fn built_in() -> BTreeMap<String, String> {
    builtin("oa-maintenance").unwrap()
}

fn read(files: BTreeMap<String, String>) -> Result<Standard, Vec<Finding>> {
    Standard::read(files, &config(""))
}
