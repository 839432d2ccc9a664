//! The figures in SQL, so that anybody can count them again from the records with a stock database. The same text runs
//! in SQLite and in DuckDB: an instant is read with `unixepoch`, which the one has and the other is given.

use std::fmt::Write as _;

use crate::page::Book;

use super::records;
use super::table::quoted;

/// How a view tells its value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tells {
    /// It is made by others only.
    Rows,
    /// By a numerator and a denominator: the value is their share in percent, floored to three decimals.
    Share,
    /// By itself.
    Value,
}

/// A view: its name, and the fields of each kind that it reads.
struct View {
    name: &'static str,
    tells: Tells,
    needs: &'static [(&'static str, &'static [&'static str])],
    sql: &'static str,
}

macro_rules! view {
    ($name:literal, $tells:ident, [$(($kind:literal, $($field:literal),+)),*]) => {
        View {
            name: $name,
            tells: Tells::$tells,
            needs: &[$(($kind, &[$($field),+])),*],
            sql: include_str!(concat!("sql/", $name, ".sql")),
        }
    };
}

/// All views, each after those that it reads.
const VIEWS: &[View] = &[
    view!("system_months", Rows, []),
    view!("outage_months", Rows, [("outage", "system", "started_at", "ended_at", "planned", "announced_at")]),
    view!("availability", Share, [("outage", "system", "started_at", "ended_at", "planned", "announced_at")]),
    view!("downtime", Value, [("outage", "system", "started_at", "ended_at", "planned", "announced_at")]),
    view!("outages", Value, [("outage", "system", "started_at", "ended_at", "planned", "announced_at")]),
    view!("mtbf", Value, [("outage", "system", "started_at", "ended_at", "planned", "announced_at")]),
    view!("coverage", Share, []),
    view!("response_compliance", Share, [("fault", "system", "grade", "reported_at", "responded_at")]),
    view!("response_times", Rows, [("fault", "system", "grade", "reported_at", "responded_at")]),
    view!("response_median", Value, [("fault", "system", "grade", "reported_at", "responded_at")]),
    view!("response_p90", Value, [("fault", "system", "grade", "reported_at", "responded_at")]),
    view!("response_max", Value, [("fault", "system", "grade", "reported_at", "responded_at")]),
    view!("resolve_times", Rows, [("fault", "system", "grade", "reported_at", "resolved_at")]),
    view!("resolve_median", Value, [("fault", "system", "grade", "reported_at", "resolved_at")]),
    view!("resolve_p90", Value, [("fault", "system", "grade", "reported_at", "resolved_at")]),
    view!("resolve_max", Value, [("fault", "system", "grade", "reported_at", "resolved_at")]),
    view!("verify_times", Rows, [("fault", "system", "grade", "reported_at", "verified_at")]),
    view!("verify_median", Value, [("fault", "system", "grade", "reported_at", "verified_at")]),
    view!("verify_p90", Value, [("fault", "system", "grade", "reported_at", "verified_at")]),
    view!("verify_max", Value, [("fault", "system", "grade", "reported_at", "verified_at")]),
    view!("faults_open", Value, [("fault", "system", "grade", "reported_at", "resolved_at")]),
    view!("faults_oldest_open", Value, [("fault", "system", "grade", "reported_at", "resolved_at")]),
    view!("backup_success", Share, [("backup", "system")]),
    view!("backup_first_attempt", Share, [("backup", "system", "started_at", "result")]),
    view!("backup_offsite", Share, [("backup", "system", "started_at", "result", "offsite")]),
    view!("backup_longest_gap", Value, [("backup", "system", "started_at", "finished_at", "result")]),
    view!("backup_volume", Value, [("backup", "system", "started_at", "type", "result", "size")]),
    view!("update_checked", Share, [("update", "system")]),
    view!("grave_updates", Rows, [("update", "system", "checked_at", "applied_at", "severity", "result")]),
    view!("patch_on_time", Share, [("update", "system", "checked_at", "applied_at", "severity", "result")]),
    view!("patch_median", Value, [("update", "system", "checked_at", "applied_at", "severity", "result")]),
    view!("patch_median_others", Value, [("update", "system", "checked_at", "applied_at", "severity", "result")]),
    view!("patch_oldest_open", Value, [("update", "system", "checked_at", "applied_at", "severity", "result")]),
    view!("support_answered", Share, [("support", "system", "asked_at", "answered_at")]),
    view!("satisfaction", Share, [("support", "system", "satisfaction"), ("feedback", "system", "satisfaction")]),
    view!("scan_cleared", Share, [("scan", "system", "critical", "high", "cleared_at")]),
    view!("access_timely", Share, [("access", "system", "requested_at", "done_at")]),
    view!("improvements_done", Share, [("improvement", "due", "status")]),
    view!("improvements_overdue", Value, [("improvement", "raised", "due", "status", "done_at")]),
    view!("training_sessions", Value, [("training", "date", "audience")]),
    view!("training_hours", Value, [("training", "date", "audience", "hours")]),
    view!("shift_response_median", Value, [("shift", "system", "response_ms")]),
    view!("shift_response_p95", Value, [("shift", "system", "response_ms")]),
    view!("shift_errors", Value, [("shift", "system", "errors")]),
    view!("capacity_max", Value, [("shift", "system", "cpu", "memory", "disk")]),
    view!("capacity_mean", Value, [("shift", "system", "cpu", "memory", "disk")]),
    view!("completeness", Share, []),
    view!("archive_months", Rows, []),
    view!("records_read", Value, []),
    view!("records_accepted", Value, []),
    view!("records_rejected", Value, []),
    view!("records_sealed", Value, []),
];

/// The months of all records that were accepted, and of the seals that hold them.
const ACCEPTED: &str = "accepted_records";

/// Exact in whole numbers, and only then a decimal.
const SHARE: &str = "CASE WHEN denominator > 0\n            THEN (numerator * 100000 - (numerator * 100000) % denominator) \
                     / denominator / 1000.0 END";

/// `CREATE VIEW …` for each view that the standard's kinds and fields allow; at last `figures_counted`, all figures as
/// SQL counts them, and `differences`, where those are not what the program counted.
pub(super) fn views(book: &Book<'_>) -> String {
    let there: Vec<&View> = VIEWS.iter().filter(|view| fits(view, book)).collect();
    let mut out = accepted(book);
    for view in &there {
        let name = named(view);
        let sql = view.sql.trim_end();
        let _ = match view.tells {
            Tells::Rows | Tells::Value => write!(out, "CREATE VIEW {name} AS\n{sql};\n\n"),
            Tells::Share => write!(
                out,
                "CREATE VIEW {name} AS\nSELECT figure, system, period, part,\n       {SHARE} AS value,\n       \
                 numerator, denominator\nFROM (\n{sql}\n) shares;\n\n"
            ),
        };
    }
    let told: Vec<&&View> = there.iter().filter(|view| view.tells != Tells::Rows).collect();
    let counted = told.iter().map(|view| {
        format!(
            "SELECT figure, system, period, part, CAST(value AS DOUBLE) AS value, numerator, denominator FROM {}",
            named(view)
        )
    });
    let all = counted.collect::<Vec<_>>().join("\nUNION ALL ");
    // The names stand here as they are: SQLite reads no view in which a thousand tables are looked at, and to ask
    // `figures_counted` for them would look at each a second time.
    let names = told.iter().map(|view| format!("'{}'", view.name)).collect::<Vec<_>>().join(", ");
    let _ = write!(out, "CREATE VIEW figures_counted AS\n{all};\n\n{}", DIFFERENCES.replace("{names}", &names));
    out
}

/// The view of the records of all kinds: what the kinds are called is the standard's.
fn accepted(book: &Book<'_>) -> String {
    let mut out = format!(
        "CREATE VIEW {ACCEPTED} AS\nSELECT CAST(NULL AS TEXT) AS month, CAST(NULL AS TEXT) AS sealed_in WHERE 1 = 0"
    );
    for kind in records::kinds(book) {
        let _ = write!(out, "\nUNION ALL SELECT record_month, sealed_in FROM {}", quoted(&records::table(book, kind)));
    }
    out + ";\n\n"
}

/// Whether a view has this name.
pub(super) fn is_view(name: &str) -> bool {
    let made = [ACCEPTED, "figures_counted", "differences"].contains(&name);
    made || VIEWS.iter().any(|view| named(view).trim_matches('"') == name)
}

/// A figure's view is called after it; a kind may have the same name.
fn named(view: &View) -> String {
    match view.tells {
        Tells::Rows => quoted(view.name),
        Tells::Share | Tells::Value => quoted(&format!("figure_{}", view.name)),
    }
}

const DIFFERENCES: &str = "\
-- No row: each figure is what SQL counts from the records.
CREATE VIEW differences AS
SELECT f.figure, f.system, f.period, f.part, f.value, f.numerator, f.denominator,
       c.value AS counted, c.numerator AS counted_numerator, c.denominator AS counted_denominator
FROM figures f
LEFT JOIN figures_counted c ON c.figure = f.figure AND c.period = f.period
     AND coalesce(c.system, '') = coalesce(f.system, '') AND coalesce(c.part, '') = coalesce(f.part, '')
WHERE f.figure IN ({names})
  AND (c.figure IS NULL OR CAST(f.value AS DOUBLE) IS DISTINCT FROM c.value
       OR f.numerator IS DISTINCT FROM c.numerator OR f.denominator IS DISTINCT FROM c.denominator)
ORDER BY f.figure, f.system, f.period, f.part;
";

/// Whether the standard has all that a view reads, under the names that the view knows, and the program counts its
/// figure: what a standard has no rule or limit for is no figure.
fn fits(view: &View, book: &Book<'_>) -> bool {
    let counted = || book.figures.is_empty() || book.figures.iter().any(|figure| figure.name == view.name);
    (view.tells == Tells::Rows || counted())
        && view.needs.iter().all(|(kind, fields)| {
            let Some(kind) = book.standard.kind(kind) else { return false };
            let kind = &book.standard.kinds[kind];
            !kind.pages && fields.iter().all(|field| kind.field(field).is_some())
        })
}
