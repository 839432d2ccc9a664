//! What must hold for any records: order, division into files and the form of a table mean nothing; counts tie out; a
//! waiver takes away and never adds.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use wellkept::finding::Finding;
use wellkept::pipeline::{Judgement, When, judge, site};
use wellkept::slots;
use wellkept::source::Sources;

mod months;

/// A row of a table: its cells by header.
type Row = Vec<(&'static str, String)>;

const CONFIG: &str = r#"
[site]
title = "档案"
timezone = "Asia/Shanghai"

[[shift]]
id = "day"
name = "白班"
start = "08:00"
end = "20:00"

[[system]]
id = "oa"
name = "办公系统"
in_service = 2026-03-01
shifts = ["day"]

[[system]]
id = "mail"
name = "邮件系统"
in_service = 2026-03-20
"#;

const AS_OF: &str = "2026-05-10T12:00";

/// The one place where the program is touched.
fn judged(files: Vec<(String, Vec<u8>)>) -> Judgement {
    judge(&sources(files), &When::Said(AS_OF.to_owned())).unwrap_or_else(|stop| panic!("{stop:?}"))
}

fn sources(mut files: Vec<(String, Vec<u8>)>) -> Sources {
    files.push(("wellkept.toml".to_owned(), CONFIG.as_bytes().to_vec()));
    Sources::of_memory(files)
}

/// A time in the ten weeks that are judged; now and then one that no file should have.
fn time() -> impl Strategy<Value = String> {
    let good = (0..70_i64, 0..1440_i64).prop_map(|(day, minute)| {
        let (month, day) = if day < 31 {
            (3, day + 1)
        } else if day < 61 {
            (4, day - 30)
        } else {
            (5, day - 60)
        };
        format!("2026-{month:02}-{day:02} {:02}:{:02}", minute / 60, minute % 60)
    });
    prop_oneof![40 => good, 1 => Just("2026-02-30 10:00".to_owned())]
}

fn of(words: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::sample::select(words).prop_map(str::to_owned)
}

fn maybe(inner: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    prop_oneof![1 => Just(String::new()), 3 => inner]
}

fn note() -> impl Strategy<Value = String> {
    prop_oneof![
        of(&["", "正常", "有“引号”", "a,b", "say \"hi\"", "两行\n文字", "=1+1", " 前后有空白 ", "-", "分;号"]),
        "[ -~é中文，。]{0,12}"
    ]
}

const SYSTEMS: &[&str] = &["oa", "mail", "办公系统"];

fn backups() -> impl Strategy<Value = Vec<Row>> {
    let row = (
        of(SYSTEMS),
        time(),
        maybe(time()),
        of(&["full", "增量"]),
        of(&["success", "失败", "部分成功", "nope"]),
        of(&["是", "否", ""]),
        note(),
    );
    prop::collection::vec(row, 0..25).prop_map(|rows| {
        rows.into_iter()
            .enumerate()
            .map(|(n, (system, at, end, ty, result, offsite, notes))| {
                vec![
                    ("id", format!("B{n}")),
                    ("system", system),
                    ("started_at", at),
                    ("finished_at", end),
                    ("type", ty),
                    ("result", result),
                    ("offsite", offsite),
                    ("notes", notes),
                ]
            })
            .collect()
    })
}

fn faults() -> impl Strategy<Value = Vec<Row>> {
    let row = (
        of(SYSTEMS),
        time(),
        of(&["紧急", "important", "一般", ""]),
        note(),
        maybe(time()),
        maybe(time()),
        of(&["甲", "乙", ""]),
    );
    prop::collection::vec(row, 0..12).prop_map(|rows| {
        rows.into_iter()
            .enumerate()
            .map(|(n, (system, at, grade, text, responded, resolved, who))| {
                vec![
                    ("id", format!("F{n}")),
                    ("system", system),
                    ("reported_at", at),
                    ("grade", grade),
                    ("summary", format!("故障{n}")),
                    ("description", text),
                    ("responded_at", responded),
                    ("resolved_at", resolved),
                    ("handler", who),
                ]
            })
            .collect()
    })
}

fn outages() -> impl Strategy<Value = Vec<Row>> {
    let row = (of(SYSTEMS), time(), maybe(time()), of(&["是", "否", ""]), maybe(time()));
    prop::collection::vec(row, 0..8).prop_map(|rows| {
        rows.into_iter()
            .enumerate()
            .map(|(n, (system, at, end, planned, announced))| {
                vec![
                    ("id", format!("O{n}")),
                    ("system", system),
                    ("started_at", at),
                    ("ended_at", end),
                    ("planned", planned),
                    ("announced_at", announced),
                ]
            })
            .collect()
    })
}

/// Tables by kind.
fn records() -> impl Strategy<Value = BTreeMap<&'static str, Vec<Row>>> {
    (backups(), faults(), outages())
        .prop_map(|(backup, fault, outage)| BTreeMap::from([("backup", backup), ("fault", fault), ("outage", outage)]))
}

/// A table in the plainest form.
fn plain(rows: &[Row]) -> Vec<u8> {
    write(rows, &Form::default(), false)
}

/// How a table is written.
#[derive(Debug, Clone, Default)]
struct Form {
    /// Seed of the order of columns.
    columns: u64,
    delimiter: Option<u8>,
    mark: bool,
    crlf: bool,
    /// Quotes around every cell.
    quoted: bool,
}

fn form() -> impl Strategy<Value = Form> {
    (any::<u64>(), prop::sample::select(&[None, Some(b';'), Some(b'\t')]), any::<bool>(), any::<bool>(), any::<bool>())
        .prop_map(|(columns, delimiter, mark, crlf, quoted)| Form { columns, delimiter, mark, crlf, quoted })
}

/// Writes a table with the `csv` crate.
fn write(rows: &[Row], form: &Form, blank_line: bool) -> Vec<u8> {
    let Some(first) = rows.first() else { return Vec::new() };
    let mut order: Vec<usize> = (0..first.len()).collect();
    shuffle(&mut order, form.columns);
    let mut out = if form.mark { "\u{feff}".as_bytes().to_vec() } else { Vec::new() };
    let mut writer = csv::WriterBuilder::new()
        .delimiter(form.delimiter.unwrap_or(b','))
        .terminator(if form.crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') })
        .quote_style(if form.quoted { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary })
        .from_writer(Vec::new());
    writer.write_record(order.iter().map(|&at| first[at].0)).unwrap();
    for row in rows {
        writer.write_record(order.iter().map(|&at| &row[at].1)).unwrap();
    }
    out.extend(writer.into_inner().unwrap());
    if blank_line {
        out.push(b'\n');
    }
    out
}

/// The same order for the same seed; none for 0.
fn shuffle<T>(items: &mut [T], mut seed: u64) {
    for at in (1..items.len()).rev() {
        if seed == 0 {
            return;
        }
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        items.swap(at, (seed >> 33) as usize % (at + 1));
    }
}

fn files(records: &BTreeMap<&'static str, Vec<Row>>) -> Vec<(String, Vec<u8>)> {
    records
        .iter()
        .map(|(kind, rows)| (format!("records/{kind}/all.csv"), plain(rows)))
        .filter(|(_, b)| !b.is_empty())
        .collect()
}

/// A finding without where it stands in a file.
fn facts(findings: &[Finding]) -> Vec<String> {
    let mut out: Vec<String> = findings
        .iter()
        .map(|f| {
            let Finding { rule, severity, system, kind, record, dates, count, message, waived_by, .. } = f;
            format!("{rule} {severity:?} {system:?} {kind:?} {record:?} {dates:?} {count:?} {message:?} {waived_by:?}")
        })
        .collect();
    out.sort();
    out
}

/// Slots without the rows that met them, and figures without their trails.
fn counted(judged: &Judgement) -> (Vec<String>, Vec<String>) {
    let slots = judged.slots.iter().flat_map(|g| {
        g.slots.iter().map(move |s| format!("{} {:?} {:?} {:?} {:?}", g.rule, g.system, s.first, s.shift, s.state))
    });
    let figures = judged.figures.iter().map(|f| {
        format!(
            "{} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
            f.name, f.system, f.month, f.key, f.value, f.numerator, f.denominator, f.target, f.verdict
        )
    });
    (slots.collect(), figures.collect())
}

/// The digests of all accepted records, by kind and id.
fn digests(files: Vec<(String, Vec<u8>)>) -> BTreeMap<(String, String), String> {
    let sources = sources(files);
    let judged = judge(&sources, &When::Said(AS_OF.to_owned())).unwrap_or_else(|stop| panic!("{stop:?}"));
    let tree = site(&sources, &judged, String::new()).unwrap_or_else(|stop| panic!("{stop:?}"));
    let mut out = BTreeMap::new();
    for (path, bytes) in tree.iter() {
        let mut parts = path.split('/');
        let (Some("data"), Some(kind), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
            continue;
        };
        let mut reader = csv::Reader::from_reader(bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes));
        let headers = reader.headers().unwrap().clone();
        let column = |name: &str| headers.iter().position(|h| h == name);
        let (Some(id), Some(digest)) = (column("id"), column("record_digest")) else { continue };
        for row in reader.records() {
            let row = row.unwrap();
            out.insert((kind.to_owned(), row[id].to_owned()), row[digest].to_owned());
        }
    }
    out
}

fn cases(n: u32) -> ProptestConfig {
    ProptestConfig { cases: n, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases(32))]

    #[test]
    fn order_division_and_columns_change_nothing(records in records(), seed in 1_u64.., cut in 0.0..1.0_f64, form in form()) {
        let straight = judged(files(&records));
        let mut turned = Vec::new();
        for (kind, rows) in &records {
            let mut rows = rows.clone();
            shuffle(&mut rows, seed);
            let (first, second) = rows.split_at((rows.len() as f64 * cut) as usize);
            for (name, part) in [("z/first", first), ("a/second", second)] {
                if !part.is_empty() {
                    turned.push((format!("records/{kind}/{name}.csv"), write(part, &form, cut > 0.5)));
                }
            }
        }
        let turned = judged(turned);
        prop_assert_eq!(facts(&straight.findings), facts(&turned.findings));
        prop_assert_eq!(counted(&straight), counted(&turned));
    }

    #[test]
    fn a_waiver_takes_away_and_never_adds(
        records in records(),
        rule in prop::sample::select(&["backup.daily", "backup.offsite", "fault.response", "fault.graded", "shift.every", "update.monthly"]),
        system in maybe(of(&["oa", "mail"])),
        (from, days) in (0..60_u32, 0..30_u32),
    ) {
        let before = judged(files(&records));
        let date = |n: u32| { let (m, d) = if n < 31 { (3, n + 1) } else if n < 61 { (4, n - 30) } else { (5, n - 60) }; format!("2026-{m:02}-{d:02}") };
        let waiver: Row = vec![
            ("id", "W1".into()), ("rule", rule.into()), ("system", system), ("from", date(from)), ("to", date((from + days).min(69))),
            ("reason", "机房停电".into()), ("approver", "管理员甲".into()), ("approved_at", "2026-05-09 09:00".into()),
        ];
        let mut with = files(&records);
        with.push(("records/waiver/w.csv".to_owned(), plain(&[waiver])));
        let after = judged(with);
        // A range may be cut in two by a waiver, so periods are counted and not findings.
        let weigh = |judged: &Judgement| {
            let mut out: BTreeMap<(String, Option<String>, Option<String>), u32> = BTreeMap::new();
            for f in judged.findings.iter().filter(|f| f.waived_by.is_none() && f.rule != "waiver.unused") {
                *out.entry((f.rule.clone(), f.system.clone(), f.record.clone())).or_default() += f.count.unwrap_or(1);
            }
            out
        };
        let (weight, lighter) = (weigh(&before), weigh(&after));
        for (key, count) in &lighter {
            prop_assert!(weight.get(key).is_some_and(|had| count <= had), "{:?}: {} after {:?}", key, count, weight.get(key));
        }
        let waived: u32 = after.findings.iter().filter(|f| f.waived_by.is_some()).map(|f| f.count.unwrap_or(1)).sum();
        let gone = weight.values().sum::<u32>() - lighter.values().sum::<u32>();
        prop_assert_eq!(waived, gone);
        let unused = after.findings.iter().any(|f| f.rule == "waiver.unused");
        prop_assert_eq!(unused, waived == 0);
    }

    #[test]
    fn the_states_of_slots_tie_out(records in records()) {
        let judged = judged(files(&records));
        let all: Vec<_> = judged.slots.iter().flat_map(|g| &g.slots).collect();
        let states = slots::count(all.iter().copied());
        prop_assert_eq!(states.iter().sum::<usize>(), all.len());
        // From 1 March to 10 May are 71 days: each system is asked for a backup on each of them.
        let daily = judged.standard.rule("backup.daily").unwrap().id.clone();
        let of = |id: &str| judged.slots.iter().filter(|g| judged.standard.rules[g.rule].id == id).map(|g| g.slots.len()).collect::<Vec<_>>();
        prop_assert_eq!(of(&daily), vec![71, 71]);
        let rows: usize = judged.ledger.tables.iter().map(|t| t.counts().read).sum();
        let (accepted, rejected) = judged.ledger.tables.iter().fold((0, 0), |s, t| (s.0 + t.counts().accepted, s.1 + t.counts().rejected));
        prop_assert_eq!(rows, accepted + rejected);
        prop_assert_eq!(rows, records.values().map(Vec::len).sum::<usize>());
    }
}

proptest! {
    #![proptest_config(cases(8))]

    #[test]
    fn the_form_of_a_table_does_not_change_a_digest_and_a_value_does(records in records(), form in form(), at in any::<prop::sample::Index>()) {
        let before = digests(files(&records));
        let reformed = records.iter().filter(|(_, rows)| !rows.is_empty());
        let after = digests(reformed.map(|(kind, rows)| (format!("records/{kind}/x.csv"), write(rows, &form, true))).collect());
        prop_assert_eq!(&before, &after);

        let ids: Vec<&(String, String)> = before.keys().filter(|(kind, _)| kind == "backup").collect();
        if !ids.is_empty() {
            let changed = at.get(&ids).1.clone();
            let mut records = records.clone();
            for row in records.get_mut("backup").unwrap().iter_mut().filter(|row| row[0].1 == changed) {
                row.last_mut().unwrap().1 += "改";
            }
            let other = digests(files(&records));
            let differ: BTreeSet<&str> = before.iter().filter(|(key, digest)| other.get(*key) != Some(digest)).map(|(key, _)| key.1.as_str()).collect();
            prop_assert_eq!(differ, BTreeSet::from([changed.as_str()]));
        }
    }
}

/// The digest of a record by archive.md, made here by other means: its values as typed, sorted by name, as JSON.
fn digest(fields: &[(&str, &str)]) -> String {
    use sha2::{Digest, Sha256};
    let values: BTreeMap<&str, &str> =
        fields.iter().map(|(name, value)| (*name, value.trim_ascii())).filter(|(_, value)| !value.is_empty()).collect();
    let bytes = Sha256::digest(serde_json::to_string(&values).unwrap());
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn what_the_csv_crate_writes_is_read_as_it_was(
        rows in prop::collection::vec((r#"[a-z0-9中文 ,;"'\n\t|#=-]{0,8}"#, r"[ -~\n]{0,12}"), 1..40),
        form in form(),
    ) {
        // A letter at both ends: what stands for nothing (`-`, `/`) and what is trimmed is told elsewhere.
        let rows: Vec<[String; 7]> = rows
            .into_iter()
            .enumerate()
            .map(|(n, (notes, extra))| {
                let at = format!("2026-03-{:02} 02:00", n % 28 + 1);
                [format!("B{n}"), "oa".into(), at, "full".into(), "success".into(), format!("甲{notes}乙"), format!("x{extra}y")]
            })
            .collect();
        let names = ["id", "system", "started_at", "type", "result", "notes", "unheard"];
        let table: Vec<Row> = rows.iter().map(|row| names.into_iter().zip(row.iter().cloned()).collect()).collect();
        let expected: BTreeMap<(String, String), String> = rows
            .iter()
            .map(|row| {
                let fields: Vec<(&str, &str)> = names.into_iter().zip(row.iter().map(String::as_str)).collect();
                (("backup".to_owned(), row[0].clone()), digest(&fields))
            })
            .collect();
        prop_assert_eq!(digests(vec![("records/backup/a.csv".to_owned(), write(&table, &form, true))]), expected);
    }
}
