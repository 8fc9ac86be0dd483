// Records whose every text is one that would run, imported beside a running server.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const COUNTRIES = ["NR", "TV", "TK", "NU", "WF"];

/** What of a text the one way in lets pass: it refuses control, invisible and direction characters, and blank ends. */
const written = (text, most) =>
  text
    .toWellFormed()
    .replace(/[\p{Cc}\u00AD\u061C\u200B\u200E\u200F\u2028-\u202E\u2060-\u2069\uFEFF\uFFFD]/gu, "")
    .trim()
    .slice(0, most)
    .toWellFormed()
    .replace(/\uFFFD/g, "")
    .trim();

// Every field of a document is named in a file, and null where nothing is said.
const named = (names, lists = "") => Object.fromEntries([...names.split(" ").map((name) => [name, null]), ...lists.split(" ").filter(Boolean).map((name) => [name, []])]);
const EMPTY = {
  sources: {},
  indicators: named("slug", "translations"),
  organizations: named("alternate_name", "emails topics populations operators translations"),
  hotlines: named(
    "hours timezone always_open age_min age_max anonymous confidential priority show_together",
    "interpreter_languages topics populations translations",
  ),
  regional_contacts: named(
    "organization subdivision postal_code address latitude longitude coordinate_precision hours timezone",
    "translations",
  ),
  statistics: named("low high population denominator sex age_band exploitation baseline distribution share superseded_by", "overlaps"),
};
const POINT = { ...named("e164 short_code keyword extension toll_free"), dialable_from: ["WLD"], languages: [] };

/** Writes a directory of them; says where they are to be seen, and what. */
export async function plant(payloads) {
  const cited = (place) => [{ source: `planted-source-${place}`, locator: null, published_on: "2026-01", retrieved_on: null }];
  const lines = [];
  const add = (resource, document) => lines.push(JSON.stringify({ resource, document: { ...EMPTY[resource], ...document } }));
  const planted = { countries: COUNTRIES, statistics: [], indicators: [], texts: [], fields: 0 };
  const known = payloads.filter((text) => written(text, 150));
  for (const [place, payload] of known.entries()) {
    const text = written(payload, 150);
    const country = COUNTRIES[place % COUNTRIES.length];
    planted.texts.push(text);
    add("sources", { slug: `planted-source-${place}`, title: text, publisher: text, url: "https://planted.example/", licence: text, attribution: text });
    add("organizations", {
      slug: `planted-body-${place}`, name: `${text} O`, alternate_name: text, kind: "ngo", description: text, country, scope: "global", lang: "en",
      website: "https://planted.example/", actions: [{ action: "report", url: "https://planted.example/report" }], sources: cited(place),
    });
    add("hotlines", {
      slug: `planted-line-${place}`, name: text, organization: `planted-body-${place}`, description: text, notes: text, lang: "en", coverage: [country], languages: ["en"],
      passed_to_police: "unknown", passed_to_immigration: "unknown", sources: cited(place),
      contact_points: [
        { ...POINT, channel: "web_form", value: `https://planted.example/${place}`, note: text },
        { ...POINT, channel: "email", value: `planted-${place}@mail.example`, note: text },
      ],
    });
    add("regional_contacts", {
      slug: `planted-office-${place}`, name: text, role: "referral_point", role_title: text, notes: text, lang: "en", serves: [country], country, city: text,
      website: "https://planted.example/", contact_points: [{ ...POINT, channel: "email", value: `office-${place}@mail.example`, note: text }], sources: cited(place),
    });
    // Four publishers stand in one chart.
    const indicator = `planted_indicator_${place >> 2}`;
    if (place % 4 === 0) {
      planted.indicators.push(indicator);
      add("indicators", { slug: indicator, title: text, definition: text, unit: "persons", kind: "count" });
    }
    planted.statistics.push(`planted-figure-${place}`);
    add("statistics", {
      slug: `planted-figure-${place}`, indicator, title: text, claim: text, lang: "en", value: String(place), qualifier: "exactly", unit: "persons",
      geography: country, period_start: "2020-01-01", period_end: "2020-12-31", publisher: text, published_on: "2021",
      method_note: text, caveat: text, observation_status: "normal", assessment: "not_assessed", sources: cited(place),
      critiques: [{ source: `planted-source-${place}`, verdict: "supports", summary: text }],
    });
    planted.fields += 26;
  }
  const folder = mkdtempSync(join(tmpdir(), "lodestar-planted-"));
  const file = join(folder, "planted.ndjson");
  writeFileSync(file, lines.join("\n"));
  const binary = process.env.LODESTAR ?? new URL("../../../target/debug/lodestar", import.meta.url).pathname;
  try {
    execFileSync(binary, ["import", file], { env: { ...process.env, LODESTAR_ONE_PERSON: "true" }, stdio: ["ignore", "ignore", "pipe"] });
  } finally {
    rmSync(folder, { recursive: true });
  }
  return planted;
}
