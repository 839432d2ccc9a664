//! Times and dates. The forms that nearly every row has are read by the position of their characters; the Chinese and
//! the slashed ones by a reader that goes from left to right. What neither knows is read by its words and marks (see
//! `loose`), and what then is still no time is looked at once more, to say what is wrong with it (see `diagnose`).

mod diagnose;
mod loose;

use super::Wrong;
use crate::calendar::{DAY, Day, Instant, Resolved, Zone};

/// A time as read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time {
    /// The instant; fractions of a second are cut off.
    pub at: Instant,
    /// The local time occurs twice, and this is the earlier one: worth a warning.
    pub twice: bool,
}

/// The order in which a workspace writes the parts of dates whose year does not stand first with four digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrder {
    /// `03/10/2026` is the third of October.
    Dmy,
    /// `10/03/2026` is the third of October.
    Mdy,
    /// `26/10/03` is the third of October.
    Ymd,
}

impl DateOrder {
    /// The names that a configuration may use.
    pub const NAMES: [&'static str; 3] = ["dmy", "mdy", "ymd"];

    /// The order of a name.
    pub fn of_name(name: &str) -> Option<Self> {
        match name {
            "dmy" => Some(Self::Dmy),
            "mdy" => Some(Self::Mdy),
            "ymd" => Some(Self::Ymd),
            _ => None,
        }
    }

    /// The name.
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }
}

/// Reads a time: RFC 3339 with its offset; or local to the zone, `YYYY-MM-DD[ T]HH:MM[:SS]`, `YYYY/M/D H:MM[:SS]`,
/// `YYYY年M月D日 H时M分[S秒]`, `YYYY年M月D日 H:MM[:SS]`, or any other form of tools and people that can mean one instant
/// only. `24:00` is the midnight that ends the day. A local time that the clocks skip is wrong. `order` decides about
/// dates that else mean one day or another.
pub fn time(text: &[u8], zone: &Zone, order: Option<DateOrder>) -> Result<Time, Box<Wrong>> {
    written(text, order).and_then(|written| settle(written, zone)).ok_or_else(|| diagnose::time(text, zone, order))
}

/// Reads times one after another, as [`time`] does. Of a day and an offset that the one before had, only the clock is
/// read: rows mostly follow each other in time.
pub struct Times<'z> {
    zone: &'z Zone,
    order: Option<DateOrder>,
    last: Parts,
    /// The instant at which the last day began, by its offset.
    midnight: i64,
}

/// A date and an offset as written.
type Parts = ([u8; 10], [u8; 6]);

impl<'z> Times<'z> {
    /// Reads times of a zone.
    pub fn new(zone: &'z Zone, order: Option<DateOrder>) -> Self {
        Self { zone, order, last: Parts::default(), midnight: 0 }
    }

    /// Reads a time.
    pub fn read(&mut self, text: &[u8]) -> Result<Time, Box<Wrong>> {
        let Some((parts, second)) = parts(text) else { return time(text, self.zone, self.order) };
        if parts != self.last {
            let read = time(text, self.zone, self.order)?;
            (self.last, self.midnight) = (parts, read.at.0 - second);
        }
        Ok(Time { at: Instant(self.midnight + second), twice: false })
    }
}

/// `YYYY-MM-DDTHH:MM:SS+HH:MM`, or with a blank for the `T`: what of it is the same from row to row, and the second of
/// the day.
fn parts(text: &[u8]) -> Option<(Parts, i64)> {
    let (date, rest) = text.split_first_chunk()?;
    let [b'T' | b' ', h1, h2, b':', m1, m2, b':', s1, s2, offset @ ..] = rest else { return None };
    if !matches!(offset, [b'+' | b'-', _, _, b':', _, _]) {
        return None;
    }
    let clock = Clock { h: pair(*h1, *h2)?, m: pair(*m1, *m2)?, s: pair(*s1, *s2)?, offset: None };
    Some(((*date, offset.try_into().ok()?), clock.second_of_day()?.into()))
}

/// Reads a date: `YYYY-MM-DD`, `YYYY/M/D`, `YYYY年M月D日`, another form that can mean one day only, or any time, for its
/// local date.
pub fn date(text: &[u8], zone: &Zone, order: Option<DateOrder>) -> Result<Day, Box<Wrong>> {
    let read = written(text, order).and_then(|written| match written.clock {
        None => written.day(),
        Some(_) => settle(written, zone).map(|time| zone.date(time.at)),
    });
    read.ok_or_else(|| diagnose::date(text, zone, order))
}

/// Whether a text is a date, or begins with one, that means one day or another until an order is said.
pub fn has_two_readings(text: &[u8]) -> bool {
    loose::readings(text).is_some()
}

/// Whether a text is what programs write where they have no time: the first second of the year 1, or of 1970, in UTC.
pub fn stands_for_none(text: &[u8]) -> bool {
    fixed(text).is_some_and(|written| {
        let Written { y, m, d, clock: Some(Clock { h: 0, m: 0, s: 0, offset: Some(utc) }) } = written else {
            return false;
        };
        matches!((y, m, d), (1 | 1970, 1, 1)) && utc == Shift { west: false, h: 0, m: 0 }
    })
}

/// The numbers of a date and time in a form that is known, right or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Written {
    y: u32,
    m: u32,
    d: u32,
    clock: Option<Clock>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Clock {
    h: u32,
    m: u32,
    s: u32,
    offset: Option<Shift>,
}

/// An offset from UTC as written, east of it or west.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shift {
    west: bool,
    h: u32,
    m: u32,
}

impl Written {
    fn day(self) -> Option<Day> {
        Day::from_ymd(self.y as i32, self.m, self.d)
    }
}

impl Clock {
    fn second_of_day(self) -> Option<u32> {
        let fits = (self.h < 24 && self.m < 60 && self.s < 60) || (self.h, self.m, self.s) == (24, 0, 0);
        fits.then_some(self.h * 3600 + self.m * 60 + self.s)
    }
}

impl Shift {
    fn seconds(self) -> Option<i64> {
        let east = i64::from(self.h * 3600 + self.m * 60);
        (self.h < 24 && self.m < 60).then_some(if self.west { -east } else { east })
    }
}

fn settle(written: Written, zone: &Zone) -> Option<Time> {
    let (day, clock) = (written.day()?, written.clock?);
    let second = clock.second_of_day()?;
    if let Some(shift) = clock.offset {
        let at = i64::from(day.0) * DAY + i64::from(second) - shift.seconds()?;
        return Some(Time { at: Instant(at), twice: false });
    }
    match zone.resolve(day, second) {
        Resolved::Once(at) => Some(Time { at, twice: false }),
        Resolved::Twice(at) => Some(Time { at, twice: true }),
        Resolved::Gap(_) => None,
    }
}

fn written(text: &[u8], order: Option<DateOrder>) -> Option<Written> {
    fixed(text).or_else(|| free(text)).or_else(|| loose::read(text, order))
}

/// The forms that begin with `YYYY-MM-DD`, in ASCII, by position.
fn fixed(text: &[u8]) -> Option<Written> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, rest @ ..] = text else { return None };
    let (y, m, d) = (pair(*y1, *y2)? * 100 + pair(*y3, *y4)?, pair(*m1, *m2)?, pair(*d1, *d2)?);
    let [between @ (b' ' | b'T' | b't'), h1, h2, b':', n1, n2, rest @ ..] = rest else {
        return rest.is_empty().then_some(Written { y, m, d, clock: None });
    };
    let (hour, minute) = (pair(*h1, *h2)?, pair(*n1, *n2)?);
    let made = |s, offset| Some(Written { y, m, d, clock: Some(Clock { h: hour, m: minute, s, offset }) });
    // A small `t` belongs to RFC 3339, which has seconds and an offset.
    let local = *between != b't';
    let [b':', s1, s2, rest @ ..] = rest else {
        return if rest.is_empty() && local { made(0, None) } else { None };
    };
    let s = pair(*s1, *s2)?;
    let rest = match rest {
        [b'.', fraction @ ..] => {
            let digits = fraction.iter().take_while(|c| c.is_ascii_digit()).count();
            if digits == 0 {
                return None;
            }
            &fraction[digits..]
        }
        rest => rest,
    };
    match *rest {
        [] if local => made(s, None),
        [b'Z' | b'z'] => made(s, Some(Shift { west: false, h: 0, m: 0 })),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            made(s, Some(Shift { west: sign == b'-', h: pair(h1, h2)?, m: pair(m1, m2)? }))
        }
        _ => None,
    }
}

#[inline]
fn pair(tens: u8, ones: u8) -> Option<u32> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens < 10 && ones < 10).then(|| u32::from(tens) * 10 + u32::from(ones))
}

/// Every form, from left to right; digits may be full-width.
fn free(text: &[u8]) -> Option<Written> {
    let mut rest = Rest(std::str::from_utf8(text).ok()?);
    let y = rest.number(4, 4)?;
    let (m, d, style) = match rest.one_of("-/年")? {
        '-' => {
            let m = rest.number(2, 2)?;
            rest.one_of("-")?;
            (m, rest.number(2, 2)?, '-')
        }
        '/' => {
            let m = rest.number(1, 2)?;
            rest.one_of("/")?;
            (m, rest.number(1, 2)?, '/')
        }
        _ => {
            let m = rest.number(1, 2)?;
            rest.one_of("月")?;
            let d = rest.number(1, 2)?;
            rest.one_of("日")?;
            (m, d, '年')
        }
    };
    if rest.0.is_empty() {
        return Some(Written { y, m, d, clock: None });
    }
    let between = match style {
        '-' => rest.one_of(" Tt")?,
        '/' => rest.one_of(" T")?,
        _ => rest.one_of(" ").unwrap_or('年'),
    };
    let hour_digits = if style == '-' { 2 } else { 1 };
    let h = rest.number(hour_digits, 2)?;
    let clock = match rest.one_of(if style == '年' { ":时" } else { ":" })? {
        '时' => rest.han_minutes(h)?,
        _ => rest.minutes(h, style == '-')?,
    };
    let whole = rest.0.is_empty() && (between != 't' || clock.offset.is_some());
    whole.then_some(Written { y, m, d, clock: Some(clock) })
}

/// What has not been read yet.
struct Rest<'a>(&'a str);

impl Rest<'_> {
    /// Takes a run of digits, no longer than `most`; none where it is shorter than `least`.
    fn number(&mut self, least: usize, most: usize) -> Option<u32> {
        let (mut n, mut count) = (0, 0);
        while count < most
            && let Some(digit) = self.0.chars().next().and_then(digit)
        {
            n = n * 10 + digit.0;
            self.0 = &self.0[digit.1..];
            count += 1;
        }
        (count >= least).then_some(n)
    }

    fn one_of(&mut self, marks: &str) -> Option<char> {
        let mark = self.0.chars().next().filter(|c| marks.contains(*c))?;
        self.0 = &self.0[mark.len_utf8()..];
        Some(mark)
    }

    /// `MM[:SS[.f]]`, and after seconds an offset where the form has one.
    fn minutes(&mut self, h: u32, offset_may_follow: bool) -> Option<Clock> {
        let m = self.number(2, 2)?;
        if self.one_of(":").is_none() {
            return Some(Clock { h, m, s: 0, offset: None });
        }
        let s = self.number(2, 2)?;
        if self.one_of(".").is_some() {
            self.number(1, 1)?;
            while self.number(1, 1).is_some() {}
        }
        let offset = match if offset_may_follow { self.one_of("Zz+-") } else { None } {
            None => None,
            Some('Z' | 'z') => Some(Shift { west: false, h: 0, m: 0 }),
            Some(sign) => {
                let h = self.number(2, 2)?;
                self.one_of(":")?;
                Some(Shift { west: sign == '-', h, m: self.number(2, 2)? })
            }
        };
        Some(Clock { h, m, s, offset })
    }

    /// `M分[S秒]`.
    fn han_minutes(&mut self, h: u32) -> Option<Clock> {
        let m = self.number(1, 2)?;
        self.one_of("分")?;
        let s = if self.0.is_empty() {
            0
        } else {
            let s = self.number(1, 2)?;
            self.one_of("秒")?;
            s
        };
        Some(Clock { h, m, s, offset: None })
    }
}

/// The value of an ASCII or full-width digit, and its length in bytes.
fn digit(c: char) -> Option<(u32, usize)> {
    match c {
        '0'..='9' => Some((u32::from(c) - u32::from('0'), 1)),
        '０'..='９' => Some((u32::from(c) - u32::from('０'), 3)),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
