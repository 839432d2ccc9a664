//! A workbook opened: the cells of one sheet as they stand there, merged ones filled down, and what of it is hidden.

use std::io::Cursor;

use calamine::{Data, DataRef, Reader, SheetVisible, Xlsx, XlsxError};

use crate::config::{Limits, size};
use crate::doc::offer;
use crate::say;
use crate::say::Said;

use super::hidden::{self, Hidden};

/// The largest sheet: so many cells.
const MAX_CELLS: usize = 8_000_000;
/// How many times as large as the limit of a file a workbook may be once it is unpacked.
const UNPACKED: u64 = 16;

/// A row of a sheet that is not empty: its number, from 1, and its cells from the left.
pub struct Row {
    pub number: u32,
    pub cells: Vec<Data>,
}

/// A sheet as it was read.
pub struct Sheet {
    /// The rows that are not empty.
    pub rows: Vec<Row>,
    pub name: String,
    /// The sheets that are not read, and are shown.
    pub others: Vec<String>,
    /// For each merged region of several rows the first and the last of them, by number.
    pub merged: Vec<(u32, u32)>,
    /// Cells that were empty and have the value of the merged cell they belong to; row number and column from 1.
    pub filled: Vec<(u32, u32)>,
    /// Rows and columns that are not shown, and are read all the same.
    pub hidden: Hidden,
    /// Days are counted from 1904 and not from 1900.
    pub from_1904: bool,
}

/// Why a workbook cannot be read, and what to do.
pub struct Refused {
    pub code: &'static str,
    pub why: Said,
    pub help: Said,
}

impl Refused {
    fn new(why: Said) -> Self {
        let help = Said::new(
            "在电子表格中打开并另存为 .xlsx，或导出为 .csv",
            "open it in a spreadsheet and save it as .xlsx, or export it as .csv",
        );
        Self { code: "ingest.encoding", why, help }
    }
}

impl From<XlsxError> for Refused {
    fn from(why: XlsxError) -> Self {
        Self::new(say!("无法作为 Excel 工作簿读取：{why}", "it cannot be read as an Excel workbook: {why}"))
    }
}

/// Reads the sheet of a name, else the first that is shown; of each row so many columns and one more.
pub fn open(bytes: &[u8], wanted: Option<&str>, columns: usize) -> Result<Sheet, Refused> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes))?;
    let (name, others) = choose(&book, wanted)?;
    let hidden = hidden::of(bytes, &name);
    let from_1904 = book.has_1904_epoch();
    let regions = book.merge_cells_by_sheet_name(&name)?;
    let mut rows = rows(&mut book, &name, columns)?;
    rows.sort_by_key(|row| row.number);
    let mut sheet = Sheet { rows, name, others, merged: Vec::new(), filled: Vec::new(), hidden, from_1904 };
    for region in regions.iter().filter(|r| r.start.0 < r.end.0) {
        sheet.merged.push((region.start.0 + 1, region.end.0 + 1));
        sheet.fill(region.start, region.end.0, columns);
    }
    Ok(sheet)
}

impl Sheet {
    /// Gives the rows of a merged region its value, as a reader sees it.
    fn fill(&mut self, (first, column): (u32, u32), last: u32, columns: usize) {
        let column = column as usize;
        let from = self.rows.partition_point(|row| row.number <= first);
        let Some(top) = self.rows.get(from).filter(|row| row.number == first + 1 && column <= columns) else { return };
        let Some(value) = top.cells.get(column).filter(|value| **value != Data::Empty).cloned() else { return };
        // Only rows that are there: a region may reach to the last row that a sheet can have.
        for row in self.rows[from + 1..].iter_mut().take_while(|row| row.number <= last + 1) {
            if row.cells.len() <= column {
                row.cells.resize(column + 1, Data::Empty);
            }
            if row.cells[column] == Data::Empty {
                row.cells[column] = value.clone();
                self.filled.push((row.number, column as u32 + 1));
            }
        }
    }
}

/// A small file may unpack to one that no memory holds.
pub fn small_enough(bytes: &[u8], limits: &Limits) -> Result<(), Refused> {
    let most = limits.file as u64 * UNPACKED;
    let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes)) else { return Ok(()) };
    let sizes = (0..archive.len()).filter_map(|at| archive.by_index_raw(at).ok().map(|part| part.size()));
    let unpacked = sizes.fold(0_u64, u64::saturating_add);
    if unpacked <= most {
        return Ok(());
    }
    let (unpacked, most) = (size(unpacked), size(most));
    Err(Refused::new(say!(
        "工作簿解压后有 {unpacked}，超过上限 {most}（limits.file 的 {UNPACKED} 倍）",
        "unpacked the workbook has {unpacked}, more than the limit of {most} ({UNPACKED} times limits.file)"
    )))
}

fn choose(book: &Xlsx<Cursor<&[u8]>>, wanted: Option<&str>) -> Result<(String, Vec<String>), Refused> {
    let all = book.sheets_metadata();
    let shown = |s: &&calamine::Sheet| s.visible == SheetVisible::Visible;
    let name = match wanted {
        Some(wanted) => match all.iter().find(|s| s.name.trim() == wanted.trim()) {
            Some(sheet) => sheet.name.clone(),
            None => {
                let names: Vec<&str> = all.iter().map(|s| s.name.as_str()).collect();
                return Err(Refused {
                    code: "ingest.syntax",
                    why: say!("没有名为“{wanted}”的工作表", "there is no sheet named \"{wanted}\""),
                    help: offer(wanted, &names),
                });
            }
        },
        None => match all.iter().find(shown) {
            Some(sheet) => sheet.name.clone(),
            None => {
                return Err(Refused::new(Said::new(
                    "工作簿中没有可见的工作表",
                    "the workbook has no sheet that is shown",
                )));
            }
        },
    };
    let others = all.iter().filter(shown).map(|s| s.name.clone()).filter(|other| *other != name).collect();
    Ok((name, others))
}

/// The rows of a sheet. Cells are read one by one and never as a full rectangle, so that a single cell in the far corner
/// of a sheet costs nothing.
fn rows(book: &mut Xlsx<Cursor<&[u8]>>, name: &str, columns: usize) -> Result<Vec<Row>, Refused> {
    let mut rows: Vec<Row> = Vec::new();
    let mut reader = book.worksheet_cells_reader(name)?;
    let mut count = 0;
    while let Some(cell) = reader.next_cell()? {
        let (row, column) = cell.get_position();
        if matches!(cell.get_value(), DataRef::Empty) {
            continue;
        }
        count += 1;
        if count > MAX_CELLS {
            return Err(Refused::new(say!(
                "工作表超过 {MAX_CELLS} 个单元格的上限",
                "the sheet has more than {MAX_CELLS} cells"
            )));
        }
        if rows.last().is_none_or(|last| last.number != row + 1) {
            rows.push(Row { number: row + 1, cells: Vec::new() });
        }
        // One column more than is allowed is kept, so that the header is refused for what it is.
        if let Some(last) = rows.last_mut()
            && let Ok(at) = usize::try_from(column)
            && at <= columns
        {
            if last.cells.len() <= at {
                last.cells.resize(at + 1, Data::Empty);
            }
            last.cells[at] = Data::from(cell.get_value().clone());
        }
    }
    Ok(rows)
}
