//! What a page is given when it is served and never when it is published: the script that loads it again, the panel of
//! problems, and the leave to listen for news. Three pieces are put into the page; without them its bytes are those of
//! `build`.

use super::desk::Shown;
use super::panel;
use crate::page::inert;
use crate::say;

/// Loads the page again when there is news.
pub(super) const SCRIPT: &str = include_str!("live.js");
/// How the panel looks.
pub(super) const STYLE: &str = include_str!("panel.css");
/// What stands around each piece in a page, so that it can be told from the page.
const MARKS: [&str; 2] = ["<!--wellkept serve-->", "<!--/wellkept serve-->"];
/// Put at the head of the page's own policy.
const LEAVE: &str = "connect-src 'self'; ";

/// What the pieces say.
pub(super) struct Frame<'a> {
    /// The path below which our own script, style and stream are.
    pub own: String,
    pub shown: &'a Shown,
}

impl Frame<'_> {
    /// A page with the pieces in it.
    pub fn around(&self, path: &str, page: &str) -> String {
        let panel = panel::html(self.shown, path);
        let mut out = String::with_capacity(page.len() + panel.len() + 512);
        let policy = page.find("http-equiv=\"Content-Security-Policy\" content=\"");
        let policy = policy.and_then(|at| Some(at + page[at..].find("content=\"")? + "content=\"".len()));
        let head = page.find("</head>");
        let body = page.rfind("</body>").filter(|body| head.is_none_or(|head| head < *body));
        let mut done = 0;
        if let Some(at) = policy.filter(|at| head.is_none_or(|head| *at < head)) {
            out.push_str(&page[..at]);
            out.push_str(LEAVE);
            done = at;
        }
        if let Some(at) = head {
            out.push_str(&page[done..at]);
            marked(&mut out, &self.head());
            done = at;
        }
        if let Some(at) = body {
            out.push_str(&page[done..at]);
            marked(&mut out, &panel);
            done = at;
        }
        out.push_str(&page[done..]);
        out
    }

    /// The page while there is no site yet: what keeps it from being there.
    pub fn alone(&self) -> String {
        let lang = self.shown.lang;
        let title = say!("站点还不能显示", "The site cannot be shown yet");
        let hint = say!(
            "先改正下面的问题；改好保存后，这一页会自己变成站点。",
            "Mend what is named below; as soon as it is saved, this page becomes the site."
        );
        let (tag, head, title, hint) =
            (lang.tag(), self.head(), inert::escaped(title.to(lang)), inert::escaped(hint.to(lang)));
        let panel = panel::html(self.shown, "");
        format!(
            "<!doctype html>\n<html lang=\"{tag}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n{head}\n</head>\n\
             <body class=\"wellkept-alone\">\n<main>\n<h1>{title}</h1>\n<p>{hint}</p>\n</main>\n{panel}\n</body>\n</html>\n"
        )
    }

    fn head(&self) -> String {
        let (own, version) = (&self.own, self.shown.version);
        format!(
            "<link rel=\"stylesheet\" href=\"{own}/panel.css\"><script defer src=\"{own}/live.js\" data-version=\"{version}\"></script>"
        )
    }
}

fn marked(out: &mut String, piece: &str) {
    out.push_str(MARKS[0]);
    out.push_str(piece);
    out.push_str(MARKS[1]);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The page without the pieces.
    fn bare(page: &str) -> String {
        let mut out = page.replacen(LEAVE, "", 1);
        while let Some(from) = out.find(MARKS[0]) {
            let to = from + out[from..].find(MARKS[1]).unwrap() + MARKS[1].len();
            out.replace_range(from..to, "");
        }
        out
    }

    #[test]
    fn without_the_pieces_a_page_is_what_it_was() {
        let shown = Shown::default();
        let frame = Frame { own: "/_wellkept/0".to_owned(), shown: &shown };
        let policy = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'\">";
        let pages = [
            format!("<html><head>{policy}</head><body>&lt;/body&gt;<p>1</p></body></html>"),
            "<html><head></head><body></body></html>".to_owned(),
            "<p>no page</p>".to_owned(),
            String::new(),
        ];
        for page in pages {
            let served = frame.around("a.html", &page);
            assert_eq!(bare(&served), page);
            assert_eq!(served.contains("live.js"), page.contains("</head>"));
            assert_eq!(served.contains(LEAVE), page.contains("http-equiv"));
        }
    }
}
