//! `findings.json` and `figures.json`, in the shapes of the command line (cli.md, standard.md section 4).

use std::fmt::Write as _;

use crate::finding::Finding;
use crate::say::Lang;

use super::super::Book;

/// All findings, one a line.
pub fn findings(book: &Book<'_>) -> String {
    let lang = book.config.site.lang;
    list(book.findings.iter().map(|f| finding(f, lang)))
}

/// All figures, one a line.
pub fn figures(book: &Book<'_>) -> String {
    list(book.figures.iter().map(|f| figure(f, book)))
}

fn list(lines: impl Iterator<Item = String>) -> String {
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() {
        return "[]\n".to_owned();
    }
    format!("[\n{}\n]\n", lines.join(",\n"))
}

/// A text as JSON.
pub fn string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn maybe(text: Option<&str>) -> String {
    text.map_or_else(|| "null".to_owned(), string)
}

fn number(n: Option<impl ToString>) -> String {
    n.map_or_else(|| "null".to_owned(), |n| n.to_string())
}

/// One finding.
pub fn finding(finding: &Finding, lang: Lang) -> String {
    let (from, to) = match (finding.count, finding.dates) {
        (Some(_), Some((from, to))) => (Some(from.to_string()), Some(to.to_string())),
        _ => (None, None),
    };
    let place = finding.place.as_ref();
    let above = |n: u32| Some(n).filter(|n| *n > 0);
    let pairs = [
        ("rule", string(&finding.rule)),
        ("clause", maybe(finding.clause.as_deref())),
        ("severity", string(finding.severity.name())),
        ("system", maybe(finding.system.as_deref())),
        ("kind", maybe(finding.kind.as_deref())),
        ("record", maybe(finding.record.as_deref())),
        ("from", maybe(from.as_deref())),
        ("to", maybe(to.as_deref())),
        ("count", number(finding.count)),
        ("file", maybe(place.map(|p| &*p.file))),
        ("line", number(place.and_then(|p| above(p.line)))),
        ("column", number(place.and_then(|p| above(p.column)))),
        ("message", string(finding.message.to(lang))),
        ("waived_by", maybe(finding.waived_by.as_deref())),
    ];
    object(&pairs)
}

fn figure(figure: &crate::measure::Figure, book: &Book<'_>) -> String {
    use crate::calendar::Unit;
    let mut pairs = vec![
        ("figure", string(figure.name)),
        ("system", maybe(figure.system.map(|s| book.config.systems[s].id.as_str()))),
        ("period", string(&figure.month.name(Unit::Month))),
    ];
    if let Some((key, which)) = &figure.key {
        pairs.push((key, string(which)));
    }
    pairs.extend([
        ("value", number(figure.value)),
        ("unit", string(figure.unit.name())),
        ("numerator", number(figure.numerator)),
        ("denominator", number(figure.denominator)),
        ("target", number(figure.target)),
        ("verdict", maybe(figure.verdict.map(|v| v.name()))),
    ]);
    object(&pairs)
}

/// An object of pairs whose values are JSON already.
pub fn object(pairs: &[(&str, String)]) -> String {
    let mut out = String::from("{");
    for (at, (key, value)) in pairs.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        let _ = write!(out, "{}:{value}", string(key));
    }
    out.push('}');
    out
}
