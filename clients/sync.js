// Keeps the contacts of one country on a device, up to date and of use without a network.
//
//   import { sync } from "./sync.js";
//   const copy = await sync({ url: "https://directory.example", country: "PH", store });
//
// `store` is yours: `load()` gives back what `save(text)` was last given, or nothing. `save` must replace all of it or
// nothing, as a file that is written beside and renamed, a row of a database, or one item of a storage does.
// Whatever breaks off, and wherever, the copy is the one that was saved last: call `sync` again.
//
// The copy: { country, revision, as_of, checked_at, numbers, hotlines, regional_contacts, organizations, sources }, lists by id.
// `checked_at` is when it was last known to be up to date: two days later say so, and 14 days after `as_of` say beside every
// number that it may be out of date. Emergency numbers come first, and a copy that is old is still shown.

const LISTS = ["hotlines", "regional_contacts", "organizations", "sources"];
const WEEK = 7 * 24 * 3600 * 1000;

/** Brings the copy in the store up to date and gives it back; throws where that did not work, the copy untouched. */
export async function sync({ url, country, store, fetch = globalThis.fetch, digest = sha256, now = Date.now }) {
  const ask = async (path) => {
    const answer = await fetch(url + path, { credentials: "omit", referrerPolicy: "no-referrer", redirect: "error" });
    const revision = Number(answer.headers.get("Directory-Revision"));
    return { status: answer.status, location: answer.headers.get("Content-Location"), revision, bytes: await answer.arrayBuffer() };
  };
  const keep = async (copy) => {
    copy.checked_at = new Date(now()).toISOString();
    await store.save(JSON.stringify(copy));
    return copy;
  };

  const anew = async () => {
    const answer = await ask(`/v1/bundles/${country}/contacts`);
    if (answer.status !== 200) throw new Error(`the bundle of ${country}: ${answer.status}`);
    // The address of these bytes ends with their digest.
    if (!answer.location?.endsWith(`/${await digest(answer.bytes)}`)) throw new Error("the bundle is not whole");
    const bundle = read(answer.bytes);
    const copy = { country, revision: answer.revision, as_of: bundle.as_of, numbers: bundle.numbers };
    for (const list of LISTS) copy[list] = Object.fromEntries(bundle[list].map((record) => [record.id, record]));
    return keep(copy);
  };

  let copy = loaded(await store.load(), country);
  // Hours are known for 14 days from the Monday of the bundle.
  if (!copy || now() - Date.parse(copy.as_of) > WEEK) return anew();
  for (let more = true; more; ) {
    const answer = await ask(`/v1/changes?country=${country}&since=${copy.revision}`);
    // Too far behind, or ahead of a directory that was restored.
    if (answer.status === 410 || answer.status === 422) return anew();
    if (answer.status !== 200) throw new Error(`changes: ${answer.status}`);
    const changes = read(answer.bytes);
    for (const { resource, id, record } of changes.upserted) {
      if (resource === "countries") copy.numbers = record;
      else if (LISTS.includes(resource)) copy[resource][id] = record;
    }
    for (const { resource, id } of changes.gone) {
      if (resource === "countries") copy.numbers = null;
      else if (LISTS.includes(resource)) delete copy[resource][id];
    }
    copy.revision = changes.until;
    more = changes.more;
    // Sources come with what names them: one that is not here yet stands in the bundle.
    if (!more && !tidied(copy)) return anew();
    await keep(copy);
  }
  return copy;
}

/** Keeps the sources that records name; says whether all of them are there. */
function tidied(copy) {
  const records = [copy.numbers, ...LISTS.slice(0, 3).flatMap((list) => Object.values(copy[list]))];
  const named = new Set(records.flatMap((record) => record?.sources ?? []).map((one) => one.source));
  for (const [id, source] of Object.entries(copy.sources)) if (!named.delete(source.slug)) delete copy.sources[id];
  return named.size === 0;
}

function read(bytes) {
  return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
}

/** What was saved, if it is a whole copy of this country. */
function loaded(text, country) {
  try {
    const copy = JSON.parse(text);
    return copy.country === country && LISTS.every((list) => copy[list]) ? copy : undefined;
  } catch {
    return undefined;
  }
}

async function sha256(bytes) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
