//! What borg prints, as JSON and as text, with how the run ended.

use crate::import::testing::{cell, drafts, read_set, refusals};

const ID: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

fn create(compressed: u32, deduplicated: u32) -> String {
    format!(
        "{{\"archive\": {{\"id\": \"{ID}\", \"name\": \"web-01-2026-10-05\", \"start\": \"2026-10-05T03:00:00.000000\",
          \"end\": \"2026-10-05T03:10:00.000000\", \"stats\": {{\"original_size\": 99, \"compressed_size\": {compressed},
          \"deduplicated_size\": {deduplicated}}}}}, \"repository\": {{\"location\": \"/srv/borg\"}}}}"
    )
}

fn result(files: &[(&str, &str)]) -> String {
    cell(&drafts("borg", files)[0], "result").to_owned()
}

#[test]
fn what_create_prints_with_how_it_ended() {
    let made = create(50, 50);
    let found = drafts("borg", &[("r.json", &made)]);
    assert_eq!((found[0].tail.as_str(), found[0].names.as_slice()), ("0123456789ab", &["web-01".to_owned()][..]));
    assert_eq!(cell(&found[0], "started_at"), "2026-10-05T03:00:00+08:00");
    assert_eq!((cell(&found[0], "size"), cell(&found[0], "location")), ("99", "/srv/borg"));
    assert_eq!((cell(&found[0], "type"), cell(&found[0], "result")), ("full", "success"));
    assert_eq!(cell(&drafts("borg", &[("r.json", &create(50, 3))])[0], "type"), "incremental");
    assert_eq!(result(&[("r.json", &made), ("r.rc", "1"), ("r.err", "x: open: Permission denied")]), "partial");
    assert_eq!(result(&[("r.json", &made), ("r.rc", "exit=2")]), "failed");
    let warned = r#"{"type": "log_message", "time": 1795460403.4, "message": "b: denied", "levelname": "WARNING"}"#;
    assert_eq!(result(&[("r.json", &made), ("r.log.ndjson", warned)]), "partial");
    let unread = r#"{"type": "file_status", "status": "E", "path": "b"}"#;
    assert_eq!(result(&[("r.json", &made), ("r.log", unread)]), "partial");
    assert_eq!(
        result(&[("r.json", &made), ("r.log", r#"{"type": "file_status", "status": "U", "path": "b"}"#)]),
        "success"
    );
}

#[test]
fn lists_as_json_and_as_text_give_one_id() {
    let list = format!(
        "{{\"archives\": [{{\"archive\": \"备份-1\", \"id\": \"{ID}\", \"time\": \"2026-10-05T03:00:00.000000\"}},
        {{\"name\": \"x.checkpoint.1\", \"id\": \"{}\", \"start\": \"2026-10-05T03:00:00\"}}]}}",
        ID.replace('0', "f")
    );
    let json = drafts("borg", &[("l.json", &list)]);
    let text = drafts("borg", &[("l.txt", &format!("备份-1           Mon, 2026-10-05 03:00:00 [{ID}]\n"))]);
    assert_eq!((&json[0].tail, cell(&json[0], "started_at")), (&text[0].tail, cell(&text[0], "started_at")));
    assert_eq!((cell(&json[0], "result"), cell(&json[1], "result")), ("success", "partial"));
    assert_eq!(cell(&json[0], "type"), "incremental");
}

#[test]
fn statistics_as_text() {
    let text = format!(
        "Archive name: one\nArchive fingerprint: {ID}\nTime (start): Mon, 2026-10-05 03:00:00\n\
        Time (end):   Mon, 2026-10-05 03:10:00\nNumber of files: 1\n\
                              Original size      Compressed size    Deduplicated size\n\
        This archive:                  1.5 kB                469 B                463 B\n\
        terminating with warning status, rc 1\n"
    );
    let found = drafts("borg", &[("s.txt", &text)]);
    assert_eq!((cell(&found[0], "size"), cell(&found[0], "result")), ("1.5 kB", "partial"));
    assert_eq!(cell(&found[0], "finished_at"), "2026-10-05T03:10:00+08:00");
}

#[test]
fn a_run_that_made_no_archive() {
    let log = r#"{"type": "log_message", "time": 1790985600.25, "message": "Archive one already exists", "levelname": "ERROR", "msgid": "Archive.AlreadyExists"}"#;
    let found = drafts("borg", &[("r.log", log), ("r.rc", "2")]);
    assert_eq!((found.len(), cell(&found[0], "result")), (1, "failed"), "an error is enough");
    let found = drafts("borg", &[("r.json", ""), ("r.log", log), ("r.rc", "2")]);
    assert_eq!((cell(&found[0], "result"), cell(&found[0], "started_at")), ("failed", "2026-10-03T08:00:00+08:00"));
    let plain = [("r.json", ""), ("r.err", "Archive one already exists"), ("r.rc", "exit=2")];
    assert!(refusals("borg", &plain)[0].contains("nothing says when"));
    assert_eq!(read_set("borg", &plain, &[("started_at", "2026-10-05 03:00")]).len(), 1);
    let prune = format!("Keeping archive (rule: daily #1):  one  Mon, 2026-10-05 03:00:00 [{ID}]\n");
    assert!(refusals("borg", &[("p.txt", &prune)])[0].contains("output of prune"));
    assert!(refusals("borg", &[("c.txt", "Starting repository check\n")])[0].contains("no archive in it"));
    assert!(refusals("borg", &[("i.json", "{\"cache\": {}}")])[0].contains("without archives"));
}
