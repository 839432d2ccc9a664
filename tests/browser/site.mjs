// The published site: where it is, which pages it has, and one or two of each kind to look at.
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** The repository. */
export const repository = resolve(fileURLToPath(new URL("../..", import.meta.url)));
/** The folder of the site; `WELLKEPT_SITE` names another than the repository's own. */
export const site = resolve(process.env.WELLKEPT_SITE || join(repository, "site"));
/** The built program; `WELLKEPT` names another than the release build. */
export const program = resolve(process.env.WELLKEPT || join(repository, "target/release/wellkept"));

/** Every file below a folder, with `/`, in order. */
export function files(folder) {
  if (!existsSync(folder)) throw new Error(`${folder} is not there: build the site first, or name one with WELLKEPT_SITE`);
  const out = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) out.push(join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1));
  }
  return out.sort();
}

/** Every page of a folder. */
export function pages(folder = site) {
  return files(folder).filter(path => path.endsWith(".html") && !path.startsWith("evidence/"));
}

/** The address of a file of a site, as a double click gives it. */
export function address(path, folder = site) {
  return pathToFileURL(join(folder, path)).href;
}

/**
 * What kind of page a path is, told from the path alone: pages in one folder are of one kind, but for `index`, and what
 * lies in folders of one folder is of one kind (`records/backup/2026-10.html` and `records/shift/2026-10.html`).
 */
export function kind(path) {
  const parts = path.split("/");
  const name = parts.pop();
  const last = name === "index.html" ? name : parts.length ? (/^\d{4}\.html$/.test(name) ? "year" : "*") : name;
  return [...parts.slice(0, 1), ...parts.slice(1).map(() => "*"), last].join("/");
}

/** Of each kind of page the smallest and the largest one. */
export function kinds(folder = site) {
  const byKind = new Map();
  for (const path of pages(folder)) {
    const size = statSync(join(folder, path)).size;
    const known = byKind.get(kind(path));
    if (!known) byKind.set(kind(path), { least: [size, path], most: [size, path] });
    else if (size < known.least[0]) known.least = [size, path];
    else if (size > known.most[0]) known.most = [size, path];
  }
  return [...byKind].map(([of, { least, most }]) => ({ of, paths: [...new Set([least[1], most[1]])] }));
}

/** The pages to look at: two of each kind at most. */
export function some(folder = site) {
  return kinds(folder).flatMap(one => one.paths);
}

/** The text of a file of the site. */
export function text(path, folder = site) {
  return readFileSync(join(folder, path), "utf8");
}
