//! The codes of findings that no rule of a standard makes: what reading, linking and laying out can have to say. The
//! one list of them; a test holds it against the code.

use crate::say;
use crate::say::Said;

mod sealed;

/// What a code means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// The code, such as `ingest.value`.
    pub id: &'static str,
    /// What it says of the input, and what follows from it.
    pub about: Said,
    /// How to put it right.
    pub fix: Said,
}

/// Every code, in byte order.
pub const IDS: [&str; 55] = [
    "config",
    "image.alt",
    "import.known",
    "import.mapping",
    "import.note",
    "import.source",
    "import.syntax",
    "import.system",
    "import.value",
    "ingest.duplicate",
    "ingest.encoding",
    "ingest.header",
    "ingest.kind",
    "ingest.reference",
    "ingest.syntax",
    "ingest.value",
    "link.dead",
    "link.refused",
    "markdown.hidden",
    "markdown.html",
    "markdown.id",
    "page.block",
    "page.draft",
    "page.orphan",
    "page.unused",
    "page.value",
    "seal.altered",
    "seal.chain",
    "seal.duplicate",
    "seal.expired",
    "seal.extra",
    "seal.file",
    "seal.late",
    "seal.missing",
    "seal.normalised",
    "seal.root",
    "seal.signature",
    "seal.signer",
    "seal.signers",
    "seal.syntax",
    "seal.timestamp",
    "seal.unchecked",
    "seal.unsealed",
    "seal.unsigned",
    "site.changed",
    "site.extra",
    "site.list",
    "site.missing",
    "site.publish",
    "site.route",
    "site.timezone",
    "site.vanished",
    "standard",
    "theme",
    "waiver.unused",
];

/// The code of a name.
pub fn code(name: &str) -> Option<Code> {
    let id = IDS.into_iter().find(|id| *id == name)?;
    if let Some((about, fix)) = sealed::said(id) {
        return Some(Code { id, about, fix });
    }
    let (about, fix) = match id {
        "config" => (
            say!(
                "wellkept.toml 中有不认识的键、缺少的键或不能使用的值。有任何一处问题，配置都不会被采用，程序以代码 2 结束。",
                "wellkept.toml has a key that is not known, lacks one, or has a value that cannot be used. A configuration with any such problem is not used, and the program ends with code 2."
            ),
            say!(
                "按提示的位置修改；配置参考见使用说明",
                "mend it at the place that is named; the manual has the reference of all keys"
            ),
        ),
        "image.alt" => (
            say!("图片没有替代文字，看不到图的人读不到它。", "an image has no words for those who do not see it."),
            say!(
                "在方括号里写一句说明：![机柜示意图](rack.png)",
                "say in the brackets what it shows: ![the rack](rack.png)"
            ),
        ),
        "import.known" => (
            say!(
                "导出中的这条记录已经在档案里，而两处说法不同：时间不同的被拒绝；导出多出的内容只是告知，已有的记录不会被改动。",
                "a record of the export is in the archive already, and the two differ: another time is refused; what the export says beyond is only told, for what is there is never changed."
            ),
            say!(
                "时间不同多半是时区不同：用相同的时区导出，或加 --timezone；多出的内容请手工填写",
                "another time mostly comes of another zone: export in the same zone, or add --timezone; fill in by hand what is new"
            ),
        ),
        "import.mapping" => (
            say!(
                "工单的映射文件中有不认识的键、种类、字段或时间格式，没有使用。",
                "a mapping of tickets has a key, a kind, a field or a format of times that is not known, and was not used."
            ),
            say!("按提示的位置修改映射文件", "mend the mapping at the place that is named"),
        ),
        "import.note" => (
            say!(
                "导入时按什么处理的说明：没有时区的时间、没有写明的类型和严重程度、略过的内容。",
                "what an import went by: times without a zone, types and severities that are not told, what was passed over."
            ),
            say!(
                "核对一遍；不对就用 --timezone、--set 说明，再导入一次",
                "see whether it is right; if not, say so with --timezone or --set and import again"
            ),
        ),
        "import.source" => (
            say!("没有这个名字的导入来源。", "there is no source of imports by this name."),
            say!(
                "运行 wellkept import 看全部来源，或给出自己的映射文件",
                "run wellkept import for the list of sources, or give a mapping of your own"
            ),
        ),
        "import.syntax" => (
            say!(
                "导出的文件或其中一行读不了：不是这个工具的输出、不完整、编码不对或太长。",
                "an export, or a line of it, cannot be read: it is of another tool, not whole, in a wrong encoding or too long."
            ),
            say!("按使用说明里的命令再导出一次", "export again, with the command that the manual has for the source"),
        ),
        "import.system" => (
            say!(
                "导出里的名字不是任何系统的编号、名称或主机，不知道记录属于哪个系统。",
                "a name in the export is neither the id nor the name nor a host of a system, so that whose the record is is not known."
            ),
            say!(
                "用 --system 指定，或把名字写进该系统的 hosts",
                "say so with --system, or write the name into the hosts of its system"
            ),
        ),
        "import.value" => (
            say!(
                "导出里的这一条读得懂，但成不了记录：缺少必填的内容、时间不可能，或含有不允许进来的文字。",
                "this part of an export can be read and makes no record: it lacks something required, has times that cannot be, or holds text that may not come in."
            ),
            say!(
                "按提示补上缺少的内容（--set），或在来源处改正后再导出",
                "give what is missing (--set), or put it right at the source and export again"
            ),
        ),
        "ingest.duplicate" => (
            say!(
                "同一种类中有两条记录编号相同。按文件路径、行号的先后，前一条保留编号，后一条不收录。",
                "two records of one kind have the same id. By path and line the first keeps it; the second is not counted."
            ),
            say!(
                "改正编号；若后一条是更正，用新编号并在“更正”（corrects）中写原编号",
                "give it its right id; a correction has an id of its own and names the old one in `corrects`"
            ),
        ),
        "ingest.encoding" => (
            say!(
                "文件的编码无法识别，或文件不是文本，其中的记录都没有计入；级别为提示时，是说明文件按哪种编码读取。",
                "the encoding of a file is not known, or it is no text: none of its records is counted. As a note it says which encoding was read."
            ),
            say!(
                "另存为 UTF-8，例如电子表格中的“CSV UTF-8”",
                "save it as UTF-8, such as \"CSV UTF-8\" in a spreadsheet"
            ),
        ),
        "ingest.header" => (
            say!(
                "表头缺少必需的列、两列指同一字段，或有不认识的列。缺列时整个文件的记录都不收录；不认识的列按原样保留，只作提示。",
                "a header lacks a required column, names a field twice, or has columns that are not known. Without a required column no record of the file is counted; unknown columns are kept as they are and noted."
            ),
            say!(
                "改表头，或在 [records.<种类>.aliases] 中登记本单位的叫法",
                "rename the header, or enter your own word for it in [records.<kind>.aliases]"
            ),
        ),
        "ingest.kind" => (
            say!(
                "records/ 下的文件夹不是标准中的记录种类，其中的文件都没有读取。",
                "a folder below records/ is no kind of the standard; none of its files is read."
            ),
            say!(
                "把文件移到提示的种类文件夹，或在标准中声明新的种类",
                "move the files to the folder of their kind, or declare the kind in the standard"
            ),
        ),
        "ingest.reference" => (
            say!(
                "记录引用的编号不存在、豁免所指的规则不存在、更正成环，或更正没有原记录。该记录不收录。",
                "a record refers to an id that is not there, a waiver to no rule, corrections run in a circle, or there is nothing to correct. The record is not counted."
            ),
            say!("改正所引用的编号", "write the id that is meant"),
        ),
        "ingest.syntax" => (
            say!(
                "文件或某一行的格式无法读取：引号不配对、单元格数不符、控制字符、合并冲突标记、超过上限，或文件类型不受支持。那一行（或文件）不收录，其余照常读取。",
                "the shape of a file or a row cannot be read: quotes that do not match, too few cells, control characters, marks of a merge conflict, a limit passed, a type of file that is not read. That row (or file) is not counted; all beside it is read."
            ),
            say!(
                "按提示修改那一行；原文列在未收录页面",
                "mend the line as it says; the page of rejected records shows it as found"
            ),
        ),
        "ingest.value" => (
            say!(
                "某个值无法按字段的类型读取，或必填的值缺失。该记录不收录，列入未收录页面。",
                "a value cannot be read as its field's type, or a required one is missing. The record is not counted; the page of rejected records lists it."
            ),
            say!(
                "按提示的写法改正那一格；本单位对取值的叫法、日期的顺序，可在 [records.<种类>] 的 values 和 date_order 中登记",
                "write the cell as the help says; your own words for values and your order of dates are entered in `values` and `date_order` of [records.<kind>]"
            ),
        ),
        "link.dead" => (
            say!(
                "页面中的链接、锚点或图片没有目标。content/ 中的会使生成失败，已发布的站点保持不变；记录正文中的只作警告。",
                "a link, an anchor or an image leads nowhere. In content/ it stops the build and the last site stays; in the text of a record it is a warning."
            ),
            say!("改成提示中最接近的目标", "write the nearest target, as the help names it"),
        ),
        "link.refused" => (
            say!(
                "链接的类型不允许（只允许 http、https、mailto 和相对路径），或指向不发布的内容：草稿、未收录的记录、浏览器会执行的文件、站点之外的图片。已显示为文字。",
                "a link is not allowed (only http, https, mailto and relative paths), or leads to what is not published: a draft, a rejected record, a file that a browser would run, a picture from elsewhere. It is shown as text."
            ),
            say!("按提示修改", "do as the help says"),
        ),
        "markdown.hidden" => (
            say!(
                "文字中有看不见的或改变书写方向的字符，已显示为标记。",
                "the text has characters that are not seen, or that turn its direction; they are shown as marks."
            ),
            say!("删除这些字符", "delete them"),
        ),
        "markdown.html" => (
            say!("Markdown 中的 HTML 一律显示为文字。", "HTML in Markdown is shown as text."),
            say!("改用 Markdown 写法", "write it in Markdown"),
        ),
        "markdown.id" => (
            say!("同一页中有两处写了相同的锚点。", "an id is written twice on one page."),
            say!("改掉其中一处", "change one of them"),
        ),
        "page.block" => (
            say!(
                "代码围栏要显示的记录或图表不存在：种类、字段、系统、图表名或期间写错了。页面照常发布，那里按代码显示。",
                "a fence asks for records or a chart that are not there: a kind, a field, a system, a name or a period is wrong. The page is published, and shows the fence as code."
            ),
            say!(
                "按提示改成最接近的名字；写法见使用说明“写手册和报告”",
                "write the nearest name, as the help has it; the manual page on writing tells how"
            ),
        ),
        "page.draft" => (
            say!("页面标记为草稿（draft），没有发布。", "the page is marked as a draft and is not published."),
            say!("写好后去掉 draft", "take `draft` away when it is done"),
        ),
        "page.orphan" => (
            say!(
                "所在文件夹有自己的首页（index.md），但首页和其他页面都没有链接这一页。站点仍会在首页下方列出它。",
                "the page's folder has a page of its own (index.md), and neither that nor any other page links this one. The site lists it below the folder's page all the same."
            ),
            say!(
                "在首页或相关页面里加一个链接，或删除这一页",
                "link it from there or from a page about the same, or delete it"
            ),
        ),
        "page.unused" => (
            say!("content/ 中的文件没有任何页面使用。", "no page uses this file of content/."),
            say!("在页面中引用它，或删除", "refer to it from a page, or delete it"),
        ),
        "page.value" => (
            say!(
                "页面开头的元数据中有一个值无法使用，页面照常发布。",
                "a value at the head of a page cannot be used; the page is published all the same."
            ),
            say!("按提示改正", "mend it as the help says"),
        ),
        "site.publish" => (
            say!(
                "新站点已就位，但旧站点的残余没有清理干净。",
                "the new site is in place, but what is left of the old one could not be cleared away."
            ),
            say!("按提示检查文件夹权限；下次生成会再试", "see to the permissions it names; the next build tries again"),
        ),
        "site.route" => (
            say!(
                "两个页面会占用同一个地址，站点没有发布，原有站点不变。",
                "two pages would have one address: nothing is published, and the last site stays."
            ),
            say!("给其中一个页面改名", "rename one of the pages"),
        ),
        "site.timezone" => (
            say!(
                "没有写明时区，日、月和班次按 UTC 计算：在中国，早上 8 点以前的备份会记到前一天。",
                "no time zone is set, so days, months and shifts are those of UTC: elsewhere a backup of the night may \
                 count for another day."
            ),
            say!("在 [site] 中写 timezone", "set `timezone` below [site]"),
        ),
        "site.vanished" => (
            say!(
                "上次发布的站点里有一个页面，这次不再有。地址一经发布就应长期有效，所以没有发布，原有站点不变；同类记录读不进来时只作提醒。",
                "the last site has a page that this one has not. An address that was published stays, so nothing is \
                 published and the last site stays; while records of its kind cannot be read it is a warning only."
            ),
            say!(
                "改名的页面在开头写 aliases；程序生成的页面在 wellkept.toml 的 [site.aliases] 中写明去处；回看较早时刻用 --output 另选文件夹",
                "name the old address in `aliases` at the head of a page that was renamed; for a page of the program's own \
                 say in [site.aliases] of wellkept.toml where it leads; to look back at an earlier time choose another \
                 folder with --output"
            ),
        ),
        "standard" => (
            say!(
                "标准文件中有不认识的种类、字段、参数或形式，或缺少必需的内容，无法使用。",
                "a file of the standard names a kind, field, parameter or form that is not known, or lacks something: it cannot be used."
            ),
            say!(
                "按提示的位置修改；写法见 standards/README.md",
                "mend it at the place that is named; standards/README.md tells the format"
            ),
        ),
        "theme" => (
            say!(
                "模板或主题文件有错，站点没有发布，原有站点不变。",
                "a template or a file of the theme is broken: nothing is published, and the last site stays."
            ),
            say!("按提示的模板、行、列修改", "mend the template at the line and column that are named"),
        ),
        _ => (
            say!(
                "豁免没有覆盖任何问题：可能写错了规则、系统或日期，或已不再需要。提示写明它是否已过期、尚未开始或起止颠倒。",
                "a waiver covers no finding: its rule, system or dates may be wrong, or it is no longer needed. The finding says whether its days are over or to come, or run backwards."
            ),
            say!("核对豁免的规则、系统和起止日期", "see to its rule, system and dates"),
        ),
    };
    Some(Code { id, about, fix })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_every_code_says_something_of_its_own() {
        assert!(IDS.is_sorted());
        let told: std::collections::BTreeSet<String> = IDS.iter().map(|id| code(id).unwrap().about.en).collect();
        assert_eq!(told.len(), IDS.len());
        assert_eq!(code("ingest.valu"), None);
    }
}
