//! Nagios (and Icinga 1, Naemon): `nagios.log` and its archives. A SOFT state is a check that will be tried again and no
//! outage; a HARD one is. What is told at a start or a rotation of the log is how things stood, not a change.

use std::collections::BTreeMap;

use crate::calendar::Instant;
use crate::say;
use crate::say::Said;

use super::reading::lines::{another, lines, quoted};
use super::reading::outage::{Look, Spell, State, outage, spells};
use super::reading::{Draft, Input, Told, epoch, line, syntax};
use super::{How, Source};

/// Nagios.
pub static SOURCE: Source = Source {
    name: "nagios",
    kinds: &["outage"],
    about: (
        "nagios.log：主机 HARD DOWN、服务 HARD CRITICAL 的区间 → 停机",
        "nagios.log: spells of HARD DOWN of hosts and HARD CRITICAL of services → outages",
    ),
    export: "cp /var/log/nagios4/nagios.log /var/log/nagios4/archives/*.log .",
    beside: &[],
    how: How::Code(read),
};

/// A host, or a service of a host.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Thing {
    host: String,
    service: Option<String>,
}

/// What the log tells of a thing.
#[derive(Default)]
struct Story {
    looks: Vec<Look>,
    /// The first failing check of the present streak, while it is SOFT; and for each HARD failure that of its streak.
    soft: Option<Instant>,
    streaks: BTreeMap<Instant, Instant>,
    /// Scheduled downtimes: from, to.
    down: Vec<(Instant, Option<Instant>)>,
    /// When a downtime was scheduled.
    scheduled: Vec<Instant>,
}

/// What was seen and is no outage.
#[derive(Default)]
struct Aside {
    soft: usize,
    unreachable: usize,
    unknown: usize,
}

fn read(inputs: &[Input], told: &mut Told<'_>) {
    let mut events = Vec::new();
    for input in inputs {
        let all = lines(input, told);
        let mut known = false;
        for (number, text) in all.iter().filter(|(_, text)| !text.trim().is_empty()) {
            match Event::of(text) {
                Some(event) => {
                    known = true;
                    match epoch(event.seconds, &line(input, *number)) {
                        Ok(Some(at)) => events.push((at, event, line(input, *number))),
                        Ok(None) => {}
                        Err(finding) => told.findings.push(finding),
                    }
                }
                None if known => {
                    let why = Said::new("这一行没有 [时间]", "the line has no [time]");
                    told.findings.push(syntax(line(input, *number), why));
                }
                None => {
                    let what = Said::new("别的文件，不是 Nagios 的日志", "another file and no log of Nagios");
                    let help = Said::new("请给出 nagios.log", "give nagios.log");
                    told.findings.push(another(input, &what, help));
                    break;
                }
            }
        }
    }
    // Several logs may be given in any order. Of one moment the order of the log holds.
    events.sort_by_key(|(at, ..)| *at);
    let (mut stories, mut aside): (BTreeMap<Thing, Story>, Aside) = (BTreeMap::new(), Aside::default());
    for (at, event, place) in events {
        if let Some(thing) = event.thing() {
            stories.entry(thing).or_default().hear(at, &event, place, &mut aside);
        }
    }
    if let Some(input) = inputs.first().filter(|_| aside.soft + aside.unreachable + aside.unknown > 0) {
        let Aside { soft, unreachable, unknown } = aside;
        let said = say!(
            "不算停机：SOFT 状态 {soft} 次，主机 UNREACHABLE {unreachable} 次，服务 UNKNOWN {unknown} 次",
            "no outages: {soft} SOFT states, {unreachable} UNREACHABLE hosts, {unknown} UNKNOWN services"
        );
        told.note(input.place(), said);
    }
    for (thing, story) in &stories {
        for spell in spells(&story.looks) {
            let draft = record(thing, story, &spell, &stories, told);
            told.drafts.push(draft);
        }
    }
}

/// A line of the log: `[1795461177] HOST ALERT: db-02;DOWN;HARD;2;text`.
struct Event<'t> {
    seconds: i64,
    kind: &'t str,
    parts: Vec<&'t str>,
}

impl<'t> Event<'t> {
    fn of(text: &'t str) -> Option<Self> {
        let (seconds, rest) = text.strip_prefix('[')?.split_once("] ")?;
        let (kind, rest) = rest.split_once(": ").unwrap_or((rest, ""));
        Some(Self { seconds: seconds.parse().ok()?, kind, parts: rest.split(';').collect() })
    }

    fn thing(&self) -> Option<Thing> {
        let part = |at: usize| self.parts.get(at).copied().filter(|p| !p.is_empty()).map(str::to_owned);
        let host = |at: usize| Some(Thing { host: part(at)?, service: None });
        let service = |at: usize| Some(Thing { host: part(at)?, service: Some(part(at + 1)?) });
        match (self.kind, self.parts.first().copied()) {
            ("HOST ALERT" | "CURRENT HOST STATE" | "INITIAL HOST STATE" | "HOST DOWNTIME ALERT", _) => host(0),
            ("SERVICE ALERT" | "CURRENT SERVICE STATE" | "INITIAL SERVICE STATE" | "SERVICE DOWNTIME ALERT", _) => {
                service(0)
            }
            ("EXTERNAL COMMAND", Some("SCHEDULE_HOST_DOWNTIME")) => host(1),
            ("EXTERNAL COMMAND", Some("SCHEDULE_SVC_DOWNTIME")) => service(1),
            _ => None,
        }
    }
}

impl Story {
    fn hear(&mut self, at: Instant, event: &Event<'_>, place: crate::source::Place, aside: &mut Aside) {
        let is_host = !event.kind.contains("SERVICE");
        let before = if is_host { 1 } else { 2 };
        let rest = event.parts.get(before..).unwrap_or_default();
        match event.kind {
            "EXTERNAL COMMAND" => return self.scheduled.push(at),
            kind if kind.contains("DOWNTIME") => return self.downtime(at, rest.first().copied().unwrap_or_default()),
            _ => {}
        }
        let (Some(state), Some(certain)) = (rest.first().copied(), rest.get(1).copied()) else { return };
        let state = match (is_host, state) {
            (true, "UP") | (false, "OK" | "WARNING") => State::Up,
            (true, "DOWN") | (false, "CRITICAL") => State::Down,
            (true, _) => return aside.unreachable += 1,
            (false, _) => return aside.unknown += 1,
        };
        if certain != "HARD" {
            aside.soft += 1;
            match state {
                State::Down => self.soft = self.soft.or(Some(at)),
                State::Up => self.soft = None,
            }
            return;
        }
        if let Some(first) = self.soft.take().filter(|_| state == State::Down) {
            self.streaks.insert(at, first);
        }
        let said = quoted(&rest.get(3..).unwrap_or_default().join(";"));
        self.looks.push(Look { at, state, turn: event.kind.ends_with("ALERT"), place, said });
    }

    fn downtime(&mut self, at: Instant, what: &str) {
        match what.trim() {
            "STARTED" => self.down.push((at, None)),
            _ => {
                if let Some((_, end)) = self.down.last_mut() {
                    end.get_or_insert(at);
                }
            }
        }
    }

    /// The scheduled downtime that a moment lies in.
    fn planned(&self, at: Instant) -> Option<Instant> {
        let inside = |(from, to): &&(Instant, Option<Instant>)| *from <= at && to.is_none_or(|to| at < to);
        self.down.iter().find(inside).map(|(from, _)| *from)
    }
}

fn record(thing: &Thing, story: &Story, spell: &Spell, stories: &BTreeMap<Thing, Story>, told: &mut Told<'_>) -> Draft {
    let Thing { host, service } = thing;
    let name = service.as_ref().map_or_else(|| host.clone(), |service| format!("{host}/{service}"));
    let mut parts = vec![host.as_str()];
    parts.extend(service.as_deref());
    let of_host = || service.as_ref().and_then(|_| stories.get(&Thing { host: host.clone(), service: None }));
    let at = spell.first.at;
    let planned =
        story.planned(at).map(|from| (story, from)).or_else(|| of_host().and_then(|h| Some((h, h.planned(at)?))));
    let announced = planned.and_then(|(of, from)| of.scheduled.iter().rev().find(|when| **when <= from).copied());
    let first = story.streaks.get(&at).map(|first| {
        let first = told.ground.stamp(*first);
        say!("首次检查失败于 {first}", "the first failing check was at {first}")
    });
    if spell.ended.is_none() {
        told.note(
            spell.first.place.clone(),
            say!("{name} 到日志结尾仍然中断", "{name} was still down when the log ended"),
        );
    }
    let said = &spell.first.said;
    let summary = if said.is_empty() { name.clone() } else { format!("{name}: {said}") };
    outage(&told.ground, &parts, spell, 0)
        .named([name])
        .set("summary", summary)
        .may("announced_at", announced.map(|at| told.ground.stamp(at)))
        .assume("planned", if planned.is_some() { "true" } else { "false" })
        .note(first)
}

#[cfg(test)]
mod tests {
    use crate::import::testing::{cell, drafts, notes, refusals};

    const LOG: &str = "[1790985600] Nagios 4.4.6 starting... (PID=1)
[1790985600] INITIAL HOST STATE: web-01;UP;HARD;1;
[1790985600] CURRENT SERVICE STATE: web-01;Load;CRITICAL;HARD;3;was so before
[1790985660] HOST ALERT: web-01;DOWN;SOFT;1;CRITICAL: unreachable
[1790985720] HOST ALERT: web-01;DOWN;HARD;2;CRITICAL: unreachable; still
[1790985730] HOST NOTIFICATION: ops;web-01;DOWN;n;x
[1790985780] HOST ALERT: web-01;DOWN;HARD;2;again
[1790985840] HOST ALERT: web-01;UP;HARD;1;PING OK
[1790985900] SERVICE ALERT: web-01;HTTP;CRITICAL;SOFT;1;refused
[1790985910] SERVICE ALERT: web-01;HTTP;OK;SOFT;2;fine
[1790985920] EXTERNAL COMMAND: SCHEDULE_SVC_DOWNTIME;web-01;HTTP;1790985960;1790986080;1;0;60;ops;work
[1790985960] SERVICE DOWNTIME ALERT: web-01;HTTP;STARTED; entered
[1790986000] SERVICE ALERT: web-01;HTTP;CRITICAL;HARD;3;refused
[1790986010] SERVICE ALERT: web-01;HTTP;WARNING;HARD;3;slow
[1790986020] SERVICE ALERT: web-01;HTTP;UNKNOWN;HARD;3;?
[1790986080] SERVICE DOWNTIME ALERT: web-01;HTTP;STOPPED; left
[1790986100] SERVICE ALERT: web-01;HTTP;CRITICAL;HARD;3;refused
no time
";

    #[test]
    fn only_hard_failures_are_outages() {
        let found = drafts("nagios", &[("nagios.log", LOG)]);
        let told: Vec<(&str, &str, &str, &str)> = found
            .iter()
            .map(|d| (d.tail.as_str(), cell(d, "started_at"), cell(d, "ended_at"), cell(d, "planned")))
            .collect();
        assert_eq!(
            told,
            [
                ("web-01-20261003T000200Z", "2026-10-03T08:02:00+08:00", "2026-10-03T08:04:00+08:00", "false"),
                ("web-01-HTTP-20261003T000640Z", "2026-10-03T08:06:40+08:00", "2026-10-03T08:06:50+08:00", "true"),
                ("web-01-HTTP-20261003T000820Z", "2026-10-03T08:08:20+08:00", "", "false"),
                ("web-01-Load-20261003T000000Z", "", "", "false"),
            ]
        );
        assert_eq!(cell(&found[0], "summary"), "web-01: CRITICAL: unreachable; still");
        assert!(found[0].notes[0].en.contains("08:01:00"));
        assert_eq!(cell(&found[1], "announced_at"), "2026-10-03T08:05:20+08:00");
        assert_eq!((found[0].names[0].as_str(), found[1].names[0].as_str()), ("web-01", "web-01/HTTP"));
        let said = notes("nagios", &[("nagios.log", LOG)]);
        assert!(said.iter().any(|n| n.contains("3 SOFT") && n.contains("1 UNKNOWN")), "{said:?}");
        assert!(said.iter().any(|n| n.contains("still down")));
        assert!(refusals("nagios", &[("nagios.log", LOG)])[0].contains("no [time]"));
    }

    #[test]
    fn logs_in_any_order_are_one_log() {
        let (head, tail) = LOG.split_at(LOG.find("[1790985780]").unwrap());
        let rotated = format!("[1790985790] CURRENT HOST STATE: web-01;DOWN;HARD;2;x\n{tail}");
        let found = drafts("nagios", &[("b.log", &rotated), ("a.log", head)]);
        assert_eq!(cell(&found[0], "started_at"), "2026-10-03T08:02:00+08:00");
        assert_eq!(found.len(), 4);
    }

    #[test]
    fn another_file_is_told() {
        assert!(refusals("nagios", &[("x", "Jan 1 host kernel: hello\nmore\n")])[0].contains("no log of Nagios"));
        assert!(
            refusals("nagios", &[("x", "[1790985600000] HOST ALERT: a;DOWN;HARD;1;x\n")])[0].contains("milliseconds")
        );
    }
}
