//! A new archive is green on whatever day it is made.

use super::*;
use crate::finding::Severity;
use crate::pipeline::{self, When};
use crate::source::Sources;

fn sources(lang: Lang, with: With, now: Instant) -> Sources {
    // Names that begin so are not listed.
    let listed = |path: &str| !path.split('/').any(|part| part.starts_with(['.', '_']));
    let files = files(lang, with, now).into_iter().filter(|(path, _)| listed(path));
    Sources::of_memory(files.map(|(path, text)| (path, text.into_bytes())))
}

#[test]
fn it_is_green_on_whatever_day_it_is_made() {
    // Days of all months and weeks, at hours before, between and after what happens at night and by day.
    for (n, lang) in (0..28).zip(Lang::ALL.into_iter().cycle()) {
        let day = Day::from_ymd(2026, 1, 1).unwrap().plus(n * 29 % 400);
        let now = zone(lang).start(day).plus(i64::from(n % 6) * 4 * 3600 + 1800);
        for with in [With::Nothing, With::Demo] {
            let judged = pipeline::judge(&sources(lang, with, now), &When::At(now))
                .unwrap_or_else(|stop| panic!("{day}: {stop:?}"));
            let found: Vec<String> = judged
                .findings
                .iter()
                .filter(|f| f.severity != Severity::Info)
                .map(|f| format!("{} {} {:?}", f.rule, f.message.en, f.place))
                .collect();
            assert!(found.is_empty(), "{day} {lang} {with:?}\n{}", found.join("\n"));
        }
    }
}

#[test]
fn the_same_instant_gives_the_same_bytes_and_tables_are_in_canonical_form() {
    let now = Instant(1_796_054_400);
    let made = files(Lang::Zh, With::Demo, now);
    assert_eq!(made, files(Lang::Zh, With::Demo, now));
    let sources = sources(Lang::Zh, With::Demo, now);
    let config = pipeline::configuration(&sources).unwrap();
    let standard = crate::standard::Standard::load(&sources, &config).unwrap();
    let (ledger, loaded) = crate::load::load(&sources, &standard, &config, now).unwrap();
    let order = crate::fmt::Order {
        sources: &sources,
        config: &config,
        standard: &standard,
        ledger: &ledger,
        loaded: &loaded,
        as_of: now,
        sealed: &std::collections::BTreeSet::new(),
        paths: &[],
        scope: crate::fmt::Scope::Form,
    };
    let plan = crate::fmt::plan(&order).unwrap();
    let odd: Vec<String> = plan.changed.iter().map(|c| format!("{} {:?}", c.path, c.what)).collect();
    assert!(odd.is_empty() && plan.left.is_empty(), "{odd:?} {:?}", plan.left);
    assert!(plan.same > 20);
    for kind in standard.kinds.iter().filter(|kind| !kind.pages && kind.name != "waiver" && kind.name != "evaluation") {
        let at = standard.kind(&kind.name).unwrap();
        assert!(!ledger.tables[at].is_empty(), "no {} in the sample", kind.name);
    }
}
