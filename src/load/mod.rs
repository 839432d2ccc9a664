//! Files to ledger: each file in parallel, merged in byte order of their paths. Never fails for what the input says;
//! it returns facts and findings, and every row is in one of them.

use std::sync::Arc;

use rayon::prelude::*;

use crate::calendar::Instant;
use crate::config::{Config, size};
use crate::finding::{Finding, Severity};
use crate::ledger::{FileFacts, Ledger, Shape, Table};
use crate::say;
use crate::say::{Lang, Said};
use crate::source::{Encoding, Entry, Failure, Place, Sources, decode};
use crate::standard::Standard;

mod canon;
mod cells;
mod column;
mod csv;
mod exact;
pub mod former;
mod header;
mod link;
mod parts;
mod remark;
mod rows;
mod scan;
mod sealed;
mod single;
mod slip;
mod table;
mod text;
mod typist;
mod xlsx;

pub use canon::is_absent;
pub use cells::{Cells, Reread};
pub use exact::exact;
pub use link::near_ids;
pub(crate) use rows::{Block, Rows};
pub(crate) use scan::{Scanner, Stop};
pub use sealed::{lines, sealed};
pub use single::text;
pub(crate) use text::forbidden;
pub use typist::ITEM;

use column::Words;
use typist::Typist;

/// The folder of the records.
pub const RECORDS: &str = "records/";
/// The folder of what people write in Markdown.
pub const CONTENT: &str = "content/";
/// The folder of the runbooks, which are records of a kind with `pages`.
pub const RUNBOOKS: &str = "content/runbooks/";
/// Keys that a page may carry beside those that its kind knows (site.md, section 4).
pub const PAGE_KEYS: [&str; 4] = ["weight", "aliases", "draft", "lang"];

/// The ending of a file's name in lower case, without its dot: tools of some systems write `.CSV`.
pub fn extension(path: &str) -> String {
    path.rsplit('/')
        .next()
        .and_then(|name| name.rsplit_once('.'))
        .map_or_else(String::new, |(_, e)| e.to_ascii_lowercase())
}

/// What one file gave.
struct Part {
    /// Its rows: of a large file part by part.
    tables: Vec<Table>,
    findings: Vec<Finding>,
    shape: Option<Shape>,
    encoding: Encoding,
    /// The ids that its one record had before.
    former: Vec<String>,
}

/// Something to read: an entry, its kind, and the id that its name gives a page.
struct Job<'a> {
    entry: &'a Entry,
    kind: usize,
    page_id: Option<String>,
}

/// Reads all records and runbooks (records.md). A `Failure` is a file that the machine does not let us read.
pub fn load(
    sources: &Sources,
    standard: &Standard,
    config: &Config,
    as_of: Instant,
) -> Result<(Ledger, Vec<Finding>), Failure> {
    let mut findings: Vec<Finding> = sources.odd.iter().map(odd).collect();
    let (jobs, found) = jobs(sources, standard, &mut findings);
    let words = Words::new(&standard.kinds, config);
    let parts: Vec<Part> =
        jobs.par_iter().map(|job| read(job, sources, standard, config, &words)).collect::<Result<_, Failure>>()?;
    let mut ledger = Ledger { found, tables: vec![Table::default(); standard.kinds.len()], ..Ledger::default() };
    let mut by_kind: Vec<Vec<Table>> = (0..standard.kinds.len()).map(|_| Vec::new()).collect();
    let mut former = Vec::new();
    for (job, part) in jobs.iter().zip(parts) {
        findings.extend(part.findings);
        let Some(shape) = part.shape else { continue };
        former.extend(part.former.into_iter().map(|id| (job.kind, ledger.files.len(), id)));
        let rows = part.tables.iter().map(Table::len).sum();
        for mut table in part.tables {
            table.renumber(ledger.files.len());
            by_kind[job.kind].push(table);
        }
        ledger.files.push(FileFacts {
            path: job.entry.path.clone(),
            kind: job.kind,
            shape,
            encoding: part.encoding,
            rows,
        });
    }
    for (kind, parts) in by_kind.into_iter().enumerate() {
        if parts.is_empty() {
            // A kind without a file has its columns all the same.
            ledger.tables[kind] = Typist::new(kind, &standard.kinds[kind], config, &words, "".into()).table;
        } else {
            ledger.tables[kind].append(parts);
        }
    }
    for (kind, file, id) in former {
        if let Some(row) = ledger.tables[kind].first_of(file) {
            ledger.tables[kind].known_as(id, row);
        }
    }
    link::link(&mut ledger, standard, config, as_of, &mut findings);
    Ok((ledger, findings))
}

fn odd(odd: &crate::source::Odd) -> Finding {
    Finding::new("ingest.syntax", Severity::Error, odd.why.clone()).at(Place::file(odd.path.clone()))
}

fn jobs<'a>(sources: &'a Sources, standard: &Standard, findings: &mut Vec<Finding>) -> (Vec<Job<'a>>, usize) {
    let mut jobs = Vec::new();
    let (mut found, mut strange) = (0, Vec::new());
    for entry in sources.below(RECORDS) {
        found += 1;
        let Some((folder, name)) = entry.path[RECORDS.len()..].split_once('/') else {
            findings.push(misplaced(entry));
            continue;
        };
        let kind = standard.kind(folder).filter(|&at| !standard.kinds[at].pages);
        let Some(kind) = kind else {
            if !strange.contains(&folder) {
                strange.push(folder);
                let names: Vec<&str> = standard.kinds.iter().filter(|k| !k.pages).map(|k| k.name.as_str()).collect();
                let path: Arc<str> = format!("{RECORDS}{folder}").into();
                findings.push(csv::unknown_kind(folder, &path, &names));
            }
            continue;
        };
        match extension(name).as_str() {
            _ if name.rsplit('/').next().is_some_and(|name| name.starts_with("~$")) => findings.push(held_open(entry)),
            "csv" | "md" | "toml" | "xlsx" => jobs.push(Job { entry, kind, page_id: None }),
            _ => findings.push(unread(entry, &standard.kinds[kind].name)),
        }
    }
    if let Some(kind) = standard.kinds.iter().position(|k| k.pages) {
        for entry in sources.below(RUNBOOKS).filter(|e| e.path.ends_with(".md")) {
            if twin(sources, &entry.path).is_none() && !is_index(&entry.path) {
                let slug = entry.path[RUNBOOKS.len()..].trim_end_matches(".md");
                jobs.push(Job { entry, kind, page_id: Some(slug.to_owned()) });
            }
        }
    }
    (jobs, found)
}

/// The page that a page says in another language, and which: `restore.en.md` is the English twin of `restore.md`.
pub fn twin(sources: &Sources, path: &str) -> Option<(String, Lang)> {
    let (stem, tag) = path.strip_suffix(".md")?.rsplit_once('.')?;
    let lang = Lang::of_tag(tag).filter(|_| !tag.contains('/'))?;
    let base = format!("{stem}.md");
    sources.get(&base).is_some().then_some((base, lang))
}

/// Whether a page is that of its folder: `index.md`, or `README.md` as forges have it.
pub fn is_index(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let stem = name.strip_suffix(".md").unwrap_or(&name);
    let bare = stem.rsplit_once('.').filter(|(_, tag)| Lang::of_tag(tag).is_some()).map_or(stem, |(bare, _)| bare);
    matches!(bare, "index" | "readme")
}

fn misplaced(entry: &Entry) -> Finding {
    let said = Said::new("记录文件应放在其种类的文件夹中", "a file of records belongs in the folder of its kind");
    Finding::new("ingest.kind", Severity::Error, said)
        .at(Place::file(entry.path.clone()))
        .help(Said::new("例如移到 records/backup/ 之下", "move it below records/backup/, for example"))
}

/// The file that Excel and Word keep beside a document while somebody has it open.
fn held_open(entry: &Entry) -> Finding {
    let said = Said::new(
        "这是 Excel 打开工作簿时的锁文件，不是记录",
        "this is the lock file of a workbook that is open in Excel, and no record",
    );
    Finding::new("ingest.syntax", Severity::Warning, said).at(Place::file(entry.path.clone())).help(Said::new(
        "保存并关闭工作簿，它会自行消失；没有消失的，删除它",
        "save and close the workbook, and it goes; where it stays, delete it",
    ))
}

fn unread(entry: &Entry, kind: &str) -> Finding {
    let said = Said::new(
        "这种类型的文件不会被读取，其中的记录没有计入",
        "a file of this type is not read; no record in it is counted",
    );
    Finding::new("ingest.syntax", Severity::Error, said).kind(kind).at(Place::file(entry.path.clone())).help(Said::new(
        "请导出为 .csv 或 .xlsx；不是记录的文件请移出 records/，或让文件名以 _ 开头",
        "export it as .csv or .xlsx; move a file that is no record out of records/, or start its name with _",
    ))
}

fn read(
    job: &Job<'_>,
    sources: &Sources,
    standard: &Standard,
    config: &Config,
    words: &Words,
) -> Result<Part, Failure> {
    let kind = &standard.kinds[job.kind];
    let path = &job.entry.path;
    let mut typist = Typist::new(job.kind, kind, config, words, path.clone());
    let mut tables = Vec::new();
    let mut before = Vec::new();
    let limits = &config.limits;
    let extension = extension(path);
    let most = if extension == "csv" { (limits.table, "table") } else { (limits.file as u64, "file") };
    if let Some(finding) = larger(job.entry, most) {
        return Ok(Part {
            tables,
            findings: vec![finding.kind(kind.name.as_str())],
            shape: None,
            encoding: Encoding::Utf8,
            former: before,
        });
    }
    let (shape, encoding) = match extension.as_str() {
        "csv" => csv::read(sources, job.entry, kind, &mut typist, &mut tables)?,
        "xlsx" => (xlsx::read(&sources.read(path)?, kind, &mut typist), Encoding::Utf8),
        extension => {
            let shape = if extension == "md" { Shape::Markdown } else { Shape::Toml };
            let (text, encoding) = decode(&sources.read(path)?);
            if encoding != Encoding::Utf8 {
                typist.findings.push(csv::read_as(encoding, path).kind(kind.name.as_str()));
            }
            match single::text(path, text) {
                Ok(text) => {
                    let parts = if shape == Shape::Markdown {
                        single::markdown(path, &text, limits.front_matter)
                    } else {
                        single::toml(path, &text)
                    };
                    if let Some(id) = &job.page_id {
                        before = former::ids(id, &parts.fields);
                    }
                    single::type_record(parts, kind, job.page_id.as_deref(), &mut typist);
                }
                Err(finding) => typist.reject_file(job.page_id.as_deref(), Some(finding)),
            }
            (Some(shape), encoding)
        }
    };
    tables.push(typist.table);
    Ok(Part { tables, findings: typist.findings, shape, encoding, former: before })
}

/// Why a file that is read whole is not: it has more than so many bytes.
pub fn too_large(entry: &Entry, most: usize) -> Option<Finding> {
    larger(entry, (most as u64, "file"))
}

/// It is not even opened, so that it costs no memory.
fn larger(entry: &Entry, (most, limit): (u64, &str)) -> Option<Finding> {
    let (len, most_said) = (entry.len, size(most));
    let said = say!(
        "文件有 {len} 字节，超过上限 {most_said}（limits.{limit}），没有读取",
        "the file has {len} bytes, more than the limit of {most_said} (limits.{limit}), and is not read"
    );
    (entry.len > most).then(|| {
        Finding::new("ingest.syntax", Severity::Error, said).at(Place::file(entry.path.clone())).help(say!(
            "把它分成几个文件；确有必要时在 wellkept.toml 的 [limits] 中改 {limit}",
            "part it into several files; or raise {limit} in [limits] of wellkept.toml"
        ))
    })
}

#[cfg(test)]
mod tests;
