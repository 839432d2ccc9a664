//! Kinds of records: their fields, types, synonyms and headers.

use hashbrown::HashMap;

use crate::config::Alias;
use crate::doc::{Reader, offer};
use crate::finding::{Finding, Severity};
use crate::say;
use crate::say::Said;
use crate::value::fold_header;

use super::CODE;
use super::rule::Where;

/// A kind of record (records.md, section 5).
#[derive(Debug, Clone)]
pub struct Kind {
    /// Its name: the folder below `records/`.
    pub name: String,
    /// Its title.
    pub title: Said,
    /// What it is for.
    pub about: Said,
    /// The field of the primary time.
    pub at: usize,
    /// The fields of its natural key; empty where it has an `id`.
    pub key: Vec<usize>,
    /// Times in their natural order.
    pub order: Vec<usize>,
    /// Fields counted above its tables.
    pub facets: Vec<usize>,
    /// The field that the body of a Markdown record fills.
    pub body: Option<usize>,
    /// The field that serves as a record's title.
    pub label: Option<usize>,
    /// Whether its records are pages of `content/runbooks/`, which are not counted as records.
    pub pages: bool,
    /// Its fields, in their order.
    pub fields: Vec<Field>,
    /// Fields whose value stands though it lies after `as_of`, where the test holds: it was announced.
    pub announced: Vec<(usize, Where)>,
    headers: HashMap<String, usize>,
}

/// A field of a kind.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its canonical name.
    pub name: String,
    /// Its title; both languages are headers too.
    pub title: Said,
    /// What its values are.
    pub ty: Type,
    /// Whether each record must have it.
    pub required: bool,
    /// Whether rules or figures look at its text, so that the ledger keeps it. Other texts stay in the source.
    pub kept: bool,
    /// Other headers that mean it.
    pub aliases: Vec<String>,
}

/// What the values of a field are (records.md, section 2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// The record's own id.
    Id,
    /// Any text.
    Text,
    /// A system, by id or name.
    System,
    /// A shift, by id or name.
    Shift,
    /// An instant.
    Time,
    /// A local day.
    Date,
    /// Seconds.
    Duration,
    /// A whole number within bounds.
    Integer {
        /// The smallest.
        min: i64,
        /// The largest.
        max: i64,
    },
    /// A number, in millionths.
    Decimal,
    /// A size in bytes.
    Bytes,
    /// 0 to 100, in millionths.
    Percent,
    /// Yes or no.
    Bool,
    /// One of these.
    Choice(Vec<Choice>),
    /// Several texts.
    List,
    /// The id of a record of this kind.
    Ref(String),
    /// A calendar interval, such as six months.
    Interval,
}

impl Type {
    /// The canonical name of the type.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Text => "text",
            Self::System => "system",
            Self::Shift => "shift",
            Self::Time => "time",
            Self::Date => "date",
            Self::Duration => "duration",
            Self::Integer { .. } => "integer",
            Self::Decimal => "decimal",
            Self::Bytes => "bytes",
            Self::Percent => "percent",
            Self::Bool => "bool",
            Self::Choice(_) => "enum",
            Self::List => "list",
            Self::Ref(_) => "ref",
            Self::Interval => "interval",
        }
    }
}

const TYPES: [&str; 16] = [
    "id", "text", "system", "shift", "time", "date", "duration", "integer", "decimal", "bytes", "percent", "bool",
    "enum", "list", "ref", "interval",
];

/// A value of an enumeration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Its canonical name.
    pub name: String,
    /// How it is shown; both languages are accepted in records.
    pub title: Said,
    /// What else is accepted.
    pub words: Vec<String>,
}

impl Kind {
    /// The position of a field.
    pub fn field(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|f| f.name == name)
    }

    /// The field that a header means, after folding (records.md, section 3).
    pub fn header(&self, written: &str) -> Option<usize> {
        self.headers.get(&fold_header(written)).copied()
    }

    /// Every header that is understood, for "did you mean".
    pub fn headers(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().flat_map(|f| {
            [f.name.as_str(), &f.title.zh, &f.title.en].into_iter().chain(f.aliases.iter().map(String::as_str))
        })
    }

    /// The field that holds the system, where it has one.
    pub fn system(&self) -> Option<usize> {
        self.fields.iter().position(|f| f.ty == Type::System)
    }

    /// Whether its cadences are asked of each system: the system is required.
    pub fn per_system(&self) -> bool {
        self.system().is_some_and(|at| self.fields[at].required)
    }

    /// The field of the record's own id.
    pub fn id(&self) -> Option<usize> {
        self.fields.iter().position(|f| f.ty == Type::Id)
    }

    /// The choices of a field; empty where it is no enumeration.
    pub fn choices(&self, field: usize) -> &[Choice] {
        match &self.fields[field].ty {
            Type::Choice(choices) => choices,
            _ => &[],
        }
    }
}

/// Reads `[kind.<name>]`. Tests on fields (`announced`) are read once every kind is there.
pub fn read(name: &str, table: &Reader<'_>, aliases: &[Alias]) -> Kind {
    let title = table.required_said("title");
    let about = table.said("about").unwrap_or_default();
    let pages = table.flag("pages");
    let mut fields = Vec::new();
    if let Some(of) = table.table("fields") {
        for key in of.keys() {
            if let Some(field) = of.table(&key) {
                fields.push(read_field(&key, field));
            }
        }
    } else {
        table.missing("fields");
    }
    if !pages {
        add_common(name, &mut fields);
    }
    for alias in aliases.iter().filter(|a| a.kind == name) {
        match fields.iter_mut().find(|f| f.name == alias.field) {
            Some(field) => field.aliases.push(alias.header.clone()),
            None => {
                let names: Vec<&str> = fields.iter().map(|f| f.name.as_str()).collect();
                let field = &alias.field;
                table.problems().add(crate::config::problem(
                    &alias.place,
                    say!("{name} 没有字段 {field}", "{name} has no field {field}"),
                    offer(field, &names),
                ));
            }
        }
    }
    let position = |key: &str, written: &str| {
        let at = fields.iter().position(|f| f.name == written);
        if at.is_none() {
            table.unknown(key, written, &Said::new("字段", "field"), fields.iter().map(|f| f.name.as_str()));
        }
        at
    };
    let several = |key: &str| -> Vec<usize> { table.texts(key).iter().filter_map(|w| position(key, w)).collect() };
    let one = |key: &str| table.text(key).and_then(|written| position(key, &written));
    if !table.has("at") {
        table.missing("at");
    }
    let at = one("at").unwrap_or(0);
    if let Some(field) = fields.get(at)
        && !matches!(field.ty, Type::Time | Type::Date)
    {
        table.problem(
            "at",
            say!("主时间字段应为 time 或 date 类型", "the primary time is a field of type time or date"),
        );
    }
    let key = several("key");
    if key.is_empty() && !fields.iter().any(|f| f.ty == Type::Id) {
        table.problem(
            "fields",
            say!("需要一个 id 类型的字段，或 key = [..]", "a field of type id is needed, or key = [..]"),
        );
    }
    let headers = headers(name, &fields, table);
    let (order, facets, body, label) = (several("order"), several("facets"), one("body"), one("label"));
    let mut kind = Kind {
        name: name.to_owned(),
        title,
        about,
        at,
        key,
        order,
        facets,
        body,
        label,
        pages,
        fields,
        headers,
        announced: Vec::new(),
    };
    keep(&mut kind);
    kind
}

/// `notes` and `corrects`, which every kind may carry (records.md, section 5).
fn add_common(name: &str, fields: &mut Vec<Field>) {
    let common = [
        ("notes", Said::new("备注", "Notes"), Type::Text, &["说明", "remark", "remarks", "comment", "comments"][..]),
        ("corrects", Said::new("更正", "Corrects"), Type::Ref(name.to_owned()), &["更正记录"][..]),
    ];
    for (field, title, ty, words) in common {
        if fields.iter().all(|f| f.name != field) {
            let taken: Vec<String> = fields
                .iter()
                .flat_map(|f| f.aliases.iter().chain([&f.name, &f.title.zh, &f.title.en]).map(|h| fold_header(h)))
                .collect();
            let aliases = words.iter().filter(|w| !taken.contains(&fold_header(w))).map(|&w| w.to_owned()).collect();
            fields.push(Field { name: field.to_owned(), title, ty, required: false, kept: false, aliases });
        }
    }
}

/// Texts that loading itself needs: keys, references.
fn keep(kind: &mut Kind) {
    for field in &mut kind.fields {
        field.kept |= matches!(field.ty, Type::Id | Type::Ref(_) | Type::List | Type::Interval);
    }
    if let Some(body) = kind.body {
        kind.fields[body].kept = true;
    }
}

fn headers(name: &str, fields: &[Field], table: &Reader<'_>) -> HashMap<String, usize> {
    let mut out: HashMap<String, usize> = HashMap::new();
    for (at, field) in fields.iter().enumerate() {
        let words = field.aliases.iter().chain([&field.title.zh, &field.title.en]);
        for word in words.filter(|w| !w.is_empty()) {
            let taken = out.insert(fold_header(word), at);
            if let Some(other) = taken.filter(|&other| other != at) {
                let (a, b) = (&fields[other].name, &field.name);
                table.problems().add(
                    Finding::new(
                        CODE,
                        Severity::Error,
                        say!(
                            "{name} 的表头“{word}”同时指向 {a} 和 {b}",
                            "the header \"{word}\" of {name} means both {a} and {b}"
                        ),
                    )
                    .at(table.place()),
                );
            }
        }
    }
    // A kind's own canonical name wins over an alias.
    out.extend(fields.iter().enumerate().map(|(at, f)| (fold_header(&f.name), at)));
    out
}

fn read_field(name: &str, table: Reader<'_>) -> Field {
    let written = table.required("type");
    let title = Said { zh: table.required("zh"), en: table.required("en") };
    let (min, max) = (table.integer("min"), table.integer("max"));
    let of = table.text("of");
    let choices: Vec<Choice> = table.tables("values").into_iter().map(read_choice).collect();
    let ty = match written.as_str() {
        "id" => Type::Id,
        "text" => Type::Text,
        "system" => Type::System,
        "shift" => Type::Shift,
        "time" => Type::Time,
        "date" => Type::Date,
        "duration" => Type::Duration,
        "integer" => Type::Integer { min: min.unwrap_or(i64::MIN + 1), max: max.unwrap_or(i64::MAX) },
        "decimal" => Type::Decimal,
        "bytes" => Type::Bytes,
        "percent" => Type::Percent,
        "bool" => Type::Bool,
        "enum" => {
            check_choices(&choices, &table);
            Type::Choice(choices)
        }
        "list" => Type::List,
        "ref" => Type::Ref(of.unwrap_or_else(|| {
            table.missing("of");
            String::new()
        })),
        "interval" => Type::Interval,
        _ => {
            table.unknown("type", &written, &Said::new("类型", "type"), TYPES);
            Type::Text
        }
    };
    let field = Field {
        name: name.to_owned(),
        title,
        ty,
        kept: false,
        required: table.flag("required"),
        aliases: table.texts("aliases"),
    };
    table.done();
    field
}

fn check_choices(choices: &[Choice], table: &Reader<'_>) {
    if choices.is_empty() || choices.len() > 200 {
        table.problem("values", say!("enum 需要 1 到 200 个取值", "an enum has 1 to 200 values"));
    }
    let mut seen: HashMap<String, &str> = HashMap::new();
    for choice in choices {
        for word in choice.words.iter().chain([&choice.name, &choice.title.zh, &choice.title.en]) {
            if let Some(other) = seen.insert(word.to_lowercase(), &choice.name)
                && other != choice.name
            {
                let name = &choice.name;
                table.problem(
                    "values",
                    say!(
                        "“{word}”同时是 {other} 和 {name} 的写法",
                        "\"{word}\" is written for both {other} and {name}"
                    ),
                );
            }
        }
    }
}

fn read_choice(table: Reader<'_>) -> Choice {
    let choice = Choice {
        name: table.required("name"),
        title: Said { zh: table.required("zh"), en: table.required("en") },
        words: table.texts("words"),
    };
    table.done();
    choice
}
