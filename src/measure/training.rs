//! Training: sessions and hours by audience, of the whole organisation (figures.md, section 8).

use crate::value::Decimal;

use super::{At, Figure, Ground, Scale, Timeline, Trail, whole};

/// The trainings by their day: the row, and for whom.
pub(super) type Sessions = Timeline<(u32, u16)>;

/// Reads the trainings; none where the standard has no such records.
pub(super) fn read(ground: &Ground<'_>) -> Option<Sessions> {
    let source = ground.source("training")?;
    let audience = source.field("audience")?;
    let rows = source.table.live().map(|row| row as u32);
    Some(Timeline::new(rows.filter_map(|row| Some((source.at(row), (row, source.code(row, Some(audience))?))))))
}

pub(super) fn figures(ground: &Ground<'_>, sessions: &Sessions, at: &At, out: &mut Vec<Figure>) {
    let Some(source) = ground.source("training") else { return };
    let (Some(audience), hours) = (source.field("audience"), source.field("hours")) else { return };
    let of_month: Vec<(u32, u16)> = sessions.within(&at.span).collect();
    for (code, choice) in source.kind.choices(audience).iter().enumerate() {
        let mine: Vec<u32> = of_month.iter().filter(|(_, of)| *of == code as u16).map(|(row, _)| *row).collect();
        let taught = mine.iter().filter_map(|&row| source.number(row, hours));
        let sum = taught.fold(0_i64, i64::saturating_add);
        let key = Some(("audience", choice.name.clone()));
        let trail = Trail::of(mine.iter().map(|&row| source.reference(row)));
        let held = at.count("training_sessions", Scale::Count, whole(mine.len() as i64));
        out.push(Figure { key: key.clone(), trail: trail.clone(), ..held });
        out.push(Figure { key, trail, ..at.count("training_hours", Scale::Hours, Decimal(sum)) });
    }
}
