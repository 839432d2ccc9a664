//! When a system stood still: planned windows, and what the faults cost.

use super::date::{self, Minute};
use super::fault::{self, Fault};
use super::table::{self, Cell, at, text};

/// A stop of a system.
pub struct Outage {
    /// `OUT-2026-003`.
    pub id: String,
    /// The system's id.
    pub system: &'static str,
    /// When it began.
    pub start: Minute,
    /// When it was over.
    pub end: Minute,
    /// Whether it was meant.
    pub planned: bool,
    announced: Option<Minute>,
    fault: String,
    summary: &'static str,
}

/// System, start, minutes, announced at (a planned one), key of the fault (an unplanned one), summary.
const OUTAGES: [(&str, &str, i64, &str, &str, &str); 25] = [
    ("oa", "2025-10-14 09:08", 38, "", "oa-pool", "数据库连接耗尽，页面无法打开"),
    ("oa", "2025-10-25 22:00", 120, "2025-10-22 10:00", "", "数据库小版本升级"),
    ("oa", "2025-11-28 08:00", 57, "", "oa-certificate", "网站证书过期，浏览器拒绝访问"),
    ("mail", "2025-12-06 21:00", 90, "2025-12-02 15:30", "", "反垃圾网关更换"),
    ("mail", "2025-12-17 09:41", 16, "", "", "上联交换机端口抖动，自动恢复"),
    ("oa", "2026-01-10 22:00", 150, "2026-01-06 09:00", "", "应用平台升级"),
    ("oa", "2026-01-19 10:32", 43, "", "oa-disk", "数据盘写满，只读"),
    ("hr", "2026-02-07 20:00", 60, "2026-02-03 11:00", "", "节前内核更新与重启"),
    ("hr", "2026-03-18 13:05", 12, "", "", "机房配电切换时主机重启"),
    ("mail", "2026-03-21 22:00", 100, "2026-03-17 10:00", "", "邮件存储扩容"),
    // Announced twelve minutes after it began: it counts as downtime like any other.
    ("oa", "2026-04-25 22:00", 50, "2026-04-25 22:12", "", "停用旧预览接口，通知晚于开始时间发出"),
    ("hr", "2026-05-16 21:00", 75, "2026-05-12 14:00", "", "数据库参数调整"),
    ("oa", "2026-05-26 02:47", 71, "", "oa-database", "数据库主库宕机，切换到备库"),
    ("oa", "2026-06-19 00:00", 330, "2026-06-11 09:30", "", "机房搬迁（豁免 W-2026-002）"),
    ("hr", "2026-06-30 08:51", 29, "", "hr-login", "单点登录失败"),
    ("mail", "2026-07-25 22:00", 120, "2026-07-21 10:00", "", "系统盘更换与内核更新"),
    // 340 minutes in one month: availability falls to 99.236 %, below the 99.5 % that are asked.
    ("mail", "2026-08-11 07:22", 340, "", "mail-storage", "存储控制器故障，邮件库不可用"),
    ("mail", "2026-08-22 21:00", 120, "2026-08-18 09:00", "", "更换存储控制器"),
    ("oa", "2026-09-12 22:00", 95, "2026-09-08 16:00", "", "重建全文检索索引"),
    ("hr", "2026-09-19 20:30", 60, "2026-09-15 10:00", "", "人事套件升级"),
    ("mail", "2026-10-08 08:34", 9, "", "", "节后登录集中，认证进程重启"),
    ("hr", "2026-10-17 21:00", 60, "2026-10-13 10:00", "", "证书与内核更新"),
    ("oa", "2026-10-20 09:16", 22, "", "oa-gateway", "反向代理配置错误，页面返回 502"),
    ("mail", "2026-10-24 22:00", 80, "2026-10-20 15:00", "", "邮件网关策略更新"),
    ("oa", "2026-10-31 22:00", 90, "2026-10-27 09:00", "", "月度维护窗口"),
];

/// All outages, in order of time.
pub fn all(faults: &[Fault]) -> Vec<Outage> {
    let mut number = [0, 0];
    OUTAGES
        .iter()
        .map(|&(system, start, minutes, announced, fault, summary)| {
            let of_year = &mut number[usize::from(start.starts_with("2026"))];
            *of_year += 1;
            Outage {
                id: format!("OUT-{}-{of_year:03}", &start[..4]),
                system,
                start: date::minute(start),
                end: date::minute(start) + minutes,
                planned: !announced.is_empty(),
                announced: (!announced.is_empty()).then(|| date::minute(announced)),
                fault: fault::id_of(faults, fault),
                summary,
            }
        })
        .collect()
}

/// One CSV a year.
pub fn files(outages: &[Outage]) -> Vec<super::File> {
    let columns = [
        ("id", "编号"),
        ("system", "系统"),
        ("started_at", "开始时间"),
        ("ended_at", "结束时间"),
        ("planned", "是否计划内"),
        ("announced_at", "通知时间"),
        ("fault", "关联故障"),
        ("summary", "摘要"),
    ];
    let rows: Vec<_> = outages
        .iter()
        .map(|o| {
            let cells = vec![
                text(&o.id),
                Cell::System(o.system),
                Cell::At(o.start),
                Cell::At(o.end),
                Cell::Yes(o.planned),
                at(o.announced),
                text(&o.fault),
                text(o.summary),
            ];
            (o.start / 1440, cells)
        })
        .collect();
    table::by_year("outage", &columns, &rows)
}
