//! Which rows and columns of a sheet are not shown. The reader of cells does not tell, so the sheet is looked through
//! once more for the two marks that say so. What is hidden is read all the same: hiding a row takes no record back.

use std::io::{BufRead, BufReader, Cursor};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

/// What of a sheet is not shown.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Hidden {
    /// Rows by number, from 1, in order.
    pub rows: Vec<u32>,
    /// Ranges of columns, from 1, first and last.
    pub columns: Vec<(u32, u32)>,
}

/// What is hidden of the sheet of a name; nothing where the workbook does not say it in the usual way.
pub fn of(bytes: &[u8], sheet: &str) -> Hidden {
    find(bytes, sheet).unwrap_or_default()
}

fn find(bytes: &[u8], sheet: &str) -> Option<Hidden> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut relation = None;
    each(&mut archive, "xl/workbook.xml", |tag| {
        if tag.local_name().as_ref() == "sheet" && attribute(tag, "name").as_deref() == Some(sheet) {
            relation = attribute(tag, "id");
        }
        true
    })?;
    let mut target = None;
    each(&mut archive, "xl/_rels/workbook.xml.rels", |tag| {
        if tag.local_name().as_ref() == "Relationship" && attribute(tag, "Id") == relation {
            target = attribute(tag, "Target");
        }
        true
    })?;
    let target = target?;
    let part = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
    let mut hidden = Hidden::default();
    let mut row = 0;
    each(&mut archive, &part, |tag| {
        let number = |name: &str| attribute(tag, name).and_then(|text| text.parse::<u32>().ok());
        let is_hidden = || matches!(attribute(tag, "hidden").as_deref(), Some("1" | "true"));
        match tag.local_name().as_ref() {
            "row" => {
                row = number("r").unwrap_or(row + 1);
                if is_hidden() {
                    hidden.rows.push(row);
                }
            }
            "col" if is_hidden() => hidden.columns.extend(number("min").zip(number("max"))),
            // Below the rows there is nothing about them.
            "mergeCells" | "pageMargins" => return false,
            _ => {}
        }
        true
    })?;
    Some(hidden)
}

/// Looks at each tag of a part of the archive, as long as the answer is to go on.
fn each(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    part: &str,
    mut look: impl FnMut(&BytesStart<'_>) -> bool,
) -> Option<()> {
    let mut reader = Reader::from_reader(BufReader::new(archive.by_name(part).ok()?));
    let mut buffer = Vec::new();
    loop {
        match next(&mut reader, &mut buffer)? {
            Event::Eof => return Some(()),
            Event::Start(tag) | Event::Empty(tag) if !look(&tag) => return Some(()),
            _ => {}
        }
        buffer.clear();
    }
}

fn next<'b>(reader: &mut Reader<impl BufRead>, buffer: &'b mut Vec<u8>) -> Option<Event<'b>> {
    reader.read_event_into(buffer).ok()
}

/// The value of an attribute by its local name.
fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.attributes().filter_map(Result::ok).find(|a| a.key.local_name().as_ref() == name)?;
    quick_xml::escape::unescape(&found.value).ok().map(std::borrow::Cow::into_owned)
}
