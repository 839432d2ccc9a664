//! A page before it is laid out: where it goes, by which template, and what it says.

use serde::Serialize;
use tera::Value;

/// A page before it is laid out.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// Its path in the site, not encoded.
    pub path: String,
    /// The name of its template.
    pub template: &'static str,
    /// Its title.
    pub title: String,
    /// What its template shows, under the name `view`.
    pub view: Value,
    /// Where its links to other parts start; for nearly every page the way up from its own folder.
    pub root: Option<String>,
}

impl Sheet {
    /// A page.
    pub fn new(
        path: impl Into<String>,
        template: &'static str,
        title: impl Into<String>,
        view: &impl Serialize,
    ) -> Self {
        // Views are plain structures of texts and numbers: making a value of them cannot fail.
        let view = Value::try_from_serializable(view).unwrap_or_else(|_| Value::none());
        Self { path: path.into(), template, title: title.into(), view, root: None }
    }

    /// What its template shows, as tests look at it.
    #[cfg(test)]
    pub fn json(&self) -> serde_json::Value {
        serde_json::to_value(&self.view).unwrap()
    }

    /// How many folders deep it lies.
    pub fn depth(&self) -> usize {
        self.path.matches('/').count()
    }

    /// What stands before an address from the root of the site.
    pub fn root(&self) -> String {
        self.root.clone().unwrap_or_else(|| "../".repeat(self.depth()))
    }
}

/// A link of a view: an address from the page itself, percent-encoded, and its text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Link {
    /// The address; empty where there is nothing to link to.
    pub href: String,
    /// The text.
    pub text: String,
}

impl Link {
    /// A link.
    pub fn new(href: impl Into<String>, text: impl Into<String>) -> Self {
        Self { href: href.into(), text: text.into() }
    }
}

/// What a page counts above its rows, by the values of one field; the script filters by it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Facet {
    /// The field, as the rows name it.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Its values, each with how many rows have it.
    pub counts: Vec<Count>,
}

/// How many rows of a page have a value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// The value, as the rows hold it.
    pub name: String,
    /// What is shown.
    pub title: String,
    /// How many.
    pub count: usize,
}

impl Facet {
    /// Counts the values of rows, in the order in which they come; rows without one are not counted.
    pub fn of<'a>(name: &str, title: &str, values: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let mut counts: Vec<Count> = Vec::new();
        for (name, title) in values.filter(|(name, _)| !name.is_empty()) {
            match counts.iter_mut().find(|c| c.name == name) {
                Some(count) => count.count += 1,
                None => counts.push(Count { name: name.to_owned(), title: title.to_owned(), count: 1 }),
            }
        }
        Self { name: name.to_owned(), title: title.to_owned(), counts }
    }
}

/// Neighbours: the page before and the page after, where there are such.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Neighbours {
    /// The one before.
    pub previous: Option<Link>,
    /// The one after.
    pub next: Option<Link>,
}
