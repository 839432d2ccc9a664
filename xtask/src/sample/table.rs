//! Sheets as different hands keep them: headers in Chinese or English, four ways to write a time, with or without a BOM.

use super::date::{self, Day, Minute};

/// The systems of the sample: id and name, as `wellkept.toml` has them.
pub const SYSTEMS: [(&str, &str); 3] = [("oa", "办公自动化系统"), ("mail", "邮件系统"), ("hr", "人事系统")];
/// The day on which the personnel system entered service.
pub const HR_BEGINS: &str = "2025-12-15";

/// Whether a system is in service on a day.
pub fn serves(system: &str, day: Day) -> bool {
    system != "hr" || day >= date::day(HR_BEGINS)
}

/// What stands in a cell.
#[derive(Clone)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// A text as it is.
    Text(String),
    /// A time, written in the sheet's way.
    At(Minute),
    /// A date, written in the sheet's way.
    On(Day),
    /// 是/否 or true/false.
    Yes(bool),
    /// A system's id; its name in a Chinese sheet.
    System(&'static str),
    /// A value of a list: the canonical word and the Chinese one.
    Word(&'static str, &'static str),
}

/// A text cell; an empty text is an empty cell.
#[expect(clippy::needless_pass_by_value, reason = "a cell is made of texts, borrowed or not, and of numbers")]
pub fn text(text: impl ToString) -> Cell {
    let text = text.to_string();
    if text.is_empty() { Cell::Empty } else { Cell::Text(text) }
}

/// A time, where there is one.
pub fn at(at: Option<Minute>) -> Cell {
    at.map_or(Cell::Empty, Cell::At)
}

/// How a sheet writes its times.
#[derive(Clone, Copy, PartialEq)]
enum Times {
    /// `2026-03-05 08:00`
    Dash,
    /// `2026/3/5 8:00`
    Slash,
    /// `2026年3月5日 8时00分`
    Han,
    /// `2026-03-05T08:00:00+08:00`
    Rfc3339,
}

/// The hand that keeps a sheet.
#[derive(Clone, Copy)]
pub struct Hand {
    times: Times,
    english: bool,
    spreadsheet: bool,
    delimiter: char,
}

/// The hand of the nth sheet of a kind: most write Chinese headers, every seventh comes out of a spreadsheet (BOM, CRLF).
pub fn hand(n: usize) -> Hand {
    let times = [Times::Dash, Times::Han, Times::Slash, Times::Dash, Times::Rfc3339, Times::Dash, Times::Slash][n % 7];
    Hand { times, english: n % 5 == 4, spreadsheet: n % 7 == 2, delimiter: if n == 8 { ';' } else { ',' } }
}

/// A CSV file: a header line from (canonical, Chinese) names, then the rows.
pub fn csv(hand: Hand, columns: &[(&str, &str)], rows: &[Vec<Cell>]) -> Vec<u8> {
    let end = if hand.spreadsheet { "\r\n" } else { "\n" };
    let mut out = String::from(if hand.spreadsheet { "\u{feff}" } else { "" });
    let header = columns.iter().map(|(name, han)| if hand.english { *name } else { *han }.to_owned());
    line(&mut out, hand, header, end);
    for row in rows {
        assert_eq!(row.len(), columns.len(), "a row has a cell for each column");
        line(&mut out, hand, row.iter().map(|cell| written(hand, cell)), end);
    }
    out.into_bytes()
}

fn line(out: &mut String, hand: Hand, cells: impl Iterator<Item = String>, end: &str) {
    for (n, cell) in cells.enumerate() {
        if n > 0 {
            out.push(hand.delimiter);
        }
        if cell.contains([hand.delimiter, '"', '\n']) {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(&cell);
        }
    }
    out.push_str(end);
}

fn written(hand: Hand, cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::At(at) => time(hand.times, *at),
        Cell::On(day) => date(hand.times, *day),
        Cell::Yes(yes) => match (hand.english, yes) {
            (true, true) => "true",
            (true, false) => "false",
            (false, true) => "是",
            (false, false) => "否",
        }
        .to_owned(),
        Cell::System(id) => {
            let name = SYSTEMS.iter().find(|(known, _)| known == id).map_or(*id, |(_, name)| name);
            if hand.english { *id } else { name }.to_owned()
        }
        Cell::Word(word, han) => if hand.english { word } else { han }.to_string(),
    }
}

fn time(times: Times, at: Minute) -> String {
    let day = at.div_euclid(1440);
    let (hour, minute) = (at.rem_euclid(1440) / 60, at.rem_euclid(60));
    match times {
        Times::Dash => date::clock(at),
        Times::Slash => format!("{} {hour}:{minute:02}", date(times, day)),
        Times::Han => format!("{} {hour}时{minute:02}分", date(times, day)),
        Times::Rfc3339 => format!("{}T{hour:02}:{minute:02}:00+08:00", date::iso(day)),
    }
}

fn date(times: Times, day: Day) -> String {
    let (year, month, date) = date::civil(day);
    match times {
        Times::Dash | Times::Rfc3339 => date::iso(day),
        Times::Slash => format!("{year}/{month}/{date}"),
        Times::Han => format!("{year}年{month}月{date}日"),
    }
}

/// Sheets of rows that begin with their day: one file a year, kept by one hand after another.
pub fn by_year(kind: &str, columns: &[(&str, &str)], rows: &[(Day, Vec<Cell>)]) -> Vec<super::File> {
    [2025, 2026]
        .into_iter()
        .enumerate()
        .filter_map(|(n, year)| {
            let of_year: Vec<_> =
                rows.iter().filter(|(day, _)| date::civil(*day).0 == year).map(|(_, r)| r.clone()).collect();
            let salt = kind.len() % 4 + n;
            (!of_year.is_empty()).then(|| (format!("{kind}/{year}.csv"), csv(hand(salt), columns, &of_year)))
        })
        .collect()
}
