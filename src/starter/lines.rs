//! What happens every few days or every month: questions, updates, rights, scans, reviews.

use crate::calendar::{Day, Period, Unit};

use super::sheet::{Sample, dice};
use super::texts::{FEEDBACK, QUESTIONS, RIGHTS, TRACKED, TUNED};

const SUPPORT: &[&str] = &[
    "id",
    "system",
    "asked_at",
    "requester",
    "department",
    "question",
    "agent",
    "answered_at",
    "resolved_at",
    "channel",
    "satisfaction",
];

/// A question on some working days.
pub fn support(sample: &mut Sample<'_>, system: &str, day: Day) {
    let roll = dice(&format!("support {system}"), day, 10);
    let asked = sample.at(day, 9, 5).plus(i64::from(dice("asked", day, 380)) * 60);
    let (answered, resolved) = (asked.plus(i64::from(4 + roll * 2) * 60), asked.plus(i64::from(40 + roll * 9) * 60));
    if day.weekday() > 4 || roll > 2 || !sample.past(resolved) {
        return;
    }
    let id = format!("SP-{system}-{}", day.to_string().replace('-', ""));
    let [department, question] = QUESTIONS[dice(&id, day, QUESTIONS.len() as u32) as usize];
    let row = vec![
        id.clone(),
        system.to_owned(),
        sample.stamp(asked),
        sample.word(("科员", "clerk")),
        sample.word(department),
        sample.word(question),
        sample.word(("管理员甲", "Administrator A")),
        sample.stamp(answered),
        sample.stamp(resolved),
        sample.word(("电话", "phone")),
        if roll == 2 { "4" } else { "5" }.to_owned(),
    ];
    sample.add("support", SUPPORT, asked, &id, row);
}

const UPDATE: &[&str] = &[
    "id",
    "system",
    "checked_at",
    "component",
    "from_version",
    "to_version",
    "severity",
    "applied_at",
    "result",
    "operator",
];

/// The monthly look for updates, and a week later two that were installed: the grave one first.
pub fn updates(sample: &mut Sample<'_>, system: &str, month: Day) {
    let name = Period::of(Unit::Month, month).name(Unit::Month);
    let (_, number, _) = month.ymd();
    let operator = sample.word(("管理员乙", "Administrator B"));
    let all = sample.word(("全部组件", "all components"));
    let found = [(8, 0, all.as_str(), "none", 0), (15, 1, "openssl", "high", 2), (15, 2, "postgresql", "medium", 3)];
    for (day, n, component, severity, days) in found {
        let checked = sample.at(month.plus(day - 1), 9, n * 20);
        let applied = sample.at(month.plus(day - 1 + days), 21, 0);
        if !sample.past(if days == 0 { checked } else { applied }) {
            continue;
        }
        let id = format!("UP-{system}-{name}-{}", n + 1);
        let version = |patch: u32| if days == 0 { String::new() } else { format!("3.{number}.{patch}") };
        let row = vec![
            id.clone(),
            system.to_owned(),
            sample.stamp(checked),
            component.to_owned(),
            version(1),
            version(2),
            severity.to_owned(),
            if days == 0 { String::new() } else { sample.stamp(applied) },
            if days == 0 { "not-needed" } else { "applied" }.to_owned(),
            operator.clone(),
        ];
        sample.add("update", UPDATE, checked, &id, row);
    }
}

const SCAN: &[&str] = &["id", "system", "date", "tool", "critical", "high", "medium", "low", "cleared_at", "operator"];
const TUNING: &[&str] = &["id", "system", "date", "finding", "action", "before", "after", "owner"];
const OUTAGE: &[&str] = &["id", "system", "started_at", "ended_at", "planned", "announced_at", "fault", "summary"];

/// A scan, something made faster, and a window of maintenance that was announced.
pub fn checked(sample: &mut Sample<'_>, system: &str, month: Day) {
    let name = Period::of(Unit::Month, month).name(Unit::Month);
    let (scan, cleared) = (month.plus(9), sample.at(month.plus(14), 16, 0));
    if sample.past(cleared) {
        let id = format!("SC-{system}-{name}");
        let (high, medium) = (dice("high", scan, 2), 1 + dice(&id, scan, 4));
        let operator = sample.word(("管理员乙", "Administrator B"));
        let counts = ["0".to_owned(), high.to_string(), medium.to_string(), "3".to_owned()];
        let mut row = vec![id.clone(), system.to_owned(), scan.to_string(), "OpenVAS".to_owned()];
        row.extend(counts);
        row.extend([sample.stamp(cleared), operator]);
        sample.add("scan", SCAN, sample.at(scan, 0, 0), &id, row);
    }
    let tuned = month.plus(23);
    if tuned <= sample.today() {
        let id = format!("OP-{system}-{name}");
        let (_, number, _) = month.ymd();
        let [finding, action, before, after] = TUNED[number as usize % TUNED.len()];
        let texts = [finding, action, before, after].map(|text| sample.word(text));
        let mut row = vec![id.clone(), system.to_owned(), tuned.to_string()];
        row.extend(texts);
        row.push(sample.word(("管理员甲", "Administrator A")));
        sample.add("optimization", TUNING, sample.at(tuned, 0, 0), &id, row);
    }
    let hour = if system == "oa" { 22 } else { 23 };
    let (start, end, told) = (sample.at(month.plus(11), hour, 0), sample.at(month.plus(11), hour, 50), month.plus(7));
    if sample.past(end) {
        let id = format!("OUT-{system}-{name}-P");
        let row = vec![
            id.clone(),
            system.to_owned(),
            sample.stamp(start),
            sample.stamp(end),
            "yes".to_owned(),
            sample.stamp(sample.at(told, 15, 0)),
            String::new(),
            sample.word(("每月例行维护", "Monthly maintenance")),
        ];
        sample.add("outage", OUTAGE, start, &id, row);
    }
}

const ACCESS: &[&str] = &[
    "id",
    "system",
    "requested_at",
    "requester",
    "subject",
    "change",
    "permission",
    "approver",
    "approved_at",
    "done_at",
    "operator",
];

/// Two changes of rights a month, each asked for, approved and done by different people.
pub fn access(sample: &mut Sample<'_>, month: Day) {
    let name = Period::of(Unit::Month, month).name(Unit::Month);
    for (n, day) in [(1, 3), (2, 20)] {
        let asked = sample.at(month.plus(day), 9, 40);
        let done = sample.at(month.plus(day + 1), 10, 15);
        if !sample.past(done) {
            continue;
        }
        let id = format!("AC-{name}-{n}");
        let (change, permission) = RIGHTS[(month.ymd().1 as usize + n) % RIGHTS.len()];
        let row = vec![
            id.clone(),
            if n == 1 { "oa" } else { "mail" }.to_owned(),
            sample.stamp(asked),
            sample.word(("综合科负责人", "Head of general affairs")),
            sample.word(("综合科科员", "Clerk of general affairs")),
            change.to_owned(),
            sample.word(permission),
            sample.word(("信息中心主任", "Head of IT")),
            sample.stamp(asked.plus(3 * 3600)),
            sample.stamp(done),
            sample.word(("管理员乙", "Administrator B")),
        ];
        sample.add("access", ACCESS, asked, &id, row);
    }
}

const FEED: &[&str] = &["id", "system", "date", "department", "text", "satisfaction", "action"];
const TECHNOLOGY: &[&str] = &["id", "date", "activity", "subject", "author"];
const REVIEW: &[&str] = &["id", "month", "reviewer", "reviewed_at", "decision", "comment"];

/// What users say, what was looked into, and the approval of the month's report.
pub fn told(sample: &mut Sample<'_>, month: Day) {
    let name = Period::of(Unit::Month, month).name(Unit::Month);
    let number = month.ymd().1 as usize;
    let fed = month.plus(19);
    if fed <= sample.today() {
        let id = format!("FB-{name}");
        let [text, action] = FEEDBACK[number % FEEDBACK.len()];
        let row = vec![
            id.clone(),
            "oa".to_owned(),
            fed.to_string(),
            sample.word(("财务科", "Finance")),
            sample.word(text),
            "4".to_owned(),
            sample.word(action),
        ];
        sample.add("feedback", FEED, sample.at(fed, 0, 0), &id, row);
    }
    let tracked = month.plus(17);
    if tracked <= sample.today() {
        let id = format!("TE-{name}");
        let subject = sample.word(TRACKED[number % TRACKED.len()]);
        let author = sample.word(("管理员甲", "Administrator A"));
        let row = vec![id.clone(), tracked.to_string(), "tracking".to_owned(), subject, author];
        sample.add("technology", TECHNOLOGY, sample.at(tracked, 0, 0), &id, row);
    }
    let reviewed = sample.at(month.add_months(1).plus(4), 10, 30);
    if sample.past(reviewed) {
        let id = format!("RV-{name}");
        let row = vec![
            id.clone(),
            name,
            sample.word(("分管领导", "Director")),
            sample.stamp(reviewed),
            "approved".to_owned(),
            sample.word(("同意", "Approved")),
        ];
        sample.add("review", REVIEW, reviewed, &id, row);
    }
}
