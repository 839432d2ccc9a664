//! `includes`: a list holds all named roles, a body has all named sections.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use crate::finding::Finding;
use crate::load::ITEM;
use crate::say::Said;
use crate::standard::Includes;

use super::Scene;

pub(super) fn check(scene: &Scene<'_>, includes: &Includes, found: &mut Vec<Finding>) {
    for row in scene.rows() {
        let missing: Vec<Said> = match includes {
            Includes::Roles { field, roles } => {
                let text = scene.table.text(row, *field);
                let there: Vec<String> = text.split(ITEM).map(role).collect();
                let named = |name: &str, words: &[String]| {
                    there.iter().any(|r| *r == name.to_lowercase() || words.iter().any(|w| *r == w.to_lowercase()))
                };
                let lacking = roles.iter().filter(|(name, words)| !named(name, words));
                lacking.map(|(name, words)| Said::new(words.first().unwrap_or(name), name)).collect()
            }
            Includes::Sections { field, groups } => lacking(scene.table.text(row, *field), groups),
            Includes::SectionsOf { field, param } => {
                let texts = scene.ground.standard.params[*param].texts(scene.day(row));
                let groups: Vec<Vec<String>> = texts.iter().map(|t| vec![t.clone()]).collect();
                lacking(scene.table.text(row, *field), &groups)
            }
        };
        if !missing.is_empty() {
            let zh: Vec<&str> = missing.iter().map(|m| m.zh.as_str()).collect();
            let en: Vec<&str> = missing.iter().map(|m| m.en.as_str()).collect();
            let missing = Said::new(zh.join("、"), en.join(", "));
            found.push(scene.finding(row, Some(includes.field()), &[("missing", missing)]));
        }
    }
}

/// The role of an item `role: name`.
fn role(item: &str) -> String {
    item.split([':', '：']).next().unwrap_or_default().trim().to_lowercase()
}

/// The groups that no heading contains a word of: by their first word, and in English by their first in ASCII.
fn lacking(body: &str, groups: &[Vec<String>]) -> Vec<Said> {
    if groups.is_empty() {
        return Vec::new();
    }
    let headings = headings(body);
    let has = |group: &Vec<String>| headings.iter().any(|h| group.iter().any(|word| h.contains(&word.to_lowercase())));
    let said = |group: &Vec<String>| {
        let first = group.first()?;
        Some(Said::new(first, group.iter().find(|word| word.is_ascii()).unwrap_or(first)))
    };
    groups.iter().filter(|group| !has(group)).filter_map(said).collect()
}

fn headings(body: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut inside = false;
    for event in Parser::new(body) {
        match event {
            Event::Start(Tag::Heading { .. }) => {
                inside = true;
                out.push(String::new());
            }
            Event::End(TagEnd::Heading(_)) => inside = false,
            Event::Text(text) | Event::Code(text) if inside => {
                if let Some(last) = out.last_mut() {
                    last.push_str(&text.to_lowercase());
                }
            }
            _ => {}
        }
    }
    out
}
