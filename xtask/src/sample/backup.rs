//! The backup log: each system each night, a full one on Sundays.

use super::date::{self, Day};
use super::dice::Dice;
use super::table::{self, Cell, SYSTEMS, at, text};

const COLUMNS: [(&str, &str); 14] = [
    ("id", "编号"),
    ("system", "系统"),
    ("started_at", "开始时间"),
    ("finished_at", "完成时间"),
    ("type", "备份类型"),
    ("result", "备份结果"),
    ("size", "备份大小"),
    ("location", "存放位置"),
    ("offsite", "是否异地"),
    ("checksum", "校验值"),
    ("restored_at", "恢复演练时间"),
    ("operator", "操作人"),
    ("corrects", "更正记录"),
    ("notes", "备注"),
];

/// Nights without any backup. The mail server's timer stood still over a weekend, which cost the Sunday's full one too;
/// the backup server travelled when the machine room moved (waiver W-2026-002).
const MISSING: [(&str, &str); 3] = [("mail", "2026-03-07"), ("mail", "2026-03-08"), ("oa", "2026-06-19")];

/// The nights that did not go as usual.
const SPECIAL: [(&str, &str, Night); 6] = [
    // After two missing nights somebody looked, and started it by hand.
    ("mail", "2026-03-09", Night::ByHand("夜班核对发现缺失，手动启动")),
    // Failed at night, made up for in the morning: in time.
    ("oa", "2025-11-18", Night::RetriedAt(8 * 60 + 55, "failed", "快照时数据库长事务未结束，任务退出", "早班重跑成功")),
    // Some of the files were left out, made up for in the morning: in time.
    ("mail", "2026-07-02", Night::RetriedAt(9 * 60 + 32, "partial", "3 个用户目录被锁，未备份", "解锁后补备成功")),
    // Failed, and the next success came only after more than a day: neither the day nor the follow-up is kept.
    ("hr", "2026-04-21", Night::Lost("目标库空间配额用尽，写入中断")),
    // The line to the other site was down, and nobody copied it later.
    ("oa", "2026-05-13", Night::AtHome("异地专线中断，仅存本地，事后未补传")),
    // A unit written wrongly, put right by a second record that names the first.
    ("oa", "2026-09-06", Night::Corrected("大小单位误记为 MB、漏记恢复演练；10 月 12 日按备份日志补记更正")),
];

/// Restore drills: system, day of the backup, when it was restored. The one of August was no drill (fault of the storage).
const DRILLS: [(&str, &str, &str); 9] = [
    ("oa", "2025-11-16", "2025-11-20 10:20"),
    ("mail", "2025-12-07", "2025-12-11 14:30"),
    ("hr", "2026-02-01", "2026-02-05 09:50"),
    ("oa", "2026-03-08", "2026-03-12 10:05"),
    ("mail", "2026-04-12", "2026-04-16 15:10"),
    ("hr", "2026-06-07", "2026-06-11 10:40"),
    ("mail", "2026-08-11", "2026-08-11 12:36"),
    ("oa", "2026-09-06", "2026-09-10 09:45"),
    ("hr", "2026-10-11", "2026-10-15 14:15"),
];

#[derive(Clone, Copy)]
enum Night {
    /// As usual.
    Usual,
    /// The result of the night and its note; a success at this minute of the same day, and its note.
    RetriedAt(i64, &'static str, &'static str, &'static str),
    /// Failed; the next day's backup starts late, by hand.
    Lost(&'static str),
    /// Started by hand on time; why.
    ByHand(&'static str),
    /// Kept on the spot only.
    AtHome(&'static str),
    /// Recorded with a wrong size and corrected; the reason.
    Corrected(&'static str),
}

/// One CSV a month.
pub fn files() -> Vec<super::File> {
    let mut dice = Dice::of("backup");
    let months = date::by_month(date::day(date::FIRST)..=date::day(date::LAST_DAILY));
    let mut out = Vec::new();
    for (n, days) in months.iter().enumerate() {
        let mut rows = Vec::new();
        for &day in days {
            for (system, _) in SYSTEMS {
                if table::serves(system, day) && !MISSING.contains(&(system, date::iso(day).as_str())) {
                    rows.extend(night(&mut dice, system, day));
                }
            }
        }
        out.push((format!("backup/{}.csv", date::month(days[0])), table::csv(table::hand(n), &COLUMNS, &rows)));
    }
    out
}

fn night(dice: &mut Dice, system: &'static str, day: Day) -> Vec<Vec<Cell>> {
    let found = SPECIAL.iter().find(|(s, d, _)| *s == system && date::day(d) == day);
    let how = found.map_or(Night::Usual, |(_, _, how)| *how);
    // The morning after the lost one is made by hand, more than 24 hours later.
    let by_hand =
        SPECIAL.iter().any(|(s, d, how)| *s == system && date::day(d) + 1 == day && matches!(how, Night::Lost(_)));
    let begin = match system {
        "oa" => 90,
        "mail" => 130,
        _ => 160,
    } + dice.between(0, 6);
    let start = day * 1440 + if by_hand { 9 * 60 + 40 } else { begin };
    let row = Row::usual(dice, system, day, start);
    let by_hand = if by_hand { "配额调整后人工补跑，见故障报告" } else { "" };
    match how {
        Night::Usual => vec![Row { notes: by_hand, ..row }.cells()],
        Night::ByHand(why) => vec![Row { operator: "值班员戊", notes: why, ..row }.cells()],
        Night::RetriedAt(minute, result, why, then) => {
            let bad = Row { result, notes: why, minutes: 7, gib: row.gib / 9, ..row.clone() };
            let again = Row { id: format!("{}-2", row.id), start: day * 1440 + minute, notes: then, ..row };
            vec![bad.cells(), Row { operator: "管理员乙", ..again }.cells()]
        }
        Night::Lost(why) => vec![Row { result: "failed", notes: why, minutes: 11, gib: row.gib / 5, ..row }.cells()],
        Night::AtHome(why) => {
            vec![Row { offsite: false, location: "本地库 bk-a:/srv/restic/oa".to_owned(), notes: why, ..row }.cells()]
        }
        Night::Corrected(why) => {
            let wrong = Row { restored: None, ..row.clone() };
            let mut cells = wrong.cells();
            cells[6] = text(format!("{}.{} MB", wrong.gib / 10, wrong.gib % 10));
            let right = Row { id: format!("{}-C", row.id), notes: why, corrects: row.id.clone(), ..row };
            vec![cells, right.cells()]
        }
    }
}

#[derive(Clone)]
struct Row {
    id: String,
    system: &'static str,
    start: i64,
    minutes: i64,
    full: bool,
    result: &'static str,
    /// Tenths of a GiB.
    gib: i64,
    location: String,
    offsite: bool,
    checksum: String,
    restored: Option<i64>,
    operator: &'static str,
    corrects: String,
    notes: &'static str,
}

impl Row {
    fn usual(dice: &mut Dice, system: &'static str, day: Day, start: i64) -> Self {
        let full = date::weekday(day) == 6;
        let age = day - date::day(date::FIRST);
        // Tenths of a GiB: what a full one holds grows with the days, what a night adds does not.
        let (whole, grows, low, high) = match system {
            "oa" => (1580, 11, 28, 92),
            "mail" => (6120, 30, 96, 284),
            _ => (312, 2, 4, 17),
        };
        let quiet = if date::works(day - 1) { 1 } else { 3 };
        let gib =
            if full { whole + age * grows / 10 + dice.between(0, 9) } else { dice.between(low, high) / quiet + 1 };
        let drill = DRILLS.iter().find(|(s, d, _)| *s == system && date::day(d) == day);
        Self {
            id: format!("BK-{}-{}", date::compact(day), system.to_uppercase()),
            system,
            start,
            minutes: 4 + gib / if full { 45 } else { 12 } + dice.between(0, 3),
            full,
            result: "success",
            gib,
            location: format!("异地库 bk-b:/srv/restic/{system}"),
            offsite: true,
            checksum: format!("sha256:{:016x}{:016x}", dice.bits(), dice.bits()),
            restored: drill.map(|(_, _, at)| date::minute(at)),
            operator: "定时任务",
            corrects: String::new(),
            notes: "",
        }
    }

    fn cells(&self) -> Vec<Cell> {
        let good = self.result == "success";
        vec![
            text(&self.id),
            Cell::System(self.system),
            Cell::At(self.start),
            Cell::At(self.start + self.minutes),
            if self.full { Cell::Word("full", "全量") } else { Cell::Word("incremental", "增量") },
            match self.result {
                "success" => Cell::Word("success", "成功"),
                "partial" => Cell::Word("partial", "部分成功"),
                _ => Cell::Word("failed", "失败"),
            },
            text(format!("{}.{} GiB", self.gib / 10, self.gib % 10)),
            text(&self.location),
            Cell::Yes(self.offsite),
            if good { text(&self.checksum) } else { Cell::Empty },
            at(self.restored),
            text(self.operator),
            text(&self.corrects),
            text(self.notes),
        ]
    }
}
