//! Messages: `{name}` in the text of a rule becomes a value.

use crate::say::{Lang, Said};

/// Fills the placeholders of a message; one that nothing answers stays as it is, so that it is noticed.
pub fn fill(message: &Said, value: impl Fn(&str) -> Option<Said>) -> Said {
    Said { zh: text(&message.zh, Lang::Zh, &value), en: text(&message.en, Lang::En, &value) }
}

fn text(template: &str, lang: Lang, value: &impl Fn(&str) -> Option<Said>) -> String {
    let mut out = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let Some(close) = rest[open..].find('}').map(|n| open + n) else { break };
        out.push_str(&rest[..open]);
        match value(&rest[open + 1..close]) {
            Some(said) => out.push_str(said.to(lang)),
            None => out.push_str(&rest[open..=close]),
        }
        rest = &rest[close + 1..];
    }
    out.push_str(rest);
    out
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
    }
}
