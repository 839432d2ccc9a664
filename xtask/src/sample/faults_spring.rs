//! Fault reports of March to June 2026.

use super::fault::Report;

/// In order of time. `{key}` in a body becomes the number of that fault.
pub const REPORTS: [Report; 8] = [
    Report {
        key: "mail-timer",
        system: "mail",
        grade: "important",
        reported: "2026-03-09 08:20",
        minutes: (14, 95, Some(160)),
        people: ("值班员乙", "管理员乙", "管理员甲"),
        summary: "邮件备份连续两日没有运行",
        cause: "周五调整备份脚本后定时器没有重新启用",
        resolution: "启用定时器，确认当日凌晨手动补跑的备份完整",
        brought: "",
        runbook: "backup",
        body: r"
## 现象

周一凌晨夜班核对备份清单，发现邮件系统 3 月 7 日、8 日没有任何快照，当即手动启动一次；早班接班后报障。没有失败告警，因为任务根本没有启动。

## 处理

- `systemctl list-timers 'backup-*'` 中没有 backup-mail.timer，`systemctl is-enabled` 显示 disabled。
- 夜班手动启动的一次，用 `restic snapshots --host mail` 确认存在，再用 `restic check --read-data-subset=5%` 抽查通过。
- 执行 `systemctl enable --now backup-mail.timer`，下次触发时间正确。

## 原因

周五修改脚本时先停用了定时器，改完只运行了一次服务，没有把定时器启用回来。告警只看“失败”，不看“没有”。

两天缺失无法补回，其中周日的全量备份也缺失。期间邮件库没有损坏，最近可用恢复点为 3 月 6 日。

## 改进

- 备份监控改为“26 小时内没有成功快照即告警”。
- 变更单增加“恢复定时任务”一行，由第二人勾选。
- 交接班核对备份清单，周末同样执行，见[[runbook:shift-handover]]。
",
    },
    Report {
        key: "oa-opinion",
        system: "oa",
        grade: "important",
        reported: "2026-04-14 10:05",
        minutes: (16, 260, Some(330)),
        people: ("法规科", "管理员甲", "值班员丁"),
        summary: "并行会签时，后提交的意见覆盖先提交的意见",
        cause: "表单组件 3.2.3 合并意见时按最后写入为准",
        resolution: "升级表单组件到 3.2.4，从审计日志找回七条意见",
        // The new version broke the preview of attachments: see the next report.
        brought: "oa-preview",
        runbook: "",
        body: r"
## 现象

法规科两位同志同时会签一份文件，后提交者的意见保留，先提交者的意见不见，流程记录显示两人都已办理。

## 处理

1. 立即通知各处室暂停并行会签，改为顺序会签。
2. 在审计日志中按文件编号检索，共找回 7 条被覆盖的意见，逐条经本人确认后补录。
3. 测试环境验证厂商 3.2.4 版组件，两人并发提交 50 次无丢失。
4. 14 时发布，14 时 25 分恢复并行会签。

## 原因

组件 3.2.3 在合并意见时没有检查版本号。该版本随 1 月平台升级引入，此前并行会签用得少，没有暴露。

## 改进

- 回归用例增加并发会签。
- 本次升级次日发现附件预览异常，另见[[fault:{oa-preview}]]；以后表单组件升级必须同时检查预览。
",
    },
    Report {
        key: "oa-preview",
        system: "oa",
        grade: "important",
        reported: "2026-04-15 09:12",
        minutes: (11, 410, Some(505)),
        people: ("综合科", "管理员甲", "管理员丙"),
        summary: "附件预览空白（表单组件升级后出现）",
        cause: "组件 3.2.4 改用新的预览接口，代理未放行该路径",
        resolution: "代理放行新路径；旧接口保留到月末维护窗口后停用",
        brought: "",
        runbook: "",
        body: r"
## 现象

4 月 14 日升级后，部分公文的附件预览窗格为空白，下载后可以正常打开。

## 处理

- 浏览器控制台显示 `/preview/v2/` 返回 403。
- 对照[[fault:{oa-opinion}]]的变更，确认由表单组件升级引起。
- 在代理配置中增加该路径，`nginx -t` 后重新加载；各处室抽测 12 份附件正常。

## 原因

升级说明中提到接口变化，但写在附录，变更评估时没有读到。

## 改进

- 变更评估表增加“接口路径有无变化”一栏，须注明所依据的文档页码。
",
    },
    Report {
        key: "hr-quota",
        system: "hr",
        grade: "important",
        reported: "2026-04-21 08:15",
        minutes: (20, 1530, Some(1610)),
        people: ("值班员丙", "管理员丙", "管理员乙"),
        summary: "人事系统备份失败，当日未能补跑",
        cause: "备份库目录配额用尽，旧快照清理任务停了三周",
        resolution: "恢复清理任务并调高配额，次日上午人工补跑成功",
        brought: "",
        runbook: "backup",
        body: r"
## 现象

早班核对备份清单，人事系统 02:40 的任务失败，日志为 `Disk quota exceeded`。

## 处理

1. 08:35 确认失败原因为目录配额，库本身无损，`restic check` 无错误。
2. 配额调整需存储管理员办理，当日其在外，未能在 24 小时内完成。
3. 22 日 09:20 配额调整到位，09:40 人工补跑成功，09:45 核对快照。
4. 恢复 `restic forget --keep-daily 14 --keep-weekly 8 --prune` 的定时任务，释放 210 GB。

## 原因

3 月底更换备份服务器证书时清理任务随之停用，三周后配额用尽。按规定失败后 24 小时内应有一次成功，本次没有做到。

## 改进

- 存储配额调整授权给当班管理员，不再依赖一人。
- 配额使用率纳入巡检，超过 80 % 告警。
",
    },
    Report {
        key: "mail-ptr",
        system: "mail",
        grade: "important",
        reported: "2026-05-12 09:30",
        minutes: (22, 185, Some(1490)),
        people: ("业务二科", "值班员己", "管理员甲"),
        summary: "发往部分外单位的邮件被退回",
        cause: "出口地址更换后反向解析没有同步",
        resolution: "联系运营商补设反向解析，重投退信",
        brought: "",
        runbook: "",
        body: r"
## 现象

业务二科收到多封退信，提示 `550 5.7.25 client host has no PTR record`。发往本系统内部和大多数外单位正常。

## 处理

1. `dig -x` 查询出口地址，无记录；对照 5 月 9 日的链路割接单，出口地址当天更换。
2. 向运营商提交反向解析申请，11 时 50 分生效。
3. 从日志中提取 43 封退信，通知发件人后统一重投。
4. 次日上午抽查 10 个对端，全部接收。

## 原因

割接方案只核对了正向解析和 SPF，没有核对反向解析。

## 改进

- 割接检查单增加 PTR、SPF、DKIM、DMARC 四项，割接后由值班员逐项查询并留存结果。
",
    },
    Report {
        key: "oa-database",
        system: "oa",
        grade: "urgent",
        reported: "2026-05-26 02:52",
        // Answered after 23 minutes, where 15 are allowed: the night's only operator was in the machine room.
        minutes: (23, 66, Some(402)),
        people: ("监控平台", "值班员戊", "管理员甲"),
        summary: "夜间数据库主库宕机，系统不可用",
        cause: "主库所在主机内存条故障，系统重启后未自动恢复",
        resolution: "切换到备库，白天更换内存后重建复制",
        brought: "",
        runbook: "service-down",
        body: r"
## 现象

02:47 监控报主库连接失败，02:52 生成工单。应用全部返回 500。

## 处理

| 时间 | 做了什么 |
|---|---|
| 02:52 | 监控平台自动报障，短信已发出 |
| 03:15 | 值班员戊看到短信并答复，距报障 23 分钟，超过 15 分钟的要求 |
| 03:22 | 确认主机已重启但卡在自检，无法短时间恢复 |
| 03:31 | 请示管理员甲后隔离主库，备库执行 `pg_ctl promote` |
| 03:44 | 修改连接指向备库并重启应用 |
| 03:58 | 登录、签发、附件三项验证通过 |
| 09:34 | 管理员甲复核数据，最后一笔事务为 02:46，无丢失 |

## 原因

内存条不可纠正错误。响应迟的原因是夜班一人值守，当时在机房处理空调告警，手机信号弱，值班电话没有呼叫转移。

## 改进

- 夜班进入机房前先把值班电话转移到对讲，写入[[runbook:shift-handover]]。
- 紧急告警 5 分钟无人确认，自动拨打备班管理员电话。
- 半年内完成一次白天的主备切换演练。
",
    },
    Report {
        key: "oa-printer",
        system: "oa",
        grade: "general",
        reported: "2026-06-22 09:25",
        minutes: (28, 140, Some(260)),
        people: ("后勤服务中心", "值班员戊", "值班员丙"),
        summary: "机房搬迁后套红打印失败",
        cause: "打印服务仍指向搬迁前的地址",
        resolution: "改用域名并更新三台打印服务器的配置",
        brought: "",
        runbook: "",
        body: r"
## 现象

搬迁后首个工作日，套红打印提示“打印服务无响应”，普通打印正常。

## 处理

1. 检查套红服务配置，打印服务器写的是旧网段地址。
2. 改为域名 `print.oa.example`，同时在全部配置中检索旧网段，另找到两处。
3. 三台打印服务器逐台试打，后勤服务中心确认。

## 原因

搬迁清单按主机整理，没有列出配置文件中写死的地址。

## 改进

- 配置中禁止写死地址，巡检脚本每周检索旧网段。
",
    },
    Report {
        key: "hr-login",
        system: "hr",
        grade: "urgent",
        reported: "2026-06-30 08:53",
        minutes: (5, 27, Some(88)),
        people: ("人事科", "值班员甲", "管理员丙"),
        summary: "单点登录失败，人事系统无法进入",
        cause: "认证服务器时间偏差 11 分钟，令牌被判为过期",
        resolution: "恢复时间同步，重启认证服务",
        brought: "",
        runbook: "service-down",
        body: r"
## 现象

半年考核最后一天，用户从门户进入人事系统，反复跳回登录页。直接访问同样如此。

## 处理

- 08:58 首次答复；认证日志显示 `Token is not active`。
- 09:04 `chronyc tracking` 显示偏差 661 秒，上级时间源不可达。
- 09:12 改用备用时间源并 `chronyc makestep`，偏差归零。
- 09:20 重启认证服务，登录恢复；人事科确认考核填报正常。

## 原因

6 月 19 日机房搬迁后，时间服务器的访问规则没有放行新网段，认证服务器时钟逐日漂移。

## 改进

- 时间偏差超过 2 秒告警。
- 每台主机至少配置三个时间源。
",
    },
];
