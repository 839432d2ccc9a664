//! How messages say a run of periods, a length of time, and what is wrong with a field.

use crate::calendar::{DAY, Day, Period, Unit};
use crate::say;
use crate::say::Said;
use crate::standard::Grain;

/// One period by its name, several from the first to the last: `2026-03-07 至 2026-03-08（2 天）`.
pub(super) fn when(grain: Grain, (first, last): (Day, Day), count: u32, shift: Option<&str>) -> Said {
    let unit = match grain {
        Grain::Every(unit) => unit,
        Grain::Shift => {
            return match (count, shift) {
                (1, Some(shift)) => say!("{first} {shift}", "{first}, shift {shift}"),
                _ if first == last => say!("{first}（{count} 班）", "{first} ({count} shifts)"),
                _ => say!("{first} 至 {last}（{count} 班）", "{first} to {last} ({count} shifts)"),
            };
        }
    };
    let title = |day: Day| Period::of(unit, day).title(unit);
    if count == 1 {
        return title(first);
    }
    let (zh, en) = match unit {
        Unit::Day => ("天", "days"),
        Unit::Week => ("周", "weeks"),
        Unit::Month => ("个月", "months"),
        Unit::Quarter => ("个季度", "quarters"),
        Unit::Half => ("个半年", "half-years"),
        Unit::Year => ("年", "years"),
    };
    if matches!(unit, Unit::Day | Unit::Week) {
        // The first and the last day say more than two names of weeks.
        return say!("{first} 至 {last}（{count} {zh}）", "{first} to {last} ({count} {en})");
    }
    let (Said { zh: from_zh, en: from_en }, Said { zh: to_zh, en: to_en }) = (title(first), title(last));
    say!("{from_zh}至 {to_zh}（{count} {zh}）", "{from_en} to {to_en} ({count} {en})")
}

/// A length of time to the second: `1 天 3 小时`, `43 分钟 12 秒`.
pub(super) fn length(seconds: i64) -> Said {
    let units = [(DAY, "天", "d"), (3600, "小时", "h"), (60, "分钟", "min"), (1, "秒", "s")];
    let mut rest = seconds.max(0);
    let (mut all_zh, mut all_en) = (Vec::new(), Vec::new());
    for (size, zh, en) in units {
        let n = rest / size;
        rest %= size;
        if n > 0 || (size == 1 && all_zh.is_empty()) {
            all_zh.push(format!("{n} {zh}"));
            all_en.push(format!("{n} {en}"));
        }
    }
    Said::new(all_zh.join(" "), all_en.join(" "))
}

/// Several clauses as one: `缺少验证人；…`, `…; …`.
pub(super) fn joined(parts: &[Said]) -> Said {
    if let [one] = parts {
        return one.clone();
    }
    let zh: Vec<&str> = parts.iter().map(|p| p.zh.as_str()).collect();
    let en: Vec<&str> = parts.iter().map(|p| p.en.as_str()).collect();
    Said::new(zh.join("；"), en.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse_iso(text).unwrap()
    }

    #[test]
    fn runs_of_periods_are_told_by_name_and_number() {
        let told =
            |unit, first: &str, last: &str, count| when(Grain::Every(unit), (day(first), day(last)), count, None);
        assert_eq!(told(Unit::Day, "2026-03-07", "2026-03-07", 1), Said::same("2026-03-07"));
        assert_eq!(
            told(Unit::Day, "2026-03-07", "2026-03-08", 2),
            Said::new("2026-03-07 至 2026-03-08（2 天）", "2026-03-07 to 2026-03-08 (2 days)")
        );
        assert_eq!(
            told(Unit::Week, "2026-03-02", "2026-03-08", 1),
            Said::new("2026-03-02 至 2026-03-08 这一周", "the week from 2026-03-02 to 2026-03-08")
        );
        assert_eq!(told(Unit::Week, "2026-03-02", "2026-03-15", 2).en, "2026-03-02 to 2026-03-15 (2 weeks)");
        assert_eq!(
            told(Unit::Month, "2026-03-01", "2026-04-30", 2),
            Said::new("2026 年 3 月至 2026 年 4 月（2 个月）", "March 2026 to April 2026 (2 months)")
        );
        assert_eq!(told(Unit::Half, "2026-07-01", "2026-12-31", 1).zh, "2026 年下半年");
    }

    #[test]
    fn shifts_are_told_by_name_or_number() {
        let told = |first: &str, last: &str, count| when(Grain::Shift, (day(first), day(last)), count, Some("夜班")).zh;
        assert_eq!(told("2026-07-18", "2026-07-18", 1), "2026-07-18 夜班");
        assert_eq!(told("2026-07-18", "2026-07-18", 2), "2026-07-18（2 班）");
        assert_eq!(told("2026-07-18", "2026-07-20", 7), "2026-07-18 至 2026-07-20（7 班）");
    }

    #[test]
    fn lengths_are_told_to_the_second() {
        let told = |seconds| length(seconds).zh;
        assert_eq!((told(0), told(59)), ("0 秒".to_owned(), "59 秒".to_owned()));
        assert_eq!(told(13_392), "3 小时 43 分钟 12 秒");
        assert_eq!(length(90_000), Said::new("1 天 1 小时", "1 d 1 h"));
    }
}
