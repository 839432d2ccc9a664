// Somebody writes while the preview is open: the page follows, stays where it was, tells what is wrong, and recovers.
import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch } from "./browser.mjs";
import { preview, workspace } from "./preview.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const config = `[site]\ntitle = "档案"\ntimezone = "Asia/Shanghai"\n\n[[system]]\nid = "oa"\nname = "办公系统"\nin_service = 2026-04-01\n`;
const header = "id,system,started_at,finished_at,type,result,offsite\n";
const row = day => `B-${day},oa,2026-04-${day} 01:00,2026-04-${day} 01:10,full,success,yes\n`;
const sections = count => Array.from({ length: count }, (_, at) => `## 第 ${at + 1} 节\n\n${"这一节写的是怎样恢复。".repeat(20)}\n`).join("\n");

let browser, ws, shown;
before(async () => {
  browser = await launch();
  ws = workspace({
    "wellkept.toml": config,
    "records/backup/2026-04.csv": header + row("01"),
    "content/notes/long.md": `# 长文\n\n${sections(40)}`,
  });
  shown = await preview(ws.root, ["--as-of", "2026-06-30"]);
});
after(async () => {
  await shown.close();
  ws.remove();
  await browser.close();
});

/** Opens a page of the preview, runs, and asks that nothing was said on its console. */
async function reading(path, run, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const faults = [];
  page.on("console", message => { if (["error", "warning"].includes(message.type())) faults.push(message.text()); });
  page.on("pageerror", error => faults.push(error.message));
  page.on("request", request => { if (!request.url().startsWith(shown.url)) faults.push(request.url()); });
  await page.goto(shown.url + path, { waitUntil: "load" });
  try {
    await run(page);
    assert.deepEqual(faults, []);
  } finally {
    await context.close();
  }
}

const top = (page, id) => page.evaluate(name => document.getElementById(name).getBoundingClientRect().top, id);

test("an edit is shown, and the reader stays at the same place of the text", () => reading("notes/long.html", async page => {
  await page.evaluate(() => document.getElementById("第-20-节").scrollIntoView());
  await page.waitForTimeout(100);
  const before = await top(page, "第-20-节");
  assert.ok(await page.evaluate(() => scrollY > 2000));
  // A section more, above what is being read.
  ws.write("content/notes/long.md", `# 长文\n\n新写的第一段。\n\n## 前言\n\n${"新的一节。".repeat(200)}\n\n${sections(40)}`);
  await page.locator("#前言").waitFor({ state: "attached" });
  await page.waitForLoadState("load");
  await page.waitForFunction(() => !sessionStorage.getItem("wellkept " + location.pathname));
  const now = await top(page, "第-20-节");
  assert.ok(Math.abs(now - before) < 4, `${before} before, ${now} after`);
}));

test("what was unfolded stays unfolded, and what was folded folded", () => reading("systems/oa.html", async page => {
  const folds = page.locator("main details");
  assert.ok(await folds.count() > 0);
  const was = await folds.first().evaluate(fold => fold.open);
  await folds.first().evaluate(fold => { fold.open = !fold.open; });
  const version = await page.locator("script[data-version]").getAttribute("data-version");
  ws.write("records/backup/2026-04.csv", header + row("01") + row("02"));
  await page.waitForFunction(old => document.querySelector("script[data-version]")?.dataset.version > old, version);
  assert.equal(await folds.first().evaluate(fold => fold.open), !was);
}));

test("a row that is added stands in the table, and the terminal says so", () => reading("records/backup/2026-04.html", async page => {
  assert.equal(await page.locator("#r-B-03").count(), 0);
  ws.write("records/backup/2026-04.csv", header + row("01") + row("02") + row("03"));
  await page.locator("#r-B-03").waitFor();
  await page.waitForTimeout(300);
  assert.match(shown.said.at(-1), /^records\/backup\/2026-04\.csv: \+1 row; .*pages?; \d+ ms$/);
}));

test("what is broken is told above the page as it was, and is gone when it is mended", () => reading("notes/long.html", async page => {
  const text = `# 长文\n\n见[那里](nowhere.md)。<img src=x onerror=alert(1)>\n\n${sections(40)}`;
  ws.write("content/notes/long.md", text);
  const banner = page.locator("#wellkept-panel .banner");
  await banner.waitFor();
  assert.match(await banner.innerText(), /content\/notes\/long\.md:3:2/);
  assert.equal(await banner.locator("mark").innerText(), "[那里](nowhere.md)");
  assert.equal(await page.locator("#前言").count(), 1, "the last good page stays");
  ws.write("content/notes/long.md", text.replace("[那里](nowhere.md)", "下文"));
  await page.locator("#前言").waitFor({ state: "detached" });
  assert.equal(await banner.count(), 0);
  // What is wrong with the page itself comes first, as text.
  await page.locator("#wellkept-panel summary").click();
  const own = page.locator("#wellkept-panel details[open] li").first();
  assert.match(await own.innerText(), /content\/notes\/long\.md:3/);
  assert.equal(await page.locator("#wellkept-panel img").count(), 0);

  ws.write("themes/default/templates/page.html", "{% extends \"base.html\" %}\n{{ nothing }}");
  await page.locator("#wellkept-panel .banner code", { hasText: "themes/default/templates/page.html:2" }).first().waitFor();
  rmSync(join(ws.root, "themes"), { recursive: true });
  await banner.waitFor({ state: "detached" });
}));

for (const colorScheme of ["light", "dark"]) {
  test(`the panel can be read by everybody (${colorScheme})`, async () => {
    ws.write("wellkept.toml", config.replace("title", "titel"));
    await reading("notes/long.html", async page => {
      await page.locator("#wellkept-panel .banner").waitFor();
      await page.evaluate(() => document.querySelectorAll("#wellkept-panel details").forEach(d => { d.open = true; }));
      await page.evaluate(axe);
      const result = await page.evaluate(() => axe.run(document.querySelector("#wellkept-panel"), { resultTypes: ["violations"] }));
      assert.deepEqual(result.violations.map(v => `${v.id}: ${v.nodes[0].html.slice(0, 100)}`), []);
    }, { colorScheme, bypassCSP: true });
    ws.write("wellkept.toml", config);
  });
}

test("without scripts the page and its problems can be read", () => reading("notes/long.html", async page => {
  assert.ok(await page.locator("#wellkept-panel summary").isVisible());
}, { javaScriptEnabled: false }));
