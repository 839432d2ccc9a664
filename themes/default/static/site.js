// Filters, sorts and hands out the rows of a page. Without this script every row is there all the same; here nothing
// is added but ways of looking. The state stands in the address, so that a view can be sent to somebody.
(() => {
  "use strict";
  const all = (selector, within) => [...(within || document).querySelectorAll(selector)];

  // Paper shows what is folded; browsers that cannot open it by style sheet get it opened here.
  addEventListener("beforeprint", () => all("details:not([open])").forEach(d => { d.open = true; d.dataset.folded = ""; }));
  addEventListener("afterprint", () => all("details[data-folded]").forEach(d => { d.open = false; delete d.dataset.folded; }));

  const form = document.querySelector("form.filter");
  const rows = form ? all(form.dataset.rows) : [];
  if (!rows.length) return;

  // Months grow, and rows move on: one that is asked for and not here is looked for on the next page, once round.
  let wanted = location.hash;
  try { wanted = decodeURIComponent(wanted); } catch { /* as it is */ }
  const first = document.querySelector(".pager a"), again = location.search === "?again";
  if (first && wanted.startsWith("#r-") && !document.getElementById(wanted.slice(1))) {
    const to = again || first.matches("[aria-current]") ? document.querySelector(".pager [rel=next]") : first;
    if (to) return location.replace(to.href + "?again" + location.hash);
  }

  const field = form.elements, status = form.querySelector("[role=status]");
  const groups = form.dataset.group ? all(form.dataset.group) : [];

  // A record's values stand in cells below a head with its name; those of other rows in their data attributes.
  const heads = all("th[data-k]"), columns = new Map(), facets = new Map(), texts = new Map();
  const bodies = heads.length ? all("tbody").filter(body => all(form.dataset.rows, body).length) : [];
  if (heads.length) [...heads[0].parentNode.cells].forEach((th, at) => columns.set(th.dataset.k, { at, type: th.dataset.t, title: th.textContent }));
  let sort = null, moved = false;

  const fold = text => text.normalize("NFKC").toLowerCase();
  const typed = cell => {
    const long = cell.querySelector(".typed");
    if (long) return long.textContent;
    const copy = cell.cloneNode(true);
    all("small, .mark", copy).forEach(e => e.remove());
    return copy.textContent.trim();
  };
  const value = (row, key) => {
    if (!columns.has(key)) return row.dataset[key] || "";
    const cell = row.cells[columns.get(key).at];
    return cell.dataset.v === undefined ? typed(cell) : cell.dataset.v;
  };
  const text = row => {
    if (!texts.has(row)) texts.set(row, fold(row.textContent));
    return texts.get(row);
  };
  const day = name => field[name] ? field[name].value : "";
  // A row without a day has that of the row above.
  rows.forEach((row, at) => { if (at && form.elements.from) row.dataset.d ||= rows[at - 1].dataset.d; });

  const ordered = list => {
    if (!sort) return list;
    const number = "nt".includes(columns.get(sort.key).type || "s");
    const compare = new Intl.Collator(document.documentElement.lang, { numeric: true }).compare;
    // What is absent comes last, whatever the direction.
    return list.map(row => [value(row, sort.key), row]).sort(([a], [b]) =>
      !a || !b ? !a - !b : sort.sign * (number ? a - b : compare(a, b))).map(([, row]) => row);
  };

  const apply = () => {
    const words = fold(field.q.value).split(/\s+/).filter(Boolean), from = day("from"), to = day("to");
    const active = [...facets].filter(([, values]) => values.size);
    let shown = rows.filter(row => (!from || row.dataset.d >= from) && (!to || row.dataset.d <= to)
      && active.every(([key, values]) => values.has(value(row, key))) && words.every(word => text(row).includes(word)));
    const kept = new Set(shown), arranged = Boolean(sort) || kept.size < rows.length;
    rows.forEach(row => { row.hidden = !kept.has(row); });
    if (bodies.length && (arranged || moved)) {
      // Rows that are shown close up, as many to a table as before; the captions told another order, and go.
      const size = Math.ceil(rows.length / bodies.length / 100) * 100;
      shown = ordered(shown);
      [...shown, ...rows.filter(row => row.hidden)].forEach((row, at) => bodies[Math.floor(at / size)].append(row));
      document.body.classList.toggle("arranged", moved = arranged);
    }
    groups.forEach(group => { group.hidden = all(form.dataset.rows, group).every(row => row.hidden); });
    heads.forEach(th => {
      if (sort && th.dataset.k === sort.key) th.setAttribute("aria-sort", sort.sign > 0 ? "ascending" : "descending");
      else th.removeAttribute("aria-sort");
    });
    all("[data-facet] button").forEach(b => b.setAttribute("aria-pressed", facets.get(b.dataset.of).has(b.dataset.value)));
    status.textContent = status.dataset.said.replace("{n}", shown.length).replace("{all}", rows.length);
    remember({ q: field.q.value, from, to, sort: sort ? (sort.sign < 0 ? "-" : "") + sort.key : "" }, active);
    return shown;
  };

  const remember = (said, active) => {
    const query = new URLSearchParams(Object.entries(said).filter(([, v]) => v));
    active.forEach(([key, values]) => values.forEach(v => query.append("f." + key, v)));
    const written = query.toString();
    try { history.replaceState(null, "", location.pathname + (written && "?" + written) + location.hash); } catch { /* refused */ }
  };
  const recall = () => {
    const query = new URLSearchParams(location.search), by = query.get("sort") || "", key = by.replace(/^-/, "");
    ["q", "from", "to"].forEach(name => { if (field[name]) field[name].value = query.get(name) || ""; });
    query.forEach((v, name) => { if (name.startsWith("f.") && facets.has(name.slice(2))) facets.get(name.slice(2)).add(v); });
    if (columns.has(key)) sort = { key, sign: by === key ? 1 : -1 };
  };

  const csv = () => {
    // A spreadsheet runs a cell that begins like a formula.
    const cell = said => {
      const safe = /^[=+\-@\t\r]/.test(said) ? "'" + said : said;
      return /[",\r\n]|^ | $/.test(safe) ? '"' + safe.replace(/"/g, '""') + '"' : safe;
    };
    const lines = [[...columns.values()].map(c => c.title), ...apply().map(row => [...row.cells].map(typed))];
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff", ...lines.map(cells => cells.map(cell).join(",") + "\r\n")], { type: "text/csv" }));
    link.download = form.dataset.file;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  const copy = ({ currentTarget: button }) => {
    const label = button.textContent, ask = () => prompt(label, location.href);
    const said = () => {
      button.textContent = button.dataset.done;
      setTimeout(() => { button.textContent = label; }, 2000);
    };
    if (navigator.clipboard) navigator.clipboard.writeText(location.href).then(said, ask); else ask();
  };

  // A button around what an element holds.
  const button = (element, click) => {
    const made = document.createElement("button");
    made.type = "button";
    made.append(...element.childNodes);
    element.append(made);
    made.addEventListener("click", () => { click(); apply(); });
    return made;
  };
  all("[data-facet]").forEach(facet => {
    const of = facet.dataset.facet, values = new Set();
    facets.set(of, values);
    all("li", facet).forEach(li => {
      const v = li.dataset.value;
      Object.assign(button(li, () => values.delete(v) || values.add(v)).dataset, { of, value: v });
    });
  });
  heads.forEach(th => button(th, () => {
    const key = th.dataset.k, sign = sort && sort.key === key ? (sort.sign > 0 ? -1 : 0) : 1;
    sort = sign ? { key, sign } : null;
  }));
  form.addEventListener("submit", e => e.preventDefault());
  form.addEventListener("input", apply);
  form.addEventListener("reset", () => {
    sort = null;
    facets.forEach(values => values.clear());
    setTimeout(apply);
  });
  all("[data-do]", form).forEach(b => b.addEventListener("click", b.dataset.do === "csv" ? csv : copy));
  form.hidden = false;
  recall();
  apply();
})();
