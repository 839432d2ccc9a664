// Searches the index below search/: scripts that call a function, for a page from a disk may load nothing else.
(() => {
  "use strict";
  const form = document.getElementById("search"), status = form.querySelector("[role=status]"), list = document.querySelector(".found"), more = document.getElementById("more");
  const facets = ["kind", "year", "system"], given = {}, asked = {}, lost = [], documents = [];
  let about, systems, state, words, patterns, order, total, exact, turn = 0;

  window.wellkept = (name, ...data) => { given[name] = data; };
  const load = name => asked[name] ||= new Promise(done => {
    const script = document.createElement("script");
    script.src = `search/${name}.js`;
    script.onload = script.onerror = () => {
      if (!given[name]) lost.push(`search/${name}.js`);
      done(given[name] || []);
    };
    document.head.append(script);
  });

  const digits = {};
  [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"].forEach((c, at) => { digits[c] = at; });
  const numbers = code => {
    const out = [];
    let n = 0, shift = 0;
    for (const c of code) {
      n |= (digits[c] & 31) << shift;
      shift += 5;
      if (digits[c] < 32) { out.push(n); n = shift = 0; }
    }
    return out;
  };

  // Words as src/search/words.rs cuts them. A single character of Han beside others may be half a pair, and tells nothing.
  const HAN = "[\\u3005-\\u3007\\u3040-\\u9fff\\uac00-\\ud7af\\u{20000}-\\u{3ffff}]", LETTER = `(?!${HAN})[\\p{Alphabetic}\\p{N}]`;
  const fold = text => text.normalize("NFKC").toLowerCase();
  const terms = word => {
    const out = new Set(), alone = [];
    for (const [run, han] of word.matchAll(RegExp(`(${HAN}+)|(?:${LETTER})+`, "gu"))) {
      const chars = [...run];
      if (!han) out.add(chars.slice(0, 40).join(""));
      else if (!chars[1]) alone.push(run);
      else chars.reduce((a, b) => (out.add(a + b), b));
    }
    return out.size ? [...out] : alone;
  };
  // Where a word begins or ends with a letter, no other letter is next to it.
  const EDGE = `(?:(?<!${LETTER})|(?!${LETTER}))`;
  const pattern = word => EDGE + word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&") + EDGE;

  // Of each document how many of the terms it has, and how many in its title.
  const counted = async terms => {
    const any = new Uint8Array(systems.length), title = any.slice();
    const count = (code, seen) => {
      const not = code[0] === "~";
      let d = -1;
      if (not) seen.forEach((n, d) => { seen[d]++; });
      for (const gap of numbers(code.slice(not))) seen[d += gap + 1] += not ? -1 : 1;
    };
    await Promise.all(terms.map(async term => {
      let hash = 0x811c9dc5;
      for (const c of term) hash = Math.imul(hash ^ c.codePointAt(), 0x1000193);
      hash = Math.imul(hash ^ hash >>> 15, 0x2c1b3c6d);
      const [lines = ""] = await load("w" + Math.floor(((hash ^ hash >>> 12) >>> 0) * about.shards / 2 ** 32)), at = lines.indexOf(`\n${term} `);
      if (at < 0) return;
      const [, all, titles = ""] = lines.slice(at, lines.indexOf("\n", at + 1)).split(" ");
      count(all, any);
      count(titles === "=" ? all : titles, title);
    }));
    return [any, title];
  };

  // Documents come in blocks. Their values: address, date, id, title, texts.
  const system = d => systems.charCodeAt(d) - 94;
  const block = d => about.blocks.findLastIndex(first => first <= d);
  const read = some => Promise.all([...new Set(some.map(block))].map(async at => {
    const [refs = "", single, shared] = await load("d" + at), all = numbers(refs), lines = single?.split("\n"), often = shared?.split("\n");
    for (let ref = 0, next = 0, d = about.blocks[at]; ref < all.length; d++) {
      documents[d] = all.slice(ref + 1, ref += 1 + all[ref]).map(of => of ? often[of - 1] : lines[next++]);
    }
  }));
  const holds = d => {
    const text = documents[d] && fold([...documents[d].slice(2), ...about.systems[system(d)] || []].join("\n"));
    return text && patterns.every(pattern => RegExp(pattern, "u").test(text));
  };

  const make = (tag, ...inside) => {
    const made = document.createElement(tag);
    made.append(...inside);
    return made;
  };
  // So much of a text, from a little before the first of what was asked for, with all of that marked.
  const marked = (text, most) => {
    const folded = text.replace(/./gu, c => fold(c).length === c.length ? fold(c) : c), any = RegExp(patterns.join("|"), "gu");
    let at = Math.max(0, folded.search(any) - most / 4);
    const end = at + most, out = [at ? "…" : ""];
    for (const { 0: hit, index } of folded.matchAll(any)) if (index >= at && index < end) {
      out.push(text.slice(at, index), make("mark", text.slice(index, at = index + hit.length)));
    }
    return [...out, text.slice(at, end), text.length > end ? "…" : ""];
  };
  const item = d => {
    const [address, date, id, title, ...texts] = documents[d], link = make("a", ...marked(`${id} ${title}`.trim(), 1e3));
    const [kind] = about.ranges.find(([,, from, to]) => d >= from && d < to);
    link.href = address + (address.endsWith("#") ? "r-" + id : "");
    const facts = [about.kinds[kind][1], date, about.systems[system(d)]?.[1]].filter(Boolean);
    return make("li", link, " ", make("small", facts.join(" · ")), make("p", ...marked(texts.join(" · "), 200)));
  };

  const show = async () => {
    const mine = turn, page = [];
    while (page.length < 20 && order.length) {
      const next = order.splice(0, 20 - page.length);
      await read(next);
      if (mine !== turn) return;
      const held = next.filter(holds);
      total -= next.length - held.length;
      page.push(...held);
    }
    list.append(...page.map(item));
    more.hidden = !order.length;
    const values = { n: (exact || !order.length ? "" : "≤ ") + total, all: systems?.length, at: about?.at, files: lost.join(" ") };
    status.textContent = ((about ? form.dataset.said : "") + (lost[0] ? form.dataset.lost : "")).replace(/{(\w+)}/g, (_, name) => values[name]);
  };

  const run = async () => {
    const mine = ++turn, whole = fold(state.get("q") || "").trim();
    words = [...whole.matchAll(/"([^"]+)"|\S+/g)].map(([word, phrase]) => phrase?.trim() || word).filter(word => terms(word)[0]);
    patterns = words.map(pattern);
    form.q.value = state.get("q");
    list.replaceChildren();
    status.textContent = "";
    more.hidden = true;
    order = [];
    total = 0;
    if (!whole) return;
    [[about], [, systems]] = [await load("index"), given.index || []];
    if (!about || !words[0]) return show();
    const of = new Set(words.flatMap(terms).slice(0, 99)), [any, title] = await counted([...of]), all = [];
    const base = any.map((n, d) => n < of.size ? 0 : title[d] < n ? 1 : 2);
    base.forEach((n, d) => { if (n) all.push(d); });
    exact = words.every(word => of.has(word));
    // Few enough are held against their texts at once, and counted exactly.
    if (all.length < 5000 && new Set(all.map(block)).size < 25) {
      await read(all);
      all.forEach(d => { base[d] = !holds(d) ? 0 : fold(documents[d][2]) === whole ? 3 : base[d]; });
      exact = true;
    }
    if (mine !== turn) return;
    const chosen = facets.map(name => state.get(name)), counts = facets.map(() => new Map()), ranks = [[], [], []];
    for (const [kind, year, from, to] of about.ranges) for (let d = from; d < to; d++) if (base[d]) {
      const values = [about.kinds[kind][0], year && String(year), about.systems[system(d)]?.[0]], off = facets.filter((name, f) => chosen[f] && chosen[f] !== values[f]);
      if (!off[0]) ranks[3 - base[d]].push(d);
      values.forEach((v, f) => { if (v && off.every(name => name === facets[f])) counts[f].set(v, (counts[f].get(v) || 0) + 1); });
    }
    order = ranks.flat();
    total = order.length;
    facets.forEach((name, f) => {
      const titles = new Map([about.kinds, [], about.systems][f]), select = form[name];
      select.length = 1;
      if (chosen[f] && !counts[f].has(chosen[f])) counts[f].set(chosen[f], 0);
      counts[f].forEach((n, v) => select.add(new Option(`${titles.get(v) || v} (${n})`, v)));
      select.value = chosen[f] || "";
    });
    show();
  };

  const recall = () => {
    state = new URLSearchParams(location.search);
    run();
  };
  const go = e => {
    e.preventDefault();
    state = new URLSearchParams([...new FormData(form)].filter(([, v]) => v));
    try { history.pushState(null, "", "?" + state); } catch { /* refused */ }
    run();
  };
  form.addEventListener("submit", go);
  facets.forEach(name => form[name].addEventListener("change", go));
  more.addEventListener("click", show);
  addEventListener("popstate", recall);
  form.parentNode.hidden = false;
  load("index");
  recall();
})();
