//! What each figure is, in words: the one list of their titles, and of what stands above and below the line.

use crate::say::Lang;

/// Whether more of it is better: decides to which side a shown value is cut, which is always against ourselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// Such as availability: shown no larger than it is.
    More,
    /// Such as downtime: shown no smaller than it is.
    Less,
}

/// A word in Chinese and English.
type Word = (&'static str, &'static str);

/// What a figure is.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// Its name, as in cli.md.
    pub name: &'static str,
    title: Word,
    numerator: Word,
    denominator: Word,
    unit: Word,
    how: Word,
    /// Which way is better.
    pub better: Better,
}

impl About {
    /// Its title.
    pub fn title(&self, lang: Lang) -> &'static str {
        pick(self.title, lang)
    }

    /// What its numerator counts; empty where it has none that says something.
    pub fn numerator(&self, lang: Lang) -> &'static str {
        pick(self.numerator, lang)
    }

    /// What its denominator counts.
    pub fn denominator(&self, lang: Lang) -> &'static str {
        pick(self.denominator, lang)
    }

    /// What is counted: the word behind a count, and behind numerator and denominator. In English it starts with its
    /// blank, where it wants one.
    pub fn unit(&self, lang: Lang) -> &'static str {
        pick(self.unit, lang)
    }

    /// How it is counted, in a sentence or two.
    pub fn how(&self, lang: Lang) -> &'static str {
        pick(self.how, lang)
    }
}

fn pick(word: Word, lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => word.0,
        Lang::En => word.1,
    }
}

/// What a figure of that name is; none for a name that no figure has.
pub fn about(name: &str) -> Option<&'static About> {
    ABOUT.iter().find(|about| about.name == name)
}

/// The names of all figures, in the order in which they are shown.
pub fn names() -> impl Iterator<Item = &'static str> {
    ABOUT.iter().map(|about| about.name)
}

const NONE: Word = ("", "");
const SECONDS: Word = ("秒", "s");

const ABOUT: [About; 45] = [
    About {
        name: "availability",
        title: ("可用率", "Availability"),
        numerator: ("可用时间", "time in service"),
        denominator: ("应服务时间", "agreed service time"),
        unit: SECONDS,
        how: (
            "应服务时间为当月时长（截至基准时刻，扣除事先通知的计划停机），可用时间再减去非计划停机的并集；按秒计算，百分数只舍不入。",
            "Agreed service time is the month up to the as-of time, less planned windows announced in time; time in service is that less the union of unplanned outages. Counted in seconds; the percentage is floored.",
        ),
        better: Better::More,
    },
    About {
        name: "downtime",
        title: ("停机时长", "Downtime"),
        numerator: ("非计划停机", "unplanned downtime"),
        denominator: ("应服务时间", "agreed service time"),
        unit: SECONDS,
        how: (
            "非计划停机区间的并集，截取到当月；未事先通知的计划停机计入，仍未恢复的计到基准时刻。",
            "The union of unplanned outages, cut to the month; a planned window that was not announced in time counts, and an outage without an end runs to the as-of time.",
        ),
        better: Better::Less,
    },
    About {
        name: "outages",
        title: ("停机次数", "Outages"),
        numerator: NONE,
        denominator: NONE,
        unit: ("次", ""),
        how: (
            "当月开始的非计划停机，首尾相接或重叠的合为一次。",
            "Unplanned outages that start in the month; those that touch or overlap are one.",
        ),
        better: Better::Less,
    },
    About {
        name: "mtbf",
        title: ("平均无故障时间", "Time between failures"),
        numerator: ("可用时间（秒）", "time in service (s)"),
        denominator: ("停机次数", "outages"),
        unit: NONE,
        how: (
            "可用时间除以当月开始的停机次数；没有停机时不计算（大于应服务时间）。",
            "Time in service over the outages that start in the month; not counted where there is none (more than the agreed service time).",
        ),
        better: Better::More,
    },
    About {
        name: "coverage",
        title: ("值班覆盖率", "Shift coverage"),
        numerator: ("有记录的班次", "shifts with a record"),
        denominator: ("应值班次", "shifts due"),
        unit: ("班", " shifts"),
        how: (
            "有值班记录的班次占应值班次的比例，豁免的班次也算无人值守；低于要求时，达标的可用率只能判为缺证据。",
            "Shifts with a record, of all that were due; a waived one was not watched either. Below the target a passing availability is unproven.",
        ),
        better: Better::More,
    },
    About {
        name: "response_compliance",
        title: ("故障响应及时率", "Faults answered in time"),
        numerator: ("按时响应", "answered in time"),
        denominator: ("响应期限落在当月", "deadline in the month"),
        unit: ("起", " faults"),
        how: (
            "响应期限落在当月且已到期的故障中，期限之前（含）响应的比例；未响应的算超时。",
            "Of the faults whose deadline lies in the month and has passed, the share answered by then; one without an answer is late.",
        ),
        better: Better::More,
    },
    About {
        name: "response_median",
        title: ("响应用时中位数", "Median time to respond"),
        numerator: NONE,
        denominator: NONE,
        unit: NONE,
        how: (
            "当月报告且已响应的故障，从报告到响应的时长，取最近秩中位数。",
            "Of the faults reported in the month and answered: from report to answer, nearest-rank median.",
        ),
        better: Better::Less,
    },
    About {
        name: "response_p90",
        title: ("响应用时 P90", "Time to respond, p90"),
        numerator: NONE,
        denominator: NONE,
        unit: NONE,
        how: (
            "当月报告且已响应的故障，从报告到响应的时长，取 90 百分位（最近秩）。",
            "Of the faults reported in the month and answered: from report to answer, 90th percentile (nearest rank).",
        ),
        better: Better::Less,
    },
    About {
        name: "response_max",
        title: ("响应用时最长", "Longest time to respond"),
        numerator: NONE,
        denominator: NONE,
        unit: NONE,
        how: (
            "当月报告且已响应的故障中，从报告到响应最长的一次。",
            "Of the faults reported in the month and answered: the longest from report to answer.",
        ),
        better: Better::Less,
    },
    About {
        name: "resolve_median",
        title: ("解决用时中位数", "Median time to resolve"),
        numerator: NONE,
        denominator: NONE,
        unit: NONE,
        how: (
            "当月报告且已解决的故障，从报告到解决的时长，取最近秩中位数；未解决的另行列出。",
            "Of the faults reported in the month and resolved: from report to resolution, nearest-rank median; open ones are told apart.",
        ),
        better: Better::Less,
    },
    About {
        name: "resolve_p90",
        title: ("解决用时 P90", "Time to resolve, p90"),
        numerator: NONE,
        denominator: NONE,
        unit: NONE,
        how: (
            "当月报告且已解决的故障，从报告到解决的时长，取 90 百分位（最近秩）；未解决的另行列出。",
            "Of the faults reported in the month and resolved: from report to resolution, 90th percentile (nearest rank); open ones are told apart.",
        ),
        better: Better::Less,
    },
    About {
        name: "resolve_max",
        title: ("解决用时最长", "Longest time to resolve"),
        numerator: NONE,
        denominator: NONE,
        unit: NONE,
        how: (
            "当月报告且已解决的故障中，从报告到解决最长的一次；未解决的另行列出。",
            "Of the faults reported in the month and resolved: the longest from report to resolution; open ones are told apart.",
        ),
        better: Better::Less,
    },
    About {
        name: "verify_median",
        title: ("验证用时中位数", "Median time to verify"),
        numerator: NONE,
        denominator: NONE,
        unit: NONE,
        how: (
            "当月报告且已验证的故障，从报告到验证的时长，取最近秩中位数。",
            "Of the faults reported in the month and verified: from report to verification, nearest-rank median.",
        ),
        better: Better::Less,
    },
    About {
        name: "verify_p90",
        title: ("验证用时 P90", "Time to verify, p90"),
        numerator: NONE,
        denominator: NONE,
        unit: NONE,
        how: (
            "当月报告且已验证的故障，从报告到验证的时长，取 90 百分位（最近秩）。",
            "Of the faults reported in the month and verified: from report to verification, 90th percentile (nearest rank).",
        ),
        better: Better::Less,
    },
    About {
        name: "verify_max",
        title: ("验证用时最长", "Longest time to verify"),
        numerator: NONE,
        denominator: NONE,
        unit: NONE,
        how: (
            "当月报告且已验证的故障中，从报告到验证最长的一次。",
            "Of the faults reported in the month and verified: the longest from report to verification.",
        ),
        better: Better::Less,
    },
    About {
        name: "faults_open",
        title: ("月末未解决故障", "Faults still open"),
        numerator: NONE,
        denominator: NONE,
        unit: ("起", ""),
        how: (
            "月末（或基准时刻）之前报告、到那时还没有解决的故障。",
            "Reported before the month's end (or the as-of time) and not resolved by then.",
        ),
        better: Better::Less,
    },
    About {
        name: "faults_oldest_open",
        title: ("未解决故障最长时间", "Oldest open fault"),
        numerator: NONE,
        denominator: NONE,
        unit: NONE,
        how: (
            "月末（或基准时刻）仍未解决的故障中，报告最早的一起已过的时间。",
            "The age of the oldest fault that was not resolved by the month's end (or the as-of time).",
        ),
        better: Better::Less,
    },
    About {
        name: "backup_success",
        title: ("备份成功率", "Days with a backup"),
        numerator: ("有成功备份的日数", "days with a success"),
        denominator: ("应备份日数", "days due"),
        unit: ("天", " days"),
        how: (
            "每日备份应有记录中已完成的比例；没有日志的日子算缺失，不从分母中去掉。",
            "Daily slots met of those due; a day without a log is a miss, not a gap in the denominator.",
        ),
        better: Better::More,
    },
    About {
        name: "backup_first_attempt",
        title: ("备份一次成功率", "First-attempt rate"),
        numerator: ("结果为成功的备份", "successful backups"),
        denominator: ("当月全部备份", "all backups"),
        unit: ("次", " backups"),
        how: (
            "当月备份记录中结果为成功的比例。",
            "Backup records of the month whose result is success, of all of them.",
        ),
        better: Better::More,
    },
    About {
        name: "backup_longest_gap",
        title: ("备份最长间隔", "Longest gap between backups"),
        numerator: NONE,
        denominator: NONE,
        unit: NONE,
        how: (
            "相邻两次成功备份之间的最长间隔（从启用起算，到基准时刻为止），与当月有交叠的取整段：可能丢失多久的数据。",
            "The longest gap between successful backups, from the start of service to the as-of time, that overlaps the month, taken whole: how much data could have been lost.",
        ),
        better: Better::Less,
    },
    About {
        name: "backup_offsite",
        title: ("异地备份率", "Stored off site"),
        numerator: ("存于异地的成功备份", "successes stored off site"),
        denominator: ("成功备份", "successful backups"),
        unit: ("次", " backups"),
        how: ("当月成功备份中存放于异地的比例。", "Successful backups of the month that are stored off site."),
        better: Better::More,
    },
    About {
        name: "backup_volume",
        title: ("备份数据量", "Volume backed up"),
        numerator: NONE,
        denominator: NONE,
        unit: NONE,
        how: (
            "当月成功备份的大小之和，按备份类型分列；没有记录大小的不计，另行说明。",
            "The sizes of the month's successful backups, added up by type; those without a size are left out, and said to be.",
        ),
        better: Better::More,
    },
    About {
        name: "update_checked",
        title: ("补丁检查完成率", "Updates checked"),
        numerator: ("已检查", "checked"),
        denominator: ("应检查", "due"),
        unit: ("次", " checks"),
        how: ("当月应做的补丁检查中已做的比例。", "Monthly checks for updates that were done, of those due."),
        better: Better::More,
    },
    About {
        name: "patch_on_time",
        title: ("高危补丁及时率", "High-risk patches in time"),
        numerator: ("按时安装", "applied in time"),
        denominator: ("期限落在当月", "due in the month"),
        unit: ("项", " patches"),
        how: (
            "安装期限落在当月的高危以上补丁中按时安装的比例；不需要的不计，推迟、失败和回退的算未安装。",
            "Critical and high updates due in the month that were applied by then; not-needed ones are left out; deferred, failed and rolled-back ones count as not applied.",
        ),
        better: Better::More,
    },
    About {
        name: "patch_median",
        title: ("高危补丁用时中位数", "Median time to patch"),
        numerator: NONE,
        denominator: NONE,
        unit: NONE,
        how: (
            "当月检查发现并已安装的高危以上补丁，从发现到安装的时长，取最近秩中位数。",
            "Critical and high updates found in the month and applied: from check to application, nearest-rank median.",
        ),
        better: Better::Less,
    },
    About {
        name: "patch_median_others",
        title: ("其他补丁用时中位数", "Median time to patch, others"),
        numerator: NONE,
        denominator: NONE,
        unit: NONE,
        how: (
            "当月检查发现并已安装的其他补丁（高危以下），从发现到安装的时长，取最近秩中位数。",
            "The other updates (below high) found in the month and applied: from check to application, nearest-rank median.",
        ),
        better: Better::Less,
    },
    About {
        name: "patch_oldest_open",
        title: ("未装高危补丁最长时间", "Oldest open high-risk patch"),
        numerator: NONE,
        denominator: NONE,
        unit: NONE,
        how: (
            "月末（或基准时刻）仍未安装的高危以上补丁中，发现最早的一项已过的时间。",
            "The age of the oldest critical or high update that was not applied by the month's end (or the as-of time).",
        ),
        better: Better::Less,
    },
    About {
        name: "support_answered",
        title: ("用户支持答复及时率", "Support answered in time"),
        numerator: ("按时答复", "answered in time"),
        denominator: ("答复期限落在当月", "deadline in the month"),
        unit: ("件", " requests"),
        how: (
            "答复期限落在当月且已到期的支持请求中按时答复的比例；未答复的算超时。",
            "Of the requests whose deadline lies in the month and has passed, the share answered by then.",
        ),
        better: Better::More,
    },
    About {
        name: "satisfaction",
        title: ("用户满意率", "Satisfied users"),
        numerator: ("4、5 分", "scores of 4 and 5"),
        denominator: ("全部评分", "all scores"),
        unit: ("个", " scores"),
        how: (
            "支持记录与用户反馈的评分中 4 分以上的比例；少于 5 个评分时不计算。",
            "Scores of 4 or 5 in support and feedback records; not counted below five scores.",
        ),
        better: Better::More,
    },
    About {
        name: "scan_cleared",
        title: ("高危风险按时清零率", "Risks cleared in time"),
        numerator: ("按时清零的扫描", "cleared in time"),
        denominator: ("清零期限落在当月", "limit in the month"),
        unit: ("次", " scans"),
        how: (
            "发现高危以上风险、清零期限落在当月的扫描中按时清零的比例。",
            "Scans with critical or high risks whose limit lies in the month that were cleared by then.",
        ),
        better: Better::More,
    },
    About {
        name: "access_timely",
        title: ("权限申请办理及时率", "Access handled in time"),
        numerator: ("按时办结", "done in time"),
        denominator: ("办理期限落在当月", "deadline in the month"),
        unit: ("件", " requests"),
        how: (
            "办理期限落在当月且已到期的权限申请中按时办结的比例。",
            "Of the access requests whose deadline lies in the month and has passed, the share done by then.",
        ),
        better: Better::More,
    },
    About {
        name: "improvements_done",
        title: ("改进项完成率", "Improvements done"),
        numerator: ("已完成", "done"),
        denominator: ("当月到期", "due in the month"),
        unit: ("项", " items"),
        how: (
            "当月到期的改进项中已完成的比例，已撤销的不计；不分系统。",
            "Improvements due in the month that are done; dropped ones are left out; of the whole organisation.",
        ),
        better: Better::More,
    },
    About {
        name: "improvements_overdue",
        title: ("逾期未完成的改进项", "Improvements overdue"),
        numerator: NONE,
        denominator: NONE,
        unit: ("项", ""),
        how: (
            "月末（或基准时刻）已过期限而没有完成的改进项，已取消的不计；不分系统。",
            "Improvements past their day and not done at the month's end (or the as-of time); dropped ones are left out; of the whole organisation.",
        ),
        better: Better::Less,
    },
    About {
        name: "training_sessions",
        title: ("培训次数", "Training sessions"),
        numerator: NONE,
        denominator: NONE,
        unit: ("次", ""),
        how: (
            "当月的培训，按培训对象分列；不分系统。",
            "Trainings of the month, by audience; of the whole organisation.",
        ),
        better: Better::More,
    },
    About {
        name: "training_hours",
        title: ("培训学时", "Training hours"),
        numerator: NONE,
        denominator: NONE,
        unit: NONE,
        how: (
            "当月培训的学时之和，按培训对象分列；没有填写学时的按 0 计。",
            "The hours of the month's trainings, by audience; one without hours counts as none.",
        ),
        better: Better::More,
    },
    About {
        name: "completeness",
        title: ("记录完整率", "Completeness of records"),
        numerator: ("已有", "met"),
        denominator: ("应有（豁免的另计）", "due (waived ones stand apart)"),
        unit: ("条", " slots"),
        how: (
            "当月结束的应有记录中已有的比例：已有 ÷（已有 + 缺失），豁免的另计。",
            "Slots whose period ends in the month: met over met and missed; waived ones stand apart.",
        ),
        better: Better::More,
    },
    About {
        name: "shift_response_median",
        title: ("响应时间中位数", "Median response time"),
        numerator: NONE,
        denominator: NONE,
        unit: NONE,
        how: (
            "当月值班记录中系统响应毫秒数的中位数（最近秩）。",
            "The median (nearest rank) of the response times in the month's shift records.",
        ),
        better: Better::Less,
    },
    About {
        name: "shift_response_p95",
        title: ("响应时间 P95", "Response time, p95"),
        numerator: NONE,
        denominator: NONE,
        unit: NONE,
        how: (
            "当月值班记录中系统响应毫秒数的 95 百分位（最近秩）。",
            "The 95th percentile (nearest rank) of the response times in the month's shift records.",
        ),
        better: Better::Less,
    },
    About {
        name: "shift_errors",
        title: ("值班记录的错误数", "Errors seen on shift"),
        numerator: NONE,
        denominator: NONE,
        unit: ("个", ""),
        how: ("当月值班记录中错误数之和。", "The sum of the errors in the month's shift records."),
        better: Better::Less,
    },
    About {
        name: "capacity_max",
        title: ("资源使用率最高值", "Highest use of capacity"),
        numerator: NONE,
        denominator: NONE,
        unit: NONE,
        how: ("当月值班记录中该资源使用率的最高值。", "The highest use of the resource in the month's shift records."),
        better: Better::Less,
    },
    About {
        name: "capacity_mean",
        title: ("资源使用率平均值", "Mean use of capacity"),
        numerator: NONE,
        denominator: NONE,
        unit: NONE,
        how: (
            "当月值班记录中该资源各次读数之和除以读数个数，只入不舍。",
            "The sum of the month's readings of the resource over their number, in its shift records; cut upwards.",
        ),
        better: Better::Less,
    },
    About {
        name: "records_read",
        title: ("读取记录", "Records read"),
        numerator: NONE,
        denominator: NONE,
        unit: ("条", ""),
        how: (
            "主时间落在当月的记录，各种类合计；读取的等于收录加未收录。时间读不出的记录不属于任何月份，见月报的“数据来源”。",
            "Records of all kinds whose time lies in the month; read is accepted and rejected. One whose time cannot be read is in no month: the sources of the report have it.",
        ),
        better: Better::More,
    },
    About {
        name: "records_accepted",
        title: ("收录记录", "Records accepted"),
        numerator: ("收录", "accepted"),
        denominator: ("读取", "read"),
        unit: ("条", ""),
        how: (
            "当月读取的记录中可用的；被更正的也在其中。",
            "Of the month's records those that can be used; corrected ones are among them.",
        ),
        better: Better::More,
    },
    About {
        name: "records_rejected",
        title: ("未收录记录", "Records rejected"),
        numerator: ("未收录", "rejected"),
        denominator: ("读取", "read"),
        unit: ("条", ""),
        how: (
            "当月读取的记录中有问题、没有计入任何指标的；逐条列在“未收录的记录”中。",
            "Of the month's records those that cannot be used and count in no figure; each is listed among the rejected.",
        ),
        better: Better::Less,
    },
    About {
        name: "records_sealed",
        title: ("已封存记录", "Records sealed"),
        numerator: ("封存", "sealed"),
        denominator: ("收录", "accepted"),
        unit: ("条", ""),
        how: (
            "当月已封存时，封存所含的收录记录；尚未封存时为 0。",
            "Accepted records that the seal of the month holds; none before it is sealed.",
        ),
        better: Better::More,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_stands_once_and_every_word_is_there_in_both_languages() {
        let all: std::collections::BTreeSet<&str> = names().collect();
        assert_eq!(all.len(), ABOUT.len());
        for about in &ABOUT {
            for word in [about.title, about.how, about.numerator, about.denominator, about.unit] {
                let both = word == SECONDS || word.0.is_empty() || !word.0.is_ascii();
                assert!(both && word.1.is_ascii(), "{}: {word:?}", about.name);
            }
            assert!(!about.title.1.is_empty() && about.how.0.ends_with('。') && about.how.1.ends_with('.'));
            assert_eq!(about.numerator.0.is_empty(), about.denominator.0.is_empty(), "{}", about.name);
        }
    }
}
