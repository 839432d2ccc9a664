//! Rules: one of a few forms each, with its parameters as data (standard.md, section 2).

use crate::calendar::Unit;
use crate::doc::{Reader, number};
use crate::finding::Severity;
use crate::say;
use crate::say::Said;
use crate::source::Place;
use crate::value::Decimal;

use super::Param;
use super::kind::{Kind, Type};

/// A rule as it is run.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its id, such as `backup.daily`.
    pub id: String,
    /// The id of its clause.
    pub clause: String,
    /// The severity of its findings.
    pub severity: Severity,
    /// The kind it looks at, as a position in the standard's kinds; none for every kind (`*`).
    pub kind: Option<usize>,
    /// Which records it is about.
    pub filter: Where,
    /// What it asks.
    pub form: Form,
    /// Its title.
    pub title: Said,
    /// What a finding says; `{system}`, `{deadline}`, `{<field>}` and such are filled in.
    pub message: Said,
    /// Why it exists.
    pub why: Said,
    /// How to put a finding right.
    pub fix: Said,
    /// An example without a finding.
    pub good: Option<Example>,
    /// An example with exactly the findings it names.
    pub bad: Option<Example>,
    /// Where it is written.
    pub place: Place,
}

/// A small workspace that shows a rule.
#[derive(Debug, Clone)]
pub struct Example {
    /// The instant it is judged at, as for `--as-of`.
    pub as_of: String,
    /// Files by path.
    pub files: Vec<(String, String)>,
    /// Lines added to the example's `wellkept.toml`.
    pub config: String,
    /// Record ids, or `FROM..TO xCOUNT`; sorted.
    pub finds: Vec<String>,
}

/// What a rule asks, implemented once each in `check` and `slots`.
#[derive(Debug, Clone)]
pub enum Form {
    /// At least one matching record in every period, going by a field (none: the primary time).
    Cadence {
        /// The periods.
        every: Grain,
        /// The field that places a record in a period.
        at: Option<usize>,
    },
    /// Named fields are not absent, long enough, not zero, or of a value.
    Present {
        /// Fields that must be there.
        fields: Vec<usize>,
        /// Least lengths in characters: field and parameter.
        min_chars: Vec<(usize, usize)>,
        /// Fields that, where they are there, are not 0.
        not_zero: Vec<usize>,
        /// What must hold of the record.
        must: Where,
    },
    /// A time is at most a limit after another.
    Within(Within),
    /// Times do not run backwards.
    Order {
        /// The times; empty: the kind's own order.
        times: Vec<usize>,
        /// Fields that must be there.
        present: Vec<usize>,
        /// The primary time is not after `as_of` (`records.future`).
        until_as_of: bool,
    },
    /// Two fields name different persons.
    Distinct {
        /// The field.
        field: usize,
        /// Those it must differ from.
        from: Vec<usize>,
    },
    /// A record is followed by one of another sort within a limit.
    Follows {
        /// The other sort, of the same kind and system.
        by: Where,
        /// How soon.
        limit: Amount,
    },
    /// A record is referred to by one of another kind.
    Referred {
        /// The other kind.
        kind: usize,
        /// The field that refers.
        field: usize,
    },
    /// None of a lower rank is served while a higher one waits.
    Priority(Priority),
    /// A figure reaches a value in each month.
    Target {
        /// The figure.
        figure: String,
        /// The parameter that is its target.
        param: usize,
    },
    /// A list holds all named roles, or a body has all named sections.
    Includes(Includes),
    /// Each period is named by a record, in time.
    Closes(Closes),
    /// The archive's own state.
    Sealed(Seal),
}

impl Form {
    /// The name of the form in a standard.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Cadence { .. } => "cadence",
            Self::Present { .. } => "present",
            Self::Within(_) => "within",
            Self::Order { .. } => "order",
            Self::Distinct { .. } => "distinct",
            Self::Follows { .. } | Self::Referred { .. } => "follows",
            Self::Priority(_) => "priority",
            Self::Target { .. } => "target",
            Self::Includes(_) => "includes",
            Self::Closes(_) => "closes",
            Self::Sealed(_) => "sealed",
        }
    }
}

/// What a cadence counts by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grain {
    /// Calendar periods.
    Every(Unit),
    /// Each configured shift of each day.
    Shift,
}

impl Grain {
    /// The name in a standard.
    pub fn name(self) -> &'static str {
        match self {
            Self::Every(unit) => unit.name(),
            Self::Shift => "shift",
        }
    }
}

/// A time at most a limit after another.
#[derive(Debug, Clone)]
pub struct Within {
    /// The time that starts the clock.
    pub from: usize,
    /// The time that stops it; none: nothing does.
    pub to: Option<usize>,
    /// `to` counts only in records where this holds.
    pub to_where: Where,
    /// How long.
    pub limit: Limit,
    /// Asked only where the sum of these fields is over 0.
    pub sum_positive: Vec<usize>,
    /// `from` and the limit must be there, and `from` not after `as_of`.
    pub required: bool,
}

/// A limit of time.
#[derive(Debug, Clone)]
pub enum Limit {
    /// One for all.
    One(Amount),
    /// By a choice; choices without one have no limit.
    By {
        /// The field of the choice.
        field: usize,
        /// Choice and amount.
        cases: Vec<(u8, Amount)>,
    },
    /// A field of the record that holds an interval.
    Field(usize),
}

/// A number of minutes, hours or days: a parameter, or fixed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amount {
    /// The parameter.
    pub param: Option<usize>,
    /// The number where there is no parameter.
    pub fixed: Decimal,
    /// What is counted.
    pub unit: TimeUnit,
}

/// A unit of a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeUnit {
    /// 60 seconds.
    Minutes,
    /// 3,600 seconds.
    Hours,
    /// 24 hours from a time; whole local days from a date.
    Days,
}

impl TimeUnit {
    /// Seconds in one.
    pub fn seconds(self) -> i64 {
        match self {
            Self::Minutes => 60,
            Self::Hours => 3600,
            Self::Days => 86400,
        }
    }

    /// How it is written after a number.
    pub fn said(self) -> Said {
        match self {
            Self::Minutes => Said::new("分钟", "minutes"),
            Self::Hours => Said::new("小时", "hours"),
            Self::Days => Said::new("天", "days"),
        }
    }
}

/// Ranks: which records come first.
#[derive(Debug, Clone)]
pub struct Priority {
    /// The higher rank.
    pub high: Where,
    /// The lower rank.
    pub low: Where,
    /// Higher ones that do not count.
    pub exempt: Where,
    /// When a record comes.
    pub from: usize,
    /// When a lower one is served.
    pub served: usize,
    /// `served` counts only where this holds.
    pub served_where: Where,
    /// When a higher one waits no longer: the earliest of these.
    pub ends: Vec<usize>,
    /// A higher one counts if it came before the lower one came; otherwise if it came by the time that was served.
    pub known_before: bool,
}

/// What a list or a body must hold.
#[derive(Debug, Clone)]
pub enum Includes {
    /// Items `role: name`: each role, with the words for it.
    Roles {
        /// The list.
        field: usize,
        /// Role and words.
        roles: Vec<(String, Vec<String>)>,
    },
    /// Headings that contain one word of each group.
    Sections {
        /// The body.
        field: usize,
        /// Groups of words.
        groups: Vec<Vec<String>>,
    },
    /// Headings that contain each text of a parameter.
    SectionsOf {
        /// The body.
        field: usize,
        /// The parameter.
        param: usize,
    },
}

/// Each period is named by a record, in time.
#[derive(Debug, Clone)]
pub struct Closes {
    /// The periods.
    pub every: Unit,
    /// The field that names the period.
    pub names: usize,
    /// The record's time is not before the period's end; otherwise not before its start.
    pub from_end: bool,
    /// Days after the period's last day.
    pub limit: Amount,
}

/// What a rule asks of the seals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seal {
    /// Each month is sealed within so many days.
    Sealed(Amount),
    /// No sealed record is changed or gone.
    Unaltered,
    /// No record of a sealed month came later.
    Late,
}

/// A plain conjunction of tests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Where(pub Vec<Test>);

/// A field has one of these values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Test {
    /// The field.
    pub field: usize,
    /// Any of these.
    pub any: Vec<Want>,
}

/// One wanted value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Want {
    /// There is none.
    Absent,
    /// There is one.
    Present,
    /// This choice.
    Choice(u8),
    /// This answer.
    Bool(bool),
    /// This text.
    Text(String),
}

/// What the reader of a rule may name.
pub(super) struct Names<'a> {
    pub kinds: &'a [Kind],
    pub params: &'a [Param],
}

const FORMS: [&str; 10] =
    ["cadence", "present", "within", "order", "distinct", "follows", "priority", "target", "includes", "closes"];

/// Figures that a `target` may name.
pub const TARGETS: [&str; 2] = ["availability", "coverage"];

impl Names<'_> {
    pub fn rule(&self, clause: &str, table: Reader<'_>) -> Rule {
        let id = table.required("id");
        let severity = Severity::of_name(&table.required("severity")).unwrap_or_else(|| {
            table.problem("severity", say!("应为 error、warning 或 info", "takes error, warning or info"));
            Severity::Error
        });
        let written = table.required("kind");
        let kind = if written == "*" {
            None
        } else {
            let at = self.kinds.iter().position(|k| k.name == written);
            if at.is_none() && !written.is_empty() {
                table.unknown(
                    "kind",
                    &written,
                    &Said::new("记录种类", "kind"),
                    self.kinds.iter().map(|k| k.name.as_str()),
                );
            }
            at
        };
        let of = kind.map(|at| &self.kinds[at]);
        let filter = filter("where", &table, of);
        let form = self.form(&table, of);
        let rule = Rule {
            clause: clause.to_owned(),
            severity,
            kind,
            filter,
            form,
            title: table.required_said("title"),
            message: table.required_said("message"),
            why: table.required_said("why"),
            fix: table.required_said("fix"),
            good: table.table("good").map(example),
            bad: table.table("bad").map(example),
            place: table.place_of("id"),
            id,
        };
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

    fn form(&self, table: &Reader<'_>, kind: Option<&Kind>) -> Form {
        let written = table.required("form");
        let fields = |key: &str| -> Vec<usize> {
            table.texts(key).iter().filter_map(|name| field(key, name, table, kind)).collect()
        };
        let one = |key: &str| table.text(key).and_then(|name| field(key, &name, table, kind));
        let must = |key: &str| {
            if !table.has(key) {
                table.missing(key);
            }
            one(key).unwrap_or(0)
        };
        match written.as_str() {
            "cadence" => Form::Cadence { every: grain(table), at: one("at") },
            "present" => Form::Present {
                fields: fields("fields"),
                min_chars: self.lengths(table, kind),
                not_zero: fields("not_zero"),
                must: filter("is", table, kind),
            },
            "within" => Form::Within(Within {
                from: must("from"),
                to: one("to"),
                to_where: filter("to_where", table, kind),
                limit: self.limit(table, kind),
                sum_positive: fields("sum_positive"),
                required: table.flag("required"),
            }),
            "order" => {
                let by_kind = table.text("by").is_some_and(|by| by == "kind");
                let until_as_of = table.text("until").is_some_and(|until| until == "as_of");
                let times = fields("times");
                if !by_kind && !until_as_of && times.len() < 2 {
                    table.problem("times", say!("至少需要两个时间字段", "at least two times are needed"));
                }
                Form::Order { times, present: fields("present"), until_as_of }
            }
            "distinct" => Form::Distinct { field: must("field"), from: fields("from") },
            "follows" => self.follows(table, kind),
            "priority" => Form::Priority(Priority {
                high: filter("high", table, kind),
                low: filter("low", table, kind),
                exempt: filter("exempt", table, kind),
                from: must("from"),
                served: must("served"),
                served_where: filter("served_where", table, kind),
                ends: fields("ends"),
                known_before: table.text("known_by").is_some_and(|by| by == "from"),
            }),
            "target" => {
                let figure = table.required("figure");
                if !TARGETS.contains(&figure.as_str()) {
                    table.unknown("figure", &figure, &Said::new("指标", "figure with a target"), TARGETS);
                }
                Form::Target { figure, param: self.param("param", &table.required("param"), table).unwrap_or(0) }
            }
            "includes" => Form::Includes(self.includes(table, kind)),
            "closes" => {
                let every = match grain(table) {
                    Grain::Every(unit) => unit,
                    Grain::Shift => Unit::Month,
                };
                let from_end = table.text("from").is_none_or(|from| from == "end");
                Form::Closes(Closes { every, names: must("names"), from_end, limit: self.amount("limit", table) })
            }
            "sealed" => Form::Sealed(match table.required("what").as_str() {
                "sealed" => Seal::Sealed(self.amount("limit", table)),
                "unaltered" => Seal::Unaltered,
                "late" => Seal::Late,
                other => {
                    table.unknown(
                        "what",
                        other,
                        &Said::new("封存检查", "question about seals"),
                        ["sealed", "unaltered", "late"],
                    );
                    Seal::Unaltered
                }
            }),
            other => {
                if !other.is_empty() {
                    let names = FORMS.into_iter().chain(["sealed"]);
                    table.unknown("form", other, &Said::new("规则形式", "form"), names);
                }
                Form::Sealed(Seal::Unaltered)
            }
        }
    }

    fn follows(&self, table: &Reader<'_>, kind: Option<&Kind>) -> Form {
        let Some(written) = table.text("referred_by") else {
            return Form::Follows { by: filter("by", table, kind), limit: self.amount("limit", table) };
        };
        let (name, field_name) = written.split_once('.').unwrap_or((&written, ""));
        let found = self.kinds.iter().position(|k| k.name == name);
        let Some(other) = found else {
            table.unknown(
                "referred_by",
                name,
                &Said::new("记录种类", "kind"),
                self.kinds.iter().map(|k| k.name.as_str()),
            );
            return Form::Referred { kind: 0, field: 0 };
        };
        let field = field("referred_by", field_name, table, Some(&self.kinds[other])).unwrap_or(0);
        Form::Referred { kind: other, field }
    }

    fn includes(&self, table: &Reader<'_>, kind: Option<&Kind>) -> Includes {
        let at = table.required("field");
        let at = field("field", &at, table, kind).unwrap_or(0);
        if let Some(name) = table.text("sections_param") {
            return Includes::SectionsOf { field: at, param: self.param("sections_param", &name, table).unwrap_or(0) };
        }
        let roles = table.tables("roles");
        if !roles.is_empty() {
            let read = |role: Reader<'_>| {
                let out = (role.required("name"), role.texts("words"));
                role.done();
                out
            };
            return Includes::Roles { field: at, roles: roles.into_iter().map(read).collect() };
        }
        let mut groups = Vec::new();
        if let Some(node) = table.node("sections") {
            match crate::doc::lists(node) {
                Some(lists) => groups = lists,
                None => table.problem("sections", say!("应为文本列表的列表", "takes a list of lists of texts")),
            }
        } else {
            table.missing("sections");
        }
        Includes::Sections { field: at, groups }
    }

    fn lengths(&self, table: &Reader<'_>, kind: Option<&Kind>) -> Vec<(usize, usize)> {
        let Some(lengths) = table.table("min_chars") else { return Vec::new() };
        let mut out = Vec::new();
        for key in lengths.keys() {
            let at = field_at(&lengths.key_place(&key), "min_chars", &key, table, kind);
            let param = lengths.text(&key).and_then(|name| self.param("min_chars", &name, table));
            out.extend(at.zip(param));
        }
        lengths.done();
        out
    }

    fn limit(&self, table: &Reader<'_>, kind: Option<&Kind>) -> Limit {
        if let Some(name) = table.text("limit_field") {
            return Limit::Field(field("limit_field", &name, table, kind).unwrap_or(0));
        }
        let Some(by) = table.table("limit_by") else { return Limit::One(self.amount("limit", table)) };
        let mut limit = Limit::By { field: 0, cases: Vec::new() };
        for key in by.keys() {
            let Some(at) = field("limit_by", &key, table, kind) else { continue };
            let Some(cases) = by.table(&key) else { continue };
            let choices = kind.map_or(&[][..], |k| k.choices(at));
            let mut out = Vec::new();
            for case in cases.keys() {
                match choices.iter().position(|c| c.name == case) {
                    Some(code) => out.push((code as u8, self.amount(&case, &cases))),
                    None => cases.unknown(
                        &case,
                        &case,
                        &Said::new("取值", "value"),
                        choices.iter().map(|c| c.name.as_str()),
                    ),
                }
            }
            cases.done();
            limit = Limit::By { field: at, cases: out };
        }
        by.done();
        limit
    }

    fn amount(&self, key: &str, table: &Reader<'_>) -> Amount {
        let Some(of) = table.table(key) else {
            table.missing(key);
            return Amount { param: None, fixed: Decimal(0), unit: TimeUnit::Days };
        };
        let param = of.text("param").and_then(|name| self.param("param", &name, &of));
        let fixed = of.node("value").and_then(number).unwrap_or(Decimal(0));
        if !of.has("param") && !of.has("value") {
            of.missing("param");
        }
        let unit = match of.required("unit").as_str() {
            "minutes" => TimeUnit::Minutes,
            "hours" => TimeUnit::Hours,
            "days" => TimeUnit::Days,
            other => {
                of.unknown("unit", other, &Said::new("时间单位", "unit of time"), ["minutes", "hours", "days"]);
                TimeUnit::Days
            }
        };
        of.done();
        Amount { param, fixed, unit }
    }

    fn param(&self, key: &str, name: &str, table: &Reader<'_>) -> Option<usize> {
        let at = self.params.iter().position(|p| p.name == name);
        if at.is_none() {
            table.unknown(key, name, &Said::new("参数", "parameter"), self.params.iter().map(|p| p.name.as_str()));
        }
        at
    }
}

/// A conjunction `{ field = ["value", …], … }`.
pub fn filter(key: &str, table: &Reader<'_>, kind: Option<&Kind>) -> Where {
    let Some(of) = table.table(key) else { return Where::default() };
    let mut tests = Vec::new();
    for name in of.keys() {
        let Some(at) = field_at(&of.key_place(&name), key, &name, table, kind) else { continue };
        let any = of.texts(&name).iter().filter_map(|word| want(&name, word, &of, kind, at)).collect();
        tests.push(Test { field: at, any });
    }
    of.done();
    Where(tests)
}

fn want(key: &str, word: &str, table: &Reader<'_>, kind: Option<&Kind>, field: usize) -> Option<Want> {
    match (word, &kind?.fields[field].ty) {
        ("(absent)", _) => Some(Want::Absent),
        ("(present)", _) => Some(Want::Present),
        (_, Type::Choice(choices)) => {
            let at = choices.iter().position(|c| c.name == word);
            if at.is_none() {
                table.unknown(key, word, &Said::new("取值", "value"), choices.iter().map(|c| c.name.as_str()));
            }
            at.map(|at| Want::Choice(at as u8))
        }
        ("true", Type::Bool) => Some(Want::Bool(true)),
        ("false", Type::Bool) => Some(Want::Bool(false)),
        (_, Type::Bool) => {
            table.unknown(key, word, &Said::new("取值", "value"), ["true", "false"]);
            None
        }
        _ => Some(Want::Text(word.to_owned())),
    }
}

fn field(key: &str, name: &str, table: &Reader<'_>, kind: Option<&Kind>) -> Option<usize> {
    field_at(&table.place_of(key), key, name, table, kind)
}

fn field_at(place: &Place, key: &str, name: &str, table: &Reader<'_>, kind: Option<&Kind>) -> Option<usize> {
    let kind = kind?;
    let at = kind.field(name);
    if at.is_none() {
        let of = &kind.name;
        let names: Vec<&str> = kind.fields.iter().map(|f| f.name.as_str()).collect();
        table.problems().add(
            crate::finding::Finding::new(
                super::CODE,
                Severity::Error,
                say!("{key}：{of} 没有字段 {name}", "{key}: {of} has no field {name}"),
            )
            .at(place.clone())
            .help(crate::doc::offer(name, &names)),
        );
    }
    at
}

fn grain(table: &Reader<'_>) -> Grain {
    let written = table.required("every");
    if written == "shift" {
        return Grain::Shift;
    }
    Unit::of_name(&written).map_or_else(
        || {
            let names = ["day", "week", "month", "quarter", "half", "year", "shift"];
            table.unknown("every", &written, &Said::new("周期", "period"), names);
            Grain::Every(Unit::Month)
        },
        Grain::Every,
    )
}

fn example(table: Reader<'_>) -> Example {
    let mut files = Vec::new();
    if let Some(of) = table.table("files") {
        for path in of.keys() {
            files.extend(of.text(&path).map(|text| (path, text)));
        }
        of.done();
    }
    let mut finds = table.texts("finds");
    finds.sort();
    let example =
        Example { as_of: table.required("as_of"), files, config: table.text("config").unwrap_or_default(), finds };
    table.done();
    example
}
