// A copy of the site, held against its list in the browser: from a double click, and with nothing leaving the machine.
import assert from "node:assert/strict";
import { appendFileSync, cpSync, mkdtempSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, open } from "./browser.mjs";
import { address, site } from "./site.mjs";

let browser, folder;
before(async () => {
  browser = await launch();
  folder = mkdtempSync(join(tmpdir(), "wellkept-archive-"));
  cpSync(site, join(folder, "copy"), { recursive: true });
});
after(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

/** Chooses the folder on its own page; answers what is said, and the list. */
async function verify(path) {
  const { page, faults, close } = await open(browser, address("archive/index.html", path), {}, path);
  await page.locator("#folder").setInputFiles(path);
  const status = page.locator("form.verify [role=status]");
  await page.waitForFunction(() => document.querySelector("form.verify [role=status]").textContent.includes("SHA256SUMS"), null, { timeout: 120000 });
  const said = await status.textContent(), list = await page.locator("form.verify li").allTextContents();
  assert.deepEqual(faults, []);
  await close();
  return { said, list };
}

test("a whole copy is told as whole, and one that was touched by each file", async () => {
  const copy = join(folder, "copy");
  const whole = await verify(copy);
  assert.deepEqual(whole.list, []);
  assert.match(whole.said, /SHA256SUMS [0-9a-f]{64}$/);
  appendFileSync(join(copy, "index.html"), " ");
  unlinkSync(join(copy, "README.txt"));
  writeFileSync(join(copy, "records", "foreign.html"), "x");
  const touched = await verify(copy);
  assert.deepEqual(touched.list.map(line => line.split(" ")[1]).sort(), ["README.txt", "index.html", "records/foreign.html"]);
  assert.equal(new Set(touched.list.map(line => line.split(" ")[0])).size, 3, "missing, changed and unexpected are told apart");
  const wrong = await (async () => {
    const { page, close } = await open(browser, address("archive/index.html", copy), {}, copy);
    await page.locator("#folder").setInputFiles(join(copy, "records"));
    const status = page.locator("form.verify [role=status]");
    await page.waitForFunction(() => document.querySelector("form.verify [role=status]").textContent.includes("SHA256SUMS"));
    const said = await status.textContent();
    await close();
    return said;
  })();
  assert.doesNotMatch(wrong, /[0-9a-f]{64}/);
});
