//! The texts of the sample, in Chinese and in English.

/// Chinese, English.
type Text = (&'static str, &'static str);

/// A fault.
pub struct Fault {
    pub system: &'static str,
    pub grade: &'static str,
    pub summary: Text,
    pub description: Text,
    pub cause: Text,
    pub resolution: Text,
    pub better: Text,
    /// Minutes until it was resolved.
    pub minutes: i64,
}

/// Faults, in turn.
pub const FAULTS: [Fault; 4] = [
    Fault {
        system: "oa",
        grade: "urgent",
        summary: ("登录页打不开", "The login page does not open"),
        description: (
            "全体用户打开登录页时一直等待，最后提示超时；监控同时报警。",
            "For all users the login page waits and then times out; the monitoring raised an alarm at the same time.",
        ),
        cause: ("应用服务器日志写满数据盘", "Logs had filled the disk of the application server"),
        resolution: ("清理旧日志后重启服务", "Old logs were removed and the service restarted"),
        better: (
            "日志改为每日轮换，磁盘用量超过 80% 时报警。",
            "Logs are rotated daily, and a disk that is 80 % full raises an alarm.",
        ),
        minutes: 38,
    },
    Fault {
        system: "mail",
        grade: "general",
        summary: ("一个科室收不到外部邮件", "One department gets no mail from outside"),
        description: (
            "人事科反映上午起收不到外部邮件，内部邮件正常。",
            "Since the morning the personnel department gets no mail from outside; internal mail arrives.",
        ),
        cause: ("反垃圾规则误判", "A spam rule was too strict"),
        resolution: ("调整规则并放行积压邮件", "The rule was changed and the held mail delivered"),
        better: ("规则先试运行一天。", "Rules run a day on trial first."),
        minutes: 75,
    },
    Fault {
        system: "oa",
        grade: "important",
        summary: ("附件上传失败", "Attachments cannot be uploaded"),
        description: (
            "多个科室反映上传大于 20 MB 的附件时报错，小附件正常。",
            "Several departments report an error when they upload more than 20 MB; small files work.",
        ),
        cause: ("升级后上传上限恢复为默认值", "An upgrade had reset the limit"),
        resolution: ("改回上限并写入部署脚本", "The limit was set again, and is part of the deployment now"),
        better: ("升级检查表加上这一项。", "The checklist of upgrades has this point now."),
        minutes: 52,
    },
    Fault {
        system: "oa",
        grade: "general",
        summary: ("打印的文号错位", "Printed document numbers are out of place"),
        description: (
            "文印室反映公文打印时文号偏下一行，屏幕显示正常。",
            "The print room reports that the document number prints one line too low; on screen it is right.",
        ),
        cause: ("打印模板边距设置错误", "The margins of the template were wrong"),
        resolution: ("改正模板并重新发布", "The template was corrected and published"),
        better: ("模板修改后先试打一份。", "A changed template is printed once before it goes out."),
        minutes: 95,
    },
];

/// Departments and what they ask.
pub const QUESTIONS: [[Text; 2]; 6] = [
    [("财务科", "Finance"), ("附件怎样批量下载", "How are attachments downloaded together?")],
    [("综合科", "General affairs"), ("忘记口令，怎样重置", "The password is forgotten: how is it reset?")],
    [("人事科", "Personnel"), ("外出期间怎样设置代办", "How is a deputy named during an absence?")],
    [("业务一科", "Services"), ("流程退回后在哪里修改", "Where is a returned form corrected?")],
    [("督查科", "Audit"), ("怎样导出本月办结清单", "How is the list of this month's closed cases exported?")],
    [("综合科", "General affairs"), ("收不到验证短信", "The code by text message does not arrive")],
];

/// Rights that are given and taken.
pub const RIGHTS: [(&str, Text); 4] = [
    ("grant", ("公文起草", "draft documents")),
    ("modify", ("由经办改为审核", "from clerk to reviewer")),
    ("revoke", ("报表查询", "read reports")),
    ("grant", ("共享邮箱收发", "use the shared mailbox")),
];

/// What was slow, what was done, before and after.
pub const TUNED: [[Text; 4]; 3] = [
    [
        ("待办列表打开慢", "The list of open tasks is slow"),
        ("为待办查询增加索引", "An index for the query"),
        ("2.8 秒", "2.8 s"),
        ("0.6 秒", "0.6 s"),
    ],
    [
        ("夜间备份占满带宽", "The nightly backup fills the line"),
        ("备份限速并错开时间", "A limit, and another hour"),
        ("峰值 95%", "95 % at most"),
        ("峰值 60%", "60 % at most"),
    ],
    [
        ("全文检索内存偏高", "The search needs much memory"),
        ("调整缓存上限", "A smaller cache"),
        ("6.1 GB", "6.1 GB"),
        ("3.9 GB", "3.9 GB"),
    ],
];

/// What users say, and what is done about it.
pub const FEEDBACK: [[Text; 2]; 3] = [
    [
        ("故障时希望尽快知道恢复时间", "In a fault we would like to know soon when it ends"),
        ("故障通知写明预计恢复时间", "The notice of a fault says when it is expected to end"),
    ],
    [
        ("手机端查看附件不方便", "Attachments are hard to read on a phone"),
        ("列入下半年改进", "Planned for the next half-year"),
    ],
    [("办事流程比以前快", "Forms pass faster than before"), ("继续跟踪", "Will be followed")],
];

/// What was looked into.
pub const TRACKED: [Text; 3] = [
    ("数据库新版本的支持期限", "How long the database's next version is supported"),
    ("备份加密与密钥保管", "Encrypted backups and the keeping of keys"),
    ("双因素登录方案", "Login with a second factor"),
];

/// Who was at the evaluation, and its minutes.
pub const MINUTES: [Text; 5] = [
    ("分管领导", "Director"),
    ("运维: 值班员甲", "operations: Operator A"),
    ("业务: 综合科、财务科", "business: General affairs, Finance"),
    ("管理员: 管理员甲", "administrator: Administrator A"),
    (
        "## 一、数据回顾\n\n- 各月可用率达标，备份每日完成，失败的当日补做。\n\n## 二、存在的问题\n\n- 值班记录有时隔日补记。\n\n\
         ## 三、用户反馈\n\n- 财务科：故障时希望尽快知道恢复时间。\n\n## 四、下期目标\n\n- 值班记录当班填写。\n",
        "## 1. Data\n\n- Availability was met in every month; backups were made daily, and those that failed were made good the \
         same day.\n\n## 2. Problems\n\n- Some shift records were written the day after.\n\n## 3. Feedback\n\n- Finance: in a \
         fault we would like to know when it ends.\n\n## 4. Targets\n\n- Shift records are written during the shift.\n",
    ),
];
