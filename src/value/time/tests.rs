//! Times and dates: what is read, what is not, and that a printed one reads back.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::{Times, date, fixed, free, time};
use crate::calendar::{Instant, Zone};

static SHANGHAI: LazyLock<Zone> = LazyLock::new(|| Zone::named("Asia/Shanghai").unwrap());
static NEW_YORK: LazyLock<Zone> = LazyLock::new(|| Zone::named("America/New_York").unwrap());

/// The instant of 2026-10-03 08:00 in Shanghai.
const EIGHT: i64 = 1_790_985_600;

#[test]
fn every_form_of_a_time() {
    for (text, at) in [
        ("2026-10-03 08:00", EIGHT),
        ("2026-10-03T08:00", EIGHT),
        ("2026-10-03 08:00:07", EIGHT + 7),
        ("2026-10-03T08:00:07.999999", EIGHT + 7),
        ("2026-10-03T00:00:00Z", EIGHT),
        ("2026-10-03t00:00:00.123456789z", EIGHT),
        ("2026-10-03 08:00:00+08:00", EIGHT),
        ("2026-10-02T18:30:00-05:30", EIGHT),
        ("2026-10-03T00:00:00-00:00", EIGHT),
        ("2026/10/3 8:00", EIGHT),
        ("2026/10/03T08:00:01.5", EIGHT + 1),
        ("2026年10月3日 8时0分", EIGHT),
        ("2026年10月03日8时00分7秒", EIGHT + 7),
        ("2026年10月3日 8:00", EIGHT),
        ("2026年10月3日08:00:07", EIGHT + 7),
        ("２０２６-１０-０３ ０８:００", EIGHT),
        ("2026-10-02 24:00", EIGHT - 8 * 3600),
        ("2026/10/2 24:00:00.5", EIGHT - 8 * 3600),
        ("2026-10-02T24:00:00Z", EIGHT),
    ] {
        let read = time(text.as_bytes(), &SHANGHAI, None).unwrap_or_else(|wrong| panic!("{text}: {}", wrong.why.en));
        assert_eq!((read.at, read.twice), (Instant(at), false), "{text}");
    }
}

/// Each form of vocabulary.md, section 4, that means one instant; in the order of that list.
#[test]
fn every_form_that_tools_and_people_write_is_read_where_it_means_one_instant() {
    for text in [
        "2026-10-03T00:00:00.1234567Z",
        "2026-10-03T08:00:00+0800",
        "2026-10-03 08:00:00 +0800",
        "2026-10-03 08:00:00 +08:00",
        "2026-10-02 18:00:00 -0600",
        "2026-10-03T8:00:00+08:00",
        "2026-10-3 08:00:00 +0800",
        "2026-10-3 8:00",
        "2026-10-03 8:00",
        "2026-10-03 00:00Z",
        "2026-10-03 00:00 UTC",
        "2026-10-03T08:00:00.123456",
        "Sat, 2026-10-03 08:00:00",
        "Sat, 03 Oct 2026 08:00:00 +0800",
        "2026/10/3 8:00+08:00",
        "Oct 3, 2026 00:00:00 UTC",
        "October 3, 2026 8:00 AM",
        "Oct 03, 2026 08:00 AM",
        "03 Oct 2026 08:00AM GMT+0800",
        "02 Oct 2026 07:00PM GMT-0500",
        "3-Oct-2026 08:00:00",
        "03/Oct/2026 8:00 am",
        "2026-10-03  08:00:00",
        "2026-10-03 08:00:00,149",
        "Oct 3 08:00:00 2026",
        "Sat Oct  3 08:00:00 2026",
        "2026_10_03 08:00:00",
        "20261003:080000.101",
        "20261003T080000",
        "20261003-0800",
        "20261003T000000Z",
        "Sat Oct 03 2026 00:00:00 GMT+0000 (Coordinated Universal Time)",
        "2026.10.3 8:00",
        "2026 年 10 月 3 日 8:00",
        "2026年10月3日  8点00分",
        "2026年10月3日上午8时0分",
        "2026年10月3日 上午 8:00",
        "2026年10月3日（星期六）8:00",
        "2026年10月3日 周六 08:00",
        "２０２６－１０－０３ ０８：００",
        "2026-10-03 ０８：００",
    ] {
        let read = time(text.as_bytes(), &SHANGHAI, None).unwrap_or_else(|wrong| panic!("{text}: {}", wrong.why.en));
        assert_eq!((read.at, read.twice), (Instant(EIGHT), false), "{text}");
    }
    for (text, hours) in [
        ("2026年10月3日凌晨2时5分", -6),
        ("2026年10月3日中午12:05", 4),
        ("2026年10月3日中午1点5分", 5),
        ("2026年10月3日下午3时5分", 7),
        ("2026年10月3日下午15:05", 7),
        ("2026年10月3日晚上8:05", 12),
        ("2026年10月3日晚20:05", 12),
        ("Oct 3, 2026 12:05 PM", 4),
        ("Oct 3, 2026 12:05 AM", -8),
    ] {
        let read = time(text.as_bytes(), &SHANGHAI, None).unwrap_or_else(|wrong| panic!("{text}: {}", wrong.why.en));
        assert_eq!(read.at, Instant(EIGHT + hours * 3600 + 300), "{text}");
    }
}

#[test]
fn what_is_no_time_or_may_be_several_is_not_read() {
    for text in [
        "",
        "2026-10-03",
        "2026-10-03t08:00:00.",
        "2026-10-03T08:00:00.",
        "2026-10-03T08:00:00+24:00",
        "2026-10-03T08:00:00+08:60",
        "2026年10月3日 8时",
        "2026-10-03 23:59:60",
        "2026-10-03 24:00:01",
        "2026-10-03 08:60",
        "2026-02-30 08:00",
        "0000-01-01 00:00",
        "2026-10-03 08:00 x",
        "2026-1é-03 08:00",
        // Two digits of a year, no year, no date.
        "03/Oct/26 9:06 AM",
        "24-Oct 08:06",
        "Oct 30 05:15:44",
        "10月3日上午10时30分",
        "14:24.3",
        "10:00",
        // A zone that several places have.
        "Oct 3, 2026 08:00:00 MST",
        "2026-10-03 08:00 PDT",
        // A span.
        "2026年10月3日12:30-17:00",
        "2026-10-03 08:00-10:00",
        "2026-10-03 08:00:00-10:00:00",
        "October 3-12, 2026",
        "2026/27-10-03 08:00",
        // Midnight before or after.
        "2026年10月3日晚上12:00",
        "2026年10月3日凌晨",
        "2026年10月3日上午15:00",
        "2026-10-03 13:00 PM",
        "2026-10-03 0:00 AM",
        // Damaged.
        "19-5月019 00:14",
        "20261003-080000F",
        // Another day of the week.
        "Fri, 2026-10-03 08:00:00",
        "2026年10月3日（星期一）8:00",
        "01/02/2026 08:00",
    ] {
        assert!(time(text.as_bytes(), &SHANGHAI, None).is_err(), "{text}");
    }
}

#[test]
fn the_order_of_dates_is_told_or_plain() {
    use super::{DateOrder, has_two_readings};
    let read = |text: &str, order: Option<DateOrder>| {
        date(text.as_bytes(), &SHANGHAI, order).map_or_else(|wrong| wrong.why.en, |day| day.to_string())
    };
    let [dmy, mdy, ymd] = DateOrder::NAMES.map(DateOrder::of_name);
    for text in ["25/12/2026", "12/25/2026", "25-12-2026", "25.12.2026", "25/12/2026 10:00"] {
        assert_eq!(read(text, None), "2026-12-25", "{text}");
        assert!(!has_two_readings(text.as_bytes()), "{text}");
    }
    assert_eq!(read("03/03/2026", None), "2026-03-03");
    for text in ["01/02/2026", "1-2-2026", "01.02.2026", "01/02/2026 10:00"] {
        assert!(read(text, None).contains("two ways"), "{text}");
        assert!(has_two_readings(text.as_bytes()), "{text}");
        assert_eq!(read(text, dmy), "2026-02-01", "{text}");
        assert_eq!(read(text, mdy), "2026-01-02", "{text}");
        assert!(read(text, ymd).contains("does not stand first"), "{text}");
    }
    assert_eq!(read("12/25/2026", dmy), "\"12/25/2026\" is no day when read by date_order = \"dmy\"");
    assert_eq!(read("25/12/2026", mdy), "\"25/12/2026\" is no day when read by date_order = \"mdy\"");
    assert!(read("03/10/26", None).contains("two digits"));
    assert_eq!(read("03/10/26", dmy), "2026-10-03");
    assert_eq!(read("10/03/26", mdy), "2026-10-03");
    assert_eq!(read("26-10-3", ymd), "2026-10-03");
    for order in [None, dmy, mdy, ymd] {
        assert_eq!(read("2026-10-03", order), "2026-10-03");
        assert_eq!(read("2026/10/3 8:00", order), "2026-10-03");
    }
    let at = |text: &str| time(text.as_bytes(), &SHANGHAI, dmy).unwrap().at;
    assert_eq!(at("03/10/2026 08:00"), Instant(EIGHT));
    assert_eq!(at("03/10/2026 8:00:07 AM"), Instant(EIGHT + 7));
}

#[test]
fn the_first_seconds_of_two_epochs_stand_for_no_time() {
    use super::stands_for_none;
    for text in ["0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000+00:00"] {
        assert!(stands_for_none(text.as_bytes()), "{text}");
    }
    for text in ["1970-01-01T00:00:01Z", "1970-01-01 00:00:00", "1971-01-01T00:00:00Z", "0001-01-01"] {
        assert!(!stands_for_none(text.as_bytes()), "{text}");
    }
}

#[test]
fn dates_and_the_dates_of_times() {
    for text in [
        "2026-10-03",
        "2026/10/3",
        "2026年10月3日",
        "2026-10-02T16:00:00Z",
        "2026-10-02 24:00",
        "２０２６年１０月３日",
        "2026-10-3",
        "Oct 3, 2026",
        "3 October 2026",
        "2026.10.03",
    ] {
        assert_eq!(date(text.as_bytes(), &SHANGHAI, None).unwrap().to_string(), "2026-10-03", "{text}");
    }
    for text in ["2026-02-29", "2026/13/1", "20261003", "2026年10月", "2026-10", "10-03"] {
        assert!(date(text.as_bytes(), &SHANGHAI, None).is_err(), "{text}");
    }
    assert_eq!(date(b"2024-02-29", &SHANGHAI, None).unwrap().ymd(), (2024, 2, 29));
}

#[test]
fn clocks_that_are_changed() {
    let berlin = Zone::named("Europe/Berlin").unwrap();
    let twice = time(b"2026-10-25 02:30", &berlin, None).unwrap();
    assert!(twice.twice);
    assert_eq!(berlin.rfc3339(twice.at), "2026-10-25T02:30:00+02:00");
    let later = time(b"2026-10-25T02:30:00+01:00", &berlin, None).unwrap();
    assert_eq!((later.at.0 - twice.at.0, later.twice), (3600, false));
    assert!(time(b"2026-03-29 02:30", &berlin, None).unwrap_err().why.en.contains("does not occur"));
    assert!(date(b"2026-03-29 02:30", &berlin, None).is_err());
    assert!(date(b"2026-03-29", &berlin, None).is_ok());
}

fn near_forms() -> impl Strategy<Value = String> {
    let year = prop_oneof!["20[0-9]{2}", "[0-9]{4}", "[0-9]{3}"];
    let two = || prop_oneof![4 => "[0-2][0-9]", 1 => "[0-9]", 1 => "[0-9]{2}", 1 => "[０-９]{2}"];
    let tail =
        prop_oneof!["", "Z", "z", "[+-][0-9]{2}:[0-9]{2}", "\\.[0-9]{0,9}", "\\.[0-9]{1,3}Z", "[ -~年月日：]{0,3}"];
    (year, "[-/年]", two(), "[-/月]", two(), "|日", ("[ Tt]|", two(), "[:时：]", two(), ":|分|", two(), tail))
        .prop_map(|(y, a, m, b, d, c, (t, h, e, n, f, s, tail))| format!("{y}{a}{m}{b}{d}{c}{t}{h}{e}{n}{f}{s}{tail}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn the_two_readers_agree(text in near_forms()) {
        if let Some(read) = fixed(text.as_bytes()) {
            prop_assert_eq!(free(text.as_bytes()), Some(read));
        } else if text.is_ascii() && text.as_bytes().get(4) == Some(&b'-') {
            prop_assert_eq!(free(text.as_bytes()), None);
        }
    }

    #[test]
    fn times_read_one_after_another_are_read_as_each_alone(
        texts in proptest::collection::vec(
            prop_oneof![
                4 => "2026-(03-29|10-0[12])[T ](0[0-9]|2[0-5]):[0-6]0:0[0-9](\\+08:00|-05:00|\\+24:00|\\.12345|Z|)",
                1 => near_forms(),
            ],
            1..12,
        ),
    ) {
        for zone in [&*SHANGHAI, &*NEW_YORK] {
            let mut times = Times::new(zone, None);
            for text in &texts {
                prop_assert_eq!(times.read(text.as_bytes()).ok(), time(text.as_bytes(), zone, None).ok(), "{}", text);
            }
        }
    }

    #[test]
    fn a_printed_time_reads_back(at in 0_i64..4_000_000_000) {
        for zone in [&*SHANGHAI, &*NEW_YORK] {
            let (instant, day) = (Instant(at), zone.date(Instant(at)));
            prop_assert_eq!(time(zone.rfc3339(instant).as_bytes(), zone, None).unwrap().at, instant);
            let local = time(zone.local(instant).as_bytes(), zone, None).unwrap();
            prop_assert!(local.at == instant || local.twice);
            prop_assert_eq!(date(day.to_string().as_bytes(), zone, None).unwrap(), day);
        }
    }

    #[test]
    fn whatever_is_refused_is_refused_with_a_sentence(text in prop_oneof![near_forms(), "\\PC{0,24}", "[0-9/:. -]{0,20}"]) {
        if let Err(wrong) = time(text.as_bytes(), &SHANGHAI, None) {
            prop_assert!(!wrong.why.zh.is_empty() && !wrong.why.en.is_empty());
        }
        if let Err(wrong) = date(text.as_bytes(), &SHANGHAI, None) {
            prop_assert!(!wrong.why.zh.is_empty() && !wrong.why.en.is_empty());
        }
    }
}
