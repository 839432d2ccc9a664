//! How broad a table of records is at its narrowest, as far as that can be told without a font. One that fits a usual
//! screen keeps its head in sight while the page scrolls; a broader one scrolls in a frame of its own.

use crate::chart::text_width;
use crate::ledger::Heading;
use crate::standard::{Kind, Type};

use super::rows::Row;

/// What a usual screen of 1280 pixels leaves for a table, in ems of its text.
const SCREEN: f64 = 92.0;
/// The blank between two columns.
const GAP: f64 = 0.9;
/// A column of text is not narrower than this, for it would be a column of single words.
const TEXT: f64 = 5.1;
/// So many records are looked at; the others are like them.
const LOOKED_AT: usize = 100;

/// Whether the records of a page are broader than a usual screen. `titles` are those of the columns, `ids` what stands
/// in front of them.
pub fn broad<'t>(
    kind: &Kind,
    columns: &[Heading],
    titles: impl Iterator<Item = &'t str>,
    ids: impl Iterator<Item = &'t str>,
    rows: &[Row<'_>],
) -> bool {
    let rows = &rows[..rows.len().min(LOOKED_AT)];
    // Capitals are broader than other letters, and most ids are made of them.
    let id = ids.take(LOOKED_AT).map(|id| text_width(id, 1.1)).fold(0.0, f64::max);
    // The source, such as `2026-10.csv:12`, and ten digits of the digest.
    let frame = id + 7.2 + 5.4 + 2.0 * GAP;
    let fields = columns.iter().zip(titles).map(|(column, title)| {
        let head = text_width(title, 0.93) + 0.65;
        let cells = rows.iter().map(|row| narrowest(kind, column, row)).fold(0.0, f64::max);
        head.max(cells) + GAP
    });
    frame + fields.sum::<f64>() > SCREEN
}

/// How narrow a cell can be made: a time is broken after its date, a text where it must, anything else nowhere.
fn narrowest(kind: &Kind, column: &Heading, row: &Row<'_>) -> f64 {
    let Heading::Field(field) = column else { return TEXT };
    let text = row.cells.field(*field);
    match &kind.fields[*field].ty {
        Type::Text | Type::List | Type::Ref(_) | Type::Id => TEXT,
        Type::Time => text.split(' ').map(|part| text_width(part, 1.0)).fold(0.0, f64::max),
        _ => text_width(text, 1.0),
    }
}
