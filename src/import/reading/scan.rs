//! Scans: how bad a weakness is in the words of each scanner, how many there are of each, when the scan was made, and
//! what is to be updated because of it.

use crate::calendar::Instant;
use crate::finding::Finding;
use crate::say;
use crate::say::Said;
use crate::source::Place;
use crate::value as read_value;

use super::{Draft, Scope, Told, slug, value};

/// How bad a weakness is, in the words of records; none of the last two is counted in a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Critical.
    Critical,
    /// High.
    High,
    /// Medium.
    Medium,
    /// Low.
    Low,
    /// Less than low: negligible, informational, a log entry.
    Slight,
    /// The scanner does not say.
    Unknown,
}

impl Severity {
    /// By the words that scanners use; each of them puts the worst first, and none of these words is a number.
    pub fn of_word(word: &str) -> Option<Self> {
        Some(match word.trim().to_ascii_lowercase().as_str() {
            "critical" => Self::Critical,
            "high" => Self::High,
            "medium" | "moderate" => Self::Medium,
            "low" => Self::Low,
            "negligible" | "info" | "informational" | "none" | "log" => Self::Slight,
            "unknown" | "unspecified" | "" => Self::Unknown,
            _ => return None,
        })
    }

    /// By a CVSS score in tenths, as CVSS 3.1 section 5 rates it.
    pub fn of_score(tenths: i64) -> Option<Self> {
        Some(match tenths {
            0 => Self::Slight,
            1..=39 => Self::Low,
            40..=69 => Self::Medium,
            70..=89 => Self::High,
            90..=100 => Self::Critical,
            _ => return None,
        })
    }

    /// The word of an update record. A record must have one; of what the scanner does not say the caller says so.
    pub fn word(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
            Self::Slight | Self::Unknown => "none",
        }
    }
}

/// How many weaknesses there are of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally([usize; 6]);

impl Tally {
    /// Counts one.
    pub fn add(&mut self, severity: Severity) {
        self.0[severity as usize] += 1;
    }

    /// How many there are of a severity.
    pub fn of(&self, severity: Severity) -> usize {
        self.0[severity as usize]
    }

    /// Writes the counts into a scan record; what a scan has no field for is said in its notes.
    pub fn into_scan(self, draft: Draft) -> Draft {
        let counted = [Severity::Critical, Severity::High, Severity::Medium, Severity::Low];
        let draft = counted.into_iter().fold(draft, |draft, s| draft.set(s.word(), self.of(s).to_string()));
        let (slight, unknown) = (self.of(Severity::Slight), self.of(Severity::Unknown));
        draft.note(tell(slight, "可忽略或仅供参考", "negligible or informational")).note(tell(
            unknown,
            "严重程度不明",
            "of unknown severity",
        ))
    }
}

/// When a scan was made.
#[derive(Clone, Debug)]
pub struct Moment {
    /// The instant; of a scan of which only the day is known the start of that day.
    pub at: Instant,
    /// Whether the time of day is known.
    pub exact: bool,
}

/// When a scan was made: what the report says, else what `--set date=` says. Without either a report is refused: a scan
/// that was made at no known time proves nothing.
pub fn moment(written: Option<&str>, place: &Place, told: &mut Told<'_>) -> Result<Moment, Finding> {
    if let Some(text) = written
        && let Some(at) = told.time(text, place)?
    {
        return Ok(Moment { at, exact: true });
    }
    let Some(said) = told.ground.said("date").map(str::to_owned) else {
        let why = Said::new("报告没有说明是什么时候扫描的", "the report does not say when the scan was made");
        return Err(value(place.clone(), why).help(Said::new(
            "请加上日期，例如 --set date=2026-10-05",
            "say when it was made, such as --set date=2026-10-05",
        )));
    };
    let wrong = |wrong: Box<read_value::Wrong>| value(place.clone(), wrong.why);
    let day = read_value::date(said.as_bytes(), told.ground.zone, None).map_err(wrong)?;
    match read_value::time(said.as_bytes(), told.ground.zone, None) {
        Ok(time) => Ok(Moment { at: time.at, exact: true }),
        Err(_) => Ok(Moment { at: told.ground.zone.start(day), exact: false }),
    }
}

/// A weakness that an update mends.
pub struct Weakness<'t> {
    /// Its number, such as `CVE-2026-0001`.
    pub id: &'t str,
    /// The package that has it.
    pub package: &'t str,
    /// The version that is there.
    pub installed: &'t str,
    /// The version that mends it, where the report says.
    pub fixed: Option<&'t str>,
    /// How bad it is.
    pub severity: Severity,
    /// What was scanned, without its tag: the same for every build of it.
    pub artifact: &'t str,
}

/// The update that mends a weakness, waiting to be applied. Every scan finds it again until it is; the first one counts.
pub fn update(weakness: &Weakness<'_>, moment: &Moment, place: &Place, told: &Told<'_>) -> Draft {
    let Weakness { id, package, installed, fixed, severity, artifact } = *weakness;
    let mut draft = Draft::new("update", slug([artifact, id, package, installed]), place.clone())
        .scope(Scope::System)
        .named(names(artifact))
        .set("checked_at", told.ground.stamp(moment.at))
        .set("component", package)
        .set("from_version", installed)
        .may("to_version", fixed)
        .set("severity", severity.word())
        .set("advisory", id)
        .assume("result", "pending")
        .note((!artifact.is_empty()).then(|| Said::same(artifact)))
        .note((severity == Severity::Unknown).then(|| Said::new("严重程度未知", "severity not known")))
        .note((!moment.exact).then(|| Said::new("检查的钟点未知", "the time of day of the check is not known")));
    draft.recurs = true;
    draft
}

/// The name of an image without its tag and digest.
pub fn untagged(artifact: &str) -> &str {
    let name = artifact.split('@').next().unwrap_or_default();
    let slash = name.rfind('/').map_or(0, |at| at + 1);
    name[slash..].find(':').map_or(name, |at| &name[..slash + at])
}

/// What may name the system of something that was scanned: its whole name, without tag, and its last part.
pub fn names(artifact: &str) -> Vec<String> {
    let short = untagged(artifact);
    let last = short.rsplit('/').next().unwrap_or_default();
    let mut out: Vec<String> = Vec::new();
    for name in [short, artifact, last] {
        if !name.is_empty() && !out.iter().any(|known| known == name) {
            out.push(name.to_owned());
        }
    }
    out
}

fn tell(n: usize, zh: &str, en: &str) -> Option<Said> {
    (n > 0).then(|| say!("另有{zh} {n} 项", "{n} more {en}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_the_same_whatever_its_tag() {
        for (artifact, name) in [
            ("ghcr.io/a/b:main", "ghcr.io/a/b"),
            ("localhost:5000/b", "localhost:5000/b"),
            ("b@sha256:00", "b"),
            ("", ""),
            (".", "."),
        ] {
            assert_eq!(untagged(artifact), name);
        }
        assert_eq!(names("ghcr.io/a/b:main"), ["ghcr.io/a/b", "ghcr.io/a/b:main", "b"]);
    }

    #[test]
    fn words_and_scores() {
        assert_eq!(Severity::of_word("CRITICAL"), Some(Severity::Critical));
        assert_eq!(Severity::of_word("Negligible"), Some(Severity::Slight));
        assert_eq!(Severity::of_word(""), Some(Severity::Unknown));
        for word in ["1", "5", "S1", "urgent", "danger"] {
            assert_eq!(Severity::of_word(word), None, "{word} may mean either end of a scale");
        }
        let scores = [(0, Severity::Slight), (39, Severity::Low), (40, Severity::Medium), (89, Severity::High)];
        for (tenths, severity) in scores.into_iter().chain([(90, Severity::Critical)]) {
            assert_eq!(Severity::of_score(tenths), Some(severity));
        }
        assert_eq!((Severity::of_score(101), Severity::of_score(-1)), (None, None));
    }
}
