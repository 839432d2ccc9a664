//! A month that was sealed and corrected afterwards: each version of its report is kept, in the seals and as a page.

use std::fs;

use crate::program::{must, run};
use crate::repository::root;
use crate::seal::{Keys, found, seal, workspace};
use crate::workspace::Workspace;

const HEAD: &str = "id,system,started_at,type,result,offsite,size,corrects,notes\n";

/// Of how many days of a month there is a backup, as a page says of the share.
fn days(page: &str) -> Vec<String> {
    let row = page.split("<tr>").find(|row| row.contains(">备份成功率<"));
    let cells = row.unwrap_or_else(|| panic!("{page}")).split("<td class=\"n\">").skip(2).take(1);
    cells.map(|cell| cell.split("</td>").next().unwrap().to_owned()).collect()
}

fn build(ws: &Workspace, as_of: &str) {
    must(ws.root(), &["build", "--as-of", as_of], 0);
}

/// The pages of earlier versions.
fn versions(ws: &Workspace) -> Vec<String> {
    let all = crate::workspace::tree(&ws.path("site/reports")).into_keys();
    all.filter(|name| name.contains("-v") && !name.contains("single")).collect()
}

fn correct(ws: &Workspace, name: &str, row: &str) {
    ws.write(&format!("records/backup/{name}.csv"), format!("{HEAD}{row}\n"));
}

/// A workspace of which no deadline passes after its months are sealed, since its first quarter is not a whole one, and no
/// gap between backups reaches from April into May.
fn quiet() -> Workspace {
    let ws = workspace();
    let config = ws.read("wellkept.toml").replace("in_service = 2026-04-01", "in_service = 2026-04-02");
    let more = "languages = [\"zh-CN\", \"en\"]\nbase_url = \"https://ops.example\"\n[archive]";
    ws.write("wellkept.toml", config.replace("[archive]", more));
    let rows = ws.read("records/backup/2026.csv");
    let more = "BK-0,oa,2026-04-30 02:00,full,success,true,1 GiB\nBK-4,oa,2026-06-01 02:00,full,success,true,1 GiB\nBK-5,oa,2026-07-01 02:00,full,success,true,1 GiB\n";
    ws.write("records/backup/2026.csv", rows + more);
    ws
}

/// Sealed thrice; April corrected after its own seal, and once more after that of May.
fn archive(keys: &Keys) -> Workspace {
    let ws = quiet();
    let key = keys.path("k");
    ws.write("seals/allowed_signers", keys.line("k", ""));
    seal(&ws, "2026-04", "2026-05-28", Some(&key));
    correct(&ws, "one", "BK-2-A,oa,2026-04-03 02:00,full,failed,true,1 GiB,BK-2,日志误报");
    let ran = seal(&ws, "2026-05", "2026-06-28", Some(&key));
    assert!(ran.stderr.contains("kept: 2026-04\n"), "{}", ran.stderr);
    correct(
        &ws,
        "two",
        "BK-2-B,oa,2026-04-03 02:00,full,success,true,1 GiB,BK-2-A,重新核对，当天成功\nBK-9,oa,2026-04-09 02:00,full,success,true,1 GiB,,补记",
    );
    seal(&ws, "2026-06", "2026-07-28", Some(&key));
    ws
}

#[test]
fn each_version_of_a_corrected_month_is_kept_with_its_own_numbers() {
    let keys = Keys::new(&["k"]);
    let ws = archive(&keys);
    assert_eq!(found(ws.root(), "2026-07-29"), Vec::<String>::new());
    build(&ws, "2026-07-29");
    assert_eq!(versions(&ws), ["2026-04-v1.html", "2026-04-v2.html"]);
    let page = |name: &str| ws.read(&format!("site/reports/{name}.html"));
    let (first, second, now) = (page("2026-04-v1"), page("2026-04-v2"), page("2026-04"));
    assert_eq!([days(&first), days(&second), days(&now)].concat(), ["3 / 29 天", "2 / 29 天", "4 / 29 天"]);

    // An earlier version says at its top what it is, where it is sealed, and what came after it, and why.
    let top = |page: &str| page.split("<h2 id=\"clauses\"").next().unwrap().to_owned();
    for part in [
        "第 1 版，共 3 版",
        "2026-05-29 00:00 写入 2026-04 的封存",
        "第 2 版，2026-06-29 00:00 写入 2026-05 的封存",
        "更正：BK-2 → BK-2-A",
        "href=\"2026-04.html\"",
    ] {
        assert!(top(&first).replace("../reports/", "").contains(part), "{part}: {}", top(&first));
    }
    for part in ["第 2 版，共 3 版", "封存之后补记：BK-2-B, BK-9", "更正：BK-2-A → BK-2-B"] {
        assert!(top(&second).contains(part), "{part}: {}", top(&second));
    }
    assert!(!top(&second).contains("BK-2 → BK-2-A"), "that was before it");

    // The report lists all of them, and the list of reports says which one stands.
    let list = now.split("id=\"versions\"").nth(1).unwrap().split("</table>").next().unwrap();
    for part in ["2026-04-v1.html", "2026-04-v2.html", "第 3 版", "2026-06 的封存"] {
        assert!(list.contains(part), "{part}: {list}");
    }
    assert!(ws.read("site/reports/index.html").contains("../reports/2026-04.html#versions\">第 3 版</a>"));
    // What was never judged otherwise has one version, and says nothing of it.
    for other in ["2026-05", "2026-06"] {
        assert!(!page(other).contains("id=\"versions\"") && !page(other).contains("第 1 版"), "{other}");
    }
    // Both editions, the map of the site and the search have them.
    let english = ws.read("site/en/reports/2026-04-v1.html");
    assert!(english.contains("Version 1 of 3, written into the seal of 2026-04"), "{english}");
    let map = ws.read("site/sitemap.xml");
    assert!(
        map.contains("/reports/2026-04-v1.html</loc>") && map.contains("/en/reports/2026-04-v2.html</loc>"),
        "{map}"
    );
    let index = crate::workspace::tree(&ws.path("site/search"));
    let found = |word: &str| index.values().any(|bytes| String::from_utf8_lossy(bytes).contains(word));
    assert!(found("reports/2026-04-v1.html") && found("运维月报（第 1 版）"));
    assert!(ws.read("site/reports/2026-04-v1.single.html").contains("3 / 29 天"));
    // The seals are enough: each version is there as lines of its own, in order and canonical.
    let lines = |month: &str| ws.read(&format!("seals/{month}/verdicts.jsonl"));
    let of = |month: &str| -> Vec<String> {
        let all = lines(month);
        let all = all.lines().filter(|l| l.contains("\"backup_success\"") && l.contains("\"month\":\"2026-04\""));
        all.map(str::to_owned).collect()
    };
    assert_eq!(of("2026-04").len(), 0);
    assert!(of("2026-05").len() == 1 && of("2026-05")[0].contains("\"numerator\":\"2\""), "{:?}", of("2026-05"));
    assert!(of("2026-06").len() == 1 && of("2026-06")[0].contains("\"numerator\":\"4\""), "{:?}", of("2026-06"));
    for month in ["2026-04", "2026-05", "2026-06"] {
        let all = lines(month);
        assert!(all.lines().is_sorted(), "{month}");
    }
}

#[test]
fn a_version_that_no_seal_holds_yet_comes_and_goes_with_the_records() {
    let keys = Keys::new(&["k"]);
    let ws = archive(&keys);
    build(&ws, "2026-07-29");
    correct(&ws, "three", "BK-8,oa,2026-04-08 02:00,full,success,true,1 GiB,,补记");
    build(&ws, "2026-07-30");
    assert_eq!(versions(&ws), ["2026-04-v1.html", "2026-04-v2.html", "2026-04-v3.html"]);
    let third = ws.read("site/reports/2026-04-v3.html");
    assert!(third.contains("取代它的是第 4 版，尚未封存。") && third.contains("封存之后补记：BK-8"), "{third}");
    assert!(ws.read("site/reports/2026-04.html").contains("尚未封存，列入下一次封存"));
    // Taken back before it was sealed: the third version is the report again, and its page may go.
    fs::remove_file(ws.path("records/backup/three.csv")).unwrap();
    build(&ws, "2026-07-31");
    assert_eq!(versions(&ws), ["2026-04-v1.html", "2026-04-v2.html"]);
    // With its seals the archive loses its versions: `verify` tells, and so does the report.
    let line = ws.read("seals/2026-05/verdicts.jsonl");
    ws.write("seals/2026-05/verdicts.jsonl", line.replacen("\"numerator\":\"2\"", "\"numerator\":\"9\"", 1));
    assert_eq!(found(ws.root(), "2026-07-31"), ["seal.file"]);
    build(&ws, "2026-07-31");
    assert_eq!(versions(&ws), ["2026-04-v1.html"], "what was not sealed so is no version");
}

#[test]
fn clauses_say_what_a_month_came_to_when_it_was_sealed() {
    let ws = workspace();
    // Availability: met when it was sealed, missed since.
    let outages =
        "id,system,started_at,ended_at,planned,corrects,notes\nO-1,oa,2026-04-09 09:00,2026-04-09 10:00,no,,\n";
    ws.write("records/outage/a.csv", outages);
    ws.write("wellkept.toml", ws.read("wellkept.toml").replace("2026-04-01", "2026-04-01\nshifts = []"));
    seal(&ws, "2026-04", "2026-05-28", None);
    let then = |as_of: &str| {
        build(&ws, as_of);
        let page = ws.read("site/clauses/4.1.1.html");
        page.split_once("封存时的结果").map(|(_, rest)| rest.split("</tr>").next().unwrap().to_owned())
    };
    assert_eq!(then("2026-05-29"), None);
    ws.write(
        "records/outage/a.csv",
        format!("{outages}O-1-A,oa,2026-04-09 09:00,2026-04-12 10:00,no,O-1,恢复时刻填错\n"),
    );
    let row = then("2026-05-30").expect("April is judged otherwise now");
    let ws_sealed = ws.read("seals/2026-04/verdicts.jsonl");
    let sealed = ws_sealed.lines().find(|l| l.contains("\"clause\":\"4.1.1\",\"result\"")).unwrap();
    assert!(row.contains("../reports/2026-04.html#versions"), "{row}");
    let class = sealed.split("\"result\":\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(class != "missed" && row.contains(&format!("class=\"v {class}\"")), "{class}: {row}");
}

#[test]
fn seals_of_earlier_releases_have_one_version_of_a_month() {
    let ws = Workspace::of_folder(&root().join("tests/sealed/one"));
    build(&ws, "2026-08-05");
    // What the later seals of that release do not hold stands as not sealed yet.
    assert!(versions(&ws).contains(&"2026-04-v1.html".to_owned()));
    let report = ws.read("site/reports/2026-04.html");
    assert!(report.contains("尚未封存，列入下一次封存") && report.contains("BK-2 → BK-2-2"), "{report}");
    let ran = run(ws.root(), &["seal", "2026-07", "--as-of", "2026-08-05", "--accept", "--lang", "en"]);
    assert!(ran.code == Some(0) && ran.stderr.contains("kept: 2026-04"), "{}", ran.stderr);
    assert_eq!(found(ws.root(), "2026-08-05"), ["seal.unsigned"], "and nothing else");
    build(&ws, "2026-08-05");
    let report = ws.read("site/reports/2026-04.html");
    assert!(report.contains("2026-07 的封存") && !report.contains("尚未封存，列入下一次封存"));
}
