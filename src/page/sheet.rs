//! A page before it is laid out: where it goes, by which template, and what it says.

use std::fmt;

use serde::Serialize;
use tera::Value;

use crate::source::Failure;

/// A page before it is laid out.
#[derive(Debug)]
pub struct Sheet<'a> {
    /// Its path in the site, not encoded.
    pub path: String,
    /// The name of its template.
    pub template: &'static str,
    /// Its title.
    pub title: String,
    /// What its template shows, under the name `view`.
    pub view: View<'a>,
    /// Where its links to other parts start; for nearly every page the way up from its own folder.
    pub root: Option<String>,
}

/// What a template shows.
pub enum View<'a> {
    /// It is there already.
    Made(Value),
    /// It is made when the page is laid out, and gone with it: of pages of which there are thousands, only those that
    /// are being laid out are in memory.
    Late(Box<dyn Fn() -> Result<Value, Failure> + Send + 'a>),
}

impl fmt::Debug for View<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Made(value) => value.fmt(f),
            Self::Late(_) => f.write_str("Late"),
        }
    }
}

impl View<'_> {
    /// What is shown.
    pub fn make(self) -> Result<Value, Failure> {
        match self {
            Self::Made(value) => Ok(value),
            Self::Late(make) => make(),
        }
    }
}

impl Sheet<'static> {
    /// A page.
    pub fn new(
        path: impl Into<String>,
        template: &'static str,
        title: impl Into<String>,
        view: &impl Serialize,
    ) -> Self {
        Self { path: path.into(), template, title: title.into(), view: View::Made(value(view)), root: None }
    }
}

impl<'a> Sheet<'a> {
    /// A page, one of so many that what it shows is made when it is laid out.
    pub fn late<V: Serialize>(
        path: impl Into<String>,
        template: &'static str,
        title: impl Into<String>,
        view: impl Fn() -> Result<V, Failure> + Send + 'a,
    ) -> Self {
        let view = View::Late(Box::new(move || Ok(value(&view()?))));
        Self { path: path.into(), template, title: title.into(), view, root: None }
    }

    /// What its template shows, as tests look at it.
    #[cfg(test)]
    pub fn json(&self) -> serde_json::Value {
        match &self.view {
            View::Made(value) => serde_json::to_value(value).unwrap(),
            View::Late(make) => serde_json::to_value(make().unwrap()).unwrap(),
        }
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

/// Views are plain structures of texts and numbers: making a value of them cannot fail.
fn value(view: &impl Serialize) -> Value {
    Value::try_from_serializable(view).unwrap_or_else(|_| Value::none())
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

/// The ways from a page of a list to the others: its first page, those around, its last one; all of few.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Pager {
    /// The page itself, from 1.
    pub page: usize,
    /// The pages to go to, in order; none where there is but one.
    pub leaves: Vec<Leaf>,
}

/// A page of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Leaf {
    /// Its number, from 1.
    pub page: usize,
    /// Its address.
    pub href: String,
    /// Whether pages are left out before it.
    pub gap: bool,
}

impl Pager {
    /// So many pages to both sides are shown.
    const AROUND: usize = 2;

    /// The ways from one of some pages, which count from 0 here as they do where they are written.
    pub fn of(page: usize, pages: usize, href: impl Fn(usize) -> String) -> Self {
        let shown = |n: &usize| *n == 0 || *n + 1 == pages || n.abs_diff(page) <= Self::AROUND;
        let mut last = 0;
        let leaf = |n: usize| {
            let gap = n > last + 1;
            last = n;
            Leaf { page: n + 1, href: href(n), gap }
        };
        Self { page: page + 1, leaves: (0..pages).filter(shown).map(leaf).collect() }
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

#[cfg(test)]
mod tests {
    use super::Pager;

    #[test]
    fn a_long_pager_shows_its_ends_and_what_is_around() {
        let shown = |page: usize, pages: usize| {
            let leaves = Pager::of(page, pages, |n| format!("{n}.html")).leaves;
            let one = |l: &super::Leaf| format!("{}{}", if l.gap { "… " } else { "" }, l.page);
            leaves.iter().map(one).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(shown(0, 1), "1");
        assert_eq!(shown(0, 3), "1 2 3");
        assert_eq!(shown(0, 40), "1 2 3 … 40");
        assert_eq!(shown(4, 40), "1 … 3 4 5 6 7 … 40");
        assert_eq!(shown(3, 8), "1 2 3 4 5 6 … 8");
        assert_eq!(shown(39, 40), "1 … 38 39 40");
        assert_eq!(Pager::of(0, 2, |n| format!("{n}.html")).leaves[1].href, "1.html");
    }
}
