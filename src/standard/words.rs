//! Words that a workspace has for the values of a field, beside those of the standard (`[records.<kind>.values]`).

use crate::config::{Word, problem};
use crate::doc::offer;
use crate::finding::Finding;
use crate::say;
use crate::say::Said;

use super::kind::{Field, Type};

/// Adds a word to the value that it means, or says why it cannot be added.
pub(super) fn add(kind: &str, fields: &mut [Field], word: &Word) -> Result<(), Finding> {
    let Word { field: name, value, word: written, .. } = word;
    let Some(at) = fields.iter().position(|f| f.name == *name) else {
        let said = say!("{kind} 没有字段 {name}", "{kind} has no field {name}");
        let names: Vec<&str> = of_words(fields).map(|f| f.name.as_str()).collect();
        return Err(problem(&word.field_place, said, offer(name, &names)));
    };
    let field = &fields[at];
    let Type::Choice(choices) = &field.ty else {
        let ty = field.ty.name();
        let said = say!(
            "字段 {name} 的类型是 {ty}，只有取值固定（enum）的字段可以登记取值的叫法",
            "the field {name} is of type {ty}; only the values of an enum have words"
        );
        let names: Vec<&str> = of_words(fields).map(|f| f.name.as_str()).collect();
        return Err(problem(&word.field_place, said, offer(name, &names)));
    };
    let Some(choice) = choices.iter().position(|c| c.name == *value) else {
        let said = say!("{kind} 的字段 {name} 没有取值 {value}", "the field {name} of {kind} has no value {value}");
        let names: Vec<&str> = choices.iter().map(|c| c.name.as_str()).collect();
        return Err(problem(&word.value_place, said, offer(value, &names)));
    };
    let folded = written.trim().to_lowercase();
    if folded.is_empty() {
        let said = say!("写法不能为空", "a word cannot be empty");
        return Err(problem(&word.place, said, Said::default()));
    }
    let means = |c: &super::kind::Choice| {
        c.words.iter().chain([&c.name, &c.title.zh, &c.title.en]).any(|known| known.to_lowercase() == folded)
    };
    match choices.iter().position(means) {
        Some(other) if other != choice => {
            let other = &choices[other].name;
            let said = say!(
                "“{written}”已经表示 {other}，不能又表示 {value}",
                "\"{written}\" means {other} already and cannot mean {value} too"
            );
            Err(problem(&word.place, said, Said::default()))
        }
        Some(_) => Ok(()),
        None => {
            if let Type::Choice(choices) = &mut fields[at].ty {
                choices[choice].words.push(written.trim().to_owned());
            }
            Ok(())
        }
    }
}

/// The fields whose values have words.
fn of_words(fields: &[Field]) -> impl Iterator<Item = &Field> {
    fields.iter().filter(|f| matches!(f.ty, Type::Choice(_)))
}
