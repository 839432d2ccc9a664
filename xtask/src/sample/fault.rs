//! Faults: the telling ones as reports of their own, the small ones as rows of a sheet.

use super::date::{self, Day, Minute};
use super::dice::{Deck, Dice};
use super::table::{self, Cell, at, text};
use super::{faults_autumn, faults_small, faults_spring, faults_winter};

/// A fault that deserves a report.
pub struct Report {
    /// What other records call it before it has a number.
    pub key: &'static str,
    /// The system's id.
    pub system: &'static str,
    /// `urgent`, `important` or `general`.
    pub grade: &'static str,
    /// When it was reported.
    pub reported: &'static str,
    /// Minutes from the report to answer, fix and verification (none: nobody verified).
    pub minutes: (i64, i64, Option<i64>),
    /// Who reported, handled and verified it.
    pub people: (&'static str, &'static str, &'static str),
    /// One line.
    pub summary: &'static str,
    /// One line.
    pub cause: &'static str,
    /// One line.
    pub resolution: &'static str,
    /// Key of the fault that the fix brought about.
    pub brought: &'static str,
    /// Slug of the runbook that was followed.
    pub runbook: &'static str,
    /// Markdown, in sections.
    pub body: &'static str,
}

/// A fault that fits a row.
pub struct Small {
    /// The system's id.
    pub system: &'static str,
    /// `important` or `general`.
    pub grade: &'static str,
    /// Summary, description, cause, resolution.
    pub texts: [&'static str; 4],
    /// Slug of the runbook that was followed, or nothing.
    pub runbook: &'static str,
}

/// A fault with its number.
pub struct Fault {
    id: String,
    key: &'static str,
    at: Minute,
    what: What,
}

enum What {
    Report(&'static Report),
    Small(&'static Small, SmallTimes),
}

struct SmallTimes {
    responded: Minute,
    resolved: Option<Minute>,
    verified: Option<Minute>,
    people: [&'static str; 3],
}

const REPORTERS: [&str; 7] = ["综合科", "财务科", "人事科", "业务一科", "业务二科", "督查科", "后勤服务中心"];
const HANDLERS: [&str; 5] = ["值班员甲", "值班员乙", "值班员丙", "管理员乙", "管理员丙"];

/// How many faults a month has, where the reports alone are not more.
const A_MONTH: usize = 4;

/// All faults in order of time, numbered by year.
pub fn all() -> Vec<Fault> {
    let reports = faults_winter::REPORTS.iter().chain(&faults_spring::REPORTS).chain(&faults_autumn::REPORTS);
    let mut out: Vec<Fault> = reports
        .map(|report| Fault {
            id: String::new(),
            key: report.key,
            at: date::minute(report.reported),
            what: What::Report(report),
        })
        .collect();
    let mut dice = Dice::of("fault");
    let mut deck = Deck::new(&faults_small::SMALL);
    let mut waiting: Vec<&'static Small> = Vec::new();
    for days in date::months() {
        let month = date::month(days[0]);
        let told = out.iter().filter(|f| f.what.is_report() && date::month(f.at / 1440) == month).count();
        for k in 0..A_MONTH.saturating_sub(told).max(2) {
            // A card of a system that is not in service yet waits for its time.
            let ready = waiting.iter().position(|s| table::serves(s.system, days[0]));
            let mut card = ready.map_or_else(|| deck.deal(&mut dice), |n| waiting.remove(n));
            while !table::serves(card.system, days[0]) {
                waiting.push(card);
                card = deck.deal(&mut dice);
            }
            out.push(small(&mut dice, card, &days, k));
        }
    }
    out.sort_by_key(|f| f.at);
    let mut number = [0, 0];
    for fault in &mut out {
        let year = date::civil(fault.at / 1440).0;
        let of_year = &mut number[usize::from(year == 2026)];
        *of_year += 1;
        fault.id = format!("F-{year}-{of_year:03}");
    }
    out
}

/// The number of a fault by its key; an empty key has none.
pub fn id_of(faults: &[Fault], key: &str) -> String {
    faults.iter().find(|f| !key.is_empty() && f.key == key).map(|f| f.id.clone()).unwrap_or_default()
}

impl What {
    fn is_report(&self) -> bool {
        matches!(self, Self::Report(_))
    }
}

fn small(dice: &mut Dice, card: &'static Small, days: &[Day], k: usize) -> Fault {
    let open: Vec<_> = days.iter().copied().filter(|d| date::works(*d)).collect();
    let last = date::month(days[0]) == "2026-10";
    // The month's last fault of October 2026 is still open, the one before it was verified in November.
    let (still_open, just_done) = (last && k == 1, last && k == 2);
    let day = match () {
        () if still_open => date::day("2026-10-29"),
        () if just_done => date::day("2026-10-30"),
        () => *dice.pick(&open),
    };
    let reported = day * 1440 + dice.between(515, 1010);
    let responded = reported + dice.between(3, if card.grade == "important" { 24 } else { 55 });
    let resolved = responded + dice.between(18, 190);
    let verified = if just_done { date::minute("2026-11-02 09:35") } else { resolved + dice.between(15, 130) };
    let handler = dice.between(0, HANDLERS.len() as i64 - 1) as usize;
    let people = [*dice.pick(&REPORTERS), HANDLERS[handler], HANDLERS[(handler + 2) % HANDLERS.len()]];
    let times = SmallTimes {
        responded,
        resolved: (!still_open).then_some(resolved),
        verified: (!still_open).then_some(verified),
        people,
    };
    Fault { id: String::new(), key: "", at: reported, what: What::Small(card, times) }
}

/// One Markdown file a report, and one CSV a year for the small ones.
pub fn files(faults: &[Fault]) -> Vec<super::File> {
    let columns = [
        ("id", "编号"),
        ("system", "系统"),
        ("reported_at", "报告时间"),
        ("reporter", "报告人"),
        ("grade", "故障等级"),
        ("summary", "故障现象"),
        ("description", "详细描述"),
        ("handler", "处理人"),
        ("responded_at", "响应时间"),
        ("resolved_at", "解决时间"),
        ("cause", "故障原因"),
        ("resolution", "处理措施"),
        ("verified_at", "验证时间"),
        ("verified_by", "验证人"),
        ("regression", "是否引入新问题"),
        ("runbook", "运维手册"),
    ];
    let mut out = Vec::new();
    let mut rows = Vec::new();
    for fault in faults {
        match &fault.what {
            What::Report(report) => out.push(file(faults, fault, report)),
            What::Small(card, times) => rows.push((fault.at / 1440, row(fault, card, times))),
        }
    }
    out.extend(table::by_year("fault", &columns, &rows));
    out
}

fn row(fault: &Fault, card: &'static Small, times: &SmallTimes) -> Vec<Cell> {
    let [summary, description, cause, resolution] = card.texts;
    let done = times.resolved.is_some();
    vec![
        text(&fault.id),
        Cell::System(card.system),
        Cell::At(fault.at),
        text(times.people[0]),
        if card.grade == "important" { Cell::Word("important", "重要") } else { Cell::Word("general", "一般") },
        text(summary),
        text(description),
        text(times.people[1]),
        Cell::At(times.responded),
        at(times.resolved),
        text(if done { cause } else { "" }),
        text(if done { resolution } else { "" }),
        at(times.verified),
        text(if done { times.people[2] } else { "" }),
        if done { Cell::Yes(false) } else { Cell::Empty },
        text(card.runbook),
    ]
}

/// Front matter and body. Every other report has its keys in Chinese, as two hands would write them.
fn file(faults: &[Fault], fault: &Fault, report: &Report) -> super::File {
    let (respond, resolve, verify) = report.minutes;
    let (reporter, handler, verifier) = report.people;
    let after = |minutes: i64| date::clock(fault.at + minutes);
    let han = fault.id.ends_with(['1', '3', '5', '7', '9']);
    let grade = match report.grade {
        "urgent" => "紧急",
        "important" => "重要",
        _ => "一般",
    };
    let follow_up = id_of(faults, report.brought);
    let regression = if follow_up.is_empty() { "否" } else { "是" };
    let lines = [
        ("id", "编号", fault.id.clone()),
        ("system", "系统", report.system.to_owned()),
        ("reported_at", "报告时间", after(0)),
        ("reporter", "报告人", reporter.to_owned()),
        ("grade", "故障等级", if han { grade } else { report.grade }.to_owned()),
        ("summary", "标题", report.summary.to_owned()),
        ("handler", "处理人", handler.to_owned()),
        ("responded_at", "响应时间", after(respond)),
        ("resolved_at", "解决时间", after(resolve)),
        ("cause", "故障原因", report.cause.to_owned()),
        ("resolution", "处理措施", report.resolution.to_owned()),
        ("verified_at", "验证时间", verify.map(after).unwrap_or_default()),
        ("verified_by", "验证人", if verify.is_some() { verifier } else { "" }.to_owned()),
        ("regression", "是否引入新问题", regression.to_owned()),
        ("follow_up", "后续故障", follow_up),
        ("runbook", "运维手册", report.runbook.to_owned()),
    ];
    let mut out = String::from("---\n");
    for (name, in_han, value) in lines.iter().filter(|(_, _, value)| !value.is_empty()) {
        out.extend([if han { in_han } else { name }, ": ", value, "\n"]);
    }
    out.push_str("---\n\n");
    let mut body = report.body.trim().to_owned();
    for other in faults.iter().filter(|f| !f.key.is_empty()) {
        body = body.replace(&format!("{{{}}}", other.key), &other.id);
    }
    out.push_str(&body);
    out.push('\n');
    (format!("fault/{}/{}.md", &fault.id[2..6], fault.id), out.into_bytes())
}
