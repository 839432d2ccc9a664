//! Requests for permissions: asked by a department, approved by somebody else, done by an administrator.

use super::date;
use super::dice::{Deck, Dice};
use super::table::{self, Cell, at, text};

const COLUMNS: [(&str, &str); 12] = [
    ("id", "编号"),
    ("system", "系统"),
    ("requested_at", "申请时间"),
    ("requester", "申请人"),
    ("subject", "变更对象"),
    ("change", "变更类型"),
    ("permission", "权限内容"),
    ("approver", "审批人"),
    ("approved_at", "审批时间"),
    ("done_at", "办结时间"),
    ("operator", "操作人"),
    ("notes", "备注"),
];

const DEPARTMENTS: [&str; 8] =
    ["综合科", "财务科", "人事科", "业务一科", "业务二科", "法规科", "督查科", "后勤服务中心"];

/// System, sort of change, whom it is about, and what is changed.
const CHANGES: [(&str, &str, &str, &str); 34] = [
    ("oa", "grant", "新入职人员", "公文流转基础权限"),
    ("oa", "grant", "借调人员", "公文查阅（只读，至借调期满）"),
    ("oa", "modify", "转岗人员", "由经办调整为复核"),
    ("oa", "revoke", "离岗人员", "停用账号并转交待办"),
    ("oa", "grant", "文书", "收文登记与分发"),
    ("oa", "grant", "会务经办", "会议室预定管理"),
    ("oa", "modify", "印章管理员", "用印审批范围增加下属单位"),
    ("oa", "grant", "档案经办", "归档库写入"),
    ("oa", "revoke", "实习人员", "到期停用"),
    ("oa", "modify", "科室负责人", "代理审批设置（外出期间）"),
    ("oa", "grant", "督办经办", "督办事项发起与催办"),
    ("oa", "revoke", "外包驻场人员", "合同到期，收回全部权限"),
    ("oa", "modify", "信息发布员", "门户栏目由两个增加到三个"),
    ("mail", "grant", "新入职人员", "开通邮箱 5 GB"),
    ("mail", "modify", "科室公共邮箱", "增加两名共同管理人"),
    ("mail", "revoke", "离岗人员", "停用邮箱，保留 90 天"),
    ("mail", "modify", "会务邮箱", "容量由 5 GB 调整到 20 GB"),
    ("mail", "grant", "宣传经办", "群发列表“全体干部”发件权限"),
    ("mail", "grant", "值班公用账号", "移动端收发"),
    ("mail", "revoke", "公用账号", "取消自动转发到外部地址"),
    ("mail", "modify", "转岗人员", "调整所属邮件组"),
    ("mail", "grant", "法规经办", "邮件加密证书"),
    ("mail", "revoke", "项目临时组", "解散邮件组"),
    ("hr", "grant", "人事经办", "干部信息维护（本单位）"),
    ("hr", "grant", "薪酬经办", "工资导入与核对"),
    ("hr", "modify", "人事经办", "查询范围由本科室调整为本局"),
    ("hr", "revoke", "转岗人员", "收回薪酬查看权限"),
    ("hr", "grant", "考勤管理员", "考勤补录"),
    ("hr", "grant", "单位联络员", "年度考核填报"),
    ("hr", "modify", "审核人员", "增加职称模块只读"),
    ("hr", "revoke", "离岗人员", "停用账号"),
    ("hr", "grant", "培训经办", "培训学时登记"),
    ("hr", "modify", "系统联络人", "报表导出上限由 500 行调整到 2000 行"),
    ("hr", "revoke", "试运行测试账号", "试运行结束，全部停用"),
];

/// Whose people these are; the others may sit in any department.
const HOMES: [(&str, &str); 12] = [
    ("法规", "法规科"),
    ("薪酬", "财务科"),
    ("人事", "人事科"),
    ("考勤", "人事科"),
    ("审核", "人事科"),
    ("培训", "人事科"),
    ("测试", "人事科"),
    ("督办", "督查科"),
    ("档案", "综合科"),
    ("印章", "综合科"),
    ("会务", "综合科"),
    ("宣传", "综合科"),
];

/// Where a request went wrong: the how-manieth of which month. The approver is the requester; done after five days.
const SELF_APPROVED: (&str, i64) = ("2026-06", 4);
const LATE: (&str, i64) = ("2026-03", 3);

/// One CSV a month.
pub fn files() -> Vec<super::File> {
    let mut dice = Dice::of("access");
    let (early, all): (Vec<_>, Vec<_>) = (CHANGES.iter().filter(|c| c.0 != "hr").collect(), CHANGES.iter().collect());
    let (mut before, mut after) = (Deck::new(&early), Deck::new(&all));
    let mut number = 0;
    let mut out = Vec::new();
    for (n, days) in date::months().iter().enumerate() {
        let month = date::month(days[0]);
        let open: Vec<_> = days.iter().copied().filter(|d| date::works(*d)).collect();
        let mut moments: Vec<_> =
            (0..dice.between(7, 9)).map(|_| dice.pick(&open) * 1440 + dice.between(520, 800)).collect();
        moments.sort_unstable();
        let mut rows = Vec::new();
        for (k, requested) in (1..).zip(moments) {
            let deck = if table::serves("hr", days[0]) { &mut after } else { &mut before };
            let &&(system, change, whom, what) = deck.deal(&mut dice);
            number += 1;
            let home = HOMES.iter().find(|(word, _)| whom.contains(word)).map(|(_, department)| department);
            let department = home.unwrap_or_else(|| dice.pick(&DEPARTMENTS));
            let self_approved = (month.as_str(), k) == SELF_APPROVED;
            let late = (month.as_str(), k) == LATE;
            let requester = format!("{department}负责人");
            let approved = requested + dice.between(15, 150) + if late { 4 * 1440 } else { 0 };
            let next = dice.percent(30) && date::works(approved / 1440 + 1);
            let done = approved + if next { 1440 } else { 0 } + if late { 1440 } else { dice.between(12, 60) };
            rows.push(vec![
                text(format!("AC-{}-{number:03}", &month[..4])),
                Cell::System(system),
                Cell::At(requested),
                text(&requester),
                text(format!("{department}{whom}")),
                text(change),
                text(what),
                text(if self_approved {
                    requester.as_str()
                } else {
                    *dice.pick(&["分管领导", "信息中心主任"])
                }),
                Cell::At(approved),
                at(Some(done)),
                text(dice.pick(&["管理员甲", "管理员乙", "管理员丙"])),
                text(match () {
                    () if self_approved => "审批人外出，申请人代为确认",
                    () if late => "审批人外出学习，返岗后补批",
                    () => "",
                }),
            ]);
        }
        out.push((format!("access/{month}.csv"), table::csv(table::hand(n + 5), &COLUMNS, &rows)));
    }
    out
}
