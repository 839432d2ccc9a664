//! What a page that somebody wrote shows beside its text: who answers for it, whether it is due for review, what it is
//! about, where it comes from. Runbooks and other pages share this.

use serde::Serialize;

use crate::calendar::Day;
use crate::say;
use crate::say::{Lang, Said};
use crate::source::Failure;
use crate::value::Interval;

use super::Book;
use super::blocks::{self, Part};
use super::content::facts::Facts;
use super::content::review::{Review, review};
use super::content::{Document, Role};
use super::findings::{self, FindingView};
use super::inert;
use super::sheet::{Link, Neighbours};
use super::way::{self, Way};

/// From so many headings on a page begins with a list of them.
const CONTENTS: usize = 3;

/// A page that somebody wrote.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DocumentView {
    /// BCP 47 tag of the text.
    pub lang: String,
    /// The `id` of the page's title; empty where a heading of the text has none.
    pub title_id: String,
    /// The text, with what is drawn in it.
    pub parts: Vec<Part>,
    /// Its headings, where there are many.
    pub contents: Vec<HeadingView>,
    /// Who answers for it.
    pub owner: String,
    /// Whether it is due; none for a page that says nothing of reviews and need not.
    pub review: Option<ReviewView>,
    /// What it is about.
    pub systems: Vec<Link>,
    /// What of the standard it serves; the text is the clause's id and title.
    pub clauses: Vec<Link>,
    /// Words under which it is found.
    pub tags: Vec<String>,
    /// How risky it is to do what it says.
    pub risk: String,
    /// What else its front matter says.
    pub extras: Vec<ExtraView>,
    /// The same page in other languages.
    pub twins: Vec<TwinView>,
    /// The path of its file.
    pub source: String,
    /// Where its file can be edited; empty where nobody says.
    pub edit: String,
    /// What is wrong with it.
    pub findings: Vec<FindingView>,
    /// The way back.
    pub crumbs: Vec<Link>,
    /// The page before and the page after.
    pub neighbours: Neighbours,
}

/// A heading in the list of contents.
#[derive(Debug, Clone, Serialize)]
pub struct HeadingView {
    /// Whether it stands below another in the list.
    pub inner: bool,
    /// Where it stands.
    pub href: String,
    /// Its text.
    pub text: String,
}

/// Whether a page is due for review.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ReviewView {
    /// As the component `status` takes it.
    pub state: &'static str,
    /// The state in words.
    pub word: String,
    /// When it was read last; may be empty.
    pub last: String,
    /// After what time it must be read again; may be empty.
    pub every: String,
    /// Until when it must be read again; may be empty.
    pub due: String,
    /// What a reader must know before following it; empty where all is well.
    pub warning: String,
    /// The kind of alert that says so.
    pub alert: &'static str,
}

/// A key that is not known.
#[derive(Debug, Clone, Serialize)]
pub struct ExtraView {
    /// The key as written.
    pub key: String,
    /// Its value as written.
    pub value: String,
}

/// The same page in another language.
#[derive(Debug, Clone, Serialize)]
pub struct TwinView {
    /// Its address.
    pub href: String,
    /// Its title.
    pub text: String,
    /// BCP 47 tag.
    pub lang: String,
    /// The name of the language in itself.
    pub name: String,
}

/// All that a page shows; addresses as they are from the page itself. Crumbs and neighbours are the caller's.
pub fn whole(book: &Book<'_>, way: &Way<'_>, at: usize) -> Result<DocumentView, Failure> {
    let page = &book.content.documents[at].page;
    Ok(DocumentView { parts: blocks::parts(book, way, page, &page.html)?, ..view(book, way, at) })
}

/// What is known of a page, without its text.
pub fn view(book: &Book<'_>, way: &Way<'_>, at: usize) -> DocumentView {
    let document = &book.content.documents[at];
    let Document { facts, page, source, .. } = document;
    let mut taken = std::collections::BTreeSet::new();
    let own = book.by_file.get(&**source).into_iter().flatten();
    DocumentView {
        lang: document.lang.clone(),
        title_id: page.title_id.clone().unwrap_or_default(),
        contents: contents(document),
        owner: facts.owner.clone(),
        review: reviewed(book, document),
        systems: facts.systems.iter().map(|id| system(book, way, id)).collect(),
        clauses: facts.clauses.iter().map(|id| clause(book, way, id)).collect(),
        tags: facts.tags.clone(),
        risk: facts.risk.clone(),
        extras: facts
            .extras
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(key, value)| ExtraView { key: key.clone(), value: value.clone() })
            .collect(),
        twins: twins(book, way, at),
        source: source.to_string(),
        edit: edit(book, source),
        findings: own.map(|finding| findings::view(book, way, finding, &mut taken)).collect(),
        ..DocumentView::default()
    }
}

/// The headings of the first level of which there are many, and those of the level below.
fn contents(document: &Document) -> Vec<HeadingView> {
    let all = &document.page.headings;
    let many = (2..=3).find(|&level| all.iter().filter(|h| h.level == level).count() >= CONTENTS);
    let Some(top) = many else { return Vec::new() };
    let listed = all.iter().filter(|h| h.level == top || h.level == top + 1);
    listed
        .map(|h| HeadingView { inner: h.level > top, href: format!("#{}", inert::part(&h.id)), text: h.text.clone() })
        .collect()
}

/// Whether a page is due. A runbook must say when it was read; another page may.
pub fn reviewed(book: &Book<'_>, document: &Document) -> Option<ReviewView> {
    let Facts { last_reviewed, review_in, owner, .. } = &document.facts;
    if document.role != Role::Runbook && last_reviewed.is_none() && review_in.is_none() {
        return None;
    }
    let lang = book.config.site.lang;
    let text = |said: Said| said.to(lang).to_owned();
    let (state, word, due, warning) = match review(&document.facts, &book.config.site.zone, book.as_of) {
        Review::Current(due) => ("pass", say!("在期", "in date"), Some(due), None),
        Review::Overdue(due, days) => ("fail", late(days), Some(due), Some(overdue(due, days, owner))),
        Review::Unknown => ("unproven", say!("复核情况不明", "review unknown"), None, Some(unknown(&document.facts))),
    };
    Some(ReviewView {
        state,
        alert: if state == "fail" { "caution" } else { "warning" },
        word: text(word),
        last: last_reviewed.map_or_else(String::new, |day| day.to_string()),
        every: review_in.map_or_else(String::new, |interval| text(every(interval))),
        due: due.map_or_else(String::new, |day| day.to_string()),
        warning: warning.map(text).unwrap_or_default(),
    })
}

/// `逾期 12 天`.
pub fn late(days: i32) -> Said {
    let unit = if days == 1 { "day" } else { "days" };
    say!("逾期 {days} 天", "{days} {unit} overdue")
}

fn overdue(due: Day, days: i32, owner: &str) -> Said {
    let late = late(days);
    let (zh, en) = (&late.zh, &late.en);
    if owner.is_empty() {
        return say!(
            "应在 {due} 前复核，已{zh}。照做之前，先核对步骤是否仍然适用。",
            "It was to be reviewed by {due} and is {en}. Check that the steps still apply before you follow them."
        );
    }
    say!(
        "应在 {due} 前复核，已{zh}。照做之前，先与负责人（{owner}）核对步骤是否仍然适用。",
        "It was to be reviewed by {due} and is {en}. Check with its owner ({owner}) that the steps still apply before you follow them."
    )
}

fn unknown(facts: &Facts) -> Said {
    match (facts.last_reviewed, facts.review_in) {
        (None, _) => say!(
            "没有写明上次复核的日期（last_reviewed），不能确定步骤是否仍然适用。",
            "It does not say when it was last reviewed (last_reviewed): nobody knows whether the steps still apply."
        ),
        (Some(_), None) => say!(
            "没有写明复核周期（review_in），不能确定何时应当复核。",
            "It does not say how often it is reviewed (review_in): nobody knows when it is due."
        ),
        (Some(day), Some(_)) => {
            say!("上次复核的日期（{day}）还没有到。", "The day of its last review ({day}) has not come.")
        }
    }
}

fn every(interval: Interval) -> Said {
    match interval {
        Interval::Months(n) if n % 12 == 0 => {
            let years = n / 12;
            let unit = if years == 1 { "year" } else { "years" };
            say!("{years} 年", "{years} {unit}")
        }
        Interval::Months(n) => {
            let unit = if n == 1 { "month" } else { "months" };
            say!("{n} 个月", "{n} {unit}")
        }
        Interval::Days(n) => {
            let unit = if n == 1 { "day" } else { "days" };
            say!("{n} 天", "{n} {unit}")
        }
    }
}

/// A system by its name, linked to its page.
pub fn system(book: &Book<'_>, way: &Way<'_>, id: &str) -> Link {
    match book.config.systems.iter().find(|s| s.id == id) {
        Some(system) => Link::new(way.from_here(&inert::part(&way::system(id))), &system.name),
        None => Link::new("", id),
    }
}

fn clause(book: &Book<'_>, way: &Way<'_>, id: &str) -> Link {
    match book.standard.clauses.iter().find(|c| c.id == id) {
        Some(clause) => {
            let title = clause.title.to(book.config.site.lang);
            Link::new(way.from_here(&inert::part(&way::clause(id))), format!("{id} {title}"))
        }
        None => Link::new("", id),
    }
}

/// The same page in other languages.
pub fn twins(book: &Book<'_>, way: &Way<'_>, at: usize) -> Vec<TwinView> {
    let family = book.content.family(at).filter(|&other| other != at).map(|other| &book.content.documents[other]);
    family
        .map(|twin| TwinView {
            href: way.from_here(&inert::part(&twin.route)),
            text: twin.title.clone(),
            lang: twin.lang.clone(),
            name: match twin.words {
                Lang::Zh => "中文".to_owned(),
                Lang::En => "English".to_owned(),
            },
        })
        .collect()
}

/// `edit.url` with the file's path. Anything but a web address is left out: it would stand in a link.
fn edit(book: &Book<'_>, path: &str) -> String {
    let url = book.config.edit_url.as_deref().filter(|url| url.starts_with("https://") || url.starts_with("http://"));
    url.map_or_else(String::new, |url| url.replace("{path}", &inert::part(path)))
}
