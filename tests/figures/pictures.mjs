// Opens pages that embed cards and charts, as others' pages do: inline and as images with a text in
// their place. Every text lies within its picture and runs into no other; texts contrast with what lies
// under them by 4.5:1 as Chromium paints them; axe finds nothing; nothing is asked of another origin.
//   tests/figures/pictures http://127.0.0.1:8080 [folder for screenshots]
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const require = createRequire(new URL("../../target/ci/npm/", import.meta.url));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const [url, folder] = process.argv.slice(2);
if (folder) mkdirSync(folder, { recursive: true });

// A disputed figure, a plain one, one without a period, a change, a long title; charts with a long
// series, gaps, several publishers, disputed figures, nothing.
const PICTURES = [
  "/v1/statistics/children-in-prostitution-us-us-2010-0-17/card.svg",
  "/v1/statistics/iwf-domains-wld-2007/card.svg",
  "/v1/statistics/entry-age-sex-trafficking-us-female/card.svg",
  "/v1/statistics/street-girls-in-prostitution-us-female-0-17/card.svg",
  "/v1/indicators/cybertipline_reports/chart.svg",
  "/v1/indicators/cybertipline_reports/chart.svg?geography=MX",
  "/v1/indicators/iwf_confirmed_pages/chart.svg",
  "/v1/indicators/people_in_modern_slavery/chart.svg",
  "/v1/indicators/children_in_prostitution_us/chart.svg?assessment=disputed",
  "/v1/indicators/tip_convictions/chart.svg?kind=bar",
  "/v1/indicators/cybertipline_reports/chart.svg?from=2100",
];
const WIDTHS = [320, 800];
const SETTINGS = [
  { name: "light", scheme: "light", lang: "en" },
  { name: "dark", scheme: "dark", lang: "en" },
  { name: "right-to-left", scheme: "light", lang: "ar" },
  { name: "right-to-left-dark", scheme: "dark", lang: "ar" },
  { name: "forced-dark", scheme: "light", lang: "de", theme: "dark" },
];

const profile = mkdtempSync(join(tmpdir(), "lodestar-browser-"));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const wrong = [];

/** Runs in the page: what is wrong with the texts of its inline pictures, and how many there are. */
function texts() {
  const luminance = (colour) => {
    const parts = colour.match(/[\d.]+/g).slice(0, 3).map((part) => part / 255);
    const [r, g, b] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found = [];
  let [count, least] = [0, Infinity];
  for (const svg of document.querySelectorAll("svg")) {
    const name = svg.querySelector("title").textContent.slice(0, 40);
    const frame = svg.getBoundingClientRect();
    const boxes = [];
    for (const text of svg.querySelectorAll("text")) {
      const box = text.getBoundingClientRect();
      count += 1;
      const inside = box.left >= frame.left - 0.5 && box.right <= frame.right + 0.5 && box.top >= frame.top && box.bottom <= frame.bottom;
      if (!inside) found.push(`${name}: "${text.textContent}" leaves the picture`);
      if (parseFloat(getComputedStyle(text).fontSize) < 12) found.push(`${name}: "${text.textContent}" is small`);
      for (const [other, words] of boxes) {
        const across = Math.min(box.right, other.right) - Math.max(box.left, other.left);
        const down = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top);
        // Boxes of neighbouring lines touch; letters do not.
        if (across > 1 && down > box.height * 0.35) found.push(`${name}: "${text.textContent}" runs into "${words}"`);
      }
      boxes.push([box, text.textContent]);
      const ground = text.classList.contains("alarm") ? ".alert" : ".paper";
      const [over, under] = [text, svg.querySelector(ground)].map((one) => luminance(getComputedStyle(one).fill));
      const contrast = (Math.max(over, under) + 0.05) / (Math.min(over, under) + 0.05);
      least = Math.min(least, contrast);
      if (contrast < 4.5) found.push(`${name}: contrast ${contrast.toFixed(2)} of "${text.textContent}"`);
    }
  }
  return { found, count, least };
}

let [pages, shown, least] = [0, 0, Infinity];
try {
  for (const setting of SETTINGS) {
    for (const width of WIDTHS) {
      const addresses = PICTURES.map((path) => {
        const theme = setting.theme ? `&theme=${setting.theme}` : "";
        return `${url}${path}${path.includes("?") ? "&" : "?"}width=${width}&lang=${setting.lang}${theme}`;
      });
      const pictures = await Promise.all(addresses.map(async (address) => (await fetch(address)).text()));
      for (const way of ["inline", "image"]) {
        const at = `${setting.name}, ${width}, ${way}`;
        const page = await browser.newPage();
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme: setting.scheme });
        page.on("request", (request) => {
          if (!request.url().startsWith(`${url}/`)) wrong.push(`${at}: asked ${request.url()}`);
        });
        page.on("console", (message) => {
          if (["error", "warning"].includes(message.type())) wrong.push(`${at}: ${message.text()}`);
        });
        const bodies = pictures.map((svg, place) => {
          const { 1: title } = svg.match(/<title>(.*?)<\/title>/s);
          return way === "inline" ? svg : `<img src="${addresses[place].replaceAll("&", "&amp;")}" alt="${title}">`;
        });
        // Under the server's own address, so that its images are asked for as others' pages do.
        await page.route(`${url}/page-of-a-partner`, (route) =>
          route.fulfill({
            contentType: "text/html; charset=utf-8",
            body: `<!doctype html><html lang="${setting.lang}"><head><title>Figures</title><meta name="color-scheme" content="light dark"><style>body{margin:0}img,svg{display:block;margin:0 0 8px}</style></head><body><main><h1 style="font:16px sans-serif">Figures</h1>${bodies.join("")}</main></body></html>`,
          }),
        );
        await page.goto(`${url}/page-of-a-partner`, { waitUntil: "networkidle" });
        if (way === "inline") {
          const result = await page.evaluate(texts);
          wrong.push(...result.found.map((one) => `${at}: ${one}`));
          shown += result.count;
          least = Math.min(least, result.least);
        } else {
          const broken = await page.evaluate(() => [...document.images].filter((one) => !one.naturalWidth).length);
          if (broken) wrong.push(`${at}: ${broken} images do not show`);
        }
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        if (wide > width) wrong.push(`${at}: the page is ${wide} pixels wide`);
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => window.axe.run());
        for (const one of violations) wrong.push(`${at}: axe: ${one.id}, ${one.nodes.length} times: ${one.nodes[0].html.slice(0, 160)}`);
        if (folder) await page.screenshot({ path: join(folder, `${at.replaceAll(", ", "-")}.png`), fullPage: true });
        pages += 1;
        await page.close();
      }
    }
  }
  if (!shown) wrong.push("no text was shown");
  console.log(`pictures: ${PICTURES.length} on each of ${pages} pages, ${shown} texts, least contrast ${least.toFixed(2)}, ${wrong.length} faults`);
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}
[...new Set(wrong)].forEach((one) => console.error(one));
process.exitCode = wrong.length ? 1 : 0;
