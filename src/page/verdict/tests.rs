//! Verdicts of clauses, month by month, on small workspaces judged whole.

use super::*;
use crate::page::fixture::{backups, file, waiver, with};

const A: Scope = Scope::System(0);
const B: Scope = Scope::System(1);
const C: Scope = Scope::System(2);

fn period(name: &str) -> Period {
    Period::parse(name).unwrap().1
}

impl Verdicts<'_> {
    fn of_rule(&self, id: &str, scope: Scope, name: &str) -> Option<Verdict> {
        let at = self.book.standard.rules.iter().position(|r| r.id == id).unwrap();
        self.rule(at, scope, period(name))
    }

    fn result(&self, id: &str, scope: Scope, name: &str) -> Option<Outcome> {
        self.of_rule(id, scope, name).map(|v| v.outcome)
    }
}

#[test]
fn a_missed_slot_fails_and_a_waived_one_is_waived() {
    let files = || vec![backups("a", "2026-01-01", "2026-03-31", &["2026-01-10", "2026-02-03"])];
    with(files(), "2026-03-31", |_, v| {
        let jan = v.of_rule("backup.daily", A, "2026-01").unwrap();
        assert_eq!((jan.outcome, jan.met(), jan.missed(), jan.due()), (Outcome::Fails, 30, 1, 31));
        assert_eq!((jan.findings, jan.waived, jan.preliminary), ([1, 0, 0], 0, false));
        assert_eq!(jan.numbers().en, "31 due, 1 missed; 1 error");
        assert_eq!(v.result("backup.daily", A, "2026-03"), Some(Outcome::Conforms));
        assert_eq!(v.of_rule("backup.daily", A, "2026-03").unwrap().numbers().en, "31 due, all there");
        assert_eq!(v.clause("3.1.1", A, period("2026-01")).unwrap().outcome, Outcome::Fails);
    });
    let waived = files().into_iter().chain([waiver("W-1", "backup.daily", "2026-01-10", "2026-01-10")]).collect();
    with(waived, "2026-03-31", |_, v| {
        let jan = v.of_rule("backup.daily", A, "2026-01").unwrap();
        assert_eq!((jan.outcome, jan.waived, jan.found()), (Outcome::Waived, 1, 0));
        assert_eq!(jan.numbers().en, "31 due, all there; 1 waived");
        assert_eq!(v.result("backup.daily", A, "2026-02"), Some(Outcome::Fails));
        assert_eq!(v.result("backup.daily", A, "2026"), Some(Outcome::Fails));
    });
}

#[test]
fn a_period_that_touches_two_months_marks_both_and_counts_once_in_the_year() {
    // The week from 26 January to 1 February has no full backup.
    let week = ["2026-01-26", "2026-01-27", "2026-01-28", "2026-01-29", "2026-01-30", "2026-01-31", "2026-02-01"];
    with(vec![backups("a", "2026-01-01", "2026-03-29", &week)], "2026-03-29", |_, v| {
        for month in ["2026-01", "2026-02"] {
            let verdict = v.of_rule("backup.weekly-full", A, month).unwrap();
            assert_eq!((verdict.outcome, verdict.missed()), (Outcome::Fails, 1), "{month}");
        }
        assert_eq!(v.of_rule("backup.weekly-full", A, "2026").unwrap().missed(), 1);
    });
}

#[test]
fn a_month_that_is_not_over_is_pending_until_something_fails() {
    with(vec![backups("a", "2026-01-01", "2026-02-10", &["2026-01-05"])], "2026-02-10", |_, v| {
        let running = v.of_rule("backup.daily", A, "2026-02").unwrap();
        assert_eq!((running.outcome, running.preliminary), (Outcome::Pending, true));
        assert!(v.over(period("2026-01")) && !v.over(period("2026-02")));
        let year = v.of_rule("backup.daily", A, "2026").unwrap();
        assert_eq!((year.outcome, year.preliminary), (Outcome::Fails, true));
        // The half-year is not over, and nobody was trained yet: January cannot be told, though it is over.
        let half = v.of_rule("training.business", Scope::Organisation, "2026-01").unwrap();
        assert_eq!((half.outcome, half.preliminary), (Outcome::Pending, false));
    });
    with(vec![backups("a", "2026-01-01", "2026-02-10", &["2026-02-05"])], "2026-02-10", |_, v| {
        assert_eq!(v.result("backup.daily", A, "2026-02"), Some(Outcome::Fails));
    });
}

#[test]
fn nothing_to_judge_is_not_applicable_but_where_nothing_is_written_at_all() {
    with(vec![backups("a", "2026-01-01", "2026-03-31", &[])], "2026-03-31", |_, v| {
        assert_eq!(v.result("fault.response", A, "2026-01"), Some(Outcome::NotApplicable));
        assert_eq!(v.result("fault.response", C, "2026-01"), Some(Outcome::Unproven));
        assert_eq!(v.result("fault.response", B, "2026-01"), Some(Outcome::NotApplicable), "not in service");
        assert_eq!(v.result("fault.response", B, "2026-02"), Some(Outcome::NotApplicable), "not the whole month");
        assert_eq!(v.result("fault.response", B, "2026-03"), Some(Outcome::Unproven));
        assert_eq!(v.result("backup.daily", C, "2026-01"), Some(Outcome::Fails));
        assert_eq!(v.result("fault.response", Scope::Organisation, "2026-01"), None);
        assert_eq!(v.result("training.business", A, "2026-01"), None);
        assert_eq!(v.result("fault.response", A, "2025-12"), None, "before service");
        assert_eq!(v.clause("4.1.2", Scope::All, period("2026-01")).unwrap().outcome, Outcome::Unproven);
    });
}

#[test]
fn an_error_fails_a_warning_remarks_and_an_info_does_nothing() {
    let faults = "id,system,reported_at,reporter,grade,summary,description,responded_at\n\
         F-1,a,2026-01-05 10:00,x,urgent,down,nothing works any more,2026-01-05 10:15\n\
         F-2,a,2026-02-05 10:00,x,urgent,down,nothing works any more,2026-02-05 10:16\n";
    let support = "id,system,asked_at,requester,question,answered_at\n\
         S-1,a,2026-01-05 10:00,x,how,2026-01-05 12:00\n";
    let files = vec![
        backups("a", "2026-01-01", "2026-03-31", &[]),
        file("records/fault/1.csv", faults),
        file("records/support/1.csv", support),
    ];
    with(files, "2026-07-31", |_, v| {
        assert_eq!(v.result("fault.response", A, "2026-01"), Some(Outcome::Conforms));
        let late = v.of_rule("fault.response", A, "2026-02").unwrap();
        assert_eq!((late.outcome, late.findings, late.judged), (Outcome::Fails, [1, 0, 0], 1));
        assert_eq!(v.result("support.answered", A, "2026-01"), Some(Outcome::Remarks));
        // No restore was tested in the first half: a note, and no more.
        let note = v.of_rule("backup.restore-tested", A, "2026-01").unwrap();
        assert_eq!((note.outcome, note.findings), (Outcome::NotApplicable, [0, 0, 1]));
    });
}

#[test]
fn a_record_whose_time_has_not_passed_is_pending() {
    let update = "id,system,checked_at,component,severity,applied_at,result\n\
         UP-1,a,2026-01-28 10:00,lib,high,,pending\n";
    let failed = "id,system,started_at,type,result\nBK-F,a,2026-01-31 20:00,full,failed\n";
    let files = || {
        vec![
            backups("a", "2026-01-01", "2026-01-31", &[]),
            file("records/update/1.csv", update),
            file("records/backup/f.csv", failed),
        ]
    };
    with(files(), "2026-02-11T10:00", |_, v| {
        assert_eq!(v.result("update.high-risk-timely", A, "2026-01"), Some(Outcome::Pending));
    });
    with(files(), "2026-02-11T10:01", |_, v| {
        assert_eq!(v.result("update.high-risk-timely", A, "2026-01"), Some(Outcome::Fails));
    });
    with(files(), "2026-02-01", |_, v| {
        assert_eq!(v.result("backup.failed-followed", A, "2026-01"), Some(Outcome::Fails));
    });
    with(files(), "2026-02-01T20:00", |_, v| {
        assert_eq!(v.result("backup.failed-followed", A, "2026-01"), Some(Outcome::Pending));
    });
}

#[test]
fn availability_that_nobody_watched_is_unproven() {
    with(vec![backups("b", "2026-02-10", "2026-03-31", &[])], "2026-03-31", |_, v| {
        assert_eq!(v.result("availability.monthly", B, "2026-03"), Some(Outcome::Unproven));
        assert_eq!(v.result("availability.watched", B, "2026-03"), Some(Outcome::Remarks));
        assert_eq!(v.clause("4.1.1", B, period("2026-03")).unwrap().outcome, Outcome::Unproven);
        // Not wholly in service: the figure is shown, and decides nothing.
        assert_eq!(v.result("availability.monthly", B, "2026-02"), Some(Outcome::NotApplicable));
        // A system without shifts has no coverage, and its verdict stands.
        assert_eq!(v.result("availability.monthly", A, "2026-01"), Some(Outcome::Conforms));
        assert_eq!(v.clause("4.1.1", Scope::All, period("2026-03")).unwrap().outcome, Outcome::Unproven);
    });
}

#[test]
fn what_is_not_run_is_not_assessed_and_says_why() {
    let runbook = "---\nowner: x\nlast_reviewed: 2024-01-01\nreview_in: 6 months\n---\n# Restore\n\nText.\n";
    let files = vec![backups("a", "2026-01-01", "2026-03-31", &[]), file("content/runbooks/restore.md", runbook)];
    with(files, "2026-03-31", |book, v| {
        let sealed = book.standard.rule("records.sealed").unwrap();
        assert!(v.silent(sealed, period("2026-01")).unwrap().en.contains("archive.seal_from"));
        assert_eq!(v.result("records.sealed", Scope::All, "2026-01"), Some(Outcome::NotAssessed));
        assert_eq!(v.result("runbook.reviewed", Scope::All, "2026-02"), Some(Outcome::NotAssessed));
        assert_eq!(v.result("runbook.reviewed", Scope::All, "2026-03"), Some(Outcome::Remarks));
        assert_eq!(v.clause("9.9", Scope::All, period("2026-01")).map(|v| v.outcome), Some(Outcome::NotAssessed));
    });
}

#[test]
fn a_clause_of_all_is_the_worst_of_its_rules_and_systems() {
    let files =
        vec![backups("a", "2026-01-01", "2026-03-31", &[]), backups("c", "2026-01-01", "2026-03-31", &["2026-02-11"])];
    with(files, "2026-03-31", |_, v| {
        assert_eq!(v.clause("3.1.1", A, period("2026-02")).unwrap().outcome, Outcome::Conforms);
        assert_eq!(v.clause("3.1.1", C, period("2026-02")).unwrap().outcome, Outcome::Fails);
        assert_eq!(v.clause("3.1.1", Scope::All, period("2026-02")).unwrap().outcome, Outcome::Fails);
        assert_eq!(v.clause("3.1.1", Scope::Organisation, period("2026-02")), None);
        let found: usize =
            v.rules("3.1.1").iter().filter_map(|&r| v.rule(r, C, period("2026-02"))).map(|v| v.found()).sum();
        let touching = v.findings("3.1.1", period("2026-02")).filter(|f| f.system.as_deref() == Some("c"));
        assert_eq!(found, touching.count());
        assert_eq!(v.years(), [period("2026")]);
    });
}

#[test]
fn results_are_counted_from_the_worst_to_the_least() {
    assert!(Outcome::ALL.windows(2).all(|pair| pair[0] > pair[1]));
    let classes: std::collections::BTreeSet<_> = Outcome::ALL.iter().map(|o| o.class()).collect();
    let glyphs: std::collections::BTreeSet<_> = Outcome::ALL.iter().map(|o| o.glyph()).collect();
    assert_eq!((classes.len(), glyphs.len()), (8, 8));
}
