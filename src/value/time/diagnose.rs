//! What is wrong with a text that is no time or no date, as one sentence, and how to write it. Only texts that were
//! refused come here, so that it may look at them as slowly as it likes. It never guesses for the reader: a date that
//! can be read in two ways is shown in both.

use unicode_normalization::UnicodeNormalization;

use super::super::{Wrong, shown};
use super::{Clock, DateOrder, Written, loose, written};
use crate::calendar::{Day, Zone};
use crate::say;
use crate::say::Said;

/// What the field asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Time,
    Date,
}

/// Why a text is no time.
pub(super) fn time(text: &[u8], zone: &Zone, order: Option<DateOrder>) -> Box<Wrong> {
    wrong(text, zone, order, Asked::Time)
}

/// Why a text is no date.
pub(super) fn date(text: &[u8], zone: &Zone, order: Option<DateOrder>) -> Box<Wrong> {
    wrong(text, zone, order, Asked::Date)
}

fn wrong(text: &[u8], zone: &Zone, order: Option<DateOrder>, asked: Asked) -> Box<Wrong> {
    let seen = shown(text);
    if let Some(day) = loose::of_another_weekday(text, order) {
        let why = say!("“{seen}”：{day} 不是这一天（星期不符）", "\"{seen}\": {day} is another day of the week");
        return Wrong::new(why).help(example(asked));
    }
    let folded: String = String::from_utf8_lossy(text).nfkc().collect();
    let groups = groups(&folded);
    if let Some(written) = written(text, order) {
        if let Some(order) = order.filter(|_| written.day().is_none() && groups.first().is_some_and(|g| g.digits < 4)) {
            let name = order.name();
            let why = say!(
                "“{seen}”按 date_order = \"{name}\" 读不是哪一天",
                "\"{seen}\" is no day when read by date_order = \"{name}\""
            );
            return Wrong::new(why).help(example(asked));
        }
        return out_of_range(&seen, written, zone, asked);
    }
    by_order(&seen, &groups, order, asked)
        .or_else(|| by_offset(&seen, &folded))
        .or_else(|| by_shape(&seen, &folded, &groups, asked))
        .unwrap_or_else(|| {
            let why = match asked {
                Asked::Time => say!("“{seen}”不是时间", "\"{seen}\" is no time"),
                Asked::Date => say!("“{seen}”不是日期", "\"{seen}\" is no date"),
            };
            Wrong::new(why).help(example(asked))
        })
}

/// The form is right; a number is not.
fn out_of_range(seen: &str, written: Written, zone: &Zone, asked: Asked) -> Box<Wrong> {
    let Written { y, m, d, clock } = written;
    let Some(day) = written.day() else {
        let why = if y == 0 {
            say!("“{seen}”：没有公元 0 年", "\"{seen}\": there is no year 0")
        } else if !(1..=12).contains(&m) {
            say!("“{seen}”：没有 {m} 月", "\"{seen}\": there is no month {m}")
        } else {
            say!("“{seen}”：{y} 年 {m} 月没有 {d} 日", "\"{seen}\": there is no day {d} in month {m} of {y}")
        };
        return Wrong::new(why).help(example(asked));
    };
    let Some(clock) = clock else {
        return Wrong::new(say!("“{seen}”只有日期，没有时间", "\"{seen}\" is a date without a time"))
            .help(say!("请写 {day} 08:00", "write {day} 08:00"));
    };
    let Clock { h, m, s, offset } = clock;
    let why = if h == 24 && (m, s) != (0, 0) {
        say!(
            "“{seen}”：一天到 24:00 为止，没有 24:{m:02}:{s:02}",
            "\"{seen}\": a day ends at 24:00, there is no 24:{m:02}:{s:02}"
        )
    } else if h > 24 {
        say!("“{seen}”：没有 {h} 时", "\"{seen}\": there is no hour {h}")
    } else if m > 59 {
        say!("“{seen}”：没有第 {m} 分", "\"{seen}\": there is no minute {m}")
    } else if s > 59 {
        say!("“{seen}”：没有第 {s} 秒", "\"{seen}\": there is no second {s}")
    } else if offset.is_some() {
        say!("“{seen}”：没有这样的时差", "\"{seen}\": there is no such offset from UTC")
    } else {
        // What the clock showed, had someone forgotten to set it.
        let forgotten = zone.rfc3339(zone.resolve(day, h * 3600 + m * 60 + s).instant());
        let zone = zone.name();
        return Wrong::new(say!(
            "“{seen}”在时区 {zone} 不存在：这时钟表拨快，跳过了它",
            "\"{seen}\" does not occur in {zone}: the clocks were set forward past it"
        ))
        .help(say!(
            "请核对时间；若钟表当时没有拨，请写 {forgotten}",
            "check the time; if it was read off a clock not set forward, write {forgotten}"
        ));
    };
    let help = if h == 24 { next_day(day, m) } else { example(asked) };
    Wrong::new(why).help(help)
}

fn next_day(day: Day, m: u32) -> Said {
    let next = day.plus(1);
    if m > 59 {
        return example(Asked::Time);
    }
    say!("若是次日，请写 {next} 00:{m:02}", "if the next day is meant, write {next} 00:{m:02}")
}

/// A run of digits and what stands after it.
struct Group {
    digits: usize,
    value: u32,
    after: Option<char>,
}

fn groups(folded: &str) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut inside = false;
    for c in folded.chars() {
        match (c.to_digit(10), inside) {
            (Some(n), true) => {
                if let Some(group) = groups.last_mut() {
                    group.digits += 1;
                    group.value = group.value.saturating_mul(10).saturating_add(n);
                }
            }
            (Some(n), false) => groups.push(Group { digits: 1, value: n, after: None }),
            (None, true) => {
                if let Some(group) = groups.last_mut() {
                    group.after = Some(c);
                }
            }
            (None, false) => {}
        }
        inside = c.is_ascii_digit();
    }
    groups
}

/// Dates whose year stands last, or has two digits, or is not there: `01/02/2026`, `26-10-03`, `10-03 08:00`.
fn by_order(seen: &str, groups: &[Group], order: Option<DateOrder>, asked: Asked) -> Option<Box<Wrong>> {
    let parts = |c: Option<char>| matches!(c, Some('/' | '-' | '.'));
    let small = |group: &Group| group.digits <= 2;
    let clock = if asked == Asked::Time { " 08:00" } else { "" };
    match groups {
        [a, b, year, ..] if small(a) && small(b) && year.digits == 4 && parts(a.after) && parts(b.after) => {
            let (y, a, b) = (year.value, a.value, b.value);
            let day = |m, d| Day::from_ymd(y as i32, m, d).map(|day| day.to_string());
            Some(match (day(a, b), day(b, a)) {
                (Some(month_first), Some(day_first)) if a != b && order.is_none() => Wrong::new(say!(
                    "“{seen}”有两种读法：{month_first}（月在前）或 {day_first}（日在前）",
                    "\"{seen}\" can be read in two ways: {month_first} (month first) or {day_first} (day first)"
                ))
                .help(say!(
                    "请写 {month_first}{clock} 或 {day_first}{clock}",
                    "write {month_first}{clock} or {day_first}{clock}"
                )),
                (Some(day), _) | (None, Some(day)) => {
                    // Only where the workspace says that the year does.
                    Wrong::new(say!("“{seen}”的年份不在最前面", "the year of \"{seen}\" does not stand first"))
                        .help(say!("请写成 {day}{clock} 这样", "write it as in {day}{clock}"))
                }
                (None, None) => {
                    Wrong::new(say!("“{seen}”不是哪一天", "\"{seen}\" is no day of the calendar")).help(example(asked))
                }
            })
        }
        [a, b, c, ..]
            if [a, b, c].into_iter().all(small)
                && ((parts(a.after) && parts(b.after)) || (a.after == Some('年') && b.after == Some('月'))) =>
        {
            Some(
                Wrong::new(say!("“{seen}”的年份只有两位", "the year of \"{seen}\" has only two digits"))
                    .help(example(asked)),
            )
        }
        [a, b, rest @ ..]
            if small(a)
                && small(b)
                && (parts(a.after) || a.after == Some('月'))
                && !parts(b.after)
                && rest.iter().all(small) =>
        {
            Some(Wrong::new(say!("“{seen}”没有年份", "\"{seen}\" has no year")).help(example(asked)))
        }
        _ => None,
    }
}

/// Times with an offset that RFC 3339 would write otherwise: `+0800`, a space before it, no seconds.
fn by_offset(seen: &str, folded: &str) -> Option<Box<Wrong>> {
    let clock = folded.find(':')?;
    let tail = &folded[clock..];
    let offset = tail.find(['+', '-']).map(|at| &tail[at + 1..]);
    let numeric = offset.is_some_and(|o| !o.is_empty() && o.chars().all(|c| c.is_ascii_digit() || c == ':'));
    let utc = tail.ends_with(['Z', 'z']);
    if tail.matches(':').count() == 2 && tail.contains('-') && numeric {
        let why = say!(
            "“{seen}”可能是一段时间，也可能带时差",
            "\"{seen}\" may be a span of time, or have an offset from UTC"
        );
        return Some(Wrong::new(why).help(say!(
            "一个格子写一个时间：2026-10-03 08:00；带时差的写成 2026-10-03T08:00:00+08:00",
            "write one time in a cell: 2026-10-03 08:00; with an offset 2026-10-03T08:00:00+08:00"
        )));
    }
    (numeric || utc).then(|| {
        Wrong::new(say!(
            "“{seen}”带时差，但不是 RFC 3339 的写法",
            "\"{seen}\" has an offset from UTC, but is not written as in RFC 3339"
        ))
        .help(say!("请写成 2026-10-03T08:00:00+08:00 这样", "write it like 2026-10-03T08:00:00+08:00"))
    })
}

/// Texts whose numbers are in order and whose marks are not, and numbers without marks.
fn by_shape(seen: &str, folded: &str, groups: &[Group], asked: Asked) -> Option<Box<Wrong>> {
    // The days since 1900 by which a spreadsheet counts, of 1954 to 2119, perhaps with a part of a day.
    if let [days] | [days, _] = groups
        && days.digits == 5
        && (20_000..80_000).contains(&days.value)
        && folded.chars().all(|c| c.is_ascii_digit() || c == '.')
    {
        let why =
            say!("“{seen}”像是 Excel 中日期的序列号", "\"{seen}\" looks like the number by which Excel counts days");
        return Some(Wrong::new(why).help(say!(
            "在 Excel 中把这一列的单元格格式改为日期（yyyy-mm-dd hh:mm），再另存一次",
            "format the column as dates (yyyy-mm-dd hh:mm) in Excel and save it again"
        )));
    }
    if let [one] = groups
        && folded.chars().all(|c| c.is_ascii_digit())
    {
        let why = match one.digits {
            8 | 12 | 14 => say!("“{seen}”的数字没有分开", "the numbers of \"{seen}\" are not parted"),
            10 | 13 => say!(
                "“{seen}”像是从 1970 年起的秒数或毫秒数",
                "\"{seen}\" looks like seconds or milliseconds since 1970"
            ),
            _ => say!("“{seen}”只是一个数", "\"{seen}\" is only a number"),
        };
        return Some(Wrong::new(why).help(example(asked)));
    }
    // Words such as 下午 or PM change what the numbers mean; nothing is proposed for those.
    let marks = |c: char| c.is_ascii_digit() || c.is_whitespace() || "-/.:_,T年月日时分秒".contains(c);
    let [year, m, d, clock @ ..] = groups else { return None };
    if year.digits != 4 || !folded.chars().all(marks) {
        return None;
    }
    let day = Day::from_ymd(year.value as i32, m.value, d.value)?;
    let meant = match (asked, clock) {
        (Asked::Date, []) => day.to_string(),
        (_, [h, m]) if h.value < 24 && m.value < 60 => format!("{day} {:02}:{:02}", h.value, m.value),
        (_, [h, m, s] | [h, m, s, _]) if h.value < 24 && m.value < 60 && s.value < 60 => {
            format!("{day} {:02}:{:02}:{:02}", h.value, m.value, s.value)
        }
        _ => return None,
    };
    let why = match asked {
        Asked::Time => say!("“{seen}”的写法不是时间的写法", "\"{seen}\" is not written as a time"),
        Asked::Date => say!("“{seen}”的写法不是日期的写法", "\"{seen}\" is not written as a date"),
    };
    Some(Wrong::new(why).help(say!("请写 {meant}", "write {meant}")))
}

fn example(asked: Asked) -> Said {
    match asked {
        Asked::Time => say!("请写成 2026-10-03 08:00 这样", "write it like 2026-10-03 08:00"),
        Asked::Date => say!("请写成 2026-10-03 这样", "write it like 2026-10-03"),
    }
}

#[cfg(test)]
mod tests {
    use super::{date, time};
    use crate::calendar::Zone;

    #[test]
    fn each_slip_has_its_own_sentence() {
        let zone = Zone::named("Asia/Shanghai").unwrap();
        for (text, why, help) in [
            ("2026-10-03", "is a date without a time", "write 2026-10-03 08:00"),
            ("2026-13-03 08:00", "there is no month 13", "write it like 2026-10-03 08:00"),
            ("2026-02-30 08:00", "there is no day 30 in month 2 of 2026", "write it like 2026-10-03 08:00"),
            ("2026-10-03 24:30", "a day ends at 24:00", "if the next day is meant, write 2026-10-04 00:30"),
            ("2026-10-03 25:00", "there is no hour 25", "write it like 2026-10-03 08:00"),
            ("2026-10-03 08:60", "there is no minute 60", "write it like 2026-10-03 08:00"),
            ("2026-10-03 08:00:60", "there is no second 60", "write it like 2026-10-03 08:00"),
            ("2026-10-03T08:00:00+25:00", "no such offset", "write it like 2026-10-03 08:00"),
            (
                "01/02/2026 08:00",
                "can be read in two ways: 2026-01-02 (month first) or 2026-02-01 (day first)",
                "write 2026-01-02 08:00 or 2026-02-01 08:00",
            ),
            ("31/12/2026", "is a date without a time", "write 2026-12-31 08:00"),
            ("Fri, 2026-10-03 08:00", "2026-10-03 is another day of the week", "write it like 2026-10-03 08:00"),
            ("31/31/2026", "no day of the calendar", "write it like 2026-10-03 08:00"),
            ("26-10-03 08:00", "has only two digits", "write it like 2026-10-03 08:00"),
            ("10-03 08:00", "has no year", "write it like 2026-10-03 08:00"),
            ("10月3日 8时0分", "has no year", "write it like 2026-10-03 08:00"),
            ("2026-10-03: 08:05", "is not written as a time", "write 2026-10-03 08:05"),
            ("2026-10-03 08:00:00 +08", "RFC 3339", "write it like 2026-10-03T08:00:00+08:00"),
            (
                "2026-10-03 08:00-10:00",
                "may be a span of time",
                "write one time in a cell: 2026-10-03 08:00; with an offset 2026-10-03T08:00:00+08:00",
            ),
            ("1790985600", "since 1970", "write it like 2026-10-03 08:00"),
            ("20261003", "are not parted", "write it like 2026-10-03 08:00"),
            ("2026-10-03 13:00 PM", "is no time", "write it like 2026-10-03 08:00"),
            ("昨天", "is no time", "write it like 2026-10-03 08:00"),
        ] {
            let wrong = time(text.as_bytes(), &zone, None);
            let said = wrong.help.unwrap();
            assert!(wrong.why.en.contains(why), "{text}: {}", wrong.why.en);
            assert_eq!(said.en, help, "{text}");
            assert!(wrong.why.zh.contains(text) && !said.zh.is_empty());
        }
    }

    #[test]
    fn dates_have_theirs() {
        let zone = Zone::named("Europe/Berlin").unwrap();
        for (text, why, help) in [
            ("03-04-2026", "2026-03-04 (month first) or 2026-04-03 (day first)", "write 2026-03-04 or 2026-04-03"),
            ("2026-10:3", "is not written as a date", "write 2026-10-03"),
            ("2025-02-29", "there is no day 29 in month 2 of 2025", "write it like 2026-10-03"),
            ("0000-01-01", "there is no year 0", "write it like 2026-10-03"),
            ("26/10/3", "has only two digits", "write it like 2026-10-03"),
            ("10月3日", "has no year", "write it like 2026-10-03"),
            ("soon", "is no date", "write it like 2026-10-03"),
            (
                "2026-03-29 02:30",
                "does not occur in Europe/Berlin",
                "check the time; if it was read off a clock not set forward, write 2026-03-29T03:30:00+02:00",
            ),
        ] {
            let wrong = date(text.as_bytes(), &zone, None);
            assert!(wrong.why.en.contains(why), "{text}: {}", wrong.why.en);
            assert_eq!(wrong.help.unwrap().en, help, "{text}");
        }
    }
}
