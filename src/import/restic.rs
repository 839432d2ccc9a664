//! restic: what `restic snapshots --json` lists, and what `restic backup --json` printed, with its stderr and exit code.
//!
//! A snapshot is only there when a run got that far: a list of snapshots knows nothing of runs that failed, and a
//! snapshot that lacks files looks like any other. The output of the run itself knows; but before restic 0.17 it has
//! neither a time nor a host, which the snapshot of the same id has. So both may be given, and become one record.

use serde_json::Value;

use crate::finding::Finding;
use crate::say;
use crate::say::Said;
use crate::source::Place;

use super::reading::json::{self, Json};
use super::reading::lines::{another, lines, quoted};
use super::reading::{Draft, Input, Told, line, slug, syntax, value};
use super::{How, Source};

/// restic.
pub static SOURCE: Source = Source {
    name: "restic",
    kinds: &["backup"],
    about: (
        "snapshots --json 的列表；backup --json 的输出，连同同名的 .stderr 和 .rc（退出码）",
        "the list of snapshots --json; the output of backup --json, with .stderr and .rc (exit code) beside it",
    ),
    export: "restic snapshots --json > snapshots.json · restic backup … --json > run.ndjson 2> run.stderr; echo $? > run.rc",
    beside: &[".rc", ".exit", ".stderr", ".err"],
    how: How::Code(read),
};

/// What restic says on stderr of a run that went well.
const HARMLESS: [&str; 6] = [
    "using parent snapshot",
    "no parent snapshot found",
    "created new cache",
    "repository ",
    "open repository",
    "found ",
];

fn read(inputs: &[Input], told: &mut Told<'_>) {
    let mut listed = None;
    for input in inputs {
        match shape(input) {
            Shape::Snapshots => listed = snapshots(input, told).or(listed),
            Shape::Run => run(input, told),
            Shape::Other(what) => told.findings.push(another(
                input,
                &what,
                Said::new("请用 restic snapshots --json 导出", "export with restic snapshots --json"),
            )),
        }
    }
    if let Some(place) = listed {
        told.note(
            place,
            Said::new(
                "快照列表里没有失败的备份，不完整的快照也看不出来：一律记为成功；要有失败的记录，请导入 backup --json 的输出和退出码",
                "a list of snapshots has no failed runs, and an incomplete snapshot looks like any other: each is recorded \
                 as a success; for the failures import the output of backup --json with its exit code",
            ),
        );
    }
}

enum Shape {
    Snapshots,
    Run,
    Other(Said),
}

/// What a file is, by how it begins. An output that is empty is one of a run that printed nothing.
fn shape(input: &Input) -> Shape {
    let start = input.bytes.trim_ascii_start();
    let start = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start);
    let head = String::from_utf8_lossy(&start[..start.len().min(4096)]);
    let has = |key: &str| head.contains(&format!("\"{key}\""));
    match head.chars().next() {
        Some('[') if has("matches") && has("hits") => Shape::Other(Said::new("find 的输出", "output of find")),
        Some('[') if has("keep") => Shape::Other(Said::new("forget 的输出", "output of forget")),
        Some('[') => Shape::Snapshots,
        Some('{') if has("struct_type") => Shape::Other(Said::new("ls 的输出", "output of ls")),
        Some('{') if has("total_size") => Shape::Other(Said::new("stats 的输出", "output of stats")),
        Some('{') if has("modifier") || has("source_snapshot") => {
            Shape::Other(Said::new("diff 的输出", "output of diff"))
        }
        _ => Shape::Run,
    }
}

/// Reads a list of snapshots; answers the place of the first.
fn snapshots(input: &Input, told: &mut Told<'_>) -> Option<Place> {
    let read = Json::open(input).and_then(|json| {
        let items = json.root()?.items().unwrap_or_default();
        Ok(items.into_iter().map(|item| (item.place(), item.value())).collect::<Vec<_>>())
    });
    let items = match read {
        Ok(items) => items,
        Err(finding) => {
            told.findings.push(finding);
            return None;
        }
    };
    if items.is_empty() {
        told.note(input.place(), Said::new("列表中没有快照", "the list has no snapshots"));
    }
    let first = items.first().map(|(place, _)| place.clone());
    for (place, item) in items {
        let made = item.and_then(|item| snapshot(&item, &place, told));
        told.take(made);
    }
    first
}

fn snapshot(item: &Value, place: &Place, told: &mut Told<'_>) -> Result<Draft, Finding> {
    let id = snapshot_id(item, &["id"])
        .ok_or_else(|| value(place.clone(), Said::new("没有快照编号（id）", "it has no snapshot id")))?;
    let summary = json::at(item, &["summary"]);
    let start = told.time(json::text(item, &["time"]).unwrap_or_default(), place)?;
    let end = told.time(json::text(summary, &["backup_end"]).unwrap_or_default(), place)?;
    let kind = if json::text(item, &["parent"]).is_some() { "incremental" } else { "full" };
    let (paths, tags) = (json::texts(item, &["paths"]), json::texts(item, &["tags"]));
    let mut draft = Draft::new("backup", slug([&id[..8]]), place.clone())
        .named(json::text(item, &["hostname"]))
        .named(tags.clone())
        .may("started_at", start.map(|at| told.ground.stamp(at)))
        .may("finished_at", end.map(|at| told.ground.stamp(at)))
        .may("size", json::integer(summary, &["total_bytes_processed"]).map(|n| n.to_string()))
        .may("operator", json::text(item, &["username"]))
        .may("checksum", (id.len() == 64).then(|| format!("sha256:{id}")))
        .assume("type", kind)
        .assume("result", "success")
        .note(list("路径", "paths", &paths))
        .note(list("标签", "tags", &tags));
    draft.lacking = Some(say!("快照没有可用的时间", "the snapshot has no time that can be used"));
    Ok(draft)
}

fn list(zh: &str, en: &str, items: &[String]) -> Option<Said> {
    let items = quoted(&items.join(", "));
    (!items.is_empty()).then(|| say!("{zh}：{items}", "{en}: {items}"))
}

/// The id of a snapshot: eight hexadecimal digits at least, of which the first eight make the id of the record. Older
/// releases print no more of it after a backup.
fn snapshot_id(item: &Value, path: &[&str]) -> Option<String> {
    let id = json::text(item, path)?.trim();
    let whole = (8..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_hexdigit());
    whole.then(|| id.to_ascii_lowercase())
}

/// How a run ended: what lies beside its output.
struct Ending {
    code: Option<i64>,
    /// What was said that makes it less than a success.
    troubles: Vec<String>,
    /// Why it failed, where restic says so itself.
    fatal: Option<String>,
}

fn run(input: &Input, told: &mut Told<'_>) {
    let mut ending = Ending { code: None, troubles: Vec::new(), fatal: None };
    let mut summaries = Vec::new();
    if !input.bytes.trim_ascii().is_empty() {
        for (number, text) in lines(input, told) {
            match json::object(text) {
                Some(message) if json::text(&message, &["message_type"]) == Some("summary") => {
                    summaries.push((number, message));
                }
                Some(message) => ending.hear(&message),
                None if text.trim().is_empty() => {}
                None => {
                    let why = Said::new("不是 backup --json 的输出", "this is no output of backup --json");
                    told.findings.push(syntax(line(input, number), why));
                    return;
                }
            }
        }
    }
    for (name, file) in &input.beside {
        let text = String::from_utf8_lossy(&file.bytes);
        match name.as_str() {
            ".rc" | ".exit" => ending.code = exit_code(&text),
            _ => text.lines().for_each(|line| ending.listen(line)),
        }
    }
    if summaries.is_empty() {
        let made = failed(input, &ending, told);
        told.take(made);
    }
    for (number, message) in summaries {
        let made = summary(&message, &ending, &line(input, number), told);
        told.take(made);
    }
}

/// The number in `0`, `exit=3` or `rc 1`.
pub(super) fn exit_code(text: &str) -> Option<i64> {
    let text = text.trim();
    let digits = text.rfind(|c: char| !c.is_ascii_digit()).map_or(text, |at| &text[at + 1..]);
    digits.parse().ok()
}

impl Ending {
    /// A message that restic printed as JSON.
    fn hear(&mut self, message: &Value) {
        match json::text(message, &["message_type"]) {
            Some("error") => {
                let what = ["message", "Op"].iter().find_map(|key| json::text(message, &["error", key]));
                let item = json::text(message, &["item"]).unwrap_or_default();
                self.troubles.push(quoted(&format!("{item}: {}", what.unwrap_or("error"))));
            }
            Some("exit_error") => {
                self.code = self.code.or_else(|| json::integer(message, &["code"]));
                self.fatal = json::text(message, &["message"]).map(quoted);
            }
            _ => {}
        }
    }

    /// A line of stderr.
    fn listen(&mut self, text: &str) {
        let text = text.trim();
        if let Some(message) = json::object(text) {
            return self.hear(&message);
        }
        if text.starts_with("Fatal:") {
            self.fatal = Some(quoted(text));
        } else if !text.is_empty() && !HARMLESS.iter().any(|start| text.starts_with(start)) {
            self.troubles.push(quoted(text));
        }
    }

    /// Exit code 3 is an incomplete snapshot; any other but 0 is a failure (restic manual, "Exit codes").
    fn result(&self) -> &'static str {
        match self.code {
            Some(code) if code != 0 && code != 3 => "failed",
            _ if self.fatal.is_some() => "failed",
            Some(3) => "partial",
            _ if !self.troubles.is_empty() => "partial",
            _ => "success",
        }
    }

    fn note(&self) -> Option<Said> {
        let said = self.fatal.iter().chain(&self.troubles).take(3).cloned().collect::<Vec<_>>().join(" / ");
        let code = self.code.filter(|code| *code != 0).map(|code| say!("退出码 {code}", "exit code {code}"));
        match (code, said.is_empty()) {
            (None, true) => None,
            (Some(code), true) => Some(code),
            (None, false) => Some(Said::same(said)),
            (Some(code), false) => Some(code.map(|code| format!("{code}: {said}"))),
        }
    }
}

fn summary(message: &Value, ending: &Ending, place: &Place, told: &mut Told<'_>) -> Result<Draft, Finding> {
    let id = snapshot_id(message, &["snapshot_id"]).ok_or_else(|| {
        let why = Said::new("这次运行没有存下快照（没有 snapshot_id）", "this run saved no snapshot (no snapshot_id)");
        value(place.clone(), why).help(Said::new(
            "--dry-run 的输出，或没有变化而被跳过的备份，不是备份记录",
            "the output of --dry-run, or of a backup skipped because nothing changed, is no backup",
        ))
    })?;
    let start = told.time(json::text(message, &["backup_start"]).unwrap_or_default(), place)?;
    let end = told.time(json::text(message, &["backup_end"]).unwrap_or_default(), place)?;
    let (total, new) = (json::integer(message, &["total_files_processed"]), json::integer(message, &["files_new"]));
    let kind = if total == new { "full" } else { "incremental" };
    if total == Some(0) {
        told.note(place.clone(), say!("快照 {id} 里一个文件也没有", "the snapshot {id} has not a single file in it"));
    }
    let mut draft = Draft::new("backup", slug([&id[..8]]), place.clone())
        .may("started_at", start.map(|at| told.ground.stamp(at)))
        .may("finished_at", end.map(|at| told.ground.stamp(at)))
        .may("size", json::integer(message, &["total_bytes_processed"]).map(|n| n.to_string()))
        .may("checksum", (id.len() == 64).then(|| format!("sha256:{id}")))
        .assume("type", kind)
        .set("result", ending.result())
        .note(ending.note());
    draft.lacking = Some(Said::new(
        "restic 0.17 之前的输出没有时间：请把同一仓库的 restic snapshots --json 一起给出",
        "the output of restic before 0.17 has no time: give restic snapshots --json of the same repository as well",
    ));
    Ok(draft)
}

/// A run that saved nothing. It is a failed backup, if something says when it was.
fn failed(input: &Input, ending: &Ending, told: &Told<'_>) -> Result<Draft, Finding> {
    if ending.result() != "failed" {
        let why = Said::new(
            "没有 summary，也没有说明失败的退出码：无法知道备份是否完成",
            "there is no summary and no exit code that tells of a failure: whether the backup was made is not known",
        );
        return Err(value(input.place(), why));
    }
    let note = ending.note().unwrap_or_default();
    let Some(start) = told.ground.said("started_at") else {
        let (zh, en) = (&note.zh, &note.en);
        let why = say!("备份失败（{zh}），但没有说明是什么时候", "the backup failed ({en}), and nothing says when");
        return Err(value(input.place(), why).help(Said::new(
            "请加上开始时间，例如 --set started_at=2026-11-23T03:00",
            "say when it began, such as --set started_at=2026-11-23T03:00",
        )));
    };
    let figures: String = start.chars().filter(char::is_ascii_digit).collect();
    Ok(Draft::new("backup", slug(["failed", &figures, input.stem()]), input.place())
        .set("result", "failed")
        .assume("type", "incremental")
        .note(Some(note)))
}

#[cfg(test)]
mod tests {
    use crate::import::testing::{cell, drafts, read_set, refusals};

    const LIST: &str = r#"[
 {"time":"2026-10-05T03:00:00.5Z","parent":"aa","paths":["/srv"],"hostname":"web-01","username":"root",
  "tags":["daily"],"id":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"},
 {"time":"2026-10-06T03:00:00Z","hostname":"web-01","id":"fedcba9876543210",
  "summary":{"backup_start":"2026-10-06T03:00:00Z","backup_end":"2026-10-06T03:10:00Z","total_bytes_processed":42}},
 {"time":"0001-01-01T00:00:00Z","id":"aaaaaaaabbbb"},
 {"time":"2026-10-07T03:00:00Z","id":"not hex"}
]"#;

    #[test]
    fn a_list_of_snapshots() {
        let found = drafts("restic", &[("s.json", LIST)]);
        assert_eq!(found.len(), 3);
        assert_eq!((found[0].tail.as_str(), found[0].place.line), ("01234567", 2));
        assert_eq!(cell(&found[0], "started_at"), "2026-10-05T11:00:00+08:00");
        assert_eq!((cell(&found[0], "type"), cell(&found[0], "result")), ("incremental", "success"));
        assert!(cell(&found[0], "checksum").starts_with("sha256:0123"));
        assert_eq!((cell(&found[1], "type"), cell(&found[1], "size")), ("full", "42"));
        assert_eq!(cell(&found[1], "finished_at"), "2026-10-06T11:10:00+08:00");
        assert_eq!(cell(&found[2], "started_at"), "", "a date that stands for none is none");
        assert!(refusals("restic", &[("s.json", LIST)])[0].contains("no snapshot id"));
    }

    const OUT: &str = "{\"message_type\":\"status\"}\n{\"message_type\":\"summary\",\"files_new\":1,\
        \"total_files_processed\":28,\"total_bytes_processed\":9,\"snapshot_id\":\"0123abcd\"}\n";

    fn result(rc: &str, stderr: &str) -> String {
        let found = drafts("restic", &[("r.ndjson", OUT), ("r.rc", rc), ("r.stderr", stderr)]);
        cell(&found[0], "result").to_owned()
    }

    #[test]
    fn an_exit_code_of_zero_is_not_enough() {
        assert_eq!(result("exit=0", ""), "success");
        assert_eq!(result("0", "using parent snapshot 0123abcd"), "success");
        assert_eq!(result("0", "/srv/gone does not exist, skipping"), "partial");
        assert_eq!(result("3", ""), "partial");
        let denied = r#"{"message_type":"error","error":{"Op":"open","Path":"b"},"during":"archival","item":"/srv/b"}"#;
        assert_eq!(result("0", denied), "partial");
        assert_eq!(result("1", ""), "failed");
        assert_eq!(result("0", r#"{"message_type":"exit_error","code":11,"message":"locked"}"#), "failed");
    }

    #[test]
    fn a_run_and_its_snapshot_are_told_apart_by_nothing_and_become_one() {
        let found = drafts("restic", &[("r.ndjson", OUT)]);
        assert_eq!((found[0].tail.as_str(), cell(&found[0], "started_at")), ("0123abcd", ""));
        assert!(found[0].lacking.as_ref().unwrap().en.contains("snapshots --json"));
    }

    #[test]
    fn a_run_that_printed_nothing_is_a_failure_only_where_its_code_says_so() {
        let files =
            [("r.ndjson", ""), ("r.rc", "exit=1\n"), ("r.stderr", "Fatal: all target directories do not exist\n")];
        assert!(refusals("restic", &files)[0].contains("nothing says when"));
        let told = read_set("restic", &files, &[("started_at", "2026-10-05T03:00")]);
        assert_eq!(cell(&told[0], "result"), "failed");
        assert!(told[0].notes[0].en.contains("exit code 1") && told[0].notes[0].en.contains("Fatal"));
        assert!(refusals("restic", &[("r.ndjson", ""), ("r.rc", "0")])[0].contains("not known"));
    }

    #[test]
    fn other_outputs_are_named_as_what_they_are() {
        for (text, what) in [
            (r#"{"total_size":1,"snapshots_count":5}"#, "stats"),
            (r#"[{"matches":[],"hits":1}]"#, "find"),
            (r#"[{"tags":null,"keep":[]}]"#, "forget"),
            (r#"{"name":"tmp","struct_type":"node"}"#, "ls"),
            (r#"{"message_type":"change","modifier":"-"}"#, "diff"),
            ("plain text", "no output of backup"),
            ("[{\"time\"", "ends in the middle"),
        ] {
            let why = refusals("restic", &[("x", text)]);
            assert!(why[0].contains(what), "{text}: {why:?}");
        }
    }
}
