//! Sentences for people. Each is written in Chinese and in English where it is made, so that no page and no
//! message can lack a language.

use std::borrow::Borrow;
use std::fmt;

/// A language of the interface. Records are shown as they were written, whatever this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Lang {
    /// Simplified Chinese, `zh-CN`.
    #[default]
    Zh,
    /// English, `en`.
    En,
}

impl Lang {
    /// Every language, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::Zh, Self::En];

    /// The BCP 47 tag, as in `site.language` and in `lang` attributes.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    /// Its name, in itself.
    pub fn name(self) -> &'static str {
        match self {
            Self::Zh => "中文",
            Self::En => "English",
        }
    }

    /// The language of a tag: `zh`, `zh-CN`, `en`, `en-US`, without case.
    pub fn of_tag(tag: &str) -> Option<Self> {
        match tag.split(['-', '_', '.']).next()?.to_ascii_lowercase().as_str() {
            "zh" => Some(Self::Zh),
            "en" => Some(Self::En),
            _ => None,
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

/// One sentence (or word) in every language.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Said {
    /// In Simplified Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Said {
    /// The same sentence in both languages.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// A text that is the same in every language, such as a name or an id.
    pub fn same(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { zh: text.clone(), en: text }
    }

    /// The sentence in a language.
    pub fn to(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }

    /// Goes on with more, in each language.
    pub fn push(&mut self, more: &Self) {
        self.zh.push_str(&more.zh);
        self.en.push_str(&more.en);
    }

    /// Applies a change to the text of each language.
    #[must_use]
    pub fn map(&self, change: impl Fn(&str) -> String) -> Self {
        Self { zh: change(&self.zh), en: change(&self.en) }
    }
}

/// Fills the placeholders `{name}` of a sentence; one that nothing answers stays as it is, so that it is noticed. Each
/// name is asked for once, though it stands in both languages.
pub fn fill<V: Borrow<Said>>(sentence: &Said, value: impl Fn(&str) -> Option<V>) -> Said {
    let mut known = Vec::new();
    let zh = filled(&sentence.zh, Lang::Zh, &mut known, &value);
    let en = filled(&sentence.en, Lang::En, &mut known, &value);
    Said { zh, en }
}

fn filled<'t, V: Borrow<Said>>(
    template: &'t str,
    lang: Lang,
    known: &mut Vec<(&'t str, Option<V>)>,
    value: &impl Fn(&str) -> Option<V>,
) -> String {
    let mut out = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let Some(close) = rest[open..].find('}').map(|n| open + n) else { break };
        out.push_str(&rest[..open]);
        let name = &rest[open + 1..close];
        let at = known.iter().position(|(other, _)| *other == name).unwrap_or_else(|| {
            known.push((name, value(name)));
            known.len() - 1
        });
        match &known[at].1 {
            Some(said) => out.push_str(said.borrow().to(lang)),
            None => out.push_str(&rest[open..=close]),
        }
        rest = &rest[close + 1..];
    }
    out.push_str(rest);
    out
}

/// The names in braces of a text, in their order.
pub fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
}

/// Writes a [`Said`]: `say!("没有 {name}", "no {name}")`; names in braces are taken from the scope.
#[macro_export]
macro_rules! say {
    ($zh:literal, $en:literal $(,)?) => {
        $crate::say::Said { zh: format!($zh), en: format!($en) }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_values_and_unknown_ones_stay() {
        let message = Said::new("{system} 在 {from} 没有备份 {x}", "no backup of {system} {x");
        let out = fill(&message, |name| match name {
            "system" => Some(Said::same("oa")),
            "from" => Some(Said::same("2026-10-03")),
            _ => None,
        });
        assert_eq!(out, Said::new("oa 在 2026-10-03 没有备份 {x}", "no backup of oa {x"));
        assert_eq!(placeholders(&message.zh).collect::<Vec<_>>(), ["system", "from", "x"]);
        assert_eq!(placeholders(&message.en).collect::<Vec<_>>(), ["system"]);
    }
}
