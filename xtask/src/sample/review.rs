//! The monthly report's way over a manager's desk: one small TOML file a reading.

use super::date;

/// Month, when read, whether approved, and what the reader wrote.
/// May 2026 was approved on 15 June; the tenth was the last day for it.
const REVIEWS: [(&str, &str, bool, &str); 14] = [
    ("2025-10", "2025-11-05 10:30", true, "首月运行总体平稳，连接池问题请跟踪到位。"),
    ("2025-11", "2025-12-04 15:10", true, "证书过期不应再次发生，到期提醒请纳入巡检表。"),
    ("2025-12", "2026-01-06 09:20", false, "人事系统上线首月的数据未单列，请补充后再报。"),
    ("2025-12", "2026-01-08 16:45", true, "已补充人事系统数据，同意归档。"),
    ("2026-01", "2026-02-05 11:00", true, "磁盘写满前已有趋势，请研究提前预警。"),
    ("2026-02", "2026-03-06 14:25", true, "春节期间人事系统值班缺位，须在下次长假前落实备班。"),
    ("2026-03", "2026-04-07 10:05", true, "邮件备份中断两天未被发现，备份核对要写进交接班。"),
    ("2026-04", "2026-05-08 09:40", true, "停机通知必须先于停机发出，请通报执行人。"),
    ("2026-05", "2026-06-15 17:20", true, "出差期间未能按时审阅，报告内容同意。夜间响应需改进。"),
    ("2026-06", "2026-07-07 10:15", true, "机房搬迁组织有序。权限审批不得由申请人代批。"),
    ("2026-07", "2026-08-06 15:50", true, "高危补丁超期，请与厂商明确补丁交付时限。"),
    ("2026-08", "2026-09-04 09:30", true, "邮件停机近六小时，影响面大；恢复过程记录完整，改进项按期完成。"),
    ("2026-09", "2026-10-09 11:20", true, "检索性能改善明显，请在下次评估会上介绍做法。"),
    ("2026-10", "2026-11-03 10:10", true, "同意。变更前的配置检查请列为必做步骤。"),
];

/// One TOML file a review.
pub fn files() -> Vec<super::File> {
    REVIEWS
        .iter()
        .map(|&(month, at, approved, comment)| {
            let id = format!("RV-{month}{}", if approved { "" } else { "-R" });
            let decision = if approved { "approved" } else { "returned" };
            let body = format!(
                "id = \"{id}\"\nmonth = \"{month}\"\nreviewer = \"分管领导\"\nreviewed_at = \"{}\"\n\
                 decision = \"{decision}\"\ncomment = \"{comment}\"\n",
                date::clock(date::minute(at))
            );
            (format!("review/{id}.toml"), body.into_bytes())
        })
        .collect()
}
