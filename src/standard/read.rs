//! Reads the documents of a standard into one, and holds its parts against each other.

use std::collections::BTreeMap;

use crate::config::{Config, Override, Setting, setting};
use crate::doc::{Doc, Problems, Reader, offer};
use crate::say;
use crate::say::Said;
use crate::value::Decimal;

use super::kind::{self, Kind, Type};
use super::rule::{Form, Includes, Names, Rule, Where, Within, filter};
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
    let mut defaults: BTreeMap<String, Setting> = BTreeMap::new();
    let mut texts: BTreeMap<String, Said> = BTreeMap::new();
    for root in &roots {
        if let Some(head) = root.table("standard") {
            out.id = head.required("id");
            out.version = head.required("version");
            out.title = head.required_said("title");
            head.done();
        }
        if let Some(params) = root.table("params") {
            for key in params.keys() {
                match params.node(&key).and_then(setting) {
                    Some(value) => {
                        defaults.insert(key, value);
                    }
                    None => params.problem(&key, say!("应为数字或文本列表", "takes a number or a list of texts")),
                }
            }
        }
        if let Some(of) = root.table("param_text") {
            for key in of.keys() {
                texts.extend(of.said(&key).map(|said| (key, said)));
            }
        }
        for chapter in root.tables("chapter") {
            out.chapters.push(Chapter { id: chapter.required("id"), title: chapter.required_said("title") });
            chapter.done();
        }
    }
    if let (true, Some(first)) = (out.id.is_empty(), roots.first()) {
        first.missing("standard.id");
    }
    out.params = params(defaults, &texts, &config.overrides, problems);
    out.kinds = kinds(&roots, config, problems);
    let names = Names { kinds: &out.kinds, params: &out.params };
    for root in &roots {
        for clause in root.tables("clause") {
            let id = clause.required("id");
            for rule in clause.tables("rule") {
                out.rules.push(names.rule(&id, rule));
            }
            let text = Clause { id, title: clause.required_said("title"), text: clause.required_said("text") };
            out.clauses.push(text);
            clause.done();
        }
    }
    for root in roots {
        root.done();
    }
    out.clauses.sort_by_key(|c| clause_order(&c.id));
    out.chapters.sort_by_key(|c| clause_order(&c.id));
    out.rules.sort_by_key(|r| clause_order(&r.clause));
    twice(&out, problems);
    for rule in &out.rules {
        keep(&mut out.kinds, rule);
    }
    out
}

/// `3.10` comes after `3.2`.
fn clause_order(id: &str) -> Vec<(u32, String)> {
    id.split('.').map(|part| (part.parse().unwrap_or(u32::MAX), part.to_owned())).collect()
}

fn twice(standard: &Standard, problems: &Problems) {
    for (at, rule) in standard.rules.iter().enumerate() {
        if standard.rules[..at].iter().any(|r| r.id == rule.id) {
            let id = &rule.id;
            let said = say!("规则 {id} 出现了两次", "the rule {id} is there twice");
            problems
                .add(crate::finding::Finding::new(CODE, crate::finding::Severity::Error, said).at(rule.place.clone()));
        }
    }
}

fn params(
    defaults: BTreeMap<String, Setting>,
    texts: &BTreeMap<String, Said>,
    overrides: &[Override],
    problems: &Problems,
) -> Vec<Param> {
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

fn kinds(roots: &[Reader<'_>], config: &Config, problems: &Problems) -> Vec<Kind> {
    let mut out: Vec<Kind> = Vec::new();
    let mut announced = Vec::new();
    for root in roots {
        let Some(of) = root.table("kind") else { continue };
        for name in of.keys() {
            let Some(table) = of.table(&name) else { continue };
            if out.iter().any(|k| k.name == name) {
                of.problem(&name, say!("种类 {name} 定义了两次", "the kind {name} is defined twice"));
            }
            let kind = kind::read(&name, &table, &config.aliases);
            if let Some(inner) = table.table("announced") {
                for key in inner.keys() {
                    match kind.field(&key) {
                        Some(field) => announced.push((name.clone(), field, filter(&key, &inner, Some(&kind)))),
                        None => inner.unknown(
                            &key,
                            &key,
                            &Said::new("字段", "field"),
                            kind.fields.iter().map(|f| f.name.as_str()),
                        ),
                    }
                }
                inner.done();
            }
            out.push(kind);
            table.done();
        }
    }
    out.sort_by(|a, b| a.name.cmp(&b.name));
    for (name, field, test) in announced {
        out.iter_mut().filter(|k| k.name == name).for_each(|k| k.announced.push((field, test.clone())));
    }
    let names: Vec<String> = out.iter().map(|k| k.name.clone()).collect();
    for alias in config.aliases.iter().filter(|a| !names.contains(&a.kind)) {
        let kind = &alias.kind;
        let known: Vec<&str> = names.iter().map(String::as_str).collect();
        let said = say!("没有记录种类 {kind}", "there is no kind {kind}");
        problems.add(crate::config::problem(&alias.place, said, offer(kind, &known)));
    }
    for root in roots {
        for kind in &out {
            for field in &kind.fields {
                if let Type::Ref(of) = &field.ty
                    && of != "rule"
                    && !names.contains(of)
                    && let Some(table) = root.table("kind").and_then(|k| k.table(&kind.name))
                {
                    table.unknown("fields", of, &Said::new("记录种类", "kind"), names.iter().map(String::as_str));
                }
            }
        }
    }
    out
}

/// Marks the text fields that a rule looks at.
fn keep(kinds: &mut [Kind], rule: &Rule) {
    let Some(at) = rule.kind else { return };
    let kind = &mut kinds[at];
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
        Form::Includes(
            Includes::Roles { field, .. } | Includes::Sections { field, .. } | Includes::SectionsOf { field, .. },
        ) => {
            mark(*field);
        }
        Form::Closes(closes) => mark(closes.names),
        _ => {}
    }
}
