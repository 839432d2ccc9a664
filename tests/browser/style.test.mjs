// The published style sheet is shorter than the source and says the same: to the browser every rule of one is a rule of the other.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch } from "./browser.mjs";
import { repository, text } from "./site.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

test("the published style sheet has the rules of its source", async () => {
  const source = readFileSync(join(repository, "themes/default/static/style.css"), "utf8"), published = text("static/style.css");
  assert.ok(published.length < source.length, `${published.length} of ${source.length} bytes`);
  const page = await browser.newPage();
  const rules = css => page.evaluate(css => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    // The browser writes every value in its own way, but hands out the tokens of custom properties as they were written.
    return [...sheet.cssRules].map(rule => rule.cssText.replace(/,\s+/g, ","));
  }, css);
  const [written, read] = [await rules(source), await rules(published)];
  assert.ok(written.length > 200, `${written.length} rules`);
  assert.deepEqual(read, written);
});
