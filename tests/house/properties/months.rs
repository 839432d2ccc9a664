//! What is counted month by month comes to what is counted at once; and a waiver moves slots and makes none.

use super::*;

/// Minutes from the start of March, local; none of an empty cell.
fn minute(cell: &str) -> Option<i64> {
    let part = |range: std::ops::Range<usize>| cell.get(range)?.parse::<i64>().ok();
    let (month, day, hour, minute) = (part(5..7)?, part(8..10)?, part(11..13)?, part(14..16)?);
    let before = [0, 31, 61][usize::try_from(month - 3).ok()?];
    Some((before + day - 1) * 1440 + hour * 60 + minute)
}

/// The instant of judgement in these minutes.
const NOW: i64 = 70 * 1440 + 720;

/// The rows of a kind and system that take part, as they were written.
fn live<'a>(
    judged: &Judgement,
    records: &'a BTreeMap<&'static str, Vec<Row>>,
    kind: &str,
    system: usize,
) -> Vec<&'a Row> {
    let table = &judged.ledger.tables[judged.standard.kind(kind).unwrap()];
    let ids: BTreeSet<&str> = table.live().map(|row| table.ids.get(row)).collect();
    let names: &[&str] = if system == 0 { &["oa", "办公系统"] } else { &["mail"] };
    let mine = |row: &&Row| ids.contains(cell(row, "id")) && names.contains(&cell(row, "system"));
    records[kind].iter().filter(mine).collect()
}

fn cell<'a>(row: &'a Row, name: &str) -> &'a str {
    &row.iter().find(|(header, _)| *header == name).unwrap().1
}

/// Numerators, denominators and whole values of a figure, added up over the months.
fn sum(judged: &Judgement, name: &str, key: Option<&str>, system: Option<usize>) -> (i64, i64, i64) {
    let of = judged.figures.iter().filter(|f| f.name == name && f.system == system);
    let of = of.filter(|f| f.key.as_ref().map(|(_, value)| value.as_str()) == key);
    of.fold((0, 0, 0), |(n, d, v), f| {
        let value = f.value.map_or(0, |value| value.0 / 1_000_000);
        (n + f.numerator.unwrap_or(0), d + f.denominator.unwrap_or(0), v + value)
    })
}

proptest! {
    #![proptest_config(cases(16))]

    /// What is counted month by month comes to what is counted at once, here minute by minute and row by row.
    #[test]
    fn figures_of_disjoint_months_add_up(records in records()) {
        let judged = judged(files(&records));
        for system in [0, 1] {
            let of = |name: &str, key: Option<&str>| { let (n, d, _) = sum(&judged, name, key, Some(system)); (n, d) };
            let count = |rows: &[&Row], holds: &dyn Fn(&Row) -> bool| rows.iter().filter(|row| holds(row)).count() as i64;

            let backups = live(&judged, &records, "backup", system);
            let good = |row: &Row| cell(row, "result") == "success";
            let away = |row: &Row| good(row) && cell(row, "offsite") == "是";
            let successes = count(&backups, &good);
            prop_assert_eq!(of("backup_first_attempt", None), (successes, backups.len() as i64));
            prop_assert_eq!(of("backup_offsite", None), (count(&backups, &away), successes));

            let daily = judged.slots.iter().find(|g| judged.standard.rules[g.rule].id == "backup.daily" && g.system == Some(system));
            let [met, missed, ..] = slots::count(&daily.unwrap().slots).map(|n| n as i64);
            prop_assert_eq!(of("backup_success", None), (met, met + missed));

            let faults = live(&judged, &records, "fault", system);
            for (grade, word, limit) in [("urgent", "紧急", 15), ("important", "important", 30)] {
                let deadline = |row: &Row| minute(cell(row, "reported_at")).unwrap() + limit;
                let due = |row: &Row| cell(row, "grade") == word && deadline(row) <= NOW;
                let kept = |row: &Row| due(row) && minute(cell(row, "responded_at")).is_some_and(|at| at <= deadline(row));
                prop_assert_eq!(of("response_compliance", Some(grade)), (count(&faults, &kept), count(&faults, &due)));
            }

            let outages = live(&judged, &records, "outage", system);
            let (mut planned, mut down) = (Vec::new(), Vec::new());
            for row in outages {
                let (start, end) = (minute(cell(row, "started_at")).unwrap(), minute(cell(row, "ended_at")));
                let announced = minute(cell(row, "announced_at")).is_some_and(|at| at <= start);
                let valid = cell(row, "planned") == "是" && announced && end.is_some();
                let of = if valid { &mut planned } else { &mut down };
                of.push(start..end.unwrap_or(NOW).min(NOW));
            }
            let within = |spans: &[std::ops::Range<i64>], at: i64| spans.iter().any(|span| span.contains(&at));
            let agreed: Vec<i64> = ([0, 19 * 1440][system]..NOW).filter(|at| !within(&planned, *at)).collect();
            let lost = agreed.iter().filter(|at| within(&down, **at)).count() as i64;
            let agreed = agreed.len() as i64;
            prop_assert_eq!(of("downtime", None), (lost * 60, agreed * 60));
            prop_assert_eq!(of("availability", None), ((agreed - lost) * 60, agreed * 60));
            let begun = (0..NOW).filter(|at| within(&down, *at) && !within(&down, at - 1)).count() as i64;
            prop_assert_eq!(sum(&judged, "outages", None, Some(system)).2, begun);
        }
        let counts = judged.ledger.tables.iter().map(wellkept::ledger::Table::counts);
        let (accepted, rejected) = counts.fold((0, 0), |s, c| (s.0 + c.accepted as i64, s.1 + c.rejected as i64));
        let of = |name: &str| sum(&judged, name, None, None);
        prop_assert_eq!(of("records_accepted").0, accepted);
        prop_assert_eq!(of("records_read").2, of("records_accepted").0 + of("records_rejected").0);
        // One whose time cannot be read is in no month.
        prop_assert!(of("records_rejected").0 <= rejected);
    }

    /// Every slot is in one state; a waiver moves slots from missed to waived and touches nothing else.
    #[test]
    fn a_waiver_moves_slots_and_makes_none(
        records in records(),
        rule in prop::sample::select(&["backup.daily", "backup.weekly-full", "shift.every", "update.monthly", "report.reviewed"]),
        (from, days) in (0..60_u32, 0..70_u32),
    ) {
        let date = |n: u32| { let (m, d) = if n < 31 { (3, n + 1) } else if n < 61 { (4, n - 30) } else { (5, n - 60) }; format!("2026-{m:02}-{d:02}") };
        let waiver: Row = vec![
            ("id", "W1".into()), ("rule", rule.into()), ("system", String::new()), ("from", date(from)), ("to", date((from + days).min(69))),
            ("reason", "机房停电".into()), ("approver", "管理员甲".into()), ("approved_at", "2026-05-09 09:00".into()),
        ];
        let before = judged(files(&records));
        let mut with = files(&records);
        with.push(("records/waiver/w.csv".to_owned(), plain(&[waiver])));
        let after = judged(with);
        let states = |judged: &Judgement| {
            let json = wellkept::output::json::check(&wellkept::output::json::Judged {
                config: &judged.config, standard: &judged.standard, ledger: &judged.ledger, slots: &judged.slots,
                findings: &judged.findings, figures: &judged.figures, as_of: judged.as_of,
            }, wellkept::say::Lang::En);
            ["met", "missed", "waived", "pending", "n/a"].map(|state| json["slots"][state].as_u64().unwrap())
        };
        let generated = |judged: &Judgement| judged.slots.iter().map(|g| g.slots.len() as u64).sum::<u64>();
        let (was, is) = (states(&before), states(&after));
        prop_assert_eq!(was.iter().sum::<u64>(), generated(&before));
        prop_assert_eq!(is.iter().sum::<u64>(), generated(&after));
        prop_assert_eq!(generated(&before), generated(&after));
        prop_assert_eq!((was[0], was[3], was[4], was[1]), (is[0], is[3], is[4], is[1] + is[2]));
        prop_assert_eq!(was[2], 0);
    }
}
