//! Upptime: `history/*.yml`. Such a file says how things stand now and is written again whenever that changes; when
//! something went down and came back is in the history of the file, which `git log -p` prints.

use std::collections::BTreeMap;

use crate::calendar::Instant;
use crate::finding::Finding;
use crate::say;
use crate::say::Said;
use crate::source::Place;

use super::reading::lines::{another, lines};
use super::reading::outage::{Look, State, outage, spells};
use super::reading::{Input, Told, line, value};
use super::{How, Source};

/// Upptime.
pub static SOURCE: Source = Source {
    name: "upptime",
    kinds: &["outage"],
    about: (
        "git log -p -- history/ 的输出，或同一监测项先后保存的几份 history/*.yml",
        "the output of git log -p -- history/, or several states of history/*.yml",
    ),
    export: "git log -p --reverse -- 'history/*.yml' > history.log",
    beside: &[],
    how: How::Code(read),
};

/// Upptime looks every five minutes, as far as its host keeps the schedule.
const STEP: i64 = 900;

/// A state of a file.
#[derive(Default)]
struct Page {
    slug: String,
    place: Option<Place>,
    values: BTreeMap<String, String>,
}

/// What is known of one thing that is looked at.
#[derive(Default)]
struct Site {
    url: String,
    looks: Vec<Look>,
}

fn read(inputs: &[Input], told: &mut Told<'_>) {
    let mut sites: BTreeMap<String, Site> = BTreeMap::new();
    for input in inputs {
        if matches!(input.bytes.trim_ascii_start().first(), Some(b'[' | b'{')) {
            let what = Said::new(
                "汇总（summary.json），只有每天中断几分钟，没有起止时间",
                "a summary (summary.json), which has minutes a day and not when",
            );
            let help = Said::new(
                "请导入 git log -p -- 'history/*.yml' 的输出",
                "import the output of git log -p -- 'history/*.yml'",
            );
            told.findings.push(another(input, &what, help));
            continue;
        }
        for page in pages(input, told) {
            if let Err(finding) = look(page, &mut sites, told) {
                told.findings.push(finding);
            }
        }
    }
    for (slug, mut site) in sites {
        site.looks.sort_by_key(|look| look.at);
        close(&slug, &site, told);
    }
}

/// The states in a file: one, or as many as `git log -p` shows.
fn pages(input: &Input, told: &mut Told<'_>) -> Vec<Page> {
    let mut out = vec![Page { slug: input.stem().to_owned(), place: None, values: BTreeMap::new() }];
    let mut in_history = false;
    for (number, text) in lines(input, told) {
        if text.starts_with("diff --git ") || text.starts_with("commit ") {
            in_history = true;
            out.push(Page::default());
            continue;
        }
        let text = match (in_history, text.as_bytes().first()) {
            (true, Some(b'+')) if text.starts_with("+++ ") => {
                if let (Some(page), Some(slug)) = (out.last_mut(), slug_of(text)) {
                    slug.clone_into(&mut page.slug);
                }
                continue;
            }
            (false, _) => text,
            (true, Some(b'+' | b' ')) => &text[1..],
            (true, _) => continue,
        };
        let (Some(page), Some((key, rest))) = (out.last_mut(), text.split_once(": ")) else { continue };
        page.place.get_or_insert_with(|| line(input, number));
        page.values.insert(key.trim().to_owned(), rest.trim().trim_matches(['"', '\'']).to_owned());
    }
    out.retain(|page| !page.slug.is_empty() && page.place.is_some());
    out
}

/// `+++ b/history/google.yml`.
fn slug_of(text: &str) -> Option<&str> {
    text.rsplit('/').next()?.strip_suffix(".yml")
}

fn look(page: Page, sites: &mut BTreeMap<String, Site>, told: &mut Told<'_>) -> Result<(), Finding> {
    let Some(place) = page.place else { return Ok(()) };
    let (Some(status), Some(time)) = (page.values.get("status"), page.values.get("lastUpdated")) else {
        let why = Said::new(
            "没有 status 和 lastUpdated：这不是 Upptime 的历史文件",
            "no status and lastUpdated: this is no history of Upptime",
        );
        return Err(value(place, why));
    };
    let state = match status.as_str() {
        "up" | "degraded" => State::Up,
        "down" => State::Down,
        other => {
            let shown = crate::value::shown(other.as_bytes());
            return Err(value(place, say!("不认识的状态“{shown}”", "there is no status \"{shown}\"")));
        }
    };
    let Some(at) = told.time(time, &place)? else {
        return Err(value(place, Said::new("lastUpdated 不是时间", "lastUpdated is no time")));
    };
    let said = page.values.get("code").cloned().unwrap_or_default();
    let site = sites.entry(page.slug).or_default();
    site.url = page.values.get("url").cloned().unwrap_or_default();
    site.looks.push(Look { at, state, turn: false, place, said });
    Ok(())
}

fn close(slug: &str, site: &Site, told: &mut Told<'_>) {
    let found = spells(&site.looks);
    if let (true, Some(last)) = (found.is_empty(), site.looks.last()) {
        let at = told.ground.stamp(last.at);
        told.note(last.place.clone(), say!("{slug} 到 {at} 为止没有中断", "{slug} was not down up to {at}"));
    }
    for spell in found {
        let name = if site.url.is_empty() { slug } else { &site.url };
        let code = &spell.first.said;
        let mut draft = outage(&told.ground, &[slug], &spell, STEP)
            .named([slug, site.url.as_str(), host(&site.url)])
            .set("summary", format!("{name} (HTTP {code})"));
        if draft.lacking.is_some() {
            draft.lacking = Some(Said::new(
                "历史文件只说现在的状态：请导入 git log -p --reverse -- 'history/*.yml' 的输出",
                "a history file says how things stand now: import the output of git log -p --reverse -- 'history/*.yml'",
            ));
        }
        if spell.ended.is_none() {
            let at = told.ground.stamp(site.looks.last().map_or(Instant(0), |look| look.at));
            told.note(draft.place.clone(), say!("{slug} 到 {at} 仍然中断", "{slug} was still down at {at}"));
        }
        told.drafts.push(draft);
    }
}

fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', ':', '?']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use crate::import::testing::{cell, drafts, notes, refusals};

    fn page(status: &str, time: &str) -> String {
        format!(
            "url: https://oa.example/x\nstatus: {status}\ncode: 0\nresponseTime: 1\nlastUpdated: {time}\nstartTime: Mon Aug 10 2020 07:54:39 GMT+0000 (Coordinated Universal Time)\n"
        )
    }

    #[test]
    fn one_state_is_no_outage() {
        let up = page("up", "2026-10-05T03:00:00.564Z");
        assert!(drafts("upptime", &[("history/oa.yml", &up)]).is_empty());
        assert!(notes("upptime", &[("history/oa.yml", &up)])[0].contains("oa was not down"));
        let down = drafts("upptime", &[("history/oa.yml", &page("down", "2026-10-05T03:00:00.564Z"))]);
        assert_eq!(cell(&down[0], "started_at"), "", "when it went down is not in the file");
        assert!(down[0].lacking.as_ref().unwrap().en.contains("git log -p"));
    }

    #[test]
    fn the_history_of_a_file_tells_when() {
        let mut log = String::new();
        for (n, (status, time)) in
            [("up", "03:00"), ("down", "03:10"), ("down", "03:15"), ("degraded", "03:30"), ("down", "04:00")]
                .iter()
                .enumerate()
        {
            let _ = writeln!(
                log,
                "commit {n}\n\n    message: x\n\ndiff --git a/history/oa.yml b/history/oa.yml\n--- a/history/oa.yml\n+++ b/history/oa.yml\n@@ -1,7 +1,7 @@"
            );
            for text in page(status, &format!("2026-10-05T{time}:00Z")).lines() {
                let sign = if text.starts_with("status") { '+' } else { ' ' };
                let _ = writeln!(log, "{sign}{text}");
            }
            log.push_str("-status: other\n");
        }
        let found = drafts("upptime", &[("h.log", &log)]);
        let told: Vec<(&str, &str)> = found.iter().map(|d| (cell(d, "started_at"), cell(d, "ended_at"))).collect();
        assert_eq!(
            told,
            [("2026-10-05T11:10:00+08:00", "2026-10-05T11:30:00+08:00"), ("2026-10-05T12:00:00+08:00", "")]
        );
        assert_eq!(found[0].names, ["oa", "https://oa.example/x", "oa.example"]);
        assert_eq!(found[0].tail, "oa-20261005T031000Z");
        assert!(notes("upptime", &[("h.log", &log)]).iter().any(|n| n.contains("still down")));
    }

    #[test]
    fn minutes_a_day_are_refused() {
        let summary = r#"[{"slug":"oa","dailyMinutesDown":{"2026-10-05":36}}]"#;
        assert!(refusals("upptime", &[("summary.json", summary)])[0].contains("not when"));
        assert!(refusals("upptime", &[("x.yml", "a: b\n")])[0].contains("no history"));
        assert!(refusals("upptime", &[("x.yml", &page("sleepy", "2026-10-05T03:00:00Z"))])[0].contains("sleepy"));
    }
}
