//! Pictures: only those of the site itself. A picture from elsewhere would be loaded from elsewhere, so it becomes a
//! link (site.md section 1).

use super::escape;
use super::href::{self, Href};
use super::writer::Writer;
use super::{ALT, DEAD, Image, REFUSED, Resolved, Target};
use crate::finding::{Finding, Severity};
use crate::say;
use crate::source::Place;

/// A picture whose alt text is being gathered.
pub(super) struct Picture {
    /// The target as the parser gave it.
    pub dest: String,
    /// The title, or nothing.
    pub title: String,
    /// The words in its brackets, without markup.
    pub alt: String,
}

impl Writer<'_> {
    /// Writes the picture that has just ended, or its words where it cannot be shown.
    pub(super) fn picture_end(&mut self, place: Place) {
        let Some(picture) = self.picture.take() else { return };
        let alt = picture.alt.split_whitespace().collect::<Vec<_>>().join(" ");
        match href::read(&picture.dest) {
            Href::Site { path, .. } if !path.is_empty() => match self.input.links.image(self.input.file, &path) {
                Resolved::Url(url) if href::is_relative(&url) => {
                    self.shown(&url, &alt, &picture.title, &place);
                    self.page.images.push(Image { target: path, url, place });
                    return;
                }
                Resolved::Embedded(url) if url.starts_with("data:image/") => {
                    self.shown(&url, &alt, &picture.title, &place);
                    self.page.images.push(Image { target: path, url, place });
                    return;
                }
                Resolved::Url(url) | Resolved::Titled { url, .. } | Resolved::Embedded(url) => {
                    self.refused(&url, place);
                }
                Resolved::Withheld { why, help } => self.withheld(why, help, place),
                Resolved::Unknown { help } => self.dead(&Target::Path(path), help, place),
            },
            Href::External(url) => {
                let message = say!(
                    "外部图片不会加载，改为链接：{url}",
                    "pictures from elsewhere are not loaded, a link is shown: {url}"
                );
                let help = say!(
                    "把图片放进工作区，用相对路径引用",
                    "put the picture into the workspace and use a relative path"
                );
                self.page.findings.push(Finding::new(REFUSED, Severity::Warning, message).at(place.clone()).help(help));
                let linked =
                    self.in_link == 0 && self.link(pulldown_cmark::LinkType::Inline, &url, &picture.title, place);
                self.words(if alt.is_empty() { &url } else { &alt });
                if linked {
                    self.out.push_str("</a>");
                    self.in_link -= 1;
                }
                return;
            }
            Href::Mail(what) | Href::Refused(what) => self.refused(&what, place),
            Href::Site { .. } | Href::Empty => {
                let message = say!("图片没有写目标", "the picture has no target");
                let help = say!("在括号里写图片的路径", "write the path of the picture in the parentheses");
                self.page.findings.push(Finding::new(DEAD, Severity::Error, message).at(place).help(help));
            }
        }
        self.words(&alt);
    }

    fn shown(&mut self, url: &str, alt: &str, title: &str, place: &Place) {
        if alt.is_empty() {
            let message = say!("图片没有替代文字", "the picture has no alt text");
            let help = say!("在方括号里写它说明了什么", "write in the brackets what it tells");
            self.page.findings.push(Finding::new(ALT, Severity::Info, message).at(place.clone()).help(help));
        }
        self.out.push_str("<img src=\"");
        escape::url(&mut self.out, url);
        self.out.push_str("\" alt=\"");
        escape::attribute(&mut self.out, alt);
        if !title.is_empty() {
            self.out.push_str("\" title=\"");
            escape::attribute(&mut self.out, title);
        }
        self.out.push_str("\" loading=\"lazy\">");
        self.page.plain.push_str(alt);
    }
}
