//! Bags and samples without outside tools; the databases have tests of their own.

use super::bagit;
use crate::calendar::{Day, Period, Unit};
use crate::page::Book;
use crate::pipeline::{self, When};
use crate::source::Sources;

const CONFIG: &str =
    "[site]\ntitle = \"t\"\ntimezone = \"Asia/Shanghai\"\n[[system]]\nid = \"a\"\nin_service = 2026-02-03\n";

fn with<T>(files: Vec<(String, String)>, as_of: &str, then: impl FnOnce(&Book<'_>) -> T) -> T {
    let all = files.into_iter().chain([("wellkept.toml".to_owned(), CONFIG.to_owned())]);
    let sources = Sources::of_memory(all.map(|(path, text)| (path, text.into_bytes())));
    let judged = pipeline::judge(&sources, &When::Said(as_of.to_owned())).unwrap();
    then(&pipeline::book(&sources, &judged, "b".to_owned()))
}

#[test]
fn a_bag_has_the_files_as_they_are_the_standard_and_two_lists() {
    let record = ("records/backup/一月.csv".to_owned(), "id\r\n".to_owned());
    let (tree, again) =
        (with(vec![record.clone()], "2026-03-01", bagit::bag), with(vec![record], "2026-03-01", bagit::bag));
    let tree = tree.unwrap();
    assert_eq!(tree, again.unwrap());
    assert_eq!(tree.get("data/records/backup/一月.csv"), Some(&b"id\r\n"[..]));
    assert!(tree.get("data/standards/oa-maintenance/standard.toml").is_some());
    let text = |path: &str| String::from_utf8(tree.get(path).unwrap().to_vec()).unwrap();
    let payload: Vec<&str> = tree.iter().map(|(path, _)| path).filter(|path| path.starts_with("data/")).collect();
    let listed = text("manifest-sha256.txt");
    assert_eq!(listed.lines().map(|line| &line[66..]).collect::<Vec<_>>(), payload);
    assert!(listed.lines().all(|line| &line[64..66] == "  "));
    let octets: usize = payload.iter().map(|path| tree.get(path).unwrap().len()).sum();
    assert!(text("bag-info.txt").contains(&format!("Payload-Oxum: {octets}.{}\n", payload.len())));
    assert!(text("bag-info.txt").contains("Bagging-Date: 2026-03-01\n"));
    let tags: Vec<String> = text("tagmanifest-sha256.txt").lines().map(|line| line[66..].to_owned()).collect();
    assert_eq!(tags, ["bag-info.txt", "bagit.txt", "manifest-sha256.txt"]);
}

#[test]
fn a_name_that_validators_read_differently_is_refused() {
    let odd = ("content/100%.md".to_owned(), "# x\n".to_owned());
    let said = with(vec![odd], "2026-03-01", bagit::bag).unwrap_err().0;
    assert!(said.en.contains("content/100%.md") && said.zh.contains("改名"), "{}", said.en);
}

#[test]
fn a_sample_does_not_depend_on_the_order_of_rows_or_files() {
    let row = |n: u32| format!("B{n:02},a,2026-03-{n:02} 02:00,full,success\n");
    let header = "id,system,started_at,type,result\n";
    let forward: String = (1..=20).map(row).collect();
    let (even, odd): (Vec<u32>, Vec<u32>) = (1..=20).rev().partition(|n| n % 2 == 0);
    let part = |name: &str, of: Vec<u32>| {
        (format!("records/backup/{name}.csv"), header.to_owned() + &of.into_iter().map(row).collect::<String>())
    };
    let draw = |files| {
        with(files, "2026-04-01", |book| {
            let kind = book.standard.kind("backup").unwrap();
            let march = Period::of(Unit::Month, Day::from_ymd(2026, 3, 1).unwrap());
            let sample = super::sample::draw(book, kind, march, "骰子 6 2 5", 7).unwrap();
            (
                sample.population,
                sample.digest,
                sample.drawn.into_iter().map(|m| (m.id, m.digest, m.key)).collect::<Vec<_>>(),
            )
        })
    };
    let one = draw(vec![("records/backup/a.csv".to_owned(), header.to_owned() + &forward)]);
    assert_eq!(draw(vec![part("a", even), part("b", odd)]), one);
    assert_eq!((one.0, one.2.len()), (20, 7));
    assert!(one.2.windows(2).all(|pair| pair[0].2 < pair[1].2));
    // printf '%s' '骰子 6 2 5:B01' | sha256sum
    let digest = crate::seal::canon::digest(&format!("骰子 6 2 5:{}", one.2[0].0));
    assert_eq!(one.2[0].2, digest);
}
