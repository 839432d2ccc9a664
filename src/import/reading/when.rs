//! Times as tools write them: unpadded, with two blanks, with a day of the week before them, in seconds since 1970, or
//! without a zone. What is assumed about times is counted here and
//! said once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Timelike};

use crate::calendar::{DAY, Day, Instant, Resolved, Zone};
use crate::finding::{Finding, Severity};
use crate::say;
use crate::say::Said;
use crate::source::Place;
use crate::value::{self, Wrong, shown};

use super::{Told, value as refuse};

/// The last second of the year 9999.
const LAST: i64 = 253_402_300_799;

/// What was assumed about times: how often, in which files, and where first.
#[derive(Default)]
pub(super) struct Clocks {
    naive: Seen,
    unknown: Seen,
    twice: Seen,
    declared: BTreeMap<String, Seen>,
}

#[derive(Default)]
struct Seen {
    times: u32,
    files: BTreeSet<Arc<str>>,
    first: Option<Place>,
}

impl Seen {
    fn count(&mut self, place: &Place) {
        self.times += 1;
        if !self.files.contains(&place.file) {
            self.files.insert(Arc::clone(&place.file));
        }
        self.first.get_or_insert_with(|| place.clone());
    }

    /// `3 times`, and in how many files where there are several.
    fn told(&self) -> Said {
        let (n, files) = (self.times, self.files.len());
        if files < 2 {
            return say!("{n} 个时间", "{n} times");
        }
        say!("{files} 个文件中的 {n} 个时间", "{n} times in {files} files")
    }
}

impl Clocks {
    /// The notes; `zone` is the zone of times without one, and `own` that of the workspace.
    pub(super) fn notes(self, zone: &Zone, own: &Zone) -> Vec<Finding> {
        let name = zone.name();
        let mut out = Vec::new();
        let mut note = |seen: &Seen, severity: Severity, zh: String, en: String, help: Option<Said>| {
            let Some(place) = &seen.first else { return };
            let Said { zh: n_zh, en: n_en } = seen.told();
            let said = say!("{n_zh}{zh}", "{n_en} {en}");
            let mut finding = Finding::new("import.note", severity, said).at(place.clone());
            finding.help = help.map(Into::into);
            out.push(finding);
        };
        let help = say!(
            "如果那台机器用的是别的时区，请加 --timezone，例如 --timezone UTC",
            "if that machine keeps another zone, say so: --timezone UTC"
        );
        let zh = format!("没有时区，按 {name} 读取");
        let en = format!("have no zone and were read as times of {name}");
        note(&self.naive, Severity::Info, zh, en, Some(help).filter(|_| zone == own));
        let (zh, en) = ("写着 -00:00（时差未知），按 UTC 读取", "say -00:00 (offset not known) and were read as UTC");
        note(&self.unknown, Severity::Info, zh.to_owned(), en.to_owned(), None);
        let zh = format!("在 {name} 出现两次（钟表拨慢），取了较早的一次");
        let en = format!("occur twice in {name} (the clocks were set back); the earlier was taken");
        note(&self.twice, Severity::Warning, zh, en, None);
        for (format, seen) in &self.declared {
            let zh = format!("按映射声明的格式 {format} 读取");
            let en = format!("were read by the format {format} that the mapping declares");
            note(seen, Severity::Info, zh, en, None);
        }
        out
    }
}

impl Told<'_> {
    /// Reads a time; none where the text says that there is none, or bears a date that stands for none.
    pub fn time(&mut self, text: &str, place: &Place) -> Result<Option<Instant>, Finding> {
        let text = text.trim();
        if value::absent(text.as_bytes()) || text.eq_ignore_ascii_case("none") {
            return Ok(None);
        }
        let written = Written::of(text);
        let plain = written.as_ref().map_or_else(|| text.to_owned(), Written::plain);
        let read = value::time(plain.as_bytes(), self.ground.zone, None).map_err(|wrong| wrongly(*wrong, place))?;
        if stands_for_none(read.at) {
            return Ok(None);
        }
        match written.as_ref().map(|w| w.zone.as_str()) {
            Some("-00:00") => self.clocks.unknown.count(place),
            Some("") | None => self.count_naive(read.twice, place),
            Some(_) => {}
        }
        Ok(Some(read.at))
    }

    /// Reads a time in one of the formats that a mapping declares (`%d/%m/%Y %H:%M`, or the words `epoch` and
    /// `epoch_ms`), else as [`Told::time`] does.
    pub fn time_by(&mut self, text: &str, formats: &[String], place: &Place) -> Result<Option<Instant>, Finding> {
        let text = text.trim();
        for format in formats {
            let at = match format.as_str() {
                "epoch" => text.parse().ok().map(|seconds: i64| epoch(seconds, place)).transpose()?.flatten(),
                "epoch_ms" => text.parse().ok().map(|ms: i64| epoch(ms / 1000, place)).transpose()?.flatten(),
                format => match self.by_format(text, format, place)? {
                    Some(at) => Some(at),
                    None => continue,
                },
            };
            if let Some(at) = at {
                self.clocks.declared.entry(format.clone()).or_default().count(place);
                return Ok(Some(at).filter(|at| !stands_for_none(*at)));
            }
        }
        self.time(text, place)
    }

    fn by_format(&mut self, text: &str, format: &str, place: &Place) -> Result<Option<Instant>, Finding> {
        if let Ok(at) = DateTime::parse_from_str(text, format) {
            return Ok(Some(Instant(at.timestamp())));
        }
        let date = |text: &str| NaiveDate::parse_from_str(text, format).ok()?.and_hms_opt(0, 0, 0);
        let Some(read) = NaiveDateTime::parse_from_str(text, format).ok().or_else(|| date(text)) else {
            return Ok(None);
        };
        let Some(day) = Day::from_ymd(read.year(), read.month(), read.day()) else { return Ok(None) };
        match self.ground.zone.resolve(day, read.num_seconds_from_midnight()) {
            Resolved::Once(at) => {
                self.count_naive(false, place);
                Ok(Some(at))
            }
            Resolved::Twice(at) => {
                self.count_naive(true, place);
                Ok(Some(at))
            }
            Resolved::Gap(_) => {
                let (seen, zone) = (shown(text.as_bytes()), self.ground.zone.name());
                Err(refuse(place.clone(), say!("“{seen}”在时区 {zone} 不存在", "\"{seen}\" does not occur in {zone}")))
            }
        }
    }

    fn count_naive(&mut self, twice: bool, place: &Place) {
        self.clocks.naive.count(place);
        if twice {
            self.clocks.twice.count(place);
        }
    }
}

/// Seconds since 1970; 0 and what is before stand for no time.
pub fn epoch(seconds: i64, place: &Place) -> Result<Option<Instant>, Finding> {
    if seconds > LAST {
        let why = say!(
            "{seconds} 超出了公元 9999 年：像是毫秒而不是秒",
            "{seconds} is beyond the year 9999: it looks like milliseconds, not seconds"
        );
        return Err(refuse(place.clone(), why));
    }
    Ok(Some(Instant(seconds)).filter(|at| !stands_for_none(*at)))
}

/// The years 1 and 1970 begin where programs have no date: nothing of ours is that old.
fn stands_for_none(at: Instant) -> bool {
    at.0 < 2 * DAY
}

fn wrongly(wrong: Wrong, place: &Place) -> Finding {
    let mut finding = refuse(place.clone(), wrong.why);
    finding.help = wrong.help.map(Into::into);
    finding
}

/// A time taken apart: year first, then whatever of the clock and of the zone there is.
struct Written {
    date: [String; 3],
    clock: Vec<String>,
    zone: String,
}

impl Written {
    fn of(text: &str) -> Option<Self> {
        let text = text.split_once(", ").map_or(text, |(day, rest)| if is_weekday(day) { rest } else { text });
        let (date, rest) = text.find(['T', 't', ' ']).map_or((text, ""), |at| text.split_at(at));
        let mark = if date.contains('/') { '/' } else { '-' };
        let mut parts = date.split(mark).map(str::to_owned);
        let date = [parts.next()?, parts.next()?, parts.next()?];
        let whole = parts.next().is_none() && date[0].len() == 4;
        let short = |part: &String| matches!(part.len(), 1 | 2);
        if !whole || !digits(&date[0]) || !date[1..].iter().all(|part| short(part) && digits(part)) {
            return None;
        }
        let rest = rest.get(1..).unwrap_or_default().trim_start();
        let end = rest.find(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.' | ',')).unwrap_or(rest.len());
        let (clock, zone) = rest.split_at(end);
        let clock: Vec<String> = clock.replace(',', ".").split(':').map(str::to_owned).collect();
        let fits = |part: &String| digits(part.split('.').next().unwrap_or_default());
        if !matches!(clock.len(), 2 | 3) || !clock.iter().all(fits) {
            return None;
        }
        Some(Self { date, clock, zone: zone_of(zone.trim())? })
    }

    /// As the readers of records take it.
    fn plain(&self) -> String {
        let [y, m, d] = &self.date;
        let seconds = self.clock.get(2).map_or("00", String::as_str);
        format!("{y}-{m:0>2}-{d:0>2}T{:0>2}:{:0>2}:{seconds:0>2}{}", self.clock[0], self.clock[1], self.zone)
    }
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_weekday(text: &str) -> bool {
    ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].contains(&text)
}

/// The zone as RFC 3339 writes it; none where it is none that is known. An abbreviation such as PDT is not: several
/// places have one and mean different times.
fn zone_of(written: &str) -> Option<String> {
    match written {
        "" => return Some(String::new()),
        "Z" | "z" | "UTC" | "GMT" => return Some("Z".to_owned()),
        _ => {}
    }
    let (sign, rest) = written.split_at_checked(1).filter(|(sign, _)| matches!(*sign, "+" | "-"))?;
    let figures: String = rest.chars().filter(|c| *c != ':').collect();
    match (figures.len(), digits(&figures)) {
        (4, true) => Some(format!("{sign}{}:{}", &figures[..2], &figures[2..])),
        (2, true) => Some(format!("{sign}{figures}:00")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::testing::{ground, workspace};

    fn read(text: &str) -> Result<Option<String>, String> {
        let config = workspace();
        let mut told = Told::new(ground(&config));
        let at = told.time(text, &Place::line("a", 1)).map_err(|f| f.message.en)?;
        Ok(at.map(|at| config.site.zone.rfc3339(at)))
    }

    #[test]
    fn times_as_tools_write_them() {
        for text in [
            "2026-10-03T00:00:00Z",
            "2026-10-03T00:00:00.123456789Z",
            "2026-10-03 00:00:00 +0000",
            "2026-10-03T00:00:00-00:00",
            "2026-10-03  08:00:00",
            "2026-10-03 08:00",
            "2026-10-3T8:00:00+08:00",
            "2026/10/3 8:00:00 +08",
            "Sat, 2026-10-03 08:00:00",
            "2026-10-03 08:00:00,149",
            "2026-10-03T08:00:00.000000",
            "2026-10-03 00:00:00 UTC",
            "2026年10月3日 8时0分",
        ] {
            assert_eq!(read(text), Ok(Some("2026-10-03T08:00:00+08:00".to_owned())), "{text}");
        }
    }

    #[test]
    fn what_stands_for_no_time_is_none() {
        for text in ["", "-", "null", "NULL", "None", "N/A", "?", "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z"] {
            assert_eq!(read(text), Ok(None), "{text}");
        }
        let place = Place::line("a", 1);
        assert_eq!(epoch(0, &place), Ok(None));
        assert_eq!(epoch(-62_135_596_800, &place), Ok(None));
        assert!(epoch(1_795_460_540_000, &place).unwrap_err().message.en.contains("milliseconds"));
    }

    #[test]
    fn what_can_be_read_in_two_ways_or_none_is_refused() {
        assert!(read("03-10-2026 08:00").unwrap_err().contains("two ways"));
        for text in ["2026-10-03 08:00 PDT", "14:24.3", "2026-10-03 08:00 MST", "Oct 3 08:00", "2026-02-30 08:00:00"] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_was_assumed_is_said_once() {
        let config = workspace();
        let mut told = Told::new(ground(&config));
        for text in ["2026-10-03 08:00", "2026-10-04 08:00", "2026-10-03T00:00:00-00:00", "2026-10-03T00:00:00Z"] {
            told.time(text, &Place::line("a", 3)).unwrap();
        }
        told.time("2026-10-05 08:00", &Place::line("b", 3)).unwrap();
        told.close();
        let said: Vec<&str> = told.findings.iter().map(|f| f.message.en.as_str()).collect();
        assert_eq!(said.len(), 2);
        assert!(said[0].starts_with("3 times in 2 files have no zone") && said[0].contains("Asia/Shanghai"));
        assert!(said[1].contains("-00:00"));
    }

    #[test]
    fn declared_formats_come_first_and_are_said() {
        let config = workspace();
        let mut told = Told::new(ground(&config));
        let formats = ["%d/%m/%Y %H:%M", "%d/%b/%y %I:%M %p", "epoch_ms"].map(str::to_owned);
        for text in ["03/10/2026 08:00", "3/Oct/26 8:00 AM", "1790985600000", "2026-10-03 08:00"] {
            let at = told.time_by(text, &formats, &Place::line("a", 1)).unwrap().unwrap();
            assert_eq!(config.site.zone.local(at), "2026-10-03 08:00", "{text}");
        }
        told.close();
        assert_eq!(told.findings.iter().filter(|f| f.message.en.contains("declares")).count(), 3);
    }
}
