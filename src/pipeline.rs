//! The one river: sources in, judgement and site out. No I/O but through the sources that are handed in.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use crate::TOOL;
use crate::calendar::{Day, Instant, Period, Unit, Zone};
use crate::check;
use crate::config::{self, Config};
use crate::finding::{Finding, Severity};
use crate::ledger::Ledger;
use crate::load;
use crate::measure::{self, Figure};
use crate::page::content::{self, Content, Drafts};
use crate::page::{self, Book, Pages};
use crate::render;
use crate::say;
use crate::slots::{self, Group, Waivers};
use crate::source::{Failure, Place, Sources};
use crate::standard::Standard;
use crate::theme::Theme;
use crate::tree::{ManifestFacts, Refused, SiteTree, hex};
use crate::value;

mod examples;

pub use examples::{Shown, examples};

/// Everything that was read and judged.
pub struct Judgement {
    /// The workspace's own settings.
    pub config: Config,
    /// The standard in force.
    pub standard: Standard,
    /// The records.
    pub ledger: Ledger,
    /// The waivers in force.
    pub waivers: Waivers,
    /// The slots.
    pub slots: Vec<Group>,
    /// The figures.
    pub figures: Vec<Figure>,
    /// What people wrote in Markdown.
    pub content: Content,
    /// The findings, in their order.
    pub findings: Vec<Finding>,
    /// The instant of judgement.
    pub as_of: Instant,
}

/// Why nothing could be judged.
#[derive(Debug)]
pub enum Stop {
    /// The configuration or the standard has problems.
    Findings(Vec<Finding>),
    /// The site would be broken: a dead link, a route written twice, a template that fails.
    Broken(Vec<Finding>),
    /// The machine refused.
    Failure(Failure),
}

/// The instant of judgement as it was asked for.
#[derive(Clone, Debug)]
pub enum When {
    /// `--as-of`: a date means the end of that day, local; a time is itself.
    Said(String),
    /// An instant, from the environment or the clock.
    At(Instant),
}

/// Reads and judges a workspace.
pub fn judge(sources: &Sources, when: &When) -> Result<Judgement, Stop> {
    read(sources, when, Drafts::Withheld)
}

/// The same for those who write it: drafts are pages too, and are marked.
pub fn preview(sources: &Sources, when: &When) -> Result<Judgement, Stop> {
    read(sources, when, Drafts::Shown)
}

fn read(sources: &Sources, when: &When, drafts: Drafts) -> Result<Judgement, Stop> {
    let config = configuration(sources)?;
    let standard = Standard::load(sources, &config).map_err(Stop::Findings)?;
    judge_by(sources, config, standard, when, drafts)
}

/// Reads and judges the records of a workspace by a standard that is read already.
fn judge_by(
    sources: &Sources,
    config: Config,
    standard: Standard,
    when: &When,
    drafts: Drafts,
) -> Result<Judgement, Stop> {
    let as_of = instant(when, &config)?;
    let (ledger, mut loaded) = load::load(sources, &standard, &config, as_of).map_err(Stop::Failure)?;
    let ground = content::Ground { sources, config: &config, standard: &standard, ledger: &ledger, drafts };
    let (content, written) = content::read(&ground).map_err(Stop::Failure)?;
    loaded.extend(written);
    let waivers = Waivers::read(&ledger, &standard);
    let sealed = sealed(sources);
    let slots = slots::expand(
        &slots::Ground { config: &config, standard: &standard, ledger: &ledger, as_of, sealed: &sealed },
        &waivers,
    );
    let figures = measure::measure(&measure::Ground {
        config: &config,
        standard: &standard,
        ledger: &ledger,
        slots: &slots,
        as_of,
    });
    let mut findings = check::check(
        &check::Ground {
            config: &config,
            standard: &standard,
            ledger: &ledger,
            slots: &slots,
            waivers: &waivers,
            figures: &figures,
            as_of,
        },
        loaded,
    );
    load::exact(sources, &ledger, &standard, &mut findings);
    Ok(Judgement { config, standard, ledger, waivers, slots, figures, content, findings, as_of })
}

/// What the pages are made of. The build's id stands on each of them.
pub fn book<'a>(sources: &'a Sources, judged: &'a Judgement, build: String) -> Book<'a> {
    Book {
        sources,
        config: &judged.config,
        standard: &judged.standard,
        ledger: &judged.ledger,
        slots: &judged.slots,
        waivers: &judged.waivers,
        figures: &judged.figures,
        findings: &judged.findings,
        by_file: page::by_file(&judged.findings),
        content: &judged.content,
        as_of: judged.as_of,
        build,
    }
}

/// Lays out the site of what was judged. [`Stop::Broken`] where the site itself would be broken: the last good one
/// stays then (cli.md).
pub fn site(sources: &Sources, judged: &Judgement, build: String) -> Result<SiteTree, Stop> {
    let config = &judged.config;
    let theme = Theme::load(sources, &config.site.theme).map_err(Stop::Broken)?;
    let book = book(sources, judged, build);
    let Pages { sheets, files } = page::write(&book).map_err(Stop::Failure)?;
    let mut broken: Vec<Finding> = judged.findings.iter().filter(|f| page::breaks(f)).cloned().collect();
    let frame = page::frame::frame(&book);
    let pages = match render::render(&theme, &frame, &theme.texts(config.site.lang), sheets) {
        Ok(pages) => pages,
        Err(problems) => {
            broken.extend(problems);
            Vec::new()
        }
    };
    let mut tree = SiteTree::default();
    let statics = theme.files.iter().map(|(name, bytes)| (format!("static/{name}"), bytes.clone()));
    let files = files.into_iter().map(|file| (file.path, file.bytes));
    for (path, bytes) in pages.into_iter().chain(statics).chain(files) {
        if let Err(refused) = tree.add(path, bytes) {
            broken.push(clash(&judged.content, &refused));
        }
    }
    if !broken.is_empty() {
        broken.sort_by(Finding::order);
        return Err(Stop::Broken(broken));
    }
    let facts = ManifestFacts {
        tool: TOOL.to_owned(),
        standard: format!("{} {}", judged.standard.id, judged.standard.version),
        as_of: config.site.zone.rfc3339(judged.as_of),
        build: book.build,
    };
    Ok(tree.finish(&facts))
}

/// A page or a file of the user's that lies where another one does.
fn clash(content: &Content, refused: &Refused) -> Finding {
    let finding = Finding::new(content::ROUTE, Severity::Error, refused.said());
    match content.origin(&refused.path) {
        Some(source) => finding.at(Place::file(source.clone())).help(say!(
            "这个地址由程序生成的页面使用；换一个文件名或文件夹",
            "a page of the program's own has this address; choose another name or folder"
        )),
        None => finding,
    }
}

/// Reads `wellkept.toml`.
pub fn configuration(sources: &Sources) -> Result<Config, Stop> {
    let bytes = sources.read(config::FILE).map_err(Stop::Failure)?;
    let text = String::from_utf8(bytes).map_err(|_| {
        let said = say!("wellkept.toml 不是 UTF-8 编码", "wellkept.toml is not UTF-8");
        Stop::Findings(vec![Finding::new("config", Severity::Error, said).at(Place::file(config::path()))])
    })?;
    Config::read(text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text)).map_err(Stop::Findings)
}

/// The instant of judgement, by the settings of a workspace.
pub fn instant(when: &When, config: &Config) -> Result<Instant, Stop> {
    instant_in(when, &config.site.zone)
}

/// The instant of judgement in a zone.
pub fn instant_in(when: &When, zone: &Zone) -> Result<Instant, Stop> {
    match when {
        When::At(at) => Ok(*at),
        When::Said(text) => match Day::parse_iso(text) {
            Some(day) => Ok(zone.end(day)),
            None => value::time(text.trim().as_bytes(), zone).map(|t| t.at).map_err(|wrong| {
                let (zh, en) = (&wrong.why.zh, &wrong.why.en);
                Stop::Failure(Failure(say!(
                    "--as-of：{zh}；例如 2026-10-31 或 2026-10-31T18:00",
                    "--as-of: {en}; write 2026-10-31 or 2026-10-31T18:00"
                )))
            }),
        },
    }
}

/// The months that have a seal: `seals/2026-10/SEAL`.
pub fn sealed(sources: &Sources) -> BTreeSet<Day> {
    let months = sources.below("seals/").filter_map(|e| e.path.strip_prefix("seals/")?.strip_suffix("/SEAL"));
    months
        .filter_map(|name| match Period::parse(name) {
            Some((Unit::Month, month)) => Some(month.first),
            _ => None,
        })
        .collect()
}

/// A digest over what a build depends on: every file it reads, the instant, the program. Sixteen hexadecimal digits.
pub fn build_id(sources: &Sources, as_of: Instant) -> Result<String, Failure> {
    use rayon::prelude::*;
    let digests: Vec<[u8; 32]> =
        sources.files.par_iter().map(|entry| digest(sources, &entry.path)).collect::<Result<_, Failure>>()?;
    let mut hash = Sha256::new();
    for (entry, digest) in sources.files.iter().zip(digests) {
        hash.update(entry.path.as_bytes());
        hash.update([0]);
        hash.update(digest);
    }
    hash.update(as_of.0.to_be_bytes());
    hash.update(TOOL);
    Ok(hex(&hash.finalize())[..16].to_owned())
}

fn digest(sources: &Sources, path: &str) -> Result<[u8; 32], Failure> {
    let mut reader = sources.open(path)?;
    let mut hash = Sha256::new();
    let mut block = vec![0; 1 << 16];
    loop {
        match reader.read(&mut block) {
            Ok(0) => return Ok(hash.finalize().into()),
            Ok(n) => hash.update(&block[..n]),
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            Err(e) => return Err(Failure::reading(path, &e)),
        }
    }
}
