// Search, on a site of its own by double click: what is found, what is not, and how it is shown.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { launch, open } from "./browser.mjs";
import { address, program } from "./site.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "wellkept-search-"));
const site = join(folder, "site");
const hostile = "</script><img src=x onerror=alert(1)><b>粗体</b> 注入测试 \u202e倒写";
let browser;

function write(path, content) {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

before(async () => {
  write("wellkept.toml", `[site]
title = "检索"
timezone = "Asia/Shanghai"
[standard]
use = "oa-maintenance"
[[shift]]
id = "day"
start = "08:00"
end = "20:00"
[[system]]
id = "oa"
name = "办公自动化系统"
in_service = 2025-01-01
shifts = []
[[system]]
id = "mail"
name = "邮件系统"
in_service = 2025-01-01
shifts = []
`);
  const notes = [
    "备份失败，已重试", "失败备份的日志已转存", "备份。失败原因待查", "异地备份连续两次失败", "升级 OpenSSL 到 3.0.13，重启服务", "openssl1 不是它",
    "证书ＣＡ更新", "restore test passed", "见工单 OPS-17", "见工单 OPS-171", hostile, "重启3次后恢复",
  ];
  const backup = notes.map((note, n) => `BK-2026-${String(n + 1).padStart(3, "0")},${n % 2 ? "mail" : "oa"},2026-0${n % 3 + 1}-1${n % 10} 01:00,full,success,"${note}"`);
  const old = Array.from({ length: 60 }, (_, n) => `BO-${n},oa,2025-03-${String(n % 28 + 1).padStart(2, "0")} 0${n % 10}:00,full,success,例行${n}`);
  write("records/backup/b.csv", `id,system,started_at,type,result,notes\n${[...old, ...backup].join("\n")}\n`);
  write("records/fault/F-1.md", `---
id: F-1
system: mail
reported_at: 2026-03-02 10:00
reporter: 员工甲
grade: general
summary: 收信延迟
---

## 现象

队列积压，**备份失败**与此无关。
`);
  write("content/runbooks/restore.md", "---\nowner: 管理员甲\n---\n\n# 从备份恢复\n\n开头。\n\n## 核对校验和\n\n逐一核对，参见 3.1.1。\n\n## 切换\n\n先停服务。\n");
  execFileSync(program, ["build", "--quiet", "--as-of", "2026-04-15", "--output", site], { cwd: folder });
  browser = await launch();
});
after(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

/** Opens the page with a query and gives what it says, once it says something. */
async function ask(query, options = {}, at = site) {
  const opened = await open(browser, `${address("search.html", at)}?${new URLSearchParams(query)}`, options, at);
  await answered(opened.page);
  return opened;
}
const answered = page => page.waitForFunction(() => document.querySelector("[role=status]").textContent);
const titles = page => page.locator(".found a").allInnerTexts();
const said = page => page.locator("[role=status]").innerText();

/** What is found for words, in order; nothing else may happen on the way. */
async function found(q, more = {}) {
  const { page, faults, close } = await ask({ q, ...more });
  try {
    assert.deepEqual(faults, []);
    const all = await titles(page);
    assert.match(await said(page), new RegExp(`^${all.length} 条结果；检索范围 \\d+ 条，索引截至 2026-04-1`));
    return all;
  } finally {
    await close();
  }
}

test("a part of a Chinese text is found exactly and only", async () => {
  // Not where the two words are parted, in another order, or have a stop between them.
  const all = await found("备份失败");
  assert.ok(all.includes("BK-2026-001"), all.join());
  assert.ok(all.includes("F-1 收信延迟"), all.join());
  assert.ok(all.every(title => !/BK-2026-00[234]/.test(title)), all.join());
  assert.deepEqual(await found("连续两次失"), ["BK-2026-004"]);
  assert.deepEqual(await found("续两"), ["BK-2026-004"]);
  assert.deepEqual(await found("3次后"), ["BK-2026-012"]);
  assert.deepEqual(await found("两次成功"), []);
});

test("a word is found whole, whatever its case and width", async () => {
  for (const q of ["openssl", "OpenSSL", "ｏｐｅｎｓｓｌ", "3.0.13", "OpenSSL 到"]) assert.deepEqual(await found(q), ["BK-2026-005"], q);
  assert.deepEqual(await found("ca更新"), ["BK-2026-007"]);
  assert.deepEqual(await found("OPS-17"), ["BK-2026-009"]);
  assert.deepEqual(await found("ssl"), []);
  assert.deepEqual(await found("restore passed"), ["BK-2026-008"]);
  assert.deepEqual(await found("\"test passed\""), ["BK-2026-008"]);
  assert.deepEqual(await found("\"passed test\""), []);
});

test("an id leads first to what bears it", async () => {
  assert.deepEqual(await found("BK-2026-010"), ["BK-2026-010"]);
  assert.equal((await found("3.1.1"))[0].slice(0, 5), "3.1.1");
  assert.equal((await found("backup.daily"))[0].split(" ")[0], "backup.daily");
  assert.match((await found("mail"))[0], /^mail 邮件系统/);
  assert.ok((await found("F-1")).includes("F-1 收信延迟"));
});

test("sections of a runbook are found with their anchors, titles before texts", async () => {
  const { page, faults, close } = await ask({ q: "核对校验和" });
  const link = page.locator(".found a").first();
  assert.equal(await link.innerText(), "核对校验和");
  await link.click();
  await page.waitForURL(/runbooks\/restore\.html#/);
  assert.ok(await page.locator(":target").innerText());
  assert.deepEqual(faults, []);
  await close();
});

test("a found record leads to its row or its page", async () => {
  for (const [q, url] of [["BK-2026-007", /records\/backup\/2026-01\.html#r-BK-2026-007$/], ["收信延迟", /faults\/F-1\.html$/]]) {
    const { page, close } = await ask({ q });
    await page.locator(".found a").first().click();
    await page.waitForURL(url);
    await close();
  }
});

test("kinds, years and systems narrow the results, and are counted", async () => {
  const { page, close } = await ask({ q: "full", kind: "backup" });
  assert.match(await said(page), /^72 条结果/);
  assert.equal(await page.locator(".found li").count(), 20);
  assert.deepEqual(await page.locator("select[name=year] option").allInnerTexts(), ["全部", "2026 (12)", "2025 (60)"]);
  await page.locator("select[name=year]").selectOption("2026");
  await page.waitForFunction(() => /^12 /.test(document.querySelector("[role=status]").textContent));
  assert.match(page.url(), /year=2026/);
  assert.deepEqual(await page.locator("select[name=system] option").allInnerTexts(), ["全部", "办公自动化系统 (6)", "邮件系统 (6)"]);
  await page.locator("select[name=system]").selectOption("mail");
  await page.waitForFunction(() => /^6 /.test(document.querySelector("[role=status]").textContent));
  assert.ok((await page.locator(".found small").allInnerTexts()).every(facts => /2026-.*邮件系统/.test(facts)));
  await close();
  assert.equal((await found("full", { system: "mail", year: "2026", kind: "backup" })).length, 6);
  assert.equal((await found("full", { kind: "fault" })).length, 0);
  const nothing = await ask({ q: "openssl", year: "2025" });
  assert.deepEqual(await nothing.page.locator("select[name=year] option").allInnerTexts(), ["全部", "2026 (1)", "2025 (0)"]);
  assert.equal(await nothing.page.locator("select[name=year]").inputValue(), "2025");
  await nothing.close();
  assert.equal((await found(Array.from({ length: 300 }, () => "例行").join(" ") + " 例行7")).length, 1);
});

test("the newest come first, twenty at a time", async () => {
  const { page, close } = await ask({ q: "full", kind: "backup" });
  await page.locator("#more").click();
  await page.waitForFunction(() => document.querySelectorAll(".found li").length === 40);
  for (const n of [60, 72]) {
    await page.locator("#more").click();
    await page.waitForFunction(n => document.querySelectorAll(".found li").length === n, n);
  }
  assert.ok(await page.locator("#more").isHidden());
  const dates = (await page.locator(".found small").allInnerTexts()).map(facts => facts.match(/\d{4}-\d\d-\d\d/)[0]);
  assert.deepEqual(dates, [...dates].sort().reverse());
  assert.equal(new Set(await titles(page)).size, 72);
  await close();
});

test("by keyboard: the state is in the address, and back leads back", async () => {
  const { page, faults, close } = await open(browser, address("search.html", site), {}, site);
  assert.equal(await said(page), "");
  await page.locator("[name=q]").focus();
  await page.keyboard.type("openssl");
  await page.keyboard.press("Enter");
  await answered(page);
  assert.deepEqual(await titles(page), ["BK-2026-005"]);
  assert.match(page.url(), /search\.html\?q=openssl$/);
  await page.locator("[name=q]").fill("restore passed");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => /008/.test(document.querySelector(".found").textContent));
  await page.goBack();
  await page.waitForFunction(() => /005/.test(document.querySelector(".found").textContent));
  assert.equal(await page.locator("[name=q]").inputValue(), "openssl");
  await page.goBack();
  await page.waitForFunction(() => !document.querySelector(".found").textContent);
  await page.goForward();
  await page.waitForFunction(() => /005/.test(document.querySelector(".found").textContent));
  // Button, then the three lists, then the first result.
  await page.locator("[name=q]").focus();
  const stops = [];
  for (let n = 0; n < 5; n++) {
    await page.keyboard.press("Tab");
    stops.push(await page.evaluate(() => document.activeElement.name || document.activeElement.localName));
  }
  assert.deepEqual(stops, ["button", "kind", "year", "system", "a"]);
  assert.deepEqual(faults, []);
  await close();
});

test("what matches is marked, and text of others stays text", async () => {
  const { page, faults, close } = await ask({ q: "注入测试" });
  assert.deepEqual(await page.locator(".found mark").allInnerTexts(), ["注入测试"]);
  const text = await page.locator(".found p").innerText();
  assert.ok(text.includes("</script><img src=x onerror=alert(1)><b>粗体</b>") && text.includes("[U+202E]"), text);
  assert.equal(await page.locator(".found :is(img, b, script)").count(), 0);
  assert.deepEqual(faults, []);
  await close();
});

test("a file that is missing is named, and what is left is shown", async () => {
  const { page, close } = await ask({ q: "备份失败" });
  const shard = await page.locator("head script[src^='search/w']").first().getAttribute("src");
  await close();
  const copy = join(folder, "copy");
  execFileSync("cp", ["-r", site, copy]);
  for (const [gone, message] of [["index.js", /^索引文件 search\/index\.js 缺失/], ["d0.js", /条结果；.*索引文件 search\/d0\.js 缺失/], [shard.slice(7), /^0 条结果；.*索引文件 search\/w\d+\.js 缺失/]]) {
    rmSync(join(copy, "search", gone));
    const { page, close } = await ask({ q: "备份失败" }, {}, copy);
    assert.match(await said(page), message);
    await close();
    execFileSync("cp", [join(site, "search", gone), join(copy, "search")]);
  }
});

test("without scripts the page says so and leads to the registers", async () => {
  const { page, close } = await open(browser, address("search.html", site), { javaScriptEnabled: false }, site);
  assert.ok(await page.locator("#search").isHidden());
  assert.match(await page.locator("main").innerText(), /检索要用脚本/);
  for (const to of ["records/index.html", "faults/index.html", "clauses/index.html"]) assert.equal(await page.locator(`main a[href="${to}"]`).count(), 1);
  await close();
});

for (const colorScheme of ["light", "dark"]) {
  test(`results are accessible, ${colorScheme}, and narrow ones do not scroll sideways`, async () => {
    const { page, close } = await ask({ q: "备份" }, { colorScheme, viewport: { width: 320, height: 640 } });
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"], preload: false,
    }));
    assert.deepEqual(violations.filter(v => v.impact !== "minor").map(v => `${v.id}: ${v.nodes[0].html}`), []);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth));
    await close();
  });
}

test("every page leads to the search, but for reports that stand alone", () => {
  for (const path of readdirSync(site, { recursive: true }).filter(path => /(?<!\.single)\.html$/.test(path) && !path.startsWith("evidence"))) {
    const text = readFileSync(join(site, path), "utf8");
    assert.ok(/http-equiv="refresh"/.test(text) || /<nav class="parts"[^]*?search\.html"/.test(text), path);
  }
});
