//! `--format human`: findings for a person at a terminal, grouped by clause, with the line they are about.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader};

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::finding::{Finding, Severity};
use crate::ledger::Counts;
use crate::load::extension;
use crate::say::Lang;
use crate::source::{Sources, Utf8Stream};
use crate::standard::Standard;

use super::Summary;

/// So many findings of a file are shown; then their number is.
const MOST_OF_A_FILE: usize = 50;
/// A longer line is cut: nobody reads it, and a terminal chokes on it.
const LONGEST_LINE: usize = 4096;

/// How to write.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// With colours.
    pub colour: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// In which language.
    pub lang: Lang,
}

/// All findings as text.
pub fn findings(findings: &[Finding], standard: Option<&Standard>, sources: Option<&Sources>, style: Style) -> String {
    let lines = sources.map(|s| Lines::read(findings, s)).unwrap_or_default();
    let renderer = if style.colour { Renderer::styled() } else { Renderer::plain() }.term_width(style.width);
    let mut by_clause: BTreeMap<Option<&str>, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        by_clause.entry(finding.clause.as_deref()).or_default().push(finding);
    }
    let clauses: Vec<Option<&str>> = match standard {
        Some(standard) => [None].into_iter().chain(standard.clauses.iter().map(|c| Some(c.id.as_str()))).collect(),
        None => vec![None],
    };
    let mut out = String::new();
    let mut shown: BTreeMap<&str, usize> = BTreeMap::new();
    for clause in clauses {
        let Some(found) = by_clause.get(&clause) else { continue };
        if let Some(standard) = standard {
            heading(&mut out, clause, standard, style);
        }
        let listed: Vec<&Finding> = found
            .iter()
            .copied()
            .filter(|finding| {
                let Some(place) = &finding.place else { return true };
                let count = shown.entry(&place.file).or_insert(0);
                *count += 1;
                *count <= MOST_OF_A_FILE
            })
            .collect();
        for (at, finding) in listed.iter().enumerate() {
            let help = finding.help.as_ref().filter(|_| helps(finding, &listed[at + 1..]));
            out.push_str(&one(finding, help.map(|h| h.to(style.lang)), &lines, &renderer, style));
            let next = listed.get(at + 1);
            let list = |f: &&Finding| f.place.is_none() && f.rule == finding.rule;
            if !(list(finding) && next.is_some_and(list)) {
                out.push('\n');
            }
        }
    }
    for (file, count) in shown.into_iter().filter(|(_, n)| *n > MOST_OF_A_FILE) {
        let more = count - MOST_OF_A_FILE;
        let _ = match style.lang {
            Lang::Zh => writeln!(out, "{file}：另有 {more} 个问题未列出（用 --format json 查看全部）\n"),
            Lang::En => writeln!(out, "{file}: {more} more findings are not shown (--format json has them all)\n"),
        };
    }
    out
}

/// The fix of a rule is said once, after the last of its findings that is not waived; the help of a code is about the
/// very cell.
fn helps(finding: &Finding, rest: &[&Finding]) -> bool {
    let open = |f: &&Finding| f.waived_by.is_none() && f.rule == finding.rule;
    finding.clause.is_none() || (finding.waived_by.is_none() && !rest.iter().any(open))
}

fn heading(out: &mut String, clause: Option<&str>, standard: &Standard, style: Style) {
    let text = if let Some(id) = clause {
        let title = standard.clauses.iter().find(|c| c.id == id).map_or("", |c| c.title.to(style.lang));
        format!("{id} {title}")
    } else {
        word(style.lang, "读取", "Reading").to_owned()
    };
    let bold = if style.colour { ("\u{1b}[1m", "\u{1b}[0m") } else { ("", "") };
    let _ = writeln!(out, "{}── {text}{}\n", bold.0, bold.1);
}

fn one(finding: &Finding, help: Option<&str>, lines: &Lines, renderer: &Renderer, style: Style) -> String {
    let level = match (&finding.waived_by, finding.severity) {
        (Some(_), _) => Level::NOTE.with_name(word(style.lang, "豁免", "waived")),
        (_, Severity::Error) => Level::ERROR.with_name(word(style.lang, "错误", "error")),
        (_, Severity::Warning) => Level::WARNING.with_name(word(style.lang, "警告", "warning")),
        (_, Severity::Info) => Level::INFO.with_name(word(style.lang, "提示", "info")),
    };
    let mut message = printable(finding.message.to(style.lang));
    if let Some(waiver) = finding.waiver() {
        let _ = write!(message, " ({})", printable(waiver.to(style.lang)));
    }
    let title = level.primary_title(message).id(finding.rule.as_str());
    let mut report = annotate_snippets::Group::with_title(title);
    if let Some(place) = &finding.place {
        match lines.get(&place.file, place.line) {
            Some(line) => {
                let snippet = Snippet::source(line.to_owned()).line_start(place.line as usize);
                let mark = match place.column {
                    // The line as a whole is meant: it is shown, and nothing in it marked.
                    0 => AnnotationKind::Visible.span(0..line.len()),
                    column => AnnotationKind::Primary.span(span(line, column, place.width)),
                };
                report = report.element(snippet.path(place.file.to_string()).annotation(mark));
            }
            None => {
                let mut origin = annotate_snippets::Origin::path(place.file.to_string());
                if place.line > 0 {
                    origin = origin.line(place.line as usize);
                }
                if place.column > 0 {
                    origin = origin.char_column(place.column as usize);
                }
                report = report.element(origin);
            }
        }
    }
    let name = word(style.lang, "怎么办", "help");
    let mut text = match help {
        None => renderer.render(&[report]),
        Some(help) if finding.place.is_some() => {
            renderer.render(&[report.element(Level::HELP.with_name(name).message(printable(help)))])
        }
        // Without a place there is no gutter for the help to stand beside.
        Some(help) => {
            let (on, off) = if style.colour { ("\u{1b}[1m", "\u{1b}[0m") } else { ("", "") };
            format!("{}\n  = {on}{name}{off}: {}", renderer.render(&[report]), printable(help))
        }
    };
    text.push('\n');
    text
}

fn word(lang: Lang, zh: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

/// The bytes of a line that are meant: from a column, so many characters.
fn span(line: &str, column: u32, width: u32) -> std::ops::Range<usize> {
    let at = |n: usize| line.char_indices().nth(n).map_or(line.len(), |(at, _)| at);
    let start = column as usize - 1;
    at(start)..at(start + (width as usize).max(1))
}

/// Without control characters, which a terminal would obey.
fn printable(text: &str) -> String {
    // A tab is made of blanks by the renderer, which counts them for the caret; a byte order mark would be invisible.
    let shown = |c: char| matches!(c, '\n' | '\t') || !c.is_control() && c != '\u{FEFF}';
    text.chars().map(|c| if shown(c) { c } else { '\u{FFFD}' }).collect()
}

/// The lines that findings are about, as far as they can be shown.
#[derive(Default)]
pub struct Lines(BTreeMap<(String, u32), String>);

impl Lines {
    /// Reads them.
    pub fn read(findings: &[Finding], sources: &Sources) -> Self {
        let mut wanted: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
        for place in findings.iter().filter_map(|f| f.place.as_ref()).filter(|p| p.line > 0) {
            let lines = wanted.entry(&place.file).or_default();
            if lines.len() <= MOST_OF_A_FILE {
                lines.insert(place.line);
            }
        }
        let mut out = BTreeMap::new();
        // A workbook has rows, and no lines to show.
        for (file, lines) in wanted.into_iter().filter(|(file, _)| extension(file) != "xlsx") {
            // What cannot be read again is shown without its line.
            let Ok(reader) = sources.open(file).map(Utf8Stream::new) else { continue };
            let last = lines.last().copied().unwrap_or(0);
            let mut reader = BufReader::new(reader);
            let mut raw = Vec::new();
            for number in 1..=last {
                raw.clear();
                match reader.read_until(b'\n', &mut raw) {
                    Ok(n) if n > 0 => {}
                    _ => break,
                }
                if lines.contains(&number) && raw.len() <= LONGEST_LINE {
                    let text = String::from_utf8_lossy(&raw);
                    let text = text.trim_end_matches(['\n', '\r']).trim_start_matches('\u{FEFF}');
                    out.insert((file.to_owned(), number), printable(text));
                }
            }
        }
        Self(out)
    }

    /// A line of a file by its number, without its end.
    pub fn get(&self, file: &str, line: u32) -> Option<&str> {
        self.0.get(&(file.to_owned(), line)).map(String::as_str)
    }
}

/// What was published.
#[derive(Clone, Copy, Debug)]
pub struct Files {
    /// Files written.
    pub written: usize,
    /// Files left as they were.
    pub unchanged: usize,
    /// Files of the last site that are gone.
    pub removed: usize,
}

/// What the summary line tells.
#[derive(Clone, Copy, Debug)]
pub struct Told {
    /// Records.
    pub counts: Counts,
    /// Findings that were reported.
    pub summary: Summary,
    /// Findings in other places than those that were asked for.
    pub elsewhere: Option<Summary>,
    /// What was published.
    pub files: Option<Files>,
    /// How long it took.
    pub seconds: f64,
}

/// The one summary line, with its end.
pub fn summary(told: &Told, lang: Lang) -> String {
    let Counts { read, accepted, rejected } = told.counts;
    let Summary { error, warning, info, waived } = told.summary;
    let mut parts = match lang {
        Lang::Zh => vec![
            format!("记录 {read} 条：接受 {accepted}，拒绝 {rejected}"),
            format!("错误 {error}，警告 {warning}，提示 {info}，豁免 {waived}"),
        ],
        Lang::En => vec![
            format!("{}: {accepted} accepted, {rejected} rejected", several(read, "record")),
            format!("{}, {waived} waived", weighed(error, warning, info)),
        ],
    };
    if let Some(Summary { error, warning, info, .. }) = told.elsewhere {
        parts.push(match lang {
            Lang::Zh => format!("其他位置：错误 {error}，警告 {warning}，提示 {info}"),
            Lang::En => format!("elsewhere: {}", weighed(error, warning, info)),
        });
    }
    if let Some(Files { written, unchanged, removed }) = told.files {
        parts.push(match lang {
            Lang::Zh => format!("文件写入 {written}，未变 {unchanged}，移除 {removed}"),
            Lang::En => {
                format!("{} written, {unchanged} unchanged, {removed} removed", several(written, "file"))
            }
        });
    }
    let seconds = told.seconds;
    parts.push(match lang {
        Lang::Zh => format!("用时 {seconds:.2} 秒"),
        Lang::En => format!("{seconds:.2} s"),
    });
    parts.join(" · ") + "\n"
}

fn weighed(error: usize, warning: usize, info: usize) -> String {
    format!("{}, {}, {info} info", several(error, "error"), several(warning, "warning"))
}

fn several(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}
