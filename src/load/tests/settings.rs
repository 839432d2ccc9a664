//! What a workspace says of its files, and how large they may be.

use super::{TABLE, read, read_with};
use crate::finding::Severity;
use crate::ledger::Value;

const HEADER: &str = "id,system,started_at,type,result,notes\n";

fn backup(rows: &str) -> Vec<u8> {
    format!("{HEADER}{rows}").into_bytes()
}

#[test]
fn words_of_the_workspace_mean_values() {
    let rows = backup("B1,oa,2026-10-05 01:00,full,搞定,\nB2,oa,2026-10-05 02:00,full,ok了,\n");
    assert_eq!(read("records/backup/a.csv", &rows).counts("backup"), (0, 2));
    let settings = "[records.backup.values.result]\nsuccess = [\"搞定\", \"OK了\"]";
    let read = read_with(settings, "records/backup/a.csv", &rows);
    assert_eq!((read.counts("backup"), read.errors()), ((2, 0), Vec::new()));
    let at = read.kind("backup");
    let result = read.standard.kinds[at].field("result").unwrap();
    let code = read.standard.kinds[at].choices(result).iter().position(|c| c.name == "success").unwrap();
    assert_eq!(read.ledger.tables[at].get(1, result), Value::Code(code as u16));
}

#[test]
fn a_word_for_nothing_may_be_a_value() {
    let rows = backup("B1,oa,2026-10-05 01:00,full,-,\n");
    let bare = read("records/backup/a.csv", &rows);
    assert!(bare.errors()[0].ends_with("result: required, and there is no value"), "{:?}", bare.errors());
    let settings = "[records.backup.values.result]\nsuccess = [\"-\"]";
    assert_eq!(read_with(settings, "records/backup/a.csv", &rows).counts("backup"), (1, 0));
}

#[test]
fn a_date_with_two_readings_is_refused_with_both_and_the_key_that_decides() {
    let rows = backup("B1,oa,01/02/2026 01:00,full,success,\nB2,oa,25/12/2026 01:00,full,success,\n");
    let undecided = read("records/backup/a.csv", &rows);
    assert_eq!(undecided.counts("backup"), (1, 1));
    let wrong = undecided.findings.iter().find(|f| f.severity == Severity::Error).unwrap();
    assert!(wrong.message.en.contains("2026-01-02 (month first) or 2026-02-01 (day first)"), "{}", wrong.message.en);
    let help = wrong.help.clone().unwrap();
    assert!(help.en.contains("[records.backup] of wellkept.toml: date_order = \"dmy\""), "{}", help.en);
    assert!(help.zh.contains("date_order = \"dmy\"（日在前）"), "{}", help.zh);
    let at = undecided.kind("backup");
    let zone = crate::calendar::Zone::named("Asia/Shanghai").unwrap();
    for (order, day) in [("dmy", "2026-02-01 01:00"), ("mdy", "2026-01-02 01:00")] {
        let settings = format!("[records.backup]\ndate_order = \"{order}\"");
        let decided = read_with(&settings, "records/backup/a.csv", &rows);
        let first = decided.ledger.tables[at].instant(0, decided.standard.kinds[at].at, &zone).unwrap();
        assert_eq!(zone.local(first), day);
        assert_eq!(decided.counts("backup"), if order == "dmy" { (2, 0) } else { (1, 1) });
    }
}

#[test]
fn what_programs_write_where_there_is_no_time_is_absent_and_noted() {
    let rows = "id,system,started_at,finished_at,type,result\nB1,oa,2026-10-05 01:00,0001-01-01T00:00:00Z,full,success\n\
        B2,oa,1970-01-01T00:00:00Z,,full,success\n";
    let read = read("records/backup/a.csv", rows.as_bytes());
    assert_eq!(read.counts("backup"), (1, 1));
    let at = read.kind("backup");
    let finished = read.standard.kinds[at].field("finished_at").unwrap();
    assert_eq!(read.ledger.tables[at].get(0, finished), Value::Absent);
    assert!(read.errors()[0].ends_with("started_at: required, and there is no value"), "{:?}", read.errors());
    assert!(read.notes()[0].contains("where there is no time"), "{:?}", read.notes());
}

/// Each limit, what passes it, and what is said; the row beside it is read.
#[test]
fn each_limit_is_named_where_it_is_passed_and_the_rest_is_read() {
    let (good, last) = ("B1,oa,2026-10-05 01:00,full,success,ok\n", "B3,oa,2026-10-05 01:00,full,success,ok\n");
    let long = |n: usize| backup(&format!("{good}B2,oa,2026-10-05 01:00,full,success,{}\n{last}", "x".repeat(n)));
    let wide = |n: usize| format!("{}{}\n{good}", HEADER.trim_end(), ",x".repeat(n)).into_bytes();
    for (settings, bytes, said, counts) in [
        ("", long(256 << 10), "", (3, 0)),
        ("", long((256 << 10) + 1), "the cell is longer than the limit of 256 KiB (limits.field)", (2, 1)),
        ("field = 100", long(101), "the cell is longer than the limit of 100 (limits.field)", (2, 1)),
        ("field = \"1 MiB\"", long((256 << 10) + 1), "", (3, 0)),
        ("", long(2 << 20), "the line is longer than the limit of 1 MiB (limits.line)", (2, 1)),
        ("line = 300", long(300), "the line is longer than the limit of 300 (limits.line)", (2, 1)),
        ("line = \"4 MiB\"\nfield = \"4 MiB\"", long(2 << 20), "", (3, 0)),
        ("", wide(251), "257 columns; the limit (limits.columns) is 256", (0, 1)),
        ("columns = 6", wide(1), "7 columns; the limit (limits.columns) is 6", (0, 1)),
        ("table = 200", long(200), "the file has 354 bytes, more than the limit of 200 (limits.table)", (0, 0)),
    ] {
        let read = read_with(&format!("[limits]\n{settings}"), "records/backup/a.csv", &bytes);
        let errors = read.errors();
        let expected: &[&str] = if said.is_empty() { &[] } else { &[said] };
        assert_eq!(errors.len(), expected.len(), "{settings} {said}: {errors:?}");
        assert!(expected.iter().all(|said| errors[0].contains(said)), "{settings} {said}: {errors:?}");
        assert_eq!(read.counts("backup"), counts, "{settings} {said}: {errors:?}");
    }
}

#[test]
fn files_that_are_read_whole_have_a_limit_that_is_asked_before_they_are_opened() {
    let record = "---\nid: F-1\nsystem: oa\nreported_at: 2026-10-05 01:00\nsummary: 打不开\n---\n正文\n";
    let path = "records/fault/a.md";
    assert_eq!(read(path, record.as_bytes()).counts("fault"), (1, 0));
    for (settings, said) in [
        ("file = 20", "the file has 83 bytes, more than the limit of 20 (limits.file), and is not read"),
        ("front_matter = 20", "the front matter has 68 bytes; the limit (limits.front_matter) is 20"),
    ] {
        let read = read_with(&format!("[limits]\n{settings}"), path, record.as_bytes());
        assert!(read.errors()[0].ends_with(said), "{:?}", read.errors());
        assert_eq!(read.counts("fault").0, 0);
    }
    let read = read_with("[limits]\nfile = 20", "records/backup/a.xlsx", TABLE.as_bytes());
    assert!(read.errors()[0].ends_with("(limits.file), and is not read"), "{:?}", read.errors());
}
