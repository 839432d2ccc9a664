//! How long answers, fixes and tests of the month's faults took, by system and grade (figures.md, section 4): how many,
//! the median, the 90th percentile and the most. There is no mean: one long fault would hide behind many short ones.

use crate::calendar::Period;
use crate::measure::{Figure, about};
use crate::say;
use crate::say::Said;
use crate::standard::Choice;

use super::super::figure::{self, FigureView};
use super::super::matrix::system_link;
use super::super::rows::grouped;
use super::super::sheet::Link;
use super::super::worst;
use super::Desk;
use super::side::{self, Side, SideRow};

/// What is answered in time, of the faults that have a limit.
const IN_TIME: &str = "response_compliance";

/// What is measured: the word for it, the names of its three lengths, and of what is in time.
type Lengths = (Said, [&'static str; 3], Option<&'static str>);

/// The table: three rows for each system and grade of which there is something to say.
pub fn table(desk: &Desk<'_>, month: Period) -> Side {
    let lengths: [Lengths; 3] = [
        (say!("响应", "answered"), ["response_median", "response_p90", "response_max"], Some(IN_TIME)),
        (say!("解决", "resolved"), ["resolve_median", "resolve_p90", "resolve_max"], None),
        (say!("验证", "verified"), ["verify_median", "verify_p90", "verify_max"], None),
    ];
    let of_system = |system: usize| figures(desk, month, system, &lengths);
    let told = |rows: &Vec<[Option<&Figure>; 4]>| rows.iter().any(says);
    let (systems, found): (Vec<usize>, Vec<_>) =
        desk.served(month).map(|s| (s, of_system(s))).filter(|(_, rows)| told(rows)).unzip();
    let flat: Vec<Vec<Option<&Figure>>> = found.iter().map(|rows| rows.iter().flatten().copied().collect()).collect();
    let shown = worst::of(&flat, worst::TABLED / 2);
    let rows = shown.iter().flat_map(|&at| rows(desk, systems[at], &found[at], &lengths)).collect();
    let heads: [Said; 4] =
        [say!("起数", "Faults"), say!("中位数", "Median"), say!("P90", "p90"), say!("最长", "Longest")];
    let lang = desk.lang();
    let heads = heads.iter().map(|said| said.to(lang)).chain(about(IN_TIME).map(|a| a.title(lang)));
    Side {
        heads: heads.map(str::to_owned).collect(),
        rows,
        others: side::others(desk, month, systems.len(), shown.len()),
    }
}

/// The three lengths and what is in time, grade by grade, each what is measured.
fn figures<'a>(desk: &Desk<'a>, month: Period, system: usize, lengths: &[Lengths]) -> Vec<[Option<&'a Figure>; 4]> {
    let grades = desk.faults.as_ref().map_or(&[][..], |f| f.grades());
    let of_grade = |grade: &str| {
        let find = |name: &str| figure::keyed(desk.book, (name, grade), Some(system), month);
        let row = |(_, [a, b, c], in_time): &Lengths| [find(a), find(b), find(c), in_time.and_then(find)];
        lengths.iter().map(row).collect::<Vec<_>>()
    };
    grades.iter().flat_map(|grade| of_grade(&grade.name)).collect()
}

fn says(row: &[Option<&Figure>; 4]) -> bool {
    row.iter().flatten().any(|f| f.value.is_some())
}

fn rows(desk: &Desk<'_>, system: usize, found: &[[Option<&Figure>; 4]], lengths: &[Lengths]) -> Vec<SideRow> {
    let (config, lang) = (&desk.book.config.systems[system], desk.lang());
    let grades = desk.faults.as_ref().map_or(&[][..], |f| f.grades());
    let labels = grades.iter().flat_map(|grade| lengths.iter().map(move |(what, ..)| (grade, what)));
    let row = |(found, (grade, what)): (&[Option<&Figure>; 4], (&Choice, &Said))| {
        let said = [&config.name, grade.title.to(lang), what.to(lang)].join(" · ");
        SideRow { system: Link::new(system_link(desk.way, config).href, said), cells: cells(desk, *found) }
    };
    found.iter().zip(labels).filter(|(found, _)| says(found)).map(row).collect()
}

fn cells(desk: &Desk<'_>, [median, p90, most, in_time]: [Option<&Figure>; 4]) -> Vec<Option<FigureView>> {
    let view = |figure: &Figure| figure::view(desk.book, desk.way, figure);
    let count = |figure: &Figure| FigureView { value: grouped(figure.trail.rows.len()), ..view(figure) };
    vec![median.map(count), median.map(view), p90.map(view), most.map(view), in_time.map(view)]
}
