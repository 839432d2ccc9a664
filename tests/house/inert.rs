//! Nothing that was typed is markup on a page, and nothing that was typed is invisible (safety.md, section 4).

use crate::program::must;
use crate::workspace::{Workspace, tree};

const HOSTILE: &str = "\u{202e}<b onx='1'>\u{2066}";

#[test]
fn what_is_typed_is_seen_on_every_page_and_is_never_markup() {
    let ws = Workspace::small(&format!(
        "-- records/backup/a.csv --\n\
         id,system,started_at,type,result,location,notes,{HOSTILE}\n\
         B1,oa,2026-04-01 02:00,full,success,{HOSTILE},{HOSTILE},{HOSTILE}\n\
         -- records/fault/f.md --\n\
         ---\nid: F1\nsystem: oa\nreported_at: 2026-04-01 08:00\nreporter: {HOSTILE}\nsummary: {HOSTILE}\nrunbook: r\n---\n\
         {HOSTILE}\n\
         -- content/runbooks/r.md --\n\
         ---\ntitle: {HOSTILE}\nowner: {HOSTILE}\nrisk: {HOSTILE}\ntags: [{HOSTILE}]\n{HOSTILE}: {HOSTILE}\n---\n{HOSTILE}\n\
         -- content/a/b.md --\n\
         ---\ntitle: {HOSTILE}\n---\n[x](../runbooks/r.md) [[runbook:r]]\n"
    ));
    must(ws.root(), &["build", "--as-of", "2026-04-01T12:00", "-q"], 0);
    let pages: Vec<(String, String)> = tree(&ws.path("site"))
        .into_iter()
        .filter(|(path, _)| path.ends_with(".html"))
        .map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap()))
        .collect();
    let shown = pages.iter().filter(|(_, text)| text.contains("U+202E")).count();
    assert!(shown >= 6, "{shown} pages show what was typed");
    for (path, text) in &pages {
        for hidden in ['\u{202e}', '\u{2066}'] {
            assert!(!text.contains(hidden), "{path}: U+{:04X} is there as it was typed", hidden as u32);
        }
        assert!(!text.contains("<b onx"), "{path}");
    }
}
