//! `README.txt`: for somebody who holds a copy of the site and nothing else, perhaps years later. In both languages,
//! whatever the site's own is.

use crate::tree::{MANIFEST, SUMS};
use crate::{TOOL, output};

use super::super::Book;
use super::super::rows::grouped;
use super::File;
use super::csv::BOM;

/// The file. It has a byte order mark and CRLF, so that an old editor shows it as it is.
pub fn file(book: &Book<'_>) -> File {
    let text = [chinese(book), english(book)].join(&format!("\n{}\n\n", "-".repeat(72)));
    File::new("README.txt", format!("{BOM}{}", text.replace('\n', "\r\n")))
}

/// Prints each path that stands in the list or in the folder only. Left aside are the list itself and the mark by which
/// a folder is known as a site.
const UNEXPECTED: &str = r"{ cut -c67- SHA256SUMS; find . -type f ! -name SHA256SUMS ! -name .wellkept-site |
      sed 's|^\./||'; } | LC_ALL=C sort | uniq -u";

fn chinese(book: &Book<'_>) -> String {
    let site = &book.config.site;
    let (title, organisation, build) = (&site.title, &site.organisation, &book.build);
    let (standard, version) = (&book.standard.title.zh, &book.standard.version);
    let as_of = site.zone.local(book.as_of);
    let counts = output::total(book.ledger, book.standard);
    let (read, accepted, rejected) = (grouped(counts.read), grouped(counts.accepted), grouped(counts.rejected));
    format!(
        "{title}
{organisation}

这是什么
  依据《{standard}》（版本 {version}）整理的运维档案，截至 {as_of}，构建号 {build}。
  读取记录 {read} 条：收录 {accepted} 条，未收录 {rejected} 条（原因见 rejected.html）。

怎样阅读
  用浏览器打开 index.html。不需要联网，不需要安装任何程序，也不需要服务器；
  关闭脚本同样可以通读全部内容。

文件夹
  records/       每一条收录的记录，按种类与月份
  evidence/      原始文件，与收到时逐字节相同
  data/          同样内容的表格（CSV，UTF-8）与 JSON，供程序使用
  {MANIFEST}  全部文件的清单、大小与摘要

怎样核对
  在本文件夹中运行（Linux）：
    sha256sum -c --strict --quiet {SUMS}
  没有输出即表示清单中的文件一个不少、一字未改。macOS 用 shasum -a 256 -c --quiet {SUMS}。
  Windows 可逐个核对：certutil -hashfile 文件名 SHA256，与 {SUMS} 中的一行比较。
  清单之外多出的文件用下面的命令列出：
    {UNEXPECTED}
  {SUMS} 自身的摘要（sha256sum {SUMS}）应与另行保存的一份一致：
  只有保存在别处的摘要，才能证明清单本身没有被改写。

生成工具：{TOOL}
"
    )
}

fn english(book: &Book<'_>) -> String {
    let site = &book.config.site;
    let (title, organisation, build) = (&site.title, &site.organisation, &book.build);
    let (standard, version) = (&book.standard.title.en, &book.standard.version);
    let as_of = site.zone.local(book.as_of);
    let counts = output::total(book.ledger, book.standard);
    let (read, accepted, rejected) = (grouped(counts.read), grouped(counts.accepted), grouped(counts.rejected));
    format!(
        "{title}
{organisation}

What this is
  The maintenance archive kept by the standard {standard} (version
  {version}), as of {as_of}, build {build}.
  {read} records were read: {accepted} accepted, {rejected} rejected (why: rejected.html).

How to read it
  Open index.html in a browser. It needs no network, no program and no server,
  and reads in full with scripts turned off.

Folders
  records/       every accepted record, by kind and month
  evidence/      the original files, byte for byte
  data/          the same as tables (CSV, UTF-8) and JSON, for programs
  {MANIFEST}  the list of all files with sizes and digests

How to verify it
  In this folder (Linux):
    sha256sum -c --strict --quiet {SUMS}
  No output means that no listed file is missing or changed. On macOS:
  shasum -a 256 -c --quiet {SUMS}. On Windows, file by file:
  certutil -hashfile NAME SHA256, and compare with the line in {SUMS}.
  Files that are not in the list are shown by
    {UNEXPECTED}
  The digest of the list itself (sha256sum {SUMS}) must equal a copy that
  was kept elsewhere: only that proves that the list was not rewritten.

Made by {TOOL}
"
    )
}
