//! What happens seldom: faults with their outages, rules and trainings at the start, plans, the half-yearly evaluation.

use std::collections::BTreeMap;

use crate::calendar::{Day, Period, Unit};

use super::sheet::Sample;
use super::texts::{FAULTS, Fault, MINUTES};

const FAULT: &[&str] = &[
    "id",
    "system",
    "reported_at",
    "reporter",
    "grade",
    "summary",
    "description",
    "handler",
    "responded_at",
    "resolved_at",
    "cause",
    "resolution",
    "verified_at",
    "verified_by",
    "runbook",
];
const OUTAGE: &[&str] = &["id", "system", "started_at", "ended_at", "planned", "announced_at", "fault", "summary"];

/// Two faults a month. The first of all is a file of its own, as one that is worth a report would be.
pub fn faults(sample: &mut Sample<'_>) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    let mut number = 0;
    for month in sample.months() {
        for (day, hour) in [(5, 10), (18, 14)] {
            let reported = sample.at(month.plus(day), hour, 20);
            if !sample.past(reported.plus(7200)) {
                continue;
            }
            number += 1;
            let fault = &FAULTS[(number - 1) % FAULTS.len()];
            let id = format!("F-{}-{number:03}", sample.since.ymd().0);
            let resolved = reported.plus(fault.minutes * 60);
            let row = vec![
                id.clone(),
                fault.system.to_owned(),
                sample.stamp(reported),
                sample.word(("综合科", "General affairs")),
                fault.grade.to_owned(),
                sample.word(fault.summary),
                sample.word(fault.description),
                sample.word(("值班员甲", "Operator A")),
                sample.stamp(reported.plus(420)),
                sample.stamp(resolved),
                sample.word(fault.cause),
                sample.word(fault.resolution),
                sample.stamp(resolved.plus(1800)),
                sample.word(("综合科", "General affairs")),
                if fault.grade == "urgent" { "restore-service" } else { "" }.to_owned(),
            ];
            if fault.grade == "urgent" {
                let stop = format!("OUT-{id}");
                let outage = vec![
                    stop.clone(),
                    fault.system.to_owned(),
                    sample.stamp(reported.plus(-300)),
                    sample.stamp(resolved),
                    "no".to_owned(),
                    String::new(),
                    id.clone(),
                    sample.word(fault.summary),
                ];
                sample.add("outage", OUTAGE, reported.plus(-300), &stop, outage);
            }
            if number == 1 {
                out.insert(format!("records/fault/{id}.md"), report(sample, fault, &row));
            } else {
                sample.add("fault", FAULT, reported, &id, row);
            }
        }
    }
    out
}

/// A fault as a file: front matter, and a body that tells what happened.
fn report(sample: &Sample<'_>, fault: &Fault, row: &[String]) -> String {
    let fields = FAULT.iter().zip(row).filter(|(name, text)| **name != "description" && !text.is_empty());
    let front: Vec<String> = fields.map(|(name, text)| format!("{name}: {text}")).collect();
    let front = front.join("\n");
    let [told, lesson] =
        [("经过", "What happened"), ("改进", "What will be done better")].map(|text| sample.word(text));
    let [description, better] = [fault.description, fault.better].map(|text| sample.word(text));
    format!("---\n{front}\n---\n\n## {told}\n\n{description}\n\n## {lesson}\n\n{better}\n")
}

const POLICY: &[&str] = &["id", "date", "topic", "summary", "version", "approver"];
const TRAINING: &[&str] = &["id", "date", "audience", "department", "topic", "trainer", "attendees", "hours"];
const PLAN: &[&str] =
    &["id", "raised", "evaluation", "goal", "measure", "owner", "due", "expected", "status", "done_at"];

/// Rules and trainings of the first weeks, and two plans.
pub fn once(sample: &mut Sample<'_>) {
    let since = sample.since;
    let year = since.ymd().0;
    let rules = [
        ("password", ("口令不少于 12 位，每 90 天更换", "Passwords have 12 characters and are changed every 90 days")),
        ("device", ("移动存储先登记、先查毒再使用", "Removable media are registered and scanned before use")),
        ("data-transfer", ("对外传送数据须经审批并加密", "Data leave the house approved and encrypted")),
    ];
    for (n, (topic, text)) in rules.into_iter().enumerate() {
        let (id, day) = (format!("PO-{year}-{}", n + 1), since.plus(3));
        let approver = sample.word(("分管领导", "Director"));
        let row = vec![id.clone(), day.to_string(), topic.to_owned(), sample.word(text), "1.0".to_owned(), approver];
        sample.add("policy", POLICY, sample.at(day, 0, 0), &id, row);
    }
    let trainings = [
        (9, "operations", ("信息中心", "IT"), ("值班记录与故障定级", "Shift records and grades of faults"), "6"),
        (
            16,
            "business",
            ("综合科", "General affairs"),
            ("口令安全与办公系统使用", "Passwords and the use of the office system"),
            "32",
        ),
    ];
    for (n, (after, audience, department, topic, attendees)) in trainings.into_iter().enumerate() {
        let (id, day) = (format!("TR-{year}-{}", n + 1), since.plus(after));
        let row = vec![
            id.clone(),
            day.to_string(),
            audience.to_owned(),
            sample.word(department),
            sample.word(topic),
            sample.word(("管理员甲", "Administrator A")),
            attendees.to_owned(),
            "2".to_owned(),
        ];
        sample.add("training", TRAINING, sample.at(day, 0, 0), &id, row);
    }
    let spare = ("存储网络改为双路", "A second path in the storage network");
    let row = plan(sample, &format!("IM-{year}-1"), since.plus(12), "", spare, Some(since.plus(41)));
    sample.add("improvement", PLAN, sample.at(since.plus(12), 0, 0), &row[0].clone(), row);
    let alarm = ("磁盘用量提前一周预警", "Disks raise an alarm a week before they are full");
    let row = plan(sample, &format!("IM-{year}-2"), since.plus(20), "", alarm, None);
    sample.add("improvement", PLAN, sample.at(since.plus(20), 0, 0), &row[0].clone(), row);
}

/// A plan that is due half a year after it was made.
fn plan(
    sample: &Sample<'_>,
    id: &str,
    raised: Day,
    evaluation: &str,
    goal: (&str, &str),
    done: Option<Day>,
) -> Vec<String> {
    vec![
        id.to_owned(),
        raised.to_string(),
        evaluation.to_owned(),
        sample.word(goal),
        sample.word(("采购、实施、验收", "Buy, build, accept")),
        sample.word(("管理员甲", "Administrator A")),
        raised.plus(180).to_string(),
        sample.word(("同类故障不再发生", "The fault does not come again")),
        if done.is_some() { "done" } else { "open" }.to_owned(),
        done.map_or_else(String::new, |day| day.to_string()),
    ]
}

/// The evaluation of a half-year that ended within the sample, with the plan that came of it.
pub fn evaluation(sample: &mut Sample<'_>) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    let half = Period::of(Unit::Half, sample.since);
    let held = half.after.plus(14);
    if held > sample.today() {
        return out;
    }
    let name = half.name(Unit::Half);
    let id = format!("EV-{name}");
    let texts = MINUTES.map(|text| sample.word(text));
    let [chair, operations, business, administrator, minutes] = texts;
    let front = format!("id: {id}\ndate: {held}\nhalf: {name}\nchair: {chair}\n");
    let attendees = format!("attendees:\n  - {operations}\n  - {business}\n  - {administrator}\n");
    out.insert(format!("records/evaluation/{id}.md"), format!("---\n{front}{attendees}---\n\n{minutes}"));
    let goal = ("值班记录当班填写，不隔日补记", "Shift records are written during the shift, not the day after");
    let row = plan(sample, &format!("IM-{name}"), held, &id, goal, None);
    sample.add("improvement", PLAN, sample.at(held, 0, 0), &row[0].clone(), row);
    out
}
