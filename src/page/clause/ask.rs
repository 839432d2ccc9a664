//! What a rule asks, in words: its form with its parameters, as the program runs it (standard.md, section 2).

use serde::Serialize;

use crate::calendar::{Day, Unit};
use crate::config::Setting;
use crate::measure;
use crate::say;
use crate::say::{Lang, Said};
use crate::standard::{
    Amount, Closes, Form, Grain, Includes, Kind, Limit, Param, Priority, Rule, Seal, Standard, Want, Where, Within,
};

/// A parameter with its values.
#[derive(Debug, Serialize)]
pub struct ParamView {
    /// Its name, as `wellkept.toml` takes it.
    pub name: String,
    /// What it means.
    pub text: String,
    /// The value at the instant of judgement.
    pub value: String,
    /// The built-in value, and each that the workspace sets with the day from which it holds.
    pub history: Vec<String>,
}

/// What a rule asks.
pub struct Ask<'a> {
    standard: &'a Standard,
    rule: &'a Rule,
    kind: Option<&'a Kind>,
    today: Day,
}

impl<'a> Ask<'a> {
    /// Looks at a rule as it stands on a day.
    pub fn of(standard: &'a Standard, rule: &'a Rule, today: Day) -> Self {
        Self { standard, rule, kind: rule.kind.map(|k| &standard.kinds[k]), today }
    }

    /// What is asked, in a sentence.
    pub fn said(&self) -> Said {
        match &self.rule.form {
            Form::Cadence { every, at } => self.cadence(*every, *at),
            Form::Present { fields, min_chars, not_zero, must } => self.present(fields, min_chars, not_zero, must),
            Form::Within(within) => self.within(within),
            Form::Order { until_as_of: true, .. } => {
                say!("记录的时间不晚于基准时刻", "the time of a record is not after the as-of time")
            }
            Form::Order { times, present, .. } => self.order(times, present),
            Form::Distinct { field, from } => {
                let (a, b) = (self.name(*field), self.names(from, &say!("、", ", ")));
                both(
                    &a,
                    &b,
                    |zh, zh2| format!("{zh}与{zh2}不是同一人"),
                    |en, en2| format!("{en} is not the same person as {en2}"),
                )
            }
            Form::Follows { by, limit } => {
                let (by, limit) = (self.filter(by), self.amount(limit));
                both(
                    &by,
                    &limit,
                    |by, limit| format!("之后 {limit}内，同一系统有一条{by}的记录"),
                    |by, limit| format!("it is followed on the same system, within {limit}, by a record where {by}"),
                )
            }
            Form::Referred { kind, field } => {
                let other = &self.standard.kinds[*kind];
                both(
                    &other.title,
                    &title(other, *field),
                    |kind, field| format!("至少有一条“{kind}”在{field}中引用它"),
                    |kind, field| format!("at least one record of “{kind}” refers to it by {field}"),
                )
            }
            Form::Priority(priority) => self.priority(priority),
            Form::Target { figure, param } => {
                let param = &self.standard.params[*param];
                let value = setting(param.on(self.today));
                let title = |lang| measure::about(figure).map_or(figure.as_str(), |about| about.title(lang));
                let (zh, en) = (title(Lang::Zh), title(Lang::En));
                say!("每月的“{zh}”不低于 {value} %", "“{en}” of each month is at least {value} %")
            }
            Form::Includes(includes) => self.includes(includes),
            Form::Closes(closes) => self.closes(closes),
            Form::Sealed(Seal::Sealed(limit)) => {
                let limit = self.amount(limit);
                let (zh, en) = (&limit.zh, &limit.en);
                say!("每个月在结束后 {zh}内封存", "each month is sealed within {en} of its end")
            }
            Form::Sealed(Seal::Unaltered) => {
                say!("已封存的记录没有一条被改动或删除", "no sealed record is changed or gone")
            }
            Form::Sealed(Seal::Late) => say!(
                "已封存的月份没有后来补入、又未经补记说明的记录",
                "no record of a sealed month came later without an amendment that names it"
            ),
        }
    }

    /// Which records it is about; none where it is about all of its kind.
    pub fn about(&self) -> Option<Said> {
        (!self.rule.filter.0.is_empty()).then(|| self.filter(&self.rule.filter))
    }

    /// The parameters that it uses.
    pub fn params(&self, lang: Lang) -> Vec<ParamView> {
        let amount = |amount: &Amount| amount.param;
        let used: Vec<usize> = match &self.rule.form {
            Form::Present { min_chars, .. } => min_chars.iter().map(|(_, param)| *param).collect(),
            Form::Within(Within { limit: Limit::One(limit), .. }) | Form::Follows { limit, .. } => {
                amount(limit).into_iter().collect()
            }
            Form::Within(Within { limit: Limit::By { cases, .. }, .. }) => {
                cases.iter().filter_map(|(_, limit)| amount(limit)).collect()
            }
            Form::Target { param, .. } | Form::Includes(Includes::SectionsOf { param, .. }) => vec![*param],
            Form::Closes(closes) => amount(&closes.limit).into_iter().collect(),
            Form::Sealed(Seal::Sealed(limit)) => amount(limit).into_iter().collect(),
            _ => Vec::new(),
        };
        used.into_iter().map(|at| self.param(&self.standard.params[at], lang)).collect()
    }

    fn param(&self, param: &Param, lang: Lang) -> ParamView {
        let (default, dated) = param.history();
        let built_in = setting(default);
        let mut history = vec![say!("内置值 {built_in}", "built in: {built_in}")];
        history.extend(dated.iter().map(|(from, value)| {
            let value = setting(value);
            match from {
                None => say!("本单位设为 {value}", "set here to {value}"),
                Some(day) => say!("{day} 起为 {value}", "{value} from {day}"),
            }
        }));
        ParamView {
            name: param.name.clone(),
            text: param.text.to(lang).to_owned(),
            value: setting(param.on(self.today)),
            history: history.iter().map(|said| said.to(lang).to_owned()).collect(),
        }
    }

    fn cadence(&self, every: Grain, at: Option<usize>) -> Said {
        let kind = self.kind.map_or_else(Said::default, |k| k.title.clone());
        let per_system = self.kind.is_some_and(Kind::per_system);
        let (whom_zh, whom_en) = if per_system {
            ("每个在用系统", "each system in service has")
        } else {
            ("全单位", "the organisation has")
        };
        let (period_zh, period_en) = match every {
            Grain::Shift => ("每天的每个值守班次", "every shift of every day"),
            Grain::Every(unit) => every_unit(unit),
        };
        let by = at.map(|field| self.name(field)).map_or_else(Said::default, |by| {
            let (zh, en) = (&by.zh, &by.en);
            say!("，按{zh}计", ", by {en}")
        });
        let (zh, en) = (&kind.zh, &kind.en);
        let (by_zh, by_en) = (&by.zh, &by.en);
        say!(
            "{whom_zh}{period_zh}至少有一条“{zh}”{by_zh}",
            "{whom_en} at least one record of “{en}” in {period_en}{by_en}"
        )
    }

    fn present(&self, fields: &[usize], min_chars: &[(usize, usize)], not_zero: &[usize], must: &Where) -> Said {
        let mut parts = Vec::new();
        if !fields.is_empty() {
            let names = self.names(fields, &say!("、", ", "));
            let (zh, en) = (&names.zh, &names.en);
            parts.push(say!("填有{zh}", "{en} are filled in"));
        }
        for (field, param) in min_chars {
            let (name, least) = (self.name(*field), setting(self.standard.params[*param].on(self.today)));
            let (zh, en) = (&name.zh, &name.en);
            parts.push(say!("{zh}不少于 {least} 个字", "{en} has at least {least} characters"));
        }
        if !not_zero.is_empty() {
            let names = self.names(not_zero, &say!("、", ", "));
            let (zh, en) = (&names.zh, &names.en);
            parts.push(say!("{zh}不为 0", "{en} is not 0"));
        }
        if !must.0.is_empty() {
            parts.push(self.filter(must));
        }
        join(&parts, "，", ", and ")
    }

    fn within(&self, within: &Within) -> Said {
        let from = self.name(within.from);
        let limit = match &within.limit {
            Limit::One(amount) => self.amount(amount),
            Limit::By { field, cases } => {
                let choices = self.kind.map_or(&[][..], |k| k.choices(*field));
                let case = |(code, amount): &(u8, Amount)| {
                    let name = choices.get(usize::from(*code)).map(|c| c.title.clone()).unwrap_or_default();
                    both(&name, &self.amount(amount), |a, b| format!("{a} {b}"), |a, b| format!("{b} ({a})"))
                };
                join(&cases.iter().map(case).collect::<Vec<_>>(), "、", ", ")
            }
            Limit::Field(field) => {
                let name = self.name(*field);
                let (zh, en) = (&name.zh, &name.en);
                say!("{zh}所定的期限", "what {en} says")
            }
        };
        let mut parts = vec![match within.to {
            Some(to) => {
                let to = self.name(to);
                let (a, b, n) = (&to, &from, &limit);
                Said::new(
                    format!("{}不晚于{}之后 {}", a.zh, b.zh, n.zh),
                    format!("{} is at most {} after {}", a.en, n.en, b.en),
                )
            }
            None => both(
                &from,
                &limit,
                |a, n| format!("{a}加上{n}，不早于基准时刻"),
                |a, n| format!("{a} plus {n} is not before the as-of time"),
            ),
        }];
        if !within.to_where.0.is_empty() {
            let only = self.filter(&within.to_where);
            let (zh, en) = (&only.zh, &only.en);
            parts.push(say!("{zh}的才算数", "which counts only where {en}"));
        }
        if !within.sum_positive.is_empty() {
            let sum = self.names(&within.sum_positive, &say!("与", " + "));
            let (zh, en) = (&sum.zh, &sum.en);
            parts.push(say!("{zh}之和为 0 的不问", "records where {en} is 0 are not asked"));
        }
        join(&parts, "；", "; ")
    }

    fn order(&self, times: &[usize], present: &[usize]) -> Said {
        let mut parts = Vec::new();
        if times.is_empty() {
            parts.push(say!("每条记录的各个时间不颠倒", "the times of each record are in their natural order"));
        } else {
            let names = self.names(times, &say!("不晚于", " is not after "));
            parts.push(names);
        }
        if !present.is_empty() {
            let names = self.names(present, &say!("、", ", "));
            let (zh, en) = (&names.zh, &names.en);
            parts.push(say!("填有{zh}", "{en} are filled in"));
        }
        join(&parts, "，", ", and ")
    }

    fn priority(&self, priority: &Priority) -> Said {
        let (high, low) = (self.filter(&priority.high), self.filter(&priority.low));
        let served = self.name(priority.served);
        let mut said = Said::new(
            format!("{}的记录尚在等待时，同一系统没有{}的记录先行处理（以{}为准）", high.zh, low.zh, served.zh),
            format!(
                "no record where {} is served (by {}) while one of the same system where {} waits",
                low.en, served.en, high.en
            ),
        );
        if !priority.exempt.0.is_empty() {
            let exempt = self.filter(&priority.exempt);
            said = both(
                &said,
                &exempt,
                |a, b| format!("{a}；{b}的不算"),
                |a, b| format!("{a}; those where {b} do not count"),
            );
        }
        said
    }

    fn includes(&self, includes: &Includes) -> Said {
        match includes {
            Includes::Roles { field, roles } => {
                let name = self.name(*field);
                let zh: Vec<&str> = roles.iter().map(|(name, words)| words.first().unwrap_or(name).as_str()).collect();
                let en: Vec<&str> = roles.iter().map(|(name, _)| name.as_str()).collect();
                Said::new(
                    format!("{}包括这些角色：{}", name.zh, zh.join("、")),
                    format!("{} includes the roles {}", name.en, en.join(", ")),
                )
            }
            Includes::Sections { groups, .. } => {
                let words: Vec<String> = groups.iter().map(|group| group.join("/")).collect();
                let (zh, en) = (words.join("、"), words.join(", "));
                say!("正文有这些章节：{zh}", "the text has the sections {en}")
            }
            Includes::SectionsOf { param, .. } => {
                let words = setting(self.standard.params[*param].on(self.today));
                say!("正文有这些章节：{words}", "the text has the sections {words}")
            }
        }
    }

    fn closes(&self, closes: &Closes) -> Said {
        let kind = self.kind.map_or_else(Said::default, |k| k.title.clone());
        let (period_zh, period_en) = every_unit(closes.every);
        let (names, limit) = (self.name(closes.names), self.amount(&closes.limit));
        let (from_zh, from_en) = if closes.from_end { ("期末", "its end") } else { ("期初", "its first day") };
        Said::new(
            format!(
                "{period_zh}都有一条“{}”在{}中指明，时间自{from_zh}起、不晚于期末后 {}",
                kind.zh, names.zh, limit.zh
            ),
            format!(
                "{period_en} is named by a record of “{}” ({}), from {from_en} until {} after its end",
                kind.en, names.en, limit.en
            ),
        )
    }

    /// `14 天（patch_days）`.
    fn amount(&self, amount: &Amount) -> Said {
        let (number, unit) = (self.standard.amount(amount, self.today), amount.unit.said());
        Said::new(format!("{number} {}", unit.zh), format!("{number} {}", unit.en))
    }

    /// A conjunction in words.
    fn filter(&self, filter: &Where) -> Said {
        let tests: Vec<Said> = filter
            .0
            .iter()
            .map(|test| {
                let wants: Vec<Said> = test.any.iter().map(|want| self.want(test.field, want)).collect();
                let wants = join(&wants, "或", " or ");
                both(&self.name(test.field), &wants, |a, b| format!("{a}{b}"), |a, b| format!("{a} {b}"))
            })
            .collect();
        join(&tests, "且", " and ")
    }

    fn want(&self, field: usize, want: &Want) -> Said {
        match want {
            Want::Absent => say!("未填", "is absent"),
            Want::Present => say!("已填", "is filled in"),
            Want::Bool(true) => say!("为“是”", "is yes"),
            Want::Bool(false) => say!("为“否”", "is no"),
            Want::Text(text) => say!("为“{text}”", "is “{text}”"),
            Want::Choice(code) => {
                let choices = self.kind.map_or(&[][..], |k| k.choices(field));
                let title = choices.get(usize::from(*code)).map(|c| c.title.clone()).unwrap_or_default();
                let (zh, en) = (&title.zh, &title.en);
                say!("为“{zh}”", "is “{en}”")
            }
        }
    }

    fn name(&self, field: usize) -> Said {
        self.kind.map_or_else(Said::default, |kind| title(kind, field))
    }

    fn names(&self, fields: &[usize], comma: &Said) -> Said {
        join(&fields.iter().map(|&f| self.name(f)).collect::<Vec<_>>(), &comma.zh, &comma.en)
    }
}

/// The title of a field, in quotes.
fn title(kind: &Kind, field: usize) -> Said {
    let title = &kind.fields[field].title;
    let (zh, en) = (&title.zh, &title.en);
    say!("“{zh}”", "“{en}”")
}

fn every_unit(unit: Unit) -> (&'static str, &'static str) {
    match unit {
        Unit::Day => ("每天", "every day"),
        Unit::Week => ("每周", "every week"),
        Unit::Month => ("每月", "every month"),
        Unit::Quarter => ("每季度", "every quarter"),
        Unit::Half => ("每半年", "every half-year"),
        Unit::Year => ("每年", "every year"),
    }
}

/// A parameter's value as it is written.
fn setting(setting: &Setting) -> String {
    match setting {
        Setting::Number(n) => n.to_string(),
        Setting::Texts(texts) if texts.is_empty() => "[]".to_owned(),
        Setting::Texts(texts) => texts.join("、"),
    }
}

fn both(a: &Said, b: &Said, zh: impl Fn(&str, &str) -> String, en: impl Fn(&str, &str) -> String) -> Said {
    Said { zh: zh(&a.zh, &b.zh), en: en(&a.en, &b.en) }
}

fn join(parts: &[Said], zh: &str, en: &str) -> Said {
    let of = |lang: Lang, comma: &str| parts.iter().map(|p| p.to(lang)).collect::<Vec<_>>().join(comma);
    Said { zh: of(Lang::Zh, zh), en: of(Lang::En, en) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::fixture::with;

    #[test]
    fn every_rule_says_what_it_asks() {
        with(Vec::new(), "2026-01-31", |book, v| {
            for rule in &book.standard.rules {
                let ask = Ask::of(book.standard, rule, v.today());
                let said = [ask.said(), ask.about().unwrap_or_else(|| say!("-", "-"))];
                for text in said.iter().flat_map(|s| [&s.zh, &s.en]) {
                    assert!(!text.is_empty() && !text.contains(['{', '}']), "{}: {text}", rule.id);
                    assert!(!text.contains("“”"), "{}: a name is missing in {text}", rule.id);
                }
            }
        });
    }

    #[test]
    fn forms_and_parameters_in_words() {
        with(Vec::new(), "2026-01-31", |book, v| {
            let ask = |id: &str| Ask::of(book.standard, book.standard.rule(id).unwrap(), v.today());
            let daily = ask("backup.daily").said();
            assert!(
                daily.zh.starts_with("每个在用系统每天至少有一条") && daily.en.ends_with("in every day"),
                "{daily:?}"
            );
            assert!(ask("backup.daily").about().is_some() && ask("shift.every").about().is_none());
            let response = ask("fault.response").said();
            assert!(response.zh.contains("15 分钟") && response.en.contains("30 minutes"), "{response:?}");
            let params = ask("fault.response").params(Lang::Zh);
            assert_eq!(
                params.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(),
                ["urgent_minutes", "important_minutes"]
            );
            assert_eq!(params[0].history, ["内置值 15"]);
        });
    }
}
