//! SARIF 2.1.0, of whatever tool: a scan for each run. A level is what a rule thinks of a line and no severity; where a
//! tool says a score (`security-severity`) or a word, that counts, and where it does not, the levels stand in and that
//! is said. An absent level is that of the rule, else `warning` (SARIF 2.1.0, section 3.27.10).

use serde_json::Value;

use crate::finding::Finding;
use crate::say;
use crate::say::Said;
use crate::source::Place;

use super::reading::json::{self, Json, Part};
use super::reading::lines::another;
use super::reading::outage::compact;
use super::reading::scan::{Moment, Severity, Tally, Weakness, moment, update};
use super::reading::{Draft, Input, Scope, Told, slug};
use super::{How, Source};

/// SARIF.
pub static SOURCE: Source = Source {
    name: "sarif",
    kinds: &["scan", "update"],
    about: (
        "任何工具的 SARIF 2.1.0：每次运行一条扫描记录；结果里写明修复版本的，另有待更新记录",
        "SARIF 2.1.0 of any tool: a scan for each run; results that tell a fixed version are updates that wait too",
    ),
    export: "TOOL --format sarif > report.sarif",
    beside: &[],
    how: How::Code(read),
};

fn read(inputs: &[Input], told: &mut Told<'_>) {
    for input in inputs {
        if let Err(finding) = document(input, told) {
            told.findings.push(finding);
        }
    }
}

fn document(input: &Input, told: &mut Told<'_>) -> Result<(), Finding> {
    let json = Json::open(input)?;
    let root = json.root()?;
    let Some(runs) = root.get("runs").and_then(Part::items) else {
        let what = Said::new("别的 JSON，没有 runs：不是 SARIF", "other JSON without runs and no SARIF");
        return Err(another(input, &what, Said::new("请导出 SARIF 2.1.0", "export SARIF 2.1.0")));
    };
    for (number, part) in runs.into_iter().enumerate() {
        if let Err(finding) = run(part, number, told) {
            told.findings.push(finding);
        }
    }
    Ok(())
}

/// What was left out of a run, and what stood in for a severity.
#[derive(Default)]
struct Aside {
    suppressed: usize,
    by_level: usize,
}

fn run(part: Part<'_, '_>, number: usize, told: &mut Told<'_>) -> Result<(), Finding> {
    let place = part.place();
    let about = |key: &str| part.get(key).and_then(|p| p.value().ok()).unwrap_or_default();
    let (tool, details) = (about("tool"), about("automationDetails"));
    let name = json::text(&tool, &["tool", "driver", "name"]).or(json::text(&tool, &["driver", "name"]));
    let name = name.unwrap_or("SARIF");
    let version = ["semanticVersion", "version"].iter().find_map(|key| json::text(&tool, &["driver", key]));
    let rules = json::at(&tool, &["driver", "rules"]).as_array().cloned().unwrap_or_default();
    let invocations = about("invocations");
    let time = ["endTimeUtc", "startTimeUtc"].iter().find_map(|key| json::text(&invocations[0], &[key]));
    if invocations[0]["executionSuccessful"].as_bool() == Some(false) {
        let why = say!("{name} 说这次运行没有成功", "{name} says that this run was not successful");
        return Err(super::reading::value(place, why));
    }
    let moment = moment(time, &place, told)?;
    let (mut tally, mut aside) = (Tally::default(), Aside::default());
    for item in part.list("results") {
        let result = item.value()?;
        result_of(&result, &rules, &moment, &item.place(), &mut tally, &mut aside, told);
    }
    let by_level = aside.by_level;
    if by_level > 0 {
        let said = say!(
            "{by_level} 项没有严重程度，按级别代替：error 记为高危，warning 中危，note 低危",
            "{by_level} results tell no severity; their level stands in: error as high, warning as medium, note as low"
        );
        told.note(place.clone(), said);
    }
    let suppressed = aside.suppressed;
    let id = json::text(&details, &["guid"]).or_else(|| json::text(&details, &["id"])).unwrap_or_default();
    let run = if number == 0 { String::new() } else { format!("run{}", number + 1) };
    let scan = Draft::new("scan", slug([name, id, &compact(moment.at), &run]), place)
        .scope(Scope::System)
        .set("date", told.ground.date(moment.at))
        .set("tool", version.map_or_else(|| name.to_owned(), |version| format!("{name} {version}")))
        .note((suppressed > 0).then(|| say!("已抑制 {suppressed} 项", "{suppressed} suppressed")));
    told.drafts.push(tally.into_scan(scan));
    Ok(())
}

fn result_of(
    result: &Value,
    rules: &[Value],
    moment: &Moment,
    place: &Place,
    tally: &mut Tally,
    aside: &mut Aside,
    told: &mut Told<'_>,
) {
    let gone = json::text(result, &["baselineState"]) == Some("absent");
    if gone || json::text(result, &["kind"]).is_some_and(|kind| kind != "fail") {
        return;
    }
    let suppressions = result["suppressions"].as_array().into_iter().flatten();
    if suppressions.filter(|s| json::text(s, &["status"]) != Some("rejected")).count() > 0 {
        aside.suppressed += 1;
        return;
    }
    let rule = rule_of(result, rules);
    let message = json::text(result, &["message", "text"]).unwrap_or_default();
    let told_severity = line_of(message, "Severity: ").and_then(Severity::of_word);
    let severity = told_severity.or_else(|| score(result).or_else(|| score(rule))).unwrap_or_else(|| {
        aside.by_level += 1;
        by_level(json::text(result, &["level"]).or_else(|| json::text(rule, &["defaultConfiguration", "level"])))
    });
    tally.add(severity);
    // Trivy and others write package and versions into the message, line by line.
    let (Some(package), Some(fixed)) = (line_of(message, "Package: "), line_of(message, "Fixed Version: ")) else {
        return;
    };
    let (id, installed) = (
        json::text(result, &["ruleId"]).unwrap_or_default(),
        line_of(message, "Installed Version: ").unwrap_or_default(),
    );
    let weakness = Weakness { id, package, installed, fixed: Some(fixed), severity, artifact: "" };
    let draft = update(&weakness, moment, place, told);
    told.drafts.push(draft);
}

fn rule_of<'r>(result: &Value, rules: &'r [Value]) -> &'r Value {
    let index = json::integer(result, &["ruleIndex"]).or_else(|| json::integer(result, &["rule", "index"]));
    let id = json::text(result, &["ruleId"]).or_else(|| json::text(result, &["rule", "id"]));
    let by_index = index.and_then(|index| rules.get(usize::try_from(index).ok()?));
    by_index.or_else(|| rules.iter().find(|rule| json::text(rule, &["id"]) == id)).unwrap_or(&Value::Null)
}

/// The CVSS score that tools put into `properties.security-severity`.
fn score(of: &Value) -> Option<Severity> {
    let written = match json::at(of, &["properties", "security-severity"]) {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let tenths = crate::value::decimal(written.as_bytes()).ok()?.0 / 100_000;
    Severity::of_score(tenths)
}

fn by_level(level: Option<&str>) -> Severity {
    match level.unwrap_or("warning") {
        "error" => Severity::High,
        "note" => Severity::Low,
        "none" => Severity::Slight,
        _ => Severity::Medium,
    }
}

/// What stands after a word at the start of a line.
fn line_of<'m>(message: &'m str, word: &str) -> Option<&'m str> {
    message.lines().find_map(|line| line.trim().strip_prefix(word)).map(str::trim).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use crate::import::testing::{cell, drafts, notes, read_set, refusals};

    fn report(results: &str) -> String {
        format!(
            r#"{{"version":"2.1.0","runs":[{{"tool":{{"driver":{{"name":"Tool","version":"1.0","rules":[
{{"id":"A","properties":{{"security-severity":"9.8"}}}},{{"id":"B","defaultConfiguration":{{"level":"note"}}}}]}}}},
"invocations":[{{"executionSuccessful":true,"endTimeUtc":"2026-10-05T04:00:00Z"}}],"results":[{results}]}}]}}"#
        )
    }

    fn counts(results: &str) -> [String; 4] {
        let found = drafts("sarif", &[("r.sarif", &report(results))]);
        ["critical", "high", "medium", "low"].map(|field| cell(found.last().unwrap(), field).to_owned())
    }

    #[test]
    fn a_score_counts_before_a_level_and_an_absent_level_is_the_rules() {
        assert_eq!(counts(r#"{"ruleId":"A","level":"note"}"#), ["1", "0", "0", "0"]);
        assert_eq!(counts(r#"{"ruleIndex":1},{"ruleId":"B"}"#), ["0", "0", "0", "2"]);
        assert_eq!(counts(r#"{"ruleId":"C"}"#), ["0", "0", "1", "0"], "warning where nothing is said");
        assert_eq!(counts(r#"{"ruleId":"C","level":"error"},{"level":"none"}"#), ["0", "1", "0", "0"]);
        assert!(notes("sarif", &[("r", &report(r#"{"ruleId":"C"}"#))])[0].contains("level stands in"));
    }

    #[test]
    fn what_is_suppressed_passed_or_gone_is_not_counted() {
        let results = r#"{"level":"error","suppressions":[{"kind":"inSource"}]},{"kind":"pass","level":"none"},
            {"level":"error","baselineState":"absent"},{"level":"error","suppressions":[{"status":"rejected"}]}"#;
        assert_eq!(counts(results), ["0", "1", "0", "0"]);
        assert_eq!(counts(""), ["0", "0", "0", "0"]);
    }

    #[test]
    fn versions_in_a_message_are_an_update() {
        let message = r#"{"ruleId":"CVE-1","level":"error","message":{"text":"Package: openssl\nInstalled Version: 3.0\nVulnerability CVE-1\nSeverity: CRITICAL\nFixed Version: 3.1\nLink: x"}}"#;
        let found = drafts("sarif", &[("r.sarif", &report(message))]);
        assert_eq!(
            (found[0].kind.as_str(), cell(&found[0], "to_version"), cell(&found[0], "severity")),
            ("update", "3.1", "critical")
        );
        let none = message.replace("Fixed Version: 3.1", "Fixed Version: ");
        assert_eq!(drafts("sarif", &[("r.sarif", &report(&none))]).len(), 1);
    }

    #[test]
    fn a_run_without_a_date_or_that_failed_is_refused() {
        let undated = report("").replace(",\"endTimeUtc\":\"2026-10-05T04:00:00Z\"", "");
        assert!(refusals("sarif", &[("r", &undated)])[0].contains("when the scan was made"));
        assert_eq!(cell(&read_set("sarif", &[("r", &undated)], &[("date", "2026-10-05")])[0], "date"), "2026-10-05");
        assert!(refusals("sarif", &[("r", &report("").replace("true", "false"))])[0].contains("not successful"));
        assert!(refusals("sarif", &[("r", "{}")])[0].contains("no SARIF"));
    }
}
