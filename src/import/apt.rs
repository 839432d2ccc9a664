//! apt: `/var/log/apt/history.log`. Only what replaces one version by another is an update; what was installed anew or
//! removed is counted and said. The log does not tell how bad the weakness was that an update mended.

use crate::finding::Finding;
use crate::say;
use crate::say::Said;
use crate::source::Place;

use super::reading::lines::{lines, quoted};
use super::reading::{Draft, Input, Scope, Told, line, slug, syntax, value};
use super::{How, Source};

/// apt.
pub static SOURCE: Source = Source {
    name: "apt",
    kinds: &["update"],
    about: ("/var/log/apt/history.log：升级与降级", "/var/log/apt/history.log: upgrades and downgrades"),
    export: "cp /var/log/apt/history.log . · zcat /var/log/apt/history.log.1.gz > history.log.1",
    beside: &[],
    how: How::Code(read),
};

/// What is said once of updates whose severity the tool does not tell.
pub(super) fn severity_unknown(tool: &str) -> Said {
    say!(
        "{tool} 的日志不说明严重程度：一律记为 none；如果知道，请用 --set severity=… 给出",
        "the log of {tool} does not tell severities: each is recorded as none; where you know better, say --set severity=…"
    )
}

/// What stands in the notes of such an update.
pub(super) fn severity_note(tool: &str) -> Said {
    say!("严重程度未知（{tool} 日志不记载）", "severity not known (the log of {tool} does not tell)")
}

fn read(inputs: &[Input], told: &mut Told<'_>) {
    let (mut left_out, mut first) = (0, None);
    for input in inputs {
        let mut entry: Option<Entry> = None;
        for (number, text) in lines(input, told) {
            let Some((key, rest)) = text.split_once(": ") else {
                if !text.trim().is_empty() {
                    let why = Said::new("不是 history.log 的一行", "this is no line of a history.log");
                    told.findings.push(syntax(line(input, number), why));
                }
                continue;
            };
            if key == "Start-Date" {
                if let Some(cut) = entry.replace(Entry::begin(rest, line(input, number))) {
                    told.findings.extend(cut.without_end());
                }
                continue;
            }
            let Some(open) = &mut entry else {
                let why = Said::new(
                    "前面没有 Start-Date：日志的开头被截掉了",
                    "no Start-Date before it: the log was cut at its start",
                );
                told.findings.push(syntax(line(input, number), why));
                continue;
            };
            match key {
                "Commandline" => open.command = quoted(rest),
                "Requested-By" => open.by = rest.split(" (").next().map(str::to_owned),
                "Error" => open.error = Some(quoted(rest)),
                "Upgrade" => open.changes.extend(changes(rest, &line(input, number), "applied")),
                "Downgrade" => open.changes.extend(changes(rest, &line(input, number), "rolled-back")),
                "Install" | "Reinstall" | "Remove" | "Purge" => left_out += packages(rest).len(),
                "End-Date" => {
                    if let Some(done) = entry.take() {
                        first.get_or_insert(done.place.clone());
                        done.end(rest, told);
                    }
                }
                _ => {}
            }
        }
        told.findings.extend(entry.and_then(Entry::without_end));
    }
    if let Some(input) = inputs.first().filter(|_| left_out > 0) {
        let said = say!(
            "{left_out} 个新装、重装或卸载的软件包不是更新，未导入",
            "{left_out} packages that were installed, reinstalled or removed are no updates and were left out"
        );
        told.note(input.place(), said);
    }
    if let Some(place) = first {
        told.note(place, severity_unknown("apt"));
    }
}

/// One run of apt.
struct Entry {
    place: Place,
    start: String,
    command: String,
    by: Option<String>,
    error: Option<String>,
    changes: Vec<Change>,
}

/// A version put in the place of another.
struct Change {
    package: String,
    from: String,
    to: String,
    result: &'static str,
    place: Place,
}

impl Entry {
    fn begin(start: &str, place: Place) -> Self {
        Self { place, start: start.to_owned(), command: String::new(), by: None, error: None, changes: Vec::new() }
    }

    fn end(self, end: &str, told: &mut Told<'_>) {
        let times = told.time(&self.start, &self.place).and_then(|start| Ok((start, told.time(end, &self.place)?)));
        let (start, end) = match times {
            Ok(times) => times,
            Err(finding) => return told.findings.push(finding),
        };
        // The digits as written: the id must not depend on the zone that they are read in.
        let figures: String = self.start.chars().filter(char::is_ascii_digit).collect();
        for change in self.changes {
            let result = if self.error.is_some() { "failed" } else { change.result };
            let done = result != "failed";
            let mut draft = Draft::new("update", slug([&figures, &change.package, &change.to]), change.place)
                .scope(Scope::System)
                .may("checked_at", start.map(|at| told.ground.stamp(at)))
                .set("component", &change.package)
                .set("from_version", change.from)
                .set("to_version", change.to)
                .may("applied_at", end.filter(|_| done).map(|at| told.ground.stamp(at)))
                .set("result", result)
                .may("operator", self.by.clone())
                .assume("severity", "none")
                .note(self.error.clone().map(Said::same))
                .note((!self.command.is_empty()).then(|| Said::same(self.command.clone())));
            if told.ground.said("severity").is_none() {
                draft = draft.note(Some(severity_note("apt")));
            }
            told.drafts.push(draft);
        }
    }

    /// apt that was interrupted writes no End-Date: which of the packages are in place is not known.
    fn without_end(self) -> Option<Finding> {
        let n = self.changes.len() as u32;
        if n == 0 {
            return None;
        }
        let why = say!(
            "没有 End-Date：apt 中途停止，{n} 个软件包是否装好无从得知",
            "no End-Date: apt was interrupted, and whether {n} packages are in place is not known"
        );
        let mut finding = value(self.place, why)
            .help(Said::new("dpkg.log 说明每个软件包的状态", "dpkg.log tells the state of each package"));
        finding.count = Some(n);
        Some(finding)
    }
}

/// `name:arch (old, new), …`.
fn changes(rest: &str, place: &Place, result: &'static str) -> Vec<Change> {
    let change = |(name, versions): (&str, Vec<&str>)| {
        let &[from, to, ..] = versions.as_slice() else { return None };
        let own = |text: &str| text.to_owned();
        Some(Change { package: own(name), from: own(from), to: own(to), result, place: place.clone() })
    };
    packages(rest).into_iter().filter_map(change).collect()
}

/// The packages of a list, and what stands in the brackets after each.
fn packages(rest: &str) -> Vec<(&str, Vec<&str>)> {
    let mut out = Vec::new();
    for item in rest.split_inclusive(')') {
        let item = item.trim_start_matches([',', ' ']);
        let Some((name, inside)) = item.split_once(" (") else { continue };
        out.push((name.trim(), inside.trim_end_matches(')').split(", ").map(str::trim).collect()));
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::import::testing::{cell, drafts, notes, read_set, refusals};

    const LOG: &str = "
Start-Date: 2026-10-05  03:00:00
Commandline: apt-get upgrade
Requested-By: operator (1000)
Upgrade: libc6:amd64 (2.36-9, 2.36-10), tzdata:all (2026a-1, 2026b-1, automatic)
Install: linux-image:amd64 (6.1, automatic), x:amd64 (1)
End-Date: 2026-10-05  03:01:00

Start-Date: 2026-10-06  03:00:00
Commandline: apt-get install a=1
Downgrade: a:amd64 (2, 1)
Remove: b:amd64 (1)
End-Date: 2026-10-06  03:01:00

Start-Date: 2026-10-07  03:00:00
Upgrade: c:amd64 (1, 2)
Error: Sub-process /usr/bin/dpkg returned an error code (1)
End-Date: 2026-10-07  03:01:00

Start-Date: 2026-10-08  03:00:00
Upgrade: d:amd64 (1, 2), e:amd64 (1, 2)
";

    #[test]
    fn what_replaces_a_version_is_an_update() {
        let found = drafts("apt", &[("history.log", LOG)]);
        let told: Vec<(&str, &str, &str, &str)> = found
            .iter()
            .map(|d| (cell(d, "component"), cell(d, "from_version"), cell(d, "to_version"), cell(d, "result")))
            .collect();
        assert_eq!(
            told,
            [
                ("libc6:amd64", "2.36-9", "2.36-10", "applied"),
                ("tzdata:all", "2026a-1", "2026b-1", "applied"),
                ("a:amd64", "2", "1", "rolled-back"),
                ("c:amd64", "1", "2", "failed"),
            ]
        );
        assert_eq!((cell(&found[0], "operator"), cell(&found[0], "severity")), ("operator", "none"));
        assert_eq!(cell(&found[0], "applied_at"), "2026-10-05T03:01:00+08:00");
        assert_eq!((found[0].tail.as_str(), found[0].place.line), ("20261005030000-libc6:amd64-2.36-10", 5));
        assert_eq!(cell(&found[3], "applied_at"), "", "what failed was not applied");
        let said = notes("apt", &[("history.log", LOG)]);
        assert!(said.iter().any(|n| n.starts_with("3 packages")) && said.iter().any(|n| n.contains("severities")));
    }

    #[test]
    fn an_interrupted_run_and_a_cut_log_are_refused() {
        let why = refusals("apt", &[("history.log", LOG)]);
        assert_eq!(why.len(), 1);
        assert!(why[0].contains("2 packages"));
        assert!(refusals("apt", &[("h", "Upgrade: a:amd64 (1, 2)\nnonsense\n")])[0].contains("cut at its start"));
    }

    #[test]
    fn a_severity_that_is_given_needs_no_note() {
        let found = read_set("apt", &[("history.log", LOG)], &[("severity", "high")]);
        assert!(found[0].notes.iter().all(|n| !n.en.contains("severity")));
    }
}
