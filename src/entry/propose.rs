//! What a new record most likely says: the next id, the present time, the only system.

use crate::calendar::Day;
use crate::ledger::Table;
use crate::standard::Type;

use super::{Cells, Ground, day};

/// What is proposed for a field; none where nothing can be known. `cells` is what was said so far.
pub fn propose(ground: &Ground<'_>, kind: usize, field: usize, cells: &Cells) -> Option<String> {
    let of = &ground.standard.kinds[kind];
    match of.fields[field].ty {
        Type::Id => Some(next_id(ground, kind, cells)),
        Type::System if ground.config.systems.len() == 1 && of.fields[field].required => {
            ground.config.systems.first().map(|system| system.id.clone())
        }
        Type::Time if field == of.at => Some(ground.config.site.zone.rfc3339(ground.as_of)),
        Type::Date if field == of.at => Some(ground.today().to_string()),
        Type::Interval if of.pages => Some("6 months".to_owned()),
        _ => None,
    }
}

/// An id that is free, made after the newest of the same system: its date becomes the new one's, and the number at its
/// end goes up.
fn next_id(ground: &Ground<'_>, kind: usize, cells: &Cells) -> String {
    let (of, table) = (&ground.standard.kinds[kind], &ground.ledger.tables[kind]);
    let system = of.system().and_then(|at| {
        let said = cells[at].as_deref()?;
        let code = ground.config.systems.iter().position(|s| s.id == said || s.name == said)?;
        Some((at, code as u16))
    });
    let same = |row: &usize| system.is_none_or(|(at, code)| table.code(*row, at) == Some(code));
    let newest = |rows: &mut dyn Iterator<Item = usize>| {
        rows.filter(|row| !table.ids.get(*row).is_empty()).max_by_key(|row| (table.at[*row], *row))
    };
    let day = day(ground, kind, cells);
    let model = newest(&mut (0..table.len()).filter(same)).or_else(|| newest(&mut (0..table.len())));
    let first = match model {
        Some(row) => dated(table.ids.get(row), table.date(row), day),
        None => format!("{}-{}-1", of.name.to_uppercase(), compact(day)),
    };
    free(table, first)
}

/// The id with its date replaced.
fn dated(id: &str, old: Option<Day>, new: Day) -> String {
    let Some(old) = old else { return id.to_owned() };
    let (a, b) = (old.to_string(), new.to_string());
    let forms = [(compact(old), compact(new)), (a.clone(), b.clone()), (a[..7].to_owned(), b[..7].to_owned())];
    forms.iter().find(|(old, _)| id.contains(old)).map_or_else(|| id.to_owned(), |(old, new)| id.replacen(old, new, 1))
}

/// `20261003`.
fn compact(day: Day) -> String {
    day.to_string().replace('-', "")
}

/// The id, or where it is taken the next number that is not.
fn free(table: &Table, id: String) -> String {
    let head = id.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = &id[head.len()..];
    // A date is no number to count on.
    let (head, width, mut number) = match digits.parse::<u64>() {
        Ok(number) if digits.len() < 8 => (head.to_owned(), digits.len(), number),
        _ => (format!("{id}-"), 1, 1),
    };
    let mut out = id;
    while table.find(&out).is_some() {
        number += 1;
        out = format!("{head}{number:0width$}");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_become_the_new_ones() {
        let (old, new) = (Day::from_ymd(2026, 9, 30).unwrap(), Day::from_ymd(2026, 10, 3).unwrap());
        for (id, made) in [
            ("BK-20260930-1", "BK-20261003-1"),
            ("BK-oa-2026-09-30", "BK-oa-2026-10-03"),
            ("RV-2026-09", "RV-2026-10"),
            ("F-2026-017", "F-2026-017"),
        ] {
            assert_eq!(dated(id, Some(old), new), made);
        }
    }

    #[test]
    fn what_is_taken_is_counted_on() {
        let mut table = Table::default();
        for id in ["F-2026-009", "F-2026-010", "BK-20261003", "x"] {
            table.ids.push(id);
            table.at.push(0);
        }
        table.index_ids();
        let made = |id: &str| free(&table, id.to_owned());
        assert_eq!(made("F-2026-009"), "F-2026-011");
        assert_eq!(made("BK-20261003"), "BK-20261003-2");
        assert_eq!(made("x"), "x-2");
        assert_eq!(made("new"), "new");
    }
}
