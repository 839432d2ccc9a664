//! The files of an index, read as a browser reads them, hold what was put in.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::words::{fold, number, words};
use super::*;

/// What the files hand over, by name.
fn given(files: &[(String, Vec<u8>)]) -> BTreeMap<String, Vec<serde_json::Value>> {
    let read = |(path, bytes): &(String, Vec<u8>)| {
        let text = std::str::from_utf8(bytes).unwrap();
        assert!(!text.contains(['<', '\u{2028}', '\u{2029}']), "{path}");
        let inner = text.strip_prefix("wellkept(").and_then(|t| t.strip_suffix(")\n")).unwrap();
        let all: Vec<serde_json::Value> = serde_json::from_str(&format!("[{inner}]")).unwrap();
        let name = all[0].as_str().unwrap().to_owned();
        assert_eq!(*path, format!("search/{name}.js"));
        (name, all[1..].to_vec())
    };
    files.iter().map(read).collect()
}

fn listed(code: &str, documents: u32) -> Vec<u32> {
    let mut next = 0;
    let numbers: Vec<u32> = code::numbers(code.trim_start_matches('~'))
        .map(|gap| {
            next += gap + 1;
            next - 1
        })
        .collect();
    if code.starts_with('~') { (0..documents).filter(|n| !numbers.contains(n)).collect() } else { numbers }
}

/// The documents that have a word, and those that have it in the title.
fn found(given: &BTreeMap<String, Vec<serde_json::Value>>, word: &str) -> (Vec<u32>, Vec<u32>) {
    let about = &given["index"][0];
    let shards = about["shards"].as_u64().unwrap();
    let documents = given["index"][1].as_str().unwrap().chars().count();
    let shard = (u64::from(number(word)) * shards) >> 32;
    let lines = given[&format!("w{shard}")][0].as_str().unwrap();
    let head = format!("\n{word} ");
    let Some(at) = lines.find(&head) else { return Default::default() };
    let line = lines[at + head.len()..].split('\n').next().unwrap();
    let (all, titles) = line.split_once(' ').unwrap_or((line, ""));
    let all = listed(all, documents as u32);
    let titles = if titles == "=" { all.clone() } else { listed(titles, documents as u32) };
    (all, titles)
}

/// The values of all documents.
fn documents(given: &BTreeMap<String, Vec<serde_json::Value>>) -> Vec<Vec<String>> {
    let mut out = Vec::new();
    for (at, first) in given["index"][0]["blocks"].as_array().unwrap().iter().enumerate() {
        assert_eq!(first.as_u64().unwrap(), out.len() as u64);
        let [refs, single, shared] = &given[&format!("d{at}")][..] else { panic!("a block has three texts") };
        let mut refs = code::numbers(refs.as_str().unwrap());
        let mut single = single.as_str().unwrap().split('\n');
        let shared: Vec<&str> = shared.as_str().unwrap().split('\n').collect();
        while let Some(n) = refs.next() {
            let mut value = || match refs.next().unwrap() {
                0 => single.next().unwrap().to_owned(),
                place => shared[place as usize - 1].to_owned(),
            };
            out.push((0..n).map(|_| value()).collect());
        }
    }
    out
}

fn entry(n: usize, title: &str, text: &str) -> Entry<'static> {
    Entry {
        address: "records/backup/2026-10.html#".into(),
        date: Some(Day::from_ymd(2026, 10, 31).unwrap()),
        id: format!("BK-{n:05}").into(),
        title: title.to_owned().into(),
        system: Some(n % 3),
        texts: vec![text.to_owned().into(), "success".into()],
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn every_word_leads_to_the_documents_that_have_it(
        texts in proptest::collection::vec(("[备份失]{0,4}", "[异地备份失败 a-c.]{0,12}"), 1..60),
        cut in 1usize..20,
    ) {
        let entries: Vec<Entry<'_>> = texts.iter().enumerate().map(|(n, (title, text))| entry(n, title, text)).collect();
        let batches = entries.chunks(cut).map(|of| Batch::of(of.to_vec(), &[])).collect();
        let group = Group { name: "backup".to_owned(), title: "备份".to_owned(), batches };
        let files = write(&[group], &About::default());
        let given = given(&files);
        let mut expected: BTreeMap<String, (BTreeSet<u32>, BTreeSet<u32>)> = BTreeMap::new();
        for (n, entry) in (0..).zip(&entries) {
            for value in entry.texts.iter().chain([&entry.id, &entry.title]) {
                words(&fold(value), |word| _ = expected.entry(word.to_owned()).or_default().0.insert(n));
            }
            for value in [&entry.id, &entry.title] {
                words(&fold(value), |word| _ = expected.entry(word.to_owned()).or_default().1.insert(n));
            }
        }
        for (word, (all, titles)) in expected {
            let of = found(&given, &word);
            prop_assert_eq!(&of, &(all.into_iter().collect(), titles.into_iter().collect()), "{}", word);
        }
        prop_assert_eq!(found(&given, "不在"), (vec![], vec![]));
        let documents = documents(&given);
        prop_assert_eq!(documents.len(), entries.len());
        for (values, entry) in documents.iter().zip(&entries) {
            prop_assert_eq!(&values[..3], ["records/backup/2026-10.html#", "2026-10-31", &entry.id]);
            let text = entry.texts[0].split_whitespace().collect::<Vec<_>>().join(" ");
            prop_assert!(text.is_empty() || values.contains(&text), "{:?} {}", values, text);
        }
    }
}

/// Records as a large archive has them: mostly a few words out of not very many.
fn archive(records: usize) -> Vec<(String, Vec<u8>)> {
    let notes = ["", "校验通过", "存储空间不足，已清理 30 天前的旧备份后重试", "restore test of 3 files passed", ""];
    let systems =
        [["oa", "办公自动化系统"], ["mail", "邮件系统"], ["hr", "人事系统"]].map(|s| s.map(str::to_owned)).to_vec();
    let record = |n: usize| {
        let note = if n.is_multiple_of(7) { format!("see ticket OPS-{n}") } else { notes[n * n % 5].to_owned() };
        let operator = format!("值班员{}", ["甲", "乙", "丙"][n % 3]);
        Entry { texts: vec![operator.into(), format!("/backup/nas{}", n % 4).into(), note.into()], ..entry(n, "", "") }
    };
    let month = |first: usize| Batch::of((first..records.min(first + 1000)).rev().map(record), &systems);
    let batches = (0..records).step_by(1000).map(month).collect();
    write(
        &[Group { name: "backup".to_owned(), title: "备份".to_owned(), batches }],
        &About { at: String::new(), systems },
    )
}

#[test]
fn an_index_is_small_and_its_shards_are_of_a_size() {
    let records = 20_000;
    let files = archive(records);
    let total: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
    assert!(total <= records * 80, "{} bytes a record", total / records);
    let mut shards: Vec<usize> =
        files.iter().filter(|(path, _)| path.starts_with("search/w")).map(|(_, bytes)| bytes.len()).collect();
    shards.sort_unstable();
    let median = shards[shards.len() / 2];
    assert!(shards.len() > 4 && (10 << 10..40 << 10).contains(&median), "{median} bytes of {}", shards.len());
}

#[test]
fn the_same_documents_give_the_same_files() {
    assert_eq!(archive(3000), archive(3000));
}

#[test]
fn what_is_typed_ends_no_script() {
    let hostile = "</script><script>alert(1)</script>\u{2028}\"\\ \n";
    let batch = Batch::of([entry(0, hostile, hostile)], &[]);
    let group = Group { name: "a<b".to_owned(), title: hostile.to_owned(), batches: vec![batch] };
    let about = About { at: hostile.to_owned(), systems: vec![[hostile.to_owned(), hostile.to_owned()]] };
    let given = given(&write(&[group], &about));
    assert_eq!(documents(&given)[0][3], "</script><script>alert(1)</script> \"\\");
    assert_eq!(given["index"][0]["systems"][0][0], hostile);
    assert_eq!(found(&given, "alert").1, [0]);
}

#[test]
fn months_and_systems_are_told_by_the_number_of_a_document() {
    let on = |month: Option<u32>, system: Option<usize>| Entry {
        date: month.map(|m| Day::from_ymd(2026, m, 1).unwrap()),
        system,
        ..Entry::default()
    };
    let of = |entries: Vec<Entry<'static>>| Batch::of(entries, &[["oa", "办公系统"].map(str::to_owned)]);
    let dated = of(vec![on(Some(10), Some(0)), on(Some(10), None), on(Some(7), Some(40))]);
    let more = of(vec![on(Some(7), Some(1))]);
    let undated = of(vec![on(None, None), on(None, None)]);
    let other = of(vec![on(Some(8), None)]);
    let group = |batches| Group { batches, ..Group::default() };
    let given = given(&write(&[group(vec![dated, more]), group(vec![undated, other])], &About::default()));
    let ranges = serde_json::json!([[1, 0, 4, 6], [0, 2026, 0, 2], [1, 2026, 6, 7], [0, 2026, 2, 4]]);
    assert_eq!(given["index"][0]["ranges"], ranges);
    assert_eq!(given["index"][1], "^]\u{86}_]]]");
    assert_eq!(found(&given, "办公"), (vec![0], vec![]));
}

#[test]
fn an_empty_archive_has_an_index() {
    let given = given(&write(&[], &About::default()));
    assert_eq!(given["index"][1], "");
    assert_eq!(found(&given, "备份"), (vec![], vec![]));
}
