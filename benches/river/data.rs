//! Workspaces to measure with: the same arguments give the same bytes.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

const SYSTEMS: u64 = 40;
/// The seconds that records are spread over: two years, and all is done before the instant of judgement.
const SPAN: u64 = 731 * 86_400 - 30_000;
const TYPES: [&str; 8] =
    ["full", "incremental", "incremental", "incremental", "incremental", "incremental", "differential", "full"];
const PLACES: [&str; 6] =
    ["/backup/nas01/daily", "tape-lib-A", "oss://bk-prod/db", "异地机房-西安", "dc2:/vol/backup", "本地磁盘阵列-3"];
const NOTES: [&str; 10] = [
    "",
    "",
    "",
    "",
    "正常完成",
    "备份完成，校验通过",
    "restore test of 3 files passed",
    "\"slow link to offsite, finished late\"",
    "\"操作人员说明：\"\"先停应用再备份\"\"\"",
    "存储空间不足，已清理 30 天前的旧备份后重试",
];

/// Numbers that look like chance and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn one_of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len() as u64) as usize]
    }
}

fn configuration(place: &Path) -> io::Result<()> {
    let mut text = String::from("[site]\ntitle = \"bench\"\ntimezone = \"Asia/Shanghai\"\n");
    for system in 1..=SYSTEMS {
        let _ = write!(
            text,
            "\n[[system]]\nid = \"sys-{system:03}\"\nname = \"sys-{system:03}\"\nin_service = 2024-01-01\n"
        );
    }
    fs::create_dir_all(place)?;
    fs::write(place.join("wellkept.toml"), text)
}

/// A workspace with one table of so many backups, in order of their time; answers the table.
pub fn backups(place: &Path, rows: usize) -> io::Result<PathBuf> {
    configuration(place)?;
    let folder = place.join("records/backup");
    fs::create_dir_all(&folder)?;
    let table = folder.join("backup.csv");
    let mut out = BufWriter::with_capacity(1 << 20, File::create(&table)?);
    writeln!(out, "id,system,started_at,finished_at,type,result,size,location,offsite,operator,notes")?;
    let mut dice = Dice(rows as u64);
    for row in 0..rows {
        line(&mut out, row, row as u64 * SPAN / rows as u64, &mut dice)?;
    }
    out.flush()?;
    Ok(table)
}

/// One more backup, numbered after so many others and later than they.
pub fn backup(number: usize) -> String {
    let mut out = Vec::new();
    // Writing to memory cannot fail.
    let _ = line(&mut out, number, SPAN, &mut Dice(0));
    String::from_utf8(out).unwrap_or_default()
}

fn line(out: &mut impl io::Write, number: usize, start: u64, dice: &mut Dice) -> io::Result<()> {
    let end = start + 60 + dice.below(21_600);
    let result = if dice.below(50) == 0 { "failed" } else { "success" };
    writeln!(
        out,
        "BK-{:08},sys-{:03},{},{},{},{result},{},{},yes,operator-{},{}",
        number + 1,
        dice.below(SYSTEMS) + 1,
        time(start),
        time(end),
        dice.one_of(&TYPES),
        1_000_000 + dice.below(900_000_000),
        dice.one_of(&PLACES),
        dice.below(20) + 1,
        dice.one_of(&NOTES),
    )
}

/// Seconds after the beginning of 2024, as RFC 3339.
fn time(seconds: u64) -> String {
    let (mut day, second) = (seconds / 86_400, seconds % 86_400);
    let mut year = 2024;
    for length in [366, 365, 365] {
        if day >= length {
            day -= length;
            year += 1;
        }
    }
    let leap = u64::from(year == 2024);
    let mut month = 1;
    for length in [31, 28 + leap, 31, 30, 31, 30, 31, 31, 30, 31, 30] {
        if day < length {
            break;
        }
        day -= length;
        month += 1;
    }
    let (h, m, s) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year}-{month:02}-{:02}T{h:02}:{m:02}:{s:02}+08:00", day + 1)
}

const SENTENCES: [&str; 8] = [
    "Before any change the operator opens a record and writes down the planned window.",
    "操作前须登记计划窗口，并通知相关部门。",
    "If the replica lags by more than **60 seconds**, stop here and call the one on duty.",
    "若复制延迟超过 **60 秒**，立即停止并联系值班人员。",
    "Use `systemctl status` to see the unit, and keep its output in the record.",
    "使用 `df -h` 检查剩余空间，低于 15% 时先执行清理。",
    "Two people are present for every step that cannot be undone.",
    "全量备份保留 90 天，增量备份保留 14 天，异地副本保留一年。",
];
const HEADS: [&str; 6] = ["适用范围", "前置条件", "操作步骤", "验证", "回退方案", "Escalation"];
/// Runbooks in one folder.
const TOGETHER: usize = 50;

/// A workspace with so many runbooks of some 4 KB, fifty in a folder, linked to each other; answers one of them.
pub fn runbooks(place: &Path, pages: usize) -> io::Result<PathBuf> {
    configuration(place)?;
    let root = place.join("content/runbooks");
    let mut dice = Dice(pages as u64);
    for page in 0..pages {
        let path = root.join(name(page));
        if page % TOGETHER == 0 {
            fs::create_dir_all(path.parent().unwrap_or(&root))?;
        }
        let mut text = format!(
            "---\ntitle: 第 {page} 号手册\nowner: operator-{}\nlast_reviewed: 2025-{:02}-{:02}\nreview_in: 24 months\n---\n\n",
            dice.below(20) + 1,
            dice.below(12) + 1,
            dice.below(28) + 1
        );
        for head in HEADS {
            let _ = write!(text, "## {head}\n\n");
            for _ in 0..=dice.below(2) {
                let _ = write!(text, "{} {}\n\n", dice.one_of(&SENTENCES), dice.one_of(&SENTENCES));
            }
            for step in 1..=dice.below(5) + 2 {
                let _ = writeln!(text, "{step}. {}", dice.one_of(&SENTENCES));
            }
            let _ = write!(text, "\n```sh\nsystemctl stop app-{page}.service\nsha256sum -c MANIFEST\n```\n\n");
            let other = dice.below(pages as u64) as usize;
            let _ = write!(text, "另见 [第 {other} 号手册](../../{})。\n\n", name(other));
        }
        fs::write(path, text)?;
    }
    Ok(root.join(name(0)))
}

/// Where a runbook lies: `area-01/group-007/page-00312.md`.
fn name(page: usize) -> String {
    let group = page / TOGETHER;
    format!("area-{:02}/group-{group:03}/page-{page:05}.md", group % 12)
}
