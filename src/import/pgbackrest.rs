//! pgBackRest: `info --output=json`, and the logs of `backup`. The information lists what is in the repository; only
//! the log knows of a run that failed.

use serde_json::Value;

use crate::calendar::Instant;
use crate::finding::Finding;
use crate::say;
use crate::say::Said;
use crate::source::Place;

use super::reading::json::{self, Json};
use super::reading::lines::{another, lines, quoted};
use super::reading::{Draft, Input, Told, line, slug, value};
use super::{How, Source};

/// pgBackRest.
pub static SOURCE: Source = Source {
    name: "pgbackrest",
    kinds: &["backup"],
    about: (
        "info --output=json 的备份列表；backup 的日志（其中有失败的备份）",
        "the backups of info --output=json; the logs of backup (which have the failed ones)",
    ),
    export: "pgbackrest info --output=json > info.json · /var/log/pgbackrest/STANZA-backup.log",
    beside: &[],
    how: How::Code(read),
};

fn read(inputs: &[Input], told: &mut Told<'_>) {
    for input in inputs {
        let start = input.bytes.trim_ascii_start();
        if start.starts_with(b"[") || start.starts_with(b"{") {
            if let Err(finding) = info(input, told) {
                told.findings.push(finding);
            }
        } else if start.starts_with(b"stanza:") {
            let what = Said::new("info 的文字输出", "the text output of info");
            let help = Said::new("请加 --output=json 再导出", "export again with --output=json");
            told.findings.push(another(input, &what, help));
        } else {
            log(input, told);
        }
    }
}

fn info(input: &Input, told: &mut Told<'_>) -> Result<(), Finding> {
    let json = Json::open(input)?;
    for stanza in json.root()?.items().unwrap_or_default() {
        let about = stanza.value()?;
        let name = json::text(&about, &["name"]).unwrap_or_default();
        let backups = stanza.list("backup");
        if backups.is_empty() {
            let why = json::text(&about, &["status", "message"]).unwrap_or("no backup");
            let said = say!("库组 {name} 没有备份：{why}", "the stanza {name} has no backup: {why}");
            told.findings.push(value(stanza.place(), said));
        }
        for part in backups {
            let made = part.value().and_then(|item| backup(&item, name, &part.place(), told));
            told.take(made);
        }
    }
    Ok(())
}

fn backup(item: &Value, stanza: &str, place: &Place, told: &mut Told<'_>) -> Result<Draft, Finding> {
    let label = Label::of(json::text(item, &["label"]).unwrap_or_default(), place)?;
    let time = |key: &str| match json::integer(item, &["timestamp", key]) {
        Some(seconds) => super::reading::epoch(seconds, place),
        None => Ok(None),
    };
    let (start, end) = (time("start")?, time("stop")?);
    let repository = json::integer(item, &["database", "repo-key"]).unwrap_or(1);
    let broken = json::at(item, &["error"]).as_bool() == Some(true);
    let notes = json::at(item, &["annotation"]).as_object().into_iter().flatten();
    let notes = notes.filter_map(|(key, text)| Some(format!("{key}: {}", text.as_str()?))).collect::<Vec<_>>();
    Ok(label
        .draft(stanza, repository, place)
        .may("started_at", start.map(|at| told.ground.stamp(at)))
        .may("finished_at", end.map(|at| told.ground.stamp(at)))
        .may("size", json::integer(item, &["info", "size"]).map(|n| n.to_string()))
        .set("result", if broken { "partial" } else { "success" })
        .note(broken.then(|| Said::new("数据页校验有错误（error = true）", "page checksums were wrong (error = true)")))
        .note((!notes.is_empty()).then(|| Said::same(quoted(&notes.join(", "))))))
}

/// `20261123-190220F_20261123-190229I`: when it began, by the clock of that machine, and what it is.
struct Label {
    text: String,
    kind: &'static str,
}

impl Label {
    fn of(text: &str, place: &Place) -> Result<Self, Finding> {
        let last = text.rsplit('_').next().unwrap_or_default();
        let (stamp, letter) = last.split_at_checked(15).unwrap_or_default();
        let fits = stamp.bytes().enumerate().all(|(at, b)| if at == 8 { b == b'-' } else { b.is_ascii_digit() });
        let kind = match letter {
            "F" => "full",
            "D" => "differential",
            "I" => "incremental",
            _ => "",
        };
        if stamp.is_empty() || !fits || kind.is_empty() {
            let shown = crate::value::shown(text.as_bytes());
            let why = say!("“{shown}”不是备份的标签", "\"{shown}\" is no label of a backup");
            return Err(value(place.clone(), why));
        }
        Ok(Self { text: text.to_owned(), kind })
    }

    /// When it began, as a local time.
    fn began(&self) -> String {
        let last = self.text.rsplit('_').next().unwrap_or_default();
        let (d, t) = (&last[..8], &last[9..15]);
        format!("{}-{}-{} {}:{}:{}", &d[..4], &d[4..6], &d[6..], &t[..2], &t[2..4], &t[4..])
    }

    fn draft(&self, stanza: &str, repository: i64, place: &Place) -> Draft {
        let repository = if repository == 1 { String::new() } else { format!("repo{repository}") };
        Draft::new("backup", slug([stanza, &self.text, &repository]), place.clone())
            .named([stanza])
            .set("type", self.kind)
    }
}

/// One run of `backup`, as its log tells it.
struct Run {
    place: Place,
    began: String,
    stanza: String,
    exec: String,
    wanted: &'static str,
    path: Option<String>,
    label: Option<Result<Label, Finding>>,
    size: Option<String>,
    troubles: Vec<String>,
    broken: bool,
}

fn log(input: &Input, told: &mut Told<'_>) {
    let (mut run, mut seen): (Option<Run>, bool) = (None, false);
    for (number, text) in lines(input, told) {
        let place = line(input, number);
        let Some(entry) = Entry::of(text) else {
            if let Some(run) = &mut run {
                run.hear(text.trim());
            }
            continue;
        };
        seen = true;
        if let Some(rest) = entry.said.strip_prefix("backup command begin ") {
            if let Some(cut) = run.replace(Run::begin(rest, entry.time, place)) {
                told.findings.push(cut.without_end());
            }
        } else if let Some(end) = entry.said.strip_prefix("backup command end: ") {
            if let Some(run) = run.take() {
                let made = run.end(end, entry.time, told);
                told.take(made);
            }
        } else if let Some(run) = &mut run {
            run.learn(&entry, &place);
        }
    }
    if let Some(cut) = run {
        told.findings.push(cut.without_end());
    }
    if !seen {
        let what = Said::new("别的文件，不是 pgBackRest 的日志", "another file and no log of pgBackRest");
        let help = Said::new("请给出 STANZA-backup.log", "give STANZA-backup.log");
        told.findings.push(another(input, &what, help));
    }
}

/// A line of the log: `2026-11-23 19:02:20.111 P00   INFO: …`.
struct Entry<'t> {
    time: &'t str,
    level: &'t str,
    said: &'t str,
}

impl<'t> Entry<'t> {
    fn of(text: &'t str) -> Option<Self> {
        let (time, rest) = text.split_at_checked("2026-11-23 19:02:20.111".len())?;
        let bytes = time.as_bytes();
        let dated = bytes[4] == b'-' && bytes[10] == b' ' && bytes[13] == b':' && bytes[19] == b'.';
        let (level, said) = rest.trim_start().strip_prefix('P')?.split_once(' ')?.1.split_once(':')?;
        dated.then(|| Self { time, level: level.trim(), said: said.trim() })
    }
}

impl Run {
    fn begin(rest: &str, time: &str, place: Place) -> Self {
        let option = |name: &str| {
            let from = rest.find(&format!(" --{name}="))? + name.len() + 4;
            Some(rest[from..].split(" --").next().unwrap_or_default().trim().to_owned())
        };
        let wanted = match option("type").as_deref() {
            Some("full") => "full",
            Some("diff") => "differential",
            _ => "incremental",
        };
        Self {
            place,
            began: time.to_owned(),
            stanza: option("stanza").unwrap_or_default(),
            exec: option("exec-id").unwrap_or_default(),
            wanted,
            path: option("repo1-path"),
            label: None,
            size: None,
            troubles: Vec::new(),
            broken: false,
        }
    }

    fn learn(&mut self, entry: &Entry<'_>, place: &Place) {
        if let Some(label) = entry.said.strip_prefix("new backup label = ") {
            self.label = Some(Label::of(label.trim(), place));
        } else if let Some((_, rest)) = entry.said.split_once(" backup size = ") {
            self.size = rest.split(',').next().and_then(binary);
        } else if matches!(entry.level, "WARN" | "ERROR") {
            self.hear(entry.said);
        }
    }

    /// A warning or an error; lines that only go on are left out.
    fn hear(&mut self, text: &str) {
        let said = text.trim_start_matches("WARN:").trim_start_matches("ERROR:").trim();
        if text.is_empty() || text.starts_with("exit") || text.starts_with("HINT") || text.starts_with("Is the server")
        {
            return;
        }
        self.broken |= said.contains("invalid") && said.contains("checksum");
        self.troubles.push(quoted(said));
    }

    fn end(self, end: &str, time: &str, told: &mut Told<'_>) -> Result<Draft, Finding> {
        let finished = told.time(time, &self.place)?;
        let troubles = self.troubles.iter().take(3).cloned().collect::<Vec<_>>().join(" / ");
        let troubles = (!troubles.is_empty()).then(|| Said::same(troubles));
        if !end.starts_with("completed successfully") {
            let began = told.time(&self.began, &self.place)?;
            let when = began.map(super::reading::outage::compact).unwrap_or_default();
            let end = quoted(end);
            return Ok(Draft::new("backup", slug([&self.stanza, "exec", &self.exec, &when]), self.place)
                .named([&self.stanza])
                .may("started_at", began.map(|at| told.ground.stamp(at)))
                .may("finished_at", finished.map(|at| told.ground.stamp(at)))
                .may("location", self.path)
                .set("result", "failed")
                .set("type", self.wanted)
                .note(Some(Said::same(end)))
                .note(troubles));
        }
        let label = self.label.unwrap_or_else(|| {
            Err(value(self.place.clone(), Said::new("日志中没有备份的标签", "the log has no label of the backup")))
        })?;
        // The label says when the backup began, to the second; the command began a moment before.
        let began: Option<Instant> = told.time(&label.began(), &self.place)?;
        Ok(label
            .draft(&self.stanza, 1, &self.place)
            .may("started_at", began.map(|at| told.ground.stamp(at)))
            .may("finished_at", finished.map(|at| told.ground.stamp(at)))
            .may("location", self.path)
            .may("size", self.size)
            .set("result", if self.broken { "partial" } else { "success" })
            .note(troubles))
    }

    /// A run whose end the log does not tell may still go on, or was killed.
    fn without_end(self) -> Finding {
        let why = Said::new(
            "日志里没有这次备份的结尾：可能还在进行，也可能被中止",
            "the log has no end of this backup: it may still go on, or was killed",
        );
        value(self.place, why).help(Said::new(
            "请在结束之后再导入；若被中止，请手工写一条失败的备份记录",
            "import again when it has ended; if it was killed, write a record of a failed backup by hand",
        ))
    }
}

/// pgBackRest writes `21.9MB` and means powers of 1024.
fn binary(size: &str) -> Option<String> {
    let size = size.trim();
    let at = size.find(|c: char| c.is_ascii_alphabetic())?;
    let (number, unit) = size.split_at(at);
    let unit = match unit {
        "B" => "B",
        "KB" => "KiB",
        "MB" => "MiB",
        "GB" => "GiB",
        "TB" => "TiB",
        "PB" => "PiB",
        _ => return None,
    };
    Some(format!("{number} {unit}"))
}

#[cfg(test)]
mod tests {
    use crate::import::testing::{cell, drafts, notes, refusals};

    #[test]
    fn the_list_of_backups() {
        let text = r#"[{"name":"main","backup":[
 {"label":"20261005-030000F","error":false,"type":"full","timestamp":{"start":1790985600,"stop":1790985660},
  "info":{"size":22992558},"database":{"repo-key":1},"annotation":{"note":"每周"}},
 {"label":"20261005-030000F_20261006-030000D","error":true,"timestamp":{"start":1791072000,"stop":0},"database":{"repo-key":2}},
 {"label":"nonsense","timestamp":{"start":1}}],"status":{"code":0}},
 {"name":"empty","backup":[],"status":{"code":2,"message":"no valid backups"}}]"#;
        let found = drafts("pgbackrest", &[("info.json", text)]);
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].tail.as_str(), cell(&found[0], "type")), ("main-20261005-030000F", "full"));
        assert_eq!(cell(&found[0], "started_at"), "2026-10-03T08:00:00+08:00");
        assert_eq!((cell(&found[0], "size"), found[0].notes[0].en.as_str()), ("22992558", "note: 每周"));
        assert_eq!((cell(&found[1], "type"), cell(&found[1], "result")), ("differential", "partial"));
        assert_eq!(cell(&found[1], "finished_at"), "", "the second 0 of 1970 is no end");
        assert!(found[1].tail.ends_with("-repo2"));
        let why = refusals("pgbackrest", &[("info.json", text)]);
        assert!(why[0].contains("no label") && why[1].contains("empty has no backup: no valid backups"), "{why:?}");
    }

    const GOOD: &str = "2026-10-05 03:00:00.111 P00   INFO: backup command begin 2.45: --annotation=a=b --exec-id=1-ab --repo1-path=/srv/repo --stanza=main --type=diff
2026-10-05 03:00:08.124 P00   INFO: new backup label = 20261005-030001F
2026-10-05 03:00:08.222 P00   INFO: full backup size = 21.9MB, file total = 964
2026-10-05 03:00:08.222 P00   INFO: backup command end: completed successfully (8116ms)
";

    #[test]
    fn a_run_that_went_well_is_what_its_label_says() {
        let found = drafts("pgbackrest", &[("b.log", GOOD)]);
        assert_eq!((found[0].tail.as_str(), cell(&found[0], "type")), ("main-20261005-030001F", "full"));
        assert_eq!(cell(&found[0], "started_at"), "2026-10-05T03:00:01+08:00");
        assert_eq!((cell(&found[0], "size"), cell(&found[0], "location")), ("21.9 MiB", "/srv/repo"));
        assert!(notes("pgbackrest", &[("b.log", GOOD)])[0].contains("no zone"));
    }

    #[test]
    fn a_run_that_failed_and_one_that_never_ended() {
        let bad = "2026-10-06 03:00:00.000 P00   INFO: backup command begin 2.45: --exec-id=2-cd --stanza=main
WARN: unable to check pg1
ERROR: [056]: unable to find primary cluster - cannot proceed
       HINT: are all available clusters in recovery?
2026-10-06 03:00:01.000 P00   INFO: backup command end: aborted with exception [056]
exit=56
2026-10-07 03:00:00.000 P00   INFO: backup command begin 2.45: --exec-id=3-ef --stanza=main
";
        let found = drafts("pgbackrest", &[("b.log", bad)]);
        assert_eq!(found.len(), 1);
        assert_eq!((cell(&found[0], "result"), cell(&found[0], "type")), ("failed", "incremental"));
        assert!(found[0].tail.starts_with("main-exec-2-cd-"));
        assert!(found[0].notes[1].en.contains("[056]: unable to find primary cluster"));
        assert!(refusals("pgbackrest", &[("b.log", bad)])[0].contains("no end"));
    }

    #[test]
    fn other_files_are_told() {
        assert!(
            refusals("pgbackrest", &[("i.txt", "stanza: demo\n    status: ok\n")])[0].contains("text output of info")
        );
        assert!(refusals("pgbackrest", &[("d.log", "pg_dump: reading schemas\n")])[0].contains("no log of pgBackRest"));
        let check = "2026-10-05 03:00:00.111 P00   INFO: check command begin 2.45: --stanza=main\n";
        assert!(drafts("pgbackrest", &[("c.log", check)]).is_empty());
    }
}
