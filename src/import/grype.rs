//! Grype: `grype -o json`. As with Trivy, a report is a scan and the updates that wait. Releases before 0.62 do not say
//! when the scan was made.

use serde_json::Value;

use crate::finding::Finding;
use crate::say;
use crate::say::Said;

use super::reading::json::{self, Json};
use super::reading::lines::another;
use super::reading::outage::compact;
use super::reading::scan::{Tally, Weakness, moment, names, untagged, update};
use super::reading::{Draft, Input, Scope, Told, slug};
use super::trivy::severity;
use super::{How, Source, each};

/// Grype.
pub static SOURCE: Source = Source {
    name: "grype",
    kinds: &["scan", "update"],
    about: (
        "-o json 的报告：一条扫描记录，每个有修复版本的漏洞一条待更新记录",
        "reports of -o json: a scan, and for each weakness that has a fix an update that waits",
    ),
    export: "grype IMAGE -o json > report.json",
    beside: &[],
    how: How::Code(read),
};

fn read(inputs: &[Input], told: &mut Told<'_>) {
    each(inputs, told, report);
}

fn report(input: &Input, told: &mut Told<'_>) -> Result<(), Finding> {
    let json = Json::open(input)?;
    let root = json.root()?;
    if root.get("matches").is_none() {
        let what = Said::new("别的 JSON，不是 Grype 的报告", "other JSON and no report of Grype");
        return Err(another(input, &what, Said::new("请用 grype -o json 的报告", "use a report of grype -o json")));
    }
    let about = |key: &str| root.get(key).and_then(|part| part.value().ok()).unwrap_or_default();
    let (descriptor, source) = (about("descriptor"), about("source"));
    let moment = moment(json::text(&descriptor, &["timestamp"]), &root.place(), told)?;
    let whole = scanned(&source);
    let artifact = untagged(&whole);
    let (mut tally, mut unfixed) = (Tally::default(), 0);
    for part in root.list("matches") {
        let (item, place) = (part.value()?, part.place());
        let text = |path: &[&str]| json::text(&item, path);
        let severity = severity(text(&["vulnerability", "severity"]), &place, told);
        tally.add(severity);
        let (Some(id), Some(package)) = (text(&["vulnerability", "id"]), text(&["artifact", "name"])) else { continue };
        if text(&["vulnerability", "fix", "state"]) != Some("fixed") {
            unfixed += 1;
            continue;
        }
        let fixed = json::texts(&item, &["vulnerability", "fix", "versions"]).join(", ");
        let fixed = Some(fixed.as_str()).filter(|f| !f.is_empty());
        let installed = text(&["artifact", "version"]).unwrap_or_default();
        let draft = update(&Weakness { id, package, installed, fixed, severity, artifact }, &moment, &place, told);
        told.drafts.push(draft.named(names(&whole)).note(aliases(&item)));
    }
    if unfixed > 0 {
        let said = say!(
            "{unfixed} 个漏洞没有修复版本，只计入扫描",
            "{unfixed} weaknesses have no fix and are only counted in the scan"
        );
        told.note(root.place(), said);
    }
    let version = json::text(&descriptor, &["version"]).map(|v| format!(" {v}")).unwrap_or_default();
    let scan = Draft::new("scan", slug([artifact, &compact(moment.at)]), root.place())
        .scope(Scope::System)
        .named(names(&whole))
        .set("date", told.ground.date(moment.at))
        .set("tool", format!("Grype{version}"))
        .note((!whole.is_empty()).then(|| Said::same(whole.clone())));
    told.drafts.push(tally.into_scan(scan));
    Ok(())
}

/// What was scanned: an image, a folder, a file.
fn scanned(source: &Value) -> String {
    let paths: [&[&str]; 3] = [&["target", "userInput"], &["name"], &["target"]];
    let found = paths.iter().find_map(|path| json::text(source, path)).unwrap_or_default();
    found.trim_matches('"').to_owned()
}

/// The other numbers of a weakness: an advisory of GitHub has one of CVE.
fn aliases(item: &Value) -> Option<Said> {
    let related = json::at(item, &["relatedVulnerabilities"]).as_array().into_iter().flatten();
    let ids: Vec<&str> = related.filter_map(|r| json::text(r, &["id"])).collect();
    let ids = ids.join(", ");
    (!ids.is_empty()).then(|| say!("也称 {ids}", "also {ids}"))
}

#[cfg(test)]
mod tests {
    use crate::import::testing::{cell, drafts, notes, read_set, refusals};

    const REPORT: &str = r#"{"matches":[
{"vulnerability":{"id":"GHSA-1","severity":"High","fix":{"versions":["2.0","1.9"],"state":"fixed"}},
 "relatedVulnerabilities":[{"id":"CVE-9"}],"artifact":{"name":"lib","version":"1.0"}},
{"vulnerability":{"id":"CVE-2","severity":"Negligible","fix":{"versions":[],"state":"wont-fix"}},"artifact":{"name":"a","version":"1"}}],
"source":{"type":"image","target":{"userInput":"repo/web-01:1.2"}},
"descriptor":{"name":"grype","version":"0.80.0","timestamp":"2026-10-05T12:00:00.123+08:00"}}"#;

    #[test]
    fn a_report_is_a_scan_and_the_updates_that_wait() {
        let found = drafts("grype", &[("r.json", REPORT)]);
        assert_eq!(found.len(), 2);
        assert_eq!((cell(&found[0], "to_version"), cell(&found[0], "severity")), ("2.0, 1.9", "high"));
        assert!(found[0].notes.iter().any(|n| n.en == "also CVE-9"));
        assert_eq!(found[1].tail, "repo-web-01-20261005T040000Z");
        assert_eq!(
            (cell(&found[1], "high"), cell(&found[1], "low"), cell(&found[1], "tool")),
            ("1", "0", "Grype 0.80.0")
        );
        assert!(found[1].notes.iter().any(|n| n.en == "1 more negligible or informational"));
        assert!(notes("grype", &[("r.json", REPORT)])[0].contains("1 weaknesses have no fix"));
    }

    #[test]
    fn an_old_report_has_no_date() {
        let old = REPORT.replace(r#","timestamp":"2026-10-05T12:00:00.123+08:00""#, "");
        assert!(refusals("grype", &[("r.json", &old)])[0].contains("when the scan was made"));
        let found = read_set("grype", &[("r.json", &old)], &[("date", "2026-10-05")]);
        assert_eq!(cell(&found[0], "checked_at"), "2026-10-05T00:00:00+08:00");
        assert!(found[0].notes.iter().any(|n| n.en.contains("time of day")));
        assert!(refusals("grype", &[("r.json", "{}")])[0].contains("no report of Grype"));
    }
}
