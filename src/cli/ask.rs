//! A record asked for field by field, on a terminal. Every answer is read at once as `check` would read it.

use std::io::{BufRead, Write};

use crate::entry::{self, Cells, Ground};
use crate::pipeline::Stop;
use crate::say::{Lang, Said};
use crate::standard::{Kind, Type};

use super::refused;

/// The fields in the order in which they are asked for: the id after what it is made of.
pub(super) fn in_order(kind: &Kind) -> Vec<usize> {
    let mut out: Vec<usize> = (0..kind.fields.len()).collect();
    out.sort_by_key(|at| (!matches!(kind.fields[*at].ty, Type::System) && *at != kind.at, *at));
    out
}

/// Asks for each field that has no value yet. An empty answer takes what is proposed, or leaves out what may be left out;
/// an answer that cannot be read is asked for again.
pub(super) fn ask(
    ground: &Ground<'_>,
    kind: usize,
    cells: &mut Cells,
    lang: Lang,
    from: &mut impl BufRead,
    to: &mut impl Write,
) -> Result<(), Stop> {
    let of = &ground.standard.kinds[kind];
    let (title, about) = (of.title.to(lang), of.about.to(lang));
    let how = Said::new(
        "回车：采用方括号中的值，或跳过选填项",
        "Enter takes what stands in brackets, or passes over what may be left out",
    );
    let _ = writeln!(to, "{title}\n{about}\n{}\n", how.to(lang));
    for field in in_order(of) {
        if cells[field].is_some() || of.fields[field].name == "corrects" {
            continue;
        }
        let proposed = entry::propose(ground, kind, field, cells);
        loop {
            let _ = write!(to, "{}", question(ground, of, field, proposed.as_deref(), lang));
            let _ = to.flush();
            let mut answer = String::new();
            if !matches!(from.read_line(&mut answer), Ok(n) if n > 0) {
                return Err(refused(Said::new(
                    "没有填完，没有写入",
                    "it was not filled in to the end; nothing was written",
                )));
            }
            let text = Some(answer.trim().to_owned()).filter(|text| !text.is_empty()).or_else(|| proposed.clone());
            let Some(text) = text else {
                if !of.fields[field].required {
                    break;
                }
                let _ = writeln!(to, "  ✗ {}", Said::new("必填", "it is required").to(lang));
                continue;
            };
            match entry::wrong(ground, kind, field, &text).map_err(Stop::Failure)? {
                None => {
                    cells[field] = Some(text);
                    break;
                }
                Some(finding) => {
                    let help = finding.help.map_or_else(String::new, |help| format!("\n    {}", help.to(lang)));
                    let _ = writeln!(to, "  ✗ {}{help}", finding.message.to(lang));
                }
            }
        }
    }
    Ok(())
}

/// `System (system) *` with what it takes and what is proposed.
fn question(ground: &Ground<'_>, of: &Kind, at: usize, proposed: Option<&str>, lang: Lang) -> String {
    let field = &of.fields[at];
    let star = if field.required { " *" } else { "" };
    let takes = match &field.ty {
        Type::Choice(_) => return asked(&entry::hint(field, lang), &field.name, star, proposed),
        Type::System => ground.config.systems.iter().map(|s| s.id.as_str()).collect::<Vec<_>>().join(", "),
        Type::Shift => ground.config.shifts.iter().map(|s| s.id.as_str()).collect::<Vec<_>>().join(", "),
        ty => example(ty).to_owned(),
    };
    let title = field.title.to(lang);
    let title = if takes.is_empty() { title.to_owned() } else { format!("{title}: {takes}") };
    asked(&title, &field.name, star, proposed)
}

fn asked(title: &str, name: &str, star: &str, proposed: Option<&str>) -> String {
    let proposed = proposed.map_or_else(String::new, |text| format!("[{text}] "));
    format!("{title}\n  {name}{star} {proposed}> ")
}

/// How a value of a type is written.
fn example(ty: &Type) -> &'static str {
    match ty {
        Type::Time => "2026-10-31 09:30",
        Type::Date => "2026-10-31",
        Type::Duration => "1h30m",
        Type::Integer { .. } => "12",
        Type::Decimal => "1.5",
        Type::Bytes => "1.5 GiB",
        Type::Percent => "99.5",
        Type::Bool => "yes/no, 是/否",
        Type::List => "a; b",
        Type::Interval => "6 months",
        Type::Id | Type::Text | Type::System | Type::Shift | Type::Choice(_) | Type::Ref(_) => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Instant;
    use crate::config::Config;
    use crate::load;
    use crate::source::Sources;
    use crate::standard::Standard;

    const CONFIG: &str = "[site]\ntitle = \"t\"\ntimezone = \"Asia/Shanghai\"\n\
        [[system]]\nid = \"oa\"\nname = \"办公系统\"\nin_service = 2026-09-01\n";

    /// What is asked, and the cells that come of the answers by their fields; none where they ran out.
    fn asked(kind: &str, answers: &str) -> (String, Option<Vec<(String, String)>>) {
        let config = Config::read(CONFIG.to_owned()).unwrap();
        let sources = Sources::of_memory([]);
        let standard = Standard::load(&sources, &config).unwrap();
        let as_of = Instant(1_793_462_400);
        let (ledger, loaded) = load::load(&sources, &standard, &config, as_of).unwrap();
        let (sources, loaded) = (&sources, &loaded);
        let ground = Ground { sources, config: &config, standard: &standard, ledger: &ledger, loaded, as_of };
        let kind = standard.kind(kind).unwrap();
        let fields = &standard.kinds[kind].fields;
        let (mut cells, mut out) = (vec![None; fields.len()], Vec::new());
        let done = ask(&ground, kind, &mut cells, Lang::En, &mut answers.as_bytes(), &mut out);
        let given = fields.iter().zip(cells).filter_map(|(field, cell)| Some((field.name.clone(), cell?)));
        (String::from_utf8(out).unwrap(), done.is_ok().then(|| given.collect()))
    }

    #[test]
    fn what_is_proposed_is_taken_and_what_is_wrong_is_asked_for_again() {
        let answers = "\n2026-10-31 01:00\n\nlater\n\n\nfull\n成功\n12 bananas\n1.5 GiB\n\n是\n\n\n\n\n";
        let (seen, cells) = asked("backup", answers);
        let expected = [
            ("id", "BACKUP-20261031-1"),
            ("system", "oa"),
            ("started_at", "2026-10-31 01:00"),
            ("type", "full"),
            ("result", "成功"),
            ("size", "1.5 GiB"),
            ("offsite", "是"),
        ];
        assert_eq!(cells.unwrap(), expected.map(|(name, text)| (name.to_owned(), text.to_owned())), "{seen}");
        for said in [
            "Type: full, incremental, differential",
            "system * [oa]",
            "✗ finished_at: \"later\" is no time",
            "✗ it is required",
            "✗ size: ",
        ] {
            assert!(seen.contains(said), "{said}\n{seen}");
        }
    }

    #[test]
    fn who_stops_in_the_middle_writes_nothing() {
        assert_eq!(asked("fault", "oa\n").1, None);
    }
}
