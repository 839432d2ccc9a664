//! Pages, their links and their names, over small workspaces.

use super::*;
use crate::calendar::Instant;
use crate::load::load;
use crate::markdown::{ALT, RAW, REFUSED};

const CONFIG: &str = r#"
[site]
title = "示例"
[[system]]
id = "oa"
name = "办公系统"
in_service = 2026-01-01
"#;

struct Made {
    content: Content,
    findings: Vec<Finding>,
    ledger: Ledger,
    standard: Standard,
    config: Config,
    sources: Sources,
}

fn made_of(files: &[(&str, &[u8])]) -> Made {
    let sources = Sources::of_memory(files.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec())));
    let config = Config::read(CONFIG.to_owned()).unwrap();
    let standard = Standard::load(&sources, &config).unwrap();
    let as_of = Instant(1_793_462_400);
    let (ledger, loaded) = load(&sources, &standard, &config, as_of).unwrap();
    let drafts = Drafts::Withheld;
    let ground = Ground { sources: &sources, config: &config, standard: &standard, ledger: &ledger, drafts };
    let (content, mut findings) = read(&ground).unwrap();
    findings.extend(loaded);
    Made { content, findings, ledger, standard, config, sources }
}

fn made(files: &[(&str, &str)]) -> Made {
    let bytes: Vec<(&str, &[u8])> = files.iter().map(|(path, text)| (*path, text.as_bytes())).collect();
    made_of(&bytes)
}

impl Made {
    fn page(&self, source: &str) -> &Document {
        self.content.documents.iter().find(|d| &*d.source == source).unwrap()
    }

    fn html(&self, source: &str) -> &str {
        &self.page(source).page.html
    }

    /// Severity, rule, place and help of each finding.
    fn found(&self) -> Vec<String> {
        let line = |f: &Finding| {
            let place = f.place.as_ref().map_or_else(String::new, |p| format!("{}:{}:{}", p.file, p.line, p.column));
            format!("{} {} {place} {}", f.severity.name(), f.rule, f.help.as_ref().map_or("", |h| &h.en))
        };
        let mut found = self.findings.clone();
        found.sort_by(Finding::order);
        found.iter().map(line).collect()
    }
}

#[test]
fn every_file_has_its_place() {
    let made = made(&[
        ("content/about.md", "# 关于"),
        ("content/manual/index.md", "# 说明"),
        ("content/manual/README.md", "# 仓库说明"),
        ("content/policies/README.md", "# 制度"),
        ("content/policies/a b.md", "# 甲"),
        ("content/reports/2026-10.md", "本月平稳。"),
        ("content/reports/notes.md", "# 记"),
        ("content/runbooks/index.md", "# 手册"),
        ("content/runbooks/net/switch.md", "# 换机"),
        ("content/runbooks/restore.en.md", "# Restore"),
        ("content/runbooks/restore.md", "# 恢复"),
    ]);
    let all: Vec<(&str, Role, &str, &str)> =
        made.content.documents.iter().map(|d| (d.route.as_str(), d.role, d.name.as_str(), d.title.as_str())).collect();
    assert_eq!(
        all,
        [
            ("about.html", Role::Page, "about", "关于"),
            ("manual/README.html", Role::Page, "manual/README", "仓库说明"),
            ("manual/index.html", Role::Index, "manual/index", "说明"),
            ("policies/index.html", Role::Index, "policies/README", "制度"),
            ("policies/a b.html", Role::Page, "policies/a b", "甲"),
            ("reports/2026-10.html", Role::Commentary, "reports/2026-10", "2026-10"),
            ("reports/notes.html", Role::Page, "reports/notes", "记"),
            ("runbooks/index.html", Role::Index, "runbooks/index", "手册"),
            ("runbooks/net/switch.html", Role::Runbook, "net/switch", "换机"),
            ("runbooks/restore.en.html", Role::Runbook, "restore", "Restore"),
            ("runbooks/restore.html", Role::Runbook, "restore", "恢复"),
        ]
    );
    let runbooks = made.standard.kind("runbook").unwrap();
    let ids: Vec<&str> = (0..2).map(|row| made.ledger.tables[runbooks].ids.get(row)).collect();
    assert_eq!((made.ledger.tables[runbooks].len(), ids), (2, vec!["net/switch", "restore"]));
}

#[test]
fn links_lead_to_pages_files_and_records() {
    let made = made_of(&[
        (
            "content/runbooks/a.md",
            "# 甲\n\n[乙](net/b.md#步骤) [丙](../about.md) [丁](/content/about.md) [戊](/about.md) [己](net/) [庚](../manual)\n\
             ![图](图%201.png) [表](巡检.xlsx) [原件](../../records/fault/1.md) [表](../../records/backup/1.csv)\n\
             [[clause:3.1.1]] [[system:oa]] [[runbook:net/b]] [[page:about|说明]] [[fault:F-1]] [[backup:B-1]] [[rule:backup.daily]]\n"
                .as_bytes(),
        ),
        ("content/runbooks/net/b.md", "# 乙\n\n## 步骤\n".as_bytes()),
        ("content/runbooks/图 1.png", b"\x89PNG\r\n\x1a\n"),
        ("content/runbooks/巡检.xlsx", b"PK"),
        ("content/about.md", "# 关于\n".as_bytes()),
        ("content/manual/x.md", "# 用\n".as_bytes()),
        ("records/fault/1.md", "---\nid: F-1\nsystem: oa\nreported_at: 2026-10-03 08:00\nsummary: 无法登录\n---\n见[手册](../../content/runbooks/a.md)\n".as_bytes()),
        ("records/backup/1.csv", "id,system,started_at,type,result\nB-1,oa,2026-10-03 01:00,全量,成功\n".as_bytes()),
    ]);
    assert_eq!(made.found(), [""; 0]);
    let html = made.html("content/runbooks/a.md");
    for href in [
        "../runbooks/net/b.html#步骤\">乙",
        "../about.html\">丙",
        "../about.html\">丁",
        "../about.html\">戊",
        "../runbooks/net/index.html\">己",
        "../manual/index.html\">庚",
        "../runbooks/巡检.xlsx\">表",
        "../faults/F-1.html\">原件",
        "../evidence/records/backup/1.csv\">表",
        "../clauses/3.1.1.html\">3.1.1",
        "../systems/oa.html\">办公系统",
        "../runbooks/net/b.html\">乙",
        "../about.html\">说明",
        "../faults/F-1.html\">F-1",
        "../records/backup/2026-10.html#r-B-1\">B-1",
        "../clauses/3.1.1.html#backup.daily\">backup.daily",
    ] {
        assert!(html.contains(&format!("<a href=\"{href}</a>")), "{href}\n{html}");
    }
    assert!(html.contains("<img src=\"../runbooks/图%201.png\" alt=\"图\""), "{html}");
    let copied: Vec<&str> = made.content.assets.iter().map(|a| a.route.as_str()).collect();
    assert_eq!(copied, ["runbooks/图 1.png", "runbooks/巡检.xlsx"]);
    let fault = made.standard.kind("fault").unwrap();
    assert!(made.content.body(fault, 0).unwrap().html.contains("<a href=\"../runbooks/a.html\">手册</a>"));
}

#[test]
fn what_leads_nowhere_is_told_with_the_nearest() {
    let made = made(&[
        (
            "content/runbooks/a.md",
            "# 甲\n\n[一](restor.md) [二](about.md) [三](restore.html)\n[四](restore.md#步聚) [五](#没有)\n\
             [六](../../../../etc/passwd) ![七](x.png) [[clause:3.1.11]] [[runbok:restore]] [[runbook:restroe]] [八]()\n",
        ),
        ("content/runbooks/restore.md", "# 恢复\n\n## 步骤\n"),
        ("content/about.md", "# 关于\n"),
    ]);
    assert_eq!(
        made.found(),
        [
            "error link.dead content/runbooks/a.md:3:1 the nearest is restore.md",
            "error link.dead content/runbooks/a.md:3:16 the nearest is ../about.md",
            "error link.dead content/runbooks/a.md:3:30 the nearest is restore.md",
            "error link.dead content/runbooks/a.md:4:1 the anchors of that page are: #恢复, #步骤",
            "error link.dead content/runbooks/a.md:4:20 the anchors of that page are: #甲",
            "error link.dead content/runbooks/a.md:5:1 it leads out of the workspace; only files below content/ and records/ can be linked",
            "error link.dead content/runbooks/a.md:5:29 there is no file content/runbooks/x.png; add it, or take the link away",
            "error link.dead content/runbooks/a.md:5:41 the nearest is [[clause:3.1.1]]",
            "error link.dead content/runbooks/a.md:5:59 the nearest is [[runbook:restore]]",
            "error link.dead content/runbooks/a.md:5:78 the nearest is [[runbook:restore]]",
            "error link.dead content/runbooks/a.md:5:98 write the target in the parentheses, or take the link away",
        ]
    );
    assert!(made.findings.iter().all(|f| f.record.as_deref() == Some("a") && crate::page::breaks(f)));
    let links = made.html("content/runbooks/a.md").matches("<a ").count();
    assert_eq!(links, 2, "only a page whose anchor alone is missing is still a link");
}

#[test]
fn an_anchor_is_sought_in_its_page_and_near_ones_are_offered() {
    let made = made(&[
        (
            "content/a.md",
            "# A\n\n## Restore steps\n\n[x](#restore-step) [y](b.md#rollback) [z](b.md#rolback) [t](b.md#b)\n",
        ),
        ("content/b.md", "# B\n\n## 乙 {#rollback}\n"),
    ]);
    assert_eq!(
        made.found(),
        [
            "error link.dead content/a.md:5:1 the nearest is #restore-steps",
            "error link.dead content/a.md:5:39 the nearest is #rollback",
        ]
    );
}

#[test]
fn a_dead_link_in_a_record_breaks_nothing() {
    let made = made(&[(
        "records/fault/1.md",
        "---\nid: F-1\nsystem: oa\nreported_at: 2026-10-03 08:00\nsummary: 无法登录\n---\n见[图](x.md) ![图](y.png) [锚](#无)\n",
    )]);
    let found = made.found();
    assert!(
        found.len() == 2 && found.iter().all(|f| f.starts_with("warning link.dead records/fault/1.md:7:")),
        "{found:?}"
    );
    let fault = |f: &&Finding| f.kind.as_deref() == Some("fault") && f.record.as_deref() == Some("F-1");
    assert_eq!(made.findings.iter().filter(fault).count(), 2);
    assert!(!made.findings.iter().any(crate::page::breaks));
}

#[test]
fn drafts_are_left_out_and_links_to_them_are_refused() {
    let made = made(&[
        ("content/a.md", "# 甲\n\n[乙](b.md) [[runbook:c]]\n"),
        ("content/b.md", "---\ndraft: true\n---\n# 乙\n\n[无](x.md)\n"),
        ("content/runbooks/c.md", "---\ndraft: yes\nlast_reviewed: 2026-10-01\n---\n# 丙\n"),
        ("content/runbooks/c.en.md", "# C\n"),
        ("records/fault/1.csv", "id,system,reported_at,summary,runbook\nF-1,oa,2026-10-03 08:00,无法登录,c\n"),
    ]);
    assert_eq!(
        made.found(),
        [
            "error link.refused content/a.md:3:1 take away its draft, or this link",
            "error link.refused content/a.md:3:11 take away its draft, or this link",
            "info page.draft content/b.md:2:1 take away `draft` when it is done",
            "info page.draft content/runbooks/c.en.md:0:0 take away `draft` when it is done",
            "info page.draft content/runbooks/c.md:2:1 take away `draft` when it is done",
        ]
    );
    assert_eq!(made.content.documents.len(), 1);
    let (runbook, fault) = (made.standard.kind("runbook").unwrap(), made.standard.kind("fault").unwrap());
    assert_eq!(made.ledger.tables[runbook].live().count(), 0);
    assert_eq!(made.ledger.tables[fault].live().count(), 1, "a reference to a draft does not dangle");
}

#[test]
fn twins_are_pages_of_their_own_and_know_each_other() {
    let made = made(&[
        (
            "content/runbooks/a.md",
            "---\nowner: 管理员甲\nlast_reviewed: 2026-08-01\nreview_in: 6个月\nclauses: [3.1.1]\n---\n# 甲\n\n[[runbook:b]]\n",
        ),
        ("content/runbooks/a.en.md", "---\ntitle: A\n---\n# A\n\n[[runbook:b]] [here](a.md)\n"),
        ("content/runbooks/b.md", "# 乙\n"),
        ("content/runbooks/b.en.md", "# B\n"),
        ("content/c.md", "# All in English\n\nNothing but words.\n"),
    ]);
    assert_eq!(made.found(), [""; 0]);
    let (a, en) = (made.page("content/runbooks/a.md"), made.page("content/runbooks/a.en.md"));
    assert_eq!((a.lang.as_str(), en.lang.as_str(), made.page("content/c.md").lang.as_str()), ("zh-CN", "en", "en"));
    assert!(made.html("content/runbooks/a.md").contains("<a href=\"../runbooks/b.html\">乙</a>"));
    assert!(made.html("content/runbooks/a.en.md").contains("<a href=\"../runbooks/b.en.html\">B</a>"));
    assert_eq!((en.facts.owner.as_str(), en.facts.last_reviewed), ("管理员甲", a.facts.last_reviewed));
    let at = |d: &Document| made.content.documents.iter().position(|other| other.source == d.source).unwrap();
    assert_eq!(en.twin_of, Some(at(a)));
    assert_eq!(made.content.variant(at(a), Lang::En).title, "A");
    assert_eq!(made.content.variant(at(en), Lang::Zh).title, "甲");
    let runbook = made.standard.kind("runbook").unwrap();
    assert_eq!(made.ledger.tables[runbook].len(), 2);
}

#[test]
fn former_addresses_lead_to_their_page_and_take_no_other() {
    let made = made(&[
        ("content/a.md", "---\naliases: [old, /x/older.html, b, ../../out, 'a']\n---\n# 甲\n"),
        ("content/b.md", "---\naliases:\n  - old\n---\n# 乙\n"),
        ("content/m/c.md", "---\naliases: 旧名\n---\n# 丙\n"),
    ]);
    let aliases: Vec<(&str, &str)> = made
        .content
        .aliases
        .iter()
        .map(|(route, &at)| (route.as_str(), made.content.documents[at].route.as_str()))
        .collect();
    assert_eq!(aliases, [("m/旧名.html", "m/c.html"), ("old.html", "a.html"), ("x/older.html", "a.html")]);
    assert_eq!(
        made.found(),
        [
            "error page.value content/a.md:2:34 write a path as seen from this page, such as old-name",
            "error site.route content/a.md:2:31 take this alias away",
            "error site.route content/a.md:2:45 take this alias away",
            "error site.route content/b.md:3:5 take this alias away",
        ]
    );
    assert_eq!(made.content.origin("old.html").map(|s| &**s), Some("content/a.md"));
}

#[test]
fn what_is_typed_in_the_front_matter_is_held_against_the_workspace() {
    let made = made(&[(
        "content/a.md",
        "---\ntitle: 甲\nlast_reviewed_on: 2026年8月1日\nreview_in: sometimes\nsystems: [oa, mial, 办公系统]\nclauses: 3.1.1, 3.1.l\nweight: heavy\nlang: e n\nfoo: bar\n---\n# 甲\n",
    )]);
    assert_eq!(
        made.found(),
        [
            "error page.value content/a.md:4:12 write 6 months, 90 days, 1 year, or P6M",
            "error page.value content/a.md:5:15 there are: oa, 办公系统",
            "error page.value content/a.md:6:10 did you mean 3.1.1?",
            "error page.value content/a.md:7:9 write a whole number; small ones come first",
            "error page.value content/a.md:8:7 write zh-CN or en",
            "info ingest.header content/a.md:9:1 known keys are: title, owner, last_reviewed, review_in, systems, clauses, tags, risk, weight, aliases, draft, lang",
        ]
    );
    let rules: Vec<(&str, u32)> =
        made.findings.iter().map(|f| (f.rule.as_str(), f.place.as_ref().unwrap().line)).collect();
    assert_eq!(
        rules,
        [
            ("page.value", 5),
            ("page.value", 6),
            ("page.value", 7),
            ("page.value", 8),
            ("page.value", 4),
            ("ingest.header", 9)
        ]
    );
    let facts = &made.page("content/a.md").facts;
    assert_eq!(facts.last_reviewed.map(|d| d.to_string()).as_deref(), Some("2026-08-01"));
    assert_eq!(facts.systems, ["oa", "mial", "oa"]);
    assert_eq!(facts.clauses, ["3.1.1", "3.1.l"]);
    assert_eq!(facts.extras, [("foo".to_owned(), "bar".to_owned())]);
    assert!(!made.findings.iter().any(crate::page::breaks), "a site with a misspelt weight is no broken site");
}

#[test]
fn a_runbook_is_told_of_once() {
    let made =
        made(&[("content/runbooks/a.md", "---\nlast_reviewed: soon\nweight: 3\nlang: zh\nfoo: bar\n---\n# 甲\u{7}\n")]);
    let rules: Vec<&str> = made.findings.iter().map(|f| f.rule.as_str()).collect();
    assert_eq!(rules, ["ingest.syntax"], "the control character keeps it out of the ledger, and is told once");
    assert!(made.content.documents[0].title.starts_with('甲'));
}

#[test]
fn what_people_type_stays_inert() {
    let hostile = "# <script>alert(1)</script>\u{202e}\n\n[a](javascript:alert(1)) [b](JaVa&#9;Script:alert(1)) [c](data:text/html,x) \
                   ![d](javascript:x) [[runbook:<img src=x onerror=y>]] <img src=x onerror=alert(1)> [e](x.html)\n\n<svg onload=alert(1)>\n";
    let made = made_of(&[
        ("content/runbooks/a.md", format!("---\ntitle: '<b>\u{202e}x'\nowner: <i>\n---\n{hostile}").as_bytes()),
        ("content/runbooks/x.html", b"<script>alert(1)</script>"),
        ("content/runbooks/y.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("content/b.md", "# 乙\n\n![y](runbooks/y.svg) [y](runbooks/y.svg)\n".as_bytes()),
    ]);
    let html = made.html("content/runbooks/a.md");
    for word in ["<script", "<img", "<svg", "<b>", "<a "] {
        assert!(!html.contains(word), "{word}\n{html}");
    }
    assert!(html.contains("class=\"bidi\""), "{html}");
    let html = made.html("content/b.md");
    assert_eq!(
        (html.matches("<img src=\"data:image/svg+xml;base64,").count(), html.matches("<a ").count()),
        (1, 0),
        "{html}"
    );
    assert_eq!(made.content.assets, [], "nothing that a browser would run is a file of the site");
    let refused = made.findings.iter().filter(|f| f.rule == REFUSED).count();
    assert_eq!(refused, 6, "{:?}", made.found());
    assert!(made.findings.iter().any(|f| f.rule == RAW));
    assert!(!made.findings.iter().any(|f| f.rule == ALT));
}

#[test]
fn files_that_no_page_uses_are_noted_and_stay_at_home() {
    let made = made_of(&[
        ("content/a.md", "# 甲\n\n![图](a.png)\n".as_bytes()),
        ("content/a.png", b"\x89PNG\r\n\x1a\n"),
        ("content/b.png", b"\x89PNG\r\n\x1a\n"),
    ]);
    assert_eq!(made.found(), ["info page.unused content/b.png:0:0 use it in a page, or move it out of content/"]);
    assert_eq!(made.content.assets.len(), 1);
}

#[test]
fn the_pages_that_cite_a_clause_are_known() {
    let made = made(&[
        ("content/a.md", "# 甲\n\n[[clause:3.1.1]]\n"),
        ("content/runbooks/b.md", "---\nclauses: [3.1.1]\nweight: 2\n---\n# 乙\n"),
        ("content/runbooks/b.en.md", "# B\n"),
        ("content/runbooks/c.md", "# 丙\n\n[[clause:3.1.1]]\n"),
        ("content/runbooks/d.md", "# 丁\n"),
    ]);
    let shelf = crate::page::shelf::Shelf::of(&made.ledger, &made.standard);
    let way = Way::over(&made.standard, &made.ledger, &shelf, 1);
    let waivers = crate::slots::Waivers::read(&made.ledger, &made.standard);
    let book = Book {
        sources: &made.sources,
        config: &made.config,
        standard: &made.standard,
        ledger: &made.ledger,
        slots: &[],
        waivers: &waivers,
        figures: &[],
        archive: &crate::seal::Archive::default(),
        findings: &[],
        by_file: BTreeMap::new(),
        content: &made.content,
        as_of: Instant(0),
        build: String::new(),
    };
    let links: Vec<(String, String)> = citing(&book, &way, "3.1.1").into_iter().map(|l| (l.href, l.text)).collect();
    let want = [("../runbooks/c.html", "丙"), ("../runbooks/b.html", "乙"), ("../a.html", "甲")];
    assert_eq!(links, want.map(|(href, text)| (href.to_owned(), text.to_owned())));
    assert!(citing(&book, &way, "2.1").is_empty());
}

#[test]
fn text_in_the_encoding_of_an_old_editor_is_read() {
    let (bytes, _, _) = encoding_rs::GB18030
        .encode("---\ntitle: 恢复手册\nowner: 管理员甲\n---\n# 恢复手册\n\n先停止写入，再恢复数据。\n");
    let made = made_of(&[("content/a.md", &bytes)]);
    assert_eq!(made.page("content/a.md").title, "恢复手册");
}

#[test]
fn no_heading_takes_an_id_of_the_page_around_it() {
    let templates = [
        include_str!("../../../themes/default/templates/base.html"),
        include_str!("../../../themes/default/templates/document.html"),
        include_str!("../../../themes/default/templates/runbook.html"),
        include_str!("../../../themes/default/templates/runbooks.html"),
        include_str!("../../../themes/default/templates/page.html"),
    ];
    let ids = templates.iter().flat_map(|text| text.split(" id=\"").skip(1)).filter_map(|rest| rest.split('"').next());
    let ids: BTreeSet<&str> = ids.filter(|id| !id.contains('{')).collect();
    assert_eq!(ids, TAKEN.into_iter().collect());
    let made = made(&[("content/a.md", "# 甲\n\n## Contents\n\n## Used\n")]);
    assert!(made.html("content/a.md").contains("<h2 id=\"contents-1\">"));
}
