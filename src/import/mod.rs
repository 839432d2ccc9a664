//! Other tools' exports into records: one file a source.
//!
//! A source reads its files and answers drafts: what they say, and what they refuse (`reading`). What becomes of a
//! draft — which system it is about, whether it is there already, in which file it stands — is the same for all of
//! them (`plan`). Nothing here touches the disk; the caller reads the files and writes the plan.

use crate::doc::offer;
use crate::finding::Finding;
use crate::near::nearest;
use crate::say;
use crate::say::Said;
use crate::source::{Encoding, Failure};

mod apt;
mod borg;
mod cstate;
mod dpkg;
mod grype;
pub mod mapping;
mod nagios;
mod openvas;
mod pgbackrest;
pub mod plan;
mod prometheus;
mod reading;
mod restic;
mod sarif;
mod trivy;
mod upptime;

#[cfg(test)]
mod end_to_end;
#[cfg(test)]
mod testing;

use mapping::Mapping;
pub use reading::{Draft, Ground, Input, LIMIT, Told};

/// A tool whose exports are read.
pub struct Source {
    /// Its name on the command line; ids and files begin with it.
    pub name: &'static str,
    /// The kinds of record that come of it.
    pub kinds: &'static [&'static str],
    /// What is read, in Chinese and in English.
    pub about: (&'static str, &'static str),
    /// The command that makes the export.
    pub export: &'static str,
    /// Endings of files that lie beside an export and tell how the run ended.
    pub beside: &'static [&'static str],
    /// How it is read.
    how: How,
}

/// How a source is read.
enum How {
    /// By code of its own.
    Code(fn(&[Input], &mut Told<'_>)),
    /// By a mapping of columns, in TOML.
    Mapping(&'static str),
}

/// Every source, in the order of the list.
pub static SOURCES: [&Source; 16] = [
    &restic::SOURCE,
    &borg::SOURCE,
    &pgbackrest::SOURCE,
    &apt::SOURCE,
    &dpkg::SOURCE,
    &cstate::SOURCE,
    &upptime::SOURCE,
    &prometheus::SOURCE,
    &nagios::SOURCE,
    &trivy::SOURCE,
    &grype::SOURCE,
    &sarif::SOURCE,
    &openvas::SOURCE,
    &mapping::SERVICENOW,
    &mapping::JIRA,
    &mapping::GLPI,
];

/// What was asked for: a tool that is known, or a mapping.
pub enum Chosen {
    /// A tool with code of its own.
    Code(&'static Source, fn(&[Input], &mut Told<'_>)),
    /// A mapping: one of ours, or the user's.
    Mapping(Box<Mapping>),
}

impl Chosen {
    /// The source of a name.
    pub fn named(name: &str) -> Result<Self, Vec<Finding>> {
        let Some(source) = SOURCES.iter().find(|s| s.name == name) else {
            return Err(vec![unknown(name)]);
        };
        match source.how {
            How::Code(read) => Ok(Self::Code(source, read)),
            How::Mapping(text) => {
                let file = format!("{name}.toml");
                Mapping::read(&file, text.to_owned()).map(|m| Self::Mapping(Box::new(m)))
            }
        }
    }

    /// A mapping of the user's own.
    pub fn mapping(file: &str, text: String) -> Result<Self, Vec<Finding>> {
        Mapping::read(file, text).map(|m| Self::Mapping(Box::new(m)))
    }

    /// What begins ids and file names.
    pub fn name(&self) -> &str {
        match self {
            Self::Code(source, _) => source.name,
            Self::Mapping(mapping) => &mapping.name,
        }
    }

    /// The kinds of record that come of it.
    pub fn kinds(&self) -> Vec<&str> {
        match self {
            Self::Code(source, _) => source.kinds.to_vec(),
            Self::Mapping(mapping) => vec![&mapping.kind],
        }
    }

    /// Endings of files that lie beside an export.
    pub fn beside(&self) -> &'static [&'static str] {
        match self {
            Self::Code(source, _) => source.beside,
            Self::Mapping(_) => &[],
        }
    }

    /// Holds a mapping against a standard: its kind and its fields must be there.
    pub fn fits(&self, standard: &crate::standard::Standard) -> Result<(), Vec<Finding>> {
        match self {
            Self::Code(..) => Ok(()),
            Self::Mapping(mapping) => mapping.fits(standard),
        }
    }

    /// Reads the files that were given.
    pub fn read<'g>(&self, given: Vec<Input>, ground: Ground<'g>) -> Told<'g> {
        let mut told = Told::new(ground);
        for input in given.iter().filter(|input| input.encoding != Encoding::Utf8) {
            let name = input.encoding.name();
            told.note(input.place(), say!("按 {name} 编码读取", "read as {name}"));
        }
        let inputs = Input::gather(given, self.beside());
        match self {
            Self::Code(_, read) => read(&inputs, &mut told),
            Self::Mapping(mapping) => mapping.take(&inputs, &mut told),
        }
        told.close();
        told
    }
}

/// The mapping of a source that is one, to be copied and changed.
pub fn mapping_text(name: &str) -> Option<&'static str> {
    SOURCES.iter().find(|s| s.name == name).and_then(|s| match s.how {
        How::Mapping(text) => Some(text),
        How::Code(_) => None,
    })
}

/// Reads each file by itself: what is wrong with one is told, and keeps none of the others back.
fn each(inputs: &[Input], told: &mut Told<'_>, one: impl Fn(&Input, &mut Told<'_>) -> Result<(), Finding>) {
    for input in inputs {
        if let Err(finding) = one(input, told) {
            told.findings.push(finding);
        }
    }
}

fn unknown(name: &str) -> Finding {
    let shown = crate::value::shown(name.as_bytes());
    let why = say!("没有名为“{shown}”的来源", "there is no source \"{shown}\"");
    let names: Vec<&str> = SOURCES.iter().map(|s| s.name).collect();
    let help = match nearest(name, names.iter().copied()) {
        Some(_) => offer(name, &names),
        None => Said::new(
            "见下面的列表；也可以给出自己的映射文件，例如 my-tickets.toml",
            "see the list below; a mapping of your own may be given too, such as my-tickets.toml",
        ),
    };
    Finding::new("import.source", crate::finding::Severity::Error, why).help(help)
}

/// One line for each source: name, kinds, what is read.
pub fn list(lang: crate::say::Lang) -> String {
    use std::fmt::Write as _;
    let mut out = String::new();
    for source in SOURCES {
        let about = Said::new(source.about.0, source.about.1);
        let _ = writeln!(out, "  {:12} → {:14} {}", source.name, source.kinds.join(", "), about.to(lang));
    }
    out
}

/// What a source reads and how its export is made.
pub fn tell(chosen: &Chosen, lang: crate::say::Lang) -> String {
    let Some(source) = SOURCES.iter().find(|s| s.name == chosen.name()) else { return String::new() };
    let about = Said::new(source.about.0, source.about.1);
    let (name, kinds, about, export) = (source.name, source.kinds.join(", "), about.to(lang), source.export);
    let said = say!(
        "{name} → {kinds}\n  {about}\n  导出：{export}\n  导入：wellkept import {name} FILE…\n",
        "{name} → {kinds}\n  {about}\n  export: {export}\n  import: wellkept import {name} FILE…\n"
    );
    said.to(lang).to_owned()
}

/// Reads a `--set FIELD=VALUE`; the field must be one of these kinds'.
pub fn setting(
    written: &str,
    kinds: &[&str],
    standard: &crate::standard::Standard,
) -> Result<(String, String), Failure> {
    let Some((field, value)) = written.split_once('=') else {
        return Err(Failure(say!(
            "--set 应写成 字段=值，例如 --set offsite=true，而不是 {written}",
            "--set takes FIELD=VALUE, such as --set offsite=true, and not {written}"
        )));
    };
    if field == "system" {
        return Err(Failure(say!("系统请用 --system 指定", "name the system with --system")));
    }
    let kinds = standard.kinds.iter().filter(|kind| kinds.contains(&kind.name.as_str()));
    let fields: Vec<&str> = kinds.flat_map(|kind| kind.fields.iter().map(|f| f.name.as_str())).collect();
    if fields.contains(&field) {
        return Ok((field.to_owned(), value.to_owned()));
    }
    let help = offer(field, &fields);
    let (zh, en) = (&help.zh, &help.en);
    Err(Failure(say!("--set：没有字段 {field}；{zh}", "--set: there is no field {field}; {en}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::say::Lang;

    #[test]
    fn the_list_is_what_lies_on_the_disk() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/import");
        let stems = |path: String, ending: &str| -> Vec<String> {
            let names = std::fs::read_dir(path).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
            let mut stems: Vec<String> = names.filter_map(|n| n.strip_suffix(ending).map(str::to_owned)).collect();
            stems.sort();
            stems
        };
        let shared = ["end_to_end", "mapping", "mod", "testing"];
        let mut on_disk: Vec<String> = stems(folder.to_owned(), ".rs");
        on_disk.retain(|stem| !shared.contains(&stem.as_str()));
        let mut listed: Vec<&str> = SOURCES.iter().filter(|s| matches!(s.how, How::Code(_))).map(|s| s.name).collect();
        listed.sort_unstable();
        assert_eq!(on_disk, listed);
        let mut mapped: Vec<&str> =
            SOURCES.iter().filter(|s| matches!(s.how, How::Mapping(_))).map(|s| s.name).collect();
        mapped.sort_unstable();
        assert_eq!(stems(format!("{folder}/mappings"), ".toml"), mapped);
    }

    #[test]
    fn every_source_is_in_the_list_and_in_the_manual() {
        let manual = include_str!("../../content/manual/import.md");
        let english = include_str!("../../content/manual/import.en.md");
        for source in SOURCES {
            for lang in Lang::ALL {
                assert!(list(lang).contains(source.name), "{}", source.name);
            }
            for text in [manual, english] {
                let command = format!("wellkept import {} ", source.name);
                assert!(text.contains(&command), "the manual does not tell {command}");
            }
        }
    }

    #[test]
    fn a_slip_is_told_the_nearest_name() {
        let why = |name: &str| Chosen::named(name).err().unwrap().remove(0).help.unwrap().en.clone();
        assert_eq!(why("resitc"), "did you mean restic?");
        assert!(why("zzz").contains("list below"));
    }
}
