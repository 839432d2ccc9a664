// What outside judges say: the HTML checker of the W3C on every kind of page, an XML parser on every drawing.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch } from "./browser.mjs";
import { files, pages, site, some, text } from "./site.mjs";

const jar = createRequire(import.meta.url)("vnu-jar");
let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

test("the HTML of every kind of page is valid", () => {
  const paths = some().map(path => join(site, path));
  const checked = spawnSync("java", ["-Xss4m", "-jar", jar, "--format", "json", "--stdout", "--exit-zero-always", ...paths], { encoding: "utf8", maxBuffer: 1 << 28 });
  assert.equal(checked.status, 0, checked.stderr);
  // The checker has no origin for files of a disk, so that `'self'` means nothing to it; the browser tests hold the policy.
  const messages = JSON.parse(checked.stdout).messages.filter(m => !m.message.startsWith("Resource violates Content Security Policy"));
  const said = messages.map(m => `${m.url.split("/site/").pop()}:${m.lastLine}:${m.lastColumn} ${m.type}: ${m.message} ${m.extract?.replace(/\n/g, " ") || ""}`);
  assert.deepEqual(said, []);
});

test("the style sheet is valid", () => {
  const sheets = files(site).filter(path => path.endsWith(".css")).map(path => join(site, path));
  assert.ok(sheets.length > 0);
  const out = execFileSync("java", ["-jar", jar, "--format", "json", "--stdout", "--exit-zero-always", "--css", ...sheets], { encoding: "utf8" });
  // The checker's grammar of style sheets is older than custom properties in some places; what it does not know is no error.
  const errors = JSON.parse(out).messages.filter(m => m.type === "error" && !/doesn.t exist|not recognized|Unknown pseudo|Parse Error/i.test(m.message));
  assert.deepEqual(errors.map(m => `${m.lastLine}: ${m.message}`), []);
});

test("every drawing is well-formed, has a name, and no id stands twice on a page", async () => {
  const page = await (await browser.newContext({ offline: true })).newPage();
  let drawings = 0;
  for (const path of pages()) {
    const source = text(path);
    const found = source.match(/<svg[\s\S]*?<\/svg>/g) || [];
    drawings += found.length;
    const ids = [...source.matchAll(/\sid="([^"]*)"/g)].map(m => m[1]);
    assert.equal(new Set(ids).size, ids.length, `${path}: ids ${ids.filter((id, at) => ids.indexOf(id) !== at).slice(0, 3)}`);
    if (!found.length) continue;
    const wrong = await page.evaluate(all => all.map(svg => {
      const full = svg.includes("xmlns=") ? svg : svg.replace("<svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"");
      const parsed = new DOMParser().parseFromString(full, "image/svg+xml");
      const failed = parsed.querySelector("parsererror");
      if (failed) return failed.textContent.slice(0, 200);
      const root = parsed.documentElement;
      const named = root.getAttribute("role") === "img" || root.getAttribute("aria-hidden") === "true";
      const active = parsed.querySelector("script, foreignObject, image, use, a[href], [style]");
      return named && !active ? "" : `${active?.outerHTML.slice(0, 80) || "neither role=img nor aria-hidden"}`;
    }).filter(Boolean), found);
    assert.deepEqual(wrong, [], path);
  }
  assert.ok(drawings > 0, "no drawing in the whole site");
});

test("a page is no larger than promised", () => {
  // A month of records has up to a thousand rows on a page; everything else is read over slow lines too.
  const large = pages().filter(path => !path.startsWith("records/")).map(path => [text(path).length, path]).filter(([size]) => size > 250 * 1024);
  assert.deepEqual(large, []);
});
