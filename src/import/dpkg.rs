//! dpkg: `/var/log/dpkg.log`. An `upgrade` line says that a version is to be replaced; only a later `status installed`
//! of the new version says that it was.

use std::collections::BTreeMap;

use crate::finding::Finding;
use crate::say;
use crate::say::Said;
use crate::source::Place;

use super::apt::{severity_note, severity_unknown};
use super::reading::lines::lines;
use super::reading::{Draft, Input, Scope, Told, line, slug, syntax, value};
use super::{How, Source};

/// dpkg.
pub static SOURCE: Source = Source {
    name: "dpkg",
    kinds: &["update"],
    about: (
        "/var/log/dpkg.log：升级（与 apt 是同一件事的两份日志，选一份导入）",
        "/var/log/dpkg.log: upgrades (it tells of the same as apt's log; import one of the two)",
    ),
    export: "cp /var/log/dpkg.log . · zcat /var/log/dpkg.log.1.gz > dpkg.log.1",
    beside: &[],
    how: How::Code(read),
};

/// An upgrade that has begun.
struct Upgrade {
    start: String,
    package: String,
    from: String,
    to: String,
    place: Place,
    state: String,
}

fn read(inputs: &[Input], told: &mut Told<'_>) {
    let (mut installed, mut first) = (0, None);
    for input in inputs {
        let mut open: BTreeMap<String, Upgrade> = BTreeMap::new();
        for (number, text) in lines(input, told) {
            let words: Vec<&str> = text.split_whitespace().collect();
            match *words.as_slice() {
                [] => {}
                [date, time, "upgrade", package, from, to] if from != "<none>" => {
                    let own = |text: &str| text.to_owned();
                    let upgrade = Upgrade {
                        start: format!("{date} {time}"),
                        package: own(package),
                        from: own(from),
                        to: own(to),
                        place: line(input, number),
                        state: own("upgrade"),
                    };
                    if let Some(before) = open.insert(own(package), upgrade) {
                        told.findings.push(before.unfinished());
                    }
                }
                [date, time, "status", state, package, version] => {
                    let Some(upgrade) = open.get_mut(package).filter(|u| u.to == version) else { continue };
                    state.clone_into(&mut upgrade.state);
                    if state == "installed"
                        && let Some(done) = open.remove(package)
                    {
                        first.get_or_insert(done.place.clone());
                        let made = done.end(&format!("{date} {time}"), told);
                        told.take(made);
                    }
                }
                [_, _, "install" | "remove" | "purge", ..] => installed += 1,
                [date, _, _, ..] if date.len() == 10 && date.as_bytes()[4] == b'-' => {}
                _ => {
                    let why = Said::new("不是 dpkg.log 的一行", "this is no line of a dpkg.log");
                    told.findings.push(syntax(line(input, number), why));
                }
            }
        }
        told.findings.extend(open.into_values().map(Upgrade::unfinished));
    }
    if let Some(input) = inputs.first().filter(|_| installed > 0) {
        let said = say!(
            "{installed} 次新装或卸载不是更新，未导入",
            "{installed} installations and removals are no updates and were left out"
        );
        told.note(input.place(), said);
    }
    if let Some(place) = first {
        told.note(place, severity_unknown("dpkg"));
    }
}

impl Upgrade {
    fn end(self, end: &str, told: &mut Told<'_>) -> Result<Draft, Finding> {
        let start = told.time(&self.start, &self.place)?;
        let end = told.time(end, &self.place)?;
        let figures: String = self.start.chars().filter(char::is_ascii_digit).collect();
        let draft = Draft::new("update", slug([&figures, &self.package, &self.to]), self.place)
            .scope(Scope::System)
            .may("checked_at", start.map(|at| told.ground.stamp(at)))
            .set("component", self.package)
            .set("from_version", self.from)
            .set("to_version", self.to)
            .may("applied_at", end.map(|at| told.ground.stamp(at)))
            .set("result", "applied")
            .assume("severity", "none");
        let untold = told.ground.said("severity").is_none();
        Ok(draft.note(untold.then(|| severity_note("dpkg"))))
    }

    fn unfinished(self) -> Finding {
        let (package, to, state) = (self.package, self.to, self.state);
        let why = say!(
            "日志没有说 {package} {to} 已装好，最后的状态是 {state}",
            "the log never says that {package} {to} was installed; its last state is {state}"
        );
        value(self.place, why).help(Said::new(
            "如果日志在此处被切分，请把后一份并在一起导入；否则请手工写一条失败的更新记录",
            "if the log was rotated here, join the next one to it; else write a record of a failed update by hand",
        ))
    }
}

#[cfg(test)]
mod tests {
    use crate::import::testing::{cell, drafts, notes, refusals};

    const LOG: &str = "2026-10-05 03:00:00 startup archives unpack
2026-10-05 03:00:00 upgrade libc6:amd64 2.36-9 2.36-10
2026-10-05 03:00:00 status half-configured libc6:amd64 2.36-9
2026-10-05 03:00:01 status unpacked libc6:amd64 2.36-10
2026-10-05 03:00:01 install new:all <none> 1
2026-10-05 03:00:02 configure libc6:amd64 2.36-10 <none>
2026-10-05 03:00:03 status installed libc6:amd64 2.36-10
2026-10-05 03:00:04 upgrade bad:amd64 1 2
2026-10-05 03:00:05 status half-configured bad:amd64 2
2026-10-05
";

    #[test]
    fn an_upgrade_counts_once_it_is_installed() {
        let found = drafts("dpkg", &[("dpkg.log", LOG)]);
        assert_eq!(found.len(), 1);
        assert_eq!(cell(&found[0], "checked_at"), "2026-10-05T03:00:00+08:00");
        assert_eq!(cell(&found[0], "applied_at"), "2026-10-05T03:00:03+08:00");
        assert_eq!((cell(&found[0], "from_version"), cell(&found[0], "to_version")), ("2.36-9", "2.36-10"));
        let why = refusals("dpkg", &[("dpkg.log", LOG)]);
        assert!(why[0].contains("no line of a dpkg.log"), "{why:?}");
        assert!(why[1].contains("half-configured"), "{why:?}");
        assert!(notes("dpkg", &[("dpkg.log", LOG)]).iter().any(|n| n.starts_with("1 installations")));
    }
}
