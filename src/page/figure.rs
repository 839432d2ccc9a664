//! A figure as people read it: its title, its value cut against ourselves, what it was counted from, its verdict, and
//! what was left out (figures.md, section 1).

use serde::Serialize;

use crate::calendar::{Period, Span};
use crate::measure::{About, Better, Figure, RowRef, Scale, about};
use crate::say;
use crate::say::{Lang, Said};
use crate::value::Decimal;

use super::Book;
use super::inert;
use super::status;
use super::verdict::MarkView;
use super::way::{self, Way};

/// A figure as a row of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FigureView {
    /// Its name, as in cli.md.
    pub name: &'static str,
    /// Its title, with what tells it apart from others of its name.
    pub title: String,
    /// The name of the system; empty for the organisation.
    pub system: String,
    /// The value with its unit; a dash where there is nothing to measure.
    pub value: String,
    /// Numerator and denominator with their unit; may be empty.
    pub fraction: String,
    /// The target with its unit; may be empty.
    pub target: String,
    /// The verdict; none where it has no target.
    pub status: Option<MarkView>,
    /// What was left out and why, as a sentence; may be empty.
    pub left_out: String,
    /// Where its records are listed, from the page.
    pub trail: String,
}

/// The figures of a system (none: of the organisation) and month.
pub fn of<'a>(book: &Book<'a>, system: Option<usize>, month: Period) -> &'a [Figure] {
    let key = |f: &Figure| (f.system.unwrap_or(usize::MAX), f.month.first);
    let wanted = (system.unwrap_or(usize::MAX), month.first);
    // They stand system by system, month by month, the organisation last.
    let from = book.figures.partition_point(|f| key(f) < wanted);
    let until = book.figures.partition_point(|f| key(f) <= wanted);
    &book.figures[from..until]
}

/// Whether a system was in service in a month, as far as it is judged.
pub fn served(book: &Book<'_>, system: usize, month: Period) -> bool {
    let (since, until) = book.config.service(Some(system));
    let lived = Span { start: since, end: until.map_or(book.as_of, |until| until.min(book.as_of)) };
    since < lived.end && book.config.site.zone.span(month).overlaps(&lived)
}

/// One of them by its name, where it has no key.
pub fn named<'a>(book: &Book<'a>, name: &str, system: Option<usize>, month: Period) -> Option<&'a Figure> {
    of(book, system, month).iter().find(|f| f.name == name)
}

/// One of them by its name and what its key says, such as `urgent`.
pub fn keyed<'a>(
    book: &Book<'a>,
    (name, key): (&str, &str),
    system: Option<usize>,
    month: Period,
) -> Option<&'a Figure> {
    of(book, system, month).iter().find(|f| f.name == name && f.key.as_ref().is_some_and(|(_, k)| k == key))
}

/// The figures that stand for a system at a glance, in the order in which they are shown; those with a key by that too.
pub const KEY: [(&str, Option<&str>); 9] = [
    ("availability", None),
    ("downtime", None),
    ("coverage", None),
    ("backup_success", None),
    ("patch_on_time", None),
    ("response_compliance", Some("urgent")),
    ("response_compliance", Some("important")),
    ("support_answered", None),
    ("satisfaction", None),
];

/// A figure by its name and key.
pub fn find<'a>(
    book: &Book<'a>,
    (name, key): (&str, Option<&str>),
    system: Option<usize>,
    month: Period,
) -> Option<&'a Figure> {
    match key {
        Some(key) => keyed(book, (name, key), system, month),
        None => named(book, name, system, month),
    }
}

/// A figure as the page of `way` shows it.
pub fn view(book: &Book<'_>, way: &Way<'_>, figure: &Figure) -> FigureView {
    let lang = book.config.site.lang;
    FigureView {
        name: figure.name,
        title: title(book, figure),
        system: figure.system.map_or_else(String::new, |s| book.config.systems[s].name.clone()),
        value: value(figure, lang),
        fraction: fraction(figure, lang),
        target: figure.target.map_or_else(String::new, plain_percent),
        status: figure.verdict.filter(|_| judged(figure)).map(|verdict| status::verdict(verdict, lang)),
        left_out: left_out(book, figure, lang),
        trail: way.from_here(&way::trail(book, figure)),
    }
}

/// Whether a verdict says something: there is a target, or nothing to measure.
fn judged(figure: &Figure) -> bool {
    figure.target.is_some() || figure.value.is_none()
}

/// The title of a figure, with what its key says: `故障响应及时率（紧急）`.
pub fn title(book: &Book<'_>, figure: &Figure) -> String {
    let lang = book.config.site.lang;
    let title = about(figure.name).map_or(figure.name, |about| about.title(lang));
    if figure.key.is_none() {
        return title.to_owned();
    }
    let word = key_title(book, figure, lang);
    say!("{title}（{word}）", "{title} ({word})").to(lang).to_owned()
}

/// What the key of a figure says, in the words of the standard; empty where it has none.
pub fn key_title(book: &Book<'_>, figure: &Figure, lang: Lang) -> String {
    let Some((key, value)) = &figure.key else { return String::new() };
    let word = match *key {
        "kind" => book.standard.kind(value).map(|at| &book.standard.kinds[at].title),
        "grade" => choice(book, (way::FAULT, "grade"), value),
        "type" => choice(book, ("backup", "type"), value),
        "audience" => choice(book, ("training", "audience"), value),
        "resource" => book.standard.kind("shift").and_then(|at| {
            let kind = &book.standard.kinds[at];
            kind.field(value).map(|f| &kind.fields[f].title)
        }),
        _ => None,
    };
    word.map_or_else(|| value.to_owned(), |word| word.to(lang).to_owned())
}

/// The title of a choice of a field.
fn choice<'a>(book: &Book<'a>, (kind, field): (&str, &str), value: &str) -> Option<&'a Said> {
    let kind = &book.standard.kinds[book.standard.kind(kind)?];
    kind.choices(kind.field(field)?).iter().find(|choice| choice.name == value).map(|choice| &choice.title)
}

/// The value with its unit; a dash where there is nothing to measure.
pub fn value(figure: &Figure, lang: Lang) -> String {
    let about = about(figure.name);
    let better = about.map_or(Better::More, |a| a.better);
    let Some(value) = figure.value else {
        // No outage: the time between two is more than what was served.
        return match (figure.name, figure.numerator) {
            ("mtbf", Some(up)) if up > 0 => format!("> {}", duration(up, better, lang)),
            _ => "–".to_owned(),
        };
    };
    match figure.scale {
        Scale::Percent if figure.denominator.is_some() => percent(value),
        Scale::Percent => plain_percent(value),
        Scale::Seconds => duration(value.0 / Decimal::ONE, better, lang),
        Scale::Count => format!("{}{}", number(value), spaced(about.map_or("", |a| a.unit(lang)), lang)),
        Scale::Milliseconds => say!("{value} 毫秒", "{value} ms").to(lang).to_owned(),
        Scale::Hours => say!("{value} 学时", "{value} h").to(lang).to_owned(),
        Scale::Megabytes => volume(value.0),
    }
}

/// Numerator and denominator with their unit: `2,581,200 / 2,592,000 秒`; empty where there are none.
pub fn fraction(figure: &Figure, lang: Lang) -> String {
    let Some(about) = about(figure.name).filter(|a| !a.numerator(lang).is_empty()) else { return String::new() };
    match (figure.numerator, figure.denominator) {
        (Some(n), Some(d)) => format!("{} / {}{}", thousands(n), thousands(d), unit(about, lang)),
        _ => String::new(),
    }
}

fn unit(about: &About, lang: Lang) -> String {
    spaced(about.unit(lang), lang)
}

/// A Chinese unit stands a blank behind its number; an English one brings its own.
fn spaced(unit: &str, lang: Lang) -> String {
    match (unit, lang) {
        ("", _) => String::new(),
        (unit, Lang::En) if unit.starts_with(' ') => unit.to_owned(),
        (unit, _) => format!(" {unit}"),
    }
}

/// A share in percent, to three decimals, as it was floored when it was counted; all and nothing without decimals.
pub fn percent(value: Decimal) -> String {
    let thousandths = value.0 / 1000;
    let (whole, part) = (thousandths / 1000, thousandths % 1000);
    if part == 0 && (whole == 0 || whole == 100) { format!("{whole} %") } else { format!("{whole}.{part:03} %") }
}

/// A share that was floored and written already: `99.583` to `99.583 %`.
pub fn shown_percent(written: &str) -> String {
    let (whole, part) = written.split_once('.').unwrap_or((written, ""));
    if part.is_empty() && matches!(whole, "0" | "100") { format!("{whole} %") } else { format!("{whole}.{part:0<3} %") }
}

/// A percentage as it was set or read off: `99.5 %`.
pub fn plain_percent(value: Decimal) -> String {
    format!("{value} %")
}

/// A length of time in its two largest units, cut against ourselves: `43 分钟`, `1 天 3 小时`.
pub fn duration(seconds: i64, better: Better, lang: Lang) -> String {
    let step = match seconds {
        0..3600 => 1,
        3600..86_400 => 60,
        _ => 3600,
    };
    let cut = match better {
        Better::More => seconds.div_euclid(step),
        Better::Less => seconds.div_euclid(step) + i64::from(seconds.rem_euclid(step) > 0),
    };
    spelled(cut * step, lang)
}

/// A length of time to the second: `1 小时 6 分钟`, `2 天 30 秒`.
pub fn spelled(seconds: i64, lang: Lang) -> String {
    let parts = [
        (seconds / 86_400, say!("天", "d")),
        (seconds % 86_400 / 3600, say!("小时", "h")),
        (seconds % 3600 / 60, say!("分钟", "min")),
        (seconds % 60, say!("秒", "s")),
    ];
    let said: Vec<String> =
        parts.iter().filter(|(n, _)| *n != 0).map(|(n, unit)| format!("{n} {}", unit.to(lang))).collect();
    if said.is_empty() { say!("0 秒", "0 s").to(lang).to_owned() } else { said.join(" ") }
}

/// So many bytes in the largest unit of a thousand that leaves a whole one, cut to two decimals: `1.53 GB`.
fn volume(bytes: i64) -> String {
    let units = [(1_000_000_000_000, "TB"), (1_000_000_000, "GB"), (1_000_000, "MB"), (1000, "KB")];
    match units.iter().find(|(size, _)| bytes >= *size) {
        Some((size, unit)) => format!("{}.{:02} {unit}", thousands(bytes / size), bytes % size / (size / 100)),
        None => format!("{bytes} B"),
    }
}

/// A whole number with separators between thousands, a fraction behind it where it has one.
fn number(value: Decimal) -> String {
    let whole = thousands(value.0 / Decimal::ONE);
    match value.0 % Decimal::ONE {
        0 => whole,
        _ => {
            let written = value.to_string();
            written.split_once('.').map_or(whole.clone(), |(_, part)| format!("{whole}.{part}"))
        }
    }
}

/// A count with separators between thousands.
pub fn thousands(n: i64) -> String {
    let digits = super::rows::grouped(usize::try_from(n.unsigned_abs()).unwrap_or(usize::MAX));
    if n < 0 { format!("-{digits}") } else { digits }
}

/// What was left out of a figure, or counted though it was planned, and why; empty where there is nothing to say.
pub fn left_out(book: &Book<'_>, figure: &Figure, lang: Lang) -> String {
    let of = |why: &str| -> Vec<&str> {
        let rows = figure.trail.left_out.iter().filter(|(_, w)| *w == why);
        rows.map(|(row, _)| id(book, *row)).collect()
    };
    let list = |ids: &[&str]| ids.join(if lang == Lang::Zh { "、" } else { ", " });
    let (planned, late) = (of("planned"), of("unannounced"));
    let mut said = Vec::new();
    if !planned.is_empty() {
        let (n, ids) = (planned.len(), list(&planned));
        said.push(say!(
            "{n} 个事先通知的计划停机窗口不计入（{ids}）。",
            "{n} planned windows announced in time are left out ({ids})."
        ));
    }
    if !late.is_empty() {
        let (n, ids) = (late.len(), list(&late));
        said.push(say!(
            "{n} 个计划停机未在开始前通知或没有结束时间，按停机计（{ids}）。",
            "{n} planned windows were not announced before they began, or have no end, and count as downtime ({ids})."
        ));
    }
    let unsized_ones = of("unsized").len();
    if unsized_ones > 0 {
        let n = thousands(unsized_ones as i64);
        said.push(say!("{n} 次成功备份没有记录大小，不计入。", "Successful backups without a size, left out: {n}."));
    }
    let said: Vec<&str> = said.iter().map(|s| s.to(lang)).collect();
    said.join(if lang == Lang::Zh { "" } else { " " })
}

/// The id of a record behind a figure.
pub fn id<'a>(book: &Book<'a>, row: RowRef) -> &'a str {
    book.ledger.tables[usize::from(row.kind)].ids.get(row.row as usize)
}

/// The `id` attribute of a figure on the page of its system and month.
pub fn anchor(figure: &Figure) -> String {
    match &figure.key {
        Some((_, key)) => inert::anchor(&format!("{}-{key}", figure.name)),
        None => inert::anchor(figure.name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{Day, Unit};
    use crate::measure::{Trail, Verdict};

    fn share(name: &'static str, numerator: i64, denominator: i64) -> Figure {
        let thousandths = numerator * 100_000 / denominator;
        Figure {
            name,
            system: Some(0),
            month: Period::of(Unit::Month, Day(20_000)),
            key: None,
            scale: Scale::Percent,
            value: Some(Decimal(thousandths * 1000)),
            numerator: Some(numerator),
            denominator: Some(denominator),
            target: Some(Decimal(99_500_000)),
            verdict: Some(Verdict::Pass),
            trail: Trail::of([]),
        }
    }

    #[test]
    fn availability_is_shown_as_the_vectors_say() {
        // figures.md, section 3: downtime and agreed service time in minutes, and what is shown.
        let vectors = [
            (215, 42_600, "99.495 %"),
            (216, 43_200, "99.500 %"),
            (180, 43_200, "99.583 %"),
            (600, 43_200, "98.611 %"),
            (0, 43_200, "100 %"),
            (43_200, 43_200, "0 %"),
            (1, 43_200_000, "99.999 %"),
        ];
        for (down, agreed, shown) in vectors {
            let figure = share("availability", (agreed - down) * 60, agreed * 60);
            assert_eq!(value(&figure, Lang::Zh), shown, "{down} of {agreed}");
        }
        let figure = share("availability", (43_200 - 180) * 60, 43_200 * 60);
        assert_eq!(fraction(&figure, Lang::Zh), "2,581,200 / 2,592,000 秒");
        assert_eq!(fraction(&figure, Lang::En), "2,581,200 / 2,592,000 s");
        assert_eq!(fraction(&share("backup_success", 30, 31), Lang::Zh), "30 / 31 天");
        assert_eq!(fraction(&share("backup_success", 30, 31), Lang::En), "30 / 31 days");
    }

    #[test]
    fn lengths_of_time_are_cut_against_ourselves() {
        use Better::{Less, More};
        let zh = |seconds, better| duration(seconds, better, Lang::Zh);
        assert_eq!(zh(43 * 60, Less), "43 分钟");
        assert_eq!(zh(0, Less), "0 秒");
        assert_eq!(zh(59, More), "59 秒");
        assert_eq!(zh(61, Less), "1 分钟 1 秒");
        assert_eq!(zh(3600, Less), "1 小时");
        assert_eq!((zh(3661, Less), zh(3661, More)), ("1 小时 2 分钟".to_owned(), "1 小时 1 分钟".to_owned()));
        assert_eq!((zh(86_399, Less), zh(86_399, More)), ("1 天".to_owned(), "23 小时 59 分钟".to_owned()));
        assert_eq!((zh(90_001, Less), zh(90_001, More)), ("1 天 2 小时".to_owned(), "1 天 1 小时".to_owned()));
        assert_eq!(duration(90_000, Less, Lang::En), "1 d 1 h");
        assert_eq!(spelled(93_784, Lang::Zh), "1 天 2 小时 3 分钟 4 秒");
    }

    #[test]
    fn nothing_to_measure_is_a_dash_and_no_outage_is_more_than_what_was_served() {
        let mut none = share("backup_offsite", 0, 1);
        none.value = None;
        assert_eq!(value(&none, Lang::Zh), "–");
        let mut mtbf = share("mtbf", 30 * 86_400, 1);
        (mtbf.value, mtbf.denominator, mtbf.scale) = (None, Some(0), Scale::Seconds);
        assert_eq!(value(&mtbf, Lang::Zh), "> 30 天");
    }

    #[test]
    fn counts_have_their_word() {
        let mut outages = share("outages", 1, 1);
        (outages.scale, outages.value) = (Scale::Count, Some(Decimal(1_234 * Decimal::ONE)));
        assert_eq!(value(&outages, Lang::Zh), "1,234 次");
        assert_eq!(value(&outages, Lang::En), "1,234");
        assert_eq!(fraction(&outages, Lang::Zh), "");
        let mut cpu = share("capacity_max", 1, 1);
        (cpu.denominator, cpu.value) = (None, Some(Decimal(75_300_000)));
        assert_eq!(value(&cpu, Lang::Zh), "75.3 %");
    }
}
