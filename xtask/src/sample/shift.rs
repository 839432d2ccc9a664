//! The watch: three shifts a day for each system, with the figures that the operator read.

use super::date::{self, Day};
use super::dice::Dice;
use super::outage::Outage;
use super::table::{self, Cell, SYSTEMS, text};

const COLUMNS: [(&str, &str); 10] = [
    ("system", "系统"),
    ("date", "日期"),
    ("shift", "班次"),
    ("operator", "值班人"),
    ("response_ms", "响应毫秒"),
    ("errors", "错误数"),
    ("cpu", "CPU使用率"),
    ("memory", "内存使用率"),
    ("disk", "磁盘使用率"),
    ("notes", "备注"),
];

const SHIFTS: [&str; 3] = ["early", "late", "night"];
const OPERATORS: [&str; 6] = ["值班员甲", "值班员乙", "值班员丙", "值班员丁", "值班员戊", "值班员己"];

/// A date and the how-manieth shift of it.
type Watch = (&'static str, usize);

/// Watches that were not kept: system, first and last (day, shift). Ten in a row over the spring festival bring HR's
/// February below 90 %; the other two are single nights for which no sheet was handed in.
const UNWATCHED: [(&str, Watch, Watch); 3] = [
    ("hr", ("2026-02-15", 1), ("2026-02-18", 1)),
    ("oa", ("2025-12-31", 2), ("2025-12-31", 2)),
    ("mail", ("2026-07-18", 2), ("2026-07-18", 2)),
];

/// One watch was kept while the monitoring was being upgraded: present, but without its key indicators.
const BLIND: (&str, &str, usize) = ("mail", "2026-01-22", 1);

/// The month whose sheet has a column of its own, about the weather, as paper sheets used to have.
const WEATHER_MONTH: &str = "2026-04";
const WEATHER: [&str; 4] = ["晴", "多云", "阴", "小雨"];

/// Things that an operator writes down beside the figures.
const NOTES: [&str; 22] = [
    "巡检正常，机房 23 ℃",
    "空调滤网已清洗",
    "UPS 自检通过",
    "与上一班核对告警 2 条，均已关闭",
    "登录高峰响应略升，自行回落",
    "配合处室批量打印，无异常",
    "备用链路切换测试通过",
    "监控大屏一路信号闪断，重插后恢复",
    "门禁记录已核对",
    "日志归档任务已完成",
    "外来人员施工登记 1 次，全程陪同",
    "灭火器压力正常，标签已更新",
    "反向代理连接数偏高，已持续观察一小时",
    "机柜 3 温度略高，已调整盲板",
    "交接时清点钥匙 4 把，账实相符",
    "短信告警通道测试正常",
    "值班电话转接测试正常",
    "数据库慢查询 3 条，已转管理员",
    "报表任务期间 CPU 偏高，属预期",
    "病毒库更新至当日",
    "备份清单已核对",
    "专线运营商例行检查，未影响业务",
];

/// One CSV a month.
pub fn files(outages: &[Outage]) -> Vec<super::File> {
    let mut dice = Dice::of("shift");
    let mut weather = Dice::of("weather");
    let months = date::by_month(date::day(date::FIRST)..=date::day(date::LAST_DAILY));
    let mut out = Vec::new();
    for (n, days) in months.iter().enumerate() {
        let month = date::month(days[0]);
        let mut rows = Vec::new();
        for &day in days {
            for shift in 0..SHIFTS.len() {
                for (system, _) in SYSTEMS {
                    let row = watch(&mut dice, outages, system, day, shift);
                    // The last night of the sample has only begun when it is judged: its sheet is not in yet.
                    let begun = (day, shift) == (date::day(date::LAST_DAILY), 2);
                    if table::serves(system, day) && !unwatched(system, day, shift) && !begun {
                        rows.push(row);
                    }
                }
            }
        }
        let mut columns = COLUMNS.to_vec();
        if month == WEATHER_MONTH {
            columns.push(("weather", "天气"));
            for row in &mut rows {
                row.push(text(weather.pick(&WEATHER)));
            }
        }
        out.push((format!("shift/{month}.csv"), table::csv(table::hand(n + 3), &columns, &rows)));
    }
    out
}

fn unwatched(system: &str, day: Day, shift: usize) -> bool {
    UNWATCHED
        .iter()
        .any(|(s, a, b)| *s == system && ((date::day(a.0), a.1)..=(date::day(b.0), b.1)).contains(&(day, shift)))
}

fn watch(dice: &mut Dice, outages: &[Outage], system: &'static str, day: Day, shift: usize) -> Vec<Cell> {
    let busy = date::works(day);
    let load = match (shift, busy) {
        (0, true) => 130,
        (1, true) => 108,
        (2, _) => 78,
        (_, false) => 84,
        _ => 100,
    };
    let (response, cpu, memory) = match system {
        "oa" => (oa_response(day), 34, 61),
        "mail" => (158, 27, 54),
        _ => (262, 22, 47),
    };
    let mut response = response * load * dice.between(90, 114) / 1000; // tenths of a millisecond
    let mut errors = (dice.between(0, 9) - 4).max(0) * load / 100;
    let cpu = cpu * load * dice.between(88, 118) / 1000;
    let memory = memory * 10 + dice.between(-22, 38);
    let disk = disk(system, day) + dice.between(0, 3);
    let begins = day * 1440 + 360 + shift as i64 * 480;
    let down = outages.iter().find(|o| o.system == system && !o.planned && o.start < begins + 480 && begins < o.end);
    let mut notes = if dice.percent(9) { (*dice.pick(&NOTES)).to_owned() } else { String::new() };
    if let Some(outage) = down {
        errors += 40 + (outage.end - outage.start) * 3;
        response = response * 17 / 10;
        notes = format!("本班停机，见 {}", outage.id);
    }
    let tenths = |n: i64| text(format!("{}.{}", n / 10, n % 10));
    let blind = (system, day, shift) == (BLIND.0, date::day(BLIND.1), BLIND.2);
    if blind {
        "监控平台升级，指标未采集，已人工登录确认可用".clone_into(&mut notes);
    }
    vec![
        Cell::System(system),
        Cell::On(day),
        text(SHIFTS[shift]),
        text(OPERATORS[(day + shift as i64 * 2).rem_euclid(6) as usize]),
        if blind { Cell::Empty } else { tenths(response) },
        if blind { Cell::Empty } else { text(errors) },
        tenths(cpu),
        tenths(memory),
        tenths(disk),
        text(notes),
    ]
}

/// The office system grows slower month by month, until its search index is rebuilt in September 2026.
fn oa_response(day: Day) -> i64 {
    let rebuilt = date::day("2026-09-12");
    if day < rebuilt { 196 + (day - date::day(date::FIRST)) / 5 } else { 188 }
}

/// Tenths of a percent: the office system's data disk fills up by 19 January 2026 and is enlarged that night.
fn disk(system: &str, day: Day) -> i64 {
    let age = day - date::day(date::FIRST);
    let enlarged = date::day("2026-01-20");
    match system {
        "oa" if day < enlarged => 684 + age * 13 / 5,
        "oa" => 571 + (day - enlarged) * 9 / 10,
        "mail" => 602 + age / 2,
        _ => 208 + age * 2 / 5,
    }
}
