// A preview: `wellkept serve` on a workspace, ended when it is closed.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { program } from "./site.mjs";

/** A folder of one's own with these files in it. */
export function workspace(files) {
  const root = mkdtempSync(join(tmpdir(), "wellkept-preview-"));
  const write = (path, text) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  Object.entries(files).forEach(([path, text]) => write(path, text));
  return { root, write, remove: () => rmSync(root, { recursive: true, force: true }) };
}

/** Starts a preview; answers its address once the first site is there, and the lines that it says. */
export async function preview(root, args = []) {
  const child = spawn(program, ["-C", root, "serve", "--addr", "127.0.0.1:0", "--lang", "en", ...args], { stdio: ["ignore", "ignore", "pipe"] });
  const said = [];
  const url = await new Promise((resolve, reject) => {
    createInterface({ input: child.stderr }).on("line", line => {
      said.push(line);
      const found = line.match(/http:\/\/\S+/);
      if (found) resolve(found[0]);
    });
    child.on("exit", code => reject(new Error(`ended with ${code}: ${said.join("\n")}`)));
  });
  await (await fetch(url)).arrayBuffer();
  return { url, said, close: () => new Promise(done => { child.on("exit", done); child.kill("SIGINT"); }) };
}
