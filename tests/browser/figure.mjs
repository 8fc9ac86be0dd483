// Opens pages that embed <lodestar-statistic> and <lodestar-chart>: the figure that shows is the service's, with what
// must be shown with it; its size, axe, troubles, hostile answers, hostile pages.
//   tests/browser/figure http://127.0.0.1:8080 [folder for screenshots]
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { hosts } from "./embeds/hosts.mjs";
import { PAYLOADS, poisoned } from "./embeds/payloads.mjs";
import { axe, sized, stage } from "./embeds/stage.mjs";

const { url, folder, site, poor, wrong, say, expect, open, finish } = await stage(process.argv.slice(2));

const PLAIN = "cybertipline-reports-wld-2023";
const DISPUTED = "entry-age-sex-trafficking-us-female";
const FALLBACK = "<p>What the page says itself.</p>";
const statistic = (slug, rest = "") => `<lodestar-statistic statistic="${slug}" ${rest}>${FALLBACK}</lodestar-statistic>`;
const chart = (rest = "") => `<lodestar-chart indicator="cybertipline_reports" ${rest}>${FALLBACK}</lodestar-chart>`;

let pages = 0;
function put(tag, { service = url, headers, style = "", path = `/${(pages += 1)}` } = {}) {
  site.pages.set(path, {
    headers,
    body: `<!doctype html><html lang="en"><head><title>A partner</title><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
      <style>body{margin:0}${style}</style><script type="module" src="${service}/embed/figure.js" referrerpolicy="no-referrer"></script></head>
      <body><main><h1>A partner's page</h1>${tag}</main><footer>After</footer></body></html>`,
  });
  return site.origin + path;
}
const get = async (path) => (await fetch(url + path)).json();

/** What stands in the shadow of the first element, by part. */
const seen = (page) =>
  page.evaluate(() => {
    const root = document.querySelector("lodestar-statistic,lodestar-chart").shadowRoot;
    const texts = (part) => [...root.querySelectorAll(`[part~=${part}]`)].map((one) => one.textContent);
    const parts = ["number", "title", "claim", "caveat", "period", "mark", "critiques", "sources", "citation", "licence", "row", "machine"];
    const bars = [...root.querySelectorAll("rect")].map((one) => one.getBoundingClientRect().width);
    return { ...Object.fromEntries(parts.map((part) => [part, texts(part)])), bars, all: root.textContent };
  });

async function size() {
  say("size", await sized({ url, site, open, expect }, "figure", "figure", "lodestar-statistic"));
}

/** The figure, and all that must stand beside it, as the service says it. */
async function statistics() {
  const context = await open();
  const page = await context.newPage();
  let shown = 0;
  for (const slug of [PLAIN, DISPUTED, "iwf-domains-wld-2007", "iwf-domains-wld-2008"]) {
    for (const lang of ["en", "es", "ar"]) {
      const one = await get(`/v1/statistics/${slug}?include=sources&lang=${lang}`);
      if (!one.slug) continue;
      const citation = await (await fetch(`${url}/v1/statistics/${slug}/citation?format=text&lang=${lang}`)).text();
      await page.goto(put(statistic(slug, `lang="${lang}"`)));
      await page.locator("lodestar-statistic [part~=number]").waitFor();
      const found = await seen(page);
      const at = `${slug}, ${lang}`;
      expect(found.number.join() === one.display, `${at}: shows ${found.number}, not ${one.display}`);
      for (const field of ["title", "claim", "caveat"]) expect(found[field].join("") === (one[field] ?? ""), `${at}: ${field} ${found[field]}`);
      expect(found.all.includes(one.publisher) && found.citation.join().includes(citation.trim()), `${at}: who counted, how to cite`);
      for (const source of one.included.sources.filter((source) => one.sources.some((cited) => cited.source === source.slug))) {
        expect(found.sources.join().includes(source.title) && (!source.licence || found.sources.join().includes(source.licence)), `${at}: source ${source.title}`);
      }
      expect(found.licence.join().includes(one.licence) && found.licence.join().includes(one.attribution), `${at}: licence ${found.licence}`);
      expect((found.mark.length > 0) === !["not_assessed", "supported"].includes(one.assessment), `${at}: marks ${found.mark}`);
      for (const critique of one.critiques) expect(found.critiques.join().includes(critique.summary), `${at}: ${critique.summary}`);
      if (slug === DISPUTED && lang === "en") {
        expect(found.mark.join() === "⚠ Disputed: other sources contradict this figure", `${at}: ${found.mark}`);
        expect(found.all.includes(`Counted: ${one.population}`), `${at}: whom it counts`);
      }
      expect((found.period.join() === "2023") === (slug === PLAIN), `${at}: period ${found.period}`);
      expect((found.machine.length > 0) === (lang !== "en"), `${at}: says of machines ${found.machine}`);
      shown += 1;
    }
  }
  expect(shown >= 9, `${shown} statistics`);
  await context.close();
  say("statistics", `${shown} times the figure with its place in time, caveat, disputes, sources and citation`);
}

async function charts() {
  const context = await open();
  const page = await context.newPage();
  const known = (await get("/v1/indicators?per_page=200")).contents.map((one) => one.slug);
  let nowhere;
  for (const slug of known) {
    if ((await get(`/v1/statistics?indicator=${slug}&geography=WLD`)).total_items) continue;
    nowhere = slug;
    if ((await get(`/v1/statistics?indicator=${slug}&latest=1`)).total_items > 2) break;
  }
  let rows = 0;
  for (const [attributes, query] of [
    ['indicator="cybertipline_reports"', "indicator=cybertipline_reports&geography=WLD&sort=period"],
    ['indicator="cybertipline_reports" geography="MX" from="2020" lang="es"', "indicator=cybertipline_reports&geography=MX&from=2020&sort=period&lang=es"],
    [`indicator="${nowhere}"`, `indicator=${nowhere}&latest=1&sort=-value`],
  ]) {
    const { contents, included } = await get(`/v1/statistics?${query}&include=indicator&per_page=100`);
    await page.goto(put(`<lodestar-chart ${attributes}></lodestar-chart>`));
    await page.locator("lodestar-chart [part~=number]").first().waitFor();
    const found = await seen(page);
    expect(contents.length > 2 && found.number.join("|") === contents.map((one) => one.display).join("|"), `${query}: shows ${found.number}`);
    // What the caption says stands in no row once more.
    const caption = included.indicators[0].title;
    const apart = ({ title }) => (title.startsWith(`${caption}, `) ? title.slice(caption.length + 2) : title);
    expect(found.row.join("|") === contents.map(apart).join("|"), `${query}: rows ${found.row}`);
    expect(found.title.join() === included.indicators[0].title, `${query}: title ${found.title}`);
    const caveats = new Set(contents.map((one) => one.caveat).filter((text) => text));
    expect(caveats.size > 3 ? found.caveat.length === 1 : found.caveat.sort().join("|") === [...caveats].sort().join("|"), `${query}: caveats ${found.caveat}`);
    // Twice as much is twice as long.
    const values = contents.filter((one) => one.value).map((one) => Number(one.value));
    if (values.length === contents.length && Math.min(...values) >= 0) {
      const [most, longest] = [Math.max(...values), Math.max(...found.bars)];
      values.forEach((value, place) => expect(Math.abs(found.bars[place] / longest - Math.max(value / most, 0.005)) < 0.01, `${query}: the bar of ${value} is ${found.bars[place]} of ${longest}`));
    }
    rows += contents.length;
  }
  // Disputed figures show where they are asked for, marked.
  await page.goto(put('<lodestar-chart indicator="entry_age_sex_trafficking" geography="US" assessment="disputed"></lodestar-chart>'));
  await page.locator("lodestar-chart [part~=disputed]").first().waitFor();
  await context.close();
  say("charts", `${rows} rows with the figures of the service, bars as long as their values; disputed ones marked`);
}

async function accessibility() {
  let checked = 0;
  for (const scheme of ["light", "dark"]) {
    for (const lang of ["en", "ar"]) {
      for (const width of [320, 1280]) {
        const context = await open({ viewport: { width, height: 900 }, colorScheme: scheme });
        for (const [state, tag, behave] of [
          ["statistic", statistic(PLAIN, `lang="${lang}"`), null],
          ["disputed", statistic(DISPUTED, `lang="${lang}"`), null],
          ["chart", chart(`lang="${lang}"`), null],
          ["failed", statistic(PLAIN, `lang="${lang}"`), "drop"],
        ]) {
          const name = `${state}-${scheme}-${lang}-${width}`;
          if (behave) poor.behave = () => behave;
          const page = await context.newPage();
          await page.goto(put(tag, { service: behave ? poor.origin : url }));
          await page.locator(behave ? "[part=retry]" : "[part~=number]").first().waitFor();
          for (const one of await page.locator("summary").all()) await one.click();
          await page.evaluate(axe);
          const { violations } = await page.evaluate(() => window.axe.run({ rules: { "target-size": { enabled: true } } }));
          for (const one of violations) wrong.push(`${name}: axe: ${one.id}, ${one.nodes.length} times: ${one.nodes[0].html.slice(0, 200)}`);
          const faults = await page.evaluate(() => {
            const found = [];
            if (document.documentElement.scrollWidth > innerWidth) found.push(`the page is ${document.documentElement.scrollWidth} wide`);
            const root = document.querySelector("lodestar-statistic,lodestar-chart").shadowRoot;
            for (const one of root.querySelectorAll("a,button,summary")) {
              const box = one.getBoundingClientRect();
              if (box.width && (box.width < 44 || box.height < 43.9)) found.push(`${one.textContent} is ${box.width} by ${box.height}`);
            }
            return found;
          });
          wrong.push(...faults.map((one) => `${name}: ${one}`));
          if (folder) await page.screenshot({ path: join(folder, `figure-${name}.png`), fullPage: true });
          checked += 1;
          await page.close();
        }
        await context.close();
      }
    }
  }
  say("axe", `${checked} pages: light and dark, left and right, 320 and 1280, figures, disputed ones, charts, failed`);
}

const TROUBLES = {
  down: "drop",
  "an error": { status: 503, body: "{}" },
  garbage: { body: "<html>504 Gateway" },
  "another JSON": { body: '{"contents":7,"sources":null}' },
  "half an answer": { body: '{"contents":[{"title":"x"' },
};

async function failures() {
  const context = await open();
  // As the service answers, from the service in trouble.
  const true_ = async (path) => ({ body: await (await fetch(url + path)).text() });
  for (const tag of [statistic(PLAIN), chart()]) {
    const answers = new Map();
    for (const [name, behave] of Object.entries(TROUBLES)) {
      poor.behave = () => behave;
      poor.asked.length = 0;
      const page = await context.newPage();
      await page.goto(put(tag, { service: poor.origin }));
      await page.locator("[part=retry]").waitFor();
      expect(await page.getByText("What the page says itself").isVisible(), `${name}: the fallback does not show`);
      for (const { path } of poor.asked) answers.set(path, await true_(path));
      poor.behave = (path) => answers.get(path) ?? { status: 404, body: "{}" };
      await page.locator("[part=retry]").click();
      await page.locator("[part~=number]").first().waitFor();
      expect(!(await page.getByText("What the page says itself").isVisible()), `${name}: the fallback stays beside the figure`);
      await page.close();
    }
  }
  // Nobody is told of a figure that there is not.
  const page = await context.newPage();
  for (const tag of [statistic("no-such-figure"), '<lodestar-chart indicator="none">x</lodestar-chart>', "<lodestar-chart>x</lodestar-chart>"]) {
    await page.goto(put(tag));
    await page.locator("[part=retry]").waitFor();
  }
  const kept = await page.evaluate(async () => [document.cookie, localStorage.length, sessionStorage.length, (await indexedDB.databases()).length].join());
  expect(kept === ",0,0,0" && (await context.cookies()).length === 0, `kept: ${kept}`);
  // Where the page keeps the place free, nothing moves, however late.
  const late = await open({ viewport: { width: 390, height: 800 } });
  const slow = await late.newPage();
  const one = await true_(`/v1/statistics/${PLAIN}?include=sources`);
  poor.behave = (path) => (path.includes("citation") ? { status: 404, body: "" } : { ...one, delay: 500 });
  await slow.goto(put(statistic(PLAIN), { service: poor.origin, style: "lodestar-statistic{display:flow-root;min-height:40rem;--lodestar-space:40rem}" }));
  await slow.locator("[part~=number]").waitFor();
  await slow.waitForTimeout(200);
  const shifts = await slow.evaluate(() => window.found.shifts);
  expect(!shifts.length, `layout shifts: ${JSON.stringify(shifts).slice(0, 400)}`);
  await late.close();
  await context.close();
  say("failures", `${2 * Object.keys(TROUBLES).length + 3} ways to fail: the fallback shows in each; nothing kept; layout shift ${shifts.length}`);
}

async function hostileAnswers() {
  const one = await get(`/v1/statistics/${DISPUTED}?include=sources`);
  const list = await get("/v1/statistics?indicator=cybertipline_reports&geography=WLD&include=indicator&include=sources&per_page=5");
  // Every field that may be null holds something, so that every text is one.
  for (const figure of [one, ...list.contents]) Object.assign(figure, { denominator: "x", caveat: "x", computed_change: "x", flags: ["contradicts_baseline"], period: { start: "2020-01-01", end: "2020-12-31" } });
  for (const source of [...one.included.sources, ...list.included.sources]) Object.assign(source, { licence: "x", attribution: "x" });
  const keep = ["assessment", "observation_status", "period", "flags", "slug", "source", "value", "low", "high", "share"];
  const policy = `default-src 'none'; script-src ${poor.origin}; connect-src ${poor.origin}; require-trusted-types-for 'script'; trusted-types 'none'`;
  let checked = 0;
  for (const headers of [undefined, { "Content-Security-Policy": policy }]) {
    for (const kept of [keep, []]) {
      const context = await open();
      const page = await context.newPage();
      let payload = "";
      poor.behave = (path) => ({ body: path.includes("citation") ? payload : JSON.stringify(poisoned(path.includes("statistics/") ? one : list, payload, kept)) });
      await page.goto(put(`${statistic(PLAIN)}${chart()}`, { service: poor.origin, headers }));
      await page.evaluate(() => window.found.policy.splice(0));
      for (const [place, text] of PAYLOADS.entries()) {
        payload = text;
        const found = await page.evaluate(async (turn) => {
          const all = [...document.querySelectorAll("lodestar-statistic,lodestar-chart")];
          for (const element of all) element.setAttribute(element.localName === "lodestar-chart" ? "unit" : "statistic", `x${turn}`);
          await new Promise((resolve) => setTimeout(resolve));
          const done = (root) => root.querySelector("[part=licence]") || !root.querySelector("[part=retry]").hidden;
          while (!all.every((element) => done(element.shadowRoot))) await new Promise((resolve) => setTimeout(resolve, 2));
          return all.map(({ shadowRoot: root }) => {
            const links = [...root.querySelectorAll("[href],[src],[action],[data],[srcdoc],[style]")];
            const bad = links.filter((link) => link.localName !== "a" || !/^(https:|tel:|sms:|mailto:|http:\/\/127\.0\.0\.1:)/.test(link.href));
            const names = [...root.querySelectorAll("*")].flatMap((node) => node.getAttributeNames()).filter((name) => /^on/.test(name));
            const tags = [...root.querySelectorAll("script,img,iframe,object,embed,form,base,meta,style,link,template,foreignObject,animate,use")];
            return { text: root.querySelector("[part=answer]").textContent, failed: !root.querySelector("[part=retry]").hidden, bad: bad.map((link) => link.outerHTML.slice(0, 200)), names, tags: tags.length };
          });
        }, place);
        const where = `payload ${place} ${JSON.stringify(text).slice(0, 60)}`;
        for (const [which, least] of [[0, 7], [1, 7]]) {
          const { text: shown, failed, bad, names, tags } = found[which];
          expect(!bad.length && !names.length && !tags, `${where}: ${JSON.stringify(found[which]).slice(0, 400)}`);
          if (kept === keep) {
            expect(!failed, `${where}: no figure`);
            if (/\S/.test(text) && text.isWellFormed()) expect(shown.split(text).length > least, `${where}: is not shown as text, ${shown.split(text).length} times`);
          }
          checked += 1;
        }
      }
      await page.waitForTimeout(100);
      const ran = await page.evaluate(() => window.found);
      expect(!ran.ran.length && !ran.policy.length && !ran.errors.length, `ran: ${JSON.stringify(ran).slice(0, 400)}`);
      await context.close();
    }
  }
  // In every attribute, asked of the true service.
  const context = await open();
  const page = await context.newPage();
  await page.goto(put(`${statistic(PLAIN)}${chart()}`));
  for (const text of PAYLOADS) {
    await page.evaluate(async (text) => {
      const all = [...document.querySelectorAll("lodestar-statistic,lodestar-chart")];
      for (const element of all) for (const name of ["statistic", "indicator", "geography", "from", "publisher", "unit", "theme", "lang"]) element.setAttribute(name, text);
      await new Promise((resolve) => setTimeout(resolve));
      while (!all.every(({ shadowRoot: root }) => !root.querySelector("[part=retry]").hidden)) await new Promise((resolve) => setTimeout(resolve, 2));
    }, text);
  }
  const ran = await page.evaluate(() => window.found);
  expect(!ran.ran.length && !ran.errors.length, `attributes: ${JSON.stringify(ran).slice(0, 300)}`);
  await context.close();
  say("answers", `${PAYLOADS.length} payloads in every text and attribute, ${checked} answers, with and without a policy: nothing ran, no reports`);
}

async function hostilePages() {
  for (const element of [
    { file: "figure", name: "lodestar-statistic", attributes: { statistic: PLAIN, lang: "en" }, fallback: FALLBACK },
    { file: "figure", name: "lodestar-chart", attributes: { indicator: "cybertipline_reports", lang: "en" }, fallback: FALLBACK },
  ]) {
    const all = hosts(url, site.origin, element);
    const texts = new Set();
    for (const [name, host] of Object.entries(all)) {
      const path = `/host-${(pages += 1)}`;
      site.pages.set(path, host);
      if (host.framed) site.pages.set("/framed", host.framed);
      const context = await open({ viewport: { width: 390, height: 844 } });
      const page = await context.newPage();
      await page.goto(site.origin + path);
      const number = (host.framed ? page.frameLocator("iframe") : page).locator(`${element.name} [part~=number]`).first();
      const visible = await number.waitFor({ timeout: 5000 }).then(() => true, () => false);
      expect(visible, `${element.name}, ${name}: no figure shows`);
      if (visible) {
        const box = await number.boundingBox();
        expect(box && box.x >= 0 && box.height >= 16, `${element.name}, ${name}: ${JSON.stringify(box)}`);
        texts.add(await number.textContent());
      }
      if (folder) await page.screenshot({ path: join(folder, `host-${element.name}-${name.replaceAll(/\W+/g, "-")}.png`) });
      await context.close();
    }
    expect(texts.size === 1, `hosts show different figures: ${[...texts].join(" | ")}`);
    say("pages", `${element.name}: ${Object.keys(all).length} hostile pages: the same figure shows in each`);
  }
}

/** What docs/embeds.md tells to paste does what it says. */
async function documented() {
  const guide = readFileSync(new URL("../../docs/embeds.md", import.meta.url), "utf8");
  const blocks = guide.split("```").filter((_, place) => place % 2).map((block) => block.replaceAll("https://YOUR-LODESTAR", url));
  const [figures] = blocks.filter((block) => block.includes("<lodestar-statistic "));
  const context = await open();
  const page = await context.newPage();
  site.pages.set("/guide", { body: `<!doctype html><html lang="en"><title>x</title><h1>x</h1>${figures}<p>After</p>` });
  await page.goto(`${site.origin}/guide`);
  for (const name of ["lodestar-statistic", "lodestar-chart"]) await page.locator(`${name} [part~=number]`).first().waitFor();
  await context.close();
  say("guide", "what docs/embeds.md tells to paste does what it says");
}

await finish("figure", { size, statistics, charts, accessibility, failures, hostileAnswers, hostilePages, documented });
