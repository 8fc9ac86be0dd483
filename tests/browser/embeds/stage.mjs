// What tests of embeds stand on: a browser that notes what pages ask for and run, a partner's site, a service in
// trouble, and what is looked at alike for each module.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import { partner, trouble } from "./servers.mjs";

const require = createRequire(new URL("../../../target/ci/npm/", import.meta.url));
const { chromium } = require("playwright-core");
export const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/** Begins for the arguments of a test: the address of a service, and a folder for screenshots if there shall be any. */
export async function stage([address, folder]) {
  const url = address.replace(/\/$/, "");
  if (folder) mkdirSync(folder, { recursive: true });
  const wrong = [];
  const say = (name, text) => console.log(`${name.padEnd(12)} ${text}`);
  const expect = (holds, text) => holds || wrong.push(text);
  // How long something takes says little on a machine that does other work: a bound counts where TIMES=1 is set.
  const within = (holds, text) => (process.env.TIMES ? expect(holds, text) : holds || say("time", `over its bound, not counted: ${text}`));

  const site = await partner();
  const poor = await trouble(url);
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });

  // Everything that any page asked for, whatever it was opened for.
  const requests = [];
  async function open(options = {}) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, timezoneId: "Europe/Berlin", ...options });
    context.on("request", (request) => requests.push({ url: request.url(), headers: request.headers() }));
    await context.addInitScript(() => {
      window.found = { ran: [], policy: [], shifts: [], errors: [] };
      window.ran = (what) => window.found.ran.push(what);
      window.alert = window.ran;
      document.addEventListener("securitypolicyviolation", (event) => window.found.policy.push(`${event.violatedDirective} ${event.blockedURI}`));
      window.addEventListener("error", (event) => window.found.errors.push(event.message));
      window.addEventListener("unhandledrejection", (event) => window.found.errors.push(String(event.reason)));
      new PerformanceObserver((list) => list.getEntries().forEach((one) => window.found.shifts.push([one.value, ...one.sources.map((source) => (source.node?.outerHTML ?? source.node?.textContent ?? "").slice(0, 80) + JSON.stringify([source.previousRect, source.currentRect]))]))).observe({ type: "layout-shift", buffered: true });
    });
    return context;
  }

  /** What all pages together asked of others. */
  function foreign() {
    const own = [url, site.origin, poor.origin];
    const others = requests.filter((one) => !own.some((origin) => one.url.startsWith(`${origin}/`)) && !/^(about|blob|chrome-error):/.test(one.url));
    const referred = requests.filter((one) => one.headers.referer && !one.url.startsWith(`${site.origin}/`));
    const left = site.asked.filter((one) => one.path === "/weather" && one.headers.referer);
    expect(!others.length, `asked others: ${others.slice(0, 5).map((one) => one.url)}`);
    expect(!referred.length, `sent a Referer: ${referred.slice(0, 5).map((one) => one.url)}`);
    expect(!left.length, `the page left for was told from where: ${left[0]?.headers.referer}`);
    say("privacy", `${requests.length} requests, ${others.length} to others, ${referred.length} with a Referer; no cookie, no storage, no place in an address`);
  }

  /** Runs the parts, or those that ONLY names, and ends the process: with 1 where anything was wrong. */
  async function finish(name, parts) {
    const only = process.env.ONLY?.split(",");
    try {
      for (const [name, part] of Object.entries(parts)) {
        if (only && !only.includes(name)) continue;
        try {
          await part();
        } catch (error) {
          wrong.push(`${name}: ${error.stack.slice(0, 1500)}`);
        }
      }
      foreign();
    } finally {
      await browser.close();
      site.close();
      poor.close();
    }
    const faults = [...new Set(wrong)];
    faults.slice(0, 40).forEach((one) => console.error(one));
    console.log(`${name}: ${faults.length} faults`);
    process.exit(faults.length ? 1 : 0);
  }

  return { url, folder, site, poor, browser, requests, wrong, say, expect, within, open, finish };
}

/** The size of a module, who may load it, and that one may hold on to it by its hash; in words. */
export async function sized({ url, site, open, expect }, file, links, tag) {
  const bytes = (path, encoding) =>
    new Promise((resolve, reject) => {
      http.get(url + path, { headers: { "Accept-Encoding": encoding } }, (answer) => {
        const parts = [];
        answer.on("data", (part) => parts.push(part)).on("end", () => resolve({ headers: answer.headers, body: Buffer.concat(parts), status: answer.statusCode }));
      }).on("error", reject);
    });
  const [plain, gzip, br] = await Promise.all(["identity", "gzip", "br"].map((encoding) => bytes(`/embed/${file}.js`, encoding)));
  expect(gzip.headers["content-encoding"] === "gzip" && gzip.body.length <= 10240, `the module takes ${gzip.body.length} bytes with gzip`);
  expect(br.headers["content-encoding"] === "br" && br.body.length < gzip.body.length, `the module takes ${br.body.length} bytes with Brotli`);
  const name = file === "lodestar" ? "" : `${file}.`;
  const words = await Promise.all(["en", "es", "fr", "pt", "ru", "ar", "zh", "hi", "de", "fil"].map((lang) => bytes(`/embed/words/${name}${lang}.json`, "gzip")));
  expect(words.every((one) => one.status === 200), "words are missing");
  const most = Math.max(...words.map((one) => one.body.length));
  expect((await bytes(`/embed/words/${name}xx.json`, "gzip")).status === 404, "words of a language that is not there");

  const about = JSON.parse((await bytes("/embed", "identity")).body)[links];
  const integrity = `sha384-${createHash("sha384").update(plain.body).digest("base64")}`;
  expect(about.integrity === integrity, "the published hash is another one");
  const pinned = await bytes(new URL(about.pinned).pathname, "identity");
  expect(pinned.body.equals(plain.body), "the pinned module is another one");
  expect(/immutable/.test(pinned.headers["cache-control"]) && /max-age=31536000/.test(pinned.headers["cache-control"]), "the pinned module is not immutable");
  expect(!/immutable/.test(plain.headers["cache-control"]), "the floating module is immutable");
  for (const one of [plain, pinned]) {
    expect(one.headers["access-control-allow-origin"] === "*" && one.headers["cross-origin-resource-policy"] === "cross-origin", "others may not load it");
    expect(/^text\/javascript/.test(one.headers["content-type"]) && one.headers.etag, "no type or no ETag");
  }
  // A browser takes it with its hash, and not with another.
  const context = await open();
  const page = await context.newPage();
  for (const [hash, runs] of [[integrity, true], [`sha384-${"A".repeat(64)}`, false]]) {
    const path = `/pinned-${file}-${runs}`;
    site.pages.set(path, { body: `<!doctype html><title>x</title><script type="module" crossorigin referrerpolicy="no-referrer" integrity="${hash}" src="${about.pinned.replace(/^https?:\/\/[^/]+/, url)}"></script>` });
    await page.goto(site.origin + path);
    await page.waitForTimeout(300);
    expect((await page.evaluate((tag) => !!customElements.get(tag), tag)) === runs, `with the hash ${hash} it ${runs ? "does not run" : "runs"}`);
  }
  await context.close();
  return `${gzip.body.length} bytes with gzip, ${br.body.length} with Brotli, ${plain.body.length} as such; words of a language at most ${most} with gzip`;
}
