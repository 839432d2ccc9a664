//! Times as tools and people write them (vocabulary.md, section 4), read by their words and marks: unpadded, with a day
//! of the week, with the name of a month, with an offset behind a blank. Only what can mean one instant is read: a date
//! that means one day or another is read by the order that the workspace has said, and else not at all.

use unicode_normalization::UnicodeNormalization;

use super::{Clock, DateOrder, Shift, Written};
use crate::calendar::Day;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const HAN_DAYS: [char; 7] = ['一', '二', '三', '四', '五', '六', '日'];

/// Reads a time or a date.
pub(super) fn read(text: &[u8], order: Option<DateOrder>) -> Option<Written> {
    let (written, fits) = whole(text, order)?;
    fits.then_some(written)
}

/// The day of a text that names another day of the week.
pub(super) fn of_another_weekday(text: &[u8], order: Option<DateOrder>) -> Option<Day> {
    let (written, fits) = whole(text, order)?;
    written.day().filter(|_| !fits)
}

/// The two days that a date may mean, month first and day first, where it has two readings.
pub(super) fn readings(text: &[u8]) -> Option<(Day, Day)> {
    let folded = fold(text)?;
    let mut rest = Rest::new(&folded);
    rest.weekday();
    match rest.date()? {
        Date::Parts([a, b, c]) if c.1 == 4 => {
            let day = |m, d| Day::from_ymd(c.0 as i32, m, d);
            Some((day(a.0, b.0)?, day(b.0, a.0)?)).filter(|(one, other)| one != other)
        }
        _ => None,
    }
}

/// All of a text, and whether the day of the week that it names is the right one.
fn whole(text: &[u8], order: Option<DateOrder>) -> Option<(Written, bool)> {
    let folded = fold(text)?;
    let mut rest = Rest::new(&folded);
    rest.weekday();
    let (y, m, d, clock) = match rest.date()? {
        Date::Known(y, m, d) => (y, m, d, rest.clock()?),
        Date::Joined(y, m, d) => (y, m, d, Some(rest.joined_clock()?)),
        Date::Parts(parts) => {
            let (y, m, d) = settled(parts, order)?;
            (y, m, d, rest.clock()?)
        }
        // `Oct 24 10:13:41 2016`, as C writes times.
        Date::MonthDay(m, d) => {
            let clock = rest.clock_of_day()?;
            rest.blank();
            let year = rest.year()?;
            (year, m, d, Some(Clock { offset: rest.zone()?, ..clock }))
        }
    };
    if !rest.text.is_empty() {
        return None;
    }
    let written = Written { y, m, d, clock };
    let fits = rest.named.zip(written.day()).is_none_or(|(named, day)| weekday_of(day) == named);
    Some((written, fits))
}

/// Year, month and day of three numbers. Without an order, what only one reading makes a day.
fn settled([a, b, c]: [(u32, usize); 3], order: Option<DateOrder>) -> Option<(u32, u32, u32)> {
    let full = |(n, digits): (u32, usize)| match digits {
        4 => Some(n),
        // What is kept here is of this century.
        2 => Some(2000 + n),
        _ => None,
    };
    match order {
        Some(DateOrder::Dmy) => Some((full(c)?, b.0, a.0)),
        Some(DateOrder::Mdy) => Some((full(c)?, a.0, b.0)),
        Some(DateOrder::Ymd) if a.1 == 2 && c.1 <= 2 => Some((full(a)?, b.0, c.0)),
        Some(DateOrder::Ymd) => None,
        None if c.1 != 4 => None,
        None => {
            let day = |m, d| Day::from_ymd(c.0 as i32, m, d);
            match (day(a.0, b.0), day(b.0, a.0)) {
                (Some(_), None) => Some((c.0, a.0, b.0)),
                (None, Some(_)) => Some((c.0, b.0, a.0)),
                (Some(one), Some(other)) if one == other => Some((c.0, a.0, b.0)),
                _ => None,
            }
        }
    }
}

/// Monday is 0.
fn weekday_of(day: Day) -> usize {
    // 1970-01-01 was a Thursday.
    (day.0 + 3).rem_euclid(7) as usize
}

/// Full-width characters made narrow, capitals small, runs of blanks one; remarks in parentheses at the end gone.
fn fold(text: &[u8]) -> Option<String> {
    // Longer than any time: not worth a look.
    let text = std::str::from_utf8(text).ok().filter(|text| text.len() <= 96)?;
    let mut out = String::new();
    for c in text.nfkc().flat_map(char::to_lowercase) {
        let c = if c.is_whitespace() { ' ' } else { c };
        if c != ' ' || !out.ends_with(' ') {
            out.push(c);
        }
    }
    // `GMT+0000 (Coordinated Universal Time)`, as browsers write times.
    if let Some((before, remark)) = out.split_once(" (")
        && remark.strip_suffix(')').is_some_and(|r| r.chars().all(|c| c.is_ascii_alphabetic() || c == ' '))
    {
        out.truncate(before.len());
    }
    Some(out)
}

/// A date as far as its form tells.
enum Date {
    /// Year, month and day.
    Known(u32, u32, u32),
    /// The same, in eight digits; so is the time after it.
    Joined(u32, u32, u32),
    /// Three numbers whose order is not told by their form, each with how many digits it has.
    Parts([(u32, usize); 3]),
    /// Month and day; the year comes after the time.
    MonthDay(u32, u32),
}

/// What has not been read yet, and what was seen on the way.
struct Rest<'a> {
    text: &'a str,
    /// The day of the week that is named; Monday is 0.
    named: Option<usize>,
    /// The time of day has seconds.
    to_the_second: bool,
}

impl<'a> Rest<'a> {
    fn new(text: &'a str) -> Self {
        Self { text: text.trim(), named: None, to_the_second: false }
    }

    fn take(&mut self, word: &str) -> Option<()> {
        self.text = self.text.strip_prefix(word)?;
        Some(())
    }

    fn one_of(&mut self, marks: &str) -> Option<char> {
        let mark = self.text.chars().next().filter(|c| marks.contains(*c))?;
        self.text = &self.text[mark.len_utf8()..];
        Some(mark)
    }

    fn blank(&mut self) {
        self.text = self.text.trim_start();
    }

    /// A run of digits: its value and how many they are.
    fn digits(&mut self) -> Option<(u32, usize)> {
        let count = self.text.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.text.split_at(count);
        let value = digits.parse().ok().filter(|_| (1..=9).contains(&count))?;
        self.text = rest;
        Some((value, count))
    }

    /// One or two digits.
    fn short(&mut self) -> Option<u32> {
        self.digits().filter(|(_, count)| *count <= 2).map(|(n, _)| n)
    }

    /// Exactly two digits.
    fn two(&mut self) -> Option<u32> {
        self.digits().filter(|(_, count)| *count == 2).map(|(n, _)| n)
    }

    fn year(&mut self) -> Option<u32> {
        self.digits().filter(|(_, count)| *count == 4).map(|(n, _)| n)
    }

    /// A word of Latin letters that is one of a list, whole or by its first three letters.
    fn word_of(&mut self, words: &[&str]) -> Option<usize> {
        let count = self.text.bytes().take_while(u8::is_ascii_lowercase).count();
        let (word, rest) = self.text.split_at(count);
        let short = |full: &&str| full[..3] == *word || (word == "sept" && **full == *"september");
        let at = words.iter().position(|full| *full == word || short(full))?;
        self.text = rest.strip_prefix('.').unwrap_or(rest);
        Some(at)
    }

    /// A day of the week, and the comma or blank after it.
    fn weekday(&mut self) {
        let before = self.text;
        self.named = self.word_of(&DAYS).or_else(|| self.han_weekday());
        if self.named.is_some() {
            self.one_of(",");
            self.blank();
        } else {
            self.text = before;
        }
    }

    fn han_weekday(&mut self) -> Option<usize> {
        self.take("星期").or_else(|| self.take("周")).or_else(|| self.take("礼拜"))?;
        let c = self.one_of("一二三四五六日天")?;
        HAN_DAYS.iter().position(|day| *day == c).or(Some(6))
    }

    fn date(&mut self) -> Option<Date> {
        if let Some(month) = self.word_of(&MONTHS) {
            self.blank();
            let day = self.short()?;
            let comma = self.one_of(",").is_some();
            self.blank();
            let before = self.text;
            return match self.year() {
                Some(year) => Some(Date::Known(year, month as u32 + 1, day)),
                None if comma => None,
                None => {
                    self.text = before;
                    Some(Date::MonthDay(month as u32 + 1, day))
                }
            };
        }
        let (first, digits) = self.digits()?;
        if digits == 8 {
            return self.joined(first);
        }
        let before = self.text;
        self.blank();
        if digits == 4 && self.take("年").is_some() {
            return self.han(first);
        }
        self.text = before;
        let mark = self.one_of("-/._ ")?;
        self.blank();
        if let Some(month) = self.word_of(&MONTHS).filter(|_| digits <= 2) {
            self.one_of(if mark == ' ' { " " } else { "-/." }).filter(|c| *c == mark)?;
            let year = self.year()?;
            return Some(Date::Known(year, month as u32 + 1, first));
        }
        if mark == ' ' {
            return None;
        }
        let second = self.digits().filter(|(_, count)| *count <= 2)?;
        self.one_of("-/._").filter(|c| *c == mark)?;
        let third = self.digits().filter(|(_, count)| matches!(count, 1 | 2 | 4))?;
        match digits {
            4 if third.1 <= 2 => Some(Date::Known(first, second.0, third.0)),
            1 | 2 if mark != '_' => Some(Date::Parts([(first, digits), second, third])),
            _ => None,
        }
    }

    /// `20261003` with a time after it: no other order of eight digits makes a year that anyone kept records in.
    fn joined(&mut self, all: u32) -> Option<Date> {
        let (y, m, d) = (all / 10_000, all / 100 % 100, all % 100);
        let before = self.text;
        self.one_of(":t-_ ")?;
        let joined = self.digits().is_some_and(|(_, count)| matches!(count, 4 | 6));
        self.text = before;
        (joined && (1900..2100).contains(&y)).then_some(Date::Joined(y, m, d))
    }

    /// What stands after the year: `10 月 3 日`, and a day of the week in parentheses or without.
    fn han(&mut self, year: u32) -> Option<Date> {
        self.blank();
        let month = self.short()?;
        self.blank();
        self.take("月")?;
        self.blank();
        let day = self.short()?;
        self.blank();
        self.take("日").or_else(|| self.take("号"))?;
        let before = self.text;
        self.blank();
        let open = self.one_of("(").is_some();
        match self.han_weekday() {
            Some(named) => self.named = Some(named),
            None if open => return None,
            None => self.text = before,
        }
        if open {
            self.take(")")?;
        }
        Some(Date::Known(year, month, day))
    }

    /// The time of day and its offset, where there are any.
    #[allow(clippy::option_option, reason = "nothing is written, and what is written cannot be read, are two answers")]
    fn clock(&mut self) -> Option<Option<Clock>> {
        self.blank();
        if self.text.is_empty() {
            return Some(None);
        }
        self.one_of("t,");
        self.blank();
        let clock = self.clock_of_day()?;
        Some(Some(Clock { offset: self.zone()?, ..clock }))
    }

    /// `T190220`, `:190220.101`, `-1902`.
    fn joined_clock(&mut self) -> Option<Clock> {
        self.one_of(":t-_ ")?;
        let (n, digits) = self.digits()?;
        let (h, m, s) = if digits == 6 { (n / 10_000, n / 100 % 100, n % 100) } else { (n / 100, n % 100, 0) };
        self.to_the_second = digits == 6;
        self.fraction();
        Some(Clock { h, m, s, offset: self.zone()? })
    }

    fn clock_of_day(&mut self) -> Option<Clock> {
        let part = self.part_of_day();
        self.blank();
        let h = self.short()?;
        let (m, s) = if self.one_of(":").is_some() {
            let m = self.two()?;
            (m, if self.one_of(":").is_some() { Some(self.two()?) } else { None })
        } else {
            self.one_of("时点")?;
            self.blank();
            let m = self.short()?;
            self.take("分")?;
            let s = self.short();
            s.map_or(Some(()), |_| self.take("秒"))?;
            (m, s)
        };
        self.fraction();
        self.to_the_second = s.is_some();
        let clock = Clock { h, m, s: s.unwrap_or(0), offset: None };
        let before = self.text;
        self.blank();
        let half = match (self.take("am").is_some(), self.take("pm").is_some()) {
            (true, _) => Some(0),
            (_, true) => Some(12),
            _ => None,
        };
        match (half, part) {
            (Some(_), Some(_)) => None,
            (Some(half), None) => (1..=12).contains(&h).then_some(Clock { h: h % 12 + half, ..clock }),
            (None, Some(part)) => {
                self.text = before;
                Some(Clock { h: part.hour(h)?, ..clock })
            }
            (None, None) => {
                self.text = before;
                Some(clock)
            }
        }
    }

    fn part_of_day(&mut self) -> Option<Part> {
        let parts = [
            ("凌晨", Part::Small),
            ("早上", Part::Morning),
            ("上午", Part::Morning),
            ("中午", Part::Noon),
            ("下午", Part::Afternoon),
            ("晚上", Part::Evening),
            ("晚", Part::Evening),
        ];
        parts.into_iter().find_map(|(word, part)| self.take(word).map(|()| part))
    }

    /// Fractions of a second, which are cut off.
    fn fraction(&mut self) {
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        if let Some(rest) = self.text.strip_prefix(['.', ',']).filter(|rest| digits(rest) > 0) {
            self.text = &rest[digits(rest)..];
        }
    }

    /// An offset from UTC; nothing where none is written. An abbreviation such as PDT is none: several places have one
    /// and mean different times.
    #[allow(clippy::option_option, reason = "nothing is written, and what is written cannot be read, are two answers")]
    fn zone(&mut self) -> Option<Option<Shift>> {
        let before = self.text;
        self.blank();
        let named = self.take("utc").or_else(|| self.take("gmt")).or_else(|| self.take("z")).is_some();
        let Some(sign) = self.one_of("+-") else {
            if !named {
                self.text = before;
            }
            return Some(named.then_some(Shift { west: false, h: 0, m: 0 }));
        };
        let (n, digits) = self.digits()?;
        let (h, m) = match digits {
            4 => (n / 100, n % 100),
            2 if self.one_of(":").is_some() => {
                // `08:00-10:00` is a span as well as a time ten hours west.
                let may_be_span = sign == '-' && !named && !self.to_the_second;
                (n, self.two().filter(|_| !may_be_span)?)
            }
            1 | 2 if named => (n, 0),
            _ => return None,
        };
        Some(Some(Shift { west: sign == '-', h, m }))
    }
}

/// What people call a part of the day.
#[derive(Clone, Copy)]
enum Part {
    Small,
    Morning,
    Noon,
    Afternoon,
    Evening,
}

impl Part {
    /// The hour that is meant; none where it cannot be meant, or another day might be.
    fn hour(self, h: u32) -> Option<u32> {
        match (self, h) {
            (Self::Small, 0..=6)
            | (Self::Morning, 4..=11)
            | (Self::Noon, 11..=12)
            | (Self::Afternoon, 12..=19)
            | (Self::Evening, 17..=23) => Some(h),
            (Self::Noon, 1..=2) | (Self::Afternoon, 1..=7) | (Self::Evening, 5..=11) => Some(h + 12),
            _ => None,
        }
    }
}
