//! `wellkept init`: a new archive that works at once; or the built-in theme, copied out to be changed.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::calendar::Instant;
use crate::config::FILE;
use crate::pipeline::{self, Stop, When};
use crate::say;
use crate::say::{Lang, Said};
use crate::starter::{self, With};
use crate::theme;
use crate::world::{create, read};

use super::{Common, refused, say_data, say_human};

#[derive(Args, Debug)]
#[command(after_help = AFTER)]
pub(super) struct Options {
    /// The folder of the new archive; made where it is not there [the present folder]
    #[arg(value_name = "DIR", conflicts_with = "theme")]
    folder: Option<PathBuf>,
    /// With three months of sample records up to now, or to --as-of
    #[arg(long, conflicts_with = "theme")]
    demo: bool,
    /// Instead: copy the built-in theme to themes/NAME of the workspace, to be changed there
    #[arg(long, value_name = "NAME")]
    theme: Option<String>,
}

const AFTER: &str = "\
Writes wellkept.toml, a first runbook, files for the CI of GitLab and GitHub, .gitattributes and .gitignore, in the
language of --lang. Nothing is overwritten; a folder that is an archive already is refused.";

pub(super) fn run(common: &Common, options: &Options) -> Result<u8, Stop> {
    if let Some(name) = &options.theme {
        return copy_theme(common, name);
    }
    let lang = common.language(None);
    let folder = options.folder.clone().or_else(|| common.workspace.clone()).unwrap_or_else(|| PathBuf::from("."));
    if folder.join(FILE).symlink_metadata().is_ok() {
        let shown = folder.display();
        return Err(refused(say!(
            "{shown} 已经是一个工作区（有 {FILE}），什么也没有写；请另选一个文件夹",
            "{shown} is an archive already (it has a {FILE}); nothing was written. Choose another folder"
        )));
    }
    let with = if options.demo { With::Demo } else { With::Nothing };
    let files = starter::files(lang, with, now(common, lang)?);
    for path in create::create(&folder, &files).map_err(Stop::Failure)? {
        if !common.quiet {
            say_data(&format!("{}\n", path.display()))?;
        }
    }
    say_human(&format!("{}\n", next(&folder, with).to(lang)));
    Ok(0)
}

/// The instant that the archive is made for, by the zone that it will have.
fn now(common: &Common, lang: Lang) -> Result<Instant, Stop> {
    match common.when()? {
        When::At(at) => Ok(at),
        said @ When::Said(_) => pipeline::instant_in(&said, &starter::zone(lang)),
    }
}

fn next(folder: &Path, with: With) -> Said {
    let enter = match folder.display().to_string().as_str() {
        "." => String::new(),
        // A line to copy: what a shell would take apart stands in quotes.
        shown if shown.contains([' ', '(', ')', '&', ';', '\'']) => format!("cd \"{shown}\"\n  "),
        shown => format!("cd {shown}\n  "),
    };
    let build = "wellkept check\n  wellkept build";
    match with {
        With::Demo => say!(
            "档案已建好，带三个月的示例记录。接下来：\n  {enter}{build}\n然后打开 site/index.html",
            "The archive is made, with three months of sample records. Next:\n  {enter}{build}\nand open site/index.html"
        ),
        With::Nothing => say!(
            "档案已建好。先在 {FILE} 中写上单位和系统，再记第一条：\n  {enter}wellkept new backup\n  {build}",
            "The archive is made. Name your organisation and systems in {FILE}, then write the first record:\n  \
             {enter}wellkept new backup\n  {build}"
        ),
    }
}

fn copy_theme(common: &Common, name: &str) -> Result<u8, Stop> {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    if name.is_empty() || name == "default" || name.starts_with('_') || !name.chars().all(plain) {
        return Err(refused(say!(
            "主题的名称只用字母、数字和 -，不能是 default，例如 --theme ours",
            "the name of a theme has letters, digits and -, and is not default; such as --theme ours"
        )));
    }
    let workspace = common.workspace()?;
    let sources = read::read(&workspace).map_err(Stop::Failure)?;
    let config = pipeline::configuration(&sources)?;
    let folder = workspace.join("themes").join(name);
    for path in create::create(&folder, &theme::builtin()).map_err(Stop::Failure)? {
        if !common.quiet {
            say_data(&format!("{}\n", path.strip_prefix(&workspace).unwrap_or(&path).display()))?;
        }
    }
    let lang = common.language(Some(config.site.lang));
    let hint = say!(
        "要启用它，请在 wellkept.toml 的 [site] 中写 theme = \"{name}\"。没有改动的文件可以删掉：缺的用内置的",
        "to use it, write theme = \"{name}\" in [site] of wellkept.toml. Files that you do not change may go: what is \
         missing is taken from the built-in theme"
    );
    say_human(&format!("{}\n", hint.to(lang)));
    Ok(0)
}
