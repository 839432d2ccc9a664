//! The manual and the program agree: what a reference page lists is what there is.

use std::collections::BTreeSet;

use clap::CommandFactory as _;

use super::Cli;
use crate::config::Config;
use crate::finding::Finding;
use crate::measure::{about, names};
use crate::say::Lang;
use crate::source::Sources;
use crate::standard::{BUILTIN, Standard};

const CONFIG: [&str; 2] =
    [include_str!("../../content/manual/config.md"), include_str!("../../content/manual/config.en.md")];
const CLI: [&str; 2] = [include_str!("../../content/manual/cli.md"), include_str!("../../content/manual/cli.en.md")];
const RECORDS: [&str; 2] =
    [include_str!("../../content/manual/records.md"), include_str!("../../content/manual/records.en.md")];
const FIGURES: [&str; 2] =
    [include_str!("../../content/manual/figures.md"), include_str!("../../content/manual/figures.en.md")];
const STANDARD: &str = include_str!("../../content/manual/standard.md");

/// What stands in code marks at the start of the rows of the tables below a heading.
fn listed<'a>(page: &'a str, heading: &str) -> BTreeSet<&'a str> {
    let section = page.split("\n## ").find(|s| s.lines().next() == Some(heading)).unwrap_or_default();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| "));
    rows.filter_map(|row| row.split(" | ").next()).flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect()
}

/// The keys that the reader of the configuration takes in a table, told by what it offers instead of one that no table
/// has.
fn taken(table: &str) -> BTreeSet<String> {
    let text = format!("{table}\n\"~~~~~~~~~~~~\" = 1\n");
    let said = |f: &Finding| f.help.as_ref().filter(|_| f.message.en.contains("~~~~")).map(|h| h.en.clone());
    let found = Config::read(text).unwrap_err();
    let offered = found.iter().find_map(said).unwrap_or_default();
    offered.trim_start_matches("there are: ").split(", ").map(str::to_owned).collect()
}

#[test]
fn the_configuration_page_lists_every_key_and_no_other() {
    let tables = [
        ("site", "[site]"),
        ("standard", "[standard]"),
        ("system", "[[system]]"),
        ("shift", "[[shift]]"),
        ("records", "[records.backup]"),
        ("limits", "[limits]"),
        ("archive", "[archive]"),
        ("edit", "[edit]"),
    ];
    for page in CONFIG {
        for (heading, table) in tables {
            let keys = taken(table);
            assert!(!keys.is_empty(), "{heading}");
            let listed: BTreeSet<String> = listed(page, heading).into_iter().map(str::to_owned).collect();
            assert_eq!(listed, keys, "{heading}");
        }
        let headings: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        assert_eq!(headings, tables.map(|(heading, _)| heading));
    }
    let top: BTreeSet<String> = tables.iter().map(|(h, _)| h.split('.').next().unwrap_or(h).to_owned()).collect();
    assert_eq!(taken(""), top);
}

#[test]
fn the_command_page_lists_every_command_and_option_and_no_other() {
    let root = Cli::command();
    let options = |command: &clap::Command| -> BTreeSet<String> {
        let named = |arg: &clap::Arg| {
            arg.get_long().map(|long| format!("--{long}")).or_else(|| arg.get_short().map(|short| format!("-{short}")))
        };
        command.get_arguments().filter_map(named).collect()
    };
    for page in CLI {
        let commands: BTreeSet<&str> = page.lines().filter_map(|line| line.strip_prefix("## wellkept ")).collect();
        assert_eq!(commands, root.get_subcommands().map(clap::Command::get_name).collect());
        for command in root.get_subcommands() {
            let heading = format!("wellkept {}", command.get_name());
            assert_eq!(long(&listed(page, &heading)), options(command), "{heading}");
        }
        let common = page.split("\n## ").find(|s| s.contains("| `-C DIR` |")).and_then(|s| s.lines().next());
        let mut all = options(&root);
        all.extend(["--help".to_owned(), "--version".to_owned()]);
        assert_eq!(long(&listed(page, common.unwrap_or_default())), all);
        let format = root.get_arguments().find(|arg| arg.get_id() == "format").map(clap::Arg::get_possible_values);
        for value in format.unwrap_or_default() {
            assert!(page.contains(&format!("| `{}` |", value.get_name())), "{}", value.get_name());
        }
    }
}

/// The names of options as they stand in a table: without their values, and of two names the long one.
fn long(cells: &BTreeSet<&str>) -> BTreeSet<String> {
    let names: Vec<&str> =
        cells.iter().filter_map(|cell| cell.split(' ').next()).filter(|n| n.starts_with('-')).collect();
    names.into_iter().filter(|name| !matches!(*name, "-q" | "-h" | "-V")).map(str::to_owned).collect()
}

fn standard() -> Standard {
    let config = Config::read("[site]\ntitle = \"x\"\n[[system]]\nid = \"oa\"\nin_service = 2026-01-01\n".to_owned());
    Standard::load(&Sources::of_memory([]), &config.unwrap()).unwrap()
}

#[test]
fn the_page_of_records_lists_every_kind_with_its_required_fields() {
    let standard = standard();
    for page in RECORDS {
        for kind in standard.kinds.iter().filter(|kind| !kind.pages) {
            let row = page.lines().find(|line| line.starts_with(&format!("| `{}` |", kind.name)));
            let named: Vec<&str> = row.unwrap_or_default().split('`').skip(3).step_by(2).collect();
            let required: Vec<&str> = kind.fields.iter().filter(|f| f.required).map(|f| f.name.as_str()).collect();
            assert_eq!(named, required, "{}", kind.name);
        }
    }
}

#[test]
fn the_page_of_figures_lists_every_figure_with_what_the_program_says_of_it() {
    for (page, lang) in FIGURES.into_iter().zip([Lang::Zh, Lang::En]) {
        let rows: BTreeSet<&str> = page.lines().filter(|line| line.starts_with("| `")).collect();
        let known = names().filter_map(about);
        let said = known.map(|a| format!("| `{}` | {} | {} |", a.name, a.title(lang), a.how(lang)));
        let said: BTreeSet<String> = said.collect();
        assert_eq!(rows, said.iter().map(String::as_str).collect());
    }
}

#[test]
fn the_pages_that_say_which_standard_is_in_force_name_the_built_in_ones() {
    for page in CONFIG.into_iter().chain([STANDARD]) {
        assert!(BUILTIN.iter().all(|name| page.contains(&format!("`{name}`"))), "{BUILTIN:?}");
    }
}

#[test]
fn the_page_of_the_standard_lists_every_parameter_with_its_value() {
    for param in standard().params {
        let row = STANDARD.lines().find(|line| line.starts_with(&format!("| `{}` |", param.name)));
        let shown = match param.history().0 {
            crate::config::Setting::Number(n) => n.to_string(),
            crate::config::Setting::Texts(texts) if texts.is_empty() => "无".to_owned(),
            crate::config::Setting::Texts(texts) => texts.join("、"),
        };
        let text = &param.text.zh;
        assert_eq!(row, Some(format!("| `{}` | {text} | {shown} |", param.name).as_str()));
    }
}
