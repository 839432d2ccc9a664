//! Reads the documents of a standard into one, and holds its parts against each other.

use std::collections::BTreeMap;

use crate::config::{Config, Override, Records, Setting, setting};
use crate::doc::{Doc, Problems, Reader, offer};
use crate::finding::{Finding, Severity};
use crate::say;
use crate::say::Said;
use crate::source::Place;
use crate::value::Decimal;

use super::form::Names;
use super::kind::{self, Kind};
use super::rule::{Form, Rule, Where, Within};
use super::{CODE, Chapter, Clause, Param, Standard};

pub(super) fn standard(docs: &[Doc], config: &Config, digest: String, problems: &Problems) -> Standard {
    let roots: Vec<Reader<'_>> = docs.iter().map(|doc| doc.reader(CODE, problems)).collect();
    let mut out = Standard {
        id: String::new(),
        version: String::new(),
        title: Said::default(),
        chapters: Vec::new(),
        clauses: Vec::new(),
        rules: Vec::new(),
        kinds: Vec::new(),
        params: Vec::new(),
        digest,
    };
    let mut once = Once { seen: BTreeMap::new(), problems };
    head(&roots, &mut out, &mut once);
    out.params = params(&roots, &config.overrides, &mut once);
    out.kinds = kinds(&roots, config, &mut once);
    let names = Names { kinds: &out.kinds, params: &out.params };
    let mut chapters: Vec<(String, Place)> = Vec::new();
    let mut clauses: Vec<(String, Place)> = Vec::new();
    for root in &roots {
        for chapter in root.tables("chapter") {
            let (id, place) = (chapter.required("id"), chapter.place_of("id"));
            once.add(&Said::new("章", "chapter"), &id, &place);
            out.chapters.push(Chapter { id: id.clone(), title: chapter.required_said("title") });
            chapters.push((id, place));
            chapter.done();
        }
        for clause in root.tables("clause") {
            let (id, place) = (clause.required("id"), clause.place_of("id"));
            once.add(&Said::new("条款", "clause"), &id, &place);
            for rule in clause.tables("rule") {
                let rule = names.rule(&id, rule);
                once.add(&Said::new("规则", "rule"), &rule.id, &rule.place);
                out.rules.push(rule);
            }
            let (title, text) = (names.text("title", &clause), names.text("text", &clause));
            out.clauses.push(Clause { id: id.clone(), title, text });
            clauses.push((id, place));
            clause.done();
        }
    }
    for root in roots {
        root.done();
    }
    dangling(&chapters, &clauses, problems);
    out.clauses.sort_by_key(|c| clause_order(&c.id));
    out.chapters.sort_by_key(|c| clause_order(&c.id));
    out.rules.sort_by_key(|r| clause_order(&r.clause));
    for rule in &out.rules {
        keep(&mut out.kinds, rule);
    }
    out
}

/// `[standard]`.
fn head(roots: &[Reader<'_>], out: &mut Standard, once: &mut Once<'_>) {
    for root in roots {
        let Some(head) = root.table("standard") else { continue };
        once.add(&Said::new("表", "table"), "[standard]", &root.key_place("standard"));
        out.id = head.required("id");
        out.version = head.required("version");
        out.title = head.required_said("title");
        head.done();
    }
    if let (false, Some(first)) = (once.has("[standard]"), roots.first()) {
        first.missing("standard");
    }
}

/// Finds what is there twice, in whichever files.
struct Once<'a> {
    seen: BTreeMap<(String, String), Place>,
    problems: &'a Problems,
}

impl Once<'_> {
    fn add(&mut self, what: &Said, id: &str, place: &Place) {
        if id.is_empty() {
            return;
        }
        if let Some(first) = self.seen.insert((what.en.clone(), id.to_owned()), place.clone()) {
            let (zh, en) = (&what.zh, &what.en);
            let (file, line) = (&first.file, first.line);
            let said = say!(
                "{zh} {id} 出现了两次，另一处在 {file}:{line}",
                "the {en} {id} is there twice; it also stands at {file}:{line}"
            );
            self.problems.add(Finding::new(CODE, Severity::Error, said).at(place.clone()));
        }
    }

    fn has(&self, id: &str) -> bool {
        self.seen.keys().any(|(_, seen)| seen == id)
    }
}

/// Clauses that belong to no chapter, and chapters that have no clause.
fn dangling(chapters: &[(String, Place)], clauses: &[(String, Place)], problems: &Problems) {
    let holds = |chapter: &str, clause: &str| {
        clause.strip_prefix(chapter).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let names: Vec<&str> = chapters.iter().map(|(id, _)| id.as_str()).collect();
    for (id, place) in clauses {
        if !id.is_empty() && !names.iter().any(|chapter| holds(chapter, id)) {
            let said = say!("条款 {id} 不属于任何一章", "the clause {id} belongs to no chapter");
            let first = id.split('.').next().unwrap_or_default();
            problems.add(Finding::new(CODE, Severity::Error, said).at(place.clone()).help(offer(first, &names)));
        }
    }
    for (id, place) in chapters {
        if !id.is_empty() && !clauses.iter().any(|(clause, _)| holds(id, clause)) {
            let said = say!("第 {id} 章没有条款", "the chapter {id} has no clause");
            problems.add(Finding::new(CODE, Severity::Error, said).at(place.clone()));
        }
    }
}

/// `3.10` comes after `3.2`.
fn clause_order(id: &str) -> Vec<(u32, String)> {
    id.split('.').map(|part| (part.parse().unwrap_or(u32::MAX), part.to_owned())).collect()
}

/// `[params]` with what the workspace sets, and `[param_text]`.
fn params(roots: &[Reader<'_>], overrides: &[Override], once: &mut Once<'_>) -> Vec<Param> {
    let problems = once.problems;
    let mut defaults: BTreeMap<String, Setting> = BTreeMap::new();
    let mut texts: BTreeMap<String, Said> = BTreeMap::new();
    for root in roots {
        let Some(of) = root.table("params") else { continue };
        for key in of.keys() {
            once.add(&Said::new("参数", "parameter"), &key, &of.key_place(&key));
            let value = of.node(&key).and_then(setting);
            if value.is_none() {
                of.problem(&key, say!("应为数字或文本列表", "takes a number or a list of texts"));
            }
            // It is known all the same, so that nothing more is said where it is named.
            defaults.insert(key, value.unwrap_or(Setting::Number(Decimal(0))));
        }
    }
    for root in roots {
        let Some(of) = root.table("param_text") else { continue };
        for key in of.keys() {
            if !defaults.contains_key(&key) {
                of.unknown_key(&key, &Said::new("参数", "parameter"), defaults.keys().map(String::as_str));
            }
            texts.extend(of.said(&key).map(|said| (key, said)));
        }
    }
    let names: Vec<&str> = defaults.keys().map(String::as_str).collect();
    for over in overrides {
        let name = &over.name;
        let Some(default) = defaults.get(name) else {
            let said = say!("标准没有参数 {name}", "the standard has no parameter {name}");
            problems.add(crate::config::problem(&over.place, said, offer(name, &names)));
            continue;
        };
        let fits = |value: &Setting| matches!(value, Setting::Number(_)) == matches!(default, Setting::Number(_));
        // An empty list may be meant as a list of texts or as a list of dated values: it is the former.
        let negative = |value: &Setting| matches!(value, Setting::Number(Decimal(n)) if *n < 0);
        if over.values.iter().any(|(_, v)| !fits(v) || negative(v)) {
            let said = say!(
                "参数 {name} 的取值类型不对或为负数",
                "the parameter {name} takes another type of value, not below 0"
            );
            problems.add(crate::config::problem(&over.place, said, Said::default()));
        }
    }
    defaults
        .into_iter()
        .map(|(name, default)| {
            let dated = overrides.iter().find(|o| o.name == name).map(|o| o.values.clone()).unwrap_or_default();
            let text = texts.get(&name).cloned().unwrap_or_else(|| Said::same(name.clone()));
            Param { name, text, default, dated }
        })
        .collect()
}

fn kinds(roots: &[Reader<'_>], config: &Config, once: &mut Once<'_>) -> Vec<Kind> {
    let tables: Vec<Reader<'_>> = roots.iter().filter_map(|root| root.table("kind")).collect();
    let names: Vec<String> = tables.iter().flat_map(Reader::keys).collect();
    let mut out: Vec<Kind> = Vec::new();
    for of in tables {
        for name in of.keys() {
            let Some(table) = of.table(&name) else { continue };
            once.add(&Said::new("种类", "kind"), &name, &of.key_place(&name));
            let own = config.records.iter().find(|r| r.kind == name);
            out.push(kind::read(&name, &table, own, &names));
            table.done();
        }
    }
    out.sort_by(|a, b| a.name.cmp(&b.name));
    for Records { kind, place, .. } in config.records.iter().filter(|r| !names.contains(&r.kind)) {
        let known: Vec<&str> = names.iter().map(String::as_str).collect();
        let said = say!("没有记录种类 {kind}", "there is no kind {kind}");
        once.problems.add(crate::config::problem(place, said, offer(kind, &known)));
    }
    out
}

/// Marks the text fields that a rule looks at, and those that its message shows.
fn keep(kinds: &mut [Kind], rule: &Rule) {
    let Some(at) = rule.kind else { return };
    let kind = &mut kinds[at];
    for field in &mut kind.fields {
        let shown = format!("{{{}}}", field.name);
        field.kept |= [&rule.message.zh, &rule.message.en].iter().any(|text| text.contains(&shown));
    }
    let mut mark = |field: usize| kind.fields[field].kept = true;
    let mut tests = |w: &Where| w.0.iter().for_each(|t| mark(t.field));
    tests(&rule.filter);
    match &rule.form {
        Form::Present { must, min_chars, .. } => {
            tests(must);
            for (field, _) in min_chars {
                mark(*field);
            }
        }
        Form::Within(Within { to_where, .. }) => tests(to_where),
        Form::Distinct { field, from } => {
            mark(*field);
            from.iter().copied().for_each(mark);
        }
        Form::Follows { by, .. } => tests(by),
        Form::Priority(p) => [&p.high, &p.low, &p.exempt, &p.served_where].into_iter().for_each(tests),
        Form::Includes(includes) => mark(includes.field()),
        Form::Closes(closes) => mark(closes.names),
        _ => {}
    }
}
