//! Kinds of records: their fields, types, synonyms and headers.

use hashbrown::HashMap;

use crate::config::Records;
use crate::doc::{Reader, offer};
use crate::finding::{Finding, Severity};
use crate::say;
use crate::say::Said;
use crate::source::Place;
use crate::value::{DateOrder, fold_header};

use super::CODE;
use super::fields::tests;
use super::rule::Where;
use super::words;

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
    /// In which order the workspace writes dates whose year does not stand first.
    pub date_order: Option<DateOrder>,
    /// The sheet of a workbook that holds its records; none for the first that is shown.
    pub sheet: Option<String>,
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

    /// The field that holds the shift, where it has one.
    pub fn shift(&self) -> Option<usize> {
        self.fields.iter().position(|f| f.ty == Type::Shift)
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

/// Reads `[kind.<name>]`; `kinds` are the names of all kinds, `own` is what the workspace says of its files. Tests on fields (`announced`) are read once the fields are
/// there.
pub fn read(name: &str, table: &Reader<'_>, own: Option<&Records>, kinds: &[String]) -> Kind {
    let mut read = Fields { all: Vec::new(), places: Vec::new() };
    match table.table("fields") {
        Some(of) => {
            for key in of.keys() {
                if let Some(field) = of.table(&key) {
                    read.all.push(read_field(&key, field, kinds));
                    read.places.push(of.key_place(&key));
                }
            }
        }
        None => table.missing("fields"),
    }
    let pages = table.flag("pages");
    if !pages {
        add_common(name, &mut read.all);
        read.places.resize(read.all.len(), table.place());
    }
    let headers = headers(name, &read, own, table);
    for alias in own.iter().flat_map(|own| &own.aliases) {
        if let Some(field) = read.all.iter_mut().find(|f| f.name == alias.field) {
            field.aliases.push(alias.header.clone());
        }
    }
    for word in own.iter().flat_map(|own| &own.words) {
        if let Err(problem) = words::add(name, &mut read.all, word) {
            table.problems().add(problem);
        }
    }
    let fields = read.all;
    let position = |written: &str, place: Place, fits: fn(&Type) -> bool| {
        let names: Vec<&str> = fields.iter().map(|f| f.name.as_str()).collect();
        let at = fields.iter().position(|f| f.name == written);
        match at.map(|at| &fields[at].ty) {
            None => {
                let said = say!("{name} 没有字段 {written}", "{name} has no field {written}");
                table.problems().add(error(said, place).help(offer(written, &names)));
            }
            Some(ty) if !fits(ty) => {
                let ty = ty.name();
                let said = say!(
                    "字段 {written} 的类型是 {ty}，不能用在这里",
                    "the field {written} is of type {ty}, which is of no use here"
                );
                table.problems().add(error(said, place));
            }
            Some(_) => {}
        }
        at
    };
    let several = |key: &str, fits: fn(&Type) -> bool| -> Vec<usize> {
        table.texts_placed(key).into_iter().filter_map(|(written, place)| position(&written, place, fits)).collect()
    };
    let one = |key: &str, fits: fn(&Type) -> bool| {
        table.text(key).and_then(|written| position(&written, table.place_of(key), fits))
    };
    let time = |ty: &Type| matches!(ty, Type::Time | Type::Date);
    let text = |ty: &Type| matches!(ty, Type::Text);
    if !table.has("at") {
        table.missing("at");
    }
    let key = several("key", |_| true);
    if key.is_empty() && !fields.iter().any(|f| f.ty == Type::Id) {
        table.problem(
            "fields",
            say!("需要一个 id 类型的字段，或 key = [..]", "a field of type id is needed, or key = [..]"),
        );
    }
    let mut kind = Kind {
        name: name.to_owned(),
        title: table.required_said("title"),
        about: table.said("about").unwrap_or_default(),
        at: one("at", time).unwrap_or(0),
        key,
        order: several("order", time),
        facets: several("facets", |ty| !matches!(ty, Type::Id)),
        body: one("body", text),
        label: one("label", |_| true),
        pages,
        headers,
        date_order: own.and_then(|own| own.date_order),
        sheet: own.and_then(|own| own.sheet.clone()),
        announced: Vec::new(),
        fields,
    };
    if let Some(inner) = table.table("announced") {
        for key in inner.keys() {
            let known = kind.field(&key);
            match (known, inner.table(&key)) {
                (Some(field), Some(of)) => kind.announced.push((field, tests("announced", &of, &kind))),
                (None, _) => {
                    inner.unknown_key(&key, &Said::new("字段", "field"), kind.fields.iter().map(|f| f.name.as_str()));
                }
                (Some(_), None) => {}
            }
        }
    }
    keep(&mut kind);
    kind
}

/// The fields of a kind while it is read, and where each is written.
struct Fields {
    all: Vec<Field>,
    places: Vec<Place>,
}

fn error(said: Said, place: Place) -> Finding {
    Finding::new(CODE, Severity::Error, said).at(place)
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

/// What each header means. A header that means two fields is refused where the second is written; one that the
/// workspace adds, in its configuration.
fn headers(name: &str, fields: &Fields, own: Option<&Records>, table: &Reader<'_>) -> HashMap<String, usize> {
    let mut out: HashMap<String, usize> = HashMap::new();
    let mut add = |word: &str, at: usize| out.insert(fold_header(word), at).filter(|&other| other != at);
    let twice = |word: &str, one: usize, other: usize| {
        let (a, b) = (&fields.all[one].name, &fields.all[other].name);
        say!("{name} 的表头“{word}”同时指向 {a} 和 {b}", "the header \"{word}\" of {name} means both {a} and {b}")
    };
    for (at, (field, place)) in fields.all.iter().zip(&fields.places).enumerate() {
        let words = field.aliases.iter().chain([&field.title.zh, &field.title.en]);
        for word in words.filter(|w| !w.is_empty()) {
            if let Some(other) = add(word, at) {
                table.problems().add(error(twice(word, other, at), place.clone()));
            }
        }
    }
    for alias in own.iter().flat_map(|own| &own.aliases) {
        let (field, word) = (&alias.field, &alias.header);
        let Some(at) = fields.all.iter().position(|f| f.name == *field) else {
            let names: Vec<&str> = fields.all.iter().map(|f| f.name.as_str()).collect();
            let said = say!("{name} 没有字段 {field}", "{name} has no field {field}");
            table.problems().add(crate::config::problem(&alias.field_place, said, offer(field, &names)));
            continue;
        };
        if let Some(other) = add(word, at) {
            table.problems().add(crate::config::problem(&alias.place, twice(word, other, at), Said::default()));
        }
    }
    // A kind's own canonical name wins over an alias.
    for (at, (field, place)) in fields.all.iter().zip(&fields.places).enumerate() {
        let folded = fold_header(&field.name);
        if let Some(other) = fields.all[..at].iter().position(|f| fold_header(&f.name) == folded) {
            table.problems().add(error(twice(&field.name, other, at), place.clone()));
        }
        out.insert(folded, at);
    }
    out
}

fn read_field(name: &str, table: Reader<'_>, kinds: &[String]) -> Field {
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
        "ref" => {
            if of.is_none() {
                table.missing("of");
            }
            let of = of.unwrap_or_default();
            // A waiver refers to a rule.
            if !of.is_empty() && of != "rule" && !kinds.contains(&of) {
                table.unknown("of", &of, &Said::new("记录种类", "kind"), kinds.iter().map(String::as_str));
            }
            Type::Ref(of)
        }
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
