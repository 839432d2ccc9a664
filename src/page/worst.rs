//! Which of many systems a document for management shows: a page of forty systems is read by nobody, so those that
//! stand out are listed, and it is said where the others are.

use crate::measure::{Better, Figure, Verdict, about};
use crate::say;
use crate::say::Said;

/// So many rows of systems stand in a table.
pub const TABLED: usize = 12;
/// So many systems are shown one by one, with their trends.
pub const SHOWN: usize = 4;

/// Which rows of figures are shown, in their order: all where there are at most `most`, else those that miss a target,
/// or are worst in one of the columns, before others.
pub fn of(rows: &[Vec<Option<&Figure>>], most: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..rows.len()).collect();
    if rows.len() <= most {
        return order;
    }
    let columns: Vec<Vec<i64>> = (0..rows.iter().map(Vec::len).max().unwrap_or(0)).map(|at| column(rows, at)).collect();
    let place = |row: &Vec<Option<&Figure>>| {
        let judged = |verdict: Verdict| row.iter().flatten().any(|f| f.target.is_some() && f.verdict == Some(verdict));
        let known = row.iter().zip(&columns).filter_map(|(figure, column)| Some((badness(*figure.as_ref()?)?, column)));
        // A value that many share tells nothing of one of them: it stands behind all that are as bad.
        let nearest = known.map(|(bad, column)| column.len() - column.partition_point(|other| *other < bad)).min();
        (!judged(Verdict::Fail), !judged(Verdict::Unproven), nearest.unwrap_or(usize::MAX))
    };
    order.sort_by_cached_key(|&row| (place(&rows[row]), row));
    order.truncate(most);
    order.sort_unstable();
    order
}

/// How bad the known values of a column are, the least bad first.
fn column(rows: &[Vec<Option<&Figure>>], at: usize) -> Vec<i64> {
    let mut all: Vec<i64> = rows.iter().filter_map(|row| badness(row.get(at).copied().flatten()?)).collect();
    all.sort_unstable();
    all
}

fn badness(figure: &Figure) -> Option<i64> {
    let value = figure.value?.0;
    match about(figure.name)?.better {
        Better::More => Some(-value),
        Better::Less => Some(value),
    }
}

/// What is said where some are left out; none where all are shown.
pub fn said(all: usize, shown: usize) -> Option<Said> {
    (shown < all).then(|| {
        say!(
            "共 {all} 个系统，这里列出未达标的和各列最差的 {shown} 个；全部系统见",
            "Of {all} systems, the {shown} that miss a target or are worst in a column stand here; all of them:"
        )
    })
}
