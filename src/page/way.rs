//! The way from a page to a record: to its row in the tables of its month, or to the page that it has of its own.

use crate::calendar::Unit;
use crate::ledger::Ledger;
use crate::measure::Figure;
use crate::seal::canon;
use crate::standard::{Kind, Standard};

use super::Book;
use super::inert;
use super::shelf::Shelf;

/// The kind whose records have a page each, where the standard has it.
pub const FAULT: &str = "fault";

/// The page of the seals.
pub const ARCHIVE: &str = "archive/index.html";

/// Knows the address of every record. Addresses are relative to the root of the site and percent-encoded.
pub struct Way<'a> {
    standard: &'a Standard,
    ledger: &'a Ledger,
    /// On which page each record stands.
    pub shelf: &'a Shelf,
    up: String,
}

impl<'a> Way<'a> {
    /// The way from pages that lie so many folders deep.
    pub fn from_depth(book: &'a Book<'a>, shelf: &'a Shelf, depth: usize) -> Self {
        Self::over(book.standard, book.ledger, shelf, depth)
    }

    /// The same before there is a book: while pages that people wrote are read, their links are held against it.
    pub fn over(standard: &'a Standard, ledger: &'a Ledger, shelf: &'a Shelf, depth: usize) -> Self {
        Self { standard, ledger, shelf, up: "../".repeat(depth) }
    }

    /// Writes an address into an attribute, as it is from the page.
    pub fn up(&self, out: &mut String, url: &str) {
        out.push_str(&self.up);
        inert::attribute(out, url);
    }

    /// The address as it is from the page, not escaped.
    pub fn from_here(&self, url: &str) -> String {
        format!("{}{url}", self.up)
    }

    /// The page that a record has of its own.
    pub fn own_page(&self, kind: usize, row: usize) -> Option<String> {
        let Kind { name, pages, .. } = &self.standard.kinds[kind];
        let id = self.ledger.tables[kind].ids.get(row);
        match (name.as_str(), pages) {
            (FAULT, false) => Some(inert::part(&fault(id))),
            (_, true) => Some(inert::part(&runbook(id))),
            _ => None,
        }
    }

    /// Where a record is shown; none for a rejected one.
    pub fn record(&self, kind: usize, row: usize) -> Option<String> {
        let table = &self.ledger.tables[kind];
        if table.standing[row] == crate::ledger::Standing::Rejected {
            return None;
        }
        self.own_page(kind, row).or_else(|| self.row(kind, row))
    }

    /// The row of a record in the tables of its month.
    pub fn row(&self, kind: usize, row: usize) -> Option<String> {
        let table = &self.ledger.tables[kind];
        let (month, page) = self.shelf.find(table, kind, row)?;
        let path = records(&self.standard.kinds[kind].name, &month.name(), page);
        Some(format!("{}#{}", inert::part(&path), inert::part(&inert::anchor(table.ids.get(row)))))
    }

    /// Where a reference leads: the record of a kind, or a rule's clause.
    pub fn reference(&self, of: &str, id: &str) -> Option<String> {
        match self.standard.kind(of) {
            Some(kind) => self.record(kind, self.ledger.tables[kind].find(id)?),
            None => self.standard.rule(id).map(|rule| inert::part(&clause(&rule.clause))),
        }
    }
}

/// A page of a kind's records; pages count from 0.
pub fn records(kind: &str, month: &str, page: usize) -> String {
    leaf(&format!("records/{kind}/{month}"), page)
}

/// The page of a fault.
pub fn fault(id: &str) -> String {
    format!("faults/{}.html", file_name(id))
}

/// The page of a runbook: its place below `content/runbooks/`.
pub fn runbook(slug: &str) -> String {
    format!("runbooks/{slug}.html")
}

/// A page of the register of runbooks; pages count from 0.
pub fn register(page: usize) -> String {
    leaf("runbooks/index", page)
}

/// The page that a file below `content/` becomes: its own place there.
pub fn page(path: &str) -> String {
    format!("{}.html", path.strip_suffix(".md").unwrap_or(path))
}

/// The page of a folder.
pub fn index(folder: &str) -> String {
    if folder.is_empty() { "index.html".to_owned() } else { format!("{folder}/index.html") }
}

/// The page of a clause.
pub fn clause(id: &str) -> String {
    format!("clauses/{}.html", file_name(id))
}

/// The figures of a month: of all systems at a glance, and of the organisation with their records.
pub fn figures(month: &str) -> String {
    format!("figures/{month}/index.html")
}

/// The figures of a system and month with their records.
pub fn figures_of(month: &str, system: &str) -> String {
    format!("figures/{month}/{}.html", file_name(system))
}

/// Where the records behind a figure are listed.
pub fn trail(book: &Book<'_>, figure: &Figure) -> String {
    let month = figure.month.name(Unit::Month);
    let page = match figure.system {
        Some(system) => figures_of(&month, &book.config.systems[system].id),
        None => figures(&month),
    };
    format!("{}#{}", inert::part(&page), inert::part(&super::figure::anchor(figure)))
}

/// The monthly report.
pub fn report(month: &str) -> String {
    format!("reports/{month}.html")
}

/// An earlier version of a monthly report; versions count from 1.
pub fn report_version(month: &str, version: usize) -> String {
    format!("reports/{month}-v{version}.html")
}

/// The monthly report as one file.
pub fn report_alone(month: &str) -> String {
    format!("reports/{month}.single.html")
}

/// An earlier version of a monthly report as one file.
pub fn report_version_alone(month: &str, version: usize) -> String {
    format!("reports/{month}-v{version}.single.html")
}

/// The pack of a half-yearly evaluation, by the name of the half.
pub fn evaluation(half: &str) -> String {
    format!("evaluations/{half}.html")
}

/// A page of the register of waivers; pages count from 0.
pub fn waivers(page: usize) -> String {
    leaf("waivers", page)
}

/// A page of the register of improvements; pages count from 0.
pub fn improvements(page: usize) -> String {
    leaf("improvements", page)
}

/// A page of a list; pages count from 0.
fn leaf(stem: &str, page: usize) -> String {
    if page == 0 { format!("{stem}.html") } else { format!("{stem}-{}.html", page + 1) }
}

/// The first page of a list, by the route of a further one: `findings.html` for `findings-2.html`; and the report that an
/// earlier version is of, which is that version where the month comes to what was sealed again. None for other routes,
/// such as `matrix/2026-10.html`.
pub fn first(route: &str) -> Option<String> {
    let (stem, number) = route.strip_suffix(".html")?.rsplit_once('-')?;
    let counts = |number: &str| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    if stem.starts_with("reports/") {
        let version = number.strip_suffix(".single").unwrap_or(number).strip_prefix('v')?;
        return counts(version).then(|| format!("{stem}.html"));
    }
    let further = counts(number);
    let list = match stem.split_once('/') {
        None => true,
        // `records/backup/2026-10` is a list; `records/backup/2026` is none.
        Some(("records", rest)) => rest.contains('-'),
        Some(_) => stem.ends_with("/index"),
    };
    (further && list).then(|| format!("{stem}.html"))
}

/// The kind whose records a route shows.
pub fn kind_of(route: &str) -> Option<&str> {
    match route.split_once('/')? {
        ("faults", _) => Some(FAULT),
        ("records", rest) => Some(rest.split_once('/')?.0),
        _ => None,
    }
}

/// A whole address: the one at which the site will stand, and an encoded address from its root. In ASCII and fit for
/// XML, because other programs read it.
pub fn absolute(base: &str, url: &str) -> String {
    let mut out = format!("{}/", base.trim_end_matches('/'));
    for c in url.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            c if c.is_ascii() => out.push(c),
            c => inert::percent(&mut out, c),
        }
    }
    out
}

/// A rule on the page of its clause, percent-encoded.
pub fn rule(clause_id: &str, id: &str) -> String {
    format!("{}#{}", inert::part(&clause(clause_id)), inert::part(id))
}

/// The matrix of a month or a year, by its name.
pub fn matrix(period: &str) -> String {
    format!("matrix/{period}.html")
}

/// The page that searches.
pub const SEARCH: &str = "search.html";

/// The page of a system.
pub fn system(id: &str) -> String {
    format!("systems/{}.html", file_name(id))
}

/// An id as the name of a file on every system. Where something has to give way, the beginning of a digest keeps
/// two ids apart.
pub fn file_name(id: &str) -> String {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let stem = id.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let reserved = matches!(stem.as_str(), "con" | "prn" | "aux" | "nul" | "index" | "")
        || stem.starts_with("index-")
        || (stem.len() == 4 && (stem.starts_with("com") || stem.starts_with("lpt")));
    if id.chars().all(fits) && id.len() <= 120 && !reserved && !id.ends_with('.') {
        return id.to_owned();
    }
    let start: String = id.chars().take(30).map(|c| if fits(c) { c } else { '_' }).collect();
    format!("{}~{}", start.trim_start_matches('.'), &canon::digest(id)[..8])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_become_names_of_files() {
        assert_eq!(fault("F-2026-017"), "faults/F-2026-017.html");
        assert_eq!(file_name("故障1"), "故障1");
        let odd =
            ["a/b", "a b", "../x", "con", "CON.1", "", ".", "index", "a?b", "a:b", "x\u{202e}", "com1", "index-2"];
        for id in odd {
            let name = file_name(id);
            assert!(
                !name.contains(['/', '\\', '?', ':', ' ']) && name.contains('~') && !name.starts_with('.'),
                "{id}: {name}"
            );
        }
        let all: std::collections::BTreeSet<String> = odd.iter().map(|id| file_name(id)).collect();
        assert_eq!(all.len(), odd.len());
        assert!(file_name(&"备".repeat(128)).len() < 120);
    }

    #[test]
    fn a_further_page_of_a_list_is_told_from_a_month() {
        let of = |route: &str| first(route).unwrap_or_default();
        assert_eq!(of("findings-2.html"), "findings.html");
        assert_eq!(of("faults/index-12.html"), "faults/index.html");
        assert_eq!(of("records/backup/2026-10-3.html"), "records/backup/2026-10.html");
        assert_eq!(of("reports/2026-10-v1.html"), "reports/2026-10.html");
        for other in ["records/backup/2026-10.html", "matrix/2026-10.html", "faults/F-2026-017.html", "findings.html"] {
            assert_eq!(first(other), None, "{other}");
        }
    }

    #[test]
    fn pages_after_the_first_have_a_number() {
        assert_eq!(records("backup", "2026-10", 0), "records/backup/2026-10.html");
        assert_eq!(records("backup", "2026-10", 1), "records/backup/2026-10-2.html");
    }
}
