//! What comes in: tables and workbooks as people save them, read whole.

use proptest::prelude::*;
use rust_xlsxwriter::{Format, Workbook};

mod settings;

use super::scan::{Scanner, Stop};
use super::{Reread, load};
use crate::calendar::Instant;
use crate::config::Config;
use crate::finding::{Finding, Severity};
use crate::ledger::{Ledger, Value};
use crate::source::Sources;
use crate::standard::Standard;

const CONFIG: &str = r#"
[site]
title = "test"
timezone = "Asia/Shanghai"
[[system]]
id = "oa"
name = "办公系统"
in_service = 2026-01-01
shifts = ["day"]
[[shift]]
id = "day"
name = "白班"
start = "08:00"
end = "20:00"
"#;

const TABLE: &str =
    "编号,系统,开始时间,备份类型,结果,备注\r\nBK-1,办公系统,2026-10-05 01:00,全量,成功,异地库已确认\r\n";

struct Read {
    sources: Sources,
    standard: Standard,
    ledger: Ledger,
    findings: Vec<Finding>,
}

fn read(path: &str, bytes: &[u8]) -> Read {
    read_with("", path, bytes)
}

/// Reads with more settings.
fn read_with(settings: &str, path: &str, bytes: &[u8]) -> Read {
    let config = Config::read(format!("{CONFIG}\n{settings}")).unwrap();
    let sources = Sources::of_memory([(path.to_owned(), bytes.to_vec())]);
    let standard = Standard::load(&sources, &config).unwrap();
    let (ledger, findings) = load(&sources, &standard, &config, Instant(1_800_000_000)).unwrap();
    Read { sources, standard, ledger, findings }
}

impl Read {
    fn kind(&self, name: &str) -> usize {
        self.standard.kind(name).unwrap()
    }

    /// A field of the first record, as typed.
    fn text(&self, kind: &str, field: &str) -> String {
        let at = self.kind(kind);
        let (kind, table) = (&self.standard.kinds[at], &self.ledger.tables[at]);
        let reread = Reread::open(&self.sources, &self.ledger.files[table.file(0)], kind).unwrap();
        reread.cells(table.position(0).0).field(kind.field(field).unwrap()).to_owned()
    }

    fn counts(&self, kind: &str) -> (usize, usize) {
        let counts = self.ledger.tables[self.kind(kind)].counts();
        (counts.accepted, counts.rejected)
    }

    fn errors(&self) -> Vec<String> {
        let errors = self.findings.iter().filter(|f| f.severity == Severity::Error);
        errors.map(|f| format!("{} {} {}", f.rule, f.place.as_ref().unwrap(), f.message.en)).collect()
    }

    fn notes(&self) -> Vec<&str> {
        let notes = self.findings.iter().filter(|f| f.severity != Severity::Error);
        notes.map(|f| f.message.en.as_str()).collect()
    }
}

fn utf16(text: &str) -> Vec<u8> {
    ['\u{FEFF}']
        .into_iter()
        .chain(text.chars())
        .flat_map(|c| c.encode_utf16(&mut [0; 2]).to_vec())
        .flat_map(u16::to_le_bytes)
        .collect()
}

#[test]
fn a_table_is_the_same_in_every_encoding_and_dialect() {
    let gb = encoding_rs::GB18030.encode(TABLE).0.into_owned();
    let bom = [b"\xEF\xBB\xBF", TABLE.as_bytes()].concat();
    let variants: [(&str, Vec<u8>); 8] = [
        ("utf-8", TABLE.as_bytes().to_vec()),
        ("bom", bom),
        ("gb18030", gb),
        ("utf-16", utf16(TABLE)),
        ("lf", TABLE.replace("\r\n", "\n").into_bytes()),
        ("cr", TABLE.replace("\r\n", "\r").into_bytes()),
        ("semicolon", TABLE.replace(',', ";").into_bytes()),
        ("tab", TABLE.replace(',', "\t").into_bytes()),
    ];
    for (name, bytes) in variants {
        let read = read("records/backup/a.csv", &bytes);
        assert_eq!((read.counts("backup"), read.errors()), ((1, 0), Vec::new()), "{name}");
        assert_eq!(read.text("backup", "notes"), "异地库已确认", "{name}");
    }
}

#[test]
fn the_encoding_is_named_where_it_is_not_utf_8() {
    let gb = encoding_rs::GB18030.encode(TABLE).0.into_owned();
    assert_eq!(read("records/backup/a.csv", &gb).notes(), ["read as GB18030"]);
    assert_eq!(read("records/backup/a.csv", &utf16(TABLE)).notes(), ["read as UTF-16"]);
    assert!(read("records/backup/a.csv", TABLE.as_bytes()).notes().is_empty());
}

#[test]
fn what_cannot_be_decoded_keeps_out_its_row_and_no_other() {
    let mut bytes = encoding_rs::GB18030.encode(TABLE).0.into_owned();
    let at = bytes.len() + 5;
    bytes.extend_from_slice(b"BK-2,\xFF\x80,2026-10-06 01:00,x,y,z\r\n");
    bytes.extend(encoding_rs::GB18030.encode("BK-3,办公系统,2026-10-07 01:00,增量,成功,\r\n").0.iter());
    let read = read("records/backup/a.csv", &bytes);
    assert_eq!(read.counts("backup"), (2, 1));
    assert_eq!(read.errors(), [format!("ingest.syntax records/backup/a.csv:3:6 byte {at} is not GB18030")]);
}

#[test]
fn lines_above_the_header_are_no_records() {
    let above = format!("云川市示范局备份日志\n制表：值班员甲;共一条\n\n{}", TABLE.replace(',', ";"));
    let read = read("records/backup/a.csv", above.as_bytes());
    assert_eq!((read.counts("backup"), read.errors()), ((1, 0), Vec::new()));
    assert_eq!(read.notes(), ["2 lines stand above the header and are no records"]);
}

#[test]
fn files_that_are_no_table_are_named_as_what_they_are() {
    let without_bom = utf16(TABLE)[2..].to_vec();
    for (bytes, says) in [
        (without_bom, "UTF-16 without a byte order mark"),
        (b"PK\x03\x04\x14\x00".to_vec(), "Excel workbook"),
        (b"version https://git-lfs.github.com/spec/v1\noid x\n".to_vec(), "Git LFS pointer"),
    ] {
        let read = read("records/backup/a.csv", &bytes);
        assert_eq!(read.counts("backup").0, 0);
        assert!(read.errors().iter().any(|e| e.contains(says)), "{says}: {:?}", read.errors());
    }
}

/// A workbook with a title above its header, real dates, a serial number, a formula, and a far-off cell on another sheet.
fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let time = Format::new().set_num_format("yyyy-mm-dd hh:mm");
    let sheet = book.add_worksheet().set_name("备份").unwrap();
    sheet.merge_range(0, 0, 0, 5, "备份日志", &Format::new()).unwrap();
    for (at, header) in ["编号", "系统", "开始时间", "结束时间", "备份类型", "结果", "备份大小"].iter().enumerate()
    {
        sheet.write(2, at as u16, *header).unwrap();
    }
    let day = chrono::NaiveDate::from_ymd_opt(2026, 10, 5).unwrap();
    sheet.write(3, 0, "BK-1").unwrap();
    sheet.write(3, 1, "办公系统").unwrap();
    sheet.write_with_format(3, 2, &day.and_hms_milli_opt(1, 29, 59, 800).unwrap(), &time).unwrap();
    sheet.write(3, 3, 46_300.5).unwrap();
    sheet.write(3, 4, "全量").unwrap();
    sheet.write(3, 5, "成功").unwrap();
    sheet.write(3, 6, rust_xlsxwriter::Formula::new("=1024*2").set_result("2048")).unwrap();
    book.add_worksheet().set_name("说明").unwrap().write(1_048_575, 16_383, "far").unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn a_workbook_is_read_like_a_table() {
    let read = read("records/backup/a.xlsx", &workbook());
    assert_eq!((read.counts("backup"), read.errors()), ((1, 0), Vec::new()));
    assert_eq!(read.text("backup", "started_at"), "2026-10-05 01:30:00");
    assert_eq!(read.text("backup", "finished_at"), "2026-10-05 12:00:00");
    let at = read.kind("backup");
    let size = read.standard.kinds[at].field("size").unwrap();
    assert_eq!(read.ledger.tables[at].get(0, size), Value::Number(2048));
    assert_eq!(read.ledger.tables[at].position(0), (4, 4));
    let notes = read.notes();
    assert!(notes.iter().any(|n| n.contains("1 lines stand above")), "{notes:?}");
    assert!(notes.iter().any(|n| n.contains("not read: 说明")), "{notes:?}");
}

#[test]
fn a_share_in_a_percent_cell_is_doubted_aloud() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (at, (header, value)) in
        [("system", "oa"), ("date", "2026-10-05"), ("shift", "day"), ("operator", "值班员甲")].iter().enumerate()
    {
        sheet.write(0, at as u16, *header).unwrap();
        sheet.write(1, at as u16, *value).unwrap();
    }
    sheet.write(0, 4, "cpu").unwrap();
    sheet.write(1, 4, 0.52).unwrap();
    let read = read("records/shift/a.xlsx", &book.save_to_buffer().unwrap());
    assert_eq!(read.counts("shift"), (1, 0));
    assert_eq!(read.notes(), ["the percent cell holds 0.52; it is taken as 0.52 %"]);
}

/// Two sheets with one record each, of which only the first is called what no workspace would guess.
fn two_sheets() -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, id) in [("2025", "BK-1"), ("2026", "BK-2")] {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        let cells =
            [("编号", id), ("系统", "oa"), ("开始时间", "2026-10-05 01:00"), ("备份类型", "全量"), ("结果", "成功")];
        for (at, (header, value)) in cells.into_iter().enumerate() {
            sheet.write(0, at as u16, header).unwrap();
            sheet.write(1, at as u16, value).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn the_sheet_that_is_named_is_read() {
    let named = |sheet: &str| {
        let settings = format!("[records.backup]\nsheet = \"{sheet}\"");
        read_with(&settings, "records/backup/a.xlsx", &two_sheets())
    };
    assert_eq!(read("records/backup/a.xlsx", &two_sheets()).text("backup", "id"), "BK-1");
    let second = named("2026");
    assert_eq!((second.text("backup", "id"), second.counts("backup")), ("BK-2".to_owned(), (1, 0)));
    assert_eq!(second.notes(), ["the sheet \"2026\" is read; not read: 2025"]);
    let none = named("2027");
    assert_eq!(none.errors(), ["ingest.syntax records/backup/a.xlsx there is no sheet named \"2027\""]);
    assert_eq!(none.counts("backup"), (0, 0));
}

#[test]
fn a_header_of_two_rows_hidden_rows_and_merged_cells_are_read_and_noted() {
    let mut book = Workbook::new();
    let plain = Format::new();
    let sheet = book.add_worksheet();
    for (column, header) in [(0, "编号"), (1, "系统"), (4, "备份类型"), (5, "结果")] {
        sheet.merge_range(0, column, 1, column, header, &plain).unwrap();
    }
    sheet.merge_range(0, 2, 0, 3, "时间", &plain).unwrap();
    sheet.write(1, 2, "开始时间").unwrap();
    sheet.write(1, 3, "结束时间").unwrap();
    sheet.merge_range(2, 1, 4, 1, "办公系统", &plain).unwrap();
    for (row, id) in [(2, "BK-1"), (3, "BK-2"), (4, "BK-3")] {
        sheet.write(row, 0, id).unwrap();
        sheet.write(row, 2, format!("2026-10-0{row} 01:00")).unwrap();
        sheet.write(row, 3, format!("2026-10-0{row} 02:00")).unwrap();
        sheet.write(row, 4, "全量").unwrap();
        sheet.write(row, 5, "成功").unwrap();
    }
    sheet.set_row_hidden(3).unwrap();
    sheet.set_column_hidden(3).unwrap();
    let read = read("records/backup/a.xlsx", &book.save_to_buffer().unwrap());
    assert_eq!((read.counts("backup"), read.errors()), ((3, 0), Vec::new()));
    assert_eq!(read.text("backup", "finished_at"), "2026-10-02 02:00");
    assert_eq!(
        read.notes(),
        [
            "1 lines stand above the header and are no records",
            "hidden rows are read all the same: 1, rows 4",
            "hidden columns are read all the same: 1, columns 4",
            "merged cells are read as holding their value in each of their rows: 2 cells",
        ]
    );
}

#[test]
fn a_damaged_workbook_is_one_finding() {
    let whole = workbook();
    for cut in [0, 3, 100, whole.len() / 2, whole.len() - 10] {
        let read = read("records/backup/a.xlsx", &whole[..cut]);
        assert_eq!(read.counts("backup"), (0, 0), "{cut}");
        assert_eq!(read.errors().len(), 1, "{cut}: {:?}", read.errors());
    }
}

/// What the scanner makes of a table: rows of cells.
fn scanned(bytes: &[u8], delimiter: u8, most: usize) -> Vec<Vec<Vec<u8>>> {
    let mut scanner = Scanner::new(bytes).unwrap();
    scanner.set_delimiter(delimiter);
    let mut out = Vec::new();
    loop {
        let stop = scanner.cut(most).unwrap();
        let rows = scanner.rows();
        let cells = |row: usize| (0..rows.width(row)).map(|at| rows.cell(row, at).to_vec()).collect();
        out.extend((0..rows.len()).map(cells));
        match stop {
            Stop::More => {}
            Stop::End => return out,
            Stop::Fault(fault) => panic!("{fault:?}"),
        }
    }
}

proptest! {
    #[test]
    fn the_scanner_reads_what_the_csv_crate_writes(
        rows in prop::collection::vec(prop::collection::vec(r#"[a-z0-9中文 ,;"'\n\t|#=-]{0,8}"#, 3), 1..12),
        delimiter in prop::sample::select(vec![b',', b';', b'\t']),
        crlf: bool,
        quoted: bool,
        most in 1_usize..5,
    ) {
        let mut writer = csv::WriterBuilder::new()
            .delimiter(delimiter)
            .terminator(if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') })
            .quote_style(if quoted { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary })
            .from_writer(Vec::new());
        for row in &rows {
            writer.write_record(row).unwrap();
        }
        let bytes = writer.into_inner().unwrap();
        let expected: Vec<Vec<Vec<u8>>> =
            rows.iter().map(|row| row.iter().map(|cell| cell.clone().into_bytes()).collect()).collect();
        prop_assert_eq!(scanned(&bytes, delimiter, most), expected);
    }
}
