//! Records to files: by kind and month, or where `--into` says; by time, then id.

use std::collections::BTreeMap;

use crate::entry::{Cells, FilePlan, Ground, lay, month};
use crate::finding::Finding;
use crate::source::Failure;

use super::{Order, Record};

/// Lays records out in files.
pub fn lay_out(order: &Order<'_>, fresh: &[Record], notes: &mut Vec<Finding>) -> Result<Vec<FilePlan>, Failure> {
    let mut by_path: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, record) in fresh.iter().enumerate() {
        by_path.entry(path(order, record)).or_default().push(at);
    }
    let Order { sources, standard, ledger, loaded, ground: read, .. } = order;
    let ground = Ground { sources, config: read.config, standard, ledger, loaded, as_of: read.as_of };
    let mut out = Vec::new();
    for (path, mut rows) in by_path {
        rows.sort_by(|a, b| (fresh[*a].at, &fresh[*a].id).cmp(&(fresh[*b].at, &fresh[*b].id)));
        let cells: Vec<&Cells> = rows.iter().map(|row| &fresh[*row].cells).collect();
        let mut plan = lay(&ground, &path, fresh[rows[0]].kind, &cells, notes)?;
        plan.rows.iter_mut().for_each(|(_, at)| *at = rows[*at]);
        out.push(plan);
    }
    Ok(out)
}

fn path(order: &Order<'_>, record: &Record) -> String {
    let into = order.into.iter().find(|(kind, _)| *kind == record.kind).map(|(_, path)| path.clone());
    into.unwrap_or_else(|| {
        let (kind, source, month) = (&order.standard.kinds[record.kind].name, order.source, month(record.day));
        format!("records/{kind}/{source}-{month}.csv")
    })
}
