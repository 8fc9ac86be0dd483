// The pages that the server writes, as readers and partners see them: axe, whom they ask, what they keep, the way out,
// without scripts, in frames; and with texts in every field that would run if anything took them for more.
//   tests/browser/pages http://127.0.0.1:8080 [folder for screenshots]
//   TIMES=1 ONLY=exits,...    the bound on time as well, on a machine that does nothing else
import { join } from "node:path";
import { PAYLOADS } from "./embeds/payloads.mjs";
import { plant } from "./embeds/records.mjs";
import { axe, stage } from "./embeds/stage.mjs";

const { url, folder, site, requests, wrong, say, expect, within, open, finish } = await stage(process.argv.slice(2));

/** What was noted on a page and in its frames: nothing ran, nothing was refused, nothing moved. */
async function quiet(page, where) {
  // A frame that is loaded when it is scrolled to has nothing to tell before.
  for (const frame of page.frames().filter((frame) => frame.url().startsWith("http"))) {
    const found = await frame.evaluate(() => window.found);
    if (!found) continue;
    expect(!found.ran.length, `${where}: ran: ${found.ran}`);
    expect(!found.policy.length, `${where}: reports: ${found.policy.slice(0, 3)}`);
    expect(!found.errors.length, `${where}: errors: ${found.errors.slice(0, 3)}`);
    const moved = found.shifts.reduce((all, [one]) => all + one, 0);
    expect(moved === 0, `${where}: layout shift ${moved}: ${JSON.stringify(found.shifts).slice(0, 300)}`);
  }
}

const FIGURE = "entry-age-sex-trafficking-us-shared-hope";
/** By name: how a page is opened in a language. */
const PAGES = {
  front: (page, lang) => page.goto(`${url}/?lang=${lang}`),
  answer: async (page, lang) => {
    await page.goto(`${url}/?lang=${lang}`);
    await page.locator("#country").selectOption("US");
    await page.locator("#ask button").click();
    await page.locator("#answer .number").first().waitFor();
    // The way out stays in view, and the answer begins below it.
    const below = () => {
      const [bar, answer] = ["header.bar", "#answer"].map((one) => document.querySelector(one).getBoundingClientRect());
      return bar.top >= 0 && answer.top >= bar.bottom - 1 && answer.top < 300;
    };
    await page.waitForFunction(below, null, { timeout: 5000 }).catch(() => wrong.push(`${page.url()}: the answer does not begin below the way out`));
  },
  docs: async (page, lang) => {
    await page.goto(`${url}/docs/`);
    await page.locator("#operations-hotlines-list_hotlines").waitFor();
    // It is English; how it stands from right to left is looked at all the same.
    if (lang === "ar") await page.evaluate(() => (document.documentElement.dir = "rtl"));
  },
  "docs tried": async (page, lang) => {
    await PAGES.docs(page, lang);
    const operation = page.locator("#operations-hotlines-list_hotlines");
    await operation.locator("button.opblock-summary-control").click();
    await operation.locator(".try-out__btn").click();
    await operation.locator("button.execute").click();
    await operation.locator(".live-responses-table").waitFor();
  },
  "docs key": async (page, lang) => {
    await PAGES.docs(page, lang);
    await page.getByRole("button", { name: "Authorize" }).first().click();
    await page.locator(".modal-ux").waitFor();
  },
  help: async (page, lang) => {
    await page.goto(`${url}/embed/help?country=US&lang=${lang}`);
    await page.locator("details summary").first().click();
  },
  refused: (page, lang) => page.goto(`${url}/embed/help?country=XX&lang=${lang}`),
  report: (page, lang) => page.goto(`${url}/embed/report?resource=hotlines&record=us-ncmec-hotline&lang=${lang}`),
  statistic: (page, lang) => page.goto(`${url}/embed/statistic/${FIGURE}?lang=${lang}`),
  chart: (page, lang) => page.goto(`${url}/embed/chart/cybertipline_reports?lang=${lang}`),
  static: (page, lang) => hosted(page, lang, "static?country=US"),
  "static statistic": (page, lang) => hosted(page, lang, `static/statistic/${FIGURE}?`),
  "static chart": (page, lang) => hosted(page, lang, "static/chart/cybertipline_reports?"),
};

/** HTML to copy, pasted into a partner's page. */
async function hosted(page, lang, path, style = "", headers = undefined) {
  const copied = await (await fetch(`${url}/embed/${path}&lang=${lang}`)).text();
  const at = `/pasted-${site.pages.size}`;
  site.pages.set(at, {
    headers,
    body: `<!doctype html><html lang="en"><head><title>A partner</title><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">${style}</head>
      <body><main><h1>A partner's page</h1>${copied}</main></body></html>`,
  });
  await page.goto(site.origin + at);
}

async function accessibility() {
  let checked = 0;
  for (const scheme of ["light", "dark"]) {
    for (const lang of ["en", "ar"]) {
      for (const width of [320, 1280]) {
        const context = await open({ viewport: { width, height: 900 }, colorScheme: scheme });
        for (const [kind, visit] of Object.entries(PAGES)) {
          const name = `${kind}-${scheme}-${lang}-${width}`.replaceAll(" ", "-");
          const page = await context.newPage();
          await visit(page, lang);
          await page.evaluate(() => scrollTo(0, 0));
          await page.evaluate(axe);
          const { violations } = await page.evaluate(() => window.axe.run({ rules: { "target-size": { enabled: true } } }));
          for (const one of violations) wrong.push(`${name}: axe: ${one.id}, ${one.nodes.length} times: ${one.nodes[0].html.slice(0, 160)} ${one.nodes[0].failureSummary?.slice(0, 200)}`);
          wrong.push(...(await page.evaluate(measures, !kind.startsWith("docs"))).map((one) => `${name}: ${one}`));
          if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
          checked += 1;
          await page.close();
        }
        await context.close();
      }
    }
  }
  const context = await open({ forcedColors: "active", reducedMotion: "reduce" });
  const page = await context.newPage();
  for (const path of ["/", "/embed/help?country=US", "/embed/report?resource=hotlines&record=us-ncmec-hotline"]) {
    await page.goto(url + path);
    await page.keyboard.press("Tab");
    const first = await page.evaluate(() => {
      const one = document.activeElement;
      return { exit: one.hasAttribute("data-lodestar-exit"), outline: getComputedStyle(one).outlineStyle, border: getComputedStyle(one).borderTopWidth, smooth: getComputedStyle(document.documentElement).scrollBehavior };
    });
    expect(first.exit && first.outline === "solid" && parseFloat(first.border) >= 1 && first.smooth === "auto", `${path}: first in focus order: ${JSON.stringify(first)}`);
  }
  await context.close();
  say("axe", `${checked} pages: ${Object.keys(PAGES).join(", ")}; light and dark, left and right, 320 and 1280`);
}

/** Nothing is wider than the page; what is clicked is 44 pixels wide and high, on pages for who seeks help. In the page. */
function measures(large) {
  const found = [];
  if (document.documentElement.scrollWidth > innerWidth) found.push(`the page is ${document.documentElement.scrollWidth} wide`);
  for (const one of document.querySelectorAll("a,button,summary,textarea,select,input:not([type=hidden],[type=checkbox]),label.check")) {
    const box = one.getBoundingClientRect();
    if (large && box.width && (box.width < 43.9 || box.height < 43.9)) found.push(`${one.textContent.slice(0, 40)} is ${box.width} by ${box.height}`);
  }
  for (const one of document.querySelectorAll("bdi.number")) {
    if (!one.classList.contains("long") && one.getClientRects().length > 1) found.push(`${one.textContent} breaks`);
    if (getComputedStyle(one).direction !== "ltr") found.push(`${one.textContent} is written from right to left`);
  }
  return found;
}

/** No cookie, no storage, nothing asked of others; the place stands in no address of the front page. */
async function privacy() {
  const context = await open({ timezoneId: "Asia/Tokyo" });
  const page = await context.newPage();
  for (const [kind, visit] of Object.entries(PAGES)) {
    await visit(page, "en");
    const kept = await page.evaluate(async () => ({
      cookie: document.cookie,
      local: localStorage.length,
      session: sessionStorage.length,
      databases: (await indexedDB.databases()).length,
      name: window.name,
      referrer: /country/.test(document.referrer),
    }));
    expect(JSON.stringify(kept) === '{"cookie":"","local":0,"session":0,"databases":0,"name":"","referrer":false}', `${kind} keeps ${JSON.stringify(kept)}`);
    if (kind === "answer") expect(page.url() === `${url}/#answer`, `the answer stands at ${page.url()}`);
  }
  expect((await context.cookies()).length === 0, "there are cookies");
  await context.close();
}

/** Nothing moves while a page comes, nor when its frame tells its height. */
async function still() {
  for (const width of [320, 1280]) {
    const context = await open({ viewport: { width, height: 900 }, timezoneId: "Asia/Tokyo" });
    for (const [kind, visit] of Object.entries(PAGES)) {
      if (kind.startsWith("docs")) continue;
      const page = await context.newPage();
      await visit(page, "en");
      await page.waitForTimeout(200);
      if (kind === "help") await page.evaluate(() => (window.found.shifts = []));
      await quiet(page, `${kind} at ${width}`);
      await page.close();
    }
    // In the reader's own zone, for a line that closes: said from the start.
    const page = await context.newPage();
    await page.goto(`${url}/embed/help?country=PH`);
    await page.waitForTimeout(200);
    await quiet(page, `the reader's time at ${width}`);
    await context.close();
  }
  say("still", "layout shift 0 on every page, 320 and 1280");
}

async function scriptless() {
  const context = await open({ javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  await page.goto(`${url}/embed/help?country=PH&exit_url=${encodeURIComponent(`${site.origin}/weather`)}`);
  site.pages.set("/weather", { body: "<!doctype html><title>Weather</title>sunny" });
  expect(await page.locator('a[href="tel:1343"]').isVisible(), "without scripts the number does not show");
  await page.locator("summary").first().click();
  expect(await page.locator("details ul").first().isVisible(), "without scripts the sources stay shut");
  await page.locator("a.report").first().click();
  await page.locator("textarea").fill("A shop answers.");
  await page.locator("form button").click();
  expect(await page.getByText("Your message has arrived").isVisible(), "without scripts nothing can be reported");
  await page.getByText("Back", { exact: true }).click();
  expect(await page.locator('a[href="tel:1343"]').isVisible(), "a report does not lead back to the numbers");
  await page.goto(`${url}/`);
  await page.locator("#country").selectOption("PH");
  await page.locator("#ask button").click();
  expect(await page.locator('#answer a[href="tel:1343"]').isVisible(), "without scripts the front page answers nothing");
  await page.locator("#embed-country").selectOption("GB");
  await page.locator(".builder button").click();
  expect((await page.locator("#code-component").inputValue()).includes('country="GB"'), "without scripts nothing is built");
  expect(!(await page.locator("[data-copies]").first().isVisible()), "a button shows that does nothing");
  await page.goto(`${url}/embed/help?country=PH&exit_url=${encodeURIComponent(`${site.origin}/weather`)}`);
  await page.locator("[data-lodestar-exit]").click();
  await page.waitForURL(`${site.origin}/weather`);
  await context.close();
  say("scriptless", "numbers, sources, reports, answers, code and the way out without JavaScript");
}

async function copying() {
  const context = await open({ permissions: ["clipboard-read", "clipboard-write"] });
  const page = await context.newPage();
  await page.goto(`${url}/`);
  for (const id of ["static", "component", "frame", "oembed"]) {
    await page.locator(`[data-copies=code-${id}]`).click();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied === (await page.locator(`#code-${id}`).inputValue()), `copies ${copied.slice(0, 60)}`);
  }
  await context.close();
  // What is copied works where it is pasted.
  const other = await open({ viewport: { width: 390, height: 844 } });
  const pasted = await other.newPage();
  await pasted.goto(`${url}/`);
  for (const [id, number] of [["static", ".lodestar-static .number"], ["component", "lodestar-help .cards .number"], ["frame", ""]]) {
    const code = await pasted.locator(`#code-${id}`).inputValue();
    const page = await other.newPage();
    site.pages.set(`/code-${id}`, { body: `<!doctype html><html lang="en"><title>x</title><meta name="viewport" content="width=device-width">${code}` });
    await page.goto(`${site.origin}/code-${id}`);
    const where = number ? page.locator(number) : page.frameLocator("iframe").locator(".number");
    await where.first().waitFor({ timeout: 5000 }).catch(() => wrong.push(`${id} as it was copied shows no number`));
    if (id === "frame") {
      const fits = () => document.querySelector("iframe").height !== "700" && getComputedStyle(document.querySelector("iframe")).borderTopWidth === "0px";
      await page.waitForFunction(fits, null, { timeout: 5000 }).catch(() => wrong.push("the frame as it was copied keeps its height or has an edge"));
    }
    await page.close();
  }
  await other.close();
  say("copying", "each kind of code is copied, pasted, and shows a number");
}

async function exits() {
  site.pages.set("/before", { body: "<!doctype html><title>Before</title>before" });
  site.pages.set("/weather", { body: "<!doctype html><title>Weather</title>sunny", delay: 400 });
  const times = [];
  for (const path of ["/embed/help?country=US", "/embed/help?country=XX", "/embed/report?resource=hotlines&record=us-ncmec-hotline", "/embed/statistic/iwf-domains-wld-2007?theme=light"]) {
    for (const way of ["click", "shift", "enter"]) {
      const context = await open();
      await context.addInitScript(() => {
        for (const kind of ["click", "keydown"]) {
          addEventListener(kind, (event) => {
            const at = event.timeStamp;
            requestAnimationFrame(() => setTimeout(() => {
              if (getComputedStyle(document.documentElement).display === "none") console.log(`blank ${JSON.stringify({ took: performance.now() - at, text: document.documentElement.textContent })}`);
            }));
          }, true);
        }
      });
      const page = await context.newPage();
      let blank;
      page.on("console", (message) => message.text().startsWith("blank") && (blank = JSON.parse(message.text().slice(6))));
      await page.goto(`${site.origin}/before`);
      await page.goto(`${url}${path}&exit_url=${encodeURIComponent(`${site.origin}/weather`)}`);
      const button = page.locator("[data-lodestar-exit]");
      if (way === "click") await button.click({ noWaitAfter: true });
      if (way === "enter") await button.press("Enter", { noWaitAfter: true });
      if (way === "shift") for (let time = 0; time < 3; time += 1) await page.keyboard.press("Shift");
      await page.waitForURL(`${site.origin}/weather`);
      expect(blank && blank.text.trim() === "\u2026", `${path}, ${way}: ${JSON.stringify(blank)}`);
      within(blank?.took <= 50, `${path}, ${way}: blank after ${blank?.took} ms`);
      times.push(blank?.took ?? Infinity);
      await page.goBack();
      expect(page.url() === `${site.origin}/before`, `${path}, ${way}: Back leads to ${page.url()}`);
      await page.goForward();
      expect(!(await page.content()).includes("embed/pages"), `${path}, ${way}: something of it shows`);
      await context.close();
    }
  }
  const left = site.asked.filter((one) => one.path === "/weather" && one.headers.referer);
  expect(!left.length, `the page left for was told from where: ${left[0]?.headers.referer}`);
  say("exit", `${times.length} exits, blank after at most ${Math.round(Math.max(...times))} ms; Back and Forward show nothing of it`);
}

/** In a partner's frame, with the sandbox that we advise and without any: its height, its way out, its report. */
async function framed() {
  site.pages.set("/weather", { body: "<!doctype html><title>Weather</title>sunny" });
  const elsewhere = site.origin.replace("127.0.0.1", "localhost");
  const embed = await (await fetch(`${url}/oembed?${new URLSearchParams({ url: `${url}/embed/help?country=PH&exit_url=${site.origin}/weather` })}`)).json();
  for (const [name, html] of Object.entries({ advised: embed.html, bare: embed.html.replace(/ sandbox="[^"]*"/, "") })) {
    const context = await open();
    const page = await context.newPage();
    site.pages.set("/outer", {
      body: `<!doctype html><html lang="en"><title>Outer</title><h1>Outer</h1>${html}<script>
        window.heights = []; addEventListener("message", (event) => { const frame = document.querySelector("iframe");
        if (event.source === frame.contentWindow && event.data.type === "lodestar:height") { window.heights.push(event.data.height); frame.height = event.data.height; } });</script>`,
    });
    await page.goto(`${elsewhere}/outer`);
    const frame = page.frameLocator("iframe");
    await frame.locator(".number").first().waitFor();
    await page.waitForFunction(() => window.heights.length);
    const fits = await page.frames()[1].evaluate(() => document.documentElement.scrollHeight <= innerHeight + 1);
    expect(fits, `${name}: the frame scrolls after its height was told`);
    expect(new Set(await page.evaluate(() => window.heights)).size <= 2, `${name}: the height goes on and on`);
    const found = await page.frames()[1].evaluate(() => window.found.policy);
    expect(!found.length, `${name}: reports ${found}`);
    await frame.locator("a.report").first().click();
    await frame.locator("textarea").fill("A shop answers.");
    await frame.locator("form button").click();
    await frame.getByText("Your message has arrived").waitFor({ timeout: 5000 }).catch(() => wrong.push(`${name}: nothing can be reported in a frame`));
    await frame.locator("[data-lodestar-exit]").click({ noWaitAfter: true });
    await page.waitForURL(`${site.origin}/weather`, { timeout: 3000 }).catch(() => wrong.push(`${name}: the way out leads to ${page.url()}`));
    await context.close();
  }
  requests.splice(0, requests.length, ...requests.filter((one) => !one.url.startsWith(`${elsewhere}/`)));
  say("frames", "height, report and way out in a partner's frame, with and without a sandbox");
}

/** HTML that was copied shows its numbers on hostile pages, and asks nobody. */
async function pastedAnywhere() {
  const context = await open({ viewport: { width: 390, height: 844 } });
  const hosts = {
    "everything unset": ["<style>*{all:unset} *,*::before{all:initial!important}</style>", undefined],
    "policy: nothing at all": ["", { "Content-Security-Policy": "default-src 'none'" }],
    "tiny letters": ["<style>html{font-size:3px;line-height:.2} body{text-transform:uppercase}</style>", undefined],
  };
  for (const [name, [style, headers]] of Object.entries(hosts)) {
    const page = await context.newPage();
    const before = requests.length;
    await hosted(page, "en", "static?country=US", style, headers);
    expect(requests.length === before + 1, `${name}: ${requests.slice(before + 1).map((one) => one.url)}`);
    expect(await page.locator('a[href="tel:911"]').isVisible(), `${name}: no number shows`);
    await page.close();
  }
  await context.close();
  say("pasted", `${Object.keys(hosts).length} hostile pages: the numbers show, nobody is asked`);
}

/** Texts in every field of the directory that would run: on each page all of them show as text. */
async function hostile() {
  if (!process.env.LODESTAR_DATA_DIR) return say("hostile", "left out: LODESTAR_DATA_DIR does not name the data of the server");
  const planted = await plant(PAYLOADS);
  const addresses = [
    ...planted.countries.flatMap((country) => [`/embed/help?country=${country}&limit=100&lang=en`, `/embed/help?country=${country}&limit=100&lang=ar`]),
    ...planted.statistics.map((slug) => `/embed/statistic/${slug}`),
    ...planted.indicators.map((slug) => `/embed/chart/${slug}`),
  ];
  // Help follows the directory within a second.
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const context = await open();
  let shown = "";
  const look = async (page, where) => {
    const found = await page.evaluate(() => {
      const bad = [...document.querySelectorAll("[href],[src],[action],[srcdoc],[style]")].filter((one) => !/^(https?:|tel:|sms:|mailto:)/.test(one.href?.baseVal ?? one.href ?? one.src ?? one.action ?? "-"));
      const names = [...document.querySelectorAll("*")].flatMap((node) => node.getAttributeNames()).filter((name) => /^on/.test(name));
      const scripts = [...document.scripts].filter((one) => one.type !== "application/ld+json" && !/^\/embed\//.test(one.getAttribute("src") ?? ""));
      return { bad: bad.map((one) => one.outerHTML.slice(0, 120)), names, scripts: scripts.length, text: document.documentElement.textContent };
    });
    expect(!found.bad.length && !found.names.length && !found.scripts, `${where}: ${JSON.stringify({ ...found, text: "" }).slice(0, 300)}`);
    shown += found.text;
    await quiet(page, where);
  };
  for (const path of addresses) {
    const page = await context.newPage();
    page.on("dialog", (dialog) => (wrong.push(`a dialog: ${dialog.message()}`), dialog.dismiss()));
    const answer = await page.goto(url + path);
    expect(answer.status() === 200, `${path}: ${answer.status()}`);
    await look(page, path);
    await page.close();
  }
  for (const country of planted.countries) {
    const page = await context.newPage();
    await page.goto(`${url}/?lang=en`);
    await page.locator("#country").selectOption(country);
    await page.locator("#ask button").click();
    await page.locator("#answer").waitFor();
    await look(page, `the front page for ${country}`);
    await hosted(page, "en", `static?country=${country}&limit=100`, "", { "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'" });
    await look(page, `what is copied for ${country}`);
    await page.close();
  }
  // In addresses too: nothing of them comes back as markup.
  const page = await context.newPage();
  const asked = PAYLOADS.filter((text) => text.length < 1000);
  for (const text of asked) {
    const query = new URLSearchParams({ country: text, topic: text, lang: text, exit_url: text, theme: text, neutral: text });
    await page.goto(`${url}/embed/help?${query}`);
    const exit = await page.locator("[data-lodestar-exit]").getAttribute("href");
    expect(/^https?:/.test(exit), `the exit leads to ${exit}`);
    await look(page, `in an address: ${text.slice(0, 40)}`);
  }
  await context.close();
  const missing = planted.texts.filter((text) => !shown.includes(text));
  expect(!missing.length, `${missing.length} texts show nowhere: ${missing[0]}`);
  say("hostile", `${planted.texts.length} texts in ${planted.fields} fields, ${addresses.length + 2 * planted.countries.length} pages, and ${asked.length} in addresses: nothing ran, no reports`);
}

await finish("pages", { accessibility, still, scriptless, copying, exits, framed, pastedAnywhere, privacy, hostile });
