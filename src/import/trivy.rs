//! Trivy: `trivy … --format json`. A report is a scan, with how many weaknesses there are of each severity; each of them
//! that a newer version mends is an update that waits. A report without weaknesses is a scan with none.

use serde_json::Value;

use crate::finding::Finding;
use crate::say;
use crate::say::Said;
use crate::source::Place;

use super::reading::json::{self, Json, Part};
use super::reading::lines::another;
use super::reading::outage::compact;
use super::reading::scan::{Moment, Severity, Tally, Weakness, moment, names, untagged, update};
use super::reading::{Draft, Input, Scope, Told, slug};
use super::{How, Source, each};

/// Trivy.
pub static SOURCE: Source = Source {
    name: "trivy",
    kinds: &["scan", "update"],
    about: (
        "--format json 的报告：一条扫描记录，每个有修复版本的漏洞一条待更新记录",
        "reports of --format json: a scan, and for each weakness that has a fix an update that waits",
    ),
    export: "trivy image --format json --output report.json IMAGE",
    beside: &[],
    how: How::Code(read),
};

fn read(inputs: &[Input], told: &mut Told<'_>) {
    each(inputs, told, report);
}

/// What a report says of itself.
struct Report {
    artifact: String,
    tool: String,
    id: Option<String>,
    moment: Moment,
    place: Place,
}

fn report(input: &Input, told: &mut Told<'_>) -> Result<(), Finding> {
    let json = Json::open(input)?;
    let root = json.root()?;
    let text = |key: &str| root.get(key).and_then(|p| p.value().ok()).and_then(|v| v.as_str().map(str::to_owned));
    if root.get("apiVersion").is_some() {
        let what = Said::new("Kubernetes 中的 VulnerabilityReport", "a VulnerabilityReport of Kubernetes");
        return Err(another(
            input,
            &what,
            Said::new("请用 trivy --format json 的报告", "use a report of trivy --format json"),
        ));
    }
    // Before its second schema Trivy printed the bare list, and `null` where there was nothing.
    let results = root.items().unwrap_or_else(|| root.list("Results"));
    let known = root.object().is_none_or(|o| o.contains_key("SchemaVersion") || o.contains_key("Results"));
    if !known {
        let what = Said::new("别的 JSON，不是 Trivy 的报告", "other JSON and no report of Trivy");
        return Err(another(
            input,
            &what,
            Said::new("请用 trivy --format json 的报告", "use a report of trivy --format json"),
        ));
    }
    let created = text("CreatedAt");
    let moment = moment(created.as_deref(), &root.place(), told)?;
    let version = root.get("Trivy").and_then(|t| t.value().ok());
    let version = version.as_ref().and_then(|v| json::text(v, &["Version"])).map(|v| format!(" {v}"));
    let named = text("ArtifactName").filter(|name| !name.trim().is_empty());
    let artifact = named.unwrap_or_else(|| target(&results));
    let tool = format!("Trivy{}", version.unwrap_or_default());
    let report = Report { artifact, tool, id: text("ReportID"), moment, place: root.place() };
    take(&report, &results, told)
}

/// What the first result is about, without the system in brackets.
fn target(results: &[Part<'_, '_>]) -> String {
    let first = results.first().and_then(|r| r.get("Target")).and_then(|t| t.value().ok());
    let text = first.as_ref().and_then(Value::as_str).unwrap_or_default();
    text.split(" (").next().unwrap_or_default().to_owned()
}

fn take(report: &Report, results: &[Part<'_, '_>], told: &mut Told<'_>) -> Result<(), Finding> {
    let mut tally = Tally::default();
    let (mut unfixed, mut unaffected) = (0, 0);
    let artifact = untagged(&report.artifact);
    for result in results {
        for part in result.list("Vulnerabilities") {
            let (item, place) = (part.value()?, part.place());
            let text = |key: &str| json::text(&item, &[key]);
            if text("Status") == Some("not_affected") {
                unaffected += 1;
                continue;
            }
            let severity = severity(text("Severity"), &place, told);
            tally.add(severity);
            let fixed = text("FixedVersion");
            let (Some(id), Some(package)) = (text("VulnerabilityID"), text("PkgName")) else { continue };
            if fixed.is_none() && text("Status") != Some("fixed") {
                unfixed += 1;
                continue;
            }
            let installed = text("InstalledVersion").unwrap_or_default();
            let weakness = Weakness { id, package, installed, fixed, severity, artifact };
            let draft = update(&weakness, &report.moment, &place, told);
            told.drafts.push(draft.named(names(&report.artifact)));
        }
        let failed = |item: &Value| json::text(item, &["Status"]).is_none_or(|status| status == "FAIL");
        for part in result.list("Misconfigurations").into_iter().chain(result.list("Secrets")) {
            let item = part.value()?;
            if failed(&item) {
                tally.add(severity(json::text(&item, &["Severity"]), &part.place(), told));
            }
        }
    }
    if unfixed + unaffected > 0 {
        let said = say!(
            "{unfixed} 个漏洞还没有修复版本，只计入扫描；{unaffected} 个不受影响，未计入",
            "{unfixed} weaknesses have no fix yet and are only counted in the scan; {unaffected} do not affect it and are not"
        );
        told.note(report.place.clone(), said);
    }
    told.drafts.push(tally.into_scan(scan(report, told)));
    Ok(())
}

fn scan(report: &Report, told: &Told<'_>) -> Draft {
    let artifact = untagged(&report.artifact);
    let when = compact(report.moment.at);
    let tail = report.id.clone().unwrap_or_else(|| slug([artifact, &when]));
    Draft::new("scan", slug([tail]), report.place.clone())
        .scope(if report.id.is_some() { Scope::Tool } else { Scope::System })
        .named(names(&report.artifact))
        .set("date", told.ground.date(report.moment.at))
        .set("tool", &report.tool)
        .note((!report.artifact.is_empty()).then(|| Said::same(report.artifact.clone())))
}

/// The severity of a word; one that is none of the tool's counts as unknown, and is said.
pub(super) fn severity(word: Option<&str>, place: &Place, told: &mut Told<'_>) -> Severity {
    let word = word.unwrap_or_default();
    Severity::of_word(word).unwrap_or_else(|| {
        let shown = crate::value::shown(word.as_bytes());
        told.note(
            place.clone(),
            say!(
                "不认识的严重程度“{shown}”，按“不明”计",
                "the severity \"{shown}\" is not known and counts as unknown"
            ),
        );
        Severity::Unknown
    })
}

#[cfg(test)]
mod tests {
    use crate::import::testing::{cell, drafts, notes, read_set, refusals};

    const REPORT: &str = r#"{"SchemaVersion":2,"ReportID":"019d-aa","CreatedAt":"2026-10-05T04:05:47.827Z",
"ArtifactName":"ghcr.io/x/web-01:main-159","Trivy":{"Version":"0.69.3"},
"Results":[{"Target":"a","Vulnerabilities":[
 {"VulnerabilityID":"CVE-1","PkgName":"openssl","InstalledVersion":"3.0","FixedVersion":"3.1","Status":"fixed","Severity":"CRITICAL"},
 {"VulnerabilityID":"CVE-2","PkgName":"bash","InstalledVersion":"5.0","Status":"not_affected","Severity":"HIGH"},
 {"VulnerabilityID":"CVE-3","PkgName":"apt","InstalledVersion":"1.8","Status":"will_not_fix","Severity":"LOW"},
 {"VulnerabilityID":"CVE-4","PkgName":"zlib","InstalledVersion":"1","FixedVersion":"2","Severity":"UNKNOWN"},
 {"VulnerabilityID":"CVE-5","PkgName":"zlib","InstalledVersion":"1","Severity":"5"}],
 "Misconfigurations":[{"Status":"PASS","Severity":"HIGH"},{"Status":"FAIL","Severity":"MEDIUM"}],
 "Secrets":[{"Severity":"HIGH"}]},{"Target":"b"}]}"#;

    #[test]
    fn a_report_is_a_scan_and_the_updates_that_wait() {
        let found = drafts("trivy", &[("r.json", REPORT)]);
        assert_eq!(found.len(), 3);
        let (update, scan) = (&found[0], &found[2]);
        assert_eq!((update.tail.as_str(), update.place.line), ("ghcr.io-x-web-01-CVE-1-openssl-3.0", 4));
        assert_eq!((cell(update, "to_version"), cell(update, "severity")), ("3.1", "critical"));
        assert_eq!((cell(update, "advisory"), cell(update, "result")), ("CVE-1", "pending"));
        assert_eq!(cell(&found[1], "severity"), "none");
        assert!(found[1].notes.iter().any(|n| n.en == "severity not known"));
        assert_eq!(
            (scan.tail.as_str(), cell(scan, "date"), cell(scan, "tool")),
            ("019d-aa", "2026-10-05", "Trivy 0.69.3")
        );
        let counts = ["critical", "high", "medium", "low"].map(|field| cell(scan, field));
        assert_eq!(counts, ["1", "1", "1", "1"]);
        assert!(scan.notes.iter().any(|n| n.en == "2 more of unknown severity"), "{:?}", scan.notes);
        assert!(scan.names.contains(&"web-01".to_owned()));
        let said = notes("trivy", &[("r.json", REPORT)]);
        assert!(said.iter().any(|n| n.contains("2 weaknesses have no fix") && n.contains("1 do not affect")));
        assert!(said.iter().any(|n| n.contains("\"5\"")), "a number may mean either end of a scale");
    }

    #[test]
    fn a_later_build_waits_for_the_same_update() {
        let later = REPORT.replace("main-159", "main-160").replace("2026-10-05", "2026-10-12");
        assert_eq!(drafts("trivy", &[("r.json", &later)])[0].tail, drafts("trivy", &[("r.json", REPORT)])[0].tail);
    }

    #[test]
    fn no_findings_are_zero_of_each_and_need_a_date() {
        for text in [
            r#"{"SchemaVersion":2,"CreatedAt":"2026-10-05T04:05:47Z","ArtifactName":"a","Results":null}"#,
            r#"{"SchemaVersion":2,"CreatedAt":"2026-10-05T04:05:47Z","ArtifactName":"a"}"#,
        ] {
            let found = drafts("trivy", &[("r.json", text)]);
            assert_eq!((found.len(), cell(&found[0], "critical"), cell(&found[0], "low")), (1, "0", "0"));
        }
        for text in ["null", "[]", r#"[{"Target":"a","Vulnerabilities":null}]"#] {
            assert!(refusals("trivy", &[("r.json", text)])[0].contains("when the scan was made"), "{text}");
            let found = read_set("trivy", &[("r.json", text)], &[("date", "2026-10-05")]);
            assert_eq!((cell(&found[0], "date"), cell(&found[0], "high")), ("2026-10-05", "0"), "{text}");
        }
        assert!(refusals("trivy", &[("r.json", "")])[0].contains("a run that failed"));
        assert!(refusals("trivy", &[("r.json", r#"{"apiVersion":"x"}"#)])[0].contains("Kubernetes"));
        assert!(refusals("trivy", &[("r.json", r#"{"matches":[]}"#)])[0].contains("no report of Trivy"));
    }
}
