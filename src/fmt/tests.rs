//! A table in canonical form holds the same records, and is in canonical form.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::pipeline::{self, Judgement, When};

const CONFIG: &str = "[site]\ntitle = \"t\"\ntimezone = \"Asia/Shanghai\"\n\
    [[system]]\nid = \"oa\"\nname = \"办公系统\"\nin_service = 2026-09-01\nshifts = [\"day\"]\n\
    [[shift]]\nid = \"day\"\nname = \"白班\"\nstart = \"08:00\"\nend = \"20:00\"\n";

static JUDGES: LazyLock<(Config, Standard)> = LazyLock::new(|| {
    let config = Config::read(CONFIG.to_owned()).unwrap();
    let standard = Standard::load(&Sources::of_memory([]), &config).unwrap();
    (config, standard)
});

const NOW: Instant = Instant(1_796_054_400);

fn workspace(files: &[(&str, &[u8])]) -> Sources {
    let config = [("wellkept.toml".to_owned(), CONFIG.as_bytes().to_vec())];
    Sources::of_memory(files.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec())).chain(config))
}

fn planned(sources: &Sources, scope: Scope) -> Plan {
    let (config, standard) = &*JUDGES;
    let (ledger, loaded) = load::load(sources, standard, config, NOW).unwrap();
    let sealed = pipeline::sealed(sources);
    let (sealed, loaded) = (&sealed, &loaded);
    plan(&Order { sources, config, standard, ledger: &ledger, loaded, as_of: NOW, sealed, paths: &[], scope }).unwrap()
}

/// The text that a table becomes; none where nothing changes.
fn formatted(path: &str, text: &[u8], scope: Scope) -> Option<String> {
    let plan = planned(&workspace(&[(path, text)]), scope);
    assert!(plan.left.is_empty(), "{:?}", plan.left);
    plan.changed.into_iter().next().map(|change| String::from_utf8(change.new).unwrap())
}

const BACKUP: &str = "records/backup/a.csv";

#[test]
fn a_spreadsheet_of_an_office_becomes_a_table_with_clean_differences() {
    let text = "\u{FEFF}备份登记表;;;;;\r\n编号;系统;开始时间;类型;结果;机房\r\n\
        BK-2;oa;2026/10/2 1:00;\"全量\";成功; 二楼,东 \r\n;;;;;;\r\nBK-1;oa;2026/10/1 1:00;全量;成功;\"说\"\"好\"\"\"\r\n";
    let expected = "备份登记表;;;;;\nid,system,started_at,type,result,机房\n\
        BK-1,oa,2026/10/1 1:00,全量,成功,\"说\"\"好\"\"\"\nBK-2,oa,2026/10/2 1:00,全量,成功,\"二楼,东\"\n";
    assert_eq!(formatted(BACKUP, text.as_bytes(), Scope::Form).unwrap(), expected);
    assert_eq!(formatted(BACKUP, expected.as_bytes(), Scope::Form), None, "twice is once");
    let timed = formatted(BACKUP, expected.as_bytes(), Scope::Times).unwrap();
    assert!(timed.contains("BK-1,oa,2026-10-01T01:00:00+08:00,全量"), "{timed}");
    assert_eq!(formatted(BACKUP, timed.as_bytes(), Scope::Times), None);
}

#[test]
fn an_encoding_of_the_country_becomes_utf_8() {
    let text = "编号,系统,开始时间,类型,结果,备注\nBK-1,办公系统,2026-10-01 01:00,全量,成功,服务器机房已经完成备份\n";
    let (gbk, _, _) = encoding_rs::GB18030.encode(text);
    let new = formatted(BACKUP, &gbk, Scope::Form).unwrap();
    assert_eq!(new, text.replacen("编号,系统,开始时间,类型,结果,备注", "id,system,started_at,type,result,notes", 1));
}

#[test]
fn what_cannot_be_read_whole_stays_as_it_is() {
    for (path, text, why) in [
        (BACKUP, "id,system,started_at,type,result\nBK-1,oa,gestern,full,success\n", "records/backup/a.csv:2"),
        (BACKUP, "id,system,started_at,type,result\nBK-1,oa,2026-10-01 01:00,full\n", "4 cells"),
        (BACKUP, "id,system,type,result\nBK-1,oa,full,success\n", "started_at is missing"),
        ("records/bakup/a.csv", "id\n1\n", "no header was found"),
    ] {
        let plan = planned(&workspace(&[(path, text.as_bytes())]), Scope::Form);
        assert!(plan.changed.is_empty());
        assert!(plan.left[0].why.en.contains(why), "{}", plan.left[0].why.en);
    }
}

#[test]
fn the_last_row_of_a_natural_key_stays_the_last() {
    let key = "oa/2026-10-01/day";
    let rows = format!(
        "系统,日期,班次,值班人,更正,备注\noa,2026-10-02,day,值班员甲,,\n\
         oa,2026-10-01,day,值班员甲,,\noa,2026-10-01,day,值班员丙,{key},改一\noa,2026-10-01,day,值班员乙,{key},改二\n"
    );
    let new = formatted("records/shift/a.csv", rows.as_bytes(), Scope::Form).unwrap();
    let who: Vec<&str> = new.lines().skip(1).filter_map(|line| line.split(',').nth(3)).collect();
    assert_eq!(who, ["值班员甲", "值班员丙", "值班员乙", "值班员甲"]);
}

#[test]
fn what_a_seal_holds_keeps_its_times() {
    let text = "id,system,started_at,type,result\nBK-1,oa,2026-10-01 01:00,full,success\n\
        BK-2,oa,2026-11-01 01:00,full,success\nBK-3,oa,2026-11-02 01:00,full,success\n";
    let line = r#"{"id":"BK-2","result":"success","started_at":"2026-11-01 01:00","system":"oa","type":"full"}"#;
    let (seal, lines) = ("seals/2026-10/SEAL", format!("{line}\n"));
    let sources =
        workspace(&[(BACKUP, text.as_bytes()), (seal, b"#"), ("seals/2026-10/backup.jsonl", lines.as_bytes())]);
    let plan = planned(&sources, Scope::Times);
    let new = String::from_utf8(plan.changed[0].new.clone()).unwrap();
    let expected = text.replace("2026-11-02 01:00", "2026-11-02T01:00:00+08:00");
    assert_eq!(new, expected, "one lies in a sealed month, one stands in a seal");
}

/// What a judgement says, without where it stands in files.
fn judged(sources: &Sources) -> (Vec<String>, Vec<String>, Vec<String>) {
    let Judgement { findings, figures, slots, .. } = pipeline::judge(sources, &When::At(NOW)).unwrap();
    let form =
        |f: &&Finding| f.severity == Severity::Info && matches!(f.rule.as_str(), "ingest.syntax" | "ingest.encoding");
    let mut said: Vec<String> = findings
        .iter()
        .filter(|f| !form(f))
        .map(|f| format!("{} {:?} {} {:?} {:?} {:?}", f.rule, f.severity, f.message.en, f.record, f.system, f.dates))
        .collect();
    said.sort();
    let figures = figures.iter().map(|f| format!("{} {:?} {:?} {:?}", f.name, f.month, f.numerator, f.denominator));
    (
        said,
        figures.collect(),
        slots.iter().flat_map(|g| &g.slots).map(|s| format!("{} {:?}", s.first, s.state)).collect(),
    )
}

fn digests(sources: &Sources) -> Vec<String> {
    let (config, standard) = &*JUDGES;
    let (ledger, _) = load::load(sources, standard, config, NOW).unwrap();
    let mut out = Vec::new();
    for file in &ledger.files {
        let kind = &standard.kinds[file.kind];
        let texts = Reread::open(sources, file, kind).unwrap();
        let table = &ledger.tables[file.kind];
        out.extend((0..table.len()).map(|row| texts.cells(table.position(row).0).canonical(kind, &file.shape)));
    }
    out.sort();
    out
}

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "[a-z]{0,4}|完成|-|无| 甲 |\u{3000}x",
        2 => "\"(a|,|;|\n|\r\n|\"\"|第二行| ){0,4}\"",
        1 => Just("bad\"quote".to_owned()),
    ]
}

fn row() -> impl Strategy<Value = String> {
    let time = prop_oneof!["2026-10-0[1-9] 01:00", "2026/1[01]/[1-9] 1:00", "2026年10月[1-9]日 1时0分"];
    (1..30_u32, time, "full|全量|增量", "success|成功|失败|gut", cell(), cell())
        .prop_map(|(n, time, ty, result, a, b)| format!("BK-{n},oa,{time},{ty},{result},{a},{b}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]
    #[test]
    fn nothing_is_lost_and_twice_is_once(
        rows in proptest::collection::vec(row(), 0..12),
        header in prop_oneof![
            Just("编号,系统,开始时间,类型,结果,备注,机房"),
            Just("id,system,started_at,type,result,notes,"),
            Just("\u{FEFF}ID,System,Started At,Type,Result,机房,Remark"),
        ],
        end in prop_oneof![Just("\n"), Just("\r\n"), Just("\r")],
    ) {
        let text = std::iter::once(header.to_owned()).chain(rows).collect::<Vec<_>>().join(end) + end;
        let before = workspace(&[(BACKUP, text.as_bytes())]);
        let plan = planned(&before, Scope::Form);
        if let Some(change) = plan.changed.first() {
            let after = workspace(&[(BACKUP, &change.new)]);
            prop_assert_eq!(digests(&before), digests(&after));
            let (was, is) = (judged(&before), judged(&after));
            prop_assert_eq!(was.0, is.0);
            prop_assert!(was.1 == is.1 && was.2 == is.2, "figures or slots");
            let again = planned(&after, Scope::Form);
            prop_assert!(again.changed.is_empty() && again.left.is_empty());
        } else {
            prop_assert!(plan.same == 1 || plan.left.len() == 1);
        }
    }
}
