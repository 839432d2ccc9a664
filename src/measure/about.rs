//! What each figure is, in words: the one list of their titles, and of what stands above and below the line.

use crate::say::Lang;

mod service;
mod upkeep;

use service::SERVICE;
use upkeep::UPKEEP;

/// Whether more of it is better: decides to which side a shown value is cut, which is always against ourselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// Such as availability: shown no larger than it is.
    More,
    /// Such as downtime: shown no smaller than it is.
    Less,
}

/// A word in Chinese and English.
type Word = (&'static str, &'static str);

/// What a figure is.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// Its name, as in cli.md.
    pub name: &'static str,
    title: Word,
    numerator: Word,
    denominator: Word,
    unit: Word,
    how: Word,
    /// Which way is better.
    pub better: Better,
}

impl About {
    /// Its title.
    pub fn title(&self, lang: Lang) -> &'static str {
        pick(self.title, lang)
    }

    /// What its numerator counts; empty where it has none that says something.
    pub fn numerator(&self, lang: Lang) -> &'static str {
        pick(self.numerator, lang)
    }

    /// What its denominator counts.
    pub fn denominator(&self, lang: Lang) -> &'static str {
        pick(self.denominator, lang)
    }

    /// What is counted: the word behind a count, and behind numerator and denominator. In English it starts with its
    /// blank, where it wants one.
    pub fn unit(&self, lang: Lang) -> &'static str {
        pick(self.unit, lang)
    }

    /// How it is counted, in a sentence or two.
    pub fn how(&self, lang: Lang) -> &'static str {
        pick(self.how, lang)
    }
}

fn pick(word: Word, lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => word.0,
        Lang::En => word.1,
    }
}

/// What a figure of that name is; none for a name that no figure has.
pub fn about(name: &str) -> Option<&'static About> {
    all().find(|about| about.name == name)
}

/// The names of all figures, in the order in which they are shown.
pub fn names() -> impl Iterator<Item = &'static str> {
    all().map(|about| about.name)
}

const NONE: Word = ("", "");
const SECONDS: Word = ("秒", "s");

/// All of them, in the order in which they are shown.
fn all() -> impl Iterator<Item = &'static About> {
    SERVICE.iter().chain(&UPKEEP)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_stands_once_and_every_word_is_there_in_both_languages() {
        let once: std::collections::BTreeSet<&str> = names().collect();
        assert_eq!(once.len(), SERVICE.len() + UPKEEP.len());
        for about in all() {
            for word in [about.title, about.how, about.numerator, about.denominator, about.unit] {
                let both = word == SECONDS || word.0.is_empty() || !word.0.is_ascii();
                assert!(both && word.1.is_ascii(), "{}: {word:?}", about.name);
            }
            assert!(!about.title.1.is_empty() && about.how.0.ends_with('。') && about.how.1.ends_with('.'));
            assert_eq!(about.numerator.0.is_empty(), about.denominator.0.is_empty(), "{}", about.name);
        }
    }
}
