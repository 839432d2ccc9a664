//! `findings.json` and `figures.json`, in the shapes of the command line (cli.md, standard.md section 4).

use std::fmt::Write as _;

use crate::finding::alike;
use crate::output::json as output;

use super::super::Book;

/// All findings, one a line.
pub fn findings(book: &Book<'_>) -> String {
    let lang = book.config.site.lang;
    list(alike::together(book.findings).iter().map(|f| output::finding(f, lang).to_string()))
}

/// All figures, one a line.
pub fn figures(book: &Book<'_>) -> String {
    list(book.figures.iter().map(|f| output::figure(f, book.config).to_string()))
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
