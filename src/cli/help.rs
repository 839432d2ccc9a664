//! `--help` in both languages. English is written where an option is declared; the Chinese stands in `help.zh-CN.toml`,
//! by command and argument, and a test holds the two lists against each other.

use std::collections::BTreeMap;

use clap::{Arg, ArgAction, Command, CommandFactory as _};

use crate::say::Lang;
use crate::world::terminal;

use super::Cli;

const CHINESE: &str = include_str!("help.zh-CN.toml");

/// The program itself, and what all commands take.
const ROOT: &str = "wellkept";

/// How a page of help is laid out; clap's own layout has English headings.
const LAYOUT: &str = "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}";

/// No line of help is longer, however broad the terminal is.
const COLUMNS: usize = 80;

/// Texts of a command: `about`, `after`, and one for each argument.
type Texts = BTreeMap<String, String>;

/// The language of help: that of `--lang`, else that of the locale where it is one of ours, else English, which clap's
/// own words are in.
pub(super) fn language(args: &[String]) -> Lang {
    let after = args.iter().position(|arg| arg == "--lang").and_then(|at| args.get(at + 1)).map(String::as_str);
    let said = after.or_else(|| args.iter().find_map(|arg| arg.strip_prefix("--lang=")));
    said.and_then(Lang::of_tag).or_else(terminal::language).unwrap_or(Lang::En)
}

/// The command line with its help in a language.
pub(super) fn command(lang: Lang) -> Command {
    let root = Cli::command().max_term_width(COLUMNS);
    match lang {
        Lang::En => root,
        Lang::Zh => chinese(root),
    }
}

/// The texts by command. What is embedded can be read, which a test says.
fn texts() -> BTreeMap<String, Texts> {
    toml::from_str(CHINESE).unwrap_or_default()
}

fn chinese(root: Command) -> Command {
    let texts = texts();
    let common = texts.get(ROOT).cloned().unwrap_or_default();
    let names: Vec<String> = root.get_subcommands().map(|command| command.get_name().to_owned()).collect();
    let root = worded(root, &common).subcommand_help_heading("命令").subcommand_value_name("命令");
    let root = root.arg(flag("version", 'V', ActionOf::Version, &common)).disable_version_flag(true);
    names
        .into_iter()
        .fold(root, |root, name| {
            let own = texts.get(&name).cloned().unwrap_or_default();
            root.mut_subcommand(name, |command| {
                let help = flag("help", 'h', ActionOf::Help, &common);
                worded(command, &own).disable_help_flag(true).arg(help)
            })
        })
        .disable_help_flag(true)
        .arg(flag("help", 'h', ActionOf::Help, &common))
}

/// What a flag of clap's own does.
#[derive(Clone, Copy)]
enum ActionOf {
    Help,
    Version,
}

fn flag(name: &'static str, short: char, action: ActionOf, texts: &Texts) -> Arg {
    let action = match action {
        ActionOf::Help => ArgAction::Help,
        ActionOf::Version => ArgAction::Version,
    };
    let help = texts.get(name).cloned().unwrap_or_default();
    Arg::new(name).short(short).long(name).action(action).help(help).help_heading("选项")
}

fn worded(command: Command, texts: &Texts) -> Command {
    let text = |key: &str| texts.get(key).cloned();
    let command = command.mut_args(|arg| {
        let heading = if arg.is_positional() { "参数" } else { "选项" };
        let help = text(arg.get_id().as_str());
        let takes = arg.get_action().takes_values();
        let arg = arg.help_heading(heading).hide_possible_values(takes).hide_default_value(takes);
        match help {
            Some(help) => arg.help(help),
            None => arg,
        }
    });
    // Each text has lines of its own: between Han characters nothing is broken.
    let command = command.help_template(LAYOUT).next_line_help(true);
    let command = match text("about") {
        Some(about) => command.about(about),
        None => command,
    };
    match text("after") {
        Some(after) => command.after_help(after),
        None => command,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn everything_is_said_in_chinese_and_nothing_else_is() {
        let texts: BTreeMap<String, Texts> = toml::from_str(CHINESE).unwrap();
        let keys = |command: &Command| -> BTreeSet<String> {
            let args = command.get_arguments().map(|arg| arg.get_id().to_string());
            let after = command.get_after_help().map(|_| "after".to_owned());
            args.chain(["about".to_owned()]).chain(after).collect()
        };
        let root = Cli::command();
        let mut expected: BTreeMap<String, BTreeSet<String>> =
            root.get_subcommands().map(|command| (command.get_name().to_owned(), keys(command))).collect();
        let mut common = keys(&root);
        common.extend(["help".to_owned(), "version".to_owned()]);
        expected.insert(ROOT.to_owned(), common);
        let written = texts.into_iter().map(|(name, texts)| (name, texts.into_keys().collect())).collect();
        assert_eq!(expected, written);
    }

    #[test]
    fn the_language_is_that_of_lang() {
        let of = |args: &[&str]| language(&args.iter().map(|&arg| arg.to_owned()).collect::<Vec<_>>());
        assert_eq!(of(&["wellkept", "--lang", "zh-CN", "--help"]), Lang::Zh);
        assert_eq!(of(&["wellkept", "check", "--lang=zh", "-h"]), Lang::Zh);
        assert_eq!(of(&["wellkept", "--lang=en"]), Lang::En);
    }

    #[test]
    fn no_line_is_longer_than_80_columns() {
        use unicode_width::UnicodeWidthStr as _;
        for lang in Lang::ALL {
            let mut root = command(lang);
            root.build();
            let all = root.get_subcommands().cloned().chain([root.clone()]);
            for mut page in all {
                let help = page.render_long_help().to_string();
                let long: Vec<&str> = help.lines().filter(|line| line.width() > COLUMNS).collect();
                assert!(long.is_empty(), "{lang} {}: {long:#?}", page.get_name());
            }
        }
    }

    #[test]
    fn both_parse_the_same() {
        for lang in Lang::ALL {
            command(lang).debug_assert();
            let parsed = command(lang).try_get_matches_from(["wellkept", "fmt", "--check", "-q", "records"]);
            assert!(parsed.is_ok());
        }
    }
}
