// Holds a folder that the reader chooses against the list of what was published. Nothing leaves the machine: the files
// are read by the browser, and their digests compared with SHA256SUMS in the same folder.
(() => {
  "use strict";
  const form = document.querySelector("form.verify"), input = form && form.elements.folder;
  if (!input || !("webkitdirectory" in input)) return;
  // No attribute of HTML, and so not in the page.
  input.webkitdirectory = true;
  form.hidden = false;
  const words = form.dataset, status = form.querySelector("[role=status]"), list = form.querySelector("ul");
  if (!(window.crypto && crypto.subtle)) { status.textContent = words.insecure; input.disabled = true; return; }

  const say = (kind, path) => {
    const item = document.createElement("li");
    item.textContent = words[kind] + " " + path;
    list.append(item);
  };
  const digest = async file => [...new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()))]
    .map(byte => byte.toString(16).padStart(2, "0")).join("");

  const verify = async () => {
    list.replaceChildren();
    const files = new Map();
    for (const file of input.files) files.set(file.webkitRelativePath.split("/").slice(1).join("/"), file);
    const sums = files.get("SHA256SUMS");
    if (!sums) { status.textContent = words.none; return; }
    const wanted = new Map();
    for (const line of (await sums.text()).split("\n").slice(0, -1)) {
      const found = /^([0-9a-f]{64}) {2}(.+)$/.exec(line);
      if (found) wanted.set(found[2], found[1]); else say("changed", "SHA256SUMS");
    }
    let done = 0;
    for (const [path, sum] of wanted) {
      const file = files.get(path);
      if (!file) say("missing", path); else if (await digest(file) !== sum) say("changed", path);
      if (++done % 50 === 0) status.textContent = done + " / " + wanted.size;
    }
    for (const path of files.keys())
      if (!wanted.has(path) && path !== "SHA256SUMS" && path !== ".wellkept-site") say("extra", path);
    const wrong = list.children.length;
    status.textContent = (wrong ? wrong + " " + words.wrong : words.good) + " · " + wanted.size + " " + words.files +
      " · SHA256SUMS " + await digest(sums);
  };
  input.addEventListener("change", verify);
})();
