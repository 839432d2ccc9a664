//! What holds for any bytes: one function a reader, which a fuzz target, the replay of the corpus and the property tests
//! call alike. Each panics where a promise is broken.

use std::sync::LazyLock;

use wellkept::calendar::{Instant, Zone};
use wellkept::config::{Config, Limits};
use wellkept::finding::{Finding, Severity};
use wellkept::ledger::Standing;
use wellkept::load::{self, Reread};
use wellkept::markdown::{Block, Input, Links, Resolved};
use wellkept::source::{Place, Sources};
use wellkept::standard::Standard;
use wellkept::value::{self, DateOrder, Wrong};
use wellkept::{front, markdown, say::Lang};

const CONFIG: &str = "[site]\ntitle = \"t\"\ntimezone = \"Asia/Shanghai\"\n[[system]]\nid = \"oa\"\nname = \"办公系统\"\nin_service = 2026-01-01\n";
/// The file that holds the table.
const FILE: &str = "records/backup/a.csv";

static JUDGES: LazyLock<(Config, Standard)> = LazyLock::new(|| {
    let config = Config::read(CONFIG.to_owned()).expect("the configuration is sound");
    let standard = Standard::load(&Sources::of_memory([]), &config).expect("the built-in standard is sound");
    (config, standard)
});

/// Every row of a table is accepted, or rejected with a finding; each can be read again.
pub fn table(data: &[u8]) {
    let (config, standard) = &*JUDGES;
    let sources = Sources::of_memory([(FILE.to_owned(), data.to_vec())]);
    let (ledger, findings) =
        load::load(&sources, standard, config, Instant(1_800_000_000)).expect("memory can be read");
    each_is_told(&findings, std::str::from_utf8(data).ok());
    let at = standard.kind("backup").expect("a kind of the built-in standard");
    let table = &ledger.tables[at];
    let rejected = (0..table.len()).filter(|&row| table.standing[row] == Standing::Rejected).count();
    let errors = findings.iter().filter(|f| f.severity == Severity::Error).count();
    assert!(rejected == 0 || errors > 0, "{rejected} rows were rejected without a word");
    let counts = table.counts();
    assert_eq!(counts.read, counts.accepted + counts.rejected);
    if let Some(facts) = ledger.files.first() {
        assert_eq!(facts.rows, table.len());
        let reread = Reread::open(&sources, facts, &standard.kinds[at]).expect("memory can be read");
        let mut before = None;
        for row in 0..table.len() {
            let (offset, line) = table.position(row);
            assert!(
                before.is_none_or(|(o, l)| o < offset && l < line),
                "row {row} does not stand after the one before"
            );
            before = Some((offset, line));
            let cells = reread.cells(offset);
            assert!(!cells.raw.is_empty(), "row {row} cannot be read again");
            let label = cells.field(standard.kinds[at].id().expect("backups have ids"));
            assert!(table.standing[row] == Standing::Rejected || !label.is_empty(), "row {row} lost its id");
        }
    } else {
        assert!(errors > 0 || findings.iter().any(|f| f.severity == Severity::Info), "a file vanished without a word");
    }
}

/// Front matter has places within its text, and no key twice.
pub fn front(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (fields, body, findings) = front::read("a.md", text, front::LIMIT);
    assert!(text.is_char_boundary(body));
    each_is_told(&findings, Some(text));
    for (at, field) in fields.iter().enumerate() {
        within(&field.key_place, text);
        within(field.value_place(), text);
        assert!(fields[..at].iter().all(|f| f.key != field.key), "{} is there twice", field.key);
    }
    let (fields, findings) = front::read_toml("a.toml", text);
    each_is_told(&findings, Some(text));
    for field in &fields {
        within(&field.key_place, text);
    }
}

/// A site that knows every page and no picture.
struct Site;

impl Links for Site {
    fn page(&self, _: &str, target: &str) -> Resolved {
        Resolved::Url(format!("{}.html", target.len()))
    }

    fn reference(&self, kind: &str, id: &str) -> Resolved {
        Resolved::Url(format!("{}-{}.html", kind.len(), id.len()))
    }

    fn image(&self, _: &str, target: &str) -> Resolved {
        Resolved::Url(format!("{}.png", target.len()))
    }

    fn block(&self, _: &str) -> Block {
        Block::Code
    }
}

/// The HTML of Markdown is inert.
pub fn markdown(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let page = markdown::render(&Input {
        file: "content/a.md",
        text,
        body: front::split(text).body,
        title: None,
        taken: &["main"],
        links: &Site,
        lang: Lang::Zh,
        limits: Limits::default(),
    });
    inert(&page.html);
    each_is_told(&page.findings, Some(text));
}

/// Elements that Markdown makes.
const ELEMENTS: [&str; 39] = [
    "a",
    "abbr",
    "aside",
    "blockquote",
    "br",
    "caption",
    "code",
    "dd",
    "del",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "img",
    "input",
    "li",
    "ol",
    "p",
    "pre",
    "section",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
];
const MORE: [&str; 4] = ["tr", "ul", "mark", "wbr"];
/// Attributes that run nothing and style nothing.
const ATTRIBUTES: [&str; 24] = [
    "href", "id", "class", "src", "alt", "title", "lang", "rel", "start", "type", "checked", "disabled", "scope",
    "role", "tabindex", "hidden", "width", "height", "loading", "colspan", "rowspan", "dir", "open", "value",
];

/// Known elements and attributes only, and no address that runs or loads anything.
fn inert(html: &str) {
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let end = tag_end(rest).unwrap_or_else(|| panic!("a tag is never closed: {rest:.80}"));
        let (tag, after) = rest.split_at(end);
        rest = &after[1..];
        let tag = tag.strip_prefix('/').unwrap_or(tag);
        let (name, attributes) = tag.split_once(|c: char| c.is_whitespace()).unwrap_or((tag, ""));
        let known = ELEMENTS.contains(&name) || MORE.contains(&name);
        assert!(known, "the element <{name}>");
        judge_attributes(attributes);
    }
}

/// Where a tag ends: a `>` in quotes is none.
fn tag_end(rest: &str) -> Option<usize> {
    let mut quoted = false;
    rest.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b'>' && !quoted
    })
}

fn judge_attributes(mut rest: &str) {
    loop {
        rest = rest.trim_start_matches([' ', '/']);
        if rest.is_empty() {
            return;
        }
        let end = rest.find(['=', ' ']).unwrap_or(rest.len());
        let name = &rest[..end];
        let plain = name.starts_with("data-") || name.starts_with("aria-");
        assert!(plain || ATTRIBUTES.contains(&name), "the attribute {name}");
        rest = &rest[end..];
        let Some(value) = rest.strip_prefix("=\"") else {
            assert!(!rest.starts_with('='), "an attribute without quotes: {rest:.40}");
            continue;
        };
        let (value, after) = value.split_once('"').expect("tags end outside quotes");
        assert!(!value.contains('<'), "a < in an attribute: {value:.40}");
        if matches!(name, "href" | "src") {
            judge_address(name, value);
        }
        rest = after;
    }
}

fn judge_address(name: &str, value: &str) {
    let bare: String = value.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect();
    let bare = bare.replace("&amp;", "&").to_ascii_lowercase();
    let first = bare.split(['/', '?', '#']).next().unwrap_or_default();
    let Some((scheme, _)) = first.split_once(':') else {
        assert!(!bare.starts_with("//"), "an address without a scheme: {value:.80}");
        return;
    };
    let fits =
        if name == "href" { ["http", "https", "mailto"].contains(&scheme) } else { bare.starts_with("data:image/") };
    assert!(fits, "{name} of the scheme {scheme}");
}

/// A configuration and a standard are read, or refused with a place.
pub fn config(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Err(findings) = Config::read(text.to_owned()) {
        assert!(!findings.is_empty());
        each_is_told(&findings, Some(text));
    }
    let (config, _) = &*JUDGES;
    let files = [("standards/x/standard.toml".to_owned(), text.to_owned())];
    if let Err(findings) = Standard::read(files.into(), config) {
        assert!(!findings.is_empty());
    }
}

/// A value that is read prints as a text that reads as the same value; what is refused has a sentence.
pub fn values(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let raw = text.trim().as_bytes();
    let zone = Zone::named("America/New_York").expect("a zone of the tables");
    for order in [None, Some(DateOrder::Dmy), Some(DateOrder::Mdy), Some(DateOrder::Ymd)] {
        if let Some(time) = told(value::time(raw, &zone, order)) {
            let printed = zone.rfc3339(time.at);
            // A year of more than four digits, and the year before the first, have no such form.
            if printed.len() == "2026-10-03T08:00:00+08:00".len() && !printed.starts_with("0000") {
                let again = value::time(printed.as_bytes(), &zone, order).map(|t| t.at);
                assert_eq!(again, Ok(time.at), "{text} -> {printed}");
            }
        }
        if let Some(day) = told(value::date(raw, &zone, order)) {
            let printed = day.to_string();
            if printed.len() == "2026-10-03".len() && !printed.starts_with("0000") {
                assert_eq!(value::date(printed.as_bytes(), &zone, order), Ok(day), "{text} -> {printed}");
            }
        }
    }
    let whole = |read: fn(&[u8]) -> Result<i64, Box<Wrong>>| {
        if let Some(n) = told(read(raw)) {
            assert_eq!(read(n.to_string().as_bytes()), Ok(n), "{text}");
        }
    };
    whole(value::integer);
    whole(value::bytes);
    if let Some(seconds) = told(value::duration(raw)) {
        assert_eq!(value::duration(format!("{seconds}s").as_bytes()), Ok(seconds), "{text}");
    }
    for read in [value::decimal, value::percent] {
        if let Some(n) = told(read(raw)) {
            assert_eq!(read(n.to_string().as_bytes()), Ok(n), "{text}");
        }
    }
    told(value::bool(raw));
    told(value::id(raw));
    told(value::interval(text.trim()));
    assert!(value::list(text).all(|item| !item.is_empty() && item.trim() == item));
    assert_eq!(value::fold_header(&value::fold_header(text)), value::fold_header(text));
}

/// What was read; what was not has a sentence in both languages.
fn told<T>(read: Result<T, Box<Wrong>>) -> Option<T> {
    if let Err(wrong) = &read {
        assert!(!wrong.why.zh.is_empty() && !wrong.why.en.is_empty());
    }
    read.ok()
}

/// Every finding says something, in both languages, and stands where there is something.
fn each_is_told(findings: &[Finding], text: Option<&str>) {
    for finding in findings {
        assert!(!finding.message.zh.is_empty() && !finding.message.en.is_empty(), "{}", finding.rule);
        if let (Some(place), Some(text)) = (&finding.place, text) {
            within(place, text);
        }
    }
}

fn within(place: &Place, text: &str) {
    let lines = 1 + text.bytes().filter(|b| matches!(b, b'\n' | b'\r')).count();
    assert!(place.line as usize <= lines, "{place} lies after the last of {lines} lines");
}
