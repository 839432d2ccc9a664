//! Three months of sample records: a small organisation with two systems that does what the standard asks, with a few
//! honest faults. Offices and roles, no people.

use std::collections::BTreeMap;

use crate::calendar::{Day, Instant, Zone};
use crate::say::Lang;

use super::sheet::{Sample, dice};
use super::{lines, rare};

/// A system of the sample, with the hour of its backup.
pub(super) struct System {
    pub(super) id: &'static str,
    pub(super) hour: u32,
    /// The size of a full backup on the first day, in tenths of a GiB.
    pub(super) size: i32,
}

/// The systems of the sample.
pub(super) const SYSTEMS: [System; 2] =
    [System { id: "oa", hour: 1, size: 412 }, System { id: "mail", hour: 3, size: 957 }];

/// The second system, as it stands in the settings.
pub fn system(lang: Lang, since: Day) -> String {
    let (name, owner) = match lang {
        Lang::Zh => ("邮件系统", "管理员乙"),
        Lang::En => ("Mail", "Administrator B"),
    };
    format!(
        "\n[[system]]\nid = \"mail\"\nname = \"{name}\"\nowner = \"{owner}\"\nin_service = {since}\nshifts = [\"day\", \"night\"]\n"
    )
}

/// The records from a day up to an instant.
pub fn records(lang: Lang, zone: &Zone, since: Day, now: Instant) -> BTreeMap<String, String> {
    let mut sample = Sample::new(lang, zone, since, now);
    for day in sample.days() {
        for system in &SYSTEMS {
            backup(&mut sample, system, day);
            shifts(&mut sample, system, day);
            lines::support(&mut sample, system.id, day);
        }
    }
    for month in sample.months() {
        for system in &SYSTEMS {
            lines::updates(&mut sample, system.id, month);
            lines::checked(&mut sample, system.id, month);
        }
        lines::access(&mut sample, month);
        lines::told(&mut sample, month);
    }
    let mut out = rare::faults(&mut sample);
    rare::once(&mut sample);
    out.extend(rare::evaluation(&mut sample));
    out.extend(sample.files());
    out
}

const BACKUP: &[&str] = &[
    "id",
    "system",
    "started_at",
    "finished_at",
    "type",
    "result",
    "size",
    "location",
    "offsite",
    "restored_at",
    "operator",
    "notes",
];

/// A full backup on Sundays, else an incremental one; now and then one fails and is done again in the morning.
fn backup(sample: &mut Sample<'_>, system: &System, day: Day) {
    let full = day.weekday() == 6;
    let start = sample.at(day, system.hour, 0);
    let minutes = if full { 96 } else { 18 } + i64::from(dice(system.id, day, 9));
    let end = start.plus(minutes * 60);
    let again = sample.at(day, 9, 30);
    let id = format!("BK-{}-{}", system.id, day.to_string().replace('-', ""));
    let fails = !full && dice("backup fails", day, 41) == 7 && system.id == "oa" && sample.past(again.plus(3600));
    if !sample.past(end) {
        return;
    }
    let grown = system.size + (day.0 - sample.since.0) * 3 / 2;
    let size = if full { grown } else { grown / 18 + dice("size", day, 6) as i32 };
    let size = format!("{}.{} GiB", size / 10, size % 10);
    let restored = sample.at(day.plus(1), 10, 0).plus(i64::from(dice("drill", day, 50)) * 60);
    let drill = full && day.ymd().2 <= 7 && sample.past(restored);
    let place = sample.word(("异地机房 B 柜", "Second site, rack B"));
    let operator = sample.word(("值班员甲", "Operator A"));
    let row = |sample: &Sample<'_>, id: &str, start: Instant, end: Instant, ok: bool, notes: &str| {
        vec![
            id.to_owned(),
            system.id.to_owned(),
            sample.stamp(start),
            sample.stamp(end),
            if full { "full" } else { "incremental" }.to_owned(),
            if ok { "success" } else { "failed" }.to_owned(),
            if ok { size.clone() } else { String::new() },
            if ok { place.clone() } else { String::new() },
            if ok { "yes" } else { "" }.to_owned(),
            if drill { sample.stamp(restored) } else { String::new() },
            operator.clone(),
            notes.to_owned(),
        ]
    };
    if fails {
        let why =
            sample.word(("存储网络中断，当日上午补做", "The storage network was down; done again in the morning"));
        sample.add("backup", BACKUP, start, &id, row(sample, &id, start, start.plus(300), false, &why));
        let id = format!("{id}-2");
        sample.add("backup", BACKUP, again, &id, row(sample, &id, again, again.plus(minutes * 60), true, ""));
    } else {
        sample.add("backup", BACKUP, start, &id, row(sample, &id, start, end, true, ""));
    }
}

const SHIFT: &[&str] = &["system", "date", "shift", "operator", "response_ms", "errors", "cpu", "memory", "disk"];

/// The shifts that have ended.
fn shifts(sample: &mut Sample<'_>, system: &System, day: Day) {
    for (shift, hour, who) in [("day", 20, ("值班员甲", "Operator A")), ("night", 32, ("值班员乙", "Operator B"))]
    {
        if !sample.past(sample.at(day.plus(hour / 24), hour as u32 % 24, 0)) {
            continue;
        }
        let what = format!("{} {shift}", system.id);
        let busy = if shift == "day" && day.weekday() < 5 { 3 } else { 1 };
        let tenths = |name: &str, from: u32, width: u32| {
            let value = from + dice(&format!("{what} {name}"), day, width);
            format!("{}.{}", value / 10, value % 10)
        };
        let disk = 612 + (day.0 - sample.since.0) as u32;
        let row = vec![
            system.id.to_owned(),
            day.to_string(),
            shift.to_owned(),
            sample.word(who),
            tenths("response", 900 + 300 * busy, 400),
            dice(&format!("{what} errors"), day, 2 * busy).to_string(),
            tenths("cpu", 120 + 80 * busy, 90),
            tenths("memory", 540, 70),
            format!("{}.{}", disk / 10, disk % 10),
        ];
        // Rows of a day are ordered by their natural key.
        let key = format!("{}/{day}/{shift}", system.id);
        sample.add("shift", SHIFT, sample.at(day, 0, 0), &key, row);
    }
}
