//! What the program may do to the terminal: colour, a progress bar, how wide a line is.

use std::io::IsTerminal;

use crate::say::Lang;

/// What stderr can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terminal {
    /// Whether colours help: a terminal that is not `dumb`, and no `NO_COLOR`.
    pub colour: bool,
    /// Whether a line may be drawn over again, as a progress bar does: a terminal that is not `dumb`, and no `CI`.
    pub live: bool,
    /// Columns of a line; 80 where nothing is known.
    pub width: usize,
}

impl Terminal {
    /// Asks stderr and the environment.
    pub fn of_stderr() -> Self {
        Self::decide(std::io::stderr().is_terminal(), |name| {
            std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
        })
    }

    /// The decision alone, from whether there is a terminal and from the variables `TERM`, `NO_COLOR`
    /// (no-color.org: any value but the empty one), `CI` and `COLUMNS`.
    fn decide(is_terminal: bool, variable: impl Fn(&str) -> Option<String>) -> Self {
        let able = is_terminal && variable("TERM").is_none_or(|term| term != "dumb");
        let no_colour = variable("NO_COLOR").is_some_and(|value| !value.is_empty());
        let ci = variable("CI").is_some_and(|value| !matches!(value.as_str(), "" | "0" | "false"));
        let columns = variable("COLUMNS").and_then(|value| value.parse().ok());
        // Narrower than 20 columns nothing can be laid out, and a width of thousands is a mistake of someone's.
        let width = columns.filter(|columns| (20..=1000).contains(columns)).unwrap_or(80);
        Self { colour: able && !no_colour, live: able && !ci, width }
    }
}

/// Whether there is somebody at stdin who reads stderr.
pub fn answers() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// The language of the locale (`LC_ALL`, `LC_MESSAGES`, `LANG`), where it is one of ours.
pub fn language() -> Option<Lang> {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(|name| std::env::var_os(name).map(|v| v.to_string_lossy().into_owned()).filter(|v| !v.is_empty()));
    set.and_then(|tag| Lang::of_tag(&tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decide(is_terminal: bool, variables: &[(&str, &str)]) -> (bool, bool, usize) {
        let terminal = Terminal::decide(is_terminal, |name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        });
        (terminal.colour, terminal.live, terminal.width)
    }

    #[test]
    fn a_pipe_gets_neither_colour_nor_progress() {
        assert_eq!(decide(false, &[("TERM", "xterm"), ("COLUMNS", "120")]), (false, false, 120));
    }

    #[test]
    fn the_environment_takes_away_and_never_gives() {
        assert_eq!(decide(true, &[("TERM", "xterm")]), (true, true, 80));
        assert_eq!(decide(true, &[("NO_COLOR", "1")]), (false, true, 80));
        assert_eq!(decide(true, &[("NO_COLOR", "")]), (true, true, 80));
        assert_eq!(decide(true, &[("CI", "true")]), (true, false, 80));
        assert_eq!(decide(true, &[("CI", "false")]), (true, true, 80));
        assert_eq!(decide(true, &[("TERM", "dumb")]), (false, false, 80));
    }

    #[test]
    fn a_width_that_cannot_be_meant_is_not_believed() {
        for (columns, width) in [("100", 100), ("0", 80), ("19", 80), ("100000", 80), ("wide", 80), ("-5", 80)] {
            assert_eq!(decide(true, &[("COLUMNS", columns)]).2, width, "{columns}");
        }
    }
}
