// Runs the code of docs/guides as a new partner would: what a guide tells to save is saved, what it tells to run is run,
// what it tells to paste stands in a page. The numbers that show are those of the service.
//   tests/browser/guides http://127.0.0.1:8080 [folder for screenshots]
import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { help } from "./embeds/servers.mjs";
import { stage } from "./embeds/stage.mjs";

const { url, folder, site, say, expect, open, finish } = await stage(process.argv.slice(2));
const root = fileURLToPath(new URL("../../", import.meta.url));
// Below it node and bundlers find the packages of .ci/package.json.
const work = join(root, "target/ci/npm/guides");
rmSync(work, { recursive: true, force: true });

const PLACE = "https://YOUR-LODESTAR";
const DEAD = "http://127.0.0.1:1";

/** The blocks of a guide: language, text, and the name of the file that it shall be saved as. */
function blocks(guide, service = url) {
  const parts = readFileSync(join(root, "docs/guides", guide), "utf8").replaceAll(PLACE, service).split(/^```/m);
  const found = [];
  for (let place = 1; place < parts.length; place += 2) {
    const [, language, text] = /^(\w*)\n([^]*)$/.exec(parts[place]);
    const name = /(?:Save this as|The same as|use it, in) `([\w.]+)`/.exec(parts[place - 1])?.[1];
    found.push({ language, text, name });
  }
  return found;
}

/** Saves what a guide tells to save into a folder of its own; the folder. */
function save(guide, service) {
  const folder = join(work, guide.replace(".md", ""));
  mkdirSync(folder, { recursive: true });
  for (const { name, text } of blocks(guide, service)) if (name) writeFileSync(join(folder, name), text);
  return folder;
}

/** Runs commands of a guide; what they print, or an error with what they said. */
const run = (cwd, commands) =>
  new Promise((resolve, reject) => {
    execFile("bash", ["-euo", "pipefail", "-c", commands], { cwd, timeout: 60000 }, (error, out, said) => (error ? reject(new Error(`${commands}: ${said}`)) : resolve(out)));
  });
const commands = (guide) => blocks(guide).filter((block) => block.language === "sh").map((block) => block.text);

const answer = await help(url, { country: "PH", lang: "en" });
const dialled = (point) => /^(phone|sms|tty|whatsapp)$/.test(point.channel);
const emergency = answer.emergency_numbers.flatMap((one) => one.numbers.map((number) => number.number));
const points = answer.contacts.flatMap((one) => one.contact_points);
const numbers = [...emergency, ...[...answer.contacts, ...answer.offices].flatMap((one) => one.contact_points.filter(dialled).map((point) => point.display))];
if (emergency.length < 1 || points.length < 3 || numbers.length < 3) throw new Error("too few numbers to compare");

/** Opens a page of the partner's site. */
async function show(name, body, options) {
  const context = await open({ viewport: { width: 390, height: 844 }, ...options });
  const page = await context.newPage();
  site.pages.set(`/${name}`, { body });
  await page.goto(`${site.origin}/${name}`);
  return page;
}

/** The component on a page shows the numbers of the service, and nothing moved. */
async function shows(page, name) {
  const first = page.locator("lodestar-help .cards [part=number]").first();
  await first.waitFor({ timeout: 10000 });
  const shown = await page.locator("lodestar-help [part=number]").allTextContents();
  expect(shown.join("|") === numbers.join("|"), `${name}: shows ${shown}, not ${numbers}`);
  if (folder) await page.screenshot({ path: join(folder, `guide-${name}.png`) });
  await page.context().close();
}

/** HTML that was written for a page without scripts shows the same: emergency numbers, then every way of every line. */
async function written(html, name) {
  const page = await show(name, html, { javaScriptEnabled: false });
  const links = await page.locator("a").evaluateAll((all) => all.map((one) => [one.getAttribute("href"), one.textContent, one.getBoundingClientRect().height > 0]));
  const wanted = [...answer.emergency_numbers.flatMap((one) => one.numbers.map((number) => [number.tel_uri, number.number])), ...points.map((way) => [way.tel_uri ?? way.sms_uri ?? way.url, way.display])];
  const shown = links.filter(([href, , visible]) => visible && !/creativecommons/.test(href)).map(([href, text]) => [href, text]);
  expect(JSON.stringify(shown) === JSON.stringify(wanted), `${name}: shows ${JSON.stringify(shown)}, not ${JSON.stringify(wanted)}`);
  const text = await page.locator("body").innerText();
  for (const one of answer.contacts) expect(text.includes(one.name) && one.sources.every((source) => text.includes(source.title)), `${name}: ${one.name} without its sources`);
  if (folder) await page.screenshot({ path: join(folder, `guide-${name}.png`), fullPage: true });
  await page.context().close();
}

async function wordpress() {
  const [html, loaded] = blocks("wordpress.md");
  const theme = (head, block) => `<!doctype html><html lang="en-US"><head><meta name="viewport" content="width=device-width"><title>Help – A partner</title>${head}</head>
    <body class="page wp-singular"><main><h1 class="entry-title">Help</h1><div class="entry-content">${block}</div></main></body></html>`;
  await shows(await show("wordpress", theme("", html.text)), "wordpress");
  // The script from the theme, the block without it.
  const script = /echo '([^']+)'/.exec(loaded.text)[1];
  expect(html.text.includes(script), "the theme loads another script than the block");
  await shows(await show("wordpress-theme", theme(script, html.text.replace(script, ""))), "wordpress-theme");
  // Cut out, the paragraph of the page is what shows.
  const page = await show("wordpress-cut", theme("", html.text.replace(script, "")));
  expect(await page.getByText("In danger now?").isVisible(), "without the script the paragraph does not show");
  await page.context().close();
  say("wordpress", "the block shows the numbers, with its own script, with the theme's, and the paragraph without");
}

async function staticSite() {
  const place = save("static-site.md");
  const [build] = commands("static-site.md");
  await run(place, build);
  const html = readFileSync(join(place, "help.html"), "utf8");
  await written(html, "static-site");
  // While the directory is away the build fails, and the page of before stays.
  save("static-site.md", DEAD);
  const failed = await run(place, build).then(() => false, () => true);
  expect(failed && readFileSync(join(place, "help.html"), "utf8") === html, "a build without the directory changes the page");
  say("static", "built without scripts, the same numbers; a failed build leaves the page of before");
}

async function react() {
  const place = save("react.md");
  const [bundle] = commands("react.md");
  await run(place, bundle);
  const page = (script) => `<!doctype html><html lang="en"><title>App</title><style>body{margin:0}</style><div id="root"></div><script>${script.replaceAll("</script", "<\\/script")}</script></html>`;
  await shows(await show("react", page(readFileSync(join(place, "app.js"), "utf8"))), "react");
  // A prop that changes asks anew; a server writes the tag with the paragraph.
  writeFileSync(
    join(place, "Changing.jsx"),
    `import { useState } from "react"; import { createRoot } from "react-dom/client"; import { Help } from "./Help.jsx";
     function App() { const [country, set] = useState("US"); window.move = set; return <Help country={country} lang="en"><p>x</p></Help>; }
     createRoot(document.getElementById("root")).render(<App />);`,
  );
  await run(place, bundle.replace("App.jsx", "Changing.jsx").replace("app.js", "changing.js"));
  const changing = await show("react-changing", page(readFileSync(join(place, "changing.js"), "utf8")));
  await changing.locator("lodestar-help .cards [part=number]").first().waitFor();
  await changing.evaluate(() => window.move("PH"));
  await changing.getByRole("heading", { name: answer.place.country_name }).waitFor();
  await shows(changing, "react-changing");
  writeFileSync(
    join(place, "Server.jsx"),
    `import { renderToString } from "react-dom/server"; import { Help } from "./Help.jsx";
     console.log(renderToString(<Help country="PH" lang="en"><p>In danger now?</p></Help>));`,
  );
  await run(place, "npx esbuild Server.jsx --bundle --jsx=automatic --platform=node --outfile=server.cjs");
  const served = await run(place, "node server.cjs");
  expect(/<lodestar-help country="PH" lang="en"[^>]*><p>In danger now\?<\/p><\/lodestar-help>/.test(served), `a server writes ${served}`);
  say("react", "built with esbuild, the same numbers; a prop that changes asks anew; a server writes tag and paragraph");
}

async function serverSide() {
  const place = save("server-side.md");
  for (const [number, command] of commands("server-side.md").entries()) {
    const html = await run(place, command);
    await written(`<!doctype html><html lang="en"><title>x</title><body>${html}</body></html>`, `server-${["python", "node"][number]}`);
  }
  say("server", "Python and Node write the same numbers");
}

async function mobile() {
  const place = save("mobile.md");
  copyFileSync(join(root, "clients/sync.js"), join(place, "sync.mjs"));
  const [command] = commands("mobile.md");
  const first = await run(place, command);
  const bundle = await (await fetch(`${url}/v1/bundles/PH/contacts`)).json();
  const wanted = [
    ...bundle.numbers.emergency_numbers.map((one) => `emergency\t${one.number}\t${one.tel_uri}`),
    ...bundle.hotlines.flatMap((line) => line.contact_points.map((way) => `${line.name}\t${way.display}\t${way.tel_uri ?? way.sms_uri ?? way.url}`)),
  ];
  const printed = first.trim().split("\n");
  expect(wanted.length > 5 && printed.slice(0, -1).sort().join("\n") === wanted.sort().join("\n"), `mobile: prints ${first}`);
  for (const number of emergency) expect(first.includes(`emergency\t${number}\t`), `mobile: ${number} is missing`);
  // Without a network the same; without a copy and a network nothing is made up.
  save("mobile.md", DEAD);
  expect((await run(place, command)) === first, "mobile: without a network it prints something else");
  rmSync(join(place, "copy.json"));
  expect(await run(place, command).then(() => false, () => true), "mobile: prints numbers that it cannot have");
  const [, load] = /`(curl [^`]+)`/.exec(readFileSync(join(root, "docs/guides/mobile.md"), "utf8").replaceAll(PLACE, url));
  expect(JSON.parse(await run(place, `${load} --silent --fail`)).hotlines.length === bundle.hotlines.length, "mobile: the file to ship is another one");
  const sent = await run(place, `${load.replace("--compressed", "--header 'Accept-Encoding: gzip'")} --silent --fail | wc -c`);
  expect(Number(sent) < 60000, `mobile: the first file takes ${sent} bytes`);
  say("mobile", `${wanted.length} numbers on the device, the same without a network; the file takes ${sent.trim()} bytes`);
}

/** Rows of CSV, as RFC 4180 has it. */
function rows(text) {
  const found = [[""]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]+))|(,|\r?\n)/g)) {
    if (end === ",") found.at(-1).push("");
    else if (end) found.push([""]);
    else found.at(-1)[found.at(-1).length - 1] += quoted?.replaceAll('""', '"') ?? plain;
  }
  return found.filter((row) => row.length > 1);
}

async function spreadsheet() {
  // What a cell that looks so becomes: a number or a formula.
  const altered = (cell) => /^\s*[=+@-]/.test(cell) || /^[\d\s.,/:-]+$/.test(cell);
  const formulas = blocks("spreadsheet.md").filter((block) => block.language === "text");
  let cells = 0;
  for (const { text } of formulas) {
    const [, address] = /IMPORTDATA\("([^"]+)"\)/.exec(text);
    const [names, ...lines] = rows(await (await fetch(address)).text());
    const query = new URL(address).search.replace("format=csv", "per_page=100");
    const { contents } = await (await fetch(`${url}/v1/hotlines${query}`)).json();
    const column = (name) => names.indexOf(name);
    const chosen = /select (.*)",/.exec(text)?.[1].split(", ").map((one) => names[one.replace("Col", "") - 1]);
    expect(!chosen || chosen.join() === "name,tel_uris,freshness", `the formula chooses ${chosen}`);
    expect(lines.length === contents.length && lines.length >= 2, `${lines.length} rows for ${contents.length} lines`);
    for (const one of contents) {
      const row = lines.find((row) => row[column("slug")] === one.slug);
      const uris = one.contact_points.map((point) => point.tel_uri).filter((uri) => uri);
      expect(row?.[column("tel_uris")] === uris.join(";"), `${one.slug}: ${row?.[column("tel_uris")]} are not ${uris}`);
      expect(row?.[column("freshness")] === one.freshness.grade, `${one.slug}: ${row?.[column("freshness")]}`);
      for (const name of ["tel_uris", "sms_uris", "urls"]) {
        const cell = row[column(name)];
        expect(!cell || !altered(cell), `${one.slug}: ${name} would become another text: ${cell}`);
        cells += cell ? 1 : 0;
      }
    }
  }
  // Where the guide warns, there is something to warn of.
  const all = rows(await (await fetch(`${url}/v1/hotlines?format=csv`)).text());
  const place = all[0].indexOf("contact_points");
  expect(all.slice(1).some((row) => altered(row[place])), "no number in contact_points would become another one");
  const figures = /`(\/v1\/statistics\?[^`]+)`/.exec(readFileSync(join(root, "docs/guides/spreadsheet.md"), "utf8"))[1];
  expect(rows(await (await fetch(url + figures)).text()).length > 10, "no figures");
  say("spreadsheet", `${formulas.length} formulas, ${cells} cells to dial that no program alters`);
}

/** Read in five minutes, at 200 words a minute. */
function short() {
  const all = readdirSync(join(root, "docs/guides"));
  for (const guide of all) {
    const words = readFileSync(join(root, "docs/guides", guide), "utf8").split(/\s+/).length;
    expect(words <= 1000, `${guide} has ${words} words`);
  }
  expect(all.length === 6, `${all.length} guides: say here what each of them does`);
}

await finish("guides", { wordpress, staticSite, react, serverSide, mobile, spreadsheet, short });
