// Every link of the site leads somewhere: held against the files and the ids that are there, by a parser of its own.
import assert from "node:assert/strict";
import { posix } from "node:path";
import { test } from "node:test";
import { parse } from "parse5";
import { files, pages, site, text } from "./site.mjs";

const there = new Set(files(site));

/** Every element of a page. */
function* elements(node) {
  if (node.attrs) yield node;
  for (const child of node.childNodes || []) yield* elements(child);
}

const parsed = new Map();
function page(path) {
  if (!parsed.has(path)) {
    const found = { ids: new Set(), links: [] };
    for (const element of elements(parse(text(path)))) {
      for (const { name, value } of element.attrs) {
        if (name === "id" || (name === "name" && element.tagName === "a")) found.ids.add(value);
        if (["href", "src", "action", "poster", "cite", "data"].includes(name)) found.links.push([element.tagName, name, value]);
        if (name === "srcset") found.links.push(...value.split(",").map(part => [element.tagName, name, part.trim().split(" ")[0]]));
        if (["aria-labelledby", "aria-describedby", "aria-controls", "for", "headers"].includes(name)) {
          found.links.push(...value.split(/\s+/).filter(Boolean).map(id => [element.tagName, name, `#${encodeURIComponent(id)}`]));
        }
      }
    }
    parsed.set(path, found);
  }
  return parsed.get(path);
}

test("every link and anchor leads somewhere inside the site", () => {
  const dead = [];
  let links = 0;
  for (const path of pages()) {
    for (const [tag, attribute, value] of page(path).links) {
      // Other sites and mail are no business of ours, but only a link may lead there.
      if (/^[a-z][a-z0-9+.-]*:/i.test(value)) {
        if (!/^(https?|mailto|data):/i.test(value)) dead.push(`${path}: ${value}`);
        if (tag !== "a" && !value.startsWith("data:image/")) dead.push(`${path}: <${tag} ${attribute}="${value}"> loads from elsewhere`);
        continue;
      }
      links += 1;
      if (value.startsWith("/") || value.includes("\\")) {
        dead.push(`${path}: ${value} is not relative`);
        continue;
      }
      const [before, hash] = value.split("#");
      const file = decodeURIComponent(before.split("?")[0]);
      const target = file ? posix.normalize(posix.join(posix.dirname(path), file)) : path;
      if (!there.has(target)) dead.push(`${path}: ${value}`);
      else if (hash && target.endsWith(".html") && !page(target).ids.has(decodeURIComponent(hash))) dead.push(`${path}: ${value} (no such id)`);
    }
  }
  assert.deepEqual(dead.slice(0, 20), [], `${dead.length} dead links`);
  assert.ok(links > 1000, `only ${links} links`);
});

test("every page is reached from the first one", () => {
  const first = there.has("index.html") ? "index.html" : "records/index.html";
  const reached = new Set([first]);
  const next = [first];
  while (next.length) {
    const path = next.pop();
    for (const [, , value] of page(path).links) {
      if (/^[a-z][a-z0-9+.-]*:/i.test(value)) continue;
      const file = decodeURIComponent(value.split("#")[0].split("?")[0]);
      const target = file ? posix.normalize(posix.join(posix.dirname(path), file)) : path;
      if (target.endsWith(".html") && there.has(target) && !reached.has(target)) {
        reached.add(target);
        next.push(target);
      }
    }
  }
  // Nobody links to the page for addresses that lead nowhere, nor to those that only send on to another.
  const lost = pages().filter(path => !reached.has(path) && path !== "404.html" && !/http-equiv="?refresh/i.test(text(path)));
  assert.deepEqual(lost, []);
});
