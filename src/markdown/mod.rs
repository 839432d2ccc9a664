//! Markdown to HTML that is inert: nothing that a record or a page says can run, load or style anything.
//!
//! The events of the parser are written out one by one by our own writer, and only what the writer knows comes out:
//! raw HTML is shown as text, links are judged on their parsed target, and no attribute of the input becomes one of
//! the output but ids, alt texts and titles (safety.md section 4, site.md section 4).

use crate::config::Limits;
use crate::finding::Finding;
use crate::say::{Lang, Said};
use crate::source::Place;

mod anchors;
mod block;
mod cjk;
mod code;
mod escape;
mod href;
mod ids;
mod image;
mod inline;
mod link;
mod notes;
mod writer;

pub use anchors::dead_anchors;
pub use writer::{render, title};

/// The rule of a link, an anchor or an image that leads nowhere.
pub const DEAD: &str = "link.dead";
/// The rule of a link or an image that is not allowed, and is shown as its text.
pub const REFUSED: &str = "link.refused";
/// The rule of an image that has no words for those who do not see it.
pub const ALT: &str = "image.alt";
/// The rule of raw HTML, which is shown as text.
pub const RAW: &str = "markdown.html";
/// The rule of characters that are not seen as what they are: bidirectional and other controls.
pub const HIDDEN: &str = "markdown.hidden";
/// The rule of a fence that asks for records or a chart that are not there.
pub const FENCE: &str = "page.block";
/// The rule of an id that is written twice.
pub const TWICE: &str = "markdown.id";
/// The rule of text that is too long or too deep.
pub const TOO_MUCH: &str = "ingest.syntax";

/// What is rendered, and for which page.
pub struct Input<'a> {
    /// Path of the file relative to the workspace, with `/`.
    pub file: &'a str,
    /// The whole file.
    pub text: &'a str,
    /// The byte at which the Markdown starts, after the front matter.
    pub body: usize,
    /// The title of the page where something else than the first heading says it, such as the front matter.
    pub title: Option<&'a str>,
    /// Ids that the page around the text has already.
    pub taken: &'a [&'a str],
    /// Knows the pages of the site.
    pub links: &'a dyn Links,
    /// The language of the words that the renderer adds.
    pub lang: Lang,
    /// How long the text may be, and how deep blocks and spans may stand in each other.
    pub limits: Limits,
}

/// What a target leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// A relative URL from the page that is rendered, not escaped.
    Url(String),
    /// The same, and the words of a reference that has none of its own.
    Titled {
        /// The URL.
        url: String,
        /// The name or title of what it leads to.
        title: String,
    },
    /// A picture as a `data:` URL, made by the site from a file of its own. Only pictures are shown from such.
    Embedded(String),
    /// Something that is there and is not shown.
    Withheld {
        /// Why.
        why: Said,
        /// What to do.
        help: Said,
    },
    /// Nothing.
    Unknown {
        /// What may have been meant, or where it was looked for.
        help: Said,
    },
}

/// What becomes of a block between fences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// It is code.
    Code,
    /// Something of the site is drawn in its place, when all is counted.
    Drawn,
    /// It asks for something that is not there; it is shown as code.
    Wrong {
        /// The bytes of the words after the fence that are meant.
        at: std::ops::Range<usize>,
        /// Why.
        why: Said,
        /// What to do.
        help: Said,
    },
}

/// The mark of a block that is drawn. No text makes one: what is written is escaped.
pub fn mark(number: usize) -> String {
    format!("<!--block {number}-->")
}

/// Knows what the links of a page lead to. Asked with targets that are percent-decoded and have no anchor or query.
pub trait Links {
    /// The page or file that a relative link in the file `from` leads to.
    fn page(&self, from: &str, target: &str) -> Resolved;
    /// What `[[kind:id]]` leads to, such as `clause` and `4.1.2`.
    fn reference(&self, kind: &str, id: &str) -> Resolved;
    /// The picture that a relative target in the file `from` shows.
    fn image(&self, from: &str, target: &str) -> Resolved;
    /// What a block with these words after its fence is.
    fn block(&self, words: &str) -> Block;
}

/// What a link names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// The page itself.
    Here,
    /// A relative path, percent-decoded, without anchor and query.
    Path(String),
    /// `[[kind:id]]`.
    Reference {
        /// Such as `clause`, `fault`, `system`, `runbook`.
        kind: String,
        /// The id as written.
        id: String,
    },
}

/// A link within the site that leads somewhere. Whether its anchor exists is told by [`dead_anchors`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What it names.
    pub target: Target,
    /// What [`Links`] said; empty for the page itself.
    pub url: String,
    /// What stands after `#`, percent-decoded.
    pub anchor: Option<String>,
    /// Where it is written.
    pub place: Place,
}

/// A picture that is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// The target as written, percent-decoded.
    pub target: String,
    /// What [`Links`] said.
    pub url: String,
    /// Where it is written.
    pub place: Place,
}

/// A heading of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// Its level in the page: 1 for the title, else 2 to 6.
    pub level: u8,
    /// Its id, unique in the page.
    pub id: String,
    /// Its text.
    pub text: String,
    /// The byte of [`Page::plain`] from which what stands below it is told. The text of a heading but the title stands
    /// right before.
    pub below: usize,
}

/// A rendered text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The text as HTML, without its title.
    pub html: String,
    /// The text of the first heading.
    pub title: Option<String>,
    /// The id of the heading that became the title and is not in the HTML; the page's `h1` must carry it.
    pub title_id: Option<String>,
    /// All headings in order, the title among them.
    pub headings: Vec<Heading>,
    /// The links within the site.
    pub links: Vec<Link>,
    /// The pictures.
    pub images: Vec<Image>,
    /// The fences in whose places something is drawn; their marks in the HTML are [`mark`] with their numbers from 0.
    pub blocks: Vec<String>,
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// The text without markup, for search and descriptions; a line for each block.
    pub plain: String,
}

impl Page {
    /// What stands below each heading until the next one, without markup; first, with no heading or the title, what
    /// stands at the beginning.
    pub fn sections(&self) -> Vec<(Option<&Heading>, &str)> {
        let inner = self.headings.iter().filter(|heading| heading.level > 1);
        let ends = inner.clone().map(|heading| heading.below - heading.text.len()).chain([self.plain.len()]);
        let first = self.headings.first().filter(|heading| heading.level == 1);
        let starts = [(first, 0)].into_iter().chain(inner.map(|heading| (Some(heading), heading.below)));
        let text = |from: usize, to: usize| self.plain.get(from..to).unwrap_or_default().trim();
        starts.zip(ends).map(|((heading, from), to)| (heading, text(from, to))).collect()
    }
}

#[cfg(test)]
mod inert;
#[cfg(test)]
mod tests;
