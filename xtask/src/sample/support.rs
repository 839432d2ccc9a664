//! Questions of users, asked while offices are open.

use super::date;
use super::dice::{Deck, Dice};
use super::support_texts::{HR, MAIL, OA};
use super::table::{self, Cell, text};

const COLUMNS: [(&str, &str); 10] = [
    ("id", "编号"),
    ("system", "系统"),
    ("asked_at", "咨询时间"),
    ("requester", "咨询人"),
    ("department", "部门"),
    ("question", "咨询内容"),
    ("agent", "受理人"),
    ("answered_at", "答复时间"),
    ("resolved_at", "解决时间"),
    ("channel", "渠道"),
];

const DEPARTMENTS: [&str; 9] =
    ["综合科", "财务科", "人事科", "业务一科", "业务二科", "法规科", "督查科", "后勤服务中心", "下属单位"];
const PEOPLE: [&str; 5] = ["科员", "文书", "科室负责人", "会务经办", "驻场人员"];
const AGENTS: [&str; 4] = ["服务台甲", "服务台乙", "值班员丙", "值班员丁"];
const CHANNELS: [&str; 5] = ["电话", "电话", "电话", "即时消息", "现场"];

/// The questions that waited longer than half an hour: which of which month, and how many minutes.
const LATE: [(&str, i64, i64); 2] = [("2026-01", 17, 47), ("2026-08", 8, 62)];

/// One CSV a month.
pub fn files() -> Vec<super::File> {
    let mut dice = Dice::of("support");
    let (mut oa, mut mail, mut hr) = (Deck::new(&OA), Deck::new(&MAIL), Deck::new(&HR));
    let mut number = 0;
    let mut out = Vec::new();
    for (n, days) in date::months().iter().enumerate() {
        let month = date::month(days[0]);
        let open: Vec<_> = days.iter().copied().filter(|d| date::works(*d)).collect();
        let count = dice.between(22, 28) + if month == "2026-08" { 6 } else { 0 };
        let mut moments: Vec<_> = (0..count).map(|_| dice.pick(&open) * 1440 + dice.between(512, 1035)).collect();
        moments.sort_unstable();
        let mut rows = Vec::new();
        for (k, asked) in (1..).zip(moments) {
            let (system, question) = match dice.between(1, 100) {
                1..=46 => ("oa", oa.deal(&mut dice)),
                47..=76 => ("mail", mail.deal(&mut dice)),
                _ if table::serves("hr", days[0]) => ("hr", hr.deal(&mut dice)),
                _ => ("oa", oa.deal(&mut dice)),
            };
            number += 1;
            let late = LATE.iter().find(|(m, which, _)| *m == month && *which == k).map(|(_, _, minutes)| *minutes);
            let answered = asked + late.unwrap_or_else(|| dice.between(1, 14) + dice.between(0, 12));
            let score = match dice.between(1, 100) {
                1..=34 => 0,
                _ if late.is_some() => 2,
                35..=72 => 5,
                73..=93 => 4,
                94..=98 => 3,
                _ => 2,
            };
            rows.push(vec![
                text(format!("S-{}-{number:03}", &month[..4])),
                Cell::System(system),
                Cell::At(asked),
                text(dice.pick(&PEOPLE)),
                text(dice.pick(&DEPARTMENTS)),
                text(question),
                text(dice.pick(&AGENTS)),
                Cell::At(answered),
                Cell::At(answered + dice.between(2, 25) * dice.between(1, 5)),
                text(dice.pick(&CHANNELS)),
                if score > 0 { text(score) } else { Cell::Empty },
            ]);
        }
        let mut columns = COLUMNS.to_vec();
        columns.push(("satisfaction", "满意度"));
        out.push((format!("support/{month}.csv"), table::csv(table::hand(n), &columns, &rows)));
    }
    out
}
