//! `wellkept completions` and `wellkept man`: what a shell and `man` know of the command line, made from it.

use clap::Args;
use clap_complete::Shell;

use crate::doc::offer;
use crate::pipeline::Stop;
use crate::say;
use crate::say::Lang;

use super::{help, refused, say_data};

#[derive(Args, Debug)]
pub(super) struct Options {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    shell: Shell,
}

/// Prints what a shell needs to complete commands and options.
pub(super) fn completions(options: &Options, lang: Lang) -> Result<u8, Stop> {
    let mut out = Vec::new();
    clap_complete::generate(options.shell, &mut help::command(lang), "wellkept", &mut out);
    say_data(&String::from_utf8_lossy(&out))?;
    Ok(0)
}

#[derive(Args, Debug)]
pub(super) struct Page {
    /// The page of this command; else that of the whole program
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
}

/// Prints a manual page.
pub(super) fn man(page: &Page, lang: Lang) -> Result<u8, Stop> {
    let mut root = help::command(lang);
    // Gives the pages of commands their names, such as wellkept-build.
    root.build();
    let command = match &page.command {
        None => root,
        Some(name) => root.find_subcommand(name).cloned().ok_or_else(|| {
            let names: Vec<&str> = root.get_subcommands().map(clap::Command::get_name).collect();
            let help = offer(name, &names);
            let (zh, en) = (&help.zh, &help.en);
            refused(say!("没有命令 {name}；{zh}", "there is no command {name}; {en}"))
        })?,
    };
    let mut out = Vec::new();
    // Writing into memory cannot fail.
    let _ = clap_mangen::Man::new(command).render(&mut out);
    say_data(&String::from_utf8_lossy(&out))?;
    Ok(0)
}
