//! What months were judged to come to, as the seals hold it (archive.md, section 4): `verdicts.jsonl`.
//!
//! A seal holds the judgement of its own month. Of every earlier month that came to be judged otherwise since it was last
//! written down it holds the judgement too, whole, each line with the `month` that it is of. So every version of a month
//! that was ever sealed can be read again: that of its own seal, and one in each later seal that names it.

use std::collections::BTreeMap;

use crate::calendar::{Period, Unit};

use super::compare::Fields;
use super::{Archive, Sealed, canon};

/// The field that names the month of a line which is not of the seal's own month.
const MONTH: &str = "month";

/// A judgement of a month: its results, figures and findings, one a line, without the field of the month.
pub type Judged = Vec<Fields>;

/// A judgement of a month as a seal holds it.
#[derive(Clone, Copy, Debug)]
pub struct Version<'a> {
    /// The seal.
    pub seal: &'a Sealed,
    /// The judgement.
    pub judged: &'a Judged,
}

impl Archive {
    /// Every judgement of a month that was sealed, the first one first.
    pub fn versions(&self, month: Period) -> impl Iterator<Item = Version<'_>> {
        self.seals.iter().filter_map(move |seal| Some(Version { seal, judged: seal.judged.get(&month)? }))
    }
}

/// The judgements that the lines of a seal of a month hold; the position of the first line that names a month which is
/// no earlier one.
pub fn by_month(own: Period, lines: &[String]) -> Result<BTreeMap<Period, Judged>, usize> {
    let mut out: BTreeMap<Period, Judged> = BTreeMap::new();
    for (at, line) in lines.iter().enumerate() {
        let mut fields = canon::read(line).ok_or(at)?;
        let month = match fields.remove(MONTH) {
            None => own,
            Some(name) => match Period::parse(&name) {
                Some((Unit::Month, month)) if month.first < own.first => month,
                _ => return Err(at),
            },
        };
        out.entry(month).or_default().push(fields);
    }
    Ok(out)
}

/// The lines of a seal: the judgement of its own month, and those of earlier months that it holds anew.
pub fn lines(own: &Judged, anew: &[(Period, &Judged)]) -> Vec<String> {
    let mut out: Vec<String> = own.iter().map(|fields| line(fields, None)).collect();
    for (month, judged) in anew {
        let name = month.name(Unit::Month);
        out.extend(judged.iter().map(|fields| line(fields, Some(&name))));
    }
    out.sort();
    out
}

fn line(fields: &Fields, month: Option<&str>) -> String {
    let fields = fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    canon::canonical(&mut fields.chain(month.map(|month| (MONTH, month))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(name: &str) -> Period {
        Period::parse(name).unwrap().1
    }

    fn judged(result: &str) -> Judged {
        vec![[("clause", "3.1.1"), ("result", result)].map(|(k, v)| (k.to_owned(), v.to_owned())).into()]
    }

    #[test]
    fn judgements_of_several_months_are_told_apart_and_stay_canonical() {
        let (own, earlier) = (judged("met"), judged("missed"));
        let written = lines(&own, &[(month("2026-04"), &earlier)]);
        assert_eq!(
            written,
            [r#"{"clause":"3.1.1","month":"2026-04","result":"missed"}"#, r#"{"clause":"3.1.1","result":"met"}"#]
        );
        let read = by_month(month("2026-05"), &written).unwrap();
        assert_eq!(read, [(month("2026-04"), earlier), (month("2026-05"), own)].into());
    }

    #[test]
    fn a_seal_judges_no_month_after_its_own() {
        for name in ["2026-05", "2026-06", "2026", "soon"] {
            let line = format!(r#"{{"clause":"1","month":"{name}","result":"met"}}"#);
            assert_eq!(by_month(month("2026-05"), &[line]), Err(0), "{name}");
        }
        assert_eq!(by_month(month("2026-05"), &["[]".to_owned()]), Err(0));
    }
}
