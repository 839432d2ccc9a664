// How long it takes from a save to the page that shows it, in a real browser: medians in milliseconds for the sample
// workspace and for 100,000 records, each beside a full `check` of the same workspace in the same run.
//
//     node tests/browser/latency.mjs          WELLKEPT names another program than target/release/wellkept
import { execFileSync } from "node:child_process";
import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { launch } from "./browser.mjs";
import { preview, workspace } from "./preview.mjs";
import { program, repository } from "./site.mjs";

const AS_OF = "2026-11-03T12:00";
const SAVES = 7;
const median = list => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

function sample() {
  const ws = workspace({});
  for (const name of ["wellkept.toml", "records", "content", "seals", "themes"]) {
    if (existsSync(join(repository, name))) cpSync(join(repository, name), join(ws.root, name), { recursive: true });
  }
  return { ws, page: "content/manual/latency.md", url: "manual/latency.html" };
}

function large(records) {
  const months = 13, header = "id,system,started_at,finished_at,type,result,offsite\n";
  const files = { "wellkept.toml": "[site]\ntitle = \"大档案\"\n\n[[system]]\nid = \"oa\"\nname = \"办公系统\"\nin_service = 2025-10-01\n" };
  const two = n => String(n).padStart(2, "0");
  for (let month = 0; month < months; month++) {
    const name = `${2025 + Math.floor((month + 9) / 12)}-${two((month + 9) % 12 + 1)}`;
    const rows = Array.from({ length: Math.ceil(records / months) }, (_, at) => {
      const time = `${name}-${two(at % 28 + 1)} ${two(at % 24)}:${two(at % 60)}`;
      return `B-${name}-${at},oa,${time},${time},full,success,yes\n`;
    });
    files[`records/backup/${name}.csv`] = header + rows.join("");
  }
  return { ws: workspace(files), page: "content/notes/latency.md", url: "notes/latency.html" };
}

const browser = await launch();
for (const [name, { ws, page: path, url }] of [["sample workspace", sample()], ["100,000 records", large(100_000)]]) {
  ws.write(path, "# 第 0 次\n");
  const begun = performance.now();
  const shown = await preview(ws.root, ["--as-of", AS_OF]);
  const first = performance.now() - begun;
  const page = await browser.newPage();
  await page.goto(shown.url + url);
  const times = [];
  for (let save = 1; save <= SAVES; save++) {
    await page.waitForTimeout(400);
    const from = performance.now();
    ws.write(path, `# 第 ${save} 次\n`);
    await page.locator("h1", { hasText: `第 ${save} 次` }).waitFor();
    times.push(performance.now() - from);
  }
  await shown.close();
  const checks = Array.from({ length: 3 }, () => {
    const from = performance.now();
    execFileSync(program, ["-C", ws.root, "check", "--as-of", AS_OF, "--fail-on", "never", "--quiet"], { stdio: "ignore" });
    return performance.now() - from;
  });
  const [saved, check] = [median(times), median(checks)];
  console.log(`${name}: first page ${first.toFixed(0)} ms · save to reloaded page ${saved.toFixed(0)} ms · check ${check.toFixed(0)} ms · ratio ${(saved / check).toFixed(1)}`);
  await page.close();
  ws.remove();
}
await browser.close();
