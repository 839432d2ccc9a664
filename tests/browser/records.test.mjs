// A month of records that fills several pages: a permalink finds its row, days and order hold, long pagers are short.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, open } from "./browser.mjs";
import { address, files, program } from "./site.mjs";

const folder = mkdtempSync(join(tmpdir(), "wellkept-records-")), site = join(folder, "site"), month = "records/backup/2026-03";
const rows = 4200, two = n => String(n).padStart(2, "0");
let browser, pages;

before(async () => {
  writeFileSync(join(folder, "wellkept.toml"), `[site]
title = "记录"
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
in_service = 2026-03-01
shifts = []
`);
  mkdirSync(join(folder, "records/backup"), { recursive: true });
  const lines = Array.from({ length: rows }, (_, n) => {
    const day = 1 + Math.floor(n * 28 / rows);
    return `BK ${n},oa,2026-03-${two(day)} ${two(n % 24)}:00,full,success,${(n * 7919) % rows},第 ${n} 次例行备份，存放在异地机房一号架`;
  });
  writeFileSync(join(folder, "records/backup/2026-03.csv"), `id,system,started_at,type,result,size,notes\n${lines.join("\n")}\n`);
  execFileSync(program, ["build", "--quiet", "--as-of", "2026-04-15", "--output", site], { cwd: folder, stdio: "ignore" });
  pages = files(site).filter(path => path.startsWith(month));
  browser = await launch();
});
after(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

const written = path => [...readFileSync(join(site, path), "utf8").matchAll(/<tr id=(?:"([^"]*)"|([^ >]*))/g)].map(([, quoted, bare]) => quoted ?? bare);

test("every page keeps to its size and every record has one row", () => {
  assert.ok(pages.length > 5, `${pages.length} pages`);
  for (const path of pages) assert.ok(statSync(join(site, path)).size <= 250 * 1024, path);
  const all = pages.flatMap(written);
  assert.equal(all.length, rows);
  assert.equal(new Set(all).size, rows);
});

test("a permalink to a row that moved on is followed, from any page", async () => {
  const last = `${month}-${pages.length}.html`, id = written(last).at(-1);
  for (const from of [`${month}.html`, `${month}-2.html`]) {
    const { page, faults, close } = await open(browser, `${address(from, site)}#${encodeURIComponent(id)}`, {}, site);
    await page.waitForURL(url => url.pathname.endsWith(last));
    await page.waitForFunction(() => !location.search);
    assert.equal(await page.locator(":target").getAttribute("id"), id);
    assert.deepEqual(faults, []);
    await close();
  }
  // Back to an earlier page, where rows have moved there; and an id that is nowhere ends the search.
  const { page, close } = await open(browser, `${address(last, site)}#${encodeURIComponent(written(`${month}.html`)[0])}`, {}, site);
  await page.waitForURL(url => url.pathname.endsWith(`${month}.html`));
  await page.goto("about:blank");
  await page.goto(`${address(`${month}.html`, site)}#r-none`);
  await page.waitForURL(url => url.pathname.endsWith(last));
  await page.waitForFunction(() => !location.search);
  assert.ok(await page.locator("form.filter").isVisible());
  await close();
});

test("a range of days, the order of a column and the download hold over all tables of a page", async () => {
  const { page, faults, close } = await open(browser, address(`${month}.html`, site), {}, site);
  const ids = written(`${month}.html`), of = day => ids.filter(id => 1 + Math.floor(decodeURIComponent(id).slice(5) * 28 / rows) === day).length;
  const seen = () => page.locator("tr[id]:visible").count();
  await page.locator("[name=from]").fill("2026-03-02");
  await page.locator("[name=to]").fill("2026-03-02");
  assert.ok(of(2) > 100);
  assert.equal(await seen(), of(2));
  assert.match(page.url(), /from=2026-03-02&to=2026-03-02/);
  await page.locator("th[data-k=size] button").first().click();
  assert.equal(await page.locator("th[aria-sort=ascending]").count() > 0, true);
  const sizes = (await page.locator("tr[id]:visible .n").allTextContents()).map(Number);
  assert.deepEqual(sizes, [...sizes].sort((a, b) => a - b));
  const [file] = await Promise.all([page.waitForEvent("download"), page.locator("[data-do=csv]").click()]);
  const lines = readFileSync(await file.path(), "utf8").trim().split("\r\n");
  assert.equal(lines.length, of(2) + 1);
  await page.reload();
  assert.equal(await seen(), of(2));
  assert.deepEqual(faults, []);
  await close();
});

test("a long pager shows the ends and what is around", async () => {
  const { page, close } = await open(browser, address(`${month}-4.html`, site), { javaScriptEnabled: false }, site);
  const shown = (await page.locator(".pager").first().innerText()).split(/\s+/).join(" ");
  assert.equal(shown, `1 2 3 4 5 6 … ${pages.length}`);
  assert.equal(await page.locator(".pager [aria-current=page]").first().innerText(), "4");
  await close();
});
