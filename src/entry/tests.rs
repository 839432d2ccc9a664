//! A new record stands where it belongs, or is refused with what `check` would say.

use super::*;

const CONFIG: &str = "[site]\ntitle = \"t\"\ntimezone = \"Asia/Shanghai\"\n\
    [[system]]\nid = \"oa\"\nname = \"办公系统\"\nin_service = 2026-09-01\nshifts = [\"day\"]\n\
    [[shift]]\nid = \"day\"\nname = \"白班\"\nstart = \"08:00\"\nend = \"20:00\"\n";

/// Lays out a record beside files that are there.
fn entered(files: &[(&str, &str)], kind: &str, slug: Option<&str>, set: &[(&str, &str)]) -> Result<Entry, Failure> {
    let config = Config::read(CONFIG.to_owned()).unwrap();
    let sources = Sources::of_memory(files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())));
    let standard = Standard::load(&sources, &config).unwrap();
    let as_of = Instant(1_793_500_000);
    let (ledger, loaded) = load::load(&sources, &standard, &config, as_of).unwrap();
    let (sources, loaded) = (&sources, &loaded);
    let ground = Ground { sources, config: &config, standard: &standard, ledger: &ledger, loaded, as_of };
    let kind = standard.kind(kind).unwrap();
    let of = &standard.kinds[kind];
    let mut cells: Cells = vec![None; of.fields.len()];
    for (name, text) in set {
        cells[of.field(name).unwrap()] = Some((*text).to_owned());
    }
    match slug {
        Some(slug) => document(&ground, kind, slug, &cells),
        None => row(&ground, kind, &cells),
    }
}

const BACKUP: [(&str, &str); 5] =
    [("id", "BK-2"), ("system", "oa"), ("started_at", "2026-10-31 01:00"), ("type", "full"), ("result", "success")];

#[test]
fn a_row_goes_to_the_table_of_its_month_and_what_stands_there_stays() {
    let there = "结果;编号;系统;开始时间;类型\r\n成功;BK-1;oa;2026/10/1 1:00;全量";
    let path = "records/backup/2026-10.csv";
    let made = entered(&[(path, there)], "backup", None, &BACKUP).unwrap();
    assert!(made.refused.is_empty(), "{:?}", made.refused);
    let expected = format!("{there}\r\nsuccess;BK-2;oa;2026-10-31 01:00;full\r\n");
    assert_eq!((made.path.as_str(), made.old.as_slice()), (path, there.as_bytes()));
    assert_eq!(String::from_utf8(made.new).unwrap(), expected);
}

#[test]
fn what_check_would_not_take_is_refused() {
    let of = |field: &str, text: &'static str| {
        BACKUP.map(|(name, old)| if name == field { (name, text) } else { (name, old) })
    };
    let there =
        [("records/backup/2026-10.csv", "id,system,started_at,type,result\nBK-1,oa,2026-10-01 01:00,full,success\n")];
    for (set, rule, said) in [
        (of("result", "gut"), "ingest.value", "\"gut\" is not known"),
        (of("id", "BK-1"), "ingest.duplicate", "BK-1 is taken"),
        (of("started_at", "gestern"), "ingest.value", "is no time"),
    ] {
        let made = entered(&there, "backup", None, &set).unwrap();
        let refused: Vec<&Finding> = made.refused.iter().collect();
        assert!(refused.len() == 1 && refused[0].rule == rule, "{refused:?}");
        assert!(refused[0].message.en.contains(said), "{}", refused[0].message.en);
    }
}

#[test]
fn a_file_reads_as_what_was_said() {
    let odd = "#1: it's \"quoted\" - a: b";
    let set = [
        ("id", "F-1"),
        ("system", "oa"),
        ("reported_at", "2026-10-31 09:00"),
        ("summary", odd),
        ("description", "全体用户打不开登录页，监控报警。"),
        ("cause", "one\ntwo"),
    ];
    let made = entered(&[], "fault", Some("2026/F-1"), &set).unwrap();
    assert!(made.refused.is_empty() && made.path == "records/fault/2026/F-1.md", "{:?}", made.refused);
    let config = Config::read(CONFIG.to_owned()).unwrap();
    let standard = Standard::load(&made.sources, &config).unwrap();
    let (ledger, _) = load::load(&made.sources, &standard, &config, Instant(1_793_500_000)).unwrap();
    let kind = &standard.kinds[standard.kind("fault").unwrap()];
    let texts = load::Reread::open(&made.sources, &ledger.files[0], kind).unwrap();
    let cells = texts.cells(0);
    assert_eq!(cells.field(kind.field("summary").unwrap()), odd);
    assert_eq!(cells.field(kind.field("cause").unwrap()), "one\ntwo");
    assert!(cells.field(kind.field("description").unwrap()).starts_with("全体用户"));
    assert!(String::from_utf8_lossy(&made.new).contains("## 改进"));
}

#[test]
fn nothing_that_is_there_is_written_over() {
    let set = [("id", "F-1"), ("system", "oa"), ("reported_at", "2026-10-31 09:00"), ("summary", "x")];
    let refused = entered(&[("records/fault/F-1.md", "mine")], "fault", Some("F-1"), &set).err().unwrap();
    assert!(refused.0.en.contains("is there already"), "{}", refused.0.en);
}

#[test]
fn the_key_of_a_shift_is_its_own() {
    let set = [("system", "oa"), ("date", "2026-10-30"), ("shift", "day"), ("operator", "值班员甲")];
    let made = entered(&[], "shift", None, &set).unwrap();
    assert!(made.refused.is_empty() && made.path == "records/shift/2026-10.csv");
    let there = [(&*made.path, std::str::from_utf8(&made.new).unwrap())];
    assert_eq!(entered(&there, "shift", None, &set).unwrap().refused[0].rule, "ingest.duplicate");
}
