// Runs before the page is drawn, so that a chosen appearance does not flash. Storage may be refused: then the
// appearance of the device holds.
(function () {
  "use strict";
  var root = document.documentElement, key = "wellkept-theme", order = ["auto", "light", "dark"], theme = "auto";
  try { theme = localStorage.getItem(key) || theme; } catch (e) { /* refused */ }
  function show() {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else { theme = "auto"; delete root.dataset.theme; }
  }
  show();
  document.addEventListener("DOMContentLoaded", function () {
    var button = document.getElementById("theme");
    if (!button) return;
    button.textContent = button.dataset[theme];
    button.hidden = false;
    button.addEventListener("click", function () {
      theme = order[(order.indexOf(theme) + 1) % 3];
      show();
      button.textContent = button.dataset[theme];
      try { localStorage.setItem(key, theme); } catch (e) { /* refused */ }
    });
  });
})();
