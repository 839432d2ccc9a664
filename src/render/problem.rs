//! What Tera says about a template, as findings: one sentence each, at the place in the file that people edit.

use tera::{Error, ErrorKind};

use crate::finding::{Finding, Severity};
use crate::near;
use crate::say;
use crate::say::Said;
use crate::source::Place;
use crate::theme::{CODE, Theme};

/// The findings of an error. Names that lead nowhere are reported all at once, the rest one by one.
pub fn problems(error: &Error, theme: &Theme) -> Vec<Finding> {
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            let span = report.span();
            let width = if span.end_line == span.start_line { span.end_col.saturating_sub(span.start_col) } else { 1 };
            let at = (span.start_line as u32, span.start_col as u32 + 1, width.max(1) as u32);
            vec![finding(report.message(), place(theme, report.filename(), Some(at)))]
        }
        ErrorKind::Msg(text) => reports(text, theme),
        ErrorKind::CircularExtend { tpl, .. } | ErrorKind::CircularInclude { tpl, .. } => {
            let said = say!("模板最终继承或包含了自己", "the template extends or includes itself in the end");
            vec![broken(said, place(theme, tpl, None))]
        }
        ErrorKind::MissingParent { current, parent } => {
            let said = say!("没有要继承的模板 {parent}", "there is no template `{parent}` to extend");
            vec![broken(said, place(theme, current, None))]
        }
        _ => vec![finding(&error.to_string(), None)],
    }
}

/// The reports that Tera has drawn already, as it does for names that are not known:
/// `error: what`, `--> file:line:column`, the line, the carets.
fn reports(text: &str, theme: &Theme) -> Vec<Finding> {
    let mut found = Vec::new();
    for part in text.split("\n\nerror: ") {
        let mut lines = part.strip_prefix("error: ").unwrap_or(part).lines();
        let what = lines.next().unwrap_or_default();
        let place = lines.next().and_then(|line| {
            let mut parts = line.trim_start().strip_prefix("--> ")?.rsplitn(3, ':');
            let column = parts.next()?.parse().ok()?;
            let line = parts.next()?.parse().ok()?;
            let width = part.lines().last()?.chars().filter(|c| *c == '^').count().max(1) as u32;
            place(theme, parts.next()?, Some((line, column, width)))
        });
        found.push(finding(what, place.or_else(|| named(what, theme))));
    }
    found
}

/// The last template that a message names: of two that clash, the one that people are likely to have added.
fn named(what: &str, theme: &Theme) -> Option<Place> {
    let names: Vec<&str> = what.split('`').filter(|name| theme.templates.contains_key(*name)).collect();
    let own = names.iter().rev().find(|name| !theme.templates[**name].builtin);
    place(theme, own.or(names.last())?, None)
}

fn place(theme: &Theme, name: &str, at: Option<(u32, u32, u32)>) -> Option<Place> {
    let path = theme.templates.get(name)?.path.as_str();
    Some(match at {
        Some((line, column, width)) => Place::span(path, line, column, width),
        None => Place::file(path),
    })
}

/// What Tera says of names that it does not know: its words, ours in Chinese and in English.
const UNKNOWN: [(&str, &str, &str); 7] = [
    ("Unknown filter", "没有过滤器", "there is no filter"),
    ("Unknown test", "没有判断", "there is no test"),
    ("Unknown function", "没有函数", "there is no function"),
    ("Unknown component", "没有组件", "there is no component"),
    ("Unknown template", "没有模板", "there is no template"),
    ("Variable", "没有变量", "there is no variable"),
    ("Field", "没有字段", "there is no field"),
];

fn finding(what: &str, place: Option<Place>) -> Finding {
    let (sentence, rest) = what.split_once(". ").unwrap_or((what.trim_end_matches('.'), ""));
    let name = sentence.split('`').nth(1).unwrap_or_default();
    let unknown = UNKNOWN.iter().find(|(said, ..)| {
        let tail = sentence.strip_prefix(said).map(str::trim_start);
        tail.is_some_and(|tail| tail == format!("`{name}`") || tail == format!("`{name}` is not defined"))
    });
    let said = match unknown {
        Some((_, zh, en)) => say!("{zh} {name}", "{en} `{name}`"),
        None => say!("模板有误：{sentence}", "the template is wrong: {sentence}"),
    };
    let finding = broken(said, place);
    match rest.split_once(": ") {
        Some((_, names)) => finding.help(offered(name, names)),
        None => finding,
    }
}

fn broken(said: Said, place: Option<Place>) -> Finding {
    let finding = Finding::new(CODE, Severity::Error, said);
    match place {
        Some(place) => finding.at(place),
        None => finding,
    }
}

fn offered(name: &str, names: &str) -> Said {
    match near::nearest(name, names.split(", ")) {
        Some(meant) => say!("可能是 {meant}；可用的有：{names}", "perhaps `{meant}`; there are: {names}"),
        None => say!("可用的有：{names}", "there are: {names}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Engine, Unlaid, render};
    use super::*;
    use crate::page::frame::Frame;
    use crate::page::sheet::Sheet;
    use crate::source::Sources;
    use std::collections::BTreeMap;

    /// The findings of a workspace whose own theme has these templates.
    fn found(templates: &[(&str, &str)]) -> Vec<String> {
        let files =
            templates.iter().map(|(name, text)| (format!("themes/ours/templates/{name}"), text.as_bytes().to_vec()));
        let theme = Theme::load(&Sources::of_memory(files), "ours").unwrap();
        let sheet = Sheet::new("a/b.html", "slots.html", "T", &BTreeMap::from([("total", "1")]));
        let engine = match Engine::of(&theme, None) {
            Ok(engine) => engine,
            Err(findings) => return told(&findings),
        };
        let laid = render(&engine, &theme, &Frame::default(), &BTreeMap::new(), vec![sheet]);
        let Err(Unlaid::Findings(findings)) = laid else { panic!("a template that fails is a finding") };
        told(&findings)
    }

    fn told(findings: &[Finding]) -> Vec<String> {
        findings
            .iter()
            .map(|f| format!("{}: {}", f.place.as_ref().map_or(String::new(), Place::to_string), f.message.en))
            .collect()
    }

    #[test]
    fn a_slip_in_the_syntax() {
        let found = found(&[("slots.html", "<p>\n{% if view.total %}1</p>\n")]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("themes/ours/templates/slots.html:"), "{found:?}");
    }

    #[test]
    fn a_variable_and_a_field_that_are_not_there() {
        assert_eq!(
            found(&[("slots.html", "<p>\n\t甲 {{ total }}</p>")]),
            ["themes/ours/templates/slots.html:2:7: there is no variable `total`"]
        );
        assert_eq!(
            found(&[("slots.html", "{{ view.totl }}")]),
            ["themes/ours/templates/slots.html:1:9: there is no field `totl`"]
        );
    }

    #[test]
    fn names_that_lead_nowhere_are_all_told() {
        let text = "{{ view.total | shout }}\n{{ <badge state=\"met\" /> }}\n{% include \"nothing.html\" %}";
        assert_eq!(
            found(&[("slots.html", text)]),
            [
                "themes/ours/templates/slots.html:1:17: there is no filter `shout`",
                "themes/ours/templates/slots.html:2:4: there is no component `badge`",
                "themes/ours/templates/slots.html:3:12: there is no template `nothing.html`",
            ]
        );
    }

    #[test]
    fn a_mistake_in_a_component_is_told_where_the_component_is() {
        let own = [
            ("slots.html", "{{ <ours /> }}"),
            ("ours.html", "{% component ours() %}\n{{ nothing }}{% endcomponent %}"),
        ];
        assert_eq!(found(&own), ["themes/ours/templates/ours.html:2:4: there is no variable `nothing`"]);
    }

    #[test]
    fn a_component_that_is_there_already_and_a_parent_that_is_not() {
        let twice = found(&[("ours.html", "{% component status() %}{% endcomponent %}")]);
        assert_eq!(twice.len(), 1);
        assert!(twice[0].starts_with("themes/ours/templates/ours.html: "), "{twice:?}");
        assert_eq!(
            found(&[("slots.html", "{% extends \"frame.html\" %}")]),
            ["themes/ours/templates/slots.html: there is no template `frame.html` to extend"]
        );
    }

    #[test]
    fn a_built_in_template_is_named_by_its_path_in_the_source() {
        let theme = Theme::load(&Sources::of_memory([]), "default").unwrap();
        assert_eq!(place(&theme, "base.html", None).unwrap().to_string(), "themes/default/templates/base.html");
    }

    #[test]
    fn the_nearest_name_is_offered() {
        let finding = finding("Variable `tittle` is not defined. Available variables: title, view", None);
        assert_eq!(finding.message.zh, "没有变量 tittle");
        assert_eq!(finding.help.unwrap().en, "perhaps `title`; there are: title, view");
    }
}
