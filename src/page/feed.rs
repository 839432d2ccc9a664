//! `feed.xml`: what is new, for those who do not look every day: faults, and clauses that fail and did not the month
//! before (Atom, RFC 4287). A feed is fetched from elsewhere and needs whole addresses: without `site.base_url` there is
//! none.

use std::fmt::Write as _;

use crate::TOOL;
use crate::calendar::{Instant, Period, Unit};
use crate::say;
use crate::say::Said;

use super::charts::month_said;
use super::desk::Desk;
use super::export::File;
use super::faults::register;
use super::grid;
use super::inert;
use super::verdict::{Outcome, Scope};
use super::way;

/// The path of the feed.
pub const FEED: &str = "feed.xml";

/// How many entries it holds, the newest.
const MOST: usize = 50;

/// An entry.
struct Entry {
    /// From the root of the site, percent-encoded.
    url: String,
    title: String,
    text: String,
    published: Instant,
    updated: Instant,
}

/// The feed; none where the workspace does not say at which address the site will stand.
pub fn file(desk: &Desk<'_>) -> Option<File> {
    let (site, lang) = (&desk.book.config.site, desk.lang());
    let base = site.base_url.as_deref()?;
    let mut entries = faults(desk);
    entries.extend(failing(desk));
    entries.sort_by(|a, b| (b.updated, &b.url).cmp(&(a.updated, &a.url)));
    entries.truncate(MOST);
    // Where nothing happened nothing was updated: the beginning of the archive is as good as any other moment.
    let updated = entries.first().map_or(desk.book.config.since(), |entry| entry.updated);
    let (title, time) = (xml(&site.title), |at: Instant| site.zone.rfc3339(at));
    let about = say!("故障，以及新出现的不符合条款", "Faults, and clauses that newly fail");
    let author = if site.organisation.is_empty() { &site.title } else { &site.organisation };
    let (tool, version) = TOOL.split_once(' ').unwrap_or((TOOL, ""));
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = write!(
        out,
        "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n<id>{}</id>\n<title>{title}</title>\n\
         <subtitle>{}</subtitle>\n<updated>{}</updated>\n<link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>\n\
         <link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n<author><name>{}</name></author>\n\
         <generator version=\"{version}\">{tool}</generator>\n",
        lang.tag(),
        way::absolute(base, FEED),
        about.to(lang),
        time(updated),
        way::absolute(base, FEED),
        way::absolute(base, "index.html"),
        xml(author),
    );
    for Entry { url, title, text, published, updated } in &entries {
        let url = way::absolute(base, url);
        let _ = write!(
            out,
            "<entry>\n<id>{url}</id>\n<title>{}</title>\n<link rel=\"alternate\" type=\"text/html\" href=\"{url}\"/>\n\
             <published>{}</published>\n<updated>{}</updated>\n<summary>{}</summary>\n</entry>\n",
            xml(title),
            time(*published),
            time(*updated),
            xml(text),
        );
    }
    out.push_str("</feed>\n");
    Some(File::new(FEED, out))
}

/// Text between tags: nothing in it is markup, turns the direction of what follows, or is no character of XML.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    inert::attribute(&mut out, &text.replace(['\u{FFFE}', '\u{FFFF}'], "\u{FFFD}"));
    out
}

/// The faults that take part; one is updated when the last of its steps was taken.
fn faults(desk: &Desk<'_>) -> Vec<Entry> {
    let (Some(faults), Some(writer)) = (&desk.faults, desk.writer(way::FAULT)) else { return Vec::new() };
    let lang = desk.lang();
    let touched = |row: usize| {
        let times = faults.times(row);
        let steps = [times.responded, times.resolved, times.verified];
        steps.into_iter().flatten().chain([times.reported]).max().unwrap_or(times.reported)
    };
    let mut rows: Vec<usize> = faults.table.live().collect();
    rows.sort_by_key(|&row| (std::cmp::Reverse(touched(row)), row));
    let entry = |row: usize| {
        let view = register::view(desk.book, desk.way, faults, &writer.row(row));
        let comma = say!("，", ", ");
        let parts = [&view.grade, &view.system, &view.state.word].map(String::as_str);
        Entry {
            url: inert::part(&way::fault(faults.id(row))),
            title: format!("{} {}", faults.id(row), view.label),
            text: parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(comma.to(lang)),
            published: faults.reported(row),
            updated: touched(row),
        }
    };
    rows.into_iter().take(MOST).map(entry).collect()
}

/// The clauses that fail in a month and did not in the month before.
fn failing(desk: &Desk<'_>) -> Vec<Entry> {
    let months = desk.verdicts.months();
    let fails = |clause: &str, month: Period| {
        desk.verdicts.clause(clause, Scope::All, month).is_some_and(|v| v.outcome == Outcome::Fails)
    };
    let mut out = Vec::new();
    for (at, month) in months.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| months[before]);
        for clause in &desk.book.standard.clauses {
            if fails(&clause.id, *month) && !before.is_some_and(|before| fails(&clause.id, before)) {
                out.push(entry(desk, clause, *month));
            }
        }
    }
    out
}

fn entry(desk: &Desk<'_>, clause: &crate::standard::Clause, month: Period) -> Entry {
    let (lang, zone) = (desk.lang(), &desk.book.config.site.zone);
    // It fails from the end of the first day on which that is certain.
    let certain = desk
        .verdicts
        .findings(&clause.id, month)
        .filter(|f| f.waived_by.is_none() && f.severity == crate::finding::Severity::Error)
        .filter_map(|f| f.dates.map(|(_, day)| zone.end(day)))
        .min();
    let certain = certain.unwrap_or(zone.span(month).end).min(desk.book.as_of);
    let numbers = desk.verdicts.clause(&clause.id, Scope::All, month).map_or_else(Said::default, |v| v.numbers());
    let m = month_said(month);
    let (id, zh, en) = (&clause.id, &clause.title.zh, &clause.title.en);
    let title = Said {
        zh: format!("{} 新出现不符合：{id} {zh}", month.name(Unit::Month)),
        en: format!("Newly failing in {}: {id} {en}", m.en),
    };
    Entry {
        url: grid::findings_of(&clause.id, month),
        title: title.to(lang).to_owned(),
        text: numbers.to(lang).to_owned(),
        published: certain,
        updated: certain,
    }
}

#[cfg(test)]
mod tests {
    use crate::page::Book;
    use crate::page::restated::Versions;
    use crate::page::shelf::Shelf;
    use crate::page::tests::{with, with_config};
    use crate::page::verdict::Verdicts;
    use crate::page::way::Way;

    use super::*;

    const FAULT: &str = "id,system,reported_at,reporter,grade,summary,description,responded_at,resolved_at\n\
                         F-1,oa,2026-02-05 09:00,甲,紧急,<b>停机 & 重启\u{202e},全部用户无法登录系统首页,2026-02-05 09:30,2026-02-06 10:00\n";

    fn feed(book: &Book<'_>) -> Option<String> {
        let shelf = Shelf::of(book.ledger, book.standard);
        let (verdicts, way) = (Verdicts::of(book), Way::from_depth(book, &shelf, 1));
        file(&Desk::open(book, &verdicts, &Versions::of(book, &verdicts), &way).unwrap())
            .map(|file| String::from_utf8(file.bytes).unwrap())
    }

    #[test]
    fn without_an_address_there_is_no_feed() {
        with(&[("records/fault/a.csv", FAULT)], "2026-03-15", |book| assert_eq!(feed(book), None));
    }

    #[test]
    fn faults_and_newly_failing_clauses_are_told_the_newest_first() {
        let config = "[site]\ntitle = \"档案\"\ntimezone = \"Asia/Shanghai\"\nbase_url = \"https://ops.example/oa\"\n\
                      [[system]]\nid = \"oa\"\nin_service = 2026-01-01\n";
        with_config(config, &[("records/fault/a.csv", FAULT)], "2026-03-15", |book| {
            let text = feed(book).unwrap();
            assert!(text.contains("<id>https://ops.example/oa/faults/F-1.html</id>"), "{text}");
            assert!(text.contains("<title>F-1 &lt;b&gt;停机 &amp; 重启[U+202E]</title>"), "{text}");
            assert!(text.contains("<published>2026-02-05T09:00:00+08:00</published>"));
            assert!(text.contains("<updated>2026-02-06T10:00:00+08:00</updated>"));
            assert!(text.contains("2026-01 新出现不符合：3.1.1"), "{text}");
            // It failed in January already.
            assert!(!text.contains("2026-02 新出现不符合：3.1.1"), "{text}");
            let times: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("<updated>")).skip(1).collect();
            assert!(times.windows(2).all(|pair| pair[0] >= pair[1]), "{times:?}");
        });
    }
}
