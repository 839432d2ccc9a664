//! The update log: once a month each system is checked; what is risky goes first, the rest waits for the weekend.

use super::date::{self, Day};
use super::dice::{Deck, Dice};
use super::table::{self, Cell, SYSTEMS, at, text};

const COLUMNS: [(&str, &str); 12] = [
    ("id", "编号"),
    ("system", "系统"),
    ("checked_at", "检查时间"),
    ("component", "组件"),
    ("from_version", "原版本"),
    ("to_version", "新版本"),
    ("severity", "严重程度"),
    ("advisory", "安全通告"),
    ("released_at", "发布时间"),
    ("applied_at", "安装时间"),
    ("result", "结果"),
    ("notes", "备注"),
];

/// What runs on each system: component and the version, without its last number, that the sample begins with.
const COMPONENTS: [(&str, &[(&str, &str)]); 3] = [
    (
        "oa",
        &[
            ("linux-image-amd64", "6.12."),
            ("openssl", "3.5.1-1+deb13u"),
            ("nginx", "1.26.3-3+deb13u"),
            ("postgresql-17", "17."),
            ("tomcat10", "10.1.40-"),
            ("openjdk-21-jre-headless", "21.0.8+9-"),
            ("redis-server", "8.0.2-3+deb13u"),
            ("libreoffice-core", "25.2.3-2+deb13u"),
            ("oa-platform", "9.4."),
        ],
    ),
    (
        "mail",
        &[
            ("postfix", "3.10."),
            ("dovecot-core", "2.4.1+dfsg1-6+deb13u"),
            ("rspamd", "3.12.1-"),
            ("clamav-daemon", "1.4."),
            ("roundcube", "1.6.11+dfsg-"),
            ("openssl", "3.5.1-1+deb13u"),
            ("linux-image-amd64", "6.12."),
            ("unbound", "1.22.0-2+deb13u"),
        ],
    ),
    (
        "hr",
        &[
            ("mariadb-server", "11.8."),
            ("apache2", "2.4."),
            ("php8.4-fpm", "8.4."),
            ("linux-image-amd64", "6.12."),
            ("openssl", "3.5.1-1+deb13u"),
            ("keycloak", "26.3."),
            ("hr-suite", "5.2."),
        ],
    ),
];

/// The patch of high severity that was applied only after nineteen days (the limit is fourteen): system, month, note.
const LATE: (&str, &str, &str) = ("oa", "2026-07", "厂商首个补丁包校验不符，待重新发布，超出时限");

/// No check was made here: changes were frozen over the spring festival (waiver W-2026-001).
const UNCHECKED: (&str, &str) = ("hr", "2026-02");

/// The row whose severity is a word of its own (较高): kept out, and listed as rejected. The month and the system have
/// other rows, so nothing else fails for it.
const UNKNOWN_SEVERITY: (&str, &str) = ("mail", "2026-05");

/// One CSV a month.
pub fn files() -> Vec<super::File> {
    let mut dice = Dice::of("update");
    let mut decks: Vec<_> = COMPONENTS.iter().map(|(_, of)| Deck::new(of)).collect();
    let mut versions = std::collections::BTreeMap::new();
    let mut notice = 0;
    let mut out = Vec::new();
    for (n, days) in date::months().iter().enumerate() {
        let month = date::month(days[0]);
        let mut rows = Vec::new();
        for (place, (system, _)) in SYSTEMS.into_iter().enumerate() {
            let Some(&day) = days.iter().find(|d| date::works(**d) && **d >= days[0] + 6 + place as i64) else {
                continue;
            };
            let day = if system == "hr" && month == "2025-12" { date::day("2025-12-18") } else { day };
            if !table::serves(system, day) || (system, month.as_str()) == UNCHECKED {
                continue;
            }
            let count = if dice.percent(10) { 0 } else { dice.between(2, 3) };
            let high = dice.percent(45) || (system, month.as_str()) == (LATE.0, LATE.1);
            let count = if high { count.max(2) } else { count };
            if count == 0 {
                rows.push(nothing(system, day));
                continue;
            }
            let mut batch = Vec::new();
            for k in 0..count {
                // A deck that is shuffled anew in the middle of a batch may deal a component of this batch again.
                let (mut component, mut stem) = *decks[place].deal(&mut dice);
                while batch.contains(&component) {
                    (component, stem) = *decks[place].deal(&mut dice);
                }
                batch.push(component);
                let from = *versions.entry((system, component)).or_insert_with(|| dice.between(1, 4));
                let to = from + dice.between(1, 2);
                // What is put off stays at its version, so that the next check begins where this one did.
                let deferred = !(high && k == 0) && dice.percent(7);
                if !deferred {
                    versions.insert((system, component), to);
                }
                notice += 1;
                let patch = Patch { system, month: &month, day, k, component, stem, from, to, notice, deferred };
                rows.push(patch.row(&mut dice, high));
            }
        }
        out.push((format!("update/{month}.csv"), table::csv(table::hand(n + 1), &COLUMNS, &rows)));
    }
    out
}

/// A month in which there was nothing to do is recorded as a check all the same.
fn nothing(system: &'static str, day: Day) -> Vec<Cell> {
    vec![
        text(format!("UP-{}-{}-0", date::compact(day), system.to_uppercase())),
        Cell::System(system),
        Cell::At(day * 1440 + 555),
        text("例行检查"),
        Cell::Empty,
        Cell::Empty,
        Cell::Word("none", "无"),
        Cell::Empty,
        Cell::Empty,
        Cell::Empty,
        text("not-needed"),
        text("本月无适用更新"),
    ]
}

struct Patch<'a> {
    system: &'static str,
    month: &'a str,
    day: Day,
    k: i64,
    component: &'a str,
    stem: &'a str,
    from: i64,
    to: i64,
    notice: i64,
    deferred: bool,
}

impl Patch<'_> {
    /// The first of a batch is the risky one, if any; it is applied within days, the others on a Saturday after it.
    fn row(&self, dice: &mut Dice, high: bool) -> Vec<Cell> {
        let late = (self.system, self.month) == (LATE.0, LATE.1) && high;
        let risky = high && self.k == 0;
        let checked = self.day * 1440 + 550 + self.k * 4 + dice.between(0, 2);
        let weekend = self.day + (5 - date::weekday(self.day)).rem_euclid(7) + if late { 21 } else { 7 };
        let (severity, applied, note) = if risky && late {
            (Cell::Word("high", "高危"), self.day + 19, LATE.2)
        } else if risky && dice.percent(20) {
            (Cell::Word("critical", "严重"), self.day + dice.between(0, 1), "当晚窗口安装，先在备机验证")
        } else if risky {
            (Cell::Word("high", "高危"), self.day + dice.between(1, 6), "按高危补丁手册处理")
        } else if dice.percent(55) {
            (Cell::Word("medium", "中危"), weekend, "")
        } else {
            (Cell::Word("low", "低危"), weekend, "")
        };
        let deferred = self.deferred;
        let unknown = !risky && self.k == 1 && (self.system, self.month) == UNKNOWN_SEVERITY;
        let released = self.day - dice.between(2, 12);
        vec![
            text(format!("UP-{}-{}-{}", date::compact(self.day), self.system.to_uppercase(), self.k + 1)),
            Cell::System(self.system),
            Cell::At(checked),
            text(self.component),
            text(format!("{}{}", self.stem, self.from)),
            text(format!("{}{}", self.stem, self.to)),
            if unknown { text("较高") } else { severity },
            text(format!("内部通告 {}-{:03}", &self.month[..4], self.notice)),
            Cell::At(released * 1440 + 600),
            at((!deferred).then(|| applied * 1440 + 1290 + dice.between(0, 40) + self.k * 6)),
            text(if deferred { "deferred" } else { "applied" }),
            text(if deferred { "与业务系统兼容性待验证，延至下月" } else { note }),
        ]
    }
}
