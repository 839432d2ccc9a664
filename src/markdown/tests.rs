//! What each feature of Markdown becomes, and where findings point.

use super::*;
use crate::finding::Severity;
use crate::say::Said;

/// A site with a few pages, clauses and one picture.
pub(super) struct Site;

impl Links for Site {
    fn page(&self, from: &str, target: &str) -> Resolved {
        assert_eq!(from, "content/a.md");
        match target {
            "b.md" => Resolved::Url("b.html".into()),
            "恢复 主库.md" => Resolved::Url("恢复 主库.html".into()),
            "evil.md" => Resolved::Url("javascript:alert(1)".into()),
            _ => Resolved::Unknown { help: Said::same("b.md?") },
        }
    }

    fn reference(&self, kind: &str, id: &str) -> Resolved {
        match (kind, id) {
            ("clause", "4.1.2") => Resolved::Url("../clauses/4.1.2.html".into()),
            ("runbook", "restore") => Resolved::Url("../runbooks/restore.html".into()),
            _ => Resolved::Unknown { help: Said::same("?") },
        }
    }

    fn image(&self, _: &str, target: &str) -> Resolved {
        match target {
            "图 1.png" => Resolved::Url("图 1.png".into()),
            _ => Resolved::Unknown { help: Said::same("?") },
        }
    }

    fn block(&self, words: &str) -> Block {
        match words {
            "chart here" => Block::Drawn,
            "chart nowhere" => Block::Wrong { at: 6..13, why: Said::same("no"), help: Said::same("here") },
            _ => Block::Code,
        }
    }
}

pub(super) fn page(text: &str) -> Page {
    page_at(text, 0, Lang::Zh)
}

fn page_at(text: &str, body: usize, lang: Lang) -> Page {
    render(&Input {
        file: "content/a.md",
        text,
        body,
        title: None,
        taken: &["main"],
        links: &Site,
        lang,
        limits: Limits::default(),
    })
}

fn html(text: &str) -> String {
    let page = page(text);
    assert_eq!(page.findings, [], "{text}");
    page.html
}

fn found(page: &Page) -> Vec<(&str, u32, u32, u32)> {
    page.findings
        .iter()
        .map(|f| {
            let place = f.place.as_ref().unwrap();
            (f.rule.as_str(), place.line, place.column, place.width)
        })
        .collect()
}

#[test]
fn blocks_and_spans() {
    assert_eq!(
        html("甲 *乙* **丙** ~~丁~~ `<戊>`\\\n己"),
        "<p>甲 <em>乙</em> <strong>丙</strong> <del>丁</del> <code>&lt;戊&gt;</code><br>\n己</p>\n"
    );
    assert_eq!(html("- 甲\n- 乙\n  - 丙\n"), "<ul>\n<li>甲</li>\n<li>乙<ul>\n<li>丙</li>\n</ul>\n</li>\n</ul>\n");
    assert_eq!(html("3. 甲\n\n4. 乙"), "<ol start=\"3\">\n<li><p>甲</p>\n</li>\n<li><p>乙</p>\n</li>\n</ol>\n");
    assert_eq!(html("> 甲\n\n---\n"), "<blockquote>\n<p>甲</p>\n</blockquote>\n<hr>\n");
    assert_eq!(html("术语\n: 解释"), "<dl>\n<dt>术语</dt>\n<dd>解释</dd>\n</dl>\n");
}

#[test]
fn chinese_emphasis_is_strong() {
    for (text, want) in [
        ("**注意：**这是", "<strong>注意：</strong>这是"),
        ("这是**“引号”**文字", "这是<strong>“引号”</strong>文字"),
        ("**备份（offsite）**失败", "<strong>备份（offsite）</strong>失败"),
        ("执行**`restore`**命令", "执行<strong><code>restore</code></strong>命令"),
        (
            "**重要**，**次要**。**一（二）**，后",
            "<strong>重要</strong>，<strong>次要</strong>。<strong>一（二）</strong>，后",
        ),
        ("这是*“斜体”*文字", "这是<em>“斜体”</em>文字"),
        ("旧：~~删除。~~新", "旧：<del>删除。</del>新"),
        ("***注意：***这是", "<em><strong>注意：</strong></em>这是"),
        ("`**注意：**这是`", "<code>**注意：**这是</code>"),
        ("\\**注意：*这是", "*<em>注意：</em>这是"),
        ("\u{e000}**注意：**这是", "\u{e000}<strong>注意：</strong>这是"),
    ] {
        assert_eq!(html(text), format!("<p>{want}</p>\n"), "{text}");
    }
    assert_eq!(html("|甲|\n|-|\n|**注意：**这|").matches("<strong>注意：</strong>这").count(), 1);
    assert_eq!(html("```\n**注意：**这是\n```"), "<pre tabindex=\"0\"><code>**注意：**这是\n</code></pre>\n");
}

#[test]
fn lines_of_han_are_joined_without_a_blank() {
    assert_eq!(html("数据库\n清理 and\n重启"), "<p>数据库清理 and\n重启</p>\n");
    assert_eq!(html("**数据库**\r\n*清理*"), "<p><strong>数据库</strong><em>清理</em></p>\n");
}

#[test]
fn headings_have_ids_and_no_jumps_and_the_first_is_the_title() {
    let page = page(
        "# 恢复 OA\n\n## 恢复步骤\n\n#### 细节 `x`\n\n### 恢复步骤\n\n# Main\n\n## 乙 {#own .c onclick=x}\n\n# h {onclick=alert(1)}",
    );
    assert_eq!(page.title.as_deref(), Some("恢复 OA"));
    assert_eq!(page.title_id.as_deref(), Some("恢复-oa"));
    let got: Vec<_> = page.headings.iter().map(|h| (h.level, h.id.as_str(), h.text.as_str())).collect();
    assert_eq!(
        got,
        [
            (1, "恢复-oa", "恢复 OA"),
            (2, "恢复步骤", "恢复步骤"),
            (3, "细节-x", "细节 x"),
            (3, "恢复步骤-1", "恢复步骤"),
            (2, "main-1", "Main"),
            (3, "own", "乙"),
            (2, "h-onclickalert1", "h {onclick=alert(1)}"),
        ]
    );
    assert!(page.html.starts_with("<h2 id=\"恢复步骤\">恢复步骤</h2>\n<h3 id=\"细节-x\">细节 <code>x</code></h3>\n"));
    assert!(page.html.contains("<h3 id=\"own\">乙</h3>"));
}

#[test]
fn a_heading_stays_where_something_else_is_the_title() {
    let input = |text, title| Input {
        file: "content/a.md",
        text,
        body: 0,
        title,
        taken: &[],
        links: &Site,
        lang: Lang::Zh,
        limits: Limits::default(),
    };
    let page = render(&input("# 步骤\n", Some("恢复")));
    assert_eq!((page.html.as_str(), page.title_id), ("<h2 id=\"步骤\">步骤</h2>\n", None));
    let page = render(&input("## 恢复\n", Some("恢复 ")));
    assert_eq!((page.html.as_str(), page.title_id.as_deref()), ("", Some("恢复")));
    let page = render(&input("前言\n\n# 恢复\n", None));
    assert_eq!(page.html, "<p>前言</p>\n<h2 id=\"恢复\">恢复</h2>\n");
    let page = render(&input("## Steps\n", None));
    assert_eq!((page.html.as_str(), page.title.as_deref()), ("<h2 id=\"steps\">Steps</h2>\n", Some("Steps")));
}

#[test]
fn an_id_that_is_written_twice_is_told() {
    let page = page("## 甲 {#x}\n\n## 乙 {#x}\n");
    assert_eq!(found(&page), [(TWICE, 3, 1, 9)]);
    assert_eq!(page.headings[1].id, "x-1");
}

#[test]
fn links_lead_somewhere_or_are_told() {
    let text = "\u{feff}---\r\ntitle: 甲\r\n---\r\n见[乙](b.md#步骤)、[丙](c.md)。\r\n\r\n- [丁](%E6%81%A2%E5%A4%8D%20%E4%B8%BB%E5%BA%93.md \"题\")[戊](#上) **注意：**[己](x.md) [[clause:4.1]]\r\n";
    let (_, body, _) = crate::front::read("content/a.md", text, crate::front::LIMIT);
    let page = page_at(text, body, Lang::Zh);
    assert_eq!(found(&page), [(DEAD, 4, 15, 9), (DEAD, 6, 69, 9), (DEAD, 6, 79, 14)]);
    assert_eq!(page.findings[0].help.as_ref().unwrap().en, "b.md?");
    assert!(page.html.contains("见<a href=\"b.html#步骤\">乙</a>、丙。"), "{}", page.html);
    assert!(page.html.contains("<a href=\"恢复%20主库.html\" title=\"题\">丁</a>"), "{}", page.html);
    assert!(page.html.contains("<a href=\"#上\">戊</a>"));
    let targets: Vec<_> = page.links.iter().map(|l| (l.target.clone(), l.anchor.as_deref())).collect();
    assert_eq!(
        targets,
        [
            (Target::Path("b.md".into()), Some("步骤")),
            (Target::Path("恢复 主库.md".into()), None),
            (Target::Here, Some("上"))
        ]
    );
    let heading = [Heading { level: 2, id: "步骤".into(), text: "步骤".into(), below: 0 }];
    let dead = dead_anchors(&page.links, |link| (link.target == Target::Here).then_some(&heading[..]));
    assert_eq!(dead.len(), 1);
    assert_eq!(dead[0].place.as_ref().unwrap().line, 6);
    assert_eq!(dead_anchors(&page.links[..1], |_| Some(&heading[..])), []);
}

#[test]
fn references_and_bare_addresses_become_links() {
    let page = page(
        "见 [[clause:4.1.2]]、[[runbook:restore#步骤|怎么恢复]]，\\[[clause:4.1.2]] `[[clause:1]]` [[1]](b.md)\n\n|甲|\n|-|\n|[[clause:4.1.2\\|条]]|\n",
    );
    assert_eq!(page.findings, []);
    assert!(page.html.contains("见 <a href=\"../clauses/4.1.2.html\">4.1.2</a>、<a href=\"../runbooks/restore.html#步骤\">怎么恢复</a>，[[clause:4.1.2]]"), "{}", page.html);
    assert!(page.html.contains("<code>[[clause:1]]</code> <a href=\"b.html\">[1]</a>"), "{}", page.html);
    assert!(page.html.contains("<td><a href=\"../clauses/4.1.2.html\">条</a></td>"), "{}", page.html);
    assert_eq!(page.links[1].target, Target::Reference { kind: "runbook".into(), id: "restore".into() });
    assert_eq!(
        html("详见https://a.example/x_y_z?a=1&b=2。[x https://c.example](b.md) <https://d.example>"),
        "<p>详见<a href=\"https://a.example/x_y_z?a=1&amp;b=2\" rel=\"noopener noreferrer\">https://a.example/x_y_z?a=1&amp;b=2</a>。\
         <a href=\"b.html\">x https://c.example</a> \
         <a href=\"https://d.example\" rel=\"noopener noreferrer\">https://d.example</a></p>\n"
    );
    assert_eq!(html("<a@b.example>"), "<p><a href=\"mailto:a@b.example\">a@b.example</a></p>\n");
}

#[test]
fn pictures_are_those_of_the_site() {
    let page = page(
        "![a *b* \"c\"](<图 1.png> \"题\") ![](图%201.png) ![远](https://x.example/p.png) ![无](n.png) ![坏](data:image/png,x)",
    );
    assert_eq!(
        page.html,
        "<p><img src=\"图%201.png\" alt=\"a b &quot;c&quot;\" title=\"题\" loading=\"lazy\"> \
         <img src=\"图%201.png\" alt=\"\" loading=\"lazy\"> \
         <a href=\"https://x.example/p.png\" rel=\"noopener noreferrer\">远</a> 无 坏</p>\n"
    );
    let rules: Vec<_> = page.findings.iter().map(|f| f.rule.as_str()).collect();
    assert_eq!(rules, [ALT, REFUSED, DEAD, REFUSED]);
    assert_eq!(page.images.len(), 2);
}

#[test]
fn tables_tasks_alerts_and_code() {
    assert_eq!(
        html("## 表\n\n|甲|乙|丙|\n|:-|:-:|-:|\n|1|2|3|\n"),
        "<h2 id=\"表\">表</h2>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"表格 1：表\"><table>\n\
         <thead><tr><th scope=\"col\" class=\"left\">甲</th><th scope=\"col\" class=\"center\">乙</th>\
         <th scope=\"col\" class=\"right\">丙</th></tr></thead>\n<tbody>\n<tr><td class=\"left\">1</td>\
         <td class=\"center\">2</td><td class=\"right\">3</td></tr>\n</tbody></table></div>\n"
    );
    assert_eq!(
        html("- [x] 甲\n- [ ] 乙\n"),
        "<ul>\n<li class=\"task\"><input type=\"checkbox\" disabled checked aria-label=\"已完成\"> 甲</li>\n\
         <li class=\"task\"><input type=\"checkbox\" disabled aria-label=\"未完成\"> 乙</li>\n</ul>\n"
    );
    assert!(html("- [x] 甲\n\n- 乙\n").contains("<li class=\"task\"><p><input"));
    assert_eq!(
        page_at("> [!WARNING]\n> 甲", 0, Lang::En).html,
        "<div class=\"alert alert-warning\" role=\"note\">\n<p class=\"alert-title\">Warning</p>\n<p>甲</p>\n</div>\n"
    );
    for (kind, title) in
        [("NOTE", "说明"), ("TIP", "提示"), ("IMPORTANT", "重要"), ("WARNING", "警告"), ("CAUTION", "注意")]
    {
        assert!(html(&format!("> [!{kind}]\n> 甲")).contains(&format!("\"alert-title\">{title}<")));
    }
    assert_eq!(
        html("```sh -x\r\na < b\r\n```"),
        "<pre tabindex=\"0\"><code class=\"language-sh\">a &lt; b\n</code></pre>\n"
    );
    assert_eq!(html("```\"><b>\n```"), "<pre tabindex=\"0\"><code></code></pre>\n");
    assert_eq!(html("    a\n"), "<pre tabindex=\"0\"><code>a\n</code></pre>\n");
}

#[test]
fn footnotes_are_gathered_with_a_way_back() {
    let got = html("甲[^b]乙[^a]丙[^b]\n\n[^a]: 一\n\n[^b]: 二\n\n[^c]: 三\n");
    assert!(
        got.starts_with(
            "<p>甲<sup class=\"footnote-ref\"><a href=\"#fn-1\" id=\"fnref-1\" aria-label=\"脚注 1\">1</a></sup>乙"
        ),
        "{got}"
    );
    assert!(got.contains("href=\"#fn-1\" id=\"fnref-1-1\""));
    let (_, notes) = got.split_once("<section class=\"footnotes\" aria-label=\"脚注\">\n<ol>\n").unwrap();
    assert_eq!(
        notes,
        "<li id=\"fn-1\"><p>二 <a href=\"#fnref-1\" aria-label=\"回到正文第 1 处\">↩</a> \
         <a href=\"#fnref-1-1\" aria-label=\"回到正文第 2 处\">↩</a></p>\n</li>\n\
         <li id=\"fn-2\"><p>一 <a href=\"#fnref-2\" aria-label=\"回到正文第 1 处\">↩</a></p>\n</li>\n\
         <li><p>三</p>\n</li>\n</ol>\n</section>\n"
    );
}

#[test]
fn raw_html_templates_and_hidden_characters_are_shown() {
    let got = page("甲<b onclick=\"x\">乙</b>\n\n<script>\nalert(1)\n</script>\n\n{{ x }} {% y %}\n\n\u{202e}甲\u{7}");
    assert!(got.html.contains("甲&lt;b onclick=&quot;x&quot;&gt;乙&lt;/b&gt;"));
    assert!(got.html.contains("<p>&lt;script&gt;\nalert(1)\n&lt;/script&gt;\n</p>"));
    assert!(got.html.contains("<p>{{ x }} {% y %}</p>"));
    assert!(got.html.contains("<span class=\"bidi\">U+202E</span>甲<span class=\"control\">U+0007</span>"));
    assert_eq!(found(&got), [(HIDDEN, 9, 1, 1), (HIDDEN, 9, 3, 1), (RAW, 1, 2, 15)]);
    let severities: Vec<_> = got.findings.iter().map(|f| f.severity).collect();
    assert_eq!(severities, [Severity::Warning, Severity::Error, Severity::Info]);
}

#[test]
fn plain_text_is_for_search() {
    let got = page("# 题\n\n**数据库**\n清理 [链](b.md) `码`\n\n|甲|乙|\n|-|-|\n|1|2|\n\n```\n码\n```\n");
    assert_eq!(got.plain, "数据库清理 链 码\n甲 乙 \n1 2 \n码");
}

#[test]
fn too_much_is_told_and_survived() {
    let got = page(&"a".repeat(Limits::default().markdown + 1));
    assert_eq!((got.html.as_str(), got.findings.len()), ("", 1));
    let got = page(&format!("{}甲", "> ".repeat(500)));
    assert_eq!(got.html.matches("<blockquote>").count(), Limits::default().nesting);
    assert_eq!(got.html.matches("</blockquote>").count(), Limits::default().nesting);
    assert!(got.html.contains('甲'));
    assert_eq!(got.findings.len(), 1);
    // Closing brackets after an address were once counted anew for each of them.
    let got = page(&format!("http://a{}", ")".repeat(Limits::default().markdown / 2)));
    assert!(got.html.contains("href=\"http://a\""));
}

#[test]
fn a_fence_is_code_or_keeps_a_place_or_is_told_to_be_wrong() {
    let page = page("```chart here\n甲 <b>\n```\n\n> ```chart nowhere\n> ```\n\n```sh\nif <!--block 0-->\n```\n");
    assert_eq!(
        page.html,
        "<p>甲 &lt;b&gt;</p>\n<!--block 0-->\n<blockquote>\n<pre tabindex=\"0\"><code class=\"language-chart\">chart nowhere\n</code></pre>\n</blockquote>\n\
         <pre tabindex=\"0\"><code class=\"language-sh\"><span class=\"hk\">if</span> &lt;!--block <span class=\"hn\">0</span>--&gt;\n</code></pre>\n"
    );
    assert_eq!(page.blocks, ["chart here"]);
    let found: Vec<String> = page.findings.iter().map(|f| f.place.as_ref().unwrap().to_string()).collect();
    assert_eq!(found, ["content/a.md:5:12"]);
}
