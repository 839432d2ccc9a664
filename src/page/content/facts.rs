//! What a page says of itself in its front matter (site.md, section 4).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::calendar::Day;
use crate::config::Config;
use crate::doc::offer;
use crate::finding::{Finding, Severity};
use crate::front::{Field, FieldValue};
use crate::say;
use crate::say::{Lang, Said};
use crate::source::Place;
use crate::standard::{Kind, Standard};
use crate::value::{self, Interval, Wrong, fold_header};

/// The code of what is wrong in the front matter of a page.
pub const VALUE: &str = "page.value";
/// The code of keys that are not known; they are shown as they are.
const HEADER: &str = "ingest.header";

/// The keys that a page may carry; a standard's kind of pages may know more words for them.
const KEYS: [(&str, &[&str]); 12] = [
    ("title", &["标题"]),
    ("owner", &["负责人"]),
    ("last_reviewed", &["last_reviewed_on", "上次复核", "复核日期"]),
    ("review_in", &["复核周期"]),
    ("systems", &["system", "系统"]),
    ("clauses", &["clause", "条款"]),
    ("tags", &["标签"]),
    ("risk", &["风险"]),
    ("weight", &[]),
    ("aliases", &[]),
    ("draft", &[]),
    ("lang", &[]),
];

/// Each way of writing a key, folded, with the key.
static WORDS: LazyLock<BTreeMap<String, &'static str>> = LazyLock::new(|| {
    let words = |(name, words): &(&'static str, &[&str])| {
        let key = *name;
        words.iter().map(move |word| (fold_header(word), key)).chain([(fold_header(key), key)]).collect::<Vec<_>>()
    };
    KEYS.iter().flat_map(words).collect()
});

/// What a page says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Its title.
    pub title: Option<String>,
    /// Who answers for it.
    pub owner: String,
    /// The day on which somebody last read it as a whole.
    pub last_reviewed: Option<Day>,
    /// After what time it must be read again.
    pub review_in: Option<Interval>,
    /// Systems by their ids; one that is not known as it was written.
    pub systems: Vec<String>,
    /// Clauses by their ids; one that is not known as it was written.
    pub clauses: Vec<String>,
    /// Words under which it is found.
    pub tags: Vec<String>,
    /// How risky it is to do what it says, in the author's words.
    pub risk: String,
    /// Its place among its neighbours: the lightest comes first.
    pub weight: i64,
    /// Former addresses, as written, and where.
    pub aliases: Vec<(String, Place)>,
    /// Where it is said that the page is not to be shown yet.
    pub draft: Option<Place>,
    /// The BCP 47 tag of its language.
    pub lang: Option<String>,
    /// Keys that are not known, with their values.
    pub extras: Vec<(String, String)>,
}

/// Against what the front matter is held.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// Systems and time zone.
    pub config: &'a Config,
    /// Clauses.
    pub standard: &'a Standard,
    /// The kind whose records are pages.
    pub kind: Option<&'a Kind>,
}

impl Facts {
    /// Reads the fields of a page. The findings are those that loading does not tell: `as_record` says that the page
    /// is a record of its kind, whose values and unknown keys loading has judged already.
    pub fn read(fields: &[Field], known: Known<'_>, as_record: bool) -> (Self, Vec<Finding>) {
        let mut facts = Self::default();
        let mut findings = Vec::new();
        let mut loaded = Vec::new();
        let mut unknown = Vec::new();
        for field in fields {
            let text = field.text().unwrap_or_default();
            match name(&field.key, known.kind) {
                Some("title") => facts.title = Some(text.to_owned()).filter(|t| !t.is_empty()),
                Some("owner") => facts.owner = line(field),
                Some("last_reviewed") => {
                    let order = known.kind.and_then(|kind| kind.date_order);
                    facts.last_reviewed =
                        typed(field, |text| value::date(text.as_bytes(), &known.config.site.zone, order), &mut loaded);
                }
                Some("review_in") => facts.review_in = typed(field, value::interval, &mut loaded),
                Some("systems") => facts.systems = systems(field, known.config, &mut findings),
                Some("clauses") => facts.clauses = clauses(field, known.standard, &mut findings),
                Some("tags") => facts.tags = items(field).into_iter().map(|(text, _)| text).collect(),
                Some("risk") => facts.risk = line(field),
                Some("weight") => facts.weight = typed(field, whole, &mut findings).unwrap_or_default(),
                Some("aliases") => facts.aliases = items(field),
                Some("draft") => {
                    let draft = typed(field, |text| value::bool(text.as_bytes()), &mut findings) == Some(true);
                    facts.draft = draft.then(|| field.key_place.clone());
                }
                Some("lang") => facts.lang = typed(field, tag, &mut findings),
                _ => {
                    unknown.push(field);
                    facts.extras.push((field.key.clone(), line(field)));
                }
            }
        }
        if !as_record {
            findings.extend(loaded);
            findings.extend(unfamiliar(&unknown));
        }
        (facts, findings)
    }

    /// What a page in another language leaves out is as its original says.
    pub fn fill_from(&mut self, base: &Self) {
        if self.owner.is_empty() {
            self.owner.clone_from(&base.owner);
        }
        self.last_reviewed = self.last_reviewed.or(base.last_reviewed);
        self.review_in = self.review_in.or(base.review_in);
        for (mine, theirs) in
            [(&mut self.systems, &base.systems), (&mut self.clauses, &base.clauses), (&mut self.tags, &base.tags)]
        {
            if mine.is_empty() {
                mine.clone_from(theirs);
            }
        }
        if self.risk.is_empty() {
            self.risk.clone_from(&base.risk);
        }
        if self.weight == 0 {
            self.weight = base.weight;
        }
    }
}

/// The canonical name of a key.
fn name(written: &str, kind: Option<&Kind>) -> Option<&'static str> {
    let canonical = kind.and_then(|kind| kind.header(written).map(|at| kind.fields[at].name.as_str()));
    WORDS.get(&fold_header(canonical.unwrap_or(written))).copied()
}

/// The texts of a field with their places. One text may hold several, parted as in the cell of a table, or by commas.
fn items(field: &Field) -> Vec<(String, Place)> {
    match &field.value {
        FieldValue::List(items) => items.clone(),
        FieldValue::Text(text, place) => {
            let parts = text.split([',', '，']).flat_map(value::list);
            parts.map(|part| (part.to_owned(), place.clone())).collect()
        }
    }
}

/// A field as one line.
fn line(field: &Field) -> String {
    field.texts().join("、")
}

fn typed<T>(field: &Field, read: impl Fn(&str) -> Result<T, Box<Wrong>>, findings: &mut Vec<Finding>) -> Option<T> {
    let text = line(field);
    let text = text.trim();
    if value::absent(text.as_bytes()) {
        return None;
    }
    read(text).map_err(|wrong| findings.push(unreadable(&field.key, field.value_place(), *wrong))).ok()
}

fn unreadable(key: &str, place: &Place, wrong: Wrong) -> Finding {
    let (zh, en) = (&wrong.why.zh, &wrong.why.en);
    let mut finding = Finding::new(VALUE, Severity::Error, say!("{key}：{zh}", "{key}: {en}")).at(place.clone());
    finding.help = wrong.help;
    finding
}

fn whole(text: &str) -> Result<i64, Box<Wrong>> {
    text.parse().map_err(|_| {
        Wrong::new(say!("“{text}”不是整数", "\"{text}\" is no whole number"))
            .help(say!("写一个整数，小的排在前面", "write a whole number; small ones come first"))
    })
}

/// A language tag goes into an attribute of the page: letters, digits and hyphens.
fn tag(text: &str) -> Result<String, Box<Wrong>> {
    let sound = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    if text.split('-').all(sound) && text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return Ok(Lang::of_tag(text).map_or_else(|| text.to_owned(), |lang| full(text, lang)));
    }
    let why = say!("“{text}”不是语言标记", "\"{text}\" is no language tag");
    Err(Wrong::new(why).help(say!("写 zh-CN 或 en", "write zh-CN or en")))
}

/// `zh` alone says less than `zh-CN`.
fn full(text: &str, lang: Lang) -> String {
    if text.contains('-') { text.to_owned() } else { lang.tag().to_owned() }
}

fn systems(field: &Field, config: &Config, findings: &mut Vec<Finding>) -> Vec<String> {
    let mut out = Vec::new();
    for (written, place) in items(field) {
        match config.systems.iter().find(|s| s.id == written || s.name == written) {
            Some(system) => out.push(system.id.clone()),
            None => {
                let names: Vec<&str> = config.systems.iter().flat_map(|s| [s.id.as_str(), s.name.as_str()]).collect();
                let what = say!("没有名为“{written}”的系统", "no system is named \"{written}\"");
                findings.push(Finding::new(VALUE, Severity::Error, what).at(place).help(offer(&written, &names)));
                out.push(written);
            }
        }
    }
    out
}

fn clauses(field: &Field, standard: &Standard, findings: &mut Vec<Finding>) -> Vec<String> {
    let mut out = Vec::new();
    for (written, place) in items(field) {
        if !standard.clauses.iter().any(|c| c.id == written) {
            let ids: Vec<&str> = standard.clauses.iter().map(|c| c.id.as_str()).collect();
            let what = say!("标准中没有条款“{written}”", "the standard has no clause \"{written}\"");
            findings.push(Finding::new(VALUE, Severity::Error, what).at(place).help(offer(&written, &ids)));
        }
        out.push(written);
    }
    out
}

/// Unknown keys are kept and noted, once for a page.
fn unfamiliar(unknown: &[&Field]) -> Option<Finding> {
    let first = unknown.first()?;
    let keys: Vec<&str> = unknown.iter().map(|field| field.key.as_str()).collect();
    let (list, list_en) = (keys.join("、"), keys.join(", "));
    let near = keys.iter().find_map(|key| Some((*key, crate::near::nearest(key, KEYS.iter().map(|(name, _)| *name))?)));
    let finding = Finding::new(
        HEADER,
        Severity::Info,
        say!("不认识的键，按原样显示：{list}", "keys that are not known, shown as they are: {list_en}"),
    );
    let help = match near {
        Some((key, near)) => say!("是否想写：{key} → {near}", "did you mean: {key} → {near}"),
        None => {
            let all: Vec<&str> = KEYS.iter().map(|(name, _)| *name).collect();
            let (list, list_en) = (all.join("、"), all.join(", "));
            Said::new(format!("认识的键有：{list}"), format!("known keys are: {list_en}"))
        }
    };
    Some(finding.at(first.key_place.clone()).help(help))
}
