//! Whatever goes in, what comes out can only be read. The output is taken apart tag by tag and attribute by
//! attribute and held against the short list of what the writer is meant to write.

use super::tests::page;

const TAGS: &[&str] = &[
    "p",
    "blockquote",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "em",
    "strong",
    "del",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "pre",
    "code",
    "div",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "a",
    "img",
    "br",
    "hr",
    "input",
    "sup",
    "section",
    "span",
];
const VOID: &[&str] = &["img", "br", "hr", "input"];
const ATTRIBUTES: &[&str] = &[
    "id",
    "class",
    "href",
    "rel",
    "title",
    "src",
    "alt",
    "loading",
    "start",
    "scope",
    "tabindex",
    "role",
    "aria-label",
    "type",
    "disabled",
    "checked",
];

/// Takes HTML apart, and fails on anything that is not on the lists, not closed, or not quoted.
fn check(input: &str, html: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        assert!(!rest[..at].contains('>'), "a bare > from {input:?}: {html}");
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('/') {
            let (name, after) = after.split_once('>').unwrap();
            assert_eq!(open.pop(), Some(name), "{input:?}: {html}");
            rest = after;
            continue;
        }
        let end = rest.find([' ', '>']).unwrap();
        let name = &rest[..end];
        assert!(TAGS.contains(&name), "<{name}> from {input:?}: {html}");
        rest = attributes(&rest[end..], input, html);
        if !VOID.contains(&name) {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?} left open by {input:?}: {html}");
}

fn attributes<'a>(mut rest: &'a str, input: &str, html: &str) -> &'a str {
    loop {
        if let Some(after) = rest.strip_prefix('>') {
            return after;
        }
        rest = rest.strip_prefix(' ').unwrap();
        let end = rest.find(['=', ' ', '>']).unwrap();
        let name = &rest[..end];
        assert!(ATTRIBUTES.contains(&name), "{name}= from {input:?}: {html}");
        rest = &rest[end..];
        let Some(quoted) = rest.strip_prefix("=\"") else { continue };
        let (value, after) = quoted.split_once('"').unwrap();
        assert!(!value.contains(['<', '>']), "{input:?}: {html}");
        if matches!(name, "href" | "src") {
            let value = value.replace("&amp;", "&");
            let scheme = super::href::scheme(&value).map(str::to_ascii_lowercase);
            assert!(
                matches!(scheme.as_deref(), None | Some("http" | "https" | "mailto")),
                "{value} from {input:?}: {html}"
            );
            assert!(!value.starts_with("//") && !value.contains(char::is_whitespace), "{input:?}: {html}");
        }
        rest = after;
    }
}

const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//x.example/a.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<iframe src=\"javascript:alert(1)\"></iframe>",
    "<style>body{display:none}</style>",
    "<p style=\"position:fixed\">x</p>",
    "a <b onmouseover='x'>b</b> <!-- c --> <?php x ?> <![CDATA[ y ]]>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&#58;alert(1))",
    "[x](&#x6A;avascript:alert(1))",
    "[x](java&Tab;script&colon;alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "[x](<  \u{1}javascript:alert(1)>)",
    "[x](&#1;javascript:alert(1))",
    "[x](javascript&amp;colon;alert(1))",
    "[x](javascript%3Aalert(1))",
    "[x](evil.md)",
    "[x](vbscript:x) [y](data:text/html;base64,PHNjcmlwdD4=) [z](file:///etc/passwd)",
    "[x](//evil.example) [y](/\\evil.example) [z](\\\\\\\\evil.example)",
    "[x](b.md \"\\\" onclick=\\\"alert(1)\")",
    "[x](b.md '\" onfocus=alert(1) autofocus=\"')",
    "[x](b.md#\"onclick=alert(1))",
    "[x](https://a.example/\"onclick=\"x)",
    "[x]\n\n[x]: javascript:alert(1)",
    "[x][y]\n\n[y]: <java\tscript:x> \"t\"",
    "<javascript:alert(1)> <data:text/html,x>",
    "![x\" onerror=\"alert(1)](图%201.png)",
    "![x](javascript:alert(1)) ![y](data:image/svg+xml,<svg/onload=x>)",
    "![a ![b](c) <i onclick=x> `</code>`](图%201.png \"\\\"><script>\")",
    "[![x](https://a.example/p.png)](javascript:x)",
    "# h {onclick=alert(1)}",
    "# h {#x\" onclick=\"alert(1)}",
    "# h {#x style=color:red .a onclick=b}",
    "# <script>x</script> {#\u{202e}}",
    "```\" onclick=\"x\n</code></pre><script>\n```",
    "```js\"><script>alert(1)</script>\nx\n```",
    "`</code><script>`",
    "https://a.example/\"onmouseover=\"x https://a.example/<script> https://a'onclick='x",
    "[[clause:4.1.2|<script>x</script>]] [[clause:\"onclick=x]] [[runbook:restore#\" onclick=\"x]]",
    "[[javascript:alert(1)]]",
    "|<script>|\" onclick=\"|\n|-|-|\n|</td><script>|</table>|",
    "- [x] <input onclick=x>",
    "> [!NOTE]\n> <script>x</script>\n\n> [!\"><script>]\n> x",
    "x[^\"><script>]\n\n[^\"><script>]: <script>y</script>",
    "x[^a]\n\n[^a]: - y\n    > z\n\n    ```\n    </li>\n    ```",
    "term <script>\n: <script>def",
    "&lt;script&gt;alert(1)&lt;/script&gt; &#60;script&#62;",
    "<a@b.example\"onclick=x> <a@b.example>",
    "**（<script>）**甲\u{e000}**“\u{e000}”**",
    "\u{0}\u{202e}<\u{feff}script\u{fffe}>",
    "{{ x | safe }} {% include \"x\" %} <%= x %>",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "<a href=\"b.md\"\nonclick=x>y</a>",
    "*a **b *c** d* e** ~~f *g~~ h*",
    "1. a\n   - b\n     > c\n     > | d |\n     > |-|\n2. [e](b.md)\n",
];

#[test]
fn hostile_texts_come_out_inert() {
    for input in HOSTILE {
        let html = page(input).html;
        check(input, &html);
        let lower = html.to_lowercase();
        assert!(!lower.contains("<script"), "{html}");
        assert!(!lower.contains("href=\"javascript:"), "{html}");
    }
}

#[test]
fn hostile_texts_stay_inert_inside_each_other() {
    for outer in
        ["> {}", "- {}", "# {}", "[{}](b.md)", "**{}**", "|a|\n|-|\n|{}|", "x[^1]\n\n[^1]: {}", "![{}](图%201.png)"]
    {
        for input in HOSTILE {
            let text = outer.replace("{}", input);
            check(&text, &page(&text).html);
        }
    }
}

#[test]
fn texts_made_of_marks_come_out_inert() {
    let parts = [
        "*",
        "**",
        "~~",
        "_",
        "`",
        "```\n",
        "[",
        "](b.md)",
        "![",
        "]",
        "(",
        ")",
        "<",
        ">",
        "<b>",
        "\n",
        "\n\n",
        "> ",
        "- ",
        "1. ",
        "# ",
        "|",
        "|-|-|\n",
        "[^1]",
        "[^1]: ",
        "[[clause:",
        "4.1.2]]",
        "甲",
        "（",
        "：",
        "“",
        " ",
        "    ",
        "\\",
        "&amp;",
        "{#x}",
        "http://a.example",
        "javascript:",
        "\r\n",
        "- [x] ",
        ": ",
        "\u{e000}",
        "\u{202e}",
        "---\n",
    ];
    let mut state = 11_u32;
    for _ in 0..30_000 {
        let mut text = String::new();
        for _ in 0..14 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            text.push_str(parts[(state >> 16) as usize % parts.len()]);
        }
        check(&text, &page(&text).html);
    }
}
