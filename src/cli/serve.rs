//! `wellkept serve`: the river of `build`, run again at each change; its tree stays in memory and is handed out on a local
//! port. A page that is open is loaded again in its place. What is broken is told in the page, above the last state that
//! could be shown.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Instant as Clock;

use clap::Args;

use crate::finding::{Finding, Severity};
use crate::output::{Summary, human, total};
use crate::pipeline::{self, Stop};
use crate::render::Engine;
use crate::say;
use crate::say::{Lang, Said};
use crate::source::{Failure, Sources};
use crate::tree::SiteTree;
use crate::world::read::{self, Stamps};
use crate::world::serve::{Change, Facts, Looking, Server, Site, Watch, changed, line, pages};

use super::{Common, say_human, stopped};

#[derive(Args, Debug)]
pub(super) struct Options {
    /// Where to listen; port 0 means any that is free
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:4173")]
    addr: String,
    /// Open the site in the browser
    #[arg(long)]
    open: bool,
    /// Look at the files twice a second, for shares that tell of no changes
    #[arg(long)]
    poll: bool,
}

pub(super) fn run(common: &Common, options: &Options) -> Result<u8, Stop> {
    let workspace = common.workspace()?;
    let server = Server::listen(&options.addr).map_err(Stop::Failure)?;
    let mut speaker = Speaker { common, lang: common.language(None) };
    end_at_once(speaker.lang)?;
    speaker.welcome(&server);
    let looking = if options.poll { Looking::Again } else { Looking::Told };
    let (mut watch, why) = Watch::begin(&workspace, looking);
    if let Some(why) = why {
        speaker.say(&why);
    }
    let mut change = Change::at(read::stamps(&workspace).unwrap_or_default());
    let mut last: Option<(Arc<Site>, Facts)> = None;
    let mut before = Stamps::default();
    let mut kept = None;
    loop {
        let begun = Clock::now();
        let done = round(common, &workspace, &mut kept);
        // Files that changed meanwhile may be in it half.
        if let Some(newer) = watch.since(&change) {
            change = newer;
            continue;
        }
        match done {
            Ok((tree, judged, sources)) => {
                let facts = Facts::of(&judged, &tree);
                speaker.lang = common.language(Some(judged.config.site.lang));
                if last.is_none() {
                    speaker.first(&judged, begun);
                }
                let site = Arc::new(Site::new(tree, judged, &sources));
                server.show(Arc::clone(&site));
                let millis = begun.elapsed().as_millis();
                if let Some((old, was)) = &last {
                    let differing = pages(&old.tree, was, &site.tree, &facts);
                    let news =
                        line(&changed(&before, &change.stamps), Some(was), &facts, differing, millis, speaker.lang);
                    say_human(&format!("{news}\n"));
                } else if options.open {
                    speaker.open(&server);
                }
                // What the next line tells is held against what is shown, and not against a state that was broken.
                before = change.stamps.clone();
                last = Some((site, facts));
            }
            Err((stop, sources)) => speaker.broken(&server, stop, sources.as_ref()),
        }
        change = watch.next(&change.stamps);
    }
}

type Built = (SiteTree, pipeline::Judgement, Sources);

/// The river, once. Without `--as-of` the clock moves on: each round is judged as of its own moment.
fn round(common: &Common, workspace: &Path, kept: &mut Option<Engine>) -> Result<Built, (Stop, Option<Sources>)> {
    let when = common.when().map_err(|stop| (stop, None))?;
    let sources = read::read(workspace).map_err(|why| (Stop::Failure(why), None))?;
    let judged = match pipeline::preview(&sources, &when) {
        Ok(judged) => judged,
        Err(stop) => return Err((stop, Some(sources))),
    };
    let site = pipeline::build_id(&sources, judged.as_of)
        .map_err(Stop::Failure)
        .and_then(|build| pipeline::site_again(&sources, &judged, build, kept));
    match site {
        Ok(tree) => Ok((tree, judged, sources)),
        Err(stop) => Err((stop, Some(sources))),
    }
}

/// Nothing is on the disk that would have to be cleared away, so the program may end in the middle of anything.
fn end_at_once(lang: Lang) -> Result<(), Stop> {
    let ended = move || {
        let said = say!("预览已结束", "the preview has ended");
        say_human(&format!("\n{}\n", said.to(lang)));
        std::process::exit(0);
    };
    ctrlc::set_handler(ended)
        .map_err(|why| Stop::Failure(Failure(say!("无法接收 Ctrl-C：{why}", "cannot listen for Ctrl-C: {why}"))))
}

/// What is said on the terminal, and in which language.
struct Speaker<'a> {
    common: &'a Common,
    lang: Lang,
}

impl Speaker<'_> {
    fn say(&self, said: &Said) {
        say_human(&format!("{}\n", said.to(self.lang)));
    }

    fn welcome(&self, server: &Server) {
        let addr = server.addr;
        self.say(&say!("预览：http://{addr}/  按 Ctrl-C 结束", "preview: http://{addr}/  Ctrl-C ends it"));
        if !addr.ip().is_loopback() {
            self.say(&say!(
                "注意：同一网络中的任何人都能打开这个地址，包括没有发布的草稿",
                "note: anybody on the network can open this address, drafts and all"
            ));
        }
    }

    fn first(&self, judged: &pipeline::Judgement, begun: Clock) {
        let told = human::Told {
            counts: total(&judged.ledger, &judged.standard),
            summary: Summary::of(&judged.findings),
            elsewhere: None,
            files: None,
            seconds: begun.elapsed().as_secs_f64(),
        };
        say_human(&human::summary(&told, self.lang));
    }

    fn broken(&self, server: &Server, stop: Stop, sources: Option<&Sources>) {
        let findings = match stop {
            Stop::Findings(findings) | Stop::Broken(findings) => {
                say_human(&human::findings(&findings, None, sources, self.common.style(Some(self.lang))));
                findings
            }
            Stop::Failure(Failure(said)) => {
                stopped(&Stop::Failure(Failure(said.clone())), self.common, None, Some(self.lang));
                vec![Finding::new("failure", Severity::Error, said)]
            }
        };
        self.say(&say!(
            "有错误：页面仍是上一次能显示的内容，改好后自动更新",
            "broken: the pages stay as they could be shown last, until it is mended"
        ));
        server.broken(findings, sources, self.lang);
    }

    /// A machine without a browser is no reason to end.
    fn open(&self, server: &Server) {
        let url = format!("http://{}/", server.addr);
        let mut opener = Command::new("xdg-open");
        opener.arg(&url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        if let Err(why) = opener.spawn() {
            self.say(&say!(
                "无法打开浏览器（xdg-open：{why}）；请自己打开 {url}",
                "cannot open the browser (xdg-open: {why}); open {url} yourself"
            ));
        }
    }
}
