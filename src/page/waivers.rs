//! `waivers.html`: what was allowed to be missed, by whom, and what that covers. A waiver that was approved after the
//! breach, that is over, or that covers nothing, is marked as such wherever it shows (standard.md, section 4).

use serde::Serialize;

use crate::calendar::Instant;
use crate::chart::Mark;
use crate::check;
use crate::check::Covered;
use crate::finding::Finding;
use crate::say;
use crate::say::Said;
use crate::slots::{WAIVER, Waiver};
use crate::source::Failure;

use super::Book;
use super::findings;
use super::matrix::system_link;
use super::rows::{Writer, grouped};
use super::sheet::{Facet, Link, Pager, Sheet};
use super::status::marked;
use super::verdict::MarkView;
use super::way::{self, Way};

/// The most waivers on one page.
const PAGE: usize = 500;

/// The most findings that are named for a waiver; the rest is counted.
const NAMED: usize = 6;

/// A waiver as a row.
#[derive(Debug, Clone, Serialize)]
pub struct WaiverRow {
    /// The record.
    pub record: Link,
    /// The rule that it waives.
    pub rule: Link,
    /// The system; none for all.
    pub system: Option<Link>,
    /// From which day.
    pub from: String,
    /// To which day.
    pub to: String,
    /// Why.
    pub reason: String,
    /// By whom.
    pub approver: String,
    /// When, local.
    pub approved: String,
    /// It was approved after what it waives had happened.
    pub late: bool,
    /// How many slots and findings it covers, in all.
    pub covers: usize,
    /// Where these stand.
    pub covered: Vec<Link>,
    /// How many of them are not named.
    pub more: usize,
    /// Whether its days have come or are over: `running`, `over`, `to-come`.
    pub phase: &'static str,
    /// The same as a mark.
    pub state: MarkView,
}

#[derive(Debug, Serialize)]
struct View {
    total: String,
    running: usize,
    over: usize,
    late: usize,
    unused: usize,
    facets: Vec<Facet>,
    rows: Vec<WaiverRow>,
    pages: Pager,
}

/// What each waiver covers, in the order of the waivers.
pub fn covered<'a>(book: &Book<'a>) -> Vec<Covered<'a>> {
    check::covered((book.standard, &book.config.site.zone), book.waivers, book.slots, book.findings)
}

/// The pages of the register, the waivers whose days come last first. There is one page at least, which says that there
/// are none.
pub fn sheets(book: &Book<'_>, way: &Way<'_>) -> Result<Vec<Sheet<'static>>, Failure> {
    let writer = book.standard.kind(WAIVER).map(|at| Writer::open(book, way, at)).transpose()?;
    let covered = covered(book);
    let mut order: Vec<usize> = (0..covered.len()).collect();
    order.sort_by_key(|&n| (std::cmp::Reverse(book.waivers.all[n].from), n));
    let view = |&n: &usize| Some(row(book, way, writer.as_ref()?, (&book.waivers.all[n], &covered[n])));
    let all: Vec<WaiverRow> = order.iter().filter_map(view).collect();
    let pages = all.chunks(PAGE).count().max(1);
    let sheet = |n: usize| {
        let rows = all.chunks(PAGE).nth(n).unwrap_or_default();
        let view = View {
            total: grouped(all.len()),
            running: all.iter().filter(|row| row.phase == "running").count(),
            over: all.iter().filter(|row| row.phase == "over").count(),
            late: all.iter().filter(|row| row.late).count(),
            unused: all.iter().filter(|row| row.covers == 0).count(),
            facets: facets(book, rows),
            rows: rows.to_vec(),
            pages: Pager::of(n, pages, way::waivers),
        };
        Sheet::new(way::waivers(n), "waivers.html", say!("豁免登记", "Waivers").to(book.config.site.lang), &view)
    };
    Ok((0..pages).map(sheet).collect())
}

fn facets(book: &Book<'_>, rows: &[WaiverRow]) -> Vec<Facet> {
    let lang = book.config.site.lang;
    let all = say!("全部系统", "all systems");
    let system = |row: &WaiverRow| row.system.as_ref().map_or_else(|| all.to(lang).to_owned(), |s| s.text.clone());
    let systems: Vec<String> = rows.iter().map(system).collect();
    let (late, unused) = (say!("事后批准", "approved afterwards"), say!("未用到", "covers nothing"));
    let marks = rows.iter().flat_map(|row| [(row.late, "late", &late), (row.covers == 0, "unused", &unused)]);
    vec![
        Facet::of("phase", say!("期间", "Days").to(lang), rows.iter().map(|row| (row.phase, row.state.word.as_str()))),
        Facet::of(
            "mark",
            say!("标记", "Marks").to(lang),
            marks.filter(|(is, ..)| *is).map(|(_, name, title)| (name, title.to(lang))),
        ),
        Facet::of("system", say!("系统", "System").to(lang), systems.iter().map(|s| (s.as_str(), s.as_str()))),
        Facet::of(
            "rule",
            say!("规则", "Rule").to(lang),
            rows.iter().map(|row| (row.rule.text.as_str(), row.rule.text.as_str())),
        ),
    ]
}

/// A waiver as a row, its addresses from the page of `way`.
pub fn row(
    book: &Book<'_>,
    way: &Way<'_>,
    writer: &Writer<'_>,
    (waiver, covered): (&Waiver, &Covered<'_>),
) -> WaiverRow {
    let (lang, zone) = (book.config.site.lang, &book.config.site.zone);
    let cells = writer.row(waiver.row).cells;
    let text = |name: &str| writer.kind.field(name).map_or("", |f| cells.field(f)).to_owned();
    let rule = book.standard.rule(&waiver.rule);
    let rule = Link::new(
        rule.map_or_else(String::new, |r| way.from_here(&way::rule(&r.clause, &r.id))),
        rule.map_or(waiver.rule.as_str(), |r| r.title.to(lang)),
    );
    let today = zone.date(Instant(book.as_of.0 - 1));
    let (phase, mark, word) = if waiver.to < today {
        ("over", Mark::NotApplicable, say!("已过期", "over"))
    } else if today < waiver.from {
        ("to-come", Mark::Pending, say!("未到期", "to come"))
    } else {
        ("running", Mark::Waived, say!("生效中", "in force"))
    };
    let slots = (covered.slots > 0).then(|| {
        let n = grouped(covered.slots);
        Link::new(rule.href.clone(), say!("应有记录 {n} 项", "slots: {n}").to(lang))
    });
    let found = covered.findings.iter().take(NAMED).map(|finding| named(book, way, finding));
    WaiverRow {
        record: findings::waiver(book, way, &waiver.id),
        system: waiver.system.map(|s| system_link(way, &book.config.systems[s])),
        from: waiver.from.to_string(),
        to: waiver.to.to_string(),
        reason: text("reason"),
        approver: text("approver"),
        approved: zone.local(waiver.approved),
        late: covered.late,
        covers: covered.n(),
        covered: slots.into_iter().chain(found).collect(),
        more: covered.findings.len().saturating_sub(NAMED),
        phase,
        state: marked(mark, &word, lang),
        rule,
    }
}

/// A waived finding by the record or the figure that it is about.
fn named(book: &Book<'_>, way: &Way<'_>, finding: &Finding) -> Link {
    let lang = book.config.site.lang;
    let range = || finding.dates.map_or_else(Said::default, |dates| findings::range(dates, None));
    match finding.record.as_deref() {
        Some(id) => {
            let kind = finding.kind.as_deref().unwrap_or_default();
            Link::new(way.reference(kind, id).map_or_else(String::new, |url| way.from_here(&url)), id)
        }
        None => match findings::behind(book, way, finding) {
            Some(link) => Link::new(link.href, format!("{} {}", link.text, range().to(lang))),
            None => Link::new("", range().to(lang)),
        },
    }
}

#[cfg(test)]
mod tests {
    use crate::page::shelf::Shelf;
    use crate::page::tests::with;

    use super::*;

    #[test]
    fn a_register_says_which_waivers_are_over_late_or_of_no_use() {
        let rows = "id,rule,system,from,to,reason,approver,approved_at\n\
                    W-1,backup.daily,oa,2026-02-03,2026-02-03,搬迁,领导,2026-02-01 09:00\n\
                    W-2,backup.daily,oa,2026-02-10,2026-02-11,忘记,领导,2026-02-12 00:00\n\
                    W-3,fault.response,,2026-03-10,2026-03-20,演练,领导,2026-03-01 23:00\n\
                    W-4,backup.daily,oa,2026-04-01,2026-04-02,封网,领导,2026-03-01 23:00\n";
        with(&[("records/waiver/a.csv", rows)], "2026-03-15", |book| {
            let shelf = Shelf::of(book.ledger, book.standard);
            let sheet = sheets(book, &Way::from_depth(book, &shelf, 0)).unwrap().remove(0);
            assert_eq!(sheet.path, "waivers.html");
            let view = sheet.json();
            let rows: Vec<(&str, &str, bool, u64)> = view["rows"]
                .as_array()
                .unwrap()
                .iter()
                .map(|r| {
                    let (id, phase) = (r["record"]["text"].as_str().unwrap(), r["phase"].as_str().unwrap());
                    (id, phase, r["late"].as_bool().unwrap(), r["covers"].as_u64().unwrap())
                })
                .collect();
            assert_eq!(
                rows,
                [
                    ("W-4", "to-come", false, 0),
                    ("W-3", "running", false, 0),
                    ("W-2", "over", true, 2),
                    ("W-1", "over", false, 1)
                ]
            );
            let covered = &view["rows"][2]["covered"][0];
            assert_eq!(covered["text"], "应有记录 2 项");
            assert_eq!(covered["href"], "clauses/3.1.1.html#backup.daily");
            assert_eq!((&view["late"], &view["unused"]), (&1.into(), &2.into()));
        });
    }

    #[test]
    fn a_waiver_leads_to_the_records_that_it_covers() {
        let fault = "id,system,reported_at,reporter,grade,summary,description,responded_at,resolved_at,verified_at,verified_by\n\
                     F-1,oa,2026-02-05 09:00,甲,紧急,停机,全部用户无法登录系统首页,2026-02-05 09:30,2026-02-05 10:00,2026-02-05 11:00,乙\n";
        let waiver = "id,rule,system,from,to,reason,approver,approved_at\n\
                      W-1,fault.response,oa,2026-02-05,2026-02-05,演练,领导,2026-02-05 08:00\n";
        with(&[("records/fault/a.csv", fault), ("records/waiver/a.csv", waiver)], "2026-03-15", |book| {
            let shelf = Shelf::of(book.ledger, book.standard);
            let view = sheets(book, &Way::from_depth(book, &shelf, 0)).unwrap().remove(0).json();
            let covered = &view["rows"][0]["covered"];
            assert_eq!(covered[0]["href"], "faults/F-1.html");
            assert_eq!(covered.as_array().unwrap().len(), 1);
        });
    }
}
