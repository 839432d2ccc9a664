//! The standards that come with the program, embedded as they stand in `standards/`.

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};

static OA: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/standards/oa-maintenance");
static ISO: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/standards/iso-27001-operations");

/// The names of the built-in standards.
pub const BUILTIN: &[&str] = &["oa-maintenance", "iso-27001-operations"];

/// The kinds of `oa-maintenance` that `iso-27001-operations` uses beside its own. There is one text of each; whoever
/// copies a standard out gets them with it.
const SHARED: &[&str] = &[
    "access",
    "backup",
    "evaluation",
    "fault",
    "improvement",
    "outage",
    "runbook",
    "scan",
    "shift",
    "training",
    "update",
    "waiver",
];

/// The files of a built-in standard, by the path at which they would stand in a workspace.
pub fn builtin(name: &str) -> Option<BTreeMap<String, String>> {
    let (dir, shared) = match name {
        "oa-maintenance" => (&OA, &[][..]),
        "iso-27001-operations" => (&ISO, SHARED),
        _ => return None,
    };
    let mut files = BTreeMap::new();
    gather(dir, name, &mut files);
    for kind in shared {
        let path = format!("kinds/{kind}.toml");
        let text = OA.get_file(&path).and_then(|file| file.contents_utf8());
        files.extend(text.map(|text| (format!("standards/{name}/{path}"), text.to_owned())));
    }
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
