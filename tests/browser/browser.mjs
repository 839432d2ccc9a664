// One browser for a file of tests, and pages that note whatever they should not do.
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { site } from "./site.mjs";

/** Starts the browser: Debian's, or the one that `CHROMIUM` names. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

/**
 * Opens a page without a network and gives it with the list of its faults: messages on the console, errors of scripts,
 * refusals of the security policy, dialogs, and requests that leave the folder of the site.
 */
export async function open(browser, url, options = {}, folder = site) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, offline: true, ...options });
  const page = await context.newPage();
  const faults = [];
  const home = pathToFileURL(folder).href + "/";
  page.on("console", message => faults.push(`console: ${message.type()}: ${message.text()}`));
  page.on("pageerror", error => faults.push(`error: ${error.message}`));
  page.on("dialog", dialog => {
    faults.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on("request", request => {
    const to = request.url();
    if (!to.startsWith(home) && !to.startsWith("data:") && !to.startsWith("blob:")) faults.push(`request: ${to}`);
  });
  page.on("requestfailed", request => faults.push(`failed: ${request.url()} ${request.failure()?.errorText}`));
  context.on("page", other => {
    if (other !== page) faults.push(`opened: ${other.url()}`);
  });
  if (options.javaScriptEnabled !== false) {
    await page.addInitScript(() => {
      addEventListener("securitypolicyviolation", e => console.error(`policy: ${e.violatedDirective} ${e.blockedURI}`));
    });
  }
  await page.goto(url, { waitUntil: "load" });
  return { page, faults, close: () => context.close() };
}
