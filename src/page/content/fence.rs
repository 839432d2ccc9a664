//! What the words after a fence ask for: a table of records, or a chart.
//!
//! - `records kind=backup system=oa month=2026-10 fields=started_at,result`
//! - `chart availability system=oa`

use std::ops::Range;

use crate::calendar::{Period, Unit};
use crate::config::Config;
use crate::doc::offer;
use crate::markdown::Block;
use crate::page::charts::named;
use crate::say;
use crate::say::Said;
use crate::standard::Standard;

/// What is drawn in the place of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// A table of records.
    Records {
        /// The kind, as a position in the standard.
        kind: usize,
        /// The system, as a position in the configuration.
        system: Option<usize>,
        /// The days.
        period: Option<Period>,
        /// The fields that are shown, as positions in the kind; none: all that have a value.
        fields: Vec<usize>,
    },
    /// A chart.
    Chart {
        /// Its name, one of [`named::NAMES`].
        name: &'static str,
        /// The system, as a position in the configuration.
        system: Option<usize>,
        /// The month that it ends with.
        month: Option<Period>,
    },
}

/// What is wrong with the words, and with which of them.
pub type Wrong = (Range<usize>, Said, Said);

/// As a page is told of it.
pub fn block(words: &str, config: &Config, standard: &Standard) -> Block {
    match asked(words, config, standard) {
        None => Block::Code,
        Some(Ok(_)) => Block::Drawn,
        Some(Err((at, why, help))) => Block::Wrong { at, why, help },
    }
}

/// Reads the words; none where they ask for nothing of the site.
pub fn asked(words: &str, config: &Config, standard: &Standard) -> Option<Result<Asked, Wrong>> {
    let words = words.trim();
    let mut parts = parts(words).into_iter();
    let (at, first) = parts.next()?;
    let reader = Reader { config, standard };
    match first {
        "records" => Some(reader.records(at..at + first.len(), parts)),
        "chart" => Some(reader.chart(at..at + first.len(), parts)),
        _ => None,
    }
}

/// The words with where they begin.
fn parts(words: &str) -> Vec<(usize, &str)> {
    words.split_whitespace().map(|part| (part.as_ptr() as usize - words.as_ptr() as usize, part)).collect()
}

struct Reader<'a> {
    config: &'a Config,
    standard: &'a Standard,
}

impl Reader<'_> {
    fn records<'w>(&self, fence: Range<usize>, parts: impl Iterator<Item = (usize, &'w str)>) -> Result<Asked, Wrong> {
        let (mut kind, mut system, mut period, mut wanted) = (None, None, None, None);
        for (at, part) in parts {
            let (key, value, place) = pair(at, part);
            match key {
                "kind" => kind = Some(self.kind(value, place)?),
                "system" => system = Some(self.system(value, place)?),
                "month" | "period" => period = Some(days(value, place)?),
                "fields" => wanted = Some((value, place)),
                _ => return Err(unknown(key, at..at + key.len(), &["kind", "system", "month", "period", "fields"])),
            }
        }
        let Some(kind) = kind else {
            let why = say!("没有写记录的种类", "it does not say which kind of records");
            return Err((fence, why, say!("例如 ```records kind=backup", "write such as ```records kind=backup")));
        };
        let fields = wanted.map_or(Ok(Vec::new()), |(value, place)| self.fields(kind, value, &place))?;
        Ok(Asked::Records { kind, system, period, fields })
    }

    fn chart<'w>(
        &self,
        fence: Range<usize>,
        mut parts: impl Iterator<Item = (usize, &'w str)>,
    ) -> Result<Asked, Wrong> {
        let Some((at, written)) = parts.next() else {
            let why = say!("没有写图表的名字", "it does not say which chart");
            return Err((fence, why, offer("", &named::NAMES)));
        };
        let Some(name) = named::NAMES.into_iter().find(|name| *name == written) else {
            let why = say!("没有名为“{written}”的图表", "no chart is named \"{written}\"");
            return Err((at..at + written.len(), why, offer(written, &named::NAMES)));
        };
        let (mut system, mut month) = (None, None);
        for (at, part) in parts {
            let (key, value, place) = pair(at, part);
            match key {
                "system" => system = Some(self.system(value, place)?),
                "month" => month = Some(days(value, place)?),
                _ => return Err(unknown(key, at..at + key.len(), &["system", "month"])),
            }
        }
        if system.is_none() && named::of_system(name) {
            let why = say!("图表 {name} 属于一个系统", "the chart {name} is of one system");
            let id = self.config.systems.first().map_or("oa", |system| system.id.as_str());
            return Err((at..at + name.len(), why, say!("加上 system={id}", "add system={id}")));
        }
        Ok(Asked::Chart { name, system, month })
    }

    fn kind(&self, value: &str, place: Range<usize>) -> Result<usize, Wrong> {
        let kinds: Vec<&str> = self.standard.kinds.iter().filter(|k| !k.pages).map(|k| k.name.as_str()).collect();
        self.standard.kind(value).filter(|at| !self.standard.kinds[*at].pages).ok_or_else(|| {
            let why = say!("没有名为“{value}”的记录种类", "no kind of records is named \"{value}\"");
            (place, why, offer(value, &kinds))
        })
    }

    fn system(&self, value: &str, place: Range<usize>) -> Result<usize, Wrong> {
        let systems = &self.config.systems;
        systems.iter().position(|s| s.id == value || s.name == value).ok_or_else(|| {
            let names: Vec<&str> = systems.iter().flat_map(|s| [s.id.as_str(), s.name.as_str()]).collect();
            let why = say!("没有名为“{value}”的系统", "no system is named \"{value}\"");
            (place, why, offer(value, &names))
        })
    }

    fn fields(&self, kind: usize, value: &str, place: &Range<usize>) -> Result<Vec<usize>, Wrong> {
        let kind = &self.standard.kinds[kind];
        let field = |name: &str| {
            kind.header(name).ok_or_else(|| {
                let names: Vec<&str> = kind.fields.iter().map(|field| field.name.as_str()).collect();
                let of = &kind.name;
                let why = say!("{of} 没有名为“{name}”的字段", "{of} has no field named \"{name}\"");
                (place.clone(), why, offer(name, &names))
            })
        };
        value.split(',').filter(|name| !name.is_empty()).map(field).collect()
    }
}

/// `key=value`, and where the value stands.
fn pair(at: usize, part: &str) -> (&str, &str, Range<usize>) {
    let (key, value) = part.split_once('=').unwrap_or((part, ""));
    let end = at + part.len();
    let from = if value.is_empty() { at } else { end - value.len() };
    (key, value, from..end)
}

fn days(value: &str, place: Range<usize>) -> Result<Period, Wrong> {
    match Period::parse(value) {
        Some((unit, period)) if unit != Unit::Day => Ok(period),
        _ => {
            let why = say!("“{value}”不是月份或期间", "\"{value}\" is no month or period");
            Err((place, why, say!("写 2026-10、2026Q3、2026H1 或 2026", "write 2026-10, 2026Q3, 2026H1 or 2026")))
        }
    }
}

fn unknown(key: &str, place: Range<usize>, keys: &[&str]) -> Wrong {
    (place, say!("不认识的项“{key}”", "\"{key}\" is not known here"), offer(key, keys))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    fn read(words: &str) -> Option<Result<Asked, (String, String)>> {
        let text = "[site]\ntitle = \"x\"\n[[system]]\nid = \"oa\"\nname = \"办公\"\nin_service = 2026-01-01\n";
        let config = Config::read(text.to_owned()).unwrap();
        let standard = Standard::load(&Sources::of_memory([]), &config).unwrap();
        let read = asked(words, &config, &standard)?;
        Some(read.map_err(|(at, _, help)| (words.trim()[at].to_owned(), help.en)))
    }

    #[test]
    fn what_is_asked_for_is_read() {
        assert_eq!(read("sh"), None);
        assert_eq!(read(""), None);
        let Some(Ok(Asked::Records { system, period, fields, .. })) =
            read("records kind=backup system=办公 month=2026-10 fields=result,started_at")
        else {
            panic!()
        };
        assert_eq!((system, fields.len()), (Some(0), 2));
        assert_eq!(period, Period::parse("2026-10").map(|(_, period)| period));
        assert!(matches!(read("chart availability system=oa"), Some(Ok(Asked::Chart { system: Some(0), .. }))));
        assert!(matches!(read("chart faults"), Some(Ok(Asked::Chart { system: None, .. }))));
    }

    #[test]
    fn what_is_not_there_is_told_with_the_nearest_name() {
        let wrong = |words: &str| read(words).unwrap().unwrap_err();
        let said = |at: &str, help: &str| (at.to_owned(), help.to_owned());
        assert_eq!(wrong("records kind=bakup"), said("bakup", "did you mean backup?"));
        assert_eq!(wrong("records kind=backup sytem=oa"), said("sytem", "did you mean system?"));
        assert_eq!(wrong("records kind=backup fields=strated_at"), said("strated_at", "did you mean started_at?"));
        assert_eq!(wrong("chart availabilty system=oa"), said("availabilty", "did you mean availability?"));
        assert_eq!(wrong("chart availability"), said("availability", "add system=oa"));
        assert_eq!(wrong("records"), said("records", "write such as ```records kind=backup"));
        assert!(wrong("records kind=backup system=nobody").1.contains("oa"));
        assert!(wrong("chart faults month=2026-13").1.contains("2026-10"));
    }

    #[test]
    fn every_chart_can_be_asked_for() {
        for name in named::NAMES {
            assert!(matches!(read(&format!("chart {name} system=oa")), Some(Ok(_))), "{name}");
        }
    }
}
