//! Times with their offset, in records that no seal holds.

use std::collections::BTreeSet;

use crate::calendar::{Day, Zone};
use crate::source::{Failure, Sources};
use crate::standard::Type;
use crate::value::{self, DateOrder};

/// The canonical lines of every record that stands in a seal (archive.md, section 3).
pub fn sealed_lines(sources: &Sources) -> Result<BTreeSet<String>, Failure> {
    let mut out = BTreeSet::new();
    for entry in sources.below("seals/").filter(|entry| entry.path.ends_with(".jsonl")) {
        let text = sources.read(&entry.path)?;
        out.extend(String::from_utf8_lossy(&text).lines().map(str::to_owned));
    }
    Ok(out)
}

/// Whether the month of a day has a seal.
pub fn is_sealed(day: Day, sealed: &BTreeSet<Day>) -> bool {
    let (y, m, _) = day.ymd();
    Day::from_ymd(y, m, 1).is_some_and(|first| sealed.contains(&first))
}

/// A time or a date in ISO 8601, the time with the offset of the zone; none where it is so already, or where something
/// that was typed would be lost: a fraction of a second, the clock of a date, which of two times an hour that comes
/// twice was meant to be.
pub fn iso(text: &str, ty: &Type, zone: &Zone, order: Option<DateOrder>) -> Option<String> {
    match ty {
        Type::Time => {
            let time = value::time(text.as_bytes(), zone, order).ok().filter(|time| !time.twice)?;
            (!has_offset(text) && !text.contains('.')).then(|| zone.rfc3339(time.at))
        }
        Type::Date => {
            let day = value::date(text.as_bytes(), zone, order).ok()?;
            value::time(text.as_bytes(), zone, order).is_err().then(|| day.to_string())
        }
        _ => None,
    }
    .filter(|iso| iso != text)
}

/// Whether a time that can be read says its offset: only RFC 3339 has a `Z`, or a sign after the date.
fn has_offset(text: &str) -> bool {
    text.ends_with(['Z', 'z']) || text.get(10..).is_some_and(|clock| clock.contains(['+', '-']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_forms_get_their_offset_and_nothing_is_lost() {
        let zone = Zone::named("Asia/Shanghai").unwrap();
        let time = |text: &str| iso(text, &Type::Time, &zone, None);
        for text in ["2026-10-05 01:00", "2026/10/5 1:00", "2026年10月5日 1时0分", "2026-10-05T01:00:00"] {
            assert_eq!(time(text).as_deref(), Some("2026-10-05T01:00:00+08:00"), "{text}");
        }
        for text in ["2026-10-05T01:00:00+08:00", "2026-10-04T17:00:00Z", "2026-10-05 01:00:00.5", "昨天"] {
            assert_eq!(time(text), None, "{text}");
        }
        let date = |text: &str| iso(text, &Type::Date, &zone, None);
        assert_eq!(date("2026/10/5").as_deref(), Some("2026-10-05"));
        assert_eq!(date("2026年10月5日").as_deref(), Some("2026-10-05"));
        assert_eq!(date("2026-10-05"), None);
        assert_eq!(date("2026-10-05 09:00"), None);
        assert_eq!(iso("2026/10/5", &Type::Text, &zone, None), None);
        let berlin = Zone::named("Europe/Berlin").unwrap();
        assert_eq!(iso("2026-10-25 02:30", &Type::Time, &berlin, None), None, "it comes twice");
    }
}
