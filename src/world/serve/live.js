// Loads the page again when there is something newer, and leaves the reader where they were: the same place in the
// text, the same parts unfolded. Served by `wellkept serve` only; no published site holds it.
(() => {
  "use strict";
  const script = document.currentScript, name = "wellkept " + location.pathname;
  const main = () => document.querySelector("main") || document.body;
  // A fold is known by its heading and by how many of that heading there were before.
  const folds = () => {
    const seen = new Map();
    return [...main().querySelectorAll("details")].map(details => {
      const head = details.querySelector("summary");
      const text = head ? head.textContent.trim() : "";
      const number = seen.get(text) || 0;
      seen.set(text, number + 1);
      return [text + "#" + number, details];
    });
  };
  const keep = () => {
    // The first thing with a name that is in sight holds the place, whatever is written above it.
    const anchor = [...main().querySelectorAll("[id]")].find(e => e.getBoundingClientRect().top >= 0);
    sessionStorage.setItem(name, JSON.stringify({
      y: scrollY,
      anchor: anchor && anchor.id, top: anchor && anchor.getBoundingClientRect().top,
      folds: folds().map(([key, details]) => [key, details.open]),
    }));
  };
  const restore = () => {
    let kept = null;
    try { kept = JSON.parse(sessionStorage.getItem(name)); } catch { /* as if there were none */ }
    if (!kept) return;
    const open = new Map(kept.folds);
    folds().forEach(([key, details]) => { if (open.has(key)) details.open = open.get(key); });
    history.scrollRestoration = "manual";
    const place = () => {
      const anchor = kept.anchor && kept.y > 0 && document.getElementById(kept.anchor);
      if (anchor) scrollBy(0, anchor.getBoundingClientRect().top - kept.top);
      else scrollTo(0, kept.y);
    };
    place();
    addEventListener("load", () => requestAnimationFrame(() => {
      place();
      sessionStorage.removeItem(name);
      history.scrollRestoration = "auto";
    }), { once: true });
  };
  restore();
  // The panel opens by itself where a page has problems, until the reader chooses.
  const panel = document.querySelector("#wellkept-panel details");
  if (panel) {
    const chosen = sessionStorage.getItem("wellkept");
    if (chosen) panel.open = chosen === "open";
    panel.querySelector("summary").addEventListener("click", () => sessionStorage.setItem("wellkept", panel.open ? "folded" : "open"));
  }
  const news = new EventSource(script.src.replace("live.js", "events") + "?since=" + script.dataset.version);
  news.onmessage = () => {
    news.close();
    keep();
    location.reload();
  };
  addEventListener("pagehide", () => news.close());
  // A page that comes back from the browser's memory is an old one.
  addEventListener("pageshow", event => { if (event.persisted) location.reload(); });
})();
