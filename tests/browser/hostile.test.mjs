// Text that wants to be more than text, in every place where people write: built, stripped of its security policy, opened.
// Nothing of it may run, load or look like markup.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { parse } from "parse5";
import { launch, open } from "./browser.mjs";
import { address, files, pages, program } from "./site.mjs";

const run = "document.title='RAN';alert(1)";
/** What people with bad intent, or with a copy of somebody's mail, put into a cell. */
const texts = [
  `<script>${run}</script>`,
  `</script><script>${run}</script>`,
  `"><img src=x onerror="${run}">`,
  `'><svg/onload="${run}">`,
  `</td></tr></table><iframe src="javascript:${run}"></iframe>`,
  `</title><style>@import 'https://attacker.invalid/a.css'</style>`,
  `<link rel=stylesheet href=https://attacker.invalid/b.css>`,
  `<base href="https://attacker.invalid/">`,
  `<meta http-equiv=refresh content="0;url=https://attacker.invalid/">`,
  `<form action="https://attacker.invalid/"><input autofocus onfocus="${run}"></form>`,
  `javascript:${run}`,
  `&lt;script&gt;${run}&lt;/script&gt;`,
  `{{ 7*7 }}{% raw %}{% endraw %}{# x #}`,
  `\\u003cscript\\u003e${run}`,
  `<!--<script>${run}`,
  `]]><script>${run}</script>`,
  "`${" + run + "}`",
  `<a href="javascript:${run}" style="position:fixed;inset:0">x</a>`,
];

const quoted = text => `"${text.replaceAll("\"", "\"\"")}"`;
const toml = text => JSON.stringify(text);

const folder = mkdtempSync(join(tmpdir(), "wellkept-hostile-"));
const site = join(folder, "site");
let browser;

function write(path, content) {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

before(async () => {
  write("wellkept.toml", `[site]
title = ${toml(texts[0])}
organisation = ${toml(texts[2])}
timezone = "Asia/Shanghai"

[[system]]
id = "oa"
name = ${toml(texts[3])}
owner = ${toml(texts[1])}
in_service = 2026-03-01
shifts = ["day"]

[[shift]]
id = "day"
name = ${toml(texts[4])}
start = "08:00"
end = "20:00"
`);
  const header = "id,system,reported_at,reporter,grade,summary,description,handler,responded_at,resolved_at,cause,resolution";
  const faults = texts.map((text, n) => {
    const cell = quoted(text);
    return `F${n},oa,2026-03-${String(n + 1).padStart(2, "0")} 10:00,${cell},urgent,${cell},${cell},${cell},2026-03-${String(n + 1).padStart(2, "0")} 10:10,,${cell},${cell}`;
  });
  // A header and an id of the same sort, and rows that are rejected for it.
  write("records/fault/a.csv", `${header},${quoted(texts[2])}\n${faults.map((row, n) => `${row},${quoted(texts[n])}`).join("\n")}\n${quoted(texts[0])},oa,2026-03-30 10:00,a,urgent,b,c,d,,,,,\n`);
  write("records/fault/rejected.csv", `${header}\n${texts.map((text, n) => `R${n},${quoted(text)},${quoted(text)},a,${quoted(text)},b,c,d,,,,`).join("\n")}\n`);
  write("records/backup/<img src=x onerror=alert(1)>.csv", `id,system,started_at,type,result,location,notes\n${texts.map((text, n) => `B${n},oa,2026-03-${String(n + 1).padStart(2, "0")} 01:00,full,success,${quoted(text)},${quoted(text)}`).join("\n")}\n`);
  write("records/feedback/f.csv", `id,system,date,department,text,satisfaction\n${texts.map((text, n) => `K${n},oa,2026-03-05,${quoted(text)},${quoted(text)},3`).join("\n")}\n`);
  write("records/waiver/w.csv", `id,rule,system,from,to,reason,approver,approved_at\nW1,backup.daily,oa,2026-03-20,2026-03-25,${quoted(texts[2])},${quoted(texts[3])},2026-03-26 09:00\n`);
  write("records/fault/F-body.md", `---
id: F-body
system: oa
reported_at: 2026-03-28 10:00
grade: general
summary: "${texts[5].replaceAll("\"", "\\\"")}"
reporter: 员工甲
---

${texts.join("\n\n")}

# h {onclick=alert(1) .x #y style="a"}

[a](javascript:alert(1)) [b](JaVaScRiPt&#58;alert(1)) [c](data:text/html,<script>alert(1)</script>) [d](vbscript:x)
![e](https://attacker.invalid/e.png) ![f](x" onerror="alert(1)) <https://attacker.invalid/g>

\`\`\`js" onclick="alert(1)
${texts[0]}
\`\`\`

| ${texts[0].replaceAll("|", "")} | b |
|---|---|
| ${texts[2]} | ${texts[3]} |

[^1]: ${texts[0]}

x[^1]
`);
  write("content/runbooks/hostile.md", `---
title: ${toml(texts[0])}
owner: ${toml(texts[2])}
last_reviewed: 2026-03-01
review_in: 6 months
systems: [oa]
tags: [${toml(texts[3])}]
---

# ${texts[2]}

${texts.join("\n\n")}

[a](javascript:alert(1)) ![e](https://attacker.invalid/e.png)
`);
  const fence = "```";
  const code = ["sh", "console", "sql", "toml", "yaml", "json", "diff", "xml", "js"].map(language => `${fence}${language}\n${texts.join("\n")}\n${fence}\n`);
  const asked = texts.map(text => `${fence}records kind=${text.replaceAll(/[`\s]/g, "")}\n${fence}\n`);
  const drawn = ["records kind=fault", "records kind=backup system=oa", "chart faults", "chart availability system=oa"]
    .map(words => `${fence}${words}\n${texts.join("\n")}\n${fence}\n`);
  write("content/notes/hostile.md", `# ${texts[2]}\n\n${[...code, ...asked, ...drawn].join("\n")}`);
  write("content/reports/2026-03.md", `## 故障\n\n${texts.join("\n\n")}\n\n## ${texts[0]}\n\n${drawn.join("\n")}`);
  // What is dead among its links is told and not published; here the page is what is looked at.
  const build = () => execFileSync(program, ["build", "-q", "--as-of", "2026-04-02", "-C", folder, "--output", site], { stdio: "pipe", encoding: "utf8" });
  try {
    build();
  } catch (failed) {
    assert.match(failed.stderr, /link\./, failed.stderr);
    write("content/runbooks/hostile.md", readFileSync(join(folder, "content/runbooks/hostile.md"), "utf8").replace(/^\[a\].*$/m, ""));
    build();
  }
  for (const path of pages(site)) {
    const file = join(site, path);
    const source = readFileSync(file, "utf8");
    const bare = source.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, "");
    assert.notEqual(bare, source, `${path} has no policy`);
    writeFileSync(file, bare);
  }
  browser = await launch();
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What an element may be and bear, from the pages of a harmless site: anything else came out of a record. */
function* elements(node) {
  if (node.attrs) yield node;
  for (const child of node.childNodes || []) yield* elements(child);
}

test("in the markup nothing active stands that the templates did not write", () => {
  const wrong = [];
  let read = 0;
  for (const path of pages(site)) {
    read += 1;
    for (const element of elements(parse(readFileSync(join(site, path), "utf8")))) {
      const of = Object.fromEntries(element.attrs.map(a => [a.name, a.value]));
      const tag = element.tagName;
      const say = why => wrong.push(`${path}: <${tag}> ${why}`);
      // A report for mail carries its style, which its policy names by digest: any other would not count.
      const styled = tag === "style" && path.endsWith(".single.html") && element.parentNode.tagName === "head";
      if (["iframe", "object", "embed", "base", "style", "frame", "frameset", "applet", "audio", "video"].includes(tag) && !styled) say("is there");
      if (tag === "script" && !/^(\.\.\/)*(static|search)\/[a-z0-9/.-]+\.js$/.test(of.src || "")) say(`src=${of.src}`);
      if (tag === "link" && !/^(\.\.\/)*(static\/style\.css|feed\.xml)$/.test(of.href || "")) say(`href=${of.href}`);
      if (tag === "meta" && /refresh/i.test(of["http-equiv"] || "") && !/^0;\s*url=[^:]*$/i.test(of.content)) say(of.content);
      if (tag === "form" && of.action) say(`action=${of.action}`);
      if (tag === "img" && /^[a-z][a-z0-9+.-]*:/i.test(of.src) && !of.src.startsWith("data:image/")) say(`src=${of.src}`);
      for (const [name, value] of Object.entries(of)) {
        if (name.startsWith("on") || ["style", "srcdoc", "autofocus", "formaction", "ping"].includes(name)) say(`${name}=${value}`);
        if (["href", "src", "xlink:href", "cite"].includes(name) && /^[\s\u0000-\u001f]*(javascript|vbscript|data:text)/i.test(value)) say(`${name}=${value}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
  assert.ok(read > 30);
});

test("what was typed is there to be read", () => {
  const all = pages(site).map(path => readFileSync(join(site, path), "utf8")).join("\n");
  assert.ok(all.includes("&lt;script&gt;document.title="), "as text");
  assert.ok(all.includes("{{ 7*7 }}"), "the syntax of templates is text too");
});

describe("opened without the policy, nothing of it runs and nothing leaves", () => {
  test("every page", async () => {
    const wrong = [];
    for (const path of pages(site)) {
      const { page, faults, close } = await open(browser, address(path, site), {}, site);
      await page.waitForTimeout(20);
      // Whatever waits for the pointer or the focus is given both.
      await page.evaluate(() => {
        document.querySelectorAll("main *").forEach(e => { if (e.tabIndex >= 0) e.focus(); });
        document.querySelectorAll("details").forEach(e => { e.open = true; });
      });
      const title = await page.title();
      if (title.startsWith("RAN")) wrong.push(`${path}: ran`);
      wrong.push(...faults.map(fault => `${path}: ${fault}`));
      await close();
    }
    assert.deepEqual(wrong, []);
  });

  test("the filter, fed with it", async () => {
    const path = pages(site).find(path => path.startsWith("records/fault/2026-03"));
    const { page, faults, close } = await open(browser, `${address(path, site)}?q=${encodeURIComponent(texts[2])}&f.${encodeURIComponent(texts[0])}=x&sort=${encodeURIComponent(texts[3])}#${encodeURIComponent(texts[2])}`, {}, site);
    const field = page.locator("form.filter input[name=q]");
    for (const text of texts) {
      await field.fill(text);
      await page.waitForTimeout(10);
    }
    assert.ok(!(await page.title()).startsWith("RAN"));
    assert.deepEqual(faults, []);
    await close();
  });
});

test("the tables for spreadsheets begin no formula, and scripts of data hold no end of a script", () => {
  for (const path of files(site).filter(path => path.endsWith(".js") && !path.startsWith("static/"))) {
    assert.ok(!/<\/script|<!--|[\u2028\u2029]/i.test(readFileSync(join(site, path), "utf8")), path);
  }
});
