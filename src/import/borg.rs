//! BorgBackup: `borg list --json`, `borg info --json`, `borg create --json` with its log and exit code, and the same as
//! text. Borg writes local times without a zone, so that the same archive bears another time on another machine; its
//! id, which is a digest, does not change.

use serde_json::Value;

use crate::finding::Finding;
use crate::say;
use crate::say::Said;
use crate::source::Place;
use crate::value as read_value;

use super::reading::json::{self, Json, Part};
use super::reading::lines::{another, lines, quoted};
use super::reading::{Draft, Input, Told, line, slug, value};
use super::{How, Source};

/// BorgBackup.
pub static SOURCE: Source = Source {
    name: "borg",
    kinds: &["backup"],
    about: (
        "list/info --json 的归档列表；create --json 或 --stats 的输出，连同同名的 .err/.log 和 .rc（退出码）",
        "the archives of list/info --json; the output of create --json or --stats, with .err/.log and .rc (exit code) beside it",
    ),
    export: "borg info --json --glob-archives '*' REPO > info.json · borg create --json --log-json … > run.json 2> run.log; echo $? > run.rc",
    beside: &[".rc", ".exit", ".stderr", ".err", ".log", ".log.ndjson"],
    how: How::Code(read),
};

fn read(inputs: &[Input], told: &mut Told<'_>) {
    let mut untyped = None;
    for input in inputs {
        let ending = Ending::of(input);
        let start = input.bytes.trim_ascii_start();
        let place = match start.first() {
            Some(b'{') if first_line_is_log(start) => log(input, told),
            Some(b'{') => document(input, &ending, told),
            Some(_) => text(input, &ending, told),
            None => {
                let made = failed(input, &ending, told);
                told.take(made);
                None
            }
        };
        untyped = untyped.or(place);
    }
    if let Some(place) = untyped {
        told.note(
            place,
            Said::new(
                "borg 不区分全量与增量：只有什么也没有与别的归档共用的才记为全量，其余记为增量；如果按你们的口径都算全量，请加 --set type=full",
                "borg knows no full and incremental archives: one that shares nothing with others is recorded as full, every \
                 other as incremental; if all of them count as full with you, add --set type=full",
            ),
        );
    }
}

fn first_line_is_log(start: &[u8]) -> bool {
    let end = memchr::memchr(b'\n', start).unwrap_or(start.len());
    json::object(&String::from_utf8_lossy(&start[..end])).is_some_and(|v| json::text(&v, &["type"]).is_some())
}

/// How a run ended: what lies beside its output, or is mixed into it.
#[derive(Clone, Default)]
struct Ending {
    code: Option<i64>,
    /// Warnings and errors.
    troubles: Vec<String>,
    /// Whether one of them was an error, after which borg makes no archive.
    error: bool,
    /// The first moment that its log tells.
    began: Option<f64>,
}

impl Ending {
    fn of(input: &Input) -> Self {
        let mut ending = Self::default();
        for (name, file) in &input.beside {
            let text = String::from_utf8_lossy(&file.bytes);
            match name.as_str() {
                ".rc" | ".exit" => ending.code = super::restic::exit_code(&text),
                _ => text.lines().for_each(|line| ending.listen(line)),
            }
        }
        ending
    }

    /// A line of stderr, as JSON (`--log-json`) or as text.
    fn listen(&mut self, text: &str) {
        let text = text.rsplit('\r').next().unwrap_or(text).trim();
        let Some(message) = json::object(text) else {
            if let Some((_, code)) = text.rsplit_once(", rc ").filter(|_| text.starts_with("terminating with")) {
                self.code = self.code.or_else(|| code.parse().ok());
            } else if !text.is_empty() && !is_statistics(text) {
                self.troubles.push(quoted(text));
            }
            return;
        };
        if let Some(time) = json::at(&message, &["time"]).as_f64() {
            self.began.get_or_insert(time);
        }
        let said = json::text(&message, &["message"]).map(quoted).unwrap_or_default();
        match (json::text(&message, &["type"]), json::text(&message, &["levelname"])) {
            (Some("log_message"), Some(level @ ("WARNING" | "ERROR" | "CRITICAL"))) => {
                self.error |= level != "WARNING";
                self.troubles.push(said);
            }
            (Some("file_status"), _) if json::text(&message, &["status"]) == Some("E") => {
                self.troubles.push(quoted(json::text(&message, &["path"]).unwrap_or_default()));
            }
            _ => {}
        }
    }

    /// 0 is success, 1 a warning, anything else an error (borg manual, "Return codes"); since 1.4 warnings may also
    /// have the codes 100 to 127.
    fn result(&self) -> &'static str {
        match self.code {
            Some(1 | 100..=127) => "partial",
            Some(code) if code != 0 => "failed",
            _ if self.error => "failed",
            _ if !self.troubles.is_empty() => "partial",
            _ => "success",
        }
    }

    fn note(&self) -> Option<Said> {
        let said = self.troubles.iter().take(3).cloned().collect::<Vec<_>>().join(" / ");
        match self.code.filter(|code| *code != 0) {
            Some(code) => Some(say!("退出码 {code}：{said}", "exit code {code}: {said}")),
            None => (!said.is_empty()).then(|| Said::same(said)),
        }
    }
}

/// A line of `--stats`, or of the progress before it.
fn is_statistics(text: &str) -> bool {
    const STARTS: [&str; 14] = [
        "---",
        "Repository",
        "Archive name:",
        "Archive fingerprint:",
        "Time (",
        "Duration:",
        "Number of files:",
        "Utilization",
        "Original size",
        "This archive:",
        "All archives:",
        "Unique chunks",
        "Chunk index:",
        "Creating archive",
    ];
    STARTS.iter().any(|start| text.starts_with(start))
}

/// Reads `list`, `info` and `create`; answers the place of an archive of which borg does not tell the type.
fn document(input: &Input, ending: &Ending, told: &mut Told<'_>) -> Option<Place> {
    let json = match Json::open(input) {
        Ok(json) => json,
        Err(finding) => {
            told.findings.push(finding);
            return None;
        }
    };
    let root = match json.root() {
        Ok(root) => root,
        Err(finding) => {
            told.findings.push(finding);
            return None;
        }
    };
    let place = root
        .get("repository")
        .and_then(|r| r.value().ok())
        .and_then(|r| json::text(&r, &["location"]).map(str::to_owned));
    let created = root.get("archive");
    let listed = root.get("archives").and_then(Part::items);
    if created.is_none() && listed.is_none() {
        let what = Said::new("仓库的信息，没有归档", "information on a repository, without archives");
        let help = Said::new(
            "请用 borg info --json --glob-archives '*' REPO",
            "use borg info --json --glob-archives '*' REPO",
        );
        told.findings.push(another(input, &what, help));
        return None;
    }
    let mut first = None;
    if let Some(part) = created {
        let made = part.value().and_then(|v| archive(&v, place.as_deref(), &part.place(), told));
        let made = made.map(|draft| draft.set("result", ending.result()).note(ending.note()));
        first.get_or_insert_with(|| part.place());
        told.take(made);
    }
    for part in listed.into_iter().flatten() {
        let made = part.value().and_then(|v| archive(&v, place.as_deref(), &part.place(), told)).map(|draft| {
            let half = json_name(&draft).is_some_and(is_checkpoint);
            draft.assume("result", if half { "partial" } else { "success" })
        });
        first.get_or_insert_with(|| part.place());
        told.take(made);
    }
    first
}

/// The archive's name is kept in the first note.
fn json_name(draft: &Draft) -> Option<&str> {
    draft.notes.first().map(|said| said.en.as_str())
}

/// A checkpoint is what an interrupted run leaves.
fn is_checkpoint(name: &str) -> bool {
    name.contains(".checkpoint")
}

fn archive(item: &Value, location: Option<&str>, place: &Place, told: &mut Told<'_>) -> Result<Draft, Finding> {
    let id = archive_id(json::text(item, &["id"]).unwrap_or_default(), place)?;
    let name = json::text(item, &["name"]).or_else(|| json::text(item, &["archive"])).unwrap_or_default();
    let written = json::text(item, &["start"]).or_else(|| json::text(item, &["time"])).unwrap_or_default();
    let start = told.time(written, place)?;
    let end = told.time(json::text(item, &["end"]).unwrap_or_default(), place)?;
    let stats = |key: &str| json::integer(item, &["stats", key]);
    // Only `create` tells what this very run stored; later the other archives share it.
    let alone = stats("compressed_size").is_some_and(|all| stats("deduplicated_size") == Some(all));
    Ok(draft(&id, name, place)
        .named(json::text(item, &["hostname"]))
        .named(host_in(name))
        .may("started_at", start.map(|at| told.ground.stamp(at)))
        .may("finished_at", end.map(|at| told.ground.stamp(at)))
        .may("size", stats("original_size").map(|n| n.to_string()))
        .may("location", location)
        .may("operator", json::text(item, &["username"]))
        .assume("type", if alone { "full" } else { "incremental" }))
}

fn draft(id: &str, name: &str, place: &Place) -> Draft {
    Draft::new("backup", slug([&id[..12]]), place.clone())
        .set("checksum", format!("sha256:{id}"))
        .note((!name.is_empty()).then(|| Said::same(quoted(name))))
}

fn archive_id(id: &str, place: &Place) -> Result<String, Finding> {
    let whole = id.len() == 64 && id.bytes().all(|b| b.is_ascii_hexdigit());
    if whole {
        return Ok(id.to_ascii_lowercase());
    }
    let shown = read_value::shown(id.as_bytes());
    Err(value(place.clone(), say!("“{shown}”不是归档的编号", "\"{shown}\" is no id of an archive")))
}

/// The part of an archive's name before its date, which by custom is the host: `web-01-2026-01-01T03:00`.
fn host_in(name: &str) -> Option<&str> {
    let is_year = |at: usize| name.as_bytes()[at + 1..].get(..5).is_some_and(|b| b[..4].iter().all(u8::is_ascii_digit));
    name.match_indices(['-', '_']).map(|(at, _)| at).find(|at| is_year(*at)).map(|at| &name[..at])
}

/// A log of `--log-json` without the archive it tells of: a run that failed, or a log that lost its archive.
fn log(input: &Input, told: &mut Told<'_>) -> Option<Place> {
    let mut ending = Ending::of(input);
    for (_, text) in lines(input, told) {
        ending.listen(text);
    }
    let made = failed(input, &ending, told);
    told.take(made);
    None
}

/// A run that made no archive. It is a failed backup, if its log or `--set` says when it was.
fn failed(input: &Input, ending: &Ending, told: &Told<'_>) -> Result<Draft, Finding> {
    let note = ending.note().unwrap_or_default();
    let (zh, en) = (&note.zh, &note.en);
    if ending.result() != "failed" {
        let why = Said::new(
            "其中没有归档，也没有说明备份失败",
            "there is no archive in it, and nothing that tells of a failed backup",
        );
        return Err(value(input.place(), why).help(Said::new(
            "请把 borg create --json 的输出用同样的名字放在旁边",
            "put the output of borg create --json beside it under the same name",
        )));
    }
    let began = ending.began.map(|time| time as i64).filter(|time| *time > 0);
    let tail = match (began, told.ground.said("started_at")) {
        (Some(time), _) => super::reading::outage::compact(crate::calendar::Instant(time)),
        (None, Some(said)) => said.chars().filter(char::is_ascii_digit).collect(),
        (None, None) => {
            let why = say!("备份失败（{zh}），但没有说明是什么时候", "the backup failed ({en}), and nothing says when");
            return Err(value(input.place(), why).help(Said::new(
                "请用 --log-json，或加上开始时间：--set started_at=2026-11-23T03:00",
                "use --log-json, or say when it began: --set started_at=2026-11-23T03:00",
            )));
        }
    };
    let start = began.map(|time| told.ground.stamp(crate::calendar::Instant(time)));
    Ok(Draft::new("backup", slug(["failed", &tail, input.stem()]), input.place())
        .may("started_at", start)
        .set("result", "failed")
        .assume("type", "incremental")
        .note(Some(note)))
}

/// Reads text: the lines of `list`, and the block of `create --stats` or `info`.
fn text(input: &Input, ending: &Ending, told: &mut Told<'_>) -> Option<Place> {
    let mut first = None;
    let mut block: Option<Block> = None;
    if is_prune(&input.bytes) {
        let what = Said::new("prune 的输出", "output of prune");
        told.findings.push(another(input, &what, Said::new("请用 borg list --json", "use borg list --json")));
        return None;
    }
    let mut ending = ending.clone();
    let mut blocks = Vec::new();
    for (number, text) in lines(input, told) {
        let place = line(input, number);
        if let Some(listed) = Listed::of(text) {
            let made = listed.draft(&place, told);
            told.take(made);
            first.get_or_insert(place);
        } else if let Some(name) = text.strip_prefix("Archive name:") {
            blocks.extend(block.replace(Block::named(name.trim(), place)));
        } else if let Some(block) = block.as_mut().filter(|_| is_statistics(text.trim())) {
            block.read(text);
        } else if !text.trim().is_empty() && !is_statistics(text.trim()) {
            ending.listen(text);
        }
    }
    blocks.extend(block);
    if blocks.is_empty() && first.is_none() {
        let made = failed(input, &ending, told);
        told.take(made);
    }
    for block in blocks {
        let made = block.draft(&ending, told);
        first.get_or_insert(block.place);
        told.take(made);
    }
    first
}

/// Whether a text is of `prune --list`, which names archives that are kept beside those that go.
fn is_prune(bytes: &[u8]) -> bool {
    let starts: [&[u8]; 3] = [b"Keeping archive", b"Would prune", b"Pruning archive"];
    starts.iter().any(|start| bytes.trim_ascii_start().starts_with(start))
}

/// A line of `borg list`: `NAME   Mon, 2026-11-23 19:00:02 [ID]`.
struct Listed<'t> {
    name: &'t str,
    time: &'t str,
    id: &'t str,
}

impl<'t> Listed<'t> {
    fn of(text: &'t str) -> Option<Self> {
        let (rest, id) = text.trim_end().strip_suffix(']')?.rsplit_once(" [")?;
        let at = rest.len().checked_sub("Mon, 2026-11-23 19:00:02".len())?;
        let (name, time) = rest.split_at_checked(at)?;
        let fits = id.len() == 64 && time.as_bytes()[3] == b',';
        fits.then(|| Self { name: name.trim(), time, id })
    }

    fn draft(&self, place: &Place, told: &mut Told<'_>) -> Result<Draft, Finding> {
        let name = self.name;
        let id = archive_id(self.id, place)?;
        let start = told.time(self.time, place)?;
        Ok(draft(&id, name, place)
            .named(host_in(name))
            .may("started_at", start.map(|at| told.ground.stamp(at)))
            .assume("type", "incremental")
            .assume("result", if is_checkpoint(name) { "partial" } else { "success" }))
    }
}

/// The block of `--stats`.
struct Block {
    name: String,
    id: String,
    start: String,
    end: String,
    sizes: Vec<String>,
    place: Place,
}

impl Block {
    fn named(name: &str, place: Place) -> Self {
        let empty = String::new;
        Self { name: name.to_owned(), id: empty(), start: empty(), end: empty(), sizes: Vec::new(), place }
    }

    fn read(&mut self, text: &str) {
        let Some((key, rest)) = text.split_once(':') else { return };
        let rest = rest.trim();
        match key.trim() {
            "Archive fingerprint" => rest.clone_into(&mut self.id),
            "Time (start)" => rest.clone_into(&mut self.start),
            "Time (end)" => rest.clone_into(&mut self.end),
            "This archive" => {
                let words: Vec<&str> = rest.split_whitespace().collect();
                self.sizes = words.chunks(2).map(|pair| pair.join(" ")).collect();
            }
            _ => {}
        }
    }

    fn draft(&self, ending: &Ending, told: &mut Told<'_>) -> Result<Draft, Finding> {
        let id = archive_id(&self.id, &self.place)?;
        let start = told.time(&self.start, &self.place)?;
        let end = told.time(&self.end, &self.place)?;
        let alone = self.sizes.len() == 3 && self.sizes[1] == self.sizes[2];
        Ok(draft(&id, &self.name, &self.place)
            .named(host_in(&self.name))
            .may("started_at", start.map(|at| told.ground.stamp(at)))
            .may("finished_at", end.map(|at| told.ground.stamp(at)))
            .may("size", self.sizes.first())
            .set("result", ending.result())
            .assume("type", if alone { "full" } else { "incremental" })
            .note(ending.note()))
    }
}

#[cfg(test)]
mod tests;
