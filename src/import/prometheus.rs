//! Prometheus: `query_range` of `up` (or of `probe_success`). A sample of 0 is a failed scrape; the samples tell nothing
//! of the time before the first, after the last, and in gaps, where the server itself may have been away.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::calendar::Instant;
use crate::finding::Finding;
use crate::say;
use crate::say::Said;
use crate::source::Place;

use super::reading::json::{self, Json};
use super::reading::lines::another;
use super::reading::outage::{Look, Spell, State, outage, spells};
use super::reading::{Draft, Input, Told, epoch, value};
use super::{How, Source};

/// Prometheus.
pub static SOURCE: Source = Source {
    name: "prometheus",
    kinds: &["outage"],
    about: (
        "query_range 查询 up（或 probe_success）的 JSON：0 的区间 → 停机",
        "the JSON of query_range of up (or probe_success): spells of 0 → outages",
    ),
    export: "curl 'http://HOST:9090/api/v1/query_range?query=up&start=…&end=…&step=60' > up.json",
    beside: &[],
    how: How::Code(read),
};

/// Labels that may name a system, after the instance.
const NAMING: [&str; 7] = ["system", "service", "app", "host", "hostname", "node", "job"];

/// One thing that is scraped.
struct Target {
    key: Vec<String>,
    names: Vec<String>,
    looks: Vec<Look>,
}

fn read(inputs: &[Input], told: &mut Told<'_>) {
    let mut targets: BTreeMap<Vec<String>, Target> = BTreeMap::new();
    for input in inputs {
        if let Err(finding) = document(input, &mut targets, told) {
            told.findings.push(finding);
        }
    }
    for mut target in targets.into_values() {
        target.looks.sort_by_key(|look| look.at);
        target.looks.dedup_by_key(|look| look.at);
        close(&target, told);
    }
}

fn document(input: &Input, targets: &mut BTreeMap<Vec<String>, Target>, told: &mut Told<'_>) -> Result<(), Finding> {
    let json = Json::open(input)?;
    let root = json.root()?;
    let about = |key: &str| root.get(key).and_then(|p| p.value().ok()).and_then(|v| v.as_str().map(str::to_owned));
    if about("status").as_deref() == Some("error") {
        let why = about("error").unwrap_or_default();
        return Err(value(root.place(), say!("查询出错：{why}", "the query failed: {why}")));
    }
    let data = root.get("data");
    let shape = data.and_then(|d| d.get("resultType")).and_then(|t| t.value().ok());
    if shape.as_ref().and_then(Value::as_str) != Some("matrix") {
        let what =
            Said::new("别的查询的结果，不是一段时间的样本", "the result of another query, not samples over a time");
        return Err(another(
            input,
            &what,
            Said::new("请用 /api/v1/query_range 查询 up", "ask /api/v1/query_range for up"),
        ));
    }
    let series = data.map(|d| d.list("result")).unwrap_or_default();
    if series.is_empty() {
        told.note(input.place(), Said::new("结果中没有序列", "the result has no series"));
    }
    for part in series {
        let made = part.value().and_then(|item| samples(&item, &part.place()));
        match made {
            Ok(target) => {
                let entry = targets.entry(target.key.clone());
                let known = entry.or_insert_with(|| Target { looks: Vec::new(), ..target.names_only() });
                known.looks.extend(target.looks);
            }
            Err(finding) => told.findings.push(finding),
        }
    }
    Ok(())
}

impl Target {
    fn names_only(&self) -> Self {
        Self { key: self.key.clone(), names: self.names.clone(), looks: Vec::new() }
    }
}

fn samples(item: &Value, place: &Place) -> Result<Target, Finding> {
    let label = |name: &str| json::text(item, &["metric", name]);
    let metric = label("__name__").unwrap_or_default();
    if !matches!(metric, "" | "up" | "probe_success") {
        let why = say!("序列是 {metric}，不是 up", "the series is {metric} and not up");
        return Err(value(place.clone(), why));
    }
    let instance = label("instance").unwrap_or_default();
    let mut key: Vec<String> = [label("job"), label("instance")].into_iter().flatten().map(str::to_owned).collect();
    if key.is_empty() {
        let labels = json::at(item, &["metric"]).as_object().into_iter().flatten();
        key = labels.filter_map(|(_, text)| text.as_str().map(str::to_owned)).collect();
    }
    let host = instance.rsplit_once(':').map_or(instance, |(host, _)| host);
    let names = [instance, host].into_iter().chain(NAMING.iter().filter_map(|name| label(name)));
    let names = names.filter(|name| !name.is_empty()).map(str::to_owned).collect();
    let mut looks = Vec::new();
    for sample in json::at(item, &["values"]).as_array().into_iter().flatten() {
        let time = sample[0].as_f64().unwrap_or(0.0) as i64;
        let state = match sample[1].as_str() {
            Some("1") => State::Up,
            Some("0") => State::Down,
            other => {
                let shown = crate::value::shown(other.unwrap_or_default().as_bytes());
                let why = say!(
                    "样本“{shown}”既不是 0 也不是 1：这不是 up",
                    "the sample \"{shown}\" is neither 0 nor 1: this is not up"
                );
                return Err(value(place.clone(), why));
            }
        };
        if let Some(at) = epoch(time, place)? {
            looks.push(Look { at, state, turn: false, place: place.clone(), said: String::new() });
        }
    }
    Ok(Target { key, names, looks })
}

fn close(target: &Target, told: &mut Told<'_>) {
    let between = |pair: &[Look]| pair[1].at.0 - pair[0].at.0;
    let step = target.looks.windows(2).map(between).min().unwrap_or(60);
    let name = target.names.first().or(target.key.first()).cloned().unwrap_or_default();
    let gaps: Vec<(Instant, Instant)> = target
        .looks
        .windows(2)
        .filter(|pair| between(pair) > step + step / 2)
        .map(|pair| (pair[0].at, pair[1].at))
        .collect();
    if let (Some((from, to)), Some(look)) = (gaps.first(), target.looks.first()) {
        let (n, from, to) = (gaps.len(), told.ground.stamp(*from), told.ground.stamp(*to));
        let said = say!(
            "{name} 有 {n} 段时间没有样本（第一段 {from} 至 {to}），期间的状态不明",
            "{name} has {n} gaps without samples (the first from {from} to {to}); how it stood there is not known"
        );
        told.note(look.place.clone(), said);
    }
    for spell in spells(&target.looks) {
        if spell.ended.is_none() {
            let at = told.ground.stamp(target.looks.last().map_or(spell.first.at, |look| look.at));
            told.note(spell.first.place.clone(), say!("{name} 到 {at} 仍然中断", "{name} was still down at {at}"));
        }
        let draft = record(target, &name, &spell, step, &gaps, told);
        told.drafts.push(draft);
    }
}

fn record(
    target: &Target,
    name: &str,
    spell: &Spell,
    step: i64,
    gaps: &[(Instant, Instant)],
    told: &Told<'_>,
) -> Draft {
    let key: Vec<&str> = target.key.iter().map(String::as_str).collect();
    let inside = gaps.iter().find(|(from, to)| *from >= spell.first.at && spell.ended.is_none_or(|end| *to <= end));
    let unseen = inside.map(|(from, to)| {
        let (from, to) = (told.ground.stamp(*from), told.ground.stamp(*to));
        say!("{from} 至 {to} 没有样本", "no samples from {from} to {to}")
    });
    outage(&told.ground, &key, spell, step)
        .named(target.names.clone())
        .set("summary", format!("{name} (up = 0)"))
        .note(Some(say!("每 {step} 秒采样一次", "sampled every {step} s")))
        .note(unseen)
}

#[cfg(test)]
mod tests {
    use crate::import::testing::{cell, drafts, notes, refusals};

    fn matrix(metric: &str, values: &[(i64, &str)]) -> String {
        let values: Vec<String> = values.iter().map(|(t, v)| format!("[{t},\"{v}\"]")).collect();
        format!(
            "{{\"status\":\"success\",\"data\":{{\"resultType\":\"matrix\",\"result\":[\n{{\"metric\":{{{metric}}},\"values\":[{}]}}]}}}}",
            values.join(",")
        )
    }

    const UP: &str = r#""__name__":"up","job":"oa","instance":"10.0.0.5:9100""#;
    const T: i64 = 1_790_985_600;

    fn at(seconds: i64) -> String {
        format!("2026-10-03T08:{:02}:{:02}+08:00", seconds / 60, seconds % 60)
    }

    #[test]
    fn spells_of_zero_are_outages() {
        let text = matrix(UP, &[(T, "1"), (T + 15, "0"), (T + 30, "0"), (T + 45, "1"), (T + 60, "0")]);
        let found = drafts("prometheus", &[("up.json", &text)]);
        let told: Vec<(&str, &str)> = found.iter().map(|d| (cell(d, "started_at"), cell(d, "ended_at"))).collect();
        assert_eq!(told, [(at(15).as_str(), at(45).as_str()), (at(60).as_str(), "")]);
        assert_eq!(found[0].tail, "oa-10.0.0.5:9100-20261003T000015Z");
        assert_eq!(found[0].names, ["10.0.0.5:9100", "10.0.0.5", "oa"]);
        assert!(notes("prometheus", &[("up.json", &text)])[0].contains("still down"));
    }

    #[test]
    fn two_files_of_one_series_are_one_series() {
        let (a, b) = (matrix(UP, &[(T, "1"), (T + 15, "0")]), matrix(UP, &[(T + 15, "0"), (T + 30, "1")]));
        let found = drafts("prometheus", &[("b.json", &b), ("a.json", &a)]);
        assert_eq!(found.len(), 1);
        assert_eq!((cell(&found[0], "started_at"), cell(&found[0], "ended_at")), (at(15).as_str(), at(30).as_str()));
    }

    #[test]
    fn what_began_before_the_range_has_no_start_and_gaps_are_told() {
        let text = matrix(UP, &[(T, "0"), (T + 15, "0"), (T + 60, "0"), (T + 75, "1")]);
        let found = drafts("prometheus", &[("up.json", &text)]);
        assert_eq!((cell(&found[0], "started_at"), cell(&found[0], "ended_at")), ("", at(75).as_str()));
        assert!(found[0].notes.iter().any(|n| n.en.contains("no samples from")));
        assert!(notes("prometheus", &[("up.json", &text)])[0].contains("1 gaps"));
    }

    #[test]
    fn other_answers_are_refused_for_what_they_are() {
        for (text, why) in [
            (matrix(r#""__name__":"node_load1""#, &[(T, "1")]), "node_load1"),
            (matrix(r#""instance":"a""#, &[(T, "NaN")]), "neither 0 nor 1"),
            (matrix(r#""instance":"a""#, &[(T, "+Inf")]), "+Inf"),
            (r#"{"status":"error","error":"parse error"}"#.to_owned(), "parse error"),
            (r#"{"status":"success","data":{"resultType":"vector","result":[]}}"#.to_owned(), "another query"),
            (r#"{"status":"success","data":{"alerts":[]}}"#.to_owned(), "another query"),
        ] {
            assert!(refusals("prometheus", &[("x.json", &text)])[0].contains(why), "{why}");
        }
        let empty = r#"{"status":"success","data":{"resultType":"matrix","result":[]}}"#;
        assert!(notes("prometheus", &[("x.json", empty)])[0].contains("no series"));
    }
}
