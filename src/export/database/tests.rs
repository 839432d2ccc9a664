//! Figures in SQL against the program's own, on workspaces made by dice; and that no name is given twice.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::{facts, figures, records};
use crate::calendar::{Day, Period, Unit};
use crate::measure;
use crate::page::Book;
use crate::pipeline::{self, When};
use crate::source::Sources;

const CONFIG: &str = r#"
[site]
title = "t"
timezone = "America/New_York"
[standard.params]
urgent_minutes = [{ from = 2026-01-01, value = 30 }, { from = 2026-03-10, value = 7.25 }]
patch_days = 3
scan_days = 4
[[shift]]
id = "night"
start = "20:00"
end = "08:00"
[[system]]
id = "a"
in_service = 2026-02-03
shifts = ["night"]
[[system]]
id = "b"
in_service = 2026-02-20
retired = 2026-04-02
"#;

fn with<T>(files: Vec<(String, String)>, as_of: &str, then: impl FnOnce(&Book<'_>) -> T) -> T {
    let all = files.into_iter().chain([("wellkept.toml".to_owned(), CONFIG.to_owned())]);
    let sources = Sources::of_memory(all.map(|(path, text)| (path, text.into_bytes())));
    let judged = pipeline::judge(&sources, &When::Said(as_of.to_owned())).unwrap();
    then(&pipeline::book(&sources, &judged, "b".to_owned()))
}

/// Numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.below(of.len() as u64) as usize]
    }

    /// A local time between the middle of January and that of April, on a quarter of an hour so that some are equal.
    fn time(&mut self) -> String {
        let day = Day::from_ymd(2026, 1, 15).unwrap().plus(self.below(90) as i32);
        format!("{day} {:02}:{:02}", self.below(24), self.below(4) * 15)
    }

    fn date(&mut self) -> String {
        self.time()[..10].to_owned()
    }

    /// Some hours after a time, or nothing.
    fn after(&mut self, time: &str, hours: u64) -> String {
        if self.below(4) == 0 {
            return String::new();
        }
        let late = self.below(hours * 4);
        let hour: u64 = time[11..13].parse().unwrap();
        let (quarters, day) = (hour * 4 + late, Day::parse_iso(&time[..10]).unwrap());
        let day = day.plus((quarters / 96) as i32);
        format!("{day} {:02}:{:02}", quarters % 96 / 4, quarters % 4 * 15)
    }
}

fn workspace(dice: &mut Dice) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = [
        ("outage", "id,system,started_at,ended_at,planned,announced_at"),
        ("backup", "id,system,started_at,finished_at,type,result,offsite,size"),
        ("fault", "id,system,reported_at,grade,summary,responded_at,resolved_at,verified_at"),
        ("update", "id,system,checked_at,component,severity,result,applied_at"),
        ("scan", "id,system,date,critical,high,cleared_at"),
        ("access", "id,system,requested_at,requester,account,change,permissions,approved_by,done_at"),
        ("support", "id,system,asked_at,question,answered_at,satisfaction"),
        ("feedback", "id,system,date,text,satisfaction"),
        ("shift", "system,date,shift,operator,response_ms,errors,cpu,memory,disk"),
        ("improvement", "id,raised,goal,measure,owner,due,expected,status,done_at"),
        ("training", "id,date,audience,topic,hours"),
    ]
    .map(|(kind, header)| (format!("records/{kind}/a.csv"), format!("{header}\n")))
    .into();
    for (path, text) in &mut files {
        let kind = path.split('/').nth(1).unwrap().to_owned();
        for n in 0..dice.below(40) {
            let (system, time, date) = (dice.one(&["a", "a", "b"]), dice.time(), dice.date());
            let later = dice.after(&time, 60);
            let row = match kind.as_str() {
                "outage" => {
                    let announced = dice.one(&["2026-01-01 08:00", &time, &later, ""]).to_owned();
                    format!("O{n},{system},{time},{later},{},{announced}", dice.one(&["", "no", "yes", "yes"]))
                }
                "backup" => format!(
                    "B{n},{system},{time},{later},{},{},{},{}",
                    dice.one(&["full", "full", "incremental"]),
                    dice.one(&["success", "success", "failed"]),
                    dice.one(&["yes", "no", ""]),
                    dice.one(&["", "1.5 GiB", "734003201", "9007199254"])
                ),
                "fault" => {
                    let grade = dice.one(&["urgent", "urgent", "important", "general"]);
                    let verified = if later.is_empty() { String::new() } else { dice.after(&later, 30) };
                    format!("F{n},{system},{time},{grade},x,{},{later},{verified}", dice.after(&time, 1))
                }
                "update" => format!(
                    "U{n},{system},{time},x,{},{},{}",
                    dice.one(&["critical", "high", "low"]),
                    dice.one(&["applied", "applied", "pending", "not-needed", "deferred"]),
                    dice.after(&time, 96)
                ),
                "scan" => {
                    let cleared = dice.after(&format!("{date} 00:00"), 150);
                    format!("S{n},{system},{date},{},{},{cleared}", dice.below(2), dice.one(&["", "0", "3"]))
                }
                "access" => format!("A{n},{system},{time},x,x,grant,x,x,{later}"),
                "support" => format!("Q{n},{system},{time},x,{},{}", dice.after(&time, 3), 1 + dice.below(5)),
                "feedback" => format!("K{n},{},{date},x,{}", dice.one(&["a", "b", ""]), 1 + dice.below(5)),
                "shift" => {
                    let day = Day::from_ymd(2026, 2, 3).unwrap().plus(n as i32);
                    let ms = format!("{}.{}", dice.below(900), dice.below(8) * 125);
                    let disk = format!("{}.{}", dice.below(100), dice.below(10));
                    format!("a,{day},night,x,{ms},{},{}%,,{disk}%", dice.one(&["", "2"]), dice.below(100))
                }
                "training" => format!(
                    "T{n},{date},{},x,{}",
                    dice.one(&["operations", "business", "nobody"]),
                    dice.one(&["", "0.1", "0.7", "1.333333", "2"])
                ),
                _ => {
                    let (raised, done) = (dice.one(&["2026-01-20", "2026-03-02"]), dice.one(&["", &later]));
                    let done = done.get(..10).unwrap_or_default();
                    format!("I{n},{raised},x,x,x,{date},x,{},{done}", dice.one(&["done", "done", "open", "dropped"]))
                }
            };
            let _ = writeln!(text, "{row}");
        }
    }
    sealed(&mut files);
    files
}

/// Seals February; then a record comes late, and another is altered.
fn sealed(files: &mut Vec<(String, String)>) {
    let all = files.iter().cloned().chain([("wellkept.toml".to_owned(), CONFIG.to_owned())]);
    let sources = Sources::of_memory(all.map(|(path, text)| (path, text.into_bytes())));
    let judged = pipeline::judge(&sources, &When::Said("2026-03-05T12:00".to_owned())).unwrap();
    let month = Period::of(Unit::Month, Day::from_ymd(2026, 2, 1).unwrap());
    let seal = pipeline::sealing::seal(&sources, &judged, month, None).unwrap();
    for (_, text) in files.iter_mut().filter(|(path, _)| path.starts_with("records/training/")) {
        *text = text.replacen(",x,2\n", ",x,2.5\n", 1);
        text.push_str("T-late,2026-02-11,business,x,3\n");
    }
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    files.extend(seal.files.into_iter().map(|(name, bytes)| (format!("seals/2026-02/{name}"), text(bytes))));
}

#[cfg(feature = "sqlite")]
#[test]
fn sql_counts_every_figure_as_the_program_does() {
    let mut dice = Dice(4163);
    let (mut seen, mut said) = (0, BTreeSet::new());
    for _ in 0..25 {
        let files = workspace(&mut dice);
        // Also in the hours that the clocks of the zone skip, and in the middle of a night.
        let as_of = dice.one(&["2026-03-08T03:30", "2026-04-10T12:00", "2026-03-31", "2026-02-03T00:15"]);
        with(files, as_of, |book| {
            let bytes = super::sqlite::database(book).unwrap();
            assert!(super::sqlite::is_ours(&bytes) && !super::sqlite::is_ours(b"SQLite format 3\0"));
            assert_eq!(super::sqlite::database(book).unwrap(), bytes, "the same bytes again");
            let mut db = rusqlite::Connection::open_in_memory().unwrap();
            db.deserialize_read_exact("main", &bytes[..], bytes.len(), true).unwrap();
            let number = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
            let wrong: Vec<String> = db
                .prepare("SELECT figure || ' ' || coalesce(system, '') || ' ' || period || ' ' || coalesce(part, '') FROM differences")
                .unwrap()
                .query_map([], |row| row.get(0))
                .unwrap()
                .map(Result::unwrap)
                .collect();
            assert!(wrong.is_empty(), "as of {as_of}: {wrong:?}");
            assert_eq!(number("SELECT count(*) FROM figures_counted"), book.figures.len() as i64);
            assert_eq!(
                number(
                    "SELECT count(DISTINCT figure) FROM figures WHERE figure NOT IN (SELECT figure FROM figures_counted)"
                ),
                0
            );
            seen += number("SELECT count(*) FROM figures WHERE numerator > 0 AND numerator < denominator");
            said.extend(book.figures.iter().filter(|figure| figure.value.is_some_and(|n| n.0 > 0)).map(|f| f.name));
        });
    }
    assert!(seen > 200, "{seen} shares between nothing and all");
    let silent: Vec<&str> = measure::names().filter(|name| !said.contains(name)).collect();
    assert!(silent.is_empty(), "nothing was ever counted: {silent:?}");
}

#[test]
fn no_two_tables_or_views_have_one_name() {
    with(Vec::new(), "2026-03-01", |book| {
        let tables = facts::tables(book).unwrap();
        assert_eq!(tables.iter().map(|table| table.name).collect::<Vec<_>>(), facts::NAMES);
        for table in &tables {
            assert!(table.rows.iter().all(|row| row.len() == table.columns.len()), "{}", table.name);
        }
        let kinds: Vec<String> = records::kinds(book).map(|at| records::table(book, at)).collect();
        assert!(kinds.contains(&"update".to_owned()) && !kinds.contains(&"runbook".to_owned()));
        assert!(kinds.iter().all(|name| !facts::NAMES.contains(&name.as_str()) && !figures::is_view(name)));
        assert!(figures::is_view("figure_mtbf") && figures::is_view("differences") && !figures::is_view("mtbf"));
    });
}
