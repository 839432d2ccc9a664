//! cState: one Markdown file an incident. Planned work and incidents lie in one folder and look alike: `notice` is used
//! for either, and for news. What the severity or the word "maintenance" decides is taken so and said; what nothing
//! decides is refused, to be told by `--set planned=…`.

use std::sync::Arc;

use crate::finding::Finding;
use crate::front::{self, Field};
use crate::say;
use crate::say::Said;
use crate::source::Place;
use crate::value as read_value;

use super::reading::{Draft, Input, Scope, Told, slug, syntax, value};
use super::{How, Source};

/// cState.
pub static SOURCE: Source = Source {
    name: "cstate",
    kinds: &["fault", "outage"],
    about: (
        "content/issues/*.md：故障 → fault，计划内的维护 → outage",
        "content/issues/*.md: incidents → fault, planned work → outage",
    ),
    export: "git clone … status · content/issues/*.md",
    beside: &[],
    how: How::Code(read),
};

/// Words that say that work was planned.
const PLANNED: [&str; 8] = ["maintenance", "scheduled", "planned", "维护", "检修", "割接", "计划内", "计划停机"];
/// Words that stand for planned work as often as for what went wrong with it.
const EITHER: [&str; 6] = ["upgrade", "migration", "migrating", "moving", "升级", "迁移"];
/// What the newest message of something that is not over says.
const GOING_ON: [&str; 8] = [
    "just began",
    "just started",
    "has begun",
    "has just started",
    "is in progress",
    "is ongoing",
    "刚刚开始",
    "正在进行",
];

fn read(inputs: &[Input], told: &mut Told<'_>) {
    for input in inputs {
        if input.stem().starts_with('_') {
            told.note(input.place(), Said::new("以 _ 开头的文件不是事件", "a file that begins with _ is no incident"));
            continue;
        }
        let made = incident(input, told);
        told.take(made);
    }
}

/// An incident's file taken apart.
struct Incident<'t> {
    input: &'t Input,
    fields: Vec<Field>,
    body: &'t str,
}

impl Incident<'_> {
    fn field(&self, names: &[&str]) -> Option<&Field> {
        self.fields.iter().find(|f| names.iter().any(|name| f.key.eq_ignore_ascii_case(name)))
    }

    fn text(&self, names: &[&str]) -> &str {
        self.field(names).and_then(Field::text).unwrap_or_default().trim()
    }

    /// The place of a field, else of the file's first line.
    fn place(&self, name: &str) -> Place {
        let found = self.field(&[name]).map(|f| f.key_place.line);
        Place::line(Arc::clone(&self.input.name), found.unwrap_or(1))
    }

    fn is(&self, name: &str) -> bool {
        read_value::bool(self.text(&[name]).as_bytes()) == Ok(true)
    }

    /// Whether the title or the name of the file has one of these words.
    fn has(&self, words: &[&str]) -> bool {
        let words_of = |text: &str| text.to_lowercase().replace("unplanned", "").replace("unscheduled", "");
        let text = format!("{} {}", words_of(self.text(&["title"])), words_of(self.input.stem()));
        words.iter().any(|word| text.contains(word))
    }
}

fn incident(input: &Input, told: &mut Told<'_>) -> Result<Draft, Finding> {
    let text = input.text()?;
    let (fields, body, mut wrong) = front::read(&input.name, text, front::LIMIT);
    if !wrong.is_empty() {
        let first = wrong.swap_remove(0);
        let mut finding = syntax(first.place.unwrap_or_else(|| input.place()), first.message);
        finding.help = first.help;
        return Err(finding);
    }
    let incident = Incident { input, fields, body: text[body..].trim() };
    if incident.text(&["date"]).is_empty() || incident.text(&["title"]).is_empty() {
        let why = Said::new("没有 title 和 date：这不是一个事件", "no title and date: this is no incident");
        return Err(value(incident.place("date"), why));
    }
    if planned(&incident, told)? { work(&incident, told) } else { fault(&incident, told) }
}

/// Whether the work was planned.
fn planned(incident: &Incident<'_>, told: &Told<'_>) -> Result<bool, Finding> {
    if let Some(said) = told.ground.said("planned") {
        return read_value::bool(said.as_bytes()).map_err(|wrong| value(incident.place("title"), wrong.why));
    }
    let ask = |why: Said| {
        Err(value(incident.place("severity"), why).help(Said::new(
            "单独导入这个文件，并加 --set planned=true（停机记录）或 --set planned=false（故障）",
            "import this file by itself with --set planned=true (an outage) or --set planned=false (a fault)",
        )))
    };
    let severity = incident.text(&["severity"]).to_lowercase();
    if incident.is("informational") {
        return ask(Said::new(
            "标明只是消息（informational），不是事件",
            "it says of itself that it is news (informational) and no incident",
        ));
    }
    if severity == "maintenance" || incident.has(&PLANNED) {
        return Ok(true);
    }
    if severity == "notice" {
        return ask(Said::new(
            "notice 可能是计划内的维护、故障，也可能只是消息",
            "a notice may be planned work, an incident, or only news",
        ));
    }
    if incident.has(&EITHER) {
        return ask(Said::new(
            "从标题看不出这是计划内的工作，还是它引起的故障",
            "the title does not tell whether this is planned work or what went wrong with it",
        ));
    }
    Ok(false)
}

fn start(incident: &Incident<'_>, kind: &str, field: &str, told: &mut Told<'_>) -> Result<Draft, Finding> {
    let place = incident.place("date");
    let at = told.time(incident.text(&["date"]), &place)?;
    let names = incident.field(&["affected", "affectedsystems", "affectedsytems"]);
    let names: Vec<&str> = names.map(Field::texts).unwrap_or_default();
    Ok(Draft::new(kind, slug([incident.input.stem()]), place)
        .scope(Scope::Each)
        .named(names)
        .may(field, at.map(|at| told.ground.stamp(at)))
        .set("summary", incident.text(&["title"])))
}

/// Planned work. Before it is over its end is a plan.
fn work(incident: &Incident<'_>, told: &mut Told<'_>) -> Result<Draft, Finding> {
    let newest = incident.body.split("\n\n").next().unwrap_or_default().to_lowercase();
    let place = incident.place("resolved");
    if !incident.is("resolved") {
        let why = Said::new("计划内的工作还没有结束", "the planned work is not over yet");
        return Err(value(place, why).help(Said::new("结束之后再导入", "import it when it is over")));
    }
    if let Some(said) = GOING_ON.iter().find(|said| newest.contains(**said)) {
        let why = say!(
            "resolved 是 true，而正文说“{said}”：结束时间可能只是计划",
            "it is marked resolved while its text says \"{said}\": its end may only be the planned one"
        );
        return Err(value(place, why).help(Said::new(
            "请核对实际结束时间，并把正文改成结束后的说明",
            "check when it really ended, and let the text say that it did",
        )));
    }
    let end = told.time(incident.text(&["resolvedWhen"]), &incident.place("resolvedWhen"))?;
    let draft = start(incident, "outage", "started_at", told)?;
    told.note(
        draft.place.clone(),
        Said::new("按计划内的维护记为停机记录", "recorded as an outage, because it was planned maintenance"),
    );
    Ok(draft.may("ended_at", end.map(|at| told.ground.stamp(at))).set("planned", "true"))
}

fn fault(incident: &Incident<'_>, told: &mut Told<'_>) -> Result<Draft, Finding> {
    let (resolved, place) = (incident.is("resolved"), incident.place("resolvedWhen"));
    let end = told.time(incident.text(&["resolvedWhen"]), &place)?;
    let draft = start(incident, "fault", "reported_at", told)?;
    let unsaid = (resolved && end.is_none()).then(|| Said::new("已解决，时间未记载", "resolved; when is not said"));
    if !resolved && end.is_some() {
        let said = Said::new(
            "尚未解决却有 resolvedWhen：那是计划，未导入",
            "it is not resolved and has a resolvedWhen: that is a plan and was left out",
        );
        told.note(place, said);
    }
    let severity = incident.text(&["severity"]);
    let grade = grade(severity);
    if grade.is_none() && !matches!(severity.to_lowercase().as_str(), "" | "ok" | "monitoring") {
        let shown = read_value::shown(severity.as_bytes());
        let said = say!(
            "不认识的 severity“{shown}”，等级留空",
            "the severity \"{shown}\" is none of cState's; the grade is left open"
        );
        told.note(incident.place("severity"), said);
    }
    Ok(draft
        .may("grade", grade)
        .may("resolved_at", end.filter(|_| resolved).map(|at| told.ground.stamp(at)))
        .may("description", (!incident.body.is_empty()).then_some(incident.body))
        .note(unsaid))
}

/// cState's three severities, the worst first.
fn grade(severity: &str) -> Option<&'static str> {
    match severity.to_lowercase().as_str() {
        "down" => Some("urgent"),
        "disrupted" => Some("important"),
        "notice" => Some("general"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::testing::{cell, drafts, notes, read_set, refusals};

    fn file(title: &str, severity: &str, more: &str, body: &str) -> String {
        format!(
            "---\ntitle: {title}\ndate: 2026-10-05T9:06:14+08:00\n# severities: down, disrupted, notice\n\
             severity: {severity}\naffected:\n  - web-01\n  - MX-01\nsection: issue\n{more}\n---\n\n{body}\n"
        )
    }

    const OVER: &str = "resolved: true\nresolvedWhen: 2026-10-05 12:41:00 +0800";

    fn one(title: &str, severity: &str, more: &str, body: &str) -> Draft {
        drafts("cstate", &[("issues/2026-10-05-x.md", &file(title, severity, more, body))]).remove(0)
    }

    fn why(title: &str, severity: &str, more: &str, body: &str) -> String {
        refusals("cstate", &[("x.md", &file(title, severity, more, body))]).remove(0)
    }

    #[test]
    fn an_incident_is_a_fault() {
        let found = one("网站打不开", "down", OVER, "正文\n第二行");
        assert_eq!((found.kind.as_str(), found.tail.as_str(), found.scope), ("fault", "2026-10-05-x", Scope::Each));
        assert_eq!(cell(&found, "reported_at"), "2026-10-05T09:06:14+08:00");
        assert_eq!(cell(&found, "resolved_at"), "2026-10-05T12:41:00+08:00");
        assert_eq!((cell(&found, "grade"), cell(&found, "description")), ("urgent", "正文\n第二行"));
        assert_eq!(found.names, ["web-01", "MX-01"]);
        assert_eq!(cell(&one("x", "Disrupted", OVER, ""), "grade"), "important");
    }

    #[test]
    fn a_fault_that_is_not_resolved_has_no_end() {
        let open = "resolved: false\nresolvedWhen: 2026-10-05 12:41:00";
        assert_eq!(cell(&one("x", "down", open, ""), "resolved_at"), "");
        assert!(
            notes("cstate", &[("x.md", &file("x", "down", open, ""))]).iter().any(|n| n.contains("that is a plan"))
        );
        let untold = one("x", "down", "resolved: \"True\"", "");
        assert!(untold.notes[0].en.contains("when is not said"));
    }

    #[test]
    fn planned_work_is_an_outage_once_it_is_over() {
        let found = one("Maintenance of the wiki", "notice", OVER, "done");
        assert_eq!((found.kind.as_str(), cell(&found, "planned")), ("outage", "true"));
        assert_eq!(cell(&found, "ended_at"), "2026-10-05T12:41:00+08:00");
        assert_eq!(one("系统维护", "down", OVER, "").kind, "outage");
        assert!(why("Maintenance", "notice", "resolved: false", "").contains("not over"));
        assert!(why("Maintenance", "notice", OVER, "*Just began* - we shut down").contains("planned one"));
        let newest = "The maintenance is finished.\n\nThe work is in progress.";
        assert_eq!(one("Maintenance", "down", OVER, newest).kind, "outage");
    }

    #[test]
    fn what_may_be_either_is_asked_for() {
        assert!(why("Outage of August", "notice", OVER, "").contains("may be planned work"));
        assert!(why("Jira upgrade", "disrupted", OVER, "").contains("does not tell"));
        assert!(why("News", "down", "informational: true", "").contains("news"));
        assert_eq!(one("Unplanned restart", "down", OVER, "").kind, "fault");
        let text = file("Outage of August", "notice", OVER, "");
        for (planned, kind) in [("true", "outage"), ("否", "fault")] {
            assert_eq!(read_set("cstate", &[("x.md", &text)], &[("planned", planned)])[0].kind, kind);
        }
    }

    #[test]
    fn misspelt_severities_and_files_that_are_none() {
        let text = file("x", "dissrupted", OVER, "");
        assert_eq!(cell(&drafts("cstate", &[("x.md", &text)])[0], "grade"), "");
        assert!(notes("cstate", &[("x.md", &text)]).iter().any(|n| n.contains("dissrupted")));
        assert!(drafts("cstate", &[("a/_index.md", "---\ntitle: x\n---\n")]).is_empty());
        assert!(refusals("cstate", &[("README.md", "# How to\n")])[0].contains("no incident"));
        assert!(refusals("cstate", &[("x.md", "---\ntitle: x\n")])[0].contains("never closed"));
        let toml = "+++\ntitle = \"t\"\ndate = 2026-10-05T03:00:00Z\nresolved = false\nseverity = \"down\"\n+++\nx\n";
        assert_eq!(cell(&drafts("cstate", &[("x.md", toml)])[0], "reported_at"), "2026-10-05T11:00:00+08:00");
    }
}
