//! The command line (cli.md): what was typed, which command runs, with which code it ends. One file a command.

use std::io::Write as _;
use std::path::PathBuf;

use clap::{Args, FromArgMatches as _, Parser, Subcommand, ValueEnum};

use crate::calendar::Instant;
use crate::finding::Severity;
use crate::output::{Summary, human};
use crate::pipeline::{Stop, When};
use crate::say;
use crate::say::{Lang, Said};
use crate::source::{Failure, Sources};
use crate::world::{clock, progress::Progress, terminal::Terminal};

mod ask;
mod build;
mod check;
mod completions;
mod explain;
mod export;
mod fmt;
mod help;
mod import;
mod init;
#[cfg(test)]
mod manual;
mod new;
mod prove;
mod sample;
mod seal;
mod serve;
mod standard;
mod verify;

/// Turns maintenance records kept in files into an archive that an auditor can trust.
#[derive(Parser, Debug)]
#[command(name = "wellkept", version, disable_help_subcommand = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    common: Common,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// A new archive: settings, folders, a first runbook, files for the CI; or a copy of the theme
    Init(init::Options),
    /// A record, a runbook or a page: asked for field by field, or with --set
    New(new::Options),
    /// Read, judge and print the findings; write nothing
    Check(check::Options),
    /// Read, judge and publish the site
    Build(build::Options),
    /// Show the site on a local port, built again at each change and reloaded in place
    Serve(serve::Options),
    /// What a rule, a code or a figure means, how it is decided, and from which records
    Explain(explain::Options),
    /// The records for other tools and for hand-over
    Export(export::Options),
    /// Tables of records in canonical form; digests stay as they are
    Fmt(fmt::Options),
    /// Another tool's export into records; without a source: the list of sources
    Import(import::Options),
    /// That one record is among those of a seal: a proof that stock tools check
    Prove(prove::Options),
    /// Close a month: its records, figures and findings are sealed, and signed where a key is given
    Seal(seal::Options),
    /// An auditor's random sample of records, which anybody can draw again
    Sample(sample::Options),
    /// The standard in force; run its own examples
    Standard(standard::Options),
    /// Hold the records against the seals, and the seals against each other; or a published site against its list
    Verify(verify::Options),
    /// What a shell needs to complete commands and options
    Completions(completions::Options),
    /// The manual page of the program or of a command, for man
    Man(completions::Page),
}

/// What every command takes.
#[derive(Args, Debug)]
struct Common {
    /// The workspace; else found by walking up to wellkept.toml
    #[arg(short = 'C', value_name = "DIR", global = true)]
    workspace: Option<PathBuf>,
    /// Judge as of a date (its end, local) or a time; else SOURCE_DATE_EPOCH, else now
    #[allow(clippy::doc_markdown, reason = "this text is the help, and a terminal shows no backticks' meaning")]
    #[arg(long, value_name = "WHEN", global = true)]
    as_of: Option<String>,
    /// How findings are printed: human to stderr, every other to stdout
    #[arg(long, value_enum, default_value_t = Format::Human, global = true)]
    format: Format,
    /// Exit with 1 on an unwaived finding of this severity or above [check: error, build: never]
    #[arg(long, value_enum, value_name = "SEVERITY", global = true)]
    fail_on: Option<FailOn>,
    /// The language of messages, zh-CN or en; else the locale's, else the workspace's
    #[arg(long, value_name = "LANG", value_parser = language, global = true)]
    lang: Option<Lang>,
    /// Colours
    #[arg(long, value_enum, default_value_t = Colour::Auto, global = true)]
    color: Colour,
    /// Print the summary only
    #[arg(short, long, global = true)]
    quiet: bool,
    /// How many threads to use [all processors]
    #[arg(long, value_name = "N", global = true)]
    jobs: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a person at a terminal
    Human,
    /// A line a finding
    Short,
    /// Records, slots, findings and figures as data
    Json,
    /// SARIF 2.1.0
    Sarif,
    /// GitHub workflow commands
    Github,
    /// GitLab Code Quality
    Gitlab,
    /// XML for the test tab of a CI server
    Junit,
    /// A summary in Markdown
    Markdown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FailOn {
    Error,
    Warning,
    Info,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Colour {
    Auto,
    Always,
    Never,
}

fn language(tag: &str) -> Result<Lang, String> {
    Lang::of_tag(tag).ok_or_else(|| "zh-CN or en".to_owned())
}

impl FailOn {
    /// The least severity that fails a run.
    fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Info => Some(Severity::Info),
            Self::Never => None,
        }
    }

    /// The exit code for what was found.
    fn code(self, summary: &Summary) -> u8 {
        u8::from(self.severity().is_some_and(|least| summary.reaches(least)))
    }
}

/// Parses the command line and runs it. 0: done; 1: findings at or above `--fail-on`, or a site that would be broken;
/// 2: could not run.
pub fn run() -> u8 {
    let args: Vec<String> = std::env::args_os().map(|arg| arg.to_string_lossy().into_owned()).collect();
    let lang = help::language(&args);
    let matches = help::command(lang).try_get_matches();
    let cli = match matches.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(e) => {
            // Help and version are asked for; anything else is wrong usage.
            let code = u8::from(e.use_stderr()) * 2;
            let _ = e.print();
            return code;
        }
    };
    if let Some(jobs) = cli.common.jobs.filter(|&n| n > 0) {
        // It fails only where a pool was built before; there is none yet.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(jobs).build_global();
    }
    let done = match &cli.command {
        Command::Check(options) => check::run(&cli.common, options),
        Command::Build(options) => build::run(&cli.common, options),
        Command::Serve(options) => serve::run(&cli.common, options),
        Command::Explain(options) => explain::run(&cli.common, options),
        Command::Export(options) => export::run(&cli.common, options),
        Command::Import(options) => import::run(&cli.common, options),
        Command::Sample(options) => sample::run(&cli.common, options),
        Command::Fmt(options) => fmt::run(&cli.common, options),
        Command::New(options) => new::run(&cli.common, options),
        Command::Prove(options) => prove::run(&cli.common, options),
        Command::Seal(options) => seal::run(&cli.common, options),
        Command::Standard(options) => standard::run(&cli.common, options),
        Command::Init(options) => init::run(&cli.common, options),
        Command::Completions(options) => completions::completions(options, lang),
        Command::Man(page) => completions::man(page, lang),
        Command::Verify(options) => verify::run(&cli.common, options),
    };
    done.unwrap_or_else(|stop| stopped(&stop, &cli.common, None, None))
}

impl Common {
    fn when(&self) -> Result<When, Stop> {
        if let Some(text) = &self.as_of {
            return Ok(When::Said(text.clone()));
        }
        let epoch = clock::source_date_epoch().map_err(Stop::Failure)?;
        Ok(When::At(Instant(epoch.unwrap_or_else(clock::now))))
    }

    fn workspace(&self) -> Result<PathBuf, Stop> {
        let start = self.workspace.clone().unwrap_or_else(|| PathBuf::from("."));
        crate::world::read::find_workspace(&start).map_err(Stop::Failure)
    }

    fn style(&self, workspace: Option<Lang>) -> human::Style {
        let terminal = Terminal::of_stderr();
        let colour = match self.color {
            Colour::Auto => terminal.colour,
            Colour::Always => true,
            Colour::Never => false,
        };
        human::Style { colour, width: terminal.width, lang: self.language(workspace) }
    }

    /// A bar for work that takes long, by the names of its stages; none with `--quiet`.
    fn progress<const N: usize>(&self, stages: [Said; N]) -> Progress {
        if self.quiet {
            return Progress::none();
        }
        let lang = self.language(None);
        Progress::start(Terminal::of_stderr(), stages.map(|said| said.to(lang).to_owned()).to_vec())
    }

    /// `--lang`, else the locale where it names one of ours, else the workspace's.
    fn language(&self, workspace: Option<Lang>) -> Lang {
        self.lang.or_else(crate::world::terminal::language).or(workspace).unwrap_or_default()
    }
}

/// A failure that says so.
fn refused(said: Said) -> Stop {
    Stop::Failure(Failure(said))
}

fn reading() -> Said {
    Said::new("读取", "reading")
}

fn judging() -> Said {
    Said::new("核对", "judging")
}

/// Says why nothing could be done, with the lines it is about where there are sources; answers the exit code.
fn stopped(stop: &Stop, common: &Common, sources: Option<&Sources>, workspace: Option<Lang>) -> u8 {
    let style = common.style(workspace);
    match stop {
        Stop::Findings(found) => {
            say_human(&human::findings(found, None, sources, style));
            2
        }
        Stop::Broken(found) => {
            say_human(&human::findings(found, None, sources, style));
            let left = say!(
                "站点没有发布：先改正以上问题。上一次发布的站点保持原样",
                "nothing was published: mend the above first. The last site is as it was"
            );
            say_human(&format!("{}\n", left.to(style.lang)));
            // A broken site is a fault of the pages, not of the machine.
            1
        }
        Stop::Failure(Failure(said)) => {
            let word = Said::new("错误", "error");
            say_human(&format!("{}: {}\n", word.to(style.lang), said.to(style.lang)));
            2
        }
    }
}

/// Writes text for people. A closed stderr is nobody's fault and must not end the program.
fn say_human(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// Writes data. A closed pipe ends the output, not the program; any other refusal (a full disk) is a failure, since
/// what is cut short must not pass for whole.
fn say_data(text: &str) -> Result<(), Stop> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(why) if why.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Stop::Failure(Failure(say!("输出没有写完：{why}", "the output could not be written in full: {why}"))))
        }
        _ => Ok(()),
    }
}
