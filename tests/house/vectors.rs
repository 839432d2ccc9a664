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

/// Judges faults of April 2026 in May; the last is not resolved.
fn april_faults() -> Value {
    let ws = Workspace::small(
        "-- records/fault/a.csv --\n\
         id,system,reported_at,grade,summary,responded_at,resolved_at,verified_at,verified_by\n\
         F1,oa,2026-04-10 10:00:00,紧急,a,2026-04-10 10:01:00,2026-04-10 11:00:00,2026-04-10 12:00:00,甲\n\
         F2,oa,2026-04-11 10:00:00,紧急,b,2026-04-11 10:02:00,2026-04-11 12:00:00,2026-04-11 13:00:01,甲\n\
         F3,oa,2026-04-12 10:00:00,紧急,c,2026-04-12 10:03:00,2026-04-12 13:00:00,,\n\
         F4,oa,2026-04-28 10:00:00,紧急,d,2026-04-28 10:04:00,,,\n\
         F5,oa,2026-04-29 10:00:00,一般,e,2026-04-29 10:09:00,2026-05-01 00:00:00,,\n",
    );
    judged(ws.root(), "2026-05-02T12:00")
}

#[test]
fn lengths_have_a_median_a_90th_percentile_and_a_most_of_those_that_are_done() {
    let judged = april_faults();
    let of = |name: &str| keyed(&judged, name, "2026-04", ("grade", "urgent"));
    // Nearest rank: of four the second and the fourth, of three the second and the third, of two the first and the second.
    assert_eq!(
        ["response_median", "response_p90", "response_max"].map(|n| of(n)[2].clone()),
        [120, 240, 240].map(|n| json!(n))
    );
    assert_eq!(
        ["resolve_median", "resolve_p90", "resolve_max"].map(|n| of(n)[2].clone()),
        [7200, 10_800, 10_800].map(|n| json!(n))
    );
    assert_eq!(of("verify_median"), [json!(7200), json!(1), json!(7200), json!(null)]);
    assert_eq!(["verify_p90", "verify_max"].map(|n| of(n)[0].clone()), [10_801, 10_801].map(|n| json!(n)));
    let none = keyed(&judged, "verify_max", "2026-04", ("grade", "important"));
    assert_eq!(none, [json!(null), json!(0), json!(null), json!("n/a")]);
}

#[test]
fn the_oldest_open_fault_is_as_old_as_the_month_lets_it_be() {
    let judged = april_faults();
    // F4 was reported on 28 April at ten; F5 was resolved at the very end of the month, and so was not open then.
    assert_eq!(figure(&judged, "faults_open", "2026-04")[2], json!(1));
    assert_eq!(figure(&judged, "faults_oldest_open", "2026-04")[2], json!(2 * 86_400 + 14 * 3600));
    assert_eq!(figure(&judged, "faults_oldest_open", "2026-05")[2], json!(4 * 86_400 + 2 * 3600));
}

#[test]
fn the_volume_of_backups_is_in_bytes_and_by_type() {
    let ws = Workspace::small(
        "-- records/backup/a.csv --\n\
         id,system,started_at,type,result,size,offsite\n\
         B1,oa,2026-04-02 01:00,full,success,1.5 GB,是\n\
         B2,oa,2026-04-03 01:00,full,success,1,是\n\
         B3,oa,2026-04-04 01:00,full,failed,7 GB,否\n\
         B4,oa,2026-04-05 01:00,full,success,,是\n\
         B5,oa,2026-04-06 01:00,incremental,success,1 MiB,是\n",
    );
    let judged = judged(ws.root(), "2026-05-01T12:00");
    let of = |ty: &str| keyed(&judged, "backup_volume", "2026-04", ("type", ty));
    assert_eq!(of("full"), [json!(1_500_000_001), json!(1), json!(1_500.000_001), json!(null)]);
    assert_eq!(of("incremental")[0], json!(1_048_576));
    assert_eq!(of("differential"), [json!(0), json!(0), json!(null), json!("n/a")]);
    let said = crate::program::must(ws.root(), &["explain", "backup_volume", "--period", "2026-04", "--lang", "en"], 0);
    assert!(said.stdout.contains("full: 1.50 GB\n  records (2):\n    B1 "), "{}", said.stdout);
    assert!(said.stdout.contains("Successful backups without a size, left out: 1."), "{}", said.stdout);
}

#[test]
fn the_time_to_patch_is_told_for_high_risk_and_for_the_others() {
    let ws = Workspace::small(
        "-- records/update/a.csv --\n\
         id,system,checked_at,component,severity,result,applied_at\n\
         U1,oa,2026-04-02 10:00,a,high,applied,2026-04-02 11:00\n\
         U2,oa,2026-04-03 10:00,b,medium,applied,2026-04-03 12:00\n\
         U3,oa,2026-04-04 10:00,c,low,,2026-04-04 13:00\n\
         U4,oa,2026-04-05 10:00,d,none,applied,2026-04-05 14:00\n\
         U5,oa,2026-04-06 10:00,e,low,deferred,2026-04-06 15:00\n\
         U6,oa,2026-04-07 10:00,f,low,not-needed,2026-04-07 16:00\n",
    );
    let judged = judged(ws.root(), "2026-05-01T12:00");
    assert_eq!(figure(&judged, "patch_median", "2026-04")[2], json!(3600));
    assert_eq!(figure(&judged, "patch_median_others", "2026-04")[2], json!(3 * 3600));
    assert_eq!(figure(&judged, "patch_median_others", "2026-05")[3], json!("n/a"));
}

#[test]
fn shifts_have_a_median_and_a_mean_that_is_exact_and_shown_no_smaller_than_it_is() {
    let ws = Workspace::small(
        "-- records/shift/a.csv --\n\
         system,date,shift,operator,response_ms,cpu\n\
         oa,2026-04-01,day,值班员甲,300.5,50.5%\n\
         oa,2026-04-02,day,值班员甲,100,50\n\
         oa,2026-04-03,day,值班员甲,200,50\n",
    );
    ws.write(
        "wellkept.toml",
        CONFIG.replace("in_service", "shifts = [\"day\"]\nin_service")
            + "\n[[shift]]\nid = \"day\"\nname = \"白班\"\nstart = \"08:00\"\nend = \"20:00\"\n",
    );
    let judged = judged(ws.root(), "2026-05-01T12:00");
    assert_eq!(figure(&judged, "shift_response_median", "2026-04")[2], json!(200));
    // 150.5 of 300 are 50.1666… %.
    let cpu = keyed(&judged, "capacity_mean", "2026-04", ("resource", "cpu"));
    assert_eq!(cpu, [json!(1505), json!(3000), json!(50.167), json!(null)]);
    let disk = keyed(&judged, "capacity_mean", "2026-04", ("resource", "disk"));
    assert_eq!(disk, [json!(0), json!(0), json!(null), json!("n/a")]);
}

/// A figure of the organisation: numerator, denominator and value.
fn of_all(judged: &Value, name: &str, period: &str, key: Option<(&str, &str)>) -> [Value; 3] {
    let figures = judged["figures"].as_array().unwrap();
    let mut found = figures.iter().filter(|f| {
        f["figure"] == name && f["system"].is_null() && f["period"] == period && key.is_none_or(|(k, v)| f[k] == v)
    });
    let figure = found.next().unwrap_or_else(|| panic!("no {name} of {period}"));
    assert!(found.next().is_none(), "two of {name} of {period}");
    ["numerator", "denominator", "value"].map(|part| figure[part].clone())
}

#[test]
fn an_improvement_is_overdue_from_the_day_after_it_was_due_until_it_is_done() {
    let ws = Workspace::small(
        "-- records/improvement/a.csv --\n\
         id,raised,goal,measure,owner,due,expected,status,done_at\n\
         I1,2026-04-01,a,b,甲,2026-04-29,c,open,\n\
         I2,2026-04-01,a,b,甲,2026-04-30,c,open,\n\
         I3,2026-04-01,a,b,甲,2026-04-20,c,done,2026-05-03\n\
         I4,2026-04-01,a,b,甲,2026-04-20,c,dropped,\n\
         I5,2026-04-01,a,b,甲,2026-04-20,c,done,\n",
    );
    let judged = judged(ws.root(), "2026-05-10");
    let of = |period: &str| of_all(&judged, "improvements_overdue", period, None)[2].clone();
    // At the end of April: I1, and I3 that was done in May. On 10 May: I1 and I2.
    assert_eq!((of("2026-04"), of("2026-05")), (json!(2), json!(2)));
    assert_eq!(of_all(&judged, "improvements_done", "2026-04", None)[..2], [json!(2), json!(4)]);
}

#[test]
fn trainings_are_counted_by_audience_with_their_hours() {
    let ws = Workspace::small(
        "-- records/training/a.csv --\n\
         id,date,audience,topic,hours\n\
         T1,2026-04-01,运维,a,1.5\n\
         T2,2026-04-30,运维,a,2\n\
         T3,2026-05-01,运维,a,4\n\
         T4,2026-04-10,业务,a,\n",
    );
    let judged = judged(ws.root(), "2026-05-10");
    let of = |name: &str, audience: &str| of_all(&judged, name, "2026-04", Some(("audience", audience)))[2].clone();
    assert_eq!((of("training_sessions", "operations"), of("training_hours", "operations")), (json!(2), json!(3.5)));
    assert_eq!((of("training_sessions", "business"), of("training_hours", "business")), (json!(1), json!(0)));
}

#[test]
fn the_records_of_a_month_tie_out() {
    let ws = Workspace::small(
        "-- records/backup/a.csv --\n\
         id,system,started_at,type,result\n\
         B1,oa,2026-04-02 01:00,full,success\n\
         B2,oa,2026-04-03 01:00,full,no such result\n\
         B3,oa,not a time,full,success\n\
         B4,oa,2026-05-03 01:00,full,success\n\
         -- records/policy/a.csv --\n\
         id,date,topic,summary\n\
         P1,2026-04-03,password,a\n",
    );
    let judged = judged(ws.root(), "2026-05-10");
    let of = |name: &str, period: &str| of_all(&judged, name, period, None);
    assert_eq!(of("records_read", "2026-04")[2], json!(3));
    assert_eq!(of("records_accepted", "2026-04"), [json!(2), json!(3), json!(2)]);
    assert_eq!(of("records_rejected", "2026-04"), [json!(1), json!(3), json!(1)]);
    assert_eq!(of("records_sealed", "2026-04"), [json!(0), json!(2), json!(0)]);
    assert_eq!(of("records_accepted", "2026-05"), [json!(1), json!(1), json!(1)]);
    // B3 is in no month, and is read and rejected all the same.
    assert_eq!(judged["records"]["read"], json!(5));
    assert_eq!(judged["records"]["rejected"], json!(2));
    let said = crate::program::must(ws.root(), &["explain", "records_rejected", "--period", "2026-04"], 0);
    assert!(said.stdout.contains("B2  records/backup/a.csv:3"), "{}", said.stdout);
}
