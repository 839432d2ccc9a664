//! How long answers, fixes and tests of the month's faults took, by system and grade (figures.md, section 4): how many,
//! the median, the 90th percentile and the most. There is no mean: one long fault would hide behind many short ones.

use crate::calendar::Period;
use crate::measure::{Figure, about};
use crate::say;
use crate::say::Said;

use super::super::figure::{self, FigureView};
use super::super::matrix::system_link;
use super::super::rows::grouped;
use super::super::sheet::Link;
use super::{Desk, Side, SideRow};

/// What is answered in time, of the faults that have a limit.
const IN_TIME: &str = "response_compliance";

/// The table: three rows for each system and grade of which there is something to say.
pub fn table(desk: &Desk<'_>, month: Period) -> Side {
    let (book, lang) = (desk.book, desk.lang());
    let lengths = [
        (say!("响应", "answered"), ["response_median", "response_p90", "response_max"], Some(IN_TIME)),
        (say!("解决", "resolved"), ["resolve_median", "resolve_p90", "resolve_max"], None),
        (say!("验证", "verified"), ["verify_median", "verify_p90", "verify_max"], None),
    ];
    let mut rows = Vec::new();
    for system in desk.served(month) {
        for grade in desk.faults.as_ref().map_or(&[][..], |f| f.grades()) {
            let find = |name: &str| figure::keyed(book, (name, &grade.name), Some(system), month);
            for (what, names, in_time) in &lengths {
                let (taken, in_time) = (names.map(find), in_time.and_then(find));
                if taken.iter().chain([&in_time]).flatten().any(|f| f.value.is_some()) {
                    let said = [&book.config.systems[system].name, grade.title.to(lang), what.to(lang)].join(" · ");
                    let href = system_link(desk.way, &book.config.systems[system]).href;
                    rows.push(SideRow { system: Link::new(href, said), cells: cells(desk, taken, in_time) });
                }
            }
        }
    }
    let heads: [Said; 4] =
        [say!("起数", "Faults"), say!("中位数", "Median"), say!("P90", "p90"), say!("最长", "Longest")];
    let heads = heads.iter().map(|said| said.to(lang)).chain(about(IN_TIME).map(|a| a.title(lang)));
    Side { heads: heads.map(str::to_owned).collect(), rows }
}

fn cells(desk: &Desk<'_>, taken: [Option<&Figure>; 3], in_time: Option<&Figure>) -> Vec<Option<FigureView>> {
    let view = |figure: &Figure| figure::view(desk.book, desk.way, figure);
    let count = |figure: &Figure| FigureView { value: grouped(figure.trail.rows.len()), ..view(figure) };
    let lengths = taken.map(|figure| figure.map(view));
    [taken[0].map(count)].into_iter().chain(lengths).chain([in_time.map(view)]).collect()
}
