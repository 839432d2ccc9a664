//! The meeting itself: when it was held, who was there, whether that was in time, and its minutes.

use serde::Serialize;

use crate::calendar::Period;
use crate::chart::Mark;
use crate::load::ITEM;
use crate::say;
use crate::slots::State;
use crate::standard::Form;

use super::super::cell::foreign;
use super::super::desk::Desk;
use super::super::outline::deeper;
use super::super::sheet::Link;
use super::super::status::marked;
use super::super::verdict::MarkView;

/// A meeting.
#[derive(Debug, Serialize)]
pub struct Meeting {
    /// The record.
    pub record: Link,
    /// Its day.
    pub date: String,
    /// Who led it; may be empty.
    pub chair: String,
    /// Who was there, role by role.
    pub attendees: Vec<Attendee>,
    /// The minutes; none where the record has no text.
    pub minutes: Option<Minutes>,
}

/// Those who were there in a role.
#[derive(Debug, Serialize)]
pub struct Attendee {
    /// The role; empty where the record names none.
    pub role: String,
    /// The names.
    pub names: String,
}

/// The minutes of a meeting.
#[derive(Debug, Serialize)]
pub struct Minutes {
    /// Of a Markdown record, as HTML; else empty.
    pub html: String,
    /// Of any other record, as typed; else empty.
    pub typed: String,
    /// The language of the text, where it is plainly another than the page's.
    pub lang: &'static str,
    /// The heading that the renderer took for the title of a page; may be empty.
    pub title: String,
    /// Its `id`.
    pub title_id: String,
}

/// A meeting by its record.
pub fn meeting(desk: &Desk<'_>, row: usize) -> Option<Meeting> {
    let (writer, lang) = (desk.writer(super::KIND)?, desk.lang());
    let record = writer.row(row);
    let text = |name: &str| writer.kind.field(name).map_or("", |f| record.cells.field(f));
    let rendered = desk.book.content.body(writer.at, row).filter(|_| record.cells.has_body);
    let typed = if rendered.is_none() { text("body") } else { "" };
    let plain = rendered.map_or(typed, |page| page.plain.as_str());
    let minutes = (!plain.trim().is_empty()).then(|| Minutes {
        html: rendered.map_or_else(String::new, |page| deeper(&page.html, 1)),
        typed: typed.to_owned(),
        lang: foreign(plain, lang).map_or("", crate::say::Lang::tag),
        title: rendered.filter(|p| p.title_id.is_some()).and_then(|p| p.title.clone()).unwrap_or_default(),
        title_id: rendered.and_then(|page| page.title_id.clone()).unwrap_or_default(),
    });
    Some(Meeting {
        record: desk.link(writer.at, row),
        date: writer.table.date(row).map_or_else(String::new, |day| day.to_string()),
        chair: text("chair").to_owned(),
        attendees: text("attendees").split(ITEM).filter(|item| !item.trim().is_empty()).map(attendee).collect(),
        minutes,
    })
}

/// An item `role: name`.
fn attendee(item: &str) -> Attendee {
    let (role, names) = item.split_once([':', '：']).unwrap_or(("", item));
    Attendee { role: role.trim().to_owned(), names: names.trim().to_owned() }
}

/// Whether a half was evaluated in time: held, not held, still to be held. None where no rule asks for it.
pub fn state(desk: &Desk<'_>, half: Period) -> Option<MarkView> {
    let (book, lang) = (desk.book, desk.lang());
    let closes = |rule: usize| {
        let rule = &book.standard.rules[rule];
        matches!(rule.form, Form::Closes(_)) && rule.kind == book.standard.kind(super::KIND)
    };
    let group = book.slots.iter().find(|group| closes(group.rule))?;
    let slot = group.slots.iter().find(|slot| slot.first == half.first)?;
    let (mark, word) = match slot.state {
        State::Met => (Mark::Met, say!("已按期召开", "held in time")),
        State::Missed => (Mark::Missed, say!("未按期召开", "not held in time")),
        State::Waived => (Mark::Waived, say!("豁免", "waived")),
        State::Pending => (Mark::Pending, say!("待召开", "to be held")),
        State::NotApplicable => (Mark::NotApplicable, say!("不作要求", "not asked")),
    };
    Some(marked(mark, &word, lang))
}
