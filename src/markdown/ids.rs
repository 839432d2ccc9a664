//! Ids of headings and notes: readable, Han kept, each once in a page.

use std::collections::BTreeMap;

/// The ids of one page.
pub(super) struct Ids {
    /// Each id in use, and the number that a second one of the name gets.
    used: BTreeMap<String, usize>,
}

impl Ids {
    /// Starts with the ids that the page has already.
    pub fn new(taken: &[&str]) -> Self {
        Self { used: taken.iter().map(|id| ((*id).to_owned(), 1)).collect() }
    }

    /// Takes an id; where it is in use, the first free one of `id-1`, `id-2`, …
    pub fn take(&mut self, id: &str) -> String {
        let Some(&next) = self.used.get(id) else {
            self.used.insert(id.to_owned(), 1);
            return id.to_owned();
        };
        let mut number = next;
        while self.used.contains_key(&format!("{id}-{number}")) {
            number += 1;
        }
        self.used.insert(id.to_owned(), number + 1);
        let free = format!("{id}-{number}");
        self.used.insert(free.clone(), 1);
        free
    }
}

/// The id of a heading: ASCII in lower case, blanks as `-`, punctuation left out, Han and other letters kept.
pub(super) fn slug(text: &str) -> String {
    let mut out = String::new();
    for c in text.trim().chars() {
        if c.is_alphanumeric() || matches!(c, '-' | '_') {
            out.push(c.to_ascii_lowercase());
        } else if c.is_whitespace() {
            out.push('-');
        }
    }
    if out.trim_matches('-').is_empty() { "section".to_owned() } else { out }
}

/// Parts the text of a heading from an id in braces at its end: `恢复步骤 {#restore}`. Of the braces only the id
/// counts; classes and attributes beside it are left out. Braces without an id are text.
pub(super) fn explicit(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_suffix('}')?;
    let open = inner.rfind("{#")?;
    let id = inner[open + 2..].split_whitespace().next()?;
    let sound = id.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':'));
    let rest_sound = !inner[open + 1..].contains(['{', '}', '<', '>', '&', '"', '\'']);
    (sound && rest_sound && (open == 0 || inner[..open].ends_with([' ', '\t']))).then_some((&text[open..], id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_keep_han_and_ids_are_unique() {
        assert_eq!(slug("恢复步骤"), "恢复步骤");
        assert_eq!(slug(" Restore the DB（主库）: A/B "), "restore-the-db主库-ab");
        assert_eq!(slug("！？"), "section");
        let mut ids = Ids::new(&["main"]);
        let got: Vec<_> = ["main", "a", "a", "a-1", "a"].into_iter().map(|id| ids.take(id)).collect();
        assert_eq!(got, ["main-1", "a", "a-1", "a-1-1", "a-2"]);
    }

    #[test]
    fn an_id_in_braces_is_found_and_nothing_else() {
        assert_eq!(explicit("甲 {#乙-1}"), Some(("{#乙-1}", "乙-1")));
        assert_eq!(explicit("甲 {#x .c k=v}"), Some(("{#x .c k=v}", "x")));
        for text in ["甲 {.c}", "甲 {onclick=x}", "{{ title }}", "甲{#x}", "甲 {#}", "甲 {#a\"b}", "{1.2}"] {
            assert_eq!(explicit(text), None, "{text}");
        }
    }
}
