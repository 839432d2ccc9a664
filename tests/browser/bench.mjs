// Prints what a large archive costs a reader: `node bench.mjs [records]`. It writes an archive, builds it and opens it; times
// are medians of five, each in a browser context of its own, and mean something on a quiet machine only.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch, open } from "./browser.mjs";
import { address, files, kind, program } from "./site.mjs";

const records = Number(process.argv[2] || 100_000), systems = 12, months = 24;
const folder = mkdtempSync(join(tmpdir(), "wellkept-bench-")), site = join(folder, "site");

let state = 20261125;
/** A number below another; the same in each run. */
const random = below => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor(state / 2 ** 32 * below);
};
const one = list => list[random(list.length)];
const two = n => String(n).padStart(2, "0");

const operators = ["值班员甲", "值班员乙", "值班员丙", "管理员甲", "管理员乙", "operator.day", "operator.night"];
const places = ["/backup/nas01/daily", "/backup/nas02/daily", "异地机房一号架", "异地机房二号架", "s3://archive/db", "tape-lib-A"];
const notes = [
  () => "", () => "", () => "", () => "校验通过", () => "夜间窗口执行，已同步至异地机房", () => "存储空间不足，已清理 30 天前的旧备份后重试",
  () => "网络抖动，重试 2 次后成功", () => `见工单 OPS-${random(90000)}`, () => `restored sample set ${random(5000)} to the test host`, () => `巡检发现告警 ${random(40)} 条，均已处理`,
];

const kinds = {
  backup: ["id,system,started_at,finished_at,type,result,size,location,offsite,operator,notes", (id, system, day) =>
    `BK-${id},${system},${day} 01:${two(random(60))},${day} 03:${two(random(60))},${one(["full", "incremental", "incremental", "log"])},${random(40) ? "success" : "failed"},${random(1e9)},${one(places)},${one(["yes", "no"])},${one(operators)},${one(notes)()}`],
  update: ["id,system,component,from_version,to_version,released_at,checked_at,applied_at,severity,result,operator,notes", (id, system, day) =>
    `UP-${id},${system},${one(["openssl", "nginx", "postgresql", "内核", "防病毒库"])},${random(9)}.${random(20)},${random(9)}.${random(20)}.${random(40)},${day} 00:00,${day} 06:00,${day} 07:${two(random(60))},${one(["critical", "high", "medium", "low"])},applied,${one(operators)},${one(notes)()}`],
  support: ["id,system,asked_at,requester,channel,question,answered_at,agent", (id, system, day) =>
    `SP-${id},${system},${day} 09:${two(random(60))},员工${one(["甲", "乙", "丙", "丁"])},phone,${one(["打印机无法使用", "邮件收不到附件", "口令过期", "公文流转卡住", "报表导出缓慢"])}${one(notes)()},${day} 10:${two(random(60))},${one(operators)}`],
};

function write(path, text) {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function archive() {
  let config = "[site]\ntitle = \"bench\"\ntimezone = \"Asia/Shanghai\"\n[standard]\nuse = \"oa-maintenance\"\n[[shift]]\nid = \"day\"\nstart = \"08:00\"\nend = \"20:00\"\n";
  for (let n = 1; n <= systems; n++) config += `[[system]]\nid = "sys-${n}"\nname = "业务系统${n}号"\nin_service = 2024-11-01\nshifts = []\n`;
  write("wellkept.toml", config);
  for (const [kind, share] of [["backup", .7], ["update", .15], ["support", .15]]) {
    const [header, row] = kinds[kind], month = Math.ceil(records * share / months);
    for (let m = 0; m < months; m++) {
      const [year, number] = [2024 + Math.floor((10 + m) / 12), (10 + m) % 12 + 1], lines = [header];
      for (let n = 0; n < month; n++) {
        const day = `${year}-${two(number)}-${two(1 + Math.floor(n * 28 / month))}`;
        lines.push(row(`${year}${two(number)}-${String(n + 1).padStart(6, "0")}`, `sys-${1 + random(systems)}`, day));
      }
      write(`records/${kind}/${year}-${two(number)}.csv`, lines.join("\n") + "\n");
    }
  }
}

const median = list => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const size = path => statSync(join(site, path)).size;
const say = (what, value) => console.log(`${what.padEnd(58)} ${value}`);

/** Five times: a page is opened, something is done in it, and how long that took is given in milliseconds. */
async function timed(browser, path, run, ...given) {
  const times = [];
  for (let n = 0; n < 5; n++) {
    const { page, faults, close } = await open(browser, address(path, site), {}, site);
    times.push(await page.evaluate(run, ...given));
    if (faults.length) throw new Error(faults.join("\n"));
    await close();
  }
  return Math.round(median(times));
}

/** Asks, and waits for the answer. */
const query = q => new Promise(done => {
  const form = document.getElementById("search"), started = performance.now();
  new MutationObserver((_, watch) => {
    if (!form.querySelector("[role=status]").textContent) return;
    watch.disconnect();
    done(performance.now() - started);
  }).observe(form.querySelector("[role=status]"), { childList: true });
  form.elements.q.value = q;
  form.requestSubmit();
});

/** From the start of the navigation until the rows can be filtered. */
const usable = () => {
  const { domContentLoadedEventEnd } = performance.getEntriesByType("navigation")[0];
  if (document.querySelector("form.filter").hidden) throw new Error("no filter");
  return domContentLoadedEventEnd;
};

/** Filters the rows, until that is drawn. */
const filtered = () => new Promise(done => {
  const form = document.querySelector("form.filter"), started = performance.now();
  form.elements.q.value = "异地机房";
  form.dispatchEvent(new Event("input"));
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - started)));
});

try {
  archive();
  const started = Date.now();
  execFileSync(program, ["build", "--quiet", "--as-of", "2026-11-10", "--output", site], { cwd: folder, stdio: ["ignore", "ignore", "ignore"] });
  say("records", records);
  say("build, seconds", ((Date.now() - started) / 1000).toFixed(1));
  const all = files(site), index = all.filter(path => path.startsWith("search/")), shards = index.filter(path => /\/w\d/.test(path));
  say("search index, bytes a record", (index.reduce((sum, path) => sum + size(path), 0) / records).toFixed(1));
  say("shards of words, and the median, KB", `${shards.length}, ${(median(shards.map(size)) / 1024).toFixed(1)}`);
  for (const end of [".js", ".css"]) say(`static/*${end}, bytes`, all.filter(path => path.startsWith("static/") && path.endsWith(end)).reduce((sum, path) => sum + size(path), 0));
  const largest = new Map();
  for (const path of all.filter(path => path.endsWith(".html") && !path.startsWith("evidence/"))) {
    if (size(path) > (largest.get(kind(path))?.[0] ?? 0)) largest.set(kind(path), [size(path), path]);
  }
  for (const [bytes, path] of [...largest.values()].sort((a, b) => b[0] - a[0]).slice(0, 5)) say(`large page, KB: ${path}`, (bytes / 1024).toFixed(0));
  const browser = await launch();
  for (const q of ["见工单", "OPS-4711", "异地机房", "openssl", "公文流转卡住", "BK-202503-000017", "业务系统3号 打印机", "存储空间不足 值班员甲"]) say(`first search, ms: ${q}`, await timed(browser, "search.html", query, q));
  const page = "records/backup/2025-03.html";
  say("a page of records usable, ms", await timed(browser, page, usable));
  say("its rows filtered, ms", await timed(browser, page, filtered));
  await browser.close();
} finally {
  rmSync(folder, { recursive: true });
}
