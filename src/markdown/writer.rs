//! Writes the events of the parser as HTML, each on its own terms, and gathers what the page holds.

use std::fmt::Write as _;
use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::block::Table;
use super::cjk::{self, Prepared};
use super::escape::{self, Hidden};
use super::ids::{self, Ids};
use super::image::Picture;
use super::inline::Run;
use super::notes::Notes;
use super::{HIDDEN, Input, Page, RAW, TOO_MUCH};
use crate::finding::{Finding, Severity};
use crate::front::Lines;
use crate::say;
use crate::say::Said;
use crate::source::Place;

/// As far as this many bytes the first heading is looked for.
const HEADED: usize = 1 << 20;

/// The text of the first heading, by which a page without a title is called.
pub fn title(markdown: &str) -> Option<String> {
    let mut text: Option<String> = None;
    for event in Parser::new(markdown.get(..HEADED).unwrap_or(markdown)) {
        match (event, &mut text) {
            (Event::Start(Tag::Heading { .. }), _) => text = Some(String::new()),
            (Event::End(TagEnd::Heading(_)), Some(_)) => break,
            (Event::Text(part) | Event::Code(part), Some(text)) => text.push_str(&part),
            _ => {}
        }
    }
    let text = text?;
    let text = text.trim();
    let bare = ids::explicit(text).map_or(text, |(braces, _)| text.strip_suffix(braces).unwrap_or(text).trim_end());
    Some(bare.to_owned()).filter(|bare| !bare.is_empty())
}

/// Renders the Markdown of a file. Never fails: what is wrong is in the page's findings.
pub fn render(input: &Input<'_>) -> Page {
    let mut body = input.body.min(input.text.len());
    while !input.text.is_char_boundary(body) {
        body -= 1;
    }
    let markdown = &input.text[body..];
    let (markdown, body) = markdown.strip_prefix('\u{feff}').map_or((markdown, body), |rest| (rest, body + 3));
    if markdown.len() > input.limits.markdown {
        let (size, limit) = (markdown.len(), input.limits.markdown);
        let message = say!(
            "正文有 {size} 字节，上限（limits.markdown）是 {limit}，没有显示",
            "the text has {size} bytes, the limit (limits.markdown) is {limit}; it is not shown"
        );
        let wrong = Finding::new(TOO_MUCH, Severity::Error, message)
            .at(Place::file(input.file))
            .help(say!("把它分成几个文件", "part it into several files"));
        return Page { findings: vec![wrong], ..Page::default() };
    }
    let prepared = cjk::prepare(markdown);
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM
        | Options::ENABLE_DEFINITION_LIST;
    let events: Vec<_> = Parser::new_ext(&prepared.text, options).into_offset_iter().collect();
    let mut writer = Writer {
        input,
        body,
        lines: Lines::new(input.file, input.text),
        prepared: &prepared,
        out: String::with_capacity(markdown.len() * 3 / 2),
        page: Page::default(),
        ids: Ids::new(input.taken),
        notes: Notes::default(),
        run: Run::default(),
        open: Vec::new(),
        skip: None,
        in_link: 0,
        code: None,
        picture: None,
        above: Vec::new(),
        table: Table::default(),
        raw: None,
    };
    writer.hidden(markdown);
    for (at, (event, range)) in events.iter().enumerate() {
        writer.event(event, range, || first_char(&events[at + 1..]));
    }
    writer.finish()
}

/// The first character that follows on the same line of text, past the start of emphasis or a link.
fn first_char(events: &[(Event<'_>, Range<usize>)]) -> Option<char> {
    events.iter().take(4).find_map(|(event, _)| match event {
        Event::Text(text) | Event::Code(text) => Some(text.chars().find(|c| !('\u{e000}'..='\u{f8ff}').contains(c))),
        Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. }) => None,
        _ => Some(None),
    })?
}

/// What the end of an element does.
pub(super) enum Open {
    Nothing,
    Inline(&'static str),
    Block(&'static str),
    Link,
    Code(String),
    /// A block in whose place something is drawn.
    Drawn,
    Picture(Range<usize>),
    Heading {
        level: HeadingLevel,
        html: usize,
        plain: usize,
        range: Range<usize>,
    },
    Note {
        label: String,
        before: String,
    },
}

/// The state of one rendering.
pub(super) struct Writer<'a> {
    pub input: &'a Input<'a>,
    body: usize,
    lines: Lines<'a>,
    pub prepared: &'a Prepared<'a>,
    pub out: String,
    pub page: Page,
    pub ids: Ids,
    notes: Notes,
    /// Text that is gathered until something else comes, so that an address is seen whole.
    pub run: Run,
    pub open: Vec<Open>,
    /// How many elements were open where nesting became too deep; all below is shown without markup.
    skip: Option<usize>,
    pub in_link: usize,
    /// The code that is being gathered.
    pub code: Option<String>,
    /// The picture whose alt text is being gathered.
    pub picture: Option<Picture>,
    /// The levels, as written, of the headings above.
    pub above: Vec<u8>,
    pub table: Table,
    raw: Option<(Range<usize>, usize)>,
}

impl Writer<'_> {
    fn event(&mut self, event: &Event<'_>, range: &Range<usize>, next: impl Fn() -> Option<char>) {
        match event {
            Event::Text(text) if self.code.is_some() => {
                let text = self.prepared.clean(text).into_owned();
                self.code.get_or_insert_default().push_str(&text);
            }
            Event::Text(text) => {
                for (at, part) in self.prepared.parts(text) {
                    self.run.push(part, self.body + self.prepared.source(range.start + at));
                }
                return;
            }
            Event::SoftBreak => {
                let joined = self.last_char().is_some_and(cjk::is_cjk) && next().is_some_and(cjk::is_cjk);
                if !joined {
                    self.run.push("\n", self.body + self.prepared.source(range.start));
                }
                return;
            }
            _ => {}
        }
        if !matches!(event, Event::Text(_)) {
            self.flush();
        }
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(end) => self.end(*end),
            Event::Code(code) => {
                if self.picture.is_none() {
                    self.out.push_str("<code>");
                    self.literal(code);
                    self.out.push_str("</code>");
                } else {
                    self.literal(code);
                }
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                let (first, count) = self.raw.take().unwrap_or_else(|| (range.clone(), 0));
                self.raw = Some((first, count + 1));
                self.literal(html);
            }
            Event::HardBreak if self.picture.is_none() => {
                self.out.push_str("<br>\n");
                self.page.plain.push('\n');
            }
            Event::Rule if self.skip.is_none() => self.out.push_str("<hr>\n"),
            Event::FootnoteReference(label) if self.picture.is_none() => {
                let label = self.prepared.clean(label).into_owned();
                self.notes.refer(&label, &mut self.ids, &mut self.out, self.input.lang);
            }
            Event::TaskListMarker(done) if self.skip.is_none() => self.task(*done),
            _ => {}
        }
    }

    fn last_char(&self) -> Option<char> {
        self.run.text.chars().next_back().or_else(|| self.page.plain.chars().next_back())
    }

    fn start(&mut self, tag: &Tag<'_>, range: &Range<usize>) {
        if self.skip.is_none() && self.open.len() >= self.input.limits.nesting {
            self.skip = Some(self.open.len());
            let limit = self.input.limits.nesting;
            self.found(
                TOO_MUCH,
                Severity::Error,
                range,
                say!(
                    "嵌套超过 {limit} 层（limits.nesting），更深的部分不带格式显示",
                    "nested deeper than {limit} (limits.nesting); what is deeper is shown without markup"
                ),
                say!("减少引用、列表或强调的层数", "use fewer levels of quotes, lists or emphasis"),
            );
        }
        let open = if self.skip.is_some() || self.picture.is_some() { Open::Nothing } else { self.tag(tag, range) };
        self.open.push(open);
    }

    fn tag(&mut self, tag: &Tag<'_>, range: &Range<usize>) -> Open {
        let (start, open) = match tag {
            Tag::Paragraph | Tag::HtmlBlock => ("<p>", Open::Block("</p>\n")),
            Tag::BlockQuote(None) => ("<blockquote>\n", Open::Block("</blockquote>\n")),
            Tag::BlockQuote(Some(kind)) => return self.alert(*kind),
            Tag::List(None) => ("<ul>\n", Open::Block("</ul>\n")),
            Tag::List(Some(1)) => ("<ol>\n", Open::Block("</ol>\n")),
            Tag::List(Some(first)) => {
                _ = writeln!(self.out, "<ol start=\"{first}\">");
                ("", Open::Block("</ol>\n"))
            }
            Tag::Item => ("<li>", Open::Block("</li>\n")),
            Tag::DefinitionList => ("<dl>\n", Open::Block("</dl>\n")),
            Tag::DefinitionListTitle => ("<dt>", Open::Block("</dt>\n")),
            Tag::DefinitionListDefinition => ("<dd>", Open::Block("</dd>\n")),
            Tag::Emphasis => ("<em>", Open::Inline("</em>")),
            Tag::Strong => ("<strong>", Open::Inline("</strong>")),
            Tag::Strikethrough => ("<del>", Open::Inline("</del>")),
            Tag::Heading { level, .. } => {
                let (html, plain) = (self.out.len(), self.page.plain.len());
                ("", Open::Heading { level: *level, html, plain, range: range.clone() })
            }
            Tag::CodeBlock(kind) => return self.code_block(kind, range),
            Tag::Table(_) | Tag::TableHead | Tag::TableRow | Tag::TableCell => return self.table_tag(tag),
            Tag::FootnoteDefinition(label) => {
                let label = self.prepared.clean(label).into_owned();
                return Open::Note { label, before: std::mem::take(&mut self.out) };
            }
            Tag::Link { link_type, dest_url, title, .. } => {
                let (dest, title) = (self.prepared.clean(dest_url), self.prepared.clean(title));
                let (dest, title) = (dest.into_owned(), title.into_owned());
                let place = self.place(range);
                return if self.link(*link_type, &dest, &title, place) { Open::Link } else { Open::Nothing };
            }
            Tag::Image { dest_url, title, .. } => {
                self.picture = Some(Picture {
                    dest: self.prepared.clean(dest_url).into_owned(),
                    title: self.prepared.clean(title).into_owned(),
                    alt: String::new(),
                });
                return Open::Picture(range.clone());
            }
            Tag::Superscript | Tag::Subscript | Tag::MetadataBlock(_) => return Open::Nothing,
        };
        self.out.push_str(start);
        open
    }

    fn end(&mut self, end: TagEnd) {
        let Some(open) = self.open.pop() else { return };
        if self.skip == Some(self.open.len()) {
            self.skip = None;
        }
        let block =
            !matches!(end, TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image);
        match open {
            Open::Nothing => {}
            Open::Inline(close) | Open::Block(close) => self.out.push_str(close),
            Open::Link => {
                self.out.push_str("</a>");
                self.in_link -= 1;
            }
            Open::Code(language) => self.code_end(&language),
            Open::Drawn => self.drawn_end(),
            Open::Picture(range) => {
                let place = self.place(&range);
                self.picture_end(place);
            }
            Open::Heading { level, html, plain, range } => self.heading(level, html, plain, &range),
            Open::Note { label, before } => {
                let html = std::mem::replace(&mut self.out, before);
                self.notes.define(&label, &html);
            }
        }
        match end {
            TagEnd::Table if self.table.body => {
                self.table.body = false;
                self.out.push_str("</tbody></table></div>\n");
            }
            TagEnd::TableHead => self.table.head = false,
            _ => {}
        }
        if block && self.picture.is_none() && !self.page.plain.is_empty() && !self.page.plain.ends_with('\n') {
            self.page.plain.push(if end == TagEnd::TableCell { ' ' } else { '\n' });
        }
    }

    /// Writes text that is shown as it stands: code and raw HTML.
    fn literal(&mut self, text: &str) {
        let text = self.prepared.clean(text).into_owned();
        if let Some(picture) = &mut self.picture {
            picture.alt.push_str(&text);
            return;
        }
        escape::text(&mut self.out, &text);
        self.page.plain.push_str(&text);
    }

    /// Writes the text gathered so far, with the links that are in it.
    fn flush(&mut self) {
        let run = std::mem::take(&mut self.run);
        if run.text.is_empty() {
            return;
        }
        if let Some(picture) = &mut self.picture {
            picture.alt.push_str(&run.text);
            return;
        }
        if self.in_link > 0 || self.skip.is_some() {
            self.words(&run.text);
        } else {
            self.linked(&run);
        }
    }

    /// Writes words that hold no link.
    pub(super) fn words(&mut self, text: &str) {
        escape::text(&mut self.out, text);
        self.page.plain.extend(text.chars().map(|c| if c == '\n' { ' ' } else { c }));
    }

    fn hidden(&mut self, markdown: &str) {
        for (kind, severity) in [(Hidden::Bidi, Severity::Warning), (Hidden::Control, Severity::Error)] {
            let mut all = markdown.char_indices().filter(|(_, c)| escape::hidden(*c) == Some(kind));
            let Some((at, c)) = all.next() else { continue };
            let (count, name) = (all.count() + 1, escape::number(c));
            let message = match kind {
                Hidden::Bidi => say!(
                    "有 {count} 个改变文字方向的控制字符，第一个是 {name}",
                    "characters that turn the direction of text: {count}, the first is {name}"
                ),
                Hidden::Control => say!(
                    "有 {count} 个不可见的控制字符，第一个是 {name}",
                    "control characters that cannot be seen: {count}, the first is {name}"
                ),
            };
            let at = self.body + at;
            let wrong = Finding::new(HIDDEN, severity, message)
                .at(self.lines.place(at..at + c.len_utf8()))
                .help(say!("删掉它们；页面上以编号显示", "delete them; the page shows their numbers"));
            self.page.findings.push(wrong);
        }
    }

    fn finish(mut self) -> Page {
        self.flush();
        self.notes.write(&mut self.out, self.input.lang);
        if let Some((range, count)) = self.raw.take() {
            self.found(
                RAW,
                Severity::Info,
                &range,
                say!("有 {count} 处 HTML，按文字显示", "HTML, shown as text: {count}"),
                say!("用 Markdown 的写法代替", "write it as Markdown"),
            );
        }
        self.page.html = self.out;
        self.page.plain.truncate(self.page.plain.trim_end().len());
        self.page
    }

    /// The place of a range of what the parser read.
    pub(super) fn place(&self, range: &Range<usize>) -> Place {
        let (start, end) = (self.prepared.source(range.start), self.prepared.source(range.end));
        self.lines.place(self.body + start..self.body + end)
    }

    /// The place of a range of the file.
    pub(super) fn place_in_file(&self, range: Range<usize>) -> Place {
        self.lines.place(range)
    }

    pub(super) fn found(&mut self, rule: &str, severity: Severity, range: &Range<usize>, message: Said, help: Said) {
        let place = self.place(range);
        self.page.findings.push(Finding::new(rule, severity, message).at(place).help(help));
    }
}
