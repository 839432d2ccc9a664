//! Reads the keys of a rule that name fields of its kind: whether the field is there, and of a type that is of use.

use crate::doc::{Reader, offer};
use crate::finding::{Finding, Severity};
use crate::say;
use crate::say::Said;
use crate::source::Place;

use super::CODE;
use super::kind::{Kind, Type};
use super::rule::{Test, Want, Where};

/// The table of a rule, and the kind whose fields it names. Without a kind (`*`, or one that is not known) no field
/// can be named, and nothing more is said about it.
pub(super) struct Fields<'a> {
    pub table: &'a Reader<'a>,
    pub kind: Option<&'a Kind>,
}

/// What a key needs a field to be.
#[derive(Clone, Copy)]
pub(super) enum Sort<'a> {
    Any,
    /// A time or a date.
    Time,
    Number,
    /// A text, whole or as an id that refers.
    Text,
    List,
    Choice,
    Interval,
    /// A reference to a record of this kind.
    Ref(Option<&'a Kind>),
}

impl Sort<'_> {
    fn fits(self, ty: &Type) -> bool {
        match self {
            Self::Any => true,
            Self::Time => matches!(ty, Type::Time | Type::Date),
            Self::Number => {
                let whole = matches!(ty, Type::Integer { .. } | Type::Bytes | Type::Duration);
                whole || matches!(ty, Type::Decimal | Type::Percent)
            }
            Self::Text => matches!(ty, Type::Text | Type::Ref(_)),
            Self::List => matches!(ty, Type::List),
            Self::Choice => matches!(ty, Type::Choice(_)),
            Self::Interval => matches!(ty, Type::Interval),
            Self::Ref(kind) => matches!(ty, Type::Ref(of) if kind.is_none_or(|k| k.name == *of)),
        }
    }

    fn said(self) -> Said {
        match self {
            Self::Any => Said::new("任意", "any"),
            Self::Time => Said::new("time 或 date", "time or date"),
            Self::Number => Said::new(
                "integer、decimal、bytes、percent 或 duration",
                "integer, decimal, bytes, percent or duration",
            ),
            Self::Text => Said::new("text 或 ref", "text or ref"),
            Self::List => Said::same("list"),
            Self::Choice => Said::same("enum"),
            Self::Interval => Said::same("interval"),
            Self::Ref(kind) => {
                let name = kind.map_or("", |k| &k.name);
                say!("指向 {name} 的 ref", "ref to {name}")
            }
        }
    }
}

impl Fields<'_> {
    /// The field under a key; none where the key is absent.
    pub fn one(&self, key: &str, sort: Sort<'_>) -> Option<usize> {
        let name = self.table.text(key)?;
        self.named(key, &name, &self.table.place_of(key), sort)
    }

    /// The field under a key that must be there.
    pub fn must(&self, key: &str, sort: Sort<'_>) -> usize {
        if !self.table.has(key) {
            self.table.missing(key);
        }
        self.one(key, sort).unwrap_or(0)
    }

    /// The fields of a list; absent is empty.
    pub fn all(&self, key: &str, sort: Sort<'_>) -> Vec<usize> {
        let names = self.table.texts_placed(key);
        names.iter().filter_map(|(name, place)| self.named(key, name, place, sort)).collect()
    }

    /// The field of a name that stands at a place.
    pub fn named(&self, key: &str, name: &str, place: &Place, sort: Sort<'_>) -> Option<usize> {
        let kind = self.kind?;
        let of = &kind.name;
        let refuse = |said: Said| Finding::new(CODE, Severity::Error, said).at(place.clone());
        let Some(at) = kind.field(name) else {
            let names: Vec<&str> = kind.fields.iter().map(|f| f.name.as_str()).collect();
            let said = say!("{key}：{of} 没有字段 {name}", "{key}: {of} has no field {name}");
            self.table.problems().add(refuse(said).help(offer(name, &names)));
            return None;
        };
        let ty = &kind.fields[at].ty;
        if !sort.fits(ty) {
            let (have, Said { zh, en }) = (ty.name(), sort.said());
            self.table.problems().add(refuse(say!(
                "{key}：字段 {name} 的类型是 {have}，这里需要 {zh}",
                "{key}: the field {name} is of type {have}; this takes {en}"
            )));
        }
        Some(at)
    }

    /// Whether a field is of type date.
    pub fn is_date(&self, field: usize) -> bool {
        self.kind.is_some_and(|k| k.fields[field].ty == Type::Date)
    }

    /// A conjunction `{ field = ["value", …], … }`; absent holds of every record.
    pub fn tests(&self, key: &str) -> Where {
        match (self.table.table(key), self.kind) {
            (Some(of), Some(kind)) => tests(key, &of, kind),
            (Some(of), None) => {
                if self.table.text("kind").as_deref() == Some("*") {
                    let place = of.place();
                    let said = say!("{key} 只能用于一种记录", "{key} is of use for one kind only");
                    self.table.problems().add(Finding::new(CODE, Severity::Error, said).at(place));
                }
                Where::default()
            }
            (None, _) => Where::default(),
        }
    }
}

/// Reads a conjunction of tests on the fields of a kind.
pub(super) fn tests(key: &str, of: &Reader<'_>, kind: &Kind) -> Where {
    let fields = Fields { table: of, kind: Some(kind) };
    let mut tests = Vec::new();
    for name in of.keys() {
        let Some(field) = fields.named(key, &name, &of.key_place(&name), Sort::Any) else { continue };
        let words = of.texts_placed(&name);
        let any = words.iter().filter_map(|(word, place)| want(word, place, &kind.fields[field].ty, of)).collect();
        tests.push(Test { field, any });
    }
    Where(tests)
}

fn want(word: &str, place: &Place, ty: &Type, table: &Reader<'_>) -> Option<Want> {
    let names: Vec<&str> = match (word, ty) {
        ("(absent)", _) => return Some(Want::Absent),
        ("(present)", _) => return Some(Want::Present),
        ("true", Type::Bool) => return Some(Want::Bool(true)),
        ("false", Type::Bool) => return Some(Want::Bool(false)),
        (_, Type::Text | Type::Ref(_)) => return Some(Want::Text(word.to_owned())),
        (_, Type::Choice(choices)) => {
            if let Some(at) = choices.iter().position(|c| c.name == word) {
                return Some(Want::Choice(at as u8));
            }
            choices.iter().map(|c| c.name.as_str()).collect()
        }
        (_, Type::Bool) => vec!["true", "false"],
        _ => vec!["(present)", "(absent)"],
    };
    let said = say!("没有名为 {word} 的取值", "no value is named {word}");
    table.problems().add(Finding::new(CODE, Severity::Error, said).at(place.clone()).help(offer(word, &names)));
    None
}
