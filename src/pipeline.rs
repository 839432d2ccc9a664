//! The one river: sources in, judgement and site out. No I/O but through the sources that are handed in.

use std::collections::BTreeSet;

use rayon::prelude::*;
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
use crate::page::sheet::Sheet;
use crate::page::shelf::Shelf;
use crate::page::{self, Book, Pages};
use crate::render::edition::Routes;
use crate::render::single::{self, Alone};
use crate::render::{self, Engine, Unlaid};
use crate::say;
use crate::seal::{self, Archive};
use crate::slots::{self, Group, Waivers};
use crate::source::{Failure, Place, Sources};
use crate::standard::Standard;
use crate::theme::Theme;
use crate::tree::{ManifestFacts, Refused, SiteTree, hex};
use crate::value;

mod examples;
mod routes;
pub mod sealing;

pub use examples::{Shown, examples};
pub use routes::{VANISHED, vanished};

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
    /// The seals, and the records held against them.
    pub archive: Archive,
    /// What people wrote in Markdown.
    pub content: Content,
    /// The findings, in their order.
    pub findings: Vec<Finding>,
    /// The instant of judgement.
    pub as_of: Instant,
    /// Whether drafts are pages.
    pub drafts: Drafts,
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
    loaded.extend(config.notes.iter().cloned());
    let waivers = Waivers::read(&ledger, &standard);
    let mut archive = seal::chain::read(sources, &config.signers).map_err(Stop::Failure)?;
    if !archive.seals.is_empty() {
        archive.records = load::sealed(sources, &ledger, &standard, &archive).map_err(Stop::Failure)?;
    }
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
        archive: &archive,
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
            archive: &archive,
            as_of,
        },
        loaded,
    );
    load::exact(sources, &ledger, &standard, &mut findings);
    Ok(Judgement { config, standard, ledger, waivers, slots, figures, archive, content, findings, as_of, drafts })
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
        archive: &judged.archive,
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
    site_again(sources, judged, build, &mut None)
}

/// The same for a program that lays out one site after the other: it keeps the templates of the last, made ready, which
/// are taken where they are the same. The bytes are not others by that.
pub fn site_again(
    sources: &Sources,
    judged: &Judgement,
    build: String,
    kept: &mut Option<Engine>,
) -> Result<SiteTree, Stop> {
    let config = &judged.config;
    let theme = Theme::load(sources, &config.site.theme).map_err(Stop::Broken)?;
    let mut broken: Vec<Finding> = judged.findings.iter().filter(|f| page::breaks(f)).cloned().collect();
    let mut tree = SiteTree::default();
    let statics = theme.files.iter().map(|(name, bytes)| (format!("static/{name}"), bytes.clone()));
    put(&mut tree, statics, judged, &mut broken);
    let book = book(sources, judged, build);
    let engine = Engine::of(&theme, kept.take()).map(|engine| &*kept.insert(engine));
    let look = Look { theme: &theme, engine };
    let mut routes = edition(&book, &look, &mut tree, judged, &mut broken)?;
    for (lang, _) in config.site.editions().into_iter().skip(1) {
        let mut config = config.clone();
        config.site.lang = lang;
        let Judgement { standard, ledger, .. } = judged;
        let ground = content::Ground { sources, config: &config, standard, ledger, drafts: judged.drafts };
        // What is wrong with them was told when they were read first.
        let (content, _) = content::read(&ground).map_err(Stop::Failure)?;
        let by_file = page::by_file(&judged.findings);
        let other = Book { config: &config, content: &content, by_file, build: book.build.clone(), ..book };
        routes.extend(edition(&other, &look, &mut tree, judged, &mut broken)?);
    }
    if let Some(base) = &config.site.base_url {
        let map = page::sitemap::files(base, routes.iter().map(String::as_str));
        put(&mut tree, map.into_iter().map(|file| (file.path, file.bytes)), judged, &mut broken);
    }
    if !broken.is_empty() {
        Finding::sort(&mut broken);
        broken.dedup();
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

/// A theme, and its templates made ready, or what is wrong with them.
struct Look<'a> {
    theme: &'a Theme,
    engine: Result<&'a Engine, Vec<Finding>>,
}

/// Lays out the pages in one language; the files that no template makes come with the edition at the root, and all
/// others share them, but for the index of the search. Gives the routes of the pages that a map of the site names: pages for wrong and for former
/// addresses are no places to look for something.
fn edition(
    book: &Book<'_>,
    Look { theme, engine }: &Look<'_>,
    tree: &mut SiteTree,
    judged: &Judgement,
    broken: &mut Vec<Finding>,
) -> Result<Vec<String>, Stop> {
    let shelf = Shelf::of(book.ledger, book.standard);
    let Pages { mut sheets, files, alone, findings } = page::write(book, &shelf).map_err(Stop::Failure)?;
    broken.extend(findings);
    let frame = page::frame::frame(book);
    let folder = frame.folder.clone();
    // The index of the search holds words of the interface and leads to pages: each edition has its own.
    let own = files.into_iter().filter(|file| folder.is_empty() || file.path.starts_with("search/"));
    let own = own.map(|file| (format!("{folder}{}", file.path), file.bytes));
    put(tree, own, judged, broken);
    if !folder.is_empty() {
        sheets.retain(|sheet| sheet.path != page::missing::PATH);
    }
    let listed = |sheet: &&Sheet<'_>| !matches!(sheet.template, "404.html" | page::moved::TEMPLATE);
    let routes = sheets.iter().filter(listed).map(|sheet| format!("{folder}{}", sheet.path)).collect();
    let links =
        Routes::of(sheets.iter().map(|sheet| sheet.path.as_str()).chain(alone.iter().map(|(_, to)| to.as_str())));
    let texts = theme.texts(book.config.site.lang);
    let laid = match engine {
        Ok(engine) => render::render(engine, theme, &frame, &texts, sheets),
        Err(problems) => Err(Unlaid::Findings(problems.clone())),
    };
    let pages = match laid {
        Ok(pages) => pages,
        Err(Unlaid::Findings(problems)) => {
            broken.extend(problems);
            return Ok(routes);
        }
        Err(Unlaid::Failure(failure)) => return Err(Stop::Failure(failure)),
    };
    let placed = |(path, bytes): (String, Vec<u8>)| {
        if folder.is_empty() {
            return (path, bytes);
        }
        let shared = links.shared(&String::from_utf8_lossy(&bytes), &path);
        (format!("{folder}{path}"), shared.into_bytes())
    };
    let pages: Vec<render::Laid> = pages.into_par_iter().map(placed).collect();
    let singles = single(book, theme, &pages, &alone, &folder);
    put(tree, pages.into_iter().chain(singles), judged, broken);
    Ok(routes)
}

/// The pages that are published as one file too.
fn single(
    book: &Book<'_>,
    theme: &Theme,
    pages: &[render::Laid],
    alone: &[(String, String)],
    folder: &str,
) -> Vec<render::Laid> {
    let css = theme.files.get("style.css").map(|css| String::from_utf8_lossy(css)).unwrap_or_default();
    let file = |(from, to): &(String, String)| {
        let path = format!("{folder}{from}");
        let (_, html) = pages.iter().find(|(of, _)| *of == path)?;
        let of = Alone { path: &path, css: &css, base: book.config.site.base_url.as_deref() };
        let file = single::alone(&String::from_utf8_lossy(html), &of);
        Some((format!("{folder}{to}"), file.into_bytes()))
    };
    alone.par_iter().filter_map(file).collect()
}

fn put(tree: &mut SiteTree, files: impl Iterator<Item = render::Laid>, judged: &Judgement, broken: &mut Vec<Finding>) {
    for (path, bytes) in files {
        if let Err(refused) = tree.add(path, bytes) {
            broken.push(clash(&judged.content, &refused));
        }
    }
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
            None => value::time(text.trim().as_bytes(), zone, None).map(|t| t.at).map_err(|wrong| {
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
