// Opens pages that embed <lodestar-help> as partners and their readers would, and some as they would not: its
// size, what it asks of whom, how soon the number shows, axe, the quick exit, hostile answers, hostile pages.
//   tests/browser/component http://127.0.0.1:8080 [folder for screenshots]
//   TIMES=1 ONLY=speed,exits ...    the bounds on time as well, on a machine that does nothing else
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { hosts } from "./embeds/hosts.mjs";
import { PAYLOADS, poisoned } from "./embeds/payloads.mjs";
import { help } from "./embeds/servers.mjs";
import { axe, sized, stage } from "./embeds/stage.mjs";

const { url, folder, site, poor, requests, wrong, say, expect, within, open, finish } = await stage(process.argv.slice(2));

let pages = 0;
/** Puts a page on the partner's site. */
function put(tag, { service = url, before = "", after = "", head = "", html = 'lang="en"', headers, path = `/${(pages += 1)}` } = {}) {
  site.pages.set(path, {
    headers,
    body: `<!doctype html><html ${html}><head><title>A partner</title><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
      <style>body{margin:0}lodestar-help{display:flow-root;min-height:100vh;min-height:100svh}lodestar-help:not(:defined){padding:4rem 1rem 0}</style>
      <script type="module" src="${service}/embed/lodestar.js" referrerpolicy="no-referrer"></script>${head}</head>
      <body>${before}<main><h1 style="font:20px sans-serif;margin:8px">A partner's page</h1>${tag}</main>${after}</body></html>`,
  });
  return site.origin + path;
}

// At the top of its line, so that nothing moves where the page is shown when it is read as far as the link's beginning.
const FALLBACK = '<p>Call <a href="tel:911" style="display:inline-block;padding:12px;vertical-align:top">911</a>.</p>';
const NUMBER = "lodestar-help .cards .number";

async function size() {
  say("size", await sized({ url, site, open, expect }, "lodestar", "module", "lodestar-help"));
}

async function accessibility() {
  let checked = 0;
  const STATES = [
    ["answer", 'country="US"', null],
    ["loading", 'country="US"', "hang"],
    ["failed", 'country="US"', "drop"],
  ];
  for (const scheme of ["light", "dark"]) {
    for (const lang of ["en", "ar"]) {
      for (const width of [320, 1280]) {
        const context = await open({ viewport: { width, height: 900 }, colorScheme: scheme });
        for (const [state, attributes, behave] of STATES) {
          const name = `${state}-${scheme}-${lang}-${width}`;
          if (behave) poor.behave = () => behave;
          const page = await context.newPage();
          await page.goto(put(`<lodestar-help ${attributes} lang="${lang}">${FALLBACK}</lodestar-help>`, { service: behave ? poor.origin : url }));
          if (state === "answer") {
            await page.locator(NUMBER).first().waitFor();
            await page.locator("lodestar-help [part=report]").first().click();
            await page.locator("lodestar-help summary").first().click();
          }
          if (state === "failed") await page.locator("lodestar-help [part=retry]").waitFor();
          // What stays in view while one scrolls lies over something; at the top it does not.
          await page.evaluate(() => scrollTo(0, 0));
          await page.evaluate(axe);
          const { violations } = await page.evaluate(() => window.axe.run({ rules: { "target-size": { enabled: true } } }));
          for (const one of violations) wrong.push(`${name}: axe: ${one.id}, ${one.nodes.length} times: ${one.nodes[0].html.slice(0, 200)}`);
          const faults = await page.evaluate(() => {
            const found = [];
            if (document.documentElement.scrollWidth > innerWidth) found.push(`the page is ${document.documentElement.scrollWidth} wide`);
            for (const one of document.querySelector("lodestar-help").shadowRoot.querySelectorAll("a,button,summary,textarea")) {
              const box = one.getBoundingClientRect();
              if (box.width && (box.width < 44 || box.height < 43.9)) found.push(`${one.textContent} is ${box.width} by ${box.height}`);
            }
            return found;
          });
          wrong.push(...faults.map((one) => `${name}: ${one}`));
          if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
          checked += 1;
          await page.close();
        }
        await context.close();
      }
    }
  }
  // The first stop of the keyboard inside is the way out; forced colours leave the edges of buttons.
  const context = await open({ forcedColors: "active", reducedMotion: "reduce" });
  const page = await context.newPage();
  await page.goto(put('<lodestar-help country="US" lang="en"></lodestar-help>'));
  await page.locator(NUMBER).first().waitFor();
  await page.keyboard.press("Tab");
  const first = await page.evaluate(() => {
    const one = document.activeElement.shadowRoot?.activeElement;
    return one && { part: one.part.value, outline: getComputedStyle(one).outlineStyle, border: getComputedStyle(one).borderTopWidth };
  });
  expect(first?.part === "exit" && first.outline === "solid" && parseFloat(first.border) >= 1, `first in focus order: ${JSON.stringify(first)}`);
  if (folder) await page.screenshot({ path: join(folder, "forced-colours.png") });
  await context.close();
  say("axe", `${checked} pages: light and dark, left and right, 320 and 1280, with an answer, loading and failed`);
}

/** Milliseconds from the script to the number, on a processor four times slower. */
async function timed(lang, shifts) {
  const context = await open({ viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  await (await context.newCDPSession(page)).send("Emulation.setCPUThrottlingRate", { rate: 4 });
  const head = `<script>
    const look=()=>{const one=document.querySelector("lodestar-help")?.shadowRoot?.querySelector(".cards .number");
    if(one?.getBoundingClientRect().height) window.visible=performance.now(); else requestAnimationFrame(look)};look();</script>`;
  await page.goto(put(`<lodestar-help country="PH" lang="${lang}">${FALLBACK}</lodestar-help>`, { head, after: "<footer>What comes after it</footer>" }));
  // The page notes it by itself; asking meanwhile would take time of the processor that is measured.
  await page.waitForTimeout(2500);
  const took = await page.waitForFunction(() => window.visible && window.visible - performance.getEntriesByName(document.scripts[0].src)[0].responseEnd);
  const time = Math.round(await took.jsonValue());
  shifts.push(...(await page.evaluate(() => window.found.shifts)));
  await context.close();
  return time;
}

async function speed() {
  const shifts = [];
  let times = [];
  // Other work on the machine only ever makes it later: the best of three rounds counts, whole.
  for (let round = 0; round < 3 && (round === 0 || Math.max(...times) > 300); round += 1) {
    const these = [];
    for (const lang of ["en", "tl", "ar", "en", "tl", "ar"]) these.push(await timed(lang, shifts));
    if (!times.length || Math.max(...these) < Math.max(...times)) times = these;
  }
  within(Math.max(...times) <= 300, `the number shows after ${times} ms`);
  // Nothing moves when the answer is late, nor when none comes.
  const late = { body: JSON.stringify(await help(url, { country: "US", lang: "en" })), delay: 700 };
  for (const [width, height] of [[320, 640], [1280, 800]]) {
    for (const behave of [late, "drop"]) {
      poor.behave = () => behave;
      const context = await open({ viewport: { width, height } });
      const page = await context.newPage();
      await page.goto(put(`<lodestar-help country="US" lang="en">${FALLBACK}</lodestar-help>`, { service: poor.origin, before: "<header><p>Before</p></header>", after: "<footer><p>After</p></footer>" }));
      await page.locator(behave === late ? NUMBER : "lodestar-help [part=retry]").first().waitFor();
      await page.waitForTimeout(200);
      shifts.push(...(await page.evaluate(() => window.found.shifts)));
      await context.close();
    }
  }
  // The page is painted before the module comes: what stands in the tag does not move then either.
  const context = await open({ viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  await page.route("**/embed/lodestar.js", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 600));
    await route.continue();
  });
  await page.goto(put(`<lodestar-help country="US" lang="fil"><p>${"Words of the page. ".repeat(20)}</p>${FALLBACK}</lodestar-help>`, { after: "<footer>After</footer>" }));
  await page.locator(NUMBER).first().waitFor();
  await page.waitForTimeout(200);
  shifts.push(...(await page.evaluate(() => window.found.shifts)));
  await context.close();
  const sum = shifts.reduce((all, [one]) => all + one, 0);
  expect(sum === 0, `layout shift ${sum}: ${JSON.stringify(shifts).slice(0, 600)}`);
  say("speed", `number visible ${Math.min(...times)} to ${Math.max(...times)} ms after the script, 4 times slower processor; layout shift ${sum}`);
}

async function privacy() {
  const context = await open({ timezoneId: "Asia/Tokyo" });
  const page = await context.newPage();
  await page.goto(put('<lodestar-help country="PH" topic="sex_trafficking" age="14" lang="tl">x</lodestar-help>'));
  await page.locator(NUMBER).first().waitFor();
  const kept = await page.evaluate(async () => ({
    cookie: document.cookie,
    local: localStorage.length,
    session: sessionStorage.length,
    databases: (await indexedDB.databases()).length,
    caches: window.caches ? (await caches.keys()).length : 0,
    // What scripts of the page that measure it can see, and send to whomever.
    addresses: performance.getEntriesByType("resource").map((one) => one.name).filter((one) => /PH|sex_trafficking|14|age/.test(new URL(one).search + new URL(one).pathname)),
    name: window.name,
  }));
  expect(JSON.stringify(kept) === '{"cookie":"","local":0,"session":0,"databases":0,"caches":0,"addresses":[],"name":""}', `kept: ${JSON.stringify(kept)}`);
  expect((await context.cookies()).length === 0, "there are cookies");
  await context.close();
  // As it arrived, from the service in trouble.
  poor.behave = () => "drop";
  poor.asked.length = 0;
  const other = await open();
  const asking = await other.newPage();
  await asking.goto(put('<lodestar-help country="PH" lang="tl">x</lodestar-help>', { service: poor.origin }));
  await asking.locator("lodestar-help [part=retry]").waitFor();
  await other.close();
  const [asked] = poor.asked;
  expect(asked?.path === "/v1/help" && JSON.parse(asked.body).country === "PH" && !asked.headers.referer && !asked.headers.cookie, `asked: ${JSON.stringify(asked)}`);
}

const TROUBLES = {
  loading: "hang",
  down: "drop",
  "an error": { status: 503, body: "{}" },
  garbage: { body: "<html>504 Gateway" },
  "another JSON": { body: '{"contacts":null,"emergency_numbers":7}' },
  "half an answer": { body: '{"emergency_numbers":[],"notices":[],"contacts":[{"name":"x"' },
};

async function failures() {
  const context = await open();
  for (const [name, behave] of Object.entries(TROUBLES)) {
    poor.behave = () => behave;
    const page = await context.newPage();
    await page.goto(put(`<lodestar-help country="US" lang="en">${FALLBACK}</lodestar-help>`, { service: poor.origin }));
    await page.locator(behave === "hang" ? "lodestar-help [part=exit]" : "lodestar-help [part=retry]").waitFor();
    expect(await page.getByText("Call 911").isVisible(), `${name}: the fallback does not show`);
    if (behave !== "hang") {
      // It comes back by itself when asked.
      poor.behave = () => answer;
      await page.locator("lodestar-help [part=retry]").click();
      await page.locator(NUMBER).first().waitFor();
      expect(!(await page.getByText("Call 911").isVisible()), `${name}: the fallback stays beside the answer`);
    }
    await page.close();
  }
  // What was refused is named: on the page, and for whoever built it with what to write instead.
  const refused = await context.newPage();
  const warned = [];
  refused.on("console", (message) => message.type() === "warning" && warned.push(message.text()));
  for (const [attributes, name] of [['country="XX"', "country"], ['country="US" topic="none"', "topic"], ['country="US" dialable-from="7"', "dialable-from"]]) {
    await refused.goto(put(`<lodestar-help ${attributes} lang="es">${FALLBACK}</lodestar-help>`));
    await refused.locator("lodestar-help [part=retry]").waitFor();
    const said = await refused.locator("lodestar-help [part=status]").textContent();
    expect(said.includes(`(${name}: `) && warned.at(-1)?.startsWith(`<lodestar-help> ${name}: `), `${attributes}: says ${said}, warns ${warned}`);
  }
  await refused.close();
  // Too slow is given up after ten seconds, and said; without words of the language the numbers still show.
  poor.behave = () => "hang";
  const page = await context.newPage();
  await page.goto(put(`<lodestar-help country="US" lang="en">${FALLBACK}</lodestar-help>`, { service: poor.origin }));
  const started = Date.now();
  await page.locator("lodestar-help [part=retry]").waitFor({ timeout: 12000 });
  const gaveUp = Date.now() - started;
  expect(gaveUp > 8000 && gaveUp < 11500, `gave up after ${gaveUp} ms`);
  poor.words = false;
  poor.behave = () => answer;
  await page.goto(put('<lodestar-help country="US" lang="es">x</lodestar-help>', { service: poor.origin }));
  await page.locator(NUMBER).first().waitFor();
  poor.words = true;
  // A module that does not come at all.
  await page.goto(put(`<lodestar-help country="US" lang="en">${FALLBACK}</lodestar-help>`, { service: "http://127.0.0.1:1" }));
  expect(await page.getByText("Call 911").isVisible(), "without the module the fallback does not show");
  requests.splice(0, requests.length, ...requests.filter((one) => !one.url.startsWith("http://127.0.0.1:1/")));
  await context.close();
  say("failures", `${Object.keys(TROUBLES).length + 3} ways to fail: the fallback shows in each; given up after ${gaveUp} ms`);
}

async function exits() {
  site.pages.set("/before", { body: "<!doctype html><title>Before</title>before" });
  site.pages.set("/weather", { body: "<!doctype html><title>Weather</title>sunny", delay: 400 });
  const times = [];
  let ways = 0;
  for (const [name, behave] of Object.entries({ ...TROUBLES, answered: answer })) {
    for (const way of ["click", "shift", "enter"]) {
      const at = `exit, ${name}, ${way}`;
      poor.behave = () => behave;
      const context = await open();
      const page = await context.newPage();
      let blank;
      page.on("console", (message) => message.text().startsWith("blank") && (blank = JSON.parse(message.text().slice(6))));
      await page.goto(`${site.origin}/before`);
      // The page asks whether one is sure, stops keys, and measures what shows in the frame after.
      const head = `<script>
        addEventListener("beforeunload",(event)=>{event.preventDefault();event.returnValue="sure?"});
        document.addEventListener("keydown",(event)=>event.stopImmediatePropagation(),true);
        for(const kind of ["click","keydown"]) addEventListener(kind,(event)=>{const at=event.timeStamp;
          requestAnimationFrame(()=>setTimeout(()=>{if(getComputedStyle(document.documentElement).display==="none")
          console.log("blank "+JSON.stringify({took:performance.now()-at,text:document.documentElement.textContent,title:document.title}))}))},true);</script>`;
      await page.goto(put(`<lodestar-help country="US" lang="en" exit-url="${site.origin}/weather">${FALLBACK}</lodestar-help>`, { service: poor.origin, head }));
      const button = page.locator("lodestar-help [part~=exit]");
      await button.waitFor();
      if (name === "answered") await page.locator(NUMBER).first().waitFor();
      let asked = false;
      page.on("dialog", (dialog) => ((asked = true), dialog.accept()));
      if (way === "click") await button.click({ noWaitAfter: true });
      if (way === "enter") await button.press("Enter", { noWaitAfter: true });
      if (way === "shift") for (let time = 0; time < 3; time += 1) await page.keyboard.press("Shift");
      await page.waitForURL(`${site.origin}/weather`);
      expect(!asked, `${at}: the page could ask whether one is sure`);
      expect(blank && blank.text.trim() === "\u2026", `${at}: ${JSON.stringify(blank)}`);
      within(!blank || blank.took <= 50, `${at}: ${JSON.stringify(blank)}`);
      times.push(blank?.took ?? Infinity);
      await page.goBack();
      expect(page.url() === `${site.origin}/before`, `${at}: Back leads to ${page.url()}`);
      await page.goForward();
      expect(page.url() === `${site.origin}/weather`, `${at}: Forward leads to ${page.url()}`);
      expect(!(await page.content()).includes("lodestar"), `${at}: something of it shows`);
      ways += 1;
      await context.close();
    }
  }
  await notLeaving();
  await framed();
  say("exit", `${ways} exits in ${Object.keys(TROUBLES).length + 1} states, blank after at most ${Math.round(Math.max(...times))} ms; Back and Forward show nothing of it`);
}

/** Capitals, other keys, long pauses and Escape do not leave; a script as the place to go is none. */
async function notLeaving() {
  const context = await open();
  const page = await context.newPage();
  const here = put(`<label>Name <input></label><lodestar-help country="US" lang="en" exit-url="javascript:window.ran(1)"></lodestar-help>`);
  await page.goto(here);
  await page.locator(NUMBER).first().waitFor();
  await page.locator("input").focus();
  for (const letter of "ABCDEF") await page.keyboard.press(`Shift+${letter}`);
  await page.keyboard.press("Shift");
  await page.keyboard.press("Shift");
  await page.keyboard.press("x");
  await page.keyboard.press("Shift");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+Shift");
  await page.keyboard.press("Shift");
  await page.waitForTimeout(3100);
  await page.keyboard.press("Shift");
  await page.waitForTimeout(100);
  expect(page.url() === here && (await page.locator("input").inputValue()) === "ABCDEFx", "writing in capitals leaves");
  const target = await page.locator("lodestar-help [part~=exit]").getAttribute("href");
  expect(target === "https://weather.com/", `the exit leads to ${target}`);
  // Without an address, or with one that is not whole, it leads to the same, and nowhere on this site.
  for (const given of ["", 'exit-url=""', 'exit-url="foo/bar"', 'exit-url="/foo"', 'exit-url="data:text/html,x"']) {
    await page.goto(put(`<lodestar-help country="US" lang="en" ${given}></lodestar-help>`));
    const exit = page.locator("lodestar-help [part~=exit]");
    await exit.waitFor();
    const leads = await exit.evaluate((link) => link.href);
    expect(leads === "https://weather.com/", `with ${given || "no exit-url"} the exit leads to ${leads}`);
  }
  await context.close();
}

/** In a frame of another site: the whole page leaves where that is allowed, else the frame is blank. */
async function framed() {
  const inner = put(`<lodestar-help country="US" lang="en" exit-url="${site.origin}/weather">${FALLBACK}</lodestar-help>`);
  const elsewhere = site.origin.replace("127.0.0.1", "localhost");
  for (const [sandbox, leaves, opens] of [
    ["", true, false],
    ['sandbox="allow-scripts allow-top-navigation-by-user-activation"', true, false],
    ['sandbox="allow-scripts allow-popups"', false, true],
    ['sandbox="allow-scripts"', false, false],
  ]) {
    const context = await open();
    const page = await context.newPage();
    site.pages.set("/outer", { body: `<!doctype html><title>Outer</title>outer<iframe ${sandbox} src="${inner}" width=600 height=600></iframe>` });
    await page.goto(`${elsewhere}/outer`);
    const frame = page.frameLocator("iframe");
    await frame.locator(NUMBER).first().waitFor();
    const tabs = [];
    context.on("page", (tab) => tabs.push(tab));
    await frame.locator("lodestar-help [part~=exit]").click({ noWaitAfter: true });
    await page.waitForTimeout(900);
    expect((page.url() === `${site.origin}/weather`) === leaves, `in a frame ${sandbox}: the page is at ${page.url()}`);
    expect((tabs.length === 1) === opens, `in a frame ${sandbox}: ${tabs.length} tabs opened`);
    if (!leaves) {
      const left = await page.frames()[1].evaluate(() => document.documentElement.textContent.trim() + getComputedStyle(document.documentElement).display);
      expect(left === "\u2026none", `in a frame ${sandbox}: shows ${left}`);
    }
    await context.close();
  }
  requests.splice(0, requests.length, ...requests.filter((one) => !one.url.startsWith(`${elsewhere}/`)));
}

async function hostileAnswers() {
  const answers = await Promise.all([{ country: "US", lang: "en" }, { country: "PH", lang: "en" }].map((question) => help(url, question)));
  const full = answers[0];
  // Every field that may be null holds something, so that every text is one.
  full.notices = [{ code: "x", text: "x", lang: "en", translation: "machine" }];
  for (const one of [...full.contacts, ...full.offices]) {
    Object.assign(one, { notes: "x", description: "x", show_together: "x", verified_at: "2026-01-01T00:00:00Z", languages: ["en"], language_names: ["x"], interpreter_languages: ["es"], interpreter_language_names: ["x"] });
    Object.assign(one.open, { closes_at: "2026-01-01T00:00:00+09:00", note: "x" });
    for (const point of one.contact_points) Object.assign(point, { note: "x", extension: "1", keyword: "x", tel_uri: "x", sms_uri: "x", url: "x" });
  }
  const shape = ["channel", "confirmed_at", "verified_at", "closes_at", "opens_at", "code"];
  const policy = `default-src 'none'; script-src ${poor.origin}; connect-src ${poor.origin}; require-trusted-types-for 'script'; trusted-types 'none'`;
  let [checked, fields] = [0, 0];
  JSON.stringify(full, (key, value) => ((fields += typeof value === "string" && !shape.includes(key)), value));
  for (const headers of [undefined, { "Content-Security-Policy": policy }]) {
    for (const keep of [shape, []]) {
      const context = await open();
      const page = await context.newPage();
      page.on("dialog", (dialog) => (wrong.push(`a dialog: ${dialog.message()}`), dialog.dismiss()));
      let payload = "";
      poor.behave = () => ({ body: JSON.stringify(poisoned(full, payload, keep)) });
      await page.goto(put('<lodestar-help country="US" lang="en"></lodestar-help>', { service: poor.origin, headers, head: "" }));
      const policyOfPage = await page.evaluate(() => window.found.policy.splice(0));
      // The page's own style element is refused by its own policy.
      expect(policyOfPage.every((one) => /^style-src/.test(one)), `a policy was broken: ${policyOfPage}`);
      for (const [place, text] of PAYLOADS.entries()) {
        payload = text;
        const found = await page.evaluate(
          async ([age, strict]) => {
            const one = document.querySelector("lodestar-help");
            const root = one.shadowRoot;
            one.setAttribute("age", age);
            const done = () => root.querySelector("[part=licence]") || !root.querySelector("[part=retry]").hidden;
            await new Promise((resolve) => setTimeout(resolve));
            while (!done()) await new Promise((resolve) => setTimeout(resolve, 2));
            const links = [...root.querySelectorAll("[href],[src],[action],[data],[srcdoc],[style]")];
            const bad = links.filter((link) => link.localName !== "a" || !/^(https:|tel:|sms:|mailto:|http:\/\/127\.0\.0\.1:)/.test(link.href));
            const names = [...root.querySelectorAll("*")].flatMap((node) => node.getAttributeNames()).filter((name) => /^on/.test(name));
            const tags = [...root.querySelectorAll("script,img,iframe,svg,object,embed,form,base,meta,style,link,template")];
            return { text: root.querySelector("[part=answer]").textContent, failed: !root.querySelector("[part=retry]").hidden, bad: bad.map((link) => link.outerHTML.slice(0, 200)), names, tags: tags.length };
          },
          [place % 100, !!headers],
        );
        const where = `payload ${place} ${JSON.stringify(text).slice(0, 60)}`;
        expect(!found.bad.length && !found.names.length && !found.tags, `${where}: ${JSON.stringify(found).slice(0, 400)}`);
        // Shown as it is written, as many times as there are fields that show.
        if (keep === shape) {
          expect(!found.failed, `${where}: no answer`);
          if (/\S/.test(text) && text.isWellFormed()) expect(found.text.split(text).length > 20, `${where}: is not shown as text`);
        }
        checked += 1;
      }
      await page.waitForTimeout(100);
      const ran = await page.evaluate(() => window.found);
      expect(!ran.ran.length, `ran: ${ran.ran}`);
      expect(!ran.policy.length, `reports: ${ran.policy.slice(0, 3)}`);
      expect(!ran.errors.length, `errors: ${ran.errors.slice(0, 3)}`);
      await context.close();
    }
  }
  say("answers", `${PAYLOADS.length} payloads in ${fields} texts at once, ${checked} answers, with and without a policy: nothing ran, no reports`);
  await hostileAttributes(policy);
}

/** The same texts in every attribute, and asked of the true service. */
async function hostileAttributes() {
  const context = await open();
  const page = await context.newPage();
  const policy = `default-src 'none'; script-src ${url}; connect-src ${url}; require-trusted-types-for 'script'; trusted-types 'none'`;
  await page.goto(put('<lodestar-help country="US" lang="en">911</lodestar-help>', { headers: { "Content-Security-Policy": policy } }));
  await page.evaluate(() => window.found.policy.splice(0));
  for (const text of PAYLOADS) {
    const href = await page.evaluate(async (text) => {
      const one = document.querySelector("lodestar-help");
      for (const name of ["country", "topic", "population", "language", "age", "limit", "exit-url", "neutral", "theme", "lang"]) one.setAttribute(name, text);
      await new Promise((resolve) => setTimeout(resolve));
      while (one.shadowRoot.querySelector("[part=retry]").hidden) await new Promise((resolve) => setTimeout(resolve, 2));
      return one.shadowRoot.querySelector("[part~=exit]").href;
    }, text);
    expect(/^https?:/.test(href), `the exit leads to ${href}`);
  }
  const found = await page.evaluate(() => window.found);
  expect(!found.ran.length && !found.policy.length && !found.errors.length, `attributes: ${JSON.stringify(found).slice(0, 300)}`);
  await context.close();
  say("attributes", `${PAYLOADS.length} payloads in every attribute, asked of the true service: nothing ran, no reports`);
}

/** Runs a function on a page's document, with globals that the page has not touched. */
async function aside(page, look, own) {
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send("Page.getFrameTree");
  if (own) return (await session.send("Runtime.evaluate", { expression: look })).result.value;
  const { executionContextId: contextId } = await session.send("Page.createIsolatedWorld", { frameId: frameTree.frame.id });
  const { result } = await session.send("Runtime.evaluate", { expression: `(${look})()`, contextId, returnByValue: true });
  return result.value;
}

async function hostilePages() {
  const all = hosts(url, site.origin);
  const texts = new Set();
  for (const [name, host] of Object.entries(all)) {
    const path = `/host-${texts.size}-${encodeURIComponent(name)}`;
    site.pages.set(path, host);
    if (host.framed) site.pages.set("/framed", host.framed);
    const context = await open({ viewport: { width: 390, height: 844 } });
    const page = await context.newPage();
    await page.goto(site.origin + path);
    const within = host.framed ? page.frameLocator("iframe") : page;
    const seen = await within
      .locator("lodestar-help .number")
      .first()
      .waitFor({ timeout: 5000 })
      .then(() => true, () => false);
    const look = () => {
      const root = document.querySelector("lodestar-help")?.shadowRoot;
      const numbers = [...(root?.querySelectorAll(".number") ?? [])];
      const faults = [];
      for (const one of numbers) {
        const [box, style] = [one.getBoundingClientRect(), getComputedStyle(one)];
        const whole = box.left >= 0 && box.right <= innerWidth + 1 && box.height >= 16 && one.checkVisibility({ opacityProperty: true, visibilityProperty: true });
        if (!whole || parseFloat(style.fontSize) < 14 || /transparent|, 0\)/.test(style.color)) faults.push(`${one.textContent} ${JSON.stringify(box)} ${style.fontSize} ${style.color}`);
      }
      return { faults, numbers: numbers.map((one) => one.textContent).join(" ") };
    };
    // Beside the page's own world, where it cannot break what looks at it.
    const found = host.framed ? await page.frames()[1].evaluate(look) : await aside(page, look);
    const reports = "`${window.found.policy.length}`";
    found.policy = host.framed ? await page.frames()[1].evaluate(reports) : await aside(page, reports, true);
    expect(seen && found.numbers, `${name}: no number shows`);
    wrong.push(...found.faults.map((one) => `${name}: ${one}`));
    expect(found.policy === "0", `${name}: ${found.policy} reports`);
    texts.add(found.numbers);
    if (folder) await page.screenshot({ path: join(folder, `host-${name.replaceAll(/\W+/g, "-")}.png`) });
    await context.close();
  }
  expect(texts.size === 1, `hosts show different numbers: ${[...texts].join(" | ")}`);
  say("pages", `${Object.keys(all).length} hostile pages: the same numbers show in each`);
}

/** A wrong number is told to the service, in words that hold anything. */
async function reporting() {
  const context = await open();
  const page = await context.newPage();
  await page.goto(put('<lodestar-help country="PH" lang="en"></lodestar-help>'));
  await page.locator("lodestar-help [part=report]").first().click();
  await page.keyboard.type('A "shop" answers \\ , not \u00e9 them.');
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText("Your message has arrived").waitFor({ timeout: 5000 });
  await context.close();
  say("reports", "a wrong number was reported");
}

/** What docs/embeds.md tells to paste does what it says. */
async function documented() {
  const guide = readFileSync(new URL("../../docs/embeds.md", import.meta.url), "utf8");
  const blocks = guide.split("```").filter((_, place) => place % 2).map((block) => block.replaceAll("https://YOUR-LODESTAR", url));
  const [component] = blocks.filter((block) => block.includes("<lodestar-help "));
  const [looks] = blocks.filter((block) => block.includes("::part("));
  const [link] = blocks.filter((block) => block.includes("data-lodestar-exit rel"));
  const context = await open({ viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  site.pages.set("/guide", { body: `<!doctype html><html lang="en"><title>x</title><style>${looks}</style><h1>x</h1>${component}<p>After</p>` });
  await page.goto(`${site.origin}/guide`);
  await page.locator(NUMBER).first().waitFor();
  await page.waitForTimeout(200);
  const found = await page.evaluate(() => {
    const name = document.querySelector("lodestar-help").shadowRoot.querySelector("[part=name]");
    return { font: getComputedStyle(name).fontFamily, shifts: window.found.shifts };
  });
  expect(/Georgia/.test(found.font) && !found.shifts.length, `as the guide tells: ${JSON.stringify(found)}`);
  site.pages.set("/guide-exit", { body: `<!doctype html><title>x</title>${link.replace("https://weather.com/", `${site.origin}/before`)}` });
  site.pages.set("/before", { body: "<!doctype html><title>Before</title>before" });
  for (const leave of [() => page.locator("a").click(), async () => { for (let time = 0; time < 3; time += 1) await page.keyboard.press("Shift"); }]) {
    await page.goto(`${site.origin}/guide-exit`);
    await leave();
    await page.waitForURL(`${site.origin}/before`, { timeout: 3000 });
    await page.goBack().catch(() => null);
    expect(!page.url().endsWith("/guide-exit"), "the link of the guide leaves itself in the history");
  }
  await context.close();
  say("guide", "what docs/embeds.md tells to paste does what it says");
}

const answer = { body: JSON.stringify(await help(url, { country: "US", lang: "en" })) };
const parts = { size, accessibility, speed, privacy, failures, exits, hostileAnswers, hostilePages, reporting, documented };
await finish("component", parts);
