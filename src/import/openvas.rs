//! OpenVAS (Greenbone): the CSV of a report, a row a result. What one task found in one system on one day is a scan.
//! Older reports know no `Critical` and call everything from 7.0 up `High`; such a report leaves the count open.

use std::collections::BTreeMap;

use crate::calendar::Instant;
use crate::finding::Finding;
use crate::say;
use crate::say::Said;
use crate::source::Place;

use super::reading::scan::{Severity, Tally, moment};
use super::reading::table::{Row, Sheet};
use super::reading::{Draft, Input, Scope, Told, line, slug, value};
use super::{How, Source, each};

/// OpenVAS.
pub static SOURCE: Source = Source {
    name: "openvas",
    kinds: &["scan"],
    about: (
        "报告的 CSV（每个结果一行）：每个系统、任务和日期一条扫描记录",
        "the CSV of a report (a row a result): a scan for each system, task and day",
    ),
    export: "Greenbone › Scans › Reports › Download: CSV Results",
    beside: &[],
    how: How::Code(read),
};

fn read(inputs: &[Input], told: &mut Told<'_>) {
    each(inputs, told, report);
}

/// The columns that are looked at.
struct Columns {
    severity: Vec<String>,
    score: Vec<String>,
    hosts: Vec<String>,
    task: Vec<String>,
    task_name: Vec<String>,
    time: Vec<String>,
}

fn columns() -> Columns {
    let names = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect();
    Columns {
        severity: names(&["Severity"]),
        score: names(&["CVSS"]),
        hosts: names(&["Hostname", "IP"]),
        task: names(&["Task ID"]),
        task_name: names(&["Task Name"]),
        time: names(&["Timestamp"]),
    }
}

/// A scan being counted.
struct Scan {
    names: Vec<String>,
    tally: Tally,
    /// Results called `High` of 9.0 and above.
    severe: usize,
    latest: Instant,
    task: String,
    task_name: String,
    place: Place,
}

fn report(input: &Input, told: &mut Told<'_>) -> Result<(), Finding> {
    let columns = columns();
    let needed = [&columns.severity[..], &columns.hosts[1..], &columns.time[..]];
    let sheet = Sheet::read(input, &needed, told)?;
    if sheet.rows.is_empty() {
        let made = clean(input, sheet.line, told);
        told.take(made);
        return Ok(());
    }
    let mut scans: BTreeMap<(String, String, String), Scan> = BTreeMap::new();
    for row in &sheet.rows {
        if let Err(finding) = result(&sheet, row, &columns, input, &mut scans, told) {
            told.findings.push(finding);
        }
    }
    for ((_, _, day), scan) in scans {
        let draft = record(&day, scan, told);
        told.drafts.push(draft);
    }
    Ok(())
}

fn result(
    sheet: &Sheet,
    row: &Row,
    columns: &Columns,
    input: &Input,
    scans: &mut BTreeMap<(String, String, String), Scan>,
    told: &mut Told<'_>,
) -> Result<(), Finding> {
    let place = line(input, row.line);
    let text = |names: &[String]| sheet.text(row, names).map_err(|why| value(place.clone(), why));
    let word = text(&columns.severity)?.unwrap_or_default();
    if word.eq_ignore_ascii_case("false positive") {
        return Ok(());
    }
    let Some(severity) = Severity::of_word(word) else {
        let shown = crate::value::shown(word.as_bytes());
        let why = say!("不认识的严重程度“{shown}”", "there is no severity \"{shown}\"");
        return Err(value(place, why));
    };
    let time = told.time(text(&columns.time)?.unwrap_or_default(), &place)?;
    let Some(at) = time else {
        return Err(value(place, Said::new("这一行没有 Timestamp", "the row has no Timestamp")));
    };
    let mut names: Vec<String> = Vec::new();
    for column in &columns.hosts {
        names.extend(text(std::slice::from_ref(column))?.map(str::to_owned));
    }
    // What is counted together must stay together whatever the hosts are called.
    let owner = told.ground.system_of(&names).map(|at| told.ground.config.systems[at].id.clone());
    let owner = owner.unwrap_or_else(|| names.join(" "));
    let task = text(&columns.task)?.unwrap_or_default().to_owned();
    let scan = scans.entry((owner, task.clone(), told.ground.date(at))).or_insert_with(|| Scan {
        names: names.clone(),
        tally: Tally::default(),
        severe: 0,
        latest: at,
        task,
        task_name: String::new(),
        place: place.clone(),
    });
    scan.tally.add(severity);
    scan.latest = scan.latest.max(at);
    let score = text(&columns.score)?.and_then(|score| crate::value::decimal(score.as_bytes()).ok());
    let severe = severity == Severity::High && score.is_some_and(|score| score.0 >= 9_000_000);
    scan.severe += usize::from(severe);
    if let Some(name) = text(&columns.task_name)? {
        name.clone_into(&mut scan.task_name);
    }
    Ok(())
}

fn record(day: &str, scan: Scan, told: &mut Told<'_>) -> Draft {
    let task: String = scan.task.chars().take(8).collect();
    let draft = Draft::new("scan", slug([task.as_str(), day]), scan.place.clone())
        .scope(Scope::System)
        .named(scan.names)
        .set("date", day)
        .set("tool", "OpenVAS")
        .note((!scan.task_name.is_empty()).then(|| Said::same(scan.task_name)));
    let mut draft = scan.tally.into_scan(draft);
    let severe = scan.severe;
    if severe > 0 && scan.tally.of(Severity::Critical) == 0 {
        draft.firm.retain(|(field, _)| field != "critical");
        let said = say!(
            "报告没有 Critical 一级：其中 {severe} 项 High 的 CVSS 在 9.0 以上",
            "the report knows no Critical: {severe} of its High are 9.0 or above by CVSS"
        );
        draft = draft.note(Some(said.clone()));
        told.note(scan.place, said);
    }
    draft
}

/// A report with a header and no results: nothing was found.
fn clean(input: &Input, number: u32, told: &mut Told<'_>) -> Result<Draft, Finding> {
    let place = line(input, number);
    let moment = moment(None, &place, told)?;
    let day = told.ground.date(moment.at);
    let draft = Draft::new("scan", slug(["clean", &day]), place).scope(Scope::System).set("date", day);
    Ok(Tally::default().into_scan(draft.set("tool", "OpenVAS")))
}

#[cfg(test)]
mod tests {
    use crate::import::testing::{cell, drafts, notes, read_set, refusals};

    const HEAD: &str = "IP,Hostname,CVSS,Severity,NVT Name,Task ID,Task Name,Timestamp\n";

    fn rows(rows: &[(&str, &str, &str)]) -> String {
        let row = |(host, score, severity): &(&str, &str, &str)| {
            format!(
                "10.0.0.9,{host},{score},{severity},\"two\nlines\",4949d3d6-705b,Weekly,2026-10-05T16:27:22+02:00\n"
            )
        };
        format!("{HEAD}{}", rows.iter().map(row).collect::<String>())
    }

    #[test]
    fn results_are_counted_by_system() {
        let text = rows(&[
            ("web-01", "7.5", "High"),
            ("mx-01", "5.0", "Medium"),
            ("web-01/HTTP", "0.0", "Log"),
            ("web-01", "1", "False Positive"),
        ]);
        let found = drafts("openvas", &[("r.csv", &text)]);
        assert_eq!(found.len(), 2);
        let oa = &found[1];
        assert_eq!((oa.tail.as_str(), cell(oa, "date")), ("4949d3d6-2026-10-05", "2026-10-05"));
        assert_eq!(["critical", "high", "medium", "low"].map(|f| cell(oa, f)), ["0", "1", "0", "0"]);
        assert!(oa.notes.iter().any(|n| n.en == "1 more negligible or informational"));
        assert_eq!(cell(&found[0], "medium"), "1");
    }

    #[test]
    fn a_scale_without_critical_leaves_it_open() {
        let text = rows(&[("web-01", "9.8", "High")]);
        let found = drafts("openvas", &[("r.csv", &text)]);
        assert_eq!((cell(&found[0], "critical"), cell(&found[0], "high")), ("", "1"));
        assert!(notes("openvas", &[("r.csv", &text)])[0].contains("no Critical"));
        let both = rows(&[("web-01", "9.8", "Critical"), ("web-01", "8", "High")]);
        assert_eq!(cell(&drafts("openvas", &[("r.csv", &both)])[0], "critical"), "1");
    }

    #[test]
    fn a_header_alone_is_a_scan_that_found_nothing() {
        assert!(refusals("openvas", &[("r.csv", HEAD)])[0].contains("when the scan was made"));
        let found = read_set("openvas", &[("r.csv", HEAD)], &[("date", "2026-10-05")]);
        assert_eq!((cell(&found[0], "high"), cell(&found[0], "date")), ("0", "2026-10-05"));
        assert!(refusals("openvas", &[("r.csv", "a,b\n1,2\n")])[0].contains("lacks columns"));
        assert!(refusals("openvas", &[("r.csv", &rows(&[("web-01", "1", "5")]))])[0].contains("no severity"));
        assert!(refusals("openvas", &[("r.csv", "")])[0].contains("empty"));
    }
}
