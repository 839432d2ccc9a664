//! The standards that come with the program, embedded as they stand in `standards/`.

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};

static OA: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/standards/oa-maintenance");

/// The names of the built-in standards.
pub const BUILTIN: &[&str] = &["oa-maintenance"];

/// The files of a built-in standard, by the path at which they would stand in a workspace.
pub fn builtin(name: &str) -> Option<BTreeMap<String, String>> {
    let dir = match name {
        "oa-maintenance" => &OA,
        _ => return None,
    };
    let mut files = BTreeMap::new();
    gather(dir, name, &mut files);
    Some(files)
}

fn gather(dir: &Dir<'_>, name: &str, files: &mut BTreeMap<String, String>) {
    for file in dir.files() {
        if let (Some(path), Some(text)) = (file.path().to_str(), file.contents_utf8()) {
            files.insert(format!("standards/{name}/{path}"), text.to_owned());
        }
    }
    for inner in dir.dirs() {
        gather(inner, name, files);
    }
}
