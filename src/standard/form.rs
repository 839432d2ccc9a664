//! Reads rules: each form with its keys, held against the kinds and the parameters (standards/README.md). What is named
//! and is not there, or is of a type that the form cannot use, is refused where it stands.

use crate::calendar::Unit;
use crate::config::Setting;
use crate::doc::{Reader, lists, number};
use crate::finding::Severity;
use crate::say;
use crate::say::{Said, fill, placeholders};
use crate::value::Decimal;

use super::Param;
use super::fields::{Fields, Sort};
use super::kind::Kind;
use super::rule::{Amount, Closes, Example, Form, Grain, Includes, Limit, Priority, Rule, Seal, TimeUnit, Within};

const FORMS: [&str; 11] = [
    "cadence", "present", "within", "order", "distinct", "follows", "priority", "target", "includes", "closes",
    "sealed",
];

/// Figures that a `target` may name.
pub const TARGETS: [&str; 2] = ["availability", "coverage"];

/// What a rule may name.
pub(super) struct Names<'a> {
    pub kinds: &'a [Kind],
    pub params: &'a [Param],
}

impl Names<'_> {
    /// Reads one `[[clause.rule]]`.
    pub fn rule(&self, clause: &str, table: Reader<'_>) -> Rule {
        let id = table.required("id");
        let severity = table.required_word("severity", &["error", "warning", "info"]).and_then(Severity::of_name);
        let kind = self.kind(&table);
        let of = kind.map(|at| &self.kinds[at]);
        let fields = Fields { table: &table, kind: of };
        let filter = fields.tests("where");
        let written = table.required_word("form", &FORMS).filter(|form| can_ask(form, &table));
        let form = match written {
            Some(written) => self.form(written, &fields),
            None => {
                // The keys of a form that is not known, or cannot be had, cannot be judged.
                table.keys();
                Form::Sealed(Seal::Unaltered)
            }
        };
        let rule = Rule {
            clause: clause.to_owned(),
            severity: severity.unwrap_or(Severity::Error),
            kind,
            filter,
            title: self.text("title", &table),
            message: table.required_said("message"),
            why: self.text("why", &table),
            fix: self.text("fix", &table).into(),
            good: table.table("good").map(good),
            bad: table.table("bad").map(bad),
            place: table.place_of("id"),
            form,
            id,
        };
        let every = table.text("kind").as_deref() == Some("*");
        if written.is_some() && (every || of.is_some()) {
            message(&rule, of, &table);
        }
        // What a seal holds cannot be shown in a few lines.
        if !matches!(rule.form, Form::Sealed(Seal::Unaltered | Seal::Late)) {
            for (key, there) in [("good", rule.good.is_some()), ("bad", rule.bad.is_some())] {
                if !there {
                    table.missing(key);
                }
            }
        }
        table.done();
        rule
    }

    /// A text that may name parameters in braces: it says the values that now hold.
    pub fn text(&self, key: &str, table: &Reader<'_>) -> Said {
        let said = table.required_said(key);
        let named = |name: &str| self.params.iter().find(|p| p.name == name);
        for name in placeholders(&said.zh).chain(placeholders(&said.en)).filter(|name| named(name).is_none()) {
            let names = self.params.iter().map(|p| p.name.as_str());
            table.unknown(key, name, &Said::new("参数", "parameter"), names);
        }
        fill(&said, |name| named(name).map(Param::latest))
    }

    /// The kind of a rule; none for `*`, and where it is not known.
    fn kind(&self, table: &Reader<'_>) -> Option<usize> {
        let written = table.required("kind");
        if written == "*" || written.is_empty() {
            return None;
        }
        let at = self.kinds.iter().position(|k| k.name == written);
        if at.is_none() {
            self.no_kind("kind", &written, table);
        }
        at
    }

    fn no_kind(&self, key: &str, written: &str, table: &Reader<'_>) {
        table.unknown(key, written, &Said::new("记录种类", "kind"), self.kinds.iter().map(|k| k.name.as_str()));
    }

    fn form(&self, form: &str, fields: &Fields<'_>) -> Form {
        let table = fields.table;
        match form {
            "cadence" => cadence(fields),
            "present" => self.present(fields),
            "within" => self.within(fields),
            "order" => order(fields),
            "distinct" => {
                let (field, from) = (fields.must("field", Sort::Text), fields.all("from", Sort::Text));
                if !table.has("from") {
                    table.missing("from");
                }
                Form::Distinct { field, from }
            }
            "follows" => self.follows(fields),
            "priority" => priority(fields),
            "target" => {
                let figure = table.required("figure");
                if !figure.is_empty() && !TARGETS.contains(&figure.as_str()) {
                    table.unknown("figure", &figure, &Said::new("带目标的指标", "figure with a target"), TARGETS);
                }
                let param = table.required("param");
                Form::Target { figure, param: self.number("param", &param, table).unwrap_or(0) }
            }
            "includes" => Form::Includes(self.includes(fields)),
            "closes" => {
                let every = match grain(table) {
                    Grain::Every(unit) => unit,
                    Grain::Shift => {
                        table.problem("every", say!("不能按班次", "a shift cannot be closed"));
                        Unit::Month
                    }
                };
                let from_end = table.word("from", &["end", "start"]) != Some("start");
                let (names, limit) = (fields.must("names", Sort::Text), self.days("limit", table));
                Form::Closes(Closes { every, names, from_end, limit })
            }
            _ => Form::Sealed(match table.required_word("what", &["sealed", "unaltered", "late"]) {
                Some("sealed") => Seal::Sealed(self.days("limit", table)),
                Some("late") => Seal::Late,
                _ => Seal::Unaltered,
            }),
        }
    }

    fn present(&self, fields: &Fields<'_>) -> Form {
        let (there, not_zero) = (fields.all("fields", Sort::Any), fields.all("not_zero", Sort::Number));
        let (min_chars, must) = (self.lengths(fields), fields.tests("is"));
        if !["fields", "not_zero", "min_chars", "is"].iter().any(|key| fields.table.has(key)) {
            fields.table.missing("fields");
        }
        Form::Present { fields: there, min_chars, not_zero, must }
    }

    fn within(&self, fields: &Fields<'_>) -> Form {
        let from = fields.must("from", Sort::Time);
        let limit = self.limit(fields);
        let counted = |amount: &Amount| amount.unit == TimeUnit::Days;
        let days = match &limit {
            Limit::One(amount) => counted(amount),
            Limit::By { cases, .. } => cases.iter().all(|(_, amount)| counted(amount)),
            Limit::Field(_) => true,
        };
        if !days && fields.is_date(from) {
            fields.table.problem("from", say!("从日期起只能按天计", "from a date, only days can be counted"));
        }
        Form::Within(Within {
            from,
            to: fields.one("to", Sort::Time),
            to_where: fields.tests("to_where"),
            limit,
            sum_positive: fields.all("sum_positive", Sort::Number),
            required: fields.table.flag("required"),
        })
    }

    fn follows(&self, fields: &Fields<'_>) -> Form {
        let table = fields.table;
        let Some(written) = table.text("referred_by") else {
            if !table.has("by") {
                table.missing("by");
            }
            return Form::Follows { by: fields.tests("by"), limit: self.amount("limit", table) };
        };
        let (name, field) = written.split_once('.').unwrap_or((&written, ""));
        let Some(kind) = self.kinds.iter().position(|k| k.name == name) else {
            self.no_kind("referred_by", name, table);
            return Form::Referred { kind: 0, field: 0 };
        };
        let other = Fields { table, kind: Some(&self.kinds[kind]) };
        let field = other.named("referred_by", field, &table.place_of("referred_by"), Sort::Ref(fields.kind));
        Form::Referred { kind, field: field.unwrap_or(0) }
    }

    fn includes(&self, fields: &Fields<'_>) -> Includes {
        let table = fields.table;
        let roles = table.tables("roles");
        if !roles.is_empty() {
            let read = |role: Reader<'_>| {
                let out = (role.required("name"), role.texts("words"));
                role.done();
                out
            };
            let field = fields.must("field", Sort::List);
            return Includes::Roles { field, roles: roles.into_iter().map(read).collect() };
        }
        let field = fields.must("field", Sort::Text);
        if let Some(name) = table.text("sections_param") {
            return Includes::SectionsOf { field, param: self.texts("sections_param", &name, table).unwrap_or(0) };
        }
        let groups = table.node("sections").map(lists);
        match groups {
            Some(Some(groups)) => return Includes::Sections { field, groups },
            Some(None) => table.problem("sections", say!("应为文本列表的列表", "takes a list of lists of texts")),
            None => table.missing("sections"),
        }
        Includes::Sections { field, groups: Vec::new() }
    }

    fn lengths(&self, fields: &Fields<'_>) -> Vec<(usize, usize)> {
        let Some(of) = fields.table.table("min_chars") else { return Vec::new() };
        let mut out = Vec::new();
        for key in of.keys() {
            let at = fields.named("min_chars", &key, &of.key_place(&key), Sort::Text);
            let param = of.text(&key).and_then(|name| self.number(&key, &name, &of));
            out.extend(at.zip(param));
        }
        out
    }

    fn limit(&self, fields: &Fields<'_>) -> Limit {
        let table = fields.table;
        if let Some(field) = fields.one("limit_field", Sort::Interval) {
            return Limit::Field(field);
        }
        let Some(by) = table.table("limit_by") else {
            if table.has("limit_field") {
                return Limit::Field(0);
            }
            return Limit::One(self.amount("limit", table));
        };
        let mut limits = by.keys().into_iter().filter_map(|key| {
            let field = fields.named("limit_by", &key, &by.key_place(&key), Sort::Choice)?;
            let of = by.table(&key)?;
            let choices = fields.kind.map_or(&[][..], |k| k.choices(field));
            let mut cases = Vec::new();
            for case in of.keys() {
                match choices.iter().position(|c| c.name == case) {
                    Some(code) => cases.push((code as u8, self.amount(&case, &of))),
                    None => of.unknown_key(&case, &Said::new("取值", "value"), choices.iter().map(|c| c.name.as_str())),
                }
            }
            Some(Limit::By { field, cases })
        });
        limits.next().unwrap_or(Limit::By { field: 0, cases: Vec::new() })
    }

    /// `{ param = "…", unit = "days" }`, or `{ value = 3, unit = "days" }`.
    fn amount(&self, key: &str, table: &Reader<'_>) -> Amount {
        let Some(of) = table.table(key) else {
            table.missing(key);
            return Amount { param: None, fixed: Decimal(0), unit: TimeUnit::Days };
        };
        let param = of.text("param").and_then(|name| self.number("param", &name, &of));
        let fixed = of.node("value").and_then(number).unwrap_or(Decimal(0));
        if !of.has("param") && !of.has("value") {
            of.missing("param");
        }
        let unit = match of.required_word("unit", &["minutes", "hours", "days"]) {
            Some("minutes") => TimeUnit::Minutes,
            Some("hours") => TimeUnit::Hours,
            _ => TimeUnit::Days,
        };
        of.done();
        Amount { param, fixed, unit }
    }

    fn days(&self, key: &str, table: &Reader<'_>) -> Amount {
        let amount = self.amount(key, table);
        if amount.unit != TimeUnit::Days {
            table.problem(key, say!("只能按天计", "only days can be counted here"));
        }
        amount
    }

    /// A parameter that is a number.
    fn number(&self, key: &str, name: &str, table: &Reader<'_>) -> Option<usize> {
        let at = self.param(key, name, table)?;
        if matches!(self.params[at].default, Setting::Texts(_)) {
            table.problem(key, say!("参数 {name} 不是数字", "the parameter {name} is no number"));
        }
        Some(at)
    }

    /// A parameter that is a list of texts.
    fn texts(&self, key: &str, name: &str, table: &Reader<'_>) -> Option<usize> {
        let at = self.param(key, name, table)?;
        if matches!(self.params[at].default, Setting::Number(_)) {
            table.problem(key, say!("参数 {name} 不是文本列表", "the parameter {name} is no list of texts"));
        }
        Some(at)
    }

    fn param(&self, key: &str, name: &str, table: &Reader<'_>) -> Option<usize> {
        let at = self.params.iter().position(|p| p.name == name);
        if at.is_none() {
            table.unknown(key, name, &Said::new("参数", "parameter"), self.params.iter().map(|p| p.name.as_str()));
        }
        at
    }
}

/// Few forms can ask something of every kind: those that name no field.
fn can_ask(form: &str, table: &Reader<'_>) -> bool {
    let can = match form {
        "sealed" => true,
        "order" => !table.has("times") && !table.has("present"),
        _ => false,
    };
    if can || table.text("kind").as_deref() != Some("*") {
        return true;
    }
    table.problem(
        "kind",
        say!(
            "形式 {form} 只能针对一种记录，不能写 *",
            "the form {form} asks about the records of one kind; * will not do"
        ),
    );
    false
}

fn cadence(fields: &Fields<'_>) -> Form {
    let every = grain(fields.table);
    if let (Grain::Shift, Some(kind)) = (every, fields.kind)
        && (kind.system().is_none() || kind.shift().is_none())
    {
        let name = &kind.name;
        fields.table.problem(
            "every",
            say!(
                "按班次的种类需要 system 和 shift 类型的字段，{name} 没有",
                "by shift needs fields of the types system and shift, and {name} lacks them"
            ),
        );
    }
    Form::Cadence { every, at: fields.one("at", Sort::Time) }
}

fn order(fields: &Fields<'_>) -> Form {
    fields.table.word("by", &["kind"]);
    let until_as_of = fields.table.word("until", &["as_of"]).is_some();
    let (times, present) = (fields.all("times", Sort::Time), fields.all("present", Sort::Any));
    if !fields.table.has("by") && !fields.table.has("until") && times.len() < 2 {
        fields.table.problem("times", say!("至少需要两个时间字段", "at least two times are needed"));
    }
    Form::Order { times, present, until_as_of }
}

fn priority(fields: &Fields<'_>) -> Form {
    let table = fields.table;
    for key in ["high", "low", "ends"].into_iter().filter(|key| !table.has(key)) {
        table.missing(key);
    }
    Form::Priority(Priority {
        high: fields.tests("high"),
        low: fields.tests("low"),
        exempt: fields.tests("exempt"),
        from: fields.must("from", Sort::Time),
        served: fields.must("served", Sort::Time),
        served_where: fields.tests("served_where"),
        ends: fields.all("ends", Sort::Time),
        known_before: table.required_word("known_by", &["from", "served"]) == Some("from"),
    })
}

fn grain(table: &Reader<'_>) -> Grain {
    let names = ["day", "week", "month", "quarter", "half", "year", "shift"];
    match table.required_word("every", &names) {
        Some("shift") => Grain::Shift,
        word => Grain::Every(word.and_then(Unit::of_name).unwrap_or(Unit::Month)),
    }
}

/// A message names only what the form, or the record, can fill in; one about periods says which.
fn message(rule: &Rule, kind: Option<&Kind>, table: &Reader<'_>) {
    let mut known: Vec<&str> = rule.form.fills().to_vec();
    known.push("system");
    if !rule.form.of_periods() {
        known.extend(["record", "kind"]);
        known.extend(kind.into_iter().flat_map(|k| k.fields.iter().map(|f| f.name.as_str())));
    }
    let texts = [&rule.message.zh, &rule.message.en].map(|text| placeholders(text).collect::<Vec<_>>());
    for name in texts.iter().flatten().filter(|name| !known.contains(name)) {
        table.unknown("message", name, &Said::new("占位符", "placeholder"), known.iter().copied());
    }
    let silent = |names: &Vec<&str>| !names.iter().any(|name| ["when", "from"].contains(name));
    if rule.form.of_periods() && texts.iter().any(silent) {
        table.problem(
            "message",
            say!("针对时段的规则要用 {{when}} 说明是哪一段", "a rule about periods says which ones with {{when}}"),
        );
    }
}

fn good(table: Reader<'_>) -> Example {
    if table.has("finds") {
        table.problem("finds", say!("good 示例不应有问题", "a good example finds nothing"));
    }
    let example = example(&table);
    if example.files.is_empty() {
        table.missing("files");
    }
    table.done();
    example
}

fn bad(table: Reader<'_>) -> Example {
    let example = example(&table);
    if example.finds.is_empty() {
        table.problem(
            "finds",
            say!(
                "bad 示例应列出它的问题：记录编号，或 起始日..结束日 x数量",
                "a bad example lists what it finds: ids of records, or FROM..TO xCOUNT"
            ),
        );
    }
    table.done();
    example
}

fn example(table: &Reader<'_>) -> Example {
    let mut files = Vec::new();
    if let Some(of) = table.table("files") {
        for path in of.keys() {
            files.extend(of.text(&path).map(|text| (path, text)));
        }
    }
    let mut finds = table.texts("finds");
    finds.sort();
    Example { as_of: table.required("as_of"), files, config: table.text("config").unwrap_or_default(), finds }
}
