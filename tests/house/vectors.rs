//! The worked examples of how figures are counted, to the second: what the program says of them must be what was worked
//! out by hand.

use serde_json::{Value, json};

use crate::program::judged;
use crate::workspace::{CONFIG, Workspace};

/// A figure of a system and a month: numerator, denominator, value, verdict.
fn figure(judged: &Value, name: &str, period: &str) -> [Value; 4] {
    keyed(judged, name, period, ("figure", name))
}

/// A figure that is told apart by one thing more, such as its grade.
fn keyed(judged: &Value, name: &str, period: &str, (key, value): (&str, &str)) -> [Value; 4] {
    let figures = judged["figures"].as_array().unwrap();
    let mut found = figures
        .iter()
        .filter(|f| f["figure"] == name && f["system"] == "oa" && f["period"] == period && f[key] == value);
    let figure = found.next().unwrap_or_else(|| panic!("no {name} of {period}"));
    assert!(found.next().is_none(), "two of {name} of {period}");
    ["numerator", "denominator", "value", "verdict"].map(|part| figure[part].clone())
}

fn minutes(n: i64) -> i64 {
    n * 60
}

/// Judges outages of April 2026, a month of thirty days, in May.
fn april(outages: &str) -> Value {
    let ws = Workspace::small(&format!(
        "-- records/outage/a.csv --\nid,system,started_at,ended_at,planned,announced_at\n{outages}"
    ));
    judged(ws.root(), "2026-05-31")
}

#[test]
fn an_outage_of_215_minutes_in_a_month_with_an_announced_window_misses_99_5() {
    let judged = april(
        "O1,oa,2026-04-10 10:00,2026-04-10 13:35,,\nO2,oa,2026-04-18 22:00,2026-04-19 08:00,是,2026-04-16 09:00\n",
    );
    let [up, ast, value, verdict] = figure(&judged, "availability", "2026-04");
    assert_eq!((up, ast), (json!(minutes(42_600 - 215)), json!(minutes(42_600))));
    assert_eq!((value, verdict), (json!(99.495), json!("fail")));
    assert_eq!(figure(&judged, "downtime", "2026-04")[0], json!(minutes(215)));
}

#[test]
fn an_outage_of_216_minutes_meets_99_5_exactly() {
    let judged = april("O1,oa,2026-04-10 10:00,2026-04-10 13:36,,\n");
    let [up, ast, value, verdict] = figure(&judged, "availability", "2026-04");
    assert_eq!((up, ast), (json!(minutes(43_200 - 216)), json!(minutes(43_200))));
    assert_eq!((value, verdict), (json!(99.5), json!("pass")));
}

#[test]
fn outages_that_overlap_count_once() {
    let judged = april("O1,oa,2026-04-10 10:00,2026-04-10 12:00,,\nO2,oa,2026-04-10 11:00,2026-04-10 13:00,,\n");
    let [up, ast, value, verdict] = figure(&judged, "availability", "2026-04");
    assert_eq!((up, ast), (json!(minutes(43_200 - 180)), json!(minutes(43_200))));
    assert_eq!((value, verdict), (json!(99.583), json!("pass")));
    assert_eq!(figure(&judged, "outages", "2026-04")[2], json!(1));
    // 43,020 minutes of service between one outage.
    assert_eq!(figure(&judged, "mtbf", "2026-04")[2], json!(minutes(43_020)));
}

#[test]
fn an_outage_over_the_end_of_a_month_is_counted_where_it_starts_and_its_minutes_where_they_fall() {
    let judged = april("O1,oa,2026-04-30 23:00,2026-05-01 02:00,,\n");
    assert_eq!(figure(&judged, "downtime", "2026-04")[0], json!(minutes(60)));
    assert_eq!(figure(&judged, "downtime", "2026-05")[0], json!(minutes(120)));
    assert_eq!(figure(&judged, "outages", "2026-04")[2], json!(1));
    assert_eq!(figure(&judged, "outages", "2026-05")[2], json!(0));
    assert_eq!(figure(&judged, "mtbf", "2026-05")[3], json!("n/a"));
}

#[test]
fn an_outage_that_runs_out_of_an_announced_window_counts_outside_it_only() {
    let judged = april(
        "O1,oa,2026-04-18 22:00,2026-04-19 00:00,是,2026-04-17 09:00\nO2,oa,2026-04-18 23:30,2026-04-19 00:40,,\n",
    );
    let [up, ast, ..] = figure(&judged, "availability", "2026-04");
    assert_eq!((up, ast), (json!(minutes(43_080 - 40)), json!(minutes(43_080))));
    assert_eq!(figure(&judged, "downtime", "2026-04")[0], json!(minutes(40)));
}

#[test]
fn a_window_announced_after_it_began_is_downtime() {
    let judged = april("O1,oa,2026-04-18 22:00,2026-04-19 08:00,是,2026-04-18 22:30\n");
    let [up, ast, value, verdict] = figure(&judged, "availability", "2026-04");
    assert_eq!((up, ast), (json!(minutes(43_200 - 600)), json!(minutes(43_200))));
    assert_eq!((value, verdict), (json!(98.611), json!("fail")));
}

#[test]
fn an_outage_without_an_end_runs_to_the_instant_of_judgement() {
    let ws = Workspace::small("-- records/outage/a.csv --\nid,system,started_at,ended_at\nO1,oa,2026-04-10 10:00,\n");
    let judged = judged(ws.root(), "2026-04-10T11:30");
    // Nine days, eleven hours and a half of service so far.
    let [up, ast, ..] = figure(&judged, "availability", "2026-04");
    assert_eq!((up, ast), (json!(minutes(9 * 1440 + 600)), json!(minutes(9 * 1440 + 690))));
}

#[test]
fn a_month_that_nobody_watched_is_unproven_and_a_failed_one_stays_failed() {
    let config = CONFIG.replace("in_service", "shifts = [\"day\"]\nin_service")
        + "\n[[shift]]\nid = \"day\"\nname = \"白班\"\nstart = \"08:00\"\nend = \"20:00\"\n";
    let records = |seen: u32, outage: &str| {
        let rows: String = (1..=seen).map(|day| format!("oa,2026-04-{day:02},day,值班员甲\n")).collect();
        let ws = Workspace::of_text(&format!(
            "-- records/shift/a.csv --\nsystem,date,shift,operator\n{rows}\
             -- records/outage/a.csv --\nid,system,started_at,ended_at\n{outage}"
        ));
        ws.write("wellkept.toml", &config);
        judged(ws.root(), "2026-05-01T12:00")
    };
    // 27 of 30 is 90 %, which is enough; 26 is not.
    let of = |judged: &Value, name: &str| figure(judged, name, "2026-04");
    let watched = records(27, "");
    assert_eq!(of(&watched, "coverage"), [json!(27), json!(30), json!(90), json!("pass")]);
    assert_eq!(of(&watched, "availability")[3], json!("pass"));
    let unwatched = records(26, "");
    assert_eq!(of(&unwatched, "coverage"), [json!(26), json!(30), json!(86.666), json!("fail")]);
    assert_eq!(of(&unwatched, "availability")[3], json!("unproven"));
    let down = records(26, "O1,oa,2026-04-10 00:00,2026-04-11 00:00\n");
    assert_eq!(of(&down, "availability")[3], json!("fail"));
}

#[test]
fn an_answer_at_the_limit_is_in_time_and_none_after_it_is_a_breach() {
    // Urgent: fifteen minutes. The last one's limit falls in May, the one before has none yet at the instant of judgement.
    let ws = Workspace::small(
        "-- records/fault/a.csv --\n\
         id,system,reported_at,grade,summary,responded_at\n\
         F1,oa,2026-04-10 10:00:00,紧急,a,2026-04-10 10:15:00\n\
         F2,oa,2026-04-11 10:00:00,紧急,b,2026-04-11 10:15:01\n\
         F3,oa,2026-04-12 10:00:00,紧急,c,\n\
         F4,oa,2026-04-30 23:50:00,紧急,d,2026-04-30 23:55:00\n\
         F5,oa,2026-05-02 11:50:00,紧急,e,\n\
         F6,oa,2026-04-13 10:00:00,重要,f,2026-04-13 10:30:00\n",
    );
    let judged = judged(ws.root(), "2026-05-02T12:00");
    let of = |name: &str, period: &str, grade: &str| keyed(&judged, name, period, ("grade", grade));
    assert_eq!(of("response_compliance", "2026-04", "urgent")[..3], [json!(1), json!(3), json!(33.333)]);
    assert_eq!(of("response_compliance", "2026-05", "urgent")[..3], [json!(1), json!(1), json!(100)]);
    assert_eq!(of("response_compliance", "2026-04", "important")[..3], [json!(1), json!(1), json!(100)]);
    // Medians go by the month of the report and by those that were answered: 300, 900 and 901 seconds.
    assert_eq!(of("response_median", "2026-04", "urgent")[2], json!(900));
    assert_eq!(figure(&judged, "faults_open", "2026-04")[2], json!(5));
    assert_eq!(figure(&judged, "faults_open", "2026-05")[2], json!(6));
}

#[test]
fn the_longest_gap_is_whole_and_begins_with_the_service() {
    // 1 April 00:00 to 2 April 02:00 is 26 hours; then to 5 April 02:30, 72.5 hours, over a failed one; then 24.
    let ws = Workspace::small(
        "-- records/backup/a.csv --\n\
         id,system,started_at,finished_at,type,result,offsite\n\
         B1,oa,2026-04-02 01:00,2026-04-02 02:00,full,success,是\n\
         B2,oa,2026-04-03 01:00,2026-04-03 02:00,full,failed,否\n\
         B3,oa,2026-04-05 01:30,2026-04-05 02:30,full,success,否\n\
         B4,oa,2026-04-06 02:30,,full,success,是\n",
    );
    let now = judged(ws.root(), "2026-04-07T00:00");
    assert_eq!(figure(&now, "backup_longest_gap", "2026-04")[2], json!(72 * 3600 + 1800));
    // Six days were due, three had a success; of four attempts three succeeded, two of them off site.
    assert_eq!(figure(&now, "backup_success", "2026-04")[..2], [json!(3), json!(6)]);
    assert_eq!(figure(&now, "backup_first_attempt", "2026-04")[..2], [json!(3), json!(4)]);
    assert_eq!(figure(&now, "backup_offsite", "2026-04")[..2], [json!(2), json!(3)]);
    // A gap that reaches into May is May's too, whole: from 6 April 02:30 to 2 May.
    let later = judged(ws.root(), "2026-05-02T00:00");
    let gap = json!(25 * 86_400 + 21 * 3600 + 1800);
    assert_eq!(figure(&later, "backup_longest_gap", "2026-04")[2], gap);
    assert_eq!(figure(&later, "backup_longest_gap", "2026-05")[2], gap);
}

#[test]
fn completeness_leaves_out_what_is_waived_and_what_is_not_yet_due() {
    // Seven days: three met, three missed of which one is waived, and today.
    let ws = Workspace::small(
        "-- records/backup/a.csv --\n\
         id,system,started_at,type,result,offsite\n\
         B1,oa,2026-04-01 01:00,incremental,success,是\n\
         B2,oa,2026-04-02 01:00,incremental,success,是\n\
         B3,oa,2026-04-06 01:00,incremental,success,是\n\
         -- records/waiver/a.csv --\n\
         id,rule,system,from,to,reason,approver,approved_at\n\
         W1,backup.daily,oa,2026-04-04,2026-04-04,机房停电,管理员甲,2026-04-05 09:00\n",
    );
    let judged = judged(ws.root(), "2026-04-07T12:00");
    let of_rule = |state: &str| slots(&ws, state);
    assert_eq!(figure(&judged, "backup_success", "2026-04")[..2], [json!(3), json!(5)]);
    assert_eq!(
        ["met", "missed", "waived", "pending"].map(of_rule),
        [vec!["01", "02", "06"], vec!["03", "05"], vec!["04"], vec!["07"]]
            .map(|v| v.into_iter().map(|d| format!("2026-04-{d}")).collect::<Vec<_>>())
    );
    // The weekly full one: the first week is cut by the start of service, the second is not over.
    assert_eq!(keyed(&judged, "completeness", "2026-04", ("kind", "backup"))[..3], [json!(3), json!(5), json!(60)]);
}

/// The days of the slots of `backup.daily` that are in a state, as the site exports them.
fn slots(ws: &Workspace, state: &str) -> Vec<String> {
    crate::program::must(ws.root(), &["build", "--as-of", "2026-04-07T12:00"], 0);
    let table = ws.read("site/data/slots.csv");
    let mut reader = csv::Reader::from_reader(table.trim_start_matches('\u{feff}').as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let mine = rows.iter().filter(|row| &row[0] == "backup.daily" && &row[6] == state);
    mine.map(|row| row[4].to_owned()).collect()
}
