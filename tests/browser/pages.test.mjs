// Every kind of page by double click: with scripts and without, wide and narrow, light and dark, by keyboard, on paper.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { launch, open } from "./browser.mjs";
import { address, kinds, some, text } from "./site.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** Runs something on every page that is looked at, each in a test of its own. */
function each(name, options, run) {
  describe(name, () => {
    for (const path of some()) {
      test(path, async () => {
        const { page, faults, close } = await open(browser, address(path), options);
        try {
          await run(page, path);
          assert.deepEqual(faults, []);
        } finally {
          await close();
        }
      });
    }
  });
}

test("there are pages of many kinds", () => {
  assert.ok(kinds().length > 10, `${kinds().length} kinds`);
});

each("with scripts a page is quiet and loads nothing from elsewhere", {}, async (page, path) => {
  assert.ok((await page.title()).length > 2);
  assert.equal(await page.locator("h1").count(), 1, "one h1");
  assert.equal(await page.locator("main").count(), 1, "one main");
  assert.ok(await page.locator("html").getAttribute("lang"), path);
  const policy = await page.locator("meta[http-equiv=Content-Security-Policy]").getAttribute("content");
  assert.match(policy, /default-src 'none'/);
});

each("without scripts a page reads in full", { javaScriptEnabled: false }, async (page, path) => {
  // Nothing but the parts that only a script can use is hidden.
  const hidden = await page.locator("main [hidden]").evaluateAll(found =>
    found.filter(e => !e.closest("form.filter, [data-script]") && !e.matches("button, output, .copy")).map(e => e.outerHTML.slice(0, 80)));
  assert.deepEqual(hidden, [], path);
  const written = (text(path).match(/<tr id=/g) || []).length;
  const rows = page.locator("tr[id]");
  assert.equal(await rows.count(), written);
  if (written) {
    for (const at of [0, written - 1]) {
      await rows.nth(at).scrollIntoViewIfNeeded();
      assert.ok(await rows.nth(at).isVisible(), `row ${at}`);
    }
  }
});

/** What axe has against a page, but for what it calls minor. */
async function judged(page) {
  // Parts that are not laid out until they are near have a guessed height, and their rows would seem to lie over others.
  await page.evaluate(() => document.querySelectorAll(".chunk").forEach(part => { part.style.contentVisibility = "visible"; }));
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    resultTypes: ["violations"],
    // It would read the style sheets a second time, by a way that the policy of the pages forbids.
    preload: false,
  }));
  return violations
    .filter(v => v.impact !== "minor")
    .map(v => `${v.impact} ${v.id}: ${v.nodes.slice(0, 3).map(n => `${n.target} ${n.failureSummary?.split("\n")[1] || ""}`).join(" | ")}`);
}

each("accessibility, light", { colorScheme: "light" }, async page => assert.deepEqual(await judged(page), []));

each("accessibility, dark", { colorScheme: "dark" }, async page => {
  const [ground, ink] = await page.evaluate(() => {
    const style = getComputedStyle(document.body);
    return [getComputedStyle(document.documentElement).backgroundColor, style.color, style.backgroundColor];
  }).then(([html, color, body]) => [/, 0\)$|transparent/.test(body) ? html : body, color]);
  const light = colour => colour.match(/\d+(\.\d+)?/g).slice(0, 3).map(Number).reduce((a, b) => a + b) / 3;
  assert.ok(light(ground) < 80 && light(ink) > 150, `${ink} on ${ground}`);
  assert.deepEqual(await judged(page), []);
});

each("320 pixels wide a page does not scroll sideways", { viewport: { width: 320, height: 640 } }, async page => {
  const [content, width] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  const wide = await page.evaluate(width => [...document.querySelectorAll("body *")]
    .filter(e => e.getBoundingClientRect().right > width + 1 && !e.closest("[tabindex], .scroll, .wide, table"))
    .slice(0, 5).map(e => e.outerHTML.slice(0, 100)), width);
  assert.ok(content <= width, `${content} px: ${wide.join("\n")}`);
});

each("forced colours and reduced motion leave a page as it reads", { forcedColors: "active", reducedMotion: "reduce" }, async page => {
  assert.ok((await page.locator("main").innerText()).trim().length > 20);
});

each("by keyboard: first a way past the navigation, then every part of it, and never a trap", {}, async (page, path) => {
  await page.keyboard.press("Tab");
  const first = page.locator(":focus");
  assert.match(await first.getAttribute("href"), /^#/, "the first stop is the skip link");
  assert.ok(await first.evaluate(e => {
    const box = e.getBoundingClientRect();
    return box.width > 20 && box.height > 10 && box.top >= 0 && box.left >= 0;
  }), "the skip link is seen when it has the focus");
  await page.keyboard.press("Enter");
  assert.ok(await page.evaluate(() => document.activeElement.closest("main") || location.hash), "it leads into main");
  await page.goto("about:blank");
  await page.goto(address(path));
  // The page is walked through from its start: the order of stops is that of the document, each is visible and marked.
  const seen = [];
  for (let step = 0; step < 60; step += 1) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const e = document.activeElement;
      if (!e || e === document.body) return null;
      const style = getComputedStyle(e);
      const marked = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== "none";
      const all = [...document.querySelectorAll("*")];
      return { at: all.indexOf(e), what: e.outerHTML.slice(0, 90), marked, visible: e.getClientRects().length > 0 };
    });
    if (!stop) break;
    // The parts of a date are stops of one element; the browser marks the part.
    if (stop.at === seen.at(-1)?.at && /type="date"/.test(stop.what)) continue;
    assert.ok(stop.marked, `no mark of the focus on ${stop.what}`);
    assert.ok(stop.visible, `hidden: ${stop.what}`);
    if (seen.length) assert.ok(stop.at > seen.at(-1).at, `${stop.what} comes after ${seen.at(-1).what}`);
    seen.push(stop);
  }
  const links = await page.locator("nav.parts a").evaluateAll(found => found.map(e => [...document.querySelectorAll("*")].indexOf(e)));
  const stops = new Set(seen.map(s => s.at));
  assert.deepEqual(links.filter(at => !stops.has(at)), [], "the navigation is passed through");
});

describe("the filter of a page of records, by keyboard", () => {
  const path = some().find(path => /^records\/.+\/.+/.test(path) && !path.endsWith("index.html") && /class="filter|<form/.test(text(path)));
  test("there is such a page", () => assert.ok(path));
  test(path || "none", async () => {
    const { page, faults, close } = await open(browser, address(path));
    const all = await page.locator("tr[id]").count();
    const seen = () => page.locator("tr[id]:visible").count();
    const id = await page.locator("tr[id]").last().evaluate(row => row.id.replace(/^r-/, ""));
    const status = page.locator("form.filter [role=status]");
    await page.locator("form.filter input[name=q]").focus();
    await page.keyboard.type(id);
    assert.equal(await seen(), 1, `only ${id} is left`);
    assert.match(await status.innerText(), /1/);
    assert.match(page.url(), /[?&]q=/, "the state is in the address");
    // The same view again from its address, and every row again after the reset.
    await page.reload();
    assert.equal(await seen(), 1);
    await page.locator("form.filter [type=reset]").focus();
    await page.keyboard.press("Enter");
    await page.waitForTimeout(50);
    assert.equal(await seen(), all);
    // Sorting: the button in the head of a column says its direction.
    const head = page.locator("th[data-k] button").first();
    if (await head.count()) {
      await head.focus();
      await page.keyboard.press("Enter");
      assert.equal(await page.locator("th[aria-sort=ascending]").count() > 0, true);
      const values = await page.locator("tr[id]:visible").evaluateAll(rows => rows.map(r => r.id));
      await page.keyboard.press("Enter");
      const turned = await page.locator("tr[id]:visible").evaluateAll(rows => rows.map(r => r.id));
      assert.equal(turned.length, all);
      if (all > 1) assert.notDeepEqual(turned, values);
    }
    assert.deepEqual(faults, []);
    await close();
  });
});

describe("on paper every row is there", () => {
  const paths = kinds().filter(({ of }) => of.startsWith("records/*")).flatMap(one => one.paths);
  for (const path of paths.filter(path => /<tr id=/.test(text(path)))) {
    test(path, async () => {
      const { page, close } = await open(browser, address(path));
      const folder = mkdtempSync(join(tmpdir(), "wellkept-print-"));
      try {
        const ids = await page.locator("tr[id]").evaluateAll(rows => rows.map(row => row.id.replace(/^r-/, "")));
        const shown = await page.locator("tr[id]").evaluateAll(rows => rows.map(row => row.cells[0].textContent.trim()));
        writeFileSync(join(folder, "page.pdf"), await page.pdf({ format: "A4" }));
        const printed = execFileSync("pdftotext", ["-raw", join(folder, "page.pdf"), "-"], { encoding: "utf8", maxBuffer: 1 << 28 });
        const plain = printed.replace(/\s+/g, "");
        const missing = ids.filter((id, at) => !plain.includes(id.replace(/\s+/g, "")) && !plain.includes(shown[at].replace(/\s+/g, "")));
        assert.deepEqual(missing.slice(0, 5), [], `${missing.length} of ${ids.length} rows are not in the print`);
      } finally {
        rmSync(folder, { recursive: true });
        await close();
      }
    });
  }
  test("there are pages of records", () => assert.ok(paths.length > 0));
});
