// Opens /docs in headless Chromium as a reader would: every operation of the document shows, one
// opens with its parameters, nothing is asked of another origin, the console stays clean and the
// content security policy holds.
//   tests/browser/docs http://127.0.0.1:8080 [screenshot.png]
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const require = createRequire(new URL("../../target/ci/npm/", import.meta.url));
const { chromium } = require("playwright-core");

const [url, picture] = process.argv.slice(2);
const profile = mkdtempSync(join(tmpdir(), "lodestar-browser-"));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  viewport: { width: 1280, height: 1600 },
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
const wrong = [];
try {
  const page = await browser.newPage();
  let asked = 0;
  page.on("request", (request) => {
    asked += 1;
    const own = request.url().startsWith(`${url}/`) || request.url().startsWith("data:");
    if (!own) wrong.push(`asked another origin: ${request.url()}`);
  });
  page.on("requestfailed", (request) => wrong.push(`failed: ${request.url()} ${request.failure()?.errorText}`));
  page.on("response", (response) => {
    if (response.status() >= 400) wrong.push(`${response.status()} for ${response.url()}`);
  });
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) wrong.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => wrong.push(`script: ${error.message}`));
  await page.addInitScript(() => {
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) =>
      window.violations.push(`${event.violatedDirective} ${event.blockedURI}`),
    );
  });
  const answer = await page.goto(`${url}/docs`, { waitUntil: "networkidle" });
  if (!answer.headers()["content-security-policy"]) wrong.push("no content security policy");
  await page.waitForSelector(".opblock");

  const described = await (await fetch(`${url}/v1/openapi.json`)).json();
  const operations = Object.values(described.paths).flatMap(Object.values);
  const shown = await page.locator(".opblock").count();
  if (shown !== operations.length) wrong.push(`${shown} operations shown of ${operations.length}`);

  await page.locator("#operations-hotlines-list_hotlines").getByRole("button").first().click();
  await page.getByText("Country that the coverage touches").first().waitFor();
  await page.waitForLoadState("networkidle");
  wrong.push(...(await page.evaluate(() => window.violations)).map((one) => `policy: ${one}`));
  if (picture) await page.screenshot({ path: picture });
  console.log(`/docs: ${shown} operations, ${asked} requests, ${wrong.length} faults`);
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}
wrong.forEach((one) => console.error(one));
process.exitCode = wrong.length ? 1 : 0;
