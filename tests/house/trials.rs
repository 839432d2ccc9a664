//! Whatever bytes come in: the corpus of the fuzz targets replayed, and the same promises held against texts made up here.

use std::fs;

use proptest::prelude::*;

use crate::repository::{files, root};

#[path = "../../fuzz/src/lib.rs"]
mod readers;

/// A reader's promise, held against any bytes.
type Trial = fn(&[u8]);

const TRIALS: [(&str, Trial); 5] = [
    ("table", readers::table),
    ("front", readers::front),
    ("markdown", readers::markdown),
    ("config", readers::config),
    ("values", readers::values),
];

#[test]
fn what_the_fuzzers_began_with_and_found_keeps_every_promise() {
    for (name, trial) in TRIALS {
        let corpus = files(&format!("fuzz/corpus/{name}"));
        assert!(corpus.len() >= 6, "{name}: {} files", corpus.len());
        for path in corpus {
            let bytes = fs::read(root().join(&path)).unwrap();
            // Whole, and cut short at each third of it, as a file is that was not copied to its end.
            for part in [bytes.len(), bytes.len() * 2 / 3, bytes.len() / 3] {
                println!("{path} {part}");
                trial(&bytes[..part]);
            }
        }
    }
}

#[test]
fn each_target_has_its_trial_and_its_corpus() {
    let names = |folder: &str, at: usize| -> std::collections::BTreeSet<String> {
        let name = |path: String| path.split('/').nth(at).map(|n| n.trim_end_matches(".rs").to_owned());
        files(folder).into_iter().filter_map(name).collect()
    };
    let trials = TRIALS.map(|(name, _)| name.to_owned()).into();
    assert_eq!(names("fuzz/fuzz_targets", 2), trials);
    assert_eq!(names("fuzz/corpus", 2), trials);
}

/// Texts near those that a table holds.
fn table() -> impl Strategy<Value = Vec<u8>> {
    let cell = prop_oneof![
        8 => "BK-[0-9]{1,3}|oa|2026-10-0[1-9] 01:00|full|success|完成|",
        3 => "\"(a|,|\n|\r\n|\"\"|第二行){0,4}\"",
        2 => "\\PC{0,12}",
        1 => "x\"|\"open|\"a\"b|\r|,|\u{85}|,,,,,|#REF!|=1|<<<<<<< a|\u{0}|\u{202e}|01/02/2026 08:00",
    ];
    let line = proptest::collection::vec(cell, 1..8).prop_map(|cells| cells.join(","));
    let lines = proptest::collection::vec((line, "\n|\r\n|\r|\r\r\n"), 0..12);
    let header = "id,system,started_at,type,result,notes\n|编号;系统;开始时间;备份类型;结果\n|标题\n|";
    (header, lines).prop_map(|(header, lines)| {
        let lines: String = lines.into_iter().map(|(line, end)| line + &end).collect();
        (header + &lines).into_bytes()
    })
}

fn front() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        4 => "[a-z]{1,3}: [a-z0-9 :#'\"\\[\\],{}&*!|>中-]{0,12}",
        1 => "- [a-z: ]{0,6}|  [a-z: ]{0,6}|\\PC{0,10}",
    ];
    (prop_oneof!["---", "\\+\\+\\+", "\u{feff}---"], proptest::collection::vec(line, 0..8), "---|\\+\\+\\+|")
        .prop_map(|(open, lines, close)| format!("{open}\n{}\n{close}\n正文\n", lines.join("\n")))
}

fn markdown() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        "[#>*_~`|\\[\\](){}!<=\n -]{1,6}",
        "[a-z中。“”]{1,4}",
        "<[a-z]{1,6} on[a-z]{1,4}=[a-z\"']{0,4}>|</?script>|<!--|-->|&colon;|&#x6a;",
        "\\]\\((javascript|data|vbscript|//|https?)[:;/]{0,2}[a-z]{0,4}\\)|\\[\\[[a-z]{1,4}:[a-z]{0,3}\\]\\]",
    ];
    proptest::collection::vec(part, 0..30).prop_map(|parts| parts.concat())
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        "[0-9]{1,4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,4}日?[ T,]?[0-9]{0,2}[:时]?[0-9]{0,2}(:[0-9]{2})?(Z|[+-][0-9]{2}:?[0-9]{2})?",
        "((Mon|Sat), )?(Jan|Oct|May) [0-9]{1,2},? ([0-9]{4}|[0-9]{2}:[0-9]{2}) ?(AM|PM|[0-9]{4})?",
        "[0-9]{8}[T: -][0-9]{4,6}",
        "-?[0-9]{0,20}[.,]?[0-9]{0,8} ?(|%|s|m|h|GiB|MB|KB|B)",
        "P?T?([0-9]{1,3}[smhd]){0,3}|[0-9]{1,3}:[0-9]{2}(:[0-9]{2})?",
        "\\PC{0,16}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_table_is_accounted_for(bytes in prop_oneof![4 => table(), 1 => proptest::collection::vec(any::<u8>(), 0..200)]) {
        readers::table(&bytes);
    }

    #[test]
    fn any_front_matter_has_its_places(text in front()) {
        readers::front(text.as_bytes());
    }

    #[test]
    fn any_markdown_is_inert(text in markdown()) {
        readers::markdown(text.as_bytes());
    }

    #[test]
    fn any_configuration_is_read_or_refused(text in "(\\[{1,2}[a-z.]{1,12}\\]{1,2}\n|[a-z_]{1,8} = [\"a-z0-9\\[\\]{}.-]{0,8}\n){0,8}") {
        readers::config(text.as_bytes());
    }

    #[test]
    fn any_value_reads_back_or_is_refused_with_a_sentence(text in value()) {
        readers::values(text.as_bytes());
    }
}
