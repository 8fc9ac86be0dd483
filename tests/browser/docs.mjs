// Opens /docs in headless Chromium as a reader would: every operation of the document shows, one
// opens with its parameters, nothing is asked of another origin, the console stays clean and the
// content security policy holds. Where LODESTAR_DATA_DIR names the server's data, as .ci/with-server has it, also as a
// volunteer would: with a key the files come out, one goes in changed, and comes back with what the check says.
//   tests/browser/docs http://127.0.0.1:8080 [screenshot.png]
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

/** Opens an operation of curation and presses "Try it out". */
async function tried(page, id) {
  const block = page.locator(`#operations-curation-${id}`);
  await block.locator("button.opblock-summary-control").click();
  await block.locator(".try-out__btn").click();
  return block;
}

/** Presses "Execute" and "Download file", and keeps the file. */
async function downloaded(page, block, path) {
  await block.locator("button.execute").click();
  const link = block.getByText("Download file");
  await link.waitFor();
  const [file] = await Promise.all([page.waitForEvent("download"), link.click()]);
  await file.saveAs(path);
}

/** The steps of docs/spreadsheets.md, "In a browser". */
async function volunteer(page, folder) {
  const lodestar = process.env.LODESTAR ?? new URL("../../target/debug/lodestar", import.meta.url).pathname;
  const key = execFileSync(lodestar, ["keys", "create", "--name", "Emil", "--role", "editor"], { stdio: ["ignore", "pipe", "ignore"] });
  await page.getByRole("button", { name: "Authorize" }).first().click();
  const dialog = page.locator(".modal-ux");
  await dialog.locator("input").first().fill(key.toString().trim());
  await dialog.locator("button.authorize").click();
  await dialog.locator("button.btn-done").click();

  const run = (...rest) => execFileSync("python3", ["-m", "zipfile", ...rest], { cwd: folder });
  await downloaded(page, await tried(page, "read_export"), join(folder, "directory.zip"));
  run("-e", "directory.zip", "files");
  const topics = join(folder, "files/topics.csv");
  writeFileSync(topics, readFileSync(topics, "utf8").replace(/^online_abuse,[^,]*,/m, "online_abuse,Abuse on the internet,"));
  run("-c", "changed.zip", "files/topics.csv", "files/topic_translations.csv");

  const block = await tried(page, "create_import");
  await block.getByLabel("Request content type").first().selectOption("application/zip");
  await block.locator("input[type=file]").setInputFiles(join(folder, "changed.zip"));
  await block.locator("button.execute").click();
  const answer = block.locator(".live-responses-table .response .highlight-code").first();
  await answer.waitFor();
  const check = JSON.parse(await answer.locator("pre").innerText());
  if (check.counts.update !== 1 || check.changes[0]?.after !== "Abuse on the internet") wrong.push(`checked: ${JSON.stringify(check)}`);

  const files = await tried(page, "read_import_files");
  await files.locator(".parameters input").first().fill(check.digest);
  await downloaded(page, files, join(folder, "back.zip"));
  run("-e", "back.zip", "back");
  const back = readFileSync(join(folder, "back/topics.csv"), "utf8");
  if (!back.includes(",update,name: Online abuse → Abuse on the internet")) wrong.push(`came back: ${back.slice(0, 300)}`);
  console.log(`/docs: files out, ${check.rows} rows in, checked and back`);
}

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
  if (process.env.LODESTAR_DATA_DIR) await volunteer(page, mkdtempSync(join(profile, "volunteer-")));
  wrong.push(...(await page.evaluate(() => window.violations)).map((one) => `policy: ${one}`));
  if (picture) await page.screenshot({ path: picture });
  console.log(`/docs: ${shown} operations, ${asked} requests, ${wrong.length} faults`);
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}
wrong.forEach((one) => console.error(one));
process.exitCode = wrong.length ? 1 : 0;
