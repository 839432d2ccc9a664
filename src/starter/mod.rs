//! What a new archive begins with: settings, folders, a first runbook, files for the CI, and if wanted three months of
//! sample records. All of it is text made from the day it is made for: nothing here touches the disk or a clock.

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};

use crate::calendar::{Day, Instant, Period, Unit, Zone};
use crate::say::Lang;

mod demo;
mod lines;
mod rare;
mod sheet;
#[cfg(test)]
mod tests;
mod texts;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/starter/files");

/// What an archive begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum With {
    /// No records: the system is in service from tomorrow on.
    Nothing,
    /// Records of two systems for three whole months and the one that is running.
    Demo,
}

/// The zone that the settings of a new archive name.
pub fn zone(lang: Lang) -> Zone {
    let name = match lang {
        Lang::Zh => "Asia/Shanghai",
        Lang::En => "UTC",
    };
    Zone::named(name).unwrap_or_default()
}

/// The files of a new archive, by their path.
pub fn files(lang: Lang, with: With, now: Instant) -> BTreeMap<String, String> {
    let zone = zone(lang);
    let today = zone.date(now);
    let since = match with {
        // The first whole day in service.
        With::Nothing => today.plus(1),
        With::Demo => Period::of(Unit::Month, today).first.add_months(-3),
    };
    let mut out = BTreeMap::new();
    for folder in ["common", lang.tag()] {
        if let Some(dir) = FILES.get_dir(folder) {
            gather(dir, folder, &mut out);
        }
    }
    let more = if with == With::Demo { demo::system(lang, since) } else { String::new() };
    for text in out.values_mut() {
        *text = filled(text, since, today, &more);
    }
    if with == With::Demo {
        out.extend(demo::records(lang, &zone, since, now));
    }
    out
}

fn gather(dir: &Dir<'_>, folder: &str, out: &mut BTreeMap<String, String>) {
    for file in dir.files() {
        let below = file.path().strip_prefix(folder).ok().and_then(std::path::Path::to_str);
        if let (Some(path), Some(text)) = (below, file.contents_utf8()) {
            out.insert(path.to_owned(), text.to_owned());
        }
    }
    dir.dirs().for_each(|inner| gather(inner, folder, out));
}

fn filled(text: &str, since: Day, today: Day, more: &str) -> String {
    let (since, today) = (since.to_string(), today.to_string());
    text.replace("{since}", &since).replace("{today}", &today).replace("{more}", more)
}
